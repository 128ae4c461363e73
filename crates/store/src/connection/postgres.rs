//! A connection to a PostgreSQL server.
//!
//! `synchronous_commit` is on: a commit is on the server's disk when it returns. Rows are loaded
//! with COPY. Text columns are declared with the collation `C` by the migrations, so that they sort
//! bytewise whatever the locale of the database.

use std::collections::HashMap;
use std::error::Error as _;
use std::io::Write;
use std::sync::Arc;

use postgres::config::SslMode;
use postgres::error::SqlState;
use postgres::fallible_iterator::FallibleIterator;
use postgres::types::{IsNull, ToSql, Type, private::BytesMut};
use postgres::{Client, Config, NoTls, Statement};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::{Cell, GiveCells, TakeCells, Value, quoted};
use crate::Error;

/// How many prepared statements are kept.
const STATEMENTS: usize = 512;
/// Bytes of rows that are sent at once.
const COPIED: usize = 64 * 1024;

/// A connection to a server.
pub struct Connection {
    client: Client,
    statements: HashMap<String, Statement>,
}

impl ToSql for Value {
    fn to_sql(
        &self,
        kind: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Int(number) if *kind == Type::INT4 => i32::try_from(*number)?.to_sql(kind, out),
            Self::Int(number) => number.to_sql(kind, out),
            Self::Text(text) => text.as_str().to_sql(kind, out),
        }
    }

    fn accepts(kind: &Type) -> bool {
        [Type::TEXT, Type::INT8, Type::INT4, Type::VARCHAR, Type::UNKNOWN].contains(kind)
    }

    fn to_sql_checked(
        &self,
        kind: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        let is_number = [Type::INT8, Type::INT4].contains(kind);
        match self {
            Self::Int(_) if !is_number => Err("a number where a text is asked for".into()),
            Self::Text(_) if is_number => Err("a text where a number is asked for".into()),
            _ => self.to_sql(kind, out),
        }
    }
}

impl Connection {
    /// Connects, with TLS where the address asks for it.
    pub fn open(config: &Config) -> Result<Self, Error> {
        let client = match config.get_ssl_mode() {
            SslMode::Disable => config.connect(NoTls),
            _ if !needs_tls(config) => config.connect(NoTls),
            _ => config.connect(tls()?),
        };
        let mut client = client.map_err(|error| Error::Unreachable(in_full(&error)))?;
        let set = "set synchronous_commit = on; set standard_conforming_strings = on; \
                   set client_min_messages = warning; set idle_in_transaction_session_timeout = 0";
        client.batch_execute(set).map_err(|error| Error::Unreachable(in_full(&error)))?;
        Ok(Self { client, statements: HashMap::new() })
    }

    pub(super) fn is_usable(&self) -> bool {
        !self.client.is_closed()
    }

    fn prepare(&mut self, sql: &str) -> Result<Statement, Error> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(sql).map_err(told)?;
        if self.statements.len() >= STATEMENTS {
            self.statements.clear();
        }
        self.statements.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    pub(super) fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64, Error> {
        let statement = self.prepare(sql)?;
        let values: Vec<&(dyn ToSql + Sync)> =
            values.iter().map(|value| value as &(dyn ToSql + Sync)).collect();
        self.client.execute(&statement, &values).map_err(told)
    }

    pub(super) fn batch(&mut self, sql: &str) -> Result<(), Error> {
        self.client.batch_execute(sql).map_err(told)
    }

    pub(super) fn stream(
        &mut self,
        sql: &str,
        values: &[Value],
        take: &mut TakeCells<'_>,
    ) -> Result<(), Error> {
        let statement = self.prepare(sql)?;
        let kinds: Vec<Type> =
            statement.columns().iter().map(|column| column.type_().clone()).collect();
        let mut rows = self.client.query_raw(&statement, values).map_err(told)?;
        while let Some(row) = rows.next().map_err(told)? {
            let mut cells = Vec::with_capacity(kinds.len());
            for (at, kind) in kinds.iter().enumerate() {
                cells.push(cell(&row, at, kind)?);
            }
            take(&cells)?;
        }
        Ok(())
    }

