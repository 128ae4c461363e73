//! The arguments of the commands that keep a network in a database.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use guildhall_rules::facts::File;
use guildhall_rules::problem::did_you_mean;

/// The variable that names the database where no argument does.
const VARIABLE: &str = "GUILDHALL_DATABASE";
/// The database of these commands where nothing names one.
const DEFAULT: &str = "sqlite:guildhall.db";

/// The address in the environment, if there is one.
pub fn from_environment() -> Option<String> {
    std::env::var(VARIABLE).ok().filter(|url| !url.is_empty())
}

/// Which database.
#[derive(Debug, Args)]
pub struct DatabaseArgs {
    /// Its address, if one is given.
    #[arg(
        long,
        value_name = "URL",
        help = "The database: sqlite:PATH or postgres://USER@HOST/NAME \
                [default: $GUILDHALL_DATABASE, else sqlite:guildhall.db]"
    )]
    database: Option<String>,
}

impl DatabaseArgs {
    /// Its address.
    pub fn url(&self) -> String {
        let named = self.database.clone().or_else(from_environment);
        named.unwrap_or_else(|| DEFAULT.to_owned())
    }
}

/// Arguments of `import`.
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// The folder of facts
    pub dir: PathBuf,
    #[command(flatten)]
    pub database: DatabaseArgs,
    /// Say what would be done, and do nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Go on with the good rows and write the others to this file, as CSV
    #[arg(long, value_name = "FILE")]
    pub rejects: Option<PathBuf>,
    /// The folder names all facts of this kind: what it does not name is retracted
    #[arg(long, value_name = "KIND", value_parser = parse_kind)]
    pub complete: Vec<File>,
    /// For a new database, its network: an edition's id, a network's id, or the path of a rulebook
    #[arg(long, value_name = "ID|NETWORK|PATH")]
    pub rulebook: Option<String>,
    /// A folder of further rulebooks, as <network>/<edition>/rulebook.toml
    #[arg(long, value_name = "DIR")]
    pub rulebooks: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `export`.
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// The folder to write, which must be empty or missing
    pub dir: PathBuf,
    #[command(flatten)]
    pub database: DatabaseArgs,
    /// The format of the files
    #[arg(long, value_enum, default_value_t = ExportFormat::Csv)]
    pub format: ExportFormat,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// The formats of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    /// A folder of facts, which can be imported
    Csv,
    /// The same columns as Parquet files, for other tools
    Parquet,
}

/// Arguments of `verify`.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    #[command(flatten)]
    pub database: DatabaseArgs,
    /// A head of the chain that was printed earlier: the chain must still contain it
    #[arg(long, value_name = "SEQ:SHA256", value_parser = parse_head)]
    pub head: Option<(i64, String)>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `backup`.
#[derive(Debug, Args)]
pub struct BackupArgs {
    /// The file to write, which must be missing
    pub file: PathBuf,
    #[command(flatten)]
    pub database: DatabaseArgs,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `restore`.
#[derive(Debug, Args)]
pub struct RestoreArgs {
    /// The backup
    pub file: PathBuf,
    #[command(flatten)]
    pub database: DatabaseArgs,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

fn parse_kind(text: &str) -> Result<File, String> {
    let stem = text.strip_suffix(".csv").unwrap_or(text);
    File::from_stem(stem).ok_or_else(|| {
        let hint = did_you_mean(stem, File::ALL.into_iter().map(File::stem));
        hint.unwrap_or_else(|| "name a file of the folder without its ending".to_owned())
    })
}

fn parse_head(text: &str) -> Result<(i64, String), String> {
    let is_digest =
        |text: &str| text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    text.split_once(':')
        .and_then(|(seq, sha256)| Some((seq.parse().ok().filter(|seq| *seq > 0)?, sha256)))
        .filter(|(_, sha256)| is_digest(sha256))
        .map(|(seq, sha256)| (seq, sha256.to_ascii_lowercase()))
        .ok_or_else(|| {
            "write it as `guildhall verify` prints it: a number, `:`, 64 digits".to_owned()
        })
}
