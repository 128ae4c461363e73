//! Prices of lines: what groups choose by them, the bound that this gives, and better prices.

use super::{PARTS, Search};

/// Averages are in so many bits of a whole.
pub(super) const AVERAGE_BITS: u32 = 12;

/// What groups choose by some prices.
pub(super) struct Priced {
    /// The bound, in parts.
    pub(super) value: i128,
    pub(super) counts: Vec<u32>,
    /// The cost of each choice less the price of what it gains, in parts.
    pub(super) reduced: Vec<i128>,
    /// What is missing of each line.
    pub(super) missing: Vec<i64>,
}

impl Search<'_> {
    /// What each group chooses by prices, within what is still open.
    pub(super) fn priced(&mut self, prices: &[i128]) -> Priced {
        let mut reduced = Vec::with_capacity(self.cost.len());
        for (cost, gains) in self.cost.iter().zip(&self.gains) {
            let worth: i128 = gains
                .iter()
                .map(|(line, gain)| prices.get(*line).copied().unwrap_or(0) * i128::from(*gain))
                .sum();
            reduced.push(cost * PARTS - worth);
            self.work += 1 + gains.len() as u64;
        }
        let mut counts = self.low.clone();
        let mut wanted: Vec<(i128, usize)> = Vec::new();
        for (range, most) in self.groups.iter().zip(&self.most) {
            let used: u32 = self.low.get(range.clone()).unwrap_or_default().iter().sum();
            let mut free = most.saturating_sub(used);
            if free == 0 {
                continue;
            }
            wanted.clear();
            for at in range.clone() {
                let of = reduced.get(at).copied().unwrap_or(0);
                if of < 0 && self.low(at) < self.high(at) {
                    wanted.push((of, at));
                }
            }
            wanted.sort_unstable();
            for (_, at) in &wanted {
                let more = (self.high(*at) - self.low(*at)).min(free);
                if let Some(count) = counts.get_mut(*at) {
                    *count += more;
                }
                free -= more;
                if free == 0 {
                    break;
                }
            }
        }
        let missing = self.missing(&counts);
        let lines = self.needed.iter().zip(prices);
        let value = lines.map(|(needed, price)| i128::from(*needed) * price).sum::<i128>()
            + counts
                .iter()
                .zip(&reduced)
                .filter(|(count, _)| **count > 0)
                .map(|(count, of)| i128::from(*count) * of)
                .sum::<i128>();
        Priced { value, counts, reduced, missing }
    }
}

/// Prices on their way up.
pub(super) struct Climb {
    prices: Vec<i128>,
    pub(super) best_prices: Vec<i128>,
    best_value: Option<i128>,
    /// What is chosen by the best prices.
    pub(super) best_counts: Vec<u32>,
    /// How often each choice was made, the last rounds most.
    pub(super) averages: Vec<i64>,
    /// Choices made on the way, a few.
    pub(super) counts_on_the_way: Vec<Vec<u32>>,
}

impl Climb {
    pub(super) fn new(search: &Search<'_>, prices: &[i128]) -> Self {
        Self {
            prices: prices.to_vec(),
            best_prices: prices.to_vec(),
            best_value: None,
            best_counts: search.low.clone(),
            averages: vec![0; search.cost.len()],
            counts_on_the_way: Vec::new(),
        }
    }

    /// The bound by the best prices, in whole units of cost.
    pub(super) fn bound(&self) -> i128 {
        let value = self.best_value.unwrap_or(i128::MIN / 2);
        value.div_euclid(PARTS) + i128::from(value.rem_euclid(PARTS) != 0)
    }

    /// So many rounds of better prices; fewer where nothing is to be gained by more.
    pub(super) fn rounds(&mut self, search: &mut Search<'_>, rounds: u32) {
        let patience = (rounds / 20).max(5);
        let (mut stretch, mut idle) = (256_i128, 0);
        for round in 0..rounds {
            let priced = search.priced(&self.prices);
            let is_best = self.best_value.is_none_or(|best| priced.value > best);
            for (average, count) in self.averages.iter_mut().zip(&priced.counts) {
                let now = i64::from(*count) << AVERAGE_BITS;
                *average = if round == 0 { now } else { *average + (now - *average) / 8 };
            }
            if is_best {
                self.best_value = Some(priced.value);
                self.best_prices.clone_from(&self.prices);
                self.best_counts.clone_from(&priced.counts);
                idle = 0;
            } else {
                idle += 1;
                if idle >= patience {
                    idle = 0;
                    stretch = stretch * 2 / 3;
                    self.prices.clone_from(&self.best_prices);
                }
            }
            if priced.missing.iter().all(|missing| *missing <= 0) {
                search.take(priced.counts.clone());
            }
            if rounds > 100 && round % 50 == 49 && self.counts_on_the_way.len() < 12 {
                self.counts_on_the_way.push(priced.counts.clone());
            }
            let ceiling = search.ceiling();
            let is_closed = self.bound() >= ceiling;
            if is_closed || stretch < 4 || search.is_over() && round > 50 {
                return;
            }
            if !self.step(search, &priced, ceiling * PARTS, stretch) {
                return;
            }
        }
    }

    /// Prices go up where something is missing and down where there is too much. False if
    /// nothing is missing by these prices, which are then the best.
    fn step(&mut self, search: &Search<'_>, priced: &Priced, aim: i128, stretch: i128) -> bool {
        let is_known = search.best.is_some();
        let best = self.best_value.unwrap_or(priced.value);
        let aim = if is_known { aim } else { aim.min(best + best.abs() / 8 + PARTS * 16) };
        let directions: Vec<i128> = priced
            .missing
            .iter()
            .zip(&search.scale)
            .zip(&self.prices)
            .map(|((missing, scale), price)| {
                let direction = (i128::from(*missing) << 10) / i128::from(*scale);
                if *price == 0 && direction < 0 { 0 } else { direction }
            })
            .collect();
        let norm: i128 = directions.iter().map(|one| one * one).sum();
        if norm == 0 {
            return false;
        }
        let room = (aim - priced.value).max(PARTS);
        // A step of room * stretch / 128 / norm, in each line's own scale.
        let Some(stride) = room.checked_mul(stretch) else { return false };
        for ((price, direction), scale) in
            self.prices.iter_mut().zip(&directions).zip(&search.scale)
        {
            let change = match stride.checked_mul(*direction) {
                Some(product) => product / norm,
                None => stride / norm * direction,
            };
            let change = change * 8 / i128::from(*scale);
            *price = (*price + change).max(0);
        }
        true
    }
}
