//! Enrolments for the vendor: who wants to join, letting them in or turning them away, and the
//! agreement that they accept.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::routing::{get, post};
use guildhall_access::{Action, Decision, Resource, ResourceKind};
use guildhall_operations::http::{Page, Path};
use guildhall_operations::ops::enrolments::{self, Agreement, Enrolment};
use guildhall_operations::{App, Error};

use super::form::{FieldProblems, Fields, Form, address};
use super::list::{self, Pages};
use super::naming::Naming;
use super::shell::{Place, Shell};
use super::visit::{Answer, Done, Visit, path_of};

/// The routes.
pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/enrolments", get(show_list))
        .route("/enrolments/agreement", get(show_agreement).post(set_agreement))
        .route("/enrolments/{id}", get(show))
        .route("/enrolments/{id}/approve", post(approve))
        .route("/enrolments/{id}/decline", post(decline))
}

/// The states, as the tabs have them.
const STATES: [&str; 5] = ["submitted", "applied", "agreed", "approved", "declined"];

/// How a state is coloured, beside its word.
pub(super) fn mood(state: &str) -> &'static str {
    match state {
        "submitted" => "care",
        "approved" => "good",
        "declined" => "bad",
        _ => "",
    }
}

struct Tab {
    to: String,
    text: String,
    is_here: bool,
}

struct Line {
    to: String,
    company: String,
    partner: String,
    path: String,
    since: String,
    state: String,
    mood: &'static str,
}

#[derive(Template)]
#[template(path = "portal/enrolments.html")]
struct EnrolmentsPage {
    shell: Shell,
    tabs: Vec<Tab>,
    lines: Vec<Line>,
    pages: Pages,
    may_set: bool,
}

/// Whether the visitor may bring an agreement into force.
fn may_set(visit: &Visit) -> bool {
    let network = Resource::new(ResourceKind::Network, "network");
    visit.app().access.decide(&visit.caller.actor, Action::ManageSettings, &network).is_allowed()
}

async fn show_list(visit: Visit) -> Answer {
    visit
        .page(|visit| {
            let (app, caller, t) = (visit.app(), &visit.caller, visit.t);
            let (after, limit) = list::asked(visit)?;
            let query = visit.query();
            let state = STATES.into_iter().find(|state| *state == query.get("state"));
            let state = state.unwrap_or("submitted");
            let found = enrolments::list(app, caller, Some(state), after.as_deref(), limit)?;
            let found = Page::of(found, limit, |one| one.id.clone());
            let naming = Naming::of(visit, [], [])?;
            let line = |one: &Enrolment| Line {
                to: format!("/enrolments/{}", path_of(&one.id)),
                company: one.company.clone(),
                partner: one.partner.clone(),
                path: one.path.as_deref().map(|path| naming.path(path)).unwrap_or_default(),
                since: t.moment_text(one.submitted_at.as_deref().unwrap_or(&one.registered_at)),
                state: t.word("enrolment-state", &one.state),
                mood: mood(&one.state),
            };
            let tab = |one: &str| Tab {
                to: address("/enrolments", &[("state", one)]),
                text: t.word("enrolment-state", one),
                is_here: one == state,
            };
            Ok(EnrolmentsPage {
                shell: visit.shell(Place::Enrolments, t.say("enrolments-title")),
                tabs: STATES.map(tab).into(),
                lines: found.items.iter().map(line).collect(),
                pages: list::pages(visit, found.next.as_deref()),
                may_set: may_set(visit),
            })
        })
        .await
}

#[derive(Template)]
#[template(path = "portal/enrolments/one.html")]
struct EnrolmentPage {
    shell: Shell,
    id: String,
    email: String,
    partner: String,
    partner_to: Option<String>,
    path: String,
    agreement: String,
    state: String,
    mood: &'static str,
    steps: Vec<(String, String)>,
    declined_because: Option<String>,
    may_approve: bool,
    may_decline: bool,
    /// Why the visitor may not decide, where it is because they asked for it themselves.
    is_own: bool,
    reason: String,
    problems: FieldProblems,
}

/// What was done, and when.
pub(super) fn steps(visit: &Visit, one: &Enrolment) -> Vec<(String, String)> {
    let t = visit.t;
    let decided =
        if one.state == "declined" { "enrolment-declined-on" } else { "enrolment-approved-on" };
    let steps = [
        ("enrolment-applied-on", Some(&one.registered_at)),
        ("enrolment-agreed-on", one.agreed_at.as_ref()),
        ("enrolment-submitted-on", one.submitted_at.as_ref()),
        (decided, one.decided_at.as_ref()),
    ];
    let steps = steps.into_iter().filter_map(|(key, at)| Some((t.say(key), t.moment_text(at?))));
    steps.collect()
}

