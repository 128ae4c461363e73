//! The facts of worked examples: rows with ranges, put together into files.

use std::io::{Cursor, Read};

use crate::facts::Source;
use crate::facts::csv::{Reader, Record, write_record};

/// Most rows that one row with a range may stand for.
const RANGE_LIMIT: u32 = 10_000;

/// Most memory that the rows of an example's files may take, in bytes.
const SIZE_LIMIT: usize = 64 << 20;

/// Files of facts, put together from the blocks of an example.
#[derive(Clone, Debug, Default)]
pub(super) struct FactBlocks {
    files: Vec<FactFile>,
    /// The memory that all rows take, roughly.
    size: usize,
}

#[derive(Clone, Debug)]
struct FactFile {
    name: String,
    headers: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl FactBlocks {
    /// Adds a block. Its columns may differ from those of an earlier block of the same file.
    pub(super) fn add(&mut self, name: &str, text: &str) -> Result<(), String> {
        let mut reader = Reader::new(Cursor::new(text.as_bytes()), b',');
        let mut record = Record::default();
        let mut next = |record: &mut Record| match reader.read(record) {
            Ok(true) => Some(fields(record)),
            _ => None,
        };
        let Some(headers) = next(&mut record) else { return Err(format!("`{name}` is empty")) };
        let at = match self.files.iter().position(|file| file.name == name) {
            Some(at) => at,
            None => {
                let file =
                    FactFile { name: name.to_owned(), headers: Vec::new(), rows: Vec::new() };
                self.files.push(file);
                self.files.len() - 1
            }
        };
        let Some(file) = self.files.get_mut(at) else { return Ok(()) };
        for header in &headers {
            if !file.headers.contains(header) {
                file.headers.push(header.clone());
            }
        }
        while let Some(cells) = next(&mut record) {
            if cells.len() != headers.len() {
                let line = record.line();
                return Err(format!(
                    "line {line} of `{name}` has {} cells, not {}",
                    cells.len(),
                    headers.len()
                ));
            }
            let ranges = ranges(&cells)?;
            let width = file.headers.len().max(cells.len());
            let texts: usize = cells.iter().map(String::len).sum();
            let row_size = width * size_of::<String>() + texts;
            self.size = self.size.saturating_add(row_size.saturating_mul(ranges.count()));
            if self.size > SIZE_LIMIT {
                return Err("the rows of the example take more than 64 MB".to_owned());
            }
            for row in ranges.rows(&cells) {
                let cell = |header: &String| {
                    let at = headers.iter().position(|known| known == header)?;
                    row.get(at).cloned()
                };
                let filled = file.headers.iter().map(|header| cell(header).unwrap_or_default());
                file.rows.push(filled.collect());
            }
        }
        Ok(())
    }

    /// The files as CSV, by name.
    pub(super) fn files(&self) -> Vec<(String, Vec<u8>)> {
        let text = |file: &FactFile| {
            let mut out = Vec::new();
            // Writing to memory does not fail.
            let _ = write_record(&mut out, file.headers.iter().map(String::as_bytes));
            for row in &file.rows {
                let cells = (0..file.headers.len())
                    .map(|at| row.get(at).map_or(&b""[..], String::as_bytes));
                let _ = write_record(&mut out, cells);
            }
            (file.name.clone(), out)
        };
        self.files.iter().map(text).collect()
    }

    /// The files as sources for loading.
    pub(super) fn sources(files: &[(String, Vec<u8>)]) -> Vec<Source<'_>> {
        let source = |(name, text): &(String, Vec<u8>)| {
            let (name, bytes) = (name.clone(), text.clone());
            Source {
                shown: name.clone(),
                name,
                size: bytes.len() as u64,
                open: Box::new(move || {
                    Ok(Box::new(Cursor::new(bytes.clone())) as Box<dyn Read + Send>)
                }),
            }
        };
        files.iter().map(source).collect()
    }
}

fn fields(record: &Record) -> Vec<String> {
    let count = usize::try_from(record.len()).unwrap_or(0);
    (0..count).map(|at| String::from_utf8_lossy(record.field(at)).into_owned()).collect()
}

/// A range in a cell: what stands before it, its numbers, their width, what stands behind it.
struct Range<'c> {
    before: &'c str,
    first: u32,
    last: u32,
    width: usize,
    behind: &'c str,
}

fn range(cell: &str) -> Option<Range<'_>> {
    let (before, rest) = cell.split_once('{')?;
    let (inner, behind) = rest.split_once('}')?;
    let (first, last) = inner.split_once("..")?;
    let is_number = |text: &str| {
        (1..=10).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    if !is_number(first) || !is_number(last) {
        return None;
    }
    let width = if first.starts_with('0') { first.len() } else { 0 };
    Some(Range { before, first: first.parse().ok()?, last: last.parse().ok()?, width, behind })
}

/// The ranges of a row's cells, which all step together.
struct Ranges<'c> {
    of_cells: Vec<Option<Range<'c>>>,
    /// How many numbers each has; none without any range.
    length: Option<u32>,
}

fn ranges(cells: &[String]) -> Result<Ranges<'_>, String> {
    let of_cells: Vec<Option<Range<'_>>> = cells.iter().map(|cell| range(cell)).collect();
    let mut lengths = of_cells.iter().flatten().map(|range| {
        let steps = range.last.checked_sub(range.first)?;
        steps.checked_add(1).filter(|&length| length <= RANGE_LIMIT)
    });
    let Some(first) = lengths.next() else { return Ok(Ranges { of_cells, length: None }) };
    let Some(length) = first else {
        return Err(format!("a range has from 1 to {RANGE_LIMIT} numbers, lowest first"));
    };
    if lengths.any(|other| other != Some(length)) {
        return Err("all ranges of a row must have the same length".to_owned());
    }
    Ok(Ranges { of_cells, length: Some(length) })
}

impl Ranges<'_> {
    /// How many rows the row stands for.
    fn count(&self) -> usize {
        self.length.map_or(1, |length| usize::try_from(length).unwrap_or(usize::MAX))
    }

    /// The rows that the row stands for.
    fn rows<'s>(&'s self, cells: &'s [String]) -> impl Iterator<Item = Vec<String>> + 's {
        (0..self.length.unwrap_or(1)).map(move |step| {
            let cell = |(cell, range): (&String, &Option<Range<'_>>)| match range {
                None => cell.clone(),
                Some(Range { before, first, width, behind, .. }) => {
                    format!(
                        "{before}{:0width$}{behind}",
                        first.saturating_add(step),
                        width = *width
                    )
                }
            };
            cells.iter().zip(&self.of_cells).map(cell).collect()
        })
    }
}
