//! Calendars: what lapses by month and day, of a partner and of the network, and addresses that
//! calendar programs subscribe to.

use axum::body::Body;
use axum::http::Request;
use guildhall_access::{Actor, Role, Side};
use guildhall_rules::day::Day;
use guildhall_rules::facts::File;
use guildhall_server::ops::forecast::{self, Asked};
use guildhall_server::ops::network::{Refreshed, Refresher};
use guildhall_server::{App, Caller};
use guildhall_store::Draft;
use jiff::SignedDuration;

use crate::book::{draft, record};
use crate::browser::{Browser, Page, World};
use crate::databases::Database;

fn refresh(app: &App) {
    app.store.seal(app.clock.now()).unwrap();
    let refresher = Refresher::new().unwrap();
    while refresher.step(app).unwrap() == Refreshed::Some {}
}

fn leaver() -> Draft {
    let values = [
        ("id", "i-1"),
        ("partner", "ada"),
        ("name", "Ida"),
        ("emails", "i@ada.example"),
        ("left_on", "2026-02-20"),
    ];
    draft(File::Individuals, &values)
}

#[test]
fn the_months_of_a_partner_mark_the_days_on_which_something_happens() {
    let database = Database::sqlite();
    let world = World::new(&database.url);
    record(&world.app.store, "2025-12-02T00:00:00Z", &[leaver()]);
    let mut lea = world.signed_in("lea@ada.example");
    let own = "/partners/ada/lapses?until=2026-12-31&#38;view=calendar";
    let page = lea.get("/partners/ada/lapses?until=2026-12-31&view=calendar");
    page.says("<caption>Feb 2026</caption>")
        .says(&format!("<td class=\"grave\"><a href=\"{own}&#38;day=2026-02-21#day\">"))
        .says("Choose a day")
        .says("Review");
    assert!(page.text.len() < 100_000, "{} bytes", page.text.len());
    let day = lea.get("/partners/ada/lapses?until=2026-12-31&view=calendar&day=2026-02-21");
    day.says("has left").says("aria-current=\"date\"").says_not("Choose a day");
}

#[test]
fn the_network_sees_who_turns_when() {
    for database in Database::both() {
        let world = World::new(&database.url);
        record(&world.app.store, "2025-12-02T00:00:00Z", &[leaver()]);
        let mut mia = world.signed_in("mia@tiles.example");
        mia.get("/network/lapses").says("computed for the first time");
        refresh(&world.app);
        let page = mia.get("/network/lapses?month=2026-02");
        page.says("<caption>Feb 2026</caption>")
            .says("href=\"/partners/ada/lapses?until=2026-02-21\"><bdi>ada</bdi>")
            .says("met → not met")
            .says("Setters")
            .says("<span class=\"what\">2 fall</span>");
        assert!(page.text.len() < 100_000, "{} bytes", page.text.len());
        mia.get("/network/lapses?month=2026-02&direction=rises").says("Nothing turns then.");
        mia.get("/network/lapses?month=2026-06&what=review")
            .says("1 Jun 2026")
            .says("grace: Expert, until")
            .says_not("met → not met");
        mia.get("/network/lapses?month=2026-02&day=2026-02-21").says("The whole month");
        mia.get("/network/lapses?month=nonsense&day=x").says("Jan 2026");
        assert_eq!(mia.get("/network/lapses?what=nonsense").status, 422);
        assert_eq!(mia.get("/network/lapses?cursor=odd").status, 422);
        let file = mia.get("/network/lapses.ics");
        file.says("BEGIN:VCALENDAR")
            .says("no longer meets what keeps its tier")
            .says("DESCRIPTION:ada");
        mia.get("/network").says("href=\"/network/lapses\"");
        let mut lea = world.signed_in("lea@ada.example");
        for path in ["/network/lapses", "/network/lapses.ics"] {
            assert_eq!(lea.get(path).status, 404);
        }
    }
}

