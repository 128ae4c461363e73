//! Where a partner stands, as a browser without script meets it: every number leads to its facts.

use guildhall_rules::facts::File;
use guildhall_server::ops::reviews::{self, Confirmation, ProposalRequest};
use guildhall_store::Entry;
use jiff::SignedDuration;

use crate::book::{TILES, draft, manager, moment, record, roof};
use crate::browser::World;
use crate::databases::Database;

/// Every page and download about where `ada` stands.
const ALL: [&str; 9] = [
    "/partners/ada/scorecard",
    "/partners/ada/scorecard.csv",
    "/partners/ada/scorecard.html",
    "/partners/ada/scorecard/roofs",
    "/partners/ada/history",
    "/partners/ada/changes",
    "/partners/ada/lapses",
    "/partners/ada/lapses.ics",
    "/partners/ada/discount",
];

fn world(test: impl Fn(&World)) {
    for database in Database::both() {
        test(&World::new(&database.url));
    }
}

#[test]
fn a_partner_sees_where_it_stands_and_why() {
    world(|world| {
        let old = roof("o-0", "ada", "2024-03-01");
        record(&world.app.store, "2025-11-02T00:00:00Z", &[old]);
        let mut lea = world.signed_in("lea@ada.example");
        let page = lea.get("/partners/ada/scorecard");
        assert_eq!(page.status, 200);
        page.says("Tier held")
            .says("Renewal: <bdi>keep Expert</bdi>")
            .says("Upgrade: <bdi>reach Master</bdi>")
            .says("16 Jan 2025 to 15 Jan 2026")
            .says("2 counted, 1 not")
            .says("/partners/ada/discount?period=2026-H1")
            .says_not("notice warning");
    });
}

#[test]
fn a_row_opens_to_the_facts_counted_and_not_counted() {
    world(|world| {
        let old = roof("o-0", "ada", "2024-03-01");
        record(&world.app.store, "2025-11-02T00:00:00Z", &[old]);
        let mut lea = world.signed_in("lea@ada.example");
        let row = "/partners/ada/scorecard/roofs";
        lea.get("/partners/ada/scorecard").says(&format!("hx-get=\"{row}\"")).says("2 of 3");
        for page in [lea.get(row), lea.part(row)] {
            assert_eq!(page.status, 200);
            page.says("href=\"/facts/opportunities/o-1\"")
                .says("href=\"/facts/opportunities/o-1/correct\"")
                .says("Not counted: outside the window")
                .says("launched on 1 Mar 2024, before 16 Jan 2025")
                .says(
                    "/disputes/new?partner=ada&#38;kind=opportunities&#38;fact=o-0&#38;\
                     measure=roofs",
                )
                .says_not("fact=o-1");
        }
        assert!(!lea.part(row).text.contains("<html"), "a part is no page");
        lea.get("/partners/ada/scorecard/setters").says("Ida").says("/people/").says("Mosaic");
        assert_eq!(lea.get("/partners/ada/scorecard/nothing").status, 404);
        // The vendor corrects, and disputes nothing.
        let mut mia = world.signed_in("mia@tiles.example");
        mia.get(row).says("/facts/opportunities/o-0/correct").says_not("/disputes/new");
    });
}

#[test]
fn day_knowledge_and_edition_can_be_chosen_and_go_along() {
    let database = Database::sqlite();
    let world = World::new(&database.url);
    let mut lea = world.signed_in("lea@ada.example");
    let chosen = "as_of=2025-09-30&known_at=2025-12-01T08%3A00&edition=tiles-2025";
    let page = lea.get(&format!("/partners/ada/scorecard?{chosen}"));
    assert_eq!(page.status, 200);
    page.says("30 Sep 2025")
        .says("1 Dec 2025, 08:00 UTC")
        .says("1 of 3")
        .says("value=\"2025-09-30\"");
    page.says(
        "/scorecard/roofs?as_of=2025-09-30&#38;known_at=2025-12-01T08%3A00&#38;edition=tiles-2025",
    );
    let page = lea.get("/partners/ada/scorecard?as_of=soon&known_at=then&edition=none");
    assert_eq!(page.status, 422);
    page.says("no edition").says("Tier held");
    let page = lea.get("/partners/ada/scorecard?as_of=2025-02-30");
    assert_eq!(page.status, 422);
    page.says("is not a day of the calendar").says("value=\"2025-02-30\"").says("Tier held");
    // Before the first edition there are no rules to look by.
    let page = lea.get("/partners/ada/scorecard?as_of=2020-01-01");
    assert_eq!(page.status, 422);
    page.says("No edition of `tiles` is in force on 2020-01-01");
}

