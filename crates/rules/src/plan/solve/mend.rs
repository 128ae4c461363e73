//! Choices that reach every line: step by step from nothing, or from what prices suggest; then
//! without what is not needed.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::Search;

/// One step: somebody chooses something, or something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Step {
    from: Option<usize>,
    to: usize,
}

/// A step with what it closes of the gap and costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Rated {
    closes: i128,
    cost: i128,
    step: Step,
}

impl Ord for Rated {
    fn cmp(&self, other: &Self) -> Ordering {
        let own = self.closes.saturating_mul(other.cost);
        let theirs = other.closes.saturating_mul(self.cost);
        own.cmp(&theirs)
            .then_with(|| self.closes.cmp(&other.closes))
            .then_with(|| other.step.to.cmp(&self.step.to))
            .then_with(|| other.step.from.cmp(&self.step.from))
    }
}

impl PartialOrd for Rated {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Search<'_> {
    /// The obvious way: again and again what closes most of the gap for its cost.
    pub(super) fn greedy(&mut self) -> Option<Vec<u32>> {
        let counts = self.low.clone();
        // A line counts by the part of it that is missing.
        let missing = self.missing(&counts);
        let weights: Vec<i128> =
            missing.iter().map(|missing| (1 << 40) / i128::from((*missing).max(1))).collect();
        self.filled(counts, &weights)
    }

    /// A choice made whole, and without what it does not need.
    pub(super) fn mended(&mut self, counts: &[u32], prices: &[i128]) -> Option<Vec<u32>> {
        let dearest =
            prices.iter().zip(&self.scale).map(|(price, scale)| price * i128::from(*scale));
        let least = (dearest.max().unwrap_or(0) / 64).max(16);
        let weights: Vec<i128> = prices
            .iter()
            .zip(&self.scale)
            .map(|(price, scale)| price + (least / i128::from(*scale)).max(1))
            .collect();
        let filled = self.filled(counts.to_vec(), &weights)?;
        Some(self.stripped(filled))
    }

    /// Adds steps until every line is reached.
    fn filled(&mut self, mut counts: Vec<u32>, weights: &[i128]) -> Option<Vec<u32>> {
        let mut missing = self.missing(&counts);
        let mut used: Vec<u32> = self
            .groups
            .iter()
            .map(|range| counts.get(range.clone()).unwrap_or_default().iter().sum())
            .collect();
        let mut heap = BinaryHeap::new();
        for number in 0..self.groups.len() {
            self.push_steps(number, &counts, &missing, weights, &mut heap);
        }
        while missing.iter().any(|missing| *missing > 0) {
            let top = heap.pop()?;
            let Some(now) = self.rated(top.step, &counts, &used, &missing, weights) else {
                continue;
            };
            if now != top && heap.peek().is_some_and(|next| *next > now) {
                heap.push(now);
                continue;
            }
            let Step { from, to } = now.step;
            self.apply(from, Some(to), &mut counts, &mut missing);
            let group = self.group_of.get(to).copied().unwrap_or(0);
            if let (None, Some(used)) = (from, used.get_mut(group)) {
                *used += 1;
            }
            heap.push(now);
            self.push_from(to, &counts, &missing, weights, &mut heap);
        }
        Some(counts)
    }

    /// The steps of a group from what is chosen there, and from nothing.
    fn push_steps(
        &mut self,
        group: usize,
        counts: &[u32],
        missing: &[i64],
        weights: &[i128],
        heap: &mut BinaryHeap<Rated>,
    ) {
        let Some(range) = self.groups.get(group).cloned() else { return };
        for to in range.clone() {
            let step = Step { from: None, to };
            heap.extend(self.rated_step(step, missing, weights));
            if counts.get(to).is_some_and(|count| *count > 0) {
                self.push_from(to, counts, missing, weights, heap);
            }
        }
    }

    fn push_from(
        &mut self,
        from: usize,
        counts: &[u32],
        missing: &[i64],
        weights: &[i128],
        heap: &mut BinaryHeap<Rated>,
    ) {
        if counts.get(from).copied().unwrap_or(0) <= self.low(from) {
            return;
        }
        let group = self.group_of.get(from).copied().unwrap_or(0);
        let Some(range) = self.groups.get(group).cloned() else { return };
        for to in range.filter(|to| *to != from) {
            let step = Step { from: Some(from), to };
            heap.extend(self.rated_step(step, missing, weights));
        }
    }

