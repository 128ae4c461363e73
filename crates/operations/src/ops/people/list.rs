//! The people of a partner, a line for each human, and where a person counts.

use std::collections::BTreeMap;

use guildhall_access::{Action, Resource, ResourceKind};
use guildhall_rules::day::Day;
use guildhall_rules::facts::File;
use guildhall_rules::scorecard::Scorecard;
use guildhall_store::{Draft, Kind, Scope, Slice, Tx, Version, Wanted, email_key};

use super::{LAPSES_WITHIN, read};
use crate::ops::rows::{Record, possible_id};
use crate::ops::standing::{Viewpoint, read_scorecard};
use crate::{App, Book, Caller, Error};

/// Most people of a partner that are read at once.
const MOST: usize = 20_000;

/// How it stands with a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lapse {
    /// Its last day is behind.
    Past,
    /// Its last day lies within the next 90 days.
    Soon,
    /// It holds for longer, or without end.
    Later,
}

impl Lapse {
    /// Seen from a day, of a last day.
    pub fn of(today: Day, last: Option<Day>) -> Self {
        match last.map(|last| today.days_until(last)) {
            Some(days) if days < 0 => Self::Past,
            Some(days) if days <= LAPSES_WITHIN => Self::Soon,
            _ => Self::Later,
        }
    }
}

/// A credential as somebody holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The id of the fact.
    pub fact: String,
    /// The id of the credential in the catalogue.
    pub credential: String,
    /// Its title.
    pub title: String,
    /// The title of its level; empty where no edition in force has it.
    pub level: String,
    /// When it was issued, as recorded.
    pub issued_on: String,
    /// The last day on which it counts; none: it does not lapse by itself.
    pub last_on: Option<Day>,
    /// How it stands today.
    pub lapse: Lapse,
}

/// A human at a partner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The id that all rows of theirs share.
    pub person: String,
    /// The name.
    pub name: String,
    /// The ids of their rows at the partner.
    pub individuals: Vec<String>,
    /// The first day at the partner, where it is recorded.
    pub joined_on: Option<String>,
    /// The last day at the partner; none: still there.
    pub left_on: Option<String>,
    /// Whether that day is behind.
    pub has_left: bool,
    /// Whether they agreed to be counted.
    pub has_consent: bool,
    /// What they hold, what lapses first in front.
    pub credentials: Vec<Held>,
}

impl Listed {
    /// Whether a credential lapses within the next 90 days.
    pub fn is_lapsing(&self) -> bool {
        self.credentials.iter().any(|held| held.lapse == Lapse::Soon)
    }
}

/// A row of a scorecard in which a person counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountsIn {
    /// The measure's id.
    pub measure: String,
    /// Its title.
    pub title: String,
    /// The credentials by which they count there: ids of facts.
    pub facts: Vec<String>,
}

/// Where a person counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountsAt {
    /// The partner's id.
    pub partner: String,
    /// Its name.
    pub name: String,
    /// The rows of its scorecard.
    pub rows: Vec<CountsIn>,
}

/// What is held by a record of a credential, by the edition in force.
pub(super) fn held(book: &Book, today: Day, record: &Record) -> Held {
    let value = |name: &str| record.values.get(name).cloned().unwrap_or_default();
    let credential = value("credential");
    let current = book.choose(None, today, None).ok();
    let find = |edition: &guildhall_rules::rulebook::Edition| {
        let found = edition.credentials.iter().find(|one| one.id == credential)?;
        let level = edition.levels.get(found.level).map(|level| level.title.clone());
        Some((found.title.clone(), level.unwrap_or_default(), found.validity_months))
    };
    // What the edition in force does not know keeps the title that it had.
    let known = current.and_then(find).or_else(|| {
        let (title, ..) = book.editions.iter().rev().find_map(find)?;
        Some((title, String::new(), None))
    });
    let (title, level, months) = known.unwrap_or_else(|| (credential.clone(), String::new(), None));
    let day = |name: &str| Day::parse(value(name).as_bytes());
    let by_catalogue = || Some(day("issued_on")?.plus_months(months?.into()));
    let last_on = day("expires_on").or_else(by_catalogue);
    Held {
        fact: record.id.clone(),
        issued_on: value("issued_on"),
        lapse: Lapse::of(today, last_on),
        last_on,
        credential,
        title,
        level,
    }
}

