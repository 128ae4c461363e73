//! Operations and faces.

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
