//! What lapses in the days that come, day by day: certificates and plans that end, facts that leave
//! their windows, people who leave; and what falls with it.

use askama::Template;
use guildhall_operations::Error;
use guildhall_operations::http::Path;
use guildhall_operations::ops::forecast::{self, Asked};
use guildhall_operations::ops::standing;
use guildhall_rules::changes::HeadChange;
use guildhall_rules::day::Day;
use guildhall_rules::forecast::{Event, Forecast, ForecastDay, HeldReview};
use guildhall_rules::review::ReviewOutcome;
use guildhall_rules::rulebook::{Edition, FactKind};

use super::book::{Book, or_id};
use super::changes::{self, Cell, Moved, Told};
use super::evidence::{Known, is_looked_up};
use super::frame::{Head, Part, place};
use super::page::edition_of;
use super::words;
use crate::form::{FieldProblems, address};
use crate::month::{CellView as MonthCell, MonthView, first_of, plain};
use crate::shell::Shell;
use crate::texts::Texts;
use crate::visit::{Answer, Done, Visit};

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
    /// Whether nothing happens at all.
    is_empty: bool,
    next: Option<String>,
    ics: String,
    subscribe: String,
    /// Whether months are shown, and of the days only the one that is chosen.
    is_calendar: bool,
    views: Vec<Choice>,
    months: Vec<MonthView>,
}

struct Choice {
    text: String,
    to: String,
    is_here: bool,
}

/// A day on which something happens.
pub(super) struct DayView {
    pub(super) day: String,
    pub(super) distance: String,
    pub(super) reviews: Vec<String>,
    pub(super) period: Option<String>,
    pub(super) lapses: Vec<EventView>,
    pub(super) more: Option<String>,
    /// Windows begin anew, and so many facts are left behind.
    pub(super) reset: Option<String>,
    pub(super) begins: Vec<EventView>,
    pub(super) heads: Vec<Moved>,
    pub(super) cells: Vec<Cell>,
    pub(super) is_grave: bool,
}

/// A fact that begins or ends.
pub(super) struct EventView {
    pub(super) fact: String,
    /// What it is called.
    pub(super) title: Option<String>,
    /// Its page, for whoever may open it.
    pub(super) to: Option<String>,
    pub(super) subject: Option<String>,
    /// The person it is about, with their page.
    pub(super) person: Option<(String, String)>,
    pub(super) text: String,
    /// The rows in which it counted, or counts from now on.
    pub(super) rows: Vec<String>,
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
            let asked = Asked::until(until(visit)?);
            let text = forecast::calendar(visit.app(), &visit.caller, &partner, &asked)?;
            Ok(Done::File {
                name: format!("lapses-{partner}.ics"),
                kind: "text/calendar; charset=utf-8",
                bytes: text.into_bytes(),
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
    let query = visit.query();
    let is_calendar = query.get("view") == "calendar";
    let view_word = if is_calendar { "calendar" } else { "" };
    let chosen = Day::parse(query.get("day").as_bytes());
    let first: usize = query.get("behind").parse().unwrap_or(0);
    let first = if first < forecast.days.len() { first } else { 0 };
    let shown: Vec<&ForecastDay> = if is_calendar {
        forecast.days.iter().filter(|day| Some(day.on) == chosen).collect()
    } else {
        forecast.days.iter().skip(first).take(DAYS).collect()
    };
    let known = Known::of(visit, partner, edition, shown.iter().copied().flat_map(named))?;
    let view = Lapses { t, edition, forecast: &forecast, base: &head.base, known: &known };
    let days = shown.into_iter().map(|day| view.day(day)).collect();
    let (behind, last) = ((first + DAYS).to_string(), until.to_string());
    let next = (!is_calendar && first + DAYS < forecast.days.len())
        .then(|| address(&own, &[("until", &last), ("behind", &behind)]));
    let choice = |ahead: i32| {
        let last = forecast.as_of.plus_days(ahead);
        Choice {
            text: t.n("lapses-days", usize::try_from(ahead).unwrap_or_default()),
            to: address(&own, &[("until", &last.to_string()), ("view", view_word)]),
            is_here: last == until,
        }
    };
    let views = ["list", "calendar"].map(|word| Choice {
        text: t.word("lapses-view", word),
        to: address(&own, &[("until", &last), ("view", if word == "list" { "" } else { word })]),
        is_here: (word == "calendar") == is_calendar,
    });
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
        is_empty: forecast.days.is_empty(),
        next,
        is_calendar,
        views: views.into(),
        months: if is_calendar { months(t, &forecast, &own, chosen) } else { Vec::new() },
        subscribe: address("/me/calendars", &[("partner", partner)]),
        ics: address(&format!("{own}.ics"), &[("until", &until.to_string())]),
        head,
    })
}

