//! The best prices of lines by mixing choices: columns are whole choices, and the mixture of least
//! cost that reaches every line has the best prices.
//!
//! A small simplex with one row for each line. It reckons in floating point, which only suggests:
//! every bound that is used is computed anew from the prices in whole numbers.
#![expect(
    clippy::float_arithmetic,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "prices are suggestions; bounds by them are recomputed in whole numbers"
)]

use super::climb::{AVERAGE_BITS, Priced};
use super::{PARTS, Search};

/// What is taken for nothing.
const TINY: f64 = 1e-9;

/// Most columns that are kept from one part of the search for the next.
const KEPT: usize = 80;

/// A column of the mixture.
#[derive(Clone)]
enum Column {
    /// A whole choice, with what is missing of each line.
    Choice { counts: std::rc::Rc<Vec<u32>>, cost: f64, missing: Vec<f64> },
    /// A line is missed, at a high price.
    Missed(usize),
    /// A line is more than reached.
    Spare(usize),
}

/// Choices that were met on the way.
pub(super) type Met = Vec<std::rc::Rc<Vec<u32>>>;

/// What came of mixing.
pub(super) struct Mixed {
    /// The best prices, and the bound by them in parts.
    pub(super) prices: Vec<i128>,
    pub(super) value: i128,
    pub(super) counts: Vec<u32>,
    pub(super) averages: Vec<i64>,
    pub(super) met: Met,
}

struct Mixture {
    columns: Vec<Column>,
    basis: Vec<usize>,
    /// The inverse of the basis, row by row.
    inverse: Vec<Vec<f64>>,
    /// How much of each column of the basis.
    amounts: Vec<f64>,
    penalty: Vec<f64>,
}

impl Search<'_> {
    /// Looks for the best prices in at most so many rounds, beginning with some prices and with
    /// choices that were met before.
    pub(super) fn mixed(&mut self, prices: &[i128], met: &Met, rounds: u32) -> Mixed {
        let first = self.priced(prices);
        let mut best = Mixed {
            prices: prices.to_vec(),
            value: first.value,
            counts: first.counts.clone(),
            averages: first.counts.iter().map(|count| i64::from(*count) << AVERAGE_BITS).collect(),
            met: Vec::new(),
        };
        if self.needed.is_empty() {
            return best;
        }
        let mut mixture = Mixture::new(self, &first);
        for counts in met {
            if self.is_within(counts) {
                let column = self.column(counts.clone());
                mixture.columns.push(column);
            }
        }
        for _ in 0..rounds {
            let (duals, aim) = mixture.improve();
            let now: Vec<i128> = duals
                .iter()
                .zip(&self.scale)
                .map(|(dual, scale)| ((-dual).max(0.0) * PARTS as f64 / *scale as f64) as i128)
                .collect();
            let priced = self.priced(&now);
            let value = priced.value;
            if value > best.value {
                (best.value, best.prices) = (value, now);
                best.counts.clone_from(&priced.counts);
            }
            if priced.missing.iter().all(|missing| *missing <= 0) {
                self.take(priced.counts.clone());
            }
            let reached = value as f64 / PARTS as f64;
            let bound =
                best.value.div_euclid(PARTS) + i128::from(best.value.rem_euclid(PARTS) != 0);
            let is_converged = reached >= aim - aim.abs() * 1e-7 - 1e-4;
            if bound >= self.ceiling() || is_converged || self.is_over() {
                break;
            }
            let column = self.column(std::rc::Rc::new(priced.counts));
            mixture.columns.push(column);
        }
        mixture.improve();
        best.averages = mixture.averages(self.cost.len());
        best.met = mixture.met();
        best
    }

    fn column(&self, counts: std::rc::Rc<Vec<u32>>) -> Column {
        let missing = self.missing(&counts);
        let scaled = missing.iter().zip(&self.scale);
        Column::Choice {
            cost: self.cost_of(&counts) as f64,
            missing: scaled.map(|(missing, scale)| *missing as f64 / *scale as f64).collect(),
            counts,
        }
    }

    fn is_within(&self, counts: &[u32]) -> bool {
        counts.iter().enumerate().all(|(at, count)| (self.low(at)..=self.high(at)).contains(count))
    }
}

impl Mixture {
    fn new(search: &Search<'_>, first: &Priced) -> Self {
        let lines = search.needed.len();
        let column = search.column(std::rc::Rc::new(first.counts.clone()));
        let missing = match &column {
            Column::Choice { missing, .. } => missing.clone(),
            _ => Vec::new(),
        };
        let mut columns = vec![column];
        let mut basis = Vec::new();
        let mut amounts = Vec::new();
        let mut inverse = Vec::new();
        for (line, missing) in missing.iter().enumerate() {
            let sign = if *missing > 0.0 { -1.0 } else { 1.0 };
            basis.push(columns.len());
            columns.push(if *missing > 0.0 { Column::Missed(line) } else { Column::Spare(line) });
            columns.push(if *missing > 0.0 { Column::Spare(line) } else { Column::Missed(line) });
            amounts.push(missing.abs());
            // Line: missing * 1 + sign * amount = 0; the last row says that all choices make one.
            let mut row = vec![0.0; lines + 1];
            if let Some(slot) = row.get_mut(line) {
                *slot = sign;
            }
            if let Some(slot) = row.get_mut(lines) {
                *slot = -sign * missing;
            }
            inverse.push(row);
        }
        basis.push(0);
        amounts.push(1.0);
        let mut row = vec![0.0; lines + 1];
        if let Some(slot) = row.get_mut(lines) {
            *slot = 1.0;
        }
        inverse.push(row);
        let dearest = search.ceiling() as f64 * 2.0 + 1000.0;
        Self { columns, basis, inverse, amounts, penalty: vec![dearest; lines] }
    }

