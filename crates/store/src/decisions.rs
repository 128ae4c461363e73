//! Decisions: what was published, frozen as one text with its digest. Never changed; what they say
//! is the business of whoever wrote them.

use std::collections::BTreeMap;

use crate::connection::Row;
use crate::digest::{self, sha256};
use crate::journal::Entry;
use crate::kinds::Kind;
use crate::store::Tx;
use crate::{Error, values};

/// A decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredDecision {
    /// Its number.
    pub number: i64,
    /// What sort of decision it is.
    pub kind: String,
    /// The partner's id.
    pub partner: String,
    /// What it is about.
    pub subject: String,
    /// When it was published, as text that sorts.
    pub published_at: String,
    /// Who published it.
    pub published_by: String,
    /// The decision that it takes the place of.
    pub supersedes: Option<i64>,
    /// What it says, as canonical JSON.
    pub body: String,
    /// The SHA-256 of the body; the journal has it too.
    pub sha256: String,
}

const COLUMNS: &str = "\"number\", \"kind\", \"partner\", \"subject\", \"published_at\", \
    \"published_by\", \"supersedes\", \"body\", \"sha256\"";

fn read(row: &Row) -> Result<StoredDecision, Error> {
    let text = |at: usize| row.text(at).map(str::to_owned);
    Ok(StoredDecision {
        number: row.int(0)?,
        kind: text(1)?,
        partner: text(2)?,
        subject: text(3)?,
        published_at: text(4)?,
        published_by: text(5)?,
        supersedes: row.maybe_int(6),
        body: text(7)?,
        sha256: text(8)?,
    })
}

impl StoredDecision {
    /// The SHA-256 of the body and of the columns beside it, as the journal keeps it: whoever
    /// changes any of them is found.
    pub fn computed(&self) -> String {
        let mut fields = digest::Fields::of("decision");
        fields.int(self.number);
        let texts = [&self.kind, &self.partner, &self.subject];
        for text in texts.into_iter().chain([&self.published_at, &self.published_by, &self.body]) {
            fields.text(text);
        }
        fields.int(self.supersedes.unwrap_or_default());
        digest::hex(&fields.end())
    }
}

/// The digests of decisions by number, from the details of journal rows.
fn digests(rows: &[Row]) -> Result<BTreeMap<i64, (String, String)>, Error> {
    let mut digests = BTreeMap::new();
    for row in rows {
        let details: serde_json::Value = serde_json::from_str(row.text(0)?).unwrap_or_default();
        let text = |name: &str| details.get(name).and_then(|text| text.as_str());
        let number = details.get("decision").and_then(serde_json::Value::as_i64);
        let pair = text("decision_sha256").zip(text("decision_row_sha256"));
        if let Some((number, (body, row))) = number.zip(pair) {
            digests.insert(number, (body.to_owned(), row.to_owned()));
        }
    }
    Ok(digests)
}

impl Tx<'_> {
    /// The number of the next decision, which its facts are named after.
    pub fn decision_number(&mut self) -> Result<i64, Error> {
        self.numbers(1)
    }

    /// Publishes a decision, whose digests go into the journal with the entry.
    pub fn publish_decision(
        &mut self,
        entry: &mut Entry,
        mut decision: StoredDecision,
    ) -> Result<StoredDecision, Error> {
        decision.published_at = entry.at_text();
        decision.published_by.clone_from(&entry.actor);
        decision.sha256 = sha256(decision.body.as_bytes());
        let sql = format!(
            "insert into \"decisions\" ({COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        );
        let StoredDecision { kind, partner, subject, published_at, published_by, .. } = &decision;
        let parameters = values![
            decision.number,
            kind,
            partner,
            subject,
            published_at,
            published_by,
            decision.supersedes.map_or(crate::Value::Null, crate::Value::Int),
            &decision.body,
            &decision.sha256
        ];
        self.execute(&sql, parameters)?;
        entry.detail("decision", decision.number.into());
        entry.detail("decision_sha256", decision.sha256.clone().into());
        entry.detail("decision_row_sha256", decision.computed().into());
        Ok(decision)
    }

    /// One decision.
    pub fn decision(&mut self, number: i64) -> Result<Option<StoredDecision>, Error> {
        let sql = format!("select {COLUMNS} from \"decisions\" where \"number\" = $1");
        let row = self.query_one(&sql, values![number])?;
        row.as_ref().map(read).transpose()
    }

    /// Decisions, the latest first, of one partner or of all, before a number.
    pub fn decisions(
        &mut self,
        partner: Option<&str>,
        before: Option<i64>,
        limit: usize,
    ) -> Result<Vec<StoredDecision>, Error> {
        let mut sql = format!("select {COLUMNS} from \"decisions\" where \"number\" < $1");
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut parameters = values![before.unwrap_or(i64::MAX), limit].to_vec();
        if let Some(partner) = partner {
            sql += " and \"partner\" = $3";
            parameters.push(partner.into());
        }
        sql += " order by \"number\" desc limit $2";
        let rows = self.query(&sql, &parameters)?;
        rows.iter().map(read).collect()
    }

    /// The decision that took the place of another.
    pub fn superseding(&mut self, partner: &str, number: i64) -> Result<Option<i64>, Error> {
        let sql = "select \"number\" from \"decisions\" \
                   where \"partner\" = $1 and \"supersedes\" = $2 order by 1 limit 1";
        let row = self.query_one(sql, values![partner, number])?;
        Ok(row.and_then(|row| row.maybe_int(0)))
    }

    /// The digests of all decisions by number, as the journal has them: of the body, and of the
    /// whole row.
    pub fn decision_digests(&mut self) -> Result<BTreeMap<i64, (String, String)>, Error> {
        let sql = "select \"details\" from \"journal\" \
                   where \"details\" like '%\"decision_sha256\"%' order by \"entry\"";
        let rows = self.query(sql, &[])?;
        digests(&rows)
    }

    /// The same of the decisions about one partner.
    pub fn decision_digests_of(
        &mut self,
        partner: &str,
    ) -> Result<BTreeMap<i64, (String, String)>, Error> {
        let sql = "select \"details\" from \"journal\" where \"subject\" = $1 \
                   and \"details\" like '%\"decision_sha256\"%' order by \"entry\"";
        let rows = self.query(sql, values![partner])?;
        digests(&rows)
    }

    /// Whether a version of a fact is what was recorded, as its digest tells. None where it is
    /// gone.
    pub fn intact(&mut self, kind: Kind, version: i64) -> Result<Option<bool>, Error> {
        let held = self.version(kind, version)?;
        Ok(held
            .map(|held| digest::short(&held.computed()) == held.digest && held.is_person_intact()))
    }
}
