//! People: those of a partner, a line for each human; and a person's page, with what they hold, what
//! lapses, where it counts, and how their values are erased.

mod learning;

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::routing::get;
use guildhall_access::{Action, Resource, ResourceKind};
use guildhall_operations::http::Path;
use guildhall_operations::ops::people::{self, Held, Lapse, Listed};
use guildhall_operations::ops::{partners, plans};
use guildhall_operations::{App, Error};
use guildhall_rules::day::Day;
use learning::AskedView;

use super::form::{Form, address};
use super::partners::{cell, may};
use super::shell::{Place, Shell};
use super::visit::{Answer, Done, Visit, path_of};

/// The routes.
pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/partners/{id}/people", get(show_list))
        .route("/people/{person}", get(show))
        .route("/me/learning", get(learning::show))
        .route("/people/{person}/erase", get(show_erase).post(erase))
}

/// How many people stand on a page.
const ON_A_PAGE: usize = 50;

/// A credential as it is shown.
struct HeldView {
    fact: String,
    title: String,
    level: String,
    issued: String,
    last: String,
    /// How far off the last day is.
    distance: String,
    /// How far off the day is on which it lapses.
    lapses_in: String,
    lapse: &'static str,
    tag: &'static str,
}

fn held_view(visit: &Visit, today: Day, held: &Held) -> HeldView {
    let t = visit.t;
    let (lapse, tag) = match held.lapse {
        Lapse::Past => ("past", "bad"),
        Lapse::Soon => ("soon", "care"),
        Lapse::Later => ("later", ""),
    };
    HeldView {
        fact: path_of(&held.fact),
        title: held.title.clone(),
        level: held.level.clone(),
        issued: t.day_text(&held.issued_on),
        last: held.last_on.map(|last| t.day(last)).unwrap_or_default(),
        distance: held.last_on.map(|last| t.distance(today, last)).unwrap_or_default(),
        // The last day still counts: it lapses on the one behind it.
        lapses_in: held
            .last_on
            .map(|last| t.distance(today, last.plus_days(1)))
            .unwrap_or_default(),
        lapse,
        tag,
    }
}

/// A person in the list.
struct Line {
    to: String,
    name: String,
    joined: String,
    has_joined: bool,
    left: String,
    has_left: bool,
    has_consent: bool,
    credentials: Vec<HeldView>,
    more: usize,
    /// How many have lapsed.
    past: usize,
}

/// A way to look at the list.
struct Look {
    to: String,
    word: &'static str,
    count: String,
    is_here: bool,
}

#[derive(Template)]
#[template(path = "portal/people/list.html")]
struct ListPage {
    shell: Shell,
    partner_path: String,
    partner_name: String,
    asked: String,
    show: &'static str,
    looks: Vec<Look>,
    people: Vec<Line>,
    total: usize,
    earlier: Option<String>,
    later: Option<String>,
    may_add: bool,
}

/// The ways to look at the list. The first is taken where none is asked for.
const LOOKS: [&str; 5] = ["present", "lapsing", "no_consent", "left", "all"];

fn passes(look: &str, one: &Listed) -> bool {
    match look {
        "lapsing" => !one.has_left && one.is_lapsing(),
        "no_consent" => !one.has_left && !one.has_consent,
        "left" => one.has_left,
        "all" => true,
        _ => !one.has_left,
    }
}

/// How many credentials of a person stand in the list.
const SHOWN: usize = 3;

fn line(visit: &Visit, today: Day, one: &Listed) -> Line {
    let t = visit.t;
    let standing = one.credentials.iter().filter(|held| held.lapse != Lapse::Past);
    let count = standing.clone().count();
    Line {
        to: format!("/people/{}", path_of(&one.person)),
        name: one.name.clone(),
        joined: t.day_text(one.joined_on.as_deref().unwrap_or_default()),
        has_joined: one
            .joined_on
            .as_ref()
            .and_then(|day| Day::parse(day.as_bytes()))
            .is_none_or(|day| day <= today),
        left: t.day_text(one.left_on.as_deref().unwrap_or_default()),
        has_left: one.has_left,
        has_consent: one.has_consent,
        credentials: standing.take(SHOWN).map(|held| held_view(visit, today, held)).collect(),
        more: count.saturating_sub(SHOWN),
        past: one.credentials.len() - count,
    }
}

