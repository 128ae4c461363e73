//! Answers for programs: JSON with exactly the keys that are promised, CSV, and the page.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::binary::run;
use crate::scratch::scratch;
use crate::{answer, root};

/// Asserts that an object has these keys; those with `?` may be missing.
fn has_keys(value: &Value, keys: &str) {
    let found: BTreeSet<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
    let all: BTreeSet<&str> =
        keys.split_whitespace().map(|key| key.trim_end_matches('?')).collect();
    let needed = keys.split_whitespace().filter(|key| !key.ends_with('?')).collect();
    assert!(found.is_subset(&all) && found.is_superset(&needed), "{found:?}, not {keys}");
}

fn items<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value[key].as_array().unwrap()
}

fn is_decimal(value: &Value) -> bool {
    let is_plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    value.as_str().is_some_and(|text| !text.is_empty() && is_plain(text))
}

fn check_scorecard(card: &Value, has_lists: bool) {
    has_keys(
        card,
        "partner network rulebook as_of known_at path tier renewal upgrade attained review \
         support_discount rows",
    );
    for column in ["renewal", "upgrade"] {
        has_keys(&card[column], "tier met");
        assert_eq!(card[column]["tier"].is_null(), card[column]["met"].is_null());
    }
    has_keys(&card["review"], "last_on due_on outcome to_tier grace_until");
    if !card["support_discount"].is_null() {
        check_statement(&card["support_discount"], has_lists);
    }
    for row in items(card, "rows") {
        let lists = if has_lists { "counted not_counted" } else { "" };
        has_keys(row, &format!("measure title component renewal upgrade {lists}"));
        for column in ["renewal", "upgrade"] {
            let cell = &row[column];
            has_keys(cell, "value target state from until");
            assert!(is_decimal(&cell["value"]), "{cell}");
            assert!(cell["target"].is_null() || is_decimal(&cell["target"]), "{cell}");
            let states = ["met", "not_met", "unknown", "not_required"];
            assert!(states.contains(&cell["state"].as_str().unwrap()), "{cell}");
            assert_eq!(cell["target"].is_null(), cell["state"] == "not_required", "{cell}");
        }
        if has_lists {
            let fact = "fact kind subject columns detail?";
            for counted in items(row, "counted") {
                has_keys(counted, fact);
            }
            let fact = "fact kind subject columns reason detail?";
            for other in items(row, "not_counted") {
                has_keys(other, fact);
            }
            let facts = items(row, "counted").iter().chain(items(row, "not_counted"));
            let facts: Vec<_> = facts
                .flat_map(|fact| {
                    items(fact, "columns")
                        .iter()
                        .map(move |column| (fact["fact"].as_str(), column.as_str()))
                })
                .collect();
            let once: BTreeSet<_> = facts.iter().collect();
            assert_eq!(facts.len(), once.len(), "a fact stands twice in one column: {row}");
        }
    }
}

fn check_statement(statement: &Value, has_lists: bool) {
    has_keys(
        statement,
        "partner network rulebook period from until eligible eligibility base_percent measures \
         percent",
    );
    for rule in items(statement, "eligibility") {
        has_keys(rule, "rule state detail?");
    }
    for measure in items(statement, "measures") {
        has_keys(measure, "measure value target n min_n? state points counted not_counted");
        assert!(measure["n"].is_u64());
        for list in ["counted", "not_counted"] {
            let facts = items(measure, list);
            assert!(has_lists || facts.is_empty());
            let keys = if list == "counted" { "" } else { "reason" };
            let keys = format!("fact kind subject detail? {keys}");
            for fact in facts {
                has_keys(fact, &keys);
            }
        }
    }
}

