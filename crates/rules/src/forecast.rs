//! What will lapse, on which day, and what falls with it.
//!
//! A forecast looks from a day at those behind it. What is written down happens: people leave and
//! join, credentials, plans and programs end, opportunities and references leave their windows.
//! Nothing else happens. Reviews are assumed to be held on their due days with the outcome that
//! the engine computes ([`reviews`](HeldReview)), unless they are left out.
//!
//! A day of a forecast is the difference between two scorecards, those of the day and of the day
//! before. Only days on which something that is dated begins or ends are looked at.

mod calendar;
mod days;
mod ics;
mod names;
mod network;
mod reviews;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

use crate::changes::{CellChange, Changes, HeadChange};
use crate::day::Day;
use crate::evaluation::Evaluator;
use crate::facts::PartnerNumber;
use crate::period::Period;
use crate::reason::Reason;
use crate::rulebook::{Column, FactKind};
use crate::scorecard::{FactLists, Scorecard};

pub use calendar::{Mark, Month, months};
pub use ics::{AllDay, to_calendar};
pub use network::{NetworkForecast, Outlook, Turn, TurnedCell};
pub use reviews::HeldReview;

use days::{Calendar, DaySet};

/// The longest forecast, in months.
pub const LONGEST_MONTHS: i32 = 120;

/// What is to be foreseen.
#[derive(Clone, Copy, Debug)]
pub struct Horizon {
    /// The day looked from.
    pub as_of: Day,
    /// The last day looked at.
    pub until: Day,
    /// Whether reviews are assumed to be held on their due days.
    pub holds_reviews: bool,
}

/// A forecast for one partner. Serialised, it is the JSON that outsiders rely on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Forecast {
    /// The partner's id.
    pub partner: String,
    /// The partner's name.
    #[serde(skip)]
    pub name: String,
    /// The network's id.
    pub network: String,
    /// The edition's id.
    pub rulebook: String,
    /// The day looked from.
    pub as_of: Day,
    /// The last day looked at.
    pub until: Day,
    /// The state of knowledge.
    pub known_at: Option<Timestamp>,
    /// Whether reviews are assumed to be held on their due days.
    pub holds_reviews: bool,
    /// What the facts were changed by, in words.
    pub suppositions: Vec<String>,
    /// The scorecard of the day looked from.
    pub begin: Scorecard,
    /// The scorecard of the last day.
    pub end: Scorecard,
    /// The days on which something happens.
    pub days: Vec<ForecastDay>,
}

/// A day on which something happens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ForecastDay {
    /// The day: the first on which things are as told.
    pub on: Day,
    /// The reviews that are assumed to be held.
    pub reviews: Vec<HeldReview>,
    /// The discount period that begins.
    pub period: Option<String>,
    /// Facts that count no more from this day on, or could not count any more.
    pub lapses: Vec<Event>,
    /// Facts that are written down and begin.
    pub begins: Vec<Event>,
    /// What moves in the head of the scorecard: tier, attained, columns, review, discount.
    pub head: Vec<HeadChange>,
    /// Cells that move, with what moves them.
    pub cells: Vec<CellChange>,
}

/// A fact that begins or ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Event {
    /// Its id.
    pub fact: String,
    /// Its kind.
    pub kind: FactKind,
    /// Whom or what it is about.
    pub subject: String,
    /// What it is called: the title of a credential or program. Facts that are evaluated hold no
    /// other titles: whoever keeps them gives them here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Why it does not count after, or did not before.
    pub reason: Reason,
    /// The reason with its days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The cells in which it counted before, or counts now; empty where it makes no difference.
    pub cells: Vec<EventCell>,
    /// Whether it counts no more because windows begin anew on the day, as with a review.
    pub is_reset: bool,
}

/// A cell in which a fact counts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct EventCell {
    /// The measure's id.
    pub measure: String,
    /// The column.
    pub column: Column,
}

impl Forecast {
    /// What lapses in all, each with its day.
    pub fn lapses(&self) -> impl Iterator<Item = (Day, &Event)> {
        self.days.iter().flat_map(|day| day.lapses.iter().map(|event| (day.on, event)))
    }
}

impl ForecastDay {
    /// Whether nothing is told of it.
    pub fn is_empty(&self) -> bool {
        self.reviews.is_empty()
            && self.period.is_none()
            && self.lapses.is_empty()
            && self.begins.is_empty()
            && self.head.is_empty()
            && self.cells.is_empty()
    }

    /// What moves in the head, without what follows from another tier: from the day on which the
    /// tier turns, both columns are about other tiers, and that one of them is met says nothing of
    /// what it was about before.
    pub fn heads(&self) -> impl Iterator<Item = &HeadChange> {
        let turns = self.head.iter().any(|change| change.what == "tier");
        let follows = move |what: &str| turns && ["renewal.met", "upgrade.met"].contains(&what);
        self.head.iter().filter(move |change| !follows(change.what))
    }

    /// Whether something that matters beyond a cell moves: tier, attained, columns, discount.
    pub fn is_grave(&self) -> bool {
        !self.reviews.is_empty() || self.head.iter().any(|change| GRAVE.contains(&change.what))
    }
}