#[test]
fn turns_follow_what_changes() {
    let database = Database::sqlite();
    let world = World::new(&database.url);
    refresh(&world.app);
    let mut mia = world.signed_in("mia@tiles.example");
    mia.get("/network/lapses?month=2026-02").says("Nothing turns then.");
    record(&world.app.store, "2026-01-14T00:00:00Z", &[leaver()]);
    // Whoever computed before holds the lease for a minute.
    world.pass(SignedDuration::from_mins(2));
    refresh(&world.app);
    mia.get("/network/lapses?month=2026-02").says("met → not met");
    // The day after, it is looked a day further.
    world.pass(SignedDuration::from_hours(24 * 40));
    refresh(&world.app);
    let mut mia = world.signed_in("mia@tiles.example");
    mia.get("/network/lapses").says("As of 24 Feb 2026").says_not("met → not met");
}

#[test]
fn many_turns_come_in_pages() {
    let database = Database::sqlite();
    let world = World::new(&database.url);
    let many: Vec<Draft> = (0..120)
        .map(|at| {
            let (id, name) = (format!("p-{at:03}"), format!("Partner {at:03}"));
            let values = [
                ("id", id.as_str()),
                ("name", &name),
                ("path", "setters"),
                ("tier", "expert"),
                ("last_review_on", "2025-03-10"),
            ];
            draft(File::Partners, &values)
        })
        .collect();
    record(&world.app.store, "2026-01-14T09:00:00Z", &many);
    refresh(&world.app);
    let mut mia = world.signed_in("mia@tiles.example");
    let first = mia.get("/network/lapses?month=2026-03&what=review");
    first.says("Partner 000").says("120 turns").says("rel=\"next\"");
    assert!(first.text.len() < 100_000, "{} bytes", first.text.len());
    let next = first.text.split("rel=\"next\"").next().unwrap();
    let next = next.rsplit("href=\"").next().unwrap().split('#').next().unwrap().to_owned();
    let next =
        first.text.split("href=\"").find(|rest| rest.contains("cursor=")).map_or(next, |rest| {
            rest.split('"').next().unwrap().replace("&#38;", "&").replace("#turns", "")
        });
    mia.get(&next).says("Partner 050").says("First page").says_not("Partner 049<");
}

/// Makes a feed and returns the path of its address.
fn subscribe(browser: &mut Browser<'_>, partner: &str) -> String {
    browser.get("/me/calendars");
    let page = browser.post("/me/calendars", &[("partner", partner)]);
    assert_eq!(page.status, 200, "{}", page.text);
    page.says("It is shown once").says("webcal://127.0.0.1:8080/calendar/");
    let url = page.text.split("<code class=\"secret\">").nth(1).unwrap();
    let url = url.split('<').next().unwrap();
    url.strip_prefix("http://127.0.0.1:8080").unwrap().to_owned()
}

fn fetch(world: &World, path: &str, tag: Option<&str>) -> Page {
    let mut request = Request::get(path);
    if let Some(tag) = tag {
        request = request.header("if-none-match", tag);
    }
    world.browser().send(request.body(Body::empty()).unwrap())
}

#[test]
fn a_calendar_program_subscribes_without_signing_in() {
    for database in Database::both() {
        let world = World::new(&database.url);
        record(&world.app.store, "2025-12-02T00:00:00Z", &[leaver()]);
        let mut lea = world.signed_in("lea@ada.example");
        let path = subscribe(&mut lea, "ada");
        let file = fetch(&world, &path, None);
        assert_eq!(file.status, 200);
        file.says("BEGIN:VCALENDAR").says("DTSTART;VALUE=DATE:20260221").says("Ida");
        let header = |name: &str| file.headers.get(name).unwrap().to_str().unwrap().to_owned();
        assert_eq!(header("content-type"), "text/calendar; charset=utf-8");
        assert_eq!(header("cache-control"), "private, max-age=300");
        let same = fetch(&world, &path, Some(&header("etag")));
        assert_eq!((same.status, same.text.as_str()), (304, ""));
        assert_eq!(fetch(&world, &path, Some("\"other\"")).status, 200);
        // The list tells of it, and not its secret.
        let secret = path.rsplit('/').next().unwrap().strip_suffix(".ics").unwrap();
        lea.get("/me/calendars").says("Fetched last").says("15 Jan 2026").says_not(secret);
        lea.get("/journal");
    }
}