#[test]
fn a_review_that_comes_is_announced() {
    let database = Database::sqlite();
    let world = World::new(&database.url);
    let mut ben = world.signed_in("ben@bob.example");
    ben.get("/partners/bob/scorecard").says_not("The next review is due");
    ben.get("/partners/bob/scorecard?as_of=2026-03-15")
        .says(
            "The next review is due on 1 May 2026, in 47 days. As things stand: grace until 30 Jul",
        )
        .says("notice warning");
}

#[test]
fn a_grace_that_runs_is_announced_with_its_decision() {
    let database = Database::sqlite();
    let world = World::new(&database.url);
    world.pass(SignedDuration::from_hours(24 * 115));
    let request = ProposalRequest { partner: "bob".to_owned(), kind: Some("review".to_owned()) };
    let proposed = reviews::propose(&world.app, &manager(), &request).unwrap();
    let as_proposed = Confirmation::default();
    reviews::confirm(&world.app, &manager(), proposed.number, None, &as_proposed).unwrap();
    let published = reviews::publish(&world.app, &manager(), proposed.number, None).unwrap();
    let decision = format!("href=\"/decisions/{}\"", published.decision.unwrap());
    let mut ben = world.signed_in("ben@bob.example");
    ben.get("/partners/bob/scorecard")
        .says("A grace is running")
        .says("Decided on 10 May 2026: Expert is kept for a grace.")
        .says(&decision)
        .says_not("The next review is due on");
    // A month and a year later it is news no more.
    world.pass(SignedDuration::from_hours(24 * 400));
    let mut ben = world.signed_in("ben@bob.example");
    ben.get("/partners/bob/scorecard").says_not("A grace is running").says_not("Decided on");
}

#[test]
fn the_same_is_kept_as_csv_and_as_one_file() {
    let database = Database::sqlite();
    let world = World::new(&database.url);
    let mut lea = world.signed_in("lea@ada.example");
    let csv = lea.get("/partners/ada/scorecard.csv?as_of=2025-12-31");
    assert_eq!(csv.headers["content-type"], "text/csv; charset=utf-8");
    assert_eq!(
        csv.headers["content-disposition"],
        "attachment; filename=\"scorecard-ada-2025-12-31.csv\""
    );
    csv.says(
        "ada,2025-12-31,tiles-2025,work,roofs,Roofs finished,,Upgrade,master,2,3,at least,\
         not met,2025-01-01,2025-12-31,2,0\n",
    );
    let csv = lea.get("/partners/ada/scorecard.csv?facts=all");
    csv.says(",opportunities,o-1,o-1,Counted,,\n");
    let file = lea.get("/partners/ada/scorecard.html");
    file.says("<style>").says("Partner scorecard").says_not("<script");
    lea.get("/partners/ada/scorecard?facts=all").says("Facts behind the rows").says("o-1");
}

#[test]
fn a_cell_of_the_csv_is_no_formula() {
    let database = Database::sqlite();
    let world = World::new(&database.url);
    let roof = roof("=HYPERLINK(1)", "ada", "2025-11-01");
    record(&world.app.store, "2025-11-02T00:00:00Z", &[roof]);
    let mut lea = world.signed_in("lea@ada.example");
    lea.get("/partners/ada/scorecard.csv?facts=all").says(",'=HYPERLINK(1),'=HYPERLINK(1),");
}

#[test]
fn history_is_drawn_with_its_numbers_behind_it() {
    let database = Database::sqlite();
    let world = World::new(&database.url);
    let mut lea = world.signed_in("lea@ada.example");
    let page = lea.get("/partners/ada/history");
    assert_eq!(page.status, 200);
    page.says("role=\"img\"").says("Roofs finished over time.").says("class=\"target of-upgrade\"");
    // The ends of twelve months and today, for the tiers and both rows.
    assert_eq!(page.text.matches("<th scope=\"row\">30 Sep 2025</th>").count(), 3);
    assert_eq!(page.text.matches("<th scope=\"row\">15 Jan 2026</th>").count(), 3);
    let page = lea.get("/partners/ada/history?from=2026-02-01&to=2026-01-01");
    assert_eq!(page.status, 422);
    page.says("It does not lie before the last day").says("value=\"2026-02-01\"");
    assert_eq!(lea.get("/partners/ada/history?from=2015-02-01").status, 422);
    // A time before the first edition has nothing to draw.
    lea.get("/partners/ada/history?from=2023-02-01&to=2023-06-01").says("No edition is in force");
}

