//! The letters that wait: handed to the mail server until it takes them or says no for good.
//!
//! A letter arrives at least once; copies have the same message id. Once it is sent, or never will
//! be, nothing is left of what it said and to whom.

use jiff::SignedDuration;

use super::{Letter, MailError};
use crate::error::with_sources;
use crate::tasks::Next;
use crate::webhooks::retry::next_attempt_at;
use crate::{App, Error, secrets};

/// How long a sender keeps a letter to itself: longer than any conversation with a mail server.
const LEASE: SignedDuration = SignedDuration::from_mins(5);
/// For how long it is kept that a letter was sent.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Sends one letter that is due.
pub(crate) fn send_one(app: &App) -> Result<Next, Error> {
    let now = app.clock.now();
    // Mostly there is none, which is found out without keeping anybody from writing.
    if !app.store.read(|tx| tx.is_letter_due(now))? {
        return Ok(Next::Wait);
    }
    let until = now.checked_add(LEASE).map_err(Error::internal)?;
    let Some(taken) = app.store.write(|tx| tx.take_letter(now, until))? else {
        return Ok(Next::Wait);
    };
    let number = taken.number;
    let letter: Letter = match serde_json::from_str(&taken.letter) {
        Ok(letter) => letter,
        Err(_) => {
            tracing::error!(letter = number, "a letter cannot be read and is given up");
            app.store.write(|tx| tx.end_letter(number, false))?;
            return Ok(Next::Again);
        }
    };
    let outcome = app.mailer.send(&taken.recipient, &letter, &format!("letter{number}"), now);
    let made = usize::try_from(taken.attempts).unwrap_or(usize::MAX);
    let again = match &outcome {
        Err(error) if error.is_temporary() => {
            next_attempt_at(made, app.clock.now(), secrets::random::<1>()?[0])
        }
        _ => None,
    };
    match &outcome {
        Ok(()) => tracing::info!(letter = number, "sent"),
        Err(error) => {
            let is_given_up = again.is_none();
            tracing::warn!(letter = number, is_given_up, "not sent: {}", told(error));
        }
    }
    app.store.write(|tx| match again {
        Some(again) => tx.postpone_letter(number, again),
        None => tx.end_letter(number, outcome.is_ok()),
    })?;
    Ok(Next::Again)
}

/// What is wrong, without addresses: a mail server likes to repeat them.
fn told(error: &MailError) -> String {
    match error {
        MailError::Refused { code, .. } => format!("the mail server refused it with {code}"),
        MailError::NoAddress(_) => "the recipient is no e-mail address".to_owned(),
        error => with_sources(error),
    }
}

/// Forgets letters that were sent long ago.
pub(crate) fn forget(app: &App) -> Result<(), Error> {
    let before = app.clock.now().checked_sub(KEPT).map_err(Error::internal)?;
    app.store.write(|tx| tx.forget_letters(before))?;
    Ok(())
}
