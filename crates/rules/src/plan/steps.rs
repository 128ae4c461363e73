//! What was chosen, told as steps: who does what until when, why, and where that leads.

use super::answer::{AlternativeStep, Cost, ShortRow, Step};
use super::checks::{Aim, checks};
use super::draft::{Pick, Picked, Prepared};
use super::efforts::What;
use super::trainings::Item;
use super::world::Held;
use crate::day::Day;
use crate::decimal::Decimal;
use crate::evaluation::{
    CompiledMeasure, Evaluator, State, Value, Values, Viewpoint, last_valid_day,
};
use crate::facts::{Addition, THE_PARTNER};
use crate::rulebook::{Edition, MeasureRule, Target};

/// Most steps of a plan after which the scorecard is told.
const MOST_SCORECARDS: usize = 500;

/// A draft that is told.
pub(super) struct Told<'p, 'w> {
    pub(super) prepared: &'p Prepared<'w>,
    pub(super) held: &'p Held,
    pub(super) unit: u128,
}

/// The money of whole units.
fn money(units: i128, unit: u128) -> Decimal {
    let steps = u128::try_from(units).unwrap_or(0).saturating_mul(unit);
    let whole = steps / u128::from(Decimal::STEPS);
    let fraction = steps % u128::from(Decimal::STEPS);
    Decimal::from_parts(
        u64::try_from(whole).unwrap_or(u64::MAX),
        u64::try_from(fraction).unwrap_or_default(),
    )
}

/// What is done costs.
pub(super) fn cost_of(picks: &[Pick], unit: u128, edition: &Edition) -> Cost {
    let mut people: Vec<u32> = picks
        .iter()
        .filter_map(|pick| match &pick.what {
            Picked::Training { person, .. } => Some(*person),
            Picked::Effort { .. } => None,
        })
        .collect();
    people.sort_unstable();
    people.dedup();
    Cost {
        amount: money(picks.iter().map(|pick| pick.money).sum(), unit),
        currency: edition.currency.clone(),
        days: picks.iter().map(|pick| u64::from(pick.days)).sum(),
        people: people.len() as u64,
        done_on: picks.iter().map(|pick| pick.due).max(),
    }
}

/// How much less could be spent at most, as a part of what is, rounded up to millionths.
pub(super) fn gap(money: i128, bound: i128) -> Decimal {
    let less = (money - bound).max(0);
    if less == 0 || money <= 0 {
        return Decimal::ZERO;
    }
    let millionths = (less.saturating_mul(1_000_000) + money - 1) / money;
    let millionths = u64::try_from(millionths).unwrap_or(1_000_000).min(1_000_000);
    Decimal::from_parts(millionths / 1_000_000, millionths % 1_000_000 * 1_000_000_000_000)
}

impl Told<'_, '_> {
    /// The steps, each with the scorecard after it where that is asked for.
    pub(super) fn steps(&self, picks: &[Pick], with_scorecards: bool) -> Vec<Step> {
        let additions: Vec<Vec<Addition>> =
            picks.iter().map(|pick| self.prepared.additions(std::slice::from_ref(pick))).collect();
        let with_scorecards = with_scorecards && picks.len() <= MOST_SCORECARDS;
        let mut done: Vec<Addition> = Vec::new();
        let mut steps = Vec::new();
        for ((number, pick), added) in (1_u32..).zip(picks).zip(additions) {
            done.extend(added);
            let scorecard_after =
                if with_scorecards { self.after(&done, pick.due) } else { Vec::new() };
            steps.push(self.step(number, pick, picks, scorecard_after));
        }
        steps
    }

    /// The steps in short.
    pub(super) fn short(&self, picks: &[Pick]) -> Vec<AlternativeStep> {
        let step = |pick: &Pick| {
            let (what, _, about, _) = self.names(pick);
            AlternativeStep {
                what,
                who: self.who(pick),
                who_name: None,
                about,
                begin: pick.begin,
                due: pick.due,
                days: pick.days,
                cost: money(pick.money, self.unit),
            }
        };
        picks.iter().map(step).collect()
    }

    /// The goal's rows on a day with some of the steps done.
    fn after(&self, done: &[Addition], day: Day) -> Vec<ShortRow> {
        let held = Held {
            rows: self
                .held
                .rows
                .iter()
                .filter(|row| matches!(row, Addition::Review { on, .. } if *on <= day))
                .cloned()
                .collect(),
            ..Held::default()
        };
        let aim = match self.prepared.aim {
            Aim::Tier { path, tier, .. } => Aim::Tier { path: *path, tier: *tier, by: day },
            Aim::Keep { path, tier, .. } => Aim::Keep { path: *path, tier: *tier, by: day },
            Aim::Discount { .. } => self.prepared.aim.clone(),
        };
        self.prepared.world.look(done, &held, |evaluator| rows(evaluator, &aim))
    }

