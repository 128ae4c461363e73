//! A year in the life of one partner, over REST alone: it enrols, signs in with a second factor and
//! reads its scorecard; its review is published; the server restarts; everything verifies until
//! one byte is changed behind its back.
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
use data_encoding::BASE32_NOPAD;
use guildhall_access::{Role, Side};
use guildhall_server::mail::Letter;
use guildhall_server::ops::decisions;
use guildhall_server::ops::users::{self, NewUser};
use guildhall_server::{App, Clock, rest};
use guildhall_store::{Entry, Network, Store};
use jiff::SignedDuration;
use serde_json::{Value, json};
use tower::ServiceExt;

use databases::Database;

const PASSWORD: &str = "four grey herons wading";

struct Journey {
    app: Arc<App>,
}

impl Journey {
    fn begin(url: &str, at: &str) -> Self {
        let app = App::new(Store::open(url).unwrap(), Clock::at(at.parse().unwrap())).unwrap();
        Self { app: Arc::new(app) }
    }

    fn pass(&self, time: SignedDuration) {
        self.app.clock.set(self.app.clock.now().checked_add(time).unwrap());
    }

    /// Asks, and expects a status.
    fn ask(&self, (method, path): (&str, &str), by: &str, body: &Value, status: u16) -> Value {
        let address: SocketAddr = "192.0.2.10:4000".parse().unwrap();
        let mut request = Request::builder().method(method).uri(format!("/api/v1{path}"));
        request =
            request.extension(ConnectInfo(address)).header("content-type", "application/json");
        // An applicant is known by a secret of its own.
        request = match by.strip_prefix("applicant ") {
            Some(secret) => request.header("enrolment-secret", secret),
            None if by.is_empty() => request,
            None => request.header("authorization", format!("Bearer {by}")),
        };
        let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
        let runtime = tokio::runtime::Builder::new_multi_thread().build().unwrap();
        runtime.block_on(async {
            let router = rest::router(Arc::clone(&self.app), 1 << 20);
            let response = router.oneshot(request.body(body).unwrap()).await.unwrap();
            let found = response.status().as_u16();
            let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
            let text = String::from_utf8_lossy(&bytes).into_owned();
            assert_eq!(found, status, "{method} {path}: {text}");
            serde_json::from_str(&text).unwrap_or(Value::Null)
        })
    }

    /// Signs in with a password, sets up a second factor, and returns the secret of the session.
    fn sign_in(&self, email: &str) -> String {
        let credentials = json!({ "email": email, "password": PASSWORD });
        let half = self.ask(("POST", "/session"), "", &credentials, 201);
        let half = half["secret"].as_str().unwrap();
        // Half signed in, nothing is to be seen.
        self.ask(("GET", "/partners"), half, &Value::Null, 401);
        let begun = self.ask(("POST", "/me/second-factor"), half, &Value::Null, 200);
        let bytes = BASE32_NOPAD.decode(begun["secret"].as_str().unwrap().as_bytes()).unwrap();
        let totp = totp_rs::Builder::new().with_secret(bytes).build_noncompliant();
        let code = totp.generate(self.app.clock.now().as_second().unsigned_abs()).to_string();
        let code = json!({ "code": code });
        let whole = self.ask(("POST", "/me/second-factor/confirm"), half, &code, 200);
        let secret = whole.pointer("/secret").or_else(|| whole.pointer("/signed_in/secret"));
        secret.and_then(Value::as_str).unwrap_or_else(|| panic!("{whole}")).to_owned()
    }

    /// Whoever audits reads who did what, page by page.
    fn audit(&self) {
        let auditor = NewUser {
            email: "abe@tiles.example".to_owned(),
            name: "Abe".to_owned(),
            organization: Some((Side::Vendor, "tiles".to_owned())),
            roles: vec![Role::Auditor],
        };
        users::create_first(&self.app, &auditor, PASSWORD).unwrap();
        let auditor = self.sign_in("abe@tiles.example");
        self.app.store.seal(self.app.clock.now()).unwrap();
        let page = |path: &str| self.ask(("GET", path), &auditor, &Value::Null, 200);
        let first = page("/journal?limit=2");
        assert_eq!(first["items"][0]["action"], "found_network");
        let next = page(&format!("/journal?limit=2&cursor={}", first["next"].as_str().unwrap()));
        assert_eq!(next["items"][0]["place"], 3);
        let of_roof = page("/journal?subject=roof-1");
        assert_eq!(of_roof["items"][0]["action"], "add_fact", "{of_roof}");
    }

