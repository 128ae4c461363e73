//! Properties of scorecards: what the engine says is what a slow, obvious model says, whatever
//! the rulebook, the facts and the day.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail"
)]

mod model;

use std::collections::BTreeSet;

use guildhall_rules::changes::Changes;
use guildhall_rules::facts::{Facts, parse_moment};
use guildhall_rules::reason::Reason;
use guildhall_rules::scorecard::Scorecard;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{FileFailurePersistence, TestRunner};
use serde_json::Value as Json;

use model::book::{Book, Reads, Rule, TIERS};
use model::calendar::Ymd;
use model::engine::{Engine, differences, flat, in_short, json_of};
use model::judge::{Fraction, Model, decimal, read_off, show, whole};
use model::random_rows::{Case, MOMENTS, PARTNERS, Wishes, achievement, cases, later};
use model::rows::{Row, Style, files, known_rows};

const PLAIN: Wishes = Wishes { has_versions: false, only_more_is_better: false };
const VERSIONED: Wishes = Wishes { has_versions: true, only_more_is_better: false };
const MONOTONE: Wishes = Wishes { has_versions: false, only_more_is_better: true };

/// So many cases, unless the environment says otherwise.
fn bounded(cases: u32) -> ProptestConfig {
    let standard = ProptestConfig::default();
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { standard.cases } else { cases };
    let failure_persistence =
        Some(Box::new(FileFailurePersistence::WithSource("regressions")) as _);
    ProptestConfig { cases, failure_persistence, max_shrink_iters: 20_000, ..standard }
}

/// A moment, the moment right before one, or the end of time.
fn moments() -> impl Strategy<Value = Option<&'static str>> {
    prop_oneof![
        proptest::sample::select(MOMENTS.to_vec()).prop_map(Some),
        Just(Some("2024-01-31T23:59:58Z")),
        Just(Some("1999-01-01T00:00:00Z")),
        Just(None),
    ]
}

fn styles() -> impl Strategy<Value = Style> {
    let flags = any::<[bool; 4]>();
    (flags, any::<u64>(), 0..20_usize).prop_map(|([crlf, mark, last, empty], quotes, turn)| Style {
        has_crlf: crlf,
        mark: if mark { "\u{feff}" } else { "" },
        quotes,
        turn,
        lacks_last_break: last,
        has_empty_columns: empty,
    })
}

/// Turns a list upside down and about.
fn shuffled(rows: &[Row], mut seed: u64) -> Vec<Row> {
    let mut keyed: Vec<(u64, &Row)> = Vec::new();
    for row in rows {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        keyed.push((seed >> 20, row));
    }
    keyed.sort_by_key(|(key, _)| *key);
    keyed.into_iter().map(|(_, row)| row.clone()).collect()
}

/// The scorecards of all partners that are known.
fn cards(engine: &Engine, facts: &Facts, on: Ymd) -> Vec<Json> {
    let known = PARTNERS.into_iter().filter(|partner| facts.find_partner(partner).is_some());
    known.map(|partner| json_of(&engine.card(facts, partner, on))).collect()
}

/// The engine's scorecard of each partner is the model's.
fn agrees(case: &Case, known_at: Option<&str>) -> Result<(), TestCaseError> {
    let engine = Engine::new(&case.book.toml());
    let facts = engine.load_rows(&case.rows, known_at);
    let rows = known_rows(&case.rows, known_at);
    for partner in PARTNERS {
        let is_known = rows.iter().any(|row| row.file == "partners" && row.id() == partner);
        prop_assert_eq!(facts.find_partner(partner).is_some(), is_known);
        if is_known {
            let found = in_short(&engine.card(&facts, partner, case.on));
            let expected = Model { book: &case.book, rows: &rows, partner }.card(case.on);
            let differences = differences(&expected, &found);
            prop_assert!(differences.is_empty(), "{partner}: {differences:#?}");
        }
    }
    Ok(())
}

