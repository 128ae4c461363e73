//! What waits for a decision: the first page of those who decide.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::routing::get;
use guildhall_access::{Action, Resource, ResourceKind};
use guildhall_operations::ops::reviews::{DueSummary, ReviewLine};
use guildhall_operations::ops::{disputes, enrolments, reviews};
use guildhall_operations::{App, Error};
use guildhall_rules::day::Day;

use super::naming::Naming;
use super::reviews::{DueLine, due_lines, may_propose};
use super::shell::{Place, Shell};
use super::visit::{Answer, Visit, path_of};

/// Most lines of a part; the rest is behind a link.
const LINES: usize = 10;

/// The route.
pub(super) fn routes() -> Router<Arc<App>> {
    Router::new().route("/waiting", get(show))
}

/// A count at the head of the page.
struct Count {
    n: String,
    text: String,
    to: &'static str,
    is_late: bool,
}

/// A line of what waits.
struct Line {
    to: String,
    who: String,
    what: String,
    since: String,
    by: String,
    is_late: bool,
}

/// What waits, of one sort.
struct Part {
    id: &'static str,
    title: String,
    lines: Vec<Line>,
    /// Where the whole list is.
    all: &'static str,
    has_more: bool,
}

#[derive(Template)]
#[template(path = "portal/waiting.html")]
struct WaitingPage {
    shell: Shell,
    counts: Vec<Count>,
    due: Vec<DueLine>,
    has_more_due: bool,
    may_propose: bool,
    parts: Vec<Part>,
}

async fn show(visit: Visit) -> Answer {
    visit
        .page(|visit| {
            let (app, caller) = (visit.app(), &visit.caller);
            let due = reviews::due_summary(app, caller, LINES)?;
            let in_state = |state| reviews::in_state(app, caller, state, None, LINES);
            let (proposed, confirmed) = (in_state("proposed")?, in_state("confirmed")?);
            let open = disputes::open_ones(app, caller, LINES + 1)?;
            let enrolment = Resource::new(ResourceKind::Enrolment, "all");
            let sees = app.access.decide(&caller.actor, Action::ViewEnrolment, &enrolment);
            let enrolments = match sees.is_allowed() {
                true => enrolments::list(app, caller, Some("submitted"), None, LINES)?,
                false => Vec::new(),
            };
            page(visit, due, (proposed, confirmed), &open, &enrolments)
        })
        .await
}

fn page(
    visit: &Visit,
    due: DueSummary,
    (proposed, confirmed): (Vec<ReviewLine>, Vec<ReviewLine>),
    open: &[disputes::DisputeShown],
    enrolled: &[enrolments::Enrolment],
) -> Result<WaitingPage, Error> {
    let t = visit.t;
    let partners = due
        .first
        .iter()
        .map(|due| due.partner.as_str())
        .chain(proposed.iter().chain(&confirmed).map(|review| review.partner.as_str()))
        .chain(open.iter().map(|dispute| dispute.partner.as_str()));
    let users = proposed
        .iter()
        .map(|review| review.proposed_by.as_str())
        .chain(confirmed.iter().filter_map(|review| review.confirmed_by.as_deref()));
    let naming = Naming::of(visit, partners, users)?;
    let part = |id, title: &str, all, mut lines: Vec<Line>| {
        let has_more = lines.len() > LINES;
        lines.truncate(LINES);
        Part { id, title: t.say(title), lines, all, has_more }
    };
    let proposed_lines = proposed
        .iter()
        .map(|one| review_line(visit, &naming, one, Some(&one.proposed_at)))
        .collect();
    let confirmed_lines = confirmed
        .iter()
        .map(|one| review_line(visit, &naming, one, one.confirmed_at.as_ref()))
        .collect();
    let dispute_lines = open.iter().map(|one| dispute_line(visit, &naming, one)).collect();
    let enrolment_lines = enrolled.iter().map(|one| enrolment_line(visit, &naming, one)).collect();
    let parts = vec![
        part("confirmed", "waiting-confirmed", "/reviews?state=confirmed", confirmed_lines),
        part("proposed", "waiting-proposed", "/reviews?state=proposed", proposed_lines),
        part("disputes", "waiting-disputes", "/disputes", dispute_lines),
        part("enrolments", "waiting-enrolments", "/enrolments", enrolment_lines),
    ];
    let total = due.overdue + due.within.iter().map(|(_, count)| count).sum::<usize>();
    Ok(WaitingPage {
        shell: visit.shell(Place::Home, t.say("waiting-title")),
        counts: counts(visit, &due, &parts),
        has_more_due: total > due.first.len(),
        due: due_lines(visit, &naming, due.first),
        may_propose: may_propose(visit),
        parts,
    })
}

fn review_line(visit: &Visit, naming: &Naming, one: &ReviewLine, since: Option<&String>) -> Line {
    let t = visit.t;
    Line {
        to: format!("/reviews/{}", one.number),
        who: naming.partner(&one.partner),
        what: naming.outcome(&one.outcome, one.to_tier.as_deref(), one.grace_until.as_deref()),
        since: since.map(|at| t.moment_text(at)).unwrap_or_default(),
        by: one.due_on.as_deref().map(|day| t.day_text(day)).unwrap_or_default(),
        is_late: false,
    }
}

fn dispute_line(visit: &Visit, naming: &Naming, one: &disputes::DisputeShown) -> Line {
    let t = visit.t;
    let due = Day::parse(one.due_on.as_bytes());
    let far = due.map(|due| t.distance(visit.app().clock.today(), due)).unwrap_or_default();
    Line {
        to: format!("/disputes/{}", one.number),
        who: naming.partner(&one.partner),
        what: one.fact.clone().or_else(|| one.missing.clone()).unwrap_or_default(),
        since: t.moment_text(&one.opened_at),
        by: match one.is_overdue {
            true => t.of_it("waiting-dispute-overdue", &far),
            false => t.n("waiting-working-days", one.working_days_left as usize),
        },
        is_late: one.is_overdue,
    }
}

fn enrolment_line(visit: &Visit, naming: &Naming, one: &enrolments::Enrolment) -> Line {
    let since = one.submitted_at.as_deref().unwrap_or(&one.registered_at);
    Line {
        to: format!("/enrolments/{}", path_of(&one.id)),
        who: one.company.clone(),
        what: naming.path(one.path.as_deref().unwrap_or_default()),
        since: visit.t.moment_text(since),
        by: String::new(),
        is_late: false,
    }
}

fn counts(visit: &Visit, due: &DueSummary, parts: &[Part]) -> Vec<Count> {
    let t = visit.t;
    let count = |n: usize, text: String, to, is_late| Count { n: t.count(n), text, to, is_late };
    let overdue = t.say("waiting-overdue");
    let mut counts = vec![count(due.overdue, overdue, "/reviews", due.overdue > 0)];
    let mut within = 0;
    for (days, n) in &due.within {
        within += n;
        let text = t.n("waiting-within", usize::from(*days));
        counts.push(count(within, text, "/reviews", false));
    }
    for part in parts {
        let n = part.lines.len();
        let mut one = count(n, part.title.clone(), part.all, false);
        if part.has_more {
            one.n = t.of_it("waiting-more-than", &t.count(n));
        }
        counts.push(one);
    }
    counts
}
