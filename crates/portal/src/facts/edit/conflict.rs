//! Two people correct one fact: the second is shown, field by field, what they opened, what it is
//! now and what they typed, chooses, and saves again.

use axum::http::StatusCode;
use guildhall_operations::Error;
use guildhall_operations::ops::facts;

use super::{Draft, EffectPart, page};
use crate::facts::words::{Words, columns};
use crate::form::FieldProblems;
use crate::visit::{Done, Visit, render};

/// A field that somebody else changed, or that differs from what it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::facts) struct ConflictRow {
    pub(in crate::facts) name: &'static str,
    pub(in crate::facts) label: String,
    pub(in crate::facts) opened: String,
    pub(in crate::facts) now: String,
    pub(in crate::facts) typed: String,
    /// Whether both changed it, so that somebody must choose.
    pub(in crate::facts) is_choice: bool,
}

/// The form with the difference. Fields that the visitor left alone are what they are now.
pub(super) fn shown(
    visit: &Visit,
    words: &Words,
    mut draft: Draft<'_>,
    kind: &str,
) -> Result<Done, Error> {
    let Some(held) = draft.held else { return Err(Error::internal("a new fact has no other")) };
    let versions = facts::versions(visit.app(), &visit.caller, kind, &held.id)?;
    let opened = versions.iter().find(|one| one.record.version.to_string() == draft.opened);
    let opened = opened.map_or(&held.values, |version| &version.record.values);
    let empty = || visit.t.say("fact-empty");
    let mut rows = Vec::new();
    for column in columns(draft.file).iter().filter(|column| column.name != "id") {
        let (was, now) = (opened.get(column.name), held.values.get(column.name));
        let typed = draft.values.get(column.name).cloned();
        let is_theirs = was != now;
        let is_mine = typed.as_ref() != was;
        if is_theirs && !is_mine {
            // Only the other changed it.
            match now {
                Some(now) => draft.values.insert(column.name.to_owned(), now.clone()),
                None => draft.values.remove(column.name),
            };
        }
        if is_theirs || is_mine {
            let text = |value: Option<&String>| {
                value.map_or_else(empty, |value| words.value(column, value))
            };
            rows.push(ConflictRow {
                name: column.name,
                label: words.label(draft.file, column.name),
                opened: text(was),
                now: text(now),
                typed: if is_mine {
                    text(typed.as_ref())
                } else {
                    visit.t.say("conflict-untouched")
                },
                is_choice: is_theirs && is_mine && typed.as_ref() != now,
            });
        }
    }
    draft.opened = held.version.to_string();
    let none = EffectPart::unknown(visit, Vec::new());
    let page = page(visit, words, draft, (none, FieldProblems::default(), rows))?;
    Ok(Done::Page(StatusCode::CONFLICT, render(&page)?))
}
