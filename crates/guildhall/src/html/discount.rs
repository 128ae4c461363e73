//! The statement of a discount.

use std::cmp::Ordering;

use guildhall_rules::day::Day;
use guildhall_rules::discount::{DiscountStatement, Eligibility, MeasuredPoints};
use guildhall_rules::evaluation::State;
use guildhall_rules::number::{Number, Sum};
use guildhall_rules::rulebook::{
    Condition, DiscountMeasure, DiscountScheme, DiscountUse, EligibilityRule, WhenLost,
};

use super::book::{Book, or_id};
use super::chart::{Against, Chart};
use super::facts::{FactsLink, FactsView};
use super::notes::{Mark, Notes};
use super::words::{self, Shape, StateView};

/// A statement.
pub(super) struct DiscountView {
    pub(super) title: String,
    pub(super) period: String,
    pub(super) period_days: String,
    pub(super) measured_days: String,
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
        facts: &mut Vec<FactsView>,
    ) -> Self {
        let schemes = &book.edition.discounts;
        let scheme = schemes.iter().find(|scheme| scheme.on == DiscountUse::Support);
        let title = or_id(&statement.title, "Discount");
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
            period_days: words::span(first, end),
            measured_days: words::span(statement.from, statement.until),
            percent: words::grouped(&statement.percent.to_string()),
            remark: remark(statement),
            loss: statement.lost_on.map(|day| {
                let then = match statement.when_lost {
                    WhenLost::EndsWithPeriod => {
                        let last = words::day(end.plus_days(-1));
                        format!("the discount ends with the period, on {last}")
                    }
                    WhenLost::EndsAtOnce => "the discount ended on that day".to_owned(),
                };
                format!("A condition was lost on {}: {then}.", words::day(day))
            }),
            marks: mark.into_iter().collect(),
            rules,
            base: words::grouped(&statement.base_percent.to_string()),
            measures,
            title,
        }
    }
}

fn remark(statement: &DiscountStatement) -> Option<String> {
    if !statement.eligible {
        return Some(
            "Not eligible on the first day of the period, so nothing is given.".to_owned(),
        );
    }
    let mut sum = Sum::default();
    sum.add(statement.base_percent);
    for measure in &statement.measures {
        sum.add(measure.points);
    }
    let earned: Number = sum.into_number();
    let is_limited = earned.compare(statement.ceiling_percent) == Ordering::Greater;
    let ceiling = statement.ceiling_percent;
    is_limited.then(|| format!("{earned} earned, limited to the ceiling of {ceiling} percent."))
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
            state: rule.state.into(),
            asks: asked.map(|asked| asks(asked, book)),
            detail: rule.detail.as_deref().map(|detail| found(detail, is_tier, book)),
            marks: mark.into_iter().collect(),
        }
    }
}

/// What was found: the title of a tier, and a loss with its day as people write it.
fn found(detail: &str, is_tier: bool, book: &Book) -> String {
    let part = |part: &str| match part.strip_prefix("lost on ") {
        Some(day) => {
            let known = Day::parse(day.as_bytes()).map(words::day);
            format!("lost on {}", known.unwrap_or_else(|| day.to_owned()))
        }
        None if is_tier => book.tier_title(part),
        None => part.to_owned(),
    };
    detail.split("; ").map(part).collect::<Vec<String>>().join("; ")
}

/// What an eligibility rule asks.
fn asks(rule: &EligibilityRule, book: &Book) -> String {
    match &rule.condition {
        Condition::Path(paths) => {
            let titles: Vec<String> = paths.iter().map(|path| book.title_of_path(path)).collect();
            format!("on the path {}", words::any_of(&titles))
        }
        Condition::Tier(tiers) => {
            let titles: Vec<String> = tiers.iter().map(|tier| book.tier_title(tier)).collect();
            format!("holds {}", words::any_of(&titles))
        }
        Condition::GoodStanding => "in good standing".to_owned(),
        Condition::Program(programs) => {
            let programs = programs.iter().filter_map(|&at| book.edition.programs.get(at));
            let titles: Vec<String> =
                programs.map(|program| or_id(&program.title, &program.id)).collect();
            format!("{} in force", words::any_of(&titles))
        }
    }
}

impl MeasureView {
    fn of(
        measured: &MeasuredPoints,
        scheme: Option<&DiscountScheme>,
        book: &Book,
        notes: &mut Notes,
        facts: &mut Vec<FactsView>,
    ) -> Self {
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
            let about = format!("{title}, target");
            notes.mark(&asked.grounds, &about)
        }));
        let is_known = measured.state != State::Unknown;
        let n = words::grouped(&measured.n.to_string());
        let help = measure.and_then(|measure| measure.help.as_deref());
        let (counted, others) = (&measured.counted, &measured.not_counted);
        Self {
            text: bar_text(measured, Shape::of(measure), is_known),
            measured: match measured.min_n {
                Some(min) => format!("{n}, at least {} needed", words::grouped(&min.to_string())),
                None => n,
            },
            state: measured.state.into(),
            points: words::grouped(&measured.points.to_string()),
            chart: Chart::of(&[Against {
                class: "value",
                value: &measured.value,
                bar: is_known.then_some(measured.target),
                is_ceiling: measured.is_ceiling,
            }]),
            marks,
            facts: FactsView::add(facts, &title, help, counted, others),
            title,
        }
    }
}

/// A value against its bar; a mean is not a count, so that it is not `4.2 of 4.5`.
fn bar_text(measured: &MeasuredPoints, shape: Shape, is_known: bool) -> String {
    let bar = shape.number(&measured.target.to_string());
    let bound = if measured.is_ceiling { "at most" } else { "at least" };
    if is_known {
        format!("{}, {bound} {bar}", shape.number(&measured.value.to_string()))
    } else {
        format!("nothing to measure, {bound} {bar}")
    }
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}