async fn show_list(Path(id): Path<String>, visit: Visit) -> Answer {
    visit
        .page(move |visit| {
            let (app, t) = (visit.app(), visit.t);
            let all = people::list(app, &visit.caller, &id)?;
            let profile = partners::read(app, &visit.caller, &id)?;
            let query = visit.query();
            let show = query.get("show");
            let show = LOOKS.into_iter().find(|look| *look == show).unwrap_or("present");
            let asked = query.get("q").trim().to_owned();
            let base = format!("/partners/{}/people", path_of(&id));
            let look = |word: &'static str| Look {
                to: address(&base, &[("show", word), ("q", &asked)]),
                count: t.count(all.iter().filter(|one| passes(word, one)).count()),
                is_here: word == show,
                word,
            };
            let wanted = asked.to_lowercase();
            let found: Vec<&Listed> = all
                .iter()
                .filter(|one| passes(show, one))
                .filter(|one| wanted.is_empty() || one.name.to_lowercase().contains(&wanted))
                .collect();
            let page = query.get("page").parse::<usize>().unwrap_or(1).clamp(1, 10_000);
            let to = |page: usize| {
                address(&base, &[("show", show), ("q", &asked), ("page", &page.to_string())])
            };
            let begin = (page - 1) * ON_A_PAGE;
            let lines = found.iter().skip(begin).take(ON_A_PAGE);
            let today = app.clock.today();
            let individual = Resource::new(ResourceKind::Individual, "new").of_partner(&id);
            Ok(ListPage {
                shell: visit.shell(Place::People, t.say("people-title")),
                partner_path: path_of(&id),
                partner_name: cell(&profile.partner, "name").to_owned(),
                people: lines.map(|one| line(visit, today, one)).collect(),
                looks: LOOKS.into_iter().map(look).collect(),
                total: found.len(),
                earlier: (page > 1).then(|| to(page - 1)),
                later: (found.len() > begin + ON_A_PAGE).then(|| to(page + 1)),
                may_add: may(visit, Action::AddFact, &individual),
                asked,
                show,
            })
        })
        .await
}

/// A row of a person at a partner.
struct RowView {
    id: String,
    partner_path: String,
    partner: String,
    name: String,
    emails: String,
    joined: String,
    left: String,
    has_consent: bool,
    may_correct: bool,
    /// Whether the row has no last day, so that the person can be said to have left.
    is_open: bool,
}

/// Where the person counts.
struct CountsView {
    partner_path: String,
    partner: String,
    rows: Vec<(String, String, usize)>,
}

#[derive(Template)]
#[template(path = "portal/people/show.html")]
struct PersonPage {
    shell: Shell,
    person: String,
    person_path: String,
    rows: Vec<RowView>,
    standing: Vec<HeldView>,
    past: Vec<HeldView>,
    soon: usize,
    counts: Vec<CountsView>,
    asked: Vec<AskedView>,
    foreign: Vec<String>,
    today: String,
    is_erased: bool,
    may_erase: bool,
    may_add: bool,
    /// A row to which a credential would be added.
    individual: String,
}

/// The name of a partner, where the visitor may know it.
fn partner_name(visit: &Visit, id: &str) -> String {
    let found = partners::read(visit.app(), &visit.caller, id).ok();
    let name = found.map(|found| cell(&found.partner, "name").to_owned());
    name.filter(|name| !name.is_empty()).unwrap_or_else(|| id.to_owned())
}

fn row_view(visit: &Visit, row: &guildhall_operations::ops::Record) -> RowView {
    let t = visit.t;
    let partner = cell(row, "partner");
    let about = Resource::new(ResourceKind::Individual, row.id.as_str()).of_partner(partner);
    RowView {
        id: path_of(&row.id),
        partner_path: path_of(partner),
        partner: partner_name(visit, partner),
        name: cell(row, "name").to_owned(),
        emails: cell(row, "emails").replace(';', ", "),
        joined: t.day_text(cell(row, "joined_on")),
        left: t.day_text(cell(row, "left_on")),
        has_consent: cell(row, "consent") == "yes",
        may_correct: may(visit, Action::CorrectFact, &about),
        is_open: cell(row, "left_on").is_empty(),
    }
}

