//! What people are asked to take by accepted plans, on a person's page and on one's own.

use guildhall_access::{Action, Resource, ResourceKind};
use guildhall_rules::day::Day;
use guildhall_rules::plan::StepState;
use guildhall_store::Tx;
use serde::Serialize;
use utoipa::ToSchema;

use super::{checked, read_facts, resource_of};
use crate::ops::people::{self, Held};
use crate::ops::users;
use crate::{App, Caller, Error};

/// A step of an accepted plan that somebody is asked to take.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AskedStep {
    /// The partner's id.
    pub partner: String,
    /// The number of the plan.
    pub plan: i64,
    /// The number of the step.
    pub step: u32,
    /// What to take.
    pub title: String,
    /// The credential that it leads to.
    pub about: Option<String>,
    /// The first day of preparation.
    #[schema(value_type = String)]
    pub begin: Day,
    /// The last day.
    #[schema(value_type = String)]
    pub due: Day,
    /// Days of preparation.
    pub days: u16,
    /// `open`, `late` or `done`.
    pub state: &'static str,
    /// The day of the fact that came of it.
    #[schema(value_type = Option<String>)]
    pub done_on: Option<Day>,
}

/// What a person holds and is asked to take.
#[derive(Clone, Debug)]
pub struct Learning {
    /// The person's id.
    pub person: String,
    /// What they are called.
    pub name: String,
    /// What they hold, what lapses first in front.
    pub held: Vec<Held>,
    /// What they are asked to take, by days.
    pub asked: Vec<AskedStep>,
}

/// What accepted plans ask a person to take, as far as the caller may see the plans.
///
/// # Errors
///
/// When there is no person whom the caller may see.
pub fn asked_of(app: &App, caller: &Caller, person: &str) -> Result<Vec<AskedStep>, Error> {
    let found = people::read(app, caller, person)?;
    let mut partners: Vec<&str> =
        found.rows.iter().filter_map(|row| row.values.get("partner")).map(String::as_str).collect();
    partners.sort_unstable();
    partners.dedup();
    app.store.read(|tx| {
        let mut steps = Vec::new();
        for partner in &partners {
            let may_see = |plan: &_| {
                let about = resource_of(plan);
                app.access.decide(&caller.actor, Action::ViewPlan, &about).is_allowed()
            };
            steps.extend(asked_at(app, tx, partner, person, may_see)?);
        }
        Ok(in_order(steps))
    })
}

fn in_order(mut steps: Vec<AskedStep>) -> Vec<AskedStep> {
    steps.sort_by_key(|step| (step.state == "done", step.due, step.plan, step.step));
    steps
}

fn asked_at(
    app: &App,
    tx: &mut Tx<'_>,
    partner: &str,
    person: &str,
    may_see: impl Fn(&guildhall_store::StoredPlan) -> bool,
) -> Result<Vec<AskedStep>, Error> {
    let plans = tx.accepted_plans(partner)?;
    // Most people are asked nothing: then no facts are read.
    let mark = serde_json::to_string(person).map_err(Error::internal)?;
    let plans: Vec<_> =
        plans.into_iter().filter(|plan| may_see(plan) && plan.plan.contains(&mark)).collect();
    if plans.is_empty() {
        return Ok(Vec::new());
    }
    let book = app.rulebooks.get(tx)?;
    let read = read_facts(tx, &book, partner)?;
    let mut steps = Vec::new();
    for stored in plans {
        let (accepted, check) = checked(app, &book, &read, &stored)?;
        let pairs = accepted.steps.iter().zip(check.steps);
        let own = pairs.filter(|(step, _)| step.who.as_deref() == Some(person));
        steps.extend(own.map(|(step, at)| AskedStep {
            partner: partner.to_owned(),
            plan: stored.number,
            step: step.number,
            title: step.title.clone(),
            about: step.about.clone(),
            begin: step.begin,
            due: step.due,
            days: step.days,
            state: word(at.state),
            done_on: at.done_on,
        }));
    }
    Ok(steps)
}

/// How far a step is, as a word.
const fn word(state: StepState) -> &'static str {
    match state {
        StepState::Done => "done",
        StepState::Open => "open",
        StepState::Late => "late",
        StepState::Impossible => "impossible",
    }
}

/// What the user holds and is asked to take: of the people of the user's own partner, the one who
/// has the user's e-mail address. None where there is no such person.
///
/// # Errors
///
/// When nobody is signed in.
pub fn learning(app: &App, caller: &Caller) -> Result<Option<Learning>, Error> {
    let Some(id) = &caller.actor.user else { return Err(Error::SignInFirst) };
    let Some(partner) = caller.organization() else { return Ok(None) };
    let user = users::read(app, caller, id)?;
    let found = app.store.read(|tx| people::own_rows(tx, partner, &user.email))?;
    let Some(row) = found.into_iter().next() else { return Ok(None) };
    let person = row.cell("person").unwrap_or(row.id()).to_owned();
    let about = Resource::new(ResourceKind::Person, person.as_str()).of_partner(partner);
    app.allow(caller, Action::ViewPerson, &about.of_user(id))?;
    app.store.read(|tx| {
        // Of plans, a person may know what it asks of them, and no more.
        let asked = in_order(asked_at(app, tx, partner, &person, |_| true)?);
        let held = people::held_by(app, tx, &person)?;
        let name = row.cell("name").unwrap_or_default().to_owned();
        Ok(Some(Learning { person: person.clone(), name, held, asked }))
    })
}
