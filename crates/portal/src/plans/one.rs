//! An accepted plan: how far each step is, what has changed since, whether what is left still leads
//! to the goal.

use askama::Template;
use guildhall_operations::Error;
use guildhall_operations::http::Path;
use guildhall_operations::ops::plans::{self, PlanShown};
use guildhall_operations::ops::standing as standing_of;
use guildhall_rules::plan::{AcceptedPlan, FactChange, PlanCheck};
use guildhall_rules::rulebook::{Edition, FactKind};

use super::view::{self, PlanView, Teller, goal, money, opportunities, standing};
use super::{edition_of, may_accept, path_of_goal};
use crate::form::{FieldProblems, Form, address};
use crate::naming::Naming;
use crate::scorecard::{Book, Head, Part, base_of, place};
use crate::shell::Shell;
use crate::texts::Texts;
use crate::visit::{Answer, Done, Visit, path_of};

/// So many facts that have changed stand on the page.
const CHANGES: usize = 40;

/// A fact that has changed.
struct ChangeView {
    fact: String,
    /// What it is called, and whose it is.
    title: Option<String>,
    to: Option<String>,
    word: String,
    /// The step that it came of.
    step: Option<usize>,
}

#[derive(Template)]
#[template(path = "portal/plans/one.html")]
struct PlanPage {
    shell: Shell,
    head: Head,
    number: i64,
    version: i64,
    goal: String,
    due: String,
    distance: String,
    standing: String,
    tag: &'static str,
    is_open: bool,
    is_shown: bool,
    /// How it was ended, and why.
    ended: Option<String>,
    reason: String,
    done: usize,
    all: usize,
    cost: String,
    proof: String,
    greedy: String,
    accepted: String,
    made_on: String,
    view: PlanView,
    more_lanes: String,
    more_steps: String,
    unexplained: Vec<ChangeView>,
    explained: Vec<ChangeView>,
    more_changes: usize,
    may_accept: bool,
    anew: String,
    problems: FieldProblems,
    /// The reason as it was typed.
    typed: String,
}

pub(super) async fn show(Path((partner, number)): Path<(String, String)>, visit: Visit) -> Answer {
    visit.page(move |visit| page(visit, &partner, &number, (FieldProblems::default(), ""))).await
}

/// The plan of a number at a partner.
pub(super) fn found(
    visit: &Visit,
    partner: &str,
    number: &str,
) -> Result<(PlanShown, AcceptedPlan, PlanCheck), Error> {
    let read: i64 = number.parse().map_err(|_| Error::not_found("plan", number))?;
    let found = plans::progress(visit.app(), &visit.caller, read)?;
    if found.0.partner == partner { Ok(found) } else { Err(Error::not_found("plan", number)) }
}

/// How a plan stands, and its tag: what was ended is no longer on any way.
fn how_it_stands(t: &Texts, plan: &PlanShown, check: &PlanCheck) -> (String, &'static str) {
    if plan.state != "accepted" {
        return (t.word("plan-state", &plan.state), "");
    }
    let (word, tag) = standing(check);
    (t.word("plan-standing", word), tag)
}

fn page(
    visit: &Visit,
    partner: &str,
    number: &str,
    (problems, typed): (FieldProblems, &str),
) -> Result<PlanPage, Error> {
    let (app, t) = (visit.app(), visit.t);
    let (plan, accepted, check) = found(visit, partner, number)?;
    let naming = Naming::of(
        visit,
        [partner],
        [Some(plan.accepted_by.as_str()), plan.ended_by.as_deref()].into_iter().flatten(),
    )?;
    let head = Head::of(visit, partner, &naming.partner(partner), Part::Plans);
    let editions = app.book()?;
    let edition = edition_of(&editions, &plan.edition)?;
    let path = path_of_goal(edition, &accepted.goal);
    let people = accepted.steps.iter().filter_map(|step| step.who.as_deref());
    let names = plans::names(app, &visit.caller, partner, people)?;
    let titles = plans::titles(app, &visit.caller, partner, opportunities(&accepted))?;
    let today = app.clock.today();
    let teller = Teller {
        t,
        book: Book::new(t, edition, &path, accepted.goal.by),
        names: &names,
        titles: &titles,
        is_linked: true,
        today,
    };
    let none = serde_json::Value::Null;
    let mut view = teller.plan(&accepted, plan.plan.as_ref().unwrap_or(&none), Some(&check));
    let (more_lanes, more_steps) = view.shorten(t);
    let (explained, unexplained, more_changes) = changes(visit, edition, &check)?;
    let is_open = plan.state == "accepted";
    let (standing, tag) = how_it_stands(t, &plan, &check);
    let ended = ended(t, &naming, &plan);
    let by = naming.user(&plan.accepted_by, "naming-partner");
    Ok(PlanPage {
        shell: visit.shell(place(visit, partner), head.title()),
        number: plan.number,
        version: plan.version,
        goal: goal(t, &teller.book, &accepted.goal),
        due: t.day(accepted.goal.by),
        distance: t.distance(today, accepted.goal.by),
        standing,
        tag,
        is_open,
        is_shown: plan.is_shown,
        ended,
        reason: plan.reason.clone().unwrap_or_default(),
        done: usize::try_from(check.done).unwrap_or(usize::MAX),
        all: check.steps.len(),
        cost: accepted.cost.as_ref().map(|cost| money(t, cost)).unwrap_or_default(),
        proof: view::proof(t, &accepted.way, accepted.optimal),
        greedy: accepted.greedy.as_ref().map(|cost| money(t, cost)).unwrap_or_default(),
        accepted: t.tell(
            "plan-accepted-by",
            &[("by", by.into()), ("at", t.moment_text(&plan.accepted_at).into())],
        ),
        made_on: t.day(accepted.as_of),
        view,
        more_lanes,
        more_steps,
        unexplained,
        explained,
        more_changes,
        may_accept: is_open && may_accept(visit, partner),
        anew: anew(&head.base, &accepted),
        problems,
        typed: typed.to_owned(),
        head,
    })
}

