//! What turns is kept with the standings, and is what a forecast says; forecasts over REST.

use std::sync::Arc;

use axum::body::Body;
use axum::http::Request;
use guildhall_access::{Role, Scope, Side};
use guildhall_rules::day::Day;
use guildhall_rules::forecast::Turn;
use guildhall_server::ops::forecast::{self, Asked};
use guildhall_server::ops::network::{self, By, Refresher, TURNS_WITHIN_DAYS, TurnsAsked};
use guildhall_server::ops::tokens;
use guildhall_server::ops::users::{self, NewUser};
use guildhall_server::{App, rest};
use serde_json::Value as Json;
use tower::ServiceExt;

use crate::databases::Database;
use crate::network::{
    caller, found, manager, mosaic, partner, person, record, refresh, review, roof,
};

fn filled(database: &Database) -> App {
    let app = found(&database.url, "2026-07-01T09:00:00Z");
    let rows = [
        partner("ada", "Ada"),
        partner("bob", "Bob"),
        partner("cid", "Cid"),
        review("r-1", "ada", "2025-09-10", "enrolment", "member"),
        review("r-2", "ada", "2026-06-01", "review", "expert"),
        review("r-3", "bob", "2025-08-01", "review", "expert"),
        person("i-1", "ada", "ida"),
        mosaic("c-1", "i-1", "2025-08-14"),
        roof("o-1", "ada", "2026-05-01"),
        roof("o-2", "ada", "2026-05-02"),
    ];
    record(&app, &rows);
    refresh(&app, &Refresher::with_step(2).unwrap());
    app
}

fn day(text: &str) -> Day {
    Day::parse(text.as_bytes()).unwrap()
}

fn token(app: &App, side: Side, organization: &str, role: Role) -> String {
    let user = NewUser {
        email: format!("user@{organization}.example"),
        name: "Somebody".to_owned(),
        organization: Some((side, organization.to_owned())),
        roles: vec![role],
    };
    let id = users::create_first(app, &user, "four tiles on a roof").unwrap();
    tokens::issue(app, &id, "test", &[Scope::Read], None).unwrap()
}

fn get(app: &Arc<App>, token: &str, path: &str) -> (u16, String) {
    let router = rest::router(Arc::clone(app), 1 << 20);
    let runtime = tokio::runtime::Builder::new_multi_thread().build().unwrap();
    let request = Request::get(format!("/api/v1{path}"))
        .header("authorization", format!("Bearer {token}"))
        .body(Body::empty())
        .unwrap();
    runtime.block_on(async {
        let response = router.oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let bytes = axum::body::to_bytes(response.into_body(), 10 << 20).await.unwrap();
        (status, String::from_utf8(bytes.to_vec()).unwrap())
    })
}

fn json(app: &Arc<App>, token: &str, path: &str) -> Json {
    let (status, text) = get(app, token, path);
    assert_eq!(status, 200, "{path}: {text}");
    serde_json::from_str(&text).unwrap()
}

#[test]
fn what_turns_is_kept_as_a_forecast_says_it() {
    for database in Database::both() {
        let app = filled(&database);
        let until = app.clock.today().plus_days(TURNS_WITHIN_DAYS);
        let (foreseen, next) =
            forecast::of_network(&app, &manager(), &Asked::until(until), None, 100).unwrap();
        assert_eq!(next, None);
        let mut told: Vec<(String, String)> = foreseen
            .iter()
            .flat_map(|one| {
                one.turns.iter().map(|turn| (turn.on().to_string(), one.partner.clone()))
            })
            .collect();
        told.sort();
        let kept = network::turns(&app, &manager(), &TurnsAsked::default(), None, 100).unwrap();
        let kept: Vec<(String, String)> =
            kept.into_iter().map(|turn| (turn.on, turn.partner)).collect();
        assert!(!kept.is_empty());
        assert_eq!(kept, told);
        let counts =
            network::count_turns(&app, &manager(), &TurnsAsked::default(), By::Month).unwrap();
        let sum: u64 = counts.iter().map(|count| count.count).sum();
        assert_eq!(usize::try_from(sum).unwrap(), kept.len());
        // A page looks at as many partners as it is to hold, and goes on behind the last.
        let first = forecast::of_network(&app, &manager(), &Asked::until(until), None, 1).unwrap();
        assert_eq!((first.0.len(), first.1.as_deref()), (1, Some("ada")));
        let lead = caller(Side::Partner, "ada", Role::AllianceLead);
        assert!(network::turns(&app, &lead, &TurnsAsked::default(), None, 1).is_err());
        assert!(forecast::of_network(&app, &lead, &Asked::until(until), None, 1).is_err());
    }
}

