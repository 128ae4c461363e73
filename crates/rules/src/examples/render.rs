//! What comes out of a worked example, in words that stay put.

use std::fmt::Write as _;

use crate::decimal::Decimal;
use crate::discount::DiscountStatement;
use crate::evaluation::State;
use crate::evidence::{Counted, NotCounted};
use crate::number::Number;
use crate::reason::Reason;
use crate::rulebook::Column;
use crate::scorecard::{CellText, Row, Scorecard};

/// A scorecard: its head, and the rows asked for (none: all).
pub(super) fn scorecard(
    scorecard: &Scorecard,
    rows: Option<&str>,
    lists_facts: bool,
) -> Result<String, Vec<String>> {
    let mut out = String::new();
    let tier = |tier: &Option<String>| tier.clone().unwrap_or_else(|| "none".to_owned());
    let held = if scorecard.tier_is_unknown { "unknown".to_owned() } else { tier(&scorecard.tier) };
    // Writing to a string does not fail, here and below.
    let _ = writeln!(out, "tier {held}, attained {}", tier(&scorecard.attained));
    let head = |column: Column| {
        let head = scorecard.head(column);
        let met = match head.met {
            None => "",
            Some(true) => " met",
            Some(false) => " not met",
        };
        format!("{} {}{met}", column.word(), tier(&head.tier))
    };
    let _ = writeln!(out, "{}, {}", head(Column::Renewal), head(Column::Upgrade));
    let review = &scorecard.review;
    let _ = match (review.last_on, review.due_on) {
        (Some(last), Some(due)) => write!(out, "review last {last}, due {due}"),
        _ => write!(out, "review none on record"),
    };
    if let Some(outcome) = review.outcome {
        let _ = write!(out, ": {} to {}", outcome.word(), tier(&review.to_tier));
    }
    if let Some(until) = review.grace_until {
        let _ = write!(out, " until {until}, then {}", tier(&review.after_grace));
    }
    out.push('\n');
    let wanted: Option<Vec<&str>> = rows.map(|rows| rows.split(',').collect());
    if let Some(wanted) = &wanted {
        let is_row = |id: &&str| scorecard.rows.iter().any(|row| row.measure == **id);
        let unknown: Vec<String> = wanted
            .iter()
            .filter(|id| **id != "none" && !is_row(id))
            .map(|id| format!("the scorecard has no row `{id}`"))
            .collect();
        if !unknown.is_empty() {
            return Err(unknown);
        }
    }
    for row in &scorecard.rows {
        if wanted.as_ref().is_none_or(|wanted| wanted.contains(&row.measure.as_str())) {
            render_row(&mut out, row, lists_facts);
        }
    }
    Ok(out)
}

fn render_row(out: &mut String, row: &Row, lists_facts: bool) {
    let _ = writeln!(out, "{}", row.measure);
    let [renewal, upgrade] = Column::BOTH.map(|column| {
        let cell = row.cell(column);
        format!("{} {}", column.word(), cell_words(cell))
    });
    let _ = writeln!(out, "  {renewal}\n  {upgrade}");
    if lists_facts {
        let counted = row.counted.as_deref().unwrap_or_default();
        render_facts(out, counted, row.not_counted.as_deref().unwrap_or_default());
    }
}

fn cell_words(cell: &CellText) -> String {
    let window = match (cell.from, cell.until) {
        (Some(from), Some(until)) => format!(" ({from} to {})", until.plus_days(-1)),
        (None, Some(_)) => " (no review on record)".to_owned(),
        _ => String::new(),
    };
    let value = value_words(&cell.value, cell.target, cell.is_ceiling);
    format!("{value} {}{window}", state_words(cell.state))
}

fn value_words(value: &Number, target: Option<Decimal>, is_ceiling: bool) -> String {
    match target {
        None => value.to_string(),
        Some(target) if is_ceiling => format!("{value} of at most {target}"),
        Some(target) => format!("{value} of {target}"),
    }
}

fn state_words(state: State) -> &'static str {
    match state {
        State::Met => "met",
        State::NotMet => "not met",
        State::Unknown => "unknown",
        State::NotRequired => "not required",
    }
}

fn columns_words(columns: &[Column]) -> &'static str {
    match columns {
        [Column::Renewal] => "in renewal ",
        [Column::Upgrade] => "in upgrade ",
        _ => "",
    }
}

/// Facts that counted on one line for each set of columns; the others on one line for each
/// reason and set of columns.
fn render_facts(out: &mut String, counted: &[Counted], not_counted: &[NotCounted]) {
    let sets =
        [&[Column::Renewal, Column::Upgrade][..], &[Column::Renewal], &[Column::Upgrade], &[]];
    let name = |fact: &str, subject: &str, detail: Option<&str>| {
        let about = if fact == subject { String::new() } else { format!(" of {subject}") };
        let detail = detail.map_or_else(String::new, |detail| format!(" ({detail})"));
        format!("{fact}{about}{detail}")
    };
    for set in sets {
        let facts: Vec<String> = counted
            .iter()
            .filter(|fact| fact.columns == set)
            .map(|fact| name(&fact.fact, &fact.subject, fact.detail.as_deref()))
            .collect();
        if !facts.is_empty() {
            let _ = writeln!(out, "  counted {}{}", columns_words(set), facts.join(", "));
        }
    }
    for reason in Reason::ALL {
        for set in sets {
            let facts: Vec<String> = not_counted
                .iter()
                .filter(|fact| fact.reason == reason && fact.columns == set)
                .map(|fact| name(&fact.fact, &fact.subject, fact.detail.as_deref()))
                .collect();
            if !facts.is_empty() {
                let columns = columns_words(set);
                let _ =
                    writeln!(out, "  not counted {columns}{}: {}", reason.word(), facts.join(", "));
            }
        }
    }
}

/// A discount statement.
pub(super) fn discount(statement: &DiscountStatement, lists_facts: bool) -> String {
    let mut out = String::new();
    let eligible = if statement.eligible { "eligible" } else { "not eligible" };
    let _ = writeln!(
        out,
        "{} percent for {}, {eligible}, measured {} to {}",
        statement.percent,
        statement.period,
        statement.from,
        statement.until.plus_days(-1)
    );
    for rule in &statement.eligibility {
        let detail = rule.detail.as_ref().map_or_else(String::new, |detail| format!(": {detail}"));
        let _ = writeln!(out, "rule {} {}{detail}", rule.rule, state_words(rule.state));
    }
    let _ = writeln!(out, "base {}", statement.base_percent);
    for measure in &statement.measures {
        let value = value_words(&measure.value, Some(measure.target), measure.is_ceiling);
        let needed = measure.min_n.map_or_else(String::new, |min_n| format!(", {min_n} needed"));
        let _ = writeln!(
            out,
            "{} {value} {}, {} measured{needed}: {} points",
            measure.measure,
            state_words(measure.state),
            measure.n,
            measure.points
        );
        if lists_facts {
            render_facts(&mut out, &measure.counted, &measure.not_counted);
        }
    }
    out
}
