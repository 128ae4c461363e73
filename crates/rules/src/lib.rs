//! The rules of a partner network: facts, a rulebook and a date go in, decisions with reasons
//! come out.
pub mod changes;
pub mod day;
pub mod decimal;
pub mod discount;
pub mod evaluation;
pub mod evidence;
pub mod examples;
pub mod facts;
pub mod number;
pub mod period;
pub mod problem;
pub mod reason;
pub mod review;
pub mod rulebook;
pub mod scorecard;
