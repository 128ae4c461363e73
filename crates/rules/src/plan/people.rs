//! Who could take what: people merged into classes of those who are interchangeable, and for each
//! class a menu of bundles of trainings, without those that another one beats.

use std::collections::BTreeMap;

use super::calendar::Calendar;
use super::checks::Check;
use super::costs::{Availability, Costs};
use super::trainings::{Item, Trainings};
use crate::day::Day;
use crate::evaluation::{
    Evaluator, by_person, credential_reason, last_valid_day, membership_reason,
};
use crate::facts::{HeldCredential, THE_PARTNER};

/// Most bundles that are looked at for one class. With more, nothing is proved.
const MOST_BUNDLES: usize = 20_000;

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
    pub(super) calendar: Calendar,
    /// Their numbers, in order.
    pub(super) members: Vec<u32>,
    /// What to choose from; doing nothing is not listed.
    pub(super) menu: Vec<Bundle>,
}

/// Trainings that one person takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bundle {
    /// In the order in which they are taken.
    pub(super) items: Vec<Item>,
    /// Which trainings, a bit for each.
    pub(super) bits: u128,
    /// The days of the calendar that each takes at least.
    pub(super) lengths: Vec<u32>,
    /// Money, in the unit of the plan.
    pub(super) money: i128,
    /// Days of preparation.
    pub(super) days: u32,
    /// What the person comes to on the day of each check.
    pub(super) effects: Vec<Effect>,
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
    /// What is held today, with its last day where that comes before the last check.
    pub(super) held: Vec<(u16, Option<Day>)>,
    /// Credentials that were ever held: what comes before them was done.
    pub(super) was_held: Vec<u16>,
}

/// The classes of a partner's people, and whether their menus are complete.
pub(super) fn classes(
    evaluator: &Evaluator<'_>,
    as_of: Day,
    checks: &[Check],
    trainings: &Trainings,
    costs: &Costs,
) -> (Vec<Class>, bool) {
    let mut by_profile: BTreeMap<Profile, Vec<u32>> = BTreeMap::new();
    for (person, profile) in profiles(evaluator, as_of, checks, trainings, costs) {
        by_profile.entry(profile).or_default().push(person);
    }
    let mut is_complete = true;
    let mut classes = Vec::new();
    for (profile, members) in by_profile {
        let (menu, is_whole) = menu(&profile, as_of, trainings);
        is_complete &= is_whole;
        if !menu.is_empty() {
            classes.push(Class { calendar: profile.calendar, members, menu });
        }
    }
    (classes, is_complete)
}

/// Every person who counts on the day of some check, and may be asked.
fn profiles(
    evaluator: &Evaluator<'_>,
    as_of: Day,
    checks: &[Check],
    trainings: &Trainings,
    costs: &Costs,
) -> BTreeMap<u32, Profile> {
    let tomorrow = as_of.plus_days(1);
    let last = checks.iter().map(|check| check.view.as_of).max().unwrap_or(as_of);
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
            });
            if let Some(counts) = profile.counts.get_mut(at) {
                *counts = true;
            }
        }
    }
    for (person, profile) in &mut found {
        let held = evaluator.facts.credentials.of(*person);
        profile.effects = checks.iter().map(|check| effect(evaluator, held, check)).collect();
        for effect in &mut profile.effects {
            *effect = trainings.of_interest(*effect);
        }
        for row in held {
            let end = last_valid_day(evaluator.people.rule(row), row);
            if trainings.has_courses(row.credential) {
                profile.was_held.push(row.credential);
            }
            if trainings.is_prerequisite(row.credential)
                && row.issued_on <= as_of
                && end.is_none_or(|end| end > as_of)
            {
                profile.held.push((row.credential, end.filter(|end| *end < last)));
            }
        }
        // Of one credential held twice the later end counts, and none is the latest.
        profile
            .held
            .sort_by_key(|(credential, end)| (*credential, end.is_some(), std::cmp::Reverse(*end)));
        profile.held.dedup_by_key(|(credential, _)| *credential);
        profile.was_held.sort_unstable();
        profile.was_held.dedup();
    }
    found
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

/// The bundles that a class can choose from, and whether all of them were found.
fn menu(profile: &Profile, as_of: Day, trainings: &Trainings) -> (Vec<Bundle>, bool) {
    let options = trainings.options(profile, as_of);
    let shared = options.iter().fold(0, |bits, option| bits | option.before);
    let nothing = Bundle {
        items: Vec::new(),
        lengths: Vec::new(),
        bits: 0,
        money: 0,
        days: 0,
        effects: profile.effects.clone(),
        gained: vec![0; profile.effects.len()],
        lost: vec![0; profile.effects.len()],
    };
    let mut found = vec![nothing];
    let mut next = 0;
    while let Some(bundle) = found.get(next).cloned() {
        next += 1;
        for option in &options {
            let Some(longer) = trainings.extended(&bundle, option, profile) else { continue };
            let useful = longer.bits & shared & trainings.useful(&options, &longer);
            let is_beaten = found.iter().any(|other| {
                other.money <= longer.money
                    && other.days <= longer.days
                    && useful & !other.bits == 0
                    && other.gained == longer.gained
                    && other.lost == longer.lost
                    && (!trainings.has_ranks || other.effects == longer.effects)
            });
            if !is_beaten {
                found.push(longer);
            }
        }
        if found.len() > MOST_BUNDLES {
            return (pareto(found), false);
        }
    }
    (pareto(found), true)
}

/// Without bundles that another one beats: at least as many gained, no more lost, for no more.
fn pareto(mut found: Vec<Bundle>) -> Vec<Bundle> {
    found.sort_by_key(|bundle| (bundle.money, bundle.days, bundle.items.len()));
    let mut kept: Vec<Bundle> = Vec::new();
    for bundle in found {
        let beats = |other: &Bundle| {
            let mut checks = other.gained.iter().zip(&bundle.gained);
            let mut losses = other.lost.iter().zip(&bundle.lost);
            other.days <= bundle.days
                && checks.all(|(more, less)| less & !more == 0)
                && losses.all(|(less, more)| less & !more == 0)
        };
        if !kept.iter().any(beats) {
            kept.push(bundle);
        }
    }
    kept.retain(|bundle| !bundle.items.is_empty());
    kept
}
