//! Days, windows, numbers and states in words: the one place for page, part, sheet and CSV.

use guildhall_rules::day::Day;
use guildhall_rules::decimal::Decimal;
use guildhall_rules::evaluation::State;
use guildhall_rules::number::Number;
use guildhall_rules::rulebook::{Column, FactKind, Measure, MeasureRule};
use guildhall_rules::scorecard::CellText;

use crate::texts::Texts;

/// A first day and the day behind the last, with the last day included.
pub(super) fn span(t: &Texts, from: Day, until: Day) -> String {
    let last = until.plus_days(-1);
    if from >= last {
        return t.day(last);
    }
    t.tell("scorecard-span", &[("from", t.day(from).into()), ("to", t.day(last).into())])
}

/// The window of a cell.
pub(super) fn window(t: &Texts, cell: &CellText) -> String {
    match (cell.from, cell.until) {
        (Some(from), Some(until)) => span(t, from, until),
        (Some(from), None) => t.of_it("scorecard-from", &t.day(from)),
        (None, Some(_)) => t.say("scorecard-no-beginning"),
        (None, None) => t.say("scorecard-as-of-the-day"),
    }
}

/// Whether a cell's window has no beginning, so that its value is not known.
pub(super) fn has_no_beginning(cell: &CellText) -> bool {
    cell.from.is_none() && cell.until.is_some()
}

/// How far off the day of a review is, seen from another.
pub(super) fn distance(t: &Texts, from: Day, to: Day) -> String {
    let days = from.days_until(to);
    if days >= 0 {
        return t.distance(from, to);
    }
    t.n("scorecard-overdue", usize::try_from(days.unsigned_abs()).unwrap_or(usize::MAX))
}

/// Names in a row: `one`, `one or two`, `one, two or three`.
pub(super) fn any_of(t: &Texts, names: &[String]) -> String {
    match names {
        [] => t.say("scorecard-nothing"),
        [one] => one.clone(),
        [rest @ .., last] => t.tell(
            "scorecard-or",
            &[("rest", rest.join(", ").into()), ("last", last.as_str().into())],
        ),
    }
}

/// A column.
pub(super) fn column(t: &Texts, column: Column) -> String {
    t.word("scorecard-column", column.word())
}

/// So many facts of a kind.
pub(super) fn facts(t: &Texts, kind: FactKind, count: usize) -> String {
    t.n(&format!("tally-{}", kind_word(kind)), count)
}

/// The kind of a fact, as the keys of words have it.
const fn kind_word(kind: FactKind) -> &'static str {
    match kind {
        FactKind::Review => "review",
        FactKind::Credential => "credential",
        FactKind::Opportunity => "opportunity",
        FactKind::Reference => "reference",
        FactKind::Rating => "rating",
        FactKind::BusinessPlan => "business-plan",
        FactKind::Validation => "validation",
        FactKind::Case => "case",
        FactKind::SurveyResponse => "survey-response",
        FactKind::Event => "event",
    }
}

/// A text of the engine with its days (`2026-06-30`) as people write them.
pub(crate) fn with_days(t: &Texts, text: &str) -> String {
    guildhall_rules::words::with_days(text, &|day| t.day(day))
}

/// What a detail of the engine says of one column, where it tells both in one text.
pub(super) fn in_column(detail: &str, column: Column) -> &str {
    let both = detail.strip_prefix("renewal: ").and_then(|rest| rest.split_once("; upgrade: "));
    match (both, column) {
        (None, _) => detail,
        (Some((renewal, _)), Column::Renewal) => renewal,
        (Some((_, upgrade)), Column::Upgrade) => upgrade,
    }
}

/// How the values of a measure are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// As a number.
    Plain,
    /// 1 is yes, 0 is no.
    YesNo,
    /// A part of a whole, in percent.
    Share,
    /// A mean, which is not so many of something.
    Mean,
}

impl Shape {
    pub(crate) fn of(measure: Option<&Measure>) -> Self {
        match measure.map(|measure| &measure.rule) {
            Some(MeasureRule::Document { .. } | MeasureRule::Decision { .. }) => Self::YesNo,
            Some(MeasureRule::Share { .. }) => Self::Share,
            Some(MeasureRule::Mean { .. }) => Self::Mean,
            _ => Self::Plain,
        }
    }

    /// A number in this shape.
    pub(super) fn number(self, t: &Texts, number: &str) -> String {
        match (self, number) {
            (Self::YesNo, "0") => t.say("scorecard-no"),
            (Self::YesNo, "1") => t.say("scorecard-yes"),
            (Self::Share, number) => t.of_it("scorecard-percent", &t.number(&hundredfold(number))),
            (Self::Plain | Self::Mean | Self::YesNo, number) => t.number(number),
        }
    }
}

