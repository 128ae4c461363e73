//! `cargo xtask bench climb`: plans over invented networks, beside the obvious greedy choice, and
//! the smaller ones beside the least cost that another solver finds by another formulation.
//!
//! What is measured and where the aims lie is in `docs/benchmarks.md`.

#![expect(clippy::float_arithmetic, reason = "seconds and ratios, not money")]

use serde_json::Value;

use super::network::{json, python_with};
use super::{home, median, option, shown};
use crate::shell::{Outcome, command, output, root, run};

/// People, credentials and requirements.
const SIZES: [[&str; 3]; 2] = [["200", "15", "8"], ["5000", "60", "8"]];
/// The other solver.
const HIGHS: &str = "highspy==1.16.0";

/// Runs the benchmark with its options.
pub fn run_bench(options: &[&str]) -> Outcome {
    let rounds = option(options, "--rounds", 5)?;
    let python = python_with("python-climb", "highspy", HIGHS)?;
    let mut build = command("cargo", &["bench", "-q", "-p", "guildhall-rules"]);
    build.args(["--bench", "plan", "--no-run"]);
    run("building the benchmark of plans", build)?;
    println!(
        "plans, {rounds} networks of each size: seconds, of the processor in brackets; proved, or \
         the gap; the cost, beside it that of HiGHS and of the greedy choice"
    );
    for (number, size) in SIZES.iter().enumerate() {
        let mut seconds = Vec::new();
        for seed in 1..=rounds {
            // The other solver takes minutes for the larger size.
            let folder = (number == 0).then(|| shown(&home().join(format!("climb-{seed}"))));
            let found = plan(size, seed, folder.as_deref())?;
            let least = match &folder {
                Some(folder) => Some(least(&python, folder)?),
                None => None,
            };
            seconds.push(found.get("seconds").and_then(Value::as_f64).unwrap_or(f64::NAN));
            told(size, seed, &found, least.as_ref())?;
        }
        println!("  {} people: half of them within {:.2} s", size[0], median(&seconds));
    }
    Ok(())
}

fn plan(size: &[&str; 3], seed: u64, folder: Option<&str>) -> Outcome<Value> {
    let mut bench = command("cargo", &["bench", "-q", "-p", "guildhall-rules"]);
    bench.args(["--bench", "plan", "--"]).args(size).args([&seed.to_string(), "400"]);
    bench.args(folder);
    json("plan", &output("plan", bench)?)
}

/// The least cost by the other solver.
fn least(python: &str, folder: &str) -> Outcome<Value> {
    let script = shown(&root().join("xtask/bench/climb.py"));
    json("HiGHS", &output("HiGHS", command(python, &[&script, folder]))?)
}

/// Prints a plan; an error where it is said to be the cheapest and the other solver's differs.
fn told(size: &[&str; 3], seed: u64, found: &Value, least: Option<&Value>) -> Outcome {
    let word = |key: &str| found.get(key).and_then(Value::as_str).unwrap_or("-").to_owned();
    let number = |key: &str| found.get(key).and_then(Value::as_f64).unwrap_or(f64::NAN);
    let is_proved = found.get("optimal").and_then(Value::as_bool) == Some(true);
    let proof = if is_proved { "proved".to_owned() } else { format!("gap {}", word("gap")) };
    let (cost, greedy) = (word("cost"), word("greedy"));
    let ratio = match (cost.parse::<f64>(), greedy.parse::<f64>()) {
        (Ok(cost), Ok(greedy)) => format!("{:.4}", greedy / cost),
        _ => "-".to_owned(),
    };
    let theirs = least.and_then(|least| least.get("cost")).and_then(Value::as_u64);
    let other = match (theirs, least.and_then(|least| least.get("seconds"))) {
        (Some(cost), Some(seconds)) => format!(", HiGHS {cost} in {seconds} s"),
        _ => String::new(),
    };
    println!(
        "  {} people, {} credentials, seed {seed}: {:.2} s ({:.2}), {proof}; {cost}{other}, \
         greedy {greedy}, ratio {ratio}",
        size[0],
        size[1],
        number("seconds"),
        number("processor_seconds"),
    );
    match theirs {
        Some(least) if is_proved && cost != least.to_string() => {
            Err(format!("seed {seed}: {cost} is said to be the least, HiGHS found {least}"))
        }
        _ => Ok(()),
    }
}
