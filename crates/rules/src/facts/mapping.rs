//! `mapping.toml`: how a folder of somebody else's exports is read as a folder of facts.
//!
//! It names, file by file, which kind of fact a file holds, its delimiter and date format, which
//! of its columns is which, what its words mean, and what to pass over. Nothing is computed.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::File;
use super::layout::shown;
use crate::problem::{Problem, Problems, did_you_mean};

/// How the files of a folder are read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mapping {
    /// One entry for each foreign file.
    pub files: Vec<FileMapping>,
    /// Other files of the folder that end in `.csv` and hold no facts.
    pub ignore: Vec<String>,
}

/// How one foreign file is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileMapping {
    /// Its name in the folder.
    pub name: String,
    /// What it holds.
    pub file: File,
    /// What separates its fields.
    pub delimiter: u8,
    /// The format of its dates in the manner of `strptime`; none: `YYYY-MM-DD`.
    pub dates: Option<String>,
    /// Whether its decimals have a comma where ours have a point.
    pub has_decimal_comma: bool,
    /// Its headers by our column.
    pub columns: BTreeMap<usize, String>,
    /// What its words mean, by our column.
    pub values: BTreeMap<usize, BTreeMap<String, String>>,
    /// Values for our columns that it lacks.
    pub fixed: BTreeMap<usize, String>,
    /// Its headers that hold nothing of ours.
    pub ignore: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MappingText {
    #[serde(default)]
    files: Vec<FileText>,
    #[serde(default)]
    ignore: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileText {
    name: String,
    is: String,
    delimiter: Option<String>,
    dates: Option<String>,
    #[serde(default)]
    decimal_comma: bool,
    #[serde(default)]
    columns: BTreeMap<String, String>,
    #[serde(default)]
    values: BTreeMap<String, BTreeMap<String, String>>,
    #[serde(default)]
    fixed: BTreeMap<String, String>,
    #[serde(default)]
    ignore: Vec<String>,
}

impl Mapping {
    /// Reads a mapping. `file` is its name in problems.
    ///
    /// # Errors
    ///
    /// Every problem of it; of its syntax only the first.
    pub fn parse(file: &str, text: &str) -> Result<Self, Problems> {
        let parsed: MappingText = toml::from_str(text).map_err(|error| {
            let begin = error.span().map_or(0, |span| span.start);
            let before = text.get(..begin).unwrap_or_default();
            let line = before.matches('\n').count() as u64 + 1;
            let column = before.rsplit('\n').next().map_or(0, |rest| rest.chars().count()) + 1;
            Problem::new("bad-mapping", one_line(error.message()))
                .in_file(file)
                .at(line, column.to_string())
        })?;
        let mut problems = Problems::new();
        let mut files: Vec<FileMapping> = Vec::new();
        for entry in parsed.files {
            let read = FileMapping::parse(file, &entry, &mut problems);
            if files.iter().any(|other| other.name == entry.name) {
                let message = format!("`{}` is mapped twice", shown(entry.name.as_bytes()));
                problems.push(Problem::new("bad-mapping", message).in_file(file));
            }
            files.extend(read);
        }
        if problems.is_empty() { Ok(Self { files, ignore: parsed.ignore }) } else { Err(problems) }
    }

    /// The entry for a file of the folder.
    pub fn of(&self, name: &str) -> Option<&FileMapping> {
        self.files.iter().find(|entry| entry.name == name)
    }
}

impl FileMapping {
    fn parse(place: &str, text: &FileText, problems: &mut Problems) -> Option<Self> {
        let name = shown(text.name.as_bytes());
        let mut wrong = |message: String, hint: Option<String>| {
            let problem = Problem::new("bad-mapping", message).in_file(place);
            problems.push(problem.maybe_hint(hint));
        };
        let Some(file) = File::from_stem(text.is.trim_end_matches(".csv")) else {
            let stems = File::ALL.map(File::stem);
            let hint = did_you_mean(&text.is, stems);
            wrong(
                format!(
                    "`{name}` is read as `{}`, which is no kind of facts",
                    shown(text.is.as_bytes())
                ),
                hint,
            );
            return None;
        };
        let delimiter = match text.delimiter.as_deref().map(str::as_bytes) {
            None => b',',
            Some(&[byte]) if !matches!(byte, b'"' | b'\n' | b'\r') => byte,
            Some(_) => {
                wrong(format!("the delimiter of `{name}` is not one character"), None);
                b','
            }
        };
        let mut column = |name: &str| {
            let found = file.column(name);
            if found.is_none() {
                let hint = did_you_mean(name, file.columns().iter().map(|column| column.name));
                let name = shown(name.as_bytes());
                wrong(format!("`{}` has no column `{name}`", file.name()), hint);
            }
            found
        };
        let mut columns = BTreeMap::new();
        for (ours, theirs) in &text.columns {
            columns.extend(column(ours).map(|at| (at, theirs.clone())));
        }
        let mut values = BTreeMap::new();
        for (ours, words) in &text.values {
            values.extend(column(ours).map(|at| (at, words.clone())));
        }
        let mut fixed = BTreeMap::new();
        for (ours, value) in &text.fixed {
            fixed.extend(column(ours).map(|at| (at, value.clone())));
        }
        if let Some(format) = text.dates.as_deref().filter(|format| !can_tell_days(format)) {
            let hint = "day, month and year, as %d.%m.%Y".to_owned();
            let format = shown(format.as_bytes());
            let message = format!("the date format `{format}` of `{name}` tells no days");
            wrong(message, Some(hint));
        }
        Some(Self {
            name: text.name.clone(),
            file,
            delimiter,
            dates: text.dates.clone(),
            has_decimal_comma: text.decimal_comma,
            columns,
            values,
            fixed,
            ignore: text.ignore.clone(),
        })
    }
}

/// Whether a day that is written in a format is read back from it.
fn can_tell_days(format: &str) -> bool {
    use std::fmt::Write as _;
    let day = jiff::civil::date(2013, 11, 25);
    let mut text = String::new();
    format.len() <= 100
        && write!(text, "{}", day.strftime(format)).is_ok()
        && jiff::civil::Date::strptime(format, &text).is_ok_and(|read| read == day)
}

/// A message of the parser, which may quote what stands in the file, on one line.
fn one_line(message: &str) -> String {
    let message = message.chars().take(300);
    message.map(|char| if char.is_control() { ' ' } else { char }).collect()
}
