//! Signatures of webhooks, by version 1 of the Standard Webhooks scheme.
//!
//! A request carries `webhook-id`, `webhook-timestamp` (seconds since 1970) and
//! `webhook-signature`: `v1,` and the Base64 of HMAC-SHA-256 over `id.timestamp.body`. While a
//! secret is being replaced there is one signature for each, with blanks between them. Receivers
//! verify with a library of the scheme; [`verify`] is for tests, and for what Guildhall receives.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use sha2::Sha256;

use crate::secrets::{self, NoRandomness};

/// What goes before the text of a signing secret.
pub const SECRET_PREFIX: &str = "whsec_";

/// By how many seconds the clocks of sender and receiver may differ, on the way included.
pub const TOLERANCE_SECONDS: i64 = 5 * 60;

/// A secret that sender and receiver share: 24 to 64 bytes. `Debug` does not print it.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningSecret(Vec<u8>);

/// A text is no signing secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a signing secret is `whsec_` and the Base64 of 24 to 64 bytes")]
pub struct NoSigningSecret;

impl SigningSecret {
    /// A new one of 32 bytes.
    pub fn generate() -> Result<Self, NoRandomness> {
        secrets::random::<32>().map(|bytes| Self(bytes.to_vec()))
    }

    /// Reads `whsec_…`, as [`Self::shown`] writes it and as other systems hand it out.
    pub fn parse(text: &str) -> Result<Self, NoSigningSecret> {
        let encoded = text.strip_prefix(SECRET_PREFIX).ok_or(NoSigningSecret)?;
        let bytes = STANDARD.decode(encoded).map_err(|_| NoSigningSecret)?;
        (24..=64).contains(&bytes.len()).then_some(Self(bytes)).ok_or(NoSigningSecret)
    }

    /// The text to give to the receiver and to store: it cannot be stored as a digest.
    pub fn shown(&self) -> String {
        format!("{SECRET_PREFIX}{}", STANDARD.encode(&self.0))
    }

    /// The signature of a message, with its version.
    fn signature(&self, id: &str, second: i64, body: &[u8]) -> String {
        // A key of any length is taken.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else { return String::new() };
        mac.update(format!("{id}.{second}.").as_bytes());
        mac.update(body);
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    }
}

impl fmt::Debug for SigningSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningSecret(…)")
    }
}

/// The three headers of a signed request, with their names in lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// `webhook-id`: the same whenever the message is sent again, so that receivers can tell.
    pub id: String,
    /// `webhook-timestamp`: when this attempt was made, in seconds since 1970.
    pub timestamp: String,
    /// `webhook-signature`.
    pub signature: String,
}

impl Signed {
    /// Names and values.
    pub fn headers(&self) -> [(&'static str, &str); 3] {
        [
            ("webhook-id", &self.id),
            ("webhook-timestamp", &self.timestamp),
            ("webhook-signature", &self.signature),
        ]
    }
}

/// Signs a message at the moment at which it is sent, with each secret.
///
/// The id is made of letters, digits, `_` and `-`: with a dot in it, one message could be taken
/// for another.
pub fn sign(secrets: &[SigningSecret], id: &str, now: Timestamp, body: &[u8]) -> Signed {
    let second = now.as_second();
    let signatures: Vec<String> =
        secrets.iter().map(|secret| secret.signature(id, second, body)).collect();
    Signed { id: id.to_owned(), timestamp: second.to_string(), signature: signatures.join(" ") }
}

/// Why a message is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unverified {
    /// The timestamp is no number.
    #[error("the timestamp is no number of seconds")]
    NoTimestamp,
    /// It was signed too long ago, or is from the future: someone may be sending it again.
    #[error("the message was not signed within the last five minutes")]
    OtherTime,
    /// None of the signatures is right.
    #[error("no signature is right")]
    NoSignature,
}

