//! Facts: those of a partner by kind, one with its history, and forms to add, correct, retract.
//!
//! Forms are made of the columns of the format. What a change does to scorecards is shown before it
//! is saved: the button that saves comes with the effect, which a visitor without script asks for
//! by a button of its own.

mod edit;
mod effect;
mod list;
mod retract;
mod show;
#[cfg(test)]
mod tests;
mod words;

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::routing::{get, post};
use guildhall_operations::http::Path;
use guildhall_operations::ops::{Record, facts, partners};
use guildhall_operations::{App, Error};

use super::shell::{Place, Shell};
use super::visit::{Answer, Visit, path_of};

pub(super) use words::{Words, fact_path};

/// The routes.
pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/partners/{id}/facts", get(kinds))
        .route("/partners/{id}/facts/{kind}", get(list::show))
        .route("/facts/{kind}/new", get(edit::show_new).post(edit::add))
        .route("/facts/{kind}/preview", post(edit::preview))
        .route("/facts/{kind}/{id}", get(show::show))
        .route("/facts/{kind}/{id}/correct", get(edit::show_correct).post(edit::correct))
        .route("/facts/{kind}/{id}/retract", get(retract::show).post(retract::retract))
        .route("/facts/{kind}/{id}/withdraw", get(retract::show_withdraw).post(retract::withdraw))
}

/// The partner on whose pages a fact stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct PartnerView {
    /// Its id as it stands in a path; empty where there is none that the visitor may see.
    path: String,
    id: String,
    name: String,
}

impl PartnerView {
    fn of(id: &str, name: &str) -> Self {
        Self { path: path_of(id), id: id.to_owned(), name: name.to_owned() }
    }

    /// The partner, if the visitor may see it.
    fn seen(visit: &Visit, id: &str) -> Result<Self, Error> {
        let profile = partners::read(visit.app(), &visit.caller, id)?;
        let name = profile.partner.values.get("name").map_or(id, String::as_str);
        Ok(Self::of(id, name))
    }

    /// The partner of a fact, nothing where there is none to see.
    fn of_fact(visit: &Visit, record: &Record) -> Result<Self, Error> {
        let value = |name: &str| record.values.get(name).map(String::as_str);
        let id = match record.kind.as_str() {
            "partners" => Some(record.id.clone()),
            "affiliations" => {
                let own = value("subsidiary").filter(|id| visit.is_own(id));
                own.or(value("primary")).map(str::to_owned)
            }
            "credentials" => {
                let individual = value("individual").unwrap_or_default();
                let read = facts::read(visit.app(), &visit.caller, "individuals", individual);
                or_hidden(read)?.and_then(|row| row.values.get("partner").cloned())
            }
            _ => value("partner").map(str::to_owned),
        };
        let Some(id) = id else { return Ok(Self::default()) };
        Ok(or_hidden(Self::seen(visit, &id))?.unwrap_or_default())
    }
}

/// What there is, or nothing where the visitor may not see it.
fn or_hidden<T>(outcome: Result<T, Error>) -> Result<Option<T>, Error> {
    match outcome {
        Ok(value) => Ok(Some(value)),
        Err(Error::NotFound { .. } | Error::Denied { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// A kind in the list of kinds.
struct KindView {
    title: String,
    what: String,
    to: String,
    count: String,
    add: Option<String>,
}

#[derive(Template)]
#[template(path = "portal/facts.html")]
struct KindsPage {
    shell: Shell,
    partner: PartnerView,
    kinds: Vec<KindView>,
}

async fn kinds(Path(id): Path<String>, visit: Visit) -> Answer {
    visit
        .page(move |visit| {
            let partner = PartnerView::seen(visit, &id)?;
            let words = Words::of(visit)?;
            let mut views = Vec::new();
            for found in facts::kinds(visit.app(), &visit.caller, &id)? {
                let stem = found.file.stem();
                let may_add = facts::may_add(visit.app(), &visit.caller, stem, &id)?;
                let count = visit.t.count(found.count);
                views.push(KindView {
                    title: words.kind(found.file),
                    what: visit.t.word("fact-about", stem),
                    to: format!("/partners/{}/facts/{stem}", partner.path),
                    count: match found.is_at_least {
                        true => visit.t.of_it("facts-at-least", &count),
                        false => count,
                    },
                    add: may_add.then(|| new_path(stem, &partner)),
                });
            }
            let title = visit.t.say("facts-title");
            Ok(KindsPage { shell: visit.shell(Place::Facts, title), partner, kinds: views })
        })
        .await
}

/// Where a fact of a kind is added.
fn new_path(stem: &str, partner: &PartnerView) -> String {
    super::form::address(&format!("/facts/{stem}/new"), &[("partner", &partner.id)])
}
