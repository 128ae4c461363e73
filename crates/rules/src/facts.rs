//! Facts: what happened, when, and when the network learned of it.
//!
//! A folder of CSV files is loaded by [`load`] into [`Facts`], in one state of knowledge: columns
//! in memory, grouped by partner, read by evaluation from front to back. The format is told in
//! `docs/facts.md`. What a fact comes to is not decided here.

mod apart;
mod columns;
pub mod csv;
mod cycles;
mod grouped;
mod ids;
mod kinds;
mod layout;
mod load;
mod mapping;
mod reading;
mod row;
mod snapshot;
mod table;
mod versions;
mod what_if;
mod words;

pub(crate) use apart::{Addition, DATED_KINDS, NewFact, THE_PARTNER};
pub use columns::{Column, File, Holds};
pub use ids::{ID_LIMIT, Ids};
pub(crate) use kinds::unpack_pipeline;
pub use load::{
    Checked, GoodRow, LoadOptions, Loaded, Open, References, Source, TakeRow, check, load,
};
pub use mapping::{FileMapping, Mapping};
pub use row::parse_moment;
pub use snapshot::{
    JournalPlace, OrderedFacts, Renewed, SNAPSHOT_MARK, SNAPSHOT_VERSION, Snapshot, SnapshotBytes,
    SnapshotHead, Wants,
};
pub(crate) use table::{
    Affiliation, Dated, Grouped, HeldCredential, Membership, NO_CODE, NO_LABEL, Partner, Review,
    Table, label_key,
};
pub use table::{Currency, Facts, PartnerNumber};
pub use what_if::Supposition;
pub use words::{
    Desk, OpenedBy, OpportunityReview, ReferenceKind, ReviewKind, Severity, Stage, Standing,
    SupportMode, YesNo,
};
