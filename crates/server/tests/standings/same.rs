//! Whatever is changed, all stored standings equal the scorecards of the day.

use guildhall_rules::facts::File;
use guildhall_rules::rulebook::Column;
use guildhall_server::ops::network::{ColumnStanding, Refresher, Standing};
use guildhall_server::ops::standing::{Viewpoint, scorecard};
use guildhall_server::{App, Clock};
use guildhall_store::{Draft, Entry, Kind, Store};

use crate::databases::Database;
use crate::network::{
    TILES, draft, found, manager, moment, mosaic, partner, person, record, refresh, review, roof,
    standings,
};

/// Numbers that are the same in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    fn day(&mut self) -> String {
        let month = self.below(18);
        let (year, month) = (2025 + month / 12, month % 12 + 1);
        format!("{year}-{month:02}-{:02}", self.below(28) + 1)
    }

    fn id(&mut self, word: &str, limit: u64) -> String {
        format!("{word}-{}", self.below(limit))
    }
}

const PARTNERS: u64 = 23;

/// Some row, new or in place of one of the same id.
fn row(chance: &mut Chance) -> Draft {
    let of = chance.id("p", PARTNERS);
    let day = chance.day();
    match chance.below(9) {
        0 => partner(&of, &format!("Partner {}", chance.below(100))),
        1 => {
            let kind = ["review", "renewal", "upgrade"][usize::try_from(chance.below(3)).unwrap()];
            let tier = ["member", "expert", "master"][usize::try_from(chance.below(3)).unwrap()];
            review(&chance.id("r", 60), &of, &day, kind, tier)
        }
        2 => person(&chance.id("i", 60), &of, &chance.id("human", 30)),
        3 | 4 => mosaic(&chance.id("c", 80), &chance.id("i", 60), &day),
        5 | 6 => roof(&chance.id("o", 150), &of, &day),
        7 => {
            let id = chance.id("v", 40);
            let values =
                [("id", id.as_str()), ("partner", &of), ("program", "slate"), ("granted_on", &day)];
            draft(File::Validations, &values)
        }
        _ => {
            // Lower numbers are primaries of higher ones, so that there is no cycle.
            let (primary, subsidiary) = (chance.below(10), 10 + chance.below(PARTNERS - 10));
            let (primary, subsidiary) = (format!("p-{primary}"), format!("p-{subsidiary}"));
            let id = chance.id("a", 12);
            let values = [
                ("id", id.as_str()),
                ("subsidiary", &subsidiary),
                ("primary", &primary),
                ("from", &day),
            ];
            draft(File::Affiliations, &values)
        }
    }
}

fn fill(app: &App, chance: &mut Chance) {
    let mut rows: Vec<Draft> =
        (0..PARTNERS).map(|at| partner(&format!("p-{at}"), &format!("Partner {at}"))).collect();
    rows.extend((0..60).map(|at| {
        let (of, human) = (chance.id("p", PARTNERS), chance.id("human", 30));
        person(&format!("i-{at}"), &of, &human)
    }));
    record(app, &rows);
    // More than are looked at one by one, so that a pass is begun.
    let more: Vec<Draft> = (0..700).map(|_| row(chance)).collect();
    for rows in more.chunks(350) {
        // Each id once in an entry.
        let mut seen = std::collections::BTreeSet::new();
        let once = rows.iter().filter(|row| seen.insert((row.kind, row.id().to_owned())));
        record(app, &once.cloned().collect::<Vec<_>>());
    }
}

fn retract(app: &App, kind: Kind, id: &str) {
    let now = app.clock.now();
    let done: Result<_, guildhall_store::Error> = app.store.write(|tx| {
        let mut entry = Entry::new(now, "operator", "retract_fact", id);
        if tx.retract(&mut entry, kind, id)? {
            tx.commit(entry)?;
        }
        Ok(())
    });
    done.unwrap();
    app.store.seal(now).unwrap();
}

fn same_column(stored: &ColumnStanding, card: &guildhall_rules::scorecard::Scorecard, of: Column) {
    let head = card.head(of);
    assert_eq!(stored.tier, head.tier);
    assert_eq!(head.met, head.tier.as_ref().map(|_| stored.in_the_way.is_empty()));
    assert_eq!(stored.asked - stored.met, i64::try_from(stored.in_the_way.len()).unwrap());
    let ways = card.rows.iter().filter(|row| row.cell(of).state.is_in_the_way());
    let ways: Vec<_> = ways
        .map(|row| {
            let cell = row.cell(of);
            let target = cell.target.unwrap().to_string();
            (row.measure.clone(), cell.value.to_string(), target, cell.state.word().to_owned())
        })
        .collect();
    let stored = stored
        .in_the_way
        .iter()
        .map(|way| (way.measure.clone(), way.value.clone(), way.target.clone(), way.state.clone()));
    assert_eq!(stored.collect::<Vec<_>>(), ways);
}

