//! The texts of ids, each kept once and known by a number from then on.

use std::cmp::Ordering;
use std::hash::BuildHasher;

use foldhash::fast::FixedState;
use hashbrown::HashTable;

use super::snapshot::Part;

/// Longest id, in bytes.
pub const ID_LIMIT: usize = 1_000;

/// A set of texts numbered in the order in which they came.
///
/// As long as texts come in ascending order (shorter before longer, then by bytes), as exports
/// and numbered ids mostly do, the order itself tells whether one is new, and nothing is hashed.
/// The first that breaks the order has all of them indexed. Memory is the texts, eight bytes for
/// the place of each, and about six for the index where there is one. Texts of a snapshot stay
/// where they are, in order, and are copied only when another one comes in.
#[derive(Clone, Debug, Default)]
pub struct Ids {
    bytes: Vec<u8>,
    ends: Vec<usize>,
    kept: Option<Kept>,
    index: Option<HashTable<u32>>,
    hasher: FixedState,
    is_partial: bool,
}

/// Texts of a snapshot: their bytes, and where each ends, as little-endian numbers.
#[derive(Clone, Debug)]
struct Kept {
    bytes: Part,
    ends: Part,
}

impl Kept {
    fn len(&self) -> usize {
        self.ends.bytes().len() / 4
    }

    #[inline]
    fn get(&self, number: u32) -> &[u8] {
        let ends = self.ends.bytes().as_chunks().0;
        let end = |at: usize| ends.get(at).map(|end| u32::from_le_bytes(*end) as usize);
        let at = number as usize;
        let begin = at.checked_sub(1).and_then(end).unwrap_or(0);
        self.bytes.bytes().get(begin..end(at).unwrap_or(0)).unwrap_or_default()
    }
}

/// Where the last lookup ended: rows that refer to one id tend to stand together.
#[derive(Clone, Copy, Debug, Default)]
pub struct Hint(u32);

impl Ids {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Notes that texts are missing: the file that has them could not be read to its end.
    pub(crate) fn set_partial(&mut self) {
        self.is_partial = true;
    }

    /// Whether texts are missing, so that nothing follows from one that is not found.
    pub(crate) fn is_partial(&self) -> bool {
        self.is_partial
    }

    /// The texts of a snapshot, which are in order: their bytes, and where each ends.
    pub(super) fn kept(bytes: Part, ends: Part) -> Self {
        Self { kept: Some(Kept { bytes, ends }), ..Self::default() }
    }

    /// Copies what lies in a snapshot, to be added to.
    #[cold]
    fn make_own(&mut self) {
        let Some(kept) = self.kept.take() else { return };
        let count = u32::try_from(kept.len()).unwrap_or(u32::MAX);
        for text in (0..count).map(|number| kept.get(number)) {
            self.push(text);
        }
    }

    /// The number of a text, and whether it is new. `None` when four billion are in use.
    #[inline]
    pub fn insert(&mut self, text: &[u8]) -> Option<(u32, bool)> {
        if self.kept.is_some() {
            self.make_own();
        }
        let number = u32::try_from(self.ends.len()).ok().filter(|&number| number < u32::MAX)?;
        if self.index.is_none() {
            let is_next = match number.checked_sub(1) {
                None => true,
                Some(last) => order(self.get(last), text) == Ordering::Less,
            };
            if is_next {
                self.push(text);
                return Some((number, true));
            }
            if let Some(found) = self.find(text) {
                return Some((found, false));
            }
            self.build_index();
        }
        let hash = self.hasher.hash_one(text);
        let Self { index, bytes, ends, hasher, .. } = self;
        let index = index.get_or_insert_default();
        if let Some(&found) = index.find(hash, |&at| slice(bytes, ends, at) == text) {
            return Some((found, false));
        }
        index.insert_unique(hash, number, |&at| hasher.hash_one(slice(bytes, ends, at)));
        self.push(text);
        Some((number, true))
    }

    #[inline]
    fn push(&mut self, text: &[u8]) {
        self.bytes.extend_from_slice(text);
        self.ends.push(self.bytes.len());
    }

