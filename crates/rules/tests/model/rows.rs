//! Rows of facts as plain texts by column, and how they are written as CSV.

use std::collections::BTreeMap;

use super::calendar::{Ymd, read};

/// One row of one file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Row {
    /// The file's name without `.csv`.
    pub(crate) file: &'static str,
    /// Its cells by column; what is not here is absent.
    pub(crate) cells: BTreeMap<&'static str, String>,
}

impl Row {
    pub(crate) fn new(file: &'static str, cells: &[(&'static str, &str)]) -> Self {
        let mut row = Self { file, cells: BTreeMap::new() };
        for (column, text) in cells {
            row.set(column, text);
        }
        row
    }

    /// Fills a cell; an empty text says nothing.
    pub(crate) fn set(&mut self, column: &'static str, text: &str) {
        if text.is_empty() {
            self.cells.remove(column);
        } else {
            self.cells.insert(column, text.to_owned());
        }
    }

    pub(crate) fn get(&self, column: &str) -> Option<&str> {
        self.cells.get(column).map(String::as_str)
    }

    pub(crate) fn text(&self, column: &str) -> &str {
        self.get(column).unwrap_or_default()
    }

    pub(crate) fn day(&self, column: &str) -> Option<Ymd> {
        self.get(column).map(read)
    }

    pub(crate) fn id(&self) -> &str {
        self.text("id")
    }

    /// Who stands in a row of `individuals.csv`.
    pub(crate) fn person(&self) -> &str {
        self.get("person").unwrap_or(self.id())
    }

    /// Whether it was known at a moment; without one, at the end of time. Moments are all
    /// written with the same number of digits, so that their texts compare.
    pub(crate) fn is_known(&self, moment: Option<&str>) -> bool {
        match moment {
            None => self.get("retracted_at").is_none(),
            Some(moment) => {
                self.get("recorded_at").is_none_or(|recorded| recorded <= moment)
                    && self.get("retracted_at").is_none_or(|retracted| retracted > moment)
            }
        }
    }
}

/// The rows known at a moment, without those that refer to one that is not.
pub(crate) fn known_rows(rows: &[Row], moment: Option<&str>) -> Vec<Row> {
    let known: Vec<&Row> = rows.iter().filter(|row| row.is_known(moment)).collect();
    let is_there = |file: &str, id: &str, among: &[&Row]| {
        among.iter().any(|row| row.file == file && row.id() == id)
    };
    let of_partners: Vec<&Row> = known
        .iter()
        .copied()
        .filter(|row| {
            let partners = ["partner", "subsidiary", "primary"];
            let mut named = partners.iter().filter_map(|column| row.get(column));
            named.all(|id| is_there("partners", id, &known))
        })
        .collect();
    let of_people = of_partners.iter().filter(|row| {
        row.get("individual").is_none_or(|id| is_there("individuals", id, &of_partners))
    });
    let mut rows: Vec<Row> = of_people.map(|row| (*row).clone()).collect();
    for row in &mut rows {
        row.cells.remove("recorded_at");
        row.cells.remove("retracted_at");
        if row.get("opportunity").is_some_and(|id| !is_there("opportunities", id, &of_partners)) {
            row.cells.remove("opportunity");
        }
    }
    rows
}

/// How CSV is written: any of these means the same.
#[derive(Clone, Debug, Default)]
pub(crate) struct Style {
    pub(crate) has_crlf: bool,
    /// A byte order mark, or nothing.
    pub(crate) mark: &'static str,
    /// Fields that need no quotes have them where a bit of this, going round, is set.
    pub(crate) quotes: u64,
    /// Columns are turned round by so many places.
    pub(crate) turn: usize,
    pub(crate) lacks_last_break: bool,
    /// Whether columns that no row fills are written all the same.
    pub(crate) has_empty_columns: bool,
}

const OPTIONAL: [&str; 4] = ["recorded_at", "retracted_at", "expires_on", "withdrawn_on"];

fn may_be_empty(file: &str, column: &str) -> bool {
    match column {
        "expires_on" => matches!(file, "credentials" | "validations"),
        "withdrawn_on" => file == "references",
        _ => true,
    }
}

/// The files of these rows, in the order in which the files first appear.
pub(crate) fn files(rows: &[Row], style: &Style) -> Vec<(String, Vec<u8>)> {
    let mut names: Vec<&'static str> = Vec::new();
    for row in rows {
        if !names.contains(&row.file) {
            names.push(row.file);
        }
    }
    names.into_iter().map(|name| (format!("{name}.csv"), csv(rows, name, style))).collect()
}

fn csv(rows: &[Row], file: &str, style: &Style) -> Vec<u8> {
    let rows: Vec<&Row> = rows.iter().filter(|row| row.file == file).collect();
    let mut columns: Vec<&str> = Vec::new();
    for row in &rows {
        columns.extend(row.cells.keys());
    }
    if style.has_empty_columns {
        columns.extend(OPTIONAL.into_iter().filter(|column| may_be_empty(file, column)));
    }
    columns.sort_unstable();
    columns.dedup();
    let turn = style.turn % columns.len();
    columns.rotate_left(turn);
    let end = if style.has_crlf { "\r\n" } else { "\n" };
    let mut out = style.mark.to_owned();
    let mut count = 0_u32;
    let mut record = |texts: &[&str]| {
        for (at, text) in texts.iter().enumerate() {
            count = (count + 1) % 64;
            let needs = text.contains([',', '"', '\n', '\r']);
            if at > 0 {
                out.push(',');
            }
            // A lone empty field would be a blank line.
            if needs || style.quotes >> count & 1 == 1 || texts.len() == 1 {
                out.push('"');
                out.push_str(&text.replace('"', "\"\""));
                out.push('"');
            } else {
                out.push_str(text);
            }
        }
        out.push_str(end);
    };
    record(&columns);
    for row in rows {
        let texts: Vec<&str> = columns.iter().map(|column| row.text(column)).collect();
        record(&texts);
    }
    if style.lacks_last_break {
        out.truncate(out.len() - end.len());
    }
    out.into_bytes()
}
