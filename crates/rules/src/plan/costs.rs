//! What things cost and who has time: the rulebook's figures, and the partner's own in their
//! place. Reads the costs file, which is described in `docs/plan.md`.

use std::collections::{BTreeMap, BTreeSet};

use crate::day::Day;
use crate::decimal::Decimal;
use crate::facts::{Currency, Facts, PartnerNumber};
use crate::problem::{Problem, Problems, did_you_mean};
use crate::rulebook::document::{Document, Table, Value, shown};
use crate::rulebook::{Edition, EffortKind, Prerequisite, Training, waits_for_itself};

/// Longest costs file, in bytes.
const TEXT_LIMIT: usize = 4_000_000;

/// Least probability, in steps of a decimal: one of a thousand. With it and the highest cost sums
/// stay within decimals.
const LEAST_PROBABILITY: u128 = Decimal::STEPS as u128 / 1_000;

/// Most days of a month; a month is taken to have so many.
pub(super) const MONTH: u8 = 30;

/// Costs, days and availability by which a plan is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Costs {
    /// Most people who prepare at the same time; none: any number.
    pub at_once: Option<u32>,
    /// For each training of the edition.
    pub(super) trainings: Vec<Terms>,
    /// What comes before each training of the edition.
    pub(super) orders: Vec<Order>,
    /// For each effort of the edition.
    pub(super) efforts: Vec<Terms>,
    /// Of single opportunities, by id.
    pub(super) opportunities: BTreeMap<String, Terms>,
    /// Of people, by id.
    pub(super) people: BTreeMap<String, Availability>,
    /// What trainings cost and take single people, by id: each with its training by position.
    pub(super) own: BTreeMap<String, Vec<(usize, Terms)>>,
    /// People who are asked nothing.
    pub(super) excluded: BTreeSet<String>,
    /// Where people are named, for problems.
    places: Vec<(String, Problem)>,
}

/// What one thing costs and takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Terms {
    /// The money of one attempt.
    pub(super) cost: Decimal,
    pub(super) days: u16,
    /// Of passing at an attempt; none: certain.
    pub(super) probability: Option<Decimal>,
    pub(super) at_most: Option<u32>,
    pub(super) is_possible: bool,
}

/// What comes before a training.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Order {
    /// What must be held or taken before.
    pub(super) requires: Vec<Prerequisite>,
    /// Whoever takes one of these too takes it before, by position.
    pub(super) after: Vec<usize>,
}

/// When a person has time.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Availability {
    pub(super) from: Option<Day>,
    /// The first day on which no more.
    pub(super) until: Option<Day>,
    /// Days of preparation in a month.
    pub(super) days_per_month: u8,
    /// Stretches without time: the first day, and the first day with time again. In order.
    pub(super) absences: Vec<(Day, Day)>,
}

impl Availability {
    /// Always, all days.
    pub(super) const ALWAYS: Self =
        Self { from: None, until: None, days_per_month: MONTH, absences: Vec::new() };
}

impl Terms {
    /// The money until it is passed, on average: the cost of an attempt by the probability of
    /// passing one, in steps of a decimal, rounded to hundredths where it does not end before.
    pub(super) fn expected_steps(&self) -> u128 {
        const STEPS: u128 = Decimal::STEPS as u128;
        const HUNDREDTH: u128 = STEPS / 100;
        let Some(probability) = self.probability else { return steps(self.cost) };
        let probability = steps(probability).max(1);
        // Halves are rounded up. More than 10^18 of a currency is cut, for nobody has that much.
        let cost = steps(self.cost).min(u128::MAX / 200);
        let hundredths = (cost * 100 + probability / 2) / probability;
        hundredths.min(u128::MAX / HUNDREDTH) * HUNDREDTH
    }
}

/// A decimal in its smallest steps.
pub(super) fn steps(decimal: Decimal) -> u128 {
    u128::from(decimal.whole()) * u128::from(Decimal::STEPS) + u128::from(decimal.fraction())
}

