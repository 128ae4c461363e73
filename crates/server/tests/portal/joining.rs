//! Joining the network, and the vendor's answer, as a browser without script meets them.

use crate::browser::{Browser, World};
use crate::databases::Database;

fn each(test: impl Fn(&World)) {
    for database in Database::both() {
        test(&World::new(&database.url));
    }
}

/// Applies as a company and says where it leads to.
fn apply(browser: &mut Browser<'_>, partner: &str) -> String {
    browser.get("/join").says("Join the network");
    let company = format!("{partner} & Daughters");
    let email = format!("boss@{partner}.example");
    let fields = [("company", company.as_str()), ("partner", partner), ("email", &email)];
    let page = browser.post("/join", &fields);
    assert_eq!(page.status, 303, "{}", page.text);
    page.location().to_owned()
}

fn set_agreement(world: &World) {
    let mut mia = world.signed_in("mia@tiles.example");
    mia.get("/enrolments/agreement").says("There is no agreement yet");
    let page = mia.post("/enrolments/agreement", &[("version", "a b"), ("text", "Be kind.")]);
    assert_eq!(page.status, 422);
    page.says("Be kind.").says("value=\"a b\"");
    let page = mia.post("/enrolments/agreement", &[("version", "2026-01"), ("text", "Be kind.")]);
    assert_eq!(page.location(), "/enrolments", "{}", page.text);
    mia.get("/enrolments/agreement").says("Version 2026-01 is in force.");
}

#[test]
fn a_company_applies_comes_back_accepts_hands_in_and_is_let_in() {
    each(|world| {
        let mut boss = world.browser();
        let page = boss.get("/join");
        page.says("Setters");
        let page = boss.post("/join", &[("company", "Dot"), ("partner", "d t"), ("email", "no")]);
        assert_eq!(page.status, 422);
        page.says("value=\"d t\"").says("This is no e-mail address");
        let page = boss.post(
            "/join",
            &[("company", "Dot"), ("partner", "ada"), ("email", "boss@dot.example")],
        );
        assert_eq!(page.status, 409);
        page.says("he id `ada` is taken");
        let own = apply(&mut boss, "dot");
        boss.get(&own).says("The vendor has not published an agreement yet.");
        set_agreement(world);
        let page = boss.get(&own);
        page.says("Be kind.").says("dot &#38; Daughters");
        // By the link, from another browser.
        let (_, link) = page.text.split_once("<code class=\"secret\">").unwrap();
        let link = link.split('<').next().unwrap();
        let path = link.strip_prefix(&world.app.base_url).unwrap().to_owned();
        let mut laptop = world.browser();
        assert_ne!(laptop.get(&own).status, 200);
        assert_eq!(laptop.get(&path).location(), own);
        laptop.get(&own).says("Be kind.");
        laptop.get("/join").says("Go on with the application");
        let agreement = format!("{own}/agreement");
        let page = laptop.post(&agreement, &[("version", "2026-01"), ("back", &own)]);
        assert_eq!(page.status, 422);
        page.says("Tick the box");
        let fields = [("version", "2026-01"), ("accepted", "yes"), ("back", own.as_str())];
        assert_eq!(laptop.post(&agreement, &fields).location(), own);
        laptop.get(&own).says("Choose your path and hand in").says("value=\"setters\"");
        let submission = format!("{own}/submission");
        assert_eq!(laptop.post(&submission, &[("back", &own)]).status, 422);
        let fields = [("path", "setters"), ("back", own.as_str())];
        assert_eq!(laptop.post(&submission, &fields).location(), own);
        laptop.get(&own).says("Your application is with the vendor.");
        let mut mia = world.signed_in("mia@tiles.example");
        let enrolment = own.replace("/join/", "/enrolments/");
        mia.get("/waiting").says("Enrolments to approve</h2>").says(&enrolment);
        mia.get("/enrolments").says(&enrolment).says("Setters");
        mia.get(&enrolment).says("boss@dot.example").says("Approve");
        let page = mia.post(&format!("{enrolment}/approve"), &[("back", &enrolment)]);
        assert_eq!(page.location(), enrolment, "{}", page.text);
        mia.get(&enrolment).says("Approved").says("/partners/dot").says_not("Decline</button>");
        boss.get(&own).says("Welcome.");
        let again = mia.post(&format!("{enrolment}/approve"), &[("back", &enrolment)]);
        assert_eq!(again.status, 409);
    });
}

#[test]
fn a_company_that_is_declined_is_told_why() {
    each(|world| {
        let mut boss = world.browser();
        let own = apply(&mut boss, "eve");
        let mut mia = world.signed_in("mia@tiles.example");
        let enrolment = own.replace("/join/", "/enrolments/");
        mia.get("/enrolments?state=applied").says(&enrolment);
        mia.get(&enrolment).says_not("Approve</button>");
        let decline = format!("{enrolment}/decline");
        let page = mia.post(&decline, &[("reason", " "), ("back", &enrolment)]);
        assert_eq!(page.status, 422);
        let page = mia.post(&decline, &[("reason", "No <roofs>."), ("back", &enrolment)]);
        assert_eq!(page.location(), enrolment);
        boss.get(&own).says("The vendor has declined").says("No &#60;roofs&#62;.");
    });
}

#[test]
fn nobody_else_goes_on_with_an_application() {
    each(|world| {
        let own = apply(&mut world.browser(), "fay");
        let mut eve = world.browser();
        eve.get("/join");
        for path in [own.clone(), format!("{own}/AAAA")] {
            assert_ne!(eve.get(&path).status, 200, "{path}");
        }
        let page = eve.post(&format!("{own}/submission"), &[("path", "setters")]);
        assert!(page.status != 200 && !page.location().starts_with("/join"), "{}", page.text);
        let mut lea = world.signed_in("lea@ada.example");
        assert_eq!(lea.get(&own).status, 404);
        assert_eq!(lea.get("/join").status, 404);
    });
}
