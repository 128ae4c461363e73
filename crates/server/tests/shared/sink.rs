//! Servers on loopback that take one connection each and tell what arrived: a mail server, and
//! whatever answers a POST. They follow a script and are no models of real servers.
#![allow(clippy::allow_attributes, dead_code, reason = "each test binary uses a part")]
#![expect(clippy::unwrap_used, reason = "a test may stop at once")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// The certificate of `localhost`, which is its own authority.
pub const CERTIFICATE: &[u8] = include_bytes!("../fixtures/localhost.pem");
const KEY: &[u8] = include_bytes!("../fixtures/localhost.key");

/// A server that takes one connection.
pub struct Sink {
    pub port: u16,
    arrived: Receiver<String>,
}

impl Sink {
    /// Starts one; `serve` is given the connection and says what arrived.
    pub fn start(serve: impl FnOnce(TcpStream) -> String + Send + 'static) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let (tell, arrived) = channel();
        thread::spawn(move || {
            let (stream, _) = listener.accept().unwrap();
            stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
            // Nobody may be waiting any more.
            let _ = tell.send(serve(stream));
        });
        Self { port, arrived }
    }

    /// What arrived, once the connection is over.
    pub fn arrived(self) -> String {
        self.arrived.recv_timeout(Duration::from_secs(20)).unwrap()
    }
}

/// The same connection with TLS.
pub fn with_tls(stream: TcpStream) -> StreamOwned<ServerConnection, TcpStream> {
    let chain = vec![CertificateDer::from_pem_slice(CERTIFICATE).unwrap()];
    let key = PrivateKeyDer::from_pem_slice(KEY).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    StreamOwned::new(ServerConnection::new(Arc::new(config)).unwrap(), stream)
}

/// Speaks SMTP until the client leaves. `answer` may refuse a command: `None` is the usual answer.
/// Returns all that the client said.
pub fn serve_mail(
    mut stream: impl Read + Write,
    answer: impl Fn(&str) -> Option<&'static str>,
) -> String {
    let mut said = String::new();
    let mut is_data = false;
    let mut reader = BufReader::new(&mut stream);
    let say = |reader: &mut BufReader<_>, text: &str| {
        Write::write_all(reader.get_mut(), format!("{text}\r\n").as_bytes()).is_ok()
    };
    say(&mut reader, "220 sink.example");
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 {
            return said;
        }
        said.push_str(&line);
        let command = line.trim_end();
        if is_data && command != "." {
            continue;
        }
        let usual = match command.split(' ').next().unwrap_or_default() {
            "." => "250 taken",
            "DATA" => "354 go on",
            "QUIT" => "221 goodbye",
            "EHLO" => "250-sink.example\r\n250-AUTH PLAIN\r\n250 8BITMIME",
            "AUTH" => "235 welcome",
            _ => "250 ok",
        };
        let text = answer(command).unwrap_or(usual);
        is_data = text.starts_with("354");
        if !say(&mut reader, text) || text.starts_with("221") {
            return said;
        }
    }
}

/// Reads one HTTP request and gives this answer. Returns the request.
pub fn serve_http(mut stream: impl Read + Write, answer: &[u8]) -> String {
    let mut request = Vec::new();
    let mut length = None;
    loop {
        let mut byte = [0];
        if stream.read(&mut byte).unwrap_or(0) == 0 {
            break;
        }
        request.push(byte[0]);
        if length.is_none() && request.ends_with(b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&request).to_lowercase();
            let field = head.split("content-length: ").nth(1).unwrap_or("0");
            let body: usize = field.lines().next().unwrap().trim().parse().unwrap();
            length = Some(request.len() + body);
        }
        if length == Some(request.len()) {
            break;
        }
    }
    let _ = stream.write_all(answer);
    let _ = stream.flush();
    String::from_utf8_lossy(&request).into_owned()
}
