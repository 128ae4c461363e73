//! When a webhook is sent again, and what the receiver's answer means.
//!
//! The schedule is the one that the Standard Webhooks scheme recommends: ten attempts over some
//! three days, so that a receiver that breaks on a Friday evening misses nothing. Pure: the moment
//! and the chance are handed in.

use jiff::{SignedDuration, Timestamp};

/// Seconds from one attempt to the next. The first is made at once.
const WAITS: [i64; 10] =
    [0, 5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600];

/// How many attempts there are.
pub const ATTEMPTS: usize = WAITS.len();

/// When the next attempt is due, after this many and a moment; `None` when there is no other.
///
/// `chance`, drawn evenly from all its values, makes the wait longer by up to a fifth, so that
/// what failed together is not sent again together.
pub fn next_attempt_at(made: usize, now: Timestamp, chance: u8) -> Option<Timestamp> {
    let wait = *WAITS.get(made)?;
    let longer = wait.saturating_mul(i64::from(chance)) / i64::from(u8::MAX) / 5;
    now.checked_add(SignedDuration::from_secs(wait.saturating_add(longer))).ok()
}

/// What an HTTP status means for the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// The receiver has it: any 2xx.
    Delivered,
    /// Try again: everything else, redirects included, which are not followed.
    Retry,
    /// The receiver wants no more, ever: 410. The subscription is switched off and its owner told.
    Gone,
}

/// What an HTTP status means.
pub fn meaning_of(status: u16) -> Meaning {
    match status {
        200..=299 => Meaning::Delivered,
        410 => Meaning::Gone,
        _ => Meaning::Retry,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_attempts_are_made_over_three_days() {
        let start: Timestamp = "2026-03-06T18:00:00Z".parse().unwrap();
        let mut now = start;
        let mut made = 0;
        while let Some(next) = next_attempt_at(made, now, 0) {
            now = next;
            made += 1;
        }
        assert_eq!(made, ATTEMPTS);
        assert_eq!(now, "2026-03-09T21:35:05Z".parse().unwrap());
    }

    #[test]
    fn chance_makes_a_wait_longer_by_up_to_a_fifth() {
        let now: Timestamp = "2026-03-06T18:00:00Z".parse().unwrap();
        let wait = |made, chance| {
            next_attempt_at(made, now, chance).unwrap().as_second() - now.as_second()
        };
        assert_eq!((wait(0, 0), wait(0, 255)), (0, 0));
        assert_eq!((wait(2, 0), wait(2, 128), wait(2, 255)), (300, 330, 360));
        assert_eq!(wait(9, 255), 24 * 3600 + 24 * 720);
    }

    #[test]
    fn only_2xx_is_delivered_and_only_410_is_final() {
        for status in [200, 201, 202, 204, 299] {
            assert_eq!(meaning_of(status), Meaning::Delivered);
        }
        for status in [100, 301, 302, 307, 400, 401, 404, 409, 429, 500, 502, 503, 999] {
            assert_eq!(meaning_of(status), Meaning::Retry);
        }
        assert_eq!(meaning_of(410), Meaning::Gone);
    }
}
