//! Disputes: a partner says that a fact should have counted; both sides see claim, messages, clock
//! and answer.

mod one;
mod uphold;

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::routing::{get, post};
use guildhall_access::{Action, Resource, ResourceKind, Side};
use guildhall_operations::http::Page;
use guildhall_operations::ops::disputes::{self, DisputeShown, Objection};
use guildhall_operations::{App, Error};
use guildhall_rules::facts::File;

use super::form::{FieldProblems, Fields, Form, address};
use super::list::{self, Pages};
use super::naming::Naming;
use super::shell::{Place, Shell};
use super::visit::{Answer, Done, Visit, path_of};

/// The routes.
pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/disputes", get(show_list))
        .route("/disputes/new", get(show_new).post(open))
        .route("/disputes/{number}", get(one::show))
        .route("/disputes/{number}/messages", post(one::write))
        .route("/disputes/{number}/reject", post(one::reject))
        .route("/disputes/{number}/withdraw", post(one::withdraw))
        .route("/disputes/{number}/uphold", get(uphold::show).post(uphold::uphold))
}

/// The states, as the tabs have them.
const STATES: [&str; 4] = ["open", "upheld", "rejected", "withdrawn"];

/// How a state is coloured, beside its word.
fn mood(state: &str) -> &'static str {
    match state {
        "open" => "care",
        "upheld" => "good",
        "rejected" => "bad",
        _ => "",
    }
}

/// The clock of a dispute in words.
fn clock(visit: &Visit, dispute: &DisputeShown) -> String {
    let t = visit.t;
    match dispute.state.as_str() {
        "open" if dispute.is_overdue => {
            t.of_it("disputes-overdue-since", &t.day_text(&dispute.due_on))
        }
        "open" => t.n("waiting-working-days", dispute.working_days_left as usize),
        _ => t.n("disputes-took", dispute.working_days_elapsed as usize),
    }
}

/// Whether the visitor acts for the vendor.
fn is_vendor(visit: &Visit) -> bool {
    visit.caller.actor.organization.as_ref().is_some_and(|(side, _)| *side == Side::Vendor)
}

/// Whether the visitor may do something to a dispute of a partner.
fn may(visit: &Visit, action: Action, id: &str, partner: &str) -> bool {
    let resource = Resource::new(ResourceKind::Dispute, id).of_partner(partner);
    visit.app().access.decide(&visit.caller.actor, action, &resource).is_allowed()
}

struct Tab {
    to: String,
    text: String,
    is_here: bool,
}

struct Line {
    number: i64,
    what: String,
    kind: String,
    partner: String,
    opened: String,
    clock: String,
    is_overdue: bool,
    state: String,
    mood: &'static str,
}

#[derive(Template)]
#[template(path = "portal/disputes.html")]
struct DisputesPage {
    shell: Shell,
    tabs: Vec<Tab>,
    has_partners: bool,
    /// Where the visitor may open one.
    new: Option<String>,
    lines: Vec<Line>,
    pages: Pages,
}

async fn show_list(visit: Visit) -> Answer {
    visit
        .page(|visit| {
            let (app, caller, t) = (visit.app(), &visit.caller, visit.t);
            let query = visit.query();
            let (after, limit) = list::asked(visit)?;
            let (after, partner) = (after.as_deref(), query.typed("partner"));
            let state = STATES.into_iter().find(|state| *state == query.get("state"));
            let found = match state {
                Some(state) => disputes::in_state(app, caller, (state, partner), after, limit)?,
                None => disputes::list(app, caller, partner, after, limit)?,
            };
            let found = Page::of(found, limit, |dispute| dispute.number.to_string());
            let partners = found.items.iter().map(|dispute| dispute.partner.as_str());
            let naming = Naming::of(visit, partners, [])?;
            let line = |dispute: &DisputeShown| Line {
                number: dispute.number,
                what: dispute.fact.clone().or_else(|| dispute.missing.clone()).unwrap_or_default(),
                kind: t.word("fact-file", &dispute.kind),
                partner: naming.partner(&dispute.partner),
                opened: t.moment_text(&dispute.opened_at),
                clock: clock(visit, dispute),
                is_overdue: dispute.is_overdue,
                state: t.word("dispute-state", &dispute.state),
                mood: mood(&dispute.state),
            };
            let tab = |one: Option<&str>| Tab {
                to: address("/disputes", &[("state", one.unwrap_or_default())]),
                text: one.map_or_else(|| t.say("disputes-all"), |one| t.word("dispute-state", one)),
                is_here: one == state,
            };
            let own = caller.organization().unwrap_or_default();
            Ok(DisputesPage {
                shell: visit.shell(Place::Disputes, t.say("disputes-title")),
                tabs: std::iter::once(None).chain(STATES.map(Some)).map(tab).collect(),
                has_partners: is_vendor(visit),
                new: may(visit, Action::OpenDispute, "new", own)
                    .then(|| address("/disputes/new", &[("partner", own)])),
                lines: found.items.iter().map(line).collect(),
                pages: list::pages(visit, found.next.as_deref()),
            })
        })
        .await
}

