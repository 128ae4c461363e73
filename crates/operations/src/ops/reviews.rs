//! Tier reviews: proposed by the engine, confirmed by people, published as decisions.
//!
//! A proposal is what the rules come to on the day on which the review is due, or today where it
//! is overdue, with the facts and the edition that it rests on. It is confirmed as it is, or
//! decided otherwise with a reason; publishing freezes it ([`super::decisions::publish_review`]).

mod due;

use guildhall_access::{Action, Resource, ResourceKind};
use guildhall_rules::day::Day;
use guildhall_store::{TierReview, Tx, moment_text};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::ToSchema;

use super::decisions::{
    Assessed, Question, Step, assess, before, check_text, day, plain, read_day, review_resource,
    seen,
};
use super::rows::same_version;
use crate::{App, Caller, Error};

pub use super::decisions::publish_review as publish;
pub use due::{DueReview, DueSummary, NoticeDay, due, due_summary, next_of, notices};

/// What the engine proposes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Proposal {
    pub(crate) outcome: String,
    pub(crate) to_tier: Option<String>,
    pub(crate) grace_until: Option<String>,
    pub(crate) assessed: Assessed,
}

impl Proposal {
    /// What the engine proposed, as decisions repeat it.
    pub(crate) fn engine(&self) -> Json {
        let Self { outcome, to_tier, grace_until, .. } = self;
        serde_json::json!({"outcome": outcome, "to_tier": to_tier, "grace_until": grace_until})
    }
}

/// A tier review.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ReviewShown {
    /// Its number.
    pub number: i64,
    /// The partner's id.
    pub partner: String,
    /// `review`, `grace_end` (what remains when a grace is over) or `upgrade`.
    pub kind: String,
    /// `proposed`, `confirmed`, `published`, or `replaced` by a later proposal.
    pub state: String,
    /// Counts up with every change; its tag is `"v<version>"`.
    pub version: i64,
    /// The day on which it is due.
    pub due_on: Option<String>,
    /// The day from which the numbers are looked at.
    pub as_of: String,
    /// The state of knowledge.
    pub known_at: String,
    /// The id of the edition.
    pub edition: String,
    /// The SHA-256 of its text.
    pub edition_sha256: String,
    /// What the engine proposes: outcome, `to_tier`, `grace_until`.
    pub proposed: Json,
    /// Who asked for the proposal, and when.
    pub proposed_by: String,
    /// When.
    pub proposed_at: String,
    /// What it comes to: `renew`, `grace`, `downgrade` or `upgrade`.
    pub outcome: String,
    /// The tier held after it.
    pub to_tier: Option<String>,
    /// The last day of the grace.
    pub grace_until: Option<String>,
    /// Why it was decided otherwise than proposed.
    pub reason: Option<String>,
    /// Who confirmed it.
    pub confirmed_by: Option<String>,
    /// When.
    pub confirmed_at: Option<String>,
    /// The number of the decision that it became.
    pub decision: Option<i64>,
    /// The scorecard from which it was proposed.
    pub scorecard: Json,
    /// Kind and version of every fact that the numbers came from.
    #[schema(value_type = Vec<Json>)]
    pub evidence: Vec<(String, i64)>,
}

/// A review as it is shown.
pub(crate) fn show(review: TierReview) -> Result<ReviewShown, Error> {
    let proposal: Proposal = serde_json::from_str(&review.proposal).map_err(Error::internal)?;
    Ok(ReviewShown {
        proposed: proposal.engine(),
        number: review.number,
        partner: review.partner,
        kind: review.kind,
        state: review.state,
        version: review.version,
        due_on: review.due_on,
        as_of: proposal.assessed.as_of,
        known_at: plain(&review.known_at),
        edition: proposal.assessed.edition.id,
        edition_sha256: proposal.assessed.edition.sha256,
        proposed_by: review.proposed_by,
        proposed_at: plain(&review.proposed_at),
        outcome: review.outcome,
        to_tier: review.to_tier,
        grace_until: review.grace_until,
        reason: review.reason,
        confirmed_by: review.confirmed_by,
        confirmed_at: review.confirmed_at.as_deref().map(plain),
        decision: review.decision,
        scorecard: proposal.assessed.scorecard.unwrap_or_default(),
        evidence: proposal.assessed.evidence,
    })
}

