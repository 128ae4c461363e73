//! People: each counted once, by what they hold on the day.
//!
//! For one person it is found out, in one pass over what they hold, in which of all people
//! measures they count: a mask of one bit for each measure. Counting adds up the masks;
//! explaining asks the same masks which fact stands for the person.

use super::{Evaluator, Viewpoint, by_person};
use crate::day::Day;
use crate::facts::{HeldCredential, Membership, PartnerNumber};
use crate::reason::Reason;
use crate::rulebook::{Catalogue, Edition, PeopleRule};

/// Most people measures of one edition.
pub(crate) const PEOPLE_MEASURES: usize = 63;

/// What each credential of the catalogue means to each people measure.
#[derive(Debug)]
pub(crate) struct PeopleRules {
    credentials: Vec<CredentialRule>,
    count: u32,
    /// Measures by level list credentials that the edition does not know.
    lists_unknown: u64,
}

/// What one credential means; bits are people measures.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct CredentialRule {
    pub(crate) is_known: bool,
    pub(crate) rank: u8,
    pub(crate) validity_months: Option<u16>,
    /// Whoever holds it counts in these.
    holding: u64,
    /// Whoever holds it, and nothing higher, counts in these.
    highest: u64,
}

impl CredentialRule {
    /// Measures in which whoever holds it counts, and those in which they do if they hold nothing
    /// higher; nothing where the edition does not know it.
    pub(crate) fn masks(self) -> (u64, u64) {
        if self.is_known { (self.holding, self.highest) } else { (0, 0) }
    }
}

impl PeopleRules {
    /// Whether somebody could be lost to measures, given as bits, by holding more: to one that looks
    /// at a highest level, by a higher one.
    pub(crate) fn can_be_lost(&self, bits: u64) -> bool {
        self.credentials.iter().any(|rule| {
            let own = rule.masks().1 & bits;
            let takes = |higher: &CredentialRule| {
                higher.is_known && higher.rank > rule.rank && own & !higher.highest != 0
            };
            own != 0 && self.credentials.iter().any(takes)
        })
    }

    /// The measures that look at the highest level held, as bits.
    pub(crate) fn highest_bits(&self) -> u64 {
        self.credentials.iter().fold(0, |bits, rule| bits | rule.masks().1)
    }

    pub(crate) fn new(edition: &Edition, catalogue: &Catalogue) -> Self {
        let credentials = catalogue
            .credentials
            .iter()
            .map(|id| {
                let credential = edition.credentials.iter().find(|credential| credential.id == id);
                let level = credential.and_then(|credential| edition.levels.get(credential.level));
                CredentialRule {
                    is_known: credential.is_some(),
                    rank: level.map_or(0, |level| level.rank),
                    validity_months: credential.and_then(|credential| credential.validity_months),
                    ..CredentialRule::default()
                }
            })
            .collect();
        Self { credentials, count: 0, lists_unknown: 0 }
    }

    /// Adds a measure and returns its bit.
    pub(crate) fn add(
        &mut self,
        edition: &Edition,
        catalogue: &Catalogue,
        rule: &PeopleRule,
    ) -> u32 {
        let bit = self.count;
        self.count += 1;
        let mask = 1_u64.checked_shl(bit).unwrap_or(0);
        if !matches!(rule, PeopleRule::Holding(_)) {
            self.lists_unknown |= mask;
        }
        for (at, credential) in edition.credentials.iter().enumerate() {
            let is_meant = match rule {
                PeopleRule::Holding(credentials) => credentials.contains(&at),
                PeopleRule::AtLevel(levels) | PeopleRule::HighestLevel(levels) => {
                    levels.contains(&credential.level)
                }
            };
            let number = catalogue.credentials.find(credential.id.as_bytes());
            let slot = number.and_then(|number| self.credentials.get_mut(number as usize));
            if let (true, Some(slot)) = (is_meant, slot) {
                match rule {
                    PeopleRule::HighestLevel(_) => slot.highest |= mask,
                    PeopleRule::Holding(_) | PeopleRule::AtLevel(_) => slot.holding |= mask,
                }
            }
        }
        bit
    }

    /// What a credential means.
    #[inline]
    pub(crate) fn rule(&self, held: &HeldCredential) -> CredentialRule {
        self.credentials.get(usize::from(held.credential)).copied().unwrap_or_default()
    }

    /// Whether a measure lists a credential: it could ever count there.
    pub(crate) fn is_listed(&self, held: &HeldCredential, bit: u32) -> bool {
        let rule = self.rule(held);
        let mask = 1_u64.checked_shl(bit).unwrap_or(0);
        let means = if rule.is_known { rule.holding | rule.highest } else { self.lists_unknown };
        means & mask != 0
    }
}

