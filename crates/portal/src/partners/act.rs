//! What is done on a partner's page: the profile is edited, a domain claimed; the vendor suspends,
//! reinstates, declares an executive review.

use std::collections::BTreeMap;

use askama::Template;
use axum::http::StatusCode;
use guildhall_access::{Action, Resource, ResourceKind};
use guildhall_operations::Error;
use guildhall_operations::http::Path;
use guildhall_operations::ops::decisions::{self, Declaration};
use guildhall_operations::ops::domains;
use guildhall_operations::ops::partners::{self, Profile};

use super::cell;
use crate::form::{FieldProblems, Fields, Form};
use crate::row_form::{self, FieldView, Sort};
use crate::shell::{Place, Shell};
use crate::visit::{Answer, Done, Visit, path_of, render};

/// What a profile holds.
const FIELDS: [Sort; 8] = [
    Sort::text("name", true),
    Sort::text("legal_name", false),
    Sort::text("country", false),
    Sort::text("website", false),
    Sort::list("kinds"),
    Sort::list("domains"),
    Sort::list("offices"),
    Sort { name: "description", is_required: false, is_list: false, is_long: true },
];

#[derive(Template)]
#[template(path = "portal/partners/edit.html")]
struct EditPage {
    shell: Shell,
    path: String,
    name: String,
    version: String,
    fields: Vec<FieldView>,
    is_changed: bool,
    problems: FieldProblems,
}

/// What is held of a partner's row and organization, as one.
fn values(profile: &Profile) -> BTreeMap<String, String> {
    let organization = profile.organization.as_ref().map(|row| row.values.clone());
    let mut values = organization.unwrap_or_default();
    values.extend(profile.partner.values.clone());
    values
}

fn edit_page(
    visit: &Visit,
    id: &str,
    typed: &Fields,
    problems: FieldProblems,
) -> Result<EditPage, Error> {
    let about = Resource::new(ResourceKind::Partner, id).of_partner(id);
    let profile = partners::read(visit.app(), &visit.caller, id)?;
    visit.app().allow(&visit.caller, Action::EditProfile, &about)?;
    let held = values(&profile);
    let book = visit.app().book()?;
    let mut kinds: Vec<&str> = Vec::new();
    for kind in book.editions.iter().flat_map(|edition| &edition.partner_kinds) {
        if !kinds.contains(&kind.id.as_str()) {
            kinds.push(&kind.id);
        }
    }
    let field = |sort: &Sort| {
        let value = row_form::filled(typed, &held, sort.name);
        let mut view = row_form::field(visit.t, *sort, &value);
        if sort.name == "kinds" {
            view.hint = visit.t.of_it("partner-kinds-hint", &kinds.join(", "));
        }
        view
    };
    let version = typed.typed("version").map_or_else(|| profile.partner.tag(), str::to_owned);
    Ok(EditPage {
        shell: visit.shell(Place::Partner, visit.t.say("partner-edit-title")),
        path: path_of(id),
        name: cell(&profile.partner, "name").to_owned(),
        version,
        fields: FIELDS.iter().map(field).collect(),
        is_changed: false,
        problems,
    })
}

pub(super) async fn show_edit(Path(id): Path<String>, visit: Visit) -> Answer {
    visit.page(move |visit| edit_page(visit, &id, &visit.query(), FieldProblems::default())).await
}

pub(super) async fn edit(Path(id): Path<String>, form: Form) -> Answer {
    form.act(move |visit, fields| {
        let cells = row_form::cells(fields, FIELDS.iter().map(|sort| sort.name));
        let version = fields.typed("version");
        match partners::edit_profile(visit.app(), &visit.caller, &id, &cells, version) {
            Ok(_) => {
                let to = format!("/partners/{}", path_of(&id));
                Ok(Done::saying(to, "notice-profile-saved", ""))
            }
            Err(Error::Changed { now }) => {
                // Whoever comes second is shown what the first has written.
                let mut page = edit_page(visit, &id, fields, FieldProblems::default())?;
                let held = values(&partners::read(visit.app(), &visit.caller, &id)?);
                row_form::compare(&mut page.fields, &held);
                (page.version, page.is_changed) = (now, true);
                Ok(Done::Page(StatusCode::PRECONDITION_FAILED, render(&page)?))
            }
            Err(error) => visit.again(error, |problems| edit_page(visit, &id, fields, problems)),
        }
    })
    .await
}

pub(super) async fn claim_domain(Path(id): Path<String>, form: Form) -> Answer {
    form.act(move |visit, fields| {
        let (domain, mailbox) = (fields.get("domain"), fields.get("mailbox"));
        match domains::claim(visit.app(), &visit.caller, &id, domain, mailbox) {
            Ok(claimed) => {
                let to = format!("/partners/{}#domains", path_of(&id));
                Ok(Done::saying(to, "notice-domain-claimed", claimed.domain))
            }
            Err(error) => visit.again(error, |problems| super::page(visit, &id, fields, problems)),
        }
    })
    .await
}

/// What the vendor may declare.
const KINDS: [&str; 3] = ["suspended", "reinstated", "executive_review"];

#[derive(Template)]
#[template(path = "portal/partners/declare.html")]
struct DeclarePage {
    shell: Shell,
    path: String,
    name: String,
    kind: &'static str,
    what: String,
    on: String,
    valid_until: String,
    reason: String,
    problems: FieldProblems,
}

fn declare_page(
    visit: &Visit,
    (id, kind): (&str, &str),
    typed: &Fields,
    problems: FieldProblems,
) -> Result<DeclarePage, Error> {
    let t = visit.t;
    let Some(kind) = KINDS.into_iter().find(|known| *known == kind) else {
        return Err(Error::not_found("declaration", kind));
    };
    let profile = partners::read(visit.app(), &visit.caller, id)?;
    let about = Resource::new(ResourceKind::TierReview, id).of_partner(id);
    if !super::may(visit, Action::PublishTierReview, &about) {
        visit.app().allow(&visit.caller, Action::PublishTierReview, &about)?;
    }
    let today = visit.app().clock.today().to_string();
    Ok(DeclarePage {
        shell: visit.shell(Place::Partner, t.word("declare-title", kind)),
        path: path_of(id),
        name: cell(&profile.partner, "name").to_owned(),
        what: t.word("declare-what", kind),
        kind,
        on: typed.typed("on").map_or(today, str::to_owned),
        valid_until: typed.get("valid_until").to_owned(),
        reason: typed.get("reason").to_owned(),
        problems,
    })
}

pub(super) async fn show_declare(Path((id, kind)): Path<(String, String)>, visit: Visit) -> Answer {
    visit
        .page(move |visit| {
            declare_page(visit, (&id, &kind), &visit.query(), FieldProblems::default())
        })
        .await
}

pub(super) async fn declare(Path((id, kind)): Path<(String, String)>, form: Form) -> Answer {
    form.act(move |visit, fields| {
        let declaration = Declaration {
            partner: id.clone(),
            kind: kind.clone(),
            on: fields.typed("on").map(str::to_owned),
            valid_until: fields.typed("valid_until").map(str::to_owned),
            reason: fields.get("reason").to_owned(),
        };
        match decisions::declare(visit.app(), &visit.caller, &declaration) {
            Ok(shown) => {
                let to = format!("/partners/{}", path_of(&id));
                Ok(Done::saying(to, "notice-declared", shown.number.to_string()))
            }
            Err(error) => {
                visit.again(error, |problems| declare_page(visit, (&id, &kind), fields, problems))
            }
        }
    })
    .await
}
