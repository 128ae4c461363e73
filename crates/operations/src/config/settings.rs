//! The table of settings, and the same for readers.

use std::fmt::Write as _;

/// One thing that can be set.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// Its name in the file, where a dot stands for a table.
    pub name: &'static str,
    /// What it is when nothing is set; empty for nothing.
    pub default: &'static str,
    /// The smallest and the largest number, for settings that are whole numbers.
    pub range: Option<(u64, u64)>,
    /// What it means, with its unit.
    pub meaning: &'static str,
    /// Whether its value is kept out of messages, logs and, better, the command line.
    pub is_secret: bool,
}

impl Setting {
    /// The setting of this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        SETTINGS.iter().find(|setting| setting.name == name)
    }

    /// The variable of the environment.
    pub fn variable(&self) -> String {
        format!("GUILDHALL_{}", self.name.replace('.', "_").to_uppercase())
    }

    /// The flag of the command line.
    pub fn flag(&self) -> String {
        format!("--{}", self.name.replace(['.', '_'], "-"))
    }
}

const fn setting(name: &'static str, default: &'static str, meaning: &'static str) -> Setting {
    Setting { name, default, range: None, meaning, is_secret: false }
}

const fn secret(name: &'static str, default: &'static str, meaning: &'static str) -> Setting {
    Setting { is_secret: true, ..setting(name, default, meaning) }
}

const fn whole(
    name: &'static str,
    default: &'static str,
    range: (u64, u64),
    meaning: &'static str,
) -> Setting {
    Setting { range: Some(range), ..setting(name, default, meaning) }
}

/// Everything that can be set, in the order of the guide.
pub const SETTINGS: [Setting; 17] = [
    secret("database", "sqlite:guildhall.db", "`sqlite:PATH` or `postgres://…`"),
    setting("listen", "127.0.0.1:8080", "address and port to listen on, plain HTTP"),
    setting(
        "base_url",
        "",
        "the public address, as people type it: links in mails and pages begin with it. Without \
         it, the address listened on",
    ),
    whole("threads", "0", (0, 1024), "threads that answer requests; 0 for one per core"),
    whole("body_limit_kib", "1024", (1, 1_048_576), "largest body of a request, in KiB"),
    setting(
        "trusted_proxies",
        "",
        "addresses of proxies whose `X-Forwarded-For` is believed, as in `10.0.0.0/8, 192.0.2.7`",
    ),
    whole(
        "shutdown_seconds",
        "20",
        (0, 3600),
        "how long requests may go on after a signal to stop",
    ),
    setting("log", "info", "what is logged, as in `info` or `warn,guildhall=debug`"),
    setting("log_format", "text", "`text` or `json`"),
    secret(
        "metrics.token",
        "",
        "bearer token that `/metrics` asks for, 16 characters or more. Without it, `/metrics` is \
         open",
    ),
    secret(
        "mail.url",
        "none",
        "`smtps://user:password@host`, `smtp://host?tls=required`, `smtp://localhost`, or `none`",
    ),
    setting("mail.from", "", "sender of mails, as in `Guildhall <guildhall@example.org>`"),
    setting(
        "digest.every",
        "weekly",
        "`off`, `weekly` or `monthly`: how often people who have not chosen are mailed what lapses",
    ),
    whole(
        "session.idle_minutes",
        "30",
        (1, 1440),
        "after how many minutes without a request a session ends",
    ),
    whole("session.absolute_hours", "12", (1, 720), "after how many hours a session ends anyway"),
    setting(
        "webhooks.allow_private",
        "false",
        "`true` or `false`: whether webhooks may be sent to addresses that are not public, and to \
         these over plain HTTP",
    ),
    whole(
        "webhooks.timeout_seconds",
        "15",
        (1, 60),
        "how long the target of a webhook may take to answer",
    ),
];

/// The table of the guide, in Markdown.
pub fn table() -> String {
    let mut table =
        "| setting | variable | default | meaning |\n| --- | --- | --- | --- |\n".to_owned();
    for setting in &SETTINGS {
        let default = match setting.default {
            "" => "—".to_owned(),
            default => format!("`{default}`"),
        };
        let range =
            setting.range.map_or(String::new(), |(least, most)| format!(" ({least} to {most})"));
        let secret = if setting.is_secret { ". **Secret**" } else { "" };
        // Writing to a string does not fail.
        let _ = writeln!(
            table,
            "| `{}` | `{}` | {default} | {}{range}{secret} |",
            setting.name,
            setting.variable(),
            setting.meaning,
        );
    }
    table
}