    /// The secret of the link in the last letter.
    fn link(&self) -> String {
        let letters = self.app.store.read(|tx| tx.waiting_letters(1000)).unwrap();
        let mut invitations = letters.into_iter().filter_map(|(_, text)| {
            match serde_json::from_str::<Letter>(&text).unwrap() {
                Letter::Invitation { link, .. } => Some(link),
                _ => None,
            }
        });
        invitations.next_back().unwrap().rsplit('/').next().unwrap().to_owned()
    }
}

/// The network, its rulebook, and a program manager.
fn found(journey: &Journey) {
    let app = &journey.app;
    app.store
        .write(|tx| {
            let mut entry = Entry::new(app.clock.now(), "operator", "found_network", "tiles");
            tx.found_network(&mut entry, &Network { id: "tiles".to_owned(), currency: None })?;
            let editions = [("tiles-2025".to_owned(), book::TILES.to_owned())];
            tx.adopt_editions(&mut entry, "tiles", &editions)?;
            tx.commit(entry)
        })
        .unwrap();
    let manager = NewUser {
        email: "mia@tiles.example".to_owned(),
        name: "Mia".to_owned(),
        organization: Some((Side::Vendor, "tiles".to_owned())),
        roles: vec![Role::ProgramManager],
    };
    users::create_first(app, &manager, PASSWORD).unwrap();
}

/// From nobody to a partner with an alliance lead who is signed in.
fn enrol(journey: &Journey, manager: &str) -> String {
    let agreement = json!({ "version": "2025-01", "text": "Be good to customers." });
    journey.ask(("PUT", "/agreement"), manager, &agreement, 200);
    let application =
        json!({ "company": "Ada & Co", "partner": "ada", "email": "lea@ada.example" });
    let applied = journey.ask(("POST", "/enrolments"), "", &application, 201);
    let path =
        |step: &str| format!("/enrolments/{}{step}", applied["enrolment"]["id"].as_str().unwrap());
    let applicant = format!("applicant {}", applied["secret"].as_str().unwrap());
    let version = json!({ "version": "2025-01" });
    journey.ask(("POST", &path("/agreement")), &applicant, &version, 200);
    journey.ask(("POST", &path("/submission")), &applicant, &json!({ "path": "setters" }), 200);
    let approved = journey.ask(("POST", &path("/approval")), manager, &Value::Null, 200);
    assert_eq!(approved["state"], "approved");
    let accepted = json!({ "link": journey.link(), "name": "Lea", "password": PASSWORD });
    journey.ask(("POST", "/invitations/accept"), "", &accepted, 200);
    journey.sign_in("lea@ada.example")
}

/// Work that counts, told by the partner and approved by the vendor.
fn work(journey: &Journey, lead: &str, manager: &str) {
    let person =
        json!({ "id": "p-1", "partner": "ada", "name": "Eve", "emails": "eve@ada.example" });
    journey.ask(("POST", "/facts/individuals"), lead, &person, 201);
    let credential = json!({ "id": "c-1", "individual": "p-1", "credential": "mosaic",
                             "issued_on": "2025-03-01" });
    journey.ask(("POST", "/facts/credentials"), lead, &credential, 201);
    for number in 1..=2 {
        let roof = json!({
            "id": format!("roof-{number}"), "partner": "ada", "customer": "inn",
            "stage": "Launched", "review": "Approved", "expected_mrr": "100", "currency": "EUR",
            "launched_on": "2025-04-01",
        });
        // What the vendor decides, the partner does not write.
        journey.ask(("POST", "/facts/opportunities"), lead, &roof, 403);
        journey.ask(("POST", "/facts/opportunities"), manager, &roof, 201);
    }
}

fn faults(app: &App) -> Vec<(String, String)> {
    app.store.seal(app.clock.now()).unwrap();
    let verified = app.store.verify(None).unwrap();
    let recomputed = decisions::verify(&app.store).unwrap();
    assert_eq!(recomputed.decisions, 1);
    let all = verified.problems.into_iter().chain(recomputed.problems);
    all.map(|fault| (fault.code.to_owned(), fault.place)).collect()
}

