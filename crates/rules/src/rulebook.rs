//! Rulebooks.
mod edition;

pub use edition::*;
