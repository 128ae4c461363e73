//! A discount statement as text.

use std::io::{self, Write};

use guildhall_rules::discount::DiscountStatement;
use guildhall_rules::evaluation::State;
use guildhall_rules::rulebook::WhenLost;

use super::print_facts;
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
    writeln!(
        out,
        "  {faint}for {} to {}, measured from {} to {}{faint:#}",
        statement.period_days.0,
        statement.period_days.1.plus_days(-1),
        statement.from,
        statement.until.plus_days(-1)
    )?;
    for rule in &statement.eligibility {
        let (mark, colour) = mark(rule.state);
        let state = match rule.state {
            State::Met => "",
            State::Unknown => "unknown",
            State::NotMet | State::NotRequired => "not met",
        };
        let detail = rule.detail.as_deref().map_or_else(String::new, plain);
        let both = [state, &detail].iter().filter(|text| !text.is_empty()).count() == 2;
        let between = if both { ": " } else { "" };
        writeln!(
            out,
            "  {colour}{mark}{colour:#} {}{state}{between}{detail}",
            fit(&rule.rule, 30)
        )?;
    }
    let wide = width.saturating_sub(44).max(16);
    let points = |points: &str| format!("{points:>4} points");
    let base = statement.base_percent.to_string();
    let is_eligible = statement.eligible;
    let note = if is_eligible { "" } else { "  only for whoever is eligible" };
    writeln!(out, "    {}{}{note}", fit("Base", wide + 26), points(&base))?;
    for measure in &statement.measures {
        let (mark, colour) = mark(measure.state);
        let at = if measure.is_ceiling { "at most" } else { "at least" };
        let value = match measure.state {
            State::Unknown => "nothing to measure".to_owned(),
            _ => format!("{}, {at} {}", measure.value, measure.target),
        };
        let line = fit(&format!("{} {value}", fit(&measure.title, wide - 1)), wide + 26);
        let earned = points(&measure.points.to_string());
        writeln!(out, "  {colour}{mark}{colour:#} {line}{earned}")?;
        let of = match measure.min_n {
            Some(min_n) => format!("{} measured, at least {min_n} needed", measure.n),
            None => format!("{} measured", measure.n),
        };
        writeln!(out, "    {faint}{of}{faint:#}")?;
        if explain {
            print_facts(out, &measure.counted, &measure.not_counted, width)?;
        }
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
