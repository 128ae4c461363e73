//! Facts changed by what is supposed: "if Ana leaves in March", "if these three pass".
//!
//! The change is made in memory, on facts that are about to be evaluated; nothing is recorded.
//! What is supposed is said in the words of the facts' own columns, so that nothing is decided
//! here.

use std::fmt;

use serde::Serialize;

use super::kinds::pack_pipeline;
use super::layout::shown;
use super::table::{Currency, Dated, Facts, HeldCredential, NO_CODE, Tags};
use super::{OpportunityReview, PartnerNumber, Stage};
use crate::day::Day;
use crate::problem::{Problem, Problems, nearest};
use crate::reason::Reason;
use crate::rulebook::Catalogue;

/// Something that is supposed to happen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Supposition {
    /// A person leaves the partner, and its subsidiaries; the day is the last on which they count.
    Leaves {
        /// The person's id.
        person: String,
        /// Their last day.
        on: Day,
    },
    /// A person passes for a credential, which is valid as long as the rulebook says.
    Passes {
        /// The person's id.
        person: String,
        /// The credential's id.
        credential: String,
        /// The day of issue.
        on: Day,
    },
    /// An opportunity of the partner is launched, and approved.
    Launches {
        /// Its id.
        opportunity: String,
        /// The day.
        on: Day,
    },
    /// A business plan is validated, and valid as long as the rulebook says.
    PlanValidated {
        /// The day.
        on: Day,
    },
    /// A program is granted, without an end.
    Granted {
        /// The program's id.
        program: String,
        /// The day.
        on: Day,
    },
}

impl fmt::Display for Supposition {
    /// In words.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Leaves { person, on } => write!(f, "{person} leaves on {on}"),
            Self::Passes { person, credential, on } => {
                write!(f, "{person} passes {credential} on {on}")
            }
            Self::Launches { opportunity, on } => write!(f, "{opportunity} is launched on {on}"),
            Self::PlanValidated { on } => write!(f, "a business plan is validated on {on}"),
            Self::Granted { program, on } => write!(f, "{program} is granted on {on}"),
        }
    }
}

impl Facts {
    /// Changes the facts of a partner by what is supposed. With a problem, some of it is not done.
    pub fn suppose(
        &mut self,
        partner: PartnerNumber,
        catalogue: &Catalogue,
        suppositions: &[Supposition],
    ) -> Problems {
        let mut problems = Problems::new();
        for supposition in suppositions {
            if let Err(problem) = self.suppose_one(partner, catalogue, supposition) {
                problems.push(*problem);
            }
        }
        problems
    }

    fn suppose_one(
        &mut self,
        partner: PartnerNumber,
        catalogue: &Catalogue,
        supposition: &Supposition,
    ) -> Result<(), Box<Problem>> {
        match supposition {
            Supposition::Leaves { person, on } => self.leaves(partner, person, *on),
            Supposition::Passes { person, credential, on } => {
                let number = self.person(partner, person)?;
                let found = catalogue.credentials.find(credential.as_bytes());
                let found = found.and_then(|found| u16::try_from(found).ok());
                let Some(found) = found else {
                    return Err(
                        unknown("credential", credential, catalogue.credentials.iter()).into()
                    );
                };
                self.add_credential(number, found, *on);
                Ok(())
            }
            Supposition::Launches { opportunity, on } => self.launches(partner, opportunity, *on),
            Supposition::PlanValidated { on } => {
                self.add_plan(partner, *on);
                Ok(())
            }
            Supposition::Granted { program, on } => {
                let found = catalogue.programs.find(program.as_bytes());
                let found = found.and_then(|found| u16::try_from(found).ok());
                let Some(code) = found else {
                    return Err(unknown("program", program, catalogue.programs.iter()).into());
                };
                self.add_validation(partner, code, *on);
                Ok(())
            }
        }
    }

    /// The partners at which people count for a partner: itself and whatever is affiliated.
    pub(crate) fn places(&self, partner: PartnerNumber) -> Vec<u32> {
        let affiliated = self.affiliations.of(partner.0).iter().map(|row| row.subsidiary);
        let mut places: Vec<u32> = std::iter::once(partner.0).chain(affiliated).collect();
        places.sort_unstable();
        places.dedup();
        places
    }

