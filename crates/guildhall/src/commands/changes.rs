//! `guildhall changes`: what moved between two days, or two states of knowledge.

use std::process::ExitCode;

use guildhall_rules::changes::Changes;
use guildhall_rules::day::Day;
use guildhall_rules::evaluation::Evaluator;
use guildhall_rules::problem::Problem;
use guildhall_rules::scorecard::{FactLists, Scorecard};
use jiff::Timestamp;

use crate::cli::ChangesArgs;
use crate::failure::Failure;
use crate::folder::{Folder, find_partner};
use crate::text;

/// Runs the command. Each side is judged by the edition in force on its own day.
pub fn run(args: &ChangesArgs) -> Result<ExitCode, Failure> {
    if args.from > args.to {
        let message = format!("--from {} lies behind --to {}", args.from, args.to);
        return Err(Problem::new("bad-argument", message).into());
    }
    let folder = Folder::open(&args.sources)?;
    let (name, to) = side(&folder, &args.partner, args.to, args.known_to)?;
    let (_, from) = side(&folder, &args.partner, args.from, args.known_from)?;
    let changes = Changes::between(&from, &to);
    if args.json {
        super::print_json(&changes)?;
    } else {
        text::changes::print(&mut anstream::stdout().lock(), &name, &changes)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn side(
    folder: &Folder<'_>,
    partner: &str,
    as_of: Day,
    known_at: Option<Timestamp>,
) -> Result<(String, Scorecard), Failure> {
    let edition = folder.editions.choose(&folder.wanted, as_of, known_at)?;
    let facts = folder.load(known_at)?;
    let partner = find_partner(&facts, partner)?;
    let evaluator = Evaluator::new(edition, &folder.catalogue, &facts);
    let scorecard = evaluator.scorecard(partner, as_of, known_at, FactLists::Listed);
    Ok((facts.partner_name(partner).to_owned(), scorecard))
}
