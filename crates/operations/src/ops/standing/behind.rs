//! What the facts behind a number say, as far as the caller may see them.

use guildhall_access::{Action, Resource};
use guildhall_rules::facts::File;
use guildhall_rules::rulebook::{Edition, FactKind};
use guildhall_store::{Kind, Tx};

use crate::ops::facts::{resource, resource_kind};
use crate::ops::{Record, rows};
use crate::{App, Caller, Error};

/// A fact behind a number.
#[derive(Clone, Debug)]
pub struct FactBehind {
    /// What it says now.
    pub record: Record,
    /// Whose it is: the person's row, of a credential.
    pub individual: Option<Record>,
    /// Whether the caller may correct it.
    pub may_correct: bool,
}

/// The file in which facts of a kind stand.
pub const fn file_of(kind: FactKind) -> File {
    match kind {
        FactKind::Review => File::Reviews,
        FactKind::Credential => File::Credentials,
        FactKind::Opportunity => File::Opportunities,
        FactKind::Reference => File::References,
        FactKind::Rating => File::Ratings,
        FactKind::BusinessPlan => File::BusinessPlans,
        FactKind::Validation => File::Validations,
        FactKind::Case => File::Cases,
        FactKind::SurveyResponse => File::SurveyResponses,
        FactKind::Event => File::Events,
    }
}

/// The kinds of facts of a partner that the caller may see, as a rule: of ratings, those that the
/// customer agreed to share.
pub fn kinds_seen(app: &App, caller: &Caller, partner: &str) -> Vec<FactKind> {
    let is_seen = |kind: &FactKind| {
        let about = Resource::new(resource_kind(file_of(*kind)), "any").of_partner(partner);
        let about = Resource { consent: *kind == FactKind::Rating, ..about };
        app.access.decide(&caller.actor, Action::ViewFact, &about).is_allowed()
    };
    KINDS.into_iter().filter(is_seen).collect()
}

/// Every kind of fact that evidence can list.
const KINDS: [FactKind; 10] = [
    FactKind::Review,
    FactKind::Credential,
    FactKind::Opportunity,
    FactKind::Reference,
    FactKind::Rating,
    FactKind::BusinessPlan,
    FactKind::Validation,
    FactKind::Case,
    FactKind::SurveyResponse,
    FactKind::Event,
];

/// The kind of fact that is named as in answers: `credential`.
pub fn kind_of_word(word: &str) -> Option<FactKind> {
    let is_it = |kind: &FactKind| serde_json::to_value(kind).is_ok_and(|value| value == word);
    KINDS.into_iter().find(is_it)
}

/// The table of such a kind.
pub fn table_of_word(word: &str) -> Option<&'static str> {
    kind_of_word(word).map(|kind| Kind::Fact(file_of(kind)).table())
}

/// What a fact is called, where it says so: the title of a credential or program, title and
/// customer of an opportunity.
pub fn title_of(record: &Record, kind: FactKind, edition: &Edition) -> Option<String> {
    let value = |name: &str| record.values.get(name).map(String::as_str);
    let or_id = |title: Option<&String>, id: &str| {
        title.filter(|title| !title.is_empty()).map_or_else(|| id.to_owned(), Clone::clone)
    };
    match kind {
        FactKind::Credential => {
            let id = value("credential")?;
            let known = edition.credentials.iter().find(|one| one.id == id);
            Some(or_id(known.map(|one| &one.title), id))
        }
        FactKind::Validation => {
            let id = value("program")?;
            let known = edition.programs.iter().find(|one| one.id == id);
            Some(or_id(known.map(|one| &one.title), id))
        }
        FactKind::Opportunity => opportunity_title(value("title"), value("customer")),
        _ => None,
    }
}

/// What an opportunity is called: its title, and its customer behind it.
pub fn opportunity_title(title: Option<&str>, customer: Option<&str>) -> Option<String> {
    let parts: Vec<&str> =
        [title, customer].into_iter().flatten().filter(|part| !part.is_empty()).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// Facts by kind and id, in the order in which they are asked for; none for one that the caller
/// may not see, or that is not held to be true any more. Meant for the facts of one page.
///
/// # Errors
///
/// When nobody is signed in, or the database cannot be read.
pub fn facts_behind(
    app: &App,
    caller: &Caller,
    facts: &[(FactKind, String)],
) -> Result<Vec<Option<FactBehind>>, Error> {
    if caller.actor.user.is_none() {
        return Err(caller.sign_in_first());
    }
    app.store.read(|tx| {
        facts.iter().map(|(kind, id)| one(app, tx, caller, file_of(*kind), id)).collect()
    })
}

fn one(
    app: &App,
    tx: &mut Tx<'_>,
    caller: &Caller,
    file: File,
    id: &str,
) -> Result<Option<FactBehind>, Error> {
    if rows::possible_id(file.row_word(), id).is_err() {
        return Ok(None);
    }
    let Some(held) = tx.current(Kind::Fact(file), id)? else { return Ok(None) };
    let about = resource(tx, caller, &held.draft)?;
    let may = |action: Action, about: &Resource| {
        app.access.decide(&caller.actor, action, about).is_allowed()
    };
    if !may(Action::ViewFact, &about) {
        return Ok(None);
    }
    let mut individual = None;
    if let Some(id) = held.draft.cell("individual")
        && let Some(row) = tx.current(Kind::Fact(File::Individuals), id)?
        && may(Action::ViewFact, &resource(tx, caller, &row.draft)?)
    {
        individual = Some(Record::of(&row));
    }
    let may_correct = may(Action::CorrectFact, &about);
    Ok(Some(FactBehind { record: Record::of(&held), individual, may_correct }))
}
