//! Which rulebook is meant: by id, by network, by path, of another folder, by the day.

use std::fs;

use crate::binary::run;
use crate::copy::copy;
use crate::scratch::scratch;
use crate::{answer, guildhall, root};

#[test]
fn a_rulebook_is_named_by_id_network_or_path() {
    let line = "scorecard zeltner-roofing --data examples/summit-roofing --as-of 2026-06-30 --json";
    let own = answer(line);
    for name in [
        "summit",
        "summit-2026",
        "rulebooks/summit",
        "rulebooks/summit/summit-2026",
        "rulebooks/summit/summit-2026/rulebook.toml",
    ] {
        assert_eq!(answer(&format!("{line} --rulebook {name}")), own, "{name}");
    }
}

/// An edition may be tried on days before it comes into force.
#[test]
fn an_edition_that_is_named_is_used_whatever_the_day() {
    let line = "network --data examples/small-network --as-of 2024-07-09 --json";
    for edition in ["apn-2021-01", "apn-2024-07"] {
        let text = answer(&format!("{line} --rulebook {edition}"));
        assert!(text.lines().all(|line| line.contains(&format!("\"rulebook\":\"{edition}\""))));
    }
    assert_eq!(answer(line), answer(&format!("{line} --rulebook apn-2021-01")));
    let next = answer(&line.replace("07-09", "07-10"));
    assert!(next.contains("\"rulebook\":\"apn-2024-07\""));
}

#[test]
fn without_a_network_the_default_one_is_meant() {
    let folder = scratch("default-network");
    fs::write(folder.join("partners.csv"), "id,name,path\nacme,Acme Cloud,services\n").unwrap();
    let found = run(&folder, &["network", "--as-of", "2026-06-30", "--json"]);
    assert_eq!(found.code, Some(0), "{}", found.stderr);
    assert!(found.stdout.contains("\"network\":\"apn\""));
}

#[test]
fn rulebooks_of_another_folder_can_be_named() {
    let folder = scratch("other-rulebooks");
    let edition = folder.join("rules/tiles/tiles-2026");
    let book = root().join("crates/rules/tests/bad-rulebooks/another-edition.toml");
    fs::create_dir_all(&edition).unwrap();
    fs::copy(book, edition.join("rulebook.toml")).unwrap();
    fs::write(folder.join("partners.csv"), "id,name,path\nzeltner,Zeltner,fitting\n").unwrap();
    let on = ["network", "--as-of", "2026-06-30", "--json", "--rulebooks", "rules"];
    for name in ["tiles", "tiles-2026"] {
        let found = run(&folder, &[&on[..], &["--rulebook", name]].concat());
        assert_eq!(found.code, Some(0), "{}", found.stderr);
        assert!(found.stdout.contains("\"rulebook\":\"tiles-2026\""));
    }
    fs::write(folder.join("network.toml"), "id = \"tiles\"\n").unwrap();
    let found = run(&folder, &on);
    assert_eq!(found.code, Some(0), "{}", found.stderr);
    assert!(found.stdout.contains("\"network\":\"tiles\""));
    // A folder that is named stands above what is shipped.
    copy(&root().join("rulebooks/summit"), &folder.join("rules/summit"));
    let own = folder.join("rules/summit/summit-2026/rulebook.toml");
    let text = fs::read_to_string(&own).unwrap();
    fs::write(&own, text.replacen("Summit partner program 2026", "Draft for spring", 1)).unwrap();
    fs::write(folder.join("network.toml"), "id = \"summit\"\n").unwrap();
    let line = ["network", "--as-of", "2026-06-30", "--rulebooks", "rules"];
    let found = run(&folder, &line);
    assert!(found.stdout.starts_with("Draft for spring, "), "{}", found.stdout);
}

#[test]
fn before_the_first_edition_the_editions_are_named() {
    let line = "network --data examples/small-network --as-of 2020-12-31";
    let found = guildhall(line);
    assert_eq!(found.code, Some(1));
    for part in ["[no-edition]", "2020-12-31", "apn-2021-01", "2021-01-01", "apn-2024-07"] {
        assert!(found.stderr.contains(part), "{part}: {}", found.stderr);
    }
    // Nor is there one that had not been published by then.
    let found = guildhall(
        "network --data examples/small-network --as-of 2026-06-30 --known-at 2020-01-01T00:00:00Z",
    );
    assert_eq!(found.code, Some(1));
    assert!(found.stderr.contains("as known at 2020-01-01T00:00:00Z"), "{}", found.stderr);
}

#[test]
fn an_edition_is_not_used_before_it_was_published() {
    let line = "network --data examples/web-services-guru --as-of 2024-07-10 --json --known-at";
    for (moment, edition) in
        [("2024-01-01T00:00:00Z", "apn-2021-01"), ("2026-01-01T00:00:00Z", "apn-2024-07")]
    {
        let text = answer(&format!("{line} {moment}"));
        assert!(text.contains(&format!("\"rulebook\":\"{edition}\"")), "{moment}: {text}");
    }
}

#[test]
fn the_shipped_rulebooks_have_no_problem() {
    let found = guildhall("rulebook check rulebooks/apn rulebooks/summit");
    assert_eq!((found.code, found.stdout.as_str()), (Some(0), ""), "{}", found.stderr);
    assert_eq!(found.stderr.lines().count(), 3, "{}", found.stderr);
    assert!(found.stderr.lines().all(|line| line.starts_with("checked ")));
    let found = guildhall("rulebook check --json rulebooks");
    assert_eq!((found.code, found.stderr.as_str()), (Some(0), ""));
    assert_eq!(found.stdout, "{\"problems\": []}\n");
}

#[test]
fn an_edition_does_not_differ_from_itself() {
    for name in ["summit-2026", "rulebooks/summit/summit-2026"] {
        let text = answer(&format!("rulebook diff {name} summit-2026"));
        assert!(text.ends_with("Nothing changed.\n"), "{text}");
    }
    let json = answer("rulebook diff apn-2021-01 apn-2024-07 --json");
    let found: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert!(found["changes"].as_array().is_some_and(|changes| !changes.is_empty()));
    let found = guildhall("rulebook diff apn apn-2024-07");
    assert_eq!(found.code, Some(1));
    assert!(found.stderr.contains("apn-2021-01, apn-2024-07"), "{}", found.stderr);
}

/// `UPDATE=1` rewrites what is expected, and nothing else.
#[test]
fn expectations_of_examples_are_rewritten_on_request() {
    let folder = scratch("update");
    let case = "crates/guildhall/tests/bad-rulebooks/example-differs/tiles-2026";
    copy(&root().join(case), &folder.join("tiles-2026"));
    let mut command = crate::binary::command(&folder);
    let output = command.env("UPDATE", "1").args(["rulebook", "check", "."]).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    let file = "tests/projects.md";
    let before = fs::read_to_string(root().join(case).join(file)).unwrap();
    let after = fs::read_to_string(folder.join("tiles-2026").join(file)).unwrap();
    assert_eq!(after, before.replace("upgrade 3 of 4 not met", "upgrade 3 of 3 met"));
    assert_eq!(run(&folder, &["rulebook", "check", "."]).code, Some(0));
}
