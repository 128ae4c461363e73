//! Subsidiaries: whose people and validations count at a partner besides its own.
//!
//! An affiliation reaches one level: what a subsidiary has from subsidiaries of its own stays
//! there. Nothing else of a subsidiary counts at its primary, and nothing of a primary at a
//! subsidiary.

use std::borrow::Cow;

use super::people::membership_reason;
use super::{Evaluator, Viewpoint};
use crate::facts::{Affiliation, Membership, PartnerNumber};
use crate::reason::Reason;
use crate::rulebook::FactKind;

impl Evaluator<'_> {
    /// The subsidiaries of a partner on the viewpoint's day, each once.
    #[inline]
    pub(crate) fn subsidiaries(
        &self,
        partner: PartnerNumber,
        view: &Viewpoint,
    ) -> impl Iterator<Item = PartnerNumber> {
        let is_in_force = |row: &Affiliation| {
            row.from <= view.last && row.until.is_none_or(|until| view.as_of < until)
        };
        let rows = self.facts.affiliations.of(partner.0);
        rows.chunk_by(|a, b| a.subsidiary == b.subsidiary).filter_map(move |rows| {
            rows.iter().find(|row| is_in_force(row)).map(|row| PartnerNumber(row.subsidiary))
        })
    }

    /// The partners whose facts of a kind count at a partner: itself, and of validations its
    /// subsidiaries.
    pub(crate) fn owners(
        &self,
        kind: FactKind,
        partner: PartnerNumber,
        view: &Viewpoint,
    ) -> impl Iterator<Item = PartnerNumber> {
        let others = (kind == FactKind::Validation).then(|| self.subsidiaries(partner, view));
        std::iter::once(partner).chain(others.into_iter().flatten())
    }

    /// The rows of all people of a partner and its subsidiaries, those of one person side by side.
    #[inline]
    pub(crate) fn members(
        &self,
        partner: PartnerNumber,
        view: &Viewpoint,
    ) -> Cow<'_, [Membership]> {
        let mut members = Cow::Borrowed(self.facts.memberships.of(partner.0));
        for subsidiary in self.subsidiaries(partner, view) {
            members.to_mut().extend_from_slice(self.facts.memberships.of(subsidiary.0));
        }
        if let Cow::Owned(rows) = &mut members {
            rows.sort_by_key(|row| row.person);
        }
        members
    }

    /// The subsidiary at which a person counts, or for whose rows they do not; none where the
    /// partner's own rows come to the same.
    pub(crate) fn subsidiary_of(
        &self,
        person: u32,
        of_person: Option<Reason>,
        partner: PartnerNumber,
        view: &Viewpoint,
    ) -> Option<&str> {
        let comes_to_it = |partner: PartnerNumber| {
            let rows = self.facts.memberships.of(partner.0);
            let begin = rows.partition_point(|row| row.person < person);
            let end = rows.partition_point(|row| row.person <= person);
            let rows = rows.get(begin..end).unwrap_or_default();
            !rows.is_empty() && membership_reason(rows, view) == of_person
        };
        if comes_to_it(partner) {
            return None;
        }
        let others = self.subsidiaries(partner, view).filter(|other| comes_to_it(*other));
        others.map(|other| self.facts.partner_id(other)).min()
    }
}

/// The rows of each person.
#[inline]
pub(crate) fn by_person(members: &[Membership]) -> impl Iterator<Item = &[Membership]> {
    members.chunk_by(|a, b| a.person == b.person)
}
