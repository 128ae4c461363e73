//! What a demonstration lets its visitors know: who signs in, and with what.
//!
//! A server that serves a real network has none of it. It is for the page on which one signs in,
//! and for the terminal; it opens no door that password and code do not open.

use jiff::Timestamp;

use crate::second_factor::SharedSecret;

/// A demonstration: everybody has one password, and one secret behind the codes.
#[derive(Clone, Debug)]
pub struct Demo {
    /// Who signs in, in the order in which they are shown.
    pub sign_ins: Vec<SignIn>,
    /// Everybody's password.
    pub password: String,
    /// What everybody's authenticator app shares.
    pub shared_secret: SharedSecret,
}

/// Somebody as whom a visitor signs in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignIn {
    /// The e-mail address.
    pub email: String,
    /// The name that people see.
    pub name: String,
    /// The words of the roles, as `alliance_lead`.
    pub roles: Vec<String>,
    /// The name of the organization.
    pub organization: String,
    /// The password.
    pub password: String,
    /// Whether a code is asked for behind the password.
    pub needs_code: bool,
}

impl Demo {
    /// The code at a moment. Each works once for each user: see [`crate::ops::demo::code`] for the
    /// one that works next.
    pub fn code(&self, now: Timestamp) -> String {
        self.shared_secret.code_at(now)
    }
}
