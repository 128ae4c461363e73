//! Where a partner stands on a day: the value of every row in both columns, what the tiers make
//! of it, and the highest tier attained.

use std::sync::{Mutex, PoisonError};

use serde::Serialize;

use super::people::PEOPLE_MEASURES;
use super::{
    CompiledMeasure, CompiledPath, CompiledTier, Days, Evaluator, History, Holdings, TierHeld,
    Value, Viewpoint,
};
use crate::day::Day;
use crate::facts::PartnerNumber;
use crate::number::Number;
use crate::rulebook::{Column, Columns, Edition, MeasureRule, Target, Tier, Window};

/// What a value comes to against what is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// The target is met.
    Met,
    /// It is not.
    NotMet,
    /// The value cannot be known; never met.
    Unknown,
    /// Nothing is asked; never in the way.
    NotRequired,
}

impl State {
    /// The word in JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::NotMet => "not_met",
            Self::Unknown => "unknown",
            Self::NotRequired => "not_required",
        }
    }

    pub(crate) fn of(value: &Value, target: Option<Target>) -> Self {
        match target {
            None => Self::NotRequired,
            Some(_) if !value.is_known => Self::Unknown,
            Some(target) if value.number.meets(target) => Self::Met,
            Some(_) => Self::NotMet,
        }
    }

    /// The same where a bar is only met by so many facts at least.
    pub(crate) fn of_enough(value: &Value, target: Target, min_n: Option<u32>) -> Self {
        let is_too_few = min_n.is_some_and(|min_n| value.n < u64::from(min_n));
        match Self::of(value, Some(target)) {
            Self::Met if is_too_few => Self::NotMet,
            state => state,
        }
    }

    /// Whether it keeps its column from being met.
    pub fn is_in_the_way(self) -> bool {
        matches!(self, Self::NotMet | Self::Unknown)
    }
}

/// One row in one column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The value; zero where it is unknown.
    pub value: Number,
    /// What the one comes to against the other.
    pub state: State,
    /// Whether the value is known, which the state does not tell where nothing is asked.
    pub(crate) is_known: bool,
}

/// Where a partner stands on a day, without evidence.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    /// The edition's path, by position; none where the edition does not know it.
    pub(crate) path: Option<usize>,
    pub(crate) history: History,
    /// The tier of each column, by position on the path.
    pub(crate) tiers: Columns<Option<usize>>,
    /// The cells of each row of the path.
    pub(crate) cells: Vec<Columns<Cell>>,
    /// The highest tier attained, by position on the path.
    pub(crate) attained: Option<usize>,
    /// Whether months of some tier were counted because all else that it asks was met.
    pub(crate) is_sustaining: bool,
}

impl Standing {
    /// The cells, by row of the path.
    pub fn cells(&self) -> &[Columns<Cell>] {
        &self.cells
    }

    /// Moves the cells to the end of others.
    pub fn move_cells(&mut self, to: &mut Vec<Columns<Cell>>) {
        to.append(&mut self.cells);
    }

    /// The highest tier attained, by position on the path.
    pub fn attained(&self) -> Option<usize> {
        self.attained
    }

    /// Whether a column is met; none where it has no tier.
    pub fn is_met(&self, column: Column) -> Option<bool> {
        (*self.tiers.get(column))?;
        Some(!self.cells.iter().any(|cells| cells.get(column).state.is_in_the_way()))
    }
}

/// The values of one partner from one viewpoint, each found when it is first asked for.
pub(crate) struct Values<'v> {
    evaluator: &'v Evaluator<'v>,
    partner: PartnerNumber,
    pub(crate) view: &'v Viewpoint,
    last_reset_on: Option<Day>,
    holdings: Holdings,
    people: Option<[u32; PEOPLE_MEASURES]>,
    known: Vec<Columns<Value>>,
    /// Which of them have been found.
    is_found: Vec<Columns<bool>>,
    /// Sustained months, by tier and limit.
    sustained: Vec<((usize, u8), u8)>,
    /// Whether any of them were counted at all.
    is_sustaining: bool,
}

impl<'v> Values<'v> {
    pub(crate) fn new(
        evaluator: &'v Evaluator<'v>,
        partner: PartnerNumber,
        view: &'v Viewpoint,
        last_reset_on: Option<Day>,
    ) -> Self {
        let known = vec![Columns::default(); evaluator.measures.len()];
        let is_found = vec![Columns::default(); evaluator.measures.len()];
        let holdings = Holdings::new(&evaluator.people, view);
        let sustained = Vec::new();
        Self {
            evaluator,
            partner,
            view,
            last_reset_on,
            holdings,
            people: None,
            known,
            is_found,
            sustained,
            is_sustaining: false,
        }
    }

