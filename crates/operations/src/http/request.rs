//! What handlers read of a request: who calls, paths, queries, bodies, entity tags. What cannot be
//! read is answered as problem details, with the field named where it is known.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequest, FromRequestParts, Request};
use axum::http::header::{AUTHORIZATION, IF_MATCH, USER_AGENT};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName};
use serde::de::DeserializeOwned;

use crate::caller::Idempotency;
use crate::{App, Caller, Error, ops};

/// Runs an operation on a thread that may wait.
///
/// # Errors
///
/// Those of the operation; [`Error::Internal`] where it panicked.
pub async fn blocking<T: Send + 'static>(
    app: Arc<App>,
    operation: impl FnOnce(&App) -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let span = tracing::Span::current();
    let run = move || span.in_scope(|| operation(&app));
    tokio::task::spawn_blocking(run).await.map_err(Error::internal)?
}

fn text<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// The client's address: of the connection, or as a trusted proxy tells it.
#[derive(Clone, Copy, Debug)]
pub struct ClientAddress(pub std::net::IpAddr);

impl FromRequestParts<Arc<App>> for Caller {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Error> {
        let secret = text(&parts.headers, &AUTHORIZATION)
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, secret)| secret.trim().to_owned());
        let caller = match secret {
            None => Caller::nobody(),
            Some(secret) => {
                blocking(Arc::clone(app), move |app| ops::sign_in::caller(app, &secret)).await?
            }
        };
        Ok(from_where(caller, parts))
    }
}

/// Whoever calls, where it is no matter that they are signed in: with a secret that does not work
/// any more they are nobody.
#[derive(Clone, Debug)]
pub struct Visitor(pub Caller);

impl FromRequestParts<Arc<App>> for Visitor {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Error> {
        match Caller::from_request_parts(parts, app).await {
            Err(Error::SignInFirst) => Ok(Self(from_where(Caller::nobody(), parts))),
            caller => caller.map(Self),
        }
    }
}

/// Notes from where somebody calls, with what, and with which key of idempotency.
pub fn from_where(mut caller: Caller, parts: &Parts) -> Caller {
    let told = parts.extensions.get::<ClientAddress>().map(|address| address.0);
    let connected = parts.extensions.get::<ConnectInfo<SocketAddr>>();
    caller.address = told.or(connected.map(|address| address.0.ip()));
    let agent = text(&parts.headers, &USER_AGENT);
    caller.agent = agent.map(|agent| agent.chars().take(200).collect());
    caller.idempotency = parts.extensions.get::<Idempotency>().cloned();
    caller
}

/// The parts of the path.
#[derive(Clone, Copy, Debug)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<Arc<App>> for Path<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Error> {
        if parts.uri.path().contains("%00") {
            // No id holds a NUL byte.
            return Err(Error::not_found("route", parts.uri.path()));
        }
        match axum::extract::Path::<T>::from_request_parts(parts, app).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            // A path that cannot be read leads nowhere.
            Err(_) => Err(Error::not_found("route", parts.uri.path())),
        }
    }
}

/// The parameters behind the question mark.
#[derive(Clone, Copy, Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<Arc<App>> for Query<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<App>) -> Result<Self, Error> {
        if parts.uri.query().is_some_and(|query| query.contains("%00")) {
            return Err(reject_nul("query"));
        }
        let found = axum::extract::Query::<T>::try_from_uri(&parts.uri);
        let wrong = |error: &dyn std::error::Error| {
            let why = error.source().map_or_else(|| error.to_string(), ToString::to_string);
            Error::field("query", "bad-argument", why)
        };
        found.map(|axum::extract::Query(value)| Self(value)).map_err(|error| wrong(&error))
    }
}

/// The database keeps no NUL byte in a text, so none is let in.
fn reject_nul(field: &str) -> Error {
    Error::field(field, "nul", "a text holds a NUL byte")
}

/// Whether a text of a JSON value, or a name in it, holds a NUL byte.
fn has_nul(value: &serde_json::Value) -> bool {
    use serde_json::Value as Json;
    match value {
        Json::String(text) => text.contains('\0'),
        Json::Array(values) => values.iter().any(has_nul),
        Json::Object(fields) => {
            fields.iter().any(|(name, value)| name.contains('\0') || has_nul(value))
        }
        Json::Null | Json::Bool(_) | Json::Number(_) => false,
    }
}

/// The body, as JSON without NUL bytes.
#[derive(Clone, Copy, Debug)]
pub struct Body<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Arc<App>> for Body<T> {
    type Rejection = axum::response::Response;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Self::Rejection> {
        use axum::extract::rejection::JsonRejection as Rejection;
        use axum::response::IntoResponse;
        let refused = match axum::Json::<serde_json::Value>::from_request(request, app).await {
            Ok(axum::Json(value)) if has_nul(&value) => {
                return Err(reject_nul("body").into_response());
            }
            Ok(axum::Json(value)) => {
                let read = serde_json::from_value(value).map(Self);
                let wrong = |why: serde_json::Error| {
                    Error::field("body", "bad-body", why.to_string()).into_response()
                };
                return read.map_err(wrong);
            }
            Err(refused) => refused,
        };
        let why = std::error::Error::source(&refused)
            .map_or_else(|| refused.body_text(), ToString::to_string);
        Err(match refused {
            Rejection::JsonDataError(_) => Error::field("body", "bad-body", why).into_response(),
            Rejection::JsonSyntaxError(_) => {
                super::problem_details(400, "bad-json", &why).into_response()
            }
            Rejection::MissingJsonContentType(_) => {
                let why = "the body must be JSON: `Content-Type: application/json`";
                super::problem_details(415, "not-json", why).into_response()
            }
            other => {
                let status = other.status().as_u16();
                super::problem_details(status, "bad-body", &other.body_text()).into_response()
            }
        })
    }
}

/// The entity tag that an update is meant for, if the client gave one.
#[derive(Clone, Debug)]
pub struct IfMatch(pub Option<String>);

impl FromRequestParts<Arc<App>> for IfMatch {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<App>) -> Result<Self, Error> {
        Ok(Self(text(&parts.headers, &IF_MATCH).filter(|tag| *tag != "*").map(str::to_owned)))
    }
}
