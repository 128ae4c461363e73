//! Users: who takes part, for which organization, and in which roles.

use guildhall_access::{Action, Resource, ResourceKind, Role, Side, Visible};
use guildhall_rules::problem::{Problem, Problems, did_you_mean};
use guildhall_store::{StoredUser, Tx, UserFilter, moment_text, plain_moment};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{App, Caller, Error, passwords, secrets};

/// A user to be made.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// The e-mail address.
    pub email: String,
    /// The name that people see.
    pub name: String,
    /// The organization; none: of no organization yet.
    pub organization: Option<(Side, String)>,
    /// The roles, all on the organization's side.
    pub roles: Vec<Role>,
}

/// A new id: a letter for the kind of thing, and 80 random bits.
pub(crate) fn new_id(kind: &str) -> Result<String, Error> {
    let random = secrets::random::<10>()?;
    Ok(format!("{kind}-{}", data_encoding::BASE32_NOPAD.encode(&random).to_ascii_lowercase()))
}

/// The organization of a user.
pub(crate) fn organization(user: &StoredUser) -> Option<(Side, String)> {
    let (side, id) = user.organization.as_ref()?;
    Some((Side::from_word(side)?, id.clone()))
}

/// The roles of a user.
pub(crate) fn roles(user: &StoredUser) -> Vec<Role> {
    user.roles.iter().filter_map(|word| Role::from_word(word)).collect()
}

/// Whether somebody with these roles needs a second factor: the vendor's staff, and whoever
/// answers for a partner or customer.
pub fn must_enrol(roles: &[Role]) -> bool {
    let is_weighty = |role: &Role| {
        role.side() == Side::Vendor || matches!(role, Role::AllianceLead | Role::ItOwner)
    };
    roles.iter().any(is_weighty)
}

/// Makes a user who is active at once, with a password: for the first sign-in of a server, at the
/// command line. Returns the id.
///
/// # Errors
///
/// When the input has problems, or the address is taken.
pub fn create_first(app: &App, user: &NewUser, password: &str) -> Result<String, Error> {
    let mut problems = Problems::new();
    for problem in passwords::check(password, &user.email, "password") {
        problems.push(problem);
    }
    check(user, &mut problems);
    if !problems.is_empty() {
        return Err(problems.into());
    }
    let hash = app.hashing.hash(password)?;
    let id = new_id("u")?;
    app.store.write(|tx| {
        check_organization(tx, &Caller::command_line(), user)?;
        add(app, tx, &Caller::command_line(), &id, user, Some(&hash))
    })?;
    Ok(id)
}

/// Longest e-mail address (RFC 5321).
const LONGEST_EMAIL: usize = 254;
/// Longest name of a user.
const LONGEST_NAME: usize = 200;

fn note(problems: &mut Problems, field: &str, code: &'static str, message: String) {
    let mut problem = Problem::new(code, message);
    problem.column = Some(field.to_owned());
    problems.push(problem);
}

/// Whether a text is plain: no line ends, no controls.
pub(crate) fn is_plain(text: &str) -> bool {
    !text.chars().any(char::is_control)
}

/// What speaks against a name.
pub(crate) fn check_name(name: &str, field: &str, problems: &mut Problems) {
    if name.trim().is_empty() || name.chars().count() > LONGEST_NAME || !is_plain(name) {
        let message = format!("a name has 1 to {LONGEST_NAME} characters, on one line");
        note(problems, field, "bad-value", message);
    }
}

/// Whether a text is an e-mail address that mail can be sent to.
pub(crate) fn is_email(email: &str) -> bool {
    email.len() <= LONGEST_EMAIL
        && is_plain(email)
        && !email.chars().any(char::is_whitespace)
        && email.parse::<lettre::Address>().is_ok()
}

/// What speaks against a user, apart from what the database knows.
pub(crate) fn check(user: &NewUser, problems: &mut Problems) {
    if !is_email(&user.email) {
        note(problems, "email", "bad-value", "this is no e-mail address".to_owned());
    }
    check_name(&user.name, "name", problems);
    check_roles(user.organization.as_ref().map(|(side, _)| *side), &user.roles, problems);
}

/// What speaks against roles on a side.
pub(crate) fn check_roles(side: Option<Side>, roles: &[Role], problems: &mut Problems) {
    for role in roles {
        if Some(role.side()) != side {
            let message = format!("`{role}` is a role on the side of the {}", role.side());
            note(problems, "roles", "other-side", message);
        }
    }
    if side.is_some() && roles.is_empty() {
        note(problems, "roles", "missing-value", "a user has at least one role".to_owned());
    }
}

/// Refuses an organization that there is not. An operator may name a customer that nobody has
/// described yet, and the vendor of a network that is not founded yet.
pub(crate) fn check_organization(
    tx: &mut Tx<'_>,
    caller: &Caller,
    user: &NewUser,
) -> Result<(), Error> {
    let Some((side, id)) = &user.organization else { return Ok(()) };
    let is_operator = caller.actor.roles.contains(&Role::Operator);
    let is_id = !id.is_empty()
        && id.len() <= 128
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    let is_made_now = is_id
        && is_operator
        && match side {
            Side::Customer => true,
            Side::Vendor => tx.network()?.is_none(),
            Side::Partner => false,
        };
    if is_made_now || tx.has_organization(side.word(), id)? {
        return Ok(());
    }
    let message = format!("there is no {side} `{id}`");
    Err(Error::field("organization", "unknown-organization", message))
}