#[test]
fn a_review_that_gives_a_grace_falls_and_says_until_when() {
    let app = filled(&Database::sqlite());
    let reviews = TurnsAsked { what: Some("review".to_owned()), ..TurnsAsked::default() };
    let turns = network::turns(&app, &manager(), &reviews, None, 100).unwrap();
    let bob = turns.iter().find(|turn| turn.partner == "bob").unwrap();
    assert_eq!((bob.on.as_str(), bob.direction.as_str()), ("2026-08-01", "falls"));
    assert_eq!(bob.details.outcome.as_deref(), Some("grace"));
    assert_eq!(bob.details.grace_until.as_deref(), Some("2026-10-30"));
    let (all, _) =
        forecast::of_network(&app, &manager(), &Asked::until(day("2026-12-31")), None, 9).unwrap();
    let bob = all.iter().find(|one| one.partner == "bob").unwrap();
    assert!(matches!(&bob.turns[0], Turn::Review(held) if held.on == day("2026-08-01")));
}

#[test]
fn a_partner_is_foreseen_over_rest_also_with_what_is_supposed() {
    for database in Database::both() {
        let app = filled(&database);
        let lead = token(&app, Side::Partner, "ada", Role::AllianceLead);
        let other = token(&app, Side::Partner, "bob", Role::AllianceLead);
        let app = Arc::new(app);
        let path = "/partners/ada/forecast?until=2027-01-31";
        let plain = json(&app, &lead, path);
        let asked = Asked::until(day("2027-01-31"));
        let own = caller(Side::Partner, "ada", Role::AllianceLead);
        let same = forecast::of_partner(&app, &own, "ada", &asked).unwrap();
        assert_eq!(plain, serde_json::to_value(&same).unwrap());
        let lapse = |told: &Json, on: &str| {
            let days = told["days"].as_array().unwrap();
            days.iter().any(|one| one["on"] == on && !one["lapses"].as_array().unwrap().is_empty())
        };
        assert!(lapse(&plain, "2026-08-15") && !lapse(&plain, "2026-07-21"));
        let supposed = json(&app, &lead, &format!("{path}&leaves=ida=2026-07-20&reviews=false"));
        assert!(lapse(&supposed, "2026-07-21"));
        assert_eq!(supposed["suppositions"][0], "ida leaves on 2026-07-20");
        assert_eq!(supposed["holds_reviews"], false);
        let passed = json(
            &app,
            &lead,
            &format!("{path}&passes=ida=mosaic@2026-08-01&passes=ida=mosaic@2026-08-02"),
        );
        assert_eq!(passed["suppositions"].as_array().unwrap().len(), 1);
        let earlier = json(&app, &lead, &format!("{path}&as_of=2026-12-01"));
        assert_eq!(earlier["as_of"], "2026-12-01");
        let (_, text) = get(&app, &lead, "/partners/ada/forecast.ics?until=2027-01-31");
        assert!(text.starts_with("BEGIN:VCALENDAR\r\n"), "{text}");
        for end in ["forecast", "forecast.ics"] {
            let path = format!("/partners/ada/{end}?until=2027-01-31");
            assert_eq!(get(&app, &other, &path).0, 404);
            assert_eq!(get(&app, "gh_none", &path).0, 401);
        }
        // Nothing was stored.
        assert_eq!(json(&app, &lead, path), plain);
    }
}

