//! What a change of rules does, in the portal: who may ask, counts, partners with reasons, notices,
//! files, one threshold varied, and large networks in portions.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use guildhall_access::{Role, Scope, Side};
use guildhall_rules::facts::File;
use guildhall_server::ops::editions::{Upload, upload};
use guildhall_server::ops::impact::{Asked, Found, report};
use guildhall_server::ops::{tokens, users};
use guildhall_server::rest;
use guildhall_store::Draft;
use tower::ServiceExt;

use crate::book::{self, TILES};
use crate::browser::World;
use crate::databases::Database;

const PAGE: &str = "/rulebook/impact?old=tiles-2025&new=tiles-2026&as_of=2026-01-15";

/// A network in which an expert needs more roofs by the next edition, which is a draft.
fn world(url: &str) -> World {
    let world = World::new(url);
    let text = TILES
        .replace("tiles-2025", "tiles-2026")
        .replace("2024-11-01", "2026-02-01")
        .replace("in_force_from = 2025-01-01", "in_force_from = 2026-07-01")
        .replace("requires = { roofs = 2, setters = 1 }", "requires = { roofs = 5, setters = 0 }")
        .replace("requires = { roofs = 3, setters = 1 }", "requires = { roofs = 6, setters = 1 }");
    let new = Upload { text, examples: Vec::new() };
    upload(&world.app, &book::manager(), &new).unwrap();
    world
}

fn partner(id: &str, name: &str) -> Draft {
    book::draft(File::Partners, &[("id", id), ("name", name), ("path", "setters")])
}

fn roofs(partner: &str, count: u32) -> Vec<Draft> {
    (0..count).map(|at| book::roof(&format!("{partner}-{at}"), partner, "2025-12-01")).collect()
}

#[test]
fn the_page_tells_who_is_moved_and_why_and_what_to_do() {
    for database in Database::both() {
        let world = world(&database.url);
        let mut drafts = vec![partner("tom", "Tom & Co"), partner("eve", "=Eve")];
        drafts.extend(roofs("tom", 5));
        drafts.extend(roofs("eve", 6));
        book::record(&world.app.store, "2026-01-14T09:00:00Z", &drafts);
        let mut mia = world.signed_in("mia@tiles.example");
        mia.get("/rulebook/diff?old=tiles-2025&new=tiles-2026")
            .says("href=\"/rulebook/impact?old=tiles-2025&#38;new=tiles-2026\"");
        mia.get("/rulebook/tiles-2026").says("What it does to the network");
        let page = mia.get(PAGE);
        assert_eq!(page.status, 200, "{}", page.text);
        assert!(page.text.len() < 100_000, "{} bytes", page.text.len());
        page.says("As of").says("15 Jan 2026").says("attain a higher tier");
        page.says("<bdi>Tom &#38; Co</bdi>").says("attained Member → Expert");
        page.says("Expert (upgrade): Setters: no longer asked (was 1, has 0)");
        page.says("What to do").says("To keep Expert");
        mia.get(&format!("{PAGE}&effect=gains&q=tom")).says("Tom").says_not("<bdi>=Eve</bdi>");
        mia.get(&format!("{PAGE}&q=nobody")).says("Nobody is moved in this way.");
        assert_eq!(mia.get(&format!("{PAGE}&effect=wins")).status, 422);
        let letter = mia.get(&PAGE.replace("impact?", "impact/notice?partner=tom&"));
        letter
            .says("Tom &#38; Co")
            .says("A step up to a tier looks at")
            .says("What the new rules change for reaching Expert:")
            .says("* Setters: no longer asked; the rules before asked for 1");
        let file = mia.get(&PAGE.replace("impact?", "impact/notice.txt?partner=tom&"));
        assert!(file.text.starts_with("Tom & Co\n"), "{}", file.text);
        assert_eq!(mia.get(&PAGE.replace("impact?", "impact/notice?partner=no&")).status, 404);
        let csv = mia.get(&PAGE.replace("impact?", "impact.csv?"));
        csv.says("Expert (upgrade): Setters: no longer asked (was 1, has 0)");
        csv.says("tom,Tom & Co,setters,,gains,member,expert,").says("eve,'=Eve,setters,");
        let sheet = mia.get(&PAGE.replace("impact?", "impact/report.html?"));
        sheet
            .says("<bdi>Tile setters tiles-2025</bdi> → <bdi>Tile setters tiles-2026</bdi>")
            .says("Tom &#38; Co");
        // Facts that come later are seen.
        book::record(&world.app.store, "2026-01-14T10:00:00Z", &[partner("ina", "Ina")]);
        book::record(&world.app.store, "2026-01-14T10:00:00Z", &roofs("ina", 5));
        mia.get(PAGE).says("<bdi>Ina</bdi>").says_not("has changed since");
    }
}

