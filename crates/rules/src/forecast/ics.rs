//! A forecast as an iCalendar file (RFC 5545): all-day events that calendars can subscribe to.
//!
//! Whatever is foreseen again has the same UID again, so that a calendar moves an event instead of
//! doubling it. The same forecast makes the same bytes.

use std::fmt::Write as _;

use super::{Event, Forecast, ForecastDay, HeldReview};
use crate::changes::{CellChange, HeadChange};
use crate::day::Day;
use crate::evaluation::State;
use crate::review::ReviewOutcome;
use crate::rulebook::FactKind;

/// Longest line in octets, its break left out.
const LINE: usize = 75;

/// Something that happens on a day of a calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllDay {
    /// What tells it from all others, and stays the same when it is foreseen again.
    pub uid: String,
    /// The day.
    pub on: Day,
    /// Its sort, as calendars colour it.
    pub category: &'static str,
    /// What happens, in a line.
    pub title: String,
    /// More of it; empty for nothing.
    pub text: String,
}

/// Events as an iCalendar file of this name, as they are foreseen on a day.
pub fn to_calendar(name: &str, as_of: Day, events: &[AllDay]) -> String {
    let mut out = Calendar::begin(name);
    for event in events {
        out.event(as_of, event.on, (&event.uid, event.category), &event.title, &event.text);
    }
    out.end()
}

impl Forecast {
    /// The forecast as an iCalendar file.
    pub fn to_ics(&self) -> String {
        let mut out = Calendar::begin(&format!("{}: what lapses", self.name));
        for day in &self.days {
            self.add_day(&mut out, day);
        }
        out.end()
    }

    fn add_day(&self, out: &mut Calendar, day: &ForecastDay) {
        let cells: Vec<String> = day.cells.iter().map(cell_text).collect();
        let effect = if cells.is_empty() {
            "It changes no number of the scorecard.".to_owned()
        } else {
            cells.join("\n")
        };
        for review in &day.reviews {
            let step = if review.is_after_grace { "grace" } else { "review" };
            let uid = format!("{step}-{}", review.due_on);
            self.add(out, day.on, (&uid, "Review"), &review_text(review), &effect);
        }
        for change in &day.head {
            let Some(what) = head_text(change) else { continue };
            let uid = format!("{}-{}", change.what, day.on);
            self.add(out, day.on, (&uid, "Standing"), &what, &effect);
        }
        if let Some(period) = &day.period {
            let uid = format!("period-{period}");
            let title = format!("Discount period {period} begins");
            self.add(out, day.on, (&uid, "Discount"), &title, "");
        }
        for event in day.lapses.iter().filter(|event| !event.is_reset) {
            let uid = format!("{}-{}-{}", kind_word(event.kind), event.fact, event.uid_end());
            let why = event.detail.as_deref().unwrap_or(event.reason.title());
            let effect = if event.cells.is_empty() {
                "It was not counted.".to_owned()
            } else {
                effect.clone()
            };
            let text = format!("{why}\n{effect}");
            self.add(out, day.on, (&uid, "Lapse"), &event.title("lapses"), &text);
        }
        for event in &day.begins {
            let uid = format!("{}-{}-begins", kind_word(event.kind), event.fact);
            self.add(out, day.on, (&uid, "Begin"), &event.title("begins to count"), &effect);
        }
    }

    fn add(
        &self,
        out: &mut Calendar,
        on: Day,
        (uid, category): (&str, &str),
        title: &str,
        text: &str,
    ) {
        let uid = format!("{uid}.{}@{}.guildhall", self.partner, self.network);
        let title = format!("{}: {title}", self.name);
        out.event(self.as_of, on, (&uid, category), &title, text);
    }
}

impl Event {
    /// What it is and whom it is about, with a verb.
    pub fn title(&self, verb: &str) -> String {
        let of =
            if self.fact == self.subject { String::new() } else { format!(" of {}", self.subject) };
        format!("{} {}{of} {verb}", kind_title(self.kind), self.fact)
    }

    /// What tells its lapses apart: it may leave the windows of two columns on two days.
    fn uid_end(&self) -> String {
        let mut columns: Vec<&str> = self.cells.iter().map(|cell| cell.column.word()).collect();
        columns.sort_unstable();
        columns.dedup();
        columns.insert(0, self.reason.word());
        columns.join("-")
    }
}

/// What a review comes to, in words.
fn review_text(review: &HeldReview) -> String {
    let tier = |tier: &Option<String>| tier.clone().unwrap_or_else(|| "no tier".to_owned());
    let step = if review.is_after_grace { "grace over" } else { "tier review" };
    match (review.outcome, review.grace_until) {
        (ReviewOutcome::Grace, Some(until)) => {
            format!("{step}: {} kept in grace until {until}", tier(&review.to_tier))
        }
        (ReviewOutcome::Downgrade, _) => {
            format!("{step}: down from {} to {}", tier(&review.from_tier), tier(&review.to_tier))
        }
        _ => format!("{step}: {} kept", tier(&review.to_tier)),
    }
}

