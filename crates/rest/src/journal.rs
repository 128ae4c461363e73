//! The journal over REST.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use guildhall_operations::http::{Page, Paging, ProblemDetails, Query, blocking};
use guildhall_operations::ops::journal::{self, JournalEntry};
use guildhall_operations::{App, Caller, Error};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(list))
}

/// Which rows are listed.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct JournalQuery {
    /// Only what was done to this: an id.
    subject: Option<String>,
    /// Where the page begins: `next` of the page before.
    cursor: Option<String>,
    /// How many things it holds at most, from 1 to 200; default 50.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

/// What was done, by whom, in the order of the chain. A row stands here within a second.
#[utoipa::path(
    get, path = "/journal", tag = "audit", params(JournalQuery),
    responses(
        (status = 200, description = "The rows", body = Page<JournalEntry>),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(query): Query<JournalQuery>,
) -> Result<Json<Page<JournalEntry>>, Error> {
    let JournalQuery { subject, cursor, limit } = query;
    let (after, limit) = Paging { cursor, limit }.read()?;
    let after = after.map(|place| {
        let message = "it is no cursor that was given out";
        place.parse::<i64>().map_err(|_| Error::field("cursor", "bad-value", message))
    });
    let after = after.transpose()?.unwrap_or(0);
    let run = move |app: &App| journal::list(app, &caller, after, subject.as_deref(), limit);
    let found = blocking(app, run).await?;
    Ok(Json(Page::of(found, limit, |row| row.place.to_string())))
}
