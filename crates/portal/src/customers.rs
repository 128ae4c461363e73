//! A customer's page: its partners, what is published about it, the ratings it gave, its cases, and
//! its own data. Its rows are made and changed in [`rows`]; what it agreed to, in [`consents`].

mod consents;
mod rows;

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::routing::get;
use guildhall_access::{Action, Resource, ResourceKind};
use guildhall_operations::http::Path;
use guildhall_operations::ops::Record;
use guildhall_operations::ops::facts::Filter;
use guildhall_operations::ops::organizations;
use guildhall_operations::{App, Error};
use guildhall_rules::day::Day;
use guildhall_store::Kind;

use super::form::address;
use super::partners::{cell, listed, may};
use super::shell::{Place, Shell};
use super::visit::{Answer, Visit, path_of};

/// The routes.
pub(super) fn routes() -> Router<Arc<App>> {
    let (unit, workload) = (Kind::Unit, Kind::Workload);
    Router::new()
        .route("/customers/{id}", get(show))
        .route("/customers/{id}/edit", get(rows::show_edit).post(rows::edit))
        .route(
            "/customers/{id}/units/{row}",
            get(move |path, visit| rows::show(unit, path, visit))
                .post(move |path, form| rows::save(unit, path, form)),
        )
        .route(
            "/customers/{id}/units/{row}/retract",
            get(move |path, visit| rows::show_retract(unit, path, visit))
                .post(move |path, form| rows::retract(unit, path, form)),
        )
        .route(
            "/customers/{id}/workloads/{row}",
            get(move |path, visit| rows::show(workload, path, visit))
                .post(move |path, form| rows::save(workload, path, form)),
        )
        .route(
            "/customers/{id}/workloads/{row}/retract",
            get(move |path, visit| rows::show_retract(workload, path, visit))
                .post(move |path, form| rows::retract(workload, path, form)),
        )
        .route("/customers/{id}/ratings/{rating}", get(consents::show).post(consents::save))
        .route(
            "/customers/{id}/references/{reference}",
            get(consents::show_withdraw).post(consents::withdraw),
        )
}

/// How many rows of each list stand on the page.
const ROWS: usize = 50;

/// The customer with an id, as far as the visitor may know it.
///
/// # Errors
///
/// When there is no such customer.
fn customer(visit: &Visit, id: &str) -> Result<Record, Error> {
    let found = organizations::read(visit.app(), &visit.caller, Kind::Organization, id)?;
    // Vendor and partners have pages of their own.
    if cell(&found, "side") == "customer" {
        Ok(found)
    } else {
        Err(Error::not_found("customer", id))
    }
}

/// A partner of the customer.
struct PartnerLine {
    path: String,
    name: String,
    website: String,
    references: usize,
    ratings: usize,
    cases: usize,
}

struct ReferenceLine {
    id: String,
    partner: String,
    partner_path: String,
    is_public: bool,
    published: String,
    withdrawn: String,
    may_withdraw: bool,
}

struct RatingLine {
    id: String,
    partner: String,
    partner_path: String,
    score: String,
    on: String,
    comment: String,
    consent: bool,
    consent_public: bool,
    may_change: bool,
}

struct CaseLine {
    id: String,
    partner: String,
    opened: String,
    severity: String,
    resolved: String,
}

struct UnitLine {
    id: String,
    name: String,
    kind: String,
    parent: String,
}

struct WorkloadLine {
    id: String,
    name: String,
    unit: String,
    owner: String,
    environment: String,
    regions: String,
}

/// Where lists go on, if they do.
#[derive(Default)]
struct More {
    references: Option<String>,
    ratings: Option<String>,
    units: Option<String>,
    workloads: Option<String>,
}

/// Cuts a list that was read one row too far, and tells where it goes on.
fn cut(path: &str, kind: &str, rows: &mut Option<Vec<Record>>) -> Option<String> {
    let rows = rows.as_mut().filter(|rows| rows.len() > ROWS)?;
    rows.truncate(ROWS);
    let last = rows.last()?;
    Some(format!("{}#{kind}", address(path, &[(kind, &last.id)])))
}

/// What the visitor may do here.
#[expect(clippy::struct_excessive_bools, reason = "each is a thing that a page offers or not")]
struct Can {
    edit: bool,
    edit_units: bool,
    edit_workloads: bool,
    rate: bool,
    invite: bool,
}

