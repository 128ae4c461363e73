//! A threshold varied over a range: how many partners attain the tier, and how many keep it.
//!
//! The values of a partner do not depend on what is asked, so that they are found once and
//! compared with every threshold. Months sustained do depend on it and are counted anew, for the
//! few partners that meet all the rest.

use std::sync::{Mutex, PoisonError};

use serde::Serialize;

use crate::day::Day;
use crate::decimal::Decimal;
use crate::evaluation::{CompiledPath, Evaluator, Standing, Values, Viewpoint};
use crate::facts::PartnerNumber;
use crate::problem::{Problem, nearest};
use crate::rulebook::{Column, Columns, Target};

/// The requirement that is varied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SweptRequirement {
    /// The tier's id.
    pub tier: String,
    /// The measure's id.
    pub measure: String,
    /// The thresholds, in order.
    pub thresholds: Vec<Decimal>,
}

/// Most thresholds of one sweep.
const MOST: u128 = 1_000;

impl SweptRequirement {
    /// Thresholds from one number to another, both included, in steps. Without a step there are
    /// about twenty, whole where both ends are.
    ///
    /// # Errors
    ///
    /// What is wrong with the range, in words.
    pub fn range(
        tier: &str,
        measure: &str,
        (from, to): (Decimal, Decimal),
        step: Option<Decimal>,
    ) -> Result<Self, &'static str> {
        const STEPS: u128 = Decimal::STEPS as u128;
        let units =
            |decimal: Decimal| u128::from(decimal.whole()) * STEPS + u128::from(decimal.fraction());
        let (first, last) = (units(from), units(to));
        if last <= first {
            return Err("the range ends before it begins");
        }
        let is_whole = from.fraction() == 0 && to.fraction() == 0;
        let step = match step {
            Some(step) => units(step),
            None if is_whole => ((last - first) / STEPS).div_ceil(20) * STEPS,
            None => (last - first).div_ceil(20),
        };
        if step == 0 || (last - first) / step >= MOST {
            return Err("the steps are too small");
        }
        let threshold = |at: u128| {
            let part = |number: u128| u64::try_from(number).unwrap_or(u64::MAX);
            Decimal::from_parts(part(at / STEPS), part(at % STEPS))
        };
        let next = |at: &u128| Some(at + step).filter(|next| *next <= last);
        let mut thresholds: Vec<Decimal> =
            std::iter::successors(Some(first), next).map(threshold).collect();
        if thresholds.last() != Some(&to) {
            thresholds.push(to);
        }
        Ok(Self { tier: tier.to_owned(), measure: measure.to_owned(), thresholds })
    }

    /// Adds what is asked now, where it lies within the range.
    fn include(&mut self, target: Option<Target>) {
        let Some(bar) = target.map(Target::bar) else { return };
        let at = self.thresholds.partition_point(|known| *known < bar);
        if at > 0 && self.thresholds.get(at).is_some_and(|next| *next != bar) {
            self.thresholds.insert(at, bar);
        }
    }
}

/// A requirement with what each threshold comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sweep {
    /// The edition that is varied.
    pub rulebook: String,
    /// The day.
    pub as_of: Day,
    /// The tier's id.
    pub tier: String,
    /// The measure's id.
    pub measure: String,
    /// The measure's title.
    #[serde(skip)]
    pub title: String,
    /// What the edition itself asks; none where it asks nothing.
    pub asked: Option<Decimal>,
    /// Whether values must stay at or under the bar.
    pub is_ceiling: bool,
    /// How many partners are on a path that has the tier.
    pub partners: u64,
    /// How many hold the tier.
    pub holders: u64,
    /// One for each threshold.
    pub points: Vec<SweepPoint>,
}

impl Sweep {
    /// Adds what was found of other partners for the same thresholds.
    pub fn append(&mut self, other: &Self) {
        self.partners += other.partners;
        self.holders += other.holders;
        for (own, new) in self.points.iter_mut().zip(&other.points) {
            own.attain += new.attain;
            own.keep += new.keep;
        }
    }
}

