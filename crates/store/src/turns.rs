//! What turns for partners in the year ahead, as it was last computed with their standings: a cache
//! for calendars of the whole network, with counts that are kept up with it. Nothing here decides;
//! all of it can be computed anew.

use crate::connection::{Cell, Row, Value};
use crate::lists::Conditions;
use crate::reading::Span;
use crate::store::Tx;
use crate::{Error, values};

/// Something that turns for a partner on a day, as it is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoredTurn {
    /// The partner's id.
    pub partner: String,
    /// Its place among those of the partner.
    pub place: i64,
    /// The day.
    pub on: String,
    /// `review`, `tier`, `attained`, `renewal`, `upgrade` or `discount`.
    pub what: String,
    /// `falls`, `rises` or `same`.
    pub direction: String,
    /// Before.
    pub before: Option<String>,
    /// After.
    pub after: Option<String>,
    /// The partner's path today.
    pub path: String,
    /// Its tier today; empty for none, `?` where it is unknown.
    pub tier: String,
    /// What is only shown, as JSON.
    pub details: String,
}

/// Which turns are listed or counted: those to which **all** of these applies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TurnsFilter {
    /// The first day.
    pub from: String,
    /// The last day.
    pub until: String,
    /// Only of these sorts; none: of any.
    pub what: Vec<String>,
    /// Only in this direction.
    pub direction: Option<String>,
    /// Only of partners on this path.
    pub path: Option<String>,
    /// Only of partners of this tier.
    pub tier: Option<String>,
}

/// Of what turns are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TurnsBy {
    /// Of days, `2026-03-01`.
    Day,
    /// Of months, `2026-03`.
    Month,
}

/// How many turns there are of one sort in one direction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TurnCount {
    /// The day or month.
    pub on: String,
    /// Which sort.
    pub what: String,
    /// In which direction.
    pub direction: String,
    /// How many.
    pub count: i64,
}

const COLUMNS: [&str; 10] =
    ["partner", "place", "on", "what", "direction", "before", "after", "path", "tier", "details"];

impl StoredTurn {
    fn read(row: &Row) -> Result<Self, Error> {
        let text = |at: usize| row.text(at).map(str::to_owned);
        Ok(Self {
            partner: text(0)?,
            place: row.int(1)?,
            on: text(2)?,
            what: text(3)?,
            direction: text(4)?,
            before: row.owned(5),
            after: row.owned(6),
            path: text(7)?,
            tier: text(8)?,
            details: text(9)?,
        })
    }
}

fn maybe(text: Option<&String>) -> Cell<'_> {
    text.map_or(Cell::Null, |text| Cell::Text(text))
}

impl TurnsFilter {
    fn add_to(&self, conditions: &mut Conditions) {
        // Of one day, the index by sorts can be used.
        let from = conditions.mark(&self.from);
        if self.from == self.until {
            conditions.and(&format!("t.\"on\" = {from}"));
        } else {
            let until = conditions.mark(&self.until);
            conditions.and(&format!("t.\"on\" >= {from} and t.\"on\" <= {until}"));
        }
        match self.what.as_slice() {
            [] => {}
            [what] => {
                let mark = conditions.mark(what);
                conditions.and(&format!("t.\"what\" = {mark}"));
            }
            sorts => {
                let marks: Vec<String> = sorts.iter().map(|what| conditions.mark(what)).collect();
                conditions.and(&format!("t.\"what\" in ({})", marks.join(", ")));
            }
        }
        let others = [("direction", &self.direction), ("path", &self.path), ("tier", &self.tier)];
        for (column, value) in others {
            if let Some(value) = value {
                let mark = conditions.mark(value);
                conditions.and(&format!("t.\"{column}\" = {mark}"));
            }
        }
    }
}

