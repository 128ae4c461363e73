//! Plans: made, accepted, shown, looked at again as facts arrive, and what people see of them.

use axum::body::Body;
use axum::http::Request;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use guildhall_rules::facts::File;
use guildhall_server::ops::plans;
use serde_json::{Value, json};

use crate::book::{self, draft, record};
use crate::browser::{Browser, Page, World};
use crate::databases::Database;

/// Bob has two people who hold nothing: one who signs in too, and one who has left.
fn world(url: &str) -> World {
    let world = World::new(url);
    let rows = [
        draft(
            File::Individuals,
            &[("id", "i-7"), ("partner", "bob"), ("name", "Ben Bo"), ("emails", "Ben@bob.example")],
        ),
        draft(
            File::Individuals,
            &[("id", "i-8"), ("partner", "bob"), ("name", "Gone"), ("left_on", "2025-12-01")],
        ),
    ];
    record(&world.app.store, "2025-12-31T00:00:00Z", &rows);
    world
}

const NEW: &str = "/partners/bob/plans/new?goal=tier:expert&by=2026-06-30";

fn digest(page: &Page) -> String {
    let rest = page.text.split("name=\"digest\" value=\"").nth(1).unwrap();
    rest.split('"').next().unwrap().to_owned()
}

/// Makes the plan and accepts it. Where it is.
fn accept(browser: &mut Browser<'_>) -> String {
    let digest = digest(&browser.get(NEW));
    let fields = [("goal", "tier:expert"), ("by", "2026-06-30"), ("digest", digest.as_str())];
    let page = browser.post("/partners/bob/plans/new", &fields);
    assert_eq!(page.status, 303, "{}", page.text);
    page.location().to_owned()
}

#[test]
fn a_plan_tells_its_cost_beside_the_obvious_choice_and_who_does_what() {
    for database in Database::both() {
        let world = world(&database.url);
        let mut lead = world.signed_in("ben@bob.example");
        lead.get("/partners/bob/plans").says("Reach Expert").says("No plan is accepted.");
        lead.get(NEW)
            .says("890 EUR")
            .says("Proved: nothing costs less")
            .says("The obvious choice")
            .says("Ben Bo")
            .says("Mosaic: examination")
            .says("2 × Finish a roof")
            .says("2 of 2 met")
            .says_not("Gone");
        // Where no other way is better in anything, a sentence says so in the place of a table.
        lead.get(NEW)
            .says("This one is, proved: the cheapest, the fastest, the one that asks the fewest")
            .says_not("Other ways");
        lead.get(&format!("{NEW}&way=fastest")).says("Proved: nothing is done earlier");
        // Nothing has to be done for what is held, and some things cannot be done.
        world
            .signed_in("lea@ada.example")
            .get("/partners/ada/plans/new?goal=tier:expert&by=2026-02-01")
            .says("the goal is met on its day");
        lead.get("/partners/bob/plans/new?goal=tier:expert&by=2026-01-20")
            .says("There is no way")
            .says("href=\"/partners/bob/scorecard/roofs\"><bdi>Roofs finished")
            .says("by=2026-04-20\">20 Apr 2026");
    }
}

