//! What was changed behind the journal is found, with its place.

use serde_json::Value;

use crate::databases::Database;
use crate::{answer, guildhall, holding, json, tamper};

/// The problems that verifying finds, as JSON and as text.
fn found(database: &Database, more: &str) -> (Vec<Value>, String) {
    let line = format!("verify --database {} {more}", database.url);
    let json = guildhall(&format!("{line} --json"));
    assert_eq!((json.code, json.stderr.as_str()), (Some(1), ""), "{}", json.stdout);
    let report: Value = serde_json::from_str(&json.stdout).unwrap();
    let text = guildhall(&line);
    assert_eq!((text.code, text.stderr.as_str()), (Some(1), ""));
    (report["problems"].as_array().unwrap().clone(), text.stdout)
}

#[test]
fn what_was_changed_behind_the_journal_is_named() {
    for (sql, code, place) in [
        (
            "update ratings set score = '4' where version = (select min(version) from ratings)",
            "changed-fact",
            "ratings `",
        ),
        (
            "delete from ratings where version = (select min(version) from ratings)",
            "missing-fact",
            "journal entry",
        ),
        ("update ratings set entry = entry + 1", "changed-fact", "ratings `"),
        ("update journal set actor = 'somebody'", "changed-entry", "journal entry"),
        ("delete from seals where seq = 1", "missing-seal", "seals seq 2"),
        ("update seals set sha256 = 'other' where seq = 2", "broken-chain", "seals seq 2"),
        (
            "delete from journal where entry = (select min(entry) from journal)",
            "missing-entry",
            "journal entry",
        ),
        (
            "delete from journal where entry = (select min(entry) from journal)",
            "stray-fact",
            "partners `",
        ),
        ("update editions set text = 'other'", "changed-edition", "editions `"),
        ("delete from editions", "missing-edition", "editions `"),
    ] {
        for database in Database::both().map(|database| holding("small-network", database)) {
            holding_again(&database);
            tamper(&database, sql);
            let (problems, text) = found(&database, "");
            let is_told = problems.iter().any(|problem| {
                problem["code"] == code && problem["file"].as_str().unwrap().starts_with(place)
            });
            assert!(is_told, "{sql}: {problems:?}");
            assert!(text.contains(&format!("[{code}]")), "{text}");
        }
    }
}

/// A second row of the journal.
fn holding_again(database: &Database) {
    answer(&format!("import examples/small-network --database {}", database.url));
}

#[test]
fn an_untouched_database_verifies() {
    for database in Database::both().map(|database| holding("small-network", database)) {
        let report = json(&format!("verify --database {}", database.url));
        assert_eq!(report["problems"], serde_json::json!([]));
        assert_eq!((&report["more"], &report["entries"]), (&0.into(), &1.into()));
        assert_eq!(report["facts"], 1091);
        assert_eq!(report["unsealed"], serde_json::json!([]));
        let text = answer(&format!("verify --database {}", database.url));
        assert!(text.contains(report["head"].as_str().unwrap()), "{text}");
        assert!(text.contains("nothing was changed"), "{text}");
    }
}

#[test]
fn rows_that_are_not_sealed_yet_are_named() {
    let database = holding("web-services-guru", Database::sqlite());
    tamper(&database, "delete from seals");
    let report = json(&format!("verify --database {}", database.url));
    assert!(report["head"].is_null());
    assert_eq!(report["unsealed"].as_array().unwrap().len(), 1);
}

/// A head that was kept elsewhere shows that the chain was not written anew.
#[test]
fn a_head_that_was_handed_out_must_be_in_the_chain() {
    let [first, other] =
        ["small-network", "web-services-guru"].map(|example| holding(example, Database::sqlite()));
    let head = |database: &Database| {
        let report = json(&format!("verify --database {}", database.url));
        report["head"].as_str().unwrap().to_owned()
    };
    let kept = head(&first);
    holding_again(&first);
    assert_ne!(head(&first), kept);
    answer(&format!("verify --database {} --head {kept}", first.url));
    let (problems, _) = found(&first, &format!("--head {}", head(&other)));
    assert_eq!(problems[0]["code"], "other-head");
    for wrong in ["1", "1:abc", "0:", "x:y"] {
        let found = guildhall(&format!("verify --database {} --head {wrong}", first.url));
        assert_eq!(found.code, Some(1));
        assert!(found.stderr.contains("as `guildhall verify` prints it"), "{}", found.stderr);
    }
}

/// A damaged file is told as such.
#[test]
fn a_damaged_file_is_told() {
    let database = holding("small-network", Database::sqlite());
    let path = database.url.strip_prefix("sqlite:").unwrap();
    let mut bytes = std::fs::read(path).unwrap();
    let begin = bytes.len() / 4;
    bytes[begin..].fill(0xa5);
    std::fs::write(path, bytes).unwrap();
    let found = guildhall(&format!("verify --database {}", database.url));
    assert_eq!(found.code, Some(2), "{}{}", found.stdout, found.stderr);
    assert!(found.stderr.contains("damaged"), "{}", found.stderr);
}
