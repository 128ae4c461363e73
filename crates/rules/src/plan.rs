//! Plans: the cheapest way to a goal, with a proof, from a training catalogue, the partner's costs
//! and its people's time.
//!
//! A [`Goal`] is a tier by a date, the tier held kept until a date, or a measure of the discount
//! for a period. [`plan`] looks up everything that can be done for it: who could take which
//! trainings, which opportunities could be launched, what else could be won. People who are
//! interchangeable are merged; each class chooses from a menu of bundles; the whole is a program
//! of whole numbers that is solved exactly, or as well as the work allowed, with a bound.
//!
//! What a fact comes to is never decided here. What can be done is put into the facts and the
//! evaluation is asked; and of what was chosen too, so that a plan that is handed out as feasible
//! reaches its goal when it is carried out. Reviews that fall due until then are assumed to be
//! held on their due days, with the outcomes that the evaluation computes.
//!
//! `docs/plan.md` tells what a plan means to its readers.

mod answer;
mod blocking;
mod calendar;
mod checks;
mod costs;
mod digest;
mod draft;
mod efforts;
mod goal;
mod menu;
mod model;
mod people;
mod program;
mod progress;
mod schedule;
mod solve;
mod steps;
mod trainings;
mod world;

use jiff::Timestamp;

pub use answer::{
    Alternative, AlternativeStep, AssumedReview, Blocking, Cost, GoalText, Plan, ShortRow,
    StartingFacts, Step, is_of_opportunity,
};
pub use costs::Costs;
pub use goal::{Goal, Way};
pub use progress::{AcceptedPlan, AcceptedStep, FactChange, PlanCheck, StepProgress, StepState};

use checks::{Aim, ways};
use draft::{Draft, Prepared};
use program::Objective;
use solve::Limits;
use steps::Told;
use world::{Held, Holding, World};

use crate::day::Day;
use crate::evaluation::Evaluator;
use crate::facts::{PartnerNumber, THE_PARTNER};
use crate::problem::Problems;
use crate::scorecard::FactLists;

/// The work that a plan may take unless told otherwise: some seconds of one processor.
pub const WORK: u64 = 2_000_000_000;

/// Largest number of choices for which other ways are looked for.
const MOST_FOR_ALTERNATIVES: usize = 20_000;

/// What is asked for.
pub struct Request<'r> {
    /// What is to be reached.
    pub goal: &'r Goal,
    /// The day on which the plan is made; nothing is done on it yet.
    pub as_of: Day,
    /// The state of knowledge in which the facts were loaded; it is only repeated.
    pub known_at: Option<Timestamp>,
    /// Which way is to be told whole. Another than the cheapest takes more work.
    pub way: Way,
    /// What things cost and who has time.
    pub costs: &'r Costs,
    /// The work allowed, in numbers looked at; the same work gives the same plan. See [`WORK`].
    pub work: u64,
    /// Asked now and then: whether to stop and hand out the best so far. A plan depends on it
    /// only if it ever says so.
    pub stop: &'r dyn Fn() -> bool,
    /// Whether to look for other ways and for the scorecard after each step as well.
    pub in_full: bool,
}

impl std::fmt::Debug for Request<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut fields = f.debug_struct("Request");
        fields.field("goal", &self.goal).field("as_of", &self.as_of).finish_non_exhaustive()
    }
}

/// The cheapest way to a goal for a partner. The edition should be the one in force on the day on
/// which the goal has to hold.
///
/// # Errors
///
/// What is wrong with the request: a goal in the past, a tier or measure that there is not, people
/// or opportunities in the costs that the partner does not have.
pub fn plan(
    evaluator: &Evaluator<'_>,
    partner: PartnerNumber,
    request: &Request<'_>,
) -> Result<Plan, Problems> {
    let world = World {
        edition: evaluator.edition,
        catalogue: evaluator.catalogue,
        facts: evaluator.facts.apart(partner),
        as_of: request.as_of,
    };
    let aim =
        world.look(&[], &Held::default(), |own| goal::aim(own, request.goal, request.as_of))?;
    let problems = request.costs.check_against(evaluator.facts, partner);
    if !problems.is_empty() {
        return Err(problems);
    }
    let planning =
        Planning { world: &world, aim: &aim, request, unit: trainings::unit_of(request.costs) };
    Ok(planning.run())
}

/// A plan while it is made.
struct Planning<'p> {
    world: &'p World<'p>,
    aim: &'p Aim,
    request: &'p Request<'p>,
    unit: u128,
}

