//! Every problem of rulebooks and their worked examples, as `guildhall rulebook check` reports it.
//!
//! What a rulebook's own text can have wrong has a file for each code beside the crate that
//! reads it, in `crates/rules/tests/bad-rulebooks`; here the binary reads the same files. The
//! folders of `bad-rulebooks` are those that take a folder to show: worked examples, names of
//! folders, several editions.
#![expect(clippy::unwrap_used, reason = "a test may fail")]

#[path = "shared/bad_input.rs"]
mod bad_input;
#[path = "shared/binary.rs"]
mod binary;
#[path = "shared/copy.rs"]
mod copy;
#[path = "shared/scratch.rs"]
mod scratch;
#[path = "shared/snapshot.rs"]
mod snapshot;

use std::fs;
use std::path::{Path, PathBuf};

const CHECK: [&str; 3] = ["rulebook", "check", "."];

#[test]
fn every_problem_of_folders_and_examples_is_reported_as_expected() {
    bad_input::check_tree("bad-rulebooks", &CHECK, |code, folder| {
        if code == "bad-utf8" {
            let text = b"id = \"tiles-2026\"\ntitle = \"Ziegel f\xfcr 2026\"\n";
            fs::write(folder.join("tiles-2026/rulebook.toml"), text).unwrap();
        }
    });
}

fn books() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../rules/tests/bad-rulebooks")
}

/// Puts a rulebook into a folder that is called as its edition, and returns the folder's name.
fn place(file: &str, folder: &Path) -> String {
    let text = fs::read_to_string(books().join(file)).unwrap();
    let id = text.lines().find_map(|line| line.strip_prefix("id = \"")?.strip_suffix('"'));
    let id = id.filter(|id| !id.is_empty() && !id.contains(['/', '.'])).unwrap_or("edition");
    let own = folder.join(id);
    fs::create_dir_all(&own).unwrap();
    fs::write(own.join("rulebook.toml"), &text).unwrap();
    id.to_owned()
}

#[test]
fn the_binary_reports_of_each_bad_rulebook_what_the_library_finds() {
    let folders = scratch::scratch("books");
    let files = fs::read_dir(books()).unwrap().map(|entry| entry.unwrap().path());
    let mut names: Vec<String> = files
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    names.sort();
    assert!(names.len() > 20, "{names:?}");
    for name in names {
        let folder = folders.join(&name);
        let id = place(&format!("{name}.toml"), &folder);
        let mut found = binary::run(&folder, &CHECK);
        let is_good = ["no-problem", "another-edition"].contains(&name.as_str());
        let mut other = String::new();
        if found.code == Some(0) && !is_good {
            // It is wrong only beside another edition.
            other = place("another-edition.toml", &folder);
            found = binary::run(&folder, &CHECK);
        }
        assert_eq!(found.code, Some(i32::from(!is_good)), "{name}: {}", found.stderr);
        assert_eq!(found.stdout, "", "{name}");
        if is_good {
            continue;
        }
        let expected = fs::read_to_string(books().join(&name).with_extension("txt")).unwrap();
        let expected = expected
            .replace(&format!("{name}.toml:"), &format!("./{id}/rulebook.toml:"))
            .replace("another-edition.toml", &format!("./{other}/rulebook.toml"));
        assert_eq!(bad_input::listing(&found.stderr), expected, "{name}");
    }
}