    /// Forgets the values of one partner to find those of the next.
    fn turn_to(&mut self, partner: PartnerNumber, last_reset_on: Option<Day>) {
        self.partner = partner;
        self.last_reset_on = last_reset_on;
        self.people = None;
        self.sustained.clear();
        self.is_sustaining = false;
        self.is_found.fill(Columns::default());
    }

    /// Forgets what depends on what tiers ask.
    pub(crate) fn forget_sustained(&mut self) {
        self.sustained.clear();
    }

    /// The days that a measure looks at in a column.
    pub(crate) fn days(&self, measure: usize, column: Column) -> Days {
        let measure = self.evaluator.edition.measures.get(measure);
        let window = measure.map_or(Window::AsOf, |measure| *measure.windows.get(column));
        self.view.days(window, self.last_reset_on)
    }

    /// The value of a measure in a column; of one that depends on the tier, nothing.
    pub(crate) fn get(&mut self, measure: usize, column: Column) -> &Value {
        let is_found = self.is_found.get(measure).is_some_and(|found| *found.get(column));
        if !is_found {
            self.fill(measure, column);
        }
        self.known.get(measure).map_or(&Value::UNKNOWN, |known| known.get(column))
    }

    /// Finds the value of a measure in a column, and in the other where the window is the same.
    fn fill(&mut self, measure: usize, column: Column) {
        let value = self.find(measure, self.days(measure, column), column);
        let is_same = self.evaluator.edition.measures.get(measure).is_some_and(|measure| {
            measure.windows.renewal == measure.windows.upgrade
                && !matches!(measure.rule, MeasureRule::Points(_))
        });
        let (Some(known), Some(is_found)) =
            (self.known.get_mut(measure), self.is_found.get_mut(measure))
        else {
            return;
        };
        if is_same {
            *known = Columns { renewal: value.clone(), upgrade: value };
            *is_found = Columns { renewal: true, upgrade: true };
        } else {
            *known.get_mut(column) = value;
            *is_found.get_mut(column) = true;
        }
    }

    /// The value of a measure over given days.
    pub(crate) fn find(&mut self, measure: usize, days: Days, column: Column) -> Value {
        let evaluator = self.evaluator;
        let number = self.partner.0;
        match evaluator.measures.get(measure) {
            None | Some(CompiledMeasure::Sustained { .. }) => Value::default(),
            Some(CompiledMeasure::People { bit }) => {
                let holdings = &self.holdings;
                let counts = self.people.get_or_insert_with(|| {
                    evaluator.count_people(self.partner, self.view, holdings)
                });
                let n = u64::from(counts.get(*bit as usize).copied().unwrap_or(0));
                Value { number: Number::from_count(n), n, is_known: true }
            }
            Some(CompiledMeasure::Dated { of, reads }) => {
                evaluator.dated_value(of, reads, self.partner, days, self.view)
            }
            Some(CompiledMeasure::Document { valid_months }) => {
                evaluator.document_value(*valid_months, number, self.view)
            }
            Some(CompiledMeasure::Decision { kind }) => {
                match evaluator.facts.partner(self.partner) {
                    Some(partner) => evaluator.decision_value(*kind, number, partner, self.view),
                    None => Value::default(),
                }
            }
            Some(CompiledMeasure::Points) => self.points(measure, column),
        }
    }

    fn points(&mut self, measure: usize, column: Column) -> Value {
        let rule = self.evaluator.edition.measures.get(measure).map(|measure| &measure.rule);
        let Some(MeasureRule::Points(parts)) = rule else { return Value::default() };
        let mut total = Value { is_known: true, ..Value::default() };
        for part in parts {
            let value = self.get(part.measure, column);
            let n = value.n;
            let points = value.number.times(part.points);
            let points = match part.at_most {
                Some(ceiling) => points.at_most(ceiling),
                None => points,
            };
            // What is not known earns nothing; the total is what is known for certain.
            total.number = total.number.plus(&points);
            total.n += n;
        }
        total
    }
}

