//! Users, invitations and API tokens over REST.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::header::{ETAG, LOCATION};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use guildhall_operations::http::{
    Body, IfMatch, Page, Paging, Path, ProblemDetails, Query, Visitor, blocking, read_moment,
};
use guildhall_operations::ops::invitations;
use guildhall_operations::ops::tokens::{self, NewToken, Token};
use guildhall_operations::ops::users::{self, Change, NewUser, User};
use guildhall_operations::{App, Caller, Error};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(read, rename))
        .routes(routes!(change_roles))
        .routes(routes!(disable))
        .routes(routes!(enable))
        .routes(routes!(invite))
        .routes(routes!(accept))
        .routes(routes!(list_tokens, create_token))
        .routes(routes!(revoke_token))
}

fn tagged(user: User) -> (HeaderMap, Json<User>) {
    let mut headers = HeaderMap::new();
    if let Ok(tag) = HeaderValue::from_str(&format!("\"v{}\"", user.version)) {
        headers.insert(ETAG, tag);
    }
    (headers, Json(user))
}

/// The version that an entity tag stands for; a tag that was never given out stands for none that
/// there is.
fn version(tag: &IfMatch) -> Option<i64> {
    let tag = tag.0.as_deref()?;
    let number = tag.trim().strip_prefix("\"v").and_then(|rest| rest.strip_suffix('"'));
    Some(number.and_then(|number| number.parse().ok()).unwrap_or(-1))
}

/// Which users.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct UsersQuery {
    /// Where the page begins: `next` of the page before.
    cursor: Option<String>,
    /// How many users it holds at most, from 1 to 200; default 50.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// Only those in this state: `invited`, `active`, `disabled`.
    state: Option<String>,
    /// Only those of this organization.
    organization: Option<String>,
}

/// Users, in the order in which they were made.
#[utoipa::path(
    get, path = "/users", tag = "users", params(UsersQuery),
    responses(
        (status = 200, description = "A page of users", body = Page<User>),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(query): Query<UsersQuery>,
) -> Result<Json<Page<User>>, Error> {
    let (after, limit) = Paging { cursor: query.cursor, limit: query.limit }.read()?;
    let after = after
        .map(|place| place.parse::<i64>())
        .transpose()
        .map_err(|_| Error::field("cursor", "bad-value", "it is no cursor that was given out"))?;
    let run = move |app: &App| {
        let (state, organization) = (query.state.as_deref(), query.organization.as_deref());
        users::list(app, &caller, state, organization, after.unwrap_or(0), limit + 1)
    };
    let users = blocking(app, run).await?;
    Ok(Json(Page::of(users, limit, |user| user.place().to_string())))
}

/// One user.
#[utoipa::path(
    get, path = "/users/{user}", tag = "users",
    params(("user" = String, Path, description = "The user's id")),
    responses(
        (status = 200, description = "The user", body = User),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn read(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(user): Path<String>,
) -> Result<(HeaderMap, Json<User>), Error> {
    blocking(app, move |app| users::read(app, &caller, &user)).await.map(tagged)
}

/// A name.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Name {
    /// The name that people see.
    name: String,
}

async fn changed(
    app: Arc<App>,
    caller: Caller,
    user: String,
    tag: IfMatch,
    change: Change,
) -> Result<(HeaderMap, Json<User>), Error> {
    let run = move |app: &App| users::change(app, &caller, &user, version(&tag), &change);
    blocking(app, run).await.map(tagged)
}

/// Change one's own name.
#[utoipa::path(
    patch, path = "/users/{user}", tag = "users",
    params(("user" = String, Path, description = "The user's id")),
    request_body = Name,
    responses(
        (status = 200, description = "The user", body = User),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn rename(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(user): Path<String>,
    tag: IfMatch,
    Body(body): Body<Name>,
) -> Result<(HeaderMap, Json<User>), Error> {
    changed(app, caller, user, tag, Change::Name(body.name)).await
}

/// Roles.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Roles {
    /// The roles from now on, all on the organization's side.
    roles: Vec<String>,
}

