//! A notice for a partner: what new rules mean for them, in plain words.

use std::fmt::Write as _;

use crate::day::Day;
use crate::impact::{Effect, PartnerImpact};
use crate::rulebook::{Column, Edition};

use super::words::{because_text, gap_text, moved_text};
use crate::words::{plain, tier_title, wrapped};

/// The width of a notice in characters.
const WIDTH: usize = 72;

/// The notice of a partner.
pub fn notice((old, new): (&Edition, &Edition), impact: &PartnerImpact, as_of: Day) -> String {
    let mut out = String::new();
    let title = |tier: &Option<String>| {
        tier.as_ref().map_or_else(
            || "no tier".to_owned(),
            |tier| {
                let of_new = tier_title(new, &impact.path, tier, new.in_force_from);
                if of_new == plain(tier) {
                    tier_title(old, &impact.path, tier, as_of)
                } else {
                    of_new
                }
            },
        )
    };
    paragraph(&mut out, &plain(&impact.name));
    let intro = format!(
        "New rules of the network ({}) come into force on {}. This is what they mean for you, \
         as your facts stood on {as_of}.",
        new.title, new.in_force_from
    );
    paragraph(&mut out, &intro);
    paragraph(&mut out, &tier_words(impact, &title));
    if !impact.because.is_empty() || !impact.new_tiers.is_empty() {
        out.push_str("What makes the difference:\n");
        for tier in &impact.new_tiers {
            item(&mut out, &format!("{} is a new tier", title(&Some(tier.clone()))));
        }
        for because in &impact.because {
            let of = title(&Some(because.tier.clone()));
            let verb = if because.column == Column::Renewal { "keeping" } else { "reaching" };
            item(&mut out, &format!("{verb} {of}: {}", plain(&because_text(because))));
        }
        out.push('\n');
    }
    for column in Column::BOTH {
        let mut gaps = impact.gaps.iter().filter(|gap| gap.column == column).peekable();
        let Some(first) = gaps.peek() else { continue };
        let verb = if column == Column::Renewal { "keep" } else { "reach" };
        let _ =
            writeln!(out, "To {verb} {} under the new rules:", title(&Some(first.tier.clone())));
        gaps.for_each(|gap| item(&mut out, &plain(&gap_text(gap))));
        out.push('\n');
    }
    let _ = writeln!(out, "Edition before: {}. Edition after: {}.", old.id, new.id);
    out
}

/// What happens to tier and discount.
fn tier_words(impact: &PartnerImpact, title: &dyn Fn(&Option<String>) -> String) -> String {
    let mut sentences = Vec::new();
    let held = title(&impact.tier);
    if impact.tier.is_some() {
        sentences.push(format!("You hold {held}; the new rules alone do not take it away."));
    } else {
        sentences.push("You hold no tier.".to_owned());
    }
    let (before, after) = (title(&impact.attained_before), title(&impact.attained_after));
    for effect in &impact.effects {
        sentences.push(match effect {
            Effect::Gains | Effect::Loses => {
                format!("You meet what {after} asks, where so far you meet what {before} asks.")
            }
            Effect::Endangered => format!(
                "You no longer meet what it takes to keep {held}. Your next review would not renew it."
            ),
            Effect::Relieved => format!("You now meet what it takes to keep {held}."),
            Effect::ComesNear => {
                "One requirement is left between you and the next tier.".to_owned()
            }
            Effect::DiscountHigher | Effect::DiscountLower => {
                let percent = |value: &Option<crate::number::Number>| {
                    value.as_ref().map_or_else(|| "0".to_owned(), ToString::to_string)
                };
                let before = percent(&impact.discount_before);
                let after = percent(&impact.discount_after);
                let money = impact.money.as_ref().map(|money| {
                    format!(" In money that is {}.", moved_text(money))
                });
                format!(
                    "Your support discount would be {after} percent, where it is {before}.{}",
                    money.unwrap_or_default()
                )
            }
        });
    }
    if impact.effects.is_empty() {
        sentences.push("Nothing changes for your tier and your discount.".to_owned());
    }
    sentences.join(" ")
}

fn paragraph(out: &mut String, text: &str) {
    for line in wrapped(text, WIDTH) {
        let _ = writeln!(out, "{line}");
    }
    out.push('\n');
}

fn item(out: &mut String, text: &str) {
    for (at, line) in wrapped(text, WIDTH - 2).iter().enumerate() {
        let mark = if at == 0 { "* " } else { "  " };
        let _ = writeln!(out, "{mark}{line}");
    }
}
