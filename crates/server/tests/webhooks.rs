//! Webhooks as they arrive at a server on loopback, and targets that are not sent to.
#![expect(clippy::unwrap_used, reason = "a test may stop at once")]

#[path = "shared/sink.rs"]
mod sink;

use std::io::{Read, Write};
use std::net::TcpListener;
use std::time::Duration;

use guildhall_server::tls::Roots;
use guildhall_server::webhooks::delivery::{Answer, MOST_ANSWER_BYTES, NoAnswer, Sender};
use guildhall_server::webhooks::signature::{Signed, SigningSecret, sign, verify};
use guildhall_server::webhooks::{Target, TargetRefused};
use jiff::Timestamp;
use sink::{CERTIFICATE, Sink, serve_http, with_tls};

const OK: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nthanks";
const BODY: &[u8] = br#"{"type":"review.published"}"#;

fn now() -> Timestamp {
    "2026-03-01T12:00:00Z".parse().unwrap()
}

fn secret() -> SigningSecret {
    SigningSecret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap()
}

fn sender() -> Sender {
    Sender::new(&Roots::from_pem(CERTIFICATE), true)
}

fn send(sender: &Sender, url: &str) -> Result<Answer, NoAnswer> {
    let signed = sign(&[secret()], "msg_1", now(), BODY);
    sender.send(&sender.target(url).unwrap(), &signed, BODY)
}

/// The value of a header in a request.
fn header(request: &str, name: &str) -> String {
    let line = request.lines().find(|line| line.to_lowercase().starts_with(&format!("{name}:")));
    line.unwrap().split_once(':').unwrap().1.trim().to_owned()
}

#[test]
fn a_message_arrives_signed() {
    let sink = Sink::start(|stream| serve_http(stream, OK));
    let answer = send(&sender(), &format!("http://127.0.0.1:{}/hooks?a=b", sink.port)).unwrap();
    assert_eq!(answer, Answer { status: 200, body: "thanks".to_owned() });
    let request = sink.arrived();
    assert!(request.starts_with("POST /hooks?a=b HTTP/1.1\r\n"), "{request}");
    assert_eq!(header(&request, "content-type"), "application/json");
    assert!(header(&request, "user-agent").starts_with("Guildhall/"));
    let signed = Signed {
        id: header(&request, "webhook-id"),
        timestamp: header(&request, "webhook-timestamp"),
        signature: header(&request, "webhook-signature"),
    };
    let (_, body) = request.split_once("\r\n\r\n").unwrap();
    assert_eq!(verify(&[secret()], &signed, now(), body.as_bytes()), Ok(()));
}

#[test]
fn statuses_are_answers_and_redirects_are_not_followed() {
    for status in ["302 Found\r\nlocation: http://127.0.0.1:9/", "410 Gone", "500 Oh"] {
        let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n");
        let sink = Sink::start(move |stream| serve_http(stream, answer.as_bytes()));
        let answer = send(&sender(), &format!("http://127.0.0.1:{}/", sink.port)).unwrap();
        assert_eq!(answer.status.to_string(), status[..3]);
    }
}

#[test]
fn a_certificate_is_checked() {
    let sink = Sink::start(|stream| serve_http(with_tls(stream), OK));
    let answer = send(&sender(), &format!("https://localhost:{}/", sink.port)).unwrap();
    assert_eq!(answer.status, 200);
    let sink = Sink::start(|stream| serve_http(with_tls(stream), OK));
    let stranger = Sender::new(&Roots::from_pem(b""), true);
    let error = send(&stranger, &format!("https://localhost:{}/", sink.port)).unwrap_err();
    assert!(matches!(error, NoAnswer::Unreachable(_)), "{error:?}");
    assert_eq!(sink.arrived(), "");
}

#[test]
fn a_long_answer_is_cut() {
    let answer =
        format!("HTTP/1.1 500 No\r\ncontent-length: 100000\r\n\r\n{}", "x".repeat(100_000));
    let sink = Sink::start(move |stream| serve_http(stream, answer.as_bytes()));
    let answer = send(&sender(), &format!("http://127.0.0.1:{}/", sink.port)).unwrap();
    assert_eq!((answer.status, answer.body.len() as u64), (500, MOST_ANSWER_BYTES));
}

#[test]
fn a_target_that_hangs_is_left_after_the_timeout() {
    let impatient = Sender::with_timeout(&Roots::from_pem(b""), true, Duration::from_millis(300));
    let sink = Sink::start(|mut stream| {
        let _ = stream.read_to_end(&mut Vec::new());
        String::new()
    });
    let error = send(&impatient, &format!("http://127.0.0.1:{}/", sink.port)).unwrap_err();
    assert!(matches!(error, NoAnswer::Timeout), "{error:?}");
    // One that begins an answer and does not end it has given its status.
    let sink = Sink::start(|mut stream| {
        let _ = stream.write_all(b"HTTP/1.1 204 Fine\r\ncontent-length: 9\r\n\r\nx");
        let _ = stream.read_to_end(&mut Vec::new());
        String::new()
    });
    let answer = send(&impatient, &format!("http://127.0.0.1:{}/", sink.port)).unwrap();
    assert_eq!(answer.status, 204);
}

#[test]
fn what_is_not_there_is_told() {
    let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
    let error = send(&sender(), &format!("http://127.0.0.1:{port}/")).unwrap_err();
    assert_eq!(error.to_string(), "the target could not be reached");
}

#[test]
fn a_name_that_leads_to_this_machine_is_refused_and_not_connected_to() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let strict = Sender::new(&Roots::from_pem(CERTIFICATE), false);
    let error = send(&strict, &format!("https://localhost:{port}/")).unwrap_err();
    assert!(matches!(error, NoAnswer::Refused(TargetRefused::NotPublic(_))), "{error:?}");
    assert!(error.to_string().contains("is not a public one"), "{error}");
    // An address is judged again when it is sent to, whoever read the URL.
    let target = Target::parse(&format!("http://127.0.0.1:{port}/"), true).unwrap();
    let signed = sign(&[secret()], "msg_1", now(), BODY);
    let error = strict.send(&target, &signed, BODY).unwrap_err();
    assert!(matches!(error, NoAnswer::Refused(_)), "{error:?}");
    listener.set_nonblocking(true).unwrap();
    assert!(listener.accept().is_err(), "nobody connected");
}
