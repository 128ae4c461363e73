//! The numbers that a review or a decision rests on: rows of a scorecard and of a discount
//! statement, as they were frozen.

use serde_json::Value as Json;

use crate::form::address;
use crate::naming::Naming;
use crate::visit::{Visit, path_of};

/// A cell of a row.
pub(crate) struct CellView {
    pub(crate) value: String,
    pub(crate) target: String,
    pub(crate) state: String,
    pub(crate) word: String,
}

/// A row of a scorecard.
pub(crate) struct CardRow {
    pub(crate) component: String,
    /// Whether it is the first row of its component.
    pub(crate) is_first: bool,
    pub(crate) title: String,
    pub(crate) to: String,
    pub(crate) renewal: CellView,
    pub(crate) upgrade: CellView,
    pub(crate) counted: String,
}

/// The rows of a scorecard.
pub(crate) struct Card {
    pub(crate) renewal: String,
    pub(crate) upgrade: String,
    pub(crate) rows: Vec<CardRow>,
}

/// A row of a discount statement.
pub(crate) struct PointsRow {
    pub(crate) title: String,
    pub(crate) cell: CellView,
    pub(crate) n: String,
    pub(crate) points: String,
}

/// A discount statement.
pub(crate) struct Statement {
    pub(crate) period: String,
    pub(crate) percent: String,
    pub(crate) base: String,
    pub(crate) rules: Vec<(String, String, String)>,
    pub(crate) rows: Vec<PointsRow>,
}

pub(super) fn text<'j>(value: &'j Json, name: &str) -> &'j str {
    value.get(name).and_then(Json::as_str).unwrap_or_default()
}

/// A number or text as it is written.
fn plain(visit: &Visit, value: Option<&Json>) -> String {
    match value {
        Some(Json::String(text)) => visit.t.number(text),
        Some(Json::Number(number)) => visit.t.number(&number.to_string()),
        _ => String::new(),
    }
}

fn list<'j>(value: &'j Json, name: &str) -> &'j [Json] {
    value.get(name).and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn cell(visit: &Visit, cell: &Json) -> CellView {
    CellView {
        value: plain(visit, cell.get("value")),
        target: plain(visit, cell.get("target")),
        word: visit.t.word("card-state", text(cell, "state")),
        state: text(cell, "state").to_owned(),
    }
}

/// The rows of a scorecard in JSON. `at` is the viewpoint, as the scorecard page takes it.
pub(crate) fn card(visit: &Visit, naming: &Naming, json: &Json, at: &[(&str, &str)]) -> Card {
    let edition = naming.book().edition(text(json, "rulebook"));
    let component_title = |id: &str| {
        let known = edition.and_then(|edition| edition.components.iter().find(|c| c.id == id));
        known.map_or_else(|| id.to_owned(), |component| component.title.clone())
    };
    let partner = path_of(text(json, "partner"));
    let mut before = String::new();
    let row = |row: &Json| {
        let component = text(row, "component").to_owned();
        let is_first = component != before;
        before.clone_from(&component);
        let path = format!("/partners/{partner}/scorecard/{}", path_of(text(row, "measure")));
        CardRow {
            component: component_title(&component),
            is_first,
            title: text(row, "title").to_owned(),
            to: address(&path, at),
            renewal: cell(visit, row.get("renewal").unwrap_or(&Json::Null)),
            upgrade: cell(visit, row.get("upgrade").unwrap_or(&Json::Null)),
            counted: visit.t.count(list(row, "counted").len()),
        }
    };
    let head = |name: &str| {
        let tier = json.get(name).map(|head| text(head, "tier")).unwrap_or_default();
        if tier.is_empty() { String::new() } else { naming.tier(tier) }
    };
    Card {
        renewal: head("renewal"),
        upgrade: head("upgrade"),
        rows: list(json, "rows").iter().map(row).collect(),
    }
}

/// A discount statement in JSON.
pub(super) fn statement(visit: &Visit, naming: &Naming, json: &Json) -> Statement {
    let edition = naming.book().edition(text(json, "rulebook"));
    let title = |id: &str| {
        let measure = edition.and_then(|edition| edition.measures.iter().find(|m| m.id == id));
        measure.map_or_else(|| id.replace(['_', '-'], " "), |measure| measure.title.clone())
    };
    let rule = |rule: &Json| {
        let state = text(rule, "state");
        let name = text(rule, "rule").replace('_', " ");
        (name, state.to_owned(), visit.t.word("card-state", state))
    };
    let row = |row: &Json| PointsRow {
        title: title(text(row, "measure")),
        cell: cell(visit, row),
        n: plain(visit, row.get("n")),
        points: plain(visit, row.get("points")),
    };
    Statement {
        period: text(json, "period").to_owned(),
        percent: plain(visit, json.get("percent")),
        base: plain(visit, json.get("base_percent")),
        rules: list(json, "eligibility").iter().map(rule).collect(),
        rows: list(json, "measures").iter().map(row).collect(),
    }
}
