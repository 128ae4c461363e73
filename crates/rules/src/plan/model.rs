//! A goal as a program of whole numbers: lines that have to be reached, and groups of people and
//! of efforts with what each choice adds to the lines.
//!
//! Lines are exact: fractions are multiplied out. Where the rules cannot be said exactly (numbers
//! too large, many ceilings), a program asks for no less than they do; a relaxed one beside it asks
//! for no more, and what is proved of it holds.

mod groups;
mod numbers;

use std::collections::BTreeMap;

use num_bigint::BigInt;
use num_traits::{One, Signed, Zero};

use numbers::{Exact, LARGEST, exact, gcd, lcm, number, small};

use super::checks::{Ask, Check};
use super::efforts::{Candidate, Contribution};
use super::people::{Bundle, Class};
use super::program::Program;
use crate::day::Day;
use crate::evaluation::{CompiledMeasure, Days, Evaluator, Values};
use crate::facts::THE_PARTNER;
use crate::rulebook::{Column, MeasureRule, Target};

/// Most parts of points with a ceiling that are looked at one by one.
const MOST_CEILINGS: usize = 8;

/// A program, with what its lines and groups stand for.
#[derive(Debug)]
pub(super) struct Model {
    pub(super) program: Program,
    /// The measure that each line is about; none for lines of the plan's own.
    pub(super) named: Vec<Option<usize>>,
    /// The check that each line belongs to.
    pub(super) checks: Vec<Option<usize>>,
    /// What each group chooses for.
    pub(super) sources: Vec<Source>,
    /// Whether the program says exactly what the rules do.
    pub(super) is_exact: bool,
}

/// What a group of the program chooses for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// Classes with the same choices, by position, each with the bundle of each choice.
    Classes(Vec<(usize, Vec<usize>)>),
    /// A candidate, with the chance of each choice.
    Candidate(usize, Vec<usize>),
    /// Whether a value is counted that several candidates have.
    Value,
}

/// A line while it is made.
#[derive(Clone, Debug, Default)]
struct Line {
    needed: Exact,
    named: Option<usize>,
    /// The check that it belongs to.
    check: Option<usize>,
    /// By check and people measure (bit).
    people: BTreeMap<(usize, u32), Exact>,
    /// By candidate and chance.
    chances: BTreeMap<(usize, usize), Exact>,
    /// By value.
    values: BTreeMap<usize, Exact>,
}

/// A line in whole numbers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct WholeLine {
    people: Vec<((usize, u32), i64)>,
    chances: Vec<((usize, usize), i64)>,
    values: Vec<(usize, i64)>,
    needed: i64,
    named: Option<usize>,
    check: Option<usize>,
}

/// What models are made of.
pub(super) struct Parts<'p> {
    pub(super) checks: &'p [Check],
    pub(super) classes: &'p [Class],
    pub(super) candidates: &'p [Candidate],
    /// Most people who prepare at the same time.
    pub(super) at_once: Option<u32>,
    /// The day before the first on which something can be done.
    pub(super) as_of: Day,
    /// The last day of each check on which somebody can be done with something for it.
    pub(super) ends: &'p [Day],
    /// Most of each effort, where single facts are chosen.
    pub(super) limits: &'p [(usize, u32)],
    /// Whether no more may be asked for than the rules do, rather than no less.
    pub(super) is_relaxed: bool,
}

impl Parts<'_> {
    fn menu<'c>(&self, class: &'c Class) -> &'c [Bundle] {
        let relaxed = class.relaxed.as_ref().filter(|_| self.is_relaxed);
        relaxed.unwrap_or(&class.menu)
    }
}

impl Model {
    pub(super) fn new(evaluator: &Evaluator<'_>, parts: &Parts<'_>) -> Self {
        let mut lines =
            Lines { evaluator, parts, all: Vec::new(), values: Vec::new(), is_exact: true };
        lines.gather_values();
        for (at, check) in parts.checks.iter().enumerate() {
            for ask in &check.asks {
                lines.ask(at, check, ask);
            }
        }
        lines.couple_values();
        lines.limit();
        lines.finish()
    }
}

struct Lines<'a, 'e, 'p> {
    evaluator: &'a Evaluator<'e>,
    parts: &'a Parts<'p>,
    all: Vec<Line>,
    /// Values that several candidates have: check, measure, value.
    values: Vec<(usize, usize, u32)>,
    is_exact: bool,
}

