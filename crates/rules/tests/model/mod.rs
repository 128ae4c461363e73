//! A slow, obvious model of what a scorecard says, and random rulebooks and facts to ask it about.

pub(crate) mod book;
pub(crate) mod calendar;
pub(crate) mod card;
pub(crate) mod draw;
pub(crate) mod engine;
pub(crate) mod judge;
pub(crate) mod random_book;
pub(crate) mod random_rows;
pub(crate) mod rows;
mod sentences;
