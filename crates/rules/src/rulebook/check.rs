//! What an edition says that does not fit together: bars that nothing can reach, ladders that
//! contradict themselves, windows without a beginning, entries that nothing uses.

use super::document::{Document, Place};
use super::load::Lists;
use super::{
    DiscountScheme, Edition, Field, Measure, MeasureRule, NumberField, Path, PeopleRule,
    Requirement, Selection, Target, Window,
};
use crate::decimal::Decimal;
use crate::evaluation::PEOPLE_MEASURES;
use crate::problem::{Problem, Problems};

/// Reports what does not fit together within an edition.
pub(crate) fn check(edition: &Edition, lists: &Lists<'_>, document: &Document<'_>) {
    let check = Check { edition, lists, document };
    check.measures();
    for (number, path) in edition.paths.iter().enumerate() {
        check.ladder(number, path);
    }
    for scheme in &edition.discounts {
        check.discount(scheme);
    }
    check.unused();
    check.review();
}

/// Reports what does not fit together between the editions of networks: ids used twice, and
/// editions that come into force before the one that was published before them.
pub fn check_sequence(editions: &[(&str, &Edition)]) -> Problems {
    let mut problems = Problems::new();
    for (at, (file, edition)) in editions.iter().enumerate() {
        let others = editions.iter().take(at);
        if let Some((other, _)) = others.clone().find(|(_, other)| other.id == edition.id) {
            let message = format!("the edition `{}` is in {other} already", edition.id);
            problems.push(Problem::new("id-used-twice", message).in_file(*file).at(1, "1"));
        }
    }
    let mut sorted: Vec<&(&str, &Edition)> = editions.iter().collect();
    sorted.sort_by_key(|(_, edition)| {
        (&edition.network, edition.published_at, edition.in_force_from)
    });
    for pair in sorted.windows(2) {
        let [(_, before), (file, after)] = pair else { continue };
        if before.network == after.network && after.in_force_from < before.in_force_from {
            let message = format!(
                "`{}`, published after `{}`, comes into force before it: on {}, not after {}",
                after.id, before.id, after.in_force_from, before.in_force_from
            );
            let hint = "a correction has the same day; a later edition a later one";
            let problem = Problem::new("edition-out-of-order", message).in_file(*file).at(1, "1");
            problems.push(problem.hint(hint));
        }
        if before.network == after.network
            && before.id != after.id
            && (before.published_at, before.in_force_from)
                == (after.published_at, after.in_force_from)
        {
            let message = format!(
                "`{}` and `{}` were published at the same moment for the same day",
                before.id, after.id
            );
            let problem = Problem::new("edition-out-of-order", message).in_file(*file).at(1, "1");
            problems.push(problem.hint("one of them must be the later"));
        }
    }
    problems
}

struct Check<'c, 'd> {
    edition: &'c Edition,
    lists: &'c Lists<'d>,
    document: &'c Document<'d>,
}

impl Check<'_, '_> {
    fn measure_place(&self, measure: usize) -> Place {
        self.lists.measures.ids.get(measure).map_or(0..0, |(_, place)| place.clone())
    }

    fn at_measure(&self, measure: usize, code: &'static str, message: String) {
        self.document.problem(&self.measure_place(measure), code, message, None);
    }

    fn measures(&self) {
        let is_people = |measure: &&Measure| matches!(measure.rule, MeasureRule::People(_));
        let people = self.edition.measures.iter().filter(is_people).count();
        if people > PEOPLE_MEASURES {
            let message =
                format!("there are {people} people measures, more than {PEOPLE_MEASURES}");
            self.document.problem(&(0..0), "too-many-measures", message, None);
        }
        for (at, measure) in self.edition.measures.iter().enumerate() {
            if let MeasureRule::People(rule) = &measure.rule
                && !self.selects_anybody(rule)
            {
                let message = format!("no credential of the catalogue counts for `{}`", measure.id);
                self.at_measure(at, "never-met", message);
            }
            if let MeasureRule::Points(parts) = &measure.rule {
                for part in parts {
                    let of = self.edition.measures.get(part.measure);
                    let rule = of.map(|of| &of.rule);
                    if matches!(rule, Some(MeasureRule::Points(_) | MeasureRule::Sustained { .. }))
                    {
                        let id = of.map_or("", |of| of.id.as_str());
                        let message = format!("`{id}` cannot be a part of points");
                        self.at_measure(at, "bad-measure", message);
                    }
                }
            }
            let windows = [measure.windows.renewal, measure.windows.upgrade];
            if windows.contains(&Window::SinceReview)
                && self.edition.review.resets_windows.is_empty()
            {
                let message = "nothing begins the window: `resets_windows` is empty".to_owned();
                self.at_measure(at, "bad-window", message);
            }
        }
    }

    fn selects_anybody(&self, rule: &PeopleRule) -> bool {
        match rule {
            PeopleRule::Holding(credentials) => !credentials.is_empty(),
            PeopleRule::AtLevel(levels) | PeopleRule::HighestLevel(levels) => {
                self.edition.credentials.iter().any(|held| levels.contains(&held.level))
            }
        }
    }

    /// The highest value that a measure can ever have, where there is one.
    fn highest(&self, measure: &Measure) -> Option<u64> {
        match &measure.rule {
            MeasureRule::Share { .. }
            | MeasureRule::Document { .. }
            | MeasureRule::Decision { .. } => Some(1),
            MeasureRule::Sustained { up_to_months } => Some((*up_to_months).into()),
            MeasureRule::Mean { field: NumberField::Score | NumberField::Scores, .. } => Some(5),
            MeasureRule::Count { of, distinct: Some(field) } => self.distinct_values(of, field),
            MeasureRule::Mean { .. }
            | MeasureRule::Count { .. }
            | MeasureRule::Sum { .. }
            | MeasureRule::People(_)
            | MeasureRule::Points(_) => None,
        }
    }

