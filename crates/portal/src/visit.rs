//! Who visits a page: read from cookies and headers once, and what becomes of their request.
//!
//! [`Visit::page`] runs a handler on a thread that may wait, renders its page there, and turns an
//! error into a page of its own. Forms are in [`super::form`].

use std::sync::Arc;

use askama::Template;
use axum::extract::FromRequestParts;
use axum::http::header::{
    ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, HeaderName, HeaderValue,
    LOCATION, SET_COOKIE,
};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use guildhall_operations::http::{blocking, from_where};
use guildhall_operations::ops::users::User;
use guildhall_operations::{App, Caller, Error, ops, secrets};
use sha2::{Digest, Sha256};

use super::cookies::Cookie;
use super::form::Fields;
use super::problem::{self, PartProblem, ProblemPage};
use super::shell::{Place, Shell};
use super::texts::Texts;

pub(crate) use guildhall_operations::http::path_of;

/// What a page answers.
pub(crate) type Answer = Response;

/// Whether htmx asks, for a part of a page.
const HX_REQUEST: HeaderName = HeaderName::from_static("hx-request");
/// Tells htmx which address the browser shows from now on.
const HX_REPLACE_URL: HeaderName = HeaderName::from_static("hx-replace-url");
/// Tells htmx to go to another page.
const HX_REDIRECT: HeaderName = HeaderName::from_static("hx-redirect");

/// Who visits, in which language, from where.
#[derive(Clone, Debug)]
pub(crate) struct Visit {
    app: Arc<App>,
    /// Who calls: nobody without a session, or with one that has ended.
    pub(crate) caller: Caller,
    /// The user, also while only half signed in.
    pub(crate) user: Option<User>,
    /// The words.
    pub(crate) t: &'static Texts,
    /// Path and query.
    pub(crate) path: String,
    /// Whether a part of a page is asked for by htmx.
    pub(crate) is_part: bool,
    secret: String,
    new_visitor: bool,
    notice: Option<String>,
    applicant: Option<String>,
    is_https: bool,
}

impl FromRequestParts<Arc<App>> for Visit {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Response> {
        let headers = &parts.headers;
        let is_https = app.base_url.starts_with("https://");
        let accepted = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let t = Texts::of(accepted);
        let session = Cookie::Session.read(headers, is_https);
        let visitor = Cookie::Visitor.read(headers, is_https);
        let notice = Cookie::Notice.read(headers, is_https);
        let applicant = Cookie::Applicant.read(headers, is_https);
        let path = parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
        let is_part = headers.contains_key(&HX_REQUEST);
        let nobody = from_where(Caller::nobody(), parts);
        let found = match session.clone() {
            None => Ok((nobody.clone(), None)),
            Some(secret) => {
                let nobody = nobody.clone();
                blocking(Arc::clone(app), move |app| present(app, nobody, &secret)).await
            }
        };
        let new_visitor = session.is_none() && visitor.is_none();
        let made = || secrets::random::<16>().map(|random| HEXLOWER.encode(&random));
        let secret = match session.or(visitor) {
            Some(secret) => secret,
            None => made().unwrap_or_default(),
        };
        let (caller, user, error) = match found {
            Ok((caller, user)) => (caller, user, None),
            Err(error) => (nobody, None, Some(error)),
        };
        let visit = Self {
            app: Arc::clone(app),
            caller,
            user,
            t,
            path,
            is_part,
            secret,
            new_visitor,
            notice,
            applicant,
            is_https,
        };
        match error {
            None => Ok(visit),
            Some(error) => Err(visit.run(|_| Err(error)).await),
        }
    }
}

/// The caller of a session, and who they are.
fn present(app: &App, nobody: Caller, secret: &str) -> Result<(Caller, Option<User>), Error> {
    let signed_in = match ops::sign_in::caller(app, secret) {
        // An API token is none for the portal: it is no session.
        Ok(caller) if caller.session.is_some() => caller,
        Ok(_) | Err(Error::SignInFirst) => return Ok((nobody, None)),
        Err(error) => return Err(error),
    };
    let caller = Caller { address: nobody.address, agent: nobody.agent, ..signed_in };
    let user = ops::sessions::present(app, &caller)?.user;
    Ok((caller, Some(user)))
}

impl Visit {
    /// What operations are given.
    pub(crate) fn app(&self) -> &App {
        &self.app
    }

    /// What every form sends, so that no other site can send it.
    pub(crate) fn token(&self) -> String {
        let mut digest = Sha256::new();
        digest.update("guildhall form ");
        digest.update(&self.secret);
        HEXLOWER.encode(digest.finalize().get(..16).unwrap_or_default())
    }

    /// The frame around a page: where it stands in the navigation, and its title.
    pub(crate) fn shell(&self, place: Place, title: impl Into<String>) -> Shell {
        Shell::of(self, place, title.into())
    }

    /// The fields of the query.
    pub(crate) fn query(&self) -> Fields {
        let query = self.path.split_once('?').map_or("", |(_, query)| query);
        Fields::read(query.replace("%00", "").as_bytes())
    }

