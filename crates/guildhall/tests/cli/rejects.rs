//! Going on with the good rows: what is left out, what is written, what is said.

use std::fs;
use std::path::Path;

use crate::binary::{Run, run};
use crate::copy::copy;
use crate::scratch::scratch;
use crate::{answer, root};

const NETWORK: [&str; 5] = ["network", "--data", "facts", "--as-of", "2026-06-30"];

fn with_rejects(folder: &Path, more: &[&str]) -> Run {
    run(folder, &[&NETWORK[..], &["--rejects", "rejects.csv"], more].concat())
}

/// A copy of an example in which some cells are exchanged.
fn spoiled(name: &str, spoil: &[(&str, &str, &str)]) -> std::path::PathBuf {
    let folder = scratch(name);
    copy(&root().join("examples/small-network"), &folder.join("facts"));
    for (file, good, bad) in spoil {
        let path = folder.join("facts").join(file);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(good), "{file} has no `{good}`");
        fs::write(&path, text.replacen(good, bad, 1)).unwrap();
    }
    folder
}

fn rows_of(folder: &Path, file: &str, word: &str) -> usize {
    let text = fs::read_to_string(folder.join("facts").join(file)).unwrap();
    text.lines().skip(1).filter(|line| line.split(',').any(|cell| cell == word)).count()
}

#[test]
fn good_facts_leave_nothing_out() {
    let folder = spoiled("no-rejects", &[]);
    let found = with_rejects(&folder, &[]);
    assert_eq!((found.code, found.stderr.as_str()), (Some(0), ""));
    assert_eq!(found.stdout, answer("network --data examples/small-network --as-of 2026-06-30"));
}

#[test]
fn a_bad_row_is_left_out_and_written_with_its_reason() {
    let folder = spoiled("one-reject", &[("ratings.csv", ",5,", ",6,")]);
    let without = run(&folder, &NETWORK);
    assert_eq!((without.code, without.stdout.as_str()), (Some(1), ""));
    let found = with_rejects(&folder, &["--json"]);
    assert_eq!(found.code, Some(0));
    assert_eq!(found.stdout.lines().count(), 14);
    assert!(found.stderr.contains("[bad-value]"), "{}", found.stderr);
    assert!(found.stderr.contains("1 row was left out"), "{}", found.stderr);
    assert!(found.stderr.contains("rejects.csv"), "{}", found.stderr);
    let rejects = fs::read_to_string(folder.join("rejects.csv")).unwrap();
    let lines: Vec<&str> = rejects.lines().collect();
    assert_eq!(lines[0], "file,line,code,message,row");
    assert_eq!(lines.len(), 2);
    assert!(
        lines[1].starts_with("facts/ratings.csv,2,bad-value,`6` is not a score"),
        "{}",
        lines[1]
    );
}

/// Everything of a partner goes with it, and the certificates of its people.
#[test]
fn what_refers_to_a_row_that_is_left_out_is_left_out_and_counted() {
    let folder = spoiled(
        "dependants",
        &[("partners.csv", "Harbour Cloud,services", "Harbour Cloud,servces")],
    );
    let files = [
        "reviews.csv",
        "individuals.csv",
        "opportunities.csv",
        "references.csv",
        "ratings.csv",
        "business_plans.csv",
        "validations.csv",
        "cases.csv",
        "survey_responses.csv",
    ];
    let of_partner: usize = files.iter().map(|file| rows_of(&folder, file, "harbour-cloud")).sum();
    let people = fs::read_to_string(folder.join("facts/individuals.csv")).unwrap();
    let people = people.lines().filter(|line| line.split(',').nth(1) == Some("harbour-cloud"));
    let certificates: usize = people
        .map(|line| rows_of(&folder, "credentials.csv", line.split(',').next().unwrap()))
        .sum();
    assert!(of_partner > 10 && certificates > 5);
    let found = with_rejects(&folder, &["--json"]);
    assert_eq!(found.code, Some(0));
    assert_eq!(found.stdout.lines().count(), 13);
    let count = 1 + of_partner + certificates;
    assert!(found.stderr.contains(&format!("{count} rows were left out")), "{}", found.stderr);
    let rejects = fs::read_to_string(folder.join("rejects.csv")).unwrap();
    assert_eq!(rejects.lines().count(), 1 + count);
    assert!(rejects.contains("there is no partner `harbour-cloud`"));
    // The others are as they were.
    let all = answer("network --data examples/small-network --as-of 2026-06-30 --json");
    for line in found.stdout.lines() {
        assert!(all.contains(line), "{line}");
    }
}

