//! The vendor's network page: how many partners hold which tier, now and over a year, who is at
//! risk and why, with filters, orders, pages, and the same as CSV. Read from stored standings, whose
//! time it tells.

mod chart;
mod lapses;
mod reasons;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::routing::get;
use chart::Chart;
use guildhall_operations::http::{Page, Paging};
use guildhall_operations::ops::imports;
use guildhall_operations::ops::network::{self, Asked, Standing, Summary, TierCount};
use guildhall_operations::{App, Error};
use guildhall_rules::day::Day;
use guildhall_rules::rulebook::{Edition, Tier};
use reasons::Reason;

use super::form::{Fields, address};
use super::shell::{Place, Shell};
use super::texts::Texts;
use super::visit::{Answer, Done, Visit, path_of};

/// The routes.
pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/network", get(show))
        .route("/network.csv", get(csv))
        .route("/network/lapses", get(lapses::show))
        .route("/network/lapses.ics", get(lapses::download))
}

/// How many partners a page holds.
const ROWS: u32 = 50;
/// Numbers of days between which one chooses for the next review.
const DUE_WITHIN: [&str; 4] = ["30", "60", "90", "180"];
/// The fields by which a list is narrowed and sorted, in the order in which addresses have them.
const FIELDS: [&str; 6] = ["q", "path", "tier", "state", "due", "sort"];

#[derive(Template)]
#[template(path = "portal/network.html")]
struct NetworkPage {
    shell: Shell,
    /// Whether nothing was computed yet.
    is_new: bool,
    /// Whether standings are being computed.
    is_under_way: bool,
    /// As of which day, by which edition, computed when.
    as_of: String,
    edition: String,
    computed: String,
    partners: String,
    at_risk: String,
    tiles: Vec<Tile>,
    charts: Vec<Chart>,
    list: ListView,
    /// Where there is no partner at all: whether the visitor may import some.
    bare: Option<bool>,
}

/// The partners of one tier.
struct Tile {
    path: String,
    tier: String,
    partners: String,
    to: String,
    at_risk: Option<(String, String)>,
}

/// The list with its filters.
struct ListView {
    q: String,
    sort: String,
    paths: Vec<Choice>,
    tiers: Vec<Choice>,
    states: Vec<Choice>,
    dues: Vec<Choice>,
    is_narrowed: bool,
    count: String,
    heads: Vec<Head>,
    rows: Vec<RowView>,
    csv: String,
    first: Option<String>,
    next: Option<String>,
}

/// One way to fill a field.
struct Choice {
    value: String,
    text: String,
    is_chosen: bool,
}

/// The head of a column by which the list can be sorted.
struct Head {
    text: String,
    to: String,
    /// `ascending`, `descending` or nothing.
    sorted: &'static str,
}

/// A partner in the list.
struct RowView {
    name: String,
    to: String,
    path: String,
    tier: String,
    is_at_risk: bool,
    renewal: Option<Part>,
    upgrade: Option<Part>,
    next_tier: String,
    due: String,
    distance: String,
    outcome: Option<(&'static str, String)>,
    reasons: Vec<Reason>,
}

/// So many of so many rows met.
struct Part {
    text: String,
    is_whole: bool,
}

async fn show(visit: Visit) -> Answer {
    visit.page(|visit| NetworkPage::of(visit, &visit.query())).await
}

async fn csv(visit: Visit) -> Answer {
    visit
        .run(|visit| {
            let mut bytes = Vec::new();
            let asked = asked(&visit.query())?;
            network::write_csv(visit.app(), &visit.caller, &asked, &mut bytes)?;
            let name = "network.csv".to_owned();
            Ok(Done::File { name, kind: "text/csv; charset=utf-8", bytes })
        })
        .await
}

/// What the fields of a query ask for.
fn asked(fields: &Fields) -> Result<Asked, Error> {
    let typed = |name: &str| fields.typed(name).map(str::to_owned);
    let days = |text: &str| {
        let message = format!("`{text}` is no number of days");
        text.parse().map_err(|_| Error::field("due", "bad-value", message))
    };
    Ok(Asked {
        path: typed("path"),
        tier: typed("tier"),
        state: typed("state"),
        missing: None,
        due_within: fields.typed("due").map(days).transpose()?,
        text: typed("q"),
        sort: typed("sort"),
    })
}

/// The titles of an edition's paths and tiers on a day.
#[derive(Clone, Copy)]
struct Titles<'e> {
    edition: Option<&'e Edition>,
    day: Day,
    t: &'static Texts,
}

