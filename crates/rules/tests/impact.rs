//! Properties of impacts: whoever is moved is moved between two scorecards, and a threshold that is
//! varied comes to what an edition with that threshold would.
#![expect(clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]
#![expect(dead_code, reason = "the model is shared with other tests")]

mod model;

use std::sync::Arc;

use guildhall_rules::day::Day;
use guildhall_rules::decimal::Decimal;
use guildhall_rules::evaluation::Evaluator;
use guildhall_rules::facts::{Snapshot, SnapshotHead, Wants};
use guildhall_rules::impact::{Effect, Pair, SweptRequirement};
use guildhall_rules::rulebook::{Column, Columns, Edition, Grounds, Requirement, Target};
use guildhall_rules::scorecard::{FactLists, Scorecard};
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;

use model::calendar::{Ymd, next, plus_days, plus_months, read, show};
use model::engine::Engine;
use model::random_rows::{Case, Wishes, cases};
use model::rows::Row;

const PLAIN: Wishes = Wishes { has_versions: false, only_more_is_better: false };

fn bounded(cases: u32) -> ProptestConfig {
    let standard = ProptestConfig::default();
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { standard.cases } else { cases };
    let failure_persistence =
        Some(Box::new(FileFailurePersistence::WithSource("regressions")) as _);
    ProptestConfig { cases, failure_persistence, max_shrink_iters: 200, ..standard }
}

/// The place of a tier on a path; tiers of all random rulebooks have the same ids.
fn rank(edition: &Edition, path: &str, tier: Option<&str>) -> Option<usize> {
    let path = edition.paths.iter().find(|known| known.id == path)?;
    path.tiers.iter().position(|known| Some(known.id.as_str()) == tier)
}

fn in_the_way(card: &Scorecard) -> Option<usize> {
    card.upgrade.met?;
    Some(card.rows.iter().filter(|row| row.upgrade.state.is_in_the_way()).count())
}

/// In which ways a partner is moved, by its scorecards.
fn effects(
    (old, edition): (&Edition, &Edition),
    before: &Scorecard,
    after: &Scorecard,
) -> Vec<Effect> {
    let mut effects = Vec::new();
    // A tier that is gone stands with the next below it.
    let ladder = old.paths.iter().find(|path| path.id == before.path).map(|path| &path.tiers);
    let below = rank(old, &before.path, before.attained.as_deref());
    let below = ladder.zip(below).map_or(&[][..], |(tiers, at)| &tiers[..=at]);
    let was = below.iter().rev().find_map(|tier| rank(edition, &before.path, Some(&tier.id)));
    let is = rank(edition, &after.path, after.attained.as_deref());
    match is.cmp(&was) {
        std::cmp::Ordering::Greater => effects.push(Effect::Gains),
        std::cmp::Ordering::Less => effects.push(Effect::Loses),
        std::cmp::Ordering::Equal => {}
    }
    match (before.renewal.met, after.renewal.met) {
        (Some(true), Some(false)) => effects.push(Effect::Endangered),
        (Some(false), Some(true)) => effects.push(Effect::Relieved),
        _ => {}
    }
    if in_the_way(after) == Some(1) && in_the_way(before).is_some_and(|before| before > 1) {
        effects.push(Effect::ComesNear);
    }
    if let (Some(before), Some(after)) = (&before.support_discount, &after.support_discount) {
        if before.percent.is_less_than(&after.percent) {
            effects.push(Effect::DiscountHigher);
        } else if after.percent.is_less_than(&before.percent) {
            effects.push(Effect::DiscountLower);
        }
    }
    effects
}

/// The edition with another threshold.
fn with_threshold(edition: &Edition, tier: &str, measure: usize, threshold: Decimal) -> Edition {
    let mut edition = edition.clone();
    for tier in edition.paths.iter_mut().flat_map(|path| &mut path.tiers).filter(|of| of.id == tier)
    {
        let mut asked = tier.requires.iter_mut().filter(|asked| asked.measure == measure);
        if let Some(asked) = asked.next()
            && !asked.target.asks_nothing()
            && (asked.columns.renewal || asked.columns.upgrade)
        {
            asked.target = match asked.target {
                Target::AtLeast(_) => Target::AtLeast(threshold),
                Target::AtMost(_) => Target::AtMost(threshold),
            };
            continue;
        }
        tier.requires.retain(|asked| asked.measure != measure);
        tier.requires.push(Requirement {
            measure,
            target: Target::AtLeast(threshold),
            columns: Columns { renewal: true, upgrade: true },
            grounds: Grounds::default(),
        });
    }
    edition
}

