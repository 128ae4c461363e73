//! The store on both engines: the same statements, the same answers.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may stop at once"
)]

#[path = "store/accounts.rs"]
mod accounts;
#[path = "shared/databases.rs"]
mod databases;
#[path = "store/decisions.rs"]
mod decisions;
#[path = "store/facts.rs"]
mod facts;
#[path = "store/folders.rs"]
mod folders;
#[path = "store/journal.rs"]
mod journal;
#[path = "store/migrations.rs"]
mod migrations;
#[path = "store/network.rs"]
mod network;
#[path = "store/renewed.rs"]
mod renewed;
