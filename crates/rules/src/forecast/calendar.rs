//! A forecast by months: which days of each carry what.

use serde::Serialize;

use super::Forecast;
use crate::day::Day;

/// What a day of a calendar carries; the gravest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// Nothing.
    Nothing,
    /// Something lapses or begins, and no tier, column or discount turns.
    Something,
    /// A tier, a column or a discount turns, or a review is held.
    Grave,
}

/// A month of a calendar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Month {
    /// Its first day.
    pub first: Day,
    /// How many days of a week, which begins on Monday, lie before the first.
    pub blanks: usize,
    /// What each day carries.
    pub days: Vec<Mark>,
}

/// The months of a forecast, from that of the day looked from to that of the last.
pub fn months(forecast: &Forecast) -> Vec<Month> {
    let first_of = |day: Day| {
        let date = day.to_date();
        Day::from_date(date.first_of_month())
    };
    let mut first = first_of(forecast.as_of);
    let mut all = Vec::new();
    while first <= forecast.until {
        let next = first.plus_months(1);
        let length = usize::try_from(first.days_until(next)).unwrap_or(0);
        let mut days = vec![Mark::Nothing; length];
        let of_month = forecast.days.iter().filter(|day| day.on >= first && day.on < next);
        for day in of_month {
            let at = usize::try_from(first.days_until(day.on)).unwrap_or(usize::MAX);
            if let Some(slot) = days.get_mut(at) {
                *slot = if day.is_grave() { Mark::Grave } else { Mark::Something };
            }
        }
        let weekday = first.to_date().weekday().to_monday_zero_offset();
        all.push(Month { first, blanks: usize::try_from(weekday).unwrap_or(0), days });
        if next <= first {
            break;
        }
        first = next;
    }
    all
}
