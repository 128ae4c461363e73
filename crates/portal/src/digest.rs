//! How often somebody is mailed what lapses: chosen on a page of the account, and ended by the link
//! in a digest, without signing in.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use guildhall_operations::http::Path;
use guildhall_operations::mail::Every;
use guildhall_operations::ops::forecast;
use guildhall_operations::{App, Error};

use super::form::{FieldProblems, Form};
use super::shell::{Place, Shell};
use super::visit::{Answer, Done, Visit};

/// The routes.
pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/me/digest", get(show).post(choose))
        .route("/digest/stop/{secret}", get(ask).post(stop))
}

/// One way to be told.
struct Choice {
    /// Empty for what the server does.
    word: &'static str,
    text: String,
    is_chosen: bool,
}

#[derive(Template)]
#[template(path = "portal/account/digest.html")]
struct DigestPage {
    shell: Shell,
    choices: Vec<Choice>,
    has_mail: bool,
    problems: FieldProblems,
}

fn page(visit: &Visit, problems: FieldProblems) -> Result<DigestPage, Error> {
    let (app, t) = (visit.app(), visit.t);
    let held = forecast::preference(app, &visit.caller)?;
    let configured = t.word("digest", held.configured.word()).to_lowercase();
    let mut choices = vec![Choice {
        word: "",
        text: t.of_it("digest-as-configured", &configured),
        is_chosen: held.chosen.is_none(),
    }];
    choices.extend(Every::ALL.map(|every| Choice {
        word: every.word(),
        text: t.word("digest", every.word()),
        is_chosen: held.chosen == Some(every),
    }));
    Ok(DigestPage {
        shell: visit.shell(Place::Account, t.say("digest-title")),
        choices,
        has_mail: app.mailer.is_configured(),
        problems,
    })
}

async fn show(visit: Visit) -> Answer {
    visit.page(|visit| page(visit, FieldProblems::default())).await
}

async fn choose(form: Form) -> Answer {
    form.act(|visit, fields| {
        let word = fields.get("every");
        let every = match (word, Every::from_word(word)) {
            ("", _) => Ok(None),
            (_, Some(every)) => Ok(Some(every)),
            (word, None) => {
                let message = format!("`{word}` is none of the words for it");
                Err(Error::field_with_hint("every", "bad-value", message, "off, weekly or monthly"))
            }
        };
        match every.and_then(|every| forecast::choose(visit.app(), &visit.caller, every)) {
            Ok(()) => Ok(Done::saying("/me/digest", "notice-digest-chosen", "")),
            Err(error) => visit.again(error, |problems| page(visit, problems)),
        }
    })
    .await
}

#[derive(Template)]
#[template(path = "portal/account/digest_stop.html")]
struct StopPage {
    shell: Shell,
    /// Whose it is, half hidden.
    email: String,
    /// Whether it is done.
    is_done: bool,
    /// Whether it was before.
    has_ended: bool,
}

fn stop_page(visit: &Visit, secret: &str, is_done: bool) -> Result<StopPage, Error> {
    let (email, has_ended) = forecast::who_stops(visit.app(), secret)?;
    // Whoever is signed in may be somebody else.
    let title = visit.t.say("digest-stop-title");
    Ok(StopPage {
        shell: Shell { who: None, ..visit.shell(Place::Nowhere, title) },
        email,
        is_done,
        has_ended,
    })
}

/// Asks first: programs that look at what is mailed follow links, and must not end anything.
async fn ask(Path(secret): Path<String>, visit: Visit) -> Answer {
    visit.page(move |visit| stop_page(visit, &secret, false)).await
}

/// Ends the digest: the button of that page, or the mail program itself (RFC 8058), which has
/// neither cookies nor a token. The secret is all that it takes.
async fn stop(Path(secret): Path<String>, visit: Visit) -> Answer {
    visit
        .run(move |visit| {
            forecast::stop(visit.app(), &secret)?;
            let html = super::visit::render(&stop_page(visit, &secret, true)?)?;
            Ok(Done::Page(StatusCode::OK, html))
        })
        .await
}
