//! The statement of a discount for one period: who is eligible, what was measured, what is earned.

use serde::Serialize;

use crate::day::Day;
use crate::decimal::Decimal;
use crate::evaluation::{
    CompiledMeasure, Days, Evaluator, State, TierHeld, Value, Values, Viewpoint,
};
use crate::evidence::{Counted, NotCounted};
use crate::facts::{PartnerNumber, Standing as PartnerStanding};
use crate::number::{Number, Sum};
use crate::period::Period;
use crate::rulebook::{
    Column, Condition, DiscountMeasure, DiscountScheme, DiscountUse, EligibilityRule, WhenLost,
    Window,
};

/// A discount statement: section for section what was earned and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DiscountStatement {
    /// The partner's id.
    pub partner: String,
    /// The network's id.
    pub network: String,
    /// The edition's id.
    pub rulebook: String,
    /// The period for which the discount holds.
    pub period: String,
    /// The first day that is measured.
    pub from: Day,
    /// The day behind the last that is measured.
    pub until: Day,
    /// Whether every rule is met on the first day of the period.
    pub eligible: bool,
    /// The rules.
    pub eligibility: Vec<Eligibility>,
    /// Percent for whoever is eligible.
    pub base_percent: Decimal,
    /// What was measured.
    pub measures: Vec<MeasuredPoints>,
    /// The discount in percent; zero for whoever is not eligible.
    pub percent: Number,
    /// The first day of the period on which a condition no longer held, as far as is known.
    #[serde(skip)]
    pub lost_on: Option<Day>,
    /// What a loss does.
    #[serde(skip)]
    pub when_lost: WhenLost,
    /// The first day of the period and the day behind its last.
    #[serde(skip)]
    pub period_days: (Day, Day),
    /// The title of the scheme.
    #[serde(skip)]
    pub title: String,
    /// Percent that is never exceeded.
    #[serde(skip)]
    pub ceiling_percent: Decimal,
}

/// What an eligibility rule came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Eligibility {
    /// Its name.
    pub rule: String,
    /// What it came to on the first day of the period.
    pub state: State,
    /// What was found, and a loss within the period.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// What a measure of a discount came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MeasuredPoints {
    /// The measure's id.
    pub measure: String,
    /// Its title.
    #[serde(skip)]
    pub title: String,
    /// Its value; zero where there is nothing to measure.
    pub value: Number,
    /// The bar.
    pub target: Decimal,
    /// Whether the value must stay at or under the bar.
    #[serde(skip)]
    pub is_ceiling: bool,
    /// How many facts were measured.
    pub n: u64,
    /// How many are needed, where that is asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_n: Option<u32>,
    /// What the value came to.
    pub state: State,
    /// Percentage points earned.
    pub points: Decimal,
    /// Facts that were measured.
    pub counted: Vec<Counted>,
    /// Facts that were not.
    pub not_counted: Vec<NotCounted>,
}

