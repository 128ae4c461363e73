//! What a change of rules does to a network: two editions over the same facts on the same day.
//!
//! Every partner's standing is evaluated under both. Whoever's tier attained, columns or discount
//! come to something else, or who comes near the next tier, is told with the requirements that
//! moved them and with what is left to do under the new edition. Discounts are told in percentage
//! points, and in money where facts tell what a partner spends.

mod explain;
mod money;
mod notice;
mod sweep;
pub mod words;

use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use serde::Serialize;

use crate::day::Day;
use crate::evaluation::{Evaluator, Standing, Values, Viewpoint};
use crate::facts::PartnerNumber;
use crate::number::Number;
use crate::period::Period;
use crate::rulebook::{Column, Edition};

use money::MoneyTally;

pub use explain::{Asked, Because, Gap, PartnerImpact};
pub use money::{Money, MoneyCounts};
pub use notice::notice;
pub use sweep::{Sweep, SweepPoint, SweptRequirement};

/// What a change of rules does. Serialised, it is the JSON that outsiders rely on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Impact {
    /// The network's id.
    pub network: String,
    /// The edition before.
    pub old: String,
    /// The edition after.
    pub new: String,
    /// The day on which both are looked at.
    pub as_of: Day,
    /// The state of knowledge.
    pub known_at: Option<Timestamp>,
    /// How many partners there are.
    pub partners: u64,
    /// How many of them are moved in which way.
    pub totals: Totals,
    /// Every tier of either edition, path by path.
    pub tiers: Vec<TierCounts>,
    /// Percentage points of discount, where both editions have a scheme.
    pub discount: Option<DiscountCounts>,
    /// Those that are moved, in the order of their ids.
    pub moved: Vec<PartnerImpact>,
}

/// In which way a partner is moved. One may be moved in several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// The tier attained is higher.
    Gains,
    /// The tier attained is lower.
    Loses,
    /// The renewal column of the tier held was met and is not: the next review is in danger.
    Endangered,
    /// It was not met and is.
    Relieved,
    /// One requirement of the next tier is in the way; it was more.
    ComesNear,
    /// The discount is higher.
    DiscountHigher,
    /// The discount is lower.
    DiscountLower,
}

impl Effect {
    /// Every effect, in the order in which they are told.
    pub const ALL: [Self; 7] = [
        Self::Gains,
        Self::Loses,
        Self::Endangered,
        Self::Relieved,
        Self::ComesNear,
        Self::DiscountHigher,
        Self::DiscountLower,
    ];

    /// The word in JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Gains => "gains",
            Self::Loses => "loses",
            Self::Endangered => "endangered",
            Self::Relieved => "relieved",
            Self::ComesNear => "comes_near",
            Self::DiscountHigher => "discount_higher",
            Self::DiscountLower => "discount_lower",
        }
    }
}

/// How many partners are moved.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Those of [`Effect::Gains`].
    pub gains: u64,
    /// Those of [`Effect::Loses`].
    pub loses: u64,
    /// Those of [`Effect::Endangered`].
    pub endangered: u64,
    /// Those of [`Effect::Relieved`].
    pub relieved: u64,
    /// Those of [`Effect::ComesNear`].
    pub comes_near: u64,
    /// Those of [`Effect::DiscountHigher`].
    pub discount_higher: u64,
    /// Those of [`Effect::DiscountLower`].
    pub discount_lower: u64,
    /// Those for whom nothing of this moves.
    pub unmoved: u64,
}

impl Totals {
    /// Those of an effect.
    pub const fn of(&self, effect: Effect) -> u64 {
        match effect {
            Effect::Gains => self.gains,
            Effect::Loses => self.loses,
            Effect::Endangered => self.endangered,
            Effect::Relieved => self.relieved,
            Effect::ComesNear => self.comes_near,
            Effect::DiscountHigher => self.discount_higher,
            Effect::DiscountLower => self.discount_lower,
        }
    }

    fn add(&mut self, effects: &[Effect]) {
        for effect in effects {
            *match effect {
                Effect::Gains => &mut self.gains,
                Effect::Loses => &mut self.loses,
                Effect::Endangered => &mut self.endangered,
                Effect::Relieved => &mut self.relieved,
                Effect::ComesNear => &mut self.comes_near,
                Effect::DiscountHigher => &mut self.discount_higher,
                Effect::DiscountLower => &mut self.discount_lower,
            } += 1;
        }
        self.unmoved += u64::from(effects.is_empty());
    }
}

