//! What the facts of a partner come to, with everything that a decision freezes of it.

use guildhall_rules::day::Day;
use guildhall_rules::evaluation::Evaluator;
use guildhall_rules::facts::{Facts, PartnerNumber};
use guildhall_rules::period::Period;
use guildhall_rules::review::ReviewForecast;
use guildhall_rules::rulebook::{Catalogue, Edition};
use guildhall_rules::scorecard::FactLists;
use guildhall_store::{Evidence, Kind, Tx};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::FrozenEdition;
use crate::{App, Book, Error};

/// What is asked of the facts.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Question {
    /// The scorecard.
    Scorecard,
    /// The statement of the support discount for a period.
    Discount(Period),
}

/// Kind and version of facts, as decisions write them.
pub(crate) type Told = Vec<(String, i64)>;

/// Scorecard and statement, of which one is asked for.
pub(crate) type Answer = (Option<Json>, Option<Json>);

/// What the engine comes to, and from what.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Assessed {
    pub(crate) as_of: String,
    pub(crate) edition: FrozenEdition,
    /// The tier held, and those of the path, lowest first.
    pub(crate) held: Option<String>,
    pub(crate) tiers: Vec<String>,
    pub(crate) path: String,
    pub(crate) scorecard: Option<Json>,
    pub(crate) statement: Option<Json>,
    pub(crate) evidence: Told,
}

/// Reads a partner's facts, as known at a moment, with the versions that they are.
pub(crate) fn read(
    tx: &mut Tx<'_>,
    catalogue: &Catalogue,
    partner: &str,
    known_at: Option<Timestamp>,
) -> Result<Option<(Facts, Told)>, Error> {
    let read = tx.read_partner(catalogue, partner, known_at)?;
    Ok(read.map(|read| {
        let told = |fact: &Evidence| (fact.kind.table().to_owned(), fact.version);
        let evidence = read.evidence.iter().map(told).collect();
        (read.facts, evidence)
    }))
}

/// Evidence as decisions write it, read. None where a kind is none.
pub(crate) fn evidence(told: &[(String, i64)]) -> Option<Vec<Evidence>> {
    let read = |(kind, version): &(String, i64)| {
        Some(Evidence { kind: Kind::from_table(kind)?, version: *version })
    };
    told.iter().map(read).collect()
}

/// The answer to a question as JSON.
pub(crate) fn answer(
    evaluator: &Evaluator<'_>,
    partner: PartnerNumber,
    question: Question,
    as_of: Day,
    known_at: Timestamp,
) -> Result<Answer, Error> {
    match question {
        Question::Scorecard => {
            let card = evaluator.scorecard(partner, as_of, Some(known_at), FactLists::Listed);
            Ok((Some(serde_json::to_value(card).map_err(Error::internal)?), None))
        }
        Question::Discount(period) => {
            let scheme = evaluator.support_scheme();
            let statement = scheme
                .map(|scheme| evaluator.discount_statement(scheme, partner, period, as_of))
                .map(serde_json::to_value)
                .transpose();
            Ok((None, statement.map_err(Error::internal)?))
        }
    }
}

/// Which forecast is asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step {
    /// That of the next review.
    Review,
    /// What remains when a grace is over.
    AfterGrace(Day),
}

/// What a partner's facts come to on a day, as known at a moment.
pub(crate) fn assess(
    app: &App,
    tx: &mut Tx<'_>,
    partner: &str,
    question: Question,
    (as_of, known_at): (Day, Timestamp),
    step: Step,
) -> Result<(Assessed, ReviewForecast), Error> {
    let book = app.rulebooks.get(tx)?;
    let edition = edition_of(&book, question, as_of, known_at)?;
    let missing = || Error::not_found("partner", partner);
    let read = read(tx, &book.catalogue, partner, Some(known_at))?;
    let (facts, evidence) = read.ok_or_else(missing)?;
    let found = facts.find_partner(partner).ok_or_else(missing)?;
    let evaluator = Evaluator::new(edition, &book.catalogue, &facts);
    let (scorecard, statement) = answer(&evaluator, found, question, as_of, known_at)?;
    let forecast = match step {
        Step::Review => next_review(&evaluator, found, as_of),
        Step::AfterGrace(until) => evaluator.review_after_grace(found, until, as_of),
    };
    let card = evaluator.scorecard(found, as_of, None, FactLists::Omitted);
    let path = edition.path(&card.path);
    let tiers = path.map(|path| path.tiers.iter().map(|tier| tier.id.clone()).collect());
    let stored = tx.edition(&edition.id)?;
    let stored = stored.ok_or_else(|| Error::not_found("edition", &edition.id))?;
    let (id, evaluation) = (edition.id.clone(), edition.evaluation);
    let assessed = Assessed {
        as_of: as_of.to_string(),
        edition: FrozenEdition { id, sha256: stored.sha256, evaluation },
        held: card.tier,
        tiers: tiers.unwrap_or_default(),
        path: card.path,
        scorecard,
        statement,
        evidence,
    };
    Ok((assessed, forecast))
}

/// The next review. A grace is counted from the due day: where it is over, what remains is what
/// comes of it.
fn next_review(evaluator: &Evaluator<'_>, partner: PartnerNumber, as_of: Day) -> ReviewForecast {
    let forecast = evaluator.review_forecast(partner, as_of);
    match forecast.grace_until {
        Some(until) if until < as_of => {
            let over = evaluator.review_after_grace(partner, until, as_of);
            ReviewForecast { due_on: forecast.due_on, ..over }
        }
        _ => forecast,
    }
}

/// The edition by which a question is answered.
pub(crate) fn edition_of(
    book: &Book,
    question: Question,
    as_of: Day,
    known_at: Timestamp,
) -> Result<&Edition, Error> {
    let day = match question {
        Question::Scorecard => as_of,
        Question::Discount(period) => period.first_day(),
    };
    book.choose(None, day, Some(known_at))
}
