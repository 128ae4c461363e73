//! `cargo xtask contract`: a client that knows nothing but the OpenAPI document tries everything
//! that it allows, and things that it does not, against a server on each engine.
//!
//! The client is Schemathesis (MIT, run beside, from an environment of its own). Any answer of
//! 500 and more fails, and any answer that the document does not describe.

use std::path::PathBuf;

use crate::bench::{home, option, shown};
use crate::postgres;
use crate::process::{Server, answer, guildhall, token};
use crate::shell::{Outcome, command, install, root, run, works};

/// The client and its version.
const CLIENT: &str = "schemathesis==4.32.5";
const PROFILE: &str = "debug";
/// What is looked at in every answer.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
                      response_schema_conformance";

/// Runs the client with its options.
pub fn run_contract(options: &[&str]) -> Outcome {
    let examples = option(options, "--examples", 100)?;
    let client = prepare()?;
    run("building guildhall", command("cargo", &["build", "-q", "--workspace"]))?;
    let server = postgres::Server::start()?;
    let dir = std::env::temp_dir().join(format!("guildhall-contract-{}", std::process::id()));
    std::fs::create_dir_all(&dir).map_err(|error| error.to_string())?;
    let file = format!("sqlite:{}", shown(&dir.join("contract.db")));
    let outcome = [file, server.new_database("contract")?]
        .iter()
        .try_for_each(|database| try_all(&client, database, examples));
    // What is left of it does no harm.
    let _ = std::fs::remove_dir_all(&dir);
    outcome
}

fn try_all(client: &str, database: &str, examples: u64) -> Outcome {
    let example = shown(&root().join("examples/small-network"));
    let mut import = guildhall(PROFILE);
    import.args(["import", &example, "--database", database]);
    answer("importing the example", &mut import)?;
    let token = token(PROFILE, database)?;
    let server = Server::start(PROFILE, database)?;
    let (url, header) = (
        format!("http://{}/api/openapi.json", server.address),
        format!("Authorization: Bearer {token}"),
    );
    let examples = examples.to_string();
    let engine = database.split(':').next().unwrap_or_default();
    let mut try_all = command(client, &["run", &url, "--header", &header, "--checks", CHECKS]);
    try_all.args(["--max-examples", &examples, "--phases", "examples,coverage,fuzzing"]);
    try_all.args(["--workers", "2", "--seed", "1", "--suppress-health-check", "all"]);
    try_all.args(["--warnings", "off"]);
    run(&format!("every route, by its description, on {engine}"), try_all)
}

/// An environment with the client, made once.
fn prepare() -> Outcome<String> {
    let place: PathBuf = home().join("contract");
    let client = shown(&place.join("bin/st"));
    if works(&client, &["--version"]) {
        return Ok(client);
    }
    if !works("python3", &["-m", "venv", "--help"]) {
        install(&["python3", "python3-venv"])?;
    }
    run("making a Python environment", command("python3", &["-m", "venv", &shown(&place)]))?;
    let pip = shown(&place.join("bin/pip"));
    run("installing the client", command(&pip, &["install", "-q", CLIENT]))?;
    Ok(client)
}
