//! The training catalogue made ready for one plan: what each training means to the measures that
//! are asked about, what has to come before it, and until when it must be done.

use std::collections::BTreeSet;

use super::calendar::Calendar;
use super::checks::Check;
use super::costs::Costs;
use super::people::{Bundle, Effect, Profile};
use crate::day::Day;
use crate::evaluation::Evaluator;
use crate::facts::HeldCredential;
use crate::rulebook::{Edition, Prerequisite};

/// A training taken until the day of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Item {
    /// The training, by position in the edition.
    pub(super) training: usize,
    /// The check, by position: it is passed on its day at the latest.
    pub(super) slot: usize,
    /// The first day on which passing it counts where it has to.
    pub(super) not_before: Option<Day>,
    /// The last day, where something that it builds on lapses before.
    pub(super) deadline: Option<Day>,
}

/// The trainings of an edition.
#[derive(Debug)]
pub(super) struct Trainings {
    all: Vec<Training>,
    /// The days of the checks.
    days: Vec<Day>,
    /// The last day of each slot: that of its check, or an earlier one by which all is to be done.
    ends: Vec<Day>,
    /// The measures that are asked about, as bits, for each check.
    asked: Vec<Asked>,
    /// Credentials that some training builds on, by their numbers.
    prerequisites: BTreeSet<u16>,
    /// Credentials to which a training leads that builds on something.
    with_courses: BTreeSet<u16>,
    /// The number of each credential of the edition.
    numbers: Vec<Option<u16>>,
    /// For each check, by months of validity, the first day of issue still valid on its day.
    first_issue: Vec<Vec<(u16, Day)>>,
    /// Everything that is asked about, as bits.
    bits: u64,
    /// Whether anything that is asked about looks at the highest level held.
    pub(super) has_ranks: bool,
}

#[derive(Clone, Copy, Debug, Default)]
struct Asked {
    more: u64,
    less: u64,
}

#[derive(Debug)]
struct Training {
    /// The number of the credential, with what it means.
    credential: Option<(u16, Effect)>,
    validity_months: Option<u16>,
    money: i128,
    days: u16,
    requires: Vec<Prerequisite>,
    after: Vec<usize>,
    is_possible: bool,
}

/// A way to a credential: a training with all that has to come before it.
#[derive(Clone, Debug)]
pub(super) struct Way {
    items: Vec<Item>,
    /// What comes before the last.
    pub(super) before: u128,
    money: i128,
    days: u32,
}

impl Trainings {
    pub(super) fn new(
        evaluator: &Evaluator<'_>,
        edition: &Edition,
        checks: &[Check],
        costs: &Costs,
        (unit, latest): (u128, Day),
    ) -> Self {
        let number = |at: usize| {
            let id = edition.credentials.get(at)?.id.as_bytes();
            evaluator.catalogue.credentials.find(id).and_then(|number| u16::try_from(number).ok())
        };
        let entries = edition.training.iter().zip(&costs.trainings);
        let all = entries.map(|(training, terms)| {
            let credential = training.leads_to.and_then(number).map(|credential| {
                let issued_on = Day::MIN;
                let held = HeldCredential { id: 0, issued_on, expires_on: None, credential };
                let rule = evaluator.people.rule(&held);
                let (holding, highest) = rule.masks();
                (credential, Effect { holding, highest, rank: u16::from(rule.rank) + 1 })
            });
            let of = training.leads_to.and_then(|at| edition.credentials.get(at));
            Training {
                credential,
                validity_months: of.and_then(|of| of.validity_months),
                money: in_units(terms.expected_steps(), unit),
                days: terms.days,
                requires: training.requires.clone(),
                after: training.after.clone(),
                is_possible: terms.is_possible,
            }
        });
        let all: Vec<Training> = all.collect();
        let of_entry = |one: &Training| one.requires.clone();
        let required = all.iter().flat_map(of_entry).filter_map(|required| match required {
            Prerequisite::Credential(at) => number(at),
            Prerequisite::Training(_) => None,
        });
        let prerequisites: BTreeSet<u16> = required.collect();
        let leading = all.iter().filter(|one| !one.requires.is_empty());
        let with_courses: BTreeSet<u16> =
            leading.filter_map(|one| Some(one.credential?.0)).collect();
        let asked: Vec<Asked> = checks
            .iter()
            .map(|check| Asked { more: check.people_more, less: check.people_less })
            .collect();
        let bits = asked.iter().fold(0, |bits, asked| bits | asked.more | asked.less);
        let has_ranks = all
            .iter()
            .any(|one| one.credential.is_some_and(|(_, effect)| effect.highest & bits != 0));
        let days: Vec<Day> = checks.iter().map(|check| check.last).collect();
        let ends = days.iter().map(|day| (*day).min(latest)).collect();
        let months: BTreeSet<u16> = all.iter().filter_map(|one| one.validity_months).collect();
        let first_issue = checks
            .iter()
            .map(|check| months.iter().map(|of| (*of, check.view.first_issue_day(*of))).collect())
            .collect();
        let numbers = (0..edition.credentials.len()).map(number).collect();
        Self {
            all,
            days,
            ends,
            asked,
            prerequisites,
            with_courses,
            numbers,
            first_issue,
            bits,
            has_ranks,
        }
    }

