//! A forecast as an iCalendar file (RFC 5545): all-day events that calendars can subscribe to.
//!
//! Whatever is foreseen again has the same UID again, so that a calendar moves an event instead of
//! doubling it. The same forecast makes the same bytes.

use std::fmt::Write as _;

use super::{Event, EventCell, Forecast, ForecastDay, HeldReview};
use crate::changes::{CellChange, CellValue, HeadChange};
use crate::day::Day;
use crate::evaluation::State;
use crate::review::ReviewOutcome;
use crate::rulebook::{Edition, FactKind};
use crate::words::{day_text, grouped, tier_title, with_days};

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
    /// The address of a page with more.
    pub link: Option<String>,
}

/// Events as an iCalendar file of this name, as they are foreseen on a day.
pub fn to_calendar(name: &str, as_of: Day, events: &[AllDay]) -> String {
    let mut out = Calendar::begin(name);
    for event in events {
        out.event(as_of, event);
    }
    out.end()
}

impl Forecast {
    /// The forecast as an iCalendar file, in the words of its edition. `page` is the address of the
    /// page that tells of a day, where there is one.
    pub fn to_ics(&self, edition: &Edition, page: &dyn Fn(Day) -> Option<String>) -> String {
        let mut teller = Teller { forecast: self, edition, page, events: Vec::new() };
        for day in &self.days {
            teller.add_day(day);
        }
        to_calendar(&format!("{}: what lapses", self.name), self.as_of, &teller.events)
    }
}

/// Days as they become events.
struct Teller<'f> {
    forecast: &'f Forecast,
    edition: &'f Edition,
    page: &'f dyn Fn(Day) -> Option<String>,
    events: Vec<AllDay>,
}

impl Teller<'_> {
    fn add_day(&mut self, day: &ForecastDay) {
        let cells: Vec<String> = day.cells.iter().map(cell_text).collect();
        let effect = if cells.is_empty() { NO_NUMBER.to_owned() } else { cells.join("\n") };
        for review in &day.reviews {
            let step = if review.is_after_grace { "grace" } else { "review" };
            let uid = format!("{step}-{}", review.due_on);
            self.add(day.on, (&uid, "Review"), &self.review_text(review), &effect);
        }
        for change in day.heads() {
            let Some(what) = self.head_text(change, day.on) else { continue };
            let uid = format!("{}-{}", change.what, day.on);
            self.add(day.on, (&uid, "Standing"), &what, &effect);
        }
        if let Some(period) = &day.period {
            let uid = format!("period-{period}");
            let title = format!("Discount period {period} begins");
            self.add(day.on, (&uid, "Discount"), &title, "");
        }
        for event in day.lapses.iter().filter(|event| !event.is_reset) {
            let uid = format!("{}-{}-{}", kind_word(event.kind), event.fact, event.uid_end());
            let why = event.detail.as_deref().unwrap_or(event.reason.title());
            let effect = effect_of(day, event, "It was not counted.");
            let text = format!("{}{}\n{effect}", event.id_line(), with_days(why, &day_text));
            self.add(day.on, (&uid, "Lapse"), &event.said("lapses"), &text);
        }
        for event in &day.begins {
            let uid = format!("{}-{}-begins", kind_word(event.kind), event.fact);
            let text = format!("{}{}", event.id_line(), effect_of(day, event, NO_NUMBER));
            self.add(day.on, (&uid, "Begin"), &event.said("begins to count"), &text);
        }
    }

    fn add(&mut self, on: Day, (uid, category): (&str, &'static str), title: &str, text: &str) {
        let Forecast { partner, network, name, .. } = self.forecast;
        self.events.push(AllDay {
            uid: format!("{uid}.{partner}@{network}.guildhall"),
            on,
            category,
            title: format!("{name}: {title}"),
            text: text.to_owned(),
            link: (self.page)(on),
        });
    }

    fn tier(&self, tier: Option<&String>, on: Day, none: &str) -> String {
        let path = &self.forecast.begin.path;
        tier.map_or_else(|| none.to_owned(), |tier| tier_title(self.edition, path, tier, on))
    }

    /// What a review comes to, in words.
    fn review_text(&self, review: &HeldReview) -> String {
        let tier = |tier: &Option<String>| self.tier(tier.as_ref(), review.on, "no tier");
        let step = if review.is_after_grace { "grace over" } else { "tier review" };
        let (from, to) = (tier(&review.from_tier), tier(&review.to_tier));
        match (review.outcome, review.grace_until) {
            (ReviewOutcome::Grace, Some(until)) => {
                format!("{step}: {to} kept in grace until {}", day_text(until))
            }
            (ReviewOutcome::Downgrade, _) => format!("{step}: down from {from} to {to}"),
            _ => format!("{step}: {to} kept"),
        }
    }

    /// What moved in the head, in words; nothing for what another event tells.
    fn head_text(&self, change: &HeadChange, on: Day) -> Option<String> {
        let tiers = || {
            let tier = |tier: &Option<String>| self.tier(tier.as_ref(), on, "none");
            format!("{} → {}", tier(&change.before), tier(&change.after))
        };
        let is_met = change.after.as_deref() == Some("true");
        Some(match change.what {
            "tier" => format!("tier {}", tiers()),
            "attained" => format!("tier attained {}", tiers()),
            "renewal.met" if is_met => "what keeps the tier is met".to_owned(),
            "renewal.met" => "what keeps the tier is not met any more".to_owned(),
            "upgrade.met" if is_met => "what the next tier asks is met".to_owned(),
            "upgrade.met" => "what the next tier asks is not met any more".to_owned(),
            "support_discount.percent" => {
                let or_zero = |value: &Option<String>| value.clone().unwrap_or("0".to_owned());
                let (before, after) = (or_zero(&change.before), or_zero(&change.after));
                format!("support discount {before} → {after} percent")
            }
            _ => return None,
        })
    }
}

