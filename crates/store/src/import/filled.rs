//! Into a filled database: what the folder holds to be true now, compared with what is held.
//!
//! The rows are loaded into temporary tables, one for each kind, and compared there by the
//! database; only what differs comes back, a batch at a time.

use std::collections::BTreeSet;
use std::sync::mpsc::Receiver;

use guildhall_rules::facts::File;
use guildhall_rules::problem::{Problem, Problems};

use super::reading::{Batch, OwnedRow, Rows};
use super::{Counts, Imported, Progress, Undone};
use crate::connection::{Cell, Row, Value};
use crate::digest::{self, Birth};
use crate::facts::{Draft, ERASED, Person, Successor, Version, columns, read, row_cells, selected};
use crate::journal::{Entry, FactsDigest};
use crate::kinds::{Kind, PERSONAL};
use crate::store::Tx;
use crate::{Error, values};

/// How many differing rows are fetched at once.
const BATCH: i64 = 2_000;

/// What is loaded and compared so far.
struct Merge<'x> {
    entry: &'x Entry,
    number: i64,
    version: i64,
    facts: FactsDigest,
    imported: Imported,
    /// Partners whose people changed.
    partners: BTreeSet<String>,
}

/// Brings the database to what the folder says. Returns the number of the journal row, and the
/// digest of all new versions.
pub(super) fn merge(
    tx: &mut Tx<'_>,
    rows: &Rows<'_>,
    entry: &Entry,
) -> Result<(i64, FactsDigest, Imported), Undone> {
    let mut staged = BTreeSet::new();
    let tell = |loaded| (rows.options.tell)(Progress::Loaded(loaded, rows.count));
    let left_out = rows.flow(Ok, |receiver| stage_all(tx, &receiver, &mut staged, &tell))?;
    (rows.options.tell)(Progress::Comparing);
    let complete: BTreeSet<Kind> = rows.options.complete.iter().copied().map(Kind::Fact).collect();
    for kind in complete.difference(&staged) {
        make_stage(tx, *kind)?;
    }
    let kinds: BTreeSet<Kind> = staged.union(&complete).copied().collect();
    let mut most = i64::try_from(rows.count).unwrap_or(i64::MAX / 2);
    for kind in &complete {
        let sql = format!("select count(*) from \"current_{}\"", kind.table());
        most += tx.query_one(&sql, values![])?.and_then(|row| row.maybe_int(0)).unwrap_or(0);
    }
    let number = tx.numbers(most.saturating_add(1))?;
    let mut merge = Merge {
        entry,
        number,
        version: number,
        facts: FactsDigest::default(),
        imported: Imported { left_out, ..Imported::default() },
        partners: BTreeSet::new(),
    };
    for kind in &kinds {
        merge.change(tx, *kind)?;
        merge.retract(tx, *kind, complete.contains(kind))?;
        tx.batch(&format!("drop table \"staged_{}\"", kind.table()))?;
    }
    merge.check_emails(tx)?;
    merge.check_affiliations(tx, rows)?;
    Ok((number, merge.facts, merge.imported))
}

/// Makes the table in which rows of a kind wait to be compared.
fn make_stage(tx: &mut Tx<'_>, kind: Kind) -> Result<(), Error> {
    let (table, collate) = (kind.table(), if tx.is_postgres() { " collate \"C\"" } else { "" });
    let cells: Vec<String> = kind.names().map(|name| format!("\"{name}\" text{collate}")).collect();
    tx.batch(&format!(
        "create temporary table \"staged_{table}\" ({}, \"is_held\" bigint)",
        cells.join(", ")
    ))
}

