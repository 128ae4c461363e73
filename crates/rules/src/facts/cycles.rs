//! Cycles of affiliations: a partner that is, through others, a subsidiary of itself.
//!
//! Affiliations lie on a cycle when there is a day on which, and a moment at which, all of it was
//! in force and known. Each is a rectangle of days and moments, and a cycle needs a point that all
//! of its rectangles share. That is decided when the whole file has been read, so that the order
//! of its rows makes no difference.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::Ids;
use super::layout::shown;
use super::row::Known;
use super::table::Grouped;
use crate::day::Day;

/// How often each affiliation of a tangle is looked at, on average, before all of the tangle is
/// taken to be on a cycle. Of up to eleven, cycles are told exactly whatever their times.
const LOOKS: usize = 1_000;

/// Most looks at one tangle.
const MOST_LOOKS: usize = 4_000_000;

/// The affiliations of a file, while it is read.
#[derive(Debug, Default)]
pub(crate) struct Cycles {
    partners: Ids,
    rows: Vec<CycleRow>,
}

#[derive(Clone, Copy, Debug)]
struct CycleRow {
    subsidiary: u32,
    primary: u32,
    from: Day,
    until: Option<Day>,
    known: Known,
    id: u32,
    line: u64,
}

/// An affiliation that lies on a cycle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OnCycle {
    /// The number of its id.
    pub(crate) id: u32,
    pub(crate) line: u64,
    /// The subsidiary's id, as problems show it.
    pub(crate) subsidiary: String,
    /// The primary's.
    pub(crate) primary: String,
}

/// From a first day, or moment, until before another.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    begin: u32,
    end: u32,
}

/// An affiliation as an arrow from subsidiary to primary.
#[derive(Clone, Copy, Debug)]
struct Arrow {
    from: u32,
    to: u32,
    /// The position of its row.
    row: usize,
    /// The days of its force, and the moments of its being known.
    times: [Stretch; 2],
}

impl Cycles {
    /// Notes an affiliation of two different partners, with the number of its id and its line.
    pub(crate) fn note(
        &mut self,
        (subsidiary, primary): (&[u8], &[u8]),
        (from, until): (Day, Option<Day>),
        known: Known,
        (id, line): (u32, u64),
    ) {
        let number = |ids: &mut Ids, partner: &[u8]| ids.insert(partner).map(|(at, _)| at);
        let subsidiary = number(&mut self.partners, subsidiary);
        let primary = number(&mut self.partners, primary);
        if let (Some(subsidiary), Some(primary)) = (subsidiary, primary) {
            self.rows.push(CycleRow { subsidiary, primary, from, until, known, id, line });
        }
    }

    /// The affiliations that lie on some cycle, in the order of their lines.
    pub(crate) fn found(self) -> Vec<OnCycle> {
        let mut is_on = vec![false; self.rows.len()];
        for tangle in tangles(&self.arrows()) {
            mark(tangle, &mut is_on);
        }
        let rows = self.rows.iter().zip(is_on).filter(|(_, is_on)| *is_on);
        let partner = |number: u32| shown(self.partners.get(number)).into_owned();
        let mut found: Vec<OnCycle> = rows
            .map(|(row, _)| OnCycle {
                id: row.id,
                line: row.line,
                subsidiary: partner(row.subsidiary),
                primary: partner(row.primary),
            })
            .collect();
        found.sort_by_key(|row| row.line);
        found
    }

    /// The rows as arrows, those that were never in force or never known left out. Moments
    /// become their positions among all moments.
    fn arrows(&self) -> Vec<Arrow> {
        let known = self.rows.iter().flat_map(|row| [row.known.from, row.known.until]);
        let mut moments: Vec<Timestamp> = known.collect();
        moments.sort_unstable();
        moments.dedup();
        let place = |moment: Timestamp| {
            let at = moments.binary_search(&moment).unwrap_or_else(|at| at);
            u32::try_from(at).unwrap_or(u32::MAX)
        };
        let arrow = |(at, row): (usize, &CycleRow)| Arrow {
            from: row.subsidiary,
            to: row.primary,
            row: at,
            times: [
                Stretch { begin: row.from.packed(), end: row.until.map_or(u32::MAX, Day::packed) },
                Stretch { begin: place(row.known.from), end: place(row.known.until) },
            ],
        };
        let arrows = self.rows.iter().enumerate().map(arrow);
        arrows.filter(|arrow| arrow.times.iter().all(|stretch| stretch.is_real())).collect()
    }
}

