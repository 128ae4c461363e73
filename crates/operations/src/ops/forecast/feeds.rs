//! Calendars that programs subscribe to by an address with a secret in it: made and ended by a
//! user, read without signing in, with the rights that the user has at that moment.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use guildhall_access::{Action, Actor, Resource, ResourceKind, Scope};
use guildhall_rules::day::Day;
use guildhall_store::{StoredFeed, StoredUser, moment_from_text, moment_text, plain_moment};
use jiff::{SignedDuration, Timestamp};

use super::{Asked, calendar};
use crate::ops::network::{self, TurnsAsked};
use crate::ops::{sessions, sign_in, users};
use crate::secrets::{Digest, Form, Secret};
use crate::{App, Caller, Error};

/// How many feeds a user has at most.
const MOST_FEEDS: usize = 50;
/// How far ahead a feed looks, in days.
const AHEAD: i32 = 365;
/// For how long a calendar that was made is given out again. A feed is made no more often, however
/// often it is asked for.
pub(crate) const FRESH: SignedDuration = SignedDuration::from_mins(5);
/// How often it is noted at most that a feed is used.
const SEEN_EVERY: SignedDuration = SignedDuration::from_hours(1);
/// How many bytes of calendars are kept at most.
const MOST_BYTES: usize = 32 * 1024 * 1024;

/// A calendar by URL, as its owner sees it. Never its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feed {
    /// Its id.
    pub id: String,
    /// Whose calendar it is; none: of the network.
    pub partner: Option<String>,
    /// When it was made.
    pub created_at: String,
    /// When it was fetched last, give or take an hour.
    pub used_at: Option<String>,
}

/// A feed that was made.
#[derive(Clone, Debug)]
pub struct NewFeed {
    /// The address to give to a calendar program, shown this once.
    pub url: String,
    /// The feed.
    pub feed: Feed,
}

/// A calendar as it is given out.
#[derive(Clone, Debug)]
pub struct Fetched {
    /// Its entity tag, with quotes.
    pub tag: String,
    /// The iCalendar file.
    pub text: Arc<str>,
}

/// Calendars that were made a short while ago.
#[derive(Debug, Default)]
pub struct Feeds(Mutex<BTreeMap<String, Kept>>);

#[derive(Clone, Debug)]
struct Kept {
    made_at: Timestamp,
    /// For whom, and on which day: with other rights it is another calendar.
    of: (Actor, Day),
    fetched: Fetched,
}

impl Feeds {
    fn fresh(&self, id: &str, of: &(Actor, Day), now: Timestamp) -> Option<Fetched> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = kept.get(id)?;
        let age = now.duration_since(found.made_at);
        let is_fresh = age >= SignedDuration::ZERO && age < FRESH && found.of == *of;
        is_fresh.then(|| found.fetched.clone())
    }

    fn keep(&self, id: &str, of: (Actor, Day), now: Timestamp, fetched: &Fetched) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|_, one| now.duration_since(one.made_at) < FRESH);
        let bytes: usize = kept.values().map(|one| one.fetched.text.len()).sum();
        if bytes.saturating_add(fetched.text.len()) <= MOST_BYTES {
            kept.insert(id.to_owned(), Kept { made_at: now, of, fetched: fetched.clone() });
        }
    }

    fn forget(&self, id: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(id);
    }
}

impl Feed {
    fn of(stored: &StoredFeed) -> Self {
        Self {
            id: stored.id.clone(),
            partner: stored.partner.clone(),
            created_at: plain_moment(&stored.created_at),
            used_at: stored.used_at.as_deref().map(plain_moment),
        }
    }
}

/// A feed is a token of its user that opens nothing else.
fn token(id: &str, user: &str) -> Resource {
    Resource::new(ResourceKind::Token, id).of_user(user)
}

/// Whether the caller may see what a feed shows.
fn allow_what(app: &App, caller: &Caller, partner: Option<&str>) -> Result<(), Error> {
    match partner {
        Some(id) => app.allow(caller, Action::ViewScorecard, &super::partner(id)),
        None => {
            let network = Resource::new(ResourceKind::Network, "network");
            app.allow(caller, Action::ViewNetwork, &network)
        }
    }
}

