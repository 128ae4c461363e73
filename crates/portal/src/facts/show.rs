//! One fact: what is held to be true, every version with who and when, and what can be done.

use std::collections::BTreeMap;

use askama::Template;
use guildhall_operations::Error;
use guildhall_operations::http::Path;
use guildhall_operations::ops::facts::{self, FactVersion, May};
use guildhall_operations::ops::{Record, disputes};
use guildhall_rules::facts::File;

use super::words::{CellView, Words, columns, fact_path};
use super::{PartnerView, or_hidden};
use crate::form::address;
use crate::shell::{Place, Shell};
use crate::visit::{Answer, Visit, path_of};

/// A cell that a version changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Changed {
    pub(super) label: String,
    pub(super) before: String,
    pub(super) after: String,
}

/// A version in the history of a fact.
pub(super) struct VersionView {
    pub(super) at: String,
    pub(super) by: String,
    pub(super) action: String,
    pub(super) is_first: bool,
    pub(super) is_held: bool,
    pub(super) changed: Vec<Changed>,
    /// When it was retracted, by whom, and why.
    pub(super) retracted: Option<(String, String, String)>,
}

/// A dispute about a fact.
pub(super) struct DisputeView {
    pub(super) number: i64,
    pub(super) claim: String,
    pub(super) state: String,
    pub(super) is_open: bool,
}

#[derive(Template)]
#[template(path = "portal/facts/show.html")]
pub(super) struct FactPage {
    pub(super) shell: Shell,
    pub(super) partner: PartnerView,
    pub(super) kind: String,
    pub(super) kind_title: String,
    pub(super) cells: Vec<CellView>,
    pub(super) is_retracted: bool,
    pub(super) versions: Vec<VersionView>,
    pub(super) disputes: Vec<DisputeView>,
    pub(super) actions: Vec<ActionView>,
}

/// Something that can be done from here.
pub(super) struct ActionView {
    pub(super) to: String,
    pub(super) text: String,
    /// A class of the button, behind a space.
    pub(super) looks: &'static str,
}

pub(super) async fn show(Path((kind, id)): Path<(String, String)>, visit: Visit) -> Answer {
    visit.page(move |visit| page(visit, &kind, &id)).await
}

pub(super) fn title(words: &Words, file: File, id: &str) -> String {
    words.t.tell("fact-title", &[("kind", words.one(file).into()), ("id", id.into())])
}

fn page(visit: &Visit, kind: &str, id: &str) -> Result<FactPage, Error> {
    let (app, caller) = (visit.app(), &visit.caller);
    let found = facts::versions(app, caller, kind, id)?;
    let file = File::from_stem(kind).ok_or_else(|| Error::not_found("kind of fact", kind))?;
    let last = found.last().ok_or_else(|| Error::not_found(file.row_word(), id))?;
    let words = Words::of(visit)?;
    let partner = PartnerView::of_fact(visit, &last.record)?;
    Ok(FactPage {
        shell: visit.shell(Place::Facts, title(&words, file, id)),
        kind: kind.to_owned(),
        kind_title: words.kind(file),
        cells: words.cells(file, &last.record),
        is_retracted: last.superseded_at.is_some(),
        versions: versions(visit, &words, file, &found)?,
        disputes: disputes_on(visit, kind, id, &partner)?,
        actions: actions(visit, file, &last.record, &partner)?,
        partner,
    })
}

/// What the visitor can do with a fact, and the person that it is about.
fn actions(
    visit: &Visit,
    file: File,
    record: &Record,
    partner: &PartnerView,
) -> Result<Vec<ActionView>, Error> {
    let (t, kind, id) = (visit.t, file.stem(), record.id.as_str());
    let own = fact_path(kind, id);
    let mut actions = Vec::new();
    if file == File::Individuals {
        let person = path_of(record.values.get("person").map_or(id, String::as_str));
        let to = format!("/people/{person}");
        actions.push(ActionView { to, text: t.say("fact-person"), looks: "" });
    }
    for may in facts::may(visit.app(), &visit.caller, kind, id)? {
        let (to, key, looks) = match may {
            May::Dispute => {
                let about = [("kind", kind), ("fact", id), ("partner", partner.id.as_str())];
                (address("/disputes/new", &about), "fact-dispute", "")
            }
            May::Withdraw => (format!("{own}/withdraw"), "fact-withdraw", ""),
            May::Retract => (format!("{own}/retract"), "fact-retract", " danger"),
            May::Correct => (format!("{own}/correct"), "fact-correct", " primary"),
        };
        actions.push(ActionView { to, text: t.say(key), looks });
    }
    Ok(actions)
}

/// The versions of a fact, the last first.
fn versions(
    visit: &Visit,
    words: &Words,
    file: File,
    found: &[FactVersion],
) -> Result<Vec<VersionView>, Error> {
    let t = visit.t;
    let ids: Vec<String> = found
        .iter()
        .flat_map(|version| [Some(&version.recorded_by), version.retracted_by.as_ref()])
        .flatten()
        .cloned()
        .collect();
    let names = facts::who(visit.app(), &visit.caller, &ids)?;
    let by = |id: &str| names.get(id).cloned().unwrap_or_else(|| t.word("fact-who", id));
    let moment =
        |at: Option<&String>| at.map_or_else(|| t.say("fact-always"), |at| t.moment_text(at));
    let mut views = Vec::new();
    let mut before: Option<&Record> = None;
    for version in found {
        let changed = before.map(|before| changed(words, file, before, &version.record));
        views.push(VersionView {
            at: moment(version.record.recorded_at.as_ref()),
            by: by(&version.recorded_by),
            action: t.word("fact-did", &version.action),
            is_first: before.is_none(),
            is_held: version.superseded_at.is_none(),
            changed: changed.unwrap_or_default(),
            retracted: version.retracted_by.as_deref().map(|id| {
                let reason = version.reason.clone().unwrap_or_default();
                (moment(version.superseded_at.as_ref()), by(id), reason)
            }),
        });
        before = Some(&version.record);
    }
    views.reverse();
    Ok(views)
}

/// What differs between two rows.
pub(super) fn changed(words: &Words, file: File, before: &Record, after: &Record) -> Vec<Changed> {
    let none = || words.t.say("fact-empty");
    let text = |values: &BTreeMap<String, String>, column: &guildhall_rules::facts::Column| {
        values.get(column.name).map_or_else(none, |text| words.value(column, text))
    };
    columns(file)
        .iter()
        .filter(|column| before.values.get(column.name) != after.values.get(column.name))
        .map(|column| Changed {
            label: words.label(file, column.name),
            before: text(&before.values, column),
            after: text(&after.values, column),
        })
        .collect()
}

/// The disputes about a fact, among the latest of its partner.
fn disputes_on(
    visit: &Visit,
    kind: &str,
    id: &str,
    partner: &PartnerView,
) -> Result<Vec<DisputeView>, Error> {
    const LATEST: usize = 200;
    if partner.id.is_empty() {
        return Ok(Vec::new());
    }
    let listed = disputes::list(visit.app(), &visit.caller, Some(&partner.id), None, LATEST);
    let listed = or_hidden(listed)?.unwrap_or_default();
    let own = listed
        .into_iter()
        .filter(|dispute| dispute.kind == kind && dispute.fact.as_deref() == Some(id));
    Ok(own
        .map(|dispute| DisputeView {
            number: dispute.number,
            claim: dispute.claim.chars().take(200).collect(),
            is_open: dispute.state == "open",
            state: visit.t.word("fact-disputed", &dispute.state),
        })
        .collect())
}
