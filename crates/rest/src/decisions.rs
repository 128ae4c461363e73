//! Tier reviews and decisions over REST.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{ETAG, LOCATION};
use axum::response::{IntoResponse, Response};
use guildhall_operations::http::{
    Body, IfMatch, Page, Paging, Path, ProblemDetails, Query, blocking,
};
use guildhall_operations::ops::decisions::{self, DecisionShown, Declaration};
use guildhall_operations::ops::reviews::{
    self, Confirmation, DueReview, ProposalRequest, ReviewShown,
};
use guildhall_operations::{App, Caller, Error, ops};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(due))
        .routes(routes!(list, propose))
        .routes(routes!(get))
        .routes(routes!(confirm))
        .routes(routes!(publish))
        .routes(routes!(list_decisions, declare))
        .routes(routes!(get_decision))
        .routes(routes!(publish_discount))
}

/// An answer with the entity tag of a version.
pub(super) fn tagged<T: serde::Serialize>(version: i64, value: T) -> Response {
    ([(ETAG, ops::tag(version))], Json(value)).into_response()
}

/// An answer to something that was made.
pub(super) fn created<T: serde::Serialize>(address: String, tag: String, value: T) -> Response {
    (StatusCode::CREATED, [(LOCATION, address), (ETAG, tag)], Json(value)).into_response()
}

/// A number in a path; what is no number leads nowhere.
pub(super) fn number(kind: &'static str, text: &str) -> Result<i64, Error> {
    text.parse().map_err(|_| Error::not_found(kind, text))
}

/// Whose things are asked for, and which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct OfPartner {
    /// Only those of this partner.
    pub(super) partner: Option<String>,
    /// Where the page begins: `next` of the page before.
    cursor: Option<String>,
    /// How many things it holds at most, from 1 to 200; default 50.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

impl OfPartner {
    pub(super) fn paging(&self) -> Result<(Option<String>, usize), Error> {
        if self.partner.as_ref().is_some_and(|partner| partner.contains('\0')) {
            return Err(Error::field("partner", "nul", "it holds a NUL character"));
        }
        Paging { cursor: self.cursor.clone(), limit: self.limit }.read()
    }
}

/// Which reviews are due.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct DueQuery {
    /// Due in at most so many days, or overdue; default 90.
    days: Option<u16>,
    /// Where the page begins: `next` of the page before.
    cursor: Option<String>,
    /// How many things it holds at most, from 1 to 200; default 50.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