#[derive(Template)]
#[template(path = "portal/customers/show.html")]
struct CustomerPage {
    shell: Shell,
    id: String,
    path: String,
    name: String,
    about: String,
    profile: Vec<(String, String)>,
    partners: Vec<PartnerLine>,
    more_partners: bool,
    /// Whether all facts were read, so that those of each partner can be counted.
    is_counted: bool,
    references: Option<Vec<ReferenceLine>>,
    ratings: Option<Vec<RatingLine>>,
    cases: Option<Vec<CaseLine>>,
    units: Option<Vec<UnitLine>>,
    workloads: Option<Vec<WorkloadLine>>,
    /// Where lists go on that are longer than what stands here.
    more: More,
    can: Can,
}

async fn show(Path(id): Path<String>, visit: Visit) -> Answer {
    visit.page(move |visit| page(visit, &id)).await
}

/// Rows of a customer, more than a page of them.
fn all_of(customer: &str) -> Filter {
    Filter { customer: Some(customer.to_owned()), limit: 10 * ROWS, ..Filter::default() }
}

/// Rows of the registry; none where the visitor may not see the kind.
fn registry(visit: &Visit, kind: Kind, filter: &Filter) -> Result<Option<Vec<Record>>, Error> {
    match organizations::list(visit.app(), &visit.caller, kind, filter) {
        Ok(found) => Ok(Some(found)),
        Err(Error::NotFound { .. } | Error::Denied { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

fn page(visit: &Visit, id: &str) -> Result<CustomerPage, Error> {
    let (app, t, caller) = (visit.app(), visit.t, &visit.caller);
    let organization = customer(visit, id)?;
    let query = visit.query();
    let filter = |kind: &str| Filter {
        customer: Some(id.to_owned()),
        after: query.typed(kind).map(str::to_owned),
        limit: ROWS,
        partner: None,
    };
    let facts = |kind: &str| listed(visit, kind, &filter(kind));
    let (mut references, mut ratings) = (facts("references")?, facts("ratings")?);
    let cases = facts("cases")?;
    let mut found = organizations::partners_of(app, caller, id, ROWS)?;
    let more_partners = found.len() > ROWS;
    found.truncate(ROWS);
    let names: BTreeMap<&str, &str> =
        found.iter().map(|row| (row.id.as_str(), cell(row, "name"))).collect();
    let of_partners = [&references, &ratings, &cases];
    let partners = found.iter().map(|row| partner_line(row, of_partners)).collect();
    let lines = Lines { visit, names: &names, today: app.clock.today() };
    let every_unit = registry(visit, Kind::Unit, &all_of(id))?;
    let mut units = registry(visit, Kind::Unit, &filter("units"))?;
    let mut workloads = registry(visit, Kind::Workload, &filter("workloads"))?;
    let path = format!("/customers/{}", path_of(id));
    let more = More {
        references: cut(&path, "references", &mut references),
        ratings: cut(&path, "ratings", &mut ratings),
        units: cut(&path, "units", &mut units),
        workloads: cut(&path, "workloads", &mut workloads),
    };
    let unit_names: BTreeMap<&str, &str> =
        every_unit.iter().flatten().map(|row| (row.id.as_str(), cell(row, "name"))).collect();
    let profile = ["legal_name", "country", "offices", "website", "domains"].into_iter();
    let profile = profile.filter_map(|name| {
        let value = cell(&organization, name).replace(';', ", ");
        (!value.is_empty()).then(|| (t.word("row-field", name), value))
    });
    Ok(CustomerPage {
        shell: visit.shell(Place::Customer, cell(&organization, "name")),
        path: path_of(id),
        name: cell(&organization, "name").to_owned(),
        about: cell(&organization, "description").to_owned(),
        profile: profile.collect(),
        partners,
        more_partners,
        is_counted: more.references.is_none()
            && more.ratings.is_none()
            && cases.as_ref().is_none_or(|rows| rows.len() <= ROWS)
            && query.iter().next().is_none(),
        references: references.as_ref().map(|rows| lines.references(rows)),
        ratings: ratings.as_ref().map(|rows| lines.ratings(rows)),
        cases: cases.as_ref().map(|rows| lines.cases(rows)),
        units: units
            .as_ref()
            .map(|rows| rows.iter().map(|row| unit_line(row, &unit_names)).collect()),
        workloads: workloads
            .as_ref()
            .map(|rows| rows.iter().map(|row| workload_line(visit, row, &unit_names)).collect()),
        more,
        can: can(visit, id),
        id: id.to_owned(),
    })
}

fn can(visit: &Visit, id: &str) -> Can {
    let own = |kind| Resource::new(kind, id).of_customer(id);
    Can {
        edit: may(visit, Action::EditOrganization, &own(ResourceKind::Organization)),
        edit_units: may(visit, Action::EditUnit, &own(ResourceKind::Unit)),
        edit_workloads: may(visit, Action::EditWorkload, &own(ResourceKind::Workload)),
        rate: visit.is_own(id) && may(visit, Action::AddFact, &own(ResourceKind::Rating)),
        invite: visit.is_own(id) && may(visit, Action::InviteUser, &own(ResourceKind::User)),
    }
}

/// A partner with its references, ratings and cases among these.
fn partner_line(row: &Record, facts: [&Option<Vec<Record>>; 3]) -> PartnerLine {
    let [references, ratings, cases] = facts.map(|rows| {
        let rows = rows.as_deref().unwrap_or_default();
        rows.iter().filter(|fact| cell(fact, "partner") == row.id).count()
    });
    PartnerLine {
        path: path_of(&row.id),
        name: cell(row, "name").to_owned(),
        website: cell(row, "website").to_owned(),
        references,
        ratings,
        cases,
    }
}

/// Makes lines of facts, with the names of partners that the visitor may know.
struct Lines<'v> {
    visit: &'v Visit,
    names: &'v BTreeMap<&'v str, &'v str>,
    today: Day,
}

impl Lines<'_> {
    fn name(&self, partner: &str) -> String {
        let name = self.names.get(partner).copied().filter(|name| !name.is_empty());
        name.unwrap_or(partner).to_owned()
    }

    fn day(&self, row: &Record, name: &str) -> String {
        self.visit.t.day_text(cell(row, name))
    }

    fn about(kind: ResourceKind, row: &Record) -> Resource {
        let about = Resource::new(kind, row.id.as_str());
        about.of_partner(cell(row, "partner")).of_customer(cell(row, "customer"))
    }

    fn references(&self, rows: &[Record]) -> Vec<ReferenceLine> {
        let line = |row: &Record| {
            let about = Self::about(ResourceKind::Reference, row);
            let withdrawn = Day::parse(cell(row, "withdrawn_on").as_bytes());
            ReferenceLine {
                id: path_of(&row.id),
                partner: self.name(cell(row, "partner")),
                partner_path: path_of(cell(row, "partner")),
                is_public: cell(row, "kind") != "private",
                published: self.day(row, "published_on"),
                withdrawn: self.day(row, "withdrawn_on"),
                may_withdraw: withdrawn.is_none_or(|day| day > self.today)
                    && may(self.visit, Action::WithdrawReference, &about),
            }
        };
        rows.iter().map(line).collect()
    }

    fn ratings(&self, rows: &[Record]) -> Vec<RatingLine> {
        let mut rows: Vec<&Record> = rows.iter().collect();
        rows.sort_by(|a, b| cell(b, "rated_on").cmp(cell(a, "rated_on")));
        let line = |row: &Record| {
            let about = Self::about(ResourceKind::Rating, row);
            RatingLine {
                id: path_of(&row.id),
                partner: self.name(cell(row, "partner")),
                partner_path: path_of(cell(row, "partner")),
                score: cell(row, "score").to_owned(),
                on: self.day(row, "rated_on"),
                comment: cell(row, "comment").to_owned(),
                consent: cell(row, "consent") == "yes",
                consent_public: cell(row, "consent_public") == "yes",
                may_change: may(self.visit, Action::CorrectFact, &about),
            }
        };
        rows.into_iter().map(line).collect()
    }

    /// Those that are open first, then the latest.
    fn cases(&self, rows: &[Record]) -> Vec<CaseLine> {
        let mut rows: Vec<&Record> = rows.iter().collect();
        rows.sort_by_key(|row| {
            let opened = cell(row, "opened_on").to_owned();
            (!cell(row, "resolved_on").is_empty(), std::cmp::Reverse(opened))
        });
        let line = |row: &Record| CaseLine {
            id: path_of(&row.id),
            partner: self.name(cell(row, "partner")),
            opened: self.day(row, "opened_on"),
            severity: cell(row, "severity").to_owned(),
            resolved: self.day(row, "resolved_on"),
        };
        rows.into_iter().take(20).map(line).collect()
    }
}

fn unit_line(row: &Record, names: &BTreeMap<&str, &str>) -> UnitLine {
    let parent = cell(row, "parent");
    UnitLine {
        id: path_of(&row.id),
        name: cell(row, "name").to_owned(),
        kind: cell(row, "kind").to_owned(),
        parent: names.get(parent).copied().unwrap_or(parent).to_owned(),
    }
}

fn workload_line(visit: &Visit, row: &Record, names: &BTreeMap<&str, &str>) -> WorkloadLine {
    let unit = cell(row, "unit");
    WorkloadLine {
        id: path_of(&row.id),
        name: cell(row, "name").to_owned(),
        unit: names.get(unit).copied().unwrap_or(unit).to_owned(),
        owner: cell(row, "owner").to_owned(),
        environment: visit.t.word("environment", cell(row, "environment")),
        regions: cell(row, "regions").replace(';', ", "),
    }
}
