//! Facts as evaluation reads them: columns in memory, grouped by partner.
//!
//! Holds one state of knowledge: of every fact at most one version. Rows of one partner lie
//! together, and each kind is a table of its own, so that the scorecards of a whole network
//! are computed by reading memory once from front to back. Free text that no rule looks at is
//! not kept.

use super::Ids;
pub(crate) use super::grouped::Grouped;
use super::grouped::{group, permuted};
use super::words::{Desk, OpenedBy, ReviewKind, Severity, Standing, SupportMode};
use crate::day::Day;
use crate::decimal::Decimal;
use crate::reason::Reason;
use crate::rulebook::FactKind;

/// The number of a partner in [`Facts`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartnerNumber(pub(crate) u32);

/// A code of the catalogue that a fact does not carry.
pub(crate) const NO_CODE: u16 = u16::MAX;

/// The facts of a network, or of a part of it, in one state of knowledge.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    pub(crate) partners: Vec<Partner>,
    pub(crate) partner_ids: Ids,
    pub(crate) reviews: Grouped<Review>,
    pub(crate) review_ids: Ids,
    /// Grouped by primary, and there by subsidiary; nothing at all where there is none.
    pub(crate) affiliations: Grouped<Affiliation>,
    /// Ids of individuals and persons.
    pub(crate) people_ids: Ids,
    pub(crate) memberships: Grouped<Membership>,
    pub(crate) credential_ids: Ids,
    /// Grouped by person.
    pub(crate) credentials: Grouped<HeldCredential>,
    pub(crate) opportunities: Table,
    pub(crate) references: Table,
    pub(crate) ratings: Table,
    pub(crate) business_plans: Table,
    pub(crate) validations: Table,
    pub(crate) cases: Table,
    pub(crate) survey_responses: Table,
    pub(crate) events: Table,
}

/// A partner, with the shorthand for its history.
#[derive(Clone, Debug)]
pub(crate) struct Partner {
    pub(crate) id: u32,
    /// For display; cut to a readable length.
    pub(crate) name: Box<str>,
    pub(crate) path: u32,
    pub(crate) tier: Option<u32>,
    pub(crate) tier_since: Option<Day>,
    pub(crate) last_review_on: Option<Day>,
    pub(crate) last_renewal_on: Option<Day>,
    pub(crate) last_upgrade_on: Option<Day>,
    pub(crate) standing: Standing,
}

/// A row of a partner's history.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Review {
    pub(crate) id: u32,
    pub(crate) path: u32,
    pub(crate) on: Day,
    pub(crate) kind: ReviewKind,
    pub(crate) tier: Option<u32>,
    pub(crate) valid_until: Option<Day>,
}

/// A time for which a subsidiary belongs to its primary.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Affiliation {
    /// The number of the partner that is the subsidiary.
    pub(crate) subsidiary: u32,
    pub(crate) from: Day,
    /// The first day on which it no longer holds.
    pub(crate) until: Option<Day>,
}

/// A time for which a person belongs to a partner.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Membership {
    pub(crate) person: u32,
    pub(crate) joined_on: Option<Day>,
    pub(crate) left_on: Option<Day>,
    pub(crate) has_consent: bool,
}

/// A credential held by a person.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HeldCredential {
    pub(crate) id: u32,
    pub(crate) issued_on: Day,
    pub(crate) expires_on: Option<Day>,
    pub(crate) credential: u16,
}

/// A fact of a day: what all the other kinds have in common.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dated {
    pub(crate) id: u32,
    /// The day by which it counts; a plan that was never validated has none.
    pub(crate) on: Option<Day>,
    /// The last day on which it holds, or the day of its end; by kind.
    pub(crate) end: Option<Day>,
    /// The program, resolution code or event kind.
    pub(crate) code: u16,
    /// The currency of its amount.
    pub(crate) currency: Currency,
    /// Why it can never count, whatever the day and the rule.
    pub(crate) barred: Option<Reason>,
    pub(crate) tags: Tags,
}

/// A currency: its three letters packed into one number; zero is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Currency(u16);

impl Currency {
    /// No currency.
    pub const NONE: Self = Self(0);

    pub(crate) const fn bits(self) -> u16 {
        self.0
    }

    pub(crate) const fn from_bits(bits: u16) -> Self {
        Self(bits)
    }

    /// Reads three capital letters.
    pub fn parse(text: &[u8]) -> Option<Self> {
        let &[a, b, c] = text else { return None };
        let digit = |byte: u8| byte.is_ascii_uppercase().then(|| u16::from(byte - b'A'));
        Some(Self(1 + digit(a)? * 26 * 26 + digit(b)? * 26 + digit(c)?))
    }
}

