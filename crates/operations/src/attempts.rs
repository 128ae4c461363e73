//! How guessing passwords and codes is slowed down, without anybody being locked out.
//!
//! Every attempt is counted as failed before it is looked at, and taken back when it was right, so
//! that a hundred at once are a hundred. Whether it may be made depends on where it comes from, an
//! IPv4 address or the /64 network of an IPv6 one:
//!
//! * From a network from which the user **has signed in** in the last 90 days, only that network's
//!   own failures count: five are free, then the wait doubles from one minute to a quarter of an
//!   hour. Whatever strangers do, it does not slow the user down at the usual place.
//! * From **elsewhere** the wait doubles up to one hour, all strangers to the account together have
//!   [20 attempts and then one each quarter of an hour](STRANGERS), and a network as a stranger to
//!   all accounts together [30 and then one every two minutes](NETWORK). The former bounds guessing
//!   from any number of addresses, the latter trying one password at many accounts.
//!
//! So one account gets at most 117 guesses a day from strangers, and 107 from each of the 20
//! networks that it is used from. Twelve-character passwords that are no common ones, and codes of
//! six digits behind them, hold against that for years.
//!
//! Nothing waits longer than an hour, attempts refused meanwhile do not make it longer, and no
//! state is final. Who sits in a new place while strangers use up its attempts asks for a link by
//! mail; following it makes the place one of the user's own ([`AccountAttempts::welcome`]).
//!
//! The state is small and bounded. The store keeps an [`AccountAttempts`] for each e-mail address
//! that somebody tried to sign in with, known or not, so that the answers are the same for both,
//! and a [`NetworkAttempts`] for each network. This module keeps nothing and asks for no time.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How many failures of one network at one account are free.
pub const FREE: u32 = 5;

/// The first wait in seconds; each further failure doubles it.
const FIRST_WAIT: i64 = 60;

/// The longest wait in seconds at a network that the user has signed in from.
pub const LONGEST_WAIT_KNOWN: i64 = 15 * 60;

/// The longest wait in seconds elsewhere.
pub const LONGEST_WAIT: i64 = 60 * 60;

/// Failures of a network at an account are forgotten after this many seconds.
const FORGOTTEN_AFTER: i64 = 24 * 60 * 60;

/// A network is a stranger again after this many seconds without a sign-in: addresses pass from
/// one customer of a provider to the next.
const STRANGER_AFTER: i64 = 90 * 24 * 60 * 60;

/// How many networks of an account are kept as its own; the one used least recently gives way.
const MOST_KNOWN: usize = 20;

/// How many strangers' failures of an account are kept; those that failed least recently give
/// way. [`STRANGERS`] holds for them all the same.
const MOST_STRANGERS: usize = 50;

/// What all strangers together may try at one account.
pub const STRANGERS: Allowance = Allowance { burst: 20, every_seconds: 15 * 60 };

/// What one network may try at all accounts together to which it is a stranger.
pub const NETWORK: Allowance = Allowance { burst: 30, every_seconds: 2 * 60 };

/// A number of attempts at once, and then one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// How many may be made at once after a rest.
    pub burst: u32,
    /// After how many seconds there is one more.
    pub every_seconds: i64,
}

/// Whether an attempt may be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It may, and is counted.
    Allow,
    /// Not now, and it is not counted.
    Wait {
        /// When to try again.
        until: Timestamp,
    },
}

/// Where an attempt comes from: an IPv4 address, or the /64 network of an IPv6 one, as every
/// customer of a provider has at least one of these to pick addresses from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Network(IpAddr);

impl Network {
    /// The network of an address. IPv4 written as IPv6 is IPv4.
    pub fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(address) => Self(IpAddr::V4(address)),
            IpAddr::V6(address) => {
                let network = address.to_bits() >> 64 << 64;
                Self(IpAddr::V6(Ipv6Addr::from_bits(network)))
            }
        }
    }

    /// Where something comes from that has no address, such as a command on the server itself.
    pub fn local() -> Self {
        Self(IpAddr::V4(Ipv4Addr::LOCALHOST))
    }

    /// The address, or the first address of the network: a key for the store.
    pub fn address(self) -> IpAddr {
        self.0
    }
}

/// Attempts that fill up an [`Allowance`]. All times are seconds since 1970.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
struct Used {
    /// When all attempts are there again.
    full_at: i64,
}

impl Used {
    /// The first second at which there is an attempt.
    fn next_at(self, of: Allowance) -> i64 {
        let rest = i64::from(of.burst.saturating_sub(1)).saturating_mul(of.every_seconds);
        self.full_at.saturating_sub(rest)
    }

    fn take(&mut self, of: Allowance, now: i64) {
        self.full_at = self.full_at.max(now).saturating_add(of.every_seconds);
    }

    fn give_back(&mut self, of: Allowance) {
        self.full_at = self.full_at.saturating_sub(of.every_seconds);
    }

    /// Corrects what a clock that was ahead has written.
    fn settle(&mut self, of: Allowance, now: i64) {
        let all = i64::from(of.burst).saturating_mul(of.every_seconds);
        self.full_at = self.full_at.min(now.saturating_add(all));
    }
}

/// What failed at an account from one network.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Failures {
    count: u32,
    /// The first second at which there may be another attempt.
    next_at: i64,
}

impl Failures {
    fn add(&mut self, longest: i64, now: i64) {
        self.count = self.count.saturating_add(1);
        let wait = match self.count.checked_sub(FREE) {
            None => 0,
            Some(doublings) => FIRST_WAIT.saturating_mul(1 << doublings.min(16)).min(longest),
        };
        self.next_at = now.saturating_add(wait);
    }