/// A tier under both editions; none where an edition does not have it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TierCounts {
    /// The path's id.
    pub path: String,
    /// The tier's id.
    pub tier: String,
    /// Its title in the newer edition that has it.
    #[serde(skip)]
    pub title: String,
    /// Under the old edition.
    pub before: Option<TierTally>,
    /// Under the new one.
    pub after: Option<TierTally>,
}

/// How many partners stand where with a tier.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TierTally {
    /// They hold it.
    pub held: u64,
    /// It is the highest that they attain.
    pub attained: u64,
    /// They hold it and meet its renewal column.
    pub renewal_met: u64,
    /// It is the next for them, and they meet its upgrade column.
    pub upgrade_met: u64,
}

/// Percentage points of discount over the network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DiscountCounts {
    /// Partners with a discount before.
    pub partners_before: u64,
    /// Partners with one after.
    pub partners_after: u64,
    /// The sum of the percents before.
    pub points_before: Number,
    /// The sum of the percents after.
    pub points_after: Number,
    /// The same in money; none where no rulebook says which facts tell what is spent.
    pub money: Option<MoneyCounts>,
}

/// Both editions made ready.
#[derive(Clone, Copy, Debug)]
pub struct Pair<'p> {
    /// The edition before.
    pub old: &'p Evaluator<'p>,
    /// The edition after, made ready for the same facts with the same catalogue.
    pub new: &'p Evaluator<'p>,
}

/// How partners are moved, without the reasons.
#[derive(Debug, Default)]
pub struct Moves {
    /// How many are moved in which way.
    pub totals: Totals,
    /// Those that are, in the order of their numbers.
    pub moved: Vec<PartnerNumber>,
    before: Vec<Vec<TierTally>>,
    after: Vec<Vec<TierTally>>,
    discount: Option<(Tally, Tally)>,
    money: MoneyTally,
}

/// How many have a discount, and the sum of the percents.
#[derive(Clone, Debug, Default)]
struct Tally {
    partners: u64,
    points: Number,
}

/// What a partner comes to under both editions.
#[derive(Clone, Debug, Default)]
pub(crate) struct Both {
    pub(crate) before: Standing,
    pub(crate) after: Standing,
    /// The discount in percent before and after, where both editions have a scheme.
    pub(crate) percents: Option<(Number, Number)>,
    /// What the partner spent on what the discount is taken off, where that is known.
    pub(crate) spent: Option<Number>,
}

