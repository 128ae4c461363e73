//! One's own account: name and roles, password, second factor, sessions, API tokens.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::routing::{get, post};
use guildhall_operations::http::Path;
use guildhall_operations::ops::second_factor::{self, SecondFactor};
use guildhall_operations::ops::{passwords, sessions, tokens};
use guildhall_operations::{App, Error, Missing};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use qrcodegen::{QrCode, QrCodeEcc};

use super::form::{FieldProblems, Fields, Form};
use super::shell::{Place, Shell};
use super::visit::{Answer, Done, Visit, render};

/// The routes.
pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/me", get(show))
        .route("/me/password", get(show_password).post(change_password))
        .route("/me/sessions", get(show_sessions))
        .route("/me/sessions/{session}/end", post(end_session))
        .route("/me/tokens", get(show_tokens).post(create_token))
        .route("/me/tokens/{token}/revoke", post(revoke_token))
        .route("/me/second-factor", get(show_factor).post(begin_factor))
        .route("/me/second-factor/confirm", post(confirm_factor))
        .route("/me/second-factor/recovery-codes", post(new_codes))
        .route("/me/second-factor/remove", post(remove_factor))
}

#[derive(Template)]
#[template(path = "portal/account.html")]
struct AccountPage {
    shell: Shell,
    name: String,
    email: String,
    organization: String,
    roles: Vec<String>,
    factor: SecondFactor,
    sessions: usize,
    tokens: usize,
}

async fn show(visit: Visit) -> Answer {
    visit
        .page(|visit| {
            let (app, caller) = (visit.app(), &visit.caller);
            let factor = second_factor::state(app, caller)?;
            let user = visit.user.clone().ok_or(Error::SignInFirst)?;
            Ok(AccountPage {
                shell: visit.shell(Place::Account, visit.t.say("account-title")),
                name: user.name,
                email: user.email,
                organization: user.organization.unwrap_or_default(),
                roles: user.roles.iter().map(|role| visit.t.word("role", role)).collect(),
                factor,
                sessions: sessions::list(app, caller, None)?.len(),
                tokens: tokens::list(app, caller)?.len(),
            })
        })
        .await
}

#[derive(Template)]
#[template(path = "portal/account/password.html")]
struct PasswordPage {
    shell: Shell,
    problems: FieldProblems,
}

fn password_page(visit: &Visit, problems: FieldProblems) -> Result<PasswordPage, Error> {
    if visit.caller.actor.user.is_none() {
        return Err(visit.caller.sign_in_first());
    }
    Ok(PasswordPage { shell: visit.shell(Place::Account, visit.t.say("password-title")), problems })
}

async fn show_password(visit: Visit) -> Answer {
    visit.page(|visit| password_page(visit, FieldProblems::default())).await
}

async fn change_password(form: Form) -> Answer {
    form.act(|visit, fields| {
        let (present, new) = (fields.get("present_password"), fields.get("new_password"));
        if new != fields.get("password_again") {
            let mut problems = FieldProblems::default();
            problems.add("password_again", &visit.t.say("password-not-the-same"));
            return Done::page(&password_page(visit, problems)?);
        }
        match passwords::change(visit.app(), &visit.caller, present, new) {
            Ok(()) => Ok(Done::saying("/me", "notice-password-changed", "")),
            Err(error) => visit.again(error, |problems| password_page(visit, problems)),
        }
    })
    .await
}

/// A session in the list.
struct SessionView {
    id: String,
    agent: String,
    address: String,
    begun: String,
    seen: String,
    is_present: bool,
}

#[derive(Template)]
#[template(path = "portal/account/sessions.html")]
struct SessionsPage {
    shell: Shell,
    sessions: Vec<SessionView>,
}

async fn show_sessions(visit: Visit) -> Answer {
    visit
        .page(|visit| {
            let t = visit.t;
            let sessions = sessions::list(visit.app(), &visit.caller, None)?;
            let unknown = || t.say("sessions-unknown");
            let view = |session: sessions::Session| SessionView {
                agent: session.agent.map_or_else(unknown, |agent| browser(&agent)),
                address: session.address.unwrap_or_else(unknown),
                begun: t.moment_text(&session.created_at),
                seen: t.moment_text(&session.seen_at),
                is_present: session.is_present,
                id: session.id,
            };
            Ok(SessionsPage {
                shell: visit.shell(Place::Account, t.say("sessions-title")),
                sessions: sessions.into_iter().map(view).collect(),
            })
        })
        .await
}

