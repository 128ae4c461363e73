//! Any text is a mapping or a list of problems, and a mapping can be used.
#![no_main]

use std::sync::LazyLock;

use guildhall_fuzz::{check_problems, check_rejects, load_with, network, sources};
use guildhall_rules::facts::{LoadOptions, Mapping, References};
use guildhall_rules::rulebook::{Catalogue, Edition};
use libfuzzer_sys::fuzz_target;

static NETWORK: LazyLock<(Edition, Catalogue)> = LazyLock::new(network);

fuzz_target!(|text: &str| {
    let mapping = match Mapping::parse("mapping.toml", text) {
        Ok(mapping) => mapping,
        Err(problems) => return check_problems(&problems),
    };
    // Every file that is named gets a header of its own mapping and a row in its date format.
    let files: Vec<(String, Vec<u8>)> = mapping
        .files
        .iter()
        .take(12)
        .map(|entry| {
            let delimiter = char::from(entry.delimiter).to_string();
            let ours = entry.file.columns().iter().enumerate();
            let headers: Vec<&str> = ours
                .map(|(at, column)| entry.columns.get(&at).map_or(column.name, String::as_str))
                .collect();
            let row = vec!["31.12.2026"; headers.len()];
            let text = format!("{}\n{}\n", headers.join(&delimiter), row.join(&delimiter));
            (entry.name.clone(), text.into_bytes())
        })
        .collect();
    let sources = sources(&files);
    let options = LoadOptions { known_at: None, threads: 1, references: References::Folder };
    let mut rejects = Vec::new();
    let loaded = load_with(&sources, &mapping, &NETWORK.1, options, Some(&mut rejects));
    check_problems(&loaded.problems);
    if !loaded.problems.is_empty() {
        check_rejects(&rejects, loaded.left_out);
    }
});
