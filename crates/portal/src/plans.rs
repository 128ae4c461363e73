//! Plans of a partner: a new one to a goal with what it costs and who does what until when, those
//! that were accepted with how far they are, a sheet to print, and what things cost the partner.

mod costs;
mod made;
mod no_way;
mod one;
mod sheet;
mod view;
mod ways;

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::routing::{get, post};
use guildhall_access::{Action, Resource, ResourceKind};
use guildhall_operations::http::Path;
use guildhall_operations::ops::plans::{self, Choices, PlanShown, Wish};
use guildhall_operations::{App, Error};
use guildhall_rules::rulebook::Edition;

use super::form::{FieldProblems, Fields};
use super::scorecard::{Book, Head, Part, place};
use super::shell::Shell;
use super::visit::{Answer, Visit};

pub use sheet::plan_sheet;

/// So many plans that were ended stand on the page.
const ENDED: usize = 20;

/// The routes.
pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/partners/{partner}/plans", get(show_list))
        .route("/partners/{partner}/plans/new", get(made::show).post(made::accept))
        .route("/partners/{partner}/plans/new/sheet.html", get(sheet::of_new))
        .route("/partners/{partner}/plans/costs", get(costs::show).post(costs::save))
        .route("/partners/{partner}/plans/{number}", get(one::show))
        .route("/partners/{partner}/plans/{number}/sheet.html", get(sheet::of_accepted))
        .route("/partners/{partner}/plans/{number}/end", post(one::end))
        .route("/partners/{partner}/plans/{number}/share", post(one::share))
}

/// A choice of a list.
pub(super) struct Choice {
    value: String,
    text: String,
    is_chosen: bool,
}

/// The form in which a goal is chosen.
pub(super) struct GoalForm {
    goals: Vec<Choice>,
    periods: Vec<Choice>,
    by: String,
    /// Whether the partner has costs of its own that the visitor may see.
    has_costs: bool,
    rulebook_costs: bool,
}

impl GoalForm {
    fn of(visit: &Visit, choices: &Choices, typed: &Fields, has_costs: bool) -> Self {
        let t = visit.t;
        let asked = typed.typed("goal").unwrap_or_default();
        let next = format!("tier:{}", choices.next);
        let choice = |value: String, text: String| Choice {
            is_chosen: if asked.is_empty() { value == next } else { value == asked },
            value,
            text,
        };
        let tiers = choices.tiers.iter();
        let mut goals: Vec<Choice> = tiers
            .map(|(id, title)| choice(format!("tier:{id}"), t.of_it("plan-reach", title)))
            .collect();
        if choices.may_keep {
            goals.push(choice("keep".to_owned(), t.say("plan-keep")));
        }
        goals.extend(
            choices.measures.iter().map(|(id, title)| {
                choice(format!("discount:{id}"), t.of_it("plan-discount", title))
            }),
        );
        let period = typed.typed("period").unwrap_or_default();
        let periods = choices.periods.iter().map(|one| Choice {
            value: one.clone(),
            text: one.clone(),
            is_chosen: one == period,
        });
        let by = visit.app().clock.today().plus_months(6);
        Self {
            goals,
            periods: periods.collect(),
            by: typed.typed("by").map_or_else(|| by.to_string(), str::to_owned),
            has_costs,
            rulebook_costs: typed.has("rulebook_costs"),
        }
    }
}

/// What the fields of the form ask for.
fn wish(fields: &Fields) -> Wish {
    let goal = fields.typed("goal").unwrap_or_default();
    let mut wish = Wish { rulebook_costs: fields.has("rulebook_costs"), ..Wish::default() };
    match goal.split_once(':') {
        Some(("tier", tier)) => wish.to = Some(tier.to_owned()),
        Some(("discount", measure)) => {
            wish.discount = Some(measure.to_owned());
            wish.period = fields.typed("period").map(str::to_owned);
        }
        _ => wish.keep = goal == "keep",
    }
    wish.way = fields.typed("way").map(str::to_owned);
    wish.by = fields.typed("by").map(str::to_owned);
    wish
}

/// Whether the visitor may accept plans of the partner, and sees what things cost it.
fn may_accept(visit: &Visit, partner: &str) -> bool {
    let about = Resource::new(ResourceKind::Plan, "new").of_partner(partner);
    visit.app().access.decide(&visit.caller.actor, Action::AcceptPlan, &about).is_allowed()
}

