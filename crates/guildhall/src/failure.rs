//! How commands fail: with problems of the input (exit 1), or because something broke (exit 2).

use std::io::{self, Write};
use std::process::ExitCode;

use anstream::stderr;
use guildhall_rules::problem::{Problem, Problems};
use guildhall_server::Error as ServerError;
use guildhall_store::Error as StoreError;
use serde_json::json;

use crate::terminal::{plain, style};

/// Why a command could not do what it was asked.
#[derive(Debug)]
pub enum Failure {
    /// The input is wrong.
    Input(Problems),
    /// Something broke: a disk, a pipe.
    Broken(String),
}

impl From<Problems> for Failure {
    fn from(problems: Problems) -> Self {
        Self::Input(problems)
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::Input(problem.into())
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Broken(error.to_string())
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let message = error.to_string();
        match error {
            StoreError::Url { .. } => Problem::new("bad-database", message)
                .hint("write it as sqlite:PATH or postgres://USER@HOST/NAME")
                .into(),
            StoreError::Unreachable(_) => Problem::new("unreachable-database", message).into(),
            StoreError::Newer { .. } => Problem::new("newer-database", message)
                .hint("a newer release has used it; run that one")
                .into(),
            StoreError::OtherMigration(_) => Problem::new("other-schema", message)
                .hint("it was made by a build of its own; export with that one and import here")
                .into(),
            _ => Self::Broken(message),
        }
    }
}

impl Failure {
    /// What an operation of the server refused, or could not do.
    pub fn from_server(error: ServerError) -> Self {
        match error {
            ServerError::Unavailable(error) => error.into(),
            ServerError::Invalid(problems) => problems.into(),
            ServerError::Internal(error) => match error.downcast::<StoreError>() {
                Ok(error) => (*error).into(),
                Err(error) => Self::Broken(error.to_string()),
            },
            error => Self::Broken(error.to_string()),
        }
    }

    /// The same failure, saying what was being done when something broke.
    pub fn while_doing(self, doing: &str) -> Self {
        match self {
            Self::Broken(message) => Self::Broken(format!("{doing}: {message}")),
            Self::Input(problems) => Self::Input(problems),
        }
    }

    /// Something that broke while doing something.
    pub fn broken(doing: &str, error: &io::Error) -> Self {
        Self::Broken(format!("{doing}: {error}"))
    }

    /// Tells the user, and says with which status to exit.
    pub fn report(self, is_json: bool) -> ExitCode {
        match self {
            Self::Input(problems) => {
                if is_json {
                    // The exit status says it all where even this cannot be written.
                    let _ = print_json(&problems);
                } else {
                    let _ = print_problems(&problems, &mut stderr());
                }
                ExitCode::from(1)
            }
            // Whoever reads the output has seen enough, as `head` does.
            Self::Broken(message) if message.contains("Broken pipe") => ExitCode::SUCCESS,
            Self::Broken(message) => {
                let error = style::BAD;
                talk(&format!("{error}error:{error:#} {}", plain(&message)));
                if is_json {
                    let _ = print_json(&Problem::new("broken", message).into());
                }
                ExitCode::from(2)
            }
        }
    }
}

/// Prints a line of talk. Where nobody can be told, the exit status has to do.
pub fn talk(line: &str) {
    let _ = writeln!(stderr(), "{line}");
}

/// Wrong arguments: problems of the input, except where help was asked for.
pub fn usage(error: &clap::Error) -> ExitCode {
    use clap::error::ErrorKind;
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        return match error.print() {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => Failure::from(error).report(false),
        };
    }
    if std::env::args().any(|argument| argument == "--json") {
        let message = error.render().to_string();
        let mut lines = message.lines().map(str::trim).filter(|line| !line.is_empty());
        let first = lines.next().unwrap_or_default().trim_start_matches("error: ").to_owned();
        let hint = lines.next().map(str::to_owned);
        let problem = Problem::new("bad-argument", first).maybe_hint(hint);
        let _ = print_json(&problem.into());
    } else {
        let _ = error.print();
    }
    ExitCode::from(1)
}

fn print_json(problems: &Problems) -> io::Result<()> {
    let rest: Vec<_> = problems
        .rest()
        .map(|(file, code, count)| json!({ "file": file, "code": code, "count": count }))
        .collect();
    let mut body = json!({ "problems": problems.shown() });
    if let (false, Some(body)) = (rest.is_empty(), body.as_object_mut()) {
        body.insert("more".to_owned(), rest.into());
    }
    let mut out = io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, &body)?;
    out.write_all(b"\n")
}

/// Prints problems for people.
pub fn print_problems(problems: &Problems, out: &mut impl Write) -> io::Result<()> {
    let (place, bad, faint) = (style::PLACE, style::BAD, style::FAINT);
    for problem in problems.shown() {
        // Names of files and arguments are shown as they are, but may not paint the terminal.
        let text = plain(&problem.to_string());
        let (at, rest) = match text.split_once(": ") {
            Some((at, rest)) if !problem.file.is_empty() => (at, rest),
            _ => ("", text.as_str()),
        };
        if at.is_empty() {
            writeln!(out, "{bad}problem:{bad:#} {rest}")?;
        } else {
            writeln!(out, "{place}{at}:{place:#} {rest}")?;
        }
        if let Some(hint) = &problem.hint {
            writeln!(out, "  {faint}hint:{faint:#} {}", plain(hint))?;
        }
    }
    for (file, code, count) in problems.rest() {
        writeln!(out, "{place}{}:{place:#} {count} more of [{code}]", plain(file))?;
    }
    let total = problems.total();
    let noun = if total == 1 { "problem" } else { "problems" };
    writeln!(out, "{bad}{total} {noun}{bad:#}")
}