/// What a threshold comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SweepPoint {
    /// The threshold.
    pub threshold: Decimal,
    /// How many partners attain the tier, or one above it.
    pub attain: u64,
    /// How many holders of the tier meet its renewal column.
    pub keep: u64,
}

/// A path with each of the thresholds put in.
struct Swept {
    path: usize,
    tier: usize,
    variants: Vec<CompiledPath>,
}

#[derive(Clone, Default)]
struct Counts {
    partners: u64,
    holders: u64,
    attain: Vec<u64>,
    keep: Vec<u64>,
}

impl Evaluator<'_> {
    /// Varies a requirement over its thresholds, over all partners on a day.
    ///
    /// # Errors
    ///
    /// The edition has no such tier or measure, or no row of the tier's path is of the measure.
    pub fn sweep(
        &self,
        asked: &SweptRequirement,
        as_of: Day,
        threads: usize,
    ) -> Result<Sweep, Box<Problem>> {
        let partners: Vec<PartnerNumber> = self.facts.partners().collect();
        self.sweep_of(&partners, asked, as_of, threads)
    }

    /// The same over some partners. What is found of others under the same edition can be added.
    ///
    /// # Errors
    ///
    /// As of [`Self::sweep`].
    pub fn sweep_of(
        &self,
        partners: &[PartnerNumber],
        asked: &SweptRequirement,
        as_of: Day,
        threads: usize,
    ) -> Result<Sweep, Box<Problem>> {
        const RUN: usize = 512;
        let measure = self.swept_measure(asked)?;
        let target = self.target_of(&asked.tier, measure);
        let mut asked = asked.clone();
        asked.include(target);
        let asked = &asked;
        let swept = self.swept_paths(asked, measure)?;
        let view = Viewpoint::on(self.edition, as_of);
        let runs = Mutex::new(partners.chunks(RUN));
        let count = asked.thresholds.len();
        let none = Counts { attain: vec![0; count], keep: vec![0; count], ..Counts::default() };
        let all = Mutex::new(none.clone());
        let work = || {
            let mut values = Values::new(self, PartnerNumber(0), &view, None);
            let mut standing = Standing::default();
            let mut counts = none.clone();
            loop {
                let run = runs.lock().unwrap_or_else(PoisonError::into_inner).next();
                let Some(run) = run else { break };
                for partner in run {
                    let of_path = |swept: &&Swept| Some(swept.path) == self.path(*partner);
                    let Some(swept) = swept.iter().find(of_path) else { continue };
                    self.stand(*partner, &mut values, &mut standing);
                    self.count(swept, &mut values, &standing, &mut counts);
                }
            }
            all.lock().unwrap_or_else(PoisonError::into_inner).append(&counts);
        };
        std::thread::scope(|scope| {
            for _ in 1..threads.max(1) {
                scope.spawn(work);
            }
            work();
        });
        let counts = all.into_inner().unwrap_or_else(PoisonError::into_inner);
        let title = self.edition.measures.get(measure).map(|measure| measure.title.clone());
        let of_threshold = counts.attain.iter().zip(&counts.keep);
        let points = asked.thresholds.iter().zip(of_threshold);
        Ok(Sweep {
            rulebook: self.edition.id.clone(),
            as_of,
            tier: asked.tier.clone(),
            measure: asked.measure.clone(),
            title: title.unwrap_or_default(),
            asked: target.map(Target::bar),
            is_ceiling: matches!(target, Some(Target::AtMost(_))),
            partners: counts.partners,
            holders: counts.holders,
            points: points
                .map(|(threshold, (attain, keep))| SweepPoint {
                    threshold: *threshold,
                    attain: *attain,
                    keep: *keep,
                })
                .collect(),
        })
    }

    fn swept_measure(&self, asked: &SweptRequirement) -> Result<usize, Box<Problem>> {
        let measures = &self.edition.measures;
        let found = measures.iter().position(|measure| measure.id == asked.measure);
        found.ok_or_else(|| {
            let known = measures.iter().map(|measure| measure.id.as_str());
            unknown("measure", &asked.measure, known).into()
        })
    }

    fn swept_paths(
        &self,
        asked: &SweptRequirement,
        measure: usize,
    ) -> Result<Vec<Swept>, Box<Problem>> {
        let mut swept = Vec::new();
        let mut has_tier = false;
        let ladders = self.edition.paths.iter().zip(&self.paths).enumerate();
        for (path, (ladder, compiled)) in ladders {
            let Some(tier) = ladder.tiers.iter().position(|tier| tier.id == asked.tier) else {
                continue;
            };
            has_tier = true;
            let Some(row) = compiled.rows.iter().position(|row| *row == measure) else { continue };
            let variant = |threshold: &Decimal| {
                let mut variant = compiled.clone();
                let asks = variant.tiers.get_mut(tier).and_then(|tier| tier.asks.get_mut(row));
                if let Some(asks) = asks {
                    put(asks, *threshold);
                }
                variant
            };
            let variants = asked.thresholds.iter().map(variant).collect();
            swept.push(Swept { path, tier, variants });
        }
        if !has_tier {
            let tiers = self.edition.paths.iter().flat_map(|path| &path.tiers);
            let known = tiers.map(|tier| tier.id.as_str());
            return Err(unknown("tier", &asked.tier, known).into());
        }
        if swept.is_empty() {
            let message =
                format!("no tier of the path of `{}` asks for `{}`", asked.tier, asked.measure);
            let hint = "vary a measure that is a row of the scorecard";
            return Err(Box::new(Problem::new("unknown-requirement", message).hint(hint)));
        }
        Ok(swept)
    }

    fn target_of(&self, tier: &str, measure: usize) -> Option<Target> {
        let tiers = self.edition.paths.iter().flat_map(|path| &path.tiers);
        let of_tier = tiers.filter(|known| known.id == tier).flat_map(|tier| &tier.requires);
        of_tier.filter(|asked| asked.measure == measure).map(|asked| asked.target).next()
    }

    fn count(
        &self,
        swept: &Swept,
        values: &mut Values<'_>,
        standing: &Standing,
        counts: &mut Counts,
    ) {
        let is_holder = standing.tiers.renewal == Some(swept.tier);
        counts.partners += 1;
        counts.holders += u64::from(is_holder);
        let slots = counts.attain.iter_mut().zip(&mut counts.keep);
        for (variant, (attain, keep)) in swept.variants.iter().zip(slots) {
            values.forget_sustained();
            let attained = self.attained(variant, &standing.cells, values);
            *attain += u64::from(attained >= Some(swept.tier));
            if is_holder && self.column_is_met(variant, swept.tier, Column::Renewal, values) {
                *keep += 1;
            }
        }
    }
}

