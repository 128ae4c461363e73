//! E-mail domains of organizations: claimed, and shown to be theirs by a link that is mailed to
//! the domain's own postmaster.

use guildhall_access::{Action, Resource, ResourceKind};
use guildhall_rules::facts::File;
use guildhall_store::{Kind, StoredDomain, Tx, moment_text, plain_moment};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::letters;
use super::organizations::resource;
use super::rows::possible_id;
use crate::mail::Letter;
use crate::secrets::{Form, Secret};
use crate::{App, Caller, Error};

/// How many claims an organization may make in a day.
const A_DAY: usize = 5;
/// How long a link works.
const VALIDITY: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Mailboxes that only the owner of a domain reads.
const MAILBOXES: [&str; 2] = ["postmaster", "admin"];

/// Domains under which everybody has an address.
const PUBLIC_PROVIDERS: [&str; 24] = [
    "126.com",
    "163.com",
    "aol.com",
    "fastmail.com",
    "gmail.com",
    "gmx.com",
    "gmx.de",
    "gmx.net",
    "googlemail.com",
    "hotmail.com",
    "icloud.com",
    "live.com",
    "mail.com",
    "mail.ru",
    "me.com",
    "msn.com",
    "outlook.com",
    "proton.me",
    "protonmail.com",
    "qq.com",
    "web.de",
    "yahoo.com",
    "yandex.ru",
    "zoho.com",
];

/// A domain of an organization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Domain {
    /// The domain, in lower case.
    pub domain: String,
    /// When it was claimed.
    pub claimed_at: String,
    /// When it was shown to be the organization's; absent: not yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verified_at: Option<String>,
}

impl Domain {
    fn of(claim: &StoredDomain) -> Self {
        Self {
            domain: claim.domain.clone(),
            claimed_at: plain_moment(&claim.made_at),
            verified_at: claim.verified_at.as_deref().map(plain_moment),
        }
    }
}

/// An organization as the policies see it: recorded as one, or as a partner.
fn about(tx: &mut Tx<'_>, id: &str) -> Result<Option<Resource>, Error> {
    if let Some(held) = tx.current(Kind::Organization, id)? {
        return resource(&held.draft).map(Some);
    }
    let held = tx.current(Kind::Fact(File::Partners), id)?;
    let about = Resource::new(ResourceKind::Organization, id).of_partner(id);
    Ok(held.map(|_| about))
}

fn allow(
    app: &App,
    tx: &mut Tx<'_>,
    caller: &Caller,
    id: &str,
    action: Action,
) -> Result<(), Error> {
    possible_id("organization", id)?;
    let about = about(tx, id)?;
    let is_there = about.is_some();
    let unknown = || Resource::new(ResourceKind::Organization, id);
    app.allow(caller, action, &about.unwrap_or_else(unknown))?;
    if is_there { Ok(()) } else { Err(Error::not_found("organization", id)) }
}

/// The domains that an organization claims.
///
/// # Errors
///
/// When there is no organization that the caller may see.
pub fn list(app: &App, caller: &Caller, organization: &str) -> Result<Vec<Domain>, Error> {
    app.store.read(|tx| {
        allow(app, tx, caller, organization, Action::ViewOrganization)?;
        Ok(tx.domains_of(organization)?.iter().map(Domain::of).collect())
    })
}

/// A domain in lower case.
fn read_domain(text: &str) -> Result<String, Error> {
    let domain = text.trim().to_ascii_lowercase();
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let labels: Vec<&str> = domain.split('.').collect();
    let ends_in_letters =
        labels.last().is_some_and(|last| !last.starts_with(|c: char| c.is_ascii_digit()));
    let is_domain = labels.len() >= 2
        && domain.len() <= 253
        && labels.iter().all(|label| is_label(label))
        && ends_in_letters;
    if !is_domain {
        let message = "this is no domain";
        return Err(Error::field_with_hint("domain", "bad-value", message, "as in example.org"));
    }
    if PUBLIC_PROVIDERS.contains(&domain.as_str()) {
        let message = format!("everybody has an address at {domain}");
        return Err(Error::field("domain", "public-provider", message));
    }
    Ok(domain)
}

