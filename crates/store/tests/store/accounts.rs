//! Users, sessions, tokens, links and letters as the store keeps them.

use guildhall_store::{Error, Store, StoredSession, StoredUser, UserFilter, moment_text};
use jiff::Timestamp;

use crate::databases::Database;

fn now() -> Timestamp {
    "2026-06-30T12:00:00Z".parse().unwrap()
}

fn user(id: &str, email: &str, organization: Option<(&str, &str)>) -> StoredUser {
    StoredUser {
        number: 0,
        id: id.to_owned(),
        email: email.to_owned(),
        name: id.to_owned(),
        organization: organization.map(|(side, id)| (side.to_owned(), id.to_owned())),
        roles: vec!["delivery".to_owned(), "support".to_owned()],
        state: "active".to_owned(),
        version: 1,
        created_at: moment_text(now()),
        changed_at: moment_text(now()),
        password: None,
        shared_secret: None,
        last_step: None,
        recovery_codes: Vec::new(),
    }
}

fn store(database: &Database) -> Store {
    let store = Store::open(&database.url).unwrap();
    store
        .write(|tx| {
            tx.add_user(&user("u-1", "Ada@Ridge.example", Some(("partner", "ridge"))))?;
            tx.add_user(&user("u-2", "bo@slate.example", Some(("partner", "slate"))))?;
            tx.add_user(&user("u-3", "cy@summit.example", Some(("vendor", "summit"))))?;
            tx.add_user(&user("u-4", "di@ridge.example", Some(("customer", "ridge"))))?;
            Ok::<_, Error>(())
        })
        .unwrap();
    store
}

#[test]
fn an_address_is_of_one_user_whatever_its_capitals() {
    for database in Database::both() {
        let store = store(&database);
        let found = store.read(|tx| tx.user_by_email("ADA@ridge.example")).unwrap().unwrap();
        assert_eq!((found.id.as_str(), found.email.as_str()), ("u-1", "Ada@Ridge.example"));
        assert_eq!(found.roles, ["delivery", "support"]);
        let again = store.write(|tx| tx.add_user(&user("u-9", "ADA@RIDGE.example", None)));
        assert!(matches!(again, Err(Error::Constraint(_))), "{again:?}");
    }
}

#[test]
fn a_change_is_refused_where_another_came_first() {
    for database in Database::both() {
        let store = store(&database);
        let held = store.read(|tx| tx.user("u-1")).unwrap().unwrap();
        store.write(|tx| tx.change_user(&held, now())).unwrap();
        let late = store.write(|tx| tx.change_user(&held, now()));
        assert!(matches!(late, Err(Error::Constraint(_))), "{late:?}");
        assert_eq!(store.read(|tx| tx.user("u-1")).unwrap().unwrap().version, 2);
    }
}

#[test]
fn a_list_shows_what_its_filter_lets_through() {
    for database in Database::both() {
        let store = store(&database);
        let listed = |filter: UserFilter, after: i64| -> Vec<String> {
            let users = store.read(|tx| tx.users(&filter, after, 10)).unwrap();
            users.into_iter().map(|user| user.id).collect()
        };
        let none = UserFilter::default();
        assert!(listed(none.clone(), 0).is_empty());
        assert_eq!(listed(UserFilter { all: true, ..none.clone() }, 0).len(), 4);
        let ridge = Some("ridge".to_owned());
        let partner = UserFilter { partner: ridge.clone(), ..none.clone() };
        assert_eq!(listed(partner, 0), ["u-1"]);
        let customer = UserFilter { customer: ridge, user: Some("u-2".to_owned()), ..none.clone() };
        assert_eq!(listed(customer, 0), ["u-2", "u-4"]);
        assert_eq!(listed(UserFilter { vendor_own: true, ..none.clone() }, 0), ["u-3"]);
        let state = Some("invited".to_owned());
        assert!(listed(UserFilter { all: true, state, ..none }, 0).is_empty());
    }
}

#[test]
fn a_step_is_taken_once_and_never_an_earlier_one() {
    for database in Database::both() {
        let store = store(&database);
        let take = |step: i64| store.write(|tx| tx.take_step("u-1", step)).unwrap();
        assert_eq!([take(7), take(7), take(6), take(8)], [true, false, false, true]);
    }
}

#[test]
fn a_session_is_found_by_its_digest_until_it_ends() {
    for database in Database::both() {
        let store = store(&database);
        let session = StoredSession {
            id: "s-1".to_owned(),
            user: "u-1".to_owned(),
            address: None,
            agent: None,
            created_at: moment_text(now()),
            seen_at: moment_text(now()),
            proved_at: None,
            enrolling: None,
        };
        store.write(|tx| tx.add_session(&session, "first")).unwrap();
        let find = |digest: &str| store.read(|tx| tx.session_by_digest(digest)).unwrap();
        assert_eq!(find("first").unwrap().1.id, "u-1");
        assert!(store.write(|tx| tx.prove_session("s-1", "second", now())).unwrap());
        assert!(find("first").is_none());
        assert_eq!(find("second").unwrap().0.proved_at, Some(moment_text(now())));
        assert_eq!(store.write(|tx| tx.end_sessions("u-1", Some("s-1"))).unwrap(), 0);
        assert_eq!(store.write(|tx| tx.end_sessions("u-1", None)).unwrap(), 1);
        assert!(find("second").is_none());
    }
}

#[test]
fn attempts_are_kept_by_their_key() {
    for database in Database::both() {
        let store = store(&database);
        for state in ["1", "2"] {
            store.write(|tx| tx.set_attempts("network:192.0.2.1", state, now())).unwrap();
        }
        let held = store.read(|tx| tx.attempts("network:192.0.2.1")).unwrap();
        assert_eq!(held.as_deref(), Some("2"));
        let old = store.read(|tx| tx.old_attempts(Timestamp::MAX, 0, 10)).unwrap();
        assert_eq!(old.len(), 1);
        assert_eq!(store.write(|tx| tx.forget_attempts(&old[0].1)).unwrap(), 1);
    }
}
