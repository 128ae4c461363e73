//! What people and programs can do with a network.
//!
//! An [`App`] is everything that an operation needs: the store, the policies, the clock, the
//! rulebooks, the mailer. An operation ([`ops`]) is a function of an app, a [`Caller`] and its
//! input; it checks access, opens the transaction and commits, and nothing else does. Faces (REST,
//! the portal, the command line) translate requests into calls of operations and errors into
//! answers; they decide nothing, so that every face shows the same and enforces the same. What
//! faces over HTTP have in common is [`http`].
//!
//! The other modules are what operations are made of: passwords, second factors, links, mail,
//! webhooks, configuration. They know neither the database nor HTTP.

mod app;
mod caller;
mod clock;
mod demo;
mod error;
mod rulebooks;

pub mod http;
pub mod ops;

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
pub mod tasks;
pub mod tls;
pub mod turns;
pub mod webhooks;

pub use app::App;
pub use caller::{Caller, HalfSignedIn, Idempotency, Missing};
pub use clock::Clock;
pub use demo::{Demo, SignIn};
pub use error::{Error, with_sources};
pub use rulebooks::{Book, Rulebooks};
