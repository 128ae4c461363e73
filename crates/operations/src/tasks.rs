//! What the server does by itself: it seals the journal, keeps standings up with it, sends what
//! waits in the outbox, and clears away what has expired.
//!
//! Each task is a thread that works, waits, and ends when it is told to. Several servers on one
//! database do the same side by side: who takes what is decided in the database.

use std::io;
use std::sync::mpsc::{Receiver, Sender as Teller, channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use jiff::SignedDuration;
use jiff::tz::Offset;

use crate::config::Config;
use crate::ops::network::{Refreshed, Refresher};
use crate::tls::Roots;
use crate::webhooks::delivery::Sender;
use crate::webhooks::outbox;
use crate::{App, Error, mail, ops};

/// How often the journal is sealed.
const SEALING: Duration = Duration::from_millis(500);
/// How often it is looked who reads the letters that organizations are owed.
const NOTICING: Duration = Duration::from_secs(10);
/// How often what has expired is cleared away.
const CLEARING: Duration = Duration::from_secs(60 * 60);
/// How often it is looked whether standings are to be computed anew.
const REFRESHING: Duration = Duration::from_millis(500);
/// How often it is looked whether something is to be sent.
const SENDING: Duration = Duration::from_millis(500);
/// How many messages to webhooks are sent at the same time.
const SENDERS: usize = 4;
/// How often it is looked whether the jobs of the day are due.
const LOOKING: Duration = Duration::from_secs(60);
/// The hour of the day, in UTC, from which its jobs are done.
const HOUR: i8 = 4;
/// How long a server may take for a job before another one does it.
const LEASE: SignedDuration = SignedDuration::from_hours(1);
/// How long tasks may go on once they are told to stop: a mail server may be slow. What is broken
/// off is done again.
const STOPPING: Duration = Duration::from_secs(5);
/// How long a task that failed waits before it tries again, at most.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// A job that is done once a day, by one server. It may be done again where a server broke.
type Job = fn(&App) -> Result<(), Error>;

/// The jobs of a day, by their names. Whoever has work for once a day adds it here.
const DAILY: &[(&str, Job)] = &[
    ("review_notices", review_notices),
    ("plan_notices", plan_notices),
    ("digests", digests),
    ("forget_deliveries", outbox::forget),
    ("forget_letters", mail::outbox::forget),
];

/// Tasks at work.
#[derive(Debug)]
pub struct Tasks {
    stop: Arc<Stop>,
    count: usize,
    tell: Teller<()>,
    ended: Receiver<()>,
}

impl Tasks {
    /// Starts all tasks.
    ///
    /// # Errors
    ///
    /// When there is no thread for one.
    pub fn start(app: &Arc<App>, config: &Config) -> io::Result<Self> {
        let (tell, ended) = channel();
        let mut tasks = Self { stop: Arc::default(), count: 0, tell, ended };
        tasks.add(app, "seal", SEALING, seal)?;
        tasks.add(app, "clear", CLEARING, |app| {
            clear(app)?;
            Ok(Next::Wait)
        })?;
        tasks.add(app, "day", LOOKING, |app| {
            daily(app)?;
            Ok(Next::Wait)
        })?;
        tasks.add(app, "notices", NOTICING, |app| {
            ops::notices::deliver(app)?;
            Ok(Next::Wait)
        })?;
        tasks.add(app, "letters", SENDING, mail::outbox::send_one)?;
        tasks.add(app, "events", SENDING, outbox::spread)?;
        let refresher = Refresher::new().map_err(io::Error::other)?;
        tasks.add(app, "standings", REFRESHING, move |app| {
            Ok(match refresher.step(app)? {
                Refreshed::Some => Next::Again,
                Refreshed::Nothing => Next::Wait,
            })
        })?;
        let timeout = config.webhooks_timeout;
        let sender = Sender::with_timeout(&Roots::system(), config.allow_private_webhooks, timeout);
        for _ in 0..SENDERS {
            let sender = sender.clone();
            let send = move |app: &App| outbox::send_one(app, &sender, timeout);
            tasks.add(app, "webhooks", SENDING, send)?;
        }
        Ok(tasks)
    }

    /// Lets tasks finish what they are doing, for some seconds, and ends them.
    pub fn stop(self) {
        self.stop.set();
        let until = Instant::now() + STOPPING;
        for _ in 0..self.count {
            let left = until.saturating_duration_since(Instant::now());
            if self.ended.recv_timeout(left).is_err() {
                tracing::warn!("what a task was doing is broken off, and done again later");
                return;
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
        let end = End(self.tell.clone());
        let run = move || {
            // However it ends.
            let _end = end;
            run(name, every, &app, &stop, work);
        };
        thread::Builder::new().name(name.to_owned()).spawn(run)?;
        self.count += 1;
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

/// Tells that a task has ended.
struct End(Teller<()>);

impl Drop for End {
    fn drop(&mut self) {
        // Whoever waited may have lost patience.
        let _ = self.0.send(());
    }
}

fn seal(app: &App) -> Result<Next, Error> {
    // Mostly there is nothing, which is found out without keeping anybody from writing.
    if app.store.read(|tx| tx.is_sealed())? {
        return Ok(Next::Wait);
    }
    app.store.seal(app.clock.now())?;
    Ok(Next::Wait)
}

fn clear(app: &App) -> Result<(), Error> {
    app.store.forget_answers(app.clock.now())?;
    ops::sign_in::forget(app)?;
    Ok(())
}

fn review_notices(app: &App) -> Result<(), Error> {
    let owed = ops::reviews::notices(app)?;
    tracing::info!(owed, "notices of reviews");
    Ok(())
}

fn plan_notices(app: &App) -> Result<(), Error> {
    let owed = ops::plans::notices(app)?;
    tracing::info!(owed, "notices of plans");
    Ok(())
}

fn digests(app: &App) -> Result<(), Error> {
    let written = ops::forecast::send_digests(app)?;
    tracing::info!(written, "digests");
    Ok(())
}

/// Does the jobs of the day that nobody has done.
fn daily(app: &App) -> Result<(), Error> {
    let now = app.clock.now();
    if Offset::UTC.to_datetime(now).hour() < HOUR {
        return Ok(());
    }
    let day = app.clock.today().to_string();
    let until = now.checked_add(LEASE).map_err(Error::internal)?;
    for (name, job) in DAILY {
        if app.store.write(|tx| tx.take_job(name, &day, now, until))? {
            job(app)?;
            app.store.write(|tx| tx.finish_job(name, &day))?;
            tracing::info!(job = name, day, "done");
        }
    }
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