/// Every partner has a standing, and it is that of its scorecard.
fn same_as_scorecards(app: &App) {
    let stored = standings(app);
    let partners = app.store.read(|tx| tx.partner_ids()).unwrap();
    assert_eq!(stored.keys().cloned().collect::<Vec<_>>(), partners);
    for (id, standing) in &stored {
        let card = scorecard(app, &manager(), id, &Viewpoint::default()).unwrap();
        assert_eq!(standing.name, card.name);
        assert_eq!(standing.path, card.path);
        assert_eq!(standing.tier, card.tier, "{id}");
        assert_eq!(standing.tier_is_unknown, card.tier_is_unknown);
        assert_eq!(standing.attained, card.attained, "{id}");
        same_column(&standing.renewal, &card, Column::Renewal);
        same_column(&standing.upgrade, &card, Column::Upgrade);
        let review = &standing.review;
        assert_eq!(review.due_on, card.review.due_on.map(|day| day.to_string()));
        assert_eq!(
            review.outcome.as_deref(),
            card.review.outcome.map(guildhall_rules::review::ReviewOutcome::word)
        );
        assert_eq!(review.to_tier, card.review.to_tier);
        assert_eq!(review.grace_until, card.review.grace_until.map(|day| day.to_string()));
        let percent = card.support_discount.map(|discount| discount.percent.to_string());
        assert_eq!(standing.discount_percent, percent);
        assert_eq!(standing.edition, card.rulebook);
        assert_eq!(standing.as_of, app.clock.today().to_string());
        same_lapse(app, id, standing);
    }
}

/// A row that lapses is met on the scorecard until the day before, and not on the day.
fn same_lapse(app: &App, id: &str, standing: &Standing) {
    let Some(lapse) = &standing.lapse else { return };
    let on = guildhall_rules::day::Day::parse(lapse.on.as_bytes()).unwrap();
    assert!(app.clock.today() < on && on <= app.clock.today().plus_days(90));
    assert!(standing.is_at_risk);
    for (day, is_met) in [(on.plus_days(-1), true), (on, false)] {
        let viewpoint = Viewpoint { as_of: Some(day), ..Viewpoint::default() };
        let card = scorecard(app, &manager(), id, &viewpoint).unwrap();
        let state = |measure: &str| {
            let row = card.rows.iter().find(|row| row.measure == measure).unwrap();
            row.renewal.state.word()
        };
        let met = lapse.rows.iter().filter(|row| state(&row.measure) == "met").count();
        assert_eq!(met, if is_met { lapse.rows.len() } else { 0 }, "{id} on {day}");
    }
}

fn changed_at_random(database: &Database) {
    let mut chance = Chance(7);
    let app = found(&database.url, "2026-07-01T09:00:00Z");
    let refresher = Refresher::with_step(5).unwrap();
    fill(&app, &mut chance);
    assert!(refresh(&app, &refresher) > 4);
    same_as_scorecards(&app);
    // What is compared is of all sorts.
    assert!(standings(&app).values().any(|standing| standing.lapse.is_some()));
    assert!(standings(&app).values().any(|standing| !standing.is_at_risk));
    let mut day = moment("2026-07-01T09:00:00Z");
    for round in 0..16 {
        match chance.below(6) {
            0 => {
                let kinds = [File::Credentials, File::Opportunities, File::Affiliations];
                let kind = Kind::Fact(kinds[usize::try_from(chance.below(3)).unwrap()]);
                let word =
                    ["c", "o", "a"][kinds.iter().position(|one| Kind::Fact(*one) == kind).unwrap()];
                retract(&app, kind, &chance.id(word, 40));
            }
            1 => {
                day = day.checked_add(jiff::SignedDuration::from_hours(24)).unwrap();
                app.clock.set(day);
            }
            _ => {
                for _ in 0..=chance.below(3) {
                    record(&app, &[row(&mut chance)]);
                }
            }
        }
        refresh(&app, &refresher);
        assert_eq!(refresh(&app, &refresher), 0, "round {round}");
        same_as_scorecards(&app);
    }
}

#[test]
fn standings_equal_scorecards_after_random_changes() {
    for database in Database::both() {
        changed_at_random(&database);
    }
}

