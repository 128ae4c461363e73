//! From a goal to a choice: everything that can be done is looked up, the program is solved, and
//! what was chosen gets its people and its days. What the evaluation makes of it decides.

use std::collections::BTreeMap;

use super::checks::{Aim, Check, checks};
use super::costs::Costs;
use super::efforts::{Candidate, addition, candidates};
use super::model::{Model, Parts, Source};
use super::people::{Class, classes};
use super::program::{Counts, Objective};
use super::solve::{Limits, greedy, solve};
use super::trainings::{Item, Trainings};
use super::world::{Held, World};
use crate::day::Day;
use crate::facts::Addition;
use crate::rulebook::EffortKind;

/// How often less time at once is tried, where people cannot be fitted in one after the other.
const TRIES: i64 = 12;

/// Everything that can be done for a goal until a day.
pub(super) struct Prepared<'w> {
    pub(super) world: &'w World<'w>,
    pub(super) aim: &'w Aim,
    pub(super) checks: Vec<Check>,
    pub(super) trainings: Trainings,
    pub(super) classes: Vec<Class>,
    pub(super) candidates: Vec<Candidate>,
    pub(super) model: Model,
    /// Whether nothing was left out.
    pub(super) is_complete: bool,
    at_once: Option<u32>,
}

/// What is done, by whom and when.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    pub(super) picks: Vec<Pick>,
    /// Nothing costs less than this, in the objective's own unit.
    pub(super) bound: i128,
    /// Whether it is proved that nothing costs less.
    pub(super) is_proved: bool,
}

/// One thing that is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pick {
    pub(super) what: Picked,
    pub(super) begin: Day,
    pub(super) due: Day,
    pub(super) days: u16,
    /// Money, in the unit of the plan.
    pub(super) money: i128,
}

/// What is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Picked {
    /// A person takes a training, with the measures in which they are gained, as bits.
    Training { person: u32, item: Item, gained: u64 },
    /// A candidate, by its position and chance, for the so-and-so-many-th time.
    Effort { candidate: usize, chance: usize, nth: u32 },
}

impl<'w> Prepared<'w> {
    /// Looks up everything. `latest` is the day by which all has to be done.
    pub(super) fn new(
        world: &'w World<'w>,
        aim: &'w Aim,
        (held, renews): (&Held, bool),
        costs: &Costs,
        (unit, latest): (u128, Day),
    ) -> Self {
        let (checks, trainings, (classes, is_complete)) = world.look(&[], held, |evaluator| {
            let checks = checks(evaluator, aim, held, renews);
            let trainings =
                Trainings::new(evaluator, world.edition, &checks, costs, (unit, latest));
            let classes = classes(evaluator, world.as_of, &checks, &trainings, costs);
            (checks, trainings, classes)
        });
        let candidates = candidates(world, held, &checks, costs, (unit, latest));
        let tomorrow = world.as_of.plus_days(1);
        let days_left: Vec<i64> = checks
            .iter()
            .map(|check| i64::from(tomorrow.days_until(check.last.min(latest))) + 1)
            .collect();
        let limits = limits(world, costs);
        let parts = Parts {
            checks: &checks,
            classes: &classes,
            candidates: &candidates,
            at_once: costs.at_once,
            days_left: &days_left,
            limits: &limits,
        };
        let model = world.look(&[], held, |evaluator| Model::new(evaluator, &parts));
        let is_complete = is_complete && model.is_exact;
        let at_once = costs.at_once;
        Self { world, aim, checks, trainings, classes, candidates, model, is_complete, at_once }
    }

    /// The best choice for an objective, with people and days.
    pub(super) fn best(&self, objective: Objective, limits: &mut Limits<'_>) -> Option<Draft> {
        let mut first = self.model.program.with_costs(objective, true);
        let mut bound = None;
        for attempt in 0..=TRIES {
            let answer = solve(&first, None, limits);
            let is_first = bound.is_none();
            let bound = *bound.get_or_insert(answer.bound);
            let counts = answer.best?;
            let is_proved = is_first && answer.is_proved && self.is_complete;
            // Of equals the one that takes fewer days; a part of the work must do for that.
            let mut second = self.model.program.with_costs(objective, false);
            second.needed.clone_from(&first.needed);
            let mut rest = Limits { work: limits.work / 4, stop: limits.stop };
            let better = solve(&second, Some(&counts), &mut rest).best;
            for counts in better.iter().chain([&counts]) {
                if let Some(picks) = self.picks(counts) {
                    return Some(Draft { picks, bound, is_proved });
                }
            }
            // Not everybody finds a place one after the other: with less time they may.
            let is_short = self.model.named.iter().zip(&mut first.needed);
            for (named, needed) in
                is_short.filter(|(named, needed)| named.is_none() && **needed < 0)
            {
                let _ = named;
                *needed += (-*needed / (2 * TRIES)).max(1);
            }
            if attempt == TRIES {
                return None;
            }
        }
        None
    }

    /// What the obvious choice comes to.
    pub(super) fn greedy(&self) -> Option<Vec<Pick>> {
        let program = self.model.program.with_costs(Objective::Money, true);
        self.picks(&greedy(&program)?)
    }

    /// Gives what was chosen its people and days; none if somebody finds no place in time.
    fn picks(&self, counts: &Counts) -> Option<Vec<Pick>> {
        let mut picks = Vec::new();
        let mut people: Vec<(u32, usize, usize)> = Vec::new();
        for (source, counts) in self.model.sources.iter().zip(counts) {
            match source {
                Source::Classes(classes) => people.extend(self.assigned(classes, counts)),
                Source::Candidate(candidate) => {
                    picks.extend(self.efforts(*candidate, counts));
                }
                Source::Value => {}
            }
        }
        picks.extend(self.placed(&people)?);
        picks.sort_by_key(|pick| (pick.due, pick.begin, Self::order_of(pick)));
        Some(picks)
    }

