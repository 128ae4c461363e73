//! The routes, asked in process.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use guildhall_server::{App, rest};
use tower::ServiceExt;

use crate::network::on_both;

/// The status and code of an answer to somebody who is not signed in.
fn ask(app: &Arc<App>, method: &Method, path: &str, body: &str) -> (StatusCode, String) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let request = Request::builder()
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
