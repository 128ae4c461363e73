//! What the fuzz targets share: an invented network, folders in memory, and what must always
//! hold of an evaluation.
#![forbid(unsafe_code)]

use std::io::{Cursor, Read, Write};

use guildhall_rules::changes::Changes;
use guildhall_rules::day::Day;
use guildhall_rules::evaluation::Evaluator;
use guildhall_rules::facts::csv::{Reader, Record};
use guildhall_rules::facts::{Facts, LoadOptions, Loaded, Mapping, References, Source, load, parse_moment};
use guildhall_rules::period::Period;
use guildhall_rules::problem::Problems;
use guildhall_rules::rulebook::{self, Catalogue, Edition};
use guildhall_rules::scorecard::{FactLists, Scorecard};

/// The rulebook of the invented network: every kind of measure, window and requirement.
pub const RULEBOOK: &str = include_str!("../tiles-2026.toml");

/// The edition of the invented network and its words.
pub fn network() -> (Edition, Catalogue) {
    let edition = rulebook::load("tiles-2026.toml", RULEBOOK);
    let edition = edition.unwrap_or_else(|problems| panic!("{problems:#?}"));
    let catalogue = Catalogue::new([&edition]);
    (edition, catalogue)
}

/// A small folder with a fact of every kind, in words that nearly every rulebook lacks.
pub const FOLDER: &str = include_str!("../seeds/facts/every-kind");

/// Splits a text into files: a line `@name` begins the file of that name. What stands before
/// the first such line is the empty file's.
pub fn files(text: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for line in text.split_inclusive(|&byte| byte == b'\n') {
        if let [b'@', name @ ..] = line {
            if files.len() == 20 {
                break;
            }
            let name = String::from_utf8_lossy(name.trim_ascii_end()).into_owned();
            files.push((name, Vec::new()));
        } else if let Some((_, bytes)) = files.last_mut() {
            bytes.extend_from_slice(line);
        }
    }
    files
}

/// The files as sources of a folder.
pub fn sources(files: &[(String, Vec<u8>)]) -> Vec<Source<'_>> {
    let source = |(name, bytes): &'_ (String, Vec<u8>)| -> Source<'static> {
        let (name, bytes) = (name.clone(), bytes.clone());
        Source {
            shown: format!("folder/{name}"),
            name,
            size: bytes.len() as u64,
            open: Box::new(
                move || Ok(Box::new(Cursor::new(bytes.clone())) as Box<dyn Read + Send>),
            ),
        }
    };
    files.iter().map(source).collect()
}

/// Loads in one way, which never fails on memory.
pub fn load_with(
    sources: &[Source<'_>],
    mapping: &Mapping,
    catalogue: &Catalogue,
    options: LoadOptions,
    rejects: Option<&mut (dyn Write + Send)>,
) -> Loaded {
    match load("folder", sources, mapping, catalogue, options, rejects) {
        Ok(loaded) => loaded,
        Err(error) => panic!("writing to memory failed: {error}"),
    }
}

/// What must hold of problems.
pub fn check_problems(problems: &Problems) {
    assert!(problems.shown().len() <= Problems::SHOWN);
    assert_eq!(problems.is_empty(), problems.total() == 0);
    for problem in problems.shown() {
        assert!(!problem.code.is_empty(), "{problem:?}");
        let text = problem.to_string();
        assert!(text.len() < 5_000, "a problem of {} bytes: {}", text.len(), problem.code);
        assert!(!text.contains('\n'), "{text:?}");
    }
    serde_json::to_string(problems.shown()).unwrap();
}

/// What must hold of rows that are left out: CSV of five fields without a fault.
pub fn check_rejects(text: &[u8], left_out: u64) {
    let mut reader = Reader::new(Cursor::new(text), b',');
    let mut record = Record::default();
    let mut rows = 0_u64;
    while reader.read(&mut record).unwrap() {
        assert_eq!(record.len(), 5, "{}", String::from_utf8_lossy(text));
        // A row that was cut at the limit of a field is longer than the limit once quoted.
        assert!(record.faults().is_empty());
        rows += 1;
    }
    assert_eq!(rows, left_out + 1, "{}", String::from_utf8_lossy(text));
}

/// Evaluates every partner as of some days and checks what must always hold.
pub fn evaluate(edition: &Edition, catalogue: &Catalogue, facts: &Facts, days: &[Day]) {
    let evaluator = Evaluator::new(edition, catalogue, facts);
    for partner in facts.partners().take(20) {
        let mut before: Option<Scorecard> = None;
        for &day in days {
            let scorecard = evaluator.scorecard(partner, day, None, FactLists::Listed);
            check_scorecard(&scorecard);
            let mut short = scorecard.clone();
            for row in &mut short.rows {
                (row.counted, row.not_counted) = (None, None);
            }
            if let Some(statement) = &mut short.support_discount {
                statement.forget_facts();
            }
            let omitted = evaluator.scorecard(partner, day, None, FactLists::Omitted);
            assert_eq!(short, omitted, "lists change nothing else");
            if let Some(before) = before {
                let changes = Changes::between(&before, &scorecard);
                serde_json::to_string(&changes).unwrap();
            }
            assert!(Changes::between(&scorecard, &scorecard).is_empty());
            if let Some(scheme) = evaluator.support_scheme() {
                let period = Period::containing(day, scheme.period_months);
                let name = period.to_string();
                assert_eq!(Period::parse(&name, scheme.period_months), Some(period));
                let statement = evaluator.discount_statement(scheme, partner, period, day);
                serde_json::to_string(&statement).unwrap();
            }
            before = Some(scorecard);
        }
    }
}

fn check_scorecard(scorecard: &Scorecard) {
    let json = serde_json::to_string(scorecard).unwrap();
    let read: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(read["partner"], scorecard.partner.as_str());
    for row in &scorecard.rows {
        let counted = row.counted.iter().flatten().flat_map(|fact| {
            fact.columns.iter().map(move |column| (&fact.fact, format!("{column:?}")))
        });
        let others = row.not_counted.iter().flatten().flat_map(|fact| {
            fact.columns.iter().map(move |column| (&fact.fact, format!("{column:?}")))
        });
        let mut all: Vec<_> = counted.chain(others).collect();
        let count = all.len();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), count, "a fact stands once in each column of {}", row.measure);
    }
}

/// Days that are asked about: ordinary ones, leap days, and both ends of the calendar.
pub fn days() -> Vec<Day> {
    ["0001-01-01", "2024-02-29", "2026-06-30", "9999-12-31"]
        .iter()
        .filter_map(|text| Day::parse(text.as_bytes()))
        .collect()
}

/// The states of knowledge in which folders are loaded.
pub fn moments() -> [Option<LoadOptions<'static>>; 2] {
    let then = parse_moment(b"2026-01-01T00:00:00Z");
    [None, then].map(|known_at| Some(LoadOptions { known_at, threads: 1, references: References::Folder }))
}
