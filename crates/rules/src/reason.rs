//! Why a fact did not count: the documented reasons in their order.

use serde::Serialize;

/// Why a fact did not count in a column. A fact has one reason: the first that applies, in
/// the order of this list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Reason {
    /// The edition does not know the credential or program.
    UnknownToEdition = 1,
    /// The person has not agreed to be counted.
    NoConsent,
    /// The person joins the partner later.
    NotYetJoined,
    /// The person has left the partner.
    Left,
    /// It is issued, granted or decided later.
    NotYetIssued,
    /// Its last valid day is past.
    Expired,
    /// The opportunity is not in the stage Launched.
    NotLaunched,
    /// The vendor's review has not approved the opportunity.
    NotApproved,
    /// The reference is private.
    NotPublic,
    /// The reference was withdrawn.
    Withdrawn,
    /// The plan is not validated.
    NotValidated,
    /// Its day lies outside the window.
    OutsideWindow,
    /// Its amount is in another currency than the edition's.
    OtherCurrency,
    /// The case went to another desk.
    OtherDesk,
    /// The case was opened under another kind of support.
    OtherSupport,
    /// The same person holds a higher level.
    LowerLevelThanCounted,
    /// The same person is counted by another fact already.
    DuplicatePerson,
}

impl Reason {
    /// Every reason, in order.
    pub const ALL: [Self; 17] = [
        Self::UnknownToEdition,
        Self::NoConsent,
        Self::NotYetJoined,
        Self::Left,
        Self::NotYetIssued,
        Self::Expired,
        Self::NotLaunched,
        Self::NotApproved,
        Self::NotPublic,
        Self::Withdrawn,
        Self::NotValidated,
        Self::OutsideWindow,
        Self::OtherCurrency,
        Self::OtherDesk,
        Self::OtherSupport,
        Self::LowerLevelThanCounted,
        Self::DuplicatePerson,
    ];

    /// The word in JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::UnknownToEdition => "unknown_to_edition",
            Self::NoConsent => "no_consent",
            Self::NotYetJoined => "not_yet_joined",
            Self::Left => "left",
            Self::NotYetIssued => "not_yet_issued",
            Self::Expired => "expired",
            Self::NotLaunched => "not_launched",
            Self::NotApproved => "not_approved",
            Self::NotPublic => "not_public",
            Self::Withdrawn => "withdrawn",
            Self::NotValidated => "not_validated",
            Self::OutsideWindow => "outside_window",
            Self::OtherCurrency => "other_currency",
            Self::OtherDesk => "other_desk",
            Self::OtherSupport => "other_support",
            Self::LowerLevelThanCounted => "lower_level_than_counted",
            Self::DuplicatePerson => "duplicate_person",
        }
    }

    /// The reason for people.
    pub const fn title(self) -> &'static str {
        match self {
            Self::UnknownToEdition => "not known to this edition",
            Self::NoConsent => "no consent",
            Self::NotYetJoined => "has not joined yet",
            Self::Left => "has left",
            Self::NotYetIssued => "not issued yet",
            Self::Expired => "expired",
            Self::NotLaunched => "not launched",
            Self::NotApproved => "not approved",
            Self::NotPublic => "not public",
            Self::Withdrawn => "withdrawn",
            Self::NotValidated => "not validated",
            Self::OutsideWindow => "outside the window",
            Self::OtherCurrency => "in another currency",
            Self::OtherDesk => "at another desk",
            Self::OtherSupport => "under another kind of support",
            Self::LowerLevelThanCounted => "lower level than the one counted",
            Self::DuplicatePerson => "person counted already",
        }
    }
}