fn stage_all(
    tx: &mut Tx<'_>,
    receiver: &Receiver<Batch<OwnedRow>>,
    staged: &mut BTreeSet<Kind>,
    tell: &dyn Fn(u64),
) -> Result<u64, Error> {
    let gone = || Error::Io(std::io::Error::other("the reading thread ended early"));
    let mut loaded = 0;
    let mut next = receiver.recv().map_err(|_| gone())?;
    loop {
        let (kind, first) = match next {
            Batch::End(outcome) => return outcome,
            Batch::Rows(kind, rows) => (kind, rows),
        };
        if staged.insert(kind) {
            make_stage(tx, kind)?;
        }
        let mut names: Vec<&str> = kind.names().collect();
        names.push("is_held");
        let (mut rows, mut after) = (Some(first), None);
        tx.load(&format!("staged_{}", kind.table()), &names, &mut |give| {
            while let Some(batch) = rows.take() {
                for row in &batch {
                    let text = |cell: &'_ Option<String>| -> Value { cell.clone().into() };
                    let values: Vec<Value> = row.cells.iter().map(text).collect();
                    let mut cells: Vec<Cell<'_>> = values.iter().map(Value::cell).collect();
                    cells.push(Cell::Int(i64::from(row.retracted_at.is_none())));
                    give(&cells)?;
                }
                loaded += batch.len() as u64;
                tell(loaded);
                match receiver.recv().map_err(|_| gone())? {
                    Batch::Rows(other, more) if other == kind => rows = Some(more),
                    other => after = Some(other),
                }
            }
            Ok(())
        })?;
        let table = kind.table();
        tx.batch(&format!(
            "create index if not exists \"staged_{table}_id\" on \"staged_{table}\" (\"id\")"
        ))?;
        if tx.is_postgres() {
            tx.batch(&format!("analyze \"staged_{table}\""))?;
        }
        next = after.ok_or_else(gone)?;
    }
}

