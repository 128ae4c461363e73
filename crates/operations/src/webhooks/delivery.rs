//! Sends one webhook: one POST to one target, and what came back.
//!
//! The name of the target is looked up here, every address that it has is judged, and the
//! connection goes to one of those, so that a name cannot be public when it is judged and private
//! when it is connected to. Redirects are not followed, proxies of the environment not used.
//! Blocks; the caller runs it where that does no harm. Retries nothing and signs nothing.

use std::fmt;
use std::io::Read;
use std::time::Duration;

use ureq::Agent;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};

use super::signature::Signed;
use super::target::{Target, TargetRefused, judge};
use crate::tls::{self, Roots};

/// How long a delivery may take in all.
pub const TIMEOUT: Duration = Duration::from_secs(15);

/// How much of the answer is kept, in bytes: enough to tell what was wrong.
pub const MOST_ANSWER_BYTES: u64 = 4096;

/// What the target answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status; see [`super::retry::meaning_of`].
    pub status: u16,
    /// The first [`MOST_ANSWER_BYTES`] of the body, as far as they are text.
    pub body: String,
}

/// Why there is no answer. All but a refusal may be different next time.
#[derive(Debug, thiserror::Error)]
pub enum NoAnswer {
    /// The target is none that Guildhall sends to.
    #[error(transparent)]
    Refused(#[from] TargetRefused),
    /// It took longer than it may.
    #[error("the target did not answer in time")]
    Timeout,
    /// There is no such host.
    #[error("the target's name was not found")]
    NotFound,
    /// No connection, broken TLS, no HTTP.
    #[error("the target could not be reached")]
    Unreachable(#[source] Box<ureq::Error>),
}

/// Sends webhooks. One for the whole server.
#[derive(Clone, Debug)]
pub struct Sender {
    agent: Agent,
    allow_private: bool,
}

impl Sender {
    /// A sender that believes these certificates and refuses private addresses, unless they are
    /// allowed.
    pub fn new(roots: &Roots, allow_private: bool) -> Self {
        Self::with_timeout(roots, allow_private, TIMEOUT)
    }

    /// The same with another timeout than [`TIMEOUT`].
    pub fn with_timeout(roots: &Roots, allow_private: bool, timeout: Duration) -> Self {
        let certificates = roots.certificates().map(|der| Certificate::from_der(der).to_owned());
        let tls = TlsConfig::builder()
            .unversioned_rustls_crypto_provider(tls::provider())
            .root_certs(RootCerts::from(certificates))
            .build();
        let config = Agent::config_builder()
            .tls_config(tls)
            .timeout_global(Some(timeout))
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None)
            // A connection kept would be to an address judged some time ago.
            .max_idle_connections(0)
            .user_agent(concat!("Guildhall/", env!("CARGO_PKG_VERSION")))
            .build();
        let resolver = Judging { inner: DefaultResolver::default(), allow_private };
        Self { agent: Agent::with_parts(config, DefaultConnector::new(), resolver), allow_private }
    }

    /// Reads the URL of a target, as this sender sends to.
    pub fn target(&self, url: &str) -> Result<Target, TargetRefused> {
        Target::parse(url, self.allow_private)
    }

    /// Posts a body in JSON with the headers of its signature.
    pub fn send(&self, target: &Target, signed: &Signed, body: &[u8]) -> Result<Answer, NoAnswer> {
        let mut request =
            self.agent.post(target.uri().clone()).header("content-type", "application/json");
        for (name, value) in signed.headers() {
            request = request.header(name, value);
        }
        let mut response = request.send(body).map_err(no_answer)?;
        let mut begin = Vec::new();
        // The status is the answer; a body that breaks off does not change it.
        let _ = response.body_mut().as_reader().take(MOST_ANSWER_BYTES).read_to_end(&mut begin);
        Ok(Answer {
            status: response.status().as_u16(),
            body: String::from_utf8_lossy(&begin).into_owned(),
        })
    }
}

fn no_answer(error: ureq::Error) -> NoAnswer {
    match error {
        ureq::Error::Timeout(_) => NoAnswer::Timeout,
        ureq::Error::HostNotFound => NoAnswer::NotFound,
        ureq::Error::Other(other) => match other.downcast::<TargetRefused>() {
            Ok(refused) => NoAnswer::Refused(*refused),
            Err(other) => NoAnswer::Unreachable(Box::new(ureq::Error::Other(other))),
        },
        // What the system says when it knows no such name.
        ureq::Error::Io(error) if error.to_string().contains("failed to lookup") => {
            NoAnswer::NotFound
        }
        other => NoAnswer::Unreachable(Box::new(other)),
    }
}

/// Looks names up and judges what comes of it.
struct Judging {
    inner: DefaultResolver,
    allow_private: bool,
}

impl Resolver for Judging {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.inner.resolve(uri, config, timeout)?;
        for address in &found {
            let judged = judge(uri, address.ip(), self.allow_private);
            judged.map_err(|refused| ureq::Error::Other(Box::new(refused)))?;
        }
        Ok(found)
    }
}

impl fmt::Debug for Judging {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Judging")
            .field("allow_private", &self.allow_private)
            .finish_non_exhaustive()
    }
}
