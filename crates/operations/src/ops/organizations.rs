//! Organizations, the units of customers, and what customers run: the rows of the registry that
//! are no facts. They have history as facts have, and count nowhere.

use guildhall_access::{Action, Resource, ResourceKind};
use guildhall_rules::facts::{File, Holds, ID_LIMIT};
use guildhall_rules::problem::{Problem, Problems, did_you_mean};
use guildhall_store::{Draft, Kind, Scope, Slice, Tx, Version};

use super::facts::{Correction, Filter, Retracted};
use super::rows::{
    Cells, Record, at, draft, give_id, possible_id, reason, same_version, scope, set,
};
use crate::{App, Caller, Error};

/// Longest text of a cell, in characters.
const LONGEST: usize = 10_000;
/// How far parents of units are followed.
const DEEPEST: usize = 100;

/// The actions on a kind: its resource kind, to view it and to change it.
fn actions(kind: Kind) -> Result<(ResourceKind, Action, Action), Error> {
    match kind {
        Kind::Organization => {
            Ok((ResourceKind::Organization, Action::ViewOrganization, Action::EditOrganization))
        }
        Kind::Unit => Ok((ResourceKind::Unit, Action::ViewUnit, Action::EditUnit)),
        Kind::Workload => Ok((ResourceKind::Workload, Action::ViewWorkload, Action::EditWorkload)),
        Kind::Fact(_) => Err(Error::internal("a fact is no row of the registry")),
    }
}

pub(crate) fn resource(draft: &Draft) -> Result<Resource, Error> {
    let (kind, ..) = actions(draft.kind)?;
    let about = Resource::new(kind, draft.id());
    Ok(match (draft.kind, draft.cell("side")) {
        (Kind::Organization, Some("partner")) => about.of_partner(draft.id()),
        (Kind::Organization, Some("customer")) => about.of_customer(draft.id()),
        (Kind::Organization, _) => about,
        _ => about.of_customer(draft.cell("customer").unwrap_or_default()),
    })
}

/// Rows of a kind that the caller may see: one more than the limit, where there are so many.
///
/// # Errors
///
/// When the caller sees nothing of the kind.
pub fn list(app: &App, caller: &Caller, kind: Kind, filter: &Filter) -> Result<Vec<Record>, Error> {
    let (about, ..) = actions(kind)?;
    let scope = scope(caller, app.access.visible(&caller.actor, about), kind.table())?;
    let slice = Slice { after: filter.after.as_deref(), limit: filter.limit.saturating_add(1) };
    let customer = filter.customer.as_deref();
    let filters: Vec<(&str, &str)> = kind.customer_column().zip(customer).into_iter().collect();
    app.store.read(|tx| {
        let found = tx.list(kind, &scope, None, &filters, slice)?;
        Ok(found.iter().map(Record::of).collect())
    })
}

fn seen(
    app: &App,
    tx: &mut Tx<'_>,
    caller: &Caller,
    kind: Kind,
    id: &str,
) -> Result<(Version, Resource), Error> {
    possible_id(kind.word(), id)?;
    let (about, view, _) = actions(kind)?;
    let Some(held) = tx.current(kind, id)? else {
        app.allow(caller, view, &Resource::new(about, id))?;
        return Err(Error::not_found(kind.word(), id));
    };
    let about = resource(&held.draft)?;
    app.allow(caller, view, &about)?;
    Ok((held, about))
}

/// A row as it is held now.
///
/// # Errors
///
/// When there is none that the caller may see.
pub fn read(app: &App, caller: &Caller, kind: Kind, id: &str) -> Result<Record, Error> {
    app.store.read(|tx| Ok(Record::of(&seen(app, tx, caller, kind, id)?.0)))
}

/// Makes a row. Without an id it is given one.
///
/// # Errors
///
/// When the caller may not, the id or legal name is taken, or the row has problems.
pub fn make(app: &App, caller: &Caller, kind: Kind, cells: &Cells) -> Result<Record, Error> {
    let (.., edit) = actions(kind)?;
    app.change(caller, |tx| {
        let mut row = draft(kind, cells, None)?;
        give_id(&mut row)?;
        app.allow(caller, edit, &resource(&row)?)?;
        check(tx, &row)?;
        if tx.is_known(kind, row.id())? {
            let message = format!("there is a {} `{}` already", kind.word(), row.id());
            return Err(Error::conflict("id-taken", message));
        }
        write(app, tx, caller, edit, &row)
    })
}

