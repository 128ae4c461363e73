//! One row of a file: its cells read as days, decimals, words; what is wrong noted in passing.

use std::borrow::Cow;

use jiff::Timestamp;

use super::csv::{Fault, Record};
use super::ids::{Hint, ID_LIMIT};
use super::layout::{Layout, shown};
use super::load::References;
use super::table::Currency;
use super::{File, Holds, Ids};
use crate::day::Day;
use crate::decimal::{Decimal, NotDecimal};
use crate::problem::{Problem, Problems, did_you_mean, nearest};

/// A row that is being read. After all its cells were asked for, `is_bad` tells whether any of
/// them, or the row as a whole, has a problem.
pub(crate) struct Row<'a> {
    pub(crate) record: &'a Record,
    pub(crate) layout: &'a Layout,
    references: References<'a>,
    pub(crate) problems: &'a mut Problems,
    pub(crate) is_bad: bool,
    /// It has more or fewer fields than the header, so that its cells are not where they belong.
    is_ragged: bool,
}

/// From when until when the network held a row to be true: half-open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Known {
    pub(crate) from: Timestamp,
    pub(crate) until: Timestamp,
}

impl Known {
    /// Whether it was held to be true at a moment; none is the end of time.
    #[inline]
    pub(crate) fn at(&self, moment: Option<Timestamp>) -> bool {
        match moment {
            None => self.until == Timestamp::MAX,
            Some(moment) => {
                self.from <= moment && (moment < self.until || self.until == Timestamp::MAX)
            }
        }
    }
}

impl<'a> Row<'a> {
    /// Begins a row, with the problems that its form has.
    pub(crate) fn new(
        record: &'a Record,
        layout: &'a Layout,
        references: References<'a>,
        problems: &'a mut Problems,
    ) -> Self {
        let mut row =
            Self { record, layout, references, problems, is_bad: false, is_ragged: false };
        row.check_form();
        row
    }

    fn check_form(&mut self) {
        let record = self.record;
        for &(field, fault) in record.faults() {
            self.form_problem(field, fault);
        }
        let expected = self.layout.headers.len() as u64;
        if record.len() != expected {
            (self.is_bad, self.is_ragged) = (true, true);
            let found = record.len();
            let message = format!("the row has {found} fields, the header has {expected}");
            let hint = "a field that holds a comma or a line break must be in quotes";
            let problem = Problem::new("ragged-row", message)
                .in_file(&self.layout.name)
                .on_line(record.line());
            self.problems.push(problem.hint(hint));
        }
        if record.bytes().is_ascii() && memchr::memchr(0, record.bytes()).is_none() {
            return;
        }
        for field in 0..self.layout.headers.len() {
            let bytes = record.field(field);
            if memchr::memchr(0, bytes).is_some() {
                self.field_problem(field, "nul", "the field holds a NUL byte".into(), None);
            }
            if std::str::from_utf8(bytes).is_err() {
                let hint = "save the file as UTF-8";
                self.field_problem(field, "bad-utf8", "the field is not UTF-8".into(), Some(hint));
            }
        }
    }

    fn form_problem(&mut self, field: usize, fault: Fault) {
        let (code, message, hint) = match fault {
            Fault::OpenQuote => (
                "open-quote",
                "the quote that opens here is never closed",
                Some("add the closing quote"),
            ),
            Fault::TextAfterQuote => (
                "text-after-quote",
                "text follows the closing quote",
                Some("a quote inside a quoted field is written twice"),
            ),
            Fault::StrayQuote => (
                "stray-quote",
                "a quote stands inside an unquoted field",
                Some("put the field in quotes and write the quote twice"),
            ),
            Fault::TooLong => ("field-too-long", "the field is over 1 MB", None),
        };
        self.field_problem(field, code, message.into(), hint);
    }

    fn field_problem(
        &mut self,
        field: usize,
        code: &'static str,
        message: String,
        hint: Option<&str>,
    ) {
        let header = self.layout.headers.get(field).cloned();
        let column = header.unwrap_or_else(|| (field + 1).to_string());
        self.is_bad = true;
        let problem = Problem::new(code, message)
            .in_file(&self.layout.name)
            .at(self.record.field_line(field), column);
        self.problems.push(problem.maybe_hint(hint.map(str::to_owned)));
    }

    /// Notes a problem of a column. In a ragged row it would only be a consequence.
    pub(crate) fn problem(
        &mut self,
        column: usize,
        code: &'static str,
        message: String,
        hint: Option<String>,
    ) {
        self.is_bad = true;
        if self.is_ragged {
            return;
        }
        let line = match self.layout.field(column) {
            Some(field) => self.record.field_line(field),
            None => self.record.line(),
        };
        let problem = Problem::new(code, message)
            .in_file(&self.layout.name)
            .at(line, self.layout.header(column));
        self.problems.push(problem.maybe_hint(hint));
    }

