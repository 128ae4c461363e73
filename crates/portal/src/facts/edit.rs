//! Adding and correcting facts: a form of the columns of a kind, the effect before it is saved, and
//! the difference where somebody else was faster.

mod conflict;

use std::collections::BTreeMap;

use askama::Template;
use guildhall_access::Side;
use guildhall_operations::Error;
use guildhall_operations::http::Path;
use guildhall_operations::ops::facts::{self, Correction, Sought, Trial};
use guildhall_operations::ops::{Cells, Record};
use guildhall_rules::facts::{File, Holds};

use super::effect::EffectView;
use super::show::title;
use super::words::{Choice, FieldView, FormOf, Words, columns, fact_path};
use super::{PartnerView, or_hidden};
use crate::form::{FieldProblems, Fields, Form};
use crate::shell::{Place, Shell};
use crate::texts::Texts;
use crate::visit::{Answer, Done, Visit};

pub(super) use conflict::ConflictRow;

/// Rows that are offered for a reference.
const OFFERED: usize = 200;

/// The effect of what is typed, and the button that saves it.
#[derive(Template)]
#[template(path = "portal/facts/effect.html")]
pub(super) struct EffectPart {
    pub(super) t: &'static Texts,
    /// What would move; nothing while it is not known.
    pub(super) effects: Option<Vec<EffectView>>,
    /// Why it is not known.
    pub(super) problems: Vec<String>,
    /// What the button says.
    pub(super) save: String,
    pub(super) is_danger: bool,
}

#[derive(Template)]
#[template(path = "portal/facts/edit.html")]
pub(super) struct EditPage {
    pub(super) shell: Shell,
    pub(super) partner: PartnerView,
    pub(super) kind: String,
    pub(super) kind_title: String,
    /// The page of the fact that is corrected, and its id; none for a new one.
    pub(super) fact: Option<(String, String)>,
    pub(super) fields: Vec<FieldView>,
    /// The names of the fields, for problems that stand beside none.
    pub(super) names: String,
    /// The version that was opened.
    pub(super) opened: String,
    pub(super) problems: FieldProblems,
    pub(super) conflict: Vec<ConflictRow>,
    pub(super) effect: EffectPart,
}

/// What a form is made of.
struct Draft<'a> {
    file: File,
    partner: PartnerView,
    /// The fact that is corrected.
    held: Option<&'a Record>,
    opened: String,
    values: BTreeMap<String, String>,
}

impl EffectPart {
    fn of(visit: &Visit, words: &Words, previewed: &facts::Preview, save: String) -> Self {
        let effects = previewed.effects.iter().map(|effect| EffectView::of(words, effect));
        let (effects, problems) = (Some(effects.collect()), Vec::new());
        Self { t: visit.t, effects, problems, save, is_danger: false }
    }

    pub(super) fn unknown(visit: &Visit, problems: Vec<String>) -> Self {
        Self { t: visit.t, effects: None, problems, save: String::new(), is_danger: false }
    }

    /// What a retraction would do.
    pub(super) fn of_retraction(visit: &Visit, words: &Words, seen: &facts::Preview) -> Self {
        let save = visit.t.say("retract-do");
        Self { is_danger: true, ..Self::of(visit, words, seen, save) }
    }
}

fn is_vendor(visit: &Visit) -> bool {
    matches!(visit.caller.actor.organization, Some((Side::Vendor, _)))
}

/// The organization for which the visitor acts, if it is of a side.
fn own(visit: &Visit, side: Side) -> Option<&str> {
    let organization = visit.caller.actor.organization.as_ref();
    organization.filter(|(of, _)| *of == side).map(|(_, id)| id.as_str())
}

fn file_of(kind: &str) -> Result<File, Error> {
    File::from_stem(kind).ok_or_else(|| Error::not_found("kind of fact", kind))
}

/// The cells as typed. Where the visitor takes what stands there now, it is that.
fn typed(file: File, fields: &Fields, held: Option<&Record>) -> BTreeMap<String, String> {
    let mut values = BTreeMap::new();
    for column in columns(file) {
        let takes_theirs = fields.get(&format!("take.{}", column.name)) == "theirs";
        let text = match (held, column.holds) {
            (Some(held), _) if takes_theirs => {
                held.values.get(column.name).cloned().unwrap_or_default()
            }
            (_, Holds::RulebookWords(_)) => {
                fields.all(column.name).filter(|one| !one.is_empty()).collect::<Vec<_>>().join(";")
            }
            (_, Holds::Text) => fields.get(column.name).trim().replace("\r\n", "\n"),
            _ => fields.get(column.name).trim().to_owned(),
        };
        if !text.is_empty() {
            values.insert(column.name.to_owned(), text);
        }
    }
    values
}

