//! The log: lines on stderr, as text or JSON, each within its request.
//!
//! What is logged are ids, routes and reasons: no secrets, no values of persons, no bodies, and
//! of a path only its template, as a path may hold a secret.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::FmtSpan;

use crate::config::{Config, LogFormat};

/// Begins logging. The first call of a process counts.
pub fn start(config: &Config) {
    // It was read when the configuration was; what could not be read would log nothing.
    let filter = EnvFilter::try_new(&config.log).unwrap_or_default();
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_span_events(FmtSpan::NONE)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    // Somebody else's log goes on, as in tests.
    let _ = match config.log_format {
        LogFormat::Text => lines.try_init(),
        LogFormat::Json => lines.json().flatten_event(true).with_span_list(false).try_init(),
    };
}