/// A browser's name for itself, cut to what people recognise.
fn browser(agent: &str) -> String {
    let systems = ["Windows", "Android", "iPhone", "iPad", "Mac OS X", "Linux"];
    let browsers =
        [("Firefox/", "Firefox"), ("Edg/", "Edge"), ("Chrome/", "Chrome"), ("Safari/", "Safari")];
    let browser = browsers.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name);
    let system = systems.iter().find(|system| agent.contains(*system));
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser}, {system}"),
        _ => agent.chars().take(60).collect(),
    }
}

async fn end_session(Path(session): Path<String>, form: Form) -> Answer {
    form.act(move |visit, _| {
        sessions::end(visit.app(), &visit.caller, &session)?;
        Ok(Done::saying("/me/sessions", "notice-session-ended", ""))
    })
    .await
}

/// A token in the list.
struct TokenView {
    id: String,
    name: String,
    scopes: String,
    created: String,
    used: String,
    ends: String,
}

#[derive(Template)]
#[template(path = "portal/account/tokens.html")]
struct TokensPage {
    shell: Shell,
    tokens: Vec<TokenView>,
    /// The secret of one that was just made, which is shown this once.
    secret: Option<String>,
    name: String,
    scope: String,
    ends: String,
    problems: FieldProblems,
}

impl TokensPage {
    fn of(visit: &Visit, problems: FieldProblems) -> Result<Self, Error> {
        let t = visit.t;
        let listed = tokens::list(visit.app(), &visit.caller)?;
        let moment = |at: Option<String>, none: &str| {
            at.map_or_else(|| t.say(none), |at| t.moment_text(&at))
        };
        let view = |token: tokens::Token| TokenView {
            scopes: token
                .scopes
                .iter()
                .map(|scope| t.word("scope", scope))
                .collect::<Vec<_>>()
                .join(", "),
            created: t.moment_text(&token.created_at),
            used: moment(token.used_at, "tokens-never-used"),
            ends: moment(token.expires_at, "tokens-never-ends"),
            id: token.id,
            name: token.name,
        };
        Ok(Self {
            shell: visit.shell(Place::Account, t.say("tokens-title")),
            tokens: listed.into_iter().map(view).collect(),
            secret: None,
            name: String::new(),
            scope: "read".to_owned(),
            ends: String::new(),
            problems,
        })
    }
}

async fn show_tokens(visit: Visit) -> Answer {
    visit.page(|visit| filled(visit, &visit.query(), FieldProblems::default())).await
}

/// The page with what was typed.
fn filled(visit: &Visit, fields: &Fields, problems: FieldProblems) -> Result<TokensPage, Error> {
    let page = TokensPage::of(visit, problems)?;
    let typed = |name| fields.get(name).to_owned();
    let scope = fields.typed("scope").map_or(page.scope, str::to_owned);
    Ok(TokensPage { name: typed("name"), scope, ends: typed("expires_on"), ..page })
}

async fn create_token(form: Form) -> Answer {
    form.act(|visit, fields| {
        let made = ends(fields.get("expires_on")).and_then(|ends| {
            let scopes = tokens::read_scopes(&[fields.get("scope").to_owned()])?;
            tokens::create(visit.app(), &visit.caller, fields.get("name"), &scopes, ends)
        });
        match made {
            Ok(made) => {
                let page = TokensPage::of(visit, FieldProblems::default())?;
                Done::page(&TokensPage { secret: Some(made.secret), ..page })
            }
            Err(error) => visit.again(error, |problems| filled(visit, fields, problems)),
        }
    })
    .await
}

/// The moment behind the last day of a token.
fn ends(day: &str) -> Result<Option<Timestamp>, Error> {
    let day = day.trim();
    if day.is_empty() {
        return Ok(None);
    }
    let read = || -> Option<Timestamp> {
        let next = day.parse::<Date>().ok()?.tomorrow().ok()?;
        TimeZone::UTC.to_timestamp(next.at(0, 0, 0, 0)).ok()
    };
    read().map(Some).ok_or_else(|| {
        Error::field("expires_on", "bad-value", format!("`{day}` is no day as `2027-01-31`"))
    })
}

async fn revoke_token(Path(token): Path<String>, form: Form) -> Answer {
    form.act(move |visit, _| {
        tokens::revoke(visit.app(), &visit.caller, &token)?;
        Ok(Done::saying("/me/tokens", "notice-token-revoked", ""))
    })
    .await
}

