//! Affiliations: which rows of a subsidiary count at its primary, when, and what is no affiliation.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at once")]

use std::io::{Cursor, Read};

use guildhall_rules::changes::{Cause, Changes};
use guildhall_rules::day::Day;
use guildhall_rules::evaluation::Evaluator;
use guildhall_rules::facts::{
    LoadOptions, Loaded, Mapping, References, Source, load, parse_moment,
};
use guildhall_rules::rulebook::{self, Catalogue, Edition};
use guildhall_rules::scorecard::{FactLists, Row, Scorecard};

const RULES: &str = r#"
id = "tiles-2026"
network = "tiles"
title = "Tiles 2026"
published_at = 2025-09-15T08:00:00Z
in_force_from = 2026-01-01
evaluation = 1
currency = "EUR"
components = [{ id = "crew", title = "Crew" }]
levels = [{ id = "journeyman", title = "Journeyman", rank = 2 }]
credentials = [
  { id = "roof-installer", title = "Roof Installer", level = "journeyman", validity_months = 36 },
]
programs = [{ id = "slate-house", title = "Slate House", category = "house" }]

[[measures]]
id = "crew"
title = "Crew"
component = "crew"
kind = "people"
levels = ["journeyman"]

[[measures]]
id = "houses"
title = "Houses"
component = "crew"
kind = "count"
of = "validations"
distinct = "program"
window = "as_of"

[[measures]]
id = "plans"
title = "Grants of this year"
component = "crew"
kind = "count"
of = "validations"
window = { rolling_months = 12 }

[[measures]]
id = "customers"
title = "Customers"
component = "crew"
kind = "count"
of = "ratings"
window = { rolling_months = 12 }

[[measures]]
id = "steady"
title = "Months of steady crew"
component = "crew"
kind = "sustained"
up_to_months = 6

[[paths]]
id = "fitting"
title = "Fitting"
[[paths.tiers]]
id = "base"
title = "Base"
requires = {}
[[paths.tiers]]
id = "master"
title = "Master"
[paths.tiers.requires]
crew = 1
houses = 0
plans = 0
customers = 0
steady = { at_least = 2, columns = ["upgrade"] }

[review]
every_months = 12
counted_from = ["review"]
resets_windows = ["review"]
when_not_met = "keep"
"#;

const PARTNERS: (&str, &str) =
    ("partners.csv", "id,name,path\nash,Ash,fitting\nbirch,Birch,fitting\ncedar,Cedar,fitting\n");
const HEADER: &str = "id,subsidiary,primary,from,until,recorded_at,retracted_at\n";

fn network() -> (Edition, Catalogue) {
    let edition = rulebook::load("rulebook.toml", RULES);
    let edition = edition.unwrap_or_else(|problems| panic!("{:#?}", problems.shown()));
    let catalogue = Catalogue::new([&edition]);
    (edition, catalogue)
}

fn source(name: &str, text: &str) -> Source<'static> {
    let (name, text) = (name.to_owned(), text.to_owned());
    Source {
        shown: name.clone(),
        name,
        size: text.len() as u64,
        open: Box::new(move || {
            Ok(Box::new(Cursor::new(text.clone().into_bytes())) as Box<dyn Read + Send>)
        }),
    }
}

fn read(
    files: &[(&str, &str)],
    catalogue: &Catalogue,
    known_at: Option<&str>,
    rejects: Option<&mut Vec<u8>>,
) -> Loaded {
    let sources: Vec<Source<'_>> = files.iter().map(|(name, text)| source(name, text)).collect();
    let known_at = known_at.map(|moment| parse_moment(moment.as_bytes()).unwrap());
    let options = LoadOptions { known_at, threads: 1, references: References::Folder };
    let rejects = rejects.map(|out| out as &mut (dyn std::io::Write + Send));
    load("folder", &sources, &Mapping::default(), catalogue, options, rejects).unwrap()
}

/// The scorecard of a partner; the folder has no problem.
fn card(files: &[(&str, &str)], partner: &str, on: &str) -> Scorecard {
    card_as_known(files, partner, on, None)
}

fn card_as_known(
    files: &[(&str, &str)],
    partner: &str,
    on: &str,
    known_at: Option<&str>,
) -> Scorecard {
    let (edition, catalogue) = network();
    let loaded = read(files, &catalogue, known_at, None);
    assert!(loaded.problems.is_empty(), "{:#?}", loaded.problems.shown());
    let evaluator = Evaluator::new(&edition, &catalogue, &loaded.facts);
    let number = loaded.facts.find_partner(partner).unwrap();
    evaluator.scorecard(number, Day::parse(on.as_bytes()).unwrap(), None, FactLists::Listed)
}

