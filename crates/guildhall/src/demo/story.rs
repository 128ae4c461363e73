//! The story of the demonstration as `story.toml` writes it: who takes part, and what they have
//! done by the time that somebody looks.

use std::collections::BTreeMap;

use guildhall_server::ops::disputes::Answer;
use guildhall_server::second_factor::SharedSecret;
use serde::Deserialize;

use crate::failure::Failure;

/// Everything that the demonstration has besides its facts.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Story {
    /// The day on which the facts end as they are written.
    pub today: String,
    /// Everybody's password.
    pub password: String,
    /// What everybody's authenticator app shares, in Base32.
    shared_secret: String,
    /// Rows of the registry, in the order in which they refer to each other.
    pub rows: Vec<Row>,
    /// Who signs in.
    pub users: Vec<User>,
    /// What they have done, in this order.
    pub steps: Vec<Step>,
}

/// A row of the registry that somebody recorded.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// The e-mail address of who did it.
    pub by: String,
    /// The name of its table.
    pub kind: String,
    /// Its cells, by the names of their columns.
    pub cells: BTreeMap<String, String>,
}

/// Somebody who signs in.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct User {
    pub email: String,
    pub name: String,
    /// The partner or customer; none: the network's own organization.
    pub organization: Option<String>,
    pub roles: Vec<String>,
}

/// Something that somebody did. People are named by their e-mail addresses.
#[derive(Debug, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum Step {
    /// A partner agreement came into force.
    SetAgreement { by: String, version: String, text: String },
    /// A company asked to join; with an agreement it accepted it and handed in.
    Apply {
        company: String,
        partner: String,
        email: String,
        path: Option<String>,
        agreement: Option<String>,
    },
    /// A tier review was proposed, and went as far as somebody is named.
    Review {
        partner: String,
        kind: Option<String>,
        proposed_by: String,
        confirmed_by: Option<String>,
        published_by: Option<String>,
    },
    /// The statement of the support discount for the present period was published.
    PublishDiscount { by: String, partner: String },
    /// A partner objected to a fact.
    Dispute {
        by: String,
        partner: String,
        kind: String,
        fact: String,
        claim: String,
        #[serde(default)]
        messages: Vec<Message>,
        answer: Option<Answered>,
    },
    /// A draft of an edition was brought in: another's text with replacements, in which
    /// `{published}` is today and `{in_force}` a day to come.
    DraftEdition { by: String, of: String, in_force_in_days: i32, replace: Vec<(String, String)> },
}

/// A message of a dispute.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Message {
    pub by: String,
    pub text: String,
}

/// How a dispute was answered.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answered {
    pub by: String,
    outcome: String,
    reason: String,
    #[serde(default)]
    cells: BTreeMap<String, String>,
}

impl Answered {
    /// The answer as operations take it.
    pub fn answer(&self) -> Answer {
        let cells = self.cells.iter().map(|(name, value)| (name.clone(), Some(value.clone())));
        Answer {
            outcome: self.outcome.clone(),
            reason: self.reason.clone(),
            cells: cells.collect(),
        }
    }
}

impl Story {
    /// The name of a user's organization, as the registry has it.
    pub fn organization_of(&self, user: &User, network: &str) -> String {
        let id = user.organization.as_deref().unwrap_or(network);
        let is_it = |row: &&Row| {
            row.kind == "organizations" && row.cells.get("id").is_some_and(|held| held == id)
        };
        let name = self.rows.iter().find(is_it).and_then(|row| row.cells.get("name"));
        name.map_or_else(|| id.to_owned(), Clone::clone)
    }

    /// What everybody's authenticator app shares.
    ///
    /// # Errors
    ///
    /// When the text is no such secret.
    pub fn shared_secret(&self) -> Result<SharedSecret, Failure> {
        SharedSecret::parse(&self.shared_secret)
            .ok_or_else(|| Failure::Broken("the demonstration's secret is none".to_owned()))
    }
}
