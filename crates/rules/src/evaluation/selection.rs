//! What a measure of dated facts selects, made ready: ids and words have become numbers.

use crate::facts::{Currency, Desk, Facts, NO_LABEL, OpenedBy, Severity, SupportMode, label_key};
use crate::rulebook::{
    Catalogue, Edition, FactKind, Field, Filter, MeasureRule, NumberField, Selection,
};

/// A selection made ready.
#[derive(Debug)]
pub(crate) struct CompiledSelection {
    pub(crate) kind: FactKind,
    pub(crate) filters: CompiledFilters,
    pub(crate) desk: Option<Desk>,
    /// Empty: any.
    pub(crate) support: Vec<SupportMode>,
    /// Amounts in another currency do not count.
    pub(crate) currency: Option<Currency>,
    /// The sum is of money: an amount without a currency does not count either.
    pub(crate) is_money: bool,
    /// Whether the edition knows each code of the catalogue, where that decides.
    knows_code: Option<Vec<bool>>,
}

/// Filters made ready: a fact passes when it passes each.
#[derive(Debug, Default)]
pub(crate) struct CompiledFilters(Vec<CompiledFilter>);

#[derive(Debug)]
struct CompiledFilter {
    place: Place,
    /// The numbers that pass.
    one_of: Vec<u32>,
    /// Codes that the edition does not know pass as well, to be listed as unknown.
    passes_unknown: Option<Vec<bool>>,
}

/// Where a fact has the value of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// In its code: program, event kind, resolution code.
    Code,
    /// In a case's tags.
    OpenedBy,
    /// In a case's tags.
    Severity,
    /// Among its kept free fields.
    Label(usize),
}

/// What is read off the facts that count.
#[derive(Debug)]
pub(crate) enum Reads {
    Count,
    Distinct { place: Place, group_of: Option<Vec<u32>> },
    Sum,
    Mean,
    Share(CompiledFilters),
}

impl CompiledSelection {
    pub(crate) fn new(
        of: &Selection,
        rule: &MeasureRule,
        edition: &Edition,
        catalogue: &Catalogue,
        facts: &Facts,
    ) -> Self {
        let field = match rule {
            MeasureRule::Sum { field, .. } | MeasureRule::Mean { field, .. } => Some(*field),
            _ => None,
        };
        let is_money = field == Some(NumberField::ExpectedMrr);
        let is_amount = is_money || field == Some(NumberField::Amount);
        let currency = is_amount.then(|| Currency::parse(edition.currency.as_bytes())).flatten();
        let names_code =
            of.filters.iter().any(|filter| matches!(filter.field, Field::Program | Field::Kind));
        let decides = matches!(of.kind, FactKind::Validation | FactKind::Event) && !names_code;
        Self {
            kind: of.kind,
            filters: CompiledFilters::new(of.kind, &of.filters, edition, catalogue, facts),
            desk: of.desk,
            support: of.support.clone(),
            currency,
            is_money,
            knows_code: decides.then(|| known_codes(of.kind, edition, catalogue)),
        }
    }

    /// Whether a fact of this kind that is not barred counts by its day and currency alone.
    #[inline]
    pub(crate) fn is_plain(&self) -> bool {
        matches!(self.kind, FactKind::Opportunity | FactKind::Rating | FactKind::SurveyResponse)
            && self.filters.is_empty()
    }

    /// Whether the measure looks at an amount that may be absent.
    #[inline]
    pub(crate) fn reads_amounts(&self) -> bool {
        self.currency.is_some() && !self.is_money
    }

    /// Whether an amount is in a currency that counts.
    #[inline]
    pub(crate) fn takes_currency(&self, currency: Currency) -> bool {
        self.currency
            .is_none_or(|own| currency == own || (!self.is_money && currency == Currency::NONE))
    }

    /// Whether the edition does not know the fact's code, where that keeps it from counting.
    #[inline]
    pub(crate) fn is_unknown(&self, code: u16) -> bool {
        let Some(known) = &self.knows_code else { return false };
        !known.get(usize::from(code)).copied().unwrap_or(true)
    }
}

/// For each code of the catalogue, whether the edition knows it.
fn known_codes(kind: FactKind, edition: &Edition, catalogue: &Catalogue) -> Vec<bool> {
    match kind {
        FactKind::Validation => catalogue
            .programs
            .iter()
            .map(|id| edition.programs.iter().any(|program| program.id == id))
            .collect(),
        FactKind::Event => catalogue
            .event_kinds
            .iter()
            .map(|id| edition.event_kinds.iter().any(|kind| kind.id == id))
            .collect(),
        _ => Vec::new(),
    }
}

