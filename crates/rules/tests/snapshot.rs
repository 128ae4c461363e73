//! Snapshots: what is read back is what was written, and what is damaged is refused.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail"
)]
#![expect(dead_code, reason = "the model is shared with other tests")]

mod model;

use std::sync::Arc;

use guildhall_rules::day::Day;
use guildhall_rules::evaluation::Evaluator;
use guildhall_rules::facts::{
    Facts, JournalPlace, SNAPSHOT_VERSION, Snapshot, SnapshotHead, Wants,
};
use guildhall_rules::problem::Problem;
use guildhall_rules::rulebook::Catalogue;
use guildhall_rules::scorecard::FactLists;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{FileFailurePersistence, TestRunner};

use model::calendar::show;
use model::engine::Engine;
use model::random_rows::{Case, Wishes, cases};
use twox_hash::XxHash3_64;

const PLAIN: Wishes = Wishes { has_versions: false, only_more_is_better: false };
const VERSIONED: Wishes = Wishes { has_versions: true, only_more_is_better: false };

fn bounded(cases: u32) -> ProptestConfig {
    let standard = ProptestConfig::default();
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { standard.cases } else { cases };
    let failure_persistence =
        Some(Box::new(FileFailurePersistence::WithSource("regressions")) as _);
    ProptestConfig { cases, failure_persistence, max_shrink_iters: 200, ..standard }
}

fn head() -> SnapshotHead {
    SnapshotHead {
        network: "roofs".to_owned(),
        place: Some(JournalPlace {
            sealed: 7,
            seal: "5ea1".to_owned(),
            unsealed: vec![(12, "0e".to_owned()), (14, "f1".to_owned())],
        }),
        known_at: Some("2024-01-31T23:59:59Z".parse().unwrap()),
        editions: vec![("roofs-now".to_owned(), "text, \"of\" it\n".to_owned())],
    }
}

fn written(facts: &Facts, catalogue: &Catalogue) -> Vec<u8> {
    let mut bytes = Vec::new();
    facts.clone().in_order().write_snapshot(&head(), catalogue, &mut bytes).unwrap();
    bytes
}

fn read(bytes: &[u8], catalogue: &Catalogue, wants: Wants) -> Result<Facts, Box<Problem>> {
    let snapshot = Snapshot::open(Arc::new(bytes.to_vec()))?;
    assert_eq!(snapshot.head, head());
    snapshot.facts(catalogue, wants, 2)
}

fn cards(engine: &Engine, facts: &Facts, case: &Case, lists: FactLists) -> Vec<String> {
    let evaluator = Evaluator::new(&engine.edition, &engine.catalogue, facts);
    let day = Day::parse(show(case.on).as_bytes()).unwrap();
    let card = |partner| {
        let mut card = evaluator.scorecard(partner, day, None, lists);
        if let Some(discount) =
            card.support_discount.as_mut().filter(|_| lists == FactLists::Omitted)
        {
            discount.forget_facts();
        }
        format!("{card:#?}")
    };
    // Snapshots have an order of their own.
    let mut partners: Vec<_> = facts.partners().collect();
    partners.sort_by_key(|partner| facts.partner_id(*partner));
    partners.into_iter().map(card).collect()
}

/// A snapshot whose parts were changed by somebody who knows the format: every checksum is right.
fn forged(bytes: &[u8], changes: &[(u16, u16, u8)]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let number = |bytes: &[u8], at: usize| {
        usize::try_from(u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap())).unwrap()
    };
    let tail = bytes.len() - 32;
    let list = number(&bytes, tail);
    let entries = (tail - list) / 32;
    for (entry, at, value) in changes {
        let entry = list + usize::from(*entry) % entries * 32;
        let (place, length) = (number(&bytes, entry + 8), number(&bytes, entry + 16));
        if at % 16 == 15 {
            // The part is said to be shorter, or to begin elsewhere.
            bytes[entry + 8 + usize::from(*value) % 16 / 8 * 8] ^= value >> 4;
        } else if length > 0 {
            bytes[place + usize::from(*at) % length] = *value;
        }
        let (place, length) = (number(&bytes, entry + 8), number(&bytes, entry + 16));
        if let Some(part) = bytes.get(place..place + length) {
            let checksum = XxHash3_64::oneshot(part).to_le_bytes();
            bytes[entry + 24..entry + 32].copy_from_slice(&checksum);
        }
    }
    let checksum = XxHash3_64::oneshot(&bytes[list..tail]).to_le_bytes();
    bytes[tail + 16..tail + 24].copy_from_slice(&checksum);
    bytes
}

fn some_case() -> (Engine, Facts, Case) {
    let mut runner = TestRunner::deterministic();
    let strategy = cases(VERSIONED);
    loop {
        let case = strategy.new_tree(&mut runner).unwrap().current();
        let engine = Engine::new(&case.book.toml());
        let facts = engine.load_rows(&case.rows, None);
        if facts.len() > 15 {
            return (engine, facts, case);
        }
    }
}

