//! Enrolments: a company registers, accepts the agreement, chooses a path and hands in; the vendor
//! lets it in or turns it away.
//!
//! Who registers need not be signed in: they get a secret, by which they are the applicant. That
//! the e-mail address is theirs is proved by the invitation, which is mailed to it.

use guildhall_access::{Action, Actor, Resource, ResourceKind, Role, Side};
use guildhall_rules::facts::File;
use guildhall_rules::problem::{Problem, Problems, did_you_mean};
use guildhall_store::{Draft, Kind, StoredEnrolment, Tx, moment_text, plain_moment};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::facts::check;
use super::rows::{Cells, at, draft, possible_id, reason, set};
use super::users::{self, NewUser};
use super::{attempts, invitations, letters, organizations};
use crate::mail::Letter;
use crate::secrets::{Form, Secret};
use crate::{App, Caller, Error};

/// How many enrolments a network address may begin in a day.
const A_DAY: i64 = 5;

/// What a company registers with.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Application {
    /// The company's legal name.
    pub company: String,
    /// The id that the partner is to have: letters, digits, `-`, `_` and `.`.
    pub partner: String,
    /// Where the applicant is reached.
    pub email: String,
    /// The path, if it is chosen already.
    #[serde(default)]
    pub path: Option<String>,
}

/// How far an enrolment is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Enrolment {
    /// Its id.
    pub id: String,
    /// The company's legal name.
    pub company: String,
    /// The id that the partner is to have.
    pub partner: String,
    /// Where the applicant is reached.
    pub email: String,
    /// The path that was chosen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// `applied`, `agreed`, `submitted`, `approved` or `declined`.
    pub state: String,
    /// The version of the agreement that was accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agreement: Option<String>,
    /// When it was applied for.
    pub registered_at: String,
    /// When the agreement was accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agreed_at: Option<String>,
    /// When it was handed in: from then on the vendor's clock runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub submitted_at: Option<String>,
    /// When it was decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_at: Option<String>,
    /// Why it was declined.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A new enrolment, and the secret by which its applicant goes on.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Applied {
    /// The enrolment.
    pub enrolment: Enrolment,
    /// The secret, which is shown once.
    pub secret: String,
}

/// The partner agreement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Agreement {
    /// The name of its version, as `2026-01`.
    pub version: String,
    /// Its text.
    pub text: String,
}

impl Enrolment {
    fn of(one: &StoredEnrolment) -> Self {
        let plain = |at: &Option<String>| at.as_deref().map(plain_moment);
        Self {
            id: one.id.clone(),
            company: one.company.clone(),
            partner: one.partner.clone(),
            email: one.email.clone(),
            path: one.path.clone(),
            state: one.state.clone(),
            agreement: one.agreement.clone(),
            registered_at: plain_moment(&one.made_at),
            agreed_at: plain(&one.agreed_at),
            submitted_at: plain(&one.submitted_at),
            decided_at: plain(&one.decided_at),
            reason: one.reason.clone(),
        }
    }
}

