//! Scorecards against a second implementation: slow, plain, and written from the rules alone.
//!
//! `oracle/random_folder.py` invents folders of facts, `oracle/scorecard.py` computes what their
//! scorecards must be. Both need Python 3 and its standard library only. `GUILDHALL_SEEDS` says
//! how many folders are tried.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

#[path = "shared/binary.rs"]
mod binary;
#[path = "shared/scratch.rs"]
mod scratch;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

const SEEDS: u64 = 12;

/// Runs one of the programs of the oracle.
fn python(script: &str, arguments: &[&str]) -> Output {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle").join(script);
    let run = Command::new("python3")
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .arg(path)
        .args(arguments)
        .output();
    run.unwrap_or_else(|error| {
        panic!("this test compares with a program in Python, and python3 cannot be run: {error}")
    })
}

/// Brings a scorecard into the form in which both sides are compared.
fn normal(value: Value) -> Value {
    match value {
        Value::Object(mut object) => {
            object.remove("title");
            // Which words explain a fact is ours to say; which tier was held is not.
            let is_tier = object.get("rule").is_some_and(|rule| rule == "tier");
            if let Some(detail) = object.remove("detail").filter(|_| is_tier) {
                let held = detail.as_str().unwrap().split(';').next().unwrap().to_owned();
                object.insert("detail".to_owned(), held.into());
            }
            Value::Object(object.into_iter().map(|(key, value)| (key, normal(value))).collect())
        }
        Value::Array(items) => {
            let mut items: Vec<Value> = items.into_iter().map(normal).collect();
            let text = |item: &Value, key: &str| item[key].as_str().map(str::to_owned);
            // Facts by id and first column, rows by measure; other lists stay in their order.
            items.sort_by_key(|item| {
                let fact = text(item, "fact").or_else(|| text(item, "measure"));
                (fact, item["columns"][0].as_str().map(str::to_owned))
            });
            Value::Array(items)
        }
        other => other,
    }
}

/// Every path at which two values differ, with both.
fn differences(path: &str, expected: &Value, found: &Value, out: &mut Vec<String>) {
    match (expected, found) {
        (Value::Object(a), Value::Object(b)) => {
            for key in a.keys().chain(b.keys().filter(|key| !a.contains_key(*key))) {
                let (a, b) = (a.get(key), b.get(key));
                let missing = Value::String("(nothing)".to_owned());
                let path = format!("{path}.{key}");
                differences(&path, a.unwrap_or(&missing), b.unwrap_or(&missing), out);
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (at, (a, b)) in a.iter().zip(b).enumerate() {
                let name = a["measure"].as_str().or(a["fact"].as_str());
                let place = name.map_or_else(|| at.to_string(), str::to_owned);
                differences(&format!("{path}[{place}]"), a, b, out);
            }
        }
        _ if expected == found => {}
        _ => out.push(format!("{path}\n    oracle    {expected}\n    guildhall {found}")),
    }
}

fn cards(text: &[u8]) -> Vec<Value> {
    let text = str::from_utf8(text).unwrap();
    text.lines().map(|line| normal(serde_json::from_str(line).unwrap())).collect()
}

/// Compares all partners of a folder on one line of its `as_of.txt`. Returns their number.
fn compare(folder: &Path, line: &str, out: &mut Vec<String>) -> usize {
    let mut words = line.split_whitespace();
    let as_of = words.next().unwrap();
    let mut on = vec!["--data", "data", "--as-of", as_of];
    if let Some(known_at) = words.next() {
        on.extend(["--known-at", known_at]);
    }
    let data = folder.join("data");
    let mut asked = on.clone();
    asked[1] = data.to_str().unwrap();
    let oracle = python("scorecard.py", &asked);
    let found = binary::run(folder, &[&["network", "--json", "--explain"], &on[..]].concat());
    if oracle.status.code() == Some(1) {
        // No edition was in force, or none was known.
        let report = String::from_utf8(oracle.stderr).unwrap();
        assert!(report.contains("no edition"), "{report}");
        if found.code != Some(1) || !found.stdout.contains("\"no-edition\"") {
            out.push(format!("oracle: {report}guildhall: {}", found.stdout));
        }
        return 0;
    }
    assert!(oracle.status.success(), "{}", String::from_utf8_lossy(&oracle.stderr));
    assert_eq!(found.code, Some(0), "{line}: {}{}", found.stdout, found.stderr);
    let (expected, found) = (cards(&oracle.stdout), cards(found.stdout.as_bytes()));
    let ids = |cards: &[Value]| -> Vec<Value> {
        cards.iter().map(|card| card["partner"].clone()).collect()
    };
    assert_eq!(ids(&expected), ids(&found), "the partners");
    for (expected, found) in expected.iter().zip(&found) {
        let path = format!("{line} {}", expected["partner"].as_str().unwrap());
        differences(&path, expected, found, out);
    }
    expected.len()
}

#[test]
fn scorecards_agree_with_the_oracle() {
    let seeds = std::env::var("GUILDHALL_SEEDS").ok();
    let seeds = seeds.map_or(SEEDS, |seeds| seeds.parse().unwrap());
    let folders = scratch::scratch("oracle");
    let (mut wrong, mut count) = (Vec::new(), 0);
    for seed in 1..=seeds {
        let folder = folders.join(seed.to_string());
        let out = folder.to_str().unwrap();
        let made = python("random_folder.py", &["--seed", &seed.to_string(), "--out", out]);
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        for line in fs::read_to_string(folder.join("as_of.txt")).unwrap().lines() {
            let mut found = Vec::new();
            count += compare(&folder, line, &mut found);
            wrong.extend(found.into_iter().map(|text| format!("seed {seed}, {text}")));
        }
        if wrong.is_empty() {
            fs::remove_dir_all(&folder).unwrap();
        }
    }
    let shown: Vec<&str> = wrong.iter().take(20).map(String::as_str).collect();
    assert!(
        wrong.is_empty(),
        "{} differences, of which the first:\n{}\nThe folders are kept in {}",
        wrong.len(),
        shown.join("\n"),
        folders.display()
    );
    assert!(count as u64 >= seeds * 10, "only {count} scorecards were compared");
}