#[derive(Template)]
#[template(path = "portal/account/second_factor.html")]
struct FactorPage {
    shell: Shell,
    is_enrolled: bool,
    is_required: bool,
    codes_left: usize,
    /// What the app is to share, while a factor is being set up.
    setting_up: Option<SettingUp>,
    /// Recovery codes, which are shown this once.
    codes: Vec<String>,
    problems: FieldProblems,
}

/// What an authenticator app is to share.
struct SettingUp {
    secret: String,
    /// The modules of the QR code as the path of an SVG, and its size in modules.
    path: String,
    size: i32,
}

impl SettingUp {
    fn of(secret: &str, uri: &str) -> Result<Self, Error> {
        let code = QrCode::encode_text(uri, QrCodeEcc::Medium).map_err(Error::internal)?;
        let mut path = String::new();
        for y in 0..code.size() {
            for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
                path.push_str(&format!("M{x} {y}h1v1h-1z"));
            }
        }
        // In groups of four, as people type it.
        let groups: Vec<&str> = secret
            .as_bytes()
            .chunks(4)
            .filter_map(|group| std::str::from_utf8(group).ok())
            .collect();
        Ok(Self { secret: groups.join(" "), path, size: code.size() })
    }
}

/// How the visitor's factor stands, also while they are half signed in for want of one.
fn factor(visit: &Visit) -> Result<SecondFactor, Error> {
    let half = visit.caller.half.as_ref().map(|half| half.missing);
    if half == Some(Missing::Enrolment) {
        return Ok(SecondFactor { is_enrolled: false, is_required: true, recovery_codes_left: 0 });
    }
    second_factor::state(visit.app(), &visit.caller)
}

fn factor_page(
    visit: &Visit,
    setting_up: Option<SettingUp>,
    codes: Vec<String>,
    problems: FieldProblems,
) -> Result<FactorPage, Error> {
    let factor = if codes.is_empty() {
        factor(visit)?
    } else {
        SecondFactor { is_enrolled: true, is_required: false, recovery_codes_left: codes.len() }
    };
    Ok(FactorPage {
        shell: visit.shell(Place::Account, visit.t.say("factor-title")),
        is_enrolled: factor.is_enrolled,
        is_required: factor.is_required,
        codes_left: factor.recovery_codes_left,
        setting_up,
        codes,
        problems,
    })
}

async fn show_factor(visit: Visit) -> Answer {
    visit.page(|visit| factor_page(visit, None, Vec::new(), FieldProblems::default())).await
}

async fn begin_factor(form: Form) -> Answer {
    form.act(|visit, _| {
        let begun = second_factor::begin(visit.app(), &visit.caller)?;
        let setting_up = SettingUp::of(&begun.secret, &begun.uri)?;
        Done::page(&factor_page(visit, Some(setting_up), Vec::new(), FieldProblems::default())?)
    })
    .await
}

async fn confirm_factor(form: Form) -> Answer {
    form.act(|visit, fields| {
        match second_factor::confirm(visit.app(), &visit.caller, fields.get("code")) {
            Ok(enrolled) => {
                let signed_in = enrolled.signed_in;
                let none = FieldProblems::default();
                let page = factor_page(visit, None, enrolled.recovery_codes, none)?;
                let html = Some(render(&page)?);
                Ok(Done::SignedIn { to: "/".to_owned(), secret: signed_in.secret, html })
            }
            // The secret is shown no second time; a wrong code begins anew.
            Err(error) => visit.again(error, |mut problems| {
                problems.add("code", &visit.t.say("factor-begin-again"));
                let begun = second_factor::begin(visit.app(), &visit.caller)?;
                let setting_up = SettingUp::of(&begun.secret, &begun.uri)?;
                factor_page(visit, Some(setting_up), Vec::new(), problems)
            }),
        }
    })
    .await
}

async fn new_codes(form: Form) -> Answer {
    form.act(|visit, _| {
        let codes = second_factor::new_recovery_codes(visit.app(), &visit.caller)?;
        let none = FieldProblems::default();
        Done::page(&factor_page(visit, None, codes.recovery_codes, none)?)
    })
    .await
}

async fn remove_factor(form: Form) -> Answer {
    form.act(|visit, _| {
        second_factor::remove(visit.app(), &visit.caller)?;
        Ok(Done::saying("/me", "notice-factor-removed", ""))
    })
    .await
}
