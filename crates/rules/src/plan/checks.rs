//! What a goal comes to: days on which something is looked at, and what each asks then.
//!
//! A tier by a date is reached if on that date the upgrade column's windows meet what the tier and
//! every tier below it ask. A tier is kept until a date if every review that is due until then,
//! the date included, renews it; without a review until then, if the renewal column is met on the
//! date. A discount measure is met if it meets its bar for the period.

use super::world::{Held, Holding, World};
use crate::day::Day;
use crate::decimal::Decimal;
use crate::evaluation::{CompiledMeasure, Days, Evaluator, State, TierHeld, Viewpoint};
use crate::facts::THE_PARTNER;
use crate::period::Period;
use crate::rulebook::{Column, DiscountMeasure, MeasureRule, Target, Window};

/// A goal with everything found that it names.
#[derive(Clone, Debug)]
pub(super) enum Aim {
    /// A tier of a path, by positions.
    Tier { path: usize, tier: usize, by: Day },
    /// The tier held.
    Keep { path: usize, tier: usize, by: Day },
    /// A measure of the support discount.
    Discount { measure: DiscountMeasure, period: Period },
}

/// A day on which something is looked at.
#[derive(Clone, Debug)]
pub(super) struct Check {
    pub(super) view: Viewpoint,
    /// The last day on which something can happen that is looked at.
    pub(super) last: Day,
    pub(super) asks: Vec<Ask>,
    /// People measures of which more, or less, is asked, as bits.
    pub(super) people_more: u64,
    pub(super) people_less: u64,
}

/// What is asked of a measure.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Ask {
    pub(super) measure: usize,
    /// The measure under whose name it is asked: another only where months are sustained.
    pub(super) named: usize,
    pub(super) column: Column,
    pub(super) target: Target,
    pub(super) min_n: Option<u32>,
    /// The days looked at, where they are not the measure's own window.
    pub(super) days: Option<Days>,
}

impl Aim {
    /// The day on which the goal has to hold.
    pub(super) fn day(&self) -> Day {
        match self {
            Self::Tier { by, .. } | Self::Keep { by, .. } => *by,
            Self::Discount { period, .. } => period.first_day(),
        }
    }

    /// The column of the scorecard that the goal is about.
    pub(super) fn column(&self) -> Column {
        match self {
            Self::Keep { .. } => Column::Renewal,
            Self::Tier { .. } | Self::Discount { .. } => Column::Upgrade,
        }
    }

    /// Whether the goal is reached, decided by the evaluation alone.
    pub(super) fn is_reached(&self, evaluator: &Evaluator<'_>, held: &Held) -> bool {
        let edition = evaluator.edition;
        let view = Viewpoint::on(edition, self.day());
        match self {
            Self::Tier { tier, .. } => {
                let standing = evaluator.standing_from(THE_PARTNER, &view);
                standing.attained.is_some_and(|attained| attained >= *tier)
            }
            Self::Keep { path, tier, .. } => {
                let has_reviews = !held.reviews.is_empty();
                let now = evaluator.history(THE_PARTNER, &view).tier;
                let is_held = matches!(now, TierHeld::Tier(held) if held >= *tier);
                let is_met = || evaluator.meets_renewal(THE_PARTNER, *path, *tier, &view);
                is_held && held.is_kept() && (has_reviews || is_met())
            }
            Self::Discount { measure, period } => {
                let first = period.first_day();
                evaluator.measured(measure, THE_PARTNER, first, &view).state == State::Met
            }
        }
    }

    /// Whether a step could take away what the renewal column asks.
    fn renewal_can_be_lost(&self, evaluator: &Evaluator<'_>) -> bool {
        let Self::Tier { path, .. } = self else { return false };
        let Some(path) = evaluator.paths.get(*path) else { return false };
        let mut asks = path.tiers.iter().flat_map(|tier| tier.asks.iter().zip(&path.rows));
        asks.any(|(asks, measure)| match asks.renewal {
            Some(Target::AtMost(_)) => true,
            Some(Target::AtLeast(bar)) => bar > Decimal::ZERO && evaluator.can_be_lost(*measure),
            None => false,
        })
    }

    /// Whether what is asked depends on when reviews are held.
    fn looks_at_reviews(&self, evaluator: &Evaluator<'_>) -> bool {
        let Self::Tier { path, tier, .. } = self else { return false };
        let Some(path) = evaluator.paths.get(*path) else { return false };
        path.tiers.iter().take(tier + 1).flat_map(|tier| tier.asks.iter().zip(&path.rows)).any(
            |(asks, measure)| asks.upgrade.is_some() && evaluator.counts_since_review(*measure),
        )
    }
}

