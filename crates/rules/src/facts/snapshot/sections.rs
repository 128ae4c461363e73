//! The arrays of a snapshot: their numbers, their places, their checksums.

use std::io::{self, Write};

use twox_hash::XxHash3_64;

use super::{END, HEAD_LENGTH, MARK, ReadAt, SNAPSHOT_VERSION, TAIL_LENGTH};
use crate::problem::Problem;

/// The number of an array: a table and a column of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tag(pub(super) u32);

impl Tag {
    pub(super) const fn new(table: u32, column: u32) -> Self {
        Self(table * 64 + column)
    }
}

/// Tables; those of dated facts follow in the order of their kinds.
pub(super) const HEAD: u32 = 1;
pub(super) const WORDS: u32 = 2;
pub(super) const PARTNERS: u32 = 3;
pub(super) const REVIEWS: u32 = 4;
pub(super) const AFFILIATIONS: u32 = 5;
pub(super) const MEMBERSHIPS: u32 = 6;
pub(super) const CREDENTIALS: u32 = 7;
pub(super) const DATED: u32 = 16;

/// Columns of grouped tables beside their own.
pub(super) const BEGINS: u32 = 48;
/// Texts: bytes, lengths, whether they are out of order.
pub(super) const IDS: u32 = 49;
pub(super) const LABEL_TEXTS: u32 = 53;

/// Where an array is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Section {
    pub(super) tag: Tag,
    place: u64,
    length: u64,
    checksum: u64,
}

const ENTRY: usize = 32;

/// Writes arrays one behind the other.
pub(super) struct Writer<'w> {
    out: &'w mut dyn Write,
    at: u64,
    sections: Vec<Section>,
}

impl<'w> Writer<'w> {
    pub(super) fn new(out: &'w mut dyn Write) -> io::Result<Self> {
        out.write_all(&MARK)?;
        out.write_all(&SNAPSHOT_VERSION.to_le_bytes())?;
        out.write_all(&[0; 4])?;
        Ok(Self { out, at: HEAD_LENGTH, sections: Vec::new() })
    }

    pub(super) fn bytes(&mut self, tag: Tag, bytes: &[u8]) -> io::Result<()> {
        let length = bytes.len() as u64;
        let checksum = XxHash3_64::oneshot(bytes);
        self.out.write_all(bytes)?;
        self.sections.push(Section { tag, place: self.at, length, checksum });
        self.at += length;
        Ok(())
    }

    pub(super) fn u8s(&mut self, tag: Tag, numbers: impl Iterator<Item = u8>) -> io::Result<()> {
        self.bytes(tag, &numbers.collect::<Vec<u8>>())
    }

    pub(super) fn u16s(&mut self, tag: Tag, numbers: impl Iterator<Item = u16>) -> io::Result<()> {
        self.bytes(tag, &numbers.flat_map(u16::to_le_bytes).collect::<Vec<u8>>())
    }

    pub(super) fn u32s(&mut self, tag: Tag, numbers: impl Iterator<Item = u32>) -> io::Result<()> {
        self.bytes(tag, &numbers.flat_map(u32::to_le_bytes).collect::<Vec<u8>>())
    }

    pub(super) fn u64s(&mut self, tag: Tag, numbers: impl Iterator<Item = u64>) -> io::Result<()> {
        self.bytes(tag, &numbers.flat_map(u64::to_le_bytes).collect::<Vec<u8>>())
    }

    /// Writes the list of arrays and the tail.
    pub(super) fn finish(self) -> io::Result<()> {
        let mut list = Vec::new();
        for section in &self.sections {
            list.extend(u64::from(section.tag.0).to_le_bytes());
            for number in [section.place, section.length, section.checksum] {
                list.extend(number.to_le_bytes());
            }
        }
        self.out.write_all(&list)?;
        self.out.write_all(&self.at.to_le_bytes())?;
        self.out.write_all(&(list.len() as u64).to_le_bytes())?;
        self.out.write_all(&XxHash3_64::oneshot(&list).to_le_bytes())?;
        self.out.write_all(&END)?;
        self.out.flush()
    }
}