fn cells(values: &BTreeMap<String, String>) -> Cells {
    Cells(values.iter().map(|(name, value)| (name.clone(), Some(value.clone()))).collect())
}

/// An error of a form, so that it stands on the form where it can be mended there.
fn mendable(visit: &Visit, file: File, error: Error) -> Error {
    match error {
        Error::Denied { reason } if reason != "second_factor" => {
            Error::conflict("denied", visit.t.word("denial", &reason))
        }
        // The person is not one of the visitor's; a kind with a partner of its own stays hidden.
        Error::NotFound { .. } if file == File::Credentials => {
            Error::field("individual", "unknown-reference", visit.t.say("edit-no-person"))
        }
        error => error,
    }
}

/// The page of a form.
fn page(
    visit: &Visit,
    words: &Words,
    draft: Draft<'_>,
    (effect, problems, conflict): (EffectPart, FieldProblems, Vec<ConflictRow>),
) -> Result<EditPage, Error> {
    let Draft { file, partner, held, opened, values } = draft;
    let offers = offers(visit, file, &partner)?;
    let is_vendor = is_vendor(visit);
    let is_new = held.is_none();
    let is_fixed = |name: &str| match name {
        "id" => !is_new,
        "partner" => !is_vendor || (is_new && !partner.id.is_empty()),
        "customer" => own(visit, Side::Customer).is_some(),
        name => !is_vendor && facts::vendor_decides(file, name),
    };
    let offers = |file: File| {
        let offered = offers.iter().find(|(of, _)| *of == file);
        offered.map(|(_, choices)| choices.clone()).unwrap_or_default()
    };
    let form = FormOf { file, is_vendor, is_fixed: &is_fixed, offers: &offers };
    let fields: Vec<FieldView> = columns(file)
        .iter()
        .map(|column| {
            words.field(&form, column, values.get(column.name).map_or("", String::as_str))
        })
        .collect();
    let names: Vec<&str> =
        fields.iter().filter(|field| field.sort != "fixed").map(|field| field.name).collect();
    let heading = match held {
        Some(held) => visit.t.of_it("edit-correct", &title(words, file, &held.id)),
        None => visit.t.of_it("edit-new", &words.one(file)),
    };
    Ok(EditPage {
        shell: visit.shell(Place::Facts, heading),
        kind: file.stem().to_owned(),
        kind_title: words.kind(file),
        fact: held.map(|held| (fact_path(file.stem(), &held.id), held.id.clone())),
        names: names.join(" "),
        fields,
        opened,
        problems,
        conflict,
        effect,
        partner,
    })
}

/// What can be picked for the references of a kind.
fn offers(
    visit: &Visit,
    file: File,
    partner: &PartnerView,
) -> Result<Vec<(File, Vec<Choice>)>, Error> {
    let mut offers = Vec::new();
    for column in columns(file) {
        let Holds::Reference(of @ (File::Individuals | File::Opportunities)) = column.holds else {
            continue;
        };
        if partner.id.is_empty() {
            continue;
        }
        let sought = Sought { limit: OFFERED, ..Sought::default() };
        let found = facts::find(visit.app(), &visit.caller, of.stem(), &partner.id, &sought);
        let choice = |record: Record| {
            let text = |name: &str| record.values.get(name).cloned();
            let label = text("name").or_else(|| text("title")).or_else(|| text("customer"));
            Choice { value: record.id, label: label.unwrap_or_default(), is_chosen: false }
        };
        let found = or_hidden(found)?.unwrap_or_default();
        offers.push((of, found.into_iter().map(choice).collect()));
    }
    Ok(offers)
}

/// The partner of a new fact: the one that is named, or the visitor's own.
fn partner_of(visit: &Visit, fields: &Fields) -> Result<PartnerView, Error> {
    let named = fields.typed("partner").or_else(|| own(visit, Side::Partner));
    named.map_or_else(|| Ok(PartnerView::default()), |id| PartnerView::seen(visit, id))
}

