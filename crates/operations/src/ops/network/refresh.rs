//! Keeps the stored standings up with the facts, the editions and the days.
//!
//! A small step at a time: whom changes concern comes first, then the next partners of a pass over
//! all of them, which is begun when a day or the editions are others than those of the last pass,
//! or when a change concerns too many. A pass that is broken off is gone on with by whoever takes
//! the lease next.

use std::collections::BTreeMap;
use std::sync::Arc;

use guildhall_rules::day::Day;
use guildhall_rules::evaluation::{Evaluator, TierOn};
use guildhall_rules::facts::{Facts, PartnerNumber};
use guildhall_store::{
    Concerned, Span, StandingsPass, StandingsState, StoredStanding, StoredTurn, Tx, moment_text,
};
use jiff::SignedDuration;

use super::evaluated::{Computed, standing};
use super::turns;
use crate::ops::decisions::day;
use crate::{App, Book, Error, secrets};

/// How many partners are computed in one step of a pass, where nothing else is said.
const STEP: usize = 1_000;
/// How many partners are computed one by one before a step of a pass is cheaper.
const ONE_BY_ONE: usize = 500;
/// For how long whoever computes may be silent before somebody else does.
const LEASE: SignedDuration = SignedDuration::from_secs(60);
/// For how many months tiers are counted from the history.
const MONTHS: i32 = 12;

/// Whoever computes standings: one of each server.
#[derive(Debug)]
pub struct Refresher {
    holder: String,
    partners: usize,
}

/// What there was to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refreshed {
    /// Something was done, and there may be more.
    Some,
    /// Nothing, or somebody else is at it.
    Nothing,
}

/// What is to be done next.
enum Work {
    Nothing,
    /// A pass is to be begun; the journal was heeded up to a place.
    Begin(i64),
    /// Changes are to be heeded.
    Changes(i64, Vec<(String, Option<StoredStanding>)>, Vec<StoredTurn>),
    /// A span of a pass is to be replaced, up to this partner; none: to the end.
    Span(Option<String>, Vec<StoredStanding>, Vec<StoredTurn>, Counts),
}

type Counts = BTreeMap<(String, String, String), i64>;

/// What a step looks at.
struct Look {
    state: StandingsState,
    book: Arc<Book>,
    today: Day,
    /// The moment, as text.
    now: String,
}

impl Refresher {
    /// Somebody who computes standings.
    ///
    /// # Errors
    ///
    /// When there is no randomness to name it by.
    pub fn new() -> Result<Self, Error> {
        Self::with_step(STEP)
    }

    /// One who computes so many partners in one step of a pass.
    ///
    /// # Errors
    ///
    /// As of [`Self::new`].
    pub fn with_step(partners: usize) -> Result<Self, Error> {
        let holder = data_encoding::HEXLOWER.encode(&secrets::random::<8>()?);
        Ok(Self { holder, partners: partners.max(1) })
    }

    /// Does the next step, for nobody.
    ///
    /// # Errors
    ///
    /// When the database cannot be used.
    pub fn step(&self, app: &App) -> Result<Refreshed, Error> {
        if !self.is_behind(app)? {
            return Ok(Refreshed::Nothing);
        }
        let (now, until) = lease(app)?;
        if !app.store.write(|tx| tx.hold_standings(&self.holder, now, until))? {
            return Ok(Refreshed::Nothing);
        }
        let Some((look, work)) = app.store.read(|tx| next(app, tx, self.partners))? else {
            return Ok(Refreshed::Nothing);
        };
        let refreshed = self.keep(app, &look, &work)?;
        if matches!(work, Work::Span(None, ..)) {
            app.store.analyze_standings()?;
        }
        Ok(refreshed)
    }

    /// Whether there is anything to do that nobody is at.
    fn is_behind(&self, app: &App) -> Result<bool, Error> {
        app.store.read(|tx| {
            let Some(state) = tx.standings_state()? else { return Ok(tx.network()?.is_some()) };
            let is_others = state.holder.as_ref().is_some_and(|holder| *holder != self.holder)
                && state.held_until.as_ref() >= Some(&moment_text(app.clock.now()));
            if is_others {
                return Ok(false);
            }
            let book = app.rulebooks.get(tx)?;
            Ok(is_stale(app, &state, &book) || state.position < tx.last_place()?)
        })
    }

