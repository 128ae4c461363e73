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
use crate::sources::Sources;
use crate::text;

/// Runs the command. Each side is judged by the edition in force on its own day.
pub fn run(args: &ChangesArgs) -> Result<ExitCode, Failure> {
    if args.from > args.to {
        let message = format!("--from {} lies behind --to {}", args.from, args.to);
        return Err(Problem::new("bad-argument", message).into());
    }
    let sources = Sources::open(&args.sources)?;
    let (name, to) = side(&sources, &args.partner, args.to, args.known_to)?;
    let (_, from) = side(&sources, &args.partner, args.from, args.known_from)?;
    let changes = Changes::between(&from, &to);
    if args.json {
        super::print_json(&changes)?;
    } else {
        text::changes::print(&mut anstream::stdout().lock(), &name, &changes)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn side(
    sources: &Sources<'_>,
    partner: &str,
    as_of: Day,
    known_at: Option<Timestamp>,
) -> Result<(String, Scorecard), Failure> {
    let edition = sources.edition(as_of, known_at)?;
    let (facts, partner) = sources.partner(partner, known_at)?;
    let evaluator = Evaluator::new(edition, &sources.catalogue, &facts);
    let scorecard = evaluator.scorecard(partner, as_of, known_at, FactLists::Listed);
    Ok((facts.partner_name(partner).to_owned(), scorecard))
}
