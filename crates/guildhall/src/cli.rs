//! The arguments of every command.

mod database;
mod forecast;
mod impact;
mod plan;
mod serve;
mod snapshot;

use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};
use guildhall_rules::day::Day;

use crate::commands::UserCommand;
pub use database::{BackupArgs, ExportArgs, ExportFormat, ImportArgs, RestoreArgs, VerifyArgs};
pub use forecast::ForecastArgs;
pub use impact::ImpactArgs;
pub use plan::PlanArgs;
pub use serve::{DemoArgs, ServeArgs};
pub use snapshot::SnapshotArgs;

/// Where partners stand, why, and what changes it.
#[derive(Debug, Parser)]
#[command(name = "guildhall", version, max_term_width = 100, arg_required_else_help = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve a network with a year of story, to look around in; nothing is kept
    #[command(after_help = "Example:\n  guildhall demo")]
    Demo(DemoArgs),
    /// Show where a partner stands, and why
    #[command(after_help = "Example:\n  guildhall scorecard web-services-guru \
        --data examples/web-services-guru --as-of 2026-06-30 --explain")]
    Scorecard(ScorecardArgs),
    /// Show all partners, one line each
    #[command(after_help = "Example:\n  guildhall network --data examples/small-network \
        --as-of 2026-06-30")]
    Network(NetworkArgs),
    /// Show what moved between two days, or two states of knowledge, and what moved it
    #[command(after_help = "Example:\n  guildhall changes web-services-guru \
        --data examples/web-services-guru --from 2026-03-31 --to 2026-06-30")]
    Changes(ChangesArgs),
    /// Show the statement of the support discount for a period
    #[command(after_help = "Example:\n  guildhall discount harbour-cloud \
        --data examples/small-network --period 2026-H1")]
    Discount(DiscountArgs),
    /// Show what will lapse, on which day, and what falls with it
    #[command(after_help = "Example:\n  guildhall forecast web-services-guru \
        --data examples/web-services-guru --as-of 2026-06-30 --until 2027-06-30")]
    Forecast(ForecastArgs),
    /// Find the cheapest way to a goal: who takes what, what is to be won, and by when
    #[command(after_help = "Example:\n  guildhall plan web-services-guru \
        --data examples/web-services-guru --as-of 2026-06-30 --to advanced --by 2026-12-31")]
    Plan(PlanArgs),
    /// Check and compare rulebooks
    #[command(subcommand)]
    Rulebook(RulebookCommand),
    /// Write an invented network of any size as a folder of facts
    #[command(after_help = "Example:\n  guildhall generate big-network --partners 1000 --seed 7")]
    Generate(GenerateArgs),
    /// Load a folder of facts into a database
    #[command(after_help = "Example:\n  guildhall import examples/small-network \
        --database sqlite:network.db")]
    Import(ImportArgs),
    /// Write the facts of a database as a folder, every version of them
    #[command(after_help = "Example:\n  guildhall export facts --database sqlite:network.db")]
    Export(ExportArgs),
    /// Check that nothing in a database was changed behind its journal
    #[command(after_help = "Example:\n  guildhall verify --database sqlite:network.db")]
    Verify(VerifyArgs),
    /// Copy a database into one file, also while it is in use
    #[command(after_help = "Example:\n  guildhall backup network.backup \
        --database sqlite:network.db")]
    Backup(BackupArgs),
    /// Fill a new database from a backup
    #[command(after_help = "Example:\n  guildhall restore network.backup \
        --database sqlite:again.db")]
    Restore(RestoreArgs),
    /// Write the facts of a network as one file that is read without parsing
    #[command(after_help = "Example:\n  guildhall snapshot network.snapshot \
        --data examples/small-network")]
    Snapshot(SnapshotArgs),
    /// Serve a network over HTTP
    #[command(after_help = "Example:\n  guildhall serve --database sqlite:network.db \
        --listen 127.0.0.1:8080")]
    Serve(ServeArgs),
    /// Make users and tokens, list and disable users
    #[command(subcommand)]
    User(UserCommand),
    /// Print shell completions
    #[command(after_help = "Example:\n  guildhall completions bash > \
        /etc/bash_completion.d/guildhall")]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Write the manual pages into a folder
    #[command(after_help = "Example:\n  guildhall man man1 && man ./man1/guildhall.1")]
    Man {
        /// The folder, which is made if it is missing
        dir: PathBuf,
    },
}