#[test]
fn what_changed_is_told_with_the_facts_that_moved_it() {
    let database = Database::sqlite();
    let world = World::new(&database.url);
    let mut lea = world.signed_in("lea@ada.example");
    lea.get("/partners/ada/changes?from=2025-09-15&to=2025-10-15")
        .says("href=\"/facts/opportunities/o-2\"")
        .says("counts now; before: outside the window")
        .says("Tier attained");
    lea.get("/partners/ada/changes?from=2026-01-10").says("Nothing moved.");
    let page = lea.get("/partners/ada/changes?from=2026-01-10&to=2025-01-10");
    assert_eq!(page.status, 422);
    page.says("lies behind");
    // What was learned since, of one day.
    let late = roof("o-3", "ada", "2025-10-20");
    record(&world.app.store, "2026-01-02T00:00:00Z", &[late]);
    lea.get("/partners/ada/changes?to=2025-12-31&known_from=2025-12-01T00%3A00")
        .says("as known at 1 Dec 2025, 00:00 UTC")
        .says("href=\"/facts/opportunities/o-3\"")
        .says("counts now");
}

#[test]
fn what_lapses_is_told_day_by_day_with_what_falls_with_it() {
    let database = Database::sqlite();
    let world = World::new(&database.url);
    let leaver = [
        ("id", "i-1"),
        ("partner", "ada"),
        ("name", "Ida"),
        ("emails", "i@ada.example"),
        ("left_on", "2026-02-20"),
    ];
    record(&world.app.store, "2025-12-02T00:00:00Z", &[draft(File::Individuals, &leaver)]);
    let mut lea = world.signed_in("lea@ada.example");
    lea.get("/partners/ada/lapses")
        .says("21 Feb 2026")
        .says("has left")
        .says("href=\"/facts/credentials/c-1\"><bdi>Mosaic</bdi></a>")
        .says("Ida")
        .says("Renewal: <bdi>met</bdi>")
        .says_not("1 Sep 2026");
    lea.get("/partners/ada/lapses?until=2026-12-31")
        .says("1 Sep 2026")
        .says("href=\"/facts/opportunities/o-1\"")
        .says("Review: Expert is kept for a grace until");
    let page = lea.get("/partners/ada/lapses?until=2025-12-31");
    assert_eq!(page.status, 422);
    page.says("is not a day of the next two years").says("21 Feb 2026");
    lea.get("/partners/ada/lapses.ics").says("BEGIN:VCALENDAR");
}

#[test]
fn the_discount_is_stated_for_a_period() {
    let database = Database::sqlite();
    let world = World::new(&database.url);
    let mut lea = world.signed_in("lea@ada.example");
    lea.get("/partners/ada/discount")
        .says("Desk discount")
        .says("2026-H1")
        .says("25 = 25, at most 40");
    let page = lea.get("/partners/ada/discount?period=2026-H7");
    assert_eq!(page.status, 422);
    page.says("is not a period of the discount").says("2026-H1");
    assert_eq!(lea.get("/partners/ada/discount/roofs?period=2026-H1").status, 404);
}

