//! A month as a table of days, a row for each week: of calendars.

use guildhall_rules::day::Day;

use super::texts::Texts;

/// A month of a calendar.
pub(super) struct MonthView {
    pub(super) title: String,
    /// Short and long names of the days of a week.
    pub(super) weekdays: Vec<(String, String)>,
    /// Days in their weeks; none for a day of another month.
    pub(super) weeks: Vec<Vec<Option<CellView>>>,
}

/// A day of a calendar.
pub(super) struct CellView {
    pub(super) number: String,
    /// How grave it is: `grave`, `some` or nothing.
    pub(super) class: &'static str,
    /// What happens, in few words.
    pub(super) labels: Vec<String>,
    /// Where there is more of it; none where nothing happens.
    pub(super) to: Option<String>,
    /// Whether it is the day that is shown.
    pub(super) is_here: bool,
}

impl MonthView {
    /// The month of its first day, with what a day of it holds.
    pub(super) fn of(t: &Texts, first: Day, cell: &dyn Fn(Day) -> CellView) -> Self {
        let blanks = first.to_date().weekday().to_monday_zero_offset();
        let next = first.plus_months(1);
        let mut days: Vec<Option<CellView>> = (0..blanks).map(|_| None).collect();
        let mut day = first;
        while day < next {
            days.push(Some(cell(day)));
            day = day.plus_days(1);
        }
        while !days.len().is_multiple_of(7) {
            days.push(None);
        }
        let mut weeks = Vec::new();
        let mut days = days.into_iter().peekable();
        while days.peek().is_some() {
            weeks.push(days.by_ref().take(7).collect());
        }
        let weekday = |day: i32| {
            (t.say(&format!("locale-weekday-{day}")), t.say(&format!("locale-weekday-long-{day}")))
        };
        Self { title: t.month(first), weekdays: (1..=7).map(weekday).collect(), weeks }
    }
}

/// A day on which nothing happens.
pub(super) fn plain(day: Day) -> CellView {
    CellView {
        number: day.to_date().day().to_string(),
        class: "",
        labels: Vec::new(),
        to: None,
        is_here: false,
    }
}

/// The first day of a month.
pub(super) fn first_of(day: Day) -> Day {
    Day::from_date(day.to_date().first_of_month())
}
