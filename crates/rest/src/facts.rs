//! Facts over REST.

use std::fmt::Write;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, ETAG, LINK, LOCATION};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use guildhall_operations::http::{
    Body, IfMatch, Page, Paging, Path, ProblemDetails, Query, blocking,
};
use guildhall_operations::ops::facts::{self, Correction, FactVersion, Filter, Retracted, Trial};
use guildhall_operations::ops::{Cells, Record};
use guildhall_operations::{App, Caller, Error};
use serde::Deserialize;
use serde_json::Value as AnyJson;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(list, add))
        .routes(routes!(read, replace, change, retract))
        .routes(routes!(versions))
        .routes(routes!(withdraw))
        .routes(routes!(preview))
}

/// A row with its entity tag.
pub(super) fn tagged(status: StatusCode, record: &Record) -> Response {
    let mut response = (status, Json(record)).into_response();
    if let Ok(tag) = HeaderValue::from_str(&record.tag()) {
        response.headers_mut().insert(ETAG, tag);
    }
    response
}

/// A row that was made, with the address at which it is now.
pub(super) fn created(path: &str, record: &Record) -> Response {
    let mut response = tagged(StatusCode::CREATED, record);
    let place = format!("/api/v1/{path}/{}", escaped(&record.id));
    if let Ok(place) = HeaderValue::from_str(&place) {
        response.headers_mut().insert(LOCATION, place);
    }
    response
}

/// A text as one segment of a path or a value of a query.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            // Writing to a text does not fail.
            let _ = write!(escaped, "%{byte:02X}");
        }
    }
    escaped
}

/// Which facts are listed, and how.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ListQuery {
    /// Only facts of this partner.
    partner: Option<String>,
    /// Only facts that tell of this customer.
    customer: Option<String>,
    /// `json`, or `csv`: the folder's format, for who may take facts out; the next page stands
    /// in the header `Link`.
    format: Option<String>,
    /// Where the page begins: `next` of the page before.
    cursor: Option<String>,
    /// How many things it holds at most, from 1 to 200; default 50. As CSV always 10,000.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

/// How many rows a page of CSV holds.
const CSV_PAGE: usize = 10_000;

/// Facts of a kind, in the order of their ids.
#[utoipa::path(
    get, path = "/facts/{kind}", tag = "facts",
    params(
        ("kind" = String, Path, description = "The kind of fact, as `opportunities`"),
        ListQuery,
    ),
    responses(
        (status = 200, description = "The facts that you may see", content(
            (Page<Record> = "application/json"), (String = "text/csv"))),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(kind): Path<String>,
    Query(query): Query<ListQuery>,
) -> Result<Response, Error> {
    let ListQuery { partner, customer, format, cursor, limit } = query;
    let (after, limit) = Paging { cursor, limit }.read()?;
    let mut filter = Filter { partner, customer, after, limit };
    match format.as_deref() {
        None | Some("json") => {
            let run = move |app: &App| facts::list(app, &caller, &kind, &filter);
            let found = blocking(app, run).await?;
            let page = Page::of(found, limit, |record| record.id.clone());
            Ok(Json(page).into_response())
        }
        Some("csv") => {
            filter.limit = CSV_PAGE;
            let name = kind.clone();
            let run = move |app: &App| facts::export(app, &caller, &kind, &filter);
            let (text, next) = blocking(app, run).await?;
            Ok(csv_page(&name, text, next))
        }
        Some(other) => {
            let message = format!("`{}` is no format", other.replace('\0', "?"));
            let hint = "one of `json`, `csv`";
            Err(Error::field_with_hint("format", "bad-argument", message, hint))
        }
    }
}

fn csv_page(kind: &str, text: String, next: Option<String>) -> Response {
    let csv = HeaderValue::from_static("text/csv; charset=utf-8");
    let mut response = ([(CONTENT_TYPE, csv)], text).into_response();
    if let Some(next) = next {
        let cursor = data_encoding::BASE64URL_NOPAD.encode(next.as_bytes());
        let link = format!("</api/v1/facts/{kind}?format=csv&cursor={cursor}>; rel=\"next\"");
        if let Ok(link) = HeaderValue::from_str(&link) {
            response.headers_mut().insert(LINK, link);
        }
    }
    response
}

