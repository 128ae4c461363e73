//! `cargo xtask browser`: walks the portal in a real Chromium, as people do, and `cargo xtask
//! pictures`, which takes the pictures of `docs/pictures`.
//!
//! The journeys are in `e2e/`, in Python with Selenium. This installs what they need and runs them;
//! each journey starts a demonstration from the binary of the debug profile, and ends it.

use std::path::PathBuf;

use crate::bench::shown;
use crate::process::guildhall;
use crate::shell::{Outcome, command, install, root, run, works};

/// What looks for barriers, and its version.
const AXE: &str = "axe-core@4.14.1";
/// What drives the browser, and reads pictures and printed pages, with their versions.
const PACKAGES: [&str; 3] = ["selenium==4.51.0", "pillow==13.0.0", "pypdfium2==5.15.2"];

/// Walks the journeys whose names hold one of the words, or all.
pub fn run_journeys(words: &[&str]) -> Outcome {
    let tools = Tools::prepare()?;
    run("building guildhall", command("cargo", &["build", "-q", "--workspace"]))?;
    let mut walk = tools.python("e2e/run.py");
    walk.arg("--axe").arg(&tools.axe);
    walk.arg("--out").arg(home().join("failed")).args(words);
    run("walking the portal in a browser", walk)
}

/// Takes the pictures anew.
pub fn take_pictures(words: &[&str]) -> Outcome {
    let tools = Tools::prepare()?;
    run("building guildhall", command("cargo", &["build", "-q", "--workspace"]))?;
    let mut take = tools.python("e2e/pictures.py");
    take.arg("--out").arg(root().join("docs/pictures")).args(words);
    run("taking pictures of the portal", take)
}

/// Where the tools are.
fn home() -> PathBuf {
    root().join("target/browser")
}

struct Tools {
    axe: PathBuf,
    environment: PathBuf,
}

impl Tools {
    /// Installs what is missing.
    fn prepare() -> Outcome<Self> {
        install_programs()?;
        std::fs::create_dir_all(home()).map_err(|error| error.to_string())?;
        Ok(Self { axe: install_axe()?, environment: install_packages()? })
    }

    /// A script of `e2e/`, with the binary that it starts.
    fn python(&self, script: &str) -> std::process::Command {
        let python = self.environment.join("bin/python");
        let mut python = command(&shown(&python), &[script]);
        python.arg("--binary").arg(guildhall("debug").get_program());
        python
    }
}

/// Chromium, its driver, and the typeface of the portal.
fn install_programs() -> Outcome {
    let mut missing = Vec::new();
    for (package, program) in [("chromium", "chromium"), ("chromium-driver", "chromedriver")] {
        if !works(program, &["--version"]) {
            missing.push(package);
        }
    }
    if !works("dpkg", &["--status", "fonts-inter"]) {
        missing.push("fonts-inter");
    }
    if !works("npm", &["--version"]) {
        missing.push("npm");
    }
    if !works("python3", &["-m", "venv", "--help"]) {
        missing.extend(["python3", "python3-venv"]);
    }
    if missing.is_empty() { Ok(()) } else { install(&missing) }
}

fn install_axe() -> Outcome<PathBuf> {
    let place = home().join(AXE);
    let script = place.join("node_modules/axe-core/axe.min.js");
    if !script.exists() {
        let place = shown(&place);
        let arguments =
            ["install", "--no-save", "--ignore-scripts", "--silent", "--prefix", &place];
        let mut npm = command("npm", &arguments);
        npm.arg(AXE);
        run("installing axe", npm)?;
    }
    Ok(script)
}

/// An environment with the packages, made once for each list of versions.
fn install_packages() -> Outcome<PathBuf> {
    let place = home().join(PACKAGES.join("-").replace("==", "-"));
    let is_ready = place.join("is-ready");
    if !is_ready.exists() {
        run("making a Python environment", command("python3", &["-m", "venv", &shown(&place)]))?;
        let mut pip = command(&shown(&place.join("bin/pip")), &["install", "-q"]);
        run("installing Selenium", {
            pip.args(PACKAGES);
            pip
        })?;
        std::fs::write(is_ready, "").map_err(|error| error.to_string())?;
    }
    Ok(place)
}
