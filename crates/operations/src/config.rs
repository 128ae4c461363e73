//! The configuration of the server: a file, the environment, and flags, each stronger than the
//! one before.
//!
//! [`SETTINGS`] is the one table of what can be set; `docs/configuration.md` prints it. Reading
//! reports every problem at once. Opens no file and asks for no environment: both are handed in.

mod given;
mod settings;

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use guildhall_rules::problem::{Problem, Problems};
use tracing_subscriber::EnvFilter;
use ureq::http::Uri;

use crate::mail::{self, Every, Mailer};
use crate::proxies::Addresses;
use crate::secrets::Hidden;
use crate::tls::Roots;
use given::Given;
pub use settings::{SETTINGS, Setting, table};

/// How lines of the log look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Everything that `guildhall serve` can be told. [`SETTINGS`] says what each means.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the table of settings describes each")]
pub struct Config {
    pub database: Hidden,
    pub listen: SocketAddr,
    /// Without a slash at the end.
    pub base_url: String,
    pub log: String,
    pub log_format: LogFormat,
    pub mailer: Mailer,
    pub digest_every: Every,
    pub session_idle: Duration,
    pub session_absolute: Duration,
    pub allow_private_webhooks: bool,
    pub webhooks_timeout: Duration,
    pub trusted_proxies: Vec<Addresses>,
    /// `None`: as many as the machine has cores.
    pub threads: Option<usize>,
    pub shutdown: Duration,
    pub metrics_token: Option<Hidden>,
    pub body_limit_bytes: usize,
}

/// Where settings come from, the weakest first.
#[derive(Clone, Debug, Default)]
pub struct Sources<'s> {
    /// Name and text of a TOML file.
    pub file: Option<(&'s str, &'s str)>,
    /// Names and values of the environment. Those that do not begin with `GUILDHALL_` are not
    /// looked at.
    pub environment: Vec<(String, String)>,
    /// Settings, by their names in the table, and values of the command line.
    pub flags: Vec<(String, String)>,
}

impl Config {
    /// Reads the configuration.
    ///
    /// # Errors
    ///
    /// Every setting that is not known or cannot be read. A value that a stronger source overrides
    /// is not looked at.
    pub fn read(sources: &Sources<'_>, roots: &Roots) -> Result<Self, Problems> {
        let mut given = Given::gather(sources);
        let listen = given.value("listen", SocketAddr::from(([127, 0, 0, 1], 8080)), |text| {
            text.parse().map_err(|_| "no address with a port, as in `127.0.0.1:8080`".to_owned())
        });
        let config = Self {
            database: Hidden::new(given.value("database", String::new(), database)),
            listen,
            base_url: given.value("base_url", String::new(), |text| base_url(text, listen)),
            log: given.value("log", String::new(), log_filter),
            log_format: given.value("log_format", LogFormat::Text, |text| match text {
                "text" => Ok(LogFormat::Text),
                "json" => Ok(LogFormat::Json),
                _ => Err("neither `text` nor `json`".to_owned()),
            }),
            mailer: mailer(&mut given, roots),
            digest_every: given.value("digest.every", Every::Off, |text| {
                Every::from_word(text)
                    .ok_or_else(|| "neither `off`, `weekly` nor `monthly`".to_owned())
            }),
            session_idle: given.seconds("session.idle_minutes", 60),
            session_absolute: given.seconds("session.absolute_hours", 60 * 60),
            allow_private_webhooks: given.yes_no("webhooks.allow_private"),
            webhooks_timeout: given.seconds("webhooks.timeout_seconds", 1),
            trusted_proxies: given.value("trusted_proxies", Vec::new(), addresses),
            threads: usize::try_from(given.whole("threads")).ok().filter(|threads| *threads > 0),
            shutdown: given.seconds("shutdown_seconds", 1),
            metrics_token: given.value("metrics.token", None, metrics_token),
            body_limit_bytes: usize::try_from(given.whole("body_limit_kib"))
                .unwrap_or(usize::MAX)
                .saturating_mul(1024),
        };
        if config.session_absolute < config.session_idle {
            let message = "`session.absolute_hours` is shorter than `session.idle_minutes`";
            given.problem(Problem::new("bad-setting", message));
        }
        let problems = given.finish();
        if problems.is_empty() { Ok(config) } else { Err(problems) }
    }

