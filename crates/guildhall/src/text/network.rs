//! All partners as text, one line each.

use std::io::{self, Write};

use guildhall_rules::day::Day;
use guildhall_rules::review::ReviewOutcome;
use guildhall_rules::rulebook::{Column, Edition};
use guildhall_rules::scorecard::Scorecard;

use super::tier_title;
use crate::terminal::{fit, plain, style, width};

/// Prints a line for each scorecard as it comes.
pub fn print(
    out: &mut impl Write,
    edition: &Edition,
    as_of: Day,
    scorecards: impl Iterator<Item = Scorecard>,
) -> io::Result<()> {
    let (head, faint) = (style::HEAD, style::FAINT);
    let wide = width().saturating_sub(58).max(20);
    writeln!(out, "{faint}{}, as of {as_of}{faint:#}", edition.title)?;
    writeln!(
        out,
        "{head}{}{}{}{}{}Review{head:#}",
        fit("Partner", wide),
        fit("Tier", 15),
        fit("Renewal", 9),
        fit("Upgrade", 9),
        fit("Attained", 12),
    )?;
    let mut count = 0_u64;
    for scorecard in scorecards {
        count += 1;
        let title = |tier: &Option<String>| {
            tier.as_ref().map(|tier| tier_title(edition, &scorecard.path, tier, as_of))
        };
        let tier = match title(&scorecard.tier) {
            Some(tier) => tier,
            None if scorecard.tier_is_unknown => "unknown".to_owned(),
            None => "none".to_owned(),
        };
        write!(out, "{} {}", fit(&plain(&scorecard.partner), wide - 1), fit(&tier, 15))?;
        for column in Column::BOTH {
            let (text, colour) = column_text(&scorecard, column);
            write!(out, "{colour}{}{colour:#}", fit(&text, 9))?;
        }
        let attained = title(&scorecard.attained).unwrap_or_else(|| "none".to_owned());
        let (review, colour) = review_text(&scorecard);
        writeln!(out, "{} {colour}{review}{colour:#}", fit(&attained, 11))?;
    }
    let noun = if count == 1 { "partner" } else { "partners" };
    writeln!(
        out,
        "{faint}{count} {noun}; requirements met of those asked; review due, and whether it"
    )?;
    writeln!(out, "would renew (✓), be kept in grace (~) or go down (✗){faint:#}")
}

/// `✗ 5/9`: requirements met of those asked.
fn column_text(scorecard: &Scorecard, column: Column) -> (String, anstyle::Style) {
    let head = scorecard.head(column);
    let Some(is_met) = head.met else { return ("–".to_owned(), style::FAINT) };
    let asked = scorecard.rows.iter().filter(|row| row.cell(column).target.is_some());
    let (count, met) = asked.fold((0, 0), |(count, met), row| {
        (count + 1, met + u32::from(!row.cell(column).state.is_in_the_way()))
    });
    match is_met {
        true => (format!("✓ {met}/{count}"), style::GOOD),
        false => (format!("✗ {met}/{count}"), style::BAD),
    }
}

fn review_text(scorecard: &Scorecard) -> (String, anstyle::Style) {
    let review = &scorecard.review;
    let Some(due) = review.due_on else { return ("–".to_owned(), style::FAINT) };
    match review.outcome {
        None => (due.to_string(), style::FAINT),
        Some(ReviewOutcome::Renew) => (format!("{due} ✓"), style::GOOD),
        Some(ReviewOutcome::Grace) => (format!("{due} ~"), style::UNSURE),
        Some(ReviewOutcome::Downgrade) => (format!("{due} ✗"), style::BAD),
    }
}
