//! What all texts of answers share: numbers with their thousands apart, money, days, lines of a
//! length, texts without what paints over a terminal, titles of tiers.

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

/// A day as people write it: `30 Jun 2026`.
pub fn day_text(day: Day) -> String {
    day.to_date().strftime("%-d %b %Y").to_string()
}

/// A text of the engine with its days (`2026-06-30`) written otherwise.
pub fn with_days(text: &str, write: &dyn Fn(Day) -> String) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let is_digit_before = |out: &str| out.ends_with(|char: char| char.is_ascii_digit());
    while let Some(next) = rest.chars().next() {
        let day = rest.get(..10).filter(|_| next.is_ascii_digit() && !is_digit_before(&out));
        let is_whole = !rest.get(10..11).is_some_and(|byte| {
            byte.starts_with(|char: char| char.is_ascii_alphanumeric() || char == '-')
        });
        let read = day.filter(|_| is_whole).and_then(|day| Day::parse(day.as_bytes()));
        if let Some(day) = read {
            out.push_str(&write(day));
            rest = rest.get(10..).unwrap_or_default();
        } else {
            out.push(next);
            rest = rest.get(next.len_utf8()..).unwrap_or_default();
        }
    }
    out
}

/// Currencies without a smaller unit, and those whose smaller unit is a thousandth.
const UNDIVIDED: [&str; 6] = ["CLP", "ISK", "JPY", "KRW", "PYG", "VND"];
const IN_THOUSANDTHS: [&str; 5] = ["BHD", "JOD", "KWD", "OMR", "TND"];

/// An amount of money rounded, half of a unit upwards, to the digits that its currency is paid in:
/// `25842.285` in dollars is `25842.29`. A whole amount has no digits behind the point.
pub fn money_digits(amount: &str, currency: &str) -> String {
    let Some((whole, rest)) = amount.split_once('.') else { return amount.to_owned() };
    let places = match currency {
        currency if UNDIVIDED.contains(&currency) => 0,
        currency if IN_THOUSANDTHS.contains(&currency) => 3,
        _ => 2,
    };
    let kept: String = rest.chars().chain(std::iter::repeat('0')).take(places).collect();
    let mut digits: Vec<char> = whole.chars().chain(kept.chars()).collect();
    if rest.chars().nth(places).is_some_and(|next| next >= '5') {
        let mut carries = true;
        for digit in digits.iter_mut().rev().filter(|digit| digit.is_ascii_digit()) {
            carries = *digit == '9';
            let up = digit.to_digit(10).and_then(|value| char::from_digit((value + 1) % 10, 10));
            *digit = up.unwrap_or(*digit);
            if !carries {
                break;
            }
        }
        if carries {
            let at = digits.iter().position(char::is_ascii_digit).unwrap_or(0);
            digits.insert(at, '1');
        }
    }
    let split = digits.len().saturating_sub(places);
    let (whole, rest) = digits.split_at(split.min(digits.len()));
    let (whole, rest): (String, String) = (whole.iter().collect(), rest.iter().collect());
    if rest.chars().all(|digit| digit == '0') { whole } else { format!("{whole}.{rest}") }
}

/// An amount of money with its currency: `25,842.29 USD`.
pub fn money(amount: &str, currency: &str) -> String {
    format!("{} {currency}", grouped(&money_digits(amount, currency)))
}

/// A part of a whole in percent: `0.08` is `8%`.
pub fn percent(part: &str) -> String {
    let (whole, rest) = part.split_once('.').unwrap_or((part, ""));
    let mut places = rest.chars();
    let mut digits = whole.to_owned();
    digits.extend((0..2).map(|_| places.next().unwrap_or('0')));
    let whole = digits.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let rest = places.as_str();
    let point = if rest.is_empty() { "" } else { "." };
    format!("{}%", grouped(&format!("{whole}{point}{rest}")))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_has_the_digits_of_its_currency() {
        for (amount, currency, text) in [
            ("25842.285", "USD", "25,842.29 USD"),
            ("66515.1", "USD", "66,515.10 USD"),
            ("1200", "USD", "1,200 USD"),
            ("2520.001", "EUR", "2,520 EUR"),
            ("999.995", "EUR", "1,000 EUR"),
            ("0.004", "EUR", "0 EUR"),
            ("0.995", "EUR", "1 EUR"),
            ("-9.996", "EUR", "-10 EUR"),
            ("120.5", "JPY", "121 JPY"),
            ("0.12345", "KWD", "0.123 KWD"),
        ] {
            assert_eq!(money(amount, currency), text);
        }
    }

    #[test]
    fn parts_are_percent() {
        for (part, text) in [("0", "0%"), ("1", "100%"), ("0.08", "8%"), ("12.345", "1,234.5%")] {
            assert_eq!(percent(part), text);
        }
    }

    #[test]
    fn days_within_a_text_are_written_for_people() {
        let text = "launched on 2030-09-14, before 2030-11-01; cert-2030-09-14x";
        let written = with_days(text, &day_text);
        assert_eq!(written, "launched on 14 Sep 2030, before 1 Nov 2030; cert-2030-09-14x");
    }
}
