//! Times plans over invented networks. Run by `cargo xtask bench climb`.
//!
//! Arguments: people, credentials, requirements, seed, millions of work, and a folder into which
//! the network is written if it is named. Prints one JSON object.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::float_arithmetic,
    reason = "a benchmark may stop at once"
)]

use std::fmt::Write as _;
use std::time::Instant;

use guildhall_rules::day::Day;
use guildhall_rules::evaluation::Evaluator;
use guildhall_rules::facts::{Facts, LoadOptions, Mapping, References, Source, load};
use guildhall_rules::plan::{Costs, Goal, Plan, Request, plan};
use guildhall_rules::rulebook::{self, Catalogue, Edition};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|one| one != "--bench").collect();
    let numbers: Vec<u64> = arguments.iter().filter_map(|one| one.parse().ok()).collect();
    let [people, credentials, requirements, seed, work] = numbers.as_slice() else {
        println!("usage: plan PEOPLE CREDENTIALS REQUIREMENTS SEED WORK [FOLDER]");
        return;
    };
    let size = Size { people: *people, credentials: *credentials, requirements: *requirements };
    let mut chance = Chance(*seed);
    let book = size.rulebook(&mut chance);
    let edition = rulebook::load("rulebook.toml", &book).expect("a good rulebook");
    let catalogue = Catalogue::new([&edition]);
    let files = size.files(&mut chance);
    let costs_text = Size::costs(&mut chance);
    if let Some(folder) = arguments.get(5) {
        let folder = std::path::Path::new(folder);
        std::fs::create_dir_all(folder).expect("a folder");
        let own = [("rulebook.toml", &book), ("costs.toml", &costs_text)];
        for (name, text) in own.into_iter().chain(files.iter().map(|(name, text)| (*name, text))) {
            std::fs::write(folder.join(name), text).expect("a file");
        }
    }
    let facts = load_files(&files, &catalogue);
    let costs = Costs::read("costs.toml", &costs_text, &edition).expect("good costs");

    let (begin, busy) = (Instant::now(), processor_seconds());
    let found = run(&edition, &catalogue, &facts, &costs, work * 1_000_000);
    let (seconds, busy) = (begin.elapsed().as_secs_f64(), processor_seconds() - busy);
    let amount = |cost: &Option<guildhall_rules::plan::Cost>| {
        cost.as_ref().map_or("null".to_owned(), |cost| format!("\"{}\"", cost.amount))
    };
    println!(
        "{{\"people\": {people}, \"credentials\": {credentials}, \"requirements\": {}, \
         \"seconds\": {seconds:.3}, \"processor_seconds\": {busy:.3}, \"feasible\": {}, \"optimal\": {}, \"gap\": \"{}\", \
         \"cost\": {}, \"greedy\": {}, \"steps\": {}}}",
        found.result.len(),
        found.feasible,
        found.optimal,
        found.gap.map_or_else(String::new, |gap| gap.to_string()),
        amount(&found.cost),
        amount(&found.greedy),
        found.steps.len()
    );
}

/// The processor's time of this process so far, which other processes do not lengthen; nothing
/// where the system does not tell it.
fn processor_seconds() -> f64 {
    let text = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    let nanoseconds = text.split(' ').next().and_then(|first| first.parse::<u64>().ok());
    std::time::Duration::from_nanos(nanoseconds.unwrap_or(0)).as_secs_f64()
}

fn run(edition: &Edition, catalogue: &Catalogue, facts: &Facts, costs: &Costs, work: u64) -> Plan {
    let evaluator = Evaluator::new(edition, catalogue, facts);
    let partner = facts.find_partner("partner").expect("the partner");
    let goal = Goal::Tier { tier: "top".to_owned(), by: day("2027-06-30") };
    let request = Request {
        goal: &goal,
        as_of: day("2026-06-30"),
        known_at: None,
        way: guildhall_rules::plan::Way::Cheapest,
        costs,
        work,
        stop: &|| false,
        in_full: false,
    };
    plan(&evaluator, partner, &request).expect("a good request")
}

fn day(text: &str) -> Day {
    Day::parse(text.as_bytes()).expect("a day")
}

/// A generator of numbers: the same seed, the same network.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most.max(1)
    }
}

/// How large a network is.
struct Size {
    people: u64,
    credentials: u64,
    requirements: u64,
}

const LEVELS: [&str; 3] = ["hand", "head", "crown"];

impl Size {
    fn rulebook(&self, chance: &mut Chance) -> String {
        let mut text = String::from(
            "id = \"bench-2026\"\nnetwork = \"bench\"\ntitle = \"Bench\"\n\
             published_at = 2025-09-15T08:00:00Z\nin_force_from = 2026-01-01\nevaluation = 1\n\
             currency = \"EUR\"\n[[components]]\nid = \"all\"\ntitle = \"All\"\n",
        );
        for (rank, level) in LEVELS.iter().enumerate() {
            writeln!(text, "[[levels]]\nid = \"{level}\"\ntitle = \"{level}\"\nrank = {rank}")
                .unwrap();
        }
        for at in 0..self.credentials {
            let level = LEVELS[usize::try_from(at % 3).unwrap()];
            let months = 24 + 12 * chance.below(2);
            writeln!(
                text,
                "[[credentials]]\nid = \"c{at}\"\ntitle = \"C{at}\"\nlevel = \"{level}\"\n\
                 validity_months = {months}"
            )
            .unwrap();
        }
        self.measures(&mut text, chance);
        text.push_str(
            "[review]\nevery_months = 12\ncounted_from = [\"review\"]\n\
             resets_windows = [\"review\"]\ngrace_days = 0\nwhen_not_met = \"keep\"\n",
        );
        self.training(&mut text, chance);
        text
    }

