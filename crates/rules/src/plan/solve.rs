//! Solves programs of whole numbers: the best choice with a proof, or the best found with a bound.
//!
//! Bounds are Lagrangian: each line has a price, and what remains falls apart into groups that are
//! decided one by one. Any prices give a bound that holds, so that all arithmetic is of whole
//! numbers and nothing rests on rounding. Prices climb by subgradients; what their reduced costs
//! rule out is fixed; what is left is split in two, again and again. The same input gives the same
//! answer: work is counted, not timed.

mod climb;
mod mend;
mod prices;

use super::program::{Counts, Program};
use climb::Climb;
use prices::Met;

/// Prices are in so many parts of a unit of cost.
const PARTS: i128 = 1 << 16;

/// How long to search.
pub(super) struct Limits<'s> {
    /// Units of work: one number looked at.
    pub(super) work: u64,
    /// Asked now and then: whether to stop.
    pub(super) stop: &'s dyn Fn() -> bool,
}

/// What came of solving.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    /// The best that was found.
    pub(super) best: Option<Counts>,
    /// Nothing costs less than this.
    pub(super) bound: i128,
    /// Whether the best is proved to be that, or that there is none.
    pub(super) is_proved: bool,
}

/// Finds the choice of least cost. `known` is a choice that may be bettered.
///
/// Groups that share no line have nothing to do with each other: each part is solved by itself.
pub(super) fn solve(program: &Program, known: Option<&Counts>, limits: &mut Limits<'_>) -> Answer {
    let parts = program.parts();
    let mut best = Some(program.nothing());
    let (mut bound, mut is_proved) = (0, true);
    for (at, part) in parts.iter().enumerate() {
        let small = program.part(part);
        let own = known
            .map(|counts| part.groups.iter().filter_map(|at| counts.get(*at).cloned()).collect());
        // What is left is shared out, so that no part takes it all.
        let share = limits.work / (parts.len() - at) as u64;
        let mut of_part = Limits { work: share, stop: limits.stop };
        let answer = solve_part(&small, own.as_ref(), &mut of_part);
        limits.work = limits.work.saturating_sub(share - of_part.work);
        bound += answer.bound;
        is_proved &= answer.is_proved;
        match answer.best {
            Some(counts) => {
                for (group, counts) in part.groups.iter().zip(counts) {
                    if let Some(slot) = best.as_mut().and_then(|best| best.get_mut(*group)) {
                        *slot = counts;
                    }
                }
            }
            None if answer.is_proved => {
                return Answer { best: None, bound: answer.bound, is_proved: true };
            }
            None => best = None,
        }
    }
    Answer { best, bound, is_proved }
}

fn solve_part(program: &Program, known: Option<&Counts>, limits: &mut Limits<'_>) -> Answer {
    let mut search = Search::new(program, limits);
    if let Some(counts) = known.filter(|counts| program.is_reached(counts)) {
        search.take(counts.iter().flatten().copied().collect());
    }
    search.run();
    let best = search.best.as_ref().map(|(_, flat)| search.nested(flat));
    limits.work = limits.work.saturating_sub(search.work);
    Answer { best, bound: search.bound, is_proved: search.is_proved }
}

/// The choice that closes the gap step by step, each time by what closes most of it for its cost.
pub(super) fn greedy(program: &Program) -> Option<Counts> {
    let mut limits = Limits { work: u64::MAX, stop: &|| false };
    let mut search = Search::new(program, &mut limits);
    let flat = search.greedy()?;
    Some(search.nested(&flat))
}

/// Choices in one row, with what is still open of each.
struct Search<'s> {
    needed: Vec<i64>,
    /// The choices of each group.
    groups: Vec<std::ops::Range<usize>>,
    most: Vec<u32>,
    /// The group of each choice.
    group_of: Vec<usize>,
    cost: Vec<i128>,
    gains: Vec<Vec<(usize, i64)>>,
    low: Vec<u32>,
    high: Vec<u32>,
    /// How large numbers of each line are.
    scale: Vec<i64>,
    best: Option<(i128, Vec<u32>)>,
    bound: i128,
    is_proved: bool,
    work: u64,
    limit: u64,
    stop: &'s dyn Fn() -> bool,
}

