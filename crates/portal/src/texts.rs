//! The words of the portal in one language, and how it writes numbers, days and money.
//!
//! A language is one file in `texts/` (Fluent, <https://projectfluent.org>): messages of all pages,
//! names of months, signs of numbers. What a language lacks is said in English. Another language is
//! another file and a line in [`LANGUAGES`]. Titles of tiers, measures and programs are data of a
//! rulebook and not translated here.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use guildhall_rules::day::Day;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use unic_langid::LanguageIdentifier;

/// Languages: their tag, and their file. The first is the one that is complete.
const LANGUAGES: [(&str, &str); 1] = [("en", include_str!("../texts/en.ftl"))];

static TEXTS: LazyLock<Vec<Texts>> =
    LazyLock::new(|| LANGUAGES.iter().map(|(tag, file)| Texts::read(tag, file)).collect());

/// The words of one language.
pub(crate) struct Texts {
    tag: &'static str,
    bundle: FluentBundle<FluentResource>,
    months: Vec<String>,
    decimal_sign: String,
    group_sign: String,
}

/// One argument of a message.
pub(crate) type Argument<'a> = (&'static str, FluentValue<'a>);

impl std::fmt::Debug for Texts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Texts").field("tag", &self.tag).finish_non_exhaustive()
    }
}

