//! A plan as it is handed out: an immutable value that becomes JSON.

use serde::{Deserialize, Serialize};

use crate::day::Day;
use crate::decimal::Decimal;
use crate::evaluation::State;
use crate::number::Number;
use crate::review::ReviewOutcome;
use crate::rulebook::EffortKind;
use crate::scorecard::Scorecard;

/// A way to a goal. Serialised, it is the JSON that outsiders rely on; more keys may come.
#[expect(clippy::struct_excessive_bools, reason = "each is a key of the JSON")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// The partner's id.
    pub partner: String,
    /// The network's id.
    pub network: String,
    /// The edition's id.
    pub rulebook: String,
    /// The day on which it was made.
    pub as_of: Day,
    /// What is to be reached, and when.
    pub goal: GoalText,
    /// Where the partner stands on the day on which it was made.
    pub starting_scorecard: Scorecard,
    /// The facts on which it rests.
    pub starting_facts: StartingFacts,
    /// Which way it is: `cheapest`, `fastest` or `fewest_people`.
    pub way: String,
    /// Whether the goal is reached already, without a step, on its day.
    pub already_met: bool,
    /// Whether there is a way.
    pub feasible: bool,
    /// Whether it is proved that none costs less; of another way than the cheapest, that none is done
    /// earlier, or asks fewer people; where there is no way, that there is none.
    pub optimal: bool,
    /// How much less another could cost at most, as a part of the cost, rounded up; none where
    /// there is no way, and of other ways than the cheapest.
    pub gap: Option<Decimal>,
    /// What it costs; none where there is no way.
    pub cost: Option<Cost>,
    /// What the obvious greedy choice would cost; none where it does not get there.
    pub greedy: Option<Cost>,
    /// What to do, by days.
    pub steps: Vec<Step>,
    /// The requirements in the way, as few as possible, where there is no way.
    pub blocking: Vec<Blocking>,
    /// Whether it is proved that no fewer requirements are in the way.
    pub blocking_is_smallest: bool,
    /// Reviews until the goal, held on their due days with the outcomes that come of the steps.
    pub reviews: Vec<AssumedReview>,
    /// The goal's rows on its day when every step is done.
    pub result: Vec<ShortRow>,
    /// Other ways: the cheapest, the fastest, the one of the fewest people.
    pub alternatives: Vec<Alternative>,
}

impl Plan {
    /// The people whom any step asks, by id, in order.
    pub fn people(&self) -> Vec<&str> {
        let steps = self.steps.iter().filter_map(|step| step.who.as_deref());
        let others = self.alternatives.iter().flat_map(|other| &other.steps);
        let mut people: Vec<&str> =
            steps.chain(others.filter_map(|step| step.who.as_deref())).collect();
        people.sort_unstable();
        people.dedup();
        people
    }

    /// Writes people's names beside their ids. Facts that are evaluated hold no names: whoever
    /// keeps them gives them here.
    pub fn name_people(&mut self, name: impl Fn(&str) -> Option<String>) {
        for step in &mut self.steps {
            step.who_name = step.who.as_deref().and_then(&name);
        }
        for step in self.alternatives.iter_mut().flat_map(|other| &mut other.steps) {
            step.who_name = step.who.as_deref().and_then(&name);
        }
    }

    /// The opportunities that any step is about, by id.
    pub fn opportunities(&self) -> impl Iterator<Item = &str> {
        self.steps.iter().filter(|step| step.is_of_opportunity()).filter_map(|s| s.about.as_deref())
    }

    /// Writes titles of opportunities beside their ids, as with [`Plan::name_people`].
    pub fn name_opportunities(&mut self, name: impl Fn(&str) -> Option<String>) {
        for step in self.steps.iter_mut().filter(|step| step.is_of_opportunity()) {
            step.about_name = step.about.as_deref().and_then(&name);
        }
    }
}

/// What is to be reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GoalText {
    /// `tier`, `keep` or `discount`.
    pub kind: String,
    /// The tier to reach or to keep.
    pub tier: Option<String>,
    /// The discount's measure.
    pub measure: Option<String>,
    /// The discount's period.
    pub period: Option<String>,
    /// The day on which it has to hold.
    pub by: Day,
}

