//! Every problem that facts can have, as the command line reports it.
//!
//! Each folder of `bad-facts` is named after the code that it shows, and `UPDATE=1 cargo test`
//! rewrites the reports in them for review.
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
use std::path::Path;

/// Files with bytes that a text editor would not keep, or with more of them than it should.
fn add(code: &str, folder: &Path) {
    let (file, bytes) = match code {
        "bad-utf8" => {
            ("individuals.csv", b"id,partner,name\nbojan,zeltner-roofing,Bojan Ili\xe6\n".to_vec())
        }
        "nul" => {
            ("individuals.csv", b"id,partner,name\nbojan,zeltner-roofing,Bojan\0Ilic\n".to_vec())
        }
        "unreadable-file" => ("mapping.toml", b"# no end of remarks\n".repeat(60_000)),
        "field-too-long" => {
            let mut bytes = b"id,partner,name\nbojan,zeltner-roofing,".to_vec();
            bytes.resize(bytes.len() + 1_000_001, b'o');
            bytes.push(b'\n');
            ("individuals.csv", bytes)
        }
        "id-too-long" => {
            let id = "7".repeat(1001);
            (
                "individuals.csv",
                format!("id,partner,name\n{id},zeltner-roofing,Bojan\n").into_bytes(),
            )
        }
        "too-many-columns" => {
            let months: Vec<String> = (1..=300).map(|month| format!("month {month}")).collect();
            ("individuals.csv", format!("id,partner,name,{}\n", months.join(",")).into_bytes())
        }
        _ => return,
    };
    fs::write(folder.join(file), bytes).unwrap();
}

#[test]
fn every_problem_of_facts_is_reported_as_expected() {
    bad_input::check_tree("bad-facts", &["network", "--data", ".", "--as-of", "2026-06-30"], add);
}
