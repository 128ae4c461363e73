//! Search over partners, people, customers and facts: what the caller may see, a little of each.
//!
//! How it looks depends on how much the caller may see, so that no search reads a whole network:
//! facts of all partners are found by id or its beginning; those of the caller's own partner by a
//! part of any text; those of a customer by id. Names are found by a part of them; in a network of
//! more people or partners than the store looks through, by their beginning.

use guildhall_access::{ResourceKind, Visible};
use guildhall_rules::facts::File;
use guildhall_store::{Kind, Scope, Slice, Tx, Version, Wanted};

use super::facts::resource_kind;
use super::rows::{Record, scope};
use crate::{App, Caller, Error};

/// Fewest characters for which something is looked.
pub const SHORTEST: usize = 2;
/// Most.
const LONGEST: usize = 100;

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Partners.
    pub partners: Vec<Record>,
    /// People, each row of theirs.
    pub people: Vec<Record>,
    /// Customers.
    pub customers: Vec<Record>,
    /// Facts of the other kinds, by kind.
    pub facts: Vec<Record>,
    /// Whether something was left out of any of these.
    pub has_more: bool,
}

impl Found {
    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.partners.is_empty()
            && self.people.is_empty()
            && self.customers.is_empty()
            && self.facts.is_empty()
    }
}

/// What has `text` in its name, id or texts, at most `limit` of each sort.
///
/// # Errors
///
/// When nobody is signed in.
pub fn search(app: &App, caller: &Caller, text: &str, limit: usize) -> Result<Found, Error> {
    if caller.actor.user.is_none() {
        return Err(caller.sign_in_first());
    }
    let text: String = text.trim().replace('\0', "").chars().take(LONGEST).collect();
    if text.chars().count() < SHORTEST {
        return Ok(Found::default());
    }
    let sees = |kind: ResourceKind| -> Result<Option<Scope>, Error> {
        let visible = app.access.visible(&caller.actor, kind);
        if visible == Visible::Nothing {
            Ok(None)
        } else {
            scope(caller, visible, "rows").map(Some)
        }
    };
    app.store.read(|tx| {
        let mut found = Found::default();
        let mut looked = Looked { tx, text: &text, limit, has_more: false };
        if let Some(scope) = sees(ResourceKind::Partner)? {
            found.partners = looked.named(Kind::Fact(File::Partners), &scope)?;
        }
        if let Some(scope) = sees(ResourceKind::Individual)? {
            found.people = looked.people(&scope)?;
        }
        if let Some(scope) = sees(ResourceKind::Organization)?.filter(|scope| scope.all) {
            let organizations = looked.named(Kind::Organization, &scope)?;
            let is_customer =
                |row: &Record| row.values.get("side").map(String::as_str) == Some("customer");
            found.customers = organizations.into_iter().filter(is_customer).collect();
        }
        for file in File::ALL {
            if matches!(file, File::Partners | File::Individuals) {
                continue;
            }
            if let Some(scope) = sees(resource_kind(file))? {
                found.facts.extend(looked.facts(file, &scope)?);
            }
        }
        found.has_more = looked.has_more;
        Ok(found)
    })
}

/// A search on its way.
struct Looked<'l, 't> {
    tx: &'l mut Tx<'t>,
    text: &'l str,
    limit: usize,
    has_more: bool,
}

impl Looked<'_, '_> {
    /// Rows with this id or name.
    fn named(&mut self, kind: Kind, scope: &Scope) -> Result<Vec<Record>, Error> {
        let mut rows = self.tx.with_id(kind, scope, self.text, self.limit + 1)?;
        rows.extend(self.tx.named(kind, scope, self.text, self.limit + 1)?);
        Ok(self.shown(rows))
    }

    /// The same, and those of a person with this id.
    fn people(&mut self, scope: &Scope) -> Result<Vec<Record>, Error> {
        let mut rows = self.tx.person_rows(self.text, scope.partner.as_deref())?;
        if !scope.all && scope.partner.is_none() {
            rows.clear();
        }
        let kind = Kind::Fact(File::Individuals);
        rows.extend(self.tx.with_id(kind, scope, self.text, self.limit + 1)?);
        rows.extend(self.tx.named(kind, scope, self.text, self.limit + 1)?);
        Ok(self.shown(rows))
    }

    fn facts(&mut self, file: File, scope: &Scope) -> Result<Vec<Record>, Error> {
        let kind = Kind::Fact(file);
        let limit = self.limit + 1;
        let rows = match &scope.partner {
            _ if scope.all => self.tx.with_id(kind, scope, self.text, limit)?,
            Some(partner) => {
                let wanted = Wanted { text: Some(self.text), ..Wanted::default() };
                self.tx.find(kind, scope, partner, &wanted, Slice { after: None, limit })?
            }
            // All facts of a customer have no index: only the very one is looked up.
            None => {
                let mut rows = self.tx.with_id(kind, scope, self.text, 1)?;
                rows.retain(|row| row.draft.id() == self.text);
                rows
            }
        };
        Ok(self.shown(rows))
    }

    fn shown(&mut self, rows: Vec<Version>) -> Vec<Record> {
        let mut shown: Vec<Record> = Vec::new();
        for row in rows {
            if !shown.iter().any(|known| known.version == row.version) {
                shown.push(Record::of(&row));
            }
        }
        self.has_more |= shown.len() > self.limit;
        shown.truncate(self.limit);
        shown
    }
}
