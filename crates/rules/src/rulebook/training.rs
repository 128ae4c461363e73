//! The training catalogue and the other efforts of an edition: what can be done to reach a goal,
//! what it costs and how long it takes. Reads `[[training]]` and `[[efforts]]`. Which of it a
//! partner should do is decided by plans.

use super::document::{Table, Value, shown};
use super::load::{List, Lists, grounds, title};
use super::{EventKind, Field, Grounds};
use crate::decimal::Decimal;
use crate::facts::ReviewKind;

/// Most entries of a training catalogue: a person's choice is a word of so many bits.
pub const MOST_TRAININGS: usize = 128;

/// Most days that anything of a catalogue takes: ten years.
const MOST_DAYS: u64 = 3660;

/// A course or an examination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Training {
    /// Its id.
    pub id: String,
    /// Its title for people.
    pub title: String,
    /// The credential that passing it gives (index into [`super::Edition::credentials`]); a course
    /// gives none.
    pub leads_to: Option<usize>,
    /// What it costs one person, in the edition's currency.
    pub cost: Decimal,
    /// Days of preparation; the last is the day of the examination.
    pub days: u16,
    /// What must be held or taken before.
    pub requires: Vec<Prerequisite>,
    /// Whoever takes one of these too takes it before (indexes into [`super::Edition::training`]).
    pub after: Vec<usize>,
    /// Where it comes from.
    pub grounds: Grounds,
}

/// What must be there before a training begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prerequisite {
    /// A credential is held (index into [`super::Edition::credentials`]).
    Credential(usize),
    /// A course was taken (index into [`super::Edition::training`]).
    Training(usize),
}

/// Something besides training that brings a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effort {
    /// Its id.
    pub id: String,
    /// Its title for people.
    pub title: String,
    /// What comes of it.
    pub kind: EffortKind,
    /// What one costs, in the edition's currency.
    pub cost: Decimal,
    /// Days that one takes.
    pub days: u16,
    /// So many at most in one plan; none: any number.
    pub at_most: Option<u32>,
    /// The amount of the new fact: revenue a month of an opportunity, amount of an event.
    pub amount: Option<Decimal>,
    /// The score of a rating or response.
    pub score: Option<u8>,
    /// Free fields of the new fact.
    pub fields: Vec<(Field, String)>,
    /// Where it comes from.
    pub grounds: Grounds,
}

/// What comes of an effort.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EffortKind {
    /// An opportunity that is open is launched and approved.
    Launch,
    /// An opportunity that was launched is approved.
    Approval,
    /// A new opportunity is won and launched.
    Opportunity,
    /// A customer gives a public reference.
    Reference,
    /// A customer gives a rating.
    Rating,
    /// A customer answers the survey.
    SurveyResponse,
    /// One of these programs is granted (indexes into [`super::Edition::programs`]).
    Validation(Vec<usize>),
    /// A business plan is validated.
    BusinessPlan,
    /// A decision is taken.
    Decision(ReviewKind),
    /// An event happens (index into [`super::Edition::event_kinds`]).
    Event(usize),
}

impl EffortKind {
    /// The word in rulebooks.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Launch => "open_opportunities",
            Self::Approval => "unapproved_opportunities",
            Self::Opportunity => "opportunities",
            Self::Reference => "references",
            Self::Rating => "ratings",
            Self::SurveyResponse => "survey_responses",
            Self::Validation(_) => "validations",
            Self::BusinessPlan => "business_plans",
            Self::Decision(_) => "decisions",
            Self::Event(_) => "events",
        }
    }
}

/// The words of `of`.
const KINDS: [&str; 10] = [
    "open_opportunities",
    "unapproved_opportunities",
    "opportunities",
    "references",
    "ratings",
    "survey_responses",
    "validations",
    "business_plans",
    "decisions",
    "events",
];