impl Lines<'_, '_, '_> {
    fn contributions(&self) -> impl Iterator<Item = ((usize, usize), &Candidate, &Contribution)> {
        let candidates = self.parts.candidates.iter().enumerate();
        candidates.flat_map(|(number, candidate)| {
            candidate.chances.iter().enumerate().flat_map(move |(at, chance)| {
                chance.contributions.iter().map(move |one| ((number, at), candidate, one))
            })
        })
    }

    /// Finds the values that more than one candidate could bring.
    fn gather_values(&mut self) {
        let mut bringing: BTreeMap<(usize, usize, u32), u32> = BTreeMap::new();
        for (_, candidate, one) in self.contributions() {
            if let Some(value) = one.value {
                *bringing.entry((one.check, one.measure, value)).or_default() +=
                    candidate.most.unwrap_or(2).min(2);
            }
        }
        self.values = bringing.into_iter().filter(|(_, n)| *n > 1).map(|(key, _)| key).collect();
    }

    fn ask(&mut self, at: usize, check: &Check, ask: &Ask) {
        let evaluator = self.evaluator;
        let history = evaluator.history(THE_PARTNER, &check.view);
        let mut values = Values::new(evaluator, THE_PARTNER, &check.view, history.last_reset_on);
        let days = ask.days.unwrap_or_else(|| values.days(ask.measure, ask.column));
        let mut line = Line { named: Some(ask.named), check: Some(at), ..Line::default() };
        if days == Days::Unknown {
            line.needed = Exact::one();
            self.all.push(line);
            return;
        }
        let rule = evaluator.edition.measures.get(ask.measure).map(|measure| &measure.rule);
        let value = match ask.days {
            Some(days) => values.find(ask.measure, days, ask.column),
            None => values.get(ask.measure, ask.column).clone(),
        };
        let bar = exact(ask.target.bar());
        match rule {
            Some(MeasureRule::Points(_)) => return self.points(at, ask, &mut values),
            Some(MeasureRule::Mean { .. } | MeasureRule::Share { .. }) => {
                let n = Exact::from(BigInt::from(value.n));
                line.needed = (&bar - number(&value)) * n;
                self.add(&mut line, at, ask.measure, &|one| match rule {
                    Some(MeasureRule::Share { .. }) if one.matches => Exact::one() - &bar,
                    Some(MeasureRule::Share { .. }) => -bar.clone(),
                    _ => exact(one.amount) - &bar,
                });
                let least = u64::from(ask.min_n.unwrap_or(1).max(1));
                self.at_least_so_many(at, ask, value.n, least);
            }
            Some(MeasureRule::Sum { .. }) => {
                line.needed = &bar - number(&value);
                self.add(&mut line, at, ask.measure, &|one| exact(one.amount));
                if let Some(least) = ask.min_n {
                    self.at_least_so_many(at, ask, value.n, least.into());
                }
            }
            _ => {
                line.needed = &bar - number(&value);
                self.add(&mut line, at, ask.measure, &|_| Exact::one());
                if let Some(least) = ask.min_n {
                    self.at_least_so_many(at, ask, value.n, least.into());
                }
            }
        }
        if matches!(ask.target, Target::AtMost(_)) {
            line.negate();
        }
        self.all.push(line);
    }

    /// That so many facts are there at all.
    fn at_least_so_many(&mut self, at: usize, ask: &Ask, n: u64, least: u64) {
        let needed = Exact::from(BigInt::from(least) - BigInt::from(n));
        let mut line = Line { needed, named: Some(ask.named), check: Some(at), ..Line::default() };
        for (key, _, one) in self.contributions() {
            if one.check == at && one.measure == ask.measure {
                line.chances.insert(key, Exact::one());
            }
        }
        self.all.push(line);
    }

    /// Adds to a line what people and candidates mean to a measure.
    fn add(&self, line: &mut Line, at: usize, measure: usize, of: &dyn Fn(&Contribution) -> Exact) {
        if let Some(CompiledMeasure::People { bit }) = self.evaluator.measures.get(measure) {
            *line.people.entry((at, *bit)).or_default() += Exact::one();
        }
        for (key, _, one) in self.contributions() {
            if one.check != at || one.measure != measure {
                continue;
            }
            let shared = one.value.and_then(|value| {
                self.values.iter().position(|known| *known == (at, measure, value))
            });
            match shared {
                Some(value) => {
                    line.values.insert(value, of(one));
                }
                None => *line.chances.entry(key).or_default() += of(one),
            }
        }
    }

    /// Points: each part up to its ceiling. The sum of what is smaller of two is at least so much
    /// if every choice of one of the two for each part is, which is a line for each choice.
    fn points(&mut self, at: usize, ask: &Ask, values: &mut Values<'_>) {
        let rule = self.evaluator.edition.measures.get(ask.measure).map(|measure| &measure.rule);
        let Some(MeasureRule::Points(parts)) = rule else { return };
        let mut fixed = Exact::zero();
        let mut open: Vec<(Line, Option<Exact>)> = Vec::new();
        for part in parts {
            let (line, is_open) = self.part(at, part, ask.column, values);
            let ceiling = part.at_most.map(exact);
            if is_open {
                open.push((line, ceiling));
            } else {
                let value = -line.needed;
                fixed += ceiling.map_or(value.clone(), |ceiling| ceiling.min(value));
            }
        }
        let bar = exact(ask.target.bar());
        if matches!(ask.target, Target::AtMost(_)) {
            // Without ceilings the sum is larger: what stays below then stays below.
            let has_ceilings = open.iter().any(|(_, ceiling)| ceiling.is_some());
            self.is_exact &= !has_ceilings;
            if has_ceilings && self.parts.is_relaxed {
                return;
            }
            let mut line = Line {
                needed: bar - fixed,
                named: Some(ask.named),
                check: Some(at),
                ..Line::default()
            };
            for (part, _) in &open {
                line.plus(part);
            }
            line.negate();
            self.all.push(line);
            return;
        }
        // Parts over the limit count up to their ceilings only where they are now.
        let with_ceiling = open.iter().filter(|(_, ceiling)| ceiling.is_some()).count();
        self.is_exact &= with_ceiling <= MOST_CEILINGS;
        let ceilings: Vec<usize> = (0..open.len())
            .filter(|at| open.get(*at).is_some_and(|(_, ceiling)| ceiling.is_some()))
            .collect();
        for chosen in 0_u32..1 << ceilings.len().min(MOST_CEILINGS) {
            let mut line = Line {
                needed: &bar - &fixed,
                named: Some(ask.named),
                check: Some(at),
                ..Line::default()
            };
            for (number, (part, ceiling)) in open.iter().enumerate() {
                let place = ceilings.iter().position(|at| *at == number);
                match (place, ceiling) {
                    (Some(place), Some(ceiling))
                        if place >= MOST_CEILINGS && !self.parts.is_relaxed =>
                    {
                        line.needed -= ceiling.clone().min(-part.needed.clone());
                    }
                    (Some(place), Some(ceiling)) if chosen >> place & 1 == 1 => {
                        line.needed -= ceiling;
                    }
                    _ => line.plus(part),
                }
            }
            self.all.push(line);
        }
    }

    /// A part of points as a line that needs nothing, and whether anything can change it.
    fn part(
        &self,
        at: usize,
        part: &crate::rulebook::PointsPart,
        column: Column,
        values: &mut Values<'_>,
    ) -> (Line, bool) {
        let points = exact(part.points);
        let value = values.get(part.measure, column).clone();
        let mut line = Line { needed: -(number(&value) * &points), ..Line::default() };
        let rule = self.evaluator.edition.measures.get(part.measure).map(|measure| &measure.rule);
        match rule {
            Some(MeasureRule::Mean { .. } | MeasureRule::Share { .. }) => {}
            _ if values.days(part.measure, column) == Days::Unknown => {}
            Some(MeasureRule::Sum { .. }) => {
                self.add(&mut line, at, part.measure, &|one| exact(one.amount) * &points);
            }
            _ => self.add(&mut line, at, part.measure, &|_| points.clone()),
        }
        for weight in line.people.values_mut() {
            *weight = points.clone();
        }
        let is_open =
            !line.people.is_empty() || !line.chances.is_empty() || !line.values.is_empty();
        (line, is_open)
    }

    /// A value is counted only if a candidate brings it.
    fn couple_values(&mut self) {
        for (number, (check, measure, value)) in self.values.clone().into_iter().enumerate() {
            let mut line = Line::default();
            line.values.insert(number, -Exact::one());
            for (key, _, one) in self.contributions() {
                if (one.check, one.measure, one.value) == (check, measure, Some(value)) {
                    line.chances.insert(key, Exact::one());
                }
            }
            self.all.push(line);
        }
    }

    /// Efforts of which there may be so many at most.
    fn limit(&mut self) {
        for (effort, most) in self.parts.limits {
            let mut line = Line { needed: -Exact::from(BigInt::from(*most)), ..Line::default() };
            for (number, candidate) in self.parts.candidates.iter().enumerate() {
                if candidate.effort == *effort {
                    for chance in 0..candidate.chances.len() {
                        line.chances.insert((number, chance), -Exact::one());
                    }
                }
            }
            self.all.push(line);
        }
    }

    /// Puts lines and groups together.
    fn finish(mut self) -> Model {
        let mut whole: Vec<WholeLine> = Vec::new();
        for line in std::mem::take(&mut self.all) {
            let (line, is_exact) = line.whole(self.parts.is_relaxed);
            self.is_exact &= is_exact;
            if line.needed <= 0 && line.has_no_loss() && !self.can_lose(&line) {
                continue;
            }
            // Of two lines alike the one that needs more.
            let same = whole.iter_mut().find(|other| {
                (&other.people, &other.chances, &other.values)
                    == (&line.people, &line.chances, &line.values)
            });
            match same {
                Some(other) if other.needed >= line.needed => {}
                Some(other) => *other = line,
                None => whole.push(line),
            }
        }
        let mut program = Program { needed: Vec::new(), groups: Vec::new() };
        program.needed.extend(whole.iter().map(|line| line.needed));
        let mut named: Vec<Option<usize>> = whole.iter().map(|line| line.named).collect();
        let mut checks: Vec<Option<usize>> = whole.iter().map(|line| line.check).collect();
        let first_of_time = program.needed.len();
        if let Some(at_once) = self.parts.at_once {
            for end in self.parts.ends {
                let days = i64::from(self.parts.as_of.days_until(*end).max(0));
                program.needed.push(-(i64::from(at_once) * days));
                named.push(None);
                checks.push(None);
            }
        }
        let mut sources = Vec::new();
        self.add_classes(&whole, first_of_time, &mut program, &mut sources);
        self.add_candidates(&whole, &mut program, &mut sources);
        Model { program, named, checks, sources, is_exact: self.is_exact }
    }

    /// Whether somebody's training could take people away from a line.
    fn can_lose(&self, line: &WholeLine) -> bool {
        let bundles = || self.parts.classes.iter().flat_map(|class| self.parts.menu(class));
        line.people.iter().any(|((check, bit), weight)| {
            bundles().any(|bundle| {
                let of = |masks: &[u64]| masks.get(*check).is_some_and(|mask| mask >> bit & 1 == 1);
                if *weight > 0 { of(&bundle.lost) } else { of(&bundle.gained) }
            })
        })
    }
}

