//! Any files are facts or a list of problems, and facts can be evaluated.
#![no_main]

use std::sync::LazyLock;

use guildhall_fuzz::{
    check_problems, check_rejects, days, evaluate, files, load_with, moments, network, sources,
};
use guildhall_rules::facts::{LoadOptions, Mapping};
use guildhall_rules::rulebook::{Catalogue, Edition};
use libfuzzer_sys::fuzz_target;

static NETWORK: LazyLock<(Edition, Catalogue)> = LazyLock::new(network);

fuzz_target!(|text: &[u8]| {
    let (edition, catalogue) = &*NETWORK;
    // Threads take most of the time, so that they are for some inputs only.
    let checks_threads = text.len().is_multiple_of(16);
    let mut files = files(text);
    let mut mapping = Mapping::default();
    if let Some(at) = files.iter().position(|(name, _)| name == "mapping.toml") {
        let (_, bytes) = files.remove(at);
        match Mapping::parse("mapping.toml", &String::from_utf8_lossy(&bytes)) {
            Ok(read) => mapping = read,
            Err(problems) => return check_problems(&problems),
        }
    }
    let sources = sources(&files);
    for options in moments().into_iter().flatten() {
        let loaded = load_with(&sources, &mapping, catalogue, options, None);
        check_problems(&loaded.problems);
        if checks_threads {
            let side_by_side = LoadOptions { threads: 3, ..options };
            let again = load_with(&sources, &mapping, catalogue, side_by_side, None);
            assert_eq!(loaded.problems, again.problems, "threads change nothing");
        }
        if loaded.problems.is_empty() {
            assert_eq!(loaded.left_out, 0);
            evaluate(edition, catalogue, &loaded.facts, &days());
            continue;
        }
        assert!(loaded.facts.is_empty() && loaded.facts.partners().len() == 0);
        let mut rejects = Vec::new();
        let rest = load_with(&sources, &mapping, catalogue, options, Some(&mut rejects));
        assert_eq!(loaded.problems, rest.problems, "rejects change no problem");
        check_rejects(&rejects, rest.left_out);
        evaluate(edition, catalogue, &rest.facts, &days());
    }
});
