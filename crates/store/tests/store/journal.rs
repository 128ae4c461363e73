//! The journal, its chain, and what verifying finds.

use std::sync::Arc;
use std::thread;

use guildhall_rules::facts::File;
use guildhall_store::{Entry, Error, Kind, Store};

use super::databases::Database;
use super::network::{draft, moment, partner, record};

const AT: &str = "2026-01-01T10:00:00Z";

/// Runs a statement behind the store's back.
fn tamper(database: &Database, sql: &str) {
    if let Some(path) = database.url.strip_prefix("sqlite:") {
        let file = rusqlite::Connection::open(path).unwrap();
        assert_eq!(file.execute(sql, []).unwrap(), 1, "{sql}");
    } else {
        let mut client = postgres::Client::connect(&database.url, postgres::NoTls).unwrap();
        assert_eq!(client.execute(sql, &[]).unwrap(), 1, "{sql}");
    }
}

fn codes(store: &Store) -> Vec<(&'static str, String)> {
    let verified = store.verify(None).unwrap();
    verified.problems.into_iter().map(|fault| (fault.code, fault.place)).collect()
}

fn filled(database: &Database) -> Store {
    let store = Store::open(&database.url).unwrap();
    let person = [("id", "p-1"), ("partner", "ada"), ("name", "Eve"), ("emails", "e@a.example")];
    let person = draft(Kind::Fact(File::Individuals), &person);
    record(&store, AT, &[partner("ada", "Ada"), partner("bea", "Bea"), person]);
    record(&store, "2026-01-02T10:00:00Z", &[partner("ada", "Ada GmbH")]);
    let retracted = store.write(|tx| {
        let mut entry = Entry::new(moment("2026-01-03T10:00:00Z"), "u", "retract_fact", "bea");
        tx.retract(&mut entry, Kind::Fact(File::Partners), "bea")?;
        tx.commit(entry)
    });
    let _: guildhall_store::Committed = retracted.unwrap_or_else(|error: Error| panic!("{error}"));
    assert_eq!(store.seal(moment("2026-01-04T10:00:00Z")).unwrap(), 3);
    assert_eq!(codes(&store), []);
    store
}

#[test]
fn one_changed_byte_is_found_with_its_place() {
    let cases = [
        (
            "update partners set name = 'Adb' where id = 'ada' and superseded_at is not null",
            "changed-fact",
            "partners `ada` version",
        ),
        (
            "update partners set superseded_at = '2026-01-02T10:00:00.000000001Z' \
          where id = 'ada' and superseded_at is not null",
            "changed-fact",
            "partners `ada` version",
        ),
        (
            "update partners set superseded_at = null, superseded_by = null where id = 'bea'",
            "changed-fact",
            "retractions partners `bea`",
        ),
        (
            "update partners set superseded_at = '2026-01-02T10:00:00.000000000Z' \
          where name = 'Ada GmbH'",
            "changed-fact",
            "partners `ada` version",
        ),
        (
            "update individuals set name = 'Eva' where id = 'p-1'",
            "changed-fact",
            "individuals `p-1`",
        ),
        (
            "update individuals set salt = null where id = 'p-1'",
            "changed-fact",
            "individuals `p-1`",
        ),
        (
            "update individuals set emails = null where id = 'p-1'",
            "changed-fact",
            "individuals `p-1`",
        ),
        ("delete from individuals where id = 'p-1'", "missing-fact", "journal entry"),
        (
            "update partners set digest = digest + 1 where name = 'Ada GmbH'",
            "changed-fact",
            "partners `ada`",
        ),
        (
            "insert into units (version, id, customer, name, entry, digest) \
          values (999999, 'u', 'c', 'n', 1, 0)",
            "stray-fact",
            "units `u` version 999999",
        ),
        ("update journal set actor = 'eve' where subject = 'bea'", "broken-chain", "journal entry"),
        ("delete from journal where subject = 'bea'", "missing-entry", "journal entry"),
        ("delete from seals where seq = 2", "missing-seal", "seals seq 3"),
        ("update seals set sha256 = 'x' where seq = 1", "broken-chain", "seals seq 1"),
    ];
    for database in [Database::sqlite as fn() -> Database, Database::postgres] {
        for (sql, code, place) in cases {
            let database = database();
            let store = filled(&database);
            tamper(&database, sql);
            let found = codes(&store);
            let is_it = |(found, at): &(&str, String)| *found == code && at.starts_with(place);
            assert!(found.iter().any(is_it), "{sql}: {found:?}");
        }
    }
}

