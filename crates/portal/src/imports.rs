//! Imports: those that there were, and a folder sent from the browser: tried first, then imported.
//!
//! The server keeps nothing between the two. One form has a button that tries and, once that was
//! done, one that imports; the second sends the same files again, and imports only where they are
//! those that were tried, by their digest. With script the page stays and the files stay chosen;
//! without it they are chosen a second time.

mod sent;

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRequest, FromRequestParts, Request, State};
use axum::http::StatusCode;
use axum::routing::get;
use guildhall_operations::ops::facts;
use guildhall_operations::ops::imports::{self, Outcome, Past};
use guildhall_operations::{App, Error};
use guildhall_rules::facts::File;
use guildhall_rules::problem::Problems;

use self::sent::Sent;
use super::facts::Words;
use super::form::{FieldProblems, Fields, Form, Upload};
use super::shell::{Place, Shell};
use super::texts::Texts;
use super::visit::{Answer, Done, Visit, render};

/// How many imports the page shows.
const SHOWN: usize = 50;
/// How many problems a page shows.
const PROBLEMS: usize = 100;
/// Largest folder that a browser may send. Only whoever may import may send so much.
const LARGEST: usize = 64 * 1024 * 1024;

/// The routes.
pub(super) fn routes() -> Router<Arc<App>> {
    Router::new().route("/imports", get(show)).route("/imports/new", get(show_new).post(send))
}

/// An import that there was.
struct ImportView {
    at: String,
    by: String,
    files: String,
    added: String,
    changed: String,
    retracted: String,
    left_out: String,
}

#[derive(Template)]
#[template(path = "portal/imports.html")]
struct ImportsPage {
    shell: Shell,
    may_import: bool,
    imports: Vec<ImportView>,
}

async fn show(visit: Visit) -> Answer {
    visit
        .page(|visit| {
            let (app, caller) = (visit.app(), &visit.caller);
            let past = imports::latest(app, caller, SHOWN)?;
            let ids: Vec<String> = past.iter().map(|one| one.by.clone()).collect();
            let names = facts::who(app, caller, &ids)?;
            let by =
                |id: &str| names.get(id).cloned().unwrap_or_else(|| visit.t.word("fact-who", id));
            Ok(ImportsPage {
                shell: visit.shell(Place::Imports, visit.t.say("imports-title")),
                may_import: imports::may_import(app, caller),
                imports: past.iter().map(|one| past_view(visit.t, one, by(&one.by))).collect(),
            })
        })
        .await
}

fn past_view(t: &'static Texts, past: &Past, by: String) -> ImportView {
    let counts = past.details.get("counts").and_then(serde_json::Value::as_object);
    let sum = |what: &str| {
        let of = |counted: &serde_json::Value| counted.get(what)?.as_u64();
        let sum: u64 = counts.map(|map| map.values().filter_map(of).sum()).unwrap_or_default();
        t.number(&sum.to_string())
    };
    let files = past.details.get("files");
    let names: Vec<&str> = match files {
        Some(serde_json::Value::Object(map)) => map.keys().map(String::as_str).collect(),
        Some(serde_json::Value::Array(list)) => {
            list.iter().filter_map(|file| file.get("name")?.as_str()).collect()
        }
        _ => Vec::new(),
    };
    let left_out = past.details.get("left_out").and_then(serde_json::Value::as_u64);
    ImportView {
        at: t.moment_text(&past.at),
        by,
        files: names.join(", ").chars().take(300).collect(),
        added: sum("added"),
        changed: sum("changed"),
        retracted: sum("retracted"),
        left_out: t.number(&left_out.unwrap_or(0).to_string()),
    }
}

/// What was done, or would be, to the facts of a kind.
struct CountView {
    kind: String,
    added: String,
    changed: String,
    retracted: String,
    same: String,
}

/// A problem, in place.
struct ProblemView {
    place: String,
    message: String,
    hint: String,
    row: String,
}

