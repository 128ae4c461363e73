//! From where facts are looked at: the day, how far facts are seen, and what the day's windows are.

use crate::day::Day;
use crate::rulebook::{Edition, Window};

/// The day as of which facts are looked at.
///
/// A forecast looks from a later day at what is known to have happened until an earlier one,
/// its horizon: what begins after the horizon is not looked at, while ends that are already
/// written down (a last valid day, a leaving day) do take effect.
#[derive(Clone, Debug)]
pub(crate) struct Viewpoint {
    /// The day itself.
    pub(crate) as_of: Day,
    /// The last day on which anything that is looked at begins: the earlier of day and horizon.
    pub(crate) last: Day,
    /// For each length of validity in the edition, the first day of issue still valid.
    still_valid: Vec<(u16, Day)>,
    /// For each length of a rolling window in the edition, its first day.
    rolling: Vec<(u16, Day)>,
}

/// The days that a window looks at: from the first to the last, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Days {
    /// What is in force on the day; there is no first day.
    InForce,
    /// From this day on.
    From(Day),
    /// A closed stretch that does not depend on the day: from the first, until before the second.
    Between(Day, Day),
    /// The window has no beginning: nothing can be said.
    Unknown,
}

impl Viewpoint {
    /// Looks from a day at everything up to it.
    pub(crate) fn on(edition: &Edition, as_of: Day) -> Self {
        Self::until(edition, as_of, as_of)
    }

    /// Looks from a day at what has begun until a horizon.
    pub(crate) fn until(edition: &Edition, as_of: Day, horizon: Day) -> Self {
        let mut still_valid: Vec<(u16, Day)> = Vec::new();
        for months in edition.credentials.iter().filter_map(|credential| credential.validity_months)
        {
            if !still_valid.iter().any(|(known, _)| *known == months) {
                still_valid.push((months, first_still_valid(as_of, months)));
            }
        }
        let mut rolling: Vec<(u16, Day)> = Vec::new();
        let windows = edition.measures.iter().map(|measure| measure.windows);
        for window in windows.flat_map(|columns| [columns.renewal, columns.upgrade]) {
            if let Window::RollingMonths(months) = window
                && !rolling.iter().any(|(known, _)| *known == months)
            {
                rolling.push((months, first_rolling(as_of, months)));
            }
        }
        Self { as_of, last: as_of.min(horizon), still_valid, rolling }
    }

    /// Looks from a day at everything up to it, without tables of windows: for what asks for few.
    pub(crate) const fn bare(as_of: Day) -> Self {
        Self { as_of, last: as_of, still_valid: Vec::new(), rolling: Vec::new() }
    }

    /// The first day of issue for which a validity of so many months reaches the day.
    pub(crate) fn first_issue_day(&self, validity_months: u16) -> Day {
        let found = self.still_valid.iter().find(|(months, _)| *months == validity_months);
        found.map_or_else(|| first_still_valid(self.as_of, validity_months), |(_, day)| *day)
    }

    /// The days of a window. `last_reset` is the last day, up to [`Self::last`], on which windows
    /// begin anew.
    pub(crate) fn days(&self, window: Window, last_reset: Option<Day>) -> Days {
        match window {
            Window::AsOf => Days::InForce,
            Window::SinceReview => last_reset.map_or(Days::Unknown, Days::From),
            Window::RollingMonths(months) => {
                let found = self.rolling.iter().find(|(known, _)| *known == months);
                Days::From(found.map_or_else(|| first_rolling(self.as_of, months), |(_, day)| *day))
            }
            // Measures of a period are asked for by period, never by day.
            Window::MonthsBeforePeriod(_) => Days::Unknown,
        }
    }
}

impl Days {
    /// The whole months before a day.
    pub(crate) fn months_before(begin: Day, months: u16) -> Self {
        Self::Between(begin.plus_months(-i32::from(months)), begin)
    }

    /// Whether a day lies before the window.
    #[inline]
    pub(crate) fn is_before(self, day: Day) -> bool {
        match self {
            Self::InForce => false,
            Self::From(from) | Self::Between(from, _) => day < from,
            Self::Unknown => true,
        }
    }

    /// Whether a day lies behind the window, looked at from a viewpoint.
    #[inline]
    pub(crate) fn is_behind(self, day: Day, view: &Viewpoint) -> bool {
        match self {
            Self::InForce | Self::From(_) | Self::Unknown => day > view.last,
            Self::Between(_, until) => day >= until,
        }
    }

    /// The first and the last day that count, both included.
    #[inline]
    pub(crate) fn bounds(self, view: &Viewpoint) -> Option<(Day, Day)> {
        match self {
            Self::InForce => Some((Day::MIN, view.last)),
            Self::From(from) => Some((from, view.last)),
            Self::Between(from, until) => Some((from, until.plus_days(-1))),
            Self::Unknown => None,
        }
    }

    /// First day and the day behind the last, as scorecards print them; nothing for one day.
    pub(crate) fn printed(self, as_of: Day) -> (Option<Day>, Option<Day>) {
        match self {
            Self::InForce => (None, None),
            Self::From(from) => (Some(from), Some(as_of.plus_days(1))),
            Self::Between(from, until) => (Some(from), Some(until)),
            Self::Unknown => (None, Some(as_of.plus_days(1))),
        }
    }
}

/// The first of so many months that end with a day.
pub(crate) fn first_rolling(as_of: Day, months: u16) -> Day {
    as_of.plus_days(1).plus_months(-i32::from(months))
}

/// Adding months clamps to the end of a month, so that the way back is searched for, not computed.
pub(crate) fn first_still_valid(as_of: Day, months: u16) -> Day {
    let months = i32::from(months);
    let reaches = |day: Day| day.plus_months(months) >= as_of;
    let mut day = as_of.plus_months(-months);
    while !reaches(day) && day < Day::MAX {
        day = day.plus_days(1);
    }
    while day > Day::MIN && reaches(day.plus_days(-1)) {
        day = day.plus_days(-1);
    }
    day
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_day_still_valid_is_found_at_month_ends() {
        let mut day = Day::parse(b"2020-01-01").unwrap_or(Day::MIN);
        let end = Day::parse(b"2024-12-31").unwrap_or(Day::MIN);
        while day <= end {
            for months in [1, 12, 36] {
                let first = first_still_valid(day, months);
                assert!(first.plus_months(months.into()) >= day);
                assert!(first.plus_days(-1).plus_months(months.into()) < day);
            }
            day = day.plus_days(1);
        }
    }
}
