//! Importing: into a new database, again, with what is left out, and what it refuses.

use std::fs;
use std::path::{Path, PathBuf};

use crate::copy::copy;
use crate::databases::Database;
use crate::snapshot::difference;
use crate::{answer, guildhall, holding, json, refused, root};

/// A copy of an example in which some cells are exchanged.
fn spoiled(database: &Database, spoil: &[(&str, &str, &str)]) -> PathBuf {
    let folder = database.dir().join("spoiled");
    let _ = fs::remove_dir_all(&folder);
    copy(&root().join("examples/small-network"), &folder);
    for (file, good, bad) in spoil {
        let path = folder.join(file);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(good), "{file} has no `{good}`");
        fs::write(&path, text.replacen(good, bad, 1)).unwrap();
    }
    folder
}

/// Runs an import into `sqlite:net.db` of the test's own folder, so that no name differs.
fn said(database: &Database, words: &str) -> String {
    let words: Vec<&str> = words.split_whitespace().collect();
    let found = crate::run(database.dir(), &words);
    assert_eq!(found.code, Some(0), "{}", found.stderr);
    format!("{}{}", found.stdout, found.stderr)
}

#[test]
fn reports_look_as_expected() {
    let database = Database::sqlite();
    let folder = spoiled(&database, &[]);
    let to = "--database sqlite:net.db";
    let mut texts = vec![
        ("import-tried", said(&database, &format!("import spoiled {to} --dry-run"))),
        ("import", said(&database, &format!("import spoiled {to}"))),
    ];
    let ratings = folder.join("ratings.csv");
    let text = fs::read_to_string(&ratings).unwrap();
    fs::write(&ratings, text.lines().take(3).fold(String::new(), |all, line| all + line + "\n"))
        .unwrap();
    let reports = folder.join("cases.csv");
    let text = fs::read_to_string(&reports).unwrap();
    fs::write(&reports, text.replacen(",normal,", ",high,", 2)).unwrap();
    let again = format!("import spoiled {to} --complete ratings --complete cases.csv");
    texts.push(("import-again", said(&database, &again)));
    let verified = said(&database, &format!("verify {to}"));
    let is_random = |word: &&str| word.contains(':') && word.len() > 60;
    let seal = verified.split_whitespace().find(is_random).unwrap().to_owned();
    texts.push(("verify", verified.replace(&seal, "2:(sixty-four digits)")));
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots");
    let wrong: Vec<String> = texts
        .iter()
        .filter_map(|(name, text)| difference(&folder.join(name).with_extension("txt"), text))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for (name, text) in texts {
        let is_good = |line: &str| line.chars().count() <= 80 && line.trim_end() == line;
        assert!(text.lines().all(is_good), "{name}:\n{text}");
    }
}

#[test]
fn importing_again_adds_nothing() {
    for database in Database::both() {
        let line = format!("import examples/small-network --database {}", database.url);
        let first = json(&line);
        assert_eq!(first["network"], "apn");
        assert_eq!(first["is_dry_run"], false);
        let again = json(&line);
        let total = &again["total"];
        assert_eq!(total["unchanged"], first["total"]["added"]);
        for name in ["added", "changed", "retracted"] {
            assert_eq!(total[name], 0, "{name}");
        }
        assert_ne!(again["entry"], first["entry"]);
        assert_eq!(json(&format!("verify --database {}", database.url))["entries"], 2);
    }
}

#[test]
fn a_foreign_layout_is_imported() {
    let database = holding("foreign-layout", Database::sqlite());
    let line = "network --as-of 2026-06-30 --json --explain";
    let of_folder = answer(&format!("{line} --data examples/foreign-layout"));
    assert_eq!(answer(&format!("{line} --database {}", database.url)), of_folder);
}

#[test]
fn a_dry_run_leaves_nothing() {
    let database = Database::sqlite();
    let line = format!("import examples/small-network --dry-run --database {}", database.url);
    let tried = json(&line);
    assert_eq!(tried["is_dry_run"], true);
    assert!(tried["entry"].is_null());
    assert_eq!(fs::read_dir(database.dir()).unwrap().count(), 0);
    let database = holding("web-services-guru", Database::postgres());
    let before = json(&format!("verify --database {}", database.url));
    let line = format!("import examples/web-services-guru --dry-run --database {}", database.url);
    assert_eq!(json(&line)["total"]["added"], 0);
    assert_eq!(json(&format!("verify --database {}", database.url)), before);
}

