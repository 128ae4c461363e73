//! Every problem code of the sources has a case that shows it, and is documented with a line
//! that is really printed.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Words of the sources that are written like codes, and are none.
const NO_CODES: [&str; 2] = ["as-of", "known-at"];

/// Codes without a folder of their own, and why.
const ELSEWHERE: [(&str, &str); 26] = [
    ("broken", "no input is wrong; see what cannot be written in cli.rs"),
    ("broken-chain", "takes a database; see database/verify.rs"),
    ("cannot-listen", "needs a port that is taken; see serve.rs"),
    ("changed-edition", "takes a database; see database/verify.rs"),
    ("changed-entry", "takes a database; see database/verify.rs"),
    ("changed-fact", "takes a database; see database/verify.rs"),
    ("empty-database", "takes a database; see database/reading.rs"),
    ("left-out", "stands in files of rejects only; see cli/rejects.rs"),
    ("missing-edition", "takes a database; see database/verify.rs"),
    ("missing-entry", "takes a database; see database/verify.rs"),
    ("missing-fact", "takes a database; see database/verify.rs"),
    ("missing-seal", "takes a database; see database/verify.rs"),
    ("newer-database", "takes a database; see database/reading.rs"),
    ("no-parquet", "depends on how the program was built; see database/export.rs"),
    ("not-new", "takes a database; see database/backup.rs"),
    ("not-loopback", "of a command without --json; see demo.rs"),
    ("nothing-left", "writes a file of rejects; see cli/rejects.rs"),
    ("other-edition", "takes a database; see database/import.rs"),
    ("other-editions", "takes a snapshot; see cli/snapshots.rs, and the library's own test"),
    ("other-head", "takes a database; see database/verify.rs"),
    ("other-knowledge", "takes a snapshot; see cli/snapshots.rs"),
    ("other-schema", "takes a database; see database/reading.rs"),
    ("stray-fact", "takes a database; see database/verify.rs"),
    ("too-long", "the binary reads no file of that size; the library's own bound"),
    ("too-many-ids", "takes more than four thousand million rows"),
    ("unreadable-header", "stands in files of rejects only; see cli/rejects.rs"),
];

fn crates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// The files below a folder whose names have an ending, those of tests left out.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() && !path.ends_with("tests") {
            found.extend(files(&path, ending));
        } else if path.to_string_lossy().ends_with(ending) && !path.ends_with("tests.rs") {
            found.push(path);
        }
    }
    found
}

fn is_code(word: &str) -> bool {
    let is_part =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase());
    word.contains('-') && word.split('-').all(is_part) && !NO_CODES.contains(&word)
}

/// The codes in the sources: words in quotes with hyphens, and what is given to a problem.
fn codes() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut sources = vec![crates().join("store/src/verify.rs")];
    sources.extend(["rules/src", "guildhall/src"].map(|source| crates().join(source)));
    for source in sources {
        let is_file = source.is_file();
        for file in if is_file { vec![source] } else { files(&source, ".rs") } {
            let text = fs::read_to_string(&file).unwrap();
            let text = text.split("\n#[cfg(test)]").next().unwrap();
            let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
            for line in lines {
                let words = line.split('"').skip(1).step_by(2);
                found.extend(words.filter(|word| is_code(word)).map(str::to_owned));
                // Codes of one word are not told from other words but by where they stand.
                for before in ["Problem::new(\"", "problem(field, \"", "problem(column, \""] {
                    let behind = line.split_once(before).map(|(_, behind)| behind);
                    found.extend(behind.and_then(|text| text.split('"').next()).map(str::to_owned));
                }
            }
        }
    }
    found.remove("");
    found
}

/// The trees of cases: folders of the binary's, files of the library's.
fn cases() -> BTreeSet<String> {
    let trees = ["bad-facts", "bad-arguments", "bad-rulebooks"];
    let mut folders: Vec<PathBuf> =
        trees.iter().map(|tree| crates().join("guildhall/tests").join(tree)).collect();
    folders.push(crates().join("rules/tests/bad-rulebooks"));
    let entries = folders.iter().flat_map(|folder| fs::read_dir(folder).unwrap());
    let names = entries.map(|entry| entry.unwrap().path().file_stem().unwrap().to_owned());
    names.map(|name| name.into_string().unwrap()).collect()
}

#[test]
fn every_code_has_a_case() {
    let (codes, mut cases) = (codes(), cases());
    assert!(codes.len() > 60 && codes.contains("nul"), "{codes:?}");
    for (code, why) in ELSEWHERE {
        assert!(codes.contains(code), "{code} is no code any more: {why}");
        assert!(cases.insert(code.to_owned()), "{code} has a case after all: {why}");
    }
    let without: Vec<&String> = codes.difference(&cases).collect();
    assert!(without.is_empty(), "without a case: {without:?}");
    for no_code in ["no-problem", "another-edition"] {
        assert!(cases.remove(no_code));
    }
    let unknown: Vec<&String> = cases.difference(&codes).collect();
    assert!(unknown.is_empty(), "cases of no code: {unknown:?}");
}

/// What is documented of each code: the text below its heading.
fn documented() -> BTreeMap<String, String> {
    let text = fs::read_to_string(crates().join("../docs/problems.md")).unwrap();
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    for part in text.split("\n### `").skip(1) {
        let (code, rest) = part.split_once("`\n").unwrap_or_else(|| panic!("{part}"));
        let rest = rest.split("\n## ").next().unwrap();
        found.entry(code.to_owned()).or_default().push_str(rest);
    }
    found
}

#[test]
fn every_code_is_documented() {
    let documented: BTreeSet<String> = documented().into_keys().collect();
    assert_eq!(documented, codes(), "documented, and in the sources");
}

/// A line of a report without the folder in which its file lies.
fn plain(line: &str) -> String {
    let Some((place, rest)) = line.split_once(": ") else { return line.to_owned() };
    let file = place.rsplit('/').next().unwrap();
    match file.split_once(".toml:") {
        // The library's cases have names of their own.
        Some((_, at)) if !file.starts_with("mapping") && !file.starts_with("network") => {
            format!("rulebook.toml:{at}: {rest}")
        }
        _ => format!("{file}: {rest}"),
    }
}

#[test]
fn documented_examples_are_lines_that_are_printed() {
    let mut printed = BTreeSet::new();
    let trees = ["bad-facts", "bad-arguments", "bad-rulebooks"];
    let of_binary = trees.map(|tree| crates().join("guildhall/tests").join(tree));
    let of_library = [crates().join("rules/tests/bad-rulebooks")];
    for folder in of_binary.iter().chain(&of_library) {
        for file in files(folder, ".txt") {
            let text = fs::read_to_string(file).unwrap();
            printed.extend(text.lines().map(plain));
        }
    }
    for (code, text) in documented() {
        let blocks: Vec<&str> = text.split("```").skip(1).step_by(2).collect();
        assert!(!blocks.is_empty(), "{code} has no example");
        for block in blocks {
            let (example, hint) = block.trim().split_once('\n').unwrap_or((block.trim(), ""));
            assert!(example.ends_with(&format!("[{code}]")), "{code}: {example}");
            if ELSEWHERE.iter().any(|(elsewhere, _)| *elsewhere == code) {
                continue;
            }
            assert!(printed.contains(&plain(example)), "{code}: nothing prints `{example}`");
            assert!(hint.is_empty() || printed.contains(hint), "{code}: nothing prints `{hint}`");
        }
    }
}
