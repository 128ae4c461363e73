//! From where a page looks: a day, a state of knowledge, an edition, as they were typed.

use guildhall_operations::Error;
use guildhall_operations::http::{read_day, read_moment};
use guildhall_operations::ops::standing::Viewpoint;
use guildhall_rules::day::Day;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::form::{FieldProblems, address};
use crate::visit::Visit;

/// A day that was typed into a field; none where nothing was.
///
/// # Errors
///
/// When it is no day.
pub(super) fn day(visit: &Visit, field: &str) -> Result<Option<Day>, Error> {
    read_day(field, visit.query().typed(field))
}

/// A moment that was typed into a field, in UTC, with or without saying so; none where nothing
/// was.
///
/// # Errors
///
/// When it is no moment.
pub(super) fn moment(visit: &Visit, field: &str) -> Result<Option<Timestamp>, Error> {
    let query = visit.query();
    let Some(typed) = query.typed(field) else { return Ok(None) };
    let typed = typed.replace(' ', "T");
    // A field for moments sends `2026-06-30T12:00`, one for days `2026-06-30`: all of that day.
    let whole = match typed.len() {
        10 => format!("{typed}T23:59:59.999999Z"),
        16 => format!("{typed}:00Z"),
        _ if typed.ends_with(['Z', 'z']) => typed,
        _ => format!("{typed}Z"),
    };
    read_moment(field, Some(&whole))
}

/// A moment as a field for moments takes it.
pub(super) fn as_typed(at: Timestamp) -> String {
    let at = TimeZone::UTC.to_datetime(at);
    let form = match (at.second(), at.subsec_nanosecond()) {
        (0, 0) => "%Y-%m-%dT%H:%M",
        (_, 0) => "%Y-%m-%dT%H:%M:%S",
        _ => "%Y-%m-%dT%H:%M:%S%.3f",
    };
    at.strftime(form).to_string()
}

/// From where a page looks.
#[derive(Clone, Debug, Default)]
pub(super) struct Standpoint {
    pub(super) as_of: String,
    pub(super) known_at: String,
    pub(super) edition: String,
}

impl Standpoint {
    /// As it was typed.
    pub(super) fn typed(visit: &Visit) -> Self {
        let query = visit.query();
        let typed = |field: &str| query.typed(field).unwrap_or_default().to_owned();
        Self { as_of: typed("as_of"), known_at: typed("known_at"), edition: typed("edition") }
    }

    /// As the engine takes it.
    ///
    /// # Errors
    ///
    /// When something typed cannot be read.
    pub(super) fn read(&self, visit: &Visit) -> Result<Viewpoint, Error> {
        let edition = Some(self.edition.clone()).filter(|edition| !edition.is_empty());
        if let Some(id) = &edition
            && visit.app().book()?.edition(id).is_none()
        {
            let message = format!("there is no edition `{id}`");
            return Err(Error::field("edition", "no-edition", message));
        }
        Ok(Viewpoint { as_of: day(visit, "as_of")?, known_at: moment(visit, "known_at")?, edition })
    }

    /// A page seen from here.
    pub(super) fn address(&self, path: &str) -> String {
        self.with(path, &[])
    }

    /// The same with more fields.
    pub(super) fn with(&self, path: &str, more: &[(&str, &str)]) -> String {
        let own = [
            ("as_of", self.as_of.as_str()),
            ("known_at", &self.known_at),
            ("edition", &self.edition),
        ];
        address(path, &[&own[..], more].concat())
    }
}

/// An edition that can be chosen.
pub(super) struct Choice {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) is_chosen: bool,
}

/// The form by which a standpoint is chosen.
pub(super) struct Picker {
    pub(super) as_of: String,
    pub(super) known_at: String,
    pub(super) editions: Vec<Choice>,
    /// Whether it is not what is seen without choosing.
    pub(super) is_chosen: bool,
    pub(super) problems: FieldProblems,
}

impl Picker {
    pub(super) fn of(
        visit: &Visit,
        point: &Standpoint,
        as_of: Day,
        problems: FieldProblems,
    ) -> Result<Self, Error> {
        let book = visit.app().book()?;
        let mut editions: Vec<_> = book.editions.iter().collect();
        editions.sort_by_key(|edition| std::cmp::Reverse(edition.in_force_from));
        let choice = |edition: &guildhall_rules::rulebook::Edition| Choice {
            id: edition.id.clone(),
            title: super::book::or_id(&edition.title, &edition.id),
            is_chosen: edition.id == point.edition,
        };
        let known_at = moment(visit, "known_at").ok().flatten();
        let as_of = if point.as_of.is_empty() { as_of.to_string() } else { point.as_of.clone() };
        Ok(Self {
            as_of,
            known_at: known_at.map_or_else(|| point.known_at.clone(), as_typed),
            editions: editions.into_iter().map(choice).collect(),
            is_chosen: ![&point.as_of, &point.known_at, &point.edition]
                .iter()
                .all(|typed| typed.is_empty()),
            problems,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_goes_into_a_field_and_comes_back() {
        for (moment, typed) in [
            ("2026-06-30T12:00:00Z", "2026-06-30T12:00"),
            ("2026-06-30T12:00:05Z", "2026-06-30T12:00:05"),
            ("2026-06-30T12:00:05.25Z", "2026-06-30T12:00:05.250"),
        ] {
            assert_eq!(moment.parse().map(as_typed).ok().as_deref(), Some(typed));
        }
    }

    #[test]
    fn what_was_typed_goes_along_to_other_pages() {
        let point = Standpoint { as_of: "2026-06-30".to_owned(), ..Standpoint::default() };
        assert_eq!(point.address("/a"), "/a?as_of=2026-06-30");
        assert_eq!(point.with("/a", &[("b", "c d")]), "/a?as_of=2026-06-30&b=c+d");
        assert_eq!(Standpoint::default().address("/a"), "/a");
    }
}