impl Command {
    /// Whether the output is JSON, problems included.
    pub fn is_json(&self) -> bool {
        match self {
            Self::Scorecard(args) => args.json,
            Self::Network(args) => args.format() == NetworkFormat::Json,
            Self::Changes(args) => args.json,
            Self::Discount(args) => args.json,
            Self::Forecast(args) => args.json,
            Self::Plan(args) => args.json,
            Self::Rulebook(
                RulebookCommand::Check { json, .. }
                | RulebookCommand::Diff { json, .. }
                | RulebookCommand::Impact(ImpactArgs { json, .. }),
            ) => *json,
            Self::Import(args) => args.json,
            Self::Export(args) => args.json,
            Self::Verify(args) => args.json,
            Self::Backup(args) => args.json,
            Self::Restore(args) => args.json,
            Self::Snapshot(args) => args.json,
            Self::Demo(_)
            | Self::Generate(_)
            | Self::Serve(_)
            | Self::Completions { .. }
            | Self::Man { .. } => false,
            Self::User(command) => command.is_json(),
        }
    }
}

/// Where facts and rules come from.
#[derive(Debug, Args)]
pub struct SourceArgs {
    /// The folder of facts [default: the current one]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// The address of a database.
    #[arg(
        long,
        value_name = "URL",
        conflicts_with_all = ["data", "rejects", "snapshot"],
        help = "A database instead of a folder: sqlite:PATH or postgres://USER@HOST/NAME \
                [default: $GUILDHALL_DATABASE]"
    )]
    database: Option<String>,
    /// A network snapshot instead of a folder
    #[arg(long, value_name = "FILE", conflicts_with_all = ["data", "rejects"])]
    snapshot: Option<PathBuf>,
    /// An edition's id, a network's id, or the path of an edition's folder
    #[arg(long, value_name = "ID|NETWORK|PATH")]
    pub rulebook: Option<String>,
    /// A folder of further rulebooks, as <network>/<edition>/rulebook.toml
    #[arg(long, value_name = "DIR")]
    pub rulebooks: Option<PathBuf>,
    /// Go on with the good rows and write the others to this file, as CSV
    #[arg(long, value_name = "FILE")]
    pub rejects: Option<PathBuf>,
}

/// Where facts are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place<'a> {
    /// A folder.
    Folder(&'a Path),
    /// The address of a database.
    Database(String),
    /// The file of a snapshot.
    Snapshot(&'a Path),
}

impl SourceArgs {
    /// Where the facts are: what an argument names goes before what the environment names.
    pub fn place(&self) -> Place<'_> {
        let database = || self.database.clone().or_else(database::from_environment);
        if let Some(snapshot) = &self.snapshot {
            return Place::Snapshot(snapshot);
        }
        match &self.data {
            Some(data) => Place::Folder(data),
            // Rows are left out of folders only.
            None if self.rejects.is_some() => Place::Folder(Path::new(".")),
            None => database().map_or(Place::Folder(Path::new(".")), Place::Database),
        }
    }
}

/// As of which day, and in which state of knowledge.
#[derive(Debug, Args)]
pub struct When {
    /// The day to look from; today (UTC) if not given
    #[arg(long, value_name = "DATE", value_parser = parse_day)]
    pub as_of: Option<Day>,
    /// Look at what was known at this moment
    #[arg(long, value_name = "TIMESTAMP", value_parser = parse_moment)]
    pub known_at: Option<jiff::Timestamp>,
}

/// Arguments of `scorecard`.
#[derive(Debug, Args)]
pub struct ScorecardArgs {
    /// The partner's id
    pub partner: String,
    #[command(flatten)]
    pub sources: SourceArgs,
    #[command(flatten)]
    pub when: When,
    /// List the facts that counted and those that did not, by reason
    #[arg(long)]
    pub explain: bool,
    /// Write the scorecard as one printable page as well
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `network`.
#[derive(Debug, Args)]
pub struct NetworkArgs {
    #[command(flatten)]
    pub sources: SourceArgs,
    #[command(flatten)]
    pub when: When,
    /// Print one JSON object a line
    #[arg(long, conflicts_with = "csv")]
    pub json: bool,
    /// Print CSV
    #[arg(long)]
    pub csv: bool,
    /// With --json, carry the fact lists too
    #[arg(long, requires = "json", conflicts_with = "csv")]
    pub explain: bool,
}

/// How `network` prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum NetworkFormat {
    /// For people.
    Text,
    /// One object a line.
    Json,
    /// Comma-separated values.
    Csv,
}

