//! What will happen: to a partner, with what is supposed, and to all partners. Nothing that is
//! supposed is stored: facts are changed in memory, where they are evaluated.

mod digest;
mod feeds;
mod supposed;

use std::sync::Arc;

use guildhall_access::{Action, Resource, ResourceKind};
use guildhall_rules::changes::Changes;
use guildhall_rules::day::Day;
use guildhall_rules::evaluation::Evaluator;
use guildhall_rules::facts::{Facts, PartnerNumber, Supposition};
use guildhall_rules::forecast::{Forecast, ForecastDay, Horizon, Outlook, Turn};
use guildhall_rules::problem::Problems;
use guildhall_rules::rulebook::{Edition, FactKind};
use guildhall_rules::scorecard::{FactLists, Scorecard};
use guildhall_store::{Kind, Span, Tx};
use jiff::Timestamp;
use serde::Serialize;

use crate::ops::rows::Record;
use crate::ops::standing::{as_seen, file_of, kinds_seen, opportunity_title};
use crate::{App, Book, Caller, Error};

pub use digest::{Preference, choose, preference, send_digests, stop, who_stops};
pub use feeds::{Feed, Feeds, Fetched, NewFeed, fetch, list, make, revoke};
pub use supposed::{KEYS, MOST_SUPPOSED, read, written};

/// How far ahead can be looked, in days.
pub const MOST_DAYS_AHEAD: i32 = 731;

/// Which forecast is asked for.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The day looked from; none: today.
    pub as_of: Option<Day>,
    /// The last day looked at.
    pub until: Day,
    /// The state of knowledge; none: the latest.
    pub known_at: Option<Timestamp>,
    /// Whether no review is held.
    pub is_without_reviews: bool,
    /// What is supposed.
    pub suppositions: Vec<Supposition>,
}

impl Asked {
    /// From today until a day, with nothing supposed.
    pub fn until(until: Day) -> Self {
        Self {
            as_of: None,
            until,
            known_at: None,
            is_without_reviews: false,
            suppositions: Vec::new(),
        }
    }
}

fn partner(id: &str) -> Resource {
    Resource::new(ResourceKind::Partner, id).of_partner(id)
}

/// The span of days that is looked at.
fn horizon(app: &App, asked: &Asked) -> Result<Horizon, Error> {
    let as_of = asked.as_of.unwrap_or_else(|| app.clock.today());
    let until = asked.until;
    if until <= as_of || until > as_of.plus_days(MOST_DAYS_AHEAD) {
        let message = match asked.as_of {
            None => format!("`{until}` is not a day of the next two years"),
            Some(as_of) => format!("`{until}` is not a day of the two years behind {as_of}"),
        };
        let last = as_of.plus_days(MOST_DAYS_AHEAD);
        let hint = format!("a day from {} to {last}", as_of.plus_days(1));
        return Err(Error::field_with_hint("until", "bad-argument", message, hint));
    }
    Ok(Horizon { as_of, until, holds_reviews: !asked.is_without_reviews })
}

/// A partner's facts as they are held, and the rules that are looked at them by.
struct Held {
    book: Arc<Book>,
    edition: usize,
    facts: Facts,
    partner: PartnerNumber,
}

impl Held {
    fn read(
        app: &App,
        tx: &mut Tx<'_>,
        id: &str,
        asked: &Asked,
        as_of: Day,
    ) -> Result<Self, Error> {
        let book = app.rulebooks.get(tx)?;
        let edition = &book.choose(None, as_of, asked.known_at)?.id;
        let edition = book.editions.iter().position(|known| known.id == *edition).unwrap_or(0);
        let read = tx.read_partner(&book.catalogue, id, asked.known_at)?;
        let facts = read.ok_or_else(|| Error::not_found("partner", id))?.facts;
        let partner = facts.find_partner(id).ok_or_else(|| Error::not_found("partner", id))?;
        Ok(Self { book, edition, facts, partner })
    }

    fn edition(&self) -> Result<&Edition, Error> {
        let edition = self.book.editions.get(self.edition);
        edition.ok_or_else(|| Error::internal("the edition is gone"))
    }

    fn evaluator(&self) -> Result<Evaluator<'_>, Error> {
        Ok(Evaluator::new(self.edition()?, &self.book.catalogue, &self.facts))
    }

    /// Changes the facts by what is supposed; every problem has the name of its field.
    fn suppose(&mut self, suppositions: &[Supposition]) -> Result<(), Error> {
        let mut problems = Problems::new();
        for one in suppositions {
            let found =
                self.facts.suppose(self.partner, &self.book.catalogue, std::slice::from_ref(one));
            for problem in found.shown() {
                let mut problem = problem.clone();
                problem.column = Some(supposed::key(one).to_owned());
                problems.push(problem);
            }
        }
        if problems.is_empty() { Ok(()) } else { Err(problems.into()) }
    }
}

