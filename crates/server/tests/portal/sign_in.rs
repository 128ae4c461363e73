//! Signing in, and what keeps others out.

use guildhall_server::ops::demo;
use jiff::SignedDuration;

use crate::browser::{PASSWORD, World};
use crate::databases::Database;

#[test]
fn password_and_code_lead_to_the_page_that_was_asked_for() {
    for database in Database::both() {
        let world = World::new(&database.url);
        let mut browser = world.browser();
        let page = browser.get("/me/sessions");
        assert_eq!((page.status, page.location()), (303, "/sign-in?next=%2Fme%2Fsessions"));
        browser.get(page.location()).says("value=\"/me/sessions\"");
        let wrong = [("email", "lea@ada.example"), ("password", "no"), ("next", "/me/sessions")];
        let page = browser.post("/sign-in", &wrong);
        assert_eq!(page.status, 401);
        page.says("value=\"lea@ada.example\"").says("The e-mail address or the password is wrong.");
        let right =
            [("email", "lea@ada.example"), ("password", PASSWORD), ("next", "/me/sessions")];
        let page = browser.post("/sign-in", &right);
        assert_eq!(page.location(), "/sign-in/code?next=%2Fme%2Fsessions");
        // Half signed in, nothing is to be seen.
        for path in ["/me/sessions", "/training", "/rulebook", "/me/learning", "/reviews/1"] {
            let page = browser.get(path);
            assert!(page.location().starts_with("/sign-in/code"), "{path}");
        }
        browser.get(page.location());
        let page = browser.post("/sign-in/code", &[("code", "000000"), ("next", "/me/sessions")]);
        assert_eq!(page.status, 422, "{}", page.text);
        let code = demo::code(&world.app, "lea@ada.example").unwrap().unwrap();
        let page = browser.post("/sign-in/code", &[("code", &code), ("next", "/me/sessions")]);
        assert_eq!((page.status, page.location()), (303, "/me/sessions"));
        let page = browser.get("/me/sessions");
        assert_eq!(page.status, 200);
        page.says("this one");
    }
}

#[test]
fn nobody_is_led_to_another_site_after_signing_in() {
    let database = Database::sqlite();
    let world = World::new(&database.url);
    for next in ["//evil.example", "https://evil.example", "/\\evil.example"] {
        let mut browser = world.browser();
        browser.get("/sign-in");
        let fields = [("email", "tom@town.example"), ("password", PASSWORD), ("next", next)];
        let page = browser.post("/sign-in", &fields);
        assert!(!page.location().contains("evil"), "{}", page.location());
    }
}

#[test]
fn a_form_of_another_site_does_nothing() {
    let database = Database::sqlite();
    let world = World::new(&database.url);
    let mut browser = world.signed_in("lea@ada.example");
    let kept = browser.token.clone();
    for token in ["", "00000000000000000000000000000000"] {
        token.clone_into(&mut browser.token);
        let page = browser.post("/me/tokens", &[("name", "evil"), ("scope", "admin")]);
        assert_eq!(page.status, 409);
        page.says("This form is out of date");
    }
    browser.token = kept;
    browser.get("/me/tokens").says_not("evil");
}

#[test]
fn an_expired_session_comes_back_to_the_form_as_it_was_typed() {
    let database = Database::sqlite();
    let world = World::new(&database.url);
    let mut browser = world.signed_in("lea@ada.example");
    browser.get("/me/tokens");
    world.pass(SignedDuration::from_hours(13));
    let page = browser.post("/me/tokens", &[("name", "weekly"), ("scope", "read")]);
    assert_eq!(page.location(), "/sign-in?next=%2Fme%2Ftokens%3Fname%3Dweekly%26scope%3Dread");
}

#[test]
fn an_api_token_is_made_once_seen_once_and_revoked() {
    let database = Database::sqlite();
    let world = World::new(&database.url);
    let mut browser = world.signed_in("lea@ada.example");
    browser.get("/me/tokens");
    let page = browser.post("/me/tokens", &[("name", "weekly"), ("scope", "read")]);
    assert_eq!(page.status, 200);
    page.says("gh_").says("weekly");
    let page = browser.get("/me/tokens");
    page.says_not("gh_").says("weekly");
    let id = page.text.split("/me/tokens/").nth(1).unwrap().split('/').next().unwrap().to_owned();
    let page = browser.post(&format!("/me/tokens/{id}/revoke"), &[("back", "/me/tokens")]);
    assert_eq!((page.status, page.location()), (303, "/me/tokens"));
    browser.get("/me/tokens").says("The token is revoked.").says_not("weekly");
}

#[test]
fn what_is_nowhere_is_a_page_and_data_for_programs() {
    let database = Database::sqlite();
    let world = World::new(&database.url);
    let mut browser = world.signed_in("lea@ada.example");
    let page = browser.get("/nowhere");
    assert_eq!(page.status, 404);
    page.says("There is no such page").says("href=\"/\"");
    let page = browser.get("/api/v1/nowhere");
    assert_eq!(page.status, 404);
    page.says("\"code\":\"not-found\"");
}

#[test]
fn signing_out_ends_the_session() {
    let database = Database::sqlite();
    let world = World::new(&database.url);
    let mut browser = world.signed_in("lea@ada.example");
    let before = browser.cookies.clone();
    browser.get("/me");
    assert_eq!(browser.post("/sign-out", &[]).location(), "/sign-in");
    browser.get("/sign-in").says("You are signed out.");
    browser.cookies = before;
    assert!(browser.get("/me").location().starts_with("/sign-in"));
}