/// Makes a feed for the caller, of a partner or of the network. Where they have one of the same,
/// it is replaced and works no more.
///
/// # Errors
///
/// When the caller is in no session, or may not see what it would show.
pub fn make(app: &App, caller: &Caller, partner: Option<&str>) -> Result<NewFeed, Error> {
    let user = caller.name();
    app.allow(caller, Action::CreateToken, &token("new", user))?;
    allow_what(app, caller, partner)?;
    let (secret, id) = (Secret::generate()?, users::new_id("f")?);
    let now = app.clock.now();
    let feed = app.store.write(|tx| {
        // The session may have ended since.
        sessions::read_own(tx, caller)?;
        if let Some(id) = partner {
            let kind = guildhall_store::Kind::Fact(guildhall_rules::facts::File::Partners);
            tx.current(kind, id)?.ok_or_else(|| Error::not_found("partner", id))?;
        }
        let held = tx.feeds(user)?;
        let is_new = !held.iter().any(|feed| feed.partner.as_deref() == partner);
        if is_new && held.len() >= MOST_FEEDS {
            let message = format!("you have {MOST_FEEDS} calendars; end one first");
            return Err(Error::conflict("too-many-feeds", message));
        }
        let feed = StoredFeed {
            id: id.clone(),
            user: user.to_owned(),
            partner: partner.map(str::to_owned),
            created_at: moment_text(now),
            used_at: None,
        };
        tx.put_feed(&feed, secret.digest().as_str())?;
        let mut entry = app.entry(caller, "create_feed", user);
        entry.detail("feed", id.clone().into());
        tx.commit(entry)?;
        Ok(feed)
    })?;
    let url = format!("{}/calendar/{}.ics", app.base_url, secret.shown(Form::Bare));
    Ok(NewFeed { url, feed: Feed::of(&feed) })
}

/// The caller's feeds, the one made last first.
///
/// # Errors
///
/// When nobody is signed in.
pub fn list(app: &App, caller: &Caller) -> Result<Vec<Feed>, Error> {
    let user = caller.name();
    app.allow(caller, Action::ViewToken, &token("all", user))?;
    let stored = app.store.read(|tx| tx.feeds(user))?;
    Ok(stored.iter().map(Feed::of).collect())
}

/// Ends a feed of the caller's: its address works no more.
///
/// # Errors
///
/// When there is no such feed.
pub fn revoke(app: &App, caller: &Caller, id: &str) -> Result<(), Error> {
    let user = caller.name();
    app.allow(caller, Action::RevokeToken, &token(id, user))?;
    app.change(caller, |tx| {
        if !tx.end_feed(user, id)? {
            return Err(Error::not_found("calendar", id));
        }
        let mut entry = app.entry(caller, "revoke_feed", user);
        entry.detail("feed", id.into());
        tx.commit(entry)?;
        Ok(())
    })?;
    app.feeds.forget(id);
    Ok(())
}

/// The calendar of whoever knows the secret of a feed, with the rights that its user has now.
///
/// # Errors
///
/// [`Error::NotFound`] where no feed has the secret, its user is not active any more, or may not
/// see what it shows: nothing tells which.
pub fn fetch(app: &App, secret: &str) -> Result<Fetched, Error> {
    let nowhere = || Error::not_found("calendar", "…");
    let secret = Secret::parse(secret, Form::Bare).ok_or_else(nowhere)?;
    let found = app.store.read(|tx| tx.feed_by_digest(secret.digest().as_str()))?;
    let (feed, user) = found.filter(|(_, user)| user.state == "active").ok_or_else(nowhere)?;
    let caller = reader(&user);
    let hidden = |error: Error| match error {
        Error::SignInFirst | Error::Denied { .. } | Error::NotFound { .. } => nowhere(),
        error => error,
    };
    allow_what(app, &caller, feed.partner.as_deref()).map_err(hidden)?;
    let (now, today) = (app.clock.now(), app.clock.today());
    note_use(app, &feed, now)?;
    let of = (caller.actor.clone(), today);
    if let Some(fetched) = app.feeds.fresh(&feed.id, &of, now) {
        return Ok(fetched);
    }
    let text = match &feed.partner {
        Some(partner) => {
            let until = today.plus_days(AHEAD);
            calendar(app, &caller, partner, &Asked::until(until)).map_err(hidden)?
        }
        None => network::calendar(app, &caller, &TurnsAsked::default()).map_err(hidden)?,
    };
    let tag = format!("\"{}\"", Digest::of(text.as_bytes()).as_str());
    let fetched = Fetched { tag, text: text.into() };
    app.feeds.keep(&feed.id, of, now, &fetched);
    Ok(fetched)
}

/// The user of a feed, who may read and nothing else.
fn reader(user: &StoredUser) -> Caller {
    Caller::acting(Actor { scopes: Some(vec![Scope::Read]), ..sign_in::actor(user) })
}

fn note_use(app: &App, feed: &StoredFeed, now: Timestamp) -> Result<(), Error> {
    if let Some(used) = &feed.used_at
        && now.duration_since(moment_from_text(used)?) < SEEN_EVERY
    {
        return Ok(());
    }
    let noted: Result<(), Error> = app.store.write(|tx| Ok(tx.touch_feed(&feed.id, now)?));
    // That a use cannot be noted, as the disk is full, keeps nobody out.
    if let Err(error) = noted {
        tracing::warn!(%error, "the use of a calendar was not noted");
    }
    Ok(())
}
