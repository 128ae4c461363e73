//! Mail: what is written ([`Letter`]), and handing it to a mail server by SMTP.
//!
//! One message, one connection, and an answer: accepted, refused, or not reached. Blocks; the
//! caller runs it where that does no harm. Keeps no queue and tries nothing twice: the outbox does.

mod every;
mod letter;
pub(crate) mod outbox;

use std::error::Error as _;
use std::fmt;
use std::io;
use std::net::IpAddr;
use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::client::{Certificate, CertificateStore, Tls, TlsParameters};
use lettre::{Address, SmtpTransport, Transport};
use ureq::http::Uri;

pub use every::Every;
pub use letter::{DigestBlock, Letter, Written};

use crate::tls::Roots;

/// How long the mail server may take for each step of the conversation.
pub const TIMEOUT: Duration = Duration::from_secs(15);

/// Why there can be no mail with these settings.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadMailSettings {
    /// The URL is none of a mail server.
    #[error("no URL of a mail server")]
    Url,
    /// `tls` says something else.
    #[error("`tls` is neither `required` nor `opportunistic`")]
    Tls,
    /// The password would go over the network in plain text.
    #[error("a password without encryption")]
    PlainPassword,
    /// The sender is no address.
    #[error("no address of a sender")]
    From,
}

impl BadMailSettings {
    /// What helps.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Url => "as in smtps://user:password@mail.example.org or smtp://localhost:25",
            Self::Tls => "write ?tls=required, or begin with smtps://",
            Self::PlainPassword => "begin with smtps://, or add ?tls=required",
            Self::From => "as in Guildhall <guildhall@example.org>",
        }
    }
}

/// Why a letter was not handed over.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// `mail.url` is `none`.
    #[error("no mail server is configured")]
    NotConfigured,
    /// The recipient's address is none.
    #[error("`{0}` is no e-mail address")]
    NoAddress(String),
    /// The mail server said no, with this code and text. 5xx is for good, 4xx for now.
    #[error("the mail server refused the message with {code}: {text}")]
    Refused {
        /// The three digits of SMTP.
        code: u16,
        /// What it said.
        text: String,
    },
    /// It said nothing for [`TIMEOUT`].
    #[error("the mail server did not answer in time")]
    Timeout,
    /// No connection, broken TLS, no SMTP.
    #[error("the mail server could not be reached")]
    Unreachable(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl MailError {
    /// Whether sending the same again may go well.
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::NotConfigured | Self::NoAddress(_) => false,
            Self::Refused { code, .. } => (400..500).contains(code),
            Self::Timeout | Self::Unreachable(_) => true,
        }
    }
}

/// Hands letters to a mail server.
#[derive(Clone)]
pub struct Mailer {
    smtp: Option<(SmtpTransport, Mailbox)>,
}

impl Mailer {
    /// A mailer that hands over nothing: every letter is [`MailError::NotConfigured`].
    pub fn none() -> Self {
        Self { smtp: None }
    }

    /// A mailer for the settings `mail.url` and `mail.from`.
    ///
    /// The URL is `none`, `smtp://host` in plain text, `smtp://host?tls=required` for STARTTLS,
    /// `smtp://host?tls=opportunistic` for STARTTLS where the server offers it, or `smtps://host`;
    /// each with `user:password@` and `:port` if need be. A password needs encryption, unless the
    /// server is on this machine.
    pub fn new(
        url: &str,
        from: &str,
        roots: &Roots,
        timeout: Duration,
    ) -> Result<Self, BadMailSettings> {
        if url == "none" {
            return Ok(Self::none());
        }
        let (host, mode) = Mode::read(url)?;
        let from: Mailbox = from.parse().map_err(|_| BadMailSettings::From)?;
        // Certificates are set below, so that those of the system are not read a second time.
        let plain = url.split('?').next().unwrap_or_default();
        let builder = SmtpTransport::from_url(&plain.replacen("smtps:", "smtp:", 1));
        let port = plain.parse::<Uri>().ok().and_then(|uri| uri.port_u16());
        let builder = builder.map_err(|_| BadMailSettings::Url)?;
        let parameters = || parameters(&host, roots).map_err(|_| BadMailSettings::Url);
        let tls = match mode {
            Mode::Plain => Tls::None,
            Mode::Opportunistic => Tls::Opportunistic(parameters()?),
            Mode::Required => Tls::Required(parameters()?),
            Mode::Wrapped => Tls::Wrapper(parameters()?),
        };
        let port = port.unwrap_or(mode.port());
        let smtp = builder.port(port).tls(tls).timeout(Some(timeout)).build();
        Ok(Self { smtp: Some((smtp, from)) })
    }

