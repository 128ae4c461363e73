//! Properties of forecasts: nothing is foreseen that evaluating every single day does not show, and
//! nothing is passed over; assumed reviews are what recorded ones would be.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail"
)]
#![expect(dead_code, reason = "the model is shared with other tests")]

mod model;

use guildhall_rules::changes::Changes;
use guildhall_rules::day::Day;
use guildhall_rules::evaluation::Evaluator;
use guildhall_rules::facts::{Facts, PartnerNumber, Supposition};
use guildhall_rules::forecast::{Forecast, HeldReview, Horizon, Turn};
use guildhall_rules::review::ReviewOutcome;
use guildhall_rules::rulebook::MeasureRule;
use guildhall_rules::scorecard::FactLists;
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;

use model::book::{CREDENTIALS, PROGRAMS};
use model::calendar::show;
use model::engine::Engine;
use model::random_rows::{Case, PARTNERS, Wishes, cases};
use model::rows::Row;

const PLAIN: Wishes = Wishes { has_versions: false, only_more_is_better: false };

fn bounded(cases: u32) -> ProptestConfig {
    let standard = ProptestConfig::default();
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { standard.cases } else { cases };
    let failure_persistence =
        Some(Box::new(FileFailurePersistence::WithSource("regressions")) as _);
    ProptestConfig { cases, failure_persistence, max_shrink_iters: 200, ..standard }
}

fn horizon(case: &Case, back: i32, ahead: i32, holds_reviews: bool) -> Horizon {
    let as_of = Day::parse(show(case.on).as_bytes()).unwrap().plus_days(-back);
    Horizon { as_of, until: as_of.plus_days(ahead), holds_reviews }
}

fn days(horizon: Horizon) -> impl Iterator<Item = Day> {
    std::iter::successors(Some(horizon.as_of.plus_days(1)), |day| Some(day.plus_days(1)))
        .take_while(move |day| *day <= horizon.until)
}

/// What moves from each day to the next, found by looking at every day.
fn day_by_day(
    evaluator: &Evaluator<'_>,
    partner: PartnerNumber,
    horizon: Horizon,
) -> Vec<(Day, String)> {
    let card = |day| evaluator.scorecard(partner, day, None, FactLists::Listed);
    let mut before = card(horizon.as_of);
    let mut all = Vec::new();
    for day in days(horizon) {
        let after = card(day);
        let mut changes = Changes::between(&before, &after);
        changes.head.retain(|change| !matches!(change.what, "review.last_on" | "review.due_on"));
        if !changes.head.is_empty() || !changes.cells.is_empty() {
            all.push((day, format!("{:#?}{:#?}", changes.head, changes.cells)));
        }
        before = after;
    }
    all
}

fn foreseen(forecast: &Forecast) -> Vec<(Day, String)> {
    let moves = forecast.days.iter().filter(|day| !day.head.is_empty() || !day.cells.is_empty());
    moves.map(|day| (day.on, format!("{:#?}{:#?}", day.head, day.cells))).collect()
}

fn known(facts: &Facts) -> Vec<PartnerNumber> {
    PARTNERS.iter().filter_map(|partner| facts.find_partner(partner)).collect()
}

/// Records what a review came to as people would, and looks again.
fn recorded(engine: &Engine, rows: &mut Vec<Row>, partner: &str, review: &HeldReview) {
    let facts = engine.load_rows(rows, None);
    let number = facts.find_partner(partner).unwrap();
    let evaluator = Evaluator::new(&engine.edition, &engine.catalogue, &facts);
    let card = evaluator.scorecard(number, review.on, None, FactLists::Omitted);
    let kinds = review.outcome.recorded_as(&engine.edition.review);
    for (at, kind) in kinds.iter().enumerate() {
        let id = format!("held-{partner}-{}-{at}", review.on);
        let mut row = Row::new("reviews", &[("id", &id), ("partner", partner)]);
        row.set("path", &card.path);
        row.set("on", &review.on.to_string());
        row.set("kind", kind.word());
        row.set("tier", review.to_tier.as_deref().unwrap_or_default());
        rows.push(row);
    }
}

