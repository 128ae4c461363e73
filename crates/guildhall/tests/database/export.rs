//! Facts out of a database and into one of the other kind: the same scorecards.

use std::fs;
use std::path::Path;

use crate::databases::Database;
use crate::{answer, guildhall, json, refused};

/// Days and states of knowledge.
const WHEN: [&str; 5] = [
    "--as-of 2026-06-30",
    "--as-of 2025-02-28",
    "--as-of 2026-06-30 --known-at 2026-01-31T00:00:00Z",
    "--as-of 2024-07-10 --known-at 2026-05-01T12:00:00Z",
    "--as-of 2022-03-31",
];

fn networks(sources: &str) -> Vec<String> {
    let ask = |when: &&str| {
        let found = guildhall(&format!("network --json --explain {when} {sources}"));
        // Where no edition was known yet, that is the answer.
        format!("{}{}", found.stdout, found.stderr)
    };
    WHEN.iter().map(ask).collect()
}

/// Folder, SQLite, folder, PostgreSQL, folder.
fn round_trip(folder: &str, partner: &str) {
    let [sqlite, postgres] = Database::both();
    let [first, second] = ["first", "second"].map(|name| sqlite.dir().join(name));
    let (first, second) = (first.display(), second.display());
    let rows =
        json(&format!("import {folder} --database {}", sqlite.url))["total"]["added"].clone();
    assert_eq!(json(&format!("export {first} --database {}", sqlite.url))["rows"], rows);
    let again = json(&format!("import {first} --database {}", postgres.url));
    assert_eq!(again["total"]["added"], rows);
    assert_eq!(json(&format!("export {second} --database {}", postgres.url))["rows"], rows);
    let places = [
        format!("--data {folder}"),
        format!("--database {}", sqlite.url),
        format!("--data {first}"),
        format!("--database {}", postgres.url),
        format!("--data {second}"),
    ];
    let [expected, others @ ..] = places.each_ref().map(|place| networks(place));
    for (others, place) in others.iter().zip(&places[1..]) {
        assert!(*others == expected, "{place} answers otherwise than {folder}");
    }
    let card = |place: &str| answer(&format!("scorecard {partner} {} --json {place}", WHEN[0]));
    for place in &places {
        assert_eq!(card(place), card(&places[0]), "{place}");
    }
    same_files(Path::new(&first.to_string()), Path::new(&second.to_string()));
}

fn same_files(first: &Path, second: &Path) {
    let names = |folder: &Path| {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    };
    assert_eq!(names(first), names(second));
    for name in names(first) {
        let [one, other] = [first, second].map(|folder| folder.join(&name));
        if one.is_dir() {
            same_files(&one, &other);
        } else {
            assert_eq!(fs::read(one).unwrap(), fs::read(other).unwrap(), "{}", name.display());
        }
    }
}

#[test]
fn an_example_goes_out_and_back() {
    round_trip("examples/small-network", "northlight");
}

#[test]
fn facts_with_two_times_go_out_and_back() {
    round_trip("examples/web-services-guru", "web-services-guru");
}

#[test]
fn an_invented_network_goes_out_and_back() {
    let database = Database::sqlite();
    let folder = database.dir().join("invented");
    let folder = folder.display();
    answer(&format!("generate {folder} --partners 200 --facts-per-partner 40 --seed 11"));
    let partners = fs::read_to_string(Path::new(&folder.to_string()).join("partners.csv")).unwrap();
    let partner = partners.lines().nth(7).unwrap().split(',').next().unwrap();
    round_trip(&folder.to_string(), partner);
}

