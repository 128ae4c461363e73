//! Answers about the whole network, kept for those who ask the same next, and those under way.
//!
//! An answer is of two texts of editions, a day and a place in the journal. One that took long is
//! given although the network has changed since, and says so.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, TryLockError};
use std::time::{Duration, Instant};

use guildhall_rules::day::Day;
use guildhall_rules::evaluation::Evaluator;
use guildhall_rules::facts::{Facts, PartnerNumber};
use guildhall_rules::impact::{Moves, Pair, Sweep, SweptRequirement};
use guildhall_store::StandingsFilter;

use super::{Editions, Found, Moved, Report, portions};
use crate::{App, Error};

/// How many answers of each sort are kept.
const MOST: usize = 4;
/// What took no longer is computed anew as soon as the network has changed.
const SOON: Duration = Duration::from_secs(2);

/// What an answer is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Key {
    /// Digests of the texts.
    pub(super) old: String,
    pub(super) new: String,
    pub(super) as_of: Day,
    /// The requirement that is varied.
    pub(super) swept: Option<SweptRequirement>,
}

/// Answers that are kept.
#[derive(Debug, Default)]
pub struct Kept {
    reports: Mutex<Vec<Entry<Counted, Report>>>,
    sweeps: Mutex<Vec<Entry<Option<Sweep>, Sweep>>>,
}

/// One of them, with its place in the list of those asked for last.
#[derive(Debug)]
struct Entry<P, T>(Key, Arc<Slot<P, T>>);

#[derive(Debug)]
struct Slot<P, T> {
    done: AtomicU64,
    partners: AtomicU64,
    state: Mutex<State<P, T>>,
}

/// How far an answer is.
#[derive(Debug)]
struct State<P, T> {
    /// What was found so far, and behind whom to go on.
    part: Option<(P, String)>,
    /// For how long it was looked for.
    took: Duration,
    /// The place in the journal at which it was begun.
    place: u64,
    /// The last answer, with the place that it is of.
    whole: Option<(Arc<T>, u64, Duration)>,
}

/// What was found of some partners.
#[derive(Debug)]
struct Counted {
    moves: Moves,
    moved: Vec<Moved>,
    partners: u64,
}

/// How a sort of answer is computed.
trait Task<P, T> {
    fn begin(&self) -> P;
    fn add(
        &self,
        part: &mut P,
        pair: &Pair<'_>,
        partners: &[(PartnerNumber, String)],
    ) -> Result<(), Error>;
    fn end(&self, app: &App, part: P) -> Result<T, Error>;
}

struct Reporting {
    editions: Arc<Editions>,
    as_of: Day,
}

struct Sweeping<'s> {
    editions: Arc<Editions>,
    as_of: Day,
    swept: &'s SweptRequirement,
}

impl Kept {
    /// What a change would do.
    pub(super) fn report(
        &self,
        app: &App,
        (editions, key): (Editions, Key),
        patience: Duration,
        afresh: bool,
    ) -> Result<Found<Report>, Error> {
        let task = Reporting { editions: Arc::new(editions), as_of: key.as_of };
        let slot = slot(&self.reports, key);
        found(app, &slot, &task, &task.editions, (patience, afresh))
    }

    /// A threshold varied.
    pub(super) fn sweep(
        &self,
        app: &App,
        (editions, key): (Editions, Key),
        swept: &SweptRequirement,
        patience: Duration,
    ) -> Result<Found<Sweep>, Error> {
        let key = Key { swept: Some(swept.clone()), ..key };
        let task = Sweeping { editions: Arc::new(editions), as_of: key.as_of, swept };
        let slot = slot(&self.sweeps, key);
        found(app, &slot, &task, &task.editions, (patience, false))
    }
}

/// The slot of a key; what was asked for longest ago makes room.
fn slot<P, T>(entries: &Mutex<Vec<Entry<P, T>>>, key: Key) -> Arc<Slot<P, T>> {
    let mut entries = entries.lock().unwrap_or_else(PoisonError::into_inner);
    let known = entries.iter().position(|Entry(of, _)| *of == key);
    let entry = match known {
        Some(at) => entries.remove(at),
        None => {
            let state = State { part: None, took: Duration::ZERO, place: 0, whole: None };
            let (done, partners) = (AtomicU64::new(0), AtomicU64::new(0));
            Entry(key, Arc::new(Slot { done, partners, state: Mutex::new(state) }))
        }
    };
    let slot = Arc::clone(&entry.1);
    entries.insert(0, entry);
    entries.truncate(MOST);
    slot
}

