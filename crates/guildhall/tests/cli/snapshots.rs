//! Snapshots: a third source of facts, which comes to the same answers as a folder and a database.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use crate::binary::{command, run};
use crate::scratch::scratch;
use crate::{answer, guildhall, root};

const ON: &str = "--as-of 2026-06-30";

/// The same facts as a folder, a database and two snapshots come to the same scorecards.
#[test]
fn folder_database_and_snapshots_give_the_same_scorecards() {
    for example in ["small-network", "summit-roofing", "web-services-guru"] {
        let dir = scratch(&format!("snapshot-{example}"));
        let [database, of_folder, of_database] =
            ["network.db", "folder.snapshot", "database.snapshot"]
                .map(|name| dir.join(name).display().to_string());
        let done = guildhall(&format!("import examples/{example} --database sqlite:{database}"));
        assert_eq!(done.code, Some(0), "{}", done.stderr);
        answer(&format!("snapshot {of_folder} --data examples/{example}"));
        answer(&format!("snapshot {of_database} --database sqlite:{database}"));
        let sources = [
            format!("--data examples/{example}"),
            format!("--database sqlite:{database}"),
            format!("--snapshot {of_folder}"),
            format!("--snapshot {of_database}"),
        ];
        let cards: Vec<String> = sources
            .iter()
            .map(|source| answer(&format!("network {source} {ON} --json --explain")))
            .collect();
        for (card, source) in cards.iter().zip(&sources) {
            assert_eq!(*card, cards[0], "{source}");
        }
        let line = format!("forecast {ON} --until 2027-06-30 --json");
        let forecasts = sources.iter().map(|source| answer(&format!("{line} {source}")));
        let forecasts: Vec<String> = forecasts.collect();
        assert!(forecasts.iter().all(|forecast| *forecast == forecasts[0]));
    }
}

#[test]
fn a_snapshot_at_the_position_of_its_database_is_left_as_it_is() {
    let dir = scratch("snapshot-again");
    let (database, file) = (dir.join("network.db"), dir.join("network.snapshot"));
    let (database, file) = (database.display(), file.display());
    let import = format!("import examples/small-network --database sqlite:{database}");
    assert_eq!(guildhall(&import).code, Some(0));
    let snapshot = format!("snapshot {file} --database sqlite:{database}");
    assert!(answer(&snapshot).contains("14 partners"));
    assert!(answer(&snapshot).contains("is up to date"));
    let facts = dir.join("facts");
    std::fs::create_dir(&facts).unwrap();
    let partner = "id,name,path\nthornbury,Thornbury,services\n";
    std::fs::write(facts.join("partners.csv"), partner).unwrap();
    let facts = facts.display().to_string();
    let import = ["import", &facts, "--database", &format!("sqlite:{database}")];
    let done = run(&root(), &import);
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    assert!(answer(&snapshot).contains("15 partners"));
}

#[test]
fn a_snapshot_keeps_one_state_of_knowledge() {
    let file = scratch("snapshot-known").join("network.snapshot");
    let file = file.display();
    let known = "--known-at 2026-04-30T23:59:59Z";
    let guru = "--data examples/web-services-guru";
    answer(&format!("snapshot {file} {guru} {known}"));
    let line = "network --as-of 2026-04-30 --json --explain";
    assert_eq!(
        answer(&format!("{line} --snapshot {file} {known}")),
        answer(&format!("{line} {guru} {known}"))
    );
    let other = guildhall(&format!("{line} --snapshot {file} --known-at 2026-05-01T00:00:00Z"));
    assert_eq!(other.code, Some(1));
    assert!(other.stdout.contains("other-knowledge"), "{}", other.stdout);
}

#[test]
fn an_impact_over_a_snapshot_or_a_database_is_that_over_the_folder() {
    let (dir, database) = database_of("small-network", "snapshot-impact");
    let file = dir.join("network.snapshot");
    let file = file.display();
    answer(&format!("snapshot {file} --data examples/small-network"));
    let line = format!("rulebook impact apn-2021-01 apn-2024-07 {ON} --json");
    let of_folder = answer(&format!("{line} --data examples/small-network"));
    assert!(of_folder.contains("\"spent\""));
    assert_eq!(answer(&format!("{line} --snapshot {file}")), of_folder);
    assert_eq!(answer(&format!("{line} --database {database}")), of_folder);
}

/// A database of an example, in a folder of the test's own.
fn database_of(example: &str, name: &str) -> (PathBuf, String) {
    let dir = scratch(name);
    let database = format!("sqlite:{}", dir.join("network.db").display());
    let done = guildhall(&format!("import examples/{example} --database {database}"));
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    (dir, database)
}

/// Imports files of facts.
fn import(dir: &Path, database: &str, files: &[(&str, &str)]) {
    let facts = dir.join("facts");
    let _ = fs::remove_dir_all(&facts);
    fs::create_dir(&facts).unwrap();
    for (name, text) in files {
        fs::write(facts.join(name), text).unwrap();
    }
    let done = run(&root(), &["import", &facts.display().to_string(), "--database", database]);
    assert_eq!(done.code, Some(0), "{}{}", done.stdout, done.stderr);
}

