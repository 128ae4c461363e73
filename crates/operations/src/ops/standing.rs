//! Where partners stand: scorecards, what changed, discounts.

mod behind;
mod discounts;
mod lapses;
mod over_time;

use guildhall_access::{Action, Resource, ResourceKind};
use guildhall_rules::changes::Changes;
use guildhall_rules::day::Day;
use guildhall_rules::discount::DiscountStatement;
use guildhall_rules::evaluation::Evaluator;
use guildhall_rules::period::Period;
use guildhall_rules::problem::Problem;
use guildhall_rules::rulebook::DiscountUse;
use guildhall_rules::scorecard::{FactLists, Scorecard};
use guildhall_store::Tx;
use jiff::Timestamp;

use crate::{App, Book, Caller, Error};

pub use behind::{
    FactBehind, facts_behind, file_of, kind_of_word, kinds_seen, opportunity_title, table_of_word,
    title_of,
};
pub(crate) use discounts::{as_seen, sees_all_discounts};
pub use lapses::{MOST_DAYS_AHEAD, lapses};
pub use over_time::{MOST_DAYS, history};

/// From which day, in which state of knowledge, and by which edition.
#[derive(Clone, Debug, Default)]
pub struct Viewpoint {
    /// The day; none: today.
    pub as_of: Option<Day>,
    /// The state of knowledge; none: the latest.
    pub known_at: Option<Timestamp>,
    /// The edition; none: the one in force on the day.
    pub edition: Option<String>,
}

fn partner(id: &str) -> Resource {
    Resource::new(ResourceKind::Partner, id).of_partner(id)
}

/// The scorecard of a partner.
///
/// # Errors
///
/// When the caller may not see it, there is no such partner, or no edition is in force.
pub fn scorecard(
    app: &App,
    caller: &Caller,
    id: &str,
    viewpoint: &Viewpoint,
) -> Result<Scorecard, Error> {
    app.allow(caller, Action::ViewScorecard, &partner(id))?;
    let card = app.store.read(|tx| read_scorecard(app, tx, id, viewpoint))?;
    Ok(as_seen(app, caller, id, card))
}

/// The scorecard of a partner, as a transaction sees it.
pub(crate) fn read_scorecard(
    app: &App,
    tx: &mut Tx<'_>,
    id: &str,
    viewpoint: &Viewpoint,
) -> Result<Scorecard, Error> {
    let book = app.rulebooks.get(tx)?;
    let as_of = viewpoint.as_of.unwrap_or_else(|| app.clock.today());
    let edition = book.choose(viewpoint.edition.as_deref(), as_of, viewpoint.known_at)?;
    let read = tx.read_partner(&book.catalogue, id, viewpoint.known_at)?;
    let read = read.ok_or_else(|| Error::not_found("partner", id))?;
    let found = read.facts.find_partner(id).ok_or_else(|| Error::not_found("partner", id))?;
    let evaluator = Evaluator::new(edition, &book.catalogue, &read.facts);
    Ok(evaluator.scorecard(found, as_of, viewpoint.known_at, FactLists::Listed))
}

/// What moved on a partner's scorecard between two viewpoints, and what moved it.
///
/// # Errors
///
/// As of [`scorecard`]; and when the first day lies behind the second.
pub fn changes(
    app: &App,
    caller: &Caller,
    id: &str,
    from: &Viewpoint,
    to: &Viewpoint,
) -> Result<Changes, Error> {
    app.allow(caller, Action::ViewScorecard, &partner(id))?;
    if let (Some(first), Some(last)) = (from.as_of, to.as_of)
        && first > last
    {
        let message = format!("`from` {first} lies behind `to` {last}");
        return Err(Error::field("from", "bad-argument", message));
    }
    app.store.read(|tx| {
        let later = read_scorecard(app, tx, id, to)?;
        let earlier = read_scorecard(app, tx, id, from)?;
        Ok(as_seen(app, caller, id, Changes::between(&earlier, &later)))
    })
}

/// The statement of the support discount of a partner for a period, as `2026-H1`.
///
/// # Errors
///
/// As of [`scorecard`]; and when there is no such discount or period.
pub fn discount(
    app: &App,
    caller: &Caller,
    id: &str,
    period: &str,
    known_at: Option<Timestamp>,
) -> Result<DiscountStatement, Error> {
    app.allow(caller, Action::ViewDiscount, &partner(id))?;
    app.store.read(|tx| {
        let book = app.rulebooks.get(tx)?;
        let today = app.clock.today();
        let period = read_period(&book, period, today)?;
        let edition = book.choose(None, period.first_day(), known_at)?;
        let read = tx.read_partner(&book.catalogue, id, known_at)?;
        let read = read.ok_or_else(|| Error::not_found("partner", id))?;
        let found = read.facts.find_partner(id).ok_or_else(|| Error::not_found("partner", id))?;
        let evaluator = Evaluator::new(edition, &book.catalogue, &read.facts);
        let Some(scheme) = evaluator.support_scheme() else {
            let message = format!("the edition `{}` has no support discount", edition.id);
            return Err(Problem::new("no-discount", message).into());
        };
        Ok(evaluator.discount_statement(scheme, found, period, today))
    })
}

/// A period of the discount, as `2026-H1`.
pub(crate) fn read_period(book: &Book, text: &str, today: Day) -> Result<Period, Error> {
    let lengths = period_lengths(book);
    let read = lengths.iter().find_map(|months| Period::parse(text, *months));
    read.ok_or_else(|| {
        let examples: Vec<String> = lengths
            .iter()
            .map(|months| format!("`{}`", Period::containing(today, *months)))
            .collect();
        let message = format!("`{text}` is not a period of the discount");
        let hint = format!("write it as {}", examples.join(" or "));
        Error::field_with_hint("period", "bad-period", message, hint)
    })
}

/// The lengths of the periods of discounts, in months.
fn period_lengths(book: &Book) -> Vec<u8> {
    let discounts = book.editions.iter().flat_map(|edition| &edition.discounts);
    let mut lengths: Vec<u8> = discounts.map(|scheme| scheme.period_months).collect();
    lengths.sort_unstable();
    lengths.dedup();
    lengths
}

/// Periods for which a statement of the support discount may be asked: the next, the present, and
/// some before, the latest first. None where no edition in force has such a discount.
///
/// # Errors
///
/// When the caller may not see the discount of the partner.
pub fn discount_periods(app: &App, caller: &Caller, id: &str) -> Result<Vec<String>, Error> {
    app.allow(caller, Action::ViewDiscount, &partner(id))?;
    let book = app.book()?;
    let today = app.clock.today();
    let months = book.choose(None, today, None)?.discounts.iter();
    let months = months.filter(|scheme| scheme.on == DiscountUse::Support);
    let Some(months) = months.map(|scheme| scheme.period_months).next() else {
        return Ok(Vec::new());
    };
    let mut periods = Vec::new();
    let mut first = Period::containing(today, months).until();
    for _ in 0..8 {
        // A statement needs an edition that is in force.
        if book.choose(None, first, None).is_err() {
            break;
        }
        let period = Period::containing(first, months);
        periods.push(period.to_string());
        first = Period::containing(period.first_day().plus_days(-1), months).first_day();
    }
    Ok(periods)
}
