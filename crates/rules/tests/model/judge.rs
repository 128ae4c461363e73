//! What each fact comes to for a measure, and the value that those that count make: by going
//! through all rows, for every question anew.

use std::collections::BTreeSet;

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Zero};

use super::book::{
    Book, CREDENTIALS, EVENT_KINDS, FactRule, Filter, Measure, PROGRAMS, Reads, Rule, Window,
    number_field,
};
use super::calendar::{Ymd, before, next, plus_days, plus_months};
use super::rows::Row;

pub(crate) type Fraction = BigRational;

/// From where the model looks: the day, and the last day of which anything has happened yet.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Eye {
    pub(crate) day: Ymd,
    pub(crate) last: Ymd,
}

/// The days that a measure looks at.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Span {
    Now,
    From(Ymd),
    /// From the first until before the second.
    Between(Ymd, Ymd),
    NoBeginning,
}

/// A fact that a measure lists, and why it does not count.
#[derive(Clone, Debug)]
pub(crate) struct Listed {
    /// The row, by its place among the model's rows.
    pub(crate) row: usize,
    pub(crate) kind: &'static str,
    pub(crate) subject: String,
    pub(crate) reason: Option<&'static str>,
}

#[derive(Clone, Debug)]
pub(crate) struct Value {
    pub(crate) number: Fraction,
    pub(crate) n: usize,
    pub(crate) is_known: bool,
}

/// A book and rows that are all known.
pub(crate) struct Model<'a> {
    pub(crate) book: &'a Book,
    pub(crate) rows: &'a [Row],
    pub(crate) partner: &'a str,
}

/// Reasons in the order in which the first that applies is given.
const PERSON_REASONS: [&str; 6] =
    ["unknown_to_edition", "no_consent", "not_yet_joined", "left", "not_yet_issued", "expired"];

pub(crate) fn whole(number: usize) -> Fraction {
    Fraction::from_integer(BigInt::from(number))
}

/// A decimal as it is written.
pub(crate) fn decimal(text: &str) -> Fraction {
    let (digits, places) = match text.split_once('.') {
        None => (text.to_owned(), 0),
        Some((whole, rest)) => (format!("{whole}{rest}"), rest.len()),
    };
    let ten = BigInt::from(10);
    let scale = (0..places).fold(BigInt::one(), |scale, _| scale * &ten);
    Fraction::new(digits.parse().expect("digits"), scale)
}

/// A number as scorecards print it: in full where it ends, else with six places.
pub(crate) fn show(number: &Fraction) -> String {
    let ten = whole(10);
    let (mut scaled, mut places) = (number.clone(), 0);
    while !scaled.is_integer() && places < 80 {
        scaled *= &ten;
        places += 1;
    }
    if !scaled.is_integer() {
        let million = number * whole(1_000_000);
        let half = Fraction::new(BigInt::one(), BigInt::from(2));
        (scaled, places) = ((million + half).floor(), 6);
    }
    let digits = format!("{:0>width$}", scaled.to_integer().to_string(), width = places + 1);
    let (front, back) = digits.split_at(digits.len() - places);
    let back = back.trim_end_matches('0');
    if back.is_empty() { front.to_owned() } else { format!("{front}.{back}") }
}

/// The value of a field of a fact.
fn field(row: &Row, name: &str) -> Option<String> {
    if let Some(name) = name.strip_prefix("attributes.") {
        let pairs = row.text("attributes").split(';').filter_map(|pair| pair.split_once('='));
        let mut found = pairs.filter(|(known, value)| *known == name && !value.is_empty());
        return found.next().map(|(_, value)| value.to_owned());
    }
    if name == "category" {
        let known = PROGRAMS.iter().find(|(id, _)| *id == row.text("program"));
        return known.map(|(_, category)| (*category).to_owned());
    }
    row.get(name).map(str::to_owned)
}

fn passes(row: &Row, filters: &[Filter]) -> bool {
    filters.iter().all(|(name, values)| {
        let value = field(row, name);
        // Of what category an unknown program is, nobody knows: it is listed as unknown.
        (*name == "category" && value.is_none())
            || value.is_some_and(|value| values.contains(&value.as_str()))
    })
}

