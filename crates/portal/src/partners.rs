//! A partner's page: profile, path and tier, history, programs, affiliations, people, decisions,
//! disputes, domains, as far as the visitor may know them. What the vendor does to a partner is in
//! [`act`].

mod act;

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::routing::{get, post};
use guildhall_access::{Action, Decision, Resource, ResourceKind};
use guildhall_operations::http::Path;
use guildhall_operations::ops::Record;
use guildhall_operations::ops::facts::{self, Filter};
use guildhall_operations::ops::standing::{self, Viewpoint};
use guildhall_operations::ops::{decisions, disputes, domains, partners, people};
use guildhall_operations::{App, Error};
use guildhall_rules::day::Day;
use guildhall_rules::rulebook::Edition;
use guildhall_rules::scorecard::Scorecard;

use super::form::{FieldProblems, Fields};
use super::shell::{Place, Shell};
use super::visit::{Answer, Visit, path_of};

/// The routes.
pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/partners/{id}", get(show))
        .route("/partners/{id}/edit", get(act::show_edit).post(act::edit))
        .route("/partners/{id}/domains", post(act::claim_domain))
        .route("/partners/{id}/declare/{kind}", get(act::show_declare).post(act::declare))
}

/// How many rows of each list stand on the page.
const ROWS: usize = 50;

/// Whether the visitor may do something, be it that they must prove their second factor for it.
pub(super) fn may(visit: &Visit, action: Action, about: &Resource) -> bool {
    match visit.app().access.decide(&visit.caller.actor, action, about) {
        Decision::Allowed => true,
        Decision::Denied(reason) => reason == "second_factor",
        Decision::Hidden => false,
    }
}

/// Facts of a kind; none where the visitor may not see the kind.
pub(super) fn listed(
    visit: &Visit,
    kind: &str,
    filter: &Filter,
) -> Result<Option<Vec<Record>>, Error> {
    match facts::list(visit.app(), &visit.caller, kind, filter) {
        Ok(found) => Ok(Some(found)),
        Err(Error::NotFound { .. } | Error::Denied { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The cell of a record, empty where there is none.
pub(super) fn cell<'r>(record: &'r Record, name: &str) -> &'r str {
    record.values.get(name).map_or("", String::as_str)
}

/// A line of the profile.
struct Line {
    label: String,
    value: String,
    /// Where it leads, if it is an address of the web.
    to: String,
}

/// A row of the tier's history.
struct Step {
    id: String,
    has_begun: bool,
    is_over: bool,
    on: String,
    kind: String,
    tier: String,
    until: String,
}

/// A program of the partner.
struct Program {
    id: String,
    title: String,
    granted: String,
    last: String,
    is_over: bool,
}

/// An affiliation, seen from the partner.
struct Affiliation {
    id: String,
    other: String,
    other_name: String,
    is_primary: bool,
    from: String,
    until: String,
}

struct DecisionView {
    number: i64,
    kind: String,
    on: String,
}

struct DisputeView {
    number: i64,
    about: String,
    due: String,
    is_overdue: bool,
}

struct DomainView {
    domain: String,
    at: String,
    is_verified: bool,
}

/// Where the partner stands, in a few words.
struct Standing {
    path: String,
    tier: String,
    attained: String,
    review_on: String,
    review_in: String,
    outcome: String,
}

/// What the visitor may do here.
#[expect(clippy::struct_excessive_bools, reason = "each is a thing that a page offers or not")]
struct Can {
    edit: bool,
    claim: bool,
    declare: bool,
    see_facts: bool,
}

#[derive(Template)]
#[template(path = "portal/partners/show.html")]
struct PartnerPage {
    shell: Shell,
    id: String,
    path: String,
    name: String,
    is_suspended: bool,
    profile: Vec<Line>,
    about: String,
    standing: Option<Standing>,
    history: Option<Vec<Step>>,
    in_force: Vec<Program>,
    over: Vec<Program>,
    affiliations: Vec<Affiliation>,
    /// People there today, and those of them with something that lapses soon.
    people: Option<(String, usize)>,
    decisions: Vec<DecisionView>,
    disputes: Vec<DisputeView>,
    domains: Vec<DomainView>,
    /// What a customer has with the partner: references, ratings.
    ours: Vec<Line>,
    can: Can,
    /// The domain and the mailbox as they were typed, and what is wrong with them.
    domain: String,
    mailbox: String,
    problems: FieldProblems,
}

/// The titles of an edition, by the ids that facts write.
struct Titles<'e>(Vec<&'e Edition>);

impl Titles<'_> {
    fn tier(&self, id: &str) -> String {
        let tiers = self.0.iter().flat_map(|edition| &edition.paths).flat_map(|path| &path.tiers);
        let mut found = tiers.filter(|tier| tier.id == id);
        found.next().map_or_else(|| id.to_owned(), |tier| tier.title.clone())
    }

    fn path(&self, id: &str) -> String {
        let mut found = self.0.iter().filter_map(|edition| edition.path(id));
        found.next().map_or_else(|| id.to_owned(), |path| path.title.clone())
    }

    fn program(&self, id: &str) -> String {
        let programs = self.0.iter().flat_map(|edition| &edition.programs);
        let mut found = programs.filter(|program| program.id == id);
        found.next().map_or_else(|| id.to_owned(), |program| program.title.clone())
    }

    fn kinds(&self, ids: &str) -> String {
        let title = |id: &str| {
            let kinds = self.0.iter().flat_map(|edition| &edition.partner_kinds);
            let mut found = kinds.filter(|kind| kind.id == id);
            found.next().map_or_else(|| id.to_owned(), |kind| kind.title.clone())
        };
        ids.split(';').filter(|id| !id.is_empty()).map(title).collect::<Vec<_>>().join(", ")
    }
}