    /// Whether there is a mail server.
    pub fn is_configured(&self) -> bool {
        self.smtp.is_some()
    }

    /// Hands a letter over.
    ///
    /// `id` tells this message from others, the same when it is sent again, so that receivers can
    /// drop the copy: letters and digits. `now` becomes its date.
    pub fn send(
        &self,
        to: &str,
        letter: &Letter,
        id: &str,
        now: Timestamp,
    ) -> Result<(), MailError> {
        let (smtp, from) = self.smtp.as_ref().ok_or(MailError::NotConfigured)?;
        let address: Address = to.parse().map_err(|_| MailError::NoAddress(to.to_owned()))?;
        let message = message(from, address, letter, id, now)
            .map_err(|error| MailError::Unreachable(Box::new(error)))?;
        smtp.send(&message).map(|_| ()).map_err(mail_error)
    }
}

impl fmt::Debug for Mailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mailer").field("is_configured", &self.is_configured()).finish()
    }
}

/// How the conversation with a mail server is encrypted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Plain,
    Opportunistic,
    Required,
    Wrapped,
}

impl Mode {
    /// The host and the mode of a URL, if they are such as Guildhall uses.
    fn read(url: &str) -> Result<(String, Self), BadMailSettings> {
        let uri: Uri = url.parse().map_err(|_| BadMailSettings::Url)?;
        let host = uri.host().filter(|host| !host.is_empty()).ok_or(BadMailSettings::Url)?;
        let mode = match (uri.scheme_str(), uri.query()) {
            (Some("smtp"), None) => Self::Plain,
            (Some("smtp"), Some("tls=required")) => Self::Required,
            (Some("smtp"), Some("tls=opportunistic")) => Self::Opportunistic,
            (Some("smtps"), None) => Self::Wrapped,
            (Some("smtp" | "smtps"), Some(_)) => return Err(BadMailSettings::Tls),
            _ => return Err(BadMailSettings::Url),
        };
        let bare = host.trim_matches(['[', ']']);
        let is_here = bare == "localhost" || bare.parse().is_ok_and(|ip: IpAddr| ip.is_loopback());
        let has_user = uri.authority().is_some_and(|authority| authority.as_str().contains('@'));
        let is_encrypted = matches!(mode, Self::Required | Self::Wrapped);
        if has_user && !is_here && !is_encrypted {
            return Err(BadMailSettings::PlainPassword);
        }
        Ok((bare.to_owned(), mode))
    }

    /// The port that mail servers listen on for it.
    fn port(self) -> u16 {
        match self {
            Self::Plain => 25,
            Self::Opportunistic | Self::Required => 587,
            Self::Wrapped => 465,
        }
    }
}

fn parameters(host: &str, roots: &Roots) -> Result<TlsParameters, lettre::transport::smtp::Error> {
    let mut builder =
        TlsParameters::builder(host.to_owned()).certificate_store(CertificateStore::None);
    for der in roots.certificates() {
        builder = builder.add_root_certificate(Certificate::from_der(der.to_vec())?);
    }
    builder.build()
}

/// Tells other programs not to answer (RFC 3834).
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

/// The address at which a letter of a series is ended, by a click of the mail program (RFC 2369).
#[derive(Clone)]
struct ListUnsubscribe(String);

impl Header for ListUnsubscribe {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("List-Unsubscribe")
    }

    fn parse(text: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self(text.to_owned()))
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), self.0.clone())
    }
}

/// That one request to that address is enough (RFC 8058).
#[derive(Clone)]
struct ListUnsubscribePost;

impl Header for ListUnsubscribePost {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("List-Unsubscribe-Post")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "List-Unsubscribe=One-Click".to_owned())
    }
}

fn message(
    from: &Mailbox,
    to: Address,
    letter: &Letter,
    id: &str,
    now: Timestamp,
) -> Result<Message, lettre::error::Error> {
    let written = letter.write();
    let id: String = id.chars().filter(char::is_ascii_alphanumeric).collect();
    let mut builder = Message::builder();
    if let Some(address) = letter.ended_at() {
        builder = builder.header(ListUnsubscribe(format!("<{address}>")));
        builder = builder.header(ListUnsubscribePost);
    }
    builder
        .from(from.clone())
        .to(Mailbox::new(None, to))
        .subject(written.subject)
        .date(SystemTime::try_from(now).unwrap_or(SystemTime::UNIX_EPOCH))
        .message_id(Some(format!("<{id}@{}>", from.email.domain())))
        .header(AutoSubmitted)
        .header(ContentType::TEXT_PLAIN)
        .body(written.body.replace('\n', "\r\n"))
}

