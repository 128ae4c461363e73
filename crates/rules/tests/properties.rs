//! Properties of scorecards: what the engine says is what a slow, obvious model says, whatever
//! the rulebook, the facts and the day.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail"
)]

mod model;

use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;

use model::engine::{Engine, differences, in_short};
use model::judge::Model;
use model::random_rows::{Case, PARTNERS, Wishes, cases};

/// So many cases, unless the environment says otherwise.
fn bounded(cases: u32) -> ProptestConfig {
    let standard = ProptestConfig::default();
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { standard.cases } else { cases };
    let failure_persistence = Some(Box::new(FileFailurePersistence::WithSource("regressions")) as _);
    ProptestConfig { cases, failure_persistence, max_shrink_iters: 20_000, ..standard }
}

/// The engine's scorecard of each partner is the model's.
fn agrees(case: &Case) -> Result<(), TestCaseError> {
    let engine = Engine::new(&case.book.toml());
    let facts = engine.load_rows(&case.rows, None);
    for partner in PARTNERS {
        let found = in_short(&engine.card(&facts, partner, case.on));
        let expected = Model { book: &case.book, rows: &case.rows, partner }.card(case.on);
        let differences = differences(&expected, &found);
        prop_assert!(differences.is_empty(), "{partner}: {differences:#?}");
    }
    Ok(())
}

proptest! {
    #![proptest_config(bounded(300))]

    #[test]
    fn every_scorecard_is_the_models(case in cases(Wishes::default())) {
        agrees(&case)?;
    }
}
