//! Signing in: who a secret stands for, on databases of both kinds.

#[path = "../../store/tests/shared/databases.rs"]
mod databases;

use databases::Database;
use guildhall_access::{Role, Scope, Side};
use guildhall_server::ops::{sign_in, tokens, users};
use guildhall_server::{App, Clock, Error};
use guildhall_store::Store;

const PASSWORD: &str = "three grey herons";

fn app(database: &Database) -> App {
    let now = "2026-06-30T12:00:00Z".parse().unwrap();
    App::new(Store::open(&database.url).unwrap(), Clock::at(now)).unwrap()
}

fn operator() -> users::NewUser {
    users::NewUser {
        email: "Olga@Roofers.example".to_owned(),
        name: "Olga Orlova".to_owned(),
        organization: Some((Side::Vendor, "summit".to_owned())),
        roles: vec![Role::Operator],
    }
}

#[test]
fn a_token_stands_for_its_user_with_its_scopes() {
    for database in Database::both() {
        let app = app(&database);
        let id = users::create_first(&app, &operator(), PASSWORD).unwrap();
        let token = tokens::issue(&app, &id, "nightly", &[Scope::Read], None).unwrap();
        let caller = sign_in::caller(&app, &token).unwrap();
        assert_eq!(caller.actor.user.as_deref(), Some(id.as_str()));
        assert_eq!(caller.actor.roles, [Role::Operator]);
        assert_eq!(caller.actor.scopes, Some(vec![Scope::Read]));
        for bad in ["", "gh_", &token[3..], &token[..50]] {
            assert!(matches!(sign_in::caller(&app, bad), Err(Error::SignInFirst)), "{bad}");
        }
    }
}
