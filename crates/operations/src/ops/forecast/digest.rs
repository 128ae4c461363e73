//! The digest that is mailed to each user by their roles: what lapses in the next 30, 60 and 90
//! days, and what falls with it. Once a period for each user, however many servers there are, and
//! never where there is nothing to tell.

mod told;

use guildhall_access::Action;
use guildhall_store::{StoredUser, UserFilter};
use jiff::SignedDuration;

use crate::mail::{Every, Letter};
use crate::ops::{letters, sessions, users};
use crate::secrets::{Form, Secret};
use crate::{App, Caller, Error};

/// How many users are looked at in one read.
const BATCH: usize = 200;
/// For how long the link in a digest works that ends it.
const LINKS_KEPT: SignedDuration = SignedDuration::from_hours(400 * 24);

/// How often somebody is mailed a digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preference {
    /// What they chose, if they did.
    pub chosen: Option<Every>,
    /// What the server does for those who did not.
    pub configured: Every,
}

/// How often the caller is mailed a digest.
///
/// # Errors
///
/// When nobody is signed in.
pub fn preference(app: &App, caller: &Caller) -> Result<Preference, Error> {
    let user = caller.name();
    app.allow(caller, Action::ViewUser, &users::resource_of(user, None))?;
    let chosen = app.store.read(|tx| tx.digest_choice(user))?;
    let chosen = chosen.and_then(|word| Every::from_word(&word));
    Ok(Preference { chosen, configured: app.digest_every })
}

/// Notes how often the caller wants a digest; none: as the server is configured.
///
/// # Errors
///
/// When the caller is in no session.
pub fn choose(app: &App, caller: &Caller, every: Option<Every>) -> Result<(), Error> {
    let user = caller.name();
    app.allow(caller, Action::EditUser, &users::resource_of(user, None))?;
    app.change(caller, |tx| {
        // The session may have ended since.
        sessions::read_own(tx, caller)?;
        tx.choose_digest(user, every.map(Every::word))?;
        let mut entry = app.entry(caller, "choose_digest", user);
        entry.detail("every", every.map_or("as_configured", Every::word).into());
        tx.commit(entry)?;
        Ok(())
    })
}

/// The user whose digest a link ends: their address, half of it hidden, and whether it has ended.
///
/// # Errors
///
/// [`Error::NotFound`] where the link is none that was mailed, or too old.
pub fn who_stops(app: &App, secret: &str) -> Result<(String, bool), Error> {
    let (user, has_ended) = app.store.read(|tx| {
        let user = linked(tx, secret)?;
        let chosen = tx.digest_choice(&user)?.and_then(|word| Every::from_word(&word));
        let has_ended = chosen.unwrap_or(app.digest_every) == Every::Off;
        let user = tx.user(&user)?.ok_or_else(|| Error::not_found("link", "…"))?;
        Ok::<_, Error>((user, has_ended))
    })?;
    let (name, domain) = user.email.split_once('@').unwrap_or((user.email.as_str(), ""));
    let begin: String = name.chars().take(1).collect();
    Ok((format!("{begin}…@{domain}"), has_ended))
}

/// Ends the digest of whoever has the link, who need not be signed in.
///
/// # Errors
///
/// As of [`who_stops`].
pub fn stop(app: &App, secret: &str) -> Result<(), Error> {
    app.store.write(|tx| {
        let user = linked(tx, secret)?;
        let was = tx.digest_choice(&user)?;
        if was.as_deref() == Some(Every::Off.word()) {
            return Ok(());
        }
        tx.choose_digest(&user, Some(Every::Off.word()))?;
        let mut entry = guildhall_store::Entry::new(app.clock.now(), &user, "choose_digest", &user);
        entry.detail("every", Every::Off.word().into());
        tx.commit(entry)?;
        Ok(())
    })
}

fn linked(tx: &mut guildhall_store::Tx<'_>, secret: &str) -> Result<String, Error> {
    let nowhere = || Error::not_found("link", "…");
    let secret = Secret::parse(secret, Form::Bare).ok_or_else(nowhere)?;
    tx.digest_link(secret.digest().as_str())?.ok_or_else(nowhere)
}

/// Mails a digest to everybody who wants one and was not mailed one for this period. Returns how
/// many were written. Without a mail server nobody is looked at.
///
/// # Errors
///
/// When the database cannot be used.
pub fn send_digests(app: &App) -> Result<u64, Error> {
    if !app.mailer.is_configured() {
        return Ok(0);
    }
    let now = app.clock.now();
    let before = now.checked_sub(LINKS_KEPT).map_err(Error::internal)?;
    app.store.write(|tx| Ok::<_, Error>(tx.forget_digest_links(before)?))?;
    let filter =
        UserFilter { all: true, state: Some("active".to_owned()), ..UserFilter::default() };
    let (mut after, mut sent) = (0, 0);
    let mut teller = told::Teller::default();
    loop {
        let users = app.store.read(|tx| tx.users(&filter, after, BATCH))?;
        let Some(last) = users.last() else { return Ok(sent) };
        after = last.number;
        for user in &users {
            match one(app, &mut teller, user) {
                Ok(is_sent) => sent += u64::from(is_sent),
                Err(error @ Error::Unavailable(_)) => return Err(error),
                // What is wrong with one is no reason to leave out the others.
                Err(error) => {
                    let why = crate::error::with_sources(&error);
                    tracing::error!(user = user.id, "no digest was made: {why}");
                }
            }
        }
    }
}

/// The period in which today lies, as it is kept.
fn period(app: &App, every: Every) -> Option<String> {
    let today = app.clock.today().to_date();
    match every {
        Every::Off => None,
        Every::Weekly => Some(today.strftime("%G-W%V").to_string()),
        Every::Monthly => Some(today.strftime("%Y-%m").to_string()),
    }
}

/// Writes to a user, unless they do not want it, were written to, or have nothing to be told.
fn one(app: &App, teller: &mut told::Teller, user: &StoredUser) -> Result<bool, Error> {
    let (chosen, told_for) = app
        .store
        .read(|tx| Ok::<_, Error>((tx.digest_choice(&user.id)?, tx.digest_told(&user.id)?)))?;
    let every = chosen.and_then(|word| Every::from_word(&word)).unwrap_or(app.digest_every);
    let Some(period) = period(app, every) else { return Ok(false) };
    if told_for.as_ref() == Some(&period) {
        return Ok(false);
    }
    let told = teller.tell(app, user)?;
    let now = app.clock.now();
    let secret = Secret::generate()?;
    app.store.write(|tx| {
        // Whoever is first writes, also of two servers.
        if !tx.take_digest(&user.id, &period)? || told.blocks.is_empty() {
            return Ok(false);
        }
        tx.add_digest_link(&user.id, secret.digest().as_str(), now)?;
        let letter = Letter::Digest {
            network: letters::network(tx)?,
            about: told.about.clone(),
            blocks: told.blocks.clone(),
            link: format!("{}{}", app.base_url, told.to),
            choose: format!("{}/me/digest", app.base_url),
            stop: format!("{}/digest/stop/{}", app.base_url, secret.shown(Form::Bare)),
        };
        letters::post(tx, &user.email, &letter, now)?;
        Ok(true)
    })
}