pub(super) async fn show_new(Path(kind): Path<String>, visit: Visit) -> Answer {
    visit
        .page(move |visit| {
            let file = file_of(&kind)?;
            let query = visit.query();
            let partner = partner_of(visit, &query)?;
            let id = Some(partner.id.as_str()).filter(|id| !id.is_empty());
            facts::allow_add(visit.app(), &visit.caller, &kind, id)?;
            let words = Words::of(visit)?;
            let values = begun(visit, &words, file, &partner, &query);
            let draft = Draft { file, partner, held: None, opened: String::new(), values };
            let none = EffectPart::unknown(visit, Vec::new());
            page(visit, &words, draft, (none, FieldProblems::default(), Vec::new()))
        })
        .await
}

/// What a new form begins with: what the query says, and what goes without saying.
fn begun(
    visit: &Visit,
    words: &Words,
    file: File,
    partner: &PartnerView,
    query: &Fields,
) -> BTreeMap<String, String> {
    let mut values = typed(file, query, None);
    let mut fill = |name: &str, value: Option<&str>| {
        let is_column = columns(file).iter().any(|column| column.name == name);
        if let Some(value) = value.filter(|value| is_column && !value.is_empty()) {
            values.entry(name.to_owned()).or_insert_with(|| value.to_owned());
        }
    };
    fill("partner", Some(&partner.id));
    fill("customer", own(visit, Side::Customer));
    let needs_currency =
        columns(file).iter().any(|column| column.holds == Holds::Currency && column.is_required);
    if needs_currency {
        fill("currency", words.book.currency.as_deref());
    }
    values
}

pub(super) async fn add(Path(kind): Path<String>, form: Form) -> Answer {
    form.act(move |visit, fields| {
        let file = file_of(&kind)?;
        let (app, caller) = (visit.app(), &visit.caller);
        let partner = partner_of(visit, fields)?;
        let words = Words::of(visit)?;
        let values = typed(file, fields, None);
        let tried = if fields.get("do") == "save" {
            match facts::add(app, caller, &kind, &cells(&values)) {
                Ok(record) => {
                    let to = fact_path(&kind, &record.id);
                    return Ok(Done::saying(to, "notice-fact-added", words.one(file)));
                }
                Err(error) => Err(error),
            }
        } else {
            new_effect(visit, &words, file, &values)
        };
        let draft = Draft { file, partner, held: None, opened: String::new(), values };
        shown(visit, &words, draft, tried)
    })
    .await
}

/// The effect of a new fact. One with an id that is taken has none.
fn new_effect(
    visit: &Visit,
    words: &Words,
    file: File,
    values: &BTreeMap<String, String>,
) -> Result<EffectPart, Error> {
    if let Some(id) = values.get("id") {
        let held = facts::read(visit.app(), &visit.caller, file.stem(), id);
        if or_hidden(held)?.is_some() {
            return Err(Error::field("id", "id-taken", visit.t.say("edit-id-taken")));
        }
    }
    effect(visit, words, file, values, visit.t.of_it("edit-add", &words.one(file)))
}

fn effect(
    visit: &Visit,
    words: &Words,
    file: File,
    values: &BTreeMap<String, String>,
    save: String,
) -> Result<EffectPart, Error> {
    let trial = Trial::Row(cells(values));
    let seen = facts::preview(visit.app(), &visit.caller, file.stem(), &trial)?;
    Ok(EffectPart::of(visit, words, &seen, save))
}

/// The form again: with the effect, or with what is wrong.
fn shown(
    visit: &Visit,
    words: &Words,
    draft: Draft<'_>,
    tried: Result<EffectPart, Error>,
) -> Result<Done, Error> {
    match tried {
        Ok(effect) => {
            let rest = (effect, FieldProblems::default(), Vec::new());
            Done::page(&page(visit, words, draft, rest)?)
        }
        Err(error) => visit.again(mendable(visit, draft.file, error), |problems| {
            let none = EffectPart::unknown(visit, Vec::new());
            page(visit, words, draft, (none, problems, Vec::new()))
        }),
    }
}

