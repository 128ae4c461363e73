//! Any text is a rulebook or a list of problems; a rulebook can be evaluated over any facts.
#![no_main]

use std::sync::LazyLock;

use guildhall_fuzz::{FOLDER, check_problems, days, evaluate, files, load_with, network, sources};
use guildhall_rules::facts::{LoadOptions, Mapping, References};
use guildhall_rules::rulebook::{self, Catalogue, Edition, check_sequence, in_force};
use libfuzzer_sys::fuzz_target;

static NETWORK: LazyLock<(Edition, Catalogue)> = LazyLock::new(network);

fuzz_target!(|text: &str| {
    let edition = match rulebook::load("rulebook.toml", text) {
        Ok(edition) => edition,
        Err(problems) => {
            assert!(!problems.is_empty());
            check_problems(&problems);
            return;
        }
    };
    let catalogue = Catalogue::new([&edition]);
    assert!(check_sequence(&[("rulebook.toml", &edition)]).is_empty());
    assert!(rulebook::diff(&edition, &edition).is_empty());
    for (old, new) in [(&edition, &NETWORK.0), (&NETWORK.0, &edition)] {
        serde_json::to_string(&rulebook::diff(old, new)).unwrap();
    }
    for day in days() {
        let _ = in_force([&edition], day, None);
        for tier in edition.paths.iter().flat_map(|path| &path.tiers) {
            assert!(!tier.name_on(day).is_empty());
        }
    }
    // The folder is written in the words of the first path, tier and so on of the edition.
    let first = |found: Option<&str>| found.unwrap_or("none").to_owned();
    let path = edition.paths.first();
    let tier = path.and_then(|path| path.tiers.first());
    let attribute = edition.event_kinds.first().and_then(|kind| kind.attributes.first());
    let folder = FOLDER
        .replace("fitting", &first(path.map(|path| path.id.as_str())))
        .replace("base", &first(tier.map(|tier| tier.id.as_str())))
        .replace("roof-installer", &first(edition.credentials.first().map(|c| c.id.as_str())))
        .replace("heat-pumps", &first(edition.programs.first().map(|p| p.id.as_str())))
        .replace("guidance", &first(edition.resolution_codes.first().map(|c| c.id.as_str())))
        .replace("site-audit", &first(edition.event_kinds.first().map(|k| k.id.as_str())))
        .replace("planner", &first(edition.partner_kinds.first().map(|k| k.id.as_str())))
        .replace("grade", &first(attribute.map(String::as_str)));
    let files = files(folder.as_bytes());
    let sources = sources(&files);
    let options = LoadOptions { known_at: None, threads: 1, references: References::Folder };
    let mut rejects = Vec::new();
    let loaded = load_with(&sources, &Mapping::default(), &catalogue, options, Some(&mut rejects));
    evaluate(&edition, &catalogue, &loaded.facts, &days());
});
