//! Holds the guides complete: commands, columns, reasons, words and rulebook keys are all told.
#![expect(clippy::unwrap_used, reason = "a test may stop at once")]

use std::fs;
use std::path::Path;
use std::process::Command;

use guildhall_rules::facts::{File, ReviewKind, Stage};
use guildhall_rules::reason::Reason;

fn text(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    fs::read_to_string(root.join(path)).unwrap()
}

fn assert_tells<'w>(page: &str, words: impl IntoIterator<Item = &'w str>) {
    let text = text(page);
    let missing: Vec<&str> = words.into_iter().filter(|word| !text.contains(*word)).collect();
    assert!(missing.is_empty(), "{page} does not tell {missing:?}");
}

/// The names of the commands that `--help` lists.
fn commands(of: &[&str]) -> Vec<String> {
    let mut guildhall = Command::new(env!("CARGO_BIN_EXE_guildhall"));
    let help = guildhall.args(of).arg("--help").output().unwrap().stdout;
    let help = String::from_utf8(help).unwrap();
    let list = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    list.take_while(|line| !line.is_empty())
        .filter_map(|line| line.split_whitespace().next().map(str::to_owned))
        .filter(|name| name != "help")
        .collect()
}

#[test]
fn the_readme_tells_every_command() {
    let mut names = Vec::new();
    for name in commands(&[]) {
        if name == "rulebook" {
            names.extend(commands(&["rulebook"]).iter().map(|inner| format!("rulebook {inner}")));
        } else {
            names.push(name);
        }
    }
    assert!(names.len() > 7, "{names:?}");
    let lines: Vec<String> = names.iter().map(|name| format!("guildhall {name}")).collect();
    assert_tells("README.md", lines.iter().map(String::as_str));
}

#[test]
fn the_guide_to_facts_tells_every_column_word_and_reason() {
    let columns = File::ALL.into_iter().flat_map(File::columns).map(|column| column.name);
    assert_tells("docs/facts.md", columns);
    let names: Vec<String> = File::ALL.map(File::name).to_vec();
    assert_tells("docs/facts.md", names.iter().map(String::as_str));
    assert_tells("docs/facts.md", Reason::ALL.map(Reason::word));
    assert_tells("docs/facts.md", ReviewKind::WORDS.iter().chain(Stage::WORDS).copied());
}

/// Keys are what the loader asks a table for: `required("key")`, `get("key")`, `tables("key")`.
#[test]
fn the_guide_to_rulebooks_tells_every_key() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../rules/src/rulebook");
    let mut keys: Vec<String> = Vec::new();
    for entry in fs::read_dir(root).unwrap() {
        let path = entry.unwrap().path();
        let Ok(source) = fs::read_to_string(&path) else { continue };
        for call in ["required(\"", ".get(\"", "tables(\""] {
            let found = source.split(call).skip(1).filter_map(|rest| rest.split('"').next());
            keys.extend(found.map(str::to_owned));
        }
    }
    assert!(keys.len() > 60, "{keys:?}");
    assert_tells("docs/rulebook.md", keys.iter().map(String::as_str));
}
