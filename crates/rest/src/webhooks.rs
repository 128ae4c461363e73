//! Webhooks over REST.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{ETAG, LOCATION};
use axum::response::IntoResponse;
use guildhall_operations::http::{
    Body, IfMatch, Page, Paging, Path, ProblemDetails, Query, blocking,
};
use guildhall_operations::ops::webhooks::{
    self, DeliveryView, NewWebhook, WebhookChange, WebhookView, WebhookWithSecret,
};
use guildhall_operations::{App, Caller, Error};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(get, change, delete))
        .routes(routes!(rotate_secret))
        .routes(routes!(test))
        .routes(routes!(deliveries))
        .routes(routes!(redeliver))
}

/// The webhooks of the caller's organization.
#[utoipa::path(
    get, path = "/webhooks", tag = "webhooks", operation_id = "list_webhooks", params(Paging),
    responses(
        (status = 200, description = "A page of them", body = Page<WebhookView>),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(paging): Query<Paging>,
) -> Result<Json<Page<WebhookView>>, Error> {
    let (after, limit) = paging.read()?;
    let run = move |app: &App| webhooks::list(app, &caller, after.as_deref(), limit);
    blocking(app, run).await.map(Json)
}

/// Makes a webhook; its signing secret is shown this once.
#[utoipa::path(
    post, path = "/webhooks", tag = "webhooks", operation_id = "create_webhook",
    request_body = NewWebhook,
    responses(
        (status = 201, description = "It was made", body = WebhookWithSecret),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn create(
    State(app): State<Arc<App>>,
    caller: Caller,
    Body(new): Body<NewWebhook>,
) -> Result<impl IntoResponse, Error> {
    let run = move |app: &App| webhooks::create(app, &caller, &new);
    let made = blocking(app, run).await?;
    let place = format!("/api/v1/webhooks/{}", made.webhook.id);
    let headers = [(LOCATION, place), (ETAG, made.webhook.tag())];
    Ok((StatusCode::CREATED, headers, Json(made)))
}

/// One webhook.
#[utoipa::path(
    get, path = "/webhooks/{webhook}", tag = "webhooks", operation_id = "get_webhook",
    params(("webhook" = String, Path, description = "The webhook's id")),
    responses(
        (status = 200, description = "The webhook", body = WebhookView),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn get(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<impl IntoResponse, Error> {
    let view = blocking(app, move |app| webhooks::get(app, &caller, &id)).await?;
    Ok(([(ETAG, view.tag())], Json(view)))
}

/// Changes a webhook; what is left out stays as it is.
#[utoipa::path(
    patch, path = "/webhooks/{webhook}", tag = "webhooks", operation_id = "change_webhook",
    params(
        ("webhook" = String, Path, description = "The webhook's id"),
        ("If-Match" = Option<String>, Header, description = "The entity tag of what was read"),
    ),
    request_body = WebhookChange,
    responses(
        (status = 200, description = "What it is now", body = WebhookView),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn change(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
    if_match: IfMatch,
    Body(asked): Body<WebhookChange>,
) -> Result<impl IntoResponse, Error> {
    let run = move |app: &App| webhooks::change(app, &caller, &id, if_match.0.as_deref(), &asked);
    let view = blocking(app, run).await?;
    Ok(([(ETAG, view.tag())], Json(view)))
}

/// Deletes a webhook and its messages.
#[utoipa::path(
    delete, path = "/webhooks/{webhook}", tag = "webhooks", operation_id = "delete_webhook",
    params(
        ("webhook" = String, Path, description = "The webhook's id"),
        ("If-Match" = Option<String>, Header, description = "The entity tag of what was read"),
    ),
    responses(
        (status = 204, description = "It is gone"),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn delete(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
    if_match: IfMatch,
) -> Result<StatusCode, Error> {
    blocking(app, move |app| webhooks::delete(app, &caller, &id, if_match.0.as_deref())).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Gives a webhook a new secret; messages are signed with the one before as well for a day.
#[utoipa::path(
    post, path = "/webhooks/{webhook}/secret", tag = "webhooks",
    operation_id = "rotate_webhook_secret",
    params(("webhook" = String, Path, description = "The webhook's id")),
    responses(
        (status = 200, description = "The new secret, shown this once", body = WebhookWithSecret),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn rotate_secret(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<WebhookWithSecret>, Error> {
    blocking(app, move |app| webhooks::rotate_secret(app, &caller, &id)).await.map(Json)
}

/// Sends a message that only tries whether messages arrive.
#[utoipa::path(
    post, path = "/webhooks/{webhook}/test", tag = "webhooks", operation_id = "test_webhook",
    params(("webhook" = String, Path, description = "The webhook's id")),
    responses(
        (status = 202, description = "The message, which is sent next", body = DeliveryView),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn test(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<impl IntoResponse, Error> {
    let view = blocking(app, move |app| webhooks::test(app, &caller, &id)).await?;
    Ok((StatusCode::ACCEPTED, Json(view)))
}

/// Messages to a webhook and what became of them, the latest first; kept for thirty days.
#[utoipa::path(
    get, path = "/webhooks/{webhook}/deliveries", tag = "webhooks",
    operation_id = "list_deliveries",
    params(("webhook" = String, Path, description = "The webhook's id"), Paging),
    responses(
        (status = 200, description = "A page of them", body = Page<DeliveryView>),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn deliveries(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
    Query(paging): Query<Paging>,
) -> Result<Json<Page<DeliveryView>>, Error> {
    let (after, limit) = paging.read()?;
    let run = move |app: &App| webhooks::deliveries(app, &caller, &id, after.as_deref(), limit);
    blocking(app, run).await.map(Json)
}

/// Sends a message once more, whatever became of it.
#[utoipa::path(
    post, path = "/webhooks/{webhook}/deliveries/{message}/redeliver", tag = "webhooks",
    operation_id = "redeliver_message",
    params(
        ("webhook" = String, Path, description = "The webhook's id"),
        ("message" = String, Path, description = "The message's id"),
    ),
    responses(
        (status = 202, description = "The message, which is sent next", body = DeliveryView),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn redeliver(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((id, message)): Path<(String, String)>,
) -> Result<impl IntoResponse, Error> {
    let run = move |app: &App| webhooks::redeliver(app, &caller, &id, &message);
    Ok((StatusCode::ACCEPTED, Json(blocking(app, run).await?)))
}
