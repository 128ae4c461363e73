//! The days on which something can change: nothing else needs to be evaluated.
//!
//! This is no second copy of the rules: it may name a day too many, and says nothing of what
//! happens on it. Between two days that it names, every number of a partner stays what it is.

use crate::day::Day;
use crate::evaluation::{
    CompiledMeasure, CompiledPath, Evaluator, first_rolling, first_still_valid,
};
use crate::facts::{PartnerNumber, Table};
use crate::rulebook::{Edition, FactKind, MeasureRule, Window};

/// The days of a forecast, with those before it that months sustained look back at.
#[derive(Debug)]
pub(super) struct Calendar {
    /// Every day, the first of the forecast at [`Self::begin`].
    days: Vec<Day>,
    /// Where the day behind the one looked from stands.
    pub(super) begin: usize,
    /// For each length of a rolling window, its first day on each of the days.
    rolling: Vec<(u16, Vec<Day>)>,
    /// For each length of validity, the first day of issue still valid on each of the days.
    valid: Vec<(u16, Vec<Day>)>,
    /// For each number of months back, the day looked at from each of the days.
    back: Vec<Vec<Day>>,
    /// What each path of the edition looks at.
    paths: Vec<Looks>,
}

/// What the rows of a path look at.
#[derive(Debug, Default)]
struct Looks {
    /// Kinds of dated facts, with the lengths of their rolling windows.
    dated: Vec<(FactKind, Vec<u16>)>,
    has_people: bool,
    /// Months for which plans are valid without a last day of their own.
    plans: Vec<u16>,
}

/// A set of days of a calendar.
#[derive(Clone, Debug, Default)]
pub(super) struct DaySet(Vec<u64>);

impl DaySet {
    /// Empties it for so many days.
    fn reset(&mut self, days: usize) {
        self.0.clear();
        self.0.resize(days.div_ceil(64), 0);
    }

    fn add(&mut self, at: usize) {
        if let Some(word) = self.0.get_mut(at / 64) {
            *word |= 1 << (at % 64);
        }
    }

    /// The first that is not before a place.
    pub(super) fn next(&self, from: usize) -> Option<usize> {
        let mut word = from / 64;
        let mut bits = self.0.get(word)? & (u64::MAX << (from % 64));
        loop {
            if bits != 0 {
                return Some(word * 64 + bits.trailing_zeros() as usize);
            }
            word += 1;
            bits = *self.0.get(word)?;
        }
    }
}

impl Calendar {
    /// The days behind one up to another, both written down as whole days.
    pub(super) fn new(evaluator: &Evaluator<'_>, from: Day, until: Day) -> Self {
        let edition = evaluator.edition;
        let sustained = evaluator.measures.iter().filter_map(|measure| match measure {
            CompiledMeasure::Sustained { up_to_months } => Some(*up_to_months),
            _ => None,
        });
        let most_back = sustained.max().unwrap_or(0);
        let next = |day: &Day| Some(day.plus_days(1)).filter(|next| next > day);
        let first = from.plus_months(-i32::from(most_back));
        let days: Vec<Day> =
            std::iter::successors(Some(first), next).take_while(|day| *day <= until).collect();
        let begin = days.partition_point(|day| *day <= from);
        let each = |compute: &dyn Fn(Day) -> Day| days.iter().map(|day| compute(*day)).collect();
        let rolling = lengths(rolling_months(edition))
            .map(|months| (months, each(&|day| first_rolling(day, months))))
            .collect();
        let of_plans = evaluator.measures.iter().filter_map(|measure| match measure {
            CompiledMeasure::Document { valid_months } => Some(*valid_months),
            _ => None,
        });
        let of_credentials = edition.credentials.iter().filter_map(|held| held.validity_months);
        let valid = lengths(of_credentials.chain(of_plans))
            .map(|months| (months, each(&|day| first_still_valid(day, months))))
            .collect();
        let back = (1..=i32::from(most_back))
            .map(|months| each(&|day: Day| day.plus_months(-months)))
            .collect();
        let paths = evaluator.paths.iter().map(|path| looks(evaluator, path)).collect();
        Self { days, begin, rolling, valid, back, paths }
    }