#[test]
fn what_is_asked_wrongly_is_told_in_the_form() {
    for database in Database::both() {
        let world = world(&database.url);
        let mut lead = world.signed_in("ben@bob.example");
        for (query, said) in [
            ("goal=tier:king&by=2026-06-30", "has no tier `king`"),
            ("goal=tier:expert&by=2025-06-30", "Choose a day after today"),
            ("goal=tier:expert&by=2026-01-15", "Choose a day after today"),
            ("goal=discount:none&period=2024-H2", "Choose a period that has not begun"),
            ("goal=tier:expert&by=soon", "not a day of the calendar"),
            ("goal=tier:expert", "Say by which day"),
            ("goal=tier:expert&by=2026-06-30&way=best", "is no way"),
            ("goal=&by=2026-06-30", "Choose a goal"),
            ("goal=discount:none&period=2026-H2", "has no measure `none`"),
            ("goal=discount:none&period=never", "not a period"),
        ] {
            let page = lead.get(&format!("/partners/bob/plans/new?{query}"));
            assert_eq!(page.status, 422, "{query}");
            let text = page.text.to_lowercase();
            assert!(text.contains(&said.to_lowercase()), "{query}: {}", page.text);
        }
        for who in ["lea@ada.example", "tom@town.example"] {
            let mut stranger = world.signed_in(who);
            for path in ["/plans", "/plans/costs", "/plans/new?goal=keep&by=2026-06-30"] {
                assert_eq!(stranger.get(&format!("/partners/bob{path}")).status, 404, "{who}");
            }
        }
    }
}

#[test]
fn an_accepted_plan_follows_the_facts_and_is_the_partners_own_until_it_is_shown() {
    for database in Database::both() {
        let world = world(&database.url);
        let mut lead = world.signed_in("ben@bob.example");
        let mut vendor = world.signed_in("mia@tiles.example");
        let plan = accept(&mut lead);
        lead.get(&plan).says("0 / 3").says("on the way").says("Plan").says("Ben Bo");
        lead.get("/me/learning").says("Mosaic: examination").says("open");
        lead.get("/people/i-7").says("Asked to take").says(&plan);
        assert_eq!(vendor.get(&plan).status, 404);
        vendor.get("/partners/bob/plans").says("The partner shows none.").says_not("is accepted");
        vendor.get("/people/i-7").says_not("Asked to take");
        vendor.get(NEW).says("890 EUR").says_not("Accept this plan");

        let version = ("version", "1");
        lead.get(&plan);
        let page = lead.post(&format!("{plan}/share"), &[version, ("is_shown", "1")]);
        assert_eq!(page.location(), plan);
        vendor.get(&plan).says("890 EUR").says_not("End the plan");
        vendor.get("/partners/bob/plans").says("0 of 3 steps");

        // What the steps bring arrives; and something that no step explains.
        let rows = [
            draft(
                File::Credentials,
                &[
                    ("id", "c-7"),
                    ("individual", "i-7"),
                    ("credential", "mosaic"),
                    ("issued_on", "2026-02-01"),
                ],
            ),
            book::roof("o-7", "bob", "2026-02-02"),
            book::roof("o-6", "bob", "2025-12-20"),
        ];
        world.pass(jiff::SignedDuration::from_hours(24 * 20));
        record(&world.app.store, "2026-02-04T00:00:00Z", &rows);
        let mut lead = world.signed_in("ben@bob.example");
        lead.get(&plan)
            .says("2 / 3")
            .says("done on 1 Feb 2026")
            .says("What has changed")
            .says(">o-6<")
            .says("facts came of steps");
        lead.get("/me/learning").says("done on 1 Feb 2026");
        let sheet = lead.get(&format!("{plan}/sheet.html"));
        sheet.says("☑").says("☐").says("2 of 3 steps").says("Ben Bo");

        // Days pass, and the last step is late.
        world.pass(jiff::SignedDuration::from_hours(24 * 40));
        let mut lead = world.signed_in("ben@bob.example");
        lead.get(&plan).says("late");
        // Whoever answers for the partner is told once, and the vendor is not.
        assert_eq!(plans::notices(&world.app).unwrap(), 1);
        assert_eq!(plans::notices(&world.app).unwrap(), 0);
        lead.get("/partners/bob/notices").says("is late");
        let mut vendor = world.signed_in("mia@tiles.example");
        vendor.get("/partners/bob/notices").says_not("is late");
    }
}

