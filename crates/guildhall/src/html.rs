//! Answers of the command line as pages and pictures: what a change of rules does, a threshold
//! varied. Scorecards are drawn by the server, whose portal shows the same.

mod impact;
mod sweep;

use guildhall_rules::day::Day;
use jiff::Timestamp;

pub(crate) use impact::render_impact;
pub(crate) use sweep::draw_sweep;

/// A day as people write it: `30 Jun 2026`.
fn day(day: Day) -> String {
    day.to_date().strftime("%-d %b %Y").to_string()
}

/// A moment, in UTC.
fn moment(at: Timestamp) -> String {
    at.strftime("%-d %b %Y, %H:%M UTC").to_string()
}

/// Replaces control characters, which no reader of a page expects; escaping lets them through.
fn without_controls(page: String) -> String {
    let is_unwanted = |char: char| char.is_control() && char != '\n';
    if page.contains(is_unwanted) { page.replace(is_unwanted, "\u{fffd}") } else { page }
}
