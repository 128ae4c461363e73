//! Which field of a file's records is which column of ours, decided once by its header.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::csv::{FIELDS_LIMIT, Record};
use super::mapping::FileMapping;
use super::{Column, File};
use crate::problem::{Problem, Problems, did_you_mean};

/// How the records of one file are read.
#[derive(Debug)]
pub(crate) struct Layout {
    pub(crate) file: File,
    /// Its name in problems.
    pub(crate) name: String,
    /// The field of each column of ours.
    fields: Vec<Option<usize>>,
    /// The headers, for problems.
    pub(crate) headers: Vec<String>,
    pub(crate) dates: Option<String>,
    pub(crate) has_decimal_comma: bool,
    values: BTreeMap<usize, BTreeMap<String, String>>,
    fixed: BTreeMap<usize, String>,
}

impl Layout {
    /// Reads a header. With problems that leave no way to read the rows, none is returned.
    pub(crate) fn read(
        file: File,
        name: &str,
        header: &Record,
        mapping: Option<&FileMapping>,
        problems: &mut Problems,
    ) -> Option<Self> {
        let at = |column: &str| Problem::new("", "").in_file(name).at(1, column);
        if header.len() > FIELDS_LIMIT as u64 {
            let message = format!(
                "the header has {} columns, more than the {FIELDS_LIMIT} that are read",
                header.len()
            );
            problems.push(Problem::new("too-many-columns", message).in_file(name).on_line(1));
            return None;
        }
        let headers = header_texts(header);
        if let Some(problem) = wrong_delimiter(file, name, &headers, mapping.is_some()) {
            problems.push(problem);
            return None;
        }
        let mut fields = vec![None; file.columns().len()];
        let mut is_readable = true;
        for (field, text) in headers.iter().enumerate() {
            // Compared in full; the texts are for problems and may be cut.
            let full = String::from_utf8_lossy(header.field(field));
            let is_it = |ignored: &String| *ignored == full;
            if mapping.is_some_and(|mapping| mapping.ignore.iter().any(is_it)) {
                continue;
            }
            let Some(column) = find_column(file, &full, mapping) else {
                problems.push(unknown_column(file, text, mapping, at(text)));
                continue;
            };
            let Some(slot) = fields.get_mut(column) else { continue };
            if slot.replace(field).is_some() {
                let message = format!("the header `{text}` stands twice");
                problems.push(Problem { code: "repeated-column", message, ..at(text) });
                is_readable = false;
            }
        }
        let fixed = mapping.map(|mapping| mapping.fixed.clone()).unwrap_or_default();
        for (position, column) in file.columns().iter().enumerate() {
            let is_there = fields.get(position).is_some_and(Option::is_some);
            if column.is_required && !is_there && !fixed.contains_key(&position) {
                problems.push(missing_column(name, *column, mapping, position));
                is_readable = false;
            }
        }
        is_readable.then(|| Self {
            file,
            name: name.to_owned(),
            fields,
            headers,
            dates: mapping.and_then(|mapping| mapping.dates.clone()),
            has_decimal_comma: mapping.is_some_and(|mapping| mapping.has_decimal_comma),
            values: mapping.map(|mapping| mapping.values.clone()).unwrap_or_default(),
            fixed,
        })
    }

    /// Whether the file has a column of ours.
    pub(crate) fn has(&self, column: usize) -> bool {
        self.fields.get(column).is_some_and(Option::is_some) || self.fixed.contains_key(&column)
    }

    /// The field of a column of ours.
    #[inline]
    pub(crate) fn field(&self, column: usize) -> Option<usize> {
        self.fields.get(column).copied().flatten()
    }

    /// The header over a column of ours, as the file writes it.
    pub(crate) fn header(&self, column: usize) -> &str {
        let ours = self.file.columns().get(column).map_or("", |column| column.name);
        self.field(column).and_then(|field| self.headers.get(field)).map_or(ours, String::as_str)
    }

