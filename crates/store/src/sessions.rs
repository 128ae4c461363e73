//! Sessions and API tokens as they are kept: found by the digest of their secrets. When they end
//! is decided elsewhere.

use jiff::Timestamp;

use crate::connection::Row;
use crate::store::Tx;
use crate::users::{self, StoredUser, words};
use crate::{Error, moment, values};

/// A session as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredSession {
    /// Its id, which is no secret.
    pub id: String,
    /// The user's id.
    pub user: String,
    /// From where it was begun.
    pub address: Option<String>,
    /// What the client called itself.
    pub agent: Option<String>,
    /// When it was begun, as text that sorts.
    pub created_at: String,
    /// When it was used last, give or take a minute.
    pub seen_at: String,
    /// When the second factor was proved last.
    pub proved_at: Option<String>,
    /// What an app will share once its first code was right.
    pub enrolling: Option<String>,
}

/// An API token as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredToken {
    /// Its id, which is no secret.
    pub id: String,
    /// The user's id.
    pub user: String,
    /// What its owner calls it.
    pub name: String,
    /// The words of its scopes.
    pub scopes: Vec<String>,
    /// When it was made, as text that sorts.
    pub created_at: String,
    /// The first moment at which it no longer works, if it ends.
    pub expires_at: Option<String>,
    /// When it was used last, give or take a minute.
    pub used_at: Option<String>,
}

const SESSION: [&str; 8] =
    ["id", "user", "address", "agent", "created_at", "seen_at", "proved_at", "enrolling"];
const TOKEN: [&str; 7] = ["id", "user", "name", "scopes", "created_at", "expires_at", "used_at"];

fn read_session(row: &Row) -> Result<StoredSession, Error> {
    let text = |at: usize| row.text(at).map(str::to_owned);
    Ok(StoredSession {
        id: text(0)?,
        user: text(1)?,
        address: row.owned(2),
        agent: row.owned(3),
        created_at: text(4)?,
        seen_at: text(5)?,
        proved_at: row.owned(6),
        enrolling: row.owned(7),
    })
}

fn read_token(row: &Row) -> Result<StoredToken, Error> {
    let text = |at: usize| row.text(at).map(str::to_owned);
    Ok(StoredToken {
        id: text(0)?,
        user: text(1)?,
        name: text(2)?,
        scopes: words(row.text(3)?),
        created_at: text(4)?,
        expires_at: row.owned(5),
        used_at: row.owned(6),
    })
}

fn of(alias: &str, columns: &[&str]) -> String {
    let names: Vec<String> = columns.iter().map(|name| format!("{alias}.\"{name}\"")).collect();
    names.join(", ")
}