impl Evaluator<'_> {
    /// Where a partner stands on a day.
    pub fn standing(&self, partner: PartnerNumber, as_of: Day) -> Standing {
        self.standing_from(partner, &Viewpoint::on(self.edition, as_of))
    }

    /// Where a partner stands, looked at from a viewpoint.
    pub(crate) fn standing_from(&self, partner: PartnerNumber, view: &Viewpoint) -> Standing {
        let mut standing = Standing::default();
        self.stand(partner, &mut Values::new(self, partner, view, None), &mut standing);
        standing
    }

    /// Where a partner stands, in memory that is used again and again.
    pub(crate) fn stand(
        &self,
        partner: PartnerNumber,
        values: &mut Values<'_>,
        standing: &mut Standing,
    ) {
        let history = self.history(partner, values.view);
        standing.path = self.path(partner);
        standing.history = history;
        standing.tiers = Columns::default();
        standing.cells.clear();
        standing.attained = None;
        standing.is_sustaining = false;
        let Some(path) = standing.path.and_then(|path| self.paths.get(path)) else { return };
        standing.tiers = match history.tier {
            TierHeld::Unknown | TierHeld::Foreign(_) => Columns::default(),
            TierHeld::NoTier => {
                Columns { renewal: None, upgrade: (!path.tiers.is_empty()).then_some(0) }
            }
            TierHeld::Tier(tier) => Columns {
                renewal: Some(tier),
                upgrade: (tier + 1 < path.tiers.len()).then_some(tier + 1),
            },
        };
        values.turn_to(partner, history.last_reset_on);
        standing.cells.reserve(path.rows.len());
        for row in 0..path.rows.len() {
            let renewal = self.cell(path, row, Column::Renewal, standing.tiers.renewal, values);
            let upgrade = self.cell(path, row, Column::Upgrade, standing.tiers.upgrade, values);
            standing.cells.push(Columns { renewal, upgrade });
        }
        standing.attained = self.attained(path, &standing.cells, values);
        standing.is_sustaining = values.is_sustaining;
    }

    fn cell(
        &self,
        path: &CompiledPath,
        row: usize,
        column: Column,
        tier: Option<usize>,
        values: &mut Values<'_>,
    ) -> Cell {
        let measure = path.rows.get(row).copied().unwrap_or(usize::MAX);
        let value = match self.measures.get(measure) {
            Some(CompiledMeasure::Sustained { up_to_months }) => {
                let names = |tier: &CompiledTier| tier.names.get(row).copied().unwrap_or(false);
                let own = tier.filter(|&tier| path.tiers.get(tier).is_some_and(names));
                let of = own.or_else(|| path.tiers.iter().position(names)).unwrap_or(0);
                &self.sustained(path, of, *up_to_months, values)
            }
            _ => values.get(measure, column),
        };
        let target = path.target(tier, row, column);
        let state = State::of(value, target);
        Cell { state, value: value.number.clone(), is_known: value.is_known }
    }

    /// Whether everything that a tier asks in a column is met.
    pub(crate) fn column_is_met(
        &self,
        path: &CompiledPath,
        tier: usize,
        column: Column,
        values: &mut Values<'_>,
    ) -> bool {
        let asks = path.tiers.get(tier).map_or(&[][..], |tier| &tier.asks);
        asks.iter().zip(&path.rows).all(|(asks, &measure)| {
            let Some(target) = *asks.get(column) else { return true };
            let value = match self.measures.get(measure) {
                Some(CompiledMeasure::Sustained { up_to_months }) => {
                    &self.sustained(path, tier, *up_to_months, values)
                }
                _ => values.get(measure, column),
            };
            State::of(value, Some(target)) == State::Met
        })
    }

    /// The highest tier that is met, with every tier below it, in the upgrade column's windows.
    pub(crate) fn attained(
        &self,
        path: &CompiledPath,
        cells: &[Columns<Cell>],
        values: &mut Values<'_>,
    ) -> Option<usize> {
        let mut is_met = |(number, tier): (usize, &CompiledTier)| {
            let mut asks = tier.asks.iter().zip(cells).zip(&path.rows);
            asks.all(|((asks, cells), &measure)| {
                let Some(target) = asks.upgrade else { return true };
                match self.measures.get(measure) {
                    Some(CompiledMeasure::Sustained { up_to_months }) => {
                        let value = self.sustained(path, number, *up_to_months, values);
                        value.number.meets(target)
                    }
                    _ => cells.upgrade.is_known && cells.upgrade.value.meets(target),
                }
            })
        };
        let met = path.tiers.iter().enumerate().take_while(|tier| is_met(*tier)).count();
        met.checked_sub(1)
    }

    /// Months, up to a limit, for which everything else that a tier asks in the upgrade column
    /// was met, rows counted since the review left out. Zero if it is not met on the day.
    pub(crate) fn sustained(
        &self,
        path: &CompiledPath,
        tier: usize,
        up_to_months: u8,
        values: &mut Values<'_>,
    ) -> Value {
        let known = values.sustained.iter().find(|(of, _)| *of == (tier, up_to_months));
        let months = if let Some((_, months)) = known {
            *months
        } else {
            let months = self.sustained_months(path, tier, up_to_months, values);
            values.sustained.push(((tier, up_to_months), months));
            months
        };
        Value { number: Number::from_count(months.into()), n: 0, is_known: true }
    }

    fn sustained_months(
        &self,
        path: &CompiledPath,
        tier: usize,
        up_to_months: u8,
        values: &mut Values<'_>,
    ) -> u8 {
        if !self.meets_the_rest(path, tier, values) {
            return 0;
        }
        values.is_sustaining = true;
        let (partner, today) = (values.partner, values.view);
        let is_met = |back: &u8| {
            let day = today.as_of.plus_months(-i32::from(*back));
            let view = Viewpoint::until(self.edition, day, today.last);
            self.meets_the_rest(path, tier, &mut Values::new(self, partner, &view, None))
        };
        (1..=up_to_months).take_while(is_met).last().unwrap_or(0)
    }

    fn meets_the_rest(&self, path: &CompiledPath, tier: usize, values: &mut Values<'_>) -> bool {
        let Some(tier) = path.tiers.get(tier) else { return false };
        tier.asks.iter().zip(&path.rows).all(|(asks, &measure)| {
            let Some(target) = asks.upgrade else { return true };
            let is_sustained = matches!(
                self.measures.get(measure),
                None | Some(CompiledMeasure::Sustained { .. })
            );
            is_sustained || self.counts_since_review(measure) || {
                let value = values.get(measure, Column::Upgrade);
                value.is_known && value.number.meets(target)
            }
        })
    }

    /// Whether a measure, or a part of it, counts since the review in the upgrade column.
    pub(crate) fn counts_since_review(&self, measure: usize) -> bool {
        let Some(measure) = self.edition.measures.get(measure) else { return false };
        match &measure.rule {
            MeasureRule::Points(parts) => {
                parts.iter().any(|part| self.counts_since_review(part.measure))
            }
            _ => measure.windows.upgrade == Window::SinceReview,
        }
    }
}

