//! A plan that was accepted, looked at again: which steps are done, which facts have changed since,
//! and whether what is left still leads to the goal.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::answer::{Cost, GoalText, StartingFacts};
use super::digest::{code, starting_facts, word};
use super::efforts::{Candidate, What, addition, open_opportunities};
use super::goal::{Goal, aim};
use super::world::{Held, Holding, World};
use crate::day::Day;
use crate::decimal::Decimal;
use crate::evaluation::{Evaluator, Viewpoint, by_person, membership_reason};
use crate::facts::{Addition, PartnerNumber, ReviewKind, THE_PARTNER};
use crate::period::Period;
use crate::problem::{Problem, Problems};
use crate::reason::Reason;
use crate::rulebook::{EffortKind, FactKind};

/// What of a plan is needed to look at it again; read from its JSON.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct AcceptedPlan {
    /// The partner's id.
    pub partner: String,
    /// The edition's id.
    pub rulebook: String,
    /// The day on which it was made.
    pub as_of: Day,
    /// What is to be reached.
    pub goal: GoalText,
    /// The facts on which it rests.
    pub starting_facts: StartingFacts,
    /// Which way it is.
    #[serde(default)]
    pub way: String,
    /// Whether it was proved that none costs less, is done earlier or asks fewer people.
    pub optimal: bool,
    /// What it costs.
    pub cost: Option<Cost>,
    /// What the greedy choice would have cost.
    pub greedy: Option<Cost>,
    /// What to do.
    pub steps: Vec<AcceptedStep>,
}

/// A step of a plan that was accepted.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct AcceptedStep {
    /// Its number.
    pub number: u32,
    /// What sort of thing.
    pub kind: String,
    /// The id of the training or effort.
    pub what: String,
    /// Its title.
    pub title: String,
    /// The person.
    pub who: Option<String>,
    /// What it is about.
    pub about: Option<String>,
    /// The first day.
    pub begin: Day,
    /// The last day.
    pub due: Day,
    /// Days of preparation or work.
    pub days: u16,
    /// Money.
    pub cost: Decimal,
    /// The measures that it counts for, by id.
    pub counts_for: Vec<String>,
}

/// How a plan stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlanCheck {
    /// The partner's id.
    pub partner: String,
    /// The edition's id.
    pub rulebook: String,
    /// The day on which is looked.
    pub as_of: Day,
    /// The goal.
    pub goal: GoalText,
    /// Whether facts have changed in a way that the steps do not explain.
    pub facts_have_changed: bool,
    /// What has changed.
    pub changes: Vec<FactChange>,
    /// How far each step is.
    pub steps: Vec<StepProgress>,
    /// How many are done.
    pub done: u32,
    /// Whether the goal is reached if everything that is not done yet is done by its day, or what
    /// is late as soon as it can be.
    pub still_reaches_goal: bool,
}

/// A fact that is not what it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FactChange {
    /// Its kind and id, as `credential/cred-12`.
    pub fact: String,
    /// `added`, `removed` or `changed`.
    pub change: String,
    /// The step that it comes of.
    pub step: Option<u32>,
}

/// How far a step is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StepProgress {
    /// Its number.
    pub number: u32,
    /// Its title.
    pub title: String,
    /// The person.
    pub who: Option<String>,
    /// What it is about.
    pub about: Option<String>,
    /// The day on which it is due.
    pub due: Day,
    /// How far it is.
    pub state: StepState,
    /// The day of the fact that came of it.
    pub done_on: Option<Day>,
}

/// How far a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    /// The fact that comes of it is there.
    Done,
    /// It is to be done.
    Open,
    /// It should have been done.
    Late,
    /// It cannot be done any more: the person has left or has not agreed, the opportunity is gone.
    Impossible,
}

/// Facts that came after the plan, each taken by one step at most.
struct Arrived<'w> {
    world: &'w World<'w>,
    accepted: &'w AcceptedPlan,
    /// Numbers of steps that cannot be done any more, if they have not been.
    impossible: BTreeSet<u32>,
    taken: BTreeMap<String, u32>,
}

