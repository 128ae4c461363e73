//! Brings a database to the schema of this release: numbered steps, each applied once.
//!
//! A step that was applied is never changed; its SHA-256 is kept with it. A step works with the
//! binary of the release before, so that servers can be replaced one after the other.

use crate::connection::{Connection, Isolation, Value};
use crate::digest::sha256;
use crate::{Error, moment};

/// The steps: number, name and statements.
pub(crate) const STEPS: &[(i64, &str, &str)] = &[
    (1, "memory", include_str!("../migrations/0001_memory.sql")),
    (2, "answers", include_str!("../migrations/0002_answers.sql")),
    (3, "accounts", include_str!("../migrations/0003_accounts.sql")),
    (4, "enrolments", include_str!("../migrations/0004_enrolments.sql")),
    (5, "outbox", include_str!("../migrations/0005_outbox.sql")),
    (6, "decisions", include_str!("../migrations/0006_decisions.sql")),
    (7, "standings", include_str!("../migrations/0007_standings.sql")),
    (8, "names", include_str!("../migrations/0008_names.sql")),
    (9, "plans", include_str!("../migrations/0009_plans.sql")),
    (10, "forecast", include_str!("../migrations/0010_forecast.sql")),
];

/// Whether a database that was made by some release has the schema of this one. An error where it
/// was made by none, or by a newer one.
pub(crate) fn is_current(connection: &mut Connection) -> Result<bool, Error> {
    let known = STEPS.last().map_or(0, |(number, ..)| *number);
    match applied(connection)? {
        None => Err(Error::Unreachable("it was not made by this program".to_owned())),
        Some(found) if found > known => Err(Error::Newer { found, known }),
        Some(found) => Ok(found == known),
    }
}

/// Applies the steps that the database has not had, alone. Several servers may start at once.
pub(crate) fn run(connection: &mut Connection) -> Result<(), Error> {
    let known = STEPS.last().map_or(0, |(number, ..)| *number);
    if applied(connection)? == Some(known) {
        return Ok(());
    }
    connection.lock_schema()?;
    let outcome = run_alone(connection);
    if outcome.is_err() {
        // The error that came first is the one to tell.
        let _ = connection.rollback();
    }
    connection.unlock_schema()?;
    outcome
}

fn run_alone(connection: &mut Connection) -> Result<(), Error> {
    let known = STEPS.last().map_or(0, |(number, ..)| *number);
    connection.begin(Isolation::Serializable)?;
    let table = "create table if not exists \"migrations\" (\"number\" bigint primary key, \
                 \"name\" text not null, \"sha256\" text not null, \"at\" text not null)";
    let table = dialect(table, connection.is_postgres());
    connection.batch(&table)?;
    let rows = connection.query("select \"number\", \"sha256\" from \"migrations\"", &[])?;
    for row in &rows {
        let number = row.int(0)?;
        let Some((_, _, sql)) = STEPS.iter().find(|(step, ..)| *step == number) else {
            return Err(Error::Newer { found: number, known });
        };
        if row.text(1)? != sha256(sql.as_bytes()) {
            return Err(Error::OtherMigration(number));
        }
    }
    for (number, name, sql) in STEPS {
        if rows.iter().any(|row| row.int(0).ok() == Some(*number)) {
            continue;
        }
        connection.batch(&dialect(sql, connection.is_postgres()))?;
        let insert = "insert into \"migrations\" (\"number\", \"name\", \"sha256\", \"at\") \
                      values ($1, $2, $3, $4)";
        let at = moment::to_text(jiff::Timestamp::now());
        let values =
            [(*number).into(), (*name).into(), sha256(sql.as_bytes()).into(), Value::Text(at)];
        connection.execute(insert, &values)?;
    }
    connection.commit()
}

/// The last step that the database has had; none where it has had none.
fn applied(connection: &mut Connection) -> Result<Option<i64>, Error> {
    let is_there = if connection.is_postgres() {
        "select 1 from information_schema.tables where table_name = 'migrations' \
         and table_schema = current_schema()"
    } else {
        "select 1 from sqlite_master where name = 'migrations'"
    };
    if connection.query_one(is_there, &[])?.is_none() {
        return Ok(None);
    }
    let row = connection.query_one("select max(\"number\") from \"migrations\"", &[])?;
    Ok(row.and_then(|row| row.maybe_int(0)))
}

/// The two words in which the engines' ways of making tables differ.
fn dialect(sql: &str, is_postgres: bool) -> String {
    if is_postgres {
        sql.replace(" text not null", " text collate \"C\" not null")
            .replace(" text,\n", " text collate \"C\",\n")
            .replace(" text\n", " text collate \"C\"\n")
    } else {
        // The engine's own key of a row, instead of an index beside it.
        sql.replace(" bigint primary key", " integer primary key")
    }
}
