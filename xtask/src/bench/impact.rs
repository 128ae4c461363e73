//! `cargo xtask bench impact`: what a change of rules does to a network, against DuckDB on the same
//! machine in the same run; a threshold varied, and a forecast of a year.
//!
//! Both sides must come to the same numbers for every partner. They take turns; medians and ratios
//! are printed.

#![expect(clippy::float_arithmetic, reason = "seconds and ratios, not money")]

use std::fs;
use std::path::Path;

use super::network::{json, number, numbers, prepare_python};
use super::{UNTIL as AS_OF, generate, home, median, option, shown};
use crate::shell::{Outcome, command, output, root, run};

/// The two editions, which the SQL repeats by hand.
const EDITIONS: [&str; 2] = ["rulebooks/apn/apn-2021-01", "rulebooks/apn/apn-2024-07"];
/// The requirement that is varied, in twenty steps.
const SWEPT: [&str; 4] = ["advanced", "launched_opportunities", "11", "30"];

/// Runs the benchmark with its options.
pub fn run_bench(options: &[&str]) -> Outcome {
    let partners = option(options, "--partners", 100_000)?;
    let rounds = option(options, "--rounds", 3)?.max(1);
    let python = prepare_python()?;
    let bench = home();
    let folder = generate(&bench, partners)?;
    let mut build = command("cargo", &["bench", "-q", "-p", "guildhall-rules"]);
    build.args(["--bench", "impact", "--no-run"]);
    run("building the benchmark", build)?;

    let snapshot = bench.join(format!("network-{partners}.snapshot"));
    let database = bench.join(format!("network-{partners}.duckdb"));
    // Both are made anew: of these facts, in this format.
    let _ = (fs::remove_file(&snapshot), fs::remove_file(&database));
    let (ours, theirs) = (bench.join("impact-ours.csv"), bench.join("impact-duckdb.csv"));
    let mut figures = Figures::default();
    for round in 0..rounds {
        eprintln!("==> round {} of {rounds}", round + 1);
        figures.add_ours(&guildhall(&folder, &snapshot, &ours)?);
        figures.add_theirs(&duckdb(&python, &folder, &database, &theirs)?);
    }
    let compared = same_numbers(&ours, &theirs)?;
    figures.print(partners, rounds, compared);
    Ok(())
}

fn guildhall(folder: &Path, snapshot: &Path, numbers: &Path) -> Outcome<serde_json::Value> {
    let mut bench = command("cargo", &["bench", "-q", "-p", "guildhall-rules"]);
    bench.args(["--bench", "impact", "--", &shown(folder)]);
    bench.args(EDITIONS.map(|edition| shown(&root().join(edition))));
    bench.args([AS_OF, "7", &shown(snapshot), &shown(numbers)]).args(SWEPT);
    json("guildhall", &output("guildhall", bench)?)
}

fn duckdb(
    python: &str,
    folder: &Path,
    database: &Path,
    numbers: &Path,
) -> Outcome<serde_json::Value> {
    let script = shown(&root().join("xtask/bench/impact.py"));
    let mut bench = command(python, &[&script, &shown(folder)]);
    bench.args(["--as-of", AS_OF, "--repeat", "7"]);
    bench.args(["--database", &shown(database), "--out", &shown(numbers)]);
    json("DuckDB", &output("DuckDB", bench)?)
}

/// How many partners were compared; an error where any number differs.
fn same_numbers(ours: &Path, theirs: &Path) -> Outcome<usize> {
    let read = |path: &Path| {
        let text = fs::read_to_string(path);
        let text = text.map_err(|error| format!("reading {}: {error}", path.display()))?;
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines.sort_unstable();
        Ok::<_, String>(lines)
    };
    let (ours, theirs) = (read(ours)?, read(theirs)?);
    if let Some((mine, sql)) = ours.iter().zip(&theirs).find(|(mine, sql)| mine != sql) {
        return Err(format!("the numbers differ:\n  guildhall {mine}\n  DuckDB    {sql}"));
    }
    if ours.len() == theirs.len() {
        Ok(ours.len())
    } else {
        Err(format!("{} partners here, {} in DuckDB", ours.len(), theirs.len()))
    }
}

