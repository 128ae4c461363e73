//! Disputes: a partner objects to a fact, or to its absence; the vendor answers within a time.
//!
//! Both sides see the claim, the messages and the clock. A dispute that is upheld changes the fact
//! in the transaction that answers it, so that there is never one without the other.

mod correction;

use std::collections::BTreeMap;

use guildhall_access::{Action, Resource, ResourceKind, Side};
use guildhall_rules::day::Day;
use guildhall_store::{Kind, StoredDispute, StoredMessage, Tx, moment_text};
use jiff::civil::Weekday;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::decisions::{before, check_text, day, plain, seen};
use super::reviews::missing;
use super::rows::same_version;
use crate::mail::Letter;
use crate::{App, Caller, Error};

/// A dispute is to be answered in so many working days, Monday to Friday, the day on which it is
/// opened not counted. No public source gives a number; two weeks is what people expect.
pub const WORKING_DAYS: u32 = 10;

/// Most characters of a text.
const MOST: usize = 4000;

/// A dispute.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct DisputeShown {
    /// Its number.
    pub number: i64,
    /// The partner's id.
    pub partner: String,
    /// The kind of the fact, as its file is called: `opportunities`.
    pub kind: String,
    /// The id of the fact; none where it is missing.
    pub fact: Option<String>,
    /// What is missing.
    pub missing: Option<String>,
    /// What the partner says: that it should have counted, and why.
    pub claim: String,
    /// `open`, `upheld`, `rejected` or `withdrawn`.
    pub state: String,
    /// Counts up with every change; its tag is `"v<version>"`.
    pub version: i64,
    /// When it was opened.
    pub opened_at: String,
    /// Who opened it.
    pub opened_by: String,
    /// The day by which it is to be answered.
    pub due_on: String,
    /// Working days since it was opened, until it was closed.
    pub working_days_elapsed: u32,
    /// Working days until its day, today not counted; none left where that is past.
    pub working_days_left: u32,
    /// Whether it is open and its day is past.
    pub is_overdue: bool,
    /// When it was answered or withdrawn.
    pub closed_at: Option<String>,
    /// Who answered or withdrew it.
    pub closed_by: Option<String>,
    /// The reason of the answer.
    pub reason: Option<String>,
    /// What both sides wrote, the oldest first; not in lists.
    pub messages: Vec<DisputeMessage>,
}

/// A message of a dispute.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct DisputeMessage {
    /// Its number.
    pub number: i64,
    /// When.
    pub at: String,
    /// Who wrote it.
    pub by: String,
    /// For whom they wrote: `vendor` or `partner`.
    pub side: String,
    /// What they wrote.
    pub text: String,
}

/// What a partner objects to.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Objection {
    /// The partner's id.
    pub partner: String,
    /// The kind of the fact, as its file is called: `opportunities`.
    pub kind: String,
    /// The id of the fact; not given where it is missing.
    pub fact: Option<String>,
    /// What is missing, where it is.
    pub missing: Option<String>,
    /// What is claimed.
    pub claim: String,
}

/// The vendor's answer.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// `upheld` or `rejected`.
    pub outcome: String,
    /// Why.
    pub reason: String,
    /// Where it is upheld: the cells of the fact that change, by column; null empties one. Of a
    /// fact that was missing, all its cells.
    #[serde(default)]
    pub cells: BTreeMap<String, Option<String>>,
}

fn resource(dispute: &StoredDispute) -> Resource {
    Resource::new(ResourceKind::Dispute, dispute.number.to_string())
        .of_partner(&dispute.partner)
        .of_user(&dispute.opened_by)
}

