//! The users of a demonstration: all with one password and one second factor, which everybody may
//! know. On a server that is no demonstration nothing here does anything.

use guildhall_access::Actor;
use guildhall_rules::problem::Problems;
use guildhall_store::Tx;
use jiff::{SignedDuration, Timestamp};

use super::users::{self, NewUser};
use crate::second_factor::STEP_SECONDS;
use crate::{App, Caller, Demo, Error, passwords};

fn demo(app: &App) -> Result<&Demo, Error> {
    app.demo.as_ref().ok_or_else(|| Error::internal("this server is no demonstration"))
}

/// Makes users who are active at once, with the demonstration's password, and with its second
/// factor where their roles ask for one. Returns each as a caller who has just proved it.
///
/// # Errors
///
/// When the server is no demonstration, a user has problems, or an address is taken.
pub fn enrol(app: &App, new: &[NewUser]) -> Result<Vec<Caller>, Error> {
    let demo = demo(app)?;
    let mut problems = Problems::new();
    for user in new {
        for problem in passwords::check(&demo.password, &user.email, "password") {
            problems.push(problem);
        }
        users::check(user, &mut problems);
    }
    if !problems.is_empty() {
        return Err(problems.into());
    }
    // Hashing takes its time: once is enough for one password.
    let hash = app.hashing.hash(&demo.password)?;
    app.store.write(|tx| {
        new.iter().map(|user| enrol_one(app, tx, demo, user, &hash)).collect::<Result<_, Error>>()
    })
}

fn enrol_one(
    app: &App,
    tx: &mut Tx<'_>,
    demo: &Demo,
    new: &NewUser,
    hash: &str,
) -> Result<Caller, Error> {
    let operator = Caller::command_line();
    users::check_organization(tx, &operator, new)?;
    let id = users::new_id("u")?;
    users::add(app, tx, &operator, &id, new, Some(hash))?;
    let needs_code = users::must_enrol(&new.roles);
    if needs_code {
        let mut user = tx.user(&id)?.ok_or_else(|| Error::not_found("user", &id))?;
        user.shared_secret = Some(demo.shared_secret.shown());
        tx.change_user(&user, app.clock.now())?;
        tx.commit(app.entry(&operator, "set_up_second_factor", &id))?;
    }
    Ok(Caller::acting(Actor {
        user: Some(id),
        organization: new.organization.clone(),
        roles: new.roles.clone(),
        second_factor_age_seconds: needs_code.then_some(0),
        scopes: None,
    }))
}

/// The code that the user with this address may give now: the present one, or the next where the
/// present one was used; after both, one has to wait. None for whom no code is asked of.
///
/// # Errors
///
/// When the server is no demonstration, or the database cannot be read.
pub fn code(app: &App, email: &str) -> Result<Option<String>, Error> {
    let demo = demo(app)?;
    if !demo.sign_ins.iter().any(|user| user.email == email && user.needs_code) {
        return Ok(None);
    }
    let user = app.store.read(|tx| tx.user_by_email(email))?;
    let now = app.clock.now();
    let is_used = user.and_then(|user| user.last_step).is_some_and(|last| last >= step(now));
    let ahead = SignedDuration::from_secs(if is_used { 30 } else { 0 });
    Ok(Some(demo.code(now.checked_add(ahead).unwrap_or(now))))
}

/// The number of whole 30 seconds since 1970.
fn step(now: Timestamp) -> i64 {
    now.as_second().div_euclid(i64::try_from(STEP_SECONDS).unwrap_or(30))
}
