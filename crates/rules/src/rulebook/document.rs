//! A TOML document as it is read: typed values with their places, and every problem noted.
//!
//! A table knows which of its keys were asked for; [`Table::finish`] reports the others. Knows
//! nothing of rulebooks.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::ops::Range;

use jiff::Timestamp;
use toml::de::{DeTable, DeValue};

use crate::day::Day;
use crate::decimal::Decimal;
use crate::problem::{Problem, Problems, did_you_mean};

/// Highest cost of one thing.
const DEAREST: u64 = 1_000_000_000;

/// A document and the problems found in it so far.
pub(crate) struct Document<'d> {
    file: &'d str,
    text: &'d str,
    line_begins: Vec<usize>,
    problems: RefCell<Problems>,
    /// Lines whose syntax is broken.
    broken_lines: BTreeSet<usize>,
    /// How often a long list may still be searched for a hint.
    searches: Cell<u32>,
}

/// Problems of a value by itself, which lost text elsewhere cannot cause.
const OF_ONE_VALUE: [&str; 5] =
    ["bad-id", "bad-value", "id-used-twice", "out-of-range", "wrong-type"];

/// A table while its keys are asked for.
pub(crate) struct Table<'d> {
    document: &'d Document<'d>,
    entries: Option<&'d DeTable<'d>>,
    span: Range<usize>,
    asked: Vec<&'static str>,
}

/// A value and its place.
#[derive(Clone)]
pub(crate) struct Value<'d> {
    pub(crate) document: &'d Document<'d>,
    key: &'d str,
    inner: &'d DeValue<'d>,
    span: Range<usize>,
}

/// A place in the document.
pub(crate) type Place = Range<usize>;

impl<'d> Document<'d> {
    pub(crate) fn new(file: &'d str, text: &'d str) -> Self {
        let begins = memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1);
        Self {
            file,
            text,
            line_begins: std::iter::once(0).chain(begins).collect(),
            problems: RefCell::default(),
            broken_lines: BTreeSet::new(),
            searches: Cell::new(50),
        }
    }

    /// Reads the document as TOML. Syntax errors are noted; of what could be read nevertheless,
    /// only problems that they cannot have caused will be.
    pub(crate) fn parse(&mut self) -> DeTable<'d> {
        let (root, errors) = DeTable::parse_recoverable(self.text);
        let mut broken_lines = BTreeSet::new();
        for error in &errors {
            let place = error.span().unwrap_or(0..0);
            broken_lines.insert(self.line(place.start));
            let (code, message) = match error.message() {
                "duplicate key" => {
                    let key = self.text.get(place.clone()).unwrap_or_default();
                    ("duplicate-key", format!("the key `{}` is there already", shown(key)))
                }
                message => ("bad-toml", clipped(message, 200)),
            };
            self.problem(&place, code, message, None);
        }
        self.broken_lines = broken_lines;
        root.into_inner()
    }

    /// The line of a position, from 1.
    fn line(&self, at: usize) -> usize {
        self.line_begins.partition_point(|&begin| begin <= at)
    }

    /// The line and the column of a position, both from 1.
    pub(crate) fn line_and_column(&self, at: usize) -> (usize, usize) {
        let at = at.min(self.text.len());
        let line = self.line(at);
        let begin = self.line_begins.get(line.saturating_sub(1)).copied().unwrap_or(0);
        (line, self.text.get(begin..at).unwrap_or_default().chars().count() + 1)
    }

    /// Notes a problem at a place.
    pub(crate) fn problem(
        &self,
        place: &Place,
        code: &'static str,
        message: String,
        hint: Option<String>,
    ) {
        // What is only counted needs no place, which takes longer the longer its line.
        if self.problems.borrow().is_full() {
            let problem = Problem::new(code, message).in_file(self.file);
            return self.problems.borrow_mut().push(problem);
        }
        let begin = place.start.min(self.text.len());
        let line = self.line(begin);
        if let Some(first) = self.broken_lines.first() {
            // Keys of a broken header fall into the table before it.
            let is_apart = match code {
                "unknown-key" => line < *first,
                _ => OF_ONE_VALUE.contains(&code) && !self.broken_lines.contains(&line),
            };
            if !is_apart || place.is_empty() {
                return;
            }
        }
        let mut problems = self.problems.borrow_mut();
        // Counting the characters of a very long line again and again would take long.
        let column = if problems.shown().len() < Problems::SHOWN {
            let line_begin = self.line_begins.get(line.saturating_sub(1)).copied().unwrap_or(0);
            self.text.get(line_begin..begin).unwrap_or_default().chars().count() + 1
        } else {
            1
        };
        let problem = Problem::new(code, message)
            .in_file(self.file)
            .at(line as u64, column.to_string())
            .maybe_hint(hint);
        problems.push(problem);
    }

    /// A hint at the nearest of the known words.
    pub(crate) fn did_you_mean<'w>(
        &self,
        given: &str,
        known: impl IntoIterator<Item = &'w str>,
    ) -> Option<String> {
        // A few searches of long lists help the author; thousands only take time.
        if self.count() >= Problems::SHOWN as u64 {
            return None;
        }
        let known: Vec<&str> =
            known.into_iter().filter(|word| word.len() <= 100).take(2000).collect();
        if given.len() > 100 {
            return None;
        }
        if known.len() > 50 {
            self.searches.set(self.searches.get().checked_sub(1)?);
        }
        did_you_mean(given, known)
    }

    /// How many problems there are so far.
    pub(crate) fn count(&self) -> u64 {
        self.problems.borrow().total()
    }

    /// Whether nothing is wrong so far.
    pub(crate) fn is_clean(&self) -> bool {
        self.problems.borrow().is_empty()
    }

    /// Every problem, in the order of lines.
    pub(crate) fn into_problems(self) -> Problems {
        let mut problems = self.problems.into_inner();
        problems.sort();
        problems
    }
}

