//! Passwords: changing one's own, and choosing a new one by a mailed link.

use guildhall_access::Action;
use guildhall_rules::problem::Problems;
use guildhall_store::{Entry, StoredLink, StoredUser, Tx, moment_from_text, moment_text};
use jiff::{SignedDuration, Timestamp};

use super::{attempts, letters, sessions, users};
use crate::links::{Link, LinkRefused, Purpose};
use crate::mail::Letter;
use crate::secrets::{Digest, Form, Secret};
use crate::{App, Caller, Error, passwords};

/// For how long nobody is sent a second link for a new password.
const ONE_LINK_IN: SignedDuration = SignedDuration::from_mins(5);

fn word(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Invitation => "invitation",
        Purpose::PasswordReset => "password_reset",
    }
}

fn refused(why: LinkRefused) -> Error {
    Error::field("link", "link-refused", why.to_string())
}

/// Makes a link for a user; those from before no longer work. Returns its secret and its end.
pub(super) fn issue_link(
    tx: &mut Tx<'_>,
    purpose: Purpose,
    user: &str,
    now: Timestamp,
) -> Result<(Secret, Timestamp), Error> {
    let (secret, link) = Link::issue(purpose, user, now)?;
    tx.end_links(user)?;
    tx.add_link(&StoredLink {
        digest: link.digest.as_str().to_owned(),
        purpose: word(purpose).to_owned(),
        user: link.subject,
        made_at: moment_text(now),
        expires_at: moment_text(link.expires_at),
        used_at: None,
    })?;
    Ok((secret, link.expires_at))
}

/// The user that a link is for, if the link works.
pub(super) fn find_link(
    tx: &mut Tx<'_>,
    link: &str,
    purpose: Purpose,
    now: Timestamp,
) -> Result<(Link, StoredUser), Error> {
    let secret = Secret::parse(link, Form::Bare).ok_or_else(|| refused(LinkRefused))?;
    let digest = secret.digest();
    let stored = tx.link(digest.as_str())?.filter(|stored| stored.purpose == word(purpose));
    let found = stored.map(|stored| read_link(stored, digest, purpose)).transpose()?;
    let followed = Link::follow(found, purpose, now).map_err(refused)?;
    let user = tx.user(&followed.subject)?.ok_or_else(|| refused(LinkRefused))?;
    let expected = match purpose {
        Purpose::Invitation => "invited",
        Purpose::PasswordReset => "active",
    };
    if user.state != expected {
        return Err(refused(LinkRefused));
    }
    Ok((followed, user))
}

fn read_link(stored: StoredLink, digest: Digest, purpose: Purpose) -> Result<Link, Error> {
    Ok(Link {
        digest,
        purpose,
        subject: stored.user,
        expires_at: moment_from_text(&stored.expires_at)?,
        used_at: stored.used_at.as_deref().map(moment_from_text).transpose()?,
    })
}

/// Follows a link: the user has this password from now on, and is active; whoever was signed in
/// no longer is; and the place becomes one of the user's own.
pub(super) fn follow(
    app: &App,
    tx: &mut Tx<'_>,
    caller: &Caller,
    link: (&str, Purpose),
    hash: &str,
    changes: &dyn Fn(&mut StoredUser),
) -> Result<StoredUser, Error> {
    let now = app.clock.now();
    let (link, mut user) = find_link(tx, link.0, link.1, now)?;
    if !tx.use_link(link.digest.as_str(), now)? {
        return Err(refused(LinkRefused));
    }
    user.password = Some(hash.to_owned());
    "active".clone_into(&mut user.state);
    changes(&mut user);
    tx.change_user(&user, now)?;
    user.version += 1;
    user.changed_at = moment_text(now);
    tx.end_sessions(&user.id, None)?;
    let from = attempts::place(caller);
    attempts::settle(tx, &user.email, from, now, |account, _| account.welcome(from, now))?;
    Ok(user)
}

/// What speaks against a password is told before anything is hashed.
pub(super) fn check(password: &str, email: &str, field: &str) -> Result<(), Error> {
    let mut problems = Problems::new();
    for problem in passwords::check(password, email, field) {
        problems.push(problem);
    }
    if problems.is_empty() { Ok(()) } else { Err(problems.into()) }
}

/// Changes the caller's own password. All other sessions of the user end.
///
/// # Errors
///
/// When attempts came too fast, the present password is wrong, or the new one is not taken.
pub fn change(app: &App, caller: &Caller, present: &str, new: &str) -> Result<(), Error> {
    let id = caller.name();
    app.allow(caller, Action::EditUser, &users::resource_of(id, None))?;
    let (session, user) = app.store.read(|tx| sessions::read_own(tx, caller))?;
    check(new, &user.email, "new_password")?;
    let from = attempts::place(caller);
    attempts::begin(app, &user.email, from)?;
    if !app.hashing.verify(present, user.password.as_deref())? {
        let message = "the present password is wrong";
        return Err(Error::field("present_password", "wrong-password", message));
    }
    let hash = app.hashing.hash(new)?;
    let now = app.clock.now();
    app.store.write(|tx| {
        let (_, mut held) = sessions::read_own(tx, caller)?;
        if held.password != user.password {
            let message = "the password was changed meanwhile";
            return Err(Error::conflict("conflict", message));
        }
        held.password = Some(hash.clone());
        tx.change_user(&held, now)?;
        tx.end_sessions(id, Some(&session.id))?;
        tx.end_links(id)?;
        attempts::settle(tx, &user.email, from, now, |account, network| {
            account.passed(network, from, now);
        })?;
        tx.commit(app.entry(caller, "change_password", id))?;
        Ok(())
    })
}

/// Mails a link for a new password to whoever has this address. The answer is the same whether
/// there is such a user or not.
///
/// # Errors
///
/// When the database cannot be read or written.
pub fn request_reset(app: &App, email: &str) -> Result<(), Error> {
    if !users::is_email(email.trim()) {
        return Ok(());
    }
    let now = app.clock.now();
    app.store.write(|tx| {
        let found = tx.user_by_email(email)?.filter(|user| user.state == "active");
        let Some(user) = found else { return Ok(()) };
        for link in tx.links_of(&user.id)? {
            let age = now.duration_since(moment_from_text(&link.made_at)?);
            if link.used_at.is_none() && age >= SignedDuration::ZERO && age < ONE_LINK_IN {
                return Ok(());
            }
        }
        let (secret, expires) = issue_link(tx, Purpose::PasswordReset, &user.id, now)?;
        let letter = Letter::PasswordReset {
            network: letters::network(tx)?,
            expires: letters::moment(expires),
            link: format!("{}/password-resets/{}", app.base_url, secret.shown(Form::Bare)),
        };
        letters::post(tx, &user.email, &letter, now)?;
        tx.commit(Entry::new(now, "nobody", "request_password_reset", &user.id))?;
        Ok(())
    })
}

/// Chooses a new password by a mailed link. All sessions of the user end; the second factor stays.
///
/// # Errors
///
/// When the link does not work, or the password is not taken.
pub fn reset(app: &App, caller: &Caller, link: &str, password: &str) -> Result<(), Error> {
    let now = app.clock.now();
    let (_, user) = app.store.read(|tx| find_link(tx, link, Purpose::PasswordReset, now))?;
    check(password, &user.email, "password")?;
    let hash = app.hashing.hash(password)?;
    app.store.write(|tx| {
        let link = (link, Purpose::PasswordReset);
        let user = follow(app, tx, caller, link, &hash, &|_| {})?;
        tx.commit(Entry::new(now, &user.id, "reset_password", &user.id))?;
        Ok(())
    })
}