#[test]
fn a_scorecard_has_exactly_the_promised_keys() {
    for (partner, folder) in
        [("web-services-guru", "web-services-guru"), ("zeltner-roofing", "summit-roofing")]
    {
        for known_at in ["", "--known-at 2026-05-31T00:00:00Z"] {
            let text = answer(&format!(
                "scorecard {partner} --data examples/{folder} --as-of 2026-06-30 --json {known_at}"
            ));
            let card: Value = serde_json::from_str(&text).unwrap();
            check_scorecard(&card, true);
            assert_eq!(card["partner"], partner);
            assert_eq!(card["as_of"], "2026-06-30");
            assert_eq!(card["known_at"].is_null(), known_at.is_empty());
        }
    }
}

/// Readers of the text rely on the order that the documentation shows.
#[test]
fn keys_stand_in_the_order_in_which_they_are_documented() {
    let text = answer(
        "scorecard web-services-guru --data examples/web-services-guru --as-of 2026-06-30 --json",
    );
    let keys = [
        "partner",
        "network",
        "rulebook",
        "as_of",
        "known_at",
        "path",
        "tier",
        "renewal",
        "upgrade",
        "attained",
        "review",
        "support_discount",
        "rows",
    ];
    let places: Vec<usize> =
        keys.iter().map(|key| text.find(&format!("\n  \"{key}\":")).unwrap()).collect();
    assert!(places.is_sorted(), "{places:?}");
}

#[test]
fn a_network_is_one_object_a_line() {
    for folder in ["small-network", "summit-roofing", "web-services-guru", "foreign-layout"] {
        for explain in ["", "--explain"] {
            let text = answer(&format!(
                "network --data examples/{folder} --as-of 2026-06-30 --json {explain}"
            ));
            let cards: Vec<Value> =
                text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
            assert!(!cards.is_empty());
            for card in &cards {
                check_scorecard(card, !explain.is_empty());
            }
            assert!(cards.is_sorted_by_key(|card| card["partner"].as_str().unwrap().to_owned()));
        }
    }
}

/// The same number in every view.
#[test]
fn a_partner_is_the_same_in_the_network_and_alone() {
    let on = "--data examples/small-network --as-of 2026-06-30 --json";
    for line in answer(&format!("network {on} --explain")).lines() {
        let of_all: Value = serde_json::from_str(line).unwrap();
        let partner = of_all["partner"].as_str().unwrap();
        let alone: Value =
            serde_json::from_str(&answer(&format!("scorecard {partner} {on}"))).unwrap();
        assert_eq!(of_all, alone);
    }
}

#[test]
fn a_discount_statement_has_exactly_the_promised_keys() {
    let text =
        answer("discount harbour-cloud --data examples/small-network --period 2026-H1 --json");
    let statement: Value = serde_json::from_str(&text).unwrap();
    check_statement(&statement, true);
    assert_eq!(statement["period"], "2026-H1");
    assert_eq!(
        (&statement["from"], &statement["until"]),
        (&"2025-07-01".into(), &"2026-01-01".into())
    );
    assert!(
        items(&statement, "measures").iter().any(|measure| !items(measure, "counted").is_empty())
    );
    let card =
        answer("scorecard harbour-cloud --data examples/small-network --as-of 2026-06-30 --json");
    let card: Value = serde_json::from_str(&card).unwrap();
    assert_eq!(card["support_discount"], statement);
}

#[test]
fn changes_say_what_moved_and_because_of_what() {
    let line = "changes web-services-guru --data examples/web-services-guru --from 2026-03-31 \
                --to 2026-06-30 --json";
    let changes: Value = serde_json::from_str(&answer(line)).unwrap();
    has_keys(&changes, "partner network from to head cells");
    for side in ["from", "to"] {
        has_keys(&changes[side], "as_of known_at rulebook");
    }
    assert!(!items(&changes, "cells").is_empty());
    for cell in items(&changes, "cells") {
        has_keys(cell, "measure title column before after because");
        for side in ["before", "after"] {
            has_keys(&cell[side], "value target state");
        }
        assert_ne!(cell["before"], cell["after"]);
        assert!(!items(cell, "because").is_empty(), "{cell}");
    }
    let still = line.replace("--from 2026-03-31", "--from 2026-06-30");
    let still: Value = serde_json::from_str(&answer(&still)).unwrap();
    assert_eq!((&still["head"], &still["cells"]), (&Value::Array(vec![]), &Value::Array(vec![])));
}

