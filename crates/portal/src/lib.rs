//! The portal: pages for vendor, partner and customer, on the same operations as REST.
//!
//! A handler reads its request, calls operations, and fills a page: one struct beside the handler,
//! whose template is `templates/portal/<noun>….html` and holds only `if` and `for`. `Visit` is
//! who visits, `Form` what they sent, `Shell` the frame around every page, `Texts` the words
//! in the visitor's language. Everything works without script; where there is script, htmx fetches
//! parts of the same pages. Nothing here decides anything or knows the database.

mod account;
mod assets;
mod cookies;
mod customers;
mod decisions;
mod digest;
mod disputes;
mod enrolments;
mod facts;
mod feeds;
mod form;
mod imports;
mod join;
mod journal;
mod list;
mod month;
mod naming;
mod network;
mod notices;
mod partners;
mod people;
mod plans;
mod problem;
mod reviews;
mod row_form;
mod rulebook;
mod scorecard;
mod search;
mod shell;
mod sign_in;
mod texts;
mod users;
mod visit;
mod waiting;

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRequestParts, Request, State};
use axum::http::Uri;
use axum::http::header::CONTENT_TYPE;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use guildhall_operations::config::Config;
use guildhall_operations::{App, Error};

use visit::{Answer, Visit};

pub use plans::plan_sheet;
pub use rulebook::{impact_sheet, sweep_picture};
pub use scorecard::scorecard_sheet;

/// Every route of the portal. What is no route is a page that says so.
pub fn router(app: &Arc<App>, config: &Config) -> Router {
    Router::new()
        .merge(assets::routes())
        .merge(sign_in::routes())
        .merge(account::routes())
        .merge(facts::routes())
        .merge(imports::routes())
        .merge(search::routes())
        .merge(network::routes())
        .merge(feeds::routes())
        .merge(digest::routes())
        .merge(scorecard::routes())
        .merge(rulebook::routes())
        .merge(partners::routes())
        .merge(people::routes())
        .merge(plans::routes())
        .merge(customers::routes())
        .merge(waiting::routes())
        .merge(reviews::routes())
        .merge(decisions::routes())
        .merge(disputes::routes())
        .merge(enrolments::routes())
        .merge(join::routes())
        .merge(notices::routes())
        .merge(users::routes())
        .merge(journal::routes())
        .method_not_allowed_fallback(nothing_here)
        .layer(DefaultBodyLimit::max(config.body_limit_bytes))
        .layer(from_fn_with_state(Arc::clone(app), no_data))
        .fallback(nowhere)
        .with_state(Arc::clone(app))
}

/// A route that nobody has: a page says so, or data where a program asks.
async fn nowhere(uri: Uri, visit: Visit) -> Response {
    if uri.path().starts_with("/api/") {
        return Error::not_found("route", uri.path()).into_response();
    }
    nothing_here(visit).await
}

/// What an extractor of REST refuses is a page here too.
async fn no_data(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let response = next.run(Request::from_parts(parts.clone(), body)).await;
    let kind = response.headers().get(CONTENT_TYPE);
    if kind.is_none_or(|kind| kind.as_bytes() != b"application/problem+json") {
        return response;
    }
    match Visit::from_request_parts(&mut parts, &app).await {
        Ok(visit) => nothing_here(visit).await,
        Err(response) => response,
    }
}

async fn nothing_here(visit: Visit) -> Answer {
    visit.run(|visit| Err(Error::not_found("page", &visit.path))).await
}