fn mail_error(error: lettre::transport::smtp::Error) -> MailError {
    if let Some(code) = error.status() {
        let text = error.source().map(ToString::to_string).unwrap_or_default();
        return MailError::Refused { code: code.into(), text: text.trim().to_owned() };
    }
    let mut source = error.source();
    while let Some(inner) = source {
        let kind = inner.downcast_ref::<io::Error>().map(io::Error::kind);
        // A socket whose time is up says one or the other, depending on the system.
        if matches!(kind, Some(io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock)) {
            return MailError::Timeout;
        }
        source = inner.source();
    }
    MailError::Unreachable(Box::new(error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mailer(url: &str, from: &str) -> Result<Mailer, BadMailSettings> {
        Mailer::new(url, from, &Roots::from_pem(b""), TIMEOUT)
    }

    #[test]
    fn settings_of_mail_servers_are_read() {
        for url in [
            "none",
            "smtp://mail.example.org",
            "smtp://mail.example.org:2525?tls=opportunistic",
            "smtp://user:pass%40word@mail.example.org?tls=required",
            "smtps://user:password@mail.example.org",
            "smtp://user:password@localhost:25",
            "smtp://user:password@[::1]:25",
        ] {
            let mailer = mailer(url, "Roofers <office@example.org>").unwrap();
            assert_eq!(mailer.is_configured(), url != "none", "{url}");
        }
    }

    #[test]
    fn what_cannot_work_or_is_not_safe_is_refused() {
        let refused = |url: &str| mailer(url, "office@example.org").unwrap_err();
        for url in ["", "mail.example.org", "http://mail.example.org", "smtp://", "smtp:25"] {
            assert_eq!(refused(url), BadMailSettings::Url, "{url}");
        }
        assert_eq!(refused("smtp://m.example.org?tls=yes"), BadMailSettings::Tls);
        for url in ["smtp://a:b@m.example.org", "smtp://a:b@m.example.org?tls=opportunistic"] {
            assert_eq!(refused(url), BadMailSettings::PlainPassword, "{url}");
        }
        let from = mailer("smtp://localhost", "office").unwrap_err();
        assert_eq!(from, BadMailSettings::From);
    }

    #[test]
    fn a_digest_can_be_ended_by_one_click_of_a_mail_program() {
        let digest = Letter::Digest {
            network: "Roofers".to_owned(),
            about: "Eaves & Sons".to_owned(),
            blocks: vec![DigestBlock {
                title: "In the next 30 days".to_owned(),
                lines: vec!["1 March 2026: Ana\r\nBcc: everybody@example.org".to_owned()],
            }],
            link: "https://roofers.example/partners/eaves/lapses".to_owned(),
            choose: "https://roofers.example/me/digest".to_owned(),
            stop: "https://roofers.example/digest/stop/abc".to_owned(),
        };
        let text = |letter: &Letter| {
            let from = "office@roofers.example".parse().unwrap();
            let to = "ana@eaves.example".parse().unwrap();
            let sent = message(&from, to, letter, "1", Timestamp::UNIX_EPOCH).unwrap();
            String::from_utf8(sent.formatted()).unwrap()
        };
        let sent = text(&digest);
        let (head, body) = sent.split_once("\r\n\r\n").unwrap();
        assert!(
            head.contains("List-Unsubscribe: <https://roofers.example/digest/stop/abc>"),
            "{head}"
        );
        assert!(head.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click"), "{head}");
        assert!(!head.contains("Bcc"), "{head}");
        assert!(body.contains("In the next 30 days:\r\n\r\n  * 1 March 2026: Ana Bcc"), "{body}");
        let reset = Letter::PasswordReset {
            network: "Roofers".to_owned(),
            expires: "noon".to_owned(),
            link: "https://roofers.example/s/abc".to_owned(),
        };
        assert!(!text(&reset).contains("List-Unsubscribe"));
    }

    #[test]
    fn without_a_mail_server_the_caller_is_told() {
        let letter = Letter::PasswordReset {
            network: "Roofers".to_owned(),
            expires: "noon".to_owned(),
            link: "https://roofers.example/".to_owned(),
        };
        let error = Mailer::none().send("maria@example.org", &letter, "1", Timestamp::UNIX_EPOCH);
        let error = error.unwrap_err();
        assert_eq!(error.to_string(), "no mail server is configured");
        assert!(!error.is_temporary());
    }
}