/// What in a head matters beyond a cell.
const GRAVE: [&str; 5] =
    ["tier", "attained", "renewal.met", "upgrade.met", "support_discount.percent"];

impl Evaluator<'_> {
    /// What will happen to a partner. `known_at` and `suppositions` are only repeated: facts come
    /// in one state of knowledge, and changed where something is supposed.
    ///
    /// Where reviews are held, this evaluator takes them as held from then on.
    pub fn forecast(
        &mut self,
        partner: PartnerNumber,
        horizon: Horizon,
        known_at: Option<Timestamp>,
        suppositions: Vec<String>,
    ) -> Forecast {
        let all = (horizon.as_of, usize::MAX);
        self.forecast_part(partner, horizon, known_at, suppositions, all).0
    }

    /// The same with so many of its days at most, from one on, and the day from which it goes on.
    /// It costs as much as the days that are told.
    pub fn forecast_part(
        &mut self,
        partner: PartnerNumber,
        horizon: Horizon,
        known_at: Option<Timestamp>,
        suppositions: Vec<String>,
        (from, most): (Day, usize),
    ) -> (Forecast, Option<Day>) {
        let Horizon { as_of, until, holds_reviews } = horizon;
        let held =
            if holds_reviews { self.hold_reviews(&[partner], as_of, until, 1) } else { Vec::new() };
        let held: Vec<HeldReview> = held.into_iter().map(|(_, review)| review).collect();
        let (mut days, next) = self.days_ahead(partner, horizon, known_at, &held, (from, most));
        self.title_events(partner, &mut days);
        let without_lists = |day: Day| self.scorecard(partner, day, known_at, FactLists::Omitted);
        let begin = without_lists(as_of);
        let mut end = without_lists(until);
        self.tell_grace(partner, held.last(), &mut end);
        let forecast = Forecast {
            partner: begin.partner.clone(),
            name: begin.name.clone(),
            network: begin.network.clone(),
            rulebook: begin.rulebook.clone(),
            as_of,
            until,
            known_at,
            holds_reviews,
            suppositions,
            end,
            begin,
            days,
        };
        (forecast, next)
    }

    fn days_ahead(
        &self,
        partner: PartnerNumber,
        Horizon { as_of, until, .. }: Horizon,
        known_at: Option<Timestamp>,
        held: &[HeldReview],
        (from, most): (Day, usize),
    ) -> (Vec<ForecastDay>, Option<Day>) {
        let calendar = Calendar::new(self, as_of, until);
        let mut set = DaySet::default();
        calendar.mark(self, partner, &mut set);
        calendar.mark_sustained(&mut set);
        let periods = self.periods(as_of, until);
        for (day, _) in &periods {
            calendar.on(Some(*day), &mut set);
        }
        for day in self.loss_days(partner, as_of, until) {
            calendar.on(Some(day), &mut set);
        }
        // A review that ends in a grace is in no history.
        held.iter().for_each(|review| calendar.on(Some(review.on), &mut set));
        let card = |day: Day| self.scorecard(partner, day, known_at, FactLists::Listed);
        let mut days = Vec::new();
        let mut last: Option<Scorecard> = None;
        let mut at = calendar.begin;
        while let Some(found) = set.next(at) {
            at = found + 1;
            let on = calendar.day(found);
            if on < from {
                continue;
            }
            if days.len() >= most {
                return (days, Some(on));
            }
            let before = match last.take().filter(|card| card.as_of == on.plus_days(-1)) {
                Some(card) => card,
                None => card(on.plus_days(-1)),
            };
            let after = card(on);
            let mut day = day_between(&before, &after);
            day.reviews.extend(held.iter().filter(|review| review.on == on).cloned());
            day.period =
                periods.iter().find(|(first, _)| *first == on).map(|(_, name)| name.clone());
            if !day.is_empty() {
                days.push(day);
            }
            last = Some(after);
        }
        (days, None)
    }

    /// Where a partner will stand on the last day looked at. Where reviews are held, this evaluator
    /// takes them as held from then on.
    pub fn foreseen(
        &mut self,
        partner: PartnerNumber,
        horizon: Horizon,
        known_at: Option<Timestamp>,
        lists: FactLists,
    ) -> Scorecard {
        let Horizon { as_of, until, holds_reviews } = horizon;
        let held = if holds_reviews && until > as_of {
            self.hold_reviews(&[partner], as_of, until, 1)
        } else {
            Vec::new()
        };
        let mut card = self.scorecard(partner, until, known_at, lists);
        self.tell_grace(partner, held.last().map(|(_, review)| review), &mut card);
        card
    }

    /// While the grace of a review that is assumed runs, what comes next is its end: no row tells of
    /// that review, so that a scorecard by itself takes it as overdue.
    fn tell_grace(&self, partner: PartnerNumber, last: Option<&HeldReview>, card: &mut Scorecard) {
        let grace = last.and_then(|review| review.grace_until);
        if let Some(grace) = grace.filter(|grace| *grace >= card.as_of) {
            card.review = self.review_after_grace(partner, grace, card.as_of);
        }
    }

    /// The discount periods that begin behind a day up to another.
    pub(crate) fn periods(&self, from: Day, until: Day) -> Vec<(Day, String)> {
        let Some(scheme) = self.support_scheme() else { return Vec::new() };
        let mut period = Period::containing(from, scheme.period_months);
        let mut periods = Vec::new();
        while period.until() <= until && period.until() > period.first_day() {
            let first = period.until();
            period = Period::containing(first, scheme.period_months);
            periods.push((first, period.to_string()));
        }
        periods
    }
}