#[test]
fn the_order_of_rows_makes_no_difference() {
    let spoil = [
        ("partners.csv", "Harbour Cloud,services", "Harbour Cloud,servces"),
        ("ratings.csv", ",5,", ",6,"),
        ("individuals.csv", "northlight", "northlght"),
    ];
    let ahead = spoiled("rows-ahead", &spoil);
    let back = spoiled("rows-back", &spoil);
    for entry in fs::read_dir(back.join("facts")).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.extension().is_none_or(|ending| ending != "csv") {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        // Fields of this example hold no line breaks.
        let (head, rows) = text.split_once('\n').unwrap();
        let rows: Vec<&str> = rows.lines().rev().collect();
        fs::write(&path, format!("{head}\n{}\n", rows.join("\n"))).unwrap();
    }
    let [ahead, back] = [ahead, back].map(|folder| {
        let found = with_rejects(&folder, &["--json", "--explain"]);
        assert_eq!(found.code, Some(0));
        let text = fs::read_to_string(folder.join("rejects.csv")).unwrap();
        let cells = |line: &str| line.splitn(3, ',').nth(2).unwrap().to_owned();
        let mut rejects: Vec<String> = text.lines().map(cells).collect();
        rejects.sort();
        let left_out = found.stderr.lines().last().unwrap().to_owned();
        (found.stdout, left_out, rejects)
    });
    assert_eq!(ahead, back);
}

/// A row that is good by itself goes with a bad one of the same id: which of them is meant?
#[test]
fn both_rows_of_an_id_are_left_out() {
    let folder = scratch("left-out");
    let facts = folder.join("facts");
    fs::create_dir(&facts).unwrap();
    fs::write(facts.join("network.toml"), "id = \"summit\"\n").unwrap();
    fs::write(facts.join("partners.csv"), "id,name,path\nzeltner,Zeltner Roofing,fitting\n")
        .unwrap();
    let ratings = "id,partner,customer,score,rated_on\n\
                   r-1,zeltner,fuchs,5,2026-03-24\nr-1,zeltner,fuchs,4,2026-03-25\n\
                   r-2,zeltner,haas,4,2026-04-28\nr-3,zeltner,haas,six,2026-04-28\n\
                   r-3,zeltner,haas,3,2026-04-29\n";
    fs::write(facts.join("ratings.csv"), ratings).unwrap();
    let found = with_rejects(&folder, &[]);
    assert_eq!(found.code, Some(0));
    assert!(found.stderr.contains("4 rows were left out"), "{}", found.stderr);
    let rejects = fs::read_to_string(folder.join("rejects.csv")).unwrap();
    assert_eq!(rejects.matches(",left-out,").count(), 3, "{rejects}");
}

#[test]
fn of_a_file_with_a_bad_header_every_row_is_left_out() {
    let folder = spoiled("bad-header", &[("ratings.csv", "score", "stars")]);
    let text = fs::read_to_string(folder.join("facts/ratings.csv")).unwrap();
    let rows = text.lines().count() - 1;
    let found = with_rejects(&folder, &[]);
    assert_eq!(found.code, Some(0));
    let rejects = fs::read_to_string(folder.join("rejects.csv")).unwrap();
    assert_eq!(rejects.matches(",unreadable-header,").count(), rows, "{rejects}");
}

#[test]
fn without_a_partner_there_is_no_answer() {
    let folder = scratch("nothing-left");
    let facts = folder.join("facts");
    fs::create_dir(&facts).unwrap();
    fs::write(facts.join("network.toml"), "id = \"summit\"\n").unwrap();
    fs::write(facts.join("partners.csv"), "id,name,path\nzeltner,,fitting\n").unwrap();
    let found = with_rejects(&folder, &[]);
    assert_eq!((found.code, found.stdout.as_str()), (Some(1), ""));
    assert!(found.stderr.contains("[nothing-left]"), "{}", found.stderr);
}