    /// What the next page says first, from the page before.
    pub(super) fn notice(&self) -> Option<String> {
        let bytes = BASE64URL_NOPAD.decode(self.notice.as_deref()?.as_bytes()).ok()?;
        let text = String::from_utf8(bytes).ok()?;
        let (key, it) = text.split_once('\n')?;
        (key.starts_with("notice-") && self.t.has(key)).then(|| self.t.of_it(key, it))
    }

    /// The secret by which the visitor is the applicant of an enrolment.
    pub(super) fn applicant(&self, enrolment: &str) -> Option<&str> {
        let (id, secret) = self.applicant.as_deref()?.split_once('.')?;
        (id == enrolment).then_some(secret)
    }

    /// The enrolment of which the visitor is the applicant, by a secret.
    pub(super) fn enrolment(&self) -> Option<&str> {
        self.applicant.as_deref()?.split_once('.').map(|(id, _)| id)
    }

    /// Whether this is the partner, customer or vendor that the visitor acts for.
    pub(crate) fn is_own(&self, organization: &str) -> bool {
        self.caller.organization() == Some(organization)
    }

    /// Makes a page on a thread that may wait, and renders it there.
    pub(crate) async fn page<P: Template>(
        self,
        make: impl FnOnce(&Self) -> Result<P, Error> + Send + 'static,
    ) -> Answer {
        self.run(move |visit| {
            let page = make(visit)?;
            Ok(Done::Page(StatusCode::OK, render(&page)?))
        })
        .await
    }

    /// Does something on a thread that may wait; what comes of it is the answer.
    pub(crate) async fn run(
        self,
        act: impl FnOnce(&Self) -> Result<Done, Error> + Send + 'static,
    ) -> Answer {
        let visit = self.clone();
        let ran = blocking(Arc::clone(&self.app), move |_| {
            Ok(act(&visit).map_or_else(|error| visit.failed(&error), |done| visit.answer(done)))
        })
        .await;
        ran.unwrap_or_else(|error| self.failed(&error))
    }

    /// The answer of what was done.
    pub(super) fn answer(&self, done: Done) -> Response {
        match done {
            Done::Page(status, html) => {
                self.with_cookies((status, page_headers(), html).into_response())
            }
            Done::Part { html, address } => {
                let mut response = (StatusCode::OK, page_headers(), html).into_response();
                if let Ok(address) = HeaderValue::from_str(&address) {
                    response.headers_mut().insert(HX_REPLACE_URL, address);
                }
                response
            }
            Done::To { to, notice } => self.go(&to, notice),
            Done::SignedIn { to, secret, html } => {
                let mut response = match html {
                    None => self.go(&to, None),
                    Some(html) => (StatusCode::OK, page_headers(), html).into_response(),
                };
                append(response.headers_mut(), Cookie::Session.set(&secret, self.is_https));
                append(response.headers_mut(), Cookie::Visitor.set("", self.is_https));
                response
            }
            Done::Applicant { id, secret, notice } => {
                let mut response = self.go(&format!("/join/{}", path_of(&id)), notice);
                let kept = format!("{id}.{secret}");
                append(response.headers_mut(), Cookie::Applicant.set(&kept, self.is_https));
                response
            }
            Done::SignedOut => {
                let mut response = self.go("/sign-in", Some(("notice-signed-out", String::new())));
                append(response.headers_mut(), Cookie::Session.set("", self.is_https));
                response
            }
            Done::File { name, kind, bytes } => file(&name, kind, bytes),
        }
    }

    /// The page of an error, or the way to sign in.
    pub(super) fn failed(&self, error: &Error) -> Response {
        let back = query_of(&self.path);
        match error {
            Error::SignInFirst => return self.go(&format!("/sign-in?next={back}"), None),
            Error::SecondFactorNeeded => {
                return self.go(&format!("/sign-in/code?next={back}"), None);
            }
            Error::SecondFactorNotEnrolled => return self.go("/me/second-factor", None),
            Error::Denied { reason } if reason == "second_factor" => {
                return self.go(&format!("/sign-in/code?next={back}"), None);
            }
            _ => {}
        }
        problem::log(error);
        let (status, ..) = error.kind();
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let page = ProblemPage::of(self, error);
        let (status, html) = match self.is_part {
            // htmx shows only answers that went well.
            true => (StatusCode::OK, render(&PartProblem::from(page))),
            false => (status, render(&page)),
        };
        match html {
            Ok(html) => self.with_cookies((status, page_headers(), html).into_response()),
            Err(error) => error.into_response(),
        }
    }