impl Pair<'_> {
    /// What the change does to every partner, with the reasons of those that are moved.
    pub fn impact(&self, as_of: Day, known_at: Option<Timestamp>, threads: usize) -> Impact {
        let moves = self.moves(as_of, threads, true);
        let moved = moves.moved.iter().map(|partner| self.impact_on(*partner, as_of)).collect();
        let partners = self.new.facts.partners().len() as u64;
        self.told(moves, (as_of, known_at), partners, moved)
    }

    /// What was found of so many partners, with the reasons of those of the moved that are to be
    /// told.
    pub fn told(
        &self,
        moves: Moves,
        (as_of, known_at): (Day, Option<Timestamp>),
        partners: u64,
        mut moved: Vec<PartnerImpact>,
    ) -> Impact {
        moved.sort_by(|a, b| a.partner.cmp(&b.partner));
        // Of no partner there are no percents, though both editions may have a discount.
        let schemes = || self.old.support_scheme().zip(self.new.support_scheme());
        let nobody = (partners == 0).then(schemes).flatten().map(|_| Default::default());
        let discount = moves.discount.clone().or(nobody).map(|(before, after)| DiscountCounts {
            partners_before: before.partners,
            partners_after: after.partners,
            points_before: before.points,
            points_after: after.points,
            money: self.money_counts(&moves.money),
        });
        Impact {
            network: self.new.edition.network.clone(),
            old: self.old.edition.id.clone(),
            new: self.new.edition.id.clone(),
            as_of,
            known_at,
            partners,
            tiers: self.tiers(&moves),
            totals: moves.totals,
            discount,
            moved,
        }
    }

    /// Who is moved, and what every tier comes to. Discounts, which take longer than all the rest,
    /// may be left out.
    pub fn moves(&self, as_of: Day, threads: usize, has_discounts: bool) -> Moves {
        let partners: Vec<PartnerNumber> = self.new.facts.partners().collect();
        self.moves_of(&partners, as_of, threads, has_discounts)
    }

    /// The same of some partners. What is found of others under the same editions can be added.
    pub fn moves_of(
        &self,
        partners: &[PartnerNumber],
        as_of: Day,
        threads: usize,
        has_discounts: bool,
    ) -> Moves {
        const RUN: usize = 512;
        let views = self.views(as_of);
        let runs = Mutex::new(partners.chunks(RUN));
        let all = Mutex::new(Moves::new(self));
        let work = || {
            let first = PartnerNumber(0);
            let mut values = (
                Values::new(self.old, first, &views.0, None),
                Values::new(self.new, first, &views.1, None),
            );
            let mut both = Both::default();
            let mut moves = Moves::new(self);
            loop {
                let run = runs.lock().unwrap_or_else(PoisonError::into_inner).next();
                let Some(run) = run else { break };
                for partner in run {
                    self.old.stand(*partner, &mut values.0, &mut both.before);
                    self.new.stand(*partner, &mut values.1, &mut both.after);
                    (both.percents, both.spent) = (None, None);
                    if has_discounts {
                        both.percents = self.percents(*partner, as_of);
                        both.spent = self.spent(*partner, both.percents.as_ref(), as_of);
                    }
                    moves.add(self, *partner, &both);
                }
            }
            all.lock().unwrap_or_else(PoisonError::into_inner).append(moves);
        };
        std::thread::scope(|scope| {
            for _ in 1..threads.max(1) {
                scope.spawn(work);
            }
            work();
        });
        let mut moves = all.into_inner().unwrap_or_else(PoisonError::into_inner);
        moves.moved.sort_unstable();
        moves
    }

    fn views(&self, as_of: Day) -> (Viewpoint, Viewpoint) {
        (Viewpoint::on(self.old.edition, as_of), Viewpoint::on(self.new.edition, as_of))
    }

    /// The discounts of a partner for the period in which the day lies.
    fn percents(&self, partner: PartnerNumber, as_of: Day) -> Option<(Number, Number)> {
        let percent = |evaluator: &Evaluator<'_>| {
            let scheme = evaluator.support_scheme()?;
            let period = Period::containing(as_of, scheme.period_months);
            Some(evaluator.discount_percent(scheme, partner, period, as_of))
        };
        percent(self.old).zip(percent(self.new))
    }

    /// In which ways a partner is moved.
    fn effects(&self, both: &Both) -> Vec<Effect> {
        let mut effects = Vec::new();
        let (before, after) = (&both.before, &both.after);
        let rank = self.rank(both);
        // On a path that is gone nothing is attained any more.
        let is_gone = before.path.is_some() && after.path.is_none();
        match after.attained.cmp(&rank) {
            std::cmp::Ordering::Equal if is_gone && before.attained.is_some() => {
                effects.push(Effect::Loses);
            }
            std::cmp::Ordering::Greater => effects.push(Effect::Gains),
            std::cmp::Ordering::Less => effects.push(Effect::Loses),
            std::cmp::Ordering::Equal => {}
        }
        match (before.is_met(Column::Renewal), after.is_met(Column::Renewal)) {
            (Some(true), Some(false)) => effects.push(Effect::Endangered),
            (Some(false), Some(true)) => effects.push(Effect::Relieved),
            _ => {}
        }
        let in_the_way = |standing: &Standing| {
            let cells = standing.cells.iter();
            let count = cells.filter(|cells| cells.upgrade.state.is_in_the_way()).count();
            standing.tiers.upgrade.map(|_| count)
        };
        if in_the_way(after) == Some(1) && in_the_way(before).is_some_and(|before| before > 1) {
            effects.push(Effect::ComesNear);
        }
        if let Some((before, after)) = &both.percents {
            if before.is_less_than(after) {
                effects.push(Effect::DiscountHigher);
            } else if after.is_less_than(before) {
                effects.push(Effect::DiscountLower);
            }
        }
        effects
    }

    /// Where the tier attained under the old edition stands on the ladder of the new one; a tier
    /// that is gone stands with the next below it that is not.
    fn rank(&self, both: &Both) -> Option<usize> {
        let old = self.old.edition.paths.get(both.before.path?)?;
        let new = self.new.edition.paths.get(both.after.path?)?;
        if std::ptr::eq(self.old.edition, self.new.edition) {
            return both.before.attained;
        }
        let tiers = old.tiers.get(..=both.before.attained?)?;
        tiers.iter().rev().find_map(|tier| new.tiers.iter().position(|other| other.id == tier.id))
    }

    fn tiers(&self, moves: &Moves) -> Vec<TierCounts> {
        let mut all = Vec::new();
        let tally = |edition: &Edition, of: &[Vec<TierTally>], path: &str, tier: &str| {
            let at = edition.paths.iter().position(|known| known.id == path)?;
            let tiers = &edition.paths.get(at)?.tiers;
            let tier = tiers.iter().position(|known| known.id == tier)?;
            of.get(at)?.get(tier).copied()
        };
        let (old, new) = (self.old.edition, self.new.edition);
        let of_old = |path: &str| old.paths.iter().find(|known| known.id == path);
        let gone = old.paths.iter().filter(|path| !new.paths.iter().any(|of| of.id == path.id));
        for path in new.paths.iter().chain(gone) {
            let was = of_old(&path.id).map_or(&[][..], |path| &path.tiers);
            let is_gone =
                |tier: &&crate::rulebook::Tier| !path.tiers.iter().any(|known| known.id == tier.id);
            for tier in path.tiers.iter().chain(was.iter().filter(is_gone)) {
                all.push(TierCounts {
                    path: path.id.clone(),
                    tier: tier.id.clone(),
                    title: tier.title.clone(),
                    before: tally(old, &moves.before, &path.id, &tier.id),
                    after: tally(new, &moves.after, &path.id, &tier.id),
                });
            }
        }
        all
    }
}

