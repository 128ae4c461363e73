//! Hashing of passwords, a few at a time: each takes 19 MiB and tens of milliseconds, and whoever
//! sends many at once must not be able to use up the server.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

use crate::{Error, passwords};

/// How many are hashed at once.
const AT_ONCE: u32 = 4;
/// How many wait for their turn; whoever comes then is told to try again.
const WAITING: u32 = 100;

/// Where passwords are hashed and compared.
#[derive(Debug, Default)]
pub struct Hashing {
    places: Mutex<Places>,
    left: Condvar,
    compared: AtomicU64,
}

#[derive(Debug, Default)]
struct Places {
    taken: u32,
    waiting: u32,
}

impl Hashing {
    /// The PHC string to store for a password.
    ///
    /// # Errors
    ///
    /// When too many wait, or it cannot be hashed.
    pub fn hash(&self, password: &str) -> Result<String, Error> {
        self.in_turn(|| passwords::hash(password).map_err(Error::internal))
    }

    /// Whether a password is the stored one. Without a stored one it is not, after the same work.
    ///
    /// # Errors
    ///
    /// When too many wait, or what is stored cannot be compared with.
    pub fn verify(&self, password: &str, stored: Option<&str>) -> Result<bool, Error> {
        self.in_turn(|| {
            self.compared.fetch_add(1, Ordering::Relaxed);
            passwords::verify(password, stored).map_err(Error::internal)
        })
    }

    /// How many passwords were compared since the start.
    pub fn compared(&self) -> u64 {
        self.compared.load(Ordering::Relaxed)
    }

    fn in_turn<T>(&self, work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        if places.waiting >= WAITING {
            let now = Timestamp::now();
            let until = now.checked_add(SignedDuration::from_secs(2)).unwrap_or(now);
            return Err(Error::TooMany { until });
        }
        places.waiting += 1;
        while places.taken >= AT_ONCE {
            places = self.left.wait(places).unwrap_or_else(PoisonError::into_inner);
        }
        places.waiting -= 1;
        places.taken += 1;
        drop(places);
        // Given back even where the work panics.
        let _place = Place(self);
        work()
    }
}

struct Place<'h>(&'h Hashing);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.places.lock().unwrap_or_else(PoisonError::into_inner).taken -= 1;
        self.0.left.notify_one();
    }
}
