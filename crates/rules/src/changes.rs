//! What moved between two scorecards of a partner, and which facts or rules moved it.
//!
//! The two may differ in the day, in the state of knowledge, in the edition, or in all three.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

use crate::day::Day;
use crate::decimal::Decimal;
use crate::evaluation::State;
use crate::number::Number;
use crate::reason::Reason;
use crate::review::ReviewOutcome;
use crate::rulebook::{Column, FactKind};
use crate::scorecard::{CellText, Row, Scorecard};

/// What moved between two scorecards.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Changes {
    /// The partner's id.
    pub partner: String,
    /// The network's id.
    pub network: String,
    /// The earlier side.
    pub from: Side,
    /// The later side.
    pub to: Side,
    /// What moved in the head: tier, attained, outcome of the review, discount.
    pub head: Vec<HeadChange>,
    /// Cells that moved.
    pub cells: Vec<CellChange>,
}

/// From where one of the two scorecards was seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Side {
    /// The day.
    pub as_of: Day,
    /// The state of knowledge.
    pub known_at: Option<Timestamp>,
    /// The edition.
    pub rulebook: String,
}

/// Something in the head of a scorecard that moved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HeadChange {
    /// Which: `tier`, `attained`, `renewal.met`, `review.outcome` and so on.
    pub what: &'static str,
    /// Before.
    pub before: Option<String>,
    /// After.
    pub after: Option<String>,
}

/// A cell that moved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CellChange {
    /// The measure's id.
    pub measure: String,
    /// Its title.
    pub title: String,
    /// The column.
    pub column: Column,
    /// Before; none where the row was not there.
    pub before: Option<CellValue>,
    /// After; none where the row is gone.
    pub after: Option<CellValue>,
    /// What moved it.
    pub because: Vec<Cause>,
}

/// What a cell says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CellValue {
    /// The value.
    pub value: Number,
    /// The bar.
    pub target: Option<Decimal>,
    /// What the one comes to against the other.
    pub state: State,
}

/// What moved a cell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "cause", rename_all = "snake_case")]
pub enum Cause {
    /// A fact counts that did not.
    FactGained {
        /// Its id.
        fact: String,
        /// Its kind.
        kind: FactKind,
        /// Whom or what it is about.
        subject: String,
        /// Why it did not count before; none where it was not there.
        #[serde(skip_serializing_if = "Option::is_none")]
        reason_before: Option<Reason>,
    },
    /// A fact no longer counts.
    FactLost {
        /// Its id.
        fact: String,
        /// Its kind.
        kind: FactKind,
        /// Whom or what it is about.
        subject: String,
        /// Why it does not count now; none where it is not there any more.
        #[serde(skip_serializing_if = "Option::is_none")]
        reason: Option<Reason>,
        /// The reason with its days.
        #[serde(skip_serializing_if = "Option::is_none")]
        detail: Option<String>,
    },
    /// The partner is on another path, with rows of its own.
    Path {
        /// Before.
        before: String,
        /// After.
        after: String,
    },
    /// The column is about another tier.
    Tier {
        /// Before.
        before: Option<String>,
        /// After.
        after: Option<String>,
    },
    /// The window begins on another day.
    Window {
        /// Before; none where it had no beginning.
        before: Option<Day>,
        /// After; none where it has no beginning.
        after: Option<Day>,
    },
    /// The edition asks something else.
    Rule {
        /// The edition before.
        before: String,
        /// The edition after.
        after: String,
    },
    /// A fact counts on both sides, and brings something else to the value.
    FactCorrected {
        /// Its id.
        fact: String,
        /// Its kind.
        kind: FactKind,
        /// Whom or what it is about.
        subject: String,
        /// What it brought before.
        #[serde(skip_serializing_if = "Option::is_none")]
        before: Option<String>,
        /// What it brings now.
        #[serde(skip_serializing_if = "Option::is_none")]
        after: Option<String>,
    },
    /// The same facts count, and none of them tells what it brought: one that several parts
    /// look at, or a corrected code, say.
    SomeFactCorrected,
}

impl Changes {
    /// What moved from one scorecard to another of the same partner. Both must carry their fact
    /// lists, or no fact can be named.
    pub fn between(from: &Scorecard, to: &Scorecard) -> Self {
        let side = |scorecard: &Scorecard| Side {
            as_of: scorecard.as_of,
            known_at: scorecard.known_at,
            rulebook: scorecard.rulebook.clone(),
        };
        let row = |scorecard: &'_ Scorecard, measure: &str| {
            scorecard.rows.iter().position(|row| row.measure == measure)
        };
        let mut measures: Vec<&Row> = to.rows.iter().collect();
        measures.extend(from.rows.iter().filter(|old| row(to, &old.measure).is_none()));
        let mut cells = Vec::new();
        for named in measures {
            let before = row(from, &named.measure).and_then(|at| from.rows.get(at));
            let after = row(to, &named.measure).and_then(|at| to.rows.get(at));
            for column in Column::BOTH {
                cells.extend(cell_change((from, before), (to, after), named, column));
            }
        }
        Self {
            partner: to.partner.clone(),
            network: to.network.clone(),
            from: side(from),
            to: side(to),
            head: head_changes(from, to),
            cells,
        }
    }

    /// Whether nothing moved.
    pub fn is_empty(&self) -> bool {
        self.head.is_empty() && self.cells.is_empty()
    }
}

