//! A connection to a SQLite file.
//!
//! Write-ahead logging with `synchronous = FULL`: a commit is on the disk when it returns. Text is
//! compared bytewise, which is SQLite's own way.

use std::path::Path;
use std::time::Duration;

use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};
use rusqlite::{ErrorCode, OpenFlags, Statement};

use super::{Cell, GiveCells, TakeCells, Value, quoted};
use crate::Error;
use crate::digest::hex;

/// How long a statement waits for another writer.
const BUSY: Duration = Duration::from_secs(15);
/// How many prepared statements are kept.
const STATEMENTS: usize = 256;

/// An open file.
pub struct Connection {
    inner: rusqlite::Connection,
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(number) => ValueRef::Integer(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
        }))
    }
}

impl ToSql for Cell<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(number) => ValueRef::Integer(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
        }))
    }
}

impl Connection {
    /// Opens a file, making it where there is none.
    pub fn open(path: &Path) -> Result<Self, Error> {
        match Self::open_to_write(path) {
            // The engine reads such a file only when it may write beside it, or is told that
            // nobody can change it.
            Err(_) if is_on_read_only_disk(path) => Self::open_unchanging(path),
            outcome => outcome,
        }
    }

    fn open_to_write(path: &Path) -> Result<Self, Error> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let unopened = |error: rusqlite::Error| unopened(path, &error);
        let inner = rusqlite::Connection::open_with_flags(path, flags).map_err(unopened)?;
        inner.busy_timeout(BUSY).map_err(unopened)?;
        inner.set_prepared_statement_cache_capacity(STATEMENTS);
        let set = |pragma: &str| inner.execute_batch(pragma);
        // A file that may only be read cannot be set to anything; reading it is still possible.
        match set("pragma journal_mode = wal") {
            Ok(()) => {}
            Err(error) if is_read_only(&error) => {}
            Err(error) => return Err(unopened(error)),
        }
        set("pragma synchronous = full; pragma foreign_keys = on; pragma cache_size = -16384; \
             pragma temp_store = memory; pragma wal_autocheckpoint = 4000")
        .map_err(unopened)?;
        Ok(Self { inner })
    }

    /// Opens a file only to read it: not a byte of it is changed.
    pub fn open_read_only(path: &Path) -> Result<Self, Error> {
        match Self::open_to_read(path, path, OpenFlags::empty()) {
            Err(_) if is_on_read_only_disk(path) => Self::open_unchanging(path),
            outcome => outcome,
        }
    }

    /// Opens a file of a disk that may only be read.
    fn open_unchanging(path: &Path) -> Result<Self, Error> {
        let Some(shown) = path.to_str() else {
            let message = format!("{}: its name is not UTF-8", path.display());
            return Err(Error::Unreachable(message));
        };
        let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"/._-".contains(byte);
        let mut uri = String::from("file:");
        for byte in shown.bytes() {
            if is_plain(&byte) {
                uri.push(byte.into());
            } else {
                uri.push('%');
                uri.push_str(&hex(&[byte]));
            }
        }
        uri += "?immutable=1";
        Self::open_to_read(path, Path::new(&uri), OpenFlags::SQLITE_OPEN_URI)
    }

    fn open_to_read(path: &Path, name: &Path, more: OpenFlags) -> Result<Self, Error> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | more;
        let unopened = |error: rusqlite::Error| unopened(path, &error);
        let inner = rusqlite::Connection::open_with_flags(name, flags).map_err(unopened)?;
        inner.busy_timeout(BUSY).map_err(unopened)?;
        inner.set_prepared_statement_cache_capacity(STATEMENTS);
        // A file of another program is found out when it is first looked into.
        inner.query_row("select count(*) from sqlite_master", [], |_| Ok(())).map_err(unopened)?;
        Ok(Self { inner })
    }

    pub(super) fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64, Error> {
        let mut statement = self.prepare(sql)?;
        let changed = statement.execute(rusqlite::params_from_iter(values)).map_err(told)?;
        Ok(changed as u64)
    }

    pub(super) fn batch(&mut self, sql: &str) -> Result<(), Error> {
        self.inner.execute_batch(sql).map_err(told)
    }

    pub(super) fn rollback(&mut self) -> Result<(), Error> {
        // Some errors have rolled back already.
        if self.inner.is_autocommit() { Ok(()) } else { self.batch("rollback") }
    }

    pub(super) fn is_usable(&self) -> bool {
        self.inner.is_autocommit()
    }

    fn prepare(&self, sql: &str) -> Result<rusqlite::CachedStatement<'_>, Error> {
        self.inner.prepare_cached(&sql.replace('$', "?")).map_err(told)
    }

    pub(super) fn stream(
        &mut self,
        sql: &str,
        values: &[Value],
        take: &mut TakeCells<'_>,
    ) -> Result<(), Error> {
        let mut statement = self.prepare(sql)?;
        let count = statement.column_count();
        let mut rows = statement.query(rusqlite::params_from_iter(values)).map_err(told)?;
        let mut texts: Vec<Cell<'_>> = Vec::with_capacity(count);
        while let Some(row) = rows.next().map_err(told)? {
            for at in 0..count {
                texts.push(cell(row.get_ref(at).map_err(told)?)?);
            }
            take(&texts)?;
            texts = recycled(texts);
        }
        Ok(())
    }

    pub(super) fn load(
        &mut self,
        table: &str,
        columns: &[&str],
        give: &mut GiveCells<'_>,
    ) -> Result<(), Error> {
        let marks: Vec<String> = (1..=columns.len()).map(|at| format!("?{at}")).collect();
        let names = quoted(columns);
        let sql = format!("insert into \"{table}\" ({names}) values ({})", marks.join(", "));
        let mut statement = self.inner.prepare_cached(&sql).map_err(told)?;
        give(&mut |cells| insert(&mut statement, cells))
    }
}

