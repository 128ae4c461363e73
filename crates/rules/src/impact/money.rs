//! What a change of a discount comes to in money, where facts tell what a partner spends.

use serde::Serialize;

use super::Pair;
use crate::day::Day;
use crate::evaluation::{Evaluator, Viewpoint};
use crate::facts::{Currency, PartnerNumber};
use crate::number::{Number, Sum};
use crate::rulebook::{Spend, Window};

/// A discount in money.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Money {
    /// The currency of all of it.
    pub currency: String,
    /// Over how many months, ending with the day, it was spent.
    pub months: u16,
    /// What the partner spent.
    pub spent: Number,
    /// The discount on it before.
    pub before: Number,
    /// The discount on it after.
    pub after: Number,
}

impl Money {
    /// What the change moves.
    pub fn moved(&self) -> Number {
        self.before.difference(&self.after)
    }
}

/// Discounts of a network in money.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MoneyCounts {
    /// The currency of all of it.
    pub currency: String,
    /// Over how many months, ending with the day, it was spent.
    pub months: u16,
    /// Partners with a discount, before or after, of whom it is known what they spent.
    pub known: u64,
    /// Partners with a discount of whom it is not known.
    pub unknown: u64,
    /// What the former spent.
    pub spent: Number,
    /// Their discounts on it before.
    pub before: Number,
    /// Their discounts on it after.
    pub after: Number,
}

/// Sums over partners.
#[derive(Clone, Debug, Default)]
pub(super) struct MoneyTally {
    known: u64,
    unknown: u64,
    spent: Number,
    before: Number,
    after: Number,
}

impl MoneyTally {
    /// Adds a partner with these percents, and what it spent where that is known.
    pub(super) fn add(&mut self, (before, after): &(Number, Number), spent: Option<&Number>) {
        if *before == Number::ZERO && *after == Number::ZERO {
            return;
        }
        let Some(spent) = spent else {
            self.unknown += 1;
            return;
        };
        self.known += 1;
        self.spent = self.spent.plus(spent);
        self.before = self.before.plus(&percent_of(before, spent));
        self.after = self.after.plus(&percent_of(after, spent));
    }

    pub(super) fn append(&mut self, other: &Self) {
        self.known += other.known;
        self.unknown += other.unknown;
        self.spent = self.spent.plus(&other.spent);
        self.before = self.before.plus(&other.before);
        self.after = self.after.plus(&other.after);
    }
}

fn percent_of(percent: &Number, amount: &Number) -> Number {
    percent.product(amount).divided_by(100)
}

impl<'p> Pair<'p> {
    /// How facts tell what is spent: by the edition after, or by the one before where that one
    /// does not say.
    fn spend(&self) -> Option<(&'p Evaluator<'p>, &'p Spend)> {
        [self.new, self.old].into_iter().find_map(|evaluator| {
            let spend = evaluator.support_scheme()?.spend.as_ref()?;
            Some((evaluator, spend))
        })
    }

    /// What a partner with these percents spent; none where no fact tells, and where it has no
    /// discount anyway.
    pub(super) fn spent(
        &self,
        partner: PartnerNumber,
        percents: Option<&(Number, Number)>,
        as_of: Day,
    ) -> Option<Number> {
        let (before, after) = percents?;
        if *before == Number::ZERO && *after == Number::ZERO {
            return None;
        }
        let (evaluator, spend) = self.spend()?;
        evaluator.spent(spend, partner, as_of)
    }

    /// The discounts of a partner in money.
    pub(super) fn money(
        &self,
        percents: Option<&(Number, Number)>,
        spent: Option<&Number>,
    ) -> Option<Money> {
        let ((before, after), spent) = percents.zip(spent)?;
        let (evaluator, spend) = self.spend()?;
        Some(Money {
            currency: evaluator.edition.currency.clone(),
            months: spend.months,
            before: percent_of(before, spent),
            after: percent_of(after, spent),
            spent: spent.clone(),
        })
    }

    /// The sums over a network; none where neither edition says which facts tell what is spent.
    pub(super) fn money_counts(&self, tally: &MoneyTally) -> Option<MoneyCounts> {
        let (evaluator, spend) = self.spend()?;
        Some(MoneyCounts {
            currency: evaluator.edition.currency.clone(),
            months: spend.months,
            known: tally.known,
            unknown: tally.unknown,
            spent: tally.spent.clone(),
            before: tally.before.clone(),
            after: tally.after.clone(),
        })
    }
}

impl Evaluator<'_> {
    /// What a partner spent in the months that end with a day, in the edition's currency; none
    /// where no event tells. Amounts in other currencies, or in none, are not added.
    fn spent(&self, spend: &Spend, partner: PartnerNumber, as_of: Day) -> Option<Number> {
        let kind = self.edition.event_kinds.get(spend.kind)?;
        let code = self.catalogue.event_kinds.find(kind.id.as_bytes())?;
        let currency = Currency::parse(self.edition.currency.as_bytes())?;
        let view = Viewpoint::bare(as_of);
        let (first, last) = view.days(Window::RollingMonths(spend.months), None).bounds(&view)?;
        let events = &self.facts.events;
        let (mut sum, mut is_known) = (Sum::default(), false);
        for at in events.between(partner.0, first, last) {
            let (Some(row), Some(amount)) = (events.rows.rows.get(at), events.amounts.get(at))
            else {
                continue;
            };
            if u32::from(row.code) == code && row.tags.has_amount() && row.currency == currency {
                sum.add(*amount);
                is_known = true;
            }
        }
        is_known.then(|| sum.into_number())
    }
}
