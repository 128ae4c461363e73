//! Why there is no way: the fewest requirements that cannot be met together.

use std::collections::BTreeSet;

use super::answer::Blocking;
use super::draft::Prepared;
use super::program::Objective;
use super::solve::{Limits, solve};
use super::world::Held;
use crate::evaluation::{Evaluator, Values};
use crate::facts::THE_PARTNER;

/// Sets of so many requirements at most are tried all; larger ones are found by leaving out what
/// is not needed, and may not be the smallest.
const TRIED: usize = 3;

/// Work for one set.
const WORK: u64 = 20_000_000;

/// The requirements in the way. None if it is only the time for so many people at once.
pub(super) fn blocking(
    prepared: &Prepared<'_>,
    held: &Held,
    stop: &dyn Fn() -> bool,
) -> Vec<Blocking> {
    let model = &prepared.model;
    let all: Vec<usize> =
        model.named.iter().flatten().copied().collect::<BTreeSet<usize>>().into_iter().collect();
    let is_possible = |measures: &[usize]| {
        let program = model.program.with_costs(Objective::Money, true).with_lines(|line| {
            let named = model.named.get(line).copied().flatten();
            named.is_none_or(|named| measures.contains(&named))
        });
        let mut limits = Limits { work: WORK, stop };
        let answer = solve(&program, None, &mut limits);
        // What was not decided is not in the way.
        answer.best.is_some() || !answer.is_proved
    };
    let found = smallest(&all, &is_possible);
    let is_alone = found.len() == 1;
    prepared.world.look(&[], held, |evaluator| {
        let named = found.iter().filter_map(|at| told(prepared, evaluator, *at, is_alone));
        named.collect()
    })
}

fn smallest(all: &[usize], is_possible: &dyn Fn(&[usize]) -> bool) -> Vec<usize> {
    for size in 1..=TRIED.min(all.len()) {
        let mut chosen = Vec::new();
        if let Some(found) = tried(all, size, &mut chosen, is_possible) {
            return found;
        }
    }
    let mut kept = all.to_vec();
    for one in all {
        let without: Vec<usize> = kept.iter().copied().filter(|other| other != one).collect();
        if !without.is_empty() && !is_possible(&without) {
            kept = without;
        }
    }
    kept
}

/// The first set of a size that cannot be met, in the order of the rows.
fn tried(
    left: &[usize],
    size: usize,
    chosen: &mut Vec<usize>,
    is_possible: &dyn Fn(&[usize]) -> bool,
) -> Option<Vec<usize>> {
    if size == 0 {
        return (!is_possible(chosen)).then(|| chosen.clone());
    }
    for (at, one) in left.iter().enumerate() {
        chosen.push(*one);
        let rest = left.get(at + 1..).unwrap_or_default();
        let found = tried(rest, size - 1, chosen, is_possible);
        chosen.pop();
        if found.is_some() {
            return found;
        }
    }
    None
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
    let (value, target) = if ask.measure == named {
        let value = match ask.days {
            Some(days) => values.find(ask.measure, days, ask.column),
            None => values.get(ask.measure, ask.column).clone(),
        };
        (value.number, ask.target.bar())
    } else {
        months(prepared, evaluator, named)?
    };
    let has_means =
        prepared.model.program.groups.iter().flat_map(|group| &group.choices).any(|one| {
            one.gains.iter().any(|(line, gain)| {
                *gain > 0 && prepared.model.named.get(*line).copied().flatten() == Some(named)
            })
        });
    let by = check.last;
    let why = match past {
        Some(day) => format!("what it asks was not met on {day}, which has passed"),
        None if !has_means => "nothing that can still be done counts for it".to_owned(),
        None if is_alone => format!("all that can be done until {by} is not enough"),
        None => format!("not together with the others until {by}"),
    };
    let (measure, title) = (measure.id.clone(), measure.title.clone());
    Some(Blocking { measure, title, target, value, why })
}

/// The months of a sustained measure, as they come without a step, and those asked.
fn months(
    prepared: &Prepared<'_>,
    evaluator: &Evaluator<'_>,
    named: usize,
) -> Option<(crate::number::Number, crate::decimal::Decimal)> {
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
    Some((value.number, target.bar()))
}
