//! Evaluates an edition over facts: the values of measures, the tier they come to, and why.
//!
//! An [`Evaluator`] is an edition made ready for a set of facts: ids have become numbers, lists
//! have become masks. It is asked about one partner at a time, as of any day. There is one
//! evaluation, not a fast and an explained one: what a fact comes to is decided in one place,
//! and explaining a value is listing those decisions.
//!
//! Evaluation is total: it never fails, and what it cannot know it calls unknown.

mod affiliations;
mod dated;
mod history;
mod people;
mod selection;
mod standing;
mod viewpoint;

use crate::facts::{Facts, Grouped, PartnerNumber, ReviewKind};
use crate::rulebook::{Catalogue, Column, Columns, Edition, MeasureRule, Target};

pub(crate) use affiliations::by_person;
pub(crate) use dated::{
    Verdict, decision_reason, document_last, document_reason, field, is_decision,
};
pub use history::TierOn;
pub(crate) use history::{AssumedReview, History, TierHeld};
pub(crate) use people::{
    Holdings, PEOPLE_MEASURES, PeopleRules, credential_reason, last_valid_day, membership_reason,
};
pub(crate) use selection::{CompiledSelection, Place, Reads};
pub(crate) use standing::Values;
pub use standing::{Cell, Standing, State};
pub(crate) use viewpoint::{Days, Viewpoint, first_rolling, first_still_valid};

use crate::number::Number;

/// The versions of the evaluation that this engine can run.
pub const EVALUATIONS: [u32; 1] = [1];

/// An edition made ready to be evaluated over facts.
#[derive(Debug)]
pub struct Evaluator<'a> {
    pub(crate) edition: &'a Edition,
    pub(crate) catalogue: &'a Catalogue,
    pub(crate) facts: &'a Facts,
    /// The edition's path of each path of the catalogue.
    path_of: Vec<Option<usize>>,
    pub(crate) paths: Vec<CompiledPath>,
    pub(crate) measures: Vec<CompiledMeasure>,
    pub(crate) people: PeopleRules,
    /// Reviews that are assumed to be held, by partner; as a rule none.
    pub(crate) assumed: Grouped<AssumedReview>,
}

/// A path made ready: its rows and what each tier asks in each.
#[derive(Clone, Debug)]
pub(crate) struct CompiledPath {
    /// Measures that some tier names, in the edition's order.
    pub(crate) rows: Vec<usize>,
    pub(crate) tiers: Vec<CompiledTier>,
    /// The edition's tier of each tier of the catalogue.
    pub(crate) tier_of: Vec<Option<usize>>,
}

/// A tier made ready.
#[derive(Clone, Debug)]
pub(crate) struct CompiledTier {
    /// What it asks, by row of its path and column.
    pub(crate) asks: Vec<Columns<Option<Target>>>,
    /// Whether it names the measure of a row at all.
    pub(crate) names: Vec<bool>,
}

/// A measure made ready.
#[derive(Debug)]
pub(crate) enum CompiledMeasure {
    /// Counted by [`PeopleRules`].
    People { bit: u32 },
    /// Found by reading a table of dated facts.
    Dated { of: CompiledSelection, reads: Reads },
    /// A validated plan.
    Document { valid_months: u16 },
    /// A decision of a person.
    Decision { kind: ReviewKind },
    /// Months for which the rest was met.
    Sustained { up_to_months: u8 },
    /// The weighted sum of others.
    Points,
}

/// A value in one column.
#[derive(Clone, Debug, Default)]
pub(crate) struct Value {
    pub(crate) number: Number,
    /// Facts or people counted.
    pub(crate) n: u64,
    /// False where it cannot be known: no window, or nothing to measure.
    pub(crate) is_known: bool,
}

impl Value {
    /// Nothing is known.
    pub(crate) const UNKNOWN: Self = Self { number: Number::ZERO, n: 0, is_known: false };
}

