//! What can be done besides training, and what each of it would count for: found by putting it
//! into the facts and asking the evaluation which measures count it.

use std::collections::{BTreeMap, BTreeSet};

use super::checks::Check;
use super::costs::{Costs, Terms};
use super::trainings::in_units;
use super::world::{Held, World};
use crate::day::Day;
use crate::decimal::Decimal;
use crate::evaluation::{
    CompiledMeasure, CompiledSelection, Days, Evaluator, Reads, Values, Verdict, document_reason,
    field,
};
use crate::facts::{
    Addition, Currency, NewFact, OpportunityReview, ReviewKind, Stage, THE_PARTNER, unpack_pipeline,
};
use crate::reason::Reason;
use crate::rulebook::{Catalogue, Edition, Effort, EffortKind, FactKind, Field, MeasureRule};

/// Something that can be done once or several times.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    /// The effort, by position in the edition.
    pub(super) effort: usize,
    pub(super) what: What,
    pub(super) money: i128,
    pub(super) days: u16,
    pub(super) most: Option<u32>,
    /// Until when it can be done, each with what it counts for then.
    pub(super) chances: Vec<Chance>,
}

/// What is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// An opportunity is launched, by its number and id.
    Launch { number: u32, id: String },
    /// An opportunity is approved.
    Approval { number: u32, id: String },
    /// Something new happens; of a validation, which program, by its number.
    New { kind: FactKind, code: Option<u16> },
    /// A decision is taken.
    Decision(ReviewKind),
}

/// A time until which something can be done.
#[derive(Clone, Debug)]
pub(super) struct Chance {
    pub(super) not_before: Option<Day>,
    pub(super) contributions: Vec<Contribution>,
}

/// What it counts for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Contribution {
    pub(super) check: usize,
    pub(super) measure: usize,
    /// The number that sums and means read.
    pub(super) amount: Decimal,
    /// Whether it is of the part of a share.
    pub(super) matches: bool,
    /// Of a count of different values, the value; none if each is another.
    pub(super) value: Option<u32>,
}

/// Everything that could be done for what is asked.
///
/// What something counts for depends on its day: windows begin on some day and end on the last day
/// of a check. Days are halved between those last days until each stretch has one answer.
pub(super) fn candidates(
    world: &World<'_>,
    held: &Held,
    checks: &[Check],
    costs: &Costs,
    (unit, latest): (u128, Day),
) -> Vec<Candidate> {
    let mut candidates = possible(world, costs, unit);
    let tomorrow = world.as_of.plus_days(1);
    let lasts: BTreeSet<Day> =
        checks.iter().map(|check| check.last.min(latest)).filter(|day| *day >= tomorrow).collect();
    if candidates.is_empty() {
        return candidates;
    }
    let looking = Looking { world, held, checks, candidates: &candidates };
    let mut stretches: Vec<(Day, Day, Counting)> = Vec::new();
    let mut begin = tomorrow;
    for last in lasts {
        let at_last = looking.on(last);
        let at_first = if begin == last { at_last.clone() } else { looking.on(begin) };
        looking.split((begin, at_first), (last, at_last), &mut stretches);
        begin = last.plus_days(1);
    }
    for (number, candidate) in candidates.iter_mut().enumerate() {
        let done = world.as_of.plus_days(i32::from(candidate.days.max(1)));
        let mut before: Option<Day> = None;
        for (first, last, counting) in &stretches {
            let contributions = counting.get(&number).cloned().unwrap_or_default();
            if let Some(chance) = candidate.chances.last_mut()
                && before.is_some_and(|day| day.plus_days(1) == *first)
                && chance.contributions == contributions
            {
                before = Some(*last);
                continue;
            }
            before = None;
            if !contributions.is_empty() && done <= *last {
                candidate.chances.push(Chance { not_before: Some(*first), contributions });
                before = Some(*last);
            }
        }
    }
    candidates.retain(|candidate| !candidate.chances.is_empty());
    candidates
}

/// What each candidate counts for, by number.
type Counting = BTreeMap<usize, Vec<Contribution>>;

/// Looks at what would be done on one day.
struct Looking<'l> {
    world: &'l World<'l>,
    held: &'l Held,
    checks: &'l [Check],
    candidates: &'l [Candidate],
}

