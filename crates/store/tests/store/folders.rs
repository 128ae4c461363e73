//! Folders in and out: import, import again, export, backup.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use guildhall_rules::day::Day;
use guildhall_rules::evaluation::Evaluator;
use guildhall_rules::facts::{self, File, LoadOptions, Mapping, References, Source};
use guildhall_rules::rulebook::{self, Catalogue, Edition};
use guildhall_rules::scorecard::FactLists;
use guildhall_store::{Counts, ImportOptions, Imported, Kind, Network, Progress, Store};
use jiff::Timestamp;

use super::databases::Database;
use super::network::{TILES, catalogue, edition, moment, tiles};

/// The files of a folder, in memory.
pub type Folder = BTreeMap<String, String>;

fn folder(files: &[(&str, &str)]) -> Folder {
    files.iter().map(|(name, text)| (format!("{name}.csv"), (*text).to_owned())).collect()
}

fn read_folder(dir: &Path) -> Folder {
    let entries = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    let tables = entries.filter(|path| path.extension().is_some_and(|ending| ending == "csv"));
    tables
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, fs::read_to_string(path).unwrap())
        })
        .collect()
}

fn sources(folder: &Folder) -> Vec<Source<'_>> {
    folder
        .iter()
        .map(|(name, text)| Source {
            name: name.clone(),
            shown: name.clone(),
            size: text.len() as u64,
            open: Box::new(text.as_bytes()),
        })
        .collect()
}

struct Import<'a> {
    catalogue: &'a Catalogue,
    network: Network,
    editions: Vec<(String, String)>,
    complete: &'a [File],
    is_dry_run: bool,
    rejects: Option<&'a Path>,
}

impl Import<'_> {
    fn run(&self, store: &Store, folder: &Folder, at: &str) -> Imported {
        let open = || {
            let file = fs::File::create(self.rejects.unwrap())?;
            Ok(Box::new(file) as Box<dyn std::io::Write + Send>)
        };
        let options = ImportOptions {
            folder: "folder",
            sources: &sources(folder),
            mapping: &Mapping::default(),
            catalogue: self.catalogue,
            threads: 2,
            complete: self.complete,
            actor: "operator",
            now: moment(at),
            network: &self.network,
            editions: &self.editions,
            is_dry_run: self.is_dry_run,
            rejects: self.rejects.is_some().then_some(&open),
            tell: &|_: Progress| {},
        };
        store.import(&options).unwrap()
    }
}

fn of_tiles(catalogue: &Catalogue) -> Import<'_> {
    Import {
        catalogue,
        network: tiles(),
        editions: vec![("tiles-2026".to_owned(), TILES.to_owned())],
        complete: &[],
        is_dry_run: false,
        rejects: None,
    }
}

fn counts(imported: &Imported, file: File) -> Counts {
    imported.counts.get(&Kind::Fact(file)).copied().unwrap_or_default()
}

fn problems(imported: &Imported) -> Vec<String> {
    imported.problems.shown().iter().map(ToString::to_string).collect()
}

/// Every scorecard of a folder, as JSON.
fn of_folder(
    folder: &Folder,
    edition: &Edition,
    catalogue: &Catalogue,
    as_of: Day,
    known_at: Option<Timestamp>,
) -> BTreeMap<String, String> {
    let options = LoadOptions { known_at, threads: 1, references: References::Folder };
    let sources = sources(folder);
    let loaded =
        facts::load("folder", &sources, &Mapping::default(), catalogue, options, None).unwrap();
    assert!(loaded.problems.is_empty(), "{:?}", loaded.problems.shown());
    let evaluator = Evaluator::new(edition, catalogue, &loaded.facts);
    let card = |partner| {
        let card = evaluator.scorecard(partner, as_of, known_at, FactLists::Listed);
        (card.partner.clone(), serde_json::to_string_pretty(&card).unwrap())
    };
    loaded.facts.partners().map(card).collect()
}

