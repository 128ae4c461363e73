//! The users of a demonstration, and the codes that it lets its visitors know.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at once")]

#[path = "../../store/tests/shared/databases.rs"]
#[allow(clippy::allow_attributes, dead_code, reason = "each test binary uses a part")]
mod databases;

use databases::Database;
use guildhall_access::{Role, Side};
use guildhall_server::ops::second_factor::{self, Proof};
use guildhall_server::ops::users::NewUser;
use guildhall_server::ops::{demo, sign_in};
use guildhall_server::second_factor::SharedSecret;
use guildhall_server::{App, Caller, Clock, Demo, SignIn};
use guildhall_store::Store;

const PASSWORD: &str = "seven slow barges";

fn user(email: &str, role: Role) -> NewUser {
    NewUser {
        email: email.to_owned(),
        name: "Somebody".to_owned(),
        organization: Some((Side::Customer, "city-library".to_owned())),
        roles: vec![role],
    }
}

fn sign_in_of(user: &NewUser, needs_code: bool) -> SignIn {
    SignIn {
        email: user.email.clone(),
        name: user.name.clone(),
        roles: user.roles.iter().map(|role| role.word().to_owned()).collect(),
        organization: "City Library".to_owned(),
        password: PASSWORD.to_owned(),
        needs_code,
    }
}

#[test]
fn the_code_that_is_told_works_for_two_sign_ins_within_half_a_minute() {
    let database = Database::sqlite();
    let clock = Clock::at("2026-06-30T12:00:00Z".parse().unwrap());
    let mut app = App::new(Store::open(&database.url).unwrap(), clock).unwrap();
    let new =
        [user("ina@library.example", Role::ItOwner), user("jo@library.example", Role::Security)];
    assert!(
        demo::enrol(&app, &new).is_err(),
        "a server that is no demonstration has no such users"
    );
    app.demo = Some(Demo {
        sign_ins: vec![sign_in_of(&new[0], true), sign_in_of(&new[1], false)],
        password: PASSWORD.to_owned(),
        shared_secret: SharedSecret::generate().unwrap(),
    });
    let callers = demo::enrol(&app, &new).unwrap();
    let proved: Vec<bool> = callers.iter().map(Caller::has_proved).collect();
    assert_eq!(proved, [true, false]);
    for _ in 0..2 {
        let half = sign_in::sign_in(&app, &Caller::nobody(), "ina@library.example", PASSWORD);
        let half = half.unwrap();
        assert!(half.needs_second_factor && !half.needs_enrolment);
        let caller = sign_in::caller(&app, &half.secret).unwrap();
        let code = demo::code(&app, "ina@library.example").unwrap().unwrap();
        let whole = second_factor::prove(&app, &caller, &Proof::Code(code)).unwrap();
        assert!(sign_in::caller(&app, &whole.secret).unwrap().actor.user.is_some());
    }
    let whole = sign_in::sign_in(&app, &Caller::nobody(), "jo@library.example", PASSWORD).unwrap();
    assert!(!whole.needs_second_factor && !whole.needs_enrolment);
    assert_eq!(demo::code(&app, "jo@library.example").unwrap(), None);
    assert_eq!(demo::code(&app, "nobody@library.example").unwrap(), None);
}
