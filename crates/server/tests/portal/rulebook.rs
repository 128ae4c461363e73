//! The rulebook: read in plain words, compared, brought in and published.

use axum::body::Body;
use axum::http::Request;
use axum::http::header::CONTENT_TYPE;

use crate::book::TILES;
use crate::browser::{Browser, Page, World};
use crate::databases::Database;

const EXAMPLE: &str = "# Two roofs\n\nAda finished *two*. <b>Raw</b>\n\n## Two are enough\n\n\
    ```csv partners.csv\nid,name,path\nada,\"Ada, & Co\",setters\n```\n\n\
    ```scorecard partner=ada as-of=2026-06-01 rows=none\ntier none, attained member\n\
    renewal none, upgrade member met\nreview none on record\n```\n";

fn next() -> String {
    TILES
        .replace("tiles-2025", "tiles-2026")
        .replace("2024-11-01", "2026-02-01")
        .replace("in_force_from = 2025-01-01", "in_force_from = 2026-07-01")
        .replace(
            "requires = { roofs = 3, setters = 1 }",
            "requires = { setters = 1, roofs = { at_least = 4, columns = [\"upgrade\"], \
             assumed = \"a <guess> of ours\" } }",
        )
}

/// Sends the form with which an edition is brought in.
fn bring(browser: &mut Browser<'_>, text: &str, examples: &[(&str, &str)], check: bool) -> Page {
    let token = browser.token.clone();
    let mut body = String::new();
    let mut part = |head: &str, text: &str| {
        body += &format!("--b\r\ncontent-disposition: form-data; {head}\r\n\r\n{text}\r\n");
    };
    part("name=\"token\"", &token);
    part("name=\"text\"", text);
    part(if check { "name=\"check\"" } else { "name=\"keep\"" }, "yes");
    for (name, text) in examples {
        part(&format!("name=\"examples\"; filename=\"{name}\""), text);
    }
    body += "--b--\r\n";
    let request = Request::post("/rulebook/upload");
    let request = request.header(CONTENT_TYPE, "multipart/form-data; boundary=b");
    browser.send(request.body(Body::from(body)).unwrap())
}

#[test]
fn everybody_reads_what_the_rules_say_and_what_is_asked() {
    for database in Database::both() {
        let world = World::new(&database.url);
        let mut browser = world.signed_in("lea@ada.example");
        browser
            .get("/rulebook")
            .says("<bdi>Tile setters</bdi>")
            .says("in force")
            .says_not("Bring in an edition");
        let page = browser.get("/rulebook/tiles-2025");
        page.says("<bdi>Expert</bdi>")
            .says("<bdi>Roofs finished</bdi>")
            .says("The number of launched and approved opportunities.")
            .says("Looks at: the 12 months that end with the day.")
            .says("People whose highest credential is of the level Craft.")
            .says("36 months")
            .says("Who falls short keeps the tier for 90 days of grace.")
            .says("The partner holds the tier Expert or Master.")
            .says_not("Publish</a>");
        assert!(page.text.len() < 100_000);
        browser.get("/rulebook/tiles-2025/examples").says("none");
        browser.get("/rulebook/diff").says("Choose two editions.");
        assert_eq!(browser.get("/rulebook/tiles-1999").status, 404);
        assert_eq!(browser.get("/rulebook/upload").status, 403);
        assert!(world.browser().get("/rulebook").location().starts_with("/sign-in"));
    }
}

#[test]
fn an_edition_is_checked_brought_in_and_published_with_a_second_look() {
    for database in Database::both() {
        let world = World::new(&database.url);
        let mut browser = world.signed_in("mia@tiles.example");
        browser.get("/rulebook/upload").says("Bring in an edition");
        // Every problem at its place, and the text as it was typed.
        let bad =
            next().replace("roofs = {", "rofs = {").replace("grace_days = 90", "grace_days = -1");
        let page = bring(&mut browser, &bad, &[], false);
        assert_eq!(page.status, 422, "{}", page.text);
        page.says("There are 2 problems").says("rulebook.toml:").says("grace_days = -1");
        let fine = bring(&mut browser, &next(), &[("roofs.md", EXAMPLE)], true);
        assert_eq!(fine.status, 200, "{}", fine.text);
        fine.says("can be brought in");
        assert_eq!(browser.get("/rulebook/tiles-2026").status, 404);
        browser.get("/rulebook/upload");
        let kept = bring(&mut browser, &next(), &[("roofs.md", EXAMPLE)], false);
        assert_eq!((kept.status, kept.location()), (303, "/rulebook/tiles-2026"));
        browser
            .get("/rulebook/tiles-2026")
            .says("draft")
            .says("only to reach it")
            .says("a &#60;guess&#62; of ours");
        browser
            .get("/rulebook/tiles-2026/examples")
            .says("<h2>Two roofs</h2>")
            .says("&lt;b&gt;Raw")
            .says("Ada, &#38; Co")
            .says("tier none, attained member");
        // A draft is for those who work at it.
        let mut partner = world.signed_in("lea@ada.example");
        for path in ["", "/examples", "/publish"] {
            assert_eq!(partner.get(&format!("/rulebook/tiles-2026{path}")).status, 404);
        }
        browser.get("/rulebook/diff?old=tiles-2025&new=tiles-2026").says("raised from 3 to 4");
        let page = browser.get("/rulebook/tiles-2026/publish");
        page.says("From 1 Jul 2026 on").says("with one expectation of worked examples");
        let digest = page.text.split("name=\"sha256\" value=\"").nth(1).unwrap();
        let digest = digest.split('"').next().unwrap().to_owned();
        let wrong = browser.post("/rulebook/tiles-2026/publish", &[("sha256", "0")]);
        assert_eq!(wrong.status, 409);
        browser.get("/rulebook/tiles-2026/publish");
        let done = browser.post("/rulebook/tiles-2026/publish", &[("sha256", &digest)]);
        assert_eq!((done.status, done.location()), (303, "/rulebook/tiles-2026"));
        browser
            .get("/rulebook/tiles-2026")
            .says("It is in force from 1 Jul 2026 on.")
            .says("coming");
        partner.get("/rulebook/tiles-2026").says("coming");
    }
}
