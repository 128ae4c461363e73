//! Partners, their profiles, people, and the standings of the network over REST.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::header::ETAG;
use axum::response::{IntoResponse, Response};
use guildhall_operations::http::{
    Body, IfMatch, Page, Paging, Path, ProblemDetails, Query, blocking, read_day, read_moment,
};
use guildhall_operations::ops::Cells;
use guildhall_operations::ops::facts::Filter;
use guildhall_operations::ops::partners::{self, Listed, NetworkRow, Profile};
use guildhall_operations::ops::people::{self, Erased, Person};
use guildhall_operations::{App, Caller, Error};
use serde::Deserialize;
use serde_json::Value as AnyJson;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(read))
        .routes(routes!(edit_profile))
        .routes(routes!(network))
        .routes(routes!(person))
        .routes(routes!(erase))
}

fn tagged(profile: &Profile) -> Response {
    let tag = profile.partner.tag();
    ([(ETAG, tag)], Json(profile)).into_response()
}

/// Partners, in the order of their ids.
#[utoipa::path(
    get, path = "/partners", tag = "registry", params(Paging),
    responses(
        (status = 200, description = "Those that you may see", body = Page<Listed>),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(paging): Query<Paging>,
) -> Result<Json<Page<Listed>>, Error> {
    let (after, limit) = paging.read()?;
    let filter = Filter { after, limit, ..Filter::default() };
    let found = blocking(app, move |app| partners::list(app, &caller, &filter)).await?;
    Ok(Json(Page::of(found, limit, |partner| partner.id.clone())))
}

/// The profile of a partner: its row and the organization behind it.
#[utoipa::path(
    get, path = "/partners/{partner}", tag = "registry",
    params(("partner" = String, Path, description = "The partner's id")),
    responses(
        (status = 200, description = "The profile", body = Profile),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn read(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Error> {
    let profile = blocking(app, move |app| partners::read(app, &caller, &id)).await?;
    Ok(tagged(&profile))
}

/// Changes the profile of a partner: `name`, `legal_name`, `website`, `domains`, `offices`,
/// `kinds`, `country`, `description`. What is not named stays.
#[utoipa::path(
    put, path = "/partners/{partner}/profile", tag = "registry",
    params(
        ("partner" = String, Path, description = "The partner's id"),
        ("If-Match" = Option<String>, Header, description = "The entity tag of the profile"),
    ),
    request_body = Cells,
    responses(
        (status = 200, description = "The profile", body = Profile),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn edit_profile(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
    IfMatch(tag): IfMatch,
    Body(cells): Body<Cells>,
) -> Result<Response, Error> {
    let run = move |app: &App| partners::edit_profile(app, &caller, &id, &cells, tag.as_deref());
    Ok(tagged(&blocking(app, run).await?))
}

/// From where the network is looked at.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct NetworkQuery {
    /// The day to look from, `YYYY-MM-DD`; today (UTC) if not given.
    #[param(format = Date)]
    as_of: Option<String>,
    /// Look at what was known at this moment, RFC 3339 in UTC.
    #[param(format = DateTime)]
    known_at: Option<String>,
    /// Where the page begins: `next` of the page before.
    cursor: Option<String>,
    /// How many partners it holds at most, from 1 to 200; default 50.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

/// Where all partners stand: scorecards without their lists of facts.
#[utoipa::path(
    get, path = "/network", tag = "standing", params(NetworkQuery),
    responses(
        (status = 200, description = "A page of names and scorecards", body = AnyJson),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn network(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(query): Query<NetworkQuery>,
) -> Result<Json<Page<NetworkRow>>, Error> {
    let as_of = read_day("as_of", query.as_of.as_deref())?;
    let known_at = read_moment("known_at", query.known_at.as_deref())?;
    let (after, limit) = Paging { cursor: query.cursor, limit: query.limit }.read()?;
    let filter = Filter { after, limit, ..Filter::default() };
    let run = move |app: &App| partners::network(app, &caller, as_of, known_at, &filter);
    let found = blocking(app, run).await?;
    Ok(Json(Page::of(found, limit, |row| row.scorecard.partner.clone())))
}

/// A person: the rows that you may see, what they hold, and what lapses within 90 days.
#[utoipa::path(
    get, path = "/people/{person}", tag = "registry",
    params(("person" = String, Path, description = "The id that all rows of the person share")),
    responses(
        (status = 200, description = "The person", body = Person),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn person(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Person>, Error> {
    blocking(app, move |app| people::read(app, &caller, &id)).await.map(Json)
}

/// Erases name and e-mails of a person for good. Needs a second factor that was just proved.
#[utoipa::path(
    post, path = "/people/{person}/erasure", tag = "registry",
    params(("person" = String, Path, description = "The id that all rows of the person share")),
    responses(
        (status = 200, description = "What was erased", body = Erased),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn erase(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Erased>, Error> {
    blocking(app, move |app| people::erase(app, &caller, &id)).await.map(Json)
}
