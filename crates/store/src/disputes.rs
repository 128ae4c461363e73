//! Disputes with their messages, worked examples of editions, and notices that are owed.

use crate::connection::{Row, Value};
use crate::store::Tx;
use crate::{Error, moment, values};

/// A partner's objection to a fact, or to its absence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredDispute {
    /// Its number.
    pub number: i64,
    /// The partner's id.
    pub partner: String,
    /// The table of the fact.
    pub kind: String,
    /// The id of the fact; none where it is missing.
    pub fact: Option<String>,
    /// What is missing.
    pub missing: Option<String>,
    /// What the partner says.
    pub claim: String,
    /// `open`, `upheld`, `rejected` or `withdrawn`.
    pub state: String,
    /// Counts up with every change, from 1.
    pub version: i64,
    /// When it was opened.
    pub opened_at: String,
    /// Who opened it.
    pub opened_by: String,
    /// The day by which it is to be answered.
    pub due_on: String,
    /// When it was answered or withdrawn.
    pub closed_at: Option<String>,
    /// Who answered or withdrew it.
    pub closed_by: Option<String>,
    /// The reason of the answer.
    pub reason: Option<String>,
}

/// A message of a dispute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredMessage {
    /// Its number.
    pub number: i64,
    /// When.
    pub at: String,
    /// Who wrote it.
    pub by: String,
    /// For whom they wrote: `vendor` or `partner`.
    pub side: String,
    /// What they wrote.
    pub text: String,
}

/// A letter that is owed to an organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Its number.
    pub number: i64,
    /// `vendor` or `partner`.
    pub side: String,
    /// The organization; none: the vendor.
    pub organization: Option<String>,
    /// The letter, as JSON.
    pub letter: String,
}

const COLUMNS: &str = "\"number\", \"partner\", \"kind\", \"fact\", \"missing\", \"claim\", \
    \"state\", \"version\", \"opened_at\", \"opened_by\", \"due_on\", \"closed_at\", \
    \"closed_by\", \"reason\"";

fn read(row: &Row) -> Result<StoredDispute, Error> {
    let text = |at: usize| row.text(at).map(str::to_owned);
    Ok(StoredDispute {
        number: row.int(0)?,
        partner: text(1)?,
        kind: text(2)?,
        fact: row.owned(3),
        missing: row.owned(4),
        claim: text(5)?,
        state: text(6)?,
        version: row.int(7)?,
        opened_at: text(8)?,
        opened_by: text(9)?,
        due_on: text(10)?,
        closed_at: row.owned(11),
        closed_by: row.owned(12),
        reason: row.owned(13),
    })
}