#[test]
fn everything_that_is_wrong_with_what_is_supposed_is_told_at_once() {
    let app = filled(&Database::sqlite());
    let lead = token(&app, Side::Partner, "ada", Role::AllianceLead);
    let app = Arc::new(app);
    let fields = |query: &str| -> Vec<(String, String)> {
        let (status, text) = get(&app, &lead, &format!("/partners/ada/forecast{query}"));
        assert_eq!(status, 422, "{text}");
        let problem: Json = serde_json::from_str(&text).unwrap();
        let told = problem["problems"].as_array().unwrap().iter();
        let text = |of: &Json| of.as_str().unwrap_or_default().to_owned();
        told.map(|one| (text(&one["field"]), text(&one["code"]))).collect()
    };
    let pair = |field: &str, code: &str| (field.to_owned(), code.to_owned());
    assert_eq!(
        fields("?leaves=ida&launches=o-1&reviews=maybe"),
        [
            pair("reviews", "bad-value"),
            pair("until", "missing-value"),
            pair("leaves", "bad-value"),
            pair("launches", "bad-value"),
        ]
    );
    assert_eq!(
        fields(
            "?until=2027-01-01&leaves=idda=2026-08-01&launches=o-1=2026-08-01&granted=x=2026-08-01"
        ),
        [
            pair("leaves", "unknown-supposition"),
            pair("launches", "impossible-supposition"),
            pair("granted", "unknown-supposition"),
        ]
    );
    assert_eq!(fields("?until=2026-07-01"), [pair("until", "bad-argument")]);
    assert_eq!(fields("?until=2036-07-01"), [pair("until", "bad-argument")]);
    assert_eq!(fields("?until=2027-01-01&until=2027-01-02"), [pair("until", "bad-argument")]);
    assert_eq!(fields("?until=2027-01-01&leave=x"), [pair("query", "bad-argument")]);
    let many: Vec<String> = (0..101).map(|at| format!("&leaves=p-{at}=2026-08-01")).collect();
    let many = many.concat();
    assert_eq!(fields(&format!("?until=2027-01-01{many}"))[0].1, "too-many-suppositions");
}

#[test]
fn the_network_is_foreseen_over_rest_in_pages_and_as_a_calendar() {
    for database in Database::both() {
        let app = filled(&database);
        let vendor = token(&app, Side::Vendor, "tiles", Role::ProgramManager);
        let lead = token(&app, Side::Partner, "ada", Role::AllianceLead);
        let app = Arc::new(app);
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let path = format!("/forecast?until=2027-06-30&limit=1{cursor}");
            let page = json(&app, &vendor, &path);
            for item in page["items"].as_array().unwrap() {
                assert_eq!(item["as_of"], "2026-07-01");
                assert!(!item["turns"].as_array().unwrap().is_empty());
                seen.push(item["partner"].as_str().unwrap().to_owned());
            }
            let Some(next) = page["next"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(seen, ["ada", "bob"]);
        let without = json(&app, &vendor, "/forecast?until=2027-06-30&reviews=false");
        assert!(!without.to_string().contains("\"what\":\"review\""));
        let (status, text) = get(&app, &vendor, "/forecast.ics?until=2026-08-31&what=review");
        assert_eq!(status, 200);
        assert!(
            text.contains("SUMMARY:one partner has a tier review that does not renew its tier"),
            "{text}"
        );
        assert!(!text.contains("what keeps its tier"), "{text}");
        assert_eq!(get(&app, &vendor, "/forecast.ics?what=odd").0, 422);
        for path in ["/forecast?until=2027-06-30", "/forecast.ics"] {
            assert_eq!(get(&app, &lead, path).0, 404, "{path}");
        }
    }
}
