//! Telling other systems what happened: signed requests by the Standard Webhooks scheme.
//!
//! [`event`] says what is told to whom, [`signature`] signs, [`delivery`] sends one request,
//! [`retry`] says when to try again, and `outbox` is where messages wait. Who may have webhooks is
//! the business of [`crate::ops::webhooks`].

pub mod delivery;
pub mod event;
pub(crate) mod outbox;
pub mod retry;
pub mod signature;
mod target;

pub use target::{Target, TargetRefused};
