//! Verifies that nothing was changed behind the journal's back.
//!
//! The chain of seals is followed over the journal; every journal row is digested again; every
//! version of a fact is digested again and must be what its entry recorded, in number and order;
//! every closing of a version is traced to what closed it; every edition that was published must
//! have the text that its publication named. What the numbers of a decision come to is recomputed
//! elsewhere, by whoever can evaluate.

use std::collections::{BTreeMap, VecDeque};

use crate::connection::quoted;
use crate::digest::{self, Birth, Digest, sha256};
use crate::facts::{Version, read, selected};
use crate::journal::{COLUMNS, FactsDigest, JournalRow, seal};
use crate::kinds::Kind;
use crate::store::{Store, Tx};
use crate::{Error, values};

/// How many rows are fetched at once.
const BATCH: i64 = 5_000;

/// Most problems that are told one by one.
const TOLD: usize = 1_000;

/// Something that is not what it was.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Fault {
    /// Its stable code.
    pub code: &'static str,
    /// Where: a table and what tells the row.
    pub place: String,
    /// What is wrong.
    pub message: String,
}

/// What verifying came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// What is wrong, at most a thousand.
    pub problems: Vec<Fault>,
    /// How many more there are.
    pub more: u64,
    /// Rows of the journal.
    pub entries: u64,
    /// Versions of facts, and retractions.
    pub facts: u64,
    /// Rows that are not sealed yet: their numbers. A crash may leave some, for a second.
    pub unsealed: Vec<i64>,
    /// The head of the chain: its length and last seal.
    pub head: Option<(i64, String)>,
}

impl Verified {
    fn fault(&mut self, code: &'static str, place: String, message: impl Into<String>) {
        if self.problems.len() < TOLD {
            self.problems.push(Fault { code, place, message: message.into() });
        } else {
            self.more += 1;
        }
    }
}

impl Store {
    /// Verifies chain, journal and facts. `head` is one that was handed out earlier: the chain
    /// must still contain it.
    ///
    /// # Errors
    ///
    /// Of reading the database; what is wrong with its contents is in the answer.
    pub fn verify(&self, head: Option<&(i64, String)>) -> Result<Verified, Error> {
        self.read(|tx| {
            let mut verified = Verified::default();
            chain(tx, head, &mut verified)?;
            facts(tx, &mut verified)?;
            editions(tx, &mut verified)?;
            Ok(verified)
        })
    }
}

/// Follows the seals.
fn chain(
    tx: &mut Tx<'_>,
    head: Option<&(i64, String)>,
    verified: &mut Verified,
) -> Result<(), Error> {
    let names: Vec<String> = COLUMNS.iter().map(|name| format!("j.\"{name}\"")).collect();
    let sql = format!(
        "select s.\"seq\", s.\"sha256\", s.\"entry\", {} from \"seals\" s \
         left join \"journal\" j on j.\"entry\" = s.\"entry\" \
         where s.\"seq\" > $1 order by 1 limit $2",
        names.join(", ")
    );
    let (mut seq, mut before) = (0, String::new());
    let mut has_head = head.is_none();
    loop {
        let rows = tx.query(&sql, values![seq, BATCH])?;
        for row in &rows {
            let place = format!("seals seq {}", row.int(0)?);
            if row.int(0)? != seq + 1 {
                verified.fault("missing-seal", place.clone(), format!("seal {} is gone", seq + 1));
            }
            seq = row.int(0)?;
            let sealed = row.text(1)?.to_owned();
            let journal = crate::Row(row.0.iter().skip(3).cloned().collect());
            match JournalRow::read(&journal) {
                Err(_) => {
                    let entry = row.int(2)?;
                    verified.fault("missing-entry", format!("journal entry {entry}"), "it is gone");
                }
                Ok(journal) if seal(&before, &journal.computed()) != sealed => {
                    let place = if journal.computed() == journal.sha256 {
                        place
                    } else {
                        format!("journal entry {}", journal.entry)
                    };
                    verified.fault("broken-chain", place, "it is not what was sealed");
                }
                Ok(_) => {}
            }
            has_head |= head.is_some_and(|(at, sha256)| *at == seq && *sha256 == sealed);
            before = sealed;
        }
        if rows.len() < usize::try_from(BATCH).unwrap_or(usize::MAX) {
            break;
        }
    }
    if let (false, Some((at, _))) = (has_head, head) {
        verified.fault("other-head", format!("seals seq {at}"), "the chain does not contain it");
    }
    verified.head = Some((seq, before)).filter(|(seq, _)| *seq > 0);
    let unsealed = "select j.\"entry\" from \"journal\" j where not exists \
                    (select 1 from \"seals\" s where s.\"entry\" = j.\"entry\") order by 1";
    for row in tx.query(unsealed, values![])? {
        verified.unsealed.push(row.int(0)?);
    }
    Ok(())
}

