//! How every row came about: its values at the ends of months, as known now, with their targets.

use askama::Template;
use guildhall_operations::http::Path;
use guildhall_operations::ops::standing;
use guildhall_operations::{Book as Editions, Error};
use guildhall_rules::day::Day;
use guildhall_rules::number::Number;
use guildhall_rules::rulebook::{Column, Edition};
use guildhall_rules::scorecard::{Row, Scorecard};

use super::book::{Book, or_id};
use super::frame::{Head, Part, place};
use super::plot::{Plot, Point, Series};
use super::rows::is_known;
use super::standpoint::day;
use super::words::{self, Shape, StateView};
use crate::form::FieldProblems;
use crate::shell::Shell;
use crate::texts::Texts;
use crate::visit::{Answer, Done, Visit, path_of};

/// The longest time that is shown.
const MOST_MONTHS: i32 = 36;

#[derive(Template)]
#[template(path = "portal/scorecard/history.html")]
struct HistoryPage {
    shell: Shell,
    head: Head,
    from: String,
    to: String,
    problems: FieldProblems,
    first: String,
    last: String,
    tiers: Option<TierChart>,
    groups: Vec<Group>,
}

/// The tiers over time.
struct TierChart {
    plot: Plot,
    /// For whoever does not see the chart.
    words: String,
    held: String,
    attained: String,
    lines: Vec<TierLine>,
}

struct TierLine {
    day: String,
    held: String,
    attained: String,
}

/// Rows of a component.
struct Group {
    title: String,
    rows: Vec<RowChart>,
}

/// A row over time.
struct RowChart {
    title: String,
    unit: Option<String>,
    now: Vec<(String, StateView)>,
    to: String,
    words: String,
    plot: Plot,
    heads: Vec<String>,
    lines: Vec<Line>,
}

/// What a row came to on a day.
struct Line {
    day: String,
    cells: Vec<(String, Option<StateView>)>,
}

pub(super) async fn show(Path(partner): Path<String>, visit: Visit) -> Answer {
    visit
        .run(move |visit| {
            let none = FieldProblems::default();
            match span(visit).and_then(|span| page(visit, &partner, span, none)) {
                Ok(page) => Done::page(&page),
                Err(error) => visit.again(error, |problems| {
                    page(visit, &partner, year(visit.app().clock.today()), problems)
                }),
            }
        })
        .await
}

/// The last twelve months.
fn year(today: Day) -> (Day, Day) {
    (today.plus_months(-12), today)
}

/// The first and the last day that are asked for.
fn span(visit: &Visit) -> Result<(Day, Day), Error> {
    let to = day(visit, "to")?.unwrap_or(visit.app().clock.today());
    let from = day(visit, "from")?.unwrap_or(to.plus_months(-12));
    if from >= to {
        return Err(Error::field("from", "bad-argument", visit.t.say("history-from-behind-to")));
    }
    if from < to.plus_months(-MOST_MONTHS) {
        let most = usize::try_from(MOST_MONTHS).unwrap_or_default();
        return Err(Error::field("from", "bad-argument", visit.t.n("history-too-long", most)));
    }
    Ok((from, to))
}

/// The ends of months from a day on, and the last day.
fn days((from, to): (Day, Day)) -> Vec<Day> {
    let first = |day: Day| {
        let back = i32::from(day.to_date().day()) - 1;
        day.plus_days(-back)
    };
    let mut days = Vec::new();
    let mut month = first(from);
    loop {
        month = first(month.plus_days(31));
        let last = month.plus_days(-1);
        if last >= to {
            break;
        }
        days.push(last);
    }
    days.push(to);
    days
}