async fn show(Path(id): Path<String>, visit: Visit) -> Answer {
    visit.page(move |visit| page(visit, &id, &visit.query(), FieldProblems::default())).await
}

fn page(
    visit: &Visit,
    id: &str,
    typed: &Fields,
    problems: FieldProblems,
) -> Result<PartnerPage, Error> {
    let (app, caller) = (visit.app(), &visit.caller);
    let profile = partners::read(app, caller, id)?;
    let book = app.book()?;
    let today = app.clock.today();
    let mut editions: Vec<&Edition> = book.editions.iter().collect();
    editions
        .sort_by_key(|edition| std::cmp::Reverse((edition.in_force_from, edition.published_at)));
    if let Ok(current) = book.choose(None, today, None) {
        editions.insert(0, current);
    }
    let titles = Titles(editions);
    let filter = Filter { partner: Some(id.to_owned()), limit: ROWS, ..Filter::default() };
    let whole = Filter { limit: 4 * ROWS, ..filter.clone() };
    let history = listed(visit, "reviews", &whole)?.map(|rows| history(visit, &titles, rows));
    let programs = listed(visit, "validations", &filter)?.unwrap_or_default();
    let (over, in_force) = programs
        .iter()
        .map(|row| program(visit, &titles, row, today))
        .partition(|program: &Program| program.is_over);
    let about = Resource::new(ResourceKind::Partner, id).of_partner(id);
    let organization = Resource::new(ResourceKind::Organization, id).of_partner(id);
    let publishing = Resource::new(ResourceKind::TierReview, id).of_partner(id);
    let fact = Resource::new(ResourceKind::PartnerFact, id).of_partner(id);
    let name = cell(&profile.partner, "name").to_owned();
    Ok(PartnerPage {
        shell: visit.shell(Place::Partner, name.clone()),
        path: path_of(id),
        is_suspended: is_suspended(history.as_deref(), &profile.partner),
        about: profile
            .organization
            .as_ref()
            .map(|row| cell(row, "description").to_owned())
            .unwrap_or_default(),
        profile: lines(visit, &titles, &profile),
        standing: standing_of(visit, &titles, id)?,
        history,
        in_force,
        over,
        affiliations: affiliations(visit, id, &filter)?,
        people: people_of(visit, id)?,
        decisions: decisions_of(visit, id)?,
        disputes: disputes_of(visit, id)?,
        domains: domains_of(visit, id)?,
        ours: ours(visit, id)?,
        domain: typed.get("domain").to_owned(),
        mailbox: typed.get("mailbox").to_owned(),
        problems,
        can: Can {
            edit: may(visit, Action::EditProfile, &about),
            claim: may(visit, Action::EditOrganization, &organization),
            declare: may(visit, Action::PublishTierReview, &publishing),
            see_facts: may(visit, Action::ViewFact, &fact),
        },
        id: id.to_owned(),
        name,
    })
}

