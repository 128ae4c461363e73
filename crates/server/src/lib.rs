//! Operations and faces, and what they are made of.
//!
//! The modules below hold no state and know neither the database nor HTTP: the moment is handed to
//! them, random numbers come from [`secrets`], and what they return is stored by whoever calls.

pub mod attempts;
pub mod config;
pub mod links;
pub mod mail;
pub mod passwords;
pub mod proxies;
pub mod second_factor;
pub mod secrets;
pub mod tls;
pub mod webhooks;