fn is_working(day: Day) -> bool {
    !matches!(day.to_date().weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// The day that lies so many working days behind another.
fn behind(from: Day, working_days: u32) -> Day {
    let (mut day, mut left) = (from, working_days);
    while left > 0 && day < Day::MAX {
        day = day.plus_days(1);
        left -= u32::from(is_working(day));
    }
    day
}

/// Working days between two days, the first not counted. At most a thousand days are looked at.
fn elapsed(from: Day, to: Day) -> u32 {
    let days = from.days_until(to).clamp(0, 1000);
    (1..=days).map(|ahead| u32::from(is_working(from.plus_days(ahead)))).sum()
}

fn show(
    app: &App,
    dispute: StoredDispute,
    messages: Vec<StoredMessage>,
) -> Result<DisputeShown, Error> {
    let of_moment = |text: &str| day(text.get(..10).unwrap_or_default());
    let today = app.clock.today();
    let last = dispute.closed_at.as_deref().map(of_moment).transpose()?.unwrap_or(today);
    let message = |message: StoredMessage| {
        let StoredMessage { number, at, by, side, text } = message;
        DisputeMessage { number, at: plain(&at), by, side, text }
    };
    Ok(DisputeShown {
        working_days_elapsed: elapsed(of_moment(&dispute.opened_at)?, last),
        working_days_left: elapsed(today, day(&dispute.due_on)?),
        is_overdue: dispute.state == "open" && day(&dispute.due_on)? < today,
        opened_at: plain(&dispute.opened_at),
        closed_at: dispute.closed_at.as_deref().map(plain),
        number: dispute.number,
        partner: dispute.partner,
        kind: dispute.kind,
        fact: dispute.fact,
        missing: dispute.missing,
        claim: dispute.claim,
        state: dispute.state,
        version: dispute.version,
        opened_by: dispute.opened_by,
        due_on: dispute.due_on,
        closed_by: dispute.closed_by,
        reason: dispute.reason,
        messages: messages.into_iter().map(message).collect(),
    })
}

fn whole(app: &App, tx: &mut Tx<'_>, number: i64) -> Result<DisputeShown, Error> {
    let dispute = tx.dispute(number)?;
    let dispute = dispute.ok_or_else(|| Error::internal("a dispute is gone"))?;
    let messages = tx.dispute_messages(number)?;
    show(app, dispute, messages)
}

/// Opens a dispute.
///
/// # Errors
///
/// When the caller may not, does not see the fact, or the input has problems.
pub fn open(app: &App, caller: &Caller, objection: &Objection) -> Result<DisputeShown, Error> {
    let Objection { partner, fact, missing, .. } = objection;
    let new = Resource::new(ResourceKind::Dispute, "new").of_partner(partner);
    app.allow(caller, Action::OpenDispute, &new)?;
    let kind = Kind::from_table(&objection.kind).filter(|kind| matches!(kind, Kind::Fact(_)));
    let Some(kind) = kind else {
        let message = format!("`{}` is no kind of fact", objection.kind);
        let hint = "the name of its file, as `opportunities`";
        return Err(Error::field_with_hint("kind", "bad-value", message, hint));
    };
    let claim = check_text("claim", &objection.claim, MOST)?;
    let missing = missing.as_deref().map(|text| check_text("missing", text, MOST)).transpose()?;
    if fact.is_some() == missing.is_some() {
        let message = "say which fact is disputed, or what is missing";
        return Err(Error::field("fact", "bad-value", message));
    }
    if fact.as_ref().is_some_and(|fact| fact.contains('\0')) {
        return Err(Error::field("fact", "nul", "it holds a NUL character"));
    }
    app.change(caller, |tx| {
        if let Some(id) = fact {
            correction::see(app, caller, tx, kind, (partner, id))?;
        }
        let due_on = behind(app.clock.today(), WORKING_DAYS).to_string();
        let dispute = StoredDispute {
            number: 0,
            partner: partner.clone(),
            kind: kind.table().to_owned(),
            fact: fact.clone(),
            missing: missing.clone(),
            claim: claim.clone(),
            state: "open".to_owned(),
            version: 1,
            opened_at: moment_text(app.clock.now()),
            opened_by: caller.name().to_owned(),
            due_on,
            closed_at: None,
            closed_by: None,
            reason: None,
        };
        let number = tx.open_dispute(&dispute)?;
        owe(app, tx, &StoredDispute { number, ..dispute }, None)?;
        let mut entry = app.entry(caller, Action::OpenDispute.word(), partner);
        entry.detail("dispute", number.into());
        tx.commit(entry)?;
        whole(app, tx, number)
    })
}

/// Owes a letter: to the vendor when a dispute is opened, to the partner when it is answered.
fn owe(
    app: &App,
    tx: &mut Tx<'_>,
    dispute: &StoredDispute,
    answer: Option<&str>,
) -> Result<(), Error> {
    let fact = dispute.fact.clone().or_else(|| dispute.missing.clone()).unwrap_or_default();
    let link = format!("{}/disputes/{}", app.base_url, dispute.number);
    let (partner, number) = (dispute.partner.clone(), dispute.number.to_string());
    let (letter, side, to) = match answer {
        None => {
            let (opened_by, due_on) = (dispute.opened_by.clone(), dispute.due_on.clone());
            let letter =
                Letter::DisputeOpened { partner, dispute: number, fact, opened_by, due_on, link };
            (letter, "vendor", None)
        }
        Some(answer) => {
            let answer = answer.to_owned();
            let letter = Letter::DisputeAnswered { partner, dispute: number, fact, answer, link };
            (letter, "partner", Some(dispute.partner.as_str()))
        }
    };
    let letter = serde_json::to_string(&letter).map_err(Error::internal)?;
    let key = format!("dispute {} {side}", dispute.number);
    tx.owe_notice(&key, side, to, &letter, app.clock.now())?;
    Ok(())
}

/// A dispute that the caller may see.
fn held(app: &App, caller: &Caller, tx: &mut Tx<'_>, number: i64) -> Result<StoredDispute, Error> {
    let dispute = tx.dispute(number)?;
    let dispute = dispute.ok_or_else(|| missing(caller, ResourceKind::Dispute, number))?;
    app.allow(caller, Action::ViewDispute, &resource(&dispute))?;
    Ok(dispute)
}

fn refuse_closed(dispute: &StoredDispute) -> Result<(), Error> {
    if dispute.state == "open" {
        return Ok(());
    }
    Err(Error::conflict("not-open", format!("the dispute is {}", dispute.state)))
}

/// Writes a message that both sides see.
///
/// # Errors
///
/// When the caller may neither open nor answer it, or it is closed.
pub fn write(app: &App, caller: &Caller, number: i64, text: &str) -> Result<DisputeShown, Error> {
    app.change(caller, |tx| {
        let dispute = held(app, caller, tx, number)?;
        let is_vendor =
            caller.actor.organization.as_ref().is_some_and(|(side, _)| *side == Side::Vendor);
        let action = if is_vendor { Action::AnswerDispute } else { Action::OpenDispute };
        app.allow(caller, action, &resource(&dispute))?;
        refuse_closed(&dispute)?;
        let message = StoredMessage {
            number: 0,
            at: moment_text(app.clock.now()),
            by: caller.name().to_owned(),
            side: if is_vendor { "vendor" } else { "partner" }.to_owned(),
            text: check_text("text", text, MOST)?,
        };
        let message = tx.add_dispute_message(number, &message)?;
        let mut entry = app.entry(caller, "write_dispute_message", &dispute.partner);
        entry.detail("dispute", number.into());
        entry.detail("message", message.into());
        tx.commit(entry)?;
        whole(app, tx, number)
    })
}

/// Answers a dispute. Where it is upheld, the fact is changed, or added, with the answer.
///
/// # Errors
///
/// When the caller may not, it is closed, or the input has problems.
pub fn answer(
    app: &App,
    caller: &Caller,
    number: i64,
    if_match: Option<&str>,
    answer: &Answer,
) -> Result<DisputeShown, Error> {
    app.change(caller, |tx| {
        let mut dispute = held(app, caller, tx, number)?;
        app.allow(caller, Action::AnswerDispute, &resource(&dispute))?;
        same_version(if_match, dispute.version)?;
        refuse_closed(&dispute)?;
        let reason = check_text("reason", &answer.reason, MOST)?;
        let mut entry = app.entry(caller, Action::AnswerDispute.word(), &dispute.partner);
        entry.detail("dispute", number.into());
        match answer.outcome.as_str() {
            "upheld" => correction::record(app, caller, tx, &mut entry, (&dispute, &answer.cells))?,
            "rejected" if answer.cells.is_empty() => {}
            "rejected" => {
                let message = "what is rejected changes nothing";
                return Err(Error::field("cells", "bad-value", message));
            }
            outcome => {
                let message = format!("`{outcome}` is no outcome");
                let hint = "one of `upheld`, `rejected`";
                return Err(Error::field_with_hint("outcome", "bad-value", message, hint));
            }
        }
        entry.detail("outcome", answer.outcome.clone().into());
        dispute.state.clone_from(&answer.outcome);
        dispute.reason = Some(reason);
        close(app, caller, tx, &mut dispute)?;
        owe(app, tx, &dispute, Some(&answer.outcome))?;
        tx.commit(entry)?;
        whole(app, tx, number)
    })
}

fn close(
    app: &App,
    caller: &Caller,
    tx: &mut Tx<'_>,
    dispute: &mut StoredDispute,
) -> Result<(), Error> {
    dispute.closed_at = Some(moment_text(app.clock.now()));
    dispute.closed_by = Some(caller.name().to_owned());
    if tx.close_dispute(dispute)? {
        return Ok(());
    }
    Err(Error::conflict("not-open", "somebody else closed the dispute"))
}

/// Takes a dispute back.
///
/// # Errors
///
/// When the caller may not, or it is closed.
pub fn withdraw(
    app: &App,
    caller: &Caller,
    number: i64,
    if_match: Option<&str>,
) -> Result<DisputeShown, Error> {
    app.change(caller, |tx| {
        let mut dispute = held(app, caller, tx, number)?;
        app.allow(caller, Action::WithdrawDispute, &resource(&dispute))?;
        same_version(if_match, dispute.version)?;
        refuse_closed(&dispute)?;
        "withdrawn".clone_into(&mut dispute.state);
        close(app, caller, tx, &mut dispute)?;
        let mut entry = app.entry(caller, Action::WithdrawDispute.word(), &dispute.partner);
        entry.detail("dispute", number.into());
        tx.commit(entry)?;
        whole(app, tx, number)
    })
}

/// Disputes in a state, the latest first: one more than `limit`.
///
/// # Errors
///
/// When nobody is signed in, or the database cannot be read.
pub fn in_state(
    app: &App,
    caller: &Caller,
    (state, partner): (&str, Option<&str>),
    after: Option<&str>,
    limit: usize,
) -> Result<Vec<DisputeShown>, Error> {
    let before = before(after)?;
    let seen = seen(app, caller, ResourceKind::Dispute)?.and_then(|seen| seen.narrowed(partner));
    let Some(seen) = seen else { return Ok(Vec::new()) };
    app.store.read(|tx| {
        let of = seen.partner.as_deref();
        let disputes = tx.disputes_in_state(state, of, before, limit + 1)?;
        disputes.into_iter().map(|dispute| show(app, dispute, Vec::new())).collect()
    })
}

/// Open disputes of all partners, the one that is to be answered first first: at most `limit`.
///
/// # Errors
///
/// When the caller may not see the disputes of all partners.
pub fn open_ones(app: &App, caller: &Caller, limit: usize) -> Result<Vec<DisputeShown>, Error> {
    let all = Resource::new(ResourceKind::Dispute, "all");
    app.allow(caller, Action::ViewDispute, &all)?;
    app.store.read(|tx| {
        let disputes = tx.open_disputes(limit)?;
        disputes.into_iter().map(|dispute| show(app, dispute, Vec::new())).collect()
    })
}

/// Disputes, the latest first: one more than `limit`.
///
/// # Errors
///
/// When nobody is signed in, or the database cannot be read.
pub fn list(
    app: &App,
    caller: &Caller,
    partner: Option<&str>,
    after: Option<&str>,
    limit: usize,
) -> Result<Vec<DisputeShown>, Error> {
    let before = before(after)?;
    let seen = seen(app, caller, ResourceKind::Dispute)?.and_then(|seen| seen.narrowed(partner));
    let Some(seen) = seen else { return Ok(Vec::new()) };
    app.store.read(|tx| {
        let disputes = tx.disputes(seen.partner.as_deref(), before, limit + 1)?;
        disputes.into_iter().map(|dispute| show(app, dispute, Vec::new())).collect()
    })
}

/// One dispute with its messages.
///
/// # Errors
///
/// When there is none that the caller may see.
pub fn get(app: &App, caller: &Caller, number: i64) -> Result<DisputeShown, Error> {
    app.store.read(|tx| {
        held(app, caller, tx, number)?;
        whole(app, tx, number)
    })
}
