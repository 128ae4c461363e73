//! What the operator does at the command line of the server, in words: users are named by e-mail
//! address. Whoever may open the database may do all of it.

use guildhall_access::Side;

use super::users::{self, Change, NewUser, User};
use super::{invitations, tokens};
use crate::{App, Caller, Error};

/// A user to be made, from words. Without an organization, roles of the vendor's side are in that
/// of the network.
///
/// # Errors
///
/// When a word is none, or the organization is missing.
pub fn new_user(
    app: &App,
    email: &str,
    name: &str,
    organization: Option<&str>,
    roles: &[String],
) -> Result<NewUser, Error> {
    let side = users::read_roles(roles)?.first().map(|role| role.side());
    let network = match (side, organization) {
        (Some(Side::Vendor), None) => {
            let network = app.store.read(|tx| Ok::<_, Error>(tx.network()?))?;
            Some(network.map_or_else(|| "vendor".to_owned(), |network| network.id))
        }
        _ => None,
    };
    let organization = organization.or(network.as_deref());
    let (organization, roles) = invitations::read_words(None, organization, roles)?;
    Ok(NewUser { email: email.to_owned(), name: name.to_owned(), organization, roles })
}

/// All users.
///
/// # Errors
///
/// When the database cannot be read.
pub fn list(app: &App) -> Result<Vec<User>, Error> {
    users::list(app, &Caller::command_line(), None, None, 0, usize::MAX)
}

/// The id of the user with an e-mail address.
///
/// # Errors
///
/// When there is none.
pub fn find(app: &App, email: &str) -> Result<String, Error> {
    let found = match users::is_email(email.trim()) {
        true => app.store.read(|tx| tx.user_by_email(email))?,
        false => None,
    };
    found.map(|user| user.id).ok_or_else(|| {
        let message = format!("there is no user `{email}`");
        let hint = "`guildhall user list` shows all";
        Error::field_with_hint("email", "unknown-user", message, hint)
    })
}

/// Makes a token for a user; the text to give away.
///
/// # Errors
///
/// When there is no such user, or a word is no scope.
pub fn token(
    app: &App,
    email: &str,
    name: &str,
    scopes: &[String],
    expires_at: Option<jiff::Timestamp>,
) -> Result<String, Error> {
    let scopes = tokens::read_scopes(scopes)?;
    tokens::issue(app, &find(app, email)?, name, &scopes, expires_at)
}

/// Disables a user.
///
/// # Errors
///
/// When there is no such user.
pub fn disable(app: &App, email: &str) -> Result<User, Error> {
    let id = find(app, email)?;
    users::change(app, &Caller::command_line(), &id, None, &Change::Disable)
}
