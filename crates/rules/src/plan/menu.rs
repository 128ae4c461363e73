//! What one person can choose from: bundles of trainings, without those that another one beats.
//!
//! Ways to credentials are put together one after the other. As long as time is no matter, what is
//! beaten by the cost of what it comes to can be left out at once. If all that is left can be done
//! in time, the menu is complete. If not, nothing may be left out for another that may not fit in:
//! then bundles are put together anew, and only those that take more than another one for nothing
//! are left out. Should these be too many, the menu may lack something; then there is another one
//! beside it in which nothing is dearer than it has to be, for a bound that holds.

use std::collections::HashMap;

use super::people::{Bundle, Effect, Profile};
use super::trainings::{Breadth, Item, Trainings, Way};

/// Most bundles that are looked at for one class. With more, nothing is proved.
const MOST_BUNDLES: usize = 6_000;
/// Most comparisons of bundles for one class.
const MOST_LOOKS: u64 = 3_000_000;
/// Most comparisons for all classes of a plan.
const MOST_LOOKS_IN_ALL: u64 = 500_000_000;
/// How many bundles are gone on with where there are too many for one class.
const SOME: usize = 60;
/// How many where there are too many for all classes together.
const FEW: usize = 16;

/// Most orders of trainings that are tried for one class.
const MOST_ORDERS: u64 = 40_000;
/// Most orders of trainings that are tried for all classes of a plan.
const MOST_ORDERS_IN_ALL: u64 = 2_000_000;

/// What may still be looked at: for this class, and for it and those that come.
pub(super) struct Looks {
    comparisons: u64,
    orders: u64,
    orders_in_all: u64,
}

impl Looks {
    /// All.
    pub(super) const ALL: Self = Self {
        comparisons: MOST_LOOKS_IN_ALL,
        orders: MOST_ORDERS,
        orders_in_all: MOST_ORDERS_IN_ALL,
    };

    /// For the next class.
    fn begin_class(&mut self) {
        self.orders = MOST_ORDERS.min(self.orders_in_all);
    }

    /// Behind a class.
    fn end_class(&mut self) {
        let tried = MOST_ORDERS.min(self.orders_in_all) - self.orders;
        self.orders_in_all -= tried;
    }
}

/// A menu.
pub(super) struct Menu {
    /// What can be done.
    pub(super) bundles: Vec<Bundle>,
    /// Where something may be missing: what cannot be bettered, though not all can be done.
    pub(super) relaxed: Option<Vec<Bundle>>,
}

/// A bundle while bundles are put together.
#[derive(Clone)]
struct Label {
    /// Items by number, in order.
    items: Vec<u16>,
    money: i128,
    days: u32,
    effects: Vec<Effect>,
    /// Days until each check where people have to be fitted in one after the other.
    times: Vec<u32>,
    /// Those of the items that others build on, as bits.
    have: u128,
    is_beaten: bool,
}

/// What beating compares exactly: for each check the rank, what is held at it, and what it would
/// be better not to hold.
type Key = Vec<(u16, u64, u64)>;

/// Ways of one person, with their items numbered.
struct Table<'t> {
    trainings: &'t Trainings,
    profile: &'t Profile,
    items: Vec<Item>,
    /// The bit of each item that others build on.
    bits: Vec<u128>,
    /// For each way the numbers of its items.
    ways: Vec<Vec<u16>>,
    /// Whether all of them have bits.
    is_whole: bool,
    has_times: bool,
}

/// The menu of a person. `has_times`: people may have to be fitted in one after the other.
pub(super) fn menu(
    profile: &Profile,
    trainings: &Trainings,
    has_times: bool,
    looks: &mut Looks,
) -> Menu {
    looks.begin_class();
    let menu = menu_within(profile, trainings, has_times, looks);
    looks.end_class();
    menu
}

