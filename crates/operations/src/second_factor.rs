//! The second factor: one-time codes of an authenticator app, and recovery codes.
//!
//! Codes follow RFC 6238 with what every app reads: SHA-1, six digits, 30 seconds. One step before
//! and after the current one is taken, for clocks that differ. A code works once: the caller
//! stores the step of the last one, and hands it in with the next. Recovery codes stand in for a
//! lost phone; each works once, and only their digests are stored. How often somebody may try is
//! in [`crate::attempts`].

use std::fmt;
use std::fmt::Write as _;

use data_encoding::{BASE32_NOPAD, Encoding, Specification};
use jiff::Timestamp;
use totp_rs::Builder;

use crate::secrets::{self, Digest, NoRandomness};

/// Length of a step in seconds.
pub const STEP_SECONDS: u64 = 30;

/// How many steps a phone's clock may be off.
const SKEW_STEPS: u64 = 1;

/// How many recovery codes a user has.
pub const RECOVERY_CODES: usize = 10;

/// What an authenticator app and Guildhall share: 160 random bits. Unlike a password it cannot be
/// stored as a digest. `Debug` does not print it.
#[derive(Clone, PartialEq, Eq)]
pub struct SharedSecret([u8; 20]);

impl SharedSecret {
    /// A new one, for an enrolment.
    pub fn generate() -> Result<Self, NoRandomness> {
        secrets::random().map(Self)
    }

    /// Its text in Base32, as people type it into an app and as it is stored.
    pub fn shown(&self) -> String {
        BASE32_NOPAD.encode(&self.0)
    }

    /// Reads the text; `None` where it is no such text.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = BASE32_NOPAD.decode(text.as_bytes()).ok()?;
        bytes.try_into().ok().map(Self)
    }

    /// The address that a QR code shows to an app, with the names to show there: the network's,
    /// and the user's e-mail address.
    pub fn uri(&self, issuer: &str, account: &str) -> String {
        // A colon separates the two.
        let issuer = percent_encoded(&issuer.replace(':', " "));
        let account = percent_encoded(&account.replace(':', " "));
        let secret = self.shown();
        format!(
            "otpauth://totp/{issuer}:{account}?secret={secret}&issuer={issuer}\
             &algorithm=SHA1&digits=6&period={STEP_SECONDS}"
        )
    }

    /// The code of a step, which is the number of whole 30 seconds since 1970.
    fn code(&self, step: u64) -> String {
        // Digits, period and algorithm are the library's defaults, which the tests hold fixed.
        let totp = Builder::new().with_secret(self.0.to_vec()).build_noncompliant();
        totp.generate(step.saturating_mul(STEP_SECONDS)).to_string()
    }

    /// The code at a moment.
    pub fn code_at(&self, now: Timestamp) -> String {
        self.code(u64::try_from(now.as_second()).unwrap_or(0) / STEP_SECONDS)
    }

    /// Whether a code is right at this moment: the step that it belongs to, if so.
    ///
    /// `last_step` is what was returned for the last code that was taken, from enrolment on. No
    /// code of that step or of an earlier one is taken, so that a code seen over a shoulder is of
    /// no use. The caller stores the returned step, and takes the code only if no other request
    /// has stored the same or a later one meanwhile.
    pub fn accepted_step(&self, code: &str, now: Timestamp, last_step: Option<u64>) -> Option<u64> {
        // Apps show two groups of three.
        let code: String = code.chars().filter(|sign| !sign.is_whitespace()).collect();
        if code.len() != 6 || !code.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let current = u64::try_from(now.as_second()).ok()? / STEP_SECONDS;
        let mut accepted = None;
        // All are compared, whichever is right.
        for step in current.saturating_sub(SKEW_STEPS)..=current.saturating_add(SKEW_STEPS) {
            let is_right = secrets::is_same(self.code(step).as_bytes(), code.as_bytes());
            let is_new = last_step.is_none_or(|last| step > last);
            if is_right && is_new && accepted.is_none() {
                accepted = Some(step);
            }
        }
        accepted
    }
}

impl fmt::Debug for SharedSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharedSecret(…)")
    }
}

/// A text with everything but letters, digits and `-._~` written as `%XX` (RFC 3986).
fn percent_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a string does not fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// A code that stands in for a lost phone: 80 random bits, in four groups of four.
#[derive(Clone)]
pub struct RecoveryCode([u8; 10]);

/// Letters and digits that are not taken for each other when copied from paper.
fn alphabet() -> Option<Encoding> {
    let mut specification = Specification::new();
    specification.symbols.push_str("0123456789abcdefghjkmnpqrstvwxyz");
    specification.translate.from.push_str("ABCDEFGHJKMNPQRSTVWXYZoOiIlL");
    specification.translate.to.push_str("abcdefghjkmnpqrstvwxyz001111");
    specification.encoding().ok()
}

impl RecoveryCode {
    /// Ten new ones. Show them once, store their digests in place of all earlier ones.
    pub fn generate() -> Result<Vec<Self>, NoRandomness> {
        (0..RECOVERY_CODES).map(|_| secrets::random().map(Self)).collect()
    }