fn insert(statement: &mut Statement<'_>, cells: &[Cell<'_>]) -> Result<(), Error> {
    for (at, cell) in cells.iter().enumerate() {
        statement.raw_bind_parameter(at + 1, cell).map_err(told)?;
    }
    statement.raw_execute().map_err(told)?;
    Ok(())
}

/// The same memory for the next row.
fn recycled<'b>(mut cells: Vec<Cell<'_>>) -> Vec<Cell<'b>> {
    cells.clear();
    cells.into_iter().map(|_| Cell::Null).collect()
}

fn cell(value: ValueRef<'_>) -> Result<Cell<'_>, Error> {
    match value {
        ValueRef::Null => Ok(Cell::Null),
        ValueRef::Integer(number) => Ok(Cell::Int(number)),
        ValueRef::Text(text) => std::str::from_utf8(text)
            .map(Cell::Text)
            .map_err(|_| Error::Unexpected("text that is not UTF-8".to_owned())),
        ValueRef::Real(_) | ValueRef::Blob(_) => {
            Err(Error::Unexpected("a value that is neither text nor a whole number".to_owned()))
        }
    }
}

/// Whether a file lies on a disk to which nobody can write. The file itself is not touched: closing
/// it would end every lock that this process holds on it.
fn is_on_read_only_disk(path: &Path) -> bool {
    if !path.is_file() {
        return false;
    }
    let probe = path.with_file_name(format!(".guildhall-probe-{}", std::process::id()));
    match std::fs::OpenOptions::new().write(true).create_new(true).open(&probe) {
        Err(error) => error.kind() == std::io::ErrorKind::ReadOnlyFilesystem,
        Ok(_) => {
            // What is left of it does no harm.
            let _ = std::fs::remove_file(probe);
            false
        }
    }
}

/// Why a file could not be opened.
fn unopened(path: &Path, error: &rusqlite::Error) -> Error {
    let message = format!("{}: {error}", path.display());
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt) => Error::Damaged(message),
        Some(ErrorCode::DiskFull) => Error::Full,
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Error::Busy,
        Some(ErrorCode::CannotOpen) if path.is_file() => Error::Unreachable(format!(
            "{message}: neither reading nor writing is possible where its folder may not be \
             written to"
        )),
        _ => Error::Unreachable(message),
    }
}

fn is_read_only(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::ReadOnly)
}

/// What an error of the engine means.
#[expect(clippy::needless_pass_by_value, reason = "it is handed over by map_err")]
fn told(error: rusqlite::Error) -> Error {
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Error::Busy,
        Some(ErrorCode::DiskFull) => Error::Full,
        Some(ErrorCode::ReadOnly) => Error::ReadOnly,
        Some(ErrorCode::ConstraintViolation) => Error::Constraint(error.to_string()),
        Some(ErrorCode::CannotOpen) => Error::Unreachable(error.to_string()),
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            Error::Damaged(error.to_string())
        }
        Some(ErrorCode::SystemIoFailure) => Error::Io(std::io::Error::other(format!(
            "reading or writing the file of the database failed: {error}"
        ))),
        _ => Error::Refused(error.to_string()),
    }
}
