//! The demonstration on whatever day it is looked at.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use guildhall_rules::day::Day;
use guildhall_rules::discount::DiscountStatement;
use guildhall_rules::evaluation::{Evaluator, State};
use guildhall_rules::facts::{self, Facts, LoadOptions, Mapping, References};
use guildhall_rules::reason::Reason;
use guildhall_rules::rulebook::Catalogue;
use guildhall_rules::scorecard::{FactLists, Scorecard};
use guildhall_server::ops;
use guildhall_server::{App, Clock};
use guildhall_store::Store;

use super::{DemoNetwork, FILES, fill, moved};
use crate::editions::{Editions, Wanted};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/demo-network")
}

fn day(text: &str) -> Day {
    Day::parse(text.as_bytes()).unwrap()
}

/// The day on which the folder ends as it is written.
fn written() -> Day {
    day(&DemoNetwork::ending(day("2026-01-01")).unwrap().story.today)
}

/// The facts of the demonstration as of a day. Any problem stops the test.
fn load(today: Day, catalogue: &Catalogue) -> Facts {
    let demo = DemoNetwork::ending(today).unwrap();
    let options = LoadOptions { known_at: None, threads: 1, references: References::Folder };
    let sources = demo.sources();
    let loaded =
        facts::load("demo", &sources, &Mapping::default(), catalogue, options, None).unwrap();
    let problems: Vec<String> = loaded.problems.shown().iter().map(ToString::to_string).collect();
    assert!(problems.is_empty(), "as of {today}: {problems:#?}");
    loaded.facts
}

/// Every scorecard as of a day, by the edition in force or another.
fn scorecards(today: Day, edition: Option<&str>) -> Vec<Scorecard> {
    let editions = Editions::load(None).unwrap();
    let network = DemoNetwork::ending(today).unwrap().network.id;
    let catalogue = Catalogue::new(editions.of_network(&network));
    let facts = load(today, &catalogue);
    let wanted =
        edition.map_or(Wanted::Network(network), |edition| Wanted::Edition(edition.to_owned()));
    let edition = editions.choose(&wanted, today, None).unwrap();
    let evaluator = Evaluator::new(edition, &catalogue, &facts);
    let card = |partner| evaluator.scorecard(partner, today, None, FactLists::Listed);
    facts.partners().map(card).collect()
}

/// What must not depend on the day on which somebody looks: tiers, states, forecasts, discounts.
fn states(today: Day) -> String {
    let mut text = String::new();
    for card in scorecards(today, None) {
        let Scorecard { partner, tier, attained, renewal, upgrade, review, .. } = &card;
        let due = review.due_on.map(|due| today.days_until(due) / 15);
        writeln!(
            text,
            "{partner}: {tier:?} {attained:?} {:?} {:?} {:?} in {due:?} fortnights",
            renewal.met, upgrade.met, review.outcome
        )
        .unwrap();
        for row in &card.rows {
            let (renewal, upgrade) = (row.renewal.state, row.upgrade.state);
            writeln!(text, "  {partner} {} {renewal:?} {upgrade:?}", row.measure).unwrap();
        }
        // Without cases the discount hangs on tier and standing at the beginning of the period.
        let has_cases = |statement: &&DiscountStatement| {
            statement.measures.iter().any(|measure| measure.state != State::Unknown)
        };
        if let Some(statement) = card.support_discount.as_ref().filter(has_cases) {
            writeln!(text, "  {partner} {} percent", statement.percent).unwrap();
        }
    }
    text
}

/// Ends of months, ends of halves of the year, and the days around 29 February.
const DAYS: [&str; 12] = [
    "2025-12-31",
    "2026-01-01",
    "2026-02-28",
    "2026-06-30",
    "2026-07-01",
    "2026-11-30",
    "2027-03-01",
    "2027-08-31",
    "2028-02-28",
    "2028-02-29",
    "2028-03-01",
    "2031-05-31",
];

