//! Signing in, sessions, the second factor and the password of whoever calls, over REST.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use guildhall_operations::http::{Body, Path, ProblemDetails, Query, Visitor, blocking};
use guildhall_operations::ops::second_factor::{
    self, Enrolled, Enrolment, Proof, RecoveryCodes, SecondFactor,
};
use guildhall_operations::ops::sessions::{self, PresentSession, Session};
use guildhall_operations::ops::sign_in::{self, SignedIn};
use guildhall_operations::ops::{passwords, users};
use guildhall_operations::{App, Caller, Error};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(sign_in, present, sign_out))
        .routes(routes!(prove))
        .routes(routes!(list))
        .routes(routes!(end))
        .routes(routes!(me))
        .routes(routes!(change_password))
        .routes(routes!(second_factor_state, begin_second_factor, remove_second_factor))
        .routes(routes!(confirm_second_factor))
        .routes(routes!(new_recovery_codes))
        .routes(routes!(request_reset))
        .routes(routes!(reset))
}

/// Who signs in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Credentials {
    /// The e-mail address.
    email: String,
    /// The password.
    password: String,
}

/// Sign in with e-mail address and password. The secret of the session is the bearer of further
/// requests. `Idempotency-Key` has no effect: the answer is kept nowhere.
#[utoipa::path(
    post, path = "/session", tag = "sign-in", security(()),
    request_body = Credentials,
    responses(
        (status = 201, description = "A session", body = SignedIn),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn sign_in(
    State(app): State<Arc<App>>,
    Visitor(caller): Visitor,
    Body(body): Body<Credentials>,
) -> Result<(StatusCode, Json<SignedIn>), Error> {
    let run = move |app: &App| sign_in::sign_in(app, &caller, &body.email, &body.password);
    Ok((StatusCode::CREATED, Json(blocking(app, run).await?)))
}

/// The present session, also while it lacks the second factor.
#[utoipa::path(
    get, path = "/session", tag = "sign-in",
    responses(
        (status = 200, description = "The session and its user", body = PresentSession),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn present(
    State(app): State<Arc<App>>,
    caller: Caller,
) -> Result<Json<PresentSession>, Error> {
    blocking(app, move |app| sessions::present(app, &caller)).await.map(Json)
}

/// Sign out: end the present session.
#[utoipa::path(
    delete, path = "/session", tag = "sign-in",
    responses(
        (status = 204, description = "It has ended"),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn sign_out(State(app): State<Arc<App>>, caller: Caller) -> Result<StatusCode, Error> {
    blocking(app, move |app| sessions::sign_out(app, &caller)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What proves the second factor: one of the two.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ProofBody {
    /// The six digits that the authenticator app shows.
    code: Option<String>,
    /// One of the recovery codes; it works once.
    recovery_code: Option<String>,
}

/// Prove the second factor, to sign in or afresh. The session gets another secret; the one from
/// before no longer works.
#[utoipa::path(
    post, path = "/session/second-factor", tag = "sign-in",
    request_body = ProofBody,
    responses(
        (status = 200, description = "The session, with its new secret", body = SignedIn),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn prove(
    State(app): State<Arc<App>>,
    caller: Caller,
    Body(body): Body<ProofBody>,
) -> Result<Json<SignedIn>, Error> {
    let proof = match (body.code, body.recovery_code) {
        (Some(code), None) => Proof::Code(code),
        (None, Some(code)) => Proof::RecoveryCode(code),
        _ => {
            let message = "give either `code` or `recovery_code`";
            return Err(Error::field("code", "bad-value", message));
        }
    };
    blocking(app, move |app| second_factor::prove(app, &caller, &proof)).await.map(Json)
}

/// Whose sessions.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct SessionsQuery {
    /// The id of a user; one's own if not given.
    user: Option<String>,
}

/// Sessions that have not ended, the one begun last first.
#[utoipa::path(
    get, path = "/sessions", tag = "sign-in", params(SessionsQuery),
    responses(
        (status = 200, description = "The sessions", body = [Session]),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(query): Query<SessionsQuery>,
) -> Result<Json<Vec<Session>>, Error> {
    let run = move |app: &App| sessions::list(app, &caller, query.user.as_deref());
    blocking(app, run).await.map(Json)
}

/// End a session.
#[utoipa::path(
    delete, path = "/sessions/{session}", tag = "sign-in",
    params(("session" = String, Path, description = "The session's id")),
    responses(
        (status = 204, description = "It has ended"),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn end(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(session): Path<String>,
) -> Result<StatusCode, Error> {
    blocking(app, move |app| sessions::end(app, &caller, &session)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The user who calls.
#[utoipa::path(
    get, path = "/me", tag = "sign-in",
    responses(
        (status = 200, description = "The user", body = users::User),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn me(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<users::User>, Error> {
    let run = move |app: &App| users::read(app, &caller, caller.name());
    blocking(app, run).await.map(Json)
}

/// A present and a new password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewPassword {
    /// The password so far.
    present_password: String,
    /// The password from now on: at least twelve characters.
    new_password: String,
}

/// Change one's own password. All other sessions end.
#[utoipa::path(
    post, path = "/me/password", tag = "sign-in", request_body = NewPassword,
    responses(
        (status = 204, description = "It is changed"),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn change_password(
    State(app): State<Arc<App>>,
    caller: Caller,
    Body(body): Body<NewPassword>,
) -> Result<StatusCode, Error> {
    let run = move |app: &App| {
        passwords::change(app, &caller, &body.present_password, &body.new_password)
    };
    blocking(app, run).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Whether a second factor is set up.
#[utoipa::path(
    get, path = "/me/second-factor", tag = "sign-in",
    responses(
        (status = 200, description = "How it stands", body = SecondFactor),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn second_factor_state(
    State(app): State<Arc<App>>,
    caller: Caller,
) -> Result<Json<SecondFactor>, Error> {
    blocking(app, move |app| second_factor::state(app, &caller)).await.map(Json)
}

/// Begin setting up a second factor, or another one. Nothing changes before its first code.
#[utoipa::path(
    post, path = "/me/second-factor", tag = "sign-in",
    responses(
        (status = 200, description = "What the app is to share", body = Enrolment),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn begin_second_factor(
    State(app): State<Arc<App>>,
    caller: Caller,
) -> Result<Json<Enrolment>, Error> {
    blocking(app, move |app| second_factor::begin(app, &caller)).await.map(Json)
}

/// Remove the second factor; it must have been proved just now.
#[utoipa::path(
    delete, path = "/me/second-factor", tag = "sign-in",
    responses(
        (status = 204, description = "It is removed"),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn remove_second_factor(
    State(app): State<Arc<App>>,
    caller: Caller,
) -> Result<StatusCode, Error> {
    blocking(app, move |app| second_factor::remove(app, &caller)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The first code of a new second factor.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FirstCode {
    /// The six digits that the authenticator app shows.
    code: String,
}

/// Set up the second factor that was begun. The session gets another secret.
#[utoipa::path(
    post, path = "/me/second-factor/confirm", tag = "sign-in", request_body = FirstCode,
    responses(
        (status = 200, description = "Recovery codes and the new secret", body = Enrolled),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn confirm_second_factor(
    State(app): State<Arc<App>>,
    caller: Caller,
    Body(body): Body<FirstCode>,
) -> Result<Json<Enrolled>, Error> {
    blocking(app, move |app| second_factor::confirm(app, &caller, &body.code)).await.map(Json)
}

/// Make ten new recovery codes; the second factor must have been proved just now.
#[utoipa::path(
    post, path = "/me/recovery-codes", tag = "sign-in",
    responses(
        (status = 200, description = "The codes, shown this once", body = RecoveryCodes),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn new_recovery_codes(
    State(app): State<Arc<App>>,
    caller: Caller,
) -> Result<Json<RecoveryCodes>, Error> {
    blocking(app, move |app| second_factor::new_recovery_codes(app, &caller)).await.map(Json)
}

/// Who wants a new password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ResetRequest {
    /// The e-mail address.
    email: String,
}

/// What is done about it.
#[derive(Serialize, ToSchema)]
struct ResetRequested {
    /// The same for every address.
    message: String,
}

/// Ask for a mailed link to choose a new password. The answer is the same for every address.
#[utoipa::path(
    post, path = "/password-resets", tag = "sign-in", security(()),
    request_body = ResetRequest,
    responses(
        (status = 202, description = "Perhaps a link is on its way", body = ResetRequested),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn request_reset(
    State(app): State<Arc<App>>,
    Body(body): Body<ResetRequest>,
) -> Result<(StatusCode, Json<ResetRequested>), Error> {
    blocking(app, move |app| passwords::request_reset(app, &body.email)).await?;
    let message = "if there is a user with this address, a link was mailed to it".to_owned();
    Ok((StatusCode::ACCEPTED, Json(ResetRequested { message })))
}

/// A mailed link and a new password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Reset {
    /// What stands behind the last `/` of the link.
    link: String,
    /// The password from now on: at least twelve characters.
    password: String,
}

/// Choose a new password by a mailed link. All sessions end; the second factor stays.
#[utoipa::path(
    post, path = "/password-resets/accept", tag = "sign-in", security(()),
    request_body = Reset,
    responses(
        (status = 204, description = "Sign in with it"),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn reset(
    State(app): State<Arc<App>>,
    Visitor(caller): Visitor,
    Body(body): Body<Reset>,
) -> Result<StatusCode, Error> {
    let run = move |app: &App| passwords::reset(app, &caller, &body.link, &body.password);
    blocking(app, run).await?;
    Ok(StatusCode::NO_CONTENT)
}