fn kind_of(file: &str) -> &'static str {
    match file {
        "opportunities" => "opportunity",
        "references" => "reference",
        "ratings" => "rating",
        "validations" => "validation",
        "cases" => "case",
        "survey_responses" => "survey_response",
        _ => "event",
    }
}

fn day_of(row: &Row) -> Option<Ymd> {
    row.day(match row.file {
        "opportunities" => "launched_on",
        "references" => "published_on",
        "ratings" => "rated_on",
        "validations" => "granted_on",
        "cases" => "opened_on",
        "survey_responses" => "responded_on",
        _ => "on",
    })
}

impl Model<'_> {
    fn of_partner<'s>(&'s self, file: &'s str) -> impl Iterator<Item = (usize, &'s Row)> {
        let rows = self.rows.iter().enumerate();
        rows.filter(move |(_, row)| row.file == file && row.text("partner") == self.partner)
    }

    /// The partner and its subsidiaries on a day: those whose people and validations count at it.
    fn owners(&self, eye: Eye) -> BTreeSet<&str> {
        let is_in_force = |row: &&Row| {
            row.file == "affiliations"
                && row.text("primary") == self.partner
                && row.day("from") <= Some(eye.last)
                && row.day("until").is_none_or(|until| eye.day < until)
        };
        let subsidiaries = self.rows.iter().filter(is_in_force).map(|row| row.text("subsidiary"));
        subsidiaries.chain([self.partner]).collect()
    }

    fn of_owners<'s>(&'s self, file: &'s str, eye: Eye) -> impl Iterator<Item = (usize, &'s Row)> {
        let owners = self.owners(eye);
        let rows = self.rows.iter().enumerate();
        rows.filter(move |(_, row)| row.file == file && owners.contains(row.text("partner")))
    }

    /// The days of a measure in a column (0: renewal, 1: upgrade).
    pub(crate) fn span(measure: &Measure, column: usize, eye: Eye, reset: Option<Ymd>) -> Span {
        match measure.windows[column] {
            Window::AsOf => Span::Now,
            Window::SinceReview => reset.map_or(Span::NoBeginning, Span::From),
            Window::Rolling(months) => Span::From(plus_months(next(eye.day), -months)),
            Window::BeforePeriod(_) => Span::NoBeginning,
        }
    }

    /// Every fact that a measure lists in a column.
    pub(crate) fn list(
        &self,
        at: usize,
        column: usize,
        eye: Eye,
        reset: Option<Ymd>,
    ) -> Vec<Listed> {
        let measure = &self.book.measures[at];
        match &measure.rule {
            Rule::Holding(_) | Rule::AtLevel(_) | Rule::HighestLevel(_) => {
                self.list_people(&measure.rule, eye)
            }
            Rule::Facts(rule) => {
                self.list_facts(rule, Self::span(measure, column, eye, reset), eye)
            }
            Rule::Document(months) => self.list_plans(*months, eye),
            Rule::Decision(kind) => self.list_decisions(kind, eye),
            Rule::Sustained(_) => Vec::new(),
            Rule::Points(parts) => {
                let mut all: Vec<Listed> = Vec::new();
                for listed in parts.iter().flat_map(|part| self.list(part.0, column, eye, reset)) {
                    match all.iter_mut().find(|known| known.row == listed.row) {
                        None => all.push(listed),
                        Some(known) if listed.reason.is_none() => known.reason = None,
                        Some(_) => {}
                    }
                }
                all
            }
        }
    }

    /// The value of a measure in a column; not of one that depends on the tier.
    pub(crate) fn value(&self, at: usize, column: usize, eye: Eye, reset: Option<Ymd>) -> Value {
        let measure = &self.book.measures[at];
        let counted =
            || self.list(at, column, eye, reset).into_iter().filter(|l| l.reason.is_none());
        let known = |number, n| Value { number, n, is_known: true };
        match &measure.rule {
            Rule::Holding(_) | Rule::AtLevel(_) | Rule::HighestLevel(_) => {
                let people: BTreeSet<String> = counted().map(|listed| listed.subject).collect();
                known(whole(people.len()), people.len())
            }
            Rule::Facts(rule) => self.number(rule, Self::span(measure, column, eye, reset), eye),
            Rule::Document(_) | Rule::Decision(_) => {
                let n = counted().count();
                known(whole(n.min(1)), n)
            }
            Rule::Sustained(_) => unreachable!("asked for by tier"),
            Rule::Points(parts) => {
                let mut sum = Fraction::zero();
                for (part, points, most) in parts {
                    let value = self.value(*part, column, eye, reset);
                    if value.is_known {
                        let earned = value.number * decimal(points);
                        sum += most.map_or(earned.clone(), |most| earned.min(decimal(most)));
                    }
                }
                known(sum, 0)
            }
        }
    }

    /// The number that the facts of a rule make.
    pub(crate) fn number(&self, rule: &FactRule, span: Span, eye: Eye) -> Value {
        let rows: Vec<&Row> = self
            .list_facts(rule, span, eye)
            .into_iter()
            .filter(|listed| listed.reason.is_none())
            .map(|listed| &self.rows[listed.row])
            .collect();
        let mut value = read_off(&rule.reads, rule.of, &rows);
        if matches!(span, Span::NoBeginning) {
            value.is_known = false;
        }
        value
    }

    pub(crate) fn list_facts(&self, rule: &FactRule, span: Span, eye: Eye) -> Vec<Listed> {
        let is_of = |row: &Row| match rule.of {
            "validations" => self.owners(eye).contains(row.text("partner")),
            _ => row.text("partner") == self.partner,
        };
        let rows = self.rows.iter().enumerate();
        rows.filter(|(_, row)| row.file == rule.of && is_of(row))
            .filter(|(_, row)| passes(row, &rule.filters))
            .map(|(at, row)| Listed {
                row: at,
                kind: kind_of(rule.of),
                subject: row.id().to_owned(),
                reason: reason(rule, row, span, eye),
            })
            .collect()
    }

    fn list_plans(&self, months: i32, eye: Eye) -> Vec<Listed> {
        let reason = |row: &Row| {
            let own = row.day("valid_until");
            match row.day("validated_on").filter(|on| *on <= eye.last) {
                Some(on) if own.unwrap_or(plus_months(on, months)) < eye.day => Some("expired"),
                Some(_) => None,
                None if own.is_some_and(|last| last < eye.day) => Some("expired"),
                None => Some("not_validated"),
            }
        };
        let listed = |(row, of): (usize, &Row)| Listed {
            row,
            kind: "business_plan",
            subject: of.id().to_owned(),
            reason: reason(of),
        };
        self.of_partner("business_plans").map(listed).collect()
    }

    fn list_decisions(&self, kind: &str, eye: Eye) -> Vec<Listed> {
        let path = self.path();
        let reason = |row: &Row| {
            if row.day("on") > Some(eye.last) {
                Some("not_yet_issued")
            } else if row.day("valid_until").is_some_and(|last| last < eye.day) {
                Some("expired")
            } else {
                None
            }
        };
        self.of_partner("reviews")
            .filter(|(_, row)| row.text("kind") == kind && row.text("path") == path)
            .map(|(row, of)| Listed {
                row,
                kind: "review",
                subject: of.id().to_owned(),
                reason: reason(of),
            })
            .collect()
    }

    fn list_people(&self, rule: &Rule, eye: Eye) -> Vec<Listed> {
        let people: BTreeSet<&str> =
            self.of_owners("individuals", eye).map(|(_, row)| row.person()).collect();
        people.into_iter().flat_map(|person| self.list_person(rule, person, eye)).collect()
    }

    fn list_person(&self, rule: &Rule, person: &str, eye: Eye) -> Vec<Listed> {
        let rows = self.of_owners("individuals", eye);
        let memberships = rows.filter(|(_, row)| row.person() == person);
        let reasons: Vec<Option<&str>> = memberships
            .map(|(_, row)| {
                if row.text("consent") == "no" {
                    Some("no_consent")
                } else if row.day("joined_on").is_some_and(|joined| joined > eye.last) {
                    Some("not_yet_joined")
                } else if row.day("left_on").is_some_and(|left| left < eye.day) {
                    Some("left")
                } else {
                    None
                }
            })
            .collect();
        let of_person =
            if reasons.contains(&None) { None } else { first(reasons.iter().flatten().copied()) };
        let owner = |row: &Row| {
            let mut people = self.rows.iter().filter(|row| row.file == "individuals");
            people.find(|other| other.id() == row.text("individual")).map(Row::person)
        };
        let held: Vec<(usize, &Row)> = self
            .rows
            .iter()
            .enumerate()
            .filter(|(_, row)| row.file == "credentials" && owner(row) == Some(person))
            .collect();
        let own = |row: &Row| self.credential_reason(row, eye);
        let valid: Vec<&Row> =
            held.iter().map(|(_, row)| *row).filter(|row| own(row).is_none()).collect();
        let highest = valid.iter().filter_map(|row| self.rank(row)).max();
        let is_in = of_person.is_none()
            && valid.iter().any(|row| match rule {
                Rule::HighestLevel(_) => self.rank(row) == highest && self.is_meant(rule, row),
                _ => self.is_meant(rule, row),
            });
        let mut candidates: Vec<&Row> =
            valid.iter().copied().filter(|row| self.is_meant(rule, row)).collect();
        candidates.sort_by_key(|row| {
            let last = self.last_day(row).unwrap_or((99_999, 1, 1));
            (std::cmp::Reverse((self.rank(row), last)), row.id())
        });
        let best = candidates.first().copied().filter(|_| is_in);
        let is_listed = |row: &Row| match catalogued(row) {
            Some(_) => self.is_meant(rule, row),
            None => !matches!(rule, Rule::Holding(_)),
        };
        held.iter()
            .filter(|(_, row)| is_listed(row))
            .map(|(at, row)| {
                let reason = first(own(row).into_iter().chain(of_person));
                let reason = reason.or(match best {
                    Some(best) if best.id() == row.id() => None,
                    Some(best) if self.rank(best) == self.rank(row) => Some("duplicate_person"),
                    _ => Some("lower_level_than_counted"),
                });
                Listed { row: *at, kind: "credential", subject: person.to_owned(), reason }
            })
            .collect()
    }

    fn rank(&self, row: &Row) -> Option<u8> {
        catalogued(row).map(|at| self.book.ranks[self.book.credentials[at].0])
    }

    fn is_meant(&self, rule: &Rule, row: &Row) -> bool {
        catalogued(row).is_some_and(|at| match rule {
            Rule::Holding(of) => of.contains(&at),
            Rule::AtLevel(of) | Rule::HighestLevel(of) => of.contains(&self.book.credentials[at].0),
            _ => false,
        })
    }

    fn last_day(&self, row: &Row) -> Option<Ymd> {
        let months = catalogued(row).and_then(|at| self.book.credentials[at].1);
        let issued = row.day("issued_on").expect("a day");
        row.day("expires_on").or(months.map(|months| plus_months(issued, months)))
    }

    fn credential_reason(&self, row: &Row, eye: Eye) -> Option<&'static str> {
        if catalogued(row).is_none() {
            Some("unknown_to_edition")
        } else if row.day("issued_on") > Some(eye.last) {
            Some("not_yet_issued")
        } else if self.last_day(row).is_some_and(|last| last < eye.day) {
            Some("expired")
        } else {
            None
        }
    }
}

