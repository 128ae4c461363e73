//! `guildhall snapshot`: the facts of a network as one file that is read without parsing.

use std::process::ExitCode;

use guildhall_rules::facts::SnapshotHead;
use serde_json::json;

use crate::cli::SnapshotArgs;
use crate::failure::Failure;
use crate::progress::spinner;
use crate::snapshot::{self, SnapshotFile};
use crate::sources::Sources;
use crate::terminal::plain;
use crate::text::grouped;

/// Runs the command. A file that is at the position of its database already is left as it is.
pub fn run(args: &SnapshotArgs) -> Result<ExitCode, Failure> {
    let sources = Sources::open(&args.sources)?;
    let network = sources.editions.network_of(&sources.wanted);
    let head = SnapshotHead {
        network: network.clone(),
        position: sources.position()?,
        known_at: args.known_at,
        editions: sources.editions.texts(&network),
    };
    if head.position.is_some()
        && let Ok(held) = SnapshotFile::open(&args.file)
        && held.head == head
    {
        return tell(args, &head, None);
    }
    let loading = spinner("reading facts");
    let facts = sources.network(args.known_at);
    loading.finish_and_clear();
    let facts = facts?;
    let bytes = snapshot::write(&args.file, &facts, &head, &sources.catalogue)?;
    let counts = (facts.partners().len() as u64, facts.len() as u64, bytes);
    tell(args, &head, Some(counts))
}

fn tell(
    args: &SnapshotArgs,
    head: &SnapshotHead,
    written: Option<(u64, u64, u64)>,
) -> Result<ExitCode, Failure> {
    if args.json {
        super::print_json(&json!({
            "network": head.network,
            "position": head.position,
            "is_written": written.is_some(),
            "partners": written.map(|(partners, ..)| partners),
            "facts": written.map(|(_, facts, _)| facts),
            "bytes": written.map(|(.., bytes)| bytes),
        }))?;
        return Ok(ExitCode::SUCCESS);
    }
    let file = plain(&args.file.display().to_string());
    match written {
        None => anstream::println!("{file} is up to date"),
        Some((partners, facts, bytes)) => {
            let [partners, facts, bytes] =
                [partners, facts, bytes].map(|count| grouped(&count.to_string()));
            anstream::println!("{file}: {partners} partners, {facts} facts, {bytes} bytes");
        }
    }
    Ok(ExitCode::SUCCESS)
}
