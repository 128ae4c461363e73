//! What a plan is made in: one partner's facts apart from the network, an edition, and reviews
//! that are assumed to be held. Everything is decided by the evaluation; nothing is kept.

use super::answer::AssumedReview;
use crate::day::Day;
use crate::evaluation::{Evaluator, TierHeld, Viewpoint};
use crate::facts::{Addition, Facts, ReviewKind, THE_PARTNER};
use crate::review::{ReviewForecast, ReviewOutcome};
use crate::rulebook::{Catalogue, Edition, WhenNotMet};

/// More reviews than any plan reaches over.
const MOST_REVIEWS: usize = 200;

/// Most ways in which reviews can come out that are looked at.
const MOST_OUTCOMES: usize = 16;

/// From where the next review is looked for.
#[derive(Clone, Copy)]
struct Next {
    today: Day,
    grace: Option<Day>,
}

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
    /// The days on which the renewal column has to be met for the tier to be kept, as was taken for
    /// granted.
    pub(super) granted: Vec<Day>,
    /// Whether one of them keeps the tier of itself, while it was asked how it would be if not.
    pub(super) is_guess: bool,
    /// Whether steps could leave a tier where none is left here, and reviews of it.
    pub(super) is_cut: bool,
}

/// How reviews are held.
#[derive(Clone, Copy, Debug)]
pub(super) enum Holding<'h> {
    /// With the outcomes that the evaluation computes.
    AsComputed,
    /// With these outcomes: the tier is kept, or what is computed otherwise. Reviews behind them
    /// are not held.
    As(&'h [bool]),
    /// With the tier kept, all of them.
    AllKept,
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

    /// Holds every review that is due until a day, each on its due day.
    pub(super) fn hold_reviews(
        &self,
        additions: &[Addition],
        until: Day,
        holding: Holding<'_>,
    ) -> Held {
        let mut held = Held::default();
        let mut next = Next { today: self.as_of, grace: None };
        let mut is_lower = false;
        for number in 0..MOST_REVIEWS {
            let Some((day, looked, mut found)) = self.next(additions, &held, until, next) else {
                break;
            };
            let is_granted = match holding {
                Holding::AsComputed => None,
                Holding::AllKept => Some(true),
                Holding::As(outcomes) => match outcomes.get(number) {
                    Some(is_kept) => Some(*is_kept),
                    None => break,
                },
            };
            if is_granted == Some(true) && found.outcome.is_some() {
                let tier = self.look(additions, &held, |evaluator| self.tier_id(evaluator, day));
                found = ReviewForecast {
                    outcome: Some(ReviewOutcome::Renew),
                    to_tier: tier,
                    grace_until: None,
                    ..found
                };
                if self.is_asked(next.grace.is_some()) && !is_lower {
                    held.granted.push(looked);
                }
            }
            let is_asked = self.is_asked(next.grace.is_some());
            if is_granted == Some(false) && is_asked && found.outcome == Some(ReviewOutcome::Renew)
            {
                held.is_guess = true;
                held.is_cut |= self.edition.review.when_not_met == WhenNotMet::ToWhatIsMet;
                found = self.look(additions, &held, |evaluator| {
                    self.failed(evaluator, day, next.grace.is_some(), found)
                });
            }
            let Some(outcome) = found.outcome else { break };
            is_lower |= outcome == ReviewOutcome::Downgrade;
            held.is_cut |= outcome == ReviewOutcome::Downgrade
                && found.to_tier.is_none()
                && self.edition.review.when_not_met == WhenNotMet::ToWhatIsMet;
            let grace = found.grace_until.filter(|_| outcome == ReviewOutcome::Grace);
            held.rows.extend(self.rows(day, outcome, found.to_tier.as_deref()));
            let ReviewForecast { to_tier, grace_until, .. } = found;
            held.reviews.push(AssumedReview { on: day, outcome, to_tier, grace_until });
            next = Next { today: day, grace };
        }
        held
    }

    /// A review that would keep the tier, had it not been met.
    fn failed(
        &self,
        evaluator: &Evaluator<'_>,
        day: Day,
        was_grace: bool,
        found: ReviewForecast,
    ) -> ReviewForecast {
        let rules = &self.edition.review;
        if rules.grace_days > 0 && !was_grace {
            let due = found.due_on.unwrap_or(day);
            let grace_until = Some(due.plus_days(rules.grace_days.into()));
            return ReviewForecast { outcome: Some(ReviewOutcome::Grace), grace_until, ..found };
        }
        if rules.when_not_met == WhenNotMet::Keep {
            return found;
        }
        let history = evaluator.history(THE_PARTNER, &Viewpoint::on(self.edition, day));
        let TierHeld::Tier(tier) = history.tier else { return found };
        let path = evaluator.path(THE_PARTNER).and_then(|path| self.edition.paths.get(path));
        let lower = tier.checked_sub(1).zip(path).and_then(|(at, path)| path.tiers.get(at));
        let to_tier = lower.map(|tier| tier.id.clone());
        ReviewForecast { outcome: Some(ReviewOutcome::Downgrade), to_tier, ..found }
    }

    /// Whether a review asks for anything: it does not where the tier is kept without.
    fn is_asked(&self, was_grace: bool) -> bool {
        let rules = &self.edition.review;
        rules.grace_days > 0 && !was_grace || rules.when_not_met != WhenNotMet::Keep
    }

    /// The next review: its day, the day that it looks at, and what is computed of it.
    fn next(
        &self,
        additions: &[Addition],
        held: &Held,
        until: Day,
        next: Next,
    ) -> Option<(Day, Day, ReviewForecast)> {
        let tomorrow = self.as_of.plus_days(1);
        self.look(additions, held, |evaluator| match next.grace {
            Some(last) => {
                let day = last.plus_days(1);
                (day <= until)
                    .then(|| (day, last, evaluator.review_after_grace(THE_PARTNER, last, last)))
            }
            None => {
                // What is overdue is held on the first day that is left.
                let due = evaluator.review_forecast(THE_PARTNER, next.today).due_on?;
                let day = due.max(tomorrow);
                (day > next.today && day <= until)
                    .then(|| (day, due.plus_days(-1), evaluator.review_forecast(THE_PARTNER, day)))
            }
        })
    }

    /// The outcomes of reviews until a day that have to be looked at one by one: each review keeps
    /// the tier, or comes out as it does of itself. Too many are none.
    pub(super) fn outcomes(&self, until: Day) -> Option<Vec<Vec<bool>>> {
        let mut open: Vec<Vec<bool>> = vec![Vec::new()];
        let mut found = Vec::new();
        while let Some(outcomes) = open.pop() {
            let held = self.hold_reviews(&[], until, Holding::As(&outcomes));
            if held.reviews.len() < outcomes.len() {
                // There was none any more.
                continue;
            }
            let mut kept = outcomes.clone();
            kept.push(true);
            let after = self.hold_reviews(&[], until, Holding::As(&kept));
            if after.reviews.len() == outcomes.len() {
                found.push(outcomes);
                continue;
            }
            let last = held.reviews.last();
            let was_grace = last.is_some_and(|last| last.outcome == ReviewOutcome::Grace);
            if self.is_asked(was_grace) {
                let mut lost = outcomes;
                lost.push(false);
                open.push(lost);
            }
            open.push(kept);
            if open.len() + found.len() > MOST_OUTCOMES {
                return None;
            }
        }
        Some(found)
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
        outcome.recorded_as(&self.edition.review).iter().copied().map(row).collect()
    }
}
