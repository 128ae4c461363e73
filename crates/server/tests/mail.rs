//! Letters as they arrive at a mail server on loopback, and mail servers that do not take them.
#![expect(clippy::unwrap_used, reason = "a test may stop at once")]

#[path = "shared/sink.rs"]
mod sink;

use std::io::Read;
use std::net::TcpListener;
use std::time::Duration;

use guildhall_server::mail::{Letter, MailError, Mailer, TIMEOUT};
use guildhall_server::tls::Roots;
use jiff::Timestamp;
use sink::{CERTIFICATE, Sink, serve_mail, with_tls};

fn letter(network: &str) -> Letter {
    Letter::PasswordReset {
        network: network.to_owned(),
        expires: "13:00 UTC".to_owned(),
        link: "https://roofers.example/s/abcdefghijklmnopqrstuvwxyz234567abcdefghijklmnopqrst"
            .to_owned(),
    }
}

fn mailer(url: &str, timeout: Duration) -> Mailer {
    let roots = Roots::from_pem(CERTIFICATE);
    Mailer::new(url, "Summit Roofing <office@roofers.example>", &roots, timeout).unwrap()
}

fn send(mailer: &Mailer, letter: &Letter) -> Result<(), MailError> {
    let now: Timestamp = "2026-03-01T12:00:00Z".parse().unwrap();
    mailer.send("maria@example.org", letter, "m17", now)
}

#[test]
fn a_letter_arrives_as_it_was_written() {
    let sink = Sink::start(|stream| serve_mail(stream, |_| None));
    let mailer = mailer(&format!("smtp://127.0.0.1:{}", sink.port), TIMEOUT);
    send(&mailer, &letter("Summit Roofing")).unwrap();
    let said = sink.arrived();
    assert!(said.contains("MAIL FROM:<office@roofers.example>"), "{said}");
    assert!(said.contains("RCPT TO:<maria@example.org>\r\nDATA\r\n"), "{said}");
    let (_, mail) = said.split_once("DATA\r\n").unwrap();
    let (mail, _) = mail.split_once("\r\n.\r\n").unwrap();
    let (head, body) = mail.split_once("\r\n\r\n").unwrap();
    let mut fields: Vec<&str> = head.split("\r\n").collect();
    fields.sort_unstable();
    let expected = [
        "Auto-Submitted: auto-generated",
        "Content-Transfer-Encoding: quoted-printable",
        "Content-Type: text/plain; charset=utf-8",
        "Date: Sun, 01 Mar 2026 12:00:00 +0000",
        "From: \"Summit Roofing\" <office@roofers.example>",
        "Message-ID: <m17@roofers.example>",
        "Subject: Summit Roofing: choose a new password",
        "To: maria@example.org",
    ];
    let fields: Vec<&str> = fields.into_iter().filter(|field| !field.starts_with("MIME")).collect();
    assert_eq!(fields, expected);
    // Lines that are too long go in pieces.
    let body = body.replace("=\r\n", "");
    let link = "    https://roofers.example/s/abcdefghijklmnopqrstuvwxyz234567abcdefghijklmnopqrst";
    assert!(body.lines().any(|line| line == link), "{body}");
    assert!(said.ends_with("QUIT\r\n"), "{said}");
}

#[test]
fn other_scripts_arrive_encoded_and_lines_stay_short() {
    let sink = Sink::start(|stream| serve_mail(stream, |_| None));
    let mailer = mailer(&format!("smtp://127.0.0.1:{}", sink.port), TIMEOUT);
    send(&mailer, &letter(&"Дахарі Українські 屋根 ".repeat(9))).unwrap();
    let said = sink.arrived();
    assert!(said.contains("Subject: =?utf-8?b?"), "{said}");
    assert!(said.is_ascii(), "{said}");
    assert!(said.lines().all(|line| line.len() <= 78), "{said}");
}

#[test]
fn no_name_adds_a_header() {
    let sink = Sink::start(|stream| serve_mail(stream, |_| None));
    let mailer = mailer(&format!("smtp://127.0.0.1:{}", sink.port), TIMEOUT);
    send(&mailer, &letter("X\r\nBcc: all@example.org\r\n\r\n.\r\nQUIT")).unwrap();
    let said = sink.arrived();
    assert!(
        !said.lines().any(|line| line.starts_with("Bcc") || line.starts_with(" Bcc")),
        "{said}"
    );
    assert_eq!(said.lines().filter(|line| *line == "QUIT").count(), 1);
    assert_eq!(said.matches("RCPT TO").count(), 1);
}

