//! An invented network of tile setters, and who acts in it.

use guildhall_access::{Actor, Role, Side};
use guildhall_rules::facts::File;
use guildhall_server::ops::Cells;
use guildhall_server::{App, Caller, Clock, Error};
use guildhall_store::{Draft, Entry, Kind, Network, Store};
use jiff::Timestamp;

use crate::databases::Database;

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

pub fn moment(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub fn cells(values: &[(&str, &str)]) -> Cells {
    let values = values.iter();
    Cells(values.map(|(name, value)| ((*name).to_owned(), Some((*value).to_owned()))).collect())
}

fn caller(user: &str, side: Side, organization: &str, role: Role) -> Caller {
    Caller::acting(Actor {
        user: Some(user.to_owned()),
        organization: Some((side, organization.to_owned())),
        roles: vec![role],
        second_factor_age_seconds: Some(10),
        scopes: None,
    })
}

pub fn vendor(role: Role) -> Caller {
    caller("victor", Side::Vendor, "tiles", role)
}

pub fn manager() -> Caller {
    vendor(Role::ProgramManager)
}

pub fn at_partner(partner: &str, role: Role) -> Caller {
    caller(&format!("user-of-{partner}"), Side::Partner, partner, role)
}

pub fn at_customer(customer: &str, role: Role) -> Caller {
    caller(&format!("user-of-{customer}"), Side::Customer, customer, role)
}

/// Somebody who is signed in and belongs nowhere.
pub fn stranger() -> Caller {
    Caller::acting(Actor { user: Some("stranger".to_owned()), ..Actor::nobody() })
}

pub fn record(store: &Store, drafts: &[(File, &[(&str, &str)])]) {
    let recorded: Result<_, guildhall_store::Error> = store.write(|tx| {
        let mut entry = Entry::new(moment("2026-01-02T00:00:00Z"), "operator", "add_fact", "test");
        for (file, values) in drafts {
            let kind = Kind::Fact(*file);
            let mut cells = vec![None; kind.columns().len()];
            for (name, value) in *values {
                cells[kind.position(name).unwrap()] = Some((*value).to_owned());
            }
            tx.record(&mut entry, Draft { kind, cells })?;
        }
        tx.commit(entry)
    });
    recorded.unwrap();
}

/// Runs a test on a network with the partners `ada` and `bea`, on both engines.
pub fn on_both(test: impl Fn(App)) {
    for database in Database::both() {
        assert!(database.dir().is_dir());
        let store = Store::open(&database.url).unwrap();
        let network = Network { id: "tiles".to_owned(), currency: Some("EUR".to_owned()) };
        let editions = [("tiles-2026".to_owned(), TILES.to_owned())];
        let founded: Result<_, guildhall_store::Error> = store.write(|tx| {
            let at = moment("2026-01-01T00:00:00Z");
            let mut entry = Entry::new(at, "operator", "init", "tiles");
            tx.found_network(&mut entry, &network)?;
            tx.adopt_editions(&mut entry, "tiles", &editions)?;
            tx.commit(entry)
        });
        founded.unwrap();
        record(
            &store,
            &[
                (File::Partners, &[("id", "ada"), ("name", "Ada & Co"), ("path", "setters")]),
                (File::Partners, &[("id", "bea"), ("name", "Bea"), ("path", "setters")]),
            ],
        );
        test(App::new(store, Clock::at(moment("2026-06-30T12:00:00Z"))).unwrap());
    }
}

/// The code of an error.
pub fn code<T: std::fmt::Debug>(outcome: Result<T, Error>) -> String {
    match outcome {
        Err(Error::Invalid(problems)) => {
            let first = &problems.shown()[0];
            format!("{} {}", first.column.as_deref().unwrap_or("-"), first.code)
        }
        Err(Error::Denied { reason }) => format!("denied {reason}"),
        Err(Error::Internal(error)) => panic!("{error}"),
        Err(error) => error.kind().1.to_owned(),
        Ok(value) => panic!("{value:?}"),
    }
}
