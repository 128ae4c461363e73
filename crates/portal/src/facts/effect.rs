//! What a change would do to scorecards, in words.

use std::collections::BTreeSet;

use guildhall_operations::ops::facts::Effect;
use guildhall_rules::changes::{Cause, CellChange, CellValue, HeadChange};
use guildhall_rules::evaluation::State;

use super::words::Words;

/// What would move on one scorecard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct EffectView {
    pub(super) partner: String,
    pub(super) moves: Vec<Move>,
}

/// One thing that would move.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Move {
    pub(super) what: String,
    /// The column, where the scorecard has two.
    pub(super) column: String,
    pub(super) before: String,
    pub(super) after: String,
    /// What flips, in words, and how it looks: `good`, `bad` or `care`; empty where nothing does.
    pub(super) flip: String,
    pub(super) looks: &'static str,
    pub(super) because: Vec<String>,
}

impl EffectView {
    pub(super) fn of(words: &Words, effect: &Effect) -> Self {
        let changes = &effect.changes;
        let mut moves: Vec<Move> = changes.head.iter().map(|change| head(words, change)).collect();
        moves.extend(changes.cells.iter().map(|change| cell(words, change)));
        Self { partner: effect.partner.clone(), moves }
    }
}

/// Something of the head: a tier, an outcome, the discount.
fn head(words: &Words, change: &HeadChange) -> Move {
    let t = words.t;
    let side = |value: &Option<String>| {
        value
            .as_deref()
            .map_or_else(|| t.say("effect-none"), |value| head_value(words, change.what, value))
    };
    let is_met = change.what.strip_suffix(".met").map(|_| change.after.as_deref() == Some("true"));
    Move {
        what: t.word("effect-moves", &change.what.replace('.', "-")),
        column: String::new(),
        before: side(&change.before),
        after: side(&change.after),
        flip: String::new(),
        looks: match is_met {
            Some(true) => "good",
            Some(false) => "bad",
            None => "",
        },
        because: Vec::new(),
    }
}

fn head_value(words: &Words, what: &str, value: &str) -> String {
    let t = words.t;
    match what {
        "tier" | "attained" | "review.to_tier" => words.title("tier", value),
        "path" => words.title("path", value),
        "renewal.met" | "upgrade.met" => {
            t.word("effect-state", if value == "true" { "met" } else { "not_met" })
        }
        "review.last_on" | "review.due_on" => t.day_text(value),
        "review.outcome" => t.word("effect-outcome", value),
        "support_discount.percent" => t.of_it("effect-percent", &t.number(value)),
        _ => value.to_owned(),
    }
}

fn cell(words: &Words, change: &CellChange) -> Move {
    let t = words.t;
    let (before, after) = (change.before.as_ref(), change.after.as_ref());
    let state = |value: Option<&CellValue>| value.map(|value| value.state);
    let (was, is) = (state(before), state(after));
    // What is asked is said once where it stays the same.
    let is_asked_the_same = match (before, after) {
        (Some(before), Some(after)) => before.target == after.target,
        _ => false,
    };
    let text = |value: Option<&CellValue>, has_target: bool| match value {
        None => t.say("effect-none"),
        Some(value) if value.state == State::Unknown => t.word("effect-state", "unknown"),
        Some(value) => {
            let number = t.number(&value.value.to_string());
            match value.target.filter(|_| has_target && value.state != State::NotRequired) {
                Some(target) => {
                    let target = t.number(&target.to_string());
                    t.tell("effect-of", &[("number", number.into()), ("target", target.into())])
                }
                None => number,
            }
        }
    };
    let (flip, looks) = match (was, is) {
        (was, Some(is)) if was != Some(is) => (t.word("effect-becomes", is.word()), looks(is)),
        _ => (String::new(), ""),
    };
    Move {
        what: change.title.clone(),
        column: t.word("effect-side", change.column.word()),
        before: text(before, !is_asked_the_same),
        after: text(after, true),
        flip,
        looks,
        because: because(words, change),
    }
}

const fn looks(state: State) -> &'static str {
    match state {
        State::Met => "good",
        State::NotMet => "bad",
        State::Unknown => "care",
        State::NotRequired => "",
    }
}

/// Why a cell would move: the first few facts.
fn because(words: &Words, change: &CellChange) -> Vec<String> {
    const MOST: usize = 3;
    let t = words.t;
    let said: BTreeSet<String> = change
        .because
        .iter()
        .filter_map(|cause| match cause {
            Cause::FactGained { fact, .. } => Some(t.of_it("effect-gained", fact)),
            Cause::FactLost { fact, .. } => Some(t.of_it("effect-lost", fact)),
            Cause::FactCorrected { fact, .. } => Some(t.of_it("effect-corrected", fact)),
            _ => None,
        })
        .collect();
    said.into_iter().take(MOST).collect()
}
