//! What does not fit together, and what an honest author may well write.
#![expect(clippy::unwrap_used, reason = "a test may fail")]

use guildhall_rules::rulebook::{Edition, check_sequence, load};

const SAMPLE: &str = include_str!("bad-rulebooks/no-problem.toml");

/// The codes of the problems of the sample with some texts replaced.
fn codes(replacements: &[(&str, &str)]) -> Vec<&'static str> {
    let text = replacements.iter().fold(SAMPLE.to_owned(), |text, (old, new)| {
        assert!(text.contains(old), "the sample holds {old}");
        text.replace(old, new)
    });
    match load("summit.toml", &text) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.shown().iter().map(|problem| problem.code).collect(),
    }
}

#[test]
fn bars_at_the_very_end_of_what_can_be_are_fine() {
    for replacement in [
        ("rework = { at_most = 0.25 }", "rework = { at_most = 1 }"),
        ("satisfaction = 4.4", "satisfaction = 5"),
        ("seasons = { at_least = 12,", "seasons = { at_least = 24,"),
        ("specialisms = 1\n", "specialisms = 2\n"),
        ("ceiling_percent = 22.5", "ceiling_percent = 24.5"),
        ("ceiling_percent = 22.5", "ceiling_percent = 100"),
        ("base_percent = 10", "base_percent = 22.5"),
    ] {
        assert!(codes(&[replacement]).is_empty(), "{replacement:?}");
    }
}

#[test]
fn points_can_be_no_more_than_their_parts_give() {
    let parts = ("{ measure = \"projects\", points = \"1.5\" },", "");
    let capped = ("points = 0.000_5, at_most = 50", "points = 0.5, at_most = 140.5");
    let kept = ("satisfaction = 4.4\n", "satisfaction = 4.4\nprojects = 1\n");
    assert!(codes(&[parts, capped, kept]).is_empty(), "40 and 140.5 make 180.5");
    let short = ("points = 0.000_5, at_most = 50", "points = 0.5, at_most = 139.5");
    assert_eq!(codes(&[parts, short, kept]), ["never-met"]);
}

#[test]
fn a_tier_is_compared_with_those_below_column_by_column() {
    let below = |columns: &str| format!("installers = {{ at_least = 9, columns = [{columns}] }}");
    let above = |columns: &str| format!("installers = {{ at_least = 8, columns = [{columns}] }}");
    let codes = |low: &str, high: &str| {
        codes(&[("installers = 3", &below(low)), ("installers = 8", &above(high))])
    };
    assert!(codes("\"renewal\"", "\"upgrade\"").is_empty());
    assert_eq!(codes("\"renewal\"", "\"renewal\""), ["tier-easier-than-below"]);
    assert_eq!(codes("\"upgrade\"", "\"renewal\", \"upgrade\""), ["tier-easier-than-below"]);
}

#[test]
fn a_tier_may_leave_out_what_a_lower_tier_asks() {
    assert!(codes(&[("installers = 8\n", "")]).is_empty());
}

#[test]
fn a_tier_can_only_be_held_beside_the_lower_ones_to_climb() {
    let low = "rework = { at_most = 0.25 }";
    let renewal =
        ("rework = { at_most = 0.1 }", "rework = { at_least = 0.5, columns = [\"renewal\"] }");
    assert!(codes(&[(low, low), renewal]).is_empty(), "renewing asks for the tier held alone");
    let both = ("rework = { at_most = 0.1 }", "rework = { at_least = 0.5 }");
    assert_eq!(codes(&[(low, low), both]), ["unreachable-tier"]);
}

#[test]
fn nobody_is_eligible_by_tiers_of_another_path() {
    assert_eq!(codes(&[("path = [\"fitting\"]", "path = [\"supply\"]")]), ["never-met"]);
    assert!(codes(&[("path = [\"fitting\"]", "path = [\"fitting\", \"supply\"]")]).is_empty());
}

#[test]
fn events_that_name_no_attributes_may_have_any() {
    let orders = (
        "where = { kind = [\"material-order\"] }",
        "where = { kind = [\"material-order\"], \"attributes.range\" = [\"tiles\"] }",
    );
    assert!(codes(&[orders]).is_empty());
    let audits = (
        "where = { kind = [\"site-audit\"] }",
        "where = { kind = [\"site-audit\"], \"attributes.range\" = [\"tiles\"] }",
    );
    assert_eq!(codes(&[audits]), ["never-met"]);
}

fn edition(id: &str, published_at: &str, in_force_from: &str) -> Edition {
    let text = SAMPLE
        .replace("id = \"summit-2026\"", &format!("id = \"{id}\""))
        .replace("2025-09-15T08:00:00Z", published_at)
        .replace("in_force_from = 2026-01-01", &format!("in_force_from = {in_force_from}"));
    load(id, &text).unwrap()
}

fn sequence(editions: &[&Edition]) -> Vec<(&'static str, String)> {
    let named: Vec<(&str, &Edition)> =
        editions.iter().map(|edition| (edition.id.as_str(), *edition)).collect();
    let problems = check_sequence(&named);
    problems.shown().iter().map(|problem| (problem.code, problem.file.clone())).collect()
}

#[test]
fn editions_follow_each_other() {
    let first = edition("first", "2025-09-15T08:00:00Z", "2026-01-01");
    let correction = edition("correction", "2025-10-01T00:00:00Z", "2026-01-01");
    let next = edition("next", "2026-09-15T08:00:00Z", "2027-01-01");
    assert_eq!(sequence(&[&next, &correction, &first]), []);
    let early = edition("early", "2026-10-01T00:00:00Z", "2026-12-01");
    let expected = [("edition-out-of-order", "early".to_owned())];
    assert_eq!(sequence(&[&first, &early, &next]), expected);
    let again = edition("again", "2025-09-15T08:00:00Z", "2026-01-01");
    let expected = [("edition-at-the-same-moment", "again".to_owned())];
    assert_eq!(sequence(&[&first, &again]), expected);
    assert_eq!(sequence(&[&first, &first]), [("id-used-twice", "first".to_owned())]);
}

#[test]
fn editions_of_other_networks_do_not_matter_but_for_their_ids() {
    let first = edition("first", "2025-09-15T08:00:00Z", "2026-01-01");
    let mut other = edition("other", "2025-10-15T08:00:00Z", "2020-01-01");
    other.network = "tiles".into();
    assert_eq!(sequence(&[&first, &other]), []);
    other.id = "first".into();
    assert_eq!(sequence(&[&first, &other]).len(), 1);
}
