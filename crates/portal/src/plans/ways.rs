//! Ways to a goal beside each other: the cheapest, the fastest, the one that asks the fewest people.
//! Those that come to the same are told once.

use guildhall_rules::plan::{Alternative, Plan};

use super::view::{Teller, money};

/// Ways that come to the same.
pub(super) struct Way {
    /// What they are called, with where they are told whole; none for the plan that is told here.
    pub(super) titles: Vec<(String, Option<String>)>,
    pub(super) cost: String,
    pub(super) days: String,
    pub(super) people: usize,
    pub(super) done_on: String,
    pub(super) proof: String,
    pub(super) steps: usize,
    pub(super) is_this: bool,
}

/// Whether two ways come to the same in all that is told of them.
fn is_alike(one: &Alternative, other: &Alternative) -> bool {
    one.cost == other.cost && one.steps.len() == other.steps.len()
}

/// The ways of a plan. Where all are one, there are none, and a sentence says so.
pub(super) fn ways(
    teller: &Teller<'_>,
    plan: &Plan,
    to: &impl Fn(&str) -> String,
) -> (Vec<Way>, Option<String>) {
    let t = teller.t;
    let mut groups: Vec<Vec<&Alternative>> = Vec::new();
    for way in &plan.alternatives {
        let alike = |group: &&mut Vec<&Alternative>| {
            group.first().is_some_and(|first| is_alike(first, way))
        };
        match groups.iter_mut().find(alike) {
            Some(group) => group.push(way),
            None => groups.push(vec![way]),
        }
    }
    if let ([group], true) = (groups.as_slice(), plan.alternatives.len() > 1) {
        let also = group.iter().map(|way| t.word("plan-also", &way.kind));
        let also = also.collect::<Vec<_>>().join(", ");
        let is_proved = group.iter().all(|way| way.optimal);
        let key = if is_proved { "plan-ways-are-one" } else { "plan-ways-found-one" };
        return (Vec::new(), Some(t.of_it(key, &also)));
    }
    let told = groups.iter().filter_map(|group| group_view(teller, plan, group, to));
    (told.collect(), None)
}

fn group_view(
    teller: &Teller<'_>,
    plan: &Plan,
    group: &[&Alternative],
    to: &impl Fn(&str) -> String,
) -> Option<Way> {
    let t = teller.t;
    let way = group.first()?;
    let is_this = group.iter().any(|way| way.kind == plan.way);
    let key =
        if group.iter().all(|way| way.optimal) { "plan-way-proved" } else { "plan-way-found" };
    let title =
        |way: &&Alternative| (t.word("plan-way", &way.kind), (!is_this).then(|| to(&way.kind)));
    Some(Way {
        titles: group.iter().map(title).collect(),
        cost: money(t, &way.cost),
        days: t.count(usize::try_from(way.cost.days).unwrap_or(usize::MAX)),
        people: usize::try_from(way.cost.people).unwrap_or(usize::MAX),
        done_on: way.cost.done_on.map(|day| t.day(day)).unwrap_or_default(),
        proof: t.say(key),
        steps: way.steps.len(),
        is_this,
    })
}