proptest! {
    #![proptest_config(bounded(600))]

    #[test]
    fn what_somebody_forged_is_a_problem_or_some_facts(
        case in cases(VERSIONED),
        changes in proptest::collection::vec(any::<(u16, u16, u8)>(), 1..8),
    ) {
        let engine = Engine::new(&case.book.toml());
        let facts = engine.load_rows(&case.rows, None);
        let bytes = forged(&written(&facts, &engine.catalogue), &changes);
        let Ok(snapshot) = Snapshot::open(Arc::new(bytes)) else { return Ok(()) };
        if let Ok(facts) = snapshot.facts(&engine.catalogue, Wants::Everything, 1) {
            cards(&engine, &facts, &case, FactLists::Listed);
            let again = facts.in_order();
            cards(&engine, &again, &case, FactLists::Listed);
            again.write_snapshot(&head(), &engine.catalogue, &mut Vec::new()).unwrap();
        }
    }
}

proptest! {
    #![proptest_config(bounded(150))]

    #[test]
    fn the_same_facts_are_the_same_bytes_in_whatever_order_they_come(case in cases(PLAIN)) {
        let engine = Engine::new(&case.book.toml());
        let bytes = written(&engine.load_rows(&case.rows, None), &engine.catalogue);
        let mut rows = case.rows;
        rows.reverse();
        prop_assert_eq!(&bytes, &written(&engine.load_rows(&rows, None), &engine.catalogue));
        let third = rows.len() / 3;
        rows.rotate_left(third);
        prop_assert_eq!(&bytes, &written(&engine.load_rows(&rows, None), &engine.catalogue));
    }

    #[test]
    fn what_is_read_back_is_what_was_written(case in cases(VERSIONED), other in cases(VERSIONED)) {
        let second = other.book.toml().replace("roofs-now", "roofs-later");
        let (first, second) = Engine::pair(&case.book.toml(), &second);
        let facts = first.load_rows(&case.rows, None);
        let bytes = written(&facts, &first.catalogue);
        let again = read(&bytes, &first.catalogue, Wants::Everything).unwrap();
        for engine in [&first, &second] {
            let before = cards(engine, &facts, &case, FactLists::Listed);
            prop_assert_eq!(before, cards(engine, &again, &case, FactLists::Listed));
        }
        prop_assert_eq!(bytes, written(&again, &first.catalogue));
    }

    #[test]
    fn numbers_do_without_the_ids_of_facts(case in cases(VERSIONED)) {
        let engine = Engine::new(&case.book.toml());
        let facts = engine.load_rows(&case.rows, None);
        let bytes = written(&facts, &engine.catalogue);
        let numbers = read(&bytes, &engine.catalogue, Wants::Numbers).unwrap();
        let before = cards(&engine, &facts, &case, FactLists::Omitted);
        prop_assert_eq!(before, cards(&engine, &numbers, &case, FactLists::Omitted));
    }

    #[test]
    fn words_may_have_other_numbers_where_it_is_read(case in cases(VERSIONED)) {
        let (engine, other) = Engine::pair(&case.book.toml(), &case.book.toml());
        let facts = engine.load_rows(&case.rows, None);
        // The same editions in another order number the same words otherwise.
        let elsewhere = guildhall_rules::rulebook::load(
            "rulebook.toml",
            &model::book::elsewhere_toml(),
        ).unwrap();
        let turned = Engine {
            catalogue: Catalogue::new([&other.edition, &elsewhere]),
            edition: other.edition,
        };
        let bytes = written(&facts, &engine.catalogue);
        match read(&bytes, &turned.catalogue, Wants::Everything) {
            Ok(again) => prop_assert_eq!(
                cards(&engine, &facts, &case, FactLists::Listed),
                cards(&turned, &again, &case, FactLists::Listed)
            ),
            Err(problem) => prop_assert_eq!(problem.code, "other-editions"),
        }
    }
}

#[test]
fn every_damaged_byte_and_every_cut_is_noticed() {
    let (engine, facts, _) = some_case();
    let bytes = written(&facts, &engine.catalogue);
    let code = |bytes: &[u8]| {
        let found = read(bytes, &engine.catalogue, Wants::Everything);
        found.err().map(|problem| problem.code)
    };
    assert_eq!(code(&bytes), None);
    for cut in 0..bytes.len() {
        assert_eq!(code(&bytes[..cut]), Some("bad-snapshot"), "cut at {cut}");
    }
    for at in 0..bytes.len() {
        // The version and the bytes kept free after it are looked at below.
        if (8..16).contains(&at) {
            continue;
        }
        let mut damaged = bytes.clone();
        damaged[at] ^= 0x20;
        assert_eq!(code(&damaged), Some("bad-snapshot"), "damaged at {at}");
    }
}

#[test]
fn a_snapshot_of_a_later_version_is_refused() {
    let (engine, facts, _) = some_case();
    let mut bytes = written(&facts, &engine.catalogue);
    bytes[8..12].copy_from_slice(&(SNAPSHOT_VERSION + 1).to_le_bytes());
    let problem = read(&bytes, &engine.catalogue, Wants::Everything).unwrap_err();
    assert_eq!(problem.code, "newer-snapshot");
    bytes[8..12].copy_from_slice(&(SNAPSHOT_VERSION - 1).to_le_bytes());
    let problem = read(&bytes, &engine.catalogue, Wants::Everything).unwrap_err();
    assert_eq!(problem.code, "bad-snapshot");
}

#[test]
fn a_snapshot_of_words_that_nobody_knows_is_refused() {
    let (engine, facts, _) = some_case();
    let bytes = written(&facts, &engine.catalogue);
    let problem = read(&bytes, &Catalogue::default(), Wants::Everything).unwrap_err();
    assert_eq!(problem.code, "other-editions");
}
