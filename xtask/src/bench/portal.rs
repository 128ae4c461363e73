//! `cargo xtask bench portal`: pages over a large network, on SQLite and on PostgreSQL side by side,
//! asked for by whoever signed in over the form; and how soon the demonstration shows its first.
//!
//! Scorecards come at a fixed rate ([`super::load`]); network pages one after the other. Stops with
//! an error where a page is longer than it may be.

#![expect(
    clippy::float_arithmetic,
    clippy::cast_precision_loss,
    reason = "seconds and milliseconds, not money"
)]

use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use super::load::{Latency, RATE, load};
use super::store::{count_facts, forget, import, partner_ids, some};
use super::{UNTIL, generate, home, median, option, shown};
use crate::http::Client;
use crate::postgres;
use crate::process::{Process, Server, answer, answer_to, free_port, guildhall};
use crate::shell::{Outcome, command, run};

const PROFILE: &str = "dist";
const EMAIL: &str = "bench@vendor.example";
const PASSWORD: &str = "correct horse battery staple";
/// How often a network page is asked for, and the demonstration started.
const ROUNDS: usize = 21;
const STARTS: usize = 5;
/// The longest that a page may be, in bytes.
const LONGEST: usize = 100_000;

/// Pages of the network: what they are, and where.
const NETWORK: [(&str, &str); 6] = [
    ("network page", "/network"),
    ("  at risk, by due day", "/network?state=at_risk&sort=due"),
    ("  near, by rows missing", "/network?state=near&sort=missing"),
    ("  highest tiers first", "/network?sort=-tier"),
    ("  a text in the name", "/network?q=an"),
    ("  review within 60 days", "/network?due=60&sort=-name"),
];

/// Other pages whose length is looked at; `{}` is a partner. Those that are not there are told.
const PAGES: [&str; 17] = [
    "/waiting",
    "/reviews",
    "/decisions",
    "/disputes",
    "/enrolments",
    "/rulebook",
    "/imports",
    "/users",
    "/journal",
    "/search?q=an",
    "/partners/{}",
    "/partners/{}/scorecard",
    "/partners/{}/history",
    "/partners/{}/discount",
    "/partners/{}/facts",
    "/partners/{}/facts/opportunities",
    "/partners/{}/people",
];

/// What was measured on one engine.
struct Figures {
    name: &'static str,
    facts: u64,
    standings_seconds: f64,
    standings_megabytes: u64,
    network: Vec<(f64, f64, usize)>,
    csv: f64,
    json: Latency,
    scorecard: Latency,
    longest: (String, usize),
    missing: Vec<&'static str>,
}

/// Runs the benchmark with its options.
pub fn run_bench(options: &[&str]) -> Outcome {
    let partners = option(options, "--partners", 100_000)?;
    let seconds = option(options, "--seconds", 30)?;
    let build = command("cargo", &["build", "--profile", "dist", "-q"]);
    run("building guildhall", build)?;
    let folder = shown(&generate(&home(), partners)?);
    let first_page = demonstration()?;
    let server = postgres::Server::start_durable()?;
    let file = home().join("portal.db");
    forget(&file);
    let mut figures = Vec::new();
    for (name, database) in [
        ("SQLite", format!("sqlite:{}", shown(&file))),
        ("PostgreSQL", server.new_database("bench")?),
    ] {
        figures.push(measure(name, &folder, &database, seconds)?);
    }
    print(&figures, partners, seconds, first_page);
    let too_long = figures.iter().filter(|figures| figures.longest.1 > LONGEST);
    match too_long.map(|figures| &figures.longest).next() {
        Some((page, bytes)) => Err(format!("{page} has {bytes} bytes, more than {LONGEST}")),
        None => Ok(()),
    }
}

