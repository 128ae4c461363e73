//! From a goal to a choice: everything that can be done is looked up, the program is solved, and
//! what was chosen gets its people and its days. What the evaluation makes of it decides.

use std::collections::BTreeMap;

use super::checks::{Aim, Check, checks};
use super::costs::Costs;
use super::efforts::{Candidate, addition, candidates};
use super::model::{Model, Parts, Source};
use super::people::{Asking, Class, classes};
use super::program::{Counts, Objective, Program};
use super::solve::{Limits, greedy, solve};
use super::trainings::{Item, Trainings};
use super::world::{Held, Holding, World};
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
    /// Where the model leaves something out or asks for more than the rules do: one than which
    /// nothing is better.
    pub(super) relaxed: Option<Program>,
    at_once: Option<u32>,
}

/// What is done, by whom and when.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    pub(super) picks: Vec<Pick>,
    /// What it comes to, in the objective's own unit.
    pub(super) value: i128,
}

/// What was found, and what is proved.
pub(super) struct Best {
    pub(super) draft: Option<Draft>,
    /// Nothing costs less than this, in the objective's own unit; none if nothing leads there at
    /// all.
    pub(super) bound: Option<i128>,
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
        held: &Held,
        costs: &Costs,
        (unit, latest): (u128, Day),
    ) -> Self {
        let as_of = world.as_of;
        let (checks, trainings, classes) = world.look(&[], held, |evaluator| {
            let checks = checks(evaluator, as_of, aim, held);
            let of = (world.edition, as_of);
            let trainings = Trainings::new(evaluator, of, &checks, costs, (unit, latest));
            let asking = Asking { as_of, checks: &checks, trainings: &trainings, costs, unit };
            let classes = classes(evaluator, &asking);
            (checks, trainings, classes)
        });
        let candidates = candidates(world, held, &checks, costs, (unit, latest));
        let limits = limits(world, costs);
        let mut parts = Parts {
            checks: &checks,
            classes: &classes,
            candidates: &candidates,
            at_once: costs.at_once,
            as_of,
            ends: trainings.ends(),
            limits: &limits,
            is_relaxed: false,
        };
        let is_complete = classes.iter().all(|class| class.relaxed.is_none());
        let (model, relaxed) = world.look(&[], held, |evaluator| {
            let model = Model::new(evaluator, &parts);
            let is_exact = is_complete && model.is_exact;
            parts.is_relaxed = true;
            let relaxed = (!is_exact).then(|| Model::new(evaluator, &parts).program);
            (model, relaxed)
        });
        let at_once = costs.at_once;
        Self { world, aim, checks, trainings, classes, candidates, model, relaxed, at_once }
    }

    /// The best choice for an objective, with people and days, and what is proved.
    pub(super) fn best(&self, objective: Objective, limits: &mut Limits<'_>) -> Best {
        let mut bound = None;
        if let Some(relaxed) = &self.relaxed {
            let mut half = Limits { work: limits.work / 2, stop: limits.stop };
            let answer = solve(&relaxed.with_costs(objective, true), None, &mut half);
            limits.work = limits.work / 2 + half.work;
            if answer.best.is_none() && answer.is_proved {
                return Best { draft: None, bound: None };
            }
            bound = Some(answer.bound);
        }
        let mut first = self.model.program.with_costs(objective, true);
        for _ in 0..=TRIES {
            let answer = solve(&first, None, limits);
            if bound.is_none() && answer.best.is_none() && answer.is_proved {
                return Best { draft: None, bound: None };
            }
            bound = Some(bound.unwrap_or(answer.bound));
            let Some(counts) = answer.best else { break };
            if let Some(draft) = self.drafted(objective, &first, &counts, limits) {
                return Best { draft: Some(draft), bound };
            }
            // Not everybody finds a place one after the other: with less time they may.
            let of_time = self.model.named.iter().zip(&self.model.checks).zip(&mut first.needed);
            for ((named, check), needed) in of_time {
                if named.is_none() && check.is_none() && *needed < 0 {
                    *needed += (-*needed / (2 * TRIES)).max(1);
                }
            }
        }
        Best { draft: None, bound: Some(bound.unwrap_or(0)) }
    }

    /// A choice with people and days; of equals the one that takes fewer days, as far as a part of
    /// the work will do for that.
    fn drafted(
        &self,
        objective: Objective,
        first: &Program,
        counts: &Counts,
        limits: &Limits<'_>,
    ) -> Option<Draft> {
        let mut second = self.model.program.with_costs(objective, false);
        second.needed.clone_from(&first.needed);
        let mut rest = Limits { work: limits.work / 4, stop: limits.stop };
        let better = solve(&second, Some(counts), &mut rest).best;
        better.iter().chain([counts]).find_map(|counts| {
            let picks = self.picks(counts)?;
            Some(Draft { picks, value: first.total(counts, |choice| choice.cost) })
        })
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
                Source::Candidate(candidate, chances) => {
                    picks.extend(self.efforts(*candidate, chances, counts));
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
    fn assigned(
        &self,
        classes: &[(usize, Vec<usize>)],
        counts: &[u32],
    ) -> Vec<(u32, usize, usize)> {
        let mut members = classes.iter().flat_map(|(at, bundles)| {
            let members = self.classes.get(*at).map_or(&[][..], |class| &class.members);
            members.iter().map(move |person| (*person, *at, bundles))
        });
        let mut assigned = Vec::new();
        for (choice, count) in counts.iter().enumerate() {
            for (person, class, bundles) in members.by_ref().take(*count as usize) {
                assigned.extend(bundles.get(choice).map(|bundle| (person, class, *bundle)));
            }
        }
        assigned
    }

    fn efforts(&self, candidate: usize, chances: &[usize], counts: &[u32]) -> Vec<Pick> {
        let Some(of) = self.candidates.get(candidate) else { return Vec::new() };
        let mut picks = Vec::new();
        let mut nth = 0;
        for (chance, count) in chances.iter().copied().zip(counts) {
            let Some(of_chance) = of.chances.get(chance) else { continue };
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
            let last = bundle.and_then(|of| of.items.iter().map(|item| item.last).min());
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
            let (of, profile) = (class.menu.get(one.2)?, &class.profile);
            let place = (0..free.len()).min_by_key(|at| free.get(*at).copied());
            let from = place.and_then(|at| free.get(at).copied()).unwrap_or(self.world.as_of);
            let placed = self.trainings.schedule(&of.items, profile, from).ok().flatten()?;
            if let (Some(slot), Some((.., due))) =
                (place.and_then(|at| free.get_mut(at)), placed.last())
            {
                *slot = due.plus_days(1);
            }
            let gained = of.gained.iter().fold(0, |bits, gained| bits | gained);
            for (at, begin, due) in placed {
                let item = *of.items.get(at)?;
                let what = Picked::Training { person: one.0, item, gained };
                let days = self.trainings.days_of(item.training, profile);
                let money = self.trainings.money_of(item.training, profile);
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
        let held = self.world.hold_reviews(&additions, self.aim.day(), Holding::AsComputed);
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
