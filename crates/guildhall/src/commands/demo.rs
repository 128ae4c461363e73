//! `guildhall demo`: the demonstration network, served from a database that is thrown away.

use std::fs::DirBuilder;
use std::io::{self, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use guildhall_rules::problem::Problem;
use guildhall_server::config::{Config, Sources};
use guildhall_server::serve::Signals;
use guildhall_server::tls::Roots;
use guildhall_server::{App, log, serve};

use super::serve::{listen, runtime};
use crate::cli::DemoArgs;
use crate::clock::{now, today};
use crate::demo::{self, DemoNetwork};
use crate::failure::Failure;
use crate::terminal::{fit, plain};

/// Runs the command.
pub fn run(args: &DemoArgs) -> Result<ExitCode, Failure> {
    let network = DemoNetwork::ending(today())?;
    if args.code {
        writeln!(io::stdout().lock(), "{}", network.demo()?.code(now()))?;
        return Ok(ExitCode::SUCCESS);
    }
    let runtime = runtime(None)?;
    // From here on whoever ends the demonstration lets it clear up behind itself.
    let entered = runtime.enter();
    let signals = Signals::new().map_err(|error| Failure::broken("taking signals", &error))?;
    drop(entered);
    let folder = ThrowAway::new()?;
    let mut config = configuration(&args.listen, &folder.0)?;
    log::start(&config);
    let listener = listen(&mut config)?;
    let mut app = serve::open(&config).map_err(Failure::from_server)?;
    demo::fill(&mut app, &network)?;
    tell(&app, &config);
    let served = runtime.block_on(serve::run_until(signals, Arc::new(app), &config, listener));
    runtime.shutdown_background();
    served.map_err(|error| Failure::broken("serving", &error))?;
    Ok(ExitCode::SUCCESS)
}

/// The configuration: an address of this machine only, for the passwords are public. Nothing of the
/// environment counts, so that no other database is ever touched.
fn configuration(listen: &str, folder: &Path) -> Result<Config, Failure> {
    let database = format!("sqlite:{}", folder.join("demonstration.db").display());
    let flags = [
        ("listen", listen),
        ("database", &database),
        ("log", "warn,guildhall_operations::mail=error"),
        ("shutdown_seconds", "2"),
    ];
    let flags = flags.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    let config = Config::read(&Sources { flags, ..Sources::default() }, &Roots::system())?;
    if config.listen.ip().is_loopback() {
        return Ok(config);
    }
    let message = format!("`{}` can be reached from other machines", config.listen);
    let hint = "everybody knows the passwords of the demonstration: listen to 127.0.0.1 or [::1], \
                and serve a network of your own with `guildhall serve`";
    Err(Problem::new("not-loopback", message).hint(hint).into())
}

/// Says who signs in, with what, and where. Nobody may be listening.
fn tell(app: &App, config: &Config) {
    let mut out = io::stdout().lock();
    let _ = out.write_all(told(app, config).as_bytes()).and_then(|()| out.flush());
}

fn told(app: &App, config: &Config) -> String {
    let Some(demo) = &app.demo else { return String::new() };
    let rows = demo.sign_ins.iter().map(|user| {
        let roles = user.roles.join(", ").replace('_', " ");
        let mark = if user.needs_code { "*" } else { " " };
        [mark.to_owned(), plain(&user.email), roles, plain(&user.organization)]
    });
    let head = ["", "sign in as", "role", "of"].map(str::to_owned);
    let rows: Vec<[String; 4]> = std::iter::once(head).chain(rows).collect();
    let width = |of: fn(&[String; 4]) -> &str| {
        rows.iter().map(|row| of(row).chars().count()).max().unwrap_or(0)
    };
    let (email, role) = (width(|[_, email, ..]| email), width(|[_, _, role, _]| role));
    let mut told = format!("A network and its year, which ends today, {}.\n\n", today());
    for [mark, who, what, of] in &rows {
        let line = format!("{} {}  {}  {of}", fit(mark, 1), fit(who, email), fit(what, role));
        told += line.trim_end();
        told += "\n";
    }
    let (password, secret) = (&demo.password, demo.shared_secret.shown());
    told += &format!(
        "\nEverybody's password: {password}\n\
         * A code is asked for, too: `guildhall demo --code` prints it. Or let an\n  \
         authenticator app make it, from {secret}\n\n\
         Open {}\nCtrl-C ends it, and nothing is kept.\n",
        config.base_url
    );
    told
}

/// A folder that is removed when this is dropped, with all that is in it.
struct ThrowAway(PathBuf);

impl ThrowAway {
    fn new() -> Result<Self, Failure> {
        let process = std::process::id();
        let mut outcome = Ok(());
        // A folder of that name may be left from another process that was killed.
        for attempt in 0..100 {
            let name = format!("guildhall-demo-{process}-{attempt}");
            let folder = std::env::temp_dir().join(name);
            outcome = DirBuilder::new().mode(0o700).create(&folder);
            match &outcome {
                Ok(()) => return Ok(Self(folder)),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(_) => break,
            }
        }
        let because = outcome.err().unwrap_or_else(|| io::Error::other("no name is free"));
        Err(Failure::broken("making a folder for the demonstration", &because))
    }
}

impl Drop for ThrowAway {
    fn drop(&mut self) {
        // What is left of it does no harm.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