impl Tx<'_> {
    /// Takes what turns for these partners in place of what was kept of them.
    ///
    /// # Errors
    ///
    /// Of the database.
    pub fn replace_turns(&mut self, partners: &[&str], turns: &[StoredTurn]) -> Result<(), Error> {
        for partner in partners {
            self.add_turn_counts(-1, "\"partner\" = $1", values![*partner])?;
            self.execute("delete from \"turns\" where \"partner\" = $1", values![*partner])?;
        }
        self.load_turns(turns)?;
        for partner in partners {
            self.add_turn_counts(1, "\"partner\" = $1", values![*partner])?;
        }
        self.forget_turn_counts()
    }

    /// Takes what turns for all partners within a span in place of what was kept of them.
    ///
    /// # Errors
    ///
    /// Of the database.
    pub fn replace_turns_within(
        &mut self,
        span: Span<'_>,
        turns: &[StoredTurn],
    ) -> Result<(), Error> {
        let within = span.condition("\"partner\"");
        self.add_turn_counts(-1, &within, &span.parameters())?;
        let sql = format!("delete from \"turns\" where {within}");
        self.execute(&sql, &span.parameters())?;
        self.load_turns(turns)?;
        self.add_turn_counts(1, &within, &span.parameters())?;
        self.forget_turn_counts()
    }

    /// Adds the turns of some partners to what is counted, or takes them away.
    fn add_turn_counts(&mut self, sign: i8, of: &str, given: &[Value]) -> Result<(), Error> {
        let by = "\"on\", \"what\", \"direction\", \"path\", \"tier\"";
        let sql = format!(
            "insert into \"turn_counts\" ({by}, \"turns\") \
             select {by}, {sign} * count(*) from \"turns\" where {of} group by {by} \
             on conflict ({by}) do update set \
             \"turns\" = \"turn_counts\".\"turns\" + excluded.\"turns\""
        );
        self.execute(&sql, given)?;
        Ok(())
    }

    fn forget_turn_counts(&mut self) -> Result<(), Error> {
        self.execute("delete from \"turn_counts\" where \"turns\" = 0", values![])?;
        Ok(())
    }

    fn load_turns(&mut self, turns: &[StoredTurn]) -> Result<(), Error> {
        if turns.is_empty() {
            return Ok(());
        }
        self.load("turns", &COLUMNS, &mut |give| {
            turns.iter().try_for_each(|turn| {
                give(&[
                    Cell::Text(&turn.partner),
                    Cell::Int(turn.place),
                    Cell::Text(&turn.on),
                    Cell::Text(&turn.what),
                    Cell::Text(&turn.direction),
                    maybe(turn.before.as_ref()),
                    maybe(turn.after.as_ref()),
                    Cell::Text(&turn.path),
                    Cell::Text(&turn.tier),
                    Cell::Text(&turn.details),
                ])
            })
        })
    }

    /// Turns in the order of their days and partners, from behind a place on, each with the name
    /// of its partner.
    ///
    /// # Errors
    ///
    /// Of the database.
    pub fn turns(
        &mut self,
        filter: &TurnsFilter,
        after: Option<(&str, &str, i64)>,
        limit: usize,
    ) -> Result<Vec<(StoredTurn, String)>, Error> {
        let mut conditions = Conditions::default();
        filter.add_to(&mut conditions);
        if let Some((on, partner, place)) = after {
            let (on, partner) = (conditions.mark(on), conditions.mark(partner));
            let place = conditions.mark(place);
            let behind =
                format!("(t.\"on\", t.\"partner\", t.\"place\") > ({on}, {partner}, {place})");
            conditions.and(&behind);
        }
        let limit = conditions.mark(i64::try_from(limit).unwrap_or(i64::MAX));
        let names: Vec<String> = COLUMNS.iter().map(|name| format!("t.\"{name}\"")).collect();
        let sorted = "t.\"on\", t.\"partner\", t.\"place\"";
        let sql = format!(
            "select {}, s.\"name\" from (select * from \"turns\" t where 1 = 1{} \
             order by {sorted} limit {limit}) t \
             left join \"standings\" s on s.\"partner\" = t.\"partner\" order by {sorted}",
            names.join(", "),
            conditions.sql
        );
        let rows = self.query(&sql, &conditions.parameters)?;
        let read = |row: &Row| {
            let turn = StoredTurn::read(row)?;
            let name = row.owned(COLUMNS.len()).unwrap_or_else(|| turn.partner.clone());
            Ok((turn, name))
        };
        rows.iter().map(read).collect()
    }

    /// How many turns a filter lets through, by day or month, sort and direction.
    ///
    /// # Errors
    ///
    /// Of the database.
    pub fn count_turns(
        &mut self,
        filter: &TurnsFilter,
        by: TurnsBy,
    ) -> Result<Vec<TurnCount>, Error> {
        let mut conditions = Conditions::default();
        filter.add_to(&mut conditions);
        let on = match by {
            TurnsBy::Day => "t.\"on\"",
            TurnsBy::Month => "substr(t.\"on\", 1, 7)",
        };
        let sql = format!(
            "select {on}, t.\"what\", t.\"direction\", cast(sum(t.\"turns\") as bigint) \
             from \"turn_counts\" t where 1 = 1{} group by 1, 2, 3 order by 1, 2, 3",
            conditions.sql
        );
        let read = |row: &Row| {
            let text = |at: usize| row.text(at).map(str::to_owned);
            let (on, what, direction) = (text(0)?, text(1)?, text(2)?);
            Ok(TurnCount { on, what, direction, count: row.int(3)? })
        };
        self.query(&sql, &conditions.parameters)?.iter().map(read).collect()
    }
}