/// A part of the search that is still open.
struct Node {
    low: Vec<u32>,
    high: Vec<u32>,
    prices: Vec<i128>,
    bound: i128,
    /// Choices that were met on the way here.
    met: std::rc::Rc<Met>,
}

impl<'s> Search<'s> {
    fn new(program: &Program, limits: &mut Limits<'s>) -> Self {
        let mut search = Self {
            needed: program.needed.clone(),
            groups: Vec::new(),
            most: Vec::new(),
            group_of: Vec::new(),
            cost: Vec::new(),
            gains: Vec::new(),
            low: Vec::new(),
            high: Vec::new(),
            scale: vec![1; program.needed.len()],
            best: None,
            bound: 0,
            is_proved: false,
            work: 0,
            limit: limits.work,
            stop: limits.stop,
        };
        for (number, group) in program.groups.iter().enumerate() {
            let begin = search.cost.len();
            for choice in &group.choices {
                search.cost.push(choice.cost);
                search.gains.push(choice.gains.clone());
                search.group_of.push(number);
                search.low.push(0);
                search.high.push(group.most);
                for (line, gain) in &choice.gains {
                    if let Some(scale) = search.scale.get_mut(*line) {
                        *scale = (*scale).max(gain.abs());
                    }
                }
            }
            search.groups.push(begin..search.cost.len());
            search.most.push(group.most);
        }
        search
    }

    fn nested(&self, flat: &[u32]) -> Counts {
        let of = |range: &std::ops::Range<usize>| flat.get(range.clone()).unwrap_or_default();
        self.groups.iter().map(|range| of(range).to_vec()).collect()
    }

    fn is_over(&self) -> bool {
        self.work >= self.limit || (self.stop)()
    }

    fn cost_of(&self, flat: &[u32]) -> i128 {
        flat.iter().zip(&self.cost).map(|(count, cost)| i128::from(*count) * cost).sum()
    }

    /// What is still missing of each line.
    fn missing(&self, flat: &[u32]) -> Vec<i64> {
        let mut missing = self.needed.clone();
        for (count, gains) in flat.iter().zip(&self.gains) {
            if *count > 0 {
                for (line, gain) in gains {
                    if let Some(missing) = missing.get_mut(*line) {
                        *missing -= gain * i64::from(*count);
                    }
                }
            }
        }
        missing
    }

    /// Takes a choice that reaches every line, if it is the best so far.
    fn take(&mut self, flat: Vec<u32>) {
        let cost = self.cost_of(&flat);
        if self.best.as_ref().is_none_or(|(best, _)| cost < *best) {
            self.best = Some((cost, flat));
        }
    }

    /// The cost that has to be undercut.
    fn ceiling(&self) -> i128 {
        match &self.best {
            Some((cost, _)) => *cost,
            None => {
                let groups = self.groups.iter().zip(&self.most);
                let dearest = groups.map(|(range, most)| {
                    let costs = self.cost.get(range.clone()).unwrap_or_default();
                    i128::from(*most) * costs.iter().max().copied().unwrap_or(0).max(0)
                });
                dearest.sum::<i128>() + 1
            }
        }
    }

    fn run(&mut self) {
        let lines = self.needed.len();
        if let Some(flat) = self.greedy() {
            self.take(flat);
        }
        let root = Node {
            low: self.low.clone(),
            high: self.high.clone(),
            prices: vec![0; lines],
            bound: 0,
            met: std::rc::Rc::default(),
        };
        let mut open = vec![root];
        let mut is_first = true;
        while let Some(node) = open.pop() {
            if node.bound >= self.ceiling() && (self.best.is_some() || !is_first) {
                continue;
            }
            if !is_first && self.is_over() {
                open.push(node);
                break;
            }
            let children = self.look(node, is_first);
            if is_first {
                // Nothing undercuts the bound of the whole.
                let of_root = children.iter().map(|child| child.bound).min();
                self.bound = of_root.unwrap_or(self.bound);
            }
            is_first = false;
            open.extend(children);
        }
        self.is_proved = open.is_empty();
        let still_open = open.iter().map(|node| node.bound).min();
        let ceiling = self.ceiling();
        self.bound = match still_open {
            Some(bound) => self.bound.max(bound).min(ceiling),
            None => ceiling,
        };
    }

