//! Decisions: what was published, frozen with the facts, the edition and the numbers it rests on.
//!
//! A decision is one canonical text: keys in order, no blanks. Its digest stands in the journal
//! entry that published it. Nobody changes one; a later one may take its place. Whether they still
//! come out as they were frozen is told by [`verify`].

mod assess;
mod behind;
mod changed;
mod history;
mod record;
mod verify;

use guildhall_access::{Action, Resource, ResourceKind, Visible};
use guildhall_rules::day::Day;
use guildhall_store::{StoredDecision, TierReview, moment_from_text};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::ToSchema;

use super::reviews::missing;
use crate::{App, Caller, Error};

pub(crate) use assess::{Assessed, Question, Step, assess};
pub use behind::{EvidenceFact, evidence, superseded_by};
pub(crate) use record::read_day;
pub use record::{Declaration, declare, publish_discount, publish_review};
pub use verify::{DecisionsVerified, verify, verify_one};

/// A published decision.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct DecisionShown {
    /// Its number.
    pub number: i64,
    /// `renew`, `grace`, `downgrade`, `upgrade`, `suspended`, `reinstated`, `executive_review` or
    /// `discount`.
    pub kind: String,
    /// The partner's id.
    pub partner: String,
    /// What it is about: a tier or a period.
    pub subject: String,
    /// When it was published.
    pub published_at: String,
    /// The user who published it.
    pub published_by: String,
    /// The decision that it takes the place of.
    pub supersedes: Option<i64>,
    /// The SHA-256 of the text of `decision`, as frozen: keys in order, no blanks.
    pub sha256: String,
    /// What was decided, by which edition, from which numbers and which versions of facts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision: Option<Json>,
}

/// What a decision says.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Body {
    /// What sort of decision it is.
    pub(crate) kind: String,
    pub(crate) partner: String,
    /// The day from which was looked.
    pub(crate) as_of: String,
    /// The state of knowledge.
    pub(crate) known_at: String,
    pub(crate) edition: FrozenEdition,
    /// The tier held after it.
    pub(crate) to_tier: Option<String>,
    pub(crate) grace_until: Option<String>,
    /// The first and last day on which it holds, where it is not for ever.
    pub(crate) on: Option<String>,
    pub(crate) valid_until: Option<String>,
    /// Of a discount.
    pub(crate) period: Option<String>,
    /// What the engine proposed, of a tier review.
    pub(crate) proposed: Option<Json>,
    pub(crate) review: Option<i64>,
    pub(crate) reason: Option<String>,
    pub(crate) scorecard: Option<Json>,
    pub(crate) statement: Option<Json>,
    /// Kind and version of every fact that the numbers came from.
    pub(crate) evidence: Vec<(String, i64)>,
    /// Ids of the rows of the tier's history that it recorded.
    pub(crate) recorded: Vec<String>,
}

/// An edition, as a decision names it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FrozenEdition {
    pub(crate) id: String,
    pub(crate) sha256: String,
    pub(crate) evaluation: u32,
}

/// The canonical text: keys in order, no blanks.
pub(crate) fn canonical(value: &impl Serialize) -> Result<String, Error> {
    fn sorted(value: Json) -> Json {
        match value {
            Json::Object(map) => {
                let mut pairs: Vec<(String, Json)> = map.into_iter().collect();
                pairs.sort_by(|a, b| a.0.cmp(&b.0));
                Json::Object(pairs.into_iter().map(|(key, value)| (key, sorted(value))).collect())
            }
            Json::Array(items) => Json::Array(items.into_iter().map(sorted).collect()),
            other => other,
        }
    }
    let value = serde_json::to_value(value).map_err(Error::internal)?;
    Ok(sorted(value).to_string())
}

fn shown(stored: StoredDecision, is_whole: bool) -> Result<DecisionShown, Error> {
    let decision = is_whole.then(|| serde_json::from_str(&stored.body)).transpose();
    Ok(DecisionShown {
        number: stored.number,
        kind: stored.kind,
        partner: stored.partner,
        subject: stored.subject,
        published_at: plain(&stored.published_at),
        published_by: stored.published_by,
        supersedes: stored.supersedes,
        sha256: stored.sha256,
        decision: decision.map_err(Error::internal)?,
    })
}

