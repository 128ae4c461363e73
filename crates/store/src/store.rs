//! The store: connections that are used again, transactions, and numbers that are never given out
//! twice.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use crate::address::Address;
use crate::connection::{Connection, GiveCells, Isolation, Row, TakeCells, Value};
use crate::health::Connections;
use crate::{Error, migrations};

/// Most connections of one process.
const CONNECTIONS: usize = 12;
/// How often a transaction is tried before it is given up as busy.
const ATTEMPTS: u32 = 60;
/// How many numbers a process takes at once where that saves a round trip.
const BLOCK: i64 = 1000;

/// A database, opened and brought to this release's schema.
#[derive(Debug)]
pub struct Store {
    address: Address,
    pool: Mutex<Pool>,
    returned: Condvar,
    /// Writers of a file take turns here rather than in the file's lock, which is not fair.
    writing: Mutex<()>,
    numbers: Mutex<Numbers>,
}

#[derive(Debug, Default)]
struct Pool {
    idle: Vec<Connection>,
    open: usize,
}

/// Numbers that this process may give out, and the connection by which it gets more.
#[derive(Debug, Default)]
struct Numbers {
    connection: Option<Connection>,
    next: i64,
    end: i64,
}

impl Store {
    /// Opens a database and brings it to the schema of this release, under a lock. A file that is
    /// missing is made.
    ///
    /// # Errors
    ///
    /// When it cannot be reached, or was made by a newer release.
    pub fn open(url: &str) -> Result<Self, Error> {
        let address = Address::parse(url)?;
        let mut connection = Connection::open(&address)?;
        migrations::run(&mut connection)?;
        let pool = Mutex::new(Pool { idle: vec![connection], open: 1 });
        Ok(Self {
            address,
            pool,
            returned: Condvar::new(),
            writing: Mutex::new(()),
            numbers: Mutex::default(),
        })
    }

    /// Opens a database that is there already: a file is not made.
    ///
    /// # Errors
    ///
    /// As of [`Self::open`], and when the file is missing.
    pub fn open_existing(url: &str) -> Result<Self, Error> {
        if let Address::Sqlite(path) = Address::parse(url)?
            && !path.exists()
        {
            return Err(Error::Unreachable(format!("there is no file {}", path.display())));
        }
        Self::open(url)
    }

    /// Where it is.
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// Reads in one unchanging state.
    ///
    /// # Errors
    ///
    /// Of connecting, and those of `reads`.
    pub fn read<T, E: From<Error>>(
        &self,
        reads: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut guard = self.connection()?;
        let connection = guard.get()?;
        connection.begin(Isolation::Snapshot)?;
        let mut tx = Tx { connection, store: self, is_busy: false };
        let outcome = reads(&mut tx);
        // Nothing was changed; a connection that cannot end its transaction is not used again.
        let ended = guard.get()?.rollback();
        if ended.is_err() {
            guard.discard();
        }
        outcome
    }

    /// Changes the database in one transaction, which is tried again where others were in the way:
    /// `changes` may run several times and has no effects but through the transaction.
    ///
    /// # Errors
    ///
    /// Those of `changes`; [`Error::Busy`] when others stay in the way.
    pub fn write<T, E: From<Error>>(
        &self,
        mut changes: impl FnMut(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        for attempt in 0.. {
            match self.attempt(&mut changes) {
                Attempt::Done(outcome) => return outcome,
                Attempt::Busy if attempt >= ATTEMPTS => return Err(Error::Busy.into()),
                Attempt::Busy => thread::sleep(pause(attempt)),
            }
        }
        Err(Error::Busy.into())
    }

    fn attempt<T, E: From<Error>>(
        &self,
        changes: &mut impl FnMut(&mut Tx<'_>) -> Result<T, E>,
    ) -> Attempt<T, E> {
        let _turn: Option<MutexGuard<'_, ()>> = match self.address {
            Address::Sqlite(_) => Some(self.writing.lock().unwrap_or_else(PoisonError::into_inner)),
            Address::Postgres(_) => None,
        };
        let mut guard = match self.connection() {
            Ok(guard) => guard,
            Err(error) => return Attempt::Done(Err(error.into())),
        };
        let begun = guard.get().and_then(|connection| connection.begin(Isolation::Serializable));
        match begun {
            Ok(()) => {}
            Err(Error::Busy) => return Attempt::Busy,
            Err(error) => {
                guard.discard();
                return Attempt::Done(Err(error.into()));
            }
        }
        let Ok(connection) = guard.get() else { return Attempt::Busy };
        let mut tx = Tx { connection, store: self, is_busy: false };
        let outcome = changes(&mut tx);
        let is_busy = tx.is_busy;
        let ended = match (&outcome, is_busy) {
            (Ok(_), false) => tx.connection.commit(),
            _ => Err(Error::Busy),
        };
        match (ended, outcome) {
            (Ok(()), outcome) => Attempt::Done(outcome),
            (Err(error), outcome) => {
                if guard.get().and_then(Connection::rollback).is_err() {
                    guard.discard();
                }
                match (is_busy, outcome) {
                    (true, _) => Attempt::Busy,
                    (false, Err(error)) => Attempt::Done(Err(error)),
                    (false, Ok(_)) if error.is_transient() => Attempt::Busy,
                    (false, Ok(_)) => Attempt::Done(Err(error.into())),
                }
            }
        }
    }

    /// How many connections there are.
    pub fn connections(&self) -> Connections {
        let pool = self.pool.lock().unwrap_or_else(PoisonError::into_inner);
        Connections { open: pool.open, idle: pool.idle.len(), most: CONNECTIONS }
    }

    /// Runs something on a connection, outside any transaction.
    pub(crate) fn outside_transaction<T>(
        &self,
        run: impl FnOnce(&mut Connection) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut guard = self.connection()?;
        let outcome = guard.get().and_then(run);
        if outcome.is_err() {
            guard.discard();
        }
        outcome
    }

    fn connection(&self) -> Result<Guard<'_>, Error> {
        let mut pool = self.pool.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            while let Some(connection) = pool.idle.pop() {
                if connection.is_usable() {
                    return Ok(Guard { store: self, connection: Some(connection) });
                }
                pool.open -= 1;
            }
            if pool.open < CONNECTIONS {
                pool.open += 1;
                break;
            }
            pool = self.returned.wait(pool).unwrap_or_else(PoisonError::into_inner);
        }
        drop(pool);
        let mut guard = Guard { store: self, connection: None };
        // Where this fails, dropping the guard gives the place back.
        guard.connection = Some(Connection::open(&self.address)?);
        Ok(guard)
    }

    fn numbers(&self) -> MutexGuard<'_, Numbers> {
        self.numbers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

