//! The facts behind a number, a page of them: counted and not counted, each with its reason, what
//! it says, and what can be done about it. Shown as a page, or by htmx in place under its row.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use guildhall_access::{Action, Resource, ResourceKind};
use guildhall_operations::Error;
use guildhall_operations::http::Path;
use guildhall_operations::ops::Record;
use guildhall_operations::ops::standing::{self, FactBehind, facts_behind, file_of};
use guildhall_rules::rulebook::{Column, Edition, FactKind};
use guildhall_rules::scorecard::Row;

use super::book::{Book, or_id};
use super::facts::{GroupView, groups, tally};
use super::frame::{Head, Part, place};
use super::notes::Notes;
use super::page::{edition_of, seen};
use super::rows::{CellView, column_title};
use super::standpoint::{Standpoint, moment};
use super::words::{self, Shape, StateView};
use crate::form::address;
use crate::shell::Shell;
use crate::texts::Texts;
use crate::visit::{Answer, Done, Visit, path_of};

/// So many facts stand on a page.
const ON_A_PAGE: usize = 50;

/// The page of a row.
#[derive(Template)]
#[template(path = "portal/scorecard/evidence.html")]
struct EvidencePage {
    shell: Shell,
    head: Head,
    /// The page that the row stands on.
    back: String,
    title: String,
    evidence: Evidence,
}

/// The same as a part of the page that the row stands on.
#[derive(Template)]
#[template(path = "portal/scorecard/evidence_part.html")]
struct EvidencePart {
    t: &'static Texts,
    evidence: Evidence,
}

/// A page of the facts behind a number.
pub(super) struct Evidence {
    help: Option<String>,
    /// `12 counted, 3 not`.
    tally: String,
    /// The number in each column.
    readings: Vec<Reading>,
    groups: Vec<Group>,
    previous: Option<String>,
    next: Option<String>,
    /// Which facts of how many these are.
    place: Option<String>,
    /// Whether some fact has actions.
    has_actions: bool,
    /// The address of the page that holds all.
    whole: String,
}

/// A number in one column.
struct Reading {
    label: String,
    about: String,
    text: String,
    state: StateView,
    window: String,
}

/// Facts of which the same is to be said.
struct Group {
    title: String,
    tally: String,
    detail: Option<String>,
    /// Whether some fact has a detail of its own.
    has_details: bool,
    facts: Vec<Fact>,
}

/// A fact.
struct Fact {
    id: String,
    /// Its page.
    to: Option<String>,
    /// What it says, in a few words.
    about: Vec<String>,
    /// The day that matters.
    day: Option<String>,
    /// Whom it is about.
    person: Option<Person>,
    detail: Option<String>,
    dispute: Option<String>,
    correct: Option<String>,
}

struct Person {
    name: String,
    to: String,
}

/// What is known of facts that are named: what they are called, whose credentials they are, and of
/// which kinds the visitor may open facts.
#[derive(Default)]
pub(super) struct Known {
    /// Names and pages of people, by the ids of credentials.
    people: BTreeMap<String, (String, String)>,
    titles: BTreeMap<(FactKind, String), String>,
    kinds: Vec<FactKind>,
}

/// Most facts that are looked up for a page.
const MOST_FACTS: usize = 300;

/// Whether facts of a kind have titles or people of their own, so that they are looked up.
pub(super) const fn is_looked_up(kind: FactKind) -> bool {
    matches!(kind, FactKind::Credential | FactKind::Opportunity | FactKind::Validation)
}

impl Known {
    /// What is known of a partner's facts, and of these among them.
    pub(super) fn of<'c>(
        visit: &Visit,
        partner: &str,
        edition: &Edition,
        facts: impl Iterator<Item = (FactKind, &'c str)>,
    ) -> Result<Self, Error> {
        let distinct: BTreeSet<(FactKind, &str)> = facts.collect();
        let keys: Vec<(FactKind, String)> =
            distinct.into_iter().take(MOST_FACTS).map(|(kind, id)| (kind, id.to_owned())).collect();
        let behind = facts_behind(visit.app(), &visit.caller, &keys)?;
        let (mut people, mut titles) = (BTreeMap::new(), BTreeMap::new());
        for ((kind, id), behind) in keys.into_iter().zip(behind) {
            let Some(behind) = behind else { continue };
            if let Some(person) = behind.individual.as_ref().map(person_of) {
                people.insert(id.clone(), (person.name, person.to));
            }
            if let Some(title) = standing::title_of(&behind.record, kind, edition) {
                titles.insert((kind, id), title);
            }
        }
        let kinds = standing::kinds_seen(visit.app(), &visit.caller, partner);
        Ok(Self { people, titles, kinds })
    }