/// A version or retraction, as the facts of an entry are gone through.
struct Item {
    version: i64,
    entry: i64,
    digest: Digest,
    /// What is wrong with it by itself.
    fault: Option<&'static str>,
    place: String,
}

/// The rows of one table in the order of their numbers, fetched a batch at a time.
struct Stream {
    /// None: the retractions.
    kind: Option<Kind>,
    after: i64,
    items: VecDeque<Item>,
    is_done: bool,
}

impl Stream {
    fn fill(&mut self, tx: &mut Tx<'_>, verified: &mut Verified) -> Result<(), Error> {
        if !self.items.is_empty() || self.is_done {
            return Ok(());
        }
        let items = match self.kind {
            Some(kind) => versions(tx, kind, self.after, verified)?,
            None => retractions(tx, self.after)?,
        };
        self.is_done = items.len() < usize::try_from(BATCH).unwrap_or(usize::MAX);
        self.after = items.last().map_or(self.after, |item| item.version);
        self.items = items.into();
        Ok(())
    }
}

fn versions(
    tx: &mut Tx<'_>,
    kind: Kind,
    after: i64,
    verified: &mut Verified,
) -> Result<Vec<Item>, Error> {
    let table = kind.table();
    let sql = format!(
        "select {} from \"{table}\" t where t.\"version\" > $1 order by 1 limit $2",
        selected(kind, "t")
    );
    let mut items = Vec::new();
    for row in tx.query(&sql, values![after, BATCH])? {
        let version = read(kind, &row)?;
        let digest = version.computed();
        let place = format!("{table} `{}` version {}", version.draft.id(), version.version);
        let is_intact = digest::short(&digest) == version.digest && version.is_person_intact();
        let is_reopened = match version.supersedes {
            Some(before) => is_still_open(tx, table, before)?,
            None => false,
        };
        let fault = if !is_intact {
            Some("it is not what was recorded")
        } else if is_reopened {
            Some("the version that it closed is held still")
        } else {
            None
        };
        closing(tx, &version, &place, verified)?;
        items.push(Item { version: version.version, entry: version.entry, digest, fault, place });
    }
    Ok(items)
}

/// Whether what closed a version says so.
fn closing(
    tx: &mut Tx<'_>,
    held: &Version,
    place: &str,
    verified: &mut Verified,
) -> Result<(), Error> {
    let Some(by) = held.superseded_by else { return Ok(()) };
    let table = held.draft.kind.table();
    let sql = format!(
        "select \"supersedes\", \"recorded_at\" from \"{table}\" where \"version\" = $1 \
         union all select \"retracts\", \"recorded_at\" from \"retractions\" \
         where \"version\" = $1 and \"kind\" = $2"
    );
    let row = tx.query_one(&sql, values![by, table])?;
    let is_good = row.is_some_and(|row| {
        row.maybe_int(0) == Some(held.version) && row.maybe(1) == held.superseded_at.as_deref()
    });
    if !is_good {
        verified.fault("changed-fact", place.to_owned(), "it was not closed by what it names");
    }
    Ok(())
}

fn retractions(tx: &mut Tx<'_>, after: i64) -> Result<Vec<Item>, Error> {
    let sql = "select \"version\", \"kind\", \"id\", \"retracts\", \"recorded_at\", \"entry\", \
               \"digest\" from \"retractions\" where \"version\" > $1 order by 1 limit $2";
    let mut items = Vec::new();
    for row in tx.query(sql, values![after, BATCH])? {
        let (version, entry) = (row.int(0)?, row.int(5)?);
        let (kind, id) = (row.text(1)?, row.text(2)?);
        let birth = Birth {
            version,
            entry,
            recorded_at: Some(row.text(4)?),
            closed_at: None,
            supersedes: Some(row.int(3)?),
        };
        let digest = digest::retraction(kind, id, birth);
        let place = format!("retractions {kind} `{id}` version {version}");
        let is_open = is_still_open(tx, kind, row.int(3)?)?;
        let fault = if digest::short(&digest) != row.int(6)? {
            Some("it is not what was recorded")
        } else if is_open {
            Some("what it retracts is held still")
        } else {
            None
        };
        items.push(Item { version, entry, digest, fault, place });
    }
    Ok(items)
}