enum Attempt<T, E> {
    Done(Result<T, E>),
    Busy,
}

/// How long to wait before the next attempt: longer each time, and not in step with others.
fn pause(attempt: u32) -> Duration {
    let mut byte = [0; 1];
    // Without randomness the pauses are merely in step.
    let _ = getrandom::fill(&mut byte);
    let most = 2_u64 << attempt.min(6);
    Duration::from_micros(most * (500 + u64::from(byte[0]) * 4))
}

/// A connection on loan.
struct Guard<'s> {
    store: &'s Store,
    connection: Option<Connection>,
}

impl Guard<'_> {
    fn get(&mut self) -> Result<&mut Connection, Error> {
        self.connection.as_mut().ok_or_else(|| Error::Unreachable("it was closed".to_owned()))
    }

    fn discard(&mut self) {
        self.connection = None;
    }
}

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        let mut pool = self.store.pool.lock().unwrap_or_else(PoisonError::into_inner);
        match self.connection.take() {
            Some(connection) => pool.idle.push(connection),
            None => pool.open -= 1,
        }
        drop(pool);
        self.store.returned.notify_one();
    }
}

/// A transaction.
#[derive(Debug)]
pub struct Tx<'s> {
    pub(crate) connection: &'s mut Connection,
    store: &'s Store,
    /// Others were in the way: whatever comes of it, it is tried again.
    pub(crate) is_busy: bool,
}

impl Tx<'_> {
    fn noted<T>(&mut self, outcome: Result<T, Error>) -> Result<T, Error> {
        self.is_busy |= matches!(outcome, Err(Error::Busy));
        outcome
    }

    /// Whether the database is a server's.
    pub(crate) fn is_postgres(&self) -> bool {
        self.connection.is_postgres()
    }

    /// Runs a statement for its effect. Returns how many rows it changed.
    pub(crate) fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64, Error> {
        let outcome = self.connection.execute(sql, values);
        self.noted(outcome)
    }

    pub(crate) fn batch(&mut self, sql: &str) -> Result<(), Error> {
        let outcome = self.connection.batch(sql);
        self.noted(outcome)
    }

    pub(crate) fn query(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, Error> {
        let outcome = self.connection.query(sql, values);
        self.noted(outcome)
    }

    pub(crate) fn query_one(&mut self, sql: &str, values: &[Value]) -> Result<Option<Row>, Error> {
        let outcome = self.connection.query_one(sql, values);
        self.noted(outcome)
    }

    pub(crate) fn stream(
        &mut self,
        sql: &str,
        values: &[Value],
        take: &mut TakeCells<'_>,
    ) -> Result<(), Error> {
        let outcome = self.connection.stream(sql, values, take);
        self.noted(outcome)
    }

    pub(crate) fn load(
        &mut self,
        table: &str,
        columns: &[&str],
        give: &mut GiveCells<'_>,
    ) -> Result<(), Error> {
        let outcome = self.connection.load(table, columns, give);
        self.noted(outcome)
    }

    /// The first of so many numbers side by side that nobody else gets.
    pub(crate) fn numbers(&mut self, count: i64) -> Result<i64, Error> {
        if !self.connection.is_postgres() {
            // The only writer there is; what it takes is taken with the transaction.
            return take_numbers(self.connection, count);
        }
        let mut numbers = self.store.numbers();
        if numbers.end - numbers.next < count {
            let mut connection = match numbers.connection.take() {
                Some(connection) if connection.is_usable() => connection,
                _ => Connection::open(&self.store.address)?,
            };
            let taken = count.max(BLOCK);
            numbers.next = take_numbers(&mut connection, taken)?;
            numbers.end = numbers.next + taken;
            numbers.connection = Some(connection);
        }
        let first = numbers.next;
        numbers.next += count;
        Ok(first)
    }
}

fn take_numbers(connection: &mut Connection, count: i64) -> Result<i64, Error> {
    let sql = "update \"numbers\" set \"next\" = \"next\" + $1 where \"id\" = 1 returning \"next\"";
    let row = connection.query_one(sql, &[Value::Int(count)])?;
    let next = row.ok_or_else(|| Error::Unexpected("no row of numbers".to_owned()))?.int(0)?;
    Ok(next - count)
}
