//! The lowest and the highest value that a measure can ever have.

use std::collections::BTreeSet;

use super::Check;
use crate::decimal::Decimal;
use crate::facts::{OpenedBy, Severity};
use crate::rulebook::{Field, Measure, MeasureRule, NumberField, Selection, Target};

impl Check<'_, '_> {
    /// Why a bar is beside what a measure can have, with the code of the problem.
    pub(super) fn beside(
        &self,
        measure: &Measure,
        target: Target,
    ) -> Option<(&'static str, String)> {
        let highest = self.highest(measure).filter(|highest| steps(target.bar()) > *highest);
        let id = &measure.id;
        match (target, highest) {
            (Target::AtLeast(bar), Some(highest)) => {
                let most = number(highest);
                let message = format!("`{id}` is never more than {most}, and {bar} is asked");
                Some(("never-met", message))
            }
            (Target::AtMost(bar), Some(highest)) => {
                let most = number(highest);
                let message =
                    format!("`{id}` is never more than {most}, so that {bar} asks nothing");
                Some(("always-met", message))
            }
            (Target::AtMost(bar), None) if bar < lowest(measure) => {
                let message =
                    format!("`{id}` is never less than {}, and {bar} is allowed", lowest(measure));
                Some(("never-met", message))
            }
            _ => None,
        }
    }

    /// The highest value, in steps of a decimal, where there is one.
    fn highest(&self, measure: &Measure) -> Option<u128> {
        let whole = |number: u64| Some(steps(Decimal::from_whole(number)));
        match &measure.rule {
            MeasureRule::Share { .. }
            | MeasureRule::Document { .. }
            | MeasureRule::Decision { .. } => whole(1),
            MeasureRule::Sustained { up_to_months } => whole((*up_to_months).into()),
            MeasureRule::Mean { field: NumberField::Score | NumberField::Scores, .. } => whole(5),
            MeasureRule::Count { of, distinct: Some(field) } => {
                whole(self.distinct_values(of, field)?)
            }
            MeasureRule::Points(parts) => parts.iter().try_fold(0_u128, |sum, part| {
                let of = self.edition.measures.get(part.measure)?;
                // A part of points that is points itself is a problem of its own.
                let is_points = matches!(of.rule, MeasureRule::Points(_));
                let highest = if is_points { None } else { self.highest(of) };
                let earned = highest.map(|value| times(value, part.points));
                let limits = [earned, part.at_most.map(steps)];
                Some(sum.saturating_add(limits.into_iter().flatten().min()?))
            }),
            MeasureRule::Mean { .. }
            | MeasureRule::Count { .. }
            | MeasureRule::Sum { .. }
            | MeasureRule::People(_) => None,
        }
    }

    /// How many different values a field can have behind the selection's own filters.
    fn distinct_values(&self, of: &Selection, field: &Field) -> Option<u64> {
        let own = of.filters.iter().find(|filter| filter.field == *field);
        let found = match field {
            Field::Program => self.programs(of.filters.iter()).count(),
            Field::Category => {
                let programs = self.programs(of.filters.iter());
                programs.map(|program| &program.category).collect::<BTreeSet<_>>().len()
            }
            _ if own.is_some() => own?.one_of.len(),
            Field::OpenedBy => OpenedBy::ALL.len(),
            Field::Severity => Severity::ALL.len(),
            Field::ResolutionCode => self.edition.resolution_codes.len(),
            Field::Kind => self.edition.event_kinds.len(),
            Field::Customer
            | Field::UseCase
            | Field::Industry
            | Field::Country
            | Field::Subject
            | Field::Attribute(_) => return None,
        };
        u64::try_from(found).ok()
    }
}

/// The lowest value.
const fn lowest(measure: &Measure) -> Decimal {
    match measure.rule {
        MeasureRule::Mean { field: NumberField::Score | NumberField::Scores, .. } => {
            Decimal::from_whole(1)
        }
        _ => Decimal::ZERO,
    }
}

/// A decimal in units of its smallest step.
fn steps(decimal: Decimal) -> u128 {
    u128::from(decimal.whole()) * u128::from(Decimal::STEPS) + u128::from(decimal.fraction())
}

/// A number of steps, each worth so much. Highest values are whole but for points of points.
fn times(value: u128, points: Decimal) -> u128 {
    let whole = value.div_ceil(u128::from(Decimal::STEPS));
    whole.saturating_mul(steps(points))
}

/// A number of steps as people write it.
fn number(value: u128) -> String {
    let one = u128::from(Decimal::STEPS);
    let text = format!("{}.{:018}", value / one, value % one);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
