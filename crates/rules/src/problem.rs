//! Problems of input: what is wrong, where, and what to do about it.
//!
//! Loading a rulebook or a folder of facts reports every problem it finds. The first
//! [`Problems::SHOWN`] are kept in full, the rest are counted by file and code, so that memory
//! does not grow with the number of problems.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

/// One thing that is wrong with the input.
///
/// Shown as `file:line:column: message [CODE]`, with the hint on a line of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// A stable code in kebab case, documented in `docs/problems.md`.
    pub code: &'static str,
    /// The file, as the user named it; empty where there is none.
    pub file: String,
    /// The line, from 1, on which the offending value begins.
    pub line: Option<u64>,
    /// The column: a header's name in facts, a character position from 1 elsewhere.
    pub column: Option<String>,
    /// What is wrong, with the user's input in backticks.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

impl Problem {
    /// A problem of something that is in no file.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            file: String::new(),
            line: None,
            column: None,
            message: message.into(),
            hint: None,
        }
    }

    /// The same problem, in this file.
    #[must_use]
    pub fn in_file(mut self, file: impl Into<String>) -> Self {
        self.file = file.into();
        self
    }

    /// The same problem, at this place of its file.
    #[must_use]
    pub fn at(mut self, line: u64, column: impl Into<String>) -> Self {
        self.line = Some(line);
        self.column = Some(column.into());
        self
    }

    /// The same problem, on this line of its file.
    #[must_use]
    pub fn on_line(mut self, line: u64) -> Self {
        self.line = Some(line);
        self
    }

    /// The same problem, with advice.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same problem, with advice if there is any.
    #[must_use]
    pub fn maybe_hint(mut self, hint: Option<String>) -> Self {
        self.hint = hint;
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.file.is_empty() {
            f.write_str(&self.file)?;
            if let Some(line) = self.line {
                write!(f, ":{line}")?;
            }
            if let Some(column) = &self.column {
                write!(f, ":{column}")?;
            }
            f.write_str(": ")?;
        }
        write!(f, "{} [{}]", self.message, self.code)
    }
}

/// Problems found in one run, in bounded memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems {
    shown: Vec<Problem>,
    rest: BTreeMap<(String, &'static str), u64>,
}

impl Problems {
    /// How many problems are kept in full.
    pub const SHOWN: usize = 1000;

    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one.
    pub fn push(&mut self, problem: Problem) {
        if self.is_full() {
            let count = self.rest.entry((problem.file, problem.code)).or_default();
            *count = count.saturating_add(1);
        } else {
            self.shown.push(problem);
        }
    }

    /// Adds all of another run after these.
    pub fn append(&mut self, other: Self) {
        for problem in other.shown {
            self.push(problem);
        }
        for (place, count) in other.rest {
            let sum = self.rest.entry(place).or_default();
            *sum = sum.saturating_add(count);
        }
    }

    /// Puts those kept in full into the order of their files' lines.
    pub fn sort(&mut self) {
        self.shown.sort_by(|a, b| (&a.file, a.line, &a.column).cmp(&(&b.file, b.line, &b.column)));
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.shown.is_empty()
    }

    /// Whether the next is only counted.
    pub fn is_full(&self) -> bool {
        self.shown.len() >= Self::SHOWN
    }

    /// How many there are, counting those that are not kept in full.
    pub fn total(&self) -> u64 {
        self.rest.values().fold(self.shown.len() as u64, |sum, count| sum.saturating_add(*count))
    }

    /// Those kept in full.
    pub fn shown(&self) -> &[Problem] {
        &self.shown
    }

    /// File, code and number of those that are only counted.
    pub fn rest(&self) -> impl Iterator<Item = (&str, &'static str, u64)> {
        self.rest.iter().map(|((file, code), count)| (file.as_str(), *code, *count))
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        let mut problems = Self::new();
        problems.push(problem);
        problems
    }
}

impl FromIterator<Problem> for Problems {
    fn from_iter<T: IntoIterator<Item = Problem>>(iter: T) -> Self {
        let mut problems = Self::new();
        for problem in iter {
            problems.push(problem);
        }
        problems
    }
}

/// A hint that names the nearest of the known words, or lists them when they are few.
///
/// Returns `None` when nothing is near and the list is too long to be of help.
pub fn did_you_mean<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    // No list that people write is as long, and a hint is not worth comparing all of it.
    const MOST: usize = 1000;
    let known: Vec<&str> = known.into_iter().take(MOST).collect();
    let near = nearest(given, known.iter().copied(), 1);
    if let Some(word) = near.first() {
        return Some(format!("did you mean `{word}`?"));
    }
    if known.is_empty() || known.len() > 13 {
        return None;
    }
    let list: Vec<String> = known.iter().map(|word| format!("`{word}`")).collect();
    Some(format!("one of {}", list.join(", ")))
}

/// The known words nearest to the given one, best first, at most `most`.
pub fn nearest<'a>(
    given: &str,
    known: impl IntoIterator<Item = &'a str>,
    most: usize,
) -> Vec<&'a str> {
    // Longer input is no slip of the finger, and comparing it would cost its square.
    if given.len() > 256 {
        return Vec::new();
    }
    let given_lower = given.to_lowercase();
    let mut near: Vec<(usize, &str)> = known
        .into_iter()
        .filter_map(|word| {
            let distance = strsim::damerau_levenshtein(&given_lower, &word.to_lowercase());
            let allowed = 1 + given.chars().count().min(word.chars().count()) / 4;
            let is_part = given.len() >= 4 && word.to_lowercase().contains(&given_lower);
            (distance <= allowed || is_part).then_some((distance, word))
        })
        .collect();
    near.sort_unstable();
    near.into_iter().take(most).map(|(_, word)| word).collect()
}