impl<'e> Titles<'e> {
    fn path(&self, id: &str) -> String {
        let mut paths = self.edition.into_iter().flat_map(|edition| &edition.paths);
        paths.find(|path| path.id == id).map_or(id, |path| &path.title).to_owned()
    }

    /// The tiers of a path from the lowest on; none: of all paths.
    fn tiers_of(&self, path: Option<&str>) -> impl Iterator<Item = &'e Tier> {
        let paths = self.edition.into_iter().flat_map(|edition| &edition.paths);
        let path = path.map(str::to_owned);
        let is_wanted = move |id: &str| path.as_ref().is_none_or(|path| path == id);
        paths.filter(move |path| is_wanted(&path.id)).flat_map(|path| &path.tiers)
    }

    fn tier(&self, path: Option<&str>, id: &str) -> String {
        match id {
            "-" => self.t.say("network-no-tier"),
            "?" => self.t.say("network-unknown-tier"),
            _ => {
                let tier = self.tiers_of(path).find(|tier| tier.id == id);
                tier.map_or(id, |tier| tier.name_on(self.day)).to_owned()
            }
        }
    }

    /// The places of tiers and of what is none, as they are listed: the highest first.
    fn rank(&self, path: &str, id: &str) -> usize {
        match id {
            "-" => 1,
            "?" => 0,
            _ => self.tiers_of(Some(path)).position(|tier| tier.id == id).map_or(2, |at| at + 3),
        }
    }
}

impl NetworkPage {
    fn of(visit: &Visit, fields: &Fields) -> Result<Self, Error> {
        let (app, t) = (visit.app(), visit.t);
        let summary = network::summary(app, &visit.caller)?;
        let asked = asked(fields)?;
        let (cursor, limit) = (fields.typed("cursor").map(str::to_owned), Some(ROWS));
        let (after, limit) = Paging { cursor, limit }.read()?;
        let found = network::list(app, &visit.caller, &asked, after.as_deref(), limit)?;
        let book = app.book()?;
        let day = summary.as_of.as_ref().and_then(|day| Day::parse(day.as_bytes()));
        let day = day.unwrap_or_else(|| app.clock.today());
        let edition = summary.edition.as_ref().and_then(|id| book.edition(id));
        let titles = Titles { edition, day, t };
        let count = t.n("network-partners", usize::try_from(found.count).unwrap_or(0));
        let page = Page::of(found.standings, limit, |(place, _)| place.clone());
        let rows = page.items.into_iter().map(|(_, found)| RowView::of(&titles, found)).collect();
        Ok(Self {
            bare: (summary.is_complete && summary.partners == 0)
                .then(|| imports::may_import(app, &visit.caller)),
            is_new: summary.as_of.is_none(),
            is_under_way: summary.as_of.is_some() && !summary.is_complete,
            as_of: t.day(day),
            edition: edition.map_or_else(String::new, |edition| edition.title.clone()),
            computed: summary.updated_at.as_deref().map(|at| t.moment_text(at)).unwrap_or_default(),
            partners: t.number(&summary.partners.to_string()),
            at_risk: t.number(&summary.at_risk.to_string()),
            tiles: tiles(&titles, &summary),
            charts: charts(&titles, &summary),
            list: ListView::of(&titles, &summary, fields, rows, (count, page.next)),
            shell: visit.shell(Place::Network, t.say("network-title")),
        })
    }
}

