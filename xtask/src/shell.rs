//! Runs other programs, and says which.

use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Nothing, or what went wrong.
pub type Outcome<T = ()> = Result<T, String>;

/// The root of the repository.
pub fn root() -> PathBuf {
    // Asked when it runs: a target directory that clones share holds one build of this program.
    let built_in = || PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let here = std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(built_in, PathBuf::from);
    here.parent().unwrap_or(&here).to_owned()
}

/// A program with arguments, run in the root of the repository.
pub fn command(program: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root());
    if program == "cargo" {
        // What cargo tells this program about itself would make it build again what looks at it.
        let told = std::env::vars_os().map(|(name, _)| name);
        let of_package =
            |name: &str| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_");
        for name in told.filter(|name| name.to_str().is_some_and(of_package)) {
            command.env_remove(name);
        }
    }
    command
}

/// Runs a step and says which; an exit status other than zero is an error.
pub fn run(what: &str, mut command: Command) -> Outcome {
    eprintln!("==> {what}");
    let status = command.status().map_err(|error| format!("{what}: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{what}: {status}")) }
}

/// Runs a program and returns what it prints.
pub fn output(what: &str, mut command: Command) -> Outcome<String> {
    let output =
        command.stderr(Stdio::inherit()).output().map_err(|error| format!("{what}: {error}"))?;
    if !output.status.success() {
        return Err(format!("{what}: {}", output.status));
    }
    String::from_utf8(output.stdout).map_err(|error| format!("{what}: {error}"))
}

/// Whether a program can be run with these arguments.
pub fn works(program: &str, arguments: &[&str]) -> bool {
    let mut command = command(program, arguments);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// Installs Debian packages, as root or with sudo.
pub fn install(packages: &[&str]) -> Outcome {
    let is_root = output("who runs this", command("id", &["-u"]))?.trim() == "0";
    let apt = |arguments: &[&str]| {
        let mut all: Vec<&str> = if is_root { vec![] } else { vec!["sudo"] };
        all.push("apt-get");
        all.extend_from_slice(arguments);
        let (program, rest) = all.split_first().unwrap_or((&"apt-get", &[]));
        command(program, rest)
    };
    run("updating the list of packages", apt(&["update", "-qq"]))?;
    let mut arguments = vec!["install", "-y", "-qq", "--no-install-recommends"];
    arguments.extend_from_slice(packages);
    run(&format!("installing {}", packages.join(", ")), apt(&arguments))
}
