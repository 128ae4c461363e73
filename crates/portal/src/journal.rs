//! The journal: what was done, by whom, to what. Read only.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::routing::get;
use guildhall_operations::http::Page;
use guildhall_operations::ops::journal::{self, JournalLine};
use guildhall_operations::{App, Error};

use super::list::{self, Pages};
use super::naming::Naming;
use super::shell::{Place, Shell};
use super::visit::{Answer, Visit};

/// The route.
pub(super) fn routes() -> Router<Arc<App>> {
    Router::new().route("/journal", get(show))
}

struct Line {
    entry: i64,
    when: String,
    actor: String,
    actor_id: String,
    action: String,
    subject: String,
    facts: String,
    place: Option<String>,
    details: String,
    sha256: String,
}

#[derive(Template)]
#[template(path = "portal/journal.html")]
struct JournalPage {
    shell: Shell,
    subject: String,
    actor: String,
    lines: Vec<Line>,
    pages: Pages,
}

async fn show(visit: Visit) -> Answer {
    visit
        .page(|visit| {
            let (after, limit) = list::asked(visit)?;
            let wrong = |_| Error::field("cursor", "bad-value", "it is no cursor of this list");
            let before = after.map(|text| text.parse().map_err(wrong)).transpose()?;
            let query = visit.query();
            let narrowed = (query.typed("subject"), query.typed("actor"));
            let found = journal::latest(visit.app(), &visit.caller, before, narrowed, limit)?;
            journal_page(visit, Page::of(found, limit, |line| line.entry.to_string()))
        })
        .await
}

fn journal_page(visit: &Visit, found: Page<JournalLine>) -> Result<JournalPage, Error> {
    let t = visit.t;
    let query = visit.query();
    let naming = Naming::of(visit, [], found.items.iter().map(|line| line.actor.as_str()))?;
    let line = |line: JournalLine| Line {
        entry: line.entry,
        when: t.moment_text(&line.at),
        actor: match naming.user(&line.actor, "journal-hidden") {
            hidden if hidden == t.say("journal-hidden") => line.actor.clone(),
            name => name,
        },
        actor_id: line.actor,
        action: line.action.replace('_', " "),
        subject: line.subject,
        facts: if line.facts > 0 { t.number(&line.facts.to_string()) } else { String::new() },
        place: line.place.map(|place| t.number(&place.to_string())),
        details: match line.details.as_object().is_some_and(|details| details.is_empty()) {
            true => String::new(),
            false => line.details.to_string().chars().take(600).collect(),
        },
        sha256: line.sha256,
    };
    Ok(JournalPage {
        shell: visit.shell(Place::Journal, t.say("journal-title")),
        subject: query.get("subject").to_owned(),
        actor: query.get("actor").to_owned(),
        pages: list::pages(visit, found.next.as_deref()),
        lines: found.items.into_iter().map(line).collect(),
    })
}
