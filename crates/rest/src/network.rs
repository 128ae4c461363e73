//! The stored standings of the network over REST, and as CSV.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use guildhall_operations::http::{Page, Paging, ProblemDetails, Query, blocking};
use guildhall_operations::ops::network::{self, Asked, Standing, Summary};
use guildhall_operations::{App, Caller, Error};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(standings))
        .routes(routes!(standings_csv))
        .routes(routes!(summary))
}

/// Which standings are listed.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct StandingsQuery {
    /// Only partners on this path.
    path: Option<String>,
    /// Only partners that hold this tier; `-`: none, `?`: one that is not known.
    tier: Option<String>,
    /// `at_risk`, `safe`, or `near` the next tier.
    state: Option<String>,
    /// For `near`: how many rows may be missing; default 2.
    missing: Option<u32>,
    /// Only partners whose review is due within so many days, or overdue.
    due_within: Option<u16>,
    /// Only partners with this text in their name or id.
    text: Option<String>,
    /// `name` (default), `tier`, `due` or `missing`; with `-` before it the other way round.
    sort: Option<String>,
    /// Where the page begins: `next` of the page before, in the same order.
    cursor: Option<String>,
    /// How many partners it holds at most, from 1 to 200; default 50.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

impl StandingsQuery {
    fn read(self) -> (Asked, Paging) {
        let Self { path, tier, state, missing, due_within, text, sort, cursor, limit } = self;
        (Asked { path, tier, state, missing, due_within, text, sort }, Paging { cursor, limit })
    }
}

/// Where partners stand, who is at risk and why, as it was last computed: within a second of a
/// change, and every day. Scorecards tell the same with the facts behind it.
#[utoipa::path(
    get, path = "/network/standings", tag = "standing", params(StandingsQuery),
    responses(
        (status = 200, description = "A page of standings", body = Page<Standing>),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn standings(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(query): Query<StandingsQuery>,
) -> Result<Json<Page<Standing>>, Error> {
    let (asked, paging) = query.read();
    let (after, limit) = paging.read()?;
    let run = move |app: &App| network::list(app, &caller, &asked, after.as_deref(), limit);
    let found = blocking(app, run).await?;
    let page = Page::of(found.standings, limit, |(place, _)| place.clone());
    let items = page.items.into_iter().map(|(_, standing)| standing).collect();
    Ok(Json(Page { items, next: page.next }))
}

/// All standings that are asked for as CSV, for spreadsheets. `cursor` and `limit` are passed over.
#[utoipa::path(
    get, path = "/network/standings.csv", tag = "standing", params(StandingsQuery),
    responses(
        (status = 200, description = "A row for each partner", body = String,
         content_type = "text/csv"),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn standings_csv(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(query): Query<StandingsQuery>,
) -> Result<Response, Error> {
    let (asked, _) = query.read();
    let run = move |app: &App| {
        let mut text = Vec::new();
        network::write_csv(app, &caller, &asked, &mut text).map(|()| text)
    };
    let text = blocking(app, run).await?;
    let head = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"network.csv\""),
    ];
    Ok((head, text).into_response())
}

/// The network in numbers: partners by tier, how many are at risk, tiers over a year.
#[utoipa::path(
    get, path = "/network/summary", tag = "standing",
    responses(
        (status = 200, description = "The numbers", body = Summary),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn summary(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<Summary>, Error> {
    blocking(app, move |app| network::summary(app, &caller)).await.map(Json)
}
