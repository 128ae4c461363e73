//! What a change of rules would do to the network: two editions over the same facts on one day, one
//! of them a draft if the caller may see drafts; and one threshold of the newer varied.
//!
//! Facts are read in portions of the network, each computed and let go. What was found is kept for
//! those who ask the same next, without reasons, which are found anew for the partners that are
//! told. A large network takes longer than a request may: then whoever asks is told how far it has
//! come, and the next request goes on from there.

mod kept;
mod portions;

use std::sync::Arc;
use std::time::Duration;

use guildhall_access::{Action, Resource, ResourceKind};
use guildhall_rules::day::Day;
use guildhall_rules::evaluation::Evaluator;
use guildhall_rules::impact::notice as notice_text;
use guildhall_rules::impact::{Effect, Impact, Pair, PartnerImpact, Sweep, SweptRequirement};
use guildhall_rules::rulebook::{self, Catalogue, Edition};
use guildhall_store::Tx;
use jiff::Timestamp;

use crate::{App, Caller, Error};

pub use kept::Kept;

use kept::Key;

/// What is compared, on which day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The id of the edition before.
    pub old: String,
    /// The id of the edition after.
    pub new: String,
    /// The day; today if not given.
    pub as_of: Option<Day>,
}

/// The editions that are compared, with the words of the network.
#[derive(Debug)]
pub struct Editions {
    /// The edition before.
    pub old: Edition,
    /// The edition after.
    pub new: Edition,
    /// The words of all editions.
    pub catalogue: Catalogue,
}

/// What was found of the whole network.
#[derive(Debug)]
pub struct Report {
    /// Counts; nobody is listed in it.
    pub impact: Impact,
    /// Those that are moved, by name.
    pub moved: Vec<Moved>,
    /// The editions.
    pub editions: Arc<Editions>,
    /// When it was computed.
    pub computed_at: Timestamp,
}

/// A partner that is moved, in short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// The partner's id.
    pub partner: String,
    /// Its name.
    pub name: String,
    /// Its path.
    pub path: String,
    /// In which ways it is moved.
    pub effects: Vec<Effect>,
}

/// What is known by now.
#[derive(Clone, Debug)]
pub enum Found<T> {
    /// Everything.
    Whole {
        /// The answer.
        found: Arc<T>,
        /// Whether the network has changed since it was computed.
        is_outdated: bool,
    },
    /// It is being computed: so many of about so many partners are done.
    UnderWay {
        /// Partners that are done.
        done: u64,
        /// Partners in all, about.
        partners: u64,
    },
}

/// Whom of the moved to list. What is not given does not narrow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Narrowed {
    /// Those moved in this way.
    pub effect: Option<Effect>,
    /// Those on this path.
    pub path: Option<String>,
    /// Those with this text in name or id.
    pub text: Option<String>,
}

impl Narrowed {
    fn takes(&self, moved: &Moved) -> bool {
        let has = |text: &String| {
            let text = text.to_lowercase();
            moved.name.to_lowercase().contains(&text)
                || moved.partner.to_lowercase().contains(&text)
        };
        self.effect.is_none_or(|effect| moved.effects.contains(&effect))
            && self.path.as_ref().is_none_or(|path| *path == moved.path)
            && self.text.as_ref().is_none_or(has)
    }
}

impl Report {
    /// Those of the moved that are asked for, by name.
    pub fn narrowed<'r>(&'r self, by: &'r Narrowed) -> impl Iterator<Item = &'r Moved> {
        self.moved.iter().filter(|moved| by.takes(moved))
    }
}

fn allow(app: &App, caller: &Caller) -> Result<(), Error> {
    let network = Resource::new(ResourceKind::Network, "network");
    app.allow(caller, Action::ViewNetwork, &network)?;
    // It tells of every partner's discount.
    app.allow(caller, Action::ViewDiscount, &Resource::new(ResourceKind::Partner, "any"))
}

/// Whether the caller may ask at all.
///
/// # Errors
///
/// When they may not see the network or the discounts of partners.
pub fn report_allowed(app: &App, caller: &Caller) -> Result<(), Error> {
    allow(app, caller)
}