/// The answer, if it is there or is found soon enough.
fn found<P, T>(
    app: &App,
    slot: &Slot<P, T>,
    task: &dyn Task<P, T>,
    editions: &Editions,
    (patience, afresh): (Duration, bool),
) -> Result<Found<T>, Error> {
    let mut state = match slot.state.try_lock() {
        Ok(state) => state,
        Err(TryLockError::Poisoned(state)) => state.into_inner(),
        // Somebody else's request is at it.
        Err(TryLockError::WouldBlock) => return Ok(slot.under_way()),
    };
    let place = app.store.position()?;
    if state.part.is_none()
        && let Some((found, of, took)) = &state.whole
        && (*of == place || (*took > SOON && !afresh))
    {
        return Ok(Found::Whole { found: Arc::clone(found), is_outdated: *of != place });
    }
    let begin = Instant::now();
    if state.part.is_none() {
        let count = app.store.read(|tx| tx.count_standings(&StandingsFilter::default()))?;
        slot.partners.store(u64::try_from(count).unwrap_or(0), Ordering::Relaxed);
        slot.done.store(0, Ordering::Relaxed);
        (state.part, state.took) = (Some((task.begin(), String::new())), Duration::ZERO);
        state.place = place;
    }
    loop {
        let Some((mut part, after)) = state.part.take() else { return Ok(slot.under_way()) };
        let mut look = |pair: &Pair<'_>, partners: &[(PartnerNumber, String)]| {
            task.add(&mut part, pair, partners)
        };
        // After an error it is begun anew.
        let (count, next) = portions::next(app, editions, &after, &mut look)?;
        slot.done.fetch_add(count, Ordering::Relaxed);
        let Some(after) = next else {
            let found = Arc::new(task.end(app, part)?);
            let took = state.took + begin.elapsed();
            state.whole = Some((Arc::clone(&found), state.place, took));
            let now = app.store.position()?;
            return Ok(Found::Whole { found, is_outdated: now != state.place });
        };
        state.part = Some((part, after));
        if begin.elapsed() >= patience {
            state.took += begin.elapsed();
            return Ok(slot.under_way());
        }
    }
}

impl<P, T> Slot<P, T> {
    fn under_way(&self) -> Found<T> {
        let of = |number: &AtomicU64| number.load(Ordering::Relaxed);
        let done = of(&self.done);
        Found::UnderWay { done, partners: of(&self.partners).max(done) }
    }
}

impl Reporting {
    /// Both editions over no facts.
    fn over_nothing<R>(&self, see: impl FnOnce(&Pair<'_>) -> R) -> R {
        let Editions { old, new, catalogue } = &*self.editions;
        let facts = Facts::default();
        let old = Evaluator::new(old, catalogue, &facts);
        let new = Evaluator::new(new, catalogue, &facts);
        see(&Pair { old: &old, new: &new })
    }
}

impl Task<Counted, Report> for Reporting {
    fn begin(&self) -> Counted {
        let moves = self.over_nothing(Moves::new);
        Counted { moves, moved: Vec::new(), partners: 0 }
    }

    fn add(
        &self,
        part: &mut Counted,
        pair: &Pair<'_>,
        partners: &[(PartnerNumber, String)],
    ) -> Result<(), Error> {
        let numbers: Vec<PartnerNumber> = partners.iter().map(|(number, _)| *number).collect();
        let mut moves = pair.moves_of(&numbers, self.as_of, 1, true);
        for number in std::mem::take(&mut moves.moved) {
            let found = pair.impact_on(number, self.as_of);
            let (partner, name, path) = (found.partner, found.name, found.path);
            part.moved.push(Moved { partner, name, path, effects: found.effects });
        }
        part.moves.append(moves);
        part.partners += partners.len() as u64;
        Ok(())
    }

    fn end(&self, app: &App, part: Counted) -> Result<Report, Error> {
        let Counted { moves, mut moved, partners } = part;
        moved.sort_by_cached_key(|one| (one.name.to_lowercase(), one.partner.clone()));
        let impact =
            self.over_nothing(|pair| pair.told(moves, (self.as_of, None), partners, Vec::new()));
        let editions = Arc::clone(&self.editions);
        Ok(Report { impact, moved, editions, computed_at: app.clock.now() })
    }
}

impl Task<Option<Sweep>, Sweep> for Sweeping<'_> {
    fn begin(&self) -> Option<Sweep> {
        None
    }

    fn add(
        &self,
        part: &mut Option<Sweep>,
        pair: &Pair<'_>,
        partners: &[(PartnerNumber, String)],
    ) -> Result<(), Error> {
        let numbers: Vec<PartnerNumber> = partners.iter().map(|(number, _)| *number).collect();
        let found = pair.new.sweep_of(&numbers, self.swept, self.as_of, 1);
        let found = found.map_err(|problem| *problem)?;
        match part {
            Some(known) => known.append(&found),
            None => *part = Some(found),
        }
        Ok(())
    }

    fn end(&self, _: &App, part: Option<Sweep>) -> Result<Sweep, Error> {
        if let Some(found) = part {
            return Ok(found);
        }
        let facts = Facts::default();
        let new = Evaluator::new(&self.editions.new, &self.editions.catalogue, &facts);
        new.sweep_of(&[], self.swept, self.as_of, 1).map_err(|problem| (*problem).into())
    }
}
