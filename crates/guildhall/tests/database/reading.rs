//! Answers over a database: those of the folder that it holds.

use std::fs;

use crate::binary::command;
use crate::databases::Database;
use crate::{answer, guildhall, holding, refused, root};

const FOLDER: &str = "--data examples/small-network";

/// Commands about one network.
fn questions() -> Vec<String> {
    let on = "--as-of 2026-06-30";
    let mut lines = vec![
        format!("network {on}"),
        format!("network {on} --csv"),
        format!("network {on} --json --explain"),
        "network --as-of 2024-01-01 --json --known-at 2026-03-01T00:00:00Z".to_owned(),
        "changes harbour-cloud --from 2025-12-31 --to 2026-06-30".to_owned(),
        "changes northlight --from 2024-07-09 --to 2024-07-10 --json".to_owned(),
        "changes northlight --from 2026-06-30 --to 2026-06-30 \
         --known-from 2026-03-01T00:00:00Z --json"
            .to_owned(),
        format!("discount harbour-cloud --period 2026-H1 {on} --explain"),
        format!("discount northlight --period 2026-H1 {on} --json"),
    ];
    for partner in ["harbour-cloud", "northlight", "halyard-apps", "fernhollow", "kestrel-cloud"] {
        lines.push(format!("scorecard {partner} {on} --explain"));
        lines.push(format!("scorecard {partner} {on} --json"));
        lines.push(format!("scorecard {partner} {on} --json --known-at 2026-04-30T23:59:59Z"));
    }
    lines
}

#[test]
fn a_database_answers_as_the_folder_that_it_holds() {
    for database in Database::both().map(|database| holding("small-network", database)) {
        for line in questions() {
            let of_folder = answer(&format!("{line} {FOLDER}"));
            assert_eq!(answer(&format!("{line} --database {}", database.url)), of_folder, "{line}");
        }
    }
}

#[test]
fn the_page_of_a_scorecard_is_the_same() {
    let database = holding("web-services-guru", Database::sqlite());
    let [own, of_folder] = ["own.html", "folder.html"].map(|name| database.dir().join(name));
    let line = "scorecard web-services-guru --as-of 2026-06-30 --html";
    answer(&format!("{line} {} --database {}", own.display(), database.url));
    answer(&format!("{line} {} --data examples/web-services-guru", of_folder.display()));
    assert_eq!(fs::read_to_string(own).unwrap(), fs::read_to_string(of_folder).unwrap());
}

#[test]
fn a_partner_that_is_not_there_is_looked_for_nearby() {
    let database = holding("small-network", Database::sqlite());
    let on = format!("--as-of 2026-06-30 --database {}", database.url);
    let report = refused(&format!("scorecard harbor-cloud {on}"), "unknown-partner");
    assert!(report.contains("did you mean `harbour-cloud`?"), "{report}");
    let report = refused(&format!("discount zzzzzz --period 2026-H1 {on}"), "unknown-partner");
    assert!(report.contains("`guildhall network` lists all partners"), "{report}");
}

/// What an argument names goes before what the environment names.
#[test]
fn the_environment_may_name_the_database() {
    let database = holding("web-services-guru", Database::sqlite());
    let ask = |arguments: &str| {
        let mut command = command(&root());
        command.env("GUILDHALL_DATABASE", &database.url);
        let output = command.args(arguments.split_whitespace()).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let partners = |text: &str| text.lines().count();
    assert_eq!(partners(&ask("network --as-of 2026-06-30 --json")), 1);
    assert_eq!(partners(&ask(&format!("network --as-of 2026-06-30 --json {FOLDER}"))), 14);
    assert!(ask("verify").contains("nothing was changed"));
    let other = holding("small-network", Database::sqlite());
    let named = format!("network --as-of 2026-06-30 --json --database {}", other.url);
    assert_eq!(partners(&ask(&named)), 14);
}

#[test]
fn reading_makes_no_database() {
    let database = Database::sqlite();
    for command in ["network", "scorecard acme", "verify", "export facts", "backup copy"] {
        let report =
            refused(&format!("{command} --database {}", database.url), "unreachable-database");
        assert!(report.contains("there is no file"), "{report}");
        assert_eq!(fs::read_dir(database.dir()).unwrap().count(), 0, "{command}");
    }
}

#[test]
fn a_database_without_a_network_says_so() {
    for database in Database::both() {
        let url = &database.url;
        // An import of which nothing came leaves the tables.
        refused(
            &format!("import crates/guildhall/tests/bad-facts/bad-value --database {url}"),
            "bad-value",
        );
        for command in ["network", "scorecard acme", "export no-such-folder"] {
            refused(&format!("{command} --database {url}"), "empty-database");
        }
        assert!(!root().join("no-such-folder").exists());
    }
}

#[test]
fn wrong_addresses_are_problems() {
    for (url, code, part) in [
        ("network.db", "bad-database", "begins with neither"),
        ("sqlite:", "bad-database", "names no file"),
        ("postgres://host:notaport/net", "bad-database", "postgres://"),
        ("sqlite:README.md", "unreachable-database", "README.md"),
        ("sqlite:examples", "unreachable-database", "examples"),
        ("postgres://ada:secret@/net?host=/no/such/folder", "unreachable-database", "opened"),
    ] {
        let report = refused(&format!("network --database {url}"), code);
        assert!(report.contains(part) && !report.contains("secret"), "{url}: {report}");
    }
}

#[test]
fn a_folder_and_a_database_are_not_asked_together() {
    let both = guildhall(&format!("network {FOLDER} --database sqlite:net.db"));
    assert_eq!(both.code, Some(1));
    assert!(both.stderr.contains("cannot be used with"), "{}", both.stderr);
    let rejects = guildhall("network --database sqlite:net.db --rejects left.csv");
    assert_eq!(rejects.code, Some(1));
    assert!(rejects.stderr.contains("cannot be used with"), "{}", rejects.stderr);
}

/// A database answers by what it has published; another edition is used where it is named.
#[test]
fn another_edition_of_the_network_may_be_named() {
    let database = holding("small-network", Database::sqlite());
    let id = {
        let shipped = fs::read_dir(root().join("rulebooks/apn")).unwrap();
        let mut ids: Vec<_> = shipped.map(|entry| entry.unwrap().file_name()).collect();
        ids.sort();
        ids[0].to_str().unwrap().to_owned()
    };
    let line = format!("scorecard northlight --as-of 2026-06-30 --json --rulebook {id}");
    let of_folder = answer(&format!("{line} {FOLDER}"));
    assert_eq!(answer(&format!("{line} --database {}", database.url)), of_folder);
    let report =
        refused(&format!("network --rulebook summit --database {}", database.url), "other-network");
    assert!(report.contains("the database is of the network"), "{report}");
}

#[test]
fn a_database_of_a_newer_release_is_left_alone() {
    for database in Database::both().map(|database| holding("web-services-guru", database)) {
        crate::tamper(
            &database,
            "insert into migrations (number, name, sha256, at) values (999, 'later', '', '')",
        );
        for command in ["network", "verify", "import examples/web-services-guru"] {
            let line = format!("{command} --database {}", database.url);
            let report = refused(&line, "newer-database");
            assert!(report.contains("999"), "{report}");
        }
        crate::tamper(&database, "update migrations set sha256 = 'of another text'");
        let report = refused(&format!("network --database {}", database.url), "other-schema");
        assert!(report.contains("another text"), "{report}");
    }
}
