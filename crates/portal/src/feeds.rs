//! Calendars by URL: made, listed and ended by their owner, and fetched by calendar programs, which
//! are not signed in.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use guildhall_access::{Action, Resource, ResourceKind, Side};
use guildhall_operations::http::{Path, blocking};
use guildhall_operations::ops::forecast::{self, Feed};
use guildhall_operations::ops::partners;
use guildhall_operations::{App, Error};

use super::form::{FieldProblems, Fields, Form};
use super::shell::{Place, Shell};
use super::visit::{Answer, Done, Visit, path_of};

/// The routes.
pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/me/calendars", get(show).post(make))
        .route("/me/calendars/{feed}/end", post(end))
        .route("/calendar/{file}", get(fetch))
}

/// A feed in the list.
struct FeedView {
    id: String,
    what: String,
    to: String,
    created: String,
    used: String,
}

/// Something a feed can be made of.
struct Choice {
    /// The partner's id; empty for the network.
    value: String,
    text: String,
    is_chosen: bool,
    /// Whether there is one, which would be replaced.
    is_there: bool,
}

#[derive(Template)]
#[template(path = "portal/account/calendars.html")]
struct CalendarsPage {
    shell: Shell,
    feeds: Vec<FeedView>,
    choices: Vec<Choice>,
    /// The address of one that was just made, which is shown this once, and the same for programs
    /// that open such addresses.
    made: Option<(String, String)>,
    problems: FieldProblems,
}

/// The name of a partner, if the visitor may know it.
fn name_of(visit: &Visit, partner: &str) -> String {
    let found = partners::read(visit.app(), &visit.caller, partner);
    let name = found.ok().and_then(|found| found.partner.values.get("name").cloned());
    name.unwrap_or_else(|| partner.to_owned())
}

fn what(visit: &Visit, partner: Option<&str>) -> String {
    match partner {
        Some(partner) => name_of(visit, partner),
        None => visit.t.say("calendars-network"),
    }
}

fn choices(visit: &Visit, fields: &Fields, feeds: &[Feed]) -> Vec<Choice> {
    let asked = fields.typed("partner");
    let mut ids: Vec<Option<String>> = Vec::new();
    let network = Resource::new(ResourceKind::Network, "network");
    let sees_network =
        visit.app().access.decide(&visit.caller.actor, Action::ViewNetwork, &network).is_allowed();
    if let Some((Side::Partner, own)) = &visit.caller.actor.organization {
        ids.push(Some(own.clone()));
    }
    if sees_network {
        ids.push(None);
    }
    let known = |id: &str| ids.iter().any(|known| known.as_deref() == Some(id));
    if let Some(asked) = asked.filter(|id| !known(id)) {
        let about = Resource::new(ResourceKind::Partner, asked).of_partner(asked);
        let actor = &visit.caller.actor;
        if visit.app().access.decide(actor, Action::ViewScorecard, &about).is_allowed() {
            ids.insert(0, Some(asked.to_owned()));
        }
    }
    let first = ids.first().cloned().flatten();
    let choice = |id: Option<String>| Choice {
        text: what(visit, id.as_deref()),
        is_chosen: asked.map_or(id == first, |asked| id.as_deref() == Some(asked)),
        is_there: feeds.iter().any(|feed| feed.partner == id),
        value: id.unwrap_or_default(),
    };
    ids.into_iter().map(choice).collect()
}

fn page(visit: &Visit, fields: &Fields, problems: FieldProblems) -> Result<CalendarsPage, Error> {
    let t = visit.t;
    let feeds = forecast::list(visit.app(), &visit.caller)?;
    let choices = choices(visit, fields, &feeds);
    let view = |feed: Feed| FeedView {
        what: what(visit, feed.partner.as_deref()),
        to: match &feed.partner {
            Some(partner) => format!("/partners/{}/lapses", path_of(partner)),
            None => "/network/lapses".to_owned(),
        },
        created: t.moment_text(&feed.created_at),
        used: feed.used_at.map_or_else(|| t.say("calendars-never"), |at| t.moment_text(&at)),
        id: feed.id,
    };
    Ok(CalendarsPage {
        shell: visit.shell(Place::Account, t.say("calendars-title")),
        feeds: feeds.into_iter().map(view).collect(),
        choices,
        made: None,
        problems,
    })
}

async fn show(visit: Visit) -> Answer {
    visit.page(|visit| page(visit, &visit.query(), FieldProblems::default())).await
}

async fn make(form: Form) -> Answer {
    form.act(|visit, fields| {
        match forecast::make(visit.app(), &visit.caller, fields.typed("partner")) {
            Ok(made) => {
                let page = page(visit, fields, FieldProblems::default())?;
                let bare = made.url.split_once("://").map_or("", |(_, bare)| bare);
                let opens = format!("webcal://{bare}");
                Done::page(&CalendarsPage { made: Some((made.url, opens)), ..page })
            }
            Err(error) => visit.again(error, |problems| page(visit, fields, problems)),
        }
    })
    .await
}

async fn end(Path(feed): Path<String>, form: Form) -> Answer {
    form.act(move |visit, _| {
        forecast::revoke(visit.app(), &visit.caller, &feed)?;
        Ok(Done::saying("/me/calendars", "notice-calendar-ended", ""))
    })
    .await
}

/// The calendar for whoever has its address. Whatever is wrong, there is no such calendar.
async fn fetch(
    State(app): State<Arc<App>>,
    Path(file): Path<String>,
    headers: HeaderMap,
) -> Response {
    let secret = file.strip_suffix(".ics").unwrap_or_default().to_owned();
    let fetched = match blocking(app, move |app| forecast::fetch(app, &secret)).await {
        Ok(fetched) => fetched,
        Err(Error::NotFound { .. }) => {
            let words = "There is no such calendar, or it was ended.\n";
            return (StatusCode::NOT_FOUND, [(CACHE_CONTROL, "no-store")], words).into_response();
        }
        Err(error) => {
            super::problem::log(&error);
            let (status, ..) = error.kind();
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            return (status, "The calendar cannot be made right now.\n").into_response();
        }
    };
    let head = [
        (ETAG, fetched.tag.clone()),
        (CACHE_CONTROL, "private, max-age=300".to_owned()),
        (CONTENT_TYPE, "text/calendar; charset=utf-8".to_owned()),
    ];
    let known = headers.get(IF_NONE_MATCH).and_then(|tags| tags.to_str().ok()).unwrap_or_default();
    let is_known = |tag: &str| {
        let tag = tag.trim();
        tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == fetched.tag
    };
    if known.split(',').any(is_known) {
        return (StatusCode::NOT_MODIFIED, head).into_response();
    }
    (head, fetched.text.to_string()).into_response()
}
