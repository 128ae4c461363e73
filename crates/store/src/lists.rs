//! Lists of rows as somebody may see them, and what hangs on a row.
//!
//! Who may see what is decided elsewhere; here it is a condition ([`Scope`]) of the statement, so
//! that pages are full and nothing is read that is not shown.

use jiff::Timestamp;

use guildhall_rules::facts::File;

use crate::connection::Value;
use crate::facts::{Version, read, selected};
use crate::kinds::Kind;
use crate::moment::{self, known};
use crate::store::Tx;
use crate::{Error, values};

/// Which rows of a kind are listed: those to which **any** of these applies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// Every row.
    pub all: bool,
    /// Rows of this partner.
    pub partner: Option<String>,
    /// Of the partner's rows, only those that the customer agreed to share.
    pub consented_only: bool,
    /// Rows of this customer.
    pub customer: Option<String>,
    /// Rows of the vendor's own.
    pub vendor_own: bool,
}

/// Which page of a list is read.
#[derive(Clone, Copy, Debug, Default)]
pub struct Slice<'a> {
    /// The id behind which it begins.
    pub after: Option<&'a str>,
    /// How many rows it holds at most.
    pub limit: usize,
}

/// A retraction of a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retraction {
    /// Its number, which the version that it closed names.
    pub version: i64,
    /// The version that it closed.
    pub retracts: i64,
    /// When.
    pub recorded_at: String,
    /// The journal entry.
    pub entry: i64,
}

/// Conditions of a statement, and their parameters.
#[derive(Default)]
pub(crate) struct Conditions {
    pub(crate) parameters: Vec<Value>,
    pub(crate) sql: String,
}

impl Conditions {
    /// The mark of a parameter.
    pub(crate) fn mark(&mut self, value: impl Into<Value>) -> String {
        self.parameters.push(value.into());
        format!("${}", self.parameters.len())
    }

    pub(crate) fn and(&mut self, condition: &str) {
        self.sql += " and ";
        self.sql += condition;
    }
}

/// The rows of a kind that belong to a partner, whose id has this mark.
pub(crate) fn of_partner(kind: Kind, mark: &str) -> Option<String> {
    Some(match kind {
        Kind::Fact(File::Affiliations) => {
            format!("(t.\"primary\" = {mark} or t.\"subsidiary\" = {mark})")
        }
        Kind::Fact(File::Credentials) => format!(
            "exists (select 1 from \"individuals\" i where i.\"id\" = t.\"individual\" \
             and i.\"superseded_at\" is null and i.\"partner\" = {mark})"
        ),
        Kind::Organization => format!("(t.\"side\" = 'partner' and t.\"id\" = {mark})"),
        kind => format!("t.\"{}\" = {mark}", kind.partner_column()?),
    })
}

/// The rows of a kind that belong to a customer, whose id has this mark.
fn of_customer(kind: Kind, mark: &str) -> Option<String> {
    Some(match kind {
        Kind::Fact(File::Partners) => serves(mark),
        Kind::Organization => format!("(t.\"side\" = 'customer' and t.\"id\" = {mark})"),
        kind => format!("t.\"{}\" = {mark}", kind.customer_column()?),
    })
}

/// The partners of which a customer knows that they work for it: by finished projects, references,
/// cases and ratings.
fn serves(mark: &str) -> String {
    let knows = |table: &str, more: &str| {
        format!(
            "exists (select 1 from \"{table}\" w where w.\"partner\" = t.\"id\" \
             and w.\"customer\" = {mark} and w.\"superseded_at\" is null{more})"
        )
    };
    format!(
        "({} or {} or {} or {})",
        knows("opportunities", " and w.\"stage\" = 'Launched'"),
        knows("references", ""),
        knows("cases", ""),
        knows("ratings", ""),
    )
}

impl Scope {
    /// Every row.
    pub fn everything() -> Self {
        Self { all: true, ..Self::default() }
    }

    pub(crate) fn add_to(&self, kind: Kind, conditions: &mut Conditions) {
        if self.all {
            return;
        }
        let mut any = Vec::new();
        // Every parameter must be used: one that is not has no type.
        let partner = self.partner.as_ref().filter(|_| of_partner(kind, "").is_some());
        let customer = self.customer.as_ref().filter(|_| of_customer(kind, "").is_some());
        if let Some(partner) = partner {
            let mark = conditions.mark(partner);
            let consented = match kind {
                Kind::Fact(File::Ratings) if self.consented_only => " and t.\"consent\" = 'yes'",
                _ if self.consented_only => " and 1 = 0",
                _ => "",
            };
            any.extend(of_partner(kind, &mark).map(|own| format!("({own}{consented})")));
        }
        if let Some(customer) = customer {
            let mark = conditions.mark(customer);
            any.extend(of_customer(kind, &mark));
        }
        if self.vendor_own && kind == Kind::Organization {
            any.push("t.\"side\" = 'vendor'".to_owned());
        }
        if any.is_empty() {
            conditions.and("1 = 0");
        } else {
            conditions.and(&format!("({})", any.join(" or ")));
        }
    }
}