/// Keeps a new user: active with a password, invited without.
pub(crate) fn add(
    app: &App,
    tx: &mut Tx<'_>,
    caller: &Caller,
    id: &str,
    user: &NewUser,
    hash: Option<&str>,
) -> Result<(), Error> {
    if tx.user_by_email(&user.email)?.is_some() {
        return Err(Error::conflict("email-taken", "there is a user with this e-mail address"));
    }
    let now = app.clock.now();
    let mut roles: Vec<String> = user.roles.iter().map(|role| role.word().to_owned()).collect();
    roles.sort();
    roles.dedup();
    let stored = StoredUser {
        number: 0,
        id: id.to_owned(),
        email: user.email.trim().to_owned(),
        name: user.name.trim().to_owned(),
        organization: user.organization.as_ref().map(|(side, id)| (side.to_string(), id.clone())),
        roles: roles.clone(),
        state: if hash.is_some() { "active" } else { "invited" }.to_owned(),
        version: 1,
        created_at: moment_text(now),
        changed_at: moment_text(now),
        password: hash.map(str::to_owned),
        shared_secret: None,
        last_step: None,
        recovery_codes: Vec::new(),
    };
    tx.add_user(&stored)?;
    let mut entry = app.entry(caller, "create_user", id);
    entry.detail("roles", roles.into());
    if let Some((side, organization)) = stored.organization {
        entry.detail("side", side.into());
        entry.detail("organization", organization.into());
    }
    tx.commit(entry)?;
    Ok(())
}

/// A user, as those see it who may.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct User {
    /// Its id.
    pub id: String,
    /// The e-mail address.
    pub email: String,
    /// The name that people see.
    pub name: String,
    /// The organization's side: `vendor`, `partner` or `customer`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub side: Option<String>,
    /// The organization's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization: Option<String>,
    /// Its roles.
    pub roles: Vec<String>,
    /// `invited`, `active` or `disabled`.
    pub state: String,
    /// Whether a second factor is set up.
    pub has_second_factor: bool,
    /// Counts the changes.
    pub version: i64,
    /// When it was made.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// When it was changed last.
    #[schema(format = DateTime)]
    pub changed_at: String,
    #[serde(skip)]
    place: i64,
}

impl User {
    pub(crate) fn of(stored: &StoredUser) -> Self {
        let (side, organization) = stored.organization.clone().unzip();
        Self {
            id: stored.id.clone(),
            email: stored.email.clone(),
            name: stored.name.clone(),
            side,
            organization,
            roles: stored.roles.clone(),
            state: stored.state.clone(),
            has_second_factor: stored.shared_secret.is_some(),
            version: stored.version,
            created_at: plain_moment(&stored.created_at),
            changed_at: plain_moment(&stored.changed_at),
            place: stored.number,
        }
    }

    /// Where it stands in the order of users.
    pub fn place(&self) -> i64 {
        self.place
    }
}

/// The user as policies see it.
pub(crate) fn resource(user: &StoredUser) -> Resource {
    let mut resource = resource_of(&user.id, organization(user).as_ref());
    resource.is_operator = roles(user).contains(&Role::Operator);
    resource
}

/// A user of an organization, as policies see it.
pub fn resource_of(id: &str, organization: Option<&(Side, String)>) -> Resource {
    let resource = Resource::new(ResourceKind::User, id).of_user(id);
    match organization {
        Some((Side::Partner, id)) => resource.of_partner(id),
        Some((Side::Customer, id)) => resource.of_customer(id),
        Some((Side::Vendor, _)) | None => resource,
    }
}

/// A user that is to be made, as policies see it.
pub(crate) fn resource_to_be(user: &NewUser) -> Resource {
    let mut resource = resource_of("new", user.organization.as_ref());
    resource.user = None;
    resource.is_operator = user.roles.contains(&Role::Operator);
    resource
}

/// Reads words as roles.
///
/// # Errors
///
/// When a word is none.
pub fn read_roles(words: &[String]) -> Result<Vec<Role>, Error> {
    let read = |word: &String| {
        Role::from_word(word).ok_or_else(|| {
            let known = Role::ALL.iter().map(|role| role.word());
            let message = format!("`{word}` is no role");
            let all: Vec<&str> = known.clone().collect();
            let hint = did_you_mean(word, known).unwrap_or_else(|| all.join(", "));
            Error::field_with_hint("roles", "bad-value", message, hint)
        })
    };
    words.iter().map(read).collect()
}

