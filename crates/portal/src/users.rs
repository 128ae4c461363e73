//! Users: the list, one with roles and state, and inviting somebody.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::routing::{get, post};
use guildhall_access::{Action, Resource, Role, Side};
use guildhall_operations::http::{Page, Path};
use guildhall_operations::ops::invitations;
use guildhall_operations::ops::users::{self, Change, NewUser, User};
use guildhall_operations::{App, Error};

use super::form::{FieldProblems, Fields, Form};
use super::list::{self, Pages};
use super::shell::{Place, Shell};
use super::visit::{Answer, Done, Visit, path_of};

/// The routes.
pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/users", get(show_list))
        .route("/users/invite", get(show_invite).post(invite))
        .route("/users/{id}", get(show))
        .route("/users/{id}/roles", post(change_roles))
        .route("/users/{id}/disable", post(disable))
        .route("/users/{id}/enable", post(enable))
        .route("/users/{id}/invite", post(invite_again))
}

struct Line {
    to: String,
    name: String,
    email: String,
    organization: String,
    roles: String,
    state: String,
    mood: &'static str,
    has_second_factor: bool,
}

/// A state in the filter.
struct StateChoice {
    value: &'static str,
    text: String,
    is_chosen: bool,
}

#[derive(Template)]
#[template(path = "portal/users.html")]
struct UsersPage {
    shell: Shell,
    lines: Vec<Line>,
    pages: Pages,
    states: Vec<StateChoice>,
    has_organizations: bool,
    organization: String,
    may_invite: bool,
}

/// How a state is coloured, beside its word.
fn mood(state: &str) -> &'static str {
    match state {
        "invited" => "care",
        "disabled" => "bad",
        _ => "good",
    }
}

fn words(visit: &Visit, roles: &[String]) -> String {
    let words: Vec<String> = roles.iter().map(|role| visit.t.word("role", role)).collect();
    words.join(", ")
}

/// A user as the policies see it.
fn resource(user: &User) -> Resource {
    let side = user.side.as_deref().and_then(Side::from_word);
    let organization = side.zip(user.organization.clone());
    let mut resource = users::resource_of(&user.id, organization.as_ref());
    resource.is_operator = user.roles.iter().any(|role| role == Role::Operator.word());
    resource
}

/// Whether the visitor may invite somebody to their own organization.
fn may_invite(visit: &Visit) -> bool {
    let own = users::resource_of("new", visit.caller.actor.organization.as_ref());
    let own = Resource { user: None, ..own };
    visit.app().access.decide(&visit.caller.actor, Action::InviteUser, &own).is_allowed()
}

async fn show_list(visit: Visit) -> Answer {
    visit
        .page(|visit| {
            let t = visit.t;
            let (after, limit) = list::asked(visit)?;
            let after = after.and_then(|place| place.parse().ok()).unwrap_or(0);
            let query = visit.query();
            let (state, organization) = (query.typed("state"), query.typed("organization"));
            let (app, caller) = (visit.app(), &visit.caller);
            let found = users::list(app, caller, state, organization, after, limit + 1)?;
            let found = Page::of(found, limit, |user| user.place().to_string());
            let line = |user: &User| Line {
                to: format!("/users/{}", path_of(&user.id)),
                name: user.name.clone(),
                email: user.email.clone(),
                organization: user.organization.clone().unwrap_or_default(),
                roles: words(visit, &user.roles),
                state: t.word("user-state", &user.state),
                mood: mood(&user.state),
                has_second_factor: user.has_second_factor,
            };
            let choice = |value: &'static str| StateChoice {
                value,
                text: t.word("user-state", value),
                is_chosen: state == Some(value),
            };
            let side = caller.actor.organization.as_ref().map(|(side, _)| *side);
            Ok(UsersPage {
                shell: visit.shell(Place::Users, t.say("users-title")),
                lines: found.items.iter().map(line).collect(),
                pages: list::pages(visit, found.next.as_deref()),
                states: ["active", "invited", "disabled"].map(choice).into(),
                has_organizations: side == Some(Side::Vendor),
                organization: organization.unwrap_or_default().to_owned(),
                may_invite: may_invite(visit),
            })
        })
        .await
}

