//! Partners: the list, their profiles, and where all of them stand.

use guildhall_access::{Action, Resource, ResourceKind, Side};
use guildhall_rules::day::Day;
use guildhall_rules::evaluation::Evaluator;
use guildhall_rules::facts::File;
use guildhall_rules::scorecard::{FactLists, Scorecard};
use guildhall_store::{Draft, Kind, Slice, Tx, Version};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::facts::{Filter, check};
use super::organizations;
use super::rows::{Cells, Record, at, draft, possible_id, same_version, scope, set};
use crate::ops::standing::as_seen;
use crate::{App, Caller, Error};

/// A partner in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Listed {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its path.
    pub path: String,
}

/// What is known of a partner: its row, and the organization behind it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Profile {
    /// The partner's row.
    pub partner: Record,
    /// Its organization, where one is recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization: Option<Record>,
}

/// Where a partner stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NetworkRow {
    /// Its name.
    pub name: String,
    /// Its scorecard, without lists of facts.
    pub scorecard: Scorecard,
}

/// A partner as the policies see it: a customer is shown those that work for it.
fn about(tx: &mut Tx<'_>, caller: &Caller, id: &str) -> Result<Resource, Error> {
    let mut about = Resource::new(ResourceKind::Partner, id).of_partner(id);
    if let Some((Side::Customer, customer)) = &caller.actor.organization
        && tx.is_served(id, customer)?
    {
        about.customer = Some(customer.clone());
    }
    Ok(about)
}

/// Partners that the caller may see: one more than the limit, where there are so many.
///
/// # Errors
///
/// When the caller sees none.
pub fn list(app: &App, caller: &Caller, filter: &Filter) -> Result<Vec<Listed>, Error> {
    let visible = app.access.visible(&caller.actor, ResourceKind::Partner);
    let scope = scope(caller, visible, "partners")?;
    let slice = Slice { after: filter.after.as_deref(), limit: filter.limit.saturating_add(1) };
    app.store.read(|tx| {
        let found = tx.list(Kind::Fact(File::Partners), &scope, None, &[], slice)?;
        let listed = found.iter().map(|version| {
            let cell = |name| version.draft.cell(name).unwrap_or_default().to_owned();
            Listed { id: cell("id"), name: cell("name"), path: cell("path") }
        });
        Ok(listed.collect())
    })
}

fn seen(
    app: &App,
    tx: &mut Tx<'_>,
    caller: &Caller,
    id: &str,
) -> Result<(Version, Resource), Error> {
    possible_id("partner", id)?;
    let about = about(tx, caller, id)?;
    app.allow(caller, Action::ViewPartner, &about)?;
    let held = tx.current(Kind::Fact(File::Partners), id)?;
    Ok((held.ok_or_else(|| Error::not_found("partner", id))?, about))
}

/// The profile of a partner. A customer is shown no more than it may know of the organization.
///
/// # Errors
///
/// When there is none that the caller may see.
pub fn read(app: &App, caller: &Caller, id: &str) -> Result<Profile, Error> {
    app.store.read(|tx| {
        let (held, _) = seen(app, tx, caller, id)?;
        let mut profile = profile(tx, &held)?;
        let fact = Resource::new(ResourceKind::PartnerFact, id).of_partner(id);
        if !app.access.decide(&caller.actor, Action::ViewFact, &fact).is_allowed() {
            const PUBLIC: [&str; 7] =
                ["id", "name", "path", "kinds", "country", "website", "domains"];
            profile.partner.values.retain(|name, _| PUBLIC.contains(&name.as_str()));
        }
        Ok(profile)
    })
}

fn profile(tx: &mut Tx<'_>, held: &Version) -> Result<Profile, Error> {
    let organization = tx.current(Kind::Organization, held.draft.id())?;
    let organization =
        organization.filter(|organization| organization.draft.cell("side") == Some("partner"));
    Ok(Profile { partner: Record::of(held), organization: organization.as_ref().map(Record::of) })
}

/// What a profile holds of the partner's row.
const OF_PARTNER: [&str; 5] = ["name", "kinds", "country", "website", "domains"];
/// What it holds of the organization.
const OF_ORGANIZATION: [&str; 7] =
    ["name", "legal_name", "website", "domains", "offices", "country", "description"];