    fn step(
        &self,
        number: u32,
        pick: &Pick,
        picks: &[Pick],
        scorecard_after: Vec<ShortRow>,
    ) -> Step {
        let (what, title, about, kind) = self.names(pick);
        let measures = self.measures(pick, picks);
        let edition = self.prepared.world.edition;
        let of = measures.iter().filter_map(|at| edition.measures.get(*at));
        let counts_for = of.map(|measure| measure.id.clone()).collect();
        Step {
            number,
            kind,
            what,
            title,
            who: self.who(pick),
            who_name: None,
            about,
            about_name: None,
            begin: pick.begin,
            due: pick.due,
            days: pick.days,
            cost: money(pick.money, self.unit),
            reason: self.reason(pick, picks, &measures),
            counts_for,
            scorecard_after,
        }
    }

    fn who(&self, pick: &Pick) -> Option<String> {
        match &pick.what {
            Picked::Training { person, .. } => {
                Some(self.prepared.world.facts.people_ids.text(*person).to_owned())
            }
            Picked::Effort { .. } => None,
        }
    }

    /// The id, title, object and kind of what is done.
    fn names(&self, pick: &Pick) -> (String, String, Option<String>, String) {
        let world = self.prepared.world;
        let nothing = || (String::new(), String::new(), None, String::new());
        match &pick.what {
            Picked::Training { item, .. } => {
                let Some(training) = world.edition.training.get(item.training) else {
                    return nothing();
                };
                let about = training.leads_to.and_then(|at| world.edition.credentials.get(at));
                let about = about.map(|credential| credential.id.clone());
                (training.id.clone(), training.title.clone(), about, "training".to_owned())
            }
            Picked::Effort { candidate, .. } => {
                let Some(of) = self.prepared.candidates.get(*candidate) else { return nothing() };
                let Some(effort) = world.edition.efforts.get(of.effort) else { return nothing() };
                let about = match &of.what {
                    What::Launch { id, .. } | What::Approval { id, .. } => Some(id.clone()),
                    What::New { kind, code: Some(code) } => {
                        let ids = match kind {
                            crate::rulebook::FactKind::Validation => &world.catalogue.programs,
                            _ => &world.catalogue.event_kinds,
                        };
                        Some(ids.text(u32::from(*code)).to_owned())
                    }
                    What::New { code: None, .. } => None,
                    What::Decision(kind) => Some(kind.word().to_owned()),
                };
                (effort.id.clone(), effort.title.clone(), about, effort.kind.word().to_owned())
            }
        }
    }

