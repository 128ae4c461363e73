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
        let review = &scorecard.review;
        let is_due = review.due_on.is_some();
        let mark = is_due.then(|| notes.mark(&book.edition.review.grounds, "Review")).flatten();
        Self {
            due: review.due_on.map_or_else(|| "None due".to_owned(), words::day),
            distance: review.due_on.map(|due| words::distance(scorecard.as_of, due)),
            outcome: outcome(scorecard, book),
            class: review.outcome.map_or("none", ReviewOutcome::word),
            last: review.last_on.map(words::day),
            marks: mark.into_iter().collect(),
        }
    }
}

fn outcome(scorecard: &Scorecard, book: &Book) -> String {
    let review = &scorecard.review;
    let title = |tier: &Option<String>| match tier {
        Some(tier) => book.tier_title(tier),
        None => "no tier".to_owned(),
    };
    match review.outcome {
        None if review.due_on.is_none() => "There is no review on record to count from.".to_owned(),
        None if scorecard.tier_is_unknown => "The tier held is unknown, so no outcome.".to_owned(),
        None => "No tier of this edition is held, so no outcome.".to_owned(),
        Some(ReviewOutcome::Renew) => format!("{} renewed", title(&review.to_tier)),
        Some(ReviewOutcome::Downgrade) => format!("down to {}", title(&review.to_tier)),
        Some(ReviewOutcome::Grace) => {
            let then = if review.after_grace == review.to_tier {
                format!("{} is kept", title(&review.to_tier))
            } else {
                title(&review.after_grace)
            };
            match review.grace_until {
                Some(until) => format!("grace until {}, then {then}", words::day(until)),
                None => format!("grace, then {then}"),
            }
        }
    }
}
