//! What an edition says that does not fit together: bars that nothing can reach, ladders that
//! contradict themselves, windows without a beginning, entries that nothing uses.
//!
//! Of what could not be read well nothing is concluded. Whether the rules are wise is not
//! checked.

mod bounds;
mod discounts;
mod ladder;
mod sequence;
mod training;

use std::collections::BTreeSet;

use super::document::Document;
use super::load::Lists;
use super::{Edition, Field, Filter, Measure, MeasureRule, PeopleRule, Selection, Window};
use crate::evaluation::PEOPLE_MEASURES;

pub use sequence::check_sequence;

/// Reports what does not fit together within an edition.
pub(crate) fn check(edition: &Edition, lists: &Lists<'_>, document: &Document<'_>) {
    let is_clean = document.is_clean();
    let check = Check { edition, lists, document };
    for (at, measure) in edition.measures.iter().enumerate() {
        if check.is_sound(at) {
            check.measure(at, measure);
        }
    }
    check.count_people_measures();
    for (number, path) in edition.paths.iter().enumerate() {
        check.ladder(number, path);
    }
    for (number, scheme) in edition.discounts.iter().enumerate() {
        check.discount(number, scheme);
    }
    if is_clean {
        check.training();
    }
    // What could not be read may be what uses an entry.
    if is_clean {
        check.unused();
    }
}

/// An edition while it is checked.
struct Check<'c, 'd> {
    edition: &'c Edition,
    lists: &'c Lists<'d>,
    document: &'c Document<'d>,
}

impl Check<'_, '_> {
    /// Whether a measure was read well, with all that it refers to.
    fn is_sound(&self, measure: usize) -> bool {
        let damaged = &self.lists.damaged;
        !damaged.lists && !damaged.measures.contains(&measure)
    }

    fn at_measure(&self, measure: usize, code: &'static str, message: String) {
        self.document.problem(&self.lists.measures.place(measure), code, message, None);
    }

    fn count_people_measures(&self) {
        let is_people = |measure: &Measure| matches!(measure.rule, MeasureRule::People(_));
        let measures = self.edition.measures.iter().enumerate();
        let mut people = measures.filter(|(_, measure)| is_people(measure));
        if let Some((first, _)) = people.nth(PEOPLE_MEASURES) {
            let message = format!("there are more than {PEOPLE_MEASURES} people measures");
            self.at_measure(first, "too-many-measures", message);
        }
    }

