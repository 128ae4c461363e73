//! Passwords: which are taken, how they are stored, and whether one is right.
//!
//! Stored are PHC strings of Argon2id with what OWASP's cheat sheet on password storage gives as
//! its first choice of a small memory: 19 MiB, two passes, one lane. Which passwords are taken
//! follows NIST SP 800-63B: long enough and not known to be common, and no rules about their
//! letters. Hashing takes tens of milliseconds and 19 MiB: callers do it off the threads that
//! answer requests, a few at a time. How often somebody may try is in [`crate::attempts`].
//!
//! A password is the bytes of its text in UTF-8 as it was sent, without normalization.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{self, PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use guildhall_rules::problem::Problem;

use crate::secrets::{self, NoRandomness};

/// The fewest characters of a password. NIST asks for fifteen where a password is alone, and
/// eight beside a second factor; twelve holds until the second factor is set up.
pub const LEAST_CHARACTERS: usize = 12;

/// The most bytes of a password: far above what people choose, far below what takes time.
pub const MOST_BYTES: usize = 1024;

/// Why a password was not stored or not checked. Never because it was wrong.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// No salt could be drawn.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// What is stored is no PHC string of Argon2, or there is no memory to hash in.
    #[error("the password cannot be hashed or compared")]
    Hash(#[source] password_hash::Error),
}

/// Common passwords and the words that they are made of, in lower case.
const COMMON: &str = include_str!("passwords/common.txt");

/// A hash of a password that nobody has, with today's parameters: what an unknown user's password
/// is compared with, so that the answer takes as long as for a known one.
const NOBODYS: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IGhhcyB0aGlzLg\
    $4gbBcXt9WCq5ZdfRL8pn3w6Vpv1u9yLLbRVfjOPLq0g";

fn argon2() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::DEFAULT)
}

/// The PHC string to store for a password.
pub fn hash(password: &str) -> Result<String, PasswordError> {
    let salt = secrets::random::<16>()?;
    let hash = argon2().hash_password_with_salt(password.as_bytes(), &salt);
    hash.map(|hash: PasswordHash| hash.to_string()).map_err(PasswordError::Hash)
}

/// Whether a password is the stored one. Without a stored one it is not, after the same time.
///
/// What is stored is compared with the parameters that it names, so that old hashes stay good; see
/// [`needs_rehash`].
///
/// # Errors
///
/// If what is stored cannot be compared with. That is never a yes.
pub fn verify(password: &str, stored: Option<&str>) -> Result<bool, PasswordError> {
    let hash = PasswordHash::new(stored.unwrap_or(NOBODYS))
        .map_err(|error| PasswordError::Hash(error.into()))?;
    if hash.salt.is_none() || hash.hash.is_none() {
        return Err(PasswordError::Hash(password_hash::Error::EncodingInvalid));
    }
    // None that was stored is longer; hashing all of a long one would cost the server.
    let is_too_long = password.len() > MOST_BYTES;
    let given = if is_too_long { "" } else { password };
    match argon2().verify_password(given.as_bytes(), &hash) {
        Ok(()) => Ok(stored.is_some() && !is_too_long),
        Err(password_hash::Error::PasswordInvalid) => Ok(false),
        Err(error) => Err(PasswordError::Hash(error)),
    }
}

/// Whether a stored hash has other parameters than today's: hash the password anew when it was
/// right the next time.
pub fn needs_rehash(stored: &str) -> bool {
    let Ok(hash) = PasswordHash::new(stored) else { return true };
    let is_today = hash.hash.is_some()
        && hash.algorithm.as_str() == Algorithm::Argon2id.as_str()
        && hash.version == Some(Version::V0x13.into())
        && Params::try_from(&hash).is_ok_and(|params| {
            let today = Params::DEFAULT;
            (params.m_cost(), params.t_cost(), params.p_cost())
                == (today.m_cost(), today.t_cost(), today.p_cost())
        });
    !is_today
}

/// Everything that speaks against a new password for the user with this e-mail address. Empty: it
/// is taken.
///
/// The problems have the code `weak-password` and the field's name as their column. They do not
/// quote the password.
pub fn check(password: &str, email: &str, field: &str) -> Vec<Problem> {
    let mut found = Vec::new();
    let mut note = |message: &str, hint: &str| {
        let mut problem = Problem::new("weak-password", message).hint(hint);
        problem.column = Some(field.to_owned());
        found.push(problem);
    };
    if password.chars().count() < LEAST_CHARACTERS {
        note(
            "the password has fewer than 12 characters",
            "four or five words that have nothing to do with each other are long and easy to keep",
        );
    }
    if password.len() > MOST_BYTES {
        note("the password has more than 1024 bytes", "a shorter one is as good");
        return found;
    }
    let lower = password.to_lowercase();
    if is_common(&lower) {
        note(
            "the password is among the first that anybody would try",
            "choose words that have nothing to do with each other; digits at the end do not help",
        );
    }
    let local = email.rsplit_once('@').map_or(email, |(local, _)| local).to_lowercase();
    // Two letters would be found in too many passwords.
    if local.chars().count() > 2 && lower.contains(&local) {
        note("the password contains the name of the e-mail address", "leave the name out");
    }
    found
}

