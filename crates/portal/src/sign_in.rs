//! Signing in: password, second factor, invitations, forgotten passwords, the links of mails.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::response::Redirect;
use axum::routing::{get, post};
use guildhall_operations::http::Path;
use guildhall_operations::ops::second_factor::Proof;
use guildhall_operations::ops::{
    demo, domains, invitations, passwords, second_factor, sessions, sign_in,
};
use guildhall_operations::{App, Error};

use super::form::{FieldProblems, Fields, Form, address};
use super::shell::{Place, Shell, first_page};
use super::visit::{Answer, Done, Visit, local};

/// The routes.
pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/", get(front))
        .route("/sign-in", get(show).post(sign))
        .route("/sign-in/code", get(show_code).post(prove))
        .route("/sign-out", post(sign_out))
        .route("/password-resets", get(show_forgotten).post(forgotten))
        .route("/password-resets/{secret}", get(show_reset).post(reset))
        .route("/invitations/{secret}", get(show_invitation).post(accept))
        .route("/domains/{secret}", get(show_domain).post(confirm_domain))
}

/// The first page is the one that answers the visitor's first question.
async fn front(visit: Visit) -> Result<Redirect, Answer> {
    if visit.caller.actor.user.is_none() {
        return Err(visit.failed(&visit.caller.sign_in_first()));
    }
    Ok(Redirect::to(&first_page(&visit.caller)))
}

#[derive(Template)]
#[template(path = "portal/sign_in.html")]
struct SignInPage {
    shell: Shell,
    next: String,
    email: String,
    problems: FieldProblems,
    /// Everybody's password, on a demonstration; else nothing.
    password: String,
    /// As whom a visitor of a demonstration signs in.
    demo: Vec<DemoView>,
}

/// Somebody as whom a visitor of a demonstration signs in.
struct DemoView {
    email: String,
    name: String,
    roles: String,
    organization: String,
}

async fn show(visit: Visit) -> Answer {
    visit
        .run(move |visit| {
            let query = visit.query();
            let next = query.get("next");
            if visit.caller.actor.user.is_some() {
                return Ok(Done::to(local(next)));
            }
            Done::page(&sign_in_page(visit, next, "", FieldProblems::default()))
        })
        .await
}

fn sign_in_page(visit: &Visit, next: &str, email: &str, problems: FieldProblems) -> SignInPage {
    let demo = visit.app().demo.as_ref();
    let view = |user: &guildhall_operations::SignIn| {
        let roles: Vec<String> = user.roles.iter().map(|role| visit.t.word("role", role)).collect();
        DemoView {
            email: user.email.clone(),
            name: user.name.clone(),
            roles: roles.join(", "),
            organization: user.organization.clone(),
        }
    };
    SignInPage {
        shell: visit.shell(Place::Nowhere, visit.t.say("sign-in-title")),
        next: local(next).to_owned(),
        email: email.to_owned(),
        problems,
        password: demo.map(|demo| demo.password.clone()).unwrap_or_default(),
        demo: demo.into_iter().flat_map(|demo| &demo.sign_ins).map(view).collect(),
    }
}

async fn sign(form: Form) -> Answer {
    form.act(|visit, fields| {
        let (email, next) = (fields.get("email").trim(), local(fields.get("next")));
        let signed = sign_in::sign_in(visit.app(), &visit.caller, email, fields.get("password"));
        match signed {
            Ok(signed) => {
                let to = match () {
                    () if signed.needs_second_factor => address("/sign-in/code", &[("next", next)]),
                    () if signed.needs_enrolment => "/me/second-factor".to_owned(),
                    () => next.to_owned(),
                };
                Ok(Done::SignedIn { to, secret: signed.secret, html: None })
            }
            Err(error) => {
                visit.again(error, |problems| Ok(sign_in_page(visit, next, email, problems)))
            }
        }
    })
    .await
}

#[derive(Template)]
#[template(path = "portal/sign_in/code.html")]
struct CodePage {
    shell: Shell,
    next: String,
    /// Whether the visitor is in already and proves the factor afresh.
    is_afresh: bool,
    /// The code itself, on a demonstration.
    shown: Option<String>,
    problems: FieldProblems,
}

fn code_page(visit: &Visit, next: &str, problems: FieldProblems) -> Result<CodePage, Error> {
    let Some(user) = &visit.user else { return Err(Error::SignInFirst) };
    let shown = match visit.app().demo {
        Some(_) => demo::code(visit.app(), &user.email)?,
        None => None,
    };
    Ok(CodePage {
        shown,
        shell: visit.shell(Place::Nowhere, visit.t.say("code-title")),
        next: local(next).to_owned(),
        is_afresh: visit.caller.actor.user.is_some(),
        problems,
    })
}

async fn show_code(visit: Visit) -> Answer {
    visit.page(|visit| code_page(visit, visit.query().get("next"), FieldProblems::default())).await
}

async fn prove(form: Form) -> Answer {
    form.act(|visit, fields| {
        let next = local(fields.get("next"));
        let proof = match fields.typed("recovery_code") {
            Some(code) => Proof::RecoveryCode(code.to_owned()),
            None => Proof::Code(fields.get("code").to_owned()),
        };
        match second_factor::prove(visit.app(), &visit.caller, &proof) {
            Ok(signed) => {
                Ok(Done::SignedIn { to: next.to_owned(), secret: signed.secret, html: None })
            }
            Err(error) => visit.again(error, |problems| code_page(visit, next, problems)),
        }
    })
    .await
}