/// Verifies that somebody with one of the secrets signed the message within
/// [`TOLERANCE_SECONDS`].
pub fn verify(
    secrets: &[SigningSecret],
    signed: &Signed,
    now: Timestamp,
    body: &[u8],
) -> Result<(), Unverified> {
    let second: i64 = signed.timestamp.parse().map_err(|_| Unverified::NoTimestamp)?;
    if second.abs_diff(now.as_second()) > TOLERANCE_SECONDS.unsigned_abs() {
        return Err(Unverified::OtherTime);
    }
    let expected: Vec<String> =
        secrets.iter().map(|secret| secret.signature(&signed.id, second, body)).collect();
    // Other versions of the scheme may stand beside v1.
    let is_right =
        signed.signature.split(' ').filter(|given| given.starts_with("v1,")).any(|given| {
            expected.iter().any(|text| secrets::is_same(given.as_bytes(), text.as_bytes()))
        });
    if is_right { Ok(()) } else { Err(Unverified::NoSignature) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example in the documentation of the scheme and of its libraries.
    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const ID: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    const BODY: &[u8] = br#"{"test": 2432232314}"#;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn signed() -> (SigningSecret, Signed) {
        let secret = SigningSecret::parse(SECRET).unwrap();
        let signed = sign(std::slice::from_ref(&secret), ID, at(1_614_265_330), BODY);
        (secret, signed)
    }

    #[test]
    fn the_signature_is_that_of_the_scheme() {
        let (secret, signed) = signed();
        assert_eq!(signed.signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        assert_eq!(
            signed.headers().map(|(name, _)| name),
            ["webhook-id", "webhook-timestamp", "webhook-signature"]
        );
        assert_eq!(verify(&[secret], &signed, at(1_614_265_330), BODY), Ok(()));
    }

    #[test]
    fn a_message_is_believed_for_five_minutes() {
        let (secret, signed) = signed();
        let secrets = [secret];
        let at_second = |second: i64| verify(&secrets, &signed, at(1_614_265_330 + second), BODY);
        assert_eq!((at_second(300), at_second(-300)), (Ok(()), Ok(())));
        assert_eq!(at_second(301), Err(Unverified::OtherTime));
        assert_eq!(at_second(-301), Err(Unverified::OtherTime));
    }

    #[test]
    fn whatever_is_changed_is_not_believed() {
        let (secret, signed) = signed();
        let now = at(1_614_265_330);
        let refused = |signed: &Signed, body: &[u8]| {
            verify(std::slice::from_ref(&secret), signed, now, body).unwrap_err()
        };
        assert_eq!(refused(&signed, b"{}"), Unverified::NoSignature);
        let other = Signed { id: "msg_2".to_owned(), ..signed.clone() };
        assert_eq!(refused(&other, BODY), Unverified::NoSignature);
        let other = Signed { timestamp: "1614265331".to_owned(), ..signed.clone() };
        assert_eq!(refused(&other, BODY), Unverified::NoSignature);
        let other = Signed { timestamp: "now".to_owned(), ..signed.clone() };
        assert_eq!(refused(&other, BODY), Unverified::NoTimestamp);
        for text in ["", "v1,", "v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="] {
            let other = Signed { signature: text.to_owned(), ..signed.clone() };
            assert_eq!(refused(&other, BODY), Unverified::NoSignature);
        }
        assert_eq!(verify(&[], &signed, now, BODY), Err(Unverified::NoSignature));
    }

    #[test]
    fn while_a_secret_is_replaced_both_verify() {
        let (old, new) =
            (SigningSecret::parse(SECRET).unwrap(), SigningSecret::generate().unwrap());
        let now = at(1_800_000_000);
        let signed = sign(&[new.clone(), old.clone()], "msg_1", now, BODY);
        assert_eq!(signed.signature.split(' ').count(), 2);
        assert_eq!(verify(std::slice::from_ref(&old), &signed, now, BODY), Ok(()));
        assert_eq!(verify(std::slice::from_ref(&new), &signed, now, BODY), Ok(()));
        let only_old = sign(std::slice::from_ref(&old), "msg_1", now, BODY);
        assert_eq!(verify(&[new, old], &only_old, now, BODY), Ok(()));
    }

    #[test]
    fn secrets_have_one_form() {
        let secret = SigningSecret::generate().unwrap();
        assert_eq!(SigningSecret::parse(&secret.shown()), Ok(secret.clone()));
        assert_eq!(format!("{secret:?}"), "SigningSecret(…)");
        let of = |length: usize| format!("whsec_{}", STANDARD.encode(vec![7; length]));
        assert!(SigningSecret::parse(&of(24)).is_ok() && SigningSecret::parse(&of(64)).is_ok());
        let bare = secret.shown().replace("whsec_", "");
        for bad in [&of(23), &of(65), &bare, "", "whsec_", "whsec_%%%%"] {
            assert_eq!(SigningSecret::parse(bad), Err(NoSigningSecret), "{bad}");
        }
    }
}