/// Change what a user may. It takes effect at once.
#[utoipa::path(
    put, path = "/users/{user}/roles", tag = "users",
    params(("user" = String, Path, description = "The user's id")),
    request_body = Roles,
    responses(
        (status = 200, description = "The user", body = User),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn change_roles(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(user): Path<String>,
    tag: IfMatch,
    Body(body): Body<Roles>,
) -> Result<(HeaderMap, Json<User>), Error> {
    let roles = users::read_roles(&body.roles)?;
    changed(app, caller, user, tag, Change::Roles(roles)).await
}

/// Disable a user: its sessions end, its tokens are revoked.
#[utoipa::path(
    post, path = "/users/{user}/disable", tag = "users",
    params(("user" = String, Path, description = "The user's id")),
    responses(
        (status = 200, description = "The user", body = User),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn disable(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(user): Path<String>,
    tag: IfMatch,
) -> Result<(HeaderMap, Json<User>), Error> {
    changed(app, caller, user, tag, Change::Disable).await
}

/// Let a disabled user sign in again.
#[utoipa::path(
    post, path = "/users/{user}/enable", tag = "users",
    params(("user" = String, Path, description = "The user's id")),
    responses(
        (status = 200, description = "The user", body = User),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn enable(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(user): Path<String>,
    tag: IfMatch,
) -> Result<(HeaderMap, Json<User>), Error> {
    changed(app, caller, user, tag, Change::Enable).await
}

/// Who is invited.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Invitation {
    /// The e-mail address.
    email: String,
    /// The name that people see; the address until they choose one, if not given.
    name: Option<String>,
    /// The organization's side; that of the roles if not given.
    side: Option<String>,
    /// The organization's id.
    organization: String,
    /// The roles, all on one side.
    roles: Vec<String>,
}

/// Invite somebody: a link to choose a password is mailed. Who was invited and has not come gets
/// another link.
#[utoipa::path(
    post, path = "/invitations", tag = "users", request_body = Invitation,
    responses(
        (status = 201, description = "The user, who is invited", body = User),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn invite(
    State(app): State<Arc<App>>,
    caller: Caller,
    Body(body): Body<Invitation>,
) -> Result<(StatusCode, HeaderMap, Json<User>), Error> {
    let side = body.side.as_deref();
    let (organization, roles) =
        invitations::read_words(side, Some(&body.organization), &body.roles)?;
    let name = body.name.unwrap_or_else(|| body.email.clone());
    let user = NewUser { email: body.email, name, organization, roles };
    let user = blocking(app, move |app| invitations::invite(app, &caller, &user)).await?;
    let location = HeaderValue::from_str(&format!("/api/v1/users/{}", user.id));
    let (mut headers, body) = tagged(user);
    if let Ok(location) = location {
        headers.insert(LOCATION, location);
    }
    Ok((StatusCode::CREATED, headers, body))
}

/// A mailed link, a name and a first password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Acceptance {
    /// What stands behind the last `/` of the link.
    link: String,
    /// The name that people see.
    name: String,
    /// The password: at least twelve characters.
    password: String,
}

/// Accept an invitation. Signing in comes next.
#[utoipa::path(
    post, path = "/invitations/accept", tag = "users", security(()),
    request_body = Acceptance,
    responses(
        (status = 200, description = "The user, who is active", body = User),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn accept(
    State(app): State<Arc<App>>,
    Visitor(caller): Visitor,
    Body(body): Body<Acceptance>,
) -> Result<(HeaderMap, Json<User>), Error> {
    let run =
        move |app: &App| invitations::accept(app, &caller, &body.link, &body.name, &body.password);
    blocking(app, run).await.map(tagged)
}

/// One's own API tokens, the one made last first.
#[utoipa::path(
    get, path = "/tokens", tag = "users",
    responses(
        (status = 200, description = "The tokens, without their secrets", body = [Token]),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn list_tokens(
    State(app): State<Arc<App>>,
    caller: Caller,
) -> Result<Json<Vec<Token>>, Error> {
    blocking(app, move |app| tokens::list(app, &caller)).await.map(Json)
}

/// A token to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TokenBody {
    /// What to call it.
    name: String,
    /// What it is for: `read`, `write`, `admin`; each allows what those before it allow.
    scopes: Vec<String>,
    /// The first moment at which it no longer works; never if not given.
    #[schema(format = DateTime)]
    expires_at: Option<String>,
}

/// Make an API token, in a session only. Its secret is shown this once. `Idempotency-Key` has no
/// effect: the answer is kept nowhere.
#[utoipa::path(
    post, path = "/tokens", tag = "users", request_body = TokenBody,
    responses(
        (status = 201, description = "The token and its secret", body = NewToken),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn create_token(
    State(app): State<Arc<App>>,
    caller: Caller,
    Body(body): Body<TokenBody>,
) -> Result<(StatusCode, HeaderMap, Json<NewToken>), Error> {
    let scopes = tokens::read_scopes(&body.scopes)?;
    let expires_at = read_moment("expires_at", body.expires_at.as_deref())?;
    let run = move |app: &App| tokens::create(app, &caller, &body.name, &scopes, expires_at);
    let made = blocking(app, run).await?;
    let mut headers = HeaderMap::new();
    if let Ok(place) = HeaderValue::from_str(&format!("/api/v1/tokens/{}", made.token.id)) {
        headers.insert(LOCATION, place);
    }
    Ok((StatusCode::CREATED, headers, Json(made)))
}

/// Revoke an API token.
#[utoipa::path(
    delete, path = "/tokens/{token}", tag = "users",
    params(("token" = String, Path, description = "The token's id")),
    responses(
        (status = 204, description = "It does not work any more"),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn revoke_token(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(token): Path<String>,
) -> Result<StatusCode, Error> {
    blocking(app, move |app| tokens::revoke(app, &caller, &token)).await?;
    Ok(StatusCode::NO_CONTENT)
}