/// One tile for each tier that somebody holds, path for path, the highest first.
fn tiles(titles: &Titles<'_>, summary: &Summary) -> Vec<Tile> {
    let t = titles.t;
    let mut counts: Vec<&TierCount> = summary.tiers.iter().collect();
    counts.sort_by_key(|count| {
        (&count.path, std::cmp::Reverse(titles.rank(&count.path, &count.tier)))
    });
    let tile = |count: &TierCount| {
        let (path, tier) = (count.path.as_str(), count.tier.as_str());
        let to =
            |state: &str| address("/network", &[("path", path), ("tier", tier), ("state", state)]);
        let at_risk = usize::try_from(count.at_risk.unwrap_or(0)).unwrap_or(0);
        Tile {
            path: titles.path(path),
            tier: titles.tier(Some(path), tier),
            partners: t.number(&count.partners.to_string()),
            to: to(""),
            at_risk: (at_risk > 0).then(|| (t.n("network-at-risk", at_risk), to("at_risk"))),
        }
    };
    counts.into_iter().map(tile).collect()
}

/// One chart for each path: a row for each tier, the highest first, a column for each day.
fn charts(titles: &Titles<'_>, summary: &Summary) -> Vec<Chart> {
    let mut kinds: Vec<(&str, &str)> = summary
        .over_time
        .iter()
        .flat_map(|day| &day.tiers)
        .map(|count| (count.path.as_str(), count.tier.as_str()))
        .collect();
    kinds.sort_by_key(|(path, tier)| (*path, std::cmp::Reverse(titles.rank(path, tier)), *tier));
    kinds.dedup();
    let mut paths: Vec<&str> = kinds.iter().map(|(path, _)| *path).collect();
    paths.dedup();
    let days: Vec<&str> = summary.over_time.iter().map(|day| day.day.as_str()).collect();
    let of = |path: &str| {
        let tiers = kinds.iter().filter(|(of, _)| *of == path).map(|(_, tier)| {
            let counts = summary.over_time.iter().map(|day| {
                let mut counts = day.tiers.iter();
                let count = counts.find(|count| count.path == path && count.tier == *tier);
                count.map_or(0, |count| u64::try_from(count.partners).unwrap_or(0))
            });
            (titles.tier(Some(path), tier), counts.collect())
        });
        Chart::new(titles.t, &titles.path(path), &days, tiers.collect())
    };
    paths.into_iter().map(of).collect()
}

impl ListView {
    fn of(
        titles: &Titles<'_>,
        summary: &Summary,
        fields: &Fields,
        rows: Vec<RowView>,
        (count, next): (String, Option<String>),
    ) -> Self {
        let t = titles.t;
        let get = |name: &str| fields.typed(name).unwrap_or_default();
        let given: Vec<(&str, &str)> = FIELDS.map(|name| (name, get(name))).to_vec();
        let with = |name: &'static str, value: &str| {
            let given = given.iter().filter(|(other, _)| *other != name).copied();
            address("/network", &given.chain([(name, value)]).collect::<Vec<_>>())
        };
        let mut paths: Vec<&str> = summary.tiers.iter().map(|count| count.path.as_str()).collect();
        paths.dedup();
        let choice = |name: &str, value: &str, text: String| Choice {
            is_chosen: get(name) == value,
            value: value.to_owned(),
            text,
        };
        let states = ["at_risk", "near", "safe"]
            .map(|state| choice("state", state, t.word("network-state", state)));
        let due =
            |days: &&str| choice("due", days, t.n("network-due-within", days.parse().unwrap_or(0)));
        Self {
            q: get("q").to_owned(),
            sort: get("sort").to_owned(),
            tiers: tier_choices(titles, summary, Some(get("path")).filter(|path| !path.is_empty()))
                .into_iter()
                .map(|(id, title)| choice("tier", &id, title))
                .collect(),
            paths: paths.into_iter().map(|id| choice("path", id, titles.path(id))).collect(),
            states: states.into(),
            dues: DUE_WITHIN.iter().map(due).collect(),
            is_narrowed: given.iter().any(|(name, value)| *name != "sort" && !value.is_empty()),
            count,
            heads: heads(t, get("sort"), &|sort| with("sort", sort)),
            rows,
            csv: address("/network.csv", &given),
            first: fields.typed("cursor").map(|_| with("cursor", "")),
            next: next.map(|next| with("cursor", &next)),
        }
    }
}