    /// How many different values a field can have behind the selection's own filters.
    fn distinct_values(&self, of: &Selection, field: &Field) -> Option<u64> {
        let own = of.filters.iter().find(|filter| filter.field == *field);
        if let Some(own) = own {
            return Some(own.one_of.len() as u64);
        }
        if *field != Field::Program {
            return None;
        }
        let category = of.filters.iter().find(|filter| filter.field == Field::Category);
        let is_meant = |category_of: &String| {
            category.is_none_or(|category| category.one_of.contains(category_of))
        };
        let programs = self.edition.programs.iter();
        Some(programs.filter(|program| is_meant(&program.category)).count() as u64)
    }

    fn requirement_place(&self, path: usize, tier: usize, measure: usize) -> Place {
        let places = &self.lists.requirements;
        let found = places.iter().find(|(key, _)| *key == (path, tier, measure));
        found.map_or(0..0, |(_, place)| place.clone())
    }

    fn ladder(&self, number: usize, path: &Path) {
        for (at, tier) in path.tiers.iter().enumerate() {
            for asked in &tier.requires {
                let Some(measure) = self.edition.measures.get(asked.measure) else { continue };
                let place = self.requirement_place(number, at, asked.measure);
                let problem = |code: &'static str, message: String| {
                    self.document.problem(&place, code, message, None);
                };
                let windows = [measure.windows.renewal, measure.windows.upgrade];
                if windows.iter().any(|window| matches!(window, Window::MonthsBeforePeriod(_))) {
                    let message = format!("`{}` is measured by discount periods", measure.id);
                    problem("bad-window", message);
                }
                if let (Target::AtLeast(bar), Some(highest)) = (asked.target, self.highest(measure))
                    && bar > Decimal::from_whole(highest)
                {
                    let message = format!(
                        "`{}` is never more than {highest}, and {bar} is asked",
                        measure.id
                    );
                    problem("never-met", message);
                }
                for lower in path.tiers.iter().take(at) {
                    let same = lower.requires.iter().find(|low| low.measure == asked.measure);
                    let Some(low) = same else { continue };
                    if let Some((code, message)) = contradiction(&lower.id, low, &tier.id, asked) {
                        problem(code, message);
                    }
                }
            }
        }
    }

    fn discount(&self, scheme: &DiscountScheme) {
        if scheme.ceiling_percent < scheme.base_percent {
            let message = format!("the ceiling of `{}` lies below its base", scheme.id);
            self.document.problem(&(0..0), "bad-discount", message, None);
        }
        for asked in &scheme.measures {
            let Some(measure) = self.edition.measures.get(asked.measure) else { continue };
            if !matches!(measure.windows.upgrade, Window::MonthsBeforePeriod(_)) {
                let message = format!(
                    "`{}` earns a discount, so its window must be months before a period",
                    measure.id
                );
                self.at_measure(asked.measure, "bad-window", message);
            }
            if let (Target::AtLeast(bar), Some(highest)) = (asked.target, self.highest(measure))
                && bar > Decimal::from_whole(highest)
            {
                let message = format!("`{}` is never more than {highest}", measure.id);
                self.at_measure(asked.measure, "never-met", message);
            }
        }
    }

    fn unused(&self) {
        let tiers = self.edition.paths.iter().flat_map(|path| &path.tiers);
        let mut used: Vec<usize> =
            tiers.flat_map(|tier| &tier.requires).map(|asked| asked.measure).collect();
        let schemes = self.edition.discounts.iter();
        used.extend(schemes.flat_map(|scheme| &scheme.measures).map(|asked| asked.measure));
        for measure in &self.edition.measures {
            if let MeasureRule::Points(parts) = &measure.rule {
                used.extend(parts.iter().map(|part| part.measure));
            }
        }
        for (at, measure) in self.edition.measures.iter().enumerate() {
            if !used.contains(&at) {
                let message =
                    format!("`{}` is asked by no tier, no discount and no points", measure.id);
                self.at_measure(at, "unused", message);
            }
        }
        for (at, (id, place)) in self.lists.components.ids.iter().enumerate() {
            if !self.edition.measures.iter().any(|measure| measure.component == at) {
                let message = format!("no measure is in the component `{id}`");
                self.document.problem(place, "unused", message, None);
            }
        }
    }

    fn review(&self) {
        if self.edition.review.counted_from.is_empty() {
            let message = "`counted_from` is empty, so that no review is ever due".to_owned();
            self.document.problem(&(0..0), "bad-review", message, None);
        }
    }
}

/// Why an upper tier's requirement cannot stand above a lower tier's.
fn contradiction(
    lower: &str,
    low: &Requirement,
    upper: &str,
    high: &Requirement,
) -> Option<(&'static str, String)> {
    let (easier, unreachable) = ("tier-easier-than-below", "unreachable-tier");
    match (low.target, high.target) {
        (Target::AtLeast(low), Target::AtLeast(high)) if high < low => {
            Some((easier, format!("`{upper}` asks for {high}, `{lower}` below it for {low}")))
        }
        (Target::AtMost(low), Target::AtMost(high)) if high > low => {
            Some((easier, format!("`{upper}` allows {high}, `{lower}` below it only {low}")))
        }
        (Target::AtLeast(least), Target::AtMost(most))
        | (Target::AtMost(most), Target::AtLeast(least))
            if least > most =>
        {
            let message = format!(
                "`{upper}` cannot be reached: with `{lower}` below it, the value would have to be \
                 at least {least} and at most {most}"
            );
            Some((unreachable, message))
        }
        _ => None,
    }
}
