//! What a change of rules does to a network, as text.

use std::io::{self, Write};

use guildhall_rules::impact::{Effect, Impact, PartnerImpact, TierTally};
use guildhall_rules::rulebook::{Column, Edition};

use super::{grouped, tier_title, wrapped};
use crate::terminal::{fit, plain, style, width};
use guildhall_rules::impact::words::{
    because_text, discount_text, effect_text, effect_title, gap_text, money_text,
};

/// Prints the report.
pub fn print(
    out: &mut impl Write,
    old: &Edition,
    new: &Edition,
    impact: &Impact,
) -> io::Result<()> {
    let (head, faint) = (style::HEAD, style::FAINT);
    let day = format!("as of {}", impact.as_of);
    let title = format!("{} → {}", impact.old, impact.new);
    writeln!(out, "{head}{}{head:#}{day}", fit(&title, width().saturating_sub(day.len())))?;
    for (word, edition) in [("from", old), ("to", new)] {
        let from = edition.in_force_from;
        let text = format!("{}{}, in force from {from}", fit(word, 6), edition.title);
        writeln!(out, "{faint}{}{faint:#}", fit(&text, width()).trim_end())?;
    }
    print_tiers(out, new, old, impact)?;
    print_totals(out, impact)?;
    for moved in &impact.moved {
        writeln!(out)?;
        print_partner(out, old, new, impact, moved)?;
    }
    Ok(())
}

fn print_tiers(
    out: &mut impl Write,
    new: &Edition,
    old: &Edition,
    impact: &Impact,
) -> io::Result<()> {
    let (head, faint) = (style::HEAD, style::FAINT);
    let wide = width().saturating_sub(56).max(20);
    let blank = " ".repeat(wide);
    writeln!(out, "\n{head}{blank}  Held    Attained       Renewal met    Upgrade met{head:#}")?;
    writeln!(
        out,
        "{head}{}        before  after  before  after  before  after{head:#}",
        fit("Tier", wide)
    )?;
    let mut last = "";
    for tier in &impact.tiers {
        if tier.path != last {
            let paths = new.paths.iter().chain(&old.paths);
            let path = paths.filter(|path| path.id == tier.path).map(|path| path.title.as_str());
            let path = path.clone().next().unwrap_or(&tier.path);
            writeln!(out, "{faint}{}{faint:#}", plain(path))?;
            last = &tier.path;
        }
        let held = tier.after.or(tier.before).map_or(0, |tally| tally.held);
        let title = fit(&format!("  {}", plain(&tier.title)), wide);
        write!(out, "{title}{:>6}", grouped(&held.to_string()))?;
        let columns: [fn(&TierTally) -> u64; 3] =
            [|tally| tally.attained, |tally| tally.renewal_met, |tally| tally.upgrade_met];
        for of in columns {
            let count = |tally: Option<TierTally>| {
                tally.map_or_else(|| "–".to_owned(), |tally| grouped(&of(&tally).to_string()))
            };
            let (before, after) = (count(tier.before), count(tier.after));
            let colour = if before == after { style::FAINT } else { style::HEAD };
            write!(out, "{before:>8}{colour}{after:>7}{colour:#}")?;
        }
        writeln!(out)?;
    }
    Ok(())
}

fn print_totals(out: &mut impl Write, impact: &Impact) -> io::Result<()> {
    let faint = style::FAINT;
    let count = |count: u64| grouped(&count.to_string());
    writeln!(out, "\nOf {} partners", count(impact.partners))?;
    for effect in Effect::ALL {
        let found = impact.totals.of(effect);
        if found > 0 {
            writeln!(out, "{:>8}  {}", count(found), effect_title(effect))?;
        }
    }
    writeln!(out, "{:>8}  are not moved", count(impact.totals.unmoved))?;
    match &impact.discount {
        Some(discount) => {
            for line in wrapped(&discount_text(discount), width()) {
                writeln!(out, "{line}")?;
            }
            for line in wrapped(&money_text(discount), width()) {
                writeln!(out, "{faint}{line}{faint:#}")?;
            }
            Ok(())
        }
        None => writeln!(out, "{faint}Not both editions have a discount.{faint:#}"),
    }
}

fn print_partner(
    out: &mut impl Write,
    old: &Edition,
    new: &Edition,
    impact: &Impact,
    moved: &PartnerImpact,
) -> io::Result<()> {
    let (head, faint) = (style::HEAD, style::FAINT);
    let title = |tier: &Option<String>| match tier {
        None => "none".to_owned(),
        Some(tier) => {
            let edition = [new, old].into_iter().find(|edition| knows(edition, &moved.path, tier));
            tier_title(edition.unwrap_or(new), &moved.path, tier, impact.as_of)
        }
    };
    let held = format!("holds {}", title(&moved.tier));
    let name = format!("{}  {}", plain(&moved.partner), plain(&moved.name));
    let left = width().saturating_sub(held.chars().count() + 1);
    writeln!(out, "{head}{}{head:#} {faint}{held}{faint:#}", fit(&name, left))?;
    for effect in &moved.effects {
        let colour = match effect {
            Effect::Gains | Effect::Relieved | Effect::DiscountHigher => style::GOOD,
            Effect::Loses | Effect::Endangered | Effect::DiscountLower => style::BAD,
            Effect::ComesNear => style::UNSURE,
        };
        writeln!(out, "  {colour}{}{colour:#}", effect_text(*effect, moved, &title))?;
    }
    for tier in &moved.new_tiers {
        writeln!(out, "    {} is a new tier", title(&Some(tier.clone())))?;
    }
    for because in &moved.because {
        let of = format!("{} ({})", title(&Some(because.tier.clone())), because.column.word());
        lines(out, &format!("{of} {}", plain(&because_text(because))), 4)?;
    }
    for column in Column::BOTH {
        let mut gaps = moved.gaps.iter().filter(|gap| gap.column == column).peekable();
        let Some(first) = gaps.peek() else { continue };
        let verb = if column == Column::Renewal { "keep" } else { "reach" };
        writeln!(out, "  to {verb} {}", title(&Some(first.tier.clone())))?;
        for gap in gaps {
            lines(out, &plain(&gap_text(gap)), 4)?;
        }
    }
    Ok(())
}

fn knows(edition: &Edition, path: &str, tier: &str) -> bool {
    let mut paths = edition.paths.iter().filter(|known| known.id == path);
    paths.any(|path| path.tiers.iter().any(|known| known.id == tier))
}

/// A text on as many lines as it needs.
fn lines(out: &mut impl Write, text: &str, indent: usize) -> io::Result<()> {
    for (at, line) in wrapped(text, width().saturating_sub(indent + 2)).iter().enumerate() {
        let more = if at == 0 { 0 } else { 2 };
        writeln!(out, "{}{line}", " ".repeat(indent + more))?;
    }
    Ok(())
}
