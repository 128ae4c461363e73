//! Reads comma-separated values record by record, in bounded memory, with exact places.
//!
//! RFC 4180 in any single-byte delimiter, lines ending in LF or CRLF. What the common readers
//! pass over in silence is told apart here: a quote left open, text behind a closing quote, a
//! quote inside an unquoted field. A field longer than [`FIELD_LIMIT`] is cut, so that a record
//! never holds more than its columns' limit. Knows nothing of what the fields mean.

use std::io::{self, BufRead};

/// Longest field that is kept, in bytes.
pub const FIELD_LIMIT: usize = 1_000_000;

/// Most fields of one record that are kept; the rest are only counted.
pub const FIELDS_LIMIT: usize = 256;

/// What is wrong with the form of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The file ended inside quotes.
    OpenQuote,
    /// Something other than a delimiter follows a closing quote.
    TextAfterQuote,
    /// A quote stands inside a field that does not begin with one.
    StrayQuote,
    /// The field is longer than [`FIELD_LIMIT`].
    TooLong,
}

/// Where a field lies in its record.
#[derive(Clone, Copy, Debug)]
struct Span {
    end: usize,
    line: u64,
}

/// One record: its fields without their quotes. Reused from record to record.
#[derive(Debug, Default)]
pub struct Record {
    bytes: Vec<u8>,
    spans: Vec<Span>,
    /// Fields beyond [`FIELDS_LIMIT`].
    surplus: u64,
    line: u64,
    faults: Vec<(usize, Fault)>,
}

impl Record {
    /// The line on which the record begins, from 1.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// How many fields it has.
    pub fn len(&self) -> u64 {
        self.surplus.saturating_add(self.spans.len() as u64)
    }

    /// Whether it has no field, which no record that was read has.
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// A field by its position; empty where there is none.
    #[inline]
    pub fn field(&self, at: usize) -> &[u8] {
        let begin = match at.checked_sub(1) {
            Some(before) => self.spans.get(before).map_or(usize::MAX, |span| span.end),
            None => 0,
        };
        let end = self.spans.get(at).map_or(0, |span| span.end);
        self.bytes.get(begin..end).unwrap_or_default()
    }

    /// The line on which a field begins.
    pub fn field_line(&self, at: usize) -> u64 {
        self.spans.get(at).map_or(self.line, |span| span.line)
    }

    /// All fields, one behind the other.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Fields whose form is wrong, by position.
    pub fn faults(&self) -> &[(usize, Fault)] {
        &self.faults
    }

    fn clear(&mut self, line: u64) {
        self.bytes.clear();
        self.spans.clear();
        self.faults.clear();
        self.surplus = 0;
        self.line = line;
    }

    fn begin(&self) -> usize {
        self.spans.last().map_or(0, |span| span.end)
    }

    #[inline]
    fn extend(&mut self, part: &[u8]) {
        if self.spans.len() >= FIELDS_LIMIT {
            return;
        }
        let used = self.bytes.len() - self.begin();
        if used + part.len() <= FIELD_LIMIT {
            self.bytes.extend_from_slice(part);
        } else {
            self.bytes.extend_from_slice(part.get(..FIELD_LIMIT - used).unwrap_or_default());
            self.fault(Fault::TooLong);
        }
    }

    fn fault(&mut self, fault: Fault) {
        let at = self.spans.len();
        if at < FIELDS_LIMIT && !self.faults.contains(&(at, fault)) {
            self.faults.push((at, fault));
        }
    }

    #[inline]
    fn end_field(&mut self, line: u64) {
        if self.spans.len() < FIELDS_LIMIT {
            self.spans.push(Span { end: self.bytes.len(), line });
        } else {
            self.surplus = self.surplus.saturating_add(1);
        }
    }

    /// Whether it is a line with nothing on it.
    fn is_blank(&self) -> bool {
        self.spans.len() == 1 && self.bytes.is_empty() && self.faults.is_empty()
    }
}

/// How a field ended.
enum End {
    Delimiter,
    Line,
    File,
}

/// Reads records from a buffered input.
#[derive(Debug)]
pub struct Reader<R> {
    input: R,
    delimiter: u8,
    line: u64,
    begun: bool,
    /// How many bytes of a byte order mark were read that then was none.
    half_mark: usize,
}

/// The byte order mark of UTF-8.
const MARK: &[u8] = b"\xEF\xBB\xBF";

