//! Input that nobody means well: huge, broken, endless. Whatever it is, there is a clear problem
//! and never a crash, in memory that does not grow with the input.
//!
//! The streams are made as they are read. Their full sizes, up to 1 GB, are for
//! `cargo test --release -p guildhall-rules --test hostile`; without optimisation they are a
//! twentieth, so that all of it takes seconds.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may fail")]

use std::io::{self, Read, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};

use guildhall_rules::day::Day;
use guildhall_rules::evaluation::Evaluator;
use guildhall_rules::facts::{LoadOptions, Loaded, Mapping, References, Source, load};
use guildhall_rules::problem::{Problem, Problems};
use guildhall_rules::rulebook::{self, Catalogue, Edition};
use guildhall_rules::scorecard::FactLists;

const MB: u64 = 1_000_000;

/// A size in full where the code is optimised, and a twentieth of it elsewhere.
const fn scaled(full: u64) -> u64 {
    if cfg!(debug_assertions) { full / 20 } else { full }
}

const RULEBOOK: &str = r#"
id = "tiles-2026"
network = "tiles"
title = "Tiles 2026"
published_at = 2025-09-15T08:00:00Z
in_force_from = 2026-01-01
evaluation = 1
currency = "EUR"
components = [{ id = "work", title = "Work" }]
levels = [{ id = "journeyman", title = "Journeyman", rank = 2 }]
credentials = [{ id = "roof-installer", title = "Roof Installer", level = "journeyman" }]

[[measures]]
id = "customers"
title = "Customers"
component = "work"
kind = "count"
of = "ratings"
distinct = "customer"
window = { rolling_months = 12 }

[[paths]]
id = "fitting"
title = "Fitting"
[[paths.tiers]]
id = "base"
title = "Base"
requires = { customers = 1 }

[review]
every_months = 12
counted_from = ["review"]
resets_windows = ["review"]
when_not_met = "keep"
"#;

fn network() -> (Edition, Catalogue) {
    let edition = rulebook::load("rulebook.toml", RULEBOOK);
    let edition = edition.unwrap_or_else(|problems| panic!("{problems:#?}"));
    let catalogue = Catalogue::new([&edition]);
    (edition, catalogue)
}

/// A file that is made while it is read: a head, a pattern over and over, and how it ends.
#[derive(Clone)]
struct Stream {
    head: Vec<u8>,
    pattern: Vec<u8>,
    /// Bytes of patterns.
    size: u64,
    fails: bool,
    /// Most bytes that are handed out at once.
    step: usize,
    at: u64,
}

impl Stream {
    fn new(head: impl Into<Vec<u8>>, pattern: impl Into<Vec<u8>>, size: u64) -> Self {
        let mut pattern: Vec<u8> = pattern.into();
        let unit = pattern.len() as u64;
        // A whole number of patterns, of which many are copied at once.
        let size = size.checked_div(unit).unwrap_or(0) * unit;
        while !pattern.is_empty() && pattern.len() < 100_000 {
            pattern.extend_from_within(..);
        }
        Self { head: head.into(), pattern, size, fails: false, step: usize::MAX, at: 0 }
    }

    fn text(text: impl Into<Vec<u8>>) -> Self {
        Self::new(text, "", 0)
    }
}

impl Read for Stream {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let at = usize::try_from(self.at).unwrap();
        let part = if let Some(rest) = self.head.get(at..).filter(|rest| !rest.is_empty()) {
            rest
        } else {
            let into = self.at - self.head.len() as u64;
            let left = usize::try_from(self.size - into).unwrap();
            if left == 0 && self.fails {
                return Err(io::Error::other("the disk is gone"));
            }
            let from = usize::try_from(into).unwrap().checked_rem(self.pattern.len()).unwrap_or(0);
            let rest = &self.pattern[from..];
            &rest[..rest.len().min(left)]
        };
        let count = part.len().min(out.len()).min(self.step);
        out[..count].copy_from_slice(&part[..count]);
        self.at += count as u64;
        Ok(count)
    }
}

/// Rows that are made while they are read.
#[derive(Clone)]
struct Rows<F> {
    header: &'static str,
    row: F,
    count: u64,
}

struct RowsReader<F> {
    rows: Rows<F>,
    next: u64,
    text: io::Cursor<Vec<u8>>,
}

