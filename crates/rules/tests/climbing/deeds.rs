//! What could be done in the invented network, carried out day by day.

use std::collections::BTreeSet;

use guildhall_rules::day::Day;
use guildhall_rules::plan::Plan;

use super::{AS_OF, Case, Deed, Other, day, hundredths};

/// Trainings: id, credential, cost, days, what must be there before, months of validity.
type Training = (&'static str, Option<&'static str>, u64, i32, &'static [&'static str], i32);

const TRAININGS: [Training; 7] = [
    ("safety-day", Some("safety"), 30, 12, &[], 12),
    ("school", None, 45, 15, &[], 0),
    ("tiler-test", Some("tiler"), 50, 30, &[], 36),
    ("tiler-fair", Some("tiler"), 70, 9, &["school"], 36),
    ("permit-day", Some("permit"), 20, 20, &[], 2),
    ("crane-test", Some("crane"), 40, 25, &["permit"], 4),
    ("master-test", Some("master"), 80, 25, &["tiler", "school"], 36),
];

/// What somebody is to do, and after which day it is to be done.
#[derive(Clone, Copy)]
struct Task {
    person: usize,
    training: usize,
    end_from: Option<Day>,
}

/// Who does what when.
type Taken = Vec<(usize, usize, Day, Day)>;

impl Case {
    fn is_absent(&self, person: usize, on: Day) -> bool {
        let absence = self.absence.filter(|_| person == 0);
        absence.is_some_and(|(from, until)| day(from) <= on && on < day(until))
    }

    fn first_day(&self, person: usize) -> Day {
        let joined = self.joined[person].map_or(day(AS_OF), day);
        let from = self.from.filter(|_| person == 0).map_or(day(AS_OF), day);
        day(AS_OF).plus_days(1).max(joined).max(from)
    }

    fn length(&self, person: usize, training: usize) -> i32 {
        let days = match TRAININGS[training].0 {
            "crane-test" if person == 1 && self.own_crane.is_some() => 10,
            _ => TRAININGS[training].3,
        };
        if person == 0 { (days * 30 + self.days_per_month - 1) / self.days_per_month } else { days }
    }

    /// The last day of a preparation that begins on a day; absences do not count.
    fn end(&self, person: usize, training: usize, begin: Day) -> Day {
        let (mut left, mut on) = (self.length(person, training), begin);
        loop {
            left -= i32::from(!self.is_absent(person, on));
            if left == 0 {
                return on;
            }
            on = on.plus_days(1);
        }
    }

    fn cost(&self, person: usize, training: usize) -> u64 {
        let (id, _, cost, ..) = TRAININGS[training];
        match (id, self.own_crane) {
            ("crane-test", Some(own)) if person == 1 => own * 100,
            ("tiler-test", _) => (cost * 1000 + self.probability / 2) / self.probability,
            _ => cost * 100,
        }
    }