    /// Looks at a part of the search: nothing is left of it, or two parts.
    fn look(&mut self, node: Node, is_first: bool) -> Vec<Node> {
        let Node { low, high, mut prices, mut bound, met } = node;
        (self.low, self.high) = (low, high);
        if !self.can_be_reached() {
            return Vec::new();
        }
        if is_first {
            self.first_prices(&mut prices);
        }
        let mixed = self.mixed(&prices, &met, if is_first { 400 } else { 60 });
        prices.clone_from(&mixed.prices);
        bound = bound
            .max(mixed.value.div_euclid(PARTS) + i128::from(mixed.value.rem_euclid(PARTS) != 0));
        if bound >= self.ceiling() {
            return Vec::new();
        }
        let near: Vec<u32> = mixed
            .averages
            .iter()
            .map(|one| u32::try_from(*one >> climb::AVERAGE_BITS).unwrap_or(0))
            .collect();
        for counts in [&mixed.counts, &near] {
            if let Some(flat) = self.mended(counts, &prices) {
                self.take(flat);
            }
        }
        if bound >= self.ceiling() {
            return Vec::new();
        }
        self.fix(&prices);
        let Some((at, split)) = self.split(&mixed.averages, &mixed.counts) else {
            // Everything is decided.
            let flat = self.low.clone();
            if self.missing(&flat).iter().all(|missing| *missing <= 0) && self.fits(&flat) {
                self.take(flat);
            }
            return Vec::new();
        };
        let met = std::rc::Rc::new(mixed.met);
        let child = |search: &Self, low: Option<u32>, high: Option<u32>| {
            let mut node = Node {
                low: search.low.clone(),
                high: search.high.clone(),
                prices: prices.clone(),
                bound,
                met: met.clone(),
            };
            if let (Some(value), Some(slot)) = (low, node.low.get_mut(at)) {
                *slot = value;
            }
            if let (Some(value), Some(slot)) = (high, node.high.get_mut(at)) {
                *slot = value;
            }
            node
        };
        let more = child(self, Some(split + 1), None);
        let fewer = child(self, None, Some(split));
        // The last is looked at first.
        let average = mixed.averages.get(at).copied().unwrap_or(0);
        let is_nearer_above =
            average - (i64::from(split) << climb::AVERAGE_BITS) >= 1 << (climb::AVERAGE_BITS - 1);
        if is_nearer_above { vec![fewer, more] } else { vec![more, fewer] }
    }

    /// Prices to begin with, and good choices that are met on the way to them.
    fn first_prices(&mut self, prices: &mut Vec<i128>) {
        let mut climb = Climb::new(self, prices);
        climb.rounds(self, 120);
        prices.clone_from(&climb.best_prices);
        for counts in std::mem::take(&mut climb.counts_on_the_way) {
            if let Some(flat) = self.mended(&counts, prices) {
                self.take(flat);
            }
        }
    }

    fn fits(&self, flat: &[u32]) -> bool {
        self.groups.iter().zip(&self.most).all(|(range, most)| {
            let counts = flat.get(range.clone()).unwrap_or_default();
            counts.iter().map(|count| u64::from(*count)).sum::<u64>() <= u64::from(*most)
        })
    }