/// Holds reviews day by day, recording each.
fn held_by_hand(
    engine: &Engine,
    rows: &mut Vec<Row>,
    partner: &str,
    horizon: Horizon,
) -> Vec<HeldReview> {
    let mut all: Vec<HeldReview> = Vec::new();
    let mut grace: Option<Day> = None;
    let mut facts = engine.load_rows(rows, None);
    for on in days(horizon) {
        let number = facts.find_partner(partner).unwrap();
        let evaluator = Evaluator::new(&engine.edition, &engine.catalogue, &facts);
        let eve = on.plus_days(-1);
        let card = |day| evaluator.scorecard(number, day, None, FactLists::Omitted);
        // A review that is recorded for the day itself goes before what is assumed.
        if card(eve).review.last_on != card(on).review.last_on {
            grace = None;
            continue;
        }
        let found = match grace {
            Some(last) => evaluator.review_after_grace(number, last, eve),
            None => evaluator.review_forecast(number, eve),
        };
        let (Some(due_on), Some(outcome)) = (found.due_on, found.outcome) else { continue };
        if due_on > on {
            continue;
        }
        let review = HeldReview {
            on,
            due_on,
            is_after_grace: grace.is_some(),
            outcome,
            from_tier: card(eve).tier,
            to_tier: found.to_tier,
            grace_until: found.grace_until,
        };
        grace = review.grace_until;
        recorded(engine, rows, partner, &review);
        facts = engine.load_rows(rows, None);
        all.push(review);
    }
    all
}

proptest! {
    #![proptest_config(bounded(150))]

    #[test]
    fn every_day_of_a_forecast_is_what_looking_at_every_day_shows(
        case in cases(PLAIN),
        back in 0..200_i32,
        ahead in prop_oneof![1..40_i32, 1..200_i32, Just(400)],
        holds_reviews in any::<bool>(),
    ) {
        let engine = Engine::new(&case.book.toml());
        let facts = engine.load_rows(&case.rows, None);
        let horizon = horizon(&case, back, ahead, holds_reviews);
        for partner in known(&facts) {
            let mut evaluator = Evaluator::new(&engine.edition, &engine.catalogue, &facts);
            let forecast = evaluator.forecast(partner, horizon, None, Vec::new());
            let expected = day_by_day(&evaluator, partner, horizon);
            prop_assert_eq!(foreseen(&forecast), expected);
        }
    }

    #[test]
    fn what_is_foreseen_of_a_network_is_what_is_foreseen_of_each_partner(
        case in cases(PLAIN),
        back in 0..200_i32,
        ahead in 1..400_i32,
        holds_reviews in any::<bool>(),
    ) {
        let engine = Engine::new(&case.book.toml());
        let facts = engine.load_rows(&case.rows, None);
        let horizon = horizon(&case, back, ahead, holds_reviews);
        let mut evaluator = Evaluator::new(&engine.edition, &engine.catalogue, &facts);
        let network = evaluator.network_forecast(horizon, 2);
        prop_assert_eq!(network.partners.len(), facts.partners().len());
        for outlook in &network.partners {
            let mut evaluator = Evaluator::new(&engine.edition, &engine.catalogue, &facts);
            let one = evaluator.forecast(outlook.partner, horizon, None, Vec::new());
            prop_assert_eq!(turns(&outlook.turns), turns_of(&one));
            let moved = one.days.iter().filter(|day| day.cells.iter().any(|cell| {
                let of = |cell: &Option<guildhall_rules::changes::CellValue>| {
                    cell.as_ref().map(|cell| (cell.value.clone(), cell.state))
                };
                of(&cell.before) != of(&cell.after)
            }));
            prop_assert_eq!(outlook.days as usize, moved.count());
        }
    }

    #[test]
    fn assumed_reviews_are_what_recorded_ones_would_be(
        case in cases(PLAIN),
        back in 0..200_i32,
        ahead in 1..800_i32,
    ) {
        let engine = Engine::new(&case.book.toml());
        let horizon = horizon(&case, back, ahead, true);
        for partner in PARTNERS {
            let mut rows = case.rows.clone();
            let facts_before = engine.load_rows(&rows, None);
            let facts = &facts_before;
            let number = facts.find_partner(partner).unwrap();
            let number_before = number;
            let path = rows.iter().find(|row| row.id() == partner).unwrap().text("path").to_owned();
            let has_history = rows.iter().any(|row| {
                row.file == "reviews" && row.text("partner") == partner && row.text("path") == path
            });
            // The short form is passed over as soon as there is one row.
            if !has_history {
                continue;
            }
            let mut evaluator = Evaluator::new(&engine.edition, &engine.catalogue, facts);
            let held = evaluator.hold_reviews(&[number], horizon.as_of, horizon.until, 1);
            let held: Vec<HeldReview> = held.into_iter().map(|(_, review)| review).collect();
            // A tier that nothing follows cannot be written down, and a review that the next is not
            // counted from is due again on every day: one is enough.
            let counted_from = &engine.edition.review.counted_from;
            let is_endless = |review: &HeldReview| {
                let kinds = review.outcome.recorded_as(&engine.edition.review);
                !kinds.is_empty() && !kinds.iter().any(|kind| counted_from.contains(kind))
            };
            if held.iter().any(|review| review.to_tier.is_none() || is_endless(review)) {
                continue;
            }
            // An assumed review has no row, which a measure of decisions could list: it counts.
            let is_listed = |review: &HeldReview| {
                let kinds = review.outcome.recorded_as(&engine.edition.review);
                engine.edition.measures.iter().any(|measure| match &measure.rule {
                    MeasureRule::Decision { decision, .. } => kinds.contains(decision),
                    _ => false,
                })
            };
            let lists =
                if held.iter().any(is_listed) { FactLists::Omitted } else { FactLists::Listed };
            let assumed = evaluator.scorecard(number, horizon.until, None, lists);
            let expected = held_by_hand(&engine, &mut rows, partner, horizon);
            prop_assert_eq!(&held, &expected);
            let facts = engine.load_rows(&rows, None);
            let by_hand = Evaluator::new(&engine.edition, &engine.catalogue, &facts);
            let number = facts.find_partner(partner).unwrap();
            let recorded = by_hand.scorecard(number, horizon.until, None, lists);
            prop_assert_eq!(&assumed, &recorded);
            // What comes next lies ahead, also while a grace runs.
            let mut fresh = Evaluator::new(&engine.edition, &engine.catalogue, &facts_before);
            let end = fresh.foreseen(number_before, horizon, None, FactLists::Omitted);
            let next = end.review.due_on.filter(|_| end.review.outcome.is_some());
            prop_assert!(next.is_none_or(|next| next > horizon.until), "{:?}", end.review);
        }
    }
}

