//! Migrations that were applied somewhere are never changed: a correction is a step of its own.

use std::fs;
use std::path::Path;

use guildhall_store::sha256;

#[test]
fn applied_migrations_are_what_they_were() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let listed = fs::read_to_string(dir.join("applied.sha256")).unwrap();
    let listed: Vec<(&str, &str)> =
        listed.lines().filter_map(|line| line.split_once("  ")).collect();
    for (digest, name) in &listed {
        let text = fs::read(dir.join(name)).unwrap();
        assert_eq!(sha256(&text), *digest, "{name} was changed after it was listed");
    }
    let files = fs::read_dir(&dir).unwrap().map(|entry| entry.unwrap().file_name());
    let steps = files.filter(|name| name.to_string_lossy().ends_with(".sql")).count();
    assert_eq!(listed.len(), steps, "every step is listed in applied.sha256");
}