impl<F: Fn(u64) -> String> Read for RowsReader<F> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.text.read(out)?;
        if count > 0 || self.next == self.rows.count {
            return Ok(count);
        }
        let end = self.rows.count.min(self.next + 1000);
        let text: String = (self.next..end).map(&self.rows.row).collect();
        self.next = end;
        self.text = io::Cursor::new(text.into_bytes());
        self.text.read(out)
    }
}

fn source<'a>(name: &str, open: impl Fn() -> Box<dyn Read + Send> + Sync + 'a) -> Source<'a> {
    Source {
        name: name.to_owned(),
        shown: name.to_owned(),
        size: 0,
        open: Box::new(move || Ok(open())),
    }
}

fn stream(name: &str, stream: &Stream) -> Source<'static> {
    let stream = stream.clone();
    source(name, move || Box::new(stream.clone()))
}

fn rows<F>(name: &str, header: &'static str, count: u64, row: F) -> Source<'static>
where
    F: Fn(u64) -> String + Clone + Send + Sync + 'static,
{
    let rows = Rows { header, row, count };
    source(name, move || {
        let rows = rows.clone();
        let text = io::Cursor::new(rows.header.as_bytes().to_vec());
        Box::new(RowsReader { rows, next: 0, text })
    })
}

const PARTNERS: &str = "id,name,path\n";

fn partners() -> Source<'static> {
    stream("partners.csv", &Stream::text("id,name,path\nacme,Acme,fitting\n"))
}

fn run(sources: &[Source<'_>], rejects: Option<&mut (dyn Write + Send)>) -> Loaded {
    let options = LoadOptions { known_at: None, threads: 2, references: References::Folder };
    load("folder", sources, &Mapping::default(), &network().1, options, rejects).unwrap()
}

fn codes(problems: &Problems) -> Vec<&'static str> {
    let mut codes: Vec<&str> = problems.shown().iter().map(|problem| problem.code).collect();
    codes.dedup();
    codes
}

/// Has the tests run one after the other: they measure the memory of all of them.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Fails if more than so many megabytes are in use at any time. Where the system does not tell,
/// nothing is measured.
fn within<T>(megabytes: u64, run: impl FnOnce() -> T) -> T {
    // Forgets the peak so far.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
    let before = status("VmRSS:");
    let result = run();
    if let (Some(before), Some(peak)) = (before, status("VmHWM:")) {
        let used = peak.saturating_sub(before) / 1000;
        assert!(used <= megabytes, "{used} MB in use, {megabytes} are enough");
    }
    result
}

fn status(key: &str) -> Option<u64> {
    let text = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(key))?;
    line.trim().strip_suffix(" kB")?.parse().ok()
}

#[test]
fn a_gigabyte_of_a_field_that_is_never_closed() {
    let _alone = alone();
    let file = Stream::new(format!("{PARTNERS}acme,\""), "x", scaled(1000 * MB));
    let loaded = within(100, || run(&[stream("partners.csv", &file)], None));
    let found = loaded.problems;
    let expected = ["ragged-row", "field-too-long", "open-quote"];
    assert_eq!(codes(&found), expected, "{found:#?}");
    assert_eq!(found.shown()[1].line, Some(2));
    assert_eq!(found.shown()[1].column.as_deref(), Some("name"));
}

#[test]
fn a_gigabyte_of_commas_without_a_line() {
    let _alone = alone();
    let all = scaled(1000 * MB);
    let header = stream("partners.csv", &Stream::new("", "a,", all));
    let found = within(100, || run(&[header], None)).problems;
    assert_eq!(codes(&found), ["too-many-columns"]);
    assert!(found.shown()[0].message.contains(&format!("{} columns", all / 2 + 1)));
    let row = stream("partners.csv", &Stream::new(PARTNERS, "a,", all));
    let found = within(100, || run(&[row], None)).problems;
    assert_eq!(found.shown()[0].code, "ragged-row");
    assert!(found.shown()[0].message.contains(&format!("{} fields", all / 2 + 1)));
}