    /// Whether what a training asks for is there on the day on which it is passed.
    fn is_ready(&self, task: Task, on: Day, taken: &Taken) -> bool {
        let (_, own, _, _, requires, _) = TRAININGS[task.training];
        let held = |credential: &'static str| {
            let is_it =
                move |one: &&(usize, &str, &str)| one.0 == task.person && one.1 == credential;
            self.held.iter().filter(is_it)
        };
        let months = |credential: &str| {
            TRAININGS.iter().find(|one| one.1 == Some(credential)).map_or(0, |one| one.5)
        };
        let had = !requires.is_empty() && own.is_some_and(|own| held(own).next().is_some());
        let is_there = |wanted: &&'static str| {
            let wanted = *wanted;
            let of_now = held(wanted).any(|(_, _, issued)| {
                let end = day(issued).plus_months(months(wanted));
                *issued <= AS_OF && end > day(AS_OF) && end >= on
            });
            let own = taken.iter().filter(|(person, ..)| *person == task.person);
            of_now
                || own.clone().any(|(_, training, _, passed)| {
                    let (id, credential, _, _, _, months) = TRAININGS[*training];
                    let is_valid = passed.plus_months(months) >= on;
                    id == wanted || (credential == Some(wanted) && is_valid)
                })
        };
        had || requires.iter().all(is_there)
    }

    /// Does tasks one after the other, or as early as the people and places allow.
    fn carried_out(&self, tasks: &[Task]) -> Option<Taken> {
        let mut taken: Taken = Vec::new();
        for task in tasks {
            let of = taken.iter().filter(|(person, ..)| *person == task.person);
            let free = of.map(|(.., end)| end.plus_days(1)).max();
            let mut begin = self.first_day(task.person).max(free.unwrap_or(Day::MIN));
            let (begin, end) = loop {
                let end = self.end(task.person, task.training, begin);
                if end > day(self.by) {
                    return None;
                }
                let others = |on: Day| {
                    let at = taken.iter().filter(|(_, _, from, to)| *from <= on && on <= *to);
                    u32::try_from(at.count()).unwrap()
                };
                let has_place = self.at_once.is_none_or(|most| {
                    let mut days = (0..=begin.days_until(end)).map(|at| begin.plus_days(at));
                    days.all(|on| others(on) < most)
                });
                let is_late_enough = task.end_from.is_none_or(|from| end >= from);
                if has_place && is_late_enough && !self.is_absent(task.person, begin) {
                    break (begin, end);
                }
                begin = begin.plus_days(1);
            };
            let is_over = self.until.is_some_and(|until| task.person == 0 && end >= day(until));
            if is_over || !self.is_ready(*task, end, &taken) {
                return None;
            }
            taken.push((task.person, task.training, begin, end));
        }
        Self::is_in_turn(&taken).then_some(taken)
    }

    /// The master's test comes after the safety day, for whoever takes both.
    fn is_in_turn(taken: &Taken) -> bool {
        taken.iter().enumerate().all(|(at, (person, training, ..))| {
            let is_safety = |other: &(usize, usize, Day, Day)| other.0 == *person && other.1 == 0;
            *training != 6 || !taken.iter().any(is_safety) || taken[..at].iter().any(is_safety)
        })
    }

    /// Whether the steps of a plan can be carried out as they stand.
    pub fn is_allowed(&self, plan: &Plan) -> bool {
        let mut taken: Taken = Vec::new();
        let mut cost = 0;
        let mut steps: Vec<_> = plan.steps.iter().collect();
        steps.sort_by_key(|step| (step.begin, step.due));
        for step in steps {
            if step.kind != "training" {
                let is_shown = step.kind == "references";
                let days = if is_shown { 5 } else { 9 };
                if step.begin <= day(AS_OF) || step.begin.plus_days(days - 1) > step.due {
                    return false;
                }
                cost += if is_shown { 2000 } else { 3500 };
                continue;
            }
            let person = usize::from(step.who.as_deref() == Some("p1"));
            let training = TRAININGS.iter().position(|one| one.0 == step.what).unwrap();
            let task = Task { person, training, end_from: None };
            let is_in_time = step.begin >= self.first_day(person)
                && self.end(person, training, step.begin) == step.due
                && !self.until.is_some_and(|until| person == 0 && step.due >= day(until));
            let is_free = taken.iter().all(|(of, .., end)| *of != person || *end < step.begin);
            if !is_in_time || !is_free || !self.is_ready(task, step.due, &taken) {
                return false;
            }
            cost += self.cost(person, training);
            taken.push((person, training, step.begin, step.due));
        }
        let busy =
            |on: Day| taken.iter().filter(|(_, _, from, to)| *from <= on && on <= *to).count();
        let has_places = self
            .at_once
            .is_none_or(|most| taken.iter().all(|(_, _, from, _)| busy(*from) <= most as usize));
        let amount = plan.cost.as_ref().map(|cost| hundredths(cost.amount));
        has_places && Self::is_in_turn(&taken) && amount == Some(cost)
    }

    /// So many sets of deeds that can be carried out, drawn from all.
    pub fn everything(&self, most: usize) -> Vec<Other> {
        let mut chance = Chance(self.seed);
        let breaks = self.breaks();
        let mut found = Vec::new();
        let mut known: BTreeSet<Vec<Deed>> = BTreeSet::new();
        for _ in 0..most * 6 {
            if found.len() >= most {
                break;
            }
            let count = chance.below(6);
            let tasks: Vec<Task> = (0..count)
                .map(|_| Task {
                    person: chance.below(2),
                    training: chance.below(TRAININGS.len()),
                    end_from: [None, breaks.get(chance.below(breaks.len())).copied()]
                        [chance.below(3) / 2],
                })
                .collect();
            let Some(taken) = self.carried_out(&tasks) else { continue };
            let mut other = self.other(&taken, &mut chance, &breaks);
            other.deeds.sort();
            if known.insert(other.deeds.clone()) {
                found.push(other);
            }
        }
        found
    }

    /// Days around which something may change.
    fn breaks(&self) -> Vec<Day> {
        let due = day(self.last_review).plus_months(12);
        let grace = due.plus_days(i32::try_from(self.grace).unwrap());
        let by = day(self.by);
        let mut days =
            vec![by, by.plus_months(-2), by.plus_months(-4), due.plus_days(-1), due, grace];
        days.extend([due.plus_months(-2), due.plus_months(-4), day("2026-09-01")]);
        days.retain(|on| *on > day(AS_OF) && *on <= by);
        days
    }

    fn other(&self, taken: &Taken, chance: &mut Chance, breaks: &[Day]) -> Other {
        let mut deeds = Vec::new();
        let mut cost = 0;
        let mut done_on = Day::MIN;
        let mut people = BTreeSet::new();
        for (person, training, _, on) in taken {
            cost += self.cost(*person, *training);
            people.insert(*person);
            done_on = done_on.max(*on);
            if let Some(credential) = TRAININGS[*training].1 {
                let (who, credential) = (format!("p{person}"), credential.to_owned());
                deeds.push(Deed::Passed { who, credential, on: *on });
            }
        }
        let mut on_some_day = |days: i32, chance: &mut Chance| {
            let first = day(AS_OF).plus_days(days);
            let on =
                breaks.get(chance.below(breaks.len() + 1)).copied().unwrap_or(first).max(first);
            done_on = done_on.max(on);
            (on <= day(self.by)).then_some(on)
        };
        let mut jobs = 0;
        for at in 0..self.open.len() {
            if chance.below(2) == 0
                && self.jobs_at_most.is_none_or(|most| jobs < most)
                && let Some(on) = on_some_day(9, chance)
            {
                deeds.push(Deed::Launched { id: format!("job-{at}"), on });
                (jobs, cost) = (jobs + 1, cost + 3500);
            }
        }
        for _ in 0..chance.below(1 + usize::try_from(self.at_most.unwrap_or(2)).unwrap()) {
            if let Some(on) = on_some_day(5, chance) {
                deeds.push(Deed::Shown { on });
                cost += 2000;
            }
        }
        Other { deeds, cost, people: people.len() as u64, done_on }
    }
}

/// Numbers that look drawn: the same seed, the same numbers.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % most.max(1)
    }
}
