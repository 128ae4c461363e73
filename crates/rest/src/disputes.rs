//! Disputes over REST.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use guildhall_operations::http::{Body, IfMatch, Page, Path, ProblemDetails, Query, blocking};
use guildhall_operations::ops::disputes::{self, Answer, DisputeShown, Objection};
use guildhall_operations::ops::tag;
use guildhall_operations::{App, Caller, Error};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::decisions::{OfPartner, created, number, refuse_nul, tagged};

/// The routes.
pub fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(list, open))
        .routes(routes!(get))
        .routes(routes!(write))
        .routes(routes!(answer))
        .routes(routes!(withdraw))
}

/// Disputes, the latest first, without messages.
#[utoipa::path(
    get, path = "/disputes", tag = "disputes", params(OfPartner),
    responses(
        (status = 200, description = "A page of disputes", body = Page<DisputeShown>),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(query): Query<OfPartner>,
) -> Result<Json<Page<DisputeShown>>, Error> {
    let (after, limit) = query.paging()?;
    let run = move |app: &App| {
        disputes::list(app, &caller, query.partner.as_deref(), after.as_deref(), limit)
    };
    let found = blocking(app, run).await?;
    Ok(Json(Page::of(found, limit, |dispute| dispute.number.to_string())))
}

/// Objects to a fact, or to its absence.
#[utoipa::path(
    post, path = "/disputes", tag = "disputes", request_body = Objection,
    responses(
        (status = 201, description = "The dispute", body = DisputeShown),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn open(
    State(app): State<Arc<App>>,
    caller: Caller,
    Body(objection): Body<Objection>,
) -> Result<Response, Error> {
    refuse_nul("partner", &objection.partner)?;
    let shown = blocking(app, move |app| disputes::open(app, &caller, &objection)).await?;
    let address = format!("/api/v1/disputes/{}", shown.number);
    Ok(created(address, tag(shown.version), shown))
}

/// One dispute with its messages.
#[utoipa::path(
    get, path = "/disputes/{number}", tag = "disputes",
    params(("number" = i64, Path, description = "The number of the dispute")),
    responses(
        (status = 200, description = "The dispute", body = DisputeShown),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn get(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(text): Path<String>,
) -> Result<Response, Error> {
    let number = number("dispute", &text)?;
    let shown = blocking(app, move |app| disputes::get(app, &caller, number)).await?;
    Ok(tagged(shown.version, shown))
}

/// What somebody writes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MessageText {
    /// The text.
    text: String,
}

/// Writes a message that both sides see.
#[utoipa::path(
    post, path = "/disputes/{number}/messages", tag = "disputes", request_body = MessageText,
    params(("number" = i64, Path, description = "The number of the dispute")),
    responses(
        (status = 200, description = "The dispute", body = DisputeShown),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn write(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(text): Path<String>,
    Body(message): Body<MessageText>,
) -> Result<Response, Error> {
    let number = number("dispute", &text)?;
    let run = move |app: &App| disputes::write(app, &caller, number, &message.text);
    let shown = blocking(app, run).await?;
    Ok(tagged(shown.version, shown))
}

/// Answers a dispute; where it is upheld, the fact changes with the answer.
#[utoipa::path(
    post, path = "/disputes/{number}/answer", tag = "disputes", request_body = Answer,
    params(("number" = i64, Path, description = "The number of the dispute")),
    responses(
        (status = 200, description = "The dispute", body = DisputeShown),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn answer(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(text): Path<String>,
    IfMatch(tag): IfMatch,
    Body(answer): Body<Answer>,
) -> Result<Response, Error> {
    let number = number("dispute", &text)?;
    let run = move |app: &App| disputes::answer(app, &caller, number, tag.as_deref(), &answer);
    let shown = blocking(app, run).await?;
    Ok(tagged(shown.version, shown))
}

/// Takes a dispute back.
#[utoipa::path(
    post, path = "/disputes/{number}/withdraw", tag = "disputes",
    params(("number" = i64, Path, description = "The number of the dispute")),
    responses(
        (status = 200, description = "The dispute", body = DisputeShown),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn withdraw(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(text): Path<String>,
    IfMatch(tag): IfMatch,
) -> Result<Response, Error> {
    let number = number("dispute", &text)?;
    let run = move |app: &App| disputes::withdraw(app, &caller, number, tag.as_deref());
    let shown = blocking(app, run).await?;
    Ok(tagged(shown.version, shown))
}
