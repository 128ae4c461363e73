//! A browser without script: it keeps cookies, follows nothing by itself, and sends forms with the
//! token of the page that it saw last.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, Request};
use guildhall_access::{Role, Side};
use guildhall_server::config::{Config, Sources};
use guildhall_server::ops::{demo, users::NewUser};
use guildhall_server::second_factor::SharedSecret;
use guildhall_server::tls::Roots;
use guildhall_server::{App, Demo, SignIn, serve};
use jiff::SignedDuration;
use tower::ServiceExt;

use crate::book;

pub const PASSWORD: &str = "four grey herons wading";
/// The moment at which the worlds of these tests begin.
pub const NOW: &str = "2026-01-15T09:00:00Z";

/// The users of the invented network: e-mail, side, organization, role.
const USERS: [(&str, Side, &str, Role); 5] = [
    ("mia@tiles.example", Side::Vendor, "tiles", Role::ProgramManager),
    ("ola@tiles.example", Side::Vendor, "tiles", Role::Operator),
    ("lea@ada.example", Side::Partner, "ada", Role::AllianceLead),
    ("ben@bob.example", Side::Partner, "bob", Role::AllianceLead),
    ("tom@town.example", Side::Customer, "town", Role::ItOwner),
];

/// The network of tile setters with one user of each sort, and its portal.
pub struct World {
    pub app: Arc<App>,
    router: Router,
}

/// A page, or another answer.
#[derive(Debug)]
pub struct Page {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

impl Page {
    /// Where it leads to.
    pub fn location(&self) -> &str {
        self.headers.get(LOCATION).map_or("", |to| to.to_str().unwrap())
    }

    /// Whether it says so; fails with the page where it does not.
    #[track_caller]
    pub fn says(&self, text: &str) -> &Self {
        assert!(self.text.contains(text), "`{text}` is not on the page:\n{}", self.text);
        self
    }

    /// Fails where it says so.
    #[track_caller]
    pub fn says_not(&self, text: &str) -> &Self {
        assert!(!self.text.contains(text), "`{text}` is on the page:\n{}", self.text);
        self
    }
}

impl World {
    pub fn new(url: &str) -> Self {
        Self::with(url, |_| {})
    }

    /// One whose app is another than usual.
    pub fn with(url: &str, change: impl FnOnce(&mut App)) -> Self {
        let mut app = book::found(url, NOW);
        change(&mut app);
        app.demo = Some(Demo {
            sign_ins: USERS
                .iter()
                .map(|(email, _, organization, role)| sign_in(email, organization, *role))
                .collect(),
            password: PASSWORD.to_owned(),
            shared_secret: SharedSecret::generate().unwrap(),
        });
        let users: Vec<NewUser> = USERS
            .iter()
            .map(|(email, side, organization, role)| NewUser {
                email: (*email).to_owned(),
                name: email.split('@').next().unwrap().to_owned(),
                organization: Some((*side, (*organization).to_owned())),
                roles: vec![*role],
            })
            .collect();
        demo::enrol(&app, &users).unwrap();
        let app = Arc::new(app);
        let config = Config::read(&Sources::default(), &Roots::from_pem(b"")).unwrap();
        let router = serve::router(&app, &config).unwrap();
        Self { app, router }
    }

    pub fn pass(&self, time: SignedDuration) {
        self.app.clock.set(self.app.clock.now().checked_add(time).unwrap());
    }

    /// A new browser, signed in as one of the users, with the second factor where one is asked for.
    pub fn signed_in(&self, email: &str) -> Browser<'_> {
        let mut browser = self.browser();
        browser.get("/sign-in");
        let page = browser.post("/sign-in", &[("email", email), ("password", PASSWORD)]);
        assert_eq!(page.status, 303, "{}", page.text);
        if page.location().starts_with("/sign-in/code") {
            let code = demo::code(&self.app, email).unwrap().unwrap();
            browser.get("/sign-in/code");
            let page = browser.post("/sign-in/code", &[("code", &code)]);
            assert_eq!(page.status, 303, "{}", page.text);
        }
        browser
    }

    pub fn browser(&self) -> Browser<'_> {
        Browser { world: self, cookies: BTreeMap::new(), token: String::new() }
    }
}

fn sign_in(email: &str, organization: &str, role: Role) -> SignIn {
    SignIn {
        email: email.to_owned(),
        name: email.to_owned(),
        roles: vec![role.word().to_owned()],
        organization: organization.to_owned(),
        password: PASSWORD.to_owned(),
        needs_code: matches!(
            role,
            Role::ProgramManager | Role::Operator | Role::AllianceLead | Role::ItOwner
        ),
    }
}

pub struct Browser<'w> {
    world: &'w World,
    pub cookies: BTreeMap<String, String>,
    pub token: String,
}

impl Browser<'_> {
    pub fn get(&mut self, path: &str) -> Page {
        self.send(Request::get(path).body(Body::empty()).unwrap())
    }

    /// The same as htmx asks, for a part of a page.
    pub fn part(&mut self, path: &str) -> Page {
        self.send(Request::get(path).header("hx-request", "true").body(Body::empty()).unwrap())
    }

    /// Sends a form with the token of the page seen last.
    pub fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let mut body = form_urlencoded::Serializer::new(String::new());
        let token = self.token.clone();
        body.append_pair("token", &token).extend_pairs(fields);
        let kind = "application/x-www-form-urlencoded";
        let request = Request::post(path).header(CONTENT_TYPE, kind);
        self.send(request.body(Body::from(body.finish())).unwrap())
    }

    pub fn send(&mut self, mut request: Request<Body>) -> Page {
        let address: SocketAddr = "192.0.2.10:4000".parse().unwrap();
        request.extensions_mut().insert(ConnectInfo(address));
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            request.headers_mut().insert(COOKIE, cookies.join("; ").parse().unwrap());
        }
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let page = runtime.block_on(async {
            let response = self.world.router.clone().oneshot(request).await.unwrap();
            let (parts, body) = response.into_parts();
            let bytes = axum::body::to_bytes(body, 10 << 20).await.unwrap();
            let text = String::from_utf8_lossy(&bytes).into_owned();
            Page { status: parts.status.as_u16(), headers: parts.headers, text }
        });
        for line in page.headers.get_all(SET_COOKIE) {
            let line = line.to_str().unwrap();
            let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        if let Some((_, rest)) = page.text.split_once("name=\"token\" value=\"") {
            rest.split('"').next().unwrap().clone_into(&mut self.token);
        }
        page
    }
}