/// Changes a row.
///
/// # Errors
///
/// When the caller may not, somebody else changed it, or the row has problems.
pub fn change(
    app: &App,
    caller: &Caller,
    kind: Kind,
    id: &str,
    correction: &Correction,
) -> Result<Record, Error> {
    let (.., edit) = actions(kind)?;
    app.change(caller, |tx| {
        let (held, as_it_was) = seen(app, tx, caller, kind, id)?;
        app.allow(caller, edit, &as_it_was)?;
        same_version(correction.if_match.as_deref(), held.version)?;
        let base = (!correction.is_whole).then_some(&held.draft);
        let mut row = draft(kind, &correction.cells, base)?;
        if !row.id().is_empty() && row.id() != id {
            let message = format!("the id stays `{id}`");
            return Err(Error::field("id", "bad-argument", message));
        }
        set(&mut row, "id", Some(id));
        if kind == Kind::Organization && row.cell("side") != held.draft.cell("side") {
            return Err(Error::field("side", "bad-argument", "an organization stays on its side"));
        }
        app.allow(caller, edit, &resource(&row)?)?;
        check(tx, &row)?;
        write(app, tx, caller, edit, &row)
    })
}

/// Retracts a row. What refers to it stays.
///
/// # Errors
///
/// When the caller may not, somebody else changed it, or there is no reason.
pub fn retract(
    app: &App,
    caller: &Caller,
    kind: Kind,
    id: &str,
    why: &str,
    if_match: Option<&str>,
) -> Result<Retracted, Error> {
    let (.., edit) = actions(kind)?;
    app.change(caller, |tx| {
        let (held, about) = seen(app, tx, caller, kind, id)?;
        app.allow(caller, edit, &about)?;
        same_version(if_match, held.version)?;
        let why = reason(why)?;
        let dependants = tx.dependants(kind, id)?;
        let mut entry = app.entry(caller, "retract", id);
        entry.detail("reason", why.into());
        tx.retract(&mut entry, kind, id)?;
        tx.commit(entry)?;
        Ok(Retracted { kind: kind.table().to_owned(), id: id.to_owned(), dependants })
    })
}

fn write(
    app: &App,
    tx: &mut Tx<'_>,
    caller: &Caller,
    edit: Action,
    row: &Draft,
) -> Result<Record, Error> {
    let mut entry = app.entry(caller, edit.word(), row.id());
    tx.record(&mut entry, row.clone())?;
    if !entry.has_no_facts() {
        tx.commit(entry)?;
    }
    let held = tx.current(row.kind, row.id())?;
    held.map(|held| Record::of(&held)).ok_or_else(|| Error::internal("a row was lost"))
}

/// The partners of which a customer knows that they work for it, as far as the caller may see them:
/// one more than the limit, where there are so many.
///
/// # Errors
///
/// When there is no customer that the caller may see.
pub fn partners_of(
    app: &App,
    caller: &Caller,
    customer: &str,
    limit: usize,
) -> Result<Vec<Record>, Error> {
    app.store.read(|tx| {
        seen(app, tx, caller, Kind::Organization, customer)?;
        let scope = Scope { customer: Some(customer.to_owned()), ..Scope::default() };
        let slice = Slice { after: None, limit: limit.saturating_add(1) };
        let found = tx.list(Kind::Fact(File::Partners), &scope, None, &[], slice)?;
        let sees = |partner: &&Version| {
            let id = partner.draft.id();
            let about = Resource::new(ResourceKind::Partner, id).of_partner(id);
            let about = about.of_customer(customer);
            app.access.decide(&caller.actor, Action::ViewPartner, &about).is_allowed()
        };
        Ok(found.iter().filter(sees).map(Record::of).collect())
    })
}

