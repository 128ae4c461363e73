//! Reads `[[discounts]]`: who is eligible, what earns points.

use std::collections::BTreeSet;

use super::document::{Table, Value, shown};
use super::load::{List, Lists, grounds, title};
use super::paths::read_target;
use super::{
    Condition, DiscountMeasure, DiscountScheme, DiscountUse, EligibilityRule, Path, Spend, WhenLost,
};
use crate::decimal::Decimal;

pub(crate) fn read_discounts<'d>(
    root: &mut Table<'d>,
    lists: &mut Lists<'d>,
    paths: &[Path],
) -> Vec<DiscountScheme> {
    let mut ids = List::new("discount");
    let mut read: Vec<DiscountScheme> = Vec::new();
    for mut table in root.tables("discounts") {
        // Only schemes that can be read are kept, and their places with them.
        let place = table.place();
        let id = ids.add(&mut table).to_owned();
        let scheme = read_scheme((read.len(), id), &mut table, lists, paths);
        if let Some(scheme) = scheme {
            if read.iter().any(|other| other.on == scheme.on) {
                let message = "there is a discount on this already".to_owned();
                table.problem("discount-used-twice", message);
            }
            lists.scheme_places.push(place);
            read.push(scheme);
        }
        table.finish();
    }
    read
}

fn read_scheme(
    (at, id): (usize, String),
    table: &mut Table<'_>,
    lists: &mut Lists<'_>,
    paths: &[Path],
) -> Option<DiscountScheme> {
    let title = title(table);
    let on = table.required("on").and_then(|value| value.word(&["support"]));
    let months = table.required("period_months").and_then(|value| {
        let months = value.whole(1, 12)?;
        if 12 % months != 0 {
            let hint = "1, 2, 3, 4, 6 or 12".to_owned();
            value.problem("out-of-range", "periods must divide a year".to_owned(), Some(hint));
        }
        u8::try_from(months).ok()
    });
    let base = percent(table, "base_percent");
    let ceiling = percent(table, "ceiling_percent");
    let words = ["ends_with_period", "ends_at_once"];
    let lost = table.required("when_lost").and_then(|value| value.word(&words));
    let mut rules = List::new("rule");
    let eligibility: Vec<EligibilityRule> = table
        .tables("eligibility")
        .into_iter()
        .filter_map(|table| read_rule(table, &mut rules, lists, paths))
        .collect();
    let mut measures: Vec<DiscountMeasure> = Vec::new();
    for table in table.tables("measures") {
        let place = table.place();
        if let Some(measure) = read_measure(table, lists) {
            lists.discount_measures.insert((at, measures.len()), place);
            measures.push(measure);
        }
    }
    let spend = table.get("spend").and_then(|value| read_spend(value.table()?, lists));
    let grounds = grounds(table, lists);
    on?;
    Some(DiscountScheme {
        id,
        title,
        on: DiscountUse::Support,
        period_months: months?,
        base_percent: base?,
        ceiling_percent: ceiling?,
        when_lost: if lost? == "ends_at_once" {
            WhenLost::EndsAtOnce
        } else {
            WhenLost::EndsWithPeriod
        },
        eligibility,
        measures,
        spend,
        grounds,
    })
}

/// Months over which what is spent is added up, where nothing else is said.
const SPEND_MONTHS: u16 = 12;
/// Most of them.
const MOST_SPEND_MONTHS: u64 = 120;

fn read_spend(mut table: Table<'_>, lists: &Lists<'_>) -> Option<Spend> {
    let kind = table.required("kind").and_then(|value| lists.event_kinds.one(&value));
    let months = match table.get("months") {
        None => Some(SPEND_MONTHS),
        Some(value) => value.whole(1, MOST_SPEND_MONTHS).and_then(|count| count.try_into().ok()),
    };
    let grounds = grounds(&mut table, lists);
    table.finish();
    Some(Spend { kind: kind?, months: months?, grounds })
}

fn percent(table: &mut Table<'_>, key: &'static str) -> Option<Decimal> {
    let value = table.required(key)?;
    let percent = value.decimal()?;
    if percent > Decimal::from_whole(100) {
        value.problem("out-of-range", format!("`{key}` is over 100"), None);
        return None;
    }
    Some(percent)
}

fn read_rule<'d>(
    mut table: Table<'d>,
    rules: &mut List<'d>,
    lists: &Lists<'d>,
    paths: &[Path],
) -> Option<EligibilityRule> {
    let rule = rules.add_key(&mut table, "rule").to_owned();
    let path = table.get("path");
    let tier = table.get("tier");
    let standing = table.get("standing");
    let program = table.get("program");
    let condition = match (path, tier, standing, program) {
        (Some(value), None, None, None) => {
            let known: BTreeSet<&str> = paths.iter().map(|path| path.id.as_str()).collect();
            Some(Condition::Path(known_words(&value, "path", &known)))
        }
        (None, Some(value), None, None) => {
            let tiers = paths.iter().flat_map(|path| &path.tiers);
            let known: BTreeSet<&str> = tiers.map(|tier| tier.id.as_str()).collect();
            Some(Condition::Tier(known_words(&value, "tier", &known)))
        }
        (None, None, Some(value), None) => value.word(&["good"]).map(|_| Condition::GoodStanding),
        (None, None, None, Some(value)) => Some(Condition::Program(lists.programs.many(&value))),
        _ => {
            let message = "a rule has exactly one of `path`, `tier`, `standing` and `program`";
            table.problem("bad-eligibility", message.to_owned());
            None
        }
    };
    let grounds = grounds(&mut table, lists);
    table.finish();
    Some(EligibilityRule { rule, condition: condition?, grounds })
}

fn known_words(value: &Value<'_>, what: &str, known: &BTreeSet<&str>) -> Vec<String> {
    let mut read = Vec::new();
    for (word, place) in value.texts() {
        if known.contains(word) {
            read.push(word.to_owned());
        } else {
            let message = format!("there is no {what} `{}`", shown(word));
            let hint = value.document.did_you_mean(word, known.iter().copied());
            value.document.problem(&place, "unknown-id", message, hint);
        }
    }
    read
}

fn read_measure(mut table: Table<'_>, lists: &Lists<'_>) -> Option<DiscountMeasure> {
    let measure = table.required("measure").and_then(|value| lists.measures.one(&value));
    let target = read_target(&mut table);
    let min_n = table.get("min_n").and_then(|value| value.whole(1, u32::MAX.into()));
    let points = percent(&mut table, "points");
    let grounds = grounds(&mut table, lists);
    table.finish();
    Some(DiscountMeasure {
        measure: measure?,
        target: target?,
        min_n: min_n.and_then(|min_n| u32::try_from(min_n).ok()),
        points: points?,
        grounds,
    })
}
