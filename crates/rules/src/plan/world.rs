//! What a plan is made in: one partner's facts apart from the network, an edition, and reviews
//! that are assumed to be held. Everything is decided by the evaluation; nothing is kept.

use super::answer::AssumedReview;
use crate::day::Day;
use crate::evaluation::{Evaluator, TierHeld, Viewpoint};
use crate::facts::{Addition, Facts, ReviewKind, THE_PARTNER};
use crate::review::{ReviewForecast, ReviewOutcome};
use crate::rulebook::{Catalogue, Edition, ReviewRules};

/// More reviews than any plan reaches over.
const MOST_REVIEWS: usize = 200;

/// One partner's facts and the rules.
#[derive(Debug)]
pub(super) struct World<'a> {
    pub(super) edition: &'a Edition,
    pub(super) catalogue: &'a Catalogue,
    pub(super) facts: Facts,
    pub(super) as_of: Day,
}

/// Reviews that were assumed to be held, and the rows that they leave.
#[derive(Clone, Debug, Default)]
pub(super) struct Held {
    pub(super) reviews: Vec<AssumedReview>,
    pub(super) rows: Vec<Addition>,
}

impl Held {
    /// Whether every review kept the tier.
    pub(super) fn is_kept(&self) -> bool {
        self.reviews.iter().all(|review| review.outcome == ReviewOutcome::Renew)
    }
}

impl World<'_> {
    /// Looks at the facts with others added.
    pub(super) fn look<T>(
        &self,
        additions: &[Addition],
        held: &Held,
        see: impl FnOnce(&Evaluator<'_>) -> T,
    ) -> T {
        let mut all = additions.to_vec();
        all.extend_from_slice(&held.rows);
        let changed = if all.is_empty() { None } else { Some(self.facts.with(&all)) };
        let facts = changed.as_ref().unwrap_or(&self.facts);
        see(&Evaluator::new(self.edition, self.catalogue, facts))
    }

    /// Holds every review that is due until a day, each on its due day with the outcome that the
    /// evaluation computes, or with the tier kept where that is taken for granted.
    pub(super) fn hold_reviews(
        &self,
        additions: &[Addition],
        until: Day,
        takes_renewal_for_granted: bool,
    ) -> Held {
        let mut held = Held::default();
        let mut today = self.as_of;
        let mut grace: Option<Day> = None;
        let tomorrow = self.as_of.plus_days(1);
        for _ in 0..MOST_REVIEWS {
            let next = self.look(additions, &held, |evaluator| match grace {
                Some(last) => {
                    let day = last.plus_days(1);
                    (day <= until)
                        .then(|| (day, evaluator.review_after_grace(THE_PARTNER, last, last)))
                }
                None => {
                    // What is overdue is held on the first day that is left.
                    let due = evaluator.review_forecast(THE_PARTNER, today).due_on?;
                    let day = due.max(tomorrow);
                    (day > today && day <= until)
                        .then(|| (day, evaluator.review_forecast(THE_PARTNER, day)))
                }
            });
            let Some((day, mut found)) = next else { break };
            if takes_renewal_for_granted && found.outcome.is_some() {
                let tier = self.look(additions, &held, |evaluator| self.tier_id(evaluator, day));
                found = ReviewForecast {
                    outcome: Some(ReviewOutcome::Renew),
                    to_tier: tier,
                    grace_until: None,
                    ..found
                };
            }
            let Some(outcome) = found.outcome else { break };
            grace = found.grace_until.filter(|_| outcome == ReviewOutcome::Grace);
            held.rows.extend(self.rows(day, outcome, found.to_tier.as_deref()));
            let ReviewForecast { to_tier, grace_until, .. } = found;
            held.reviews.push(AssumedReview { on: day, outcome, to_tier, grace_until });
            today = day;
        }
        held
    }

    fn tier_id(&self, evaluator: &Evaluator<'_>, day: Day) -> Option<String> {
        let history = evaluator.history(THE_PARTNER, &Viewpoint::on(self.edition, day));
        let TierHeld::Tier(tier) = history.tier else { return None };
        let path = self.edition.paths.get(evaluator.path(THE_PARTNER)?)?;
        Some(path.tiers.get(tier)?.id.clone())
    }

    /// The rows by which an outcome is recorded, as decisions record it: a grace leaves none, for
    /// it resets nothing, and a review that ended in going down was held all the same.
    fn rows(&self, on: Day, outcome: ReviewOutcome, tier: Option<&str>) -> Vec<Addition> {
        let tier = tier.and_then(|id| self.catalogue.tiers.find(id.as_bytes()));
        let row = |kind: ReviewKind| Addition::Review { on, kind, tier };
        kinds_of(outcome, &self.edition.review).into_iter().map(row).collect()
    }
}

fn kinds_of(outcome: ReviewOutcome, rules: &ReviewRules) -> Vec<ReviewKind> {
    let counts = |kind: ReviewKind| rules.counted_from.contains(&kind);
    let (review, downgrade) = (ReviewKind::Review, ReviewKind::Downgrade);
    match outcome {
        ReviewOutcome::Grace => Vec::new(),
        ReviewOutcome::Renew if counts(ReviewKind::Renewal) || !counts(review) => {
            vec![ReviewKind::Renewal]
        }
        ReviewOutcome::Renew => vec![review],
        ReviewOutcome::Downgrade if counts(downgrade) || !counts(review) => vec![downgrade],
        ReviewOutcome::Downgrade => vec![downgrade, review],
    }
}