    /// Keeps what a step came to, unless the lease was lost over it.
    fn keep(&self, app: &App, look: &Look, work: &Work) -> Result<Refreshed, Error> {
        let (now, until) = lease(app)?;
        app.store.write(|tx| {
            if !tx.hold_standings(&self.holder, now, until)? {
                return Ok(Refreshed::Nothing);
            }
            let mut state = look.state.clone();
            state.updated_at = Some(look.now.clone());
            match work {
                Work::Nothing => return Ok(Refreshed::Nothing),
                Work::Begin(position) => {
                    state.position = *position;
                    begin(tx, look, &mut state)?;
                }
                Work::Changes(position, standings, turns) => {
                    state.position = *position;
                    let replaced: Vec<_> =
                        standings.iter().map(|(id, found)| (id.as_str(), found.as_ref())).collect();
                    let is_other = tx.replace_standings(&replaced)?;
                    let ids: Vec<&str> = standings.iter().map(|(id, _)| id.as_str()).collect();
                    tx.replace_turns(&ids, turns)?;
                    if let Some(day) = state.as_of.as_ref().filter(|_| is_other) {
                        tx.count_tiers(day)?;
                    }
                }
                Work::Span(until, standings, turns, counts) => {
                    let Some(mut pass) = state.pass.take() else { return Ok(Refreshed::Nothing) };
                    let span = Span { after: &pass.after, until: until.as_deref() };
                    tx.replace_standings_within(span, standings)?;
                    tx.replace_turns_within(span, turns)?;
                    tx.add_tier_counts(counts)?;
                    if let Some(until) = until {
                        pass.after.clone_from(until);
                        state.pass = Some(pass);
                    } else {
                        tx.count_tiers(&pass.as_of)?;
                        state.as_of = Some(pass.as_of);
                        state.edition = pass.edition;
                        state.book = Some(pass.book);
                    }
                }
            }
            tx.note_standings_state(&state)?;
            Ok(Refreshed::Some)
        })
    }
}

fn lease(app: &App) -> Result<(jiff::Timestamp, jiff::Timestamp), Error> {
    let now = app.clock.now();
    Ok((now, now.checked_add(LEASE).map_err(Error::internal)?))
}

/// Whether a pass is under way, or the last one was of another day or other editions.
fn is_stale(app: &App, state: &StandingsState, book: &Book) -> bool {
    let today = app.clock.today().to_string();
    state.pass.is_some()
        || state.as_of.as_ref() != Some(&today)
        || state.book.as_ref() != Some(&book.digest())
}

/// Whether a pass is of another day or other editions than today's.
fn is_outdated(pass: &StandingsPass, look: &Look) -> bool {
    pass.as_of != look.today.to_string() || pass.book != look.book.digest()
}

/// What is to be done next, computed in one unchanging state.
fn next(app: &App, tx: &mut Tx<'_>, step: usize) -> Result<Option<(Look, Work)>, Error> {
    let Some(state) = tx.standings_state()? else { return Ok(None) };
    let book = app.rulebooks.get(tx)?;
    let look = Look { state, book, today: app.clock.today(), now: moment_text(app.clock.now()) };
    let work = match &look.state.pass {
        Some(pass) if is_outdated(pass, &look) => Work::Begin(tx.last_place()?),
        None if is_stale(app, &look.state, &look.book) => Work::Begin(tx.last_place()?),
        pass => {
            let (position, concerned) = tx.concerned(look.state.position)?;
            match (concerned, pass) {
                (Concerned::Everybody, _) => Work::Begin(tx.last_place()?),
                (Concerned::Partners(partners), _) if partners.len() > ONE_BY_ONE => {
                    Work::Begin(tx.last_place()?)
                }
                (Concerned::Partners(partners), _) if position > look.state.position => {
                    let (mut standings, mut turns) = (Vec::new(), Vec::new());
                    for partner in partners {
                        let found = one(tx, &look, &partner, position, &mut turns)?;
                        standings.push((partner, found));
                    }
                    Work::Changes(position, standings, turns)
                }
                (_, Some(pass)) => span(tx, &look, pass, step)?,
                (_, None) => Work::Nothing,
            }
        }
    };
    Ok(Some((look, work)))
}

/// Begins a pass: which edition it goes by, and which past days it counts.
fn begin(tx: &mut Tx<'_>, look: &Look, state: &mut StandingsState) -> Result<(), Error> {
    if let Some(pass) = state.pass.take() {
        // What it has counted is not whole.
        tx.forget_tier_counts(&pass.days)?;
    }
    let ends = month_ends(look.today);
    let first = ends.first().map(ToString::to_string).unwrap_or_default();
    let counted = tx.counted_days(&first)?;
    let edition = look.book.choose(None, look.today, None).ok();
    state.pass = Some(StandingsPass {
        as_of: look.today.to_string(),
        edition: edition.map(|edition| edition.id.clone()),
        book: look.book.digest(),
        days: ends.iter().map(ToString::to_string).filter(|day| !counted.contains(day)).collect(),
        after: String::new(),
    });
    Ok(())
}