impl<'a> Evaluator<'a> {
    /// Makes an edition ready for these facts, which were loaded with this catalogue.
    pub fn new(edition: &'a Edition, catalogue: &'a Catalogue, facts: &'a Facts) -> Self {
        let mut people = PeopleRules::new(edition, catalogue);
        let measures = edition
            .measures
            .iter()
            .map(|measure| match &measure.rule {
                MeasureRule::People(rule) => {
                    CompiledMeasure::People { bit: people.add(edition, catalogue, rule) }
                }
                MeasureRule::Document { valid_months } => {
                    CompiledMeasure::Document { valid_months: *valid_months }
                }
                MeasureRule::Decision { decision } => CompiledMeasure::Decision { kind: *decision },
                MeasureRule::Sustained { up_to_months } => {
                    CompiledMeasure::Sustained { up_to_months: *up_to_months }
                }
                MeasureRule::Points(_) => CompiledMeasure::Points,
                MeasureRule::Count { of, .. }
                | MeasureRule::Sum { of, .. }
                | MeasureRule::Mean { of, .. }
                | MeasureRule::Share { of, .. } => CompiledMeasure::Dated {
                    of: CompiledSelection::new(of, &measure.rule, edition, catalogue, facts),
                    reads: Reads::new(&measure.rule, edition, catalogue, facts),
                },
            })
            .collect();
        let path_of = catalogue
            .paths
            .iter()
            .map(|id| edition.paths.iter().position(|path| path.id == id))
            .collect();
        let paths =
            edition.paths.iter().map(|path| CompiledPath::new(edition, path, catalogue)).collect();
        let assumed = Grouped::default();
        Self { edition, catalogue, facts, path_of, paths, measures, people, assumed }
    }

    /// The edition that is evaluated.
    pub fn edition(&self) -> &'a Edition {
        self.edition
    }

    /// The facts that it is evaluated over.
    pub fn facts(&self) -> &'a Facts {
        self.facts
    }

    /// The id of the path that a partner is on.
    pub fn path_of(&self, partner: PartnerNumber) -> &str {
        let path = self.facts.partner(partner).map(|partner| partner.path);
        path.map_or("", |path| self.catalogue.paths.text(path))
    }

    /// The edition's path that a partner is on, if the edition knows it.
    pub(crate) fn path(&self, partner: PartnerNumber) -> Option<usize> {
        let path = self.facts.partner(partner)?.path;
        self.path_of.get(path as usize).copied().flatten()
    }
}

impl CompiledPath {
    /// What a tier asks in a row and column.
    #[inline]
    pub(crate) fn target(&self, tier: Option<usize>, row: usize, column: Column) -> Option<Target> {
        *self.tiers.get(tier?)?.asks.get(row)?.get(column)
    }

    fn new(edition: &Edition, path: &crate::rulebook::Path, catalogue: &Catalogue) -> Self {
        let names = |measure: usize| {
            path.tiers.iter().flat_map(|tier| &tier.requires).any(|asked| asked.measure == measure)
        };
        let rows: Vec<usize> = (0..edition.measures.len()).filter(|&at| names(at)).collect();
        let tiers = path
            .tiers
            .iter()
            .map(|tier| {
                let asked =
                    |measure: usize| tier.requires.iter().find(|asked| asked.measure == measure);
                let ask = |measure: usize, column: Column| {
                    let asked = asked(measure)?;
                    let is_asked = *asked.columns.get(column) && !asked.target.asks_nothing();
                    is_asked.then_some(asked.target)
                };
                CompiledTier {
                    asks: rows
                        .iter()
                        .map(|&measure| Columns {
                            renewal: ask(measure, Column::Renewal),
                            upgrade: ask(measure, Column::Upgrade),
                        })
                        .collect(),
                    names: rows.iter().map(|&measure| asked(measure).is_some()).collect(),
                }
            })
            .collect();
        let tier_of = catalogue
            .tiers
            .iter()
            .map(|id| path.tiers.iter().position(|tier| tier.id == id))
            .collect();
        Self { rows, tiers, tier_of }
    }
}
