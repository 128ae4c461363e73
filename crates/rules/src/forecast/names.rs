//! What facts that begin or end are called, as far as the edition knows: the titles of credentials
//! and programs. Nothing else that is evaluated has a title.

use std::collections::BTreeSet;

use super::{Event, ForecastDay};
use crate::evaluation::Evaluator;
use crate::facts::PartnerNumber;
use crate::rulebook::FactKind;

impl ForecastDay {
    /// What begins and what ends.
    pub fn events_mut(&mut self) -> impl Iterator<Item = &mut Event> {
        self.lapses.iter_mut().chain(&mut self.begins)
    }

    /// The same, only to look at.
    pub fn events(&self) -> impl Iterator<Item = &Event> {
        self.lapses.iter().chain(&self.begins)
    }
}

impl Evaluator<'_> {
    /// Gives what begins and ends at a partner the titles that the edition has.
    pub(super) fn title_events(&self, partner: PartnerNumber, days: &mut [ForecastDay]) {
        let ids = |kind: FactKind| -> BTreeSet<String> {
            let events = days.iter().flat_map(ForecastDay::events);
            events.filter(|event| event.kind == kind).map(|event| event.fact.clone()).collect()
        };
        let (held, granted) = (ids(FactKind::Credential), ids(FactKind::Validation));
        let mut titles: Vec<((FactKind, String), String)> = Vec::new();
        let facts = self.facts;
        for place in facts.places(partner) {
            if !held.is_empty() {
                let people = facts.memberships.of(place).iter().map(|row| row.person);
                for row in people.flat_map(|person| facts.credentials.of(person)) {
                    let fact = facts.credential_ids.text(row.id);
                    if held.contains(fact) {
                        let title = self.credential_title(u32::from(row.credential));
                        titles.push(((FactKind::Credential, fact.to_owned()), title));
                    }
                }
            }
            if !granted.is_empty() {
                for row in facts.validations.rows.of(place) {
                    let fact = facts.validations.ids.text(row.id);
                    if granted.contains(fact) {
                        let title = self.program_title(u32::from(row.code));
                        titles.push(((FactKind::Validation, fact.to_owned()), title));
                    }
                }
            }
        }
        let titles: std::collections::BTreeMap<_, _> = titles.into_iter().collect();
        for event in days.iter_mut().flat_map(ForecastDay::events_mut) {
            event.title = titles.get(&(event.kind, event.fact.clone())).cloned();
        }
    }

    fn credential_title(&self, number: u32) -> String {
        let id = self.catalogue.credentials.text(number);
        let known = self.edition.credentials.iter().find(|one| one.id == id);
        or_id(known.map(|one| one.title.as_str()), id)
    }

    fn program_title(&self, number: u32) -> String {
        let id = self.catalogue.programs.text(number);
        let known = self.edition.programs.iter().find(|one| one.id == id);
        or_id(known.map(|one| one.title.as_str()), id)
    }
}

fn or_id(title: Option<&str>, id: &str) -> String {
    title.filter(|title| !title.is_empty()).unwrap_or(id).to_owned()
}