/// What a thing that is not there answers: the same as one that is hidden.
pub(crate) fn missing(caller: &Caller, kind: ResourceKind, number: i64) -> Error {
    if caller.actor.user.is_none() {
        return caller.sign_in_first();
    }
    Error::not_found(kind.word(), &number.to_string())
}

/// Which review is to be proposed.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposalRequest {
    /// The partner's id.
    pub partner: String,
    /// `review` (of the next due day, or of the end of a grace) or `upgrade`; default `review`.
    pub kind: Option<String>,
}

/// Has the engine propose the next review of a partner, or an upgrade. A proposal that is open is
/// replaced.
///
/// # Errors
///
/// When the caller may not; when nothing is due (`nothing-due`), the review of the day was
/// published (`already-decided`), or the upgrade column is not met (`upgrade-not-met`).
pub fn propose(
    app: &App,
    caller: &Caller,
    request: &ProposalRequest,
) -> Result<ReviewShown, Error> {
    let partner = request.partner.as_str();
    let resource = Resource::new(ResourceKind::TierReview, partner).of_partner(partner);
    app.allow(caller, Action::ProposeTierReview, &resource)?;
    let kind = request.kind.as_deref().unwrap_or("review");
    if !["review", "upgrade"].contains(&kind) {
        let message = format!("`{kind}` is no kind of proposal");
        let hint = "one of `review`, `upgrade`";
        return Err(Error::field_with_hint("kind", "bad-value", message, hint));
    }
    app.change(caller, |tx| {
        // One moment: what is frozen later says from where it looks.
        let now = app.clock.now();
        let (kind, due_on, proposal) = match kind {
            "upgrade" => proposed_upgrade(app, tx, partner, now)?,
            _ => proposed_review(app, tx, partner, now)?,
        };
        let now = moment_text(now);
        let mut review = TierReview {
            number: 0,
            partner: partner.to_owned(),
            kind: kind.to_owned(),
            state: "proposed".to_owned(),
            version: 1,
            due_on: due_on.map(|day| day.to_string()),
            known_at: now.clone(),
            proposal: super::decisions::canonical(&proposal)?,
            proposed_at: now,
            proposed_by: caller.name().to_owned(),
            outcome: proposal.outcome,
            to_tier: proposal.to_tier,
            grace_until: proposal.grace_until,
            reason: None,
            confirmed_at: None,
            confirmed_by: None,
            decision: None,
        };
        review.number = tx.propose_tier_review(&review)?;
        let mut entry = app.entry(caller, Action::ProposeTierReview.word(), partner);
        entry.detail("review", review.number.into());
        tx.commit(entry)?;
        show(review)
    })
}

