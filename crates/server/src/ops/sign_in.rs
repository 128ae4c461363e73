//! Who calls: sessions and API tokens by their secrets.

use crate::{App, Caller, Error};

/// The caller whose secret this is.
///
/// # Errors
///
/// [`Error::SignInFirst`] when no session and no token has this secret.
pub fn caller(_app: &App, _secret: &str) -> Result<Caller, Error> {
    Err(Error::SignInFirst)
}