/// A supposition, and the rows that say the same.
fn supposed(rows: &[Row], partner: &str, choice: u8, on: Day) -> Option<(Supposition, Vec<Row>)> {
    let day = on.to_string();
    let person =
        rows.iter().find(|row| row.file == "individuals" && row.text("partner") == partner);
    let mut changed = rows.to_vec();
    let supposition = match choice % 5 {
        0 => {
            let person = person?.person().to_owned();
            for row in &mut changed {
                let is_there = row.file == "individuals"
                    && row.person() == person
                    && row.text("partner") == partner
                    && row.get("joined_on").is_none_or(|joined| joined <= day.as_str())
                    && row.get("left_on").is_none_or(|left| left > day.as_str());
                if is_there {
                    row.set("left_on", &day);
                }
            }
            Supposition::Leaves { person, on }
        }
        1 => {
            let person = person?;
            let cells =
                [("id", "new"), ("individual", person.id()), ("credential", CREDENTIALS[1])];
            let mut row = Row::new("credentials", &cells);
            row.set("issued_on", &day);
            changed.push(row);
            let (person, credential) = (person.person().to_owned(), CREDENTIALS[1].to_owned());
            Supposition::Passes { person, credential, on }
        }
        2 => {
            let mut of_partner = changed.iter_mut().filter(|row| {
                row.file == "opportunities"
                    && row.text("partner") == partner
                    && row.text("stage") != "Launched"
            });
            let row = of_partner.next()?;
            row.set("stage", "Launched");
            row.set("review", "Approved");
            row.set("launched_on", &day);
            Supposition::Launches { opportunity: row.id().to_owned(), on }
        }
        3 => {
            let mut row = Row::new("business_plans", &[("id", "new"), ("partner", partner)]);
            row.set("submitted_on", &day);
            row.set("validated_on", &day);
            changed.push(row);
            Supposition::PlanValidated { on }
        }
        _ => {
            let cells = [("id", "new"), ("partner", partner), ("program", PROGRAMS[0].0)];
            let mut row = Row::new("validations", &cells);
            row.set("granted_on", &day);
            changed.push(row);
            Supposition::Granted { program: PROGRAMS[0].0.to_owned(), on }
        }
    };
    Some((supposition, changed))
}

