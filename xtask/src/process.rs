//! Guildhall as a process: a server that is stopped when it is dropped, commands, and how much
//! memory they take.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::http::Client;
use crate::shell::{Outcome, root};

/// The binary, built before.
pub fn guildhall(profile: &str) -> Command {
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), Into::into);
    let mut command = Command::new(target.join(profile).join("guildhall"));
    command.current_dir(root()).env_remove(crate::postgres::VARIABLE).stdin(Stdio::null());
    command
}

/// Runs a command and returns what it prints.
pub fn answer(what: &str, command: &mut Command) -> Outcome<String> {
    let output = command.output().map_err(|error| format!("{what}: {error}"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        return Err(format!("{what}: {}\n{said}{printed}", output.status));
    }
    String::from_utf8(output.stdout).map_err(|error| format!("{what}: {error}"))
}

/// Runs a command with a text on its standard input.
pub fn answer_to(what: &str, command: &mut Command, input: &str) -> Outcome<String> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().map_err(|error| format!("{what}: {error}"))?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(input.as_bytes()).map_err(|error| format!("{what}: {error}"))?;
    }
    let output = child.wait_with_output().map_err(|error| format!("{what}: {error}"))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(format!("{what}: {}", output.status))
    }
}

/// A process that is ended when it is dropped.
pub struct Process(pub Child);

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Process {
    /// Megabytes of memory: the most so far, or what is used now.
    pub fn megabytes(&self, field: &str) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.0.id())).ok()?;
        let line = status.lines().find(|line| line.starts_with(field))?;
        let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
        Some(kilobytes / 1024)
    }

    /// Waits for its end, watching its memory. Returns whether it did what it should, the seconds
    /// and the most megabytes.
    pub fn watch(mut self) -> Outcome<(bool, f64, u64)> {
        let begin = Instant::now();
        let mut most = 0;
        loop {
            most = most.max(self.megabytes("VmHWM").unwrap_or(0));
            if let Some(status) = self.0.try_wait().map_err(|error| error.to_string())? {
                return Ok((status.success(), begin.elapsed().as_secs_f64(), most));
            }
            thread::sleep(Duration::from_millis(20));
        }
    }
}

/// A server.
pub struct Server {
    /// Its process.
    pub process: Process,
    /// Where it listens.
    pub address: String,
    /// Seconds from its start to its first answer.
    pub started_in: f64,
}

/// A port that was free a moment ago.
pub fn free_port() -> Outcome<u16> {
    let listener = TcpListener::bind("127.0.0.1:0").map_err(|error| error.to_string())?;
    listener.local_addr().map(|address| address.port()).map_err(|error| error.to_string())
}

impl Server {
    /// Starts a server on a database and waits until it answers.
    pub fn start(profile: &str, database: &str) -> Outcome<Self> {
        let address = format!("127.0.0.1:{}", free_port()?);
        let mut command = guildhall(profile);
        command.args(["serve", "--database", database, "--listen", &address, "--log", "warn"]);
        command.stdout(Stdio::null()).stderr(Stdio::piped());
        let begin = Instant::now();
        let mut child = command.spawn().map_err(|error| format!("starting the server: {error}"))?;
        let stderr = child.stderr.take();
        let said = thread::spawn(move || {
            let lines = stderr.map(|stderr| BufReader::new(stderr).lines().map_while(Result::ok));
            lines.into_iter().flatten().inspect(|line| eprintln!("    server: {line}")).count()
        });
        drop(said);
        let mut server = Self { process: Process(child), address, started_in: 0.0 };
        let mut client = Client::new(&server.address, "");
        while begin.elapsed() < Duration::from_secs(60) {
            if client.ask("GET", "/healthz", None).is_ok_and(|answer| answer.status == 200) {
                server.started_in = begin.elapsed().as_secs_f64();
                return Ok(server);
            }
            if server.process.0.try_wait().is_ok_and(|status| status.is_some()) {
                return Err("the server ended early".to_owned());
            }
            thread::sleep(Duration::from_millis(5));
        }
        Err("the server did not answer within a minute".to_owned())
    }
}

/// Makes a user who may read and write facts, and a token of theirs.
pub fn token(profile: &str, database: &str) -> Outcome<String> {
    let email = "bench@vendor.example";
    let mut create = guildhall(profile);
    create.args(["user", "create", "--database", database, "--email", email]);
    create.args(["--name", "Bench", "--role", "program_manager", "--password-stdin"]);
    answer_to("making a user", &mut create, "correct horse battery staple\n")?;
    let mut token = guildhall(profile);
    token.args(["user", "token", "--database", database, "--email", email]);
    token.args(["--name", "bench", "--scope", "read", "--scope", "write"]);
    let printed = answer("making a token", &mut token)?;
    let found = printed.split_whitespace().find(|word| word.starts_with("gh_"));
    found.map(str::to_owned).ok_or_else(|| "no token was printed".to_owned())
}
