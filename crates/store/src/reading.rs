//! Facts of the database as the rules read them: in the folder's own format, in memory.
//!
//! One reading of facts serves folders and databases: rows are written as the folder format has
//! them and read by the same loader, so that a database and its export come to the same numbers.
//! References were checked when the rows were recorded.

mod since;
mod span;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Cursor};
use std::sync::{Mutex, PoisonError};

use guildhall_rules::facts::{
    self, Facts, File, LoadOptions, Loaded, Mapping, References, Source, csv,
};
use guildhall_rules::problem::Problems;
use guildhall_rules::rulebook::Catalogue;
use jiff::Timestamp;

use crate::connection::{Row, Value};
use crate::kinds::Kind;
use crate::moment::{self, known};
use crate::store::Tx;
use crate::{Error, values};

pub use since::Since;
pub use span::Span;

/// A version of a fact that an answer was computed from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Evidence {
    /// Its kind.
    pub kind: Kind,
    /// Its number.
    pub version: i64,
}

/// Facts that were read, and the versions that they are.
#[derive(Debug)]
pub struct Read {
    /// The facts.
    pub facts: Facts,
    /// The versions, in order.
    pub evidence: Vec<Evidence>,
}

/// Rows of one kind, by version.
type Rows = BTreeMap<i64, Vec<Option<String>>>;

/// How many rows of a whole network are fetched at once.
const BATCH: i64 = 10_000;

impl Tx<'_> {
    /// The facts that the answers about one partner are computed from, as known at a moment:
    /// its own, and the people and validations of companies affiliated with it. None where the
    /// partner is not known then.
    pub fn read_partner(
        &mut self,
        catalogue: &Catalogue,
        partner: &str,
        known_at: Option<Timestamp>,
    ) -> Result<Option<Read>, Error> {
        let mut rows: BTreeMap<Kind, Rows> = BTreeMap::new();
        let at = known_at.map(moment::to_text);
        let mut reader = PartnerReader { tx: self, rows: &mut rows, at: at.as_deref() };
        reader.take(File::Partners, "t.\"id\" = $1", partner)?;
        if reader.rows.values().all(BTreeMap::is_empty) {
            return Ok(None);
        }
        reader.take_own(partner)?;
        reader.take_people(partner)?;
        for subsidiary in reader.subsidiaries(partner)? {
            reader.take(File::Partners, "t.\"id\" = $1", &subsidiary)?;
            reader.take(File::Validations, "t.\"partner\" = $1", &subsidiary)?;
            reader.take_people(&subsidiary)?;
        }
        let evidence = rows
            .iter()
            .flat_map(|(kind, rows)| rows.keys().map(|&version| Evidence { kind: *kind, version }))
            .collect();
        Ok(Some(Read { facts: load(catalogue, &rows)?, evidence }))
    }

    /// The facts that these versions are, whatever has become of them since. None where a version
    /// is missing.
    pub fn read_evidence(
        &mut self,
        catalogue: &Catalogue,
        evidence: &[Evidence],
    ) -> Result<Option<Facts>, Error> {
        let mut rows: BTreeMap<Kind, Rows> = BTreeMap::new();
        for Evidence { kind, version } in evidence {
            let Some(version) = self.version(*kind, *version)? else { return Ok(None) };
            rows.entry(*kind).or_default().insert(version.version, version.draft.cells);
        }
        Ok(Some(load(catalogue, &rows)?))
    }

    /// The facts of all partners, as known at a moment. Memory is that of the facts: rows are
    /// fetched a batch at a time.
    pub fn read_network(
        &mut self,
        catalogue: &Catalogue,
        known_at: Option<Timestamp>,
    ) -> Result<Facts, Error> {
        self.read_files(catalogue, &File::ALL, known_at)
    }

    /// The facts of all partners that stand in these files, as [`Self::read_network`]. Partners
    /// and reviews alone tell who holds what and what is due, in a fraction of the time.
    pub fn read_files(
        &mut self,
        catalogue: &Catalogue,
        kinds: &[File],
        known_at: Option<Timestamp>,
    ) -> Result<Facts, Error> {
        good(self.load_files(catalogue, kinds, known_at)?)
    }

    /// What is wrong with the rows of these files together, as they are held now.
    pub(crate) fn problems_of(
        &mut self,
        catalogue: &Catalogue,
        kinds: &[File],
    ) -> Result<Problems, Error> {
        Ok(self.load_files(catalogue, kinds, None)?.problems)
    }

    fn load_files(
        &mut self,
        catalogue: &Catalogue,
        kinds: &[File],
        known_at: Option<Timestamp>,
    ) -> Result<Loaded, Error> {
        let at = known_at.map(moment::to_text);
        let shared = Mutex::new(self);
        let sources: Vec<Source<'_>> = kinds
            .iter()
            .map(|&file| {
                let (shared, at) = (&shared, at.as_deref());
                Source {
                    name: file.name(),
                    shown: format!("the table {}", file.stem()),
                    size: 1,
                    open: Box::new(TableSource { tx: shared, kind: Kind::Fact(file), at }),
                }
            })
            .collect();
        load_sources(catalogue, &sources, 2)
    }
}

