//! Joining the network: a company applies, accepts the agreement, chooses its path and hands in.
//!
//! Whoever applies need not be signed in: they are the applicant by a secret, which their browser
//! keeps in a cookie and which stands in a link by which they come back.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::routing::{get, post};
use guildhall_access::{Action, Resource, ResourceKind};
use guildhall_operations::http::Path;
use guildhall_operations::ops::enrolments::{self, Application, Enrolment};
use guildhall_operations::{App, Error};

use super::enrolments::{agreement, mood, steps};
use super::form::{FieldProblems, Fields, Form};
use super::shell::{Place, Shell};
use super::visit::{Answer, Done, Visit, path_of};

/// The routes.
pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/join", get(show).post(apply))
        .route("/join/{id}", get(show_one))
        .route("/join/{id}/agreement", post(accept))
        .route("/join/{id}/submission", post(submit))
        .route("/join/{id}/{secret}", get(come_back))
}

/// A path to choose.
struct Choice {
    value: String,
    text: String,
    is_chosen: bool,
}

/// The paths of the edition in force.
fn paths(visit: &Visit, chosen: &str) -> Result<Vec<Choice>, Error> {
    let book = visit.app().book()?;
    let edition = book.choose(None, visit.app().clock.today(), None).ok();
    let paths = edition.map(|edition| edition.paths.as_slice()).unwrap_or_default();
    let choice = |path: &guildhall_rules::rulebook::Path| Choice {
        value: path.id.clone(),
        text: path.title.clone(),
        is_chosen: path.id == chosen,
    };
    Ok(paths.iter().map(choice).collect())
}

#[derive(Template)]
#[template(path = "portal/join.html")]
struct JoinPage {
    shell: Shell,
    /// The enrolment that this browser has begun.
    begun: Option<String>,
    company: String,
    partner: String,
    email: String,
    paths: Vec<Choice>,
    problems: FieldProblems,
}

fn join_page(visit: &Visit, fields: &Fields, problems: FieldProblems) -> Result<JoinPage, Error> {
    let new = Resource::new(ResourceKind::Enrolment, "new");
    visit.app().allow(&visit.caller, Action::Apply, &new)?;
    let own = visit.user.as_ref().map(|user| user.email.as_str()).unwrap_or_default();
    let typed = |name: &str| fields.get(name).to_owned();
    Ok(JoinPage {
        shell: visit.shell(Place::Enrolments, visit.t.say("join-title")),
        begun: visit.enrolment().map(|id| format!("/join/{}", path_of(id))),
        company: typed("company"),
        partner: typed("partner"),
        email: fields.typed("email").unwrap_or(own).to_owned(),
        paths: paths(visit, fields.get("path"))?,
        problems,
    })
}

async fn show(visit: Visit) -> Answer {
    visit.page(|visit| join_page(visit, &visit.query(), FieldProblems::default())).await
}

async fn apply(form: Form) -> Answer {
    form.act(|visit, fields| {
        let application = Application {
            company: fields.get("company").to_owned(),
            partner: fields.get("partner").trim().to_owned(),
            email: fields.get("email").trim().to_owned(),
            path: fields.typed("path").map(str::to_owned),
        };
        match enrolments::apply(visit.app(), &visit.caller, &application) {
            Ok(applied) => Ok(Done::Applicant {
                id: applied.enrolment.id,
                secret: applied.secret,
                notice: Some(("notice-join-applied", String::new())),
            }),
            Err(error) => visit.again(error, |problems| join_page(visit, fields, problems)),
        }
    })
    .await
}

/// The link by which an applicant comes back: the browser keeps the secret, and the address shows
/// it no longer.
async fn come_back(visit: Visit, Path((id, secret)): Path<(String, String)>) -> Answer {
    visit
        .run(move |visit| {
            let one = enrolments::read(visit.app(), &visit.caller, &id, Some(&secret))?;
            Ok(Done::Applicant { id: one.id, secret, notice: None })
        })
        .await
}

#[derive(Template)]
#[template(path = "portal/join/one.html")]
struct ApplicantPage {
    shell: Shell,
    id: String,
    state: String,
    word: String,
    mood: &'static str,
    partner: String,
    email: String,
    steps: Vec<(String, String)>,
    reason: Option<String>,
    /// The link by which the applicant comes back.
    link: Option<String>,
    version: String,
    agreement: Option<String>,
    paths: Vec<Choice>,
    problems: FieldProblems,
}

fn one_page(
    visit: &Visit,
    id: &str,
    fields: &Fields,
    problems: FieldProblems,
) -> Result<ApplicantPage, Error> {
    let (app, t) = (visit.app(), visit.t);
    let secret = visit.applicant(id);
    let one: Enrolment = enrolments::read(app, &visit.caller, id, secret)?;
    let held = if one.state == "applied" { agreement(app)? } else { None };
    let chosen = fields.typed("path").or(one.path.as_deref()).unwrap_or_default();
    let link = |secret: &str| format!("{}/join/{}/{secret}", app.base_url, path_of(id));
    Ok(ApplicantPage {
        shell: visit.shell(Place::Enrolments, one.company.clone()),
        word: t.word("enrolment-state", &one.state),
        mood: mood(&one.state),
        steps: steps(visit, &one),
        link: secret.map(link),
        version: held.as_ref().map(|held| held.version.clone()).unwrap_or_default(),
        agreement: held.map(|held| held.text),
        paths: paths(visit, chosen)?,
        id: one.id,
        state: one.state,
        partner: one.partner,
        email: one.email,
        reason: one.reason,
        problems,
    })
}

async fn show_one(visit: Visit, Path(id): Path<String>) -> Answer {
    visit.page(move |visit| one_page(visit, &id, &visit.query(), FieldProblems::default())).await
}

/// What came of a step of the applicant's.
fn came(
    visit: &Visit,
    (id, fields): (&str, &Fields),
    came: Result<Enrolment, Error>,
    notice: &'static str,
) -> Result<Done, Error> {
    match came {
        Ok(_) => Ok(Done::saying(format!("/join/{}", path_of(id)), notice, "")),
        Err(error) => visit.again(error, |problems| one_page(visit, id, fields, problems)),
    }
}

async fn accept(Path(id): Path<String>, form: Form) -> Answer {
    form.act(move |visit, fields| {
        if fields.get("accepted") != "yes" {
            let message = visit.t.say("join-not-accepted");
            let error = Error::field("accepted", "missing-value", message);
            return visit.again(error, |problems| one_page(visit, &id, fields, problems));
        }
        let (secret, version) = (visit.applicant(&id), fields.get("version"));
        let accepted =
            enrolments::accept_agreement(visit.app(), &visit.caller, &id, secret, version);
        came(visit, (&id, fields), accepted, "notice-join-agreed")
    })
    .await
}

async fn submit(Path(id): Path<String>, form: Form) -> Answer {
    form.act(move |visit, fields| {
        let (secret, path) = (visit.applicant(&id), fields.typed("path"));
        let submitted = enrolments::submit(visit.app(), &visit.caller, &id, secret, path);
        came(visit, (&id, fields), submitted, "notice-join-submitted")
    })
    .await
}
