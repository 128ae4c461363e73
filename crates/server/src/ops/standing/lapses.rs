//! What lapses in the days that come, and what falls with it.

use guildhall_access::Action;
use guildhall_rules::day::Day;
use guildhall_rules::evaluation::Evaluator;
use guildhall_rules::forecast::{Forecast, Horizon};
use jiff::Timestamp;

use super::partner;
use crate::{App, Caller, Error};

/// How far ahead can be looked, in days.
pub const MOST_DAYS_AHEAD: i32 = 731;

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
    app.allow(caller, Action::ViewScorecard, &partner(id))?;
    let as_of = app.clock.today();
    if until <= as_of || until > as_of.plus_days(MOST_DAYS_AHEAD) {
        let message = format!("`{until}` is not a day of the next two years");
        return Err(Error::field("until", "bad-argument", message));
    }
    app.store.read(|tx| {
        let book = app.rulebooks.get(tx)?;
        let edition = book.choose(None, as_of, known_at)?;
        let read = tx.read_partner(&book.catalogue, id, known_at)?;
        let read = read.ok_or_else(|| Error::not_found("partner", id))?;
        let found = read.facts.find_partner(id).ok_or_else(|| Error::not_found("partner", id))?;
        let mut evaluator = Evaluator::new(edition, &book.catalogue, &read.facts);
        let horizon = Horizon { as_of, until, holds_reviews: true };
        Ok(evaluator.forecast(found, horizon, known_at, Vec::new()))
    })
}