/// A value against its bar: `5 of 6`, `8%, at most 10%`, `no, required`.
pub(crate) fn against(
    t: &Texts,
    shape: Shape,
    value: &Number,
    bar: Option<Decimal>,
    is_ceiling: bool,
    is_known: bool,
) -> String {
    let value = value.to_string();
    let said = if is_known { shape.number(t, &value) } else { t.say("scorecard-not-known") };
    let Some(bar) = bar.map(|bar| bar.to_string()) else { return said };
    let is_yes = |number: &str| shape == Shape::YesNo && number == "1";
    let asks_yes = is_yes(&bar) && !is_ceiling;
    if asks_yes && is_known && is_yes(&value) {
        return said;
    }
    let key = match shape {
        _ if asks_yes => "scorecard-required",
        _ if is_ceiling => "scorecard-at-most",
        _ if !is_known => "scorecard-so-many-required",
        Shape::Share | Shape::Mean => "scorecard-at-least",
        Shape::Plain | Shape::YesNo => "scorecard-of",
    };
    t.tell(key, &[("value", said.into()), ("bar", shape.number(t, &bar).into())])
}

/// A state, in words and as the name of its mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct StateView {
    pub(super) word: String,
    /// Names the mark and the class: `met`, `not_met`, `unknown`, `not_required`.
    pub(super) name: &'static str,
}

impl StateView {
    pub(super) fn of(t: &Texts, state: State) -> Self {
        Self { word: t.word("state", state.word()), name: state.word() }
    }
}

/// A decimal number with its point moved two places to the right.
fn hundredfold(number: &str) -> String {
    let (whole, rest) = number.split_once('.').unwrap_or((number, ""));
    let mut digits = whole.to_owned();
    let mut places = rest.chars();
    for _ in 0..2 {
        digits.push(places.next().unwrap_or('0'));
    }
    let whole = match digits.trim_start_matches('0') {
        "" => "0",
        whole => whole,
    };
    let rest = places.as_str();
    if rest.is_empty() { whole.to_owned() } else { format!("{whole}.{rest}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn t() -> &'static Texts {
        Texts::english()
    }

    fn day(text: &str) -> Day {
        Day::parse(text.as_bytes()).unwrap_or(Day::MIN)
    }

    #[test]
    fn shares_are_percent() {
        for (share, text) in [
            ("0", "0%"),
            ("1", "100%"),
            ("0.1", "10%"),
            ("0.08", "8%"),
            ("0.333333", "33.3333%"),
            ("0.005", "0.5%"),
            ("12.5", "1,250%"),
        ] {
            assert_eq!(Shape::Share.number(t(), share), text);
        }
    }

    #[test]
    fn windows_end_with_their_last_day() {
        let until = day("2031-07-01");
        assert_eq!(span(t(), day("2030-11-01"), until), "1 Nov 2030 to 30 Jun 2031");
        assert_eq!(span(t(), day("2030-11-01"), day("2030-11-02")), "1 Nov 2030");
        assert_eq!(distance(t(), day("2030-11-01"), day("2030-11-01")), "today");
        assert_eq!(distance(t(), day("2030-11-01"), day("2030-11-02")), "tomorrow");
        assert_eq!(distance(t(), day("2030-11-01"), day("2030-12-01")), "in 30 days");
        assert_eq!(distance(t(), day("2030-11-02"), day("2030-11-01")), "1 day overdue");
        assert_eq!(distance(t(), day("2030-12-01"), day("2030-11-01")), "30 days overdue");
    }

    #[test]
    fn days_of_the_engine_are_written_as_all_others() {
        for (engine, text) in [
            (
                "launched on 2030-09-14, before 2030-11-01",
                "launched on 14 Sep 2030, before 1 Nov 2030",
            ),
            ("the amount is in CHF, not EUR", "the amount is in CHF, not EUR"),
            ("counted by cert-2030-09-14x", "counted by cert-2030-09-14x"),
            ("12030-09-14 and 2030-13-01, née", "12030-09-14 and 2030-13-01, née"),
        ] {
            assert_eq!(with_days(t(), engine), text);
        }
    }

    #[test]
    fn a_detail_of_both_columns_is_told_of_one() {
        let both = "renewal: left on 2030-09-14; upgrade: expired";
        assert_eq!(in_column(both, Column::Renewal), "left on 2030-09-14");
        assert_eq!(in_column(both, Column::Upgrade), "expired");
        assert_eq!(in_column("renewal: soon", Column::Upgrade), "renewal: soon");
    }

    #[test]
    fn every_value_says_what_it_stands_against() {
        let one = Number::from_count(1);
        let bar = |whole| Some(Decimal::from_whole(whole));
        for (shape, value, bar, is_ceiling, is_known, text) in [
            (Shape::Plain, Number::from_count(5), bar(6), false, true, "5 of 6"),
            (Shape::Plain, Number::from_count(5), None, false, true, "5"),
            (Shape::Plain, Number::ZERO, bar(6), false, false, "not known, 6 required"),
            (Shape::Plain, Number::from_count(5), bar(6), true, true, "5, at most 6"),
            (Shape::Share, Number::from_share(1, 2), bar(1), false, true, "50%, at least 100%"),
            (Shape::YesNo, one.clone(), bar(1), false, true, "yes"),
            (Shape::YesNo, Number::ZERO, bar(1), false, true, "no, required"),
            (Shape::YesNo, Number::ZERO, None, false, true, "no"),
            (Shape::YesNo, Number::from_count(3), bar(2), false, true, "3 of 2"),
        ] {
            assert_eq!(against(t(), shape, &value, bar, is_ceiling, is_known), text);
        }
    }
}
