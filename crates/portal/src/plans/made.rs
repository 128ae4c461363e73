//! A plan that was just made: what it costs beside the obvious choice, who does what, where that
//! leads, other ways; and accepting it.

use askama::Template;
use guildhall_operations::Error;
use guildhall_operations::http::Path;
use guildhall_operations::ops::plans;
use guildhall_rules::day::Day;
use guildhall_rules::evaluation::State;
use guildhall_rules::plan::{AcceptedPlan, Plan, ShortRow};
use guildhall_rules::review::ReviewOutcome;

use super::no_way::NoWay;
use super::sheet::{names_of, titles_of};
use super::view::{self, PlanView, Teller, goal, money};
use super::ways::{self, Way};
use super::{GoalForm, edition_of, has_costs, may_accept, wish};
use crate::form::{FieldProblems, Fields, Form, address};
use crate::scorecard::{Book, Head, Part, Shape, against, or_id, place};
use crate::shell::Shell;
use crate::texts::Texts;
use crate::visit::{Answer, Done, Visit};

/// A figure of the head.
struct Figure {
    title: String,
    value: String,
    under: String,
}

/// A row of the goal on its day.
struct RowView {
    title: String,
    value: String,
    state: &'static str,
    word: String,
}

/// What is told of a plan.
struct Told {
    goal: String,
    is_met: bool,
    is_feasible: bool,
    /// Where there is no way: whether that is proved.
    is_proved: bool,
    figures: Vec<Figure>,
    costs: String,
    no_way: NoWay,
    view: PlanView,
    more_lanes: String,
    more_steps: String,
    rows: Vec<RowView>,
    rows_title: String,
    reviews: Vec<String>,
    ways: Vec<Way>,
    /// Where all ways are one: that they are.
    one_way: Option<String>,
    digest: String,
    sheet: String,
}

#[derive(Template)]
#[template(path = "portal/plans/made.html")]
struct MadePage {
    shell: Shell,
    head: Head,
    form: GoalForm,
    problems: FieldProblems,
    told: Option<Told>,
    may_accept: bool,
    /// Whether it was to be shown to the vendor.
    is_shown: bool,
    /// What the form of acceptance sends again.
    asked: Vec<(&'static str, String)>,
}

pub(super) async fn show(Path(partner): Path<String>, visit: Visit) -> Answer {
    visit
        .run(move |visit| {
            let fields = visit.query();
            match page(visit, &partner, &fields, None, true) {
                Ok(page) => Done::page(&page),
                Err(error) => visit
                    .again(error, |problems| page(visit, &partner, &fields, Some(problems), false)),
            }
        })
        .await
}

/// The fields by which a plan is made.
fn asked(fields: &Fields) -> Vec<(&'static str, String)> {
    ["goal", "by", "period", "way", "rulebook_costs"]
        .into_iter()
        .filter_map(|name| fields.typed(name).map(|value| (name, value.to_owned())))
        .collect()
}

/// `is_made`: whether the plan is made and told under the form.
fn page(
    visit: &Visit,
    partner: &str,
    fields: &Fields,
    problems: Option<FieldProblems>,
    is_made: bool,
) -> Result<MadePage, Error> {
    let app = visit.app();
    let choices = plans::choices(app, &visit.caller, partner)?;
    let head = Head::of(visit, partner, &choices.name, Part::Plans);
    let told = is_made.then(|| told(visit, partner, fields, &head)).transpose()?;
    let has_costs = has_costs(visit, partner)?;
    Ok(MadePage {
        shell: visit.shell(place(visit, partner), head.title()),
        form: GoalForm::of(visit, &choices, fields, has_costs),
        problems: problems.unwrap_or_default(),
        told,
        may_accept: may_accept(visit, partner),
        is_shown: false,
        asked: asked(fields),
        head,
    })
}

fn told(visit: &Visit, partner: &str, fields: &Fields, head: &Head) -> Result<Told, Error> {
    let (app, t) = (visit.app(), visit.t);
    check(visit, fields)?;
    let made = plans::make(app, &visit.caller, partner, &wish(fields));
    let made = made.map_err(|error| in_the_past(visit, error))?;
    let plan = &made.plan;
    let editions = app.book()?;
    let edition = edition_of(&editions, &plan.rulebook)?;
    let path = &plan.starting_scorecard.path;
    let (names, titles) = (names_of(plan), titles_of(plan));
    let json = serde_json::to_value(plan).map_err(Error::internal)?;
    let accepted: AcceptedPlan = serde_json::from_value(json.clone()).map_err(Error::internal)?;
    let teller = Teller {
        t,
        book: Book::new(t, edition, path, plan.goal.by),
        names: &names,
        titles: &titles,
        is_linked: true,
        today: app.clock.today(),
    };
    let mut view = teller.plan(&accepted, &json, None);
    let (more_lanes, more_steps) = view.shorten(t);
    let asked = asked(fields);
    let query: Vec<(&str, &str)> =
        asked.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let to = |field: &'static str, value: &str| {
        let others = query.iter().filter(|(name, _)| *name != field);
        let fields: Vec<(&str, &str)> = others.copied().chain([(field, value)]).collect();
        address(&format!("{}/plans/new", head.base), &fields)
    };
    let (ways, one_way) = ways::ways(&teller, plan, &|way| to("way", way));
    Ok(Told {
        goal: goal(t, &teller.book, &plan.goal),
        is_met: plan.already_met,
        is_feasible: plan.feasible,
        is_proved: plan.optimal,
        figures: figures(&teller, plan),
        costs: t.word("plan-costs-of", made.costs),
        no_way: NoWay::of(visit, partner, &teller, plan, &|by| to("by", by)),
        view,
        more_lanes,
        more_steps,
        rows: plan.result.iter().map(|row| row_view(&teller, row)).collect(),
        rows_title: rows_title(&teller, plan),
        reviews: reviews(&teller, plan),
        ways,
        one_way,
        digest: made.digest,
        sheet: address(&format!("{}/plans/new/sheet.html", head.base), &query),
    })
}