impl<R: BufRead> Reader<R> {
    /// A reader from the beginning of a file; a byte order mark is skipped.
    pub fn new(input: R, delimiter: u8) -> Self {
        Self { input, delimiter, line: 1, begun: false, half_mark: 0 }
    }

    /// Reads the next record that is not a blank line. False at the end of the file.
    pub fn read(&mut self, record: &mut Record) -> io::Result<bool> {
        if !self.begun {
            self.begun = true;
            self.skip_byte_order_mark()?;
        }
        loop {
            record.clear(self.line);
            if self.half_mark == 0 && self.input.fill_buf()?.is_empty() {
                return Ok(false);
            }
            while let End::Delimiter = self.read_field(record)? {}
            if !record.is_blank() {
                return Ok(true);
            }
        }
    }

    /// Skips a byte order mark, which may come in pieces.
    fn skip_byte_order_mark(&mut self) -> io::Result<()> {
        let mut found = 0;
        while found < MARK.len() && self.input.fill_buf()?.first() == MARK.get(found) {
            self.input.consume(1);
            found += 1;
        }
        self.half_mark = if found == MARK.len() { 0 } else { found };
        Ok(())
    }

    #[inline]
    fn read_field(&mut self, record: &mut Record) -> io::Result<End> {
        let line = self.line;
        let end = if self.half_mark > 0 {
            record.extend(MARK.get(..self.half_mark).unwrap_or_default());
            self.half_mark = 0;
            self.read_plain(record)?
        } else if self.input.fill_buf()?.first() == Some(&b'"') {
            self.input.consume(1);
            self.read_quoted(record)?
        } else {
            self.read_plain(record)?
        };
        record.end_field(line);
        Ok(end)
    }

    /// Reads up to the end of an unquoted field.
    #[inline]
    fn read_plain(&mut self, record: &mut Record) -> io::Result<End> {
        loop {
            let buffer = self.input.fill_buf()?;
            if buffer.is_empty() {
                strip_carriage_return(record);
                return Ok(End::File);
            }
            let Some(at) = memchr::memchr3(self.delimiter, b'\n', b'"', buffer) else {
                record.extend(buffer);
                let read = buffer.len();
                self.input.consume(read);
                continue;
            };
            let (part, rest) = buffer.split_at(at);
            record.extend(part);
            let mark = rest.first().copied().unwrap_or(b'\n');
            self.input.consume(at + 1);
            if mark == b'\n' {
                strip_carriage_return(record);
                self.line += 1;
                return Ok(End::Line);
            }
            if mark == self.delimiter {
                return Ok(End::Delimiter);
            }
            record.fault(Fault::StrayQuote);
            record.extend(b"\"");
        }
    }

    /// Reads a field whose opening quote has been read.
    fn read_quoted(&mut self, record: &mut Record) -> io::Result<End> {
        loop {
            let buffer = self.input.fill_buf()?;
            if buffer.is_empty() {
                record.fault(Fault::OpenQuote);
                return Ok(End::File);
            }
            let at = memchr::memchr(b'"', buffer);
            let part = buffer.get(..at.unwrap_or(buffer.len())).unwrap_or_default();
            self.line += memchr::memchr_iter(b'\n', part).count() as u64;
            record.extend(part);
            let read = part.len() + usize::from(at.is_some());
            self.input.consume(read);
            if at.is_none() {
                continue;
            }
            let next = self.input.fill_buf()?.first().copied();
            match next {
                Some(b'"') => {
                    record.extend(b"\"");
                    self.input.consume(1);
                }
                None => return Ok(End::File),
                Some(b'\n') => {
                    self.input.consume(1);
                    self.line += 1;
                    return Ok(End::Line);
                }
                Some(byte) if byte == self.delimiter => {
                    self.input.consume(1);
                    return Ok(End::Delimiter);
                }
                Some(b'\r') => return self.read_after_quote(record, true),
                Some(_) => return self.read_after_quote(record, false),
            }
        }
    }

    /// Reads what follows a closing quote, which should be the end of the line.
    fn read_after_quote(&mut self, record: &mut Record, is_return: bool) -> io::Result<End> {
        let quoted = record.bytes.len();
        let mut end = self.read_plain(record)?;
        let is_bare = record.bytes.len() == quoted;
        if !(is_return && is_bare && matches!(end, End::Line)) {
            record.fault(Fault::TextAfterQuote);
            if let End::File = end {
                end = End::File;
            }
        }
        Ok(end)
    }
}

