//! How settings are read, which source is the strongest, and what is said about those that
//! cannot be.

use super::*;

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn read(
    file: &str,
    environment: &[(&str, &str)],
    flags: &[(&str, &str)],
) -> Result<Config, Problems> {
    let sources = Sources {
        file: Some(("guildhall.toml", file)),
        environment: pairs(environment),
        flags: pairs(flags),
    };
    Config::read(&sources, &Roots::from_pem(b""))
}

/// Every problem with its hint.
fn problems(file: &str, environment: &[(&str, &str)], flags: &[(&str, &str)]) -> Vec<String> {
    let found = read(file, environment, flags).unwrap_err();
    let shown = |problem: &Problem| match &problem.hint {
        Some(hint) => format!("{problem}\n  hint: {hint}"),
        None => problem.to_string(),
    };
    found.shown().iter().map(shown).collect()
}

#[test]
fn without_any_source_the_defaults_hold() {
    let config = Config::read(&Sources::default(), &Roots::from_pem(b"")).unwrap();
    assert_eq!(config.database.reveal(), "sqlite:guildhall.db");
    assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
    assert_eq!((config.base_url.as_str(), config.is_https()), ("http://127.0.0.1:8080", false));
    assert_eq!((config.log.as_str(), config.log_format), ("info", LogFormat::Text));
    assert!(!config.mailer.is_configured() && !config.allow_private_webhooks);
    assert_eq!(config.session_idle, Duration::from_secs(30 * 60));
    assert_eq!(config.session_absolute, Duration::from_secs(12 * 60 * 60));
    assert_eq!(config.shutdown, Duration::from_secs(20));
    assert_eq!(config.webhooks_timeout, Duration::from_secs(15));
    assert_eq!((config.threads, config.body_limit_bytes), (None, 1024 * 1024));
    assert!(config.trusted_proxies.is_empty() && config.metrics_token.is_none());
}

#[test]
fn a_file_sets_everything() {
    let file = r#"
        database = "postgres://guildhall@db/guildhall"
        listen = "[::]:8443"
        base_url = "https://partners.example.org/"
        threads = 4
        body_limit_kib = 2048
        trusted_proxies = ["10.0.0.0/8", "192.0.2.7"]
        shutdown_seconds = 5
        log = "warn,guildhall=debug"
        log_format = "json"
        metrics.token = "swordfish-swordfish"
        [mail]
        url = "smtps://user:pass@mail.example.org"
        from = "Roofers <office@example.org>"
        [session]
        idle_minutes = 15
        absolute_hours = 8
        [webhooks]
        allow_private = true
        timeout_seconds = 5
    "#;
    let config = read(file, &[], &[]).unwrap();
    assert_eq!(
        (config.base_url.as_str(), config.is_https()),
        ("https://partners.example.org", true)
    );
    assert_eq!((config.threads, config.trusted_proxies.len()), (Some(4), 2));
    assert!(config.mailer.is_configured() && config.allow_private_webhooks);
    assert_eq!(config.log_format, LogFormat::Json);
    assert_eq!(config.metrics_token.as_ref().unwrap().reveal(), "swordfish-swordfish");
    let shown = format!("{config:?}");
    assert!(!shown.contains("swordfish") && !shown.contains("pass"), "{shown}");
}

#[test]
fn flags_are_stronger_than_the_environment_and_that_than_the_file() {
    let listen = |environment: &[(&str, &str)], flags: &[(&str, &str)]| {
        read("listen = \"127.0.0.1:1\"", environment, flags).unwrap().listen.port()
    };
    let environment = [("GUILDHALL_LISTEN", "127.0.0.1:2"), ("PATH", "/bin")];
    assert_eq!(listen(&[], &[]), 1);
    assert_eq!(listen(&environment, &[]), 2);
    assert_eq!(listen(&environment, &[("listen", "127.0.0.1:3")]), 3);
    // What is overridden does no harm.
    let config = read("listen = \"here\"", &environment, &[]).unwrap();
    assert_eq!(config.listen.port(), 2);
}

