//! What stands around a decision: the facts behind it, and the decision that took its place.

use guildhall_store::{Kind, Tx};
use serde::Serialize;

use super::{Body, get, plain};
use crate::{App, Caller, Error};

/// A version of a fact from which the numbers of a decision came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EvidenceFact {
    /// The kind of the fact, as its file is called.
    pub kind: String,
    /// Its id; none where the version is gone.
    pub fact: Option<String>,
    /// The number of the version.
    pub version: i64,
    /// When the network learned of it; none: the beginning of time, or the version is gone.
    pub recorded_at: Option<String>,
    /// Whether it is still held to be true.
    pub is_held: bool,
}

/// The facts behind a decision, by kind and version, behind so many; and how many there are.
///
/// # Errors
///
/// When there is no such decision that the caller may see.
pub fn evidence(
    app: &App,
    caller: &Caller,
    number: i64,
    (skipped, limit): (usize, usize),
) -> Result<(Vec<EvidenceFact>, usize), Error> {
    let decision = get(app, caller, number)?;
    let body: Body =
        serde_json::from_value(decision.decision.unwrap_or_default()).map_err(Error::internal)?;
    let told = body.evidence.iter().skip(skipped).take(limit);
    let facts = app.store.read(|tx| told.map(|(kind, version)| one(tx, kind, *version)).collect());
    Ok((facts?, body.evidence.len()))
}

fn one(tx: &mut Tx<'_>, kind: &str, version: i64) -> Result<EvidenceFact, Error> {
    let held = match Kind::from_table(kind) {
        Some(kind) => tx.version(kind, version)?,
        None => None,
    };
    Ok(EvidenceFact {
        kind: kind.to_owned(),
        version,
        fact: held.as_ref().map(|held| held.draft.id().to_owned()),
        recorded_at: held.as_ref().and_then(|held| held.recorded_at.as_deref()).map(plain),
        is_held: held.is_some_and(|held| held.superseded_at.is_none()),
    })
}

/// The decision that took the place of another.
///
/// # Errors
///
/// When there is no such decision that the caller may see.
pub fn superseded_by(app: &App, caller: &Caller, number: i64) -> Result<Option<i64>, Error> {
    let decision = get(app, caller, number)?;
    app.store.read(|tx| Ok(tx.superseding(&decision.partner, number)?))
}