/// What came of trying.
#[derive(Template)]
#[template(path = "portal/imports/tried.html")]
struct TriedPart {
    t: &'static Texts,
    /// What would be done; nothing where the folder is refused.
    outcome: Option<Vec<CountView>>,
    /// Whether nothing would be left out.
    is_clean: bool,
    left_out: String,
    /// Of the files that were tried.
    digest: String,
    problems: Vec<ProblemView>,
    count: usize,
    more: usize,
    has_rejects: bool,
}

/// A kind that may be said to be complete.
struct Complete {
    value: &'static str,
    label: String,
    is_chosen: bool,
}

#[derive(Template)]
#[template(path = "portal/imports/new.html")]
struct NewPage {
    shell: Shell,
    kinds: Vec<Complete>,
    leaves_out: bool,
    is_complete_open: bool,
    problems: FieldProblems,
    /// What came of trying, as HTML.
    tried: String,
}

async fn show_new(visit: Visit) -> Answer {
    visit
        .page(|visit| {
            imports::allow(visit.app(), &visit.caller)?;
            page(visit, &visit.query(), FieldProblems::default(), String::new())
        })
        .await
}

fn page(
    visit: &Visit,
    fields: &Fields,
    problems: FieldProblems,
    tried: String,
) -> Result<NewPage, Error> {
    let words = Words::of(visit)?;
    let complete: Vec<&str> = fields.all("complete").collect();
    let kind = |file: File| Complete {
        value: file.stem(),
        label: words.kind(file),
        is_chosen: complete.contains(&file.stem()),
    };
    Ok(NewPage {
        shell: visit.shell(Place::Imports, visit.t.say("imports-new")),
        kinds: File::ALL.into_iter().map(kind).collect(),
        leaves_out: fields.has("leave_out"),
        is_complete_open: !complete.is_empty(),
        problems,
        tried,
    })
}

/// Reads the form with a limit of its own, but only from whoever may import.
async fn send(State(app): State<Arc<App>>, request: Request) -> Answer {
    let (mut parts, body) = request.into_parts();
    let visit = match Visit::from_request_parts(&mut parts, &app).await {
        Ok(visit) => visit,
        Err(answer) => return answer,
    };
    if let Err(error) = imports::allow(&app, &visit.caller) {
        return visit.run(|_| Err(error)).await;
    }
    let mut request = Request::from_parts(parts, body);
    DefaultBodyLimit::max(LARGEST).apply(&mut request);
    match Form::from_request(request, &app).await {
        Ok(form) => form.act_with_files(sent).await,
        Err(answer) => answer,
    }
}

fn sent(visit: &Visit, fields: &Fields, files: &[Upload]) -> Result<Done, Error> {
    let done = Sent::read(fields, files).and_then(|sent| match fields.get("do") {
        "rejects" => {
            let sifted =
                imports::import_what_is_right(visit.app(), &visit.caller, &sent.folder(true))?;
            let name = "rejects.csv".to_owned();
            Ok(Done::File { name, kind: "text/csv; charset=utf-8", bytes: sifted.rejects })
        }
        "import" if fields.get("tried") == sent.digest => imported(visit, &sent),
        _ => {
            let part = tried(visit, &sent)?;
            answer(visit, fields, &part)
        }
    });
    match done {
        Err(error @ (Error::Invalid(_) | Error::Conflict { .. })) if !visit.is_part => {
            visit.again(error, |problems| page(visit, fields, problems, String::new()))
        }
        Err(Error::Invalid(problems)) => {
            let part = refused(visit, &problems, None);
            answer(visit, fields, &part)
        }
        outcome => outcome,
    }
}

