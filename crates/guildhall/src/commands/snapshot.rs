//! `guildhall snapshot`: the facts of a network as one file that is read without parsing.

use std::process::ExitCode;

use guildhall_rules::facts::SnapshotHead;
use serde_json::json;

use crate::cli::SnapshotArgs;
use crate::failure::Failure;
use crate::output;
use crate::progress::spinner;
use crate::snapshot::{self, SnapshotFile};
use crate::sources::{Fresh, Sources};
use crate::terminal::plain;
use crate::text::grouped;

/// What was written.
struct Written {
    partners: u64,
    facts: u64,
    bytes: u64,
    /// Partners and people that were read from the database; none where all were.
    renewed: Option<(u64, u64)>,
}

/// Runs the command. An older snapshot of the same database is brought up to date, reading only
/// what has changed; one that is up to date is left as it is.
pub fn run(args: &SnapshotArgs) -> Result<ExitCode, Failure> {
    output::refuse_other_than_snapshot(&args.file)?;
    let sources = Sources::open(&args.sources)?;
    let older = SnapshotFile::open(&args.file).ok();
    let loading = spinner("reading facts");
    let fresh = sources.fresh(args.known_at, older.as_ref());
    loading.finish_and_clear();
    let (head, facts, renewed) = match fresh? {
        Fresh::Same(head) => return tell(args, &head, None),
        Fresh::Whole(head, facts) => (head, facts, None),
        Fresh::Renewed(head, facts, renewed) => {
            let counts = (renewed.partners.len() as u64, renewed.people.len() as u64);
            (head, facts, Some(counts))
        }
    };
    let (partners, count) = (facts.partners().len() as u64, facts.len() as u64);
    let bytes = snapshot::write(&args.file, &facts, &head, &sources.catalogue)?;
    tell(args, &head, Some(&Written { partners, facts: count, bytes, renewed }))
}

fn tell(
    args: &SnapshotArgs,
    head: &SnapshotHead,
    written: Option<&Written>,
) -> Result<ExitCode, Failure> {
    if args.json {
        let renewed = written.and_then(|written| written.renewed);
        super::print_json(&json!({
            "network": head.network,
            "position": head.place.as_ref().map(|place| place.position()),
            "is_written": written.is_some(),
            "is_read_whole": written.is_some_and(|written| written.renewed.is_none()),
            "renewed": renewed.map(|(partners, people)| {
                json!({ "partners": partners, "people": people })
            }),
            "partners": written.map(|written| written.partners),
            "facts": written.map(|written| written.facts),
            "bytes": written.map(|written| written.bytes),
        }))?;
        return Ok(ExitCode::SUCCESS);
    }
    let file = plain(&args.file.display().to_string());
    let Some(Written { partners, facts, bytes, renewed }) = written else {
        anstream::println!("{file} is up to date");
        return Ok(ExitCode::SUCCESS);
    };
    let number = |count: u64| grouped(&count.to_string());
    let [partners, facts, bytes] = [*partners, *facts, *bytes].map(number);
    let word = if partners == "1" { "partner" } else { "partners" };
    anstream::println!("{file}: {partners} {word}, {facts} facts, {bytes} bytes");
    if let Some((partners, people)) = *renewed {
        let (partners, people) = (number(partners), number(people));
        anstream::println!("read anew: {partners} partners and {people} people; the rest was kept");
    }
    Ok(ExitCode::SUCCESS)
}
