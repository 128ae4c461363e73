//! Rows that are checked and given away: the good rows of a folder, written as the format writes
//! them, whatever the folder's own layout and wherever the rows that they refer to are held.
#![expect(clippy::unwrap_used, reason = "a test may stop at once")]

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};

use guildhall_rules::day::Day;
use guildhall_rules::evaluation::Evaluator;
use guildhall_rules::facts::csv::write_record;
use guildhall_rules::facts::{
    Facts, File, GoodRow, LoadOptions, Mapping, References, Source, check, load,
};
use guildhall_rules::rulebook::{self, Catalogue, Edition};
use guildhall_rules::scorecard::FactLists;

/// A row that was given away: its line, its cells, and from when until when it was known.
type Taken = (u64, Vec<Option<String>>, [Option<String>; 2]);

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn source(name: &str, text: Vec<u8>) -> Source<'static> {
    Source {
        name: name.to_owned(),
        shown: name.to_owned(),
        size: text.len() as u64,
        open: Box::new(move || Ok(Box::new(Cursor::new(text.clone())) as Box<dyn Read + Send>)),
    }
}

fn options(references: References<'_>) -> LoadOptions<'_> {
    LoadOptions { known_at: None, threads: 2, references }
}

/// All editions of the network of the example, oldest first.
fn editions() -> Vec<Edition> {
    let mut folders: Vec<PathBuf> = fs::read_dir(root().join("rulebooks/apn"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    folders.sort();
    let text = |folder: &Path| fs::read_to_string(folder.join("rulebook.toml")).unwrap();
    folders.iter().map(|folder| rulebook::load("rulebook.toml", &text(folder)).unwrap()).collect()
}

/// The files of the example that holds another tool's exports, and how they are read.
fn foreign_layout() -> (Vec<Source<'static>>, Mapping) {
    let folder = root().join("examples/foreign-layout");
    let text = fs::read_to_string(folder.join("mapping.toml")).unwrap();
    let mapping = Mapping::parse("mapping.toml", &text).unwrap();
    let paths = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let tables = paths.filter(|path| path.extension().is_some_and(|ending| ending == "csv"));
    let sources = tables
        .map(|path| source(path.file_name().unwrap().to_str().unwrap(), fs::read(&path).unwrap()));
    (sources.collect(), mapping)
}

/// Takes all good rows of a folder without problems.
fn take(
    sources: &[Source<'_>],
    mapping: &Mapping,
    catalogue: &Catalogue,
) -> BTreeMap<File, Vec<Taken>> {
    let mut taken: BTreeMap<File, Vec<Taken>> = BTreeMap::new();
    let checked = check("folder", sources, mapping, catalogue, options(References::Folder));
    assert!(checked.problems.is_empty(), "{:#?}", checked.problems.shown());
    let mut keep = |row: &GoodRow<'_>| {
        let text = |cell: &[u8]| String::from_utf8(cell.to_vec()).unwrap();
        let cells = row.cells.iter().map(|cell| cell.as_deref().map(text)).collect();
        let known = [row.recorded_at, row.retracted_at].map(|at| at.map(|at| at.to_string()));
        taken.entry(row.file).or_default().push((row.line, cells, known));
        Ok(())
    };
    assert_eq!(checked.take(&mut keep, None).unwrap(), 0);
    taken
}

/// Rows that were taken, as the files of a folder.
fn written(taken: &BTreeMap<File, Vec<Taken>>) -> Vec<Source<'static>> {
    let file = |(file, rows): (&File, &Vec<Taken>)| {
        let mut text = Vec::new();
        let header = file.columns().iter().map(|column| column.name.as_bytes());
        write_record(&mut text, header).unwrap();
        for (_, cells, known) in rows {
            let all = cells.iter().chain(known).map(|cell| cell.as_deref().unwrap_or_default());
            write_record(&mut text, all.map(str::as_bytes)).unwrap();
        }
        source(&file.name(), text)
    };
    taken.iter().map(file).collect()
}

fn scorecards(facts: &Facts, edition: &Edition, catalogue: &Catalogue) -> Vec<String> {
    let evaluator = Evaluator::new(edition, catalogue, facts);
    let day = Day::parse(b"2026-06-30").unwrap();
    let card = |partner| evaluator.scorecard(partner, day, None, FactLists::Listed);
    facts.partners().map(|partner| serde_json::to_string(&card(partner)).unwrap()).collect()
}

#[test]
fn rows_of_a_foreign_layout_come_out_as_the_format_writes_them_and_mean_the_same() {
    let editions = editions();
    let catalogue = Catalogue::new(&editions);
    let (sources, mapping) = foreign_layout();
    let taken = take(&sources, &mapping, &catalogue);
    let cell = |file: File, row: usize, column: &str| {
        taken[&file][row].1[file.column(column).unwrap()].as_deref()
    };
    assert_eq!(cell(File::Partners, 0, "path"), Some("services"));
    assert_eq!(cell(File::Partners, 0, "kinds"), Some("si;consultancy"));
    assert_eq!(cell(File::Partners, 0, "last_renewal_on"), Some("2025-11-14"));
    assert_eq!(cell(File::Partners, 0, "standing"), None);
    assert_eq!(cell(File::Individuals, 0, "consent"), Some("yes"));
    assert_eq!(cell(File::Credentials, 0, "credential"), Some("accreditation-business"));
    assert_eq!(cell(File::Credentials, 0, "issued_on"), Some("2022-10-20"));
    assert_eq!(cell(File::Opportunities, 0, "expected_mrr"), Some("240"));
    assert_eq!(cell(File::Opportunities, 0, "launched_on"), Some("2023-02-06"));
    assert_eq!(taken[&File::Opportunities][1].0, 3);

    let load = |sources: &[Source<'_>], mapping: &Mapping| {
        let loaded =
            load("folder", sources, mapping, &catalogue, options(References::Folder), None)
                .unwrap();
        assert!(loaded.problems.is_empty(), "{:#?}", loaded.problems.shown());
        loaded.facts
    };
    let foreign = load(&sources, &mapping);
    let own = load(&written(&taken), &Mapping::default());
    assert_eq!(foreign.len(), own.len());
    for edition in &editions {
        let cards = scorecards(&foreign, edition, &catalogue);
        assert_eq!(cards, scorecards(&own, edition, &catalogue));
        assert_eq!(cards.len(), 1);
    }
    // What is written by the format is taken as it stands.
    let again = take(&written(&taken), &Mapping::default(), &catalogue);
    let cells = |taken: &BTreeMap<File, Vec<Taken>>| -> Vec<Vec<Option<String>>> {
        taken.values().flatten().map(|(_, cells, _)| cells.clone()).collect()
    };
    assert_eq!(cells(&again), cells(&taken));
}

#[test]
fn a_folder_of_one_file_refers_to_partners_that_are_held_elsewhere() {
    let editions = editions();
    let catalogue = Catalogue::new(&editions);
    let text = "id,partner,customer,stage,expected_mrr,currency\n\
                opp-1,gable,church,Committed,10.50,USD\n";
    let sources = [source("opportunities.csv", text.as_bytes().to_vec())];
    let mapping = Mapping::default();
    let codes = |holds: &(dyn Fn(File, &[u8]) -> bool + Sync)| -> Vec<String> {
        let references = References::Elsewhere(holds);
        let checked = check("folder", &sources, &mapping, &catalogue, options(references));
        checked.problems.shown().iter().map(ToString::to_string).collect()
    };
    let held = |file: File, id: &[u8]| file == File::Partners && id == b"gable";
    assert_eq!(codes(&held), [""; 0]);
    assert_eq!(
        codes(&|_, id| id == b"eaves"),
        ["opportunities.csv:2:partner: there is no partner `gable` [unknown-reference]"]
    );
    let references = References::Elsewhere(&held);
    let checked = check("folder", &sources, &mapping, &catalogue, options(references));
    let mut partners = Vec::new();
    let mut keep = |row: &GoodRow<'_>| {
        partners.push(row.cells[1].as_deref().map(<[u8]>::to_vec));
        Ok(())
    };
    assert_eq!(checked.take(&mut keep, None).unwrap(), 0);
    assert_eq!(partners, [Some(b"gable".to_vec())]);
}

#[test]
fn bad_rows_and_those_that_refer_to_them_are_not_given_away() {
    let editions = editions();
    let catalogue = Catalogue::new(&editions);
    let files = [
        ("partners.csv", "id,name,path\ngable,Gable,services\neaves,Eaves,attic\n"),
        (
            "affiliations.csv",
            "id,subsidiary,primary,from,recorded_at\n\
            a1,eaves,gable,2024-01-01,\na2,gable,gable,2024-01-01,\n",
        ),
        (
            "ratings.csv",
            "id,partner,customer,score,rated_on,recorded_at\n\
            r1,gable,church,5,2024-01-01,2024-01-02T00:00:00Z\nr2,gable,church,6,2024-01-01,\n",
        ),
    ];
    let sources = files.map(|(name, text)| source(name, text.as_bytes().to_vec()));
    let mapping = Mapping::default();
    let checked = check("folder", &sources, &mapping, &catalogue, options(References::Folder));
    assert_eq!(checked.problems.total(), 3);
    let mut kept = Vec::new();
    let mut keep = |row: &GoodRow<'_>| {
        let id = String::from_utf8(row.cells[0].as_deref().unwrap().to_vec()).unwrap();
        kept.push((row.file, id, row.recorded_at.map(|at| at.to_string())));
        Ok(())
    };
    let mut rejects = Vec::new();
    assert_eq!(checked.take(&mut keep, Some(&mut rejects)).unwrap(), 4);
    kept.sort();
    let recorded = Some("2024-01-02T00:00:00Z".to_owned());
    let expected = [(File::Partners, "gable", None), (File::Ratings, "r1", recorded)];
    assert_eq!(kept, expected.map(|(file, id, at)| (file, id.to_owned(), at)));
    let rejects = String::from_utf8(rejects).unwrap();
    let codes: Vec<&str> =
        rejects.lines().skip(1).filter_map(|line| line.split(',').nth(2)).collect();
    let expected = ["unknown-word", "bad-value", "unknown-reference", "affiliation-cycle"];
    assert_eq!(codes.iter().collect::<std::collections::BTreeSet<_>>(), expected.iter().collect());
}

#[test]
fn whoever_takes_rows_may_stop() {
    let editions = editions();
    let catalogue = Catalogue::new(&editions);
    let (sources, mapping) = foreign_layout();
    let checked = check("folder", &sources, &mapping, &catalogue, options(References::Folder));
    let mut count = 0;
    let mut refuse = |_: &GoodRow<'_>| {
        count += 1;
        if count == 3 { Err(io::Error::other("full")) } else { Ok(()) }
    };
    assert_eq!(checked.take(&mut refuse, None).unwrap_err().to_string(), "full");
    assert_eq!(count, 3);
}
