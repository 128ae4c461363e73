//! How far the stored standings are, and who computes them at a time.
//!
//! Whoever computes holds a lease. Every write renews it in its own transaction, so that what was
//! computed by somebody who was too slow, and whose lease another one took, is not kept.

use jiff::Timestamp;

use crate::moment::to_text;
use crate::store::Tx;
use crate::{Error, values};

/// How far the standings are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StandingsState {
    /// The place in the chain up to which the journal was heeded.
    pub position: i64,
    /// Of the last pass over all partners, the day; none before the first.
    pub as_of: Option<String>,
    /// Its edition; none where none was in force.
    pub edition: Option<String>,
    /// The digest of the editions that it knew.
    pub book: Option<String>,
    /// When a standing was last written.
    pub updated_at: Option<String>,
    /// The pass that is under way.
    pub pass: Option<StandingsPass>,
    /// Who computes.
    pub holder: Option<String>,
    /// Until when nobody else does.
    pub held_until: Option<String>,
}

/// A pass over all partners.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StandingsPass {
    /// The day.
    pub as_of: String,
    /// The edition in force on it; none: all standings are dropped.
    pub edition: Option<String>,
    /// The digest of the editions.
    pub book: String,
    /// Past days on which tiers are counted on the way.
    pub days: Vec<String>,
    /// The id of the partner up to which it has come; empty at the beginning.
    pub after: String,
}

const COLUMNS: &str = "\"position\", \"as_of\", \"edition\", \"book\", \"updated_at\", \
                       \"pass_as_of\", \"pass_edition\", \"pass_book\", \"pass_days\", \
                       \"pass_after\", \"holder\", \"held_until\"";

impl Tx<'_> {
    /// How far the standings are; none where nobody has begun.
    ///
    /// # Errors
    ///
    /// Of the database.
    pub fn standings_state(&mut self) -> Result<Option<StandingsState>, Error> {
        let sql = format!("select {COLUMNS} from \"standings_state\" where \"id\" = 1");
        let Some(row) = self.query_one(&sql, values![])? else { return Ok(None) };
        let pass = row.owned(5).map(|as_of| StandingsPass {
            as_of,
            edition: row.owned(6),
            book: row.owned(7).unwrap_or_default(),
            days: row.maybe(8).unwrap_or("").split_whitespace().map(str::to_owned).collect(),
            after: row.owned(9).unwrap_or_default(),
        });
        Ok(Some(StandingsState {
            position: row.int(0)?,
            as_of: row.owned(1),
            edition: row.owned(2),
            book: row.owned(3),
            updated_at: row.owned(4),
            pass,
            holder: row.owned(10),
            held_until: row.owned(11),
        }))
    }

    /// The place of the last seal in the chain; 0 where there is none.
    ///
    /// # Errors
    ///
    /// Of the database.
    pub fn last_place(&mut self) -> Result<i64, Error> {
        let row = self.query_one("select max(\"seq\") from \"seals\"", values![])?;
        Ok(row.and_then(|row| row.maybe_int(0)).unwrap_or(0))
    }

    /// Takes or renews the lease on the standings. False where somebody else holds it.
    ///
    /// # Errors
    ///
    /// Of the database.
    pub fn hold_standings(
        &mut self,
        holder: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<bool, Error> {
        if self.standings_state()?.is_none() {
            let sql = "insert into \"standings_state\" (\"id\", \"position\") values (1, 0)";
            self.execute(sql, values![])?;
        }
        let sql = "update \"standings_state\" set \"holder\" = $1, \"held_until\" = $3 \
                   where \"id\" = 1 and (\"holder\" is null or \"holder\" = $1 \
                   or \"held_until\" < $2)";
        Ok(self.execute(sql, values![holder, to_text(now), to_text(until)])? == 1)
    }

    /// Notes how far the standings are; whoever calls it holds the lease, which stays.
    ///
    /// # Errors
    ///
    /// Of the database.
    pub fn note_standings_state(&mut self, state: &StandingsState) -> Result<(), Error> {
        let pass = state.pass.as_ref();
        let sql = "update \"standings_state\" set \"position\" = $1, \"as_of\" = $2, \
                   \"edition\" = $3, \"book\" = $4, \"updated_at\" = $5, \"pass_as_of\" = $6, \
                   \"pass_edition\" = $7, \"pass_book\" = $8, \"pass_days\" = $9, \
                   \"pass_after\" = $10 where \"id\" = 1";
        let values = values![
            state.position,
            state.as_of.clone(),
            state.edition.clone(),
            state.book.clone(),
            state.updated_at.clone(),
            pass.map(|pass| pass.as_of.clone()),
            pass.and_then(|pass| pass.edition.clone()),
            pass.map(|pass| pass.book.clone()),
            pass.map(|pass| pass.days.join(" ")),
            pass.map(|pass| pass.after.clone()),
        ];
        self.execute(sql, values)?;
        Ok(())
    }
}