impl<'d> Table<'d> {
    /// The document's own table.
    pub(crate) fn root(document: &'d Document<'d>, entries: &'d DeTable<'d>) -> Self {
        Self { document, entries: Some(entries), span: 0..0, asked: Vec::new() }
    }

    /// Where it stands.
    pub(crate) fn place(&self) -> Place {
        self.span.clone()
    }

    /// The document in which it stands.
    pub(crate) fn document(&self) -> &'d Document<'d> {
        self.document
    }

    /// How many problems the document has so far.
    pub(crate) fn problems(&self) -> u64 {
        self.document.count()
    }

    /// Whether a key was asked for.
    pub(crate) fn was_asked(&self, key: &str) -> bool {
        self.asked.contains(&key)
    }

    /// Notes a problem with the table as a whole.
    pub(crate) fn problem(&self, code: &'static str, message: String) {
        self.document.problem(&self.span, code, message, None);
    }

    /// The value of a key, if it is there.
    pub(crate) fn get(&mut self, key: &'static str) -> Option<Value<'d>> {
        self.asked.push(key);
        let value = self.entries?.get(key)?;
        let span = value.span();
        Some(Value { document: self.document, key, inner: value.get_ref(), span })
    }

    /// The value of a key that must be there.
    pub(crate) fn required(&mut self, key: &'static str) -> Option<Value<'d>> {
        let found = self.get(key);
        if found.is_none() {
            let message = format!("the key `{key}` is missing");
            self.document.problem(&self.span, "missing-key", message, None);
        }
        found
    }

    /// All tables of an array of tables.
    pub(crate) fn tables(&mut self, key: &'static str) -> Vec<Table<'d>> {
        let values = self.get(key).and_then(|value| value.array()).unwrap_or_default();
        values.into_iter().filter_map(|value| value.table()).collect()
    }

    /// All keys with their values, where the keys are the author's own words.
    pub(crate) fn entries(&self) -> Vec<(&'d str, Place, Value<'d>)> {
        let entries = self.entries.into_iter().flat_map(DeTable::iter);
        let mut found: Vec<(&str, Place, Value<'_>)> = entries
            .map(|(key, value)| {
                let span = value.span();
                let inner = Value {
                    document: self.document,
                    key: key.get_ref(),
                    inner: value.get_ref(),
                    span,
                };
                (key.get_ref().as_ref(), key.span(), inner)
            })
            .collect();
        found.sort_by_key(|(_, place, _)| place.start);
        found
    }

    /// Reports the keys that nobody asked for.
    pub(crate) fn finish(self) {
        for (key, place, _) in self.entries() {
            if !self.asked.contains(&key) {
                let hint = self.document.did_you_mean(key, self.asked.iter().copied());
                let message = format!("there is no key `{}` here", shown(key));
                self.document.problem(&place, "unknown-key", message, hint);
            }
        }
    }
}

impl<'d> Value<'d> {
    /// Where it stands.
    pub(crate) fn place(&self) -> Place {
        self.span.clone()
    }

    /// Notes a problem with it.
    pub(crate) fn problem(&self, code: &'static str, message: String, hint: Option<String>) {
        self.document.problem(&self.span, code, message, hint);
    }

    fn wrong<T>(&self, expected: &str) -> Option<T> {
        let found = match self.inner.type_str() {
            "float" => "decimal",
            "datetime" => "date",
            other => other,
        };
        let article = if found.starts_with(['a', 'i']) { "an" } else { "a" };
        let message = format!("`{}` must be {expected}, and is {article} {found}", shown(self.key));
        self.problem("wrong-type", message, None);
        None
    }

    /// A text that is not empty.
    pub(crate) fn text(&self) -> Option<&'d str> {
        let Some(text) = self.inner.as_str() else { return self.wrong("a string") };
        let fault = if text.trim().is_empty() {
            "is empty"
        } else if text.chars().any(|c| c.is_control() && c != '\n') {
            "holds a control character"
        } else {
            return Some(text);
        };
        self.problem("bad-value", format!("`{}` {fault}", shown(self.key)), None);
        None
    }

    /// A text, whatever it is, without a problem.
    pub(crate) fn raw_text(&self) -> &'d str {
        self.inner.as_str().unwrap_or_default()
    }

    /// An id: a letter, then letters, digits, `_` and `-`, all lower case.
    pub(crate) fn id(&self) -> Option<&'d str> {
        let text = self.text()?;
        let is_inner =
            |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
        let is_good = text.len() <= 100
            && text.starts_with(|c: char| c.is_ascii_lowercase())
            && text.chars().all(is_inner);
        if !is_good {
            let message = format!("`{}` is not an id", shown(text));
            let hint = "lower case letters, digits, `_` and `-`, beginning with a letter";
            self.problem("bad-id", message, Some(hint.to_owned()));
            return None;
        }
        Some(text)
    }

    /// One of some words.
    pub(crate) fn word(&self, words: &[&str]) -> Option<&'d str> {
        let text = self.text()?;
        if !words.contains(&text) {
            let message = format!("`{}` cannot be `{}`", shown(self.key), shown(text));
            let hint = self.document.did_you_mean(text, words.iter().copied());
            self.problem("bad-value", message, hint);
            return None;
        }
        Some(text)
    }

