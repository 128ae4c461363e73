//! The rows of a folder on their way: hashed, looked up, and handed from the thread that reads to
//! the one that loads.

use std::collections::{BTreeMap, HashSet};
use std::io::{self, Read};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

use guildhall_rules::facts::{Checked, File, GoodRow, Open, Source};
use serde_json::{Value as Json, json};
use sha2::{Digest as _, Sha256};

use super::ImportOptions;
use crate::digest::hex;
use crate::kinds::Kind;
use crate::store::Tx;
use crate::{Error, moment, values};

/// How many rows go at once.
const BATCH: usize = 500;
/// How many of those may wait.
const WAITING: usize = 16;

/// The SHA-256 of each file, found while it is read.
#[derive(Clone, Default)]
pub(super) struct Hashes(Arc<Mutex<BTreeMap<String, (String, u64)>>>);

impl Hashes {
    /// The same files, digested when they are read to their end.
    pub(super) fn sources<'a>(&self, sources: &'a [Source<'a>]) -> Vec<Source<'a>> {
        let hashed = |source: &'a Source<'a>| Source {
            name: source.name.clone(),
            shown: source.shown.clone(),
            size: source.size,
            open: Box::new(HashedSource { source, hashes: self.clone() }),
        };
        sources.iter().map(hashed).collect()
    }

    /// What was found, for the journal.
    pub(super) fn told(&self) -> Json {
        let found = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let files = found.iter().map(
            |(name, (sha256, bytes))| json!({ "name": name, "sha256": sha256, "bytes": bytes }),
        );
        files.collect()
    }
}

/// A file that is digested while it is read.
struct HashedSource<'a> {
    source: &'a Source<'a>,
    hashes: Hashes,
}

impl Open for HashedSource<'_> {
    fn open(&self) -> io::Result<Box<dyn Read + Send + '_>> {
        Ok(Box::new(Hashing {
            input: self.source.open.open()?,
            name: self.source.name.clone(),
            sha256: Sha256::new(),
            bytes: 0,
            hashes: self.hashes.clone(),
        }))
    }
}

struct Hashing<'a> {
    input: Box<dyn Read + Send + 'a>,
    name: String,
    sha256: Sha256,
    bytes: u64,
    hashes: Hashes,
}

impl Read for Hashing<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(buffer)?;
        self.sha256.update(buffer.get(..read).unwrap_or_default());
        self.bytes += read as u64;
        if read == 0 && !buffer.is_empty() {
            let digest = hex(&std::mem::take(&mut self.sha256).finalize());
            let mut hashes = self.hashes.0.lock().unwrap_or_else(PoisonError::into_inner);
            hashes.entry(self.name.clone()).or_insert((digest, self.bytes));
        }
        Ok(read)
    }
}

/// Whether rows that a folder refers to are held in the database, in whatever version.
pub(super) struct Elsewhere<'x, 's> {
    lookup: Mutex<Lookup<'x, 's>>,
}

struct Lookup<'x, 's> {
    tx: &'x mut Tx<'s>,
    misses: BTreeMap<File, u32>,
    /// All ids of a file, once that is worth it.
    all: BTreeMap<File, HashSet<Box<[u8]>>>,
}

/// From so many look-ups on, all ids of a kind are fetched at once.
const MANY: u32 = 1_000;

impl<'x, 's> Elsewhere<'x, 's> {
    pub(super) fn new(tx: &'x mut Tx<'s>) -> Self {
        let lookup = Lookup { tx, misses: BTreeMap::new(), all: BTreeMap::new() };
        Self { lookup: Mutex::new(lookup) }
    }

    /// Whether there is a row of this id. What cannot be found out is told as missing.
    pub(super) fn holds(&self, file: File, id: &[u8]) -> bool {
        let mut lookup = self.lookup.lock().unwrap_or_else(PoisonError::into_inner);
        let Lookup { tx, misses, all } = &mut *lookup;
        if let Some(all) = all.get(&file) {
            return all.contains(id);
        }
        let count = misses.entry(file).or_default();
        *count += 1;
        if *count > MANY {
            let mut ids: HashSet<Box<[u8]>> = HashSet::new();
            let sql = format!("select \"id\" from \"{}\"", file.stem());
            let outcome = tx.stream(&sql, values![], &mut |cells| {
                let id = cells.first().and_then(|cell| cell.text());
                ids.extend(id.map(|id| Box::from(id.as_bytes())));
                Ok(())
            });
            if outcome.is_ok() {
                return all.entry(file).or_insert(ids).contains(id);
            }
        }
        let Ok(id) = std::str::from_utf8(id) else { return false };
        tx.is_known(Kind::Fact(file), id).unwrap_or(false)
    }
}

