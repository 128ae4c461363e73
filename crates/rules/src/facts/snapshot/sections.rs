//! The arrays of a snapshot: their numbers, their places, their checksums.

use std::io::{self, Write};

use twox_hash::XxHash3_64;

use super::{END, HEAD_LENGTH, Part, SNAPSHOT_MARK, SNAPSHOT_VERSION, SnapshotBytes, TAIL_LENGTH};
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
/// Texts: their bytes, and where each ends.
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
        out.write_all(&SNAPSHOT_MARK)?;
        out.write_all(&SNAPSHOT_VERSION.to_le_bytes())?;
        out.write_all(&[0; 4])?;
        Ok(Self { out, at: HEAD_LENGTH as u64, sections: Vec::new() })
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

/// The list of arrays of a snapshot.
pub(super) fn open(bytes: &[u8]) -> Result<Vec<Section>, Box<Problem>> {
    let Some(([mark @ .., a, b, c, d, _, _, _, _], _)) = bytes.split_first_chunk::<HEAD_LENGTH>()
    else {
        return Err(bad("it is not a snapshot").into());
    };
    if *mark != SNAPSHOT_MARK {
        return Err(bad("it is not a snapshot").into());
    }
    let version = u32::from_le_bytes([*a, *b, *c, *d]);
    if version > SNAPSHOT_VERSION {
        let message = format!("the snapshot is of version {version}, after {SNAPSHOT_VERSION}");
        let hint = "a newer release has written it; use that one, or make it again";
        return Err(Box::new(Problem::new("newer-snapshot", message).hint(hint)));
    }
    if version < SNAPSHOT_VERSION {
        let what = format!("the snapshot is of version {version}, before {SNAPSHOT_VERSION}");
        return Err(bad(&what).into());
    }
    let cut = || bad("the snapshot is cut off");
    let (before, tail) = bytes.split_last_chunk::<TAIL_LENGTH>().ok_or_else(cut)?;
    if !tail.ends_with(&END) {
        return Err(cut().into());
    }
    let mut numbers = u64s(tail);
    let mut next = || numbers.next().unwrap_or(0);
    let (place, size, checksum) = (next(), next(), next());
    let damaged = || bad("the list of its parts is damaged");
    let end = before.len() as u64;
    if place.checked_add(size) != Some(end) {
        return Err(damaged().into());
    }
    let begin = usize::try_from(place).map_err(|_| damaged())?;
    let list = before.get(begin..).ok_or_else(damaged)?;
    if XxHash3_64::oneshot(list) != checksum {
        return Err(damaged().into());
    }
    let entry = |entry: &[u8]| {
        let mut numbers = u64s(entry);
        let mut next = || numbers.next().unwrap_or(0);
        let tag = Tag(u32::try_from(next()).unwrap_or(0));
        Section { tag, place: next(), length: next(), checksum: next() }
    };
    let sections: Vec<Section> = list.chunks_exact(ENTRY).map(entry).collect();
    let is_inside =
        |section: &Section| section.place.checked_add(section.length).is_some_and(|at| at <= end);
    if sections.iter().all(is_inside) { Ok(sections) } else { Err(damaged().into()) }
}

/// An array, checked; without bytes where there is no such array.
pub(super) fn read(
    bytes: &SnapshotBytes,
    sections: &[Section],
    tag: Tag,
) -> Result<Part, Box<Problem>> {
    let Some(section) = sections.iter().find(|section| section.tag == tag) else {
        return Ok(Part { of: SnapshotBytes::clone(bytes), place: 0..0 });
    };
    let number =
        |number: u64| usize::try_from(number).map_err(|_| Box::new(bad("a part is too long")));
    let (begin, length) = (number(section.place)?, number(section.length)?);
    let part = Part { of: SnapshotBytes::clone(bytes), place: begin..begin + length };
    if XxHash3_64::oneshot(part.bytes()) != section.checksum {
        return Err(bad("a part is damaged: its checksum is another").into());
    }
    Ok(part)
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