/// What will happen to a partner.
///
/// # Errors
///
/// When the caller may not see its scorecard, the days make no sense, or something that is supposed
/// cannot be: then all that cannot.
pub fn of_partner(app: &App, caller: &Caller, id: &str, asked: &Asked) -> Result<Forecast, Error> {
    app.allow(caller, Action::ViewScorecard, &partner(id))?;
    let horizon = horizon(app, asked)?;
    let words = asked.suppositions.iter().map(Supposition::to_string).collect();
    let mut held = app.store.read(|tx| Held::read(app, tx, id, asked, horizon.as_of))?;
    held.suppose(&asked.suppositions)?;
    let mut evaluator = held.evaluator()?;
    let forecast = evaluator.forecast(held.partner, horizon, asked.known_at, words);
    Ok(hide_titles(app, caller, id, as_seen(app, caller, id, forecast)))
}

/// Takes the titles from facts that the caller may not see.
fn hide_titles(app: &App, caller: &Caller, id: &str, mut forecast: Forecast) -> Forecast {
    let seen = kinds_seen(app, caller, id);
    let events = forecast.days.iter_mut().flat_map(ForecastDay::events_mut);
    for event in events.filter(|event| !seen.contains(&event.kind)) {
        event.title = None;
    }
    forecast
}

/// The forecast of a partner as an iCalendar file. People and opportunities are called by the names
/// that the caller may see; whoever may see no people gets no ids of people either.
///
/// # Errors
///
/// As of [`of_partner`].
pub fn calendar(app: &App, caller: &Caller, id: &str, asked: &Asked) -> Result<String, Error> {
    let mut forecast = of_partner(app, caller, id, asked)?;
    name_facts(app, caller, id, &mut forecast)?;
    let book = app.book()?;
    let edition = book.edition(&forecast.rulebook);
    let edition = edition.ok_or_else(|| Error::internal("the edition is gone"))?;
    let (until, path) = (forecast.until, crate::http::path_of(id));
    let page = |on: Day| {
        let query = format!("until={until}&view=calendar&day={on}#day");
        Some(format!("{}/partners/{path}/lapses?{query}", app.base_url))
    };
    Ok(forecast.to_ics(edition, &page))
}

/// Calls those whose credentials come and go by their names, or by nothing, and opportunities by
/// their titles and customers.
fn name_facts(app: &App, caller: &Caller, id: &str, forecast: &mut Forecast) -> Result<(), Error> {
    let people = Resource::new(ResourceKind::Individual, "people").of_partner(id);
    let seen = kinds_seen(app, caller, id);
    let may = app.access.decide(&caller.actor, Action::ViewFact, &people).is_allowed()
        && seen.contains(&FactKind::Credential);
    app.store.read(|tx| {
        for event in forecast.days.iter_mut().flat_map(ForecastDay::events_mut) {
            match event.kind {
                FactKind::Credential => {
                    let name = if may { name_of(tx, &event.fact)? } else { None };
                    let unnamed = if may { event.subject.clone() } else { event.fact.clone() };
                    event.subject = name.unwrap_or(unnamed);
                }
                FactKind::Opportunity if seen.contains(&FactKind::Opportunity) => {
                    let file = file_of(FactKind::Opportunity);
                    let held = tx.current(Kind::Fact(file), &event.fact)?;
                    event.title = held.and_then(|held| {
                        opportunity_title(held.draft.cell("title"), held.draft.cell("customer"))
                    });
                }
                _ => {}
            }
        }
        Ok(())
    })
}

/// The name of the person who holds a credential.
fn name_of(tx: &mut Tx<'_>, credential: &str) -> Result<Option<String>, Error> {
    let current = |tx: &mut Tx<'_>, kind: FactKind, id: &str| -> Result<Option<Record>, Error> {
        Ok(tx.current(Kind::Fact(file_of(kind)), id)?.as_ref().map(Record::of))
    };
    let Some(held) = current(tx, FactKind::Credential, credential)? else { return Ok(None) };
    let Some(id) = held.values.get("individual") else { return Ok(None) };
    let kind = Kind::Fact(guildhall_rules::facts::File::Individuals);
    let individual = tx.current(kind, id)?;
    Ok(individual.and_then(|row| row.draft.cell("name").map(str::to_owned)))
}

