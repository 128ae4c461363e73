//! The forecast of a whole network: for every partner the days on which something turns.
//!
//! Every day on which anything can change for a partner is evaluated, and every cell compared;
//! what is kept are the days on which the tier, the tier attained, a column or the discount turns,
//! or a review is held.

use std::sync::{Mutex, PoisonError};

use serde::Serialize;

use super::days::{Calendar, DaySet};
use super::{HeldReview, Horizon};
use crate::day::Day;
use crate::evaluation::{Cell, Evaluator, Standing, TierHeld, Values, Viewpoint};
use crate::facts::PartnerNumber;
use crate::number::Number;
use crate::period::Period;
use crate::rulebook::{Column, Columns, DiscountScheme};

/// What will happen to the partners of a network.
#[derive(Clone, Debug, Default)]
pub struct NetworkForecast {
    /// Every partner, in the order of their numbers.
    pub partners: Vec<Outlook>,
    /// How many standings were evaluated.
    pub evaluated: u64,
}

/// What will happen to a partner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outlook {
    /// The partner.
    pub partner: PartnerNumber,
    /// Days on which the value or the state of some cell changes.
    pub days: u32,
    /// What turns, in the order of the days.
    pub turns: Vec<Turn>,
}

/// Something that turns on a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Turn {
    /// A review is held.
    Review(HeldReview),
    /// The tier held.
    Tier {
        /// The day.
        on: Day,
        /// Before; none without one.
        before: Option<String>,
        /// After.
        after: Option<String>,
    },
    /// The tier attained.
    Attained {
        /// The day.
        on: Day,
        /// Before; none without one.
        before: Option<String>,
        /// After.
        after: Option<String>,
        /// The cells whose state changes.
        cells: Vec<TurnedCell>,
    },
    /// Whether a column is met.
    Column {
        /// The day.
        on: Day,
        /// Which.
        column: Column,
        /// The tier that it is about.
        tier: Option<String>,
        /// Before; none where it had no tier.
        before: Option<bool>,
        /// After.
        after: Option<bool>,
        /// The cells of the column whose state changes.
        cells: Vec<TurnedCell>,
    },
    /// The support discount, in percent.
    Discount {
        /// The day.
        on: Day,
        /// Before.
        before: Number,
        /// After.
        after: Number,
    },
}

/// A cell whose state changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TurnedCell {
    /// The measure's id.
    pub measure: String,
    /// The column.
    pub column: Column,
}

impl Turn {
    /// The day.
    pub fn on(&self) -> Day {
        match self {
            Self::Review(review) => review.on,
            Self::Tier { on, .. }
            | Self::Attained { on, .. }
            | Self::Column { on, .. }
            | Self::Discount { on, .. } => *on,
        }
    }
}

impl Evaluator<'_> {
    /// What will happen to every partner, computed by so many threads. Where reviews are held,
    /// this evaluator takes them as held from then on.
    pub fn network_forecast(&mut self, horizon: Horizon, threads: usize) -> NetworkForecast {
        let partners: Vec<PartnerNumber> = self.facts.partners().collect();
        self.forecast_of(&partners, horizon, threads)
    }

    /// The same for some partners, which are given in the order of their numbers.
    pub fn forecast_of(
        &mut self,
        partners: &[PartnerNumber],
        horizon: Horizon,
        threads: usize,
    ) -> NetworkForecast {
        let Horizon { as_of, until, holds_reviews } = horizon;
        let held = if holds_reviews {
            self.hold_reviews(partners, as_of, until, threads)
        } else {
            Vec::new()
        };
        self.outlooks(partners, &held, (as_of, until), threads)
    }

    fn outlooks(
        &self,
        partners: &[PartnerNumber],
        held: &[(PartnerNumber, HeldReview)],
        (as_of, until): (Day, Day),
        threads: usize,
    ) -> NetworkForecast {
        const RUN: usize = 128;
        let calendar = Calendar::new(self, as_of, until);
        let mut views = vec![Viewpoint::on(self.edition, as_of)];
        views.extend(calendar.ahead().iter().map(|day| Viewpoint::on(self.edition, *day)));
        let periods: Vec<Day> =
            self.periods(as_of, until).into_iter().map(|(first, _)| first).collect();
        let scheme = self.support_scheme();
        let runs = Mutex::new(partners.chunks(RUN));
        let all = Mutex::new(NetworkForecast::default());
        let work = || {
            let mut looker = Looker {
                evaluator: self,
                calendar: &calendar,
                views: &views,
                values: std::iter::repeat_with(|| None).take(views.len()).collect(),
                scheme,
                periods: &periods,
                held,
                set: DaySet::default(),
                before: Standing::default(),
                after: Standing::default(),
                evaluated: 0,
            };
            let mut found = Vec::new();
            loop {
                let run = runs.lock().unwrap_or_else(PoisonError::into_inner).next();
                let Some(run) = run else { break };
                found.extend(run.iter().map(|partner| looker.outlook(*partner)));
            }
            let mut all = all.lock().unwrap_or_else(PoisonError::into_inner);
            all.partners.append(&mut found);
            all.evaluated += looker.evaluated;
        };
        std::thread::scope(|scope| {
            for _ in 1..threads.max(1) {
                scope.spawn(work);
            }
            work();
        });
        let mut all = all.into_inner().unwrap_or_else(PoisonError::into_inner);
        all.partners.sort_unstable_by_key(|outlook| outlook.partner);
        all
    }
}

/// What a thread looks at one partner after the other with.
struct Looker<'l> {
    evaluator: &'l Evaluator<'l>,
    calendar: &'l Calendar,
    /// From the day looked from, and from each of the days ahead.
    views: &'l [Viewpoint],
    /// Values from each of them, in memory that is used again and again.
    values: Vec<Option<Values<'l>>>,
    scheme: Option<&'l DiscountScheme>,
    periods: &'l [Day],
    held: &'l [(PartnerNumber, HeldReview)],
    set: DaySet,
    before: Standing,
    after: Standing,
    evaluated: u64,
}