/// A name that a spreadsheet would run as a formula is text, and stays readable.
#[test]
fn cells_of_csv_are_never_formulas() {
    let folder = scratch("formulas");
    let partners = "id,name,path\n\
                    =1+1,\"=HYPERLINK(\"\"http://x.example\"\",\"\"open\"\")\",fitting\n\
                    +49-30,@SUM(A1:A9),fitting\n-plus,\"\tTab, and comma\",fitting\n\
                    plain,\"Roofs, \"\"and more\"\"\",fitting\n";
    std::fs::write(folder.join("partners.csv"), partners).unwrap();
    std::fs::write(folder.join("network.toml"), "id = \"summit\"\n").unwrap();
    let found = run(&folder, &["network", "--as-of", "2026-06-30", "--csv"]);
    assert_eq!((found.code, found.stderr.as_str()), (Some(0), ""));
    let starts = [
        "'+49-30,'@SUM(A1:A9),summit-2026,",
        "'-plus,\"'\tTab, and comma\",summit-2026,",
        "'=1+1,\"'=HYPERLINK(\"\"http://x.example\"\",\"\"open\"\")\",summit-2026,",
        "plain,\"Roofs, \"\"and more\"\"\",summit-2026,",
    ];
    let lines: Vec<&str> = found.stdout.lines().skip(1).collect();
    assert_eq!(lines.len(), starts.len());
    for (line, start) in lines.iter().zip(starts) {
        assert!(line.starts_with(start), "{line}");
    }
}

#[test]
fn csv_has_a_row_for_each_partner_and_two_columns_for_each_cell() {
    let text = answer("network --data examples/small-network --as-of 2026-06-30 --csv");
    let mut lines = text.lines();
    let head: Vec<&str> = lines.next().unwrap().split(',').collect();
    assert_eq!(head[..7], ["partner", "name", "rulebook", "as_of", "path", "tier", "renewal_tier"]);
    for column in ["launched_mrr_renewal", "launched_mrr_renewal_state", "launched_mrr_upgrade"] {
        assert!(head.contains(&column), "{column}");
    }
    let unique: BTreeSet<&str> = head.iter().copied().collect();
    assert_eq!(unique.len(), head.len());
    let rows: Vec<usize> = lines.map(|line| line.split(',').count()).collect();
    assert_eq!(rows, vec![head.len(); 14]);
    let summit = answer("network --data examples/summit-roofing --as-of 2026-06-30 --csv");
    assert!(summit.starts_with("partner,name,rulebook,as_of,path,tier,"));
}

/// One file that prints and opens anywhere: nothing is fetched, and nothing runs.
#[test]
fn the_page_is_one_file_that_needs_no_other() {
    let folder = scratch("page");
    let page = folder.join("scorecard.html");
    let line = "scorecard web-services-guru --as-of 2026-06-30 --data examples/web-services-guru";
    let mut arguments: Vec<&str> = line.split_whitespace().collect();
    arguments.extend(["--html", page.to_str().unwrap()]);
    let found = run(&root(), &arguments);
    assert_eq!((found.code, found.stderr.as_str()), (Some(0), ""));
    assert_eq!(found.stdout, answer(line), "the text is printed all the same");
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1);
    let text = std::fs::read_to_string(&page).unwrap();
    assert!(text.starts_with("<!DOCTYPE html>") || text.starts_with("<!doctype html>"));
    assert!(text.trim_end().ends_with("</html>"));
    for part in ["Web Services Guru", "Launched opportunities", "opp-43", "<svg"] {
        assert!(text.contains(part), "{part}");
    }
    for part in ["<script", "<link", "<iframe", "src=", "url(", "@import", "javascript:", "onload"]
    {
        assert!(!text.contains(part), "{part}");
    }
}

