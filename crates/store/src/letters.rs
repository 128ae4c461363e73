//! Letters on their way: taken by one sender at a time, and erased once they are sent.

use jiff::Timestamp;

use crate::moment::to_text;
use crate::store::Tx;
use crate::{Error, values};

/// A letter that somebody is sending.
#[derive(Clone, PartialEq, Eq)]
pub struct TakenLetter {
    /// Its number.
    pub number: i64,
    /// Who gets it.
    pub recipient: String,
    /// What it says, as JSON.
    pub letter: String,
    /// How often it was sent, this time included.
    pub attempts: i64,
}

// Neither a recipient nor a link belongs into a log.
impl std::fmt::Debug for TakenLetter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TakenLetter").field("number", &self.number).finish_non_exhaustive()
    }
}

const DUE: &str = "select \"number\", \"recipient\", \"letter\", \"attempts\" from \"letters\" \
                   where \"state\" = 'waiting' and \"next_attempt_at\" <= $1 \
                   order by \"next_attempt_at\", \"number\" limit 1";

impl Tx<'_> {
    /// Whether a letter is due.
    pub fn is_letter_due(&mut self, now: Timestamp) -> Result<bool, Error> {
        Ok(self.query_one(DUE, values![to_text(now)])?.is_some())
    }

    /// Takes a letter that is due; whoever sends it has until `until`.
    pub fn take_letter(
        &mut self,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Option<TakenLetter>, Error> {
        let Some(row) = self.query_one(DUE, values![to_text(now)])? else { return Ok(None) };
        let number = row.int(0)?;
        let sql = "update \"letters\" set \"next_attempt_at\" = $2, \
                   \"attempts\" = \"attempts\" + 1 where \"number\" = $1";
        self.execute(sql, values![number, to_text(until)])?;
        let text = |at: usize| row.text(at).map(str::to_owned);
        let (recipient, letter) = (text(1)?, text(2)?);
        Ok(Some(TakenLetter { number, recipient, letter, attempts: row.int(3)? + 1 }))
    }

    /// Lets a letter be sent again at a moment.
    pub fn postpone_letter(&mut self, number: i64, until: Timestamp) -> Result<(), Error> {
        let sql = "update \"letters\" set \"next_attempt_at\" = $2 where \"number\" = $1";
        self.execute(sql, values![number, to_text(until)])?;
        Ok(())
    }

    /// Notes that a letter was sent, or never will be, and erases what it says and to whom.
    pub fn end_letter(&mut self, number: i64, is_sent: bool) -> Result<(), Error> {
        let state = if is_sent { "sent" } else { "failed" };
        let sql = "update \"letters\" set \"state\" = $2, \"letter\" = '', \"recipient\" = '' \
                   where \"number\" = $1";
        self.execute(sql, values![number, state])?;
        Ok(())
    }

    /// Forgets letters that are older than a moment and no longer wait.
    pub fn forget_letters(&mut self, before: Timestamp) -> Result<u64, Error> {
        let sql = "delete from \"letters\" where \"at\" < $1 and \"state\" <> 'waiting'";
        self.execute(sql, values![to_text(before)])
    }
}
