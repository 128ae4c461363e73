//! The forecast of a network as text: what turns by month, then for whom on which day.

use std::collections::BTreeMap;
use std::io::{self, Write};

use guildhall_rules::day::Day;
use guildhall_rules::facts::Facts;
use guildhall_rules::forecast::{Horizon, NetworkForecast, Turn, TurnedCell};
use guildhall_rules::review::ReviewOutcome;
use guildhall_rules::rulebook::{Column, Edition};

use super::{tier_title, wrapped};
use crate::terminal::{fit, plain, style, width};

/// What turns in a month, counted.
#[derive(Default)]
struct Counts {
    renewed: u32,
    grace: u32,
    down: u32,
    renewal_lost: u32,
    attained_lower: u32,
    attained_higher: u32,
    discount_lower: u32,
    discount_higher: u32,
}

/// Prints the months, then every turn.
pub fn print(
    out: &mut impl Write,
    edition: &Edition,
    facts: &Facts,
    horizon: Horizon,
    network: &NetworkForecast,
) -> io::Result<()> {
    let (head, faint) = (style::HEAD, style::FAINT);
    let Horizon { as_of, until, .. } = horizon;
    writeln!(out, "{faint}{}, {as_of} to {until}{faint:#}", edition.title)?;
    let mut months: BTreeMap<(u32, u32), Counts> = BTreeMap::new();
    for turn in network.partners.iter().flat_map(|outlook| &outlook.turns) {
        let on = turn.on();
        count(edition, turn, months.entry((on.year(), on.month())).or_default());
    }
    writeln!(
        out,
        "{head}          Reviews               Renewal   Attained       Discount{head:#}"
    )?;
    writeln!(
        out,
        "{head}Month     kept  grace  down     lost      lower  higher  lower  higher{head:#}"
    )?;
    for ((year, month), of) in &months {
        writeln!(
            out,
            "{year:04}-{month:02}  {:>5}  {:>5}  {:>4}     {:>4}     {:>6}  {:>6}  {:>5}  {:>6}",
            of.renewed,
            of.grace,
            of.down,
            of.renewal_lost,
            of.attained_lower,
            of.attained_higher,
            of.discount_lower,
            of.discount_higher
        )?;
    }
    for outlook in network.partners.iter().filter(|outlook| !outlook.turns.is_empty()) {
        let id = plain(facts.partner_id(outlook.partner));
        writeln!(
            out,
            "\n{head}{id}{head:#} {faint}{}{faint:#}",
            plain(facts.partner_name(outlook.partner))
        )?;
        for turn in &outlook.turns {
            let (text, colour) = turn_text(edition, turn);
            for (at, line) in wrapped(&text, width().saturating_sub(14)).iter().enumerate() {
                let day = if at == 0 { turn.on().to_string() } else { String::new() };
                let indent = if at == 0 { "" } else { "  " };
                writeln!(out, "{}{indent}{colour}{line}{colour:#}", fit(&day, 12))?;
            }
        }
    }
    let quiet = network.partners.iter().filter(|outlook| outlook.turns.is_empty()).count();
    let noun = if network.partners.len() == 1 { "partner" } else { "partners" };
    let count = network.partners.len();
    writeln!(out, "\n{faint}{count} {noun}; for {quiet} of them nothing turns{faint:#}")
}

/// The place of a tier on the path that has it; none is below all.
fn rank(edition: &Edition, tier: Option<&str>) -> Option<usize> {
    let of = |path: &guildhall_rules::rulebook::Path| {
        path.tiers.iter().position(|known| Some(known.id.as_str()) == tier)
    };
    edition.paths.iter().find_map(of)
}

fn count(edition: &Edition, turn: &Turn, of: &mut Counts) {
    match turn {
        Turn::Review(review) => match review.outcome {
            ReviewOutcome::Renew => of.renewed += 1,
            ReviewOutcome::Grace => of.grace += 1,
            ReviewOutcome::Downgrade => of.down += 1,
        },
        Turn::Attained { before, after, .. } => {
            if rank(edition, after.as_deref()) < rank(edition, before.as_deref()) {
                of.attained_lower += 1;
            } else {
                of.attained_higher += 1;
            }
        }
        Turn::Column {
            column: Column::Renewal, before: Some(true), after: Some(false), ..
        } => {
            of.renewal_lost += 1;
        }
        Turn::Discount { before, after, .. } => {
            if after.is_less_than(before) {
                of.discount_lower += 1;
            } else {
                of.discount_higher += 1;
            }
        }
        Turn::Tier { .. } | Turn::Column { .. } => {}
    }
}

fn turn_text(edition: &Edition, turn: &Turn) -> (String, anstyle::Style) {
    let title = |tier: &Option<String>, on: Day| match tier {
        None => "none".to_owned(),
        Some(tier) => {
            let path = edition.paths.iter().find(|path| path.tiers.iter().any(|of| of.id == *tier));
            tier_title(edition, path.map_or("", |path| &path.id), tier, on)
        }
    };
    match turn {
        Turn::Review(review) => {
            let to = title(&review.to_tier, review.on);
            let step = if review.is_after_grace { "grace is over" } else { "review" };
            match (review.outcome, review.grace_until) {
                (ReviewOutcome::Grace, Some(until)) => {
                    (format!("{step}: {to} in grace until {until}"), style::UNSURE)
                }
                (ReviewOutcome::Downgrade, _) => (format!("{step}: down to {to}"), style::BAD),
                _ => (format!("{step}: {to} is kept"), style::GOOD),
            }
        }
        Turn::Tier { on, before, after } => {
            (format!("tier: {} → {}", title(before, *on), title(after, *on)), style::HEAD)
        }
        Turn::Attained { on, before, after, cells } => {
            let tiers = format!("attained: {} → {}", title(before, *on), title(after, *on));
            (format!("{tiers}{}", measures(edition, cells)), style::HEAD)
        }
        Turn::Column { on, column, tier, before, after, cells } => {
            let of = format!("{} ({})", column.word(), title(tier, *on));
            match after {
                Some(true) => (format!("{of} is met{}", measures(edition, cells)), style::GOOD),
                Some(false) if *before == Some(true) => {
                    (format!("{of} is not met any more{}", measures(edition, cells)), style::BAD)
                }
                Some(false) => (format!("{of} is not met"), style::FAINT),
                None => (format!("{} has no tier any more", column.word()), style::FAINT),
            }
        }
        Turn::Discount { before, after, .. } => {
            (format!("support discount: {before} → {after} %"), style::HEAD)
        }
    }
}

/// The titles of the rows whose state changes.
fn measures(edition: &Edition, cells: &[TurnedCell]) -> String {
    let title = |cell: &TurnedCell| {
        let found = edition.measures.iter().find(|measure| measure.id == cell.measure);
        found.map_or_else(|| cell.measure.clone(), |measure| measure.title.clone())
    };
    let titles: Vec<String> = cells.iter().map(title).collect();
    if titles.is_empty() { String::new() } else { format!(": {}", titles.join(", ")) }
}
