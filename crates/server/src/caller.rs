//! Who calls an operation, from where, and with which key of idempotency.

use std::net::IpAddr;

use guildhall_access::Actor;

/// Whoever calls an operation.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Who acts, as the policies see it.
    pub actor: Actor,
    /// The id of the session by which they are signed in, if it is one.
    pub session: Option<String>,
    /// The network address that the call comes from; none for the command line.
    pub address: Option<IpAddr>,
    /// What the client calls itself, for the list of sessions.
    pub agent: Option<String>,
    /// A key by which a repeated request is told from a new one, and what it asks for.
    pub idempotency: Option<Idempotency>,
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
        Self { actor, session: None, address: None, agent: None, idempotency: None }
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
