//! Who calls: sessions and API tokens by their secrets.

use guildhall_access::{Actor, Scope};
use guildhall_store::{StoredSession, StoredToken, StoredUser, moment_from_text};
use jiff::{SignedDuration, Timestamp};

use super::users;
use crate::caller::{HalfSignedIn, Missing};
use crate::secrets::{API_TOKEN_PREFIX, Form, Secret};
use crate::{App, Caller, Error};

/// How often it is noted at most that a session or token is used.
const SEEN_EVERY: SignedDuration = SignedDuration::from_secs(60);

/// The caller whose secret this is: of a session, or an API token.
///
/// Whoever is only half signed in is returned as nobody, with what is missing.
///
/// # Errors
///
/// [`Error::SignInFirst`] when no session and no token has this secret, it has ended, or its user
/// is not active.
pub fn caller(app: &App, secret: &str) -> Result<Caller, Error> {
    let now = app.clock.now();
    if secret.starts_with(API_TOKEN_PREFIX) {
        return by_token(app, secret, now);
    }
    let secret = Secret::parse(secret, Form::Bare).ok_or(Error::SignInFirst)?;
    let found = app.store.read(|tx| tx.session_by_digest(secret.digest().as_str()))?;
    let (session, user) = found.ok_or(Error::SignInFirst)?;
    if user.state != "active" || has_ended(app, &session, now)? {
        return Err(Error::SignInFirst);
    }
    if is_due(Some(&session.seen_at), now)? {
        note_use(app.store.write(|tx| tx.touch_session(&session.id, now)));
    }
    let mut caller = match missing(&session, &user) {
        None => Caller::acting(actor(&user)),
        Some(missing) => {
            let half = Some(HalfSignedIn { user: user.id.clone(), missing });
            Caller { half, ..Caller::nobody() }
        }
    };
    if caller.half.is_none() && user.shared_secret.is_some() {
        caller.actor.second_factor_age_seconds = proof_age(&session, now)?;
    }
    caller.session = Some(session.id);
    Ok(caller)
}

fn by_token(app: &App, secret: &str, now: Timestamp) -> Result<Caller, Error> {
    let secret = Secret::parse(secret, Form::ApiToken).ok_or(Error::SignInFirst)?;
    let found = app.store.read(|tx| tx.token_by_digest(secret.digest().as_str()))?;
    let (token, user) = found.ok_or(Error::SignInFirst)?;
    if user.state != "active" || is_over(&token, now)? {
        return Err(Error::SignInFirst);
    }
    if is_due(token.used_at.as_deref(), now)? {
        note_use(app.store.write(|tx| tx.touch_token(&token.id, now)));
    }
    let scopes = token.scopes.iter().filter_map(|word| Scope::from_word(word)).collect();
    Ok(Caller::acting(Actor { scopes: Some(scopes), ..actor(&user) }))
}

/// A user as the policies see it.
fn actor(user: &StoredUser) -> Actor {
    Actor {
        user: Some(user.id.clone()),
        organization: users::organization(user),
        roles: users::roles(user),
        second_factor_age_seconds: None,
        scopes: None,
    }
}

/// Whether a session is over at this moment: it was not used, or has gone on, for too long.
pub(crate) fn has_ended(app: &App, session: &StoredSession, now: Timestamp) -> Result<bool, Error> {
    let is_past = |since: &str, limit: std::time::Duration| -> Result<bool, Error> {
        let since = moment_from_text(since)?;
        let limit = SignedDuration::try_from(limit).unwrap_or(SignedDuration::MAX);
        Ok(now.duration_since(since) >= limit)
    };
    Ok(is_past(&session.seen_at, app.sessions.idle)?
        || is_past(&session.created_at, app.sessions.absolute)?)
}

fn is_over(token: &StoredToken, now: Timestamp) -> Result<bool, Error> {
    let Some(end) = &token.expires_at else { return Ok(false) };
    Ok(now >= moment_from_text(end)?)
}

/// What a session of a user lacks.
pub(crate) fn missing(session: &StoredSession, user: &StoredUser) -> Option<Missing> {
    if user.shared_secret.is_some() {
        return session.proved_at.is_none().then_some(Missing::Proof);
    }
    users::must_enrol(&users::roles(user)).then_some(Missing::Enrolment)
}

/// Seconds since the second factor was proved. Below zero after the clock was set back, which
/// proves nothing.
fn proof_age(session: &StoredSession, now: Timestamp) -> Result<Option<i64>, Error> {
    let Some(proved) = &session.proved_at else { return Ok(None) };
    Ok(Some(now.as_second().saturating_sub(moment_from_text(proved)?.as_second())))
}

fn is_due(noted: Option<&str>, now: Timestamp) -> Result<bool, Error> {
    let Some(noted) = noted else { return Ok(true) };
    Ok(now.duration_since(moment_from_text(noted)?) >= SEEN_EVERY)
}

/// That a use cannot be noted, as the disk is full, keeps nobody out.
fn note_use(outcome: Result<(), guildhall_store::Error>) {
    if let Err(error) = outcome {
        tracing::warn!(%error, "the use of a session or token was not noted");
    }
}