/// What moved in the head, in words; nothing for what another event tells.
fn head_text(change: &HeadChange) -> Option<String> {
    let or_none = |value: &Option<String>| value.clone().unwrap_or_else(|| "none".to_owned());
    let (before, after) = (or_none(&change.before), or_none(&change.after));
    let is_met = change.after.as_deref() == Some("true");
    Some(match change.what {
        "tier" => format!("tier {before} → {after}"),
        "attained" => format!("attained {before} → {after}"),
        "renewal.met" if is_met => "the renewal column is met".to_owned(),
        "renewal.met" => "the renewal column is not met any more".to_owned(),
        "upgrade.met" if is_met => "the upgrade column is met".to_owned(),
        "upgrade.met" => "the upgrade column is not met any more".to_owned(),
        "support_discount.percent" => format!("support discount {before} → {after} percent"),
        _ => return None,
    })
}

fn cell_text(change: &CellChange) -> String {
    let value = |cell: &Option<crate::changes::CellValue>| {
        cell.as_ref().map_or_else(|| "none".to_owned(), |cell| cell.value.to_string())
    };
    let mut text = format!(
        "{} ({}): {} → {}",
        change.title,
        change.column.word(),
        value(&change.before),
        value(&change.after)
    );
    if let Some(after) = &change.after
        && let Some(target) = after.target
    {
        let state = match after.state {
            State::Met => "met",
            State::NotMet => "not met",
            State::Unknown => "unknown",
            State::NotRequired => "not required",
        };
        let _ = write!(text, " of {target}, {state}");
    }
    text
}

/// The kind of a fact for people.
pub(crate) const fn kind_title(kind: FactKind) -> &'static str {
    match kind {
        FactKind::Review => "Decision",
        FactKind::Credential => "Credential",
        FactKind::Opportunity => "Opportunity",
        FactKind::Reference => "Reference",
        FactKind::Rating => "Rating",
        FactKind::BusinessPlan => "Business plan",
        FactKind::Validation => "Validation",
        FactKind::Case => "Case",
        FactKind::SurveyResponse => "Survey response",
        FactKind::Event => "Event",
    }
}

fn kind_word(kind: FactKind) -> String {
    kind_title(kind).to_lowercase().replace(' ', "-")
}

/// An id of signs that every program takes: others are written by their bytes.
fn plain_id(text: &str) -> String {
    let mut id = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._@".contains(&byte) {
            id.push(char::from(byte));
        } else {
            let _ = write!(id, "%{byte:02X}");
        }
    }
    id
}

/// A calendar while it is written.
struct Calendar(String);

impl Calendar {
    fn begin(name: &str) -> Self {
        let mut out = Self(String::new());
        out.line("BEGIN:VCALENDAR");
        out.line("VERSION:2.0");
        out.line("PRODID:-//Guildhall//Forecast//EN");
        out.line("CALSCALE:GREGORIAN");
        out.text("X-WR-CALNAME", name);
        out
    }

    fn end(mut self) -> String {
        self.line("END:VCALENDAR");
        self.0
    }

    fn event(
        &mut self,
        as_of: Day,
        on: Day,
        (uid, category): (&str, &str),
        title: &str,
        text: &str,
    ) {
        let digits = |day: Day| day.to_string().replace('-', "");
        self.line("BEGIN:VEVENT");
        self.line(&format!("UID:{}", plain_id(uid)));
        self.line(&format!("DTSTAMP:{}T000000Z", digits(as_of)));
        self.line(&format!("DTSTART;VALUE=DATE:{}", digits(on)));
        self.line(&format!("DTEND;VALUE=DATE:{}", digits(on.plus_days(1))));
        self.text("SUMMARY", title);
        if !text.is_empty() {
            self.text("DESCRIPTION", text);
        }
        self.line(&format!("CATEGORIES:{category}"));
        self.line("TRANSP:TRANSPARENT");
        self.line("END:VEVENT");
    }

    /// A property whose value is text, which has signs of its own.
    fn text(&mut self, name: &str, value: &str) {
        let mut escaped = String::new();
        for char in value.chars() {
            match char {
                '\\' | ';' | ',' => escaped.extend(['\\', char]),
                '\n' => escaped.push_str("\\n"),
                char if char.is_control() => escaped.push('\u{fffd}'),
                char => escaped.push(char),
            }
        }
        self.line(&format!("{name}:{escaped}"));
    }

    /// A line, folded where it is too long.
    fn line(&mut self, line: &str) {
        let mut used = 0;
        for char in line.chars() {
            if used + char.len_utf8() > LINE {
                self.0.push_str("\r\n ");
                used = 1;
            }
            used += char.len_utf8();
            self.0.push(char);
        }
        self.0.push_str("\r\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_folded_between_characters_and_signs_are_escaped() {
        let mut out = Calendar(String::new());
        out.text("SUMMARY", &format!("a;b,c\\d\ne{}", "é".repeat(60)));
        assert!(out.0.starts_with("SUMMARY:a\\;b\\,c\\\\d\\ne"));
        assert!(out.0.ends_with("\r\n"));
        for line in out.0.split("\r\n") {
            assert!(line.len() <= LINE, "{line}");
        }
        let unfolded = out.0.replace("\r\n ", "");
        assert!(unfolded.contains(&"é".repeat(60)));
    }

    #[test]
    fn ids_are_written_in_plain_signs() {
        assert_eq!(plain_id("roof-1.eaves, brothers@x"), "roof-1.eaves%2C%20brothers@x");
    }
}