    /// People who hold one of some credentials, people by highest level, opportunities and their
    /// revenue.
    fn measures(&self, text: &mut String, chance: &mut Chance) {
        let mut asks = String::new();
        for at in 0..self.requirements {
            write!(text, "[[measures]]\nid = \"m{at}\"\ntitle = \"M{at}\"\ncomponent = \"all\"\n")
                .unwrap();
            let (rest, bar) = match at {
                0 => (
                    "kind = \"people\"\nhighest_level = [\"head\", \"crown\"]\nwindow = \"as_of\"\n"
                        .to_owned(),
                      self.people * 45 / 100),
                1 => ("kind = \"people\"\nhighest_level = [\"crown\"]\nwindow = \"as_of\"\n".to_owned(),
                      self.people * 20 / 100),
                2 => (
                    "kind = \"count\"\nof = \"opportunities\"\nwindow = { rolling_months = 12 }\n"
                        .to_owned(),
                    20,
                ),
                3 => ("kind = \"sum\"\nof = \"opportunities\"\nfield = \"expected_mrr\"\n\
                       window = { rolling_months = 12 }\n".to_owned(), 9000),
                _ => {
                    let ids: std::collections::BTreeSet<u64> =
                        (0..3 + chance.below(3)).map(|_| chance.below(self.credentials)).collect();
                    let ids: Vec<String> = ids.iter().map(|at| format!("\"c{at}\"")).collect();
                    let ids = ids.join(", ");
                    let line =
                        format!("kind = \"people\"\ncredentials = [{ids}]\nwindow = \"as_of\"\n");
                    (line, self.people * (20 + chance.below(15)) / 100)
                }
            };
            text.push_str(&rest);
            writeln!(asks, "m{at} = {bar}").unwrap();
        }
        write!(
            text,
            "[[paths]]\nid = \"way\"\ntitle = \"Way\"\n[[paths.tiers]]\nid = \"base\"\n\
             title = \"Base\"\n[[paths.tiers]]\nid = \"top\"\ntitle = \"Top\"\n\
             [paths.tiers.requires]\n{asks}"
        )
        .unwrap();
    }

    fn training(&self, text: &mut String, chance: &mut Chance) {
        for at in 0..self.credentials {
            let level = at % 3;
            let cost = [100, 150, 300][usize::try_from(level).unwrap()] + 7 * chance.below(9);
            let days = 5 + 10 * level + chance.below(6);
            let requires = match level {
                0 => String::new(),
                _ if chance.below(3) == 0 => String::new(),
                _ => format!(
                    "requires = [\"c{}\"]\n",
                    chance.below(self.credentials / 3) * 3 + level - 1
                ),
            };
            write!(
                text,
                "[[training]]\nid = \"t{at}\"\ntitle = \"T{at}\"\nleads_to = \"c{at}\"\n\
                 cost = {cost}\ndays = {days}\n{requires}"
            )
            .unwrap();
        }
        text.push_str(
            "[[efforts]]\nid = \"launching\"\ntitle = \"Launch\"\nof = \"open_opportunities\"\n\
             cost = 500\ndays = 30\n",
        );
    }

    fn files(&self, chance: &mut Chance) -> [(&'static str, String); 4] {
        let mut individuals = String::from("id,partner,name,joined_on,left_on\n");
        let mut credentials = String::from("id,individual,credential,issued_on\n");
        let mut number = 0;
        for at in 0..self.people {
            let left = if chance.below(20) == 0 { "2026-12-31" } else { "" };
            writeln!(individuals, "p{at},partner,P,2020-01-01,{left}").unwrap();
            for _ in 0..chance.below(4) {
                let (credential, year, month) =
                    (chance.below(self.credentials), 2023 + chance.below(3), 1 + chance.below(12));
                writeln!(credentials, "h{number},p{at},c{credential},{year}-{month:02}-15")
                    .unwrap();
                number += 1;
            }
        }
        let mut opportunities =
            String::from("id,partner,customer,stage,expected_mrr,currency,launched_on\n");
        for at in 0..60 {
            let mrr = 100 + chance.below(900);
            writeln!(opportunities, "o{at},partner,k{at},Committed,{mrr},EUR,").unwrap();
        }
        let partners = "id,name,path,tier,last_review_on\npartner,Partner,way,base,2026-03-01\n";
        [
            ("partners.csv", partners.to_owned()),
            ("individuals.csv", individuals),
            ("credentials.csv", credentials),
            ("opportunities.csv", opportunities),
        ]
    }

    /// What each opportunity costs.
    fn costs(chance: &mut Chance) -> String {
        let mut text = String::from("currency = \"EUR\"\n");
        for at in 0..60 {
            let cost = 200 + 10 * chance.below(80);
            writeln!(text, "[[opportunities]]\nid = \"o{at}\"\ncost = {cost}").unwrap();
        }
        text
    }
}

fn load_files(files: &[(&'static str, String)], catalogue: &Catalogue) -> Facts {
    let sources: Vec<Source<'_>> = files
        .iter()
        .map(|(name, text)| Source {
            name: (*name).to_owned(),
            shown: (*name).to_owned(),
            size: text.len() as u64,
            open: Box::new(text.as_bytes()),
        })
        .collect();
    let options = LoadOptions { known_at: None, threads: 1, references: References::Folder };
    let loaded = load("bench", &sources, &Mapping::default(), catalogue, options, None).unwrap();
    assert!(loaded.problems.is_empty(), "{:?}", loaded.problems.shown().first());
    loaded.facts
}
