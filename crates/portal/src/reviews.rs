//! Tier reviews: those that are due, proposals by state, and one with what it rests on.

mod one;

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::routing::{get, post};
use guildhall_access::{Action, Resource, ResourceKind, Side};
use guildhall_operations::http::Page;
use guildhall_operations::ops::reviews::{self, DueReview, ProposalRequest, ReviewLine};
use guildhall_operations::{App, Error};
use guildhall_rules::day::Day;

use super::form::{FieldProblems, Fields, Form, address};
use super::list::{self, Pages};
use super::naming::Naming;
use super::shell::{Place, Shell};
use super::visit::{Answer, Done, Visit, path_of};

/// The routes.
pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/reviews", get(show).post(propose))
        .route("/reviews/{number}", get(one::show))
        .route("/reviews/{number}/confirm", post(one::confirm))
        .route("/reviews/{number}/publish", post(one::publish))
}

/// How far ahead the list of what is due may look, in days.
const AHEAD: [u16; 4] = [30, 90, 180, 365];
/// The states of reviews, as the tabs have them.
const STATES: [&str; 4] = ["proposed", "confirmed", "published", "replaced"];

/// How an outcome is coloured, beside its word.
pub(super) fn mood(outcome: &str) -> &'static str {
    match outcome {
        "renew" | "upgrade" | "reinstated" => "good",
        "grace" | "executive_review" => "care",
        "downgrade" | "suspended" => "bad",
        _ => "",
    }
}

/// Whether the visitor may have reviews proposed.
pub(super) fn may_propose(visit: &Visit) -> bool {
    let any = Resource::new(ResourceKind::TierReview, "new");
    visit.app().access.decide(&visit.caller.actor, Action::ProposeTierReview, &any).is_allowed()
}

/// A review that is due, as a line.
pub(super) struct DueLine {
    pub(super) id: String,
    pub(super) partner: String,
    pub(super) scorecard: String,
    pub(super) due_on: String,
    pub(super) far: String,
    pub(super) is_overdue: bool,
    pub(super) tier: String,
    pub(super) word: String,
    pub(super) mood: &'static str,
    pub(super) outcome: String,
    pub(super) review: Option<i64>,
}

/// Reviews that are due as lines.
pub(super) fn due_lines(visit: &Visit, naming: &Naming, due: Vec<DueReview>) -> Vec<DueLine> {
    let t = visit.t;
    let today = visit.app().clock.today();
    let line = |due: DueReview| {
        let day = Day::parse(due.due_on.as_bytes());
        let outcome = due.outcome.unwrap_or_default();
        DueLine {
            partner: naming.partner(&due.partner),
            scorecard: format!("/partners/{}/scorecard", path_of(&due.partner)),
            due_on: t.day_text(&due.due_on),
            far: day.map(|day| t.distance(today, day)).unwrap_or_default(),
            is_overdue: day.is_some_and(|day| day < today),
            tier: due.tier.map(|tier| naming.tier(&tier)).unwrap_or_default(),
            word: t.word("outcome-word", &outcome),
            mood: mood(&outcome),
            outcome: due.to_tier.map(|tier| naming.tier(&tier)).unwrap_or_default(),
            review: due.review,
            id: due.partner,
        }
    };
    due.into_iter().map(line).collect()
}

/// A tab of the list.
struct Tab {
    to: String,
    text: String,
    is_here: bool,
}

/// A review in the list of a state.
struct Line {
    number: i64,
    partner: String,
    word: String,
    mood: &'static str,
    tier: String,
    is_otherwise: bool,
    due_on: String,
    when: String,
    who: String,
    decision: Option<i64>,
}

#[derive(Template)]
#[template(path = "portal/reviews.html")]
struct ReviewsPage {
    shell: Shell,
    tabs: Vec<Tab>,
    /// How far ahead is looked, where what is due is listed.
    ahead: Option<u16>,
    choices: Vec<(u16, String)>,
    due: Vec<DueLine>,
    lines: Vec<Line>,
    pages: Pages,
    may_propose: bool,
    partner: String,
    kind: String,
    problems: FieldProblems,
}

async fn show(visit: Visit) -> Answer {
    visit.page(|visit| reviews_page(visit, &visit.query(), FieldProblems::default())).await
}

