//! Connections: taken, served by HTTP/1.1, and ended without breaking off what is being answered.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tower::ServiceExt;

/// How long a client may take for the head of a request, which also ends idle connections.
const HEAD: Duration = Duration::from_secs(60);

/// Most connections at a time; others wait until one ends.
const MOST: usize = 10_000;

/// How long to wait after a connection could not be taken: the system is out of something.
const PAUSE: Duration = Duration::from_millis(100);

/// Connections that are open, and how they are told to end.
pub(super) struct Connections {
    open: JoinSet<()>,
    end: watch::Sender<()>,
}

impl Connections {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.open.len()
    }
}

/// Takes connections until `stop`.
pub(super) async fn take(
    listener: TcpListener,
    router: Router,
    stop: impl Future<Output = ()>,
) -> Connections {
    let (end, ended) = watch::channel(());
    let mut connections = Connections { open: JoinSet::new(), end };
    let free = Arc::new(Semaphore::new(MOST));
    let mut stop = pin!(stop);
    loop {
        while connections.open.try_join_next().is_some() {}
        let next = async {
            let place = Arc::clone(&free).acquire_owned().await;
            (listener.accept().await, place)
        };
        let taken = tokio::select! {
            () = &mut stop => break,
            taken = next => taken,
        };
        match taken {
            (Ok((stream, peer)), place) => {
                let (router, ended) = (router.clone(), ended.clone());
                connections.open.spawn(async move {
                    let _place = place;
                    serve(stream, peer, router, ended).await;
                });
            }
            (Err(error), _) if is_of_the_connection(&error) => {}
            (Err(error), _) => {
                tracing::error!("no connection can be taken: {error}");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
    connections
}

/// Lets connections finish what they are answering, for so long at most or until `hurry`. Returns
/// how many had not.
pub(super) async fn finish(
    mut connections: Connections,
    within: Duration,
    hurry: impl Future<Output = ()>,
) -> usize {
    // Whoever listens is there; without connections there is nobody.
    let _ = connections.end.send(());
    let all = async { while connections.open.join_next().await.is_some() {} };
    tokio::select! {
        () = all => {}
        () = tokio::time::sleep(within) => {}
        () = hurry => {}
    }
    connections.open.len()
}

fn is_of_the_connection(error: &io::Error) -> bool {
    use io::ErrorKind as Kind;
    matches!(
        error.kind(),
        Kind::ConnectionRefused | Kind::ConnectionAborted | Kind::ConnectionReset
    )
}

async fn serve(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    mut ended: watch::Receiver<()>,
) {
    // Answers are small and wanted at once.
    let _ = stream.set_nodelay(true);
    let service = hyper::service::service_fn(move |request: hyper::Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        let answer = router.clone().oneshot(request);
        async move { Ok::<_, Infallible>(answer.await.unwrap_or_else(|never| match never {})) }
    });
    let mut connection = pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD)
            .serve_connection(TokioIo::new(stream), service)
    );
    let outcome = tokio::select! {
        outcome = connection.as_mut() => outcome,
        _ = ended.changed() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = outcome {
        // Clients go away, and some speak no HTTP.
        tracing::debug!("a connection ended: {error}");
    }
}