proptest! {
    #![proptest_config(bounded(200))]

    #[test]
    fn what_is_supposed_is_what_rows_that_say_so_would_be(
        case in cases(PLAIN),
        choice in any::<u8>(),
        shift in -60..60_i32,
    ) {
        let engine = Engine::new(&case.book.toml());
        let day = Day::parse(show(case.on).as_bytes()).unwrap();
        // Without affiliations, for a person who leaves a subsidiary leaves two partners here.
        let rows: Vec<Row> =
            case.rows.iter().filter(|row| row.file != "affiliations").cloned().collect();
        for partner in PARTNERS {
            let found = supposed(&rows, partner, choice, day.plus_days(shift));
            let Some((supposition, changed)) = found else { continue };
            let mut facts = engine.load_rows(&rows, None);
            let number = facts.find_partner(partner).unwrap();
            let problems = facts.suppose(number, &engine.catalogue, &[supposition]);
            if !problems.is_empty() {
                prop_assert_eq!(&problems.shown()[0].code, &"impossible-supposition");
                prop_assert_eq!(changed, rows.clone());
                continue;
            }
            let recorded = engine.load_rows(&changed, None);
            for ahead in [-40, 0, 1, 30, 400] {
                let card = |facts: &Facts| {
                    Evaluator::new(&engine.edition, &engine.catalogue, facts).scorecard(
                        number,
                        day.plus_days(ahead),
                        None,
                        FactLists::Omitted,
                    )
                };
                prop_assert_eq!(card(&facts), card(&recorded));
            }
        }
    }
}

/// What turns, in short.
fn turns(turns: &[Turn]) -> Vec<String> {
    let mut all: Vec<String> = turns
        .iter()
        .filter_map(|turn| match turn {
            Turn::Review(review) => Some(format!("{} review {:?}", review.on, review.outcome)),
            Turn::Tier { on, before, after } => Some(format!("{on} tier {before:?} {after:?}")),
            Turn::Attained { on, before, after, .. } => {
                Some(format!("{on} attained {before:?} {after:?}"))
            }
            Turn::Column { on, column, before, after, .. } if before != after => {
                Some(format!("{on} {} {before:?} {after:?}", column.word()))
            }
            Turn::Column { .. } => None,
            Turn::Discount { on, before, after } => Some(format!("{on} discount {before} {after}")),
        })
        .collect();
    all.sort();
    all
}

fn turns_of(forecast: &Forecast) -> Vec<String> {
    let mut all = Vec::new();
    for day in &forecast.days {
        let on = day.on;
        all.extend(day.reviews.iter().map(|review| format!("{on} review {:?}", review.outcome)));
        for change in &day.head {
            let (before, after) = (&change.before, &change.after);
            let met = |value: &Option<String>| value.as_deref().map(|value| value == "true");
            let text = |value: &Option<String>| value.clone().unwrap_or_default();
            match change.what {
                "tier" => all.push(format!("{on} tier {before:?} {after:?}")),
                "attained" => all.push(format!("{on} attained {before:?} {after:?}")),
                "renewal.met" => {
                    all.push(format!("{on} renewal {:?} {:?}", met(before), met(after)));
                }
                "upgrade.met" => {
                    all.push(format!("{on} upgrade {:?} {:?}", met(before), met(after)));
                }
                "support_discount.percent" => {
                    all.push(format!("{on} discount {} {}", text(before), text(after)));
                }
                _ => {}
            }
        }
    }
    all.sort();
    all
}

/// A discount that asks for a program which no measure looks at.
const LOST_AT_ONCE: &str = r#"
id = "roofs-lost"
network = "roofs"
title = "Roofs"
published_at = 2020-01-01T00:00:00Z
in_force_from = 2020-01-01
evaluation = 1
currency = "EUR"
components = [{ id = "all", title = "All" }]
levels = [{ id = "helper", title = "Helper", rank = 0 }]
credentials = [{ id = "slate-basics", title = "Slate", level = "helper" }]
programs = [{ id = "church-spires", title = "Spires", category = "craft" }]

[[measures]]
id = "tilers"
title = "Tilers"
component = "all"
kind = "people"
levels = ["helper"]

[[paths]]
id = "laying"
title = "Laying"
tiers = [{ id = "clay", title = "Clay", requires = { tilers = 0 } }]