/// Something that a partner spent, or nearly: which partner, days back, amount, currency, kind.
type Spent = (usize, i32, usize, usize, usize);

/// The event of it.
fn spent_row(case: &Case, at: usize, spent: &Spent) -> Row {
    let (partner, days, amount, currency, kind) = spent;
    let mut ids = case.rows.iter().filter(|row| row.file == "partners").map(|row| row.text("id"));
    let partner = ids.clone().nth(partner % ids.clone().count()).or_else(|| ids.next());
    let mut row = Row::new("events", &[("id", &format!("spent-{at}"))]);
    row.set("partner", partner.expect("a partner"));
    row.set("on", &show(plus_days(case.on, -days)));
    row.set("amount", ["", "100", "0.000000000000000001", "16749.50"][*amount]);
    row.set("currency", ["EUR", "EUR", "NOK", ""][*currency]);
    row.set("kind", ["slate-order", "slate-order", "site-visit"][*kind]);
    row
}

/// A decimal in steps of 10 to the minus `places`.
fn steps(text: &str, places: usize) -> u128 {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    format!("{whole}{part:0<places$}").parse().expect("a decimal of so many places")
}

/// What a partner spent in the months that end with a day, in steps of 10 to the minus 18.
fn spent_by(rows: &[Row], partner: &str, on: Ymd, months: i32) -> Option<u128> {
    let first = plus_months(next(on), -months);
    let counts = |row: &&Row| {
        let day = || read(row.text("on"));
        row.file == "events"
            && row.text("partner") == partner
            && row.text("kind") == "slate-order"
            && row.get("currency") == Some("EUR")
            && row.get("amount").is_some()
            && (first..=on).contains(&day())
    };
    let amounts = rows.iter().filter(counts).map(|row| steps(row.text("amount"), 18));
    amounts.reduce(|sum, amount| sum + amount)
}