#[test]
fn millions_of_empty_lines() {
    let _alone = alone();
    for end in ["\n", "\r\n"] {
        let lines = Stream::new("", end, scaled(200 * MB));
        let found = within(50, || run(&[stream("partners.csv", &lines)], None)).problems;
        assert_eq!(codes(&found), ["empty-file"]);
        let lines = Stream::new(format!("{PARTNERS}acme,Acme,fitting\n"), end, scaled(200 * MB));
        let loaded = within(50, || run(&[stream("partners.csv", &lines)], None));
        assert!(loaded.problems.is_empty(), "{:#?}", loaded.problems);
        assert_eq!(loaded.facts.partners().len(), 1);
    }
}

#[test]
fn a_million_bad_rows_are_counted() {
    let _alone = alone();
    let count = scaled(1_000_000);
    let bad = rows("ratings.csv", "id,partner,customer,score,rated_on\n", count, |at| {
        format!("r{at},nobody,k,six,2026-02-30\n")
    });
    // The ids of rows that may not be taken are kept.
    let loaded = within(200, || run(&[partners(), bad], None));
    let found = &loaded.problems;
    assert_eq!(found.shown().len(), 1000);
    assert_eq!(found.total(), 3 * count);
    let rest: Vec<(&str, &str, u64)> = found.rest().collect();
    let of = |code: &str| found.shown().iter().filter(|known| known.code == code).count() as u64;
    assert_eq!(
        rest,
        [
            ("ratings.csv", "bad-value", 2 * count - of("bad-value")),
            ("ratings.csv", "unknown-reference", count - of("unknown-reference")),
        ]
    );
    assert!(loaded.facts.is_empty());
}

