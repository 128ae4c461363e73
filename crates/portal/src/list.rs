//! Pages of long lists: which one is asked for, and the ways to the first and the next.

use guildhall_operations::Error;
use guildhall_operations::http::Paging;

use super::form::address;
use super::visit::Visit;

/// Ways to other pages of a list.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pages {
    /// The first page, where this is another.
    pub(crate) first: Option<String>,
    /// The next page.
    pub(crate) next: Option<String>,
}

/// The place behind which the page that is asked for begins, and how many things it holds.
///
/// # Errors
///
/// When the cursor is none that was given out.
pub(crate) fn asked(visit: &Visit) -> Result<(Option<String>, usize), Error> {
    let cursor = visit.query().typed("cursor").map(str::to_owned);
    Paging { cursor, limit: None }.read()
}

/// The ways from a page whose next has this cursor. Everything else that was asked for stays.
pub(crate) fn pages(visit: &Visit, next: Option<&str>) -> Pages {
    let path = visit.path.split('?').next().unwrap_or("/");
    let query = visit.query();
    let others: Vec<(&str, &str)> = query.iter().filter(|(name, _)| *name != "cursor").collect();
    let first = query.typed("cursor").map(|_| address(path, &others));
    let next = next.map(|cursor| {
        let all: Vec<(&str, &str)> =
            others.iter().copied().chain(std::iter::once(("cursor", cursor))).collect();
        address(path, &all)
    });
    Pages { first, next }
}

/// A number that stands in a path.
///
/// # Errors
///
/// When it is none: there is no such thing.
pub(crate) fn number(kind: &'static str, text: &str) -> Result<i64, Error> {
    text.parse().map_err(|_| Error::not_found(kind, &text.replace('\0', "?")))
}
