//! The arguments of `forecast`.

use std::path::PathBuf;

use clap::Args;
use guildhall_rules::day::Day;
use guildhall_rules::facts::Supposition;

use super::{SourceArgs, When, parse_day};

/// Arguments of `forecast`.
#[derive(Debug, Args)]
pub struct ForecastArgs {
    /// The partner's id; without one, what turns for all partners
    pub partner: Option<String>,
    /// The last day to look at
    #[arg(long, value_name = "DATE", value_parser = parse_day)]
    pub until: Day,
    #[command(flatten)]
    pub sources: SourceArgs,
    #[command(flatten)]
    pub when: When,
    /// Assume that no review is held; else each is, on its due day, with the engine's outcome
    #[arg(long)]
    pub no_reviews: bool,
    #[command(flatten)]
    pub suppose: SupposeArgs,
    /// Show the months with their days marked
    #[arg(long, requires = "partner", conflicts_with = "json")]
    pub calendar: bool,
    /// Write an iCalendar file as well
    #[arg(long, value_name = "FILE", requires = "partner")]
    pub ics: Option<PathBuf>,
    /// Print JSON: of all partners, one object a line
    #[arg(long)]
    pub json: bool,
}

/// What is supposed to happen; the facts that are stored stay as they are.
#[derive(Debug, Args)]
#[command(next_help_heading = "What if")]
pub struct SupposeArgs {
    /// A person leaves; the day is their last
    #[arg(long, value_name = "PERSON=DATE", value_parser = parse_leaves, requires = "partner")]
    leaves: Vec<Supposition>,
    /// A person passes for a credential
    #[arg(
        long,
        value_name = "PERSON=CREDENTIAL@DATE",
        value_parser = parse_passes,
        requires = "partner"
    )]
    passes: Vec<Supposition>,
    /// An opportunity is launched and approved
    #[arg(
        long,
        value_name = "OPPORTUNITY=DATE",
        value_parser = parse_launches,
        requires = "partner"
    )]
    launches: Vec<Supposition>,
    /// A program is granted
    #[arg(long, value_name = "PROGRAM=DATE", value_parser = parse_granted, requires = "partner")]
    granted: Vec<Supposition>,
    /// A business plan is validated
    #[arg(long, value_name = "DATE", value_parser = parse_plan, requires = "partner")]
    plan_validated: Vec<Supposition>,
}

impl SupposeArgs {
    /// All that is supposed.
    pub fn all(&self) -> Vec<Supposition> {
        let lists =
            [&self.leaves, &self.passes, &self.launches, &self.granted, &self.plan_validated];
        lists.into_iter().flatten().cloned().collect()
    }
}

fn named_day(text: &str) -> Result<(String, Day), String> {
    let (id, day) = text.rsplit_once('=').ok_or("write it as ID=DATE")?;
    Ok((id.to_owned(), parse_day(day)?))
}

fn parse_leaves(text: &str) -> Result<Supposition, String> {
    named_day(text).map(|(person, on)| Supposition::Leaves { person, on })
}

fn parse_launches(text: &str) -> Result<Supposition, String> {
    named_day(text).map(|(opportunity, on)| Supposition::Launches { opportunity, on })
}

fn parse_granted(text: &str) -> Result<Supposition, String> {
    named_day(text).map(|(program, on)| Supposition::Granted { program, on })
}

fn parse_plan(text: &str) -> Result<Supposition, String> {
    parse_day(text).map(|on| Supposition::PlanValidated { on })
}

fn parse_passes(text: &str) -> Result<Supposition, String> {
    let form = "write it as PERSON=CREDENTIAL@DATE";
    let (person, rest) = text.split_once('=').ok_or(form)?;
    let (credential, day) = rest.rsplit_once('@').ok_or(form)?;
    let (person, credential) = (person.to_owned(), credential.to_owned());
    Ok(Supposition::Passes { person, credential, on: parse_day(day)? })
}