/// Rulebooks that are not shipped go with the facts.
#[test]
fn a_network_of_its_own_rulebooks_goes_out_and_back() {
    let [sqlite, postgres] = Database::both();
    let case = "crates/guildhall/tests/bad-arguments/no-discount";
    let (folder, books) = (sqlite.dir().join("facts"), format!("{case}/tiles"));
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("partners.csv"), "id,name,path\nada,Ada & Co,fitting\n").unwrap();
    fs::write(folder.join("network.toml"), "id = \"tiles\"\n").unwrap();
    let first = folder.display();
    let missing = refused(&format!("import {first} --database {}", sqlite.url), "unknown-network");
    assert!(missing.contains("tiles"), "{missing}");
    answer(&format!("import {first} --rulebooks {books} --database {}", sqlite.url));
    let out = sqlite.dir().join("out");
    let out = out.display();
    answer(&format!("export {out} --database {}", sqlite.url));
    answer(&format!("import {out} --database {}", postgres.url));
    let ask = |place: &str| answer(&format!("network --as-of 2026-06-30 --json {place}"));
    let expected = ask(&format!("--data {first} --rulebooks {books}"));
    for place in [
        format!("--data {out}"),
        format!("--database {}", sqlite.url),
        format!("--database {}", postgres.url),
    ] {
        assert_eq!(ask(&place), expected, "{place}");
    }
}

#[test]
fn nothing_is_written_into_a_folder_that_holds_something() {
    let database = crate::holding("web-services-guru", Database::sqlite());
    let url = &database.url;
    refused(&format!("export examples --database {url}"), "not-empty");
    refused(&format!("export README.md --database {url}"), "no-folder");
    let dir = database.dir().join("new");
    fs::create_dir(&dir).unwrap();
    answer(&format!("export {} --database {url}", dir.display()));
    assert!(dir.join("partners.csv").is_file());
}

#[cfg(not(feature = "parquet"))]
#[test]
fn parquet_is_told_to_be_missing() {
    let database = crate::holding("web-services-guru", Database::sqlite());
    let dir = database.dir().join("out");
    let line = format!("export {} --format parquet --database {}", dir.display(), database.url);
    let report = refused(&line, "no-parquet");
    assert!(report.contains("--features parquet"), "{report}");
    assert!(!dir.exists());
}

/// Every row and cell of the folder of CSV files, read back from the Parquet files.
#[cfg(feature = "parquet")]
#[test]
fn parquet_files_hold_what_the_csv_files_hold() {
    use guildhall_rules::facts::csv::{Reader, Record};
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::Field;

    let database = crate::holding("small-network", Database::sqlite());
    let [tables, files] = ["tables", "files"].map(|name| database.dir().join(name));
    let url = &database.url;
    let rows = json(&format!("export {} --format parquet --database {url}", tables.display()));
    assert_eq!(json(&format!("export {} --database {url}", files.display())), rows);
    let mut count = 0;
    for entry in fs::read_dir(&files).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.extension().is_none_or(|ending| ending != "csv") {
            continue;
        }
        let stem = entry.file_stem().unwrap();
        let file = fs::File::open(tables.join(stem).with_extension("parquet")).unwrap();
        let reader = SerializedFileReader::new(file).unwrap();
        let mut found = Vec::new();
        for row in reader.get_row_iter(None).unwrap() {
            let row = row.unwrap();
            let cells: Vec<(String, String)> = row
                .get_column_iter()
                .map(|(name, field)| match field {
                    Field::Str(text) => (name.clone(), text.clone()),
                    Field::Null => (name.clone(), String::new()),
                    other => panic!("{name}: {other}"),
                })
                .collect();
            found.push(cells);
        }
        let mut reader =
            Reader::new(std::io::BufReader::new(fs::File::open(&entry).unwrap()), b',');
        let (mut record, mut lines) = (Record::default(), Vec::new());
        while reader.read(&mut record).unwrap() {
            let cells = (0..usize::try_from(record.len()).unwrap()).map(|at| record.field(at));
            let cells = cells.map(|cell| String::from_utf8(cell.to_vec()).unwrap());
            lines.push(cells.collect::<Vec<String>>());
        }
        let mut lines = lines.into_iter();
        let head = lines.next().unwrap();
        let expected: Vec<Vec<(String, String)>> =
            lines.map(|cells| head.iter().cloned().zip(cells).collect()).collect();
        count += expected.len();
        assert_eq!(found, expected, "{}", stem.display());
    }
    assert_eq!(count, usize::try_from(rows["rows"].as_u64().unwrap()).unwrap());
}
