//! The little of HTTP that measuring needs: one connection, kept alive, on loopback; cookies and
//! forms as a browser has them.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use crate::process::answer;
use crate::shell::{Outcome, command};

/// What an authenticator app does (RFC 6238), in Python, which tests need anyway.
const CODE: &str = "
import base64, hashlib, hmac, struct, sys, time
secret = sys.argv[1].replace(' ', '')
key = base64.b32decode(secret + '=' * (-len(secret) % 8))
step = struct.pack('>Q', int(time.time()) // 30)
digest = hmac.new(key, step, hashlib.sha1).digest()
at = digest[-1] & 15
print('%06d' % ((struct.unpack('>I', digest[at:at + 4])[0] & 0x7fffffff) % 1000000))
";

/// A connection to a server on this machine.
pub struct Client {
    address: String,
    identity: Identity,
    stream: Option<BufReader<TcpStream>>,
}

/// How a client shows who it is.
#[derive(Clone)]
enum Identity {
    /// By an API token.
    Token(String),
    /// By cookies, as a browser.
    Cookies(BTreeMap<String, String>),
}

/// What a server answered.
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The body.
    pub body: String,
    /// Cookies that it sets, as `name=value`.
    cookies: Vec<String>,
}

impl Client {
    /// To a server at an address, signed in with a token.
    pub fn new(address: &str, token: &str) -> Self {
        let identity = Identity::Token(token.to_owned());
        Self { address: address.to_owned(), identity, stream: None }
    }

    /// To a server at an address, as a browser that has not been there.
    pub fn browser(address: &str) -> Self {
        let identity = Identity::Cookies(BTreeMap::new());
        Self { address: address.to_owned(), identity, stream: None }
    }

    /// Another connection of whoever this is.
    pub fn again(&self) -> Self {
        Self { address: self.address.clone(), identity: self.identity.clone(), stream: None }
    }

    /// Signs in over the form of the portal, and sets up the second factor that is asked for.
    pub fn sign_in(&mut self, email: &str, password: &str) -> Outcome {
        let page = self.ask("GET", "/sign-in", None)?.body;
        self.send("/sign-in", &page, &[("email", email), ("password", password)], 303)?;
        let page = self.ask("GET", "/me/second-factor", None)?.body;
        let page = self.send("/me/second-factor", &page, &[], 200)?;
        let secret = between(&page, "class=\"secret\">", "<")?;
        let mut python = command("python3", &["-c", CODE, secret]);
        let code = answer("making a code", &mut python)?;
        let path = "/me/second-factor/confirm";
        self.send(path, &page, &[("code", code.trim())], 200).map(|_| ())
    }

    /// Sends a form that stands on a page, and returns what is answered.
    fn send(
        &mut self,
        path: &str,
        page: &str,
        fields: &[(&str, &str)],
        status: u16,
    ) -> Outcome<String> {
        let typed = |text: &str| text.replace('@', "%40").replace(' ', "+");
        let mut form = format!("token={}", between(page, "name=\"token\" value=\"", "\"")?);
        for (name, value) in fields {
            form += &format!("&{name}={}", typed(value));
        }
        let answer = self.ask("POST", path, Some(&form))?;
        if answer.status == status {
            return Ok(answer.body);
        }
        Err(format!("the form at {path} was answered by {}: {}", answer.status, answer.body))
    }

    /// Asks once, connecting where that is needed.
    pub fn ask(&mut self, method: &str, path: &str, body: Option<&str>) -> Outcome<Answer> {
        let outcome = self.try_ask(method, path, body);
        if outcome.is_err() {
            self.stream = None;
        }
        let answer = outcome.map_err(|error| format!("{method} {path}: {error}"))?;
        if let Identity::Cookies(kept) = &mut self.identity {
            let set = answer.cookies.iter().filter_map(|cookie| cookie.split_once('='));
            kept.extend(set.map(|(name, value)| (name.to_owned(), value.to_owned())));
        }
        Ok(answer)
    }

    fn try_ask(&mut self, method: &str, path: &str, body: Option<&str>) -> std::io::Result<Answer> {
        let stream = match &mut self.stream {
            Some(stream) => stream,
            none => {
                let stream = TcpStream::connect(&self.address)?;
                stream.set_nodelay(true)?;
                stream.set_read_timeout(Some(Duration::from_secs(20)))?;
                none.insert(BufReader::new(stream))
            }
        };
        let body = body.unwrap_or("");
        let (identity, kind) = match &self.identity {
            Identity::Token(token) => (format!("authorization: Bearer {token}"), "json"),
            Identity::Cookies(cookies) => {
                let cookies = cookies.iter().map(|(name, value)| format!("{name}={value}"));
                let cookies = cookies.collect::<Vec<_>>().join("; ");
                (format!("cookie: {cookies}"), "x-www-form-urlencoded")
            }
        };
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\n{identity}\r\n\
             content-type: application/{kind}\r\ncontent-length: {}\r\n\r\n{body}",
            self.address,
            body.len()
        );
        stream.get_mut().write_all(request.as_bytes())?;
        read_answer(stream)
    }
}

/// What stands in a text behind one part and before another.
fn between<'t>(text: &'t str, begin: &str, end: &str) -> Outcome<&'t str> {
    let found = text.split_once(begin).and_then(|(_, rest)| rest.split_once(end));
    found.map(|(found, _)| found).ok_or_else(|| format!("there is no {begin} in: {text}"))
}

fn read_answer(stream: &mut BufReader<TcpStream>) -> std::io::Result<Answer> {
    let wrong = |what: &str| std::io::Error::other(what.to_owned());
    let mut line = String::new();
    stream.read_line(&mut line)?;
    let status = line.split(' ').nth(1).and_then(|word| word.parse().ok());
    let status = status.ok_or_else(|| wrong("no status"))?;
    let (mut length, mut is_chunked, mut cookies) = (0, false, Vec::new());
    loop {
        line.clear();
        stream.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.trim().parse().map_err(|_| wrong("a bad length"))?,
            "set-cookie" => {
                cookies.extend(value.split(';').next().map(|set| set.trim().to_owned()));
            }
            "transfer-encoding" => is_chunked = value.contains("chunked"),
            _ => {}
        }
    }
    let mut body = Vec::new();
    if is_chunked {
        loop {
            line.clear();
            stream.read_line(&mut line)?;
            let size = usize::from_str_radix(line.trim(), 16).map_err(|_| wrong("a bad chunk"))?;
            let begin = body.len();
            body.resize(begin + size, 0);
            stream.read_exact(body.get_mut(begin..).unwrap_or_default())?;
            line.clear();
            stream.read_line(&mut line)?;
            if size == 0 {
                break;
            }
        }
    } else {
        body.resize(length, 0);
        stream.read_exact(&mut body)?;
    }
    Ok(Answer { status, body: String::from_utf8_lossy(&body).into_owned(), cookies })
}
