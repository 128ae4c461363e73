//! Why a partner is moved by a change of rules, and what is left to do.

use serde::Serialize;

use super::{Both, Effect, Money, Pair};
use crate::day::Day;
use crate::decimal::Decimal;
use crate::evaluation::{CompiledMeasure, Evaluator, Standing, State, TierHeld, Values, Viewpoint};
use crate::facts::PartnerNumber;
use crate::number::Number;
use crate::rulebook::{Column, Target};

/// What a change of rules does to a partner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PartnerImpact {
    /// The partner's id.
    pub partner: String,
    /// The partner's name.
    pub name: String,
    /// The partner's path.
    pub path: String,
    /// The tier held; the same under both editions.
    pub tier: Option<String>,
    /// In which ways the partner is moved; empty where it is not.
    pub effects: Vec<Effect>,
    /// The tier attained before.
    pub attained_before: Option<String>,
    /// The tier attained after.
    pub attained_after: Option<String>,
    /// Whether the renewal column was met; none without a tier.
    pub renewal_before: Option<bool>,
    /// Whether it is.
    pub renewal_after: Option<bool>,
    /// Whether the upgrade column was met; none where there is no next tier.
    pub upgrade_before: Option<bool>,
    /// Whether it is.
    pub upgrade_after: Option<bool>,
    /// The discount before, in percent.
    pub discount_before: Option<Number>,
    /// The discount after.
    pub discount_after: Option<Number>,
    /// Both in money; none where no fact tells what the partner spent, and without a discount.
    pub money: Option<Money>,
    /// Tiers attained that the old edition does not have.
    pub new_tiers: Vec<String>,
    /// The requirements that moved the partner.
    pub because: Vec<Because>,
    /// What is left to do under the new edition to keep the tier held, and to reach the next.
    pub gaps: Vec<Gap>,
}

/// A requirement that comes to something else under the new edition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Because {
    /// The measure's id.
    pub measure: String,
    /// Its title.
    pub title: String,
    /// In which column.
    pub column: Column,
    /// The tier that asks.
    pub tier: String,
    /// What was asked before; none where nothing was.
    pub before: Option<Asked>,
    /// What is asked after; none where nothing is.
    pub after: Option<Asked>,
}

/// What a tier asks of a measure, and what it came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Asked {
    /// The value; zero where it is unknown.
    pub value: Number,
    /// The bar.
    pub target: Decimal,
    /// Whether the value must stay at or under the bar.
    #[serde(skip)]
    pub is_ceiling: bool,
    /// What the one comes to against the other.
    pub state: State,
}

/// Something that is left to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Gap {
    /// The column: to keep the tier, or to reach it.
    pub column: Column,
    /// The tier.
    pub tier: String,
    /// The measure's id.
    pub measure: String,
    /// Its title.
    pub title: String,
    /// What is counted.
    pub unit: Option<String>,
    /// What is asked.
    #[serde(flatten)]
    pub asked: Asked,
    /// How much is missing; none where it is too much, or unknown.
    pub missing: Option<Number>,
}