    /// A step as it is worth now; none if it cannot be taken or closes nothing.
    fn rated(
        &mut self,
        step: Step,
        counts: &[u32],
        used: &[u32],
        missing: &[i64],
        weights: &[i128],
    ) -> Option<Rated> {
        let count = |at: usize| counts.get(at).copied().unwrap_or(0);
        if count(step.to) >= self.high(step.to) {
            return None;
        }
        let group = self.group_of.get(step.to).copied()?;
        let is_free = used.get(group)? < self.most.get(group)?;
        let is_possible = match step.from {
            None => is_free,
            Some(from) => count(from) > self.low(from),
        };
        if is_possible { self.rated_step(step, missing, weights) } else { None }
    }

    fn rated_step(&mut self, step: Step, missing: &[i64], weights: &[i128]) -> Option<Rated> {
        let mut changes: Vec<(usize, i64)> = self.gains.get(step.to)?.clone();
        if let Some(from) = step.from {
            for (line, gain) in self.gains.get(from)? {
                match changes.iter_mut().find(|(of, _)| of == line) {
                    Some((_, change)) => *change -= gain,
                    None => changes.push((*line, -gain)),
                }
            }
        }
        self.work += changes.len() as u64;
        let mut closes = 0_i128;
        for (line, change) in changes {
            let now = missing.get(line).copied().unwrap_or(0);
            let then = now - change;
            // What was reached has to stay so.
            if then > 0 && now <= 0 {
                return None;
            }
            closes +=
                i128::from(now.max(0) - then.max(0)) * weights.get(line).copied().unwrap_or(0);
        }
        let before = step.from.and_then(|from| self.cost.get(from)).copied().unwrap_or(0);
        let cost = (self.cost.get(step.to)? - before).max(1);
        (closes > 0).then_some(Rated { closes, cost, step })
    }

    fn apply(
        &self,
        from: Option<usize>,
        to: Option<usize>,
        counts: &mut [u32],
        missing: &mut [i64],
    ) {
        for (at, sign) in [(from, -1), (to, 1)] {
            let Some(at) = at else { continue };
            if let Some(count) = counts.get_mut(at) {
                *count = if sign > 0 { *count + 1 } else { count.saturating_sub(1) };
            }
            for (line, gain) in self.gains.get(at).into_iter().flatten() {
                if let Some(missing) = missing.get_mut(*line) {
                    *missing -= sign * gain;
                }
            }
        }
    }

    /// Takes away what is not needed, and puts what costs less in the place of what is.
    fn stripped(&mut self, mut counts: Vec<u32>) -> Vec<u32> {
        let mut missing = self.missing(&counts);
        for _ in 0..4 {
            let mut order: Vec<usize> = (0..counts.len())
                .filter(|at| counts.get(*at).copied().unwrap_or(0) > self.low(*at))
                .collect();
            order.sort_by_key(|at| std::cmp::Reverse(self.cost.get(*at).copied()));
            let mut is_changed = false;
            for at in order {
                while counts.get(at).copied().unwrap_or(0) > self.low(at)
                    && self.cheaper(at, &mut counts, &mut missing)
                {
                    is_changed = true;
                }
            }
            if !is_changed {
                break;
            }
        }
        counts
    }

    /// One fewer of a choice, or another in its place that costs less.
    fn cheaper(&mut self, from: usize, counts: &mut [u32], missing: &mut [i64]) -> bool {
        let own = self.cost.get(from).copied().unwrap_or(0);
        let group = self.group_of.get(from).copied().unwrap_or(0);
        let range = self.groups.get(group).cloned().unwrap_or_default();
        let mut others: Vec<(i128, Option<usize>)> = vec![(0, None)];
        for to in range.filter(|to| *to != from) {
            let cost = self.cost.get(to).copied().unwrap_or(0);
            if counts.get(to).is_some_and(|count| *count < self.high(to)) {
                others.push((cost, Some(to)));
            }
        }
        others.retain(|(cost, _)| *cost < own);
        others.sort_unstable();
        for (_, to) in others {
            self.work += 4;
            self.apply(Some(from), to, counts, missing);
            if missing.iter().all(|missing| *missing <= 0) {
                return true;
            }
            self.apply(to, Some(from), counts, missing);
        }
        false
    }
}