impl Merge<'_> {
    fn counts(&mut self, kind: Kind) -> &mut Counts {
        self.imported.counts.entry(kind).or_default()
    }

    /// New facts, and facts with other values.
    fn change(&mut self, tx: &mut Tx<'_>, kind: Kind) -> Result<(), Error> {
        let table = kind.table();
        let held = format!("select count(*) from \"staged_{table}\" where \"is_held\" = 1");
        let held = tx.query_one(&held, values![])?.and_then(|row| row.maybe_int(0)).unwrap_or(0);
        let cells: Vec<String> = kind.names().map(|name| format!("s.\"{name}\"")).collect();
        let differs: Vec<String> = kind
            .names()
            .skip(1)
            .map(|name| format!("s.\"{name}\" is distinct from c.\"{name}\""))
            .collect();
        // Whatever is held no more and comes back is recorded behind its end.
        let ended_at = format!(
            "case when c.\"version\" is null then (select max(p.\"superseded_at\") \
             from \"{table}\" p where p.\"id\" = s.\"id\" and p.\"superseded_at\" is not null) end"
        );
        let sql = format!(
            "select {}, {}, {} from \"staged_{table}\" s left join \"{table}\" c \
             on c.\"id\" = s.\"id\" and c.\"superseded_at\" is null \
             where s.\"is_held\" = 1 and s.\"id\" > $1 and (c.\"version\" is null or {}) \
             order by s.\"id\" limit $2",
            cells.join(", "),
            ended_at,
            selected(kind, "c"),
            differs.join(" or ")
        );
        let mut after = String::new();
        let mut done = 0;
        loop {
            let rows = tx.query(&sql, values![&after, BATCH])?;
            let count = rows.len();
            let mut changes = Vec::with_capacity(count);
            for row in rows {
                let change = Successor::read(kind, row)?;
                change.draft.id().clone_into(&mut after);
                changes.extend(change.unless_same());
            }
            done += i64::try_from(changes.len()).unwrap_or(0);
            self.write(tx, kind, &changes)?;
            if count < usize::try_from(BATCH).unwrap_or(usize::MAX) {
                break;
            }
        }
        self.counts(kind).same += (held - done).unsigned_abs();
        Ok(())
    }

    /// Writes new versions, closing those before.
    fn write(&mut self, tx: &mut Tx<'_>, kind: Kind, changes: &[Successor]) -> Result<(), Error> {
        if changes.is_empty() {
            return Ok(());
        }
        let first = self.version + 1;
        let recorded: Vec<String> =
            changes.iter().map(|change| self.entry.after(change.behind.as_deref())).collect();
        let closings: Vec<(i64, &str, i64)> = changes
            .iter()
            .zip(&recorded)
            .zip(first..)
            .filter_map(|((change, at), by)| Some((change.held.as_ref()?.version, &**at, by)))
            .collect();
        close(tx, kind, &closings)?;
        let (number, facts) = (self.number, &mut self.facts);
        tx.load(kind.table(), &columns(kind), &mut |give| {
            for ((change, at), version) in changes.iter().zip(&recorded).zip(first..) {
                let cells: Vec<Option<&str>> =
                    change.draft.cells.iter().map(Option::as_deref).collect();
                let person = Person::of(kind, &cells)?;
                let birth = Birth {
                    version,
                    entry: number,
                    recorded_at: Some(at),
                    closed_at: None,
                    supersedes: change.held.as_ref().map(|held| held.version),
                };
                let digest = digest::version(kind, birth, cells.iter().copied(), person.digest());
                facts.add(&digest);
                row_cells(birth, &cells, &person, &digest, give)?;
            }
            Ok(())
        })?;
        self.version += i64::try_from(changes.len()).unwrap_or(0);
        for change in changes {
            let counts = self.counts(kind);
            if change.held.is_some() {
                counts.changed += 1;
            } else {
                counts.added += 1;
            }
            if kind.is_personal() {
                self.partners.extend(change.draft.cell("partner").map(str::to_owned));
            }
        }
        Ok(())
    }

    /// Facts that the folder holds no more, or does not name although it is complete.
    fn retract(&mut self, tx: &mut Tx<'_>, kind: Kind, is_complete: bool) -> Result<(), Error> {
        let table = kind.table();
        let is_named = format!("select 1 from \"staged_{table}\" s where s.\"id\" = c.\"id\"");
        let mut sql = format!(
            "select {} from \"{table}\" c where c.\"superseded_at\" is null \
             and not exists ({is_named} and s.\"is_held\" = 1) and c.\"version\" > $1",
            selected(kind, "c")
        );
        if !is_complete {
            sql += &format!(" and exists ({is_named})");
        }
        sql += " order by c.\"version\" limit $2";
        let mut after = 0;
        loop {
            let rows = tx.query(&sql, values![after, BATCH])?;
            let held: Vec<Version> =
                rows.iter().map(|row| read(kind, row)).collect::<Result<_, _>>()?;
            let Some(last) = held.last() else { return Ok(()) };
            after = last.version;
            self.write_retractions(tx, kind, &held)?;
        }
    }

    fn write_retractions(
        &mut self,
        tx: &mut Tx<'_>,
        kind: Kind,
        held: &[Version],
    ) -> Result<(), Error> {
        let first = self.version + 1;
        let recorded: Vec<String> =
            held.iter().map(|held| self.entry.after(held.recorded_at.as_deref())).collect();
        let closings: Vec<(i64, &str, i64)> = held
            .iter()
            .zip(&recorded)
            .zip(first..)
            .map(|((held, at), by)| (held.version, at.as_str(), by))
            .collect();
        close(tx, kind, &closings)?;
        let (number, facts) = (self.number, &mut self.facts);
        tx.load("retractions", &crate::facts::RETRACTION, &mut |give| {
            for ((held, at), version) in held.iter().zip(&recorded).zip(first..) {
                let birth = Birth {
                    version,
                    entry: number,
                    recorded_at: Some(at),
                    closed_at: None,
                    supersedes: Some(held.version),
                };
                let digest = digest::retraction(kind.table(), held.draft.id(), birth);
                facts.add(&digest);
                give(&[
                    Cell::Int(version),
                    Cell::Text(kind.table()),
                    Cell::Text(held.draft.id()),
                    Cell::Int(held.version),
                    Cell::Text(at),
                    Cell::Int(number),
                    Cell::Int(digest::short(&digest)),
                ])?;
            }
            Ok(())
        })?;
        self.version += i64::try_from(held.len()).unwrap_or(0);
        self.counts(kind).retracted += held.len() as u64;
        Ok(())
    }

    /// Affiliations that are held and those of the folder may not make a cycle together.
    fn check_affiliations(&mut self, tx: &mut Tx<'_>, rows: &Rows<'_>) -> Result<(), Undone> {
        let kind = Kind::Fact(File::Affiliations);
        let counts = self.imported.counts.get(&kind).copied().unwrap_or_default();
        let Counts { added, changed, .. } = counts;
        if added + changed == 0 {
            return Ok(());
        }
        let files = [File::Partners, File::Affiliations];
        let problems = tx.problems_of(rows.options.catalogue, &files)?;
        if problems.is_empty() { Ok(()) } else { Err(Undone::Problems(problems)) }
    }

    /// Two people of one partner may not share an e-mail, whichever of them was there before.
    fn check_emails(&mut self, tx: &mut Tx<'_>) -> Result<(), Undone> {
        let mut problems = Problems::new();
        for partner in &self.partners {
            for (one, other) in tx.shared_emails(partner)? {
                let message = format!("`{other}` shares an e-mail with `{one}`, another person");
                let hint = "the same human has the same `person` in both rows";
                let file = File::Individuals.name();
                let problem = Problem::new("shared-email", message).in_file(file);
                problems.push(problem.hint(hint));
            }
        }
        if problems.is_empty() { Ok(()) } else { Err(Undone::Problems(problems)) }
    }
}

