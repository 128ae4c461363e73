//! What moved between two scorecards, as text.

use std::io::{self, Write};

use guildhall_rules::changes::{Cause, CellChange, CellValue, Changes};
use guildhall_rules::day::Day;
use guildhall_rules::evaluation::State;

use super::grouped;
use crate::terminal::{fit, mark, plain, style, width};

/// Prints what moved.
pub fn print(out: &mut impl Write, name: &str, changes: &Changes) -> io::Result<()> {
    let (head, faint) = (style::HEAD, style::FAINT);
    writeln!(out, "{head}{}{head:#}", plain(name))?;
    for (label, side) in [("from", &changes.from), ("to", &changes.to)] {
        let known =
            side.known_at.map_or_else(String::new, |moment| format!(", as known at {moment}"));
        let text = format!("as of {}{known}, rulebook {}", side.as_of, side.rulebook);
        writeln!(out, "{faint}{}{text}{faint:#}", fit(label, 6))?;
    }
    if changes.is_empty() {
        return writeln!(out, "\nNothing moved.");
    }
    if !changes.head.is_empty() {
        writeln!(out)?;
    }
    for change in &changes.head {
        let text =
            |value: &Option<String>| value.as_deref().map_or_else(|| "none".to_owned(), plain);
        let what = change.what.replace(['.', '_'], " ");
        writeln!(out, "  {}{} → {}", fit(&what, 26), text(&change.before), text(&change.after))?;
    }
    let mut last = "";
    for change in &changes.cells {
        if change.measure != last {
            writeln!(out, "\n{head}{}{head:#}", plain(&change.title))?;
            last = &change.measure;
        }
        print_cell(out, change)?;
    }
    Ok(())
}

fn print_cell(out: &mut impl Write, change: &CellChange) -> io::Result<()> {
    let colour = match (&change.before, &change.after) {
        (_, Some(after)) if after.state == State::Met => style::GOOD,
        (_, Some(after)) if after.state.is_in_the_way() => style::BAD,
        _ => style::FAINT,
    };
    writeln!(
        out,
        "  {}{} → {colour}{}{colour:#}",
        fit(change.column.word(), 10),
        cell_text(change.before.as_ref()),
        cell_text(change.after.as_ref())
    )?;
    for cause in &change.because {
        let text = cause_text(cause);
        writeln!(out, "    {}", fit(&text, width().saturating_sub(4)).trim_end())?;
    }
    Ok(())
}

fn cell_text(cell: Option<&CellValue>) -> String {
    let Some(cell) = cell else { return "no such row".to_owned() };
    let (mark, _) = mark(cell.state);
    let value = grouped(&cell.value.to_string());
    match &cell.target {
        Some(target) => format!("{mark} {value} of {}", grouped(&target.to_string())),
        None => format!("{mark} {value}"),
    }
}

fn cause_text(cause: &Cause) -> String {
    let name = |fact: &str, subject: &str| {
        if fact == subject { plain(fact) } else { format!("{} {}", plain(fact), plain(subject)) }
    };
    match cause {
        Cause::FactGained { fact, subject, reason_before, .. } => {
            let before = reason_before
                .map_or_else(|| "new".to_owned(), |reason| format!("was: {}", reason.title()));
            format!("+ {} ({before})", name(fact, subject))
        }
        Cause::FactLost { fact, subject, reason, detail, .. } => {
            let why = match (detail, reason) {
                (Some(detail), _) => plain(detail),
                (None, Some(reason)) => reason.title().to_owned(),
                (None, None) => "not known any more".to_owned(),
            };
            format!("− {} ({why})", name(fact, subject))
        }
        Cause::Path { before, after } => {
            format!("the partner is on the path {}, was on {}", plain(after), plain(before))
        }
        Cause::Window { before, after } => {
            let text = |day: &Option<Day>| {
                day.map_or_else(|| "without a beginning".to_owned(), |day| day.to_string())
            };
            format!("the window is from {}, was from {}", text(after), text(before))
        }
        Cause::Tier { before, after } => {
            let text = |tier: &Option<String>| tier.clone().unwrap_or_else(|| "no tier".to_owned());
            format!("the column is about {}, was {}", text(after), text(before))
        }
        Cause::Rule { before, after } => format!("the rule changed from {before} to {after}"),
        Cause::SomeFactCorrected => "a fact that counts was corrected".to_owned(),
        Cause::FactCorrected { fact, subject, before, after, .. } => {
            let text =
                |value: &Option<String>| value.as_deref().map_or("nothing".to_owned(), plain);
            format!("~ {} ({}, was {})", name(fact, subject), text(after), text(before))
        }
    }
}
