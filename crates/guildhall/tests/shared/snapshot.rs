//! Compares what came out with a file that a reader can look at; `UPDATE=1` rewrites the file.

use std::fs;
use std::path::Path;

/// Why a text differs from its file; the file is rewritten instead where that was asked for.
pub fn difference(file: &Path, found: &str) -> Option<String> {
    if std::env::var_os("UPDATE").is_some_and(|value| value == "1") {
        fs::write(file, found).unwrap();
        return None;
    }
    let expected = fs::read_to_string(file).unwrap_or_default();
    if expected == found {
        return None;
    }
    let mut lines = expected.lines().zip(found.lines()).zip(1..);
    let first = lines.find(|((expected, found), _)| expected != found);
    let line = first
        .map_or_else(|| expected.lines().count().min(found.lines().count()) + 1, |(_, line)| line);
    Some(format!(
        "{} differs at line {line}; UPDATE=1 rewrites it. Found:\n{found}",
        file.display()
    ))
}