fn row<'c>(card: &'c Scorecard, measure: &str) -> &'c Row {
    card.rows.iter().find(|row| row.measure == measure).unwrap()
}

fn value(card: &Scorecard, measure: &str) -> String {
    row(card, measure).upgrade.value.to_string()
}

/// What a row lists: facts with their reasons and details.
fn listed(card: &Scorecard, measure: &str) -> Vec<String> {
    let row = row(card, measure);
    let counted = row.counted.iter().flatten();
    let counted = counted.map(|fact| format!("{} {:?}", fact.fact, fact.detail.as_deref()));
    let others = row.not_counted.iter().flatten();
    let others = others
        .map(|fact| format!("{} {} {:?}", fact.fact, fact.reason.word(), fact.detail.as_deref()));
    counted.chain(others).collect()
}

/// The lines of all problems with affiliations, after checking their code.
fn cycle_lines(affiliations: &str) -> Vec<u64> {
    let (_, catalogue) = network();
    let text = format!("{HEADER}{affiliations}");
    let loaded = read(&[PARTNERS, ("affiliations.csv", &text)], &catalogue, None, None);
    let problems = loaded.problems.shown().iter();
    problems
        .map(|problem| {
            assert_eq!(problem.code, "affiliation-cycle", "{problem}");
            assert_eq!(problem.column.as_deref(), Some("primary"));
            problem.line.unwrap()
        })
        .collect()
}

/// Birch is Ash's subsidiary from 2026-03-01 until before 2026-05-01, Cedar always Birch's.
/// At Birch works Bo, at Cedar Cleo; each holds a certificate, and has one program.
const CHAIN: [(&str, &str); 6] = [
    PARTNERS,
    (
        "affiliations.csv",
        "id,subsidiary,primary,from,until\n\
         a1,birch,ash,2026-03-01,2026-05-01\na2,cedar,birch,2020-01-01,\n",
    ),
    ("individuals.csv", "id,partner,name\nbo,birch,Bo\ncleo,cedar,Cleo\n"),
    (
        "credentials.csv",
        "id,individual,credential,issued_on\n\
         c1,bo,roof-installer,2025-01-01\nc2,cleo,roof-installer,2025-01-01\n",
    ),
    (
        "validations.csv",
        "id,partner,program,granted_on\n\
         v1,birch,slate-house,2025-12-01\nv2,cedar,slate-house,2025-12-01\n",
    ),
    ("ratings.csv", "id,partner,customer,score,rated_on\nr1,birch,church,5,2026-02-01\n"),
];

#[test]
fn people_and_validations_of_a_subsidiary_count_at_its_primary_while_it_is_one() {
    let counts = |on: &str| {
        ["ash", "birch", "cedar"].map(|partner| {
            let card = card(&CHAIN, partner, on);
            ["crew", "houses", "plans", "customers"].map(|measure| value(&card, measure)).join(" ")
        })
    };
    // Cedar's count at Birch all along, and never at Ash; ratings stay where they are.
    let apart = ["0 0 0 0", "2 1 2 1", "1 1 1 0"];
    let together = ["1 1 1 0", "2 1 2 1", "1 1 1 0"];
    assert_eq!(counts("2026-02-28"), apart);
    assert_eq!(counts("2026-03-01"), together);
    assert_eq!(counts("2026-04-30"), together);
    assert_eq!(counts("2026-05-01"), apart);
}

#[test]
fn facts_of_a_subsidiary_are_listed_with_its_name() {
    let ash = card(&CHAIN, "ash", "2026-04-30");
    assert_eq!(listed(&ash, "crew"), ["c1 Some(\"subsidiary birch\")"]);
    assert_eq!(listed(&ash, "houses"), ["v1 Some(\"subsidiary birch\")"]);
    assert_eq!(listed(&ash, "customers"), [""; 0]);
    let birch = card(&CHAIN, "birch", "2026-04-30");
    assert_eq!(listed(&birch, "crew"), ["c1 None", "c2 Some(\"subsidiary cedar\")"]);
    let later = card(&CHAIN, "ash", "2026-05-01");
    assert_eq!(listed(&later, "crew"), [""; 0]);
    // A certificate that is past its last day is listed and not counted.
    let past = card(&CHAIN, "birch", "2028-01-02");
    let expired = "expired Some(\"last valid day was 2028-01-01";
    let expected = [format!("c1 {expired}\")"), format!("c2 {expired}; subsidiary cedar\")")];
    assert_eq!(listed(&past, "crew"), expected);
}

