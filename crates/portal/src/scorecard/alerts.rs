//! What stands at the head of a scorecard: a review that comes, a grace that runs, a decision that
//! was just published.

use guildhall_operations::Error;
use guildhall_operations::ops::decisions::{self, DecisionShown};
use guildhall_rules::day::Day;
use guildhall_rules::scorecard::Scorecard;

use super::book::Book;
use super::review::outcome;
use super::words;
use crate::visit::Visit;

/// A review is announced so many days before.
const AHEAD: i32 = 90;
/// A decision is new for so many days.
const NEW: i32 = 30;

/// Something to know before anything else.
pub(super) struct Alert {
    pub(super) text: String,
    /// Where there is more.
    pub(super) to: Option<String>,
    pub(super) is_warning: bool,
}

/// What there is to know of a partner as seen on the day of its scorecard.
pub(super) fn alerts(
    visit: &Visit,
    scorecard: &Scorecard,
    book: &Book<'_>,
) -> Result<Vec<Alert>, Error> {
    let mut alerts: Vec<Alert> = review_due(scorecard, book).into_iter().collect();
    let (app, today) = (visit.app(), visit.app().clock.today());
    if scorecard.as_of != today {
        return Ok(alerts);
    }
    let published = decisions::list(app, &visit.caller, Some(&scorecard.partner), None, 20)?;
    let is_of_tier = |decision: &&DecisionShown| {
        ["renew", "grace", "downgrade", "upgrade"].contains(&decision.kind.as_str())
    };
    if let Some(last) = published.iter().find(is_of_tier).filter(|last| last.kind == "grace") {
        let whole = decisions::get(app, &visit.caller, last.number)?;
        // While a grace runs, the review that gave it has been held.
        if let Some(grace) = grace(&whole, book, today) {
            alerts = vec![grace];
        }
    }
    for decision in &published {
        let on = Day::parse(decision.published_at.get(..10).unwrap_or_default().as_bytes());
        if on.is_some_and(|on| on.days_until(today) <= NEW) && alerts.len() < 5 {
            alerts.push(published_of(decision, book, on.unwrap_or(today)));
        }
    }
    Ok(alerts)
}

fn review_due(scorecard: &Scorecard, book: &Book<'_>) -> Option<Alert> {
    let t = book.t;
    let due = scorecard.review.due_on?;
    let outcome_word = scorecard.review.outcome?.word();
    if scorecard.as_of.days_until(due) > AHEAD {
        return None;
    }
    let text = t.tell(
        "alert-review-due",
        &[
            ("day", t.day(due).into()),
            ("distance", words::distance(t, scorecard.as_of, due).into()),
            ("outcome", outcome(scorecard, book).into()),
        ],
    );
    Some(Alert { text, to: None, is_warning: outcome_word != "renew" })
}

fn grace(decision: &DecisionShown, book: &Book<'_>, today: Day) -> Option<Alert> {
    let until = decision.decision.as_ref()?.get("grace_until")?.as_str()?;
    let until = Day::parse(until.as_bytes())?;
    if until < today {
        return None;
    }
    let t = book.t;
    let text = t.tell(
        "alert-grace",
        &[("day", t.day(until).into()), ("distance", t.distance(today, until).into())],
    );
    Some(Alert { text, to: Some(format!("/decisions/{}", decision.number)), is_warning: true })
}

fn published_of(decision: &DecisionShown, book: &Book<'_>, on: Day) -> Alert {
    let t = book.t;
    let text = t.tell(
        &format!("alert-decided-{}", decision.kind.replace('_', "-")),
        &[("it", book.tier_title(&decision.subject).into()), ("day", t.day(on).into())],
    );
    let is_warning = ["downgrade", "suspended", "grace"].contains(&decision.kind.as_str());
    Alert { text, to: Some(format!("/decisions/{}", decision.number)), is_warning }
}
