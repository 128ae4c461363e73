//! The arguments of `snapshot`.

use std::path::PathBuf;

use clap::Args;

use super::{SourceArgs, parse_moment};

/// Arguments of `snapshot`.
#[derive(Debug, Args)]
pub struct SnapshotArgs {
    /// The file to write; an older snapshot of the same database is brought up to date
    pub file: PathBuf,
    #[command(flatten)]
    pub sources: SourceArgs,
    /// Keep what was known at this moment
    #[arg(long, value_name = "TIMESTAMP", value_parser = parse_moment)]
    pub known_at: Option<jiff::Timestamp>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}
