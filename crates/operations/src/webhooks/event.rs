//! Events: what rows of the journal tell others, and whom.
//!
//! The type of an event is made of the action's word: `add_fact` is `fact.added`. Only what
//! happens to the things named here is an event; signing in, tokens and webhooks themselves are
//! nobody else's business. A webhook is told what the people who manage it may see, as the
//! policies say, and nothing of others: ids, no values.

use guildhall_access::{Actor, Resource, ResourceKind, Role, Side};
use guildhall_rules::facts::File;
use guildhall_store::{JournalRow, Kind, Tx, Version, Webhook, plain_moment};
use serde_json::{Value as Json, json};

use crate::{App, Error};

/// How many facts of an event are named in its message.
const NAMED: usize = 100;
/// How many facts of an event are looked at.
const LOOKED_AT: usize = 5000;

/// Things whose changes are events, and what they are to the policies.
const OBJECTS: &[(&str, ResourceKind)] = &[
    ("agreement", ResourceKind::Enrolment),
    ("decision", ResourceKind::Decision),
    ("dispute", ResourceKind::Dispute),
    ("edition", ResourceKind::Edition),
    ("enrolment", ResourceKind::Enrolment),
    ("fact", ResourceKind::PartnerFact),
    ("facts", ResourceKind::Import),
    ("network", ResourceKind::Network),
    ("organization", ResourceKind::Organization),
    ("partner", ResourceKind::Partner),
    ("person", ResourceKind::Person),
    ("profile", ResourceKind::Partner),
    ("reference", ResourceKind::Reference),
    ("tier_review", ResourceKind::TierReview),
    ("unit", ResourceKind::Unit),
    ("workload", ResourceKind::Workload),
];

/// Things that the journal files under the partner whose they are.
const SUBJECT_IS_PARTNER: [ResourceKind; 4] = [
    ResourceKind::Decision,
    ResourceKind::Dispute,
    ResourceKind::Partner,
    ResourceKind::TierReview,
];

/// The type of a message that only tries whether messages arrive.
pub const TEST: &str = "webhook.tested";

/// The type of the event that an action is, and what it is about; none where it is no event.
pub fn type_of(action: &str) -> Option<(String, ResourceKind)> {
    let (verb, object) = match action {
        "import" => ("import", "facts"),
        "apply" => ("apply", "enrolment"),
        _ => action.split_once('_')?,
    };
    let (_, kind) = OBJECTS.iter().find(|(word, _)| *word == object)?;
    Some((format!("{object}.{}", past(verb)), *kind))
}

/// What was done, of what one does.
fn past(verb: &str) -> String {
    match verb {
        "withdraw" => "withdrawn".to_owned(),
        _ if verb.ends_with('e') => format!("{verb}d"),
        _ => match verb.strip_suffix('y') {
            Some(stem) => format!("{stem}ied"),
            None => format!("{verb}ed"),
        },
    }
}

/// Whether a pattern is one: `*`, all events of a thing as in `fact.*`, or a type as in
/// `fact.added`.
pub fn is_pattern(pattern: &str) -> bool {
    let is_word = |word: &str| {
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
    };
    match pattern.split_once('.') {
        None => pattern == "*",
        Some((object, done)) => is_word(object) && (done == "*" || is_word(done)),
    }
}

/// Whether patterns with blanks between them ask for a type.
pub fn asks_for(patterns: &str, kind: &str) -> bool {
    patterns.split(' ').any(|pattern| match pattern.strip_suffix('*') {
        Some(begin) => kind.starts_with(begin),
        None => pattern == kind,
    })
}

/// An event, before it is known who is told.
#[derive(Debug)]
pub(super) struct Event {
    /// Its id.
    pub(super) id: String,
    /// Its type.
    pub(super) kind: String,
    at: String,
    subject: String,
    entry: i64,
    about: Resource,
    facts: Vec<(Json, Resource)>,
    count: i64,
}

impl Event {
    /// Reads an event of a row of the journal; none where it is no event.
    pub(super) fn read(tx: &mut Tx<'_>, row: &JournalRow) -> Result<Option<Self>, Error> {
        let Some((kind, about)) = type_of(&row.action) else { return Ok(None) };
        let details: Json = serde_json::from_str(&row.details).map_err(Error::internal)?;
        let mut about = Resource::new(about, &row.subject);
        about.partner = text(&details, "partner");
        about.customer = text(&details, "customer");
        about.published = kind.ends_with(".published");
        if SUBJECT_IS_PARTNER.contains(&about.kind) {
            about.partner.get_or_insert_with(|| row.subject.clone());
        }
        let mut facts = Vec::new();
        let named = details.get("facts").and_then(Json::as_array);
        for fact in named.into_iter().flatten().take(LOOKED_AT) {
            if let Some(resource) = read_fact(tx, fact)? {
                facts.push((fact.clone(), resource));
            }
        }
        Ok(Some(Self {
            id: format!("evt_{}", row.entry),
            kind,
            at: row.at.clone(),
            subject: row.subject.clone(),
            entry: row.entry,
            about,
            facts,
            count: row.facts,
        }))
    }

