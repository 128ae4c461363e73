//! The memory of a network: facts with two times, the journal of what was done, and what the
//! server keeps, on SQLite and on PostgreSQL.
//!
//! A [`Store`] is a database. It is read and changed in transactions ([`Tx`]): [`Store::read`]
//! sees one unchanging state, [`Store::write`] is tried again where others were in the way. What
//! a transaction changes is gathered in an [`Entry`] and committed with its row of the journal.
//! Facts are versions ([`Version`]) of rows of some [`Kind`]; nothing is overwritten.
//!
//! Every SQL statement of Guildhall stands in this crate. It decides nothing: who may do what is
//! asked before it is called, and what facts come to is the business of the rules.
//!
//! ```
//! use guildhall_store::{Draft, Entry, Kind, Store};
//! use guildhall_rules::facts::File;
//!
//! # let dir = std::env::temp_dir().join(format!("guildhall-doc-{}", std::process::id()));
//! # std::fs::create_dir_all(&dir)?;
//! # let url = format!("sqlite:{}", dir.join("tiles.db").display());
//! let store = Store::open(&url)?;
//! let now = "2026-06-30T12:00:00Z".parse()?;
//! let partner = Kind::Fact(File::Partners);
//! store.write(|tx| {
//!     let mut entry = Entry::new(now, "operator", "add_fact", "ada");
//!     let mut cells = vec![None; partner.columns().len()];
//!     for (name, value) in [("id", "ada"), ("name", "Ada & Co"), ("path", "setters")] {
//!         cells[partner.position(name).unwrap()] = Some(value.to_owned());
//!     }
//!     tx.record(&mut entry, Draft { kind: partner, cells })?;
//!     tx.commit(entry)
//! })?;
//! store.seal(now)?;
//! assert!(store.verify(None)?.problems.is_empty());
//! # std::fs::remove_dir_all(&dir)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod address;
mod connection;
mod digest;
mod error;
mod migrations;
mod moment;
mod store;

mod facts;
mod journal;
mod kinds;

mod answers;
mod backup;
mod decisions;
mod disputes;
mod domains;
mod editions;
mod enrolments;
mod export;
mod feeds;
mod health;
mod import;
mod letters;
mod lists;
mod outbox;
mod plans;
mod reading;
mod search;
mod sessions;
mod sign_in;
mod standings;
mod tier_reviews;
mod turns;
mod users;
mod verify;
mod webhooks;

pub use address::Address;
pub use connection::{Row, Value};
pub use decisions::StoredDecision;
pub use digest::{hex, sha256};
pub use disputes::{Notice, StoredDispute, StoredMessage};
pub use domains::StoredDomain;
pub use editions::{Network, StoredEdition};
pub use enrolments::StoredEnrolment;
pub use error::Error;
pub use export::TakeExport;
pub use facts::{Draft, ERASED, Version};
pub use feeds::StoredFeed;
pub use health::{Connections, Probe};
pub use import::{Counts, ImportOptions, Imported, OpenRejects, Progress};
pub use journal::{Committed, Entry, JournalRow, Recorded};
pub use kinds::Kind;
pub use letters::TakenLetter;
pub use lists::{Retraction, Scope, Slice};
pub use moment::{from_text as moment_from_text, plain as plain_moment, to_text as moment_text};
pub use outbox::Waiting;
pub use plans::{StoredCosts, StoredPlan};
pub use reading::{Evidence, Read, Since, Span};
pub use search::Wanted;
pub use sessions::{StoredSession, StoredToken};
pub use sign_in::StoredLink;
pub use standings::{
    Concerned, StandingsFilter, StandingsOrder, StandingsPass, StandingsState, StoredColumn,
    StoredStanding, StoredTierCount, TierFilter, TierTotal,
};
pub use store::{Store, Tx};
pub use tier_reviews::TierReview;
pub use turns::{StoredTurn, TurnCount, TurnsBy, TurnsFilter};
pub use users::{StoredUser, UserFilter, email_key};
pub use verify::{Fault, Verified};
pub use webhooks::{Delivery, Outcome, Webhook};
