//! A customer's own data: organization, units and workloads, made, changed and retracted.

use askama::Template;
use axum::http::StatusCode;
use guildhall_access::{Action, Resource, ResourceKind};
use guildhall_operations::Error;
use guildhall_operations::http::Path;
use guildhall_operations::ops::Record;
use guildhall_operations::ops::facts::Correction;
use guildhall_operations::ops::organizations;
use guildhall_store::Kind;

use super::{all_of, cell, customer, registry};
use crate::form::{FieldProblems, Fields, Form};
use crate::row_form::{self, FieldView, Sort};
use crate::shell::{Place, Shell};
use crate::visit::{Answer, Done, Visit, path_of, render};

/// The word in a path for a row that is to be made.
const NEW: &str = "new";

const OF_ORGANIZATION: [Sort; 7] = [
    Sort::text("name", true),
    Sort::text("legal_name", false),
    Sort::text("country", false),
    Sort::text("website", false),
    Sort::list("domains"),
    Sort::list("offices"),
    Sort { name: "description", is_required: false, is_list: false, is_long: true },
];
const OF_UNIT: [Sort; 3] =
    [Sort::text("name", true), Sort::text("kind", false), Sort::text("parent", false)];
const OF_WORKLOAD: [Sort; 7] = [
    Sort::text("name", true),
    Sort::text("environment", true),
    Sort::text("unit", false),
    Sort::text("owner", false),
    Sort::list("accounts"),
    Sort::list("regions"),
    Sort::list("design_services"),
];
/// Where a workload runs.
const ENVIRONMENTS: [&str; 3] = ["on_premises", "test", "production"];

fn sorts(kind: Kind) -> &'static [Sort] {
    match kind {
        Kind::Unit => &OF_UNIT,
        Kind::Workload => &OF_WORKLOAD,
        _ => &OF_ORGANIZATION,
    }
}

/// What the policies ask about a row of a kind, and the action that changes it.
fn edits(kind: Kind, id: &str, customer: &str) -> (Action, Resource) {
    let (action, about) = match kind {
        Kind::Unit => (Action::EditUnit, ResourceKind::Unit),
        Kind::Workload => (Action::EditWorkload, ResourceKind::Workload),
        _ => (Action::EditOrganization, ResourceKind::Organization),
    };
    (action, Resource::new(about, id).of_customer(customer))
}

#[derive(Template)]
#[template(path = "portal/customers/edit.html")]
struct EditPage {
    shell: Shell,
    customer_path: String,
    customer_name: String,
    action: String,
    /// Where the row is retracted, if it can be.
    retract: Option<String>,
    version: String,
    fields: Vec<FieldView>,
    is_changed: bool,
    problems: FieldProblems,
}

/// A row of the customer that is held; another's is none.
fn held(visit: &Visit, kind: Kind, id: &str, row: &str) -> Result<Record, Error> {
    let found = organizations::read(visit.app(), &visit.caller, kind, row)?;
    if cell(&found, "customer") == id { Ok(found) } else { Err(Error::not_found("row", row)) }
}

/// The address of a form.
fn address_of(kind: Kind, id: &str, row: Option<&str>) -> String {
    let id = path_of(id);
    match row {
        None => format!("/customers/{id}/edit"),
        Some(row) => format!("/customers/{id}/{}/{}", kind.table(), path_of(row)),
    }
}

/// What to choose a unit from: those of the customer, but not the row itself.
fn units(visit: &Visit, id: &str, but: &str) -> Result<Vec<(String, String)>, Error> {
    let found = registry(visit, Kind::Unit, &all_of(id))?.unwrap_or_default();
    let others = found.into_iter().filter(|row| row.id != but);
    Ok(others.map(|row| (row.id.clone(), cell(&row, "name").to_owned())).collect())
}

fn edit_page(
    visit: &Visit,
    (kind, id, row): (Kind, &str, Option<&str>),
    typed: &Fields,
    problems: FieldProblems,
) -> Result<EditPage, Error> {
    let t = visit.t;
    let organization = customer(visit, id)?;
    let (action, about) = edits(kind, row.unwrap_or(id), id);
    visit.app().allow(&visit.caller, action, &about)?;
    let held = match row {
        None => Some(organization.clone()),
        Some(NEW) => None,
        Some(row) => Some(held(visit, kind, id, row)?),
    };
    let values = held.as_ref().map(|held| held.values.clone()).unwrap_or_default();
    let mut fields = Vec::new();
    for sort in sorts(kind) {
        let value = row_form::filled(typed, &values, sort.name);
        let mut view = row_form::field(t, *sort, &value);
        match sort.name {
            "environment" => {
                let words = ENVIRONMENTS.into_iter();
                let option = |word: &str| (word.to_owned(), t.word("environment", word));
                view.options = words.map(option).collect();
            }
            "unit" | "parent" => view.options = units(visit, id, row.unwrap_or_default())?,
            _ => {}
        }
        fields.push(view);
    }
    let version = typed.typed("version").map(str::to_owned);
    let version = version.or_else(|| held.as_ref().map(Record::tag)).unwrap_or_default();
    let title = match (kind, row) {
        (_, None) => t.say("customer-edit-title"),
        (Kind::Unit, Some(NEW)) => t.say("customer-unit-new"),
        (_, Some(NEW)) => t.say("customer-workload-new"),
        (..) => values.get("name").cloned().unwrap_or_default(),
    };
    let action = address_of(kind, id, row);
    Ok(EditPage {
        shell: visit.shell(Place::Customer, title),
        customer_path: path_of(id),
        customer_name: cell(&organization, "name").to_owned(),
        retract: row.filter(|row| *row != NEW).map(|_| format!("{action}/retract")),
        action,
        version,
        fields,
        is_changed: false,
        problems,
    })
}

