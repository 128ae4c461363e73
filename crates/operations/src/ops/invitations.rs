//! Invitations: somebody is made a user by somebody who may, and chooses a password by a link.

use guildhall_access::{Action, Role, Side};
use guildhall_rules::problem::Problems;
use guildhall_store::{Entry, StoredUser, Tx};

use super::users::{self, NewUser, User};
use super::{letters, passwords};
use crate::links::Purpose;
use crate::mail::Letter;
use crate::secrets::Form;
use crate::{App, Caller, Error};

/// Invites somebody, or sends another link to somebody who was invited and has not come. The
/// roles are then those of the new invitation.
///
/// # Errors
///
/// When the caller may not, the input has problems, or the address is a user's.
pub fn invite(app: &App, caller: &Caller, user: &NewUser) -> Result<User, Error> {
    app.allow(caller, Action::InviteUser, &users::resource_to_be(user))?;
    let mut problems = Problems::new();
    users::check(user, &mut problems);
    if !problems.is_empty() {
        return Err(problems.into());
    }
    let id = users::new_id("u")?;
    app.change(caller, |tx| send(app, tx, caller, &id, user))
}

/// Makes an invited user and posts the letter, as part of what the caller was allowed to do.
pub(crate) fn send(
    app: &App,
    tx: &mut Tx<'_>,
    caller: &Caller,
    id: &str,
    user: &NewUser,
) -> Result<User, Error> {
    let (stored, link) = make(app, tx, caller, id, user)?;
    let role = user.roles.iter().map(|role| role.word().replace('_', " "));
    let letter = Letter::Invitation {
        network: letters::network(tx)?,
        inviter: inviter(tx, caller)?,
        role: role.collect::<Vec<_>>().join(", "),
        expires: letters::moment(link.1),
        link: link.0,
    };
    letters::post(tx, &stored.email, &letter, app.clock.now())?;
    Ok(User::of(&stored))
}

fn inviter(tx: &mut Tx<'_>, caller: &Caller) -> Result<String, Error> {
    let user = tx.user(caller.name())?;
    Ok(user.map_or_else(|| "the operator".to_owned(), |user| user.name))
}

/// Invites somebody at the command line. Returns the link, which is not mailed.
///
/// # Errors
///
/// When the input has problems, or the address is a user's.
pub fn invite_by_hand(app: &App, user: &NewUser) -> Result<String, Error> {
    let mut problems = Problems::new();
    users::check(user, &mut problems);
    if !problems.is_empty() {
        return Err(problems.into());
    }
    let id = users::new_id("u")?;
    let (_, link) = app.store.write(|tx| make(app, tx, &Caller::command_line(), &id, user))?;
    Ok(link.0)
}

/// Makes an invited user, or takes the one there is, with a new link and its end.
fn make(
    app: &App,
    tx: &mut Tx<'_>,
    caller: &Caller,
    id: &str,
    user: &NewUser,
) -> Result<(StoredUser, (String, jiff::Timestamp)), Error> {
    let now = app.clock.now();
    users::check_organization(tx, caller, user)?;
    let held = tx.user_by_email(&user.email)?;
    let id = match held {
        Some(held) if is_same_invitation(app, caller, &held, user) => {
            let mut changed = held.clone();
            changed.roles = user.roles.iter().map(|role| role.word().to_owned()).collect();
            user.name.clone_into(&mut changed.name);
            tx.change_user(&changed, now)?;
            tx.commit(app.entry(caller, "invite_again", &held.id))?;
            held.id
        }
        _ => {
            users::add(app, tx, caller, id, user, None)?;
            id.to_owned()
        }
    };
    let (secret, expires) = passwords::issue_link(tx, Purpose::Invitation, &id, now)?;
    let stored = tx.user(&id)?.ok_or_else(|| Error::not_found("user", &id))?;
    let link = format!("{}/invitations/{}", app.base_url, secret.shown(Form::Bare));
    Ok((stored, (link, expires)))
}

/// Whether a user was invited to the same organization, has not come, and may be invited by the
/// caller as it is.
fn is_same_invitation(app: &App, caller: &Caller, held: &StoredUser, user: &NewUser) -> bool {
    held.state == "invited"
        && users::organization(held) == user.organization
        && app.allow(caller, Action::InviteUser, &users::resource(held)).is_ok()
}

/// Accepts an invitation: a name and a first password. Signing in comes next.
///
/// # Errors
///
/// When the link does not work, or name or password is not taken.
pub fn accept(
    app: &App,
    caller: &Caller,
    link: &str,
    name: &str,
    password: &str,
) -> Result<User, Error> {
    let now = app.clock.now();
    let (_, user) =
        app.store.read(|tx| passwords::find_link(tx, link, Purpose::Invitation, now))?;
    let mut problems = Problems::new();
    users::check_name(name, "name", &mut problems);
    for problem in crate::passwords::check(password, &user.email, "password") {
        problems.push(problem);
    }
    if !problems.is_empty() {
        return Err(problems.into());
    }
    let hash = app.hashing.hash(password)?;
    app.store.write(|tx| {
        let named = |user: &mut StoredUser| name.trim().clone_into(&mut user.name);
        let user = passwords::follow(app, tx, caller, (link, Purpose::Invitation), &hash, &named)?;
        tx.commit(Entry::new(now, &user.id, "accept_invitation", &user.id))?;
        Ok(User::of(&user))
    })
}

/// An organization, if there is one, and roles there.
pub type Placed = (Option<(Side, String)>, Vec<Role>);

/// Reads the words of an invitation.
///
/// # Errors
///
/// When a word is none.
pub fn read_words(
    side: Option<&str>,
    organization: Option<&str>,
    roles: &[String],
) -> Result<Placed, Error> {
    let roles = users::read_roles(roles)?;
    let side = match side {
        None => roles.first().map(|role| role.side()),
        Some(word) => Some(Side::from_word(word).ok_or_else(|| {
            let message = format!("`{word}` is no side");
            Error::field_with_hint("side", "bad-value", message, "vendor, partner or customer")
        })?),
    };
    match (side, organization) {
        (Some(side), Some(id)) => Ok((Some((side, id.to_owned())), roles)),
        (None, None) => Ok((None, roles)),
        (Some(_), None) => {
            let message = "the organization is missing";
            Err(Error::field("organization", "missing-value", message))
        }
        (None, Some(_)) => Err(Error::field("roles", "missing-value", "the roles are missing")),
    }
}
