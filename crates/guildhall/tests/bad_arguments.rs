//! Every problem of what the command line asks for: folders, rulebooks, partners, periods.
//!
//! Each folder of `bad-arguments` is named after the code that it shows; `command.txt` in it is
//! the command, one argument a line, and `UPDATE=1 cargo test` rewrites the reports for review.
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

#[test]
fn every_problem_of_arguments_is_reported_as_expected() {
    bad_input::check_tree("bad-arguments", &[], |_, _| {});
}