impl Looker<'_> {
    fn outlook(&mut self, partner: PartnerNumber) -> Outlook {
        let (evaluator, calendar) = (self.evaluator, self.calendar);
        calendar.mark(evaluator, partner, &mut self.set);
        let mut outlook = Outlook { partner, days: 0, turns: Vec::new() };
        self.stand(partner, 0);
        let mut is_sustaining = false;
        let mut at = calendar.begin;
        loop {
            std::mem::swap(&mut self.before, &mut self.after);
            // Months back matter only while all else of a tier is met.
            if self.before.is_sustaining && !is_sustaining {
                is_sustaining = true;
                calendar.mark_sustained(&mut self.set);
            }
            let Some(found) = self.set.next(at) else { break };
            at = found + 1;
            self.stand(partner, found + 1 - calendar.begin);
            self.compare(calendar.day(found), &mut outlook);
        }
        self.add_discounts(&mut outlook);
        let begin = self.held.partition_point(|(of, _)| *of < partner);
        let held = self.held.get(begin..).unwrap_or_default().iter();
        let held = held.take_while(|(of, _)| *of == partner);
        outlook.turns.extend(held.map(|(_, review)| Turn::Review(review.clone())));
        // A review goes before what it brings about.
        outlook.turns.sort_by_key(|turn| (turn.on(), !matches!(turn, Turn::Review(_))));
        outlook
    }

    /// Where the partner stands, seen from one of the views.
    fn stand(&mut self, partner: PartnerNumber, view: usize) {
        let (Some(slot), Some(from)) = (self.values.get_mut(view), self.views.get(view)) else {
            return;
        };
        let evaluator = self.evaluator;
        let values = slot.get_or_insert_with(|| Values::new(evaluator, partner, from, None));
        evaluator.stand(partner, values, &mut self.after);
        self.evaluated += 1;
    }

    fn compare(&self, on: Day, outlook: &mut Outlook) {
        let (before, after) = (&self.before, &self.after);
        let is_same = |cells: (&Columns<Cell>, &Columns<Cell>)| {
            let mut columns = Column::BOTH.iter().map(|of| (cells.0.get(*of), cells.1.get(*of)));
            columns.all(|(a, b)| a.state == b.state && a.value == b.value)
        };
        let is_as_long = before.cells.len() == after.cells.len();
        if !is_as_long || !before.cells.iter().zip(&after.cells).all(is_same) {
            outlook.days += 1;
        }
        if before.history.tier != after.history.tier {
            let (before, after) = (self.held_id(before), self.held_id(after));
            // A tier that was not known may turn out to be none.
            if before != after {
                outlook.turns.push(Turn::Tier { on, before, after });
            }
        }
        if before.attained != after.attained {
            let id = |standing: &Standing| self.tier_id(standing, standing.attained);
            let cells = self.turned(Column::Upgrade);
            let (before, after) = (id(before), id(after));
            outlook.turns.push(Turn::Attained { on, before, after, cells });
        }
        for column in Column::BOTH {
            let (was, is) = (before.is_met(column), after.is_met(column));
            let is_same_tier = before.tiers.get(column) == after.tiers.get(column);
            if was != is || (!is_same_tier && is.is_some()) {
                let tier = self.tier_id(after, *after.tiers.get(column));
                let cells = self.turned(column);
                outlook.turns.push(Turn::Column {
                    on,
                    column,
                    tier,
                    before: was,
                    after: is,
                    cells,
                });
            }
        }
    }

    /// The cells of a column whose state changed.
    fn turned(&self, column: Column) -> Vec<TurnedCell> {
        let path = self.after.path.and_then(|path| self.evaluator.paths.get(path));
        let measures = path.map_or(&[][..], |path| &path.rows);
        let states = self.before.cells.iter().zip(&self.after.cells).zip(measures);
        states
            .filter(|((before, after), _)| before.get(column).state != after.get(column).state)
            .filter_map(|(_, measure)| self.evaluator.edition.measures.get(*measure))
            .map(|measure| TurnedCell { measure: measure.id.clone(), column })
            .collect()
    }

    fn tier_id(&self, standing: &Standing, tier: Option<usize>) -> Option<String> {
        let path = self.evaluator.edition.paths.get(standing.path?)?;
        path.tiers.get(tier?).map(|tier| tier.id.clone())
    }

    fn held_id(&self, standing: &Standing) -> Option<String> {
        match standing.history.tier {
            TierHeld::Tier(tier) => self.tier_id(standing, Some(tier)),
            TierHeld::Foreign(tier) => Some(self.evaluator.catalogue.tiers.text(tier).to_owned()),
            TierHeld::NoTier | TierHeld::Unknown => None,
        }
    }

    fn add_discounts(&self, outlook: &mut Outlook) {
        let (Some(scheme), Some(first), Some(last)) =
            (self.scheme, self.views.first(), self.views.last())
        else {
            return;
        };
        let (as_of, until) = (first.as_of, last.as_of);
        let partner = outlook.partner;
        let percent = |day: Day| {
            let period = Period::containing(day, scheme.period_months);
            self.evaluator.discount_percent(scheme, partner, period, day)
        };
        let mut days = self.periods.to_vec();
        days.extend(self.evaluator.loss_days(partner, as_of, until));
        days.sort_unstable();
        days.dedup();
        let mut before = percent(as_of);
        for on in days {
            let after = percent(on);
            if before != after {
                outlook.turns.push(Turn::Discount { on, before, after: after.clone() });
            }
            before = after;
        }
    }
}