    /// Whether a training builds on a credential.
    pub(super) fn is_prerequisite(&self, credential: u16) -> bool {
        self.prerequisites.contains(&credential)
    }

    /// Whether a training that builds on something leads to a credential.
    pub(super) fn has_courses(&self, credential: u16) -> bool {
        self.with_courses.contains(&credential)
    }

    /// An effect without what nothing asks about.
    pub(super) fn of_interest(&self, effect: Effect) -> Effect {
        Effect {
            holding: effect.holding & self.bits,
            highest: effect.highest & self.bits,
            rank: if self.has_ranks { effect.rank } else { 0 },
        }
    }

    /// The days of preparation of a training.
    pub(super) fn days_of(&self, training: usize) -> u16 {
        self.all.get(training).map_or(0, |one| one.days)
    }

    /// The credential of a training, by its number.
    pub(super) fn credential_of(&self, training: usize) -> Option<u16> {
        self.all.get(training)?.credential.map(|(number, _)| number)
    }

    /// The measures that a training's credential can count in, as bits.
    pub(super) fn mask_of(&self, training: usize) -> u64 {
        let credential = self.all.get(training).and_then(|one| one.credential);
        credential.map_or(0, |(_, effect)| effect.mask())
    }

    /// The money of a training.
    pub(super) fn money_of(&self, training: usize) -> i128 {
        self.all.get(training).map_or(0, |one| one.money)
    }

    /// What it comes to on the day of a check that a training was passed until that of another.
    fn counts_at(&self, training: &Training, slot: usize, check: usize) -> bool {
        let (Some(passed), Some(day)) = (self.ends.get(slot), self.days.get(check)) else {
            return false;
        };
        let months = training.validity_months.map(i32::from);
        passed <= day && months.is_none_or(|months| passed.plus_months(months) >= *day)
    }