/// Seconds from the start of the demonstration to its first page: the middle of some.
fn demonstration() -> Outcome<f64> {
    eprintln!("==> the demonstration");
    let start = || -> Outcome<f64> {
        let address = format!("127.0.0.1:{}", free_port()?);
        let mut demo = guildhall(PROFILE);
        demo.args(["demo", "--listen", &address]).stdout(Stdio::null()).stderr(Stdio::null());
        let begin = Instant::now();
        let child = demo.spawn().map_err(|error| format!("starting the demo: {error}"))?;
        let _process = Process(child);
        let mut client = Client::browser(&address);
        while begin.elapsed() < Duration::from_secs(30) {
            if client.ask("GET", "/sign-in", None).is_ok_and(|answer| answer.status == 200) {
                return Ok(begin.elapsed().as_secs_f64());
            }
            thread::sleep(Duration::from_millis(2));
        }
        Err("the demo showed no page within half a minute".to_owned())
    };
    let times: Vec<f64> = (0..STARTS).map(|_| start()).collect::<Outcome<_>>()?;
    Ok(median(&times))
}

/// A user who sees all partners, and a token of theirs.
fn make_user(database: &str) -> Outcome<String> {
    let mut create = guildhall(PROFILE);
    create.args(["user", "create", "--database", database, "--email", EMAIL, "--name", "Bench"]);
    create.args(["--role", "partner_development_manager", "--password-stdin"]);
    answer_to("making a user", &mut create, &format!("{PASSWORD}\n"))?;
    let mut token = guildhall(PROFILE);
    token.args(["user", "token", "--database", database, "--email", EMAIL, "--name", "bench"]);
    let printed = answer("making a token", &mut token)?;
    let found = printed.split_whitespace().find(|word| word.starts_with("gh_"));
    found.map(str::to_owned).ok_or_else(|| "no token was printed".to_owned())
}

fn measure(name: &'static str, folder: &str, database: &str, seconds: u64) -> Outcome<Figures> {
    let partners = &partner_ids(folder)?;
    eprintln!("==> {name}: importing");
    let facts = count_facts(folder)?;
    import(folder, database)?;
    let token = make_user(database)?;
    let server = Server::start(PROFILE, database)?;
    let standings_seconds = wait_for_standings(&server, &token)?;
    let standings_megabytes = server.process.megabytes("VmHWM").unwrap_or(0);
    eprintln!("    standings after {standings_seconds:.1} s, {standings_megabytes} MB");
    let mut browser = Client::browser(&server.address);
    browser.sign_in(EMAIL, PASSWORD)?;
    let network = NETWORK
        .iter()
        .map(|(what, path)| {
            let figures = times(&mut browser, path)?;
            eprintln!("    {what}: {:.1} ms, {} bytes", figures.0, figures.2);
            Ok(figures)
        })
        .collect::<Outcome<_>>()?;
    let begin = Instant::now();
    fetch(&mut browser, "/network.csv")?;
    let csv = begin.elapsed().as_secs_f64();
    let (longest, missing) = longest(&mut browser, partners)?;
    eprintln!("==> {name}: {RATE} requests a second for {seconds} seconds, JSON and pages");
    let by_token = || Client::new(&server.address, &token);
    let as_browser = || browser.again();
    let card = |number: u64| format!("partners/{}/scorecard?as_of={UNTIL}", some(number, partners));
    let (as_json, as_page) = (
        |number: u64| format!("/api/v1/{}", card(number)),
        |number: u64| format!("/{}", card(number)),
    );
    load(&by_token, &as_json, 1)?;
    let json = load(&by_token, &as_json, seconds)?;
    let scorecard = if missing.contains(&"/partners/{}/scorecard") {
        Latency::default()
    } else {
        load(&as_browser, &as_page, 1)?;
        load(&as_browser, &as_page, seconds)?
    };
    eprintln!("    JSON p99 {:.2} ms, page p99 {:.2} ms", json.p99, scorecard.p99);
    Ok(Figures {
        name,
        facts,
        standings_seconds,
        standings_megabytes,
        network,
        csv,
        json,
        scorecard,
        longest,
        missing,
    })
}