/// Which credential of the book it is.
fn catalogued(row: &Row) -> Option<usize> {
    CREDENTIALS.iter().position(|id| *id == row.text("credential"))
}

fn first<'r>(reasons: impl Iterator<Item = &'r str>) -> Option<&'static str> {
    let given: Vec<&str> = reasons.collect();
    PERSON_REASONS.into_iter().find(|reason| given.contains(reason))
}

/// Why a dated fact does not count.
fn reason(rule: &FactRule, row: &Row, span: Span, eye: Eye) -> Option<&'static str> {
    let on = day_of(row);
    let last_looked_at = match span {
        Span::Between(_, until) => before(until),
        _ => eye.day,
    };
    let is_within = on.is_some_and(|on| match span {
        Span::NoBeginning => false,
        Span::Now => on <= eye.last,
        Span::From(from) => from <= on && on <= eye.last,
        Span::Between(from, until) => from <= on && on < until,
    });
    let is_money = row.file == "opportunities";
    let reads_amount = matches!(rule.reads, Reads::Sum | Reads::Mean)
        && matches!(row.file, "opportunities" | "events");
    let currency = row.get("currency");
    let checks = [
        (
            row.file == "validations" && !PROGRAMS.iter().any(|(id, _)| *id == row.text("program"))
                || row.file == "events" && !EVENT_KINDS.contains(&row.text("kind")),
            "unknown_to_edition",
        ),
        (row.file == "validations" && on > Some(eye.last), "not_yet_issued"),
        (
            row.file == "validations" && row.day("expires_on").is_some_and(|last| last < eye.day),
            "expired",
        ),
        (
            row.file == "events"
                && matches!(span, Span::Now)
                && row.day("until").is_some_and(|until| until <= eye.day),
            "expired",
        ),
        (is_money && row.text("stage") != "Launched", "not_launched"),
        (is_money && row.get("review").is_some_and(|word| word != "Approved"), "not_approved"),
        (row.file == "references" && row.text("kind") == "private", "not_public"),
        (
            row.file == "references"
                && row.day("withdrawn_on").is_some_and(|gone| gone <= last_looked_at),
            "withdrawn",
        ),
        (!is_within, "outside_window"),
        (
            reads_amount && currency != Some("EUR") && (is_money || currency.is_some()),
            "other_currency",
        ),
        (rule.desk.is_some_and(|desk| row.get("desk").unwrap_or("vendor") != desk), "other_desk"),
        (
            !rule.support.is_empty()
                && !rule.support.contains(&row.get("support").unwrap_or("partner_led")),
            "other_support",
        ),
    ];
    checks.into_iter().find(|(applies, _)| *applies).map(|(_, reason)| reason)
}