async fn sign_out(form: Form) -> Answer {
    form.act(|visit, _| match sessions::sign_out(visit.app(), &visit.caller) {
        // Whose session is over has signed out.
        Ok(()) | Err(Error::SignInFirst) => Ok(Done::SignedOut),
        Err(error) => Err(error),
    })
    .await
}

#[derive(Template)]
#[template(path = "portal/sign_in/forgotten.html")]
struct ForgottenPage {
    shell: Shell,
    email: String,
    /// Whether a mail was asked for; none tells whether there is such a user.
    is_sent: bool,
    problems: FieldProblems,
}

async fn show_forgotten(visit: Visit) -> Answer {
    visit
        .page(|visit| {
            Ok(ForgottenPage {
                shell: visit.shell(Place::Nowhere, visit.t.say("forgotten-title")),
                email: String::new(),
                is_sent: false,
                problems: FieldProblems::default(),
            })
        })
        .await
}

async fn forgotten(form: Form) -> Answer {
    form.act(|visit, fields| {
        let email = fields.get("email").trim();
        let page = |is_sent, problems| ForgottenPage {
            shell: visit.shell(Place::Nowhere, visit.t.say("forgotten-title")),
            email: email.to_owned(),
            is_sent,
            problems,
        };
        match passwords::request_reset(visit.app(), email) {
            Ok(()) => Done::page(&page(true, FieldProblems::default())),
            Err(error) => visit.again(error, |problems| Ok(page(false, problems))),
        }
    })
    .await
}

#[derive(Template)]
#[template(path = "portal/sign_in/reset.html")]
struct ResetPage {
    shell: Shell,
    problems: FieldProblems,
}

fn reset_page(visit: &Visit, problems: FieldProblems) -> ResetPage {
    ResetPage { shell: visit.shell(Place::Nowhere, visit.t.say("reset-title")), problems }
}

async fn show_reset(visit: Visit, Path(_secret): Path<String>) -> Answer {
    visit.page(|visit| Ok(reset_page(visit, FieldProblems::default()))).await
}

async fn reset(Path(secret): Path<String>, form: Form) -> Answer {
    form.act(move |visit, fields| {
        if let Some(problems) = typed_twice(visit, fields) {
            return Done::page(&reset_page(visit, problems));
        }
        match passwords::reset(visit.app(), &visit.caller, &secret, fields.get("password")) {
            Ok(()) => Ok(Done::saying("/sign-in", "notice-password-set", "")),
            Err(error) => visit.again(error, |problems| Ok(reset_page(visit, problems))),
        }
    })
    .await
}

/// The problem of passwords that are not the same.
fn typed_twice(visit: &Visit, fields: &Fields) -> Option<FieldProblems> {
    if fields.get("password") == fields.get("password_again") {
        return None;
    }
    let mut problems = FieldProblems::default();
    problems.add("password_again", &visit.t.say("password-not-the-same"));
    Some(problems)
}

#[derive(Template)]
#[template(path = "portal/sign_in/invitation.html")]
struct InvitationPage {
    shell: Shell,
    name: String,
    problems: FieldProblems,
}

fn invitation_page(visit: &Visit, name: &str, problems: FieldProblems) -> InvitationPage {
    InvitationPage {
        shell: visit.shell(Place::Nowhere, visit.t.say("invitation-title")),
        name: name.to_owned(),
        problems,
    }
}

async fn show_invitation(visit: Visit, Path(_secret): Path<String>) -> Answer {
    visit.page(|visit| Ok(invitation_page(visit, "", FieldProblems::default()))).await
}

async fn accept(Path(secret): Path<String>, form: Form) -> Answer {
    form.act(move |visit, fields| {
        let (name, password) = (fields.get("name").trim(), fields.get("password"));
        if let Some(problems) = typed_twice(visit, fields) {
            return Done::page(&invitation_page(visit, name, problems));
        }
        let (app, caller) = (visit.app(), &visit.caller);
        let accepted = invitations::accept(app, caller, &secret, name, password)
            .and_then(|user| sign_in::sign_in(app, caller, &user.email, password));
        match accepted {
            Ok(signed) => {
                let to = if signed.needs_enrolment { "/me/second-factor" } else { "/" };
                Ok(Done::SignedIn { to: to.to_owned(), secret: signed.secret, html: None })
            }
            Err(error) => visit.again(error, |problems| Ok(invitation_page(visit, name, problems))),
        }
    })
    .await
}

#[derive(Template)]
#[template(path = "portal/sign_in/domain.html")]
struct DomainPage {
    shell: Shell,
    /// The domain, once it is confirmed.
    confirmed: Option<String>,
    problems: FieldProblems,
}

fn domain_page(visit: &Visit, confirmed: Option<String>, problems: FieldProblems) -> DomainPage {
    let shell = visit.shell(Place::Nowhere, visit.t.say("domain-title"));
    DomainPage { shell, confirmed, problems }
}

/// Following a link changes nothing: mail programs follow links too.
async fn show_domain(visit: Visit, Path(_secret): Path<String>) -> Answer {
    visit.page(|visit| Ok(domain_page(visit, None, FieldProblems::default()))).await
}

async fn confirm_domain(Path(secret): Path<String>, form: Form) -> Answer {
    form.act(move |visit, _| match domains::confirm(visit.app(), &visit.caller, &secret) {
        Ok(domain) => {
            Done::page(&domain_page(visit, Some(domain.domain), FieldProblems::default()))
        }
        Err(error) => visit.again(error, |problems| Ok(domain_page(visit, None, problems))),
    })
    .await
}
