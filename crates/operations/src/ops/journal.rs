//! The journal, as those who audit read it: what was done, by whom, in the order of the chain.

use guildhall_access::{Action, Resource, ResourceKind};
use guildhall_store::plain_moment;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{App, Caller, Error};

/// A sealed row of the journal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct JournalEntry {
    /// Its place in the chain, from 1.
    pub place: i64,
    /// Its number.
    pub entry: i64,
    /// When it was done.
    pub at: String,
    /// Who did it: a user's id, `system`, or `operator` for the command line.
    pub actor: String,
    /// What was done.
    pub action: String,
    /// To what.
    pub subject: String,
    /// What there is to say of it. Personal values are not among it.
    pub details: serde_json::Value,
    /// How many versions of facts it recorded.
    pub facts: i64,
    /// The SHA-256 of the row, over which the chain is made.
    pub sha256: String,
}

/// A row of the journal, sealed or not yet.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct JournalLine {
    /// Its number.
    pub entry: i64,
    /// Its place in the chain; none where it is not sealed yet.
    pub place: Option<i64>,
    /// When it was done.
    pub at: String,
    /// Who did it: a user's id, `system`, or `operator` for the command line.
    pub actor: String,
    /// What was done.
    pub action: String,
    /// To what.
    pub subject: String,
    /// What there is to say of it.
    pub details: serde_json::Value,
    /// How many versions of facts it recorded.
    pub facts: i64,
    /// The SHA-256 of the row.
    pub sha256: String,
}

/// Rows of the journal, the latest first, before a number: one more than the limit, where there
/// are so many. `subject` and `actor` narrow them down.
///
/// # Errors
///
/// When the caller may not read the journal.
pub fn latest(
    app: &App,
    caller: &Caller,
    before: Option<i64>,
    narrowed: (Option<&str>, Option<&str>),
    limit: usize,
) -> Result<Vec<JournalLine>, Error> {
    let network = Resource::new(ResourceKind::Network, "network");
    app.allow(caller, Action::ViewJournal, &network)?;
    let limit = limit.saturating_add(1);
    let rows = app.store.read(|tx| tx.latest_journal(before, narrowed, limit))?;
    let line = |(place, row): (Option<i64>, guildhall_store::JournalRow)| {
        Ok(JournalLine {
            entry: row.entry,
            place,
            at: plain_moment(&row.at),
            actor: row.actor,
            action: row.action,
            subject: row.subject,
            details: serde_json::from_str(&row.details).map_err(Error::internal)?,
            facts: row.facts,
            sha256: row.sha256,
        })
    };
    rows.into_iter().map(line).collect()
}

/// Sealed rows behind a place of the chain: one more than the limit, where there are so many.
///
/// # Errors
///
/// When the caller may not read the journal.
pub fn list(
    app: &App,
    caller: &Caller,
    after: i64,
    subject: Option<&str>,
    limit: usize,
) -> Result<Vec<JournalEntry>, Error> {
    let network = Resource::new(ResourceKind::Network, "network");
    app.allow(caller, Action::ViewJournal, &network)?;
    let rows = app.store.read(|tx| tx.journal(after, subject, limit.saturating_add(1)))?;
    let entry = |(place, row): (i64, guildhall_store::JournalRow)| {
        Ok(JournalEntry {
            place,
            entry: row.entry,
            at: plain_moment(&row.at),
            actor: row.actor,
            action: row.action,
            subject: row.subject,
            details: serde_json::from_str(&row.details).map_err(Error::internal)?,
            facts: row.facts,
            sha256: row.sha256,
        })
    };
    rows.into_iter().map(entry).collect()
}