/// Every scorecard of a database: one by one, and of the whole network.
fn of_store(
    store: &Store,
    edition: &Edition,
    catalogue: &Catalogue,
    as_of: Day,
    known_at: Option<Timestamp>,
) -> BTreeMap<String, String> {
    let network = store.read(|tx| tx.read_network(catalogue, known_at)).unwrap();
    let evaluator = Evaluator::new(edition, catalogue, &network);
    let mut cards = BTreeMap::new();
    for partner in network.partners() {
        let id = network.partner_id(partner);
        let bulk = evaluator.scorecard(partner, as_of, known_at, FactLists::Listed);
        let bulk = serde_json::to_string_pretty(&bulk).unwrap();
        let read = store.read(|tx| tx.read_partner(catalogue, id, known_at)).unwrap().unwrap();
        let own = Evaluator::new(edition, catalogue, &read.facts);
        let found = read.facts.find_partner(id).unwrap();
        let one = own.scorecard(found, as_of, known_at, FactLists::Listed);
        assert_eq!(serde_json::to_string_pretty(&one).unwrap(), bulk, "{id}");
        let again = store.read(|tx| tx.read_evidence(catalogue, &read.evidence)).unwrap().unwrap();
        let evaluator = Evaluator::new(edition, catalogue, &again);
        let found = again.find_partner(id).unwrap();
        let recomputed = evaluator.scorecard(found, as_of, known_at, FactLists::Listed);
        assert_eq!(serde_json::to_string_pretty(&recomputed).unwrap(), bulk, "{id}");
        cards.insert(id.to_owned(), bulk);
    }
    cards
}

const MOMENTS: [Option<&str>; 4] = [
    None,
    Some("2026-01-15T00:00:00Z"),
    Some("2026-03-01T12:00:00.5Z"),
    Some("2027-01-01T00:00:00Z"),
];

fn assert_same_cards(folder: &Folder, store: &Store, edition: &Edition, catalogue: &Catalogue) {
    for known_at in MOMENTS {
        let known_at = known_at.map(moment);
        for day in ["2025-12-31", "2026-06-30"] {
            let day = Day::parse(day.as_bytes()).unwrap();
            let expected = of_folder(folder, edition, catalogue, day, known_at);
            assert_eq!(of_store(store, edition, catalogue, day, known_at), expected);
        }
    }
}

/// A folder with everything that makes reading one partner hard: people who move, credentials of
/// another company's row, versions, rows that are known only later.
fn hard() -> Folder {
    folder(&[
        (
            "partners",
            "id,name,path,tier,parent,recorded_at,retracted_at\n\
            ada,Ada,setters,member,,,\n\
            bea,\"Bea, \"\"B\"\"\nand sons\",setters,member,ada,2026-01-01T00:00:00Z,\n\
            cay,Cay,setters,,,,2026-02-01T00:00:00Z\n\
            cay,Cay Ltd,setters,expert,,2026-02-01T00:00:00Z,\n",
        ),
        (
            "individuals",
            "id,partner,person,name,joined_on,left_on,recorded_at,retracted_at\n\
            i-1,ada,eve,Eve,,2026-03-31,,\n\
            i-2,bea,eve,Eve,2026-04-01,,,\n\
            i-3,ada,,Max,,,2026-03-01T12:00:00.5Z,\n\
            i-4,cay,,\\N,,,,2026-01-10T00:00:00Z\n",
        ),
        (
            "credentials",
            "id,individual,credential,issued_on,recorded_at\n\
            c-1,i-1,mosaic,2025-01-01,\n\
            c-2,i-3,mosaic,2025-01-01,2026-01-01T00:00:00Z\n\
            c-3,i-4,mosaic,2025-01-01,\n",
        ),
        (
            "opportunities",
            "id,partner,customer,stage,expected_mrr,currency,launched_on,title\n\
            o-1,ada,inn,Launched,100.50,EUR,2026-02-01,tab\there \\ back\n\
            o-2,bea,inn,Launched,0.10,EUR,2026-02-02,\n",
        ),
        (
            "references",
            "id,partner,customer,opportunity,published_on\n\
            r-1,bea,inn,o-1,2026-02-03\n",
        ),
    ])
}

