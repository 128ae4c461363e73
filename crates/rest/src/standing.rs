//! Scorecards, changes and discounts over REST.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use guildhall_operations::http::{Path, ProblemDetails, Query, blocking, read_day, read_moment};
use guildhall_operations::ops::standing::{self, Viewpoint};
use guildhall_operations::{App, Caller, Error};
use guildhall_rules::changes::Changes;
use guildhall_rules::discount::DiscountStatement;
use guildhall_rules::scorecard::Scorecard;
use serde::Deserialize;
use serde_json::Value as AnyJson;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(scorecard))
        .routes(routes!(changes))
        .routes(routes!(discount))
}

/// From where a scorecard looks.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ViewpointQuery {
    /// The day to look from, `YYYY-MM-DD`; today (UTC) if not given.
    #[param(format = Date)]
    as_of: Option<String>,
    /// Look at what was known at this moment, RFC 3339 in UTC.
    #[param(format = DateTime)]
    known_at: Option<String>,
    /// The id of an edition; the one in force on the day if not given.
    rulebook: Option<String>,
}

impl ViewpointQuery {
    fn read(self) -> Result<Viewpoint, Error> {
        Ok(Viewpoint {
            as_of: read_day("as_of", self.as_of.as_deref())?,
            known_at: read_moment("known_at", self.known_at.as_deref())?,
            edition: self.rulebook,
        })
    }
}

/// Where a partner stands, and why.
#[utoipa::path(
    get, path = "/partners/{partner}/scorecard", tag = "standing",
    params(("partner" = String, Path, description = "The partner's id"), ViewpointQuery),
    responses(
        (status = 200, description = "The scorecard, with the facts counted and not counted", body = AnyJson),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn scorecard(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(partner): Path<String>,
    Query(query): Query<ViewpointQuery>,
) -> Result<Json<Scorecard>, Error> {
    let viewpoint = query.read()?;
    let run = move |app: &App| standing::scorecard(app, &caller, &partner, &viewpoint);
    blocking(app, run).await.map(Json)
}

/// Between which viewpoints changes are told.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ChangesQuery {
    /// The earlier day, `YYYY-MM-DD`.
    #[param(format = Date)]
    from: String,
    /// The later day, `YYYY-MM-DD`; today (UTC) if not given.
    #[param(format = Date)]
    to: Option<String>,
    /// What was known when looking from the earlier day.
    #[param(format = DateTime)]
    known_from: Option<String>,
    /// What was known when looking from the later day.
    #[param(format = DateTime)]
    known_to: Option<String>,
}

/// What moved on a scorecard between two days or two states of knowledge, and what moved it.
#[utoipa::path(
    get, path = "/partners/{partner}/changes", tag = "standing",
    params(("partner" = String, Path, description = "The partner's id"), ChangesQuery),
    responses(
        (status = 200, description = "The cells that moved, each with its causes", body = AnyJson),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn changes(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(partner): Path<String>,
    Query(query): Query<ChangesQuery>,
) -> Result<Json<Changes>, Error> {
    let today = app.clock.today();
    let viewpoint = |as_of, known_at| Viewpoint { as_of, known_at, edition: None };
    let from = viewpoint(
        read_day("from", Some(&query.from))?,
        read_moment("known_from", query.known_from.as_deref())?,
    );
    let to = viewpoint(
        Some(read_day("to", query.to.as_deref())?.unwrap_or(today)),
        read_moment("known_to", query.known_to.as_deref())?,
    );
    let run = move |app: &App| standing::changes(app, &caller, &partner, &from, &to);
    blocking(app, run).await.map(Json)
}

/// For which period a discount is stated.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct DiscountQuery {
    /// The period, as `2026-H1`.
    period: String,
    /// Look at what was known at this moment, RFC 3339 in UTC.
    #[param(format = DateTime)]
    known_at: Option<String>,
}

/// The statement of the support discount for a period.
#[utoipa::path(
    get, path = "/partners/{partner}/discount", tag = "standing",
    params(("partner" = String, Path, description = "The partner's id"), DiscountQuery),
    responses(
        (status = 200, description = "The statement", body = AnyJson),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn discount(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(partner): Path<String>,
    Query(query): Query<DiscountQuery>,
) -> Result<Json<DiscountStatement>, Error> {
    let known_at = read_moment("known_at", query.known_at.as_deref())?;
    let run = move |app: &App| standing::discount(app, &caller, &partner, &query.period, known_at);
    blocking(app, run).await.map(Json)
}
