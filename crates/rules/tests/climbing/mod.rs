//! A small invented network in which plans are hard, and everything that could be done in it,
//! day by day.

mod deeds;

use std::fmt::Write as _;

use guildhall_rules::day::Day;
use guildhall_rules::decimal::Decimal;
use guildhall_rules::evaluation::Evaluator;
use guildhall_rules::facts::{Facts, LoadOptions, Mapping, References, Source, load};
use guildhall_rules::plan::Goal;
use guildhall_rules::review::ReviewOutcome;
use guildhall_rules::rulebook::{self, Catalogue, Edition};
use guildhall_rules::scorecard::FactLists;
use proptest::prelude::*;

const BOOK: &str = r#"
id = "tiles-2026"
network = "tiles"
title = "Tiles"
published_at = 2025-09-15T08:00:00Z
in_force_from = 2020-01-01
evaluation = 1
currency = "EUR"
components = [{ id = "all", title = "All" }]
levels = [
    { id = "hand", title = "Hand", rank = 0 },
    { id = "head", title = "Head", rank = 1 },
]
credentials = [
    { id = "safety", title = "Safety", level = "hand", validity_months = 12 },
    { id = "permit", title = "Permit", level = "hand", validity_months = 2 },
    { id = "tiler", title = "Tiler", level = "hand", validity_months = 36 },
    { id = "crane", title = "Crane", level = "hand", validity_months = 4 },
    { id = "master", title = "Master", level = "head", validity_months = 36 },
]
measures = [
    { id = "safe", title = "Safe", component = "all", kind = "people",
      credentials = ["safety"], window = "as_of" },
    { id = "cranes", title = "Cranes", component = "all", kind = "people",
      credentials = ["crane"], window = "as_of" },
    { id = "hands", title = "Hands", component = "all", kind = "people",
      highest_level = ["hand"], window = "as_of" },
    { id = "heads", title = "Heads", component = "all", kind = "people",
      highest_level = ["head"], window = "as_of" },
    { id = "jobs", title = "Jobs", component = "all", kind = "count", of = "opportunities",
      renewal = "since_review", upgrade = { rolling_months = 4 } },
    { id = "houses", title = "Houses", component = "all", kind = "count", of = "references",
      window = "since_review" },
]
review = { every_months = 12, counted_from = ["review"], resets_windows = ["review"],
  grace_days = GRACE, when_not_met = "NOT_MET" }
training = [
    { id = "safety-day", title = "Safety day", leads_to = "safety", cost = 30, days = 12 },
    { id = "school", title = "School", cost = 45, days = 15 },
    { id = "tiler-test", title = "Tiler's test", leads_to = "tiler", cost = 50, days = 30 },
    { id = "tiler-fair", title = "Tiler's fair", leads_to = "tiler", cost = 70, days = 9,
      requires = ["school"] },
    { id = "permit-day", title = "Permit", leads_to = "permit", cost = 20, days = 20 },
    { id = "crane-test", title = "Crane", leads_to = "crane", cost = 40, days = 25,
      requires = ["permit"] },
    { id = "master-test", title = "Master's test", leads_to = "master", cost = 80, days = 25,
      requires = ["tiler", "school"], after = ["safety-day"] },
]
efforts = [
    { id = "hand-over", title = "Hand over", of = "open_opportunities", cost = 35, days = 9 },
    { id = "show", title = "Show a house", of = "references", cost = 20, days = 5, at_most = 2 },
]
[[paths]]
id = "fitting"
title = "Fitting"
[[paths.tiers]]
id = "base"
title = "Base"
requires = { LOW }
[[paths.tiers]]
id = "ridge"
title = "Ridge"
requires = { HIGH }
"#;

pub const AS_OF: &str = "2026-06-30";

/// How many different sets of deeds are looked at.
pub const SETS: usize = 500;

pub fn cases_to_try() -> u32 {
    std::env::var("PLAN_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(40)
}

pub fn day(text: &str) -> Day {
    Day::parse(text.as_bytes()).unwrap()
}

/// Something that is done.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Deed {
    Passed { who: String, credential: String, on: Day },
    Launched { id: String, on: Day },
    Shown { on: Day },
}

/// Deeds with what they cost.
#[derive(Clone, Debug)]
pub struct Other {
    pub deeds: Vec<Deed>,
    /// In hundredths.
    pub cost: u64,
    pub people: u64,
    pub done_on: Day,
}

