//! Stored standings: they say what scorecards say, whatever was changed, and are told as asked.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may stop at once"
)]

#[path = "../../store/tests/shared/databases.rs"]
mod databases;
#[path = "standings/forecast.rs"]
mod forecast;
#[path = "standings/lists.rs"]
mod lists;
#[path = "standings/network.rs"]
mod network;
#[path = "standings/same.rs"]
mod same;
