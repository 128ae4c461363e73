//! The inverse of importing: every version of every fact as a folder of files.

use std::fs::{self, File as FsFile};
use std::io::{BufWriter, Write};
use std::path::Path;

use guildhall_rules::facts::{File, csv};

use crate::kinds::Kind;
use crate::moment::plain;
use crate::store::{Store, Tx};
use crate::{Error, values};

impl Store {
    /// Writes the facts of the database into a folder, in one unchanging state of it. Returns how
    /// many rows were written. `tell` hears how many there are so far.
    ///
    /// # Errors
    ///
    /// Of reading the database and of writing the files.
    pub fn export(&self, dir: &Path, tell: &dyn Fn(u64)) -> Result<u64, Error> {
        self.read(|tx| {
            if let Some(network) = tx.network()? {
                let mut text = format!("id = \"{}\"\n", network.id);
                if let Some(currency) = network.currency {
                    text += &format!("currency = \"{currency}\"\n");
                }
                fs::write(dir.join("network.toml"), text)?;
            }
            let mut count = 0;
            for file in File::ALL {
                export_file(tx, file, dir, &mut count, tell)?;
            }
            Ok(count)
        })
    }
}

fn export_file(
    tx: &mut Tx<'_>,
    file: File,
    dir: &Path,
    count: &mut u64,
    tell: &dyn Fn(u64),
) -> Result<(), Error> {
    let kind = Kind::Fact(file);
    let table = kind.table();
    let is_there = |tx: &mut Tx<'_>, condition: &str| {
        let sql = format!("select 1 from \"{table}\" where {condition} limit 1");
        tx.query_one(&sql, values![]).map(|row| row.is_some())
    };
    // A folder is no folder of facts without this file.
    if file != File::Partners && !is_there(tx, "\"version\" > 0")? {
        return Ok(());
    }
    let mut names: Vec<&str> = kind.names().collect();
    let mut times = Vec::new();
    for (name, column) in [("recorded_at", "recorded_at"), ("retracted_at", "superseded_at")] {
        if is_there(tx, &format!("\"{column}\" is not null"))? {
            names.push(name);
            times.push(column);
        }
    }
    let mut out = BufWriter::new(FsFile::create(dir.join(file.name()))?);
    csv::write_record(&mut out, names.iter().map(|name| name.as_bytes()))?;
    let mut selected: Vec<&str> = kind.names().collect();
    selected.extend(times);
    let cells = kind.columns().len();
    let sql = format!(
        "select {} from \"{table}\" order by \"version\"",
        crate::connection::quoted(&selected)
    );
    tx.stream(&sql, values![], &mut |row| {
        let fields: Vec<String> = row
            .iter()
            .enumerate()
            .map(|(at, cell)| match cell.text() {
                Some(text) if at >= cells => plain(text),
                text => text.unwrap_or_default().to_owned(),
            })
            .collect();
        csv::write_record(&mut out, fields.iter().map(String::as_bytes))?;
        *count += 1;
        if count.is_multiple_of(10_000) {
            tell(*count);
        }
        Ok(())
    })?;
    out.flush()?;
    Ok(())
}
