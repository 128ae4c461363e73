//! Imports of folders: one journal row, all or nothing.
//!
//! Into a database without facts every version of the folder is taken as it stands, with the times
//! at which it was recorded and retracted. Into a filled one the folder is what is held to be true
//! now: what says the same changes nothing, other values make a new version, and what the folder
//! does not name stays, unless its kind is said to be complete.
//!
//! Rows are read, checked and digested by a thread of their own and loaded as they come, so that
//! memory does not grow with the folder but for the ids that tell whether a row is there twice.

mod empty;
mod filled;
mod reading;

use std::collections::BTreeMap;
use std::io::Write;

use guildhall_rules::facts::{self, File, LoadOptions, Mapping, References, Source};
use guildhall_rules::problem::{Problem, Problems};
use guildhall_rules::rulebook::Catalogue;
use jiff::Timestamp;
use serde_json::json;

use self::reading::{Elsewhere, Hashes, Rows};
use crate::Error;
use crate::editions::Network;
use crate::journal::{Entry, FactsDigest};
use crate::kinds::Kind;
use crate::store::{Store, Tx};

/// Opens the file of rejects anew, emptied; called once for each attempt.
pub type OpenRejects<'a> = dyn Fn() -> std::io::Result<Box<dyn Write + Send>> + Sync + 'a;

/// What an import is to do.
pub struct ImportOptions<'a> {
    /// How the folder is called in problems.
    pub folder: &'a str,
    /// Its files.
    pub sources: &'a [Source<'a>],
    /// How they are read.
    pub mapping: &'a Mapping,
    /// The words of the network.
    pub catalogue: &'a Catalogue,
    /// How many files are checked at the same time.
    pub threads: usize,
    /// Kinds of which the folder names all: what it does not name is retracted.
    pub complete: &'a [File],
    /// Who imports.
    pub actor: &'a str,
    /// Now.
    pub now: Timestamp,
    /// The network, for a database that has none yet.
    pub network: &'a Network,
    /// The editions of the network, id and text, for such a database.
    pub editions: &'a [(String, String)],
    /// Whether everything is undone at the end.
    pub is_dry_run: bool,
    /// Where rows that are left out are written; without it one problem is enough to import nothing.
    pub rejects: Option<&'a OpenRejects<'a>>,
    /// Hears how far it is.
    pub tell: &'a (dyn Fn(Progress) + Sync),
}

/// How far an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// The files are checked.
    Checking,
    /// So many rows of so many are loaded.
    Loaded(u64, u64),
    /// What is new is compared with what is held.
    Comparing,
}

/// What an import came to.
#[derive(Clone, Debug, Default)]
pub struct Imported {
    /// Problems of the folder. Where there are any and no rejects were asked for, nothing was
    /// imported.
    pub problems: Problems,
    /// Rows left out, dependants included.
    pub left_out: u64,
    /// What was done, by kind.
    pub counts: BTreeMap<Kind, Counts>,
    /// The journal row, where one was written.
    pub entry: Option<i64>,
}

/// What was done to the facts of a kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// New facts; into an empty database, versions.
    pub added: u64,
    /// Facts with other values than before.
    pub changed: u64,
    /// Facts that are held no more.
    pub retracted: u64,
    /// Facts that were held already.
    pub same: u64,
}

/// Why an attempt is undone.
enum Undone {
    Store(Error),
    Problems(Problems),
    DryRun(Box<Imported>),
}

impl From<Error> for Undone {
    fn from(error: Error) -> Self {
        Self::Store(error)
    }
}

impl Store {
    /// Imports a folder.
    ///
    /// # Errors
    ///
    /// Of the database and of writing the rejects. What is wrong with the folder is in the answer.
    pub fn import(&self, options: &ImportOptions<'_>) -> Result<Imported, Error> {
        let hashes = Hashes::default();
        let sources = hashes.sources(options.sources);
        let options = ImportOptions { sources: &sources, ..*options };
        let is_empty = self.read(|tx| tx.is_empty())?;
        // What is held elsewhere is looked up in a state of its own: rows are never deleted, so
        // that what was found stays.
        self.read(|lookup| {
            let elsewhere = Elsewhere::new(lookup);
            let holds = |file: File, id: &[u8]| elsewhere.holds(file, id);
            let references =
                if is_empty { References::Folder } else { References::Elsewhere(&holds) };
            self.import_with(&options, references, is_empty, &hashes)
        })
    }

