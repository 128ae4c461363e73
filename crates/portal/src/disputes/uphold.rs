//! Upholding a dispute: the fact as it is to be from now on, with the reason. Answer and new
//! version are recorded together.

use std::collections::BTreeMap;

use askama::Template;
use guildhall_access::{Action, Resource, ResourceKind};
use guildhall_operations::Error;
use guildhall_operations::http::Path;
use guildhall_operations::ops::disputes::{self, DisputeShown};
use guildhall_operations::ops::facts;
use guildhall_store::Kind;

use super::one::version;
use crate::form::{FieldProblems, Fields, Form};
use crate::list::number;
use crate::shell::{Place, Shell};
use crate::visit::{Answer, Done, Visit};

/// A cell of the fact in the form.
struct Cell {
    /// The name of the field.
    name: String,
    label: String,
    value: String,
    is_id: bool,
    problems: Vec<String>,
}

#[derive(Template)]
#[template(path = "portal/disputes/uphold.html")]
struct UpholdPage {
    shell: Shell,
    number: i64,
    version: i64,
    fact: Option<String>,
    missing: String,
    claim: String,
    cells: Vec<Cell>,
    reason: String,
    /// Names of the fields, for the problems of none of them.
    shown: String,
    problems: FieldProblems,
}

fn field(column: &str) -> String {
    format!("cell-{column}")
}

/// The dispute, if the visitor may answer it and it is open.
fn answerable(visit: &Visit, number: i64) -> Result<DisputeShown, Error> {
    let dispute = disputes::get(visit.app(), &visit.caller, number)?;
    let resource = Resource::new(ResourceKind::Dispute, number.to_string());
    let resource = resource.of_partner(&dispute.partner).of_user(&dispute.opened_by);
    visit.app().allow(&visit.caller, Action::AnswerDispute, &resource)?;
    if dispute.state == "open" {
        return Ok(dispute);
    }
    Err(Error::conflict("not-open", format!("the dispute is {}", dispute.state)))
}

/// The cells of the fact as it is held now.
fn held(visit: &Visit, dispute: &DisputeShown) -> Result<BTreeMap<String, String>, Error> {
    match &dispute.fact {
        Some(id) => Ok(facts::read(visit.app(), &visit.caller, &dispute.kind, id)?.values),
        None => Ok(BTreeMap::from([("partner".to_owned(), dispute.partner.clone())])),
    }
}

fn page(
    visit: &Visit,
    number: i64,
    fields: &Fields,
    problems: FieldProblems,
) -> Result<UpholdPage, Error> {
    let dispute = answerable(visit, number)?;
    let held = held(visit, &dispute)?;
    let kind = Kind::from_table(&dispute.kind);
    let kind = kind.ok_or_else(|| Error::internal("a dispute of no kind"))?;
    let names: Vec<&str> = kind.names().collect();
    let cell = |name: &&str| {
        let (name, sent) = (*name, field(name));
        let value = match fields.has(&sent) {
            true => fields.get(&sent).to_owned(),
            false => held.get(name).cloned().unwrap_or_default(),
        };
        let problems = problems.of(name);
        let is_id = name == "id" && dispute.fact.is_some();
        Cell { label: name.replace('_', " "), name: sent, value, is_id, problems }
    };
    let title = visit.t.of_it("uphold-title", &number.to_string());
    Ok(UpholdPage {
        shell: visit.shell(Place::Disputes, title),
        number,
        version: dispute.version,
        cells: names.iter().map(cell).collect(),
        reason: fields.get("reason").to_owned(),
        shown: format!("reason {}", names.join(" ")),
        fact: dispute.fact,
        missing: dispute.missing.unwrap_or_default(),
        claim: dispute.claim,
        problems,
    })
}

pub(super) async fn show(visit: Visit, Path(id): Path<String>) -> Answer {
    visit
        .page(move |visit| {
            page(visit, number("dispute", &id)?, &visit.query(), FieldProblems::default())
        })
        .await
}

/// The cells that are sent and say something else than what is held.
fn changed(
    visit: &Visit,
    number: i64,
    fields: &Fields,
) -> Result<BTreeMap<String, Option<String>>, Error> {
    let dispute = answerable(visit, number)?;
    let held = match &dispute.fact {
        Some(_) => held(visit, &dispute)?,
        None => BTreeMap::new(),
    };
    let sent = fields.iter().filter_map(|(name, value)| Some((name.strip_prefix("cell-")?, value)));
    let is_other = |(name, value): &(&str, &str)| {
        held.get(*name).map_or("", String::as_str).trim() != value.trim()
    };
    let cell = |(name, value): (&str, &str)| {
        let value = Some(value.trim().to_owned()).filter(|value| !value.is_empty());
        (name.to_owned(), value)
    };
    Ok(sent.filter(is_other).map(cell).collect())
}

pub(super) async fn uphold(Path(id): Path<String>, form: Form) -> Answer {
    form.act(move |visit, fields| {
        let number = number("dispute", &id)?;
        let answer = disputes::Answer {
            outcome: "upheld".to_owned(),
            reason: fields.get("reason").to_owned(),
            cells: changed(visit, number, fields)?,
        };
        let tag = version(fields);
        match disputes::answer(visit.app(), &visit.caller, number, tag.as_deref(), &answer) {
            Ok(_) => Ok(Done::saying(format!("/disputes/{number}"), "notice-dispute-upheld", "")),
            Err(error) => visit.again(error, |problems| page(visit, number, fields, problems)),
        }
    })
    .await
}
