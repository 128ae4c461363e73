//! Attempts at passwords and codes, counted in the database: every server counts all of them.

use guildhall_store::Tx;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::attempts::{AccountAttempts, Decision, Network, NetworkAttempts};
use crate::secrets::Digest;
use crate::{App, Caller, Error};

/// How many keys are looked at in one transaction when old ones are forgotten.
const LOOKED_AT_ONCE: i64 = 500;

/// Where a caller is.
pub(crate) fn place(caller: &Caller) -> Network {
    caller.address.map_or_else(Network::local, Network::of)
}

fn account_key(email: &str) -> String {
    format!("account:{}", Digest::of(guildhall_store::email_key(email).as_bytes()).as_str())
}

fn network_key(from: Network) -> String {
    format!("network:{}", from.address())
}

fn load<T: DeserializeOwned + Default>(tx: &mut Tx<'_>, key: &str) -> Result<T, Error> {
    let Some(text) = tx.attempts(key)? else { return Ok(T::default()) };
    serde_json::from_str(&text).map_err(Error::internal)
}

fn save<T: Serialize>(tx: &mut Tx<'_>, key: &str, state: &T, now: Timestamp) -> Result<(), Error> {
    let text = serde_json::to_string(state).map_err(Error::internal)?;
    tx.set_attempts(key, &text, now)?;
    Ok(())
}

/// Changes what was tried at an address and from a network.
pub(crate) fn settle<T>(
    tx: &mut Tx<'_>,
    email: &str,
    from: Network,
    now: Timestamp,
    change: impl FnOnce(&mut AccountAttempts, &mut NetworkAttempts) -> T,
) -> Result<T, Error> {
    let (account_key, network_key) = (account_key(email), network_key(from));
    let mut account: AccountAttempts = load(tx, &account_key)?;
    let mut network: NetworkAttempts = load(tx, &network_key)?;
    let before = (account.clone(), network.clone());
    let outcome = change(&mut account, &mut network);
    if before.0 != account {
        save(tx, &account_key, &account, now)?;
    }
    if before.1 != network {
        save(tx, &network_key, &network, now)?;
    }
    Ok(outcome)
}

/// Counts an attempt before it is looked at.
///
/// # Errors
///
/// [`Error::TooMany`] where it may not be made now.
pub(crate) fn begin(app: &App, email: &str, from: Network) -> Result<(), Error> {
    let now = app.clock.now();
    app.store.write(|tx| {
        let begin = |account: &mut AccountAttempts, network: &mut NetworkAttempts| {
            account.begin(network, from, now)
        };
        match settle(tx, email, from, now, begin)? {
            Decision::Allow => Ok(()),
            Decision::Wait { until } => Err(Error::TooMany { until }),
        }
    })
}

/// Forgets what says nothing any more. Returns how much.
///
/// # Errors
///
/// When the database cannot be read or written.
pub(crate) fn forget(app: &App) -> Result<u64, Error> {
    let now = app.clock.now();
    let before = now.checked_sub(SignedDuration::from_hours(26)).unwrap_or(Timestamp::MIN);
    let (mut after, mut forgotten) = (0, 0);
    loop {
        let old = app.store.read(|tx| tx.old_attempts(before, after, LOOKED_AT_ONCE))?;
        let Some((last, ..)) = old.last() else { return Ok(forgotten) };
        after = *last;
        for (_, key, state) in &old {
            let is_over = if key.starts_with("account:") {
                serde_json::from_str::<AccountAttempts>(state).is_ok_and(|it| it.is_over(now))
            } else {
                serde_json::from_str::<NetworkAttempts>(state).is_ok_and(|it| it.is_over(now))
            };
            if is_over {
                let forget = |tx: &mut Tx<'_>| match tx.attempts(key)? {
                    Some(held) if held == *state => tx.forget_attempts(key),
                    _ => Ok(0),
                };
                forgotten += app.store.write(forget)?;
            }
        }
    }
}
