//! An invented network of tile setters, and ways to fill and to spoil its database.

use guildhall_access::{Actor, Role, Side};
use guildhall_rules::facts::File;
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
[[paths.tiers]]
id = "master"
title = "Master"
requires = { roofs = 3, setters = 1 }
[review]
every_months = 12
counted_from = ["review", "renewal"]
resets_windows = ["enrolment", "review", "renewal", "upgrade"]
notice_days = [90, 60, 30]
grace_days = 90
when_not_met = "to_what_is_met"
[[training]]
id = "mosaic-exam"
title = "Mosaic: examination"
leads_to = "mosaic"
cost = 90
days = 20
[[efforts]]
id = "new-roof"
title = "Finish a roof"
of = "opportunities"
cost = 400
days = 30
at_most = 3
amount = 10
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

/// A draft from names and values.
pub fn draft(file: File, values: &[(&str, &str)]) -> Draft {
    let kind = Kind::Fact(file);
    let mut cells = vec![None; kind.columns().len()];
    for (name, value) in values {
        cells[kind.position(name).unwrap()] = Some((*value).to_owned());
    }
    Draft { kind, cells }
}

/// Records rows in one entry.
pub fn record(store: &Store, at: &str, drafts: &[Draft]) {
    let done: Result<_, guildhall_store::Error> = store.write(|tx| {
        let mut entry = Entry::new(moment(at), "operator", "add_fact", "test");
        for draft in drafts {
            tx.record(&mut entry, draft.clone())?;
        }
        tx.commit(entry)
    });
    done.unwrap();
}

pub fn roof(id: &str, partner: &str, day: &str) -> Draft {
    draft(
        File::Opportunities,
        &[
            ("id", id),
            ("partner", partner),
            ("customer", "town"),
            ("stage", "Launched"),
            ("expected_mrr", "10"),
            ("currency", "EUR"),
            ("launched_on", day),
        ],
    )
}

pub fn review(id: &str, partner: &str, on: &str, kind: &str, tier: &str) -> Draft {
    let values = [
        ("id", id),
        ("partner", partner),
        ("path", "setters"),
        ("on", on),
        ("kind", kind),
        ("tier", tier),
    ];
    draft(File::Reviews, &values)
}

/// Founds the network with its edition and three partners: `ada` meets what an expert needs,
/// `bob` does not, `cid` has its history in short.
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
    let partner = |id| draft(File::Partners, &[("id", id), ("name", id), ("path", "setters")]);
    let cid = [
        ("id", "cid"),
        ("name", "cid"),
        ("path", "setters"),
        ("tier", "expert"),
        ("last_review_on", "2025-07-01"),
    ];
    let person = [("id", "i-1"), ("partner", "ada"), ("name", "Ida"), ("emails", "i@ada.example")];
    let held = [
        ("id", "c-1"),
        ("individual", "i-1"),
        ("credential", "mosaic"),
        ("issued_on", "2025-02-01"),
    ];
    let rows = [
        partner("ada"),
        partner("bob"),
        draft(File::Partners, &cid),
        review("r-1", "ada", "2025-01-10", "enrolment", "member"),
        review("r-2", "ada", "2025-06-01", "review", "expert"),
        review("r-3", "bob", "2025-05-01", "review", "expert"),
        draft(File::Individuals, &person),
        draft(File::Credentials, &held),
        roof("o-1", "ada", "2025-09-01"),
        roof("o-2", "ada", "2025-10-01"),
    ];
    record(&store, "2025-11-01T00:00:00Z", &rows);
    App::new(store, Clock::at(moment(now))).unwrap()
}

fn actor(user: &str, side: Side, organization: &str, role: Role, factor: Option<i64>) -> Caller {
    Caller::acting(Actor {
        user: Some(user.to_owned()),
        organization: Some((side, organization.to_owned())),
        roles: vec![role],
        second_factor_age_seconds: factor,
        scopes: None,
    })
}

/// The vendor's program manager, with a fresh second factor.
pub fn manager() -> Caller {
    actor("mara", Side::Vendor, "tiles", Role::ProgramManager, Some(10))
}

/// The same, without one.
pub fn unproved() -> Caller {
    actor("mara", Side::Vendor, "tiles", Role::ProgramManager, None)
}

/// A partner's alliance lead.
pub fn lead(partner: &str) -> Caller {
    actor(&format!("lead-of-{partner}"), Side::Partner, partner, Role::AllianceLead, Some(10))
}

/// Changes a database behind everybody's back.
pub fn spoil(url: &str, sql: &str) {
    let changed = match url.strip_prefix("sqlite:") {
        Some(path) => rusqlite::Connection::open(path).unwrap().execute(sql, []).unwrap(),
        None => {
            let mut client = postgres::Client::connect(url, postgres::NoTls).unwrap();
            usize::try_from(client.execute(sql, &[]).unwrap()).unwrap()
        }
    };
    assert!(changed > 0, "{sql}");
}
