//! The network that a database holds, and the editions of its rulebook as they were published.

use crate::connection::Row;
use crate::digest::sha256;
use crate::journal::Entry;
use crate::store::Tx;
use crate::{Error, values};

/// The network of a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Network {
    /// Its id, which its editions name.
    pub id: String,
    /// The currency in which it thinks, if it said so.
    pub currency: Option<String>,
}

impl Network {
    /// The text of the `network.toml` that says so.
    pub fn to_toml(&self) -> String {
        let currency = self.currency.as_ref();
        let currency = currency.map_or(String::new(), |code| format!("currency = \"{code}\"\n"));
        format!("id = \"{}\"\n{currency}", self.id)
    }
}

/// An edition as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredEdition {
    /// Its id.
    pub id: String,
    /// The network that it is of.
    pub network: String,
    /// The text of its rulebook.
    pub text: String,
    /// The SHA-256 of the text.
    pub sha256: String,
    /// Whether it is published, and so never changed again.
    pub is_published: bool,
    /// When it was uploaded.
    pub uploaded_at: String,
    /// Who uploaded it.
    pub uploaded_by: String,
    /// Who published it.
    pub published_by: Option<String>,
}

const COLUMNS: &str = "\"id\", \"network\", \"text\", \"sha256\", \"state\", \"uploaded_at\", \
                       \"uploaded_by\", \"published_by\"";

fn read(row: &Row) -> Result<StoredEdition, Error> {
    let text = |at: usize| row.text(at).map(str::to_owned);
    Ok(StoredEdition {
        id: text(0)?,
        network: text(1)?,
        text: text(2)?,
        sha256: text(3)?,
        is_published: row.text(4)? == "published",
        uploaded_at: text(5)?,
        uploaded_by: text(6)?,
        published_by: row.owned(7),
    })
}

impl Tx<'_> {
    /// The network of the database; none where it is new.
    pub fn network(&mut self) -> Result<Option<Network>, Error> {
        let row = self.query_one("select \"network\", \"currency\" from \"network\"", values![])?;
        row.map(|row| Ok(Network { id: row.text(0)?.to_owned(), currency: row.owned(1) }))
            .transpose()
    }

    /// Makes the database that of a network.
    pub fn found_network(&mut self, entry: &mut Entry, network: &Network) -> Result<(), Error> {
        let sql = "insert into \"network\" (\"id\", \"network\", \"currency\", \"made_at\") \
                   values (1, $1, $2, $3)";
        self.execute(sql, values![&network.id, network.currency.clone(), entry.at_text()])?;
        entry.detail("network", network.id.clone().into());
        Ok(())
    }

    /// Every edition, published or not, in the order in which they came.
    pub fn editions(&mut self) -> Result<Vec<StoredEdition>, Error> {
        let sql = format!("select {COLUMNS} from \"editions\" order by \"number\"");
        let rows = self.query(&sql, values![])?;
        rows.iter().map(read).collect()
    }

    /// The edition with an id.
    pub fn edition(&mut self, id: &str) -> Result<Option<StoredEdition>, Error> {
        let sql = format!("select {COLUMNS} from \"editions\" where \"id\" = $1");
        let row = self.query_one(&sql, values![id])?;
        row.as_ref().map(read).transpose()
    }

    /// Keeps an edition that is not published: a new one, or a draft with another text.
    ///
    /// # Errors
    ///
    /// [`Error::Constraint`] when an edition of the id is published.
    pub fn put_edition(
        &mut self,
        entry: &mut Entry,
        id: &str,
        network: &str,
        text: &str,
    ) -> Result<(), Error> {
        let digest = sha256(text.as_bytes());
        match self.edition(id)? {
            Some(held) if held.is_published => {
                return Err(Error::Constraint(format!("the edition `{id}` is published")));
            }
            Some(_) => {
                let sql = "update \"editions\" set \"text\" = $2, \"sha256\" = $3, \
                           \"uploaded_at\" = $4, \"uploaded_by\" = $5 where \"id\" = $1";
                let actor = entry.actor.clone();
                self.execute(sql, values![id, text, &digest, entry.at_text(), actor])?;
            }
            None => {
                let number = self.numbers(1)?;
                let sql = "insert into \"editions\" (\"number\", \"id\", \"network\", \"text\", \
                           \"sha256\", \"state\", \"uploaded_at\", \"uploaded_by\") \
                           values ($1, $2, $3, $4, $5, 'draft', $6, $7)";
                let (at, actor) = (entry.at_text(), entry.actor.clone());
                self.execute(sql, values![number, id, network, text, &digest, at, actor])?;
            }
        }
        entry.detail("edition_sha256", digest.into());
        Ok(())
    }

    /// Publishes an edition that is kept: from now on it never changes. `sha256` is the text that
    /// was confirmed.
    ///
    /// # Errors
    ///
    /// [`Error::Constraint`] when there is no draft of this id and text.
    pub fn publish_edition(
        &mut self,
        entry: &mut Entry,
        id: &str,
        sha256: &str,
    ) -> Result<(), Error> {
        let sql = "update \"editions\" set \"state\" = 'published', \"published_by\" = $3 \
                   where \"id\" = $1 and \"sha256\" = $2 and \"state\" = 'draft'";
        let actor = entry.actor.clone();
        if self.execute(sql, values![id, sha256, actor])? != 1 {
            let message = format!("there is no draft of the edition `{id}` with this text");
            return Err(Error::Constraint(message));
        }
        entry.detail("published_sha256", serde_json::json!({ id: sha256 }));
        Ok(())
    }
}

impl Tx<'_> {
    /// Keeps editions as published: those with which a network begins.
    pub fn adopt_editions(
        &mut self,
        entry: &mut Entry,
        network: &str,
        editions: &[(String, String)],
    ) -> Result<(), Error> {
        let mut published = serde_json::Map::new();
        for (id, text) in editions {
            let digest = sha256(text.as_bytes());
            let number = self.numbers(1)?;
            let sql = "insert into \"editions\" (\"number\", \"id\", \"network\", \"text\", \
                       \"sha256\", \"state\", \"uploaded_at\", \"uploaded_by\", \
                       \"published_by\") \
                       values ($1, $2, $3, $4, $5, 'published', $6, $7, $7)";
            let (at, actor) = (entry.at_text(), entry.actor.clone());
            self.execute(sql, values![number, id, network, text, &digest, at, actor])?;
            published.insert(id.clone(), digest.into());
        }
        entry.detail("published_sha256", published.into());
        Ok(())
    }
}

impl Tx<'_> {
    /// Ids and digests of the published editions, by which it is told whether any came.
    pub fn published_editions(&mut self) -> Result<Vec<(String, String)>, Error> {
        let sql = "select \"id\", \"sha256\" from \"editions\" where \"state\" = 'published' \
                   order by \"number\"";
        let rows = self.query(sql, values![])?;
        rows.iter().map(|row| Ok((row.text(0)?.to_owned(), row.text(1)?.to_owned()))).collect()
    }
}
