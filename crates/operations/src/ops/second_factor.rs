//! The second factor: setting it up, proving it, recovery codes, removing it.

use guildhall_access::{Action, Resource, ResourceKind};
use guildhall_store::{Entry, StoredUser, Tx};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::sessions::{self, Session};
use super::sign_in::SignedIn;
use super::users::{self, User};
use super::{attempts, letters, sign_in};
use crate::caller::Missing;
use crate::mail::Letter;
use crate::second_factor::{RecoveryCode, SharedSecret};
use crate::secrets::{Digest, Form, Secret};
use crate::{App, Caller, Error};

/// For how many seconds a proof counts as fresh; the policies say the same.
const FRESH_SECONDS: i64 = 300;

/// Whether a second factor is set up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SecondFactor {
    /// Whether it is set up.
    pub is_enrolled: bool,
    /// Whether the user's roles ask for it.
    pub is_required: bool,
    /// How many recovery codes are left.
    pub recovery_codes_left: usize,
}

/// What an authenticator app is to share.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Enrolment {
    /// To be typed into the app.
    pub secret: String,
    /// The same as an `otpauth:` address, for a QR code.
    pub uri: String,
}

/// A second factor that was set up.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Enrolled {
    /// Ten codes that stand in for a lost phone, each once; shown this once.
    pub recovery_codes: Vec<String>,
    /// The session, with another secret.
    pub signed_in: SignedIn,
}

/// Recovery codes, shown this once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RecoveryCodes {
    /// Ten codes; those from before are void.
    pub recovery_codes: Vec<String>,
}

/// What proves a second factor.
#[derive(Clone, Debug)]
pub enum Proof {
    /// A code of the authenticator app.
    Code(String),
    /// One of the recovery codes.
    RecoveryCode(String),
}

fn wrong_code() -> Error {
    let hint = "wait for the next one: each code works once, and for about a minute";
    Error::field_with_hint("code", "wrong-code", "the code is wrong or was used", hint)
}

fn own(caller: &Caller) -> Resource {
    let user = caller.actor.user.as_deref().unwrap_or_default();
    Resource::new(ResourceKind::SecondFactor, user).of_user(user)
}

/// Refuses whoever has not proved the second factor just now.
fn need_fresh(caller: &Caller) -> Result<(), Error> {
    match caller.actor.second_factor_age_seconds {
        Some(age) if (0..=FRESH_SECONDS).contains(&age) => Ok(()),
        _ => Err(Error::Denied { reason: "second_factor".to_owned() }),
    }
}

/// Whether the caller has a second factor.
///
/// # Errors
///
/// When nobody is signed in.
pub fn state(app: &App, caller: &Caller) -> Result<SecondFactor, Error> {
    app.allow(caller, Action::ViewSecondFactor, &own(caller))?;
    let id = caller.name();
    let user = app.store.read(|tx| tx.user(id))?.ok_or_else(|| Error::not_found("user", id))?;
    Ok(SecondFactor {
        is_enrolled: user.shared_secret.is_some(),
        is_required: users::must_enrol(&users::roles(&user)),
        recovery_codes_left: user.recovery_codes.len(),
    })
}

/// Whether the caller may set up a second factor: by half signed in for that, or in full.
fn allow_enrolment(app: &App, caller: &Caller) -> Result<(), Error> {
    match caller.half.as_ref().map(|half| half.missing) {
        Some(Missing::Enrolment) => Ok(()),
        _ => app.allow(caller, Action::ChangeSecondFactor, &own(caller)),
    }
}

/// Begins setting up a second factor: nothing changes until its first code is given.
///
/// # Errors
///
/// When the caller may not, or has one and has not proved it just now.
pub fn begin(app: &App, caller: &Caller) -> Result<Enrolment, Error> {
    allow_enrolment(app, caller)?;
    let shared = SharedSecret::generate()?;
    app.store.write(|tx| {
        let (session, user) = sessions::read_own(tx, caller)?;
        if user.shared_secret.is_some() {
            need_fresh(caller)?;
        }
        tx.set_enrolling(&session.id, Some(&shared.shown()))?;
        let network = letters::network(tx)?;
        Ok(Enrolment { secret: shared.shown(), uri: shared.uri(&network, &user.email) })
    })
}