    /// What a fact is called.
    pub(super) fn title(&self, kind: FactKind, fact: &str) -> Option<String> {
        self.titles.get(&(kind, fact.to_owned())).cloned()
    }

    /// The person whose credential a fact is, with their page.
    pub(super) fn person(&self, kind: FactKind, fact: &str) -> Option<(String, String)> {
        self.people.get(fact).filter(|_| kind == FactKind::Credential).cloned()
    }

    /// The page of a fact, for whoever may open it.
    pub(super) fn page(&self, kind: FactKind, fact: &str) -> Option<String> {
        let to = || format!("/facts/{}/{}", file_of(kind).stem(), path_of(fact));
        self.kinds.contains(&kind).then(to)
    }
}

fn person_of(row: &Record) -> Person {
    let cell = |name: &str| row.values.get(name).cloned();
    let person = cell("person").unwrap_or_else(|| row.id.clone());
    let to = format!("/people/{}", path_of(&person));
    Person { name: cell("name").unwrap_or(person), to }
}

/// What a page of evidence is made from.
struct Asked<'a> {
    partner: &'a str,
    measure: &'a str,
    /// The address of the page, without a place in it.
    address: &'a str,
    edition: &'a Edition,
}

pub(super) async fn show(Path((partner, measure)): Path<(String, String)>, visit: Visit) -> Answer {
    visit
        .run(move |visit| {
            let point = Standpoint::typed(visit);
            let (scorecard, editions) = seen(visit, &partner, &point.read(visit)?)?;
            let edition = edition_of(&editions, &scorecard.rulebook)?;
            let book = Book::new(visit.t, edition, &scorecard.path, scorecard.as_of);
            let row = scorecard.rows.iter().find(|row| row.measure == measure);
            let row = row.ok_or_else(|| Error::not_found("row", &measure))?;
            let head = Head::of(visit, &partner, &scorecard.name, Part::Scorecard);
            let known = book.measure(&measure);
            let reading = |column: Column| {
                let mut none = Notes::default();
                let cell =
                    CellView::of(row, column, &row.title, known, &scorecard, &book, &mut none);
                let about = column_title(column, &scorecard, &book);
                let CellView { label, text, state, window, .. } = cell;
                Reading { label, about, text, state, window }
            };
            let readings = Column::BOTH.map(reading).into();
            let own = point.address(&format!("{}/scorecard/{}", head.base, path_of(&measure)));
            let asked = Asked { partner: &partner, measure: &measure, address: &own, edition };
            let mut evidence = evidence(visit, &asked, lists(visit.t, row))?;
            evidence.help = known.and_then(|known| known.help.clone());
            evidence.readings = readings;
            let back = point.address(&format!("{}/scorecard", head.base));
            answer(visit, head, back, or_id(&row.title, &measure), evidence)
        })
        .await
}