fn menu_within(
    profile: &Profile,
    trainings: &Trainings,
    has_times: bool,
    looks: &mut Looks,
) -> Menu {
    let breadth = if has_times { Breadth::Wide } else { Breadth::Narrow };
    let (ways, is_whole) = trainings.ways(profile, breadth);
    let ways = without_beaten(trainings, profile, &ways, has_times);
    let table = Table::new(trainings, profile, &ways, has_times);
    let (labels, is_all) = table.combined(false, looks);
    let loose = table.bundles(&labels);
    let (mut fitting, mut fits_all) = (Vec::new(), is_whole && is_all && table.is_whole);
    for bundle in &loose {
        match table.timed(bundle, looks) {
            Some(bundle) => fitting.push(bundle),
            None => fits_all = false,
        }
    }
    if fits_all {
        return Menu { bundles: fitting, relaxed: None };
    }
    let (wide, is_wide_whole) = trainings.ways(profile, Breadth::Wide);
    let exact = Table::new(trainings, profile, &wide, has_times);
    let (labels, is_exact) = exact.combined(true, looks);
    let timed: Vec<Option<Bundle>> =
        exact.bundles(&labels).iter().map(|bundle| exact.timed(bundle, looks)).collect();
    // What is not in time here is what was not known to be.
    let is_known = timed.iter().all(Option::is_some);
    let relaxed = if is_wide_whole && is_exact && exact.is_whole && is_known {
        None
    } else if is_whole && is_all && table.is_whole {
        Some(loose)
    } else {
        Some(coarse(trainings, profile))
    };
    let known = if relaxed.is_some() { fitting } else { Vec::new() };
    let bundles = exact.pareto(timed.into_iter().flatten().chain(known).collect());
    Menu { bundles, relaxed }
}

/// Of ways that mean the same and whose items no other way builds on, the cheapest. What both build
/// on may be there already, so that only the last of each is compared.
fn without_beaten(
    trainings: &Trainings,
    profile: &Profile,
    ways: &[Way],
    has_times: bool,
) -> Vec<Way> {
    let is_shared =
        |item: &Item| ways.iter().any(|way| way.target != *item && way.items.contains(item));
    let before = |way: &Way| way.items.iter().filter(|item| **item != way.target).count();
    let cost = |way: &Way| {
        let at = way.target.training;
        (trainings.money_of(at, profile), trainings.days_of(at, profile))
    };
    let beats = |(at, rival): (usize, &Way), (own, way): (usize, &Way)| {
        let ((money, days), (own_money, own_days)) = (cost(rival), cost(way));
        let (few, own_few) = (before(rival), before(way));
        let is_same = (rival.target.from, rival.target.to) == (way.target.from, way.target.to)
            && trainings.effect_of(rival.target.training)
                == trainings.effect_of(way.target.training);
        let is_shorter = !has_times || days <= own_days && rival.target.last >= way.target.last;
        is_same
            && is_shorter
            && (money, days, few, at) < (own_money, own_days, own_few, own)
            && rival.items.iter().all(|item| *item == rival.target || way.items.contains(item))
    };
    let is_beaten = |(own, way): (usize, &Way)| {
        !is_shared(&way.target) && ways.iter().enumerate().any(|rival| beats(rival, (own, way)))
    };
    let kept = ways.iter().enumerate().filter(|way| !is_beaten(*way));
    kept.map(|(_, way)| way.clone()).collect()
}

/// One bundle that gains everything that anything could, for the cheapest of it all.
fn coarse(trainings: &Trainings, profile: &Profile) -> Vec<Bundle> {
    let training = 0..trainings.all.len();
    let cheapest = training.clone().map(|at| trainings.money_of(at, profile)).min();
    let all = training.fold(0, |bits, at| bits | trainings.mask_of(at));
    let asked = trainings.asked.iter().zip(&profile.counts).zip(&profile.effects);
    let (gained, lost) = asked
        .map(|((asked, counts), effect)| {
            let bits = if *counts { all } else { 0 };
            let lost = if *counts { effect.mask() & asked.less } else { 0 };
            (bits & asked.more & !effect.mask(), lost)
        })
        .unzip();
    let (items, lengths) = (Vec::new(), Vec::new());
    vec![Bundle { items, lengths, money: cheapest.unwrap_or(0), days: 0, gained, lost }]
}