#[test]
fn a_plan_that_comes_out_otherwise_is_not_accepted_and_a_new_one_replaces_it() {
    for database in Database::both() {
        let world = world(&database.url);
        let mut lead = world.signed_in("ben@bob.example");
        let digest = digest(&lead.get(NEW));
        record(&world.app.store, "2026-01-15T08:00:00Z", &[book::roof("o-9", "bob", "2026-01-10")]);
        let fields = [("goal", "tier:expert"), ("by", "2026-06-30"), ("digest", digest.as_str())];
        let page = lead.post("/partners/bob/plans/new", &fields);
        assert_eq!(page.status, 409, "{}", page.text);
        // It is told as it comes out now, and can be accepted there.
        page.says("comes out otherwise now").says("Accept this plan").says_not(&digest);
        let first = accept(&mut lead);
        assert_eq!(accept(&mut lead), first, "sent twice it is one plan");
        lead.get(&first).says("on the way");
        record(&world.app.store, "2026-01-15T08:30:00Z", &[book::roof("o-8", "bob", "2026-01-09")]);
        let second = accept(&mut lead);
        lead.get(&first).says("<span class=\"tag \">replaced</span>").says_not("on the way");
        lead.get(&second).says("on the way");
        let page = lead.post(&format!("{second}/end"), &[("version", "1"), ("reason", " ")]);
        assert_eq!(page.status, 422, "{}", page.text);
        let long = "Too long. ".repeat(101);
        let page = lead.post(&format!("{second}/end"), &[("version", "1"), ("reason", &long)]);
        assert_eq!(page.status, 422, "{}", page.text);
        page.says(&format!("value=\"{long}\""));
        let ended = [("version", "1"), ("reason", "The roofer fell ill.")];
        let page = lead.post(&format!("{second}/end"), &ended);
        assert_eq!(page.location(), "/partners/bob/plans", "{}", page.text);
        lead.get("/partners/bob/plans").says("The roofer fell ill.").says("No plan is accepted.");
        lead.get(&format!("{second}/sheet.html")).says("It was ended by").says("fell ill.");
        let page = lead.post(&format!("{second}/end"), &[("version", "2"), ("reason", "again")]);
        assert_eq!(page.status, 409);
    }
}

#[test]
fn own_costs_take_the_place_of_the_rulebooks_and_stay_with_the_partner() {
    for database in Database::both() {
        let world = world(&database.url);
        let mut lead = world.signed_in("ben@bob.example");
        lead.get("/partners/bob/plans/costs").says("mosaic-exam");
        let text = "currency = \"EUR\"\n[[efforts]]\nid = \"new-roof\"\ncost = 100\n";
        let bad = text.replace("new-roof", "new-rood");
        let page =
            lead.post("/partners/bob/plans/costs", &[("version", "0"), ("text", bad.as_str())]);
        assert_eq!(page.status, 422);
        page.says("costs:3:").says("new-rood");
        let page = lead.post("/partners/bob/plans/costs", &[("version", "0"), ("text", text)]);
        assert_eq!(page.location(), "/partners/bob/plans", "{}", page.text);
        // Whoever looked at the version before does not overwrite it.
        let page = lead.post("/partners/bob/plans/costs", &[("version", "0"), ("text", "")]);
        assert_eq!(page.status, 412, "{}", page.text);
        lead.get(NEW).says("290 EUR").says("your own costs");
        lead.get(&format!("{NEW}&rulebook_costs=1")).says("890 EUR");
        let mut vendor = world.signed_in("mia@tiles.example");
        vendor.get(NEW).says("890 EUR");
        // An empty file is none.
        let page = lead.post("/partners/bob/plans/costs", &[("version", "1"), ("text", "")]);
        assert_eq!(page.location(), "/partners/bob/plans", "{}", page.text);
        lead.get(NEW).says("890 EUR").says_not("your own costs");
        assert_eq!(vendor.get("/partners/bob/plans/costs").status, 404);
    }
}