    /// The measures that something counts for.
    fn measures(&self, pick: &Pick, picks: &[Pick]) -> Vec<usize> {
        let mut found = Vec::new();
        match &pick.what {
            Picked::Training { person, item, gained } => {
                let mask = self.prepared.trainings.mask_of(item.training) & gained;
                self.add_people(mask, &mut found);
                if found.is_empty() {
                    // What comes after it counts.
                    for other in picks {
                        if let Picked::Training { person: of, item: later, gained } = &other.what
                            && of == person
                            && self.is_built_on(item, later)
                        {
                            let mask = self.prepared.trainings.mask_of(later.training) & gained;
                            self.add_people(mask, &mut found);
                        }
                    }
                }
            }
            Picked::Effort { candidate, chance, .. } => {
                let of = self.prepared.candidates.get(*candidate);
                let chance = of.and_then(|of| of.chances.get(*chance));
                for one in chance.iter().flat_map(|chance| &chance.contributions) {
                    self.add(one.measure, &mut found);
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    fn add_people(&self, mask: u64, found: &mut Vec<usize>) {
        let nothing = Held::default();
        self.prepared.world.look(&[], &nothing, |evaluator| {
            for (at, measure) in evaluator.measures.iter().enumerate() {
                if let CompiledMeasure::People { bit } = measure
                    && mask >> bit & 1 == 1
                {
                    self.add(at, found);
                }
            }
        });
    }

    /// Adds a measure if it is asked about, and those that are made of it.
    fn add(&self, measure: usize, found: &mut Vec<usize>) {
        for ask in self.prepared.checks.iter().flat_map(|check| &check.asks) {
            let rule = self.prepared.world.edition.measures.get(ask.measure).map(|one| &one.rule);
            let is_part = matches!(rule, Some(MeasureRule::Points(parts))
                if parts.iter().any(|part| part.measure == measure));
            if ask.measure == measure || is_part {
                found.push(ask.measure);
            }
        }
    }

    fn is_built_on(&self, item: &Item, later: &Item) -> bool {
        self.prepared.trainings.is_built_on(later.training, item.training)
    }

    fn reason(&self, pick: &Pick, picks: &[Pick], measures: &[usize]) -> String {
        let edition = self.prepared.world.edition;
        let titles: Vec<&str> = measures
            .iter()
            .filter_map(|at| edition.measures.get(*at))
            .map(|measure| measure.title.as_str())
            .collect();
        let mut reasons = Vec::new();
        if let Picked::Training { person, item, gained } = &pick.what {
            if let Some(day) = self.lapses_on(*person, item) {
                reasons.push(format!("renews what lapses on {day}"));
            }
            let later = picks.iter().find_map(|other| match &other.what {
                Picked::Training { person: of, item: later, .. } if of == person => {
                    let is_later = self.is_built_on(item, later);
                    is_later.then(|| edition.training.get(later.training)).flatten()
                }
                _ => None,
            });
            let counts = self.prepared.trainings.mask_of(item.training) & gained != 0;
            if let (Some(later), false) = (later, counts) {
                reasons.push(format!("has to come before {}", later.title));
                return reasons.join("; ");
            }
        }
        if !titles.is_empty() {
            reasons.push(format!("counts for {}", titles.join(", ")));
        }
        reasons.join("; ")
    }

    /// The day on which the same credential of a person lapses before the goal.
    fn lapses_on(&self, person: u32, item: &Item) -> Option<Day> {
        let world = self.prepared.world;
        let credential = self.prepared.trainings.credential_of(item.training)?;
        let held = world.facts.credentials.of(person).iter();
        world.look(&[], &Held::default(), |evaluator| {
            let ends = held
                .filter(|row| row.credential == credential && row.issued_on <= world.as_of)
                .filter_map(|row| last_valid_day(evaluator.people.rule(row), row));
            ends.max().filter(|end| *end >= world.as_of && *end < self.prepared.aim.day())
        })
    }
}

/// The rows of a goal on its day. Of a kept tier they are those of the last review until then, on
/// the day before it.
pub(super) fn result(evaluator: &Evaluator<'_>, aim: &Aim, held: &Held) -> Vec<ShortRow> {
    let rows_of = |aim: &Aim| rows(evaluator, aim);
    match (aim, held.reviews.last()) {
        (Aim::Keep { path, tier, .. }, Some(review)) => {
            let by = review.on.plus_days(-1);
            rows_of(&Aim::Keep { path: *path, tier: *tier, by })
        }
        _ => rows_of(aim),
    }
}

/// The rows of a goal as of its day.
fn rows(evaluator: &Evaluator<'_>, aim: &Aim) -> Vec<ShortRow> {
    let view = Viewpoint::on(evaluator.edition, aim.day());
    let history = evaluator.history(THE_PARTNER, &view);
    let mut values = Values::new(evaluator, THE_PARTNER, &view, history.last_reset_on);
    let mut rows = Vec::new();
    let mut push = |measure: usize, value: &Value, target: Target, min_n: Option<u32>| {
        let Some(of) = evaluator.edition.measures.get(measure) else { return };
        rows.push(ShortRow {
            measure: of.id.clone(),
            value: value.number.clone(),
            target: target.bar(),
            is_ceiling: matches!(target, Target::AtMost(_)),
            n: value.n,
            min_n,
            state: State::of_enough(value, target, min_n),
        });
    };
    let (path, tier) = match aim {
        Aim::Discount { .. } => {
            for check in checks(evaluator, aim.day(), aim, &Held::default()) {
                for ask in &check.asks {
                    let days = ask.days.unwrap_or_else(|| values.days(ask.measure, ask.column));
                    let value = values.find(ask.measure, days, ask.column);
                    push(ask.measure, &value, ask.target, ask.min_n);
                }
            }
            return rows;
        }
        Aim::Tier { path, tier, .. } | Aim::Keep { path, tier, .. } => (*path, *tier),
    };
    let Some(path) = evaluator.paths.get(path) else { return rows };
    let asks = path.tiers.get(tier).map_or(&[][..], |tier| &tier.asks);
    for (asks, &measure) in asks.iter().zip(&path.rows) {
        let Some(target) = *asks.get(aim.column()) else { continue };
        let value = match evaluator.measures.get(measure) {
            Some(CompiledMeasure::Sustained { up_to_months }) => {
                evaluator.sustained(path, tier, *up_to_months, &mut values)
            }
            _ => values.get(measure, aim.column()).clone(),
        };
        push(measure, &value, target, None);
    }
    rows
}
