//! What moved is told in words, with what moved it.

use guildhall_rules::scorecard::Scorecard;

use super::super::tests::sample::{cell, day, edition, row, scorecard};
use super::*;

#[test]
fn what_moved_is_told_with_its_causes() {
    let edition = edition();
    let before = scorecard();
    let mut after = Scorecard {
        as_of: day("2031-09-30"),
        tier: Some("tiles".to_owned()),
        attained: None,
        ..scorecard()
    };
    after.upgrade.tier = None;
    for row in &mut after.rows {
        if row.measure == "guild_review" {
            row.renewal = cell("0", "1", State::NotMet, None);
            row.upgrade = cell("0", "1", State::NotMet, None);
        }
        if row.measure == "installers" {
            row.renewal = cell("4", "4", State::Met, None);
            row.upgrade = cell("4", "", State::NotRequired, None);
            let lost = row.counted.as_mut().and_then(Vec::pop);
            assert!(lost.is_some());
        }
    }
    after.rows.push(row(
        "ladders",
        cell("1", "1", State::Met, None),
        cell("1", "1", State::Met, None),
    ));
    let changes = Changes::between(&before, &after);
    let known = Known::default();
    let told =
        Told::at(Texts::english(), &edition, "fitting", after.as_of, "/partners/gable", &known);
    let heads: Vec<String> = changes
        .head
        .iter()
        .map(|change| told.moved(change))
        .map(|moved| format!("{}: {} > {}", moved.what, moved.before, moved.after))
        .collect();
    assert_eq!(heads, ["Tier held: Ridge > Summit", "Tier attained: Base > None"]);
    let cells = told.cells(&changes.cells);
    let first = cells.first().expect("a cell");
    let moves: Vec<(&str, &str)> =
        first.moves.iter().map(|one| (one.before.text.as_str(), one.after.text.as_str())).collect();
    assert_eq!(moves, [("5 of 4", "4 of 4")]);
    let cause = first.causes.first().expect("a cause");
    assert_eq!(
        (cause.fact.as_ref().map(|(id, _)| id.as_str()), cause.text.as_str()),
        (Some("cert-5"), "counts no more: it is not there any more")
    );
    let last = cells.last().expect("a cell");
    assert!(last.moves.iter().all(|one| one.before.text == "no such row"));
    let both = cells.iter().find(|cell| cell.title == "Review by the guild");
    let moves = both.map(|cell| cell.moves.len());
    assert_eq!(moves, Some(2), "both columns have the same causes");
}
