//! `guildhall verify`: whether anything was changed behind the journal.

use std::process::ExitCode;

use guildhall_rules::problem::Problem;
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
    let verified = verified.map_err(|failure| failure.while_doing("verifying"))?;
    if args.json {
        print_json(&verified)?;
    } else {
        text::verified::print(&mut anstream::stdout().lock(), &verified)?;
    }
    let is_good = verified.problems.is_empty();
    Ok(if is_good { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// All that is verified of a database: its chain, its journal, its facts and its editions.
fn verify(store: &Store, head: Option<&(i64, String)>) -> Result<Verified, Failure> {
    let verified = store.verify(head)?;
    Ok(verified)
}

fn print_json(verified: &Verified) -> Result<(), Failure> {
    let told = |fault: &Fault| Problem::new(fault.code, &*fault.message).in_file(&*fault.place);
    let problems: Vec<Problem> = verified.problems.iter().map(told).collect();
    super::print_json(&json!({
        "problems": problems,
        "more": verified.more,
        "entries": verified.entries,
        "facts": verified.facts,
        "head": text::verified::head(verified),
        "unsealed": verified.unsealed,
    }))
}
