//! A forecast as text: day by day, and as months with their days marked.

use std::io::{self, Write};

use guildhall_rules::changes::{CellChange, CellValue};
use guildhall_rules::day::Day;
use guildhall_rules::evaluation::State;
use guildhall_rules::forecast::{Event, Forecast, ForecastDay, HeldReview, Mark, Month, months};
use guildhall_rules::review::ReviewOutcome;
use guildhall_rules::rulebook::Edition;

use super::{grouped, tier_title, wrapped};
use crate::terminal::{fit, mark, plain, style, width};

/// Columns left of what happens on a day.
const INDENT: usize = 13;

/// Prints what happens day by day.
pub fn print(out: &mut impl Write, edition: &Edition, forecast: &Forecast) -> io::Result<()> {
    print_head(out, edition, forecast)?;
    if forecast.days.is_empty() {
        return writeln!(out, "\nNothing lapses.");
    }
    for day in &forecast.days {
        writeln!(out)?;
        print_day(out, edition, forecast, day)?;
    }
    print_end(out, edition, forecast)
}

fn print_head(out: &mut impl Write, edition: &Edition, forecast: &Forecast) -> io::Result<()> {
    let (head, faint) = (style::HEAD, style::FAINT);
    let days = format!("{} to {}", forecast.as_of, forecast.until);
    let left = width().saturating_sub(days.len());
    writeln!(out, "{head}{}{head:#}{days}", fit(&plain(&forecast.name), left))?;
    let path = edition.paths.iter().find(|path| path.id == forecast.begin.path);
    let path = path.map_or_else(|| plain(&forecast.begin.path), |path| path.title.clone());
    let id = plain(&forecast.partner);
    writeln!(out, "{faint}{id} · {path} · rulebook {}{faint:#}", forecast.rulebook)?;
    let reviews = if forecast.holds_reviews {
        "Reviews are held on their due days; nothing else is won or lost but what is on record."
    } else {
        "No review is held; nothing is won or lost but what is on record."
    };
    for line in wrapped(reviews, width()) {
        writeln!(out, "{faint}{line}{faint:#}")?;
    }
    for supposed in &forecast.suppositions {
        writeln!(out, "{}if{:#} {}", style::UNSURE, style::UNSURE, plain(supposed))?;
    }
    Ok(())
}

fn print_day(
    out: &mut impl Write,
    edition: &Edition,
    forecast: &Forecast,
    day: &ForecastDay,
) -> io::Result<()> {
    let head = if day.is_grave() { style::HEAD } else { style::FAINT };
    let mut lines = Lines { out, first: Some((day.on, head)) };
    let title = |tier: Option<&String>| match tier {
        Some(tier) => tier_title(edition, &forecast.begin.path, tier, day.on),
        None => "no tier".to_owned(),
    };
    for review in &day.reviews {
        let (text, colour) = review_text(review, &title);
        lines.line(&text, colour)?;
    }
    if let Some(period) = &day.period {
        lines.line(&format!("discount period {period} begins"), style::FAINT)?;
    }
    for change in day.heads() {
        let Some((text, colour)) =
            head_text(change.what, change.before.as_ref(), change.after.as_ref(), &title)
        else {
            continue;
        };
        lines.line(&text, colour)?;
    }
    for event in day.lapses.iter().filter(|event| !event.is_reset) {
        lines.line(&event_text(event, "−"), style::FAINT)?;
    }
    let reset = day.lapses.iter().filter(|event| event.is_reset).count();
    if reset > 0 {
        let noun = if reset == 1 { "fact is" } else { "facts are" };
        lines.line(&format!("− windows begin anew: {reset} {noun} left behind"), style::FAINT)?;
    }
    for event in &day.begins {
        lines.line(&event_text(event, "+"), style::FAINT)?;
    }
    let mut last = "";
    for change in &day.cells {
        if change.measure != last {
            lines.line(&plain(&change.title), style::HEAD)?;
            last = &change.measure;
        }
        let (text, colour) = cell_text(change);
        lines.line(&format!("  {text}"), colour)?;
    }
    Ok(())
}

/// Lines beside a day, which stands before the first of them.
struct Lines<'o, W> {
    out: &'o mut W,
    first: Option<(Day, anstyle::Style)>,
}

