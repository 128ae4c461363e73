//! Looking for rows by what somebody remembers of them: a part of a text, the beginning of an id
//! or of a name, days.
//!
//! Every query is bounded, however large the network: it goes by the partner, by the beginning of
//! an id or a name, which have indexes, or looks through the first [`LOOKED_THROUGH`] rows.
//! Capitals are compared as ASCII, the same on both engines.

use guildhall_rules::facts::Holds;

use crate::Error;
use crate::facts::{Version, read, selected};
use crate::kinds::Kind;
use crate::lists::{Conditions, Scope, Slice, of_partner};
use crate::moment::known;
use crate::store::Tx;

/// How many rows of a table are looked through for a part of a name.
const LOOKED_THROUGH: usize = 200_000;

/// What is looked for among the rows of a partner.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted<'a> {
    /// A part of any of its texts.
    pub text: Option<&'a str>,
    /// The first day, of the first column that holds one.
    pub from: Option<&'a str>,
    /// The last.
    pub until: Option<&'a str>,
}

/// A text with the signs of `like` taken for what they are, as a part of another.
fn part(text: &str) -> String {
    let mut pattern = "%".to_owned();
    for char in text.chars() {
        if matches!(char, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(char.to_ascii_lowercase());
    }
    pattern.push('%');
    pattern
}

/// Behind every text that begins so, and before every other that is greater.
fn end_of(beginning: &str) -> String {
    format!("{beginning}{}", char::MAX)
}

/// The texts of a row, one after the other.
fn texts(kind: Kind) -> String {
    let columns = kind.columns().iter();
    let is_text = |holds: Holds| {
        !matches!(holds, Holds::Day | Holds::Moment | Holds::Decimal | Holds::Score | Holds::Scores)
    };
    let names: Vec<String> = columns
        .filter(|column| is_text(column.holds))
        .map(|column| format!("coalesce(t.\"{}\", '')", column.name))
        .collect();
    names.join(" || ' ' || ")
}

impl Wanted<'_> {
    fn add_to(&self, kind: Kind, conditions: &mut Conditions) {
        if let Some(text) = self.text {
            let mark = conditions.mark(part(text));
            let texts = texts(kind);
            conditions.and(&format!("lower({texts}) like {mark} escape '\\'"));
        }
        let day = kind.columns().iter().find(|column| column.holds == Holds::Day);
        let Some(day) = day else { return };
        for (bound, sign) in [(self.from, ">="), (self.until, "<=")] {
            if let Some(bound) = bound {
                let mark = conditions.mark(bound);
                conditions.and(&format!("t.\"{}\" {sign} {mark}", day.name));
            }
        }
    }
}

