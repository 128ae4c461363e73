//! Adds, corrects and retracts facts.

use guildhall_access::{Action, Resource};
use guildhall_rules::facts::{File, OpportunityReview};
use guildhall_rules::problem::Problem;
use guildhall_store::{Draft, ERASED, Kind, Tx, Version};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::access::{own_partner, resource, touches_decision};
use super::check::check;
use super::{kind, seen};
use crate::ops::rows::{Cells, Record, at, draft, give_id, possible_id, reason, same_version, set};
use crate::{App, Caller, Error};

/// How a fact is to be corrected.
#[derive(Clone, Debug)]
pub struct Correction {
    /// What it is to say.
    pub cells: Cells,
    /// Whether columns that are not named become empty; otherwise they stay as they are.
    pub is_whole: bool,
    /// The entity tag of the version that is to be corrected.
    pub if_match: Option<String>,
}

/// What came of a retraction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Retracted {
    /// The kind of the fact.
    pub kind: String,
    /// Its id.
    pub id: String,
    /// How many facts refer to it, and count no more or count less for it.
    pub dependants: i64,
}

/// Adds a fact. Without an id it is given one.
///
/// # Errors
///
/// When the caller may not, the id is taken, or the row has problems.
pub fn add(app: &App, caller: &Caller, name: &str, cells: &Cells) -> Result<Record, Error> {
    let file = kind(name)?;
    app.change(caller, |tx| {
        let row = new_row(app, tx, caller, file, cells)?;
        let mut entry = app.entry(caller, Action::AddFact.word(), row.id());
        tx.record(&mut entry, row.clone())?;
        tx.commit(entry)?;
        refuse_shared_emails(tx, &row)?;
        held_now(tx, &row)
    })
}

/// A new row, checked: what may be added by the caller.
pub(super) fn new_row(
    app: &App,
    tx: &mut Tx<'_>,
    caller: &Caller,
    file: File,
    cells: &Cells,
) -> Result<Draft, Error> {
    let mut row = draft(Kind::Fact(file), cells, None)?;
    give_id(&mut row)?;
    let own = own_partner(caller);
    if file == File::Opportunities && own.is_some() && row.cell("review").is_none() {
        // An empty cell would mean that the vendor has approved it.
        set(&mut row, "review", Some(OpportunityReview::PendingSubmission.word()));
    }
    let mut about = resource(tx, caller, &row)?;
    about.touches_decision = touches_decision(file, None, Some(&row));
    app.allow(caller, Action::AddFact, &about)?;
    if possible_id(file.row_word(), row.id()).is_ok() && tx.is_known(row.kind, row.id())? {
        let message = format!("there is a {} `{}` already", file.row_word(), row.id());
        return Err(Error::conflict("id-taken", message));
    }
    let book = app.rulebooks.get(tx)?;
    check(tx, &book.catalogue, &row, own)
}

/// Corrects a fact: what is said becomes a version, and the one before is closed.
///
/// # Errors
///
/// When the caller may not do this to the fact as it is or as it is to be, somebody else changed
/// it, or the row has problems.
pub fn correct(
    app: &App,
    caller: &Caller,
    name: &str,
    id: &str,
    correction: &Correction,
) -> Result<Record, Error> {
    let file = kind(name)?;
    app.change(caller, |tx| {
        let (held, row) = corrected(app, tx, caller, file, id, correction)?;
        let mut entry = app.entry(caller, Action::CorrectFact.word(), id);
        if held.draft == row {
            return Ok(Record::of(&held));
        }
        tx.record(&mut entry, row.clone())?;
        tx.commit(entry)?;
        refuse_shared_emails(tx, &row)?;
        held_now(tx, &row)
    })
}

/// A fact and what it is to become, checked: what may be corrected by the caller.
pub(super) fn corrected(
    app: &App,
    tx: &mut Tx<'_>,
    caller: &Caller,
    file: File,
    id: &str,
    correction: &Correction,
) -> Result<(Version, Draft), Error> {
    let (held, as_it_was) = seen(app, tx, caller, file, id)?;
    app.allow(caller, Action::CorrectFact, &as_it_was)?;
    same_version(correction.if_match.as_deref(), held.version)?;
    let base = (!correction.is_whole).then_some(&held.draft);
    let mut row = draft(Kind::Fact(file), &correction.cells, base)?;
    if !row.id().is_empty() && row.id() != id {
        let message = format!("the id of a fact stays `{id}`");
        return Err(Error::field("id", "bad-argument", message));
    }
    set(&mut row, "id", Some(id));
    keep_erased(&held.draft, &row)?;
    let mut as_it_is_to_be = resource(tx, caller, &row)?;
    as_it_is_to_be.touches_decision = touches_decision(file, Some(&held.draft), Some(&row));
    app.allow(caller, Action::CorrectFact, &as_it_is_to_be)?;
    let book = app.rulebooks.get(tx)?;
    let row = check(tx, &book.catalogue, &row, own_partner(caller))?;
    Ok((held, row))
}

