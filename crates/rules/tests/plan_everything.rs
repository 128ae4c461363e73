//! Plans against everything that could be done instead, in small networks that have all that makes
//! plans hard: several trainings to one credential, courses that are shared, prerequisites that
//! lapse, people who leave or have little time, few who prepare at once, attempts that may fail,
//! limits of efforts, and reviews before the goal.
//!
//! What could be done is carried out here day by day, by other code than that of plans; whether
//! the goal is reached is asked of the evaluation, with the facts written into files.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail")]

mod climbing;

use climbing::{Case, Deed, cases, day};
use guildhall_rules::decimal::Decimal;
use guildhall_rules::plan::{Costs, Plan, Request, plan};
use guildhall_rules::rulebook::Catalogue;
use proptest::prelude::*;

fn made(case: &Case, work: u64) -> (Plan, guildhall_rules::rulebook::Edition, Catalogue) {
    let edition = case.edition();
    let catalogue = Catalogue::new([&edition]);
    let costs = Costs::read("costs.toml", &case.costs(), &edition).unwrap();
    let facts = case.facts(&catalogue, &[], &[]);
    let evaluator = guildhall_rules::evaluation::Evaluator::new(&edition, &catalogue, &facts);
    let request = Request {
        goal: &case.goal(),
        as_of: day(climbing::AS_OF),
        known_at: None,
        way: guildhall_rules::plan::Way::Cheapest,
        costs: &costs,
        work,
        stop: &|| false,
        in_full: true,
    };
    let found = plan(&evaluator, facts.find_partner("ada").unwrap(), &request).unwrap();
    (found, edition, catalogue)
}

/// What a plan says is done.
fn deeds(plan: &Plan) -> Vec<Deed> {
    let step = |step: &guildhall_rules::plan::Step| match step.kind.as_str() {
        "training" => step.about.clone().map(|credential| Deed::Passed {
            who: step.who.clone().unwrap(),
            credential,
            on: step.due,
        }),
        "open_opportunities" => Some(Deed::Launched { id: step.about.clone()?, on: step.due }),
        _ => Some(Deed::Shown { on: step.due }),
    };
    plan.steps.iter().filter_map(step).collect()
}

fn bounded(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        max_shrink_iters: 60,
        ..ProptestConfig::default()
    }
}

/// What a plan claims, held against what could be done instead.
fn held_against_everything(case: &Case, work: u64) -> Result<(), TestCaseError> {
    let (found, edition, catalogue) = made(case, work);
    let done = deeds(&found);
    if found.feasible {
        prop_assert!(case.is_reached(&edition, &catalogue, &done), "{:#?}", found.steps);
        prop_assert!(case.is_allowed(&found), "{:#?}", found.steps);
    }
    let amount = found.cost.as_ref().map(|cost| cost.amount);
    let (gap, optimal) = (found.gap, found.optimal);
    prop_assert!(!found.feasible || (gap == Some(Decimal::ZERO)) == optimal);
    let mut claims: Vec<(&str, bool)> = vec![("cheapest", optimal)];
    claims.extend(found.alternatives.iter().map(|one| (one.kind.as_str(), one.optimal)));
    let of = |kind: &str| found.alternatives.iter().find(|one| one.kind == kind);
    let earliest = of("fastest").filter(|one| one.optimal).map(|one| one.cost.done_on);
    let fewest = of("fewest_people").filter(|one| one.optimal).map(|one| one.cost.people);
    // A true gap: nothing costs less than the part of the cost that is left by it.
    let least = match (amount, gap) {
        (Some(amount), Some(gap)) => Some(climbing::without(amount, gap)),
        _ => None,
    };
    let is_proved_impossible = !found.feasible && optimal;
    if !found.feasible && !optimal {
        return Ok(());
    }
    for other in case.everything(climbing::SETS) {
        let is_cheaper = least.is_some_and(|least| other.cost < least);
        let is_faster = earliest.flatten().is_some_and(|earliest| other.done_on < earliest);
        let is_fewer = fewest.is_some_and(|fewest| other.people < fewest);
        if is_proved_impossible || is_cheaper || is_faster || is_fewer {
            let is_reached = case.is_reached(&edition, &catalogue, &other.deeds);
            prop_assert!(
                !is_reached,
                "{claims:?} {amount:?}, gap {gap:?}, {earliest:?}, {fewest:?}, least {least:?}; \
                 {other:#?} {:#?}",
                found.steps
            );
        }
    }
    Ok(())
}

/// The cases are worth it: plans of every sort, and other ways that reach the goal too.
#[test]
fn cases_of_every_sort_are_drawn() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let (mut proved, mut not_proved, mut without, mut unknown, mut met, mut reached) =
        (0, 0, 0, 0, 0, 0);
    for _ in 0..60 {
        let case = cases().new_tree(&mut runner).unwrap().current();
        let (found, edition, catalogue) = made(&case, 100_000_000);
        met += u32::from(found.already_met);
        proved += u32::from(found.feasible && found.optimal && !found.already_met);
        not_proved += u32::from(found.feasible && !found.optimal);
        without += u32::from(!found.feasible && found.optimal);
        unknown += u32::from(!found.feasible && !found.optimal);
        let others = case.everything(40);
        let is_reached =
            |other: &climbing::Other| case.is_reached(&edition, &catalogue, &other.deeds);
        reached += u32::from(!found.already_met && others.iter().any(is_reached));
    }
    let all = (proved, not_proved, without, unknown, met, reached);
    assert!(proved > 12 && without > 8 && met > 0 && reached > 5, "{all:?}");
    assert!(not_proved + unknown < 10, "{all:?}");
}

#[test]
fn the_fastest_way_does_not_wait_for_what_need_not_last() {
    let case = climbing::permit_that_need_not_last();
    let (found, ..) = made(&case, 100_000_000);
    let fastest = found.alternatives.iter().find(|one| one.kind == "fastest").unwrap();
    // Permit and crane, one right after the other, from the day after the plan's.
    let done_on = fastest.cost.done_on.unwrap().to_string();
    assert_eq!((done_on.as_str(), fastest.optimal), ("2026-08-14", true));
    held_against_everything(&case, 100_000_000).unwrap();
}

proptest! {
    #![proptest_config(bounded(climbing::cases_to_try()))]

    #[test]
    fn nothing_that_could_be_done_undoes_what_a_plan_claims(case in cases()) {
        held_against_everything(&case, 100_000_000)?;
    }
}

proptest! {
    #![proptest_config(bounded(climbing::cases_to_try() / 4))]

    #[test]
    fn gaps_hold_where_the_work_is_too_little(case in cases(), work in 0..3_000_u64) {
        held_against_everything(&case, work)?;
    }
}
