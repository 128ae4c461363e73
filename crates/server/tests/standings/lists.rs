//! What is told of them: lists that are filtered, sorted and paged, reasons, tiers over time, CSV.

use std::sync::Arc;

use axum::body::Body;
use axum::http::Request;
use guildhall_access::{Role, Side};
use guildhall_server::ops::network::{self, Asked, Refresher, Risk};
use guildhall_server::{App, Error, rest};
use tower::ServiceExt;

use crate::databases::Database;
use crate::network::{
    caller, found, manager, mosaic, partner, person, record, refresh, review, roof, standings,
};

/// `ada` is safe but for a certificate that lapses, `bob` is not, `cid` has no tier, `dot` is one
/// row from the next tier.
fn filled(database: &Database) -> App {
    let app = found(&database.url, "2026-07-01T09:00:00Z");
    let rows = [
        partner("ada", "Zoë & Ada"),
        partner("bob", "=Bob"),
        partner("cid", "cid 100%"),
        partner("dot", "Dot_Works"),
        review("r-1", "ada", "2025-09-10", "enrolment", "member"),
        review("r-2", "ada", "2026-06-01", "review", "expert"),
        review("r-3", "bob", "2025-08-01", "review", "expert"),
        review("r-4", "dot", "2026-02-01", "review", "member"),
        person("i-1", "ada", "ida"),
        mosaic("c-1", "i-1", "2025-08-14"),
        roof("o-1", "ada", "2026-05-01"),
        roof("o-2", "ada", "2026-05-02"),
        roof("o-3", "dot", "2026-05-02"),
        roof("o-4", "dot", "2026-05-03"),
    ];
    record(&app, &rows);
    refresh(&app, &Refresher::with_step(2).unwrap());
    app
}

fn ids(app: &App, asked: &Asked) -> Vec<String> {
    let found = network::list(app, &manager(), asked, None, 100).unwrap();
    assert_eq!(usize::try_from(found.count).unwrap(), found.standings.len());
    found.standings.into_iter().map(|(_, standing)| standing.partner).collect()
}

fn asked(change: impl FnOnce(&mut Asked)) -> Asked {
    let mut asked = Asked::default();
    change(&mut asked);
    asked
}

#[test]
fn who_is_at_risk_is_told_with_the_reasons() {
    for database in Database::both() {
        let app = filled(&database);
        let found = standings(&app);
        let ada = &found["ada"].risks;
        assert_eq!(ada.len(), 2, "{ada:?}");
        let Risk::Review { due_on, outcome, to_tier, grace_until } = &ada[0] else {
            panic!("{ada:?}")
        };
        assert_eq!(
            [due_on.as_deref(), Some(outcome), to_tier.as_deref(), grace_until.as_deref()],
            [Some("2027-06-01"), Some("grace"), Some("expert"), Some("2027-08-30")]
        );
        let Risk::Lapse { on, rows } = &ada[1] else { panic!("{ada:?}") };
        assert_eq!(on, "2026-08-15");
        assert_eq!(
            (rows[0].title.as_str(), &*rows[0].value, &*rows[0].target),
            ("Setters", "0", "1")
        );
        let bob = &found["bob"].risks;
        let Risk::Renewal { rows } = &bob[1] else { panic!("{bob:?}") };
        assert_eq!(rows.len(), 2);
        assert!(found["cid"].risks.is_empty());
    }
}

#[test]
fn lists_are_filtered() {
    for database in Database::both() {
        let app = filled(&database);
        let cases: [(Asked, &[&str]); 13] = [
            (Asked::default(), &["bob", "cid", "dot", "ada"]),
            (asked(|asked| asked.path = Some("setters".into())), &["bob", "cid", "dot", "ada"]),
            (asked(|asked| asked.path = Some("roofers".into())), &[]),
            (asked(|asked| asked.tier = Some("expert".into())), &["bob", "ada"]),
            (asked(|asked| asked.tier = Some("-".into())), &["cid"]),
            (asked(|asked| asked.tier = Some("?".into())), &[]),
            (asked(|asked| asked.state = Some("at_risk".into())), &["bob", "ada"]),
            (asked(|asked| asked.state = Some("safe".into())), &["cid", "dot"]),
            (
                asked(|asked| {
                    asked.state = Some("near".into());
                    asked.missing = Some(1);
                }),
                &["cid", "dot"],
            ),
            (asked(|asked| asked.due_within = Some(60)), &["bob"]),
            (asked(|asked| asked.text = Some(" ZOË ".into())), &["ada"]),
            (asked(|asked| asked.text = Some("t_w".into())), &["dot"]),
            (asked(|asked| asked.text = Some("%".into())), &["cid"]),
        ];
        for (asked, expected) in cases {
            assert_eq!(ids(&app, &asked), expected, "{asked:?}");
        }
    }
}

