//! Reviews that a forecast assumes to be held, each on its due day with the engine's outcome.
//!
//! One that is overdue is assumed to be held on the first day of the forecast. A review that is
//! not met gives the grace of the rulebook; what remains is decided on the day behind its last.
//! What is recorded for later days goes before what is assumed.

use std::sync::{Mutex, PoisonError};

use serde::Serialize;

use crate::day::Day;
use crate::evaluation::{AssumedReview, Evaluator};
use crate::facts::{PartnerNumber, ReviewKind};
use crate::review::{ReviewForecast, ReviewOutcome};

/// A review that is assumed to be held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HeldReview {
    /// The day on which it is assumed to be held.
    pub on: Day,
    /// The day on which it is due, which may be past.
    pub due_on: Day,
    /// Whether it is what remains after a grace.
    pub is_after_grace: bool,
    /// What it comes to.
    pub outcome: ReviewOutcome,
    /// The tier held before it.
    pub from_tier: Option<String>,
    /// The tier held after it.
    pub to_tier: Option<String>,
    /// The last day of the grace, where that is the outcome.
    pub grace_until: Option<Day>,
}

/// Where the reviews of a partner have come to.
struct Course {
    partner: PartnerNumber,
    /// The last day that has been looked at.
    at: Day,
    /// The last day of a grace that is running.
    grace: Option<Day>,
}

/// What comes next in a course.
enum Next {
    Held(HeldReview),
    /// Nothing is assumed until a recorded row of this day.
    Recorded,
    Nothing,
}