    /// A whole number between two bounds, both included.
    pub(crate) fn whole(&self, least: u64, most: u64) -> Option<u64> {
        let Some(number) = self.inner.as_integer() else { return self.wrong("a whole number") };
        let digits: String = number.as_str().chars().filter(|&c| c != '_').collect();
        let found = u64::from_str_radix(digits.trim_start_matches('+'), number.radix()).ok();
        let found = found.filter(|found| (least..=most).contains(found));
        if found.is_none() {
            let message = format!("`{}` must be from {least} to {most}", shown(self.key));
            self.problem("out-of-range", message, None);
        }
        found
    }

    /// A decimal: a whole number, a decimal as it is written, or a string that holds one.
    pub(crate) fn decimal(&self) -> Option<Decimal> {
        let text = match self.inner {
            DeValue::Integer(number) if number.radix() == 10 => number.as_str(),
            DeValue::Float(number) => number.as_str(),
            DeValue::String(text) => text.as_ref(),
            _ => return self.wrong("a number in base ten"),
        };
        let plain: String = text.chars().filter(|&c| c != '_').collect();
        match Decimal::parse(plain.trim_start_matches('+').as_bytes()) {
            Ok(decimal) => Some(decimal),
            Err(why) => {
                let message = format!("`{}` {}", shown(text), why.message());
                self.problem("bad-value", message, None);
                None
            }
        }
    }

    /// What one thing costs: a decimal, and not so much that sums of many leave their range.
    pub(crate) fn cost(&self) -> Option<Decimal> {
        let cost = self.decimal()?;
        if cost > Decimal::from_whole(DEAREST) {
            let message = format!("`{}` is over {DEAREST}", shown(self.key));
            self.problem("out-of-range", message, None);
        }
        Some(cost)
    }

