//! The portal, page by page, through the router of the server: what a browser without script would
//! see and send.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may stop at once"
)]

#[path = "shared/book.rs"]
#[expect(dead_code, reason = "other tests use the rest of it")]
mod book;
#[path = "../../store/tests/shared/databases.rs"]
#[expect(dead_code, reason = "other tests use the rest of it")]
mod databases;

#[path = "portal/browser.rs"]
mod browser;
#[path = "portal/calendar.rs"]
mod calendar;
#[path = "portal/decisions.rs"]
mod decisions;
#[path = "portal/digest.rs"]
mod digest;
#[path = "portal/discounts.rs"]
mod discounts;
#[path = "portal/facts.rs"]
mod facts;
#[path = "portal/impact.rs"]
mod impact;
#[path = "portal/joining.rs"]
mod joining;
#[path = "portal/network.rs"]
mod network;
#[path = "portal/people.rs"]
mod people;
#[path = "portal/plans.rs"]
mod plans;
#[path = "portal/rulebook.rs"]
mod rulebook;
#[path = "portal/scorecard.rs"]
mod scorecard;
#[path = "portal/sign_in.rs"]
mod sign_in;
#[path = "portal/users.rs"]
mod users;
#[path = "portal/what_if.rs"]
mod what_if;
