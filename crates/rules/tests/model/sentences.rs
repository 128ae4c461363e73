//! Edges that everybody should be able to name, each as a sentence.

use guildhall_rules::changes::Changes;
use serde_json::Value as Json;

use super::calendar::read;
use super::engine::{Engine, flat, json_of};

/// The rulebook of these sentences: two tiers and one measure of each sort that they need.
const RULES: &str = r#"
id = "roofs-plain"
network = "roofs"
title = "Roofs"
published_at = 2020-01-01T00:00:00Z
in_force_from = 2020-01-01
evaluation = 1
currency = "EUR"
components = [{ id = "all", title = "All" }]
levels = [{ id = "helper", title = "Helper", rank = 0 }]
credentials = [
  { id = "slate-basics", title = "Slate", level = "helper", validity_months = 12 },
  { id = "copper-work", title = "Copper", level = "helper" },
]
resolution_codes = [{ id = "advice", title = "Advice" }]

[[measures]]
id = "tilers"
title = "Tilers"
component = "all"
kind = "people"
levels = ["helper"]

[[measures]]
id = "roofs"
title = "Roofs"
component = "all"
kind = "count"
of = "opportunities"
renewal = "since_review"
upgrade = { rolling_months = 12 }

[[measures]]
id = "answers"
title = "Answers"
component = "all"
kind = "sum"
of = "survey_responses"
field = "scores"
window = "as_of"

[[measures]]
id = "codes"
title = "Codes"
component = "all"
kind = "count"
of = "cases"
distinct = "resolution_code"
window = "as_of"

[[measures]]
id = "voices"
title = "Voices"
component = "all"
kind = "count"
of = "references"
window = { months_before_period = 6 }

[[paths]]
id = "laying"
title = "Laying"
[[paths.tiers]]
id = "clay"
title = "Clay"
[[paths.tiers]]
id = "slate"
title = "Slate"
requires = { tilers = 1, roofs = 1, answers = 0, codes = 0 }

[[paths]]
id = "trading"
title = "Trading"
[[paths.tiers]]
id = "clay"
title = "Clay"
requires = { tilers = 0, codes = 0 }

[review]
every_months = 12
counted_from = ["review", "renewal"]
resets_windows = ["enrolment", "review", "renewal", "upgrade"]
grace_days = 30
when_not_met = "to_what_is_met"

[[discounts]]
id = "help-line"
title = "Help"
on = "support"
period_months = 6
base_percent = 10
ceiling_percent = 20
when_lost = "ends_at_once"
eligibility = [{ rule = "standing", standing = "good" }]
measures = [{ measure = "voices", at_least = 1, points = 5 }]
"#;

const GABLE: (&str, &str) = ("partners.csv", "id,name,path\ngable,Gable,laying\n");
const ROOF: &str = "id,partner,customer,stage,expected_mrr,currency,launched_on\n";
const REVIEWS: &str = "id,partner,path,on,kind,tier,valid_until\n";
const PEOPLE: &str = "id,partner,person,name,emails,joined_on,left_on\n";
const HELD: &str = "id,individual,credential,issued_on\n";

fn texts(files: &[(&str, &str)]) -> Vec<(String, Vec<u8>)> {
    files.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect()
}

/// The scorecard of a partner on a day, as known at a moment.
fn known(files: &[(&str, &str)], partner: &str, on: &str, known_at: Option<&str>) -> Json {
    let engine = Engine::new(RULES);
    json_of(&engine.card(&engine.load(&texts(files), known_at), partner, read(on)))
}

fn card(files: &[(&str, &str)], partner: &str, on: &str) -> Json {
    known(files, partner, on, None)
}

fn row<'c>(card: &'c Json, measure: &str) -> &'c Json {
    let mut rows = card["rows"].as_array().expect("rows").iter();
    rows.find(|row| row["measure"] == measure).expect("a row")
}

/// Value, state and first day of a cell.
fn cell(card: &Json, measure: &str, column: &str) -> String {
    let cell = &row(card, measure)[column];
    let text = |key: &str| cell[key].as_str().unwrap_or("-").to_owned();
    format!("{} {} {}", text("value"), text("state"), text("from"))
}

fn value(card: &Json, measure: &str) -> String {
    row(card, measure)["upgrade"]["value"].as_str().expect("a text").to_owned()
}