impl Tx<'_> {
    /// Rows of a partner that are held now, within a scope and as they are wanted, in the order of
    /// their ids.
    ///
    /// # Errors
    ///
    /// Of the database, and when the kind belongs to no partner.
    pub fn find(
        &mut self,
        kind: Kind,
        scope: &Scope,
        partner: &str,
        wanted: &Wanted<'_>,
        slice: Slice<'_>,
    ) -> Result<Vec<Version>, Error> {
        let mut conditions = within(kind, scope, Some(partner))?;
        wanted.add_to(kind, &mut conditions);
        if let Some(after) = slice.after {
            let mark = conditions.mark(after);
            conditions.and(&format!("t.\"id\" > {mark}"));
        }
        self.found(kind, conditions, "t.\"id\"", slice.limit)
    }

    /// How many rows of a partner are held now, within a scope, counted up to `most`.
    ///
    /// # Errors
    ///
    /// Of the database, and when the kind belongs to no partner.
    pub fn count(
        &mut self,
        kind: Kind,
        scope: &Scope,
        partner: &str,
        most: usize,
    ) -> Result<usize, Error> {
        let mut conditions = within(kind, scope, Some(partner))?;
        let limit = conditions.mark(i64::try_from(most).unwrap_or(i64::MAX));
        let sql = format!(
            "select count(*) from (select 1 as \"one\" from \"{}\" t where {}{} limit {limit}) c",
            kind.table(),
            known("t", None),
            conditions.sql
        );
        let row = self.query_one(&sql, &conditions.parameters)?;
        let count = row.and_then(|row| row.maybe_int(0)).unwrap_or(0);
        Ok(usize::try_from(count).unwrap_or(0))
    }

    /// Rows that are held now, within a scope, whose ids begin so.
    ///
    /// # Errors
    ///
    /// Of the database.
    pub fn with_id(
        &mut self,
        kind: Kind,
        scope: &Scope,
        beginning: &str,
        limit: usize,
    ) -> Result<Vec<Version>, Error> {
        let mut conditions = within(kind, scope, None)?;
        let (from, to) = (conditions.mark(beginning), conditions.mark(end_of(beginning)));
        conditions.and(&format!("t.\"id\" >= {from} and t.\"id\" < {to}"));
        self.found(kind, conditions, "t.\"id\"", limit)
    }

    /// Rows that are held now, within a scope, that have a name: those whose name begins so, then
    /// those that have it as a part.
    ///
    /// # Errors
    ///
    /// Of the database.
    pub fn named(
        &mut self,
        kind: Kind,
        scope: &Scope,
        text: &str,
        limit: usize,
    ) -> Result<Vec<Version>, Error> {
        let text = text.to_ascii_lowercase();
        let mut conditions = within(kind, scope, None)?;
        let (from, to) = (conditions.mark(text.as_str()), conditions.mark(end_of(&text)));
        conditions.and(&format!("lower(t.\"name\") >= {from} and lower(t.\"name\") < {to}"));
        let mut found = self.found(kind, conditions, "lower(t.\"name\"), t.\"id\"", limit)?;
        if found.len() < limit {
            let mut conditions = Conditions::default();
            let mark = conditions.mark(part(&text));
            let more =
                if kind.is_personal() { " || ' ' || coalesce(t.\"emails\", '')" } else { "" };
            conditions.and(&format!("lower(t.\"name\"{more}) like {mark} escape '\\'"));
            scope.add_to(kind, &mut conditions);
            let most = conditions.mark(i64::try_from(limit).unwrap_or(i64::MAX));
            let bound = if scope.all { format!(" limit {LOOKED_THROUGH}") } else { String::new() };
            let sql = format!(
                "select {} from (select * from \"{}\" where {}{bound}) t \
                 where 1 = 1{} order by t.\"id\" limit {most}",
                selected(kind, "t"),
                kind.table(),
                known("", None),
                conditions.sql
            );
            for row in self.query(&sql, &conditions.parameters)? {
                let version = read(kind, &row)?;
                if !found.iter().any(|known| known.version == version.version) {
                    found.push(version);
                }
            }
            found.truncate(limit);
        }
        Ok(found)
    }

    fn found(
        &mut self,
        kind: Kind,
        mut conditions: Conditions,
        order: &str,
        limit: usize,
    ) -> Result<Vec<Version>, Error> {
        let limit = conditions.mark(i64::try_from(limit).unwrap_or(i64::MAX));
        let sql = format!(
            "select {} from \"{}\" t where {}{} order by {order} limit {limit}",
            selected(kind, "t"),
            kind.table(),
            known("t", None),
            conditions.sql
        );
        let rows = self.query(&sql, &conditions.parameters)?;
        rows.iter().map(|row| read(kind, row)).collect()
    }
}

fn within(kind: Kind, scope: &Scope, partner: Option<&str>) -> Result<Conditions, Error> {
    let mut conditions = Conditions::default();
    scope.add_to(kind, &mut conditions);
    if let Some(partner) = partner {
        let mark = conditions.mark(partner);
        let own = of_partner(kind, &mark)
            .ok_or_else(|| Error::Unexpected("the kind belongs to no partner".to_owned()))?;
        conditions.and(&own);
    }
    Ok(conditions)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_no_pattern() {
        assert_eq!(part("50%_\\A"), "%50\\%\\_\\\\a%");
    }
}
