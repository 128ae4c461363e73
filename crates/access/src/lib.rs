//! Who may do what. An actor asks to do an action to a resource; policies in Cedar, which stand in
//! `policies/` and are built in, say whether they may, may not, or may not even know of it.
//!
//! This crate knows no database and no request: callers say who asks and whose the thing is. It
//! does not sign anybody in, and it does not look at whether a user is disabled or a partner
//! suspended.
//!
//! ```
//! use guildhall_access::{Access, Action, Actor, Decision, Resource, ResourceKind, Role, Side};
//!
//! let access = Access::new()?;
//! let lead = Actor {
//!     user: Some("ines".to_owned()),
//!     organization: Some((Side::Partner, "ridge-and-sons".to_owned())),
//!     roles: vec![Role::AllianceLead],
//!     ..Actor::nobody()
//! };
//! let own = Resource::new(ResourceKind::Partner, "ridge-and-sons").of_partner("ridge-and-sons");
//! assert_eq!(access.decide(&lead, Action::ViewScorecard, &own), Decision::Allowed);
//!
//! let other = Resource::new(ResourceKind::Partner, "slate-works").of_partner("slate-works");
//! assert_eq!(access.decide(&lead, Action::ViewScorecard, &other), Decision::Hidden);
//!
//! let person = Resource::new(ResourceKind::Person, "p-7").of_partner("ridge-and-sons");
//! let denied = access.decide(&lead, Action::ErasePerson, &person);
//! assert_eq!(denied, Decision::Denied("second_factor".to_owned()));
//! # Ok::<(), guildhall_access::Error>(())
//! ```
//!
//! In reading order: [`Actor`], [`Action`], [`Resource`]; then [`Access`] with what it answers,
//! [`Decision`] and [`Visible`]. `docs/access.md` says in plain words what the policies allow.

mod action;
mod actor;
mod decision;
mod policies;
mod resource;
mod visible;
mod words;

pub use action::Action;
pub use actor::{Actor, Role, Scope, Side};
pub use decision::{Access, Decision, FAILED, NO_ROLE};
pub use policies::Error;
pub use resource::{Resource, ResourceKind};
pub use visible::Visible;
