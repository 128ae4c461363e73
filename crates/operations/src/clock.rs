//! The clock, which is handed in: the time of day, or a moment that a test sets.

use std::sync::{Mutex, PoisonError};

use guildhall_rules::day::Day;
use jiff::Timestamp;
use jiff::tz::Offset;

/// What tells the time.
#[derive(Debug)]
pub enum Clock {
    /// The machine's.
    System,
    /// One that stands still until it is set.
    Set(Mutex<Timestamp>),
}

impl Clock {
    /// A clock that stands at a moment.
    pub fn at(moment: Timestamp) -> Self {
        Self::Set(Mutex::new(moment))
    }

    /// Now.
    pub fn now(&self) -> Timestamp {
        match self {
            Self::System => Timestamp::now(),
            Self::Set(moment) => *moment.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// Today, in UTC.
    pub fn today(&self) -> Day {
        Day::from_date(Offset::UTC.to_datetime(self.now()).date())
    }

    /// Sets a clock that stands still; the machine's is not touched.
    pub fn set(&self, to: Timestamp) {
        if let Self::Set(moment) = self {
            *moment.lock().unwrap_or_else(PoisonError::into_inner) = to;
        }
    }
}
