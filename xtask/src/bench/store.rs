//! `cargo xtask bench store`: the same network on SQLite and on PostgreSQL: import, start, answer,
//! side by side in one run on the same machine.
//!
//! Requests come at a fixed rate ([`super::load`]).

#![expect(
    clippy::float_arithmetic,
    clippy::cast_precision_loss,
    reason = "seconds and milliseconds, not money"
)]

use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use super::load::{Latency, RATE, load};
use super::snapshot;
use super::{UNTIL, generate, home, option, shown};
use crate::http::Client;
use crate::postgres;
use crate::process::{Process, Server, guildhall, token};
use crate::shell::{Outcome, command, run};

const PROFILE: &str = "dist";

/// What was measured on one engine.
struct Figures {
    name: &'static str,
    import_seconds: f64,
    facts: u64,
    import_megabytes: u64,
    start_to_answer: f64,
    megabytes: u64,
    latency: Latency,
    snapshots: snapshot::Figures,
}

/// Runs the benchmark with its options.
pub fn run_bench(options: &[&str]) -> Outcome {
    let partners = option(options, "--partners", 100_000)?;
    let seconds = option(options, "--seconds", 30)?;
    let build = command("cargo", &["build", "--profile", "dist", "-q"]);
    run("building guildhall", build)?;
    let folder = shown(&generate(&home(), partners)?);
    let small = shown(&generate(&home(), 20)?);
    let server = postgres::Server::start_durable()?;
    let file = home().join("store.db");
    let mut figures = Vec::new();
    for (name, database) in [
        ("SQLite", format!("sqlite:{}", shown(&file))),
        ("PostgreSQL", server.new_database("bench")?),
    ] {
        forget(&file);
        figures.push(measure(name, &folder, &database, seconds)?);
    }
    let idle = idle_megabytes(&small)?;
    print(&figures, partners, seconds, idle);
    Ok(())
}

/// Removes a database that a run before left.
pub fn forget(file: &Path) {
    for ending in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(format!("{}{ending}", shown(file)));
    }
}

/// Imports a folder. Returns the seconds and the most megabytes that it took.
pub fn import(folder: &str, database: &str) -> Outcome<(f64, u64)> {
    let mut import = guildhall(PROFILE);
    import.args(["import", folder, "--database", database]);
    import.stdout(std::process::Stdio::null());
    let child = import.spawn().map_err(|error| format!("importing: {error}"))?;
    match Process(child).watch()? {
        (true, seconds, megabytes) => Ok((seconds, megabytes)),
        (false, ..) => Err("the import failed".to_owned()),
    }
}

/// How many rows the files of a folder have.
pub fn count_facts(folder: &str) -> Outcome<u64> {
    let mut lines = 0;
    for entry in fs::read_dir(folder).map_err(|error| error.to_string())? {
        let path = entry.map_err(|error| error.to_string())?.path();
        if path.extension().is_some_and(|ending| ending == "csv") {
            let text = fs::read(&path).map_err(|error| error.to_string())?;
            let ends = text.split(|byte| *byte == b'\n').count() as u64;
            lines += ends.saturating_sub(2);
        }
    }
    Ok(lines)
}

fn measure(name: &'static str, folder: &str, database: &str, seconds: u64) -> Outcome<Figures> {
    let partners = &partner_ids(folder)?;
    eprintln!("==> {name}: importing");
    let facts = count_facts(folder)?;
    let (import_seconds, import_megabytes) = import(folder, database)?;
    eprintln!("    {facts} facts in {import_seconds:.1} s, {import_megabytes} MB");
    let token = token(PROFILE, database)?;
    eprintln!("==> {name}: starting");
    let begin = Instant::now();
    let server = Server::start(PROFILE, database)?;
    let mut client = Client::new(&server.address, &token);
    let first = client.ask("GET", &path(0, partners), None)?;
    if first.status != 200 {
        return Err(format!("the first answer was {}: {}", first.status, first.body));
    }
    let start_to_answer = begin.elapsed().as_secs_f64();
    eprintln!("==> {name}: {RATE} requests a second for {seconds} seconds");
    // Half a second to warm up is not counted.
    let client = || Client::new(&server.address, &token);
    let path = |number| path(number, partners);
    load(&client, &path, 1)?;
    let latency = load(&client, &path, seconds)?;
    let megabytes = server.process.megabytes("VmHWM").unwrap_or(0);
    let Latency { p50, p99, .. } = latency;
    drop(server);
    eprintln!("==> {name}: snapshots");
    let snapshots = snapshot::measure(PROFILE, folder, database)?;
    eprintln!("    first answer after {start_to_answer:.3} s; p50 {p50:.2} ms, p99 {p99:.2} ms");
    Ok(Figures {
        name,
        import_seconds,
        facts,
        import_megabytes,
        start_to_answer,
        megabytes,
        latency,
        snapshots,
    })
}

