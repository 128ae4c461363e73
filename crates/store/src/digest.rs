//! Digests: what a version of a fact says, and what a journal entry says, as SHA-256.
//!
//! Every field goes in with its length, so that no two rows have the same bytes. Name and e-mails
//! of a person go in as a salted digest only: when the person is erased the salt is lost, and the
//! digests stay what they were.

use std::fmt::Write;

use sha2::{Digest as _, Sha256};

use crate::kinds::{Kind, PERSONAL};

/// A SHA-256.
pub type Digest = [u8; 32];

/// A digest that is fed field by field.
#[derive(Clone, Default)]
pub(crate) struct Fields(Sha256);

impl Fields {
    /// Begins the digest of a sort of thing.
    pub(crate) fn of(sort: &str) -> Self {
        let mut fields = Self::default();
        fields.text(sort);
        fields
    }

    pub(crate) fn text(&mut self, text: &str) {
        self.0.update([1]);
        self.0.update((text.len() as u64).to_le_bytes());
        self.0.update(text);
    }

    pub(crate) fn maybe(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.text(text),
            None => self.0.update([0]),
        }
    }

    pub(crate) fn int(&mut self, number: i64) {
        self.0.update([2]);
        self.0.update(number.to_le_bytes());
    }

    pub(crate) fn end(self) -> Digest {
        self.0.finalize().into()
    }
}

/// What a version says, besides its cells.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Birth<'a> {
    pub(crate) version: i64,
    pub(crate) entry: i64,
    pub(crate) recorded_at: Option<&'a str>,
    /// When it ended, of a version that was closed when it came.
    pub(crate) closed_at: Option<&'a str>,
    pub(crate) supersedes: Option<i64>,
}

/// The digest of a version. `personal` stands for the values of a person.
pub(crate) fn version<'a>(
    kind: Kind,
    birth: Birth<'_>,
    cells: impl Iterator<Item = Option<&'a str>>,
    personal: Option<&str>,
) -> Digest {
    let mut fields = Fields::of(kind.table());
    fields.int(birth.version);
    fields.int(birth.entry);
    fields.maybe(birth.recorded_at);
    fields.maybe(birth.closed_at);
    match birth.supersedes {
        Some(number) => fields.int(number),
        None => fields.maybe(None),
    }
    fields.maybe(personal);
    for (name, cell) in kind.names().zip(cells) {
        if !(kind.is_personal() && PERSONAL.contains(&name)) {
            fields.maybe(cell);
        }
    }
    fields.end()
}

/// The digest of a retraction.
pub(crate) fn retraction(kind: &str, id: &str, birth: Birth<'_>) -> Digest {
    let mut fields = Fields::of("retraction");
    fields.text(kind);
    fields.text(id);
    fields.int(birth.version);
    fields.int(birth.entry);
    fields.maybe(birth.recorded_at);
    fields.int(birth.supersedes.unwrap_or_default());
    fields.end()
}

/// The salted digest of a person's name and e-mails.
pub(crate) fn personal(salt: &str, name: Option<&str>, emails: Option<&str>) -> String {
    let mut fields = Fields::of("personal");
    fields.text(salt);
    fields.maybe(name);
    fields.maybe(emails);
    hex(&fields.end())
}

/// What is kept beside a row: enough to tell which row was changed.
pub(crate) fn short(digest: &Digest) -> i64 {
    let mut bytes = [0; 8];
    bytes.copy_from_slice(digest.first_chunk::<8>().unwrap_or(&[0; 8]));
    i64::from_be_bytes(bytes)
}

/// Digits and letters of a digest.
pub fn hex(digest: &[u8]) -> String {
    let mut text = String::with_capacity(digest.len() * 2);
    for byte in digest {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// The SHA-256 of bytes, as text.
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// A fresh salt: 128 random bits.
pub(crate) fn salt() -> Result<String, crate::Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)
        .map_err(|error| crate::Error::Io(std::io::Error::other(error.to_string())))?;
    Ok(hex(&bytes))
}