#[test]
fn names_do_not_enter_what_is_kept_and_erased_people_are_named_no_more() {
    for database in Database::both() {
        let world = world(&database.url);
        let mut lead = world.signed_in("ben@bob.example");
        let plan = accept(&mut lead);
        let number: i64 = plan.rsplit('/').next().unwrap().parse().unwrap();
        let kept = plans::get(&world.app, &book::lead("bob"), number).unwrap();
        let text = kept.plan.unwrap().to_string();
        assert!(text.contains("i-7") && !text.contains("Ben Bo"), "{text}");
        guildhall_server::ops::people::erase(&world.app, &book::manager(), "i-7").unwrap();
        lead.get(&plan).says_not("Ben Bo").says("(erased)");
        assert_eq!(lead.get("/me/learning").status, 200);
    }
}

fn rest(world: &World, browser: &mut Browser<'_>, method: &str, path: &str, body: &Value) -> Page {
    let secret = browser.cookies.iter().find(|(name, _)| name.contains("session")).unwrap().1;
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(AUTHORIZATION, format!("Bearer {secret}"))
        .header(CONTENT_TYPE, "application/json");
    let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
    let request = request.body(body).unwrap();
    assert!(!world.app.base_url.is_empty());
    browser.send(request)
}

#[test]
fn the_same_over_rest() {
    for database in Database::both() {
        let world = world(&database.url);
        let mut lead = world.signed_in("ben@bob.example");
        let wish = json!({"to": "expert", "by": "2026-06-30"});
        let page = rest(&world, &mut lead, "POST", "/api/v1/partners/bob/plan", &wish);
        assert_eq!(page.status, 200, "{}", page.text);
        let plan: Value = serde_json::from_str(&page.text).unwrap();
        assert_eq!(plan["cost"]["amount"], "890");
        assert_eq!(plan["steps"].as_array().unwrap().len(), 3);
        assert_eq!((&plan["feasible"], &plan["optimal"]), (&json!(true), &json!(true)));
        let path = "/api/v1/partners/bob/plans";
        let page = rest(&world, &mut lead, "POST", path, &json!({"wish": wish, "is_shown": true}));
        assert_eq!(page.status, 201, "{}", page.text);
        let kept: Value = serde_json::from_str(&page.text).unwrap();
        let one = format!("/api/v1/plans/{}", kept["number"]);
        let page = rest(&world, &mut lead, "GET", &one, &Value::Null);
        let whole: Value = serde_json::from_str(&page.text).unwrap();
        assert_eq!(whole["plan"]["cost"]["amount"], "890");
        let page = rest(&world, &mut lead, "GET", &format!("{one}/progress"), &Value::Null);
        let progress: Value = serde_json::from_str(&page.text).unwrap();
        assert_eq!((&progress["done"], &progress["still_reaches_goal"]), (&json!(0), &json!(true)));
        let page = rest(&world, &mut lead, "GET", "/api/v1/people/i-7/asked", &Value::Null);
        let asked: Value = serde_json::from_str(&page.text).unwrap();
        assert_eq!(asked[0]["title"], "Mosaic: examination");
        let page = rest(&world, &mut lead, "GET", "/api/v1/training", &Value::Null);
        let training: Value = serde_json::from_str(&page.text).unwrap();
        assert_eq!(training[0]["cost"], "90");
        let bad = json!({"to": "expert", "by": "2026-06-30", "costs": "currency = \"USD\""});
        let page = rest(&world, &mut lead, "POST", "/api/v1/partners/bob/plan", &bad);
        assert_eq!(page.status, 422, "{}", page.text);
        let both = json!({"to": "expert", "keep": true, "by": "2026-06-30"});
        let page = rest(&world, &mut lead, "POST", "/api/v1/partners/bob/plan", &both);
        assert_eq!(page.status, 422, "{}", page.text);
        let page = rest(&world, &mut lead, "GET", "/api/v1/partners/ada/plans", &Value::Null);
        assert_eq!(page.status, 404);
    }
}