    /// The day at a place.
    pub(super) fn day(&self, at: usize) -> Day {
        self.days.get(at).copied().unwrap_or(Day::MAX)
    }

    /// The days of the forecast.
    pub(super) fn ahead(&self) -> &[Day] {
        self.days.get(self.begin..).unwrap_or_default()
    }

    /// Finds the days on which something that is dated begins or ends for a partner.
    pub(super) fn mark(&self, evaluator: &Evaluator<'_>, partner: PartnerNumber, set: &mut DaySet) {
        set.reset(self.days.len());
        self.mark_history(evaluator, partner, set);
        let looks = evaluator.path(partner).and_then(|path| self.paths.get(path));
        let Some(looks) = looks else { return };
        let facts = evaluator.facts;
        let affiliations = facts.affiliations.of(partner.0);
        for row in affiliations {
            self.on(Some(row.from), set);
            self.on(row.until, set);
        }
        let mut owners = vec![partner];
        owners.extend(affiliations.iter().map(|row| PartnerNumber(row.subsidiary)));
        if looks.has_people {
            for owner in &owners {
                self.mark_people(evaluator, *owner, set);
            }
        }
        for (kind, rolling) in &looks.dated {
            let Some(table) = facts.table(*kind) else { continue };
            let count = if *kind == FactKind::Validation { owners.len() } else { 1 };
            for owner in owners.iter().take(count) {
                self.mark_dated(table, *kind, rolling, *owner, set);
            }
        }
        for months in &looks.plans {
            for row in facts.business_plans.rows.of(partner.0) {
                self.on(row.on, set);
                match (row.end, row.on) {
                    (Some(last), _) => self.behind(last, set),
                    (None, Some(on)) => Self::outlived(&self.valid, *months, on, set),
                    (None, None) => {}
                }
            }
        }
    }

    /// Adds the days from which months sustained look back at a day of the set.
    pub(super) fn mark_sustained(&self, set: &mut DaySet) {
        let mut at = 0;
        let base = set.clone();
        while let Some(found) = base.next(at) {
            at = found + 1;
            let day = self.day(found);
            for back in &self.back {
                let seen = back.partition_point(|seen| *seen < day);
                if seen >= self.begin && seen < self.days.len() {
                    set.add(seen);
                }
            }
        }
    }

    /// Adds a day, if it is one of the calendar.
    pub(super) fn on(&self, day: Option<Day>, set: &mut DaySet) {
        let Some(day) = day else { return };
        if self.days.first().is_some_and(|first| *first <= day)
            && self.days.last().is_some_and(|last| day <= *last)
        {
            set.add(self.days.partition_point(|known| *known < day));
        }
    }

    /// Adds the day behind a last day.
    fn behind(&self, last: Day, set: &mut DaySet) {
        if self.days.last().is_some_and(|end| last < *end) {
            self.on(Some(last.plus_days(1)), set);
        }
    }

    /// Adds the first day for which something of a day is too long ago.
    fn outlived(of: &[(u16, Vec<Day>)], months: u16, on: Day, set: &mut DaySet) {
        let Some((_, firsts)) = of.iter().find(|(known, _)| *known == months) else { return };
        let (Some(first), Some(last)) = (firsts.first(), firsts.last()) else { return };
        if *first <= on && on < *last {
            set.add(firsts.partition_point(|first| *first <= on));
        }
    }

    fn mark_history(&self, evaluator: &Evaluator<'_>, partner: PartnerNumber, set: &mut DaySet) {
        for row in evaluator.facts.reviews.of(partner.0) {
            self.on(Some(row.on), set);
            if let Some(last) = row.valid_until {
                self.behind(last, set);
            }
        }
        for review in evaluator.assumed.of(partner.0) {
            self.on(Some(review.on), set);
        }
        if let Some(row) = evaluator.facts.partner(partner) {
            let days =
                [row.tier_since, row.last_review_on, row.last_renewal_on, row.last_upgrade_on];
            days.into_iter().for_each(|day| self.on(day, set));
        }
    }

