//! Signing in, on databases of both kinds: what works, and what strangers try.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may stop at once"
)]

#[path = "../../store/tests/shared/databases.rs"]
#[expect(dead_code, reason = "shared with other tests")]
mod databases;
#[path = "sign_in/over_rest.rs"]
mod over_rest;
#[path = "sign_in/passwords.rs"]
mod passwords;
#[path = "sign_in/second_factor.rs"]
mod second_factor;
#[path = "sign_in/sessions.rs"]
mod sessions;
#[path = "sign_in/users.rs"]
mod users;
#[path = "sign_in/world.rs"]
mod world;
