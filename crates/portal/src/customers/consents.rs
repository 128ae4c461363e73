//! What a customer agreed to: whether its partner sees a rating, whether everybody does; references
//! that it withdraws.

use std::collections::BTreeMap;

use askama::Template;
use guildhall_access::{Action, Resource, ResourceKind};
use guildhall_operations::Error;
use guildhall_operations::http::Path;
use guildhall_operations::ops::facts::{self, Correction};
use guildhall_operations::ops::{Cells, Record, partners};

use super::{cell, customer};
use crate::form::{FieldProblems, Fields, Form};
use crate::shell::{Place, Shell};
use crate::visit::{Answer, Done, Visit, path_of};

#[derive(Template)]
#[template(path = "portal/customers/rating.html")]
struct RatingPage {
    shell: Shell,
    customer_path: String,
    customer_name: String,
    id: String,
    partner: String,
    score: String,
    on: String,
    comment: String,
    consent: bool,
    consent_public: bool,
    version: String,
    problems: FieldProblems,
}

/// A fact that names the customer; another's is none.
fn held(visit: &Visit, kind: &str, customer: &str, id: &str) -> Result<Record, Error> {
    let found = facts::read(visit.app(), &visit.caller, kind, id)?;
    if cell(&found, "customer") == customer { Ok(found) } else { Err(Error::not_found("fact", id)) }
}

fn about(kind: ResourceKind, fact: &Record) -> Resource {
    let about = Resource::new(kind, fact.id.as_str());
    about.of_partner(cell(fact, "partner")).of_customer(cell(fact, "customer"))
}

/// The name of the partner of a fact, where the visitor may know it.
fn partner(visit: &Visit, fact: &Record) -> String {
    let id = cell(fact, "partner");
    let found = partners::read(visit.app(), &visit.caller, id).ok();
    let name = found.map(|found| cell(&found.partner, "name").to_owned());
    name.filter(|name| !name.is_empty()).unwrap_or_else(|| id.to_owned())
}

fn rating_page(
    visit: &Visit,
    (id, rating): (&str, &str),
    typed: &Fields,
    problems: FieldProblems,
) -> Result<RatingPage, Error> {
    let organization = customer(visit, id)?;
    let found = held(visit, "ratings", id, rating)?;
    visit.app().allow(&visit.caller, Action::CorrectFact, &about(ResourceKind::Rating, &found))?;
    // A box that is not ticked is not sent: what was typed is known by the version beside it.
    let ticked = |name: &str| {
        if typed.has("version") { typed.get(name) == "yes" } else { cell(&found, name) == "yes" }
    };
    Ok(RatingPage {
        shell: visit.shell(Place::Customer, visit.t.say("rating-title")),
        customer_path: path_of(id),
        customer_name: cell(&organization, "name").to_owned(),
        partner: partner(visit, &found),
        score: cell(&found, "score").to_owned(),
        on: visit.t.day_text(cell(&found, "rated_on")),
        comment: cell(&found, "comment").to_owned(),
        consent: ticked("consent"),
        consent_public: ticked("consent_public"),
        version: typed.typed("version").map_or_else(|| found.tag(), str::to_owned),
        id: path_of(rating),
        problems,
    })
}

pub(super) async fn show(Path((id, rating)): Path<(String, String)>, visit: Visit) -> Answer {
    visit
        .page(move |visit| {
            rating_page(visit, (&id, &rating), &visit.query(), FieldProblems::default())
        })
        .await
}

pub(super) async fn save(Path((id, rating)): Path<(String, String)>, form: Form) -> Answer {
    form.act(move |visit, fields| {
        held(visit, "ratings", &id, &rating)?;
        let said = |name: &str| {
            let word = if fields.get(name) == "yes" { "yes" } else { "no" };
            (name.to_owned(), Some(word.to_owned()))
        };
        let cells = Cells(BTreeMap::from([said("consent"), said("consent_public")]));
        let if_match = fields.typed("version").map(str::to_owned);
        let correction = Correction { cells, is_whole: false, if_match };
        match facts::correct(visit.app(), &visit.caller, "ratings", &rating, &correction) {
            Ok(_) => {
                let to = format!("/customers/{}#ratings", path_of(&id));
                Ok(Done::saying(to, "notice-consent-saved", ""))
            }
            Err(error) => {
                visit.again(error, |problems| rating_page(visit, (&id, &rating), fields, problems))
            }
        }
    })
    .await
}

#[derive(Template)]
#[template(path = "portal/customers/withdraw.html")]
struct WithdrawPage {
    shell: Shell,
    customer_path: String,
    customer_name: String,
    id: String,
    what: String,
}

pub(super) async fn show_withdraw(
    Path((id, reference)): Path<(String, String)>,
    visit: Visit,
) -> Answer {
    visit
        .page(move |visit| {
            let organization = customer(visit, &id)?;
            let found = held(visit, "references", &id, &reference)?;
            let about = about(ResourceKind::Reference, &found);
            visit.app().allow(&visit.caller, Action::WithdrawReference, &about)?;
            let published = visit.t.day_text(cell(&found, "published_on"));
            let arguments = [("it", partner(visit, &found).into()), ("day", published.into())];
            Ok(WithdrawPage {
                shell: visit.shell(Place::Customer, visit.t.say("customer-withdraw-title")),
                customer_path: path_of(&id),
                customer_name: cell(&organization, "name").to_owned(),
                id: path_of(&reference),
                what: visit.t.tell("customer-withdraw-what", &arguments),
            })
        })
        .await
}

pub(super) async fn withdraw(Path((id, reference)): Path<(String, String)>, form: Form) -> Answer {
    form.act(move |visit, _| {
        held(visit, "references", &id, &reference)?;
        facts::withdraw_reference(visit.app(), &visit.caller, &reference)?;
        let to = format!("/customers/{}#references", path_of(&id));
        Ok(Done::saying(to, "notice-reference-withdrawn", ""))
    })
    .await
}