    fn mark_people(&self, evaluator: &Evaluator<'_>, owner: PartnerNumber, set: &mut DaySet) {
        let facts = evaluator.facts;
        let mut last_person = None;
        for row in facts.memberships.of(owner.0) {
            self.on(row.joined_on, set);
            if let Some(last) = row.left_on {
                self.behind(last, set);
            }
            // The rows of one person lie side by side.
            if last_person.replace(row.person) == Some(row.person) {
                continue;
            }
            for held in facts.credentials.of(row.person) {
                self.on(Some(held.issued_on), set);
                match (held.expires_on, evaluator.people.rule(held).validity_months) {
                    (Some(last), _) => self.behind(last, set),
                    (None, Some(months)) => {
                        Self::outlived(&self.valid, months, held.issued_on, set);
                    }
                    (None, None) => {}
                }
            }
        }
    }

    fn mark_dated(
        &self,
        table: &Table,
        kind: FactKind,
        rolling: &[u16],
        owner: PartnerNumber,
        set: &mut DaySet,
    ) {
        let last = self.days.last().copied().unwrap_or(Day::MIN);
        let ends = matches!(kind, FactKind::Validation | FactKind::Event | FactKind::Reference);
        let first = if ends {
            Day::MIN
        } else {
            // Whatever is older has left every window before the first day.
            let firsts = |months: &u16| {
                self.rolling.iter().find(|(known, _)| known == months)?.1.first().copied()
            };
            let oldest = rolling.iter().filter_map(firsts).min();
            oldest.into_iter().chain(self.days.first().copied()).min().unwrap_or(Day::MIN)
        };
        let range = table.between(owner.0, first, last);
        for row in table.rows.rows.get(range).unwrap_or_default() {
            let Some(on) = row.on else { continue };
            self.on(Some(on), set);
            for months in rolling {
                Self::outlived(&self.rolling, *months, on, set);
            }
            match (kind, row.end) {
                (FactKind::Validation, Some(last)) => self.behind(last, set),
                (FactKind::Event | FactKind::Reference, end) => self.on(end, set),
                _ => {}
            }
        }
    }
}

/// Each length once.
fn lengths(all: impl Iterator<Item = u16>) -> impl Iterator<Item = u16> {
    let mut lengths: Vec<u16> = all.collect();
    lengths.sort_unstable();
    lengths.dedup();
    lengths.into_iter()
}

fn rolling_months(edition: &Edition) -> impl Iterator<Item = u16> {
    let windows = edition.measures.iter().map(|measure| measure.windows);
    windows.flat_map(|of| [of.renewal, of.upgrade]).filter_map(|window| match window {
        Window::RollingMonths(months) => Some(months),
        Window::AsOf | Window::SinceReview | Window::MonthsBeforePeriod(_) => None,
    })
}

fn looks(evaluator: &Evaluator<'_>, path: &CompiledPath) -> Looks {
    let mut looks = Looks::default();
    for measure in &path.rows {
        add_looks(evaluator, *measure, &mut looks);
    }
    looks
}

fn add_looks(evaluator: &Evaluator<'_>, at: usize, looks: &mut Looks) {
    let Some(measure) = evaluator.edition.measures.get(at) else { return };
    match evaluator.measures.get(at) {
        None | Some(CompiledMeasure::Decision { .. } | CompiledMeasure::Sustained { .. }) => {}
        Some(CompiledMeasure::People { .. }) => looks.has_people = true,
        Some(CompiledMeasure::Document { valid_months }) => looks.plans.push(*valid_months),
        Some(CompiledMeasure::Dated { of, .. }) => {
            let slot = match looks.dated.iter().position(|(kind, _)| *kind == of.kind) {
                Some(found) => looks.dated.get_mut(found),
                None => {
                    looks.dated.push((of.kind, Vec::new()));
                    looks.dated.last_mut()
                }
            };
            if let Some((_, months)) = slot {
                for window in [measure.windows.renewal, measure.windows.upgrade] {
                    if let Window::RollingMonths(length) = window
                        && !months.contains(&length)
                    {
                        months.push(length);
                    }
                }
            }
        }
        Some(CompiledMeasure::Points) => {
            let MeasureRule::Points(parts) = &measure.rule else { return };
            parts.iter().for_each(|part| add_looks(evaluator, part.measure, looks));
        }
    }
}
