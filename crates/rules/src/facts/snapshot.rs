//! A network snapshot: the facts of a network as one file of columns, read without parsing.
//!
//! The file holds what [`Facts`] holds, in one state of knowledge, as arrays of little-endian
//! numbers, each with its checksum (XXH3, 64 bits), and the words that its numbers stand for. It
//! can be thrown away and made again; nothing is recorded in it. Bytes come and go through the
//! caller: nothing here opens a file.
//!
//! Layout: a mark of eight bytes and the version; the arrays one behind the other; the list of the
//! arrays (number, place, length, checksum); and a tail of 32 bytes that tells where the list is.

mod read;
mod sections;
mod write;

use std::io;

use jiff::Timestamp;

use super::Facts;
use crate::problem::Problem;
use crate::rulebook::{Catalogue, FactKind};

/// The version of the format that is written, and the latest that is read.
pub const SNAPSHOT_VERSION: u32 = 1;

/// How a snapshot begins.
const MARK: [u8; 8] = *b"GHSNAP\r\n";
/// How it ends.
const END: [u8; 8] = *b"GHEND\r\n\n";
/// Bytes before the first array, and behind the list of arrays.
const HEAD_LENGTH: u64 = 16;
const TAIL_LENGTH: u64 = 32;

/// The kinds of dated facts in the order of their arrays.
const KINDS: [FactKind; 8] = [
    FactKind::Opportunity,
    FactKind::Reference,
    FactKind::Rating,
    FactKind::BusinessPlan,
    FactKind::Validation,
    FactKind::Case,
    FactKind::SurveyResponse,
    FactKind::Event,
];

/// What a snapshot says about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SnapshotHead {
    /// The network's id.
    pub network: String,
    /// How many entries the journal had; none for facts of a folder.
    pub position: Option<u64>,
    /// The state of knowledge.
    pub known_at: Option<Timestamp>,
    /// Ids and texts of the network's editions.
    pub editions: Vec<(String, String)>,
}

/// Reads bytes at a place; may be called by several threads at once.
pub trait ReadAt: Sync {
    /// Fills a buffer from a place on.
    ///
    /// # Errors
    ///
    /// When there are not so many bytes, or reading breaks.
    fn read_at(&self, place: u64, buffer: &mut [u8]) -> io::Result<()>;
}

impl ReadAt for [u8] {
    fn read_at(&self, place: u64, buffer: &mut [u8]) -> io::Result<()> {
        let begin = usize::try_from(place).unwrap_or(usize::MAX);
        let end = begin.saturating_add(buffer.len());
        let found = self.get(begin..end).ok_or(io::ErrorKind::UnexpectedEof)?;
        buffer.copy_from_slice(found);
        Ok(())
    }
}

/// Which arrays are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wants {
    /// All.
    Everything,
    /// All but the ids of facts and people, which numbers, states and tiers do without: evidence
    /// would name nothing.
    Numbers,
}

/// A snapshot whose head has been read.
pub struct Snapshot<'r> {
    bytes: &'r (dyn ReadAt + 'r),
    sections: Vec<sections::Section>,
    /// What it says about itself.
    pub head: SnapshotHead,
}

impl std::fmt::Debug for Snapshot<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Snapshot").field("head", &self.head).finish_non_exhaustive()
    }
}

impl Facts {
    /// Writes a snapshot of these facts, which were loaded with this catalogue.
    ///
    /// # Errors
    ///
    /// Of writing.
    pub fn write_snapshot(
        &self,
        head: &SnapshotHead,
        catalogue: &Catalogue,
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        write::write(self, head, catalogue, out)
    }
}

impl<'r> Snapshot<'r> {
    /// Opens a snapshot of so many bytes.
    ///
    /// # Errors
    ///
    /// It is no snapshot, it is damaged or cut off, or a newer release has written it.
    pub fn open(bytes: &'r (dyn ReadAt + 'r), length: u64) -> Result<Self, Box<Problem>> {
        let sections = sections::open(bytes, length)?;
        let head = read::head(bytes, &sections)?;
        Ok(Self { bytes, sections, head })
    }

    /// Reads the facts, to be evaluated with a catalogue of the same network, by so many threads.
    ///
    /// # Errors
    ///
    /// An array is damaged; or a fact has a word that no edition at hand knows, or an edition at
    /// hand looks at a field that the snapshot does not keep: it was made with other editions.
    pub fn facts(
        &self,
        catalogue: &Catalogue,
        wants: Wants,
        threads: usize,
    ) -> Result<Facts, Box<Problem>> {
        read::facts(self.bytes, &self.sections, catalogue, wants, threads)
    }
}