/// The good rows of a folder that was checked.
pub(super) struct Rows<'a> {
    pub(super) checked: &'a Checked<'a>,
    pub(super) options: &'a ImportOptions<'a>,
    /// How many rows there are, good and bad.
    pub(super) count: u64,
}

/// A row on its way.
pub(super) struct OwnedRow {
    pub(super) kind: Kind,
    pub(super) cells: Vec<Option<String>>,
    pub(super) recorded_at: Option<String>,
    pub(super) retracted_at: Option<String>,
}

/// Rows of one kind, or how it ended: how many rows were left out.
pub(super) enum Batch<T> {
    Rows(Kind, Vec<T>),
    End(Result<u64, Error>),
}

impl Rows<'_> {
    /// Reads on a thread, makes of each row what is wanted, and loads on this one.
    pub(super) fn flow<T: Send>(
        &self,
        mut make: impl FnMut(OwnedRow) -> Result<T, Error> + Send,
        load: impl FnOnce(Receiver<Batch<T>>) -> Result<u64, Error>,
    ) -> Result<u64, Error> {
        let (sender, receiver) = sync_channel(WAITING);
        std::thread::scope(|scope| {
            scope.spawn(move || {
                let outcome = self.send(&mut make, &sender);
                // Nobody hears it where loading has failed; then that is the error.
                let _ = sender.send(Batch::End(outcome));
            });
            load(receiver)
        })
    }

    fn send<T: Send>(
        &self,
        make: &mut (impl FnMut(OwnedRow) -> Result<T, Error> + Send),
        sender: &SyncSender<Batch<T>>,
    ) -> Result<u64, Error> {
        let mut batch: (Option<Kind>, Vec<T>) = (None, Vec::new());
        let mut rejects = self.options.rejects.map(|open| open()).transpose()?;
        let mut take = |row: &GoodRow<'_>| {
            let row = owned(row)?;
            let kind = row.kind;
            if batch.0 != Some(kind) || batch.1.len() >= BATCH {
                flush(&mut batch, sender)?;
                batch.0 = Some(kind);
            }
            batch.1.push(make(row).map_err(io::Error::other)?);
            Ok(())
        };
        let rejects = rejects.as_mut().map(|out| &mut **out as &mut (dyn io::Write + Send));
        let left_out = self.checked.take(&mut take, rejects).map_err(told)?;
        flush(&mut batch, sender)?;
        Ok(left_out)
    }
}

/// An error of the store that went through a reader.
fn told(error: io::Error) -> Error {
    error.downcast::<Error>().unwrap_or_else(Error::Io)
}

fn flush<T>(batch: &mut (Option<Kind>, Vec<T>), sender: &SyncSender<Batch<T>>) -> io::Result<()> {
    let rows = std::mem::take(&mut batch.1);
    let Some(kind) = batch.0.filter(|_| !rows.is_empty()) else { return Ok(()) };
    let gone = |_| io::Error::other("loading has ended");
    sender.send(Batch::Rows(kind, rows)).map_err(gone)
}

fn owned(row: &GoodRow<'_>) -> io::Result<OwnedRow> {
    let text = |cell: &Option<std::borrow::Cow<'_, [u8]>>| match cell {
        None => Ok(None),
        Some(bytes) => {
            std::str::from_utf8(bytes).map(|text| Some(text.to_owned())).map_err(io::Error::other)
        }
    };
    Ok(OwnedRow {
        kind: Kind::Fact(row.file),
        cells: row.cells.iter().map(text).collect::<io::Result<_>>()?,
        recorded_at: row.recorded_at.map(moment::to_text),
        retracted_at: row.retracted_at.map(moment::to_text),
    })
}