impl Stretch {
    fn is_real(self) -> bool {
        self.begin < self.end
    }
}

/// Marks the rows of a tangle that lie on a cycle at some point of time.
///
/// Times are halved, and what is no tangle any more forgotten, until all arrows of a tangle share
/// a point: then each lies on a cycle there.
fn mark(tangle: Vec<Arrow>, is_on: &mut [bool]) {
    let mut on = |arrows: &[Arrow]| {
        for arrow in arrows {
            if let Some(slot) = is_on.get_mut(arrow.row) {
                *slot = true;
            }
        }
    };
    let whole = tangle.clone();
    let mut looks = whole.len().saturating_mul(LOOKS).min(MOST_LOOKS);
    let mut open = vec![tangle];
    while let Some(arrows) = open.pop() {
        let Some(left) = looks.checked_sub(arrows.len()) else { return on(&whole) };
        looks = left;
        match split(&arrows) {
            None => on(&arrows),
            Some(halves) => open.extend(halves.iter().flat_map(|half| tangles(half))),
        }
    }
}

/// Both halves of the arrows' time; none where they share a point.
fn split(arrows: &[Arrow]) -> Option<[Vec<Arrow>; 2]> {
    for dimension in 0..2 {
        let times = || arrows.iter().filter_map(|arrow| arrow.times.get(dimension));
        let last_begin = times().map(|stretch| stretch.begin).max().unwrap_or(0);
        let first_end = times().map(|stretch| stretch.end).min().unwrap_or(u32::MAX);
        if last_begin < first_end {
            continue;
        }
        // Somebody's end lies within, so that there is something to halve.
        let first = times().map(|stretch| stretch.begin).min().unwrap_or(0);
        let last = times().map(|stretch| stretch.end).max().unwrap_or(u32::MAX);
        let mut within: Vec<u32> = times()
            .flat_map(|stretch| [stretch.begin, stretch.end])
            .filter(|at| (first + 1..last).contains(at))
            .collect();
        within.sort_unstable();
        within.dedup();
        let middle = within.get(within.len() / 2).copied().unwrap_or(first_end);
        let half = |begin: u32, end: u32| {
            let clipped = arrows.iter().filter_map(|arrow| {
                let mut arrow = *arrow;
                let stretch = arrow.times.get_mut(dimension)?;
                stretch.begin = stretch.begin.max(begin);
                stretch.end = stretch.end.min(end);
                stretch.is_real().then_some(arrow)
            });
            clipped.collect()
        };
        return Some([half(first, middle), half(middle, last)]);
    }
    None
}

/// Sorts out the arrows that lie on a cycle, were all of them there at once: by strongly
/// connected component.
fn tangles(arrows: &[Arrow]) -> Vec<Vec<Arrow>> {
    let mut nodes: Vec<u32> = arrows.iter().flat_map(|arrow| [arrow.from, arrow.to]).collect();
    nodes.sort_unstable();
    nodes.dedup();
    let place = |node: u32| {
        u32::try_from(nodes.binary_search(&node).unwrap_or_default()).unwrap_or_default()
    };
    let begins: Vec<u32> = arrows.iter().map(|arrow| place(arrow.from)).collect();
    let ends: Vec<u32> = arrows.iter().map(|arrow| place(arrow.to)).collect();
    let count = nodes.len();
    let forth = Grouped::new(ends.clone(), &begins, count);
    let back = Grouped::new(begins.clone(), &ends, count);
    let first = trees(&forth, count, 0..u32::try_from(count).unwrap_or(u32::MAX));
    let second = trees(&back, count, first.iter().rev().map(|(node, _)| *node));
    let mut root_of = vec![0; count];
    for (node, root) in second {
        if let Some(slot) = root_of.get_mut(node as usize) {
            *slot = root;
        }
    }
    let root = |node: u32| root_of.get(node as usize).copied().unwrap_or_default();
    let mut tangles: BTreeMap<u32, Vec<Arrow>> = BTreeMap::new();
    for ((arrow, begin), end) in arrows.iter().zip(&begins).zip(&ends) {
        if root(*begin) == root(*end) {
            tangles.entry(root(*begin)).or_default().push(*arrow);
        }
    }
    tangles.into_values().collect()
}

