//! What changed between two editions, as text.

use std::io::{self, Write};

use guildhall_rules::rulebook::{Change, Diff, Edition};

use crate::terminal::{style, width};

/// Prints what changed, under headings.
pub fn print(out: &mut impl Write, old: &Edition, new: &Edition, diff: &Diff) -> io::Result<()> {
    let (head, faint) = (style::HEAD, style::FAINT);
    for (label, edition) in [("from", old), ("to  ", new)] {
        let Edition { id, title, in_force_from, .. } = edition;
        writeln!(out, "{faint}{label}{faint:#} {head}{id}{head:#}, in force from {in_force_from}")?;
        writeln!(out, "     {faint}{title}{faint:#}")?;
    }
    if diff.changes.is_empty() {
        return writeln!(out, "\nNothing changed.");
    }
    let mut last = None;
    let is_citation = |change: &Change| change.key.as_deref() == Some("sources");
    for change in diff.changes.iter().filter(|change| !is_citation(change)) {
        if last != Some(change.area) {
            writeln!(out, "\n{head}{}{head:#}", change.area.title())?;
            last = Some(change.area);
        }
        for (at, line) in super::wrapped(&change.sentence, width() - 4).iter().enumerate() {
            let indent = if at == 0 { "  " } else { "    " };
            writeln!(out, "{indent}{line}")?;
        }
    }
    let citations = diff.changes.iter().filter(|change| is_citation(change)).count();
    if citations > 0 {
        let noun = if citations == 1 { "statement rests" } else { "statements rest" };
        writeln!(out, "\n{faint}{citations} {noun} on other sources; --json names them{faint:#}")?;
    }
    Ok(())
}