/// Adds a fact. Without an `id` it is given one.
#[utoipa::path(
    post, path = "/facts/{kind}", tag = "facts",
    params(("kind" = String, Path, description = "The kind of fact, as `opportunities`")),
    request_body = Cells,
    responses(
        (status = 201, description = "The fact", body = Record),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn add(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(kind): Path<String>,
    Body(cells): Body<Cells>,
) -> Result<Response, Error> {
    let name = kind.clone();
    let run = move |app: &App| facts::add(app, &caller, &kind, &cells);
    let record = blocking(app, run).await?;
    Ok(created(&format!("facts/{name}"), &record))
}

/// A fact as it is held to be true now.
#[utoipa::path(
    get, path = "/facts/{kind}/{id}", tag = "facts",
    params(
        ("kind" = String, Path, description = "The kind of fact, as `opportunities`"),
        ("id" = String, Path, description = "The fact's id"),
    ),
    responses(
        (status = 200, description = "The fact", body = Record),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn read(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((kind, id)): Path<(String, String)>,
) -> Result<Response, Error> {
    let record = blocking(app, move |app| facts::read(app, &caller, &kind, &id)).await?;
    Ok(tagged(StatusCode::OK, &record))
}

/// Corrects a fact by all of its cells: columns that are not named become empty.
#[utoipa::path(
    put, path = "/facts/{kind}/{id}", tag = "facts",
    params(
        ("kind" = String, Path, description = "The kind of fact, as `opportunities`"),
        ("id" = String, Path, description = "The fact's id"),
        ("If-Match" = Option<String>, Header, description = "The entity tag of what is corrected"),
    ),
    request_body = Cells,
    responses(
        (status = 200, description = "The fact", body = Record),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn replace(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((kind, id)): Path<(String, String)>,
    IfMatch(if_match): IfMatch,
    Body(cells): Body<Cells>,
) -> Result<Response, Error> {
    let correction = Correction { cells, is_whole: true, if_match };
    let run = move |app: &App| facts::correct(app, &caller, &kind, &id, &correction);
    Ok(tagged(StatusCode::OK, &blocking(app, run).await?))
}

/// Corrects some cells of a fact: columns that are not named stay as they are.
#[utoipa::path(
    patch, path = "/facts/{kind}/{id}", tag = "facts",
    params(
        ("kind" = String, Path, description = "The kind of fact, as `opportunities`"),
        ("id" = String, Path, description = "The fact's id"),
        ("If-Match" = Option<String>, Header, description = "The entity tag of what is corrected"),
    ),
    request_body = Cells,
    responses(
        (status = 200, description = "The fact", body = Record),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn change(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((kind, id)): Path<(String, String)>,
    IfMatch(if_match): IfMatch,
    Body(cells): Body<Cells>,
) -> Result<Response, Error> {
    let correction = Correction { cells, is_whole: false, if_match };
    let run = move |app: &App| facts::correct(app, &caller, &kind, &id, &correction);
    Ok(tagged(StatusCode::OK, &blocking(app, run).await?))
}

/// Why a fact is retracted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct RetractQuery {
    /// Why, in 1 to 500 characters, without values of a person: it stays in the journal.
    reason: String,
}

/// Retracts a fact: it is held to be true no more. What refers to it stays.
#[utoipa::path(
    delete, path = "/facts/{kind}/{id}", tag = "facts",
    params(
        ("kind" = String, Path, description = "The kind of fact, as `opportunities`"),
        ("id" = String, Path, description = "The fact's id"),
        ("If-Match" = Option<String>, Header, description = "The entity tag of what is retracted"),
        RetractQuery,
    ),
    responses(
        (status = 200, description = "How many facts refer to it", body = Retracted),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn retract(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((kind, id)): Path<(String, String)>,
    IfMatch(if_match): IfMatch,
    Query(query): Query<RetractQuery>,
) -> Result<Json<Retracted>, Error> {
    let run = move |app: &App| {
        facts::retract(app, &caller, &kind, &id, &query.reason, if_match.as_deref())
    };
    blocking(app, run).await.map(Json)
}

/// Every version of a fact: who said what, and when.
#[utoipa::path(
    get, path = "/facts/{kind}/{id}/versions", tag = "facts",
    params(
        ("kind" = String, Path, description = "The kind of fact, as `opportunities`"),
        ("id" = String, Path, description = "The fact's id"),
    ),
    responses(
        (status = 200, description = "The versions, the oldest first", body = Page<FactVersion>),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn versions(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((kind, id)): Path<(String, String)>,
) -> Result<Json<Page<FactVersion>>, Error> {
    let items = blocking(app, move |app| facts::versions(app, &caller, &kind, &id)).await?;
    Ok(Json(Page { items, next: None }))
}

/// Withdraws a reference from today on.
#[utoipa::path(
    post, path = "/references/{id}/withdrawal", tag = "facts",
    params(("id" = String, Path, description = "The reference's id")),
    responses(
        (status = 200, description = "The reference", body = Record),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn withdraw(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Error> {
    let run = move |app: &App| facts::withdraw_reference(app, &caller, &id);
    Ok(tagged(StatusCode::OK, &blocking(app, run).await?))
}

/// What is tried out.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct PreviewQuery {
    /// `true`: that the fact whose `id` the body names is retracted; only the id is looked at.
    retract: Option<bool>,
}

/// What a change would do to the scorecards that it concerns. Nothing is kept. The body is that of
/// adding; where there is a fact of its `id`, it is corrected.
#[utoipa::path(
    post, path = "/facts/{kind}/preview", tag = "facts",
    params(
        ("kind" = String, Path, description = "The kind of fact, as `opportunities`"),
        PreviewQuery,
    ),
    request_body = Cells,
    responses(
        (status = 200, description = "The row as it would be, and what would move", body = AnyJson),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn preview(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(kind): Path<String>,
    Query(query): Query<PreviewQuery>,
    Body(cells): Body<Cells>,
) -> Result<Json<facts::Preview>, Error> {
    let trial = if query.retract == Some(true) {
        Trial::Retraction(cells.0.get("id").cloned().flatten().unwrap_or_default())
    } else {
        Trial::Row(cells)
    };
    blocking(app, move |app| facts::preview(app, &caller, &kind, &trial)).await.map(Json)
}
