//! Every problem of a rulebook: what it looks like, and where it is documented.
//!
//! Beside each `bad-rulebooks/<code>.toml` stands the listing of its problems;
//! `UPDATE=1 cargo test` rewrites the listings for review.
#![expect(clippy::unwrap_used, reason = "a test may fail")]

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use guildhall_rules::problem::Problems;
use guildhall_rules::rulebook::{check_sequence, load};

/// Files of the folder that show no problem of their own.
const NOT_BAD: [&str; 2] = ["no-problem", "another-edition"];

/// Codes that only a file of a megabyte shows, which is not kept here.
const SHOWN_ELSEWHERE: [&str; 1] = ["too-long"];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad-rulebooks")
}

fn rulebooks() -> BTreeSet<String> {
    let files = fs::read_dir(folder()).unwrap().map(|file| file.unwrap().path());
    let books = files.filter(|file| file.extension().is_some_and(|end| end == "toml"));
    books.map(|file| file.file_stem().unwrap().to_str().unwrap().to_owned()).collect()
}

/// The problems of a file, by itself or else beside the other edition.
fn problems(name: &str) -> Problems {
    let file = format!("{name}.toml");
    let text = fs::read_to_string(folder().join(&file)).unwrap();
    match load(&file, &text) {
        Err(problems) => problems,
        Ok(edition) => {
            let other = fs::read_to_string(folder().join("another-edition.toml")).unwrap();
            let other = load("another-edition.toml", &other).unwrap();
            if other.id == edition.id {
                return Problems::new();
            }
            check_sequence(&[("another-edition.toml", &other), (&file, &edition)])
        }
    }
}

fn listing(problems: &Problems) -> String {
    let mut text = String::new();
    for problem in problems.shown() {
        writeln!(text, "{problem}").unwrap();
        if let Some(hint) = &problem.hint {
            writeln!(text, "  hint: {hint}").unwrap();
        }
    }
    if text.is_empty() { "no problem\n".to_owned() } else { text }
}

#[test]
fn every_bad_rulebook_is_listed_as_expected() {
    let is_update = std::env::var_os("UPDATE").is_some_and(|value| value == "1");
    let mut different = Vec::new();
    for name in rulebooks() {
        let found = problems(&name);
        let is_shown = found.shown().iter().any(|problem| problem.code == name);
        assert_ne!(is_shown, NOT_BAD.contains(&name.as_str()), "{name}: {}", listing(&found));
        let path = folder().join(&name).with_extension("txt");
        let found = listing(&found);
        if is_update {
            fs::write(&path, &found).unwrap();
        } else if fs::read_to_string(&path).unwrap_or_default() != found {
            different.push(format!("{}:\n{found}", path.display()));
        }
    }
    assert!(different.is_empty(), "{}\nUPDATE=1 rewrites these", different.join("\n"));
}

/// The words in quotes in the source that are written like codes.
fn codes() -> BTreeSet<String> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/rulebook");
    let mut folders = vec![source];
    let mut codes = BTreeSet::new();
    while let Some(folder) = folders.pop() {
        for file in fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()) {
            if file.is_dir() {
                folders.push(file);
                continue;
            }
            let text = fs::read_to_string(&file).unwrap();
            let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
            for word in code.flat_map(|line| line.split('"').skip(1).step_by(2)) {
                let is_code = word.contains('-')
                    && word.split('-').all(|part| {
                        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase())
                    });
                if is_code {
                    codes.insert(word.to_owned());
                }
            }
        }
    }
    codes
}

#[test]
fn every_code_has_a_bad_rulebook_and_is_documented() {
    let codes = codes();
    assert!(codes.contains("bad-toml") && codes.len() > 20, "{codes:?}");
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/problems.md");
    let docs = fs::read_to_string(docs).unwrap();
    let part = docs.split("\n## ").find(|part| part.starts_with("Rulebooks\n")).unwrap();
    let documented: BTreeSet<String> = part
        .lines()
        .filter_map(|line| line.strip_prefix("### `")?.split_once('`'))
        .map(|(code, _)| code.to_owned())
        .collect();
    assert_eq!(documented, codes, "documented, and in the source");
    let mut shown = rulebooks();
    shown.retain(|name| !NOT_BAD.contains(&name.as_str()));
    shown.extend(SHOWN_ELSEWHERE.map(str::to_owned));
    assert_eq!(shown, codes, "with a bad rulebook, and in the source");
}
