//! A plan as text: the goal, what it costs, who does what until when, and where that leads.

use std::collections::BTreeMap;
use std::io::{self, Write};

use guildhall_rules::day::Day;
use guildhall_rules::plan::{
    Alternative, Cost, GoalText, Plan, PlanCheck, ShortRow, Step, StepState,
};
use guildhall_rules::review::ReviewOutcome;
use guildhall_rules::rulebook::Edition;
use guildhall_rules::words::{money, money_digits};

use super::{grouped, tier_title, wrapped};
use crate::terminal::{fit, mark, plain, style, width};

/// Prints a plan.
pub fn print(out: &mut impl Write, plan: &Plan, edition: &Edition) -> io::Result<()> {
    let width = width();
    head(out, plan, edition, width)?;
    if plan.already_met {
        writeln!(
            out,
            "  {}Nothing has to be done: the goal is met on its day.{:#}",
            style::GOOD,
            style::GOOD
        )?;
    } else if plan.feasible {
        costs(out, plan)?;
        steps(out, plan, edition, width)?;
    } else {
        blocking(out, plan, edition, width)?;
    }
    reviews(out, plan, edition)?;
    if plan.feasible {
        result(out, plan, edition, width)?;
    }
    alternatives(out, plan, width)
}

fn head(out: &mut impl Write, plan: &Plan, edition: &Edition, width: usize) -> io::Result<()> {
    let (head, faint) = (style::HEAD, style::FAINT);
    let card = &plan.starting_scorecard;
    let as_of = format!("as of {}", plan.as_of);
    let name = fit(&plain(&card.name), width.saturating_sub(as_of.len()));
    writeln!(out, "{head}{name}{as_of}{head:#}")?;
    writeln!(out, "{faint}{} · rulebook {}{faint:#}\n", plain(&plan.partner), plan.rulebook)?;
    writeln!(out, "  Goal      {}", goal(&plan.goal, edition, &card.path))
}

/// A goal in words.
fn goal(goal: &GoalText, edition: &Edition, path: &str) -> String {
    let tier = |tier: &Option<String>| {
        tier.as_ref().map_or_else(String::new, |tier| tier_title(edition, path, tier, goal.by))
    };
    match (goal.kind.as_str(), &goal.measure, &goal.period) {
        ("keep", ..) => format!("keep {} until {}", tier(&goal.tier), goal.by),
        ("discount", Some(measure), Some(period)) => {
            let title = edition.measure(measure).map_or(measure.as_str(), |one| &one.title);
            format!("{title}: its part of the discount for {period}")
        }
        _ => format!("{} on {}", tier(&goal.tier), goal.by),
    }
}

fn costs(out: &mut impl Write, plan: &Plan) -> io::Result<()> {
    let Some(cost) = &plan.cost else { return Ok(()) };
    let most = match plan.way.as_str() {
        "fastest" => "the fastest",
        "fewest_people" => "the one of the fewest people",
        _ => "the cheapest",
    };
    let proof = match (&plan.gap, plan.optimal) {
        (_, true) => format!("proved to be {most}"),
        (Some(gap), _) => format!("another could be cheaper by {gap} of it at most"),
        (None, _) => format!("not proved to be {most}"),
    };
    writeln!(out, "  Cost      {}", in_words(cost))?;
    writeln!(out, "            {proof}")?;
    if let Some(greedy) = &plan.greedy {
        writeln!(out, "  Greedy    {}", in_words(greedy))?;
    } else {
        writeln!(out, "  Greedy    does not get there")?;
    }
    Ok(())
}

/// A cost in words.
fn in_words(cost: &Cost) -> String {
    let people = match cost.people {
        0 => String::new(),
        1 => ", 1 person".to_owned(),
        n => format!(", {n} people"),
    };
    let done = cost.done_on.map_or_else(String::new, |day| format!(", done by {day}"));
    let amount = money(&cost.amount.to_string(), &cost.currency);
    format!("{amount}, {} days{people}{done}", cost.days)
}

