//! Where there is no way to a goal: what is in the way, who is not there to do it, and later days.

use guildhall_operations::ops::people;
use guildhall_rules::evaluation::State;
use guildhall_rules::plan::{Blocking, Plan};

use super::made::{shape, with_least};
use super::view::Teller;
use crate::scorecard::{against, base_of, or_id, with_days};
use crate::visit::{Visit, path_of};

/// How many months later a goal is offered for.
const LATER: [i32; 3] = [3, 6, 12];

/// A requirement in the way.
pub(super) struct InTheWay {
    pub(super) title: String,
    /// The row of the scorecard.
    pub(super) to: String,
    pub(super) value: String,
    pub(super) why: String,
}

/// A later day for the same goal.
pub(super) struct Later {
    pub(super) day: String,
    pub(super) to: String,
}

/// What is told where there is no way.
#[derive(Default)]
pub(super) struct NoWay {
    pub(super) blocking: Vec<InTheWay>,
    /// Who is not there to do anything, in words; empty where nobody is missing.
    pub(super) people: Vec<String>,
    /// The people of the partner.
    pub(super) to_people: String,
    pub(super) later: Vec<Later>,
}

impl NoWay {
    pub(super) fn of(
        visit: &Visit,
        partner: &str,
        teller: &Teller<'_>,
        plan: &Plan,
        to: &impl Fn(&str) -> String,
    ) -> Self {
        if plan.feasible {
            return Self::default();
        }
        let base = base_of(partner);
        // A discount is of a period, which is chosen from a list.
        let has_day = plan.goal.kind != "discount";
        let rows = format!("{base}/{}", if has_day { "scorecard" } else { "discount" });
        let later = LATER.iter().filter(|_| has_day).map(|months| {
            let day = plan.goal.by.plus_months(*months);
            Later { day: teller.t.day(day), to: to(&day.to_string()) }
        });
        Self {
            blocking: plan.blocking.iter().map(|one| in_the_way(teller, &rows, one)).collect(),
            people: missing_people(visit, partner),
            to_people: format!("{base}/people"),
            later: later.collect(),
        }
    }
}

fn in_the_way(teller: &Teller<'_>, rows: &str, one: &Blocking) -> InTheWay {
    let t = teller.t;
    let (shape, is_known) = (shape(teller, &one.measure), one.state != State::Unknown);
    let value = against(t, shape, &one.value, Some(one.target), one.is_ceiling, is_known);
    InTheWay {
        title: or_id(&one.title, &one.measure),
        to: format!("{rows}/{}", path_of(&one.measure)),
        value: with_least(t, value, one.n, one.min_n),
        why: with_days(t, &one.why),
    }
}

/// Who could do nothing, for nobody is there or they have not agreed to be counted.
fn missing_people(visit: &Visit, partner: &str) -> Vec<String> {
    // Whoever may not see people is told nothing of them.
    let Ok(listed) = people::list(visit.app(), &visit.caller, partner) else { return Vec::new() };
    let present = || listed.iter().filter(|one| !one.has_left);
    let silent = present().filter(|one| !one.has_consent).count();
    match (present().count(), silent) {
        (0, _) => vec![visit.t.say("plan-nobody-there")],
        (_, 0) => Vec::new(),
        (_, silent) => vec![visit.t.n("plan-not-agreed", silent)],
    }
}
