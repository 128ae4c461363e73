//! What if: two scorecards side by side over facts that are changed in memory only, and the way to the
//! form by which one of them is recorded.

use guildhall_rules::facts::File;
use guildhall_store::Draft;

use crate::book::{draft, record};
use crate::browser::World;
use crate::databases::Database;

const PAGE: &str = "/partners/ada/what-if";

fn world(test: impl Fn(&World)) {
    for database in Database::both() {
        test(&World::new(&database.url));
    }
}

fn prospect(id: &str) -> Draft {
    let values = [
        ("id", id),
        ("partner", "ada"),
        ("customer", "town"),
        ("title", "Roof of the hall"),
        ("stage", "Qualified"),
        ("expected_mrr", "10"),
        ("currency", "EUR"),
    ];
    draft(File::Opportunities, &values)
}

#[test]
fn nothing_is_supposed_at_first_and_what_could_be_is_offered() {
    world(|world| {
        record(&world.app.store, "2025-12-01T00:00:00Z", &[prospect("o-3")]);
        let mut lea = world.signed_in("lea@ada.example");
        let page = lea.get(PAGE);
        assert_eq!(page.status, 200);
        page.says("Nothing is supposed yet.")
            .says("type=\"range\"")
            .says("value=\"leaves=i-1\"")
            .says("value=\"launches=o-3\"")
            .says("<optgroup label=\"Craft\">")
            .says("Next review")
            .says_not("value=\"launches=o-1\"")
            .says_not("value=\"passes=");
        lea.get("/partners/ada/scorecard").says("/partners/ada/what-if");
        lea.get("/partners/ada/lapses").says("/partners/ada/what-if");
    });
}

#[test]
fn a_form_becomes_an_address_that_holds_what_is_chosen_and_nothing_else() {
    world(|world| {
        let mut lea = world.signed_in("lea@ada.example");
        let form = "?form=1&ahead=60&s=leaves%3Di-1&on.leaves%3Di-1=2026-02-20\
                    &on.plan_validated=2026-05-01&name=&was_name=&find=";
        let sent = lea.get(&format!("{PAGE}{form}"));
        assert_eq!(sent.status, 303);
        let address = format!("{PAGE}?on=2026-03-16&leaves=i-1%3D2026-02-20");
        assert_eq!(sent.location(), address);
        let page = lea.get(&address);
        page.says("<bdi>Ida leaves</bdi>")
            .says("16 Mar 2026")
            .says("One row moves.")
            .says(
                "<tr class=\"moves\"><th scope=\"row\"><a class=\"plain\" \
                   href=\"/partners/ada/scorecard/setters\">",
            )
            .says("21 Feb 2026");
        // htmx gets the result alone, and the browser the same address.
        let part = lea.part(&format!("{PAGE}{form}"));
        assert_eq!(part.status, 200);
        part.says("id=\"result\"").says("Ida leaves").says_not("<html").says_not("type=\"range\"");
        assert_eq!(part.headers.get("hx-replace-url").unwrap().to_str().unwrap(), address);
        // The days come behind it, so that the slider waits for nothing.
        part.says("part=days").says_not("21 Feb 2026");
        lea.part(&format!("{address}&part=days")).says("21 Feb 2026").says_not("part=days");
        let jump = lea.part(&format!("{PAGE}{form}&jump=90"));
        jump.says("type=\"range\"").says("value=\"90\"").says("hx-swap-oob");
        // Nothing of it is stored.
        lea.get(PAGE).says("Nothing is supposed yet.");
        lea.get("/partners/ada/lapses").says_not("21 Feb 2026");
    });
}

#[test]
fn what_is_supposed_leads_to_the_form_by_which_it_is_recorded() {
    let database = Database::sqlite();
    let world = World::new(&database.url);
    record(&world.app.store, "2025-12-01T00:00:00Z", &[prospect("o-3")]);
    let mut lea = world.signed_in("lea@ada.example");
    let query = "?on=2026-05-01&leaves=i-1%3D2026-02-20&passes=i-1%3Dmosaic%402026-03-01\
                 &launches=o-3%3D2026-03-02&plan_validated=2026-03-03&credential=mosaic";
    let page = lea.get(&format!("{PAGE}{query}"));
    page.says("<bdi>Roof of the hall, town is launched and approved</bdi>")
        .says("value=\"passes=i-1=mosaic\" checked");
    let links: Vec<String> = page
        .text
        .split("<a href=\"")
        .skip(1)
        .filter_map(|rest| rest.split_once("\">Record it"))
        .map(|(link, _)| link.replace("&#38;", "&").replace("&amp;", "&"))
        .collect();
    assert_eq!(links.len(), 4, "{links:?}");
    let form = lea.get(&links[0]);
    assert!(links[0].starts_with("/facts/individuals/i-1/correct?opened="), "{}", links[0]);
    form.says("value=\"2026-02-20\"").says("value=\"Ida\"");
    assert!(links[1].starts_with("/facts/credentials/new?partner=ada&individual=i-1"));
    lea.get(&links[1]).says("value=\"2026-03-01\"");
    assert!(links[2].starts_with("/facts/opportunities/o-3/correct?opened="));
    lea.get(&links[2]).says("value=\"2026-03-02\"").says("value=\"Roof of the hall\"");
    lea.get(&links[3]).says("value=\"2026-03-03\"");
}

