//! An invented network with users, and requests to it as clients send them.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request};
use data_encoding::BASE32_NOPAD;
use guildhall_access::{Role, Side};
use guildhall_rules::facts::File;
use guildhall_server::mail::Letter;
use guildhall_server::ops::second_factor::{self, Proof};
use guildhall_server::ops::sign_in::{self, SignedIn};
use guildhall_server::ops::users::{self, NewUser};
use guildhall_server::{App, Caller, Clock, Error, rest};
use guildhall_store::{Draft, Entry, Kind, Network, Store};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use tower::ServiceExt;

use crate::databases::Database;

pub const PASSWORD: &str = "three grey herons";
pub const HOME: &str = "192.0.2.10";

pub struct World {
    pub app: Arc<App>,
    pub operator: String,
    pub lead: String,
    pub smith: String,
}

pub fn noon() -> Timestamp {
    "2026-06-30T12:00:00Z".parse().unwrap()
}

pub fn app(url: &str) -> Arc<App> {
    Arc::new(App::new(Store::open(url).unwrap(), Clock::at(noon())).unwrap())
}

pub fn new_user(email: &str, side: Side, organization: &str, role: Role) -> NewUser {
    NewUser {
        email: email.to_owned(),
        name: email.split('@').next().unwrap().to_owned(),
        organization: Some((side, organization.to_owned())),
        roles: vec![role],
    }
}

impl World {
    pub fn each(test: impl Fn(&World)) {
        for database in Database::both() {
            test(&Self::on(&database.url));
        }
    }

    pub fn on(url: &str) -> Self {
        let app = app(url);
        app.store
            .write(|tx| {
                let mut entry = Entry::new(noon(), "operator", "import", "network");
                let network = Network { id: "summit".to_owned(), currency: None };
                tx.found_network(&mut entry, &network)?;
                let kind = Kind::Fact(File::Partners);
                for partner in ["ridge", "slate"] {
                    let mut cells = vec![None; kind.columns().len()];
                    for (name, value) in [("id", partner), ("name", partner), ("path", "roofs")] {
                        cells[kind.position(name).unwrap()] = Some(value.to_owned());
                    }
                    tx.record(&mut entry, Draft { kind, cells })?;
                }
                tx.commit(entry)
            })
            .unwrap();
        let make = |email: &str, side, organization: &str, role| {
            users::create_first(&app, &new_user(email, side, organization, role), PASSWORD).unwrap()
        };
        let operator = make("Olga@summit.example", Side::Vendor, "summit", Role::Operator);
        let lead = make("lars@ridge.example", Side::Partner, "ridge", Role::AllianceLead);
        let smith = make("sam@slate.example", Side::Partner, "slate", Role::Delivery);
        Self { app, operator, lead, smith }
    }

    pub fn pass(&self, seconds: i64) {
        let now = self.app.clock.now();
        self.app.clock.set(now.checked_add(SignedDuration::from_secs(seconds)).unwrap());
    }

    pub fn sign_in(&self, email: &str) -> SignedIn {
        sign_in::sign_in(&self.app, &at(HOME), email, PASSWORD).unwrap()
    }

    pub fn caller(&self, secret: &str) -> Result<Caller, Error> {
        let caller = sign_in::caller(&self.app, secret)?;
        Ok(Caller { address: Some(HOME.parse().unwrap()), ..caller })
    }

    /// Signs in and sets up a second factor: the secret of the session, and of the app.
    pub fn enrol(&self, email: &str) -> (String, String, Vec<String>) {
        let half = self.caller(&self.sign_in(email).secret).unwrap();
        let shared = second_factor::begin(&self.app, &half).unwrap().secret;
        let code = code(&shared, self.app.clock.now());
        let enrolled = second_factor::confirm(&self.app, &half, &code).unwrap();
        (enrolled.signed_in.secret, shared, enrolled.recovery_codes)
    }

    /// Signs in with both factors, one step later.
    pub fn prove(&self, email: &str, shared: &str) -> String {
        self.pass(30);
        let half = self.caller(&self.sign_in(email).secret).unwrap();
        let proof = Proof::Code(code(shared, self.app.clock.now()));
        second_factor::prove(&self.app, &half, &proof).unwrap().secret
    }

    pub fn letters(&self) -> Vec<(String, Letter)> {
        let letters = self.app.store.read(|tx| tx.waiting_letters(1000)).unwrap();
        let read = |(to, text): (String, String)| (to, serde_json::from_str(&text).unwrap());
        letters.into_iter().map(read).collect()
    }

    /// The secret of the link in the last letter.
    pub fn link(&self) -> String {
        let (_, letter) = self.letters().pop().unwrap();
        let (Letter::Invitation { link, .. } | Letter::PasswordReset { link, .. }) = letter else {
            panic!("{letter:?}")
        };
        link.rsplit('/').next().unwrap().to_owned()
    }

    /// What REST answers: status, headers, body.
    pub fn ask(
        &self,
        method: &str,
        path: &str,
        secret: Option<&str>,
        body: Option<&Value>,
    ) -> (u16, HeaderMap, Value) {
        let address: SocketAddr = format!("{HOME}:4000").parse().unwrap();
        let mut request = Request::builder().method(method).uri(path);
        request = request.extension(ConnectInfo(address));
        if let Some(secret) = secret {
            request = request.header("authorization", format!("Bearer {secret}"));
        }
        let request = match body {
            None => request.body(Body::empty()),
            Some(body) => request
                .header("content-type", "application/json")
                .body(Body::from(body.to_string())),
        };
        let runtime = tokio::runtime::Builder::new_multi_thread().build().unwrap();
        runtime.block_on(async {
            let router = rest::router(Arc::clone(&self.app), 1 << 20);
            let response = router.oneshot(request.unwrap()).await.unwrap();
            let (parts, body) = response.into_parts();
            let bytes = axum::body::to_bytes(body, 1 << 20).await.unwrap();
            let json = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
            (parts.status.as_u16(), parts.headers, json)
        })
    }
}

/// Nobody, at an address.
pub fn at(address: &str) -> Caller {
    Caller { address: Some(address.parse().unwrap()), ..Caller::nobody() }
}

/// What the app shows.
pub fn code(shared: &str, now: Timestamp) -> String {
    let bytes = BASE32_NOPAD.decode(shared.as_bytes()).unwrap();
    let totp = totp_rs::Builder::new().with_secret(bytes).build_noncompliant();
    totp.generate(now.as_second().unsigned_abs()).to_string()
}
