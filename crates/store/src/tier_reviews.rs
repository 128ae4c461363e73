//! Tier reviews on their way from proposal to publication. Decides nothing of what they come to.

use crate::connection::{Row, Value};
use crate::store::Tx;
use crate::{Error, values};

/// A tier review.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TierReview {
    /// Its number.
    pub number: i64,
    /// The partner's id.
    pub partner: String,
    /// `review`, `grace_end` or `upgrade`.
    pub kind: String,
    /// `proposed`, `confirmed`, `published` or `replaced`.
    pub state: String,
    /// Counts up with every change, from 1.
    pub version: i64,
    /// The day on which it was due.
    pub due_on: Option<String>,
    /// The state of knowledge of the proposal, as text that sorts.
    pub known_at: String,
    /// What the engine proposes, as JSON.
    pub proposal: String,
    /// When it was proposed.
    pub proposed_at: String,
    /// Who asked for the proposal.
    pub proposed_by: String,
    /// What it comes to: proposed, or decided otherwise.
    pub outcome: String,
    /// The tier held after it.
    pub to_tier: Option<String>,
    /// The last day of the grace.
    pub grace_until: Option<String>,
    /// Why it was decided otherwise.
    pub reason: Option<String>,
    /// When it was confirmed.
    pub confirmed_at: Option<String>,
    /// Who confirmed it.
    pub confirmed_by: Option<String>,
    /// The decision that it became.
    pub decision: Option<i64>,
}

const COLUMNS: &str = "\"number\", \"partner\", \"kind\", \"state\", \"version\", \"due_on\", \
    \"known_at\", \"proposal\", \"proposed_at\", \"proposed_by\", \"outcome\", \"to_tier\", \
    \"grace_until\", \"reason\", \"confirmed_at\", \"confirmed_by\", \"decision\"";

fn read(row: &Row) -> Result<TierReview, Error> {
    let text = |at: usize| row.text(at).map(str::to_owned);
    Ok(TierReview {
        number: row.int(0)?,
        partner: text(1)?,
        kind: text(2)?,
        state: text(3)?,
        version: row.int(4)?,
        due_on: row.owned(5),
        known_at: text(6)?,
        proposal: text(7)?,
        proposed_at: text(8)?,
        proposed_by: text(9)?,
        outcome: text(10)?,
        to_tier: row.owned(11),
        grace_until: row.owned(12),
        reason: row.owned(13),
        confirmed_at: row.owned(14),
        confirmed_by: row.owned(15),
        decision: row.maybe_int(16),
    })
}

impl Tx<'_> {
    /// Keeps a proposal; an open one of the partner is replaced by it. Number and version are
    /// given here. Returns the number.
    pub fn propose_tier_review(&mut self, review: &TierReview) -> Result<i64, Error> {
        let replace = "update \"tier_reviews\" set \"state\" = 'replaced', \
                       \"version\" = \"version\" + 1 \
                       where \"partner\" = $1 and \"state\" in ('proposed', 'confirmed')";
        self.execute(replace, values![review.partner.as_str()])?;
        let number = self.numbers(1)?;
        let sql = format!(
            "insert into \"tier_reviews\" ({COLUMNS}) values ($1, $2, $3, 'proposed', 1, $4, $5, \
             $6, $7, $8, $9, $10, $11, null, null, null, null)"
        );
        let parameters = [
            Value::Int(number),
            review.partner.as_str().into(),
            review.kind.as_str().into(),
            review.due_on.clone().into(),
            review.known_at.as_str().into(),
            review.proposal.as_str().into(),
            review.proposed_at.as_str().into(),
            review.proposed_by.as_str().into(),
            review.outcome.as_str().into(),
            review.to_tier.clone().into(),
            review.grace_until.clone().into(),
        ];
        self.execute(&sql, &parameters)?;
        Ok(number)
    }

    /// One tier review.
    pub fn tier_review(&mut self, number: i64) -> Result<Option<TierReview>, Error> {
        let sql = format!("select {COLUMNS} from \"tier_reviews\" where \"number\" = $1");
        let row = self.query_one(&sql, values![number])?;
        row.as_ref().map(read).transpose()
    }

    /// Tier reviews, the latest first, of one partner or of all, before a number.
    pub fn tier_reviews(
        &mut self,
        partner: Option<&str>,
        published_only: bool,
        before: Option<i64>,
        limit: usize,
    ) -> Result<Vec<TierReview>, Error> {
        let mut sql = format!("select {COLUMNS} from \"tier_reviews\" where \"number\" < $1");
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut parameters = values![before.unwrap_or(i64::MAX), limit].to_vec();
        if let Some(partner) = partner {
            sql += " and \"partner\" = $3";
            parameters.push(partner.into());
        }
        if published_only {
            sql += " and \"state\" = 'published'";
        }
        sql += " order by \"number\" desc limit $2";
        let rows = self.query(&sql, &parameters)?;
        rows.iter().map(read).collect()
    }

    /// Tier reviews that are open or published, of all partners: what a list of due reviews needs
    /// to know. The latest of each partner comes last.
    pub fn live_tier_reviews(&mut self) -> Result<Vec<TierReview>, Error> {
        // The proposals are long and nobody asks for them here.
        let columns = COLUMNS.replace("\"proposal\"", "'' as \"proposal\"");
        let sql = format!(
            "select {columns} from \"tier_reviews\" where \"state\" <> 'replaced' order by 1"
        );
        let rows = self.query(&sql, &[])?;
        rows.iter().map(read).collect()
    }

    /// Tier reviews in a state, the latest first, before a number; without their proposals, which
    /// are long.
    pub fn tier_reviews_in_state(
        &mut self,
        state: &str,
        before: Option<i64>,
        limit: usize,
    ) -> Result<Vec<TierReview>, Error> {
        let columns = COLUMNS.replace("\"proposal\"", "'' as \"proposal\"");
        let sql = format!(
            "select {columns} from \"tier_reviews\" where \"state\" = $1 and \"number\" < $2 \
             order by \"number\" desc limit $3"
        );
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = self.query(&sql, values![state, before.unwrap_or(i64::MAX), limit])?;
        rows.iter().map(read).collect()
    }

    /// Writes what a review was decided to come to, its state, and the decision that it became.
    /// False where it is no longer of the version that was read.
    pub fn update_tier_review(&mut self, review: &TierReview) -> Result<bool, Error> {
        let sql = "update \"tier_reviews\" set \"state\" = $3, \"version\" = \"version\" + 1, \
                   \"outcome\" = $4, \"to_tier\" = $5, \"grace_until\" = $6, \"reason\" = $7, \
                   \"confirmed_at\" = $8, \"confirmed_by\" = $9, \"decision\" = $10 \
                   where \"number\" = $1 and \"version\" = $2";
        let parameters = [
            Value::Int(review.number),
            Value::Int(review.version),
            review.state.as_str().into(),
            review.outcome.as_str().into(),
            review.to_tier.clone().into(),
            review.grace_until.clone().into(),
            review.reason.clone().into(),
            review.confirmed_at.clone().into(),
            review.confirmed_by.clone().into(),
            review.decision.map_or(Value::Null, Value::Int),
        ];
        Ok(self.execute(sql, &parameters)? == 1)
    }
}
