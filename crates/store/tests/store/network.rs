//! An invented network, and ways to put facts into a store.

use guildhall_rules::facts::File;
use guildhall_rules::rulebook::{self, Catalogue, Edition};
use guildhall_store::{Draft, Entry, Kind, Network, Store};
use jiff::Timestamp;

/// The rulebook of an invented network of tile setters.
pub const TILES: &str = r#"
id = "tiles-2026"
network = "tiles"
title = "Tile setters"
published_at = 2025-11-01T00:00:00Z
in_force_from = 2026-01-01
evaluation = 1
currency = "EUR"
[[components]]
id = "work"
title = "Work"
[[levels]]
id = "craft"
title = "Craft"
rank = 1
[[credentials]]
id = "mosaic"
title = "Mosaic"
level = "craft"
validity_months = 36
[[measures]]
id = "roofs"
title = "Roofs finished"
component = "work"
kind = "count"
of = "opportunities"
window = { rolling_months = 12 }
[[measures]]
id = "setters"
title = "Setters"
component = "work"
kind = "people"
unit = "people"
highest_level = ["craft"]
[[paths]]
id = "setters"
title = "Setters"
[[paths.tiers]]
id = "member"
title = "Member"
[[paths.tiers]]
id = "expert"
title = "Expert"
requires = { roofs = 2, setters = 1 }
[review]
every_months = 12
counted_from = ["review"]
resets_windows = ["review"]
when_not_met = "keep"
"#;

pub fn edition() -> Edition {
    rulebook::load("rulebook.toml", TILES).unwrap_or_else(|problems| {
        panic!(
            "{}",
            problems.shown().iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
        )
    })
}

pub fn catalogue() -> Catalogue {
    Catalogue::new([&edition()])
}

pub fn tiles() -> Network {
    Network { id: "tiles".to_owned(), currency: Some("EUR".to_owned()) }
}

pub fn moment(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A draft from names and values.
pub fn draft(kind: Kind, values: &[(&str, &str)]) -> Draft {
    let mut cells = vec![None; kind.columns().len()];
    for (name, value) in values {
        cells[kind.position(name).unwrap()] = Some((*value).to_owned());
    }
    Draft { kind, cells }
}

pub fn partner(id: &str, name: &str) -> Draft {
    draft(Kind::Fact(File::Partners), &[("id", id), ("name", name), ("path", "setters")])
}

/// Records rows in one entry.
pub fn record(store: &Store, at: &str, drafts: &[Draft]) -> i64 {
    let committed = store.write(|tx| {
        let mut entry = Entry::new(moment(at), "operator", "add_fact", "test");
        for draft in drafts {
            tx.record(&mut entry, draft.clone())?;
        }
        tx.commit(entry)
    });
    let committed: Result<_, guildhall_store::Error> = committed;
    committed.unwrap().entry
}