impl Counts {
    fn append(&mut self, other: &Self) {
        self.partners += other.partners;
        self.holders += other.holders;
        let lists = [(&mut self.attain, &other.attain), (&mut self.keep, &other.keep)];
        for (own, new) in lists {
            own.iter_mut().zip(new).for_each(|(own, new)| *own += new);
        }
    }
}

/// Puts a threshold where something is asked; where nothing is, it is asked in both columns.
fn put(asks: &mut Columns<Option<Target>>, threshold: Decimal) {
    let with = |target: Target| match target {
        Target::AtLeast(_) => Target::AtLeast(threshold),
        Target::AtMost(_) => Target::AtMost(threshold),
    };
    *asks = match (asks.renewal, asks.upgrade) {
        (None, None) => {
            let target = Some(Target::AtLeast(threshold));
            Columns { renewal: target, upgrade: target }
        }
        (renewal, upgrade) => Columns { renewal: renewal.map(with), upgrade: upgrade.map(with) },
    };
}

fn unknown<'k>(what: &str, id: &str, known: impl Iterator<Item = &'k str>) -> Problem {
    let mut near = nearest(id, known, 3);
    near.dedup();
    let list: Vec<String> = near.iter().map(|id| format!("`{id}`")).collect();
    let hint = (!list.is_empty()).then(|| format!("did you mean {}?", list.join(" or ")));
    let message = format!("the edition has no {what} `{id}`");
    Problem::new("unknown-requirement", message).maybe_hint(hint)
}
