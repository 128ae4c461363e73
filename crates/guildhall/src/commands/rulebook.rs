//! `guildhall rulebook check` and `guildhall rulebook diff`; `impact` has a file of its own.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use guildhall_rules::examples;
use guildhall_rules::problem::{Problem, Problems};
use guildhall_rules::rulebook::{Catalogue, Edition, check_sequence, diff, load};

use crate::cli::RulebookCommand;
use crate::editions::{Editions, Wanted, edition_folders, read_examples, read_text};
use crate::failure::{Failure, talk};
use crate::terminal::{plain, style};

/// Runs the command.
pub fn run(command: &RulebookCommand) -> Result<ExitCode, Failure> {
    match command {
        RulebookCommand::Check { paths, json } => check(paths, *json),
        RulebookCommand::Diff { old, new, rulebooks, json } => {
            compare(old, new, rulebooks.as_deref(), *json)
        }
        RulebookCommand::Impact(args) => super::impact::run(args),
    }
}

/// Says what changed between two editions.
fn compare(
    old: &str,
    new: &str,
    rulebooks: Option<&Path>,
    json: bool,
) -> Result<ExitCode, Failure> {
    let mut editions = Editions::load(rulebooks)?;
    let (old, new) = (edition(&mut editions, old)?, edition(&mut editions, new)?);
    let found = diff(&old, &new);
    if json {
        super::print_json(&found)?;
    } else {
        crate::text::diff::print(&mut anstream::stdout().lock(), &old, &new, &found)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The one edition that a name stands for.
pub fn edition(editions: &mut Editions, name: &str) -> Result<Edition, Failure> {
    match editions.resolve(name)? {
        Wanted::Edition(id) => match editions.get(&id) {
            Some(edition) => Ok(edition.clone()),
            None => Err(Failure::Broken(format!("the edition `{id}` is gone"))),
        },
        Wanted::Network(network) => {
            let ids: Vec<&str> =
                editions.of_network(&network).map(|edition| edition.id.as_str()).collect();
            let message = format!("`{name}` is a network, and two editions are compared");
            let hint = format!("its editions are {}", ids.join(", "));
            Err(Problem::new("unknown-rulebook", message).hint(hint).into())
        }
    }
}

/// An edition that is being checked.
struct Checked {
    folder: PathBuf,
    file: String,
    edition: Edition,
}

fn check(paths: &[PathBuf], json: bool) -> Result<ExitCode, Failure> {
    let mut problems = Problems::new();
    let mut checked: Vec<Checked> = Vec::new();
    for path in paths {
        let path = match path.file_name() {
            Some(name) if name == "rulebook.toml" => path.parent().unwrap_or(path),
            _ => path,
        };
        let folders = edition_folders(path);
        if folders.is_empty() {
            let message = format!("`{}` holds no rulebook.toml", path.display());
            problems.push(Problem::new("no-rulebook", message));
        }
        for folder in folders {
            checked.extend(read(folder, &mut problems));
        }
    }
    let pairs: Vec<(&str, &Edition)> =
        checked.iter().map(|held| (held.file.as_str(), &held.edition)).collect();
    problems.append(check_sequence(&pairs));
    let updates = std::env::var_os("UPDATE").is_some_and(|value| value == "1");
    for held in &checked {
        let network = &held.edition.network;
        let of_network = pairs.iter().filter(|(_, other)| other.network == *network);
        let catalogue = Catalogue::new(of_network.map(|(_, edition)| *edition));
        let count = run_examples(held, &catalogue, updates, &mut problems)?;
        if !json {
            let good = style::GOOD;
            let noun = if count == 1 { "example" } else { "examples" };
            let folder = plain(&held.folder.display().to_string());
            talk(&format!("{good}checked{good:#} {folder} ({count} {noun})"));
        }
    }
    if !problems.is_empty() {
        return Err(problems.into());
    }
    if json {
        std::io::stdout().lock().write_all(b"{\"problems\": []}\n")?;
    }
    Ok(ExitCode::SUCCESS)
}

fn read(folder: PathBuf, problems: &mut Problems) -> Option<Checked> {
    let path = folder.join("rulebook.toml");
    let file = path.display().to_string();
    let text = match read_text(&path) {
        Ok(text) => text,
        Err(problem) => {
            problems.push(*problem);
            return None;
        }
    };
    match load(&file, &text) {
        Ok(edition) => {
            check_place(&folder, &file, &edition, problems);
            Some(Checked { folder, file, edition })
        }
        Err(found) => {
            problems.append(found);
            None
        }
    }
}

/// An edition's folder is called as the edition.
fn check_place(folder: &Path, file: &str, edition: &Edition, problems: &mut Problems) {
    let name = folder.canonicalize().ok();
    let name = name.as_ref().and_then(|path| path.file_name()).map(|name| name.to_string_lossy());
    if name.is_some_and(|name| name != edition.id.as_str()) {
        let message = format!("the edition `{}` is in a folder of another name", edition.id);
        problems.push(Problem::new("other-folder", message).in_file(file).at(1, "1"));
    }
}

fn run_examples(
    held: &Checked,
    catalogue: &Catalogue,
    updates: bool,
    problems: &mut Problems,
) -> Result<usize, Failure> {
    let mut count = 0;
    for (place, text) in read_examples(&held.folder, problems) {
        let outcome = examples::run(&place, &text, &held.edition, catalogue);
        count += outcome.count;
        let is_stale = outcome.problems.shown().iter().any(|found| found.code == "example-differs");
        if updates && is_stale {
            fs::write(&place, &outcome.updated)
                .map_err(|error| Failure::broken(&format!("writing {place}"), &error))?;
            talk(&format!("rewrote {}", plain(&place)));
            problems.append(
                outcome
                    .problems
                    .shown()
                    .iter()
                    .filter(|found| found.code != "example-differs")
                    .cloned()
                    .collect(),
            );
        } else {
            problems.append(outcome.problems);
        }
    }
    Ok(count)
}