    /// The message to a webhook; none where it did not ask or may not see it.
    pub(super) fn message_to(&self, app: &App, webhook: &Webhook) -> Option<String> {
        if !asks_for(&webhook.events, &self.kind) {
            return None;
        }
        let actor = actor_of(webhook)?;
        let sees = |resource: &Resource| {
            app.access.decide(&actor, resource.kind.view(), resource).is_allowed()
        };
        let seen: Vec<&(Json, Resource)> =
            self.facts.iter().filter(|(_, resource)| sees(resource)).collect();
        let is_whole = seen.len() == self.facts.len();
        if seen.is_empty() && !(self.facts.is_empty() && sees(&self.about)) {
            return None;
        }
        let count =
            if is_whole { self.count } else { i64::try_from(seen.len()).unwrap_or(i64::MAX) };
        let facts: Vec<&Json> = seen.iter().take(NAMED).map(|(fact, _)| fact).collect();
        let kind = seen.first().map_or(self.about.kind, |(_, resource)| resource.kind);
        let message = json!({
            "type": self.kind,
            "id": self.id,
            "at": plain_moment(&self.at),
            // Where others took part, the subject may be theirs.
            "subject": is_whole.then_some(&self.subject),
            "kind": kind.word(),
            "facts": facts,
            "fact_count": count,
            "entry": self.entry,
        });
        Some(message.to_string())
    }
}

fn text(details: &Json, name: &str) -> Option<String> {
    details.get(name).and_then(Json::as_str).map(str::to_owned)
}

/// What those who manage a webhook are to the policies.
fn actor_of(webhook: &Webhook) -> Option<Actor> {
    let (side, role) = match webhook.side.as_str() {
        "vendor" => (Side::Vendor, Role::ProgramManager),
        "partner" => (Side::Partner, Role::AllianceLead),
        "customer" => (Side::Customer, Role::ItOwner),
        _ => return None,
    };
    Some(Actor {
        user: Some(webhook.id.clone()),
        organization: Some((side, webhook.organization.clone())),
        roles: vec![role],
        ..Actor::default()
    })
}

/// What a fact of the journal, `[kind, id, version]`, is to the policies.
fn read_fact(tx: &mut Tx<'_>, fact: &Json) -> Result<Option<Resource>, Error> {
    let (Some(table), Some(id), Some(version)) = (
        fact.get(0).and_then(Json::as_str),
        fact.get(1).and_then(Json::as_str),
        fact.get(2).and_then(Json::as_i64),
    ) else {
        return Ok(None);
    };
    let Some(kind) = Kind::from_table(table) else { return Ok(None) };
    let found = match tx.version(kind, version)? {
        Some(found) => Some(found),
        // A retraction has a number and no row: what it retracted tells whose it was.
        None => tx.versions(kind, id)?.pop(),
    };
    found.map(|found| resource_of(tx, &found)).transpose()
}

fn resource_of(tx: &mut Tx<'_>, version: &Version) -> Result<Resource, Error> {
    let draft = &version.draft;
    let cell = |name: &str| draft.cell(name).map(str::to_owned);
    let mut resource = Resource::new(kind_of(draft.kind), draft.id());
    resource.partner = draft.kind.partner_column().and_then(cell);
    resource.customer = draft.kind.customer_column().and_then(cell);
    resource.consent = draft.cell("consent") == Some("yes");
    match draft.kind {
        Kind::Fact(File::Credentials) => {
            let holder = draft.cell("individual").unwrap_or_default();
            let holder = tx.current(Kind::Fact(File::Individuals), holder)?;
            resource.partner =
                holder.and_then(|holder| holder.draft.cell("partner").map(str::to_owned));
        }
        Kind::Fact(File::Affiliations) => resource.partner = cell("primary"),
        Kind::Organization => match draft.cell("side") {
            Some("partner") => resource.partner = cell("id"),
            Some("customer") => resource.customer = cell("id"),
            _ => {}
        },
        _ => {}
    }
    Ok(resource)
}

fn kind_of(kind: Kind) -> ResourceKind {
    match kind {
        Kind::Fact(File::Partners) => ResourceKind::PartnerFact,
        Kind::Fact(File::Reviews) => ResourceKind::Review,
        Kind::Fact(File::Affiliations) => ResourceKind::Affiliation,
        Kind::Fact(File::Individuals) => ResourceKind::Individual,
        Kind::Fact(File::Credentials) => ResourceKind::Credential,
        Kind::Fact(File::Opportunities) => ResourceKind::Opportunity,
        Kind::Fact(File::References) => ResourceKind::Reference,
        Kind::Fact(File::Ratings) => ResourceKind::Rating,
        Kind::Fact(File::BusinessPlans) => ResourceKind::BusinessPlan,
        Kind::Fact(File::Validations) => ResourceKind::Validation,
        Kind::Fact(File::Cases) => ResourceKind::Case,
        Kind::Fact(File::SurveyResponses) => ResourceKind::SurveyResponse,
        Kind::Fact(File::Events) => ResourceKind::Event,
        Kind::Organization => ResourceKind::Organization,
        Kind::Unit => ResourceKind::Unit,
        Kind::Workload => ResourceKind::Workload,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_become_types_of_events() {
        for (action, kind) in [
            ("add_fact", "fact.added"),
            ("retract_fact", "fact.retracted"),
            ("withdraw_reference", "reference.withdrawn"),
            ("publish_tier_review", "tier_review.published"),
            ("erase_person", "person.erased"),
            ("apply", "enrolment.applied"),
            ("import", "facts.imported"),
        ] {
            assert_eq!(type_of(action).unwrap().0, kind);
        }
        for action in ["sign_in", "create_token", "rotate_webhook_secret", "end_session", ""] {
            assert_eq!(type_of(action), None, "{action}");
        }
    }

    #[test]
    fn patterns_ask_for_types() {
        assert!(["*", "fact.*", "tier_review.published"].into_iter().all(is_pattern));
        for none in ["", "fact", "*.added", "fact.", ".added", "fact.a*", "Fact.added", "a.b.c"] {
            assert!(!is_pattern(none), "{none}");
        }
        assert!(asks_for("*", "fact.added") && asks_for("edition.* fact.added", "fact.added"));
        assert!(!asks_for("fact.*", "facts.imported") && !asks_for("", "fact.added"));
    }
}
