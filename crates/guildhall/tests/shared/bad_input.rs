//! Cases of bad input: a folder for each problem code, with the report expected of it.
//!
//! Beside the input lies `expected.txt`, what the command says on stderr, and where the command
//! is not the usual one, `command.txt` with its arguments, one a line.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::binary::run;
use crate::copy::copy;
use crate::scratch::scratch;
use crate::snapshot::difference;

/// The folder of a tree of cases.
pub fn tree(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name)
}

/// Runs every case of a tree in a copy of its folder. `add` puts in what no file can be kept for.
pub fn check_tree(name: &str, usual: &[&str], add: impl Fn(&str, &Path)) {
    let mut wrong = Vec::new();
    let cases: BTreeSet<PathBuf> =
        fs::read_dir(tree(name)).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(!cases.is_empty());
    let copies = scratch(name);
    for case in cases {
        let code = case.file_name().unwrap().to_str().unwrap();
        let folder = copies.join(code);
        copy(&case, &folder);
        let own = fs::read_to_string(case.join("command.txt")).ok();
        for file in ["expected.txt", "command.txt"] {
            // A case begins without its report, and most have no command of their own.
            let _ = fs::remove_file(folder.join(file));
        }
        add(code, &folder);
        let arguments = own.as_ref().map_or(usual.to_vec(), |own| own.lines().collect());
        wrong.extend(check_case(code, &folder, &arguments, &case.join("expected.txt")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Runs one case and says what is not as it should be.
fn check_case(code: &str, folder: &Path, arguments: &[&str], expected: &Path) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut note = |is_good: bool, what: &str| {
        if !is_good {
            wrong.push(format!("{code}: {what}"));
        }
    };
    let before = contents(folder);
    let text = run(folder, arguments);
    note(text.code == Some(1), &format!("the exit status is {:?}", text.code));
    note(text.stdout.is_empty(), &format!("stdout has {}", text.stdout));
    note(text.stderr.contains(&format!("[{code}]")), "the code is not in the report");
    note(!text.stderr.contains('\u{1b}'), "the report has escape codes");
    let json = run(folder, &[arguments, &["--json"]].concat());
    note(json.code == Some(1), &format!("with --json the exit status is {:?}", json.code));
    match serde_json::from_str(&json.stdout).map(|found| reported(&found)) {
        Ok(Some(same)) => {
            note(listing(&text.stderr) == same, &format!("--json says something else:\n{same}"));
        }
        Ok(None) => note(false, &format!("--json has other keys:\n{}", json.stdout)),
        Err(error) => note(false, &format!("--json prints no JSON: {error}\n{}", json.stdout)),
    }
    note(contents(folder) == before, "something was written");
    wrong.extend(difference(expected, &text.stderr));
    wrong
}

/// Every file below a folder, with what is in it.
fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else {
                let bytes = fs::read(&path).unwrap_or_default();
                found.insert(path, bytes);
            }
        }
    }
    found
}

/// The problems alone, without the number of them and other talk.
pub fn listing(report: &str) -> String {
    let is_talk = |line: &str| {
        line.starts_with("checked ")
            || line.ends_with(" problem") && line.starts_with(|c: char| c.is_ascii_digit())
            || line.ends_with(" problems") && line.starts_with(|c: char| c.is_ascii_digit())
    };
    report
        .lines()
        .filter(|line| !is_talk(line))
        .fold(String::new(), |text, line| text + line + "\n")
}

/// The problems of a JSON report as text shows them; none where a key is missing or another is
/// there.
fn reported(report: &Value) -> Option<String> {
    let object = report.as_object()?;
    let problems = object.get("problems")?.as_array()?;
    let mut text = String::new();
    for problem in problems {
        let keys: BTreeSet<&str> = problem.as_object()?.keys().map(String::as_str).collect();
        if keys != BTreeSet::from(["code", "file", "line", "column", "message", "hint"]) {
            return None;
        }
        let file = problem["file"].as_str()?;
        if file.is_empty() {
            text.push_str("problem: ");
        } else {
            text.push_str(file);
            if let Some(line) = problem["line"].as_u64() {
                write!(text, ":{line}").unwrap();
            }
            if let Some(column) = problem["column"].as_str() {
                write!(text, ":{column}").unwrap();
            }
            text.push_str(": ");
        }
        let (message, code) = (problem["message"].as_str()?, problem["code"].as_str()?);
        writeln!(text, "{message} [{code}]").unwrap();
        if let Some(hint) = problem["hint"].as_str() {
            writeln!(text, "  hint: {hint}").unwrap();
        }
    }
    Some(text)
}