/// Runs a statement behind the store's back.
fn tamper(database: &Database, sql: &str) {
    if let Some(path) = database.url.strip_prefix("sqlite:") {
        let file = rusqlite::Connection::open(path).unwrap();
        assert_eq!(file.execute(sql, []).unwrap(), 1, "{sql}");
    } else {
        let mut client = postgres::Client::connect(&database.url, postgres::NoTls).unwrap();
        assert_eq!(client.execute(sql, &[]).unwrap(), 1, "{sql}");
    }
}

#[test]
fn a_partner_enrols_climbs_and_is_reviewed_and_every_byte_is_accounted_for() {
    for database in Database::both() {
        let journey = Journey::begin(&database.url, "2025-02-01T09:00:00Z");
        found(&journey);
        let manager = journey.sign_in("mia@tiles.example");
        let lead = enrol(&journey, &manager);
        journey.pass(SignedDuration::from_mins(10));
        work(&journey, &lead, &manager);
        let card = journey.ask(
            ("GET", "/partners/ada/scorecard?as_of=2025-06-30"),
            &lead,
            &Value::Null,
            200,
        );
        assert_eq!(card["tier"], "member");
        assert_eq!(card["upgrade"], json!({ "tier": "expert", "met": true }));
        let roofs = &card["rows"][0];
        assert_eq!(roofs["upgrade"]["value"], "2");
        assert_eq!(roofs["counted"].as_array().unwrap().len(), 2);
        // Nobody else's business.
        journey.ask(("GET", "/partners/bea/scorecard"), &lead, &Value::Null, 404);

        // Half a year later the partner goes up, by a decision that two look at.
        let journey = Journey::begin(&database.url, "2025-07-01T09:00:00Z");
        let again = json!({ "email": "mia@tiles.example", "password": PASSWORD });
        journey.ask(("GET", "/reviews/due"), &manager, &Value::Null, 401);
        let half = journey.ask(("POST", "/session"), "", &again, 201);
        assert_eq!(half["needs_second_factor"], true, "{half}");
        publish(&journey, &database);
        journey.audit();
        // The server starts anew and recomputes what was published.
        let journey = Journey::begin(&database.url, "2025-07-02T09:00:00Z");
        assert_eq!(faults(&journey.app), []);
        tamper(&database, "update opportunities set customer = 'jnn' where id = 'roof-1'");
        let found = faults(&journey.app);
        assert!(
            found.iter().any(|(code, place)| code == "changed-fact"
                && place.starts_with("opportunities `roof-1` version")),
            "{found:?}"
        );
        assert!(found.iter().any(|(code, _)| code == "changed-evidence"), "{found:?}");
    }
}

/// Proposes, confirms and publishes the upgrade, as a manager with a fresh second factor.
fn publish(journey: &Journey, database: &Database) {
    let app = &journey.app;
    let manager = NewUser {
        email: "max@tiles.example".to_owned(),
        name: "Max".to_owned(),
        organization: Some((Side::Vendor, "tiles".to_owned())),
        roles: vec![Role::ProgramManager],
    };
    users::create_first(app, &manager, PASSWORD).unwrap_or_else(|error| panic!("{error:?}"));
    let manager = journey.sign_in("max@tiles.example");
    let upgrade = json!({ "partner": "ada", "kind": "upgrade" });
    let proposed = journey.ask(("POST", "/reviews"), &manager, &upgrade, 201);
    let number = proposed["number"].as_i64().unwrap_or_else(|| panic!("{proposed}"));
    let path = |step: &str| format!("/reviews/{number}/{step}");
    journey.ask(("POST", &path("confirm")), &manager, &json!({}), 200);
    // Whose second factor was proved too long ago proves it again first.
    journey.pass(SignedDuration::from_mins(6));
    let late = journey.ask(("POST", &path("publish")), &manager, &Value::Null, 403);
    assert_eq!(late["code"], "denied", "{late}");
    journey.pass(SignedDuration::from_mins(-5));
    journey.ask(("POST", &path("publish")), &manager, &Value::Null, 200);
    let card = journey.ask(("GET", "/partners/ada/scorecard"), &manager, &Value::Null, 200);
    assert_eq!(card["tier"], "expert", "on {}", database.url);
}
