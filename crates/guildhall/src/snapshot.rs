//! Files of network snapshots: opened to be read, and written in one move.

use std::fs::{self, File};
use std::io::{self, BufWriter, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use guildhall_rules::facts::{Facts, ReadAt, Snapshot, SnapshotHead, Wants};
use guildhall_rules::problem::Problem;
use guildhall_rules::rulebook::Catalogue;
use jiff::Timestamp;

use crate::failure::Failure;
use crate::folder::threads;

/// A file of a snapshot, whose head was read.
#[derive(Debug)]
pub struct SnapshotFile {
    path: PathBuf,
    length: u64,
    /// What it says about itself.
    pub head: SnapshotHead,
}

/// Reads at places of a file, each thread with a handle of its own while there is one.
struct Handles {
    path: PathBuf,
    free: Mutex<Vec<File>>,
}

impl ReadAt for Handles {
    fn read_at(&self, place: u64, buffer: &mut [u8]) -> io::Result<()> {
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut file = match free {
            Some(file) => file,
            None => File::open(&self.path)?,
        };
        file.seek(SeekFrom::Start(place))?;
        file.read_exact(buffer)?;
        self.free.lock().unwrap_or_else(PoisonError::into_inner).push(file);
        Ok(())
    }
}

impl SnapshotFile {
    /// Opens the file of a snapshot.
    pub fn open(path: &Path) -> Result<Self, Failure> {
        let unreadable = |error: &dyn std::fmt::Display| {
            let message = format!("the file cannot be read: {error}");
            Problem::new("unreadable-file", message).in_file(path.display().to_string())
        };
        let found = fs::metadata(path).map_err(|error| unreadable(&error))?;
        if !found.is_file() {
            return Err(unreadable(&"it is not a file").into());
        }
        let handles = Handles { path: path.to_owned(), free: Mutex::default() };
        let snapshot = Snapshot::open(&handles, found.len());
        let head = snapshot.map_err(|problem| in_file(path, *problem))?.head;
        Ok(Self { path: path.to_owned(), length: found.len(), head })
    }

    /// Its facts, with or without the ids of facts.
    pub fn facts(&self, catalogue: &Catalogue, wants: Wants) -> Result<Facts, Failure> {
        let handles = Handles { path: self.path.clone(), free: Mutex::default() };
        let read = Snapshot::open(&handles, self.length)
            .and_then(|snapshot| snapshot.facts(catalogue, wants, threads()));
        read.map_err(|problem| in_file(&self.path, *problem).into())
    }

    /// Refuses another state of knowledge than its own.
    pub fn check_known_at(&self, known_at: Option<Timestamp>) -> Result<(), Failure> {
        if known_at.is_none() || known_at == self.head.known_at {
            return Ok(());
        }
        let own = self.head.known_at.map_or_else(
            || "everything on record".to_owned(),
            |moment| format!("what was known at {moment}"),
        );
        let message = format!("the snapshot keeps {own}");
        let hint = "make one with `guildhall snapshot --known-at`, or ask the database";
        Err(Problem::new("other-knowledge", message).hint(hint).into())
    }
}

fn in_file(path: &Path, problem: Problem) -> Problem {
    problem.in_file(path.display().to_string())
}

/// Writes a snapshot beside its place and moves it there, so that readers find the old one or the
/// new one.
pub fn write(
    path: &Path,
    facts: &Facts,
    head: &SnapshotHead,
    catalogue: &Catalogue,
) -> Result<u64, Failure> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    let part = path.with_file_name(name);
    let broken = |error: &io::Error| Failure::broken(&format!("writing {}", path.display()), error);
    let write = || -> io::Result<u64> {
        let mut out = BufWriter::with_capacity(1 << 20, File::create(&part)?);
        facts.write_snapshot(head, catalogue, &mut out)?;
        out.flush()?;
        let file = out.into_inner().map_err(|error| error.into_error())?;
        file.sync_all()?;
        let length = file.metadata()?.len();
        fs::rename(&part, path)?;
        Ok(length)
    };
    write().map_err(|error| {
        // What is left of a failed attempt is of no use to anybody.
        let _ = fs::remove_file(&part);
        broken(&error)
    })
}