/// The best way that was found in one way of holding reviews.
struct Found<'p> {
    prepared: Prepared<'p>,
    draft: Draft,
    held: Held,
}

/// What came of looking at every way of holding reviews.
struct Searched<'p> {
    best: Option<Found<'p>>,
    /// Nothing comes to less than this; none if it is proved that nothing leads there at all.
    bound: Option<i128>,
    /// Another way of holding reviews, in which nothing was found.
    other: Option<(Prepared<'p>, Held)>,
}

impl Searched<'_> {
    fn is_proved(&self) -> bool {
        match &self.best {
            Some(best) => self.bound.is_some_and(|bound| bound >= best.draft.value),
            None => self.bound.is_none(),
        }
    }
}

impl<'p> Planning<'p> {
    fn run(&self) -> Plan {
        let mut plan = self.empty();
        let held = self.world.hold_reviews(&[], self.aim.day(), Holding::AsComputed);
        let is_met = self.world.look(&[], &held, |evaluator| self.aim.is_reached(evaluator, &held));
        if is_met {
            (plan.already_met, plan.feasible, plan.optimal) = (true, true, true);
            plan.gap = Some(crate::decimal::Decimal::ZERO);
            plan.cost = Some(steps::cost_of(&[], self.unit, self.world.edition));
            plan.greedy.clone_from(&plan.cost);
            plan.result =
                self.world.look(&[], &held, |evaluator| steps::result(evaluator, self.aim, &held));
            plan.reviews = held.reviews;
            return plan;
        }
        let mut limits = Limits { work: self.request.work, stop: self.request.stop };
        let searched = self.search(Objective::Money, &mut limits, self.aim.day());
        plan.optimal = searched.is_proved();
        match &searched.best {
            Some(found) => {
                self.tell(&mut plan, found);
                plan.gap = Some(steps::gap(found.draft.value, searched.bound.unwrap_or(0)));
                let greedy = found.prepared.greedy();
                plan.greedy =
                    greedy.map(|picks| steps::cost_of(&picks, self.unit, self.world.edition));
                self.tell_others(&mut plan, found, &mut limits);
            }
            None => {
                plan.reviews = held.reviews;
                if let Some((prepared, held)) = &searched.other {
                    let found = blocking::blocking(prepared, held, self.request.stop);
                    plan.blocking_is_smallest = found.is_smallest;
                    plan.blocking = found.all;
                }
            }
        }
        plan
    }

