//! A partner's history up to a day: tier held, standing, last review, where windows begin.

use super::{Evaluator, Viewpoint};
use crate::day::Day;
use crate::facts::{PartnerNumber, Review, ReviewKind, Standing as PartnerStanding};

/// The tier that a partner holds on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TierHeld {
    /// The facts do not say.
    Unknown,
    /// None.
    NoTier,
    /// A tier of the edition's path, by position.
    Tier(usize),
    /// A tier that the edition does not have on this path, by its number in the catalogue.
    Foreign(u32),
}

/// The tier that a partner held on a day, by its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TierOn<'a> {
    /// The first row of its history is of a later day.
    NotYet,
    /// The facts do not say.
    Unknown,
    /// None.
    NoTier,
    /// This one.
    Tier(&'a str),
}

/// A review that is assumed to be held, as forecasts do.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AssumedReview {
    pub(crate) on: Day,
    /// The tier after it, by position on the path.
    pub(crate) tier: Option<usize>,
    /// The kinds of rows by which it would be recorded.
    pub(crate) kinds: &'static [ReviewKind],
    /// Whether windows begin anew with it.
    pub(crate) resets: bool,
    /// Whether the next is counted from it.
    pub(crate) counts: bool,
}

/// What a partner's history comes to on a day.
#[derive(Clone, Copy, Debug)]
pub(crate) struct History {
    pub(crate) tier: TierHeld,
    pub(crate) standing: PartnerStanding,
    /// The last day on which renewal windows began anew.
    pub(crate) last_reset_on: Option<Day>,
    /// The last day from which the next review is counted.
    pub(crate) last_review_on: Option<Day>,
}