#[test]
fn a_folder_goes_in_out_and_into_the_other_engine_with_equal_scorecards() {
    let (catalogue, edition) = (catalogue(), edition());
    let hard = hard();
    for [first, second] in [Database::both(), {
        let mut both = Database::both();
        both.reverse();
        both
    }] {
        let store = Store::open(&first.url).unwrap();
        let imported = of_tiles(&catalogue).run(&store, &hard, "2026-06-01T00:00:00Z");
        assert_eq!(problems(&imported), [""; 0]);
        assert_same_cards(&hard, &store, &edition, &catalogue);
        let dir = first.dir().join("out");
        fs::create_dir_all(&dir).unwrap();
        store.export(&dir, &|_| {}).unwrap();
        let exported = read_folder(&dir);
        let other = Store::open(&second.url).unwrap();
        of_tiles(&catalogue).run(&other, &exported, "2026-06-02T00:00:00Z");
        assert_same_cards(&hard, &other, &edition, &catalogue);
        for store in [store, other] {
            store.seal(moment("2026-06-03T00:00:00Z")).unwrap();
            let verified = store.verify(None).unwrap();
            assert_eq!((verified.problems, verified.unsealed), (vec![], vec![]));
        }
    }
}

#[test]
fn the_shipped_examples_come_to_the_same_scorecards_from_folder_and_database() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let cases = [
        ("small-network", "apn/apn-2024-07"),
        ("web-services-guru", "apn/apn-2021-01"),
        ("summit-roofing", "summit/summit-2026"),
    ];
    for (example, book) in cases {
        let load = |book: &str| {
            let text = fs::read_to_string(root.join("rulebooks").join(book).join("rulebook.toml"));
            rulebook::load("rulebook.toml", &text.unwrap()).unwrap()
        };
        let edition = load(book);
        // Facts outlive editions: the words are those of all editions of the network.
        let all = cases.map(|(_, book)| load(book));
        let catalogue = Catalogue::new(all.iter().filter(|other| other.network == edition.network));
        let folder = read_folder(&root.join("examples").join(example));
        for database in Database::both() {
            let store = Store::open(&database.url).unwrap();
            let import = Import {
                network: Network { id: edition.network.clone(), currency: None },
                editions: vec![],
                ..of_tiles(&catalogue)
            };
            let imported = import.run(&store, &folder, "2026-06-01T00:00:00Z");
            assert_eq!(problems(&imported), [""; 0], "{example}");
            assert_same_cards(&folder, &store, &edition, &catalogue);
        }
    }
}