impl Evaluator<'_> {
    /// The reviews of these partners that fall due behind a day up to another, assumed to be held;
    /// from then on this evaluator takes them as held. By partner, in the order of their days.
    pub fn hold_reviews(
        &mut self,
        partners: &[PartnerNumber],
        from: Day,
        until: Day,
        threads: usize,
    ) -> Vec<(PartnerNumber, HeldReview)> {
        let mut courses: Vec<Course> =
            partners.iter().map(|&partner| Course { partner, at: from, grace: None }).collect();
        let mut all: Vec<(PartnerNumber, HeldReview)> = Vec::new();
        while !courses.is_empty() {
            let (next, held) = self.next_reviews(courses, until, threads);
            courses = next;
            let assumed: Vec<(u32, AssumedReview)> = held
                .iter()
                .filter_map(|(partner, review)| Some((partner.0, self.assumed(*partner, review)?)))
                .collect();
            if !assumed.is_empty() {
                self.assumed = self.assumed.with(self.facts.partners().len(), &assumed);
            }
            all.extend(held);
        }
        all.sort_by_key(|(partner, review)| (*partner, review.on));
        all
    }

    /// The next review of each course.
    fn next_reviews(
        &self,
        courses: Vec<Course>,
        until: Day,
        threads: usize,
    ) -> (Vec<Course>, Vec<(PartnerNumber, HeldReview)>) {
        const RUN: usize = 256;
        let work_left = Mutex::new(courses);
        let done = Mutex::new((Vec::new(), Vec::new()));
        let work = || {
            loop {
                let mut run = {
                    let mut left = work_left.lock().unwrap_or_else(PoisonError::into_inner);
                    let begin = left.len().saturating_sub(RUN);
                    left.split_off(begin)
                };
                if run.is_empty() {
                    return;
                }
                let mut held = Vec::new();
                run.retain_mut(|course| self.go_on(course, until, &mut held));
                let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
                done.0.append(&mut run);
                done.1.append(&mut held);
            }
        };
        std::thread::scope(|scope| {
            for _ in 1..threads.max(1) {
                scope.spawn(work);
            }
            work();
        });
        done.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a course to its next review. False where there is none any more.
    fn go_on(
        &self,
        course: &mut Course,
        until: Day,
        held: &mut Vec<(PartnerNumber, HeldReview)>,
    ) -> bool {
        loop {
            match self.next(course, until) {
                Next::Nothing => return false,
                Next::Recorded => {}
                Next::Held(review) => {
                    course.at = review.on;
                    course.grace = review.grace_until;
                    let kinds = review.outcome.recorded_as(&self.edition.review);
                    let counts = &self.edition.review.counted_from;
                    let goes_on = review.outcome == ReviewOutcome::Grace
                        || kinds.iter().any(|kind| counts.contains(kind));
                    let is_grace = review.outcome == ReviewOutcome::Grace;
                    held.push((course.partner, review));
                    // A grace records nothing, so that its end can be looked for at once.
                    if !is_grace {
                        return goes_on;
                    }
                }
            }
        }
    }

    fn next(&self, course: &mut Course, until: Day) -> Next {
        let (partner, at) = (course.partner, course.at);
        let due = match course.grace {
            Some(last) => Some(last.plus_days(1)),
            None => self.due_on(partner, at),
        };
        let on = due.map(|due| due.max(at.plus_days(1)));
        let recorded = self.next_recorded(partner, at);
        if let Some((day, counts)) = recorded
            && day <= until
            && on.is_none_or(|on| day < on || (day == on && counts))
        {
            course.at = day;
            if counts {
                course.grace = None;
            }
            return Next::Recorded;
        }
        let (Some(due), Some(on)) = (due, on) else { return Next::Nothing };
        if on > until || on <= at {
            return Next::Nothing;
        }
        let eve = on.plus_days(-1);
        let forecast = match course.grace {
            Some(last) => self.review_after_grace(partner, last, eve),
            None => self.review_forecast(partner, eve),
        };
        let ReviewForecast { outcome: Some(outcome), to_tier, grace_until, .. } = forecast else {
            // Without a tier nothing is held, until a row that is recorded gives one.
            let Some((day, _)) = recorded.filter(|(day, _)| *day <= until) else {
                return Next::Nothing;
            };
            course.at = day;
            return Next::Recorded;
        };
        Next::Held(HeldReview {
            on,
            due_on: due,
            is_after_grace: course.grace.is_some(),
            outcome,
            from_tier: self.tier_id_on(partner, eve),
            to_tier,
            grace_until,
        })
    }

    /// The first recorded row of the partner's path behind a day, and whether the next review is
    /// counted from it.
    fn next_recorded(&self, partner: PartnerNumber, at: Day) -> Option<(Day, bool)> {
        let row = self.facts.partner(partner)?;
        let counted_from = &self.edition.review.counted_from;
        let of_path = self.facts.reviews.of(partner.0).iter().filter(|of| of.path == row.path);
        let reviews = of_path.map(|row| (row.on, counted_from.contains(&row.kind)));
        let shorthand = [
            (row.tier_since, false),
            (row.last_review_on, counted_from.contains(&ReviewKind::Review)),
            (row.last_renewal_on, counted_from.contains(&ReviewKind::Renewal)),
            (row.last_upgrade_on, counted_from.contains(&ReviewKind::Upgrade)),
        ];
        let shorthand = shorthand.into_iter().filter_map(|(on, counts)| Some((on?, counts)));
        let shorthand = shorthand.filter(|_| self.facts.reviews.of(partner.0).is_empty());
        // Of a day, those that count go first.
        reviews
            .chain(shorthand)
            .filter(|(on, _)| *on > at)
            .min_by_key(|(on, counts)| (*on, !counts))
    }

    /// A review as the evaluation takes it; nothing for a grace.
    fn assumed(&self, partner: PartnerNumber, review: &HeldReview) -> Option<AssumedReview> {
        let rules = &self.edition.review;
        let kinds = review.outcome.recorded_as(rules);
        let path = self.edition.paths.get(self.path(partner)?)?;
        let to_tier = review.to_tier.as_ref();
        let tier = to_tier.and_then(|id| path.tiers.iter().position(|tier| tier.id == *id));
        (!kinds.is_empty()).then(|| AssumedReview {
            on: review.on,
            tier,
            kinds,
            resets: kinds.iter().any(|kind| rules.resets_windows.contains(kind)),
            counts: kinds.iter().any(|kind| rules.counted_from.contains(kind)),
        })
    }
}