/// Whether a goal is chosen, and a day that is not here yet: nothing can be done for another.
fn check(visit: &Visit, fields: &Fields) -> Result<(), Error> {
    let t = visit.t;
    let Some(goal) = fields.typed("goal") else {
        return Err(Error::field("goal", "missing-value", t.say("plan-choose-goal")));
    };
    let by = fields.typed("by").filter(|_| !goal.starts_with("discount:"));
    let by = by.and_then(|by| Day::parse(by.as_bytes()));
    if by.is_some_and(|by| by <= visit.app().clock.today()) {
        return Err(Error::field("by", "goal-in-the-past", t.say("plan-day-past")));
    }
    Ok(())
}

/// That a period is past, in the words of the form.
fn in_the_past(visit: &Visit, error: Error) -> Error {
    match &error {
        // Before the first edition there was no period to be met.
        Error::Invalid(found)
            if found
                .shown()
                .iter()
                .any(|problem| matches!(problem.code, "goal-in-the-past" | "no-edition")) =>
        {
            Error::field("period", "goal-in-the-past", visit.t.say("plan-period-past"))
        }
        _ => error,
    }
}

/// A part as a percentage with a digit behind the sign.
fn percent(teller: &Teller<'_>, part: &str) -> String {
    // `0.0121` is 1.21 percent: the sign moves by two places.
    let (whole, rest) = part.split_once('.').unwrap_or((part, ""));
    let digits = format!("{whole}{rest:0<2}");
    let (head, tail) = digits.split_at(whole.len() + 2);
    let head = head.trim_start_matches('0');
    let head = if head.is_empty() { "0" } else { head };
    let tail = tail.trim_end_matches('0');
    let text = if tail.is_empty() { head.to_owned() } else { format!("{head}.{tail}") };
    teller.t.number(&text)
}

