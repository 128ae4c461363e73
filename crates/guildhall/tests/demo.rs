//! The demonstration as a visitor meets it: started, signed in to as everybody, ended; and what the
//! README of its folder says.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop at once")]

#[path = "shared/binary.rs"]
mod binary;
#[path = "shared/scratch.rs"]
mod scratch;

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use scratch::scratch;

/// A demonstration that keeps its files in a folder of its own. It is ended when this is dropped.
struct Demonstration {
    child: Child,
    files: PathBuf,
    address: String,
    told: String,
}

/// Somebody as whom it lets a visitor sign in.
struct SignIn {
    email: String,
    needs_code: bool,
}

impl Demonstration {
    fn start(name: &str) -> Self {
        let files = scratch(name);
        let mut child = binary::command(&files)
            .args(["demo", "--listen", "127.0.0.1:0"])
            .env("TMPDIR", &files)
            .env("GUILDHALL_DATABASE", "sqlite:untouched.db")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut told = String::new();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        while !told.contains("Ctrl-C") {
            assert!(out.read_line(&mut told).unwrap() > 0, "it ended early: {told}");
        }
        let opened = told.lines().find_map(|line| line.strip_prefix("Open http://"));
        let address = opened.unwrap().to_owned();
        Self { child, files, address, told }
    }

    fn sign_ins(&self) -> Vec<SignIn> {
        let lines = self.told.lines().filter(|line| line.contains('@'));
        let sign_in = |line: &str| {
            let needs_code = line.starts_with('*');
            let email = line.trim_start_matches('*').split_whitespace().next().unwrap();
            SignIn { email: email.to_owned(), needs_code }
        };
        lines.map(sign_in).collect()
    }

    fn password(&self) -> &str {
        let password =
            self.told.lines().find_map(|line| line.strip_prefix("Everybody's password: "));
        password.unwrap()
    }

    /// The status and body of an answer.
    fn ask(&self, method: &str, path: &str, secret: Option<&str>, body: &Value) -> (u16, Value) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let bearer =
            secret.map_or_else(String::new, |it| format!("authorization: Bearer {it}\r\n"));
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n{bearer}\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n",
            self.address,
            body.len()
        );
        stream.write_all(format!("{head}{body}").as_bytes()).unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, serde_json::from_str(body).unwrap_or(Value::Null))
    }

    /// The secret of a session as somebody.
    fn sign_in(&self, user: &SignIn) -> String {
        let given = json!({"email": user.email, "password": self.password()});
        let (status, session) = self.ask("POST", "/api/v1/session", None, &given);
        assert_eq!(status, 201, "{}: {session}", user.email);
        let secret = session["secret"].as_str().unwrap().to_owned();
        assert_eq!(session["needs_second_factor"], user.needs_code, "{}", user.email);
        assert_eq!(session["needs_enrolment"], false, "{}", user.email);
        if !user.needs_code {
            return secret;
        }
        let code = binary::run(&self.files, &["demo", "--code"]).stdout;
        let proof = json!({"code": code.trim()});
        let path = "/api/v1/session/second-factor";
        let (status, session) = self.ask("POST", path, Some(&secret), &proof);
        assert_eq!(status, 200, "{}: {session}", user.email);
        session["secret"].as_str().unwrap().to_owned()
    }

    /// Ends it by a signal. Returns the exit status and what it left behind.
    fn end(mut self, signal: &str) -> (Option<i32>, Vec<String>) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
        let mut log = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
        let code = self.child.wait().unwrap().code();
        assert_eq!(log, "");
        (code, left(&self.files))
    }
}

