//! What ids are called on a page: partners, people, tiers; and outcomes in words.

use std::collections::BTreeMap;
use std::sync::Arc;

use guildhall_operations::{Book, Error, ops};

use super::texts::Texts;
use super::visit::Visit;

/// The names of what stands on a page.
#[derive(Debug)]
pub(crate) struct Naming {
    book: Arc<Book>,
    t: &'static Texts,
    partners: BTreeMap<String, String>,
    users: BTreeMap<String, String>,
}

impl Naming {
    /// Looks up the names of partners and users, as far as the visitor may know them.
    ///
    /// # Errors
    ///
    /// When the database cannot be read.
    pub(crate) fn of<'i>(
        visit: &Visit,
        partners: impl IntoIterator<Item = &'i str>,
        users: impl IntoIterator<Item = &'i str>,
    ) -> Result<Self, Error> {
        let (app, caller) = (visit.app(), &visit.caller);
        Ok(Self {
            book: app.book()?,
            t: visit.t,
            partners: ops::names::partners(app, caller, partners)?,
            users: ops::names::users(app, caller, users)?,
        })
    }

    /// The book.
    pub(crate) fn book(&self) -> &Book {
        &self.book
    }

    /// The name of a partner; its id where it has none.
    pub(crate) fn partner(&self, id: &str) -> String {
        self.partners.get(id).filter(|name| !name.is_empty()).map_or(id, String::as_str).to_owned()
    }

    /// The name of a user; where the visitor may not know it, the text with the key `hidden`.
    pub(crate) fn user(&self, id: &str, hidden: &str) -> String {
        match (self.users.get(id), id) {
            (Some(name), _) => name.clone(),
            (None, "operator") => self.t.say("naming-operator"),
            (None, "system") => self.t.say("naming-system"),
            (None, _) => self.t.say(hidden),
        }
    }

    /// The title of a tier: that of the latest edition that has it.
    pub(crate) fn tier(&self, id: &str) -> String {
        let mut editions: Vec<_> = self.book.editions.iter().collect();
        editions.sort_by_key(|edition| std::cmp::Reverse(edition.in_force_from));
        let mut tiers = editions.iter().flat_map(|edition| &edition.paths).flat_map(|p| &p.tiers);
        tiers.find(|tier| tier.id == id).map_or(id, |tier| tier.title.as_str()).to_owned()
    }

    /// The title of a path: that of the latest edition that has it.
    pub(crate) fn path(&self, id: &str) -> String {
        let mut editions: Vec<_> = self.book.editions.iter().collect();
        editions.sort_by_key(|edition| std::cmp::Reverse(edition.in_force_from));
        let found = editions.iter().find_map(|edition| edition.path(id));
        found.map_or(id, |path| path.title.as_str()).to_owned()
    }

    /// What a review or a decision comes to, as a sentence.
    pub(crate) fn outcome(&self, outcome: &str, tier: Option<&str>, until: Option<&str>) -> String {
        let day = until.map(|day| self.t.day_text(day)).unwrap_or_default();
        let tier = tier.map_or_else(|| self.t.say("naming-no-tier"), |tier| self.tier(tier));
        let arguments = [("tier", tier.into()), ("day", day.into())];
        match outcome {
            "renew" => self.t.tell("outcome-renew", &arguments),
            "grace" if until.is_none() => self.t.tell("outcome-grace-open", &arguments),
            "grace" => self.t.tell("outcome-grace", &arguments),
            "downgrade" => self.t.tell("outcome-downgrade", &arguments),
            "upgrade" => self.t.tell("outcome-upgrade", &arguments),
            other => self.t.word("decision-kind", other),
        }
    }
}
