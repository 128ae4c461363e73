//! Rulebooks: the rules of a network as dated data.
//!
//! An [`Edition`] is read by [`load`], which reports every problem of the text at once. The
//! words of all editions of a network make its [`Catalogue`]. How an edition is written is
//! told in `docs/rulebook.md`.

mod catalogue;
mod check;
mod diff;
mod discounts;
pub(crate) mod document;
mod edition;
mod load;
mod measures;
mod paths;
mod training;

use jiff::Timestamp;

use crate::day::Day;

pub use catalogue::Catalogue;
pub use check::check_sequence;
pub use diff::{Area, Change, ChangeKind, Diff, diff};
pub use edition::*;
pub use load::load;
pub use training::{Effort, EffortKind, MOST_TRAININGS, Prerequisite, Training};
pub(crate) use training::{days, waits_for_itself};

/// The edition that applies on a day, of those published by a moment (none: of all): the latest
/// in force; of editions of one day the latest published, for that is the correction.
pub fn in_force<'a>(
    editions: impl IntoIterator<Item = &'a Edition>,
    as_of: Day,
    known_at: Option<Timestamp>,
) -> Option<&'a Edition> {
    editions
        .into_iter()
        .filter(|edition| edition.in_force_from <= as_of)
        .filter(|edition| known_at.is_none_or(|moment| edition.published_at <= moment))
        .max_by_key(|edition| (edition.in_force_from, edition.published_at))
}

impl Edition {
    /// The path of an id.
    pub fn path(&self, id: &str) -> Option<&Path> {
        self.paths.iter().find(|path| path.id == id)
    }

    /// The measure of an id.
    pub fn measure(&self, id: &str) -> Option<&Measure> {
        self.measures.iter().find(|measure| measure.id == id)
    }
}

impl Path {
    /// The tier of an id.
    pub fn tier(&self, id: &str) -> Option<&Tier> {
        self.tiers.iter().find(|tier| tier.id == id)
    }
}

impl Tier {
    /// What the tier was called on a day.
    pub fn name_on(&self, day: Day) -> &str {
        let names = self.names.iter().rev().find(|name| name.from <= day);
        names.map_or(self.title.as_str(), |name| name.name.as_str())
    }
}