    /// The ways that could count for a person anywhere, without those that another one beats.
    pub(super) fn options(&self, profile: &Profile, as_of: Day) -> Vec<Way> {
        let mut ways: Vec<(Vec<bool>, Way)> = Vec::new();
        for (at, training) in self.all.iter().enumerate() {
            let Some((_, effect)) = training.credential.filter(|_| training.is_possible) else {
                continue;
            };
            let mut known: Vec<Vec<bool>> = Vec::new();
            for (slot, day) in self.ends.iter().enumerate().filter(|(_, day)| **day > as_of) {
                let covers: Vec<bool> = (0..self.days.len())
                    .map(|check| {
                        let asked = self.asked.get(check).copied().unwrap_or_default();
                        let counts = profile.counts.get(check).copied().unwrap_or(false);
                        counts
                            && effect.mask() & (asked.more | asked.less) != 0
                            && self.counts_at(training, slot, check)
                    })
                    .collect();
                // Passing it earlier that counts as long is no worse.
                let adds =
                    |wide: &Vec<bool>| wide.iter().zip(&covers).any(|(had, has)| *has && !had);
                if !covers.contains(&true) || !known.iter().all(adds) {
                    continue;
                }
                let Some(way) = self.way(at, slot, profile, *day) else { continue };
                known.push(covers.clone());
                ways.push((covers, way));
            }
        }
        self.without_beaten(&ways)
    }

    /// Of ways that mean the same and share nothing with others, the cheapest.
    fn without_beaten(&self, ways: &[(Vec<bool>, Way)]) -> Vec<Way> {
        let before = ways.iter().fold(0_u128, |bits, (_, way)| bits | way.before);
        let last = |way: &Way| way.items.last().copied();
        let meaning = |way: &Way| {
            let training = last(way).and_then(|item| self.all.get(item.training))?;
            let (_, effect) = training.credential?;
            Some((self.of_interest(effect), last(way)?.slot))
        };
        let is_beaten = |number: usize, covers: &Vec<bool>, way: &Way| {
            let is_shared = last(way).is_some_and(|item| before >> item.training & 1 == 1);
            !is_shared
                && ways.iter().enumerate().any(|(other, (others, rival))| {
                    let is_better =
                        (rival.money, rival.days, other) < (way.money, way.days, number);
                    is_better
                        && rival.money <= way.money
                        && rival.days <= way.days
                        && others == covers
                        && rival.before & !way.before == 0
                        && meaning(rival) == meaning(way)
                })
        };
        let kept = ways
            .iter()
            .enumerate()
            .filter(|(number, (covers, way))| !is_beaten(*number, covers, way));
        kept.map(|(_, (_, way))| way.clone()).collect()
    }

    /// The way to a training for a person, if there is time for it.
    fn way(&self, training: usize, slot: usize, profile: &Profile, until: Day) -> Option<Way> {
        let mut items = Vec::new();
        self.before(training, slot, profile, until, &mut items, 0)?;
        let mut way = Way { items, before: 0, money: 0, days: 0 };
        for item in &way.items {
            way.before |= if item.training == training { 0 } else { 1 << item.training };
            way.money += self.money_of(item.training);
            way.days += u32::from(self.days_of(item.training));
        }
        let items = way.items.clone();
        self.is_in_time(&items, &profile.calendar).then_some(way)
    }

    /// Adds a training with all that has to come before it.
    fn before(
        &self,
        at: usize,
        slot: usize,
        profile: &Profile,
        until: Day,
        items: &mut Vec<Item>,
        depth: usize,
    ) -> Option<()> {
        let training = self.all.get(at)?;
        if items.iter().any(|item| item.training == at) {
            return Some(());
        }
        if !training.is_possible || depth > self.all.len() {
            return None;
        }
        let had = training
            .credential
            .is_some_and(|(own, _)| profile.was_held.binary_search(&own).is_ok());
        let mut deadline: Option<Day> = None;
        for required in &training.requires {
            match required {
                // Whoever held the credential before has been through its courses.
                Prerequisite::Training(_) if had => {}
                Prerequisite::Training(course) => {
                    self.before(*course, slot, profile, until, items, depth + 1)?;
                }
                Prerequisite::Credential(of) => {
                    let number = self.number_of(*of)?;
                    let held = profile.held.iter().find(|(held, _)| *held == number);
                    match held {
                        Some((_, end)) => {
                            let end = end.filter(|end| *end < until);
                            deadline = [deadline, end].into_iter().flatten().min();
                        }
                        None if had => {}
                        None => {
                            let cheapest =
                                self.cheapest_to(number, slot, profile, until, items, depth)?;
                            *items = cheapest;
                        }
                    }
                }
            }
        }
        let mut item = Item { training: at, slot, not_before: None, deadline };
        item.not_before = self.first_day(training, slot, profile);
        items.push(item);
        Some(())
    }