#[test]
fn a_snapshot_that_is_brought_up_to_date_is_the_one_that_is_made_whole() {
    let (dir, database) = database_of("small-network", "snapshot-renewed");
    let known = "--known-at 2026-06-01T00:00:00Z";
    let file = |name: &str| dir.join(name).display().to_string();
    let make = |name: &str, known: &str| {
        answer(&format!("snapshot {} --database {database} {known}", file(name)))
    };
    make("now", "");
    make("then", known);
    let opportunity = "id,partner,customer,stage,review,expected_mrr,currency,launched_on\n\
                       alderbrook-opp-001,alderbrook,cedar-bank,Launched,Approved,1,USD,2026-01-09\n\
                       one-more,thornbury,cedar-bank,Launched,Approved,2,USD,2026-01-10\n";
    let partner = "id,name,path\nthornbury,Thornbury,services\n";
    import(&dir, &database, &[("partners.csv", partner), ("opportunities.csv", opportunity)]);
    assert!(make("now", "").ends_with("read anew: 2 partners and 0 people; the rest was kept\n"));
    // What is learned later of an earlier moment.
    let early = "id,partner,customer,stage,review,expected_mrr,currency,launched_on,recorded_at\n\
                 early,alderbrook,cedar-bank,Launched,Approved,7,USD,2026-01-09,2026-05-01T00:00:00Z\n";
    import(&dir, &database, &[("opportunities.csv", early)]);
    for (name, known) in [("now", ""), ("then", known)] {
        assert!(make(name, known).contains("read anew: "));
        assert!(make(name, known).contains("up to date"));
        make("whole", known);
        assert_eq!(fs::read(file(name)).unwrap(), fs::read(file("whole")).unwrap());
        fs::remove_file(file("whole")).unwrap();
    }
    let line = format!("network {ON} --json --explain");
    assert_eq!(
        answer(&format!("{line} --snapshot {}", file("now"))),
        answer(&format!("{line} --database {database}"))
    );
}

#[test]
fn a_file_that_cannot_be_brought_up_to_date_is_made_whole() {
    let (dir, database) = database_of("small-network", "snapshot-whole");
    let (_, other) = database_of("small-network", "snapshot-other");
    let file = dir.join("network.snapshot").display().to_string();
    let make = |database: &str| {
        let text = answer(&format!("snapshot {file} --database {database} --json"));
        serde_json::from_str::<serde_json::Value>(&text).unwrap()
    };
    assert_eq!(make(&other)["is_read_whole"], true);
    assert_eq!(make(&database)["is_read_whole"], true, "of another journal");
    assert_eq!(make(&database)["is_written"], false);
    let mut bytes = fs::read(&file).unwrap();
    bytes[5000] ^= 1;
    fs::write(&file, bytes).unwrap();
    let partner = "id,name,path\nthornbury,Thornbury,services\n";
    import(&dir, &database, &[("partners.csv", partner)]);
    assert_eq!(make(&database)["is_read_whole"], true, "damaged");
    fs::write(&file, "something else").unwrap();
    let words = ["snapshot", &file, "--database", &database].map(str::to_owned);
    let refused = run(&root(), &words);
    assert_eq!(refused.code, Some(1), "no snapshot");
    assert_eq!(fs::read_to_string(&file).unwrap(), "something else");
}

#[test]
fn nothing_is_written_over_facts() {
    let dir = scratch("written-over");
    let facts = dir.join("partners.csv");
    let text = "id,name,path\nthornbury,Thornbury,services\n";
    fs::write(&facts, text).unwrap();
    let of = "web-services-guru --data examples/web-services-guru --as-of 2026-06-30";
    for line in [
        "snapshot FILE --data examples/web-services-guru".to_owned(),
        format!("scorecard {of} --html FILE"),
        format!("forecast {of} --until 2026-09-30 --ics FILE"),
        format!("plan {of} --to advanced --by 2026-12-31 --html FILE"),
        "rulebook impact apn-2021-01 apn-2024-07 --data examples/small-network --html FILE"
            .to_owned(),
    ] {
        let line = line.replace("FILE", &facts.display().to_string());
        let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        assert_eq!(run(&root(), &words).code, Some(1), "{line}");
        assert_eq!(fs::read_to_string(&facts).unwrap(), text, "{line}");
    }
}

#[test]
fn a_writer_that_is_killed_leaves_the_older_snapshot() {
    let (dir, database) = database_of("small-network", "snapshot-killed");
    let file = dir.join("network.snapshot");
    let make =
        ["snapshot", &file.display().to_string(), "--database", &database].map(str::to_owned);
    assert_eq!(run(&root(), &make).code, Some(0));
    let parts = || -> Vec<PathBuf> {
        let paths = fs::read_dir(&dir).unwrap().map(|entry| entry.unwrap().path());
        paths.filter(|path| path.extension().is_some_and(|ending| ending == "part")).collect()
    };
    let mut killed = 0;
    for round in 0..20 {
        let partner = format!("id,name,path\nthornbury-{round},Thornbury,services\n");
        import(&dir, &database, &[("partners.csv", &partner)]);
        let older = fs::read(&file).unwrap();
        let mut writer = command(&root());
        writer.args(&make).stdout(Stdio::null()).stderr(Stdio::null());
        let mut writer = writer.spawn().unwrap();
        // As soon as there is something half written, or it is too late.
        while parts().is_empty() && writer.try_wait().unwrap().is_none() {}
        writer.kill().unwrap();
        writer.wait().unwrap();
        let found = fs::read(&file).unwrap();
        killed += usize::from(found == older);
        let file = file.display();
        let line = format!("network {ON} --json --snapshot {file}");
        let count = |text: &str| text.lines().count();
        let expected = if found == older { round } else { round + 1 };
        assert_eq!(count(&answer(&line)), 14 + expected, "round {round}");
        // The next one tidies up.
        assert_eq!(run(&root(), &make).code, Some(0));
        assert!(parts().is_empty());
    }
    assert!(killed > 0);
}
