//! `cargo xtask bench network`: a network of many partners, against DuckDB on the same machine in
//! the same run.
//!
//! Both sides read the same generated folder and must come to the same numbers. They take turns,
//! so that a machine whose speed drifts does not favour one; medians and ratios are printed.

#![expect(clippy::float_arithmetic, reason = "seconds and ratios, not money")]

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::{UNTIL as AS_OF, generate, home, median, option, shown};
use crate::shell::{Outcome, command, install, output, root, run, works};

/// The version that the figures are compared with.
const DUCKDB: &str = "duckdb==2.0.0";
/// The edition, which the SQL repeats by hand.
const EDITION: &str = "rulebooks/apn/apn-2021-01";

/// Runs the benchmark with its options.
pub fn run_bench(options: &[&str]) -> Outcome {
    let partners = option(options, "--partners", 100_000)?;
    let rounds = option(options, "--rounds", 5)?.max(1);
    let python = prepare_python()?;
    let bench = home();
    let folder = generate(&bench, partners)?;
    let twice = generate(&bench, partners * 2)?;
    let mut build = command("cargo", &["bench", "-q", "-p", "guildhall", "--no-run"]);
    build.args(["--bench", "network"]);
    run("building the benchmark", build)?;

    let (ours, theirs) = (bench.join("ours.csv"), bench.join("duckdb.csv"));
    let mut figures = Figures::default();
    for round in 0..rounds {
        eprintln!("==> round {} of {rounds}", round + 1);
        let mine = guildhall(&folder, "7", Some(&ours))?;
        let sql = duckdb(&python, &["memory", &shown(&folder), "--repeat", "7"], Some(&theirs))?;
        figures.evaluate.push(median(&numbers(&mine, "evaluate")));
        figures.evaluate_sql.push(median(&numbers(&sql, "runs")));
        figures.partner_us.push(number(&mine, "one_partner_us"));
        let mine = guildhall(&folder, "1", None)?;
        let sql = duckdb(&python, &["folder", &shown(&folder)], None)?;
        figures.folder.push(number(&mine, "load_and_evaluate"));
        figures.folder_sql.push(number(&sql, "total"));
        figures.peak_mb.push(number(&mine, "peak_mb"));
        figures.peak_mb_sql.push(number(&sql, "peak_mb"));
        let double = guildhall(&twice, "7", None)?;
        figures.twice.push(median(&numbers(&double, "evaluate")));
        figures.twice_folder.push(number(&double, "load_and_evaluate"));
    }
    let compared = same_numbers(&ours, &theirs)?;
    figures.print(partners, rounds, compared);
    Ok(())
}

/// A virtual environment with DuckDB, made once.
pub(super) fn prepare_python() -> Outcome<String> {
    python_with("python", "duckdb", DUCKDB)
}

/// A virtual environment in a folder of the benchmarks with a module out of a package, made once.
pub(super) fn python_with(folder: &str, module: &str, package: &str) -> Outcome<String> {
    let home = root().join("target/bench").join(folder);
    let python = shown(&home.join("bin/python"));
    if works(&python, &["-c", &format!("import {module}")]) {
        return Ok(python);
    }
    if !works("python3", &["-m", "venv", "--help"]) {
        install(&["python3", "python3-venv"])?;
    }
    run("making a Python environment", command("python3", &["-m", "venv", &shown(&home)]))?;
    let install = command(&python, &["-m", "pip", "install", "-q", package]);
    run(&format!("installing {package}"), install)?;
    Ok(python)
}

fn guildhall(folder: &Path, repeat: &str, numbers: Option<&Path>) -> Outcome<Value> {
    let mut bench = command("cargo", &["bench", "-q", "-p", "guildhall", "--bench", "network"]);
    bench.args(["--", &shown(folder), &shown(&root().join(EDITION)), AS_OF, repeat]);
    bench.args(numbers);
    json("guildhall", &output("guildhall", bench)?)
}