/// Whether the last word about the partner's standing is that it is suspended.
fn is_suspended(history: Option<&[Step]>, partner: &Record) -> bool {
    let is_about = |step: &&Step| step.kind == "suspended" || step.kind == "reinstated";
    let last = history.unwrap_or_default().iter().filter(is_about).find(|step| step.has_begun);
    last.map_or(cell(partner, "standing") == "suspended", |step| {
        step.kind == "suspended" && !step.is_over
    })
}

/// The latest first.
fn history(visit: &Visit, titles: &Titles<'_>, mut rows: Vec<Record>) -> Vec<Step> {
    // Of one day, a reinstatement follows a suspension.
    rows.sort_by_cached_key(|row| {
        let key = (cell(row, "on").to_owned(), cell(row, "kind") == "reinstated", row.id.clone());
        std::cmp::Reverse(key)
    });
    rows.truncate(ROWS);
    let today = visit.app().clock.today().to_string();
    let step = |row: &Record| Step {
        has_begun: cell(row, "on") <= today.as_str(),
        is_over: !cell(row, "valid_until").is_empty() && cell(row, "valid_until") < today.as_str(),
        id: path_of(&row.id),
        on: visit.t.day_text(cell(row, "on")),
        kind: cell(row, "kind").to_owned(),
        tier: titles.tier(cell(row, "tier")),
        until: visit.t.day_text(cell(row, "valid_until")),
    };
    rows.iter().map(step).collect()
}

fn program(visit: &Visit, titles: &Titles<'_>, row: &Record, today: Day) -> Program {
    let last = Day::parse(cell(row, "expires_on").as_bytes());
    Program {
        id: path_of(&row.id),
        title: titles.program(cell(row, "program")),
        granted: visit.t.day_text(cell(row, "granted_on")),
        last: last.map(|last| visit.t.day(last)).unwrap_or_default(),
        is_over: last.is_some_and(|last| last < today),
    }
}

fn lines(visit: &Visit, titles: &Titles<'_>, profile: &partners::Profile) -> Vec<Line> {
    let organization = profile.organization.as_ref();
    let held = |name: &str| {
        let own = cell(&profile.partner, name);
        let own = if own.is_empty() {
            organization.map_or("", |organization| cell(organization, name))
        } else {
            own
        };
        own.to_owned()
    };
    let mut lines = Vec::new();
    for name in ["legal_name", "kinds", "country", "offices", "website", "domains"] {
        let value = held(name);
        let shown = match name {
            "kinds" => titles.kinds(&value),
            _ => value.replace(';', ", "),
        };
        if !shown.is_empty() {
            let is_web = value.starts_with("https://") || value.starts_with("http://");
            let to = if is_web { value } else { String::new() };
            lines.push(Line { label: visit.t.word("row-field", name), value: shown, to });
        }
    }
    lines
}

/// Where the partner stands; none where the visitor may not see it, or nothing can be said.
fn standing_of(visit: &Visit, titles: &Titles<'_>, id: &str) -> Result<Option<Standing>, Error> {
    let (app, t) = (visit.app(), visit.t);
    let scorecard = match standing::scorecard(app, &visit.caller, id, &Viewpoint::default()) {
        Ok(scorecard) => scorecard,
        Err(Error::NotFound { .. } | Error::Denied { .. } | Error::Invalid(_)) => return Ok(None),
        Err(error) => return Err(error),
    };
    let Scorecard { path, tier, tier_is_unknown, attained, review, .. } = &scorecard;
    let held = tier.as_deref().map_or_else(
        || t.say(if *tier_is_unknown { "partner-tier-unknown" } else { "partner-tier-none" }),
        |tier| titles.tier(tier),
    );
    Ok(Some(Standing {
        path: titles.path(path),
        tier: held,
        attained: attained.as_deref().map(|tier| titles.tier(tier)).unwrap_or_default(),
        review_on: review.due_on.map(|day| t.day(day)).unwrap_or_default(),
        review_in: review.due_on.map(|day| t.distance(app.clock.today(), day)).unwrap_or_default(),
        outcome: review
            .outcome
            .map(|outcome| t.word("partner-outcome", outcome.word()))
            .unwrap_or_default(),
    }))
}