/// Whether the partner has costs of its own, as far as the visitor may know.
fn has_costs(visit: &Visit, partner: &str) -> Result<bool, Error> {
    if !may_accept(visit, partner) {
        return Ok(false);
    }
    let costs = plans::costs(visit.app(), &visit.caller, partner)?;
    Ok(!costs.text.trim().is_empty())
}

/// An edition with which a plan is told.
fn edition_of<'b>(book: &'b guildhall_operations::Book, id: &str) -> Result<&'b Edition, Error> {
    book.edition(id).ok_or_else(|| Error::not_found("edition", id))
}

/// A plan in the list.
struct Listed {
    to: String,
    goal: String,
    distance: String,
    accepted: String,
    /// When it was ended or replaced.
    ended: String,
    /// How far it is, in words; of those that were ended how.
    progress: String,
    tag: &'static str,
    state: String,
    done: u32,
    steps: usize,
}

#[derive(Template)]
#[template(path = "portal/plans.html")]
struct ListPage {
    shell: Shell,
    head: Head,
    form: GoalForm,
    problems: FieldProblems,
    open: Vec<Listed>,
    ended: Vec<Listed>,
    may_accept: bool,
    /// Whether the visitor is of the partner, and sees all of its plans.
    is_own: bool,
}

async fn show_list(Path(partner): Path<String>, visit: Visit) -> Answer {
    visit.page(move |visit| list(visit, &partner, FieldProblems::default())).await
}

fn list(visit: &Visit, partner: &str, problems: FieldProblems) -> Result<ListPage, Error> {
    let (app, t) = (visit.app(), visit.t);
    let choices = plans::choices(app, &visit.caller, partner)?;
    let head = Head::of(visit, partner, &choices.name, Part::Plans);
    let book = app.book()?;
    let today = app.clock.today();
    let goal_text = |plan: &PlanShown| -> String {
        let goal = serde_json::from_value(plan.goal.clone()).ok();
        let edition = book.edition(&plan.edition);
        goal.zip(edition).map_or_else(String::new, |(goal, edition)| {
            let path = path_of_goal(edition, &goal);
            view::goal(t, &Book::new(t, edition, &path, today), &goal)
        })
    };
    let day = |text: &str| guildhall_rules::day::Day::parse(text.as_bytes()).unwrap_or(today);
    let listed = |plan: &PlanShown| Listed {
        to: format!("{}/plans/{}", head.base, plan.number),
        goal: goal_text(plan),
        distance: t.distance(today, day(&plan.due_on)),
        accepted: t.moment_text(&plan.accepted_at),
        ended: plan.ended_at.as_deref().map(|at| t.moment_text(at)).unwrap_or_default(),
        progress: plan.reason.clone().unwrap_or_default(),
        tag: "",
        state: t.word("plan-state", &plan.state),
        done: 0,
        steps: 0,
    };
    let open = plans::open_ones(app, &visit.caller, partner)?;
    let open = open.iter().map(|(plan, check)| {
        let (word, tag) = view::standing(check);
        Listed {
            state: t.word("plan-standing", word),
            tag,
            progress: t.tell(
                "plan-done-of",
                &[("done", check.done.into()), ("all", check.steps.len().into())],
            ),
            done: check.done,
            steps: check.steps.len(),
            ..listed(plan)
        }
    });
    let open: Vec<Listed> = open.collect();
    let ended = plans::list(app, &visit.caller, partner, None, ENDED)?;
    let ended = ended.iter().filter(|plan| plan.state != "accepted").map(listed).collect();
    let has_costs = has_costs(visit, partner)?;
    Ok(ListPage {
        shell: visit.shell(place(visit, partner), head.title()),
        form: GoalForm::of(visit, &choices, &visit.query(), has_costs),
        problems,
        open,
        ended,
        may_accept: may_accept(visit, partner),
        is_own: visit.is_own(partner),
        head,
    })
}

/// The path whose tier a goal names; the first where it names none.
fn path_of_goal(edition: &Edition, goal: &guildhall_rules::plan::GoalText) -> String {
    let has = |path: &&guildhall_rules::rulebook::Path| {
        goal.tier.as_ref().is_some_and(|tier| path.tiers.iter().any(|one| one.id == *tier))
    };
    let path = edition.paths.iter().find(has).or(edition.paths.first());
    path.map(|path| path.id.clone()).unwrap_or_default()
}
