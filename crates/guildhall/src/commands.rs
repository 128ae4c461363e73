//! The commands: each takes its arguments and prints its answer.

mod changes;
mod discount;
mod generate;
mod network;
mod rulebook;
mod scorecard;
mod shell;
mod user;

use std::io::Write;
use std::process::ExitCode;

use serde::Serialize;

use crate::cli::Command;
use crate::failure::Failure;

pub use user::UserCommand;

/// Runs a command.
pub fn run(command: Command) -> Result<ExitCode, Failure> {
    match command {
        Command::Scorecard(args) => scorecard::run(&args),
        Command::Network(args) => network::run(&args),
        Command::Changes(args) => changes::run(&args),
        Command::Discount(args) => discount::run(&args),
        Command::Rulebook(command) => rulebook::run(&command),
        Command::Generate(args) => generate::run(&args),
        Command::User(command) => user::run(&command),
        Command::Completions { shell } => shell::completions(shell),
        Command::Man { dir } => shell::man(&dir),
    }
}

/// Prints a value as indented JSON.
fn print_json(value: &impl Serialize) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, value).map_err(std::io::Error::from)?;
    out.write_all(b"\n")?;
    Ok(())
}
