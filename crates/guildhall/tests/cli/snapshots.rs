//! Snapshots: a third source of facts, which comes to the same answers as a folder and a database.

use crate::binary::run;
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
fn an_impact_over_a_snapshot_is_that_over_its_folder() {
    let file = scratch("snapshot-impact").join("network.snapshot");
    let file = file.display();
    answer(&format!("snapshot {file} --data examples/small-network"));
    let line = format!("rulebook impact apn-2021-01 apn-2024-07 {ON} --json");
    assert_eq!(
        answer(&format!("{line} --snapshot {file}")),
        answer(&format!("{line} --data examples/small-network"))
    );
}
