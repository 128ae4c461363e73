//! How the database is: whether it answers, how many connections are in use, what waits.

use crate::address::Address;
use crate::connection::Connection;
use crate::store::{Store, Tx};
use crate::{Error, values};

/// The connections of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Connections {
    /// How many are open.
    pub open: usize,
    /// How many of them are not in use.
    pub idle: usize,
    /// How many there may be.
    pub most: usize,
}

/// Asks whether the database answers, by a connection of its own: however busy the others are.
#[derive(Debug)]
pub struct Probe {
    address: Address,
    connection: Option<Connection>,
}

impl Probe {
    /// Whether it answers. Waits for as long as the database lets one wait.
    ///
    /// # Errors
    ///
    /// When it cannot be reached or read; the next time a new connection is tried.
    pub fn ask(&mut self) -> Result<(), Error> {
        let mut connection = match self.connection.take() {
            Some(connection) if connection.is_usable() => connection,
            _ => Connection::open(&self.address)?,
        };
        connection.query_one("select \"next\" from \"numbers\" where \"id\" = 1", values![])?;
        self.connection = Some(connection);
        Ok(())
    }
}

impl Store {
    /// A probe of this database.
    pub fn probe(&self) -> Probe {
        Probe { address: self.address().clone(), connection: None }
    }
}

impl Tx<'_> {
    /// Whether somebody may sign in.
    pub fn has_users(&mut self) -> Result<bool, Error> {
        Ok(self.query_one("select 1 from \"users\" limit 1", values![])?.is_some())
    }

    /// Whether every row of the journal is sealed.
    pub fn is_sealed(&mut self) -> Result<bool, Error> {
        Ok(self.query_one("select 1 from \"unsealed\" limit 1", values![])?.is_none())
    }

    /// When the oldest row of the journal that is not sealed yet was written.
    pub fn oldest_unsealed(&mut self) -> Result<Option<String>, Error> {
        let sql = "select min(j.\"at\") from \"unsealed\" u \
                   join \"journal\" j on j.\"entry\" = u.\"entry\"";
        Ok(self.query_one(sql, values![])?.and_then(|row| row.owned(0)))
    }
}