/// So many steps of 10 to the minus `places`, as numbers are written.
fn written(steps: u128, places: usize) -> String {
    let digits = format!("{steps:0>width$}", width = places + 1);
    let (whole, part) = digits.split_at(digits.len() - places);
    format!("{whole}.{part}").trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Two random editions, of which the second, or else the first, tells what is spent.
fn telling(case: &Case, other: &Case, (months, is_in_old): (i32, bool)) -> (Engine, Engine) {
    let spend = format!("when_lost\nspend = {{ kind = \"slate-order\", months = {months} }}\n");
    let with = |toml: String| {
        let line = toml.lines().find(|line| line.starts_with("when_lost")).map(str::to_owned);
        let line = line.filter(|_| toml.contains("[[discounts]]")).unwrap_or_default();
        toml.replacen(&line, &spend.replacen("when_lost", &line, 1), 1)
    };
    let (mut first, mut second) = (case.book.toml(), other.book.toml());
    second = second.replace("roofs-now", "roofs-later");
    let told = if is_in_old { &mut first } else { &mut second };
    if told.contains("[[discounts]]") {
        *told = with(told.clone());
    }
    Engine::pair(&first, &second)
}

proptest! {
    #![proptest_config(bounded(200))]

    #[test]
    fn discounts_in_money_are_the_percents_of_what_each_partner_spent(
        case in cases(PLAIN),
        other in cases(PLAIN),
        spent in proptest::collection::vec(
            (0..3_usize, 0..430, 0..4_usize, 0..4_usize, 0..3_usize), 0..12),
        told in (prop_oneof![Just(12), Just(1), Just(6)], any::<bool>()),
    ) {
        let (first, second) = telling(&case, &other, told);
        let mut rows = case.rows.clone();
        rows.extend(spent.iter().enumerate().map(|(at, spent)| spent_row(&case, at, spent)));
        let facts = first.load_rows(&rows, None);
        let old = Evaluator::new(&first.edition, &first.catalogue, &facts);
        let new = Evaluator::new(&second.edition, &second.catalogue, &facts);
        let day = Day::parse(show(case.on).as_bytes()).unwrap();
        let pair = Pair { old: &old, new: &new };
        let impact = pair.impact(day, None, 2);
        let is_told = [&old, &new].iter().any(|evaluator| {
            evaluator.support_scheme().is_some_and(|scheme| scheme.spend.is_some())
        });
        let (mut known, mut unknown, mut sums) = (0, 0, [0_u128; 3]);
        for partner in facts.partners() {
            let of = pair.impact_on(partner, day);
            let single = |evaluator: &Evaluator<'_>| {
                evaluator.scorecard(partner, day, None, FactLists::Omitted).support_discount
            };
            let percents = single(&old).zip(single(&new)).map(|(before, after)| {
                [before, after].map(|of| steps(&of.percent.to_string(), 4))
            });
            let Some(percents) = percents.filter(|percents| *percents != [0, 0]) else {
                prop_assert_eq!(of.money, None);
                continue;
            };
            let spent = spent_by(&rows, &of.partner, case.on, told.0).filter(|_| is_told);
            let Some(spent) = spent else {
                unknown += 1;
                prop_assert_eq!(of.money, None);
                continue;
            };
            known += 1;
            let money = of.money.expect("what is spent is known");
            // A percent in steps of 10 to the minus 4, of a hundred.
            let parts = [spent * 1_000_000, spent * percents[0], spent * percents[1]];
            prop_assert_eq!(money.months, u16::try_from(told.0).unwrap());
            let found = [&money.spent, &money.before, &money.after];
            for (found, part) in found.into_iter().zip(parts) {
                prop_assert_eq!(found.to_string(), written(part, 24));
            }
            sums.iter_mut().zip(parts).for_each(|(sum, part)| *sum += part);
        }
        match impact.discount.and_then(|discount| discount.money) {
            Some(money) => {
                prop_assert_eq!((money.known, money.unknown), (known, unknown));
                prop_assert_eq!(&money.currency, "EUR");
                let found = [money.spent, money.before, money.after].map(|sum| sum.to_string());
                prop_assert_eq!(found, sums.map(|sum| written(sum, 24)));
            }
            None => prop_assert_eq!(known, 0),
        }
    }

    #[test]
    fn an_impact_over_a_snapshot_is_that_over_the_facts(
        case in cases(PLAIN),
        other in cases(PLAIN),
        spent in proptest::collection::vec(
            (0..3_usize, 0..430, 0..4_usize, 0..4_usize, 0..3_usize), 0..6),
    ) {
        let (first, second) = telling(&case, &other, (12, false));
        let mut rows = case.rows.clone();
        rows.extend(spent.iter().enumerate().map(|(at, spent)| spent_row(&case, at, spent)));
        let facts = first.load_rows(&rows, None);
        let mut bytes = Vec::new();
        let head = SnapshotHead::default();
        facts.clone().in_order().write_snapshot(&head, &first.catalogue, &mut bytes).unwrap();
        let snapshot = Snapshot::open(Arc::new(bytes)).unwrap();
        let again = snapshot.facts(&first.catalogue, Wants::Numbers, 2).unwrap();
        let day = Day::parse(show(case.on).as_bytes()).unwrap();
        let impacts = [&facts, &again].map(|facts| {
            let old = Evaluator::new(&first.edition, &first.catalogue, facts);
            let new = Evaluator::new(&second.edition, &second.catalogue, facts);
            Pair { old: &old, new: &new }.impact(day, None, 2)
        });
        prop_assert_eq!(&impacts[0], &impacts[1]);
    }
}