type Proposed = (&'static str, Option<Day>, Proposal);

fn proposed_upgrade(
    app: &App,
    tx: &mut Tx<'_>,
    partner: &str,
    now: Timestamp,
) -> Result<Proposed, Error> {
    let ask = (app.clock.today(), now);
    let (assessed, _) = assess(app, tx, partner, Question::Scorecard, ask, Step::Review)?;
    let column = assessed.scorecard.as_ref().and_then(|card| card.get("upgrade"));
    let is_met = column.and_then(|column| column.get("met")).and_then(Json::as_bool);
    let tier = column.and_then(|column| column.get("tier")).and_then(Json::as_str);
    let (Some(tier), Some(true)) = (tier.map(str::to_owned), is_met) else {
        let message = match tier {
            Some(tier) => format!("the upgrade column of `{tier}` is not met"),
            None => "there is no tier above".to_owned(),
        };
        return Err(Error::conflict("upgrade-not-met", message));
    };
    let (outcome, to_tier) = ("upgrade".to_owned(), Some(tier));
    Ok(("upgrade", None, Proposal { outcome, to_tier, grace_until: None, assessed }))
}

fn proposed_review(
    app: &App,
    tx: &mut Tx<'_>,
    partner: &str,
    now: Timestamp,
) -> Result<Proposed, Error> {
    let today = app.clock.today();
    let ask = |as_of| (as_of, now);
    let question = Question::Scorecard;
    let (_, forecast) = assess(app, tx, partner, question, ask(today), Step::Review)?;
    let nothing = || {
        let message = "no review is due: there is no earlier one to count from, or no tier is held";
        Error::conflict("nothing-due", message)
    };
    let due = forecast.due_on.ok_or_else(nothing)?;
    let published = tx.tier_reviews(Some(partner), true, None, 100)?;
    let of_day = |day: Day, kind: &str| {
        let day = day.to_string();
        published
            .iter()
            .find(|held| held.kind == kind && held.due_on.as_deref() == Some(day.as_str()))
            .cloned()
    };
    let decided = |day: Day| {
        Error::conflict("already-decided", format!("the review due on {day} was published"))
    };
    let (kind, due, step) = match of_day(due, "review") {
        None => ("review", due, Step::Review),
        Some(TierReview { grace_until: Some(until), .. }) => {
            let until = day(&until)?;
            let end = until.plus_days(1);
            if of_day(end, "grace_end").is_some() {
                return Err(decided(end));
            }
            ("grace_end", end, Step::AfterGrace(until))
        }
        Some(_) => return Err(decided(due)),
    };
    let ask = ask(due.max(today));
    let (assessed, forecast) = assess(app, tx, partner, question, ask, step)?;
    let outcome = forecast.outcome.ok_or_else(nothing)?.word().to_owned();
    let grace_until = forecast.grace_until.map(|day| day.to_string());
    Ok((kind, Some(due), Proposal { outcome, to_tier: forecast.to_tier, grace_until, assessed }))
}

/// How a proposal is decided.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Confirmation {
    /// `renew`, `grace`, `downgrade` or `upgrade`, where it is decided otherwise than proposed.
    pub outcome: Option<String>,
    /// The tier held after it: one of the partner's path.
    pub to_tier: Option<String>,
    /// The last day of a grace, `YYYY-MM-DD`.
    pub grace_until: Option<String>,
    /// Why; needed where it is decided otherwise.
    pub reason: Option<String>,
}

/// Confirms a proposal, or decides otherwise with a reason.
///
/// # Errors
///
/// When the caller may not; when it is confirmed or published already; when the input has
/// problems.
pub fn confirm(
    app: &App,
    caller: &Caller,
    number: i64,
    if_match: Option<&str>,
    confirmation: &Confirmation,
) -> Result<ReviewShown, Error> {
    app.change(caller, |tx| {
        let held = tx.tier_review(number)?;
        let mut held = held.ok_or_else(|| missing(caller, ResourceKind::TierReview, number))?;
        app.allow(caller, Action::ConfirmTierReview, &review_resource(&held))?;
        same_version(if_match, held.version)?;
        if held.state != "proposed" {
            let message = format!("the review is {}", held.state);
            return Err(Error::conflict("not-open", message));
        }
        let proposal: Proposal = serde_json::from_str(&held.proposal).map_err(Error::internal)?;
        decide(&mut held, &proposal, confirmation)?;
        "confirmed".clone_into(&mut held.state);
        held.confirmed_at = Some(moment_text(app.clock.now()));
        held.confirmed_by = Some(caller.name().to_owned());
        if !tx.update_tier_review(&held)? {
            return Err(Error::conflict("not-open", "somebody else changed the review"));
        }
        held.version += 1;
        let mut entry = app.entry(caller, Action::ConfirmTierReview.word(), &held.partner);
        entry.detail("review", number.into());
        entry.detail("outcome", held.outcome.clone().into());
        tx.commit(entry)?;
        show(held)
    })
}