impl NetworkArgs {
    /// How to print.
    pub fn format(&self) -> NetworkFormat {
        match (self.json, self.csv) {
            (true, _) => NetworkFormat::Json,
            (_, true) => NetworkFormat::Csv,
            _ => NetworkFormat::Text,
        }
    }
}

/// Arguments of `changes`.
#[derive(Debug, Args)]
pub struct ChangesArgs {
    /// The partner's id
    pub partner: String,
    #[command(flatten)]
    pub sources: SourceArgs,
    /// The earlier day
    #[arg(long, value_name = "DATE", value_parser = parse_day)]
    pub from: Day,
    /// The later day
    #[arg(long, value_name = "DATE", value_parser = parse_day)]
    pub to: Day,
    /// What was known when looking from the earlier day
    #[arg(long, value_name = "TIMESTAMP", value_parser = parse_moment)]
    pub known_from: Option<jiff::Timestamp>,
    /// What was known when looking from the later day
    #[arg(long, value_name = "TIMESTAMP", value_parser = parse_moment)]
    pub known_to: Option<jiff::Timestamp>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `discount`.
#[derive(Debug, Args)]
pub struct DiscountArgs {
    /// The partner's id
    pub partner: String,
    /// The period, as 2026-H1
    #[arg(long)]
    pub period: String,
    #[command(flatten)]
    pub sources: SourceArgs,
    #[command(flatten)]
    pub when: When,
    /// List the facts that were measured and those that were not
    #[arg(long)]
    pub explain: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Commands about rulebooks.
#[derive(Debug, Subcommand)]
#[expect(clippy::large_enum_variant, reason = "there is one of it in the life of the program")]
pub enum RulebookCommand {
    /// Report every problem of editions, and run their worked examples
    #[command(after_help = "Example:\n  guildhall rulebook check rulebooks/*/*")]
    Check {
        /// Folders of editions, or of networks
        #[arg(required = true, value_name = "PATH")]
        paths: Vec<PathBuf>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Say what changed from one edition to another
    #[command(
        after_help = "Example:\n  guildhall rulebook diff tiles-2025 tiles-2026 --rulebooks my-rulebooks"
    )]
    Diff {
        /// The earlier edition: id or path
        old: String,
        /// The later edition: id or path
        new: String,
        /// A folder of further rulebooks
        #[arg(long, value_name = "DIR")]
        rulebooks: Option<PathBuf>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Say whose tier, columns and discount a change of edition moves, and why
    #[command(after_help = "Example:\n  guildhall rulebook impact tiles-2025 tiles-2026 \
        --rulebooks my-rulebooks --data examples/tiles")]
    Impact(ImpactArgs),
}

/// Arguments of `generate`.
#[derive(Debug, Args)]
pub struct GenerateArgs {
    /// The folder to write, which must be empty or missing
    pub dir: PathBuf,
    /// How many partners
    #[arg(long)]
    pub partners: u32,
    /// The seed: the same seed writes the same bytes
    #[arg(long)]
    pub seed: u64,
    /// Facts for each partner, on average
    #[arg(long, default_value_t = 100)]
    pub facts_per_partner: u32,
    /// The last day on which anything happens
    #[arg(long, value_name = "DATE", value_parser = parse_day, default_value = "2026-06-30")]
    pub until: Day,
    /// The rulebook whose credentials, programs and tiers are drawn from
    #[arg(long, value_name = "ID|NETWORK|PATH")]
    pub rulebook: Option<String>,
    /// A folder of further rulebooks
    #[arg(long, value_name = "DIR")]
    pub rulebooks: Option<PathBuf>,
}

fn parse_day(text: &str) -> Result<Day, String> {
    Day::parse(text.as_bytes())
        .ok_or_else(|| "write a day of the calendar as YYYY-MM-DD".to_owned())
}

pub(crate) fn parse_moment(text: &str) -> Result<jiff::Timestamp, String> {
    guildhall_rules::facts::parse_moment(text.as_bytes())
        .ok_or_else(|| "write a moment in RFC 3339 and UTC, as 2026-03-31T12:00:00Z".to_owned())
}
