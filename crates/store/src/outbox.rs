//! What waits to be told, and the jobs of a day.
//!
//! A row of the journal gets a row in the outbox in the same transaction, if there is any webhook;
//! whoever turns it into messages removes it in the transaction that keeps them.

use jiff::Timestamp;

use crate::moment::to_text;
use crate::store::Tx;
use crate::{Error, values};

/// How much waits to be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Rows of the journal that are not messages yet.
    pub events: i64,
    /// Messages to webhooks.
    pub deliveries: i64,
    /// Letters.
    pub letters: i64,
}

impl Tx<'_> {
    /// Puts a row of the journal into the outbox, if somebody wants to be told.
    pub(crate) fn enqueue(&mut self, entry: i64) -> Result<(), Error> {
        let sql = "insert into \"outbox\" (\"entry\") select cast($1 as bigint) \
                   where exists (select 1 from \"webhooks\" where \"state\" = 'enabled')";
        self.execute(sql, values![entry])?;
        Ok(())
    }

    /// Whether the outbox holds no row of the journal.
    pub fn is_outbox_empty(&mut self) -> Result<bool, Error> {
        Ok(self.query_one("select 1 from \"outbox\" limit 1", values![])?.is_none())
    }

    /// Takes rows of the journal out of the outbox: their numbers.
    pub fn take_outbox(&mut self, limit: i64) -> Result<Vec<i64>, Error> {
        let sql = "select \"entry\" from \"outbox\" order by \"entry\" limit $1";
        let rows = self.query(sql, values![limit])?;
        let entries: Vec<i64> = rows.iter().map(|row| row.int(0)).collect::<Result<_, _>>()?;
        for entry in &entries {
            self.execute("delete from \"outbox\" where \"entry\" = $1", values![*entry])?;
        }
        Ok(entries)
    }

    /// How much waits.
    pub fn waiting(&mut self) -> Result<Waiting, Error> {
        let mut count = |sql: &str| {
            let row = self.query_one(sql, values![])?;
            row.ok_or_else(|| Error::Unexpected("no count".to_owned()))?.int(0)
        };
        let events = count("select count(*) from \"outbox\"")?;
        let deliveries = count(
            "select count(*) from \"deliveries\" d join \"webhooks\" w \
             on w.\"id\" = d.\"webhook\" where d.\"state\" = 'waiting' \
             and w.\"state\" = 'enabled'",
        )?;
        let letters = count("select count(*) from \"letters\" where \"state\" = 'waiting'")?;
        Ok(Waiting { events, deliveries, letters })
    }

    /// Takes a job of a day, `YYYY-MM-DD`, unless it is done or somebody is doing it. Who takes it
    /// has until `until`.
    pub fn take_job(
        &mut self,
        name: &str,
        day: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<bool, Error> {
        let sql = "select \"number\" from \"jobs\" where \"name\" = $1";
        if self.query_one(sql, values![name])?.is_none() {
            let number = self.numbers(1)?;
            let sql = "insert into \"jobs\" (\"number\", \"name\") values ($1, $2)";
            self.execute(sql, values![number, name])?;
        }
        let sql = "update \"jobs\" set \"claimed_until\" = $4 where \"name\" = $1 \
                   and (\"done_on\" is null or \"done_on\" < $2) \
                   and (\"claimed_until\" is null or \"claimed_until\" < $3)";
        Ok(self.execute(sql, values![name, day, to_text(now), to_text(until)])? == 1)
    }

    /// Notes that a job of a day is done.
    pub fn finish_job(&mut self, name: &str, day: &str) -> Result<(), Error> {
        let sql = "update \"jobs\" set \"done_on\" = $2, \"claimed_until\" = null \
                   where \"name\" = $1";
        self.execute(sql, values![name, day])?;
        Ok(())
    }
}
