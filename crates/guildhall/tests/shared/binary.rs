//! Runs the binary as a user would: no colour, eighty columns, nothing of the caller's settings.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Output};

/// The binary, to be run in a folder.
pub fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_guildhall"));
    command.current_dir(folder).env("NO_COLOR", "1").env("COLUMNS", "80");
    let of_guildhall = ["UPDATE", "GUILDHALL_DATABASE", "GUILDHALL_TEST_POSTGRES"];
    for name in ["CLICOLOR", "CLICOLOR_FORCE"].into_iter().chain(of_guildhall) {
        command.env_remove(name);
    }
    command
}

/// What came of a run.
pub struct Run {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

/// Runs the binary in a folder.
pub fn run(folder: &Path, arguments: &[impl AsRef<OsStr>]) -> Run {
    let Output { status, stdout, stderr } = command(folder).args(arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Run { code: status.code(), stdout: text(stdout), stderr: text(stderr) }
}