    /// The text of a column in a record; absent when empty.
    #[inline]
    pub(crate) fn cell<'a>(&'a self, record: &'a Record, column: usize) -> Option<&'a [u8]> {
        let text = match self.field(column) {
            Some(field) => record.field(field),
            None if self.fixed.is_empty() => return None,
            None => self.fixed.get(&column)?.as_bytes(),
        };
        let text = if self.values.is_empty() { text } else { self.meaning(column, text) };
        (!text.is_empty()).then_some(text)
    }

    fn meaning<'a>(&'a self, column: usize, text: &'a [u8]) -> &'a [u8] {
        let words = self.values.get(&column);
        let word = std::str::from_utf8(text).ok();
        words
            .zip(word)
            .and_then(|(words, word)| words.get(word))
            .map_or(text, |meaning| meaning.as_bytes())
    }
}

/// The headers as text, each cut to a length that can be shown.
fn header_texts(header: &Record) -> Vec<String> {
    let count = usize::try_from(header.len()).unwrap_or(usize::MAX).min(FIELDS_LIMIT);
    (0..count).map(|field| shown(header.field(field)).into_owned()).collect()
}

/// A value as problems show it: valid text of at most 60 characters, on one line.
pub(crate) fn shown(value: &[u8]) -> Cow<'_, str> {
    const LONGEST: usize = 60;
    let head = value.get(..LONGEST * 4).unwrap_or(value);
    let text = String::from_utf8_lossy(head);
    if text.chars().count() <= LONGEST
        && head.len() == value.len()
        && !text.chars().any(char::is_control)
    {
        return text;
    }
    let mut short: String = text
        .chars()
        .take(LONGEST)
        .map(|char| if char.is_control() { '\u{fffd}' } else { char })
        .collect();
    if text.chars().count() > LONGEST || head.len() < value.len() {
        short.push('…');
    }
    short.into()
}

fn find_column(file: File, header: &str, mapping: Option<&FileMapping>) -> Option<usize> {
    if let Some(mapping) = mapping {
        let named = mapping.columns.iter().find(|(_, theirs)| *theirs == header);
        if let Some((column, _)) = named {
            return Some(*column);
        }
        let ours = file.column(header)?;
        return (!mapping.columns.contains_key(&ours)).then_some(ours);
    }
    file.column(header)
}

fn unknown_column(
    file: File,
    header: &str,
    mapping: Option<&FileMapping>,
    place: Problem,
) -> Problem {
    // A column that is read from another header is not what this one can be.
    let is_free = |at: usize| mapping.is_none_or(|mapping| !mapping.columns.contains_key(&at));
    let ours = file.columns().iter().enumerate().filter(|(at, _)| is_free(*at));
    let hint = did_you_mean(header, ours.map(|(_, column)| column.name)).or_else(|| {
        mapping.map(|_| "name it under `columns` or `ignore` in mapping.toml".to_owned())
    });
    let message = format!("`{header}` is not a column of {}", file.name());
    Problem { code: "unknown-column", message, hint, ..place }
}

fn missing_column(
    name: &str,
    column: Column,
    mapping: Option<&FileMapping>,
    position: usize,
) -> Problem {
    let theirs = mapping.and_then(|mapping| mapping.columns.get(&position));
    let message = match theirs {
        Some(theirs) => {
            let theirs = shown(theirs.as_bytes());
            format!("the column `{theirs}`, mapped to `{}`, is missing", column.name)
        }
        None => format!("the required column `{}` is missing", column.name),
    };
    Problem::new("missing-column", message).in_file(name).at(1, column.name)
}

/// A header that is one field, but would be several if it were split at another character.
fn wrong_delimiter(file: File, name: &str, headers: &[String], is_mapped: bool) -> Option<Problem> {
    let [only] = headers else { return None };
    if is_mapped {
        return None;
    }
    let kinds = [(';', "semicolons"), ('\t', "tabs"), ('\u{fffd}', "tabs"), ('|', "bars")];
    let found = kinds.into_iter().find(|(char, _)| {
        only.split(*char).filter(|part| file.column(part.trim_matches('"')).is_some()).count() >= 2
    });
    let (_, word) = found?;
    let message = format!("the file is separated by {word}, not commas");
    let hint = "save it with commas, or name its delimiter in mapping.toml";
    Some(Problem::new("wrong-delimiter", message).in_file(name).at(1, "1").hint(hint))
}