#[test]
fn a_bad_row_is_enough_to_import_nothing() {
    for database in Database::both() {
        let folder = spoiled(&database, &[("ratings.csv", ",5,", ",6,")]);
        let folder = folder.display();
        let line = format!("import {folder} --database {}", database.url);
        let report = refused(&line, "bad-value");
        assert!(report.contains("ratings.csv:2:score"), "{report}");
        let found = guildhall(&format!("{line} --json"));
        assert_eq!(found.code, Some(1));
        assert!(found.stdout.contains("\"bad-value\""), "{}", found.stdout);
        refused(&format!("network --database {}", database.url), "empty-database");
        let rejects = database.dir().join("rejects.csv");
        let found = guildhall(&format!("{line} --rejects {}", rejects.display()));
        assert_eq!(found.code, Some(0), "{}", found.stderr);
        assert!(found.stderr.contains("1 row was left out"), "{}", found.stderr);
        let rejects = fs::read_to_string(rejects).unwrap();
        assert_eq!(rejects.lines().count(), 2, "{rejects}");
        let network = format!("network --json --as-of 2026-06-30 --database {}", database.url);
        assert_eq!(answer(&network).lines().count(), 14);
    }
}

#[test]
fn rejects_do_not_lie_in_the_folder() {
    let database = Database::sqlite();
    let folder = spoiled(&database, &[("ratings.csv", ",5,", ",6,")]);
    let folder = folder.display();
    let line = format!("import {folder} --rejects {folder}/cases.csv --database {}", database.url);
    refused(&line, "bad-rejects");
    assert!(!database.dir().join("test.db").exists());
}

#[test]
fn a_kind_is_complete_only_where_its_file_is_there() {
    let database = holding("small-network", Database::sqlite());
    let line = format!("import examples/small-network --database {} --complete", database.url);
    let report = refused(&format!("{line} affiliations"), "missing-file");
    assert!(report.contains("an empty file with its header retracts all"), "{report}");
    let wrong = guildhall(&format!("{line} rating"));
    assert_eq!(wrong.code, Some(1));
    assert!(wrong.stderr.contains("did you mean `ratings`?"), "{}", wrong.stderr);
}

#[test]
fn a_database_is_of_one_network() {
    let database = holding("small-network", Database::sqlite());
    let url = &database.url;
    for line in
        ["import examples/summit-roofing", "import examples/small-network --rulebook summit"]
    {
        refused(&format!("{line} --database {url}"), "other-network");
    }
    let other = Database::sqlite();
    let line = format!("import examples/summit-roofing --rulebook apn --database {}", other.url);
    refused(&line, "other-network");
    let line = format!("import examples/small-network --rulebook apm --database {}", other.url);
    refused(&line, "unknown-rulebook");
}

/// What is published is published: an import changes no rules.
#[test]
fn rulebooks_of_a_filled_database_stay_as_they_are() {
    let database = Database::sqlite();
    let books = database.dir().join("books");
    copy(&root().join("rulebooks/summit"), &books);
    let line = format!(
        "import examples/summit-roofing --rulebooks {} --database {}",
        books.display(),
        database.url
    );
    answer(&line);
    answer(&line);
    let mut folders: Vec<PathBuf> =
        fs::read_dir(&books).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    let file = folders.pop().unwrap().join("rulebook.toml");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, format!("{text}\n# Another remark.\n")).unwrap();
    assert!(refused(&line, "other-edition").contains("with another text"));
    let id = text.lines().find_map(|line| line.strip_prefix("id = \"")?.strip_suffix('"'));
    let text = text.replacen(id.unwrap(), "later-2027", 1);
    fs::write(&file, text).unwrap();
    let report = refused(&line, "other-edition");
    assert!(report.contains("does not hold the edition `later-2027`"), "{report}");
}
