//! What signing in needs besides users and sessions: links that were mailed, attempts that were
//! made, letters that wait. What they mean is not known here.

use jiff::Timestamp;

use crate::store::Tx;
use crate::{Error, moment, values};

/// A mailed link as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredLink {
    /// The SHA-256 of its secret.
    pub digest: String,
    /// What it lets its holder do.
    pub purpose: String,
    /// The user's id.
    pub user: String,
    /// When it was made, as text that sorts.
    pub made_at: String,
    /// The first moment at which it no longer works.
    pub expires_at: String,
    /// When it was used.
    pub used_at: Option<String>,
}

impl Tx<'_> {
    /// Keeps a new link.
    pub fn add_link(&mut self, link: &StoredLink) -> Result<(), Error> {
        let number = self.numbers(1)?;
        let sql = "insert into \"links\" (\"number\", \"digest\", \"purpose\", \"user\", \
                   \"made_at\", \"expires_at\", \"used_at\") \
                   values ($1, $2, $3, $4, $5, $6, $7)";
        let values = values![
            number,
            &link.digest,
            &link.purpose,
            &link.user,
            &link.made_at,
            &link.expires_at,
            link.used_at.clone(),
        ];
        self.execute(sql, values)?;
        Ok(())
    }

    fn links_where(&mut self, column: &str, value: &str) -> Result<Vec<StoredLink>, Error> {
        let sql = format!(
            "select \"digest\", \"purpose\", \"user\", \"made_at\", \"expires_at\", \"used_at\" \
             from \"links\" where \"{column}\" = $1 order by \"number\" desc"
        );
        let rows = self.query(&sql, values![value])?;
        rows.iter()
            .map(|row| {
                let text = |at: usize| row.text(at).map(str::to_owned);
                Ok(StoredLink {
                    digest: text(0)?,
                    purpose: text(1)?,
                    user: text(2)?,
                    made_at: text(3)?,
                    expires_at: text(4)?,
                    used_at: row.owned(5),
                })
            })
            .collect()
    }

    /// The link with the secret of this digest.
    pub fn link(&mut self, digest: &str) -> Result<Option<StoredLink>, Error> {
        Ok(self.links_where("digest", digest)?.pop())
    }

    /// The links of a user, the one made last first.
    pub fn links_of(&mut self, user: &str) -> Result<Vec<StoredLink>, Error> {
        self.links_where("user", user)
    }

    /// Notes that a link is used. Returns whether it was unused.
    pub fn use_link(&mut self, digest: &str, now: Timestamp) -> Result<bool, Error> {
        let sql = "update \"links\" set \"used_at\" = $2 \
                   where \"digest\" = $1 and \"used_at\" is null";
        Ok(self.execute(sql, values![digest, moment::to_text(now)])? == 1)
    }

    /// Takes the links of a user out of use.
    pub fn end_links(&mut self, user: &str) -> Result<u64, Error> {
        self.execute("delete from \"links\" where \"user\" = $1", values![user])
    }

    /// Forgets links that expired before a moment.
    pub fn forget_links(&mut self, before: Timestamp) -> Result<u64, Error> {
        let sql = "delete from \"links\" where \"expires_at\" < $1";
        self.execute(sql, values![moment::to_text(before)])
    }

    /// What was tried at a key, as JSON.
    pub fn attempts(&mut self, key: &str) -> Result<Option<String>, Error> {
        let sql = "select \"state\" from \"attempts\" where \"key\" = $1";
        let row = self.query_one(sql, values![key])?;
        row.map(|row| row.text(0).map(str::to_owned)).transpose()
    }

    /// Keeps what was tried at a key.
    pub fn set_attempts(&mut self, key: &str, state: &str, now: Timestamp) -> Result<(), Error> {
        let number = self.numbers(1)?;
        let sql = "insert into \"attempts\" (\"number\", \"key\", \"state\", \"at\") \
                   values ($1, $2, $3, $4) on conflict (\"key\") do update \
                   set \"state\" = excluded.\"state\", \"at\" = excluded.\"at\"";
        self.execute(sql, values![number, key, state, moment::to_text(now)])?;
        Ok(())
    }

    /// Keys at which nothing was tried since a moment, each with what was tried: the oldest first.
    pub fn old_attempts(
        &mut self,
        before: Timestamp,
        after: i64,
        limit: i64,
    ) -> Result<Vec<(i64, String, String)>, Error> {
        let sql = "select \"number\", \"key\", \"state\" from \"attempts\" \
                   where \"at\" < $1 and \"number\" > $2 order by \"number\" limit $3";
        let rows = self.query(sql, values![moment::to_text(before), after, limit])?;
        rows.iter()
            .map(|row| Ok((row.int(0)?, row.text(1)?.to_owned(), row.text(2)?.to_owned())))
            .collect()
    }

    /// Forgets what was tried at a key.
    pub fn forget_attempts(&mut self, key: &str) -> Result<u64, Error> {
        self.execute("delete from \"attempts\" where \"key\" = $1", values![key])
    }

    /// Keeps a letter, as JSON, that is to be sent.
    pub fn add_letter(&mut self, to: &str, letter: &str, now: Timestamp) -> Result<i64, Error> {
        let number = self.numbers(1)?;
        let sql = "insert into \"letters\" (\"number\", \"at\", \"recipient\", \"letter\", \
                   \"attempts\", \"next_attempt_at\", \"state\") \
                   values ($1, $2, $3, $4, 0, $2, 'waiting')";
        self.execute(sql, values![number, moment::to_text(now), to, letter])?;
        Ok(number)
    }

    /// Letters that wait to be sent, the oldest first: recipient and JSON.
    pub fn waiting_letters(&mut self, limit: i64) -> Result<Vec<(String, String)>, Error> {
        let sql = "select \"recipient\", \"letter\" from \"letters\" \
                   where \"state\" = 'waiting' order by \"number\" limit $1";
        let rows = self.query(sql, values![limit])?;
        rows.iter().map(|row| Ok((row.text(0)?.to_owned(), row.text(1)?.to_owned()))).collect()
    }
}
