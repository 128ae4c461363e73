//! The arguments of `plan`.

use std::path::PathBuf;

use clap::Args;
use guildhall_rules::day::Day;
use guildhall_rules::plan::Way;

use super::{SourceArgs, When, parse_day};

/// Arguments of `plan`.
#[derive(Debug, Args)]
pub struct PlanArgs {
    /// The partner's id
    pub partner: String,
    #[command(flatten)]
    pub goal: GoalArgs,
    /// The period of the discount, as 2026-H1
    #[arg(long, requires = "discount")]
    pub period: Option<String>,
    /// The day on which the goal has to hold
    #[arg(
        long,
        value_name = "DATE",
        value_parser = parse_day,
        required_unless_present_any = ["discount", "check"],
        conflicts_with_all = ["discount", "check"]
    )]
    pub by: Option<Day>,
    #[command(flatten)]
    pub sources: SourceArgs,
    #[command(flatten)]
    pub when: When,
    /// Which way to tell: cheapest, fastest or fewest_people
    #[arg(long, value_name = "WAY", value_parser = parse_way)]
    #[arg(default_value = "cheapest", conflicts_with = "check")]
    pub way: Way,
    /// What things cost and who has time, in TOML; see docs/plan.md
    #[arg(long, value_name = "FILE", conflicts_with = "check")]
    pub costs: Option<PathBuf>,
    /// Write the plan as one printable page as well
    #[arg(long, value_name = "FILE", conflicts_with = "check")]
    pub html: Option<PathBuf>,
    /// How much work the search may take, in millions of numbers looked at
    #[arg(long, value_name = "MILLIONS", default_value_t = guildhall_rules::plan::WORK / 1_000_000)]
    pub work: u64,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

fn parse_way(word: &str) -> Result<Way, String> {
    Way::from_word(word).ok_or_else(|| "cheapest, fastest or fewest_people".to_owned())
}

/// What is to be reached.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct GoalArgs {
    /// Reach this tier: its requirements and those of every tier below are met on the day
    #[arg(long, value_name = "TIER")]
    pub to: Option<String>,
    /// Keep the tier held: every review until the day renews it
    #[arg(long)]
    pub keep: bool,
    /// Meet this measure of the support discount for a period
    #[arg(long, value_name = "MEASURE", requires = "period")]
    pub discount: Option<String>,
    /// Look again at a plan that was printed as JSON: what is done, what has changed
    #[arg(long, value_name = "FILE")]
    pub check: Option<PathBuf>,
}