/// Whether the visitor may erase somebody at these partners, be it after proving who they are.
fn may_erase(visit: &Visit, found: &people::Person) -> bool {
    let about = |row: &guildhall_operations::ops::Record| {
        Resource::new(ResourceKind::Person, found.person.as_str()).of_partner(cell(row, "partner"))
    };
    found.rows.iter().all(|row| may(visit, Action::ErasePerson, &about(row)))
}

fn page(visit: &Visit, person: &str) -> Result<PersonPage, Error> {
    let today = visit.app().clock.today();
    let (found, credentials, counts) = people::standing(visit.app(), &visit.caller, person)?;
    let views = credentials.iter().map(|held| held_view(visit, today, held));
    let (past, standing): (Vec<_>, Vec<_>) = views.partition(|held| held.lapse == "past");
    let rows: Vec<RowView> = found.rows.iter().map(|row| row_view(visit, row)).collect();
    let name = rows.iter().find(|row| row.is_open).or(rows.first());
    let name = name.map_or_else(|| person.to_owned(), |row| row.name.clone());
    let name = if found.is_erased { visit.t.say("person-erased") } else { name };
    let first = found.rows.iter().find(|row| cell(row, "left_on").is_empty());
    let first = first.or(found.rows.first());
    let credential = |row: &guildhall_operations::ops::Record| {
        Resource::new(ResourceKind::Credential, "new").of_partner(cell(row, "partner"))
    };
    let counts = counts.into_iter().map(|at| CountsView {
        partner_path: path_of(&at.partner),
        partner: at.name,
        rows: at
            .rows
            .into_iter()
            .map(|row| (path_of(&row.measure), row.title, row.facts.len()))
            .collect(),
    });
    Ok(PersonPage {
        shell: visit.shell(Place::People, name),
        person_path: path_of(person),
        soon: standing.iter().filter(|held| held.lapse == "soon").count(),
        standing,
        past,
        counts: counts.collect(),
        asked: learning::asked(visit, &plans::asked_of(visit.app(), &visit.caller, person)?, true),
        today: today.to_string(),
        is_erased: found.is_erased,
        may_erase: !found.is_erased && may_erase(visit, &found),
        may_add: first.is_some_and(|row| may(visit, Action::AddFact, &credential(row))),
        individual: first.map(|row| path_of(&row.id)).unwrap_or_default(),
        foreign: found.foreign_domains,
        person: found.person,
        rows,
    })
}

async fn show(Path(person): Path<String>, visit: Visit) -> Answer {
    visit.page(move |visit| page(visit, &person)).await
}

#[derive(Template)]
#[template(path = "portal/people/erase.html")]
struct ErasePage {
    shell: Shell,
    person_path: String,
    name: String,
    rows: usize,
    credentials: usize,
}

async fn show_erase(Path(person): Path<String>, visit: Visit) -> Answer {
    visit
        .page(move |visit| {
            let found = people::read(visit.app(), &visit.caller, &person)?;
            if !may_erase(visit, &found) {
                let partner = found.rows.first().map(|row| cell(row, "partner"));
                let about = Resource::new(ResourceKind::Person, person.as_str());
                let about = about.of_partner(partner.unwrap_or_default());
                visit.app().allow(&visit.caller, Action::ErasePerson, &about)?;
            }
            let name = found.rows.first().map(|row| cell(row, "name").to_owned());
            Ok(ErasePage {
                shell: visit.shell(Place::People, visit.t.say("erase-title")),
                person_path: path_of(&person),
                name: name.unwrap_or_default(),
                rows: found.rows.len(),
                credentials: found.credentials.len(),
            })
        })
        .await
}

async fn erase(Path(person): Path<String>, form: Form) -> Answer {
    form.act(move |visit, _| {
        let erased = people::erase(visit.app(), &visit.caller, &person)?;
        let to = format!("/people/{}", path_of(&erased.person));
        Ok(Done::saying(to, "notice-person-erased", erased.versions.to_string()))
    })
    .await
}
