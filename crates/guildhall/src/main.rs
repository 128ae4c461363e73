//! The one binary of Guildhall: the command line.
//!
//! Commands translate arguments into calls of the rules crate and print what comes back.
//! stdout is data, stderr is talk. Exit status: 0 done, 1 the answer is no or the input is
//! wrong, 2 something broke.

mod cli;
mod clock;
mod commands;
mod demo;
mod editions;
mod failure;
mod folder;
mod generate;
mod output;
#[cfg(feature = "parquet")]
mod parquet;
mod progress;
mod snapshot;
mod sources;
mod terminal;
mod text;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let cli = match cli::Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return failure::usage(&error),
    };
    let is_json = cli.command.is_json();
    match commands::run(cli.command) {
        Ok(code) => code,
        Err(failure) => failure.report(is_json),
    }
}