/// Counts the lines that are written.
struct Lines(u64);
impl Write for Lines {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.0 += text.split(|&byte| byte == b'\n').skip(1).count() as u64;
        Ok(text.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_million_bad_rows_are_written_to_the_rejects() {
    let _alone = alone();
    let count = scaled(1_000_000);
    let mixed = rows("ratings.csv", "id,partner,customer,score,rated_on\n", count, |at| {
        let score = if at % 10 == 0 { "5" } else { "six" };
        format!("r{at},acme,k,{score},2026-02-01\n")
    });
    let mut lines = Lines(0);
    let loaded = within(300, || run(&[partners(), mixed], Some(&mut lines)));
    assert_eq!(loaded.left_out, count / 10 * 9);
    assert_eq!(lines.0, loaded.left_out + 1);
    assert_eq!(loaded.facts.len() as u64, count / 10);
}

#[test]
fn rows_of_one_id_take_no_memory() {
    let _alone = alone();
    let same = Stream::new(PARTNERS, "a,a,fitting\n", scaled(1000 * MB));
    let loaded = within(60, || run(&[stream("partners.csv", &same)], None));
    assert_eq!(codes(&loaded.problems), ["duplicate-id"]);
    assert_eq!(loaded.problems.total(), scaled(1000 * MB) / 12 - 1);
    let header = "id,name,path,parent\n";
    let same = Stream::new(header, "a,a,fitting,b\n", scaled(200 * MB));
    let found = within(60, || run(&[stream("partners.csv", &same)], None)).problems;
    assert!(found.total() >= scaled(200 * MB) / 14 - 1);
    let same = Stream::new("id,partner,name,emails\n", "a,acme,a,b\n", scaled(200 * MB));
    let found = within(60, || run(&[partners(), stream("individuals.csv", &same)], None)).problems;
    assert_eq!(codes(&found), ["duplicate-id"]);
}

#[test]
fn a_header_with_a_hundred_thousand_columns() {
    let _alone = alone();
    let names: Vec<String> = (0..100_000).map(|at| format!("column_{at}")).collect();
    let file = Stream::text(format!("{}\n", names.join(",")));
    let found = within(50, || run(&[stream("partners.csv", &file)], None)).problems;
    assert_eq!(codes(&found), ["too-many-columns"]);
}

#[test]
fn every_field_as_long_as_it_may_be() {
    let _alone = alone();
    // As much as one record can hold.
    let fields = vec!["x".repeat(1_000_001); 256].join(",");
    let file = Stream::text(format!("{PARTNERS}{fields}\n"));
    let found = within(1100, || run(&[stream("partners.csv", &file)], None)).problems;
    let is_long = |problem: &&Problem| problem.code == "field-too-long";
    assert_eq!(found.shown().iter().filter(is_long).count(), 256);
}

#[test]
fn bytes_that_are_no_text() {
    let _alone = alone();
    let cases: [(&[u8], &[&str]); 4] = [
        (b"\0", &["unknown-column", "missing-column"]),
        (b"\xFF", &["unknown-column", "missing-column"]),
        (b"\r", &["unknown-column", "missing-column"]),
        (b"\xFE,\0\r\n", &["unknown-column", "repeated-column", "missing-column"]),
    ];
    for (pattern, expected) in cases {
        let file = Stream::new("", pattern, scaled(400 * MB));
        let found = within(60, || run(&[stream("partners.csv", &file)], None)).problems;
        for code in codes(&found) {
            assert!(expected.contains(&code), "{code} of {pattern:?}");
        }
        assert!(!found.is_empty());
    }
    let rows: [(&[u8], &str); 5] = [
        (b"a\0b,n,fitting\n", "nul"),
        (b"a,\xC3\x28,fitting\n", "bad-utf8"),
        (b"a,\xED\xA0\x80,fitting\n", "bad-utf8"),
        (b"a,\"\xFF\"\"\",fitting\n", "bad-utf8"),
        (b"a\rb,n,fitting\rc,n,fitting\r", "ragged-row"),
    ];
    for (row, code) in rows {
        let file = Stream::text([PARTNERS.as_bytes(), row].concat());
        let found = run(&[stream("partners.csv", &file)], None).problems;
        assert!(codes(&found).contains(&code), "{code}: {found:#?}");
        let file = Stream::new(PARTNERS, row, scaled(100 * MB));
        let found = within(60, || run(&[stream("partners.csv", &file)], None)).problems;
        assert!(found.total() >= 1);
    }
}

#[test]
fn a_disk_that_goes_away() {
    let _alone = alone();
    let mut file = Stream::new(PARTNERS, "a,A,fitting\n", 120);
    file.fails = true;
    for step in [1, 7, usize::MAX] {
        file.step = step;
        let found = run(&[stream("partners.csv", &file)], None).problems;
        let last = found.shown().iter().find(|problem| problem.code == "unreadable-file").unwrap();
        assert_eq!(last.message, "the file cannot be read: the disk is gone");
    }
    let mut nothing = Stream::text("");
    nothing.fails = true;
    let mut rejects = Vec::new();
    let loaded = run(&[stream("partners.csv", &nothing)], Some(&mut rejects));
    assert_eq!(codes(&loaded.problems), ["unreadable-file"]);
    assert_eq!(loaded.facts.partners().len(), 0);
}

#[test]
fn a_byte_at_a_time() {
    let _alone = alone();
    let text = "\u{feff}id,name,path\r\nacme,\"A \"\"B\"\"\nC\",fitting\r\nbolt,Bolt,roofing\r\n";
    let mut file = Stream::text(text);
    let whole = run(&[stream("partners.csv", &file)], None).problems;
    assert_eq!(codes(&whole), ["unknown-word"]);
    assert_eq!(whole.shown()[0].line, Some(4));
    for step in [1, 2, 3] {
        file.step = step;
        assert_eq!(run(&[stream("partners.csv", &file)], None).problems, whole);
    }
}

#[test]
fn ids_have_a_longest_length() {
    let _alone = alone();
    for (length, code) in [(1000, None), (1001, Some("id-too-long"))] {
        let id = "i".repeat(length);
        let file = Stream::text(format!("id,name,path,parent\n{id},n,fitting,{id}\n"));
        let loaded = run(&[stream("partners.csv", &file)], None);
        assert_eq!(codes(&loaded.problems).first().copied(), code);
    }
}

#[test]
fn a_hundred_thousand_values_of_a_field() {
    let _alone = alone();
    let (edition, catalogue) = network();
    let count = 100_000;
    let ratings = rows("ratings.csv", "id,partner,customer,score,rated_on\n", count, |at| {
        format!("r{at},acme,customer number {at},5,2026-02-01\n")
    });
    let loaded = within(100, || run(&[partners(), ratings], None));
    assert!(loaded.problems.is_empty(), "{:#?}", loaded.problems.shown().first());
    let evaluator = Evaluator::new(&edition, &catalogue, &loaded.facts);
    let partner = loaded.facts.find_partner("acme").unwrap();
    let day = Day::parse(b"2026-06-30").unwrap();
    let scorecard = evaluator.scorecard(partner, day, None, FactLists::Listed);
    assert_eq!(scorecard.rows[0].upgrade.value.to_string(), count.to_string());
}

#[test]
fn people_with_endless_emails() {
    let _alone = alone();
    let header = "id,partner,name,emails\n";
    let many = format!("{header}i,acme,N,{}\n", "a;".repeat(499_000));
    let many = stream("individuals.csv", &Stream::text(many));
    let found = within(60, || run(&[partners(), many], None)).problems;
    assert_eq!(codes(&found), ["bad-value"]);
    // One person in many rows and another with the same e-mail: time grows with the rows only.
    let shared =
        rows("individuals.csv", "id,partner,person,name,emails\n", scaled(1_000_000), |at| {
            format!("i{at},acme,{},N,a@b.example\n", if at % 100_000 == 17 { "x" } else { "y" })
        });
    let found = within(1000, || run(&[partners(), shared], None)).problems;
    assert_eq!(codes(&found), ["shared-email"]);
}

#[test]
fn rulebooks_of_brackets_and_garbage() {
    let _alone = alone();
    let depth = 10_000;
    let (open, table) = ("[".repeat(depth), "{a=".repeat(depth));
    let nested = [
        format!("a = {open}{}", "]".repeat(depth)),
        format!("a = {open}"),
        format!("a = {table}"),
        format!("{open}a{}", "]".repeat(depth)),
        format!("a{} = 1", ".a".repeat(depth)),
        format!("[a{}]", ".a".repeat(depth)),
        "[[a.b]]\n".repeat(depth),
    ];
    for text in nested {
        let head: String = text.chars().take(10).collect();
        let found = within(200, || rulebook::load("rulebook.toml", &text)).unwrap_err();
        assert!(!found.is_empty(), "{head}");
    }
    // Just under the longest text, and far over it.
    for length in [if cfg!(debug_assertions) { 390_000 } else { 3_900_000 }, 5_000_000] {
        for unit in ["\"", "= ", "[[levels]]\n", "x", "\0", "'\n", "é = é\n", "[\n", "#"] {
            let text = unit.repeat(length / unit.len());
            let found = within(600, || rulebook::load("rulebook.toml", &text)).unwrap_err();
            assert!(found.shown().len() <= Problems::SHOWN, "{unit}");
            assert_eq!(codes(&found) == ["too-long"], length > 4_000_000, "{unit}");
        }
    }
    let lists = scaled(10_000);
    let mut levels: Vec<String> = (0..lists)
        .map(|at| format!("[[levels]]\nid = \"l{at}\"\ntitle = \"L\"\nrank = 1\n"))
        .collect();
    levels.extend(
        (0..lists).map(|at| format!("[[credentials]]\nid = \"c{at}\"\nlevel = \"m{at}\"\n")),
    );
    let found = rulebook::load("rulebook.toml", &levels.concat()).unwrap_err();
    assert_eq!(found.shown().len(), Problems::SHOWN.min(found.shown().len()));
}

#[test]
fn headers_of_any_length_can_be_mapped() {
    let _alone = alone();
    let (long, ignored) = ("How satisfied\nwere you? ".repeat(10), "Anything else? ".repeat(20));
    let mapping = format!(
        "[[files]]\nname = \"Umfrage.csv\"\nis = \"partners\"\nignore = [{ignored:?}]\n\
         [files.columns]\nname = {long:?}\n"
    );
    let mapping = Mapping::parse("mapping.toml", &mapping).unwrap();
    let file = Stream::text(format!("id,\"{long}\",path,{ignored}\nacme,Acme,fitting,no\n"));
    let options = LoadOptions { known_at: None, threads: 1, references: References::Folder };
    let sources = [stream("Umfrage.csv", &file)];
    let loaded = load("folder", &sources, &mapping, &network().1, options, None).unwrap();
    assert!(loaded.problems.is_empty(), "{:#?}", loaded.problems);
}

#[test]
fn the_network_of_the_fuzz_targets_has_no_problem() {
    let text = include_str!("../../../fuzz/tiles-2026.toml");
    let read = rulebook::load("tiles-2026.toml", text);
    assert_eq!(read.unwrap().id, "tiles-2026");
}