impl AcceptedPlan {
    /// The goal, as it was asked for.
    ///
    /// # Errors
    ///
    /// When it is not one.
    pub fn goal(&self) -> Result<Goal, Problems> {
        let wrong =
            || Problems::from(Problem::new("bad-plan", "the goal of the plan cannot be read"));
        let by = self.goal.by;
        match self.goal.kind.as_str() {
            "tier" => Ok(Goal::Tier { tier: self.goal.tier.clone().ok_or_else(wrong)?, by }),
            "keep" => Ok(Goal::Keep { by }),
            "discount" => {
                let text = self.goal.period.as_deref().ok_or_else(wrong)?;
                let mut lengths = [1, 2, 3, 4, 6, 12].into_iter();
                let found = lengths.find_map(|months| Period::parse(text, months));
                let measure = self.goal.measure.clone().ok_or_else(wrong)?;
                Ok(Goal::Discount { measure, period: found.ok_or_else(wrong)? })
            }
            _ => Err(wrong()),
        }
    }

    /// Looks at the plan again as of a day, with the facts that the evaluator has.
    ///
    /// # Errors
    ///
    /// When its goal is not one of this edition, or has passed.
    pub fn check_against(
        &self,
        evaluator: &Evaluator<'_>,
        partner: PartnerNumber,
        as_of: Day,
    ) -> Result<PlanCheck, Problems> {
        let (edition, catalogue) = (evaluator.edition, evaluator.catalogue);
        let world = World { edition, catalogue, facts: evaluator.facts.apart(partner), as_of };
        let goal = self.goal()?;
        // A tier to keep is the one that was held when the plan was made.
        let begin =
            if matches!(goal, Goal::Keep { .. }) { self.as_of } else { as_of.min(goal.day()) };
        let (aim, impossible) = world.look(&[], &Held::default(), |own| {
            (aim(own, &goal, begin), self.impossible(own, &world))
        });
        let aim = aim?;
        let mut arrived =
            Arrived { world: &world, accepted: self, impossible, taken: BTreeMap::new() };
        let mut steps: Vec<StepProgress> =
            self.steps.iter().map(|step| arrived.progress(step, as_of)).collect();
        self.count_courses(&mut steps, &world);
        let additions: Vec<Addition> = self
            .put_off(&steps, as_of)
            .into_iter()
            .filter_map(|(step, on)| Self::addition(step, &world, on))
            .collect();
        let held = world.hold_reviews(&additions, aim.day(), Holding::AsComputed);
        let still_reaches_goal =
            world.look(&additions, &held, |evaluator| aim.is_reached(evaluator, &held));
        let now = starting_facts(&world.facts, catalogue);
        let changes = changes(&self.starting_facts, &now, &arrived.taken);
        let done = steps.iter().filter(|step| step.state == StepState::Done).count();
        Ok(PlanCheck {
            partner: self.partner.clone(),
            rulebook: edition.id.clone(),
            as_of,
            goal: self.goal.clone(),
            facts_have_changed: changes.iter().any(|change| change.step.is_none()),
            changes,
            steps,
            done: u32::try_from(done).unwrap_or(u32::MAX),
            still_reaches_goal,
        })
    }

    /// What is still to be done, each with the day by which it can be. What is late takes as many
    /// days again as it is late, and at most all of its days; what the same person does after it is
    /// put off.
    fn put_off(&self, steps: &[StepProgress], as_of: Day) -> Vec<(&AcceptedStep, Day)> {
        let mut free: BTreeMap<&str, Day> = BTreeMap::new();
        let mut found = Vec::new();
        for (step, progress) in self.steps.iter().zip(steps) {
            if !matches!(progress.state, StepState::Open | StepState::Late) {
                continue;
            }
            let length = step.begin.days_until(step.due);
            let who = step.who.as_deref();
            let from = who.and_then(|who| free.get(who)).copied().unwrap_or(Day::MIN);
            let on = if step.due < as_of {
                let late = step.due.days_until(as_of).min(length + 1);
                as_of.plus_days(late).max(from.plus_days(late - 1))
            } else if step.begin < from {
                from.plus_days(length)
            } else {
                step.due.max(as_of.plus_days(1))
            };
            if let Some(who) = who {
                free.insert(who, on.plus_days(1));
            }
            found.push((step, on));
        }
        found
    }

