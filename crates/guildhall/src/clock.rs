//! Now and today: the one module that asks the clock.

use guildhall_rules::day::Day;
use jiff::Timestamp;

/// This moment.
pub fn now() -> Timestamp {
    Timestamp::now()
}

/// Today in UTC.
pub fn today() -> Day {
    Day::from_date(jiff::tz::Offset::UTC.to_datetime(now()).date())
}
