//! The arguments of `rulebook impact`.

use std::path::PathBuf;

use clap::Args;
use guildhall_rules::decimal::Decimal;
use guildhall_rules::impact::SweptRequirement;

use super::{SourceArgs, When};

/// Arguments of `rulebook impact`.
#[derive(Debug, Args)]
pub struct ImpactArgs {
    /// The edition before: id or path
    pub old: String,
    /// The edition after: id or path
    pub new: String,
    #[command(flatten)]
    pub sources: SourceArgs,
    #[command(flatten)]
    pub when: When,
    /// Write the report as one printable page as well
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// Write a notice in plain words for each partner into this folder, which must be new or empty
    #[arg(long, value_name = "DIR")]
    pub notices: Option<PathBuf>,
    /// Vary one requirement of the edition after, in place of the report
    #[arg(
        long,
        value_name = "TIER.MEASURE=FROM..TO[:STEP]",
        value_parser = parse_sweep,
        conflicts_with_all = ["html", "notices"]
    )]
    pub sweep: Option<SweptRequirement>,
    /// With --sweep, write the curve as a drawing
    #[arg(long, value_name = "FILE", requires = "sweep")]
    pub svg: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

fn parse_sweep(text: &str) -> Result<SweptRequirement, String> {
    let form =
        "write it as TIER.MEASURE=FROM..TO, with :STEP behind it if steps are not to be chosen";
    let (requirement, range) = text.rsplit_once('=').ok_or(form)?;
    let (tier, measure) = requirement.split_once('.').ok_or(form)?;
    let (range, step) = match range.split_once(':') {
        Some((range, step)) => (range, Some(step)),
        None => (range, None),
    };
    let (from, to) = range.split_once("..").ok_or(form)?;
    let decimal = |text: &str| {
        Decimal::parse(text.as_bytes()).map_err(|why| format!("`{text}` {}", why.message()))
    };
    let range = (decimal(from)?, decimal(to)?);
    let step = step.map(decimal).transpose()?;
    SweptRequirement::range(tier, measure, range, step).map_err(str::to_owned)
}
