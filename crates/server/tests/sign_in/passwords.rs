//! Passwords: signing in with them, slowing guesses down, changing and resetting them.

use guildhall_access::{Role, Side};
use guildhall_server::mail::Letter;
use guildhall_server::ops::{invitations, passwords, sign_in};
use guildhall_server::{Caller, Error};

use crate::world::{HOME, PASSWORD, World, at, new_user};

const SAM: &str = "sam@slate.example";
const NEW: &str = "seven tall ladders";

fn refused<T>(outcome: Result<T, Error>, code: &str) -> bool {
    let Err(Error::Invalid(problems)) = outcome else { return false };
    problems.shown()[0].code == code
}

#[test]
fn an_unknown_address_gets_the_same_answer_for_the_same_work() {
    World::each(|world| {
        let app = &world.app;
        let mut answers = Vec::new();
        for email in [SAM, "nobody@slate.example", "no address", "nul\0@slate.example", ""] {
            let before = app.hashing.compared();
            let outcome = sign_in::sign_in(app, &at(HOME), email, "seven grey herons");
            answers.push((app.hashing.compared() - before, outcome.unwrap_err().to_string()));
        }
        let (work, answer) = answers[0].clone();
        assert_eq!(work, 1);
        assert!(answers.iter().all(|other| *other == (work, answer.clone())), "{answers:?}");
    });
}

#[test]
fn strangers_are_slowed_down_while_the_user_signs_in_at_the_usual_place() {
    World::each(|world| {
        let app = &world.app;
        world.sign_in(SAM);
        let tried = |address: &str, email: &str| {
            sign_in::sign_in(app, &at(address), email, "wrong wrong wrong").unwrap_err()
        };
        let mut slowed = 0;
        for _ in 0..40 {
            slowed += u32::from(matches!(tried("203.0.113.9", SAM), Error::TooMany { .. }));
        }
        assert!(slowed >= 34, "{slowed}");
        for place in 0..30 {
            tried(&format!("198.51.100.{place}"), SAM);
        }
        world.sign_in(SAM);
        let unknown = "nobody@slate.example";
        let slow = (0..10).any(|_| matches!(tried("203.0.113.77", unknown), Error::TooMany { .. }));
        assert!(slow, "an unknown address is slowed down like a known one");
        world.pass(3600);
        let late = tried("203.0.113.9", SAM);
        assert!(matches!(late, Error::SignInRefused), "nobody is locked out for good");
    });
}

#[test]
fn a_sign_in_from_a_new_place_is_told_by_mail_once() {
    World::each(|world| {
        let places = |place: &str| {
            let told = world.letters().into_iter().filter(|(to, letter)| {
                to == SAM
                    && matches!(letter, Letter::NewSignIn { place: told, .. } if told == place)
            });
            told.count()
        };
        for _ in 0..2 {
            world.sign_in(SAM);
            sign_in::sign_in(&world.app, &at("2001:db8::7"), SAM, PASSWORD).unwrap();
        }
        assert_eq!((places(HOME), places("2001:db8::7")), (1, 1));
    });
}

#[test]
fn a_changed_password_ends_all_other_sessions() {
    World::each(|world| {
        let (here, there) = (world.sign_in(SAM).secret, world.sign_in(SAM).secret);
        let caller = world.caller(&here).unwrap();
        let change =
            |present: &str, new: &str| passwords::change(&world.app, &caller, present, new);
        assert!(refused(change("wrong wrong wrong", NEW), "wrong-password"));
        assert!(refused(change(PASSWORD, "short"), "weak-password"));
        change(PASSWORD, NEW).unwrap();
        assert!(world.caller(&here).is_ok());
        assert!(matches!(world.caller(&there), Err(Error::SignInFirst)));
        let old = sign_in::sign_in(&world.app, &at(HOME), SAM, PASSWORD);
        assert!(matches!(old, Err(Error::SignInRefused)));
        sign_in::sign_in(&world.app, &at(HOME), SAM, NEW).unwrap();
    });
}

#[test]
fn a_mailed_link_gives_a_new_password_once() {
    World::each(|world| {
        let app = &world.app;
        let secret = world.sign_in(SAM).secret;
        let before = world.letters().len();
        passwords::request_reset(app, "nobody@slate.example").unwrap();
        passwords::request_reset(app, "nul\0").unwrap();
        assert_eq!(world.letters().len(), before, "nobody gets nothing");
        passwords::request_reset(app, "Sam@SLATE.example").unwrap();
        passwords::request_reset(app, SAM).unwrap();
        assert_eq!(world.letters().len(), before + 1, "one letter in five minutes");
        let link = world.link();
        let reset = |link: &str, to: &str| passwords::reset(app, &at("192.0.2.99"), link, to);
        assert!(refused(reset(&link, "password1234"), "weak-password"));
        reset(&link, NEW).unwrap();
        assert!(refused(reset(&link, NEW), "link-refused"), "used");
        assert!(refused(reset("nonsense", NEW), "link-refused"));
        assert!(matches!(world.caller(&secret), Err(Error::SignInFirst)));
        sign_in::sign_in(app, &at(HOME), SAM, NEW).unwrap();
        world.pass(360);
        passwords::request_reset(app, SAM).unwrap();
        let link = world.link();
        world.pass(3600);
        assert!(refused(reset(&link, NEW), "link-refused"), "expired");
    });
}

#[test]
fn an_invited_user_chooses_name_and_password_by_a_link_that_works_once() {
    World::each(|world| {
        let app = &world.app;
        let user = new_user("ada@ridge.example", Side::Partner, "ridge", Role::Support);
        let operator = Caller::command_line();
        let invited = invitations::invite(app, &operator, &user).unwrap();
        assert_eq!(invited.state, "invited");
        let first = world.link();
        let again = invitations::invite(app, &operator, &user).unwrap();
        assert_eq!(again.id, invited.id);
        let link = world.link();
        let accept =
            |link: &str| invitations::accept(app, &at(HOME), link, "Ada Åkesson", PASSWORD);
        assert!(refused(accept(&first), "link-refused"), "the later link counts");
        let other = passwords::reset(app, &at(HOME), &link, PASSWORD);
        assert!(refused(other, "link-refused"), "of another purpose");
        let before = sign_in::sign_in(app, &at(HOME), "ada@ridge.example", PASSWORD);
        assert!(matches!(before, Err(Error::SignInRefused)));
        let accepted = accept(&link).unwrap();
        assert_eq!((accepted.name.as_str(), accepted.state.as_str()), ("Ada Åkesson", "active"));
        assert!(refused(accept(&link), "link-refused"));
        world.sign_in("ada@ridge.example");
        let taken = invitations::invite(app, &operator, &user);
        assert!(matches!(taken, Err(Error::Conflict { code: "email-taken", .. })));
    });
}
