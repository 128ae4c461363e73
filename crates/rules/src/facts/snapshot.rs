//! A network snapshot: the facts of a network as one file of columns, read without parsing.
//!
//! The file holds what [`Facts`] holds, in one state of knowledge, as arrays of little-endian
//! numbers, each with its checksum (XXH3, 64 bits), and the words that its numbers stand for. It
//! can be thrown away and made again; nothing is recorded in it. Bytes come and go through the
//! caller, who may map a file: nothing here opens one. Texts of ids are read where they lie, for
//! as long as the facts are in use; numbers are made into the rows that evaluation reads.
//!
//! Facts have one order in a snapshot (`order`), so that the same facts make the same bytes.
//!
//! Layout: a mark of eight bytes and the version; the arrays one behind the other; the list of the
//! arrays (number, place, length, checksum); and a tail of 32 bytes that tells where the list is.

mod order;
mod read;
mod sections;
mod write;

use std::io;
use std::ops::Range;
use std::sync::Arc;

use jiff::Timestamp;

use super::Facts;
use crate::problem::Problem;
use crate::rulebook::{Catalogue, FactKind};

pub use order::{OrderedFacts, Renewed};

/// The version of the format that is written, and the only one that is read.
pub const SNAPSHOT_VERSION: u32 = 2;

/// How a snapshot begins.
pub const SNAPSHOT_MARK: [u8; 8] = *b"GHSNAP\r\n";
/// How it ends.
const END: [u8; 8] = *b"GHEND\r\n\n";
/// Bytes before the first array, and behind the list of arrays.
const HEAD_LENGTH: usize = 16;
const TAIL_LENGTH: usize = 32;

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

/// The bytes of a snapshot, in memory or of a file that is mapped, shared by what is read from it.
pub type SnapshotBytes = Arc<dyn AsRef<[u8]> + Send + Sync>;

/// A part of the bytes of a snapshot.
#[derive(Clone)]
pub(in crate::facts) struct Part {
    of: SnapshotBytes,
    place: Range<usize>,
}

impl Part {
    #[inline]
    pub(in crate::facts) fn bytes(&self) -> &[u8] {
        (*self.of).as_ref().get(self.place.clone()).unwrap_or_default()
    }
}

impl std::fmt::Debug for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Part").field(&self.place).finish()
    }
}

/// Up to where a journal had been followed when a snapshot was made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JournalPlace {
    /// How many entries the chain had.
    pub sealed: u64,
    /// The seal of the last of them, by which the journal is known again.
    pub seal: String,
    /// Entries that were not in the chain yet: number and digest.
    pub unsealed: Vec<(i64, String)>,
}

impl JournalPlace {
    /// How many entries the journal had, in the chain or not.
    pub fn position(&self) -> u64 {
        self.sealed.saturating_add(self.unsealed.len() as u64)
    }
}

/// What a snapshot says about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SnapshotHead {
    /// The network's id.
    pub network: String,
    /// Where the journal was; none for facts of a folder.
    pub place: Option<JournalPlace>,
    /// The state of knowledge.
    pub known_at: Option<Timestamp>,
    /// Ids and texts of the network's editions.
    pub editions: Vec<(String, String)>,
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
pub struct Snapshot {
    bytes: SnapshotBytes,
    sections: Vec<sections::Section>,
    /// What it says about itself.
    pub head: SnapshotHead,
}

impl std::fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Snapshot").field("head", &self.head).finish_non_exhaustive()
    }
}

impl OrderedFacts {
    /// Writes a snapshot of these facts, which were loaded with this catalogue.
    ///
    /// # Errors
    ///
    /// Of writing; and when the ids of one kind have more than four gigabytes.
    pub fn write_snapshot(
        &self,
        head: &SnapshotHead,
        catalogue: &Catalogue,
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        write::write(self, head, catalogue, out)
    }
}

impl Snapshot {
    /// Opens a snapshot.
    ///
    /// # Errors
    ///
    /// It is no snapshot, it is damaged or cut off, or another release has written it.
    pub fn open(bytes: SnapshotBytes) -> Result<Self, Box<Problem>> {
        let sections = sections::open((*bytes).as_ref())?;
        let head = read::head(&bytes, &sections)?;
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
        read::facts(&self.bytes, &self.sections, catalogue, wants, threads)
    }
}