/// The value that the facts of a list come to, and how many there are; not for measures that
/// are made of others.
fn recomputed(book: &Book, rows: &[Row], row: &Json, column: &str) -> Option<(Fraction, usize)> {
    let at: usize = row["measure"].as_str()?.strip_prefix('m')?.parse().ok()?;
    let counted: Vec<&Json> = row["counted"]
        .as_array()?
        .iter()
        .filter(|fact| {
            fact.get("columns").is_none_or(|of| of.as_array().unwrap().contains(&column.into()))
        })
        .collect();
    let n = counted.len();
    let value = match &book.measures[at].rule {
        Rule::Points(_) | Rule::Sustained(_) => return None,
        Rule::Document(_) | Rule::Decision(_) => whole(n.min(1)),
        Rule::Facts(rule) => {
            let find = |fact: &&Json| {
                let id = fact["fact"].as_str();
                rows.iter().find(|row| row.file == rule.of && Some(row.id()) == id)
            };
            let facts: Vec<&Row> = counted.iter().filter_map(find).collect();
            read_off(&rule.reads, rule.of, &facts).number
        }
        _ => {
            let people: BTreeSet<&str> =
                counted.iter().filter_map(|fact| fact["subject"].as_str()).collect();
            whole(people.len())
        }
    };
    Some((value, n))
}

/// The facts of both lists of a row in one column, which are all different.
fn listed(row: &Json, column: &str) -> Result<BTreeSet<String>, TestCaseError> {
    let mut all = BTreeSet::new();
    for text in ["counted", "not_counted"].iter().flat_map(|key| flat(&row[*key])) {
        let Some(text) = text.strip_prefix(column) else { continue };
        // Without the reason, which follows the last quote.
        let fact = text.rfind('"').map_or(text, |end| &text[..=end]);
        prop_assert!(all.insert(fact.to_owned()), "{} stands twice", fact);
    }
    Ok(all)
}

fn without_lists(card: &Json) -> Json {
    let mut card = card.clone();
    let forget = |rows: Option<&mut Vec<Json>>| {
        for row in rows.into_iter().flatten() {
            row["not_counted"] = Json::Null;
        }
    };
    forget(card["rows"].as_array_mut());
    if let Some(discount) = card["support_discount"].as_object_mut() {
        forget(discount["measures"].as_array_mut());
    }
    card
}

/// The reasons of facts that are not the new one.
fn old_reasons(card: &Json, new: &str) -> Vec<String> {
    let rows = card["rows"].as_array().into_iter().flatten();
    let measures = card["support_discount"]["measures"].as_array().into_iter().flatten();
    let texts = rows.chain(measures).flat_map(|row| flat(&row["not_counted"]));
    texts.filter(|text| !text.contains(new)).collect()
}

