//! What an import came to: for people, and as JSON.

use std::collections::BTreeMap;
use std::io::{self, Write};

use guildhall_store::{Counts, Imported};
use serde::Serialize;

use super::grouped;
use crate::terminal::{fit, plain, style};

/// What an import came to.
#[derive(Debug, Serialize)]
pub struct Report {
    /// The network of the database.
    network: String,
    /// Whether everything was undone.
    is_dry_run: bool,
    /// The row of the journal, if one was written.
    entry: Option<i64>,
    /// Rows left out, dependants included.
    left_out: u64,
    /// By kind, what was done to its facts.
    kinds: BTreeMap<&'static str, Line>,
    /// All kinds together.
    total: Line,
}

/// What was done to facts.
#[derive(Clone, Copy, Debug, Default, Serialize)]
struct Line {
    added: u64,
    changed: u64,
    retracted: u64,
    unchanged: u64,
}

impl From<Counts> for Line {
    fn from(counts: Counts) -> Self {
        let Counts { added, changed, retracted, same } = counts;
        Self { added, changed, retracted, unchanged: same }
    }
}

impl Report {
    /// Of an import.
    pub fn new(network: &str, is_dry_run: bool, imported: &Imported) -> Self {
        let mut total = Line::default();
        let mut kinds = BTreeMap::new();
        for (kind, counts) in &imported.counts {
            total.added += counts.added;
            total.changed += counts.changed;
            total.retracted += counts.retracted;
            total.unchanged += counts.same;
            kinds.insert(kind.table(), Line::from(*counts));
        }
        let (entry, left_out) = (imported.entry, imported.left_out);
        Self { network: network.to_owned(), is_dry_run, entry, left_out, kinds, total }
    }
}

/// Prints a line for each kind.
pub fn print(out: &mut impl Write, report: &Report, address: &str) -> io::Result<()> {
    let (head, faint) = (style::HEAD, style::FAINT);
    let (network, address) = (plain(&report.network), plain(address));
    let done = if report.is_dry_run { "Would import" } else { "Imported" };
    writeln!(out, "{done} into {address}, network {network}\n")?;
    write!(out, "{head}{}", fit("", 18))?;
    for name in ["added", "changed", "retracted", "unchanged"] {
        write!(out, "{name:>13}")?;
    }
    writeln!(out, "{head:#}")?;
    for (kind, line) in &report.kinds {
        print_line(out, kind, line)?;
    }
    print_line(out, "all", &report.total)?;
    if report.is_dry_run {
        writeln!(out, "\n{faint}nothing was done: this was a dry run{faint:#}")?;
    }
    Ok(())
}

fn print_line(out: &mut impl Write, name: &str, line: &Line) -> io::Result<()> {
    let Line { added, changed, retracted, unchanged } = line;
    write!(out, "{}", fit(name, 18))?;
    for count in [added, changed, retracted, unchanged] {
        write!(out, "{:>13}", grouped(&count.to_string()))?;
    }
    writeln!(out)
}
