//! The routes, asked in process.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use guildhall_access::{Role, Scope, Side};
use guildhall_server::ops::users::{self, NewUser};
use guildhall_server::ops::{facts, organizations, tokens};
use guildhall_server::{App, rest};
use guildhall_store::Kind;
use tower::ServiceExt;

use crate::network::{cells, manager, on_both};

/// The status and code of an answer to somebody who is not signed in.
fn ask(app: &Arc<App>, method: &Method, path: &str, body: &str) -> (StatusCode, String) {
    ask_as(app, None, method, path, body)
}

/// The status and code of an answer to whoever has a token.
fn ask_as(
    app: &Arc<App>,
    token: Option<&str>,
    method: &Method,
    path: &str,
    body: &str,
) -> (StatusCode, String) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut request = Request::builder();
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let request = request
            .method(method)
            .uri(path)
            .header("content-type", "application/json")
            .body(Body::from(body.to_owned()))
            .unwrap();
        let router = rest::router(Arc::clone(app), 1_000_000);
        let response = router.oneshot(request).await.unwrap();
        let status = response.status();
        let bytes = axum::body::to_bytes(response.into_body(), 1_000_000).await.unwrap();
        let answer: serde_json::Value = serde_json::from_slice(&bytes).unwrap_or_default();
        (status, answer["code"].as_str().unwrap_or_default().to_owned())
    })
}

#[test]
fn nobody_gets_anything_and_nothing_breaks() {
    on_both(|app| {
        let app = Arc::new(app);
        let long = "x".repeat(3_000);
        let document = serde_json::to_value(rest::document()).unwrap();
        let paths = document["paths"].as_object().unwrap();
        for (path, item) in paths {
            for (name, _) in item.as_object().unwrap() {
                let Ok(method) = Method::from_bytes(name.to_uppercase().as_bytes()) else {
                    continue;
                };
                for id in ["ada", "a%00b", "%FF", long.as_str(), "opportunities"] {
                    let mut asked = String::new();
                    for part in path.split('/').skip(1) {
                        asked.push('/');
                        asked.push_str(if part.starts_with('{') { id } else { part });
                    }
                    for body in ["", "{}", "[]", "{\"id\": \"a\\u0000b\"}", "{\"a\": 1}"] {
                        let (status, code) = ask(&app, &method, &asked, body);
                        let what = format!("{method} {asked:.60} {body}: {status} {code}");
                        assert!(status.is_client_error(), "{what}");
                    }
                }
            }
        }
    });
}

#[test]
fn what_nobody_asks_for_is_answered_with_its_code() {
    on_both(|app| {
        let app = Arc::new(app);
        let get = |path: &str| ask(&app, &Method::GET, path, "");
        let told =
            |status: u16, code: &str| (StatusCode::from_u16(status).unwrap(), code.to_owned());
        assert_eq!(get("/api/v1/facts/opportunities"), told(401, "sign-in-first"));
        assert_eq!(get("/api/v1/facts/opportunities/o1"), told(401, "sign-in-first"));
        assert_eq!(get("/api/v1/facts/colours"), told(404, "not-found"));
        assert_eq!(get("/api/v1/facts/opportunities?limit=0"), told(422, "invalid"));
        assert_eq!(get("/api/v1/facts/opportunities?partner=%00"), told(422, "invalid"));
        assert_eq!(get("/api/v1/facts/opportunities?cursor=AA"), told(422, "invalid"));
        let nul = ask(&app, &Method::POST, "/api/v1/facts/events", "{\"id\": \"\\u0000\"}");
        assert_eq!(nul, told(422, "invalid"));
    });
}

/// A token of a new user of an organization.
fn token(app: &App, side: Side, organization: &str, role: Role) -> String {
    let user = NewUser {
        email: format!("user@{organization}.example"),
        name: "Somebody".to_owned(),
        organization: Some((side, organization.to_owned())),
        roles: vec![role],
    };
    let id = users::create_first(app, &user, "four tiles on a roof").unwrap();
    tokens::issue(app, &id, "test", &[Scope::Admin], None).unwrap()
}

#[test]
fn what_is_another_partners_or_customers_is_not_there_over_rest() {
    on_both(|app| {
        for id in ["cathedral", "mosque"] {
            let values = [("id", id), ("side", "customer"), ("name", "A house")];
            let kind = Kind::Organization;
            organizations::make(&app, &manager(), kind, &cells(&values)).unwrap();
        }
        let unit = [("id", "u1"), ("customer", "cathedral"), ("name", "A part")];
        organizations::make(&app, &manager(), Kind::Unit, &cells(&unit)).unwrap();
        let person = [("id", "i1"), ("partner", "ada"), ("name", "Somebody")];
        facts::add(&app, &manager(), "individuals", &cells(&person)).unwrap();
        let plan = [("id", "p1"), ("partner", "ada"), ("submitted_on", "2026-02-01")];
        facts::add(&app, &manager(), "business_plans", &cells(&plan)).unwrap();
        let tokens = [
            token(&app, Side::Partner, "ada", Role::AllianceLead),
            token(&app, Side::Partner, "bea", Role::AllianceLead),
            token(&app, Side::Customer, "cathedral", Role::ItOwner),
            token(&app, Side::Customer, "mosque", Role::ItOwner),
        ];
        let app = Arc::new(app);
        let paths = [
            ("/facts/business_plans/p1", [200, 404, 404, 404]),
            ("/facts/business_plans/p1/versions", [200, 404, 404, 404]),
            ("/facts/individuals/i1", [200, 404, 404, 404]),
            ("/people/i1", [200, 404, 404, 404]),
            ("/partners/ada", [200, 404, 404, 404]),
            ("/partners/ada/scorecard", [200, 404, 404, 404]),
            ("/network", [404, 404, 404, 404]),
            ("/units/u1", [404, 404, 200, 404]),
            ("/organizations/cathedral", [404, 404, 200, 404]),
            ("/organizations/cathedral/domains", [404, 404, 200, 404]),
            ("/enrolments", [404, 404, 404, 404]),
            ("/imports", [404, 404, 404, 404]),
        ];
        for (path, expected) in paths {
            let path = format!("/api/v1{path}");
            let seen = tokens.each_ref().map(|token| {
                ask_as(&app, Some(token.as_str()), &Method::GET, &path, "").0.as_u16()
            });
            assert_eq!(seen, expected, "{path}");
        }
        let changes = [
            (Method::PATCH, "/facts/business_plans/p1", "{}"),
            (Method::DELETE, "/facts/business_plans/p1?reason=mine", ""),
            (Method::POST, "/people/i1/erasure", ""),
            (Method::PUT, "/partners/ada/profile", "{}"),
            (Method::PATCH, "/units/u1", "{}"),
            (Method::DELETE, "/organizations/cathedral?reason=mine", ""),
        ];
        for (method, path, body) in changes {
            for token in [&tokens[1], &tokens[3]] {
                let path = format!("/api/v1{path}");
                let (status, _) = ask_as(&app, Some(token.as_str()), &method, &path, body);
                assert_eq!(status, StatusCode::NOT_FOUND, "{method} {path}");
            }
        }
    });
}
