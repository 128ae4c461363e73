//! Bringing an edition in: its text and examples are checked, kept as a draft, and published with
//! a second look at what happens then.

use askama::Template;
use axum::http::StatusCode;
use guildhall_access::Action;
use guildhall_operations::http::Path;
use guildhall_operations::ops::editions::{self, Example, Upload};
use guildhall_operations::{Error, ops};
use guildhall_rules::problem::{Problem, Problems};

use super::before;
use crate::form::{Form, Upload as File};
use crate::shell::{Place, Shell};
use crate::visit::{Answer, Done, Visit, path_of, render};

/// A problem at its place.
pub(super) struct ProblemView {
    place: String,
    message: String,
    hint: String,
}

fn view(problem: &Problem) -> ProblemView {
    let mut place = problem.file.clone();
    if let Some(line) = problem.line {
        place = format!("{place}:{line}");
    }
    if let Some(column) = problem.column.as_ref().filter(|_| problem.line.is_some()) {
        place = format!("{place}:{column}");
    }
    ProblemView {
        place,
        message: problem.message.clone(),
        hint: problem.hint.clone().unwrap_or_default(),
    }
}

fn views(problems: &Problems) -> Vec<ProblemView> {
    problems.shown().iter().map(view).collect()
}

#[derive(Template)]
#[template(path = "portal/rulebook/upload.html")]
struct UploadPage {
    shell: Shell,
    text: String,
    problems: Vec<ProblemView>,
    /// What a check found, where it found nothing wrong.
    fine: Option<String>,
}

fn page(visit: &Visit, text: &str) -> Result<UploadPage, Error> {
    visit.app().allow(&visit.caller, Action::UploadEdition, &super::resource("new"))?;
    Ok(UploadPage {
        shell: visit.shell(Place::Rulebook, visit.t.say("rules-upload-title")),
        text: text.to_owned(),
        problems: Vec::new(),
        fine: None,
    })
}

pub(super) async fn show(visit: Visit) -> Answer {
    visit
        .page(|visit| {
            let query = visit.query();
            let mut text = query.get("text").to_owned();
            // A draft that is to be mended.
            if let Some(draft) = query.typed("draft").filter(|_| text.is_empty()) {
                text = editions::get(visit.app(), &visit.caller, draft)?.text.unwrap_or_default();
            }
            page(visit, &text)
        })
        .await
}

fn text_of(file: &File) -> String {
    String::from_utf8_lossy(&file.bytes).into_owned()
}

pub(super) async fn upload(form: Form) -> Answer {
    form.act_with_files(|visit, fields, files| {
        let chosen = files.iter().find(|file| file.field == "file");
        let text = chosen.map_or_else(|| fields.get("text").to_owned(), text_of);
        // Browsers send line ends of their own; places in the text stay the same.
        let text = text.replace("\r\n", "\n");
        let examples = files.iter().filter(|file| file.field == "examples");
        let examples: Vec<Example> =
            examples.map(|file| Example { name: file.name.clone(), text: text_of(file) }).collect();
        let given = Upload { text, examples };
        let outcome = if fields.has("check") {
            editions::try_out(visit.app(), &visit.caller, &given).map(|(edition, expectations)| {
                let count = visit.t.count(expectations);
                let arguments = [("it", edition.title.into()), ("count", count.into())];
                Done::Page(StatusCode::OK, visit.t.tell("rules-upload-fine", &arguments))
            })
        } else {
            editions::upload(visit.app(), &visit.caller, &given).map(|shown| {
                let to = format!("/rulebook/{}", path_of(&shown.id));
                Done::saying(to, "notice-edition-drafted", shown.id)
            })
        };
        match outcome {
            Ok(Done::Page(_, fine)) => {
                let page = UploadPage { fine: Some(fine), ..page(visit, &given.text)? };
                Done::page(&page)
            }
            Ok(done) => Ok(done),
            Err(Error::Invalid(problems)) => {
                let page = UploadPage { problems: views(&problems), ..page(visit, &given.text)? };
                Ok(Done::Page(StatusCode::UNPROCESSABLE_ENTITY, render(&page)?))
            }
            Err(error) => Err(error),
        }
    })
    .await
}

#[derive(Template)]
#[template(path = "portal/rulebook/publish.html")]
struct PublishPage {
    shell: Shell,
    id: String,
    path: String,
    title: String,
    from: String,
    published: String,
    sha256: String,
    is_correction: bool,
    before: Option<(String, String)>,
    changes: usize,
    expectations: String,
    problems: Vec<ProblemView>,
}

fn publish_page(visit: &Visit, id: &str) -> Result<PublishPage, Error> {
    let (app, t, caller) = (visit.app(), visit.t, &visit.caller);
    let (shown, edition) = editions::read(app, caller, id)?;
    app.allow(caller, Action::PublishEdition, &super::resource(id))?;
    let (expectations, problems) = match editions::check_again(app, caller, id) {
        Ok(checked) => (checked.expectations.unwrap_or(0), Vec::new()),
        Err(Error::Invalid(problems)) => (0, views(&problems)),
        Err(error) => return Err(error),
    };
    let book = app.book()?;
    let earlier = before(&book, &edition);
    let changes = match earlier {
        Some(earlier) => ops::editions::diff(app, caller, id, Some(&earlier.id))?.changes.len(),
        None => 0,
    };
    let is_correction =
        earlier.is_some_and(|earlier| earlier.in_force_from == edition.in_force_from);
    Ok(PublishPage {
        shell: visit.shell(Place::Rulebook, t.of_it("rules-publish-title", &shown.title)),
        path: path_of(id),
        from: t.day_text(&shown.in_force_from),
        published: t.moment_text(&shown.published_at),
        is_correction,
        before: earlier.map(|earlier| (path_of(&earlier.id), earlier.title.clone())),
        changes,
        expectations: t.n("rules-expectations", expectations),
        problems,
        id: shown.id,
        title: shown.title,
        sha256: shown.sha256,
    })
}

pub(super) async fn show_publish(Path(id): Path<String>, visit: Visit) -> Answer {
    visit.page(move |visit| publish_page(visit, &id)).await
}

pub(super) async fn publish(Path(id): Path<String>, form: Form) -> Answer {
    form.act(move |visit, fields| {
        let to = format!("/rulebook/{}", path_of(&id));
        match editions::publish(visit.app(), &visit.caller, &id, fields.get("sha256")) {
            Ok(shown) => {
                let day = visit.t.day_text(&shown.in_force_from);
                Ok(Done::saying(to, "notice-edition-published", day))
            }
            Err(Error::Invalid(problems)) => {
                let page = PublishPage { problems: views(&problems), ..publish_page(visit, &id)? };
                Ok(Done::Page(StatusCode::UNPROCESSABLE_ENTITY, render(&page)?))
            }
            Err(error) => Err(error),
        }
    })
    .await
}
