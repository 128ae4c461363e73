//! Editions of the rulebook over REST.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use guildhall_operations::http::{Body, Page, Path, ProblemDetails, Query, blocking};
use guildhall_operations::ops::editions::{self, EditionShown, Upload};
use guildhall_operations::{App, Caller, Error};
use guildhall_rules::rulebook::Diff;
use serde::Deserialize;
use serde_json::Value as AnyJson;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::decisions::created;

/// The routes.
pub fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(list, upload))
        .routes(routes!(get))
        .routes(routes!(check))
        .routes(routes!(publish))
        .routes(routes!(diff))
}

/// The editions of the network, in the order in which they came; drafts for whoever sees drafts.
#[utoipa::path(
    get, path = "/editions", tag = "editions",
    responses(
        (status = 200, description = "The editions, on one page", body = Page<EditionShown>),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
) -> Result<Json<Page<EditionShown>>, Error> {
    let items = blocking(app, move |app| editions::list(app, &caller)).await?;
    Ok(Json(Page { items, next: None }))
}

/// Brings in a draft with its worked examples, or another text of one.
#[utoipa::path(
    post, path = "/editions", tag = "editions", request_body = Upload,
    responses(
        (status = 201, description = "The draft", body = EditionShown),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn upload(
    State(app): State<Arc<App>>,
    caller: Caller,
    Body(upload): Body<Upload>,
) -> Result<Response, Error> {
    let shown = blocking(app, move |app| editions::upload(app, &caller, &upload)).await?;
    let tag = format!("\"{}\"", shown.sha256);
    Ok(created(format!("/api/v1/editions/{}", shown.id), tag, shown))
}

/// One edition with its text.
#[utoipa::path(
    get, path = "/editions/{id}", tag = "editions",
    params(("id" = String, Path, description = "The id of the edition")),
    responses(
        (status = 200, description = "The edition", body = EditionShown),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn get(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<EditionShown>, Error> {
    blocking(app, move |app| editions::get(app, &caller, &id)).await.map(Json)
}

/// Checks a draft again and runs its examples.
#[utoipa::path(
    post, path = "/editions/{id}/check", tag = "editions",
    params(("id" = String, Path, description = "The id of the edition")),
    responses(
        (status = 200, description = "The draft, which has no problem", body = EditionShown),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn check(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<EditionShown>, Error> {
    let run = move |app: &App| editions::check_again(app, &caller, &id);
    blocking(app, run).await.map(Json)
}

/// Which text is published.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Publication {
    /// The SHA-256 of the text that was looked at.
    sha256: String,
}

/// Publishes a draft: from then on it never changes.
#[utoipa::path(
    post, path = "/editions/{id}/publish", tag = "editions", request_body = Publication,
    params(("id" = String, Path, description = "The id of the edition")),
    responses(
        (status = 200, description = "The edition", body = EditionShown),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn publish(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
    Body(publication): Body<Publication>,
) -> Result<Json<EditionShown>, Error> {
    let run = move |app: &App| editions::publish(app, &caller, &id, &publication.sha256);
    blocking(app, run).await.map(Json)
}

/// With which edition another is compared.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct DiffQuery {
    /// The id of the earlier edition; the one before it if not given.
    against: Option<String>,
}

/// In what an edition differs from an earlier one, in words.
#[utoipa::path(
    get, path = "/editions/{id}/diff", tag = "editions",
    params(("id" = String, Path, description = "The id of the edition"), DiffQuery),
    responses(
        (status = 200, description = "The changes", body = AnyJson),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn diff(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
    Query(query): Query<DiffQuery>,
) -> Result<Json<Diff>, Error> {
    let run = move |app: &App| editions::diff(app, &caller, &id, query.against.as_deref());
    blocking(app, run).await.map(Json)
}
