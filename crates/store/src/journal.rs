//! The journal: what was done, by whom, when, and the chain that holds it together.
//!
//! A change and its journal row are written in one transaction. The chain is made afterwards,
//! within a second, by whoever is the sealer at the time: so writers never wait for each other,
//! and a row that is not sealed yet is told apart when the chain is verified.

use jiff::Timestamp;
use serde_json::{Map, Value as Json};
use sha2::{Digest as _, Sha256};

use crate::connection::Row;
use crate::digest::{Digest, Fields, hex};
use crate::facts::{Successor, Version};
use crate::kinds::Kind;
use crate::store::{Store, Tx};
use crate::{Error, moment, values};

/// What is done in one transaction: a row of the journal, with the facts that it changes.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Now.
    pub at: Timestamp,
    pub(crate) actor: String,
    pub(crate) action: String,
    pub(crate) subject: String,
    details: Map<String, Json>,
    pub(crate) drafts: Vec<Successor>,
    pub(crate) retracted: Vec<Version>,
}

/// What recording a row comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recorded {
    /// The fact is new.
    Added,
    /// It closes this version.
    Changed(i64),
    /// This version says the same.
    Same(i64),
}

/// What was committed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Committed {
    /// The number of the journal row.
    pub entry: i64,
    /// The numbers of the versions, in the order in which they were recorded, retractions last.
    pub versions: Vec<i64>,
}

/// A row of the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalRow {
    /// Its number.
    pub entry: i64,
    /// When, as text that sorts.
    pub at: String,
    /// Who: a user's id, `system`, or `operator` for the command line.
    pub actor: String,
    /// What was done.
    pub action: String,
    /// To what.
    pub subject: String,
    /// What there is to say, as JSON with sorted keys.
    pub details: String,
    /// How many versions of facts were recorded.
    pub facts: i64,
    /// The SHA-256 of their digests.
    pub facts_sha256: String,
    /// The SHA-256 of all of this.
    pub sha256: String,
}

/// The columns of [`JournalRow`].
pub(crate) const COLUMNS: [&str; 9] =
    ["entry", "at", "actor", "action", "subject", "details", "facts", "facts_sha256", "sha256"];

impl JournalRow {
    /// Reads a row of [`COLUMNS`].
    pub(crate) fn read(row: &Row) -> Result<Self, Error> {
        let text = |at: usize| row.text(at).map(str::to_owned);
        Ok(Self {
            entry: row.int(0)?,
            at: text(1)?,
            actor: text(2)?,
            action: text(3)?,
            subject: text(4)?,
            details: text(5)?,
            facts: row.int(6)?,
            facts_sha256: text(7)?,
            sha256: text(8)?,
        })
    }

    /// The SHA-256 of what stands in the row now.
    pub(crate) fn computed(&self) -> String {
        let mut fields = Fields::of("journal");
        fields.int(self.entry);
        for text in [&self.at, &self.actor, &self.action, &self.subject, &self.details] {
            fields.text(text);
        }
        fields.int(self.facts);
        fields.text(&self.facts_sha256);
        hex(&fields.end())
    }
}

impl Entry {
    /// Begins an entry: now, who does what, and to what.
    pub fn new(at: Timestamp, actor: &str, action: &str, subject: &str) -> Self {
        Self {
            at,
            actor: actor.to_owned(),
            action: action.to_owned(),
            subject: subject.to_owned(),
            details: Map::new(),
            drafts: Vec::new(),
            retracted: Vec::new(),
        }
    }

    /// Notes a detail. Never a personal value.
    pub fn detail(&mut self, name: &str, value: Json) {
        self.details.insert(name.to_owned(), value);
    }

    /// Whether it changes no fact.
    pub fn has_no_facts(&self) -> bool {
        self.drafts.is_empty() && self.retracted.is_empty()
    }

    /// The moment, as text that sorts.
    pub fn at_text(&self) -> String {
        moment::to_text(self.at)
    }
}

/// The facts of an entry, put into one digest as they come.
#[derive(Clone, Default)]
pub(crate) struct FactsDigest {
    sha256: Sha256,
    pub(crate) count: i64,
}

impl FactsDigest {
    pub(crate) fn add(&mut self, digest: &Digest) {
        self.sha256.update(digest);
        self.count += 1;
    }

    pub(crate) fn end(self) -> (i64, String) {
        (self.count, hex(&self.sha256.finalize()))
    }
}