impl CompiledFilters {
    fn new(
        kind: FactKind,
        filters: &[Filter],
        edition: &Edition,
        catalogue: &Catalogue,
        facts: &Facts,
    ) -> Self {
        let compile = |filter: &Filter| {
            let place = place(kind, &filter.field, catalogue);
            let words = filter.one_of.iter();
            let one_of = match &filter.field {
                Field::Program => words.filter_map(|id| find(&catalogue.programs, id)).collect(),
                Field::Kind => words.filter_map(|id| find(&catalogue.event_kinds, id)).collect(),
                Field::ResolutionCode => {
                    words.filter_map(|id| find(&catalogue.resolution_codes, id)).collect()
                }
                Field::Category => edition
                    .programs
                    .iter()
                    .filter(|program| filter.one_of.contains(&program.category))
                    .filter_map(|program| find(&catalogue.programs, &program.id))
                    .collect(),
                Field::OpenedBy => words
                    .filter_map(|word| OpenedBy::from_word(word.as_bytes()))
                    .map(|value| value as u32)
                    .collect(),
                Field::Severity => words
                    .filter_map(|word| Severity::from_word(word.as_bytes()))
                    .map(|value| value as u32)
                    .collect(),
                Field::Customer
                | Field::UseCase
                | Field::Industry
                | Field::Country
                | Field::Subject
                | Field::Attribute(_) => words
                    .filter_map(|word| {
                        facts.table(kind)?.label_texts.find(&label_key(word.as_bytes()))
                    })
                    .collect(),
            };
            let passes_unknown = (filter.field == Field::Category).then(|| {
                known_codes(kind, edition, catalogue).iter().map(|known| !known).collect()
            });
            CompiledFilter { place, one_of, passes_unknown }
        };
        Self(filters.iter().map(compile).collect())
    }

    /// Whether a fact passes each filter.
    #[inline]
    pub(crate) fn pass(&self, value: impl Fn(Place) -> u32) -> bool {
        self.0.iter().all(|filter| {
            let value = value(filter.place);
            filter.one_of.contains(&value)
                || filter
                    .passes_unknown
                    .as_ref()
                    .is_some_and(|unknown| unknown.get(value as usize).copied().unwrap_or(false))
        })
    }

    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Reads {
    pub(crate) fn new(
        rule: &MeasureRule,
        edition: &Edition,
        catalogue: &Catalogue,
        facts: &Facts,
    ) -> Self {
        match rule {
            MeasureRule::Count { of, distinct: Some(field) } => {
                let place = place(of.kind, field, catalogue);
                let group_of =
                    (*field == Field::Category).then(|| category_numbers(edition, catalogue));
                Self::Distinct { place, group_of }
            }
            MeasureRule::Sum { .. } => Self::Sum,
            MeasureRule::Mean { .. } => Self::Mean,
            MeasureRule::Share { of, matching } => {
                Self::Share(CompiledFilters::new(of.kind, matching, edition, catalogue, facts))
            }
            _ => Self::Count,
        }
    }
}

/// A number for the category of each program of the catalogue: the position of the first
/// program of that category.
fn category_numbers(edition: &Edition, catalogue: &Catalogue) -> Vec<u32> {
    let category = |id: &str| {
        let program = edition.programs.iter().find(|program| program.id == id)?;
        edition.programs.iter().position(|other| other.category == program.category)
    };
    let number = |id| category(id).and_then(|first| u32::try_from(first).ok());
    catalogue.programs.iter().map(|id| number(id).unwrap_or(NO_LABEL)).collect()
}

fn find(ids: &crate::facts::Ids, id: &str) -> Option<u32> {
    ids.find(id.as_bytes())
}

fn place(kind: FactKind, field: &Field, catalogue: &Catalogue) -> Place {
    match field {
        Field::Program | Field::Category | Field::Kind | Field::ResolutionCode => Place::Code,
        Field::OpenedBy => Place::OpenedBy,
        Field::Severity => Place::Severity,
        Field::Customer
        | Field::UseCase
        | Field::Industry
        | Field::Country
        | Field::Subject
        | Field::Attribute(_) => {
            let position = catalogue.labels(kind).iter().position(|label| label == field);
            Place::Label(position.unwrap_or(usize::MAX))
        }
    }
}
