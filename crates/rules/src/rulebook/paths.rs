//! Reads `[[paths]]` with their tiers, and `[review]`.

use super::document::{Table, Value};
use super::load::{List, Lists, grounds, title};
use super::{
    Columns, DatedName, Grounds, Path, Requirement, ReviewRules, Target, Tier, WhenNotMet,
};
use crate::decimal::Decimal;
use crate::facts::ReviewKind;

pub(crate) fn read_paths<'d>(root: &mut Table<'d>, lists: &mut Lists<'d>) -> Vec<Path> {
    let mut ids = List::new("path");
    let before = root.problems();
    let mut paths = Vec::new();
    for mut table in root.tables("paths") {
        let id = ids.add(&mut table).to_owned();
        let title = title(&mut table);
        let mut tier_ids = List::new("tier");
        let before = table.problems();
        let tiers: Vec<Tier> = table
            .tables("tiers")
            .into_iter()
            .enumerate()
            .map(|(at, tier)| read_tier(tier, (paths.len(), at), &mut tier_ids, lists))
            .collect();
        if tiers.is_empty() && table.problems() == before {
            table.problem("no-tiers", format!("the path `{id}` has no tiers"));
        }
        table.finish();
        paths.push(Path { id, title, tiers });
    }
    if paths.is_empty() && root.problems() == before {
        root.problem("no-paths", "a rulebook has at least one path".to_owned());
    }
    paths
}

fn read_tier<'d>(
    mut table: Table<'d>,
    at: (usize, usize),
    ids: &mut List<'d>,
    lists: &mut Lists<'d>,
) -> Tier {
    let before = table.problems();
    let id = ids.add(&mut table).to_owned();
    let title = title(&mut table);
    let names = table.get("names").map(|value| read_names(&value)).unwrap_or_default();
    let requires =
        table.get("requires").map(|value| read_requires(&value, at, lists)).unwrap_or_default();
    let grounds = grounds(&mut table, lists);
    let document = table.document();
    table.finish();
    if document.count() > before {
        lists.damaged.tiers.insert(at);
    }
    Tier { id, title, names, requires, grounds }
}

fn read_names(value: &Value<'_>) -> Vec<DatedName> {
    let mut names: Vec<DatedName> = Vec::new();
    for value in value.array().unwrap_or_default() {
        let Some(mut table) = value.table() else { continue };
        let from = table.required("from").and_then(|value| value.day());
        let name = table.required("name").and_then(|value| value.text().map(str::to_owned));
        table.finish();
        let (Some(from), Some(name)) = (from, name) else { continue };
        if names.last().is_some_and(|last| last.from >= from) {
            let message = format!("the name of {from} stands behind a later one");
            value.problem("out-of-order", message, Some("oldest first".to_owned()));
        }
        names.push(DatedName { from, name });
    }
    names
}

fn read_requires(
    value: &Value<'_>,
    (path, tier): (usize, usize),
    lists: &mut Lists<'_>,
) -> Vec<Requirement> {
    let Some(table) = value.table() else { return Vec::new() };
    let mut requires = Vec::new();
    for (key, place, value) in table.entries() {
        let measure = lists.measures.find(key, value.document, &place);
        let read = read_requirement(&value, lists);
        if let (Some(measure), Some((target, columns, grounds))) = (measure, read) {
            lists.requirements.insert((path, tier, measure), place);
            requires.push(Requirement { measure, target, columns, grounds });
        }
    }
    requires.sort_by_key(|asked| asked.measure);
    requires
}

fn read_requirement(
    value: &Value<'_>,
    lists: &Lists<'_>,
) -> Option<(Target, Columns<bool>, Grounds)> {
    let both = Columns { renewal: true, upgrade: true };
    if value.is_true() {
        let bar = Decimal::from_whole(1);
        return Some((Target::AtLeast(bar), both, Grounds::default()));
    }
    if value.is_false() {
        let message = "a requirement cannot be `false`".to_owned();
        let hint = "leave it out, or ask for 0 to show its row".to_owned();
        value.problem("wrong-type", message, Some(hint));
        return None;
    }
    if !value.is_table() {
        return Some((Target::AtLeast(value.decimal()?), both, Grounds::default()));
    }
    let mut table = value.table()?;
    let target = read_target(&mut table);
    let columns = table.get("columns").map_or(both, |value| read_columns(&value));
    let grounds = grounds(&mut table, lists);
    table.finish();
    Some((target?, columns, grounds))
}

/// Reads `at_least` or `at_most`.
pub(crate) fn read_target(table: &mut Table<'_>) -> Option<Target> {
    match (table.get("at_least"), table.get("at_most")) {
        (Some(value), None) => value.decimal().map(Target::AtLeast),
        (None, Some(value)) => value.decimal().map(Target::AtMost),
        _ => {
            table.problem("bad-target", "exactly one of `at_least` and `at_most`".to_owned());
            None
        }
    }
}

fn read_columns(value: &Value<'_>) -> Columns<bool> {
    let words = value.set(|value| value.word(&["renewal", "upgrade"]));
    let has = |column: &str| words.iter().any(|(word, _)| *word == column);
    Columns { renewal: has("renewal"), upgrade: has("upgrade") }
}

pub(crate) fn read_review(root: &mut Table<'_>, lists: &Lists<'_>) -> Option<ReviewRules> {
    let mut table = root.required("review")?.table()?;
    let every = table.required("every_months").and_then(|value| value.whole(1, 120));
    let counted_from = table.required("counted_from").map(|value| read_kinds(&value));
    let resets_windows = table.required("resets_windows").map(|value| {
        // Nothing may begin a window, where no measure looks at one.
        if value.is_empty_array() { Vec::new() } else { read_kinds(&value) }
    });
    let notice_days = table.get("notice_days").map(|value| read_notices(&value));
    let grace = table.get("grace_days").map_or(Some(0), |value| value.whole(0, 3660));
    let words = ["to_what_is_met", "down_one", "keep"];
    let when = table.required("when_not_met").and_then(|value| value.word(&words));
    let grounds = grounds(&mut table, lists);
    table.finish();
    Some(ReviewRules {
        every_months: u16::try_from(every?).ok()?,
        counted_from: counted_from?,
        resets_windows: resets_windows?,
        notice_days: notice_days.unwrap_or_default(),
        grace_days: u16::try_from(grace?).ok()?,
        when_not_met: match when? {
            "down_one" => WhenNotMet::DownOne,
            "keep" => WhenNotMet::Keep,
            _ => WhenNotMet::ToWhatIsMet,
        },
        grounds,
    })
}

fn read_kinds(value: &Value<'_>) -> Vec<ReviewKind> {
    let words = value.set(|value| value.word(ReviewKind::WORDS)).into_iter();
    words.filter_map(|(word, _)| ReviewKind::from_word(word.as_bytes())).collect()
}

fn read_notices(value: &Value<'_>) -> Vec<u16> {
    let values = value.array().unwrap_or_default();
    let read = values.iter().filter_map(|value| value.whole(0, 3660));
    let days: Vec<u16> = read.filter_map(|days| u16::try_from(days).ok()).collect();
    if days.windows(2).any(|pair| matches!(pair, [first, second] if first <= second)) {
        let hint = "most days first".to_owned();
        value.problem("out-of-order", "the notices are out of order".to_owned(), Some(hint));
    }
    days
}
