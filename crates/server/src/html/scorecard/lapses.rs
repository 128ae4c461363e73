//! What lapses in the days that come, day by day: certificates and plans that end, facts that leave
//! their windows, people who leave; and what falls with it.

use askama::Template;
use guildhall_rules::changes::HeadChange;
use guildhall_rules::day::Day;
use guildhall_rules::forecast::{Event, Forecast, ForecastDay, HeldReview};
use guildhall_rules::review::ReviewOutcome;
use guildhall_rules::rulebook::{Edition, FactKind};

use super::book::{Book, or_id};
use super::changes::{Cell, Moved, Told, credentials};
use super::evidence::Known;
use super::frame::{Head, Part, place};
use super::page::edition_of;
use super::words;
use crate::Error;
use crate::html::form::{FieldProblems, address};
use crate::html::shell::Shell;
use crate::html::texts::Texts;
use crate::html::visit::{Answer, Done, Visit};
use crate::ops::standing;
use crate::rest::Path;

/// So many days stand on a page.
const DAYS: usize = 40;
/// So many facts of a day are named.
const NAMED: usize = 12;
/// How far is looked where nobody says, and what can be chosen.
const AHEAD: [i32; 4] = [90, 180, 365, 730];

#[derive(Template)]
#[template(path = "portal/scorecard/lapses.html")]
struct LapsesPage {
    shell: Shell,
    head: Head,
    choices: Vec<Choice>,
    until: String,
    problems: FieldProblems,
    /// The edition that comes into force meanwhile, and is not looked at.
    next_edition: Option<String>,
    days: Vec<DayView>,
    next: Option<String>,
    ics: String,
}

struct Choice {
    text: String,
    to: String,
    is_here: bool,
}

/// A day on which something happens.
struct DayView {
    day: String,
    distance: String,
    reviews: Vec<String>,
    period: Option<String>,
    lapses: Vec<EventView>,
    more: Option<String>,
    /// Windows begin anew, and so many facts are left behind.
    reset: Option<String>,
    begins: Vec<EventView>,
    heads: Vec<Moved>,
    cells: Vec<Cell>,
    is_grave: bool,
}

/// A fact that begins or ends.
struct EventView {
    fact: String,
    /// Its page, for whoever may open it.
    to: Option<String>,
    subject: Option<String>,
    /// The person it is about, with their page.
    person: Option<(String, String)>,
    text: String,
    /// The rows in which it counted, or counts from now on.
    rows: Vec<String>,
}

pub(super) async fn show(Path(partner): Path<String>, visit: Visit) -> Answer {
    visit
        .run(move |visit| {
            let none = FieldProblems::default();
            match until(visit).and_then(|until| page(visit, &partner, until, none)) {
                Ok(page) => Done::page(&page),
                Err(error) => visit.again(error, |problems| {
                    let until = visit.app().clock.today().plus_days(AHEAD[0]);
                    page(visit, &partner, until, problems)
                }),
            }
        })
        .await
}

/// The same for a calendar.
pub(super) async fn download(Path(partner): Path<String>, visit: Visit) -> Answer {
    visit
        .run(move |visit| {
            let until = until(visit)?;
            let seen = standing::lapses(visit.app(), &visit.caller, &partner, until, None)?;
            Ok(Done::File {
                name: format!("lapses-{partner}.ics"),
                kind: "text/calendar; charset=utf-8",
                bytes: seen.to_ics().into_bytes(),
            })
        })
        .await
}

fn until(visit: &Visit) -> Result<Day, Error> {
    let typed = super::standpoint::day(visit, "until")?;
    Ok(typed.unwrap_or_else(|| visit.app().clock.today().plus_days(AHEAD[0])))
}

fn page(
    visit: &Visit,
    partner: &str,
    until: Day,
    problems: FieldProblems,
) -> Result<LapsesPage, Error> {
    let (app, t) = (visit.app(), visit.t);
    let forecast = standing::lapses(app, &visit.caller, partner, until, None)?;
    let editions = app.book()?;
    let edition = edition_of(&editions, &forecast.rulebook)?;
    let head = Head::of(visit, partner, &forecast.name, Part::Lapses);
    let own = format!("{}/lapses", head.base);
    let first: usize = visit.query().get("behind").parse().unwrap_or(0);
    let first = if first < forecast.days.len() { first } else { 0 };
    let shown = forecast.days.get(first..).unwrap_or_default();
    let shown = shown.get(..DAYS.min(shown.len())).unwrap_or_default();
    let known = Known::of(visit, partner, shown.iter().flat_map(named))?;
    let view = Lapses { t, edition, forecast: &forecast, base: &head.base, known: &known };
    let days = shown.iter().map(|day| view.day(day)).collect();
    let behind = (first + DAYS).to_string();
    let next = (first + DAYS < forecast.days.len())
        .then(|| address(&own, &[("until", &until.to_string()), ("behind", &behind)]));
    let choice = |ahead: i32| {
        let last = forecast.as_of.plus_days(ahead);
        Choice {
            text: t.n("lapses-days", usize::try_from(ahead).unwrap_or_default()),
            to: address(&own, &[("until", &last.to_string())]),
            is_here: last == until,
        }
    };
    let next_edition = editions
        .editions
        .iter()
        .filter(|other| other.in_force_from > forecast.as_of && other.in_force_from <= until)
        .min_by_key(|other| other.in_force_from)
        .map(|other| {
            let title = or_id(&other.title, &other.id);
            t.tell(
                "lapses-next-edition",
                &[("it", title.into()), ("day", t.day(other.in_force_from).into())],
            )
        });
    Ok(LapsesPage {
        shell: visit.shell(place(visit, partner), head.title()),
        choices: AHEAD.map(choice).into(),
        until: if visit.query().has("until") {
            visit.query().get("until").to_owned()
        } else {
            until.to_string()
        },
        problems,
        next_edition,
        days,
        next,
        ics: address(&format!("{own}.ics"), &[("until", &until.to_string())]),
        head,
    })
}