/// The path of some partner's scorecard.
fn path(number: u64, partners: &[String]) -> String {
    format!("/api/v1/partners/{}/scorecard?as_of={UNTIL}", some(number, partners))
}

/// Some partner: another one each time, all of them alike often.
pub fn some(number: u64, partners: &[String]) -> &str {
    let at = number.wrapping_mul(7_919) % partners.len().max(1) as u64;
    let partner = usize::try_from(at).ok().and_then(|at| partners.get(at));
    partner.map_or("nobody", String::as_str)
}

/// The ids of the partners of a folder.
pub fn partner_ids(folder: &str) -> Outcome<Vec<String>> {
    let path = format!("{folder}/partners.csv");
    let text = fs::read_to_string(&path).map_err(|error| format!("reading {path}: {error}"))?;
    let ids = text.lines().skip(1).filter_map(|line| line.split(',').next());
    Ok(ids.map(str::to_owned).collect())
}

/// Memory of an idle server on a small network, after its first answer.
fn idle_megabytes(folder: &str) -> Outcome<u64> {
    let file = home().join("small.db");
    forget(&file);
    let database = format!("sqlite:{}", shown(&file));
    import(folder, &database)?;
    let token = token(PROFILE, &database)?;
    let server = Server::start(PROFILE, &database)?;
    let partners = partner_ids(folder)?;
    Client::new(&server.address, &token).ask("GET", &path(0, &partners), None)?;
    thread::sleep(Duration::from_secs(2));
    server.process.megabytes("VmRSS").ok_or_else(|| "no memory is told".to_owned())
}

fn print(figures: &[Figures], partners: u64, seconds: u64, idle: u64) {
    let facts = figures.first().map_or(0, |figures| figures.facts);
    println!("{partners} partners, {facts} facts; {RATE} requests a second for {seconds} s");
    print!("{:36}", "");
    for figures in figures {
        print!("{:>14}", figures.name);
    }
    println!("{:>10}", "ratio");
    let line = |what: &str, value: &dyn Fn(&Figures) -> f64, places: usize| {
        print!("{what:36}");
        let values: Vec<f64> = figures.iter().map(value).collect();
        for value in &values {
            print!("{value:>14.places$}");
        }
        match values.as_slice() {
            [one, other] => println!("{:>10.2}", other / one),
            _ => println!(),
        }
    };
    line("import, s", &|figures| figures.import_seconds, 1);
    line("  facts a second", &|figures| figures.facts as f64 / figures.import_seconds, 0);
    line("  most memory of the client, MB", &|figures| figures.import_megabytes as f64, 0);
    line("start to first scorecard, s", &|figures| figures.start_to_answer, 3);
    line("scorecard p50, ms", &|figures| figures.latency.p50, 2);
    line("scorecard p99, ms", &|figures| figures.latency.p99, 2);
    line("  slowest, ms", &|figures| figures.latency.worst, 2);
    line("  served", &|figures| figures.latency.served as f64, 0);
    line("  bytes an answer", &|figures| figures.latency.bytes as f64, 0);
    line("most memory of the server, MB", &|figures| figures.megabytes as f64, 0);
    line("snapshot of everything, s", &|figures| figures.snapshots.whole.0, 2);
    line("  most memory, MB", &|figures| figures.snapshots.whole.1 as f64, 0);
    line("snapshot, 1 % of partners changed", &|figures| figures.snapshots.renewed.0, 2);
    line("  most memory, MB", &|figures| figures.snapshots.renewed.1 as f64, 0);
    println!("idle on 20 partners, SQLite: {idle} MB");
}
