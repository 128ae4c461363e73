//! A discount statement as text.

use std::io::{self, Write};

use guildhall_rules::discount::DiscountStatement;
use guildhall_rules::evaluation::State;
use guildhall_rules::rulebook::WhenLost;

use super::{print_facts, wrapped};
use crate::terminal::{fit, mark, plain, style, width};

/// Prints a statement on its own.
pub fn print(
    out: &mut impl Write,
    name: &str,
    statement: &DiscountStatement,
    explain: bool,
) -> io::Result<()> {
    let (head, faint) = (style::HEAD, style::FAINT);
    writeln!(out, "{head}{}{head:#}", plain(name))?;
    writeln!(
        out,
        "{faint}{} · rulebook {}{faint:#}\n",
        plain(&statement.partner),
        statement.rulebook
    )?;
    print_statement(out, statement, explain, width())
}

/// Prints a statement.
pub fn print_statement(
    out: &mut impl Write,
    statement: &DiscountStatement,
    explain: bool,
    width: usize,
) -> io::Result<()> {
    let (head, faint) = (style::HEAD, style::FAINT);
    let result = format!("{} percent", statement.percent);
    let title = format!("{} {}", statement.title, statement.period);
    writeln!(out, "{head}{}{result}{head:#}", fit(&title, width.saturating_sub(result.len())))?;
    let text = format!(
        "for {} to {}, measured from {} to {}",
        statement.period_days.0,
        statement.period_days.1.plus_days(-1),
        statement.from,
        statement.until.plus_days(-1)
    );
    for line in wrapped(&text, width.saturating_sub(2)) {
        writeln!(out, "  {faint}{line}{faint:#}")?;
    }
    for rule in &statement.eligibility {
        let (mark, colour) = mark(rule.state);
        let state = match rule.state {
            State::Met => "met",
            State::Unknown => "unknown",
            State::NotMet | State::NotRequired => "not met",
        };
        let detail = rule
            .detail
            .as_deref()
            .map_or_else(String::new, |detail| format!(": {}", plain(detail)));
        writeln!(out, "  {colour}{mark}{colour:#} {}{state}{detail}", fit(&rule.rule, 22))?;
    }
    let (title_cells, value_cells) = (24, width.saturating_sub(4 + 24 + 10));
    let line = |title: &str, value: &str, points: &str| {
        let (title, value) = (fit(title, title_cells - 1), fit(value, value_cells));
        format!("{title} {value}{points:>3} points")
    };
    let base = if statement.eligible { "" } else { "for whoever is eligible" };
    writeln!(out, "    {}", line("Base", base, &statement.base_percent.to_string()))?;
    for measure in &statement.measures {
        let (mark, colour) = mark(measure.state);
        let at = if measure.is_ceiling { "at most" } else { "at least" };
        let needed = measure.min_n.map_or_else(String::new, |min_n| format!(" of {min_n} needed"));
        let value = match measure.state {
            State::Unknown => format!("nothing to measure, {at} {} asked", measure.target),
            _ => format!("{}, {at} {} ({}{needed})", measure.value, measure.target, measure.n),
        };
        let earned = measure.points.to_string();
        writeln!(out, "  {colour}{mark}{colour:#} {}", line(&measure.title, &value, &earned))?;
        if explain {
            print_facts(out, &measure.counted, &measure.not_counted, width)?;
        }
    }
    if !statement.eligible {
        writeln!(out, "    {faint}Not eligible: the points are shown, and earn nothing.{faint:#}")?;
    }
    if let Some(day) = statement.lost_on {
        let bad = style::BAD;
        let then = match statement.when_lost {
            WhenLost::EndsWithPeriod => "the discount ends with the period",
            WhenLost::EndsAtOnce => "the discount ended on that day",
        };
        writeln!(out, "  {bad}A condition was lost on {day}: {then}.{bad:#}")?;
    }
    Ok(())
}
