//! Benchmarks: each prints ratios against a named alternative of the same run.

pub mod climb;
pub mod impact;
pub mod load;
pub mod network;
pub mod portal;
mod snapshot;
pub mod store;

use std::fs;
use std::path::{Path, PathBuf};

use crate::shell::{Outcome, command, root, run};

/// The last day of generated networks.
pub const UNTIL: &str = "2026-06-30";

/// The value of an option that takes a number.
pub fn option(options: &[&str], name: &str, default: u64) -> Outcome<u64> {
    let Some(at) = options.iter().position(|option| *option == name) else { return Ok(default) };
    let value = options.get(at + 1).and_then(|value| value.parse().ok());
    value.filter(|value| *value > 0).ok_or_else(|| format!("{name} takes a number"))
}

/// A generated network of so many partners with a hundred facts each, made once.
pub fn generate(bench: &Path, partners: u64) -> Outcome<PathBuf> {
    let folder = bench.join(format!("network-{partners}"));
    if folder.join("partners.csv").exists() {
        return Ok(folder);
    }
    fs::create_dir_all(bench).map_err(|error| format!("making {}: {error}", bench.display()))?;
    let (path, partners) = (shown(&folder), partners.to_string());
    let mut generate = command("cargo", &["run", "--profile", "dist", "-q", "--"]);
    generate.args(["generate", &path, "--partners", &partners, "--seed", "1"]);
    generate.args(["--facts-per-partner", "100", "--until", UNTIL]);
    run(&format!("generating {partners} partners"), generate)?;
    Ok(folder)
}

/// Where benchmarks keep their data.
pub fn home() -> PathBuf {
    root().join("target/bench")
}

/// A path as text.
pub fn shown(path: &Path) -> String {
    path.display().to_string()
}

/// The middle of some values.
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}