    fn cost(&self, column: &Column) -> f64 {
        match column {
            Column::Choice { cost, .. } => *cost,
            Column::Missed(line) => self.penalty.get(*line).copied().unwrap_or(0.0),
            Column::Spare(_) => 0.0,
        }
    }

    /// The prices of the rows: of each line, and of the row of choices.
    fn duals(&self) -> (Vec<f64>, f64) {
        let lines = self.penalty.len();
        let mut duals = vec![0.0; lines + 1];
        for (at, row) in self.basis.iter().zip(&self.inverse) {
            let cost = self.columns.get(*at).map_or(0.0, |column| self.cost(column));
            if cost != 0.0 {
                for (dual, part) in duals.iter_mut().zip(row) {
                    *dual += cost * part;
                }
            }
        }
        let all = duals.pop().unwrap_or(0.0);
        (duals, all)
    }

    fn reduced(&self, column: &Column, duals: &[f64], all: f64) -> f64 {
        match column {
            Column::Choice { cost, missing, .. } => {
                let worth: f64 =
                    missing.iter().zip(duals).map(|(missing, dual)| missing * dual).sum();
                cost - worth - all
            }
            Column::Missed(line) => self.cost(column) + duals.get(*line).copied().unwrap_or(0.0),
            Column::Spare(line) => -duals.get(*line).copied().unwrap_or(0.0),
        }
    }

    /// Mixes better until nothing is to be gained by the columns that there are. The prices of the
    /// lines, negative or nothing, and the cost of the mixture.
    fn improve(&mut self) -> (Vec<f64>, f64) {
        for _ in 0..400 {
            let (duals, all) = self.duals();
            let rated = self
                .columns
                .iter()
                .enumerate()
                .map(|(at, column)| (at, self.reduced(column, &duals, all)));
            let best = rated.min_by(|(_, a), (_, b)| a.total_cmp(b));
            match best {
                Some((at, reduced)) if reduced < -1e-7 - all.abs() * 1e-10 => {
                    if !self.enter(at) {
                        break;
                    }
                }
                _ => break,
            }
        }
        let (duals, all) = self.duals();
        (duals, all)
    }

    /// Brings a column into the basis. False if nothing can leave it.
    fn enter(&mut self, at: usize) -> bool {
        let lines = self.penalty.len();
        let Some(column) = self.columns.get(at) else { return false };
        let mut of = vec![0.0; lines + 1];
        match column {
            Column::Choice { missing, .. } => {
                of.clone_from(missing);
                of.push(1.0);
            }
            Column::Missed(line) | Column::Spare(line) => {
                let sign = if matches!(column, Column::Missed(_)) { -1.0 } else { 1.0 };
                if let Some(slot) = of.get_mut(*line) {
                    *slot = sign;
                }
            }
        }
        let direction: Vec<f64> = self
            .inverse
            .iter()
            .map(|row| row.iter().zip(&of).map(|(part, of)| part * of).sum())
            .collect();
        let mut leaving: Option<(f64, usize)> = None;
        for (row, (part, amount)) in direction.iter().zip(&self.amounts).enumerate() {
            if *part > TINY {
                let ratio = amount.max(0.0) / part;
                if leaving.is_none_or(|(least, _)| ratio < least) {
                    leaving = Some((ratio, row));
                }
            }
        }
        let Some((ratio, row)) = leaving else { return false };
        let pivot = direction.get(row).copied().unwrap_or(1.0);
        let own: Vec<f64> = match self.inverse.get(row) {
            Some(own) => own.iter().map(|part| part / pivot).collect(),
            None => return false,
        };
        for (other, (inverse, part)) in self.inverse.iter_mut().zip(&direction).enumerate() {
            if other == row {
                inverse.clone_from(&own);
            } else if part.abs() > TINY {
                for (slot, own) in inverse.iter_mut().zip(&own) {
                    *slot -= part * own;
                }
            }
        }
        for (amount, part) in self.amounts.iter_mut().zip(&direction) {
            *amount = (*amount - part * ratio).max(0.0);
        }
        if let (Some(slot), Some(amount)) = (self.basis.get_mut(row), self.amounts.get_mut(row)) {
            (*slot, *amount) = (at, ratio);
        }
        true
    }

    /// How much of each choice is in the mixture.
    fn averages(&self, choices: usize) -> Vec<i64> {
        let mut averages = vec![0.0_f64; choices];
        for (at, amount) in self.basis.iter().zip(&self.amounts) {
            if let Some(Column::Choice { counts, .. }) = self.columns.get(*at)
                && *amount > TINY
            {
                for (average, count) in averages.iter_mut().zip(counts.iter()) {
                    *average += amount * f64::from(*count);
                }
            }
        }
        let scaled = |average: &f64| (average * f64::from(1_u32 << AVERAGE_BITS)).round() as i64;
        averages.iter().map(scaled).collect()
    }

    /// The choices in the mixture, and those met last.
    fn met(&self) -> Met {
        let in_use = self.basis.iter().filter_map(|at| self.columns.get(*at));
        let last = self.columns.iter().rev().take(KEPT);
        let choices = in_use.chain(last).filter_map(|column| match column {
            Column::Choice { counts, .. } => Some(counts.clone()),
            _ => None,
        });
        let mut met: Met = Vec::new();
        for counts in choices {
            if !met.iter().any(|known| std::rc::Rc::ptr_eq(known, &counts)) {
                met.push(counts);
            }
        }
        met.truncate(KEPT);
        met
    }
}