#[test]
fn a_threshold_is_varied_with_curve_and_table() {
    let database = Database::sqlite();
    let world = world(&database.url);
    let mut drafts = vec![partner("tom", "Tom")];
    drafts.extend(roofs("tom", 5));
    book::record(&world.app.store, "2026-01-14T09:00:00Z", &drafts);
    let mut mia = world.signed_in("mia@tiles.example");
    let sweep = PAGE.replace("impact?", "impact/sweep?");
    mia.get(&sweep).says("Setters · Expert: Roofs finished ≥ 5").says_not("<svg class=\"chart\"");
    let varied = format!("{sweep}&requirement=expert.roofs&from=1&to=8");
    let page = mia.get(&varied);
    page.says("<svg class=\"chart\"").says("role=\"img\"").says("Roofs finished for Expert");
    page.says("<span class=\"tag\">now</span>");
    let picture = mia.get(&varied.replace("sweep?", "sweep.svg?"));
    picture.says("<svg xmlns").says("Roofs finished for expert (tiles-2026)");
    // What cannot be varied is told beside its field, and what was typed stays.
    for (range, said) in [
        ("from=8&to=1", "It must be more than"),
        ("from=-5&to=8", "that is not negative"),
        ("from=1&to=1.55", "write a whole number"),
        ("from=1&to=1000000000000", "at most 1,000,000,000"),
    ] {
        let page = mia.get(&format!("{sweep}&requirement=expert.roofs&{range}"));
        assert_eq!(page.status, 422, "{range}");
        let to = range.rsplit('=').next().unwrap();
        page.says(said).says(&format!("value=\"{to}\"")).says("Requirement");
    }
    // Both ends are among the thresholds.
    let wide = mia.get(&format!("{sweep}&requirement=expert.roofs&from=5&to=30"));
    wide.says("<th scope=\"row\">29</th>").says("<th scope=\"row\">30</th>");
    assert_eq!(mia.get(&format!("{sweep}&requirement=expert.x&from=1&to=2")).status, 422);
}

/// What REST answers to a token of the vendor's, from `/api/v1` on.
fn ask(world: &World, path: &str) -> (u16, serde_json::Value) {
    let user = users::NewUser {
        email: "api@tiles.example".to_owned(),
        name: "Api".to_owned(),
        organization: Some((Side::Vendor, "tiles".to_owned())),
        roles: vec![Role::ProgramManager],
    };
    let id = users::create_first(&world.app, &user, "four grey herons wading").unwrap();
    let token = tokens::issue(&world.app, &id, "impact", &[Scope::Read], None).unwrap();
    let request = Request::get(format!("/api/v1{path}"));
    let request = request.header("authorization", format!("Bearer {token}"));
    let address: SocketAddr = "192.0.2.10:4000".parse().unwrap();
    let request = request.extension(ConnectInfo(address)).body(Body::empty()).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().build().unwrap();
    runtime.block_on(async {
        let router = rest::router(Arc::clone(&world.app), 1 << 20);
        let response = router.oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
        (status, serde_json::from_slice(&bytes).unwrap())
    })
}

