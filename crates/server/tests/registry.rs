//! The registry on both engines: facts, partners, organizations, people, enrolments, imports.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may stop at once"
)]

#[path = "../../store/tests/shared/databases.rs"]
mod databases;
#[path = "registry/enrolments.rs"]
mod enrolments;
#[path = "registry/facts.rs"]
mod facts;
#[path = "registry/network.rs"]
mod network;
#[path = "registry/routes.rs"]
mod routes;
#[path = "registry/rows.rs"]
mod rows;