/// The part alone where htmx asks, else the page around it.
fn answer(visit: &Visit, fields: &Fields, part: &TriedPart) -> Result<Done, Error> {
    if visit.is_part {
        return Done::page(part);
    }
    let is_refused = part.outcome.is_none();
    let page = page(visit, fields, FieldProblems::default(), render(part)?)?;
    let status = if is_refused { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(Done::Page(status, render(&page)?))
}

/// A dry run.
fn tried(visit: &Visit, sent: &Sent) -> Result<TriedPart, Error> {
    let (app, caller, folder) = (visit.app(), &visit.caller, sent.folder(true));
    if !sent.leaves_out {
        return match imports::import(app, caller, &folder) {
            Ok(outcome) => Ok(would(visit, sent, &outcome)),
            Err(Error::Invalid(problems)) => Ok(refused(visit, &problems, Some(sent))),
            Err(error) => Err(error),
        };
    }
    match imports::import_what_is_right(app, caller, &folder) {
        Ok(sifted) => {
            let part = would(visit, sent, &sifted.outcome);
            let found = refused(visit, &sifted.problems, Some(sent));
            let left_out = usize::try_from(sifted.left_out).unwrap_or(usize::MAX);
            Ok(TriedPart {
                is_clean: sifted.left_out == 0,
                left_out: visit.t.n("import-left-out", left_out),
                outcome: part.outcome,
                ..found
            })
        }
        Err(Error::Invalid(problems)) => Ok(refused(visit, &problems, Some(sent))),
        Err(error) => Err(error),
    }
}

fn would(visit: &Visit, sent: &Sent, outcome: &Outcome) -> TriedPart {
    let t = visit.t;
    let number = |count: u64| t.number(&count.to_string());
    let row = |(kind, counted): (&String, &imports::Counted)| CountView {
        kind: t.word("fact-kind", kind),
        added: number(counted.added),
        changed: number(counted.changed),
        retracted: number(counted.retracted),
        same: number(counted.same),
    };
    TriedPart {
        t,
        outcome: Some(outcome.counts.iter().map(row).collect()),
        is_clean: true,
        left_out: String::new(),
        digest: sent.digest.clone(),
        problems: Vec::new(),
        count: 0,
        more: 0,
        has_rejects: false,
    }
}

/// The problems of a folder, each in its place. Without the files no row is shown.
fn refused(visit: &Visit, problems: &Problems, sent: Option<&Sent>) -> TriedPart {
    let total = usize::try_from(problems.total()).unwrap_or(usize::MAX);
    let shown = problems.shown().iter().take(PROBLEMS);
    let views: Vec<ProblemView> = shown
        .map(|problem| {
            let line = problem.line.map(|line| format!(":{line}")).unwrap_or_default();
            let column = problem.column.as_ref().map(|column| format!(":{column}"));
            ProblemView {
                place: format!("{}{line}{}", problem.file, column.unwrap_or_default()),
                message: problem.message.clone(),
                hint: problem.hint.clone().unwrap_or_default(),
                row: sent
                    .and_then(|sent| sent.row(&problem.file, problem.line?))
                    .unwrap_or_default(),
            }
        })
        .collect();
    TriedPart {
        t: visit.t,
        outcome: None,
        is_clean: false,
        left_out: String::new(),
        digest: sent.map(|sent| sent.digest.clone()).unwrap_or_default(),
        count: total,
        more: total.saturating_sub(views.len()),
        has_rejects: sent.is_some()
            && problems.shown().iter().any(|problem| problem.line.is_some()),
        problems: views,
    }
}

fn imported(visit: &Visit, sent: &Sent) -> Result<Done, Error> {
    let (app, caller, folder) = (visit.app(), &visit.caller, sent.folder(false));
    let outcome = if sent.leaves_out {
        imports::import_what_is_right(app, caller, &folder)?.outcome
    } else {
        imports::import(app, caller, &folder)?
    };
    let changed: u64 = outcome
        .counts
        .values()
        .map(|counted| counted.added + counted.changed + counted.retracted)
        .sum();
    let changed = visit.t.number(&changed.to_string());
    Ok(Done::saying("/imports", "notice-imported", changed))
}

#[cfg(test)]
mod tests;