    /// A value that cannot be read, with what it should be.
    fn bad_value(&mut self, column: usize, value: &[u8], why: &str, hint: Option<String>) {
        let message = format!("`{}` {why}", shown(value));
        self.problem(column, "bad-value", message, hint);
    }

    /// Whether what the row says need be kept to be compared with other rows: not that of a bad
    /// row once further problems are only counted, or memory would grow with them.
    pub(crate) fn is_worth_comparing(&self) -> bool {
        !(self.is_bad && self.problems.is_full())
    }

    /// The known word that a value is near, unless nobody would be told any more: looking for it
    /// is most of the work that a bad row makes.
    pub(crate) fn near<'k>(
        &self,
        value: &[u8],
        known: impl IntoIterator<Item = &'k str>,
    ) -> Option<String> {
        if self.problems.is_full() {
            return None;
        }
        did_you_mean(&shown(value), known)
    }

    /// The text of a column; absent when empty.
    #[inline]
    pub(crate) fn text(&self, column: usize) -> Option<&'a [u8]> {
        self.layout.cell(self.record, column)
    }

    /// The text of a column that every row must fill.
    #[inline]
    pub(crate) fn required(&mut self, column: usize) -> Option<&'a [u8]> {
        let text = self.text(column);
        if text.is_none() {
            let name = self.layout.file.columns().get(column).map_or("", |column| column.name);
            self.problem(column, "missing-value", format!("`{name}` is empty"), None);
        }
        text
    }

    /// An id, of a length that is kept.
    #[inline]
    pub(crate) fn id(&mut self, column: usize) -> Option<&'a [u8]> {
        let text = self.required(column)?;
        self.short(column, text)
    }

    fn short(&mut self, column: usize, text: &'a [u8]) -> Option<&'a [u8]> {
        if text.len() <= ID_LIMIT {
            return Some(text);
        }
        let message = format!("the id is {} bytes long, more than {ID_LIMIT}", text.len());
        self.problem(column, "id-too-long", message, None);
        None
    }

    /// An id that may be absent.
    pub(crate) fn optional_id(&mut self, column: usize) -> Option<&'a [u8]> {
        let text = self.text(column)?;
        self.short(column, text)
    }

    /// A day.
    #[inline]
    pub(crate) fn day(&mut self, column: usize) -> Option<Day> {
        let text = self.text(column)?;
        let day = self.read_day(text);
        if day.is_none() {
            let form = self.layout.dates.as_deref().unwrap_or("YYYY-MM-DD");
            self.bad_value(
                column,
                text,
                "is not a day of the calendar",
                Some(format!("write it as {form}")),
            );
        }
        day
    }

    fn read_day(&self, text: &[u8]) -> Option<Day> {
        match &self.layout.dates {
            None => Day::parse(text),
            Some(format) => jiff::civil::Date::strptime(format, text)
                .ok()
                .filter(|date| date.year() > 0)
                .map(Day::from_date),
        }
    }

    /// A day that every row must have.
    #[inline]
    pub(crate) fn required_day(&mut self, column: usize) -> Option<Day> {
        self.required(column)?;
        self.day(column)
    }

    /// The cell of a column as the format writes it, of a row that has no problem.
    pub(crate) fn canonical(&self, column: usize) -> Option<Cow<'a, [u8]>> {
        let text = self.text(column)?;
        let written = match self.layout.file.columns().get(column).map(|column| column.holds) {
            Some(Holds::Day) => self.read_day(text).map(|day| day.to_string()),
            Some(Holds::Decimal) => self.read_decimal(text).ok().map(|decimal| decimal.to_string()),
            _ => None,
        };
        Some(written.map_or(Cow::Borrowed(text), |written| Cow::Owned(written.into_bytes())))
    }

    /// A decimal.
    pub(crate) fn decimal(&mut self, column: usize) -> Option<Decimal> {
        let text = self.text(column)?;
        match self.read_decimal(text) {
            Ok(decimal) => Some(decimal),
            Err(why) => {
                let hint = (why == NotDecimal::Malformed)
                    .then(|| "write digits with at most one point, as 1500.50".to_owned());
                self.bad_value(column, text, why.message(), hint);
                None
            }
        }
    }

    fn read_decimal(&self, text: &[u8]) -> Result<Decimal, NotDecimal> {
        if !self.layout.has_decimal_comma || !text.contains(&b',') {
            return Decimal::parse(text);
        }
        if text.contains(&b'.') {
            return Err(NotDecimal::Malformed);
        }
        let points: Vec<u8> =
            text.iter().map(|&byte| if byte == b',' { b'.' } else { byte }).collect();
        Decimal::parse(&points)
    }

    /// A score: a whole number from 1 to 5.
    pub(crate) fn score(&mut self, column: usize, text: &[u8]) -> Option<u8> {
        match text {
            &[digit @ b'1'..=b'5'] => Some(digit - b'0'),
            _ => {
                self.bad_value(column, text, "is not a score from 1 to 5", None);
                None
            }
        }
    }

    /// A currency.
    pub(crate) fn currency(&mut self, column: usize) -> Option<Currency> {
        let text = self.text(column)?;
        let currency = Currency::parse(text);
        if currency.is_none() {
            let hint = "write the three capital letters of ISO 4217, as EUR";
            self.bad_value(column, text, "is not a currency", Some(hint.into()));
        }
        currency
    }

    /// One word of an enumeration, or what it means where it is absent.
    #[inline]
    pub(crate) fn word<T: Copy>(
        &mut self,
        column: usize,
        from_word: impl Fn(&[u8]) -> Option<T>,
        words: &[&str],
        absent: T,
    ) -> T {
        let Some(text) = self.text(column) else { return absent };
        match from_word(text) {
            Some(value) => value,
            None => {
                let list: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
                // The message lists all words, so that only a near one is worth a hint.
                let near = nearest(&shown(text), words.iter().copied(), 1);
                let near = near.first().map(|word| format!("did you mean `{word}`?"));
                self.bad_value(column, text, &format!("is none of {}", list.join(", ")), near);
                absent
            }
        }
    }

    /// A word that the network's editions must know.
    pub(crate) fn known_word(&mut self, column: usize, known: &Ids, what: &str) -> Option<u32> {
        let text = self.text(column)?;
        let found = known.find(text);
        if found.is_none() {
            let hint = self.near(text, known.iter());
            let message = format!("no edition of the network knows the {what} `{}`", shown(text));
            self.problem(column, "unknown-word", message, hint);
        }
        found
    }

    /// A reference to a row of another file.
    #[inline]
    pub(crate) fn reference(
        &mut self,
        column: usize,
        ids: &Ids,
        to: File,
        hint: &mut Hint,
    ) -> Option<u32> {
        let text = self.optional_id(column)?;
        let found = ids.find_near(text, hint);
        if found.is_none() && !ids.is_partial() && self.references.misses(to, text) {
            let message = format!("there is no {} `{}`", to.row_word(), shown(text));
            let hint = format!("add it to {}, or correct the id", to.name());
            self.problem(column, "unknown-reference", message, Some(hint));
        }
        found
    }

    /// When the row was held to be true.
    pub(crate) fn known(&mut self, recorded_at: usize, retracted_at: usize) -> Known {
        let from = self.moment(recorded_at).unwrap_or(Timestamp::MIN);
        let until = self.moment(retracted_at).unwrap_or(Timestamp::MAX);
        if until < from {
            let message = "it was retracted before it was recorded".to_owned();
            self.problem(retracted_at, "ends-before-beginning", message, None);
        }
        Known { from, until }
    }

    fn moment(&mut self, column: usize) -> Option<Timestamp> {
        let text = self.text(column)?;
        let moment = parse_moment(text);
        if moment.is_none() {
            let hint = "write it in RFC 3339 and UTC, as 2026-03-31T12:00:00Z".to_owned();
            self.bad_value(column, text, "is not a moment", Some(hint));
        }
        moment
    }

    /// Notes an end that lies before its beginning.
    pub(crate) fn check_order(
        &mut self,
        (begin_column, begin): (usize, Option<Day>),
        (end_column, end): (usize, Option<Day>),
    ) {
        if let (Some(begin), Some(end)) = (begin, end)
            && end < begin
        {
            let word = self.layout.header(begin_column).to_owned();
            let message = format!("`{end}` lies before `{word}`, which is {begin}");
            self.problem(end_column, "ends-before-beginning", message, None);
        }
    }
}

/// Reads a moment in RFC 3339 and UTC.
pub fn parse_moment(text: &[u8]) -> Option<Timestamp> {
    let is_utc = text.ends_with(b"Z") || text.ends_with(b"+00:00");
    if !is_utc || text.len() < 20 || text.get(10) != Some(&b'T') || text.first() == Some(&b'+') {
        return None;
    }
    // The calendar library reads more than RFC 3339; what it would add is shut out by the form.
    let is_plain = text.iter().all(|&byte| byte.is_ascii_digit() || b"-:.TZ+".contains(&byte));
    let text = std::str::from_utf8(text).ok().filter(|_| is_plain)?;
    text.parse().ok().or_else(|| end_of_time(text))
}

/// A moment within the last days of the calendar, which is how databases write `never`. The
/// calendar library ends a day early, so that a moment has a day in every time zone.
fn end_of_time(text: &str) -> Option<Timestamp> {
    let civil: jiff::civil::DateTime = text.get(..19)?.parse().ok()?;
    // What follows the seconds is read as of another day.
    let is_good = format!("2000-01-01{}", text.get(10..)?).parse::<Timestamp>().is_ok();
    (is_good && civil.date() >= jiff::civil::date(9999, 12, 30)).then_some(Timestamp::MAX)
}
