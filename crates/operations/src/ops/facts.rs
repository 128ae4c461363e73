//! Facts: listed, read with their history, added, corrected, retracted, and tried out.
//!
//! A row is checked by the loader that reads folders, so that what is refused there is refused
//! here. Correcting asks for access twice: to the row as it was, and as it is to be. What a row
//! comes to is computed by the rules and decided by nobody here.

mod access;
mod change;
mod check;
mod found;
mod preview;

use guildhall_access::{Action, Resource, ResourceKind};
use guildhall_rules::facts::{File, csv};
use guildhall_store::{Kind, Slice, Tx, Version, plain_moment};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::rows::{Record, possible_id, scope, values};
use crate::{App, Caller, Error};

pub(crate) use access::{resource, resource_kind};
pub use change::{Correction, Retracted, add, correct, retract, withdraw_reference};
pub(crate) use check::check;
pub use found::{
    KindFound, May, Sought, allow_add, correctable, find, find_text, kinds, may, may_add,
    vendor_decides, who,
};
pub use preview::{Effect, Preview, Trial, preview};

/// Which facts of a kind are listed.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Those of this partner.
    pub partner: Option<String>,
    /// Those that tell of this customer.
    pub customer: Option<String>,
    /// The id behind which the page begins.
    pub after: Option<String>,
    /// How many it holds at most.
    pub limit: usize,
}

/// A version of a fact: what was held to be true, from when until when, and by whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FactVersion {
    /// What was recorded.
    #[serde(flatten)]
    pub record: Record,
    /// Who recorded it: a user's id, `operator` or `system`.
    pub recorded_by: String,
    /// By what: `add_fact`, `correct_fact`, `import` and so on.
    pub action: String,
    /// Until when it was held to be true; absent: still.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub superseded_at: Option<String>,
    /// Who retracted it, where no other version took its place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retracted_by: Option<String>,
    /// Why it was retracted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// The kind of fact with a name.
pub(crate) fn kind(name: &str) -> Result<File, Error> {
    let known = File::from_stem(name);
    known.ok_or_else(|| Error::not_found("kind of fact", &name.replace('\0', "?")))
}

/// The fact that is held now, if the caller may see it.
pub(crate) fn seen(
    app: &App,
    tx: &mut Tx<'_>,
    caller: &Caller,
    file: File,
    id: &str,
) -> Result<(Version, Resource), Error> {
    possible_id(file.row_word(), id)?;
    let held = tx.current(Kind::Fact(file), id)?;
    let Some(held) = held else {
        // Nobody is told to sign in first, whether there is such a fact or not.
        let unknown = Resource::new(access::resource_kind(file), id);
        app.allow(caller, Action::ViewFact, &unknown)?;
        return Err(Error::not_found(unknown.kind.word(), id));
    };
    let resource = resource(tx, caller, &held.draft)?;
    app.allow(caller, Action::ViewFact, &resource)?;
    Ok((held, resource))
}

/// Facts of a kind that the caller may see, in the order of their ids: one more than the limit,
/// where there are so many.
///
/// # Errors
///
/// When there is no such kind, the caller sees nothing of it, or it cannot be filtered so.
pub fn list(app: &App, caller: &Caller, name: &str, filter: &Filter) -> Result<Vec<Record>, Error> {
    let file = kind(name)?;
    let kind = Kind::Fact(file);
    let visible = app.access.visible(&caller.actor, access::resource_kind(file));
    let scope = scope(caller, visible, file.stem())?;
    let filters = filters(kind, filter)?;
    let slice = Slice { after: filter.after.as_deref(), limit: filter.limit.saturating_add(1) };
    app.store.read(|tx| {
        let found = tx.list(kind, &scope, filter.partner.as_deref(), &filters, slice)?;
        Ok(found.iter().map(Record::of).collect())
    })
}

fn filters(kind: Kind, filter: &Filter) -> Result<Vec<(&'static str, &str)>, Error> {
    let Some(customer) = filter.customer.as_deref() else { return Ok(Vec::new()) };
    let Some(column) = kind.customer_column() else {
        let message = format!("{} name no customer", kind.table());
        return Err(Error::field("customer", "bad-argument", message));
    };
    Ok(vec![(column, customer)])
}

