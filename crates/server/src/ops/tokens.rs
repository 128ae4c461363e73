//! API tokens: made for a program, listed, revoked.

use guildhall_access::Scope;
use guildhall_store::{Entry, StoredToken, moment_text};
use jiff::Timestamp;

use super::users;
use crate::secrets::{Form, Secret};
use crate::{App, Caller, Error};

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
