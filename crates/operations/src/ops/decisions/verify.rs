//! Recomputes every published decision: from exactly the facts that it froze, and from what the
//! database says was known then.

use std::collections::BTreeMap;

use guildhall_rules::day::Day;
use guildhall_rules::period::Period;
use guildhall_rules::rulebook::{self, Catalogue, Edition};
use guildhall_store::{Fault, Kind, Store, StoredDecision, Tx, sha256};
use jiff::Timestamp;
use serde_json::Value as Json;

use super::assess::{Answer, Question, answer, evidence, read};
use super::changed::told;
use super::{Body, canonical};
use crate::{App, Caller, Error};

/// Most faults that are told one by one.
const TOLD: usize = 1_000;

/// How many decisions are read at once.
const BATCH: usize = 200;

/// What verifying decisions came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DecisionsVerified {
    /// How many decisions there are.
    pub decisions: u64,
    /// What is wrong, at most a thousand.
    pub problems: Vec<Fault>,
    /// How many more there are.
    pub more: u64,
}

impl DecisionsVerified {
    fn fault(&mut self, code: &'static str, place: &str, message: impl Into<String>) {
        if self.problems.len() < TOLD {
            let (place, message) = (place.to_owned(), message.into());
            self.problems.push(Fault { code, place, message });
        } else {
            self.more += 1;
        }
    }
}

/// The editions of the database, each with the digest of its text.
struct Editions {
    editions: BTreeMap<String, (String, Edition)>,
    catalogue: Catalogue,
}

impl Editions {
    fn read(tx: &mut Tx<'_>, verified: &mut DecisionsVerified) -> Result<Self, Error> {
        let mut editions = BTreeMap::new();
        for stored in tx.editions()?.into_iter().filter(|stored| stored.is_published) {
            match rulebook::load(&stored.id, &stored.text) {
                Ok(edition) => {
                    editions.insert(stored.id, (sha256(stored.text.as_bytes()), edition));
                }
                Err(problems) => {
                    let why = problems.shown().first().map(ToString::to_string).unwrap_or_default();
                    let place = format!("editions `{}`", stored.id);
                    verified.fault("changed-edition", &place, format!("it cannot be read: {why}"));
                }
            }
        }
        let catalogue = Catalogue::new(editions.values().map(|(_, edition)| edition));
        Ok(Self { editions, catalogue })
    }
}

/// Recomputes every published decision. What is wrong with them is in the answer, each with a
/// code: `changed-decision`, `missing-decision`, `changed-edition`, `changed-evidence`,
/// `missing-evidence`, `recomputed-otherwise` (from the frozen facts), `known-otherwise` (from
/// what the database says was known then).
///
/// # Errors
///
/// Of reading the database.
pub fn verify(store: &Store) -> Result<DecisionsVerified, Error> {
    store.read(|tx| {
        let mut verified = DecisionsVerified::default();
        let editions = Editions::read(tx, &mut verified)?;
        let mut digests = tx.decision_digests()?;
        let mut before = None;
        loop {
            let batch = tx.decisions(None, before, BATCH)?;
            let Some(last) = batch.last() else { break };
            before = Some(last.number);
            for stored in batch {
                verified.decisions += 1;
                let named = digests.remove(&stored.number);
                one(tx, &editions, &stored, named.as_ref(), &mut verified)?;
            }
        }
        for number in digests.into_keys() {
            let place = format!("decisions {number}");
            verified.fault("missing-decision", &place, "it was published and is gone");
        }
        Ok(verified)
    })
}

