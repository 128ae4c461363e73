//! `cargo xtask test`: installs what a test needs and runs everything that CI runs.

use std::time::Instant;

use crate::browser;
use crate::contract;
use crate::postgres::{Server, VARIABLE};
use crate::process::guildhall;
use crate::shell::{self, Outcome, command, install, works};
use crate::torture;

/// Runs steps one after the other, beside a PostgreSQL server, and stops at the first that fails.
fn run_steps(steps: &[(&str, &str, &[&str])], server: &Server) -> Outcome {
    for (what, program, arguments) in steps {
        let begin = Instant::now();
        let mut command = command(program, arguments);
        command.env(VARIABLE, server.url());
        shell::run(what, command)?;
        eprintln!("    {what}: {} s", begin.elapsed().as_secs());
    }
    Ok(())
}

/// The test command of the README.
pub fn run() -> Outcome {
    prepare()?;
    let server = Server::start()?;
    let steps: [(&str, &str, &[&str]); 6] = [
        ("formatting", "cargo", &["fmt", "--all", "--check"]),
        (
            "lints",
            "cargo",
            &["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"],
        ),
        ("licences and sources", "cargo", &["deny", "check", "licenses", "bans", "sources"]),
        ("tests", "cargo", &["test", "--workspace", "--locked"]),
        ("documentation", "cargo", &["doc", "--workspace", "--no-deps", "--locked", "--quiet"]),
        ("the binary", "cargo", &["build", "--workspace", "--locked"]),
    ];
    run_steps(&steps, &server)?;
    drop(server);
    let mut check = guildhall("debug");
    check.args(["rulebook", "check", "rulebooks"]);
    shell::run("shipped rulebooks", check)?;
    contract::run_contract(&["--examples", "20"])?;
    browser::run_journeys(&[])?;
    torture::run_torture(&["--rounds", "10"])?;
    eprintln!("==> all is well");
    Ok(())
}

/// Installs what is missing: the toolchain's own components, Python for the oracle, cargo-deny.
fn prepare() -> Outcome {
    for component in ["fmt", "clippy"] {
        if !works("cargo", &[component, "--version"]) {
            let name = if component == "fmt" { "rustfmt" } else { component };
            shell::run(&format!("adding {name}"), command("rustup", &["component", "add", name]))?;
        }
    }
    if !works("python3", &["--version"]) {
        install(&["python3"])?;
    }
    if !works("cargo", &["deny", "--version"]) {
        let arguments = ["install", "cargo-deny", "--locked", "--quiet"];
        shell::run(
            "installing cargo-deny, once, which takes some minutes",
            command("cargo", &arguments),
        )?;
    }
    Ok(())
}
