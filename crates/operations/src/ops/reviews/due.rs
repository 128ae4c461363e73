//! Which reviews are due, and who is to be told that one comes.
//!
//! The day on which a review is due depends on the history of tiers and the edition alone, so that
//! it is told for all partners from two tables, read anew each time: there is nothing to keep that
//! could be stale. What a review would come to is computed for the partners of a page only.

use std::collections::BTreeMap;

use guildhall_access::{Action, Resource, ResourceKind};
use guildhall_rules::day::Day;
use guildhall_rules::evaluation::Evaluator;
use guildhall_rules::facts::File;
use guildhall_store::{TierReview, Tx};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::mail::Letter;
use crate::ops::decisions::{Question, Step, assess, day};
use crate::{App, Caller, Error};

/// A review that is due.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct DueReview {
    /// The partner's id.
    pub partner: String,
    /// The day on which it is due; past, if it is overdue.
    pub due_on: String,
    /// `review`, or `grace_end` where a grace is over.
    pub kind: String,
    /// The tier held.
    pub tier: Option<String>,
    /// What it would come to with what is known today.
    pub outcome: Option<String>,
    /// The tier held after it.
    pub to_tier: Option<String>,
    /// The number of a proposal that is open.
    pub review: Option<i64>,
}

/// A partner with its next review.
struct Next {
    due: Day,
    partner: String,
    grace_until: Option<Day>,
    open: Option<i64>,
}

/// The next reviews of all partners, the earliest first.
fn next_reviews(app: &App, tx: &mut Tx<'_>) -> Result<Vec<Next>, Error> {
    let book = app.rulebooks.get(tx)?;
    let today = app.clock.today();
    let Ok(edition) = book.choose(None, today, None) else { return Ok(Vec::new()) };
    let facts = tx.read_files(&book.catalogue, &[File::Partners, File::Reviews], None)?;
    let mut held: BTreeMap<String, Vec<TierReview>> = BTreeMap::new();
    for review in tx.live_tier_reviews()? {
        held.entry(review.partner.clone()).or_default().push(review);
    }
    let evaluator = Evaluator::new(edition, &book.catalogue, &facts);
    let mut next = Vec::new();
    for number in facts.partners() {
        let forecast = evaluator.review_forecast(number, today);
        if forecast.outcome.is_none() {
            continue;
        }
        let partner = facts.partner_id(number).to_owned();
        let reviews = held.remove(&partner).unwrap_or_default();
        next.extend(next_after(forecast.due_on, &partner, &reviews)?);
    }
    next.sort_by(|a, b| (a.due, &a.partner).cmp(&(b.due, &b.partner)));
    Ok(next)
}

/// What of a partner's reviews comes next, seen from the day on which one is due and those that
/// there were: the review, what remains behind a grace, or nothing where both are published.
fn next_after(
    due: Option<Day>,
    partner: &str,
    reviews: &[TierReview],
) -> Result<Option<Next>, Error> {
    let Some(mut due) = due else { return Ok(None) };
    let published = |day: Day, kind: &str| {
        let day = Some(day.to_string());
        reviews
            .iter()
            .find(|held| held.state == "published" && held.kind == kind && held.due_on == day)
    };
    let mut grace_until = None;
    if let Some(decided) = published(due, "review") {
        let Some(until) = decided.grace_until.as_deref().map(day).transpose()? else {
            return Ok(None);
        };
        due = until.plus_days(1);
        grace_until = Some(until);
        if published(due, "grace_end").is_some() {
            return Ok(None);
        }
    }
    let is_open = |held: &&TierReview| {
        ["proposed", "confirmed"].contains(&held.state.as_str()) && held.kind != "upgrade"
    };
    let open = reviews.iter().find(is_open).map(|held| held.number);
    Ok(Some(Next { due, partner: partner.to_owned(), grace_until, open }))
}

/// The notice that is given so many days ahead of a review: the nearest of those of the rulebook
/// that is reached. None where it is not yet time, or the day is past.
fn notice_of(days: &[u16], ahead: i32) -> Option<u16> {
    days.iter().copied().filter(|days| ahead >= 0 && ahead <= i32::from(*days)).min()
}

/// A partner's next review, and how near it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeDay {
    /// The day on which it is due; past, if it is overdue.
    pub due_on: String,
    /// How many days ahead; less than zero, if it is overdue.
    pub ahead: i32,
    /// What it would come to with what is known today.
    pub outcome: Option<String>,
    /// The tier held after it.
    pub to_tier: Option<String>,
}

/// The next review of a partner, where it is overdue or so near that the partner is given notice.
///
/// # Errors
///
/// When there is no such partner, or the caller may not see its scorecard.
pub fn next_of(app: &App, caller: &Caller, partner: &str) -> Result<Option<NoticeDay>, Error> {
    let resource = Resource::new(ResourceKind::Partner, partner).of_partner(partner);
    app.allow(caller, Action::ViewScorecard, &resource)?;
    let today = app.clock.today();
    app.store.read(|tx| {
        let book = app.rulebooks.get(tx)?;
        let Ok(edition) = book.choose(None, today, None) else { return Ok(None) };
        let days = edition.review.notice_days.clone();
        let ask = (today, app.clock.now());
        let (_, now) = assess(app, tx, partner, Question::Scorecard, ask, Step::Review)?;
        let reviews = tx.tier_reviews(Some(partner), false, None, 100)?;
        let due = now.due_on.filter(|_| now.outcome.is_some());
        let Some(next) = next_after(due, partner, &reviews)? else { return Ok(None) };
        let ahead = today.days_until(next.due);
        if ahead >= 0 && notice_of(&days, ahead).is_none() {
            return Ok(None);
        }
        let due = forecast(app, tx, next)?;
        let DueReview { due_on, outcome, to_tier, .. } = due;
        Ok(Some(NoticeDay { due_on, ahead, outcome, to_tier }))
    })
}

