//! The second factor: set up, proved, replaced by recovery codes, never replayed.

use guildhall_server::mail::Letter;
use guildhall_server::ops::second_factor::{self, Proof};
use guildhall_server::ops::{sessions, sign_in, users};
use guildhall_server::{Caller, Error, Missing};

use crate::databases::Database;
use crate::world::{HOME, PASSWORD, World, at, code};

const OLGA: &str = "olga@summit.example";

fn wrong<T>(outcome: Result<T, Error>) -> bool {
    let Err(Error::Invalid(problems)) = outcome else { return false };
    problems.shown()[0].code == "wrong-code"
}

#[test]
fn the_vendors_staff_may_only_enrol_before_they_have_a_second_factor() {
    World::each(|world| {
        let signed_in = world.sign_in(OLGA);
        assert!(signed_in.needs_enrolment);
        let half = world.caller(&signed_in.secret).unwrap();
        assert_eq!(half.half.as_ref().unwrap().missing, Missing::Enrolment);
        for outcome in [
            users::read(&world.app, &half, &world.operator).err(),
            users::list(&world.app, &half, None, None, 0, 10).err(),
            sessions::list(&world.app, &half, None).err(),
            second_factor::state(&world.app, &half).err(),
        ] {
            assert!(matches!(outcome, Some(Error::SecondFactorNotEnrolled)), "{outcome:?}");
        }
        let (secret, ..) = world.enrol(OLGA);
        let caller = world.caller(&secret).unwrap();
        assert_eq!(caller.actor.second_factor_age_seconds, Some(0));
        assert!(users::list(&world.app, &caller, None, None, 0, 10).is_ok());
        let first = world.caller(&signed_in.secret).unwrap();
        assert_eq!(first.half.unwrap().missing, Missing::Proof, "the other session must prove it");
    });
}

#[test]
fn a_session_may_only_prove_the_factor_and_gets_another_secret_for_it() {
    World::each(|world| {
        let (_, shared, _) = world.enrol(OLGA);
        world.pass(60);
        let signed_in = world.sign_in(OLGA);
        assert!(signed_in.needs_second_factor);
        let half = world.caller(&signed_in.secret).unwrap();
        let listed = users::list(&world.app, &half, None, None, 0, 10);
        assert!(matches!(listed, Err(Error::SecondFactorNeeded)));
        let begun = second_factor::begin(&world.app, &half);
        assert!(matches!(begun, Err(Error::SecondFactorNeeded)), "no enrolling past the factor");
        let proof = Proof::Code(code(&shared, world.app.clock.now()));
        let proved = second_factor::prove(&world.app, &half, &proof).unwrap();
        assert_ne!(proved.secret, signed_in.secret);
        assert!(matches!(world.caller(&signed_in.secret), Err(Error::SignInFirst)));
        world.pass(100);
        let caller = world.caller(&proved.secret).unwrap();
        assert_eq!(caller.actor.second_factor_age_seconds, Some(100));
    });
}

#[test]
fn a_code_works_once_even_after_the_clock_was_set_back() {
    World::each(|world| {
        let (_, shared, _) = world.enrol(OLGA);
        world.pass(60);
        let seen = Proof::Code(code(&shared, world.app.clock.now()));
        let half = || world.caller(&world.sign_in(OLGA).secret).unwrap();
        let secret = second_factor::prove(&world.app, &half(), &seen).unwrap().secret;
        assert!(wrong(second_factor::prove(&world.app, &half(), &seen)), "replayed");
        world.pass(-90);
        // At the usual place, the failure just now is still to come.
        let elsewhere = || {
            let secret =
                sign_in::sign_in(&world.app, &at("203.0.113.5"), OLGA, PASSWORD).unwrap().secret;
            let half = world.caller(&secret).unwrap();
            Caller { address: at("203.0.113.5").address, ..half }
        };
        assert!(wrong(second_factor::prove(&world.app, &elsewhere(), &seen)), "replayed later");
        let earlier = Proof::Code(code(&shared, world.app.clock.now()));
        assert!(wrong(second_factor::prove(&world.app, &elsewhere(), &earlier)), "an earlier step");
        let age = world.caller(&secret).unwrap().actor.second_factor_age_seconds;
        assert_eq!(age, Some(-90), "which the policies take for no proof");
        world.pass(120);
        let next = Proof::Code(code(&shared, world.app.clock.now()));
        second_factor::prove(&world.app, &half(), &next).unwrap();
    });
}

