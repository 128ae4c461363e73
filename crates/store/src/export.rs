//! The inverse of importing: every version of every fact as a folder of files.

use std::fs::{self, File as FsFile};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use guildhall_rules::facts::{File, csv};

use crate::editions::Network;
use crate::kinds::Kind;
use crate::moment::plain;
use crate::store::{Store, Tx};
use crate::{Error, values};

/// Takes what is exported: the network, then the rows of one kind after the other.
pub trait TakeExport {
    /// The network that the facts are of.
    fn network(&mut self, network: &Network) -> io::Result<()>;
    /// The rows that follow are of this kind and have these columns.
    fn begin(&mut self, file: File, columns: &[&str]) -> io::Result<()>;
    /// A row: a cell for each column.
    fn row(&mut self, cells: &[Option<&str>]) -> io::Result<()>;
    /// That was the last row of its kind.
    fn end(&mut self) -> io::Result<()>;
}

impl Store {
    /// Writes the facts of the database into a folder, in one unchanging state of it. Returns how
    /// many rows were written. `tell` hears how many there are so far.
    ///
    /// # Errors
    ///
    /// Of reading the database and of writing the files.
    pub fn export(&self, dir: &Path, tell: &dyn Fn(u64)) -> Result<u64, Error> {
        self.export_to(&mut Folder { dir: dir.to_owned(), out: None }, tell)
    }

    /// Hands the facts of the database to whoever writes them, in one unchanging state of it.
    ///
    /// # Errors
    ///
    /// Of reading the database and of whoever takes them.
    pub fn export_to(&self, out: &mut dyn TakeExport, tell: &dyn Fn(u64)) -> Result<u64, Error> {
        self.read(|tx| {
            if let Some(network) = tx.network()? {
                out.network(&network)?;
            }
            let mut count = 0;
            for file in File::ALL {
                export_file(tx, file, out, &mut count, tell)?;
            }
            Ok(count)
        })
    }
}

/// A folder of facts.
struct Folder {
    dir: PathBuf,
    out: Option<BufWriter<FsFile>>,
}

impl Folder {
    fn write<'c>(&mut self, cells: impl Iterator<Item = &'c str>) -> io::Result<()> {
        let Some(out) = &mut self.out else { return Err(io::Error::other("no file is begun")) };
        csv::write_record(out, cells.map(str::as_bytes))
    }
}

impl TakeExport for Folder {
    fn network(&mut self, network: &Network) -> io::Result<()> {
        fs::write(self.dir.join("network.toml"), network.to_toml())
    }

    fn begin(&mut self, file: File, columns: &[&str]) -> io::Result<()> {
        self.out = Some(BufWriter::new(FsFile::create(self.dir.join(file.name()))?));
        self.write(columns.iter().copied())
    }

    fn row(&mut self, cells: &[Option<&str>]) -> io::Result<()> {
        self.write(cells.iter().map(|cell| cell.unwrap_or("")))
    }

    fn end(&mut self) -> io::Result<()> {
        self.out.take().map_or(Ok(()), |mut out| out.flush())
    }
}

fn export_file(
    tx: &mut Tx<'_>,
    file: File,
    out: &mut dyn TakeExport,
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
    let mut selected = names.clone();
    for (name, column) in [("recorded_at", "recorded_at"), ("retracted_at", "superseded_at")] {
        if is_there(tx, &format!("\"{column}\" is not null"))? {
            names.push(name);
            selected.push(column);
        }
    }
    out.begin(file, &names)?;
    let cells = kind.columns().len();
    let sql = format!(
        "select {} from \"{table}\" order by \"version\"",
        crate::connection::quoted(&selected)
    );
    tx.stream(&sql, values![], &mut |row| {
        let times: Vec<Option<String>> =
            row.iter().skip(cells).map(|cell| cell.text().map(plain)).collect();
        let fields = row.iter().take(cells).map(|cell| cell.text());
        let fields: Vec<Option<&str>> = fields.chain(times.iter().map(Option::as_deref)).collect();
        out.row(&fields)?;
        *count += 1;
        if count.is_multiple_of(10_000) {
            tell(*count);
        }
        Ok(())
    })?;
    out.end()?;
    Ok(())
}
