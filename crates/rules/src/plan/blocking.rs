//! Why there is no way: the fewest requirements that cannot be met together.
//!
//! Requirements that can be met together are grown until none can be added; whatever cannot be met
//! has one of those left out in it. The smallest set that has one of each such rest in it is looked
//! at next, until one is found that cannot be met: none is smaller. Each set is looked at with its
//! own work; where it does not suffice, the set is taken to be possible, and what is found may not
//! be the smallest.

use std::cell::Cell;
use std::collections::BTreeSet;

use super::answer::Blocking;
use super::draft::Prepared;
use super::program::{Objective, Program};
use super::solve::{Limits, solve};
use super::world::Held;
use crate::evaluation::{Evaluator, State, Value, Values};
use crate::facts::THE_PARTNER;
use crate::rulebook::Target;

/// Work for one set.
const WORK: u64 = 20_000_000;

/// Most sets that are looked at.
const MOST_SETS: u32 = 400;

/// More requirements than are told apart.
const MOST_REQUIREMENTS: usize = 64;

/// Requirements in the way.
pub(super) struct InTheWay {
    pub(super) all: Vec<Blocking>,
    /// Whether it is proved that no fewer are.
    pub(super) is_smallest: bool,
}

/// The requirements in the way. None if it is only the time for so many people at once, or if it
/// is not known whether there is no way.
pub(super) fn blocking(prepared: &Prepared<'_>, held: &Held, stop: &dyn Fn() -> bool) -> InTheWay {
    let model = &prepared.model;
    let named: BTreeSet<usize> = model.named.iter().flatten().copied().collect();
    let all: Vec<usize> = named.into_iter().take(MOST_REQUIREMENTS).collect();
    let looking = Looking {
        // Costs are no matter.
        program: model.program.with_costs(Objective::Nothing, true),
        named: &model.named,
        all: &all,
        stop,
        looked: Cell::new(0),
        is_sure: Cell::new(prepared.relaxed.is_none()),
    };
    let found = looking.smallest().unwrap_or_default();
    let found: Vec<usize> = (0..all.len())
        .filter(|at| found >> at & 1 == 1)
        .filter_map(|at| all.get(at).copied())
        .collect();
    let is_alone = found.len() == 1;
    let is_smallest = !found.is_empty() && (is_alone || looking.is_sure.get());
    let all = prepared.world.look(&[], held, |evaluator| {
        let named = found.iter().filter_map(|at| told(prepared, evaluator, *at, is_alone));
        named.collect()
    });
    InTheWay { all, is_smallest }
}

/// Looks at sets of requirements, which are bits.
struct Looking<'l> {
    program: Program,
    named: &'l [Option<usize>],
    all: &'l [usize],
    stop: &'l dyn Fn() -> bool,
    looked: Cell<u32>,
    /// Whether every set that was taken to be possible is.
    is_sure: Cell<bool>,
}

impl Looking<'_> {
    /// Whether some requirements can be met together.
    fn is_possible(&self, set: u64) -> bool {
        self.looked.set(self.looked.get() + 1);
        let program = self.program.with_lines(|line| {
            let named = self.named.get(line).copied().flatten();
            let at = named.and_then(|named| self.all.iter().position(|one| *one == named));
            at.is_none_or(|at| set >> at & 1 == 1)
        });
        let mut limits = Limits { work: WORK, stop: self.stop };
        let answer = solve(&program, None, &mut limits);
        if answer.best.is_none() && !answer.is_proved {
            self.is_sure.set(false);
        }
        answer.best.is_some() || !answer.is_proved
    }

    /// The smallest set that cannot be met; none if all can.
    fn smallest(&self) -> Option<u64> {
        let count = self.all.len();
        let whole = if count >= 64 { u64::MAX } else { (1 << count) - 1 };
        if self.is_possible(whole) {
            return None;
        }
        // Of each rest one is in whatever cannot be met.
        let mut rests: Vec<u64> = Vec::new();
        while self.looked.get() < MOST_SETS {
            let candidate = hitting(&rests, count)?;
            if !self.is_possible(candidate) {
                return Some(candidate);
            }
            let mut grown = candidate;
            for at in (0..count).filter(|at| candidate >> at & 1 == 0) {
                if self.is_possible(grown | 1 << at) {
                    grown |= 1 << at;
                }
            }
            rests.push(whole & !grown);
        }
        self.is_sure.set(false);
        let mut kept = whole;
        for at in 0..count {
            if !self.is_possible(kept & !(1 << at)) {
                kept &= !(1 << at);
            }
        }
        Some(kept)
    }
}

