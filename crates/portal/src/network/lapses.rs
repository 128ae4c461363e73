//! What turns for the network, by month and day: who falls when, with filters, and the partners of a
//! month or a day. Read from what is kept with the standings.

use askama::Template;
use guildhall_operations::Error;
use guildhall_operations::http::{Page, Paging};
use guildhall_operations::ops::network::{
    self, By, DIRECTIONS, NetworkTurn, SORTS, TURNS_WITHIN_DAYS, TurnsAsked, TurnsCount,
};
use guildhall_rules::day::Day;

use super::{Choice, Titles, tier_choices};
use crate::form::{Fields, address};
use crate::month::{CellView, MonthView, first_of, plain};
use crate::shell::{Place, Shell};
use crate::texts::Texts;
use crate::visit::{Answer, Done, Visit, path_of};

/// How many turns stand on a page.
const ROWS: u32 = 50;
/// The fields by which turns are narrowed, in the order in which addresses have them.
const FIELDS: [&str; 6] = ["month", "day", "what", "direction", "path", "tier"];

#[derive(Template)]
#[template(path = "portal/network/lapses.html")]
struct LapsesPage {
    shell: Shell,
    is_new: bool,
    as_of: String,
    computed: String,
    /// The columns of the table of months.
    sorts: Vec<String>,
    months: Vec<MonthLine>,
    month: MonthView,
    filters: Vec<Filter>,
    /// The hidden fields of the form.
    month_id: String,
    is_narrowed: bool,
    wide: String,
    /// What the list is of.
    of: String,
    rows: Vec<RowView>,
    whole_month: Option<String>,
    first: Option<String>,
    next: Option<String>,
    ics: String,
}

/// A month with how many turns it has of each sort.
struct MonthLine {
    title: String,
    to: String,
    is_here: bool,
    counts: Vec<CountView>,
}

/// How many turns there are of a sort.
struct CountView {
    sort: String,
    ways: Vec<WayView>,
    to: String,
}

/// How many of them go one way.
struct WayView {
    class: &'static str,
    mark: &'static str,
    count: String,
    word: String,
}

/// A field by which turns are narrowed.
struct Filter {
    name: &'static str,
    label: String,
    any: String,
    choices: Vec<Choice>,
}

/// Something that turns for a partner.
struct RowView {
    day: String,
    distance: String,
    name: String,
    to: String,
    path: String,
    what: String,
    class: &'static str,
    direction: String,
    text: String,
    measures: Vec<String>,
}

pub(super) async fn show(visit: Visit) -> Answer {
    visit.page(|visit| LapsesPage::of(visit, &visit.query())).await
}

/// The same as a calendar: whatever the month, what is narrowed by the other fields.
pub(super) async fn download(visit: Visit) -> Answer {
    visit
        .run(|visit| {
            let asked = asked(&visit.query());
            let text = network::calendar(visit.app(), &visit.caller, &asked)?;
            Ok(Done::File {
                name: "network-lapses.ics".to_owned(),
                kind: "text/calendar; charset=utf-8",
                bytes: text.into_bytes(),
            })
        })
        .await
}

/// What the fields of a query ask for, of any day.
fn asked(fields: &Fields) -> TurnsAsked {
    let typed = |name: &str| fields.typed(name).map(str::to_owned);
    TurnsAsked {
        from: None,
        until: None,
        what: typed("what"),
        direction: typed("direction"),
        path: typed("path"),
        tier: typed("tier"),
    }
}

/// The month that is asked for, if it is one that is kept; else the present one.
fn month(fields: &Fields, today: Day) -> Day {
    let typed = Day::parse(format!("{}-01", fields.get("month")).as_bytes());
    let last = today.plus_days(TURNS_WITHIN_DAYS);
    let is_kept = |month: &Day| *month >= first_of(today) && *month <= last;
    typed.filter(is_kept).unwrap_or_else(|| first_of(today))
}

/// Addresses of the page with other fields.
struct Ways<'f>(&'f Fields);

impl Ways<'_> {
    fn with(&self, path: &str, others: &[(&str, &str)]) -> String {
        let given = FIELDS.map(|name| {
            let other = others.iter().find(|(known, _)| *known == name);
            (name, other.map_or_else(|| self.0.typed(name).unwrap_or_default(), |(_, it)| *it))
        });
        let more = others.iter().filter(|(name, _)| !FIELDS.contains(name)).copied();
        address(path, &given.into_iter().chain(more).collect::<Vec<_>>())
    }
}

const PATH: &str = "/network/lapses";

