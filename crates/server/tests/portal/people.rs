//! Pages of partners, people and customers: who sees what, and what each may do there.

use guildhall_rules::facts::File;
use guildhall_server::App;
use guildhall_store::{Draft, Kind};

use crate::book::{draft, record};
use crate::browser::World;
use crate::databases::Database;

/// A customer with a unit, a workload, a reference and ratings; more people at `ada`.
fn fill(app: &App) {
    let row = |kind: Kind, values: &[(&str, &str)]| {
        let mut cells = vec![None; kind.columns().len()];
        for (name, value) in values {
            cells[kind.position(name).unwrap()] = Some((*value).to_owned());
        }
        Draft { kind, cells }
    };
    let town = [("id", "town"), ("side", "customer"), ("name", "The Town")];
    let other = [("id", "village"), ("side", "customer"), ("name", "The Village")];
    let ada = [("id", "ada"), ("side", "partner"), ("name", "Ada & Co"), ("description", "Sets.")];
    let unit = [("id", "u-1"), ("customer", "town"), ("name", "Town hall")];
    let load = [
        ("id", "w-1"),
        ("customer", "town"),
        ("unit", "u-1"),
        ("name", "Registry"),
        ("environment", "production"),
    ];
    let rows = [
        row(Kind::Organization, &town),
        row(Kind::Organization, &other),
        row(Kind::Organization, &ada),
        row(Kind::Unit, &unit),
        row(Kind::Workload, &load),
        draft(
            File::References,
            &[
                ("id", "ref-1"),
                ("partner", "ada"),
                ("customer", "town"),
                ("published_on", "2025-10-01"),
            ],
        ),
        draft(
            File::Ratings,
            &[
                ("id", "rat-1"),
                ("partner", "ada"),
                ("customer", "town"),
                ("score", "4"),
                ("rated_on", "2025-11-01"),
                ("consent", "yes"),
                ("comment", "Straight <lines>"),
            ],
        ),
        draft(
            File::Individuals,
            &[("id", "i-2"), ("partner", "ada"), ("name", "Una"), ("consent", "yes")],
        ),
        draft(
            File::Individuals,
            &[("id", "i-3"), ("partner", "ada"), ("name", "Gil"), ("left_on", "2025-12-01")],
        ),
        draft(File::Individuals, &[("id", "i-4"), ("partner", "bob"), ("name", "Bo")]),
        // By the catalogue it is valid for three years: to 1 March 2026.
        draft(
            File::Credentials,
            &[
                ("id", "c-2"),
                ("individual", "i-2"),
                ("credential", "mosaic"),
                ("issued_on", "2023-03-01"),
            ],
        ),
    ];
    record(&app.store, "2025-12-31T00:00:00Z", &rows);
}

fn world(url: &str) -> World {
    let world = World::new(url);
    fill(&world.app);
    world
}

#[test]
fn each_sees_of_a_partner_what_they_may() {
    for database in Database::both() {
        let world = world(&database.url);
        let mut vendor = world.signed_in("mia@tiles.example");
        vendor
            .get("/partners/ada")
            .says("<bdi>Sets.</bdi>")
            .says("<bdi>Expert</bdi>")
            .says("one has something that lapses within 90 days")
            .says("/partners/ada/declare/suspended")
            .says("/partners/ada/edit");
        let mut own = world.signed_in("lea@ada.example");
        own.get("/partners/ada")
            .says("/partners/ada/edit")
            .says_not("/partners/ada/declare/suspended")
            .says("Tier history");
        let mut customer = world.signed_in("tom@town.example");
        customer
            .get("/partners/ada")
            .says("References that name us")
            .says_not("Tier history")
            .says_not("/partners/ada/scorecard");
        // Bob is a stranger to Ada, and does not work for the village.
        let mut stranger = world.signed_in("ben@bob.example");
        for path in ["", "/edit", "/people", "/declare/suspended"] {
            let page = stranger.get(&format!("/partners/ada{path}"));
            assert_eq!(page.status, 404, "{path}");
        }
        for path in ["/partners/bob", "/partners/nobody", "/people/i-1", "/customers/village"] {
            assert_eq!(customer.get(path).status, 404, "{path}");
        }
        assert_eq!(own.get("/customers/town").status, 404);
        assert!(world.browser().get("/partners/ada").location().starts_with("/sign-in"));
    }
}

