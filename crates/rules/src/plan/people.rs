//! Who could take what: people merged into classes of those who are interchangeable, each with its
//! menu of bundles of trainings.

use std::collections::BTreeMap;

use super::calendar::Calendar;
use super::checks::Check;
use super::costs::{Availability, Costs};
use super::menu::{Looks, menu};
use super::trainings::{Item, Trainings, in_units};
use crate::day::Day;
use crate::evaluation::{
    Evaluator, by_person, credential_reason, last_valid_day, membership_reason,
};
use crate::facts::{HeldCredential, THE_PARTNER};

/// What a person's credentials come to on the day of a check.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Effect {
    pub(super) holding: u64,
    pub(super) highest: u64,
    /// The rank of the highest level held, from 1.
    pub(super) rank: u16,
}

impl Effect {
    /// With one credential more.
    pub(super) fn with(self, holding: u64, highest: u64, rank: u16) -> Self {
        let highest = match rank.cmp(&self.rank) {
            std::cmp::Ordering::Greater => highest,
            std::cmp::Ordering::Equal => self.highest | highest,
            std::cmp::Ordering::Less => self.highest,
        };
        Self { holding: self.holding | holding, highest, rank: rank.max(self.rank) }
    }

    /// In which measures the person counts.
    pub(super) fn mask(self) -> u64 {
        self.holding | self.highest
    }
}

/// People who are interchangeable.
#[derive(Clone, Debug)]
pub(super) struct Class {
    pub(super) profile: Profile,
    /// Their numbers, in order.
    pub(super) members: Vec<u32>,
    /// What to choose from; doing nothing is not listed.
    pub(super) menu: Vec<Bundle>,
    /// Where something may be missing from the menu: another one than which no way is better. Not
    /// all that is in it can be done.
    pub(super) relaxed: Option<Vec<Bundle>>,
}

/// Trainings that one person takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bundle {
    /// In the order in which they are taken.
    pub(super) items: Vec<Item>,
    /// The days of the calendar that each takes at least.
    pub(super) lengths: Vec<u32>,
    /// Money, in the unit of the plan.
    pub(super) money: i128,
    /// Days of preparation.
    pub(super) days: u32,
    /// In which measures that are asked about the person is gained or lost, for each check.
    pub(super) gained: Vec<u64>,
    pub(super) lost: Vec<u64>,
}

/// What of a person matters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Profile {
    pub(super) calendar: Calendar,
    /// For each check whether the person counts then.
    pub(super) counts: Vec<bool>,
    pub(super) effects: Vec<Effect>,
    /// What is held today, with its last day; the last of all days where it outlasts the plan.
    held: Vec<(u16, Day)>,
    /// Credentials that were ever held: what comes before them was done.
    pub(super) was_held: Vec<u16>,
    /// Trainings that cost or take something else for this person, by position.
    own: Vec<(usize, OwnTerms)>,
}

/// What a training costs and takes one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct OwnTerms {
    pub(super) money: i128,
    pub(super) days: u16,
    pub(super) is_possible: bool,
}

impl Profile {
    /// The last day of a credential that is held today.
    pub(super) fn held(&self, credential: u16) -> Option<Day> {
        self.held.iter().find(|(of, _)| *of == credential).map(|(_, end)| *end)
    }

    /// What a training costs and takes this person, where it is told.
    pub(super) fn own(&self, training: usize) -> Option<&OwnTerms> {
        self.own.iter().find(|(of, _)| *of == training).map(|(_, own)| own)
    }
}

/// What profiles are made of.
pub(super) struct Asking<'a> {
    pub(super) as_of: Day,
    pub(super) checks: &'a [Check],
    pub(super) trainings: &'a Trainings,
    pub(super) costs: &'a Costs,
    /// The unit of money, in steps of a decimal.
    pub(super) unit: u128,
}

