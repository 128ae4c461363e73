//! Whether one person can take some trainings one after the other in time, and when: by trying
//! the orders that prerequisites allow. Each training takes the first days that will do.

use super::people::Profile;
use super::trainings::{Item, Trainings};
use crate::day::Day;
use crate::evaluation::first_still_valid;
use crate::rulebook::Prerequisite;

/// Most orders that are tried for one person.
const MOST_ORDERS: u32 = 20_000;

/// Too many orders: nothing was found, and nothing is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TooMany;

/// A training with its first and last day, by position.
pub(super) type Placed = Vec<(usize, Day, Day)>;

/// What is to be put in order.
struct Order<'s> {
    trainings: &'s Trainings,
    profile: &'s Profile,
    items: &'s [Item],
    from: Day,
    tried: u32,
    most: u32,
}

/// How a prerequisite stands.
enum Served {
    Yes,
    /// If what stands at this place of the order is passed from this day on.
    Later(usize, Day),
    No,
}

impl Trainings {
    /// The days of some trainings of one person from a day on; none if there is no order in which
    /// each is done in time.
    ///
    /// # Errors
    ///
    /// When there are too many orders.
    pub(super) fn schedule(
        &self,
        items: &[Item],
        profile: &Profile,
        from: Day,
    ) -> Result<Option<Placed>, TooMany> {
        self.schedule_within(items, profile, from, &mut u64::from(MOST_ORDERS))
    }

    /// The same with so many orders left to be tried, of which those are taken away that were.
    pub(super) fn schedule_within(
        &self,
        items: &[Item],
        profile: &Profile,
        from: Day,
        left: &mut u64,
    ) -> Result<Option<Placed>, TooMany> {
        let from = from.max(profile.calendar.from);
        let most = u32::try_from(*left).unwrap_or(u32::MAX).min(MOST_ORDERS);
        let mut order = Order { trainings: self, profile, items, from, tried: 0, most };
        let first = order.obvious();
        if let Some(placed) = order.dates(&first) {
            return Ok(Some(placed));
        }
        if items.len() < 2 {
            return Ok(None);
        }
        let mut taken = Vec::new();
        let found = order.search(&mut taken);
        *left = left.saturating_sub(order.tried.into());
        if found.is_none() && order.tried >= most { Err(TooMany) } else { Ok(found) }
    }
}

impl Order<'_> {
    fn training_at(&self, at: usize) -> usize {
        self.items.get(at).map_or(usize::MAX, |item| item.training)
    }

    /// What has to be done first comes first, behind what it builds on.
    fn obvious(&self) -> Vec<usize> {
        let mut left: Vec<usize> = (0..self.items.len()).collect();
        left.sort_by_key(|at| self.items.get(*at).map(|item| (item.last, item.first, *at)));
        let mut order = Vec::with_capacity(left.len());
        while !left.is_empty() {
            let waits = |at: usize| {
                let own = self.training_at(at);
                left.iter().any(|other| {
                    let other = self.training_at(*other);
                    other != own && self.comes_after(own, other)
                })
            };
            let next = left.iter().position(|at| !waits(*at)).unwrap_or(0);
            order.push(left.remove(next));
        }
        order
    }

    /// Whether a training comes after another where both are taken.
    fn comes_after(&self, training: usize, other: usize) -> bool {
        let is_after = self.trainings.all.get(training).is_some_and(|of| of.after.contains(&other));
        is_after || self.trainings.is_built_on(training, other)
    }

    fn search(&mut self, taken: &mut Vec<usize>) -> Option<Placed> {
        self.tried += 1;
        if self.tried >= self.most {
            return None;
        }
        let placed = self.dates(taken)?;
        if taken.len() == self.items.len() {
            return Some(placed);
        }
        for at in 0..self.items.len() {
            if taken.contains(&at) {
                continue;
            }
            taken.push(at);
            let found = self.search(taken);
            taken.pop();
            if found.is_some() {
                return found;
            }
        }
        None
    }

    /// The first days that will do in an order; none if one comes too late.
    ///
    /// What is built on must still be valid. If it is not, it is passed later, and all days are
    /// found anew: days only ever move on, so that what comes out are the first ones.
    fn dates(&self, order: &[usize]) -> Option<Placed> {
        let mut not_before: Vec<Day> = vec![Day::MIN; order.len()];
        for _ in 0..=order.len() * 3 + 2 {
            match self.pass(order, &not_before)? {
                Ok(placed) => return Some(placed),
                Err((place, day)) => {
                    let slot = not_before.get_mut(place)?;
                    if day <= *slot {
                        return None;
                    }
                    *slot = day;
                }
            }
        }
        None
    }

    fn pass(&self, order: &[usize], not_before: &[Day]) -> Option<Result<Placed, (usize, Day)>> {
        let mut next = self.from;
        let mut placed: Placed = Vec::with_capacity(order.len());
        for (place, at) in order.iter().enumerate() {
            let item = self.items.get(*at)?;
            let first = item.first.max(not_before.get(place).copied().unwrap_or(Day::MIN));
            let days = self.trainings.days_of(item.training, self.profile);
            let (begin, end) = self.profile.calendar.fit(next, days, Some(first))?;
            if end > item.last || !self.is_in_turn(item.training, &placed) {
                return None;
            }
            let training = self.trainings.all.get(item.training)?;
            let had = self.trainings.was_had(item.training, self.profile);
            for required in training.requires.iter().filter(|_| !had) {
                match self.served(*required, end, &placed) {
                    Served::Yes => {}
                    Served::Later(place, day) => return Some(Err((place, day))),
                    Served::No => return None,
                }
            }
            placed.push((*at, begin, end));
            next = end.plus_days(1);
        }
        Some(Ok(placed))
    }

    /// Whether what comes before a training where both are taken was taken before.
    fn is_in_turn(&self, training: usize, placed: &Placed) -> bool {
        let after = self.trainings.all.get(training).map(|of| of.after.as_slice());
        after.unwrap_or_default().iter().all(|other| {
            let is_it = |at: usize| self.training_at(at) == *other;
            *other == training
                || !(0..self.items.len()).any(is_it)
                || placed.iter().any(|(at, ..)| is_it(*at))
        })
    }

    fn served(&self, required: Prerequisite, on: Day, placed: &Placed) -> Served {
        match required {
            Prerequisite::Training(course) => {
                let is_it = |at: usize| self.training_at(at) == course;
                let is_taken = placed.iter().any(|(at, ..)| is_it(*at))
                    || self.trainings.was_had(course, self.profile);
                if is_taken { Served::Yes } else { Served::No }
            }
            Prerequisite::Credential(of) => {
                let Some(number) = self.trainings.number_of(of) else { return Served::No };
                if self.profile.held(number).is_some_and(|end| end >= on) {
                    return Served::Yes;
                }
                let mut later = Served::No;
                for (place, (at, _, passed)) in placed.iter().enumerate() {
                    let own = self.training_at(*at);
                    if self.trainings.credential_of(own) != Some(number) {
                        continue;
                    }
                    let months = self.trainings.all.get(own).and_then(|of| of.validity_months);
                    let Some(months) = months else { return Served::Yes };
                    if passed.plus_months(months.into()) >= on {
                        return Served::Yes;
                    }
                    later = Served::Later(place, first_still_valid(on, months));
                }
                later
            }
        }
    }
}