/// A small network: what is asked, what is held, and who has time.
#[derive(Clone, Debug)]
pub struct Case {
    grace: u32,
    not_met: &'static str,
    low: Vec<(&'static str, u32)>,
    high: Vec<(&'static str, u32)>,
    /// Person, credential, day of issue.
    held: Vec<(usize, &'static str, &'static str)>,
    left: Vec<Option<&'static str>>,
    joined: Vec<Option<&'static str>>,
    open: Vec<u32>,
    launched: Vec<&'static str>,
    last_review: &'static str,
    keeps: bool,
    by: &'static str,
    at_once: Option<u32>,
    /// Of the first person: from, until, days of a month, an absence.
    from: Option<&'static str>,
    until: Option<&'static str>,
    days_per_month: i32,
    absence: Option<(&'static str, &'static str)>,
    /// Of passing the tiler's test, in tenths.
    probability: u64,
    /// What the crane costs the second person.
    own_crane: Option<u64>,
    at_most: Option<u64>,
    jobs_at_most: Option<u64>,
    seed: u64,
}

fn asks() -> impl Strategy<Value = Vec<(&'static str, u32)>> {
    let ask = prop_oneof![
        3 => (1..3_u32).prop_map(|bar| ("safe", bar)),
        3 => (1..3_u32).prop_map(|bar| ("cranes", bar)),
        1 => (1..3_u32).prop_map(|bar| ("hands", bar)),
        3 => (1..3_u32).prop_map(|bar| ("heads", bar)),
        2 => (1..3_u32).prop_map(|bar| ("jobs", bar)),
        2 => (1..3_u32).prop_map(|bar| ("houses", bar)),
    ];
    proptest::collection::vec(ask, 1..3).prop_map(|mut asks| {
        asks.sort_unstable();
        asks.dedup_by_key(|(measure, _)| *measure);
        asks
    })
}

/// A credential that somebody holds: person, credential, day of issue.
fn held() -> impl Strategy<Value = (usize, &'static str, &'static str)> {
    let days = ["2023-08-20", "2025-08-15", "2026-03-10", "2026-05-20", "2026-06-10", "2026-08-01"];
    let credentials = ["safety", "permit", "tiler", "crane", "master"];
    let one_of = |of: &[&'static str]| proptest::sample::select(of.to_vec());
    (0..2_usize, one_of(&credentials), one_of(&days))
}

/// A crane needs a permit, which lasts for less than until the goal if it is passed at once: it
/// need not last, for the crane counts wherever the permit does.
pub fn permit_that_need_not_last() -> Case {
    Case {
        grace: 0,
        not_met: "down_one",
        low: Vec::new(),
        high: vec![("cranes", 1), ("hands", 1)],
        held: Vec::new(),
        left: vec![None, Some("2026-09-15")],
        joined: vec![None, None],
        open: Vec::new(),
        launched: Vec::new(),
        last_review: "2025-09-01",
        keeps: false,
        by: "2026-09-30",
        at_once: None,
        from: None,
        until: None,
        days_per_month: 30,
        absence: None,
        probability: 10,
        own_crane: None,
        at_most: None,
        jobs_at_most: None,
        seed: 636_375_383_930_674_026,
    }
}

pub fn cases() -> impl Strategy<Value = Case> {
    use proptest::collection::vec;
    use proptest::option::weighted;
    use proptest::sample::select;
    let book = (
        prop_oneof![Just(0_u32), Just(20)],
        select(vec!["down_one", "down_one", "keep"]),
        prop_oneof![2 => Just(Vec::new()), 1 => asks()],
        asks(),
    );
    let people = (
        vec(held(), 0..4),
        vec(select(vec![None, None, None, Some("2026-09-15")]), 2),
        vec(select(vec![None, None, None, Some("2026-07-20")]), 2),
    );
    let facts = (
        vec(20..200_u32, 0..3),
        vec(select(vec!["2026-02-01", "2026-04-20"]), 0..2),
        select(vec!["2025-09-01", "2025-08-05", "2026-05-01"]),
    );
    let goal = (
        any::<bool>(),
        select(vec!["2026-08-15", "2026-09-30", "2026-11-20", "2027-01-31"]),
        weighted(0.4, 1..3_u32),
    );
    let time = (
        weighted(0.2, Just("2026-07-25")),
        weighted(0.2, Just("2026-10-01")),
        select(vec![30, 30, 20]),
        weighted(0.3, Just(("2026-08-01", "2026-08-11"))),
    );
    let costs = (
        select(vec![10, 8, 5]),
        weighted(0.3, select(vec![15_u64, 95])),
        weighted(0.3, 0..3_u64),
        weighted(0.3, 1..2_u64),
        any::<u64>(),
    );
    (book, people, facts, goal, time, costs).prop_map(|(book, people, facts, goal, time, costs)| {
        let (grace, not_met, low, high) = book;
        let (held, left, joined) = people;
        let (open, launched, last_review) = facts;
        let (keeps, by, at_once) = goal;
        let (from, until, days_per_month, absence) = time;
        let (probability, own_crane, at_most, jobs_at_most, seed) = costs;
        Case {
            grace,
            not_met,
            low,
            high,
            held,
            left,
            joined,
            open,
            launched,
            last_review,
            keeps,
            by,
            at_once,
            from,
            until,
            days_per_month,
            absence,
            probability,
            own_crane,
            at_most,
            jobs_at_most,
            seed,
        }
    })
}

/// An amount in hundredths.
pub fn hundredths(amount: Decimal) -> u64 {
    amount.whole() * 100 + amount.fraction() / (Decimal::STEPS / 100)
}

/// The smallest amount in hundredths that a gap leaves. Gaps are rounded up to millionths.
pub fn without(amount: Decimal, gap: Decimal) -> u64 {
    let millionths = gap.whole() * 1_000_000 + gap.fraction() / (Decimal::STEPS / 1_000_000);
    hundredths(amount) * (1_000_000 - millionths.min(1_000_000)) / 1_000_000
}

impl Case {
    pub fn edition(&self) -> Edition {
        let asks = |asks: &[(&str, u32)]| {
            let asks: Vec<String> =
                asks.iter().map(|(measure, bar)| format!("{measure} = {bar}")).collect();
            asks.join(", ")
        };
        // What only the higher tier asks is asked of the lower one with nothing.
        let mut low = self.low.clone();
        for (measure, _) in &self.high {
            if !low.iter().any(|(known, _)| known == measure) {
                low.push((measure, 0));
            }
        }
        let mut high = self.high.clone();
        for (measure, bar) in &self.low {
            match high.iter_mut().find(|(known, _)| known == measure) {
                Some((_, other)) => *other = (*other).max(*bar),
                None => high.push((measure, *bar)),
            }
        }
        let measures = ["safe", "cranes", "hands", "heads", "jobs", "houses"];
        for measure in measures {
            if !low.iter().any(|(known, _)| *known == measure) {
                low.push((measure, 0));
                high.push((measure, 0));
            }
        }
        let text = BOOK
            .replace("GRACE", &self.grace.to_string())
            .replace("NOT_MET", self.not_met)
            .replace("LOW", &asks(&low))
            .replace("HIGH", &asks(&high));
        rulebook::load("rulebook.toml", &text).unwrap()
    }

    pub fn costs(&self) -> String {
        let mut text = String::from("currency = \"EUR\"\n");
        if let Some(at_once) = self.at_once {
            writeln!(text, "at_once = {at_once}").unwrap();
        }
        let tenths = self.probability;
        if tenths < 10 {
            let id = "tiler-test";
            writeln!(text, "[[training]]\nid = \"{id}\"\npass_probability = 0.{tenths}").unwrap();
        }
        if let Some(most) = self.at_most {
            writeln!(text, "[[efforts]]\nid = \"show\"\nat_most = {most}").unwrap();
        }
        if let Some(most) = self.jobs_at_most {
            writeln!(text, "[[efforts]]\nid = \"hand-over\"\nat_most = {most}").unwrap();
        }
        write!(text, "[[people]]\nid = \"p0\"\ndays_per_month = {}\n", self.days_per_month)
            .unwrap();
        if let Some(from) = self.from {
            writeln!(text, "from = {from}").unwrap();
        }
        if let Some(until) = self.until {
            writeln!(text, "until = {until}").unwrap();
        }
        if let Some((from, until)) = self.absence {
            writeln!(text, "not_available = [{{ from = {from}, until = {until} }}]").unwrap();
        }
        if let Some(cost) = self.own_crane {
            write!(text, "[[people]]\nid = \"p1\"\n").unwrap();
            writeln!(text, "training = [{{ id = \"crane-test\", cost = {cost}, days = 10 }}]")
                .unwrap();
        }
        text
    }

    pub fn goal(&self) -> Goal {
        let by = day(self.by);
        if self.keeps { Goal::Keep { by } } else { Goal::Tier { tier: "ridge".to_owned(), by } }
    }

    pub fn facts(
        &self,
        catalogue: &Catalogue,
        done: &[Deed],
        held: &[(Day, &'static str, String)],
    ) -> Facts {
        let mut individuals = String::from("id,partner,name,joined_on,left_on\n");
        for (at, (left, joined)) in self.left.iter().zip(&self.joined).enumerate() {
            let (left, joined) = (left.unwrap_or(""), joined.unwrap_or(""));
            writeln!(individuals, "p{at},ada,P,{joined},{left}").unwrap();
        }
        let mut credentials = String::from("id,individual,credential,issued_on\n");
        for (at, (person, credential, on)) in self.held.iter().enumerate() {
            writeln!(credentials, "h{at},p{person},{credential},{on}").unwrap();
        }
        let mut references = String::from("id,partner,customer,published_on\n");
        for (at, deed) in done.iter().enumerate() {
            match deed {
                Deed::Passed { who, credential, on } => {
                    writeln!(credentials, "n{at},{who},{credential},{on}").unwrap();
                }
                Deed::Shown { on } => writeln!(references, "r{at},ada,c{at},{on}").unwrap(),
                Deed::Launched { .. } => {}
            }
        }
        let mut jobs =
            String::from("id,partner,customer,stage,expected_mrr,currency,launched_on\n");
        for (at, mrr) in self.open.iter().enumerate() {
            let id = format!("job-{at}");
            let launched = done.iter().find_map(|deed| match deed {
                Deed::Launched { id: of, on } if *of == id => Some(on),
                _ => None,
            });
            match launched {
                Some(on) => writeln!(jobs, "{id},ada,k{at},Launched,{mrr},EUR,{on}").unwrap(),
                None => writeln!(jobs, "{id},ada,k{at},Committed,{mrr},EUR,").unwrap(),
            }
        }
        for (at, on) in self.launched.iter().enumerate() {
            writeln!(jobs, "old-{at},ada,o{at},Launched,70,EUR,{on}").unwrap();
        }
        let mut reviews = String::from("id,partner,path,on,kind,tier\n");
        writeln!(reviews, "first,ada,fitting,2021-01-01,enrolment,base").unwrap();
        writeln!(reviews, "last,ada,fitting,{},review,base", self.last_review).unwrap();
        for (at, (on, kind, tier)) in held.iter().enumerate() {
            writeln!(reviews, "v{at},ada,fitting,{on},{kind},{tier}").unwrap();
        }
        let files = [
            ("partners.csv", "id,name,path\nada,Ada,fitting\n".to_owned()),
            ("individuals.csv", individuals),
            ("credentials.csv", credentials),
            ("opportunities.csv", jobs),
            ("references.csv", references),
            ("reviews.csv", reviews),
        ];
        let sources = files.iter().map(|(name, text)| Source {
            name: (*name).to_owned(),
            shown: (*name).to_owned(),
            size: 1,
            open: Box::new(text.as_bytes()),
        });
        let sources: Vec<Source<'_>> = sources.collect();
        let options = LoadOptions { known_at: None, threads: 1, references: References::Folder };
        let loaded =
            load("facts", &sources, &Mapping::default(), catalogue, options, None).unwrap();
        assert!(loaded.problems.is_empty(), "{:?}", loaded.problems.shown().first());
        loaded.facts
    }

    /// Holds reviews until the goal, and says whether it is reached.
    pub fn is_reached(&self, edition: &Edition, catalogue: &Catalogue, done: &[Deed]) -> bool {
        let by = day(self.by);
        let mut held = Vec::new();
        let (mut all_kept, mut has_review) = (true, false);
        let (mut today, mut grace): (Day, Option<Day>) = (day(AS_OF), None);
        loop {
            let facts = self.facts(catalogue, done, &held);
            let evaluator = Evaluator::new(edition, catalogue, &facts);
            let ada = facts.find_partner("ada").unwrap();
            let (on, found) = match grace {
                Some(last) => (last.plus_days(1), evaluator.review_after_grace(ada, last, last)),
                None => {
                    let Some(due) = evaluator.review_forecast(ada, today).due_on else { break };
                    (due, evaluator.review_forecast(ada, due))
                }
            };
            let Some(outcome) = found.outcome.filter(|_| on <= by) else { break };
            has_review = true;
            all_kept &= outcome == ReviewOutcome::Renew;
            grace = found.grace_until.filter(|_| outcome == ReviewOutcome::Grace);
            let tier = found.to_tier.unwrap_or_default();
            match outcome {
                ReviewOutcome::Renew => held.push((on, "review", tier)),
                ReviewOutcome::Grace => {}
                ReviewOutcome::Downgrade => {
                    held.push((on, "downgrade", tier.clone()));
                    held.push((on, "review", tier));
                }
            }
            today = on;
        }
        let facts = self.facts(catalogue, done, &held);
        let evaluator = Evaluator::new(edition, catalogue, &facts);
        let ada = facts.find_partner("ada").unwrap();
        let card = evaluator.scorecard(ada, by, None, FactLists::Omitted);
        if self.keeps {
            let is_met = has_review || card.renewal.met == Some(true);
            all_kept && card.tier.as_deref() == Some("base") && is_met
        } else {
            card.attained.as_deref() == Some("ridge")
        }
    }
}