/// What something costs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cost {
    /// Money.
    pub amount: Decimal,
    /// Its currency.
    pub currency: String,
    /// Days of preparation and of work, all people and efforts together.
    pub days: u64,
    /// People who take something.
    pub people: u64,
    /// The last day on which something is due; none without a step.
    pub done_on: Option<Day>,
}

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// Its number, from 1, by due days.
    pub number: u32,
    /// What sort of thing: `training`, or the `of` of an effort.
    pub kind: String,
    /// The id of the training or effort.
    pub what: String,
    /// Its title.
    pub title: String,
    /// The person who takes the training.
    pub who: Option<String>,
    /// Their name, where it is known to whoever asked for the plan.
    pub who_name: Option<String>,
    /// The credential, opportunity, program or kind of event that it is about.
    pub about: Option<String>,
    /// What the opportunity is called, where it is known to whoever asked for the plan.
    pub about_name: Option<String>,
    /// The first day of preparation.
    pub begin: Day,
    /// The day on which it is done at the latest.
    pub due: Day,
    /// Days of preparation or work.
    pub days: u16,
    /// Money, on average where passing is not certain.
    pub cost: Decimal,
    /// Why: what it counts for.
    pub reason: String,
    /// The measures that it counts for, by id.
    pub counts_for: Vec<String>,
    /// The goal's rows on the due day when this and all before it is done.
    pub scorecard_after: Vec<ShortRow>,
}

impl Step {
    /// Whether it is about an opportunity that is there already.
    fn is_of_opportunity(&self) -> bool {
        is_of_opportunity(&self.kind)
    }
}

/// Whether steps of a kind are about opportunities that are there already.
pub fn is_of_opportunity(kind: &str) -> bool {
    [EffortKind::Launch.word(), EffortKind::Approval.word()].contains(&kind)
}

/// A row of a scorecard in short.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ShortRow {
    /// The measure's id.
    pub measure: String,
    /// Its value.
    pub value: Number,
    /// The bar.
    pub target: Decimal,
    /// Whether the value must stay at or under the bar.
    pub is_ceiling: bool,
    /// How many facts make the value.
    pub n: u64,
    /// How many there must be at least, where a discount asks for so many.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_n: Option<u32>,
    /// What it comes to.
    pub state: State,
}

/// A requirement that is in the way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Blocking {
    /// The measure's id.
    pub measure: String,
    /// Its title.
    pub title: String,
    /// What would be asked.
    pub target: Decimal,
    /// What it comes to without a step.
    pub value: Number,
    /// Whether the value must stay at or under the bar.
    pub is_ceiling: bool,
    /// How many facts make the value.
    pub n: u64,
    /// How many there must be at least, where a discount asks for so many.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_n: Option<u32>,
    /// What it comes to without a step.
    pub state: State,
    /// Why it cannot be reached, in words.
    pub why: String,
}

/// A review that is assumed to be held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AssumedReview {
    /// The day.
    pub on: Day,
    /// What it comes to.
    pub outcome: ReviewOutcome,
    /// The tier held after it.
    pub to_tier: Option<String>,
    /// The last day of the grace.
    pub grace_until: Option<Day>,
}

/// Another way to the goal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Alternative {
    /// `cheapest`, `fastest` or `fewest_people`.
    pub kind: String,
    /// What it costs.
    pub cost: Cost,
    /// Whether it is proved to be that: that nothing costs less, is done on an earlier day, or asks
    /// fewer people.
    pub optimal: bool,
    /// What to do.
    pub steps: Vec<AlternativeStep>,
}

/// A step of another way, in short.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AlternativeStep {
    /// The id of the training or effort.
    pub what: String,
    /// The person.
    pub who: Option<String>,
    /// Their name, where it is known to whoever asked for the plan.
    pub who_name: Option<String>,
    /// What it is about.
    pub about: Option<String>,
    /// The first day.
    pub begin: Day,
    /// The last day.
    pub due: Day,
    /// Days of preparation or work.
    pub days: u16,
    /// Money, on average where passing is not certain.
    pub cost: Decimal,
}

/// The facts on which a plan rests, by digest.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StartingFacts {
    /// The digest of all of them.
    pub digest: String,
    /// Each by kind and id with its own digest.
    pub facts: std::collections::BTreeMap<String, String>,
}
