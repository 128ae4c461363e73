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
mod session;
mod standing;
mod users;
mod webhooks;

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::http::{Method, Uri};
use axum::response::{IntoResponse, Response};
use axum::{Json, Router};
use guildhall_operations::http::{FieldProblem, ProblemDetails, problem_details};
use guildhall_operations::{App, Error};
use utoipa::OpenApi as _;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

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
pub fn beside_pages(app: Arc<App>, body_limit: usize) -> Router {
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
async fn no_route(uri: Uri) -> Error {
    Error::not_found("route", uri.path())
}

async fn no_method(method: Method, uri: Uri) -> Response {
    problem_details(405, "no-such-method", &format!("{} does not take {method}", uri.path()))
        .into_response()
}