/// Whether a password, in lower case, is a common one, one with something at its ends, a short
/// piece again and again, or a run of neighbours in the alphabet.
fn is_common(lower: &str) -> bool {
    let bare = lower.trim_matches(|c: char| !c.is_alphabetic());
    let plain: String = bare.chars().map(letter).collect();
    let is_listed = COMMON.lines().any(|word| [lower, bare, &plain].contains(&word));
    is_listed || is_repetition(lower) || is_run(lower)
}

/// The letter that a sign often stands for.
fn letter(sign: char) -> char {
    match sign {
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        other => other,
    }
}

/// Whether a text is a piece of at most four characters again and again.
fn is_repetition(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    (1..=4).any(|length| {
        chars.len() > length
            && chars.iter().zip(chars.iter().skip(length)).all(|(one, next)| one == next)
    })
}

/// Whether each character is the one after, or the one before, its neighbour. Digits go round.
fn is_run(text: &str) -> bool {
    let codes: Vec<u32> = text.chars().map(u32::from).collect();
    let follows = |from: u32, to: u32| {
        to == from.saturating_add(1) || (from, to) == (u32::from('9'), u32::from('0'))
    };
    let pairs = || codes.iter().zip(codes.iter().skip(1));
    codes.len() > 2
        && (pairs().all(|(one, next)| follows(*one, *next))
            || pairs().all(|(one, next)| follows(*next, *one)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_taken(password: &str) -> bool {
        check(password, "maria.alvarez@example.org", "password").is_empty()
    }

    #[test]
    fn a_password_is_right_and_another_is_wrong() {
        let stored = hash("three grey herons").unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert!(verify("three grey herons", Some(&stored)).unwrap());
        assert!(!verify("three grey heron", Some(&stored)).unwrap());
        assert!(!verify("", Some(&stored)).unwrap());
        assert_ne!(stored, hash("three grey herons").unwrap(), "salted");
        assert!(!needs_rehash(&stored));
    }

    #[test]
    fn an_unknown_user_is_compared_with_todays_parameters() {
        assert!(!needs_rehash(NOBODYS));
        assert!(!verify("three grey herons", None).unwrap());
        assert!(!verify("", None).unwrap());
    }

    #[test]
    fn an_overlong_password_is_wrong_even_if_the_empty_one_is_right() {
        let stored = hash("").unwrap();
        assert!(!verify(&"a".repeat(MOST_BYTES + 1), Some(&stored)).unwrap());
    }

    #[test]
    fn what_is_no_hash_is_an_error_and_never_a_yes() {
        for stored in ["", "swordfish", "$argon2id$v=19$m=19456", "$scrypt$ln=1$YWFhYQ$YWFhYQ"] {
            assert!(verify("swordfish", Some(stored)).is_err_and(|error| {
                error.to_string() == "the password cannot be hashed or compared"
            }));
            assert!(needs_rehash(stored));
        }
    }

    #[test]
    fn a_hash_with_other_parameters_is_still_compared_and_needs_a_new_one() {
        let params = Params::new(8, 1, 1, None).unwrap();
        let old = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let stored: PasswordHash =
            old.hash_password_with_salt(b"three grey herons", b"saltsaltsalt").unwrap();
        let stored = stored.to_string();
        assert!(verify("three grey herons", Some(&stored)).unwrap());
        assert!(needs_rehash(&stored));
    }

    #[test]
    fn long_uncommon_passwords_are_taken_whatever_they_are_made_of() {
        for password in ["three grey herons", "aqvtkmzlpwex", "дванадцять сов", "    a    b    ~"]
        {
            assert!(is_taken(password), "{password}");
        }
        assert!(is_taken(&"x y!".repeat(250).replacen('x', "z", 1)));
    }

    #[test]
    fn short_common_and_personal_passwords_are_refused() {
        for password in [
            "",
            "gray herons",
            "password1234",
            "Password12345!",
            "P@ssw0rd2026",
            "2026!sunshine!",
            "qwertyuiopasdf",
            "letmeinplease",
            "aaaaaaaaaaaaaaaa",
            "abcabcabcabc",
            "123456789012",
            "abcdefghijklmn",
            "987654321098",
            "my maria.alvarez pass",
            "MARIA.ALVAREZ",
        ] {
            assert!(!is_taken(password), "{password}");
        }
        assert!(!is_taken(&"x y!".repeat(257)));
    }

    #[test]
    fn a_problem_names_the_field_and_helps_but_quotes_nothing() {
        let problems = check("maria", "maria@example.org", "new_password");
        assert_eq!(problems.len(), 2);
        for problem in problems {
            assert_eq!(problem.code, "weak-password");
            assert_eq!(problem.column.as_deref(), Some("new_password"));
            assert!(problem.hint.is_some());
            assert!(!problem.message.contains("maria"));
        }
    }

    #[test]
    fn the_list_is_in_lower_case_without_blanks() {
        for word in COMMON.lines() {
            assert!(!word.is_empty() && word.trim() == word && word.to_lowercase() == word);
        }
    }
}
