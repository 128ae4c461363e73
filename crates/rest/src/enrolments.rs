//! Enrolments and imports over REST.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::{FromRequestParts, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use guildhall_operations::http::{Body, Page, Paging, Path, ProblemDetails, Query, blocking};
use guildhall_operations::ops::enrolments::{self, Agreement, Application, Applied, Enrolment};
use guildhall_operations::ops::imports::{self, Folder, Outcome, Past};
use guildhall_operations::{App, Caller, Error};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(apply, list))
        .routes(routes!(read))
        .routes(routes!(accept))
        .routes(routes!(submit))
        .routes(routes!(approve))
        .routes(routes!(decline))
        .routes(routes!(agreement, set_agreement))
        .routes(routes!(import, list_imports))
}

/// The applicant's secret, if the request has one.
struct ApplicantSecret(Option<String>);

impl<S: Send + Sync> FromRequestParts<S> for ApplicantSecret {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        let secret = parts.headers.get("enrolment-secret");
        Ok(Self(secret.and_then(|text| text.to_str().ok()).map(str::to_owned)))
    }
}

/// Registers a company that wants to join. The answer holds a secret by which it goes on.
#[utoipa::path(
    post, path = "/enrolments", tag = "enrolments", request_body = Application,
    responses(
        (status = 201, description = "The enrolment and its secret", body = Applied),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn apply(
    State(app): State<Arc<App>>,
    caller: Caller,
    Body(application): Body<Application>,
) -> Result<(StatusCode, Json<Applied>), Error> {
    let run = move |app: &App| enrolments::apply(app, &caller, &application);
    Ok((StatusCode::CREATED, Json(blocking(app, run).await?)))
}

/// Which enrolments are listed.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ListQuery {
    /// Only those in this state.
    state: Option<String>,
    /// Where the page begins: `next` of the page before.
    cursor: Option<String>,
    /// How many things it holds at most, from 1 to 200; default 50.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

/// Enrolments, for the vendor.
#[utoipa::path(
    get, path = "/enrolments", tag = "enrolments", params(ListQuery),
    responses(
        (status = 200, description = "The enrolments", body = Page<Enrolment>),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(query): Query<ListQuery>,
) -> Result<Json<Page<Enrolment>>, Error> {
    let ListQuery { state, cursor, limit } = query;
    let (after, limit) = Paging { cursor, limit }.read()?;
    let run =
        move |app: &App| enrolments::list(app, &caller, state.as_deref(), after.as_deref(), limit);
    let found = blocking(app, run).await?;
    Ok(Json(Page::of(found, limit, |one| one.id.clone())))
}

/// How far an enrolment is.
#[utoipa::path(
    get, path = "/enrolments/{id}", tag = "enrolments",
    params(
        ("id" = String, Path, description = "Its id"),
        ("Enrolment-Secret" = Option<String>, Header, description = "The applicant's secret"),
    ),
    responses(
        (status = 200, description = "The enrolment", body = Enrolment),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn read(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
    ApplicantSecret(secret): ApplicantSecret,
) -> Result<Json<Enrolment>, Error> {
    let run = move |app: &App| enrolments::read(app, &caller, &id, secret.as_deref());
    blocking(app, run).await.map(Json)
}

/// Which agreement is accepted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Acceptance {
    /// The version that was read.
    version: String,
}

/// Accepts the agreement, in the version that was read.
#[utoipa::path(
    post, path = "/enrolments/{id}/agreement", tag = "enrolments",
    params(
        ("id" = String, Path, description = "Its id"),
        ("Enrolment-Secret" = Option<String>, Header, description = "The applicant's secret"),
    ),
    request_body = Acceptance,
    responses(
        (status = 200, description = "The enrolment", body = Enrolment),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn accept(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
    ApplicantSecret(secret): ApplicantSecret,
    Body(body): Body<Acceptance>,
) -> Result<Json<Enrolment>, Error> {
    let run = move |app: &App| {
        enrolments::accept_agreement(app, &caller, &id, secret.as_deref(), &body.version)
    };
    blocking(app, run).await.map(Json)
}

/// With what an enrolment is handed in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Submission {
    /// The path; the one that was chosen before, if not given.
    path: Option<String>,
}

/// Hands an enrolment in.
#[utoipa::path(
    post, path = "/enrolments/{id}/submission", tag = "enrolments",
    params(
        ("id" = String, Path, description = "Its id"),
        ("Enrolment-Secret" = Option<String>, Header, description = "The applicant's secret"),
    ),
    request_body = Submission,
    responses(
        (status = 200, description = "The enrolment", body = Enrolment),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn submit(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
    ApplicantSecret(secret): ApplicantSecret,
    Body(body): Body<Submission>,
) -> Result<Json<Enrolment>, Error> {
    let run = move |app: &App| {
        enrolments::submit(app, &caller, &id, secret.as_deref(), body.path.as_deref())
    };
    blocking(app, run).await.map(Json)
}

/// Lets a company in.
#[utoipa::path(
    post, path = "/enrolments/{id}/approval", tag = "enrolments",
    params(("id" = String, Path, description = "Its id")),
    responses(
        (status = 200, description = "The enrolment", body = Enrolment),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn approve(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Enrolment>, Error> {
    blocking(app, move |app| enrolments::approve(app, &caller, &id)).await.map(Json)
}

/// Why a company is turned away.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Refusal {
    /// Why, in 1 to 500 characters.
    reason: String,
}

/// Turns a company away.
#[utoipa::path(
    post, path = "/enrolments/{id}/refusal", tag = "enrolments",
    params(("id" = String, Path, description = "Its id")),
    request_body = Refusal,
    responses(
        (status = 200, description = "The enrolment", body = Enrolment),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn decline(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
    Body(body): Body<Refusal>,
) -> Result<Json<Enrolment>, Error> {
    let run = move |app: &App| enrolments::decline(app, &caller, &id, &body.reason);
    blocking(app, run).await.map(Json)
}

/// The partner agreement that is in force; open to everybody.
#[utoipa::path(
    get, path = "/agreement", tag = "enrolments", security(()),
    responses(
        (status = 200, description = "The agreement", body = Agreement),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn agreement(State(app): State<Arc<App>>) -> Result<Json<Agreement>, Error> {
    blocking(app, enrolments::agreement).await.map(Json)
}

/// Brings a version of the partner agreement into force.
#[utoipa::path(
    put, path = "/agreement", tag = "enrolments", request_body = Agreement,
    responses(
        (status = 200, description = "The agreement", body = Agreement),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn set_agreement(
    State(app): State<Arc<App>>,
    caller: Caller,
    Body(agreement): Body<Agreement>,
) -> Result<Json<Agreement>, Error> {
    blocking(app, move |app| enrolments::set_agreement(app, &caller, &agreement)).await.map(Json)
}

/// A folder of facts as texts.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FolderBody {
    /// The texts of the files by their names, as `opportunities.csv`.
    files: BTreeMap<String, String>,
    /// Whether everything is undone at the end.
    #[serde(default)]
    dry_run: bool,
    /// Kinds of which the folder names all: what it does not name is retracted.
    #[serde(default)]
    complete: Vec<String>,
}

/// Imports a folder of facts: all of it, or nothing where there is a problem.
#[utoipa::path(
    post, path = "/imports", tag = "facts", request_body = FolderBody,
    responses(
        (status = 200, description = "What was done", body = Outcome),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn import(
    State(app): State<Arc<App>>,
    caller: Caller,
    Body(body): Body<FolderBody>,
) -> Result<Json<Outcome>, Error> {
    let FolderBody { files, dry_run, complete } = body;
    let folder = Folder { files, is_dry_run: dry_run, complete };
    blocking(app, move |app| imports::import(app, &caller, &folder)).await.map(Json)
}

/// The imports that there were, the first first.
#[utoipa::path(
    get, path = "/imports", tag = "facts", params(Paging),
    responses(
        (status = 200, description = "The imports", body = Page<Past>),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn list_imports(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(paging): Query<Paging>,
) -> Result<Json<Page<Past>>, Error> {
    let (after, limit) = paging.read()?;
    let place = |after: String| {
        let wrong = |_| Error::field("cursor", "bad-value", "it is no cursor that was given out");
        after.parse::<i64>().map_err(wrong)
    };
    let after = after.map(place).transpose()?.unwrap_or(0);
    let found = blocking(app, move |app| imports::list(app, &caller, after, limit)).await?;
    Ok(Json(Page::of(found, limit, |past| past.place.to_string())))
}