pub(crate) fn read_training<'d>(root: &mut Table<'d>, lists: &mut Lists<'d>) -> Vec<Training> {
    lists.trainings = List::new("training");
    let mut tables = root.tables("training");
    if let Some(table) = tables.get(MOST_TRAININGS) {
        let message = format!("there are more than {MOST_TRAININGS} trainings");
        table.problem("too-many-trainings", message);
    }
    // Trainings may name those that stand behind them.
    let ids: Vec<&str> = tables.iter_mut().map(|table| lists.trainings.add(table)).collect();
    let mut read = Vec::new();
    for (id, mut table) in ids.into_iter().zip(tables) {
        let title = title(&mut table);
        let leads_to = table.get("leads_to").and_then(|value| lists.credentials.one(&value));
        let cost = table.required("cost").and_then(|value| value.cost());
        let days = table.required("days").and_then(|value| days(&value));
        let requires = table.get("requires").map(|value| prerequisites(&value, lists));
        let after = table.get("after").map(|value| lists.trainings.many(&value));
        let grounds = grounds(&mut table, lists);
        table.finish();
        read.push(Training {
            id: id.to_owned(),
            title,
            leads_to,
            cost: cost.unwrap_or_default(),
            days: days.unwrap_or_default(),
            requires: requires.unwrap_or_default(),
            after: after.unwrap_or_default(),
            grounds,
        });
    }
    read
}

/// A number of days.
pub(crate) fn days(value: &Value<'_>) -> Option<u16> {
    value.whole(0, MOST_DAYS).and_then(|days| u16::try_from(days).ok())
}

/// Ids of credentials and of trainings; one that is both means the credential.
fn prerequisites(value: &Value<'_>, lists: &Lists<'_>) -> Vec<Prerequisite> {
    let find = |(id, place)| match lists.credentials.position(id) {
        Some(credential) => Some(Prerequisite::Credential(credential)),
        None => lists.trainings.find(id, value.document, &place).map(Prerequisite::Training),
    };
    value.texts().into_iter().filter_map(find).collect()
}

pub(crate) fn read_efforts<'d>(
    root: &mut Table<'d>,
    lists: &Lists<'d>,
    event_kinds: &[EventKind],
) -> Vec<Effort> {
    let mut ids = List::new("effort");
    let mut read = Vec::new();
    for mut table in root.tables("efforts") {
        let id = ids.add(&mut table).to_owned();
        let title = title(&mut table);
        let kind = read_kind(&mut table, lists);
        let cost = table.required("cost").and_then(|value| value.cost());
        let days = table.required("days").and_then(|value| days(&value));
        let at_most = table.get("at_most").and_then(|value| value.whole(1, u32::MAX.into()));
        let amount = table.get("amount").and_then(|value| value.decimal());
        let score = table.get("score").and_then(|value| value.whole(1, 5));
        let fields =
            table.get("fields").map(|value| read_fields(&value, kind.as_ref(), event_kinds));
        let grounds = grounds(&mut table, lists);
        let Some(kind) = kind else {
            table.finish();
            continue;
        };
        check_numbers(&table, &kind, amount.is_some(), score.is_some());
        table.finish();
        read.push(Effort {
            id,
            title,
            kind,
            cost: cost.unwrap_or_default(),
            days: days.unwrap_or_default(),
            at_most: at_most.and_then(|most| u32::try_from(most).ok()),
            amount,
            score: score.and_then(|score| u8::try_from(score).ok()),
            fields: fields.unwrap_or_default(),
            grounds,
        });
    }
    read
}

