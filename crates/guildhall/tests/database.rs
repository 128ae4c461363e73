//! The binary over databases, as people and programs use it, on both engines.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may stop at once"
)]

#[path = "database/backup.rs"]
mod backup;
#[path = "shared/binary.rs"]
mod binary;
#[path = "shared/copy.rs"]
mod copy;
#[path = "../../store/tests/shared/databases.rs"]
mod databases;
#[path = "database/disk.rs"]
mod disk;
#[path = "database/export.rs"]
mod export;
#[path = "database/import.rs"]
mod import;
#[path = "database/reading.rs"]
mod reading;
#[path = "shared/snapshot.rs"]
mod snapshot;
#[path = "database/verify.rs"]
mod verify;

use std::path::{Path, PathBuf};

use binary::{Run, run};
use databases::Database;
use serde_json::Value;

/// The root of the repository, from which examples and rulebooks are named.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// Runs a command line, split at blanks, in the root of the repository.
fn guildhall(line: &str) -> Run {
    run(&root(), &line.split_whitespace().collect::<Vec<_>>())
}

/// What a command line prints that does what it is asked.
fn answer(line: &str) -> String {
    let Run { code, stdout, stderr } = guildhall(line);
    assert_eq!(code, Some(0), "{line}\n{stdout}{stderr}");
    stdout
}

/// The JSON that a command line prints that does what it is asked.
fn json(line: &str) -> Value {
    serde_json::from_str(&answer(&format!("{line} --json"))).unwrap()
}

/// Runs a command line that finds its input wrong, and returns what it says.
fn refused(line: &str, code: &str) -> String {
    let Run { code: status, stdout, stderr } = guildhall(line);
    assert_eq!((status, stdout.as_str()), (Some(1), ""), "{line}\n{stderr}");
    assert!(stderr.contains(&format!("[{code}]")), "{line}\n{stderr}");
    stderr
}

/// A database that holds an example.
fn holding(example: &str, database: Database) -> Database {
    answer(&format!("import examples/{example} --database {}", database.url));
    database
}

/// Changes a database as somebody would who has only its file or server.
fn tamper(database: &Database, sql: &str) {
    if let Some(path) = database.url.strip_prefix("sqlite:") {
        let changed = rusqlite::Connection::open(path).unwrap().execute(sql, []).unwrap();
        assert!(changed > 0, "{sql}");
    } else {
        let mut client = postgres::Client::connect(&database.url, postgres::NoTls).unwrap();
        assert!(client.execute(sql, &[]).unwrap() > 0, "{sql}");
    }
}
