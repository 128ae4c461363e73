//! What lapses soon: rows of the renewal column that are met today and will not be, because ends
//! that are already written down (of a certificate, a plan, a validation, a membership) take effect.
//!
//! Only rows that look at the day itself can lapse. A window that moves on loses facts and gains
//! others; what it will hold is not known and not guessed here.

use serde::Serialize;

use crate::day::Day;
use crate::decimal::Decimal;
use crate::evaluation::{CompiledMeasure, CompiledPath, Evaluator, TierHeld, Values, Viewpoint};
use crate::facts::PartnerNumber;
use crate::number::Number;
use crate::rulebook::{Column, MeasureRule, Target, Window};

/// The first day on which rows of the renewal column are lost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Lapse {
    /// The first day on which they are not met.
    pub on: Day,
    /// The rows.
    pub rows: Vec<LapsedRow>,
}

/// A row that is lost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LapsedRow {
    /// The measure's id.
    pub measure: String,
    /// Its title.
    pub title: String,
    /// What it comes to on that day.
    pub value: Number,
    /// The bar.
    pub target: Decimal,
    /// Whether the value must stay at or under the bar.
    #[serde(skip)]
    pub is_ceiling: bool,
}

/// A row that is met today.
#[derive(Clone, Copy)]
struct Met {
    measure: usize,
    target: Target,
}

impl Evaluator<'_> {
    /// What of the renewal column lapses in so many days behind a day, with what is known and has
    /// begun by then; none where nothing does. A row that is lost and met again within the days is
    /// none that lapses.
    pub fn renewal_lapse(&self, partner: PartnerNumber, as_of: Day, days: u16) -> Option<Lapse> {
        let view = Viewpoint::on(self.edition, as_of);
        let TierHeld::Tier(tier) = self.history(partner, &view).tier else { return None };
        let path = self.paths.get(self.path(partner)?)?;
        let met = self.met_on_the_day(path, tier, &mut Values::new(self, partner, &view, None));
        let lost = |day: Day| -> Vec<LapsedRow> {
            let view = Viewpoint::until(self.edition, day, as_of);
            let mut values = Values::new(self, partner, &view, None);
            met.iter().filter_map(|met| self.lost(*met, &mut values)).collect()
        };
        // Nothing is lost after `kept` days, something after `gone` days.
        let (mut kept, mut gone) = (0, i32::from(days));
        let mut rows = lost(as_of.plus_days(gone));
        if rows.is_empty() {
            return None;
        }
        while gone - kept > 1 {
            let middle = kept.midpoint(gone);
            let found = lost(as_of.plus_days(middle));
            if found.is_empty() {
                kept = middle;
            } else {
                (gone, rows) = (middle, found);
            }
        }
        Some(Lapse { on: as_of.plus_days(gone), rows })
    }

    fn met_on_the_day(
        &self,
        path: &CompiledPath,
        tier: usize,
        values: &mut Values<'_>,
    ) -> Vec<Met> {
        let asks = path.tiers.get(tier).map_or(&[][..], |tier| &tier.asks);
        let asked = asks.iter().zip(&path.rows).filter_map(|(asks, &measure)| {
            let target = asks.renewal.filter(|_| self.looks_at_the_day(measure))?;
            Some(Met { measure, target })
        });
        let is_met = |met: &Met| {
            let value = values.get(met.measure, Column::Renewal);
            value.is_known && value.number.meets(met.target)
        };
        asked.filter(is_met).collect()
    }

    fn lost(&self, Met { measure, target }: Met, values: &mut Values<'_>) -> Option<LapsedRow> {
        let value = values.get(measure, Column::Renewal);
        if value.is_known && value.number.meets(target) {
            return None;
        }
        let named = self.edition.measures.get(measure)?;
        Some(LapsedRow {
            measure: named.id.clone(),
            title: named.title.clone(),
            value: value.number.clone(),
            target: target.bar(),
            is_ceiling: matches!(target, Target::AtMost(_)),
        })
    }

    /// Whether a measure, with all its parts, looks at what is in force on the day.
    fn looks_at_the_day(&self, measure: usize) -> bool {
        let Some(rule) = self.edition.measures.get(measure) else { return false };
        match (&rule.rule, self.measures.get(measure)) {
            (MeasureRule::Points(parts), _) => {
                parts.iter().all(|part| self.looks_at_the_day(part.measure))
            }
            (_, None | Some(CompiledMeasure::Sustained { .. })) => false,
            _ => rule.windows.renewal == Window::AsOf,
        }
    }
}
