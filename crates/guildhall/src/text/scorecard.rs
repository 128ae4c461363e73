//! A scorecard as text.

use std::io::{self, Write};

use guildhall_rules::evaluation::State;
use guildhall_rules::review::ReviewOutcome;
use guildhall_rules::rulebook::{Column, Edition, MeasureRule};
use guildhall_rules::scorecard::{CellText, Row, Scorecard};

use super::{grouped, print_facts, tier_title, wrapped};
use crate::terminal::{fit, mark, plain, style, width};

/// Prints a scorecard; with `explain`, the facts behind each row too.
pub fn print(
    out: &mut impl Write,
    scorecard: &Scorecard,
    edition: &Edition,
    explain: bool,
) -> io::Result<()> {
    let width = width();
    print_head(out, scorecard, edition, width)?;
    print_review(out, scorecard, edition)?;
    for component in &edition.components {
        let rows: Vec<&Row> =
            scorecard.rows.iter().filter(|row| row.component == component.id).collect();
        if rows.is_empty() {
            continue;
        }
        writeln!(out)?;
        print_component_head(out, &component.title, scorecard, edition, width)?;
        for row in rows {
            print_row(out, row, scorecard, edition, width)?;
            if explain {
                let counted = row.counted.as_deref().unwrap_or_default();
                print_facts(out, counted, row.not_counted.as_deref().unwrap_or_default(), width)?;
            }
        }
    }
    if scorecard.rows.is_empty() {
        writeln!(out, "\nThis edition has no rows for the path `{}`.", plain(&scorecard.path))?;
    }
    if let Some(statement) = &scorecard.support_discount {
        writeln!(out)?;
        super::discount::print_statement(out, statement, explain, width)?;
    }
    print_foot(out, scorecard, edition, explain, width)
}

fn print_head(
    out: &mut impl Write,
    scorecard: &Scorecard,
    edition: &Edition,
    width: usize,
) -> io::Result<()> {
    let (head, faint) = (style::HEAD, style::FAINT);
    let name = plain(&scorecard.name);
    let right = format!("as of {}", scorecard.as_of);
    writeln!(out, "{head}{}{head:#}{right}", fit(&name, width.saturating_sub(right.len())))?;
    let path = edition.paths.iter().find(|path| path.id == scorecard.path);
    let path = path.map_or_else(|| plain(&scorecard.path), |path| path.title.clone());
    let known = scorecard.known_at.map_or_else(String::new, |at| format!(", as known at {at}"));
    let partner = plain(&scorecard.partner);
    let text = format!("{partner} · {path} · rulebook {}{known}", edition.id);
    for line in wrapped(&text, width) {
        writeln!(out, "{faint}{line}{faint:#}")?;
    }
    writeln!(out)?;
    let title = |tier: &str| tier_title(edition, &scorecard.path, tier, scorecard.as_of);
    let held = match &scorecard.tier {
        Some(tier) => title(tier),
        None if scorecard.tier_is_unknown => "unknown: the facts do not say".to_owned(),
        None => "none".to_owned(),
    };
    writeln!(out, "  {}{head}{held}{head:#}", fit("Tier", 10))?;
    let attained = scorecard.attained.as_deref().map_or("none".to_owned(), title);
    writeln!(out, "  {}{attained}", fit("Attained", 10))?;
    for (column, label) in [(Column::Renewal, "Renewal"), (Column::Upgrade, "Upgrade")] {
        let column_head = scorecard.head(column);
        let Some(tier) = &column_head.tier else { continue };
        let asked = scorecard.rows.iter().filter(|row| row.cell(column).target.is_some());
        let (mut count, mut met) = (0, 0);
        for row in asked {
            count += 1;
            met += usize::from(row.cell(column).state == State::Met);
        }
        let is_met = column_head.met == Some(true);
        let (mark, colour) = mark(if is_met { State::Met } else { State::NotMet });
        let what = match count {
            0 => "asks nothing".to_owned(),
            _ => format!("{met} of {count} requirements met"),
        };
        writeln!(out, "  {}{colour}{mark}{colour:#} {}: {what}", fit(label, 10), title(tier))?;
    }
    Ok(())
}