/// A way in which reviews until the goal can go.
pub(super) struct ReviewsHeld {
    pub(super) held: Held,
    /// Whether what is bounded by it holds: whatever the steps are, the goal asks for no less if
    /// reviews go this way.
    pub(super) is_bounding: bool,
}

/// The ways in which reviews until the goal can go that have to be looked at: the one that comes of
/// itself, and where that matters every other.
pub(super) fn ways(world: &World<'_>, aim: &Aim) -> Vec<ReviewsHeld> {
    let until = aim.day();
    let bounding = |held: Held| ReviewsHeld { held, is_bounding: true };
    if matches!(aim, Aim::Keep { .. }) {
        return vec![bounding(world.hold_reviews(&[], until, Holding::AllKept))];
    }
    let of_itself = world.hold_reviews(&[], until, Holding::AsComputed);
    let matters = world.look(&[], &of_itself, |evaluator| aim.looks_at_reviews(evaluator));
    if of_itself.reviews.is_empty() || !matters {
        return vec![bounding(of_itself)];
    }
    let mut found = Vec::new();
    let outcomes = world.outcomes(until);
    let is_all = outcomes.is_some();
    for outcomes in outcomes.unwrap_or_default() {
        let held = world.hold_reviews(&[], until, Holding::As(&outcomes));
        // What is kept of itself is lost only by steps that do harm.
        if held.is_guess {
            let can_be_lost =
                world.look(&[], &of_itself, |evaluator| aim.renewal_can_be_lost(evaluator));
            if !can_be_lost {
                continue;
            }
        }
        let is_bounding = !held.is_cut;
        found.push(ReviewsHeld { held, is_bounding });
    }
    if !is_all {
        let kept = world.hold_reviews(&[], until, Holding::AllKept);
        found.push(ReviewsHeld { held: of_itself, is_bounding: false });
        found.push(ReviewsHeld { held: kept, is_bounding: false });
    }
    found
}

/// The checks of a goal, with reviews held in a way; those that have to keep the tier are checked.
pub(super) fn checks(evaluator: &Evaluator<'_>, as_of: Day, aim: &Aim, held: &Held) -> Vec<Check> {
    let mut found = Found { evaluator, checks: Vec::new() };
    if let Aim::Tier { path, .. } | Aim::Keep { path, .. } = aim {
        let tier = match aim {
            Aim::Keep { tier, .. } => Some(*tier),
            _ => held_tier(evaluator, as_of),
        };
        for (day, tier) in held.granted.iter().filter_map(|day| Some((*day, tier?))) {
            found.column(*path, tier, Column::Renewal, day);
        }
    }
    match aim {
        Aim::Tier { path, tier, by } => {
            for tier in 0..=*tier {
                found.column(*path, tier, Column::Upgrade, *by);
            }
        }
        Aim::Keep { path, tier, by } if held.reviews.is_empty() => {
            found.column(*path, *tier, Column::Renewal, *by);
        }
        Aim::Keep { .. } => {}
        Aim::Discount { measure, period } => {
            let first = period.first_day();
            let months = match evaluator.edition.measures.get(measure.measure) {
                Some(of) => match of.windows.upgrade {
                    Window::MonthsBeforePeriod(months) => months,
                    _ => 0,
                },
                None => 0,
            };
            found.ask(
                first,
                Ask {
                    measure: measure.measure,
                    named: measure.measure,
                    column: Column::Upgrade,
                    target: measure.target,
                    min_n: measure.min_n,
                    days: Some(Days::months_before(first, months)),
                },
            );
        }
    }
    found.finish()
}

/// The tier held before any review that is assumed.
fn held_tier(evaluator: &Evaluator<'_>, as_of: Day) -> Option<usize> {
    let view = Viewpoint::on(evaluator.edition, as_of);
    match evaluator.history(THE_PARTNER, &view).tier {
        TierHeld::Tier(tier) => Some(tier),
        _ => None,
    }
}

/// Checks while they are found.
struct Found<'a, 'e> {
    evaluator: &'a Evaluator<'e>,
    checks: Vec<Check>,
}