#[test]
fn a_statement_names_the_cases_that_cost_points() {
    let database = Database::sqlite();
    let world = World::new(&database.url);
    let asks = |id: &str, rest: &str| {
        format!(
            "[[measures]]\nid = \"{id}\"\ntitle = \"Calls: {id}\"\n\
             component = \"work\"\n{rest}\n"
        )
    };
    let share = "kind = \"share\"\nof = \"cases\"\nmatching = { severity = [\"high\"] }\n\
                 desk = \"vendor\"\nsupport = [\"partner_led\"]\nwindow = { months_before_period = 6 }";
    let measures = asks("grave", share) + &asks("calm", share);
    let points = |id: &str, most: &str| {
        format!("[[discounts.measures]]\nmeasure = \"{id}\"\nat_most = {most}\npoints = 5\n")
    };
    let text = TILES
        .replace("tiles-2025", "tiles-2026")
        .replace("in_force_from = 2025-01-01", "in_force_from = 2026-01-01")
        .replace("[[paths]]\nid", &format!("{measures}[[paths]]\nid"))
        + &points("grave", "0.2")
        + &points("calm", "0.5");
    let done: Result<_, guildhall_store::Error> = world.app.store.write(|tx| {
        let mut entry = Entry::new(moment("2025-12-01T00:00:00Z"), "operator", "found", "tiles");
        tx.adopt_editions(&mut entry, "tiles", &[("tiles-2026".to_owned(), text.clone())])?;
        tx.commit(entry)
    });
    done.unwrap();
    let case = |at: usize| {
        let (id, severity) = (format!("case-{at}"), if at < 2 { "high" } else { "low" });
        let cells = [
            ("id", id.as_str()),
            ("partner", "ada"),
            ("customer", "town"),
            ("opened_on", "2025-09-01"),
            ("opened_by", "partner"),
            ("severity", severity),
        ];
        draft(File::Cases, &cells)
    };
    let cases: Vec<_> = (0..5).map(case).collect();
    record(&world.app.store, "2025-12-02T00:00:00Z", &cases);
    let mut lea = world.signed_in("lea@ada.example");
    let page = lea.get("/partners/ada/discount?period=2026-H1");
    assert_eq!(page.status, 200, "{}", page.text);
    page.says("25 + 0 + 5 = 30, at most 40").says("40%, at most 20%").says("What costs points");
    page.says("/facts/cases/case-0").says("/facts/cases/case-1").says_not("/facts/cases/case-2");
    for page in [
        lea.get("/partners/ada/discount/grave?period=2026-H1"),
        lea.part("/partners/ada/discount/grave?period=2026-H1"),
    ] {
        page.says("/facts/cases/case-4").says("in the share").says("<bdi>low</bdi>");
    }
}

#[test]
fn pages_stay_small_however_many_facts_there_are() {
    let database = Database::sqlite();
    let world = World::new(&database.url);
    let roofs: Vec<_> = (0..3000)
        .map(|at| {
            roof(
                &format!("many-{at:04}"),
                "ada",
                if at % 2 == 0 { "2025-10-03" } else { "2024-10-03" },
            )
        })
        .collect();
    record(&world.app.store, "2025-11-02T00:00:00Z", &roofs);
    let mut lea = world.signed_in("lea@ada.example");
    for path in ALL.into_iter().filter(|path| !path.contains('.')) {
        let page = lea.get(path);
        assert_eq!(page.status, 200, "{path}");
        assert!(page.text.len() < 100_000, "{path}: {}", page.text.len());
    }
    let row = "/partners/ada/scorecard/roofs";
    lea.get(row).says("1 to 50 of 3,002 facts").says(&format!("{row}?behind=50"));
    lea.get(&format!("{row}?behind=2950")).says("2,951 to 3,000 of 3,002 facts").says("many-2");
    lea.get(&format!("{row}?behind=4000")).says("1 to 50 of 3,002 facts");
    let page = lea.get("/partners/ada/changes?from=2025-09-15&to=2025-10-15");
    page.says("more facts");
    assert!(page.text.len() < 100_000, "{}", page.text.len());
}

#[test]
fn a_stranger_finds_nothing() {
    world(|world| {
        let mut ben = world.signed_in("ben@bob.example");
        for path in ALL {
            let page = ben.get(path);
            assert_eq!(page.status, 404, "{path}: {}", page.text);
        }
        let mut nobody = world.browser();
        for path in ALL {
            let page = nobody.get(path);
            assert_eq!(page.status, 303, "{path}");
            assert!(page.location().starts_with("/sign-in?next=%2Fpartners%2Fada"), "{path}");
        }
        let mut mia = world.signed_in("mia@tiles.example");
        for path in ALL {
            assert_eq!(mia.get(path).status, 200, "{path}");
            let gone = mia.get(&path.replace("/ada/", "/nobody/"));
            assert_eq!(gone.status, 404, "{path}");
        }
    });
}

#[test]
fn nothing_of_a_partner_becomes_markup() {
    let database = Database::sqlite();
    let world = World::new(&database.url);
    let name = "<script>alert(1)</script>\u{202e}";
    let ada = draft(File::Partners, &[("id", "ada"), ("name", name), ("path", "setters")]);
    let roof = roof("<b>\"'&/?", "ada", "2025-11-01");
    record(&world.app.store, "2025-11-02T00:00:00Z", &[ada, roof]);
    let mut lea = world.signed_in("lea@ada.example");
    for path in ALL.into_iter().filter(|path| !path.ends_with("csv") && !path.ends_with("ics")) {
        lea.get(path).says_not("<script>alert").says_not("<b>");
    }
    lea.get("/partners/ada/scorecard/roofs").says("/facts/opportunities/%3Cb%3E%22%27%26%2F%3F");
}
