//! Reading rulebooks: what is read, where problems are, and that no input does harm.
#![expect(clippy::unwrap_used, reason = "a test may fail")]

use std::fs;
use std::path::Path;

use guildhall_rules::decimal::Decimal;
use guildhall_rules::rulebook::{
    Certainty, Condition, Edition, Field, MeasureRule, PeopleRule, Target, Window, load,
};
use proptest::prelude::*;

const SAMPLE: &str = include_str!("bad-rulebooks/no-problem.toml");

fn sample() -> Edition {
    load("summit.toml", SAMPLE).unwrap()
}

/// The sample with some texts replaced.
fn changed(replacements: &[(&str, &str)]) -> String {
    replacements.iter().fold(SAMPLE.to_owned(), |text, (old, new)| {
        assert!(text.contains(old), "the sample holds {old}");
        text.replace(old, new)
    })
}

fn codes(text: &str) -> Vec<&'static str> {
    let problems = load("summit.toml", text).unwrap_err();
    problems.shown().iter().map(|problem| problem.code).collect()
}

fn decimal(text: &str) -> Decimal {
    Decimal::parse(text.as_bytes()).unwrap()
}

#[test]
fn references_become_positions_and_defaults_are_filled_in() {
    let edition = sample();
    assert_eq!(edition.sources[0].certainty, Certainty::High);
    assert_eq!(edition.credentials[1].level, 1);
    let installers = edition.measure("installers").unwrap();
    let highest = MeasureRule::People(PeopleRule::HighestLevel(vec![0, 1]));
    assert_eq!((installers.component, &installers.rule), (0, &highest));
    assert_eq!(installers.grounds.sources, [0]);
    let masters = edition.measure("masters").unwrap();
    assert_eq!(masters.windows.upgrade, Window::AsOf);
    let projects = edition.measure("projects").unwrap();
    assert_eq!(projects.windows.renewal, Window::SinceReview);
    assert_eq!(projects.windows.upgrade, Window::RollingMonths(12));
    let MeasureRule::Share { of, matching } = &edition.measure("rework").unwrap().rule else {
        panic!("rework is a share")
    };
    assert_eq!(of.filters[0].field, Field::Kind);
    assert_eq!(matching[0].field, Field::Attribute("grade".into()));
    assert_eq!(matching[0].one_of, ["c", "d"]);
    let top = edition.path("fitting").unwrap().tier("summit").unwrap();
    assert!(top.requires.is_sorted_by_key(|asked| asked.measure), "in the order of the measures");
    let seasons = top.requires.last().unwrap();
    assert_eq!((seasons.columns.renewal, seasons.columns.upgrade), (false, true));
    assert_eq!(seasons.grounds.assumed.as_deref(), Some("a full year"));
    let plan = top.requires.iter().find(|asked| edition.measures[asked.measure].id == "year_plan");
    assert_eq!(plan.unwrap().target, Target::AtLeast(decimal("1")));
    assert_eq!(edition.discounts[0].eligibility[3].condition, Condition::Program(vec![2]));
    assert_eq!(edition.discounts[0].measures[0].min_n, Some(4));
    let spend = edition.discounts[0].spend.as_ref().unwrap();
    assert_eq!((spend.kind, spend.months), (1, 9));
    let unsaid = load("summit.toml", &changed(&[("months = 9\n", "")])).unwrap();
    assert_eq!(unsaid.discounts[0].spend.as_ref().unwrap().months, 12);
    let unknown = changed(&[("kind = \"material-order\"\nmonths", "kind = \"orders\"\nmonths")]);
    assert_eq!(codes(&unknown), ["unknown-id"]);
    assert_eq!(codes(&changed(&[("months = 9\n", "months = 0\n")])), ["out-of-range"]);
    assert_eq!(codes(&changed(&[("months = 9\n", "weeks = 9\n")])), ["unknown-key"]);
}

