//! Facts.
mod words;

pub use words::{
    Desk, OpenedBy, OpportunityReview, ReferenceKind, ReviewKind, Severity, Stage, Standing,
    SupportMode, YesNo,
};