/// What is wrong with bytes that are no snapshot.
pub(super) fn bad(what: &str) -> Problem {
    let hint = "make it again with `guildhall snapshot`";
    Problem::new("bad-snapshot", what.to_owned()).hint(hint)
}

/// The list of arrays of a snapshot of so many bytes.
pub(super) fn open(bytes: &dyn ReadAt, length: u64) -> Result<Vec<Section>, Box<Problem>> {
    let cut = |_| bad("the snapshot is cut off");
    let mut head = [0; 16];
    if length < HEAD_LENGTH || bytes.read_at(0, &mut head).is_err() || !head.starts_with(&MARK) {
        return Err(bad("it is not a snapshot").into());
    }
    let [.., a, b, c, d, _, _, _, _] = head;
    let version = u32::from_le_bytes([a, b, c, d]);
    if version > SNAPSHOT_VERSION {
        let message = format!("the snapshot is of version {version}, after {SNAPSHOT_VERSION}");
        let hint = "a newer release has written it; use that one, or make it again";
        return Err(Box::new(Problem::new("newer-snapshot", message).hint(hint)));
    }
    let mut tail = [0; 32];
    let at = length.checked_sub(TAIL_LENGTH).ok_or_else(|| bad("the snapshot is cut off"))?;
    bytes.read_at(at, &mut tail).map_err(cut)?;
    if !tail.ends_with(&END) {
        return Err(bad("the snapshot is cut off").into());
    }
    let mut numbers = u64s(&tail);
    let (place, size) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    let checksum = numbers.next().unwrap_or(0);
    if place.checked_add(size) != Some(at) {
        return Err(bad("the list of its parts is damaged").into());
    }
    let size = usize::try_from(size).map_err(|_| bad("the list of its parts is damaged"))?;
    let mut list = vec![0; size];
    bytes.read_at(place, &mut list).map_err(cut)?;
    if XxHash3_64::oneshot(&list) != checksum {
        return Err(bad("the list of its parts is damaged").into());
    }
    let entry = |entry: &[u8]| {
        let mut numbers = u64s(entry);
        let mut next = || numbers.next().unwrap_or(0);
        let tag = Tag(u32::try_from(next()).unwrap_or(0));
        Section { tag, place: next(), length: next(), checksum: next() }
    };
    let sections: Vec<Section> = list.chunks_exact(ENTRY).map(entry).collect();
    let is_inside =
        |section: &Section| section.place.checked_add(section.length).is_some_and(|end| end <= at);
    if sections.iter().all(is_inside) {
        Ok(sections)
    } else {
        Err(bad("the list of its parts is damaged").into())
    }
}

/// The bytes of an array; none where there is no such array.
pub(super) fn read(
    bytes: &dyn ReadAt,
    sections: &[Section],
    tag: Tag,
) -> Result<Vec<u8>, Box<Problem>> {
    let Some(section) = sections.iter().find(|section| section.tag == tag) else {
        return Ok(Vec::new());
    };
    let length = usize::try_from(section.length).map_err(|_| bad("a part is too long"))?;
    let mut buffer = vec![0; length];
    bytes.read_at(section.place, &mut buffer).map_err(|_| bad("the snapshot is cut off"))?;
    if XxHash3_64::oneshot(&buffer) != section.checksum {
        return Err(bad("a part is damaged: its checksum is another").into());
    }
    Ok(buffer)
}

pub(super) fn u16s(bytes: &[u8]) -> impl ExactSizeIterator<Item = u16> {
    bytes.as_chunks().0.iter().map(|bytes| u16::from_le_bytes(*bytes))
}

pub(super) fn u32s(bytes: &[u8]) -> impl ExactSizeIterator<Item = u32> {
    bytes.as_chunks().0.iter().map(|bytes| u32::from_le_bytes(*bytes))
}

pub(super) fn u64s(bytes: &[u8]) -> impl ExactSizeIterator<Item = u64> {
    bytes.as_chunks().0.iter().map(|bytes| u64::from_le_bytes(*bytes))
}