impl Texts {
    /// The language that a visitor likes best of those that there are: `accepted` is the header
    /// `Accept-Language`.
    pub(crate) fn of(accepted: Option<&str>) -> &'static Self {
        let mut liked: Vec<(u16, &str)> = accepted
            .unwrap_or_default()
            .split(',')
            .filter_map(|part| {
                let mut parts = part.trim().split(';');
                let tag = parts.next()?.trim();
                let weight = parts.find_map(|part| part.trim().strip_prefix("q="));
                Some((weight.map_or(1000, thousandths), tag))
            })
            .filter(|(weight, tag)| *weight > 0 && !tag.is_empty())
            .collect();
        liked.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
        let known = liked.iter().find_map(|(_, tag)| {
            let language = tag.split('-').next().unwrap_or_default();
            TEXTS.iter().find(|texts| texts.tag.eq_ignore_ascii_case(language))
        });
        known.unwrap_or_else(|| Self::english())
    }

    /// English.
    #[expect(clippy::expect_used, reason = "there is at least one language, as its length says")]
    pub(crate) fn english() -> &'static Self {
        TEXTS.first().expect("a language")
    }

    fn read(tag: &'static str, file: &str) -> Self {
        let language: LanguageIdentifier = tag.parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![language]);
        bundle.set_use_isolating(false);
        // A file with an error is read without the bad entries; a test reports them.
        let resource = FluentResource::try_new(file.to_owned()).unwrap_or_else(|(part, _)| part);
        bundle.add_resource_overriding(resource);
        let mut texts = Self {
            tag,
            bundle,
            months: Vec::new(),
            decimal_sign: String::new(),
            group_sign: String::new(),
        };
        texts.months = (1..=12).map(|month| texts.say(&format!("locale-month-{month}"))).collect();
        texts.decimal_sign = texts.say("locale-decimal-sign");
        texts.group_sign = texts.say("locale-group-sign");
        texts
    }

    /// The tag of the language, for `lang`.
    pub(crate) fn tag(&self) -> &'static str {
        self.tag
    }

    /// A message without arguments.
    pub(crate) fn say(&self, key: &str) -> String {
        self.tell(key, &[])
    }

    /// A message about so many: `$n` chooses the form, `$count` is the number as it is written.
    pub(crate) fn n(&self, key: &str, n: usize) -> String {
        let count = self.count(n);
        self.tell(key, &[("n", n.into()), ("count", count.into())])
    }

    /// A message with one text, `$it`.
    pub(crate) fn of_it(&self, key: &str, it: &str) -> String {
        self.tell(key, &[("it", it.into())])
    }

    /// A message with arguments. One that no language has is shown as its key.
    pub(crate) fn tell(&self, key: &str, arguments: &[Argument<'_>]) -> String {
        let found = self.bundle.get_message(key).and_then(|message| message.value());
        let Some(pattern) = found else {
            let english = TEXTS.first().filter(|english| english.tag != self.tag);
            return english.map_or_else(|| key.to_owned(), |english| english.tell(key, arguments));
        };
        let given: FluentArgs<'_> = arguments.iter().cloned().collect();
        let mut errors = Vec::new();
        self.bundle.format_pattern(pattern, Some(&given), &mut errors).into_owned()
    }

    /// Whether there is such a message, in this language or in English.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.bundle.has_message(key) || (self.tag != "en" && Self::english().has(key))
    }

    /// A word of the engine, as `not_met`, in words; as it is where there are none.
    pub(crate) fn word(&self, of: &str, word: &str) -> String {
        let key = format!("{of}-{}", word.replace('_', "-"));
        if self.has(&key) { self.say(&key) } else { word.replace('_', " ") }
    }

    /// A count, with its digits in groups.
    pub(crate) fn count(&self, count: usize) -> String {
        self.number(&count.to_string())
    }

    /// A decimal as the engine prints it (`1234.5`), as people write it (`1,234.5`).
    pub(crate) fn number(&self, plain: &str) -> String {
        let (sign, digits) = plain.strip_prefix('-').map_or(("", plain), |digits| ("−", digits));
        let (whole, rest) = digits.split_once('.').unwrap_or((digits, ""));
        if whole.is_empty() || !whole.bytes().all(|byte| byte.is_ascii_digit()) {
            return plain.to_owned();
        }
        let mut text = sign.to_owned();
        for (at, digit) in whole.chars().enumerate() {
            if at > 0 && (whole.len() - at).is_multiple_of(3) {
                text.push_str(&self.group_sign);
            }
            text.push(digit);
        }
        if !rest.is_empty() {
            text.push_str(&self.decimal_sign);
            text.push_str(rest);
        }
        text
    }

    /// A day: `30 Jun 2026`.
    pub(crate) fn day(&self, day: Day) -> String {
        self.date(day.to_date())
    }

    /// The month of a day: `Jun 2026`.
    pub(crate) fn month(&self, of: Day) -> String {
        let date = of.to_date();
        let at = usize::try_from(date.month()).unwrap_or(1).saturating_sub(1);
        let month = self.months.get(at).map_or("", String::as_str);
        let year = date.year().to_string();
        self.tell("locale-month", &[("month", month.into()), ("year", year.into())])
    }

    /// A day that stands as `2026-06-30`; any other text as it is.
    pub(crate) fn day_text(&self, day: &str) -> String {
        Day::parse(day.as_bytes()).map_or_else(|| day.to_owned(), |day| self.day(day))
    }

    /// A moment in UTC: `30 Jun 2026, 14:05 UTC`.
    pub(crate) fn moment(&self, at: Timestamp) -> String {
        let at = TimeZone::UTC.to_datetime(at);
        let day = self.date(at.date());
        let time = at.strftime("%H:%M").to_string();
        self.tell("locale-moment", &[("day", day.into()), ("time", time.into())])
    }

    /// A moment that stands as RFC 3339; any other text as it is.
    pub(crate) fn moment_text(&self, at: &str) -> String {
        at.parse().map_or_else(|_| at.to_owned(), |at| self.moment(at))
    }

    /// How far off a day is, seen from another: `today`, `in 12 days`, `3 days ago`.
    pub(crate) fn distance(&self, from: Day, to: Day) -> String {
        let days = from.days_until(to);
        let n = usize::try_from(days.unsigned_abs()).unwrap_or(usize::MAX);
        match days {
            0 => self.say("locale-today"),
            days if days > 0 => self.n("locale-in-days", n),
            _ => self.n("locale-days-ago", n),
        }
    }

    fn date(&self, date: Date) -> String {
        let month = usize::try_from(date.month()).unwrap_or(1).saturating_sub(1);
        let month = self.months.get(month).map_or("", String::as_str);
        self.tell(
            "locale-day",
            &[
                ("day", date.day().to_string().into()),
                ("month", month.into()),
                ("year", date.year().to_string().into()),
            ],
        )
    }
}

