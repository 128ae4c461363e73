//! The statement of a discount.

use std::cmp::Ordering;

use guildhall_rules::discount::{DiscountStatement, Eligibility, MeasuredPoints};
use guildhall_rules::evaluation::State;
use guildhall_rules::number::{Number, Sum};
use guildhall_rules::rulebook::{
    Condition, DiscountMeasure, DiscountScheme, DiscountUse, EligibilityRule, WhenLost,
};

use super::book::{Book, or_id};
use super::chart::{Against, Chart};
use super::facts::{FactLists, FactsLink, FactsView};
use super::notes::{Mark, Notes};
use super::words::{self, Shape, StateView};
use crate::texts::Texts;

/// A statement.
pub(super) struct DiscountView {
    pub(super) title: String,
    pub(super) period: String,
    /// The days of the period, and those that are measured.
    pub(super) days: String,
    pub(super) percent: String,
    /// What to know about the percentage: not eligible, limited by the ceiling.
    pub(super) remark: Option<String>,
    /// A condition that was lost within the period.
    pub(super) loss: Option<String>,
    pub(super) marks: Vec<Mark>,
    pub(super) rules: Vec<RuleView>,
    pub(super) base: String,
    pub(super) measures: Vec<MeasureView>,
}

/// An eligibility rule.
pub(super) struct RuleView {
    pub(super) title: String,
    pub(super) state: StateView,
    /// What it asks, and what was found.
    pub(super) asks: Option<String>,
    pub(super) detail: Option<String>,
    pub(super) marks: Vec<Mark>,
}

/// A measure and its points.
pub(super) struct MeasureView {
    /// The measure's id.
    pub(super) measure: String,
    pub(super) title: String,
    pub(super) text: String,
    pub(super) measured: String,
    pub(super) state: StateView,
    pub(super) points: String,
    pub(super) chart: Option<Chart>,
    pub(super) marks: Vec<Mark>,
    pub(super) facts: FactsLink,
}

impl DiscountView {
    pub(super) fn of(
        statement: &DiscountStatement,
        book: &Book,
        notes: &mut Notes,
        facts: &mut FactLists,
    ) -> Self {
        let schemes = &book.edition.discounts;
        let scheme = schemes.iter().find(|scheme| scheme.on == DiscountUse::Support);
        let t = book.t;
        let title = or_id(&statement.title, &t.say("discount-discount"));
        let mark = scheme.and_then(|scheme| notes.mark(&scheme.grounds, &title));
        let rules = statement.eligibility.iter();
        let rules = rules.map(|rule| RuleView::of(rule, scheme, book, notes)).collect();
        let measures = statement.measures.iter();
        let measures = measures
            .map(|measured| MeasureView::of(measured, scheme, book, notes, facts))
            .collect();
        let (first, end) = statement.period_days;
        Self {
            period: statement.period.clone(),
            days: t.tell(
                "discount-days",
                &[
                    ("period", words::span(t, first, end).into()),
                    ("measured", words::span(t, statement.from, statement.until).into()),
                ],
            ),
            percent: t.number(&statement.percent.to_string()),
            remark: remark(t, statement),
            loss: statement.lost_on.map(|day| {
                let key = match statement.when_lost {
                    WhenLost::EndsWithPeriod => "discount-lost-ends-with-period",
                    WhenLost::EndsAtOnce => "discount-lost-ends-at-once",
                };
                let last = t.day(end.plus_days(-1));
                t.tell(key, &[("day", t.day(day).into()), ("last", last.into())])
            }),
            marks: mark.into_iter().collect(),
            rules,
            base: t.number(&statement.base_percent.to_string()),
            measures,
            title,
        }
    }
}

/// Base and points, before the ceiling.
pub(super) fn earned(statement: &DiscountStatement) -> Number {
    let mut sum = Sum::default();
    sum.add(statement.base_percent);
    for measure in &statement.measures {
        sum.add(measure.points);
    }
    sum.into_number()
}

fn remark(t: &Texts, statement: &DiscountStatement) -> Option<String> {
    if !statement.eligible {
        return Some(t.say("discount-not-eligible"));
    }
    let earned = earned(statement);
    let is_limited = earned.compare(statement.ceiling_percent) == Ordering::Greater;
    let ceiling = t.number(&statement.ceiling_percent.to_string());
    let earned = t.number(&earned.to_string());
    is_limited.then(|| {
        t.tell("discount-limited", &[("earned", earned.into()), ("ceiling", ceiling.into())])
    })
}