    /// Goes to another page of the portal, which may say something first.
    fn go(&self, to: &str, notice: Option<(&'static str, String)>) -> Response {
        let mut response = if self.is_part {
            (StatusCode::OK, [(HX_REDIRECT, to.to_owned())]).into_response()
        } else {
            (StatusCode::SEE_OTHER, [(LOCATION, to.to_owned())]).into_response()
        };
        if let Some((key, it)) = notice {
            let text = BASE64URL_NOPAD.encode(format!("{key}\n{it}").as_bytes());
            append(response.headers_mut(), Cookie::Notice.set(&text, self.is_https));
        }
        response
    }

    fn with_cookies(&self, mut response: Response) -> Response {
        let headers = response.headers_mut();
        if self.new_visitor {
            append(headers, Cookie::Visitor.set(&self.secret, self.is_https));
        }
        if self.notice.is_some() && !self.is_part {
            append(headers, Cookie::Notice.set("", self.is_https));
        }
        response
    }
}

/// What came of a request.
#[derive(Debug)]
pub(crate) enum Done {
    /// A page, as HTML.
    Page(StatusCode, String),
    /// A part of a page for htmx, and the address of the whole page as it is then.
    Part {
        /// The part.
        html: String,
        /// The address.
        address: String,
    },
    /// Another page is shown next.
    To {
        /// Its path.
        to: String,
        /// The key of what it says first (`notice-…`), with the text that goes into it.
        notice: Option<(&'static str, String)>,
    },
    /// Somebody has signed in, and goes on.
    SignedIn {
        /// Where to.
        to: String,
        /// The secret of the session.
        secret: String,
        /// A page to see first, in place of going on.
        html: Option<String>,
    },
    /// Somebody is the applicant of an enrolment, and goes on there.
    Applicant {
        /// The enrolment's id.
        id: String,
        /// The secret that shows it.
        secret: String,
        /// What the page says first.
        notice: Option<(&'static str, String)>,
    },
    /// Somebody has signed out.
    SignedOut,
    /// A file to keep.
    File {
        /// Its name: letters, digits, `-`, `_` and `.`.
        name: String,
        /// Its media type.
        kind: &'static str,
        /// What is in it.
        bytes: Vec<u8>,
    },
}

impl Done {
    /// Another page is shown next.
    pub(crate) fn to(to: impl Into<String>) -> Self {
        Self::To { to: to.into(), notice: None }
    }

    /// Another page is shown next, and says something first: a key that begins with `notice-`.
    pub(crate) fn saying(to: impl Into<String>, key: &'static str, it: impl Into<String>) -> Self {
        Self::To { to: to.into(), notice: Some((key, it.into())) }
    }

    /// A page.
    ///
    /// # Errors
    ///
    /// None that can be provoked.
    pub(crate) fn page(page: &impl Template) -> Result<Self, Error> {
        Ok(Self::Page(StatusCode::OK, render(page)?))
    }
}

/// A page as HTML, without control characters that no reader of a page expects.
pub(crate) fn render(page: &impl Template) -> Result<String, Error> {
    let html = page.render().map_err(Error::internal)?;
    let is_unwanted = |char: char| char.is_control() && !matches!(char, '\n' | '\t');
    Ok(if html.contains(is_unwanted) { html.replace(is_unwanted, "\u{fffd}") } else { html })
}

fn page_headers() -> [(HeaderName, &'static str); 3] {
    [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CACHE_CONTROL, "no-store"),
        (HeaderName::from_static("vary"), "HX-Request, Accept-Language, Cookie"),
    ]
}

fn append(headers: &mut HeaderMap, value: Option<HeaderValue>) {
    if let Some(value) = value {
        headers.append(SET_COOKIE, value);
    }
}

fn file(name: &str, kind: &'static str, bytes: Vec<u8>) -> Response {
    let is_plain = |char: &char| char.is_ascii_alphanumeric() || "-_.".contains(*char);
    let name: String = name.chars().filter(is_plain).collect();
    let disposition = format!("attachment; filename=\"{name}\"");
    let headers = [
        (CONTENT_TYPE, kind.to_owned()),
        (CACHE_CONTROL, "no-store".to_owned()),
        (CONTENT_DISPOSITION, disposition),
    ];
    (headers, bytes).into_response()
}

/// A text as it stands in a query.
pub(crate) fn query_of(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// A path of the portal, or `/` for whatever leads elsewhere.
pub(crate) fn local(path: &str) -> &str {
    let is_local = path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains(['\\', '\r', '\n', '\t', '\0'])
        && path.is_ascii();
    if is_local { path } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_an_id_holds_it_is_one_part_of_a_path() {
        for (id, path) in [
            ("opp-40", "opp-40"),
            ("a/b c?d#e", "a%2Fb%20c%3Fd%23e"),
            ("100%", "100%25"),
            ("new", "%6Eew"),
            ("preview", "%70review"),
            ("Grün", "Gr%C3%BCn"),
        ] {
            assert_eq!(path_of(id), path);
        }
    }

    #[test]
    fn nobody_is_led_to_another_site() {
        for (path, to) in [
            ("/partners/ada?as_of=2026-01-01", "/partners/ada?as_of=2026-01-01"),
            ("//evil.example", "/"),
            ("/\\evil.example", "/"),
            ("https://evil.example", "/"),
            ("/\t/evil.example", "/"),
            ("", "/"),
        ] {
            assert_eq!(local(path), to);
        }
    }
}
