//! Files of network snapshots: mapped to be read, and written in one move.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use guildhall_mapped::Mapped;
use guildhall_rules::facts::{Facts, OrderedFacts, Snapshot, SnapshotBytes, SnapshotHead, Wants};
use guildhall_rules::problem::Problem;
use guildhall_rules::rulebook::Catalogue;
use jiff::Timestamp;

use crate::failure::Failure;
use crate::folder::threads;

/// A file of a snapshot, whose head was read.
#[derive(Debug)]
pub struct SnapshotFile {
    path: PathBuf,
    snapshot: Snapshot,
}

impl SnapshotFile {
    /// Opens the file of a snapshot and maps it; where that cannot be, it is read.
    pub fn open(path: &Path) -> Result<Self, Failure> {
        let unreadable = |error: &dyn std::fmt::Display| {
            let message = format!("the file cannot be read: {error}");
            Problem::new("unreadable-file", message).in_file(path.display().to_string())
        };
        let found = fs::metadata(path).map_err(|error| unreadable(&error))?;
        if !found.is_file() {
            return Err(unreadable(&"it is not a file").into());
        }
        let bytes: SnapshotBytes = match Mapped::open(path) {
            Ok(mapped) => Arc::new(mapped),
            Err(_) => Arc::new(fs::read(path).map_err(|error| unreadable(&error))?),
        };
        let snapshot = Snapshot::open(bytes).map_err(|problem| in_file(path, *problem))?;
        Ok(Self { path: path.to_owned(), snapshot })
    }

    /// What it says about itself.
    pub fn head(&self) -> &SnapshotHead {
        &self.snapshot.head
    }

    /// Its facts, with or without the ids of facts.
    pub fn facts(&self, catalogue: &Catalogue, wants: Wants) -> Result<Facts, Failure> {
        let read = self.snapshot.facts(catalogue, wants, threads());
        read.map_err(|problem| in_file(&self.path, *problem).into())
    }

    /// Refuses another state of knowledge than its own.
    pub fn check_known_at(&self, known_at: Option<Timestamp>) -> Result<(), Failure> {
        let own = self.head().known_at;
        if known_at.is_none() || known_at == own {
            return Ok(());
        }
        let own = own.map_or_else(
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
/// new one. Returns its length.
pub fn write(
    path: &Path,
    facts: &OrderedFacts,
    head: &SnapshotHead,
    catalogue: &Catalogue,
) -> Result<u64, Failure> {
    guildhall_mapped::replace(path, |out| facts.write_snapshot(head, catalogue, out))
        .map_err(|error| Failure::broken(&format!("writing {}", path.display()), &error))
}