/// The people of a partner, in the order of their names, those who have left among them.
///
/// # Errors
///
/// When there is no partner whose people the caller may see.
pub fn list(app: &App, caller: &Caller, partner: &str) -> Result<Vec<Listed>, Error> {
    possible_id("partner", partner)?;
    let about = Resource::new(ResourceKind::Person, "people").of_partner(partner);
    app.allow(caller, Action::ViewPerson, &about)?;
    app.store.read(|tx| {
        if tx.current(Kind::Fact(File::Partners), partner)?.is_none() {
            return Err(Error::not_found("partner", partner));
        }
        let book = app.rulebooks.get(tx)?;
        let today = app.clock.today();
        let slice = Slice { after: None, limit: MOST };
        let kind = Kind::Fact(File::Individuals);
        let rows = tx.list(kind, &Scope::everything(), Some(partner), &[], slice)?;
        let mut humans: BTreeMap<String, Vec<Draft>> = BTreeMap::new();
        for Version { draft, .. } in rows {
            let person = draft.cell("person").unwrap_or(draft.id()).to_owned();
            humans.entry(person).or_default().push(draft);
        }
        let mut credentials = credentials(app, tx, caller, (partner, &book, today))?;
        let mut people: Vec<Listed> = humans
            .into_iter()
            .map(|(person, rows)| {
                let held = credentials.remove(&person).unwrap_or_default();
                listed(person, &rows, held, today)
            })
            .collect();
        people.sort_by_cached_key(|one| (one.name.to_lowercase(), one.person.clone()));
        Ok(people)
    })
}

/// What everybody at a partner holds, by person.
fn credentials(
    app: &App,
    tx: &mut Tx<'_>,
    caller: &Caller,
    (partner, book, today): (&str, &Book, Day),
) -> Result<BTreeMap<String, Vec<Held>>, Error> {
    let mut by_person: BTreeMap<String, Vec<Held>> = BTreeMap::new();
    // All belong to one partner's people: they are seen together or not at all.
    let about = Resource::new(ResourceKind::Credential, "credentials").of_partner(partner);
    if !app.access.decide(&caller.actor, Action::ViewFact, &about).is_allowed() {
        return Ok(by_person);
    }
    let persons: BTreeMap<String, String> = tx.persons_of(partner)?.into_iter().collect();
    let own: Vec<Version> = tx.partner_credentials(partner)?;
    for version in own {
        let individual = version.draft.cell("individual").unwrap_or_default();
        let Some(person) = persons.get(individual) else { continue };
        let held = held(book, today, &Record::of(&version));
        by_person.entry(person.clone()).or_default().push(held);
    }
    for held in by_person.values_mut() {
        held.sort_by_key(|held| (held.lapse != Lapse::Soon, held.last_on, held.title.clone()));
    }
    Ok(by_person)
}

fn listed(person: String, rows: &[Draft], credentials: Vec<Held>, today: Day) -> Listed {
    // The name of who is still there stands before that of a row that has ended.
    let present = rows.iter().find(|row| row.cell("left_on").is_none());
    let name = present.or(rows.first()).and_then(|row| row.cell("name")).unwrap_or_default();
    let has_ended = rows.iter().all(|row| row.cell("left_on").is_some());
    let left_on = rows.iter().filter_map(|row| row.cell("left_on")).max();
    let left_on = left_on.filter(|_| has_ended).map(str::to_owned);
    let left = left_on.as_ref().and_then(|day| Day::parse(day.as_bytes()));
    Listed {
        name: name.to_owned(),
        individuals: rows.iter().map(|row| row.id().to_owned()).collect(),
        joined_on: rows.iter().filter_map(|row| row.cell("joined_on")).min().map(str::to_owned),
        has_left: left.is_some_and(|left| left < today),
        left_on,
        has_consent: rows.iter().any(|row| row.cell("consent") == Some("yes")),
        credentials,
        person,
    }
}

