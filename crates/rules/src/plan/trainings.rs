//! The training catalogue made ready for one plan: what each training means to the measures that
//! are asked about, in which stretches of days passing it counts for what, and every way to it
//! with all that has to come before. Who takes what is not decided here.

use std::cell::{Cell, OnceCell};
use std::collections::BTreeSet;

use super::checks::Check;
use super::costs::Costs;
use super::people::{Effect, Profile};
use crate::day::Day;
use crate::evaluation::Evaluator;
use crate::facts::HeldCredential;
use crate::rulebook::{Edition, Prerequisite};

/// Most ways to one training that are told apart for one person. With more, nothing is proved.
const MOST_WAYS: usize = 200;

/// A training passed within a stretch of days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Item {
    /// The training, by position in the edition.
    pub(super) training: usize,
    /// The first day on which passing it counts as it should.
    pub(super) first: Day,
    /// The last such day.
    pub(super) last: Day,
    /// The checks for which it counts: from this one,
    pub(super) from: usize,
    /// until before this one.
    pub(super) to: usize,
}

impl Item {
    /// Whether it counts for a check.
    pub(super) fn counts_at(&self, check: usize) -> bool {
        (self.from..self.to).contains(&check)
    }

    fn covers(&self, other: &Self) -> bool {
        other.from >= other.to || (self.from <= other.from && self.to >= other.to)
    }
}

/// The trainings of an edition.
#[derive(Debug)]
pub(super) struct Trainings {
    pub(super) all: Vec<Training>,
    /// The days of the checks.
    days: Vec<Day>,
    /// The last day of each check on which something can be done for it.
    ends: Vec<Day>,
    tomorrow: Day,
    /// The measures that are asked about, for each check.
    pub(super) asked: Vec<Asked>,
    /// Credentials that some training builds on, by their numbers.
    prerequisites: BTreeSet<u16>,
    /// Credentials that tell that something need not be taken again.
    lasting: BTreeSet<u16>,
    /// The number of each credential of the edition.
    numbers: Vec<Option<u16>>,
    /// For each check, by months of validity, the first day of issue still valid on its day.
    first_issue: Vec<Vec<(u16, Day)>>,
    /// Everything that is asked about, as bits.
    bits: u64,
    /// Whether anything that is asked about looks at the highest level held.
    pub(super) has_ranks: bool,
}

/// What a check asks of people, as bits.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Asked {
    pub(super) more: u64,
    pub(super) less: u64,
    /// Those of them that look at the highest level.
    highest: u64,
}

/// A training as this plan sees it.
#[derive(Debug)]
pub(super) struct Training {
    /// The number of the credential, with what it means.
    pub(super) credential: Option<(u16, Effect)>,
    pub(super) validity_months: Option<u16>,
    money: i128,
    days: u16,
    pub(super) requires: Vec<Prerequisite>,
    pub(super) after: Vec<usize>,
    is_possible: bool,
}

/// A way to a credential: a training with all that has to come before it.
#[derive(Clone, Debug)]
pub(super) struct Way {
    /// All of it, in no order of time.
    pub(super) items: Vec<Item>,
    /// What it is for.
    pub(super) target: Item,
}

/// How many ways are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Breadth {
    /// Only those that could be best if time is no matter.
    Narrow,
    /// All of them.
    Wide,
}

