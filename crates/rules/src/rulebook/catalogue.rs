//! The words that any edition of a network knows, numbered once for all of them.
//!
//! Facts outlive editions: a credential that only a later edition knows is still loaded, and
//! an edition that does not know it does not count it. A word that no edition knows is a
//! mistake in the facts. The catalogue also says which free fields of facts any edition ever
//! looks at, so that the others need not be kept in memory.

use std::collections::BTreeMap;

use super::{Edition, FactKind, Field, Filter, MeasureRule, Selection};
use crate::facts::Ids;

/// The words of a network.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    /// Ids of paths.
    pub paths: Ids,
    /// Ids of tiers of any path.
    pub tiers: Ids,
    /// Ids of credentials.
    pub credentials: Ids,
    /// Ids of programs.
    pub programs: Ids,
    /// Ids of resolution codes.
    pub resolution_codes: Ids,
    /// Ids of partner kinds.
    pub partner_kinds: Ids,
    /// Ids of event kinds.
    pub event_kinds: Ids,
    /// Attributes that events of a kind may carry, by the kind's number; empty: any.
    attributes: BTreeMap<u32, Vec<String>>,
    /// Tiers of each path, by the numbers of both.
    path_tiers: Vec<(u32, u32)>,
    labels: BTreeMap<FactKind, Vec<Field>>,
}

impl Catalogue {
    /// The words of all these editions.
    pub fn new<'a>(editions: impl IntoIterator<Item = &'a Edition>) -> Self {
        let mut catalogue = Self::default();
        for edition in editions {
            catalogue.add(edition);
        }
        catalogue
    }

    fn add(&mut self, edition: &Edition) {
        for path in &edition.paths {
            let path_number = number(&mut self.paths, &path.id);
            for tier in &path.tiers {
                let pair = (path_number, number(&mut self.tiers, &tier.id));
                if !self.path_tiers.contains(&pair) {
                    self.path_tiers.push(pair);
                }
            }
        }
        for credential in &edition.credentials {
            number(&mut self.credentials, &credential.id);
        }
        for program in &edition.programs {
            number(&mut self.programs, &program.id);
        }
        for code in &edition.resolution_codes {
            number(&mut self.resolution_codes, &code.id);
        }
        for kind in &edition.partner_kinds {
            number(&mut self.partner_kinds, &kind.id);
        }
        for kind in &edition.event_kinds {
            let at = number(&mut self.event_kinds, &kind.id);
            let known = self.attributes.entry(at).or_default();
            for name in &kind.attributes {
                if !known.contains(name) {
                    known.push(name.clone());
                }
            }
        }
        for measure in &edition.measures {
            self.add_labels(&measure.rule);
        }
    }

    fn add_labels(&mut self, rule: &MeasureRule) {
        match rule {
            MeasureRule::Count { of, distinct } => self.add_selection(of, distinct.as_ref(), &[]),
            MeasureRule::Sum { of, .. } | MeasureRule::Mean { of, .. } => {
                self.add_selection(of, None, &[]);
            }
            MeasureRule::Share { of, matching } => self.add_selection(of, None, matching),
            MeasureRule::People(_)
            | MeasureRule::Document { .. }
            | MeasureRule::Decision { .. }
            | MeasureRule::Sustained { .. }
            | MeasureRule::Points(_) => {}
        }
    }

    fn add_selection(&mut self, of: &Selection, distinct: Option<&Field>, matching: &[Filter]) {
        let filters = of.filters.iter().chain(matching).map(|filter| &filter.field);
        for field in filters.chain(distinct).filter(|field| field.is_label()) {
            let known = self.labels.entry(of.kind).or_default();
            if !known.contains(field) {
                known.push(field.clone());
            }
        }
    }

    /// The free fields of a kind of fact that some edition looks at.
    pub fn labels(&self, kind: FactKind) -> &[Field] {
        self.labels.get(&kind).map_or(&[], Vec::as_slice)
    }

    /// Whether some edition has this tier on this path.
    pub fn is_tier_of(&self, path: u32, tier: u32) -> bool {
        self.path_tiers.contains(&(path, tier))
    }

    /// The ids of the tiers of a path.
    pub fn tiers_of(&self, path: u32) -> impl Iterator<Item = &str> {
        self.path_tiers
            .iter()
            .filter(move |(of, _)| *of == path)
            .map(|(_, tier)| self.tiers.text(*tier))
    }

    /// The attributes that an event of this kind may carry; empty: any.
    pub fn attributes_of(&self, kind: u32) -> &[String] {
        self.attributes.get(&kind).map_or(&[], Vec::as_slice)
    }
}

impl Field {
    /// Whether facts hold it as free text, which is kept only where an edition looks at it.
    pub(crate) fn is_label(&self) -> bool {
        match self {
            Self::Customer
            | Self::UseCase
            | Self::Industry
            | Self::Country
            | Self::Subject
            | Self::Attribute(_) => true,
            Self::OpenedBy
            | Self::Severity
            | Self::ResolutionCode
            | Self::Program
            | Self::Category
            | Self::Kind => false,
        }
    }
}

fn number(ids: &mut Ids, id: &str) -> u32 {
    ids.insert(id.as_bytes()).map_or(u32::MAX, |(at, _)| at)
}