/// Sets up the second factor that was begun, by its first code. The session gets another secret,
/// and all others of the user must prove the new factor.
///
/// # Errors
///
/// When nothing was begun in this session, or the code is wrong.
pub fn confirm(app: &App, caller: &Caller, code: &str) -> Result<Enrolled, Error> {
    allow_enrolment(app, caller)?;
    let codes = RecoveryCode::generate()?;
    let secret = Secret::generate()?;
    let now = app.clock.now();
    app.store.write(|tx| {
        let (session, mut user) = sessions::read_own(tx, caller)?;
        if user.shared_secret.is_some() {
            need_fresh(caller)?;
        }
        let Some(shared) = session.enrolling.as_deref().and_then(SharedSecret::parse) else {
            let message = "no second factor is being set up in this session";
            return Err(Error::conflict("no-enrolment", message));
        };
        let step = shared.accepted_step(code, now, None).ok_or_else(wrong_code)?;
        user.shared_secret = Some(shared.shown());
        user.last_step = i64::try_from(step).ok();
        user.recovery_codes = digests(&codes);
        tx.change_user(&user, now)?;
        user.version += 1;
        tx.unprove_sessions(&user.id)?;
        tell(app, tx, &user, "it was set up", now)?;
        tx.commit(Entry::new(now, &user.id, "set_up_second_factor", &user.id))?;
        let signed_in = prove_session(app, tx, caller, &user, &secret, now)?;
        Ok(Enrolled { recovery_codes: shown(&codes), signed_in })
    })
}

/// Proves the second factor, to sign in or for something that needs a fresh proof. The session
/// gets another secret.
///
/// # Errors
///
/// When attempts came too fast, or the code is wrong.
pub fn prove(app: &App, caller: &Caller, proof: &Proof) -> Result<SignedIn, Error> {
    let (_, user) = app.store.read(|tx| sessions::read_own(tx, caller))?;
    if user.shared_secret.is_none() {
        return Err(match &caller.half {
            Some(_) => Error::SecondFactorNotEnrolled,
            None => Error::conflict("no-second-factor", "no second factor is set up"),
        });
    }
    attempts::begin(app, &user.email, attempts::place(caller))?;
    let secret = Secret::generate()?;
    let now = app.clock.now();
    app.store.write(|tx| {
        let (_, mut user) = sessions::read_own(tx, caller)?;
        take(app, tx, &mut user, proof, now)?;
        sign_in::welcome(app, tx, &user, caller, now)?;
        tx.commit(Entry::new(now, &user.id, "prove_second_factor", &user.id))?;
        prove_session(app, tx, caller, &user, &secret, now)
    })
}

/// Takes a code, so that it works once, whatever comes at the same time.
fn take(
    app: &App,
    tx: &mut Tx<'_>,
    user: &mut StoredUser,
    proof: &Proof,
    now: Timestamp,
) -> Result<(), Error> {
    match proof {
        Proof::Code(code) => {
            let shared = user.shared_secret.as_deref().and_then(SharedSecret::parse);
            let last = user.last_step.and_then(|step| u64::try_from(step).ok());
            let step = shared.and_then(|shared| shared.accepted_step(code, now, last));
            let step = step.and_then(|step| i64::try_from(step).ok()).ok_or_else(wrong_code)?;
            if !tx.take_step(&user.id, step)? {
                return Err(wrong_code());
            }
        }
        Proof::RecoveryCode(text) => {
            let stored: Vec<Digest> =
                user.recovery_codes.iter().filter_map(|text| Digest::parse(text)).collect();
            let found = RecoveryCode::find(text, &stored).ok_or_else(|| {
                let message = "the recovery code is wrong or was used";
                Error::field("recovery_code", "wrong-code", message)
            })?;
            user.recovery_codes.retain(|digest| digest != found.as_str());
            tx.change_user(user, now)?;
            user.version += 1;
            let left = user.recovery_codes.len();
            let change = format!("a recovery code was used; {left} are left");
            tell(app, tx, user, &change, now)?;
        }
    }
    Ok(())
}

