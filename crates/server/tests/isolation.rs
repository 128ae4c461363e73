//! Tenants are kept apart: every route of the OpenAPI document is walked by a stranger, who is
//! signed in for another company with every role of it, and asks for things that are there.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may stop at once"
)]

#[path = "shared/book.rs"]
#[expect(dead_code, reason = "other tests use the rest of it")]
mod book;
#[path = "../../store/tests/shared/databases.rs"]
#[expect(dead_code, reason = "other tests use the rest of it")]
mod databases;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use guildhall_access::{Role, Scope, Side};
use guildhall_rules::facts::File;
use guildhall_server::ops::tokens;
use guildhall_server::ops::users::{self, NewUser};
use guildhall_server::{App, Clock, rest};
use guildhall_store::{Draft, Entry, Kind, Network, Store};
use serde_json::{Value, json};
use tower::ServiceExt;

use databases::Database;

/// What stands in the parameters of a path: things of the partner that the stranger is not of, and
/// numbers of the first that there is. A route with another parameter has no case.
const THINGS: [(&str, &str); 8] = [
    ("{partner}", "ada"),
    ("{kind}/{id}", "opportunities/roof-1"),
    ("{person}", "p-1"),
    ("references/{id}", "references/ref-1"),
    ("organizations/{id}", "organizations/inn"),
    ("units/{id}", "units/inn-hall"),
    ("workloads/{id}", "workloads/inn-shop"),
    ("{kind}", "opportunities"),
];

/// Parameters of things that only their owner or the vendor sees; whatever stands there is hidden.
const HIDDEN: [&str; 8] = [
    "{number}",
    "{session}",
    "{token}",
    "{user}",
    "{webhook}",
    "{message}",
    "enrolments/{id}",
    "editions/{id}",
];

/// Routes without a thing in their path that a stranger may use for themselves: their own account,
/// lists that hold nothing of others, what is public, and beginnings.
const OPEN: [&str; 39] = [
    "get /agreement",
    "get /decisions",
    "get /disputes",
    "post /disputes",
    "post /domains/confirmation",
    "get /editions",
    "post /enrolments",
    "get /imports",
    "post /invitations/accept",
    "get /me",
    "post /me/password",
    "post /me/recovery-codes",
    "delete /me/second-factor",
    "get /me/second-factor",
    "post /me/second-factor",
    "post /me/second-factor/confirm",
    "get /organizations",
    "get /partners",
    "post /password-resets",
    "post /password-resets/accept",
    "get /reviews",
    "delete /session",
    "get /session",
    "post /session",
    "post /session/second-factor",
    "get /sessions",
    "get /tokens",
    "get /training",
    "post /tokens",
    "get /units",
    "get /users",
    "get /webhooks",
    "get /workloads",
    "post /invitations",
    "post /webhooks",
    "get /facts/{kind}",
    "post /facts/{kind}",
    "post /facts/{kind}/preview",
    "get /enrolments",
];

fn draft(kind: Kind, values: &[(&str, &str)]) -> Draft {
    let mut cells = vec![None; kind.columns().len()];
    for (name, value) in values {
        *cells.get_mut(kind.position(name).unwrap()).unwrap() = Some((*value).to_owned());
    }
    Draft { kind, cells }
}

/// A network with a partner that has things, and another one.
fn world(url: &str) -> Arc<App> {
    let clock = Clock::at("2025-06-30T12:00:00Z".parse().unwrap());
    let app = App::new(Store::open(url).unwrap(), clock).unwrap();
    app.store
        .write(|tx| {
            let mut entry = Entry::new(app.clock.now(), "operator", "found_network", "tiles");
            tx.found_network(&mut entry, &Network { id: "tiles".to_owned(), currency: None })?;
            let editions = [("tiles-2025".to_owned(), book::TILES.to_owned())];
            tx.adopt_editions(&mut entry, "tiles", &editions)?;
            let fact = |file, values: &[(&str, &str)]| draft(Kind::Fact(file), values);
            let roof = [
                ("id", "roof-1"),
                ("partner", "ada"),
                ("customer", "inn"),
                ("stage", "Launched"),
                ("expected_mrr", "1"),
                ("currency", "EUR"),
                ("launched_on", "2025-04-01"),
            ];
            let reference = [
                ("id", "ref-1"),
                ("partner", "ada"),
                ("customer", "inn"),
                ("published_on", "2025-04-02"),
            ];
            let workload = [
                ("id", "inn-shop"),
                ("customer", "inn"),
                ("name", "Shop"),
                ("environment", "test"),
            ];
            for draft in [
                fact(File::Partners, &[("id", "ada"), ("name", "Ada"), ("path", "setters")]),
                fact(File::Partners, &[("id", "bea"), ("name", "Bea"), ("path", "setters")]),
                fact(File::Individuals, &[("id", "p-1"), ("partner", "ada"), ("name", "Eve")]),
                fact(File::Opportunities, &roof),
                fact(File::References, &reference),
                draft(Kind::Organization, &[("id", "inn"), ("side", "customer"), ("name", "Inn")]),
                draft(Kind::Unit, &[("id", "inn-hall"), ("customer", "inn"), ("name", "Hall")]),
                draft(Kind::Workload, &workload),
            ] {
                tx.record(&mut entry, draft)?;
            }
            tx.commit(entry)
        })
        .unwrap();
    Arc::new(app)
}

