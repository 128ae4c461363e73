//! A part of `cargo xtask bench store`: a snapshot made of the whole database, and one brought up
//! to date after a hundredth of the partners has changed. Both must be the same file.

use std::fmt::Write as _;
use std::fs;

use super::store::{import, partner_ids};
use super::{home, shown};
use crate::process::{Process, guildhall};
use crate::shell::Outcome;

/// Of how many partners one changes.
const OF: usize = 100;

/// What making snapshots took: seconds and megabytes.
pub struct Figures {
    /// Of the whole database.
    pub whole: (f64, u64),
    /// Of what has changed.
    pub renewed: (f64, u64),
}

/// Makes snapshots of a database that was filled from a folder; changes some partners in between.
pub fn measure(profile: &str, folder: &str, database: &str) -> Outcome<Figures> {
    let [file, other] = ["store.snapshot", "store-whole.snapshot"].map(|name| home().join(name));
    let _ = (fs::remove_file(&file), fs::remove_file(&other));
    snapshot(profile, &shown(&file), database)?;
    let changes = home().join("store-changes");
    fs::create_dir_all(&changes).map_err(|error| format!("making a folder: {error}"))?;
    let mut text = "id,partner,customer,stage,expected_mrr,currency,launched_on\n".to_owned();
    for (number, partner) in partner_ids(folder)?.iter().step_by(OF).enumerate() {
        let row = format!("renewed-{number},{partner},harbour,Launched,100,USD,2026-05-04");
        writeln!(text, "{row}").map_err(|error| error.to_string())?;
    }
    fs::write(changes.join("opportunities.csv"), text)
        .map_err(|error| format!("writing changes: {error}"))?;
    import(&shown(&changes), database)?;
    let renewed = snapshot(profile, &shown(&file), database)?;
    let whole = snapshot(profile, &shown(&other), database)?;
    let read = |path| fs::read(path).map_err(|error| format!("reading a snapshot: {error}"));
    if read(&file)? != read(&other)? {
        return Err("the snapshots differ".to_owned());
    }
    Ok(Figures { whole, renewed })
}

fn snapshot(profile: &str, file: &str, database: &str) -> Outcome<(f64, u64)> {
    let mut make = guildhall(profile);
    make.args(["snapshot", file, "--database", database]).stdout(std::process::Stdio::null());
    let child = make.spawn().map_err(|error| format!("making a snapshot: {error}"))?;
    match Process(child).watch()? {
        (true, seconds, megabytes) => Ok((seconds, megabytes)),
        (false, ..) => Err("making a snapshot failed".to_owned()),
    }
}