/// Users that the caller may see, in the order in which they were made, behind a place.
///
/// # Errors
///
/// When nobody is signed in.
pub fn list(
    app: &App,
    caller: &Caller,
    state: Option<&str>,
    organization: Option<&str>,
    after: i64,
    limit: usize,
) -> Result<Vec<User>, Error> {
    if caller.actor.user.is_none() {
        return Err(caller.sign_in_first());
    }
    let (state, organization) = (state.map(str::to_owned), organization.map(str::to_owned));
    let filter = match app.access.visible(&caller.actor, ResourceKind::User) {
        Visible::Published | Visible::Nothing => return Ok(Vec::new()),
        Visible::All => UserFilter { all: true, state, organization, ..UserFilter::default() },
        Visible::Of { partner, customer, user, vendor_own, .. } => {
            UserFilter { all: false, partner, customer, user, vendor_own, state, organization }
        }
    };
    let stored = app.store.read(|tx| tx.users(&filter, after, limit))?;
    Ok(stored.iter().map(User::of).collect())
}

/// A user to whom the caller may do something. A missing one is answered like a hidden one.
fn find(
    app: &App,
    caller: &Caller,
    tx: &mut Tx<'_>,
    id: &str,
    action: Action,
) -> Result<StoredUser, Error> {
    let user = tx.user(id)?.ok_or_else(|| Error::not_found("user", id))?;
    app.allow(caller, action, &resource(&user))?;
    Ok(user)
}

/// One user.
///
/// # Errors
///
/// When there is no such user, or the caller may not see it.
pub fn read(app: &App, caller: &Caller, id: &str) -> Result<User, Error> {
    if caller.actor.user.is_none() {
        return Err(caller.sign_in_first());
    }
    app.store.read(|tx| Ok(User::of(&find(app, caller, tx, id, Action::ViewUser)?)))
}

/// What is changed of a user.
#[derive(Clone, Debug)]
pub enum Change {
    /// The name.
    Name(String),
    /// The roles.
    Roles(Vec<Role>),
    /// Nobody signs in as this user any more, and whoever is signed in no longer is.
    Disable,
    /// They may sign in again.
    Enable,
}

impl Change {
    fn action(&self) -> Action {
        match self {
            Self::Name(_) => Action::EditUser,
            Self::Roles(_) => Action::ChangeRoles,
            Self::Disable | Self::Enable => Action::DisableUser,
        }
    }

    fn word(&self) -> &'static str {
        match self {
            Self::Name(_) => "rename_user",
            Self::Roles(_) => "change_roles",
            Self::Disable => "disable_user",
            Self::Enable => "enable_user",
        }
    }
}

/// Changes a user, who must be of a version where one is given. Sessions and tokens follow at
/// once.
///
/// # Errors
///
/// When there is no such user, the caller may not, or somebody else has changed it.
pub fn change(
    app: &App,
    caller: &Caller,
    id: &str,
    version: Option<i64>,
    change: &Change,
) -> Result<User, Error> {
    if caller.actor.user.is_none() {
        return Err(caller.sign_in_first());
    }
    let now = app.clock.now();
    app.change(caller, |tx| {
        let mut user = find(app, caller, tx, id, change.action())?;
        if version.is_some_and(|version| version != user.version) {
            return Err(Error::Changed { now: format!("\"v{}\"", user.version) });
        }
        let mut entry = app.entry(caller, change.word(), id);
        match change {
            Change::Name(name) => {
                let mut problems = Problems::new();
                check_name(name, "name", &mut problems);
                if !problems.is_empty() {
                    return Err(problems.into());
                }
                name.trim().clone_into(&mut user.name);
            }
            Change::Roles(to) => {
                change_roles(app, caller, &mut user, to)?;
                entry.detail("roles", user.roles.clone().into());
            }
            Change::Disable => {
                if id == caller.name() {
                    let message = "nobody disables themselves";
                    return Err(Error::conflict("own-account", message));
                }
                "disabled".clone_into(&mut user.state);
                tx.end_sessions(id, None)?;
                tx.end_tokens(id)?;
                tx.end_feeds(id)?;
                tx.end_links(id)?;
            }
            Change::Enable => {
                if user.state == "disabled" {
                    let state = if user.password.is_some() { "active" } else { "invited" };
                    state.clone_into(&mut user.state);
                }
            }
        }
        tx.change_user(&user, now)?;
        tx.commit(entry)?;
        let changed = tx.user(id)?.ok_or_else(|| Error::not_found("user", id))?;
        Ok(User::of(&changed))
    })
}

fn change_roles(
    app: &App,
    caller: &Caller,
    user: &mut StoredUser,
    to: &[Role],
) -> Result<(), Error> {
    let mut problems = Problems::new();
    check_roles(organization(user).map(|(side, _)| side), to, &mut problems);
    if !problems.is_empty() {
        return Err(problems.into());
    }
    // Allowed for the user as it is, and as it is to be.
    let mut to_be = resource(user);
    to_be.is_operator |= to.contains(&Role::Operator);
    app.allow(caller, Action::ChangeRoles, &to_be)?;
    user.roles = to.iter().map(|role| role.word().to_owned()).collect();
    user.roles.sort();
    user.roles.dedup();
    Ok(())
}
