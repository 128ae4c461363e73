//! `/metrics`: how the server does, in the text format of Prometheus.
//!
//! Requests are counted as they are answered; how the database does is looked up when somebody
//! asks. The names are in `docs/operating.md`.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::Router;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use guildhall_store::moment_from_text;
use jiff::SignedDuration;
use metrics::{Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use crate::http::problem_details;
use crate::secrets::{Hidden, is_same};
use crate::{App, Error};

const REQUESTS: &str = "guildhall_http_requests_total";
const DURATION: &str = "guildhall_http_request_duration_seconds";
const CONNECTIONS: &str = "guildhall_database_connections";
const UNSEALED: &str = "guildhall_journal_unsealed_age_seconds";
const OUTBOX: &str = "guildhall_outbox_depth";
const BUILD: &str = "guildhall_build_info";
const UP: &str = "guildhall_database_up";

/// Upper bounds of the histogram, in seconds.
const BUCKETS: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0];

/// How long the database may take to tell how it does.
const PATIENCE: Duration = Duration::from_secs(2);

/// What keeps the numbers of this process.
fn recorder() -> Option<&'static PrometheusHandle> {
    static HANDLE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    let handle = HANDLE.get_or_init(|| {
        let matcher = Matcher::Full(DURATION.to_owned());
        let builder = PrometheusBuilder::new().set_buckets_for_metric(matcher, &BUCKETS).ok()?;
        let recorder = builder.build_recorder();
        let handle = recorder.handle();
        metrics::set_global_recorder(recorder).ok()?;
        describe();
        Some(handle)
    });
    handle.as_ref()
}

fn describe() {
    describe_counter!(REQUESTS, "Requests answered, by method, route and status");
    describe_histogram!(DURATION, Unit::Seconds, "Time until an answer began");
    describe_gauge!(CONNECTIONS, "Connections to the database, by state");
    describe_gauge!(UNSEALED, Unit::Seconds, "Age of the oldest row of the journal without seal");
    describe_gauge!(OUTBOX, "What waits to be sent, by kind");
    describe_gauge!(UP, "1 if the database answered when this was asked, else 0");
    describe_gauge!(BUILD, "1, with the version");
    gauge!(BUILD, "version" => env!("CARGO_PKG_VERSION")).set(1.0);
}

/// The route; with a token only for who shows it.
pub(super) fn router(app: &Arc<App>, token: Option<Hidden>) -> Router {
    recorder();
    let app = Arc::clone(app);
    Router::new().route(
        "/metrics",
        get(move |headers: HeaderMap| answer(Arc::clone(&app), token.clone(), headers)),
    )
}

/// Counts an answer.
pub(super) fn answered(method: &'static str, route: &str, status: u16, took: Duration) {
    let route = route.to_owned();
    counter!(REQUESTS, "method" => method, "route" => route.clone(), "status" => status.to_string())
        .increment(1);
    metrics::histogram!(DURATION, "method" => method, "route" => route).record(took.as_secs_f64());
}

async fn answer(app: Arc<App>, token: Option<Hidden>, headers: HeaderMap) -> Response {
    if let Some(token) = token
        && !shows(&headers, &token)
    {
        let mut response =
            problem_details(401, "sign-in-first", "the token of the metrics is asked for")
                .into_response();
        response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        return response;
    }
    let Some(handle) = recorder() else {
        return problem_details(500, "internal", "nothing is counted").into_response();
    };
    let looked = tokio::task::spawn_blocking(move || look(&app));
    let is_up = matches!(tokio::time::timeout(PATIENCE, looked).await, Ok(Ok(Ok(()))));
    gauge!(UP).set(if is_up { 1.0 } else { 0.0 });
    handle.run_upkeep();
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], handle.render()).into_response()
}

fn shows(headers: &HeaderMap, token: &Hidden) -> bool {
    let given = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let given = given.and_then(|value| value.split_once(' '));
    given.is_some_and(|(scheme, given)| {
        scheme.eq_ignore_ascii_case("bearer")
            && is_same(given.trim().as_bytes(), token.reveal().as_bytes())
    })
}

/// Looks how the database does.
fn look(app: &App) -> Result<(), Error> {
    let connections = app.store.connections();
    let set = |state: &'static str, count: usize| {
        gauge!(CONNECTIONS, "state" => state).set(float(count));
    };
    set("idle", connections.idle);
    set("busy", connections.open.saturating_sub(connections.idle));
    set("most", connections.most);
    let (oldest, waiting) = app.store.read(|tx| {
        let oldest = tx.oldest_unsealed()?;
        Ok::<_, Error>((oldest, tx.waiting()?))
    })?;
    let counts = [
        ("events", waiting.events),
        ("webhooks", waiting.deliveries),
        ("letters", waiting.letters),
    ];
    for (kind, count) in counts {
        gauge!(OUTBOX, "kind" => kind).set(float(usize::try_from(count).unwrap_or(0)));
    }
    let age = match oldest {
        Some(at) => app.clock.now().duration_since(moment_from_text(&at)?),
        None => SignedDuration::ZERO,
    };
    gauge!(UNSEALED).set(age.as_secs_f64().max(0.0));
    Ok(())
}

/// A small count as the gauges want it.
fn float(count: usize) -> f64 {
    u32::try_from(count).unwrap_or(u32::MAX).into()
}