impl Looking<'_> {
    fn on(&self, day: Day) -> Counting {
        let candidates = self.candidates.iter().enumerate();
        let samples: Vec<Addition> = candidates
            .filter_map(|(number, candidate)| sample(self.world, candidate, number, day))
            .collect();
        self.world.look(&samples, self.held, |evaluator| {
            look(evaluator, self.world, self.candidates, self.checks, day)
        })
    }

    /// Splits a stretch until what its ends count for is the same.
    fn split(
        &self,
        (first, at_first): (Day, Counting),
        (last, at_last): (Day, Counting),
        stretches: &mut Vec<(Day, Day, Counting)>,
    ) {
        if at_first == at_last {
            stretches.push((first, last, at_last));
            return;
        }
        let days = first.days_until(last);
        if days <= 1 {
            stretches.push((first, first, at_first));
            stretches.push((last, last, at_last));
            return;
        }
        let middle = first.plus_days(days / 2);
        let at_middle = self.on(middle);
        self.split((first, at_first), (middle, at_middle), stretches);
        let next = middle.plus_days(1);
        let at_next = if next == last { at_last.clone() } else { self.on(next) };
        self.split((next, at_next), (last, at_last), stretches);
    }
}

/// Everything that could be done at all.
fn possible(world: &World<'_>, costs: &Costs, unit: u128) -> Vec<Candidate> {
    let mut found = Vec::new();
    for (at, (effort, terms)) in world.edition.efforts.iter().zip(&costs.efforts).enumerate() {
        let mut add = |what: What, terms: &Terms, most: Option<u32>| {
            if terms.is_possible && terms.at_most != Some(0) {
                let money = in_units(terms.expected_steps(), unit);
                let (days, chances) = (terms.days, Vec::new());
                found.push(Candidate { effort: at, what, money, days, most, chances });
            }
        };
        let new = |kind: FactKind, code: Option<u16>| What::New { kind, code };
        match &effort.kind {
            EffortKind::Launch | EffortKind::Approval => {
                let is_launch = effort.kind == EffortKind::Launch;
                for (number, id) in open_opportunities(world, is_launch) {
                    let own = costs.opportunities.get(&id).unwrap_or(terms);
                    let what = if is_launch {
                        What::Launch { number, id }
                    } else {
                        What::Approval { number, id }
                    };
                    add(what, own, Some(1));
                }
            }
            EffortKind::Opportunity => add(new(FactKind::Opportunity, None), terms, terms.at_most),
            EffortKind::Reference => add(new(FactKind::Reference, None), terms, terms.at_most),
            EffortKind::Rating => add(new(FactKind::Rating, None), terms, terms.at_most),
            EffortKind::SurveyResponse => {
                add(new(FactKind::SurveyResponse, None), terms, terms.at_most);
            }
            EffortKind::BusinessPlan => add(new(FactKind::BusinessPlan, None), terms, Some(1)),
            EffortKind::Decision(kind) => add(What::Decision(*kind), terms, Some(1)),
            EffortKind::Validation(programs) => {
                for program in programs {
                    let code = code_of(world.edition.programs.get(*program), world.catalogue);
                    add(new(FactKind::Validation, code), terms, Some(1));
                }
            }
            EffortKind::Event(kind) => {
                let kind = world.edition.event_kinds.get(*kind);
                let number = kind
                    .and_then(|kind| world.catalogue.event_kinds.find(kind.id.as_bytes()))
                    .and_then(|number| u16::try_from(number).ok());
                add(new(FactKind::Event, number), terms, terms.at_most);
            }
        }
    }
    found
}

fn code_of(program: Option<&crate::rulebook::Program>, catalogue: &Catalogue) -> Option<u16> {
    let number = catalogue.programs.find(program?.id.as_bytes())?;
    u16::try_from(number).ok()
}

/// The partner's opportunities that can still be launched, or that only lack approval.
pub(super) fn open_opportunities(world: &World<'_>, to_launch: bool) -> Vec<(u32, String)> {
    let table = &world.facts.opportunities;
    let rows = table.rows.of(THE_PARTNER.0).iter();
    let wanted = if to_launch { Reason::NotLaunched } else { Reason::NotApproved };
    let mut found: Vec<(u32, String)> = rows
        .filter(|row| {
            let (stage, review) = unpack_pipeline(row.code);
            row.barred == Some(wanted)
                && stage != Some(Stage::ClosedLost)
                && review != Some(OpportunityReview::Rejected)
        })
        .map(|row| (row.id, table.ids.text(row.id).to_owned()))
        .collect();
    found.sort_by(|(_, a), (_, b)| a.cmp(b));
    found
}

