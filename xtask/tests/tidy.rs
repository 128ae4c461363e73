//! Holds the repository to its own rules: crate edges, module headers, file lengths, and no id of
//! a shipped rulebook in the sources.
#![expect(clippy::unwrap_used, reason = "a test may stop at once")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Longest file and line of source.
const LINES: usize = 600;
const COLUMNS: usize = 110;

/// The edges between the crates: ARCHITECTURE.md draws them, nothing else is allowed. Tests may use
/// any crate.
const EDGES: [(&str, &str); 19] = [
    ("guildhall", "guildhall-mapped"),
    ("guildhall", "guildhall-rules"),
    ("guildhall", "guildhall-server"),
    ("guildhall", "guildhall-store"),
    ("guildhall-operations", "guildhall-access"),
    ("guildhall-operations", "guildhall-rules"),
    ("guildhall-operations", "guildhall-store"),
    ("guildhall-portal", "guildhall-access"),
    ("guildhall-portal", "guildhall-operations"),
    ("guildhall-portal", "guildhall-rules"),
    ("guildhall-portal", "guildhall-store"),
    ("guildhall-rest", "guildhall-operations"),
    ("guildhall-rest", "guildhall-rules"),
    ("guildhall-rest", "guildhall-store"),
    ("guildhall-server", "guildhall-operations"),
    ("guildhall-server", "guildhall-portal"),
    ("guildhall-server", "guildhall-rest"),
    ("guildhall-server", "guildhall-store"),
    ("guildhall-store", "guildhall-rules"),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Files under a folder whose names have an ending, build output left out.
fn files(under: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(under).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("target") {
            found.extend(files(&path, ending));
        } else if path.to_string_lossy().ends_with(ending) {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn sources() -> Vec<PathBuf> {
    ["crates", "xtask", "fuzz"].iter().flat_map(|under| files(&root().join(under), ".rs")).collect()
}

fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}

fn report(problems: &[String]) {
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

#[test]
fn crates_depend_on_each_other_only_as_drawn() {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["metadata", "--format-version", "1", "--no-deps", "--locked"]).current_dir(root());
    let output = cargo.output().unwrap();
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let names: BTreeSet<&str> =
        packages.iter().map(|package| package["name"].as_str().unwrap()).collect();
    let mut problems = Vec::new();
    for package in packages {
        let from = package["name"].as_str().unwrap();
        for dependency in package["dependencies"].as_array().unwrap() {
            let to = dependency["name"].as_str().unwrap();
            let is_for_tests = dependency["kind"].as_str() == Some("dev");
            if names.contains(to) && !is_for_tests && !EDGES.contains(&(from, to)) {
                problems.push(format!("{from} may not depend on {to}"));
            }
        }
    }
    report(&problems);
}

#[test]
fn every_module_says_what_it_is_for() {
    let has_no_header = |path: &PathBuf| !fs::read_to_string(path).unwrap().starts_with("//! ");
    let without: Vec<String> =
        sources().iter().filter(|path| has_no_header(path)).map(|path| shown(path)).collect();
    report(&without);
}

#[test]
fn files_and_lines_stay_short() {
    let mut problems = Vec::new();
    for path in sources() {
        let text = fs::read_to_string(&path).unwrap();
        let count = text.lines().count();
        if count > LINES {
            problems.push(format!("{}: {count} lines, more than {LINES}", shown(&path)));
        }
        for (number, line) in text.lines().enumerate() {
            if line.chars().count() > COLUMNS {
                problems.push(format!("{}:{}: a long line", shown(&path), number + 1));
            }
        }
    }
    report(&problems);
}

#[test]
fn the_rules_know_no_clock_and_no_files() {
    let ambient = ["std::fs", "std::env", "std::net", "SystemTime", "Instant::", "Timestamp::now"];
    let mut problems = Vec::new();
    for path in files(&root().join("crates/rules/src"), ".rs") {
        let text = fs::read_to_string(&path).unwrap();
        for word in ambient {
            if text.contains(word) {
                problems.push(format!("{}: {word}", shown(&path)));
            }
        }
    }
    report(&problems);
}

/// Ids that a vendor chose in a shipped rulebook and that happen to be words of the format too.
const SHARED_WORDS: [&str; 13] = [
    "business_plan",
    "survey-response",
    "executive_review",
    "path",
    "tier",
    "standing",
    "review",
    "points",
    "validations",
    "validated",
    "desk",
    "support",
    "security",
];

/// Ids in the rulebooks that ship: values of `id`, and keys of what tiers require.
fn shipped_ids() -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    for path in files(&root().join("rulebooks"), "rulebook.toml") {
        for line in fs::read_to_string(path).unwrap().lines() {
            let value = line.strip_prefix("id = \"").or_else(|| line.strip_prefix("network = \""));
            if let Some(id) = value.and_then(|value| value.split('"').next()) {
                ids.insert(id.to_owned());
            }
        }
    }
    for word in SHARED_WORDS {
        ids.remove(word);
    }
    ids
}

#[test]
fn sources_quote_no_id_of_a_shipped_rulebook() {
    let ids = shipped_ids();
    assert!(ids.len() > 50, "the rulebooks were found");
    let mut problems = Vec::new();
    for path in files(&root().join("crates"), ".rs") {
        if path
            .components()
            .any(|part| part.as_os_str() == "tests" || part.as_os_str() == "benches")
        {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        for quoted in text.split('"').skip(1).step_by(2).chain(text.split('`').skip(1).step_by(2)) {
            if ids.contains(quoted) {
                problems.push(format!("{}: {quoted}", shown(&path)));
            }
        }
    }
    report(&problems);
}

/// The sources of the crates, without their tests and benches.
fn crate_sources() -> Vec<PathBuf> {
    let is_source = |path: &PathBuf| {
        path.components().any(|part| part.as_os_str() == "src")
            && !path.components().any(|part| part.as_os_str() == "tests")
    };
    files(&root().join("crates"), ".rs").into_iter().filter(is_source).collect()
}

#[test]
fn sql_stands_in_the_store_alone() {
    let words =
        ["select \\\"", "insert into \\\"", "delete from \\\"", "update \\\"", " from \\\""];
    let mut problems = Vec::new();
    for path in crate_sources() {
        if path.starts_with(root().join("crates/store")) {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        for word in words {
            if text.contains(word) {
                problems.push(format!("{}: {word}", shown(&path)));
            }
        }
    }
    report(&problems);
}

#[test]
fn operations_and_background_tasks_alone_open_transactions() {
    let words = ["store.write(", "store.read(", "app.change("];
    // What acts for nobody: tasks, the senders of the outbox, and the server itself.
    let places = ["/ops", "/app.rs", "/tasks", "/outbox.rs", "/serve"];
    let mut problems = Vec::new();
    let crates = ["operations", "portal", "rest", "server"];
    let all = crates.map(|of| files(&root().join("crates").join(of).join("src"), ".rs")).concat();
    for path in all {
        if places.iter().any(|place| path.to_string_lossy().contains(place)) {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        for word in words {
            if text.contains(word) {
                problems.push(format!("{}: {word}", shown(&path)));
            }
        }
    }
    report(&problems);
}

#[test]
fn the_repository_speaks_of_itself_alone() {
    let mut git = Command::new("git");
    git.args(["ls-files", "-z"]).current_dir(root());
    let listed = git.output().expect("git").stdout;
    let mut problems = Vec::new();
    for name in listed.split(|&byte| byte == 0).filter(|name| !name.is_empty()) {
        let name = String::from_utf8_lossy(name).into_owned();
        let Ok(text) = fs::read_to_string(root().join(&name)) else { continue };
        // Spelled apart, so that this file does not find itself.
        for word in [concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("../", "shared")] {
            if text.contains(word) {
                problems.push(format!("{name}: {word}"));
            }
        }
    }
    report(&problems);
}

#[test]
fn relative_links_in_the_docs_lead_somewhere() {
    let mut problems = Vec::new();
    let mut pages = files(&root().join("docs"), ".md");
    pages.extend(fs::read_dir(root()).unwrap().map(|entry| entry.unwrap().path()));
    for page in pages.iter().filter(|page| page.extension().is_some_and(|ending| ending == "md")) {
        let text = fs::read_to_string(page).unwrap();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let path = link.split('#').next().unwrap_or_default();
            let is_outside = path.is_empty() || path.contains("://") || path.contains(' ');
            if !is_outside && !page.parent().unwrap().join(path).exists() {
                problems.push(format!("{}: {link}", shown(page)));
            }
        }
    }
    report(&problems);
}
