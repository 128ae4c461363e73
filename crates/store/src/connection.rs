//! One connection to either database, taking the same SQL.
//!
//! Statements are written once, with `$1`, `$2`, … for parameters and only two types: text and
//! 64-bit integers. What differs between the two engines is here and in the two modules below, and
//! nowhere else: how parameters are marked, how rows are loaded in bulk, which errors mean that a
//! change should be tried again.

mod postgres;
mod sqlite;

use std::fmt;
use std::path::Path;

use crate::Error;
use crate::address::Address;

/// A value of a row or parameter.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// Nothing.
    Null,
    /// A whole number.
    Int(i64),
    /// A text.
    Text(String),
}

/// A value that is only looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell<'a> {
    /// Nothing.
    Null,
    /// A whole number.
    Int(i64),
    /// A text.
    Text(&'a str),
}

impl From<Cell<'_>> for Value {
    fn from(cell: Cell<'_>) -> Self {
        match cell {
            Cell::Null => Self::Null,
            Cell::Int(number) => Self::Int(number),
            Cell::Text(text) => Self::Text(text.to_owned()),
        }
    }
}

impl Value {
    /// The same, only looked at.
    pub fn cell(&self) -> Cell<'_> {
        match self {
            Self::Null => Cell::Null,
            Self::Int(number) => Cell::Int(*number),
            Self::Text(text) => Cell::Text(text),
        }
    }
}

impl<'a> Cell<'a> {
    /// The text, if it is one.
    pub fn text(self) -> Option<&'a str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The number, if it is one.
    pub fn int(self) -> Option<i64> {
        match self {
            Self::Int(number) => Some(number),
            _ => None,
        }
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// The parameters of a statement: `values![id, version]`.
#[macro_export]
macro_rules! values {
    ($($value:expr),* $(,)?) => { &[$($crate::Value::from($value)),*] };
}

/// A row that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row(pub Vec<Value>);

impl Row {
    /// The text of a column that is never null.
    pub fn text(&self, column: usize) -> Result<&str, Error> {
        self.maybe(column).ok_or_else(|| unexpected("no text", column))
    }

    /// The text of a column, if it has one.
    pub fn maybe(&self, column: usize) -> Option<&str> {
        match self.0.get(column) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// The text of a column as its own, if it has one.
    pub fn owned(&self, column: usize) -> Option<String> {
        self.maybe(column).map(str::to_owned)
    }

    /// The number of a column that is never null.
    pub fn int(&self, column: usize) -> Result<i64, Error> {
        self.maybe_int(column).ok_or_else(|| unexpected("no number", column))
    }

    /// The number of a column, if it has one.
    pub fn maybe_int(&self, column: usize) -> Option<i64> {
        match self.0.get(column) {
            Some(Value::Int(number)) => Some(*number),
            _ => None,
        }
    }
}

fn unexpected(what: &str, column: usize) -> Error {
    Error::Unexpected(format!("{what} in column {column} of a row"))
}

/// How a transaction sees and changes the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Isolation {
    /// One unchanging state, only to be read.
    Snapshot,
    /// As if alone; a commit may be refused and must then be tried again.
    Serializable,
}

/// What a connection sends and receives rows with.
pub type TakeCells<'a> = dyn FnMut(&[Cell<'_>]) -> Result<(), Error> + 'a;

/// Gives rows to a bulk load: each call of the function given to it is one row.
pub type GiveCells<'a> =
    dyn FnMut(&mut dyn FnMut(&[Cell<'_>]) -> Result<(), Error>) -> Result<(), Error> + 'a;

/// A connection to a database.
pub enum Connection {
    /// To a file.
    Sqlite(sqlite::Connection),
    /// To a server.
    Postgres(Box<postgres::Connection>),
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sqlite(_) => "Connection(SQLite)",
            Self::Postgres(_) => "Connection(PostgreSQL)",
        })
    }
}

impl Connection {
    /// Connects to a database, making the file where there is none.
    pub fn open(address: &Address) -> Result<Self, Error> {
        match address {
            Address::Sqlite(path) => Ok(Self::Sqlite(sqlite::Connection::open(path)?)),
            Address::Postgres(config) => {
                Ok(Self::Postgres(Box::new(postgres::Connection::open(config)?)))
            }
        }
    }