impl Line {
    fn negate(&mut self) {
        self.needed = -std::mem::take(&mut self.needed);
        let all = self.people.values_mut().chain(self.chances.values_mut());
        for weight in all.chain(self.values.values_mut()) {
            *weight = -std::mem::take(weight);
        }
    }

    fn plus(&mut self, other: &Self) {
        self.needed += &other.needed;
        for (key, weight) in &other.people {
            *self.people.entry(*key).or_default() += weight;
        }
        for (key, weight) in &other.chances {
            *self.chances.entry(*key).or_default() += weight;
        }
        for (key, weight) in &other.values {
            *self.values.entry(*key).or_default() += weight;
        }
    }

    /// The line in whole numbers, and whether it says the same. What cannot be said exactly is
    /// harder to reach, or easier.
    fn whole(&self, is_easier: bool) -> (WholeLine, bool) {
        let weights = || {
            let all = self.people.values().chain(self.chances.values());
            all.chain(self.values.values()).filter(|weight| !weight.is_zero())
        };
        let denominator = weights().fold(BigInt::one(), |all, one| lcm(&all, one.denom()));
        let scaled = |weight: &Exact| (weight * &denominator).to_integer();
        let divisor = weights().fold(BigInt::zero(), |all, one| gcd(&all, &scaled(one).abs()));
        let divisor = if divisor.is_zero() { BigInt::one() } else { divisor };
        let factor = Exact::new(denominator, divisor);
        let largest = weights().map(|one| (one * &factor).abs().to_integer()).max();
        let largest = largest.unwrap_or_default().max((&self.needed * &factor).abs().to_integer());
        let is_exact = largest < BigInt::from(LARGEST);
        let shift = if is_exact { BigInt::one() } else { largest / BigInt::from(LARGEST / 2) + 1 };
        let factor = factor / Exact::from(shift);
        let up = |of: &Exact| small(&(of * &factor).ceil().to_integer());
        let floor = |of: &Exact| small(&(of * &factor).floor().to_integer());
        let down = |weight: &Exact| if is_easier { up(weight) } else { floor(weight) };
        let some = |weight: i64| weight != 0;
        let line = WholeLine {
            people: self
                .people
                .iter()
                .map(|(key, weight)| (*key, down(weight)))
                .filter(|(_, weight)| some(*weight))
                .collect(),
            chances: self
                .chances
                .iter()
                .map(|(key, weight)| (*key, down(weight)))
                .filter(|(_, weight)| some(*weight))
                .collect(),
            values: self
                .values
                .iter()
                .map(|(key, weight)| (*key, down(weight)))
                .filter(|(_, weight)| some(*weight))
                .collect(),
            needed: if is_easier && !is_exact { floor(&self.needed) } else { up(&self.needed) },
            named: self.named,
            check: self.check,
        };
        (line, is_exact)
    }
}

impl WholeLine {
    fn has_no_loss(&self) -> bool {
        let chances = self.chances.iter().map(|(_, weight)| *weight);
        let mut weights = chances.chain(self.values.iter().map(|(_, weight)| *weight));
        weights.all(|weight| weight >= 0)
    }
}