    /// The steps that cannot be done from tomorrow on.
    fn impossible(&self, own: &Evaluator<'_>, world: &World<'_>) -> BTreeSet<u32> {
        let view = Viewpoint::bare(world.as_of.plus_days(1));
        let members = own.members(THE_PARTNER, &view);
        let may_learn: BTreeSet<u32> = by_person(&members)
            .filter(|rows| {
                matches!(membership_reason(rows, &view), None | Some(Reason::NotYetJoined))
            })
            .filter_map(|rows| rows.first().map(|row| row.person))
            .collect();
        let open: BTreeSet<String> = [true, false]
            .iter()
            .flat_map(|of| open_opportunities(world, *of))
            .map(|(_, id)| id)
            .collect();
        let efforts = &world.edition.efforts;
        let is_lost = |step: &&AcceptedStep| {
            if let Some(who) = &step.who {
                let person = world.facts.people_ids.find(who.as_bytes());
                return person.is_none_or(|person| !may_learn.contains(&person));
            }
            let effort = efforts.iter().find(|one| one.id == step.what);
            let of_one =
                |kind: &EffortKind| matches!(kind, EffortKind::Launch | EffortKind::Approval);
            effort.is_some_and(|one| of_one(&one.kind))
                && step.about.as_ref().is_none_or(|id| !open.contains(id))
        };
        self.steps.iter().filter(is_lost).map(|step| step.number).collect()
    }

    /// A course leaves no fact: it is done when what is built on it is.
    fn count_courses(&self, steps: &mut [StepProgress], world: &World<'_>) {
        let is_course = |step: &AcceptedStep| step.kind == "training" && step.about.is_none();
        for (at, step) in self.steps.iter().enumerate().filter(|(_, step)| is_course(step)) {
            let courses = &world.edition.training;
            let own = courses.iter().position(|one| one.id == step.what);
            let later = self.steps.iter().zip(steps.iter()).find_map(|(other, progress)| {
                let of = courses.iter().find(|one| one.id == other.what)?;
                let is_built_on = of.requires.iter().any(|required| {
                    matches!(required, crate::rulebook::Prerequisite::Training(at) if Some(*at) == own)
                });
                let is_done = progress.state == StepState::Done;
                (is_built_on && is_done && other.who == step.who).then_some(progress.done_on)
            });
            if let (Some(day), Some(slot)) = (later, steps.get_mut(at)) {
                (slot.state, slot.done_on) = (StepState::Done, day);
            }
        }
    }

    /// The fact that comes of a step that is done on a day.
    fn addition(step: &AcceptedStep, world: &World<'_>, on: Day) -> Option<Addition> {
        let edition = world.edition;
        if step.kind == "training" {
            let number = world.catalogue.credentials.find(step.about.as_ref()?.as_bytes())?;
            let person = world.facts.people_ids.find(step.who.as_ref()?.as_bytes())?;
            let credential = u16::try_from(number).ok()?;
            return Some(Addition::Credential { person, credential, on });
        }
        let effort = edition.efforts.iter().position(|one| one.id == step.what)?;
        let of = edition.efforts.get(effort)?;
        let number = |ids: &crate::facts::Ids| {
            let number = step.about.as_ref().and_then(|id| ids.find(id.as_bytes()));
            number.and_then(|number| u16::try_from(number).ok())
        };
        let opportunity = || {
            let id = step.about.clone()?;
            Some((world.facts.opportunities.ids.find(id.as_bytes())?, id))
        };
        let what = match &of.kind {
            EffortKind::Launch => opportunity().map(|(number, id)| What::Launch { number, id })?,
            EffortKind::Approval => {
                opportunity().map(|(number, id)| What::Approval { number, id })?
            }
            EffortKind::Decision(kind) => What::Decision(*kind),
            EffortKind::Validation(_) => {
                What::New { kind: FactKind::Validation, code: number(&world.catalogue.programs) }
            }
            EffortKind::Event(_) => {
                What::New { kind: FactKind::Event, code: number(&world.catalogue.event_kinds) }
            }
            kind => What::New { kind: fact_kind(kind)?, code: None },
        };
        let candidate =
            Candidate { effort, what, money: 0, days: 0, most: None, chances: Vec::new() };
        addition(edition, world.catalogue, &candidate, &format!("planned {}", step.number), on)
    }
}

const fn fact_kind(kind: &EffortKind) -> Option<FactKind> {
    match kind {
        EffortKind::Launch | EffortKind::Approval | EffortKind::Opportunity => {
            Some(FactKind::Opportunity)
        }
        EffortKind::Reference => Some(FactKind::Reference),
        EffortKind::Rating => Some(FactKind::Rating),
        EffortKind::SurveyResponse => Some(FactKind::SurveyResponse),
        EffortKind::Validation(_) => Some(FactKind::Validation),
        EffortKind::BusinessPlan => Some(FactKind::BusinessPlan),
        EffortKind::Event(_) => Some(FactKind::Event),
        EffortKind::Decision(_) => None,
    }
}

