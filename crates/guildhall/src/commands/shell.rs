//! `guildhall completions` and `guildhall man`.

use std::fs;
use std::io;
use std::path::Path;
use std::process::ExitCode;

use clap::CommandFactory;

use crate::cli::Cli;
use crate::failure::Failure;

/// Prints completions for a shell.
pub fn completions(shell: clap_complete::Shell) -> Result<ExitCode, Failure> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "guildhall", &mut text);
    io::Write::write_all(&mut io::stdout().lock(), &text)?;
    Ok(ExitCode::SUCCESS)
}

/// Writes a manual page for each command into a folder.
pub fn man(dir: &Path) -> Result<ExitCode, Failure> {
    let doing = format!("writing manual pages to {}", dir.display());
    fs::create_dir_all(dir).map_err(|error| Failure::broken(&doing, &error))?;
    clap_mangen::generate_to(Cli::command(), dir)
        .map_err(|error| Failure::broken(&doing, &error))?;
    Ok(ExitCode::SUCCESS)
}
