//! Letters: kept in the transaction of what they tell of, and sent afterwards.

use guildhall_store::Tx;
use jiff::Timestamp;

use crate::Error;
use crate::mail::Letter;

/// Keeps a letter that is to be sent.
///
/// # Errors
///
/// When the database cannot be written.
pub fn post(tx: &mut Tx<'_>, to: &str, letter: &Letter, now: Timestamp) -> Result<(), Error> {
    let text = serde_json::to_string(letter).map_err(Error::internal)?;
    tx.add_letter(to, &text, now)?;
    Ok(())
}

/// The name of the network, as letters and authenticator apps show it.
pub(crate) fn network(tx: &mut Tx<'_>) -> Result<String, Error> {
    Ok(tx.network()?.map_or_else(|| "Guildhall".to_owned(), |network| network.id))
}

/// A moment as letters show it.
pub(crate) fn moment(at: Timestamp) -> String {
    at.strftime("%-d %B %Y, %H:%M UTC").to_string()
}
