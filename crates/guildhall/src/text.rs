//! Answers as text for a terminal: read at 80 columns, and without colour.

pub mod changes;
pub mod diff;
pub mod discount;
pub mod forecast;
pub mod forecast_network;
pub mod impact;
pub mod imported;
pub mod network;
pub mod plan;
pub mod scorecard;
pub mod sweep;
pub mod verified;

use std::io::{self, Write};

use guildhall_rules::evidence::{Counted, NotCounted};
use guildhall_rules::reason::Reason;
use guildhall_rules::rulebook::Column;
pub use guildhall_rules::words::{grouped, tier_title, wrapped};

use crate::terminal::{plain, style};

/// The columns of a fact, where they are not both.
fn columns_word(columns: &[Column]) -> &'static str {
    match columns {
        [Column::Renewal] => " (renewal)",
        [Column::Upgrade] => " (upgrade)",
        _ => "",
    }
}

/// Lists the facts behind a number: those that counted, then the others by reason.
pub fn print_facts(
    out: &mut impl Write,
    counted: &[Counted],
    not_counted: &[NotCounted],
    width: usize,
) -> io::Result<()> {
    let (good, bad) = (style::GOOD, style::BAD);
    if !counted.is_empty() {
        writeln!(out, "    {good}counted{good:#}")?;
        let facts = counted.iter().map(|fact| {
            let detail = fact
                .detail
                .as_deref()
                .map_or(String::new(), |detail| format!(" {}", plain(detail)));
            format!(
                "{}{}{}{detail}",
                plain(&fact.fact),
                subject(&fact.fact, &fact.subject),
                columns_word(&fact.columns)
            )
        });
        wrap(out, facts, "      ", width)?;
    }
    for reason in Reason::ALL {
        let mut facts = not_counted.iter().filter(|fact| fact.reason == reason).peekable();
        if facts.peek().is_none() {
            continue;
        }
        writeln!(out, "    {bad}not counted: {}{bad:#}", reason.title())?;
        for fact in facts {
            let detail = fact.detail.as_deref().map_or(String::new(), |text| format!(": {text}"));
            let text = format!(
                "{}{}{}{}",
                plain(&fact.fact),
                subject(&fact.fact, &fact.subject),
                columns_word(&fact.columns),
                plain(&detail)
            );
            for (at, line) in wrapped(&text, width.saturating_sub(8)).iter().enumerate() {
                writeln!(out, "{}{line}", if at == 0 { "      " } else { "        " })?;
            }
        }
    }
    Ok(())
}

fn subject(fact: &str, subject: &str) -> String {
    if fact == subject { String::new() } else { format!(" {}", plain(subject)) }
}

/// Prints items one after the other, with commas, on as few lines as they need.
fn wrap(
    out: &mut impl Write,
    items: impl Iterator<Item = String>,
    indent: &str,
    width: usize,
) -> io::Result<()> {
    use unicode_width::UnicodeWidthStr;
    let mut line = String::new();
    for item in items {
        // A comma and a blank before the item, and maybe a comma behind it.
        if !line.is_empty() && indent.len() + line.width() + item.width() + 3 > width {
            writeln!(out, "{indent}{line},")?;
            line.clear();
        } else if !line.is_empty() {
            line.push_str(", ");
        }
        line.push_str(&item);
    }
    if line.is_empty() { Ok(()) } else { writeln!(out, "{indent}{line}") }
}
