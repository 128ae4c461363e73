//! Worked examples: Markdown beside a rulebook, with facts, a day, and the scorecard expected.
//!
//! The prose is for people; the blocks run. A block ` ```csv FILE ` gives facts, ` ```scorecard `
//! and ` ```discount ` blocks say what must come out of them. How they are written is told in
//! `docs/rulebook.md`.

mod facts;
mod render;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use jiff::Timestamp;

use crate::day::Day;
use crate::evaluation::Evaluator;
use crate::facts::{LoadOptions, Mapping, References, load, parse_moment};
use crate::period::Period;
use crate::problem::{Problem, Problems, nearest};
use crate::rulebook::{Catalogue, Edition};
use crate::scorecard::FactLists;

use facts::FactBlocks;

/// What came of running the examples of a file.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Expectations that were run.
    pub count: usize,
    /// What is wrong with the file, and expectations that differ.
    pub problems: Problems,
    /// The file with every expectation as it came out.
    pub updated: String,
}

/// The words of blocks that run.
const BLOCKS: [&str; 3] = ["csv", "scorecard", "discount"];

/// A piece of a Markdown file.
enum Piece<'t> {
    /// Lines that are kept as they are; a heading of the second level begins a section.
    Line { text: &'t str, begins_section: bool },
    /// A fenced block: its line number, its fence line, its words behind the backticks, its lines.
    Block { line: u64, fence: &'t str, info: &'t str, body: Vec<&'t str> },
}

/// Runs the examples of a Markdown file. `file` is its name in problems.
pub fn run(file: &str, text: &str, edition: &Edition, catalogue: &Catalogue) -> Outcome {
    let mut outcome = Outcome::default();
    let mut common = FactBlocks::default();
    let mut section = FactBlocks::default();
    let mut is_in_section = false;
    let pieces = split(file, text, &mut outcome.problems);
    for piece in pieces {
        let (line, fence, info, body) = match piece {
            Piece::Line { text, begins_section } => {
                if begins_section {
                    is_in_section = true;
                    section = common.clone();
                }
                outcome.updated.push_str(text);
                outcome.updated.push('\n');
                continue;
            }
            Piece::Block { line, fence, info, body } => (line, fence, info, body),
        };
        let mut words = info.split_whitespace();
        let found = match words.next() {
            Some("csv") => {
                let name = words.next().unwrap_or_default();
                let blocks = if is_in_section { &mut section } else { &mut common };
                let body_text = body.join("\n");
                let added = blocks.add(name, &body_text);
                outcome.problems.append(
                    added
                        .err()
                        .map(|message| example_problem(file, line, message))
                        .into_iter()
                        .collect(),
                );
                None
            }
            Some(kind @ ("scorecard" | "discount")) => {
                let blocks = if is_in_section { &section } else { &common };
                let asked = Asked { kind, arguments: arguments(words) };
                outcome.count += 1;
                match expectation(&asked, blocks, edition, catalogue) {
                    Ok(found) => Some(found),
                    Err(messages) => {
                        for message in messages {
                            outcome.problems.push(example_problem(file, line, message));
                        }
                        None
                    }
                }
            }
            Some(word) => {
                // A block of another language is prose; a slip of the finger would never run.
                if let Some(meant) = nearest(word, BLOCKS, 1).first() {
                    let message = format!("`{word}` is no block that runs; `{meant}` is");
                    outcome.problems.push(example_problem(file, line, message));
                }
                None
            }
            None => None,
        };
        let body_text = body.iter().fold(String::new(), |text, line| text + line + "\n");
        if let Some(found) = &found
            && *found != body_text
        {
            outcome.problems.push(difference(file, line, &body_text, found));
        }
        let inner = found.unwrap_or(body_text);
        // Writing to a string does not fail.
        let _ = write!(outcome.updated, "{fence}\n{inner}```\n");
    }
    outcome.problems.sort();
    outcome
}

fn example_problem(file: &str, line: u64, message: String) -> Problem {
    Problem::new("bad-example", message).in_file(file).on_line(line)
}

/// The first line in which an expectation differs from what came out.
fn difference(file: &str, line: u64, expected: &str, found: &str) -> Problem {
    let (mut expected_lines, mut found_lines) = (expected.lines(), found.lines());
    let mut at = line;
    loop {
        at += 1;
        let pair = (expected_lines.next(), found_lines.next());
        if pair.0 == pair.1 && pair.0.is_some() {
            continue;
        }
        let text =
            |line: Option<&str>| line.map_or("nothing".to_owned(), |line| format!("`{line}`"));
        let message = format!("expected {}, found {}", text(pair.0), text(pair.1));
        let hint = "with UPDATE=1 in the environment the expectations are rewritten, for review";
        return Problem::new("example-differs", message).in_file(file).on_line(at).hint(hint);
    }
}

fn split<'t>(file: &str, text: &'t str, problems: &mut Problems) -> Vec<Piece<'t>> {
    let mut pieces = Vec::new();
    let mut lines = text.lines().zip(1_u64..);
    while let Some((line, number)) = lines.next() {
        let Some(info) = line.strip_prefix("```") else {
            pieces.push(Piece::Line { text: line, begins_section: line.starts_with("## ") });
            continue;
        };
        let mut body = Vec::new();
        let mut is_closed = false;
        for (inner, _) in lines.by_ref() {
            if inner.trim_end() == "```" {
                is_closed = true;
                break;
            }
            body.push(inner);
        }
        if !is_closed {
            problems.push(example_problem(file, number, "the block is never closed".to_owned()));
        }
        pieces.push(Piece::Block { line: number, fence: line, info, body });
    }
    pieces
}