proptest! {
    #![proptest_config(bounded(120))]

    #[test]
    fn whoever_is_moved_is_moved_between_two_scorecards(
        case in cases(PLAIN),
        other in cases(PLAIN),
    ) {
        let second = other.book.toml().replace("roofs-now", "roofs-later");
        let (first, second) = Engine::pair(&case.book.toml(), &second);
        let facts = first.load_rows(&case.rows, None);
        let old = Evaluator::new(&first.edition, &first.catalogue, &facts);
        let new = Evaluator::new(&second.edition, &second.catalogue, &facts);
        let day = Day::parse(show(case.on).as_bytes()).unwrap();
        let impact = Pair { old: &old, new: &new }.impact(day, None, 2);
        prop_assert_eq!(impact.partners, facts.partners().len() as u64);
        let mut unmoved = 0;
        for partner in facts.partners() {
            let before = old.scorecard(partner, day, None, FactLists::Omitted);
            let after = new.scorecard(partner, day, None, FactLists::Omitted);
            let expected = effects((&first.edition, &second.edition), &before, &after);
            let found = impact.moved.iter().find(|moved| moved.partner == before.partner);
            unmoved += u64::from(expected.is_empty());
            match found {
                None => prop_assert_eq!(&expected, &Vec::new()),
                Some(moved) => {
                    prop_assert_eq!(&moved.effects, &expected);
                    prop_assert_eq!(&moved.attained_before, &before.attained);
                    prop_assert_eq!(&moved.attained_after, &after.attained);
                    prop_assert_eq!(moved.upgrade_after, after.upgrade.met);
                    let gaps = |column: Column| {
                        moved.gaps.iter().filter(|gap| gap.column == column).count()
                    };
                    for column in Column::BOTH {
                        let rows = after.rows.iter().filter(|row| {
                            row.cell(column).state.is_in_the_way()
                        });
                        prop_assert_eq!(gaps(column), rows.count());
                    }
                    let is_by_rules = expected.iter().any(|effect| {
                        matches!(effect, Effect::Gains | Effect::Loses | Effect::Endangered
                            | Effect::Relieved)
                    });
                    let is_told = !moved.because.is_empty() || !moved.new_tiers.is_empty();
                    prop_assert!(!is_by_rules || is_told, "{:#?}", moved);
                }
            }
        }
        prop_assert_eq!(impact.totals.unmoved, unmoved);
        let attained = |of: fn(&guildhall_rules::impact::TierCounts) -> u64| {
            impact.tiers.iter().map(of).sum::<u64>()
        };
        prop_assert!(attained(|tier| tier.after.map_or(0, |tally| tally.attained))
            <= impact.partners);
    }

    #[test]
    fn a_threshold_that_is_varied_comes_to_what_an_edition_with_it_would(
        case in cases(PLAIN),
        choice in any::<(u8, u8)>(),
        (first, step) in (0..8_u64, 1..4_u64),
    ) {
        let engine = Engine::new(&case.book.toml());
        let facts = engine.load_rows(&case.rows, None);
        let day = Day::parse(show(case.on).as_bytes()).unwrap();
        let edition = &engine.edition;
        let path = &edition.paths[0];
        let tier = &path.tiers[usize::from(choice.0) % path.tiers.len()].id;
        let asked: Vec<usize> =
            path.tiers.iter().flat_map(|tier| &tier.requires).map(|asked| asked.measure).collect();
        prop_assume!(!asked.is_empty());
        let measure = asked[usize::from(choice.1) % asked.len()];
        let id = &edition.measures[measure].id;
        let range = (Decimal::from_whole(first), Decimal::from_whole(first + 4 * step));
        let step = Some(Decimal::from_whole(step));
        let swept = SweptRequirement::range(tier, id, range, step).unwrap();
        let evaluator = Evaluator::new(edition, &engine.catalogue, &facts);
        let sweep = evaluator.sweep(&swept, day, 2).unwrap();
        // Two paths may have a tier of this id; it is varied where the measure is a row already.
        let is_row: Vec<bool> = facts
            .partners()
            .map(|partner| evaluator.scorecard(partner, day, None, FactLists::Omitted))
            .map(|card| card.rows.iter().any(|row| row.measure == *id))
            .collect();
        for point in &sweep.points {
            let varied = with_threshold(edition, tier, measure, point.threshold);
            // A threshold of nothing is no requirement, and a row that no tier names is none.
            if point.threshold == Decimal::ZERO {
                continue;
            }
            let evaluator = Evaluator::new(&varied, &engine.catalogue, &facts);
            let (mut attain, mut keep) = (0, 0);
            for (partner, is_row) in facts.partners().zip(&is_row) {
                let card = evaluator.scorecard(partner, day, None, FactLists::Omitted);
                let has_tier = rank(&varied, &card.path, Some(tier.as_str()));
                if has_tier.is_none() || !is_row {
                    continue;
                }
                let attained = rank(&varied, &card.path, card.attained.as_deref());
                attain += u64::from(attained >= has_tier);
                let holds = card.renewal.tier.as_deref() == Some(tier.as_str());
                keep += u64::from(holds && card.renewal.met == Some(true));
            }
            prop_assert_eq!((point.attain, point.keep), (attain, keep), "{}", point.threshold);
        }
    }
}