fn is_partner_id(id: &str) -> bool {
    (1..=128).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

fn application_problems(application: &Application) -> Problems {
    let mut problems = Problems::new();
    users::check_name(&application.company, "company", &mut problems);
    if !users::is_email(&application.email) {
        let message = "this is no e-mail address";
        problems.push(at(Problem::new("bad-value", message), "email"));
    }
    if !is_partner_id(&application.partner) {
        let message = "an id has 1 to 128 letters, digits, `-`, `_` and `.`";
        problems.push(at(Problem::new("bad-value", message), "partner"));
    }
    problems
}

/// Refuses a path that the edition in force does not have; tells its lowest tier.
fn lowest_tier(app: &App, tx: &mut Tx<'_>, path: &str) -> Result<Option<String>, Error> {
    let book = app.rulebooks.get(tx)?;
    let edition = book.choose(None, app.clock.today(), None)?;
    let Some(found) = edition.paths.iter().find(|one| one.id == path) else {
        let shown: String = path.chars().filter(|char| !char.is_control()).take(60).collect();
        let hint = did_you_mean(&shown, edition.paths.iter().map(|path| path.id.as_str()));
        let problem = Problem::new("unknown-word", format!("there is no path `{shown}`"));
        return Err(at(problem.maybe_hint(hint), "path").into());
    };
    Ok(found.tiers.first().map(|tier| tier.id.clone()))
}

/// Tells what stands in the way of a partner of this id and legal name.
fn refuse_taken(tx: &mut Tx<'_>, partner: &str, company: &str) -> Result<(), Error> {
    let is_known = tx.is_known(Kind::Fact(File::Partners), partner)?
        || tx.is_known(Kind::Organization, partner)?;
    if is_known {
        let message = format!("the id `{partner}` is taken: choose another one");
        return Err(Error::conflict("id-taken", message));
    }
    if tx.legal_name_holder(company)?.is_some() {
        let message = "a company of this legal name takes part already: ask it for an invitation";
        return Err(Error::conflict("legal-name-taken", message));
    }
    Ok(())
}

/// Registers a company that wants to join.
///
/// # Errors
///
/// When the caller belongs to an organization, the input has problems, id or name is taken, or
/// too many came from the caller's network today.
pub fn apply(app: &App, caller: &Caller, application: &Application) -> Result<Applied, Error> {
    app.allow(caller, Action::Apply, &Resource::new(ResourceKind::Enrolment, "new"))?;
    let problems = application_problems(application);
    if !problems.is_empty() {
        return Err(problems.into());
    }
    let secret = Secret::generate()?;
    let id = users::new_id("e")?;
    let now = app.clock.now();
    let network = attempts::place(caller).address().to_string();
    let one = StoredEnrolment {
        id,
        company: application.company.trim().to_owned(),
        partner: application.partner.clone(),
        email: application.email.clone(),
        path: application.path.clone(),
        state: "applied".to_owned(),
        digest: secret.digest().as_str().to_owned(),
        network,
        user: caller.actor.user.clone(),
        version: 1,
        made_at: moment_text(now),
        ..StoredEnrolment::default()
    };
    // The answer holds a secret: it is not kept for a key of idempotency.
    app.store
        .write(|tx| {
            let since = now.checked_sub(SignedDuration::from_hours(24)).unwrap_or(now);
            if tx.enrolments_from(&one.network, &moment_text(since))? >= A_DAY {
                let until = now.checked_add(SignedDuration::from_hours(1)).unwrap_or(now);
                return Err(Error::TooMany { until });
            }
            if let Some(path) = &one.path {
                lowest_tier(app, tx, path)?;
            }
            refuse_taken(tx, &one.partner, &one.company)?;
            tx.add_enrolment(&one)?;
            tx.commit(app.entry(caller, Action::Apply.word(), &one.id))?;
            Ok(())
        })
        .map(|()| Applied { enrolment: Enrolment::of(&one), secret: secret.shown(Form::Bare) })
}

/// An enrolment as the policies see it, and who the caller is to it: whoever holds its secret is
/// its applicant.
fn about(caller: &Caller, one: &StoredEnrolment, secret: Option<&str>) -> (Caller, Resource) {
    let about = Resource::new(ResourceKind::Enrolment, &one.id);
    let digest = secret.and_then(|text| Secret::parse(text, Form::Bare));
    if digest.is_some_and(|secret| secret.digest().as_str() == one.digest) {
        let name = format!("applicant-{}", one.id);
        let actor = Actor { user: Some(name.clone()), ..Actor::nobody() };
        return (Caller { actor, ..caller.clone() }, about.of_user(name));
    }
    let about = match &one.user {
        Some(user) => about.of_user(user),
        None => about,
    };
    (caller.clone(), about)
}

/// The enrolment with an id, and the caller as who they are to it, if they may do this.
fn found(
    app: &App,
    tx: &mut Tx<'_>,
    caller: &Caller,
    (id, secret): (&str, Option<&str>),
    action: Action,
) -> Result<(StoredEnrolment, Caller), Error> {
    possible_id("enrolment", id)?;
    let Some(one) = tx.enrolment(id)? else {
        app.allow(caller, action, &Resource::new(ResourceKind::Enrolment, id))?;
        return Err(Error::not_found("enrolment", id));
    };
    let (caller, about) = about(caller, &one, secret);
    app.allow(&caller, action, &about)?;
    Ok((one, caller))
}

fn expect(one: &StoredEnrolment, states: &[&str]) -> Result<(), Error> {
    if states.contains(&one.state.as_str()) {
        return Ok(());
    }
    let message = format!("the enrolment is {}", one.state);
    Err(Error::conflict("enrolment-state", message))
}

/// How far an enrolment is. `secret` is the applicant's.
///
/// # Errors
///
/// When there is none that the caller may see.
pub fn read(
    app: &App,
    caller: &Caller,
    id: &str,
    secret: Option<&str>,
) -> Result<Enrolment, Error> {
    app.store.read(|tx| {
        let (one, _) = found(app, tx, caller, (id, secret), Action::ViewEnrolment)?;
        Ok(Enrolment::of(&one))
    })
}

/// Enrolments, for the vendor: one more than the limit, where there are so many.
///
/// # Errors
///
/// When the caller may not see all of them.
pub fn list(
    app: &App,
    caller: &Caller,
    state: Option<&str>,
    after: Option<&str>,
    limit: usize,
) -> Result<Vec<Enrolment>, Error> {
    let all = Resource::new(ResourceKind::Enrolment, "all");
    app.allow(caller, Action::ViewEnrolment, &all)?;
    app.store.read(|tx| {
        let found = tx.enrolments(state, after, limit.saturating_add(1))?;
        Ok(found.iter().map(Enrolment::of).collect())
    })
}

/// The agreement that is in force; open to everybody.
///
/// # Errors
///
/// When there is none.
pub fn agreement(app: &App) -> Result<Agreement, Error> {
    let held = app.store.read(|tx| Ok::<_, Error>(tx.agreement()?))?;
    let (version, text) = held.ok_or_else(|| Error::not_found("agreement", "in force"))?;
    Ok(Agreement { version, text })
}

/// Brings a version of the agreement into force.
///
/// # Errors
///
/// When the caller may not, or there is a version of this name already.
pub fn set_agreement(
    app: &App,
    caller: &Caller,
    agreement: &Agreement,
) -> Result<Agreement, Error> {
    let network = Resource::new(ResourceKind::Network, "network");
    app.allow(caller, Action::ManageSettings, &network)?;
    if !is_partner_id(&agreement.version) {
        let message = "a version has 1 to 128 letters, digits, `-`, `_` and `.`";
        return Err(Error::field("version", "bad-value", message));
    }
    if agreement.text.trim().is_empty() || agreement.text.contains('\0') {
        return Err(Error::field("text", "missing-value", "the text is missing"));
    }
    app.change(caller, |tx| {
        let Agreement { version, text } = agreement;
        let mut entry = app.entry(caller, "set_agreement", version);
        entry.detail("sha256", guildhall_store::sha256(text.as_bytes()).into());
        if !tx.add_agreement(version, text, &entry.at_text(), caller.name())? {
            let message = format!("there is a version `{version}` already");
            return Err(Error::conflict("id-taken", message));
        }
        tx.commit(entry)?;
        Ok(agreement.clone())
    })
}

/// Accepts the agreement for a company, in the version that was read.
///
/// # Errors
///
/// When the caller is not the applicant, another version is in force, or it is too late.
pub fn accept_agreement(
    app: &App,
    caller: &Caller,
    id: &str,
    secret: Option<&str>,
    version: &str,
) -> Result<Enrolment, Error> {
    app.change(caller, |tx| {
        let (mut one, caller) = found(app, tx, caller, (id, secret), Action::AcceptAgreement)?;
        expect(&one, &["applied", "agreed"])?;
        let held = tx.agreement()?;
        if held.as_ref().is_none_or(|(held, _)| held != version) {
            let message = "this version of the agreement is not in force: read it again";
            return Err(Error::conflict("other-agreement", message));
        }
        let mut entry = app.entry(&caller, Action::AcceptAgreement.word(), id);
        entry.detail("agreement", version.into());
        "agreed".clone_into(&mut one.state);
        one.agreement = Some(version.to_owned());
        one.agreed_at = Some(entry.at_text());
        tx.change_enrolment(&one)?;
        tx.commit(entry)?;
        Ok(Enrolment::of(&one))
    })
}

/// Hands an enrolment in, with the path that was chosen.
///
/// # Errors
///
/// When the caller is not the applicant, there is no such path, or the agreement is not accepted.
pub fn submit(
    app: &App,
    caller: &Caller,
    id: &str,
    secret: Option<&str>,
    path: Option<&str>,
) -> Result<Enrolment, Error> {
    app.change(caller, |tx| {
        let (mut one, caller) = found(app, tx, caller, (id, secret), Action::AcceptAgreement)?;
        expect(&one, &["agreed"])?;
        if let Some(path) = path {
            one.path = Some(path.to_owned());
        }
        let Some(path) = &one.path else {
            return Err(Error::field("path", "missing-value", "no path is chosen"));
        };
        lowest_tier(app, tx, path)?;
        let entry = app.entry(&caller, "submit_enrolment", id);
        "submitted".clone_into(&mut one.state);
        one.submitted_at = Some(entry.at_text());
        tx.change_enrolment(&one)?;
        tx.commit(entry)?;
        Ok(Enrolment::of(&one))
    })
}

/// Lets a company in: partner, organization and the first row of its history are recorded, and the
/// applicant becomes its alliance lead.
///
/// # Errors
///
/// When the caller may not, it is not handed in, id or legal name is taken by now, or the address
/// is that of a user elsewhere.
pub fn approve(app: &App, caller: &Caller, id: &str) -> Result<Enrolment, Error> {
    let user = users::new_id("u")?;
    app.change(caller, |tx| {
        let (mut one, _) = found(app, tx, caller, (id, None), Action::ApproveEnrolment)?;
        expect(&one, &["submitted"])?;
        refuse_taken(tx, &one.partner, &one.company)?;
        record_partner(app, tx, caller, &one)?;
        let mut entry = app.entry(caller, Action::ApproveEnrolment.word(), id);
        entry.detail("partner", one.partner.clone().into());
        "approved".clone_into(&mut one.state);
        one.decided_at = Some(entry.at_text());
        one.decided_by = Some(caller.name().to_owned());
        tx.change_enrolment(&one)?;
        tx.commit(entry)?;
        invite(app, tx, caller, &one, &user)?;
        Ok(Enrolment::of(&one))
    })
}

fn row(kind: Kind, values: &[(&str, &str)]) -> Result<Draft, Error> {
    let mut row = draft(kind, &Cells::default(), None)?;
    for (name, value) in values {
        set(&mut row, name, Some(value));
    }
    Ok(row)
}

/// Records the partner, its organization, and that it joined.
fn record_partner(
    app: &App,
    tx: &mut Tx<'_>,
    caller: &Caller,
    one: &StoredEnrolment,
) -> Result<(), Error> {
    let path = one.path.as_deref().unwrap_or_default();
    let tier = lowest_tier(app, tx, path)?.unwrap_or_default();
    let book = app.rulebooks.get(tx)?;
    let (id, company) = (one.partner.as_str(), one.company.as_str());
    let values = [("id", id), ("name", company), ("path", path)];
    let partner = row(Kind::Fact(File::Partners), &values)?;
    let partner = check(tx, &book.catalogue, &partner, None)?;
    let mut organization = organizations::of_partner(tx, &partner)?;
    set(&mut organization, "legal_name", Some(company));
    organizations::check(tx, &organization)?;
    let mut entry = app.entry(caller, Action::AddFact.word(), id);
    tx.record(&mut entry, partner)?;
    tx.record(&mut entry, organization)?;
    tx.commit(entry)?;
    // It refers to the partner, which is written now.
    let today = app.clock.today().to_string();
    let review = format!("{}-{id}", one.id);
    let values = [
        ("id", review.as_str()),
        ("partner", id),
        ("path", path),
        ("on", today.as_str()),
        ("kind", "enrolment"),
        ("tier", tier.as_str()),
    ];
    let joined = row(Kind::Fact(File::Reviews), &values)?;
    let joined = check(tx, &book.catalogue, &joined, None)?;
    let mut entry = app.entry(caller, Action::AddFact.word(), &review);
    tx.record(&mut entry, joined)?;
    tx.commit(entry)?;
    Ok(())
}

/// Makes the applicant the partner's alliance lead: by invitation, or as the user they are.
fn invite(
    app: &App,
    tx: &mut Tx<'_>,
    caller: &Caller,
    one: &StoredEnrolment,
    id: &str,
) -> Result<(), Error> {
    let now = app.clock.now();
    let free = tx.user_by_email(&one.email)?.filter(|user| user.organization.is_none());
    if let Some(mut user) = free.filter(|user| one.user.as_ref() == Some(&user.id)) {
        user.organization = Some((Side::Partner.word().to_owned(), one.partner.clone()));
        user.roles = vec![Role::AllianceLead.word().to_owned()];
        tx.change_user(&user, now)?;
        tx.commit(app.entry(caller, Action::ChangeRoles.word(), &user.id))?;
    } else {
        let user = NewUser {
            email: one.email.clone(),
            name: one.company.clone(),
            organization: Some((Side::Partner, one.partner.clone())),
            roles: vec![Role::AllianceLead],
        };
        invitations::send(app, tx, caller, id, &user)?;
    }
    let letter = Letter::EnrolmentApproved {
        network: letters::network(tx)?,
        partner: one.company.clone(),
        from: app.clock.today().to_string(),
        link: format!("{}/partners/{}", app.base_url, one.partner),
    };
    letters::post(tx, &one.email, &letter, now)
}

/// Turns a company away, with a reason that it is told.
///
/// # Errors
///
/// When the caller may not, it is decided already, or there is no reason.
pub fn decline(app: &App, caller: &Caller, id: &str, why: &str) -> Result<Enrolment, Error> {
    app.change(caller, |tx| {
        let (mut one, _) = found(app, tx, caller, (id, None), Action::DeclineEnrolment)?;
        expect(&one, &["applied", "agreed", "submitted"])?;
        let why = reason(why)?;
        let entry = app.entry(caller, Action::DeclineEnrolment.word(), id);
        "declined".clone_into(&mut one.state);
        one.decided_at = Some(entry.at_text());
        one.decided_by = Some(caller.name().to_owned());
        one.reason = Some(why.to_owned());
        tx.change_enrolment(&one)?;
        tx.commit(entry)?;
        Ok(Enrolment::of(&one))
    })
}