impl Costs {
    /// The figures of the rulebook.
    pub fn of(edition: &Edition) -> Self {
        let terms = |cost: Decimal, days: u16, at_most: Option<u32>| Terms {
            cost,
            days,
            probability: None,
            at_most,
            is_possible: true,
        };
        Self {
            at_once: None,
            trainings: edition.training.iter().map(|one| terms(one.cost, one.days, None)).collect(),
            orders: edition
                .training
                .iter()
                .map(|one| Order { requires: one.requires.clone(), after: one.after.clone() })
                .collect(),
            efforts: edition
                .efforts
                .iter()
                .map(|one| terms(one.cost, one.days, one.at_most))
                .collect(),
            opportunities: BTreeMap::new(),
            people: BTreeMap::new(),
            own: BTreeMap::new(),
            excluded: BTreeSet::new(),
            places: Vec::new(),
        }
    }

    /// Reads a costs file over the figures of the rulebook. `file` is its name in problems.
    ///
    /// # Errors
    ///
    /// Every problem of the text.
    pub fn read(file: &str, text: &str, edition: &Edition) -> Result<Self, Problems> {
        if text.len() > TEXT_LIMIT {
            let message = format!("the costs are over {} MB", TEXT_LIMIT / 1_000_000);
            return Err(Problem::new("too-long", message).in_file(file).into());
        }
        let mut document = Document::new(file, text);
        let entries = document.parse();
        let mut costs = Self::of(edition);
        let mut root = Table::root(&document, &entries);
        Reader { edition, currency: None, file }.read(&mut root, &mut costs);
        root.finish();
        if document.is_clean() { Ok(costs) } else { Err(document.into_problems()) }
    }

    /// Reports every person and opportunity that the partner does not have.
    pub fn check_against(&self, facts: &Facts, partner: PartnerNumber) -> Problems {
        let facts = facts.apart(partner);
        let people: Vec<&str> = facts.people_ids.iter().collect();
        let opportunities: Vec<&str> = facts.opportunities.ids.iter().collect();
        let mut problems = Problems::new();
        for (id, problem) in &self.places {
            let known = if problem.code == "unknown-person" { &people } else { &opportunities };
            if !known.contains(&id.as_str()) {
                let hint = did_you_mean(id, known.iter().copied());
                problems.push(problem.clone().maybe_hint(hint));
            }
        }
        problems
    }
}

/// A costs file while it is read.
struct Reader<'e> {
    edition: &'e Edition,
    /// The currency of amounts that name none.
    currency: Option<String>,
    file: &'e str,
}

