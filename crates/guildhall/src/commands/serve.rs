//! `guildhall serve`: the network over HTTP.

use std::io::{self, Write};
use std::net::TcpListener;
use std::process::ExitCode;
use std::sync::Arc;

use guildhall_rules::problem::Problem;
use guildhall_server::config::{Config, Sources};
use guildhall_server::tls::Roots;
use guildhall_server::{App, log, serve};
use guildhall_store::Network;
use tokio::runtime::{Builder, Runtime};

use crate::cli::ServeArgs;
use crate::editions::{Editions, read_text};
use crate::failure::Failure;

/// Most threads that wait for the database or hash passwords; further requests wait for one.
const WAITING_THREADS: usize = 64;

/// Runs the command.
pub fn run(args: &ServeArgs) -> Result<ExitCode, Failure> {
    let mut config = read_config(args)?;
    log::start(&config);
    let listener = listen(&mut config)?;
    let app = serve::open(&config).map_err(Failure::from_server)?;
    found(&app, args.network.as_deref())?;
    tell(&app, &config)?;
    let runtime = runtime(config.threads)?;
    let served = runtime.block_on(serve::run(Arc::new(app), &config, listener));
    // Whoever still waits for the database was given the time to finish.
    runtime.shutdown_background();
    served.map_err(|error| Failure::broken("serving", &error))?;
    Ok(ExitCode::SUCCESS)
}

/// The threads that serve.
pub(super) fn runtime(threads: Option<usize>) -> Result<Runtime, Failure> {
    let mut builder = Builder::new_multi_thread();
    if let Some(threads) = threads {
        builder.worker_threads(threads);
    }
    builder
        .max_blocking_threads(WAITING_THREADS)
        .enable_all()
        .build()
        .map_err(|error| Failure::broken("starting threads", &error))
}

fn read_config(args: &ServeArgs) -> Result<Config, Failure> {
    let file = match &args.config {
        None => None,
        Some(path) => {
            let text = read_text(path).map_err(|problem| Failure::from(*problem))?;
            Some((path.display().to_string(), text))
        }
    };
    let sources = Sources {
        file: file.as_ref().map(|(name, text)| (name.as_str(), text.as_str())),
        environment: environment(),
        flags: args.settings.0.clone(),
    };
    Ok(Config::read(&sources, &Roots::system())?)
}

/// Variables whose name and value are text, and which may be Guildhall's.
fn environment() -> Vec<(String, String)> {
    let text = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    text.filter(|(name, _)| name.starts_with("GUILDHALL_")).collect()
}

/// Listens; with port 0 the system chooses one, which is then that of the addresses.
pub(super) fn listen(config: &mut Config) -> Result<TcpListener, Failure> {
    let listener = serve::listen(config).map_err(|error| {
        let message = format!("`{}` cannot be listened on: {error}", config.listen);
        let problem = Problem::new("cannot-listen", message);
        match error.kind() {
            io::ErrorKind::AddrInUse => problem
                .hint("another program listens there, perhaps Guildhall; name another --listen"),
            io::ErrorKind::PermissionDenied => {
                problem.hint("ports below 1024 are the administrator's; put a proxy there")
            }
            _ => problem.hint("name an address of this machine with --listen"),
        }
    })?;
    let address = listener.local_addr().map_err(|error| Failure::broken("listening", &error))?;
    if config.listen.port() == 0 {
        if let Some(host) = config.base_url.strip_suffix(":0") {
            config.base_url = format!("{host}:{}", address.port());
        }
        config.listen = address;
    }
    Ok(listener)
}

/// Gives a new database its network; refuses to serve another one than is asked for.
fn found(app: &App, asked: Option<&str>) -> Result<(), Failure> {
    let held = app.store.read(|tx| tx.network())?;
    if let Some(held) = held {
        return match asked {
            Some(asked) if asked != held.id => {
                let message = format!("the database holds the network `{}`", held.id);
                let hint = "leave --network out, or name another --database";
                Err(Problem::new("other-network", message).hint(hint).into())
            }
            _ => Ok(()),
        };
    }
    let editions = Editions::load(None)?;
    let id = asked.unwrap_or(Editions::default_network());
    let texts = editions.texts(id);
    if texts.is_empty() {
        return Err(editions.unknown_network(id).into());
    }
    let network = Network { id: id.to_owned(), currency: None };
    if serve::found(app, &network, &texts).map_err(Failure::from_server)? {
        editions.put_examples(&app.store, id)?;
        tracing::info!(network = id, "a new database");
    }
    Ok(())
}

/// Says where to go. Whoever started the server may have stopped listening, which does not end it.
fn tell(app: &App, config: &Config) -> Result<(), Failure> {
    let here = format!("http://{}", config.listen);
    let mut lines = format!("Guildhall listens on {here}\n");
    if config.base_url != here {
        lines += &format!("Its public address is {}\n", config.base_url);
    }
    if !app.store.read(|tx| tx.has_users())? {
        lines += "Nobody can sign in yet: guildhall user create --help\n";
    }
    let mut out = io::stdout().lock();
    let _ = out.write_all(lines.as_bytes()).and_then(|()| out.flush());
    Ok(())
}
