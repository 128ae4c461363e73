//! What a path asks of its tiers: bars that cannot be met, and tiers that contradict those below.

use std::collections::BTreeMap;

use super::Check;
use crate::rulebook::{Measure, MeasureRule, Path, Requirement, Target, Tier, Window};

impl Check<'_, '_> {
    pub(super) fn ladder(&self, number: usize, path: &Path) {
        let mut below: BTreeMap<usize, Vec<(&Tier, &Requirement)>> = BTreeMap::new();
        for (at, tier) in path.tiers.iter().enumerate() {
            for asked in &tier.requires {
                let key = (number, at, asked.measure);
                let place = self.lists.requirements.get(&key).cloned().unwrap_or_default();
                let problem = |(code, message): (&'static str, String)| {
                    self.document.problem(&place, code, message, None);
                };
                if let Some(measure) = self.sound(asked.measure) {
                    if self.is_of_periods(measure) {
                        let message = format!("`{}` is measured by discount periods", measure.id);
                        problem(("bad-window", message));
                    }
                    self.beside(measure, asked.target).into_iter().for_each(problem);
                }
                let lower = below.entry(asked.measure).or_default();
                // The nearest contradiction says enough.
                let found =
                    lower.iter().rev().find_map(|(low, of)| contradiction(low, of, tier, asked));
                found.into_iter().for_each(problem);
                lower.push((tier, asked));
            }
            if !self.lists.damaged.tiers.contains(&(number, at)) {
                self.sustained(number, at, tier);
            }
        }
    }

    /// A measure that was read well.
    pub(super) fn sound(&self, measure: usize) -> Option<&Measure> {
        self.edition.measures.get(measure).filter(|_| self.is_sound(measure))
    }

    /// Whether a measure, or a part of it, looks at the months before a discount period.
    fn is_of_periods(&self, measure: &Measure) -> bool {
        let is_own = |measure: &Measure| {
            [measure.windows.renewal, measure.windows.upgrade]
                .iter()
                .any(|window| matches!(window, Window::MonthsBeforePeriod(_)))
        };
        match &measure.rule {
            MeasureRule::Points(parts) => {
                let measures = &self.edition.measures;
                parts.iter().filter_map(|part| measures.get(part.measure)).any(is_own)
            }
            _ => is_own(measure),
        }
    }

    /// Months for which all other requirements were met need some that can be met or not, and
    /// cannot wait for other months of that kind.
    fn sustained(&self, number: usize, at: usize, tier: &Tier) {
        let measures: Vec<(&Requirement, &Measure)> = tier
            .requires
            .iter()
            .filter(|asked| !asked.target.asks_nothing())
            .filter_map(|asked| Some((asked, self.edition.measures.get(asked.measure)?)))
            .collect();
        let is_sustained =
            |measure: &Measure| matches!(measure.rule, MeasureRule::Sustained { .. });
        let lasting = measures.iter().filter(|(asked, measure)| {
            asked.columns.upgrade
                && !is_sustained(measure)
                && measure.windows.upgrade != Window::SinceReview
        });
        let has_lasting = lasting.count() > 0;
        let sustained = measures.iter().filter(|(_, measure)| is_sustained(measure));
        for (nth, (asked, measure)) in sustained.enumerate() {
            let key = (number, at, asked.measure);
            let place = self.lists.requirements.get(&key).cloned().unwrap_or_default();
            let message = if nth > 0 {
                format!("`{}` asks for a second number of sustained months", tier.id)
            } else if !has_lasting {
                format!("`{}` asks nothing in the upgrade column that can be sustained", tier.id)
            } else {
                continue;
            };
            if self.is_sound(asked.measure) && !measure.id.is_empty() {
                self.document.problem(&place, "bad-sustained", message, None);
            }
        }
    }
}

/// Why a tier's requirement cannot stand above that of a lower tier.
fn contradiction(
    lower: &Tier,
    low: &Requirement,
    upper: &Tier,
    high: &Requirement,
) -> Option<(&'static str, String)> {
    let both = |low: bool, high: bool| low && high;
    let in_upgrade = both(low.columns.upgrade, high.columns.upgrade);
    if !in_upgrade && !both(low.columns.renewal, high.columns.renewal) {
        return None;
    }
    let (lower, upper) = (&lower.id, &upper.id);
    match (low.target, high.target) {
        (Target::AtLeast(low), Target::AtLeast(high)) if high < low => {
            let message = format!("`{upper}` asks for {high}, `{lower}` below it for {low}");
            Some(("tier-easier-than-below", message))
        }
        (Target::AtMost(low), Target::AtMost(high)) if high > low => {
            let message = format!("`{upper}` allows {high}, `{lower}` below it only {low}");
            Some(("tier-easier-than-below", message))
        }
        // To climb, the tiers below must be met as well.
        (Target::AtLeast(least), Target::AtMost(most))
        | (Target::AtMost(most), Target::AtLeast(least))
            if in_upgrade && least > most =>
        {
            let message = format!(
                "`{upper}` cannot be reached: with `{lower}` below it, the value would have to be \
                 at least {least} and at most {most}"
            );
            Some(("unreachable-tier", message))
        }
        _ => None,
    }
}
