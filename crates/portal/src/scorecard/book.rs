//! Looking things up in an edition: titles of tiers, measures behind rows.

use guildhall_rules::day::Day;
use guildhall_rules::rulebook::{Edition, Measure, Path, Requirement, Tier};

use crate::texts::Texts;

/// An edition, opened at the path of a partner, as things are called on a day, and the words of
/// the reader's language.
pub(crate) struct Book<'a> {
    pub(crate) t: &'static Texts,
    pub(crate) edition: &'a Edition,
    path: Option<&'a Path>,
    path_id: &'a str,
    as_of: Day,
}

impl<'a> Book<'a> {
    pub(crate) fn new(
        t: &'static Texts,
        edition: &'a Edition,
        path_id: &'a str,
        as_of: Day,
    ) -> Self {
        let path = edition.paths.iter().find(|path| path.id == path_id);
        Self { t, edition, path, path_id, as_of }
    }

    /// The title of the path; its id where the edition has none.
    pub(crate) fn path_title(&self) -> String {
        self.path.map_or_else(|| self.path_id.to_owned(), |path| or_id(&path.title, &path.id))
    }

    /// The title of any path.
    pub(crate) fn title_of_path(&self, id: &str) -> String {
        let path = self.edition.paths.iter().find(|path| path.id == id);
        path.map_or_else(|| id.to_owned(), |path| or_id(&path.title, &path.id))
    }

    /// A tier of the path.
    pub(crate) fn tier(&self, id: &str) -> Option<&'a Tier> {
        self.path?.tiers.iter().find(|tier| tier.id == id)
    }

    /// How high a tier stands on the path.
    pub(crate) fn tier_position(&self, id: &str) -> Option<usize> {
        self.path?.tiers.iter().position(|tier| tier.id == id)
    }

    /// What a tier of the path was called on the day; its id where the edition has none.
    pub(crate) fn tier_title(&self, id: &str) -> String {
        let Some(tier) = self.tier(id) else { return id.to_owned() };
        or_id(tier.name_on(self.as_of), id)
    }

    /// The measure of a row.
    pub(crate) fn measure(&self, id: &str) -> Option<&'a Measure> {
        self.edition.measures.iter().find(|measure| measure.id == id)
    }

    /// What a tier of the path asks of a measure.
    pub(crate) fn requirement(&self, tier: &str, measure: &str) -> Option<&'a Requirement> {
        let is_of = |asked: &&Requirement| {
            let of = self.edition.measures.get(asked.measure);
            of.is_some_and(|of| of.id == measure)
        };
        self.tier(tier)?.requires.iter().find(is_of)
    }
}

/// A title, or the id where the title is blank.
pub(crate) fn or_id(title: &str, id: &str) -> String {
    let is_blank = title.trim().is_empty();
    if is_blank { id.to_owned() } else { title.to_owned() }
}