#[test]
fn months_sustained_look_at_the_affiliations_of_each_month() {
    let months = |on: &str| value(&card(&CHAIN, "ash", on), "steady");
    assert_eq!(months("2026-02-28"), "0");
    assert_eq!(months("2026-03-31"), "0");
    assert_eq!(months("2026-04-01"), "1");
    assert_eq!(months("2026-04-30"), "1");
    assert_eq!(months("2026-05-01"), "0");
}

#[test]
fn a_person_at_both_is_one_and_one_row_in_force_with_consent_is_enough() {
    let affiliations = format!("{HEADER}a1,birch,ash,2020-01-01,,,\n");
    let people = "id,partner,person,name,left_on,consent\n\
                  i1,ash,ana,Ana,2026-01-31,\ni2,birch,ana,Ana,,\n\
                  i3,ash,bo,Bo,,no\ni4,birch,bo,Bo,,\n\
                  i5,ash,cleo,Cleo,,\ni6,birch,cleo,Cleo,,\n\
                  i7,ash,dan,Dan,2026-01-31,\ni8,birch,dan,Dan,,no\n";
    let held = "id,individual,credential,issued_on\n\
                c1,i1,roof-installer,2025-01-01\nc2,i2,roof-installer,2025-02-01\n\
                c3,i3,roof-installer,2025-01-01\nc5,i5,roof-installer,2025-01-01\n\
                c6,i6,roof-installer,2025-01-01\nc7,i7,roof-installer,2025-01-01\n";
    let files = [
        PARTNERS,
        ("affiliations.csv", affiliations.as_str()),
        ("individuals.csv", people),
        ("credentials.csv", held),
    ];
    let ash = card(&files, "ash", "2026-06-30");
    assert_eq!(value(&ash, "crew"), "3");
    assert_eq!(
        listed(&ash, "crew"),
        [
            "c2 Some(\"subsidiary birch\")",
            "c3 Some(\"subsidiary birch\")",
            "c5 None",
            "c1 duplicate_person Some(\"counted by c2; subsidiary birch\")",
            "c6 duplicate_person Some(\"counted by c5\")",
            "c7 no_consent Some(\"the person's consent is no; subsidiary birch\")",
        ]
    );
    assert_eq!(value(&card(&files, "birch", "2026-06-30"), "crew"), "3");
}

#[test]
fn two_affiliations_of_one_pair_count_a_subsidiary_once() {
    let affiliations = format!(
        "{HEADER}a1,birch,ash,2020-01-01,,,\na2,birch,ash,2025-01-01,2027-01-01,,\n\
         a3,birch,ash,2026-04-30,2026-04-30,,\n"
    );
    let mut files = CHAIN;
    files[1] = ("affiliations.csv", &affiliations);
    let ash = card(&files, "ash", "2026-04-30");
    assert_eq!((value(&ash, "crew"), value(&ash, "plans")), ("1".into(), "1".into()));
    assert_eq!(listed(&ash, "plans"), ["v1 Some(\"subsidiary birch\")"]);
}

#[test]
fn what_an_affiliation_moves_is_told_by_the_facts_that_it_brings() {
    let [before, after] = ["2026-02-28", "2026-03-01"].map(|on| card(&CHAIN, "ash", on));
    let changes = Changes::between(&before, &after);
    let crew = changes.cells.iter().find(|cell| cell.measure == "crew").unwrap();
    let gained = |cause: &Cause| matches!(cause, Cause::FactGained { fact, .. } if fact == "c1");
    assert!(crew.because.iter().all(gained), "{crew:#?}");
}

#[test]
fn an_affiliation_counts_as_it_was_known() {
    let affiliations = format!(
        "{HEADER}a1,birch,ash,2020-01-01,,2026-02-01T00:00:00Z,2026-04-01T00:00:00Z\n\
         a1,cedar,ash,2020-01-01,,2026-04-01T00:00:00Z,\n"
    );
    let mut files = CHAIN;
    files[1] = ("affiliations.csv", &affiliations);
    let crew = |known_at: Option<&str>| {
        listed(&card_as_known(&files, "ash", "2026-06-30", known_at), "crew").join(" ")
    };
    assert_eq!(crew(Some("2026-01-31T23:59:59Z")), "");
    assert_eq!(crew(Some("2026-02-01T00:00:00Z")), "c1 Some(\"subsidiary birch\")");
    assert_eq!(crew(Some("2026-04-01T00:00:00Z")), "c2 Some(\"subsidiary cedar\")");
    assert_eq!(crew(None), "c2 Some(\"subsidiary cedar\")");
}