/// The last days of the months before a day, the earliest first.
fn month_ends(today: Day) -> Vec<Day> {
    let first = (1..=31).map(|back| today.plus_days(1 - back)).find(|day| is_first(*day));
    let first = first.unwrap_or(today);
    (0..MONTHS).rev().map(|back| first.plus_months(-back).plus_days(-1)).collect()
}

/// Whether a day is the first of its month.
fn is_first(day: Day) -> bool {
    day.plus_days(-1).month() != day.month()
}

/// Where one partner stands; none where it is no partner or no edition is in force. What turns for
/// it is added to the others.
fn one(
    tx: &mut Tx<'_>,
    look: &Look,
    partner: &str,
    position: i64,
    turns: &mut Vec<StoredTurn>,
) -> Result<Option<StoredStanding>, Error> {
    let Ok(edition) = look.book.choose(None, look.today, None) else { return Ok(None) };
    let kind = guildhall_store::Kind::Fact(guildhall_rules::facts::File::Partners);
    let Some(held) = tx.current(kind, partner)? else { return Ok(None) };
    let Some(read) = tx.read_partner(&look.book.catalogue, partner, None)? else {
        return Ok(None);
    };
    let Some(found) = read.facts.find_partner(partner) else { return Ok(None) };
    let mut evaluator = Evaluator::new(edition, &look.book.catalogue, &read.facts);
    let computed = Computed { as_of: look.today, at: &look.now, position };
    let standing = standing(&evaluator, found, held.version, computed)?;
    let kept = std::slice::from_ref(&standing);
    turns.extend(turns::ahead(&mut evaluator, &[found], kept, look.today)?);
    Ok(Some(standing))
}

/// The next partners of a pass.
fn span(tx: &mut Tx<'_>, look: &Look, pass: &StandingsPass, step: usize) -> Result<Work, Error> {
    let Ok(edition) = look.book.choose(None, look.today, None) else {
        return Ok(Work::Span(None, Vec::new(), Vec::new(), Counts::new()));
    };
    let partners = tx.partners_after(&pass.after, step)?;
    let until = partners.last().filter(|_| partners.len() == step).map(|(id, _)| id.clone());
    if partners.is_empty() {
        return Ok(Work::Span(None, Vec::new(), Vec::new(), Counts::new()));
    }
    let span = Span { after: &pass.after, until: until.as_deref() };
    let catalogue = &look.book.catalogue;
    let facts = tx.read_span(catalogue, span)?;
    let mut evaluator = Evaluator::new(edition, catalogue, &facts);
    let computed = Computed { as_of: look.today, at: &look.now, position: look.state.position };
    let versions: BTreeMap<String, i64> = partners.into_iter().collect();
    let (mut standings, mut found) = (Vec::new(), Vec::new());
    for partner in facts.partners() {
        // Subsidiaries of others are among them.
        let Some(version) = versions.get(facts.partner_id(partner)) else { continue };
        found.push(partner);
        standings.push(standing(&evaluator, partner, *version, computed)?);
    }
    let turns = turns::ahead(&mut evaluator, &found, &standings, look.today)?;
    let counts = past(look, pass, &facts, &found)?;
    Ok(Work::Span(until, standings, turns, counts))
}

/// How many of these partners held which tier on the past days that the pass counts, by the
/// edition in force on each; where there was none, by today's.
fn past(
    look: &Look,
    pass: &StandingsPass,
    facts: &Facts,
    partners: &[PartnerNumber],
) -> Result<Counts, Error> {
    let mut counts = Counts::new();
    for text in &pass.days {
        let on = day(text)?;
        let edition = look.book.choose(None, on, None);
        let Ok(edition) = edition.or_else(|_| look.book.choose(None, look.today, None)) else {
            continue;
        };
        let evaluator = Evaluator::new(edition, &look.book.catalogue, facts);
        for partner in partners {
            let tier = match evaluator.tier_on(*partner, on) {
                TierOn::NotYet => continue,
                TierOn::Unknown => "?",
                TierOn::NoTier => "",
                TierOn::Tier(tier) => tier,
            };
            let path = evaluator.path_of(*partner).to_owned();
            let key = (text.clone(), path, tier.to_owned());
            *counts.entry(key).or_default() += 1;
        }
    }
    Ok(counts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_days_of_the_months_before_are_twelve() {
        let ends = |text: &[u8]| {
            let ends = month_ends(Day::parse(text).unwrap_or(Day::MIN));
            ends.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        for (today, first, last) in [
            (&b"2026-03-31"[..], "2025-03-31", "2026-02-28"),
            (b"2026-03-01", "2025-03-31", "2026-02-28"),
            (b"2024-03-15", "2023-03-31", "2024-02-29"),
        ] {
            let ends = ends(today);
            assert_eq!(ends.len(), 12);
            assert_eq!(ends.first().map(String::as_str), Some(first));
            assert_eq!(ends.last().map(String::as_str), Some(last));
        }
    }
}
