//! Plans, carried out by hand: what a plan says is done is written into the folder of facts, and
//! the evaluation is asked. Costs are compared with trying everything.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

use std::fmt::Write as _;

use guildhall_rules::day::Day;
use guildhall_rules::decimal::Decimal;
use guildhall_rules::evaluation::Evaluator;
use guildhall_rules::facts::{Facts, LoadOptions, Mapping, References, Source, load};
use guildhall_rules::plan::{AcceptedPlan, Costs, Goal, Plan, Request, StepState, Way, plan};
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
    { id = "tiler", title = "Tiler", level = "hand", validity_months = 36 },
    { id = "master", title = "Master", level = "head", validity_months = 36 },
]
measures = [
    { id = "safe", title = "Safe", component = "all", kind = "people",
      credentials = ["safety"], window = "as_of" },
    { id = "hands", title = "Hands", component = "all", kind = "people",
      highest_level = ["hand"], window = "as_of" },
    { id = "heads", title = "Heads", component = "all", kind = "people",
      highest_level = ["head"], window = "as_of" },
    { id = "jobs", title = "Jobs", component = "all", kind = "count", of = "opportunities",
      renewal = "since_review", upgrade = { rolling_months = 12 } },
    { id = "care", title = "Care", component = "all", kind = "sum", of = "opportunities",
      field = "expected_mrr", window = { rolling_months = 12 } },
    { id = "houses", title = "Houses", component = "all", kind = "count", of = "references",
      window = "since_review" },
    { id = "points", title = "Points", component = "all", kind = "points", parts = [
        { measure = "safe", points = 3, at_most = 3 }, { measure = "heads", points = 2.5 },
        { measure = "houses", points = 1, at_most = 2 } ] },
]
review = { every_months = 12, counted_from = ["review"], resets_windows = ["review"],
  grace_days = GRACE, when_not_met = "down_one" }
