//! What a page of suppositions is asked for, as it stands in its address: the day that is looked
//! at, what is supposed, and where its lists stand. A form that was sent is read into the same.

use guildhall_operations::ops::forecast;
use guildhall_rules::day::Day;
use guildhall_rules::facts::Supposition;
use guildhall_rules::problem::Problems;

use crate::form::{FieldProblems, Fields, address};
use crate::visit::Visit;

/// How far ahead can be looked, in days.
pub(super) const MOST_AHEAD: i32 = 730;
/// How far is looked where nobody says, in months.
const USUALLY: i32 = 6;

/// What is asked for.
#[derive(Clone, Debug)]
pub(super) struct State {
    pub(super) today: Day,
    /// The day that is looked at.
    pub(super) on: Day,
    /// The same in days from today.
    pub(super) ahead: i32,
    /// What is supposed.
    pub(super) supposed: Vec<Supposition>,
    /// What of it cannot be read.
    pub(super) problems: Vec<String>,
    /// A part of the names of the people who are listed.
    pub(super) name: String,
    /// Which page of them, the first is 0.
    pub(super) page: usize,
    /// The credential that they might pass.
    pub(super) credential: String,
    /// A part of the texts of the opportunities that are listed.
    pub(super) find: String,
    /// The day from which the days that happen are listed; none: from the first.
    pub(super) from: Option<Day>,
}

impl State {
    pub(super) fn read(visit: &Visit, query: &Fields) -> Self {
        let today = visit.app().clock.today();
        let typed = |name: &str| query.typed(name).unwrap_or_default().to_owned();
        let number = |name: &str| query.typed(name).and_then(|text| text.parse::<i32>().ok());
        let on = Day::parse(query.get("on").as_bytes()).map(|on| today.days_until(on));
        let usual = today.days_until(today.plus_months(USUALLY));
        let wanted = number("jump").or(number("ahead")).or(on).unwrap_or(usual);
        let ahead = wanted.clamp(1, MOST_AHEAD);
        let (ticked, mut problems) = (ticked(query, today), Vec::new());
        let given = query.iter().chain(ticked.iter().map(|(name, value)| (*name, value.as_str())));
        let mut supposed = forecast::read(given).unwrap_or_else(|found| {
            problems = told(&found);
            Vec::new()
        });
        if wanted != ahead {
            let day = |ahead: i32| visit.t.day(today.plus_days(ahead));
            let (first, last) = (day(1).into(), day(MOST_AHEAD).into());
            let days = [("first", first), ("last", last), ("day", day(ahead).into())];
            problems.push(visit.t.tell("what-if-far", &days));
        }
        // What is shown of them and what is not came one after the other.
        supposed.sort_by_key(|one| {
            let (name, value) = forecast::written(one);
            (forecast::KEYS.iter().position(|key| *key == name), value)
        });
        let dropped = query.get("drop");
        supposed.retain(|one| dropped != drop_word(one));
        // A search begins on the first page.
        let is_same_search = query.get("was_name") == query.get("name");
        let page = query.typed("page").and_then(|page| page.parse().ok()).unwrap_or(0);
        Self {
            today,
            on: today.plus_days(ahead),
            ahead,
            supposed,
            problems,
            name: typed("name"),
            page: if query.has("form") && !is_same_search { 0 } else { page },
            credential: typed("credential"),
            find: typed("find"),
            from: Day::parse(query.get("from").as_bytes()),
        }
    }

    /// The address of the page that is asked for.
    pub(super) fn address(&self, own: &str) -> String {
        let page = if self.page == 0 { String::new() } else { self.page.to_string() };
        let from = self.from.map(|from| from.to_string()).unwrap_or_default();
        let on = self.on.to_string();
        let mut fields = vec![("on", on.as_str())];
        let supposed: Vec<(&str, String)> = self.supposed.iter().map(forecast::written).collect();
        fields.extend(supposed.iter().map(|(name, value)| (*name, value.as_str())));
        fields.extend([
            ("name", self.name.as_str()),
            ("page", &page),
            ("credential", &self.credential),
            ("find", &self.find),
            ("from", &from),
        ]);
        address(own, &fields)
    }

    /// The day from which something is supposed that has none yet: the first of the next month.
    pub(super) fn usual_day(&self) -> Day {
        first_of_next(self.today)
    }
}

/// What a button sends that takes a supposition away.
pub(super) fn drop_word(supposition: &Supposition) -> String {
    let (name, value) = forecast::written(supposition);
    format!("{name}={value}")
}

fn first_of_next(today: Day) -> Day {
    Day::from_date(today.to_date().first_of_month()).plus_months(1)
}

/// What was ticked in a form, as it stands in addresses. A box is called `s` and says what is
/// supposed but for the day, which is in the field `on.` and the same.
fn ticked(query: &Fields, today: Day) -> Vec<(&'static str, String)> {
    let usual = first_of_next(today).to_string();
    let read = |what: &str| {
        let (name, rest) = what.split_once('=').unwrap_or((what, ""));
        let name = forecast::KEYS.into_iter().find(|known| *known == name)?;
        let field = format!("on.{what}");
        let day = query.typed(&field).unwrap_or(&usual);
        let value = match name {
            "plan_validated" => day.to_owned(),
            "passes" => format!("{rest}@{day}"),
            _ => format!("{rest}={day}"),
        };
        Some((name, value))
    };
    query.all("s").filter_map(read).collect()
}

/// Problems as sentences.
fn told(problems: &Problems) -> Vec<String> {
    let mut all = Vec::new();
    for problem in problems.shown() {
        let mut said = FieldProblems::default();
        said.note("", &problem.message, problem.hint.as_deref());
        all.extend(said.of(""));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_ticked_is_read_with_its_day_or_the_first_of_the_next_month() {
        let query = "s=leaves%3Deve&on.leaves%3Deve=2026-03-09&s=passes%3Deve%3Dmosaic\
                     &s=plan_validated&on.launches%3Droof-1=2026-05-05&s=nonsense%3D1";
        let today = Day::parse(b"2026-01-15").unwrap();
        assert_eq!(
            ticked(&Fields::read(query.as_bytes()), today),
            [
                ("leaves", "eve=2026-03-09".to_owned()),
                ("passes", "eve=mosaic@2026-02-01".to_owned()),
                ("plan_validated", "2026-02-01".to_owned()),
            ]
        );
    }
}
