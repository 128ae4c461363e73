//! REST under `/api/v1`, its OpenAPI document at `/api/openapi.json` and a reference at `/api`.
//!
//! Handlers translate: they read a request, call one operation on a thread that may wait, and turn
//! what comes back into an answer. Errors are problem details (RFC 9457), lists page by opaque
//! cursors, versions are entity tags.

mod decisions;
mod disputes;
mod editions;
mod enrolments;
mod facts;
mod forecast;
mod idempotency;
mod impact;
mod journal;
mod network;
mod organizations;
mod partners;
mod plans;
mod problem;
mod request;
mod session;
mod standing;
mod users;
mod webhooks;

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::http::{Method, Uri};
use axum::response::{IntoResponse, Response};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use utoipa::openapi::OpenApi;
use utoipa::{OpenApi as _, ToSchema};
use utoipa_axum::router::OpenApiRouter;

use crate::{App, Error};

pub use problem::{FieldProblem, ProblemDetails, answer as problem_details};
pub(crate) use request::from_where;
pub use request::{Body, ClientAddress, IfMatch, Path, Query, blocking};
pub(crate) use standing::{day as read_day, moment as read_moment};

/// The head of the OpenAPI document; the paths come from the handlers.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Guildhall",
        description = "Where partners stand, why, and what changes it. Requests are signed in with \
            `Authorization: Bearer` and an API token or the secret of a session. Errors are problem \
            details (RFC 9457) whose `code` is stable. Lists are pages: follow `next` as `cursor`. \
            Writes take `Idempotency-Key`; updates take `If-Match` with the entity tag of what was \
            read.",
        license(name = "Apache-2.0 OR MIT")
    ),
    components(schemas(ProblemDetails, FieldProblem)),
    modifiers(&Bearer)
)]
struct Document;

/// How requests are signed in.
struct Bearer;

impl utoipa::Modify for Bearer {
    fn modify(&self, document: &mut OpenApi) {
        use utoipa::openapi::security::{
            Http, HttpAuthScheme, SecurityRequirement, SecurityScheme,
        };
        let scheme = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        document
            .components
            .get_or_insert_default()
            .security_schemes
            .insert("bearer".to_owned(), scheme.into());
        document.security = Some(vec![SecurityRequirement::new("bearer", Vec::<String>::new())]);
    }
}

/// Every route of REST, with its description.
fn routes() -> OpenApiRouter<Arc<App>> {
    let all = OpenApiRouter::new()
        .merge(standing::routes())
        .merge(facts::routes())
        .merge(forecast::routes())
        .merge(partners::routes())
        .merge(plans::routes())
        .merge(organizations::routes())
        .merge(enrolments::routes())
        .merge(decisions::routes())
        .merge(disputes::routes())
        .merge(editions::routes())
        .merge(impact::routes())
        .merge(journal::routes())
        .merge(network::routes())
        .merge(session::routes())
        .merge(users::routes())
        .merge(webhooks::routes());
    OpenApiRouter::with_openapi(Document::openapi()).nest("/api/v1", all)
}

/// The OpenAPI document.
pub fn document() -> OpenApi {
    routes().into_openapi()
}

/// The router of REST alone. Bodies are at most `body_limit` bytes long.
pub fn router(app: Arc<App>, body_limit: usize) -> Router {
    beside_pages(app, body_limit).fallback(no_route)
}

/// The router of REST, for a server that answers other routes too.
pub(crate) fn beside_pages(app: Arc<App>, body_limit: usize) -> Router {
    let (router, document) = routes().split_for_parts();
    let document = Arc::new(document);
    router
        .route(
            "/api/openapi.json",
            axum::routing::get(move || async move { Json((*document).clone()) }),
        )
        .method_not_allowed_fallback(no_method)
        .layer(axum::middleware::from_fn(idempotency::read_key))
        .layer(DefaultBodyLimit::max(body_limit))
        .with_state(app)
}

/// What answers for a route that REST does not have.
pub(crate) async fn no_route(uri: Uri) -> Error {
    Error::not_found("route", uri.path())
}

async fn no_method(method: Method, uri: Uri) -> Response {
    problem::answer(405, "no-such-method", &format!("{} does not take {method}", uri.path()))
        .into_response()
}

/// One page of a list.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Page<T> {
    /// The things on it.
    pub items: Vec<T>,
    /// The cursor of the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// Which page of a list is asked for.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Paging {
    /// Where the page begins: `next` of the page before.
    pub cursor: Option<String>,
    /// How many things it holds at most, from 1 to 200; default 50.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u32>,
}

impl Paging {
    /// The place behind which the page begins, and how many things it holds.
    ///
    /// # Errors
    ///
    /// When the cursor is none that was given out, or the limit is out of range.
    pub fn read(&self) -> Result<(Option<String>, usize), Error> {
        let limit = self.limit.unwrap_or(50);
        if !(1..=200).contains(&limit) {
            let message = format!("`{limit}` is not from 1 to 200");
            return Err(Error::field("limit", "bad-value", message));
        }
        let after = self.cursor.as_deref().map(|cursor| {
            let bytes = data_encoding::BASE64URL_NOPAD.decode(cursor.as_bytes()).ok();
            let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
            text.filter(|text| !text.contains('\0')).ok_or_else(|| {
                let message = "it is no cursor that was given out";
                Error::field("cursor", "bad-value", message)
            })
        });
        Ok((after.transpose()?, limit as usize))
    }
}

impl<T> Page<T> {
    /// A page of at most `limit` of these things, of which one more than that was looked up.
    /// `place` tells where a thing stands in the order of the list.
    pub fn of(mut items: Vec<T>, limit: usize, place: impl Fn(&T) -> String) -> Self {
        let is_last = items.len() <= limit;
        items.truncate(limit);
        let next = items
            .last()
            .filter(|_| !is_last)
            .map(|item| data_encoding::BASE64URL_NOPAD.encode(place(item).as_bytes()));
        Self { items, next }
    }
}
