//! Organizations, units and workloads over REST: one set of routes for each kind of row.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use guildhall_operations::http::{
    Body, IfMatch, Page, Paging, Path, ProblemDetails, Query, blocking,
};
use guildhall_operations::ops::domains::{self, Domain};
use guildhall_operations::ops::facts::{Correction, Filter, Retracted};
use guildhall_operations::ops::organizations as rows;
use guildhall_operations::ops::{Cells, Record};
use guildhall_operations::{App, Caller, Error};
use guildhall_store::Kind;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::facts::{created, tagged};

/// The routes.
pub fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(list_organizations, make_organization))
        .routes(routes!(read_organization, change_organization, retract_organization))
        .routes(routes!(list_domains, claim_domain))
        .routes(routes!(confirm_domain))
        .routes(routes!(list_units, make_unit))
        .routes(routes!(read_unit, change_unit, retract_unit))
        .routes(routes!(list_workloads, make_workload))
        .routes(routes!(read_workload, change_workload, retract_workload))
}

/// Which rows are listed.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ListQuery {
    /// Only those of this customer; of organizations it narrows nothing.
    customer: Option<String>,
    /// Where the page begins: `next` of the page before.
    cursor: Option<String>,
    /// How many things it holds at most, from 1 to 200; default 50.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

/// Why a row is retracted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct RetractQuery {
    /// Why, in 1 to 500 characters; it stays in the journal.
    reason: String,
}

async fn list(
    app: Arc<App>,
    caller: Caller,
    kind: Kind,
    query: ListQuery,
) -> Result<Json<Page<Record>>, Error> {
    let ListQuery { customer, cursor, limit } = query;
    let (after, limit) = Paging { cursor, limit }.read()?;
    let filter = Filter { partner: None, customer, after, limit };
    let found = blocking(app, move |app| rows::list(app, &caller, kind, &filter)).await?;
    Ok(Json(Page::of(found, limit, |record| record.id.clone())))
}

async fn make(app: Arc<App>, caller: Caller, kind: Kind, cells: Cells) -> Result<Response, Error> {
    let record = blocking(app, move |app| rows::make(app, &caller, kind, &cells)).await?;
    Ok(created(kind.table(), &record))
}

async fn read(app: Arc<App>, caller: Caller, kind: Kind, id: String) -> Result<Response, Error> {
    let record = blocking(app, move |app| rows::read(app, &caller, kind, &id)).await?;
    Ok(tagged(StatusCode::OK, &record))
}

async fn change(
    app: Arc<App>,
    caller: Caller,
    kind: Kind,
    id: String,
    correction: Correction,
) -> Result<Response, Error> {
    let run = move |app: &App| rows::change(app, &caller, kind, &id, &correction);
    Ok(tagged(StatusCode::OK, &blocking(app, run).await?))
}

async fn retract(
    app: Arc<App>,
    caller: Caller,
    kind: Kind,
    id: String,
    (query, IfMatch(tag)): (RetractQuery, IfMatch),
) -> Result<Json<Retracted>, Error> {
    let run =
        move |app: &App| rows::retract(app, &caller, kind, &id, &query.reason, tag.as_deref());
    blocking(app, run).await.map(Json)
}

