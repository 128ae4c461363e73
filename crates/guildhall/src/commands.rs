//! The commands: each takes its arguments and prints its answer.

mod backup;
mod changes;
mod demo;
mod discount;
mod export;
mod forecast;
mod generate;
mod impact;
mod import;
mod network;
mod plan;
mod rulebook;
mod scorecard;
mod serve;
mod shell;
mod snapshot;
mod user;
mod verify;

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use guildhall_rules::problem::Problem;
use serde::Serialize;

use crate::cli::Command;
use crate::failure::Failure;

pub use rulebook::edition;
pub use user::UserCommand;

/// Runs a command.
pub fn run(command: Command) -> Result<ExitCode, Failure> {
    match command {
        Command::Scorecard(args) => scorecard::run(&args),
        Command::Network(args) => network::run(&args),
        Command::Changes(args) => changes::run(&args),
        Command::Discount(args) => discount::run(&args),
        Command::Forecast(args) => forecast::run(&args),
        Command::Plan(args) => plan::run(&args),
        Command::Rulebook(command) => rulebook::run(&command),
        Command::Generate(args) => generate::run(&args),
        Command::Import(args) => import::run(&args),
        Command::Export(args) => export::run(&args),
        Command::Verify(args) => verify::run(&args),
        Command::Backup(args) => backup::backup(&args),
        Command::Restore(args) => backup::restore(&args),
        Command::Snapshot(args) => snapshot::run(&args),
        Command::Serve(args) => serve::run(&args),
        Command::Demo(args) => demo::run(&args),
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

/// Refuses a folder to write to that holds something.
fn check_new_folder(dir: &Path) -> Result<(), Failure> {
    if dir.exists() && !dir.is_dir() {
        let message = format!("`{}` is not a folder", dir.display());
        return Err(Problem::new("no-folder", message).into());
    }
    if dir.exists() && fs::read_dir(dir).is_ok_and(|mut entries| entries.next().is_some()) {
        let message = format!("`{}` is not empty", dir.display());
        let hint = "name a folder that is missing or empty; nothing is overwritten";
        return Err(Problem::new("not-empty", message).hint(hint).into());
    }
    Ok(())
}
