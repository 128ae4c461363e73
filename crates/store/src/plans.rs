//! Plans that partners have accepted, and the costs by which they are made.
//!
//! What a plan says stays as it was accepted; only its state changes.

use crate::connection::{Row, Value};
use crate::store::Tx;
use crate::{Error, values};

/// A plan that was accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredPlan {
    /// Its number.
    pub number: i64,
    /// The partner's id.
    pub partner: String,
    /// The goal, as JSON.
    pub goal: String,
    /// What makes two plans ways to the same goal.
    pub about: String,
    /// The day on which the goal has to hold.
    pub due_on: String,
    /// The day on which it was made.
    pub made_on: String,
    /// The edition by which it was made.
    pub edition: String,
    /// The plan, as JSON; empty in lists.
    pub plan: String,
    /// Whether the vendor may see it.
    pub is_shown: bool,
    /// `accepted`, `ended` or `replaced`.
    pub state: String,
    /// Counts up with every change, from 1.
    pub version: i64,
    /// When it was accepted.
    pub accepted_at: String,
    /// Who accepted it.
    pub accepted_by: String,
    /// When it was ended or replaced.
    pub ended_at: Option<String>,
    /// Who ended it.
    pub ended_by: Option<String>,
    /// Why.
    pub reason: Option<String>,
}

/// A partner's own costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredCosts {
    /// The costs file.
    pub text: String,
    /// Counts up with every change, from 1.
    pub version: i64,
    /// When they were changed last.
    pub changed_at: String,
    /// Who changed them.
    pub changed_by: String,
}

const COLUMNS: &str = "\"number\", \"partner\", \"goal\", \"about\", \"due_on\", \"made_on\", \
    \"edition\", \"is_shown\", \"state\", \"version\", \"accepted_at\", \"accepted_by\", \
    \"ended_at\", \"ended_by\", \"reason\"";

fn read(row: &Row) -> Result<StoredPlan, Error> {
    let text = |at: usize| row.text(at).map(str::to_owned);
    Ok(StoredPlan {
        number: row.int(0)?,
        partner: text(1)?,
        goal: text(2)?,
        about: text(3)?,
        due_on: text(4)?,
        made_on: text(5)?,
        edition: text(6)?,
        plan: String::new(),
        is_shown: row.int(7)? == 1,
        state: text(8)?,
        version: row.int(9)?,
        accepted_at: text(10)?,
        accepted_by: text(11)?,
        ended_at: row.owned(12),
        ended_by: row.owned(13),
        reason: row.owned(14),
    })
}

