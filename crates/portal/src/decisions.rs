//! Published decisions: the list, one with all that it froze, and whether it still comes out.

pub(super) mod card;

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::routing::{get, post};
use card::{Card, Statement, text};
use guildhall_access::Side;
use guildhall_operations::http::{Page, Path};
use guildhall_operations::ops::decisions::{self, DecisionShown, DecisionsVerified, EvidenceFact};
use guildhall_operations::{App, Error};
use serde_json::Value as Json;

use super::form::{Form, address};
use super::list::{self, Pages, number};
use super::naming::Naming;
use super::reviews::mood;
use super::shell::{Place, Shell};
use super::visit::{Answer, Done, Visit, path_of};

/// How many facts of the evidence stand on a page.
const FACTS: usize = 50;

/// The routes.
pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/decisions", get(show_list))
        .route("/decisions/{number}", get(show))
        .route("/decisions/{number}/verify", post(verify))
}

/// A decision in the list.
struct Line {
    number: i64,
    partner: String,
    kind: String,
    mood: &'static str,
    subject: String,
    at: String,
    by: String,
    supersedes: Option<i64>,
}

#[derive(Template)]
#[template(path = "portal/decisions.html")]
struct DecisionsPage {
    shell: Shell,
    has_partners: bool,
    partner: String,
    /// Where a partner reads what it was told.
    notices: Option<String>,
    lines: Vec<Line>,
    pages: Pages,
}

async fn show_list(visit: Visit) -> Answer {
    visit
        .page(|visit| {
            let (after, limit) = list::asked(visit)?;
            let query = visit.query();
            let partner = query.typed("partner");
            let (app, caller) = (visit.app(), &visit.caller);
            let found = decisions::list(app, caller, partner, after.as_deref(), limit)?;
            decisions_page(visit, found, limit)
        })
        .await
}

fn decisions_page(
    visit: &Visit,
    found: Vec<DecisionShown>,
    limit: usize,
) -> Result<DecisionsPage, Error> {
    let t = visit.t;
    let found = Page::of(found, limit, |decision| decision.number.to_string());
    let partners = found.items.iter().map(|one| one.partner.as_str());
    let users = found.items.iter().map(|one| one.published_by.as_str());
    let naming = Naming::of(visit, partners, users)?;
    let line = |one: &DecisionShown| Line {
        number: one.number,
        partner: naming.partner(&one.partner),
        kind: t.word("decision-kind", &one.kind),
        mood: mood(&one.kind),
        subject: subject(&naming, one),
        at: t.moment_text(&one.published_at),
        by: naming.user(&one.published_by, "naming-vendor"),
        supersedes: one.supersedes,
    };
    let side = visit.caller.actor.organization.as_ref().map(|(side, _)| *side);
    let own = visit.caller.organization().filter(|_| side == Some(Side::Partner));
    Ok(DecisionsPage {
        shell: visit.shell(Place::Decisions, t.say("decisions-title")),
        has_partners: side == Some(Side::Vendor),
        partner: visit.query().get("partner").to_owned(),
        notices: own.map(|own| format!("/partners/{}/notices", path_of(own))),
        lines: found.items.iter().map(line).collect(),
        pages: list::pages(visit, found.next.as_deref()),
    })
}

/// What a decision is about: the tier after it, or the period.
fn subject(naming: &Naming, one: &DecisionShown) -> String {
    match one.kind.as_str() {
        "renew" | "grace" | "downgrade" | "upgrade" => naming.tier(&one.subject),
        "discount" => one.subject.clone(),
        _ => String::new(),
    }
}

/// A fact of the evidence.
struct FactLine {
    kind: String,
    fact: String,
    to: Option<String>,
    version: i64,
    recorded: String,
    is_held: bool,
}

/// What recomputing came to.
struct Verified {
    is_same: bool,
    when: String,
    problems: Vec<(String, String)>,
}

/// The answer to a part of the page.
#[derive(Template)]
#[template(path = "portal/decisions/verified.html")]
struct VerifiedPart {
    shell: Shell,
    verified: Option<Verified>,
}

#[derive(Template)]
#[template(path = "portal/decisions/one.html")]
struct DecisionPage {
    shell: Shell,
    number: i64,
    partner: String,
    partner_to: String,
    kind: String,
    sentence: String,
    reason: String,
    days: Vec<(String, String)>,
    edition: String,
    edition_sha256: String,
    sha256: String,
    supersedes: Option<i64>,
    superseded_by: Option<i64>,
    review: Option<i64>,
    scorecard: String,
    card: Option<Card>,
    statement: Option<Statement>,
    facts: Vec<FactLine>,
    facts_total: usize,
    pages: Pages,
    recorded: Vec<(String, String)>,
    verified: Option<Verified>,
}

async fn show(visit: Visit, Path(id): Path<String>) -> Answer {
    visit.page(move |visit| decision_page(visit, number("decision", &id)?, None)).await
}

async fn verify(Path(id): Path<String>, form: Form) -> Answer {
    form.act(move |visit, _| {
        let number = number("decision", &id)?;
        let found = decisions::verify_one(visit.app(), &visit.caller, number)?;
        let verified = Some(verified(visit, &found));
        if visit.is_part {
            let shell = visit.shell(Place::Decisions, "");
            return Done::page(&VerifiedPart { shell, verified });
        }
        Done::page(&decision_page(visit, number, verified)?)
    })
    .await
}

