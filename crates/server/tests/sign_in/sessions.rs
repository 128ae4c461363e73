//! Sessions and tokens: how long they last, and who ends them.

use guildhall_access::{Role, Scope};
use guildhall_server::ops::users::Change;
use guildhall_server::ops::{sessions, sign_in, tokens, users};
use guildhall_server::{Caller, Error};

use crate::databases::Database;
use crate::world::{HOME, PASSWORD, World, at};

fn is_out<T>(outcome: &Result<T, Error>) -> bool {
    matches!(outcome, Err(Error::SignInFirst))
}

#[test]
fn a_token_stands_for_its_user_with_its_scopes_until_it_expires() {
    World::each(|world| {
        let (app, id) = (&world.app, &world.operator);
        let now = app.clock.now();
        let end = now.checked_add(jiff::SignedDuration::from_mins(10)).unwrap();
        let token = tokens::issue(app, id, "nightly", &[Scope::Read], Some(end)).unwrap();
        let caller = sign_in::caller(app, &token).unwrap();
        assert_eq!(caller.actor.user.as_ref(), Some(id));
        assert_eq!(caller.actor.roles, [Role::Operator]);
        assert_eq!(caller.actor.scopes, Some(vec![Scope::Read]));
        assert_eq!(caller.actor.second_factor_age_seconds, None);
        for bad in ["", "gh_", &token[3..], &token[..50], "gh_é", "\0"] {
            assert!(is_out(&sign_in::caller(app, bad)), "{bad}");
        }
        world.pass(600);
        assert!(is_out(&sign_in::caller(app, &token)));
    });
}

#[test]
fn whoever_has_the_password_is_signed_in_whatever_the_capitals_of_the_address() {
    World::each(|world| {
        let signed_in = world.sign_in("SAM@Slate.Example");
        assert!(!signed_in.needs_second_factor && !signed_in.needs_enrolment);
        let caller = world.caller(&signed_in.secret).unwrap();
        assert_eq!(caller.actor.user.as_ref(), Some(&world.smith));
        let listed = sessions::list(&world.app, &caller, None).unwrap();
        assert_eq!(listed.len(), 1);
        assert_eq!(listed[0].address.as_deref(), Some(HOME));
        assert!(listed[0].is_present);
        sessions::sign_out(&world.app, &caller).unwrap();
        assert!(is_out(&world.caller(&signed_in.secret)));
    });
}

#[test]
fn a_session_ends_without_use_and_however_busy() {
    World::each(|world| {
        let secret = world.sign_in("sam@slate.example").secret;
        for _ in 0..24 {
            world.pass(29 * 60);
            assert!(world.caller(&secret).is_ok());
        }
        world.pass(25 * 60);
        assert!(is_out(&world.caller(&secret)), "twelve hours are over");
        let secret = world.sign_in("sam@slate.example").secret;
        world.pass(30 * 60);
        assert!(is_out(&world.caller(&secret)), "half an hour without use");
        assert!(sign_in::forget(&world.app).unwrap() >= 2);
    });
}

#[test]
fn use_is_noted_at_most_once_a_minute() {
    World::each(|world| {
        let secret = world.sign_in("sam@slate.example").secret;
        let seen = || {
            let caller = world.caller(&secret).unwrap();
            sessions::present(&world.app, &caller).unwrap().session.seen_at
        };
        let first = seen();
        world.pass(59);
        assert_eq!(seen(), first);
        world.pass(1);
        assert_ne!(seen(), first);
    });
}

#[test]
fn signing_in_gives_a_new_secret_and_ends_the_session_that_asked() {
    World::each(|world| {
        let before = world.sign_in("sam@slate.example").secret;
        let caller = world.caller(&before).unwrap();
        let after = sign_in::sign_in(&world.app, &caller, "sam@slate.example", PASSWORD).unwrap();
        assert_ne!(after.secret, before);
        assert!(is_out(&world.caller(&before)), "a planted secret is worth nothing");
        assert!(world.caller(&after.secret).is_ok());
    });
}

#[test]
fn a_disabled_user_is_out_at_once_and_stays_out() {
    World::each(|world| {
        let app = &world.app;
        let secret = world.sign_in("sam@slate.example").secret;
        let token = tokens::issue(app, &world.smith, "ci", &[Scope::Admin], None).unwrap();
        let operator = Caller::command_line();
        let user = users::change(app, &operator, &world.smith, None, &Change::Disable).unwrap();
        assert_eq!(user.state, "disabled");
        assert!(is_out(&world.caller(&secret)));
        assert!(is_out(&world.caller(&token)));
        let again = sign_in::sign_in(app, &at(HOME), "sam@slate.example", PASSWORD);
        assert!(matches!(again, Err(Error::SignInRefused)));
        users::change(app, &operator, &world.smith, None, &Change::Enable).unwrap();
        assert!(is_out(&world.caller(&token)), "tokens are revoked for good");
        world.sign_in("sam@slate.example");
    });
}

#[test]
fn roles_that_change_count_at_once() {
    World::each(|world| {
        let secret = world.sign_in("sam@slate.example").secret;
        let to = Change::Roles(vec![Role::PartnerFinance]);
        users::change(&world.app, &Caller::command_line(), &world.smith, None, &to).unwrap();
        assert_eq!(world.caller(&secret).unwrap().actor.roles, [Role::PartnerFinance]);
        let to = Change::Roles(vec![Role::AllianceLead]);
        users::change(&world.app, &Caller::command_line(), &world.smith, None, &to).unwrap();
        let caller = world.caller(&secret).unwrap();
        assert!(caller.actor.user.is_none(), "who answers for a partner needs a second factor");
        assert!(caller.half.is_some());
    });
}

#[test]
fn nobody_sees_or_ends_the_sessions_of_others() {
    World::each(|world| {
        let own = world.caller(&world.sign_in("sam@slate.example").secret).unwrap();
        let other = world.sign_in("lars@ridge.example").session;
        let hidden = sessions::end(&world.app, &own, &other.id).unwrap_err();
        let missing = sessions::end(&world.app, &own, "s-none").unwrap_err();
        assert!(
            matches!(hidden, Error::NotFound { .. }) && matches!(missing, Error::NotFound { .. })
        );
        let listed = sessions::list(&world.app, &own, Some(&world.lead));
        assert!(matches!(listed, Err(Error::NotFound { .. })));
    });
}

#[test]
fn two_servers_know_the_same_sessions() {
    for database in Database::both() {
        let one = World::on(&database.url);
        let other = crate::world::app(&database.url);
        let secret = one.sign_in("sam@slate.example").secret;
        assert!(sign_in::caller(&other, &secret).is_ok());
        let operator = Caller::command_line();
        users::change(&other, &operator, &one.smith, None, &Change::Disable).unwrap();
        assert!(is_out(&one.caller(&secret)));
    }
}
