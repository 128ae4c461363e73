//! The texts of ids, each kept once and known by a number from then on.

use std::hash::BuildHasher;

use foldhash::fast::FixedState;
use hashbrown::HashTable;

/// Longest id, in bytes.
pub const ID_LIMIT: usize = 1_000;

/// A set of texts numbered in the order in which they came.
///
/// Memory is the texts, eight bytes for the place of each and about six for the index.
#[derive(Clone, Debug, Default)]
pub struct Ids {
    bytes: Vec<u8>,
    ends: Vec<usize>,
    index: HashTable<u32>,
    hasher: FixedState,
}

impl Ids {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The number of a text, and whether it is new. `None` when four billion are in use.
    #[inline]
    pub fn insert(&mut self, text: &[u8]) -> Option<(u32, bool)> {
        let hash = self.hasher.hash_one(text);
        if let Some(&found) = self.index.find(hash, |&at| self.get(at) == text) {
            return Some((found, false));
        }
        let number = u32::try_from(self.ends.len()).ok().filter(|&number| number < u32::MAX)?;
        self.bytes.extend_from_slice(text);
        self.ends.push(self.bytes.len());
        let Self { index, bytes, ends, hasher } = self;
        index.insert_unique(hash, number, |&at| hasher.hash_one(slice(bytes, ends, at)));
        Some((number, true))
    }

    /// The number of a text that is in the set.
    #[inline]
    pub fn find(&self, text: &[u8]) -> Option<u32> {
        let hash = self.hasher.hash_one(text);
        self.index.find(hash, |&at| self.get(at) == text).copied()
    }

    /// The text of a number; empty where there is none.
    #[inline]
    pub fn get(&self, number: u32) -> &[u8] {
        slice(&self.bytes, &self.ends, number)
    }

    /// The text of a number as a string. Ids are checked for UTF-8 before they get here.
    pub fn text(&self, number: u32) -> &str {
        std::str::from_utf8(self.get(number)).unwrap_or_default()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// All texts in the order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.ends.len()).map(|at| u32::try_from(at).map_or("", |number| self.text(number)))
    }

    /// Drops the index when no more lookups will come.
    pub fn forget_index(&mut self) {
        self.index = HashTable::new();
        self.bytes.shrink_to_fit();
        self.ends.shrink_to_fit();
    }
}

#[inline]
fn slice<'a>(bytes: &'a [u8], ends: &[usize], number: u32) -> &'a [u8] {
    let at = number as usize;
    let begin = at.checked_sub(1).and_then(|before| ends.get(before)).copied().unwrap_or(0);
    let end = ends.get(at).copied().unwrap_or(0);
    bytes.get(begin..end).unwrap_or_default()
}