impl Evaluator<'_> {
    /// A partner's history as it stands on the viewpoint's last day.
    pub(crate) fn history(&self, number: PartnerNumber, view: &Viewpoint) -> History {
        self.history_on(number, view.last)
    }

    /// The tier that a partner held on a day.
    pub fn tier_on(&self, number: PartnerNumber, day: Day) -> TierOn<'_> {
        let Some(partner) = self.facts.partner(number) else { return TierOn::Unknown };
        let mut rows = self.facts.reviews.of(number.0).iter();
        if rows.find(|row| row.path == partner.path).is_some_and(|first| first.on > day) {
            return TierOn::NotYet;
        }
        match self.history_on(number, day).tier {
            TierHeld::Unknown => TierOn::Unknown,
            TierHeld::NoTier => TierOn::NoTier,
            TierHeld::Foreign(tier) => TierOn::Tier(self.catalogue.tiers.text(tier)),
            TierHeld::Tier(tier) => {
                let path = self.path(number).and_then(|path| self.edition.paths.get(path));
                let tier = path.and_then(|path| path.tiers.get(tier));
                tier.map_or(TierOn::Unknown, |tier| TierOn::Tier(&tier.id))
            }
        }
    }

    /// A partner's history as it stands on a day, reviews that are assumed included.
    pub(crate) fn history_on(&self, number: PartnerNumber, day: Day) -> History {
        let recorded = self.recorded_history(number, day);
        match self.assumed.of(number.0) {
            [] => recorded,
            assumed => self.with_assumed(number, day, recorded, assumed),
        }
    }

    /// What is recorded, and on top of it the reviews that are assumed to be held by the day.
    fn with_assumed(
        &self,
        number: PartnerNumber,
        day: Day,
        mut history: History,
        assumed: &[AssumedReview],
    ) -> History {
        let past = || assumed.iter().filter(|review| review.on <= day);
        let of_kind = |is_meant: fn(&AssumedReview) -> bool| {
            past().filter(|review| is_meant(review)).map(|review| review.on).max()
        };
        history.last_reset_on = history.last_reset_on.max(of_kind(|review| review.resets));
        history.last_review_on = history.last_review_on.max(of_kind(|review| review.counts));
        if let Some(last) = past().max_by_key(|review| review.on)
            && self.tier_recorded_on(number, day) <= Some(last.on)
        {
            history.tier = last.tier.map_or(TierHeld::NoTier, TierHeld::Tier);
        }
        history
    }

    /// The day of the recorded row that tells the tier held on a day, if it has one.
    fn tier_recorded_on(&self, number: PartnerNumber, day: Day) -> Option<Day> {
        let partner = self.facts.partner(number)?;
        let reviews = self.facts.reviews.of(number.0);
        if reviews.is_empty() {
            return partner.tier_since;
        }
        let of_path = reviews.iter().filter(|row| row.path == partner.path && row.on <= day);
        of_path.rev().find(|row| row.tier.is_some()).map(|row| row.on)
    }

    fn recorded_history(&self, number: PartnerNumber, day: Day) -> History {
        let reviews = self.facts.reviews.of(number.0);
        let Some(partner) = self.facts.partner(number) else { return History::NOTHING };
        if reviews.is_empty() {
            return self.shorthand(number, day);
        }
        let rules = &self.edition.review;
        let of_path = || reviews.iter().filter(|row| row.path == partner.path);
        let past = || of_path().filter(|row| row.on <= day);
        let last_of = |kinds: &[ReviewKind]| {
            past().filter(|row| kinds.contains(&row.kind)).map(|row| row.on).max()
        };
        let tier = match past().rev().find_map(|row| row.tier) {
            Some(tier) => self.tier_held(number, tier),
            // A path that begins with the enrolment had no tier before it; of one that begins
            // with anything else, who knows.
            None => match of_path().next() {
                Some(row) if row.kind != ReviewKind::Enrolment => TierHeld::Unknown,
                _ => TierHeld::NoTier,
            },
        };
        History {
            tier,
            standing: standing(reviews, day),
            last_reset_on: last_of(&rules.resets_windows),
            last_review_on: last_of(&rules.counted_from),
        }
    }

    /// The history of a partner without rows of its own, from the partner's row.
    fn shorthand(&self, number: PartnerNumber, day: Day) -> History {
        let Some(partner) = self.facts.partner(number) else { return History::NOTHING };
        let rules = &self.edition.review;
        let days = [
            (ReviewKind::Review, partner.last_review_on),
            (ReviewKind::Renewal, partner.last_renewal_on),
            (ReviewKind::Upgrade, partner.last_upgrade_on),
        ];
        let last_of = |kinds: &[ReviewKind]| {
            let past = days.iter().filter(|(kind, _)| kinds.contains(kind));
            past.filter_map(|(_, on)| *on).filter(|on| *on <= day).max()
        };
        let tier = match partner.tier {
            _ if partner.tier_since.is_some_and(|since| since > day) => TierHeld::Unknown,
            Some(tier) => self.tier_held(number, tier),
            None => TierHeld::NoTier,
        };
        History {
            tier,
            standing: partner.standing,
            last_reset_on: last_of(&rules.resets_windows),
            last_review_on: last_of(&rules.counted_from),
        }
    }

    fn tier_held(&self, number: PartnerNumber, tier: u32) -> TierHeld {
        let path = self.path(number).and_then(|path| self.paths.get(path));
        let known = path.and_then(|path| path.tier_of.get(tier as usize).copied().flatten());
        known.map_or(TierHeld::Foreign(tier), TierHeld::Tier)
    }
}

impl Default for History {
    fn default() -> Self {
        Self::NOTHING
    }
}

impl History {
    const NOTHING: Self = Self {
        tier: TierHeld::Unknown,
        standing: PartnerStanding::Good,
        last_reset_on: None,
        last_review_on: None,
    };
}

/// Suspended by any such row that is not past its last day, unless a later row reinstates. The
/// rows are those of every path, for it is the partner who is suspended.
fn standing(reviews: &[Review], day: Day) -> PartnerStanding {
    let past: Vec<&Review> = reviews.iter().filter(|row| row.on <= day).collect();
    let reinstated = past.iter().rposition(|row| row.kind == ReviewKind::Reinstated);
    let since = reinstated.map_or(0, |at| at + 1);
    let is_suspended = past.iter().skip(since).any(|row| {
        row.kind == ReviewKind::Suspended && row.valid_until.is_none_or(|until| day <= until)
    });
    if is_suspended { PartnerStanding::Suspended } else { PartnerStanding::Good }
}
