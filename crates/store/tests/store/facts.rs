//! Facts: versions that follow each other, two times, erasure.

use guildhall_rules::facts::File;
use guildhall_store::{Entry, Error, Kind, Recorded, Store};

use super::databases::Database;
use super::network::{draft, moment, partner, record};

const PARTNERS: Kind = Kind::Fact(File::Partners);
const INDIVIDUALS: Kind = Kind::Fact(File::Individuals);

#[test]
fn a_correction_closes_the_version_before_and_overwrites_nothing() {
    for database in Database::both() {
        let store = Store::open(&database.url).unwrap();
        record(&store, "2026-01-01T10:00:00Z", &[partner("ada", "Ada & Co")]);
        record(&store, "2026-02-01T10:00:00Z", &[partner("ada", "Ada GmbH")]);
        let versions = store.read(|tx| tx.versions(PARTNERS, "ada")).unwrap();
        let names: Vec<_> = versions.iter().map(|version| version.draft.cell("name")).collect();
        assert_eq!(names, [Some("Ada & Co"), Some("Ada GmbH")]);
        assert_eq!(versions[0].superseded_at, versions[1].recorded_at);
        assert_eq!(versions[0].superseded_by, Some(versions[1].version));
        assert_eq!(versions[1].supersedes, Some(versions[0].version));
        let current = store.read(|tx| tx.current(PARTNERS, "ada")).unwrap().unwrap();
        assert_eq!(current, versions[1]);
    }
}

#[test]
fn what_says_the_same_makes_no_version() {
    for database in Database::both() {
        let store = Store::open(&database.url).unwrap();
        record(&store, "2026-01-01T10:00:00Z", &[partner("ada", "Ada")]);
        let same = store.read(|tx| {
            let mut entry = Entry::new(moment("2026-02-01T10:00:00Z"), "u", "add_fact", "ada");
            tx.record(&mut entry, partner("ada", "Ada"))
        });
        assert!(matches!(same, Ok(Recorded::Same(_))), "{same:?}");
    }
}

#[test]
fn a_version_is_recorded_after_the_one_that_it_closes_even_if_the_clock_goes_back() {
    for database in Database::both() {
        let store = Store::open(&database.url).unwrap();
        record(&store, "2026-02-01T10:00:00Z", &[partner("ada", "Ada")]);
        record(&store, "2026-01-01T10:00:00Z", &[partner("ada", "Bea")]);
        let versions = store.read(|tx| tx.versions(PARTNERS, "ada")).unwrap();
        assert!(versions[0].recorded_at < versions[1].recorded_at);
        assert_eq!(store.verify(None).unwrap().problems, []);
    }
}

#[test]
fn a_retracted_fact_is_gone_now_and_there_then() {
    for database in Database::both() {
        let store = Store::open(&database.url).unwrap();
        record(&store, "2026-01-01T10:00:00Z", &[partner("ada", "Ada")]);
        let retract = |at: &str| {
            store.write(|tx| {
                let mut entry = Entry::new(moment(at), "u", "retract_fact", "ada");
                let was_held = tx.retract(&mut entry, PARTNERS, "ada")?;
                tx.commit(entry)?;
                Ok::<_, Error>(was_held)
            })
        };
        assert!(retract("2026-03-01T10:00:00Z").unwrap());
        assert!(!retract("2026-03-02T10:00:00Z").unwrap());
        let catalogue = super::network::catalogue();
        let is_known = |at: &str| {
            let at = Some(moment(at));
            store.read(|tx| tx.read_partner(&catalogue, "ada", at)).unwrap().is_some()
        };
        assert!(!is_known("2025-12-31T10:00:00Z"));
        assert!(is_known("2026-02-28T10:00:00Z"));
        assert!(!is_known("2026-03-01T10:00:00Z"));
        assert!(store.read(|tx| tx.is_known(PARTNERS, "ada")).unwrap());
        record(&store, "2026-04-01T10:00:00Z", &[partner("ada", "Ada again")]);
        assert!(is_known("2026-04-01T10:00:00Z"));
        assert_eq!(store.verify(None).unwrap().problems, []);
    }
}

#[test]
fn an_erased_person_leaves_a_skeleton_and_an_unbroken_chain() {
    for database in Database::both() {
        let store = Store::open(&database.url).unwrap();
        let person = |name: &str| {
            let cells =
                [("id", "p-1"), ("partner", "ada"), ("name", name), ("emails", "eve@ada.example")];
            draft(INDIVIDUALS, &cells)
        };
        record(&store, "2026-01-01T10:00:00Z", &[partner("ada", "Ada"), person("Eve")]);
        record(&store, "2026-01-02T10:00:00Z", &[person("Eve Smith")]);
        let erased = store.write(|tx| {
            let at = moment("2026-01-03T10:00:00Z");
            let mut entry = Entry::new(at, "u", "erase_person", "p-1");
            let erased = tx.erase_person(&mut entry, "p-1")?;
            tx.commit(entry)?;
            Ok::<_, Error>(erased)
        });
        assert_eq!(erased.unwrap().len(), 2);
        store.seal(moment("2026-01-03T10:00:01Z")).unwrap();
        for version in store.read(|tx| tx.versions(INDIVIDUALS, "p-1")).unwrap() {
            assert_eq!(version.draft.cell("name"), Some("(erased)"));
            assert_eq!(version.draft.cell("emails"), None);
            assert_eq!(version.draft.cell("partner"), Some("ada"));
        }
        assert_eq!(store.verify(None).unwrap().problems, []);
    }
}

#[test]
fn pages_follow_the_bytes_of_ids_on_both_engines() {
    let ids = ["B", "a", "ä", "b", "Z", "a-1", "a1"];
    let mut sorted = ids.map(str::to_owned);
    sorted.sort();
    for database in Database::both() {
        let store = Store::open(&database.url).unwrap();
        let drafts = ids.map(|id| partner(id, "x"));
        record(&store, "2026-01-01T10:00:00Z", &drafts);
        let mut found = Vec::new();
        let mut after: Option<String> = None;
        loop {
            let page =
                store.read(|tx| tx.page(PARTNERS, &[("path", "setters")], after.as_deref(), 3));
            let page = page.unwrap();
            found.extend(page.iter().map(|version| version.draft.id().to_owned()));
            after = found.last().cloned();
            if page.len() < 3 {
                break;
            }
        }
        assert_eq!(found, sorted);
        assert_eq!(store.read(|tx| tx.partner_ids()).unwrap(), sorted);
    }
}

#[test]
fn two_changes_of_one_fact_in_one_entry_are_refused() {
    let database = Database::sqlite();
    let store = Store::open(&database.url).unwrap();
    let refused = store.read(|tx| {
        let mut entry = Entry::new(moment("2026-01-01T10:00:00Z"), "u", "add_fact", "ada");
        tx.record(&mut entry, partner("ada", "Ada"))?;
        tx.record(&mut entry, partner("ada", "Bea"))
    });
    assert!(matches!(refused, Err(Error::Constraint(_))), "{refused:?}");
}

#[test]
fn every_table_has_the_columns_of_its_kind() {
    for database in Database::both() {
        let store = Store::open(&database.url).unwrap();
        for kind in Kind::all() {
            let page = store.read(|tx| tx.page(kind, &[], None, 1));
            assert_eq!(page.unwrap(), [], "{}", kind.table());
        }
        assert!(store.read(|tx| tx.is_empty()).unwrap());
    }
}
