//! The words in which changes are told. Says nothing of what a change is.

use super::statements::{Item, Stated, Thing, Value};
use crate::facts::ReviewKind;
use crate::rulebook::{Target, Window};

impl Thing {
    /// The beginning of a sentence about one of its values.
    pub(super) fn lead(&self, label: &str) -> String {
        if label.is_empty() {
            return self.name.clone();
        }
        let between = if self.name.contains(": ") { ", " } else { ": " };
        format!("{}{between}{label}", self.name)
    }

    /// What its list is called where the order of it means something.
    pub(super) fn order_title(&self) -> Option<String> {
        match self.kind {
            "component" => Some("Parts of the scorecard".to_owned()),
            "measure" => Some("Rows of the scorecard".to_owned()),
            "path" => Some("Paths".to_owned()),
            "tier" => {
                let (path, _) = self.name.split_once(" / ").unwrap_or((&self.name, ""));
                Some(format!("{path}: tiers, lowest first,"))
            }
            "rule" => Some("Rules of eligibility".to_owned()),
            "discount_measure" => Some("Measures of a discount".to_owned()),
            _ => None,
        }
    }
}

impl Value {
    /// As a sentence shows it.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::Text(item) => item.shown.clone(),
            Self::Number(_, shown) => shown.clone(),
            Self::List(items) => names(items.iter()),
        }
    }
}

fn names<'i>(items: impl Iterator<Item = &'i Item>) -> String {
    items.map(|item| item.shown.as_str()).collect::<Vec<_>>().join(", ")
}

/// Which members of a set came and went; none where they are the same.
pub(super) fn listed(old: &[Item], new: &[Item]) -> Option<String> {
    let is_in = |list: &[Item], item: &Item| list.iter().any(|one| one.data == item.data);
    let came = names(new.iter().filter(|item| !is_in(old, item)));
    let went = names(old.iter().filter(|item| !is_in(new, item)));
    match (came.is_empty(), went.is_empty()) {
        (true, true) => None,
        (false, true) => Some(format!("now also {came}")),
        (true, false) => Some(format!("no longer {went}")),
        (false, false) => Some(format!("now also {came}, no longer {went}")),
    }
}

/// The sentence about a mark that something is assumed.
pub(super) fn assumption(thing: &Thing, was: Option<&Stated>, is: Option<&Stated>) -> String {
    let shown = |stated: Option<&Stated>| stated.map(|one| one.value.shown()).unwrap_or_default();
    let (old, new) = (shown(was), shown(is));
    match (was, is) {
        (None, _) => format!("{}: {new}", thing.lead("now marked as assumed")),
        (_, None) => format!("{} (was: {old})", thing.lead("no longer marked as assumed")),
        _ => format!("{} {new} (was: {old})", thing.lead("assumed for another reason:")),
    }
}

/// Things as data holds them.
pub(super) fn names_as_data(things: &[&Thing]) -> String {
    things.iter().map(|thing| thing.subject.as_str()).collect::<Vec<_>>().join(";")
}

/// What a bar asks.
pub(super) fn target(target: Target) -> String {
    match target {
        Target::AtLeast(bar) => format!("at least {bar}"),
        Target::AtMost(bar) => format!("at most {bar}"),
    }
}

/// A number with its noun.
pub(super) fn counted(number: impl Into<u64>, noun: &str) -> String {
    let number = number.into();
    if number == 1 { format!("{number} {noun}") } else { format!("{number} {noun}s") }
}

/// The days that a window looks at.
pub(super) fn window(window: Window) -> Item {
    let (data, shown) = match window {
        Window::AsOf => ("as_of".to_owned(), "what is in force on the day".to_owned()),
        Window::SinceReview => ("since_review".to_owned(), "all since the last review".to_owned()),
        Window::RollingMonths(months) => (
            format!("rolling_months {months}"),
            format!("the {} ending with the day", counted(months, "month")),
        ),
        Window::MonthsBeforePeriod(months) => (
            format!("months_before_period {months}"),
            format!("the {} before the period", counted(months, "whole month")),
        ),
    };
    Item { data, shown }
}

/// The kinds of rows of a partner's history.
pub(super) fn kinds(kinds: &[ReviewKind]) -> Vec<Item> {
    let item = |kind: &ReviewKind| Item {
        data: kind.word().to_owned(),
        shown: kind.word().replace('_', " "),
    };
    kinds.iter().map(item).collect()
}