/// Gathers the rows of one partner.
struct PartnerReader<'x, 's> {
    tx: &'x mut Tx<'s>,
    rows: &'x mut BTreeMap<Kind, Rows>,
    at: Option<&'x str>,
}

impl PartnerReader<'_, '_> {
    /// Rows of a file that fulfil a condition on `t` with one parameter, and were known.
    fn take(&mut self, file: File, condition: &str, parameter: &str) -> Result<(), Error> {
        let kind = Kind::Fact(file);
        let sql = format!(
            "select {} from \"{}\" t where {condition} and {}",
            cells(kind),
            kind.table(),
            known("t", self.at.map(|_| 2))
        );
        let mut parameters = vec![Value::from(parameter)];
        parameters.extend(self.at.map(Value::from));
        let taken = self.rows.entry(kind).or_default();
        for row in self.tx.query(&sql, &parameters)? {
            let (version, cells) = split(row)?;
            taken.insert(version, cells);
        }
        Ok(())
    }

    /// What belongs to the partner itself.
    fn take_own(&mut self, partner: &str) -> Result<(), Error> {
        for file in File::ALL {
            match file {
                File::Partners | File::Individuals | File::Credentials => {}
                file if file.stem() == "affiliations" => {
                    self.take(file, "t.\"primary\" = $1", partner)?;
                }
                file => self.take(file, "t.\"partner\" = $1", partner)?,
            }
        }
        Ok(())
    }

    /// The people of a partner: all rows of theirs, wherever, and what they hold, whichever row it
    /// is of. A credential belongs to the person.
    fn take_people(&mut self, partner: &str) -> Result<(), Error> {
        let of_partner = format!(
            "select coalesce(p.\"person\", p.\"id\") from \"individuals\" p \
             where p.\"partner\" = $1 and {}",
            known("p", self.at.map(|_| 2))
        );
        let people = format!("coalesce(t.\"person\", t.\"id\") in ({of_partner})");
        self.take(File::Individuals, &people, partner)?;
        let held = format!(
            "t.\"individual\" in (select i.\"id\" from \"individuals\" i \
             where coalesce(i.\"person\", i.\"id\") in ({of_partner}) and {})",
            known("i", self.at.map(|_| 2))
        );
        self.take(File::Credentials, &held, partner)
    }

    fn subsidiaries(&mut self, partner: &str) -> Result<BTreeSet<String>, Error> {
        let sql = format!(
            "select t.\"subsidiary\" from \"affiliations\" t where t.\"primary\" = $1 and {}",
            known("t", self.at.map(|_| 2))
        );
        let mut parameters = vec![Value::from(partner)];
        parameters.extend(self.at.map(Value::from));
        let rows = self.tx.query(&sql, &parameters)?;
        rows.iter().map(|row| row.text(0).map(str::to_owned)).collect()
    }
}

/// The version and cells of a kind as they are selected.
fn cells(kind: Kind) -> String {
    let names: Vec<String> = kind.names().map(|name| format!("t.\"{name}\"")).collect();
    format!("t.\"version\", {}", names.join(", "))
}

fn split(row: Row) -> Result<(i64, Vec<Option<String>>), Error> {
    let version = row.int(0)?;
    let cells = row.0.into_iter().skip(1).map(|value| match value {
        Value::Text(text) => Some(text),
        _ => None,
    });
    Ok((version, cells.collect()))
}

