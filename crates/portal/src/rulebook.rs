//! The rulebook: its editions, what each says in plain words, how two differ, worked examples,
//! and bringing a new one in. Words are in [`words`], Markdown in [`markdown`].

mod bring;
mod edition;
mod impact;
mod markdown;
mod training;
mod words;

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::routing::get;
use guildhall_access::{Action, Resource, ResourceKind};
use guildhall_operations::http::Path;
use guildhall_operations::ops::editions::{self, EditionShown};
use guildhall_operations::{App, Book, Error};
use guildhall_rules::day::Day;
use guildhall_rules::rulebook::{Area, Edition, in_force};
use jiff::Timestamp;
use markdown::{ExpectedRow, Piece};

use super::shell::{Place, Shell};
use super::visit::{Answer, Visit, path_of};

pub use impact::curve::sweep_picture;
pub use impact::file::impact_sheet;

/// The routes.
pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/rulebook", get(show_list))
        .route("/rulebook/diff", get(show_diff))
        .route("/rulebook/upload", get(bring::show).post(bring::upload))
        .route("/rulebook/{edition}", get(edition::show))
        .route("/rulebook/{edition}/training", get(training::show))
        .route("/training", get(training::present))
        .route("/rulebook/{edition}/examples", get(show_examples))
        .route("/rulebook/{edition}/publish", get(bring::show_publish).post(bring::publish))
        .merge(impact::routes())
}

/// Where an edition stands: a word of it, and the tag that it is shown as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct State {
    word: &'static str,
    tag: &'static str,
}

/// Where an edition stands today.
fn state(shown: &EditionShown, book: &Book, today: Day, now: Timestamp) -> State {
    let state = |word, tag| State { word, tag };
    if shown.state == "draft" {
        return state("draft", "care");
    }
    let current = in_force(book.editions.iter(), today, Some(now));
    if current.is_some_and(|current| current.id == shown.id) {
        return state("in-force", "good");
    }
    let is_coming = book
        .edition(&shown.id)
        .is_some_and(|edition| edition.in_force_from > today || edition.published_at > now);
    if is_coming { state("coming", "") } else { state("past", "") }
}

/// The edition before another: what it took or takes the place of.
fn before<'b>(book: &'b Book, edition: &Edition) -> Option<&'b Edition> {
    let key = |edition: &Edition| (edition.in_force_from, edition.published_at);
    book.editions
        .iter()
        .filter(|other| other.id != edition.id && key(other) < key(edition))
        .max_by_key(|other| key(other))
}

/// An edition as the policies see it.
fn resource(id: &str) -> Resource {
    Resource::new(ResourceKind::Edition, id)
}

/// Whether the visitor may do something to an edition.
fn may(visit: &Visit, action: Action, id: &str) -> bool {
    visit.app().access.decide(&visit.caller.actor, action, &resource(id)).is_allowed()
}

/// An edition in the list.
struct Listed {
    id: String,
    path: String,
    title: String,
    state: State,
    from: String,
    published: String,
    examples: usize,
}

#[derive(Template)]
#[template(path = "portal/rulebook.html")]
struct ListPage {
    shell: Shell,
    editions: Vec<Listed>,
    may_upload: bool,
}

async fn show_list(visit: Visit) -> Answer {
    visit
        .page(|visit| {
            let (app, t) = (visit.app(), visit.t);
            let mut listed = editions::list(app, &visit.caller)?;
            // The latest first; drafts above all, as somebody is at work on them.
            listed.sort_by(|a, b| {
                let key = |one: &EditionShown| {
                    (one.state == "draft", one.in_force_from.clone(), one.published_at.clone())
                };
                key(b).cmp(&key(a))
            });
            let book = app.book()?;
            let (today, now) = (app.clock.today(), app.clock.now());
            let view = |one: EditionShown| Listed {
                path: path_of(&one.id),
                state: state(&one, &book, today, now),
                from: t.day_text(&one.in_force_from),
                published: t.moment_text(&one.published_at),
                examples: one.examples.len(),
                id: one.id,
                title: one.title,
            };
            Ok(ListPage {
                shell: visit.shell(Place::Rulebook, t.say("rules-title")),
                editions: listed.into_iter().map(view).collect(),
                may_upload: may(visit, Action::UploadEdition, "new"),
            })
        })
        .await
}

/// An edition to choose.
struct Choice {
    id: String,
    title: String,
    from: String,
}

/// Changes under one heading.
struct Group {
    title: String,
    sentences: Vec<String>,
}

#[derive(Template)]
#[template(path = "portal/rulebook/diff.html")]
struct DiffPage {
    shell: Shell,
    choices: Vec<Choice>,
    old: String,
    new: String,
    /// None where nothing was compared yet.
    groups: Option<Vec<Group>>,
    count: usize,
    /// Where it is told what that does to the network, for whoever may see it.
    impact: Option<String>,
}