impl<'t> Table<'t> {
    fn new(trainings: &'t Trainings, profile: &'t Profile, ways: &[Way], has_times: bool) -> Self {
        let mut table = Self {
            trainings,
            profile,
            items: Vec::new(),
            bits: Vec::new(),
            ways: Vec::new(),
            is_whole: true,
            has_times,
        };
        let mut numbers: HashMap<Item, u16> = HashMap::new();
        let mut next = 0;
        for way in ways {
            let mut own = Vec::new();
            for item in &way.items {
                let number = *numbers.entry(*item).or_insert_with(|| {
                    table.items.push(*item);
                    table.bits.push(0);
                    u16::try_from(table.items.len() - 1).unwrap_or(u16::MAX)
                });
                own.push(number);
                if *item != way.target
                    && let Some(bit) = table.bits.get_mut(usize::from(number))
                    && *bit == 0
                {
                    // Without a bit for each, what is shared cannot be told.
                    table.is_whole &= next < 128;
                    *bit = 1_u128.checked_shl(next).unwrap_or(0);
                    next += 1;
                }
            }
            own.sort_unstable();
            table.ways.push(own);
        }
        table.is_whole &= table.items.len() < usize::from(u16::MAX);
        table
    }

    fn item(&self, number: u16) -> Option<&Item> {
        self.items.get(usize::from(number))
    }

    fn bits_of(&self, items: &[u16]) -> u128 {
        let bits = items.iter().filter_map(|number| self.bits.get(usize::from(*number)));
        bits.fold(0, |all, bit| all | bit)
    }

    /// What ways put together come to, and whether that is all. `is_timed`: only what can be done
    /// in time, and nothing is left out but what has too much in it.
    fn combined(&self, is_timed: bool, looks: &mut Looks) -> (Vec<Label>, bool) {
        let checks = self.profile.effects.len();
        let nothing = Label {
            items: Vec::new(),
            money: 0,
            days: 0,
            effects: self.profile.effects.clone(),
            times: vec![0; if self.has_times { checks } else { 0 }],
            have: 0,
            is_beaten: false,
        };
        // What the ways from each on build on.
        let mut useful = vec![0_u128; self.ways.len() + 1];
        for (at, way) in self.ways.iter().enumerate().rev() {
            let behind = useful.get(at + 1).copied().unwrap_or(0);
            if let Some(slot) = useful.get_mut(at) {
                *slot = behind | self.bits_of(way);
            }
        }
        let mut by_key: HashMap<Key, Vec<usize>> = HashMap::new();
        by_key.insert(self.key(&nothing), vec![0]);
        let mut labels = vec![nothing];
        let (mut left, mut most) = (looks.comparisons.min(MOST_LOOKS), MOST_BUNDLES);
        let mut is_all = true;
        for (at, way) in self.ways.iter().enumerate() {
            let behind = useful.get(at + 1).copied().unwrap_or(0);
            for known in 0..labels.len() {
                let Some(label) = labels.get(known).filter(|label| !label.is_beaten) else {
                    continue;
                };
                let Some(longer) = self.longer(label, way) else { continue };
                let rivals = by_key.entry(self.key(&longer)).or_default();
                let of = |at: &usize| labels.get(*at).filter(|label| !label.is_beaten);
                let compared = 1 + rivals.len() as u64;
                looks.comparisons = looks.comparisons.saturating_sub(compared);
                left = left.saturating_sub(compared);
                let mut better = rivals.iter().filter_map(of);
                if better.any(|rival| self.beats(rival, &longer, behind, is_timed)) {
                    continue;
                }
                if is_timed && !self.fits(&longer, looks) {
                    continue;
                }
                for rival in rivals.iter() {
                    if let Some(rival) = labels.get_mut(*rival)
                        && self.beats(&longer, rival, behind, is_timed)
                    {
                        rival.is_beaten = true;
                    }
                }
                rivals.retain(|at| labels.get(*at).is_some_and(|label| !label.is_beaten));
                rivals.push(labels.len());
                labels.push(longer);
                if labels.len() > most || (left == 0 && is_all) {
                    is_all = false;
                    break;
                }
            }
            if labels.len() > most || (left == 0 && most == MOST_BUNDLES) {
                let kept = if looks.comparisons == 0 { FEW } else { SOME };
                labels = self.promising(labels, kept);
                by_key.clear();
                for (at, label) in labels.iter().enumerate() {
                    by_key.entry(self.key(label)).or_default().push(at);
                }
                most = kept * 4;
            }
        }
        (labels, is_all)
    }