impl Moves {
    /// Nothing yet.
    pub fn new(pair: &Pair<'_>) -> Self {
        let tallies = |edition: &Edition| {
            let paths = edition.paths.iter();
            paths.map(|path| vec![TierTally::default(); path.tiers.len()]).collect()
        };
        Self {
            before: tallies(pair.old.edition),
            after: tallies(pair.new.edition),
            ..Self::default()
        }
    }

    fn add(&mut self, pair: &Pair<'_>, partner: PartnerNumber, both: &Both) {
        let effects = pair.effects(both);
        if !effects.is_empty() {
            self.moved.push(partner);
        }
        self.totals.add(&effects);
        tally(&mut self.before, &both.before);
        tally(&mut self.after, &both.after);
        if let Some(percents) = &both.percents {
            let (was, is) = self.discount.get_or_insert_default();
            was.add(&percents.0);
            is.add(&percents.1);
            self.money.add(percents, both.spent.as_ref());
        }
    }

    /// Adds what was found of other partners under the same editions. Numbers of partners mean
    /// something only among the same facts.
    pub fn append(&mut self, mut other: Self) {
        self.moved.append(&mut other.moved);
        let totals = &mut self.totals;
        totals.gains += other.totals.gains;
        totals.loses += other.totals.loses;
        totals.endangered += other.totals.endangered;
        totals.relieved += other.totals.relieved;
        totals.comes_near += other.totals.comes_near;
        totals.discount_higher += other.totals.discount_higher;
        totals.discount_lower += other.totals.discount_lower;
        totals.unmoved += other.totals.unmoved;
        for (own, new) in [(&mut self.before, other.before), (&mut self.after, other.after)] {
            for (own, new) in own.iter_mut().flatten().zip(new.into_iter().flatten()) {
                own.held += new.held;
                own.attained += new.attained;
                own.renewal_met += new.renewal_met;
                own.upgrade_met += new.upgrade_met;
            }
        }
        if let Some((before, after)) = other.discount {
            let (was, is) = self.discount.get_or_insert_default();
            was.append(&before);
            is.append(&after);
        }
        self.money.append(&other.money);
    }
}

impl Tally {
    fn add(&mut self, percent: &Number) {
        if *percent != Number::ZERO {
            self.partners += 1;
            self.points = self.points.plus(percent);
        }
    }

    fn append(&mut self, other: &Self) {
        self.partners += other.partners;
        self.points = self.points.plus(&other.points);
    }
}

fn tally(tallies: &mut [Vec<TierTally>], standing: &Standing) {
    let Some(tiers) = standing.path.and_then(|path| tallies.get_mut(path)) else { return };
    let mut count = |tier: Option<usize>, add: fn(&mut TierTally)| {
        if let Some(tally) = tier.and_then(|tier| tiers.get_mut(tier)) {
            add(tally);
        }
    };
    count(standing.attained, |tally| tally.attained += 1);
    count(standing.tiers.renewal, |tally| tally.held += 1);
    if standing.is_met(Column::Renewal) == Some(true) {
        count(standing.tiers.renewal, |tally| tally.renewal_met += 1);
    }
    if standing.is_met(Column::Upgrade) == Some(true) {
        count(standing.tiers.upgrade, |tally| tally.upgrade_met += 1);
    }
}