/// The weight of an accepted language, `0.7`, in thousandths.
fn thousandths(weight: &str) -> u16 {
    let (whole, rest) = weight.trim().split_once('.').unwrap_or((weight.trim(), ""));
    let digits: String = rest.chars().chain("000".chars()).take(3).collect();
    match (whole, digits.parse()) {
        ("0", Ok(thousandths)) => thousandths,
        ("1", _) => 1000,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    fn keys(file: &str) -> BTreeSet<String> {
        let is_key = |line: &&str| line.starts_with(|char: char| char.is_ascii_lowercase());
        let key = |line: &str| line.split(" =").next().unwrap_or_default().to_owned();
        file.lines().filter(is_key).map(key).collect()
    }

    /// The text of every source and template of the portal.
    fn sources(folder: &Path, into: &mut Vec<(String, String)>) {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                sources(&path, into);
            } else if path.extension().is_some_and(|end| end == "rs" || end == "html") {
                let text = std::fs::read_to_string(&path).expect("a text");
                into.push((path.display().to_string(), text));
            }
        }
    }

    /// Texts in quotes that stand behind a call that says something.
    fn said(text: &str) -> impl Iterator<Item = &str> {
        const CALLS: [&str; 5] = ["say(\"", "n(\"", "of_it(\"", "tell(\"", "tell(\n"];
        CALLS.into_iter().flat_map(move |call| {
            text.split(call).skip(1).filter_map(|rest| {
                let rest = rest.trim_start().trim_start_matches('"');
                let key = rest.split('"').next()?;
                let is_key =
                    |char: char| char.is_ascii_lowercase() || char == '-' || char.is_ascii_digit();
                (key.contains('-') && key.chars().all(is_key)).then_some(key)
            })
        })
    }

    #[test]
    fn every_file_of_a_language_can_be_read() {
        for (tag, file) in LANGUAGES {
            let read = FluentResource::try_new(file.to_owned());
            assert!(read.is_ok(), "{tag}: {:?}", read.err().map(|(_, errors)| errors));
        }
    }

    #[test]
    fn no_key_stands_twice() {
        for (tag, file) in LANGUAGES {
            let lines = file.lines().filter_map(|line| line.split_once(" ="));
            let mut seen = BTreeSet::new();
            for (key, _) in lines.filter(|(key, _)| key.starts_with(char::is_alphabetic)) {
                assert!(seen.insert(key), "{tag}: {key}");
            }
        }
    }

    #[test]
    fn every_key_that_is_said_is_in_the_file_and_every_one_in_the_file_is_said() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut texts = Vec::new();
        sources(&root.join("src"), &mut texts);
        sources(&root.join("templates"), &mut texts);
        let held = keys(LANGUAGES[0].1);
        // What the next page says is named when the form is answered.
        let noticed = |text: &str| -> Vec<String> {
            let ends = text.split("\"notice-").skip(1).filter_map(|rest| rest.split('"').next());
            ends.filter(|end| !end.is_empty()).map(|end| ["notice-", end].concat()).collect()
        };
        for (file, text) in &texts {
            for key in noticed(text) {
                assert!(held.contains(&key), "{file}: `{key}` is in no file of texts");
            }
            for key in said(text) {
                assert!(held.contains(key), "{file}: `{key}` is in no file of texts");
            }
        }
        // Words of the engine are looked up by a stem and the word; they stand as `"stem"`.
        let all: String = texts.iter().map(|(_, text)| text.as_str()).collect();
        let is_word = |key: &str| {
            let mut at = key.len();
            while let Some(cut) = key[..at].rfind('-') {
                let stem = &key[..cut];
                if all.contains(&format!("word(\"{stem}\""))
                    || all.contains(&format!("\"{stem}-{{"))
                {
                    return true;
                }
                at = cut;
            }
            false
        };
        let unused: Vec<&String> = held
            .iter()
            .filter(|key| !key.starts_with("locale-"))
            .filter(|key| !all.contains(&format!("\"{key}\"")) && !is_word(key))
            .collect();
        assert!(unused.is_empty(), "nobody says {unused:?}");
    }

    #[test]
    fn numbers_days_and_distances_are_written_for_people() {
        let english = Texts::english();
        for (plain, text) in [
            ("0", "0"),
            ("999", "999"),
            ("1000", "1,000"),
            ("1234567.0125", "1,234,567.0125"),
            ("-12000", "−12,000"),
            ("n/a", "n/a"),
        ] {
            assert_eq!(english.number(plain), text);
        }
        let day = |text: &str| Day::parse(text.as_bytes()).expect("a day");
        assert_eq!(english.day(day("2026-06-30")), "30 Jun 2026");
        assert_eq!(english.moment_text("2026-06-30T14:05:00Z"), "30 Jun 2026, 14:05 UTC");
        assert_eq!(english.distance(day("2026-06-30"), day("2026-07-01")), "tomorrow");
        assert_eq!(english.distance(day("2026-06-30"), day("2026-06-28")), "2 days ago");
    }

    #[test]
    fn the_language_liked_best_of_those_that_there_are_is_taken() {
        for accepted in [None, Some("en-GB,en;q=0.5"), Some("xx;q=1, en;q=0.1"), Some(";;q=,")] {
            assert_eq!(Texts::of(accepted).tag(), "en");
        }
    }
}