/// Puts what was decided into a review.
fn decide(
    held: &mut TierReview,
    proposal: &Proposal,
    confirmation: &Confirmation,
) -> Result<(), Error> {
    let reason = confirmation.reason.as_deref();
    held.reason = reason.map(|reason| check_text("reason", reason, 4000)).transpose()?;
    let Confirmation { outcome, to_tier, grace_until, .. } = confirmation;
    if outcome.is_some() || to_tier.is_some() || grace_until.is_some() {
        held.outcome = outcome.clone().unwrap_or_else(|| proposal.outcome.clone());
        held.to_tier = to_tier.clone().or_else(|| match held.outcome.as_str() {
            "renew" | "grace" => proposal.assessed.held.clone(),
            _ => proposal.to_tier.clone(),
        });
        let until = read_day("grace_until", grace_until.as_deref())?.map(|day| day.to_string());
        let proposed = proposal.grace_until.clone();
        held.grace_until = until.or(proposed.filter(|_| held.outcome == "grace"));
        let decided = (&held.outcome, &held.to_tier, &held.grace_until);
        let is_other = decided != (&proposal.outcome, &proposal.to_tier, &proposal.grace_until);
        if is_other && held.reason.is_none() {
            let message = "what is decided otherwise than proposed needs a reason";
            return Err(Error::field("reason", "missing-value", message));
        }
    }
    check_decided(held, &proposal.assessed)
}

/// Whether outcome, tier and grace fit together.
fn check_decided(held: &TierReview, assessed: &Assessed) -> Result<(), Error> {
    let known: Vec<String> = assessed.tiers.iter().map(|tier| format!("`{tier}`")).collect();
    let hint = format!("the tiers of the path are {}", known.join(", "));
    let rank = |tier: &Option<String>| {
        tier.as_ref().and_then(|tier| assessed.tiers.iter().position(|known| known == tier))
    };
    let Some(to) = rank(&held.to_tier) else {
        let message = match &held.to_tier {
            Some(tier) => format!("`{tier}` is no tier of the path"),
            None => "it does not say which tier is held after it".to_owned(),
        };
        return Err(Error::field_with_hint("to_tier", "bad-value", message, hint));
    };
    let before = rank(&assessed.held);
    let fits = match held.outcome.as_str() {
        "renew" | "grace" => before == Some(to),
        "downgrade" => before.is_some_and(|before| to < before),
        "upgrade" => before.is_none_or(|before| to > before),
        outcome => {
            let message = format!("`{outcome}` is no outcome");
            let hint = "one of `renew`, `grace`, `downgrade`, `upgrade`";
            return Err(Error::field_with_hint("outcome", "bad-value", message, hint));
        }
    };
    if !fits {
        let now = assessed.held.as_deref().unwrap_or("none");
        let outcome = &held.outcome;
        let message = format!("`{outcome}` does not lead from `{now}` to this tier");
        return Err(Error::field_with_hint("to_tier", "bad-value", message, hint));
    }
    match (held.outcome.as_str(), &held.grace_until) {
        ("grace", None) => {
            Err(Error::field("grace_until", "missing-value", "a grace has a last day"))
        }
        ("grace", Some(until)) if *until < assessed.as_of => {
            let message = format!("the grace ends before {}", assessed.as_of);
            Err(Error::field("grace_until", "bad-value", message))
        }
        ("grace", Some(_)) | (_, None) => Ok(()),
        (_, Some(_)) => {
            Err(Error::field("grace_until", "bad-value", "only a grace has a last day"))
        }
    }
}