fn write_rows<'a>(
    out: &mut Vec<u8>,
    kind: Kind,
    rows: impl Iterator<Item = &'a Vec<Option<String>>>,
) -> io::Result<()> {
    csv::write_record(out, kind.names().map(str::as_bytes))?;
    for cells in rows {
        csv::write_record(out, cells.iter().map(|cell| cell.as_deref().unwrap_or("").as_bytes()))?;
    }
    Ok(())
}

fn load(catalogue: &Catalogue, rows: &BTreeMap<Kind, Rows>) -> Result<Facts, Error> {
    let mut texts = Vec::new();
    for (kind, rows) in rows {
        let Kind::Fact(file) = kind else { continue };
        if rows.is_empty() {
            continue;
        }
        let mut text = Vec::new();
        write_rows(&mut text, *kind, rows.values())?;
        texts.push((*file, text));
    }
    let sources: Vec<Source<'_>> = texts
        .iter()
        .map(|(file, text)| Source {
            name: file.name(),
            shown: format!("the table {}", file.stem()),
            size: text.len() as u64,
            open: Box::new(text.as_slice()),
        })
        .collect();
    good(load_sources(catalogue, &sources, 1)?)
}

fn load_sources(
    catalogue: &Catalogue,
    sources: &[Source<'_>],
    threads: usize,
) -> Result<Loaded, Error> {
    let options = LoadOptions { known_at: None, threads, references: References::Trusted };
    Ok(facts::load("the database", sources, &Mapping::default(), catalogue, options, None)?)
}

/// The facts, which were checked when they were recorded.
fn good(loaded: Loaded) -> Result<Facts, Error> {
    match loaded.problems.shown().first() {
        None => Ok(loaded.facts),
        Some(problem) => Err(Error::Unexpected(problem.to_string())),
    }
}

/// A table that is read as a file of the folder format.
struct TableSource<'x, 'y, 's> {
    tx: &'x Mutex<&'y mut Tx<'s>>,
    kind: Kind,
    at: Option<&'x str>,
}

impl facts::Open for TableSource<'_, '_, '_> {
    fn open(&self) -> io::Result<Box<dyn io::Read + Send + '_>> {
        let Self { tx, kind, at } = *self;
        let text = Cursor::default();
        Ok(Box::new(Batches { tx, kind, at, text, after: 0, is_begun: false, is_done: false }))
    }
}

/// Its rows, fetched as they are read.
struct Batches<'x, 'y, 's> {
    tx: &'x Mutex<&'y mut Tx<'s>>,
    kind: Kind,
    at: Option<&'x str>,
    text: Cursor<Vec<u8>>,
    after: i64,
    is_begun: bool,
    is_done: bool,
}

impl Batches<'_, '_, '_> {
    fn fetch(&mut self) -> Result<(), Error> {
        let mut text = std::mem::take(self.text.get_mut());
        text.clear();
        if !self.is_begun {
            csv::write_record(&mut text, self.kind.names().map(str::as_bytes))?;
            self.is_begun = true;
        }
        let sql = format!(
            "select {} from \"{}\" t where t.\"version\" > $1 and {} \
             order by t.\"version\" limit $2",
            cells(self.kind),
            self.kind.table(),
            known("t", self.at.map(|_| 3))
        );
        let mut parameters = values![self.after, BATCH].to_vec();
        parameters.extend(self.at.map(Value::from));
        let (mut count, mut after) = (0, self.after);
        let mut tx = self.tx.lock().unwrap_or_else(PoisonError::into_inner);
        tx.stream(&sql, &parameters, &mut |cells| {
            let (version, cells) = cells.split_first().ok_or(Error::Busy)?;
            after = version.int().unwrap_or(after);
            count += 1;
            let cells = cells.iter().map(|cell| cell.text().unwrap_or("").as_bytes());
            Ok(csv::write_record(&mut text, cells)?)
        })?;
        drop(tx);
        self.after = after;
        self.is_done = count < BATCH;
        self.text = Cursor::new(text);
        Ok(())
    }
}

impl io::Read for Batches<'_, '_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.text.read(buffer)?;
            if read > 0 || self.is_done || buffer.is_empty() {
                return Ok(read);
            }
            self.fetch().map_err(io::Error::other)?;
        }
    }
}
