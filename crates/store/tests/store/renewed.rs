//! Facts brought up to date by the journal are those that are read whole, to the last byte.

use std::sync::Arc;

use guildhall_rules::facts::{
    File, JournalPlace, OrderedFacts, Renewed, Snapshot, SnapshotHead, Wants,
};
use guildhall_rules::rulebook::{self, Catalogue};
use guildhall_store::{Draft, Entry, Error, Kind, Since, Store};
use jiff::Timestamp;

use super::databases::Database;
use super::network::{TILES, draft, edition, moment, partner, record};

/// Numbers that look random and are the same in every run, and days that pass.
struct Dice(u64, i64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    fn one<'t>(&mut self, texts: &[&'t str]) -> &'t str {
        texts[usize::try_from(self.roll(texts.len() as u64)).unwrap()]
    }

    fn id(&mut self, word: &str, count: u64) -> String {
        format!("{word}-{}", self.roll(count))
    }

    fn day(&mut self) -> String {
        format!("2025-{:02}-{:02}", 1 + self.roll(12), 1 + self.roll(28))
    }
}

const KEPT: &str = r#"
[[measures]]
id = "customers"
title = "Customers"
component = "work"
kind = "count"
of = "opportunities"
distinct = "customer"
where = { country = ["DE", "FR"] }
window = { rolling_months = 12 }
[[measures]]
id = "visits"
title = "Visits"
component = "work"
kind = "count"
of = "events"
distinct = "attributes.grade"
window = "as_of"
"#;

/// The words of all steps, and those with an edition that is published on the way.
fn catalogues() -> [Catalogue; 2] {
    let words = |network: &str| {
        let lists = "[[event_kinds]]\nid = \"visit\"\ntitle = \"Visit\"\n\
                     [[programs]]\nid = \"wet-rooms\"\ntitle = \"Wet rooms\"\ncategory = \"craft\"\n\
                     [[resolution_codes]]\nid = \"advice\"\ntitle = \"Advice\"\n";
        let text = TILES.replace("tiles-2026", network);
        let text = text.replacen("[[measures]]", &format!("{lists}[[measures]]"), 1);
        let text = text.replacen("[[paths]]", &format!("{KEPT}[[paths]]"), 1);
        text.replace("setters = 1 }", "setters = 1, customers = 1, visits = 1 }")
    };
    let read = |text: &str| {
        rulebook::load("rulebook.toml", text)
            .unwrap_or_else(|problems| panic!("{:#?}", problems.shown()))
    };
    let first = read(&words("tiles-2026"));
    let text = words("tiles-2027").replace("\"mosaic\"", "\"marble\"");
    let later = read(&text.replace("2026-01-01", "2027-01-01"));
    // The later edition has its words first, so that all have other numbers.
    [Catalogue::new([&edition(), &first]), Catalogue::new([&later, &edition(), &first])]
}

/// A row of any kind, of few ids that refer to each other, held or not.
fn some_row(dice: &mut Dice, has_later_words: bool) -> Draft {
    let file = File::ALL[usize::try_from(dice.roll(13)).unwrap()];
    let (id, of) = (dice.id(file.stem(), 12), dice.id("p", 7));
    let mut cells = match file {
        File::Partners => vec![("id", of), ("name", dice.id("name", 3))],
        File::Affiliations | File::Credentials => vec![("id", id)],
        _ => vec![("id", id), ("partner", of)],
    };
    let words = fields(file, dice, has_later_words);
    cells.extend(words.into_iter().map(|(name, value)| (name, value.to_owned())));
    match file {
        File::Affiliations => {
            // Always from a lower to a higher number, so that there is no circle.
            let (low, high) = (dice.roll(6), 1 + dice.roll(6));
            cells.push(("primary", format!("p-{low}")));
            cells.push(("subsidiary", format!("p-{}", high.max(low + 1))));
        }
        File::Credentials => cells.push(("individual", dice.id("individuals", 12))),
        File::Individuals if dice.roll(2) == 0 => cells.push(("person", dice.id("person", 5))),
        File::References => cells.push(("opportunity", dice.id("opportunities", 12))),
        _ => {}
    }
    let day = match file {
        File::Partners => "tier_since",
        File::Affiliations => "from",
        File::Individuals => "joined_on",
        File::Credentials => "issued_on",
        File::Opportunities => "launched_on",
        File::References => "published_on",
        File::Ratings => "rated_on",
        File::BusinessPlans => "validated_on",
        File::Validations => "granted_on",
        File::Cases => "opened_on",
        File::SurveyResponses => "responded_on",
        File::Reviews | File::Events => "on",
    };
    cells.push((day, dice.day()));
    let cells: Vec<(&str, &str)> =
        cells.iter().map(|(name, value)| (*name, value.as_str())).collect();
    draft(Kind::Fact(file), &cells)
}

