//! Any Markdown is a file of worked examples; what an update writes passes.
#![no_main]

use std::sync::LazyLock;

use guildhall_fuzz::network;
use guildhall_rules::examples;
use guildhall_rules::rulebook::{Catalogue, Edition};
use libfuzzer_sys::fuzz_target;

static NETWORK: LazyLock<(Edition, Catalogue)> = LazyLock::new(network);

fuzz_target!(|text: &str| {
    let (edition, catalogue) = &*NETWORK;
    let outcome = examples::run("example.md", text, edition, catalogue);
    assert!(outcome.problems.shown().iter().all(|problem| problem.code.contains("example")));
    let is_whole = outcome.problems.shown().iter().all(|found| found.code == "example-differs");
    if is_whole {
        let again = examples::run("example.md", &outcome.updated, edition, catalogue);
        assert!(again.problems.is_empty(), "{:#?}\n{}", again.problems, outcome.updated);
        // Lines that end in carriage returns end without one of them when they are written again.
        assert!(again.updated == outcome.updated || text.contains('\r'));
        assert_eq!(again.count, outcome.count);
    }
});
