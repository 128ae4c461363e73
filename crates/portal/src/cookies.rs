//! Cookies of the portal: the session, the form of a visitor, a notice for the next page.
//!
//! None is read by scripts, and all stay within the site. Over TLS their names bind them to the
//! host (`__Host-`, RFC 6265bis).

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};

/// What a cookie is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cookie {
    /// The secret of the session.
    Session,
    /// A random text by which forms of whoever is not signed in are told from those of others.
    Visitor,
    /// What the next page says first.
    Notice,
    /// Id and secret of an enrolment, by which its applicant goes on.
    Applicant,
}

impl Cookie {
    fn name(self, is_https: bool) -> &'static str {
        match (self, is_https) {
            (Self::Session, false) => "guildhall_session",
            (Self::Visitor, false) => "guildhall_visitor",
            (Self::Notice, false) => "guildhall_notice",
            (Self::Applicant, false) => "guildhall_applicant",
            (Self::Applicant, true) => "__Host-guildhall_applicant",
            (Self::Session, true) => "__Host-guildhall_session",
            (Self::Visitor, true) => "__Host-guildhall_visitor",
            (Self::Notice, true) => "__Host-guildhall_notice",
        }
    }

    /// Its value in a request.
    pub(super) fn read(self, headers: &HeaderMap, is_https: bool) -> Option<String> {
        let name = self.name(is_https);
        let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
        let pairs = lines.flat_map(|line| line.split(';'));
        let mut pairs = pairs.filter_map(|pair| pair.trim().split_once('='));
        let value = pairs.find(|(known, _)| *known == name).map(|(_, value)| value);
        value.filter(|value| !value.is_empty()).map(str::to_owned)
    }

    /// The header that sets it until the browser is closed; an empty value takes it away.
    pub(super) fn set(self, value: &str, is_https: bool) -> Option<HeaderValue> {
        let name = self.name(is_https);
        let secure = if is_https { "; Secure" } else { "" };
        let end = if value.is_empty() { "; Max-Age=0" } else { "" };
        let line = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{end}");
        HeaderValue::from_str(&line).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_among_others_by_its_whole_name() {
        let mut headers = HeaderMap::new();
        let line = "x_guildhall_session=no; guildhall_session=yes; guildhall_notice=";
        headers.insert(COOKIE, HeaderValue::from_static(line));
        assert_eq!(Cookie::Session.read(&headers, false).as_deref(), Some("yes"));
        assert_eq!(Cookie::Session.read(&headers, true), None);
        assert_eq!(Cookie::Notice.read(&headers, false), None);
    }
}