fn prove_session(
    app: &App,
    tx: &mut Tx<'_>,
    caller: &Caller,
    user: &StoredUser,
    secret: &Secret,
    now: Timestamp,
) -> Result<SignedIn, Error> {
    let (id, _) = sessions::own(caller)?;
    tx.prove_session(id, secret.digest().as_str(), now)?;
    let session = tx.session(id)?.ok_or(Error::SignInFirst)?;
    Ok(SignedIn {
        secret: secret.shown(Form::Bare),
        needs_second_factor: false,
        needs_enrolment: false,
        session: Session::of(app, &session, Some(id))?,
        user: User::of(user),
    })
}

/// Makes ten new recovery codes; those from before are void.
///
/// # Errors
///
/// When there is no second factor, or it was not proved just now.
pub fn new_recovery_codes(app: &App, caller: &Caller) -> Result<RecoveryCodes, Error> {
    let codes = RecoveryCode::generate()?;
    let stored = digests(&codes);
    change(app, caller, "change_recovery_codes", "the recovery codes were made anew", |user| {
        user.recovery_codes.clone_from(&stored);
    })?;
    Ok(RecoveryCodes { recovery_codes: shown(&codes) })
}

/// Removes the second factor. Whose roles ask for one must set up another before anything else.
///
/// # Errors
///
/// When there is none, or it was not proved just now.
pub fn remove(app: &App, caller: &Caller) -> Result<(), Error> {
    change(app, caller, "remove_second_factor", "it was removed", clear)
}

fn clear(user: &mut StoredUser) {
    user.shared_secret = None;
    user.last_step = None;
    user.recovery_codes.clear();
}

fn change(
    app: &App,
    caller: &Caller,
    action: &str,
    told: &str,
    changes: impl Fn(&mut StoredUser),
) -> Result<(), Error> {
    app.allow(caller, Action::ChangeSecondFactor, &own(caller))?;
    let now = app.clock.now();
    app.store.write(|tx| {
        let (_, mut user) = sessions::read_own(tx, caller)?;
        if user.shared_secret.is_none() {
            return Err(Error::conflict("no-second-factor", "no second factor is set up"));
        }
        need_fresh(caller)?;
        changes(&mut user);
        tx.change_user(&user, now)?;
        if user.shared_secret.is_none() {
            tx.unprove_sessions(&user.id)?;
        }
        tell(app, tx, &user, told, now)?;
        tx.commit(app.entry(caller, action, &user.id))?;
        Ok(())
    })
}

/// Removes a user's second factor at the command line, as the phone and the codes are lost. Ends
/// the user's sessions.
///
/// # Errors
///
/// When there is no such user.
pub fn reset(app: &App, user: &str) -> Result<(), Error> {
    let caller = Caller::command_line();
    let now = app.clock.now();
    app.store.write(|tx| {
        let mut user = tx.user(user)?.ok_or_else(|| Error::not_found("user", user))?;
        clear(&mut user);
        tx.change_user(&user, now)?;
        tx.end_sessions(&user.id, None)?;
        tell(app, tx, &user, "it was removed by the operator of the server", now)?;
        tx.commit(app.entry(&caller, "reset_second_factor", &user.id))?;
        Ok(())
    })
}

fn digests(codes: &[RecoveryCode]) -> Vec<String> {
    codes.iter().map(|code| code.digest().as_str().to_owned()).collect()
}

fn shown(codes: &[RecoveryCode]) -> Vec<String> {
    codes.iter().map(RecoveryCode::shown).collect()
}

/// Tells the user by mail.
fn tell(
    app: &App,
    tx: &mut Tx<'_>,
    user: &StoredUser,
    change: &str,
    now: Timestamp,
) -> Result<(), Error> {
    let letter = Letter::SecondFactorChanged {
        network: letters::network(tx)?,
        when: letters::moment(now),
        change: change.to_owned(),
        link: format!("{}/me/second-factor", app.base_url),
    };
    letters::post(tx, &user.email, &letter, now)
}