/// A token of a user who has every role of a partner.
fn stranger(app: &App) -> String {
    let user = NewUser {
        email: "bob@bea.example".to_owned(),
        name: "Bob".to_owned(),
        organization: Some((Side::Partner, "bea".to_owned())),
        roles: Role::ALL.iter().copied().filter(|role| role.side() == Side::Partner).collect(),
    };
    let id = users::create_first(app, &user, "four grey herons wading").unwrap();
    tokens::issue(app, &id, "walk", &[Scope::Read, Scope::Write, Scope::Admin], None).unwrap()
}

async fn ask(app: &Arc<App>, method: &str, path: &str, token: &str) -> (u16, String) {
    let address: SocketAddr = "192.0.2.10:4000".parse().unwrap();
    let request = Request::builder()
        .method(method.to_ascii_uppercase().as_str())
        .uri(path)
        .extension(ConnectInfo(address))
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "application/json");
    let body = if method == "get" { Body::empty() } else { Body::from(body(path).to_string()) };
    let router = rest::router(Arc::clone(app), 1 << 20);
    let response = router.oneshot(request.body(body).unwrap()).await.unwrap();
    let status = response.status().as_u16();
    let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
    (status, String::from_utf8_lossy(&bytes).into_owned())
}

/// A body that the route reads, so that it is access that is asked about.
fn body(path: &str) -> Value {
    let roof = json!({ "id": "roof-1", "partner": "ada", "customer": "inn", "stage": "Launched",
                       "expected_mrr": "2", "currency": "EUR", "launched_on": "2025-04-01" });
    match path.rsplit('/').next().unwrap_or_default() {
        "roof-1" => roof,
        "answer" => json!({ "outcome": "rejected", "reason": "no" }),
        "messages" => json!({ "text": "hello" }),
        "submission" => json!({ "path": "setters" }),
        "agreement" if path.contains("enrolments") => json!({ "version": "1" }),
        "agreement" => json!({ "version": "1", "text": "Be good." }),
        "decisions" => json!({ "partner": "ada", "kind": "suspended", "reason": "no" }),
        "discounts" => json!({ "partner": "ada", "period": "2025-H1" }),
        "editions" => json!({ "text": book::TILES }),
        "publish" if path.contains("editions") => json!({ "sha256": "0" }),
        "imports" => json!({ "files": {} }),
        "reviews" => json!({ "partner": "ada" }),
        "user" => json!({ "name": "Bob" }),
        "refusal" | "end" => json!({ "reason": "no" }),
        "domains" => json!({ "domain": "inn.example", "mailbox": "postmaster" }),
        "costs" => json!({ "text": "" }),
        "plans" => json!({ "wish": { "keep": true, "by": "2025-12-31" } }),
        "share" => json!({ "is_shown": true }),
        "roles" => json!({ "roles": ["alliance_lead"] }),
        "withdrawal" => json!({ "on": "2025-05-01" }),
        _ => json!({}),
    }
}

fn filled(template: &str) -> Option<String> {
    let mut path = template.to_owned();
    for (parameter, thing) in THINGS {
        path = path.replace(parameter, thing);
    }
    for parameter in HIDDEN {
        let plain = parameter.replace("{id}", "1").replace(['{', '}'], "");
        let number = if parameter.contains("number") { "1".to_owned() } else { plain };
        path = path.replace(parameter, &number);
    }
    (!path.contains('{')).then_some(path)
}

#[test]
fn a_stranger_finds_nothing_on_any_route() {
    let database = Database::sqlite();
    let app = world(&database.url);
    let token = stranger(&app);
    let document = serde_json::to_value(rest::document()).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().build().unwrap();
    let (mut without_case, mut wrong) = (Vec::new(), Vec::new());
    let mut unused: Vec<&str> = OPEN.to_vec();
    for (template, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            let route = format!("{method} {}", template.trim_start_matches("/api/v1"));
            let is_open = OPEN.contains(&route.as_str());
            unused.retain(|open| *open != route);
            let Some(path) = filled(template) else {
                without_case.push(route);
                continue;
            };
            let query = match path.rsplit('/').next() {
                Some("changes") => "?from=2025-01-01",
                Some("discount") => "?period=2025-H1",
                Some("forecast" | "forecast.ics") => "?until=2025-12-31",
                Some("diff") => "?against=tiles-2025",
                Some("impact") => "?old=tiles-2025&new=tiles-2025",
                Some("sweep") => "?edition=tiles-2025&tier=expert&measure=roofs&from=1&to=3",
                _ if method == "delete" && !is_open => "?reason=because",
                _ => "",
            };
            let path = format!("{path}{query}");
            let (status, text) = runtime.block_on(ask(&app, method, &path, &token));
            // Whoever may not do a thing of the network's own is told so; what is another's is not
            // there; and nowhere does another's name come up.
            let is_networks = !template.contains('{') && [403, 404].contains(&status);
            let is_kept_apart = is_open || status == 404 || is_networks;
            let tells = ["roof-1", "\"Ada\"", "Eve", "inn-hall", "inn-shop", "ref-1"];
            let is_told = status < 300 && tells.iter().any(|word| text.contains(word));
            if !is_kept_apart || is_told || status >= 500 {
                wrong.push(format!("{route}: {status} {text}"));
            }
        }
    }
    assert!(without_case.is_empty(), "routes without a case:\n{}", without_case.join("\n"));
    assert!(unused.is_empty(), "no such routes:\n{}", unused.join("\n"));
    assert!(wrong.is_empty(), "a stranger gets through:\n{}", wrong.join("\n"));
}