fn figures(teller: &Teller<'_>, plan: &Plan) -> Vec<Figure> {
    let t = teller.t;
    let Some(cost) = plan.cost.as_ref().filter(|_| !plan.already_met) else { return Vec::new() };
    let proof = match &plan.gap {
        Some(gap) if !plan.optimal => t.of_it("plan-gap", &percent(teller, &gap.to_string())),
        _ => view::proof(t, &plan.way, plan.optimal),
    };
    let greedy = match &plan.greedy {
        None => Figure {
            title: t.say("plan-greedy"),
            value: "–".to_owned(),
            under: t.say("plan-greedy-no-way"),
        },
        Some(greedy) => Figure {
            title: t.say("plan-greedy"),
            value: money(t, greedy),
            under: t.say("plan-greedy-what"),
        },
    };
    let days = usize::try_from(cost.days).unwrap_or(usize::MAX);
    let done = cost.done_on.unwrap_or(plan.as_of);
    let people = usize::try_from(cost.people).unwrap_or(usize::MAX);
    vec![
        Figure { title: t.say("plan-cost"), value: money(t, cost), under: proof },
        greedy,
        Figure {
            title: t.say("plan-done-by"),
            value: t.day(done),
            under: t.distance(teller.today, done),
        },
        Figure {
            title: t.say("plan-people"),
            value: t.count(people),
            under: t.n("plan-days-of-work", days),
        },
    ]
}

fn title(teller: &Teller<'_>, measure: &str) -> String {
    teller
        .book
        .measure(measure)
        .map_or_else(|| measure.to_owned(), |one| or_id(&one.title, measure))
}

/// A value with how many facts make it, where there must be so many.
pub(super) fn with_least(t: &Texts, value: String, n: u64, min_n: Option<u32>) -> String {
    let Some(least) = min_n else { return value };
    let facts = [("value", value.into()), ("n", n.into()), ("least", least.into())];
    t.tell("plan-value-of-facts", &facts)
}

/// How the values of a measure are written.
pub(super) fn shape(teller: &Teller<'_>, measure: &str) -> Shape {
    Shape::of(teller.book.measure(measure))
}

fn row_view(teller: &Teller<'_>, row: &ShortRow) -> RowView {
    let t = teller.t;
    let (shape, is_known) = (shape(teller, &row.measure), row.state != State::Unknown);
    RowView {
        title: title(teller, &row.measure),
        value: with_least(
            t,
            against(t, shape, &row.value, Some(row.target), row.is_ceiling, is_known),
            row.n,
            row.min_n,
        ),
        state: row.state.word(),
        word: t.word("state", row.state.word()),
    }
}

fn rows_title(teller: &Teller<'_>, plan: &Plan) -> String {
    let t = teller.t;
    match (plan.goal.kind.as_str(), plan.reviews.last()) {
        ("keep", Some(review)) => t.of_it("plan-rows-before-review", &t.day(review.on)),
        ("discount", _) => t.say("plan-rows-in-window"),
        _ => t.of_it("plan-rows-on", &t.day(plan.goal.by)),
    }
}

fn reviews(teller: &Teller<'_>, plan: &Plan) -> Vec<String> {
    let t = teller.t;
    let told = plan.reviews.iter().map(|review| {
        let tier = review.to_tier.as_deref();
        let tier =
            tier.map_or_else(|| t.say("review-no-tier"), |tier| teller.book.tier_title(tier));
        let until = review.grace_until.map(|day| t.day(day)).unwrap_or_default();
        let key = match review.outcome {
            ReviewOutcome::Renew => "plan-review-renew",
            ReviewOutcome::Grace => "plan-review-grace",
            ReviewOutcome::Downgrade => "plan-review-down",
        };
        t.tell(
            key,
            &[("day", t.day(review.on).into()), ("tier", tier.into()), ("until", until.into())],
        )
    });
    told.collect()
}

pub(super) async fn accept(Path(partner): Path<String>, form: Form) -> Answer {
    form.act(move |visit, fields| {
        let digest = fields.typed("digest");
        let is_shown = fields.has("is_shown");
        let wish = wish(fields);
        let accepted = plans::accept(visit.app(), &visit.caller, &partner, &wish, digest, is_shown);
        match accepted {
            Ok(plan) => {
                let to =
                    format!("{}/plans/{}", crate::scorecard::base_of(&plan.partner), plan.number);
                Ok(Done::saying(to, "notice-plan-accepted", plan.number.to_string()))
            }
            Err(error) => {
                // Where it comes out otherwise, the plan as it comes out now is what is looked at.
                let is_made = matches!(error, Error::Conflict { .. });
                let is_shown = fields.has("is_shown");
                visit.again(error, |problems| {
                    let page = page(visit, &partner, fields, Some(problems), is_made)?;
                    Ok(MadePage { is_shown, ..page })
                })
            }
        }
    })
    .await
}
