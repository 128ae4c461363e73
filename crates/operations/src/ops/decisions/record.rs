//! Publishing: a decision is frozen, and the rows of the tier's history that follow from it are
//! recorded, in one transaction.

use guildhall_access::{Action, Resource, ResourceKind};
use guildhall_rules::day::Day;
use guildhall_rules::period::Period;
use guildhall_store::{Entry, StoredDecision, TierReview, Tx, moment_text};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use utoipa::ToSchema;

use super::assess::{Assessed, Question, Step, assess};
use super::changed::refuse_changed;
use super::history::{HistoryRow, kinds_of, written_out};
use super::{Body, DecisionShown, canonical, check_text, moment, plain, review_resource, shown};
use crate::mail::Letter;
use crate::ops::reviews::{Proposal, ReviewShown, missing, show};
use crate::ops::rows::same_version;
use crate::{App, Caller, Error};

/// Freezes a decision and records its rows, as parts of an entry.
fn freeze(
    tx: &mut Tx<'_>,
    entry: &mut Entry,
    (mut body, subject): (Body, String),
    (path, number, supersedes): (&str, i64, Option<i64>),
    rows: &[HistoryRow],
) -> Result<StoredDecision, Error> {
    // What a decision records was not yet known at the moment from which it looks.
    let known_at: Timestamp = body.known_at.parse().map_err(Error::internal)?;
    if entry.at <= known_at {
        let behind = known_at.checked_add(SignedDuration::from_nanos(1));
        entry.at = behind.map_err(Error::internal)?;
    }
    let mut drafts = Vec::new();
    if let Some(first) = rows.first() {
        drafts = written_out(tx, &body.partner, path, number, &first.on)?;
    }
    drafts.extend(rows.iter().map(|row| row.draft(&body.partner, path)));
    for draft in drafts {
        body.recorded.push(draft.id().to_owned());
        tx.record(entry, draft)?;
    }
    let decision = StoredDecision {
        number,
        kind: body.kind.clone(),
        partner: body.partner.clone(),
        subject,
        published_at: String::new(),
        published_by: String::new(),
        supersedes,
        body: canonical(&body)?,
        sha256: String::new(),
    };
    Ok(tx.publish_decision(entry, decision)?)
}

/// Publishes a confirmed tier review: freezes the decision and records what follows from it.
///
/// # Errors
///
/// When the caller may not; when it is not confirmed; `facts-changed` or `edition-changed` where
/// what it rests on is not what it was.
pub fn publish_review(
    app: &App,
    caller: &Caller,
    number: i64,
    if_match: Option<&str>,
) -> Result<ReviewShown, Error> {
    app.change(caller, |tx| {
        let held = tx.tier_review(number)?;
        let held = held.ok_or_else(|| missing(caller, ResourceKind::TierReview, number))?;
        app.allow(caller, Action::PublishTierReview, &review_resource(&held))?;
        same_version(if_match, held.version)?;
        match held.state.as_str() {
            "confirmed" => {}
            "proposed" => return Err(Error::conflict("not-confirmed", "confirm it first")),
            state => {
                let message = format!("the review is {state}");
                return Err(Error::conflict("not-open", message));
            }
        }
        let proposal: Proposal = serde_json::from_str(&held.proposal).map_err(Error::internal)?;
        refuse_changed(app, tx, &held.partner, moment(&held.known_at)?, &proposal.assessed)?;
        show(publish_confirmed(app, caller, tx, held, &proposal)?)
    })
}

