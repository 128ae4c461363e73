//! When a person can prepare: days, absences, days of a month.

use super::costs::{Availability, MONTH};
use crate::day::Day;

/// The days on which somebody has time.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Calendar {
    /// The first day.
    pub(super) from: Day,
    availability: Availability,
}

impl Calendar {
    /// Of a person who belongs to the partner from a day on.
    pub(super) fn new(from: Day, availability: &Availability) -> Self {
        let from = availability.from.map_or(from, |own| own.max(from));
        Self { from, availability: availability.clone() }
    }

    /// How many days of the calendar so many days of preparation take at least.
    pub(super) fn length(&self, days: u16) -> u32 {
        let days = u32::from(days) * u32::from(MONTH);
        days.div_ceil(u32::from(self.availability.days_per_month.max(1))).max(1)
    }

    /// The first and the last day of a preparation that begins on a day or after it and ends no
    /// earlier than another, on the first such day; none if there is no time for it.
    pub(super) fn fit(
        &self,
        earliest: Day,
        days: u16,
        end_from: Option<Day>,
    ) -> Option<(Day, Day)> {
        let length = i32::try_from(self.length(days)).unwrap_or(i32::MAX);
        let earliest = earliest.max(self.from);
        let latest = end_from.map_or(earliest, |end| end.plus_days(1 - length).max(earliest));
        let (mut begin, mut end) = self.stretch(latest, length);
        // With absences in between it has to begin earlier to end on the day.
        let mut day = latest;
        while let Some(wanted) = end_from.filter(|wanted| end > *wanted && day > earliest) {
            day = day.plus_days(-1);
            let earlier = self.stretch(day, length);
            if earlier.1 < wanted {
                break;
            }
            (begin, end) = earlier;
        }
        let is_late = self.availability.until.is_some_and(|until| end >= until);
        (!is_late && end < Day::MAX).then_some((begin, end))
    }

    /// The first and the last day of so many days of the calendar from a day on.
    fn stretch(&self, day: Day, length: i32) -> (Day, Day) {
        let mut begin = day;
        for (from, until) in &self.availability.absences {
            if (*from..*until).contains(&begin) {
                begin = *until;
            }
        }
        let (mut day, mut left) = (begin, length);
        for (from, until) in &self.availability.absences {
            if *until <= day {
                continue;
            }
            let before = day.days_until(*from);
            if left <= before {
                break;
            }
            left -= before;
            day = *until;
        }
        (begin, day.plus_days(left - 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text.as_bytes()).unwrap_or(Day::MIN)
    }

    #[test]
    fn preparation_goes_on_after_an_absence() {
        let absences = vec![(day("2026-01-05"), day("2026-01-10"))];
        let availability = Availability { absences, ..Availability::ALWAYS };
        let calendar = Calendar::new(day("2026-01-03"), &availability);
        let fit = |days| calendar.fit(day("2026-01-01"), days, None);
        assert_eq!(fit(0), Some((day("2026-01-03"), day("2026-01-03"))));
        assert_eq!(fit(2), Some((day("2026-01-03"), day("2026-01-04"))));
        assert_eq!(fit(3), Some((day("2026-01-03"), day("2026-01-10"))));
        assert_eq!(
            calendar.fit(day("2026-01-07"), 1, None),
            Some((day("2026-01-10"), day("2026-01-10")))
        );
    }

    #[test]
    fn what_has_to_end_on_a_day_begins_before_an_absence() {
        let absences = vec![(day("2026-01-08"), day("2026-01-10"))];
        let availability = Availability { absences, ..Availability::ALWAYS };
        let calendar = Calendar::new(day("2026-01-01"), &availability);
        let fit = |earliest| calendar.fit(day(earliest), 4, Some(day("2026-01-11")));
        assert_eq!(fit("2026-01-01"), Some((day("2026-01-06"), day("2026-01-11"))));
        assert_eq!(fit("2026-01-07"), Some((day("2026-01-07"), day("2026-01-12"))));
    }

    #[test]
    fn few_days_of_a_month_make_it_long_and_an_end_makes_it_impossible() {
        let until = Some(day("2026-03-01"));
        let availability = Availability { days_per_month: 5, until, ..Availability::ALWAYS };
        let calendar = Calendar::new(day("2026-01-01"), &availability);
        assert_eq!(calendar.length(5), 30);
        assert_eq!(
            calendar.fit(day("2026-01-01"), 5, None),
            Some((day("2026-01-01"), day("2026-01-30")))
        );
        assert_eq!(calendar.fit(day("2026-01-01"), 10, None), None);
        assert_eq!(
            calendar.fit(day("2026-01-01"), 1, Some(day("2026-02-10"))),
            Some((day("2026-02-05"), day("2026-02-10")))
        );
    }
}