impl Event {
    /// What it is, what it is called and whom it is about, with a verb.
    pub fn said(&self, verb: &str) -> String {
        let name = self.title.as_ref().unwrap_or(&self.fact);
        format!("{} {name}{} {verb}", kind_title(self.kind), self.of_subject())
    }

    /// The same without a verb, and with its id.
    pub fn named(&self) -> String {
        let (kind, id, of) = (kind_title(self.kind), &self.fact, self.of_subject());
        match &self.title {
            Some(title) => format!("{kind} {title} ({id}){of}"),
            None => format!("{kind} {id}{of}"),
        }
    }

    fn of_subject(&self) -> String {
        let is_told = self.fact != self.subject && !self.subject.is_empty();
        if is_told { format!(" of {}", self.subject) } else { String::new() }
    }

    /// The id, where the title stands in its place.
    fn id_line(&self) -> String {
        let is_titled = self.title.is_some();
        if is_titled { format!("{}\n", self.fact) } else { String::new() }
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

const NO_NUMBER: &str = "It changes no number of the scorecard.";

/// What moves in the cells in which a fact counted or counts, with how many others of the day have a
/// part in it.
fn effect_of(day: &ForecastDay, event: &Event, uncounted: &str) -> String {
    if event.cells.is_empty() {
        return uncounted.to_owned();
    }
    let lines = event.cells.iter().filter_map(|cell| {
        let is_it =
            |change: &&CellChange| change.measure == cell.measure && change.column == cell.column;
        let line = cell_text(day.cells.iter().find(is_it)?);
        Some(match others(day, cell) {
            0 => line,
            1 => format!("{line} (together with another fact of this day)"),
            others => format!("{line} (together with {others} other facts of this day)"),
        })
    });
    let lines: Vec<String> = lines.collect();
    if lines.is_empty() { NO_NUMBER.to_owned() } else { lines.join("\n") }
}

/// How many facts beside one have a part in what moves a cell on a day.
fn others(day: &ForecastDay, cell: &EventCell) -> usize {
    day.events().filter(|event| event.cells.contains(cell)).count().saturating_sub(1)
}

fn cell_text(change: &CellChange) -> String {
    let value = |cell: &Option<CellValue>| {
        let value = cell.as_ref().map(|cell| grouped(&cell.value.to_string()));
        value.unwrap_or_else(|| "none".to_owned())
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
        let _ = write!(text, " of {}, {state}", grouped(&target.to_string()));
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

    fn event(&mut self, as_of: Day, event: &AllDay) {
        let digits = |day: Day| day.to_string().replace('-', "");
        self.line("BEGIN:VEVENT");
        self.line(&format!("UID:{}", plain_id(&event.uid)));
        self.line(&format!("DTSTAMP:{}T000000Z", digits(as_of)));
        self.line(&format!("DTSTART;VALUE=DATE:{}", digits(event.on)));
        self.line(&format!("DTEND;VALUE=DATE:{}", digits(event.on.plus_days(1))));
        self.text("SUMMARY", &event.title);
        // Some programs show no address but what stands in the text.
        let parts = [Some(&event.text), event.link.as_ref()];
        let parts = parts.into_iter().flatten().map(String::as_str);
        let text = parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n");
        if !text.is_empty() {
            self.text("DESCRIPTION", &text);
        }
        if let Some(link) = &event.link {
            self.line(&format!("URL:{link}"));
        }
        self.line(&format!("CATEGORIES:{}", event.category));
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

    #[test]
    fn facts_that_move_a_cell_together_say_so() {
        use crate::number::Number;
        use crate::reason::Reason;
        use crate::rulebook::Column;
        let cell =
            |measure: &str| EventCell { measure: measure.to_owned(), column: Column::Renewal };
        let value = |value| {
            let value = Number::from_count(value);
            Some(CellValue { value, target: None, state: State::NotRequired })
        };
        let moved = |measure: &str| CellChange {
            measure: measure.to_owned(),
            title: measure.to_owned(),
            column: Column::Renewal,
            before: value(1300),
            after: value(1500),
            because: Vec::new(),
        };
        let begins = |fact: &str, title: &str, cells: Vec<EventCell>| Event {
            fact: fact.to_owned(),
            kind: FactKind::Credential,
            subject: "Ana".to_owned(),
            title: Some(title.to_owned()),
            reason: Reason::NotYetIssued,
            detail: None,
            cells,
            is_reset: false,
        };
        let both = begins("c-1", "Slate", vec![cell("tilers"), cell("slaters")]);
        let one = begins("c-2", "Clay", vec![cell("tilers")]);
        let day = ForecastDay {
            on: Day::MIN,
            reviews: Vec::new(),
            period: None,
            lapses: Vec::new(),
            begins: vec![both.clone(), one.clone()],
            head: Vec::new(),
            cells: vec![moved("tilers"), moved("slaters")],
        };
        let together = "tilers (renewal): 1,300 → 1,500 (together with another fact of this day)";
        let alone = "slaters (renewal): 1,300 → 1,500";
        assert_eq!(effect_of(&day, &both, ""), format!("{together}\n{alone}"));
        assert_eq!(effect_of(&day, &one, ""), together);
        assert_eq!(effect_of(&day, &begins("c-3", "Lead", Vec::new()), "nowhere"), "nowhere");
        assert_eq!(both.said("begins"), "Credential Slate of Ana begins");
        assert_eq!(one.named(), "Credential Clay (c-2) of Ana");
    }
}