#[test]
fn a_head_that_was_handed_out_shows_a_rewritten_chain() {
    for database in Database::both() {
        let store = filled(&database);
        let head = store.head().unwrap().unwrap();
        assert_eq!(head.0, 3);
        record(&store, "2026-01-05T10:00:00Z", &[partner("cay", "Cay")]);
        store.seal(moment("2026-01-05T10:00:01Z")).unwrap();
        assert_eq!(store.verify(Some(&head)).unwrap().problems, []);
        let other = (3, "0".repeat(64));
        assert_eq!(store.verify(Some(&other)).unwrap().problems[0].code, "other-head");
    }
}

#[test]
fn rows_that_are_not_sealed_are_named() {
    for database in Database::both() {
        let store = filled(&database);
        let entry = record(&store, "2026-01-05T10:00:00Z", &[partner("cay", "Cay")]);
        let verified = store.verify(None).unwrap();
        assert_eq!((verified.problems.len(), verified.unsealed), (0, vec![entry]));
        assert_eq!((verified.entries, verified.facts), (4, 6));
    }
}

#[test]
fn writers_and_sealers_side_by_side_leave_one_chain() {
    const WRITERS: usize = 4;
    const WRITES: usize = 15;
    for database in Database::both() {
        // Two stores are two servers.
        let stores = [Store::open(&database.url).unwrap(), Store::open(&database.url).unwrap()]
            .map(Arc::new);
        thread::scope(|scope| {
            for writer in 0..WRITERS {
                let store = &stores[writer % 2];
                scope.spawn(move || {
                    for number in 0..WRITES {
                        // All of them change one fact, and add one of their own.
                        let own = partner(&format!("own-{writer}-{number}"), "Own");
                        let shared = partner("shared", &format!("by {writer}, {number}"));
                        record(store, AT, &[shared, own]);
                        store.seal(moment(AT)).unwrap();
                    }
                });
            }
        });
        let verified = stores[0].verify(None).unwrap();
        assert_eq!(verified.problems, []);
        assert!(verified.unsealed.is_empty());
        let count = (WRITERS * WRITES) as u64;
        assert_eq!((verified.entries, verified.facts), (count, 2 * count));
        let kind = Kind::Fact(File::Partners);
        let versions = stores[1].read(|tx| tx.versions(kind, "shared")).unwrap();
        assert_eq!(versions.len() as u64, count);
        for pair in versions.windows(2) {
            assert!(pair[0].recorded_at < pair[1].recorded_at);
        }
    }
}

#[test]
fn two_servers_may_start_at_once() {
    for database in Database::both() {
        thread::scope(|scope| {
            let starts: Vec<_> =
                (0..4).map(|_| scope.spawn(|| Store::open(&database.url).map(|_| ()))).collect();
            for start in starts {
                start.join().unwrap().unwrap();
            }
        });
    }
}

#[test]
fn a_database_of_a_newer_release_is_refused() {
    for database in Database::both() {
        drop(Store::open(&database.url).unwrap());
        tamper(&database, "insert into migrations values (9999, 'future', 'x', 'then')");
        let refused = Store::open(&database.url).map(|_| ());
        assert!(matches!(refused, Err(Error::Newer { found: 9999, .. })), "{refused:?}");
    }
}