    fn take_back(&mut self, now: i64) {
        self.count = self.count.saturating_sub(1);
        self.next_at = now;
    }

    /// Corrects what a clock that was ahead has written, and forgets what is long ago.
    fn settle(&mut self, longest: i64, now: i64) {
        self.next_at = self.next_at.min(now.saturating_add(longest));
        if now.saturating_sub(self.next_at) >= FORGOTTEN_AFTER {
            *self = Self::default();
        }
    }
}

/// A network that the user has signed in from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Known {
    network: Network,
    signed_in_at: i64,
    failures: Failures,
}

/// A network that attempts came from, and no sign-in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Stranger {
    network: Network,
    failures: Failures,
}

/// What was tried as a stranger from one network, at whatever accounts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NetworkAttempts {
    used: Used,
}

impl NetworkAttempts {
    /// Whether the store may forget it: it says nothing any more.
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.used.full_at <= now.as_second()
    }
}

/// What was tried at one account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountAttempts {
    known: Vec<Known>,
    strangers: Vec<Stranger>,
    used: Used,
}

impl AccountAttempts {
    /// Asks whether an attempt may be made, and counts it if so.
    ///
    /// The caller stores both states before it looks at the password or code.
    pub fn begin(
        &mut self,
        elsewhere: &mut NetworkAttempts,
        from: Network,
        now: Timestamp,
    ) -> Decision {
        let now = now.as_second();
        self.settle(now);
        elsewhere.used.settle(NETWORK, now);
        if let Some(known) = self.known(from) {
            if now < known.failures.next_at {
                return wait_until(known.failures.next_at);
            }
            known.failures.add(LONGEST_WAIT_KNOWN, now);
            return Decision::Allow;
        }
        let own = self.strangers.iter().find(|stranger| stranger.network == from);
        let next_at = own
            .map_or(0, |stranger| stranger.failures.next_at)
            .max(self.used.next_at(STRANGERS))
            .max(elsewhere.used.next_at(NETWORK));
        if now < next_at {
            return wait_until(next_at);
        }
        self.add_stranger(from, now);
        self.used.take(STRANGERS, now);
        elsewhere.used.take(NETWORK, now);
        Decision::Allow
    }

    /// Takes back the attempt begun before, as it was right: a password whose code is to follow.
    pub fn passed(&mut self, elsewhere: &mut NetworkAttempts, from: Network, now: Timestamp) {
        let now = now.as_second();
        if let Some(known) = self.known(from) {
            known.failures.take_back(now);
            return;
        }
        if let Some(own) = self.strangers.iter_mut().find(|stranger| stranger.network == from) {
            own.failures.take_back(now);
        }
        self.used.give_back(STRANGERS);
        elsewhere.used.give_back(NETWORK);
    }

    /// Takes back the attempt begun before, as the user is signed in with it.
    pub fn succeeded(&mut self, elsewhere: &mut NetworkAttempts, from: Network, now: Timestamp) {
        self.passed(elsewhere, from, now);
        self.welcome(from, now);
    }

    /// Makes a network one of the user's own and forgets what failed from it: after a sign-in, or
    /// after a mailed link was followed.
    pub fn welcome(&mut self, from: Network, now: Timestamp) {
        self.strangers.retain(|stranger| stranger.network != from);
        self.known.retain(|known| known.network != from);
        if self.known.len() >= MOST_KNOWN {
            let oldest = self.known.iter().map(|known| known.signed_in_at).min();
            let at = self.known.iter().position(|known| Some(known.signed_in_at) == oldest);
            if let Some(at) = at {
                self.known.remove(at);
            }
        }
        let signed_in_at = now.as_second();
        self.known.push(Known { network: from, signed_in_at, failures: Failures::default() });
    }

    /// Whether the user has signed in from here, so that a new place can be told by mail.
    pub fn is_known(&self, from: Network) -> bool {
        self.known.iter().any(|known| known.network == from)
    }

    /// Whether the store may forget it: it says nothing any more.
    pub fn is_over(&self, now: Timestamp) -> bool {
        let mut settled = self.clone();
        settled.settle(now.as_second());
        settled.known.is_empty()
            && settled.strangers.is_empty()
            && settled.used.full_at <= now.as_second()
    }

    fn known(&mut self, from: Network) -> Option<&mut Known> {
        self.known.iter_mut().find(|known| known.network == from)
    }

    /// Counts an attempt of a stranger. Who tried least recently stands first, and gives way.
    fn add_stranger(&mut self, from: Network, now: i64) {
        let at = self.strangers.iter().position(|stranger| stranger.network == from);
        let own = at.map(|at| self.strangers.remove(at));
        let mut failures = own.map(|stranger| stranger.failures).unwrap_or_default();
        failures.add(LONGEST_WAIT, now);
        if self.strangers.len() >= MOST_STRANGERS {
            self.strangers.remove(0);
        }
        self.strangers.push(Stranger { network: from, failures });
    }

    fn settle(&mut self, now: i64) {
        self.used.settle(STRANGERS, now);
        for known in &mut self.known {
            known.failures.settle(LONGEST_WAIT_KNOWN, now);
            known.signed_in_at = known.signed_in_at.min(now);
        }
        self.known.retain(|known| now.saturating_sub(known.signed_in_at) < STRANGER_AFTER);
        for stranger in &mut self.strangers {
            stranger.failures.settle(LONGEST_WAIT, now);
        }
        self.strangers.retain(|stranger| stranger.failures.count > 0);
    }
}

fn wait_until(second: i64) -> Decision {
    Decision::Wait { until: Timestamp::from_second(second).unwrap_or(Timestamp::MAX) }
}

#[cfg(test)]
mod tests;
