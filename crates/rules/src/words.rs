//! What all texts of answers share: numbers with their thousands apart, lines of a length, texts
//! without what paints over a terminal, titles of tiers.

use unicode_width::UnicodeWidthStr;

use crate::day::Day;
use crate::rulebook::Edition;

/// The title of a tier of a path, as it was called on a day; its id where the edition has none.
pub fn tier_title(edition: &Edition, path: &str, tier: &str, as_of: Day) -> String {
    let path = edition.paths.iter().find(|known| known.id == path);
    let tier_of = path.and_then(|path| path.tiers.iter().find(|known| known.id == tier));
    tier_of.map_or_else(|| plain(tier), |tier| tier.name_on(as_of).to_owned())
}

/// The title of a tier under one of two editions: what the newer one calls it on a day, else what
/// the older one does, else its id.
pub fn tier_of_two((old, new): (&Edition, &Edition), path: &str, tier: &str, as_of: Day) -> String {
    let of_new = tier_title(new, path, tier, as_of);
    if of_new == plain(tier) { tier_title(old, path, tier, as_of) } else { of_new }
}

/// A number with its thousands apart, as text writes it.
pub fn grouped(number: &str) -> String {
    let (whole, rest) = number.split_once('.').map_or((number, None), |(a, b)| (a, Some(b)));
    let mut out = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(rest) = rest {
        out.push('.');
        out.push_str(rest);
    }
    out
}

/// A text broken at blanks into lines of at most so many cells.
pub fn wrapped(text: &str, cells: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.width() + 1 + word.width() <= cells => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    if lines.is_empty() {
        lines.push(String::new());
    }
    lines
}

/// A text without control characters, which could paint over the terminal, and without the marks
/// that turn the direction of what follows them around.
pub fn plain(text: &str) -> String {
    let is_turn = |char: char| matches!(char, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let is_shown = |char: &char| !char.is_control() && !is_turn(*char);
    text.chars().map(|char| if is_shown(&char) { char } else { '\u{fffd}' }).collect()
}