/// A file of launched roofs.
fn roofs(days: &[&str]) -> String {
    let row = |(at, day): (usize, &&str)| format!("o{at},gable,church,Launched,1,EUR,{day}\n");
    ROOF.to_owned() + &days.iter().enumerate().map(row).collect::<String>()
}

/// One person at the gable with one credential issued on a day.
fn one_tiler(issued_on: &str) -> [(&'static str, String); 2] {
    [
        ("individuals.csv", format!("{PEOPLE}ana,gable,,Ana,,,\n")),
        ("credentials.csv", format!("{HELD}c1,ana,slate-basics,{issued_on}\n")),
    ]
}

fn tilers(issued_on: &str, on: &str) -> String {
    let [people, held] = one_tiler(issued_on);
    value(&card(&[GABLE, (people.0, &people.1), (held.0, &held.1)], "gable", on), "tilers")
}

#[test]
fn a_year_from_the_leap_day_ends_on_28_february() {
    assert_eq!(tilers("2024-02-29", "2025-02-28"), "1");
    assert_eq!(tilers("2024-02-29", "2025-03-01"), "0");
}

#[test]
fn a_year_to_the_leap_day_begins_on_28_february_and_lasts_one_day_less() {
    assert_eq!(tilers("2023-02-28", "2024-02-28"), "1");
    assert_eq!(tilers("2023-02-28", "2024-02-29"), "0");
    assert_eq!(tilers("2023-03-01", "2024-02-29"), "1");
}

#[test]
fn twelve_months_that_end_with_the_leap_day_begin_on_1_march() {
    let roofs = roofs(&["2023-02-28", "2023-03-01", "2024-02-29", "2024-03-01"]);
    let files = [GABLE, ("opportunities.csv", &roofs)];
    let on_leap_day = card(&files, "gable", "2024-02-29");
    assert_eq!(cell(&on_leap_day, "roofs", "upgrade"), "2 not_required 2023-03-01");
}

#[test]
fn twelve_months_that_end_the_day_before_the_leap_day_begin_on_28_february() {
    // The day behind the window is the leap day; twelve months before it is 28 February.
    let roofs = roofs(&["2023-02-27", "2023-02-28"]);
    let files = [GABLE, ("opportunities.csv", &roofs)];
    let card = card(&files, "gable", "2024-02-28");
    assert_eq!(cell(&card, "roofs", "upgrade"), "1 not_required 2023-02-28");
}

#[test]
fn twelve_months_that_end_with_a_month_are_that_month_and_the_eleven_before() {
    for (on, from) in [
        ("2024-06-30", "2023-07-01"),
        ("2025-02-28", "2024-03-01"),
        ("2024-12-31", "2024-01-01"),
        ("2024-01-31", "2023-02-01"),
    ] {
        let eve = super::calendar::show(super::calendar::before(read(from)));
        let roofs = roofs(&[&eve, from, on]);
        let files = [GABLE, ("opportunities.csv", &roofs)];
        let found = cell(&card(&files, "gable", on), "roofs", "upgrade");
        assert_eq!(found, format!("2 not_required {from}"), "{on}");
    }
}

#[test]
fn a_review_on_the_day_begins_the_window_with_that_day() {
    let reviews = format!(
        "{REVIEWS}r1,gable,laying,2023-06-30,enrolment,slate,\nr2,gable,laying,2024-06-30,review,,\n"
    );
    let roofs = roofs(&["2024-06-29", "2024-06-30"]);
    let files = [GABLE, ("reviews.csv", &reviews), ("opportunities.csv", &roofs)];
    let eve = card(&files, "gable", "2024-06-29");
    assert_eq!(cell(&eve, "roofs", "renewal"), "1 met 2023-06-30");
    let card = card(&files, "gable", "2024-06-30");
    assert_eq!(cell(&card, "roofs", "renewal"), "1 met 2024-06-30");
    assert_eq!(card["review"]["last_on"], "2024-06-30");
    assert_eq!(card["review"]["due_on"], "2025-06-30");
}

#[test]
fn a_review_looks_at_the_day_before_it() {
    let reviews = format!("{REVIEWS}r1,gable,laying,2023-06-30,review,slate,\n");
    let [people, held] = one_tiler("2023-06-29");
    let roofs = roofs(&["2024-06-01"]);
    let files = [
        GABLE,
        ("reviews.csv", reviews.as_str()),
        ("opportunities.csv", &roofs),
        (people.0, &people.1),
        (held.0, &held.1),
    ];
    // The certificate's last day is the eve of the review.
    let on_the_day = card(&files, "gable", "2024-06-30");
    assert_eq!(cell(&on_the_day, "tilers", "renewal"), "0 not_met -");
    assert_eq!(on_the_day["review"]["outcome"], "renew");
}

#[test]
fn a_tier_change_inside_the_window_begins_the_renewal_window_and_not_the_upgrade_window() {
    let reviews = format!(
        "{REVIEWS}r1,gable,laying,2023-01-10,enrolment,clay,\nr2,gable,laying,2024-03-15,upgrade,slate,\n"
    );
    let roofs = roofs(&["2024-01-05", "2024-03-14", "2024-03-15", "2024-06-01"]);
    let files = [GABLE, ("reviews.csv", &reviews), ("opportunities.csv", &roofs)];
    let before = card(&files, "gable", "2024-03-14");
    assert_eq!((&before["tier"], &before["upgrade"]["tier"]), (&"clay".into(), &"slate".into()));
    assert_eq!(cell(&before, "roofs", "renewal"), "2 not_required 2023-01-10");
    let after = card(&files, "gable", "2024-06-30");
    assert_eq!((&after["tier"], &after["upgrade"]["tier"]), (&"slate".into(), &Json::Null));
    assert_eq!(cell(&after, "roofs", "renewal"), "2 met 2024-03-15");
    assert_eq!(cell(&after, "roofs", "upgrade"), "4 not_required 2023-07-01");
}

#[test]
fn a_downgrade_inside_the_window_changes_the_tier_and_resets_nothing() {
    let reviews = format!(
        "{REVIEWS}r1,gable,laying,2023-09-01,review,slate,\nr2,gable,laying,2024-03-15,downgrade,clay,\n"
    );
    let roofs = roofs(&["2023-09-01"]);
    let files = [GABLE, ("reviews.csv", &reviews), ("opportunities.csv", &roofs)];
    let card = card(&files, "gable", "2024-06-30");
    assert_eq!(card["tier"], "clay");
    assert_eq!(cell(&card, "roofs", "renewal"), "1 not_required 2023-09-01");
}

#[test]
fn a_person_who_moves_takes_the_credential_along_and_is_never_counted_at_both() {
    let partners = "id,name,path\ngable,Gable,laying\neaves,Eaves,laying\n";
    let people =
        format!("{PEOPLE}a1,gable,ana,Ana,,2023-01-01,2024-06-30\na2,eaves,ana,Ana,,2024-07-01,\n");
    let held = format!("{HELD}c1,a1,copper-work,2023-05-01\n");
    let files =
        [("partners.csv", partners), ("individuals.csv", &people), ("credentials.csv", &held)];
    let counts = |on: &str| ["gable", "eaves"].map(|at| value(&card(&files, at, on), "tilers"));
    assert_eq!(counts("2024-06-30"), ["1", "0"]);
    assert_eq!(counts("2024-07-01"), ["0", "1"]);
    let at_gable = card(&files, "gable", "2024-07-01");
    let reason = "renewal credential \"c1\" \"ana\" left";
    assert_eq!(flat(&row(&at_gable, "tilers")["not_counted"])[0], reason);
    let at_eaves = card(&files, "eaves", "2024-06-30");
    let reason = "renewal credential \"c1\" \"ana\" not_yet_joined";
    assert_eq!(flat(&row(&at_eaves, "tilers")["not_counted"])[0], reason);
}

#[test]
fn the_same_person_twice_under_two_e_mails_is_one_if_the_rows_say_so_and_two_if_not() {
    let rows = |person: &str| {
        format!(
            "{PEOPLE}a1,gable,{person},Ana,ana@a.example,,\na2,gable,{person},Ana,ana@b.example,,\n"
        )
    };
    let held = format!("{HELD}c1,a1,copper-work,2023-05-01\nc2,a2,copper-work,2023-05-01\n");
    for (person, count) in [("ana", "1"), ("", "2")] {
        let people = rows(person);
        let files = [GABLE, ("individuals.csv", &people), ("credentials.csv", &held)];
        let card = card(&files, "gable", "2024-06-30");
        assert_eq!(value(&card, "tilers"), count);
        if person == "ana" {
            let lists = row(&card, "tilers");
            assert_eq!(flat(&lists["counted"])[0], "renewal credential \"c1\" \"ana\"");
            let second = "renewal credential \"c2\" \"ana\" duplicate_person";
            assert_eq!(flat(&lists["not_counted"])[0], second);
        }
    }
}

#[test]
fn a_suspension_holds_on_its_last_day_and_not_on_the_next() {
    for (last, percent) in [("2024-01-01", "0"), ("2023-12-31", "10")] {
        let reviews = format!("{REVIEWS}r1,gable,laying,2023-11-01,suspended,,{last}\n");
        let card = card(&[GABLE, ("reviews.csv", &reviews)], "gable", "2024-01-01");
        assert_eq!(card["support_discount"]["percent"], percent, "{last}");
    }
}

#[test]
fn a_suspension_within_the_period_ends_the_discount_on_its_first_day() {
    let reviews = format!("{REVIEWS}r1,gable,laying,2024-03-01,suspended,,2024-03-01\n");
    for (on, percent) in [("2024-02-29", "10"), ("2024-03-01", "0"), ("2024-06-30", "0")] {
        let card = card(&[GABLE, ("reviews.csv", &reviews)], "gable", on);
        assert_eq!(card["support_discount"]["percent"], percent, "{on}");
    }
}

#[test]
fn a_reference_withdrawn_on_the_first_day_of_the_period_still_counts_for_it() {
    for (withdrawn, percent) in [("2024-01-01", "15"), ("2023-12-31", "10")] {
        let text = format!(
            "id,partner,customer,published_on,withdrawn_on\nv1,gable,church,2023-07-01,{withdrawn}\n"
        );
        let card = card(&[GABLE, ("references.csv", &text)], "gable", "2024-05-01");
        assert_eq!(card["support_discount"]["percent"], percent, "{withdrawn}");
    }
}

#[test]
fn a_sum_of_scores_adds_the_mean_of_each_answer() {
    let answers = "id,partner,responded_on,scores\ns1,gable,2024-06-01,5;4\n";
    let card = card(&[GABLE, ("survey_responses.csv", answers)], "gable", "2024-06-30");
    assert_eq!(value(&card, "answers"), "4.5");
}

#[test]
fn a_case_without_a_resolution_code_adds_no_different_code() {
    let cases = "id,partner,customer,opened_on,opened_by,resolution_code\n\
                 k1,gable,church,2024-06-01,partner,advice\nk2,gable,church,2024-06-01,partner,\n";
    let card = card(&[GABLE, ("cases.csv", cases)], "gable", "2024-06-30");
    assert_eq!(value(&card, "codes"), "1");
}

#[test]
fn of_two_reviews_of_one_day_it_is_not_the_order_of_the_rows_that_decides() {
    let [first, second] =
        ["r1,gable,laying,2024-06-01,review,clay,\n", "r2,gable,laying,2024-06-01,review,slate,\n"];
    let tier = |reviews: String| {
        card(&[GABLE, ("reviews.csv", &reviews)], "gable", "2024-06-30")["tier"].clone()
    };
    assert_eq!(
        tier(format!("{REVIEWS}{first}{second}")),
        tier(format!("{REVIEWS}{second}{first}"))
    );
}

#[test]
fn a_row_that_is_there_because_the_path_is_another_has_a_cause() {
    let engine = Engine::new(RULES);
    let partners = |path: &str| format!("id,name,path\ngable,Gable,{path}\n");
    let card = |path: &str| {
        let text = partners(path);
        let facts = engine.load(&texts(&[("partners.csv", &text)]), None);
        engine.card(&facts, "gable", read("2024-06-30"))
    };
    let changes = Changes::between(&card("trading"), &card("laying"));
    let without: Vec<_> = changes.cells.iter().filter(|cell| cell.because.is_empty()).collect();
    assert!(without.is_empty(), "{without:#?}");
}

#[test]
fn an_event_without_an_amount_is_no_part_of_a_mean() {
    let rules = RULES.replace("kind = \"sum\"", "kind = \"mean\"");
    let rules =
        rules.replace("\"survey_responses\"\nfield = \"scores\"", "\"events\"\nfield = \"amount\"");
    let kind = "[[event_kinds]]\nid = \"visit\"\ntitle = \"V\"\n\n[[measures]]";
    let engine = Engine::new(&rules.replacen("[[measures]]", kind, 1));
    let events =
        "id,partner,kind,on,amount\ne1,gable,visit,2024-06-01,80\ne2,gable,visit,2024-06-02,\n";
    let facts = engine.load(&texts(&[GABLE, ("events.csv", events)]), None);
    let card = json_of(&engine.card(&facts, "gable", read("2024-06-30")));
    assert_eq!(value(&card, "answers"), "80");
}
