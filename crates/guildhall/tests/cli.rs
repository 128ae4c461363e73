//! The binary as people and programs use it, over the folders of `examples`.
//!
//! Texts are compared with the files of `snapshots`; `UPDATE=1 cargo test` rewrites them for
//! review.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail")]

#[path = "shared/binary.rs"]
mod binary;
#[path = "cli/commands.rs"]
mod commands;
#[path = "shared/copy.rs"]
mod copy;
#[path = "cli/generate.rs"]
mod generate;
#[path = "cli/json.rs"]
mod json;
#[path = "cli/rejects.rs"]
mod rejects;
#[path = "cli/rulebooks.rs"]
mod rulebooks;
#[path = "shared/scratch.rs"]
mod scratch;
#[path = "shared/snapshot.rs"]
mod snapshot;
#[path = "cli/snapshots.rs"]
mod snapshots;
#[path = "cli/text.rs"]
mod text;

use std::path::{Path, PathBuf};

use binary::{Run, run};

/// The root of the repository, from which examples and rulebooks are named.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// Runs a command line, split at blanks, in the root of the repository.
fn guildhall(line: &str) -> Run {
    run(&root(), &line.split_whitespace().collect::<Vec<_>>())
}

/// What a command line prints that does what it is asked, without a word on stderr.
fn answer(line: &str) -> String {
    let Run { code, stdout, stderr } = guildhall(line);
    assert_eq!((code, stderr.as_str()), (Some(0), ""), "{line}");
    stdout
}
