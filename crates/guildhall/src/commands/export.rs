//! `guildhall export`: the facts of a database as a folder.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use guildhall_rules::problem::Problem;
use guildhall_store::{Error, Store};
use serde_json::json;

use crate::cli::{ExportArgs, ExportFormat};
use crate::failure::{Failure, talk};
use crate::progress::counter;
use crate::sources::{no_network, read_network};
use crate::terminal::plain;

/// Runs the command.
pub fn run(args: &ExportArgs) -> Result<ExitCode, Failure> {
    let dir = &args.dir;
    check_format(args.format)?;
    super::check_new_folder(dir)?;
    let store = Store::open_existing(&args.database.url())?;
    let was_there = dir.exists();
    let doing = format!("writing {}", dir.display());
    let written = write(&store, dir, args.format);
    if written.is_err() {
        take_back(dir, was_there);
    }
    let rows = written.map_err(|failure| failure.while_doing(&doing))?;
    if args.json {
        super::print_json(&json!({ "rows": rows }))?;
    } else {
        talk(&format!("wrote {rows} rows to {}", plain(&dir.display().to_string())));
    }
    Ok(ExitCode::SUCCESS)
}

fn write(store: &Store, dir: &Path, format: ExportFormat) -> Result<u64, Failure> {
    let (network, editions) = read_network(store)?;
    let network = network.ok_or_else(|| no_network(store))?;
    fs::create_dir_all(dir)?;
    // With its rulebooks, so that a folder comes to the same numbers wherever it is read.
    for edition in editions.iter().filter(|edition| edition.is_published) {
        let folder = dir.join("rulebooks").join(&network.id).join(&edition.id);
        fs::create_dir_all(&folder)?;
        fs::write(folder.join("rulebook.toml"), &edition.text)?;
    }
    let bar = counter("writing facts");
    let tell = |rows| bar.set_position(rows);
    let rows = match format {
        ExportFormat::Csv => store.export(dir, &tell),
        ExportFormat::Parquet => to_parquet(store, dir, &tell),
    };
    bar.finish_and_clear();
    Ok(rows?)
}

#[cfg(feature = "parquet")]
fn to_parquet(store: &Store, dir: &Path, tell: &dyn Fn(u64)) -> Result<u64, Error> {
    store.export_to(&mut crate::parquet::Folder::new(dir), tell)
}

/// Refused before anything is done.
#[cfg(not(feature = "parquet"))]
fn to_parquet(_: &Store, _: &Path, _: &dyn Fn(u64)) -> Result<u64, Error> {
    Err(std::io::Error::from(std::io::ErrorKind::Unsupported).into())
}

/// A program is built without Parquet unless that is asked for.
fn check_format(format: ExportFormat) -> Result<(), Failure> {
    if cfg!(feature = "parquet") || format == ExportFormat::Csv {
        return Ok(());
    }
    let problem = Problem::new("no-parquet", "this program was built without Parquet");
    let hint = "build it with `cargo install --path crates/guildhall --features parquet`";
    Err(problem.hint(hint).into())
}

/// Removes what was written of an export that failed: the folder was empty or missing.
fn take_back(dir: &Path, was_there: bool) {
    // What cannot be removed is left; the failure itself is told.
    let _ = fs::remove_dir_all(dir);
    if was_there {
        let _ = fs::create_dir(dir);
    }
}