    /// Whether it is `true`.
    pub(crate) fn is_true(&self) -> bool {
        self.inner.as_bool() == Some(true)
    }

    /// Whether it is `false`.
    pub(crate) fn is_false(&self) -> bool {
        self.inner.as_bool() == Some(false)
    }

    /// A day.
    pub(crate) fn day(&self) -> Option<Day> {
        let Some(found) = self.inner.as_datetime() else {
            return self.wrong("a day, as 2026-01-01");
        };
        let day = Day::parse(found.to_string().as_bytes());
        if day.is_none() {
            let message = format!("`{found}` is not a day");
            self.problem("bad-value", message, Some("write it as 2026-01-01".to_owned()));
        }
        day
    }

    /// A moment in UTC.
    pub(crate) fn moment(&self) -> Option<Timestamp> {
        let expected = "a moment, as 2026-01-01T00:00:00Z";
        let Some(found) = self.inner.as_datetime() else { return self.wrong(expected) };
        let moment = crate::facts::parse_moment(found.to_string().as_bytes());
        if moment.is_none() {
            let message = format!("`{found}` is not a moment in UTC");
            self.problem("bad-value", message, Some("write it as 2026-01-01T00:00:00Z".to_owned()));
        }
        moment
    }

    /// The values of an array.
    pub(crate) fn array(&self) -> Option<Vec<Value<'d>>> {
        let Some(array) = self.inner.as_array() else { return self.wrong("an array") };
        let inner = |value: &'d toml::Spanned<DeValue<'d>>| Value {
            document: self.document,
            key: self.key,
            inner: value.get_ref(),
            span: value.span(),
        };
        Some(array.iter().map(inner).collect())
    }

    /// Whether it is an array without values.
    pub(crate) fn is_empty_array(&self) -> bool {
        self.inner.as_array().is_some_and(|array| array.is_empty())
    }

    /// The values of an array that is not empty and in which nothing stands twice, read one by
    /// one.
    pub(crate) fn set<T: Ord + Copy>(&self, read: impl Fn(&Self) -> Option<T>) -> Vec<(T, Place)> {
        let values = self.array().unwrap_or_default();
        if values.is_empty() && self.inner.is_array() {
            self.problem("bad-value", format!("`{}` is empty", shown(self.key)), None);
        }
        let mut found = Vec::new();
        let mut known = BTreeSet::new();
        for value in values {
            let Some(inner) = read(&value) else { continue };
            if known.insert(inner) {
                found.push((inner, value.place()));
            } else {
                let message = format!("`{}` stands twice in `{}`", value.source(), shown(self.key));
                value.problem("id-used-twice", message, None);
            }
        }
        found
    }

    /// Texts of facts, which may hold whatever facts do.
    pub(crate) fn fact_texts(&self) -> Vec<(&'d str, Place)> {
        self.set(|value| match value.inner.as_str() {
            Some(text) if !text.is_empty() => Some(text),
            _ => value.text(),
        })
    }

    /// The texts of such an array.
    pub(crate) fn texts(&self) -> Vec<(&'d str, Place)> {
        self.set(Self::text)
    }

    /// How it is written, without quotes.
    fn source(&self) -> String {
        let source = self.document.text.get(self.span.clone()).unwrap_or_default();
        shown(source.trim_matches(['"', '\'']))
    }

    /// A table.
    pub(crate) fn table(&self) -> Option<Table<'d>> {
        let Some(entries) = self.inner.as_table() else { return self.wrong("a table") };
        Some(Table {
            document: self.document,
            entries: Some(entries),
            span: self.span.clone(),
            asked: Vec::new(),
        })
    }

    /// Whether it is a table.
    pub(crate) fn is_table(&self) -> bool {
        self.inner.is_table()
    }

    /// Whether it is a text.
    pub(crate) fn is_text(&self) -> bool {
        self.inner.is_str()
    }
}

/// A text as problems show it: at most 60 characters on one line.
pub(crate) fn shown(text: &str) -> String {
    clipped(text, 60)
}

fn clipped(text: &str, most: usize) -> String {
    let plain = |c: char| match c {
        '\n' => ' ',
        c if c.is_control() => '\u{fffd}',
        c => c,
    };
    let mut short: String = text.chars().take(most).map(plain).collect();
    if text.chars().nth(most).is_some() {
        short.push('…');
    }
    short
}