impl Trainings {
    pub(super) fn new(
        evaluator: &Evaluator<'_>,
        (edition, as_of): (&Edition, Day),
        checks: &[Check],
        costs: &Costs,
        (unit, latest): (u128, Day),
    ) -> Self {
        let number = |at: usize| {
            let id = edition.credentials.get(at)?.id.as_bytes();
            evaluator.catalogue.credentials.find(id).and_then(|number| u16::try_from(number).ok())
        };
        let entries = edition.training.iter().zip(&costs.trainings).zip(&costs.orders);
        let all = entries.map(|((training, terms), order)| {
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
                requires: order.requires.clone(),
                after: order.after.clone(),
                is_possible: terms.is_possible,
            }
        });
        let all: Vec<Training> = all.collect();
        let months: BTreeSet<u16> = all.iter().filter_map(|one| one.validity_months).collect();
        let mut made = Self {
            all,
            days: checks.iter().map(|check| check.view.as_of).collect(),
            ends: checks.iter().map(|check| check.view.as_of.min(latest)).collect(),
            tomorrow: as_of.plus_days(1),
            asked: Vec::new(),
            prerequisites: BTreeSet::new(),
            lasting: BTreeSet::new(),
            numbers: (0..edition.credentials.len()).map(number).collect(),
            first_issue: checks
                .iter()
                .map(|check| {
                    months.iter().map(|of| (*of, check.view.first_issue_day(*of))).collect()
                })
                .collect(),
            bits: checks.iter().fold(0, |bits, one| bits | one.people_more | one.people_less),
            has_ranks: false,
        };
        made.find_prerequisites();
        let highest = evaluator.people.highest_bits();
        let asked = checks.iter().map(|check| Asked {
            more: check.people_more,
            less: check.people_less,
            highest: (check.people_more | check.people_less) & highest,
        });
        made.asked = asked.collect();
        made.has_ranks = made.bits & highest != 0;
        made
    }

    fn find_prerequisites(&mut self) {
        let mut prerequisites = BTreeSet::new();
        let mut lasting = BTreeSet::new();
        for training in &self.all {
            for required in &training.requires {
                match required {
                    Prerequisite::Credential(at) => prerequisites.extend(self.number_of(*at)),
                    Prerequisite::Training(at) => lasting.extend(self.credential_of(*at)),
                }
            }
            if !training.requires.is_empty() {
                lasting.extend(training.credential.map(|(number, _)| number));
            }
        }
        (self.prerequisites, self.lasting) = (prerequisites, lasting);
    }

    /// Whether a training builds on a credential.
    pub(super) fn is_prerequisite(&self, credential: u16) -> bool {
        self.prerequisites.contains(&credential)
    }

    /// Whether who ever held a credential need not take something again.
    pub(super) fn is_lasting(&self, credential: u16) -> bool {
        self.lasting.contains(&credential)
    }

    /// An effect without what nothing asks about.
    pub(super) fn of_interest(&self, effect: Effect) -> Effect {
        Effect {
            holding: effect.holding & self.bits,
            highest: effect.highest & self.bits,
            rank: if self.has_ranks { effect.rank } else { 0 },
        }
    }

    /// What a training's credential comes to, without what nothing asks about.
    pub(super) fn effect_of(&self, training: usize) -> Effect {
        let credential = self.all.get(training).and_then(|one| one.credential);
        credential.map_or_else(Effect::default, |(_, effect)| self.of_interest(effect))
    }

    /// The days of preparation of a training for a person.
    pub(super) fn days_of(&self, training: usize, profile: &Profile) -> u16 {
        match profile.own(training) {
            Some(own) => own.days,
            None => self.all.get(training).map_or(0, |one| one.days),
        }
    }

    /// The money of a training for a person.
    pub(super) fn money_of(&self, training: usize, profile: &Profile) -> i128 {
        match profile.own(training) {
            Some(own) => own.money,
            None => self.all.get(training).map_or(0, |one| one.money),
        }
    }

    fn is_possible(&self, training: usize, profile: &Profile) -> bool {
        match profile.own(training) {
            Some(own) => own.is_possible,
            None => self.all.get(training).is_some_and(|one| one.is_possible),
        }
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

    /// The number of a credential of the edition.
    pub(super) fn number_of(&self, credential: usize) -> Option<u16> {
        self.numbers.get(credential).copied().flatten()
    }

    /// The last day of each check on which something can be done for it.
    pub(super) fn ends(&self) -> &[Day] {
        &self.ends
    }

    /// Whether a training builds on another.
    pub(super) fn is_built_on(&self, training: usize, other: usize) -> bool {
        let requires = self.all.get(training).map(|one| one.requires.as_slice());
        requires.unwrap_or_default().iter().any(|required| match required {
            Prerequisite::Training(at) => *at == other,
            Prerequisite::Credential(of) => {
                let number = self.number_of(*of);
                number.is_some() && self.credential_of(other) == number
            }
        })
    }

    /// Whether a person has been through what comes before a training, having held what it leads
    /// to.
    pub(super) fn was_had(&self, training: usize, profile: &Profile) -> bool {
        let credential = self.credential_of(training);
        credential.is_some_and(|own| profile.was_held.binary_search(&own).is_ok())
    }

    /// The first day on which passing a training counts on the day of a check.
    fn first_issue(&self, training: usize, check: usize) -> Day {
        let months = self.all.get(training).and_then(|one| one.validity_months);
        let Some(months) = months else { return Day::MIN };
        let known = self.first_issue.get(check);
        let found = known.and_then(|known| known.iter().find(|(of, _)| *of == months));
        found.map_or(Day::MIN, |(_, day)| *day)
    }

    /// The checks at which a person's credential of a training can matter.
    fn matters_at(&self, training: usize, profile: &Profile) -> Vec<usize> {
        let mask = self.mask_of(training);
        let has_credential = self.credential_of(training).is_some();
        let checks = self.asked.iter().zip(&profile.counts).zip(&self.days).enumerate();
        checks
            .filter(|(_, ((asked, counts), day))| {
                let is_asked = mask & (asked.more | asked.less) != 0 || asked.highest != 0;
                has_credential && **counts && **day >= self.tomorrow && is_asked
            })
            .map(|(at, _)| at)
            .collect()
    }

    /// Whether a credential of a training could take away what is asked for.
    fn can_harm(&self, training: usize, checks: &[usize]) -> bool {
        let effect = self.effect_of(training);
        let mut asked = checks.iter().filter_map(|at| self.asked.get(*at));
        asked.any(|asked| effect.mask() & asked.less != 0 || asked.highest & !effect.highest != 0)
    }

    /// The stretches of days in which passing a training counts for what.
    ///
    /// Where it can do harm they are told apart day by day; else a stretch goes as far as passing
    /// counts for these checks at least.
    fn stretches(&self, training: usize, profile: &Profile) -> Vec<Item> {
        let Some(end) = self.ends.iter().max().copied() else { return Vec::new() };
        let checks = self.matters_at(training, profile);
        let mut found = Vec::new();
        let (first, last) = (self.tomorrow, end);
        let free = Item { training, first, last, from: 0, to: 0 };
        if self.can_harm(training, &checks) {
            let mut breaks: BTreeSet<Day> = [end].into();
            for check in &checks {
                breaks.extend(self.ends.get(*check));
                breaks.insert(self.first_issue(training, *check).plus_days(-1).min(end));
            }
            let mut begin = self.tomorrow;
            for day in breaks.into_iter().filter(|day| *day >= self.tomorrow) {
                let counts = |check: &&usize| {
                    let is_before = self.days.get(**check).is_some_and(|of| day <= *of);
                    is_before && self.first_issue(training, **check) <= begin
                };
                let from = checks.iter().find(counts).copied().unwrap_or(0);
                let to = checks.iter().rfind(counts).map_or(0, |at| at + 1);
                found.push(Item { training, first: begin, last: day, from, to });
                begin = day.plus_days(1);
            }
            return found;
        }
        for (at, from) in checks.iter().enumerate() {
            let last = self.ends.get(*from).copied().unwrap_or(end);
            for to in checks.iter().skip(at) {
                let first = self.first_issue(training, *to).max(self.tomorrow);
                found.push(Item { training, first, last, from: *from, to: to + 1 });
            }
        }
        found.push(free);
        found.retain(|item| item.first <= item.last);
        let all = found.clone();
        found.retain(|item| {
            !all.iter().any(|other| {
                other != item
                    && other.first <= item.first
                    && other.last >= item.last
                    && other.covers(item)
            })
        });
        found
    }

    /// Every way to what could count for a person, and whether these are all.
    pub(super) fn ways(&self, profile: &Profile, breadth: Breadth) -> (Vec<Way>, bool) {
        let finder = Finder {
            trainings: self,
            profile,
            breadth,
            stretches: self.all.iter().map(|_| OnceCell::new()).collect(),
            is_whole: Cell::new(true),
        };
        let ways = finder.ways();
        (ways, finder.is_whole.get())
    }
}

