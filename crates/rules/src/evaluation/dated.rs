//! Dated facts: what each comes to in a window, and the number that those that count make.

use super::selection::{CompiledSelection, Place, Reads};
use super::viewpoint::{Days, Viewpoint};
use super::{Evaluator, Value};
use crate::day::Day;
use crate::facts::{Dated, NO_CODE, Partner, PartnerNumber, Review, ReviewKind, Table};
use crate::number::{Number, Sum};
use crate::reason::Reason;
use crate::rulebook::FactKind;

/// What a fact comes to for a measure in one column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is none of the measure's business.
    NotListed,
    /// It counts.
    Counted,
    /// It does not, for this reason.
    Not(Reason),
}

impl From<Option<Reason>> for Verdict {
    fn from(reason: Option<Reason>) -> Self {
        reason.map_or(Self::Counted, Self::Not)
    }
}

impl CompiledSelection {
    /// What the fact in a row of the kind's table comes to.
    #[inline]
    pub(crate) fn judge(
        &self,
        table: &Table,
        at: usize,
        row: &Dated,
        days: Days,
        view: &Viewpoint,
    ) -> Verdict {
        // An event without an amount has nothing for a sum or a mean to look at.
        if self.kind == FactKind::Event && self.reads_amounts() && !row.tags.has_amount() {
            return Verdict::NotListed;
        }
        if !self.filters.is_empty() && !self.filters.pass(|place| field(table, at, row, place)) {
            return Verdict::NotListed;
        }
        self.reason(row, days, view).into()
    }

    /// Why a fact that the measure lists does not count; the first reason in their order.
    #[inline]
    fn reason(&self, row: &Dated, days: Days, view: &Viewpoint) -> Option<Reason> {
        if self.is_unknown(row.code) {
            return Some(Reason::UnknownToEdition);
        }
        match self.kind {
            FactKind::Validation => {
                if row.on.is_none_or(|on| on > view.last) {
                    return Some(Reason::NotYetIssued);
                }
                if row.end.is_some_and(|last| last < view.as_of) {
                    return Some(Reason::Expired);
                }
            }
            FactKind::Event
                if days == Days::InForce && row.end.is_some_and(|until| until <= view.as_of) =>
            {
                return Some(Reason::Expired);
            }
            _ => {}
        }
        if row.barred.is_some() {
            return row.barred;
        }
        if self.kind == FactKind::Reference && row.end.is_some_and(|end| end <= days.day(view)) {
            return Some(Reason::Withdrawn);
        }
        let Some(on) = row.on else { return Some(Reason::OutsideWindow) };
        if days == Days::Unknown || days.is_before(on) || days.is_behind(on, view) {
            return Some(Reason::OutsideWindow);
        }
        if !self.takes_currency(row.currency) {
            return Some(Reason::OtherCurrency);
        }
        if self.desk.is_some_and(|desk| row.tags.desk() != desk) {
            return Some(Reason::OtherDesk);
        }
        if !self.support.is_empty() && !self.support.contains(&row.tags.support()) {
            return Some(Reason::OtherSupport);
        }
        None
    }
}

/// The value of a field of a fact, as a number that compares.
#[inline]
pub(crate) fn field(table: &Table, at: usize, row: &Dated, place: Place) -> u32 {
    match place {
        Place::Code if row.code == NO_CODE => u32::MAX,
        Place::Code => row.code.into(),
        Place::OpenedBy => row.tags.opened_by() as u32,
        Place::Severity => row.tags.severity().map_or(u32::MAX, |severity| severity as u32),
        Place::Label(label) => table.label(at, label),
    }
}

impl Evaluator<'_> {
    /// The number that the facts of a partner make in a window.
    pub(crate) fn dated_value(
        &self,
        of: &CompiledSelection,
        reads: &Reads,
        partner: PartnerNumber,
        days: Days,
        view: &Viewpoint,
    ) -> Value {
        let Some(table) = self.facts.table(of.kind) else { return Value::UNKNOWN };
        let Some((first, last)) = days.bounds(view) else { return Value::UNKNOWN };
        // Rows outside these days are judged not to count, as evidence shows.
        let range = table.between(partner.0, first, last);
        if of.kind == FactKind::Validation && self.subsidiaries(partner, view).next().is_some() {
            let owners = self.owners(of.kind, partner, view);
            let rows = owners.flat_map(|owner| table.between(owner.0, first, last));
            let row = |at: usize| table.rows.rows.get(at).map(|row| (at, row));
            return read_off(of, reads, table, rows.filter_map(row), days, view);
        }
        if of.is_plain() && of.currency.is_none() && matches!(reads, Reads::Count) {
            let n = range.len() as u64;
            return Value { number: Number::from_count(n), n, is_known: true };
        }
        let rows = table.rows.rows.get(range.clone()).unwrap_or_default();
        read_off(of, reads, table, range.zip(rows), days, view)
    }

    /// Whether a validated plan is valid.
    pub(crate) fn document_value(
        &self,
        valid_months: u16,
        partner: u32,
        view: &Viewpoint,
    ) -> Value {
        let plans = self.facts.business_plans.rows.of(partner);
        held(plans.iter().map(|row| document_reason(row, valid_months, view)))
    }

    /// Whether a decision of a kind is in force.
    pub(crate) fn decision_value(
        &self,
        kind: ReviewKind,
        partner: u32,
        of: &Partner,
        view: &Viewpoint,
    ) -> Value {
        let rows = self.facts.reviews.of(partner).iter();
        let recorded = rows.filter(|row| is_decision(row, kind, of));
        // What is assumed is in force without an end, as a review that is recorded.
        let assumed = self.assumed.of(partner).iter();
        let assumed =
            assumed.filter(|review| review.on <= view.last && review.kinds.contains(&kind));
        held(recorded.map(|row| decision_reason(row, view)).chain(assumed.map(|_| None)))
    }
}