fn read_kind(table: &mut Table<'_>, lists: &Lists<'_>) -> Option<EffortKind> {
    let of = table.required("of")?.word(&KINDS)?;
    Some(match of {
        "open_opportunities" => EffortKind::Launch,
        "unapproved_opportunities" => EffortKind::Approval,
        "opportunities" => EffortKind::Opportunity,
        "references" => EffortKind::Reference,
        "ratings" => EffortKind::Rating,
        "survey_responses" => EffortKind::SurveyResponse,
        "validations" => {
            let value = table.required("program")?;
            EffortKind::Validation(lists.programs.many(&value))
        }
        "business_plans" => EffortKind::BusinessPlan,
        "decisions" => {
            let word = table.required("decision")?.word(ReviewKind::WORDS)?;
            EffortKind::Decision(ReviewKind::from_word(word.as_bytes())?)
        }
        _ => EffortKind::Event(lists.event_kinds.one(&table.required("kind")?)?),
    })
}

/// An amount or a score where the fact has none, or none where it has one.
fn check_numbers(table: &Table<'_>, kind: &EffortKind, has_amount: bool, has_score: bool) {
    let takes_amount = matches!(kind, EffortKind::Opportunity | EffortKind::Event(_));
    let takes_score = matches!(kind, EffortKind::Rating | EffortKind::SurveyResponse);
    let word = kind.word();
    if has_amount && !takes_amount {
        table.problem("bad-effort", format!("`{word}` have no `amount`"));
    }
    if has_score != takes_score {
        let verb = if takes_score { "need a" } else { "have no" };
        table.problem("bad-effort", format!("`{word}` {verb} `score`"));
    }
    if matches!(kind, EffortKind::Opportunity) && !has_amount {
        table.problem("bad-effort", format!("`{word}` need an `amount`"));
    }
}

/// The free fields of the new fact. Whom it is about is somebody new, always.
fn read_fields(
    value: &Value<'_>,
    kind: Option<&EffortKind>,
    event_kinds: &[EventKind],
) -> Vec<(Field, String)> {
    let (Some(table), Some(kind)) = (value.table(), kind) else { return Vec::new() };
    let attributes = match kind {
        EffortKind::Event(at) => event_kinds.get(*at).map(|kind| kind.attributes.as_slice()),
        _ => None,
    };
    let mut fields = Vec::new();
    for (key, place, value) in table.entries() {
        let field = match (kind, key) {
            (EffortKind::Opportunity, "use_case") => Some(Field::UseCase),
            (EffortKind::Opportunity, "industry") => Some(Field::Industry),
            (EffortKind::Opportunity, "country") => Some(Field::Country),
            (EffortKind::Event(_), name) => name
                .strip_prefix("attributes.")
                .filter(|name| {
                    attributes
                        .is_none_or(|known| known.is_empty() || known.iter().any(|one| one == name))
                })
                .map(|name| Field::Attribute(name.to_owned())),
            _ => None,
        };
        match field {
            Some(field) => fields.extend(value.text().map(|text| (field, text.to_owned()))),
            None => {
                let message =
                    format!("an effort for `{}` cannot set `{}`", kind.word(), shown(key));
                value.document.problem(&place, "bad-effort", message, None);
            }
        }
    }
    fields
}

/// Whether a training is among those that must be taken before it. A credential may be
/// got by any training that leads to it, so that all of these come before.
pub(crate) fn waits_for_itself(trainings: &[Training], begin: usize) -> bool {
    let before = |at: usize| -> Vec<usize> {
        let Some(training) = trainings.get(at) else { return Vec::new() };
        let required = training.requires.iter().flat_map(|one| match one {
            Prerequisite::Training(at) => vec![*at],
            Prerequisite::Credential(of) => {
                let leading = trainings.iter().enumerate();
                leading.filter(|(_, one)| one.leads_to == Some(*of)).map(|(at, _)| at).collect()
            }
        });
        required.chain(training.after.iter().copied()).collect()
    };
    let mut seen = vec![false; trainings.len()];
    let mut next = before(begin);
    while let Some(at) = next.pop() {
        if at == begin {
            return true;
        }
        if let Some(seen) = seen.get_mut(at).filter(|seen| !**seen) {
            *seen = true;
            next.extend(before(at));
        }
    }
    false
}