proptest! {
    #![proptest_config(bounded(400))]

    #[test]
    fn every_scorecard_is_the_models(case in cases(PLAIN)) {
        agrees(&case, None)?;
    }

    #[test]
    fn every_scorecard_is_the_models_in_any_state_of_knowledge(
        case in cases(VERSIONED),
        known_at in moments(),
    ) {
        agrees(&case, known_at)?;
    }

    #[test]
    fn the_lists_make_the_value_and_hold_each_fact_once_in_each_column(case in cases(PLAIN)) {
        let engine = Engine::new(&case.book.toml());
        let facts = engine.load_rows(&case.rows, None);
        for card in cards(&engine, &facts, case.on) {
            for row in card["rows"].as_array().unwrap() {
                prop_assert_eq!(listed(row, "renewal")?, listed(row, "upgrade")?);
                for column in ["renewal", "upgrade"] {
                    let value = recomputed(&case.book, &case.rows, row, column);
                    // Of a window without a beginning nothing counts.
                    if let Some((value, _)) = value {
                        prop_assert_eq!(&row[column]["value"], &show(&value), "{}", row);
                    }
                }
            }
            for row in card["support_discount"]["measures"].as_array().into_iter().flatten() {
                listed(row, "-")?;
                let (value, n) = recomputed(&case.book, &case.rows, row, "").unwrap();
                prop_assert_eq!(&row["value"], &show(&value));
                prop_assert_eq!(&row["n"], &Json::from(n));
            }
        }
    }

    #[test]
    fn the_order_of_rows_and_files_makes_no_difference(
        case in cases(VERSIONED),
        seed in any::<u64>(),
        known_at in moments(),
    ) {
        let engine = Engine::new(&case.book.toml());
        let facts = engine.load_rows(&case.rows, known_at);
        let turned = engine.load_rows(&shuffled(&case.rows, seed), known_at);
        prop_assert_eq!(cards(&engine, &facts, case.on), cards(&engine, &turned, case.on));
    }

    #[test]
    fn what_begins_after_the_day_is_only_listed(
        case in cases(PLAIN),
        tape in vec(any::<u16>(), 30),
    ) {
        let engine = Engine::new(&case.book.toml());
        let mut rows = case.rows.clone();
        let new = later(&tape, case.on, &rows);
        rows.push(new.clone());
        let before = cards(&engine, &engine.load_rows(&case.rows, None), case.on);
        let after = cards(&engine, &engine.load_rows(&rows, None), case.on);
        for (before, after) in before.iter().zip(&after) {
            let differences = differences(&without_lists(before), &without_lists(after));
            prop_assert!(differences.is_empty(), "{new:?}: {differences:#?}");
            // Another row of a person may change why the person does not count.
            if new.file != "individuals" {
                prop_assert_eq!(old_reasons(before, "\"later\""), old_reasons(after, "\"later\""));
            }
        }
    }

    #[test]
    fn more_achievement_never_lowers_what_is_attained(
        case in cases(MONOTONE),
        tape in vec(any::<u16>(), 30),
    ) {
        let engine = Engine::new(&case.book.toml());
        let mut rows = case.rows.clone();
        rows.push(achievement(&tape, case.on, &rows));
        let before = cards(&engine, &engine.load_rows(&case.rows, None), case.on);
        let after = cards(&engine, &engine.load_rows(&rows, None), case.on);
        let tier = |card: &Json| {
            let tiers = TIERS.iter().find(|tiers| tiers[1] != "slate" || card["path"] == "laying");
            let tier = card["attained"].as_str();
            tier.map(|tier| tiers.unwrap().iter().position(|known| *known == tier))
        };
        for (before, after) in before.iter().zip(&after) {
            prop_assert!(tier(before) <= tier(after), "{:?}", rows.last());
            let rows = before["rows"].as_array().unwrap().iter();
            for (low, high) in rows.zip(after["rows"].as_array().unwrap()) {
                let value = |row: &Json| decimal(row["upgrade"]["value"].as_str().unwrap());
                prop_assert!(value(low) <= value(high), "{} {}", low, high);
            }
        }
    }

    #[test]
    fn what_was_not_known_might_as_well_not_be_there(
        case in cases(VERSIONED),
        known_at in moments(),
    ) {
        let engine = Engine::new(&case.book.toml());
        let facts = engine.load_rows(&case.rows, known_at);
        let rows = known_rows(&case.rows, known_at);
        if rows.is_empty() {
            return Ok(());
        }
        if rows.iter().any(|row| row.file == "partners") {
            let filtered = engine.load_rows(&rows, None);
            prop_assert_eq!(cards(&engine, &facts, case.on), cards(&engine, &filtered, case.on));
        } else {
            prop_assert_eq!(facts.partners().len(), 0);
        }
    }

    #[test]
    fn what_moved_has_a_cause_and_nothing_moves_by_itself(
        case in cases(VERSIONED),
        other in cases(PLAIN),
        moments in (moments(), moments()),
        has_other_rules in any::<bool>(),
    ) {
        let second = if has_other_rules {
            other.book.toml().replace("roofs-now", "roofs-later")
        } else {
            case.book.toml()
        };
        let (first, second) = Engine::pair(&case.book.toml(), &second);
        let before = first.load_rows(&case.rows, moments.0);
        let after = second.load_rows(&case.rows, moments.1);
        for partner in PARTNERS {
            if before.find_partner(partner).is_none() || after.find_partner(partner).is_none() {
                continue;
            }
            let mut from = first.card(&before, partner, case.on.min(other.on));
            let mut to = second.card(&after, partner, case.on.max(other.on));
            from.known_at = moments.0.and_then(|moment| parse_moment(moment.as_bytes()));
            to.known_at = moments.1.and_then(|moment| parse_moment(moment.as_bytes()));
            moved(&from, &to)?;
        }
    }

    #[test]
    fn a_discount_is_the_base_and_the_points_up_to_the_ceiling(case in cases(PLAIN)) {
        let engine = Engine::new(&case.book.toml());
        let facts = engine.load_rows(&case.rows, None);
        for partner in PARTNERS {
            let card = engine.card(&facts, partner, case.on);
            let Some(statement) = &card.support_discount else { continue };
            let scheme = case.book.scheme.as_ref().unwrap();
            let json = serde_json::to_value(statement).unwrap();
            let rules = json["eligibility"].as_array().unwrap();
            let is_eligible = rules.iter().all(|rule| rule["state"] == "met");
            prop_assert_eq!(statement.eligible, is_eligible);
            let mut percent = decimal(scheme.base);
            for ((ask, least, points), found) in scheme.measures.iter().zip(&statement.measures) {
                let found = serde_json::to_value(found).unwrap();
                let n = found["n"].as_u64().unwrap();
                let Rule::Facts(rule) = &case.book.measures[ask.measure].rule else { panic!() };
                let of_nothing = matches!(rule.reads, Reads::Mean | Reads::Share(_)) && n == 0;
                let is_enough = least.is_none_or(|least| n >= least as u64) && !of_nothing;
                let (value, _) = recomputed(&case.book, &case.rows, &found, "").unwrap();
                let bar = decimal(&ask.bar);
                let is_met =
                    is_enough && if ask.is_ceiling { value <= bar } else { value >= bar };
                prop_assert_eq!(found["state"] == "met", is_met, "{}", found);
                let earned = if is_met { decimal(points) } else { whole(0) };
                prop_assert_eq!(&found["points"], &show(&earned));
                percent += earned;
            }
            let is_lost = scheme.ends_at_once && statement.lost_on.is_some();
            let percent = if is_eligible && !is_lost {
                percent.min(decimal(scheme.ceiling))
            } else {
                whole(0)
            };
            prop_assert_eq!(statement.percent.to_string(), show(&percent));
        }
    }

    #[test]
    fn however_the_files_are_written_the_facts_are_the_same(
        case in cases(VERSIONED),
        style in styles(),
        known_at in moments(),
    ) {
        let engine = Engine::new(&case.book.toml());
        let plain = engine.load_rows(&case.rows, known_at);
        let styled = engine.load(&files(&case.rows, &style), known_at);
        prop_assert_eq!(plain.len(), styled.len());
        prop_assert_eq!(cards(&engine, &plain, case.on), cards(&engine, &styled, case.on));
    }
}