/// The number that those make which count among some rows of a table, within the bounds of days.
#[inline]
fn read_off<'t>(
    of: &CompiledSelection,
    reads: &Reads,
    table: &'t Table,
    rows: impl Iterator<Item = (usize, &'t Dated)>,
    days: Days,
    view: &Viewpoint,
) -> Value {
    // Nothing but the day and the currency can keep a plain fact from counting.
    let is_plain = of.is_plain();
    let counted = rows.filter(|(at, row)| match is_plain {
        true => of.takes_currency(row.currency),
        false => of.judge(table, *at, row, days, view) == Verdict::Counted,
    });
    match reads {
        Reads::Count => {
            let n = counted.count() as u64;
            Value { number: Number::from_count(n), n, is_known: true }
        }
        Reads::Sum => {
            let (number, n) = total(table, counted.map(|(at, _)| at));
            Value { number, n, is_known: true }
        }
        Reads::Distinct { place, group_of } => {
            let group = |value: u32| match group_of {
                Some(groups) => groups.get(value as usize).copied().unwrap_or(value),
                None => value,
            };
            let mut n = 0;
            let mut values: Vec<u32> = counted
                .inspect(|_| n += 1)
                .map(|(at, row)| group(field(table, at, row, *place)))
                .filter(|&value| value != u32::MAX)
                .collect();
            values.sort_unstable();
            values.dedup();
            Value { number: Number::from_count(values.len() as u64), n, is_known: true }
        }
        Reads::Share(matching) => {
            let (mut part, mut n) = (0, 0);
            for (at, row) in counted {
                n += 1;
                part += u64::from(matching.pass(|place| field(table, at, row, place)));
            }
            Value { number: Number::from_share(part, n), n, is_known: n > 0 }
        }
        Reads::Mean => {
            let (number, n) = total(table, counted.map(|(at, _)| at));
            Value { number: number.divided_by(n), n, is_known: n > 0 }
        }
    }
}

/// One when any of them counts.
fn held(reasons: impl Iterator<Item = Option<Reason>>) -> Value {
    let n = reasons.filter(Option::is_none).count() as u64;
    Value { number: Number::from_count(n.min(1)), n, is_known: true }
}

/// Whether a row is such a decision about the path that the partner is on.
pub(crate) fn is_decision(row: &Review, kind: ReviewKind, of: &Partner) -> bool {
    row.kind == kind && row.path == of.path
}

/// Why a decision is not in force.
pub(crate) fn decision_reason(row: &Review, view: &Viewpoint) -> Option<Reason> {
    if row.on > view.last {
        Some(Reason::NotYetIssued)
    } else if row.valid_until.is_some_and(|last| last < view.as_of) {
        Some(Reason::Expired)
    } else {
        None
    }
}

/// Why a plan is not valid. Without a last day of its own it is valid for so many months.
pub(crate) fn document_reason(row: &Dated, valid_months: u16, view: &Viewpoint) -> Option<Reason> {
    let Some(validated) = row.on.filter(|on| *on <= view.last) else {
        // A plan that ran out before anybody validated it is past, whatever may come.
        let is_past = row.end.is_some_and(|last| last < view.as_of);
        return Some(if is_past { Reason::Expired } else { Reason::NotValidated });
    };
    (document_last(row, validated, valid_months) < view.as_of).then_some(Reason::Expired)
}

/// The last day on which a plan is valid.
pub(crate) fn document_last(row: &Dated, validated: Day, valid_months: u16) -> Day {
    row.end.unwrap_or_else(|| validated.plus_months(valid_months.into()))
}

/// The sum of the amounts at these rows, each divided by its own divisor, and their number.
#[inline]
fn total(table: &Table, counted: impl Iterator<Item = usize>) -> (Number, u64) {
    let amount = |at: usize| table.amounts.get(at).copied().unwrap_or_default();
    let mut n = 0;
    if table.divisors.is_empty() {
        let mut sum = Sum::default();
        for at in counted {
            n += 1;
            sum.add(amount(at));
        }
        return (sum.into_number(), n);
    }
    // Sums by divisor, so that nothing is rounded and few fractions are added.
    let mut sums: Vec<(u32, Sum)> = Vec::new();
    for at in counted {
        n += 1;
        let divisor = table.divisors.get(at).copied().unwrap_or(1).max(1);
        match sums.iter_mut().find(|(known, _)| *known == divisor) {
            Some((_, sum)) => sum.add(amount(at)),
            None => {
                let mut sum = Sum::default();
                sum.add(amount(at));
                sums.push((divisor, sum));
            }
        }
    }
    let parts = sums.into_iter().map(|(divisor, sum)| sum.into_number().divided_by(divisor.into()));
    (parts.reduce(|a, b| a.plus(&b)).unwrap_or_default(), n)
}

impl Days {
    /// The day as of which something is or is not withdrawn: the last day looked at.
    #[inline]
    fn day(self, view: &Viewpoint) -> Day {
        match self {
            Self::Between(_, until) => until.plus_days(-1),
            Self::InForce | Self::From(_) | Self::Unknown => view.as_of,
        }
    }
}