#[test]
fn importing_again_adds_changes_and_retracts_only_what_differs() {
    let catalogue = catalogue();
    for database in Database::both() {
        let store = Store::open(&database.url).unwrap();
        let import = of_tiles(&catalogue);
        let first = folder(&[
            ("partners", "id,name,path\nada,Ada,setters\nbea,Bea,setters\n"),
            (
                "opportunities",
                "id,partner,customer,stage,expected_mrr,currency\n\
                o-1,ada,inn,Qualified,100,EUR\no-2,ada,inn,Qualified,1,EUR\no-3,ada,inn,Qualified,1,EUR\n",
            ),
        ]);
        let imported = import.run(&store, &first, "2026-01-01T00:00:00Z");
        assert_eq!(counts(&imported, File::Opportunities).added, 3);
        // The same once more, decimals written otherwise: nothing but a row of the journal.
        let mut again = first.clone();
        again
            .insert("opportunities.csv".into(), first["opportunities.csv"].replace("100", "100.0"));
        let imported = import.run(&store, &again, "2026-01-02T00:00:00Z");
        assert_eq!(counts(&imported, File::Opportunities), Counts { same: 3, ..Counts::default() });
        // Another value, one new, one retracted by the folder itself; what is absent stays.
        let delta = folder(&[(
            "opportunities",
            "id,partner,customer,stage,expected_mrr,currency,retracted_at\n\
             o-1,ada,inn,Committed,100,EUR,\no-4,bea,inn,Qualified,7,EUR,\n\
             o-3,ada,inn,Qualified,1,EUR,2026-01-02T00:00:00Z\n",
        )]);
        let dry = Import { is_dry_run: true, ..of_tiles(&catalogue) };
        for (import, is_dry) in [(&dry, true), (&import, false)] {
            let imported = import.run(&store, &delta, "2026-01-03T00:00:00Z");
            assert_eq!(problems(&imported), [""; 0]);
            let expected = Counts { added: 1, changed: 1, retracted: 1, same: 0 };
            assert_eq!(counts(&imported, File::Opportunities), expected);
            assert_eq!(imported.entry.is_none(), is_dry);
        }
        let kind = Kind::Fact(File::Opportunities);
        let ids = |store: &Store| {
            let page = store.read(|tx| tx.page(kind, &[], None, 10)).unwrap();
            page.iter().map(|version| version.draft.id().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(ids(&store), ["o-1", "o-2", "o-4"]);
        let versions = store.read(|tx| tx.versions(kind, "o-1")).unwrap();
        assert_eq!(versions[1].recorded_at.as_deref(), Some("2026-01-03T00:00:00.000000000Z"));
        // The kind is complete: what is absent is retracted.
        let complete = Import { complete: &[File::Opportunities], ..of_tiles(&catalogue) };
        let all = folder(&[(
            "opportunities",
            "id,partner,customer,stage,expected_mrr,currency\no-4,bea,inn,Qualified,7,EUR\n",
        )]);
        let imported = complete.run(&store, &all, "2026-01-04T00:00:00Z");
        let expected = Counts { retracted: 2, same: 1, ..Counts::default() };
        assert_eq!(counts(&imported, File::Opportunities), expected);
        assert_eq!(ids(&store), ["o-4"]);
        store.seal(moment("2026-01-05T00:00:00Z")).unwrap();
        assert_eq!(store.verify(None).unwrap().problems, []);
    }
}

#[test]
fn what_comes_back_is_recorded_behind_its_end_even_if_the_clock_goes_back() {
    let catalogue = catalogue();
    let kind = Kind::Fact(File::Opportunities);
    let rows = |cells: &str| {
        let head = "id,partner,customer,stage,expected_mrr,currency";
        folder(&[
            ("partners", "id,name,path\nada,Ada,setters\n"),
            ("opportunities", &format!("{head}\n{cells}")),
        ])
    };
    let whole = rows("o-1,ada,inn,Qualified,100,EUR\no-2,ada,inn,Qualified,1,EUR\n");
    for database in Database::both() {
        let store = Store::open(&database.url).unwrap();
        let import = Import { complete: &[File::Opportunities], ..of_tiles(&catalogue) };
        import.run(&store, &whole, "2026-03-01T00:00:00Z");
        import.run(&store, &rows(""), "2026-03-05T00:00:00Z");
        // The clock of the machine went back by two days: one by hand, all by import.
        let held = store.read(|tx| tx.versions(kind, "o-1")).unwrap().remove(0);
        super::network::record(&store, "2026-03-03T00:00:00Z", &[held.draft]);
        import.run(&store, &whole, "2026-03-03T00:00:00Z");
        for id in ["o-1", "o-2"] {
            let versions = store.read(|tx| tx.versions(kind, id)).unwrap();
            assert_eq!(versions.len(), 2);
            let (ended, back) = (&versions[0].superseded_at, &versions[1].recorded_at);
            assert!(ended.is_some() && ended < back, "{id}: {ended:?} {back:?}");
        }
        // Whatever moment is asked for, no row is known twice.
        let dir = database.dir().join("out");
        fs::create_dir_all(&dir).unwrap();
        store.export(&dir, &|_| {}).unwrap();
        let (exported, edition) = (read_folder(&dir), edition());
        let as_of = Day::parse(b"2026-03-31").unwrap();
        for at in ["2026-03-02T00:00:00Z", "2026-03-04T00:00:00Z", "2026-03-06T00:00:00Z"] {
            let at = Some(moment(at));
            let from_store = of_store(&store, &edition, &catalogue, as_of, at);
            assert_eq!(from_store, of_folder(&exported, &edition, &catalogue, as_of, at));
        }
        assert_eq!(store.verify(None).unwrap().problems, []);
    }
}

#[test]
fn a_folder_may_refer_to_what_the_database_holds_and_to_nothing_else() {
    let catalogue = catalogue();
    for database in Database::both() {
        let store = Store::open(&database.url).unwrap();
        let import = of_tiles(&catalogue);
        import.run(&store, &hard(), "2026-06-01T00:00:00Z");
        let delta = folder(&[
            ("credentials", "id,individual,credential,issued_on\nc-9,i-1,mosaic,2026-01-01\n"),
            (
                "references",
                "id,partner,customer,opportunity,published_on\n\
                r-9,ada,inn,o-2,2026-01-01\nr-8,nobody,inn,o-8,2026-01-01\n",
            ),
        ]);
        let imported = import.run(&store, &delta, "2026-06-02T00:00:00Z");
        assert_eq!(
            problems(&imported),
            [
                "references.csv:3:opportunity: there is no opportunity `o-8` [unknown-reference]",
                "references.csv:3:partner: there is no partner `nobody` [unknown-reference]",
            ]
        );
        let rejects = database.dir().join("rejects.csv");
        let import = Import { rejects: Some(&rejects), ..of_tiles(&catalogue) };
        let imported = import.run(&store, &delta, "2026-06-02T00:00:00Z");
        assert_eq!(imported.left_out, 1);
        assert_eq!(counts(&imported, File::References).added, 1);
        assert!(fs::read_to_string(&rejects).unwrap().contains("r-8"));
        // A person of the folder may not take the e-mail of one who is held.
        let shared =
            folder(&[("individuals", "id,partner,name,emails\ni-7,ada,Kim,kim@ada.example\n")]);
        let import = of_tiles(&catalogue);
        assert_eq!(problems(&import.run(&store, &shared, "2026-06-03T00:00:00Z")), [""; 0]);
        let other =
            folder(&[("individuals", "id,partner,name,emails\ni-8,ada,Tim,KIM@ada.example\n")]);
        let imported = import.run(&store, &other, "2026-06-04T00:00:00Z");
        assert!(problems(&imported)[0].contains("[shared-email]"), "{:?}", problems(&imported));
        assert!(!store.read(|tx| tx.is_known(Kind::Fact(File::Individuals), "i-8")).unwrap());
    }
}

#[test]
fn an_affiliation_may_not_close_a_cycle_with_those_that_are_held() {
    let catalogue = catalogue();
    let affiliation = |id: &str, subsidiary: &str, primary: &str| {
        let text = format!("id,subsidiary,primary,from\n{id},{subsidiary},{primary},2026-01-01\n");
        folder(&[("affiliations", text.as_str())])
    };
    for database in Database::both() {
        let store = Store::open(&database.url).unwrap();
        let import = of_tiles(&catalogue);
        import.run(&store, &hard(), "2026-06-01T00:00:00Z");
        let good = import.run(&store, &affiliation("a-1", "ada", "bea"), "2026-06-02T00:00:00Z");
        assert_eq!(problems(&good), [""; 0]);
        let bad = import.run(&store, &affiliation("a-2", "bea", "ada"), "2026-06-03T00:00:00Z");
        assert!(problems(&bad)[0].contains("[affiliation-cycle]"), "{:?}", problems(&bad));
        assert!(!store.read(|tx| tx.is_known(Kind::Fact(File::Affiliations), "a-2")).unwrap());
        let read = store.read(|tx| tx.read_partner(&catalogue, "bea", None)).unwrap();
        assert!(read.is_some());
    }
}

#[test]
fn a_backup_of_either_engine_is_restored_into_either() {
    let (catalogue, edition) = (catalogue(), edition());
    for from in Database::both() {
        let store = Store::open(&from.url).unwrap();
        of_tiles(&catalogue).run(&store, &hard(), "2026-06-01T00:00:00Z");
        store.seal(moment("2026-06-01T00:00:01Z")).unwrap();
        let file = from.dir().join("backup.db");
        let written = store.backup(&file, &|_| {}).unwrap();
        assert!(store.backup(&file, &|_| {}).is_err(), "a backup is never overwritten");
        for to in Database::both() {
            let other = Store::open(&to.url).unwrap();
            assert_eq!(other.restore(&file, &|_| {}).unwrap(), written);
            assert_same_cards(&hard(), &other, &edition, &catalogue);
            assert_eq!(other.head().unwrap(), store.head().unwrap());
            assert_eq!(other.verify(None).unwrap().problems, []);
            assert!(other.restore(&file, &|_| {}).is_err(), "a filled database is left alone");
        }
        let opened = Store::open(&format!("sqlite:{}", file.display())).unwrap();
        assert_eq!(opened.verify(None).unwrap().problems, []);
    }
}