/// The seal over a row: of the seal before and the row.
pub(crate) fn seal(before: &str, row: &str) -> String {
    let mut fields = Fields::of("seal");
    fields.text(before);
    fields.text(row);
    hex(&fields.end())
}

impl Tx<'_> {
    /// Writes an entry: its facts and its journal row.
    pub fn commit(&mut self, mut entry: Entry) -> Result<Committed, Error> {
        let count = i64::try_from(entry.drafts.len() + entry.retracted.len()).unwrap_or(i64::MAX);
        let number = self.numbers(count.saturating_add(1))?;
        if count > 0 {
            let facts: Vec<Json> = entry
                .drafts
                .iter()
                .map(|next| (next.draft.kind, next.draft.id()))
                .chain(entry.retracted.iter().map(|held| (held.draft.kind, held.draft.id())))
                .zip(number + 1..)
                .map(|((kind, id), version): ((Kind, &str), i64)| {
                    serde_json::json!([kind.table(), id, version])
                })
                .collect();
            entry.detail("facts", facts.into());
        }
        let mut facts = FactsDigest::default();
        for digest in self.write_versions(&entry, number)? {
            facts.add(&digest);
        }
        self.write_journal(&entry, number, facts)?;
        Ok(Committed { entry: number, versions: (number + 1..=number + count).collect() })
    }

    /// Writes the journal row of an entry whose facts are written.
    pub(crate) fn write_journal(
        &mut self,
        entry: &Entry,
        number: i64,
        facts: FactsDigest,
    ) -> Result<(), Error> {
        let (count, facts_sha256) = facts.end();
        let mut row = JournalRow {
            entry: number,
            at: entry.at_text(),
            actor: entry.actor.clone(),
            action: entry.action.clone(),
            subject: entry.subject.clone(),
            details: Json::Object(entry.details.clone()).to_string(),
            facts: count,
            facts_sha256,
            sha256: String::new(),
        };
        row.sha256 = row.computed();
        let names = crate::connection::quoted(&COLUMNS);
        let sql = format!(
            "insert into \"journal\" ({names}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        );
        let JournalRow { at, actor, action, subject, details, facts_sha256, sha256, .. } = row;
        let values =
            values![number, at, actor, action, subject, details, count, facts_sha256, sha256];
        self.execute(&sql, values)?;
        self.execute("insert into \"unsealed\" (\"entry\") values ($1)", values![number])?;
        self.enqueue(number)
    }

    /// Rows of the journal in the order of their numbers, behind one.
    pub(crate) fn journal_by_number(
        &mut self,
        after: i64,
        limit: i64,
    ) -> Result<Vec<JournalRow>, Error> {
        let names = crate::connection::quoted(&COLUMNS);
        let sql =
            format!("select {names} from \"journal\" where \"entry\" > $1 order by 1 limit $2");
        let rows = self.query(&sql, values![after, limit])?;
        rows.iter().map(JournalRow::read).collect()
    }

    /// Sealed rows of the journal behind a place of the chain, in the order of the chain, each with
    /// its place. `subject` narrows them down.
    pub fn journal(
        &mut self,
        after: i64,
        subject: Option<&str>,
        limit: usize,
    ) -> Result<Vec<(i64, JournalRow)>, Error> {
        let names: Vec<String> = COLUMNS.iter().map(|name| format!("j.\"{name}\"")).collect();
        let mut sql = format!(
            "select {}, s.\"seq\" from \"seals\" s \
             join \"journal\" j on j.\"entry\" = s.\"entry\" where s.\"seq\" > $1",
            names.join(", ")
        );
        let mut parameters = values![after, i64::try_from(limit).unwrap_or(i64::MAX)].to_vec();
        if let Some(subject) = subject {
            sql += " and j.\"subject\" = $3";
            parameters.push(subject.into());
        }
        sql += " order by s.\"seq\" limit $2";
        let rows = self.query(&sql, &parameters)?;
        rows.iter().map(|row| Ok((row.int(COLUMNS.len())?, JournalRow::read(row)?))).collect()
    }

    /// Rows of the journal, the latest first, before a number, each with its place in the chain
    /// where it is sealed. `subject` and `actor` narrow them down.
    pub fn latest_journal(
        &mut self,
        before: Option<i64>,
        (subject, actor): (Option<&str>, Option<&str>),
        limit: usize,
    ) -> Result<Vec<(Option<i64>, JournalRow)>, Error> {
        let names: Vec<String> = COLUMNS.iter().map(|name| format!("j.\"{name}\"")).collect();
        let mut sql = format!(
            "select {}, s.\"seq\" from \"journal\" j \
             left join \"seals\" s on s.\"entry\" = j.\"entry\" where j.\"entry\" < $1",
            names.join(", ")
        );
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut parameters = values![before.unwrap_or(i64::MAX), limit].to_vec();
        for (column, value) in [("subject", subject), ("actor", actor)] {
            if let Some(value) = value {
                parameters.push(value.into());
                sql += &format!(" and j.\"{column}\" = ${}", parameters.len());
            }
        }
        sql += " order by j.\"entry\" desc limit $2";
        let rows = self.query(&sql, &parameters)?;
        rows.iter().map(|row| Ok((row.maybe_int(COLUMNS.len()), JournalRow::read(row)?))).collect()
    }

    /// One row of the journal.
    pub fn journal_row(&mut self, entry: i64) -> Result<Option<JournalRow>, Error> {
        let names = crate::connection::quoted(&COLUMNS);
        let sql = format!("select {names} from \"journal\" where \"entry\" = $1");
        let row = self.query_one(&sql, values![entry])?;
        row.as_ref().map(JournalRow::read).transpose()
    }
}