#[test]
fn decimals_are_read_as_they_are_written() {
    let edition = sample();
    let MeasureRule::Points(parts) = &edition.measure("points").unwrap().rule else {
        panic!("points are points")
    };
    let points: Vec<Decimal> = parts.iter().map(|part| part.points).collect();
    assert_eq!(points, [decimal("4"), decimal("1.5"), decimal("0.0005")]);
    // As a binary fraction this would be another number.
    let exact = "4.400000000000000001";
    let text = changed(&[("satisfaction = 4.4", &format!("satisfaction = {exact}"))]);
    let edition = load("summit.toml", &text).unwrap();
    let top = edition.path("fitting").unwrap().tier("summit").unwrap();
    assert!(top.requires.iter().any(|asked| asked.target == Target::AtLeast(decimal(exact))));
}

#[test]
fn the_rulebooks_of_the_project_have_no_problem() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rulebooks");
    let mut count = 0;
    for network in fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()) {
        let Ok(editions) = fs::read_dir(network) else { continue };
        for edition in editions.map(|entry| entry.unwrap().path()) {
            let file = edition.join("rulebook.toml");
            let Ok(text) = fs::read_to_string(&file) else { continue };
            if let Err(problems) = load(&file.display().to_string(), &text) {
                let shown: Vec<String> = problems.shown().iter().map(ToString::to_string).collect();
                panic!("{}", shown.join("\n"));
            }
            count += 1;
        }
    }
    assert!(count > 1, "there are rulebooks");
}

#[test]
fn filters_may_name_whatever_facts_hold() {
    let tab = ("[\"c\", \"d\"]", "[\"c\\td\"]");
    assert!(load("summit.toml", &changed(&[tab])).is_ok(), "facts keep every character");
}

#[test]
fn columns_count_characters() {
    let text = changed(&[("unit = \"people\"", "\"größe\" = 1"), ("\n", "\r\n")]);
    let problems = load("summit.toml", &text).unwrap_err();
    let places: Vec<String> = problems.shown().iter().map(ToString::to_string).collect();
    assert_eq!(places, ["summit.toml:84:1: there is no key `größe` here [unknown-key]"]);
    let text = changed(&[("name = \"Bronze\" }", "name = \"Größe 𝔸\", x = 1 }")]);
    let problems = load("summit.toml", &text).unwrap_err();
    let problem = &problems.shown()[0];
    assert_eq!((problem.code, problem.column.as_deref()), ("unknown-key", Some("49")));
}

#[test]
fn a_broken_line_hides_nothing_and_breeds_nothing() {
    let text = changed(&[
        ("[[components]]\nid = \"work\"", "[[components]\nid = \"work\""),
        ("grace_days = 30", "grace_days = \"thirty\""),
    ]);
    let codes = codes(&text);
    assert!(codes.contains(&"bad-toml") && codes.contains(&"wrong-type"), "{codes:?}");
    assert!(codes.iter().all(|code| ["bad-toml", "duplicate-key", "wrong-type"].contains(code)));
}

#[test]
fn what_is_damaged_breeds_no_further_problems() {
    let text = changed(&[
        ("level = \"master\"", "level = \"mister\""),
        ("year_plan = true", "year_plan = \"yes\""),
        ("up_to_months = 24", "up_to_months = 61"),
        ("resets_windows = [\"enrolment\", \"review\"]", "resets_windows = 3"),
    ]);
    let expected = ["unknown-id", "out-of-range", "bad-value", "bad-value", "wrong-type"];
    assert_eq!(codes(&text), expected);
}

fn repeated(times: usize, text: impl Fn(usize) -> String) -> String {
    (0..times).map(text).collect::<Vec<_>>().concat()
}

/// Loads what must not load, and tells how many problems there are.
fn refused(text: &str) -> u64 {
    let problems = load("hostile.toml", text).unwrap_err();
    assert!(problems.shown().iter().all(|problem| problem.line.is_some()));
    assert!(problems.shown().iter().all(|problem| problem.message.chars().count() < 400));
    problems.total()
}

