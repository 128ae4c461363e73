//! Why an operation did not do what it was asked. One table maps each to a status and a code.

use guildhall_rules::problem::{Problem, Problems};
use jiff::Timestamp;

/// Why an operation did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nobody is signed in, and somebody must be.
    #[error("sign in first")]
    SignInFirst,
    /// The password was right, and the second factor is still to be proved.
    #[error("the second factor is still to be proved")]
    SecondFactorNeeded,
    /// The user must set up a second factor before anything else.
    #[error("set up a second factor first")]
    SecondFactorNotEnrolled,
    /// E-mail address or password is wrong. Nothing says which.
    #[error("the e-mail address or the password is wrong")]
    SignInRefused,
    /// There is no such thing, or the caller may not know that there is.
    #[error("there is no {kind} `{id}`")]
    NotFound {
        /// What was looked for.
        kind: &'static str,
        /// Its id, as it was asked for.
        id: String,
    },
    /// The caller may see the thing, but not do this to it.
    #[error("you may not do this ({reason})")]
    Denied {
        /// The reason, a stable word of the policies.
        reason: String,
    },
    /// The input has problems.
    #[error("the input has problems")]
    Invalid(Problems),
    /// The thing is not in the state that this needs.
    #[error("{message}")]
    Conflict {
        /// A stable code.
        code: &'static str,
        /// What is in the way.
        message: String,
    },
    /// Somebody changed the thing since the caller looked at it.
    #[error("it was changed since you looked at it; it is now {now}")]
    Changed {
        /// What it is now: the tag of its version.
        now: String,
    },
    /// Too many attempts.
    #[error("too many attempts; try again at {until}")]
    TooMany {
        /// When the next attempt is heard.
        until: Timestamp,
    },
    /// The database is not there, or too busy.
    #[error("the database cannot be used right now")]
    Unavailable(#[source] guildhall_store::Error),
    /// Something broke.
    #[error("something broke")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// There is no such thing, or it is not to be known.
    pub fn not_found(kind: &'static str, id: &str) -> Self {
        Self::NotFound { kind, id: id.to_owned() }
    }

    /// The thing is not in the state that this needs.
    pub fn conflict(code: &'static str, message: impl Into<String>) -> Self {
        Self::Conflict { code, message: message.into() }
    }

    /// One problem of a field of the input.
    pub fn field(field: &str, code: &'static str, message: impl Into<String>) -> Self {
        let mut problem = Problem::new(code, message);
        problem.column = Some(field.to_owned());
        Self::Invalid(problem.into())
    }

    /// One problem of a field of the input, with advice.
    pub fn field_with_hint(
        field: &str,
        code: &'static str,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        let mut problem = Problem::new(code, message).hint(hint);
        problem.column = Some(field.to_owned());
        Self::Invalid(problem.into())
    }

    /// Something that cannot happen unless something is broken.
    pub fn internal(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(error.into())
    }

    /// The table: the HTTP status, the stable code, and a title.
    pub fn kind(&self) -> (u16, &'static str, &'static str) {
        match self {
            Self::SignInFirst => (401, "sign-in-first", "Nobody is signed in"),
            Self::SecondFactorNeeded => (401, "second-factor-needed", "A code is needed"),
            Self::SecondFactorNotEnrolled => {
                (401, "second-factor-not-enrolled", "A second factor must be set up")
            }
            Self::SignInRefused => (401, "sign-in-refused", "Address or password is wrong"),
            Self::NotFound { .. } => (404, "not-found", "There is no such thing"),
            Self::Denied { .. } => (403, "denied", "You may not do this"),
            Self::Invalid(_) => (422, "invalid", "The input has problems"),
            Self::Conflict { code, .. } => (409, code, "It is not in the state for this"),
            Self::Changed { .. } => (412, "changed", "Somebody else changed it"),
            Self::TooMany { .. } => (429, "too-many-attempts", "Too many attempts"),
            Self::Unavailable(_) => (503, "unavailable", "The database cannot be used right now"),
            Self::Internal(_) => (500, "internal", "Something broke"),
        }
    }
}

/// What an error says, with what is behind it: for the log.
pub fn with_sources(error: &dyn std::error::Error) -> String {
    let mut why = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        why = format!("{why}: {error}");
        source = error.source();
    }
    why
}

impl From<Problems> for Error {
    fn from(problems: Problems) -> Self {
        Self::Invalid(problems)
    }
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Self::Invalid(problem.into())
    }
}

impl From<guildhall_store::Error> for Error {
    fn from(error: guildhall_store::Error) -> Self {
        use guildhall_store::Error as Store;
        match error {
            Store::Busy | Store::Unreachable(_) | Store::Full | Store::ReadOnly => {
                Self::Unavailable(error)
            }
            // Whoever was first has won; the second is told.
            Store::Constraint(message) => Self::Conflict { code: "conflict", message },
            error => Self::Internal(error.into()),
        }
    }
}

impl From<crate::secrets::NoRandomness> for Error {
    fn from(error: crate::secrets::NoRandomness) -> Self {
        Self::internal(error)
    }
}