impl Evaluator<'_> {
    /// The scheme for the price of support, if the edition has one.
    pub fn support_scheme(&self) -> Option<&DiscountScheme> {
        self.edition.discounts.iter().find(|scheme| scheme.on == DiscountUse::Support)
    }

    /// The statement of a scheme for a period. What was lost within the period is shown as far as
    /// `as_of`.
    pub fn discount_statement(
        &self,
        scheme: &DiscountScheme,
        partner: PartnerNumber,
        period: Period,
        as_of: Day,
    ) -> DiscountStatement {
        let (first, end) = (period.first_day(), period.until());
        let view = Viewpoint::on(self.edition, first);
        let eligibility: Vec<Eligibility> = scheme
            .eligibility
            .iter()
            .map(|rule| self.eligibility(rule, partner, &view, as_of.min(end.plus_days(-1))))
            .collect();
        let lost_on = self.first_loss(scheme, partner, first, as_of.min(end.plus_days(-1)));
        let eligible = eligibility.iter().all(|rule| rule.state == State::Met);
        let measures: Vec<MeasuredPoints> = scheme
            .measures
            .iter()
            .map(|measure| self.measured(measure, partner, first, &view))
            .collect();
        let months =
            scheme.measures.iter().filter_map(|measure| self.months_before(measure.measure));
        let from = first.plus_months(-i32::from(months.max().unwrap_or(0)));
        let ends_at_once = scheme.when_lost == WhenLost::EndsAtOnce && lost_on.is_some();
        let percent = if eligible && !ends_at_once {
            earned(scheme, measures.iter().map(|measure| measure.points))
        } else {
            Number::ZERO
        };
        DiscountStatement {
            partner: self.facts.partner_id(partner).to_owned(),
            network: self.edition.network.clone(),
            rulebook: self.edition.id.clone(),
            period: period.to_string(),
            from,
            until: first,
            eligible,
            eligibility,
            base_percent: scheme.base_percent,
            measures,
            percent,
            lost_on: lost_on.filter(|_| eligible),
            when_lost: scheme.when_lost,
            period_days: (first, end),
            title: scheme.title.clone(),
            ceiling_percent: scheme.ceiling_percent,
        }
    }

    /// The percent of [`Self::discount_statement`] without its reasons, for many partners.
    pub(crate) fn discount_percent(
        &self,
        scheme: &DiscountScheme,
        partner: PartnerNumber,
        period: Period,
        as_of: Day,
    ) -> Number {
        let (first, end) = (period.first_day(), period.until());
        let view = Viewpoint::bare(first);
        let is_met = |rule: &EligibilityRule| {
            self.condition(&rule.condition, partner, &view).0 == State::Met
        };
        if !scheme.eligibility.iter().all(is_met) {
            return Number::ZERO;
        }
        let seen_until = as_of.min(end.plus_days(-1));
        let ends_at_once = scheme.when_lost == WhenLost::EndsAtOnce;
        if ends_at_once && self.first_loss(scheme, partner, first, seen_until).is_some() {
            return Number::ZERO;
        }
        let points = scheme.measures.iter().map(|asked| {
            let (_, state) = self.measured_value(asked, partner, first, &view);
            if state == State::Met { asked.points } else { Decimal::ZERO }
        });
        earned(scheme, points)
    }

    fn months_before(&self, measure: usize) -> Option<u16> {
        match self.edition.measures.get(measure)?.windows.upgrade {
            Window::MonthsBeforePeriod(months) => Some(months),
            Window::AsOf | Window::SinceReview | Window::RollingMonths(_) => None,
        }
    }

    fn eligibility(
        &self,
        rule: &EligibilityRule,
        partner: PartnerNumber,
        view: &Viewpoint,
        seen_until: Day,
    ) -> Eligibility {
        let (state, found) = self.condition(&rule.condition, partner, view);
        let lost = if state == State::Met {
            let mut days = self.condition_days(partner, view.as_of, seen_until).into_iter();
            days.find(|day| {
                let view = Viewpoint::bare(*day);
                self.condition(&rule.condition, partner, &view).0 != State::Met
            })
        } else {
            None
        };
        let detail = match (found, lost) {
            (found, None) => found,
            (None, Some(day)) => Some(format!("lost on {day}")),
            (Some(found), Some(day)) => Some(format!("{found}; lost on {day}")),
        };
        Eligibility { rule: rule.rule.clone(), state, detail }
    }

    /// The first day behind the first of the period on which some condition does not hold.
    fn first_loss(
        &self,
        scheme: &DiscountScheme,
        partner: PartnerNumber,
        first: Day,
        seen_until: Day,
    ) -> Option<Day> {
        self.condition_days(partner, first, seen_until).into_iter().find(|day| {
            let view = Viewpoint::bare(*day);
            let mut rules = scheme.eligibility.iter();
            rules.any(|rule| self.condition(&rule.condition, partner, &view).0 != State::Met)
        })
    }

    /// The days behind one day up to another on which the support discount can end in the middle of
    /// a period; none where a rulebook lets it run to the end of the period.
    pub(crate) fn loss_days(&self, partner: PartnerNumber, day: Day, last: Day) -> Vec<Day> {
        let ends_at_once =
            self.support_scheme().is_some_and(|scheme| scheme.when_lost == WhenLost::EndsAtOnce);
        if ends_at_once { self.condition_days(partner, day, last) } else { Vec::new() }
    }

    /// The days behind one day up to another on which a condition can come to something else: those
    /// of the partner's history and of its programs.
    fn condition_days(&self, partner: PartnerNumber, day: Day, last: Day) -> Vec<Day> {
        let reviews = self.facts.reviews.of(partner.0).iter();
        let assumed = self.assumed.of(partner.0).iter().map(|review| review.on);
        let programs = self.facts.validations.rows.of(partner.0).iter();
        let behind = |last: Option<Day>| last.map(|last| last.plus_days(1));
        let mut days: Vec<Day> = reviews
            .flat_map(|row| [Some(row.on), behind(row.valid_until)])
            .chain(programs.flat_map(|row| [row.on, behind(row.end)]))
            .chain([self.facts.partner(partner).and_then(|partner| partner.tier_since)])
            .flatten()
            .chain(assumed)
            .filter(|on| *on > day && *on <= last)
            .collect();
        days.sort_unstable();
        days.dedup();
        days
    }

    /// What a condition comes to on a day, and what was found where that is worth telling.
    fn condition(
        &self,
        condition: &Condition,
        partner: PartnerNumber,
        view: &Viewpoint,
    ) -> (State, Option<String>) {
        let met = |is_met: bool| if is_met { State::Met } else { State::NotMet };
        match condition {
            Condition::Path(paths) => {
                let path = self.facts.partner(partner).map(|partner| partner.path);
                let id = path.map_or("", |path| self.catalogue.paths.text(path));
                (met(paths.iter().any(|path| path == id)), None)
            }
            Condition::Tier(tiers) => match self.history(partner, view).tier {
                TierHeld::Unknown => (State::Unknown, None),
                TierHeld::NoTier => (State::NotMet, None),
                TierHeld::Tier(tier) => {
                    let path = self.path(partner).and_then(|path| self.edition.paths.get(path));
                    let tier = path.and_then(|path| path.tiers.get(tier));
                    let id = tier.map_or("", |tier| tier.id.as_str());
                    (met(tiers.iter().any(|tier| tier == id)), Some(id.to_owned()))
                }
                TierHeld::Foreign(tier) => {
                    let id = self.catalogue.tiers.text(tier);
                    (met(tiers.iter().any(|tier| tier == id)), Some(id.to_owned()))
                }
            },
            Condition::GoodStanding => {
                (met(self.history(partner, view).standing == PartnerStanding::Good), None)
            }
            Condition::Program(programs) => {
                (met(self.holds_program(programs, partner, view)), None)
            }
        }
    }

    /// Whether one of these programs of the edition is in force.
    fn holds_program(&self, programs: &[usize], partner: PartnerNumber, view: &Viewpoint) -> bool {
        self.facts.validations.rows.of(partner.0).iter().any(|row| {
            let id = self.catalogue.programs.text(row.code.into());
            let is_one = programs
                .iter()
                .filter_map(|&at| self.edition.programs.get(at))
                .any(|program| program.id == id);
            is_one
                && row.on.is_some_and(|on| on <= view.last)
                && row.end.is_none_or(|last| last >= view.as_of)
        })
    }

    /// The days that a measure of a discount looks at.
    fn measured_days(&self, asked: &DiscountMeasure, first: Day) -> Days {
        Days::months_before(first, self.months_before(asked.measure).unwrap_or(0))
    }

    /// The value of a measure of a discount, and what it comes to.
    fn measured_value(
        &self,
        asked: &DiscountMeasure,
        partner: PartnerNumber,
        first: Day,
        view: &Viewpoint,
    ) -> (Value, State) {
        let days = self.measured_days(asked, first);
        let value = match self.measures.get(asked.measure) {
            Some(CompiledMeasure::Dated { of, reads }) => {
                self.dated_value(of, reads, partner, days, view)
            }
            _ => Values::new(self, partner, view, None).find(asked.measure, days, Column::Upgrade),
        };
        let state = State::of_enough(&value, asked.target, asked.min_n);
        (value, state)
    }

    pub(crate) fn measured(
        &self,
        asked: &DiscountMeasure,
        partner: PartnerNumber,
        first: Day,
        view: &Viewpoint,
    ) -> MeasuredPoints {
        let measure = self.edition.measures.get(asked.measure);
        let (value, state) = self.measured_value(asked, partner, first, view);
        let days = self.measured_days(asked, first);
        let evidence = self.evidence(asked.measure, partner, view, &|_, _| days).without_columns();
        MeasuredPoints {
            measure: measure.map_or_else(String::new, |measure| measure.id.clone()),
            title: measure.map_or_else(String::new, |measure| measure.title.clone()),
            value: value.number,
            target: asked.target.bar(),
            is_ceiling: matches!(asked.target, crate::rulebook::Target::AtMost(_)),
            n: value.n,
            min_n: asked.min_n,
            state,
            points: if state == State::Met { asked.points } else { Decimal::ZERO },
            counted: evidence.counted,
            not_counted: evidence.not_counted,
        }
    }
}

/// The base and the points, up to the ceiling.
fn earned(scheme: &DiscountScheme, points: impl Iterator<Item = Decimal>) -> Number {
    let mut sum = Sum::default();
    sum.add(scheme.base_percent);
    points.for_each(|points| sum.add(points));
    sum.into_number().at_most(scheme.ceiling_percent)
}
