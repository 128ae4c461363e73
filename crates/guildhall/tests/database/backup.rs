//! A database as one file, and back.

use std::fs;

use crate::binary::command;
use crate::databases::Database;
use crate::{answer, guildhall, holding, json, refused, root};

const NETWORK: &str = "network --as-of 2026-06-30 --json --explain";

#[test]
fn a_backup_of_either_engine_is_restored_into_either() {
    for database in Database::both().map(|database| holding("small-network", database)) {
        let file = database.dir().join("network.backup");
        let made = json(&format!("backup {} --database {}", file.display(), database.url));
        let bytes = fs::read(&file).unwrap();
        let expected = answer(&format!("{NETWORK} --database {}", database.url));
        let head = json(&format!("verify --database {}", database.url))["head"].clone();
        for again in Database::both() {
            let line = format!("restore {} --database {}", file.display(), again.url);
            assert_eq!(json(&line), made);
            assert_eq!(answer(&format!("{NETWORK} --database {}", again.url)), expected);
            let line = format!("verify --head {} --database {}", head.as_str().unwrap(), again.url);
            assert_eq!(json(&line)["head"], head);
            let line = format!("restore {} --database {}", file.display(), again.url);
            refused(&line, "not-new");
        }
        assert_eq!(fs::read(&file).unwrap(), bytes, "a backup is only read");
        assert_eq!(fs::read_dir(file.parent().unwrap()).unwrap().count(), files(&database));
    }
}

/// The database's own file, where it has one, and the backup.
fn files(database: &Database) -> usize {
    if database.url.starts_with("sqlite:") { 2 } else { 1 }
}

#[test]
fn nothing_is_written_over() {
    let database = holding("web-services-guru", Database::sqlite());
    let before = fs::read(root().join("README.md")).unwrap();
    refused(&format!("backup README.md --database {}", database.url), "file-exists");
    assert_eq!(fs::read(root().join("README.md")).unwrap(), before);
}

#[test]
fn what_is_no_backup_is_not_restored() {
    let database = Database::sqlite();
    let own = database.dir().join("own");
    fs::create_dir(&own).unwrap();
    let other = own.join("other.db");
    let made = rusqlite::Connection::open(&other).unwrap();
    made.execute_batch("create table other (id text)").unwrap();
    drop(made);
    fs::write(own.join("empty"), "").unwrap();
    let others = ["README.md".to_owned(), "no-such-file".to_owned(), "examples".to_owned()];
    let more = ["other.db", "empty"].map(|name| own.join(name).display().to_string());
    for file in others.into_iter().chain(more) {
        let report = refused(&format!("restore {file} --database {}", database.url), "no-backup");
        assert!(report.contains("problem: "), "{report}");
    }
    assert!(!database.dir().join("test.db").exists(), "no database is made of nothing");
    assert_eq!(fs::read_dir(&own).unwrap().count(), 2);
}

/// What is copied while others write is one state of the database: it verifies, and what it holds
/// is what some of them had written.
#[test]
fn a_backup_taken_while_others_import_verifies() {
    for database in Database::both().map(|database| holding("web-services-guru", database)) {
        let url = &database.url;
        let folder = database.dir().join("more");
        for round in 0..4 {
            let _ = fs::remove_dir_all(&folder);
            let line = format!(
                "generate {} --partners 40 --facts-per-partner 30 --seed {round}",
                folder.display()
            );
            answer(&line);
            let mut import = command(&root());
            import.args(["import", folder.to_str().unwrap(), "--database", url]);
            import.stdout(std::process::Stdio::null());
            let mut import = import.spawn().unwrap();
            let file = database.dir().join(format!("{round}.backup"));
            answer(&format!("backup {} --database {url}", file.display()));
            assert!(import.wait().unwrap().success());
            let again = Database::sqlite();
            answer(&format!("restore {} --database {}", file.display(), again.url));
            let verified = json(&format!("verify --database {}", again.url));
            assert_eq!(verified["problems"], serde_json::json!([]));
            let of_backup = guildhall(&format!("{NETWORK} --database {}", again.url));
            assert_eq!(of_backup.code, Some(0), "{}", of_backup.stderr);
            assert!(!of_backup.stdout.is_empty());
        }
    }
}