fn page(
    visit: &Visit,
    id: &str,
    fields: &Fields,
    problems: FieldProblems,
) -> Result<EnrolmentPage, Error> {
    let (app, caller, t) = (visit.app(), &visit.caller, visit.t);
    let one = enrolments::read(app, caller, id, None)?;
    let naming = Naming::of(visit, [], [])?;
    let resource = Resource::new(ResourceKind::Enrolment, id);
    let decide = |action| app.access.decide(&caller.actor, action, &resource);
    let approval = decide(Action::ApproveEnrolment);
    let is_own = matches!(&approval, Decision::Denied(reason) if reason == "own_request");
    let is_open = ["applied", "agreed", "submitted"].contains(&one.state.as_str());
    Ok(EnrolmentPage {
        shell: visit.shell(Place::Enrolments, one.company.clone()),
        email: one.email.clone(),
        partner_to: (one.state == "approved")
            .then(|| format!("/partners/{}", path_of(&one.partner))),
        path: one.path.as_deref().map(|path| naming.path(path)).unwrap_or_default(),
        agreement: one.agreement.clone().unwrap_or_default(),
        state: t.word("enrolment-state", &one.state),
        mood: mood(&one.state),
        steps: steps(visit, &one),
        declined_because: one.reason.clone(),
        may_approve: one.state == "submitted" && approval.is_allowed(),
        may_decline: is_open && decide(Action::DeclineEnrolment).is_allowed(),
        is_own,
        reason: fields.get("reason").to_owned(),
        partner: one.partner,
        id: one.id,
        problems,
    })
}

async fn show(visit: Visit, Path(id): Path<String>) -> Answer {
    visit.page(move |visit| page(visit, &id, &visit.query(), FieldProblems::default())).await
}

async fn approve(Path(id): Path<String>, form: Form) -> Answer {
    form.act(move |visit, fields| match enrolments::approve(visit.app(), &visit.caller, &id) {
        Ok(one) => {
            let to = format!("/enrolments/{}", path_of(&id));
            Ok(Done::saying(to, "notice-enrolment-approved", one.company))
        }
        Err(error) => visit.again(error, |problems| page(visit, &id, fields, problems)),
    })
    .await
}

async fn decline(Path(id): Path<String>, form: Form) -> Answer {
    form.act(move |visit, fields| {
        match enrolments::decline(visit.app(), &visit.caller, &id, fields.get("reason")) {
            Ok(one) => {
                let to = format!("/enrolments/{}", path_of(&id));
                Ok(Done::saying(to, "notice-enrolment-declined", one.company))
            }
            Err(error) => visit.again(error, |problems| page(visit, &id, fields, problems)),
        }
    })
    .await
}

#[derive(Template)]
#[template(path = "portal/enrolments/agreement.html")]
struct AgreementPage {
    shell: Shell,
    held: Option<Agreement>,
    version: String,
    text: String,
    problems: FieldProblems,
}

/// The agreement in force, if there is one.
pub(super) fn agreement(app: &App) -> Result<Option<Agreement>, Error> {
    match enrolments::agreement(app) {
        Ok(held) => Ok(Some(held)),
        Err(Error::NotFound { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

fn agreement_page(
    visit: &Visit,
    fields: &Fields,
    problems: FieldProblems,
) -> Result<AgreementPage, Error> {
    let network = Resource::new(ResourceKind::Network, "network");
    visit.app().allow(&visit.caller, Action::ManageSettings, &network)?;
    let held = agreement(visit.app())?;
    let text = match (&held, fields.has("text")) {
        (Some(held), false) => held.text.clone(),
        _ => fields.get("text").to_owned(),
    };
    Ok(AgreementPage {
        shell: visit.shell(Place::Enrolments, visit.t.say("agreement-title")),
        held,
        version: fields.get("version").to_owned(),
        text,
        problems,
    })
}

async fn show_agreement(visit: Visit) -> Answer {
    visit.page(|visit| agreement_page(visit, &visit.query(), FieldProblems::default())).await
}

async fn set_agreement(form: Form) -> Answer {
    form.act(|visit, fields| {
        let agreement = Agreement {
            version: fields.get("version").trim().to_owned(),
            text: fields.get("text").replace("\r\n", "\n"),
        };
        match enrolments::set_agreement(visit.app(), &visit.caller, &agreement) {
            Ok(held) => Ok(Done::saying("/enrolments", "notice-agreement-set", held.version)),
            Err(error) => visit.again(error, |problems| agreement_page(visit, fields, problems)),
        }
    })
    .await
}