impl Reader<'_> {
    fn read(&mut self, root: &mut Table<'_>, costs: &mut Costs) {
        self.currency = root.get("currency").and_then(|value| self.currency(&value));
        let most = root.get("at_once").and_then(|value| value.whole(1, u32::MAX.into()));
        costs.at_once = most.and_then(|most| u32::try_from(most).ok());
        if let Some(value) = root.get("excluded").filter(|value| !value.is_empty_array()) {
            for (id, place) in value.fact_texts() {
                costs.excluded.insert(id.to_owned());
                costs.places.push(self.person(id, value.document, &place));
            }
        }
        for mut table in root.tables("training") {
            let ids = self.edition.training.iter().map(|one| one.id.as_str());
            let at = table.required("id").and_then(|id| find(&id, "training", ids));
            let mut terms = at.and_then(|at| costs.trainings.get(at)).cloned();
            self.terms(&mut table, terms.as_mut(), &["pass_probability"]);
            self.order(&mut table, at, costs);
            table.finish();
            put(&mut costs.trainings, at, terms);
        }
        for mut table in root.tables("efforts") {
            let ids = self.edition.efforts.iter().map(|one| one.id.as_str());
            let at = table.required("id").and_then(|id| find(&id, "effort", ids));
            let mut terms = at.and_then(|at| costs.efforts.get(at)).cloned();
            self.terms(&mut table, terms.as_mut(), &["at_most"]);
            table.finish();
            put(&mut costs.efforts, at, terms);
        }
        for mut table in root.tables("opportunities") {
            let launch = self.edition.efforts.iter().position(|one| one.kind == EffortKind::Launch);
            let mut terms = launch.and_then(|at| costs.efforts.get(at)).cloned();
            let id = table.required("id");
            self.terms(&mut table, terms.as_mut(), &[]);
            table.finish();
            if let (Some((value, id)), Some(terms)) =
                (id.and_then(|id| Some((id.clone(), id.text()?))), terms)
            {
                costs.opportunities.insert(id.to_owned(), terms);
                let message = format!("the partner has no opportunity `{}`", shown(id));
                let problem =
                    self.placed("unknown-opportunity", message, value.document, &value.place());
                costs.places.push((id.to_owned(), problem));
            }
        }
        for table in root.tables("people") {
            self.availability(table, costs);
        }
    }

    /// What comes before a training, where the file tells it.
    fn order(&self, table: &mut Table<'_>, at: Option<usize>, costs: &mut Costs) {
        let requires = table.get("requires");
        let after = table.get("after");
        let Some(order) = at.and_then(|at| costs.orders.get_mut(at)) else { return };
        let ids = || self.edition.training.iter().map(|one| one.id.as_str());
        let credentials = self.edition.credentials.iter();
        if let Some(value) = &requires {
            let find = |(id, place): (&str, std::ops::Range<usize>)| {
                let credential = credentials.clone().position(|known| known.id == id);
                credential.map(Prerequisite::Credential).or_else(|| {
                    let found = find_at(value, (id, &place), "training or credential", ids());
                    found.map(Prerequisite::Training)
                })
            };
            let texts = if value.is_empty_array() { Vec::new() } else { value.texts() };
            order.requires = texts.into_iter().filter_map(find).collect();
        }
        if let Some(value) = &after {
            let texts = if value.is_empty_array() { Vec::new() } else { value.texts() };
            order.after = texts
                .into_iter()
                .filter_map(|(id, place)| find_at(value, (id, &place), "training", ids()))
                .collect();
        }
        let Some(value) = requires.or(after) else { return };
        let all = self.edition.training.iter().zip(&costs.orders);
        let changed: Vec<Training> = all
            .map(|(one, order)| Training {
                requires: order.requires.clone(),
                after: order.after.clone(),
                ..one.clone()
            })
            .collect();
        let waiting = at.filter(|at| waits_for_itself(&changed, *at));
        if let Some(training) = waiting.and_then(|at| changed.get(at)) {
            let message = format!("`{}` has to come before itself", training.id);
            let hint = "leave out what comes of it".to_owned();
            value.problem("training-cycle", message, Some(hint));
        }
    }

    /// A person who is named, with the problem for the case that there is none.
    fn person(
        &self,
        id: &str,
        document: &Document<'_>,
        place: &std::ops::Range<usize>,
    ) -> (String, Problem) {
        let message = format!("the partner has no person `{}`", shown(id));
        (id.to_owned(), self.placed("unknown-person", message, document, place))
    }

    fn placed(
        &self,
        code: &'static str,
        message: String,
        document: &Document<'_>,
        place: &std::ops::Range<usize>,
    ) -> Problem {
        let (line, column) = document.line_and_column(place.start);
        Problem::new(code, message).in_file(self.file).at(line as u64, column.to_string())
    }

    fn terms(&self, table: &mut Table<'_>, terms: Option<&mut Terms>, more: &[&str]) {
        let cost = table.get("cost").and_then(|value| self.cost(&value));
        let days = table.get("days").and_then(|value| crate::rulebook::days(&value));
        let is_possible = table.get("possible").map(|value| !value.is_false());
        let probability = more.contains(&"pass_probability").then(|| {
            let value = table.get("pass_probability")?;
            let found = value.decimal()?;
            if steps(found) < LEAST_PROBABILITY || found > Decimal::from_whole(1) {
                let message = "`pass_probability` must be from 0.001 to 1".to_owned();
                value.problem("out-of-range", message, None);
            }
            Some(found)
        });
        let at_most = more
            .contains(&"at_most")
            .then(|| table.get("at_most").and_then(|value| value.whole(0, u32::MAX.into())));
        let Some(terms) = terms else { return };
        terms.cost = cost.unwrap_or(terms.cost);
        terms.days = days.unwrap_or(terms.days);
        terms.is_possible = is_possible.unwrap_or(terms.is_possible);
        terms.probability = probability.flatten().or(terms.probability);
        let at_most = at_most.flatten().and_then(|most| u32::try_from(most).ok());
        terms.at_most = at_most.or(terms.at_most);
    }

    /// `{ amount = 120, currency = "EUR" }`, or the amount alone where the file names a currency.
    fn cost(&self, value: &Value<'_>) -> Option<Decimal> {
        if !value.is_table() {
            let amount = value.cost();
            if self.currency.is_none() && amount.is_some() {
                let hint =
                    "write `currency = \"…\"` at the top, or { amount = …, currency = \"…\" }";
                let message = "the cost has no currency".to_owned();
                value.problem("no-currency", message, Some(hint.to_owned()));
            }
            return amount;
        }
        let mut table = value.table()?;
        let amount = table.required("amount").and_then(|value| value.cost());
        match table.get("currency") {
            Some(currency) => {
                self.currency(&currency);
            }
            None if self.currency.is_none() => {
                let hint = "write `currency = \"…\"` here or at the top".to_owned();
                let message = "the cost has no currency".to_owned();
                value.problem("no-currency", message, Some(hint));
            }
            None => {}
        }
        table.finish();
        amount
    }

    fn currency(&self, value: &Value<'_>) -> Option<String> {
        let text = value.text()?;
        let own = &self.edition.currency;
        if Currency::parse(text.as_bytes()).is_none() {
            let message = format!("`{}` is not a currency", shown(text));
            let hint = format!("three capital letters of ISO 4217, as {own}");
            value.problem("bad-value", message, Some(hint));
        } else if text != own {
            let message = format!("costs are in {own} here, not in `{text}`");
            let hint = format!("convert them to {own}, the currency of the rulebook");
            value.problem("other-currency", message, Some(hint));
        }
        Some(text.to_owned())
    }

    fn availability(&self, mut table: Table<'_>, costs: &mut Costs) {
        let before = table.problems();
        let id = table.required("id").and_then(|value| {
            let id = value.text()?;
            costs.places.push(self.person(id, value.document, &value.place()));
            Some(id)
        });
        let from = table.get("from").and_then(|value| value.day());
        let until = table.get("until").and_then(|value| value.day());
        let own = self.own_terms(&mut table, costs);
        let days = table.get("days_per_month").and_then(|value| value.whole(1, MONTH.into()));
        let mut absences = Vec::new();
        for mut absence in table.tables("not_available") {
            let from = absence.required("from").and_then(|value| value.day());
            let until = absence.required("until").and_then(|value| value.day());
            if let (Some(from), Some(until)) = (from, until) {
                if until <= from {
                    let message = format!("the absence ends on {until}, not after {from}");
                    absence.problem("contradictory-availability", message);
                }
                absences.push((from, until));
            }
            absence.finish();
        }
        absences.sort_unstable();
        let Some(id) = id else { return table.finish() };
        let contradiction = contradiction(id, (from, until), &absences, costs);
        if let Some(message) = contradiction.filter(|_| table.problems() == before) {
            let hint = "`until` is the first day on which the person has no more time";
            let place = table.place();
            let hint = Some(hint.to_owned()).filter(|_| message.contains("until"));
            table.document().problem(&place, "contradictory-availability", message, hint);
        }
        table.finish();
        let days_per_month = days.and_then(|days| u8::try_from(days).ok()).unwrap_or(MONTH);
        let availability = Availability { from, until, days_per_month, absences };
        costs.people.insert(id.to_owned(), availability);
        if !own.is_empty() {
            costs.own.insert(id.to_owned(), own);
        }
    }

    /// What trainings cost and take one person.
    fn own_terms(&self, table: &mut Table<'_>, costs: &Costs) -> Vec<(usize, Terms)> {
        let mut own: Vec<(usize, Terms)> = Vec::new();
        for mut one in table.tables("training") {
            let ids = self.edition.training.iter().map(|one| one.id.as_str());
            let id = one.required("id");
            let at = id.as_ref().and_then(|id| find(id, "training", ids));
            let mut terms = at.and_then(|at| costs.trainings.get(at)).cloned();
            self.terms(&mut one, terms.as_mut(), &["pass_probability"]);
            if let (Some(id), Some(at), Some(terms)) = (id, at, terms) {
                if own.iter().any(|(known, _)| *known == at) {
                    let message = format!("`{}` is told twice", shown(id.raw_text()));
                    id.problem("id-used-twice", message, None);
                }
                own.push((at, terms));
            }
            one.finish();
        }
        own
    }
}