    /// The number of a person of a partner or its subsidiaries.
    fn person(&self, partner: PartnerNumber, id: &str) -> Result<u32, Box<Problem>> {
        let places = self.places(partner);
        let people = places.iter().flat_map(|place| self.memberships.of(*place));
        let numbers: Vec<u32> = people.map(|row| row.person).collect();
        let found = self.people_ids.find(id.as_bytes());
        found.filter(|found| numbers.contains(found)).ok_or_else(|| {
            let known = numbers.iter().map(|number| self.people_ids.text(*number));
            unknown("person", id, known).into()
        })
    }

    fn leaves(&mut self, partner: PartnerNumber, id: &str, on: Day) -> Result<(), Box<Problem>> {
        let person = self.person(partner, id)?;
        let mut has_left = false;
        for place in self.places(partner) {
            for row in self.memberships.of_mut(place) {
                let is_there = row.joined_on.is_none_or(|joined| joined <= on)
                    && row.left_on.is_none_or(|left| left > on);
                if row.person == person && is_there {
                    row.left_on = Some(on);
                    has_left = true;
                }
            }
        }
        if has_left {
            return Ok(());
        }
        let message = format!("`{}` cannot leave on {on}", shown(id.as_bytes()));
        let hint = "by then the person has left, or has not joined";
        Err(Box::new(Problem::new("impossible-supposition", message).hint(hint)))
    }

    fn launches(&mut self, partner: PartnerNumber, id: &str, on: Day) -> Result<(), Box<Problem>> {
        let table = &mut self.opportunities;
        let ids = &table.ids;
        let known = table.rows.of(partner.0).iter().map(|row| ids.text(row.id));
        let unknown = || Box::new(unknown("opportunity", id, known.clone()));
        let number = ids.find(id.as_bytes()).ok_or_else(unknown)?;
        let at = table.rows.of(partner.0).iter().position(|row| row.id == number);
        let at = at.ok_or_else(unknown)?;
        let Some(row) = table.rows.of_mut(partner.0).get_mut(at) else { return Ok(()) };
        if let (None, Some(launched)) = (row.barred, row.on) {
            let message = format!("`{}` is launched already", shown(id.as_bytes()));
            let hint = format!("on {launched}");
            return Err(Box::new(Problem::new("impossible-supposition", message).hint(hint)));
        }
        row.barred = None;
        row.on = Some(on);
        row.code = pack_pipeline(Stage::Launched, OpportunityReview::Approved);
        table.sort(partner.0);
        Ok(())
    }

    /// Adds a credential that a person holds from a day on.
    pub(crate) fn add_credential(&mut self, person: u32, credential: u16, on: Day) {
        let id = new_id(&mut self.credential_ids);
        let row = HeldCredential { id, issued_on: on, expires_on: None, credential };
        self.credentials.insert(person, row, self.people_ids.len());
    }

    fn add_plan(&mut self, partner: PartnerNumber, on: Day) {
        let count = self.partners.len();
        let table = &mut self.business_plans;
        let id = new_id(&mut table.ids);
        table.insert(partner.0, dated(id, on, NO_CODE), count);
    }

    fn add_validation(&mut self, partner: PartnerNumber, program: u16, on: Day) {
        let count = self.partners.len();
        let table = &mut self.validations;
        let id = new_id(&mut table.ids);
        table.insert(partner.0, dated(id, on, program), count);
    }
}

fn dated(id: u32, on: Day, code: u16) -> Dated {
    let barred: Option<Reason> = None;
    let (currency, tags) = (Currency::NONE, Tags::default());
    Dated { id, on: Some(on), end: None, code, currency, barred, tags }
}

/// An id that no fact has.
fn new_id(ids: &mut super::Ids) -> u32 {
    (1_u64..)
        .find_map(|number| match ids.insert(format!("supposed-{number}").as_bytes()) {
            Some((at, true)) => Some(at),
            Some((_, false)) => None,
            None => Some(u32::MAX),
        })
        .unwrap_or(u32::MAX)
}

fn unknown<'k>(what: &str, id: &str, known: impl Iterator<Item = &'k str>) -> Problem {
    let message = format!("there is no {what} `{}`", shown(id.as_bytes()));
    let mut near = nearest(id, known, 3);
    near.dedup();
    let list: Vec<String> = near.iter().map(|id| format!("`{id}`")).collect();
    let hint = (!list.is_empty()).then(|| format!("did you mean {}?", list.join(" or ")));
    Problem::new("unknown-supposition", message).maybe_hint(hint)
}
