//! A threshold varied over a range, as a table with bars.

use std::io::{self, Write};

use guildhall_rules::decimal::Decimal;
use guildhall_rules::impact::Sweep;
use guildhall_rules::number::Number;
use guildhall_rules::rulebook::Edition;

use super::{grouped, wrapped};
use crate::terminal::{fit, plain, style, width};

/// Prints a line for each threshold.
pub fn print(out: &mut impl Write, edition: &Edition, sweep: &Sweep) -> io::Result<()> {
    let (head, faint) = (style::HEAD, style::FAINT);
    let tiers = edition.paths.iter().flat_map(|path| &path.tiers);
    let tier = tiers.filter(|tier| tier.id == sweep.tier).map(|tier| tier.title.as_str()).next();
    let tier = tier.unwrap_or(&sweep.tier);
    let day = format!("as of {}", sweep.as_of);
    let title = format!("{} for {}", sweep.title, tier);
    writeln!(out, "{head}{}{head:#}{day}", fit(&plain(&title), width().saturating_sub(day.len())))?;
    let sense = if sweep.is_ceiling { "at most" } else { "at least" };
    let asked = match sweep.asked {
        Some(asked) => format!("{} asks {sense} {asked}", sweep.rulebook),
        None => format!("{} asks nothing of it", sweep.rulebook),
    };
    let partners = grouped(&sweep.partners.to_string());
    let holders = grouped(&sweep.holders.to_string());
    let words = format!("{asked}. Of {partners} partners on the path, {holders} hold the tier.");
    for line in wrapped(&words, width()) {
        writeln!(out, "{faint}{line}{faint:#}")?;
    }
    writeln!(out, "\n{head}     Asked   Attain it    Keep it{head:#}")?;
    let room = width().saturating_sub(38);
    for point in &sweep.points {
        let is_asked = Some(point.threshold) == sweep.asked;
        let mark = if is_asked { "›" } else { " " };
        let colour = if is_asked { style::HEAD } else { style::FAINT };
        let whole = Decimal::from_whole(sweep.partners.max(1));
        let share = Number::from_count(point.attain).permille_of(whole, 1000);
        let cells = usize::try_from(share).unwrap_or(0) * room / 1000;
        writeln!(
            out,
            "{}",
            format!(
                "{mark}{colour}{:>9}{colour:#}  {:>10} {:>10}   {}",
                grouped(&point.threshold.to_string()),
                grouped(&point.attain.to_string()),
                grouped(&point.keep.to_string()),
                "█".repeat(cells)
            )
            .trim_end()
        )?;
    }
    writeln!(out, "{faint}Keep it: holders whose renewal column is met.{faint:#}")
}