#[test]
fn a_calendar_is_made_anew_no_more_than_once_in_five_minutes() {
    let database = Database::sqlite();
    let world = World::new(&database.url);
    let mut lea = world.signed_in("lea@ada.example");
    let path = subscribe(&mut lea, "ada");
    fetch(&world, &path, None).says_not("20260221");
    record(&world.app.store, "2026-01-14T00:00:00Z", &[leaver()]);
    fetch(&world, &path, None).says_not("20260221");
    world.pass(SignedDuration::from_mins(6));
    fetch(&world, &path, None).says("20260221");
}

#[test]
fn an_address_works_as_long_as_its_owner_may_look_and_wants_it() {
    let database = Database::sqlite();
    let world = World::new(&database.url);
    let mut lea = world.signed_in("lea@ada.example");
    let first = subscribe(&mut lea, "ada");
    assert_eq!(fetch(&world, &first, None).status, 200);
    // Made anew, the one before works no more.
    let second = subscribe(&mut lea, "ada");
    assert_eq!(fetch(&world, &first, None).status, 404);
    assert_eq!(fetch(&world, &second, None).status, 200);
    // Nobody subscribes to what they may not see.
    assert_eq!(lea.post("/me/calendars", &[("partner", "bob")]).status, 404);
    assert_eq!(lea.post("/me/calendars", &[("partner", "")]).status, 404);
    // Ended by its owner.
    let page = lea.get("/me/calendars");
    let end = page.text.split("action=\"/me/calendars/").nth(1).unwrap();
    let end = format!("/me/calendars/{}", end.split('"').next().unwrap());
    assert_eq!(world.signed_in("ben@bob.example").post(&end, &[]).status, 409);
    assert_eq!(lea.post(&end, &[]).status, 303);
    assert_eq!(fetch(&world, &second, None).status, 404);
    // Disabled, the owner is nobody.
    let third = subscribe(&mut lea, "ada");
    assert_eq!(fetch(&world, &third, None).status, 200);
    let lea = world.app.store.read(|tx| tx.user_by_email("lea@ada.example")).unwrap().unwrap();
    let disabled: Result<(), guildhall_store::Error> = world.app.store.write(|tx| {
        let lea = guildhall_store::StoredUser { state: "disabled".to_owned(), ..lea.clone() };
        tx.change_user(&lea, world.app.clock.now())
    });
    disabled.unwrap();
    assert_eq!(fetch(&world, &third, None).status, 404);
    for path in ["/calendar/abc.ics", "/calendar/.ics", "/calendar/x", "/calendar/a%00b.ics"] {
        assert_eq!(fetch(&world, path, None).status, 404, "{path}");
    }
}

#[test]
fn the_vendor_subscribes_to_the_network() {
    let database = Database::sqlite();
    let world = World::new(&database.url);
    record(&world.app.store, "2025-12-02T00:00:00Z", &[leaver()]);
    refresh(&world.app);
    let mut mia = world.signed_in("mia@tiles.example");
    mia.get("/me/calendars?partner=ada").says("value=\"ada\" checked").says("All partners");
    let path = subscribe(&mut mia, "");
    fetch(&world, &path, None)
        .says("one partner no longer meets what keeps its tier")
        .says_not("Ida");
}

#[test]
fn whoever_may_not_see_people_gets_a_calendar_without_them() {
    let database = Database::sqlite();
    let world = World::new(&database.url);
    record(&world.app.store, "2025-12-02T00:00:00Z", &[leaver()]);
    let calendar = |role: Role| {
        let caller = Caller::acting(Actor {
            user: Some("somebody".to_owned()),
            organization: Some((Side::Partner, "ada".to_owned())),
            roles: vec![role],
            ..Actor::nobody()
        });
        let asked = Asked::until(Day::parse(b"2026-12-31").unwrap());
        forecast::calendar(&world.app, &caller, "ada", &asked).unwrap()
    };
    assert!(calendar(Role::AllianceTeam).contains("Credential Mosaic of Ida lapses"));
    let without = calendar(Role::Support);
    assert!(without.contains("Credential c-1 lapses"), "{without}");
    assert!(!without.contains("Ida") && !without.contains("i-1"), "{without}");
}