/// Recomputes one decision, for whoever may see it: the same that [`verify`] does for all.
///
/// # Errors
///
/// When there is no such decision that the caller may see, or the database cannot be read.
pub fn verify_one(app: &App, caller: &Caller, number: i64) -> Result<DecisionsVerified, Error> {
    let shown = super::get(app, caller, number)?;
    app.store.read(|tx| {
        let mut verified = DecisionsVerified { decisions: 1, ..DecisionsVerified::default() };
        let editions = Editions::read(tx, &mut verified)?;
        let digests = tx.decision_digests_of(&shown.partner)?;
        let stored = tx.decision(number)?;
        let stored = stored.ok_or_else(|| Error::not_found("decision", &number.to_string()))?;
        one(tx, &editions, &stored, digests.get(&number), &mut verified)?;
        Ok(verified)
    })
}

fn one(
    tx: &mut Tx<'_>,
    editions: &Editions,
    stored: &StoredDecision,
    named: Option<&(String, String)>,
    verified: &mut DecisionsVerified,
) -> Result<(), Error> {
    let place = format!("decisions {}", stored.number);
    let digest = sha256(stored.body.as_bytes());
    let now = (digest, stored.computed());
    if named != Some(&now) || now.0 != stored.sha256 {
        verified.fault("changed-decision", &place, "it is not what was published");
        return Ok(());
    }
    let body: Option<Body> = serde_json::from_str(&stored.body).ok();
    let asked = body.as_ref().and_then(|body| Asked::of(body, editions));
    let Some((body, asked)) = body.as_ref().zip(asked) else {
        verified.fault("changed-edition", &place, "the edition that it names is not there");
        return Ok(());
    };
    if asked.sha256 != body.edition.sha256 {
        let message = format!("the text of the edition `{}` is another", body.edition.id);
        verified.fault("changed-edition", &place, message);
        return Ok(());
    }
    if asked.edition.evaluation != body.edition.evaluation {
        verified.fault("changed-edition", &place, "it names another version of the evaluation");
    }
    let is_whole = evidence_intact(tx, body, &place, verified)?;
    if is_whole {
        from_evidence(tx, editions, body, &asked, &place, verified)?;
    }
    from_knowledge(tx, editions, body, &asked, &place, verified)
}

/// What a decision was an answer to.
struct Asked<'e> {
    question: Question,
    as_of: Day,
    known_at: Timestamp,
    edition: &'e Edition,
    sha256: &'e str,
}

impl<'e> Asked<'e> {
    fn of(body: &Body, editions: &'e Editions) -> Option<Self> {
        let (sha256, edition) = editions.editions.get(&body.edition.id)?;
        let question = match &body.period {
            None => Question::Scorecard,
            Some(period) => {
                let mut schemes = edition.discounts.iter();
                Question::Discount(
                    schemes.find_map(|scheme| Period::parse(period, scheme.period_months))?,
                )
            }
        };
        let as_of = Day::parse(body.as_of.as_bytes())?;
        let known_at = body.known_at.parse().ok()?;
        Some(Self { question, as_of, known_at, edition, sha256 })
    }

    fn answer(
        &self,
        catalogue: &Catalogue,
        facts: &guildhall_rules::facts::Facts,
        partner: &str,
    ) -> Result<Option<Answer>, Error> {
        let Some(found) = facts.find_partner(partner) else { return Ok(None) };
        let evaluator = guildhall_rules::evaluation::Evaluator::new(self.edition, catalogue, facts);
        answer(&evaluator, found, self.question, self.as_of, self.known_at).map(Some)
    }
}

/// Whether every version is there. What was changed is told by its place.
fn evidence_intact(
    tx: &mut Tx<'_>,
    body: &Body,
    place: &str,
    verified: &mut DecisionsVerified,
) -> Result<bool, Error> {
    let mut is_whole = true;
    for (table, version) in &body.evidence {
        let state = match Kind::from_table(table) {
            Some(kind) => tx.intact(kind, *version)?,
            None => None,
        };
        match state {
            Some(true) => {}
            Some(false) => {
                let message = format!("{table} version {version} is not what was recorded");
                verified.fault("changed-evidence", place, message);
            }
            None => {
                is_whole = false;
                let message = format!("{table} version {version} is gone");
                verified.fault("missing-evidence", place, message);
            }
        }
    }
    Ok(is_whole)
}