/// A moment of the store as people write it.
pub(crate) fn plain(text: &str) -> String {
    guildhall_store::plain_moment(text)
}

/// The moment of a text of the store.
pub(crate) fn moment(text: &str) -> Result<Timestamp, Error> {
    Ok(moment_from_text(text)?)
}

/// The day of a text that was written by this server.
pub(crate) fn day(text: &str) -> Result<Day, Error> {
    Day::parse(text.as_bytes()).ok_or_else(|| Error::internal(format!("no day: `{text}`")))
}

/// The partner whose things of a kind the caller sees: none for those of all.
///
/// # Errors
///
/// [`Error::SignInFirst`] for nobody; an empty filter where the caller sees none.
pub(crate) fn seen(app: &App, caller: &Caller, kind: ResourceKind) -> Result<Option<Seen>, Error> {
    if caller.actor.user.is_none() {
        return Err(caller.sign_in_first());
    }
    Ok(match app.access.visible(&caller.actor, kind) {
        Visible::All => Some(Seen { partner: None, published_only: false }),
        Visible::Published => Some(Seen { partner: None, published_only: true }),
        Visible::Of { partner: Some(partner), published_only, .. } => {
            Some(Seen { partner: Some(partner), published_only })
        }
        _ => None,
    })
}

/// What a caller sees of a list.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    /// Those of this partner; none: all.
    pub(crate) partner: Option<String>,
    pub(crate) published_only: bool,
}

impl Seen {
    /// Narrowed down to a partner that was asked for. None where that is another.
    pub(crate) fn narrowed(mut self, asked: Option<&str>) -> Option<Self> {
        match (&self.partner, asked) {
            (Some(own), Some(asked)) if own != asked => return None,
            (None, Some(asked)) => self.partner = Some(asked.to_owned()),
            _ => {}
        }
        Some(self)
    }
}

/// The number that a cursor stands for.
pub(crate) fn before(after: Option<&str>) -> Result<Option<i64>, Error> {
    let read = |text: &str| {
        let number = text.parse::<i64>();
        number.map_err(|_| Error::field("cursor", "bad-value", "it is no cursor of this list"))
    };
    after.map(read).transpose()
}

/// Decisions, the latest first: one more than `limit`, so that it is seen whether there is a next
/// page.
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
) -> Result<Vec<DecisionShown>, Error> {
    let before = before(after)?;
    let seen = seen(app, caller, ResourceKind::Decision)?.and_then(|seen| seen.narrowed(partner));
    let Some(seen) = seen else { return Ok(Vec::new()) };
    app.store.read(|tx| {
        let stored = tx.decisions(seen.partner.as_deref(), before, limit + 1)?;
        stored.into_iter().map(|stored| shown(stored, false)).collect()
    })
}

/// One decision, whole.
///
/// # Errors
///
/// When there is none that the caller may see.
pub fn get(app: &App, caller: &Caller, number: i64) -> Result<DecisionShown, Error> {
    let stored = app.store.read(|tx| tx.decision(number))?;
    let id = number.to_string();
    let resource = Resource::new(ResourceKind::Decision, id.as_str());
    let stored = stored.ok_or_else(|| missing(caller, ResourceKind::Decision, number))?;
    app.allow(caller, Action::ViewDecision, &resource.of_partner(&stored.partner))?;
    shown(stored, true)
}

/// Text that may be kept: no NUL, not too long, not only blanks.
pub(crate) fn check_text(field: &str, text: &str, most: usize) -> Result<String, Error> {
    if text.contains('\0') {
        return Err(Error::field(field, "nul", "it holds a NUL character"));
    }
    if text.trim().is_empty() {
        return Err(Error::field(field, "missing-value", "it is empty"));
    }
    if text.chars().count() > most {
        let message = format!("it is longer than {most} characters");
        return Err(Error::field(field, "too-long", message));
    }
    Ok(text.trim().to_owned())
}

/// The resource that a tier review is.
pub(crate) fn review_resource(review: &TierReview) -> Resource {
    let mut resource = Resource::new(ResourceKind::TierReview, review.number.to_string())
        .of_partner(&review.partner);
    resource.published = review.state == "published";
    resource
}