    /// Of too many labels some that may lead far: the cheapest, those that cost least for what they
    /// gain, and those that gain most. What gains nothing yet is always among them.
    fn promising(&self, labels: Vec<Label>, kept: usize) -> Vec<Label> {
        let gain = |label: &Label| -> i128 {
            let pairs = label.effects.iter().zip(&self.profile.effects).zip(&self.trainings.asked);
            let of = pairs.map(|((own, base), asked)| own.mask() & !base.mask() & asked.more);
            of.map(|bits| i128::from(bits.count_ones())).sum()
        };
        let mut all: Vec<(i128, Label)> = labels
            .into_iter()
            .filter(|label| !label.is_beaten)
            .map(|label| (gain(&label), label))
            .collect();
        let mut chosen: Vec<Label> = Vec::new();
        let share = kept.div_ceil(3);
        let take = |all: &mut Vec<(i128, Label)>, chosen: &mut Vec<Label>| {
            chosen.extend(all.drain(..share.min(all.len())).map(|(_, label)| label));
        };
        all.sort_by_key(|(_, label)| (label.money, label.days));
        take(&mut all, &mut chosen);
        // One is better for its gain than another: multiplied out, for nothing may gain nothing.
        all.sort_by(|(gain, one), (rival, other)| {
            one.money
                .saturating_mul(rival + 1)
                .cmp(&other.money.saturating_mul(gain + 1))
                .then(one.days.cmp(&other.days))
        });
        take(&mut all, &mut chosen);
        all.sort_by_key(|(gain, label)| (-gain, label.money, label.days));
        take(&mut all, &mut chosen);
        chosen
    }

    fn key(&self, label: &Label) -> Key {
        let effects = label.effects.iter().zip(&self.trainings.asked);
        effects
            .map(|(effect, asked)| (effect.rank, effect.highest, effect.holding & asked.less))
            .collect()
    }

    /// Whether one label is as good as another of the same key, whatever is added to both.
    fn beats(&self, one: &Label, other: &Label, useful: u128, is_timed: bool) -> bool {
        let is_cheaper = (one.money, one.days) <= (other.money, other.days);
        let has_bits = other.have & useful & !one.have == 0;
        let mut effects = one.effects.iter().zip(&other.effects).zip(&self.trainings.asked);
        let mut times = one.times.iter().zip(&other.times);
        is_cheaper
            && has_bits
            && times.all(|(one, other)| one <= other)
            && effects.all(|((one, other), asked)| other.holding & asked.more & !one.holding == 0)
            && (!is_timed || one.items.iter().all(|item| other.items.contains(item)))
    }

    /// A label with a way more; none if that changes nothing.
    fn longer(&self, label: &Label, way: &[u16]) -> Option<Label> {
        let mut longer = label.clone();
        for number in way {
            let Err(place) = longer.items.binary_search(number) else { continue };
            let item = self.item(*number)?;
            longer.items.insert(place, *number);
            longer.money += self.trainings.money_of(item.training, self.profile);
            let days = self.trainings.days_of(item.training, self.profile);
            longer.days += u32::from(days);
            let effect = self.trainings.effect_of(item.training);
            for (check, own) in longer.effects.iter_mut().enumerate() {
                if item.counts_at(check) {
                    *own = own.with(effect.holding, effect.highest, effect.rank);
                }
            }
            let length = self.profile.calendar.length(days);
            for (time, end) in longer.times.iter_mut().zip(self.trainings.ends()) {
                *time += if item.last <= *end { length } else { 0 };
            }
        }
        if longer.effects == label.effects {
            return None;
        }
        longer.have = self.bits_of(&longer.items);
        Some(longer)
    }

