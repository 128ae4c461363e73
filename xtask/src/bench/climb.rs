//! `cargo xtask bench climb`: plans over invented networks, beside the obvious greedy choice.
//!
//! Each part prints its own lines; what is measured and where the aims lie is in
//! `docs/benchmarks.md`.

#![expect(clippy::float_arithmetic, reason = "seconds and ratios, not money")]

use serde_json::Value;

use super::{median, option};
use crate::shell::{Outcome, command, output, run};

/// Runs the benchmark with its options.
pub fn run_bench(options: &[&str]) -> Outcome {
    let rounds = option(options, "--rounds", 5)?;
    plans(rounds)
}

/// Plans: so many people, credentials and requirements, over several networks.
fn plans(rounds: u64) -> Outcome {
    let mut build = command("cargo", &["build", "--release", "-q", "-p", "guildhall-rules"]);
    build.args(["--bench", "plan"]);
    run("building the benchmark of plans", build)?;
    println!(
        "plans, {rounds} networks of each size; proved, or the gap; beside it the greedy cost"
    );
    for size in [["200", "15", "8"], ["5000", "60", "8"]] {
        let mut seconds = Vec::new();
        for seed in 1..=rounds {
            let mut bench = command("cargo", &["bench", "-q", "-p", "guildhall-rules"]);
            bench.args(["--bench", "plan", "--"]).args(size).args([&seed.to_string(), "400"]);
            let text = output("plan", bench)?;
            let line = text.lines().rfind(|line| line.starts_with('{')).unwrap_or_default();
            let found: Value =
                serde_json::from_str(line).map_err(|error| format!("plan: {error} in {text}"))?;
            let word = |key: &str| found.get(key).and_then(Value::as_str).unwrap_or("-").to_owned();
            let took = found.get("seconds").and_then(Value::as_f64).unwrap_or(f64::NAN);
            seconds.push(took);
            let is_proved = found.get("optimal").and_then(Value::as_bool) == Some(true);
            let proof =
                if is_proved { "proved".to_owned() } else { format!("gap {}", word("gap")) };
            let (cost, greedy) = (word("cost"), word("greedy"));
            let ratio = match (cost.parse::<f64>(), greedy.parse::<f64>()) {
                (Ok(cost), Ok(greedy)) => format!("{:.4}", greedy / cost),
                _ => "-".to_owned(),
            };
            println!(
                "  {} people, {} credentials, seed {seed}: {took:.2} s, {proof}; {cost}, greedy \
                 {greedy}, ratio {ratio}",
                size[0], size[1]
            );
        }
        println!("  {} people: half of them within {:.2} s", size[0], median(&seconds));
    }
    Ok(())
}