impl std::fmt::Display for Currency {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Some(packed) = self.0.checked_sub(1) else { return Ok(()) };
        for digit in [packed / 676, packed / 26 % 26, packed % 26] {
            let letter = u8::try_from(digit).map_or('?', |digit| char::from(b'A' + digit));
            write!(f, "{letter}")?;
        }
        Ok(())
    }
}

/// The enumerations of a case, or whether an event has an amount, packed into a byte.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tags(u8);

impl Tags {
    pub(crate) fn of_case(
        desk: Desk,
        support: SupportMode,
        opened_by: OpenedBy,
        severity: Option<Severity>,
    ) -> Self {
        let severity = severity.map_or(7, |severity| severity as u8);
        Self(desk as u8 | ((support as u8) << 1) | ((opened_by as u8) << 3) | (severity << 4))
    }

    pub(crate) const fn bits(self) -> u8 {
        self.0
    }

    pub(crate) const fn from_bits(bits: u8) -> Self {
        Self(bits)
    }

    pub(crate) fn of_event(has_amount: bool) -> Self {
        Self(u8::from(has_amount))
    }

    /// Whether an event carries an amount.
    pub(crate) fn has_amount(self) -> bool {
        self.0 & 1 != 0
    }

    pub(crate) fn desk(self) -> Desk {
        if self.0 & 1 == 0 { Desk::Vendor } else { Desk::Partner }
    }

    pub(crate) fn support(self) -> SupportMode {
        match (self.0 >> 1) & 3 {
            0 => SupportMode::PartnerLed,
            1 => SupportMode::Resold,
            _ => SupportMode::Direct,
        }
    }

    pub(crate) fn opened_by(self) -> OpenedBy {
        if self.0 & 8 == 0 { OpenedBy::Partner } else { OpenedBy::Customer }
    }

    pub(crate) fn severity(self) -> Option<Severity> {
        Severity::ALL.get(usize::from(self.0 >> 4)).copied()
    }
}

/// Facts of one kind, grouped by partner.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table {
    pub(crate) rows: Grouped<Dated>,
    /// The day on which each row counts, packed, beside the rows and ascending within a partner;
    /// rows that can never count have [`NEVER`] and stand last.
    pub(in crate::facts) days: Vec<u32>,
    /// Amounts, beside the rows; empty for kinds without one.
    pub(crate) amounts: Vec<Decimal>,
    /// What each amount is divided by, beside the rows; empty where that is always one.
    pub(crate) divisors: Vec<u32>,
    /// The values of the free fields that rules look at, `label_count` beside each row.
    pub(crate) labels: Vec<u32>,
    pub(crate) label_count: usize,
    /// The texts of those values.
    pub(crate) label_texts: Ids,
    pub(crate) ids: Ids,
}

/// The label of a field that is absent.
pub(crate) const NO_LABEL: u32 = u32::MAX;

/// Behind every day.
const NEVER: u32 = u32::MAX;

/// Up to so many rows are looked at one by one.
const FEW: usize = 128;

impl Table {
    /// The rows of a partner that could count between two days, both included.
    #[inline]
    pub(crate) fn between(&self, partner: u32, first: Day, last: Day) -> std::ops::Range<usize> {
        let range = self.rows.range(partner);
        let days = self.days.get(range.clone()).unwrap_or_default();
        let (first, last) = (first.packed(), last.packed());
        let (begin, end) = if days.len() <= FEW {
            // Counting all without a branch is quicker than halving a short list.
            let count = |(begin, end): (usize, usize), day: &u32| {
                (begin + usize::from(*day < first), end + usize::from(*day <= last))
            };
            days.iter().fold((0, 0), count)
        } else {
            let begin = days.partition_point(|day| *day < first);
            (begin, days.partition_point(|day| *day <= last))
        };
        range.start + begin..range.start + end.max(begin)
    }

    /// A table of rows that stand in their order.
    pub(crate) fn from_parts(rows: Grouped<Dated>, rest: Self) -> Self {
        let days = rows.rows.iter().map(|row| row.counts_on().map_or(NEVER, Day::packed)).collect();
        Self { rows, days, ..rest }
    }

    /// Adds a row of a partner, without amount and labels.
    pub(crate) fn insert(&mut self, partner: u32, row: Dated, partners: usize) {
        let at = self.rows.range(partner).end.min(self.rows.rows.len());
        self.rows.insert(partner, row, partners);
        self.days.insert(at, NEVER);
        if !self.amounts.is_empty() {
            self.amounts.insert(at, Decimal::ZERO);
        }
        if !self.divisors.is_empty() {
            self.divisors.insert(at, 1);
        }
        for _ in 0..self.label_count {
            self.labels.insert(at * self.label_count, NO_LABEL);
        }
        self.sort(partner);
    }

