//! Work that takes long, a few at a time: whoever sends many requests at once must not be able to
//! use up the server.

use std::sync::{Condvar, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

use crate::Error;

/// Where some work is done in turn.
#[derive(Debug)]
pub struct Turns {
    at_once: u32,
    most_waiting: u32,
    places: Mutex<Places>,
    left: Condvar,
}

#[derive(Debug, Default)]
struct Places {
    taken: u32,
    waiting: u32,
}

impl Turns {
    /// So many at once; when so many wait for their turn, whoever comes then is told to try again.
    pub fn new(at_once: u32, most_waiting: u32) -> Self {
        Self { at_once, most_waiting, places: Mutex::default(), left: Condvar::new() }
    }

    /// Does some work when it is its turn, on the thread that calls.
    ///
    /// # Errors
    ///
    /// Those of the work, and [`Error::TooMany`] where too many wait.
    pub fn take<T>(&self, work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        if places.waiting >= self.most_waiting {
            let now = Timestamp::now();
            let until = now.checked_add(SignedDuration::from_secs(2)).unwrap_or(now);
            return Err(Error::TooMany { until });
        }
        places.waiting += 1;
        while places.taken >= self.at_once {
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

struct Place<'t>(&'t Turns);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.places.lock().unwrap_or_else(PoisonError::into_inner).taken -= 1;
        self.0.left.notify_one();
    }
}
