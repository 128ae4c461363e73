//! Calendars that programs subscribe to by URL, and digests that are mailed: who has which, and
//! what was told whom. What they show is not known here.

use jiff::Timestamp;

use crate::connection::Row;
use crate::moment::to_text;
use crate::store::Tx;
use crate::users::{self, StoredUser};
use crate::{Error, values};

/// A calendar by URL, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredFeed {
    /// Its id.
    pub id: String,
    /// Whose rights it has.
    pub user: String,
    /// Whose calendar it is; none: of all partners that the user sees.
    pub partner: Option<String>,
    /// When it was made, as text that sorts.
    pub created_at: String,
    /// When it was fetched last.
    pub used_at: Option<String>,
}

const FEED: [&str; 5] = ["id", "user", "partner", "created_at", "used_at"];

fn read_feed(row: &Row) -> Result<StoredFeed, Error> {
    Ok(StoredFeed {
        id: row.text(0)?.to_owned(),
        user: row.text(1)?.to_owned(),
        partner: row.owned(2).filter(|partner| !partner.is_empty()),
        created_at: row.text(3)?.to_owned(),
        used_at: row.owned(4),
    })
}

fn of(alias: &str, names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("{alias}.\"{name}\"")).collect();
    names.join(", ")
}

impl Tx<'_> {
    /// The feed with the secret of this digest, and its user.
    ///
    /// # Errors
    ///
    /// Of the database.
    pub fn feed_by_digest(
        &mut self,
        digest: &str,
    ) -> Result<Option<(StoredFeed, StoredUser)>, Error> {
        let sql = format!(
            "select {}, {} from \"feeds\" f join \"users\" u on u.\"id\" = f.\"user\" \
             where f.\"digest\" = $1",
            of("f", &FEED),
            of("u", &users::COLUMNS)
        );
        let row = self.query_one(&sql, values![digest])?;
        row.map(|row| Ok((read_feed(&row)?, users::read(&row, FEED.len())?))).transpose()
    }

    /// The feeds of a user, the one made last first.
    ///
    /// # Errors
    ///
    /// Of the database.
    pub fn feeds(&mut self, user: &str) -> Result<Vec<StoredFeed>, Error> {
        let sql = format!(
            "select {} from \"feeds\" f where f.\"user\" = $1 order by f.\"number\" desc",
            of("f", &FEED)
        );
        self.query(&sql, values![user])?.iter().map(read_feed).collect()
    }

    /// Keeps a new feed in place of the one that the user has for the same.
    ///
    /// # Errors
    ///
    /// Of the database.
    pub fn put_feed(&mut self, feed: &StoredFeed, digest: &str) -> Result<(), Error> {
        let partner = feed.partner.clone().unwrap_or_default();
        let sql = "delete from \"feeds\" where \"user\" = $1 and \"partner\" = $2";
        self.execute(sql, values![&feed.user, &partner])?;
        let number = self.numbers(1)?;
        let sql = "insert into \"feeds\" (\"number\", \"id\", \"digest\", \"user\", \"partner\", \
                   \"created_at\") values ($1, $2, $3, $4, $5, $6)";
        let values = values![number, &feed.id, digest, &feed.user, partner, &feed.created_at];
        self.execute(sql, values)?;
        Ok(())
    }

    /// Notes that a feed is fetched.
    ///
    /// # Errors
    ///
    /// Of the database.
    pub fn touch_feed(&mut self, id: &str, now: Timestamp) -> Result<(), Error> {
        let sql = "update \"feeds\" set \"used_at\" = $2 where \"id\" = $1";
        self.execute(sql, values![id, to_text(now)])?;
        Ok(())
    }

    /// Ends a feed of a user. Returns whether it was there.
    ///
    /// # Errors
    ///
    /// Of the database.
    pub fn end_feed(&mut self, user: &str, id: &str) -> Result<bool, Error> {
        let sql = "delete from \"feeds\" where \"id\" = $1 and \"user\" = $2";
        Ok(self.execute(sql, values![id, user])? == 1)
    }

    /// Ends all feeds of a user. Returns how many.
    ///
    /// # Errors
    ///
    /// Of the database.
    pub fn end_feeds(&mut self, user: &str) -> Result<u64, Error> {
        self.execute("delete from \"feeds\" where \"user\" = $1", values![user])
    }

    /// How often a user has chosen to be mailed a digest; none: as the server is configured.
    ///
    /// # Errors
    ///
    /// Of the database.
    pub fn digest_choice(&mut self, user: &str) -> Result<Option<String>, Error> {
        let sql = "select \"every\" from \"digests\" where \"user\" = $1";
        Ok(self.query_one(sql, values![user])?.and_then(|row| row.owned(0)))
    }

    /// Notes how often a user wants to be mailed a digest.
    ///
    /// # Errors
    ///
    /// Of the database.
    pub fn choose_digest(&mut self, user: &str, every: Option<&str>) -> Result<(), Error> {
        let sql = "insert into \"digests\" (\"user\", \"every\") values ($1, $2) \
                   on conflict (\"user\") do update set \"every\" = excluded.\"every\"";
        self.execute(sql, values![user, every.map(str::to_owned)])?;
        Ok(())
    }

    /// Notes that a user is told of a period. False where they were told of it before: whoever
    /// gets true is the only one to tell.
    ///
    /// # Errors
    ///
    /// Of the database.
    pub fn take_digest(&mut self, user: &str, period: &str) -> Result<bool, Error> {
        let sql = "insert into \"digests\" (\"user\", \"told_for\") values ($1, $2) \
                   on conflict (\"user\") do update set \"told_for\" = excluded.\"told_for\" \
                   where \"digests\".\"told_for\" is null \
                   or \"digests\".\"told_for\" <> excluded.\"told_for\"";
        Ok(self.execute(sql, values![user, period])? == 1)
    }

    /// The period for which a user was told last.
    ///
    /// # Errors
    ///
    /// Of the database.
    pub fn digest_told(&mut self, user: &str) -> Result<Option<String>, Error> {
        let sql = "select \"told_for\" from \"digests\" where \"user\" = $1";
        Ok(self.query_one(sql, values![user])?.and_then(|row| row.owned(0)))
    }

    /// Keeps a link by which a user ends their digest.
    ///
    /// # Errors
    ///
    /// Of the database.
    pub fn add_digest_link(
        &mut self,
        user: &str,
        digest: &str,
        now: Timestamp,
    ) -> Result<(), Error> {
        let sql = "insert into \"digest_links\" (\"digest\", \"user\", \"made_at\") \
                   values ($1, $2, $3)";
        self.execute(sql, values![digest, user, to_text(now)])?;
        Ok(())
    }

    /// The user whose digest a link ends.
    ///
    /// # Errors
    ///
    /// Of the database.
    pub fn digest_link(&mut self, digest: &str) -> Result<Option<String>, Error> {
        let sql = "select \"user\" from \"digest_links\" where \"digest\" = $1";
        Ok(self.query_one(sql, values![digest])?.and_then(|row| row.owned(0)))
    }

    /// Forgets links that were made before a moment.
    ///
    /// # Errors
    ///
    /// Of the database.
    pub fn forget_digest_links(&mut self, before: Timestamp) -> Result<u64, Error> {
        let sql = "delete from \"digest_links\" where \"made_at\" < $1";
        self.execute(sql, values![to_text(before)])
    }
}