impl Pair<'_> {
    /// What the change does to one partner, whether it is moved or not.
    pub fn impact_on(&self, partner: PartnerNumber, as_of: Day) -> PartnerImpact {
        let views = self.views(as_of);
        let percents = self.percents(partner, as_of);
        let both = Both {
            before: self.old.standing_from(partner, &views.0),
            after: self.new.standing_from(partner, &views.1),
            spent: self.spent(partner, percents.as_ref(), as_of),
            percents,
        };
        let effects = self.effects(&both);
        let because = self.because(partner, &both, &effects, (&views.0, &views.1));
        let (before, after) = (&both.before, &both.after);
        let attained = |evaluator: &Evaluator<'_>, standing: &Standing| {
            tier_id(evaluator, standing, standing.attained)
        };
        let (discount_before, discount_after) = both.percents.clone().unzip();
        let row = self.new.facts.partner(partner);
        let paths = &self.new.catalogue.paths;
        PartnerImpact {
            partner: self.new.facts.partner_id(partner).to_owned(),
            name: self.new.facts.partner_name(partner).to_owned(),
            path: row.map_or("", |row| paths.text(row.path)).to_owned(),
            tier: held_id(self.new, after),
            attained_before: attained(self.old, before),
            attained_after: attained(self.new, after),
            renewal_before: before.is_met(Column::Renewal),
            renewal_after: after.is_met(Column::Renewal),
            upgrade_before: before.is_met(Column::Upgrade),
            upgrade_after: after.is_met(Column::Upgrade),
            discount_before,
            discount_after,
            money: self.money(both.percents.as_ref(), both.spent.as_ref()),
            new_tiers: self.new_tiers(&both),
            because,
            gaps: self.gaps(partner, after, &views.1),
            effects,
        }
    }

    /// The tiers gained that the old edition does not have.
    fn new_tiers(&self, both: &Both) -> Vec<String> {
        let ladder = |evaluator: &'_ Evaluator<'_>, standing: &Standing| {
            standing.path.and_then(|path| evaluator.edition.paths.get(path)).cloned()
        };
        let old = ladder(self.old, &both.before);
        let new = ladder(self.new, &both.after);
        let (Some(new), Some(last)) = (new, both.after.attained) else { return Vec::new() };
        let first = self.rank(both).map_or(0, |rank| rank + 1);
        let gained = new.tiers.get(first..=last).unwrap_or_default().iter();
        let is_new = |tier: &&crate::rulebook::Tier| {
            !old.iter().flat_map(|path| &path.tiers).any(|known| known.id == tier.id)
        };
        gained.filter(is_new).map(|tier| tier.id.clone()).collect()
    }

    /// The requirements that moved a partner, each once.
    fn because(
        &self,
        partner: PartnerNumber,
        both: &Both,
        effects: &[Effect],
        views: (&Viewpoint, &Viewpoint),
    ) -> Vec<Because> {
        let mut all: Vec<Because> = Vec::new();
        let mut add = |tier: Option<String>, column: Column| {
            let Some(tier) = tier else { return };
            for found in self.compared(partner, both, &tier, column, views) {
                if !all.contains(&found) {
                    all.push(found);
                }
            }
        };
        let (before, after) = (&both.before, &both.after);
        let rank = self.rank(both);
        let new_tier = |tier: Option<usize>| tier_id(self.new, after, tier);
        for effect in effects {
            match effect {
                // The tiers that were beyond reach, or are now.
                Effect::Gains => {
                    let first = rank.map_or(0, |rank| rank + 1);
                    let last = after.attained.unwrap_or(0);
                    (first..=last).for_each(|tier| add(new_tier(Some(tier)), Column::Upgrade));
                }
                Effect::Loses => {
                    let first = after.attained.map_or(0, |tier| tier + 1);
                    let last = rank.unwrap_or(0);
                    (first..=last).for_each(|tier| add(new_tier(Some(tier)), Column::Upgrade));
                }
                Effect::Endangered | Effect::Relieved => {
                    add(tier_id(self.old, before, before.tiers.renewal), Column::Renewal);
                }
                Effect::ComesNear => add(new_tier(after.tiers.upgrade), Column::Upgrade),
                Effect::DiscountHigher | Effect::DiscountLower => {}
            }
        }
        all
    }

    /// The requirements of a tier that come to another state.
    fn compared(
        &self,
        partner: PartnerNumber,
        both: &Both,
        tier: &str,
        column: Column,
        views: (&Viewpoint, &Viewpoint),
    ) -> Vec<Because> {
        let before = asked(self.old, partner, &both.before, tier, column, views.0);
        let after = asked(self.new, partner, &both.after, tier, column, views.1);
        let mut measures: Vec<&(String, String, Asked)> = before.iter().collect();
        measures.extend(after.iter().filter(|(id, ..)| !before.iter().any(|(old, ..)| old == id)));
        let of = |list: &[(String, String, Asked)], id: &str| {
            list.iter().find(|(known, ..)| known == id).map(|(.., asked)| asked.clone())
        };
        let is_in_the_way =
            |asked: &Option<Asked>| asked.as_ref().is_some_and(|asked| asked.state.is_in_the_way());
        measures
            .into_iter()
            .map(|(id, title, _)| Because {
                measure: id.clone(),
                title: title.clone(),
                column,
                tier: tier.to_owned(),
                before: of(&before, id),
                after: of(&after, id),
            })
            .filter(|found| is_in_the_way(&found.before) != is_in_the_way(&found.after))
            .collect()
    }

    /// What is in the way of keeping the tier held and of reaching the next.
    fn gaps(&self, partner: PartnerNumber, after: &Standing, view: &Viewpoint) -> Vec<Gap> {
        let mut gaps = Vec::new();
        for column in Column::BOTH {
            let Some(tier) = tier_id(self.new, after, *after.tiers.get(column)) else { continue };
            for (measure, title, asked) in asked(self.new, partner, after, &tier, column, view) {
                if !asked.state.is_in_the_way() {
                    continue;
                }
                let known = self.new.edition.measures.iter().find(|known| known.id == measure);
                let is_short = asked.state == State::NotMet && !asked.is_ceiling;
                gaps.push(Gap {
                    column,
                    tier: tier.clone(),
                    unit: known.and_then(|known| known.unit.clone()),
                    missing: is_short.then(|| asked.value.short_of(asked.target)),
                    measure,
                    title,
                    asked,
                });
            }
        }
        gaps
    }
}