impl Tx<'_> {
    /// Rows of a kind that are held to be true now and within a scope, in the order of their ids.
    /// `filters` are columns and the value that each must have; `partner` narrows to the rows of
    /// one, also where the kind has no such column.
    ///
    /// # Errors
    ///
    /// Of the database, and when there is no such column.
    pub fn list(
        &mut self,
        kind: Kind,
        scope: &Scope,
        partner: Option<&str>,
        filters: &[(&str, &str)],
        slice: Slice<'_>,
    ) -> Result<Vec<Version>, Error> {
        let mut conditions = Conditions::default();
        scope.add_to(kind, &mut conditions);
        if let Some(partner) = partner {
            let mark = conditions.mark(partner);
            let own = of_partner(kind, &mark)
                .ok_or_else(|| Error::Unexpected("the kind belongs to no partner".to_owned()))?;
            conditions.and(&own);
        }
        for (name, value) in filters {
            if !kind.names().any(|column| column == *name) {
                return Err(Error::Unexpected(format!("no column `{name}`")));
            }
            let mark = conditions.mark(*value);
            conditions.and(&format!("t.\"{name}\" = {mark}"));
        }
        if let Some(after) = slice.after {
            let mark = conditions.mark(after);
            conditions.and(&format!("t.\"id\" > {mark}"));
        }
        let limit = conditions.mark(i64::try_from(slice.limit).unwrap_or(i64::MAX));
        let sql = format!(
            "select {} from \"{}\" t where {}{} order by t.\"id\" limit {limit}",
            selected(kind, "t"),
            kind.table(),
            known("t", None),
            conditions.sql
        );
        let rows = self.query(&sql, &conditions.parameters)?;
        rows.iter().map(|row| read(kind, row)).collect()
    }

    /// Ids of the partners that were held at a moment, in order, a page at a time.
    ///
    /// # Errors
    ///
    /// Of the database.
    pub fn partner_ids_at(
        &mut self,
        known_at: Option<Timestamp>,
        slice: Slice<'_>,
    ) -> Result<Vec<String>, Error> {
        let mut conditions = Conditions::default();
        let at = known_at.map(moment::to_text);
        if let Some(at) = &at {
            conditions.mark(at);
        }
        conditions.and(&known("t", at.as_ref().map(|_| 1)));
        if let Some(after) = slice.after {
            let mark = conditions.mark(after);
            conditions.and(&format!("t.\"id\" > {mark}"));
        }
        let limit = conditions.mark(i64::try_from(slice.limit).unwrap_or(i64::MAX));
        let sql = format!(
            "select distinct t.\"id\" from \"partners\" t where 1 = 1{} \
             order by t.\"id\" limit {limit}",
            conditions.sql
        );
        let rows = self.query(&sql, &conditions.parameters)?;
        rows.iter().map(|row| row.text(0).map(str::to_owned)).collect()
    }

    /// Whether a customer knows that a partner works for it.
    ///
    /// # Errors
    ///
    /// Of the database.
    pub fn is_served(&mut self, partner: &str, customer: &str) -> Result<bool, Error> {
        let sql = format!(
            "select 1 from \"partners\" t where t.\"id\" = $1 and t.\"superseded_at\" is null \
             and {}",
            serves("$2")
        );
        Ok(self.query_one(&sql, values![partner, customer])?.is_some())
    }

    /// How many rows that are held now refer to a fact.
    ///
    /// # Errors
    ///
    /// Of the database.
    pub fn dependants(&mut self, kind: Kind, id: &str) -> Result<i64, Error> {
        let mut refers: Vec<(Kind, &str)> = Vec::new();
        for other in Kind::all() {
            for name in other.names().skip(1) {
                let is_reference = match (kind, name) {
                    (Kind::Fact(File::Partners), "partner" | "primary" | "subsidiary")
                    | (Kind::Fact(File::Individuals), "individual")
                    | (Kind::Fact(File::Opportunities), "opportunity")
                    | (Kind::Unit, "unit") => true,
                    (Kind::Fact(File::Partners) | Kind::Unit, "parent") => other == kind,
                    (Kind::Organization, "customer") => {
                        matches!(other, Kind::Unit | Kind::Workload)
                    }
                    _ => false,
                };
                if is_reference {
                    refers.push((other, name));
                }
            }
        }
        let mut count = 0;
        for (other, name) in refers {
            let sql = format!(
                "select count(*) from \"{}\" where \"{name}\" = $1 and \"superseded_at\" is null",
                other.table()
            );
            let row = self.query_one(&sql, values![id])?;
            count += row.and_then(|row| row.maybe_int(0)).unwrap_or(0);
        }
        Ok(count)
    }

    /// The retractions of a fact, the oldest first.
    ///
    /// # Errors
    ///
    /// Of the database.
    pub fn retractions(&mut self, kind: Kind, id: &str) -> Result<Vec<Retraction>, Error> {
        let mut found = Vec::new();
        for version in self.versions(kind, id)? {
            let Some(by) = version.superseded_by else { continue };
            let sql = "select \"version\", \"retracts\", \"recorded_at\", \"entry\" \
                       from \"retractions\" where \"version\" = $1";
            if let Some(row) = self.query_one(sql, values![by])? {
                found.push(Retraction {
                    version: row.int(0)?,
                    retracts: row.int(1)?,
                    recorded_at: row.text(2)?.to_owned(),
                    entry: row.int(3)?,
                });
            }
        }
        Ok(found)
    }

    /// The organization of a side that bears a legal name, whatever its capitals.
    ///
    /// # Errors
    ///
    /// Of the database.
    pub fn legal_name_holder(&mut self, name: &str) -> Result<Option<String>, Error> {
        let sql = "select \"id\" from \"organizations\" where \"superseded_at\" is null \
                   and lower(\"legal_name\") = lower($1) order by \"id\" limit 1";
        let row = self.query_one(sql, values![name])?;
        row.map(|row| row.text(0).map(str::to_owned)).transpose()
    }

    /// The rows of a person at a partner that are held now; without a partner, at all of them.
    ///
    /// # Errors
    ///
    /// Of the database.
    pub fn person_rows(
        &mut self,
        person: &str,
        partner: Option<&str>,
    ) -> Result<Vec<Version>, Error> {
        let kind = Kind::Fact(File::Individuals);
        let mut parameters = values![person].to_vec();
        let mut sql = format!(
            "select {} from \"individuals\" t where coalesce(t.\"person\", t.\"id\") = $1 and {}",
            selected(kind, "t"),
            known("t", None)
        );
        if let Some(partner) = partner {
            parameters.push(partner.into());
            sql += " and t.\"partner\" = $2";
        }
        sql += " order by t.\"id\"";
        let rows = self.query(&sql, &parameters)?;
        rows.iter().map(|row| read(kind, row)).collect()
    }

    /// The credentials of a person that are held now, whichever row of theirs they are of.
    ///
    /// # Errors
    ///
    /// Of the database.
    pub fn person_credentials(&mut self, person: &str) -> Result<Vec<Version>, Error> {
        let kind = Kind::Fact(File::Credentials);
        let sql = format!(
            "select {} from \"credentials\" t where {} and t.\"individual\" in \
             (select i.\"id\" from \"individuals\" i where coalesce(i.\"person\", i.\"id\") = $1 \
             and i.\"superseded_at\" is null) order by t.\"id\"",
            selected(kind, "t"),
            known("t", None)
        );
        let rows = self.query(&sql, values![person])?;
        rows.iter().map(|row| read(kind, row)).collect()
    }
}

