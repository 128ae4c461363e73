//! `guildhall discount`: the statement of the support discount for a period.

use std::process::ExitCode;

use guildhall_rules::day::Day;
use guildhall_rules::evaluation::Evaluator;
use guildhall_rules::period::Period;
use guildhall_rules::problem::Problem;
use guildhall_rules::rulebook::{DiscountUse, Edition};

use crate::cli::DiscountArgs;
use crate::clock::today;
use crate::editions::{Editions, Wanted};
use crate::failure::Failure;
use crate::sources::Sources;
use crate::text;

/// Runs the command. The edition is the one in force on the first day of the period.
pub fn run(args: &DiscountArgs) -> Result<ExitCode, Failure> {
    let sources = Sources::open(&args.sources)?;
    let as_of = args.when.as_of.unwrap_or_else(today);
    let period = read_period(&sources.editions, &sources.wanted, &args.period, as_of)?;
    let known_at = args.when.known_at;
    let edition = sources.edition(period.first_day(), known_at)?;
    let (facts, partner) = sources.partner(&args.partner, known_at)?;
    let evaluator = Evaluator::new(edition, &sources.catalogue, &facts);
    let Some(scheme) = evaluator.support_scheme() else {
        return Err(no_scheme(edition).into());
    };
    let statement = evaluator.discount_statement(scheme, partner, period, as_of);
    if args.json {
        super::print_json(&statement)?;
    } else {
        let name = facts.partner_name(partner);
        let mut out = anstream::stdout().lock();
        text::discount::print(&mut out, name, &statement, args.explain)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn no_scheme(edition: &Edition) -> Problem {
    Problem::new("no-discount", format!("the edition `{}` has no support discount", edition.id))
}

/// Reads the name of a period of whichever length the network's schemes have. What is wrong is
/// told by the example of the period in which a day lies.
pub(super) fn read_period(
    editions: &Editions,
    wanted: &Wanted,
    text: &str,
    as_of: Day,
) -> Result<Period, Failure> {
    let network = editions.network_of(wanted);
    let mut lengths: Vec<u8> = editions
        .of_network(&network)
        .filter(|edition| !matches!(wanted, Wanted::Edition(id) if *id != edition.id))
        .flat_map(|edition| &edition.discounts)
        .filter(|scheme| scheme.on == DiscountUse::Support)
        .map(|scheme| scheme.period_months)
        .collect();
    lengths.sort_unstable();
    lengths.dedup();
    if lengths.is_empty() {
        let message = format!("no edition of `{network}` has a support discount");
        return Err(Problem::new("no-discount", message).into());
    }
    if let Some(period) = lengths.iter().find_map(|months| Period::parse(text, *months)) {
        return Ok(period);
    }
    let examples: Vec<String> =
        lengths.iter().map(|months| format!("`{}`", Period::containing(as_of, *months))).collect();
    let problem = Problem::new("bad-period", format!("`{text}` is not a period of the discount"));
    Err(problem.hint(format!("write it as {}", examples.join(" or "))).into())
}