/// Both editions, if the caller may see them, with what tells whether it is still the same.
fn editions(
    app: &App,
    caller: &Caller,
    tx: &mut Tx<'_>,
    asked: &Asked,
) -> Result<(Editions, Key), Error> {
    let mut stored = Vec::new();
    for id in [&asked.old, &asked.new] {
        stored.push(super::editions::seen(app, caller, tx, id)?);
    }
    let read = |at: usize| {
        let stored = stored.get(at).ok_or_else(|| Error::internal("an edition is missing"))?;
        Ok::<_, Error>((rulebook::load(&stored.id, &stored.text)?, stored.sha256.clone()))
    };
    let ((old, old_digest), (new, new_digest)) = (read(0)?, read(1)?);
    let book = app.rulebooks.get(tx)?;
    let catalogue = Catalogue::new(book.editions.iter().chain([&old, &new]));
    let as_of = asked.as_of.unwrap_or_else(|| app.clock.today());
    let key = Key { old: old_digest, new: new_digest, as_of, swept: None };
    Ok((Editions { old, new, catalogue }, key))
}

/// What the change would do to the network, looked for at most so long. `afresh`: computed anew
/// where the network has changed since.
///
/// # Errors
///
/// When the caller may not see the network or an edition; when the database cannot be read.
pub fn report(
    app: &App,
    caller: &Caller,
    asked: &Asked,
    patience: Duration,
    afresh: bool,
) -> Result<Found<Report>, Error> {
    allow(app, caller)?;
    let (editions, key) = app.store.read(|tx| editions(app, caller, tx, asked))?;
    app.impacts.report(app, (editions, key), patience, afresh)
}

/// A threshold of the newer edition varied over the network, looked for at most so long.
///
/// # Errors
///
/// As of [`report`]; when the edition has no such requirement.
pub fn sweep(
    app: &App,
    caller: &Caller,
    asked: &Asked,
    swept: &SweptRequirement,
    patience: Duration,
) -> Result<Found<Sweep>, Error> {
    allow(app, caller)?;
    let (editions, key) = app.store.read(|tx| editions(app, caller, tx, asked))?;
    app.impacts.sweep(app, (editions, key), swept, patience)
}

/// What the change would do to some partners, with reasons. Who is no partner any more is left out.
///
/// # Errors
///
/// When the database cannot be read.
pub fn reasons(
    app: &App,
    report: &Report,
    partners: &[&Moved],
) -> Result<Vec<PartnerImpact>, Error> {
    app.store.read(|tx| {
        let mut found = Vec::new();
        for moved in partners {
            let as_of = report.impact.as_of;
            found.extend(one(tx, &report.editions, &moved.partner, as_of)?);
        }
        Ok(found)
    })
}

fn one(
    tx: &mut Tx<'_>,
    editions: &Editions,
    partner: &str,
    as_of: Day,
) -> Result<Option<PartnerImpact>, Error> {
    let Editions { old, new, catalogue } = editions;
    let Some(read) = tx.read_partner(catalogue, partner, None)? else { return Ok(None) };
    let Some(number) = read.facts.find_partner(partner) else { return Ok(None) };
    let old = Evaluator::new(old, catalogue, &read.facts);
    let new = Evaluator::new(new, catalogue, &read.facts);
    Ok(Some(Pair { old: &old, new: &new }.impact_on(number, as_of)))
}

/// What a partner would be told, moved or not: the text as it would be mailed, and the editions.
///
/// # Errors
///
/// As of [`report`]; when there is no such partner.
pub fn notice(
    app: &App,
    caller: &Caller,
    asked: &Asked,
    partner: &str,
) -> Result<(PartnerImpact, String, Editions), Error> {
    allow(app, caller)?;
    app.store.read(|tx| {
        let (editions, key) = editions(app, caller, tx, asked)?;
        let is_id = !partner.contains('\0');
        let found = if is_id { one(tx, &editions, partner, key.as_of)? } else { None };
        let found = found.ok_or_else(|| Error::not_found("partner", partner))?;
        let text = notice_text((&editions.old, &editions.new), &found, key.as_of);
        Ok((found, text, editions))
    })
}

/// Tells the reasons of all that are asked for, portion by portion, in the order of their ids.
///
/// # Errors
///
/// When the database cannot be read; those of telling.
pub fn each(
    app: &App,
    report: &Report,
    by: &Narrowed,
    tell: &mut dyn FnMut(PartnerImpact) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut wanted: Vec<&str> = report.narrowed(by).map(|moved| moved.partner.as_str()).collect();
    wanted.sort_unstable();
    let as_of = report.impact.as_of;
    let mut after = Some(String::new());
    while let Some(from) = after {
        after = portions::next(app, &report.editions, &from, &mut |pair, partners| {
            for (number, id) in partners {
                if wanted.binary_search(&id.as_str()).is_ok() {
                    tell(pair.impact_on(*number, as_of))?;
                }
            }
            Ok(())
        })?
        .1;
    }
    Ok(())
}