/// The credentials that are named on a day.
fn named(day: &ForecastDay) -> impl Iterator<Item = &str> {
    let events = day.lapses.iter().chain(&day.begins);
    let events = events.filter(|event| event.kind == FactKind::Credential);
    events.map(|event| event.fact.as_str()).chain(credentials(&day.cells))
}

/// What lapses are told with.
struct Lapses<'a> {
    t: &'static Texts,
    edition: &'a Edition,
    forecast: &'a Forecast,
    base: &'a str,
    known: &'a Known,
}

impl<'a> Lapses<'a> {
    fn book(&self, day: Day) -> Book<'a> {
        Book::new(self.t, self.edition, &self.forecast.begin.path, day)
    }

    fn day(&self, day: &ForecastDay) -> DayView {
        let t = self.t;
        let path = &self.forecast.begin.path;
        let told = Told::at(t, self.edition, path, day.on, self.base, self.known);
        // That windows begin anew on a day is one thing, however many facts it leaves behind.
        let (reset, single): (Vec<&Event>, Vec<&Event>) =
            day.lapses.iter().partition(|event| event.is_reset);
        let more = single.len().saturating_sub(NAMED);
        // What the review of the day moves is told by the review.
        let is_told = |change: &&HeadChange| {
            let is_of_review = !day.reviews.is_empty() && change.what.starts_with("review.");
            let is_period = day.period.is_some() && change.what == "support_discount.period";
            !is_of_review && !is_period
        };
        DayView {
            day: t.day(day.on),
            distance: t.distance(self.forecast.as_of, day.on),
            reviews: day.reviews.iter().map(|review| self.review(review)).collect(),
            period: day.period.as_ref().map(|period| t.of_it("lapses-period", period)),
            lapses: single.iter().take(NAMED).map(|event| self.event(event)).collect(),
            more: (more > 0).then(|| t.n("lapses-more", more)),
            reset: (!reset.is_empty()).then(|| t.n("lapses-reset", reset.len())),
            begins: day.begins.iter().take(NAMED).map(|event| self.event(event)).collect(),
            heads: day.head.iter().filter(is_told).map(|change| told.moved(change)).collect(),
            cells: told.cells(&day.cells),
            is_grave: day.is_grave(),
        }
    }

    fn event(&self, event: &Event) -> EventView {
        let t = self.t;
        let reason = t.word("reason", event.reason.word());
        let text = match &event.detail {
            Some(detail) => format!("{reason}: {}", words::with_days(t, detail)),
            None => reason,
        };
        let book = self.book(self.forecast.as_of);
        let mut rows = Vec::new();
        for cell in &event.cells {
            let title = book.measure(&cell.measure).map_or(&cell.measure, |one| &one.title);
            let title = or_id(title, &cell.measure);
            if !rows.contains(&title) {
                rows.push(title);
            }
        }
        let person = self.known.person(event.kind, &event.fact);
        let is_told = person.is_none() && event.subject != event.fact && !event.subject.is_empty();
        EventView {
            fact: event.fact.clone(),
            to: self.known.page(event.kind, &event.fact),
            subject: is_told.then(|| event.subject.clone()),
            person,
            text,
            rows,
        }
    }

    fn review(&self, review: &HeldReview) -> String {
        let t = self.t;
        let book = self.book(review.on);
        let title = |tier: &Option<String>| {
            tier.as_deref().map_or_else(|| t.say("review-no-tier"), |tier| book.tier_title(tier))
        };
        let until = review.grace_until.map_or_else(String::new, |day| t.day(day));
        let key = match (review.is_after_grace, review.outcome) {
            (true, ReviewOutcome::Renew) => "lapses-grace-over-renewed",
            (true, _) => "lapses-grace-over-down",
            (false, ReviewOutcome::Renew) => "lapses-review-renewed",
            (false, ReviewOutcome::Grace) => "lapses-review-grace",
            (false, ReviewOutcome::Downgrade) => "lapses-review-down",
        };
        t.tell(
            key,
            &[
                ("from", title(&review.from_tier).into()),
                ("to", title(&review.to_tier).into()),
                ("day", until.into()),
            ],
        )
    }
}