/// The smallest set that has one of each rest in it; of equals the first in the order of rows.
fn hitting(rests: &[u64], count: usize) -> Option<u64> {
    (0..=count).find_map(|size| chosen(rests, 0, size))
}

fn chosen(rests: &[u64], set: u64, size: usize) -> Option<u64> {
    let Some(open) = rests.iter().find(|rest| **rest & set == 0) else { return Some(set) };
    if size == 0 {
        return None;
    }
    let bits = (0..64).filter(|at| open >> at & 1 == 1);
    bits.into_iter().find_map(|at| chosen(rests, set | 1 << at, size - 1))
}

fn told(
    prepared: &Prepared<'_>,
    evaluator: &Evaluator<'_>,
    named: usize,
    is_alone: bool,
) -> Option<Blocking> {
    let world = prepared.world;
    let measure = world.edition.measures.get(named)?;
    let mut asks = prepared.checks.iter().enumerate().rev().flat_map(|(at, check)| {
        check.asks.iter().filter(|ask| ask.named == named).map(move |ask| (at, check, ask))
    });
    let lines = prepared.model.named.iter().zip(&prepared.model.checks);
    let of_it = lines.filter(|(of, _)| **of == Some(named)).filter_map(|(_, check)| *check);
    let past = of_it
        .filter_map(|at| prepared.checks.get(at).map(|check| check.view.as_of))
        .find(|day| *day <= world.as_of);
    let (_, check, ask) = asks.next()?;
    let history = evaluator.history(THE_PARTNER, &check.view);
    let mut values = Values::new(evaluator, THE_PARTNER, &check.view, history.last_reset_on);
    let (value, target, min_n) = if ask.measure == named {
        let value = match ask.days {
            Some(days) => values.find(ask.measure, days, ask.column),
            None => values.get(ask.measure, ask.column).clone(),
        };
        (value, ask.target, ask.min_n)
    } else {
        let (value, target) = months(prepared, evaluator, named)?;
        (value, target, None)
    };
    let n = value.n;
    let state = State::of_enough(&value, target, min_n);
    let too_few = min_n.filter(|least| value.number.meets(target) && n < u64::from(*least));
    let has_means =
        prepared.model.program.groups.iter().flat_map(|group| &group.choices).any(|one| {
            one.gains.iter().any(|(line, gain)| {
                *gain > 0 && prepared.model.named.get(*line).copied().flatten() == Some(named)
            })
        });
    let by = check.last;
    let why = match past {
        Some(day) if day == world.as_of => format!("what it asks is not met on {day} itself"),
        Some(day) => format!("what it asks was not met on {day}, which has passed"),
        None if !has_means && state == State::Unknown => {
            "nothing is there to count, and nothing that can still be done counts for it".to_owned()
        }
        None if !has_means && too_few.is_some() => {
            let least = too_few.unwrap_or_default();
            format!("of at least {least} facts {n} are there, and no more can be won in time")
        }
        None if !has_means => "nothing that can still be done counts for it".to_owned(),
        None if is_alone => format!("all that can be done until {by} is not enough"),
        None => format!("not together with the others until {by}"),
    };
    let (measure, title) = (measure.id.clone(), measure.title.clone());
    Some(Blocking {
        measure,
        title,
        target: target.bar(),
        value: value.number,
        is_ceiling: matches!(target, Target::AtMost(_)),
        n,
        min_n,
        state,
        why,
    })
}

/// The months of a sustained measure, as they come without a step, and those asked.
fn months(
    prepared: &Prepared<'_>,
    evaluator: &Evaluator<'_>,
    named: usize,
) -> Option<(Value, Target)> {
    let path = evaluator.paths.get(evaluator.path(THE_PARTNER)?)?;
    let row = path.rows.iter().position(|row| *row == named)?;
    let column = prepared.aim.column();
    let mut tiers = path.tiers.iter().enumerate();
    let (tier, target) =
        tiers.find_map(|(at, tier)| Some((at, (*tier.asks.get(row)?.get(column))?)))?;
    let view = crate::evaluation::Viewpoint::on(evaluator.edition, prepared.aim.day());
    let mut values = Values::new(evaluator, THE_PARTNER, &view, None);
    let most = match evaluator.measures.get(named) {
        Some(crate::evaluation::CompiledMeasure::Sustained { up_to_months }) => *up_to_months,
        _ => 0,
    };
    let value = evaluator.sustained(path, tier, most, &mut values);
    Some((value, target))
}
