//! Signing in over REST: every route, as a client meets it.

use serde_json::{Value, json};

use crate::world::{PASSWORD, World, code};

const SAM: &str = "sam@slate.example";

fn sign_in(world: &World, email: &str) -> Value {
    let body = json!({ "email": email, "password": PASSWORD });
    let (status, _, answer) = world.ask("POST", "/api/v1/session", None, Some(&body));
    assert_eq!(status, 201, "{answer}");
    answer
}

#[test]
fn a_user_signs_in_sets_up_a_second_factor_and_signs_in_with_it() {
    World::each(|world| {
        let answer = sign_in(world, "olga@summit.example");
        assert_eq!(answer["needs_enrolment"], true);
        let secret = answer["secret"].as_str().unwrap();
        let (status, _, problem) = world.ask("GET", "/api/v1/users", Some(secret), None);
        assert_eq!((status, problem["code"].as_str()), (401, Some("second-factor-not-enrolled")));
        let (_, _, shared) = world.ask("POST", "/api/v1/me/second-factor", Some(secret), None);
        assert!(shared["uri"].as_str().unwrap().starts_with("otpauth://totp/summit:"));
        let shared = shared["secret"].as_str().unwrap();
        let body = json!({ "code": code(shared, world.app.clock.now()) });
        let path = "/api/v1/me/second-factor/confirm";
        let (status, _, enrolled) = world.ask("POST", path, Some(secret), Some(&body));
        assert_eq!((status, enrolled["recovery_codes"].as_array().unwrap().len()), (200, 10));
        world.pass(60);
        let answer = sign_in(world, "olga@summit.example");
        let half = answer["secret"].as_str().unwrap();
        let (status, _, problem) = world.ask("GET", "/api/v1/me", Some(half), None);
        assert_eq!((status, problem["code"].as_str()), (401, Some("second-factor-needed")));
        let (_, _, present) = world.ask("GET", "/api/v1/session", Some(half), None);
        assert_eq!(present["needs_second_factor"], true);
        let body = json!({ "code": code(shared, world.app.clock.now()) });
        let path = "/api/v1/session/second-factor";
        let (status, _, proved) = world.ask("POST", path, Some(half), Some(&body));
        assert_eq!(status, 200, "{proved}");
        let secret = proved["secret"].as_str().unwrap();
        let (status, _, page) = world.ask("GET", "/api/v1/users?limit=2", Some(secret), None);
        assert_eq!((status, page["items"].as_array().unwrap().len()), (200, 2));
        let next = format!("/api/v1/users?limit=2&cursor={}", page["next"].as_str().unwrap());
        let (_, _, page) = world.ask("GET", &next, Some(secret), None);
        assert_eq!((page["items"].as_array().unwrap().len(), page.get("next")), (1, None));
        assert_eq!(world.ask("DELETE", "/api/v1/session", Some(secret), None).0, 204);
        assert_eq!(world.ask("GET", "/api/v1/session", Some(secret), None).0, 401);
        assert_eq!(sign_in_with_stale(world, secret), 201);
    });
}

fn sign_in_with_stale(world: &World, secret: &str) -> u16 {
    let body = json!({ "email": SAM, "password": PASSWORD });
    world.ask("POST", "/api/v1/session", Some(secret), Some(&body)).0
}

#[test]
fn a_token_is_made_in_a_session_shown_once_and_revoked() {
    World::each(|world| {
        let answer = sign_in(world, SAM);
        let secret = answer["secret"].as_str().unwrap();
        let body = json!({ "name": "nightly", "scopes": ["read"] });
        let (status, headers, made) =
            world.ask("POST", "/api/v1/tokens", Some(secret), Some(&body));
        assert_eq!(status, 201, "{made}");
        let path = headers["location"].to_str().unwrap().to_owned();
        let token = made["secret"].as_str().unwrap();
        let (status, _, listed) = world.ask("GET", "/api/v1/tokens", Some(token), None);
        assert_eq!(status, 200);
        assert!(!listed.to_string().contains(token), "{listed}");
        for (method, path) in [("POST", "/api/v1/tokens"), ("POST", "/api/v1/me/recovery-codes")] {
            let body = (path == "/api/v1/tokens").then_some(&body);
            let (status, _, problem) = world.ask(method, path, Some(token), body);
            assert_eq!(status, 403, "{problem}");
        }
        let other = sign_in(world, SAM);
        let other = other["secret"].as_str().unwrap();
        assert_eq!(world.ask("DELETE", &path, Some(other), None).0, 204);
        assert_eq!(world.ask("GET", "/api/v1/me", Some(token), None).0, 401);
        assert_eq!(world.ask("DELETE", &path, Some(other), None).0, 404);
    });
}

#[test]
fn attempts_that_come_too_fast_are_told_when_to_come_again() {
    World::each(|world| {
        let body = json!({ "email": SAM, "password": "wrong wrong wrong" });
        let ask = || world.ask("POST", "/api/v1/session", None, Some(&body));
        for _ in 0..5 {
            let (status, _, problem) = ask();
            assert_eq!((status, problem["code"].as_str()), (401, Some("sign-in-refused")));
        }
        let (status, headers, problem) = ask();
        assert_eq!((status, problem["code"].as_str()), (429, Some("too-many-attempts")));
        assert!(headers.contains_key("retry-after"));
    });
}

#[test]
fn bad_input_is_a_problem_and_never_breaks_anything() {
    World::each(|world| {
        let answer = sign_in(world, SAM);
        let secret = answer["secret"].as_str();
        let nul = json!({ "email": "a\0b", "password": "c" });
        assert_eq!(world.ask("POST", "/api/v1/session", None, Some(&nul)).0, 422);
        let long = json!({ "email": "a".repeat(5000), "password": "c".repeat(5000) });
        assert_eq!(world.ask("POST", "/api/v1/session", None, Some(&long)).0, 401);
        let link = json!({ "link": "é", "name": "", "password": "" });
        assert_eq!(world.ask("POST", "/api/v1/invitations/accept", None, Some(&link)).0, 422);
        for path in [
            "/api/v1/users/%00",
            "/api/v1/users/%ff",
            "/api/v1/users/u-none",
            "/api/v1/users?cursor=x",
            "/api/v1/users?limit=0",
            "/api/v1/users?state=%00",
            "/api/v1/users?organization=%27",
            "/api/v1/sessions?user=%00",
            "/api/v1/sessions?user=nobody",
        ] {
            let (status, _, problem) = world.ask("GET", path, secret, None);
            assert!(status < 500, "{path}: {problem}");
        }
        let own = format!("/api/v1/users/{}", world.smith);
        let name = json!({ "name": "Sam\nSmith" });
        assert_eq!(world.ask("PATCH", &own, secret, Some(&name)).0, 422);
        let name = json!({ "name": "Sam Smith" });
        let (status, headers, _) = world.ask("PATCH", &own, secret, Some(&name));
        assert_eq!((status, headers["etag"].to_str().unwrap()), (200, "\"v2\""));
    });
}