    #[cold]
    fn build_index(&mut self) {
        let Self { index, bytes, ends, hasher, .. } = self;
        let hash = |at: u32| hasher.hash_one(slice(bytes, ends, at));
        let mut table = HashTable::with_capacity(ends.len() * 2);
        for at in 0..u32::try_from(ends.len()).unwrap_or(u32::MAX) {
            table.insert_unique(hash(at), at, |&at| hash(at));
        }
        *index = Some(table);
    }

    /// The number of a text that is in the set.
    #[inline]
    pub fn find(&self, text: &[u8]) -> Option<u32> {
        self.find_near(text, &mut Hint::default())
    }

    /// The number of a text that is in the set, looked for where the last one was found.
    #[inline]
    pub fn find_near(&self, text: &[u8], hint: &mut Hint) -> Option<u32> {
        if self.is_empty() {
            return None;
        }
        if self.get(hint.0) == text {
            return Some(hint.0);
        }
        let found = match &self.index {
            Some(index) => {
                let hash = self.hasher.hash_one(text);
                index.find(hash, |&at| self.get(at) == text).copied()
            }
            None => self.search(text, hint.0),
        };
        if let Some(found) = found {
            hint.0 = found;
        }
        found
    }

    /// Searches texts in ascending order, in growing steps from where the last one was found.
    fn search(&self, text: &[u8], from: u32) -> Option<u32> {
        let count = u32::try_from(self.len()).unwrap_or(u32::MAX);
        let is_before = |at: u32| order(self.get(at), text) == Ordering::Less;
        let (mut low, mut high) = (0, count);
        if is_before(from) {
            low = from + 1;
            let mut step = 1;
            while low + step < count && is_before(low + step) {
                low += step + 1;
                step *= 2;
            }
            high = count.min(low.saturating_add(step).saturating_add(1));
        } else {
            high = high.min(from);
        }
        while low < high {
            let middle = low + (high - low) / 2;
            if is_before(middle) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        (low < count && self.get(low) == text).then_some(low)
    }

    /// The text of a number; empty where there is none.
    #[inline]
    pub fn get(&self, number: u32) -> &[u8] {
        match &self.kept {
            None => slice(&self.bytes, &self.ends, number),
            Some(kept) => kept.get(number),
        }
    }

    /// The text of a number as a string. Ids are checked for UTF-8 before they get here.
    pub fn text(&self, number: u32) -> &str {
        std::str::from_utf8(self.get(number)).unwrap_or_default()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.kept.as_ref().map_or(self.ends.len(), Kept::len)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All texts in the order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|at| u32::try_from(at).map_or("", |number| self.text(number)))
    }
}

/// Shorter before longer, then by bytes.
#[inline]
pub(super) fn order(a: &[u8], b: &[u8]) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

#[inline]
fn slice<'a>(bytes: &'a [u8], ends: &[usize], number: u32) -> &'a [u8] {
    let at = number as usize;
    let begin = at.checked_sub(1).and_then(|before| ends.get(before)).copied().unwrap_or(0);
    let end = ends.get(at).copied().unwrap_or(0);
    bytes.get(begin..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_keep_their_numbers_in_whatever_order_they_come() {
        let sorted: Vec<String> = (0..2000).map(|number| format!("x-{number}")).collect();
        let mut mixed = sorted.clone();
        mixed.reverse();
        mixed.rotate_left(700);
        for texts in [&sorted, &mixed] {
            let mut ids = Ids::new();
            for (text, at) in texts.iter().zip(0..) {
                assert_eq!(ids.insert(text.as_bytes()), Some((at, true)));
            }
            let mut hint = Hint::default();
            for (text, at) in texts.iter().zip(0..).step_by(7) {
                assert_eq!(ids.insert(text.as_bytes()), Some((at, false)));
                assert_eq!(ids.find_near(text.as_bytes(), &mut hint), Some(at));
                assert_eq!(ids.find(text.as_bytes()), Some(at));
                assert_eq!(ids.text(at), text);
            }
            for absent in ["", "x", "x-2000", "x-00", "y-1"] {
                assert_eq!(ids.find_near(absent.as_bytes(), &mut hint), None, "{absent}");
            }
        }
    }
}