/// What else stands in a row.
fn fields(file: File, dice: &mut Dice, has_later_words: bool) -> Vec<(&'static str, &'static str)> {
    let customer = ("customer", dice.one(&["tower", "mill", "harbour"]));
    let tier = ("tier", dice.one(&["member", "expert"]));
    match file {
        File::Partners => vec![("path", "setters"), tier],
        File::Reviews => vec![("path", "setters"), ("kind", "review"), tier],
        File::Affiliations => vec![],
        File::Individuals => vec![("name", "Somebody")],
        File::Credentials => {
            let words: &[&str] = if has_later_words { &["mosaic", "marble"] } else { &["mosaic"] };
            vec![("credential", dice.one(words))]
        }
        File::Opportunities => vec![
            customer,
            ("stage", "Launched"),
            ("currency", "EUR"),
            ("expected_mrr", dice.one(&["10", "0.25"])),
            ("country", dice.one(&["DE", "FR", "IT"])),
        ],
        File::References => vec![customer],
        File::Ratings => vec![customer, ("score", dice.one(&["3", "4"]))],
        File::BusinessPlans => vec![("submitted_on", "2025-01-01")],
        File::Validations => vec![("program", "wet-rooms"), ("expires_on", "2026-02-03")],
        File::Cases => vec![customer, ("opened_by", "partner"), ("resolution_code", "advice")],
        File::SurveyResponses => vec![("scores", dice.one(&["5", "4;5"]))],
        File::Events => vec![
            ("kind", "visit"),
            ("amount", "12.5"),
            ("currency", "EUR"),
            ("attributes", dice.one(&["grade=fine", "grade=rough"])),
        ],
    }
}

/// Adds, corrects, retracts or erases, some at once.
fn change(store: &Store, dice: &mut Dice, has_later_words: bool) {
    // Twice at one moment is a thing that happens.
    dice.1 += i64::try_from(dice.roll(4)).unwrap();
    let at = moment("2026-01-01T10:00:00Z") + jiff::SignedDuration::from_hours(24 * dice.1);
    let count = 1 + dice.roll(6);
    let erased = (dice.roll(12) == 0).then(|| dice.id("person", 5));
    let rows: Vec<(Draft, bool)> =
        (0..count).map(|_| (some_row(dice, has_later_words), dice.roll(4) == 0)).collect();
    let written: Result<_, Error> = store.write(|tx| {
        let mut entry = Entry::new(at, "operator", "change", "test");
        for (row, is_retracted) in &rows {
            // A second change of one fact is for another entry.
            let _ = if *is_retracted {
                tx.retract(&mut entry, row.kind, row.id()).map(|_| ())
            } else {
                tx.record(&mut entry, row.clone()).map(|_| ())
            };
        }
        if let Some(person) = &erased {
            tx.erase_person(&mut entry, person)?;
        }
        tx.commit(entry)
    });
    written.unwrap();
    if dice.roll(3) == 0 {
        store.seal(moment("2026-07-01T00:00:00Z")).unwrap();
    }
}

fn bytes(facts: &OrderedFacts, place: &JournalPlace, catalogue: &Catalogue) -> Vec<u8> {
    let head = SnapshotHead { place: Some(place.clone()), ..SnapshotHead::default() };
    let mut bytes = Vec::new();
    facts.write_snapshot(&head, catalogue, &mut bytes).unwrap();
    bytes
}

/// The snapshot of a state of knowledge, made whole.
fn whole(store: &Store, catalogue: &Catalogue, at: Option<Timestamp>) -> Vec<u8> {
    let read = store.read(|tx| {
        let place = tx.journal_place()?;
        Ok::<_, Error>((tx.read_network(catalogue, at)?, place))
    });
    let (facts, place) = read.unwrap();
    bytes(&facts.in_order(), &place, catalogue)
}