#[test]
fn pages_of_every_order_hold_everybody_once() {
    for database in Database::both() {
        let app = filled(&database);
        for (sort, expected) in [
            ("name", ["bob", "cid", "dot", "ada"]),
            ("-name", ["ada", "dot", "cid", "bob"]),
            ("tier", ["cid", "dot", "ada", "bob"]),
            ("-tier", ["bob", "ada", "dot", "cid"]),
            ("due", ["bob", "dot", "ada", "cid"]),
            ("-due", ["cid", "ada", "dot", "bob"]),
            ("missing", ["cid", "dot", "ada", "bob"]),
        ] {
            let asked = asked(|asked| asked.sort = Some(sort.into()));
            let (mut all, mut after): (Vec<String>, Option<String>) = (Vec::new(), None);
            loop {
                let page = network::list(&app, &manager(), &asked, after.as_deref(), 1).unwrap();
                assert_eq!(page.count, 4);
                let Some((place, standing)) = page.standings.first() else { break };
                all.push(standing.partner.clone());
                after = Some(place.clone());
            }
            assert_eq!(all, expected, "{sort}");
        }
    }
}

#[test]
fn what_makes_no_sense_is_told() {
    let app = filled(&Database::sqlite());
    let problem = |asked: Asked, after: Option<&str>| match network::list(
        &app,
        &manager(),
        &asked,
        after,
        10,
    ) {
        Err(Error::Invalid(problems)) => problems.shown()[0].column.clone().unwrap(),
        other => panic!("{other:?}"),
    };
    assert_eq!(problem(asked(|asked| asked.state = Some("odd".into())), None), "state");
    assert_eq!(problem(asked(|asked| asked.sort = Some("--name".into())), None), "sort");
    assert_eq!(problem(asked(|asked| asked.text = Some("x".repeat(201))), None), "text");
    assert_eq!(problem(asked(|asked| asked.sort = Some("tier".into())), Some("x\nada")), "cursor");
    assert_eq!(problem(Asked::default(), Some("no place")), "cursor");
}

#[test]
fn tiers_of_the_year_before_are_counted_from_the_history() {
    for database in Database::both() {
        let app = filled(&database);
        let summary = network::summary(&app, &manager()).unwrap();
        assert!(summary.is_complete);
        assert_eq!((summary.partners, summary.at_risk), (4, 2));
        let told: Vec<_> = summary.over_time.iter().map(|counts| counts.day.as_str()).collect();
        assert_eq!((told.len(), told[0], told[12]), (13, "2025-07-31", "2026-07-01"));
        let on = |day: &str| {
            let counts = summary.over_time.iter().find(|counts| counts.day == day).unwrap();
            let told = counts.tiers.iter().map(|count| {
                let risk = count.at_risk.map_or("?".to_owned(), |count| count.to_string());
                format!("{} {} {risk}", count.tier, count.partners)
            });
            told.collect::<Vec<_>>().join(", ")
        };
        // Of `cid`, who has no history, it is taken that there never was a tier.
        assert_eq!(on("2025-07-31"), "- 1 ?");
        assert_eq!(on("2025-08-31"), "- 1 ?, expert 1 ?");
        assert_eq!(on("2025-09-30"), "- 1 ?, expert 1 ?, member 1 ?");
        assert_eq!(on("2026-06-30"), "- 1 ?, expert 2 ?, member 1 ?");
        assert_eq!(on("2026-07-01"), "- 1 0, expert 2 2, member 1 0");
        record(&app, &[review("r-5", "dot", "2026-07-01", "upgrade", "expert")]);
        refresh(&app, &Refresher::new().unwrap());
        // Nobody else holds the lease any longer.
        app.clock.set("2026-07-01T09:02:00Z".parse().unwrap());
        refresh(&app, &Refresher::new().unwrap());
        let summary = network::summary(&app, &manager()).unwrap();
        let last = summary.over_time.last().unwrap();
        assert_eq!(last.tiers.iter().map(|count| count.partners).collect::<Vec<_>>(), [1, 3]);
        assert_eq!(summary.over_time.len(), 13);
    }
}

#[test]
fn csv_holds_no_formula() {
    let app = filled(&Database::sqlite());
    let mut text = Vec::new();
    network::write_csv(&app, &manager(), &Asked::default(), &mut text).unwrap();
    let text = String::from_utf8(text).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 5);
    assert!(lines[0].starts_with("partner,name,path,tier,"));
    assert!(lines[1].starts_with("bob,'=Bob,setters,expert,"), "{}", lines[1]);
}

#[test]
fn only_those_who_see_the_network_see_them() {
    let app = filled(&Database::sqlite());
    let lead = caller(Side::Partner, "ada", Role::AllianceLead);
    assert!(network::list(&app, &lead, &Asked::default(), None, 10).is_err());
    assert!(network::summary(&app, &lead).is_err());
    assert!(network::write_csv(&app, &lead, &Asked::default(), &mut Vec::new()).is_err());
    let router = rest::router(Arc::new(app), 1 << 20);
    let runtime = tokio::runtime::Builder::new_multi_thread().build().unwrap();
    for path in ["standings", "standings.csv", "summary"] {
        let request = Request::get(format!("/api/v1/network/{path}")).body(Body::empty()).unwrap();
        let response = runtime.block_on(router.clone().oneshot(request)).unwrap();
        assert_eq!(response.status(), 401, "{path}");
    }
}
