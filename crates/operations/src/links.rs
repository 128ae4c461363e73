//! Links that are sent by mail and work once: invitations, new passwords.
//!
//! The link carries a [`Secret`]; the store keeps a [`Link`], found by the secret's digest.
//! Whoever follows a link that is unknown, expired, used or of another purpose gets the same
//! answer, so that links tell nothing about who is known here. Sends no mail and writes no page.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::secrets::{Digest, NoRandomness, Secret};

/// What a link lets its holder do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Choose a first password. Works for seven days: people are on leave.
    Invitation,
    /// Choose a new password. Works for one hour: whoever asked for it is waiting for it.
    PasswordReset,
}

impl Purpose {
    /// How long a link of this purpose works.
    pub fn validity(self) -> SignedDuration {
        match self {
            Self::Invitation => SignedDuration::from_hours(7 * 24),
            Self::PasswordReset => SignedDuration::from_hours(1),
        }
    }
}

/// What is stored of a link that was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The digest of the secret in the link.
    pub digest: Digest,
    /// What it lets its holder do.
    pub purpose: Purpose,
    /// Whom it is for: the id of a user.
    pub subject: String,
    /// The first moment at which it no longer works.
    pub expires_at: Timestamp,
    /// When it was used.
    pub used_at: Option<Timestamp>,
}

/// The link does not work. There is one answer for links that are unknown, expired, used, and of
/// another purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this link does not work any more; ask for a new one")]
pub struct LinkRefused;

impl Link {
    /// A new link for this user: the secret to send, and what to store.
    pub fn issue(
        purpose: Purpose,
        subject: impl Into<String>,
        now: Timestamp,
    ) -> Result<(Secret, Self), NoRandomness> {
        let secret = Secret::generate()?;
        let link = Self {
            digest: secret.digest(),
            purpose,
            subject: subject.into(),
            expires_at: now.checked_add(purpose.validity()).unwrap_or(Timestamp::MAX),
            used_at: None,
        };
        Ok((secret, link))
    }

    /// Uses what the store found by a secret's digest, which may be nothing.
    ///
    /// The link is marked as used; the caller stores that in the same transaction as what the
    /// link does, and only where the stored link is unused still.
    pub fn follow(
        found: Option<Self>,
        purpose: Purpose,
        now: Timestamp,
    ) -> Result<Self, LinkRefused> {
        let works = |link: &Self| {
            link.purpose == purpose && link.used_at.is_none() && now < link.expires_at
        };
        let mut link = found.filter(works).ok_or(LinkRefused)?;
        link.used_at = Some(now);
        Ok(link)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn sent() -> (Secret, Link) {
        Link::issue(Purpose::PasswordReset, "user-7", at("2026-03-01T12:00:00Z")).unwrap()
    }

    #[test]
    fn a_link_works_once_until_it_expires() {
        let (secret, link) = sent();
        assert_eq!(link.digest, secret.digest());
        let last = at("2026-03-01T12:59:59Z");
        let used = Link::follow(Some(link.clone()), Purpose::PasswordReset, last).unwrap();
        assert_eq!((used.subject.as_str(), used.used_at), ("user-7", Some(last)));
        let again = Link::follow(Some(used), Purpose::PasswordReset, last);
        assert_eq!(again, Err(LinkRefused));
        let late = Link::follow(Some(link), Purpose::PasswordReset, at("2026-03-01T13:00:00Z"));
        assert_eq!(late, Err(LinkRefused));
    }

    #[test]
    fn all_that_does_not_work_gets_one_answer() {
        let now = at("2026-03-01T12:00:00Z");
        let (_, link) = sent();
        let other = Link::follow(Some(link), Purpose::Invitation, now).unwrap_err();
        let unknown = Link::follow(None, Purpose::Invitation, now).unwrap_err();
        assert_eq!(other.to_string(), unknown.to_string());
    }

    #[test]
    fn an_invitation_works_for_seven_days() {
        let (_, link) =
            Link::issue(Purpose::Invitation, "user-7", at("2026-03-01T12:00:00Z")).unwrap();
        assert_eq!(link.expires_at, at("2026-03-08T12:00:00Z"));
        let json = serde_json::to_string(&link).unwrap();
        assert_eq!(serde_json::from_str::<Link>(&json).unwrap(), link);
    }
}