fn steps(out: &mut impl Write, plan: &Plan, edition: &Edition, width: usize) -> io::Result<()> {
    let (head, faint) = (style::HEAD, style::FAINT);
    let cells = width.saturating_sub(2 + 5 + 26 + 10);
    let (what, dates) = (fit("What to do", cells), fit("begin       due", 26));
    writeln!(out, "\n{head}{:5}  {what}{dates}{:>10}{head:#}", "Step", edition.currency)?;
    for alike in plan.steps.chunk_by(is_alike) {
        let (Some(step), Some(last)) = (alike.first(), alike.last()) else { continue };
        let dates = fit(&format!("{}  {}", step.begin, step.due), 26);
        let amount = grouped(&money_digits(&step.cost.to_string(), &edition.currency));
        let (number, amount) = match alike.len() {
            1 => (step.number.to_string(), amount),
            n => (format!("{}-{}", step.number, last.number), format!("{n} x {amount}")),
        };
        let titles = wrapped(&plain(&step.title), cells.saturating_sub(1));
        for (at, title) in titles.iter().enumerate() {
            let title = fit(title, cells.saturating_sub(1));
            if at == 0 {
                writeln!(out, "{number:>5}  {title} {dates}{amount:>10}")?;
            } else {
                writeln!(out, "       {}", title.trim_end())?;
            }
        }
        for line in wrapped(&why(step), width.saturating_sub(8)) {
            writeln!(out, "        {faint}{line}{faint:#}")?;
        }
    }
    Ok(())
}

/// Whether two steps are told as one: the same effort on the same days, about nothing in
/// particular.
fn is_alike(one: &Step, next: &Step) -> bool {
    let key = |step: &Step| (step.what.clone(), step.begin, step.due, step.reason.clone());
    one.who.is_none() && one.about.is_none() && next.who.is_none() && key(one) == key(next)
}

/// Who does it, what it is about and why.
fn why(step: &Step) -> String {
    let who = step.who.as_deref().map(|who| match &step.who_name {
        Some(name) => format!("{} ({})", plain(name), plain(who)),
        None => plain(who),
    });
    // What a training leads to is in its title.
    let about = step.about.as_deref().filter(|_| who.is_none()).map(|id| match &step.about_name {
        Some(name) => format!("{} ({})", plain(name), plain(id)),
        None => plain(id),
    });
    let parts = [who, about, Some(step.reason.clone())];
    let parts: Vec<String> = parts.into_iter().flatten().filter(|text| !text.is_empty()).collect();
    parts.join(" · ")
}

fn blocking(out: &mut impl Write, plan: &Plan, edition: &Edition, width: usize) -> io::Result<()> {
    let bad = style::BAD;
    match (plan.optimal, plan.blocking.is_empty()) {
        (true, true) => {
            writeln!(out, "  {bad}There is no way.{bad:#} In the way:")?;
            writeln!(out, "  · the time of those who can prepare at once")?;
        }
        (true, false) => writeln!(out, "  {bad}There is no way.{bad:#} In the way:")?,
        (false, _) => {
            let text = "No way was found. It is not proved that there is none: people have to be \
                        fitted in one after the other, or the work did not suffice (--work).";
            for line in wrapped(text, width.saturating_sub(2)) {
                writeln!(out, "  {bad}{line}{bad:#}")?;
            }
        }
    }
    if plan.blocking.len() > 1 && !plan.blocking_is_smallest {
        writeln!(out, "  (there may be fewer in the way)")?;
    }
    for one in &plan.blocking {
        let value = grouped(&one.value.to_string());
        let target = grouped(&one.target.to_string());
        let unit = edition.measure(&one.measure).and_then(|measure| measure.unit.as_deref());
        let unit = unit.map_or_else(String::new, |unit| format!(" {unit}"));
        let of = if one.is_ceiling { ", at most" } else { " of" };
        let text = format!("{}: {value}{of} {target}{unit}; {}", one.title, one.why);
        for (at, line) in wrapped(&text, width.saturating_sub(6)).iter().enumerate() {
            writeln!(out, "  {}{line}", if at == 0 { "✗ " } else { "    " })?;
        }
    }
    Ok(())
}

fn reviews(out: &mut impl Write, plan: &Plan, edition: &Edition) -> io::Result<()> {
    let path = &plan.starting_scorecard.path;
    for (at, review) in plan.reviews.iter().enumerate() {
        let tier = |day: Day| {
            let tier = review.to_tier.as_ref();
            tier.map_or("no tier".to_owned(), |tier| tier_title(edition, path, tier, day))
        };
        let outcome = match (review.outcome, review.grace_until) {
            (ReviewOutcome::Renew, _) => format!("keeps {}", tier(review.on)),
            (ReviewOutcome::Grace, Some(until)) => {
                format!("keeps {} in grace until {until}", tier(review.on))
            }
            (ReviewOutcome::Grace, None) => format!("keeps {} in grace", tier(review.on)),
            (ReviewOutcome::Downgrade, _) => format!("goes down to {}", tier(review.on)),
        };
        let label = if at == 0 { "\nReviews assumed\n" } else { "" };
        writeln!(out, "{label}  {}  {outcome}", review.on)?;
    }
    Ok(())
}