/// What of a person's availability cannot be true together.
fn contradiction(
    id: &str,
    (from, until): (Option<Day>, Option<Day>),
    absences: &[(Day, Day)],
    costs: &Costs,
) -> Option<String> {
    let id_shown = shown(id);
    if costs.people.contains_key(id) {
        return Some(format!("the availability of `{id_shown}` is told twice"));
    }
    if costs.excluded.contains(id) {
        return Some(format!("`{id_shown}` is excluded, and has an availability"));
    }
    if let (Some(from), Some(until)) = (from, until)
        && until <= from
    {
        return Some(format!("`{id_shown}` has time until {until}, which is not after {from}"));
    }
    let overlap = absences.windows(2).find_map(|pair| match pair {
        [(_, until), (from, _)] if from < until => Some(from),
        _ => None,
    });
    if let Some(day) = overlap {
        return Some(format!("two absences of `{id_shown}` overlap on {day}"));
    }
    let is_outside = |(begin, end): &&(Day, Day)| {
        from.is_some_and(|from| *end <= from) || until.is_some_and(|until| *begin >= until)
    };
    let (begin, _) = absences.iter().find(is_outside)?;
    Some(format!("the absence of `{id_shown}` from {begin} lies outside of their availability"))
}

fn find<'i>(
    value: &Value<'_>,
    what: &str,
    ids: impl Iterator<Item = &'i str> + Clone,
) -> Option<usize> {
    let id = value.text()?;
    find_at(value, (id, &value.place()), what, ids)
}

