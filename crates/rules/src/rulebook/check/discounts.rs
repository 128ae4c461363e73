//! What a discount scheme says that does not fit together.

use super::Check;
use crate::rulebook::{Condition, DiscountScheme, Measure, MeasureRule, Window};

impl Check<'_, '_> {
    pub(super) fn discount(&self, number: usize, scheme: &DiscountScheme) {
        let place = self.lists.scheme_places.get(number).cloned().unwrap_or_default();
        let (base, ceiling) = (scheme.base_percent, scheme.ceiling_percent);
        if ceiling < base {
            let message =
                format!("the ceiling of `{}`, {ceiling}, lies below its base, {base}", scheme.id);
            self.document.problem(&place, "bad-discount", message, None);
        }
        self.eligibility(number, scheme);
        for (at, asked) in scheme.measures.iter().enumerate() {
            let Some(measure) = self.sound(asked.measure) else { continue };
            let key = (number, at);
            let place = self.lists.discount_measures.get(&key).cloned().unwrap_or_default();
            if !self.is_by_period(measure) {
                let message = format!(
                    "`{}` earns a discount, so that its window must be `months_before_period`",
                    measure.id
                );
                self.document.problem(&place, "bad-window", message, None);
            }
            if let Some((code, message)) = self.beside(measure, asked.target) {
                self.document.problem(&place, code, message, None);
            }
        }
    }

    /// Whether all that a measure looks at lies before a discount period.
    fn is_by_period(&self, measure: &Measure) -> bool {
        let is_own =
            |measure: &Measure| matches!(measure.windows.upgrade, Window::MonthsBeforePeriod(_));
        match &measure.rule {
            MeasureRule::Points(parts) => {
                let measures = &self.edition.measures;
                parts.iter().filter_map(|part| measures.get(part.measure)).all(is_own)
            }
            _ => is_own(measure),
        }
    }

    /// Paths and tiers that no partner can have together.
    fn eligibility(&self, number: usize, scheme: &DiscountScheme) {
        let conditions = || scheme.eligibility.iter().map(|rule| &rule.condition);
        let mut paths = self.edition.paths.iter().filter(|path| {
            conditions().all(|condition| match condition {
                Condition::Path(ids) => ids.contains(&path.id),
                _ => true,
            })
        });
        let is_met = paths.any(|path| {
            let mut tiers = path.tiers.iter();
            tiers.any(|tier| {
                conditions().all(|condition| match condition {
                    Condition::Tier(ids) => ids.contains(&tier.id),
                    _ => true,
                })
            })
        });
        // A path or a tier that could not be read is missed here as well.
        let is_read = conditions().all(|condition| match condition {
            Condition::Path(ids) | Condition::Tier(ids) => !ids.is_empty(),
            _ => true,
        });
        if !is_met && is_read && !self.edition.paths.is_empty() {
            let place = self.lists.scheme_places.get(number).cloned().unwrap_or_default();
            let message =
                format!("nobody is eligible for `{}`: no path has these tiers", scheme.id);
            self.document.problem(&place, "never-met", message, None);
        }
    }
}