fn result(out: &mut impl Write, plan: &Plan, edition: &Edition, width: usize) -> io::Result<()> {
    if plan.result.is_empty() {
        return Ok(());
    }
    let head = style::HEAD;
    let when = match (plan.goal.kind.as_str(), plan.reviews.last()) {
        ("keep", Some(review)) => format!("Before the review on {}", review.on),
        ("discount", _) => "In the period's window".to_owned(),
        _ => format!("On {}", plan.goal.by),
    };
    writeln!(out, "\n{head}{when}{head:#}")?;
    for row in &plan.result {
        writeln!(out, "  {}", short_row(row, edition, width.saturating_sub(2)))?;
    }
    Ok(())
}

fn short_row(row: &ShortRow, edition: &Edition, width: usize) -> String {
    let (mark, colour) = mark(row.state);
    let title = edition.measure(&row.measure).map_or(row.measure.as_str(), |one| &one.title);
    let of = if row.is_ceiling { "at most" } else { "of" };
    let value = grouped(&row.value.to_string());
    let mut value = format!("{value} {of} {}", grouped(&row.target.to_string()));
    if let Some(least) = row.min_n {
        value.push_str(&format!(" ({} of {least} facts)", row.n));
    }
    let title = fit(title, width.saturating_sub(27.max(value.chars().count() + 3)));
    format!("{title} {colour}{mark}{colour:#} {value}")
}

fn alternatives(out: &mut impl Write, plan: &Plan, width: usize) -> io::Result<()> {
    if plan.alternatives.len() < 2 {
        return Ok(());
    }
    let head = style::HEAD;
    writeln!(out, "\n{head}Other ways{head:#}")?;
    for Alternative { kind, cost, .. } in &plan.alternatives {
        let title = match kind.as_str() {
            "fewest_people" => "fewest people",
            other => other,
        };
        writeln!(
            out,
            "  {}{}",
            fit(title, 16),
            fit(&in_words(cost), width.saturating_sub(18)).trim_end()
        )?;
    }
    Ok(())
}

/// Prints how far a plan has come.
///
/// `titles` are those of opportunities, by their ids.
pub fn print_check(
    out: &mut impl Write,
    check: &PlanCheck,
    edition: &Edition,
    titles: &BTreeMap<String, String>,
) -> io::Result<()> {
    let (width, head, faint) = (width(), style::HEAD, style::FAINT);
    writeln!(out, "{head}Plan of {}{head:#}", plain(&check.partner))?;
    writeln!(out, "{faint}as of {} · rulebook {}{faint:#}\n", check.as_of, check.rulebook)?;
    let path = edition
        .paths
        .iter()
        .find(|path| path.tiers.iter().any(|tier| Some(&tier.id) == check.goal.tier.as_ref()));
    let path = path.map_or("", |path| path.id.as_str());
    writeln!(out, "  Goal      {}", goal(&check.goal, edition, path))?;
    let reaches = if check.still_reaches_goal {
        "what is left leads there still"
    } else {
        "what is left no longer leads there: make a new plan"
    };
    writeln!(out, "  Done      {} of {} steps; {reaches}", check.done, check.steps.len())?;
    if !check.steps.is_empty() {
        writeln!(out, "\n{head}Steps{head:#}")?;
    }
    for step in &check.steps {
        let (sign, colour, state) = match (step.state, step.done_on) {
            (StepState::Done, Some(day)) => ("✓", style::GOOD, format!("done {day}")),
            (StepState::Done, None) => ("✓", style::GOOD, "done".to_owned()),
            (StepState::Open, _) => ("·", style::FAINT, format!("due {}", step.due)),
            (StepState::Late, _) => ("✗", style::BAD, format!("late, {}", step.due)),
            (StepState::Impossible, _) => ("✗", style::BAD, "impossible now".to_owned()),
        };
        let about = step.about.as_ref().map(|about| titles.get(about).unwrap_or(about));
        let who = step.who.as_ref().or(about);
        let who = who.map_or_else(String::new, |who| format!("{}: ", plain(who)));
        let title = fit(&format!("{who}{}", plain(&step.title)), width.saturating_sub(26));
        writeln!(out, "  {:>3} {colour}{sign}{colour:#} {title} {state}", step.number)?;
    }
    let other = || check.changes.iter().filter(|change| change.step.is_none());
    if check.facts_have_changed {
        writeln!(out, "\n{head}Changed since, and by no step{head:#}")?;
    }
    for change in other() {
        writeln!(out, "  {} {}", change.change, plain(&change.fact))?;
    }
    Ok(())
}
