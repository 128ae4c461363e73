//! What operations on rows with history have in common: cells as they are given and shown, scopes
//! of lists, versions that must be the same. Knows nothing of what the rows mean.

use std::collections::BTreeMap;

use guildhall_access::Visible;
use guildhall_rules::facts::ID_LIMIT;
use guildhall_rules::problem::{Problem, Problems, did_you_mean};
use guildhall_store::{Draft, Kind, Scope, Version, plain_moment};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Caller, Error, secrets};

/// Cells of a row by the names of their columns. An empty text and `null` are an empty cell.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct Cells(pub BTreeMap<String, Option<String>>);

/// A row with history, in the version that is held to be true now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Record {
    /// Its kind: the name of its table.
    pub kind: String,
    /// Its id.
    pub id: String,
    /// Its cells that are not empty, by the names of their columns.
    pub values: BTreeMap<String, String>,
    /// The number of the version.
    pub version: i64,
    /// When the network learned of it, RFC 3339; absent: the beginning of time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recorded_at: Option<String>,
}

impl Record {
    /// The version as it is shown.
    pub(crate) fn of(version: &Version) -> Self {
        Self {
            kind: version.draft.kind.table().to_owned(),
            id: version.draft.id().to_owned(),
            values: values(&version.draft),
            version: version.version,
            recorded_at: version.recorded_at.as_deref().map(plain_moment),
        }
    }

    /// The entity tag of its version.
    pub fn tag(&self) -> String {
        tag(self.version)
    }
}

/// The entity tag of a version.
pub fn tag(version: i64) -> String {
    format!("\"v{version}\"")
}

/// The cells of a draft that are not empty, by name.
pub(crate) fn values(draft: &Draft) -> BTreeMap<String, String> {
    draft
        .kind
        .names()
        .zip(&draft.cells)
        .filter_map(|(name, cell)| Some((name.to_owned(), cell.clone()?)))
        .collect()
}

/// The row that cells say, upon those of `base` where they are silent.
///
/// # Errors
///
/// When a column is none of the kind, or a cell cannot be kept.
pub(crate) fn draft(kind: Kind, cells: &Cells, base: Option<&Draft>) -> Result<Draft, Error> {
    let mut problems = Problems::new();
    let empty = || vec![None; kind.columns().len()];
    let mut row = base.map_or_else(empty, |base| base.cells.clone());
    for (name, value) in &cells.0 {
        let shown: String = name.chars().filter(|char| !char.is_control()).take(60).collect();
        let Some(cell) = kind.position(name).and_then(|at| row.get_mut(at)) else {
            let message = format!("a row of {} has no `{shown}`", kind.table());
            let hint = did_you_mean(name, kind.names());
            problems.push(at(Problem::new("unknown-column", message).maybe_hint(hint), &shown));
            continue;
        };
        if value.as_ref().is_some_and(|value| value.contains('\0')) {
            problems.push(at(Problem::new("nul", "the field holds a NUL byte"), name));
        }
        *cell = value.clone().filter(|value| !value.is_empty());
    }
    if problems.is_empty() { Ok(Draft { kind, cells: row }) } else { Err(problems.into()) }
}

/// A problem of a field.
pub(crate) fn at(mut problem: Problem, field: &str) -> Problem {
    problem.column = Some(field.to_owned());
    problem
}

/// Sets a cell.
pub(crate) fn set(draft: &mut Draft, name: &str, value: Option<&str>) {
    if let Some(cell) = draft.kind.position(name).and_then(|at| draft.cells.get_mut(at)) {
        *cell = value.filter(|value| !value.is_empty()).map(str::to_owned);
    }
}

/// Gives a row without an id one that nobody guesses.
pub(crate) fn give_id(draft: &mut Draft) -> Result<(), Error> {
    if draft.id().is_empty() {
        let random = data_encoding::HEXLOWER.encode(&secrets::random::<8>()?);
        let id = format!("{}-{random}", draft.kind.table());
        set(draft, "id", Some(&id));
    }
    Ok(())
}

/// Refuses a change that is meant for another version than the one that is held.
///
/// # Errors
///
/// [`Error::Changed`].
pub(crate) fn same_version(if_match: Option<&str>, held: i64) -> Result<(), Error> {
    let held = tag(held);
    match if_match {
        Some(tags) if !tags.split(',').any(|tag| tag.trim() == held) => {
            Err(Error::Changed { now: held })
        }
        _ => Ok(()),
    }
}

/// An id that something can have; any other leads nowhere.
///
/// # Errors
///
/// [`Error::NotFound`].
pub(crate) fn possible_id(kind: &'static str, id: &str) -> Result<(), Error> {
    if id.is_empty() || id.len() > ID_LIMIT || id.contains('\0') {
        return Err(Error::not_found(kind, "?"));
    }
    Ok(())
}

/// A reason as it is written into the journal.
///
/// # Errors
///
/// When it is empty or longer than 500 characters.
pub(crate) fn reason(text: &str) -> Result<&str, Error> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > 500 || text.contains('\0') {
        let message = "a reason of 1 to 500 characters is needed";
        return Err(Error::field("reason", "bad-value", message));
    }
    Ok(text)
}

/// The scope of a list.
///
/// # Errors
///
/// [`Error::NotFound`] where the caller sees nothing of the kind, [`Error::SignInFirst`] for
/// nobody.
pub(crate) fn scope(caller: &Caller, visible: Visible, kind: &'static str) -> Result<Scope, Error> {
    match visible {
        Visible::All => Ok(Scope::everything()),
        Visible::Of { partner, customer, consented_only, vendor_own, .. } => {
            Ok(Scope { all: false, partner, consented_only, customer, vendor_own })
        }
        Visible::Published | Visible::Nothing if caller.actor.user.is_none() => {
            Err(caller.sign_in_first())
        }
        Visible::Published | Visible::Nothing => Err(Error::not_found("list of", kind)),
    }
}