#[test]
fn a_forecast_as_json_has_the_promised_keys() {
    let line = "forecast web-services-guru --data examples/web-services-guru --as-of 2026-06-30 \
                --until 2027-06-30 --leaves ind-13=2026-09-01 --json";
    let forecast: Value = serde_json::from_str(&answer(line)).unwrap();
    has_keys(
        &forecast,
        "partner network rulebook as_of until known_at holds_reviews suppositions begin end days",
    );
    check_scorecard(&forecast["begin"], false);
    check_scorecard(&forecast["end"], false);
    assert_eq!(forecast["suppositions"][0], "ind-13 leaves on 2026-09-01");
    let days = items(&forecast, "days");
    assert!(days.len() > 20);
    for day in days {
        has_keys(day, "on reviews period lapses begins head cells");
        for review in items(day, "reviews") {
            has_keys(review, "on due_on is_after_grace outcome from_tier to_tier grace_until");
        }
        for event in items(day, "lapses").iter().chain(items(day, "begins")) {
            has_keys(event, "fact kind subject title? reason detail? cells is_reset");
        }
    }
    let left = days.iter().find(|day| day["on"] == "2026-09-02").unwrap();
    assert_eq!(left["lapses"][0]["reason"], "left");
}

#[test]
fn a_forecast_of_a_network_is_an_object_for_each_partner() {
    let line =
        "forecast --data examples/small-network --as-of 2026-06-30 --until 2027-06-30 --json";
    let lines: Vec<Value> =
        answer(line).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 14);
    for outlook in &lines {
        has_keys(outlook, "partner rulebook as_of until days turns");
    }
    let turns = items(&lines[0], "turns");
    assert!(turns.iter().any(|turn| turn["what"] == "tier" && turn["after"] == "select"));
}

#[test]
fn a_calendar_is_written_beside_the_answer() {
    let folder = scratch("ics");
    let file = folder.join("lapses.ics");
    let line = format!(
        "forecast web-services-guru --data examples/web-services-guru --as-of 2026-06-30 \
         --until 2027-06-30 --ics {}",
        file.display()
    );
    answer(&line);
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.starts_with("BEGIN:VCALENDAR\r\n") && text.ends_with("END:VCALENDAR\r\n"));
    assert_eq!(text.matches("BEGIN:VEVENT").count(), text.matches("END:VEVENT").count());
    answer(&line);
    assert_eq!(text, std::fs::read_to_string(&file).unwrap());
}

const IMPACT: &str = "rulebook impact apn-2021-01 apn-2024-07 --data examples/small-network \
                      --as-of 2026-06-30";

#[test]
fn an_impact_as_json_names_every_partner_that_is_moved_and_why() {
    let impact: Value = serde_json::from_str(&answer(&format!("{IMPACT} --json"))).unwrap();
    has_keys(&impact, "network old new as_of known_at partners totals tiers discount moved");
    has_keys(
        &impact["totals"],
        "gains loses endangered relieved comes_near discount_higher discount_lower unmoved",
    );
    for tier in items(&impact, "tiers") {
        has_keys(tier, "path tier before after");
    }
    has_keys(
        &impact["discount"],
        "partners_before partners_after points_before points_after money",
    );
    has_keys(&impact["discount"]["money"], "currency months known unknown spent before after");
    let moved = items(&impact, "moved");
    assert_eq!(impact["totals"]["unmoved"].as_u64().unwrap(), 14 - moved.len() as u64);
    for partner in moved {
        has_keys(
            partner,
            "partner name path tier effects attained_before attained_after renewal_before \
             renewal_after upgrade_before upgrade_after discount_before discount_after money new_tiers \
             because gaps",
        );
        assert!(!items(partner, "effects").is_empty());
        for because in items(partner, "because") {
            has_keys(because, "measure title column tier before after");
        }
        for gap in items(partner, "gaps") {
            has_keys(gap, "column tier measure title unit value target state missing");
        }
    }
    let larkfield = moved.iter().find(|moved| moved["partner"] == "larkfield").unwrap();
    assert_eq!(larkfield["attained_after"], "advanced");
    assert!(items(larkfield, "because").iter().all(|because| because["after"].is_null()));
}

