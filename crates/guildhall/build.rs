//! Puts the shipped rulebooks into the binary: a list of paths and texts.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

fn main() -> io::Result<()> {
    // Asked when it runs: a target directory that clones share holds one build of this script.
    let here = std::env::var_os("CARGO_MANIFEST_DIR");
    let here = here.ok_or_else(|| io::Error::other("no CARGO_MANIFEST_DIR"))?;
    let root = Path::new(&here).join("../../rulebooks").canonicalize()?;
    println!("cargo::rerun-if-changed={}", root.display());
    let mut text = String::from(
        "/// Path within the rulebooks and text of every shipped edition.\n\
         pub const SHIPPED: &[(&str, &str)] = &[\n",
    );
    let mut examples = String::from(
        "/// Edition, name and text of every worked example of a shipped edition.\n\
         pub const EXAMPLES: &[(&str, &str, &str)] = &[\n",
    );
    for network in folders(&root)? {
        println!("cargo::rerun-if-changed={}", network.display());
        for edition in folders(&network)? {
            let file = edition.join("rulebook.toml");
            let within = file.strip_prefix(&root).map_err(io::Error::other)?.display().to_string();
            let file = file.display().to_string();
            writeln!(text, "({within:?}, include_str!({file:?})),").map_err(io::Error::other)?;
            for (id, name, file) in tests(&edition)? {
                writeln!(examples, "({id:?}, {name:?}, include_str!({file:?})),")
                    .map_err(io::Error::other)?;
            }
        }
    }
    let default = root.join("default-network").display().to_string();
    write!(
        text,
        "];\n{examples}];\n/// The network that is meant when nothing names one.\n\
         pub const DEFAULT_NETWORK: &str = include_str!({default:?});\n"
    )
    .map_err(io::Error::other)?;
    let out = std::env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("no OUT_DIR"))?;
    fs::write(PathBuf::from(out).join("shipped.rs"), text)
}

/// The worked examples of an edition: its id, and the name and path of each.
fn tests(edition: &Path) -> io::Result<Vec<(String, String, String)>> {
    let folder = edition.join("tests");
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    println!("cargo::rerun-if-changed={}", folder.display());
    let entries = fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path()));
    let mut found: Vec<PathBuf> = entries.collect::<io::Result<_>>()?;
    found.retain(|path| path.extension().is_some_and(|end| end == "md"));
    found.sort();
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let all = found.iter().map(|path| (name(edition), name(path), path.display().to_string()));
    Ok(all.collect())
}

/// The folders in a folder, by name.
fn folders(of: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(of)?.map(|entry| entry.map(|entry| entry.path()));
    let mut found: Vec<PathBuf> = entries.collect::<io::Result<_>>()?;
    found.retain(|path| path.is_dir());
    found.sort();
    Ok(found)
}