/// Checks a row: its cells by themselves, and what they refer to.
pub(crate) fn check(tx: &mut Tx<'_>, row: &Draft) -> Result<(), Error> {
    let mut problems = cell_problems(row);
    if problems.is_empty() {
        match row.kind {
            Kind::Organization => check_legal_name(tx, row)?,
            Kind::Unit => check_unit(tx, row, &mut problems)?,
            Kind::Workload => check_workload(tx, row, &mut problems)?,
            Kind::Fact(_) => {}
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(problems.into()) }
}

fn cell_problems(row: &Draft) -> Problems {
    let mut problems = Problems::new();
    for (column, cell) in row.kind.columns().iter().zip(&row.cells) {
        let mut note = |code: &'static str, message: String, hint: Option<String>| {
            problems.push(at(Problem::new(code, message).maybe_hint(hint), column.name));
        };
        let Some(cell) = cell else {
            if column.is_required {
                note("missing-value", format!("`{}` is empty", column.name), None);
            }
            continue;
        };
        match column.holds {
            Holds::Id => {
                let is_id = cell.len() <= ID_LIMIT && !cell.chars().any(char::is_control);
                if !is_id {
                    let message = format!("an id has at most {ID_LIMIT} bytes, on one line");
                    note("bad-value", message, None);
                }
            }
            Holds::Word(words) if !words.contains(&cell.as_str()) => {
                let shown: String = cell.chars().take(60).collect();
                let hint = did_you_mean(&shown, words.iter().copied());
                note("unknown-word", format!("`{shown}` is no {}", column.name), hint);
            }
            _ if cell.chars().count() > LONGEST => {
                note("bad-value", format!("a text has at most {LONGEST} characters"), None);
            }
            _ => {}
        }
    }
    problems
}

/// Two organizations do not bear one legal name.
pub(crate) fn check_legal_name(tx: &mut Tx<'_>, row: &Draft) -> Result<(), Error> {
    let Some(name) = row.cell("legal_name") else { return Ok(()) };
    match tx.legal_name_holder(name)? {
        Some(holder) if holder != row.id() => {
            Err(Error::conflict("legal-name-taken", "another organization bears this legal name"))
        }
        _ => Ok(()),
    }
}

fn unknown(problems: &mut Problems, field: &str, message: String) {
    problems.push(at(Problem::new("unknown-reference", message), field));
}

fn check_customer(tx: &mut Tx<'_>, row: &Draft, problems: &mut Problems) -> Result<(), Error> {
    let customer = row.cell("customer").unwrap_or_default();
    let held = tx.current(Kind::Organization, customer)?;
    if held.is_none_or(|held| held.draft.cell("side") != Some("customer")) {
        unknown(problems, "customer", format!("there is no customer `{customer}`"));
    }
    Ok(())
}

fn check_unit(tx: &mut Tx<'_>, row: &Draft, problems: &mut Problems) -> Result<(), Error> {
    check_customer(tx, row, problems)?;
    let mut above = row.cell("parent").map(str::to_owned);
    for depth in 0..=DEEPEST {
        let Some(id) = above else { return Ok(()) };
        if id == row.id() || depth == DEEPEST {
            let message = format!("`{}` would lie within itself, or too deep", row.id());
            problems.push(at(Problem::new("unit-cycle", message), "parent"));
            return Ok(());
        }
        let held = tx.current(Kind::Unit, &id)?;
        let held = held.filter(|held| held.draft.cell("customer") == row.cell("customer"));
        if held.is_none() && depth == 0 {
            unknown(problems, "parent", format!("the customer has no unit `{id}`"));
        }
        above = held.and_then(|held| held.draft.cell("parent").map(str::to_owned));
    }
    Ok(())
}

fn check_workload(tx: &mut Tx<'_>, row: &Draft, problems: &mut Problems) -> Result<(), Error> {
    check_customer(tx, row, problems)?;
    let Some(unit) = row.cell("unit") else { return Ok(()) };
    let held = tx.current(Kind::Unit, unit)?;
    if held.is_none_or(|held| held.draft.cell("customer") != row.cell("customer")) {
        unknown(problems, "unit", format!("the customer has no unit `{unit}`"));
    }
    Ok(())
}

/// The organization of a partner: what is recorded, or what its row says.
pub(crate) fn of_partner(tx: &mut Tx<'_>, partner: &Draft) -> Result<Draft, Error> {
    let held = tx.current(Kind::Organization, partner.id())?;
    if let Some(held) = held.filter(|held| held.draft.cell("side") == Some("partner")) {
        return Ok(held.draft);
    }
    let mut row = draft(Kind::Organization, &Cells::default(), None)?;
    set(&mut row, "id", Some(partner.id()));
    set(&mut row, "side", Some("partner"));
    for name in ["name", "website", "domains", "country"] {
        set(&mut row, name, partner.cell(name));
    }
    debug_assert_eq!(partner.kind, Kind::Fact(File::Partners));
    Ok(row)
}