    pub(super) fn load(
        &mut self,
        table: &str,
        columns: &[&str],
        give: &mut GiveCells<'_>,
    ) -> Result<(), Error> {
        let sql = format!("copy \"{table}\" ({}) from stdin", quoted(columns));
        let mut writer = self.client.copy_in(&sql).map_err(told)?;
        let mut buffer: Vec<u8> = Vec::with_capacity(COPIED * 2);
        give(&mut |cells| {
            copy_row(&mut buffer, cells);
            if buffer.len() >= COPIED {
                writer.write_all(&buffer).map_err(told_io)?;
                buffer.clear();
            }
            Ok(())
        })?;
        writer.write_all(&buffer).map_err(told_io)?;
        writer.finish().map_err(told)?;
        Ok(())
    }
}

/// Whether any of the hosts is reached over a network: sockets in the file system are not.
fn needs_tls(config: &Config) -> bool {
    use postgres::config::Host;
    config.get_hosts().iter().any(|host| matches!(host, Host::Tcp(_)))
}

fn tls() -> Result<MakeRustlsConnect, Error> {
    let mut roots = rustls::RootCertStore::empty();
    for certificate in rustls_native_certs::load_native_certs().certs {
        // What cannot be read is no authority.
        let _ = roots.add(certificate);
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::Unreachable(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

fn cell<'r>(row: &'r postgres::Row, at: usize, kind: &Type) -> Result<Cell<'r>, Error> {
    let wrong = |error: postgres::Error| Error::Unexpected(in_full(&error));
    Ok(match *kind {
        Type::INT8 => {
            row.try_get::<_, Option<i64>>(at).map_err(wrong)?.map_or(Cell::Null, Cell::Int)
        }
        Type::INT4 => row
            .try_get::<_, Option<i32>>(at)
            .map_err(wrong)?
            .map_or(Cell::Null, |number| Cell::Int(number.into())),
        _ => row.try_get::<_, Option<&str>>(at).map_err(wrong)?.map_or(Cell::Null, Cell::Text),
    })
}

/// A row in the text format of COPY.
fn copy_row(out: &mut Vec<u8>, cells: &[Cell<'_>]) {
    for (at, cell) in cells.iter().enumerate() {
        if at > 0 {
            out.push(b'\t');
        }
        match cell {
            Cell::Null => out.extend_from_slice(b"\\N"),
            // Writing to memory does not fail.
            Cell::Int(number) => drop(write!(out, "{number}")),
            Cell::Text(text) => {
                for &byte in text.as_bytes() {
                    match byte {
                        b'\t' => out.extend_from_slice(b"\\t"),
                        b'\n' => out.extend_from_slice(b"\\n"),
                        b'\r' => out.extend_from_slice(b"\\r"),
                        b'\\' => out.extend_from_slice(b"\\\\"),
                        byte => out.push(byte),
                    }
                }
            }
        }
    }
    out.push(b'\n');
}

fn in_full(error: &postgres::Error) -> String {
    match error.source() {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}

fn told_io(error: std::io::Error) -> Error {
    match error.downcast::<postgres::Error>() {
        Ok(error) => told(error),
        Err(error) => Error::Io(error),
    }
}

/// What an error of the server means.
#[expect(clippy::needless_pass_by_value, reason = "it is handed over by map_err")]
fn told(error: postgres::Error) -> Error {
    let Some(state) = error.code() else {
        return if error.is_closed() {
            Error::Unreachable(in_full(&error))
        } else {
            Error::Refused(in_full(&error))
        };
    };
    let message = error.as_db_error().map_or_else(String::new, |error| error.message().to_owned());
    match *state {
        SqlState::T_R_SERIALIZATION_FAILURE
        | SqlState::T_R_DEADLOCK_DETECTED
        | SqlState::LOCK_NOT_AVAILABLE => Error::Busy,
        SqlState::UNIQUE_VIOLATION
        | SqlState::FOREIGN_KEY_VIOLATION
        | SqlState::NOT_NULL_VIOLATION
        | SqlState::CHECK_VIOLATION => Error::Constraint(message),
        SqlState::DISK_FULL => Error::Full,
        SqlState::READ_ONLY_SQL_TRANSACTION => Error::ReadOnly,
        SqlState::ADMIN_SHUTDOWN | SqlState::CRASH_SHUTDOWN | SqlState::CANNOT_CONNECT_NOW => {
            Error::Unreachable(message)
        }
        _ => Error::Refused(message),
    }
}