    /// Whether the public address has TLS, so that cookies are sent over nothing else.
    pub fn is_https(&self) -> bool {
        self.base_url.starts_with("https://")
    }
}

fn database(text: &str) -> Result<String, String> {
    let is_known = ["sqlite:", "postgres://", "postgresql://"]
        .iter()
        .any(|scheme| text.len() > scheme.len() && text.starts_with(scheme));
    let message = "neither `sqlite:PATH` nor `postgres://…`";
    is_known.then(|| text.to_owned()).ok_or_else(|| message.to_owned())
}

/// The public address; without one, that at which this machine is reached from itself.
fn base_url(text: &str, listen: SocketAddr) -> Result<String, String> {
    if text.is_empty() {
        let is_any = listen.ip().is_unspecified();
        let here = IpAddr::from([127, 0, 0, 1]);
        let ip = if is_any { here } else { listen.ip() };
        return Ok(format!("http://{}", SocketAddr::new(ip, listen.port())));
    }
    let message = "no URL of a host without a path, as in `https://partners.example.org`";
    let uri: Uri = text.parse().map_err(|_| message.to_owned())?;
    let is_whole = matches!(uri.scheme_str(), Some("http" | "https"))
        && uri.host().is_some_and(|host| !host.is_empty())
        && uri.authority().is_some_and(|authority| !authority.as_str().contains('@'))
        && uri.path() == "/"
        && uri.query().is_none()
        && !text.contains('#');
    let bare = text.trim_end_matches('/').to_owned();
    is_whole.then_some(bare).ok_or_else(|| message.to_owned())
}

fn log_filter(text: &str) -> Result<String, String> {
    let read = EnvFilter::builder().parse(text);
    let message = "no filter of the log, as in `info` or `warn,guildhall=debug`";
    // A misspelt level would be read as the name of a module.
    let levels = ["off", "error", "warn", "info", "debug", "trace"];
    let is_level = |part: &str| {
        part.contains(['=', '[', ':']) || levels.contains(&part.to_ascii_lowercase().as_str())
    };
    let is_plain = text.split(',').all(|part| is_level(part.trim()));
    (read.is_ok() && is_plain).then(|| text.to_owned()).ok_or_else(|| message.to_owned())
}

fn addresses(text: &str) -> Result<Vec<Addresses>, String> {
    let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
    let read = |part: &str| {
        part.parse().map_err(|_| {
            format!("not a list of addresses, as in `10.0.0.0/8, 192.0.2.7`: `{part}` is none")
        })
    };
    parts.map(read).collect()
}

fn metrics_token(text: &str) -> Result<Option<Hidden>, String> {
    match text.chars().count() {
        0 => Ok(None),
        1..16 => Err("shorter than 16 characters".to_owned()),
        _ => Ok(Some(Hidden::new(text))),
    }
}

/// Mail takes two settings, of which the sender may be left out without a mail server.
fn mailer(given: &mut Given<'_>, roots: &Roots) -> Mailer {
    let from = given.value("mail.from", String::new(), |text| Ok(text.to_owned()));
    let mut is_without_sender = false;
    let mailer = given.value("mail.url", Mailer::none(), |url| {
        let made = Mailer::new(url, &from, roots, mail::TIMEOUT);
        if matches!(made, Err(mail::BadMailSettings::From)) {
            is_without_sender = true;
            return Ok(Mailer::none());
        }
        made.map_err(|error| format!("{error}: {}", error.hint()))
    });
    if is_without_sender {
        let (code, message) = if from.is_empty() {
            ("missing-setting", "`mail.url` names a mail server, and `mail.from` no sender")
        } else {
            ("bad-setting", "`mail.from` is no address of a sender")
        };
        let hint = mail::BadMailSettings::From.hint();
        given.problem(Problem::new(code, message).hint(hint));
    }
    mailer
}

#[cfg(test)]
mod tests;