    /// Whether each line by itself could be reached.
    fn can_be_reached(&mut self) -> bool {
        let mut missing = self.needed.clone();
        let mut gains: Vec<Vec<(i64, u32)>> = vec![Vec::new(); missing.len()];
        for (range, most) in self.groups.iter().zip(&self.most) {
            let mut touched: Vec<usize> = Vec::new();
            let mut used = 0;
            for at in range.clone() {
                let (low, high) = (self.low(at), self.high(at));
                used += low;
                for (line, gain) in self.gains.get(at).into_iter().flatten() {
                    if let Some(missing) = missing.get_mut(*line) {
                        *missing -= gain * i64::from(low);
                    }
                    if let Some(gains) = gains.get_mut(*line).filter(|_| *gain > 0 && high > low) {
                        gains.push((*gain, high - low));
                        touched.push(*line);
                    }
                }
                self.work += 1;
            }
            let Some(free) = most.checked_sub(used) else { return false };
            touched.sort_unstable();
            touched.dedup();
            for line in touched {
                let Some(gains) = gains.get_mut(line) else { continue };
                gains.sort_unstable_by(|a, b| b.cmp(a));
                let mut free = free;
                for (gain, most) in gains.drain(..) {
                    let count = most.min(free);
                    free -= count;
                    if let Some(missing) = missing.get_mut(line) {
                        *missing -= gain * i64::from(count);
                    }
                }
            }
        }
        missing.iter().all(|missing| *missing <= 0)
    }

    fn low(&self, at: usize) -> u32 {
        self.low.get(at).copied().unwrap_or(0)
    }

    fn high(&self, at: usize) -> u32 {
        self.high.get(at).copied().unwrap_or(0)
    }

    /// Fixes what costs too much by these prices to be in anything better than the best.
    fn fix(&mut self, prices: &[i128]) {
        if self.best.is_none() {
            return;
        }
        let priced = self.priced(prices);
        // Costs are whole: what is better costs one less at least.
        let room = (self.ceiling() - 1) * PARTS - priced.value;
        for (number, range) in self.groups.clone().into_iter().enumerate() {
            let most = self.most.get(number).copied().unwrap_or(0);
            let used: u32 = range.clone().filter_map(|at| priced.counts.get(at)).sum();
            let of = |at: usize| priced.reduced.get(at).copied().unwrap_or(0);
            let count = |at: usize| priced.counts.get(at).copied().unwrap_or(0);
            let spare = used < most;
            // What one place in the group is worth: nothing, or the worst that has one.
            let taken = range.clone().filter(|at| count(*at) > self.low(*at));
            let worst = if spare { 0 } else { taken.map(of).max().unwrap_or(0).min(0) };
            let open = range.clone().filter(|at| count(*at) < self.high(*at));
            let next = open.map(of).min().unwrap_or(0).min(0);
            for at in range.clone() {
                let (reduced, count) = (of(at), count(at));
                if let Some(high) = self.high.get_mut(at)
                    && *high > count
                    && reduced - worst > room
                {
                    *high = count;
                }
                // Fewer of it: the next best takes the place, or nobody.
                if let Some(low) = self.low.get_mut(at)
                    && *low < count
                    && next - reduced > room
                {
                    *low = count;
                }
            }
        }
    }

    /// A choice to split at, and the count up to which the one part goes.
    fn split(&self, averages: &[i64], counts: &[u32]) -> Option<(usize, u32)> {
        let half = 1_i64 << (climb::AVERAGE_BITS - 1);
        let mut found: Option<(i64, usize, u32)> = None;
        for at in 0..self.cost.len() {
            let (low, high) = (self.low(at), self.high(at));
            if low >= high {
                continue;
            }
            let average = averages.get(at).copied().unwrap_or(0);
            let whole = u32::try_from(average >> climb::AVERAGE_BITS).unwrap_or(0);
            let whole = whole.clamp(low, high - 1);
            let fraction = average - (i64::from(whole) << climb::AVERAGE_BITS);
            // The nearer to a half, the better.
            let mut merit = half - (fraction - half).abs();
            if merit <= 0 {
                let count = counts.get(at).copied().unwrap_or(0);
                merit = if count > low { 0 } else { -1 };
            }
            if found.is_none_or(|(best, ..)| merit > best) {
                found = Some((merit, at, whole));
            }
        }
        found.map(|(_, at, split)| (at, split))
    }
}

#[cfg(test)]
mod tests;