/// A page of a kind as CSV in the folder's format, for who may take facts out; and the id behind
/// which the next begins.
///
/// # Errors
///
/// As of [`list`], and when the caller may not take facts out.
pub fn export(
    app: &App,
    caller: &Caller,
    name: &str,
    filter: &Filter,
) -> Result<(String, Option<String>), Error> {
    let file = kind(name)?;
    let kind = Kind::Fact(file);
    let network = Resource::new(ResourceKind::Network, "network");
    app.allow(caller, Action::ExportFacts, &network)?;
    let filters = filters(kind, filter)?;
    let slice = Slice { after: filter.after.as_deref(), limit: filter.limit.saturating_add(1) };
    let everything = guildhall_store::Scope::everything();
    let mut found = app
        .store
        .read(|tx| tx.list(kind, &everything, filter.partner.as_deref(), &filters, slice))?;
    let is_last = found.len() <= filter.limit;
    found.truncate(filter.limit);
    let mut text = Vec::new();
    let write = |text: &mut Vec<u8>, cells: Vec<&str>| {
        csv::write_record(text, cells.into_iter().map(str::as_bytes)).map_err(Error::internal)
    };
    write(&mut text, kind.names().chain(["recorded_at"]).collect())?;
    for version in &found {
        let recorded_at = version.recorded_at.as_deref().map(plain_moment).unwrap_or_default();
        let cells = version.draft.cells.iter().map(|cell| cell.as_deref().unwrap_or_default());
        write(&mut text, cells.chain([recorded_at.as_str()]).collect())?;
    }
    let next = found.last().filter(|_| !is_last).map(|last| last.draft.id().to_owned());
    Ok((String::from_utf8(text).map_err(Error::internal)?, next))
}

/// A fact as it is held now.
///
/// # Errors
///
/// When there is none that the caller may see.
pub fn read(app: &App, caller: &Caller, name: &str, id: &str) -> Result<Record, Error> {
    let file = kind(name)?;
    app.store.read(|tx| Ok(Record::of(&seen(app, tx, caller, file, id)?.0)))
}

/// Every version of a fact that the caller may see, the oldest first. A fact whose last version
/// they may not see is not there.
///
/// # Errors
///
/// When there is none.
pub fn versions(
    app: &App,
    caller: &Caller,
    name: &str,
    id: &str,
) -> Result<Vec<FactVersion>, Error> {
    let file = kind(name)?;
    possible_id(file.row_word(), id)?;
    app.store.read(|tx| {
        let versions = tx.versions(Kind::Fact(file), id)?;
        let Some(last) = versions.last() else {
            let unknown = Resource::new(access::resource_kind(file), id);
            app.allow(caller, Action::ViewFact, &unknown)?;
            return Err(Error::not_found(unknown.kind.word(), id));
        };
        let last = resource(tx, caller, &last.draft)?;
        app.allow(caller, Action::ViewFact, &last)?;
        let retractions = tx.retractions(Kind::Fact(file), id)?;
        let mut shown = Vec::new();
        for version in &versions {
            let resource = resource(tx, caller, &version.draft)?;
            if !app.access.decide(&caller.actor, Action::ViewFact, &resource).is_allowed() {
                continue;
            }
            let by = retractions.iter().find(|one| one.retracts == version.version);
            shown.push(told(tx, version, by.map(|one| one.entry))?);
        }
        Ok(shown)
    })
}

fn told(tx: &mut Tx<'_>, version: &Version, retracted: Option<i64>) -> Result<FactVersion, Error> {
    let row = tx.journal_row(version.entry)?;
    let (recorded_by, action) = row.map(|row| (row.actor, row.action)).unwrap_or_default();
    let retraction = match retracted {
        Some(entry) => tx.journal_row(entry)?,
        None => None,
    };
    let reason = retraction.as_ref().and_then(|row| {
        let details: serde_json::Value = serde_json::from_str(&row.details).ok()?;
        details.get("reason")?.as_str().map(str::to_owned)
    });
    Ok(FactVersion {
        record: Record::of(version),
        recorded_by,
        action,
        superseded_at: version.superseded_at.as_deref().map(plain_moment),
        retracted_by: retraction.map(|row| row.actor),
        reason,
    })
}

/// The values of a row that is not recorded.
fn shown(draft: &guildhall_store::Draft) -> std::collections::BTreeMap<String, String> {
    values(draft)
}