/// A choice in a form.
struct Choice {
    value: String,
    text: String,
    is_chosen: bool,
}

#[derive(Template)]
#[template(path = "portal/disputes/new.html")]
struct NewPage {
    shell: Shell,
    partner: String,
    kinds: Vec<Choice>,
    measures: Vec<Choice>,
    fact: String,
    fact_to: Option<String>,
    missing: String,
    claim: String,
    days: usize,
    problems: FieldProblems,
}

fn new_page(visit: &Visit, fields: &Fields, problems: FieldProblems) -> Result<NewPage, Error> {
    let t = visit.t;
    let own = visit.caller.organization().unwrap_or_default();
    let partner = fields.typed("partner").unwrap_or(own);
    let new = Resource::new(ResourceKind::Dispute, "new").of_partner(partner);
    visit.app().allow(&visit.caller, Action::OpenDispute, &new)?;
    let kind = fields.typed("kind").unwrap_or(File::Opportunities.stem());
    let fact = fields.typed("fact").unwrap_or_default();
    let kinds = File::ALL.iter().map(|file| Choice {
        value: file.stem().to_owned(),
        text: t.word("fact-file", file.stem()),
        is_chosen: file.stem() == kind,
    });
    let book = visit.app().book()?;
    let edition = book.choose(None, visit.app().clock.today(), None).ok();
    let measures = edition.map(|edition| edition.measures.as_slice()).unwrap_or_default();
    let measures = measures.iter().map(|measure| Choice {
        is_chosen: measure.id == fields.get("measure"),
        value: measure.id.clone(),
        text: measure.title.clone(),
    });
    let to = || format!("/facts/{}/{}", path_of(kind), path_of(fact));
    Ok(NewPage {
        shell: visit.shell(Place::Disputes, t.say("dispute-new-title")),
        partner: partner.to_owned(),
        kinds: kinds.collect(),
        measures: measures.collect(),
        fact_to: (!fact.is_empty() && File::from_stem(kind).is_some()).then(to),
        fact: fact.to_owned(),
        missing: fields.get("missing").to_owned(),
        claim: fields.get("claim").to_owned(),
        days: disputes::WORKING_DAYS as usize,
        problems,
    })
}

async fn show_new(visit: Visit) -> Answer {
    visit.page(|visit| new_page(visit, &visit.query(), FieldProblems::default())).await
}

/// The claim, with the row in which the fact should have counted before it.
fn claim(visit: &Visit, fields: &Fields) -> Result<String, Error> {
    let claim = fields.get("claim");
    let Some(measure) = fields.typed("measure").filter(|_| !claim.trim().is_empty()) else {
        return Ok(claim.to_owned());
    };
    let book = visit.app().book()?;
    let mut measures = book.editions.iter().flat_map(|edition| &edition.measures);
    let title = measures.find(|known| known.id == measure).map(|known| known.title.as_str());
    let row = visit.t.of_it("dispute-should-count-in", title.unwrap_or(measure));
    Ok(format!("{row}\n\n{claim}"))
}

async fn open(form: Form) -> Answer {
    form.act(|visit, fields| {
        let typed = |name: &str| fields.typed(name).map(str::to_owned);
        let own = visit.caller.organization().map(str::to_owned);
        let objection = Objection {
            partner: typed("partner").or(own).unwrap_or_default(),
            kind: fields.get("kind").to_owned(),
            fact: typed("fact"),
            missing: typed("missing"),
            claim: claim(visit, fields)?,
        };
        match disputes::open(visit.app(), &visit.caller, &objection) {
            Ok(dispute) => {
                let to = format!("/disputes/{}", dispute.number);
                Ok(Done::saying(to, "notice-dispute-opened", ""))
            }
            Err(Error::NotFound { kind: "fact", id }) => {
                let message = visit.t.of_it("dispute-no-fact", &id);
                let error = Error::field("fact", "unknown-fact", message);
                visit.again(error, |problems| new_page(visit, fields, problems))
            }
            Err(error) => visit.again(error, |problems| new_page(visit, fields, problems)),
        }
    })
    .await
}