#[test]
fn a_third_roof_brings_the_next_tier_and_one_can_take_it_away_again() {
    let database = Database::sqlite();
    let world = World::new(&database.url);
    record(&world.app.store, "2025-12-01T00:00:00Z", &[prospect("o-3")]);
    let mut lea = world.signed_in("lea@ada.example");
    let page = lea.get(&format!("{PAGE}?on=2026-03-16&launches=o-3%3D2026-02-01"));
    page.says("<bdi>Expert</bdi></td><td data-label=\"Supposed\"><bdi>Master</bdi>")
        .says("class=\"better\"")
        .says("name=\"drop\" value=\"launches=o-3=2026-02-01\">Take away");
    let form = "?form=1&ahead=60&s=launches%3Do-3&on.launches%3Do-3=2026-02-01\
                &leaves=i-1%3D2026-02-02&drop=launches%3Do-3%3D2026-02-01";
    let without = lea.get(&format!("{PAGE}{form}"));
    assert_eq!(without.location(), format!("{PAGE}?on=2026-03-16&leaves=i-1%3D2026-02-02"));
}

#[test]
fn what_cannot_be_supposed_is_told_with_what_helps_and_the_page_stays() {
    let database = Database::sqlite();
    let world = World::new(&database.url);
    let mut lea = world.signed_in("lea@ada.example");
    let page = lea.get(&format!(
        "{PAGE}?on=2026-03-16&leaves=i-2%3D2026-02-01&launches=o-1%3D2026-02-01&granted=soon"
    ));
    assert_eq!(page.status, 200);
    page.says("`soon` cannot be read");
    let page =
        lea.get(&format!("{PAGE}?on=2026-03-16&leaves=i-2%3D2026-02-01&launches=o-1%3D2026-02-01"));
    page.says("There is no person `i-2`; did you mean `i-1`?")
        .says("`o-1` is launched already")
        .says("name=\"drop\" value=\"leaves=i-2=2026-02-01\">Take away");
    // People are called by their names, and days are written as everywhere.
    let joined = [
        ("id", "i-1"),
        ("partner", "ada"),
        ("name", "Ida"),
        ("emails", "i@ada.example"),
        ("joined_on", "2025-02-01"),
    ];
    record(&world.app.store, "2025-12-01T00:00:00Z", &[draft(File::Individuals, &joined)]);
    let page = lea.get(&format!("{PAGE}?on=2026-03-16&leaves=i-1%3D2025-01-01"));
    page.says("Ida cannot leave on 1 Jan 2025").says_not("`i-1`");
    assert_eq!(lea.get(&format!("{PAGE}?on=never&ahead=x&page=-1&from=q")).status, 200);
    lea.get(&format!("{PAGE}?on=2099-01-01"))
        .says("Only days from 16 Jan 2026 to 15 Jan 2028 can be looked at; this is 15 Jan 2028.");
}

#[test]
fn others_find_no_such_page() {
    let database = Database::sqlite();
    let world = World::new(&database.url);
    for email in ["ben@bob.example", "tom@town.example"] {
        assert_eq!(world.signed_in(email).get(PAGE).status, 404, "{email}");
    }
    assert_eq!(world.browser().get(PAGE).status, 303);
    assert_eq!(world.signed_in("mia@tiles.example").get(PAGE).status, 200);
}

#[test]
fn a_partner_of_five_thousand_people_stays_usable() {
    let database = Database::sqlite();
    let world = World::new(&database.url);
    let people: Vec<Draft> = (0..5_000)
        .map(|at| {
            let (id, name) = (format!("many-{at}"), format!("Person {at:04}"));
            draft(
                File::Individuals,
                &[("id", &id), ("partner", "ada"), ("name", &name), ("consent", "yes")],
            )
        })
        .collect();
    record(&world.app.store, "2025-12-01T00:00:00Z", &people);
    let mut lea = world.signed_in("lea@ada.example");
    let chosen: Vec<String> = (0..60).map(|at| format!("&leaves=many-{at}%3D2026-02-20")).collect();
    let page = lea.get(&format!("{PAGE}?on=2026-03-16&credential=mosaic{}", chosen.concat()));
    assert!(page.text.len() < 100_000, "{} bytes", page.text.len());
    page.says("5,001 people")
        .says("<bdi>Person 0059 leaves</bdi>")
        .says("name=\"page\" value=\"1\"");
    let found = lea.get(&format!("{PAGE}?form=1&ahead=60&name=4321&was_name=&page=7"));
    lea.get(found.location()).says("Person 4321").says("one person").says_not("Person 4320");
}
