//! What if: the scorecard of a day ahead as it will be, beside the one that it would be if somebody
//! left, passed, or a project was launched. All of it is in the address and nothing is stored; what
//! is to be kept goes through the form of its fact.

mod offers;
mod state;
mod view;

use askama::Template;
use guildhall_operations::Error;
use guildhall_operations::http::Path;
use guildhall_operations::ops::forecast::{self, Asked};
use guildhall_rules::facts::Supposition;
use offers::{OpportunitiesView, PeopleView, ProgramsView, Tick};
use state::State;
use view::{Chosen, Result as ResultView};

use super::frame::{Head, Part, base_of, place};
use super::words;
use crate::form::FieldProblems;
use crate::shell::Shell;
use crate::visit::{Answer, Done, Visit, render};

#[derive(Template)]
#[template(path = "portal/scorecard/what_if.html")]
struct WhatIfPage {
    shell: Shell,
    head: Head,
    /// The page itself.
    own: String,
    /// How many days ahead is looked, and how many can be.
    ahead: i32,
    most: i32,
    jumps: Vec<Jump>,
    problems: Vec<String>,
    people: Option<PeopleView>,
    opportunities: Option<OpportunitiesView>,
    programs: ProgramsView,
    plan: Tick,
    result: ResultView,
    /// Whether the slider is to be moved; only in parts.
    moves_slider: bool,
}

/// What htmx shows in place of the result.
#[derive(Template)]
#[template(path = "portal/scorecard/what_if_part.html")]
struct WhatIfPart {
    shell: Shell,
    problems: Vec<String>,
    result: ResultView,
    ahead: i32,
    most: i32,
    moves_slider: bool,
}

/// How many days on which something happens stand on a page.
const DAYS: usize = 10;

/// A day to look at.
struct Jump {
    ahead: i32,
    text: String,
    is_here: bool,
}

pub(super) async fn show(Path(partner): Path<String>, visit: Visit) -> Answer {
    visit
        .run(move |visit| {
            let own = format!("{}/what-if", base_of(&partner));
            let query = visit.query();
            let state = State::read(visit, &query);
            let part = query.get("part");
            if visit.is_part && part != "people" {
                let address = state.address(&own);
                // While the slider moves, the days are not told: they are fetched behind it.
                let days = if part == "days" { DAYS } else { 0 };
                let (result, problems) = result(visit, &partner, &own, &state, days)?;
                let moves_slider = query.has("jump");
                let part = WhatIfPart {
                    shell: Shell::bare(visit),
                    problems,
                    result,
                    ahead: state.ahead,
                    most: state::MOST_AHEAD,
                    moves_slider,
                };
                return Ok(Done::Part { html: render(&part)?, address });
            }
            if !visit.is_part && query.has("form") {
                return Ok(Done::to(state.address(&own)));
            }
            Done::page(&page(visit, &partner, own, &state)?)
        })
        .await
}

/// Where the partner stands without and with what is supposed. What cannot be supposed is told, and
/// nothing is supposed then.
fn result(
    visit: &Visit,
    partner: &str,
    own: &str,
    state: &State,
    days: usize,
) -> Result<(ResultView, Vec<String>), Error> {
    let (app, caller) = (visit.app(), &visit.caller);
    let nothing = Asked::until(state.on);
    let asked = Asked { suppositions: state.supposed.clone(), ..nothing.clone() };
    let mut problems = state.problems.clone();
    let days = (state.from, days);
    let seen = match forecast::what_if(app, caller, partner, &asked, days) {
        Err(Error::Invalid(found)) if !asked.suppositions.is_empty() => {
            for problem in found.shown() {
                let mut said = FieldProblems::default();
                let message = told(visit, partner, &state.supposed, &problem.message)?;
                said.note("", &message, problem.hint.as_deref());
                problems.extend(said.of(""));
            }
            forecast::what_if(app, caller, partner, &nothing, days)?
        }
        seen => seen?,
    };
    let chosen: Vec<Chosen> = state
        .supposed
        .iter()
        .map(|one| Chosen::of(visit, partner, one))
        .collect::<Result<_, Error>>()?;
    let rest = (chosen, days.1 == 0);
    Ok((ResultView::of(visit, partner, own, state, &seen, rest)?, problems))
}

/// What is wrong with what is supposed, with names of people and days as people write them.
fn told(
    visit: &Visit,
    partner: &str,
    supposed: &[Supposition],
    message: &str,
) -> Result<String, Error> {
    let mut told = message.to_owned();
    for one in supposed {
        let (Supposition::Leaves { person, .. } | Supposition::Passes { person, .. }) = one else {
            continue;
        };
        let quoted = format!("`{person}`");
        if told.contains(&quoted) {
            let name = view::name_of(visit, partner, person)?;
            told = if name == *person { told } else { told.replace(&quoted, &name) };
        }
    }
    Ok(words::with_days(visit.t, &told))
}

fn page(visit: &Visit, partner: &str, own: String, state: &State) -> Result<WhatIfPage, Error> {
    let (result, problems) = result(visit, partner, &own, state, DAYS)?;
    let head = Head::of(visit, partner, &result.name, Part::WhatIf);
    let edition = visit.app().book()?;
    let edition = super::page::edition_of(&edition, &result.edition)?;
    let jump = |months: i32| {
        let today = visit.app().clock.today();
        let ahead = today.days_until(today.plus_months(months));
        let text = visit.t.n("what-if-months", usize::try_from(months).unwrap_or_default());
        Jump { ahead, text, is_here: ahead == state.ahead }
    };
    let mut jumps: Vec<Jump> = [3, 6, 12].map(jump).into();
    if let Some(ahead) = result.review_ahead.filter(|ahead| (1..=state::MOST_AHEAD).contains(ahead))
    {
        let text = visit.t.say("what-if-next-review");
        jumps.insert(0, Jump { ahead, text, is_here: ahead == state.ahead });
    }
    Ok(WhatIfPage {
        shell: visit.shell(place(visit, partner), head.title()),
        ahead: state.ahead,
        most: state::MOST_AHEAD,
        jumps,
        problems,
        people: PeopleView::of(visit, partner, state, edition)?,
        opportunities: OpportunitiesView::of(visit, partner, state)?,
        programs: ProgramsView::of(visit, partner, state, edition)?,
        plan: Tick::of(state, "plan_validated", "", |one| {
            matches!(one, Supposition::PlanValidated { .. })
        }),
        result,
        moves_slider: false,
        own,
        head,
    })
}
