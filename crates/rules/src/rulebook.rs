//! Rulebooks.
mod catalogue;
mod edition;

pub use catalogue::Catalogue;
pub use edition::*;
