//! The editions of the network, read once and kept for as long as the database has the same.

use std::sync::{Arc, Mutex, PoisonError};

use guildhall_rules::day::Day;
use guildhall_rules::problem::Problem;
use guildhall_rules::rulebook::{self, Catalogue, Edition};
use guildhall_store::{StoredEdition, Tx};
use jiff::Timestamp;

use crate::Error;

/// The published editions of a network, and their words.
#[derive(Debug, Default)]
pub struct Book {
    /// The network's id.
    pub network: String,
    /// The currency in which the network thinks.
    pub currency: Option<String>,
    /// Its editions.
    pub editions: Vec<Edition>,
    /// The words of all of them.
    pub catalogue: Catalogue,
    /// What they were read from: ids and digests.
    read_from: Vec<(String, String)>,
}

impl Book {
    /// The edition with an id.
    pub fn edition(&self, id: &str) -> Option<&Edition> {
        self.editions.iter().find(|edition| edition.id == id)
    }

    /// What numbers depend on beside facts and day: a digest of the editions and of this release,
    /// which evaluates them.
    pub fn digest(&self) -> String {
        let mut text = env!("CARGO_PKG_VERSION").to_owned();
        for (id, digest) in &self.read_from {
            text += &format!("\n{id} {digest}");
        }
        guildhall_store::sha256(text.as_bytes())
    }

    /// The edition in force on a day, as known at a moment, or the one that is named.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub fn choose(
        &self,
        named: Option<&str>,
        as_of: Day,
        known_at: Option<Timestamp>,
    ) -> Result<&Edition, Error> {
        if let Some(id) = named {
            return self.edition(id).ok_or_else(|| Error::not_found("edition", id));
        }
        rulebook::in_force(self.editions.iter(), as_of, known_at).ok_or_else(|| {
            let message = format!("no edition of `{}` is in force on {as_of}", self.network);
            Error::from(Problem::new("no-edition", message))
        })
    }
}

/// Keeps the book that was read last.
#[derive(Debug, Default)]
pub struct Rulebooks {
    kept: Mutex<Arc<Book>>,
}

impl Rulebooks {
    /// The book of the database, as the transaction sees it.
    ///
    /// # Errors
    ///
    /// When the database cannot be read, or holds an edition that this release does not read.
    pub fn get(&self, tx: &mut Tx<'_>) -> Result<Arc<Book>, Error> {
        let read_from = tx.published_editions()?;
        let kept = Arc::clone(&self.kept.lock().unwrap_or_else(PoisonError::into_inner));
        if kept.read_from == read_from && !read_from.is_empty() {
            return Ok(kept);
        }
        let Some(network) = tx.network()? else { return Ok(Arc::default()) };
        let stored = tx.editions()?;
        let published = stored.iter().filter(|edition| edition.is_published);
        let editions: Vec<Edition> = published.map(parse).collect::<Result<_, _>>()?;
        let catalogue = Catalogue::new(&editions);
        let book = Arc::new(Book {
            network: network.id,
            currency: network.currency,
            editions,
            catalogue,
            read_from,
        });
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&book);
        Ok(book)
    }
}

fn parse(stored: &StoredEdition) -> Result<Edition, Error> {
    rulebook::load(&stored.id, &stored.text).map_err(|problems| {
        let first = problems.shown().first().map(ToString::to_string).unwrap_or_default();
        Error::internal(format!("the stored edition `{}` cannot be read: {first}", stored.id))
    })
}