fn affiliations(visit: &Visit, id: &str, filter: &Filter) -> Result<Vec<Affiliation>, Error> {
    let rows = listed(visit, "affiliations", filter)?.unwrap_or_default();
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    let mut views = Vec::new();
    for row in &rows {
        let is_primary = cell(row, "primary") == id;
        let other = cell(row, if is_primary { "subsidiary" } else { "primary" }).to_owned();
        if !names.contains_key(&other) {
            let found = partners::read(visit.app(), &visit.caller, &other);
            let name = found.map(|found| cell(&found.partner, "name").to_owned());
            names.insert(other.clone(), name.unwrap_or_default());
        }
        views.push(Affiliation {
            id: path_of(&row.id),
            other: path_of(&other),
            other_name: names.get(&other).filter(|name| !name.is_empty()).cloned().unwrap_or(other),
            is_primary,
            from: visit.t.day_text(cell(row, "from")),
            until: visit.t.day_text(cell(row, "until")),
        });
    }
    Ok(views)
}

fn people_of(visit: &Visit, id: &str) -> Result<Option<(String, usize)>, Error> {
    match people::list(visit.app(), &visit.caller, id) {
        Ok(people) => {
            let present = people.iter().filter(|one| !one.has_left);
            let lapsing = present.clone().filter(|one| one.is_lapsing()).count();
            Ok(Some((visit.t.count(present.count()), lapsing)))
        }
        Err(Error::NotFound { .. } | Error::Denied { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

fn decisions_of(visit: &Visit, id: &str) -> Result<Vec<DecisionView>, Error> {
    let mut found = decisions::list(visit.app(), &visit.caller, Some(id), None, 5)?;
    found.truncate(5);
    let view = |one: decisions::DecisionShown| DecisionView {
        number: one.number,
        kind: visit.t.word("partner-decision", &one.kind),
        on: visit.t.moment_text(&one.published_at),
    };
    Ok(found.into_iter().map(view).collect())
}

fn disputes_of(visit: &Visit, id: &str) -> Result<Vec<DisputeView>, Error> {
    let found = disputes::list(visit.app(), &visit.caller, Some(id), None, ROWS)?;
    let open = found.into_iter().filter(|one| one.state == "open");
    let view = |one: disputes::DisputeShown| DisputeView {
        number: one.number,
        about: one.claim.chars().take(120).collect(),
        due: visit.t.day_text(&one.due_on),
        is_overdue: one.is_overdue,
    };
    Ok(open.map(view).collect())
}

fn domains_of(visit: &Visit, id: &str) -> Result<Vec<DomainView>, Error> {
    let found = match domains::list(visit.app(), &visit.caller, id) {
        Ok(found) => found,
        Err(Error::NotFound { .. } | Error::Denied { .. }) => Vec::new(),
        Err(error) => return Err(error),
    };
    let view = |one: domains::Domain| DomainView {
        is_verified: one.verified_at.is_some(),
        at: visit.t.moment_text(one.verified_at.as_deref().unwrap_or(&one.claimed_at)),
        domain: one.domain,
    };
    Ok(found.into_iter().map(view).collect())
}

/// What the visitor's own organization, a customer, has with the partner.
fn ours(visit: &Visit, id: &str) -> Result<Vec<Line>, Error> {
    use guildhall_access::Side;
    let Some((Side::Customer, customer)) = &visit.caller.actor.organization else {
        return Ok(Vec::new());
    };
    let filter = Filter {
        partner: Some(id.to_owned()),
        customer: Some(customer.clone()),
        limit: ROWS,
        after: None,
    };
    let mut lines = Vec::new();
    for (kind, key) in
        [("references", "partner-our-references"), ("ratings", "partner-our-ratings")]
    {
        let count = listed(visit, kind, &filter)?.map_or(0, |rows| rows.len());
        lines.push(Line {
            label: visit.t.say(key),
            value: visit.t.count(count),
            to: format!("/customers/{}#{kind}", path_of(customer)),
        });
    }
    Ok(lines)
}