    fn items_of(&self, label: &Label) -> Vec<Item> {
        label.items.iter().filter_map(|number| self.item(*number).copied()).collect()
    }

    fn fits(&self, label: &Label, looks: &mut Looks) -> bool {
        let items = self.items_of(label);
        let from = self.profile.calendar.from;
        // What is not known to fit is kept, and is found out at the end.
        let left = &mut looks.orders;
        !matches!(self.trainings.schedule_within(&items, self.profile, from, left), Ok(None))
    }

    /// Labels as bundles, without those that another beats.
    fn bundles(&self, labels: &[Label]) -> Vec<Bundle> {
        let left = labels.iter().filter(|label| !label.is_beaten && !label.items.is_empty());
        let bundles = left.map(|label| {
            let (gained, lost) = self.marks(label);
            let items = self.items_of(label);
            let lengths = items.iter().map(|item| self.length(item)).collect();
            Bundle { items, lengths, money: label.money, days: label.days, gained, lost }
        });
        self.pareto(bundles.collect())
    }

    fn length(&self, item: &Item) -> u32 {
        self.profile.calendar.length(self.trainings.days_of(item.training, self.profile))
    }

    /// In which measures the person is gained or lost.
    fn marks(&self, label: &Label) -> (Vec<u64>, Vec<u64>) {
        let pairs = label.effects.iter().zip(&self.profile.effects);
        let marks = pairs.zip(&self.profile.counts).zip(&self.trainings.asked);
        marks
            .map(|(((own, base), counts), asked)| {
                let bits = if *counts { asked.more | asked.less } else { 0 };
                (own.mask() & !base.mask() & bits, base.mask() & !own.mask() & bits)
            })
            .unzip()
    }

    /// A bundle in the order in which it is taken, if it can be done in time.
    fn timed(&self, bundle: &Bundle, looks: &mut Looks) -> Option<Bundle> {
        let (from, left) = (self.profile.calendar.from, &mut looks.orders);
        let placed = self.trainings.schedule_within(&bundle.items, self.profile, from, left);
        let placed = placed.ok().flatten()?;
        let mut timed = bundle.clone();
        timed.items = placed.iter().filter_map(|(at, ..)| bundle.items.get(*at).copied()).collect();
        timed.lengths = timed.items.iter().map(|item| self.length(item)).collect();
        Some(timed)
    }

    /// Without bundles that another one beats: no less of what is asked for, no more of what is
    /// not, for no more money and no more of the time of those who prepare at once.
    fn pareto(&self, mut found: Vec<Bundle>) -> Vec<Bundle> {
        found.sort_by_key(|bundle| (bundle.money, bundle.days, bundle.items.len()));
        let times = |bundle: &Bundle| -> Vec<u32> {
            let until = |end: &crate::day::Day| {
                let items = bundle.items.iter().zip(&bundle.lengths);
                items.filter(|(item, _)| item.last <= *end).map(|(_, length)| length).sum()
            };
            if self.has_times { self.trainings.ends().iter().map(until).collect() } else { vec![] }
        };
        let mut kept: Vec<(Bundle, Vec<u32>)> = Vec::new();
        for bundle in found {
            let own = times(&bundle);
            let beats = |(other, of): &(Bundle, Vec<u32>)| {
                let gained = other.gained.iter().zip(&bundle.gained);
                let lost = other.lost.iter().zip(&bundle.lost);
                let mut all = gained.zip(lost).zip(&self.trainings.asked);
                all.all(|(((gained, own_gained), (lost, own_lost)), asked)| {
                    let (more, less) = (asked.more, asked.less);
                    own_gained & more & !gained == 0
                        && gained & less & !own_gained == 0
                        && lost & more & !own_lost == 0
                        && own_lost & less & !lost == 0
                }) && of.iter().zip(&own).all(|(of, own)| of <= own)
            };
            let mut marks = bundle.gained.iter().chain(&bundle.lost);
            if marks.any(|bits| *bits != 0) && !kept.iter().any(beats) {
                kept.push((bundle, own));
            }
        }
        kept.into_iter().map(|(bundle, _)| bundle).collect()
    }
}
