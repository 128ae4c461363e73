//! Operations: one function for each thing that somebody can do.
//!
//! Each takes the app, the caller and its input, checks access before it tells anything, opens one
//! transaction, writes its row of the journal, and returns what the faces show. Nothing else in
//! Guildhall checks access or opens transactions.

mod attempts;
mod rows;

pub mod by_hand;
pub mod decisions;
pub mod demo;
pub mod disputes;
pub mod domains;
pub mod editions;
pub mod enrolments;
pub mod facts;
pub mod forecast;
pub mod impact;
pub mod imports;
pub mod invitations;
pub mod journal;
pub mod letters;
pub mod names;
pub mod network;
pub mod notices;
pub mod organizations;
pub mod partners;
pub mod passwords;
pub mod people;
pub mod plans;
pub mod reviews;
pub mod search;
pub mod second_factor;
pub mod sessions;
pub mod sign_in;
pub mod standing;
pub mod tokens;
pub mod users;
pub mod webhooks;

pub use rows::{Cells, Record, tag};