impl Tx<'_> {
    /// Keeps a plan that was accepted. Returns its number.
    pub fn accept_plan(&mut self, plan: &StoredPlan) -> Result<i64, Error> {
        let number = self.numbers(1)?;
        let sql = format!(
            "insert into \"plans\" ({COLUMNS}, \"plan\") values ($1, $2, $3, $4, $5, $6, $7, $8, \
             'accepted', 1, $9, $10, null, null, null, $11)"
        );
        let parameters = [
            Value::Int(number),
            plan.partner.as_str().into(),
            plan.goal.as_str().into(),
            plan.about.as_str().into(),
            plan.due_on.as_str().into(),
            plan.made_on.as_str().into(),
            plan.edition.as_str().into(),
            i64::from(plan.is_shown).into(),
            plan.accepted_at.as_str().into(),
            plan.accepted_by.as_str().into(),
            plan.plan.as_str().into(),
        ];
        self.execute(&sql, &parameters)?;
        Ok(number)
    }

    /// One plan, whole.
    pub fn plan(&mut self, number: i64) -> Result<Option<StoredPlan>, Error> {
        let sql = format!("select {COLUMNS}, \"plan\" from \"plans\" where \"number\" = $1");
        let row = self.query_one(&sql, values![number])?;
        let whole = |row: &Row| Ok(StoredPlan { plan: row.text(15)?.to_owned(), ..read(row)? });
        row.as_ref().map(whole).transpose()
    }

    /// Plans of a partner without what they say, the latest first, before a number.
    pub fn plans(
        &mut self,
        partner: &str,
        before: Option<i64>,
        limit: usize,
    ) -> Result<Vec<StoredPlan>, Error> {
        let sql = format!(
            "select {COLUMNS} from \"plans\" where \"partner\" = $1 and \"number\" < $2 \
             order by \"number\" desc limit $3"
        );
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = self.query(&sql, values![partner, before.unwrap_or(i64::MAX), limit])?;
        rows.iter().map(read).collect()
    }

    /// Plans of a partner that are neither ended nor replaced, whole, the latest first: at most a
    /// hundred.
    pub fn accepted_plans(&mut self, partner: &str) -> Result<Vec<StoredPlan>, Error> {
        let sql = format!(
            "select {COLUMNS}, \"plan\" from \"plans\" where \"partner\" = $1 \
             and \"state\" = 'accepted' order by \"number\" desc limit 100"
        );
        let rows = self.query(&sql, values![partner])?;
        let whole = |row: &Row| Ok(StoredPlan { plan: row.text(15)?.to_owned(), ..read(row)? });
        rows.iter().map(whole).collect()
    }

    /// Partners behind an id that have plans which are neither ended nor replaced, in the order of
    /// their ids.
    pub fn partners_with_plans(&mut self, after: &str, limit: usize) -> Result<Vec<String>, Error> {
        let sql = "select distinct \"partner\" from \"plans\" where \"state\" = 'accepted' \
                   and \"partner\" > $1 order by \"partner\" limit $2";
        let rows = self.query(sql, values![after, i64::try_from(limit).unwrap_or(i64::MAX)])?;
        rows.iter().map(|row| row.text(0).map(str::to_owned)).collect()
    }

    /// Writes down that an accepted plan was ended or replaced, or is shown to the vendor or no
    /// more. False where it is no longer of the version that was read.
    pub fn change_plan(&mut self, plan: &StoredPlan) -> Result<bool, Error> {
        let sql = "update \"plans\" set \"state\" = $3, \"is_shown\" = $4, \"ended_at\" = $5, \
                   \"ended_by\" = $6, \"reason\" = $7, \"version\" = \"version\" + 1 \
                   where \"number\" = $1 and \"version\" = $2 and \"state\" = 'accepted'";
        let parameters = [
            Value::Int(plan.number),
            Value::Int(plan.version),
            plan.state.as_str().into(),
            i64::from(plan.is_shown).into(),
            plan.ended_at.clone().into(),
            plan.ended_by.clone().into(),
            plan.reason.clone().into(),
        ];
        Ok(self.execute(sql, &parameters)? == 1)
    }

    /// A partner's own costs.
    pub fn plan_costs(&mut self, partner: &str) -> Result<Option<StoredCosts>, Error> {
        let sql = "select \"text\", \"version\", \"changed_at\", \"changed_by\" \
                   from \"plan_costs\" where \"partner\" = $1";
        let costs = |row: &Row| {
            let text = |at: usize| row.text(at).map(str::to_owned);
            let (changed_at, changed_by) = (text(2)?, text(3)?);
            Ok(StoredCosts { text: text(0)?, version: row.int(1)?, changed_at, changed_by })
        };
        self.query_one(sql, values![partner])?.as_ref().map(costs).transpose()
    }

    /// Puts a partner's own costs in the place of those of a version; 0: where there are none yet.
    /// False where they are of another version.
    pub fn put_plan_costs(&mut self, partner: &str, costs: &StoredCosts) -> Result<bool, Error> {
        let StoredCosts { text, version, changed_at, changed_by } = costs;
        if *version == 0 {
            let sql = "insert into \"plan_costs\" (\"partner\", \"text\", \"version\", \
                       \"changed_at\", \"changed_by\") values ($1, $2, 1, $3, $4) \
                       on conflict (\"partner\") do nothing";
            return Ok(self.execute(sql, values![partner, text, changed_at, changed_by])? == 1);
        }
        let sql = "update \"plan_costs\" set \"text\" = $2, \"version\" = \"version\" + 1, \
                   \"changed_at\" = $4, \"changed_by\" = $5 \
                   where \"partner\" = $1 and \"version\" = $3";
        let parameters = values![partner, text, *version, changed_at, changed_by];
        Ok(self.execute(sql, parameters)? == 1)
    }
}
