//! Puts the shipped rulebooks into the binary: a list of network, edition, file and text.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

fn main() -> io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rulebooks").canonicalize()?;
    println!("cargo::rerun-if-changed={}", root.display());
    let mut entries = String::new();
    for network in folders(&root)? {
        for edition in folders(&network)? {
            println!("cargo::rerun-if-changed={}", edition.display());
            for file in files(&edition)? {
                let within = file.strip_prefix(&root).map_err(io::Error::other)?;
                entries.push_str(&format!("({within:?}, include_str!({file:?})),\n"));
            }
        }
    }
    let default = root.join("default-network");
    let text = format!(
        "/// Path within the rulebooks and text of every shipped file.\n\
         pub const SHIPPED: &[(&str, &str)] = &[\n{entries}];\n\
         /// The network that is meant when nothing names one.\n\
         pub const DEFAULT_NETWORK: &str = include_str!({default:?});\n"
    );
    let out = std::env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("no OUT_DIR"))?;
    fs::write(PathBuf::from(out).join("shipped.rs"), text)
}

fn folders(of: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found: Vec<PathBuf> = paths(of)?.into_iter().filter(|path| path.is_dir()).collect();
    found.sort();
    Ok(found)
}

/// The rulebook and its worked examples.
fn files(edition: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = vec![edition.join("rulebook.toml")];
    let tests = edition.join("tests");
    if tests.is_dir() {
        found.extend(paths(&tests)?);
    }
    found.retain(|path| path.is_file());
    found.sort();
    Ok(found)
}

fn paths(of: &Path) -> io::Result<Vec<PathBuf>> {
    fs::read_dir(of)?.map(|entry| entry.map(|entry| entry.path())).collect()
}