fn print_review(out: &mut impl Write, scorecard: &Scorecard, edition: &Edition) -> io::Result<()> {
    let review = &scorecard.review;
    let title = |tier: &Option<String>| match tier {
        Some(tier) => tier_title(edition, &scorecard.path, tier, scorecard.as_of),
        None => "no tier".to_owned(),
    };
    let label = fit("Review", 10);
    let Some(due) = review.due_on else {
        return writeln!(out, "  {label}none on record, so none is due");
    };
    let days = scorecard.as_of.days_until(due);
    let when = match days {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        days if days > 0 => format!("in {days} days"),
        -1 => "1 day ago".to_owned(),
        days => format!("{} days ago", days.unsigned_abs()),
    };
    let (good, bad, unsure) = (style::GOOD, style::BAD, style::UNSURE);
    match review.outcome {
        None => writeln!(out, "  {label}due {due}, {when}"),
        Some(ReviewOutcome::Renew) => {
            let to = title(&review.to_tier);
            writeln!(out, "  {label}due {due}, {when}: {good}would renew {to}{good:#}")
        }
        Some(ReviewOutcome::Grace) => {
            let to = title(&review.to_tier);
            let until = review.grace_until.map_or_else(String::new, |until| until.to_string());
            let then = title(&review.after_grace);
            writeln!(out, "  {label}due {due}, {when}: {unsure}would keep {to} in grace")?;
            writeln!(out, "  {}until {until}, then {then}{unsure:#}", fit("", 10))
        }
        Some(ReviewOutcome::Downgrade) => {
            let to = title(&review.to_tier);
            writeln!(out, "  {label}due {due}, {when}: {bad}would go down to {to}{bad:#}")
        }
    }
}

/// Widths of the title and of each of the two cells.
fn layout(width: usize) -> (usize, usize) {
    let cell = 22;
    (width.saturating_sub(2 + 2 * cell), cell)
}

fn print_component_head(
    out: &mut impl Write,
    title: &str,
    scorecard: &Scorecard,
    edition: &Edition,
    width: usize,
) -> io::Result<()> {
    let (wide, cell) = layout(width);
    let head = style::HEAD;
    let name = |column: Column| match &scorecard.head(column).tier {
        Some(tier) => {
            let tier = tier_title(edition, &scorecard.path, tier, scorecard.as_of);
            fit(&format!("{} ({tier})", column.word()), cell)
        }
        None => fit(column.word(), cell),
    };
    let line =
        format!("{}{}{}", fit(title, wide + 2), name(Column::Renewal), name(Column::Upgrade));
    writeln!(out, "{head}{}{head:#}", line.trim_end())
}

fn print_row(
    out: &mut impl Write,
    row: &Row,
    _scorecard: &Scorecard,
    edition: &Edition,
    width: usize,
) -> io::Result<()> {
    let (wide, cell) = layout(width);
    // A title that is too long goes on below, so that no two rows ever look alike.
    let title = wrapped(&plain(&row.title), wide.saturating_sub(2));
    let mut title = title.iter();
    write!(out, "  {}", fit(title.next().map_or("", String::as_str), wide))?;
    let is_yes_no = edition.measures.iter().any(|measure| {
        measure.id == row.measure
            && matches!(measure.rule, MeasureRule::Document { .. } | MeasureRule::Decision { .. })
    });
    for column in Column::BOTH {
        let found = row.cell(column);
        let (mark, colour) = mark(found.state);
        let text = fit(&cell_text(found, is_yes_no), cell - 2);
        let text = if column == Column::Upgrade { text.trim_end().to_owned() } else { text };
        write!(out, "{colour}{mark}{colour:#} {text}")?;
    }
    writeln!(out)?;
    for line in title {
        writeln!(out, "    {line}")?;
    }
    print_windows(out, row, width)
}

