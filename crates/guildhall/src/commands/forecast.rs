//! `guildhall forecast`: what will lapse, when, and what falls with it.

use std::collections::BTreeSet;
use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use guildhall_rules::day::Day;
use guildhall_rules::evaluation::Evaluator;
use guildhall_rules::facts::Supposition;
use guildhall_rules::forecast::{
    Event, Forecast, ForecastDay, Horizon, LONGEST_MONTHS, Outlook, Turn,
};
use guildhall_rules::problem::Problem;
use guildhall_rules::rulebook::{Edition, FactKind};
use jiff::Timestamp;
use serde::Serialize;

use crate::cli::ForecastArgs;
use crate::clock::today;
use crate::failure::{Failure, talk};
use crate::folder::threads;
use crate::output;
use crate::progress::spinner;
use crate::sources::Sources;
use crate::terminal::plain;
use crate::text;

/// Runs the command.
pub fn run(args: &ForecastArgs) -> Result<ExitCode, Failure> {
    let as_of = args.when.as_of.unwrap_or_else(today);
    check_until(as_of, args.until)?;
    let sources = Sources::open(&args.sources)?;
    let edition = sources.edition(as_of, args.when.known_at)?;
    let holds_reviews = !args.no_reviews;
    let horizon = Horizon { as_of, until: args.until, holds_reviews };
    match &args.partner {
        Some(partner) => one(args, partner, horizon, &sources, edition)?,
        None => all(args, horizon, &sources, edition)?,
    }
    tell_of_editions(&sources, edition, horizon);
    Ok(ExitCode::SUCCESS)
}

fn check_until(as_of: Day, until: Day) -> Result<(), Failure> {
    if until <= as_of {
        let message = format!("--until {until} does not lie behind {as_of}");
        let hint = "a forecast is of the days behind --as-of, which is today where it is not given";
        return Err(Problem::new("bad-argument", message).hint(hint).into());
    }
    if until > as_of.plus_months(LONGEST_MONTHS) {
        let message = format!("--until {until} lies more than ten years ahead");
        return Err(Problem::new("bad-argument", message).into());
    }
    Ok(())
}

/// The forecast of one partner.
fn one(
    args: &ForecastArgs,
    partner: &str,
    horizon: Horizon,
    sources: &Sources<'_>,
    edition: &Edition,
) -> Result<(), Failure> {
    let (mut facts, partner) = sources.partner(partner, args.when.known_at)?;
    let supposed = args.suppose.all();
    let problems = facts.suppose(partner, &sources.catalogue, &supposed);
    if !problems.is_empty() {
        return Err(problems.into());
    }
    let mut evaluator = Evaluator::new(edition, &sources.catalogue, &facts);
    let words = supposed.iter().map(Supposition::to_string).collect();
    let mut forecast = evaluator.forecast(partner, horizon, args.when.known_at, words);
    if args.json {
        super::print_json(&forecast)?;
    }
    if !args.json || args.ics.is_some() {
        title_opportunities(sources, args.when.known_at, &mut forecast)?;
    }
    if let Some(path) = &args.ics {
        output::write(path, &forecast.to_ics(edition, &|_| None))?;
    }
    if args.json {
        return Ok(());
    }
    let mut out = anstream::stdout().lock();
    if args.calendar {
        text::forecast::print_calendar(&mut out, edition, &forecast)?;
    } else {
        text::forecast::print(&mut out, edition, &forecast)?;
    }
    Ok(())
}

/// Gives opportunities that begin or end their titles and customers, which facts that are evaluated
/// do not hold.
fn title_opportunities(
    sources: &Sources<'_>,
    known_at: Option<Timestamp>,
    forecast: &mut Forecast,
) -> Result<(), Failure> {
    let is_one = |event: &&Event| event.kind == FactKind::Opportunity;
    let events = forecast.days.iter().flat_map(ForecastDay::events).filter(is_one);
    let wanted: BTreeSet<String> = events.map(|event| event.fact.clone()).collect();
    if wanted.is_empty() {
        return Ok(());
    }
    let titles = sources.titles_of_opportunities(known_at, &wanted)?;
    for event in forecast.days.iter_mut().flat_map(ForecastDay::events_mut) {
        if event.kind == FactKind::Opportunity {
            event.title = titles.get(&event.fact).cloned();
        }
    }
    Ok(())
}

/// What turns for a partner, as JSON.
#[derive(Serialize)]
struct OutlookJson<'a> {
    partner: &'a str,
    rulebook: &'a str,
    as_of: Day,
    until: Day,
    days: u32,
    turns: &'a [Turn],
}

/// The forecast of all partners.
fn all(
    args: &ForecastArgs,
    horizon: Horizon,
    sources: &Sources<'_>,
    edition: &Edition,
) -> Result<(), Failure> {
    let loading = spinner("reading facts");
    let facts = sources.numbers(args.when.known_at);
    loading.finish_and_clear();
    let facts = facts?;
    let mut evaluator = Evaluator::new(edition, &sources.catalogue, &facts);
    let mut network = evaluator.network_forecast(horizon, threads());
    let id = |outlook: &Outlook| facts.partner_id(outlook.partner);
    network.partners.sort_by(|a, b| id(a).cmp(id(b)));
    if !args.json {
        let mut out = BufWriter::new(anstream::stdout().lock());
        text::forecast_network::print(&mut out, edition, &facts, horizon, &network)?;
        return Ok(out.flush()?);
    }
    let mut out = BufWriter::new(io::stdout().lock());
    for outlook in &network.partners {
        let line = OutlookJson {
            partner: id(outlook),
            rulebook: &edition.id,
            as_of: horizon.as_of,
            until: horizon.until,
            days: outlook.days,
            turns: &outlook.turns,
        };
        serde_json::to_writer(&mut out, &line).map_err(io::Error::from)?;
        out.write_all(b"\n")?;
    }
    Ok(out.flush()?)
}

/// A forecast is of one edition; that another comes into force is said.
fn tell_of_editions(sources: &Sources<'_>, edition: &Edition, horizon: Horizon) {
    let of_network = sources.editions.of_network(&edition.network);
    let next = of_network
        .filter(|other| other.in_force_from > horizon.as_of && other.in_force_from <= horizon.until)
        .min_by_key(|other| other.in_force_from);
    if let Some(next) = next {
        let (old, new) = (plain(&edition.id), plain(&next.id));
        let from = next.in_force_from;
        talk(&format!(
            "{new} comes into force on {from} and is not looked at: guildhall rulebook impact {old} {new}"
        ));
    }
}