/// The classes of a partner's people.
pub(super) fn classes(evaluator: &Evaluator<'_>, asking: &Asking<'_>) -> Vec<Class> {
    let mut by_profile: BTreeMap<Profile, Vec<u32>> = BTreeMap::new();
    for (person, profile) in profiles(evaluator, asking) {
        by_profile.entry(profile).or_default().push(person);
    }
    let has_times = asking.costs.at_once.is_some();
    let (mut classes, mut looks) = (Vec::new(), Looks::ALL);
    for (profile, members) in by_profile {
        let found = menu(&profile, asking.trainings, has_times, &mut looks);
        if !found.bundles.is_empty() || found.relaxed.is_some() {
            classes.push(Class { profile, members, menu: found.bundles, relaxed: found.relaxed });
        }
    }
    classes
}

/// Every person who counts on the day of some check, and may be asked.
fn profiles(evaluator: &Evaluator<'_>, asking: &Asking<'_>) -> BTreeMap<u32, Profile> {
    let Asking { checks, costs, .. } = asking;
    let tomorrow = asking.as_of.plus_days(1);
    let mut found: BTreeMap<u32, Profile> = BTreeMap::new();
    for (at, check) in checks.iter().enumerate() {
        let members = evaluator.members(THE_PARTNER, &check.view);
        for rows in by_person(&members) {
            let Some(person) = rows.first().map(|row| row.person) else { continue };
            let id = evaluator.facts.people_ids.text(person);
            if costs.excluded.contains(id) || membership_reason(rows, &check.view).is_some() {
                continue;
            }
            let in_time = rows.iter().filter(|row| row.has_consent);
            let joined = in_time.filter_map(|row| row.joined_on).min();
            let from = if rows.iter().any(|row| row.has_consent && row.joined_on.is_none()) {
                tomorrow
            } else {
                joined.map_or(tomorrow, |day| day.max(tomorrow))
            };
            let own = costs.people.get(id).cloned().unwrap_or(Availability::ALWAYS);
            let profile = found.entry(person).or_insert_with(|| Profile {
                calendar: Calendar::new(from, &own),
                counts: vec![false; checks.len()],
                effects: Vec::new(),
                held: Vec::new(),
                was_held: Vec::new(),
                own: own_terms(id, asking),
            });
            if let Some(counts) = profile.counts.get_mut(at) {
                *counts = true;
            }
        }
    }
    for (person, profile) in &mut found {
        add_held(evaluator, *person, profile, asking);
    }
    found
}

fn own_terms(id: &str, asking: &Asking<'_>) -> Vec<(usize, OwnTerms)> {
    let own = asking.costs.own.get(id).into_iter().flatten();
    own.map(|(training, terms)| {
        let money = in_units(terms.expected_steps(), asking.unit);
        (*training, OwnTerms { money, days: terms.days, is_possible: terms.is_possible })
    })
    .collect()
}

fn add_held(evaluator: &Evaluator<'_>, person: u32, profile: &mut Profile, asking: &Asking<'_>) {
    let Asking { checks, trainings, as_of, .. } = asking;
    let last = checks.iter().map(|check| check.view.as_of).max().unwrap_or(*as_of);
    let held = evaluator.facts.credentials.of(person);
    let effects = checks.iter().map(|check| trainings.of_interest(effect(evaluator, held, check)));
    profile.effects = effects.collect();
    for row in held {
        let end = last_valid_day(evaluator.people.rule(row), row);
        if trainings.is_lasting(row.credential) {
            profile.was_held.push(row.credential);
        }
        if trainings.is_prerequisite(row.credential)
            && row.issued_on <= *as_of
            && end.is_none_or(|end| end > *as_of)
        {
            let end = end.filter(|end| *end < last).unwrap_or(Day::MAX);
            profile.held.push((row.credential, end));
        }
    }
    // Of one credential held twice the later end counts.
    profile.held.sort_by_key(|(credential, end)| (*credential, std::cmp::Reverse(*end)));
    profile.held.dedup_by_key(|(credential, _)| *credential);
    profile.was_held.sort_unstable();
    profile.was_held.dedup();
}

/// What credentials come to on the day of a check.
fn effect(evaluator: &Evaluator<'_>, held: &[HeldCredential], check: &Check) -> Effect {
    held.iter().fold(Effect::default(), |effect, row| {
        let rule = evaluator.people.rule(row);
        match credential_reason(rule, row, &check.view) {
            Some(_) => effect,
            None => {
                let (holding, highest) = rule.masks();
                effect.with(holding, highest, u16::from(rule.rank) + 1)
            }
        }
    })
}