fn duckdb(python: &str, arguments: &[&str], numbers: Option<&Path>) -> Outcome<Value> {
    let script = shown(&root().join("xtask/bench/network.py"));
    let mut bench = command(python, &[&script]);
    bench.args(arguments).args(["--as-of", AS_OF]);
    if let Some(numbers) = numbers {
        bench.arg("--out").arg(numbers);
    }
    json("DuckDB", &output("DuckDB", bench)?)
}

pub(super) fn json(what: &str, text: &str) -> Outcome<Value> {
    let line = text.lines().rfind(|line| line.starts_with('{')).unwrap_or_default();
    serde_json::from_str(line).map_err(|error| format!("{what}: {error} in {text}"))
}

pub(super) fn number(value: &Value, key: &str) -> f64 {
    value.get(key).and_then(Value::as_f64).unwrap_or(f64::NAN)
}

pub(super) fn numbers(value: &Value, key: &str) -> Vec<f64> {
    let list = value.get(key).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    list.iter().filter_map(Value::as_f64).collect()
}

/// How many partners were compared; an error where any number differs.
fn same_numbers(ours: &Path, theirs: &Path) -> Outcome<usize> {
    let read = |path: &Path| {
        fs::read_to_string(path).map_err(|error| format!("reading {}: {error}", path.display()))
    };
    let (ours, theirs) = (read(ours)?, read(theirs)?);
    // The SQL's file has a header and writes decimals with their trailing zeros.
    let mut theirs: Vec<&str> = theirs.lines().skip(1).collect();
    theirs.sort_unstable();
    let ours: Vec<&str> = ours.lines().collect();
    if ours.len() != theirs.len() {
        return Err(format!("{} partners here, {} in DuckDB", ours.len(), theirs.len()));
    }
    let plain = |cell: &str| match cell.split_once('.') {
        Some(_) => cell.trim_end_matches('0').trim_end_matches('.').to_owned(),
        None => cell.to_owned(),
    };
    for (mine, sql) in ours.iter().zip(&theirs) {
        let is_same = mine.split(',').map(plain).eq(sql.split(',').map(plain));
        if !is_same {
            return Err(format!("the numbers differ:\n  guildhall {mine}\n  DuckDB    {sql}"));
        }
    }
    Ok(ours.len())
}

/// Medians of each round.
#[derive(Default)]
struct Figures {
    evaluate: Vec<f64>,
    evaluate_sql: Vec<f64>,
    folder: Vec<f64>,
    folder_sql: Vec<f64>,
    partner_us: Vec<f64>,
    peak_mb: Vec<f64>,
    peak_mb_sql: Vec<f64>,
    twice: Vec<f64>,
    twice_folder: Vec<f64>,
}

impl Figures {
    fn print(&self, partners: u64, rounds: u64, compared: usize) {
        println!("network of {partners} partners, about {} facts, {rounds} rounds", partners * 100);
        println!("all values, states and tiers attained of {compared} partners are equal");
        let line = |what: &str, mine: &[f64], sql: &[f64], unit: &str| {
            let ratios: Vec<f64> = sql.iter().zip(mine).map(|(sql, mine)| sql / mine).collect();
            let (mine, sql, ratio) = (median(mine), median(sql), median(&ratios));
            println!(
                "{what:32} guildhall {mine:8.3} {unit}  DuckDB {sql:8.3} {unit}  ratio {ratio:.2}"
            );
        };
        line("evaluate, facts in memory", &self.evaluate, &self.evaluate_sql, "s");
        line("read, check, evaluate a folder", &self.folder, &self.folder_sql, "s");
        line("peak memory of the latter", &self.peak_mb, &self.peak_mb_sql, "MB");
        let growth = |twice: &[f64], once: &[f64]| {
            let ratios: Vec<f64> =
                twice.iter().zip(once).map(|(twice, once)| twice / once).collect();
            median(&ratios)
        };
        println!(
            "twice the facts: {:.2} times the time in memory, {:.2} times from the folder",
            growth(&self.twice, &self.evaluate),
            growth(&self.twice_folder, &self.folder)
        );
        println!("one partner of 100 facts: {:.2} microseconds", median(&self.partner_us));
    }
}
