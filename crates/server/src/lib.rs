//! A network as a process: it answers over HTTP, works in the background, and keeps a log.
//!
//! What it answers with are its faces, [`rest`] and the portal, on the same operations; those are
//! re-exported here, so that a program which runs a network needs this crate alone.

pub mod log;
pub mod serve;

pub use guildhall_operations::*;
pub use guildhall_portal::{impact_sheet, plan_sheet, scorecard_sheet, sweep_picture};
pub use guildhall_rest as rest;