    fn cheapest_to(
        &self,
        credential: u16,
        slot: usize,
        profile: &Profile,
        until: Day,
        items: &[Item],
        depth: usize,
    ) -> Option<Vec<Item>> {
        let leads = |one: &Training| one.credential.is_some_and(|(number, _)| number == credential);
        let ways =
            self.all.iter().enumerate().filter(|(_, one)| leads(one)).filter_map(|(at, _)| {
                let mut longer = items.to_vec();
                self.before(at, slot, profile, until, &mut longer, depth + 1)?;
                let money: i128 = longer.iter().map(|item| self.money_of(item.training)).sum();
                Some((money, longer))
            });
        ways.min_by_key(|(money, longer)| (*money, longer.len())).map(|(_, items)| items)
    }

    fn number_of(&self, credential: usize) -> Option<u16> {
        self.numbers.get(credential).copied().flatten()
    }

    /// The first day on which passing counts at every check that the slot reaches.
    fn first_day(&self, training: &Training, slot: usize, profile: &Profile) -> Option<Day> {
        let months = training.validity_months?;
        let reached = (slot..self.days.len()).filter(|check| {
            profile.counts.get(*check).copied().unwrap_or(false)
                && self.counts_at(training, slot, *check)
        });
        reached
            .filter_map(|check| self.first_issue.get(check)?.iter().find(|(of, _)| *of == months))
            .map(|(_, day)| *day)
            .max()
    }

    /// What comes before those trainings that could still gain something for a bundle.
    pub(super) fn useful(&self, ways: &[Way], bundle: &Bundle) -> u128 {
        let lacking = bundle.effects.iter().zip(&self.asked);
        let more = lacking.fold(0, |bits, (effect, asked)| bits | asked.more & !effect.mask());
        let less = self.asked.iter().fold(0, |bits, asked| bits | asked.less);
        let last = |way: &Way| way.items.last().map_or(0, |item| self.mask_of(item.training));
        let ways = ways.iter().filter(|way| last(way) & (more | less) != 0);
        ways.fold(0, |bits, way| bits | way.before)
    }

    /// A bundle with a way more, if that gains anything and there is time for it.
    pub(super) fn extended(&self, bundle: &Bundle, way: &Way, profile: &Profile) -> Option<Bundle> {
        let mut longer = bundle.clone();
        for item in &way.items {
            let is_taken = longer.items.iter().any(|taken| {
                taken.training == item.training
                    && (taken.slot == item.slot || self.credential_of(item.training).is_none())
            });
            if is_taken {
                continue;
            }
            let training = self.all.get(item.training)?;
            longer.items.push(*item);
            longer.bits |= 1 << item.training;
            longer.money += training.money;
            longer.days += u32::from(training.days);
            if let Some((_, effect)) = training.credential {
                for (check, own) in longer.effects.iter_mut().enumerate() {
                    if self.counts_at(training, item.slot, check) {
                        let effect = self.of_interest(effect);
                        *own = own.with(effect.holding, effect.highest, effect.rank);
                    }
                }
            }
        }
        if longer.items.len() == bundle.items.len() {
            return None;
        }
        self.count(&mut longer, profile);
        if !self.is_gain(bundle, &longer) {
            return None;
        }
        self.sort(&mut longer.items);
        let length = |item: &Item| profile.calendar.length(self.days_of(item.training));
        longer.lengths = longer.items.iter().map(length).collect();
        self.is_in_time(&longer.items, &profile.calendar).then_some(longer)
    }