#[test]
fn a_report_and_notices_are_written_beside_the_answer() {
    let folder = scratch("impact");
    let (page, notices) = (folder.join("impact.html"), folder.join("notices"));
    let line = format!("{IMPACT} --html {} --notices {}", page.display(), notices.display());
    let words: Vec<&str> = line.split_whitespace().collect();
    let done = run(&root(), &words);
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    let text = std::fs::read_to_string(&page).unwrap();
    assert!(text.contains("<bdi>Larkfield Nordic</bdi>") && !text.contains("<script"));
    assert_eq!(std::fs::read_dir(&notices).unwrap().count(), 14);
    let notice = std::fs::read_to_string(notices.join("garnet-stack.txt")).unwrap();
    assert!(notice.contains("changes for your tier"), "{notice}");
    assert!(notice.lines().all(|line| line.chars().count() <= 72), "{notice}");
}

#[test]
fn a_discount_that_moves_is_told_in_money_where_spend_is_known() {
    let folder = scratch("impact-money");
    let (later, notices) = (folder.join("apn-later"), folder.join("notices"));
    std::fs::create_dir(&later).unwrap();
    let text = std::fs::read_to_string(root().join("rulebooks/apn/apn-2024-07/rulebook.toml"));
    let text = text.unwrap().replace("id = \"apn-2024-07\"", "id = \"apn-later\"");
    let text = text.replace("base_percent = 25", "base_percent = 27.5");
    std::fs::write(later.join("rulebook.toml"), text).unwrap();
    let page = folder.join("impact.html").display().to_string();
    let line = format!(
        "rulebook impact apn-2024-07 {} --data examples/small-network --as-of 2026-06-30",
        later.display()
    );
    let impact: Value = serde_json::from_str(&answer(&format!("{line} --json"))).unwrap();
    let of = |id: &str| items(&impact, "moved").iter().find(|moved| moved["partner"] == id);
    // 2,562.25 dollars in the year; what was charged in May 2025 is older.
    let dunmore = &of("dunmore-digital").unwrap()["money"];
    assert_eq!(dunmore["spent"], "2562.25");
    assert_eq!([&dunmore["before"], &dunmore["after"]], ["640.5625", "704.61875"]);
    let juniper = of("juniper-ops");
    assert!(juniper.is_none_or(|juniper| juniper["money"].is_null()));
    let line = format!("{line} --html {page} --notices {}", notices.display());
    let text = run(&root(), &line.split_whitespace().collect::<Vec<_>>()).stdout;
    let moved = "64.06 USD more on 2,562.25 USD spent in 12 months";
    assert!(text.contains(&format!("discount higher: 25 → 27.5 percent, {moved}")), "{text}");
    assert!(std::fs::read_to_string(&page).unwrap().contains(moved));
    let notice = std::fs::read_to_string(notices.join("dunmore-digital.txt")).unwrap();
    let notice = notice.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(notice.contains(&format!("where it is 25. In money that is {moved}.")), "{notice}");
}

#[test]
fn a_sweep_is_drawn_as_a_curve() {
    let file = scratch("sweep").join("curve.svg");
    let line = format!(
        "{IMPACT} --sweep advanced.launched_opportunities=5..30:5 --svg {} --json",
        file.display()
    );
    let sweep: Value = serde_json::from_str(&answer(&line)).unwrap();
    has_keys(&sweep, "rulebook as_of tier measure asked is_ceiling partners holders points");
    let points = items(&sweep, "points");
    assert_eq!(points.len(), 6);
    let attain = |point: &Value| point["attain"].as_u64().unwrap();
    assert!(points.windows(2).all(|pair| attain(&pair[0]) >= attain(&pair[1])));
    let drawing = std::fs::read_to_string(file).unwrap();
    assert!(drawing.starts_with("<svg ") && drawing.matches("<polyline").count() == 2);
}