/// Saves a form about a row of the registry.
fn saved(visit: &Visit, place: (Kind, &str, Option<&str>), fields: &Fields) -> Result<Done, Error> {
    let (kind, id, row) = place;
    let (app, caller) = (visit.app(), &visit.caller);
    customer(visit, id)?;
    let mut cells = row_form::cells(fields, sorts(kind).iter().map(|sort| sort.name));
    let outcome = if row == Some(NEW) {
        cells.0.insert("customer".to_owned(), Some(id.to_owned()));
        organizations::make(app, caller, kind, &cells)
    } else {
        if let Some(row) = row {
            held(visit, kind, id, row)?;
        }
        let if_match = fields.typed("version").map(str::to_owned);
        let correction = Correction { cells, is_whole: false, if_match };
        organizations::change(app, caller, kind, row.unwrap_or(id), &correction)
    };
    match outcome {
        Ok(record) => {
            let part = if row.is_none() { String::new() } else { format!("#{}", kind.table()) };
            let name = cell(&record, "name").to_owned();
            Ok(Done::saying(format!("/customers/{}{part}", path_of(id)), "notice-row-saved", name))
        }
        Err(Error::Changed { now }) => {
            // Whoever comes second is shown what the first has written.
            let mut page = edit_page(visit, place, fields, FieldProblems::default())?;
            let record = organizations::read(app, caller, kind, row.unwrap_or(id))?;
            row_form::compare(&mut page.fields, &record.values);
            (page.version, page.is_changed) = (now, true);
            Ok(Done::Page(StatusCode::PRECONDITION_FAILED, render(&page)?))
        }
        Err(error) => visit.again(error, |problems| edit_page(visit, place, fields, problems)),
    }
}

pub(super) async fn show_edit(Path(id): Path<String>, visit: Visit) -> Answer {
    visit
        .page(move |visit| {
            let place = (Kind::Organization, id.as_str(), None);
            edit_page(visit, place, &visit.query(), FieldProblems::default())
        })
        .await
}

pub(super) async fn edit(Path(id): Path<String>, form: Form) -> Answer {
    form.act(move |visit, fields| saved(visit, (Kind::Organization, &id, None), fields)).await
}

pub(super) async fn show(
    kind: Kind,
    Path((id, row)): Path<(String, String)>,
    visit: Visit,
) -> Answer {
    visit
        .page(move |visit| {
            let place = (kind, id.as_str(), Some(row.as_str()));
            edit_page(visit, place, &visit.query(), FieldProblems::default())
        })
        .await
}

pub(super) async fn save(
    kind: Kind,
    Path((id, row)): Path<(String, String)>,
    form: Form,
) -> Answer {
    form.act(move |visit, fields| saved(visit, (kind, &id, Some(&row)), fields)).await
}

#[derive(Template)]
#[template(path = "portal/customers/retract.html")]
struct RetractPage {
    shell: Shell,
    customer_path: String,
    customer_name: String,
    name: String,
    action: String,
    version: String,
    reason: String,
    problems: FieldProblems,
}

fn retract_page(
    visit: &Visit,
    (kind, id, row): (Kind, &str, &str),
    typed: &Fields,
    problems: FieldProblems,
) -> Result<RetractPage, Error> {
    let organization = customer(visit, id)?;
    let found = held(visit, kind, id, row)?;
    let (action, about) = edits(kind, row, id);
    visit.app().allow(&visit.caller, action, &about)?;
    let title = visit.t.of_it("customer-retract-title", cell(&found, "name"));
    Ok(RetractPage {
        shell: visit.shell(Place::Customer, title),
        customer_path: path_of(id),
        customer_name: cell(&organization, "name").to_owned(),
        name: cell(&found, "name").to_owned(),
        action: address_of(kind, id, Some(row)),
        version: typed.typed("version").map_or_else(|| found.tag(), str::to_owned),
        reason: typed.get("reason").to_owned(),
        problems,
    })
}

pub(super) async fn show_retract(
    kind: Kind,
    Path((id, row)): Path<(String, String)>,
    visit: Visit,
) -> Answer {
    visit
        .page(move |visit| {
            let place = (kind, id.as_str(), row.as_str());
            retract_page(visit, place, &visit.query(), FieldProblems::default())
        })
        .await
}

pub(super) async fn retract(
    kind: Kind,
    Path((id, row)): Path<(String, String)>,
    form: Form,
) -> Answer {
    form.act(move |visit, fields| {
        let (app, caller) = (visit.app(), &visit.caller);
        let found = held(visit, kind, &id, &row)?;
        let (why, version) = (fields.get("reason"), fields.typed("version"));
        match organizations::retract(app, caller, kind, &row, why, version) {
            Ok(_) => {
                let to = format!("/customers/{}#{}", path_of(&id), kind.table());
                Ok(Done::saying(to, "notice-row-retracted", cell(&found, "name")))
            }
            Err(error) => visit
                .again(error, |problems| retract_page(visit, (kind, &id, &row), fields, problems)),
        }
    })
    .await
}