    fn measure(&self, at: usize, measure: &Measure) {
        let id = &measure.id;
        match &measure.rule {
            MeasureRule::People(rule) if !self.selects_anybody(rule) => {
                let message = format!("no credential of the catalogue counts for `{id}`");
                self.at_measure(at, "never-met", message);
            }
            MeasureRule::Points(parts) => {
                for (number, part) in parts.iter().enumerate() {
                    self.part(at, number, part.measure);
                }
            }
            MeasureRule::Count { of, distinct } => {
                self.selection(at, of, &[]);
                if let Some(field) = distinct {
                    self.attribute(at, of, field);
                }
            }
            MeasureRule::Sum { of, .. } | MeasureRule::Mean { of, .. } => {
                self.selection(at, of, &[]);
            }
            MeasureRule::Share { of, matching } => self.selection(at, of, matching),
            MeasureRule::People(_)
            | MeasureRule::Document { .. }
            | MeasureRule::Decision { .. }
            | MeasureRule::Sustained { .. } => {}
        }
        let windows = [measure.windows.renewal, measure.windows.upgrade];
        let review = &self.edition.review;
        let is_without_beginning =
            windows.contains(&Window::SinceReview) && review.resets_windows.is_empty();
        if is_without_beginning && !self.lists.damaged.review {
            let message = "nothing begins the window: `resets_windows` is empty".to_owned();
            self.at_measure(at, "bad-window", message);
        }
        let is_of_periods = |window: &Window| matches!(window, Window::MonthsBeforePeriod(_));
        if windows.iter().any(is_of_periods) && measure.windows.renewal != measure.windows.upgrade {
            let message = "`months_before_period` cannot be the window of one column".to_owned();
            self.at_measure(at, "bad-window", message);
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

    fn part(&self, points: usize, number: usize, measure: usize) {
        let Some(of) = self.edition.measures.get(measure) else { return };
        if self.is_sound(measure)
            && matches!(of.rule, MeasureRule::Points(_) | MeasureRule::Sustained { .. })
        {
            let place = self.lists.parts.get(&(points, number)).cloned().unwrap_or_default();
            let message = format!("`{}` cannot be a part of points", of.id);
            self.document.problem(&place, "bad-measure", message, None);
        }
    }

    /// Filters that no fact can pass, and attributes that no event has.
    fn selection(&self, at: usize, of: &Selection, matching: &[Filter]) {
        let filters = || of.filters.iter().chain(matching);
        for filter in filters() {
            self.attribute(at, of, &filter.field);
        }
        let asks_for_programs =
            filters().any(|filter| matches!(filter.field, Field::Program | Field::Category));
        if asks_for_programs && self.programs(filters()).next().is_none() {
            let message = "no program passes these filters".to_owned();
            self.at_measure(at, "never-met", message);
        }
        for filter in matching.iter().filter(|filter| filter.field != Field::Program) {
            let same = of.filters.iter().find(|whole| whole.field == filter.field);
            let passes = |value: &String| same.is_none_or(|whole| whole.one_of.contains(value));
            if !filter.one_of.iter().any(passes) {
                let message = "no fact that passes `where` can match".to_owned();
                self.at_measure(at, "never-met", message);
            }
        }
    }

    /// The programs that pass filters of validations.
    fn programs<'f>(
        &self,
        filters: impl Iterator<Item = &'f Filter> + Clone,
    ) -> impl Iterator<Item = &crate::rulebook::Program> {
        self.edition.programs.iter().filter(move |program| {
            filters.clone().all(|filter| match filter.field {
                Field::Program => filter.one_of.contains(&program.id),
                Field::Category => filter.one_of.contains(&program.category),
                _ => true,
            })
        })
    }

    /// An attribute that none of the event kinds looked at can have.
    fn attribute(&self, at: usize, of: &Selection, field: &Field) {
        let Field::Attribute(name) = field else { return };
        let kinds = of.filters.iter().find(|filter| filter.field == Field::Kind);
        let mut looked_at = self
            .edition
            .event_kinds
            .iter()
            .filter(|kind| kinds.is_none_or(|kinds| kinds.one_of.contains(&kind.id)));
        // A kind that names none may have any.
        if !looked_at.any(|kind| kind.attributes.is_empty() || kind.attributes.contains(name)) {
            let known = self.edition.event_kinds.iter().flat_map(|kind| &kind.attributes);
            let hint = self.document.did_you_mean(name, known.map(String::as_str));
            let message =
                format!("no such event has an attribute `{}`", super::document::shown(name));
            self.document.problem(&self.lists.measures.place(at), "never-met", message, hint);
        }
    }

    /// Entries that nothing uses.
    fn unused(&self) {
        let tiers = self.edition.paths.iter().flat_map(|path| &path.tiers);
        let asked = tiers.flat_map(|tier| &tier.requires).map(|asked| asked.measure);
        let schemes = self.edition.discounts.iter();
        let earning = schemes.flat_map(|scheme| &scheme.measures).map(|asked| asked.measure);
        let mut used: BTreeSet<usize> = asked.chain(earning).collect();
        for measure in &self.edition.measures {
            if let MeasureRule::Points(parts) = &measure.rule {
                used.extend(parts.iter().map(|part| part.measure));
            }
        }
        for (at, measure) in self.edition.measures.iter().enumerate() {
            if !used.contains(&at) {
                let message =
                    format!("`{}` is asked by no tier, no discount and no points", measure.id);
                self.at_measure(at, "unused-measure", message);
            }
        }
        let used: BTreeSet<usize> =
            self.edition.measures.iter().map(|measure| measure.component).collect();
        for (at, component) in self.edition.components.iter().enumerate() {
            if !used.contains(&at) {
                let message = format!("no measure is in the component `{}`", component.id);
                let place = self.lists.components.place(at);
                self.document.problem(&place, "unused-component", message, None);
            }
        }
    }
}