impl Found<'_, '_> {
    /// Everything that a tier asks in a column on a day.
    fn column(&mut self, path: usize, tier: usize, column: Column, on: Day) {
        let Some(path) = self.evaluator.paths.get(path) else { return };
        let Some(asked) = path.tiers.get(tier) else { return };
        for (asks, &measure) in asked.asks.iter().zip(&path.rows) {
            let Some(target) = *asks.get(column) else { continue };
            let sustained = self.evaluator.measures.get(measure);
            if !matches!(sustained, Some(CompiledMeasure::Sustained { .. })) {
                let named = measure;
                self.ask(on, Ask { measure, named, column, target, min_n: None, days: None });
                continue;
            }
            // So many months at everything else that lasts.
            let bar = target.bar();
            let months = bar.whole() + u64::from(bar.fraction() > 0);
            for back in 0..=i32::try_from(months).unwrap_or(i32::MAX) {
                let day = on.plus_months(-back);
                for (asks, &other) in asked.asks.iter().zip(&path.rows) {
                    let Some(target) = asks.upgrade else { continue };
                    let is_sustained = matches!(
                        self.evaluator.measures.get(other),
                        None | Some(CompiledMeasure::Sustained { .. })
                    );
                    if is_sustained || self.evaluator.counts_since_review(other) {
                        continue;
                    }
                    let (named, column) = (measure, Column::Upgrade);
                    let ask =
                        Ask { measure: other, named, column, target, min_n: None, days: None };
                    self.ask(day, ask);
                }
            }
        }
    }

    /// Adds one thing that is asked; of two of one measure the higher bar is enough.
    fn ask(&mut self, on: Day, ask: Ask) {
        let at = self.checks.iter().position(|check| check.view.as_of == on);
        let at = at.unwrap_or_else(|| {
            let view = Viewpoint::on(self.evaluator.edition, on);
            let last = if ask.days.is_some() { on.plus_days(-1) } else { on };
            self.checks.push(Check {
                view,
                last,
                asks: Vec::new(),
                people_more: 0,
                people_less: 0,
            });
            self.checks.len() - 1
        });
        let Some(check) = self.checks.get_mut(at) else { return };
        let same = check.asks.iter_mut().find(|other| {
            (other.measure, other.column, &other.days) == (ask.measure, ask.column, &ask.days)
                && matches!(
                    (other.target, ask.target),
                    (Target::AtLeast(_), Target::AtLeast(_))
                        | (Target::AtMost(_), Target::AtMost(_))
                )
        });
        match same {
            Some(other) => {
                let is_harder = match ask.target {
                    Target::AtLeast(bar) => bar > other.target.bar(),
                    Target::AtMost(bar) => bar < other.target.bar(),
                };
                // Under its own name rather than under that of the months.
                let is_own = other.named != other.measure && ask.named == ask.measure;
                if is_harder || (is_own && other.target == ask.target) {
                    *other = ask;
                }
            }
            None => check.asks.push(ask),
        }
    }

    /// The checks in the order of their days, with the people measures that they ask about.
    fn finish(mut self) -> Vec<Check> {
        self.checks.sort_by_key(|check| check.view.as_of);
        for check in &mut self.checks {
            for ask in &check.asks {
                let bits = self.evaluator.people_bits(ask.measure);
                match ask.target {
                    Target::AtLeast(_) => check.people_more |= bits,
                    Target::AtMost(_) => check.people_less |= bits,
                }
            }
        }
        self.checks
    }
}

impl Evaluator<'_> {
    /// Whether anything that is added could make a measure smaller.
    fn can_be_lost(&self, measure: usize) -> bool {
        match self.edition.measures.get(measure).map(|measure| &measure.rule) {
            Some(
                MeasureRule::Mean { .. }
                | MeasureRule::Share { .. }
                | MeasureRule::Sustained { .. },
            ) => true,
            Some(MeasureRule::Points(parts)) => {
                let parts = parts.iter().filter(|part| part.measure != measure);
                parts.into_iter().any(|part| self.can_be_lost(part.measure))
            }
            Some(_) => self.people.can_be_lost(self.people_bits(measure)),
            None => false,
        }
    }

    /// The people measures that a measure is, or is made of, as bits.
    pub(super) fn people_bits(&self, measure: usize) -> u64 {
        match self.measures.get(measure) {
            Some(CompiledMeasure::People { bit }) => 1_u64.checked_shl(*bit).unwrap_or(0),
            Some(CompiledMeasure::Points) => match self.edition.measures.get(measure) {
                Some(of) => match &of.rule {
                    MeasureRule::Points(parts) => {
                        let parts = parts.iter().filter(|part| part.measure != measure);
                        parts.fold(0, |bits, part| bits | self.people_bits(part.measure))
                    }
                    _ => 0,
                },
                None => 0,
            },
            _ => 0,
        }
    }
}
