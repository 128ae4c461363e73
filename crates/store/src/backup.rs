//! Backups: a consistent copy of the whole database as one SQLite file, whichever engine it is on.
//!
//! A backup is itself a database: it can be verified, read, served, and restored into either
//! engine. It is taken in one unchanging state, while others read and write.

use std::path::{Path, PathBuf};

use crate::connection::{Cell, Connection, Isolation, Value, quoted};
use crate::store::Store;
use crate::{Address, Error, migrations, values};

/// Tables that are not copied: what the migrations of the copy write themselves, and what is
/// computed from the others.
const OWN: [&str; 7] = [
    "migrations",
    "standings",
    "standing_details",
    "standings_state",
    "tier_counts",
    "turns",
    "turn_counts",
];

impl Store {
    /// Writes a backup to a file that must not be there. `tell` hears how many rows were copied.
    ///
    /// # Errors
    ///
    /// When the file is there already, or cannot be written whole; then nothing is left of it.
    pub fn backup(&self, file: &Path, tell: &dyn Fn(u64)) -> Result<u64, Error> {
        if file.exists() {
            let message = format!("{} is there already", file.display());
            return Err(std::io::Error::new(std::io::ErrorKind::AlreadyExists, message).into());
        }
        // Written beside its name and renamed at the end: a file of the name is whole.
        let mut partial = file.as_os_str().to_owned();
        partial.push(".partial");
        let partial = Path::new(&partial);
        let outcome = self.write_backup(partial, tell);
        let outcome = outcome.and_then(|count| {
            std::fs::rename(partial, file)?;
            if let Some(dir) = file.parent().filter(|dir| !dir.as_os_str().is_empty()) {
                std::fs::File::open(dir)?.sync_all()?;
            }
            Ok(count)
        });
        if outcome.is_err() {
            for ending in ["", "-wal", "-shm", "-journal"] {
                let mut name = partial.as_os_str().to_owned();
                name.push(ending);
                // What is left of it does no harm.
                let _ = std::fs::remove_file(name);
            }
        }
        outcome
    }

    fn write_backup(&self, file: &Path, tell: &dyn Fn(u64)) -> Result<u64, Error> {
        // What a backup that was cut off left behind.
        let _ = std::fs::remove_file(file);
        let mut copy = Connection::open(&Address::Sqlite(file.to_owned()))?;
        // One file, without companions.
        copy.query("pragma journal_mode = delete", &[])?;
        migrations::run(&mut copy)?;
        copy.begin(Isolation::Serializable)?;
        let count = self.read(|tx| copy_all(tx.connection, &mut copy, tell))?;
        copy.commit()?;
        std::fs::File::open(file)?.sync_all()?;
        Ok(count)
    }

    /// Whether a file is a backup that can be restored.
    ///
    /// # Errors
    ///
    /// Where it is none: [`Error::Unreachable`], or [`Error::Newer`] where a newer release made it.
    pub fn check_backup(file: &Path) -> Result<(), Error> {
        migrations::is_current(&mut Connection::open_read_only(file)?).map(|_| ())
    }

    /// Fills this database, which must be new, with what a backup holds.
    ///
    /// # Errors
    ///
    /// When the file is no backup, or this database holds something; then it is left as it was.
    pub fn restore(&self, file: &Path, tell: &dyn Fn(u64)) -> Result<u64, Error> {
        let (mut backup, _copy) = open_backup(file)?;
        backup.begin(Isolation::Snapshot)?;
        let count = self.write(|tx| {
            if tx.network()?.is_some() || !tx.is_empty()? || tx.journal_row_exists()? {
                return Err(Error::Constraint("the database is not new".to_owned()));
            }
            copy_all(&mut backup, tx.connection, tell)
        })?;
        backup.rollback()?;
        Ok(count)
    }
}

/// A copy of a backup in a folder of its own, gone when this is dropped.
struct Copy(PathBuf);

impl Drop for Copy {
    fn drop(&mut self) {
        // What is left of it does no harm.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Opens a backup without changing it: one of an older release is brought to the schema of this
/// one as a copy.
fn open_backup(file: &Path) -> Result<(Connection, Option<Copy>), Error> {
    let mut backup = Connection::open_read_only(file)?;
    if migrations::is_current(&mut backup)? {
        return Ok((backup, None));
    }
    drop(backup);
    let name = format!("guildhall-restore-{}", std::process::id());
    let copy = Copy(std::env::temp_dir().join(name));
    std::fs::create_dir_all(&copy.0)?;
    let path = copy.0.join("backup.db");
    std::fs::copy(file, &path)?;
    let mut backup = Connection::open(&Address::Sqlite(path))?;
    migrations::run(&mut backup)?;
    Ok((backup, Some(copy)))
}

impl crate::Tx<'_> {
    fn journal_row_exists(&mut self) -> Result<bool, Error> {
        Ok(self.query_one("select 1 from \"journal\" limit 1", values![])?.is_some())
    }
}

/// Copies every row of every table, within transactions of both. The target has the same schema.
fn copy_all(from: &mut Connection, to: &mut Connection, tell: &dyn Fn(u64)) -> Result<u64, Error> {
    let mut count = 0;
    for (table, columns) in tables(from)? {
        if OWN.contains(&table.as_str()) {
            continue;
        }
        to.execute(&format!("delete from \"{table}\""), &[])?;
        let names: Vec<&str> = columns.iter().map(String::as_str).collect();
        let sql = format!("select {} from \"{table}\" order by 1", quoted(&names));
        to.load(&table, &names, &mut |give| {
            from.stream(&sql, &[], &mut |cells: &[Cell<'_>]| {
                count += 1;
                if count % 10_000 == 0 {
                    tell(count);
                }
                give(cells)
            })
        })?;
    }
    Ok(count)
}

/// The tables of a database with their columns, in the order of their names.
fn tables(connection: &mut Connection) -> Result<Vec<(String, Vec<String>)>, Error> {
    let all = if connection.is_postgres() {
        "select table_name::text from information_schema.tables \
         where table_schema = current_schema() and table_type = 'BASE TABLE' order by 1"
    } else {
        "select \"name\" from sqlite_master where \"type\" = 'table' \
         and \"name\" not like 'sqlite%' order by 1"
    };
    let columns = if connection.is_postgres() {
        "select column_name::text from information_schema.columns \
         where table_schema = current_schema() and table_name::text = $1 order by ordinal_position"
    } else {
        "select \"name\" from pragma_table_info($1)"
    };
    let mut tables = Vec::new();
    for row in connection.query(all, &[])? {
        let name = row.text(0)?.to_owned();
        let rows = connection.query(columns, &[Value::from(name.as_str())])?;
        let columns: Result<Vec<String>, Error> =
            rows.iter().map(|row| row.text(0).map(str::to_owned)).collect();
        tables.push((name, columns?));
    }
    Ok(tables)
}