    /// The text to write down.
    pub fn shown(&self) -> String {
        let text = alphabet().map(|alphabet| alphabet.encode(&self.0)).unwrap_or_default();
        let signs: Vec<char> = text.chars().collect();
        let groups: Vec<String> = signs.chunks(4).map(|group| group.iter().collect()).collect();
        groups.join("-")
    }

    /// Reads a code as people type it: in capitals, with other blanks and dashes, with `O` for
    /// zero.
    pub fn parse(text: &str) -> Option<Self> {
        let is_sign = |sign: &char| !sign.is_whitespace() && !"-–—".contains(*sign);
        let signs: String = text.chars().filter(is_sign).collect();
        let bytes = alphabet()?.decode(signs.as_bytes()).ok()?;
        bytes.try_into().ok().map(Self)
    }

    /// What is stored of it.
    pub fn digest(&self) -> Digest {
        Digest::of(&self.0)
    }

    /// The stored digest that a typed text belongs to: whoever takes it, takes it from the store.
    pub fn find<'d>(text: &str, stored: &'d [Digest]) -> Option<&'d Digest> {
        let given = Self::parse(text)?.digest();
        // All are compared, whichever is the one.
        stored
            .iter()
            .fold(None, |found, digest| if *digest == given { Some(digest) } else { found })
    }
}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCode(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret of RFC 6238, appendix B.
    fn rfc() -> SharedSecret {
        SharedSecret(*b"12345678901234567890")
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn codes_are_those_of_the_rfc() {
        // The table has eight digits; six are its last six.
        for (second, code) in [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ] {
            let step = u64::try_from(second).unwrap() / STEP_SECONDS;
            assert_eq!(rfc().accepted_step(&code[2..], at(second), None), Some(step), "{second}");
        }
    }

    #[test]
    fn one_step_before_and_after_is_taken_and_no_other() {
        let accepted = |step: u64| {
            rfc().accepted_step(&rfc().code(step), at(1_111_111_109), None) == Some(step)
        };
        let current = 1_111_111_109 / STEP_SECONDS;
        let taken = (current - 3..=current + 3).filter(|step| accepted(*step));
        assert_eq!(taken.collect::<Vec<_>>(), [current - 1, current, current + 1]);
    }

    #[test]
    fn a_code_works_once_and_none_before_it_works_afterwards() {
        let now = at(1_111_111_109);
        let current = 1_111_111_109 / STEP_SECONDS;
        let code = rfc().code(current);
        assert_eq!(rfc().accepted_step(&code, now, Some(current - 1)), Some(current));
        assert_eq!(rfc().accepted_step(&code, now, Some(current)), None);
        assert_eq!(rfc().accepted_step(&rfc().code(current - 1), now, Some(current)), None);
        let next = rfc().code(current + 1);
        assert_eq!(rfc().accepted_step(&next, now, Some(current)), Some(current + 1));
    }

    #[test]
    fn codes_are_read_with_blanks_and_nothing_else_is_a_code() {
        assert!(rfc().accepted_step(" 287 082 ", at(59), None).is_some());
        for code in ["", "28708", "2870820", "28708a", "２８７０８２", "+28708"] {
            assert_eq!(rfc().accepted_step(code, at(59), None), None, "{code}");
        }
        assert_eq!(rfc().accepted_step("287082", at(-59), None), None);
    }

    #[test]
    fn an_enrolment_is_an_address_that_apps_read() {
        let uri = rfc().uri("Roofers: north", "maria+1@example.org");
        let expected = "otpauth://totp/Roofers%20%20north:maria%2B1%40example.org\
            ?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Roofers%20%20north\
            &algorithm=SHA1&digits=6&period=30";
        assert_eq!(uri, expected);
        assert_eq!(SharedSecret::parse(&rfc().shown()), Some(rfc()));
        assert_eq!(SharedSecret::parse("GEZDGNBVGY3TQOJQ"), None);
        assert_ne!(SharedSecret::generate().unwrap(), SharedSecret::generate().unwrap());
        assert_eq!(format!("{:?}", rfc()), "SharedSecret(…)");
    }

    #[test]
    fn ten_recovery_codes_are_made_and_each_is_found_by_its_digest() {
        let codes = RecoveryCode::generate().unwrap();
        assert_eq!(codes.len(), 10);
        let mut stored: Vec<Digest> = codes.iter().map(RecoveryCode::digest).collect();
        for code in &codes {
            let text = code.shown();
            assert_eq!(text.len(), 19);
            let typed = text.to_uppercase().replace('-', " ").replace('0', "O").replace('1', "l");
            let found = RecoveryCode::find(&typed, &stored).unwrap().clone();
            assert_eq!(found, code.digest());
            stored.retain(|digest| *digest != found);
            assert_eq!(RecoveryCode::find(&text, &stored), None);
        }
        assert_eq!(format!("{:?}", codes[0]), "RecoveryCode(…)");
    }

    #[test]
    fn what_is_no_recovery_code_is_not_found() {
        let stored = [RecoveryCode([0; 10]).digest()];
        for text in ["", "0000", "0000-0000-0000-000u", "0000-0000-0000-0000-0"] {
            assert_eq!(RecoveryCode::find(text, &stored), None, "{text}");
        }
        assert!(RecoveryCode::find("0000-0000-0000-0000", &stored).is_some());
    }
}