impl Evaluator<'_> {
    /// Where all partners stand on a day, computed by so many threads.
    ///
    /// Each thread takes run after run of partners, folds their standings into a value of its own
    /// and hands it back. Which partners a thread gets is left to chance. The standing that `each`
    /// is given is used again for the next partner; it may take the cells out.
    pub fn fold_standings<T: Send>(
        &self,
        as_of: Day,
        threads: usize,
        begin: impl Fn() -> T + Sync,
        each: impl Fn(&mut T, PartnerNumber, &mut Standing) + Sync,
    ) -> Vec<T> {
        const RUN: usize = 512;
        let view = Viewpoint::on(self.edition, as_of);
        let partners: Vec<PartnerNumber> = self.facts.partners().collect();
        let runs = Mutex::new(partners.chunks(RUN));
        let work = || -> T {
            let mut folded = begin();
            let mut values = Values::new(self, PartnerNumber(0), &view, None);
            let mut standing = Standing::default();
            loop {
                let run = runs.lock().unwrap_or_else(PoisonError::into_inner).next();
                let Some(run) = run else { return folded };
                for &partner in run {
                    self.stand(partner, &mut values, &mut standing);
                    each(&mut folded, partner, &mut standing);
                }
            }
        };
        let work = &work;
        std::thread::scope(|scope| {
            let handles: Vec<_> = (0..threads.max(1)).map(|_| scope.spawn(work)).collect();
            let finish = |handle: std::thread::ScopedJoinHandle<'_, T>| match handle.join() {
                Ok(folded) => folded,
                Err(panic) => std::panic::resume_unwind(panic),
            };
            handles.into_iter().map(finish).collect()
        })
    }
}

impl Standing {
    /// The highest tier attained.
    pub fn attained_tier<'e>(&self, edition: &'e Edition) -> Option<&'e Tier> {
        edition.paths.get(self.path?)?.tiers.get(self.attained?)
    }
}