/// The position of an id that stands at a place.
fn find_at<'i>(
    value: &Value<'_>,
    (id, place): (&str, &std::ops::Range<usize>),
    what: &str,
    mut ids: impl Iterator<Item = &'i str> + Clone,
) -> Option<usize> {
    let found = ids.clone().position(|known| known == id);
    if found.is_none() {
        let hint = value.document.did_you_mean(id, &mut ids);
        let message = format!("there is no {what} `{}`", shown(id));
        value.document.problem(place, "unknown-id", message, hint);
    }
    found
}

fn put(all: &mut [Terms], at: Option<usize>, terms: Option<Terms>) {
    if let (Some(slot), Some(terms)) = (at.and_then(|at| all.get_mut(at)), terms) {
        *slot = terms;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_passed_on_average_costs_an_attempt_by_its_probability() {
        let decimal = |text: &str| Decimal::parse(text.as_bytes()).ok();
        let expected = |cost: &str, probability: &str| {
            let terms = Terms {
                cost: decimal(cost).unwrap_or_default(),
                days: 0,
                probability: decimal(probability),
                at_most: None,
                is_possible: true,
            };
            terms.expected_steps()
        };
        let whole = |text: &str| decimal(text).map(steps);
        for (cost, probability, found) in [
            ("100", "0.5", "200"),
            ("270", "1", "270"),
            ("270", "0.7", "385.71"),
            ("1000", "0.5", "2000"),
            ("0.01", "0.3", "0.03"),
            ("123456789.99", "0.000001", "123456789990000"),
            ("0", "0.2", "0"),
        ] {
            assert_eq!(Some(expected(cost, probability)), whole(found), "{cost} by {probability}");
        }
        // Out of reach, and no panic.
        let dear = expected("18446744073709551615", "0.000000000000000001");
        assert!(dear > expected("18446744073709551615", "1"));
    }
}