impl RuleView {
    fn of(
        rule: &Eligibility,
        scheme: Option<&DiscountScheme>,
        book: &Book,
        notes: &mut Notes,
    ) -> Self {
        let rules = scheme.map_or(&[][..], |scheme| &scheme.eligibility);
        let asked = rules.iter().find(|asked| asked.rule == rule.rule);
        let title = capitalised(&rule.rule.replace(['_', '-'], " "));
        let mark = asked.and_then(|asked| notes.mark(&asked.grounds, &title));
        let is_tier = asked.is_some_and(|asked| matches!(asked.condition, Condition::Tier(_)));
        Self {
            title,
            state: StateView::of(book.t, rule.state),
            asks: asked.map(|asked| asks(asked, book)),
            detail: rule.detail.as_deref().map(|detail| found(detail, is_tier, book)),
            marks: mark.into_iter().collect(),
        }
    }
}

/// What was found: the title of a tier, and a loss with its day as people write it.
fn found(detail: &str, is_tier: bool, book: &Book) -> String {
    let part = |part: &str| match part.strip_prefix("lost on ") {
        Some(day) => book.t.of_it("discount-lost-on", &book.t.day_text(day)),
        None if is_tier => book.tier_title(part),
        None => part.to_owned(),
    };
    detail.split("; ").map(part).collect::<Vec<String>>().join("; ")
}

/// What an eligibility rule asks.
fn asks(rule: &EligibilityRule, book: &Book) -> String {
    let t = book.t;
    match &rule.condition {
        Condition::Path(paths) => {
            let titles: Vec<String> = paths.iter().map(|path| book.title_of_path(path)).collect();
            t.of_it("discount-asks-path", &words::any_of(t, &titles))
        }
        Condition::Tier(tiers) => {
            let titles: Vec<String> = tiers.iter().map(|tier| book.tier_title(tier)).collect();
            t.of_it("discount-asks-tier", &words::any_of(t, &titles))
        }
        Condition::GoodStanding => t.say("discount-asks-standing"),
        Condition::Program(programs) => {
            let programs = programs.iter().filter_map(|&at| book.edition.programs.get(at));
            let titles: Vec<String> =
                programs.map(|program| or_id(&program.title, &program.id)).collect();
            t.of_it("discount-asks-program", &words::any_of(t, &titles))
        }
    }
}

impl MeasureView {
    fn of(
        measured: &MeasuredPoints,
        scheme: Option<&DiscountScheme>,
        book: &Book,
        notes: &mut Notes,
        facts: &mut FactLists,
    ) -> Self {
        let t = book.t;
        let measure = book.measure(&measured.measure);
        let title = or_id(&measured.title, &measured.measure);
        let asked = scheme.map_or(&[][..], |scheme| &scheme.measures).iter();
        let is_of = |asked: &&DiscountMeasure| {
            let of = book.edition.measures.get(asked.measure);
            of.is_some_and(|of| of.id == measured.measure)
        };
        let mut marks = Vec::new();
        marks.extend(measure.and_then(|measure| notes.mark(&measure.grounds, &title)));
        marks.extend(asked.clone().find(is_of).and_then(|asked| {
            let about = t.of_it("discount-target-of", &title);
            notes.mark(&asked.grounds, &about)
        }));
        let is_known = measured.state != State::Unknown;
        let n = t.number(&measured.n.to_string());
        let help = measure.and_then(|measure| measure.help.as_deref());
        let (counted, others) = (&measured.counted, &measured.not_counted);
        Self {
            measure: measured.measure.clone(),
            text: bar_text(t, measured, Shape::of(measure), is_known),
            measured: match measured.min_n {
                Some(min) => t.tell(
                    "discount-n-of-min",
                    &[("n", n.into()), ("min", t.number(&min.to_string()).into())],
                ),
                None => n,
            },
            state: StateView::of(t, measured.state),
            points: t.number(&measured.points.to_string()),
            chart: Chart::of(
                t,
                &[Against {
                    class: "value",
                    value: &measured.value,
                    bar: is_known.then_some(measured.target),
                    is_ceiling: measured.is_ceiling,
                }],
            ),
            marks,
            facts: FactsView::add(t, facts, &title, help, (counted, others)),
            title,
        }
    }
}

/// A value against its bar; a mean is not a count, so that it is not `4.2 of 4.5`.
pub(super) fn bar_text(
    t: &Texts,
    measured: &MeasuredPoints,
    shape: Shape,
    is_known: bool,
) -> String {
    let bar = shape.number(t, &measured.target.to_string());
    let value = if is_known {
        shape.number(t, &measured.value.to_string())
    } else {
        t.say("discount-nothing-to-measure")
    };
    let key = if measured.is_ceiling { "scorecard-at-most" } else { "scorecard-at-least" };
    t.tell(key, &[("value", value.into()), ("bar", bar.into())])
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}
