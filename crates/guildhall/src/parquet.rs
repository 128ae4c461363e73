//! Facts as Parquet files, one for each kind, for tools that read such: every column is text, and
//! an empty cell is null. Reading them back is nobody's business here.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use guildhall_rules::facts;
use guildhall_store::{Network, TakeExport};
use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;

/// How many rows are kept in memory, and stand in one row group.
const ROWS: usize = 50_000;

/// A folder that is being written.
pub struct Folder {
    dir: PathBuf,
    file: Option<Table>,
}

/// A file that is being written.
struct Table {
    writer: SerializedFileWriter<File>,
    columns: Vec<Cells>,
    rows: usize,
}

/// The cells of a column that wait to be written: those that hold something, and which do.
#[derive(Default)]
struct Cells {
    values: Vec<ByteArray>,
    holds: Vec<i16>,
}

impl Folder {
    /// A folder that is there.
    pub fn new(dir: &Path) -> Self {
        Self { dir: dir.to_owned(), file: None }
    }

    fn table(&mut self) -> io::Result<&mut Table> {
        self.file.as_mut().ok_or_else(|| io::Error::other("no file is begun"))
    }
}

impl TakeExport for Folder {
    fn network(&mut self, network: &Network) -> io::Result<()> {
        fs::write(self.dir.join("network.toml"), network.to_toml())
    }

    fn begin(&mut self, file: facts::File, columns: &[&str]) -> io::Result<()> {
        let path = self.dir.join(file.stem()).with_extension("parquet");
        self.file = Some(Table::new(&path, file.stem(), columns).map_err(told)?);
        Ok(())
    }

    fn row(&mut self, cells: &[Option<&str>]) -> io::Result<()> {
        let table = self.table()?;
        for (column, cell) in table.columns.iter_mut().zip(cells) {
            column.holds.push(i16::from(cell.is_some()));
            column.values.extend(cell.map(ByteArray::from));
        }
        table.rows += 1;
        if table.rows < ROWS { Ok(()) } else { table.flush().map_err(told) }
    }

    fn end(&mut self) -> io::Result<()> {
        let Some(mut table) = self.file.take() else { return Ok(()) };
        table.flush().map_err(told)?;
        table.writer.close().map(|_| ()).map_err(told)
    }
}

impl Table {
    fn new(path: &Path, name: &str, columns: &[&str]) -> Result<Self, ParquetError> {
        let field = |column: &&str| {
            Type::primitive_type_builder(column, Physical::BYTE_ARRAY)
                .with_repetition(Repetition::OPTIONAL)
                .with_logical_type(Some(LogicalType::String))
                .build()
                .map(Arc::new)
        };
        let fields = columns.iter().map(field).collect::<Result<Vec<_>, _>>()?;
        let schema = Type::group_type_builder(name).with_fields(fields).build()?;
        let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
        let writer =
            SerializedFileWriter::new(File::create(path)?, Arc::new(schema), Arc::new(properties))?;
        let columns = columns.iter().map(|_| Cells::default()).collect();
        Ok(Self { writer, columns, rows: 0 })
    }

    fn flush(&mut self) -> Result<(), ParquetError> {
        if self.rows == 0 {
            return Ok(());
        }
        let mut group = self.writer.next_row_group()?;
        let mut columns = self.columns.iter_mut();
        while let (Some(mut column), Some(cells)) = (group.next_column()?, columns.next()) {
            let typed = column.typed::<ByteArrayType>();
            typed.write_batch(&cells.values, Some(&cells.holds), None)?;
            column.close()?;
            cells.values.clear();
            cells.holds.clear();
        }
        group.close()?;
        self.rows = 0;
        Ok(())
    }
}

fn told(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(error) => match error.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(error) => io::Error::other(error),
        },
        error => io::Error::other(error),
    }
}