/// What an expectation block asks for.
struct Asked<'t> {
    kind: &'t str,
    arguments: BTreeMap<&'t str, &'t str>,
}

fn arguments<'t>(words: impl Iterator<Item = &'t str>) -> BTreeMap<&'t str, &'t str> {
    words.map(|word| word.split_once('=').unwrap_or((word, ""))).collect()
}

impl<'t> Asked<'t> {
    fn needed(&self, name: &str) -> Result<&'t str, Vec<String>> {
        let found = self.arguments.get(name).copied();
        found.ok_or_else(|| vec![format!("a {} block needs `{name}=`", self.kind)])
    }

    fn known_at(&self) -> Result<Option<Timestamp>, Vec<String>> {
        let Some(text) = self.arguments.get("known-at") else { return Ok(None) };
        let moment = parse_moment(text.as_bytes());
        moment.map(Some).ok_or_else(|| vec![format!("`{text}` is not a moment")])
    }

    fn lists_facts(&self) -> bool {
        self.arguments.get("facts") != Some(&"no")
    }

    fn check(&self) -> Result<(), Vec<String>> {
        let known: &[&str] = match self.kind {
            "scorecard" => &["partner", "as-of", "known-at", "rows", "facts"],
            _ => &["partner", "period", "as-of", "known-at", "facts"],
        };
        let unknown = self.arguments.keys().filter(|name| !known.contains(name));
        let messages: Vec<String> =
            unknown.map(|name| format!("a {} block has no argument `{name}`", self.kind)).collect();
        if messages.is_empty() { Ok(()) } else { Err(messages) }
    }
}

/// Loads the facts, evaluates, and writes down what comes out.
fn expectation(
    asked: &Asked<'_>,
    blocks: &FactBlocks,
    edition: &Edition,
    catalogue: &Catalogue,
) -> Result<String, Vec<String>> {
    asked.check()?;
    let partner_id = asked.needed("partner")?;
    let known_at = asked.known_at()?;
    let files = blocks.files();
    let sources = FactBlocks::sources(&files);
    let options = LoadOptions { known_at, threads: 1, references: References::Folder };
    let loaded = load("facts", &sources, &Mapping::default(), catalogue, options, None)
        .map_err(|error| vec![error.to_string()])?;
    if !loaded.problems.is_empty() {
        return Err(loaded.problems.shown().iter().map(ToString::to_string).collect());
    }
    let partner = loaded.facts.find_partner(partner_id);
    let partner = partner.ok_or_else(|| vec![format!("there is no partner `{partner_id}`")])?;
    let evaluator = Evaluator::new(edition, catalogue, &loaded.facts);
    let day = |text: &str| {
        Day::parse(text.as_bytes()).ok_or_else(|| vec![format!("`{text}` is not a day")])
    };
    if asked.kind == "scorecard" {
        let as_of = day(asked.needed("as-of")?)?;
        let scorecard = evaluator.scorecard(partner, as_of, known_at, FactLists::Listed);
        return render::scorecard(
            &scorecard,
            asked.arguments.get("rows").copied(),
            asked.lists_facts(),
        );
    }
    let scheme = evaluator.support_scheme();
    let scheme = scheme.ok_or_else(|| vec!["the edition has no support discount".to_owned()])?;
    let text = asked.needed("period")?;
    let period = Period::parse(text, scheme.period_months);
    let period = period.ok_or_else(|| vec![format!("`{text}` is not a period of the discount")])?;
    let as_of = match asked.arguments.get("as-of") {
        Some(text) => day(text)?,
        None => period.first_day(),
    };
    let statement = evaluator.discount_statement(scheme, partner, period, as_of);
    Ok(render::discount(&statement, asked.lists_facts()))
}
