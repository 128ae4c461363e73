//! The training catalogue of an edition, and the other efforts that plans reckon with.

use askama::Template;
use guildhall_operations::http::Path;
use guildhall_operations::ops::editions;
use guildhall_rules::rulebook::{Edition, Prerequisite};

use crate::scorecard::or_id;
use crate::shell::{Place, Shell};
use crate::visit::{Answer, Done, Visit, path_of};

/// A course or an examination.
struct TrainingView {
    id: String,
    title: String,
    cost: String,
    days: String,
    leads_to: String,
    requires: String,
    is_assumed: bool,
}

/// An effort.
struct EffortView {
    id: String,
    title: String,
    cost: String,
    days: String,
    brings: String,
    most: String,
    is_assumed: bool,
}

#[derive(Template)]
#[template(path = "portal/rulebook/training.html")]
struct TrainingPage {
    shell: Shell,
    title: String,
    path: String,
    currency: String,
    trainings: Vec<TrainingView>,
    /// Whether any asks for something before it.
    has_requirements: bool,
    efforts: Vec<EffortView>,
}

/// The catalogue of the edition in force.
pub(super) async fn present(visit: Visit) -> Answer {
    visit
        .run(|visit| {
            let book = visit.app().book()?;
            let id = book.choose(None, visit.app().clock.today(), None)?.id.clone();
            Done::page(&page(visit, &id)?)
        })
        .await
}

pub(super) async fn show(Path(id): Path<String>, visit: Visit) -> Answer {
    visit.page(move |visit| page(visit, &id)).await
}

fn page(visit: &Visit, id: &str) -> Result<TrainingPage, guildhall_operations::Error> {
    let t = visit.t;
    let (_, edition) = editions::read(visit.app(), &visit.caller, id)?;
    let trainings = edition.training.iter().map(|one| TrainingView {
        id: one.id.clone(),
        title: or_id(&one.title, &one.id),
        cost: t.number(&one.cost.to_string()),
        days: t.n("training-days", one.days.into()),
        leads_to: one.leads_to.map(|at| credential(&edition, at)).unwrap_or_default(),
        requires: one
            .requires
            .iter()
            .map(|required| match required {
                Prerequisite::Credential(at) => credential(&edition, *at),
                Prerequisite::Training(at) => course(&edition, *at),
            })
            .collect::<Vec<_>>()
            .join(", "),
        is_assumed: one.grounds.assumed.is_some(),
    });
    let efforts = edition.efforts.iter().map(|one| EffortView {
        id: one.id.clone(),
        title: or_id(&one.title, &one.id),
        cost: t.number(&one.cost.to_string()),
        days: t.n("training-days", one.days.into()),
        brings: t.word("training-brings", one.kind.word()),
        most: one
            .at_most
            .map(|most| t.n("training-most", usize::try_from(most).unwrap_or(usize::MAX)))
            .unwrap_or_default(),
        is_assumed: one.grounds.assumed.is_some(),
    });
    Ok(TrainingPage {
        shell: visit.shell(Place::Rulebook, t.say("training-title")),
        title: or_id(&edition.title, &edition.id),
        path: path_of(&edition.id),
        currency: edition.currency.clone(),
        has_requirements: edition.training.iter().any(|one| !one.requires.is_empty()),
        trainings: trainings.collect(),
        efforts: efforts.collect(),
    })
}

fn credential(edition: &Edition, at: usize) -> String {
    edition.credentials.get(at).map(|one| or_id(&one.title, &one.id)).unwrap_or_default()
}

fn course(edition: &Edition, at: usize) -> String {
    edition.training.get(at).map(|one| or_id(&one.title, &one.id)).unwrap_or_default()
}