impl Tx<'_> {
    /// The session with the secret of this digest, and its user.
    pub fn session_by_digest(
        &mut self,
        digest: &str,
    ) -> Result<Option<(StoredSession, StoredUser)>, Error> {
        let sql = format!(
            "select {}, {} from \"sessions\" s join \"users\" u on u.\"id\" = s.\"user\" \
             where s.\"digest\" = $1",
            of("s", &SESSION),
            of("u", &users::COLUMNS)
        );
        let row = self.query_one(&sql, values![digest])?;
        row.map(|row| Ok((read_session(&row)?, users::read(&row, SESSION.len())?))).transpose()
    }

    /// The session with an id.
    pub fn session(&mut self, id: &str) -> Result<Option<StoredSession>, Error> {
        let sql = format!("select {} from \"sessions\" s where s.\"id\" = $1", of("s", &SESSION));
        let row = self.query_one(&sql, values![id])?;
        row.as_ref().map(read_session).transpose()
    }

    /// The sessions of a user, the one begun last first.
    pub fn sessions(&mut self, user: &str) -> Result<Vec<StoredSession>, Error> {
        let sql = format!(
            "select {} from \"sessions\" s where s.\"user\" = $1 order by s.\"number\" desc",
            of("s", &SESSION)
        );
        let rows = self.query(&sql, values![user])?;
        rows.iter().map(read_session).collect()
    }

    /// Keeps a new session.
    pub fn add_session(&mut self, session: &StoredSession, digest: &str) -> Result<(), Error> {
        let number = self.numbers(1)?;
        let sql = "insert into \"sessions\" (\"number\", \"id\", \"digest\", \"user\", \
                   \"address\", \"agent\", \"created_at\", \"seen_at\", \"proved_at\", \
                   \"enrolling\") values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
        let values = values![
            number,
            &session.id,
            digest,
            &session.user,
            session.address.clone(),
            session.agent.clone(),
            &session.created_at,
            &session.seen_at,
            session.proved_at.clone(),
            session.enrolling.clone(),
        ];
        self.execute(sql, values)?;
        Ok(())
    }

    /// Gives a session another secret, as its second factor was proved. Returns whether it is
    /// there.
    pub fn prove_session(&mut self, id: &str, digest: &str, now: Timestamp) -> Result<bool, Error> {
        let sql = "update \"sessions\" set \"digest\" = $2, \"proved_at\" = $3, \
                   \"seen_at\" = $3, \"enrolling\" = null where \"id\" = $1";
        Ok(self.execute(sql, values![id, digest, moment::to_text(now)])? == 1)
    }

    /// Notes what an app is to share with the session's user, or that nothing is.
    pub fn set_enrolling(&mut self, id: &str, shared: Option<&str>) -> Result<bool, Error> {
        let sql = "update \"sessions\" set \"enrolling\" = $2 where \"id\" = $1";
        Ok(self.execute(sql, values![id, shared])? == 1)
    }

    /// Forgets when the second factor was proved in a user's sessions.
    pub fn unprove_sessions(&mut self, user: &str) -> Result<u64, Error> {
        let sql = "update \"sessions\" set \"proved_at\" = null where \"user\" = $1";
        self.execute(sql, values![user])
    }

    /// Notes that a session is used.
    pub fn touch_session(&mut self, id: &str, now: Timestamp) -> Result<(), Error> {
        let sql = "update \"sessions\" set \"seen_at\" = $2 where \"id\" = $1";
        self.execute(sql, values![id, moment::to_text(now)])?;
        Ok(())
    }

    /// Ends a session. Returns whether it was there.
    pub fn end_session(&mut self, id: &str) -> Result<bool, Error> {
        Ok(self.execute("delete from \"sessions\" where \"id\" = $1", values![id])? == 1)
    }

    /// Ends all sessions of a user but one, if one is named. Returns how many.
    pub fn end_sessions(&mut self, user: &str, but: Option<&str>) -> Result<u64, Error> {
        let sql = "delete from \"sessions\" where \"user\" = $1 and \"id\" <> $2";
        self.execute(sql, values![user, but.unwrap_or_default()])
    }

    /// Forgets sessions that were begun, or used last, at these moments or before.
    pub fn forget_sessions(&mut self, begun: Timestamp, used: Timestamp) -> Result<u64, Error> {
        let sql = "delete from \"sessions\" where \"created_at\" <= $1 or \"seen_at\" <= $2";
        self.execute(sql, values![moment::to_text(begun), moment::to_text(used)])
    }

    /// The token with the secret of this digest, and its user.
    pub fn token_by_digest(
        &mut self,
        digest: &str,
    ) -> Result<Option<(StoredToken, StoredUser)>, Error> {
        let sql = format!(
            "select {}, {} from \"tokens\" t join \"users\" u on u.\"id\" = t.\"user\" \
             where t.\"digest\" = $1",
            of("t", &TOKEN),
            of("u", &users::COLUMNS)
        );
        let row = self.query_one(&sql, values![digest])?;
        row.map(|row| Ok((read_token(&row)?, users::read(&row, TOKEN.len())?))).transpose()
    }

    /// The token with an id.
    pub fn token(&mut self, id: &str) -> Result<Option<StoredToken>, Error> {
        let sql = format!("select {} from \"tokens\" t where t.\"id\" = $1", of("t", &TOKEN));
        let row = self.query_one(&sql, values![id])?;
        row.as_ref().map(read_token).transpose()
    }

    /// The tokens of a user, the one made last first.
    pub fn tokens(&mut self, user: &str) -> Result<Vec<StoredToken>, Error> {
        let sql = format!(
            "select {} from \"tokens\" t where t.\"user\" = $1 order by t.\"number\" desc",
            of("t", &TOKEN)
        );
        let rows = self.query(&sql, values![user])?;
        rows.iter().map(read_token).collect()
    }

    /// Keeps a new token.
    pub fn add_token(&mut self, token: &StoredToken, digest: &str) -> Result<(), Error> {
        let number = self.numbers(1)?;
        let sql = "insert into \"tokens\" (\"number\", \"id\", \"digest\", \"user\", \"name\", \
                   \"scopes\", \"created_at\", \"expires_at\", \"used_at\") \
                   values ($1, $2, $3, $4, $5, $6, $7, $8, null)";
        let values = values![
            number,
            &token.id,
            digest,
            &token.user,
            &token.name,
            token.scopes.join(" "),
            &token.created_at,
            token.expires_at.clone(),
        ];
        self.execute(sql, values)?;
        Ok(())
    }

    /// Notes that a token is used.
    pub fn touch_token(&mut self, id: &str, now: Timestamp) -> Result<(), Error> {
        let sql = "update \"tokens\" set \"used_at\" = $2 where \"id\" = $1";
        self.execute(sql, values![id, moment::to_text(now)])?;
        Ok(())
    }

    /// Revokes a token. Returns whether it was there.
    pub fn end_token(&mut self, id: &str) -> Result<bool, Error> {
        Ok(self.execute("delete from \"tokens\" where \"id\" = $1", values![id])? == 1)
    }

    /// Revokes all tokens of a user. Returns how many.
    pub fn end_tokens(&mut self, user: &str) -> Result<u64, Error> {
        self.execute("delete from \"tokens\" where \"user\" = $1", values![user])
    }
}