/// A role in a form.
struct RoleChoice {
    value: &'static str,
    text: String,
    is_chosen: bool,
}

/// The roles of a side.
struct RoleGroup {
    side: String,
    roles: Vec<RoleChoice>,
}

fn group(visit: &Visit, side: Side, is_chosen: impl Fn(&str) -> bool) -> RoleGroup {
    let roles = Role::ALL.iter().filter(|role| role.side() == side);
    let is_operator = visit.caller.actor.roles.contains(&Role::Operator);
    let roles = roles.filter(|role| is_operator || **role != Role::Operator);
    let choice = |role: &Role| RoleChoice {
        value: role.word(),
        text: visit.t.word("role", role.word()),
        is_chosen: is_chosen(role.word()),
    };
    RoleGroup { side: visit.t.word("side", side.word()), roles: roles.map(choice).collect() }
}

#[derive(Template)]
#[template(path = "portal/users/one.html")]
#[expect(clippy::struct_excessive_bools, reason = "a page says what may be done on it")]
struct UserPage {
    shell: Shell,
    id: String,
    version: i64,
    name: String,
    email: String,
    organization: String,
    roles: String,
    state: String,
    mood: &'static str,
    has_second_factor: bool,
    created: String,
    changed: String,
    group: Option<RoleGroup>,
    may_disable: bool,
    may_enable: bool,
    may_invite_again: bool,
    problems: FieldProblems,
}

fn page(
    visit: &Visit,
    id: &str,
    fields: &Fields,
    problems: FieldProblems,
) -> Result<UserPage, Error> {
    let (app, caller, t) = (visit.app(), &visit.caller, visit.t);
    let user = users::read(app, caller, id)?;
    let resource = resource(&user);
    let may = |action| app.access.decide(&caller.actor, action, &resource).is_allowed();
    let side = user.side.as_deref().and_then(Side::from_word);
    let chosen: Vec<&str> = match fields.has("role") {
        true => fields.all("role").collect(),
        false => user.roles.iter().map(String::as_str).collect(),
    };
    let is_self = caller.name() == id;
    let may_disable = may(Action::DisableUser) && !is_self;
    Ok(UserPage {
        shell: visit.shell(Place::Users, user.name.clone()),
        version: user.version,
        email: user.email.clone(),
        organization: user.organization.clone().unwrap_or_default(),
        roles: words(visit, &user.roles),
        state: t.word("user-state", &user.state),
        mood: mood(&user.state),
        has_second_factor: user.has_second_factor,
        created: t.moment_text(&user.created_at),
        changed: t.moment_text(&user.changed_at),
        group: side
            .filter(|_| may(Action::ChangeRoles))
            .map(|side| group(visit, side, |role| chosen.contains(&role))),
        may_disable: may_disable && user.state != "disabled",
        may_enable: may_disable && user.state == "disabled",
        may_invite_again: user.state == "invited" && may(Action::InviteUser),
        name: user.name,
        id: user.id,
        problems,
    })
}

async fn show(visit: Visit, Path(id): Path<String>) -> Answer {
    visit.page(move |visit| page(visit, &id, &visit.query(), FieldProblems::default())).await
}

/// Changes a user, who must be of the version that the form was made from.
fn changed(
    visit: &Visit,
    (id, fields): (&str, &Fields),
    change: Result<Change, Error>,
    notice: &'static str,
) -> Result<Done, Error> {
    let version = fields.get("version").parse().ok();
    let (app, caller) = (visit.app(), &visit.caller);
    match change.and_then(|change| users::change(app, caller, id, version, &change)) {
        Ok(user) => Ok(Done::saying(format!("/users/{}", path_of(id)), notice, user.name)),
        Err(error) => visit.again(error, |problems| page(visit, id, fields, problems)),
    }
}

