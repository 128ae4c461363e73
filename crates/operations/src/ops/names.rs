//! What ids are called: names of partners and users, as far as the caller may know them.

use std::collections::{BTreeMap, BTreeSet};

use guildhall_access::{Action, Resource, ResourceKind};
use guildhall_rules::facts::File;
use guildhall_store::Kind;

use super::users;
use crate::{App, Caller, Error};

/// Most names that are looked up at once.
const MOST: usize = 500;

/// The names of partners, by their ids. Those whom the caller may not see are not among them.
///
/// # Errors
///
/// When the database cannot be read.
pub fn partners<'i>(
    app: &App,
    caller: &Caller,
    ids: impl IntoIterator<Item = &'i str>,
) -> Result<BTreeMap<String, String>, Error> {
    let ids: BTreeSet<&str> = ids.into_iter().take(MOST).collect();
    let may = |id: &&str| {
        let partner = Resource::new(ResourceKind::Partner, *id).of_partner(*id);
        app.access.decide(&caller.actor, Action::ViewPartner, &partner).is_allowed()
    };
    let ids: Vec<&str> = ids.into_iter().filter(may).collect();
    app.store.read(|tx| {
        let mut names = BTreeMap::new();
        for id in ids {
            let held = tx.current(Kind::Fact(File::Partners), id)?;
            let name = held.and_then(|held| held.draft.cell("name").map(str::to_owned));
            if let Some(name) = name {
                names.insert(id.to_owned(), name);
            }
        }
        Ok(names)
    })
}

/// The names of users, by their ids. Those whom the caller may not see are not among them.
///
/// # Errors
///
/// When the database cannot be read.
pub fn users<'i>(
    app: &App,
    caller: &Caller,
    ids: impl IntoIterator<Item = &'i str>,
) -> Result<BTreeMap<String, String>, Error> {
    let ids: BTreeSet<&str> = ids.into_iter().take(MOST).collect();
    app.store.read(|tx| {
        let mut names = BTreeMap::new();
        for id in ids {
            let Some(user) = tx.user(id)? else { continue };
            let about = users::resource(&user);
            if app.access.decide(&caller.actor, Action::ViewUser, &about).is_allowed() {
                names.insert(user.id, user.name);
            }
        }
        Ok(names)
    })
}
