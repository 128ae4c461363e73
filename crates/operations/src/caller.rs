//! Who calls an operation, from where, and with which key of idempotency.

use std::net::IpAddr;

use guildhall_access::{Actor, Role, Side};

use crate::Error;

/// Whoever calls an operation.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Who acts, as the policies see it.
    pub actor: Actor,
    /// The id of the session by which they are signed in, if it is one.
    pub session: Option<String>,
    /// Who is only half signed in by the session, and what is missing. Such a caller is nobody to
    /// the policies.
    pub half: Option<HalfSignedIn>,
    /// The network address that the call comes from; none for the command line.
    pub address: Option<IpAddr>,
    /// What the client calls itself, for the list of sessions.
    pub agent: Option<String>,
    /// A key by which a repeated request is told from a new one, and what it asks for.
    pub idempotency: Option<Idempotency>,
}

/// Somebody whose password was right, and who may do nothing yet but what is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HalfSignedIn {
    /// The user's id.
    pub user: String,
    /// What is missing.
    pub missing: Missing,
}

/// What a session lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// The second factor is to be proved.
    Proof,
    /// A second factor is to be set up, which the user's roles ask for.
    Enrolment,
}

/// A key of idempotency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Idempotency {
    /// The key, as the client chose it.
    pub key: String,
    /// The SHA-256 of method, path and body.
    pub fingerprint: String,
}

impl Caller {
    /// Nobody, from nowhere.
    pub fn nobody() -> Self {
        Self::acting(Actor::nobody())
    }

    /// An actor, without session or address.
    pub fn acting(actor: Actor) -> Self {
        Self { actor, session: None, half: None, address: None, agent: None, idempotency: None }
    }

    /// The operator at the command line of the server: whoever may open its database.
    pub fn command_line() -> Self {
        Self::acting(Actor {
            user: Some("operator".to_owned()),
            organization: Some((Side::Vendor, "operator".to_owned())),
            roles: vec![Role::Operator],
            ..Actor::nobody()
        })
    }

    /// Whether a second factor was proved, whenever.
    pub fn has_proved(&self) -> bool {
        self.actor.second_factor_age_seconds.is_some()
    }

    /// What to answer where nobody is signed in.
    pub fn sign_in_first(&self) -> Error {
        match self.half.as_ref().map(|half| half.missing) {
            None => Error::SignInFirst,
            Some(Missing::Proof) => Error::SecondFactorNeeded,
            Some(Missing::Enrolment) => Error::SecondFactorNotEnrolled,
        }
    }

    /// The name of the caller in the journal: the user's id, or `nobody`.
    pub fn name(&self) -> &str {
        self.actor.user.as_deref().unwrap_or("nobody")
    }

    /// The id of the organization that the caller acts for.
    pub fn organization(&self) -> Option<&str> {
        self.actor.organization.as_ref().map(|(_, id)| id.as_str())
    }
}
