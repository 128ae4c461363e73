//! What people and programs can do with a network, and the faces by which they do it.
//!
//! An [`App`] is everything that an operation needs: the store, the policies, the clock, the
//! rulebooks, the mailer. An operation ([`ops`]) is a function of an app, a [`Caller`] and its
//! input; it checks access, opens the transaction and commits, and nothing else does. The faces
//! ([`rest`]) translate requests into calls of operations and errors into answers; they decide
//! nothing, so that every face shows the same and enforces the same.
//!
//! The other modules are what operations are made of: passwords, second factors, links, mail,
//! webhooks, configuration. They know neither the database nor HTTP.

mod app;
mod caller;
mod clock;
mod demo;
mod error;
mod html;
mod rulebooks;

pub mod log;
pub mod ops;
pub mod rest;
pub mod serve;
pub mod tasks;

pub mod attempts;
pub mod config;
pub mod csv_text;
pub mod hashing;
pub mod links;
pub mod mail;
pub mod passwords;
pub mod proxies;
pub mod second_factor;
pub mod secrets;
pub mod tls;
pub mod turns;
pub mod webhooks;

pub use app::App;
pub use caller::{Caller, HalfSignedIn, Idempotency, Missing};
pub use clock::Clock;
pub use demo::{Demo, SignIn};
pub use error::{Error, with_sources};
pub use html::{impact_sheet, plan_sheet, scorecard_sheet, sweep_picture};
pub use rulebooks::{Book, Rulebooks};
