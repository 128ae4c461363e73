//! A plan ready to show: the goal in words, who does what on a line of time, steps in order.

use std::collections::BTreeMap;

use guildhall_rules::day::Day;
use guildhall_rules::plan::{
    AcceptedPlan, AcceptedStep, Cost, GoalText, PlanCheck, StepState, is_of_opportunity,
};
use guildhall_rules::words::money_digits;
use serde_json::Value as AnyJson;

use crate::scorecard::{Book, or_id};
use crate::texts::Texts;
use crate::visit::path_of;

/// So many lines of time and steps stand on a page; all are on the sheet.
const LANES: usize = 40;
const STEPS: usize = 80;

/// How wide a line of time is, in units of its drawing.
const WIDTH: i64 = 1000;

/// A goal in words.
pub(super) fn goal(t: &Texts, book: &Book<'_>, goal: &GoalText) -> String {
    let tier = goal.tier.as_deref().map(|tier| book.tier_title(tier)).unwrap_or_default();
    let day = t.day(goal.by);
    match (goal.kind.as_str(), &goal.measure, &goal.period) {
        ("keep", ..) => t.tell("plan-goal-keep", &[("tier", tier.into()), ("day", day.into())]),
        ("discount", Some(measure), Some(period)) => {
            let title = book.measure(measure).map_or(measure.as_str(), |one| &one.title);
            let title = or_id(title, measure);
            t.tell(
                "plan-goal-discount",
                &[("measure", title.into()), ("period", period.as_str().into())],
            )
        }
        _ => t.tell("plan-goal-tier", &[("tier", tier.into()), ("day", day.into())]),
    }
}

/// An amount of money in words.
pub(super) fn money(t: &Texts, cost: &Cost) -> String {
    let amount = money_digits(&cost.amount.to_string(), &cost.currency);
    format!("{} {}", t.number(&amount), cost.currency)
}

/// What is proved of a plan, in words.
pub(super) fn proof(t: &Texts, way: &str, is_proved: bool) -> String {
    let proved = match way {
        "fastest" => "plan-proved-fastest",
        "fewest_people" => "plan-proved-fewest",
        _ => "plan-proved",
    };
    let found = match way {
        "fastest" => "plan-found-fastest",
        "fewest_people" => "plan-found-fewest",
        _ => "plan-not-proved",
    };
    t.say(if is_proved { proved } else { found })
}

/// How a plan stands, as a word, and the tag that it is shown as.
pub(super) fn standing(check: &PlanCheck) -> (&'static str, &'static str) {
    let is_done = check.steps.iter().all(|step| step.state == StepState::Done);
    let is_late = check.steps.iter().any(|step| step.state == StepState::Late);
    match (check.still_reaches_goal, is_done, is_late) {
        (false, ..) => ("off", "bad"),
        (true, true, _) => ("done", "good"),
        (true, false, true) => ("late", "care"),
        (true, false, false) => ("on", "good"),
    }
}

/// A plan ready to show.
pub(super) struct PlanView {
    /// A line for each person, then for each sort of effort.
    pub(super) lanes: Vec<Lane>,
    /// The steps by days.
    pub(super) steps: Vec<StepView>,
    /// What is paid with.
    pub(super) currency: String,
    /// The first and the last day of the lines.
    pub(super) from: String,
    pub(super) until: String,
}

impl PlanView {
    /// Leaves as much as stands on a page. What was left out, in words; empty where nothing was.
    pub(super) fn shorten(&mut self, t: &Texts) -> (String, String) {
        let more = |key: &str, n: usize| if n > 0 { t.n(key, n) } else { String::new() };
        let lanes = more("plan-more-lanes", self.lanes.len().saturating_sub(LANES));
        let steps = more("plan-more-steps", self.steps.len().saturating_sub(STEPS));
        self.lanes.truncate(LANES);
        self.steps.truncate(STEPS);
        (lanes, steps)
    }
}

/// One person's line of time, or that of a sort of effort.
pub(super) struct Lane {
    pub(super) name: String,
    /// The person's page.
    pub(super) to: Option<String>,
    pub(super) bars: Vec<Bar>,
    /// Where today is on the line.
    pub(super) today: Option<i64>,
    /// What the line shows, in words.
    pub(super) label: String,
    pub(super) steps: Vec<LaneStep>,
    pub(super) is_person: bool,
}

/// A step as it stands on a line.
pub(super) struct Bar {
    pub(super) x: i64,
    pub(super) width: i64,
    pub(super) state: &'static str,
}

/// A step as it stands beside a line, or several that are alike.
pub(super) struct LaneStep {
    count: usize,
    pub(super) title: String,
    pub(super) days: String,
    pub(super) tag: &'static str,
    /// How far it is; empty in a plan that was not accepted yet.
    pub(super) said: String,
}