fn page(
    visit: &Visit,
    partner: &str,
    span: (Day, Day),
    problems: FieldProblems,
) -> Result<HistoryPage, Error> {
    let (app, t) = (visit.app(), visit.t);
    let days = days(span);
    let cards = standing::history(app, &visit.caller, partner, &days, None)?;
    let editions = app.book()?;
    let seen: Vec<&Scorecard> = cards.iter().flatten().collect();
    let name = match seen.last() {
        Some(card) => card.name.clone(),
        None => super::statement::name_of(visit, partner)?,
    };
    let head = Head::of(visit, partner, &name, Part::History);
    let typed = |field: &str, day: Day| {
        let query = visit.query();
        query.typed(field).map_or_else(|| day.to_string(), str::to_owned)
    };
    let history = History { t, days: &days, cards: &cards, editions: &editions, base: &head.base };
    Ok(HistoryPage {
        shell: visit.shell(place(visit, partner), head.title()),
        from: typed("from", span.0),
        to: typed("to", span.1),
        problems,
        first: days.first().map_or_else(String::new, |day| t.day(*day)),
        last: t.day(span.1),
        tiers: history.tiers(),
        groups: history.groups(),
        head,
    })
}

/// The scorecards of some days, in the order of the days.
struct History<'a> {
    t: &'static Texts,
    days: &'a [Day],
    cards: &'a [Option<Scorecard>],
    editions: &'a Editions,
    base: &'a str,
}