#[test]
fn the_same_is_had_over_rest() {
    let database = Database::sqlite();
    let world = world(&database.url);
    let mut drafts = vec![partner("tom", "Tom"), partner("eve", "Eve")];
    drafts.extend(roofs("tom", 5));
    drafts.extend(roofs("eve", 6));
    book::record(&world.app.store, "2026-01-14T09:00:00Z", &drafts);
    let path = "/rulebook/impact?old=tiles-2025&new=tiles-2026&as_of=2026-01-15";
    let (status, found) = ask(&world, &format!("{path}&effect=gains&limit=1"));
    assert_eq!(status, 200, "{found}");
    assert_eq!(found["totals"]["gains"], 2);
    assert_eq!(found["facts_changed_since"], false);
    let moved = &found["moved"]["items"];
    assert_eq!((moved[0]["partner"].as_str(), moved[1].is_null()), (Some("eve"), true));
    assert!(found["moved"]["next"].is_string() && !moved[0]["because"].is_null());
}

#[test]
fn a_threshold_is_varied_over_rest() {
    let database = Database::sqlite();
    let world = world(&database.url);
    let mut drafts = vec![partner("tom", "Tom")];
    drafts.extend(roofs("tom", 5));
    book::record(&world.app.store, "2026-01-14T09:00:00Z", &drafts);
    let path = "/rulebook/sweep?edition=tiles-2026&as_of=2026-01-15&tier=expert&measure=roofs";
    let (status, found) = ask(&world, &format!("{path}&from=4&to=7"));
    assert_eq!(status, 200, "{found}");
    let attain: Vec<&serde_json::Value> =
        found["points"].as_array().unwrap().iter().map(|point| &point["attain"]).collect();
    assert_eq!(attain, [1, 1, 0, 0]);
}

#[test]
fn whoever_may_not_see_the_network_or_the_draft_sees_nothing() {
    let database = Database::sqlite();
    let world = world(&database.url);
    let mut lea = world.signed_in("lea@ada.example");
    let path = |from: &str| PAGE.replace("impact?", from);
    for page in ["impact?", "impact.csv?", "impact/report.html?", "impact/sweep?"] {
        let status = lea.get(&path(page)).status;
        assert!(status == 404 || status == 403, "{page}: {status}");
    }
    let status = lea.get(&path("impact/notice?partner=ada&")).status;
    assert!(status == 404 || status == 403, "{status}");
    lea.get("/rulebook/tiles-2025").says_not("What it does to the network");
    assert!(world.browser().get(PAGE).location().starts_with("/sign-in"));
    let mut mia = world.signed_in("mia@tiles.example");
    assert_eq!(mia.get(&PAGE.replace("tiles-2026", "tiles-1999")).status, 404);
    mia.get(&PAGE.replace("tiles-2026", "tiles-2025")).says("Choose two editions.");
}

#[test]
fn a_large_network_is_computed_in_portions_and_says_how_far_it_has_come() {
    let database = Database::sqlite();
    let world = world(&database.url);
    let many: Vec<Draft> =
        (0..1_100).map(|at| partner(&format!("p-{at:04}"), &format!("P {at:04}"))).collect();
    book::record(&world.app.store, "2026-01-14T09:00:00Z", &many);
    let roofs: Vec<Draft> = (0..60).flat_map(|at| roofs(&format!("p-{at:04}"), 5)).collect();
    book::record(&world.app.store, "2026-01-14T09:00:00Z", &roofs);
    let asked = Asked {
        old: "tiles-2025".to_owned(),
        new: "tiles-2026".to_owned(),
        as_of: guildhall_rules::day::Day::parse(b"2026-01-15"),
    };
    let no_time = std::time::Duration::ZERO;
    let ask = || report(&world.app, &book::manager(), &asked, no_time, false).unwrap();
    let mut steps = 0;
    let whole = loop {
        match ask() {
            Found::UnderWay { done, partners } => {
                steps += 1;
                assert!(done == 500 * steps && partners >= done, "{done} of {partners}");
            }
            Found::Whole { found, is_outdated } => {
                assert!(!is_outdated);
                break found;
            }
        }
    };
    assert!(steps >= 2, "{steps}");
    assert_eq!(whole.impact.totals.gains, 60);
    let mut mia = world.signed_in("mia@tiles.example");
    let page = mia.get(&format!("{PAGE}&effect=gains"));
    page.says("60 partners").says("P 0024").says_not("P 0025").says("More");
    assert!(page.text.len() < 100_000, "{} bytes", page.text.len());
    mia.get(&format!("{PAGE}&effect=gains&page=3")).says("P 0059").says_not("P 0049");
}