/// Claims a domain: a link is mailed to a mailbox of it, `postmaster` or `admin`.
///
/// # Errors
///
/// When the caller may not change the organization, it is no domain, it belongs to another
/// organization, or too many were claimed today.
pub fn claim(
    app: &App,
    caller: &Caller,
    organization: &str,
    domain: &str,
    mailbox: &str,
) -> Result<Domain, Error> {
    let secret = Secret::generate()?;
    let now = app.clock.now();
    app.change(caller, |tx| {
        allow(app, tx, caller, organization, Action::EditOrganization)?;
        let domain = read_domain(domain)?;
        if !MAILBOXES.contains(&mailbox) {
            let message = "the link goes to the owner of the domain";
            let hint = "one of `postmaster`, `admin`";
            return Err(Error::field_with_hint("mailbox", "unknown-word", message, hint));
        }
        match tx.domain_holder(&domain)? {
            Some(holder) if holder == organization => {
                return Err(Error::conflict("verified-already", "the domain is yours already"));
            }
            Some(_) => {
                let message = "the domain belongs to another organization";
                return Err(Error::conflict("domain-taken", message));
            }
            None => {}
        }
        let since = moment_text(now.checked_sub(SignedDuration::from_hours(24)).unwrap_or(now));
        let today = tx.domains_of(organization)?;
        if today.iter().filter(|claim| claim.made_at > since).count() >= A_DAY {
            let until = now.checked_add(SignedDuration::from_hours(1)).unwrap_or(now);
            return Err(Error::TooMany { until });
        }
        let expires = now.checked_add(VALIDITY).unwrap_or(now);
        let claim = StoredDomain {
            domain: domain.clone(),
            organization: organization.to_owned(),
            made_at: moment_text(now),
            expires_at: moment_text(expires),
            verified_at: None,
        };
        tx.add_domain(&claim, secret.digest().as_str())?;
        let mut entry = app.entry(caller, "claim_domain", organization);
        entry.detail("domain", domain.clone().into());
        tx.commit(entry)?;
        let letter = Letter::DomainClaimed {
            network: letters::network(tx)?,
            organization: organization.to_owned(),
            domain: domain.clone(),
            expires: letters::moment(expires),
            link: format!("{}/domains/{}", app.base_url, secret.shown(Form::Bare)),
        };
        letters::post(tx, &format!("{mailbox}@{domain}"), &letter, now)?;
        Ok(Domain::of(&claim))
    })
}

/// Follows the link of a claim. Whoever holds it reads the domain's own mailbox.
///
/// # Errors
///
/// When the link does not work, or the domain is another's by now.
pub fn confirm(app: &App, caller: &Caller, link: &str) -> Result<Domain, Error> {
    let refused = || {
        let message = "this link does not work any more; claim the domain again";
        Error::conflict("link-refused", message)
    };
    let digest = Secret::parse(link, Form::Bare).ok_or_else(refused)?.digest();
    app.store.write(|tx| {
        let claim = tx.domain_by_digest(digest.as_str())?.ok_or_else(refused)?;
        let now = moment_text(app.clock.now());
        if claim.verified_at.is_some() || claim.expires_at <= now {
            return Err(refused());
        }
        if tx.domain_holder(&claim.domain)?.is_some() {
            let message = "the domain belongs to an organization already";
            return Err(Error::conflict("domain-taken", message));
        }
        tx.verify_domain(digest.as_str(), &now)?;
        let mut entry = app.entry(caller, "verify_domain", &claim.organization);
        entry.detail("domain", claim.domain.clone().into());
        tx.commit(entry)?;
        Ok(Domain::of(&StoredDomain { verified_at: Some(now), ..claim }))
    })
}

/// Domains of these addresses that were shown to belong to another organization than this.
pub(crate) fn foreign(
    tx: &mut Tx<'_>,
    emails: &str,
    organization: &str,
) -> Result<Vec<String>, Error> {
    let mut found = Vec::new();
    for email in emails.split(';') {
        let Some((_, domain)) = email.rsplit_once('@') else { continue };
        let domain = domain.trim().to_ascii_lowercase();
        let holder = tx.domain_holder(&domain)?;
        if holder.is_some_and(|holder| holder != organization) && !found.contains(&domain) {
            found.push(domain);
        }
    }
    Ok(found)
}
