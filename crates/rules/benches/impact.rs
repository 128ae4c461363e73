//! Times an impact, a sweep and a forecast over a whole network. Run by `cargo xtask bench impact`.
//!
//! Arguments: the folder of facts, the folders of two editions, the day, how many repetitions, the
//! file of the snapshot to write and to read, and a file for the numbers. Prints one JSON object.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::float_arithmetic,
    reason = "a benchmark may stop at once, and seconds are no money"
)]

use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Instant;

use guildhall_mapped::Mapped;
use guildhall_rules::day::Day;
use guildhall_rules::decimal::Decimal;
use guildhall_rules::evaluation::{Evaluator, Standing};
use guildhall_rules::facts::{
    Facts, LoadOptions, Mapping, References, Snapshot, SnapshotBytes, SnapshotHead, Source, Wants,
    load,
};
use guildhall_rules::forecast::Horizon;
use guildhall_rules::impact::{Pair, SweptRequirement};
use guildhall_rules::rulebook::{self, Catalogue, Column, Edition};

const THREADS: usize = 2;

fn main() {
    let arguments: Vec<String> =
        std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let [dir, old, new, as_of, repeat, snapshot, numbers, swept @ ..] = arguments.as_slice() else {
        println!("usage: impact DIR OLD NEW AS_OF REPEAT SNAPSHOT NUMBERS [TIER MEASURE FROM TO]");
        return;
    };
    let (old, new) = (edition(old), edition(new));
    let catalogue = Catalogue::new([&old, &new]);
    let as_of = Day::parse(as_of.as_bytes()).expect("a day");
    let repeat: usize = repeat.parse().unwrap();
    let snapshot = Path::new(snapshot);
    if !snapshot.exists() {
        write_snapshot(Path::new(dir), &catalogue, snapshot);
    }

    let mut figures = Figures::default();
    for _ in 0..repeat {
        figures.time_from_file(snapshot, (&old, &new), &catalogue, as_of);
    }
    let peak = status_mb("VmHWM:");
    let memory = [true, false].map(|is_mapped| held(snapshot, &catalogue, is_mapped));
    for _ in 0..repeat {
        let read = || read_snapshot(snapshot, &catalogue, Wants::Everything, false);
        figures.read_unmapped.push(seconds(read));
    }
    let facts = read_snapshot(snapshot, &catalogue, Wants::Numbers, true);
    let (first, second) =
        (Evaluator::new(&old, &catalogue, &facts), Evaluator::new(&new, &catalogue, &facts));
    let pair = Pair { old: &first, new: &second };
    for _ in 0..repeat {
        figures.time(&pair, as_of, &catalogue, swept);
    }
    let moves = pair.moves(as_of, THREADS, false);
    println!(
        "{{\"partners\": {}, \"facts\": {}, \"bytes\": {}, \"read\": {:.4?}, \
         \"from_snapshot\": {:.4?}, \"read_all\": {:.4?}, \"read_unmapped\": {:.4?}, \"cold\": {:.4?}, \
         \"cpu\": {:.4?}, \
         \"memory_mb\": {:?}, \
         \"impact\": {:.4?}, \"with_discounts\": {:.4?}, \"evaluate\": {:.4?}, \"sweep\": {:.4?}, \
         \"thresholds\": {}, \"forecast\": {:.4?}, \"standings\": {}, \"moved\": {}, \"totals\": {}, \
         \"peak_mb\": {}}}",
        facts.partners().len(),
        facts.len(),
        snapshot.metadata().unwrap().len(),
        figures.read,
        figures.from_snapshot,
        figures.read_all,
        figures.read_unmapped,
        figures.cold,
        figures.cpu,
        memory,
        figures.impact,
        figures.with_discounts,
        figures.evaluate,
        figures.sweep,
        figures.thresholds,
        figures.forecast,
        figures.evaluated,
        moves.moved.len(),
        serde_json::to_string(&moves.totals).unwrap(),
        peak
    );
    write_numbers(&pair, as_of, Path::new(numbers));
}

#[derive(Default)]
struct Figures {
    read: Vec<f64>,
    from_snapshot: Vec<f64>,
    read_all: Vec<f64>,
    read_unmapped: Vec<f64>,
    cold: Vec<f64>,
    /// Processor time of both threads, which others on the machine change less than the clock.
    cpu: Vec<f64>,
    impact: Vec<f64>,
    with_discounts: Vec<f64>,
    evaluate: Vec<f64>,
    sweep: Vec<f64>,
    thresholds: usize,
    forecast: Vec<f64>,
    evaluated: u64,
}

impl Figures {
    /// Times an impact that begins with the file of a snapshot: warm, with all ids, and cold.
    fn time_from_file(
        &mut self,
        snapshot: &Path,
        (old, new): (&Edition, &Edition),
        catalogue: &Catalogue,
        as_of: Day,
    ) {
        let from_file = |wants| {
            let begin = Instant::now();
            let facts = read_snapshot(snapshot, catalogue, wants, true);
            let read = begin.elapsed().as_secs_f64();
            let pair = Pair {
                old: &Evaluator::new(old, catalogue, &facts),
                new: &Evaluator::new(new, catalogue, &facts),
            };
            std::hint::black_box(pair.moves(as_of, THREADS, false));
            (read, begin.elapsed().as_secs_f64())
        };
        let computed = cpu_seconds();
        let (read, whole) = from_file(Wants::Numbers);
        self.cpu.push(cpu_seconds() - computed);
        self.read.push(read);
        self.from_snapshot.push(whole);
        self.read_all.push(from_file(Wants::Everything).0);
        if forget_pages(snapshot) {
            self.cold.push(from_file(Wants::Numbers).1);
        }
    }

