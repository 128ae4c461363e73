//! The outbox: rows of the journal become messages, and messages are sent until they arrive.
//!
//! A message arrives at least once, in no promised order. Its id stays the same.

use std::time::Duration;

use guildhall_store::{Delivery, Outcome, Webhook, moment_from_text, moment_text};
use jiff::{SignedDuration, Timestamp};

use super::delivery::{Answer, NoAnswer, Sender};
use super::event::Event;
use super::retry::{Meaning, meaning_of, next_attempt_at};
use super::signature::{SigningSecret, sign};
use crate::tasks::Next;
use crate::{App, Error, secrets};

/// How many rows of the journal become messages in one transaction.
const AT_ONCE: i64 = 50;
/// How much longer than the target may take a sender keeps a message to itself.
const MARGIN: SignedDuration = SignedDuration::from_secs(30);
/// After how long without any delivery a webhook is disabled, once a message was given up.
const GIVE_UP: SignedDuration = SignedDuration::from_hours(5 * 24);
/// For how long messages are kept for their owner to look at.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Makes messages of rows of the journal.
pub(crate) fn spread(app: &App) -> Result<Next, Error> {
    // Mostly there is nothing, which is found out without keeping anybody from writing.
    if app.store.read(|tx| tx.is_outbox_empty())? {
        return Ok(Next::Wait);
    }
    let now = app.clock.now();
    let taken = app.store.write(|tx| {
        let entries = tx.take_outbox(AT_ONCE)?;
        let webhooks = tx.enabled_webhooks()?;
        for entry in &entries {
            let Some(row) = tx.journal_row(*entry)? else { continue };
            let Some(event) = Event::read(tx, &row)? else { continue };
            for webhook in &webhooks {
                if let Some(message) = event.message_to(app, webhook) {
                    tx.add_delivery(&webhook.id, &event.id, &event.kind, &message, now)?;
                }
            }
        }
        Ok::<_, Error>(entries.len())
    })?;
    Ok(if taken == 0 { Next::Wait } else { Next::Again })
}

/// Sends one message that is due. `timeout` is how long the target may take.
pub(crate) fn send_one(app: &App, sender: &Sender, timeout: Duration) -> Result<Next, Error> {
    if !app.store.read(|tx| tx.is_delivery_due(app.clock.now()))? {
        return Ok(Next::Wait);
    }
    let now = app.clock.now();
    let patience = SignedDuration::try_from(timeout).unwrap_or(SignedDuration::ZERO);
    let until = now.checked_add(patience).and_then(|until| until.checked_add(MARGIN));
    let until = until.map_err(Error::internal)?;
    let taken = app.store.write(|tx| tx.take_delivery(now, until))?;
    let Some((delivery, webhook)) = taken else { return Ok(Next::Wait) };
    let answer = send(&delivery, &webhook, sender, now);
    settle(app, &delivery, &webhook.id, answer)?;
    Ok(Next::Again)
}

/// The id of a message, which its receiver knows it by.
pub(crate) fn message_id(number: i64) -> String {
    format!("msg_{number}")
}

fn send(
    delivery: &Delivery,
    webhook: &Webhook,
    sender: &Sender,
    now: Timestamp,
) -> Result<Answer, NoAnswer> {
    let target = sender.target(&webhook.url)?;
    let is_old_used =
        webhook.old_secret_until.as_ref().is_some_and(|until| *until > moment_text(now));
    let old = webhook.old_secret.as_ref().filter(|_| is_old_used);
    let texts = std::iter::once(&webhook.secret).chain(old);
    let secrets: Vec<SigningSecret> =
        texts.filter_map(|text| SigningSecret::parse(text).ok()).collect();
    let body = delivery.payload.as_bytes();
    sender.send(&target, &sign(&secrets, &message_id(delivery.number), now, body), body)
}

/// Keeps what came of it.
fn settle(
    app: &App,
    delivery: &Delivery,
    webhook: &str,
    answer: Result<Answer, NoAnswer>,
) -> Result<(), Error> {
    let now = app.clock.now();
    let meaning = answer.as_ref().map_or(Meaning::Retry, |answer| meaning_of(answer.status));
    let chance = secrets::random::<1>()?[0];
    let made = usize::try_from(delivery.attempts).unwrap_or(usize::MAX);
    let next = match meaning {
        Meaning::Retry => next_attempt_at(made, now, chance),
        Meaning::Delivered | Meaning::Gone => None,
    };
    let state = match (meaning, next) {
        (Meaning::Delivered, _) => "delivered",
        (_, Some(_)) => "waiting",
        (_, None) => "failed",
    };
    let next_attempt_at = next.unwrap_or(now);
    tracing::info!(webhook, message = delivery.number, state, "sent");
    let outcome = match answer {
        Ok(Answer { status, body }) => Outcome {
            state,
            next_attempt_at,
            status: Some(status.into()),
            // PostgreSQL keeps no NUL.
            answer: Some(body.replace('\0', "\u{fffd}")),
            error: None,
        },
        Err(error) => {
            let error = Some(error.to_string());
            Outcome { state, next_attempt_at, status: None, answer: None, error }
        }
    };
    app.store.write(|tx| {
        tx.settle_delivery(delivery.number, &outcome)?;
        let Some(mut held) = tx.webhook(webhook)? else { return Ok(()) };
        let failing_since = match meaning {
            Meaning::Delivered => None,
            _ => Some(held.failing_since.clone().unwrap_or_else(|| moment_text(now))),
        };
        let why = match meaning {
            Meaning::Gone => Some("gone"),
            Meaning::Retry if next.is_none() && is_long_ago(failing_since.as_deref(), now)? => {
                Some("failing")
            }
            _ => None,
        };
        if held.failing_since == failing_since && why.is_none() {
            return Ok(());
        }
        held.failing_since = failing_since;
        if let (Some(why), None) = (why, &held.disabled) {
            held.disabled = Some(why.to_owned());
            held.version += 1;
            tx.give_up_deliveries(webhook, "the webhook was disabled")?;
            let mut entry = guildhall_store::Entry::new(now, "system", "disable_webhook", webhook);
            entry.detail("why", why.into());
            tx.put_webhook(&held)?;
            tx.commit(entry)?;
            return Ok(());
        }
        tx.put_webhook(&held)?;
        Ok::<_, Error>(())
    })
}

fn is_long_ago(since: Option<&str>, now: Timestamp) -> Result<bool, Error> {
    let Some(since) = since else { return Ok(false) };
    Ok(now.duration_since(moment_from_text(since)?) >= GIVE_UP)
}

/// Forgets messages that were sent long ago.
pub(crate) fn forget(app: &App) -> Result<(), Error> {
    let before = app.clock.now().checked_sub(KEPT).map_err(Error::internal)?;
    app.store.write(|tx| tx.forget_deliveries(before))?;
    Ok(())
}