/// The rows at a partner of whoever has an e-mail address.
pub(crate) fn own_rows(tx: &mut Tx<'_>, partner: &str, email: &str) -> Result<Vec<Draft>, Error> {
    let key = email_key(email);
    let wanted = Wanted { text: Some(&key), ..Wanted::default() };
    let (all, slice) = (Scope::everything(), Slice { after: None, limit: 100 });
    let rows = tx.find(Kind::Fact(File::Individuals), &all, partner, &wanted, slice)?;
    let is_own = |draft: &Draft| {
        let emails = draft.cell("emails").unwrap_or_default();
        emails.split(';').any(|one| email_key(one) == key)
    };
    Ok(rows.into_iter().map(|row| row.draft).filter(is_own).collect())
}

/// What whoever has an e-mail address holds at a partner and loses within so many days: the titles of
/// credentials and their last days. They are told of themselves, so that nobody is asked.
pub(crate) fn own_lapses(
    app: &App,
    partner: &str,
    email: &str,
    within: i32,
) -> Result<Vec<(String, Day)>, Error> {
    let today = app.clock.today();
    app.store.read(|tx| {
        let book = app.rulebooks.get(tx)?;
        let all = Scope::everything();
        let mut ends = Vec::new();
        for row in own_rows(tx, partner, email)? {
            let of_row = [("individual", row.id())];
            let slice = Slice { after: None, limit: 500 };
            for found in tx.list(Kind::Fact(File::Credentials), &all, None, &of_row, slice)? {
                let held = held(&book, today, &Record::of(&found));
                let ahead = |last: &Day| (0..=within).contains(&today.days_until(*last));
                ends.extend(held.last_on.filter(ahead).map(|last| (held.title, last)));
            }
        }
        ends.sort_by(|a, b| (a.1, &a.0).cmp(&(b.1, &b.0)));
        Ok(ends)
    })
}

/// What a person holds as far as the caller may see it, what lapses first in front; and where they
/// count: on the scorecards that the caller may see.
///
/// # Errors
///
/// When there is no person whom the caller may see.
pub fn standing(
    app: &App,
    caller: &Caller,
    person: &str,
) -> Result<(super::Person, Vec<Held>, Vec<CountsAt>), Error> {
    let found = read(app, caller, person)?;
    let today = app.clock.today();
    app.store.read(|tx| {
        let book = app.rulebooks.get(tx)?;
        let records = found.credentials.iter();
        let mut credentials: Vec<Held> = records.map(|record| held(&book, today, record)).collect();
        credentials.sort_by_key(|held| (held.lapse != Lapse::Soon, held.last_on));
        let mut partners: Vec<&String> =
            found.rows.iter().filter_map(|row| row.values.get("partner")).collect();
        partners.sort_unstable();
        partners.dedup();
        let mut counts = Vec::new();
        for partner in partners {
            let about = Resource::new(ResourceKind::Partner, partner.as_str()).of_partner(partner);
            if !app.access.decide(&caller.actor, Action::ViewScorecard, &about).is_allowed() {
                continue;
            }
            match read_scorecard(app, tx, partner, &Viewpoint::default()) {
                Ok(scorecard) => counts.push(counts_at(&scorecard, person)),
                Err(Error::NotFound { .. } | Error::Invalid(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok((found.clone(), credentials, counts))
    })
}

/// What a person holds, what lapses first in front, whoever asks: for what is the person's own.
pub(crate) fn held_by(app: &App, tx: &mut Tx<'_>, person: &str) -> Result<Vec<Held>, Error> {
    let (book, today) = (app.rulebooks.get(tx)?, app.clock.today());
    let rows = tx.person_credentials(person)?;
    let mut all: Vec<Held> = rows.iter().map(|row| held(&book, today, &Record::of(row))).collect();
    all.sort_by_key(|held| (held.lapse != Lapse::Soon, held.last_on));
    Ok(all)
}

fn counts_at(scorecard: &Scorecard, person: &str) -> CountsAt {
    let rows = scorecard.rows.iter().filter_map(|row| {
        let counted = row.counted.as_deref().unwrap_or_default();
        let facts: Vec<String> = counted
            .iter()
            .filter(|fact| fact.subject == person && fact.fact != fact.subject)
            .map(|fact| fact.fact.clone())
            .collect();
        let (measure, title) = (row.measure.clone(), row.title.clone());
        (!facts.is_empty()).then_some(CountsIn { measure, title, facts })
    });
    CountsAt {
        partner: scorecard.partner.clone(),
        name: scorecard.name.clone(),
        rows: rows.collect(),
    }
}
