//! What goes before and behind every answer: the request's id and line in the log, the client's
//! address, time limits, a problem instead of a panic, and headers that keep browsers safe.

use std::any::Any;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{ConnectInfo, MatchedPath, Request};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, Method};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use data_encoding::HEXLOWER;
use tower_http::catch_panic::CatchPanicLayer;
use tracing::Instrument;

use super::metrics;
use crate::config::Config;
use crate::http::{ClientAddress, problem_details};
use crate::proxies::{Addresses, client_address};
use crate::secrets;

/// How long an answer may take to begin.
const PATIENCE: Duration = Duration::from_secs(60);

/// The header of a request's id.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Longest id that a proxy may give.
const LONGEST_ID: usize = 64;

/// What pages may load: what the server itself gives them, and no scripts of anybody else.
const POLICY_OF_PAGES: &str = "default-src 'none'; style-src 'self'; script-src 'self'; \
    img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; \
    base-uri 'none'; frame-ancestors 'none'";
/// What is no page loads nothing.
const POLICY_OF_DATA: &str = "default-src 'none'; frame-ancestors 'none'";

/// Puts all of it before a router.
pub(super) fn before(router: Router, config: &Config) -> Router {
    let trusted: Arc<[Addresses]> = config.trusted_proxies.clone().into();
    let is_https = config.is_https();
    router
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn(in_time))
        .layer(from_fn(move |request, next| safe(is_https, request, next)))
        .layer(from_fn(move |request, next| told(Arc::clone(&trusted), request, next)))
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that the layer asks for")]
fn panicked(payload: Box<dyn Any + Send + 'static>) -> Response {
    let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| payload.downcast_ref::<String>().cloned());
    tracing::error!("panic: {}", text.unwrap_or_default());
    problem_details(500, "internal", "something broke").into_response()
}

async fn in_time(request: Request, next: Next) -> Response {
    match tokio::time::timeout(PATIENCE, next.run(request)).await {
        Ok(response) => response,
        Err(_) => {
            let detail = "the answer took too long; what was asked for may be done all the same";
            problem_details(503, "too-slow", detail).into_response()
        }
    }
}

/// Headers that tell browsers what not to do.
async fn safe(is_https: bool, request: Request, next: Next) -> Response {
    let is_api = request.uri().path().starts_with("/api/v1");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let is_page =
        headers.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    let policy = if is_page { POLICY_OF_PAGES } else { POLICY_OF_DATA };
    let mut set = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    set(X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(X_FRAME_OPTIONS, "DENY");
    set(REFERRER_POLICY, "no-referrer");
    set(CONTENT_SECURITY_POLICY, policy);
    if is_https {
        set(STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    if is_api {
        set(CACHE_CONTROL, "no-store");
    }
    response
}

/// Finds out who asks, gives the request an id, and tells log and metrics how it went.
async fn told(trusted: Arc<[Addresses]>, mut request: Request, next: Next) -> Response {
    let began = Instant::now();
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
    let is_proxy = peer.is_some_and(|peer| trusted.iter().any(|proxy| proxy.contains(peer)));
    if let Some(address) = peer.map(|peer| address_of(peer, request.headers(), &trusted)) {
        request.extensions_mut().insert(ClientAddress(address));
    }
    let id = id_of(request.headers(), is_proxy);
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let route = route.unwrap_or_else(|| "unmatched".to_owned());
    let method = method_of(request.method());
    let span = tracing::info_span!("request", id, method, route);
    let mut response = next.run(request).instrument(span.clone()).await;
    let took = began.elapsed();
    let status = response.status().as_u16();
    metrics::answered(method, &route, status, took);
    span.in_scope(|| {
        let took_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        // Balancers ask all day.
        if matches!(route.as_str(), "/healthz" | "/metrics") && status < 500 {
            tracing::debug!(status, took_us, "answered");
        } else {
            tracing::info!(status, took_us, "answered");
        }
    });
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

fn address_of(peer: IpAddr, headers: &HeaderMap, trusted: &[Addresses]) -> IpAddr {
    let forwarded = headers.get_all("x-forwarded-for").iter();
    // What is no text is no address, which ends what is believed.
    let forwarded = forwarded.map(|value| value.to_str().unwrap_or("?"));
    client_address(peer, forwarded, trusted)
}

/// The id that a trusted proxy gave, or a new one.
fn id_of(headers: &HeaderMap, is_proxy: bool) -> String {
    let given = headers.get(REQUEST_ID).filter(|_| is_proxy);
    let given = given.and_then(|id| id.to_str().ok()).filter(|id| {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        (1..=LONGEST_ID).contains(&id.len()) && id.bytes().all(is_plain)
    });
    given.map_or_else(
        // Without randomness the request has no id and is answered all the same.
        || secrets::random::<8>().map(|id| HEXLOWER.encode(&id)).unwrap_or_default(),
        str::to_owned,
    )
}

/// The method as a word of a small list: metrics keep each word for ever.
fn method_of(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "OTHER",
    }
}