async fn show_diff(visit: Visit) -> Answer {
    visit
        .page(|visit| {
            let (app, t) = (visit.app(), visit.t);
            let query = visit.query();
            let mut listed = editions::list(app, &visit.caller)?;
            listed.sort_by(|a, b| b.in_force_from.cmp(&a.in_force_from));
            let nth = |at: usize| listed.get(at).map(|one| one.id.clone());
            let new = query.typed("new").map(str::to_owned).or_else(|| nth(0)).unwrap_or_default();
            let behind = listed.iter().position(|one| one.id == new).map_or(1, |at| at + 1);
            let old = query.typed("old").map(str::to_owned);
            let old = old.or_else(|| nth(behind)).unwrap_or_default();
            let groups = if new.is_empty() || old.is_empty() || new == old {
                None
            } else {
                let diff = editions::diff(app, &visit.caller, &new, Some(&old))?;
                let group = |(area, changes): (Area, &[guildhall_rules::rulebook::Change])| Group {
                    title: t.word("rules-area", area_word(area)),
                    sentences: changes.iter().map(|change| change.sentence.clone()).collect(),
                };
                Some(diff.by_area().map(group).collect::<Vec<_>>())
            };
            let choice = |one: &EditionShown| Choice {
                id: one.id.clone(),
                title: one.title.clone(),
                from: t.day_text(&one.in_force_from),
            };
            let fields = [("old", old.as_str()), ("new", new.as_str())];
            let impact = (groups.is_some() && impact::may_ask(visit))
                .then(|| super::form::address("/rulebook/impact", &fields));
            Ok(DiffPage {
                shell: visit.shell(Place::Rulebook, t.say("rules-diff-title")),
                impact,
                choices: listed.iter().map(choice).collect(),
                count: groups.iter().flatten().map(|group| group.sentences.len()).sum(),
                old,
                new,
                groups,
            })
        })
        .await
}

const fn area_word(area: Area) -> &'static str {
    match area {
        Area::Dates => "dates",
        Area::Rulebook => "rulebook",
        Area::Tiers => "tiers",
        Area::Measures => "measures",
        Area::Credentials => "credentials",
        Area::Programs => "programs",
        Area::Words => "words",
        Area::Review => "review",
        Area::Discounts => "discounts",
        Area::Training => "training",
        Area::Names => "names",
        Area::Sources => "sources",
    }
}

/// A file of examples to choose.
struct ExampleFile {
    name: String,
    title: String,
    to: String,
    is_here: bool,
}

#[derive(Template)]
#[template(path = "portal/rulebook/examples.html")]
struct ExamplesPage {
    shell: Shell,
    edition: String,
    edition_path: String,
    files: Vec<ExampleFile>,
    pieces: Vec<Piece>,
    earlier: Option<String>,
    later: Option<String>,
}

/// About how much of an example stands on one page, in bytes of pieces. Pages stay below 100 kB.
const ON_A_PAGE: usize = 12_000;

/// About how much a piece takes.
fn weight(piece: &Piece) -> usize {
    match piece {
        Piece::Prose(html) => html.len(),
        Piece::Facts { rows, .. } => rows.iter().flatten().map(|cell| 12 + cell.len()).sum(),
        Piece::Expected(expected) => {
            let cells = |row: &ExpectedRow| {
                200 + row.facts.iter().map(|line| 30 + line.len()).sum::<usize>()
            };
            expected.head.len() + expected.rows.iter().map(cells).sum::<usize>()
        }
    }
}

/// Sections put together to pages.
fn pages(sections: Vec<Vec<Piece>>) -> Vec<Vec<Piece>> {
    let mut pages: Vec<Vec<Piece>> = Vec::new();
    let mut held = 0;
    for section in sections {
        let more: usize = section.iter().map(weight).sum();
        match pages.last_mut() {
            Some(page) if held + more <= ON_A_PAGE => {
                page.extend(section);
                held += more;
            }
            _ => {
                pages.push(section);
                held = more;
            }
        }
    }
    pages
}

/// The title of an example: its first heading, or its name.
fn title(name: &str, text: &str) -> String {
    let heading = text.lines().find_map(|line| line.strip_prefix("# "));
    heading.unwrap_or(name).trim().to_owned()
}

async fn show_examples(Path(id): Path<String>, visit: Visit) -> Answer {
    visit
        .page(move |visit| {
            let t = visit.t;
            let (_, edition) = editions::read(visit.app(), &visit.caller, &id)?;
            let examples = editions::examples(visit.app(), &visit.caller, &id)?;
            let query = visit.query();
            let asked = query.typed("file");
            let chosen = match asked {
                None => examples.first(),
                Some(name) => {
                    let found = examples.iter().find(|example| example.name == name);
                    Some(found.ok_or_else(|| Error::not_found("example", name))?)
                }
            };
            let at: usize = query.get("page").parse().unwrap_or(1).max(1);
            let mut pages =
                pages(chosen.map(|one| markdown::sections(&one.text)).unwrap_or_default());
            let (count, edition_path) = (pages.len(), path_of(&id));
            let to = |file: &str, page: usize| {
                let base = format!("/rulebook/{edition_path}/examples");
                let page = if page > 1 { page.to_string() } else { String::new() };
                super::form::address(&base, &[("file", file), ("page", page.as_str())])
            };
            let file = chosen.map_or("", |chosen| chosen.name.as_str());
            let earlier = (at > 1).then(|| to(file, at - 1));
            let later = (at < count).then(|| to(file, at + 1));
            let files = examples.iter().map(|example| ExampleFile {
                title: title(&example.name, &example.text),
                to: to(&example.name, 1),
                is_here: example.name == file,
                name: example.name.clone(),
            });
            let files = files.collect();
            let mut pieces = if at <= count { pages.swap_remove(at - 1) } else { Vec::new() };
            for piece in &mut pieces {
                let Piece::Expected(expected) = piece else { continue };
                for row in &mut expected.rows {
                    if let Some(measure) = edition.measure(&row.measure) {
                        row.measure.clone_from(&measure.title);
                    }
                }
            }
            Ok(ExamplesPage {
                shell: visit.shell(Place::Rulebook, t.say("rules-examples-title")),
                edition: id.clone(),
                files,
                pieces,
                earlier,
                later,
                edition_path,
            })
        })
        .await
}