impl<W: Write> Lines<'_, W> {
    fn line(&mut self, text: &str, colour: anstyle::Style) -> io::Result<()> {
        let blanks = text.len() - text.trim_start().len();
        for (at, part) in wrapped(text, width().saturating_sub(INDENT + 2)).iter().enumerate() {
            match self.first.take() {
                Some((day, head)) => write!(self.out, "{head}{day}{head:#}   ")?,
                None => write!(self.out, "{}", " ".repeat(INDENT))?,
            }
            let more = if at > 0 { 2 } else { 0 };
            writeln!(self.out, "{}{colour}{part}{colour:#}", " ".repeat(blanks + more))?;
        }
        Ok(())
    }
}

fn review_text(
    review: &HeldReview,
    title: &impl Fn(Option<&String>) -> String,
) -> (String, anstyle::Style) {
    let step = match (review.is_after_grace, review.on > review.due_on) {
        (true, _) => "grace is over".to_owned(),
        (false, true) => format!("review, overdue since {}", review.due_on),
        (false, false) => "review".to_owned(),
    };
    match (review.outcome, review.grace_until) {
        (ReviewOutcome::Grace, Some(until)) => (
            format!("{step}: {} in grace until {until}", title(review.to_tier.as_ref())),
            style::UNSURE,
        ),
        (ReviewOutcome::Downgrade, _) => {
            let (from, to) = (title(review.from_tier.as_ref()), title(review.to_tier.as_ref()));
            (format!("{step}: down from {from} to {to}"), style::BAD)
        }
        _ => (format!("{step}: {} is kept", title(review.to_tier.as_ref())), style::GOOD),
    }
}

/// What moved in the head; nothing where the line of the review tells it.
fn head_text(
    what: &str,
    before: Option<&String>,
    after: Option<&String>,
    title: &impl Fn(Option<&String>) -> String,
) -> Option<(String, anstyle::Style)> {
    let is_met = after.map(String::as_str) == Some("true");
    let column = |name: &str| match after.map(String::as_str) {
        Some("true") => format!("the {name} column is met"),
        Some(_) if before.is_none() => format!("the {name} column asks for something not met"),
        Some(_) => format!("the {name} column is not met any more"),
        None => format!("the {name} column has no tier any more"),
    };
    let of_state = if is_met { style::GOOD } else { style::BAD };
    let or_zero = |value: Option<&String>| value.cloned().unwrap_or_else(|| "0".to_owned());
    Some(match what {
        "tier" => (format!("tier: {} → {}", title(before), title(after)), style::HEAD),
        "attained" => (format!("attained: {} → {}", title(before), title(after)), style::HEAD),
        "renewal.met" => (column("renewal"), of_state),
        "upgrade.met" => (column("upgrade"), of_state),
        "support_discount.percent" => {
            let text = format!("support discount: {} → {} %", or_zero(before), or_zero(after));
            (text, style::HEAD)
        }
        "review.outcome" if before.is_some() && after.is_some() => {
            let colour =
                if after.map(String::as_str) == Some("renew") { style::GOOD } else { style::BAD };
            let (before, after) = (or_zero(before), or_zero(after));
            (format!("the next review would come to {after}, not {before}"), colour)
        }
        _ => return None,
    })
}

fn event_text(event: &Event, sign: &str) -> String {
    let title = within(&event.named());
    let why = event.detail.as_deref().unwrap_or(event.reason.title());
    let counted = if event.cells.is_empty() { ", which makes no difference" } else { "" };
    match sign {
        "+" => plain(&format!("+ {title} begins to count")),
        _ => plain(&format!("{sign} {title}: {why}{counted}")),
    }
}

/// A title within a sentence.
fn within(title: &str) -> String {
    let mut chars = title.chars();
    let first = chars.next().map(char::to_lowercase);
    first.map_or_else(String::new, |first| first.chain(chars).collect())
}