/// Medians of each round.
#[derive(Default)]
struct Figures {
    read: Vec<f64>,
    from_snapshot: Vec<f64>,
    read_all: Vec<f64>,
    read_unmapped: Vec<f64>,
    cold: Vec<f64>,
    /// Of a snapshot that is held: own memory and that of the file, mapped and not.
    memory: Vec<Vec<f64>>,
    impact: Vec<f64>,
    with_discounts: Vec<f64>,
    evaluate: Vec<f64>,
    sweep: Vec<f64>,
    thresholds: f64,
    forecast: Vec<f64>,
    standings: f64,
    megabytes: f64,
    peak_mb: f64,
    sql_memory: Vec<f64>,
    sql_file: Vec<f64>,
    /// Processor time of an impact from a warm file, which is steadier than the clock.
    cpu: Vec<f64>,
    sql_cpu: Vec<f64>,
}

impl Figures {
    fn add_ours(&mut self, found: &serde_json::Value) {
        let note = |list: &mut Vec<f64>, key| list.push(median(&numbers(found, key)));
        note(&mut self.read, "read");
        note(&mut self.from_snapshot, "from_snapshot");
        note(&mut self.read_all, "read_all");
        note(&mut self.read_unmapped, "read_unmapped");
        note(&mut self.cold, "cold");
        note(&mut self.cpu, "cpu");
        note(&mut self.impact, "impact");
        note(&mut self.with_discounts, "with_discounts");
        note(&mut self.evaluate, "evaluate");
        note(&mut self.sweep, "sweep");
        note(&mut self.forecast, "forecast");
        self.thresholds = number(found, "thresholds");
        self.standings = number(found, "standings");
        self.megabytes = number(found, "bytes") / 1e6;
        self.peak_mb = number(found, "peak_mb");
        let pairs = found.get("memory_mb").and_then(serde_json::Value::as_array);
        let pair = |pair: &serde_json::Value| {
            let of_pair = pair.as_array().into_iter().flatten();
            of_pair.filter_map(serde_json::Value::as_f64).collect()
        };
        self.memory = pairs.into_iter().flatten().map(pair).collect();
    }

    fn add_theirs(&mut self, found: &serde_json::Value) {
        self.sql_memory.push(median(&numbers(found, "memory")));
        self.sql_file.push(median(&numbers(found, "file")));
        self.sql_cpu.push(median(&numbers(found, "cpu")));
    }

    fn print(&self, partners: u64, rounds: u64, compared: usize) {
        println!("network of {partners} partners, about {} facts, {rounds} rounds", partners * 100);
        println!("tiers attained and columns met of {compared} partners are equal");
        let line = |what: &str, mine: &[f64], sql: &[f64]| {
            let ratios: Vec<f64> = sql.iter().zip(mine).map(|(sql, mine)| sql / mine).collect();
            let (mine, sql, ratio) = (median(mine), median(sql), median(&ratios));
            println!("{what:32} guildhall {mine:8.3} s  DuckDB {sql:8.3} s  ratio {ratio:.2}");
        };
        line("impact, facts in memory", &self.impact, &self.sql_memory);
        line("impact, warm file, opening incl.", &self.from_snapshot, &self.sql_file);
        line("  processor time of it", &self.cpu, &self.sql_cpu);
        println!("impact, cold file, opening incl. {:8.3} s", median(&self.cold));
        let (read, megabytes) = (median(&self.read), self.megabytes);
        println!("opening the warm file            {read:8.3} s of it, {megabytes:.0} MB");
        println!("opening with the ids of facts    {:8.3} s", median(&self.read_all));
        println!("the same, not mapped but read    {:8.3} s", median(&self.read_unmapped));
        for (what, held) in ["mapped", "not mapped"].into_iter().zip(&self.memory) {
            if let [own, file] = held.as_slice() {
                println!(
                    "memory held, {what:12}        {own:8.0} MB own, {file:.0} MB of the file"
                );
            }
        }
        println!("with discounts                   {:8.3} s", median(&self.with_discounts));
        let (once, sweep) = (median(&self.evaluate), median(&self.sweep));
        let (times, count) = (sweep / once, self.thresholds);
        println!("one evaluation                   {once:8.3} s");
        println!("sweep of {count} thresholds           {sweep:8.3} s, {times:.2} times one");
        let (forecast, standings) = (median(&self.forecast), self.standings);
        println!("forecast of a year               {forecast:8.3} s, {standings} standings");
        println!("most memory                      {:8.0} MB", self.peak_mb);
    }
}
