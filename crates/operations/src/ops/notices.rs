//! Letters that are owed to organizations, handed to the people who answer for them.
//!
//! What causes a letter knows the organization, in the transaction of the change; who reads its
//! mail is looked up when it is delivered, so that somebody who came since is told, and somebody
//! who left is not.

use guildhall_access::{Action, Resource, ResourceKind, Role};
use guildhall_store::{Notice, Tx, UserFilter};

use super::decisions::{before, plain};
use super::letters;
use crate::mail::Letter;
use crate::{App, Caller, Error};

/// How many letters are handed over in one transaction.
const BATCH: usize = 100;

/// Most users of an organization who are looked at.
const USERS: usize = 10_000;

/// Posts every letter that is owed: to a partner's alliance leads, to the vendor's managers. One
/// that nobody is there to read is kept and tried again. Returns how many were handed over.
///
/// # Errors
///
/// When the database cannot be used.
pub fn deliver(app: &App) -> Result<u64, Error> {
    let (mut after, mut delivered) = (0, 0);
    loop {
        let (last, count) = app.store.write(|tx| batch(app, tx, after))?;
        delivered += count;
        match last {
            Some(last) => after = last,
            None => return Ok(delivered),
        }
    }
}

/// Posts what is owed behind a number. Returns the last number, if there were any, and how many
/// were handed over.
fn batch(app: &App, tx: &mut Tx<'_>, after: i64) -> Result<(Option<i64>, u64), Error> {
    let now = app.clock.now();
    let (mut last, mut delivered) = (None, 0);
    for notice in tx.owed_notices(after, BATCH)? {
        last = Some(notice.number);
        let addresses = addresses(tx, &notice)?;
        let letter: Letter = serde_json::from_str(&notice.letter).map_err(Error::internal)?;
        if addresses.is_empty() || !tx.deliver_notice(notice.number, now)? {
            continue;
        }
        for address in addresses {
            letters::post(tx, &address, &letter, now)?;
        }
        delivered += 1;
    }
    Ok((last, delivered))
}

/// The addresses of those who answer for an organization.
fn addresses(tx: &mut Tx<'_>, notice: &Notice) -> Result<Vec<String>, Error> {
    let readers = match notice.organization {
        Some(_) => [Role::AllianceLead].as_slice(),
        None => &[Role::ProgramManager, Role::PartnerDevelopmentManager],
    };
    let filter = UserFilter {
        partner: notice.organization.clone(),
        vendor_own: notice.organization.is_none(),
        state: Some("active".to_owned()),
        ..UserFilter::default()
    };
    let users = tx.users(&filter, 0, USERS)?.into_iter();
    let reads =
        |roles: &[String]| readers.iter().any(|role| roles.iter().any(|word| word == role.word()));
    Ok(users.filter(|user| reads(&user.roles)).map(|user| user.email).collect())
}

/// What a partner was told, as it stands in the portal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeShown {
    /// Its number.
    pub number: i64,
    /// When it was told.
    pub at: String,
    /// What was told: the letter that was mailed to those who answer for the partner.
    pub letter: Letter,
}

/// What a letter is about: whoever may see that may see the letter.
fn about(letter: &Letter, partner: &str) -> Option<(Action, Resource)> {
    let (action, kind) = match letter {
        Letter::ReviewNotice { .. } => (Action::ViewScorecard, ResourceKind::Partner),
        Letter::ReviewOutcome { .. } => (Action::ViewDecision, ResourceKind::Decision),
        Letter::DisputeAnswered { .. } => (Action::ViewDispute, ResourceKind::Dispute),
        // An unshown plan is the partner's own, and so is what is told of it.
        Letter::PlanNotice { .. } => (Action::ViewPlan, ResourceKind::Plan),
        _ => return None,
    };
    Some((action, Resource::new(kind, partner).of_partner(partner)))
}

/// What a partner was told, the latest first: one more than `limit`. It is what was mailed, from
/// the same table.
///
/// # Errors
///
/// When there is no such partner that the caller may see.
pub fn list(
    app: &App,
    caller: &Caller,
    partner: &str,
    after: Option<&str>,
    limit: usize,
) -> Result<Vec<NoticeShown>, Error> {
    let own = Resource::new(ResourceKind::Partner, partner).of_partner(partner);
    app.allow(caller, Action::ViewScorecard, &own)?;
    let before = before(after)?;
    let told = app.store.read(|tx| tx.notices_of(partner, before, limit + 1))?;
    let mut shown = Vec::new();
    for (number, at, letter) in told {
        let letter: Letter = serde_json::from_str(&letter).map_err(Error::internal)?;
        let about = about(&letter, partner);
        let may = |(action, resource): (Action, Resource)| {
            app.access.decide(&caller.actor, action, &resource).is_allowed()
        };
        if about.is_some_and(may) {
            shown.push(NoticeShown { number, at: plain(&at), letter });
        }
    }
    Ok(shown)
}
