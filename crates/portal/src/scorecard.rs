//! Where a partner stands: the scorecard with the facts behind every number, how it came about,
//! what changed, what lapses, and what discount is earned. Computes nothing: the engine does.

mod alerts;
mod book;
mod changes;
mod chart;
mod csv;
mod discount;
mod evidence;
mod facts;
mod frame;
mod history;
mod lapses;
mod notes;
mod page;
mod plot;
mod review;
mod rows;
mod sheet;
mod standpoint;
mod statement;
mod tier;
mod what_if;
mod words;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use guildhall_operations::App;

pub(super) use book::{Book, or_id};
pub(super) use frame::{Head, Part, base_of, place};
pub use sheet::scorecard_sheet;
pub(super) use words::{Shape, against, with_days};

/// The routes.
pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/partners/{partner}/scorecard", get(page::show))
        .route("/partners/{partner}/scorecard.csv", get(csv::download))
        .route("/partners/{partner}/scorecard.html", get(page::download))
        .route("/partners/{partner}/scorecard/{measure}", get(evidence::show))
        .route("/partners/{partner}/history", get(history::show))
        .route("/partners/{partner}/changes", get(changes::show))
        .route("/partners/{partner}/lapses", get(lapses::show))
        .route("/partners/{partner}/lapses.ics", get(lapses::download))
        .route("/partners/{partner}/what-if", get(what_if::show))
        .route("/partners/{partner}/discount", get(statement::show))
        .route("/partners/{partner}/discount/{measure}", get(evidence::show_discount))
}