/// Ways while they are looked for.
struct Finder<'t> {
    trainings: &'t Trainings,
    profile: &'t Profile,
    breadth: Breadth,
    stretches: Vec<OnceCell<Vec<Item>>>,
    is_whole: Cell<bool>,
}

impl Finder<'_> {
    fn stretches(&self, training: usize) -> &[Item] {
        let all = self.stretches.get(training);
        all.map_or(&[], |cell| {
            cell.get_or_init(|| self.trainings.stretches(training, self.profile))
        })
    }

    /// Those of some stretches that have to be looked at: where time is no matter and nothing can
    /// do harm, only those that count for most.
    fn needed<'i>(&self, items: impl Iterator<Item = &'i Item>) -> Vec<Item> {
        let items: Vec<Item> = items.copied().collect();
        let Some(first) = items.first().filter(|_| self.breadth == Breadth::Narrow) else {
            return items;
        };
        let checks = self.trainings.matters_at(first.training, self.profile);
        if self.trainings.can_harm(first.training, &checks) {
            return items;
        }
        let is_less = |at: usize, item: &Item| {
            items
                .iter()
                .enumerate()
                .any(|(other, rival)| rival.covers(item) && (!item.covers(rival) || other < at))
        };
        let kept = items.iter().enumerate().filter(|(at, item)| !is_less(*at, item));
        kept.map(|(_, item)| *item).collect()
    }

    fn ways(&self) -> Vec<Way> {
        let mut ways = Vec::new();
        for (at, training) in self.trainings.all.iter().enumerate() {
            if training.credential.is_none() {
                continue;
            }
            let effect = self.trainings.effect_of(at);
            let counting = self.stretches(at).iter().filter(|item| item.from < item.to);
            for target in self.needed(counting) {
                let mut effects = self.profile.effects.iter().enumerate();
                let is_new = effects.any(|(check, own)| {
                    target.counts_at(check)
                        && own.with(effect.holding, effect.highest, effect.rank) != *own
                });
                if !is_new {
                    continue;
                }
                for items in self.sets(target, &mut Vec::new()) {
                    match self.trainings.schedule(&items, self.profile, self.profile.calendar.from)
                    {
                        // In other stretches it may fit in: it is kept, so that it is found out
                        // that not all of the menu can be done in time.
                        Ok(None) if self.could_fit(&items) => {}
                        Ok(None) => continue,
                        Ok(Some(_)) => {}
                        Err(_) => self.is_whole.set(false),
                    }
                    ways.push(Way { items, target });
                }
            }
        }
        ways
    }

    /// Whether trainings that do not fit in as they count for most could do so if they counted for
    /// less.
    fn could_fit(&self, items: &[Item]) -> bool {
        if self.breadth == Breadth::Wide {
            return false;
        }
        let latest = self.trainings.ends().iter().copied().max().unwrap_or(Day::MAX);
        let free = |item: &Item| Item { first: Day::MIN, last: latest, ..*item };
        let free: Vec<Item> = items.iter().map(free).collect();
        let from = self.profile.calendar.from;
        !matches!(self.trainings.schedule(&free, self.profile, from), Ok(None))
    }

    /// Every set of trainings by which one can be taken in its stretch.
    fn sets(&self, target: Item, under: &mut Vec<usize>) -> Vec<Vec<Item>> {
        let (trainings, profile) = (self.trainings, self.profile);
        let at = target.training;
        if !trainings.is_possible(at, profile) || under.contains(&at) {
            return Vec::new();
        }
        let mut sets = vec![vec![target]];
        let Some(training) = trainings.all.get(at).filter(|_| !trainings.was_had(at, profile))
        else {
            return sets;
        };
        under.push(at);
        for required in &training.requires {
            if let Some(options) = self.options(*required, &target, under) {
                sets = self.product(&sets, &options);
            }
        }
        under.pop();
        sets
    }

    /// What can be done for a prerequisite; nothing where it is there already.
    fn options(
        &self,
        required: Prerequisite,
        target: &Item,
        under: &mut Vec<usize>,
    ) -> Option<Vec<Vec<Item>>> {
        let mut options = Vec::new();
        match required {
            Prerequisite::Training(course) => {
                if self.trainings.was_had(course, self.profile) {
                    return None;
                }
                self.add_ways_to(course, None, target, under, &mut options);
            }
            Prerequisite::Credential(of) => {
                let number = self.trainings.number_of(of);
                let held = number.and_then(|number| self.profile.held(number));
                match held {
                    Some(end) if end >= target.last => return None,
                    Some(end) if end >= target.first => options.push(Vec::new()),
                    _ => {}
                }
                for (at, one) in self.trainings.all.iter().enumerate() {
                    let leads = one.credential.map(|(of, _)| of);
                    if leads.is_some() && leads == number {
                        self.add_ways_to(at, one.validity_months, target, under, &mut options);
                    }
                }
            }
        }
        Some(options)
    }

    fn add_ways_to(
        &self,
        training: usize,
        months: Option<u16>,
        target: &Item,
        under: &mut Vec<usize>,
        options: &mut Vec<Vec<Item>>,
    ) {
        let before = target.last.plus_days(-1);
        let fits = |item: &&Item| {
            let last = item.last.min(before);
            let lasts = |months: u16| last.plus_months(i32::from(months)) >= target.first;
            item.first <= before && months.is_none_or(lasts)
        };
        for item in self.needed(self.stretches(training).iter().filter(fits)) {
            options.extend(self.sets(item, under));
        }
    }

    fn product(&self, sets: &[Vec<Item>], options: &[Vec<Item>]) -> Vec<Vec<Item>> {
        let mut found = BTreeSet::new();
        for set in sets {
            for option in options {
                let mut longer = [set.as_slice(), option].concat();
                longer.sort_unstable();
                longer.dedup();
                if found.len() < MOST_WAYS {
                    found.insert(longer);
                } else if !found.contains(&longer) {
                    self.is_whole.set(false);
                }
            }
        }
        found.into_iter().collect()
    }
}

/// Money in whole units.
pub(super) fn in_units(steps: u128, unit: u128) -> i128 {
    i128::try_from(steps / unit.max(1)).unwrap_or(i128::MAX / 4)
}

/// The unit in which all money of a plan is whole, in steps of a decimal.
pub(super) fn unit_of(costs: &Costs) -> u128 {
    let own = costs.own.values().flatten().map(|(_, terms)| terms);
    let all = costs.trainings.iter().chain(&costs.efforts).chain(costs.opportunities.values());
    let of = all.chain(own).map(|terms| if terms.is_possible { terms.expected_steps() } else { 0 });
    of.fold(0, gcd).max(1)
}

/// The greatest common divisor; of nothing and a number that number.
pub(super) fn gcd(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}