#[test]
fn a_partner_is_no_subsidiary_of_itself_directly_or_through_others() {
    assert_eq!(cycle_lines("a1,ash,ash,2024-01-01,,,\n"), [2]);
    assert_eq!(cycle_lines("a1,ash,birch,2024-01-01,,,\na2,birch,ash,2025-01-01,,,\n"), [2, 3]);
    let round = "a1,ash,birch,2024-01-01,,,\na2,cedar,ash,2024-01-01,,,\n\
                 a3,birch,cedar,2024-01-01,,,\n";
    assert_eq!(cycle_lines(round), [2, 3, 4]);
    // Whatever leads to a cycle is not on it.
    let beside = "a1,ash,birch,2024-01-01,,,\na2,birch,ash,2024-01-01,,,\n\
                  a3,ash,cedar,2024-01-01,,,\n";
    assert_eq!(cycle_lines(beside), [2, 3]);
}

#[test]
fn affiliations_that_hold_one_after_the_other_are_no_cycle() {
    let in_force = "a1,ash,birch,2024-01-01,2025-01-01,,\na2,birch,ash,2025-01-01,,,\n";
    assert_eq!(cycle_lines(in_force), [0; 0]);
    let known = "a1,ash,birch,2024-01-01,,,2025-01-01T00:00:00Z\n\
                 a2,birch,ash,2024-01-01,,2025-01-01T00:00:00Z,\n";
    assert_eq!(cycle_lines(known), [0; 0]);
    // Each two of these three meet in time, and never all three... but for the last.
    let three = |until: &str| {
        format!(
            "a1,ash,birch,2024-01-01,2024-06-01,,\na2,birch,cedar,2024-05-01,2024-12-01,,\n\
             a3,cedar,ash,{until},2025-01-01,,\n"
        )
    };
    assert_eq!(cycle_lines(&three("2024-06-01")), [0; 0]);
    assert_eq!(cycle_lines(&three("2024-05-31")), [2, 3, 4]);
}

#[test]
fn every_row_of_a_cycle_is_left_out_whatever_the_order_of_rows() {
    let (edition, catalogue) = network();
    let rows = [
        "a1,ash,birch,2024-01-01,,,\n",
        "a2,birch,ash,2024-01-01,,,\n",
        "a3,cedar,ash,2024-01-01,,,\n",
    ];
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
        let text = order.iter().fold(HEADER.to_owned(), |text, at| text + rows[*at]);
        let mut files = CHAIN;
        files[1] = ("affiliations.csv", &text);
        let mut rejects = Vec::new();
        let loaded = read(&files, &catalogue, None, Some(&mut rejects));
        assert_eq!((loaded.problems.total(), loaded.left_out), (2, 2));
        let rejects = String::from_utf8(rejects).unwrap();
        assert!(rejects.contains("a1,ash") && rejects.contains("a2,birch"), "{rejects}");
        let evaluator = Evaluator::new(&edition, &catalogue, &loaded.facts);
        let ash = loaded.facts.find_partner("ash").unwrap();
        let day = Day::parse(b"2026-06-30").unwrap();
        let ash = evaluator.scorecard(ash, day, None, FactLists::Listed);
        assert_eq!(listed(&ash, "crew"), ["c2 Some(\"subsidiary cedar\")"]);
    }
}

#[test]
fn an_affiliation_of_an_unknown_partner_is_a_problem() {
    let (_, catalogue) = network();
    let text = format!("{HEADER}a1,elm,ash,2024-01-01,,,\na2,ash,oak,2025-01-01,2024-12-31,,\n");
    let loaded = read(&[PARTNERS, ("affiliations.csv", &text)], &catalogue, None, None);
    let found: Vec<String> = loaded.problems.shown().iter().map(ToString::to_string).collect();
    assert_eq!(
        found,
        [
            "affiliations.csv:2:subsidiary: there is no partner `elm` [unknown-reference]",
            "affiliations.csv:3:primary: there is no partner `oak` [unknown-reference]",
            "affiliations.csv:3:until: `2024-12-31` lies before `from`, which is 2025-01-01 \
             [ends-before-beginning]",
        ]
    );
}
