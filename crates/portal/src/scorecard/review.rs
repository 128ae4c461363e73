//! The next review in words.

use guildhall_rules::review::ReviewOutcome;
use guildhall_rules::scorecard::Scorecard;

use super::book::Book;
use super::notes::{Mark, Notes};
use super::words;

/// The next review.
pub(super) struct ReviewView {
    /// The day, or that there is none.
    pub(super) due: String,
    /// How far off it is.
    pub(super) distance: Option<String>,
    /// What it would come to.
    pub(super) outcome: String,
    /// The class of the outcome: `renew`, `grace`, `downgrade`, `none`.
    pub(super) class: &'static str,
    pub(super) last: Option<String>,
    pub(super) marks: Vec<Mark>,
}

impl ReviewView {
    pub(super) fn of(scorecard: &Scorecard, book: &Book, notes: &mut Notes) -> Self {
        let (t, review) = (book.t, &scorecard.review);
        let is_due = review.due_on.is_some();
        let mark = is_due.then(|| notes.mark(&book.edition.review.grounds, "Review")).flatten();
        Self {
            due: review.due_on.map_or_else(|| t.say("review-none-due"), |due| t.day(due)),
            distance: review.due_on.map(|due| words::distance(t, scorecard.as_of, due)),
            outcome: outcome(scorecard, book),
            class: review.outcome.map_or("none", ReviewOutcome::word),
            last: review.last_on.map(|last| t.day(last)),
            marks: mark.into_iter().collect(),
        }
    }
}

/// What a review would come to.
pub(super) fn outcome(scorecard: &Scorecard, book: &Book) -> String {
    let (t, review) = (book.t, &scorecard.review);
    let title = |tier: &Option<String>| match tier {
        Some(tier) => book.tier_title(tier),
        None => t.say("review-no-tier"),
    };
    match review.outcome {
        None if review.due_on.is_none() => t.say("review-none-on-record"),
        None if scorecard.tier_is_unknown => t.say("review-tier-unknown"),
        None => t.say("review-tier-foreign"),
        Some(ReviewOutcome::Renew) => t.of_it("review-renewed", &title(&review.to_tier)),
        Some(ReviewOutcome::Downgrade) => t.of_it("review-down", &title(&review.to_tier)),
        Some(ReviewOutcome::Grace) => {
            let then = if review.after_grace == review.to_tier {
                t.of_it("review-kept", &title(&review.to_tier))
            } else {
                title(&review.after_grace)
            };
            match review.grace_until {
                Some(until) => t.tell(
                    "review-grace-until",
                    &[("day", t.day(until).into()), ("then", then.into())],
                ),
                None => t.of_it("review-grace", &then),
            }
        }
    }
}
