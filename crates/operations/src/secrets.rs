//! Random secrets that a person or program holds, and the digests of them that are stored.
//!
//! The one place that draws random numbers. A [`Secret`] is shown once, to the one who will hold
//! it; the store keeps its [`Digest`], from which nobody gets back. Secrets have 256 random bits,
//! so that a plain SHA-256 is enough: passwords, which have few, are in [`crate::passwords`].
//! Knows nothing of what a secret opens.

use std::fmt;

use data_encoding::{BASE32_NOPAD, HEXLOWER};
use serde::{Deserialize, Serialize};
use sha2::Digest as _;
use subtle::ConstantTimeEq;

/// The operating system gives no random numbers. Nothing that needs a secret can go on.
#[derive(Debug, thiserror::Error)]
#[error("the operating system gives no random numbers")]
pub struct NoRandomness(#[source] getrandom::Error);

/// Bytes from the operating system's source of randomness, fit for secrets.
pub fn random<const N: usize>() -> Result<[u8; N], NoRandomness> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(NoRandomness)?;
    Ok(bytes)
}

/// What goes before the text of an API token, so that people and scanners know one when they
/// see it.
pub const API_TOKEN_PREFIX: &str = "gh_";

/// A random token of 256 bits. Whoever shows it is whom it was given to.
///
/// `Debug` does not print it.
///
/// ```
/// use guildhall_operations::secrets::{Form, Secret};
///
/// let secret = Secret::generate()?;
/// let text = secret.shown(Form::ApiToken);
/// assert!(text.starts_with("gh_"));
/// let again = Secret::parse(&text, Form::ApiToken).expect("as it was shown");
/// assert_eq!(again.digest(), secret.digest());
/// # Ok::<(), guildhall_operations::secrets::NoRandomness>(())
/// ```
#[derive(Clone)]
pub struct Secret([u8; 32]);

/// How a secret is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// 52 letters and digits: in cookies and links. No sign among them ends a link in a mail.
    Bare,
    /// The same after [`API_TOKEN_PREFIX`].
    ApiToken,
}

impl Secret {
    /// A new one.
    pub fn generate() -> Result<Self, NoRandomness> {
        random().map(Self)
    }

    /// The text to give away, once.
    pub fn shown(&self, form: Form) -> String {
        let text = BASE32_NOPAD.encode(&self.0).to_ascii_lowercase();
        match form {
            Form::Bare => text,
            Form::ApiToken => format!("{API_TOKEN_PREFIX}{text}"),
        }
    }

    /// Reads the text as it was shown; `None` where it is no such text.
    ///
    /// Every secret has one text: no other spelling of it is read.
    pub fn parse(text: &str, form: Form) -> Option<Self> {
        let text = match form {
            Form::Bare => text,
            Form::ApiToken => text.strip_prefix(API_TOKEN_PREFIX)?,
        };
        if text.len() != 52 || text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return None;
        }
        let bytes = BASE32_NOPAD.decode(text.to_ascii_uppercase().as_bytes()).ok()?;
        bytes.try_into().ok().map(Self)
    }

    /// What is stored of it.
    pub fn digest(&self) -> Digest {
        Digest::of(&self.0)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// The SHA-256 of a secret, as 64 hexadecimal digits: what the store keeps and looks up.
///
/// Comparing takes the same time wherever two differ.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Digest(String);

impl Digest {
    /// The digest of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(HEXLOWER.encode(&sha2::Sha256::digest(bytes)))
    }

    /// Reads 64 hexadecimal digits in lower case; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = HEXLOWER.decode(text.as_bytes()).ok()?;
        (bytes.len() == 32).then(|| Self(text.to_owned()))
    }

    /// The hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl PartialEq for Digest {
    fn eq(&self, other: &Self) -> bool {
        is_same(self.0.as_bytes(), other.0.as_bytes())
    }
}

impl Eq for Digest {}

impl TryFrom<String> for Digest {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("no SHA-256 in hexadecimal digits")
    }
}

impl From<Digest> for String {
    fn from(digest: Digest) -> Self {
        digest.0
    }
}

/// Whether two byte strings are the same, in a time that depends on their lengths only.
pub fn is_same(one: &[u8], other: &[u8]) -> bool {
    one.ct_eq(other).into()
}

/// A text of the configuration that may hold a password. `Debug` does not print it.
#[derive(Clone, PartialEq, Eq)]
pub struct Hidden(String);

impl Hidden {
    /// Hides this text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text, for whoever needs it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hidden(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_read_as_it_was_shown() {
        for form in [Form::Bare, Form::ApiToken] {
            let secret = Secret::generate().unwrap();
            let text = secret.shown(form);
            assert_eq!(Secret::parse(&text, form).unwrap().digest(), secret.digest());
        }
    }

    #[test]
    fn a_secret_has_one_text_and_one_form() {
        let secret = Secret([7; 32]);
        let text = secret.shown(Form::Bare);
        assert_eq!(text.len(), 52);
        assert!(Secret::parse(&text.to_ascii_uppercase(), Form::Bare).is_none());
        assert!(Secret::parse(&text, Form::ApiToken).is_none());
        assert!(Secret::parse(&secret.shown(Form::ApiToken), Form::Bare).is_none());
        // The last letter carries one bit only.
        let (head, last) = text.split_at(51);
        let others = "abcdefghijklmnopqrstuvwxyz234567".chars().filter(|c| !last.contains(*c));
        let read = others.filter_map(|c| Secret::parse(&format!("{head}{c}"), Form::Bare));
        assert_eq!(read.count(), 1);
        for bad in ["", "gh_", "é", &text[1..], &format!("{text}a"), &"1".repeat(52)] {
            assert!(Secret::parse(bad, Form::Bare).is_none(), "{bad}");
        }
    }

    #[test]
    fn two_secrets_differ() {
        let (one, other) = (Secret::generate().unwrap(), Secret::generate().unwrap());
        assert_ne!(one.digest(), other.digest());
    }

    #[test]
    fn debug_prints_no_secret() {
        let secret = Secret([7; 32]);
        assert_eq!(format!("{secret:?}"), "Secret(…)");
        assert_eq!(format!("{:?}", Hidden::new("swordfish")), "Hidden(…)");
    }

    #[test]
    fn a_digest_is_sha_256_in_hexadecimal_digits() {
        let digest = Digest::of(b"abc");
        let known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(digest.as_str(), known);
        assert_eq!(Digest::parse(known), Some(digest.clone()));
        assert_eq!(Digest::parse(&known.to_uppercase()), None);
        assert_eq!(Digest::parse("ba78"), None);
        let json = serde_json::to_string(&digest).unwrap();
        assert_eq!(serde_json::from_str::<Digest>(&json).unwrap(), digest);
        assert!(serde_json::from_str::<Digest>("\"ba78\"").is_err());
    }
}