    /// Brings the rows of a partner into the order of the days on which they count.
    pub(crate) fn sort(&mut self, partner: u32) {
        let range = self.rows.range(partner);
        let mut order: Vec<usize> = range.clone().collect();
        let key = |at: &usize| {
            let on = self.rows.rows.get(*at).and_then(Dated::counts_on);
            (on.is_none(), on)
        };
        order.sort_by_key(key);
        let mut sorted = TableBuilder::default();
        let mut days = Vec::new();
        for &at in &order {
            let Some(row) = self.rows.rows.get(at) else { continue };
            days.push(row.counts_on().map_or(NEVER, Day::packed));
            sorted.rows.push(*row);
            sorted.amounts.extend(self.amounts.get(at));
            sorted.divisors.extend(self.divisors.get(at));
            let begin = at * self.label_count;
            let labels = self.labels.get(begin..begin + self.label_count);
            sorted.labels.extend_from_slice(labels.unwrap_or_default());
        }
        put(&mut self.rows.rows, range.start, &sorted.rows);
        put(&mut self.days, range.start, &days);
        put(&mut self.amounts, range.start, &sorted.amounts);
        put(&mut self.divisors, range.start, &sorted.divisors);
        put(&mut self.labels, range.start * self.label_count, &sorted.labels);
    }

    /// The value of a row's free field.
    #[inline]
    pub(crate) fn label(&self, row: usize, field: usize) -> u32 {
        self.labels.get(row * self.label_count + field).copied().unwrap_or(NO_LABEL)
    }
}

/// A table while its rows come in, in any order.
#[derive(Debug, Default)]
pub(crate) struct TableBuilder {
    pub(crate) rows: Vec<Dated>,
    pub(crate) groups: Vec<u32>,
    pub(crate) amounts: Vec<Decimal>,
    pub(crate) divisors: Vec<u32>,
    pub(crate) labels: Vec<u32>,
    pub(crate) label_count: usize,
    pub(crate) label_texts: Ids,
    pub(crate) ids: Ids,
}

impl Dated {
    /// The day on which it counts, if it ever can.
    pub(in crate::facts) fn counts_on(&self) -> Option<Day> {
        if self.barred.is_some() { None } else { self.on }
    }
}

impl TableBuilder {
    /// The order that brings rows to their partners, and there into the order of days; none if
    /// they stand in it.
    fn order(&self, partners: usize) -> Option<Vec<u32>> {
        let (begins, order) = group(&self.groups, partners);
        let key = |at: &u32| {
            let on = self.rows.get(*at as usize).and_then(Dated::counts_on);
            (on.is_none(), on)
        };
        let mut order = match order {
            Some(order) => order,
            None => (0..u32::try_from(self.rows.len()).unwrap_or(u32::MAX)).collect(),
        };
        for pair in begins.windows(2) {
            let &[begin, end] = pair else { continue };
            if let Some(rows) = order.get_mut(begin as usize..end as usize)
                && !rows.is_sorted_by_key(key)
            {
                rows.sort_by_key(key);
            }
        }
        Some(order).filter(|order| !order.is_sorted())
    }

    /// Adds a row of a partner.
    pub(crate) fn push(&mut self, partner: u32, row: Dated) {
        self.groups.push(partner);
        self.rows.push(row);
    }

    /// Adds the value of the next free field of the row that was added last.
    ///
    /// Long values are kept as their hash: all that rules do is compare them.
    pub(crate) fn push_label(&mut self, value: Option<&[u8]>) {
        let Some(value) = value else {
            self.labels.push(NO_LABEL);
            return;
        };
        let number = self.label_texts.insert(&label_key(value)).map_or(NO_LABEL, |(at, _)| at);
        self.labels.push(number);
    }

    /// Groups the rows by partner.
    pub(crate) fn finish(mut self, partners: usize) -> Table {
        let order = self.order(partners);
        let (begins, _) = group(&self.groups, partners);
        self.groups = Vec::new();
        let count = self.label_count;
        if let Some(order) = order {
            self.rows = permuted(&self.rows, &order);
            self.amounts = permuted(&self.amounts, &order);
            self.divisors = permuted(&self.divisors, &order);
            let mut labels = Vec::with_capacity(self.labels.len());
            for &at in &order {
                let begin = at as usize * count;
                labels.extend_from_slice(self.labels.get(begin..begin + count).unwrap_or_default());
            }
            self.labels = labels;
        }
        Table {
            days: self.rows.iter().map(|row| row.counts_on().map_or(NEVER, Day::packed)).collect(),
            rows: Grouped::from_parts(self.rows, begins),
            amounts: self.amounts,
            divisors: self.divisors,
            labels: self.labels,
            label_count: count,
            label_texts: self.label_texts,
            ids: self.ids,
        }
    }
}

