//! Sessions: the present one, all of a user, ending them.

use guildhall_access::{Action, Resource, ResourceKind};
use guildhall_store::{StoredSession, StoredUser, Tx, moment_from_text, plain_moment};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::sign_in;
use super::users::User;
use crate::caller::Missing;
use crate::{App, Caller, Error};

/// A session, as its owner sees it. Never its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Session {
    /// Its id.
    pub id: String,
    /// The user's id.
    pub user: String,
    /// The network address from which it was begun.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// What the client called itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
    /// When it was begun.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// When it was used last, give or take a minute.
    #[schema(format = DateTime)]
    pub seen_at: String,
    /// When it ends, however busy.
    #[schema(format = DateTime)]
    pub ends_at: String,
    /// When the second factor was proved last.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub second_factor_proved_at: Option<String>,
    /// Whether it is the one by which this was asked.
    pub is_present: bool,
}

/// The present session and its user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PresentSession {
    /// The session.
    pub session: Session,
    /// Who is signed in.
    pub user: User,
    /// Whether nothing may be done before the second factor is proved.
    pub needs_second_factor: bool,
    /// Whether nothing may be done before a second factor is set up.
    pub needs_enrolment: bool,
}

impl Session {
    pub(crate) fn of(
        app: &App,
        stored: &StoredSession,
        present: Option<&str>,
    ) -> Result<Self, Error> {
        let begun = moment_from_text(&stored.created_at)?;
        let limit = SignedDuration::try_from(app.sessions.absolute).map_err(Error::internal)?;
        let ends_at = begun.checked_add(limit).unwrap_or(begun);
        Ok(Self {
            id: stored.id.clone(),
            user: stored.user.clone(),
            address: stored.address.clone(),
            agent: stored.agent.clone(),
            created_at: plain_moment(&stored.created_at),
            seen_at: plain_moment(&stored.seen_at),
            ends_at: ends_at.to_string(),
            second_factor_proved_at: stored.proved_at.as_deref().map(plain_moment),
            is_present: present == Some(stored.id.as_str()),
        })
    }
}

/// The ids of the caller's session and user, signed in by half or in full.
///
/// # Errors
///
/// Where the caller has no session.
pub(crate) fn own(caller: &Caller) -> Result<(&str, &str), Error> {
    let user = match &caller.half {
        Some(half) => Some(half.user.as_str()),
        None => caller.actor.user.as_deref(),
    };
    match (caller.session.as_deref(), user) {
        (Some(session), Some(user)) => Ok((session, user)),
        (None, Some(_)) => Err(Error::Denied { reason: "session_only".to_owned() }),
        _ => Err(Error::SignInFirst),
    }
}

/// The session and user of a caller, as they are kept now.
pub(crate) fn read_own(
    tx: &mut Tx<'_>,
    caller: &Caller,
) -> Result<(StoredSession, StoredUser), Error> {
    let (session, user) = own(caller)?;
    let session = tx.session(session)?.ok_or(Error::SignInFirst)?;
    let user = tx.user(user)?.ok_or(Error::SignInFirst)?;
    if user.state != "active" || session.user != user.id {
        return Err(Error::SignInFirst);
    }
    Ok((session, user))
}

/// The present session.
///
/// # Errors
///
/// Where the caller has none.
pub fn present(app: &App, caller: &Caller) -> Result<PresentSession, Error> {
    let (session, user) = app.store.read(|tx| read_own(tx, caller))?;
    let missing = sign_in::missing(&session, &user);
    Ok(PresentSession {
        session: Session::of(app, &session, Some(&session.id))?,
        user: User::of(&user),
        needs_second_factor: missing == Some(Missing::Proof),
        needs_enrolment: missing == Some(Missing::Enrolment),
    })
}

/// Ends the present session.
///
/// # Errors
///
/// Where the caller has none.
pub fn sign_out(app: &App, caller: &Caller) -> Result<(), Error> {
    let (session, user) = own(caller)?;
    app.store.write(|tx| {
        if tx.end_session(session)? {
            let mut entry = guildhall_store::Entry::new(app.clock.now(), user, "sign_out", user);
            entry.detail("session", session.into());
            tx.commit(entry)?;
        }
        Ok(())
    })
}

fn resource(id: &str, user: &str) -> Resource {
    Resource::new(ResourceKind::Session, id).of_user(user)
}

/// The sessions of a user that have not ended, the one begun last first; of the caller, where
/// nobody is named.
///
/// # Errors
///
/// When the caller may not see them.
pub fn list(app: &App, caller: &Caller, user: Option<&str>) -> Result<Vec<Session>, Error> {
    let Some(own) = caller.actor.user.as_deref() else { return Err(caller.sign_in_first()) };
    let user = user.unwrap_or(own);
    app.allow(caller, Action::ViewSession, &resource(user, user))?;
    let now = app.clock.now();
    let stored = app.store.read(|tx| tx.sessions(user))?;
    let mut sessions = Vec::new();
    for session in &stored {
        if !sign_in::has_ended(app, session, now)? {
            sessions.push(Session::of(app, session, caller.session.as_deref())?);
        }
    }
    Ok(sessions)
}

/// Ends a session.
///
/// # Errors
///
/// When there is no such session, or the caller may not end it.
pub fn end(app: &App, caller: &Caller, id: &str) -> Result<(), Error> {
    if caller.actor.user.is_none() {
        return Err(caller.sign_in_first());
    }
    app.change(caller, |tx| {
        let session = tx.session(id)?.ok_or_else(|| Error::not_found("session", id))?;
        app.allow(caller, Action::EndSession, &resource(id, &session.user))?;
        tx.end_session(id)?;
        let mut entry = app.entry(caller, "end_session", &session.user);
        entry.detail("session", id.into());
        tx.commit(entry)?;
        Ok(())
    })
}
