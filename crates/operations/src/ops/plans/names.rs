//! What people and opportunities are called whom plans know by their ids, as far as the caller may
//! know: plans are kept without names.

use std::collections::{BTreeMap, BTreeSet};

use guildhall_access::{Action, Resource, ResourceKind};
use guildhall_rules::facts::File;
use guildhall_rules::rulebook::FactKind;
use guildhall_store::{Kind, Tx};

use crate::ops::standing::{kinds_seen, opportunity_title};
use crate::{App, Caller, Error};

/// What people are called, of those named by their ids, as far as the caller may know.
///
/// # Errors
///
/// When the database cannot be read.
pub fn names<'p>(
    app: &App,
    caller: &Caller,
    partner: &str,
    people: impl IntoIterator<Item = &'p str>,
) -> Result<BTreeMap<String, String>, Error> {
    let people: BTreeSet<&str> = people.into_iter().collect();
    app.store.read(|tx| named(app, caller, tx, partner, people.iter().copied()))
}

/// What opportunities are called, of those named by their ids, as far as the caller may know.
///
/// # Errors
///
/// When the database cannot be read.
pub fn titles<'p>(
    app: &App,
    caller: &Caller,
    partner: &str,
    opportunities: impl IntoIterator<Item = &'p str>,
) -> Result<BTreeMap<String, String>, Error> {
    let ids: BTreeSet<&str> = opportunities.into_iter().collect();
    app.store.read(|tx| titled(app, caller, tx, partner, ids.iter().copied()))
}

/// As [`titles`], in a transaction.
pub(super) fn titled<'p>(
    app: &App,
    caller: &Caller,
    tx: &mut Tx<'_>,
    partner: &str,
    opportunities: impl IntoIterator<Item = &'p str>,
) -> Result<BTreeMap<String, String>, Error> {
    let mut titles = BTreeMap::new();
    if !kinds_seen(app, caller, partner).contains(&FactKind::Opportunity) {
        return Ok(titles);
    }
    for id in opportunities {
        let Some(held) = tx.current(Kind::Fact(File::Opportunities), id)? else { continue };
        let title = opportunity_title(held.draft.cell("title"), held.draft.cell("customer"));
        titles.extend(title.map(|title| (id.to_owned(), title)));
    }
    Ok(titles)
}

/// As [`names`], in a transaction.
pub(super) fn named<'p>(
    app: &App,
    caller: &Caller,
    tx: &mut Tx<'_>,
    partner: &str,
    people: impl IntoIterator<Item = &'p str>,
) -> Result<BTreeMap<String, String>, Error> {
    let mut names = BTreeMap::new();
    let about = Resource::new(ResourceKind::Person, "people").of_partner(partner);
    if !app.access.decide(&caller.actor, Action::ViewPerson, &about).is_allowed() {
        return Ok(names);
    }
    for person in people {
        let rows = tx.person_rows(person, Some(partner))?;
        let present = rows.iter().find(|row| row.draft.cell("left_on").is_none());
        let name = present.or(rows.first()).and_then(|row| row.draft.cell("name"));
        if let Some(name) = name {
            names.insert(person.to_owned(), name.to_owned());
        }
    }
    Ok(names)
}
