//! Users: who takes part, for which organization, and in which roles.

use guildhall_access::{Role, Side};
use guildhall_rules::problem::{Problem, Problems};
use guildhall_store::{StoredUser, Tx, moment_text};

use crate::passwords::{self, PasswordError};
use crate::{App, Caller, Error, secrets};

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
    if problems.total() > 0 {
        return Err(problems.into());
    }
    let hash = passwords::hash(password).map_err(hashing)?;
    let id = new_id("u")?;
    app.store.write(|tx| {
        check_organization(tx, &Caller::command_line(), user)?;
        add(app, tx, &Caller::command_line(), &id, user, Some(&hash))
    })?;
    Ok(id)
}

pub(crate) fn hashing(error: PasswordError) -> Error {
    Error::internal(error)
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