#[test]
fn no_recipient_adds_a_command() {
    let mailer = mailer("smtp://127.0.0.1:9", TIMEOUT);
    let now = Timestamp::UNIX_EPOCH;
    for to in ["", "maria", "a@b.example>\r\nRCPT TO:<c@d.example", "a@b.example, c@d.example"] {
        let error = mailer.send(to, &letter("Roofers"), "1", now).unwrap_err();
        assert!(matches!(error, MailError::NoAddress(_)), "{error:?}");
        assert!(!error.is_temporary());
    }
}

#[test]
fn a_password_is_given_over_tls_to_a_server_with_the_right_name_only() {
    let sink = Sink::start(|stream| serve_mail(with_tls(stream), |_| None));
    let url = |port: u16| format!("smtps://user:swordfish@localhost:{port}");
    send(&mailer(&url(sink.port), TIMEOUT), &letter("Roofers")).unwrap();
    // user and password, each after a zero byte.
    let said = sink.arrived();
    assert!(said.contains("AUTH PLAIN AHVzZXIAc3dvcmRmaXNo"), "{said}");
    let sink = Sink::start(|stream| serve_mail(with_tls(stream), |_| None));
    let other =
        Mailer::new(&url(sink.port), "office@roofers.example", &Roots::from_pem(b""), TIMEOUT);
    let error = send(&other.unwrap(), &letter("Roofers")).unwrap_err();
    assert!(matches!(error, MailError::Unreachable(_)), "{error:?}");
    assert_eq!(sink.arrived(), "");
}

#[test]
fn without_starttls_nothing_is_said_where_it_is_required() {
    let sink = Sink::start(|stream| serve_mail(stream, |_| None));
    let url = format!("smtp://user:swordfish@127.0.0.1:{}?tls=required", sink.port);
    let error = send(&mailer(&url, TIMEOUT), &letter("Roofers")).unwrap_err();
    assert!(matches!(error, MailError::Unreachable(_)), "{error:?}");
    let said = sink.arrived();
    assert!(!said.contains("AUTH") && !said.contains("MAIL"), "{said}");
}

#[test]
fn a_server_that_refuses_is_quoted() {
    for (command, text, is_temporary) in [
        ("RCPT", "550 no such user", false),
        ("MAIL", "451 try again later", true),
        (".", "554 that is spam", false),
    ] {
        let sink = Sink::start(move |stream| {
            serve_mail(stream, move |said| said.starts_with(command).then_some(text))
        });
        let mailer = mailer(&format!("smtp://127.0.0.1:{}", sink.port), TIMEOUT);
        let error = send(&mailer, &letter("Roofers")).unwrap_err();
        let (code, words) = text.split_once(' ').unwrap();
        let expected = format!("the mail server refused the message with {code}: {words}");
        assert_eq!(error.to_string(), expected);
        assert_eq!(error.is_temporary(), is_temporary);
    }
}

#[test]
fn a_server_that_hangs_is_left_after_the_timeout() {
    // It reads what it is told and says nothing, until the client leaves.
    let sink = Sink::start(|mut stream| {
        let mut said = Vec::new();
        let _ = stream.read_to_end(&mut said);
        String::from_utf8_lossy(&said).into_owned()
    });
    let mailer = mailer(&format!("smtp://127.0.0.1:{}", sink.port), Duration::from_millis(200));
    let error = send(&mailer, &letter("Roofers")).unwrap_err();
    assert!(matches!(error, MailError::Timeout), "{error:?}");
    assert!(error.is_temporary());
    assert_eq!(sink.arrived(), "");
}

#[test]
fn a_server_that_is_not_there_is_told() {
    let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
    let error = send(&mailer(&format!("smtp://127.0.0.1:{port}"), TIMEOUT), &letter("Roofers"));
    let error = error.unwrap_err();
    assert_eq!(error.to_string(), "the mail server could not be reached");
    assert!(error.is_temporary());
}
