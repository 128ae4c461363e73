//! The rules of a partner network: facts, a rulebook and a date go in, decisions with reasons
//! come out.
pub mod day;
pub mod decimal;
pub mod facts;
pub mod number;
pub mod problem;
pub mod reason;
pub mod rulebook;
