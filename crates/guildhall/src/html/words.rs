//! Days, windows, numbers and states in words.

use guildhall_rules::day::Day;
use guildhall_rules::decimal::Decimal;
use guildhall_rules::evaluation::State;
use guildhall_rules::number::Number;
use guildhall_rules::rulebook::{Measure, MeasureRule};
use guildhall_rules::scorecard::CellText;
use jiff::Timestamp;

/// A day as people write it: `30 Jun 2026`.
pub(super) fn day(day: Day) -> String {
    day.to_date().strftime("%-d %b %Y").to_string()
}

/// A moment, in UTC.
pub(super) fn moment(at: Timestamp) -> String {
    let form =
        if at.as_second() % 60 == 0 { "%-d %b %Y, %H:%M UTC" } else { "%-d %b %Y, %H:%M:%S UTC" };
    at.strftime(form).to_string()
}

/// A first day and the day behind the last, with the last day included.
pub(super) fn span(from: Day, until: Day) -> String {
    let last = until.plus_days(-1);
    if from >= last { day(last) } else { format!("{} to {}", day(from), day(last)) }
}

/// The window of a cell.
pub(super) fn window(cell: &CellText) -> String {
    match (cell.from, cell.until) {
        (Some(from), Some(until)) => span(from, until),
        (Some(from), None) => format!("from {}", day(from)),
        (None, Some(_)) => "no review on record to count from".to_owned(),
        (None, None) => "as of the day".to_owned(),
    }
}

/// Whether a cell's window has no beginning, so that its value is not known.
pub(super) fn has_no_beginning(cell: &CellText) -> bool {
    cell.from.is_none() && cell.until.is_some()
}

/// How far off a day is, seen from another.
pub(super) fn distance(from: Day, to: Day) -> String {
    match from.days_until(to) {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        -1 => "1 day overdue".to_owned(),
        days if days > 0 => format!("in {} days", grouped(&days.to_string())),
        days => format!("{} days overdue", grouped(&days.unsigned_abs().to_string())),
    }
}

/// A count with its noun.
pub(super) fn count(count: usize, one: &str, many: &str) -> String {
    let noun = if count == 1 { one } else { many };
    format!("{} {noun}", grouped(&count.to_string()))
}

/// Names in a row: `one`, `one or two`, `one, two or three`.
pub(super) fn any_of(names: &[String]) -> String {
    match names {
        [] => "nothing".to_owned(),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} or {last}", rest.join(", ")),
    }
}

/// How the values of a measure are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
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
    pub(super) fn of(measure: Option<&Measure>) -> Self {
        match measure.map(|measure| &measure.rule) {
            Some(MeasureRule::Document { .. } | MeasureRule::Decision { .. }) => Self::YesNo,
            Some(MeasureRule::Share { .. }) => Self::Share,
            Some(MeasureRule::Mean { .. }) => Self::Mean,
            _ => Self::Plain,
        }
    }

    /// A number in this shape.
    pub(super) fn number(self, number: &str) -> String {
        match (self, number) {
            (Self::YesNo, "0") => "no".to_owned(),
            (Self::YesNo, "1") => "yes".to_owned(),
            (Self::Share, number) => format!("{}%", grouped(&hundredfold(number))),
            (Self::Plain | Self::Mean | Self::YesNo, number) => grouped(number),
        }
    }
}

/// A value against its bar: `5 of 6`, `8%, at most 10%`, `no, required`.
pub(super) fn against(
    shape: Shape,
    value: &Number,
    bar: Option<Decimal>,
    is_ceiling: bool,
    is_known: bool,
) -> String {
    let value = if is_known { shape.number(&value.to_string()) } else { "not known".to_owned() };
    let Some(bar) = bar else { return value };
    let bar = shape.number(&bar.to_string());
    match (shape, is_ceiling, is_known, value.as_str()) {
        (Shape::YesNo, false, true, "yes") if bar == "yes" => value,
        (Shape::YesNo, false, _, _) if bar == "yes" => format!("{value}, required"),
        (_, true, _, _) => format!("{value}, at most {bar}"),
        (_, false, false, _) => format!("{value}, {bar} required"),
        (Shape::Share | Shape::Mean, false, true, _) => format!("{value}, at least {bar}"),
        (_, false, true, _) => format!("{value} of {bar}"),
    }
}

/// A state, in words and as the name of its mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct StateView {
    pub(super) word: &'static str,
    /// Names the mark and the class: `met`, `not_met`, `unknown`, `not_required`.
    pub(super) name: &'static str,
}

impl From<State> for StateView {
    fn from(state: State) -> Self {
        let word = match state {
            State::Met => "met",
            State::NotMet => "not met",
            State::Unknown => "unknown",
            State::NotRequired => "not required",
        };
        Self { word, name: state.word() }
    }
}

pub(super) use crate::text::grouped;

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

    #[test]
    fn numbers_are_grouped_and_shares_are_percent() {
        for (number, text) in
            [("0", "0"), ("999", "999"), ("1000", "1,000"), ("1234567.0125", "1,234,567.0125")]
        {
            assert_eq!(grouped(number), text);
        }
        for (share, text) in [
            ("0", "0%"),
            ("1", "100%"),
            ("0.1", "10%"),
            ("0.08", "8%"),
            ("0.333333", "33.3333%"),
            ("0.005", "0.5%"),
        ] {
            assert_eq!(Shape::Share.number(share), text);
        }
    }

    #[test]
    fn windows_end_with_their_last_day() {
        let day = |text: &str| Day::parse(text.as_bytes()).unwrap_or(Day::MIN);
        assert_eq!(span(day("2030-11-01"), day("2031-07-01")), "1 Nov 2030 to 30 Jun 2031");
        assert_eq!(span(day("2030-11-01"), day("2030-11-02")), "1 Nov 2030");
        assert_eq!(distance(day("2030-11-01"), day("2030-11-01")), "today");
        assert_eq!(distance(day("2030-11-01"), day("2030-11-02")), "tomorrow");
        assert_eq!(distance(day("2030-11-01"), day("2030-12-01")), "in 30 days");
        assert_eq!(distance(day("2030-11-02"), day("2030-11-01")), "1 day overdue");
        assert_eq!(distance(day("2030-12-01"), day("2030-11-01")), "30 days overdue");
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
            assert_eq!(against(shape, &value, bar, is_ceiling, is_known), text);
        }
    }
}