impl Tx<'_> {
    /// The credentials of everybody at a partner that are held now, whichever row of the human's
    /// they are of, be it at another partner.
    ///
    /// # Errors
    ///
    /// Of the database.
    pub fn partner_credentials(&mut self, partner: &str) -> Result<Vec<Version>, Error> {
        let kind = Kind::Fact(File::Credentials);
        let sql = format!(
            "select {} from \"credentials\" t where {} and t.\"individual\" in \
             (select i.\"id\" from \"individuals\" i where i.\"superseded_at\" is null \
             and coalesce(i.\"person\", i.\"id\") in \
             (select coalesce(p.\"person\", p.\"id\") from \"individuals\" p \
             where p.\"partner\" = $1 and p.\"superseded_at\" is null)) order by t.\"id\"",
            selected(kind, "t"),
            known("t", None)
        );
        let rows = self.query(&sql, values![partner])?;
        rows.iter().map(|row| read(kind, row)).collect()
    }

    /// Rows of everybody at a partner, also those at others: the id of the row, and the id that all
    /// rows of the human share.
    ///
    /// # Errors
    ///
    /// Of the database.
    pub fn persons_of(&mut self, partner: &str) -> Result<Vec<(String, String)>, Error> {
        let sql = "select i.\"id\", coalesce(i.\"person\", i.\"id\") from \"individuals\" i \
                   where i.\"superseded_at\" is null and coalesce(i.\"person\", i.\"id\") in \
                   (select coalesce(p.\"person\", p.\"id\") from \"individuals\" p \
                   where p.\"partner\" = $1 and p.\"superseded_at\" is null)";
        let rows = self.query(sql, values![partner])?;
        rows.iter().map(|row| Ok((row.text(0)?.to_owned(), row.text(1)?.to_owned()))).collect()
    }

    /// The partners that have had a row of a person, in whatever version.
    ///
    /// # Errors
    ///
    /// Of the database.
    pub fn person_partners(&mut self, person: &str) -> Result<Vec<String>, Error> {
        let sql = "select distinct \"partner\" from \"individuals\" \
                   where coalesce(\"person\", \"id\") = $1 order by \"partner\"";
        let rows = self.query(sql, values![person])?;
        rows.iter().map(|row| row.text(0).map(str::to_owned)).collect()
    }
}