impl Arrived<'_> {
    fn progress(&mut self, step: &AcceptedStep, as_of: Day) -> StepProgress {
        let found = self.find(step);
        let state = match &found {
            Some(_) => StepState::Done,
            None if self.impossible.contains(&step.number) => StepState::Impossible,
            None if step.due < as_of => StepState::Late,
            None => StepState::Open,
        };
        if let Some((key, _)) = &found {
            self.taken.insert(key.clone(), step.number);
        }
        StepProgress {
            number: step.number,
            title: step.title.clone(),
            who: step.who.clone(),
            about: step.about.clone(),
            due: step.due,
            state,
            done_on: found.and_then(|(_, day)| day),
        }
    }

    /// The fact that came of a step, with its day.
    fn find(&self, step: &AcceptedStep) -> Option<(String, Option<Day>)> {
        if step.kind == "training" {
            return self.credential(step);
        }
        let effort = self.world.edition.efforts.iter().find(|one| one.id == step.what)?;
        if let EffortKind::Decision(kind) = &effort.kind {
            return self.decision(*kind);
        }
        let kind = fact_kind(&effort.kind)?;
        let table = self.world.facts.table(kind)?;
        let is_known = |key: &String| self.accepted.starting_facts.facts.contains_key(key);
        let is_by_id = matches!(effort.kind, EffortKind::Launch | EffortKind::Approval);
        table.rows.of(THE_PARTNER.0).iter().find_map(|row| {
            let id = table.ids.text(row.id);
            let key = format!("{}/{id}", word(kind));
            let fits = if is_by_id {
                step.about.as_deref() == Some(id) && row.barred.is_none()
            } else {
                let of = code(row, kind, self.world.catalogue);
                let is_it = match kind {
                    FactKind::Validation | FactKind::Event => step.about.as_ref() == Some(&of),
                    _ => true,
                };
                let is_new = !is_known(&key) || kind == FactKind::BusinessPlan;
                let is_later = row.on.is_some_and(|on| on >= self.accepted.as_of);
                is_it && is_new && is_later && row.barred.is_none()
            };
            // Of an approval no fact has the day.
            let on = row.on.filter(|_| effort.kind != EffortKind::Approval);
            (fits && !self.taken.contains_key(&key)).then_some((key, on))
        })
    }

    fn credential(&self, step: &AcceptedStep) -> Option<(String, Option<Day>)> {
        let facts = &self.world.facts;
        let person = facts.people_ids.find(step.who.as_ref()?.as_bytes())?;
        let wanted = self.world.catalogue.credentials.find(step.about.as_ref()?.as_bytes())?;
        facts.credentials.of(person).iter().find_map(|row| {
            let key = format!("credential/{}", facts.credential_ids.text(row.id));
            // What is passed on the day of the plan was passed for it, if it was not known then.
            let is_new = !self.accepted.starting_facts.facts.contains_key(&key);
            let is_later = row.issued_on >= self.accepted.as_of;
            let fits = u32::from(row.credential) == wanted && is_new && is_later;
            (fits && !self.taken.contains_key(&key)).then_some((key, Some(row.issued_on)))
        })
    }

    fn decision(&self, kind: ReviewKind) -> Option<(String, Option<Day>)> {
        let facts = &self.world.facts;
        facts.reviews.of(THE_PARTNER.0).iter().find_map(|row| {
            let key = format!("review/{}", facts.review_ids.text(row.id));
            let is_new = !self.accepted.starting_facts.facts.contains_key(&key);
            let fits = row.kind == kind && is_new && row.on >= self.accepted.as_of;
            (fits && !self.taken.contains_key(&key)).then_some((key, Some(row.on)))
        })
    }
}

/// Facts that are not what they were.
fn changes(
    before: &StartingFacts,
    now: &StartingFacts,
    taken: &BTreeMap<String, u32>,
) -> Vec<FactChange> {
    if before.digest == now.digest {
        return Vec::new();
    }
    let keys: BTreeSet<&String> = before.facts.keys().chain(now.facts.keys()).collect();
    let change = |key: &String| {
        let change = match (before.facts.get(key), now.facts.get(key)) {
            (None, Some(_)) => "added",
            (Some(_), None) => "removed",
            (Some(old), Some(new)) if old != new => "changed",
            _ => return None,
        };
        let step = taken.get(key).copied();
        Some(FactChange { fact: key.clone(), change: change.to_owned(), step })
    };
    keys.into_iter().filter_map(change).collect()
}