fn publish_confirmed(
    app: &App,
    caller: &Caller,
    tx: &mut Tx<'_>,
    mut held: TierReview,
    proposal: &Proposal,
) -> Result<TierReview, Error> {
    let assessed = &proposal.assessed;
    let book = app.rulebooks.get(tx)?;
    let edition = book.edition(&assessed.edition.id);
    let edition = edition.ok_or_else(|| Error::internal("the edition of a proposal is gone"))?;
    let decision = tx.decision_number()?;
    let kinds = kinds_of(&held.outcome, &edition.review).into_iter();
    let row = |kind| HistoryRow {
        id: format!("decision-{decision}-{kind}"),
        on: assessed.as_of.clone(),
        kind,
        tier: held.to_tier.clone(),
        valid_until: None,
    };
    let rows: Vec<HistoryRow> = kinds.map(row).collect();
    let mut body = body_of(&held.outcome, &held.partner, &plain(&held.known_at), assessed);
    body.to_tier.clone_from(&held.to_tier);
    body.grace_until.clone_from(&held.grace_until);
    body.on = Some(assessed.as_of.clone());
    body.proposed = Some(proposal.engine());
    body.review = Some(held.number);
    body.reason.clone_from(&held.reason);
    let supersedes = match held.kind.as_str() {
        "grace_end" => latest(tx, &held.partner, |past| past.kind == "grace")?,
        _ => None,
    };
    let subject = held.to_tier.clone().unwrap_or_default();
    let mut entry = app.entry(caller, Action::PublishTierReview.word(), &held.partner);
    entry.detail("review", held.number.into());
    let place = (assessed.path.as_str(), decision, supersedes);
    freeze(tx, &mut entry, (body, subject), place, &rows)?;
    (held.state, held.decision) = ("published".to_owned(), Some(decision));
    if !tx.update_tier_review(&held)? {
        return Err(Error::conflict("not-open", "somebody else changed the review"));
    }
    owe_outcome(app, tx, &held.partner, &held.outcome, decision)?;
    tx.commit(entry)?;
    held.version += 1;
    Ok(held)
}

/// The latest decision about a partner of which something is so.
fn latest(
    tx: &mut Tx<'_>,
    partner: &str,
    is_so: impl Fn(&StoredDecision) -> bool,
) -> Result<Option<i64>, Error> {
    let past = tx.decisions(Some(partner), None, 500)?;
    Ok(past.iter().find(|past| is_so(past)).map(|past| past.number))
}

/// Tells the partner what was published.
fn owe_outcome(
    app: &App,
    tx: &mut Tx<'_>,
    partner: &str,
    outcome: &str,
    decision: i64,
) -> Result<(), Error> {
    let letter = Letter::ReviewOutcome {
        partner: partner.to_owned(),
        decided_on: app.clock.today().to_string(),
        outcome: outcome.replace('_', " "),
        link: format!("{}/decisions/{decision}", app.base_url),
    };
    let letter = serde_json::to_string(&letter).map_err(Error::internal)?;
    let key = format!("decision {decision}");
    tx.owe_notice(&key, "partner", Some(partner), &letter, app.clock.now())?;
    Ok(())
}

fn body_of(kind: &str, partner: &str, known_at: &str, assessed: &Assessed) -> Body {
    Body {
        kind: kind.to_owned(),
        partner: partner.to_owned(),
        as_of: assessed.as_of.clone(),
        known_at: known_at.to_owned(),
        edition: assessed.edition.clone(),
        scorecard: assessed.scorecard.clone(),
        statement: assessed.statement.clone(),
        evidence: assessed.evidence.clone(),
        ..Body::default()
    }
}

/// A decision that no review comes before.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Declaration {
    /// The partner's id.
    pub partner: String,
    /// `suspended`, `reinstated` or `executive_review`.
    pub kind: String,
    /// The first day on which it holds, `YYYY-MM-DD`; today if not given.
    pub on: Option<String>,
    /// The last day on which it holds; not given: for ever. Not of a reinstatement.
    pub valid_until: Option<String>,
    /// Why.
    pub reason: String,
}

/// A declaration that was read.
struct Declared {
    kind: &'static str,
    on: Day,
    valid_until: Option<Day>,
    reason: String,
}

impl Declaration {
    fn read(&self, today: Day) -> Result<Declared, Error> {
        const KINDS: [&str; 3] = ["suspended", "reinstated", "executive_review"];
        let Some(kind) = KINDS.into_iter().find(|kind| *kind == self.kind) else {
            let message = format!("`{}` is no such decision", self.kind);
            let hint = "one of `suspended`, `reinstated`, `executive_review`";
            return Err(Error::field_with_hint("kind", "bad-value", message, hint));
        };
        let reason = check_text("reason", &self.reason, 4000)?;
        let on = read_day("on", self.on.as_deref())?.unwrap_or(today);
        let valid_until = read_day("valid_until", self.valid_until.as_deref())?;
        if valid_until.is_some_and(|until| until < on) {
            let message = format!("it ends before it begins on {on}");
            return Err(Error::field("valid_until", "ends-before-beginning", message));
        }
        if kind == "reinstated" && valid_until.is_some() {
            let message = "a reinstatement does not end";
            return Err(Error::field("valid_until", "bad-value", message));
        }
        Ok(Declared { kind, on, valid_until, reason })
    }
}