pub(super) async fn show_correct(Path((kind, id)): Path<(String, String)>, visit: Visit) -> Answer {
    visit
        .page(move |visit| {
            let file = file_of(&kind)?;
            let held = facts::correctable(visit.app(), &visit.caller, &kind, &id)?;
            let words = Words::of(visit)?;
            let query = visit.query();
            let opened = query.typed("opened").map(str::to_owned);
            // Whoever had to sign in again comes back to what they typed.
            let values = match &opened {
                Some(_) => typed(file, &query, Some(&held)),
                None => held.values.clone(),
            };
            let opened = opened.unwrap_or_else(|| held.version.to_string());
            let partner = PartnerView::of_fact(visit, &held)?;
            let draft = Draft { file, partner, held: Some(&held), opened, values };
            let none = EffectPart::unknown(visit, Vec::new());
            page(visit, &words, draft, (none, FieldProblems::default(), Vec::new()))
        })
        .await
}

pub(super) async fn correct(Path((kind, id)): Path<(String, String)>, form: Form) -> Answer {
    form.act(move |visit, fields| {
        let file = file_of(&kind)?;
        let (app, caller) = (visit.app(), &visit.caller);
        let Some(held) = or_hidden(facts::correctable(app, caller, &kind, &id))? else {
            // Somebody has retracted it in the meantime: its page says who and when.
            facts::versions(app, caller, &kind, &id)?;
            return Ok(Done::saying(fact_path(&kind, &id), "notice-fact-gone", ""));
        };
        let words = Words::of(visit)?;
        let mut values = typed(file, fields, Some(&held));
        values.insert("id".to_owned(), id.clone());
        let opened = fields.get("opened").to_owned();
        let partner = PartnerView::of_fact(visit, &held)?;
        let draft = Draft {
            file,
            partner,
            held: Some(&held),
            opened: opened.clone(),
            values: values.clone(),
        };
        if opened != held.version.to_string() {
            return conflict::shown(visit, &words, draft, &kind);
        }
        let tried = if fields.get("do") == "save" {
            let if_match = Some(format!("\"v{opened}\""));
            let correction = Correction { cells: cells(&values), is_whole: true, if_match };
            match facts::correct(app, caller, &kind, &id, &correction) {
                Ok(_) => {
                    let to = fact_path(&kind, &id);
                    return Ok(Done::saying(to, "notice-fact-corrected", words.one(file)));
                }
                Err(error) => Err(error),
            }
        } else {
            effect(visit, &words, file, &values, visit.t.say("edit-save"))
        };
        shown(visit, &words, draft, tried)
    })
    .await
}

/// The effect of what is being typed, as a part of the form.
pub(super) async fn preview(Path(kind): Path<String>, form: Form) -> Answer {
    form.act(move |visit, fields| {
        let file = file_of(&kind)?;
        let words = Words::of(visit)?;
        let opened = fields.typed("opened");
        let tried = if opened.is_some() {
            let id = fields.get("id");
            let held = facts::correctable(visit.app(), &visit.caller, &kind, id)?;
            if opened == Some(held.version.to_string().as_str()) {
                let values = typed(file, fields, Some(&held));
                effect(visit, &words, file, &values, visit.t.say("edit-save"))
            } else {
                let changed = visit.t.say("conflict-meanwhile");
                let save = visit.t.say("conflict-look");
                let part = EffectPart::unknown(visit, vec![changed]);
                Ok(EffectPart { save, ..part })
            }
        } else {
            new_effect(visit, &words, file, &typed(file, fields, None))
        };
        let part = match tried.map_err(|error| mendable(visit, file, error)) {
            Ok(part) => part,
            Err(Error::Invalid(problems)) => {
                let said = problems.shown().iter().map(|problem| {
                    let column = problem.column.as_deref().unwrap_or_default();
                    let hint = problem.hint.as_ref().map(|hint| format!(" ({hint})"));
                    let message = format!("{}{}", problem.message, hint.unwrap_or_default());
                    match columns(file).iter().any(|known| known.name == column) {
                        true => format!("{}: {message}", words.label(file, column)),
                        false => message,
                    }
                });
                EffectPart::unknown(visit, said.collect())
            }
            Err(Error::Conflict { message, .. }) => EffectPart::unknown(visit, vec![message]),
            Err(error) => return Err(error),
        };
        Done::page(&part)
    })
    .await
}
