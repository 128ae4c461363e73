//! Everything that an operation needs.

use std::fmt;
use std::sync::Arc;

use guildhall_access::{Access, Action, Decision, Resource};
use guildhall_store::{Entry, Store, Tx};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::hashing::Hashing;
use crate::mail::{Every, Mailer};
use crate::ops::forecast::Feeds;
use crate::turns::Turns;
use crate::{Book, Caller, Clock, Demo, Error, Rulebooks};

/// A running network: what operations are given.
pub struct App {
    /// The database.
    pub store: Store,
    /// Who may do what.
    pub access: Access,
    /// What tells the time.
    pub clock: Clock,
    /// The editions.
    pub rulebooks: Rulebooks,
    /// What changes of rules would do, as it was found last.
    pub impacts: crate::ops::impact::Kept,
    /// What mail goes out by.
    pub mailer: Mailer,
    /// The address under which people reach the server, without a slash at the end.
    pub base_url: String,
    /// Where passwords are hashed.
    pub hashing: Hashing,
    /// Where plans are made, which may take seconds: two at once.
    pub planning: Turns,
    /// How sessions end.
    pub sessions: SessionLimits,
    /// Whether webhooks may lead into the server's own network.
    pub allow_private_webhooks: bool,
    /// How often those who have not chosen are mailed a digest of what lapses.
    pub digest_every: Every,
    /// Calendars that were given out a short while ago.
    pub feeds: Feeds,
    /// Who may sign in as whom, where the network is a demonstration.
    pub demo: Option<Demo>,
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App").field("store", &self.store).finish_non_exhaustive()
    }
}

/// When sessions end by themselves.
#[derive(Clone, Copy, Debug)]
pub struct SessionLimits {
    /// Without a request for so long.
    pub idle: std::time::Duration,
    /// However busy, after so long.
    pub absolute: std::time::Duration,
}

impl App {
    /// An app over a store, with a clock and defaults for the rest: no mail, local address.
    ///
    /// # Errors
    ///
    /// When the policies cannot be read.
    pub fn new(store: Store, clock: Clock) -> Result<Self, Error> {
        Ok(Self {
            store,
            access: Access::new().map_err(Error::internal)?,
            clock,
            rulebooks: Rulebooks::default(),
            impacts: crate::ops::impact::Kept::default(),
            mailer: Mailer::none(),
            base_url: "http://127.0.0.1:8080".to_owned(),
            hashing: Hashing::default(),
            planning: Turns::new(2, 20),
            sessions: SessionLimits {
                idle: std::time::Duration::from_secs(30 * 60),
                absolute: std::time::Duration::from_secs(12 * 60 * 60),
            },
            allow_private_webhooks: false,
            digest_every: Every::Off,
            feeds: Feeds::default(),
            demo: None,
        })
    }

    /// Lets the caller do something to a thing, or says why not.
    ///
    /// # Errors
    ///
    /// [`Error::SignInFirst`] for nobody, [`Error::NotFound`] where the caller may not know that
    /// the thing exists, [`Error::Denied`] where they may see it and no more.
    pub fn allow(&self, caller: &Caller, action: Action, resource: &Resource) -> Result<(), Error> {
        let actor = &caller.actor;
        match self.access.decide(actor, action, resource) {
            Decision::Allowed => Ok(()),
            _ if actor.user.is_none() => Err(caller.sign_in_first()),
            decision => {
                // Failed attempts are what an attack looks like.
                tracing::info!(
                    user = actor.user.as_deref(),
                    action = action.word(),
                    kind = resource.kind.word(),
                    id = resource.id,
                    ?decision,
                    "denied"
                );
                Err(match decision {
                    Decision::Denied(reason) => Error::Denied { reason },
                    _ => Error::not_found(resource.kind.word(), &resource.id),
                })
            }
        }
    }

    /// Begins a row of the journal: now, the caller, what they do, and to what.
    pub fn entry(&self, caller: &Caller, action: &str, subject: &str) -> Entry {
        Entry::new(self.clock.now(), caller.name(), action, subject)
    }

    /// The book of the database.
    ///
    /// # Errors
    ///
    /// When it cannot be read.
    pub fn book(&self) -> Result<Arc<Book>, Error> {
        self.store.read(|tx| self.rulebooks.get(tx))
    }

    /// Changes the database in one transaction. Where the caller gave a key of idempotency and the
    /// same was asked before, nothing is done and the answer of then is given again: it is kept in
    /// the same transaction as the change, so that there is never one without the other.
    ///
    /// # Errors
    ///
    /// Those of `changes`, and a conflict where the key was used for something else.
    pub fn change<T: Serialize + DeserializeOwned>(
        &self,
        caller: &Caller,
        mut changes: impl FnMut(&mut Tx<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let Some(idempotency) = &caller.idempotency else { return self.store.write(changes) };
        let now = self.clock.now();
        self.store.write(|tx| {
            let kept = tx.kept_answer(caller.name(), &idempotency.key)?;
            if let Some((fingerprint, answer)) = kept {
                if fingerprint != idempotency.fingerprint {
                    let message = "the idempotency key was used for another request";
                    return Err(Error::conflict("idempotency-key-used", message));
                }
                return serde_json::from_str(&answer).map_err(Error::internal);
            }
            let answer = changes(tx)?;
            let text = serde_json::to_string(&answer).map_err(Error::internal)?;
            tx.keep_answer(caller.name(), &idempotency.key, &idempotency.fingerprint, &text, now)?;
            Ok(answer)
        })
    }
}
