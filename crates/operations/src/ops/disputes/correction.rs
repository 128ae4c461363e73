//! The fact that a dispute is about: whose it is, and what an answer makes of it.

use std::collections::BTreeMap;

use guildhall_access::{Action, Resource, ResourceKind};
use guildhall_rules::facts::{File, LoadOptions, Mapping, References, Source, csv, load};
use guildhall_rules::problem::{Problem, Problems};
use guildhall_store::{Draft, Entry, Kind, Recorded, StoredDispute, Tx};

use crate::{App, Caller, Error};

/// The kind of resource that a fact is.
fn resource_kind(kind: Kind) -> Option<ResourceKind> {
    use ResourceKind as Resource;
    Some(match kind.table() {
        "partners" => Resource::PartnerFact,
        "reviews" => Resource::Review,
        "affiliations" => Resource::Affiliation,
        "individuals" => Resource::Individual,
        "credentials" => Resource::Credential,
        "opportunities" => Resource::Opportunity,
        "references" => Resource::Reference,
        "ratings" => Resource::Rating,
        "business_plans" => Resource::BusinessPlan,
        "validations" => Resource::Validation,
        "cases" => Resource::Case,
        "survey_responses" => Resource::SurveyResponse,
        "events" => Resource::Event,
        _ => return None,
    })
}

/// The partner to whom a row belongs: a credential to that of the person's row, an affiliation to
/// the primary.
fn partner_of(tx: &mut Tx<'_>, draft: &Draft) -> Result<Option<String>, Error> {
    if let Some(column) = draft.kind.partner_column() {
        return Ok(draft.cell(column).map(str::to_owned));
    }
    if let Some(individual) = draft.cell("individual") {
        let row = tx.current(Kind::Fact(File::Individuals), individual)?;
        return Ok(row.and_then(|row| row.draft.cell("partner").map(str::to_owned)));
    }
    Ok(draft.cell("primary").map(str::to_owned))
}

/// A row as the policies see it.
fn resource(draft: &Draft, partner: &str) -> Result<Resource, Error> {
    let kind = resource_kind(draft.kind).ok_or_else(|| Error::internal("it is no fact"))?;
    let mut resource = Resource::new(kind, draft.id()).of_partner(partner);
    resource.customer = draft.cell("customer").map(str::to_owned);
    resource.consent = draft.cell("consent") == Some("yes");
    Ok(resource)
}

/// A fact of the partner that the caller may see; any other is not there.
pub(super) fn see(
    app: &App,
    caller: &Caller,
    tx: &mut Tx<'_>,
    kind: Kind,
    (partner, id): (&str, &str),
) -> Result<Draft, Error> {
    let nothing = || Error::not_found("fact", id);
    let held = tx.current(kind, id)?.ok_or_else(nothing)?;
    if partner_of(tx, &held.draft)?.as_deref() != Some(partner) {
        return Err(nothing());
    }
    let resource = resource(&held.draft, partner)?;
    app.allow(caller, Action::ViewFact, &resource).map_err(|_| nothing())?;
    Ok(held.draft)
}

/// Records what an upheld dispute makes of the fact.
pub(super) fn record(
    app: &App,
    caller: &Caller,
    tx: &mut Tx<'_>,
    entry: &mut Entry,
    (dispute, cells): (&StoredDispute, &BTreeMap<String, Option<String>>),
) -> Result<(), Error> {
    let kind = Kind::from_table(&dispute.kind);
    let kind = kind.ok_or_else(|| Error::internal("a dispute of no kind"))?;
    if cells.is_empty() {
        let message = "a dispute that is upheld changes the fact: say which cells";
        return Err(Error::field("cells", "missing-value", message));
    }
    let (mut draft, action) = match &dispute.fact {
        Some(id) => {
            let held = tx.current(kind, id)?;
            let held = held.ok_or_else(|| {
                Error::conflict("fact-retracted", format!("the fact `{id}` was retracted"))
            })?;
            (held.draft, Action::CorrectFact)
        }
        None => (Draft { kind, cells: vec![None; kind.columns().len()] }, Action::AddFact),
    };
    put(&mut draft, cells)?;
    check(app, tx, &draft)?;
    let id = draft.id().to_owned();
    match &dispute.fact {
        Some(fact) if *fact != id => {
            return Err(Error::field("cells", "bad-value", "a fact keeps its id"));
        }
        None if tx.is_known(kind, &id)? => {
            let message = format!("there is a fact `{id}` already");
            return Err(Error::field("cells", "id-used-twice", message));
        }
        _ => {}
    }
    if partner_of(tx, &draft)?.as_deref() != Some(dispute.partner.as_str()) {
        let message = format!("the fact would not belong to `{}`", dispute.partner);
        return Err(Error::field("cells", "bad-value", message));
    }
    app.allow(caller, action, &resource(&draft, &dispute.partner)?)?;
    if let Recorded::Same(_) = tx.record(entry, draft)? {
        let message = "the fact says the same already";
        return Err(Error::field("cells", "bad-value", message));
    }
    Ok(())
}

/// Puts cells into a row.
fn put(draft: &mut Draft, cells: &BTreeMap<String, Option<String>>) -> Result<(), Error> {
    for (name, value) in cells {
        let at = draft.kind.position(name);
        let Some(cell) = at.and_then(|at| draft.cells.get_mut(at)) else {
            let message = format!("`{name}` is no column of `{}`", draft.kind.table());
            return Err(Error::field("cells", "unknown-column", message));
        };
        *cell = value.clone().filter(|value| !value.is_empty());
    }
    Ok(())
}

/// Reads the row as the folder format has it, so that nothing is recorded that it would not take.
fn check(app: &App, tx: &mut Tx<'_>, draft: &Draft) -> Result<(), Error> {
    let Kind::Fact(file) = draft.kind else { return Ok(()) };
    let book = app.rulebooks.get(tx)?;
    let mut text = Vec::new();
    let cells = draft.cells.iter().map(|cell| cell.as_deref().unwrap_or("").as_bytes());
    csv::write_record(&mut text, draft.kind.names().map(str::as_bytes)).map_err(Error::internal)?;
    csv::write_record(&mut text, cells).map_err(Error::internal)?;
    let source = Source {
        name: file.name(),
        shown: String::new(),
        size: text.len() as u64,
        open: Box::new(text.as_slice()),
    };
    let options = LoadOptions { known_at: None, threads: 1, references: References::Trusted };
    let catalogue = &book.catalogue;
    let loaded = load("the answer", &[source], &Mapping::default(), catalogue, options, None);
    let loaded = loaded.map_err(Error::internal)?;
    let about = |problem: &Problem| Problem { file: String::new(), line: None, ..problem.clone() };
    let problems: Problems = loaded.problems.shown().iter().map(about).collect();
    if problems.is_empty() { Ok(()) } else { Err(problems.into()) }
}