/// Properties of what never happens hold by themselves: here is everything that does happen.
#[test]
fn the_random_cases_come_to_every_reason_state_and_outcome() {
    let mut runner = TestRunner::deterministic();
    let strategy = cases(PLAIN);
    let mut seen = BTreeSet::new();
    for _ in 0..300 {
        let case = strategy.new_tree(&mut runner).unwrap().current();
        let engine = Engine::new(&case.book.toml());
        let facts = engine.load_rows(&case.rows, None);
        for card in cards(&engine, &facts, case.on) {
            let rows = card["rows"].as_array().unwrap();
            let discount = &card["support_discount"];
            let measures = discount["measures"].as_array().into_iter().flatten();
            for row in rows.iter().chain(measures.clone()) {
                for text in flat(&row["not_counted"]) {
                    seen.extend(text.rsplit(' ').next().map(str::to_owned));
                }
                seen.extend(flat(&row["counted"]).first().map(|_| "counted".to_owned()));
                for list in ["counted", "not_counted"] {
                    let of_others = row[list].as_array().unwrap().iter().filter(|fact| {
                        fact["detail"].as_str().is_some_and(|text| text.contains("subsidiary "))
                    });
                    seen.extend(
                        of_others.map(|fact| format!("{list} by a subsidiary {}", fact["kind"])),
                    );
                }
            }
            for cell in rows.iter().flat_map(|row| [&row["renewal"], &row["upgrade"]]) {
                seen.insert(format!("cell {}", cell["state"]));
            }
            seen.extend(measures.map(|measure| format!("measure {}", measure["state"])));
            let rules = discount["eligibility"].as_array().into_iter().flatten();
            seen.extend(rules.map(|rule| format!("rule {}", rule["state"])));
            seen.insert(format!("review {}", card["review"]["outcome"]));
            seen.insert(format!("attained {}", card["attained"]));
            seen.insert(format!("tier {}", card["tier"]));
            seen.insert(format!("percent is 0: {}", discount["percent"] == "0"));
        }
    }
    let states = ["met", "not_met", "unknown"];
    let mut expected: Vec<String> = Reason::ALL.iter().map(|reason| reason.word().into()).collect();
    expected.extend(states.iter().map(|state| format!("cell \"{state}\"")));
    expected.extend(states.iter().map(|state| format!("measure \"{state}\"")));
    expected.extend(states.iter().map(|state| format!("rule \"{state}\"")));
    expected.extend(["renew", "grace", "downgrade"].map(|word| format!("review \"{word}\"")));
    expected.extend(TIERS[0].map(|tier| format!("attained \"{tier}\"")));
    expected.extend(TIERS[0][..2].iter().map(|tier| format!("tier \"{tier}\"")));
    let others = [
        "counted",
        "counted by a subsidiary \"credential\"",
        "counted by a subsidiary \"validation\"",
        "not_counted by a subsidiary \"credential\"",
        "not_counted by a subsidiary \"validation\"",
        "cell \"not_required\"",
        "review null",
        "attained null",
        "tier null",
        "tier \"old-oak\"",
        "percent is 0: true",
        "percent is 0: false",
    ];
    expected.extend(others.map(str::to_owned));
    let missing: Vec<&String> = expected.iter().filter(|word| !seen.contains(*word)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// Whatever moved between two scorecards has a cause; between a scorecard and itself nothing did.
fn moved(from: &Scorecard, to: &Scorecard) -> Result<(), TestCaseError> {
    for card in [from, to] {
        let nothing = Changes::between(card, card);
        prop_assert!(nothing.is_empty(), "{nothing:#?}");
    }
    let changes = Changes::between(from, to);
    for cell in &changes.cells {
        let value = |cell: &Option<guildhall_rules::changes::CellValue>| {
            cell.as_ref().map(|cell| cell.value.to_string())
        };
        // That the partner is on another path stands in the head and nowhere else.
        let is_moved = value(&cell.before) != value(&cell.after) && from.path == to.path;
        prop_assert!(!is_moved || !cell.because.is_empty(), "{cell:#?}");
    }
    for row in &to.rows {
        let Some(old) = from.rows.iter().find(|old| old.measure == row.measure) else { continue };
        for (column, before, after) in
            [("Renewal", &old.renewal, &row.renewal), ("Upgrade", &old.upgrade, &row.upgrade)]
        {
            let mut cells = changes.cells.iter();
            let is_told = cells
                .any(|cell| cell.measure == row.measure && format!("{:?}", cell.column) == column);
            prop_assert!(is_told || before.value == after.value);
        }
    }
    Ok(())
}
