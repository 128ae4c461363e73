//! The network page: who sees it, what it tells and when, filters, orders, pages, CSV.

use guildhall_rules::facts::File;
use guildhall_server::ops::network::{Refreshed, Refresher};
use guildhall_store::Draft;

use crate::book;
use crate::browser::World;
use crate::databases::Database;

fn refresh(world: &World) {
    let refresher = Refresher::new().unwrap();
    while refresher.step(&world.app).unwrap() == Refreshed::Some {}
}

fn partner(id: &str, name: &str) -> Draft {
    book::draft(File::Partners, &[("id", id), ("name", name), ("path", "setters")])
}

#[test]
fn the_network_page_tells_who_is_at_risk_and_why() {
    for database in Database::both() {
        let world = World::new(&database.url);
        let mut mia = world.signed_in("mia@tiles.example");
        mia.get("/network").says("computed for the first time");
        refresh(&world);
        let page = mia.get("/network");
        assert_eq!(page.status, 200);
        page.says("As of 15 Jan 2026").says("computed 15 Jan 2026, 09:00 UTC");
        page.says("<a href=\"/partners/bob/scorecard\"><bdi>bob</bdi></a>");
        page.says("Not met today: <bdi>Roofs finished</bdi> <span class=\"far\">0 of 2</span>");
        page.says("The review of 1 May 2026 would give a grace until 30 Jul 2026.");
        page.says("Expert").says("31 Dec 2025").says("role=\"img\"");
        page.says("aria-sort=\"ascending\"").says("href=\"/network?sort=-name\"");
        assert!(page.text.len() < 100_000, "{} bytes", page.text.len());
    }
}

#[test]
fn a_list_is_narrowed_sorted_and_paged_without_script() {
    let database = Database::sqlite();
    let world = World::new(&database.url);
    let many: Vec<Draft> =
        (0..60).map(|at| partner(&format!("p-{at}"), &format!("Partner & Co {at:02}"))).collect();
    book::record(&world.app.store, "2026-01-14T09:00:00Z", &many);
    refresh(&world);
    let mut mia = world.signed_in("mia@tiles.example");
    mia.get("/network?q=BOB").says("one partner").says_not("Partner &amp; Co");
    mia.get("/network?q=nobody").says("No partner is like that.");
    mia.get("/network?state=at_risk&sort=due")
        .says("href=\"/network?state=at_risk&#38;sort=-due\"");
    let first = mia.get("/network?q=co&sort=-name");
    first
        .says("60 partners")
        .says("Co 59")
        .says_not("Co 09")
        .says("Next page")
        .says_not("First page");
    assert!(first.text.len() < 100_000, "{} bytes", first.text.len());
    let next = first.text.split("rel=\"next\"").next().unwrap();
    let next = next.rsplit("href=\"").next().unwrap().split('"').next().unwrap();
    let next = next.replace("&#38;", "&").replace("&amp;", "&").replace("#standings", "");
    let second = mia.get(&next);
    second.says("Co 09").says("Co 00").says_not("Co 10").says_not("Next page").says("First page");
    assert_eq!(mia.part("/network?q=co").status, 200);
}

#[test]
fn the_same_is_had_as_csv_without_formulas() {
    let database = Database::sqlite();
    let world = World::new(&database.url);
    let evil = partner("evil", "=HYPERLINK(\"http://evil.example\")");
    book::record(&world.app.store, "2026-01-14T09:00:00Z", &[evil]);
    refresh(&world);
    let mut mia = world.signed_in("mia@tiles.example");
    mia.get("/network?q=evil").says("href=\"/network.csv?q=evil\"");
    let file = mia.get("/network.csv?q=evil");
    let header = |name: &str| file.headers.get(name).unwrap().to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(header("content-disposition"), "attachment; filename=\"network.csv\"");
    file.says("evil,\"'=HYPERLINK(\"\"http://evil.example\"\")\",setters,");
    assert_eq!(file.text.lines().count(), 2);
}

#[test]
fn what_cannot_be_read_and_whoever_may_not_see_it_are_told_apart() {
    let database = Database::sqlite();
    let world = World::new(&database.url);
    refresh(&world);
    let mut mia = world.signed_in("mia@tiles.example");
    for query in ["due=soon", "state=odd", "sort=odd", "cursor=odd", "q=%FF%00x"] {
        let status = mia.get(&format!("/network?{query}")).status;
        assert!(status == 422 || (query.starts_with('q') && status == 200), "{query}: {status}");
    }
    let mut lea = world.signed_in("lea@ada.example");
    for path in ["/network", "/network.csv"] {
        assert_eq!(lea.get(path).status, 404);
        let page = world.browser().get(path);
        assert_eq!(page.status, 303);
        assert!(page.location().starts_with("/sign-in?next="));
    }
}