async fn change_roles(Path(id): Path<String>, form: Form) -> Answer {
    form.act(move |visit, fields| {
        let words: Vec<String> = fields.all("role").map(str::to_owned).collect();
        let change = users::read_roles(&words).map(Change::Roles);
        changed(visit, (&id, fields), change, "notice-user-roles")
    })
    .await
}

async fn disable(Path(id): Path<String>, form: Form) -> Answer {
    form.act(move |visit, fields| {
        changed(visit, (&id, fields), Ok(Change::Disable), "notice-user-disabled")
    })
    .await
}

async fn enable(Path(id): Path<String>, form: Form) -> Answer {
    form.act(move |visit, fields| {
        changed(visit, (&id, fields), Ok(Change::Enable), "notice-user-enabled")
    })
    .await
}

async fn invite_again(Path(id): Path<String>, form: Form) -> Answer {
    form.act(move |visit, fields| {
        let user = users::read(visit.app(), &visit.caller, &id)?;
        let side = user.side.as_deref().and_then(Side::from_word);
        let new = NewUser {
            email: user.email,
            name: user.name,
            organization: side.zip(user.organization),
            roles: users::read_roles(&user.roles)?,
        };
        match invitations::invite(visit.app(), &visit.caller, &new) {
            Ok(user) => {
                let to = format!("/users/{}", path_of(&id));
                Ok(Done::saying(to, "notice-user-invited", user.email))
            }
            Err(error) => visit.again(error, |problems| page(visit, &id, fields, problems)),
        }
    })
    .await
}

#[derive(Template)]
#[template(path = "portal/users/invite.html")]
struct InvitePage {
    shell: Shell,
    email: String,
    name: String,
    organization: String,
    /// Whether the visitor may choose the organization.
    chooses: bool,
    groups: Vec<RoleGroup>,
    problems: FieldProblems,
}

fn invite_page(
    visit: &Visit,
    fields: &Fields,
    problems: FieldProblems,
) -> Result<InvitePage, Error> {
    let caller = &visit.caller;
    if !may_invite(visit) {
        let own = users::resource_of("new", caller.actor.organization.as_ref());
        visit.app().allow(caller, Action::InviteUser, &Resource { user: None, ..own })?;
    }
    let chosen: Vec<&str> = fields.all("role").collect();
    let chooses = caller.actor.roles.contains(&Role::Operator);
    let own = caller.actor.organization.as_ref().map_or(Side::Vendor, |(side, _)| *side);
    let sides = if chooses { Side::ALL.to_vec() } else { vec![own] };
    let groups = sides.into_iter().map(|side| group(visit, side, |role| chosen.contains(&role)));
    let organization = fields.typed("organization").or(caller.organization()).unwrap_or_default();
    Ok(InvitePage {
        shell: visit.shell(Place::Users, visit.t.say("invite-title")),
        email: fields.get("email").to_owned(),
        name: fields.get("name").to_owned(),
        organization: organization.to_owned(),
        chooses,
        groups: groups.collect(),
        problems,
    })
}

async fn show_invite(visit: Visit) -> Answer {
    visit.page(|visit| invite_page(visit, &visit.query(), FieldProblems::default())).await
}

async fn invite(form: Form) -> Answer {
    form.act(|visit, fields| {
        let email = fields.get("email").trim().to_owned();
        let words: Vec<String> = fields.all("role").map(str::to_owned).collect();
        let own = visit.caller.organization().unwrap_or_default();
        let organization = fields.typed("organization").unwrap_or(own);
        let side = visit.caller.actor.organization.as_ref().filter(|_| words.is_empty());
        let side = side.map(|(side, _)| side.word());
        let read = invitations::read_words(side, Some(organization), &words);
        let invited = read.and_then(|(organization, roles)| {
            let name = fields.typed("name").unwrap_or(&email).to_owned();
            let new = NewUser { email: email.clone(), name, organization, roles };
            invitations::invite(visit.app(), &visit.caller, &new)
        });
        match invited {
            Ok(user) => Ok(Done::saying("/users", "notice-user-invited", user.email)),
            Err(error) => visit.again(error, |problems| invite_page(visit, fields, problems)),
        }
    })
    .await
}
