//! The server as a process: started, asked, stopped, started again.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at once")]

#[path = "shared/binary.rs"]
#[allow(clippy::allow_attributes, dead_code, reason = "each test binary uses a part")]
mod binary;
#[path = "shared/scratch.rs"]
#[allow(clippy::allow_attributes, dead_code, reason = "each test binary uses a part")]
mod scratch;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use guildhall_access::{Role, Scope, Side};
use guildhall_server::ops::tokens;
use guildhall_server::ops::users::{self, NewUser};
use guildhall_server::{App, Clock};
use guildhall_store::Store;

use scratch::scratch;

/// A server on a port that the system chose. It is ended when this is dropped.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(dir: &Path, arguments: &[&str]) -> Self {
        let mut child = binary::command(dir)
            .args(["serve", "--listen", "127.0.0.1:0", "--database", "sqlite:network.db"])
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let Some(address) = line.trim().strip_prefix("Guildhall listens on http://") else {
            let mut why = String::new();
            child.stderr.take().unwrap().read_to_string(&mut why).unwrap();
            panic!("{line}{why}");
        };
        Self { address: address.to_owned(), child }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream
    }

    /// The status, head and body of an answer.
    fn ask(&self, head: &str) -> Answer {
        let mut stream = self.connect();
        let request = format!("{head}\r\nhost: here\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        Answer::read(stream)
    }

    fn get(&self, path: &str) -> Answer {
        self.ask(&format!("GET {path} HTTP/1.1"))
    }

    fn terminate(&self) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    }

    /// Waits for the end: the exit status, and what the log says.
    fn ended(mut self) -> (Option<i32>, String) {
        let mut log = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
        (self.child.wait().unwrap().code(), log)
    }

    fn stop(self) -> (Option<i32>, String) {
        self.terminate();
        self.ended()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Answer {
    fn read(mut stream: impl Read) -> Self {
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Self { status, head: head.to_lowercase(), body: body.to_owned() }
    }
}

#[test]
fn a_new_database_is_served_at_once_and_kept() {
    let dir = scratch("serve-new");
    let server = Server::start(&dir, &[]);
    let healthy = server.get("/healthz");
    assert_eq!((healthy.status, healthy.body.as_str()), (200, "ok\n"));
    let nobody = server.get("/api/v1/partners/ada/scorecard");
    assert_eq!(nobody.status, 401);
    assert!(nobody.head.contains("content-type: application/problem+json"), "{}", nobody.head);
    for header in ["nosniff", "x-frame-options: deny", "no-referrer", "cache-control: no-store"] {
        assert!(nobody.head.contains(header), "{header} in {}", nobody.head);
    }
    assert_eq!(server.get("/nowhere").status, 404);
    assert_eq!(server.ask("DELETE /api/openapi.json HTTP/1.1").status, 405);
    let page = server.get("/api");
    assert!(page.status == 200 && page.body.contains("/webhooks/{webhook}"));
    assert!(page.head.contains("style-src 'self'"), "{}", page.head);
    assert_eq!(server.get("/api/reference.css").status, 200);
    let (code, log) = server.stop();
    assert_eq!(code, Some(0), "{log}");
    let verified = binary::run(&dir, &["verify", "--database", "sqlite:network.db", "--json"]);
    assert_eq!(verified.code, Some(0), "{}", verified.stdout);
    // The same again, and another network refused.
    let again = Server::start(&dir, &[]);
    assert_eq!(again.get("/healthz").status, 200);
    assert_eq!(again.stop().0, Some(0));
    let other = ["serve", "--database", "sqlite:network.db", "--network", "nobodys"];
    let other = binary::run(&dir, &[&other[..], &["--listen", "127.0.0.1:0"]].concat());
    assert_eq!(other.code, Some(1));
    assert!(other.stderr.contains("[other-network]"), "{}", other.stderr);
}

#[test]
fn whoever_has_a_token_reads_a_scorecard_before_and_after_a_restart() {
    let dir = scratch("serve-token");
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/small-network");
    let examples = examples.display().to_string();
    let imported = binary::run(&dir, &["import", &examples, "--database", "sqlite:network.db"]);
    assert_eq!(imported.code, Some(0), "{}", imported.stderr);
    let url = format!("sqlite:{}", dir.join("network.db").display());
    let app = App::new(Store::open(&url).unwrap(), Clock::System).unwrap();
    let network = app.store.read(|tx| tx.network()).unwrap().unwrap().id;
    let olga = NewUser {
        email: "olga@summit.example".to_owned(),
        name: "Olga Orlova".to_owned(),
        organization: Some((Side::Vendor, network)),
        roles: vec![Role::ProgramManager],
    };
    let id = users::create_first(&app, &olga, "three grey herons").unwrap();
    let token = tokens::issue(&app, &id, "reading", &[Scope::Read], None).unwrap();
    drop(app);
    let path = "/api/v1/partners/harbour-cloud/scorecard?as_of=2026-06-30";
    let head = format!("GET {path} HTTP/1.1\r\nauthorization: Bearer {token}");
    let mut answers = Vec::new();
    for _ in 0..2 {
        let server = Server::start(&dir, &["--log", "debug"]);
        let answer = server.ask(&head);
        assert_eq!(answer.status, 200, "{}", answer.body);
        answers.push(answer.body);
        let (code, log) = server.stop();
        assert_eq!(code, Some(0), "{log}");
        assert!(log.contains("/partners/{partner}/scorecard"), "{log}");
        for secret in [token.as_str(), "olga@", "Orlova", "herons", "as_of"] {
            assert!(!log.contains(secret), "{secret} in {log}");
        }
    }
    assert_eq!(answers[0], answers[1]);
    assert!(answers[0].contains("harbour-cloud"), "{}", answers[0]);
}

#[test]
fn a_second_server_on_the_port_is_refused_with_advice() {
    let dir = scratch("serve-twice");
    let server = Server::start(&dir, &[]);
    let arguments = ["serve", "--database", "sqlite:other.db", "--listen", &server.address];
    let second = binary::run(&dir, &arguments);
    assert_eq!(second.code, Some(1));
    assert!(second.stderr.contains("[cannot-listen]"), "{}", second.stderr);
    assert!(second.stderr.contains("hint:"), "{}", second.stderr);
    assert!(!dir.join("other.db").exists(), "nothing was made");
}

#[test]
fn a_signal_lets_a_slow_request_finish() {
    let dir = scratch("serve-slow");
    let server = Server::start(&dir, &[]);
    // Idle connections do not keep the server.
    let idle = server.connect();
    let mut slow = BufReader::new(server.connect());
    let head = "POST /api/v1/webhooks HTTP/1.1\r\nhost: here\r\nidempotency-key: slow\r\n\
                content-type: application/json\r\ncontent-length: 4\r\n\
                expect: 100-continue\r\n\r\n";
    slow.get_mut().write_all(head.as_bytes()).unwrap();
    // When the server asks for the body, it is in the middle of answering.
    let mut line = String::new();
    while !line.ends_with("\r\n\r\n") {
        assert_ne!(slow.read_line(&mut line).unwrap(), 0, "{line}");
    }
    assert!(line.starts_with("HTTP/1.1 100"), "{line}");
    server.terminate();
    let began = Instant::now();
    while TcpStream::connect(&server.address).is_ok() {
        assert!(began.elapsed() < Duration::from_secs(10), "it still takes connections");
    }
    slow.get_mut().write_all(b"null").unwrap();
    // It was read to its end, and is no webhook.
    assert_eq!(Answer::read(slow).status, 422);
    let (code, log) = server.ended();
    assert_eq!(code, Some(0), "{log}");
    assert!(!log.contains("were cut"), "{log}");
    drop(idle);
}

#[test]
fn what_hangs_is_cut_when_its_time_is_up() {
    let dir = scratch("serve-hang");
    let server = Server::start(&dir, &["--shutdown-seconds", "0"]);
    let mut stream = server.connect();
    stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: he").unwrap();
    // An answered request on another connection: by then the first half has arrived.
    assert_eq!(server.get("/healthz").status, 200);
    assert_eq!(server.stop().0, Some(0));
}

#[test]
fn metrics_are_lines_of_prometheus_and_ask_for_their_token() {
    let dir = scratch("serve-metrics");
    let token = "a-token-for-metrics";
    let server = Server::start(&dir, &["--metrics-token", token]);
    server.get("/healthz");
    assert_eq!(server.get("/metrics").status, 401);
    let shown = server.ask(&format!("GET /metrics HTTP/1.1\r\nauthorization: Bearer {token}"));
    assert_eq!(shown.status, 200);
    let mut names = Vec::new();
    for line in shown.body.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (name, value) = line.rsplit_once(' ').unwrap();
        value.parse::<f64>().unwrap();
        let bare = name.split('{').next().unwrap();
        assert!(bare.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'), "{line}");
        assert!(name == bare || name.ends_with("\"}"), "{line}");
        names.push(bare.to_owned());
    }
    for name in [
        "guildhall_http_requests_total",
        "guildhall_http_request_duration_seconds_bucket",
        "guildhall_database_connections",
        "guildhall_journal_unsealed_age_seconds",
        "guildhall_outbox_depth",
        "guildhall_build_info",
    ] {
        assert!(names.iter().any(|found| found == name), "{name} in {}", shown.body);
    }
    let labels = "{method=\"GET\",route=\"/healthz\",status=\"200\"} 1";
    assert!(shown.body.contains(labels), "{}", shown.body);
}

#[test]
fn the_log_has_an_id_in_each_line_and_no_secret() {
    let dir = scratch("serve-log");
    let arguments = ["--log-format", "json", "--log", "trace", "--trusted-proxies", "127.0.0.1/32"];
    let server = Server::start(&dir, &arguments);
    let head = "GET /api/v1/partners/secret-in-path/scorecard?known_at=secret-in-query HTTP/1.1\r\n\
                authorization: Bearer gh_secretinheader\r\nx-request-id: from-the-proxy\r\n\
                cookie: guildhall=secret-in-cookie";
    let answer = server.ask(head);
    assert_eq!(answer.status, 401);
    assert!(answer.head.contains("x-request-id: from-the-proxy"), "{}", answer.head);
    assert_eq!(server.get("/secret-in-no-route").status, 404);
    let (code, log) = server.stop();
    assert_eq!(code, Some(0));
    assert!(!log.contains("secret"), "{log}");
    let mut answered = 0;
    for line in log.lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        if line["message"] == "answered" {
            answered += 1;
            assert!(line["span"]["id"].as_str().is_some_and(|id| !id.is_empty()), "{line}");
        }
    }
    assert_eq!(answered, 2, "{log}");
    assert!(log.contains("from-the-proxy"), "{log}");
}

#[test]
fn bad_settings_are_told_all_at_once() {
    let dir = scratch("serve-settings");
    std::fs::write(dir.join("guildhall.toml"), "listen = \"here\"\ntreads = 2\n").unwrap();
    let refused = binary::run(&dir, &["serve", "--config", "guildhall.toml", "--threads", "x"]);
    assert_eq!(refused.code, Some(1));
    for code in ["guildhall.toml:1: ", "[bad-setting]", "[unknown-setting]", "`--threads`"] {
        assert!(refused.stderr.contains(code), "{code} in {}", refused.stderr);
    }
}
