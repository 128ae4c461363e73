//! Hashing of passwords, a few at a time: each takes 19 MiB and tens of milliseconds.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::turns::Turns;
use crate::{Error, passwords};

/// How many are hashed at once.
const AT_ONCE: u32 = 4;
/// How many wait for their turn.
const WAITING: u32 = 100;

/// Where passwords are hashed and compared.
#[derive(Debug)]
pub struct Hashing {
    turns: Turns,
    compared: AtomicU64,
}

impl Default for Hashing {
    fn default() -> Self {
        Self { turns: Turns::new(AT_ONCE, WAITING), compared: AtomicU64::new(0) }
    }
}

impl Hashing {
    /// The PHC string to store for a password.
    ///
    /// # Errors
    ///
    /// When too many wait, or it cannot be hashed.
    pub fn hash(&self, password: &str) -> Result<String, Error> {
        self.turns.take(|| passwords::hash(password).map_err(Error::internal))
    }

    /// Whether a password is the stored one. Without a stored one it is not, after the same work.
    ///
    /// # Errors
    ///
    /// When too many wait, or what is stored cannot be compared with.
    pub fn verify(&self, password: &str, stored: Option<&str>) -> Result<bool, Error> {
        self.turns.take(|| {
            self.compared.fetch_add(1, Ordering::Relaxed);
            passwords::verify(password, stored).map_err(Error::internal)
        })
    }

    /// How many passwords were compared since the start.
    pub fn compared(&self) -> u64 {
        self.compared.load(Ordering::Relaxed)
    }
}