/// The number that these rows make when they all count.
pub(crate) fn read_off(reads: &Reads, of: &str, rows: &[&Row]) -> Value {
    let n = rows.len();
    let number_of = |row: &&Row| {
        let text = row.get(number_field(of)).unwrap_or("0");
        let parts: Vec<Fraction> = text.split(';').map(decimal).collect();
        let count = whole(parts.len());
        parts.into_iter().fold(Fraction::zero(), |sum, part| sum + part) / count
    };
    let sum = || rows.iter().map(number_of).fold(Fraction::zero(), |sum, number| sum + number);
    let part_of = |part: Fraction| if n == 0 { Fraction::zero() } else { part / whole(n) };
    let (number, is_known) = match reads {
        Reads::Count => (whole(n), true),
        Reads::Distinct(name) => {
            let values: BTreeSet<String> = rows.iter().filter_map(|row| field(row, name)).collect();
            (whole(values.len()), true)
        }
        Reads::Sum => (sum(), true),
        Reads::Mean => (part_of(sum()), n > 0),
        Reads::Share(matching) => {
            let part = rows.iter().filter(|row| passes(row, matching)).count();
            (part_of(whole(part)), n > 0)
        }
    };
    Value { number, n, is_known }
}

/// The whole months before a day.
pub(crate) fn months_before(first: Ymd, months: i32) -> Span {
    Span::Between(plus_months(first, -months), first)
}

/// The days after one, up to another.
pub(crate) fn days_after(first: Ymd, last: Ymd) -> impl Iterator<Item = Ymd> {
    (1..=366).map(move |step| plus_days(first, step)).take_while(move |day| *day <= last)
}