    /// Times everything that needs the facts in memory, once.
    fn time(&mut self, pair: &Pair<'_>, as_of: Day, catalogue: &Catalogue, swept: &[String]) {
        self.impact.push(seconds(|| pair.moves(as_of, THREADS, false)));
        self.with_discounts.push(seconds(|| pair.moves(as_of, THREADS, true)));
        self.evaluate.push(seconds(|| {
            pair.new.fold_standings(
                as_of,
                THREADS,
                || 0,
                |sum: &mut usize, _, standing: &mut Standing| {
                    *sum += standing.attained().unwrap_or(0);
                },
            )
        }));
        if let [tier, measure, from, to] = swept {
            let decimal = |text: &str| Decimal::parse(text.as_bytes()).expect("a number");
            let range = (decimal(from), decimal(to));
            let asked = SweptRequirement::range(tier, measure, range, None).expect("a range");
            self.thresholds = asked.thresholds.len();
            self.sweep.push(seconds(|| pair.new.sweep(&asked, as_of, THREADS)));
        }
        let horizon = Horizon { as_of, until: as_of.plus_months(12), holds_reviews: true };
        let mut evaluated = 0;
        self.forecast.push(seconds(|| {
            let mut evaluator = Evaluator::new(pair.new.edition(), catalogue, pair.new.facts());
            let forecast = evaluator.network_forecast(horizon, THREADS);
            evaluated = forecast.evaluated;
            forecast
        }));
        self.evaluated = evaluated;
    }
}

/// The process's own memory and that of files while it holds a snapshot.
fn held(snapshot: &Path, catalogue: &Catalogue, is_mapped: bool) -> [u64; 2] {
    let facts = read_snapshot(snapshot, catalogue, Wants::Everything, is_mapped);
    let held = ["RssAnon:", "RssFile:"].map(status_mb);
    std::hint::black_box(facts);
    held
}

fn seconds<T>(work: impl FnOnce() -> T) -> f64 {
    let begin = Instant::now();
    std::hint::black_box(work());
    begin.elapsed().as_secs_f64()
}

fn edition(folder: &str) -> Edition {
    let text = std::fs::read_to_string(Path::new(folder).join("rulebook.toml")).unwrap();
    rulebook::load("rulebook.toml", &text).expect("the rulebook is good")
}

fn write_snapshot(dir: &Path, catalogue: &Catalogue, path: &Path) {
    let options = LoadOptions { known_at: None, threads: THREADS, references: References::Folder };
    let loaded =
        load("facts", &sources(dir), &Mapping::default(), catalogue, options, None).unwrap();
    assert!(loaded.problems.is_empty(), "{:?}", loaded.problems.shown().first());
    let mut out = BufWriter::new(File::create(path).unwrap());
    loaded.facts.in_order().write_snapshot(&SnapshotHead::default(), catalogue, &mut out).unwrap();
    out.flush().unwrap();
}

/// Opens the file of a snapshot and reads it: mapped, or copied into memory first.
fn read_snapshot(path: &Path, catalogue: &Catalogue, wants: Wants, is_mapped: bool) -> Facts {
    let bytes: SnapshotBytes = if is_mapped {
        Arc::new(Mapped::open(path).unwrap())
    } else {
        Arc::new(std::fs::read(path).unwrap())
    };
    let snapshot = Snapshot::open(bytes).expect("a snapshot");
    snapshot.facts(catalogue, wants, THREADS).expect("a good snapshot")
}

/// Has the system forget what it holds of a file. False where it cannot be asked.
fn forget_pages(path: &Path) -> bool {
    let mut forget = Command::new("dd");
    forget.arg(format!("if={}", path.display())).args(["iflag=nocache", "count=0", "status=none"]);
    forget.status().is_ok_and(|status| status.success())
}

/// What each partner comes to under both editions, for those on the first path.
fn write_numbers(pair: &Pair<'_>, as_of: Day, path: &Path) {
    let facts = pair.new.facts();
    let mut lines: Vec<String> = Vec::new();
    for partner in facts.partners() {
        let mut line = facts.partner_id(partner).to_owned();
        let mut rows = 0;
        for evaluator in [pair.old, pair.new] {
            let standing = evaluator.standing(partner, as_of);
            rows = standing.cells().len();
            let attained = standing.attained().map_or_else(String::new, |tier| tier.to_string());
            line.push_str(&format!(",{attained}"));
            for column in Column::BOTH {
                let word = match standing.is_met(column) {
                    None => "",
                    Some(true) => "true",
                    Some(false) => "false",
                };
                line.push_str(&format!(",{word}"));
            }
        }
        // Only the first path is compared; it is the one with the long rows.
        if rows > 5 {
            lines.push(line);
        }
    }
    lines.sort();
    std::fs::write(path, lines.join("\n") + "\n").unwrap();
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

/// The processor time of this process so far, as exact as the system tells it.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let behind_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks = behind_name.split_whitespace().skip(11).take(2);
    ticks.filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}

/// A figure of this process's memory.
fn status_mb(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(name)).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kb| kb.parse::<u64>().ok()).unwrap_or(0) / 1000
}