/// Closes versions: which, when, by which.
fn close(tx: &mut Tx<'_>, kind: Kind, closings: &[(i64, &str, i64)]) -> Result<(), Error> {
    if closings.is_empty() {
        return Ok(());
    }
    tx.batch(
        "create temporary table if not exists \"closings\" \
         (\"closed\" bigint, \"at\" text, \"by\" bigint)",
    )?;
    tx.batch("delete from \"closings\"")?;
    tx.load("closings", &["closed", "at", "by"], &mut |give| {
        closings.iter().try_for_each(|(closed, at, by)| {
            give(&[Cell::Int(*closed), Cell::Text(at), Cell::Int(*by)])
        })
    })?;
    let table = kind.table();
    let sql = format!(
        "update \"{table}\" set \"superseded_at\" = \"closings\".\"at\", \
         \"superseded_by\" = \"closings\".\"by\" from \"closings\" \
         where \"{table}\".\"version\" = \"closings\".\"closed\""
    );
    tx.execute(&sql, values![])?;
    Ok(())
}

impl Successor {
    /// Reads a row of the folder, with what is held in its place.
    fn read(kind: Kind, mut row: Row) -> Result<Self, Error> {
        let held = Row(row.0.split_off(kind.columns().len() + 1));
        let ended_at = row.owned(kind.columns().len());
        let cells = (0..kind.columns().len()).map(|at| row.owned(at)).collect();
        let held = match held.maybe_int(0) {
            Some(_) => Some(read(kind, &held)?),
            None => None,
        };
        let behind = held.as_ref().map_or(ended_at, |held| held.recorded_at.clone());
        let mut change = Self { draft: Draft { kind, cells }, held, behind };
        change.keep_erased();
        Ok(change)
    }

    /// Whoever was erased is not brought back by an old export.
    fn keep_erased(&mut self) {
        let kind = self.draft.kind;
        let is_erased = |held: &Version| held.draft.cell(PERSONAL[0]) == Some(ERASED);
        if kind.is_personal() && self.held.as_ref().is_some_and(is_erased) {
            for (name, value) in PERSONAL.iter().zip([Some(ERASED.to_owned()), None]) {
                if let Some(cell) = kind.position(name).and_then(|at| self.draft.cells.get_mut(at))
                {
                    *cell = value;
                }
            }
        }
    }

    fn unless_same(self) -> Option<Self> {
        let is_same = self.held.as_ref().is_some_and(|held| held.draft == self.draft);
        (!is_same).then_some(self)
    }
}