/// Whether a version that was closed is open in the table.
fn is_still_open(tx: &mut Tx<'_>, table: &str, version: i64) -> Result<bool, Error> {
    let Some(kind) = Kind::from_table(table) else { return Ok(true) };
    let sql = format!(
        "select 1 from \"{}\" where \"version\" = $1 and \"superseded_at\" is not null",
        kind.table()
    );
    Ok(tx.query_one(&sql, values![version])?.is_none())
}

/// Goes through the journal and all facts side by side, in the order of their numbers.
fn facts(tx: &mut Tx<'_>, verified: &mut Verified) -> Result<(), Error> {
    let mut streams: Vec<Stream> = Kind::all()
        .map(Some)
        .chain([None])
        .map(|kind| Stream { kind, after: 0, items: VecDeque::new(), is_done: false })
        .collect();
    let mut after = 0;
    loop {
        let rows = tx.journal_by_number(after, BATCH)?;
        let Some(last) = rows.last() else { break };
        after = last.entry;
        for row in rows {
            verified.entries += 1;
            let place = format!("journal entry {}", row.entry);
            if row.computed() != row.sha256 {
                verified.fault("changed-entry", place.clone(), "it is not what was written");
            }
            let mut found = FactsDigest::default();
            let mut was_told = false;
            while let Some(item) = next(tx, &mut streams, row.entry + row.facts, verified)? {
                verified.facts += 1;
                if let Some(message) = item.fault {
                    was_told = true;
                    verified.fault("changed-fact", item.place, message);
                } else if item.entry != row.entry {
                    was_told = true;
                    verified.fault("stray-fact", item.place, "no entry recorded it");
                }
                found.add(&item.digest);
            }
            if found.end() != (row.facts, row.facts_sha256) && !was_told {
                let message = "the facts that it recorded are not those that are there";
                verified.fault("missing-fact", place, message);
            }
        }
    }
    while let Some(item) = next(tx, &mut streams, i64::MAX, verified)? {
        verified.fault("stray-fact", item.place, "no entry recorded it");
    }
    Ok(())
}

/// The next version of any table up to a number.
fn next(
    tx: &mut Tx<'_>,
    streams: &mut [Stream],
    last: i64,
    verified: &mut Verified,
) -> Result<Option<Item>, Error> {
    for stream in streams.iter_mut() {
        stream.fill(tx, verified)?;
    }
    let first = streams
        .iter_mut()
        .filter(|stream| stream.items.front().is_some_and(|item| item.version <= last))
        .min_by_key(|stream| stream.items.front().map(|item| item.version));
    Ok(first.and_then(|stream| stream.items.pop_front()))
}

/// Whether editions have the texts that were published.
fn editions(tx: &mut Tx<'_>, verified: &mut Verified) -> Result<(), Error> {
    let sql = format!(
        "select {} from \"journal\" where \"details\" like '%\"published_sha256\"%' order by 1",
        quoted(&COLUMNS)
    );
    let mut published: BTreeMap<String, String> = BTreeMap::new();
    for row in tx.query(&sql, values![])? {
        let row = JournalRow::read(&row)?;
        let details: serde_json::Value = serde_json::from_str(&row.details).unwrap_or_default();
        let named = details.get("published_sha256").and_then(serde_json::Value::as_object);
        for (id, sha256) in named.into_iter().flatten() {
            published.insert(id.clone(), sha256.as_str().unwrap_or_default().to_owned());
        }
    }
    for edition in tx.editions()?.into_iter().filter(|edition| edition.is_published) {
        let place = format!("editions `{}`", edition.id);
        if published.remove(&edition.id) != Some(sha256(edition.text.as_bytes())) {
            verified.fault("changed-edition", place, "it is not the text that was published");
        }
    }
    for id in published.into_keys() {
        verified.fault(
            "missing-edition",
            format!("editions `{id}`"),
            "it was published and is gone",
        );
    }
    Ok(())
}
