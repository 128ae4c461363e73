//! Into a database without facts: every version as it stands.

use std::collections::BTreeMap;
use std::sync::mpsc::Receiver;

use super::reading::{Batch, OwnedRow, Rows};
use super::{Counts, Imported, Progress, Undone};
use crate::Error;
use crate::digest::{self, Birth, Digest};
use crate::facts::{Person, columns, row_cells};
use crate::journal::FactsDigest;
use crate::kinds::Kind;
use crate::store::Tx;

/// A row with its number and digest.
struct NumberedRow {
    row: OwnedRow,
    version: i64,
    person: Person,
    digest: Digest,
}

/// Loads all rows. Returns the number of the journal row, and the digest of all facts.
pub(super) fn fill(
    tx: &mut Tx<'_>,
    rows: &Rows<'_>,
) -> Result<(i64, FactsDigest, Imported), Undone> {
    let count = i64::try_from(rows.count).unwrap_or(i64::MAX - 1);
    let number = tx.numbers(count + 1)?;
    let mut facts = FactsDigest::default();
    let mut version = number;
    let number_row = |row: OwnedRow| {
        version += 1;
        let cells: Vec<Option<&str>> = row.cells.iter().map(Option::as_deref).collect();
        let person = Person::of(row.kind, &cells)?;
        let birth = birth(&row, version, number);
        let digest = digest::version(row.kind, birth, cells.iter().copied(), person.digest());
        facts.add(&digest);
        Ok(NumberedRow { row, version, person, digest })
    };
    let mut imported = Imported::default();
    let tell = |loaded| (rows.options.tell)(Progress::Loaded(loaded, rows.count));
    imported.left_out = rows.flow(number_row, |receiver| {
        load_all(tx, &receiver, &mut imported.counts, number, &tell)
    })?;
    Ok((number, facts, imported))
}

fn birth(row: &OwnedRow, version: i64, entry: i64) -> Birth<'_> {
    Birth {
        version,
        entry,
        recorded_at: row.recorded_at.as_deref(),
        closed_at: row.retracted_at.as_deref(),
        supersedes: None,
    }
}

/// Loads what comes, kind by kind.
fn load_all(
    tx: &mut Tx<'_>,
    receiver: &Receiver<Batch<NumberedRow>>,
    counts: &mut BTreeMap<Kind, Counts>,
    entry: i64,
    tell: &dyn Fn(u64),
) -> Result<u64, Error> {
    let mut loaded = 0;
    let mut next = receive(receiver)?;
    loop {
        let (kind, first) = match next {
            Batch::End(outcome) => return outcome,
            Batch::Rows(kind, rows) => (kind, rows),
        };
        let mut rows = Some(first);
        let mut after = None;
        tx.load(kind.table(), &columns(kind), &mut |give| {
            while let Some(batch) = rows.take() {
                for row in &batch {
                    let cells: Vec<Option<&str>> =
                        row.row.cells.iter().map(Option::as_deref).collect();
                    let birth = birth(&row.row, row.version, entry);
                    row_cells(birth, &cells, &row.person, &row.digest, give)?;
                }
                loaded += batch.len() as u64;
                counts.entry(kind).or_default().added += batch.len() as u64;
                tell(loaded);
                match receive(receiver)? {
                    Batch::Rows(other, more) if other == kind => rows = Some(more),
                    other => after = Some(other),
                }
            }
            Ok(())
        })?;
        next = after.ok_or_else(gone)?;
    }
}

fn receive<T>(receiver: &Receiver<Batch<T>>) -> Result<Batch<T>, Error> {
    receiver.recv().map_err(|_| gone())
}

fn gone() -> Error {
    Error::Io(std::io::Error::other("the reading thread ended early"))
}