/// Where a partner will stand on a day without and with what is supposed.
#[derive(Clone, Debug)]
pub struct WhatIf {
    /// Where it stands on the last day looked at if nothing of it happens.
    pub before: Scorecard,
    /// Where it stands if it does, and what happens until then.
    pub after: Forecast,
    /// What is between the two.
    pub changes: Changes,
    /// The day from which the days that happen go on, where not all are told.
    pub next: Option<Day>,
}

/// What a partner's standing would be if something happened that is not recorded. Of the days until
/// then at most so many are told, from one on: they are what it costs to tell.
///
/// # Errors
///
/// As of [`of_partner`].
pub fn what_if(
    app: &App,
    caller: &Caller,
    id: &str,
    asked: &Asked,
    (from, most): (Option<Day>, usize),
) -> Result<WhatIf, Error> {
    app.allow(caller, Action::ViewScorecard, &partner(id))?;
    let horizon = horizon(app, asked)?;
    let words = asked.suppositions.iter().map(Supposition::to_string).collect();
    let mut held = app.store.read(|tx| Held::read(app, tx, id, asked, horizon.as_of))?;
    let before = {
        let mut evaluator = held.evaluator()?;
        evaluator.foreseen(held.partner, horizon, asked.known_at, FactLists::Omitted)
    };
    held.suppose(&asked.suppositions)?;
    let mut evaluator = held.evaluator()?;
    let part = (from.unwrap_or(horizon.as_of), most);
    let (after, next) = evaluator.forecast_part(held.partner, horizon, asked.known_at, words, part);
    let (before, after) = (as_seen(app, caller, id, before), as_seen(app, caller, id, after));
    let after = hide_titles(app, caller, id, after);
    let changes = Changes::between(&before, &after.end);
    Ok(WhatIf { before, after, changes, next })
}

/// What turns for a partner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PartnerOutlook {
    /// The partner's id.
    pub partner: String,
    /// The edition's id.
    pub rulebook: String,
    /// The day looked from.
    pub as_of: Day,
    /// The last day looked at.
    pub until: Day,
    /// Days on which the value or the state of some cell changes.
    pub days: u32,
    /// What turns, in the order of the days.
    pub turns: Vec<Turn>,
}

/// What turns for the partners behind an id: of at most `limit` of them those for whom something
/// does, and the id behind which the next begin, if there may be any.
///
/// # Errors
///
/// When the caller may not see the network, or the days make no sense.
pub fn of_network(
    app: &App,
    caller: &Caller,
    asked: &Asked,
    after: Option<&str>,
    limit: usize,
) -> Result<(Vec<PartnerOutlook>, Option<String>), Error> {
    let network = Resource::new(ResourceKind::Network, "network");
    app.allow(caller, Action::ViewNetwork, &network)?;
    let horizon = horizon(app, asked)?;
    app.store.read(|tx| {
        let book = app.rulebooks.get(tx)?;
        let edition = book.choose(None, horizon.as_of, None)?;
        let after = after.unwrap_or_default();
        let ids = tx.partners_after(after, limit)?;
        let Some((last, _)) = ids.last().cloned() else { return Ok((Vec::new(), None)) };
        let next = (ids.len() == limit).then(|| last.clone());
        let facts = tx.read_span(&book.catalogue, Span { after, until: Some(&last) })?;
        // Subsidiaries of others are among them.
        let mut wanted: Vec<PartnerNumber> =
            ids.iter().filter_map(|(id, _)| facts.find_partner(id)).collect();
        wanted.sort_unstable();
        let mut evaluator = Evaluator::new(edition, &book.catalogue, &facts);
        let foreseen = evaluator.forecast_of(&wanted, horizon, 1);
        let show = |outlook: Outlook| PartnerOutlook {
            partner: facts.partner_id(outlook.partner).to_owned(),
            rulebook: edition.id.clone(),
            as_of: horizon.as_of,
            until: horizon.until,
            days: outlook.days,
            turns: outlook.turns,
        };
        let mut shown: Vec<PartnerOutlook> = foreseen.partners.into_iter().map(show).collect();
        for one in &mut shown {
            one.turns = as_seen(app, caller, &one.partner, std::mem::take(&mut one.turns));
        }
        shown.retain(|one| !one.turns.is_empty());
        shown.sort_by(|a, b| a.partner.cmp(&b.partner));
        Ok((shown, next))
    })
}
