//! Serves a network over HTTP: REST, its reference, `/healthz` and `/metrics`.
//!
//! [`open`] makes an app of a configuration, [`router`] its faces, and [`run`] answers requests
//! and does the work in the background until it is told to stop. Knows nothing of what is asked.

mod connections;
mod front;
mod health;
mod metrics;
mod reference;

use std::io;
use std::net::TcpListener;
use std::sync::Arc;

use axum::Router;
use guildhall_store::{Entry, Network, Store};
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::config::Config;
use crate::tasks::Tasks;
use crate::{App, Clock, Error, rest};

/// An app of a configuration, on its database, which is brought to this release's schema.
///
/// # Errors
///
/// When the database cannot be opened.
pub fn open(config: &Config) -> Result<App, Error> {
    let store = Store::open(config.database.reveal())?;
    let mut app = App::new(store, Clock::System)?;
    app.mailer = config.mailer.clone();
    app.base_url.clone_from(&config.base_url);
    app.sessions.idle = config.session_idle;
    app.sessions.absolute = config.session_absolute;
    app.allow_private_webhooks = config.allow_private_webhooks;
    app.digest_every = config.digest_every;
    Ok(app)
}

/// Gives a database that holds no network yet this one, with its editions published. False where
/// it holds one.
///
/// # Errors
///
/// When the database cannot be changed.
pub fn found(app: &App, network: &Network, editions: &[(String, String)]) -> Result<bool, Error> {
    app.store.write(|tx| {
        if tx.network()?.is_some() {
            return Ok(false);
        }
        let mut entry = Entry::new(app.clock.now(), "operator", "found_network", &network.id);
        tx.found_network(&mut entry, network)?;
        tx.adopt_editions(&mut entry, &network.id, editions)?;
        tx.commit(entry)?;
        Ok(true)
    })
}

/// Everything that is answered, with what goes before and behind each answer.
///
/// # Errors
///
/// When the reference cannot be made.
pub fn router(app: &Arc<App>, config: &Config) -> Result<Router, Error> {
    let faces = rest::beside_pages(Arc::clone(app), config.body_limit_bytes)
        .merge(health::router(&app.store))
        .merge(metrics::router(app, config.metrics_token.clone()))
        .merge(reference::router()?);
    let faces = guildhall_portal::router(app, config).merge(faces);
    Ok(front::before(faces, config))
}

/// Listens on the address of the configuration.
///
/// # Errors
///
/// When it cannot: mostly because somebody else listens there.
pub fn listen(config: &Config) -> io::Result<TcpListener> {
    let listener = TcpListener::bind(config.listen)?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

/// Answers requests until the process is told to stop by SIGTERM or SIGINT; then finishes those
/// that are being answered, within the time of the configuration, and seals the journal. A second
/// signal ends the waiting.
///
/// # Errors
///
/// When signals or connections cannot be taken.
pub async fn run(app: Arc<App>, config: &Config, listener: TcpListener) -> io::Result<()> {
    run_until(Signals::new()?, app, config, listener).await
}

/// As [`run`], told to stop by signals that were taken from an earlier moment on.
///
/// # Errors
///
/// When connections cannot be taken.
pub async fn run_until(
    mut signals: Signals,
    app: Arc<App>,
    config: &Config,
    listener: TcpListener,
) -> io::Result<()> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let tasks = Tasks::start(&app, config)?;
    let router = router(&app, config).map_err(io::Error::other)?;
    let connections = connections::take(listener, router, signals.next()).await;
    tracing::info!(open = connections.len(), "stopping");
    let left = connections::finish(connections, config.shutdown, signals.next()).await;
    if left > 0 {
        tracing::warn!(left, "connections were cut");
    }
    let stopped = tokio::task::spawn_blocking(move || {
        tasks.stop();
        app.store.seal(app.clock.now())
    });
    match stopped.await {
        Ok(Ok(_)) => tracing::info!("stopped"),
        Ok(Err(error)) => tracing::error!("the journal was not sealed: {error}"),
        Err(error) => tracing::error!("the journal was not sealed: {error}"),
    }
    Ok(())
}

/// The signals that tell a process to stop, kept from the moment on at which this is made.
#[derive(Debug)]
pub struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    /// Takes them from now on, within a runtime.
    ///
    /// # Errors
    ///
    /// When they cannot be taken.
    pub fn new() -> io::Result<Self> {
        let terminate = signal(SignalKind::terminate())?;
        Ok(Self { terminate, interrupt: signal(SignalKind::interrupt())? })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