impl Tx<'_> {
    /// Keeps a new dispute. Returns its number.
    pub fn open_dispute(&mut self, dispute: &StoredDispute) -> Result<i64, Error> {
        let number = self.numbers(1)?;
        let sql = format!(
            "insert into \"disputes\" ({COLUMNS}) values ($1, $2, $3, $4, $5, $6, 'open', 1, $7, \
             $8, $9, null, null, null)"
        );
        let parameters = [
            Value::Int(number),
            dispute.partner.as_str().into(),
            dispute.kind.as_str().into(),
            dispute.fact.clone().into(),
            dispute.missing.clone().into(),
            dispute.claim.as_str().into(),
            dispute.opened_at.as_str().into(),
            dispute.opened_by.as_str().into(),
            dispute.due_on.as_str().into(),
        ];
        self.execute(&sql, &parameters)?;
        Ok(number)
    }

    /// One dispute.
    pub fn dispute(&mut self, number: i64) -> Result<Option<StoredDispute>, Error> {
        let sql = format!("select {COLUMNS} from \"disputes\" where \"number\" = $1");
        let row = self.query_one(&sql, values![number])?;
        row.as_ref().map(read).transpose()
    }

    /// Disputes, the latest first, of one partner or of all, before a number.
    pub fn disputes(
        &mut self,
        partner: Option<&str>,
        before: Option<i64>,
        limit: usize,
    ) -> Result<Vec<StoredDispute>, Error> {
        let mut sql = format!("select {COLUMNS} from \"disputes\" where \"number\" < $1");
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

    /// Disputes in a state, the latest first, of one partner or of all, before a number.
    pub fn disputes_in_state(
        &mut self,
        state: &str,
        partner: Option<&str>,
        before: Option<i64>,
        limit: usize,
    ) -> Result<Vec<StoredDispute>, Error> {
        let mut sql =
            format!("select {COLUMNS} from \"disputes\" where \"number\" < $1 and \"state\" = $3");
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut parameters = values![before.unwrap_or(i64::MAX), limit, state].to_vec();
        if let Some(partner) = partner {
            sql += " and \"partner\" = $4";
            parameters.push(partner.into());
        }
        sql += " order by \"number\" desc limit $2";
        let rows = self.query(&sql, &parameters)?;
        rows.iter().map(read).collect()
    }

    /// Open disputes, the one that is to be answered first first.
    pub fn open_disputes(&mut self, limit: usize) -> Result<Vec<StoredDispute>, Error> {
        let sql = format!(
            "select {COLUMNS} from \"disputes\" where \"state\" = 'open' \
             order by \"due_on\", \"number\" limit $1"
        );
        let rows = self.query(&sql, values![i64::try_from(limit).unwrap_or(i64::MAX)])?;
        rows.iter().map(read).collect()
    }

    /// Closes an open dispute. False where it is no longer of the version that was read.
    pub fn close_dispute(&mut self, dispute: &StoredDispute) -> Result<bool, Error> {
        let sql = "update \"disputes\" set \"state\" = $3, \"version\" = \"version\" + 1, \
                   \"closed_at\" = $4, \"closed_by\" = $5, \"reason\" = $6 \
                   where \"number\" = $1 and \"version\" = $2 and \"state\" = 'open'";
        let parameters = [
            Value::Int(dispute.number),
            Value::Int(dispute.version),
            dispute.state.as_str().into(),
            dispute.closed_at.clone().into(),
            dispute.closed_by.clone().into(),
            dispute.reason.clone().into(),
        ];
        Ok(self.execute(sql, &parameters)? == 1)
    }

    /// Adds a message to a dispute.
    pub fn add_dispute_message(
        &mut self,
        dispute: i64,
        message: &StoredMessage,
    ) -> Result<i64, Error> {
        let number = self.numbers(1)?;
        let sql = "insert into \"dispute_messages\" (\"number\", \"dispute\", \"at\", \"by\", \
                   \"side\", \"text\") values ($1, $2, $3, $4, $5, $6)";
        let StoredMessage { at, by, side, text, .. } = message;
        self.execute(sql, values![number, dispute, at, by, side, text])?;
        Ok(number)
    }

    /// The messages of a dispute, the oldest first, at most a thousand.
    pub fn dispute_messages(&mut self, dispute: i64) -> Result<Vec<StoredMessage>, Error> {
        let sql = "select \"number\", \"at\", \"by\", \"side\", \"text\" \
                   from \"dispute_messages\" where \"dispute\" = $1 order by \"at\", 1 limit 1000";
        let rows = self.query(sql, values![dispute])?;
        let message = |row: &Row| {
            let text = |at: usize| row.text(at).map(str::to_owned);
            let (number, at, by) = (row.int(0)?, text(1)?, text(2)?);
            Ok(StoredMessage { number, at, by, side: text(3)?, text: text(4)? })
        };
        rows.iter().map(message).collect()
    }

    /// Puts worked examples beside a draft, in the place of those that it had.
    pub fn put_edition_examples(
        &mut self,
        edition: &str,
        examples: &[(String, String)],
    ) -> Result<(), Error> {
        let forget = "delete from \"edition_examples\" where \"edition\" = $1";
        self.execute(forget, values![edition])?;
        for (name, text) in examples {
            let number = self.numbers(1)?;
            let sql = "insert into \"edition_examples\" (\"number\", \"edition\", \"name\", \
                       \"text\") values ($1, $2, $3, $4)";
            self.execute(sql, values![number, edition, name, text])?;
        }
        Ok(())
    }

    /// The worked examples of an edition: names and texts.
    pub fn edition_examples(&mut self, edition: &str) -> Result<Vec<(String, String)>, Error> {
        let sql = "select \"name\", \"text\" from \"edition_examples\" where \"edition\" = $1 \
                   order by \"name\"";
        let rows = self.query(sql, values![edition])?;
        rows.iter().map(|row| Ok((row.text(0)?.to_owned(), row.text(1)?.to_owned()))).collect()
    }

    /// Notes that a letter is owed to an organization (none: the vendor), unless one of the same
    /// key was before. Whether it is new.
    pub fn owe_notice(
        &mut self,
        key: &str,
        side: &str,
        organization: Option<&str>,
        letter: &str,
        now: jiff::Timestamp,
    ) -> Result<bool, Error> {
        let number = self.numbers(1)?;
        let sql = "insert into \"notices\" (\"number\", \"key\", \"side\", \"organization\", \
                   \"letter\", \"at\", \"delivered_at\") values ($1, $2, $3, $4, $5, $6, null) \
                   on conflict (\"key\") do nothing";
        let at = moment::to_text(now);
        let to = organization.map_or(Value::Null, Value::from);
        Ok(self.execute(sql, values![number, key, side, to, letter, at])? == 1)
    }

    /// Whether a letter of this key was owed before.
    pub fn is_noticed(&mut self, key: &str) -> Result<bool, Error> {
        let sql = "select 1 from \"notices\" where \"key\" = $1";
        Ok(self.query_one(sql, values![key])?.is_some())
    }

    /// What a partner was told, the latest first, before a number: number, moment and letter.
    pub fn notices_of(
        &mut self,
        partner: &str,
        before: Option<i64>,
        limit: usize,
    ) -> Result<Vec<(i64, String, String)>, Error> {
        let sql = "select \"number\", \"at\", \"letter\" from \"notices\" \
                   where \"side\" = 'partner' and \"organization\" = $1 and \"number\" < $2 \
                   order by \"number\" desc limit $3";
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = self.query(sql, values![partner, before.unwrap_or(i64::MAX), limit])?;
        let notice =
            |row: &Row| Ok((row.int(0)?, row.text(1)?.to_owned(), row.text(2)?.to_owned()));
        rows.iter().map(notice).collect()
    }

    /// Notices that are not delivered yet, in the order of their numbers, behind one.
    pub fn owed_notices(&mut self, after: i64, limit: usize) -> Result<Vec<Notice>, Error> {
        let sql = "select \"number\", \"side\", \"organization\", \"letter\" from \"notices\" \
                   where \"delivered_at\" is null and \"number\" > $1 order by 1 limit $2";
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = self.query(sql, values![after, limit])?;
        let notice = |row: &Row| {
            let (side, letter) = (row.text(1)?.to_owned(), row.text(3)?.to_owned());
            Ok(Notice { number: row.int(0)?, side, organization: row.owned(2), letter })
        };
        rows.iter().map(notice).collect()
    }

    /// Notes that a notice is delivered. False where it was before.
    pub fn deliver_notice(&mut self, number: i64, now: jiff::Timestamp) -> Result<bool, Error> {
        let sql = "update \"notices\" set \"delivered_at\" = $2 \
                   where \"number\" = $1 and \"delivered_at\" is null";
        Ok(self.execute(sql, values![number, moment::to_text(now)])? == 1)
    }
}