/// The tiers that somebody on a path, or on any, holds: id and title, the highest first.
fn tier_choices(
    titles: &Titles<'_>,
    summary: &Summary,
    path: Option<&str>,
) -> Vec<(String, String)> {
    let is_of = |count: &&TierCount| path.is_none_or(|path| count.path == path);
    let mut counts: Vec<&TierCount> = summary.tiers.iter().filter(is_of).collect();
    counts.sort_by_key(|count| std::cmp::Reverse(titles.rank(&count.path, &count.tier)));
    let mut choices: Vec<(String, String)> = Vec::new();
    for count in counts {
        if !choices.iter().any(|(id, _)| *id == count.tier) {
            choices.push((count.tier.clone(), titles.tier(Some(&count.path), &count.tier)));
        }
    }
    choices
}

/// The heads of columns that sort: a second click turns the order round.
fn heads(t: &Texts, sort: &str, to: &dyn Fn(&str) -> String) -> Vec<Head> {
    let sort = if sort.is_empty() { "name" } else { sort };
    let (is_descending, sorted_by) =
        sort.strip_prefix('-').map_or((false, sort), |sort| (true, sort));
    let columns = [
        ("name", "network-partner", "name"),
        ("tier", "network-tier", "-tier"),
        ("missing", "network-next-tier", "missing"),
        ("due", "network-review", "due"),
    ];
    let head = |(word, key, begins): (&str, &str, &str)| {
        let is_sorted = word == sorted_by;
        let turned = if is_descending { word.to_owned() } else { format!("-{word}") };
        Head {
            text: t.say(key),
            to: to(if is_sorted { &turned } else { begins }),
            sorted: match (is_sorted, is_descending) {
                (false, _) => "",
                (true, false) => "ascending",
                (true, true) => "descending",
            },
        }
    };
    columns.map(head).into()
}

impl RowView {
    fn of(titles: &Titles<'_>, standing: Standing) -> Self {
        let t = titles.t;
        let path = Some(standing.path.as_str());
        let unknown = if standing.tier_is_unknown { "?" } else { "-" };
        let part = |column: &network::ColumnStanding| {
            column.tier.as_ref().filter(|_| column.asked > 0).map(|_| Part {
                text: t.tell(
                    "network-met",
                    &[
                        ("met", t.number(&column.met.to_string()).into()),
                        ("asked", t.number(&column.asked.to_string()).into()),
                    ],
                ),
                is_whole: column.met == column.asked,
            })
        };
        let due = standing.review.due_on.as_ref();
        let due_day = due.and_then(|due| Day::parse(due.as_bytes()));
        let outcome = standing.review.outcome.as_deref().map(|outcome| {
            let class = match outcome {
                "renew" => "good",
                "grace" => "care",
                _ => "bad",
            };
            (class, t.word("network-outcome", outcome))
        });
        let next_tier = standing.upgrade.tier.as_ref();
        Self {
            reasons: Reason::all(titles, &standing),
            to: format!("/partners/{}/scorecard", path_of(&standing.partner)),
            tier: titles.tier(path, standing.tier.as_deref().unwrap_or(unknown)),
            next_tier: next_tier.map_or_else(String::new, |tier| titles.tier(path, tier)),
            path: titles.path(&standing.path),
            renewal: part(&standing.renewal),
            upgrade: part(&standing.upgrade),
            due: due_day.map_or_else(String::new, |due| t.day(due)),
            distance: due_day.map_or_else(String::new, |due| t.distance(titles.day, due)),
            outcome,
            is_at_risk: standing.is_at_risk,
            name: standing.name,
        }
    }
}