/// What stands for a free field's value in memory.
pub(crate) fn label_key(value: &[u8]) -> std::borrow::Cow<'_, [u8]> {
    const LONGEST: usize = 200;
    if value.len() <= LONGEST {
        return value.into();
    }
    // Two independent hashes and the length: 128 bits tell any two real values apart.
    use std::hash::BuildHasher;
    let first = foldhash::quality::FixedState::with_seed(1).hash_one(value);
    let second = foldhash::quality::FixedState::with_seed(2).hash_one(value);
    let mut key = vec![0];
    for part in [first, second, value.len() as u64] {
        key.extend_from_slice(&part.to_le_bytes());
    }
    key.into()
}

impl Facts {
    /// All partners, in the order of the input.
    pub fn partners(&self) -> impl ExactSizeIterator<Item = PartnerNumber> + use<> {
        (0..u32::try_from(self.partners.len()).unwrap_or(u32::MAX)).map(PartnerNumber)
    }

    /// The partner with an id, if it is known.
    pub fn find_partner(&self, id: &str) -> Option<PartnerNumber> {
        let at =
            self.partners.iter().position(|partner| self.partner_ids.text(partner.id) == id)?;
        u32::try_from(at).ok().map(PartnerNumber)
    }

    /// The id of a partner.
    pub fn partner_id(&self, partner: PartnerNumber) -> &str {
        self.partner(partner).map_or("", |partner| self.partner_ids.text(partner.id))
    }

    /// The name of a partner, cut to 200 characters.
    pub fn partner_name(&self, partner: PartnerNumber) -> &str {
        self.partner(partner).map_or("", |partner| &partner.name)
    }

    /// How many facts a partner has: its own, and its affiliations as a primary.
    pub fn facts_of(&self, partner: PartnerNumber) -> usize {
        let kinds = [
            FactKind::Opportunity,
            FactKind::Reference,
            FactKind::Rating,
            FactKind::BusinessPlan,
            FactKind::Validation,
            FactKind::Case,
            FactKind::SurveyResponse,
            FactKind::Event,
        ];
        let tables = kinds.into_iter().filter_map(|kind| self.table(kind));
        let members = self.memberships.of(partner.0);
        let held = members.iter().map(|row| self.credentials.of(row.person).len());
        tables.map(|table| table.rows.of(partner.0).len()).sum::<usize>()
            + self.reviews.of(partner.0).len()
            + self.affiliations.of(partner.0).len()
            + members.len()
            + held.sum::<usize>()
    }

    pub(crate) fn partner(&self, partner: PartnerNumber) -> Option<&Partner> {
        self.partners.get(partner.0 as usize)
    }

    /// The table of a kind, where it is one of dated facts.
    pub(crate) fn table(&self, kind: FactKind) -> Option<&Table> {
        match kind {
            FactKind::Opportunity => Some(&self.opportunities),
            FactKind::Reference => Some(&self.references),
            FactKind::Rating => Some(&self.ratings),
            FactKind::BusinessPlan => Some(&self.business_plans),
            FactKind::Validation => Some(&self.validations),
            FactKind::Case => Some(&self.cases),
            FactKind::SurveyResponse => Some(&self.survey_responses),
            FactKind::Event => Some(&self.events),
            FactKind::Review | FactKind::Credential => None,
        }
    }

    pub(crate) fn table_mut(&mut self, kind: FactKind) -> Option<&mut Table> {
        match kind {
            FactKind::Opportunity => Some(&mut self.opportunities),
            FactKind::Reference => Some(&mut self.references),
            FactKind::Rating => Some(&mut self.ratings),
            FactKind::BusinessPlan => Some(&mut self.business_plans),
            FactKind::Validation => Some(&mut self.validations),
            FactKind::Case => Some(&mut self.cases),
            FactKind::SurveyResponse => Some(&mut self.survey_responses),
            FactKind::Event => Some(&mut self.events),
            FactKind::Review | FactKind::Credential => None,
        }
    }

    /// How many facts there are, partners not counted.
    pub fn len(&self) -> usize {
        let tables = [
            &self.opportunities,
            &self.references,
            &self.ratings,
            &self.business_plans,
            &self.validations,
            &self.cases,
            &self.survey_responses,
            &self.events,
        ];
        tables.iter().map(|table| table.rows.rows.len()).sum::<usize>()
            + self.reviews.rows.len()
            + self.affiliations.rows.len()
            + self.memberships.rows.len()
            + self.credentials.rows.len()
    }

    /// Whether there is no fact.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Writes values over those from a place on.
fn put<T: Copy>(all: &mut [T], at: usize, new: &[T]) {
    if let Some(slot) = all.get_mut(at..at + new.len()) {
        slot.copy_from_slice(new);
    }
}