training = [
    { id = "safety-day", title = "Safety day", leads_to = "safety", cost = 30, days = 1 },
    { id = "school", title = "School", cost = 45, days = 6 },
    { id = "tiler-test", title = "Tiler's test", leads_to = "tiler", cost = 50, days = 4 },
    { id = "master-test", title = "Master's test", leads_to = "master", cost = 80, days = 5,
      requires = ["tiler", "school"] },
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
requires = { safe = LOW }
[[paths.tiers]]
id = "ridge"
title = "Ridge"
requires = { REQUIRES }
"#;

const AS_OF: &str = "2026-06-30";

fn day(text: &str) -> Day {
    Day::parse(text.as_bytes()).unwrap()
}

/// A small network: what is asked, and what is held.
#[derive(Clone, Debug)]
struct Case {
    grace: u32,
    low: u32,
    asks: Vec<(&'static str, String)>,
    /// Person, credential, day of issue.
    held: Vec<(usize, &'static str, &'static str)>,
    /// Days on which people leave.
    left: Vec<Option<&'static str>>,
    /// Revenue of open opportunities.
    open: Vec<u32>,
    /// The open opportunity that is lost.
    lost: Option<usize>,
    /// Days of launches so far.
    launched: Vec<&'static str>,
    last_review: &'static str,
    keeps: bool,
    by: &'static str,
}

fn cases() -> impl Strategy<Value = Case> {
    let ask = prop_oneof![
        (1..3_u32).prop_map(|bar| ("safe", bar.to_string())),
        (0..2_u32).prop_map(|bar| ("hands", bar.to_string())),
        (1..3_u32).prop_map(|bar| ("heads", bar.to_string())),
        (1..3_u32).prop_map(|bar| ("jobs", bar.to_string())),
        (1..5_u32).prop_map(|bar| ("care", (bar * 60).to_string())),
        (1..3_u32).prop_map(|bar| ("houses", bar.to_string())),
        (1..6_u32).prop_map(|bar| ("points", format!("{bar}.5"))),
    ];
    let credential = proptest::sample::select(vec!["safety", "tiler", "master"]);
    let issued =
        proptest::sample::select(vec!["2023-10-01", "2025-08-15", "2026-03-01", "2026-08-01"]);
    let left = proptest::sample::select(vec![None, None, None, Some("2026-09-15")]);
    let launch = proptest::sample::select(vec!["2025-10-01", "2026-04-01"]);
    (
        (prop_oneof![Just(0_u32), Just(20)], 0..2_u32, proptest::collection::vec(ask, 1..4)),
        proptest::collection::vec((0..2_usize, credential, issued), 0..4),
        proptest::collection::vec(left, 2),
        proptest::collection::vec(20..200_u32, 0..3),
        proptest::collection::vec(launch, 0..2),
        proptest::sample::select(vec!["2025-09-01", "2025-11-20", "2026-05-01"]),
        (any::<bool>(), proptest::sample::select(vec!["2026-07-12", "2026-10-31", "2027-03-31"])),
    )
        .prop_map(
            |((grace, low, mut asks), held, left, open, launched, last_review, (keeps, by))| {
                asks.sort();
                asks.dedup_by_key(|(measure, _)| *measure);
                let lost = None;
                Case { grace, low, asks, held, left, open, lost, launched, last_review, keeps, by }
            },
        )
}

/// What is done besides what is held.
#[derive(Clone, Debug, Default)]
struct Done {
    passed: Vec<(String, String, Day)>,
    launched: Vec<(String, Day)>,
    houses: Vec<Day>,
    reviews: Vec<(Day, &'static str, String)>,
}

impl Case {
    fn edition(&self) -> Option<Edition> {
        let asks: Vec<String> =
            self.asks.iter().map(|(measure, bar)| format!("{measure} = {bar}")).collect();
        let text = BOOK
            .replace("GRACE", &self.grace.to_string())
            .replace("LOW", &self.low.to_string())
            .replace("REQUIRES", &asks.join(", "));
        // Measures that nothing asks for are no matter here.
        let unused: Vec<&str> = ["safe", "hands", "heads", "jobs", "care", "houses", "points"]
            .into_iter()
            .filter(|measure| !self.asks.iter().any(|(asked, _)| asked == measure))
            .collect();
        let zero: Vec<String> = unused
            .iter()
            .filter(|measure| **measure != "safe")
            .map(|measure| format!("{measure} = 0"))
            .collect();
        let text = text.replace(
            "requires = { safe = ",
            &format!(
                "requires = {{ {}safe = ",
                zero.iter().fold(String::new(), |all, one| all + one + ", ")
            ),
        );
        rulebook::load("rulebook.toml", &text).ok()
    }

    fn facts(&self, catalogue: &Catalogue, done: &Done) -> Facts {
        let mut individuals = String::from("id,partner,name,left_on\n");
        for (at, left) in self.left.iter().enumerate() {
            writeln!(individuals, "p{at},ada,P,{}", left.unwrap_or("")).unwrap();
        }
        let mut credentials = String::from("id,individual,credential,issued_on\n");
        for (at, (person, credential, on)) in self.held.iter().enumerate() {
            writeln!(credentials, "h{at},p{person},{credential},{on}").unwrap();
        }
        for (at, (person, credential, on)) in done.passed.iter().enumerate() {
            writeln!(credentials, "n{at},{person},{credential},{on}").unwrap();
        }
        let mut jobs =
            String::from("id,partner,customer,stage,expected_mrr,currency,launched_on\n");
        for (at, mrr) in self.open.iter().enumerate() {
            let id = format!("job-{at}");
            match done.launched.iter().find(|(launched, _)| *launched == id) {
                Some((_, on)) => writeln!(jobs, "{id},ada,k{at},Launched,{mrr},EUR,{on}").unwrap(),
                None => {
                    let stage = if self.lost == Some(at) { "Closed Lost" } else { "Committed" };
                    writeln!(jobs, "{id},ada,k{at},{stage},{mrr},EUR,").unwrap();
                }
            }
        }
        for (at, on) in self.launched.iter().enumerate() {
            writeln!(jobs, "old-{at},ada,o{at},Launched,70,EUR,{on}").unwrap();
        }
        let mut references = String::from("id,partner,customer,published_on\n");
        for (at, on) in done.houses.iter().enumerate() {
            writeln!(references, "r{at},ada,c{at},{on}").unwrap();
        }
        let mut reviews = String::from("id,partner,path,on,kind,tier\n");
        writeln!(reviews, "first,ada,fitting,2021-01-01,enrolment,base").unwrap();
        writeln!(reviews, "last,ada,fitting,{},review,base", self.last_review).unwrap();
        for (at, (on, kind, tier)) in done.reviews.iter().enumerate() {
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
        let source = |(name, text): &(&str, String)| {
            let text = text.clone().into_bytes();
            let open = move || {
                Ok(Box::new(std::io::Cursor::new(text.clone())) as Box<dyn std::io::Read + Send>)
            };
            Source {
                name: (*name).to_owned(),
                shown: (*name).to_owned(),
                size: 1,
                open: Box::new(open),
            }
        };
        let sources: Vec<Source<'_>> = files.iter().map(source).collect();
        let options = LoadOptions { known_at: None, threads: 1, references: References::Folder };
        let loaded =
            load("facts", &sources, &Mapping::default(), catalogue, options, None).unwrap();
        assert!(loaded.problems.is_empty(), "{:?}", loaded.problems.shown().first());
        loaded.facts
    }

    fn goal(&self) -> Goal {
        let by = day(self.by);
        if self.keeps { Goal::Keep { by } } else { Goal::Tier { tier: "ridge".to_owned(), by } }
    }

    /// Holds reviews by hand until the goal, and says whether it is reached.
    fn is_reached(&self, edition: &Edition, catalogue: &Catalogue, done: &Done) -> bool {
        let by = day(self.by);
        let mut done = done.clone();
        let mut all_kept = true;
        let mut has_review = false;
        let (mut today, mut grace) = (day(AS_OF), None);
        loop {
            let facts = self.facts(catalogue, &done);
            let evaluator = Evaluator::new(edition, catalogue, &facts);
            let ada = facts.find_partner("ada").unwrap();
            let (on, found) = match grace {
                Some(last) => {
                    let last: Day = last;
                    (last.plus_days(1), evaluator.review_after_grace(ada, last, last))
                }
                None => {
                    let Some(due) = evaluator.review_forecast(ada, today).due_on else { break };
                    (due, evaluator.review_forecast(ada, due))
                }
            };
            if on > by || found.outcome.is_none() {
                break;
            }
            has_review = true;
            all_kept &= found.outcome == Some(ReviewOutcome::Renew);
            grace = found.grace_until;
            let tier = found.to_tier.unwrap_or_default();
            match found.outcome.unwrap() {
                ReviewOutcome::Renew => done.reviews.push((on, "review", tier)),
                ReviewOutcome::Grace => {}
                ReviewOutcome::Downgrade => {
                    done.reviews.push((on, "downgrade", tier.clone()));
                    done.reviews.push((on, "review", tier));
                }
            }
            today = on;
        }
        let facts = self.facts(catalogue, &done);
        let evaluator = Evaluator::new(edition, catalogue, &facts);
        let ada = facts.find_partner("ada").unwrap();
        let card = evaluator.scorecard(ada, by, None, FactLists::Omitted);
        if self.keeps {
            all_kept
                && card.tier.as_deref() == Some("base")
                && (has_review || card.renewal.met == Some(true))
        } else {
            card.attained.as_deref() == Some("ridge")
        }
    }
}

fn made(case: &Case, edition: &Edition, catalogue: &Catalogue, costs: &Costs) -> Plan {
    made_by(Way::Cheapest, case, edition, catalogue, costs)
}

fn made_by(way: Way, case: &Case, edition: &Edition, catalogue: &Catalogue, costs: &Costs) -> Plan {
    let facts = case.facts(catalogue, &Done::default());
    let evaluator = Evaluator::new(edition, catalogue, &facts);
    let request = Request {
        goal: &case.goal(),
        as_of: day(AS_OF),
        known_at: None,
        way,
        costs,
        work: 200_000_000,
        stop: &|| false,
        in_full: true,
    };
    plan(&evaluator, facts.find_partner("ada").unwrap(), &request).unwrap()
}

/// What a plan says, done.
fn carried_out(plan: &Plan) -> Done {
    let mut done = Done::default();
    for step in &plan.steps {
        match step.kind.as_str() {
            "training" => {
                if let (Some(who), Some(credential)) = (&step.who, &step.about) {
                    done.passed.push((who.clone(), credential.clone(), step.due));
                }
            }
            "open_opportunities" => done.launched.push((step.about.clone().unwrap(), step.due)),
            "references" => done.houses.push(step.due),
            other => panic!("{other}"),
        }
        assert!(step.begin > day(AS_OF) && step.begin <= step.due);
    }
    done
}

/// Everything that two people, open jobs and two houses can come to, with its cost, on some days.
fn everything(case: &Case) -> Vec<(u64, Done)> {
    let by = day(case.by);
    let mut days = vec![by];
    let due = day(case.last_review).plus_months(12);
    if due <= by && due > day(AS_OF) {
        days.push(due.plus_days(-1));
        let grace = due.plus_days(i32::try_from(case.grace).unwrap());
        days.extend((case.grace > 0 && grace < by).then_some(grace));
    }
    let holds = |person: usize, credential: &str| {
        case.held.iter().any(|(of, held, on)| {
            let months = if *held == "safety" { 12 } else { 36 };
            *of == person
                && *held == credential
                && *on <= AS_OF
                && day(on).plus_months(months) > day(AS_OF)
        })
    };
    let was =
        |person: usize| case.held.iter().any(|(of, held, _)| *of == person && *held == "master");
    let mut all = Vec::new();
    for choice in 0..64_u32 {
        let mut cost = 0;
        let mut passed = Vec::new();
        for person in 0..2_usize {
            for (bit, credential, price) in [(0, "safety", 30), (1, "tiler", 50), (2, "master", 80)]
            {
                if choice >> (person * 3 + bit) & 1 == 0 {
                    continue;
                }
                cost += price;
                passed.push((format!("p{person}"), credential.to_owned()));
                if credential == "master" {
                    let is_ready = was(person)
                        || holds(person, "tiler")
                        || choice >> (person * 3 + 1) & 1 == 1;
                    cost += if was(person) { 0 } else { 45 };
                    cost += if is_ready { 0 } else { 100_000 };
                }
            }
        }
        for jobs in 0..1_u32 << case.open.len() {
            for houses in 0..3_u32 {
                let launched: Vec<String> = (0..case.open.len())
                    .filter(|at| jobs >> at & 1 == 1)
                    .map(|at| format!("job-{at}"))
                    .collect();
                let cost = cost + 35 * launched.len() as u64 + 20 * u64::from(houses);
                for on in &days {
                    let done = Done {
                        passed: passed
                            .iter()
                            .map(|(who, what)| (who.clone(), what.clone(), *on))
                            .collect(),
                        launched: launched.iter().map(|id| (id.clone(), *on)).collect(),
                        houses: (0..houses).map(|_| *on).collect(),
                        reviews: Vec::new(),
                    };
                    all.push((cost, done));
                }
            }
        }
    }
    all.retain(|(cost, _)| *cost < 100_000);
    all
}

fn bounded(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        max_shrink_iters: 200,
        ..ProptestConfig::default()
    }
}

/// The cases are worth it: plans with steps, plans without a way, and goals met already.
#[test]
fn cases_of_every_sort_are_drawn() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let (mut books, mut with_steps, mut without, mut met, mut with_reviews) = (0, 0, 0, 0, 0);
    for _ in 0..100 {
        let case = cases().new_tree(&mut runner).unwrap().current();
        let Some(edition) = case.edition() else { continue };
        books += 1;
        let catalogue = Catalogue::new([&edition]);
        let found = made(&case, &edition, &catalogue, &Costs::of(&edition));
        assert!(found.optimal || !found.feasible, "{:?}", found.gap);
        assert!(found.feasible || !found.blocking.is_empty());
        with_steps += u32::from(!found.steps.is_empty());
        without += u32::from(!found.feasible);
        met += u32::from(found.already_met);
        with_reviews += u32::from(!found.reviews.is_empty());
    }
    let all = (books, with_steps, without, met, with_reviews);
    assert!(
        books > 80 && with_steps > 30 && without > 5 && met > 5 && with_reviews > 20,
        "{all:?}"
    );
}

proptest! {
    #![proptest_config(bounded(100))]

    /// Whatever the network, the goal and the reviews in between.
    #[test]
    fn carrying_out_a_plan_reaches_the_goal(
        case in cases(),
        at_once in prop_oneof![Just(None), Just(Some(1_u32))],
    ) {
        let Some(edition) = case.edition() else { return Ok(()) };
        let catalogue = Catalogue::new([&edition]);
        let mut costs = Costs::of(&edition);
        costs.at_once = at_once;
        let found = made(&case, &edition, &catalogue, &costs);
        prop_assert_eq!(found.already_met, case.is_reached(&edition, &catalogue, &Done::default()));
        if found.feasible {
            let done = carried_out(&found);
            prop_assert!(case.is_reached(&edition, &catalogue, &done), "{:#?}", found.steps);
            let greedy = found.greedy.as_ref().map(|cost| cost.amount);
            let own = found.cost.as_ref().unwrap().amount;
            prop_assert!(greedy.is_none_or(|greedy| !found.optimal || own <= greedy));
            let mut costs = found.alternatives.iter().map(|other| other.cost.amount);
            prop_assert!(costs.all(|other| !found.optimal || own <= other));
        } else {
            prop_assert!(found.steps.is_empty() && found.cost.is_none());
        }
    }

    /// Another way that is asked for whole is the one that was told in short, and leads there too.
    #[test]
    fn other_ways_told_whole_reach_the_goal(case in cases(), is_fast in any::<bool>()) {
        let Some(edition) = case.edition() else { return Ok(()) };
        let catalogue = Catalogue::new([&edition]);
        let costs = Costs::of(&edition);
        let way = if is_fast { Way::Fastest } else { Way::FewestPeople };
        let found = made_by(way, &case, &edition, &catalogue, &costs);
        prop_assume!(found.feasible && !found.already_met);
        let done = carried_out(&found);
        prop_assert!(case.is_reached(&edition, &catalogue, &done), "{:#?}", found.steps);
        let of = |word: &str| found.alternatives.iter().find(|other| other.kind == word);
        let short = of(way.word()).unwrap();
        prop_assert_eq!(found.way.as_str(), way.word());
        prop_assert_eq!((found.cost.as_ref(), found.optimal), (Some(&short.cost), short.optimal));
        prop_assert_eq!(found.steps.len(), short.steps.len());
        let (cheapest, own) = (&of("cheapest").unwrap().cost, &short.cost);
        if is_fast {
            prop_assert!(own.done_on <= cheapest.done_on);
        } else {
            prop_assert!(own.people <= cheapest.people);
        }
    }
}

proptest! {
    #![proptest_config(bounded(100))]

    /// Looked at again, a plan leaves out what cannot be done any more, and says whether the rest
    /// leads to the goal.
    #[test]
    fn a_plan_looked_at_again_leaves_out_what_is_lost(
        case in cases(),
        is_person in any::<bool>(),
        number in 0..2_usize,
    ) {
        let Some(edition) = case.edition() else { return Ok(()) };
        let catalogue = Catalogue::new([&edition]);
        let made = made(&case, &edition, &catalogue, &Costs::of(&edition));
        let accepted: AcceptedPlan =
            serde_json::from_str(&serde_json::to_string(&made).unwrap()).unwrap();
        let looked_at = |case: &Case| {
            let facts = case.facts(&catalogue, &Done::default());
            let evaluator = Evaluator::new(&edition, &catalogue, &facts);
            let ada = facts.find_partner("ada").unwrap();
            accepted.check_against(&evaluator, ada, day(AS_OF)).unwrap()
        };
        let check = looked_at(&case);
        prop_assert_eq!(check.still_reaches_goal, made.feasible);
        prop_assert!(!check.facts_have_changed);
        prop_assert!(check.steps.iter().all(|step| step.state == StepState::Open));

        let mut less = case.clone();
        if is_person {
            less.left[number] = Some(AS_OF);
        } else {
            less.lost = (number < case.open.len()).then_some(number);
        }
        let (person, job) = (format!("p{number}"), format!("job-{number}"));
        let is_lost = |who: Option<&str>, about: Option<&str>| match is_person {
            true => who == Some(person.as_str()),
            false => who.is_none() && about == Some(job.as_str()),
        };
        let check = looked_at(&less);
        for step in &check.steps {
            let expected = match is_lost(step.who.as_deref(), step.about.as_deref()) {
                true => StepState::Impossible,
                false => StepState::Open,
            };
            prop_assert_eq!(step.state, expected, "{:?}", step);
        }
        let mut rest = made;
        rest.steps.retain(|step| !is_lost(step.who.as_deref(), step.about.as_deref()));
        let is_reached = less.is_reached(&edition, &catalogue, &carried_out(&rest));
        prop_assert_eq!(check.still_reaches_goal, is_reached);
    }
}

proptest! {
    #![proptest_config(bounded(40))]

    /// Trying everything finds nothing cheaper, and no way where a plan says that there is none.
    #[test]
    fn nothing_costs_less_than_a_plan_that_is_proved(case in cases()) {
        let Some(edition) = case.edition() else { return Ok(()) };
        // Time is no matter here: everything fits in.
        prop_assume!(case.by > "2026-08-01");
        let catalogue = Catalogue::new([&edition]);
        let found = made(&case, &edition, &catalogue, &Costs::of(&edition));
        let cost = found.cost.as_ref().map(|cost| cost.amount);
        prop_assume!(found.optimal || !found.feasible);
        for (other, done) in everything(&case) {
            let other = Decimal::from_whole(other);
            if cost.is_none_or(|cost| other < cost) {
                let is_reached = case.is_reached(&edition, &catalogue, &done);
                prop_assert!(!is_reached, "{other} against {cost:?} by {done:?}");
            }
        }
    }
}