/// A value against its target: `5 of 6`.
fn cell_text(cell: &CellText, is_yes_no: bool) -> String {
    let value = grouped(&cell.value.to_string());
    match &cell.target {
        _ if cell.state == State::Unknown => "unknown".to_owned(),
        Some(_) if is_yes_no => if value == "0" { "no, asked" } else { "yes" }.to_owned(),
        None if is_yes_no => if value == "0" { "no" } else { "yes" }.to_owned(),
        Some(target) if cell.is_ceiling => format!("{value} of at most {target}"),
        Some(target) => format!("{value} of {}", grouped(&target.to_string())),
        None => value,
    }
}

/// The windows of a row in words, where it looks at more than the day.
fn print_windows(out: &mut impl Write, row: &Row, width: usize) -> io::Result<()> {
    let words = |cell: &CellText| match (cell.from, cell.until) {
        (Some(from), Some(until)) => Some(format!("from {from} to {}", until.plus_days(-1))),
        (None, Some(_)) => Some("no review on record".to_owned()),
        _ => None,
    };
    let (renewal, upgrade) = (words(&row.renewal), words(&row.upgrade));
    let faint = style::FAINT;
    let text = match (renewal, upgrade) {
        (None, None) => return Ok(()),
        (Some(a), Some(b)) if a == b => format!("counted {a}"),
        (a, b) => {
            let day = || "as of the day".to_owned();
            let (a, b) = (a.unwrap_or_else(day), b.unwrap_or_else(day));
            format!("renewal {a}; upgrade {b}")
        }
    };
    for line in wrapped(&text, width.saturating_sub(4)) {
        writeln!(out, "    {faint}{line}{faint:#}")?;
    }
    Ok(())
}

fn print_foot(
    out: &mut impl Write,
    scorecard: &Scorecard,
    edition: &Edition,
    explain: bool,
    width: usize,
) -> io::Result<()> {
    let faint = style::FAINT;
    writeln!(out)?;
    writeln!(out, "{faint}✓ met   ✗ not met   ? unknown   · not required{faint:#}")?;
    let is_shown = |at: usize| {
        let id = edition.measures.get(at).map(|measure| &measure.id);
        scorecard.rows.iter().any(|row| Some(&row.measure) == id)
    };
    let mut assumed: Vec<String> = edition
        .paths
        .iter()
        .filter(|path| path.id == scorecard.path)
        .flat_map(|path| &path.tiers)
        .filter(|tier| {
            [&scorecard.renewal.tier, &scorecard.upgrade.tier]
                .iter()
                .any(|shown| shown.as_ref() == Some(&tier.id))
        })
        .flat_map(|tier| tier.requires.iter().map(move |asked| (tier, asked)))
        .filter(|(_, asked)| asked.grounds.assumed.is_some() && is_shown(asked.measure))
        .filter_map(|(tier, asked)| {
            let measure = edition.measures.get(asked.measure)?;
            Some(format!("{} of {}", measure.title, tier.title))
        })
        .collect();
    if scorecard.review.grace_until.is_some() && edition.review.grounds.assumed.is_some() {
        assumed.push("the grace at a review".to_owned());
    }
    if scorecard.support_discount.is_some() {
        for scheme in &edition.discounts {
            let numbers = scheme.measures.iter().filter(|asked| asked.grounds.assumed.is_some());
            let titles = numbers.filter_map(|asked| edition.measures.get(asked.measure));
            assumed.extend(titles.map(|measure| format!("numbers of {}", measure.title)));
        }
    }
    if !assumed.is_empty() {
        let text = format!("Assumed, not published: {}.", assumed.join("; "));
        for line in wrapped(&text, width) {
            writeln!(out, "{faint}{line}{faint:#}")?;
        }
    }
    if !explain && !scorecard.rows.is_empty() {
        let text = "--explain lists the facts that counted and those that did not";
        writeln!(out, "{faint}{}{faint:#}", fit(text, width).trim_end())?;
    }
    Ok(())
}