#[test]
fn hostile_syntax_is_refused() {
    refused("");
    refused("\0");
    refused("\u{feff}id = 1\0");
    refused(&"[".repeat(1_000_000));
    refused(&format!("id = {}", "[".repeat(500_000)));
    refused(&format!("id = {}1{}", "{a=".repeat(100_000), "}".repeat(100_000)));
    refused(&format!("[{}]", vec!["a"; 300_000].join(".")));
    refused(&format!("id = {}", "{a.b.c.d = ".repeat(70)));
    refused(&format!("id = {}", "9".repeat(1_000_000)));
    refused(&format!("id = 1e{}", "9".repeat(1_000_000)));
    refused(&format!("id = \"{}\"", "a".repeat(1_000_000)));
    refused(&format!("\"{}\" = 1", "ü".repeat(500_000)));
    let nul = format!("title = \"{}\"", "\\u0000".repeat(150_000));
    assert_eq!(refused(&changed(&[("title = \"Crew\"", &nul)])), 1);
}

#[test]
fn thousands_of_problems_are_counted() {
    let requires = repeated(50_000, |n| format!("m{n} = {n}\n"));
    assert_eq!(refused(&changed(&[("projects = 0\n", &requires)])), 50_000);
    let keys = repeated(50_000, |n| format!("key{n} = {n}\n"));
    assert_eq!(refused(&format!("{keys}{SAMPLE}")), 50_000);
    let line: Vec<String> = (0..100_000).map(|n| format!("\"{n}\"")).collect();
    let line = format!("[{}]", line.join(","));
    assert_eq!(refused(&changed(&[("[\"roof-installer\", \"roof-master\"]", &line)])), 100_000);
    let sources = repeated(20_000, |n| {
        format!("[[sources]]\nid = \"s{n}\"\ntitle = \"S\"\n[[sources]]\nid = \"s{n}\"\n")
    });
    let cited: Vec<String> = (0..40_000).map(|n| format!("\"t{n}\"")).collect();
    let cited = format!("when_not_met = \"down_one\"\nsources = [{}]", cited.join(","));
    let text = changed(&[
        ("[[components]]\nid = \"crew\"", &format!("{sources}[[components]]\nid = \"crew\"")),
        ("when_not_met = \"down_one\"\nsources = [\"handbook\"]", &cited),
    ]);
    assert_eq!(refused(&text), 80_000);
}

#[test]
fn a_ladder_of_thousands_of_tiers_is_read() {
    let tier = |n: usize| {
        format!("[[paths.tiers]]\nid = \"t{n}\"\ntitle = \"T\"\nrequires = {{ orders = {n} }}\n")
    };
    let ladder = repeated(3000, tier);
    let begin = SAMPLE.find("[[paths.tiers]]\nid = \"depot\"").unwrap();
    let end = SAMPLE.find("[review]").unwrap();
    let text = format!("{}{ladder}{}", &SAMPLE[..begin], &SAMPLE[end..]);
    assert_eq!(load("summit.toml", &text).unwrap().path("supply").unwrap().tiers.len(), 3000);
}

/// The sample, broken at a few places.
fn broken() -> impl Strategy<Value = String> {
    let pieces = [
        "",
        "\"",
        "[",
        "]",
        "[[",
        "{",
        "}",
        "=",
        ",",
        "\n",
        "#",
        "0",
        "-1",
        "1e9",
        "true",
        "inf",
        "'''",
        "\"\"\"",
        "2026-01-01",
        "a.b",
        "\\",
        "\0",
        "\u{301}",
        "[[measures]]\n",
        "id = ",
    ];
    let piece = prop::sample::select(pieces.to_vec());
    let edits = prop::collection::vec((any::<prop::sample::Index>(), 0_usize..40, piece), 1..6);
    edits.prop_map(|edits| {
        let mut text: Vec<char> = SAMPLE.chars().collect();
        for (at, length, piece) in edits {
            let begin = at.index(text.len());
            let end = (begin + length).min(text.len());
            drop(text.splice(begin..end, piece.chars()));
        }
        text.into_iter().collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn no_damage_makes_it_panic(text in broken()) {
        if let Err(problems) = load("broken.toml", &text) {
            prop_assert!(!problems.is_empty());
            let lines = text.lines().count() as u64 + 1;
            let is_inside = |line: Option<u64>| line.is_some_and(|line| (1..=lines).contains(&line));
            prop_assert!(problems.shown().iter().all(|problem| is_inside(problem.line)));
        }
    }

    #[test]
    fn no_text_makes_it_panic(text in any::<String>()) {
        prop_assert!(load("noise.toml", &text).is_err());
    }
}