#[test]
fn a_change_is_heeded_without_computing_everybody() {
    for database in Database::both() {
        let app = found(&database.url, "2026-07-01T09:00:00Z");
        let refresher = Refresher::new().unwrap();
        let review = |id: &str, of: &str| review(id, of, "2026-06-01", "review", "expert");
        record(&app, &[partner("ada", "Ada"), partner("bob", "Bob"), review("r-1", "ada")]);
        refresh(&app, &refresher);
        app.clock.set(moment("2026-07-01T09:05:00Z"));
        record(&app, &[review("r-2", "bob")]);
        assert_eq!(refresh(&app, &refresher), 1);
        let found = standings(&app);
        assert_eq!(found["bob"].tier.as_deref(), Some("expert"));
        assert_eq!(found["bob"].computed_at, "2026-07-01T09:05:00Z");
        assert_eq!(found["ada"].computed_at, "2026-07-01T09:00:00Z");
        same_as_scorecards(&app);
    }
}

#[test]
fn an_edition_that_is_published_is_heeded() {
    for database in Database::both() {
        let app = found(&database.url, "2026-07-01T09:00:00Z");
        let refresher = Refresher::new().unwrap();
        let held = review("r-1", "ada", "2026-06-01", "review", "expert");
        record(&app, &[partner("ada", "Ada"), held, roof("o-1", "ada", "2026-05-01")]);
        refresh(&app, &refresher);
        assert_eq!(standings(&app)["ada"].renewal.in_the_way.len(), 2);
        let text = TILES
            .replace("tiles-2025", "tiles-2026")
            .replace("2025-01-01", "2026-01-01")
            .replace("roofs = 2, setters = 1", "roofs = 1");
        let done: Result<_, guildhall_store::Error> = app.store.write(|tx| {
            let mut entry = Entry::new(app.clock.now(), "operator", "publish_edition", "tiles");
            tx.adopt_editions(&mut entry, "tiles", &[("tiles-2026".to_owned(), text.clone())])?;
            tx.commit(entry)
        });
        done.unwrap();
        refresh(&app, &refresher);
        let found = standings(&app);
        assert_eq!(found["ada"].edition, "tiles-2026");
        assert!(found["ada"].renewal.in_the_way.is_empty());
        same_as_scorecards(&app);
    }
}

#[test]
fn a_restored_database_computes_them_by_itself() {
    let [file, server] = Database::both();
    let app = found(&file.url, "2026-07-01T09:00:00Z");
    record(&app, &[partner("ada", "Ada")]);
    refresh(&app, &Refresher::new().unwrap());
    let backup = file.dir().join("backup.db");
    app.store.backup(&backup, &|_| ()).unwrap();
    let store = Store::open(&server.url).unwrap();
    store.restore(&backup, &|_| ()).unwrap();
    let restored = App::new(store, Clock::at(moment("2026-07-01T10:00:00Z"))).unwrap();
    assert!(standings(&restored).is_empty());
    refresh(&restored, &Refresher::new().unwrap());
    same_as_scorecards(&restored);
}

#[test]
fn one_of_two_servers_computes_and_the_other_goes_on_where_it_died() {
    for database in Database::both() {
        let one = found(&database.url, "2026-07-01T09:00:00Z");
        let mut chance = Chance(11);
        fill(&one, &mut chance);
        let store = Store::open(&database.url).unwrap();
        let other = App::new(store, Clock::at(moment("2026-07-01T09:00:00Z"))).unwrap();
        let [first, second] = [5, 5].map(|step| Refresher::with_step(step).unwrap());
        for _ in 0..3 {
            // It begins a pass and computes two spans of it.
            assert!(matches!(
                first.step(&one),
                Ok(guildhall_server::ops::network::Refreshed::Some)
            ));
        }
        assert_eq!(standings(&one).len(), 10);
        assert_eq!(refresh(&other, &second), 0);
        other.clock.set(moment("2026-07-01T09:01:01Z"));
        assert_eq!(refresh(&other, &second), 3);
        same_as_scorecards(&other);
    }
}

#[test]
fn two_servers_at_once_come_to_the_same() {
    let [_, database] = Database::both();
    let one = found(&database.url, "2026-07-01T09:00:00Z");
    fill(&one, &mut Chance(13));
    let store = Store::open(&database.url).unwrap();
    let other = App::new(store, Clock::at(moment("2026-07-01T09:00:00Z"))).unwrap();
    std::thread::scope(|scope| {
        for app in [&one, &other] {
            scope.spawn(move || {
                let refresher = Refresher::with_step(3).unwrap();
                for _ in 0..40 {
                    refresher.step(app).unwrap();
                }
            });
        }
    });
    same_as_scorecards(&one);
}