fn cell_text(change: &CellChange) -> (String, anstyle::Style) {
    let colour = match (&change.before, &change.after) {
        (Some(before), Some(after)) if before.state == after.state => style::FAINT,
        (_, Some(after)) if after.state == State::Met => style::GOOD,
        (_, Some(after)) if after.state.is_in_the_way() => style::BAD,
        _ => style::FAINT,
    };
    let value = |cell: &Option<CellValue>| match cell {
        None => "no such row".to_owned(),
        Some(cell) => format!("{} {}", mark(cell.state).0, grouped(&cell.value.to_string())),
    };
    let target = |cell: &Option<CellValue>| cell.as_ref().and_then(|cell| cell.target);
    let of = |cell: &Option<CellValue>| match target(cell) {
        Some(target) => format!(" of {}", grouped(&target.to_string())),
        None => String::new(),
    };
    let before = if target(&change.before) == target(&change.after) {
        value(&change.before)
    } else {
        format!("{}{}", value(&change.before), of(&change.before))
    };
    let column = change.column.word();
    (format!("{column} {before} → {}{}", value(&change.after), of(&change.after)), colour)
}

fn print_end(out: &mut impl Write, edition: &Edition, forecast: &Forecast) -> io::Result<()> {
    let (head, faint) = (style::HEAD, style::FAINT);
    let title = |tier: &Option<String>| match tier {
        Some(tier) => tier_title(edition, &forecast.begin.path, tier, forecast.until),
        None => "none".to_owned(),
    };
    let (begin, end) = (&forecast.begin, &forecast.end);
    let arrow = |before: String, after: String| {
        if before == after { before } else { format!("{before} → {after}") }
    };
    writeln!(out, "\n{head}From {} to {}{head:#}", forecast.as_of, forecast.until)?;
    writeln!(out, "  {}{}", fit("Tier", 12), arrow(title(&begin.tier), title(&end.tier)))?;
    let attained = arrow(title(&begin.attained), title(&end.attained));
    writeln!(out, "  {}{attained}", fit("Attained", 12))?;
    let lapses = forecast.lapses().filter(|(_, event)| !event.is_reset).count();
    let noun = if lapses == 1 { "fact lapses" } else { "facts lapse" };
    writeln!(out, "{faint}{lapses} {noun} on {} days{faint:#}", forecast.days.len())
}

/// Prints the months with their days marked.
pub fn print_calendar(
    out: &mut impl Write,
    edition: &Edition,
    forecast: &Forecast,
) -> io::Result<()> {
    print_head(out, edition, forecast)?;
    let months = months(forecast);
    for row in months.chunks(3) {
        writeln!(out)?;
        print_months(out, row, forecast)?;
    }
    writeln!(
        out,
        "\n{}*{:#} something lapses or begins  {}!{:#} tier, column or discount turns, or a review",
        style::UNSURE,
        style::UNSURE,
        style::BAD,
        style::BAD
    )
}

fn print_months(out: &mut impl Write, months: &[Month], forecast: &Forecast) -> io::Result<()> {
    let gap = "   ";
    let titles: Vec<String> = months
        .iter()
        .map(|month| fit(&month.first.to_date().strftime("%B %Y").to_string(), 21))
        .collect();
    let (head, faint) = (style::HEAD, style::FAINT);
    writeln!(out, "{head}{}{head:#}", titles.join(gap).trim_end())?;
    let weekdays = vec!["Mo Tu We Th Fr Sa Su "; months.len()].join(gap);
    writeln!(out, "{faint}{}{faint:#}", weekdays.trim_end())?;
    let weeks = |month: &Month| (month.blanks + month.days.len()).div_ceil(7);
    let most = months.iter().map(weeks).max().unwrap_or(0);
    for week in 0..most {
        let line = months.iter().map(|month| {
            (0..7).map(|weekday| day_cell(month, week * 7 + weekday, forecast)).collect::<String>()
        });
        writeln!(out, "{}", line.collect::<Vec<_>>().join(gap).trim_end())?;
    }
    Ok(())
}

/// A day of a month as three cells of the terminal.
fn day_cell(month: &Month, at: usize, forecast: &Forecast) -> String {
    let day = at.checked_sub(month.blanks).filter(|day| *day < month.days.len());
    let Some(day) = day else { return "   ".to_owned() };
    let on = month.first.plus_days(i32::try_from(day).unwrap_or(0));
    let is_outside = on <= forecast.as_of || on > forecast.until;
    let number = day + 1;
    match month.days.get(day) {
        Some(Mark::Grave) => format!("{}{number:2}!{:#}", style::BAD, style::BAD),
        Some(Mark::Something) => format!("{}{number:2}*{:#}", style::UNSURE, style::UNSURE),
        _ if is_outside => " · ".to_owned(),
        _ => format!("{number:2} "),
    }
}