/// Why a credential does not count on the day, whoever holds it.
#[inline]
pub(crate) fn credential_reason(
    rule: CredentialRule,
    held: &HeldCredential,
    view: &Viewpoint,
) -> Option<Reason> {
    if !rule.is_known {
        Some(Reason::UnknownToEdition)
    } else if held.issued_on > view.last {
        Some(Reason::NotYetIssued)
    } else if is_expired(rule, held, view) {
        Some(Reason::Expired)
    } else {
        None
    }
}

#[inline]
fn is_expired(rule: CredentialRule, held: &HeldCredential, view: &Viewpoint) -> bool {
    match (held.expires_on, rule.validity_months) {
        (Some(last), _) => last < view.as_of,
        (None, Some(months)) => held.issued_on < view.first_issue_day(months),
        (None, None) => false,
    }
}

/// The last day on which a credential counts; none where it has no end.
pub(crate) fn last_valid_day(rule: CredentialRule, held: &HeldCredential) -> Option<Day> {
    let by_catalogue = || Some(held.issued_on.plus_months(rule.validity_months?.into()));
    held.expires_on.or_else(by_catalogue)
}

/// Why a person does not count at a partner on the day, from all rows of theirs there and at its
/// subsidiaries.
#[inline]
pub(crate) fn membership_reason(rows: &[Membership], view: &Viewpoint) -> Option<Reason> {
    let mut reason = Some(Reason::Left);
    for row in rows {
        let of_row = if !row.has_consent {
            Some(Reason::NoConsent)
        } else if row.joined_on.is_some_and(|joined| joined > view.last) {
            Some(Reason::NotYetJoined)
        } else if row.left_on.is_some_and(|left| left < view.as_of) {
            Some(Reason::Left)
        } else {
            None
        };
        // None sorts first: one row in force is enough.
        reason = reason.min(of_row);
    }
    reason
}

/// What people hold, looked at from a viewpoint.
///
/// Made once for all people of a network: what each credential means, with the day from which it
/// must have been issued.
pub(crate) struct Holdings {
    meanings: Vec<Meaning>,
    as_of: Day,
    last: Day,
}

/// What holding a credential comes to, on the viewpoint's day.
#[derive(Clone, Copy, Debug)]
struct Meaning {
    /// Issued before, it is expired where the fact names no last day.
    valid_from: Day,
    /// The rank, from 1; 0 for what the edition does not know.
    rank: u64,
    holding: u64,
    highest: u64,
}

impl Holdings {
    pub(crate) fn new(rules: &PeopleRules, view: &Viewpoint) -> Self {
        let meaning = |rule: &CredentialRule| Meaning {
            valid_from: match rule.validity_months {
                _ if !rule.is_known => Day::MAX,
                Some(months) => view.first_issue_day(months),
                None => Day::MIN,
            },
            rank: if rule.is_known { u64::from(rule.rank) + 1 } else { 0 },
            holding: rule.holding,
            highest: rule.highest,
        };
        Self {
            meanings: rules.credentials.iter().map(meaning).collect(),
            as_of: view.as_of,
            last: view.last,
        }
    }

    /// In which measures a person counts by what they hold: a bit for each.
    #[inline]
    #[expect(clippy::needless_bitwise_bool, reason = "no branch on what cannot be predicted")]
    pub(crate) fn mask(&self, held: &[HeldCredential]) -> u64 {
        let (mut mask, mut highest, mut top) = (0, 0, 0);
        for held in held {
            let Some(meaning) = self.meanings.get(usize::from(held.credential)) else { continue };
            // The same conditions as in [`credential_reason`], without a branch on any of them:
            // which of a person's credentials are valid is anybody's guess, the processor's too.
            let is_unexpired = held.expires_on >= Some(self.as_of);
            let is_endless = held.expires_on.is_none() & (held.issued_on >= meaning.valid_from);
            let is_valid = (is_unexpired | is_endless) & (held.issued_on <= self.last);
            let counts = 0_u64.wrapping_sub(u64::from(is_valid));
            let (rank, of_rank) = (counts & meaning.rank, counts & meaning.highest);
            mask |= counts & meaning.holding;
            highest = if rank > top { 0 } else { highest };
            highest |= if rank >= top { of_rank } else { 0 };
            top = top.max(rank);
        }
        mask | highest
    }
}

impl Evaluator<'_> {
    /// How many people count in each people measure, by bit.
    pub(crate) fn count_people(
        &self,
        partner: PartnerNumber,
        view: &Viewpoint,
        holdings: &Holdings,
    ) -> [u32; PEOPLE_MEASURES] {
        let mut counts = [0_u32; PEOPLE_MEASURES];
        for rows in by_person(&self.members(partner, view)) {
            let Some(first) = rows.first() else { continue };
            if membership_reason(rows, view).is_some() {
                continue;
            }
            let mut mask = holdings.mask(self.facts.credentials.of(first.person));
            while mask != 0 {
                if let Some(count) = counts.get_mut(mask.trailing_zeros() as usize) {
                    *count += 1;
                }
                mask &= mask - 1;
            }
        }
        counts
    }
}