#[test]
fn two_servers_take_a_code_once() {
    for database in Database::both() {
        let world = World::on(&database.url);
        let other = crate::world::app(&database.url);
        let (_, shared, _) = world.enrol(OLGA);
        world.pass(60);
        other.clock.set(world.app.clock.now());
        let halves: Vec<_> =
            (0..2).map(|_| world.caller(&world.sign_in(OLGA).secret).unwrap()).collect();
        let proof = Proof::Code(code(&shared, world.app.clock.now()));
        let outcomes: Vec<bool> = std::thread::scope(|scope| {
            let (half, proof) = (&halves, &proof);
            let one = scope.spawn(|| second_factor::prove(&world.app, &half[0], proof).is_ok());
            let two = scope.spawn(|| second_factor::prove(&other, &half[1], proof).is_ok());
            vec![one.join().unwrap(), two.join().unwrap()]
        });
        assert_eq!(outcomes.iter().filter(|taken| **taken).count(), 1, "{outcomes:?}");
    }
}

#[test]
fn a_recovery_code_works_once_and_is_told_by_mail() {
    World::each(|world| {
        let (_, shared, codes) = world.enrol(OLGA);
        assert_eq!(codes.len(), 10);
        let half = || world.caller(&world.sign_in(OLGA).secret).unwrap();
        let proof = Proof::RecoveryCode(codes[3].to_uppercase());
        let secret = second_factor::prove(&world.app, &half(), &proof).unwrap().secret;
        assert!(wrong(second_factor::prove(&world.app, &half(), &proof)));
        let told = world.letters().into_iter().filter(|(_, letter)| {
            matches!(letter, Letter::SecondFactorChanged { change, .. } if change.contains("9 are"))
        });
        assert_eq!(told.count(), 1);
        let caller = world.caller(&secret).unwrap();
        assert_eq!(second_factor::state(&world.app, &caller).unwrap().recovery_codes_left, 9);
        let new = second_factor::new_recovery_codes(&world.app, &caller).unwrap().recovery_codes;
        let old = Proof::RecoveryCode(codes[4].clone());
        assert!(wrong(second_factor::prove(&world.app, &half(), &old)), "void");
        let new = Proof::RecoveryCode(new[4].clone());
        second_factor::prove(&world.app, &half(), &new).unwrap();
        world.prove(OLGA, &shared);
    });
}

#[test]
fn only_a_fresh_proof_changes_the_second_factor() {
    World::each(|world| {
        let (secret, shared, _) = world.enrol(OLGA);
        world.pass(301);
        let stale = world.caller(&secret).unwrap();
        for denied in [
            second_factor::remove(&world.app, &stale).err(),
            second_factor::begin(&world.app, &stale).err(),
            second_factor::new_recovery_codes(&world.app, &stale).err(),
        ] {
            let reason = "second_factor";
            assert!(
                matches!(&denied, Some(Error::Denied { reason: r }) if r == reason),
                "{denied:?}"
            );
        }
        let proof = Proof::Code(code(&shared, world.app.clock.now()));
        let secret = second_factor::prove(&world.app, &stale, &proof).unwrap().secret;
        let fresh = world.caller(&secret).unwrap();
        second_factor::remove(&world.app, &fresh).unwrap();
        let half = world.caller(&secret).unwrap();
        assert_eq!(half.half.unwrap().missing, Missing::Enrolment);
    });
}

#[test]
fn guessing_codes_is_slowed_down() {
    World::each(|world| {
        world.enrol(OLGA);
        world.pass(60);
        let half = world.caller(&world.sign_in(OLGA).secret).unwrap();
        let guess = || second_factor::prove(&world.app, &half, &Proof::Code("000000".to_owned()));
        let refused = (0..8).filter(|_| matches!(guess(), Err(Error::TooMany { .. }))).count();
        assert_eq!(refused, 3, "five are free");
    });
}

#[test]
fn the_operator_removes_a_lost_factor_at_the_command_line() {
    World::each(|world| {
        let (secret, ..) = world.enrol(OLGA);
        second_factor::reset(&world.app, &world.operator).unwrap();
        assert!(matches!(world.caller(&secret), Err(Error::SignInFirst)));
        let again = sign_in::sign_in(&world.app, &at(HOME), OLGA, PASSWORD).unwrap();
        assert!(again.needs_enrolment);
    });
}