#[test]
fn all_problems_are_told_at_once_with_their_places() {
    let file = "\
listen = \"localhost\"
databse = \"sqlite:a.db\"
threads = 5000
log = \"inof\"
[mail]
url = \"smtp://user:swordfish@mail.example.org\"
[session]
idle_minutes = [1]
absolute_hours = { a = 1 }
";
    let environment = [("GUILDHALL_LOG_FROMAT", "json"), ("GUILDHALL_METRICS_TOKEN", "short")];
    let flags = [("webhooks.allow_private", "maybe"), ("base-url", "https://e.org")];
    let expected =
        ["the value of `GUILDHALL_METRICS_TOKEN` is shorter than 16 characters [bad-setting]"];
    let found = problems(file, &environment, &flags);
    assert!(found.iter().any(|problem| problem == expected[0]), "{found:#?}");
    for problem in [
        "guildhall.toml:1: `localhost` of `listen` is no address with a port, as in \
         `127.0.0.1:8080` [bad-setting]",
        "guildhall.toml:2: there is no setting `databse` [unknown-setting]\n  \
         hint: did you mean `database`?",
        "guildhall.toml:3: `5000` of `threads` is no whole number from 0 to 1024 [bad-setting]",
        "guildhall.toml:4: `inof` of `log` is no filter of the log, as in `info` or \
         `warn,guildhall=debug` [bad-setting]",
        "guildhall.toml:6: the value of `mail.url` is a password without encryption: begin with \
         smtps://, or add ?tls=required [bad-setting]",
        "guildhall.toml:8: `session.idle_minutes` is of the type array [bad-setting]\n  \
         hint: write a text, a number, `true`, `false` or a list of texts",
        "guildhall.toml:9: `session.absolute_hours` is of the type table [bad-setting]\n  \
         hint: write a text, a number, `true`, `false` or a list of texts",
        "no setting has the variable `GUILDHALL_LOG_FROMAT` [unknown-setting]\n  \
         hint: did you mean `GUILDHALL_LOG_FORMAT`?",
        "there is no setting `base-url` [unknown-setting]\n  hint: did you mean `base_url`?",
        "`maybe` of `--webhooks-allow-private` is neither `true` nor `false` [bad-setting]",
    ] {
        assert!(found.iter().any(|line| line == problem), "{problem}\n{found:#?}");
    }
    assert!(!found.join("").contains("swordfish"));
}

#[test]
fn broken_toml_is_told_with_its_line() {
    let found = problems("listen = \"127.0.0.1:1\"\nthreads = \n", &[], &[]);
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("guildhall.toml:2: "), "{found:?}");
    assert!(found[0].ends_with("[bad-toml]"), "{found:?}");
}

#[test]
fn settings_that_contradict_each_other_are_problems() {
    let found = problems("session = { idle_minutes = 120, absolute_hours = 1 }", &[], &[]);
    assert_eq!(
        found,
        ["`session.absolute_hours` is shorter than `session.idle_minutes` [bad-setting]"]
    );
    let found = problems("mail.url = \"smtp://localhost\"", &[], &[]);
    assert!(found[0].contains("`mail.from` no sender [missing-setting]"), "{found:?}");
    let found = problems("mail = { url = \"smtp://localhost\", from = \"me\" }", &[], &[]);
    assert!(found[0].contains("`mail.from` is no address of a sender"), "{found:?}");
}

#[test]
fn what_a_cluster_sets_for_a_service_of_our_name_is_passed_over() {
    let environment = [
        ("GUILDHALL_SERVICE_HOST", "10.0.0.9"),
        ("GUILDHALL_PORT", "tcp://10.0.0.9:80"),
        ("GUILDHALL_PORT_80_TCP", "tcp://10.0.0.9:80"),
    ];
    assert!(read("", &environment, &[]).is_ok());
}

#[test]
fn public_addresses_databases_and_proxies_are_checked() {
    for (name, values) in [
        ("base_url", ["example.org", "ftp://example.org", "https://e.org/app", "https://a@e.org"]),
        ("database", ["guildhall.db", "sqlite:", "mysql://localhost", "postgres://"]),
        ("trusted_proxies", ["proxy", "10.0.0.0/33", "10.0.0.1;10.0.0.2", "10.0.0"]),
    ] {
        for value in values {
            let found = problems("", &[], &[(name, value)]);
            assert!(found[0].ends_with("[bad-setting]"), "{found:?}");
        }
    }
    let config = read("", &[], &[("listen", "0.0.0.0:80")]).unwrap();
    assert_eq!(config.base_url, "http://127.0.0.1:80");
}

#[test]
fn names_of_settings_are_those_of_files_variables_and_flags() {
    let mut names: Vec<&str> = SETTINGS.iter().map(|setting| setting.name).collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count);
    let setting = Setting::named("session.idle_minutes").unwrap();
    assert_eq!(setting.variable(), "GUILDHALL_SESSION_IDLE_MINUTES");
    assert_eq!(setting.flag(), "--session-idle-minutes");
}
