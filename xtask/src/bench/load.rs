//! Requests at a fixed rate, whether or not the ones before are answered: the time of each is
//! counted from when it was due, so that a server that falls behind is not flattered.

#![expect(clippy::float_arithmetic, reason = "milliseconds, not money")]

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::http::Client;
use crate::shell::Outcome;

/// Requests a second.
pub const RATE: u64 = 200;
/// Connections that requests are shared out over.
const CONNECTIONS: usize = 16;

/// How long answers took, in milliseconds, and how long they were.
#[derive(Default)]
pub struct Latency {
    /// Half were quicker.
    pub p50: f64,
    /// 99 of 100 were quicker.
    pub p99: f64,
    /// The slowest.
    pub worst: f64,
    /// How many there were.
    pub served: usize,
    /// Bytes of an answer in the mean.
    pub bytes: u64,
}

/// Asks for these paths for so many seconds.
pub fn load(
    client: &(dyn Fn() -> Client + Sync),
    path: &(dyn Fn(u64) -> String + Sync),
    seconds: u64,
) -> Outcome<Latency> {
    let count = RATE * seconds;
    let next = AtomicU64::new(0);
    let results: Mutex<Vec<(f64, u64)>> = Mutex::new(Vec::new());
    let failures: Mutex<Vec<String>> = Mutex::new(Vec::new());
    let begin = Instant::now() + Duration::from_millis(50);
    thread::scope(|scope| {
        for _ in 0..CONNECTIONS {
            scope.spawn(|| {
                let mut client = client();
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= count {
                        return;
                    }
                    let due = begin + Duration::from_micros(1_000_000 / RATE * number);
                    thread::sleep(due.saturating_duration_since(Instant::now()));
                    match client.ask("GET", &path(number + 1), None) {
                        Ok(answer) if answer.status == 200 => {
                            let milliseconds = due.elapsed().as_secs_f64() * 1000.0;
                            note(&results, (milliseconds, answer.body.len() as u64));
                        }
                        Ok(answer) => {
                            note(&failures, format!("{}: {}", answer.status, answer.body));
                        }
                        Err(error) => note(&failures, error),
                    }
                }
            });
        }
    });
    let failures = failures.into_inner().unwrap_or_else(PoisonError::into_inner);
    if let Some(failure) = failures.first() {
        return Err(format!("{} requests failed, the first: {failure}", failures.len()));
    }
    Ok(Latency::of(&results.into_inner().unwrap_or_else(PoisonError::into_inner)))
}

impl Latency {
    fn of(results: &[(f64, u64)]) -> Self {
        let mut times: Vec<f64> = results.iter().map(|(time, _)| *time).collect();
        times.sort_by(f64::total_cmp);
        let at = |part: usize| {
            times.get((times.len() * part / 1000).min(times.len().saturating_sub(1))).copied()
        };
        Self {
            p50: at(500).unwrap_or(f64::NAN),
            p99: at(990).unwrap_or(f64::NAN),
            worst: times.last().copied().unwrap_or(f64::NAN),
            served: times.len(),
            bytes: results.iter().map(|(_, bytes)| bytes).sum::<u64>() / times.len().max(1) as u64,
        }
    }
}

fn note<T>(notes: &Mutex<Vec<T>>, it: T) {
    notes.lock().unwrap_or_else(PoisonError::into_inner).push(it);
}