/// Tier reviews, the latest first: one more than `limit`. A partner sees those that are published.
///
/// # Errors
///
/// When nobody is signed in, or the database cannot be read.
pub fn list(
    app: &App,
    caller: &Caller,
    partner: Option<&str>,
    after: Option<&str>,
    limit: usize,
) -> Result<Vec<ReviewShown>, Error> {
    let before = before(after)?;
    let seen = seen(app, caller, ResourceKind::TierReview)?.and_then(|seen| seen.narrowed(partner));
    let Some(seen) = seen else { return Ok(Vec::new()) };
    app.store.read(|tx| {
        let only = seen.published_only;
        let reviews = tx.tier_reviews(seen.partner.as_deref(), only, before, limit + 1)?;
        let short = |review| {
            let mut shown = show(review)?;
            (shown.scorecard, shown.evidence) = (Json::Null, Vec::new());
            Ok(shown)
        };
        reviews.into_iter().map(short).collect()
    })
}

/// A tier review, as it stands in a list of those in one state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReviewLine {
    /// Its number.
    pub number: i64,
    /// The partner's id.
    pub partner: String,
    /// `review`, `grace_end` or `upgrade`.
    pub kind: String,
    /// The day on which it is due.
    pub due_on: Option<String>,
    /// What it comes to: `renew`, `grace`, `downgrade` or `upgrade`.
    pub outcome: String,
    /// The tier held after it.
    pub to_tier: Option<String>,
    /// The last day of the grace.
    pub grace_until: Option<String>,
    /// Whether it was decided otherwise than proposed.
    pub is_otherwise: bool,
    /// Who asked for the proposal, and when.
    pub proposed_by: String,
    /// When.
    pub proposed_at: String,
    /// Who confirmed it.
    pub confirmed_by: Option<String>,
    /// When.
    pub confirmed_at: Option<String>,
    /// The number of the decision that it became.
    pub decision: Option<i64>,
}

/// Tier reviews of all partners in a state, the latest first: one more than `limit`.
///
/// # Errors
///
/// When the caller may not see the reviews of all partners.
pub fn in_state(
    app: &App,
    caller: &Caller,
    state: &str,
    after: Option<&str>,
    limit: usize,
) -> Result<Vec<ReviewLine>, Error> {
    let all = Resource::new(ResourceKind::TierReview, "all");
    app.allow(caller, Action::ViewTierReview, &all)?;
    let before = before(after)?;
    let found = app.store.read(|tx| tx.tier_reviews_in_state(state, before, limit + 1))?;
    let line = |held: TierReview| ReviewLine {
        number: held.number,
        partner: held.partner,
        kind: held.kind,
        due_on: held.due_on,
        outcome: held.outcome,
        to_tier: held.to_tier,
        grace_until: held.grace_until,
        is_otherwise: held.reason.is_some(),
        proposed_by: held.proposed_by,
        proposed_at: plain(&held.proposed_at),
        confirmed_by: held.confirmed_by,
        confirmed_at: held.confirmed_at.as_deref().map(plain),
        decision: held.decision,
    };
    Ok(found.into_iter().map(line).collect())
}

/// One tier review, whole.
///
/// # Errors
///
/// When there is none that the caller may see.
pub fn get(app: &App, caller: &Caller, number: i64) -> Result<ReviewShown, Error> {
    let held = app.store.read(|tx| tx.tier_review(number))?;
    let held = held.ok_or_else(|| missing(caller, ResourceKind::TierReview, number))?;
    app.allow(caller, Action::ViewTierReview, &review_resource(&held))?;
    show(held)
}

impl From<ReviewShown> for ReviewLine {
    fn from(shown: ReviewShown) -> Self {
        Self {
            number: shown.number,
            partner: shown.partner,
            kind: shown.kind,
            due_on: shown.due_on,
            outcome: shown.outcome,
            to_tier: shown.to_tier,
            grace_until: shown.grace_until,
            is_otherwise: shown.reason.is_some(),
            proposed_by: shown.proposed_by,
            proposed_at: shown.proposed_at,
            confirmed_by: shown.confirmed_by,
            confirmed_at: shown.confirmed_at,
            decision: shown.decision,
        }
    }
}