    fn order_of(pick: &Pick) -> (usize, u32, usize, u32) {
        match &pick.what {
            Picked::Training { person, item, .. } => (0, *person, item.training, 0),
            Picked::Effort { candidate, nth, .. } => (1, 0, *candidate, *nth),
        }
    }

    /// Persons with their class and bundle.
    fn assigned(&self, classes: &[usize], counts: &[u32]) -> Vec<(u32, usize, usize)> {
        let members = classes.iter().filter_map(|at| Some((*at, self.classes.get(*at)?)));
        let mut members =
            members.flat_map(|(at, class)| class.members.iter().map(move |person| (*person, at)));
        let mut assigned = Vec::new();
        for (bundle, count) in counts.iter().enumerate() {
            let chosen = members.by_ref().take(*count as usize);
            assigned.extend(chosen.map(|(person, class)| (person, class, bundle)));
        }
        assigned
    }

    fn efforts(&self, candidate: usize, counts: &[u32]) -> Vec<Pick> {
        let Some(of) = self.candidates.get(candidate) else { return Vec::new() };
        let mut picks = Vec::new();
        let mut nth = 0;
        for ((chance, of_chance), count) in of.chances.iter().enumerate().zip(counts) {
            for _ in 0..*count {
                nth += 1;
                let length = i32::from(of.days.max(1));
                let earliest = self.world.as_of.plus_days(length);
                let due = of_chance.not_before.map_or(earliest, |day| day.max(earliest));
                let begin = due.plus_days(1 - length);
                let what = Picked::Effort { candidate, chance, nth };
                picks.push(Pick { what, begin, due, days: of.days, money: of.money });
            }
        }
        picks
    }

    /// Places people one after the other, so many at once as may prepare.
    fn placed(&self, people: &[(u32, usize, usize)]) -> Option<Vec<Pick>> {
        let mut order: Vec<&(u32, usize, usize)> = people.iter().collect();
        let bundle = |(_, class, bundle): &(u32, usize, usize)| {
            self.classes.get(*class).and_then(|of| of.menu.get(*bundle))
        };
        order.sort_by_key(|one| {
            let bundle = bundle(one);
            let last = bundle.and_then(|of| of.items.iter().map(|item| item.slot).min());
            let length = bundle.map_or(0, |of| of.lengths.iter().sum::<u32>());
            (last, std::cmp::Reverse(length), one.0)
        });
        let mut free: Vec<Day> = Vec::new();
        if let Some(at_once) = self.at_once {
            let places = (at_once as usize).min(order.len());
            free = vec![self.world.as_of.plus_days(1); places];
        }
        let mut picks = Vec::new();
        for one in order {
            let class = self.classes.get(one.1)?;
            let of = class.menu.get(one.2)?;
            let place = (0..free.len()).min_by_key(|at| free.get(*at).copied());
            let from = place.and_then(|at| free.get(at).copied()).unwrap_or(class.calendar.from);
            let dates =
                self.trainings.dates(&of.items, &class.calendar, from.max(class.calendar.from))?;
            if let (Some(slot), Some((_, due))) =
                (place.and_then(|at| free.get_mut(at)), dates.last())
            {
                *slot = due.plus_days(1);
            }
            let gained = of.gained.iter().fold(0, |bits, gained| bits | gained);
            for (item, (begin, due)) in of.items.iter().zip(dates) {
                let what = Picked::Training { person: one.0, item: *item, gained };
                let days = self.trainings.days_of(item.training);
                let money = self.trainings.money_of(item.training);
                picks.push(Pick { what, begin, due, days, money });
            }
        }
        Some(picks)
    }

    /// The facts that come of what is done.
    pub(super) fn additions(&self, picks: &[Pick]) -> Vec<Addition> {
        picks.iter().enumerate().filter_map(|(at, pick)| self.addition(at, pick)).collect()
    }

    fn addition(&self, at: usize, pick: &Pick) -> Option<Addition> {
        match &pick.what {
            Picked::Training { person, item, .. } => {
                let credential = self.trainings.credential_of(item.training)?;
                Some(Addition::Credential { person: *person, credential, on: pick.due })
            }
            Picked::Effort { candidate, .. } => {
                let of = self.candidates.get(*candidate)?;
                let id = format!("planned {}", at + 1);
                addition(self.world.edition, self.world.catalogue, of, &id, pick.due)
            }
        }
    }

    /// The reviews that are held when all is done, and whether the goal is reached then.
    pub(super) fn outcome(&self, picks: &[Pick]) -> (Held, bool) {
        let additions = self.additions(picks);
        let held = self.world.hold_reviews(&additions, self.aim.day(), false);
        let is_reached =
            self.world.look(&additions, &held, |evaluator| self.aim.is_reached(evaluator, &held));
        (held, is_reached)
    }
}

/// Efforts of which so many may be done in one plan, where each fact is chosen by itself.
fn limits(world: &World<'_>, costs: &Costs) -> Vec<(usize, u32)> {
    let mut limits = BTreeMap::new();
    for (at, (effort, terms)) in world.edition.efforts.iter().zip(&costs.efforts).enumerate() {
        let is_by_fact = matches!(
            effort.kind,
            EffortKind::Launch | EffortKind::Approval | EffortKind::Validation(_)
        );
        if let (true, Some(most)) = (is_by_fact, terms.at_most) {
            limits.insert(at, most);
        }
    }
    limits.into_iter().collect()
}