#[test]
fn the_network_stands_the_same_on_whatever_day_it_is_looked_at() {
    let as_written = states(written());
    assert!(as_written.lines().count() > 300, "{as_written}");
    for today in DAYS {
        let states = states(day(today));
        let other = as_written.lines().zip(states.lines()).find(|(before, now)| before != now);
        assert_eq!(other, None, "as of {today}");
        assert_eq!(as_written.len(), states.len(), "as of {today}");
    }
}

#[test]
fn the_folder_is_what_its_script_writes_and_all_of_it_is_in_the_binary() {
    let out = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/demo-network/write.py");
    let scratch = std::env::temp_dir().join(format!("guildhall-demo-test-{}", std::process::id()));
    fs::create_dir_all(&scratch).unwrap();
    assert!(Command::new("python3").arg(out).arg(&scratch).status().unwrap().success());
    for (name, text) in FILES {
        let again = fs::read_to_string(scratch.join(name)).unwrap();
        assert!(again == text, "{name} is not what write.py writes");
    }
    let tables = |dir: &Path| {
        let names = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name());
        let names = names.filter_map(|name| name.into_string().ok());
        names
            .filter(|name| name.split('.').next_back() == Some("csv"))
            .collect::<BTreeSet<String>>()
    };
    let held: BTreeSet<String> = FILES.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!((tables(&scratch), tables(&folder())), (held.clone(), held));
    fs::remove_dir_all(scratch).unwrap();
}

#[test]
fn every_reason_for_which_a_fact_may_not_count_occurs() {
    let today = written();
    let editions = Editions::load(None).unwrap();
    let network = DemoNetwork::ending(today).unwrap().network.id;
    let mut found = BTreeSet::new();
    for edition in editions.of_network(&network) {
        for card in scorecards(today, Some(&edition.id)) {
            let rows = card.rows.iter().filter_map(|row| row.not_counted.as_ref()).flatten();
            found.extend(rows.map(|fact| fact.reason));
            let measures = card.support_discount.iter().flat_map(|statement| &statement.measures);
            let facts = measures.flat_map(|measure| &measure.not_counted);
            found.extend(facts.map(|fact| fact.reason));
        }
    }
    let missing: Vec<Reason> =
        Reason::ALL.into_iter().filter(|reason| !found.contains(reason)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn the_story_is_acted_out_on_whatever_day_and_the_database_verifies() {
    let home = std::env::temp_dir().join(format!("guildhall-demo-acted-{}", std::process::id()));
    fs::create_dir_all(&home).unwrap();
    let mut came_to = None;
    for today in [&written().to_string(), "2027-02-28", "2028-02-29", "2027-12-31"] {
        let url = format!("sqlite:{}", home.join(format!("{today}.db")).display());
        let clock = Clock::at(format!("{today}T00:00:10Z").parse().unwrap());
        let mut app = App::new(Store::open(&url).unwrap(), clock).unwrap();
        fill(&mut app, &DemoNetwork::ending(day(today)).unwrap()).unwrap();
        let reviews = app.store.read(|tx| tx.tier_reviews(None, false, None, 100)).unwrap();
        let outcomes = reviews.iter().map(|one| (one.partner.clone(), one.outcome.clone()));
        let outcomes: BTreeSet<(String, String)> = outcomes.collect();
        assert_eq!(*came_to.get_or_insert(outcomes.clone()), outcomes, "{today}");
        app.store.seal(app.clock.now()).unwrap();
        let verified = app.store.verify(None).unwrap();
        assert!(verified.problems.is_empty(), "{today}: {:?}", verified.problems);
        let decisions = ops::decisions::verify(&app.store).unwrap();
        assert!(decisions.problems.is_empty(), "{today}: {:?}", decisions.problems);
    }
    fs::remove_dir_all(home).unwrap();
}

#[test]
fn days_and_moments_are_moved_and_nothing_else() {
    let text = "id,on,at,note\n2026-x,2026-01-31,2026-02-28T09:00:00Z,\"2026-02-28, said he\"\n";
    let later = "id,on,at,note\n2026-x,2026-02-01,2026-03-01T09:00:00Z,\"2026-02-28, said he\"\n";
    assert_eq!(moved(text, 1), later);
    assert_eq!(moved(later, -1), text);
    assert_eq!(moved("on\n2024-02-28", 1), "on\n2024-02-29");
}
