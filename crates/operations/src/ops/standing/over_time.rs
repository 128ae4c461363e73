//! A partner's scorecard on many days, from one reading of its facts.

use std::collections::BTreeMap;

use guildhall_access::Action;
use guildhall_rules::day::Day;
use guildhall_rules::evaluation::Evaluator;
use guildhall_rules::scorecard::{FactLists, Scorecard};
use jiff::Timestamp;

use super::partner;
use crate::{App, Caller, Error};

/// The most days that are looked at in one call.
pub const MOST_DAYS: usize = 61;

/// The scorecards of a partner on these days, without lists of facts, by the edition in force on
/// each; none for a day on which no edition is in force. All are seen with what is known now, or
/// was known at a moment. Days behind [`MOST_DAYS`] are left out.
///
/// # Errors
///
/// As of [`super::scorecard`], but for days before the first edition.
pub fn history(
    app: &App,
    caller: &Caller,
    id: &str,
    days: &[Day],
    known_at: Option<Timestamp>,
) -> Result<Vec<Option<Scorecard>>, Error> {
    app.allow(caller, Action::ViewScorecard, &partner(id))?;
    app.store.read(|tx| {
        let book = app.rulebooks.get(tx)?;
        let read = tx.read_partner(&book.catalogue, id, known_at)?;
        let read = read.ok_or_else(|| Error::not_found("partner", id))?;
        let found = read.facts.find_partner(id).ok_or_else(|| Error::not_found("partner", id))?;
        let mut evaluators: BTreeMap<&str, Evaluator<'_>> = BTreeMap::new();
        let on = |day: &Day| {
            let edition = book.choose(None, *day, known_at).ok()?;
            let evaluator = evaluators
                .entry(&edition.id)
                .or_insert_with(|| Evaluator::new(edition, &book.catalogue, &read.facts));
            Some(evaluator.scorecard(found, *day, known_at, FactLists::Omitted))
        };
        Ok(days.iter().take(MOST_DAYS).map(on).collect())
    })
}