/// Reviews that are due, the earliest first, each with what it would come to.
#[utoipa::path(
    get, path = "/reviews/due", tag = "reviews", params(DueQuery),
    responses(
        (status = 200, description = "A page of reviews", body = Page<DueReview>),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn due(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(query): Query<DueQuery>,
) -> Result<Json<Page<DueReview>>, Error> {
    let (after, limit) = Paging { cursor: query.cursor, limit: query.limit }.read()?;
    let days = query.days.unwrap_or(90);
    let run = move |app: &App| reviews::due(app, &caller, days, after.as_deref(), limit);
    Ok(Json(Page::of(blocking(app, run).await?, limit, DueReview::place)))
}

/// Tier reviews, the latest first, without scorecards.
#[utoipa::path(
    get, path = "/reviews", tag = "reviews", params(OfPartner),
    responses(
        (status = 200, description = "A page of reviews", body = Page<ReviewShown>),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(query): Query<OfPartner>,
) -> Result<Json<Page<ReviewShown>>, Error> {
    let (after, limit) = query.paging()?;
    let run = move |app: &App| {
        reviews::list(app, &caller, query.partner.as_deref(), after.as_deref(), limit)
    };
    let found = blocking(app, run).await?;
    Ok(Json(Page::of(found, limit, |review| review.number.to_string())))
}

/// Has the engine propose the next review of a partner, or an upgrade.
#[utoipa::path(
    post, path = "/reviews", tag = "reviews", request_body = ProposalRequest,
    responses(
        (status = 201, description = "The proposal", body = ReviewShown),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn propose(
    State(app): State<Arc<App>>,
    caller: Caller,
    Body(request): Body<ProposalRequest>,
) -> Result<Response, Error> {
    refuse_nul("partner", &request.partner)?;
    let run = move |app: &App| reviews::propose(app, &caller, &request);
    let shown = blocking(app, run).await?;
    let address = format!("/api/v1/reviews/{}", shown.number);
    Ok(created(address, ops::tag(shown.version), shown))
}

/// Refuses text that no database keeps.
pub(super) fn refuse_nul(field: &str, text: &str) -> Result<(), Error> {
    if text.contains('\0') {
        return Err(Error::field(field, "nul", "it holds a NUL character"));
    }
    Ok(())
}

/// One tier review, with its scorecard and evidence.
#[utoipa::path(
    get, path = "/reviews/{number}", tag = "reviews",
    params(("number" = i64, Path, description = "The number of the review")),
    responses(
        (status = 200, description = "The review", body = ReviewShown),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn get(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(text): Path<String>,
) -> Result<Response, Error> {
    let number = number("tier_review", &text)?;
    let shown = blocking(app, move |app| reviews::get(app, &caller, number)).await?;
    Ok(tagged(shown.version, shown))
}

/// Confirms a proposal, or decides otherwise with a reason.
#[utoipa::path(
    post, path = "/reviews/{number}/confirm", tag = "reviews", request_body = Confirmation,
    params(("number" = i64, Path, description = "The number of the review")),
    responses(
        (status = 200, description = "The review", body = ReviewShown),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn confirm(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(text): Path<String>,
    IfMatch(tag): IfMatch,
    Body(confirmation): Body<Confirmation>,
) -> Result<Response, Error> {
    let number = number("tier_review", &text)?;
    let run =
        move |app: &App| reviews::confirm(app, &caller, number, tag.as_deref(), &confirmation);
    let shown = blocking(app, run).await?;
    Ok(tagged(shown.version, shown))
}

/// Publishes a confirmed review: it becomes a decision. Needs a fresh second factor.
#[utoipa::path(
    post, path = "/reviews/{number}/publish", tag = "reviews",
    params(("number" = i64, Path, description = "The number of the review")),
    responses(
        (status = 200, description = "The review", body = ReviewShown),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn publish(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(text): Path<String>,
    IfMatch(tag): IfMatch,
) -> Result<Response, Error> {
    let number = number("tier_review", &text)?;
    let run = move |app: &App| reviews::publish(app, &caller, number, tag.as_deref());
    let shown = blocking(app, run).await?;
    Ok(tagged(shown.version, shown))
}

/// Published decisions, the latest first, without what they froze.
#[utoipa::path(
    get, path = "/decisions", tag = "decisions", params(OfPartner),
    responses(
        (status = 200, description = "A page of decisions", body = Page<DecisionShown>),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn list_decisions(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(query): Query<OfPartner>,
) -> Result<Json<Page<DecisionShown>>, Error> {
    let (after, limit) = query.paging()?;
    let run = move |app: &App| {
        decisions::list(app, &caller, query.partner.as_deref(), after.as_deref(), limit)
    };
    let found = blocking(app, run).await?;
    Ok(Json(Page::of(found, limit, |decision| decision.number.to_string())))
}

/// Suspends or reinstates a partner, or records an executive review. Needs a fresh second factor.
#[utoipa::path(
    post, path = "/decisions", tag = "decisions", request_body = Declaration,
    responses(
        (status = 201, description = "The decision", body = DecisionShown),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn declare(
    State(app): State<Arc<App>>,
    caller: Caller,
    Body(declaration): Body<Declaration>,
) -> Result<Response, Error> {
    refuse_nul("partner", &declaration.partner)?;
    let run = move |app: &App| decisions::declare(app, &caller, &declaration);
    Ok(decided(blocking(app, run).await?))
}

fn decided(shown: DecisionShown) -> Response {
    let address = format!("/api/v1/decisions/{}", shown.number);
    created(address, ops::tag(1), shown)
}

/// One decision, with all that it froze.
#[utoipa::path(
    get, path = "/decisions/{number}", tag = "decisions",
    params(("number" = i64, Path, description = "The number of the decision")),
    responses(
        (status = 200, description = "The decision", body = DecisionShown),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn get_decision(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(text): Path<String>,
) -> Result<Response, Error> {
    let number = number("decision", &text)?;
    let shown = blocking(app, move |app| decisions::get(app, &caller, number)).await?;
    Ok(tagged(1, shown))
}

/// For which period the discount of a partner is published.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DiscountPublication {
    /// The partner's id.
    partner: String,
    /// The period, as `2026-H1`.
    period: String,
}

/// Publishes the statement of the support discount for a period. Needs a fresh second factor.
#[utoipa::path(
    post, path = "/decisions/discounts", tag = "decisions", request_body = DiscountPublication,
    responses(
        (status = 201, description = "The decision", body = DecisionShown),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn publish_discount(
    State(app): State<Arc<App>>,
    caller: Caller,
    Body(request): Body<DiscountPublication>,
) -> Result<Response, Error> {
    refuse_nul("partner", &request.partner)?;
    let run = move |app: &App| {
        decisions::publish_discount(app, &caller, &request.partner, &request.period)
    };
    Ok(decided(blocking(app, run).await?))
}