/// Changes the profile of a partner: name, legal name, website, domains, offices, kinds, country,
/// description. What is not named stays. Row and organization are changed as one.
///
/// # Errors
///
/// When the caller may not, somebody else changed the partner's row, the legal name is taken, or
/// a field has a problem.
pub fn edit_profile(
    app: &App,
    caller: &Caller,
    id: &str,
    cells: &Cells,
    if_match: Option<&str>,
) -> Result<Profile, Error> {
    app.change(caller, |tx| {
        let (held, about) = seen(app, tx, caller, id)?;
        app.allow(caller, Action::EditProfile, &about)?;
        same_version(if_match, held.version)?;
        let (partner, organization) = edited(app, tx, &held.draft, cells)?;
        let mut entry = app.entry(caller, Action::EditProfile.word(), id);
        tx.record(&mut entry, partner)?;
        tx.record(&mut entry, organization)?;
        if !entry.has_no_facts() {
            tx.commit(entry)?;
        }
        let held = tx.current(Kind::Fact(File::Partners), id)?;
        let held = held.ok_or_else(|| Error::internal("a partner was lost"))?;
        profile(tx, &held)
    })
}

/// A partner's row and organization as they are to be.
fn edited(
    app: &App,
    tx: &mut Tx<'_>,
    held: &Draft,
    cells: &Cells,
) -> Result<(Draft, Draft), Error> {
    let mut partner = held.clone();
    let mut organization = organizations::of_partner(tx, held)?;
    for (name, value) in &cells.0 {
        let name = name.as_str();
        let (is_partners, is_organizations) =
            (OF_PARTNER.contains(&name), OF_ORGANIZATION.contains(&name));
        if !is_partners && !is_organizations {
            let shown: String = name.chars().filter(|char| !char.is_control()).take(60).collect();
            let message = format!("a profile has no `{shown}`");
            let problem = guildhall_rules::problem::Problem::new("unknown-column", message);
            let known = OF_ORGANIZATION.into_iter().chain(["kinds"]);
            let hint = guildhall_rules::problem::did_you_mean(name, known);
            return Err(at(problem.maybe_hint(hint), &shown).into());
        }
        for (row, is_in) in [(&mut partner, is_partners), (&mut organization, is_organizations)] {
            if is_in {
                set(row, name, value.as_deref());
            }
        }
    }
    // Refuses NUL bytes wherever they stand.
    draft(Kind::Organization, &Cells::default(), Some(&organization))?;
    let book = app.rulebooks.get(tx)?;
    let partner = check(tx, &book.catalogue, &partner, None)?;
    organizations::check(tx, &organization)?;
    Ok((partner, organization))
}

/// Where all partners stand, in the order of their ids: one more than the limit, where there are
/// so many.
///
/// # Errors
///
/// When the caller may not see the network, or no edition is in force.
pub fn network(
    app: &App,
    caller: &Caller,
    as_of: Option<Day>,
    known_at: Option<Timestamp>,
    filter: &Filter,
) -> Result<Vec<NetworkRow>, Error> {
    let network = Resource::new(ResourceKind::Network, "network");
    app.allow(caller, Action::ViewNetwork, &network)?;
    let as_of = as_of.unwrap_or_else(|| app.clock.today());
    let slice = Slice { after: filter.after.as_deref(), limit: filter.limit.saturating_add(1) };
    app.store.read(|tx| {
        let book = app.rulebooks.get(tx)?;
        let edition = book.choose(None, as_of, known_at)?;
        let mut rows = Vec::new();
        for id in tx.partner_ids_at(known_at, slice)? {
            let Some(read) = tx.read_partner(&book.catalogue, &id, known_at)? else { continue };
            let Some(found) = read.facts.find_partner(&id) else { continue };
            let evaluator = Evaluator::new(edition, &book.catalogue, &read.facts);
            let scorecard = evaluator.scorecard(found, as_of, known_at, FactLists::Omitted);
            let scorecard = as_seen(app, caller, &id, scorecard);
            rows.push(NetworkRow { name: scorecard.name.clone(), scorecard });
        }
        Ok(rows)
    })
}