impl LapsesPage {
    fn of(visit: &Visit, fields: &Fields) -> Result<Self, Error> {
        let (app, t, caller) = (visit.app(), visit.t, &visit.caller);
        let summary = network::summary(app, caller)?;
        let today = app.clock.today();
        let book = app.book()?;
        let edition = summary.edition.as_ref().and_then(|id| book.edition(id));
        let titles = Titles { edition, day: today, t };
        let (ways, any) = (Ways(fields), asked(fields));
        let month = month(fields, today);
        let month_id = id_of(month);
        let day = Day::parse(fields.get("day").as_bytes());
        let day = day.filter(|day| first_of(*day) == month);
        let (from, until) = day.map_or_else(
            || (month.max(today.plus_days(1)), month.plus_months(1).plus_days(-1)),
            |day| (day, day),
        );
        let of_month = TurnsAsked {
            from: Some(month),
            until: Some(month.plus_months(1).plus_days(-1)),
            ..any.clone()
        };
        let listed = TurnsAsked { from: Some(from), until: Some(until), ..any.clone() };
        let (cursor, limit) = (fields.typed("cursor").map(str::to_owned), Some(ROWS));
        let (after, limit) = Paging { cursor, limit }.read()?;
        let by_month = network::count_turns(app, caller, &any, By::Month)?;
        let by_day = network::count_turns(app, caller, &of_month, By::Day)?;
        let turns = network::turns(app, caller, &listed, after.as_deref(), limit)?;
        let page = Page::of(turns, limit, |turn| turn.place.clone());
        let rows = page.items.into_iter().map(|turn| RowView::of(&titles, today, turn)).collect();
        let count: u64 = by_day
            .iter()
            .filter(|count| day.is_none_or(|day| count.on == day.to_string()))
            .map(|count| count.count)
            .sum();
        let of = day.map_or_else(|| t.month(month), |day| t.day(day));
        let shown = usize::try_from(count).unwrap_or(usize::MAX);
        Ok(Self {
            is_new: summary.as_of.is_none(),
            as_of: summary.as_of.as_deref().map(|day| t.day_text(day)).unwrap_or_default(),
            computed: summary.updated_at.as_deref().map(|at| t.moment_text(at)).unwrap_or_default(),
            sorts: SORTS.iter().map(|sort| t.word("turns", sort)).collect(),
            months: months(t, &ways, &by_month, today, month),
            month: grid(t, &ways, &by_day, month, day),
            filters: filters(t, fields, &titles, &summary),
            is_narrowed: FIELDS.iter().skip(2).any(|name| fields.typed(name).is_some()),
            wide: address(PATH, &[("month", &month_id)]),
            of: format!("{of} · {}", t.n("turns-count", shown)),
            rows,
            whole_month: day.map(|_| ways.with(PATH, &[("month", &month_id), ("day", "")])),
            first: after.map(|_| ways.with(PATH, &[])),
            next: page.next.map(|next| ways.with(PATH, &[("cursor", &next)])),
            ics: ways.with("/network/lapses.ics", &[("month", ""), ("day", "")]),
            shell: visit.shell(Place::Network, t.say("turns-title")),
            month_id,
        })
    }
}

/// A month as it stands in addresses.
fn id_of(month: Day) -> String {
    month.to_string().chars().take(7).collect()
}

/// Every month that is kept, with what turns in it.
fn months(
    t: &Texts,
    ways: &Ways<'_>,
    counts: &[TurnsCount],
    today: Day,
    here: Day,
) -> Vec<MonthLine> {
    let last = today.plus_days(TURNS_WITHIN_DAYS);
    let mut month = first_of(today);
    let mut lines = Vec::new();
    while month <= last {
        let id = id_of(month);
        let sum = |sort: &str, direction: &str| -> u64 {
            let of = counts.iter().filter(|count| {
                count.on == id && count.what == sort && count.direction == direction
            });
            of.map(|count| count.count).sum()
        };
        let count = |sort: &&str| {
            let way = |direction: &&'static str| {
                let count = sum(sort, direction);
                (count > 0).then(|| WayView {
                    class: direction,
                    mark: match *direction {
                        "falls" => "↓",
                        "rises" => "↑",
                        _ => "=",
                    },
                    count: t.number(&count.to_string()),
                    word: t.word("turns-direction", direction),
                })
            };
            let fields = [("month", id.as_str()), ("day", ""), ("what", *sort)];
            CountView {
                sort: t.word("turns", sort),
                ways: DIRECTIONS.iter().filter_map(way).collect(),
                to: ways.with(PATH, &fields),
            }
        };
        lines.push(MonthLine {
            title: t.month(month),
            to: ways.with(PATH, &[("month", &id), ("day", "")]),
            is_here: month == here,
            counts: SORTS.iter().map(count).collect(),
        });
        month = month.plus_months(1);
    }
    lines
}

