//! The search: partners, people, customers and facts that the visitor may see.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::routing::get;
use guildhall_operations::ops::Record;
use guildhall_operations::ops::search::{self, Found};
use guildhall_operations::{App, Error};
use guildhall_rules::facts::File;

use super::facts::{Words, fact_path};
use super::shell::{Place, Shell};
use super::visit::{Answer, Visit, path_of};

/// How much of each sort is shown.
const SHOWN: usize = 10;

/// The routes.
pub(super) fn routes() -> Router<Arc<App>> {
    Router::new().route("/search", get(show))
}

/// Something that was found.
struct Item {
    to: String,
    title: String,
    detail: String,
}

/// What was found of one sort.
struct Section {
    title: String,
    items: Vec<Item>,
}

#[derive(Template)]
#[template(path = "portal/search.html")]
struct SearchPage {
    shell: Shell,
    q: String,
    /// How much was found, or why nothing was looked for.
    said: String,
    sections: Vec<Section>,
    has_more: bool,
}

async fn show(visit: Visit) -> Answer {
    visit
        .page(|visit| {
            let q = visit.query().get("q").trim().to_owned();
            let found = search::search(visit.app(), &visit.caller, &q, SHOWN)?;
            let has_more = found.has_more;
            let said = match () {
                () if q.is_empty() => String::new(),
                () if q.chars().count() < search::SHORTEST => visit.t.say("search-short"),
                () if found.is_empty() => visit.t.of_it("search-none", &q),
                () => visit.t.of_it("search-found", &q),
            };
            Ok(SearchPage {
                shell: visit.shell(Place::Nowhere, visit.t.say("search-title")),
                sections: sections(visit, &found)?,
                q,
                said,
                has_more,
            })
        })
        .await
}

fn sections(visit: &Visit, found: &Found) -> Result<Vec<Section>, Error> {
    let words = Words::of(visit)?;
    let t = visit.t;
    let item = |record: &Record, to: String| {
        let text = |name: &str| record.values.get(name).cloned();
        let title = text("name").unwrap_or_else(|| record.id.clone());
        let detail = text("partner").unwrap_or_else(|| record.id.clone());
        Item { to, title, detail }
    };
    let section = |title: &str, records: &[Record], to: &dyn Fn(&Record) -> String| Section {
        title: t.say(title),
        items: records.iter().map(|record| item(record, to(record))).collect(),
    };
    let person = |record: &Record| {
        let person = record.values.get("person").unwrap_or(&record.id);
        format!("/people/{}", path_of(person))
    };
    let mut sections = vec![
        section("search-partners", &found.partners, &|record| {
            format!("/partners/{}", path_of(&record.id))
        }),
        section("search-people", &found.people, &person),
        section("search-customers", &found.customers, &|record| {
            format!("/customers/{}", path_of(&record.id))
        }),
    ];
    for file in File::ALL {
        let own = found.facts.iter().filter(|record| record.kind == file.stem());
        let items = own.map(|record| Item {
            to: fact_path(&record.kind, &record.id),
            title: record.id.clone(),
            detail: detail(&words, file, record),
        });
        sections.push(Section { title: words.kind(file), items: items.collect() });
    }
    sections.retain(|section| !section.items.is_empty());
    Ok(sections)
}

/// The first few cells of a fact, so that it is recognised.
fn detail(words: &Words, file: File, record: &Record) -> String {
    const CELLS: usize = 4;
    let cells = words.cells(file, record);
    let texts: Vec<String> = cells.into_iter().take(CELLS).map(|cell| cell.value).collect();
    texts.join(" · ").chars().take(160).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts::Texts;

    #[test]
    fn what_was_found_is_text() {
        let item = Item {
            to: "/partners/ada".to_owned(),
            title: "<b>".to_owned(),
            detail: "<i>".to_owned(),
        };
        let page = SearchPage {
            shell: Shell::sample("Search"),
            q: "\"><b>".to_owned(),
            said: Texts::english().of_it("search-found", "<b>"),
            sections: vec![Section { title: "Partners".to_owned(), items: vec![item] }],
            has_more: true,
        };
        let html = page.render().unwrap_or_default();
        assert!(html.contains("/partners/ada"), "{html}");
        assert!(!html.contains("<b>") && !html.contains("<i>"), "{html}");
    }
}
