//! Answers that are kept so that a repeated request is told from a new one.

use jiff::{SignedDuration, Timestamp};

use crate::store::{Store, Tx};
use crate::{Error, moment, values};

/// For how long an answer is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(48);

impl Tx<'_> {
    /// The fingerprint and answer kept for a key of an actor.
    pub fn kept_answer(
        &mut self,
        actor: &str,
        key: &str,
    ) -> Result<Option<(String, String)>, Error> {
        let sql = "select \"fingerprint\", \"answer\" from \"answers\" \
                   where \"actor\" = $1 and \"key\" = $2";
        let row = self.query_one(sql, values![actor, key])?;
        row.map(|row| Ok((row.text(0)?.to_owned(), row.text(1)?.to_owned()))).transpose()
    }

    /// Keeps an answer.
    pub fn keep_answer(
        &mut self,
        actor: &str,
        key: &str,
        fingerprint: &str,
        answer: &str,
        now: Timestamp,
    ) -> Result<(), Error> {
        let number = self.numbers(1)?;
        let sql = "insert into \"answers\" (\"number\", \"actor\", \"key\", \"fingerprint\", \
                   \"answer\", \"at\") values ($1, $2, $3, $4, $5, $6)";
        let at = moment::to_text(now);
        self.execute(sql, values![number, actor, key, fingerprint, answer, at])?;
        Ok(())
    }
}

impl Store {
    /// Forgets answers that are older than two days.
    pub fn forget_answers(&self, now: Timestamp) -> Result<u64, Error> {
        let before = moment::to_text(now.checked_sub(KEPT).unwrap_or(Timestamp::MIN));
        self.write(|tx| {
            tx.execute("delete from \"answers\" where \"at\" < $1", values![before.as_str()])
        })
    }
}