/// The fact that comes of something that is done on a day. Whom it is about is somebody new.
pub(super) fn addition(
    edition: &Edition,
    catalogue: &Catalogue,
    candidate: &Candidate,
    id: &str,
    on: Day,
) -> Option<Addition> {
    let effort = edition.efforts.get(candidate.effort)?;
    Some(match &candidate.what {
        What::Launch { number, .. } => Addition::Launch { id: *number, on: Some(on) },
        What::Approval { number, .. } => Addition::Launch { id: *number, on: None },
        What::Decision(kind) => Addition::Review { on, kind: *kind, tier: None },
        What::New { kind, code } => {
            let fact = new_fact(edition, catalogue, effort, (*kind, *code), id, on);
            Addition::Dated { kind: *kind, fact }
        }
    })
}

fn new_fact(
    edition: &Edition,
    catalogue: &Catalogue,
    effort: &Effort,
    (kind, code): (FactKind, Option<u16>),
    id: &str,
    on: Day,
) -> NewFact {
    let label = |of: &Field| match of {
        Field::Customer | Field::Subject => Some(format!("somebody new: {id}")),
        _ => effort.fields.iter().find(|(field, _)| field == of).map(|(_, value)| value.clone()),
    };
    let own = Currency::parse(edition.currency.as_bytes()).unwrap_or_default();
    let score = effort.score.map(|score| Decimal::from_whole(score.into()));
    let currency = match kind {
        FactKind::Opportunity => own,
        FactKind::Event if effort.amount.is_some() => own,
        _ => Currency::NONE,
    };
    NewFact {
        id: id.to_owned(),
        on,
        code,
        currency,
        amount: effort.amount.or(score),
        labels: catalogue.labels(kind).iter().map(label).collect(),
    }
}

fn sample_id(number: usize) -> String {
    format!("sample {number}")
}

fn sample(world: &World<'_>, candidate: &Candidate, number: usize, on: Day) -> Option<Addition> {
    addition(world.edition, world.catalogue, candidate, &sample_id(number), on)
}

/// What each candidate counts for when it is done on a day.
fn look(
    evaluator: &Evaluator<'_>,
    world: &World<'_>,
    candidates: &[Candidate],
    checks: &[Check],
    day: Day,
) -> Counting {
    let mut names: BTreeMap<(FactKind, String), usize> = BTreeMap::new();
    for (number, candidate) in candidates.iter().enumerate() {
        let name = match &candidate.what {
            What::Launch { id, .. } | What::Approval { id, .. } => {
                (FactKind::Opportunity, id.clone())
            }
            What::New { kind, .. } => (*kind, sample_id(number)),
            What::Decision(_) => continue,
        };
        names.insert(name, number);
    }
    let mut found = Counting::new();
    for (at, check) in checks.iter().enumerate().filter(|(_, check)| check.last >= day) {
        let mut looked: BTreeSet<(usize, usize)> = BTreeSet::new();
        for ask in &check.asks {
            for (measure, column) in parts(evaluator, ask.measure, ask.column) {
                if !looked.insert((measure, column as usize)) {
                    continue;
                }
                let history = evaluator.history(THE_PARTNER, &check.view);
                let values =
                    Values::new(evaluator, THE_PARTNER, &check.view, history.last_reset_on);
                let days = ask.days.unwrap_or_else(|| values.days(measure, column));
                let of = Measured { evaluator, world, candidates, names: &names, check, at };
                for (number, contribution) in of.contributions(measure, days) {
                    let known = found.entry(number).or_default();
                    if !known.contains(&contribution) {
                        known.push(contribution);
                    }
                }
            }
        }
    }
    for known in found.values_mut() {
        known.sort();
    }
    found
}

/// The measures that a measure is made of, each in its column.
pub(super) fn parts(
    evaluator: &Evaluator<'_>,
    measure: usize,
    column: crate::rulebook::Column,
) -> Vec<(usize, crate::rulebook::Column)> {
    match evaluator.edition.measures.get(measure).map(|measure| &measure.rule) {
        Some(MeasureRule::Points(parts)) => {
            parts.iter().map(|part| (part.measure, column)).collect()
        }
        _ => vec![(measure, column)],
    }
}

