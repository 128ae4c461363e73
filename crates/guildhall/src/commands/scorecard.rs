//! `guildhall scorecard`: where one partner stands, and why.

use std::process::ExitCode;

use guildhall_rules::evaluation::Evaluator;
use guildhall_rules::scorecard::FactLists;

use crate::cli::ScorecardArgs;
use crate::clock::today;
use crate::failure::Failure;
use crate::output;
use crate::sources::Sources;
use crate::text;

/// Runs the command.
pub fn run(args: &ScorecardArgs) -> Result<ExitCode, Failure> {
    let sources = Sources::open(&args.sources)?;
    let as_of = args.when.as_of.unwrap_or_else(today);
    let edition = sources.edition(as_of, args.when.known_at)?;
    let (facts, partner) = sources.partner(&args.partner, args.when.known_at)?;
    let evaluator = Evaluator::new(edition, &sources.catalogue, &facts);
    let scorecard = evaluator.scorecard(partner, as_of, args.when.known_at, FactLists::Listed);
    if let Some(path) = &args.html {
        let page = guildhall_server::scorecard_sheet(&scorecard, edition)
            .map_err(|error| Failure::Broken(format!("writing the page: {error}")))?;
        output::write(path, &page)?;
    }
    if args.json {
        super::print_json(&scorecard)?;
    } else {
        let mut out = anstream::stdout().lock();
        text::scorecard::print(&mut out, &scorecard, edition, args.explain)?;
    }
    Ok(ExitCode::SUCCESS)
}