fn reviews_page(
    visit: &Visit,
    fields: &Fields,
    problems: FieldProblems,
) -> Result<ReviewsPage, Error> {
    let t = visit.t;
    let query = visit.query();
    let is_partner =
        visit.caller.actor.organization.as_ref().is_some_and(|(side, _)| *side != Side::Vendor);
    let asked = STATES.into_iter().find(|state| *state == query.get("state"));
    let state = if is_partner { Some("published") } else { asked };
    let mut tabs = Vec::new();
    if !is_partner {
        let tab = |state: Option<&str>, text: String, of: Option<&str>| Tab {
            to: address("/reviews", &[("state", state.unwrap_or_default())]),
            text,
            is_here: state == of,
        };
        tabs.push(tab(None, t.say("reviews-due"), state));
        tabs.extend(STATES.map(|one| tab(Some(one), t.word("review-state", one), state)));
    }
    let typed = |name: &str| fields.get(name).to_owned();
    let mut page = ReviewsPage {
        shell: visit.shell(Place::Reviews, t.say("reviews-title")),
        tabs,
        ahead: None,
        choices: AHEAD.map(|days| (days, t.n("reviews-days", usize::from(days)))).into(),
        due: Vec::new(),
        lines: Vec::new(),
        pages: Pages::default(),
        may_propose: may_propose(visit),
        partner: typed("partner"),
        kind: fields.typed("kind").unwrap_or("review").to_owned(),
        problems,
    };
    match state {
        None => fill_due(visit, &mut page)?,
        Some(state) => fill_state(visit, &mut page, state, is_partner)?,
    }
    Ok(page)
}

fn fill_due(visit: &Visit, page: &mut ReviewsPage) -> Result<(), Error> {
    let days = visit.query().get("days").parse().unwrap_or(90);
    let (after, limit) = list::asked(visit)?;
    let due = reviews::due(visit.app(), &visit.caller, days, after.as_deref(), limit)?;
    let found = Page::of(due, limit, DueReview::place);
    let naming = Naming::of(visit, found.items.iter().map(|due| due.partner.as_str()), [])?;
    page.ahead = Some(days);
    page.pages = list::pages(visit, found.next.as_deref());
    page.due = due_lines(visit, &naming, found.items);
    Ok(())
}

fn fill_state(
    visit: &Visit,
    page: &mut ReviewsPage,
    state: &str,
    is_partner: bool,
) -> Result<(), Error> {
    let (app, caller, t) = (visit.app(), &visit.caller, visit.t);
    let (after, limit) = list::asked(visit)?;
    let found = if is_partner {
        let own = reviews::list(app, caller, None, after.as_deref(), limit)?;
        own.into_iter().map(ReviewLine::from).collect()
    } else {
        reviews::in_state(app, caller, state, after.as_deref(), limit)?
    };
    let found = Page::of(found, limit, |review| review.number.to_string());
    let partners = found.items.iter().map(|review| review.partner.as_str());
    let users = found
        .items
        .iter()
        .flat_map(|review| [Some(review.proposed_by.as_str()), review.confirmed_by.as_deref()]);
    let naming = Naming::of(visit, partners, users.flatten())?;
    let line = |review: ReviewLine| {
        let (when, who) = match (&review.confirmed_at, &review.confirmed_by) {
            (Some(at), Some(by)) => (at, by),
            _ => (&review.proposed_at, &review.proposed_by),
        };
        Line {
            number: review.number,
            partner: naming.partner(&review.partner),
            word: t.word("outcome-word", &review.outcome),
            mood: mood(&review.outcome),
            tier: review.to_tier.as_deref().map(|tier| naming.tier(tier)).unwrap_or_default(),
            is_otherwise: review.is_otherwise,
            due_on: review.due_on.as_deref().map(|day| t.day_text(day)).unwrap_or_default(),
            when: t.moment_text(when),
            who: naming.user(who, "naming-vendor"),
            decision: review.decision,
        }
    };
    page.pages = list::pages(visit, found.next.as_deref());
    page.lines = found.items.into_iter().map(line).collect();
    Ok(())
}

async fn propose(form: Form) -> Answer {
    form.act(|visit, fields| {
        let request = ProposalRequest {
            partner: fields.get("partner").trim().to_owned(),
            kind: fields.typed("kind").map(str::to_owned),
        };
        match reviews::propose(visit.app(), &visit.caller, &request) {
            Ok(review) => {
                let to = format!("/reviews/{}", review.number);
                Ok(Done::saying(to, "notice-review-proposed", ""))
            }
            Err(Error::NotFound { .. }) if may_propose(visit) => {
                let error = Error::field(
                    "partner",
                    "unknown-partner",
                    visit.t.of_it("reviews-no-partner", &request.partner),
                );
                visit.again(error, |problems| reviews_page(visit, fields, problems))
            }
            Err(error) => visit.again(error, |problems| reviews_page(visit, fields, problems)),
        }
    })
    .await
}
