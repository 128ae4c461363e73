//! Operations: one function for each thing that somebody can do.
//!
//! Each takes the app, the caller and its input, checks access before it tells anything, opens one
//! transaction, writes its row of the journal, and returns what the faces show. Nothing else in
//! Guildhall checks access or opens transactions.

mod attempts;
pub mod domains;
pub mod enrolments;
pub mod facts;
pub mod imports;
pub mod invitations;
pub mod letters;
pub mod organizations;
pub mod partners;
pub mod passwords;
pub mod people;
mod rows;
pub mod second_factor;
pub mod sessions;
pub mod sign_in;
pub mod standing;
pub mod tokens;
pub mod users;

pub use rows::{Cells, Record};
