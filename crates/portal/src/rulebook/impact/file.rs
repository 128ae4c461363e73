//! What a change of rules does to a network, as one printable page: no script, nothing fetched.

use askama::Template;
use guildhall_operations::Error;
use guildhall_rules::day::Day;
use guildhall_rules::impact::words::{
    because_text, discount_text, effect_text, effect_title, gap_text, money_text,
};
use guildhall_rules::impact::{Effect, Impact, PartnerImpact, TierTally};
use guildhall_rules::rulebook::{Column, Edition};
use guildhall_rules::words::{grouped, tier_of_two};
use jiff::Timestamp;

use crate::scorecard::or_id;

/// The page of an impact. `untold` is how many more are moved than are told.
///
/// # Errors
///
/// None that can be provoked: writing to memory does not fail.
pub fn impact_sheet(
    impact: &Impact,
    old: &Edition,
    new: &Edition,
    untold: u64,
) -> Result<String, Error> {
    let page = ImpactPage { untold, ..ImpactPage::of(impact, old, new) };
    page.render().map(without_controls).map_err(Error::internal)
}

/// A day as people write it: `30 Jun 2026`.
fn day(day: Day) -> String {
    day.to_date().strftime("%-d %b %Y").to_string()
}

/// A moment, in UTC.
fn moment(at: Timestamp) -> String {
    at.strftime("%-d %b %Y, %H:%M UTC").to_string()
}

/// Replaces control characters, which no reader of a page expects; escaping lets them through.
fn without_controls(page: String) -> String {
    let is_unwanted = |char: char| char.is_control() && char != '\n';
    if page.contains(is_unwanted) { page.replace(is_unwanted, "\u{fffd}") } else { page }
}

#[derive(Template)]
#[template(path = "impact.html", whitespace = "minimize")]
struct ImpactPage {
    old: EditionView,
    new: EditionView,
    network: String,
    as_of: String,
    known_at: String,
    partners: String,
    totals: Vec<(String, &'static str)>,
    tiers: Vec<TierView>,
    discount: Option<String>,
    moved: Vec<MovedView>,
    untold: u64,
}

struct EditionView {
    id: String,
    title: String,
    in_force_from: String,
}

struct TierView {
    /// The title of the path, before the first of its tiers.
    path: Option<String>,
    title: String,
    held: String,
    cells: Vec<(String, String, bool)>,
}

struct MovedView {
    partner: String,
    name: String,
    held: String,
    effects: Vec<(&'static str, String)>,
    because: Vec<String>,
    todo: Vec<(String, Vec<String>)>,
}

impl ImpactPage {
    fn of(impact: &Impact, old: &Edition, new: &Edition) -> Self {
        let edition = |edition: &Edition| EditionView {
            id: edition.id.clone(),
            title: if old.title == new.title {
                format!("{} {}", edition.title, edition.id)
            } else {
                or_id(&edition.title, &edition.id)
            },
            in_force_from: day(edition.in_force_from),
        };
        let count = |count: u64| grouped(&count.to_string());
        let mut totals: Vec<(String, &'static str)> = Effect::ALL
            .into_iter()
            .map(|effect| (count(impact.totals.of(effect)), effect_title(effect)))
            .collect();
        totals.push((count(impact.totals.unmoved), "are not moved"));
        Self {
            old: edition(old),
            new: edition(new),
            network: impact.network.clone(),
            as_of: day(impact.as_of),
            known_at: impact.known_at.map_or_else(|| "everything on record".to_owned(), moment),
            partners: count(impact.partners),
            totals,
            tiers: tiers(impact, old, new),
            discount: impact
                .discount
                .as_ref()
                .map(|discount| format!("{} {}", discount_text(discount), money_text(discount))),
            moved: impact.moved.iter().map(|moved| view(impact, moved, old, new)).collect(),
            untold: 0,
        }
    }
}

fn tiers(impact: &Impact, old: &Edition, new: &Edition) -> Vec<TierView> {
    let mut last = "";
    let mut all = Vec::new();
    for tier in &impact.tiers {
        let paths = new.paths.iter().chain(&old.paths);
        let path = paths.filter(|path| path.id == tier.path).map(|path| path.title.clone()).next();
        let columns: [fn(&TierTally) -> u64; 3] =
            [|tally| tally.attained, |tally| tally.renewal_met, |tally| tally.upgrade_met];
        let cells = columns.into_iter().map(|of| {
            let text = |tally: Option<TierTally>| {
                tally.map_or_else(|| "–".to_owned(), |tally| grouped(&of(&tally).to_string()))
            };
            let (before, after) = (text(tier.before), text(tier.after));
            let is_moved = before != after;
            (before, after, is_moved)
        });
        let held = tier.after.or(tier.before).map_or(0, |tally| tally.held);
        all.push(TierView {
            path: path.filter(|_| tier.path != last),
            title: tier.title.clone(),
            held: grouped(&held.to_string()),
            cells: cells.collect(),
        });
        last = &tier.path;
    }
    all
}

fn view(impact: &Impact, moved: &PartnerImpact, old: &Edition, new: &Edition) -> MovedView {
    let title = |tier: &Option<String>| {
        tier.as_ref().map_or_else(
            || "none".to_owned(),
            |tier| tier_of_two((old, new), &moved.path, tier, impact.as_of),
        )
    };
    let todo = Column::BOTH.into_iter().filter_map(|column| {
        let gaps: Vec<_> = moved.gaps.iter().filter(|gap| gap.column == column).collect();
        let tier = title(&Some(gaps.first()?.tier.clone()));
        let verb = if column == Column::Renewal { "keep" } else { "reach" };
        Some((format!("To {verb} {tier}"), gaps.into_iter().map(gap_text).collect()))
    });
    MovedView {
        partner: moved.partner.clone(),
        name: moved.name.clone(),
        held: title(&moved.tier),
        effects: moved
            .effects
            .iter()
            .map(|effect| (effect.word(), effect_text(*effect, moved, &title)))
            .collect(),
        because: moved
            .new_tiers
            .iter()
            .map(|tier| format!("{} is a new tier", title(&Some(tier.clone()))))
            .chain(moved.because.iter().map(|because| {
                let tier = title(&Some(because.tier.clone()));
                format!("{tier} ({}): {}", because.column.word(), because_text(because))
            }))
            .collect(),
        todo: todo.collect(),
    }
}
