//! Tells whether what a proposal rests on is still what is known.

use guildhall_store::{Kind, Tx};
use jiff::Timestamp;

use super::assess::{Assessed, Question, edition_of, read};
use super::day;
use crate::{App, Error};

/// Most facts that are named.
const TOLD: usize = 10;

/// Refuses where the facts of the partner, or the edition in force, are no longer those of the
/// proposal: as known now, or as known at the moment of the proposal, for somebody who began
/// earlier may have committed later.
pub(crate) fn refuse_changed(
    app: &App,
    tx: &mut Tx<'_>,
    partner: &str,
    known_at: Timestamp,
    assessed: &Assessed,
) -> Result<(), Error> {
    let book = app.rulebooks.get(tx)?;
    let as_of = day(&assessed.as_of)?;
    let edition = edition_of(&book, Question::Scorecard, as_of, app.clock.now())?;
    if edition.id != assessed.edition.id {
        let message =
            format!("the edition `{}` is in force on {as_of} now; propose it anew", edition.id);
        return Err(Error::conflict("edition-changed", message));
    }
    for moment in [None, Some(known_at)] {
        let now = read(tx, &book.catalogue, partner, moment)?;
        let now = now.map(|(_, evidence)| evidence).unwrap_or_default();
        if now != assessed.evidence {
            let message = told(tx, &assessed.evidence, &now)?;
            let message = format!("facts changed since the proposal: {message}");
            return Err(Error::conflict("facts-changed", message));
        }
    }
    Ok(())
}

/// In which facts two lists of evidence differ, in words.
pub(crate) fn told(
    tx: &mut Tx<'_>,
    before: &[(String, i64)],
    now: &[(String, i64)],
) -> Result<String, Error> {
    let gone = before.iter().filter(|fact| !now.contains(fact));
    let came = now.iter().filter(|fact| !before.contains(fact));
    let all = gone.map(|fact| (fact, "no longer holds")).chain(came.map(|fact| (fact, "is new")));
    let (mut told, mut more) = (Vec::new(), 0_usize);
    for ((kind, version), what) in all {
        if told.len() == TOLD {
            more += 1;
            continue;
        }
        let held = Kind::from_table(kind).map(|kind| tx.version(kind, *version)).transpose()?;
        let held = held.flatten();
        let id = held.as_ref().map_or("", |held| held.draft.id());
        told.push(format!("{kind} `{id}` version {version} {what}"));
    }
    let more = if more > 0 { format!("; {more} more") } else { String::new() };
    Ok(format!("{}{more}", told.join("; ")))
}
