//! Files that commands write: never over what may be facts or rules.

use std::fs;
use std::io::Read;
use std::path::Path;

use guildhall_rules::facts::SNAPSHOT_MARK;
use guildhall_rules::problem::Problem;

use crate::failure::Failure;

/// Writes a text as a file, in place of what was there.
///
/// # Errors
///
/// When the file cannot be written, or is a table or a settings file that is there.
pub fn write(path: &Path, text: &str) -> Result<(), Failure> {
    refuse_facts(path)?;
    fs::write(path, text)
        .map_err(|error| Failure::broken(&format!("writing {}", path.display()), &error))
}

/// Refuses to write over a file that is there and that facts or rules are read from.
fn refuse_facts(path: &Path) -> Result<(), Failure> {
    // A link is written through to what it names.
    let Ok(target) = path.canonicalize() else { return Ok(()) };
    let ending = target.extension().unwrap_or_default().to_ascii_lowercase();
    if ending == "csv" || ending == "toml" { Err(refused(path)) } else { Ok(()) }
}

/// Refuses to write a snapshot over a file that is none.
///
/// # Errors
///
/// When there is such a file.
pub fn refuse_other_than_snapshot(path: &Path) -> Result<(), Failure> {
    refuse_facts(path)?;
    let Ok(mut file) = fs::File::open(path) else { return Ok(()) };
    let mut begin = Vec::new();
    let read = file.by_ref().take(SNAPSHOT_MARK.len() as u64).read_to_end(&mut begin);
    if read.is_ok() && (begin.is_empty() || begin == SNAPSHOT_MARK) {
        return Ok(());
    }
    Err(refused(path))
}

fn refused(path: &Path) -> Failure {
    let message = format!("`{}` is there, and is something else", path.display());
    let hint = "name another file, or take this one away";
    Problem::new("bad-argument", message).hint(hint).into()
}
