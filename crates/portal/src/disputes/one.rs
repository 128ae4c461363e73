//! One dispute: the claim, what both sides wrote, the clock, and the answer.

use std::collections::BTreeMap;

use askama::Template;
use guildhall_access::Action;
use guildhall_operations::Error;
use guildhall_operations::http::Path;
use guildhall_operations::ops::disputes::{self, DisputeShown};
use guildhall_operations::ops::facts;
use guildhall_operations::ops::tag;
use guildhall_store::Kind;

use super::{clock, is_vendor, may, mood};
use crate::form::{FieldProblems, Fields, Form};
use crate::list::number;
use crate::naming::Naming;
use crate::shell::{Place, Shell};
use crate::visit::{Answer, Done, Visit, path_of};

/// Something that was said: the claim, a message, the answer.
struct Said {
    who: String,
    side: String,
    is_vendor: bool,
    when: String,
    text: String,
}

#[derive(Template)]
#[template(path = "portal/disputes/one.html")]
#[expect(clippy::struct_excessive_bools, reason = "a page says what may be done on it")]
struct DisputePage {
    shell: Shell,
    number: i64,
    version: i64,
    partner: String,
    partner_to: String,
    kind: String,
    fact: String,
    fact_to: Option<String>,
    missing: Option<String>,
    /// The fact as it is held now, as far as the visitor may see it.
    values: Vec<(String, String)>,
    state: String,
    mood: &'static str,
    is_open: bool,
    is_overdue: bool,
    clock: String,
    opened: String,
    due_on: String,
    closed: String,
    said: Vec<Said>,
    may_write: bool,
    may_answer: bool,
    may_withdraw: bool,
    text: String,
    reason: String,
    problems: FieldProblems,
}

/// What was said, in its order.
fn said(visit: &Visit, naming: &Naming, dispute: &DisputeShown) -> Vec<Said> {
    let t = visit.t;
    let one = |who: &str, side: &str, when: &str, text: &str| Said {
        who: naming.user(who, if side == "vendor" { "naming-vendor" } else { "naming-partner" }),
        side: t.word("naming", side),
        is_vendor: side == "vendor",
        when: t.moment_text(when),
        text: text.to_owned(),
    };
    let mut said = vec![one(&dispute.opened_by, "partner", &dispute.opened_at, &dispute.claim)];
    let messages = dispute.messages.iter();
    said.extend(messages.map(|said| one(&said.by, &said.side, &said.at, &said.text)));
    if let (Some(by), Some(at), Some(reason)) =
        (&dispute.closed_by, &dispute.closed_at, &dispute.reason)
    {
        said.push(one(by, "vendor", at, reason));
    }
    said
}

fn page(
    visit: &Visit,
    number: i64,
    fields: &Fields,
    problems: FieldProblems,
) -> Result<DisputePage, Error> {
    let (app, caller, t) = (visit.app(), &visit.caller, visit.t);
    let dispute = disputes::get(app, caller, number)?;
    let users = dispute
        .messages
        .iter()
        .map(|message| message.by.as_str())
        .chain([dispute.opened_by.as_str()])
        .chain(dispute.closed_by.as_deref());
    let naming = Naming::of(visit, [dispute.partner.as_str()], users)?;
    let read = |id: &String| facts::read(app, caller, &dispute.kind, id).ok();
    let held = dispute.fact.as_ref().and_then(read).map(|held| held.values).unwrap_or_default();
    let names = Kind::from_table(&dispute.kind).into_iter().flat_map(Kind::names);
    let value = |name: &str| Some((name.replace('_', " "), t.day_text(held.get(name)?)));
    let is_open = dispute.state == "open";
    let id = number.to_string();
    let may = |action| is_open && may(visit, action, &id, &dispute.partner);
    let fact_to = |id: &String| format!("/facts/{}/{}", path_of(&dispute.kind), path_of(id));
    Ok(DisputePage {
        shell: visit.shell(Place::Disputes, t.of_it("dispute-title", &id)),
        number,
        version: dispute.version,
        partner: naming.partner(&dispute.partner),
        partner_to: format!("/partners/{}/scorecard", path_of(&dispute.partner)),
        kind: t.word("fact-file", &dispute.kind),
        fact_to: dispute.fact.as_ref().map(fact_to),
        fact: dispute.fact.clone().unwrap_or_default(),
        missing: dispute.missing.clone(),
        values: names.filter_map(value).collect(),
        state: t.word("dispute-state", &dispute.state),
        mood: mood(&dispute.state),
        is_open,
        is_overdue: dispute.is_overdue,
        clock: clock(visit, &dispute),
        opened: t.moment_text(&dispute.opened_at),
        due_on: t.day_text(&dispute.due_on),
        closed: dispute.closed_at.as_deref().map(|at| t.moment_text(at)).unwrap_or_default(),
        said: said(visit, &naming, &dispute),
        may_write: may(if is_vendor(visit) { Action::AnswerDispute } else { Action::OpenDispute }),
        may_answer: may(Action::AnswerDispute),
        may_withdraw: may(Action::WithdrawDispute),
        text: fields.get("text").to_owned(),
        reason: fields.get("reason").to_owned(),
        problems,
    })
}

pub(super) async fn show(visit: Visit, Path(id): Path<String>) -> Answer {
    visit
        .page(move |visit| {
            page(visit, number("dispute", &id)?, &visit.query(), FieldProblems::default())
        })
        .await
}

/// The tag of the version that the form was made from.
pub(super) fn version(fields: &Fields) -> Option<String> {
    fields.get("version").parse().ok().map(tag)
}

/// What came of a form on the page of a dispute.
fn done(
    visit: &Visit,
    fields: &Fields,
    came: Result<DisputeShown, Error>,
    (number, notice): (i64, &'static str),
) -> Result<Done, Error> {
    match came {
        Ok(_) => Ok(Done::saying(format!("/disputes/{number}"), notice, "")),
        Err(error) => visit.again(error, |problems| page(visit, number, fields, problems)),
    }
}

pub(super) async fn write(Path(id): Path<String>, form: Form) -> Answer {
    form.act(move |visit, fields| {
        let number = number("dispute", &id)?;
        let came = disputes::write(visit.app(), &visit.caller, number, fields.get("text"));
        done(visit, fields, came, (number, "notice-dispute-written"))
    })
    .await
}

pub(super) async fn reject(Path(id): Path<String>, form: Form) -> Answer {
    form.act(move |visit, fields| {
        let number = number("dispute", &id)?;
        let answer = disputes::Answer {
            outcome: "rejected".to_owned(),
            reason: fields.get("reason").to_owned(),
            cells: BTreeMap::new(),
        };
        let tag = version(fields);
        let came = disputes::answer(visit.app(), &visit.caller, number, tag.as_deref(), &answer);
        done(visit, fields, came, (number, "notice-dispute-answered"))
    })
    .await
}

pub(super) async fn withdraw(Path(id): Path<String>, form: Form) -> Answer {
    form.act(move |visit, fields| {
        let number = number("dispute", &id)?;
        let tag = version(fields);
        let came = disputes::withdraw(visit.app(), &visit.caller, number, tag.as_deref());
        done(visit, fields, came, (number, "notice-dispute-withdrawn"))
    })
    .await
}
