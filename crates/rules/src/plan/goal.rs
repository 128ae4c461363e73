//! Goals as they are asked for, and what is wrong with them.

use super::answer::GoalText;
use super::checks::Aim;
use crate::day::Day;
use crate::evaluation::{Evaluator, TierHeld, Viewpoint};
use crate::facts::THE_PARTNER;
use crate::period::Period;
use crate::problem::{Problem, Problems, did_you_mean};
use crate::rulebook::Edition;

/// What is to be reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Goal {
    /// On this day the upgrade column's windows meet all that the tier and every tier below it
    /// ask: the tier is attained.
    Tier {
        /// The tier's id.
        tier: String,
        /// The day.
        by: Day,
    },
    /// The tier held today is kept: every review that is due until this day, itself included,
    /// renews it. Without a review until then, the renewal column is met on the day.
    Keep {
        /// The day.
        by: Day,
    },
    /// A measure of the support discount meets its bar for a period.
    Discount {
        /// The measure's id.
        measure: String,
        /// The period.
        period: Period,
    },
}

/// Which of the ways to a goal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Way {
    /// The one of least money; of equals the one of fewest days.
    #[default]
    Cheapest,
    /// The one that is done first, and of those the cheapest.
    Fastest,
    /// The one that asks the fewest people, and of those the cheapest.
    FewestPeople,
}

impl Way {
    /// All of them, the usual one first.
    pub const ALL: [Self; 3] = [Self::Cheapest, Self::Fastest, Self::FewestPeople];

    /// Its word in answers.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Cheapest => "cheapest",
            Self::Fastest => "fastest",
            Self::FewestPeople => "fewest_people",
        }
    }

    /// The way of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|way| way.word() == word)
    }
}

impl Goal {
    /// The day on which it has to hold.
    pub fn day(&self) -> Day {
        match self {
            Self::Tier { by, .. } | Self::Keep { by } => *by,
            Self::Discount { period, .. } => period.first_day(),
        }
    }
}

/// A goal with everything found that it names.
pub(super) fn aim(evaluator: &Evaluator<'_>, goal: &Goal, as_of: Day) -> Result<Aim, Problems> {
    let day = goal.day();
    if day < as_of {
        let message = format!("the goal is on {day}, before {as_of}, from which is looked");
        let hint = "name a later day, or an earlier one with --as-of";
        return Err(Problem::new("goal-in-the-past", message).hint(hint).into());
    }
    let edition = evaluator.edition;
    match goal {
        Goal::Tier { tier, by } => {
            let path = path(evaluator)?;
            let tiers = edition.paths.get(path).map(|path| path.tiers.as_slice());
            let tiers = tiers.unwrap_or_default();
            let found = tiers.iter().position(|known| known.id == *tier);
            let tier = found.ok_or_else(|| {
                let hint = did_you_mean(tier, tiers.iter().map(|tier| tier.id.as_str()));
                let message = format!("the partner's path has no tier `{tier}`");
                Problems::from(Problem::new("unknown-tier", message).maybe_hint(hint))
            })?;
            Ok(Aim::Tier { path, tier, by: *by })
        }
        Goal::Keep { by } => {
            let path = path(evaluator)?;
            let view = Viewpoint::on(edition, as_of);
            match evaluator.history(THE_PARTNER, &view).tier {
                TierHeld::Tier(tier) => Ok(Aim::Keep { path, tier, by: *by }),
                _ => {
                    let message =
                        format!("the partner holds no tier on {as_of} that could be kept");
                    Err(Problem::new("nothing-to-keep", message).into())
                }
            }
        }
        Goal::Discount { measure, period } => {
            let Some(scheme) = evaluator.support_scheme() else {
                let message = format!("the edition `{}` has no support discount", edition.id);
                return Err(Problem::new("no-discount", message).into());
            };
            let id_of = |at: usize| edition.measures.get(at).map_or("", |one| one.id.as_str());
            let found = scheme.measures.iter().find(|one| id_of(one.measure) == measure);
            let found = found.cloned().ok_or_else(|| {
                let known = scheme.measures.iter().map(|one| id_of(one.measure));
                let message = format!("the discount has no measure `{measure}`");
                Problems::from(
                    Problem::new("unknown-measure", message)
                        .maybe_hint(did_you_mean(measure, known)),
                )
            })?;
            Ok(Aim::Discount { measure: found, period: *period })
        }
    }
}

fn path(evaluator: &Evaluator<'_>) -> Result<usize, Problems> {
    evaluator.path(THE_PARTNER).ok_or_else(|| {
        let message = format!("the edition `{}` has no tiers for its path", evaluator.edition.id);
        Problem::new("unknown-tier", message).into()
    })
}

/// A goal for readers.
pub(super) fn text(goal: &Goal, aim: &Aim, edition: &Edition, path: Option<usize>) -> GoalText {
    let empty =
        GoalText { kind: String::new(), tier: None, measure: None, period: None, by: goal.day() };
    match (goal, aim) {
        (Goal::Keep { .. }, Aim::Keep { tier, .. }) => {
            let tiers = path.and_then(|path| edition.paths.get(path)).map(|path| &path.tiers);
            let tier = tiers.and_then(|tiers| tiers.get(*tier)).map(|tier| tier.id.clone());
            GoalText { kind: "keep".to_owned(), tier, ..empty }
        }
        (Goal::Discount { measure, period }, _) => GoalText {
            kind: "discount".to_owned(),
            measure: Some(measure.clone()),
            period: Some(period.to_string()),
            ..empty
        },
        (Goal::Tier { tier, .. }, _) => {
            GoalText { kind: "tier".to_owned(), tier: Some(tier.clone()), ..empty }
        }
        (Goal::Keep { .. }, _) => empty,
    }
}
