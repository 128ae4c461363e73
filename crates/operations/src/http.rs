//! What faces over HTTP have in common: how a request is read, how a list is paged, how an error
//! is answered. Knows no route.

mod problem;
mod request;

use guildhall_rules::day::Day;
use guildhall_rules::facts::parse_moment;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Error;

pub use problem::{FieldProblem, ProblemDetails, answer as problem_details};
pub use request::{Body, ClientAddress, IfMatch, Path, Query, Visitor, blocking, from_where};

/// One page of a list.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Page<T> {
    /// The things on it.
    pub items: Vec<T>,
    /// The cursor of the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// Which page of a list is asked for.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Paging {
    /// Where the page begins: `next` of the page before.
    pub cursor: Option<String>,
    /// How many things it holds at most, from 1 to 200; default 50.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u32>,
}

impl Paging {
    /// The place behind which the page begins, and how many things it holds.
    ///
    /// # Errors
    ///
    /// When the cursor is none that was given out, or the limit is out of range.
    pub fn read(&self) -> Result<(Option<String>, usize), Error> {
        let limit = self.limit.unwrap_or(50);
        if !(1..=200).contains(&limit) {
            let message = format!("`{limit}` is not from 1 to 200");
            return Err(Error::field("limit", "bad-value", message));
        }
        let after = self.cursor.as_deref().map(|cursor| {
            let bytes = data_encoding::BASE64URL_NOPAD.decode(cursor.as_bytes()).ok();
            let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
            text.filter(|text| !text.contains('\0')).ok_or_else(|| {
                let message = "it is no cursor that was given out";
                Error::field("cursor", "bad-value", message)
            })
        });
        Ok((after.transpose()?, limit as usize))
    }
}

impl<T> Page<T> {
    /// A page of at most `limit` of these things, of which one more than that was looked up.
    /// `place` tells where a thing stands in the order of the list.
    pub fn of(mut items: Vec<T>, limit: usize, place: impl Fn(&T) -> String) -> Self {
        let is_last = items.len() <= limit;
        items.truncate(limit);
        let next = items
            .last()
            .filter(|_| !is_last)
            .map(|item| data_encoding::BASE64URL_NOPAD.encode(place(item).as_bytes()));
        Self { items, next }
    }
}

/// Reads a day of a field, where it is given.
///
/// # Errors
///
/// When it is none of the calendar.
pub fn read_day(field: &str, text: Option<&str>) -> Result<Option<Day>, Error> {
    let read = |text: &str| {
        Day::parse(text.as_bytes()).ok_or_else(|| {
            let message = format!("`{text}` is not a day of the calendar");
            Error::field_with_hint(field, "bad-value", message, "write it as YYYY-MM-DD")
        })
    };
    text.map(read).transpose()
}

/// Reads a moment of a field, where it is given.
///
/// # Errors
///
/// When it is none in UTC.
pub fn read_moment(field: &str, text: Option<&str>) -> Result<Option<Timestamp>, Error> {
    let read = |text: &str| {
        parse_moment(text.as_bytes()).ok_or_else(|| {
            let message = format!("`{text}` is not a moment");
            let hint = "write it in RFC 3339 and UTC, as 2026-03-31T12:00:00Z";
            Error::field_with_hint(field, "bad-value", message, hint)
        })
    };
    text.map(read).transpose()
}

/// A text as it stands between two slashes of a path. A text that would be a page of its own there
/// (`new`, say) is told apart by how it is written.
pub fn path_of(text: &str) -> String {
    let encoded =
        form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20");
    match encoded.as_str() {
        "new" | "preview" => {
            let first = encoded.bytes().next().unwrap_or_default();
            format!("%{first:02X}{}", encoded.get(1..).unwrap_or_default())
        }
        _ => encoded,
    }
}
