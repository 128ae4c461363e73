//! Answers compared with trying everything.

use proptest::prelude::*;

use super::{Limits, greedy, solve};
use crate::plan::program::{Choice, Counts, Group, Program};

/// Every choice there is, one after the other.
fn everything(program: &Program) -> Vec<Counts> {
    let mut all: Vec<Counts> = vec![Vec::new()];
    for group in &program.groups {
        let mut of_group: Vec<Vec<u32>> = vec![Vec::new()];
        for _ in &group.choices {
            of_group = of_group
                .into_iter()
                .flat_map(|counts| {
                    (0..=group.most).map(move |count| [counts.clone(), vec![count]].concat())
                })
                .collect();
        }
        all = all
            .into_iter()
            .flat_map(|counts| {
                of_group.iter().map(move |more| {
                    let mut longer = counts.clone();
                    longer.push(more.clone());
                    longer
                })
            })
            .collect();
    }
    all
}

fn cost(program: &Program, counts: &Counts) -> i128 {
    program.total(counts, |choice| choice.cost)
}

fn programs() -> impl Strategy<Value = Program> {
    let choice = (0..12_i128, proptest::collection::vec(-1..4_i64, 3)).prop_map(|(cost, gains)| {
        let gains = gains.into_iter().enumerate().filter(|(_, gain)| *gain != 0).collect();
        Choice { cost, gains, ..Choice::default() }
    });
    let group = (1..3_u32, proptest::collection::vec(choice, 1..3))
        .prop_map(|(most, choices)| Group { most, choices });
    let needed = proptest::collection::vec(-2..7_i64, 3);
    (needed, proptest::collection::vec(group, 1..5))
        .prop_map(|(needed, groups)| Program { needed, groups })
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 1500,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn the_best_is_what_trying_everything_finds(program in programs()) {
        let all = everything(&program);
        let reached = all.iter().filter(|counts| program.is_reached(counts));
        let least = reached.map(|counts| cost(&program, counts)).min();
        let mut limits = Limits { work: u64::MAX, stop: &|| false };
        let answer = solve(&program, None, &mut limits);
        prop_assert!(answer.is_proved);
        let found = answer.best.as_ref().map(|counts| cost(&program, counts));
        prop_assert_eq!(found, least);
        if let Some(best) = &answer.best {
            prop_assert!(program.is_reached(best));
            prop_assert_eq!(Some(answer.bound), least);
        }
    }

    #[test]
    fn bounds_hold_and_choices_reach_whenever_the_search_stops(program in programs(), work in 0..3000_u64) {
        let all = everything(&program);
        let reached = all.iter().filter(|counts| program.is_reached(counts));
        let least = reached.map(|counts| cost(&program, counts)).min();
        let mut limits = Limits { work, stop: &|| false };
        let answer = solve(&program, None, &mut limits);
        if let Some(least) = least {
            prop_assert!(answer.bound <= least, "{} is over {least}", answer.bound);
        }
        for counts in answer.best.iter().chain(&greedy(&program)) {
            prop_assert!(program.is_reached(counts));
            prop_assert!(Some(cost(&program, counts)) >= least);
        }
    }
}