/// Organizations: vendor, partners and customers, in the order of their ids.
#[utoipa::path(
    get, path = "/organizations", tag = "registry", params(ListQuery),
    responses(
        (status = 200, description = "Those that you may see", body = Page<Record>),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn list_organizations(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(query): Query<ListQuery>,
) -> Result<Json<Page<Record>>, Error> {
    list(app, caller, Kind::Organization, query).await
}

/// Makes an organization. Without an `id` it is given one.
#[utoipa::path(
    post, path = "/organizations", tag = "registry", request_body = Cells,
    responses(
        (status = 201, description = "The organization", body = Record),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn make_organization(
    State(app): State<Arc<App>>,
    caller: Caller,
    Body(cells): Body<Cells>,
) -> Result<Response, Error> {
    make(app, caller, Kind::Organization, cells).await
}

/// Reads an organization.
#[utoipa::path(
    get, path = "/organizations/{id}", tag = "registry",
    params(("id" = String, Path, description = "Its id")),
    responses(
        (status = 200, description = "The organization", body = Record),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn read_organization(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Error> {
    read(app, caller, Kind::Organization, id).await
}

/// Changes an organization: columns that are not named stay as they are.
#[utoipa::path(
    patch, path = "/organizations/{id}", tag = "registry",
    params(
        ("id" = String, Path, description = "Its id"),
        ("If-Match" = Option<String>, Header, description = "The entity tag of what is changed"),
    ),
    request_body = Cells,
    responses(
        (status = 200, description = "The organization", body = Record),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn change_organization(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
    IfMatch(if_match): IfMatch,
    Body(cells): Body<Cells>,
) -> Result<Response, Error> {
    let correction = Correction { cells, is_whole: false, if_match };
    change(app, caller, Kind::Organization, id, correction).await
}

/// Retracts an organization. What refers to it stays.
#[utoipa::path(
    delete, path = "/organizations/{id}", tag = "registry",
    params(
        ("id" = String, Path, description = "Its id"),
        ("If-Match" = Option<String>, Header, description = "The entity tag of what is retracted"),
        RetractQuery,
    ),
    responses(
        (status = 200, description = "How many rows refer to it", body = Retracted),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn retract_organization(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
    if_match: IfMatch,
    Query(query): Query<RetractQuery>,
) -> Result<Json<Retracted>, Error> {
    retract(app, caller, Kind::Organization, id, (query, if_match)).await
}

/// Units of customers, in the order of their ids.
#[utoipa::path(
    get, path = "/units", tag = "registry", params(ListQuery),
    responses(
        (status = 200, description = "Those that you may see", body = Page<Record>),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn list_units(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(query): Query<ListQuery>,
) -> Result<Json<Page<Record>>, Error> {
    list(app, caller, Kind::Unit, query).await
}

/// Makes a unit. Without an `id` it is given one.
#[utoipa::path(
    post, path = "/units", tag = "registry", request_body = Cells,
    responses(
        (status = 201, description = "The unit", body = Record),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn make_unit(
    State(app): State<Arc<App>>,
    caller: Caller,
    Body(cells): Body<Cells>,
) -> Result<Response, Error> {
    make(app, caller, Kind::Unit, cells).await
}

/// Reads a unit.
#[utoipa::path(
    get, path = "/units/{id}", tag = "registry",
    params(("id" = String, Path, description = "Its id")),
    responses(
        (status = 200, description = "The unit", body = Record),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn read_unit(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Error> {
    read(app, caller, Kind::Unit, id).await
}

/// Changes a unit: columns that are not named stay as they are.
#[utoipa::path(
    patch, path = "/units/{id}", tag = "registry",
    params(
        ("id" = String, Path, description = "Its id"),
        ("If-Match" = Option<String>, Header, description = "The entity tag of what is changed"),
    ),
    request_body = Cells,
    responses(
        (status = 200, description = "The unit", body = Record),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn change_unit(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
    IfMatch(if_match): IfMatch,
    Body(cells): Body<Cells>,
) -> Result<Response, Error> {
    let correction = Correction { cells, is_whole: false, if_match };
    change(app, caller, Kind::Unit, id, correction).await
}

/// Retracts a unit. What refers to it stays.
#[utoipa::path(
    delete, path = "/units/{id}", tag = "registry",
    params(
        ("id" = String, Path, description = "Its id"),
        ("If-Match" = Option<String>, Header, description = "The entity tag of what is retracted"),
        RetractQuery,
    ),
    responses(
        (status = 200, description = "How many rows refer to it", body = Retracted),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn retract_unit(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
    if_match: IfMatch,
    Query(query): Query<RetractQuery>,
) -> Result<Json<Retracted>, Error> {
    retract(app, caller, Kind::Unit, id, (query, if_match)).await
}

/// What customers run, in the order of their ids.
#[utoipa::path(
    get, path = "/workloads", tag = "registry", params(ListQuery),
    responses(
        (status = 200, description = "Those that you may see", body = Page<Record>),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn list_workloads(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(query): Query<ListQuery>,
) -> Result<Json<Page<Record>>, Error> {
    list(app, caller, Kind::Workload, query).await
}

/// Makes a workload. Without an `id` it is given one.
#[utoipa::path(
    post, path = "/workloads", tag = "registry", request_body = Cells,
    responses(
        (status = 201, description = "The workload", body = Record),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn make_workload(
    State(app): State<Arc<App>>,
    caller: Caller,
    Body(cells): Body<Cells>,
) -> Result<Response, Error> {
    make(app, caller, Kind::Workload, cells).await
}

/// Reads a workload.
#[utoipa::path(
    get, path = "/workloads/{id}", tag = "registry",
    params(("id" = String, Path, description = "Its id")),
    responses(
        (status = 200, description = "The workload", body = Record),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn read_workload(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Error> {
    read(app, caller, Kind::Workload, id).await
}

/// Changes a workload: columns that are not named stay as they are.
#[utoipa::path(
    patch, path = "/workloads/{id}", tag = "registry",
    params(
        ("id" = String, Path, description = "Its id"),
        ("If-Match" = Option<String>, Header, description = "The entity tag of what is changed"),
    ),
    request_body = Cells,
    responses(
        (status = 200, description = "The workload", body = Record),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn change_workload(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
    IfMatch(if_match): IfMatch,
    Body(cells): Body<Cells>,
) -> Result<Response, Error> {
    let correction = Correction { cells, is_whole: false, if_match };
    change(app, caller, Kind::Workload, id, correction).await
}

/// Retracts a workload. What refers to it stays.
#[utoipa::path(
    delete, path = "/workloads/{id}", tag = "registry",
    params(
        ("id" = String, Path, description = "Its id"),
        ("If-Match" = Option<String>, Header, description = "The entity tag of what is retracted"),
        RetractQuery,
    ),
    responses(
        (status = 200, description = "How many rows refer to it", body = Retracted),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn retract_workload(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
    if_match: IfMatch,
    Query(query): Query<RetractQuery>,
) -> Result<Json<Retracted>, Error> {
    retract(app, caller, Kind::Workload, id, (query, if_match)).await
}

/// The e-mail domains that an organization claims.
#[utoipa::path(
    get, path = "/organizations/{id}/domains", tag = "registry",
    params(("id" = String, Path, description = "The organization's id")),
    responses(
        (status = 200, description = "The domains", body = Page<Domain>),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn list_domains(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Page<Domain>>, Error> {
    let items = blocking(app, move |app| domains::list(app, &caller, &id)).await?;
    Ok(Json(Page { items, next: None }))
}

/// Which domain is claimed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Claim {
    /// The domain, as `example.org`.
    domain: String,
    /// The mailbox of the domain to which the link is mailed: `postmaster` or `admin`.
    mailbox: String,
}

/// Claims an e-mail domain: a link is mailed to its own postmaster.
#[utoipa::path(
    post, path = "/organizations/{id}/domains", tag = "registry",
    params(("id" = String, Path, description = "The organization's id")),
    request_body = Claim,
    responses(
        (status = 202, description = "The link is on its way", body = Domain),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn claim_domain(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
    Body(claim): Body<Claim>,
) -> Result<(StatusCode, Json<Domain>), Error> {
    let run = move |app: &App| domains::claim(app, &caller, &id, &claim.domain, &claim.mailbox);
    Ok((StatusCode::ACCEPTED, Json(blocking(app, run).await?)))
}

/// By which link a domain is confirmed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Confirmation {
    /// What stands in the link behind `/domains/`.
    link: String,
}

/// Confirms an e-mail domain by the link that was mailed to it.
#[utoipa::path(
    post, path = "/domains/confirmation", tag = "registry", request_body = Confirmation,
    responses(
        (status = 200, description = "The domain", body = Domain),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn confirm_domain(
    State(app): State<Arc<App>>,
    caller: Caller,
    Body(body): Body<Confirmation>,
) -> Result<Json<Domain>, Error> {
    blocking(app, move |app| domains::confirm(app, &caller, &body.link)).await.map(Json)
}