#[test]
fn a_profile_is_edited_and_whoever_comes_second_sees_what_the_first_wrote() {
    for database in Database::both() {
        let world = world(&database.url);
        let mut own = world.signed_in("lea@ada.example");
        let page = own.get("/partners/ada/edit");
        let version = page.text.split("name=\"version\" value=\"").nth(1).unwrap();
        let version = version.split("\">").next().unwrap().replace("&#34;", "\"");
        let bad = [("name", ""), ("kinds", "nonsense"), ("version", version.as_str())];
        let page = own.post("/partners/ada/edit", &bad);
        assert_eq!(page.status, 422, "{}", page.text);
        page.says("problem-name").says("value=\"nonsense\"");
        let good = [("name", "Ada & Sons"), ("country", "NZ"), ("version", version.as_str())];
        let page = own.post("/partners/ada/edit", &good);
        assert_eq!((page.status, page.location()), (303, "/partners/ada"));
        own.get("/partners/ada").says("The profile is saved.").says("Ada &#38; Sons");
        let late = [("name", "Ada Ltd"), ("country", "NZ"), ("version", version.as_str())];
        own.get("/partners/ada/edit");
        let page = own.post("/partners/ada/edit", &late);
        assert_eq!(page.status, 412, "{}", page.text);
        page.says("value=\"Ada Ltd\"").says("By now: Ada &#38; Sons");
    }
}

#[test]
fn the_vendor_suspends_and_reinstates_a_partner_with_a_reason() {
    for database in Database::both() {
        let world = world(&database.url);
        let mut vendor = world.signed_in("mia@tiles.example");
        vendor.get("/partners/bob/declare/suspended").says("Suspend");
        let page = vendor.post("/partners/bob/declare/suspended", &[("on", "2026-01-15")]);
        assert_eq!(page.status, 422, "{}", page.text);
        page.says("problem-reason");
        let fields = [("on", "2026-01-15"), ("reason", "Invoices unpaid.")];
        let page = vendor.post("/partners/bob/declare/suspended", &fields);
        assert_eq!((page.status, page.location()), (303, "/partners/bob"), "{}", page.text);
        vendor
            .get("/partners/bob")
            .says("suspended")
            .says("It is published as decision")
            .says("/partners/bob/declare/reinstated");
        assert_eq!(vendor.get("/partners/bob/declare/praised").status, 404);
    }
}

#[test]
fn people_are_one_line_for_each_human_and_can_be_narrowed() {
    for database in Database::both() {
        let world = world(&database.url);
        let mut own = world.signed_in("lea@ada.example");
        own.get("/partners/ada/people")
            .says("<bdi>Una</bdi>")
            .says("lapses in 46 days")
            .says_not("<bdi>Gil</bdi>")
            .says_not("<bdi>Bo</bdi>");
        own.get("/partners/ada/people?show=left").says("<bdi>Gil</bdi>").says_not("<bdi>Una</bdi>");
        own.get("/partners/ada/people?show=lapsing").says("<bdi>Una</bdi>").says_not("Ida");
        own.get("/partners/ada/people?show=no_consent").says("<bdi>Ida</bdi>").says_not("Una");
        own.get("/partners/ada/people?show=all&q=gi").says("<bdi>Gil</bdi>").says_not("Una");
        own.get("/people/i-2")
            .says("<bdi>Mosaic</bdi>")
            .says("Where it counts today")
            .says("/partners/ada/scorecard/setters")
            .says("/facts/individuals/i-2/correct?left_on=2026-01-15");
        assert_eq!(own.get("/people/i-4").status, 404);
    }
}