impl LaneStep {
    fn is_alike(&self, other: &Self) -> bool {
        (&self.title, &self.days, &self.said) == (&other.title, &other.days, &other.said)
    }
}

/// A step.
pub(super) struct StepView {
    pub(super) number: u32,
    pub(super) title: String,
    /// The page of the opportunity that it is about.
    pub(super) to: Option<String>,
    pub(super) who: String,
    pub(super) begin: String,
    pub(super) due: String,
    pub(super) cost: String,
    pub(super) counts: String,
    /// Requirements met when it is done.
    pub(super) after: String,
    pub(super) state: &'static str,
    pub(super) tag: &'static str,
    pub(super) said: String,
}

/// What a plan is told with.
pub(super) struct Teller<'a> {
    pub(super) t: &'static Texts,
    pub(super) book: Book<'a>,
    pub(super) names: &'a BTreeMap<String, String>,
    /// What the opportunities are called that the visitor may see, by their ids.
    pub(super) titles: &'a BTreeMap<String, String>,
    /// Whether names lead to people's pages, and titles to those of opportunities.
    pub(super) is_linked: bool,
    pub(super) today: Day,
}

impl Teller<'_> {
    /// A plan, with how far it is where it was accepted. `json` is the plan as it was handed out.
    pub(super) fn plan(
        &self,
        accepted: &AcceptedPlan,
        json: &AnyJson,
        check: Option<&PlanCheck>,
    ) -> PlanView {
        let steps = &accepted.steps;
        let from = accepted.as_of;
        let last = steps.iter().map(|step| step.due).max().unwrap_or(from);
        let until = last.max(accepted.goal.by);
        let state = |at: usize| check.and_then(|check| check.steps.get(at));
        let mut lanes: Vec<Lane> = Vec::new();
        let mut places: BTreeMap<(bool, &str), usize> = BTreeMap::new();
        for (at, step) in steps.iter().enumerate() {
            let key = (step.who.is_none(), step.who.as_deref().unwrap_or(&step.what));
            let place = *places.entry(key).or_insert_with(|| {
                lanes.push(self.lane(step, (from, until)));
                lanes.len() - 1
            });
            let Some(lane) = lanes.get_mut(place) else { continue };
            let (state, tag, said) = self.state(state(at).map(|one| (one.state, one.done_on)));
            lane.bars.push(bar(step, (from, until), state));
            let step = LaneStep {
                count: 1,
                title: self.title(step),
                days: self.t.tell(
                    "plan-from-until",
                    &[
                        ("from", self.t.day(step.begin).into()),
                        ("until", self.t.day(step.due).into()),
                    ],
                ),
                tag,
                said,
            };
            // What is alike is told once, as so many times.
            match lane.steps.last_mut().filter(|last| last.is_alike(&step)) {
                Some(last) => last.count += 1,
                None => lane.steps.push(step),
            }
        }
        for lane in &mut lanes {
            for step in lane.steps.iter_mut().filter(|step| step.count > 1) {
                let count = self.t.count(step.count);
                let title = std::mem::take(&mut step.title);
                step.title =
                    self.t.tell("plan-times", &[("count", count.into()), ("it", title.into())]);
            }
            let told = lane.steps.iter().map(|step| format!("{}: {}", step.title, step.days));
            lane.label = told.collect::<Vec<_>>().join("; ");
        }
        // People first, in the order of their first step; then efforts.
        lanes.sort_by_key(|lane| !lane.is_person);
        PlanView {
            lanes,
            steps: (0..steps.len())
                .filter_map(|at| {
                    let of = state(at).map(|one| (one.state, one.done_on));
                    Some(self.step(steps.get(at)?, json.pointer(&format!("/steps/{at}")), of))
                })
                .collect(),
            currency: accepted.cost.as_ref().map(|cost| cost.currency.clone()).unwrap_or_default(),
            from: self.t.day(from),
            until: self.t.day(until),
        }
    }

    fn lane(&self, step: &AcceptedStep, (from, until): (Day, Day)) -> Lane {
        let name = match &step.who {
            Some(person) => self.name(person),
            None => self.effort(step),
        };
        let is_there = self.today >= from && self.today <= until;
        let person = step.who.as_deref().filter(|_| self.is_linked);
        Lane {
            name,
            to: person.map(|person| format!("/people/{}", path_of(person))),
            bars: Vec::new(),
            today: is_there.then(|| place_of(self.today, (from, until))),
            label: String::new(),
            steps: Vec::new(),
            is_person: step.who.is_some(),
        }
    }

    /// What a person is called: the id where no name is known.
    fn name(&self, person: &str) -> String {
        self.names
            .get(person)
            .filter(|name| !name.is_empty())
            .map_or(person, String::as_str)
            .to_owned()
    }

    /// What a step is called: with what it is about, where its own title does not say so.
    fn title(&self, step: &AcceptedStep) -> String {
        let Some(about) = step.about.as_ref().filter(|_| step.who.is_none()) else {
            return step.title.clone();
        };
        match self.about(step, about) {
            Some(name) if step.title.contains(&name) => step.title.clone(),
            Some(name) => format!("{}: {name}", step.title),
            None if step.title.contains(about.as_str()) => step.title.clone(),
            None => format!("{} {about}", step.title),
        }
    }

    /// What that is called which a step is about.
    fn about(&self, step: &AcceptedStep, about: &str) -> Option<String> {
        if is_of_opportunity(&step.kind) {
            return self.titles.get(about).cloned();
        }
        let edition = self.book.edition;
        let program = edition.programs.iter().find(|one| one.id == about);
        let event = edition.event_kinds.iter().find(|one| one.id == about);
        let title = program.map(|one| &one.title).or(event.map(|one| &one.title));
        title.filter(|title| !title.is_empty()).cloned()
    }

    /// The page of the opportunity that a step is about.
    fn opportunity(&self, step: &AcceptedStep) -> Option<String> {
        let about = step.about.as_ref().filter(|_| is_of_opportunity(&step.kind))?;
        let is_seen = self.is_linked && self.titles.contains_key(about);
        is_seen.then(|| format!("/facts/opportunities/{}", path_of(about)))
    }

    /// The title of an effort, which a step's own says more of.
    fn effort(&self, step: &AcceptedStep) -> String {
        let found = self.book.edition.efforts.iter().find(|effort| effort.id == step.what);
        found.map_or_else(|| step.title.clone(), |effort| or_id(&effort.title, &effort.id))
    }

    fn state(&self, of: Option<(StepState, Option<Day>)>) -> (&'static str, &'static str, String) {
        let t = self.t;
        match of {
            None => ("", "", String::new()),
            Some((StepState::Done, on)) => {
                let day = on.map(|on| t.day(on));
                let said = day.map_or_else(
                    || t.say("plan-step-done"),
                    |day| t.of_it("plan-step-done-on", &day),
                );
                ("done", "good", said)
            }
            Some((StepState::Late, _)) => ("late", "bad", t.say("plan-step-late")),
            Some((StepState::Open, _)) => ("open", "", t.say("plan-step-open")),
            Some((StepState::Impossible, _)) => ("late", "bad", t.say("plan-step-impossible")),
        }
    }

    fn step(
        &self,
        step: &AcceptedStep,
        json: Option<&AnyJson>,
        of: Option<(StepState, Option<Day>)>,
    ) -> StepView {
        let t = self.t;
        let rows = json.and_then(|json| json.get("scorecard_after")).and_then(AnyJson::as_array);
        let after = rows.filter(|rows| !rows.is_empty()).map(|rows| {
            let met = rows.iter().filter(|row| row.get("state").is_some_and(|one| one == "met"));
            let met = met.count();
            t.tell("plan-met-of", &[("met", met.into()), ("all", rows.len().into())])
        });
        let measure = |id: &String| {
            self.book.measure(id).map_or_else(|| id.clone(), |one| or_id(&one.title, id))
        };
        let (state, tag, said) = self.state(of);
        StepView {
            number: step.number,
            title: self.title(step),
            to: self.opportunity(step),
            who: step.who.as_deref().map(|who| self.name(who)).unwrap_or_default(),
            begin: t.day(step.begin),
            due: t.day(step.due),
            cost: t.number(&money_digits(&step.cost.to_string(), &self.book.edition.currency)),
            counts: step.counts_for.iter().map(measure).collect::<Vec<_>>().join(", "),
            after: after.unwrap_or_default(),
            state,
            tag,
            said,
        }
    }
}

/// The opportunities that the steps of a plan are about.
pub(super) fn opportunities(accepted: &AcceptedPlan) -> impl Iterator<Item = &str> {
    let steps = accepted.steps.iter().filter(|step| is_of_opportunity(&step.kind));
    steps.filter_map(|step| step.about.as_deref())
}

/// Where a day is on a line.
fn place_of(day: Day, (from, until): (Day, Day)) -> i64 {
    let all = i64::from(from.days_until(until)).max(1);
    (i64::from(from.days_until(day)) * WIDTH / all).clamp(0, WIDTH)
}

fn bar(step: &AcceptedStep, line: (Day, Day), state: &'static str) -> Bar {
    let x = place_of(step.begin, line);
    let width = (place_of(step.due.plus_days(1), line) - x).max(6);
    Bar { x: x.min(WIDTH - width), width, state: if state.is_empty() { "open" } else { state } }
}