impl History<'_> {
    fn edition(&self, card: &Scorecard) -> Option<&Edition> {
        self.editions.edition(&card.rulebook)
    }

    fn last(&self) -> Option<&Scorecard> {
        self.cards.iter().flatten().next_back()
    }

    fn tiers(&self) -> Option<TierChart> {
        let t = self.t;
        let (mut held, mut attained, mut lines) = (Vec::new(), Vec::new(), Vec::new());
        for (day, card) in self.days.iter().zip(self.cards) {
            let seen = card.as_ref().and_then(|card| Some((card, self.edition(card)?)));
            let Some((card, edition)) = seen else {
                held.push(Point::default());
                attained.push(Point::default());
                continue;
            };
            let book = Book::new(t, edition, &card.path, *day);
            let point = |tier: &Option<String>| {
                let at = tier.as_deref().and_then(|tier| book.tier_position(tier));
                let height = at.map_or(0, |at| u64::try_from(at + 1).unwrap_or(0));
                Point { value: Some(Number::from_count(height)), target: None }
            };
            let title = |tier: &Option<String>| {
                tier.as_deref().map_or_else(|| t.say("tier-none"), |tier| book.tier_title(tier))
            };
            let unknown = card.tier_is_unknown;
            held.push(if unknown { Point::default() } else { point(&card.tier) });
            attained.push(point(&card.attained));
            lines.push(TierLine {
                day: t.day(*day),
                held: if unknown { t.say("tier-unknown") } else { title(&card.tier) },
                attained: title(&card.attained),
            });
        }
        let last = lines.last()?;
        let words = t.tell(
            "history-tiers-words",
            &[
                ("day", last.day.as_str().into()),
                ("held", last.held.as_str().into()),
                ("attained", last.attained.as_str().into()),
            ],
        );
        let series = [
            Series { class: "renewal", points: held },
            Series { class: "upgrade", points: attained },
        ];
        let (held, attained) = (last.held.clone(), last.attained.clone());
        Some(TierChart { plot: Plot::of(&series), words, held, attained, lines })
    }

    fn groups(&self) -> Vec<Group> {
        let Some(last) = self.last() else { return Vec::new() };
        let Some(edition) = self.edition(last) else { return Vec::new() };
        let mut groups: Vec<(String, Group)> = Vec::new();
        for row in &last.rows {
            let component = edition.components.iter().find(|one| one.id == row.component);
            let title = component.map_or(row.component.as_str(), |one| &one.title);
            let group = match groups.iter().position(|(id, _)| *id == row.component) {
                Some(at) => at,
                None => {
                    let title = or_id(title, &row.component);
                    groups.push((row.component.clone(), Group { title, rows: Vec::new() }));
                    groups.len() - 1
                }
            };
            if let Some((_, group)) = groups.get_mut(group) {
                group.rows.push(self.row(row, edition));
            }
        }
        groups.into_iter().map(|(_, group)| group).collect()
    }

    /// A row over time, as the last edition has it.
    fn row(&self, row: &Row, edition: &Edition) -> RowChart {
        let t = self.t;
        let measure = edition.measures.iter().find(|measure| measure.id == row.measure);
        let shape = Shape::of(measure);
        let then = |card: &Option<Scorecard>| -> Option<Row> {
            card.as_ref()?.rows.iter().find(|then| then.measure == row.measure).cloned()
        };
        let rows: Vec<Option<Row>> = self.cards.iter().map(then).collect();
        let is_one = rows.iter().flatten().all(|row| {
            let (a, b) = (&row.renewal, &row.upgrade);
            a.value == b.value && a.target == b.target && is_known(a) == is_known(b)
        });
        let columns: &[Column] = if is_one { &[Column::Upgrade] } else { &Column::BOTH };
        let series: Vec<Series> = columns
            .iter()
            .map(|column| Series {
                class: column.word(),
                points: rows.iter().map(|row| point(row.as_ref(), *column)).collect(),
            })
            .collect();
        let reading = |row: &Row, column: Column| {
            let cell = row.cell(column);
            let bar = cell.target;
            words::against(t, shape, &cell.value, bar, cell.is_ceiling, is_known(cell))
        };
        let state = |row: &Row, column: Column| StateView::of(t, row.cell(column).state);
        let line = |(day, then): (&Day, &Option<Row>)| {
            let cell = |column: &Column| match then {
                Some(row) => (reading(row, *column), Some(state(row, *column))),
                None => (t.say("history-no-row"), None),
            };
            Line { day: t.day(*day), cells: columns.iter().map(cell).collect() }
        };
        let name = |column: Column| match columns {
            [_] => t.say("history-both"),
            _ => words::column(t, column),
        };
        let told = |column: &Column| {
            let value = reading(row, *column);
            let parts = [("column", name(*column).into()), ("value", value.into())];
            (t.tell("history-reading", &parts), state(row, *column))
        };
        let now: Vec<(String, StateView)> = columns.iter().map(told).collect();
        let all: Vec<&str> = now.iter().map(|(text, _)| text.as_str()).collect();
        let title = or_id(&row.title, &row.measure);
        let words = t.tell(
            "history-words",
            &[("title", title.as_str().into()), ("now", all.join(". ").into())],
        );
        RowChart {
            unit: row.unit.clone(),
            now,
            to: format!("{}/scorecard/{}", self.base, path_of(&row.measure)),
            words,
            plot: Plot::of(&series),
            heads: columns.iter().map(|column| name(*column)).collect(),
            lines: self.days.iter().zip(&rows).rev().map(line).collect(),
            title,
        }
    }
}

fn point(row: Option<&Row>, column: Column) -> Point {
    let Some(row) = row else { return Point::default() };
    let cell = row.cell(column);
    Point { value: is_known(cell).then(|| cell.value.clone()), target: cell.target }
}

#[cfg(test)]
mod tests {
    use super::super::tests::sample::day;
    use super::*;

    #[test]
    fn a_year_is_twelve_ends_of_months_and_the_day() {
        let days = days(year(day("2026-11-26")));
        assert_eq!(days.len(), 13);
        assert_eq!(days.first(), Some(&day("2025-11-30")));
        assert_eq!(days.get(3), Some(&day("2026-02-28")));
        assert_eq!(days.last(), Some(&day("2026-11-26")));
    }

    #[test]
    fn a_time_that_ends_with_a_month_has_that_day_once() {
        let days = days((day("2026-01-31"), day("2026-03-31")));
        assert_eq!(days, [day("2026-01-31"), day("2026-02-28"), day("2026-03-31")]);
    }
}
