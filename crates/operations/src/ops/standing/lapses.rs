//! What lapses in the days that come, and what falls with it.

use guildhall_rules::day::Day;
use guildhall_rules::forecast::Forecast;
use jiff::Timestamp;

use crate::ops::forecast::{Asked, of_partner};
use crate::{App, Caller, Error};

pub use crate::ops::forecast::MOST_DAYS_AHEAD;

/// What will happen to a partner from today until a day, if nothing is won or lost but what is
/// written down, and reviews are held on their due days.
///
/// # Errors
///
/// As of [`super::scorecard`]; and when the day is not ahead, or more than [`MOST_DAYS_AHEAD`].
pub fn lapses(
    app: &App,
    caller: &Caller,
    id: &str,
    until: Day,
    known_at: Option<Timestamp>,
) -> Result<Forecast, Error> {
    let asked = Asked { known_at, ..Asked::until(until) };
    of_partner(app, caller, id, &asked)
}