/// What a tier of the partner's path asks in a column: measure, title, and what it comes to.
fn asked(
    evaluator: &Evaluator<'_>,
    partner: PartnerNumber,
    standing: &Standing,
    tier: &str,
    column: Column,
    view: &Viewpoint,
) -> Vec<(String, String, Asked)> {
    let ladder = standing.path.and_then(|path| evaluator.edition.paths.get(path));
    let path = standing.path.and_then(|path| evaluator.paths.get(path));
    let (Some(ladder), Some(path)) = (ladder, path) else { return Vec::new() };
    let Some(tier) = ladder.tiers.iter().position(|known| known.id == tier) else {
        return Vec::new();
    };
    let mut values = Values::new(evaluator, partner, view, standing.history.last_reset_on);
    let rows = path.rows.iter().enumerate();
    rows.filter_map(|(row, &at)| {
        let target = path.target(Some(tier), row, column)?;
        let value = match evaluator.measures.get(at) {
            Some(CompiledMeasure::Sustained { up_to_months }) => {
                evaluator.sustained(path, tier, *up_to_months, &mut values)
            }
            _ => values.get(at, column).clone(),
        };
        let measure = evaluator.edition.measures.get(at)?;
        let asked = Asked {
            state: State::of(&value, Some(target)),
            value: value.number,
            target: target.bar(),
            is_ceiling: matches!(target, Target::AtMost(_)),
        };
        Some((measure.id.clone(), measure.title.clone(), asked))
    })
    .collect()
}

fn tier_id(evaluator: &Evaluator<'_>, standing: &Standing, tier: Option<usize>) -> Option<String> {
    let path = evaluator.edition.paths.get(standing.path?)?;
    path.tiers.get(tier?).map(|tier| tier.id.clone())
}

fn held_id(evaluator: &Evaluator<'_>, standing: &Standing) -> Option<String> {
    match standing.history.tier {
        TierHeld::Tier(tier) => tier_id(evaluator, standing, Some(tier)),
        TierHeld::Foreign(tier) => Some(evaluator.catalogue.tiers.text(tier).to_owned()),
        TierHeld::NoTier | TierHeld::Unknown => None,
    }
}