/// The same, made from an older one, and how many partners were read for it.
fn brought_up_to_date(
    store: &Store,
    older: &[u8],
    catalogue: &Catalogue,
    at: Option<Timestamp>,
) -> (Vec<u8>, usize) {
    let older = Snapshot::open(Arc::new(older.to_vec())).unwrap();
    let facts = older.facts(catalogue, Wants::Everything, 1).unwrap();
    let read = store.read(|tx| {
        let renewed = match tx.changed_since(older.head.place.as_ref().unwrap(), 1000)? {
            Since::Renewed(renewed) => renewed,
            Since::Same => Renewed::default(),
            other => panic!("{other:?}"),
        };
        let new = tx.read_renewed(catalogue, &renewed, at)?;
        Ok::<_, Error>((renewed, new, tx.journal_place()?))
    });
    let (renewed, new, place) = read.unwrap();
    let count = renewed.partners.len();
    (bytes(&facts.renewed(&new, &renewed), &place, catalogue), count)
}

fn random_changes(database: &Database, seed: u64, steps: u64) -> bool {
    let store = Store::open(&database.url).unwrap();
    let [first, later] = catalogues();
    let mut dice = Dice(seed, 0);
    for _ in 0..20 {
        change(&store, &mut dice, false);
    }
    // Now; a moment behind which facts are recorded on the way; and one that is far ahead.
    let moments = [None, Some("2026-02-10T00:00:00Z"), Some("2027-01-01T00:00:00Z")];
    let moments = moments.map(|at| at.map(moment));
    let mut held = moments.map(|at| whole(&store, &first, at));
    let mut was_partial = false;
    for step in 0..steps {
        let has_later_words = step >= steps / 2;
        let catalogue = if has_later_words { &later } else { &first };
        for _ in 0..=dice.roll(3) {
            change(&store, &mut dice, has_later_words);
        }
        for (at, older) in moments.into_iter().zip(&mut held) {
            let (new, count) = brought_up_to_date(&store, older, catalogue, at);
            assert!(new == whole(&store, catalogue, at), "seed {seed}, step {step}, {at:?}");
            was_partial |= (1..7).contains(&count);
            *older = new;
        }
    }
    was_partial
}

#[test]
fn facts_that_are_brought_up_to_date_are_those_that_are_read_whole() {
    for seed in 0..25 {
        assert!(random_changes(&Database::sqlite(), seed, 8));
    }
    for seed in 100..104 {
        assert!(random_changes(&Database::postgres(), seed, 8));
    }
}

#[test]
fn a_snapshot_of_another_journal_is_not_brought_up_to_date() {
    for database in Database::both() {
        let store = Store::open(&database.url).unwrap();
        record(&store, "2026-01-01T10:00:00Z", &[partner("ada", "Ada")]);
        let unsealed = store.read(|tx| tx.journal_place()).unwrap();
        assert_eq!((unsealed.sealed, unsealed.unsealed.len(), unsealed.position()), (0, 1, 1));
        store.seal(moment("2026-01-01T11:00:00Z")).unwrap();
        let sealed = store.read(|tx| tx.journal_place()).unwrap();
        assert_eq!((sealed.sealed, sealed.unsealed.len(), sealed.position()), (1, 0, 1));
        let since =
            |place: &JournalPlace, most| store.read(|tx| tx.changed_since(place, most)).unwrap();
        assert_eq!([since(&unsealed, 9), since(&sealed, 9)], [Since::Same, Since::Same]);
        let mut other = sealed.clone();
        other.seal.replace_range(..1, "x");
        assert_eq!(since(&other, 9), Since::OtherJournal);
        let mut other = unsealed.clone();
        other.unsealed[0].1.replace_range(..1, "x");
        assert_eq!(since(&other, 9), Since::OtherJournal);
        let longer = JournalPlace { sealed: 5, ..sealed.clone() };
        assert_eq!(since(&longer, 9), Since::OtherJournal);
        let ids = ["bea", "cleo", "dora"];
        record(&store, "2026-01-02T10:00:00Z", &ids.map(|id| partner(id, "x")));
        assert_eq!(since(&sealed, 2), Since::TooMany);
        let Since::Renewed(renewed) = since(&unsealed, 3) else { panic!() };
        let mut partners: Vec<_> = renewed.partners.into_iter().collect();
        partners.sort();
        assert_eq!(partners, ids);
    }
}