    /// The best of all ways of holding reviews, and what is proved.
    fn search(&self, objective: Objective, limits: &mut Limits<'_>, latest: Day) -> Searched<'p> {
        let mut searched = Searched { best: None, bound: None, other: None };
        let ways = ways(self.world, self.aim);
        let count = ways.len() as u64;
        for (at, way) in ways.into_iter().enumerate() {
            let of = (self.unit, latest);
            let prepared = Prepared::new(self.world, self.aim, &way.held, self.request.costs, of);
            let share = limits.work / (count - at as u64);
            let mut own = Limits { work: share, stop: limits.stop };
            let found = prepared.best(objective, &mut own);
            limits.work = limits.work.saturating_sub(share - own.work);
            let bound = if way.is_bounding { found.bound } else { Some(0) };
            searched.bound = match (searched.bound, bound) {
                (Some(known), Some(bound)) => Some(known.min(bound)),
                (known, bound) => known.or(bound),
            };
            let reached = found.draft.and_then(|draft| {
                let (after, is_reached) = prepared.outcome(&draft.picks);
                is_reached.then_some((draft, after))
            });
            let best = searched.best.as_ref().map(|best| best.draft.value);
            match reached {
                Some((draft, held)) if best.is_none_or(|best| draft.value < best) => {
                    searched.best = Some(Found { prepared, draft, held });
                }
                None if searched.other.is_none() => searched.other = Some((prepared, way.held)),
                _ => {}
            }
        }
        searched
    }

    /// Tells a way whole.
    fn tell(&self, plan: &mut Plan, found: &Found<'p>) {
        let edition = self.world.edition;
        let told = Told { prepared: &found.prepared, held: &found.held, unit: self.unit };
        plan.feasible = true;
        plan.cost = Some(steps::cost_of(&found.draft.picks, self.unit, edition));
        plan.steps = told.steps(&found.draft.picks, self.request.in_full);
        plan.reviews.clone_from(&found.held.reviews);
        let additions = found.prepared.additions(&found.draft.picks);
        plan.result = self.world.look(&additions, &found.held, |evaluator| {
            steps::result(evaluator, self.aim, &found.held)
        });
    }

    /// Tells other ways in short, and the one that is asked for whole, in place of the cheapest.
    fn tell_others(&self, plan: &mut Plan, cheapest: &Found<'p>, limits: &mut Limits<'_>) {
        let groups = &cheapest.prepared.model.program.groups;
        let choices: usize = groups.iter().map(|group| group.choices.len()).sum();
        let is_asked = self.request.way != Way::Cheapest;
        if !is_asked && (!self.request.in_full || choices > MOST_FOR_ALTERNATIVES) {
            return;
        }
        let mut others = vec![(Way::Fastest, self.fastest(cheapest, limits))];
        let few = self.search(Objective::People, limits, self.aim.day());
        let is_proved = few.is_proved();
        others.push((Way::FewestPeople, few.best.map(|few| (few, is_proved))));
        plan.alternatives = self.alternatives(cheapest, plan.optimal, &others);
        let asked = others.iter().find(|(way, _)| *way == self.request.way);
        if let Some((way, Some((found, is_proved)))) = asked {
            self.tell(plan, found);
            (plan.optimal, plan.gap) = (*is_proved, None);
            way.word().clone_into(&mut plan.way);
        }
    }

    fn alternatives(
        &self,
        cheapest: &Found<'p>,
        is_cheapest: bool,
        others: &[(Way, Option<(Found<'p>, bool)>)],
    ) -> Vec<Alternative> {
        let edition = self.world.edition;
        let short = |way: Way, found: &Found<'_>, optimal| {
            let Found { prepared, held, draft } = found;
            let told = Told { prepared, held, unit: self.unit };
            Alternative {
                kind: way.word().to_owned(),
                cost: steps::cost_of(&draft.picks, self.unit, edition),
                optimal,
                steps: told.short(&draft.picks),
            }
        };
        let mut all = vec![short(Way::Cheapest, cheapest, is_cheapest)];
        let found = others.iter().filter_map(|(way, found)| Some((way, found.as_ref()?)));
        all.extend(found.map(|(way, (found, is_proved))| short(*way, found, *is_proved)));
        all
    }

    /// The way that is done first, and of those the cheapest: the earliest day by which there
    /// still is a way is halved down to. Whether it is proved that none is done earlier.
    fn fastest(&self, found: &Found<'p>, limits: &mut Limits<'_>) -> Option<(Found<'p>, bool)> {
        let begin = self.world.as_of.plus_days(1);
        let done = |found: &Found<'_>| {
            let due = found.draft.picks.iter().map(|pick| pick.due).max();
            due.map(|due| begin.days_until(due))
        };
        let (mut too_early, mut late) = (-1, done(found)?);
        let mut best: Option<Found<'p>> = None;
        let mut is_proved = true;
        while late - too_early > 1 {
            let middle = too_early + (late - too_early) / 2;
            let searched = self.search(Objective::Money, limits, begin.plus_days(middle));
            match searched.best {
                Some(way) => {
                    late = done(&way).map_or(middle, |done| done.min(middle));
                    best = Some(way);
                }
                None => {
                    is_proved &= searched.bound.is_none();
                    too_early = middle;
                }
            }
        }
        if best.is_none() {
            // The cheapest is as fast as any.
            best = self.search(Objective::Money, limits, begin.plus_days(late)).best;
        }
        best.map(|best| (best, is_proved))
    }

    /// A plan without an answer yet.
    fn empty(&self) -> Plan {
        let world = self.world;
        let (card, path) = world.look(&[], &Held::default(), |evaluator| {
            let known_at = self.request.known_at;
            let card =
                evaluator.scorecard(THE_PARTNER, self.request.as_of, known_at, FactLists::Omitted);
            (card, evaluator.path(THE_PARTNER))
        });
        Plan {
            partner: card.partner.clone(),
            network: card.network.clone(),
            rulebook: card.rulebook.clone(),
            as_of: self.request.as_of,
            goal: goal::text(self.request.goal, self.aim, world.edition, path),
            starting_scorecard: card,
            starting_facts: digest::starting_facts(&world.facts, world.catalogue),
            way: Way::Cheapest.word().to_owned(),
            already_met: false,
            feasible: false,
            optimal: false,
            gap: None,
            cost: None,
            greedy: None,
            steps: Vec::new(),
            blocking: Vec::new(),
            blocking_is_smallest: false,
            reviews: Vec::new(),
            result: Vec::new(),
            alternatives: Vec::new(),
        }
    }
}