fn verified(visit: &Visit, found: &DecisionsVerified) -> Verified {
    let problem =
        |fault: &guildhall_store::Fault| (visit.t.word("fault", fault.code), fault.message.clone());
    Verified {
        is_same: found.problems.is_empty(),
        when: visit.t.moment(visit.app().clock.now()),
        problems: found.problems.iter().map(problem).collect(),
    }
}

/// The days of a decision, each with its name.
fn days(visit: &Visit, one: &DecisionShown, body: &Json) -> Vec<(String, String)> {
    let t = visit.t;
    let mut days = vec![
        (t.say("decision-published"), t.moment_text(&one.published_at)),
        (t.say("review-as-of"), t.day_text(text(body, "as_of"))),
        (t.say("review-known-at"), t.moment_text(text(body, "known_at"))),
    ];
    for (name, key) in [
        ("on", "decision-on"),
        ("grace_until", "review-grace-last-day"),
        ("valid_until", "decision-valid-until"),
    ] {
        let day = text(body, name);
        if !day.is_empty() {
            days.push((t.say(key), t.day_text(day)));
        }
    }
    days
}

fn fact_line(visit: &Visit, fact: EvidenceFact) -> FactLine {
    let t = visit.t;
    let to = |id: &String| format!("/facts/{}/{}", path_of(&fact.kind), path_of(id));
    FactLine {
        to: fact.fact.as_ref().map(to),
        fact: fact.fact.unwrap_or_else(|| t.say("decision-fact-gone")),
        kind: t.word("fact-file", &fact.kind),
        version: fact.version,
        recorded: fact
            .recorded_at
            .map_or_else(|| t.say("decision-from-the-beginning"), |at| t.moment_text(&at)),
        is_held: fact.is_held,
    }
}

/// The part of the evidence that is asked for.
fn evidence(visit: &Visit, number: i64) -> Result<(Vec<FactLine>, usize, Pages), Error> {
    let from: usize = visit.query().get("from").parse().unwrap_or(0);
    let (app, caller) = (visit.app(), &visit.caller);
    let (facts, total) = decisions::evidence(app, caller, number, (from, FACTS))?;
    let next = from.saturating_add(FACTS);
    let path = format!("/decisions/{number}");
    let at = |from: usize| format!("{}#evidence", address(&path, &[("from", &from.to_string())]));
    let pages = Pages { first: (from > 0).then(|| at(0)), next: (next < total).then(|| at(next)) };
    let lines = facts.into_iter().map(|fact| fact_line(visit, fact)).collect();
    Ok((lines, total, pages))
}

fn decision_page(
    visit: &Visit,
    number: i64,
    verified: Option<Verified>,
) -> Result<DecisionPage, Error> {
    let (app, caller, t) = (visit.app(), &visit.caller, visit.t);
    let one = decisions::get(app, caller, number)?;
    let body = one.decision.clone().unwrap_or_default();
    let naming = Naming::of(visit, [one.partner.as_str()], [one.published_by.as_str()])?;
    let (facts, facts_total, pages) = evidence(visit, number)?;
    let edition = body.get("edition").unwrap_or(&Json::Null);
    let some = |name: &str| Some(text(&body, name)).filter(|text| !text.is_empty());
    let at = [
        ("as_of", text(&body, "as_of")),
        ("known_at", text(&body, "known_at")),
        ("edition", text(edition, "id")),
    ];
    let path = format!("/partners/{}", path_of(&one.partner));
    let part = |name: &str| body.get(name).filter(|part| !part.is_null());
    let statement = part("statement").map(|json| card::statement(visit, &naming, json));
    let sentence = match &statement {
        Some(statement) => t.of_it("decision-discount", &statement.percent),
        None => naming.outcome(&one.kind, some("to_tier"), some("grace_until")),
    };
    let recorded = body.get("recorded").and_then(Json::as_array);
    let row = |id: &Json| {
        let id = id.as_str().unwrap_or_default();
        (format!("/facts/reviews/{}", path_of(id)), id.to_owned())
    };
    let mut days = days(visit, &one, &body);
    let by = naming.user(&one.published_by, "naming-vendor");
    days.insert(1, (t.say("decision-by"), by));
    let partner = naming.partner(&one.partner);
    let title = [("partner", partner.as_str().into()), ("n", one.number.to_string().into())];
    Ok(DecisionPage {
        shell: visit.shell(Place::Decisions, t.tell("decision-title", &title)),
        number,
        partner,
        kind: t.word("decision-kind", &one.kind),
        sentence,
        reason: text(&body, "reason").to_owned(),
        days,
        edition: text(edition, "id").to_owned(),
        edition_sha256: text(edition, "sha256").to_owned(),
        sha256: one.sha256,
        supersedes: one.supersedes,
        superseded_by: decisions::superseded_by(app, caller, number)?,
        review: body.get("review").and_then(Json::as_i64),
        scorecard: address(&format!("{path}/scorecard"), &at),
        partner_to: path,
        card: part("scorecard").map(|json| card::card(visit, &naming, json, &at)),
        statement,
        facts,
        facts_total,
        pages,
        recorded: recorded.map(|ids| ids.iter().map(row).collect()).unwrap_or_default(),
        verified,
    })
}
