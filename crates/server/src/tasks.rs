//! What the server does by itself: it seals the journal, sends what waits in the outbox, and
//! clears away what has expired.
//!
//! Each task is a thread that works, waits, and ends when it is told to. Several servers on one
//! database do the same side by side: who takes what is decided in the database.

use std::io;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::config::Config;
use crate::{App, Error};

/// How often the journal is sealed.
const SEALING: Duration = Duration::from_millis(500);
/// How often what has expired is cleared away.
const CLEARING: Duration = Duration::from_secs(60 * 60);
/// How long a task that failed waits before it tries again, at most.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Tasks at work.
#[derive(Debug)]
pub struct Tasks {
    stop: Arc<Stop>,
    threads: Vec<JoinHandle<()>>,
}

impl Tasks {
    /// Starts all tasks.
    ///
    /// # Errors
    ///
    /// When there is no thread for one.
    pub fn start(app: &Arc<App>, _config: &Config) -> io::Result<Self> {
        let mut tasks = Self { stop: Arc::default(), threads: Vec::new() };
        tasks.add(app, "seal", SEALING, |app| {
            app.store.seal(app.clock.now())?;
            Ok(Next::Wait)
        })?;
        tasks.add(app, "clear", CLEARING, |app| {
            clear(app)?;
            Ok(Next::Wait)
        })?;
        Ok(tasks)
    }

    /// Lets tasks finish what they are doing, and ends them.
    pub fn stop(self) {
        self.stop.set();
        for thread in self.threads {
            if thread.join().is_err() {
                tracing::error!("a task broke");
            }
        }
    }

    fn add(
        &mut self,
        app: &Arc<App>,
        name: &'static str,
        every: Duration,
        work: impl FnMut(&App) -> Result<Next, Error> + Send + 'static,
    ) -> io::Result<()> {
        let (app, stop) = (Arc::clone(app), Arc::clone(&self.stop));
        let run = move || run(name, every, &app, &stop, work);
        self.threads.push(thread::Builder::new().name(name.to_owned()).spawn(run)?);
        Ok(())
    }
}

/// What a task does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// There may be more to do.
    Again,
    /// There is nothing to do for now.
    Wait,
}

fn run(
    name: &'static str,
    every: Duration,
    app: &App,
    stop: &Stop,
    mut work: impl FnMut(&App) -> Result<Next, Error>,
) {
    let span = tracing::info_span!("task", name);
    let _entered = span.enter();
    let mut failures: u32 = 0;
    loop {
        let pause = match work(app) {
            Ok(Next::Again) => {
                failures = 0;
                Duration::ZERO
            }
            Ok(Next::Wait) => {
                failures = 0;
                every
            }
            Err(error) => {
                failures = failures.saturating_add(1);
                tracing::error!("{}", crate::error::with_sources(&error));
                every.saturating_mul(failures).min(LONGEST_PAUSE.max(every))
            }
        };
        if stop.wait(pause) {
            return;
        }
    }
}

fn clear(app: &App) -> Result<(), Error> {
    app.store.forget_answers(app.clock.now())?;
    Ok(())
}

/// Tells threads to stop.
#[derive(Debug, Default)]
struct Stop {
    is_set: Mutex<bool>,
    changed: Condvar,
}

impl Stop {
    fn set(&self) {
        *self.is_set.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.changed.notify_all();
    }

    /// Waits for so long, or until it is time to stop. Returns whether it is.
    fn wait(&self, pause: Duration) -> bool {
        let guard = self.is_set.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.changed.wait_timeout_while(guard, pause, |is_set| !*is_set);
        *waited.unwrap_or_else(PoisonError::into_inner).0
    }
}
