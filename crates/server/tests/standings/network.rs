//! An invented network whose rules look at all sorts of facts, and rows for it.

use std::collections::BTreeMap;

use guildhall_access::{Actor, Role, Side};
use guildhall_rules::facts::File;
use guildhall_server::ops::network::{self, Asked, Refreshed, Refresher, Standing};
use guildhall_server::{App, Caller, Clock};
use guildhall_store::{Draft, Entry, Kind, Network, Store};
use jiff::Timestamp;

pub const TILES: &str = r#"
id = "tiles-2025"
network = "tiles"
title = "Tile setters"
published_at = 2024-11-01T00:00:00Z
in_force_from = 2025-01-01
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
validity_months = 12
[[programs]]
id = "slate"
title = "Slate"
category = "house"
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
[[measures]]
id = "houses"
title = "Houses"
component = "work"
kind = "count"
of = "validations"
distinct = "program"
window = "as_of"
[[measures]]
id = "plan"
title = "Plan"
component = "work"
kind = "document"
valid_months = 12
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
[[paths.tiers]]
id = "master"
title = "Master"
requires = { roofs = 3, setters = 2, houses = 1, plan = 1 }
[review]
every_months = 12
counted_from = ["review", "renewal"]
resets_windows = ["enrolment", "review", "renewal", "upgrade"]
notice_days = [90, 60, 30]
grace_days = 90
when_not_met = "to_what_is_met"
[[discounts]]
id = "desk"
title = "Desk discount"
on = "support"
period_months = 6
base_percent = 25
ceiling_percent = 40
when_lost = "ends_with_period"
[[discounts.eligibility]]
rule = "tier"
tier = ["expert", "master"]
"#;

pub fn moment(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub fn draft(file: File, values: &[(&str, &str)]) -> Draft {
    let kind = Kind::Fact(file);
    let mut cells = vec![None; kind.columns().len()];
    for (name, value) in values {
        cells[kind.position(name).unwrap_or_else(|| panic!("{file:?} has no {name}"))] =
            Some((*value).to_owned());
    }
    Draft { kind, cells }
}

pub fn partner(id: &str, name: &str) -> Draft {
    draft(File::Partners, &[("id", id), ("name", name), ("path", "setters")])
}

pub fn review(id: &str, partner: &str, on: &str, kind: &str, tier: &str) -> Draft {
    let values =
        [("id", id), ("partner", partner), ("path", "setters"), ("on", on), ("kind", kind)];
    draft(File::Reviews, &[&values[..], &[("tier", tier)]].concat())
}

pub fn roof(id: &str, partner: &str, day: &str) -> Draft {
    let values = [("id", id), ("partner", partner), ("customer", "town"), ("launched_on", day)];
    let done = [("stage", "Launched"), ("expected_mrr", "10"), ("currency", "EUR")];
    draft(File::Opportunities, &[&values[..], &done[..]].concat())
}

pub fn person(id: &str, partner: &str, person: &str) -> Draft {
    let values = [("id", id), ("partner", partner), ("name", id), ("person", person)];
    draft(File::Individuals, &values)
}

pub fn mosaic(id: &str, individual: &str, day: &str) -> Draft {
    let values =
        [("id", id), ("individual", individual), ("credential", "mosaic"), ("issued_on", day)];
    draft(File::Credentials, &values)
}

/// The manager of the vendor, who sees the network.
pub fn manager() -> Caller {
    caller(Side::Vendor, "tiles", Role::ProgramManager)
}

pub fn caller(side: Side, organization: &str, role: Role) -> Caller {
    Caller::acting(Actor {
        user: Some("mara".to_owned()),
        organization: Some((side, organization.to_owned())),
        roles: vec![role],
        ..Actor::nobody()
    })
}

/// A network without partners.
pub fn found(url: &str, now: &str) -> App {
    let store = Store::open(url).unwrap();
    let done: Result<_, guildhall_store::Error> = store.write(|tx| {
        let mut entry = Entry::new(moment("2025-01-01T00:00:00Z"), "operator", "found", "tiles");
        let network = Network { id: "tiles".to_owned(), currency: Some("EUR".to_owned()) };
        tx.found_network(&mut entry, &network)?;
        let editions = [("tiles-2025".to_owned(), TILES.to_owned())];
        tx.adopt_editions(&mut entry, "tiles", &editions)?;
        tx.commit(entry)
    });
    done.unwrap();
    App::new(store, Clock::at(moment(now))).unwrap()
}

/// Records rows in one entry and seals it.
pub fn record(app: &App, drafts: &[Draft]) {
    let now = app.clock.now();
    let done: Result<_, guildhall_store::Error> = app.store.write(|tx| {
        let mut entry = Entry::new(now, "operator", "add_fact", "test");
        for draft in drafts {
            tx.record(&mut entry, draft.clone())?;
        }
        tx.commit(entry)
    });
    done.unwrap();
    app.store.seal(now).unwrap();
}

/// Does all there is to do. Returns how many steps it took.
pub fn refresh(app: &App, refresher: &Refresher) -> u32 {
    let mut steps = 0;
    while refresher.step(app).unwrap() == Refreshed::Some {
        steps += 1;
    }
    steps
}

/// All standings, by partner.
pub fn standings(app: &App) -> BTreeMap<String, Standing> {
    let found = network::list(app, &manager(), &Asked::default(), None, 10_000).unwrap();
    assert_eq!(usize::try_from(found.count).unwrap(), found.standings.len());
    let by_partner = found.standings.into_iter().map(|(_, found)| (found.partner.clone(), found));
    by_partner.collect()
}
