//! Times loading and evaluating a whole network. Run by `cargo xtask bench network`.
//!
//! Arguments: the folder of facts, the edition's folder, the day, how many repetitions, and
//! optionally a file for the numbers. Prints one JSON object.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::float_arithmetic,
    reason = "a benchmark may stop at once"
)]

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::path::Path;
use std::sync::Mutex;
use std::time::Instant;

use guildhall_rules::day::Day;
use guildhall_rules::evaluation::{Cell, Evaluator, Standing};
use guildhall_rules::facts::{LoadOptions, Mapping, PartnerNumber, References, Source, load};
use guildhall_rules::rulebook::{self, Catalogue, Column, Columns, Edition};

fn main() {
    let arguments: Vec<String> =
        std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let [dir, book, as_of, repeat, rest @ ..] = arguments.as_slice() else {
        println!("usage: network DIR EDITION AS_OF REPEAT [NUMBERS]");
        return;
    };
    let book = Path::new(book);
    let editions: Vec<Edition> = std::fs::read_dir(book.parent().unwrap())
        .unwrap()
        .map(|entry| std::fs::read_to_string(entry.unwrap().path().join("rulebook.toml")).unwrap())
        .map(|text| rulebook::load("rulebook.toml", &text).expect("the rulebook is good"))
        .collect();
    let catalogue = Catalogue::new(&editions);
    let id = book.file_name().unwrap().to_string_lossy();
    let edition = editions.iter().find(|edition| edition.id == id).expect("the edition");
    let as_of = Day::parse(as_of.as_bytes()).expect("a day");
    let repeat: usize = repeat.parse().unwrap();

    let begin = Instant::now();
    let options = LoadOptions { known_at: None, threads: 2, references: References::Folder };
    let sources = sources(Path::new(dir));
    let loaded = load(dir, &sources, &Mapping::default(), &catalogue, options, None).unwrap();
    assert!(loaded.problems.is_empty(), "{:?}", loaded.problems.shown().first());
    let facts = loaded.facts;
    let load_seconds = begin.elapsed().as_secs_f64();

    let evaluator = Evaluator::new(edition, &catalogue, &facts);
    let mut seconds = Vec::new();
    let mut last: Vec<Standings> = Vec::new();
    for _ in 0..repeat.max(1) {
        // Memory of the run before is used again, as a process that keeps running would.
        let pool = Mutex::new(std::mem::take(&mut last));
        let begin = Instant::now();
        last = evaluator.fold_standings(as_of, 2, || Standings::begin(&pool), Standings::add);
        seconds.push(begin.elapsed().as_secs_f64());
    }
    let total_seconds = load_seconds + seconds.first().unwrap();
    println!(
        "{{\"partners\": {}, \"facts\": {}, \"load\": {load_seconds:.3}, \"evaluate\": {seconds:.4?}, \
         \"load_and_evaluate\": {total_seconds:.3}, \"one_partner_us\": {:.2}, \"peak_mb\": {}}}",
        facts.partners().len(),
        facts.len(),
        one_partner(&evaluator, as_of),
        peak_mb()
    );
    if let Some(path) = rest.first() {
        let mut out = BufWriter::new(File::create(path).unwrap());
        let mut lines: Vec<String> = Vec::new();
        let ladder = &edition.paths.first().unwrap().tiers;
        for part in &last {
            for head in &part.heads {
                let mut line = facts.partner_id(head.partner).to_owned();
                for cells in &part.cells[head.begin..head.end] {
                    for column in Column::BOTH {
                        let cell = cells.get(column);
                        write!(line, ",{},{}", cell.value, cell.state.word()).unwrap();
                    }
                }
                // Only the first path is compared; it is the one with the long rows.
                if head.end - head.begin > 5 {
                    let attained = head.attained.map_or("", |tier| ladder[tier].id.as_str());
                    lines.push(format!("{line},{attained}"));
                }
            }
        }
        lines.sort();
        for line in lines {
            writeln!(out, "{line}").unwrap();
        }
    }
}

/// Everything that is computed, stored: values and states of all cells, and the tier attained.
#[derive(Default)]
struct Standings {
    heads: Vec<Head>,
    cells: Vec<Columns<Cell>>,
}

struct Head {
    partner: PartnerNumber,
    begin: usize,
    end: usize,
    attained: Option<usize>,
}

impl Standings {
    fn begin(pool: &Mutex<Vec<Self>>) -> Self {
        let mut standings = pool.lock().unwrap().pop().unwrap_or_default();
        standings.heads.clear();
        standings.cells.clear();
        standings
    }

    fn add(&mut self, partner: PartnerNumber, standing: &mut Standing) {
        let begin = self.cells.len();
        standing.move_cells(&mut self.cells);
        let end = self.cells.len();
        self.heads.push(Head { partner, begin, end, attained: standing.attained() });
    }
}

/// Microseconds for the standing of one partner with about a hundred facts.
fn one_partner(evaluator: &Evaluator<'_>, as_of: Day) -> f64 {
    let facts = evaluator.facts();
    let near = facts.partners().min_by_key(|partner| facts.facts_of(*partner).abs_diff(100));
    let partner = near.unwrap();
    let rounds = 10_000;
    let begin = Instant::now();
    for _ in 0..rounds {
        std::hint::black_box(evaluator.standing(std::hint::black_box(partner), as_of));
    }
    begin.elapsed().as_secs_f64() * 1e6 / f64::from(rounds)
}

fn sources(dir: &Path) -> Vec<Source<'static>> {
    let mut sources = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let size = path.metadata().unwrap().len();
        let open = move || File::open(&path).map(|file| Box::new(file) as Box<dyn Read + Send>);
        sources.push(Source { shown: name.clone(), name, size, open: Box::new(open) });
    }
    sources
}

fn peak_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kb| kb.parse::<u64>().ok()).unwrap_or(0) / 1000
}
