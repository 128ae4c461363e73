//! Telling other systems what happened: signed requests by the Standard Webhooks scheme.
//!
//! [`signature`] signs, [`delivery`] sends one request, [`retry`] says when to try again. What is
//! sent to whom, and the outbox that it waits in, are elsewhere.

pub mod delivery;
pub mod retry;
pub mod signature;
mod target;

pub use target::{Target, TargetRefused};