/// How many rows are sealed in one transaction.
const SEALED_AT_ONCE: i64 = 2000;

impl Store {
    /// Seals the rows of the journal that are not sealed yet. Returns how many. Whoever calls it
    /// at the same time waits; the chain has no fork.
    pub fn seal(&self, now: Timestamp) -> Result<u64, Error> {
        let mut sealed = 0;
        loop {
            let count = self.write(|tx| seal_some(tx, now))?;
            sealed += count;
            if count < SEALED_AT_ONCE.unsigned_abs() {
                return Ok(sealed);
            }
        }
    }

    /// How many rows the journal has, sealed or not. It grows with every change, so that what was
    /// read at one number is what there is as long as the number is the same.
    pub fn position(&self) -> Result<u64, Error> {
        self.read(|tx| {
            let sealed = tx.query_one(LAST_SEAL, &[])?.map_or(Ok(0), |row| row.int(0))?;
            let unsealed = tx.query_one("select count(*) from \"unsealed\"", &[])?;
            let unsealed = unsealed.map_or(Ok(0), |row| row.int(0))?;
            Ok((sealed + unsealed).unsigned_abs())
        })
    }

    /// The head of the chain: its length and last seal. Handed to somebody else, it makes any
    /// later rewriting of the chain visible.
    pub fn head(&self) -> Result<Option<(i64, String)>, Error> {
        self.read(|tx| {
            let row = tx.query_one(LAST_SEAL, &[])?;
            row.map(|row| Ok((row.int(0)?, row.text(1)?.to_owned()))).transpose()
        })
    }
}

pub(crate) const LAST_SEAL: &str =
    "select \"seq\", \"sha256\" from \"seals\" order by \"seq\" desc limit 1";

fn seal_some(tx: &mut Tx<'_>, now: Timestamp) -> Result<u64, Error> {
    let unsealed = "select u.\"entry\", j.\"sha256\" from \"unsealed\" u \
                    join \"journal\" j on j.\"entry\" = u.\"entry\" order by 1 limit $1";
    let rows = tx.query(unsealed, values![SEALED_AT_ONCE])?;
    if rows.is_empty() {
        return Ok(0);
    }
    // One sealer at a time: this row is its turn.
    tx.execute(
        "update \"sealer\" set \"sealed_at\" = $1 where \"id\" = 1",
        values![moment::to_text(now)],
    )?;
    let (mut seq, mut before) = match tx.query_one(LAST_SEAL, &[])? {
        Some(row) => (row.int(0)?, row.text(1)?.to_owned()),
        None => (0, String::new()),
    };
    for row in &rows {
        seq += 1;
        before = seal(&before, row.text(1)?);
        let sql = "insert into \"seals\" (\"seq\", \"entry\", \"sha256\") values ($1, $2, $3)";
        tx.execute(sql, values![seq, row.int(0)?, &before])?;
        tx.execute("delete from \"unsealed\" where \"entry\" = $1", values![row.int(0)?])?;
    }
    Ok(rows.len() as u64)
}
