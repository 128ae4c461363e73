//! The next tier review: when it is due, and what would come of it with what is known today.

use serde::Serialize;

use crate::day::Day;
use crate::evaluation::{Evaluator, TierHeld, Values, Viewpoint};
use crate::facts::{PartnerNumber, ReviewKind};
use crate::rulebook::{Column, ReviewRules, WhenNotMet};

/// What a review comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReviewOutcome {
    /// The tier is kept: the renewal column is met.
    Renew,
    /// It is not met; the tier is kept for a while.
    Grace,
    /// It is not met; the partner goes down.
    Downgrade,
}

impl ReviewOutcome {
    /// The word in JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Renew => "renew",
            Self::Grace => "grace",
            Self::Downgrade => "downgrade",
        }
    }
}

impl ReviewOutcome {
    /// The kinds of rows by which it is recorded in a tier's history. A grace records nothing, for
    /// it resets nothing. A review that ends in going down was held all the same, and the next is
    /// counted from it.
    pub fn recorded_as(self, rules: &ReviewRules) -> &'static [ReviewKind] {
        use ReviewKind::{Downgrade, Renewal, Review};
        let counts = |kind: ReviewKind| rules.counted_from.contains(&kind);
        match self {
            Self::Renew if counts(Renewal) || !counts(Review) => &[Renewal],
            Self::Renew => &[Review],
            Self::Grace => &[],
            Self::Downgrade if counts(Downgrade) || !counts(Review) => &[Downgrade],
            Self::Downgrade => &[Downgrade, Review],
        }
    }
}

/// The outcome of the next review if it were held on its due day with today's facts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ReviewForecast {
    /// The last review or renewal.
    pub last_on: Option<Day>,
    /// The day on which the next is due, even when past.
    pub due_on: Option<Day>,
    /// What it would come to; none without a due day or a tier.
    pub outcome: Option<ReviewOutcome>,
    /// The tier held after it.
    pub to_tier: Option<String>,
    /// The last day of the grace.
    pub grace_until: Option<Day>,
    /// The tier that remains if nothing changes until the grace is over.
    #[serde(skip)]
    pub after_grace: Option<String>,
}

impl Evaluator<'_> {
    /// The next review of a partner, as seen on a day. It looks at the renewal column as of the
    /// day before it is due, at what has happened until today.
    pub fn review_forecast(&self, partner: PartnerNumber, as_of: Day) -> ReviewForecast {
        let today = self.history_on(partner, as_of);
        let rules = &self.edition.review;
        let last_on = today.last_review_on;
        let due_on = last_on.map(|last| last.plus_months(rules.every_months.into()));
        let mut forecast = ReviewForecast { last_on, due_on, ..ReviewForecast::default() };
        let (Some(due), TierHeld::Tier(held)) = (due_on, today.tier) else { return forecast };
        let Some(path) = self.path(partner) else { return forecast };
        let tier_id =
            |tier: usize| self.edition.paths.get(path)?.tiers.get(tier).map(|tier| tier.id.clone());
        let view = Viewpoint::until(self.edition, due.plus_days(-1), as_of);
        if self.meets_renewal(partner, path, held, &view) {
            forecast.outcome = Some(ReviewOutcome::Renew);
            forecast.to_tier = tier_id(held);
            return forecast;
        }
        let then = self.tier_not_met(partner, path, held, &view).and_then(tier_id);
        if rules.grace_days > 0 {
            forecast.outcome = Some(ReviewOutcome::Grace);
            forecast.to_tier = tier_id(held);
            forecast.grace_until = Some(due.plus_days(rules.grace_days.into()));
            forecast.after_grace = then;
        } else if rules.when_not_met == WhenNotMet::Keep {
            forecast.outcome = Some(ReviewOutcome::Renew);
            forecast.to_tier = then;
        } else {
            forecast.outcome = Some(ReviewOutcome::Downgrade);
            forecast.to_tier = then;
        }
        forecast
    }

    /// The day on which the next review is due as seen on a day, even when past.
    pub(crate) fn due_on(&self, partner: PartnerNumber, as_of: Day) -> Option<Day> {
        let last_on = self.history_on(partner, as_of).last_review_on;
        last_on.map(|last| last.plus_months(self.edition.review.every_months.into()))
    }

    /// The id of the tier held on a day.
    pub(crate) fn tier_id_on(&self, partner: PartnerNumber, as_of: Day) -> Option<String> {
        match self.history_on(partner, as_of).tier {
            TierHeld::Unknown | TierHeld::NoTier => None,
            TierHeld::Foreign(tier) => Some(self.catalogue.tiers.text(tier).to_owned()),
            TierHeld::Tier(tier) => {
                let path = self.edition.paths.get(self.path(partner)?)?;
                path.tiers.get(tier).map(|tier| tier.id.clone())
            }
        }
    }

    /// What remains when a grace is over: the renewal column is looked at as of its last day, at
    /// what has happened until `as_of`. The outcome is to renew or to go down; there is no second
    /// grace.
    pub fn review_after_grace(
        &self,
        partner: PartnerNumber,
        grace_until: Day,
        as_of: Day,
    ) -> ReviewForecast {
        let today = self.history_on(partner, as_of);
        let last_on = today.last_review_on;
        let due_on = Some(grace_until.plus_days(1));
        let mut forecast = ReviewForecast { last_on, due_on, ..ReviewForecast::default() };
        let (TierHeld::Tier(held), Some(path)) = (today.tier, self.path(partner)) else {
            return forecast;
        };
        let view = Viewpoint::until(self.edition, grace_until, as_of);
        let then = if self.meets_renewal(partner, path, held, &view) {
            Some(held)
        } else {
            self.tier_not_met(partner, path, held, &view)
        };
        let is_kept = then == Some(held);
        forecast.outcome =
            Some(if is_kept { ReviewOutcome::Renew } else { ReviewOutcome::Downgrade });
        let tiers = self.edition.paths.get(path).map(|path| &path.tiers);
        forecast.to_tier =
            tiers.zip(then).and_then(|(tiers, tier)| Some(tiers.get(tier)?.id.clone()));
        forecast
    }

    /// Where a partner goes that does not meet the renewal column of the tier it holds.
    fn tier_not_met(
        &self,
        partner: PartnerNumber,
        path: usize,
        held: usize,
        view: &Viewpoint,
    ) -> Option<usize> {
        match self.edition.review.when_not_met {
            WhenNotMet::Keep => Some(held),
            WhenNotMet::DownOne => held.checked_sub(1),
            WhenNotMet::ToWhatIsMet => {
                (0..=held).rev().find(|&tier| self.meets_renewal(partner, path, tier, view))
            }
        }
    }

    /// Whether the renewal column of a tier is met.
    pub(crate) fn meets_renewal(
        &self,
        partner: PartnerNumber,
        path: usize,
        tier: usize,
        view: &Viewpoint,
    ) -> bool {
        let Some(path) = self.paths.get(path) else { return false };
        let last_reset = self.history(partner, view).last_reset_on;
        let mut values = Values::new(self, partner, view, last_reset);
        self.column_is_met(path, tier, Column::Renewal, &mut values)
    }
}