/// Whoever was erased is not brought back.
fn keep_erased(held: &Draft, row: &Draft) -> Result<(), Error> {
    let is_erased = held.kind.is_personal() && held.cell("name") == Some(ERASED);
    if is_erased && (row.cell("name") != Some(ERASED) || row.cell("emails").is_some()) {
        let message = "the name and e-mails of this person were erased";
        return Err(Error::conflict("person-erased", message));
    }
    Ok(())
}

/// Refuses a change after which two people of a partner share an e-mail; looked at when it is
/// written and before it is committed.
pub(super) fn refuse_shared_emails(tx: &mut Tx<'_>, row: &Draft) -> Result<(), Error> {
    let partner = row.cell("partner").filter(|_| row.kind.is_personal());
    let Some(partner) = partner else { return Ok(()) };
    let shared = tx.shared_emails(partner)?;
    let own = shared.iter().find(|(one, other)| one == row.id() || other == row.id());
    let Some((one, other)) = own else { return Ok(()) };
    let other = if one == row.id() { other } else { one };
    let message = format!("an e-mail is also that of `{other}`, another person");
    let hint = "the same human has the same `person` in both rows";
    Err(at(Problem::new("shared-email", message).hint(hint), "emails").into())
}

/// Retracts a fact: it is held to be true no more. What refers to it stays.
///
/// # Errors
///
/// When the caller may not, somebody else changed it, or there is no reason.
pub fn retract(
    app: &App,
    caller: &Caller,
    name: &str,
    id: &str,
    why: &str,
    if_match: Option<&str>,
) -> Result<Retracted, Error> {
    let file = kind(name)?;
    app.change(caller, |tx| {
        let held = retractable(app, tx, caller, file, id)?;
        same_version(if_match, held.version)?;
        let why = reason(why)?;
        let dependants = tx.dependants(held.draft.kind, id)?;
        let mut entry = app.entry(caller, Action::RetractFact.word(), id);
        entry.detail("reason", why.into());
        tx.retract(&mut entry, held.draft.kind, id)?;
        tx.commit(entry)?;
        Ok(Retracted { kind: file.stem().to_owned(), id: id.to_owned(), dependants })
    })
}

/// A fact that the caller may retract.
pub(super) fn retractable(
    app: &App,
    tx: &mut Tx<'_>,
    caller: &Caller,
    file: File,
    id: &str,
) -> Result<Version, Error> {
    let (held, about) = seen(app, tx, caller, file, id)?;
    let touches_decision = touches_decision(file, Some(&held.draft), None);
    app.allow(caller, Action::RetractFact, &Resource { touches_decision, ..about })?;
    Ok(held)
}

/// Withdraws a reference from today on: what a customer may do with one that names it.
///
/// # Errors
///
/// When the caller may not, or it is withdrawn already.
pub fn withdraw_reference(app: &App, caller: &Caller, id: &str) -> Result<Record, Error> {
    app.change(caller, |tx| {
        let (held, about) = seen(app, tx, caller, File::References, id)?;
        app.allow(caller, Action::WithdrawReference, &about)?;
        let today = app.clock.today().to_string();
        let is_over = held.draft.cell("withdrawn_on").is_some_and(|on| on <= today.as_str());
        if is_over {
            return Err(Error::conflict("withdrawn-already", "it is withdrawn already"));
        }
        let mut row = held.draft;
        set(&mut row, "withdrawn_on", Some(&today));
        let book = app.rulebooks.get(tx)?;
        let row = check(tx, &book.catalogue, &row, None)?;
        let mut entry = app.entry(caller, Action::WithdrawReference.word(), id);
        tx.record(&mut entry, row.clone())?;
        tx.commit(entry)?;
        held_now(tx, &row)
    })
}

/// The record of a row that was just written.
fn held_now(tx: &mut Tx<'_>, row: &Draft) -> Result<Record, Error> {
    let held = tx.current(row.kind, row.id())?;
    held.map(|held| Record::of(&held)).ok_or_else(|| Error::internal("a row was lost"))
}