    /// Finds out in which measures the person is gained or lost.
    fn count(&self, bundle: &mut Bundle, profile: &Profile) {
        let pairs = bundle.effects.iter().zip(&profile.effects);
        let marks =
            pairs.zip(&profile.counts).zip(&self.asked).map(|(((own, base), counts), asked)| {
                let bits = if *counts { asked.more | asked.less } else { 0 };
                (own.mask() & !base.mask() & bits, base.mask() & !own.mask() & bits)
            });
        (bundle.gained, bundle.lost) = marks.unzip();
    }

    /// Whether anything comes nearer to what is asked.
    fn is_gain(&self, less: &Bundle, more: &Bundle) -> bool {
        let gains = less.gained.iter().zip(&more.gained).zip(&self.asked);
        let losses = less.lost.iter().zip(&more.lost).zip(&self.asked);
        let back = less.lost.iter().zip(&more.lost).zip(&self.asked);
        let mut gains = gains.map(|((old, new), asked)| new & !old & asked.more);
        let mut losses = losses.map(|((old, new), asked)| new & !old & asked.less);
        let mut back = back.map(|((old, new), asked)| old & !new & asked.more);
        gains.any(|bits| bits != 0) || losses.any(|bits| bits != 0) || back.any(|bits| bits != 0)
    }

    /// Puts trainings into an order in which they can be taken.
    fn sort(&self, items: &mut Vec<Item>) {
        items
            .sort_by_key(|item| (item.slot, item.deadline.is_none(), item.deadline, item.training));
        let mut left = std::mem::take(items);
        while !left.is_empty() {
            let waits = |item: &Item| {
                let Some(training) = self.all.get(item.training) else { return false };
                left.iter().any(|other| {
                    other.slot <= item.slot
                        && other.training != item.training
                        && self.comes_before(training, other.training)
                })
            };
            let at = left.iter().position(|item| !waits(item)).unwrap_or(0);
            items.push(left.remove(at));
        }
    }

    fn comes_before(&self, training: &Training, other: usize) -> bool {
        training.after.contains(&other)
            || training.requires.iter().any(|required| match required {
                Prerequisite::Training(at) => *at == other,
                Prerequisite::Credential(of) => {
                    let number = self.number_of(*of);
                    number.is_some() && self.credential_of(other) == number
                }
            })
    }

    /// Whether one person who prepares one after the other is done with each in time.
    pub(super) fn is_in_time(&self, items: &[Item], calendar: &Calendar) -> bool {
        self.dates(items, calendar, calendar.from).is_some()
    }

    /// The first and the last day of each, one after the other from a day on; none if one of them
    /// comes too late.
    pub(super) fn dates(
        &self,
        items: &[Item],
        calendar: &Calendar,
        from: Day,
    ) -> Option<Vec<(Day, Day)>> {
        let mut next = from;
        let mut dates = Vec::with_capacity(items.len());
        for item in items {
            let (begin, end) = calendar.fit(next, self.days_of(item.training), item.not_before)?;
            let last = *self.ends.get(item.slot)?;
            if end > last || item.deadline.is_some_and(|deadline| end > deadline) {
                return None;
            }
            dates.push((begin, end));
            next = end.plus_days(1);
        }
        Some(dates)
    }
}

/// Money in whole units.
pub(super) fn in_units(steps: u128, unit: u128) -> i128 {
    i128::try_from(steps / unit.max(1)).unwrap_or(i128::MAX / 4)
}

/// The unit in which all money of a plan is whole, in steps of a decimal.
pub(super) fn unit_of(costs: &Costs) -> u128 {
    let all = costs.trainings.iter().chain(&costs.efforts).chain(costs.opportunities.values());
    let of = all.map(|terms| if terms.is_possible { terms.expected_steps() } else { 0 });
    of.fold(0, gcd).max(1)
}

/// The greatest common divisor; of nothing and a number that number.
pub(super) fn gcd(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}
