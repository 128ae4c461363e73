//! API tokens: made for a program, listed, revoked.

use guildhall_access::{Action, Resource, ResourceKind, Scope};
use guildhall_rules::problem::Problems;
use guildhall_store::{Entry, StoredToken, moment_text, plain_moment};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{sessions, users};
use crate::secrets::{Form, Secret};
use crate::{App, Caller, Error};

/// How many tokens a user has at most.
const MOST_TOKENS: usize = 100;

/// Makes a token for a user at the command line, and returns the text to give away.
///
/// # Errors
///
/// When there is no such user, or it is not active.
pub fn issue(
    app: &App,
    user: &str,
    name: &str,
    scopes: &[Scope],
    expires_at: Option<Timestamp>,
) -> Result<String, Error> {
    let secret = Secret::generate()?;
    let id = users::new_id("t")?;
    let now = app.clock.now();
    app.store.write(|tx| {
        let held = tx.user(user)?.ok_or_else(|| Error::not_found("user", user))?;
        if held.state != "active" {
            return Err(Error::conflict("not-active", "the user is not active"));
        }
        let token = StoredToken {
            id: id.clone(),
            user: held.id,
            name: name.to_owned(),
            scopes: scopes.iter().map(|scope| scope.word().to_owned()).collect(),
            created_at: moment_text(now),
            expires_at: expires_at.map(moment_text),
            used_at: None,
        };
        tx.add_token(&token, secret.digest().as_str())?;
        let mut entry: Entry = app.entry(&Caller::command_line(), "create_token", user);
        entry.detail("token", id.clone().into());
        tx.commit(entry)?;
        Ok(())
    })?;
    Ok(secret.shown(Form::ApiToken))
}

/// An API token, as its owner sees it. Never its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Token {
    /// Its id.
    pub id: String,
    /// What its owner calls it.
    pub name: String,
    /// What it was made for: `read`, `write`, `admin`.
    pub scopes: Vec<String>,
    /// When it was made.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// The first moment at which it no longer works, if it ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub expires_at: Option<String>,
    /// When it was used last, give or take a minute.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub used_at: Option<String>,
}

/// A token that was made.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct NewToken {
    /// The text to give away, shown this once.
    pub secret: String,
    /// The token.
    pub token: Token,
}

impl Token {
    fn of(stored: &StoredToken) -> Self {
        Self {
            id: stored.id.clone(),
            name: stored.name.clone(),
            scopes: stored.scopes.clone(),
            created_at: plain_moment(&stored.created_at),
            expires_at: stored.expires_at.as_deref().map(plain_moment),
            used_at: stored.used_at.as_deref().map(plain_moment),
        }
    }
}

fn resource(id: &str, user: &str) -> Resource {
    Resource::new(ResourceKind::Token, id).of_user(user)
}

/// Reads words as scopes.
///
/// # Errors
///
/// When a word is none, or there are none.
pub fn read_scopes(words: &[String]) -> Result<Vec<Scope>, Error> {
    let hint = "read, write or admin";
    if words.is_empty() {
        let message = "a token has at least one scope";
        return Err(Error::field_with_hint("scopes", "missing-value", message, hint));
    }
    let read = |word: &String| {
        Scope::from_word(word).ok_or_else(|| {
            let message = format!("`{word}` is no scope");
            Error::field_with_hint("scopes", "bad-value", message, hint)
        })
    };
    let mut scopes = words.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    scopes.sort_unstable();
    scopes.dedup();
    Ok(scopes)
}

/// Makes a token for the caller. A key of idempotency is passed over: the answer is a secret, and
/// is kept nowhere.
///
/// # Errors
///
/// When the caller is not in a session, or the input has problems.
pub fn create(
    app: &App,
    caller: &Caller,
    name: &str,
    scopes: &[Scope],
    expires_at: Option<Timestamp>,
) -> Result<NewToken, Error> {
    let user = caller.name();
    app.allow(caller, Action::CreateToken, &resource("new", user))?;
    let now = app.clock.now();
    let mut problems = Problems::new();
    users::check_name(name, "name", &mut problems);
    if !problems.is_empty() {
        return Err(problems.into());
    }
    if expires_at.is_some_and(|end| end <= now) {
        return Err(Error::field("expires_at", "bad-value", "it must lie in the future"));
    }
    let (secret, id) = (Secret::generate()?, users::new_id("t")?);
    app.store.write(|tx| {
        // The session may have ended since.
        sessions::read_own(tx, caller)?;
        if tx.tokens(user)?.len() >= MOST_TOKENS {
            let message = format!("you have {MOST_TOKENS} tokens; revoke one first");
            return Err(Error::conflict("too-many-tokens", message));
        }
        let token = StoredToken {
            id: id.clone(),
            user: user.to_owned(),
            name: name.trim().to_owned(),
            scopes: scopes.iter().map(|scope| scope.word().to_owned()).collect(),
            created_at: moment_text(now),
            expires_at: expires_at.map(moment_text),
            used_at: None,
        };
        tx.add_token(&token, secret.digest().as_str())?;
        let mut entry = app.entry(caller, "create_token", user);
        entry.detail("token", id.clone().into());
        tx.commit(entry)?;
        Ok(NewToken { secret: secret.shown(Form::ApiToken), token: Token::of(&token) })
    })
}

/// The caller's tokens, the one made last first.
///
/// # Errors
///
/// When nobody is signed in.
pub fn list(app: &App, caller: &Caller) -> Result<Vec<Token>, Error> {
    let user = caller.name();
    app.allow(caller, Action::ViewToken, &resource("all", user))?;
    let stored = app.store.read(|tx| tx.tokens(user))?;
    Ok(stored.iter().map(Token::of).collect())
}

/// Revokes a token: it does not work any more.
///
/// # Errors
///
/// When there is no such token, or the caller may not revoke it.
pub fn revoke(app: &App, caller: &Caller, id: &str) -> Result<(), Error> {
    if caller.actor.user.is_none() {
        return Err(caller.sign_in_first());
    }
    app.change(caller, |tx| {
        let token = tx.token(id)?.ok_or_else(|| Error::not_found("token", id))?;
        app.allow(caller, Action::RevokeToken, &resource(id, &token.user))?;
        tx.end_token(id)?;
        let mut entry = app.entry(caller, "revoke_token", &token.user);
        entry.detail("token", id.into());
        tx.commit(entry)?;
        Ok(())
    })
}