impl Drop for Demonstration {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn left(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    names.map(|name| name.to_string_lossy().into_owned()).collect()
}

#[test]
fn one_signs_in_as_everybody_who_is_printed() {
    let demonstration = Demonstration::start("demo-sign-in");
    assert!(demonstration.told.lines().all(|line| line.chars().count() <= 80));
    assert_eq!(demonstration.ask("GET", "/healthz", None, &Value::Null).0, 200);
    let sign_ins = demonstration.sign_ins();
    let mut roles = Vec::new();
    for user in &sign_ins {
        let secret = demonstration.sign_in(user);
        let (status, me) = demonstration.ask("GET", "/api/v1/me", Some(&secret), &Value::Null);
        assert_eq!((status, &me["email"]), (200, &json!(user.email)), "{me}");
        roles.extend(me["roles"].as_array().unwrap().iter().map(|role| role.to_string()));
    }
    roles.sort();
    roles.dedup();
    let all = guildhall_access::Role::ALL.len();
    assert_eq!(roles.len(), all, "a sign-in for each role: {roles:?}");
    let (code, left) = demonstration.end("-TERM");
    assert_eq!((code, left), (Some(0), Vec::new()));
}

#[test]
fn what_is_to_be_decided_waits_and_the_customer_sees_its_partners() {
    let demonstration = Demonstration::start("demo-story");
    let secret = |email: &str| {
        let sign_ins = demonstration.sign_ins();
        demonstration.sign_in(sign_ins.iter().find(|user| user.email == email).unwrap())
    };
    let items = |secret: &str, path: &str| {
        let (status, list) = demonstration.ask("GET", path, Some(secret), &Value::Null);
        assert_eq!(status, 200, "{path}: {list}");
        list["items"].as_array().unwrap().clone()
    };
    let words = |items: &[Value], names: &[&str]| {
        let line = |item: &Value| {
            names
                .iter()
                .map(|name| item[*name].as_str().unwrap_or("-"))
                .collect::<Vec<_>>()
                .join(" ")
        };
        let mut lines: Vec<String> = items.iter().map(line).collect();
        lines.sort();
        lines
    };
    let manager = secret("moana@vendor.example");
    let reviews = words(&items(&manager, "/api/v1/reviews"), &["partner", "state", "outcome"]);
    let expected = [
        "civic-works proposed renew",
        "delta-agile published renew",
        "pipeline-foundry confirmed upgrade",
        "sundial published grace",
    ];
    assert_eq!(reviews, expected);
    let enrolments = words(&items(&manager, "/api/v1/enrolments"), &["partner", "state"]);
    assert_eq!(enrolments, ["lantern-row submitted", "saltmarsh applied"]);
    let editions = words(&items(&manager, "/api/v1/editions"), &["id", "state"]);
    assert_eq!(editions, ["apn-2021-01 published", "apn-2024-07 published", "apn-draft draft"]);
    let decisions = words(&items(&manager, "/api/v1/decisions"), &["kind", "partner"]);
    let expected =
        ["discount harakeke", "discount ledgerline", "grace sundial", "renew delta-agile"];
    assert_eq!(decisions, expected);
    let lead = secret("farida@webservicesguru.example");
    let disputes = words(&items(&lead, "/api/v1/disputes"), &["fact", "state"]);
    assert_eq!(disputes, ["guru-opp-46 rejected", "guru-opp-53 open"]);
    let customer = secret("sefa@tamarua.example");
    let partners = words(&items(&customer, "/api/v1/partners"), &["id"]);
    assert_eq!(partners, ["harakeke", "web-services-guru"]);
    assert_eq!(items(&customer, "/api/v1/units").len(), 5);
    let (code, left) = demonstration.end("-INT");
    assert_eq!((code, left), (Some(0), Vec::new()));
}

#[test]
fn what_was_decided_while_the_clock_ran_is_recomputed() {
    let demonstration = Demonstration::start("demo-verify");
    let folder = demonstration.files.join(&left(&demonstration.files)[0]);
    let database = format!("sqlite:{}", folder.join("demonstration.db").display());
    let run = binary::run(&demonstration.files, &["verify", "--database", &database]);
    assert_eq!(run.code, Some(0), "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.contains("Decisions        4 recomputed"), "{}", run.stdout);
}

#[test]
fn it_listens_to_its_own_machine_only() {
    let folder = scratch("demo-elsewhere");
    for address in ["192.0.2.7:8080", "0.0.0.0:8080", "[::]:8080"] {
        let mut command = binary::command(&folder);
        command.args(["demo", "--listen", address]).env("TMPDIR", &folder);
        let output = command.output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{address}");
        let told = String::from_utf8(output.stderr).unwrap();
        let expected =
            format!("problem: `{address}` can be reached from other machines [not-loopback]\n");
        assert!(told.starts_with(&expected), "{told}");
        assert!(told.contains("  hint: everybody knows the passwords"), "{told}");
    }
    assert_eq!(left(&folder), Vec::<String>::new());
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[test]
fn the_readme_of_the_folder_shows_what_commands_print() {
    let readme = fs::read_to_string(root().join("examples/demo-network/README.md")).unwrap();
    let mut shown = 0;
    for block in readme.split("```\n$ ").skip(1) {
        let (command, rest) = block.split_once('\n').unwrap();
        let (output, _) = rest.split_once("```\n").unwrap();
        let arguments: Vec<&str> = command.split(' ').skip(1).collect();
        let run = binary::run(&root(), &arguments);
        assert_eq!(run.code, Some(0), "{command}: {}", run.stderr);
        assert_eq!(run.stdout, output, "{command}");
        shown += 1;
    }
    assert_eq!(shown, 3);
}

#[test]
fn the_readme_of_the_folder_tells_the_discounts() {
    let readme = fs::read_to_string(root().join("examples/demo-network/README.md")).unwrap();
    let (_, discounts) = readme.split_once("## Discounts\n").unwrap();
    let mut told = 0;
    for line in discounts.lines().filter(|line| line.starts_with("| `")) {
        let mut cells = line.trim_matches('|').split(" | ");
        let (partners, percent) = (cells.next().unwrap(), cells.next().unwrap());
        for partner in partners.split('`').skip(1).step_by(2) {
            let data = ["--data", "examples/demo-network", "--as-of", "2026-11-15"];
            let arguments = [&["discount", partner, "--period", "2026-H2"], &data[..]].concat();
            let run = binary::run(&root(), &arguments);
            let is_so = run.stdout.contains(&format!(" {percent} percent\n"));
            assert!(is_so, "{partner} {percent}: {}", run.stdout);
            told += 1;
        }
    }
    assert_eq!(told, 12);
}
