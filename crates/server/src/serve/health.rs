//! `/healthz`: 200 while the database answers, 503 with the class of the reason when it does not.
//!
//! Asked by balancers and supervisors. The question goes to the database by a thread and a
//! connection of its own, so that a server that is merely busy counts as healthy.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use guildhall_store::{Error, Probe, Store};
use tokio::sync::oneshot;

/// How long the database may take.
const PATIENCE: Duration = Duration::from_secs(1);

/// How many may wait for an answer.
const WAITING: usize = 100;

type Asker = oneshot::Sender<Result<(), &'static str>>;

/// The route.
pub(super) fn router(store: &Store) -> Router {
    let (ask, asked) = sync_channel(WAITING);
    let probe = store.probe();
    let spawned =
        thread::Builder::new().name("healthz".to_owned()).spawn(move || answer(probe, &asked));
    if let Err(error) = spawned {
        // Whoever asks will find nobody there, and be told.
        tracing::error!("no thread for /healthz: {error}");
    }
    Router::new().route("/healthz", get(move || healthz(ask.clone())))
}

/// Answers everybody who asked meanwhile at once. Ends with the last who may ask.
fn answer(mut probe: Probe, asked: &Receiver<Asker>) {
    while let Ok(first) = asked.recv() {
        let answer = probe.ask().map_err(|error| class_of(&error));
        for asker in std::iter::once(first).chain(asked.try_iter()) {
            // They may have lost patience.
            let _ = asker.send(answer);
        }
    }
}

fn class_of(error: &Error) -> &'static str {
    match error {
        Error::Busy => "database-busy",
        Error::Unreachable(_) => "database-unreachable",
        Error::Full => "disk-full",
        _ => "database-error",
    }
}

async fn healthz(ask: SyncSender<Asker>) -> Response {
    let (asker, answer) = oneshot::channel();
    let outcome = match ask.try_send(asker) {
        Ok(()) => match tokio::time::timeout(PATIENCE, answer).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(_)) => Err("broken"),
            Err(_) => Err("database-slow"),
        },
        Err(_) => Err("database-slow"),
    };
    match outcome {
        Ok(()) => (StatusCode::OK, "ok\n").into_response(),
        Err(class) => {
            tracing::warn!(class, "not healthy");
            (StatusCode::SERVICE_UNAVAILABLE, format!("{class}\n")).into_response()
        }
    }
}