pub(super) async fn show_discount(
    Path((partner, measure)): Path<(String, String)>,
    visit: Visit,
) -> Answer {
    visit
        .run(move |visit| {
            let query = visit.query();
            let (period, known) = (query.get("period"), query.get("known_at"));
            let known_at = moment(visit, "known_at")?;
            let app = visit.app();
            let statement = standing::discount(app, &visit.caller, &partner, period, known_at)?;
            let editions = app.book()?;
            let edition = edition_of(&editions, &statement.rulebook)?;
            let measured = statement.measures.iter().find(|row| row.measure == measure);
            let measured = measured.ok_or_else(|| Error::not_found("row", &measure))?;
            let name = super::statement::name_of(visit, &partner)?;
            let head = Head::of(visit, &partner, &name, Part::Discount);
            let fields = [("period", period), ("known_at", known)];
            let back = address(&format!("{}/discount", head.base), &fields);
            let own = address(&format!("{}/discount/{}", head.base, path_of(&measure)), &fields);
            let (t, yes, no) = (visit.t, &measured.counted, &measured.not_counted);
            let known = edition.measures.iter().find(|known| known.id == measure);
            let reading = Reading {
                label: t.word("scorecard-column", "value"),
                about: String::new(),
                text: super::discount::bar_text(
                    t,
                    measured,
                    Shape::of(known),
                    measured.state != guildhall_rules::evaluation::State::Unknown,
                ),
                state: StateView::of(t, measured.state),
                window: words::span(t, statement.from, statement.until),
            };
            let asked = Asked { partner: &partner, measure: &measure, address: &own, edition };
            let lists = Lists { tally: tally(t, yes, no), groups: groups(t, yes, no) };
            let mut evidence = evidence(visit, &asked, lists)?;
            evidence.readings = vec![reading];
            evidence.help = known.and_then(|known| known.help.clone());
            answer(visit, head, back, or_id(&measured.title, &measure), evidence)
        })
        .await
}

fn answer(
    visit: &Visit,
    head: Head,
    back: String,
    title: String,
    evidence: Evidence,
) -> Result<Done, Error> {
    if visit.is_part {
        return Done::page(&EvidencePart { t: visit.t, evidence });
    }
    let shell = visit.shell(place(visit, &head.partner), format!("{title} · {}", head.name));
    Done::page(&EvidencePage { shell, head, back, title, evidence })
}

/// All facts of a number, in groups.
struct Lists {
    tally: String,
    groups: Vec<GroupView>,
}

fn lists(t: &Texts, row: &Row) -> Lists {
    let yes = row.counted.as_deref().unwrap_or_default();
    let no = row.not_counted.as_deref().unwrap_or_default();
    Lists { tally: tally(t, yes, no), groups: groups(t, yes, no) }
}

/// The page of facts that the query asks for.
fn evidence(visit: &Visit, asked: &Asked<'_>, lists: Lists) -> Result<Evidence, Error> {
    let t = visit.t;
    let total: usize = lists.groups.iter().map(|group| group.facts.len()).sum();
    let first: usize = visit.query().get("behind").parse().unwrap_or(0);
    let first = if first < total { first } else { 0 };
    let shown = slice(lists.groups, first, ON_A_PAGE);
    let keys: Vec<(FactKind, String)> = shown
        .iter()
        .flat_map(|group| group.facts.iter().map(|fact| (group.kind, fact.id.clone())))
        .collect();
    let mut behind = facts_behind(visit.app(), &visit.caller, &keys)?.into_iter();
    let may_dispute = may_dispute(visit, asked.partner);
    let mut has_actions = false;
    let groups: Vec<Group> = shown
        .into_iter()
        .map(|group| {
            let of_group = Of { t, asked, kind: group.kind };
            let facts = group.facts.into_iter().map(|fact| {
                let can = may_dispute && !group.has_counted;
                let fact = of_group.fact(fact, behind.next().flatten(), can);
                has_actions |= fact.dispute.is_some() || fact.correct.is_some();
                fact
            });
            Group {
                facts: facts.collect(),
                title: group.title,
                tally: group.tally,
                detail: group.detail,
                has_details: !group.is_terse,
            }
        })
        .collect();
    let last = (first + ON_A_PAGE).min(total);
    let mark = if asked.address.contains('?') { '&' } else { '?' };
    let at = |place: usize| format!("{}{mark}behind={place}", asked.address);
    let numbers = [
        ("first", t.count(first + 1).into()),
        ("last", t.count(last).into()),
        ("of", t.count(total).into()),
    ];
    Ok(Evidence {
        help: None,
        tally: lists.tally,
        readings: Vec::new(),
        groups,
        previous: (first > 0).then(|| at(first.saturating_sub(ON_A_PAGE))),
        next: (last < total).then(|| at(last)),
        place: (total > ON_A_PAGE).then(|| t.tell("evidence-place", &numbers)),
        has_actions,
        whole: asked.address.to_owned(),
    })
}