/// What happens between the scorecards of two days in a row.
fn day_between(before: &Scorecard, after: &Scorecard) -> ForecastDay {
    let Changes { head, cells, .. } = Changes::between(before, after);
    let mut events = Events::default();
    for row in &after.rows {
        let Some(old) = before.rows.iter().find(|old| old.measure == row.measure) else { continue };
        let was = verdicts(old);
        for ((fact, kind, column), now) in verdicts(row) {
            let Some(was) = was.get(&(fact, kind, column)) else { continue };
            let begins = row.cell(column).from;
            let is_reset = begins == Some(after.as_of) && old.cell(column).from != begins;
            let cell = EventCell { measure: row.measure.clone(), column };
            events.note((fact, kind), (*was, now), cell, is_reset);
        }
    }
    let mut day = ForecastDay {
        on: after.as_of,
        reviews: Vec::new(),
        period: None,
        lapses: events.lapses.into_values().collect(),
        begins: events.begins.into_values().collect(),
        head,
        cells,
    };
    // That a review was held stands in the day already.
    day.head.retain(|change| !["review.last_on", "review.due_on"].contains(&change.what));
    day
}

/// A fact of a row in one column.
type Key<'a> = (&'a str, FactKind, Column);

/// What came of a fact in one column.
#[derive(Clone, Copy)]
struct Verdict<'a> {
    subject: &'a str,
    /// Why it does not count; none where it does.
    reason: Option<Reason>,
    detail: Option<&'a str>,
}

fn verdicts(row: &crate::scorecard::Row) -> BTreeMap<Key<'_>, Verdict<'_>> {
    let mut all = BTreeMap::new();
    for fact in row.counted.iter().flatten() {
        for column in &fact.columns {
            let verdict = Verdict { subject: &fact.subject, reason: None, detail: None };
            all.insert((fact.fact.as_str(), fact.kind, *column), verdict);
        }
    }
    for fact in row.not_counted.iter().flatten() {
        for column in &fact.columns {
            let detail = fact.detail.as_deref().map(|detail| in_column(detail, *column));
            let verdict = Verdict { subject: &fact.subject, reason: Some(fact.reason), detail };
            all.insert((fact.fact.as_str(), fact.kind, *column), verdict);
        }
    }
    all
}

/// What a detail says of one column, where evidence tells both in one text.
fn in_column(detail: &str, column: Column) -> &str {
    let both = detail.strip_prefix("renewal: ").and_then(|rest| rest.split_once("; upgrade: "));
    match (both, column) {
        (None, _) => detail,
        (Some((renewal, _)), Column::Renewal) => renewal,
        (Some((_, upgrade)), Column::Upgrade) => upgrade,
    }
}

/// Reasons of what is over.
const OVER: [Reason; 4] = [Reason::Left, Reason::Expired, Reason::Withdrawn, Reason::OutsideWindow];
/// Reasons of what has not begun.
const AHEAD: [Reason; 4] =
    [Reason::NotYetJoined, Reason::NotYetIssued, Reason::NotValidated, Reason::OutsideWindow];

/// What begins and ends on a day, by fact.
#[derive(Default)]
struct Events {
    lapses: BTreeMap<(String, FactKind), Event>,
    begins: BTreeMap<(String, FactKind), Event>,
}

impl Events {
    fn note(
        &mut self,
        (fact, kind): (&str, FactKind),
        (was, now): (Verdict<'_>, Verdict<'_>),
        cell: EventCell,
        is_reset: bool,
    ) {
        let is = |verdict: Verdict<'_>, list: &[Reason]| {
            verdict.reason.filter(|reason| list.contains(reason))
        };
        // A fact that was over for one reason may be over for another: it has not lapsed again.
        let (all, told, reason, counted) = match (is(was, &OVER), is(now, &OVER)) {
            (None, Some(reason)) => (&mut self.lapses, now, reason, was.reason.is_none()),
            (_, None) => match is(was, &AHEAD) {
                Some(reason) if now.reason.is_none_or(|now| !AHEAD.contains(&now)) => {
                    (&mut self.begins, was, reason, now.reason.is_none())
                }
                _ => return,
            },
            (Some(_), Some(_)) => return,
        };
        let event = all.entry((fact.to_owned(), kind)).or_insert_with(|| Event {
            fact: fact.to_owned(),
            kind,
            subject: told.subject.to_owned(),
            title: None,
            reason,
            detail: told.detail.map(str::to_owned),
            cells: Vec::new(),
            is_reset: true,
        });
        event.is_reset &= is_reset && reason == Reason::OutsideWindow;
        if counted {
            event.cells.push(cell);
        }
    }
}
