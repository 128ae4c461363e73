//! The facts of a partner of one kind: a table with a filter, a page at a time, and as CSV.

use askama::Template;
use guildhall_operations::Error;
use guildhall_operations::http::Path;
use guildhall_operations::ops::Record;
use guildhall_operations::ops::facts::{self, Sought};
use guildhall_rules::day::Day;
use guildhall_rules::facts::{Column, File, Holds};

use super::words::{CellView, Words, columns, fact_path};
use super::{PartnerView, new_path};
use crate::form::{FieldProblems, Fields, address};
use crate::shell::{Place, Shell};
use crate::visit::{Answer, Done, Visit};

/// Rows of a page.
const ROWS: usize = 50;
/// Columns of a page, besides the id.
const COLUMNS: usize = 6;

/// A row of the table.
pub(super) struct RowView {
    pub(super) id: String,
    pub(super) to: String,
    pub(super) cells: Vec<CellView>,
}

#[derive(Template)]
#[template(path = "portal/facts/list.html")]
pub(super) struct ListPage {
    pub(super) shell: Shell,
    pub(super) partner: PartnerView,
    /// Labels of the columns, and whether they hold numbers.
    pub(super) heads: Vec<(String, bool)>,
    pub(super) rows: Vec<RowView>,
    pub(super) q: String,
    pub(super) from: String,
    pub(super) until: String,
    /// What the days are of; empty where the kind has no day.
    pub(super) day_label: String,
    pub(super) is_narrowed: bool,
    pub(super) problems: FieldProblems,
    pub(super) own: String,
    pub(super) csv: String,
    pub(super) add: Option<String>,
    pub(super) first: Option<String>,
    pub(super) next: Option<String>,
}

pub(super) async fn show(Path((id, kind)): Path<(String, String)>, visit: Visit) -> Answer {
    visit
        .run(move |visit| {
            let partner = PartnerView::seen(visit, &id)?;
            let query = visit.query();
            let mut problems = FieldProblems::default();
            let sought = sought(visit, &query, &mut problems);
            if let Some(stem) = kind.strip_suffix(".csv") {
                let sought = Sought { after: None, ..sought };
                let bytes = facts::find_text(visit.app(), &visit.caller, stem, &id, &sought)?;
                let name = format!("{id}-{stem}.csv");
                return Ok(Done::File { name, kind: "text/csv; charset=utf-8", bytes });
            }
            Done::page(&page(visit, partner, &kind, &sought, (&query, problems))?)
        })
        .await
}

/// What the query asks for. A day that is none narrows nothing, and is told.
fn sought(visit: &Visit, query: &Fields, problems: &mut FieldProblems) -> Sought {
    let mut day = |name: &str| {
        let typed = query.typed(name)?;
        let day = Day::parse(typed.as_bytes());
        if day.is_none() {
            problems.add(name, &visit.t.say("facts-no-day"));
        }
        day
    };
    Sought {
        from: day("from"),
        until: day("until"),
        text: query.typed("q").map(str::to_owned),
        after: query.typed("after").map(str::to_owned),
        limit: ROWS,
    }
}

fn page(
    visit: &Visit,
    partner: PartnerView,
    kind: &str,
    sought: &Sought,
    (query, problems): (&Fields, FieldProblems),
) -> Result<ListPage, Error> {
    let (app, caller, id) = (visit.app(), &visit.caller, partner.id.as_str());
    let mut found = facts::find(app, caller, kind, id, sought)?;
    let file = File::from_stem(kind).ok_or_else(|| Error::not_found("kind of fact", kind))?;
    let words = Words::of(visit)?;
    let has_more = found.len() > ROWS;
    found.truncate(ROWS);
    let shown = shown_columns(file, &found);
    let row = |record: &Record| RowView {
        id: record.id.clone(),
        to: fact_path(kind, &record.id),
        cells: shown
            .iter()
            .map(|column| {
                let text = record.values.get(column.name).map_or("", String::as_str);
                CellView {
                    label: words.label(file, column.name),
                    value: if text.is_empty() { String::new() } else { words.value(column, text) },
                    to: None,
                    is_number: column.holds == Holds::Decimal,
                }
            })
            .collect(),
    };
    let own = format!("/partners/{}/facts/{kind}", partner.path);
    let (q, from, until) = (query.get("q"), query.get("from"), query.get("until"));
    let narrowed = [("q", q), ("from", from), ("until", until)];
    let next = found.last().filter(|_| has_more).map(|last| {
        let behind = [("after", last.id.as_str())];
        address(&own, &[narrowed.as_slice(), &behind].concat())
    });
    let day = columns(file).iter().find(|column| column.holds == Holds::Day);
    let may_add = facts::may_add(app, caller, kind, id)?;
    Ok(ListPage {
        shell: visit.shell(Place::Facts, words.kind(file)),
        heads: shown
            .iter()
            .map(|column| (words.label(file, column.name), column.holds == Holds::Decimal))
            .collect(),
        rows: found.iter().map(row).collect(),
        q: q.to_owned(),
        from: from.to_owned(),
        until: until.to_owned(),
        day_label: day.map(|day| words.label(file, day.name)).unwrap_or_default(),
        is_narrowed: narrowed.iter().any(|(_, value)| !value.is_empty()),
        problems,
        csv: address(&format!("{own}.csv"), &narrowed),
        add: may_add.then(|| new_path(kind, &partner)),
        first: sought.after.as_ref().map(|_| address(&own, &narrowed)),
        next,
        own,
        partner,
    })
}

/// The columns that a page of rows shows, in the order of the format: those that every row fills,
/// the day that the filter is about, then others that some row here fills.
fn shown_columns(file: File, found: &[Record]) -> Vec<Column> {
    let is_told = |column: &&Column| !matches!(column.name, "id" | "partner");
    let is_filled =
        |column: &&Column| found.iter().any(|record| record.values.contains_key(column.name));
    let all: Vec<&Column> = columns(file).iter().filter(is_told).filter(is_filled).collect();
    let day = columns(file).iter().find(|column| column.holds == Holds::Day);
    let is_always = |column: &Column| column.is_required || day == Some(column);
    let always = all.iter().filter(|column| is_always(column)).count();
    let mut rest = COLUMNS.saturating_sub(always);
    let mut shown = Vec::new();
    for column in all {
        if is_always(column) || rest > 0 {
            shown.push(*column);
        }
        if !is_always(column) {
            rest = rest.saturating_sub(1);
        }
    }
    shown
}
