//! Retracting a fact, with its effect and a reason; and withdrawing a reference, which its customer
//! may do.

use askama::Template;
use axum::http::StatusCode;
use guildhall_operations::Error;
use guildhall_operations::http::Path;
use guildhall_operations::ops::facts::{self, Trial};
use guildhall_rules::facts::File;

use super::PartnerView;
use super::edit::EffectPart;
use super::show::title;
use super::words::{CellView, Words, fact_path};
use crate::form::{FieldProblems, Form};
use crate::shell::{Place, Shell};
use crate::visit::{Answer, Done, Visit, render};

#[derive(Template)]
#[template(path = "portal/facts/retract.html")]
pub(super) struct RetractPage {
    pub(super) shell: Shell,
    pub(super) partner: PartnerView,
    pub(super) kind: String,
    pub(super) kind_title: String,
    pub(super) fact: String,
    pub(super) fact_title: String,
    pub(super) cells: Vec<CellView>,
    /// The version that was opened.
    pub(super) opened: String,
    pub(super) reason: String,
    /// Whether somebody else changed it since.
    pub(super) is_changed: bool,
    pub(super) effect: EffectPart,
    pub(super) problems: FieldProblems,
}

pub(super) async fn show(Path((kind, id)): Path<(String, String)>, visit: Visit) -> Answer {
    visit
        .page(move |visit| {
            let reason = visit.query().get("reason").to_owned();
            page(visit, &kind, &id, reason, FieldProblems::default())
        })
        .await
}

fn page(
    visit: &Visit,
    kind: &str,
    id: &str,
    reason: String,
    problems: FieldProblems,
) -> Result<RetractPage, Error> {
    let (app, caller) = (visit.app(), &visit.caller);
    let record = facts::read(app, caller, kind, id)?;
    let seen = facts::preview(app, caller, kind, &Trial::Retraction(id.to_owned()))?;
    let file = File::from_stem(kind).ok_or_else(|| Error::not_found("kind of fact", kind))?;
    let words = Words::of(visit)?;
    let fact_title = title(&words, file, id);
    Ok(RetractPage {
        shell: visit.shell(Place::Facts, visit.t.of_it("retract-title", &fact_title)),
        partner: PartnerView::of_fact(visit, &record)?,
        kind: kind.to_owned(),
        kind_title: words.kind(file),
        fact: fact_path(kind, id),
        fact_title,
        cells: words.cells(file, &record),
        opened: record.version.to_string(),
        reason,
        is_changed: false,
        effect: EffectPart::of_retraction(visit, &words, &seen),
        problems,
    })
}

pub(super) async fn retract(Path((kind, id)): Path<(String, String)>, form: Form) -> Answer {
    form.act(move |visit, fields| {
        let reason = fields.get("reason").to_owned();
        let if_match = format!("\"v{}\"", fields.get("opened"));
        let (app, caller) = (visit.app(), &visit.caller);
        match facts::retract(app, caller, &kind, &id, &reason, Some(&if_match)) {
            Ok(_) => Ok(Done::saying(fact_path(&kind, &id), "notice-fact-retracted", "")),
            Err(Error::Changed { .. }) => {
                let page = page(visit, &kind, &id, reason, FieldProblems::default())?;
                let page = RetractPage { is_changed: true, ..page };
                Ok(Done::Page(StatusCode::CONFLICT, render(&page)?))
            }
            Err(error) => visit.again(error, |problems| page(visit, &kind, &id, reason, problems)),
        }
    })
    .await
}

#[derive(Template)]
#[template(path = "portal/facts/withdraw.html")]
pub(super) struct WithdrawPage {
    pub(super) shell: Shell,
    pub(super) fact: String,
    pub(super) fact_title: String,
    pub(super) cells: Vec<CellView>,
    pub(super) problems: FieldProblems,
}

fn withdraw_page(visit: &Visit, id: &str, problems: FieldProblems) -> Result<WithdrawPage, Error> {
    let file = File::References;
    let record = facts::read(visit.app(), &visit.caller, file.stem(), id)?;
    let words = Words::of(visit)?;
    let fact_title = title(&words, file, id);
    Ok(WithdrawPage {
        shell: visit.shell(Place::Facts, visit.t.of_it("fact-withdraw-title", &fact_title)),
        fact: fact_path(file.stem(), id),
        fact_title,
        cells: words.cells(file, &record),
        problems,
    })
}

fn only_references(kind: &str) -> Result<(), Error> {
    let is_reference = File::from_stem(kind) == Some(File::References);
    if is_reference { Ok(()) } else { Err(Error::not_found("page", kind)) }
}

pub(super) async fn show_withdraw(
    Path((kind, id)): Path<(String, String)>,
    visit: Visit,
) -> Answer {
    visit
        .page(move |visit| {
            only_references(&kind)?;
            withdraw_page(visit, &id, FieldProblems::default())
        })
        .await
}

pub(super) async fn withdraw(Path((kind, id)): Path<(String, String)>, form: Form) -> Answer {
    form.act(move |visit, _| {
        only_references(&kind)?;
        match facts::withdraw_reference(visit.app(), &visit.caller, &id) {
            Ok(_) => Ok(Done::saying(fact_path(&kind, &id), "notice-reference-withdrawn", "")),
            Err(error) => visit.again(error, |problems| withdraw_page(visit, &id, problems)),
        }
    })
    .await
}
