//! `guildhall plan`: the cheapest way to a goal, and how far a plan has come.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::ExitCode;

use guildhall_rules::evaluation::Evaluator;
use guildhall_rules::plan::{AcceptedPlan, Costs, Goal, Request, is_of_opportunity, plan};
use guildhall_rules::problem::Problem;
use guildhall_rules::rulebook::Edition;

use crate::cli::PlanArgs;
use crate::clock::today;
use crate::editions::read_text;
use crate::failure::Failure;
use crate::output;
use crate::sources::Sources;
use crate::terminal::plain;
use crate::text;

/// Runs the command. The edition is the one in force on the day on which the goal has to hold.
/// The exit status is 1 if there is no way.
pub fn run(args: &PlanArgs) -> Result<ExitCode, Failure> {
    let sources = Sources::open(&args.sources)?;
    if let Some(file) = &args.goal.check {
        return check(args, &sources, file);
    }
    let as_of = args.when.as_of.unwrap_or_else(today);
    let goal = goal(args, &sources, as_of)?;
    let known_at = args.when.known_at;
    let edition = sources.edition(goal.day(), known_at)?;
    let costs = costs(args.costs.as_deref(), edition)?;
    let (facts, partner) = sources.partner(&args.partner, known_at)?;
    let evaluator = Evaluator::new(edition, &sources.catalogue, &facts);
    let request = Request {
        goal: &goal,
        as_of,
        known_at,
        way: args.way,
        costs: &costs,
        work: args.work.saturating_mul(1_000_000),
        stop: &|| false,
        in_full: true,
    };
    let mut found = plan(&evaluator, partner, &request)?;
    let people: BTreeSet<String> = found.people().into_iter().map(str::to_owned).collect();
    if !people.is_empty() {
        let names = sources.names_of_people(known_at, &people)?;
        found.name_people(|person| names.get(person).cloned());
    }
    let opportunities: BTreeSet<String> = found.opportunities().map(str::to_owned).collect();
    if !opportunities.is_empty() {
        let titles = sources.titles_of_opportunities(known_at, &opportunities)?;
        found.name_opportunities(|id| titles.get(id).cloned());
    }
    if let Some(path) = &args.html {
        let page = guildhall_server::plan_sheet(&found, edition)
            .map_err(|error| Failure::Broken(format!("writing the page: {error}")))?;
        output::write(path, &page)?;
    }
    if args.json {
        super::print_json(&found)?;
    } else {
        text::plan::print(&mut anstream::stdout().lock(), &found, edition)?;
    }
    Ok(if found.feasible { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn goal(
    args: &PlanArgs,
    sources: &Sources<'_>,
    as_of: guildhall_rules::day::Day,
) -> Result<Goal, Failure> {
    if let (Some(measure), Some(period)) = (&args.goal.discount, &args.period) {
        let (editions, wanted) = (&sources.editions, &sources.wanted);
        let period = super::discount::read_period(editions, wanted, period, as_of)?;
        return Ok(Goal::Discount { measure: measure.clone(), period });
    }
    // Without a discount there is a day: the arguments see to it.
    let by = args.by.unwrap_or(as_of);
    Ok(match &args.goal.to {
        Some(tier) => Goal::Tier { tier: tier.clone(), by },
        None => Goal::Keep { by },
    })
}

fn costs(file: Option<&Path>, edition: &Edition) -> Result<Costs, Failure> {
    let Some(file) = file else { return Ok(Costs::of(edition)) };
    let text = read_text(file).map_err(|problem| *problem)?;
    Ok(Costs::read(&file.display().to_string(), &text, edition)?)
}

/// Looks again at a plan.
fn check(args: &PlanArgs, sources: &Sources<'_>, file: &Path) -> Result<ExitCode, Failure> {
    let text = read_text(file).map_err(|problem| *problem)?;
    let shown = file.display().to_string();
    let accepted: AcceptedPlan = serde_json::from_str(&text).map_err(|error| {
        let line = error.line() as u64;
        // What a program expects where it reads a list for a plan tells people nothing.
        let message = match error.to_string() {
            told if told.contains("struct") => "it is not a plan".to_owned(),
            told => format!("it is not a plan: {told}"),
        };
        let hint = "name a file that `guildhall plan … --json` printed";
        Problem::new("bad-plan", message).in_file(&shown).on_line(line.max(1)).hint(hint)
    })?;
    if accepted.partner != args.partner {
        let message = format!("the plan is for `{}`, not for `{}`", accepted.partner, args.partner);
        return Err(Problem::new("bad-plan", message).in_file(&shown).into());
    }
    let as_of = args.when.as_of.unwrap_or_else(today);
    if as_of < accepted.as_of {
        let message = format!("{as_of} lies before {}, when the plan was made", accepted.as_of);
        return Err(Problem::new("bad-argument", message).into());
    }
    let goal = accepted.goal()?;
    let edition = sources.edition(goal.day(), args.when.known_at)?;
    let (facts, partner) = sources.partner(&args.partner, args.when.known_at)?;
    let evaluator = Evaluator::new(edition, &sources.catalogue, &facts);
    let found = accepted.check_against(&evaluator, partner, as_of)?;
    if found.rulebook != accepted.rulebook {
        let (made, now) = (plain(&accepted.rulebook), plain(&found.rulebook));
        anstream::eprintln!("note: the plan was made by `{made}`; it is looked at by `{now}`");
    }
    if args.json {
        super::print_json(&found)?;
    } else {
        let about = accepted.steps.iter().filter(|step| is_of_opportunity(&step.kind));
        let about: BTreeSet<String> = about.filter_map(|step| step.about.clone()).collect();
        let titles = if about.is_empty() {
            BTreeMap::new()
        } else {
            sources.titles_of_opportunities(args.when.known_at, &about)?
        };
        text::plan::print_check(&mut anstream::stdout().lock(), &found, edition, &titles)?;
    }
    Ok(if found.still_reaches_goal { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