/// The months of a forecast with what their days hold.
fn months(t: &Texts, forecast: &Forecast, own: &str, chosen: Option<Day>) -> Vec<MonthView> {
    let until = forecast.until.to_string();
    let cell = |on: Day| {
        let Some(day) = forecast.days.iter().find(|day| day.on == on) else { return plain(on) };
        let fields = [("until", until.as_str()), ("view", "calendar"), ("day", &on.to_string())];
        MonthCell {
            class: if day.is_grave() { "grave" } else { "some" },
            labels: labels(t, day),
            to: Some(format!("{}#day", address(own, &fields))),
            is_here: chosen == Some(on),
            ..plain(on)
        }
    };
    let mut first = first_of(forecast.as_of);
    let mut months = Vec::new();
    while first <= forecast.until {
        months.push(MonthView::of(t, first, &cell));
        first = first.plus_months(1);
    }
    months
}

/// What happens on a day in few words, the gravest first.
fn labels(t: &Texts, day: &ForecastDay) -> Vec<String> {
    let moves = |what: &str| day.head.iter().any(|change| change.what == what);
    let mut labels = Vec::new();
    if !day.reviews.is_empty() {
        labels.push(t.say("calendar-review"));
    }
    if moves("tier") || moves("attained") {
        labels.push(t.say("calendar-tier"));
    }
    if moves("renewal.met") || moves("upgrade.met") {
        labels.push(t.say("calendar-column"));
    }
    if moves("support_discount.percent") {
        labels.push(t.say("calendar-discount"));
    } else if day.period.is_some() {
        labels.push(t.say("calendar-period"));
    }
    let ends = day.lapses.iter().filter(|event| !event.is_reset).count();
    if ends > 0 {
        labels.push(t.n("calendar-ends", ends));
    }
    if !day.begins.is_empty() {
        labels.push(t.n("calendar-begins", day.begins.len()));
    }
    if labels.is_empty() {
        labels.push(t.say("calendar-moves"));
    }
    labels
}

/// The facts that are named on a day and have names of their own.
pub(super) fn named(day: &ForecastDay) -> impl Iterator<Item = (FactKind, &str)> {
    let told = |event: &&Event| is_looked_up(event.kind) && !event.is_reset;
    let ends = day.lapses.iter().filter(told).take(NAMED);
    let events = ends.chain(day.begins.iter().filter(told).take(NAMED));
    events.map(|event| (event.kind, event.fact.as_str())).chain(changes::named(&day.cells))
}

/// What lapses are told with.
pub(super) struct Lapses<'a> {
    pub(super) t: &'static Texts,
    pub(super) edition: &'a Edition,
    pub(super) forecast: &'a Forecast,
    pub(super) base: &'a str,
    pub(super) known: &'a Known,
}

impl<'a> Lapses<'a> {
    fn book(&self, day: Day) -> Book<'a> {
        Book::new(self.t, self.edition, &self.forecast.begin.path, day)
    }

    pub(super) fn day(&self, day: &ForecastDay) -> DayView {
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
            heads: day.heads().filter(is_told).map(|change| told.moved(change)).collect(),
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
            title: self.known.title(event.kind, &event.fact).or_else(|| event.title.clone()),
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