/// So many facts from a place on, with the groups that they are in.
fn slice(groups: Vec<GroupView>, first: usize, count: usize) -> Vec<GroupView> {
    let (mut skip, mut take) = (first, count);
    let mut shown = Vec::new();
    for mut group in groups {
        let skipped = skip.min(group.facts.len());
        skip -= skipped;
        group.facts.drain(..skipped);
        group.facts.truncate(take);
        take -= group.facts.len();
        if !group.facts.is_empty() {
            shown.push(group);
        }
    }
    shown
}

fn may_dispute(visit: &Visit, partner: &str) -> bool {
    let dispute = Resource::new(ResourceKind::Dispute, "new").of_partner(partner);
    visit.app().access.decide(&visit.caller.actor, Action::OpenDispute, &dispute).is_allowed()
}

/// What all facts of a group have in common.
struct Of<'a> {
    t: &'a Texts,
    asked: &'a Asked<'a>,
    kind: FactKind,
}

impl Of<'_> {
    fn fact(
        &self,
        fact: super::facts::FactView,
        behind: Option<FactBehind>,
        can_dispute: bool,
    ) -> Fact {
        let kind = file_of(self.kind).stem();
        let own = format!("/facts/{kind}/{}", path_of(&fact.id));
        let record = behind.as_ref().map(|behind| &behind.record);
        let individual = behind.as_ref().and_then(|behind| behind.individual.as_ref());
        let person = individual.map(person_of);
        Fact {
            about: match record {
                Some(record) => self.about(record),
                None if person.is_none() => fact.subject.clone().into_iter().collect(),
                None => Vec::new(),
            },
            day: record.and_then(|record| self.day(record)),
            to: record.map(|_| own.clone()),
            correct: behind.filter(|behind| behind.may_correct).map(|_| format!("{own}/correct")),
            dispute: can_dispute.then(|| {
                let fields = [
                    ("partner", self.asked.partner),
                    ("kind", kind),
                    ("fact", fact.id.as_str()),
                    ("measure", self.asked.measure),
                ];
                address("/disputes/new", &fields)
            }),
            person,
            detail: fact.detail,
            id: fact.id,
        }
    }

    /// What a fact says, in a few words: titles, names, what decided.
    fn about(&self, record: &Record) -> Vec<String> {
        let cells: &[&str] = match self.kind {
            FactKind::Opportunity => &["title", "customer"],
            FactKind::Reference | FactKind::SurveyResponse => &["customer"],
            FactKind::Rating => &["score", "customer"],
            FactKind::Case => &["customer", "severity", "resolution_code"],
            FactKind::Validation => &["program"],
            FactKind::Credential => &["credential"],
            FactKind::Event => &["subject"],
            FactKind::Review => &["kind", "tier"],
            FactKind::BusinessPlan => &[],
        };
        let edition = self.asked.edition;
        let titled = |name: &&str| -> Option<String> {
            let id = record.values.get(*name)?;
            let title = match *name {
                "program" => {
                    edition.programs.iter().find(|one| one.id == *id).map(|one| &one.title)
                }
                "credential" => {
                    edition.credentials.iter().find(|one| one.id == *id).map(|one| &one.title)
                }
                _ => None,
            };
            Some(title.map_or_else(|| id.clone(), |title| or_id(title, id)))
        };
        cells.iter().filter_map(titled).collect()
    }

    /// The day by which a fact counts.
    fn day(&self, record: &Record) -> Option<String> {
        let cells: &[&str] = match self.kind {
            FactKind::Opportunity => &["launched_on", "closed_on"],
            FactKind::Reference => &["published_on"],
            FactKind::Rating => &["rated_on"],
            FactKind::Case => &["opened_on"],
            FactKind::Validation => &["granted_on"],
            FactKind::Credential => &["issued_on"],
            FactKind::SurveyResponse => &["responded_on"],
            FactKind::Event | FactKind::Review => &["on"],
            FactKind::BusinessPlan => &["validated_on", "submitted_on"],
        };
        let day = cells.iter().find_map(|name| record.values.get(*name))?;
        Some(self.t.day_text(day))
    }
}

#[cfg(test)]
#[path = "tests/evidence.rs"]
mod tests;