    fn import_with(
        &self,
        options: &ImportOptions<'_>,
        references: References<'_>,
        is_empty: bool,
        hashes: &Hashes,
    ) -> Result<Imported, Error> {
        (options.tell)(Progress::Checking);
        let load = LoadOptions { known_at: None, threads: options.threads, references };
        let mut checked =
            facts::check(options.folder, options.sources, options.mapping, options.catalogue, load);
        let mut problems = std::mem::take(&mut checked.problems);
        missing_complete(options, &mut problems);
        if !problems.is_empty() && options.rejects.is_none() {
            return Ok(Imported { problems, ..Imported::default() });
        }
        let outcome = self.write(|tx| {
            if tx.is_empty()? != is_empty {
                // Somebody else was first.
                return Err(Undone::Store(Error::Constraint(
                    "the database was filled in the meantime".to_owned(),
                )));
            }
            let rows = Rows { checked: &checked, options, count: checked.rows };
            let mut imported = attempt(tx, &rows, is_empty, hashes)?;
            imported.problems.clone_from(&problems);
            if options.is_dry_run {
                imported.entry = None;
                return Err(Undone::DryRun(Box::new(imported)));
            }
            Ok(imported)
        });
        match outcome {
            Ok(imported) => {
                self.refresh_statistics(imported.counts.keys().copied())?;
                Ok(imported)
            }
            Err(Undone::DryRun(imported)) => Ok(*imported),
            Err(Undone::Problems(problems)) => Ok(Imported { problems, ..Imported::default() }),
            Err(Undone::Store(error)) => Err(error),
        }
    }
}

impl Store {
    /// Has the server look at what tables hold now, so that its plans are right from the first query
    /// on and not only after its own next look. A file needs no such look.
    fn refresh_statistics(&self, kinds: impl Iterator<Item = Kind>) -> Result<(), Error> {
        let mut tables: Vec<&str> = kinds.map(Kind::table).collect();
        tables.extend(["journal", "retractions"]);
        self.outside_transaction(|connection| {
            if !connection.is_postgres() {
                return Ok(());
            }
            let analyze = |table: &&str| connection.batch(&format!("analyze \"{table}\""));
            tables.iter().try_for_each(analyze)
        })
    }
}

/// A kind that is said to be complete must be there.
fn missing_complete(options: &ImportOptions<'_>, problems: &mut Problems) {
    for file in options.complete {
        let is_there = options.sources.iter().any(|source| {
            let mapped = options.mapping.of(&source.name).map(|mapped| mapped.file);
            mapped.or_else(|| File::from_stem(source.name.strip_suffix(".csv")?)) == Some(*file)
        });
        if !is_there {
            let message = format!("{} is said to be complete and is not here", file.name());
            let hint = "an empty file with its header retracts all";
            let problem = Problem::new("missing-file", message).in_file(options.folder);
            problems.push(problem.hint(hint));
        }
    }
}

fn attempt(
    tx: &mut Tx<'_>,
    rows: &Rows<'_>,
    is_empty: bool,
    hashes: &Hashes,
) -> Result<Imported, Undone> {
    let options = rows.options;
    let mut entry = Entry::new(options.now, options.actor, "import", &options.network.id);
    if tx.network()?.is_none() {
        found(tx, &mut entry, options)?;
    }
    let (number, facts, mut imported) =
        if is_empty { empty::fill(tx, rows)? } else { filled::merge(tx, rows, &entry)? };
    let counts: serde_json::Map<String, serde_json::Value> = imported
        .counts
        .iter()
        .map(|(kind, counts)| {
            let Counts { added, changed, retracted, same } = counts;
            let counts = json!({ "added": added, "changed": changed, "retracted": retracted,
                                 "same": same });
            (kind.table().to_owned(), counts)
        })
        .collect();
    entry.detail("counts", counts.into());
    entry.detail("files", hashes.told());
    entry.detail("left_out", imported.left_out.into());
    write_entry(tx, &entry, number, facts)?;
    imported.entry = Some(number);
    Ok(imported)
}

fn write_entry(
    tx: &mut Tx<'_>,
    entry: &Entry,
    number: i64,
    facts: FactsDigest,
) -> Result<(), Error> {
    tx.write_journal(entry, number, facts)
}

/// Makes the database that of the network, with its editions published as they are.
fn found(tx: &mut Tx<'_>, entry: &mut Entry, options: &ImportOptions<'_>) -> Result<(), Error> {
    tx.found_network(entry, options.network)?;
    tx.adopt_editions(entry, &options.network.id, options.editions)
}