[review]
every_months = 12
counted_from = ["review"]
resets_windows = ["review"]
grace_days = 0
when_not_met = "keep"

[[discounts]]
id = "help-line"
title = "Help line"
on = "support"
period_months = 3
base_percent = 25
ceiling_percent = 30
when_lost = "ends_at_once"
eligibility = [{ rule = "spires", program = ["church-spires"] }]
"#;

#[test]
fn a_discount_that_ends_with_a_program_is_foreseen_on_its_day() {
    let engine = Engine::new(LOST_AT_ONCE);
    let mut partner = Row::new("partners", &[("id", "gable"), ("name", "Gable")]);
    partner.set("path", "laying");
    let mut program = Row::new("validations", &[("id", "v"), ("partner", "gable")]);
    program.set("program", "church-spires");
    program.set("granted_on", "2024-01-01");
    program.set("expires_on", "2024-05-14");
    let facts = engine.load_rows(&[partner, program], None);
    let gable = facts.find_partner("gable").unwrap();
    let day = |text: &str| Day::parse(text.as_bytes()).unwrap();
    let horizon =
        Horizon { as_of: day("2024-05-01"), until: day("2024-08-31"), holds_reviews: true };
    let mut evaluator = Evaluator::new(&engine.edition, &engine.catalogue, &facts);
    let forecast = evaluator.forecast(gable, horizon, None, Vec::new());
    assert_eq!(turns_of(&forecast), ["2024-05-15 discount 25 0"]);
    let network = evaluator.network_forecast(horizon, 1);
    assert_eq!(turns(&network.partners[0].turns), ["2024-05-15 discount 25 0"]);
}

/// Properties of what never happens hold by themselves.
#[test]
fn the_random_cases_foresee_lapses_turns_and_reviews_of_every_outcome() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let strategy = cases(PLAIN);
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..200 {
        let case = strategy.new_tree(&mut runner).unwrap().current();
        let engine = Engine::new(&case.book.toml());
        let facts = engine.load_rows(&case.rows, None);
        for partner in known(&facts) {
            let mut evaluator = Evaluator::new(&engine.edition, &engine.catalogue, &facts);
            let forecast =
                evaluator.forecast(partner, horizon(&case, 150, 400, true), None, Vec::new());
            for day in &forecast.days {
                seen.extend(day.reviews.iter().map(|review| match review.outcome {
                    ReviewOutcome::Renew => "renew".to_owned(),
                    ReviewOutcome::Grace => "grace".to_owned(),
                    ReviewOutcome::Downgrade => "downgrade".to_owned(),
                }));
                seen.extend(
                    day.reviews
                        .iter()
                        .filter(|review| review.is_after_grace)
                        .map(|_| "after grace".to_owned()),
                );
                seen.extend(day.head.iter().map(|change| change.what.to_owned()));
                for event in &day.lapses {
                    let of = if event.is_reset { "reset " } else { "" };
                    seen.insert(format!("{of}{:?} {}", event.kind, event.reason.word()));
                    seen.extend(event.is_reset.then(|| "reset".to_owned()));
                }
                seen.extend(day.begins.iter().map(|event| format!("begins {:?}", event.kind)));
            }
            let ics = forecast.to_ics(&engine.edition, &|_| None);
            assert!(ics.lines().all(|line| line.len() <= 75), "{ics}");
            let mut uids: Vec<&str> = ics.split("\r\nUID:").skip(1).collect();
            uids.iter_mut().for_each(|uid| *uid = uid.split("\r\nDTSTAMP").next().unwrap());
            let count = uids.len();
            uids.sort_unstable();
            uids.dedup();
            assert_eq!(uids.len(), count, "{ics}");
        }
    }
    let expected = [
        "renew",
        "grace",
        "downgrade",
        "after grace",
        "tier",
        "attained",
        "renewal.met",
        "upgrade.met",
        "support_discount.percent",
        "Credential expired",
        "Credential left",
        "Opportunity outside_window",
        "reset",
        "Reference withdrawn",
        "BusinessPlan expired",
        "Validation expired",
        "Review expired",
        "begins Opportunity",
        "begins Credential",
    ];
    let missing: Vec<&&str> = expected.iter().filter(|word| !seen.contains(**word)).collect();
    assert!(missing.is_empty(), "{missing:?} of {seen:?}");
}