fn from_evidence(
    tx: &mut Tx<'_>,
    editions: &Editions,
    body: &Body,
    asked: &Asked<'_>,
    place: &str,
    verified: &mut DecisionsVerified,
) -> Result<(), Error> {
    let Some(evidence) = evidence(&body.evidence) else { return Ok(()) };
    // A row that was changed to something that cannot be read is a fault of its own.
    let facts = match tx.read_evidence(&editions.catalogue, &evidence) {
        Ok(Some(facts)) => facts,
        Ok(None) => return Ok(()),
        Err(guildhall_store::Error::Unexpected(why)) => {
            verified.fault("changed-evidence", place, why);
            return Ok(());
        }
        Err(error) => return Err(error.into()),
    };
    let found = asked.answer(&editions.catalogue, &facts, &body.partner)?;
    if let Some(difference) = difference(body, found)? {
        verified.fault("recomputed-otherwise", place, difference);
    }
    Ok(())
}

fn from_knowledge(
    tx: &mut Tx<'_>,
    editions: &Editions,
    body: &Body,
    asked: &Asked<'_>,
    place: &str,
    verified: &mut DecisionsVerified,
) -> Result<(), Error> {
    let read = match read(tx, &editions.catalogue, &body.partner, Some(asked.known_at)) {
        Err(Error::Internal(why)) => {
            verified.fault("known-otherwise", place, why.to_string());
            return Ok(());
        }
        read => read?,
    };
    let (found, now) = match read {
        None => (None, Vec::new()),
        Some((facts, now)) => (asked.answer(&editions.catalogue, &facts, &body.partner)?, now),
    };
    let known_at = &body.known_at;
    if now != body.evidence {
        let which = told(tx, &body.evidence, &now)?;
        let message = format!("the database says that at {known_at} it knew other facts: {which}");
        verified.fault("known-otherwise", place, message);
    } else if let Some(difference) = difference(body, found)? {
        let message = format!("from what was known at {known_at}: {difference}");
        verified.fault("known-otherwise", place, message);
    }
    Ok(())
}

/// Where an answer differs from the frozen one, byte for byte.
fn difference(body: &Body, found: Option<Answer>) -> Result<Option<String>, Error> {
    let Some((scorecard, statement)) = found else {
        return Ok(Some("the partner is not among the facts".to_owned()));
    };
    let pairs =
        [("scorecard", &body.scorecard, scorecard), ("statement", &body.statement, statement)];
    for (name, frozen, now) in pairs {
        if canonical(frozen)? == canonical(&now)? {
            continue;
        }
        let now = now.unwrap_or_default();
        let frozen = frozen.clone().unwrap_or_default();
        let at = pointer(&frozen, &now).unwrap_or_default();
        let short = |value: &Json| {
            let text = value.pointer(&at).map(ToString::to_string).unwrap_or_default();
            text.chars().take(80).collect::<String>()
        };
        let (was, is) = (short(&frozen), short(&now));
        return Ok(Some(format!("{name}{at} was `{was}` and comes to `{is}`")));
    }
    Ok(None)
}

/// Where two values first differ.
fn pointer(a: &Json, b: &Json) -> Option<String> {
    match (a, b) {
        (Json::Object(a), Json::Object(b)) if a.keys().eq(b.keys()) => a
            .iter()
            .zip(b.values())
            .find_map(|((key, a), b)| pointer(a, b).map(|rest| format!("/{key}{rest}"))),
        (Json::Array(a), Json::Array(b)) if a.len() == b.len() => a
            .iter()
            .zip(b)
            .enumerate()
            .find_map(|(at, (a, b))| pointer(a, b).map(|rest| format!("/{at}{rest}"))),
        (a, b) => (a != b).then(String::new),
    }
}