#[test]
fn a_person_is_erased_after_it_was_said_what_is_kept() {
    for database in Database::both() {
        let world = world(&database.url);
        let mut own = world.signed_in("lea@ada.example");
        own.get("/people/i-2/erase").says("It cannot be undone").says("and the credential");
        let page = own.post("/people/i-2/erase", &[]);
        assert_eq!((page.status, page.location()), (303, "/people/i-2"), "{}", page.text);
        own.get("/people/i-2").says("Erased person").says_not("Una").says("<bdi>Mosaic</bdi>");
        // Ten minutes later the second factor is asked for again.
        own.get("/people/i-1/erase");
        world.pass(jiff::SignedDuration::from_mins(10));
        let page = own.post("/people/i-1/erase", &[]);
        assert_eq!(page.location(), "/sign-in/code?next=%2Fpeople%2Fi-1%2Ferase");
    }
}

#[test]
fn a_customer_keeps_its_own_data_and_says_who_sees_what() {
    for database in Database::both() {
        let world = world(&database.url);
        let mut town = world.signed_in("tom@town.example");
        town.get("/customers/town")
            .says("<bdi>The Town</bdi>")
            .says("<bdi>Registry</bdi>")
            .says("Straight &#60;lines&#62;")
            .says("vendor and partner")
            .says("/users/invite");
        // A unit is made, changed and retracted.
        town.get("/customers/town/units/new").says("New unit");
        let page = town.post("/customers/town/units/new", &[("name", "")]);
        assert_eq!(page.status, 422, "{}", page.text);
        let fields = [("name", "Harbour"), ("kind", "office"), ("parent", "u-1")];
        let page = town.post("/customers/town/units/new", &fields);
        assert_eq!((page.status, page.location()), (303, "/customers/town#units"));
        let page = town.get("/customers/town");
        page.says("<bdi>Harbour</bdi>");
        town.get("/customers/town/workloads/w-1").says("value=\"production\" selected");
        let page = town.post("/customers/town/workloads/w-1", &[("environment", "test")]);
        assert_eq!(page.status, 303, "{}", page.text);
        town.get("/customers/town").says("as a test");
        town.get("/customers/town/workloads/w-1/retract").says("Retract Registry");
        let page = town.post("/customers/town/workloads/w-1/retract", &[("reason", "Shut down.")]);
        assert_eq!(page.status, 303, "{}", page.text);
        town.get("/customers/town").says_not("<bdi>Registry</bdi>");
        // Consent is taken back, a reference withdrawn.
        town.get("/customers/town/ratings/rat-1").says("name=\"consent\" value=\"yes\" checked");
        let page = town.post("/customers/town/ratings/rat-1", &[("consent_public", "yes")]);
        assert_eq!(page.status, 303, "{}", page.text);
        town.get("/customers/town").says("vendor and the public");
        town.get("/customers/town/references/ref-1").says("ada published this reference");
        let page = town.post("/customers/town/references/ref-1", &[]);
        assert_eq!(page.status, 303, "{}", page.text);
        town.get("/customers/town").says("withdrawn 15 Jan 2026");
        let page = town.get("/customers/town/edit");
        page.says("value=\"The Town\"");
        let page = town.post("/customers/town/edit", &[("name", "The Old Town")]);
        assert_eq!(page.location(), "/customers/town");
        town.get("/customers/town").says("<bdi>The Old Town</bdi>");
        // What is another's is not there.
        for path in ["/customers/village/units/u-1", "/customers/village/edit", "/customers/ada"] {
            assert_eq!(town.get(path).status, 404, "{path}");
        }
        let mut stranger = world.signed_in("ben@bob.example");
        for path in ["", "/edit", "/units/u-1", "/ratings/rat-1", "/references/ref-1"] {
            assert_eq!(stranger.get(&format!("/customers/town{path}")).status, 404, "{path}");
        }
    }
}
