//! A plan as one printable page of HTML: no script, and nothing fetched from anywhere.

use std::collections::BTreeMap;

use askama::Template;
use guildhall_operations::Error;
use guildhall_operations::http::Path;
use guildhall_operations::ops::plans;
use guildhall_rules::plan::{AcceptedPlan, Plan, PlanCheck};
use guildhall_rules::rulebook::Edition;

use super::view::{self, PlanView, Teller, goal, money, opportunities};
use super::{edition_of, path_of_goal, wish};
use crate::naming::Naming;
use crate::scorecard::{Book, or_id};
use crate::texts::Texts;
use crate::visit::{Answer, Done, Visit, render};

#[derive(Template)]
#[template(path = "plan.html", whitespace = "minimize")]
struct Sheet {
    t: &'static Texts,
    title: String,
    name: String,
    partner: String,
    goal: String,
    edition_title: String,
    edition_id: String,
    made_on: String,
    cost: String,
    greedy: String,
    proof: String,
    done: Option<String>,
    /// How it was ended, and why.
    ended: Option<String>,
    reason: String,
    view: PlanView,
    foot: String,
}

impl Sheet {
    fn of(
        teller: &Teller<'_>,
        name: &str,
        (accepted, json, check): (&AcceptedPlan, &serde_json::Value, Option<&PlanCheck>),
    ) -> Self {
        let (t, edition) = (teller.t, teller.book.edition);
        let name = or_id(name, &accepted.partner);
        let done = check.map(|check| {
            t.tell(
                "plan-done-of",
                &[("done", check.done.into()), ("all", check.steps.len().into())],
            )
        });
        let goal = goal(t, &teller.book, &accepted.goal);
        Self {
            t,
            title: format!("{name} · {goal}"),
            partner: accepted.partner.clone(),
            name,
            goal,
            edition_title: or_id(&edition.title, &edition.id),
            edition_id: edition.id.clone(),
            made_on: t.day(accepted.as_of),
            cost: accepted.cost.as_ref().map(|cost| money(t, cost)).unwrap_or_default(),
            greedy: accepted.greedy.as_ref().map(|cost| money(t, cost)).unwrap_or_default(),
            proof: view::proof(t, &accepted.way, accepted.optimal),
            done,
            ended: None,
            reason: String::new(),
            view: teller.plan(accepted, json, check),
            foot: t.tell(
                "plan-sheet-foot",
                &[("day", t.day(teller.today).into()), ("edition", edition.id.as_str().into())],
            ),
        }
    }
}

/// A plan in English as one page that needs no other file; `edition` is the one by which it was made.
///
/// # Errors
///
/// None that can be provoked: [`Error::Internal`], should writing to memory fail.
pub fn plan_sheet(plan: &Plan, edition: &Edition) -> Result<String, Error> {
    let t = Texts::english();
    let json = serde_json::to_value(plan).map_err(Error::internal)?;
    let accepted: AcceptedPlan = serde_json::from_value(json.clone()).map_err(Error::internal)?;
    let path = &plan.starting_scorecard.path;
    let book = Book::new(t, edition, path, plan.goal.by);
    let (names, titles) = (names_of(plan), titles_of(plan));
    let (is_linked, today) = (false, plan.as_of);
    let teller = Teller { t, book, names: &names, titles: &titles, is_linked, today };
    render(&Sheet::of(&teller, &plan.starting_scorecard.name, (&accepted, &json, None)))
}

/// What people of a plan are called, by their ids.
pub(super) fn names_of(plan: &Plan) -> BTreeMap<String, String> {
    let names = plan.steps.iter().filter_map(|step| step.who.clone().zip(step.who_name.clone()));
    names.collect()
}

/// What opportunities of a plan are called, by their ids.
pub(super) fn titles_of(plan: &Plan) -> BTreeMap<String, String> {
    let steps = plan.steps.iter();
    steps.filter_map(|step| step.about.clone().zip(step.about_name.clone())).collect()
}

fn page(name: String, html: String) -> Done {
    Done::File { name, kind: "text/html; charset=utf-8", bytes: html.into_bytes() }
}

/// The sheet of a plan that is made anew.
pub(super) async fn of_new(Path(partner): Path<String>, visit: Visit) -> Answer {
    visit
        .run(move |visit| {
            let app = visit.app();
            let made = plans::make(app, &visit.caller, &partner, &wish(&visit.query()))?;
            let book = app.book()?;
            let edition = edition_of(&book, &made.plan.rulebook)?;
            let html = plan_sheet(&made.plan, edition)?;
            Ok(page(format!("plan-{partner}.html"), html))
        })
        .await
}

/// The sheet of an accepted plan, with how far it is.
pub(super) async fn of_accepted(
    Path((partner, number)): Path<(String, String)>,
    visit: Visit,
) -> Answer {
    visit
        .run(move |visit| {
            let (app, t) = (visit.app(), visit.t);
            let (plan, accepted, check) = super::one::found(visit, &partner, &number)?;
            let people = accepted.steps.iter().filter_map(|step| step.who.as_deref());
            let names = plans::names(app, &visit.caller, &partner, people)?;
            let titles = plans::titles(app, &visit.caller, &partner, opportunities(&accepted))?;
            let editions = app.book()?;
            let edition = edition_of(&editions, &plan.edition)?;
            let path = path_of_goal(edition, &accepted.goal);
            let book = Book::new(t, edition, &path, accepted.goal.by);
            let today = app.clock.today();
            let (names, titles) = (&names, &titles);
            let teller = Teller { t, book, names, titles, is_linked: false, today };
            let naming = Naming::of(visit, [partner.as_str()], plan.ended_by.as_deref())?;
            let name = naming.partner(&partner);
            let ended = super::one::ended(t, &naming, &plan);
            let reason = plan.reason.unwrap_or_default();
            let json = plan.plan.unwrap_or_default();
            let sheet = Sheet::of(&teller, &name, (&accepted, &json, Some(&check)));
            let html = render(&Sheet { ended, reason, ..sheet })?;
            Ok(page(format!("plan-{partner}-{number}.html"), html))
        })
        .await
}