/// One measure on the day of one check, with the candidates in the facts.
struct Measured<'a, 'e> {
    evaluator: &'a Evaluator<'e>,
    world: &'a World<'a>,
    candidates: &'a [Candidate],
    names: &'a BTreeMap<(FactKind, String), usize>,
    check: &'a Check,
    at: usize,
}

impl Measured<'_, '_> {
    fn contributions(&self, measure: usize, days: Days) -> Vec<(usize, Contribution)> {
        let plain = Contribution {
            check: self.at,
            measure,
            amount: Decimal::ZERO,
            matches: false,
            value: None,
        };
        match self.evaluator.measures.get(measure) {
            Some(CompiledMeasure::Dated { of, reads }) => self.dated(of, reads, days, &plain),
            Some(CompiledMeasure::Document { valid_months }) => {
                let table = &self.evaluator.facts.business_plans;
                let rows = table.rows.of(THE_PARTNER.0).iter();
                let counted = rows
                    .filter(|row| document_reason(row, *valid_months, &self.check.view).is_none());
                counted
                    .filter_map(|row| {
                        let name = (FactKind::BusinessPlan, table.ids.text(row.id).to_owned());
                        Some((*self.names.get(&name)?, plain.clone()))
                    })
                    .collect()
            }
            Some(CompiledMeasure::Decision { kind }) => {
                let is_it = |candidate: &Candidate| candidate.what == What::Decision(*kind);
                let numbers = (0..self.candidates.len())
                    .filter(|at| self.candidates.get(*at).is_some_and(is_it));
                numbers.map(|number| (number, plain.clone())).collect()
            }
            _ => Vec::new(),
        }
    }

    fn dated(
        &self,
        of: &CompiledSelection,
        reads: &Reads,
        days: Days,
        plain: &Contribution,
    ) -> Vec<(usize, Contribution)> {
        let view = &self.check.view;
        let Some(table) = self.evaluator.facts.table(of.kind) else { return Vec::new() };
        let mut own: BTreeSet<u32> = BTreeSet::new();
        let mut found = Vec::new();
        for owner in self.evaluator.owners(of.kind, THE_PARTNER, view) {
            for at in table.rows.range(owner.0) {
                let Some(row) = table.rows.rows.get(at) else { continue };
                if of.judge(table, at, row, days, view) != Verdict::Counted {
                    continue;
                }
                let name = (of.kind, table.ids.text(row.id).to_owned());
                let number = self.names.get(&name).filter(|_| owner == THE_PARTNER).copied();
                let mut one = plain.clone();
                let amount = || table.amounts.get(at).copied().unwrap_or_default();
                match reads {
                    Reads::Count => {}
                    Reads::Sum | Reads::Mean => one.amount = amount(),
                    Reads::Share(matching) => {
                        one.matches = matching.pass(|place| field(table, at, row, place));
                    }
                    Reads::Distinct { place, group_of } => {
                        let value = field(table, at, row, *place);
                        let group =
                            group_of.as_ref().and_then(|of| of.get(value as usize).copied());
                        let value = group.unwrap_or(value);
                        if value == u32::MAX {
                            continue;
                        }
                        if number.is_none() {
                            own.insert(value);
                        }
                        one.value = Some(value);
                    }
                }
                found.extend(number.map(|number| (number, one)));
            }
        }
        found.retain(|(_, one)| one.value.is_none_or(|value| !own.contains(&value)));
        for (number, one) in &mut found {
            if self.is_always_another(*number, one.measure) {
                one.value = None;
            }
        }
        found
    }

    /// Whether every new fact has a value of its own in the field of which values are counted.
    fn is_always_another(&self, number: usize, measure: usize) -> bool {
        let is_new = self
            .candidates
            .get(number)
            .is_some_and(|candidate| matches!(candidate.what, What::New { .. }));
        let rule = self.world.edition.measures.get(measure).map(|measure| &measure.rule);
        let is_whom = matches!(
            rule,
            Some(MeasureRule::Count { distinct: Some(Field::Customer | Field::Subject), .. })
        );
        is_new && is_whom
    }
}
