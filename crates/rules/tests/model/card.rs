//! The model's scorecard: history, cells, tiers, review and discount, as JSON to compare.

use num_traits::Zero;
use serde_json::{Value as Json, json};

use super::book::{Ask, Condition, PATHS, REVIEW_KINDS, Rule, TIERS, Window};
use super::calendar::{Ymd, next, plus_days, plus_months, show as day};
use super::judge::{
    Eye, Fraction, Listed, Model, Span, Value, days_after, decimal, months_before, show, whole,
};
use super::rows::Row;

/// The tier that a partner holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Tier {
    Unknown,
    Nothing,
    Held(String),
}

/// The tier of a partner whose rows are all of a path that it is not on (any more). The text says
/// unknown, for the first row of its path is no enrolment; the engine says none.
const ONLY_ANOTHER_PATH: Tier = Tier::Nothing;

struct History {
    tier: Tier,
    is_good: bool,
    reset: Option<Ymd>,
    reviewed: Option<Ymd>,
}

impl Eye {
    pub(crate) fn on(day: Ymd) -> Self {
        Self { day, last: day }
    }
}

impl Model<'_> {
    fn partner_row(&self) -> &Row {
        let mut rows = self.rows.iter();
        rows.find(|row| row.file == "partners" && row.id() == self.partner).expect("a partner")
    }

    pub(crate) fn path(&self) -> &str {
        self.partner_row().text("path")
    }

    fn tiers(&self) -> (&'static [&'static str], &[Vec<Ask>]) {
        let at = PATHS.iter().position(|path| *path == self.path()).expect("a path");
        let asks = &self.book.paths[at];
        (&TIERS[at][..asks.len()], asks)
    }

    fn history(&self, last: Ymd) -> History {
        let review = &self.book.review;
        let mut rows: Vec<&Row> = self
            .rows
            .iter()
            .filter(|row| row.file == "reviews" && row.text("partner") == self.partner)
            .collect();
        if rows.is_empty() {
            return self.shorthand(last);
        }
        let rank = |row: &Row| REVIEW_KINDS.iter().position(|kind| *kind == row.text("kind"));
        rows.sort_by_key(|row| (row.day("on"), rank(row)));
        let path = self.path();
        let here: Vec<&Row> = rows.iter().copied().filter(|row| row.text("path") == path).collect();
        let past = || here.iter().filter(|row| row.day("on") <= Some(last));
        let last_of = |kinds: &[&str]| {
            past()
                .filter(|row| kinds.contains(&row.text("kind")))
                .filter_map(|row| row.day("on"))
                .max()
        };
        let tier = match past().filter_map(|row| row.get("tier")).next_back() {
            Some(tier) => Tier::Held(tier.to_owned()),
            None => match here.first() {
                Some(row) if row.text("kind") == "enrolment" => Tier::Nothing,
                Some(_) => Tier::Unknown,
                None => ONLY_ANOTHER_PATH,
            },
        };
        let reached = |row: &Row| row.day("on") <= Some(last);
        let is_suspended = rows.iter().filter(|row| reached(row)).any(|row| {
            row.text("kind") == "suspended"
                && row.day("valid_until").is_none_or(|until| last <= until)
                && !rows.iter().any(|other| {
                    other.text("kind") == "reinstated"
                        && reached(other)
                        && other.day("on") >= row.day("on")
                })
        });
        History {
            tier,
            is_good: !is_suspended,
            reset: last_of(&review.resets_windows),
            reviewed: last_of(&review.counted_from),
        }
    }

    fn shorthand(&self, last: Ymd) -> History {
        let row = self.partner_row();
        let last_of = |kinds: &[&str]| {
            let days = [
                ("review", "last_review_on"),
                ("renewal", "last_renewal_on"),
                ("upgrade", "last_upgrade_on"),
            ];
            let days = days.into_iter().filter(|(kind, _)| kinds.contains(kind));
            days.filter_map(|(_, column)| row.day(column)).filter(|on| *on <= last).max()
        };
        let tier = if row.day("tier_since").is_some_and(|since| since > last) {
            Tier::Unknown
        } else {
            row.get("tier").map_or(Tier::Nothing, |tier| Tier::Held(tier.to_owned()))
        };
        History {
            tier,
            is_good: row.text("standing") != "suspended",
            reset: last_of(&self.book.review.resets_windows),
            reviewed: last_of(&self.book.review.counted_from),
        }
    }

    /// The measures that some tier of the path names.
    fn row_measures(&self) -> Vec<usize> {
        let (_, tiers) = self.tiers();
        let is_named = |at: &usize| tiers.iter().flatten().any(|ask| ask.measure == *at);
        (0..self.book.measures.len()).filter(is_named).collect()
    }

    /// What a tier asks of a measure in a column.
    fn ask(&self, tier: usize, measure: usize, column: usize) -> Option<&Ask> {
        let asked = self.tiers().1[tier].iter().find(|ask| ask.measure == measure)?;
        (asked.columns[column] && (asked.is_ceiling || !decimal(&asked.bar).is_zero()))
            .then_some(asked)
    }

    /// The value that a tier finds in a column.
    fn value_for(&self, tier: usize, measure: usize, column: usize, eye: Eye) -> Value {
        match self.book.measures[measure].rule {
            Rule::Sustained(most) => {
                let n = self.sustained(tier, most, eye);
                Value { number: whole(n), n: 0, is_known: true }
            }
            _ => self.value(measure, column, eye, self.history(eye.last).reset),
        }
    }

    fn sustained(&self, tier: usize, most: i32, eye: Eye) -> usize {
        let is_met = |back: i32| {
            let on = plus_months(eye.day, -back);
            let then = Eye { day: on, last: on.min(eye.last) };
            self.row_measures().into_iter().all(|at| {
                let is_left_out = matches!(self.book.measures[at].rule, Rule::Sustained(_))
                    || self.counts_since_review(at);
                match self.ask(tier, at, 1) {
                    Some(ask) if !is_left_out => meets(&self.value(at, 1, then, None), ask),
                    _ => true,
                }
            })
        };
        if !is_met(0) {
            return 0;
        }
        (1..=most).take_while(|back| is_met(*back)).count()
    }

    fn counts_since_review(&self, at: usize) -> bool {
        match &self.book.measures[at].rule {
            Rule::Points(parts) => parts.iter().any(|part| self.counts_since_review(part.0)),
            _ => self.book.measures[at].windows[1] == Window::SinceReview,
        }
    }

    fn meets_tier(&self, tier: usize, column: usize, eye: Eye) -> bool {
        self.row_measures().into_iter().all(|at| {
            let ask = self.ask(tier, at, column);
            ask.is_none_or(|ask| meets(&self.value_for(tier, at, column, eye), ask))
        })
    }

    /// The scorecard of a day.
    pub(crate) fn card(&self, on: Ymd) -> Json {
        let eye = Eye::on(on);
        let history = self.history(on);
        let (names, tiers) = self.tiers();
        let position = |tier: &Tier| match tier {
            Tier::Held(tier) => names.iter().position(|name| name == tier),
            _ => None,
        };
        let held = position(&history.tier);
        let above = match &history.tier {
            Tier::Nothing => Some(0),
            _ => held.map(|held| held + 1).filter(|above| *above < tiers.len()),
        };
        let columns = [held, above];
        let mut met = columns.map(|tier| tier.map(|_| true));
        let mut rows = Vec::new();
        for at in self.row_measures() {
            let cells: Vec<Json> = [0, 1]
                .map(|column| {
                    let cell = self.cell(at, column, columns[column], eye, history.reset);
                    if cell["state"] == "not_met" || cell["state"] == "unknown" {
                        met[column] = met[column].map(|_| false);
                    }
                    cell
                })
                .into();
            let lists = [0, 1].map(|column| self.list(at, column, eye, history.reset));
            let (counted, not_counted) = self.both_lists(&["renewal", "upgrade"], &lists);
            rows.push(json!({
                "measure": format!("m{at}"), "renewal": cells[0], "upgrade": cells[1],
                "counted": counted, "not_counted": not_counted,
            }));
        }
        let attained = (0..tiers.len()).take_while(|tier| self.meets_tier(*tier, 1, eye)).last();
        let name = |tier: Option<usize>| tier.map(|tier| names[tier]);
        json!({
            "partner": self.partner, "as_of": day(on), "path": self.path(),
            "tier": match &history.tier { Tier::Held(tier) => Some(tier), _ => None },
            "renewal": { "tier": name(held), "met": met[0] },
            "upgrade": { "tier": name(above), "met": met[1] },
            "attained": name(attained),
            "review": self.review(on, &history, held),
            "support_discount": self.book.scheme.as_ref().map(|_| self.discount(on)),
            "rows": rows,
        })
    }

    fn cell(
        &self,
        at: usize,
        column: usize,
        tier: Option<usize>,
        eye: Eye,
        reset: Option<Ymd>,
    ) -> Json {
        let measure = &self.book.measures[at];
        // Where the column's tier does not name it, months are those of the lowest that does.
        let names = |tier: &usize| self.tiers().1[*tier].iter().any(|ask| ask.measure == at);
        let lowest = (0..self.tiers().1.len()).find(names).expect("a tier names it");
        let value = self.value_for(tier.filter(names).unwrap_or(lowest), at, column, eye);
        let ask = tier.and_then(|tier| self.ask(tier, at, column));
        let state = match ask {
            None => "not_required",
            Some(_) if !value.is_known => "unknown",
            Some(ask) if meets(&value, ask) => "met",
            Some(_) => "not_met",
        };
        let span = match measure.rule {
            Rule::Facts(_) => Self::span(measure, column, eye, reset),
            _ => Span::Now,
        };
        let (from, until) = match span {
            Span::From(from) => (Some(day(from)), Some(day(next(eye.day)))),
            Span::NoBeginning => (None, Some(day(next(eye.day)))),
            _ => (None, None),
        };
        json!({
            "value": show(&value.number), "target": ask.map(|ask| show(&decimal(&ask.bar))),
            "state": state, "from": from, "until": until,
        })
    }

    /// The lists as a scorecard's flattened ones: one text for each fact and column.
    fn both_lists(&self, columns: &[&str], lists: &[Vec<Listed>]) -> (Vec<String>, Vec<String>) {
        let (mut counted, mut not_counted) = (Vec::new(), Vec::new());
        for (column, list) in columns.iter().zip(lists) {
            for Listed { row, kind, subject, reason } in list {
                let text = format!("{column} {kind} {:?} {subject:?}", self.rows[*row].id());
                match reason {
                    None => counted.push(text),
                    Some(reason) => not_counted.push(format!("{text} {reason}")),
                }
            }
        }
        counted.sort();
        not_counted.sort();
        (counted, not_counted)
    }

    fn review(&self, on: Ymd, history: &History, held: Option<usize>) -> Json {
        let rules = &self.book.review;
        let due = history.reviewed.map(|last| plus_months(last, rules.every_months));
        let (mut outcome, mut to, mut grace) = (None, None, None);
        if let (Some(due), Some(held)) = (due, held) {
            let eve = plus_days(due, -1);
            let eye = Eye { day: eve, last: eve.min(on) };
            let name = |tier: usize| self.tiers().0[tier];
            if self.meets_tier(held, 0, eye) {
                (outcome, to) = (Some("renew"), Some(name(held)));
            } else if rules.grace_days > 0 {
                (outcome, to) = (Some("grace"), Some(name(held)));
                grace = Some(day(plus_days(due, rules.grace_days)));
            } else {
                (outcome, to) = match rules.when_not_met {
                    "keep" => (Some("renew"), Some(name(held))),
                    "down_one" => (Some("downgrade"), (held > 0).then(|| name(held - 1))),
                    _ => {
                        let met = (0..=held).filter(|tier| self.meets_tier(*tier, 0, eye)).max();
                        (Some("downgrade"), met.map(name))
                    }
                };
            }
        }
        json!({
            "last_on": history.reviewed.map(day), "due_on": due.map(day), "outcome": outcome,
            "to_tier": to, "grace_until": grace,
        })
    }

    /// The statement of the period in which a day lies.
    pub(crate) fn discount(&self, on: Ymd) -> Json {
        let scheme = self.book.scheme.as_ref().expect("a scheme");
        let number = (on.1 - 1) / scheme.period_months;
        let first = (on.0, number * scheme.period_months + 1, 1);
        let months = i32::try_from(scheme.period_months).expect("months");
        let last = plus_days(plus_months(first, months), -1);
        let states = |then: Ymd| -> Vec<&str> {
            scheme.eligibility.iter().map(|condition| self.condition(condition, then)).collect()
        };
        let at_first = states(first);
        let is_eligible = at_first.iter().all(|state| *state == "met");
        let is_lost = days_after(first, on.min(last))
            .any(|then| states(then).iter().any(|state| *state != "met"));
        let (mut sum, mut longest) = (decimal(scheme.base), 0);
        let mut measures = Vec::new();
        for (ask, least, points) in &scheme.measures {
            let measure = &self.book.measures[ask.measure];
            let (Rule::Facts(rule), Window::BeforePeriod(months)) =
                (&measure.rule, measure.windows[1])
            else {
                panic!("such measures are not generated")
            };
            longest = longest.max(months);
            let span = months_before(first, months);
            let value = self.number(rule, span, Eye::on(first));
            let is_enough = least.is_none_or(|least| value.n >= least);
            let state = match (value.is_known, meets(&value, ask) && is_enough) {
                (false, _) => "unknown",
                (true, true) => "met",
                (true, false) => "not_met",
            };
            let earned = if state == "met" { decimal(points) } else { Fraction::zero() };
            let lists = [self.list_facts(rule, span, Eye::on(first))];
            let (counted, not_counted) = self.both_lists(&["-"], &lists);
            measures.push(json!({
                "measure": format!("m{}", ask.measure), "value": show(&value.number),
                "target": show(&decimal(&ask.bar)), "n": value.n, "min_n": least,
                "state": state, "points": show(&earned),
                "counted": counted, "not_counted": not_counted,
            }));
            sum += earned;
        }
        let is_earned = is_eligible && !(scheme.ends_at_once && is_lost);
        let percent = if is_earned { sum.min(decimal(scheme.ceiling)) } else { Fraction::zero() };
        json!({
            "from": day(plus_months(first, -longest)), "until": day(first),
            "eligible": is_eligible, "eligibility": at_first,
            "base_percent": show(&decimal(scheme.base)), "measures": measures,
            "percent": show(&percent),
        })
    }

    fn condition(&self, condition: &Condition, on: Ymd) -> &'static str {
        let history = self.history(on);
        let is_met = match condition {
            Condition::Path(paths) => paths.contains(&self.path()),
            Condition::Tier(tiers) => match &history.tier {
                Tier::Unknown => return "unknown",
                Tier::Nothing => false,
                Tier::Held(tier) => tiers.contains(&tier.as_str()),
            },
            Condition::GoodStanding => history.is_good,
            Condition::Program(programs) => self.rows.iter().any(|row| {
                row.file == "validations"
                    && row.text("partner") == self.partner
                    && programs.contains(&row.text("program"))
                    && row.day("granted_on") <= Some(on)
                    && row.day("expires_on").is_none_or(|last| on <= last)
            }),
        };
        if is_met { "met" } else { "not_met" }
    }
}

fn meets(value: &Value, ask: &Ask) -> bool {
    let bar = decimal(&ask.bar);
    value.is_known && if ask.is_ceiling { value.number <= bar } else { value.number >= bar }
}
