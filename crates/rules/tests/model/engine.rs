//! The engine under test: texts go in, scorecards in the model's shape come out.

use std::io::{Cursor, Read};

use guildhall_rules::day::Day;
use guildhall_rules::evaluation::Evaluator;
use guildhall_rules::facts::{Facts, LoadOptions, Mapping, References, Source, load, parse_moment};
use guildhall_rules::rulebook::{self, Catalogue, Edition};
use guildhall_rules::scorecard::{FactLists, Scorecard};
use serde_json::{Value as Json, json};

use super::book::elsewhere_toml;
use super::calendar::{Ymd, show};
use super::rows::{Row, Style, files};

/// An edition, and the words of its network.
pub(crate) struct Engine {
    pub(crate) edition: Edition,
    pub(crate) catalogue: Catalogue,
}

impl Engine {
    pub(crate) fn new(toml: &str) -> Self {
        let edition = edition(toml);
        let catalogue = Catalogue::new([&edition_elsewhere(), &edition]);
        Self { edition, catalogue }
    }

    /// Two editions of one network.
    pub(crate) fn pair(toml: &str, other: &str) -> (Self, Self) {
        let (first, second) = (edition(toml), edition(other));
        let catalogue = Catalogue::new([&edition_elsewhere(), &first, &second]);
        let one = Self { edition: first, catalogue: catalogue.clone() };
        (one, Self { edition: second, catalogue })
    }

    /// Loads files; there must be no problem.
    pub(crate) fn load(&self, files: &[(String, Vec<u8>)], known_at: Option<&str>) -> Facts {
        let source = |(name, text): &(String, Vec<u8>)| {
            let text = text.clone();
            Source {
                name: name.clone(),
                shown: name.clone(),
                size: text.len() as u64,
                open: Box::new(move || {
                    Ok(Box::new(Cursor::new(text.clone())) as Box<dyn Read + Send>)
                }),
            }
        };
        let sources: Vec<Source<'_>> = files.iter().map(source).collect();
        let known_at = known_at.map(|moment| parse_moment(moment.as_bytes()).expect("a moment"));
        let threads = 1 + files.len() % 2;
        let options = LoadOptions { known_at, threads, references: References::Folder };
        let loaded = load("folder", &sources, &Mapping::default(), &self.catalogue, options, None)
            .expect("nothing is written");
        assert!(loaded.problems.is_empty(), "{:#?}", loaded.problems.shown());
        loaded.facts
    }

    pub(crate) fn load_rows(&self, rows: &[Row], known_at: Option<&str>) -> Facts {
        self.load(&files(rows, &Style::default()), known_at)
    }

    /// The scorecard of a partner that there is.
    pub(crate) fn card(&self, facts: &Facts, partner: &str, on: Ymd) -> Scorecard {
        let evaluator = Evaluator::new(&self.edition, &self.catalogue, facts);
        let number = facts.find_partner(partner).expect("a partner");
        let day = Day::parse(show(on).as_bytes()).expect("a day");
        evaluator.scorecard(number, day, None, FactLists::Listed)
    }
}

fn edition(text: &str) -> Edition {
    match rulebook::load("rulebook.toml", text) {
        Ok(edition) => edition,
        Err(problems) => panic!("{:#?}\n{text}", problems.shown()),
    }
}

fn edition_elsewhere() -> Edition {
    edition(&elsewhere_toml())
}

/// The scorecard as JSON.
pub(crate) fn json_of(card: &Scorecard) -> Json {
    serde_json::to_value(card).expect("JSON")
}

/// The scorecard as the model says it: without words for people, the lists by column.
pub(crate) fn in_short(card: &Scorecard) -> Json {
    let mut json = json_of(card);
    for key in ["network", "rulebook", "known_at"] {
        json.as_object_mut().expect("an object").remove(key);
    }
    for row in json["rows"].as_array_mut().expect("rows") {
        let row = row.as_object_mut().expect("a row");
        row.remove("title");
        row.remove("component");
        flatten(row);
    }
    if let Some(discount) = json["support_discount"].as_object_mut() {
        for key in ["partner", "network", "rulebook", "period"] {
            discount.remove(key);
        }
        for state in discount["eligibility"].as_array_mut().expect("rules") {
            *state = state["state"].take();
        }
        for measure in discount["measures"].as_array_mut().expect("measures") {
            let measure = measure.as_object_mut().expect("a measure");
            measure.entry("min_n").or_insert(Json::Null);
            flatten(measure);
        }
    }
    json
}

fn flatten(row: &mut serde_json::Map<String, Json>) {
    for key in ["counted", "not_counted"] {
        let facts = row[key].take();
        row.insert(key.to_owned(), json!(flat(&facts)));
    }
}

/// A list with one text for each fact and column.
pub(crate) fn flat(facts: &Json) -> Vec<String> {
    let mut texts = Vec::new();
    for fact in facts.as_array().expect("a list") {
        let columns = match fact.get("columns").and_then(Json::as_array) {
            Some(columns) => {
                columns.iter().map(|column| column.as_str().expect("a word")).collect()
            }
            None => vec!["-"],
        };
        for column in columns {
            let kind = fact["kind"].as_str().expect("a word");
            let (id, subject) = (fact["fact"].as_str(), fact["subject"].as_str());
            let mut text = format!("{column} {kind} {:?} {:?}", id.expect(""), subject.expect(""));
            if let Some(reason) = fact.get("reason") {
                text = format!("{text} {}", reason.as_str().expect("a word"));
            }
            texts.push(text);
        }
    }
    texts.sort();
    texts
}

/// Where two values differ, in words.
pub(crate) fn differences(expected: &Json, found: &Json) -> Vec<String> {
    let mut all = Vec::new();
    compare("", expected, found, &mut all);
    all
}

fn compare(place: &str, expected: &Json, found: &Json, all: &mut Vec<String>) {
    match (expected, found) {
        (Json::Object(a), Json::Object(b)) if a.keys().eq(b.keys()) => {
            for (key, value) in a {
                compare(&format!("{place}/{key}"), value, &b[key], all);
            }
        }
        (Json::Array(a), Json::Array(b)) if a.len() == b.len() => {
            for (at, (a, b)) in a.iter().zip(b).enumerate() {
                compare(&format!("{place}/{at}"), a, b, all);
            }
        }
        _ if expected == found => {}
        _ => all.push(format!("{place}: expected {expected}, found {found}")),
    }
}
