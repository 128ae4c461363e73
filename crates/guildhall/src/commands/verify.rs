//! `guildhall verify`: whether anything was changed behind the journal.

use std::process::ExitCode;

use guildhall_rules::problem::Problem;
use guildhall_server::ops::decisions;
use guildhall_store::{Fault, Store, Verified};
use serde_json::json;

use crate::cli::VerifyArgs;
use crate::failure::Failure;
use crate::progress::spinner;
use crate::text;

/// Runs the command.
pub fn run(args: &VerifyArgs) -> Result<ExitCode, Failure> {
    let store = Store::open_existing(&args.database.url())?;
    let bar = spinner("verifying");
    let verified = verify(&store, args.head.as_ref());
    bar.finish_and_clear();
    let (verified, decisions) = verified.map_err(|failure| failure.while_doing("verifying"))?;
    if args.json {
        print_json(&verified, decisions)?;
    } else {
        text::verified::print(&mut anstream::stdout().lock(), &verified, decisions)?;
    }
    let is_good = verified.problems.is_empty();
    Ok(if is_good { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// All that is verified of a database: its chain, its journal, its facts and its editions, and what
/// every published decision comes to when it is computed again.
fn verify(store: &Store, head: Option<&(i64, String)>) -> Result<(Verified, u64), Failure> {
    let mut verified = store.verify(head)?;
    let recomputed = decisions::verify(store)
        .map_err(|error| Failure::Broken(guildhall_server::with_sources(&error)))?;
    verified.problems.extend(recomputed.problems);
    verified.more += recomputed.more;
    Ok((verified, recomputed.decisions))
}

fn print_json(verified: &Verified, decisions: u64) -> Result<(), Failure> {
    let told = |fault: &Fault| Problem::new(fault.code, &*fault.message).in_file(&*fault.place);
    let problems: Vec<Problem> = verified.problems.iter().map(told).collect();
    super::print_json(&json!({
        "problems": problems,
        "more": verified.more,
        "entries": verified.entries,
        "facts": verified.facts,
        "decisions": decisions,
        "head": text::verified::head(verified),
        "unsealed": verified.unsealed,
    }))
}