/// Facts that came of steps, facts that no step explains, and how many more of these there are.
fn changes(
    visit: &Visit,
    edition: &Edition,
    check: &PlanCheck,
) -> Result<(Vec<ChangeView>, Vec<ChangeView>, usize), Error> {
    let (mut explained, mut unexplained): (Vec<&FactChange>, Vec<&FactChange>) =
        check.changes.iter().partition(|change| change.step.is_some());
    let more = unexplained.len().saturating_sub(CHANGES);
    unexplained.truncate(CHANGES);
    explained.truncate(CHANGES);
    let explained = changes_of(visit, edition, &explained)?;
    Ok((explained, changes_of(visit, edition, &unexplained)?, more))
}

/// Facts with what they are called, as far as the visitor may see them.
fn changes_of(
    visit: &Visit,
    edition: &Edition,
    changes: &[&FactChange],
) -> Result<Vec<ChangeView>, Error> {
    let key = |change: &&FactChange| {
        let (kind, id) = change.fact.split_once('/')?;
        Some((standing_of::kind_of_word(kind)?, id.to_owned()))
    };
    let keys: Vec<Option<(FactKind, String)>> = changes.iter().map(key).collect();
    let known: Vec<(FactKind, String)> = keys.iter().flatten().cloned().collect();
    let mut behind = standing_of::facts_behind(visit.app(), &visit.caller, &known)?.into_iter();
    let changed = |(change, key): (&&FactChange, &Option<(FactKind, String)>)| {
        let behind = key.as_ref().and_then(|_| behind.next().flatten());
        let title = key.as_ref().zip(behind.as_ref()).and_then(|((kind, _), behind)| {
            let title = standing_of::title_of(&behind.record, *kind, edition)?;
            let person = behind.individual.as_ref().and_then(|row| row.values.get("name"));
            Some(match person {
                Some(person) => format!("{title}, {person}"),
                None => title,
            })
        });
        ChangeView {
            to: fact_page(&change.fact),
            fact: change.fact.split_once('/').map_or("", |(_, id)| id).to_owned(),
            title,
            word: visit.t.word("plan-change", &change.change),
            step: change.step.and_then(|step| usize::try_from(step).ok()),
        }
    };
    Ok(changes.iter().zip(&keys).map(changed).collect())
}

/// How a plan was ended or replaced; none while it is neither.
pub(super) fn ended(t: &Texts, naming: &Naming, plan: &PlanShown) -> Option<String> {
    let at = plan.ended_at.as_deref()?;
    let by = naming.user(plan.ended_by.as_deref().unwrap_or_default(), "naming-partner");
    Some(t.tell(
        "plan-ended-by",
        &[
            ("state", t.word("plan-state", &plan.state).into()),
            ("by", by.into()),
            ("at", t.moment_text(at).into()),
        ],
    ))
}

/// Where the same goal is planned for anew.
fn anew(base: &str, accepted: &AcceptedPlan) -> String {
    let goal = &accepted.goal;
    let word = match (goal.kind.as_str(), &goal.tier, &goal.measure) {
        ("tier", Some(tier), _) => format!("tier:{tier}"),
        ("discount", _, Some(measure)) => format!("discount:{measure}"),
        _ => "keep".to_owned(),
    };
    let by = goal.by.to_string();
    let period = goal.period.clone().unwrap_or_default();
    let by = if period.is_empty() { by } else { String::new() };
    address(&format!("{base}/plans/new"), &[("goal", &word), ("by", &by), ("period", &period)])
}

/// The page of a fact, named as changes of plans name it: `credential/cred-12`.
fn fact_page(fact: &str) -> Option<String> {
    let (kind, id) = fact.split_once('/')?;
    let table = standing_of::table_of_word(kind)?;
    Some(format!("/facts/{table}/{}", path_of(id)))
}

pub(super) async fn end(Path((partner, number)): Path<(String, String)>, form: Form) -> Answer {
    form.act(move |visit, fields| {
        let (plan, ..) = found(visit, &partner, &number)?;
        let tag = fields.typed("version").map(|version| format!("\"v{version}\""));
        let reason = fields.get("reason");
        match plans::end(visit.app(), &visit.caller, plan.number, tag.as_deref(), reason) {
            Ok(_) => {
                let to = format!("{}/plans", base_of(&partner));
                Ok(Done::saying(to, "notice-plan-ended", number.clone()))
            }
            Err(error) => {
                visit.again(error, |problems| page(visit, &partner, &number, (problems, reason)))
            }
        }
    })
    .await
}

pub(super) async fn share(Path((partner, number)): Path<(String, String)>, form: Form) -> Answer {
    form.act(move |visit, fields| {
        let (plan, ..) = found(visit, &partner, &number)?;
        let tag = fields.typed("version").map(|version| format!("\"v{version}\""));
        let is_shown = fields.has("is_shown");
        plans::share(visit.app(), &visit.caller, plan.number, tag.as_deref(), is_shown)?;
        let to = format!("{}/plans/{number}", base_of(&partner));
        let key = if is_shown { "notice-plan-shown" } else { "notice-plan-hidden" };
        Ok(Done::saying(to, key, number.clone()))
    })
    .await
}
