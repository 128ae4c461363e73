//! People: all rows of one human at one partner, what they hold and what lapses; erasure.
//!
//! Joiners, leavers and consent are corrections of individuals, which [`super::facts`] makes and
//! tries out.

mod list;

use guildhall_access::{Action, Resource, ResourceKind};
use guildhall_store::{ERASED, Tx};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::domains;
use super::facts::resource as fact_resource;
use super::rows::{Record, possible_id};
use crate::{App, Caller, Error};

pub use list::{CountsAt, CountsIn, Held, Lapse, Listed, list, standing};
pub(crate) use list::{held_by, own_lapses, own_rows};

/// Days ahead in which a credential is said to lapse.
const LAPSES_WITHIN: i32 = 90;

/// A human at one partner, whatever the number of rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Person {
    /// The id that all rows share.
    pub person: String,
    /// The rows that the caller may see.
    pub rows: Vec<Record>,
    /// What the person holds.
    pub credentials: Vec<Record>,
    /// Ids of credentials with a last day that lies within the next 90 days, or behind.
    pub lapsing: Vec<String>,
    /// E-mail domains of these rows that were shown to belong to another organization.
    pub foreign_domains: Vec<String>,
    /// Whether the person's values were erased.
    pub is_erased: bool,
}

/// What came of an erasure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Erased {
    /// Whose values were erased.
    pub person: String,
    /// In how many versions of rows.
    pub versions: usize,
}

fn hidden(app: &App, caller: &Caller, action: Action, person: &str) -> Error {
    let unknown = Resource::new(ResourceKind::Person, person);
    app.allow(caller, action, &unknown).err().unwrap_or_else(|| Error::not_found("person", person))
}

/// A person as the caller may see them: the rows at their own partner, or all of them for the
/// vendor.
///
/// # Errors
///
/// When there is no row that the caller may see.
pub fn read(app: &App, caller: &Caller, person: &str) -> Result<Person, Error> {
    possible_id("person", person)?;
    app.store.read(|tx| {
        let mut rows = Vec::new();
        for row in tx.person_rows(person, None)? {
            let partner = row.draft.cell("partner").unwrap_or_default();
            let about = Resource::new(ResourceKind::Person, person).of_partner(partner);
            if app.access.decide(&caller.actor, Action::ViewPerson, &about).is_allowed() {
                rows.push(row);
            }
        }
        if rows.is_empty() {
            return Err(hidden(app, caller, Action::ViewPerson, person));
        }
        let credentials = credentials(app, tx, caller, person)?;
        let mut foreign_domains = Vec::new();
        for row in &rows {
            let emails = row.draft.cell("emails").unwrap_or_default();
            let partner = row.draft.cell("partner").unwrap_or_default();
            foreign_domains.extend(domains::foreign(tx, emails, partner)?);
        }
        let (book, today) = (app.rulebooks.get(tx)?, app.clock.today());
        let lapses = |record: &&Record| list::held(&book, today, record).lapse != Lapse::Later;
        Ok(Person {
            person: person.to_owned(),
            is_erased: rows.iter().any(|row| row.draft.cell("name") == Some(ERASED)),
            rows: rows.iter().map(Record::of).collect(),
            lapsing: credentials.iter().filter(lapses).map(|record| record.id.clone()).collect(),
            credentials,
            foreign_domains,
        })
    })
}

/// What a person holds, as far as the caller may see it.
fn credentials(
    app: &App,
    tx: &mut Tx<'_>,
    caller: &Caller,
    person: &str,
) -> Result<Vec<Record>, Error> {
    let mut shown = Vec::new();
    for held in tx.person_credentials(person)? {
        let about = fact_resource(tx, caller, &held.draft)?;
        if app.access.decide(&caller.actor, Action::ViewFact, &about).is_allowed() {
            shown.push(Record::of(&held));
        }
    }
    Ok(shown)
}

/// Erases name and e-mails of a person in every version of every row, for good. Whoever erases
/// must be allowed to at each partner that has had a row of theirs.
///
/// # Errors
///
/// When the caller may not, or there is no such person.
pub fn erase(app: &App, caller: &Caller, person: &str) -> Result<Erased, Error> {
    possible_id("person", person)?;
    app.change(caller, |tx| {
        let partners = tx.person_partners(person)?;
        if partners.is_empty() {
            return Err(hidden(app, caller, Action::ErasePerson, person));
        }
        let abouts: Vec<Resource> = partners
            .iter()
            .map(|partner| Resource::new(ResourceKind::Person, person).of_partner(partner))
            .collect();
        // Where one partner's is seen, the answer is that of the first that refuses.
        let sees = |about: &&Resource| {
            app.access.decide(&caller.actor, Action::ViewPerson, about).is_allowed()
        };
        let seen = abouts.iter().find(sees);
        if let Some(seen) = seen {
            app.allow(caller, Action::ErasePerson, seen)?;
        }
        for about in &abouts {
            let outcome = app.allow(caller, Action::ErasePerson, about);
            if outcome.is_err() && seen.is_some() {
                let message = "the person has belonged to another partner too: ask the vendor";
                return Err(Error::conflict("person-elsewhere", message));
            }
            outcome?;
        }
        let mut entry = app.entry(caller, Action::ErasePerson.word(), person);
        let versions = tx.erase_person(&mut entry, person)?;
        tx.commit(entry)?;
        Ok(Erased { person: person.to_owned(), versions: versions.len() })
    })
}
