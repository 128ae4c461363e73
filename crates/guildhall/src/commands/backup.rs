//! `guildhall backup` and `guildhall restore`: a database as one file, and back.

use std::process::ExitCode;

use guildhall_rules::problem::Problem;
use guildhall_store::{Error, Store};
use serde_json::json;

use crate::cli::{BackupArgs, RestoreArgs};
use crate::failure::{Failure, talk};
use crate::progress::counter;
use crate::terminal::plain;

/// Writes a backup.
pub fn backup(args: &BackupArgs) -> Result<ExitCode, Failure> {
    let shown = args.file.display().to_string();
    if args.file.exists() {
        let problem = Problem::new("file-exists", format!("`{shown}` is there already"));
        return Err(problem.hint("name another file; nothing is overwritten").into());
    }
    let store = Store::open_existing(&args.database.url())?;
    let bar = counter("copying");
    let copied = store.backup(&args.file, &|rows| bar.set_position(rows));
    bar.finish_and_clear();
    let doing = format!("writing {shown}");
    let rows = copied.map_err(|error| Failure::from(error).while_doing(&doing))?;
    if args.json {
        super::print_json(&json!({ "rows": rows }))?;
    } else {
        talk(&format!("wrote {rows} rows to {}", plain(&shown)));
    }
    Ok(ExitCode::SUCCESS)
}

/// Fills a new database from a backup.
pub fn restore(args: &RestoreArgs) -> Result<ExitCode, Failure> {
    let shown = args.file.display().to_string();
    if !args.file.is_file() {
        return Err(Problem::new("no-backup", format!("there is no file `{shown}`")).into());
    }
    Store::check_backup(&args.file).map_err(|error| match error {
        Error::Unreachable(message) => Problem::new("no-backup", message).into(),
        error => Failure::from(error),
    })?;
    let store = Store::open(&args.database.url())?;
    let bar = counter("copying");
    let copied = store.restore(&args.file, &|rows| bar.set_position(rows));
    bar.finish_and_clear();
    let address = format!("{:?}", store.address());
    let rows = copied.map_err(|error| match error {
        Error::Constraint(_) => Problem::new("not-new", format!("{address} holds something"))
            .hint("name a database that is missing or new; nothing is overwritten")
            .into(),
        error => Failure::from(error).while_doing(&format!("restoring {shown}")),
    })?;
    if args.json {
        super::print_json(&json!({ "rows": rows }))?;
    } else {
        talk(&format!("restored {rows} rows into {}", plain(&address)));
    }
    Ok(ExitCode::SUCCESS)
}