    /// Opens a file only to read it: not a byte of it is changed.
    pub(crate) fn open_read_only(path: &Path) -> Result<Self, Error> {
        Ok(Self::Sqlite(sqlite::Connection::open_read_only(path)?))
    }

    /// Runs a statement for its effect. Returns how many rows it changed.
    pub fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64, Error> {
        match self {
            Self::Sqlite(connection) => connection.execute(sql, values),
            Self::Postgres(connection) => connection.execute(sql, values),
        }
    }

    /// Runs statements that take no parameters.
    pub fn batch(&mut self, sql: &str) -> Result<(), Error> {
        match self {
            Self::Sqlite(connection) => connection.batch(sql),
            Self::Postgres(connection) => connection.batch(sql),
        }
    }

    /// Gives every row of a query to a function, one by one.
    pub fn stream(
        &mut self,
        sql: &str,
        values: &[Value],
        take: &mut TakeCells<'_>,
    ) -> Result<(), Error> {
        match self {
            Self::Sqlite(connection) => connection.stream(sql, values, take),
            Self::Postgres(connection) => connection.stream(sql, values, take),
        }
    }

    /// The rows of a query.
    pub fn query(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, Error> {
        let mut rows = Vec::new();
        self.stream(sql, values, &mut |cells| {
            rows.push(Row(cells.iter().map(|cell| Value::from(*cell)).collect()));
            Ok(())
        })?;
        Ok(rows)
    }

    /// The first row of a query, if there is one.
    pub fn query_one(&mut self, sql: &str, values: &[Value]) -> Result<Option<Row>, Error> {
        Ok(self.query(sql, values)?.into_iter().next())
    }

    /// Loads rows into a table. `give` is called once, and calls what it is handed for each row.
    pub fn load(
        &mut self,
        table: &str,
        columns: &[&str],
        give: &mut GiveCells<'_>,
    ) -> Result<(), Error> {
        match self {
            Self::Sqlite(connection) => connection.load(table, columns, give),
            Self::Postgres(connection) => connection.load(table, columns, give),
        }
    }

    /// Begins a transaction.
    pub fn begin(&mut self, isolation: Isolation) -> Result<(), Error> {
        match (self, isolation) {
            (Self::Sqlite(connection), Isolation::Snapshot) => connection.batch("begin deferred"),
            (Self::Sqlite(connection), Isolation::Serializable) => {
                connection.batch("begin immediate")
            }
            (Self::Postgres(connection), Isolation::Snapshot) => {
                connection.batch("begin isolation level repeatable read read only")
            }
            (Self::Postgres(connection), Isolation::Serializable) => {
                connection.batch("begin isolation level serializable")
            }
        }
    }

    /// Commits. Whoever gets `Ok` may rely on the change surviving a loss of power.
    pub fn commit(&mut self) -> Result<(), Error> {
        self.batch("commit")
    }

    /// Rolls back; a connection that cannot is not used again.
    pub fn rollback(&mut self) -> Result<(), Error> {
        match self {
            Self::Sqlite(connection) => connection.rollback(),
            Self::Postgres(connection) => connection.batch("rollback"),
        }
    }

    /// Waits until nobody else changes the schema. To be called outside a transaction, whose view
    /// of the database would be older than the lock.
    pub(crate) fn lock_schema(&mut self) -> Result<(), Error> {
        match self {
            // Whoever begins an immediate transaction is alone.
            Self::Sqlite(_) => Ok(()),
            Self::Postgres(connection) => {
                connection.batch("select pg_advisory_lock(7308332045182722663)")
            }
        }
    }

    /// Lets others change the schema.
    pub(crate) fn unlock_schema(&mut self) -> Result<(), Error> {
        match self {
            Self::Sqlite(_) => Ok(()),
            Self::Postgres(connection) => {
                connection.batch("select pg_advisory_unlock(7308332045182722663)")
            }
        }
    }

    /// Whether it is to a server.
    pub fn is_postgres(&self) -> bool {
        matches!(self, Self::Postgres(_))
    }

    /// Whether it can still be used.
    pub fn is_usable(&self) -> bool {
        match self {
            Self::Sqlite(connection) => connection.is_usable(),
            Self::Postgres(connection) => connection.is_usable(),
        }
    }
}

/// `"a", "b"`: names as both engines read them, whatever words they are.
pub fn quoted(names: &[&str]) -> String {
    names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")
}
