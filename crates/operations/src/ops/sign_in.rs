//! Signing in with a password, and who calls: sessions and API tokens by their secrets.

use guildhall_access::{Actor, Scope};
use guildhall_store::{
    Entry, StoredSession, StoredToken, StoredUser, Tx, moment_from_text, moment_text,
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::sessions::Session;
use super::users::{self, User};
use super::{attempts, letters};
use crate::caller::{HalfSignedIn, Missing};
use crate::mail::Letter;
use crate::secrets::{API_TOKEN_PREFIX, Form, Secret};
use crate::{App, Caller, Error, passwords};

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
pub(crate) fn actor(user: &StoredUser) -> Actor {
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

/// A session that was begun, or given another secret.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SignedIn {
    /// The session's secret, shown this once: the bearer of requests.
    pub secret: String,
    /// Whether nothing may be done before the second factor is proved.
    pub needs_second_factor: bool,
    /// Whether nothing may be done before a second factor is set up.
    pub needs_enrolment: bool,
    /// The session.
    pub session: Session,
    /// Who is signed in.
    pub user: User,
}

/// Signs somebody in with e-mail address and password.
///
/// An unknown address costs what a known one costs, and gets the same answer. A key of idempotency
/// is passed over: the answer is a secret, and is kept nowhere.
///
/// # Errors
///
/// [`Error::TooMany`] where attempts came too fast, [`Error::SignInRefused`] where address or
/// password is wrong or the user is not active.
pub fn sign_in(app: &App, caller: &Caller, email: &str, password: &str) -> Result<SignedIn, Error> {
    let from = attempts::place(caller);
    attempts::begin(app, email, from)?;
    // What is no address is nobody's.
    let is_email = users::is_email(email.trim());
    let found = match is_email {
        true => app.store.read(|tx| tx.user_by_email(email))?,
        false => None,
    };
    let active = found.filter(|user| user.state == "active");
    let hash = active.as_ref().and_then(|user| user.password.as_deref());
    let is_right = app.hashing.verify(password, hash)?;
    let (Some(user), true) = (&active, is_right) else {
        tracing::info!(address = ?caller.address, "a sign-in was refused");
        return Err(Error::SignInRefused);
    };
    let is_old = hash.is_none_or(passwords::needs_rehash);
    let rehashed = is_old.then(|| app.hashing.hash(password)).transpose()?;
    let (secret, id) = (Secret::generate()?, users::new_id("s")?);
    let now = app.clock.now();
    let session = StoredSession {
        id,
        user: user.id.clone(),
        address: caller.address.map(|address| address.to_string()),
        agent: caller.agent.clone(),
        created_at: moment_text(now),
        seen_at: moment_text(now),
        proved_at: None,
        enrolling: None,
    };
    app.store.write(|tx| {
        let mut held = tx.user(&user.id)?.ok_or(Error::SignInRefused)?;
        // It may have been changed while the password was compared.
        if held.state != "active" || held.password.as_deref() != hash {
            return Err(Error::SignInRefused);
        }
        if let Some(rehashed) = &rehashed {
            held.password = Some(rehashed.clone());
            tx.change_user(&held, now)?;
            held.version += 1;
        }
        let missing = missing(&session, &held);
        if missing == Some(Missing::Proof) {
            attempts::settle(tx, email, from, now, |account, network| {
                account.passed(network, from, now);
            })?;
        } else {
            welcome(app, tx, &held, caller, now)?;
        }
        // The session that asked is over: no secret from before goes on after.
        if let Some(before) = &caller.session {
            tx.end_session(before)?;
        }
        tx.add_session(&session, secret.digest().as_str())?;
        let mut entry = Entry::new(now, &held.id, "sign_in", &held.id);
        entry.detail("session", session.id.clone().into());
        tx.commit(entry)?;
        Ok(SignedIn {
            secret: secret.shown(Form::Bare),
            needs_second_factor: missing == Some(Missing::Proof),
            needs_enrolment: missing == Some(Missing::Enrolment),
            session: Session::of(app, &session, Some(&session.id))?,
            user: User::of(&held),
        })
    })
}

/// Counts the attempt begun before as right and makes the place one of the user's own; a new one
/// is told by mail.
pub(crate) fn welcome(
    app: &App,
    tx: &mut Tx<'_>,
    user: &StoredUser,
    caller: &Caller,
    now: Timestamp,
) -> Result<(), Error> {
    let from = attempts::place(caller);
    let was_known = attempts::settle(tx, &user.email, from, now, |account, network| {
        let was_known = account.is_known(from);
        account.succeeded(network, from, now);
        was_known
    })?;
    if was_known {
        return Ok(());
    }
    let place = caller.address.map_or_else(|| "the server".to_owned(), |it| it.to_string());
    let letter = Letter::NewSignIn {
        network: letters::network(tx)?,
        when: letters::moment(now),
        place,
        link: format!("{}/me/sessions", app.base_url),
    };
    letters::post(tx, &user.email, &letter, now)
}

/// Forgets sessions, links and attempts that are over. Called now and then. Returns how many.
///
/// # Errors
///
/// When the database cannot be read or written.
pub fn forget(app: &App) -> Result<u64, Error> {
    let now = app.clock.now();
    let before = |limit: std::time::Duration| {
        let limit = SignedDuration::try_from(limit).unwrap_or(SignedDuration::MAX);
        now.checked_sub(limit).unwrap_or(Timestamp::MIN)
    };
    let (begun, used) = (before(app.sessions.absolute), before(app.sessions.idle));
    let rows = app
        .store
        .write(|tx| Ok::<_, Error>(tx.forget_sessions(begun, used)? + tx.forget_links(now)?))?;
    Ok(rows + attempts::forget(app)?)
}