impl DueReview {
    /// Its place in the list.
    pub fn place(&self) -> String {
        format!("{} {}", self.due_on, self.partner)
    }
}

/// Reviews that are due in so many days, or overdue, the earliest first: one more than `limit`.
///
/// # Errors
///
/// When the caller may not see the reviews of all partners.
pub fn due(
    app: &App,
    caller: &Caller,
    days_ahead: u16,
    after: Option<&str>,
    limit: usize,
) -> Result<Vec<DueReview>, Error> {
    let all = Resource::new(ResourceKind::TierReview, "due");
    app.allow(caller, Action::ViewTierReview, &all)?;
    let last = app.clock.today().plus_days(days_ahead.into());
    app.store.read(|tx| {
        let next = next_reviews(app, tx)?;
        let is_behind = |next: &Next| {
            after.is_none_or(|after| format!("{} {}", next.due, next.partner).as_str() > after)
        };
        let page = next.into_iter().filter(|next| next.due <= last).filter(is_behind);
        page.take(limit + 1).map(|next| forecast(app, tx, next)).collect()
    })
}

/// How many reviews are due, and the first of them.
#[derive(Clone, Debug, Default)]
pub struct DueSummary {
    /// How many are overdue.
    pub overdue: usize,
    /// For each notice that the rulebook gives, in days, the shortest first: how many are due
    /// within it, and not within a shorter one.
    pub within: Vec<(u16, usize)>,
    /// The first ones.
    pub first: Vec<DueReview>,
}

/// How many reviews are overdue or due within the notices of the rulebook, and the first of them:
/// at most `limit`.
///
/// # Errors
///
/// When the caller may not see the reviews of all partners.
pub fn due_summary(app: &App, caller: &Caller, limit: usize) -> Result<DueSummary, Error> {
    let all = Resource::new(ResourceKind::TierReview, "due");
    app.allow(caller, Action::ViewTierReview, &all)?;
    let today = app.clock.today();
    app.store.read(|tx| {
        let book = app.rulebooks.get(tx)?;
        let Ok(edition) = book.choose(None, today, None) else { return Ok(DueSummary::default()) };
        let mut days = edition.review.notice_days.clone();
        days.sort_unstable();
        let mut summary = DueSummary {
            within: days.iter().map(|days| (*days, 0)).collect(),
            ..DueSummary::default()
        };
        let mut first = Vec::new();
        for next in next_reviews(app, tx)? {
            let ahead = today.days_until(next.due);
            let notice = notice_of(&days, ahead);
            match summary.within.iter_mut().find(|(days, _)| Some(*days) == notice) {
                Some((_, count)) => *count += 1,
                None if ahead < 0 => summary.overdue += 1,
                None => continue,
            }
            if first.len() < limit {
                first.push(next);
            }
        }
        let first = first.into_iter().map(|next| forecast(app, tx, next));
        summary.first = first.collect::<Result<_, _>>()?;
        Ok(summary)
    })
}

fn forecast(app: &App, tx: &mut Tx<'_>, next: Next) -> Result<DueReview, Error> {
    let Next { due, partner, grace_until, open } = next;
    let step = grace_until.map_or(Step::Review, Step::AfterGrace);
    let ask = (due.max(app.clock.today()), app.clock.now());
    let found = assess(app, tx, &partner, Question::Scorecard, ask, step);
    let (tier, forecast) = match found {
        Ok((assessed, forecast)) => (assessed.held, Some(forecast)),
        // Recorded in this very moment by another clock: it has a day, and no forecast yet.
        Err(Error::NotFound { .. }) => (None, None),
        Err(error) => return Err(error),
    };
    let outcome = forecast.as_ref().and_then(|forecast| forecast.outcome);
    Ok(DueReview {
        partner,
        due_on: due.to_string(),
        kind: if grace_until.is_some() { "grace_end" } else { "review" }.to_owned(),
        tier,
        outcome: outcome.map(|outcome| outcome.word().to_owned()),
        to_tier: forecast.and_then(|forecast| forecast.to_tier),
        review: open,
    })
}

/// Owes every partner a letter whose review is due in as many days as the rulebook gives notice
/// of, once for each day and notice. Returns how many are new. Run once a day; where a day was
/// missed, the notice that is nearest is given late.
///
/// # Errors
///
/// When the database cannot be used.
pub fn notices(app: &App) -> Result<u64, Error> {
    let today = app.clock.today();
    app.store.write(|tx| {
        let book = app.rulebooks.get(tx)?;
        let Ok(edition) = book.choose(None, today, None) else { return Ok(0) };
        let days = edition.review.notice_days.clone();
        let mut owed = 0;
        for next in next_reviews(app, tx)? {
            let ahead = today.days_until(next.due);
            let Some(notice) = notice_of(&days, ahead) else { continue };
            let key = format!("review {} {} {notice}", next.partner, next.due);
            if tx.is_noticed(&key)? {
                continue;
            }
            let (partner, due_on) = (next.partner.clone(), next.due.to_string());
            let forecast = forecast(app, tx, next)?;
            let letter = Letter::ReviewNotice {
                partner: partner.clone(),
                days: u32::try_from(ahead).unwrap_or_default(),
                due_on,
                forecast: forecast.outcome.unwrap_or_else(|| "unknown".to_owned()),
                link: format!("{}/partners/{partner}/scorecard", app.base_url),
            };
            let letter = serde_json::to_string(&letter).map_err(Error::internal)?;
            let now = app.clock.now();
            owed += u64::from(tx.owe_notice(&key, "partner", Some(&partner), &letter, now)?);
        }
        Ok(owed)
    })
}