fn head_changes(from: &Scorecard, to: &Scorecard) -> Vec<HeadChange> {
    fn text(value: Option<impl ToString>) -> Option<String> {
        value.map(|value| value.to_string())
    }
    fn heads(card: &Scorecard) -> [(&'static str, Option<String>); 12] {
        let discount = card.support_discount.as_ref();
        [
            ("rulebook", Some(card.rulebook.clone())),
            ("path", Some(card.path.clone())),
            ("tier", card.tier.clone()),
            ("renewal.met", text(card.renewal.met)),
            ("upgrade.met", text(card.upgrade.met)),
            ("attained", card.attained.clone()),
            ("review.last_on", text(card.review.last_on)),
            ("review.due_on", text(card.review.due_on)),
            ("review.outcome", text(card.review.outcome.map(ReviewOutcome::word))),
            ("review.to_tier", card.review.to_tier.clone()),
            ("support_discount.period", discount.map(|discount| discount.period.clone())),
            ("support_discount.percent", text(discount.map(|discount| &discount.percent))),
        ]
    }
    heads(from)
        .into_iter()
        .zip(heads(to))
        .filter(|((_, before), (_, after))| before != after)
        .map(|((what, before), (_, after))| HeadChange { what, before, after })
        .collect()
}

fn cell_change(
    (from, before): (&Scorecard, Option<&Row>),
    (to, after): (&Scorecard, Option<&Row>),
    named: &Row,
    column: Column,
) -> Option<CellChange> {
    let value = |row: Option<&Row>| row.map(|row| CellValue::of(row.cell(column)));
    let (value_before, value_after) = (value(before), value(after));
    if value_before == value_after {
        return None;
    }
    let mut because = fact_causes(before, after, column);
    if from.path != to.path {
        because.push(Cause::Path { before: from.path.clone(), after: to.path.clone() });
    }
    let target = |value: &Option<CellValue>| value.as_ref().map(|value| value.target);
    let tiers = (from.head(column).tier.clone(), to.head(column).tier.clone());
    if target(&value_before) != target(&value_after) {
        if tiers.0 != tiers.1 {
            because.push(Cause::Tier { before: tiers.0, after: tiers.1 });
        }
        if from.rulebook != to.rulebook {
            let (before, after) = (from.rulebook.clone(), to.rulebook.clone());
            because.push(Cause::Rule { before, after });
        }
    } else if because.is_empty() && window(before, column) != window(after, column) {
        because
            .push(Cause::Window { before: window(before, column), after: window(after, column) });
    } else if because.is_empty() && from.rulebook != to.rulebook {
        let (before, after) = (from.rulebook.clone(), to.rulebook.clone());
        because.push(Cause::Rule { before, after });
    } else if because.is_empty() {
        because.push(Cause::SomeFactCorrected);
    }
    Some(CellChange {
        measure: named.measure.clone(),
        title: named.title.clone(),
        column,
        before: value_before,
        after: value_after,
        because,
    })
}

/// The first day of a row's window.
fn window(row: Option<&Row>, column: Column) -> Option<Day> {
    row.and_then(|row| row.cell(column).from)
}

impl CellValue {
    fn of(cell: &CellText) -> Self {
        Self { value: cell.value.clone(), target: cell.target, state: cell.state }
    }
}

/// The facts of a row in one column.
type Known<'a> = BTreeMap<(&'a str, FactKind), Entry<'a>>;

/// What came of a fact in one column.
#[derive(Clone, Copy)]
struct Entry<'a> {
    subject: &'a str,
    /// Why it did not count; none where it did.
    reason: Option<Reason>,
    detail: Option<&'a str>,
}

fn facts_of(row: Option<&Row>, column: Column) -> Known<'_> {
    let mut known = Known::new();
    let Some(row) = row else { return known };
    for fact in row.not_counted.iter().flatten().filter(|fact| fact.columns.contains(&column)) {
        let (reason, detail) = (Some(fact.reason), fact.detail.as_deref());
        known.insert((&fact.fact, fact.kind), Entry { subject: &fact.subject, reason, detail });
    }
    for fact in row.counted.iter().flatten().filter(|fact| fact.columns.contains(&column)) {
        let (reason, detail) = (None, fact.detail.as_deref());
        known.insert((&fact.fact, fact.kind), Entry { subject: &fact.subject, reason, detail });
    }
    known
}

fn fact_causes(before: Option<&Row>, after: Option<&Row>, column: Column) -> Vec<Cause> {
    let (old, new) = (facts_of(before, column), facts_of(after, column));
    let mut causes = Vec::new();
    for (&(fact, kind), entry) in new.iter().filter(|(_, entry)| entry.reason.is_none()) {
        let was = old.get(&(fact, kind));
        let (fact, subject) = (fact.to_owned(), entry.subject.to_owned());
        match was {
            // The detail of a credential tells at which subsidiary its person is: that brings
            // nothing else to the value.
            Some(was)
                if was.reason.is_none()
                    && (was.detail == entry.detail || kind == FactKind::Credential) => {}
            Some(was) if was.reason.is_none() => causes.push(Cause::FactCorrected {
                fact,
                kind,
                subject,
                before: was.detail.map(str::to_owned),
                after: entry.detail.map(str::to_owned),
            }),
            _ => {
                let reason_before = was.and_then(|was| was.reason);
                causes.push(Cause::FactGained { fact, kind, subject, reason_before });
            }
        }
    }
    for (&(fact, kind), entry) in old.iter().filter(|(_, entry)| entry.reason.is_none()) {
        let now = new.get(&(fact, kind));
        if now.is_none_or(|now| now.reason.is_some()) {
            causes.push(Cause::FactLost {
                fact: fact.to_owned(),
                kind,
                subject: entry.subject.to_owned(),
                reason: now.and_then(|now| now.reason),
                detail: now.and_then(|now| now.detail).map(str::to_owned),
            });
        }
    }
    causes
}