/// Waits until the server has computed all standings by itself.
fn wait_for_standings(server: &Server, token: &str) -> Outcome<f64> {
    let begin = Instant::now();
    let mut client = Client::new(&server.address, token);
    while begin.elapsed() < Duration::from_secs(900) {
        let summary = fetch(&mut client, "/api/v1/network/summary")?;
        if summary.contains("\"is_complete\":true") {
            return Ok(begin.elapsed().as_secs_f64());
        }
        thread::sleep(Duration::from_millis(200));
    }
    Err("standings were not computed within a quarter of an hour".to_owned())
}

fn fetch(client: &mut Client, path: &str) -> Outcome<String> {
    let answer = client.ask("GET", path, None)?;
    match answer.status {
        200 => Ok(answer.body),
        status => Err(format!("{path} was answered by {status}")),
    }
}

/// Milliseconds in the middle and at most, and the length of a page.
fn times(browser: &mut Client, path: &str) -> Outcome<(f64, f64, usize)> {
    let mut bytes = 0;
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        let begin = Instant::now();
        bytes = fetch(browser, path)?.len();
        times.push(begin.elapsed().as_secs_f64() * 1000.0);
    }
    Ok((median(&times), times.iter().copied().fold(0.0, f64::max), bytes))
}

/// The longest page of all sorts, and those that are not there.
fn longest(
    browser: &mut Client,
    partners: &[String],
) -> Outcome<((String, usize), Vec<&'static str>)> {
    let mut longest = (String::new(), 0);
    let mut missing = Vec::new();
    for path in PAGES.into_iter().chain(NETWORK.iter().map(|(_, path)| *path)) {
        for number in 0..3 {
            let filled = path.replace("{}", some(number, partners));
            let answer = browser.ask("GET", &filled, None)?;
            match answer.status {
                200 if answer.body.len() > longest.1 => longest = (filled, answer.body.len()),
                403 | 404 if !missing.contains(&path) => missing.push(path),
                200 | 403 | 404 => {}
                status => return Err(format!("{filled} was answered by {status}")),
            }
        }
    }
    Ok((longest, missing))
}

fn print(figures: &[Figures], partners: u64, seconds: u64, first_page: f64) {
    let facts = figures.first().map_or(0, |figures| figures.facts);
    println!("{partners} partners, {facts} facts; {RATE} requests a second for {seconds} s");
    println!("demo, start to first page: {first_page:.3} s");
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
    line("all standings computed, s", &|figures| figures.standings_seconds, 1);
    line("  most memory of the server, MB", &|figures| figures.standings_megabytes as f64, 0);
    for (at, (what, _)) in NETWORK.iter().enumerate() {
        let page = |figures: &Figures| figures.network.get(at).copied().unwrap_or_default();
        line(&format!("{what}, ms"), &|figures| page(figures).0, 1);
        line("    slowest, ms", &|figures| page(figures).1, 1);
        line("    bytes", &|figures| page(figures).2 as f64, 0);
    }
    line("network as CSV, s", &|figures| figures.csv, 2);
    line("scorecard as JSON p50, ms", &|figures| figures.json.p50, 2);
    line("scorecard as JSON p99, ms", &|figures| figures.json.p99, 2);
    line("scorecard page p50, ms", &|figures| figures.scorecard.p50, 2);
    line("scorecard page p99, ms", &|figures| figures.scorecard.p99, 2);
    line("  slowest, ms", &|figures| figures.scorecard.worst, 2);
    line("  served", &|figures| figures.scorecard.served as f64, 0);
    line("  bytes a page", &|figures| figures.scorecard.bytes as f64, 0);
    for Figures { name, longest: (page, bytes), missing, .. } in figures {
        println!("{name}: the longest page is {page}, {bytes} bytes; not there: {missing:?}");
    }
}