/// A month with how much turns on each of its days.
fn grid(
    t: &Texts,
    ways: &Ways<'_>,
    counts: &[TurnsCount],
    month: Day,
    chosen: Option<Day>,
) -> MonthView {
    let cell = |day: Day| {
        let id = day.to_string();
        let sum = |direction: &str| -> u64 {
            let of = counts.iter().filter(|count| count.on == id && count.direction == direction);
            of.map(|count| count.count).sum()
        };
        let mut labels = Vec::new();
        for direction in DIRECTIONS {
            let count = sum(direction);
            if count > 0 {
                let n = usize::try_from(count).unwrap_or(usize::MAX);
                labels.push(match direction {
                    "falls" => t.n("turns-fall", n),
                    "rises" => t.n("turns-rise", n),
                    _ => t.n("turns-same", n),
                });
            }
        }
        if labels.is_empty() {
            return plain(day);
        }
        let of = id_of(month);
        let fields = [("month", of.as_str()), ("day", id.as_str())];
        CellView {
            class: if sum("falls") > 0 { "grave" } else { "some" },
            to: Some(format!("{}#turns", ways.with(PATH, &fields))),
            labels,
            is_here: chosen == Some(day),
            ..plain(day)
        }
    };
    MonthView::of(t, month, &cell)
}

fn filters(
    t: &Texts,
    fields: &Fields,
    titles: &Titles<'_>,
    summary: &network::Summary,
) -> Vec<Filter> {
    let choice = |name: &str, value: &str, text: String| Choice {
        is_chosen: fields.typed(name) == Some(value),
        value: value.to_owned(),
        text,
    };
    let mut paths: Vec<&str> = summary.tiers.iter().map(|count| count.path.as_str()).collect();
    paths.dedup();
    let tiers = tier_choices(titles, summary, fields.typed("path"));
    let filter = |name: &'static str, label: &str, any: &str, choices: Vec<Choice>| Filter {
        name,
        label: t.say(label),
        any: t.say(any),
        choices,
    };
    let words = |name: &str, of: &str, words: &[&str]| -> Vec<Choice> {
        words.iter().map(|word| choice(name, word, t.word(of, word))).collect()
    };
    let path = paths.into_iter().map(|id| choice("path", id, titles.path(id))).collect();
    let tier = tiers.into_iter().map(|(id, title)| choice("tier", &id, title)).collect();
    vec![
        filter("what", "turns-what", "turns-anything", words("what", "turns", &SORTS)),
        filter(
            "direction",
            "turns-direction",
            "turns-any-direction",
            words("direction", "turns-direction", &DIRECTIONS),
        ),
        filter("path", "network-path", "network-any-path", path),
        filter("tier", "turns-tier-today", "network-any-tier", tier),
    ]
}

impl RowView {
    fn of(titles: &Titles<'_>, today: Day, turn: NetworkTurn) -> Self {
        let t = titles.t;
        let day = Day::parse(turn.on.as_bytes());
        let path = Some(turn.path.as_str());
        let tier = |tier: &Option<String>| {
            tier.as_deref().map_or_else(|| t.say("network-no-tier"), |tier| titles.tier(path, tier))
        };
        let (before, after) = match turn.what.as_str() {
            "renewal" | "upgrade" => {
                let word = |met: &Option<String>| {
                    met.as_deref()
                        .map_or_else(|| t.say("turns-nothing"), |met| t.word("state", met))
                };
                (word(&turn.before), word(&turn.after))
            }
            "discount" => {
                let percent = |value: &Option<String>| {
                    let number = t.number(value.as_deref().unwrap_or_default());
                    t.of_it("scorecard-percent", &number)
                };
                (percent(&turn.before), percent(&turn.after))
            }
            _ => (tier(&turn.before), tier(&turn.after)),
        };
        let mut text = if before == after { after } else { format!("{before} → {after}") };
        if let Some(outcome) = &turn.details.outcome {
            text = format!("{}: {text}", t.word("network-outcome", outcome));
        }
        if let Some(until) = &turn.details.grace_until {
            text = format!("{text}, {}", t.of_it("turns-until", &t.day_text(until)));
        }
        let measures = titles.edition.into_iter().flat_map(|edition| &edition.measures);
        let of_turn = measures.filter(|measure| turn.details.measures.contains(&measure.id));
        Self {
            day: day.map_or_else(|| turn.on.clone(), |day| t.day(day)),
            distance: day.map(|day| t.distance(today, day)).unwrap_or_default(),
            to: address(
                &format!("/partners/{}/lapses", path_of(&turn.partner)),
                &[("until", &turn.on)],
            ),
            name: turn.name,
            path: titles.path(&turn.path),
            what: t.word("turns", &turn.what),
            class: match turn.direction.as_str() {
                "falls" => "bad",
                "rises" => "good",
                _ => "",
            },
            direction: t.word("turns-direction", &turn.direction),
            text,
            measures: of_turn.map(|measure| measure.title.clone()).collect(),
        }
    }
}