/// Takes the carriage return of a CRLF off the field that is being read.
#[inline]
fn strip_carriage_return(record: &mut Record) {
    let begin = record.begin();
    if record.spans.len() < FIELDS_LIMIT
        && record.bytes.len() > begin
        && record.bytes.last() == Some(&b'\r')
    {
        record.bytes.pop();
    }
}

/// Writes fields as one line of RFC 4180, quoted where they need it.
pub fn write_record<'a>(
    out: &mut (impl io::Write + ?Sized),
    fields: impl IntoIterator<Item = &'a [u8]>,
) -> io::Result<()> {
    for (at, field) in fields.into_iter().enumerate() {
        if at > 0 {
            out.write_all(b",")?;
        }
        let plain = !field.iter().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r'));
        if plain {
            out.write_all(field)?;
            continue;
        }
        out.write_all(b"\"")?;
        for (part_at, part) in field.split(|&byte| byte == b'"').enumerate() {
            if part_at > 0 {
                out.write_all(b"\"\"")?;
            }
            out.write_all(part)?;
        }
        out.write_all(b"\"")?;
    }
    out.write_all(b"\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    type Read = (u64, Vec<String>, Vec<(usize, Fault)>);

    /// Lines, fields and faults of a text, read through a buffer of the given size.
    fn read(text: &[u8], buffer: usize) -> Vec<Read> {
        let mut reader = Reader::new(io::BufReader::with_capacity(buffer, text), b',');
        let mut record = Record::default();
        let mut records = Vec::new();
        while reader.read(&mut record).unwrap() {
            let fields = (0..record.spans.len())
                .map(|at| String::from_utf8_lossy(record.field(at)).into_owned())
                .collect();
            records.push((record.line(), fields, record.faults().to_vec()));
        }
        records
    }

    #[test]
    fn records_are_the_same_whatever_the_buffer() {
        let text = "\u{feff}a,b\r\n1,\"x \"\"y\"\"\r\nz\"\r\n\n3,\r\n\"\",\"q\"\n,last".as_bytes();
        let expected = vec![
            (1, vec!["a".to_owned(), "b".into()], vec![]),
            (2, vec!["1".to_owned(), "x \"y\"\r\nz".into()], vec![]),
            (5, vec!["3".to_owned(), String::new()], vec![]),
            (6, vec![String::new(), "q".into()], vec![]),
            (7, vec![String::new(), "last".into()], vec![]),
        ];
        for buffer in [1, 2, 3, 4, 5, 7, 64, 4096] {
            assert_eq!(read(text, buffer), expected, "buffer of {buffer}");
        }
    }

    #[test]
    fn half_a_byte_order_mark_is_text() {
        for buffer in [1, 2, 64] {
            assert_eq!(read(b"\xEF\xBB\"a\n", buffer)[0].1, ["\u{fffd}\"a"]);
            assert_eq!(read(b"\xEF", buffer)[0].1, ["\u{fffd}"]);
            assert_eq!(read(b"\xEF\xBB\xBF", buffer), []);
        }
    }

    #[test]
    fn faults_are_told_apart() {
        assert_eq!(read(b"a,5\" disk\n", 64)[0].2, [(1, Fault::StrayQuote)]);
        assert_eq!(read(b"a,\"b\" c\nd,e\n", 64)[0].2, [(1, Fault::TextAfterQuote)]);
        assert_eq!(read(b"a,\"b\"\r", 64)[0].2, [(1, Fault::TextAfterQuote)]);
        assert_eq!(read(b"a,\"b\nc,d\n", 64)[0].2, [(1, Fault::OpenQuote)]);
    }

    #[test]
    fn a_field_is_cut_at_its_limit() {
        let mut text = b"a,\"".to_vec();
        text.resize(text.len() + FIELD_LIMIT + 1, b'x');
        text.extend_from_slice(b"\",c\n");
        let records = read(&text, 4096);
        assert_eq!(records[0].1[1].len(), FIELD_LIMIT);
        assert_eq!(records[0].1[2], "c");
        assert_eq!(records[0].2, [(1, Fault::TooLong)]);
    }

    #[test]
    fn what_is_written_is_read_back() {
        let fields: [&[u8]; 4] = [b"plain", b"a,b", b"say \"hi\"\r\n", b""];
        let mut out = Vec::new();
        write_record(&mut out, fields).unwrap();
        assert_eq!(read(&out, 64)[0].1, ["plain", "a,b", "say \"hi\"\r\n", ""]);
    }
}