/// Publishes a suspension, a reinstatement or an executive review.
///
/// # Errors
///
/// When the caller may not, there is no such partner, or the input has problems.
pub fn declare(
    app: &App,
    caller: &Caller,
    declaration: &Declaration,
) -> Result<DecisionShown, Error> {
    let partner = declaration.partner.as_str();
    allow_publishing(app, caller, partner)?;
    let today = app.clock.today();
    let Declared { kind, on, valid_until, reason } = declaration.read(today)?;
    app.change(caller, |tx| {
        let now = app.clock.now();
        let ask = (today, now);
        let (assessed, _) = assess(app, tx, partner, Question::Scorecard, ask, Step::Review)?;
        refuse_changed(app, tx, partner, now, &assessed)?;
        let number = tx.decision_number()?;
        let mut body = body_of(kind, partner, &plain(&moment_text(now)), &assessed);
        body.to_tier.clone_from(&assessed.held);
        body.on = Some(on.to_string());
        body.valid_until = valid_until.map(|until| until.to_string());
        body.reason = Some(reason.clone());
        let row = HistoryRow {
            id: format!("decision-{number}-{kind}"),
            on: on.to_string(),
            kind,
            // The rows before it tell the tier of another day than today.
            tier: assessed.held.clone().filter(|_| on == today),
            valid_until: body.valid_until.clone(),
        };
        let mut entry = app.entry(caller, "publish_decision", partner);
        let place = (assessed.path.as_str(), number, None);
        let stored = freeze(tx, &mut entry, (body, kind.to_owned()), place, &[row])?;
        owe_outcome(app, tx, partner, kind, number)?;
        tx.commit(entry)?;
        shown(stored, true)
    })
}

fn allow_publishing(app: &App, caller: &Caller, partner: &str) -> Result<(), Error> {
    let resource = Resource::new(ResourceKind::TierReview, partner).of_partner(partner);
    app.allow(caller, Action::PublishTierReview, &resource)
}

/// Reads a day of the input.
pub(crate) fn read_day(field: &str, text: Option<&str>) -> Result<Option<Day>, Error> {
    let read = |text: &str| {
        Day::parse(text.as_bytes()).ok_or_else(|| {
            let message = format!("`{text}` is not a day of the calendar");
            Error::field_with_hint(field, "bad-value", message, "write it as YYYY-MM-DD")
        })
    };
    text.map(read).transpose()
}

/// Publishes the statement of the support discount of a partner for a period. An earlier one for
/// the same period is superseded.
///
/// # Errors
///
/// When the caller may not, or there is no such partner, period or discount.
pub fn publish_discount(
    app: &App,
    caller: &Caller,
    partner: &str,
    period: &str,
) -> Result<DecisionShown, Error> {
    allow_publishing(app, caller, partner)?;
    app.change(caller, |tx| {
        let book = app.rulebooks.get(tx)?;
        let mut schemes = book.editions.iter().flat_map(|edition| &edition.discounts);
        let read = schemes.find_map(|scheme| Period::parse(period, scheme.period_months));
        let Some(read) = read else {
            let message = format!("`{period}` is not a period of the discount");
            return Err(Error::field("period", "bad-period", message));
        };
        let now = app.clock.now();
        let ask = (app.clock.today(), now);
        let (assessed, _) = assess(app, tx, partner, Question::Discount(read), ask, Step::Review)?;
        if assessed.statement.is_none() {
            let message = format!("the edition `{}` has no discount", assessed.edition.id);
            return Err(Error::field("period", "no-discount", message));
        }
        let is_same = |past: &StoredDecision| past.kind == "discount" && past.subject == period;
        let supersedes = latest(tx, partner, is_same)?;
        let number = tx.decision_number()?;
        let mut body = body_of("discount", partner, &plain(&moment_text(now)), &assessed);
        body.period = Some(period.to_owned());
        let mut entry = app.entry(caller, "publish_decision", partner);
        let place = (assessed.path.as_str(), number, supersedes);
        let stored = freeze(tx, &mut entry, (body, period.to_owned()), place, &[])?;
        owe_outcome(app, tx, partner, &format!("discount {period}"), number)?;
        tx.commit(entry)?;
        shown(stored, true)
    })
}