/// Walks from each start that was not reached before. Returns each node, behind all that the walk
/// came to from it, with the start of its walk.
fn trees(next: &Grouped<u32>, count: usize, starts: impl Iterator<Item = u32>) -> Vec<(u32, u32)> {
    let mut is_seen = vec![false; count];
    let mut is_new = |node: u32| {
        is_seen.get_mut(node as usize).is_some_and(|seen| !std::mem::replace(seen, true))
    };
    let mut finished = Vec::with_capacity(count);
    let mut open: Vec<(u32, usize)> = Vec::new();
    for start in starts {
        if is_new(start) {
            open.push((start, 0));
        }
        while let Some((node, at)) = open.last_mut() {
            let child = next.of(*node).get(*at).copied();
            *at += 1;
            match child {
                Some(child) if is_new(child) => open.push((child, 0)),
                Some(_) => {}
                None => {
                    finished.push((*node, start));
                    open.pop();
                }
            }
        }
    }
    finished
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    type Tie = ((usize, usize), (u8, u8), (u8, u8));

    const NAMES: [&[u8]; 4] = [b"ash", b"birch", b"cedar", b"elm"];

    fn day(number: u8) -> Day {
        Day::MIN.plus_days(number.into())
    }

    fn known((from, length): (u8, u8)) -> Known {
        let moment = |second: u8| Timestamp::constant(second.into(), 0);
        Known { from: moment(from), until: moment(from + length) }
    }

    fn lines(ties: &[Tie]) -> Vec<u64> {
        let mut cycles = Cycles::default();
        for (number, (partners, days, moments)) in (0..).zip(ties) {
            let partners = (NAMES[partners.0], NAMES[partners.1]);
            let days = (day(days.0), Some(day(days.0 + days.1)));
            cycles.note(partners, days, known(*moments), (number, number.into()));
        }
        cycles.found().iter().map(|row| row.line).collect()
    }

    /// By looking at every day and moment, and walking on from the primary.
    fn slowly(ties: &[Tie]) -> Vec<u64> {
        let is_at = |tie: &Tie, point: (u8, u8)| {
            let within = |(from, length): (u8, u8), at| from <= at && at < from + length;
            within(tie.1, point.0) && within(tie.2, point.1)
        };
        let is_on = |tie: &Tie, point: (u8, u8)| {
            let mut reached = vec![tie.0.1];
            for _ in NAMES {
                let there: Vec<&Tie> = ties.iter().filter(|tie| is_at(tie, point)).collect();
                let more = there.iter().filter(|tie| reached.contains(&tie.0.0));
                reached.extend(more.map(|tie| tie.0.1).collect::<Vec<_>>());
            }
            is_at(tie, point) && reached.contains(&tie.0.0)
        };
        let points = || (0..16).flat_map(|day| (0..16).map(move |moment| (day, moment)));
        let on = (0..).zip(ties).filter(|(_, tie)| points().any(|point| is_on(tie, point)));
        on.map(|(line, _)| line).collect()
    }

    fn tie() -> impl Strategy<Value = Tie> {
        let partners = (0..NAMES.len(), 1..NAMES.len());
        let partners = partners.prop_map(|(a, step)| (a, (a + step) % NAMES.len()));
        (partners, (0_u8..8, 0_u8..8), (0_u8..8, 0_u8..8))
    }

    proptest! {
        #[test]
        fn a_row_lies_on_a_cycle_when_it_does_on_some_day_as_known_at_some_moment(
            ties in prop::collection::vec(tie(), 0..11),
        ) {
            prop_assert_eq!(lines(&ties), slowly(&ties));
        }
    }

    #[test]
    fn affiliations_without_number_come_to_an_end() {
        // All run in one circle, and no two of its neighbours do at the same time.
        let mut cycles = Cycles::default();
        let name = |number: u32| number.to_le_bytes();
        let count = 3_000;
        for number in 0..count {
            let partners = (&name(number)[..], &name((number + 1) % count)[..]);
            let from = Day::MIN.plus_days(i32::try_from(number % 97).unwrap_or(0));
            let known = Known { from: Timestamp::MIN, until: Timestamp::MAX };
            cycles.note(partners, (from, Some(from.plus_days(1))), known, (number, 0));
        }
        assert!(cycles.found().is_empty());
    }
}
