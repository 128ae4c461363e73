//! Checks a row by the loader of folders: as a folder of one row, beside what the database holds.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use guildhall_rules::facts::{
    self, Checked, File, GoodRow, LoadOptions, Mapping, References, Source, csv,
};
use guildhall_rules::problem::{Problem, Problems};
use guildhall_rules::rulebook::Catalogue;
use guildhall_store::{Draft, Kind, Tx};

use crate::Error;

/// Most affiliations that are followed to find a circle.
const MOST_AFFILIATIONS: usize = 10_000;

/// The row as the format writes it, if it has no problem. `own` is the partner for which the
/// caller acts: rows of others that it refers to are then not there.
///
/// # Errors
///
/// Every problem of the row, with its column as the field.
pub(crate) fn check(
    tx: &mut Tx<'_>,
    catalogue: &Catalogue,
    draft: &Draft,
    own: Option<&str>,
) -> Result<Draft, Error> {
    let Kind::Fact(file) = draft.kind else {
        return Err(Error::internal("a row of the registry is no fact"));
    };
    let mut rows = vec![draft.cells.clone()];
    if file == File::Affiliations {
        rows.extend(affiliations_above(tx, draft)?);
    }
    let text = written(draft.kind, &rows)?;
    let sources = [Source {
        name: file.name(),
        shown: String::new(),
        size: text.len() as u64,
        open: Box::new(text.as_slice()),
    }];
    let failed = Mutex::new(None);
    let shared = Mutex::new(tx);
    let holds = |file: File, id: &[u8]| {
        let Ok(id) = std::str::from_utf8(id) else { return false };
        let mut tx = shared.lock().unwrap_or_else(PoisonError::into_inner);
        match tx.current(Kind::Fact(file), id) {
            Ok(held) => held.is_some_and(|held| is_own(&held.draft, own)),
            Err(error) => {
                *failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                false
            }
        }
    };
    let references = References::Elsewhere(&holds);
    let options = LoadOptions { known_at: None, threads: 1, references };
    let mapping = Mapping::default();
    let checked = facts::check("", &sources, &mapping, catalogue, options);
    if let Some(error) = failed.lock().unwrap_or_else(PoisonError::into_inner).take() {
        return Err(error.into());
    }
    if !checked.problems.is_empty() {
        let fields =
            |problem: &Problem| Problem { file: String::new(), line: None, ..problem.clone() };
        let problems: Problems = checked.problems.shown().iter().map(fields).collect();
        return Err(problems.into());
    }
    canonical(&checked, draft)
}

/// Whether a row may be referred to on behalf of this partner.
fn is_own(held: &Draft, own: Option<&str>) -> bool {
    let partner = held.kind.partner_column().and_then(|name| held.cell(name));
    own.is_none() || partner == own
}

fn written(kind: Kind, rows: &[Vec<Option<String>>]) -> Result<Vec<u8>, Error> {
    let mut text = Vec::new();
    csv::write_record(&mut text, kind.names().map(str::as_bytes)).map_err(Error::internal)?;
    for cells in rows {
        let cells = cells.iter().map(|cell| cell.as_deref().unwrap_or("").as_bytes());
        csv::write_record(&mut text, cells).map_err(Error::internal)?;
    }
    Ok(text)
}

/// The row as it came back from the loader.
fn canonical(checked: &Checked<'_>, draft: &Draft) -> Result<Draft, Error> {
    let mut cells: Option<Vec<Option<String>>> = None;
    let mut take = |row: &GoodRow<'_>| {
        let text = |at: usize| {
            let cell = row.cells.get(at).and_then(Option::as_ref)?;
            Some(String::from_utf8_lossy(cell).into_owned())
        };
        if text(0).as_deref() == Some(draft.id()) {
            cells = Some((0..row.cells.len()).map(text).collect());
        }
        Ok(())
    };
    checked.take(&mut take, None).map_err(Error::internal)?;
    let cells = cells.ok_or_else(|| Error::internal("the loader lost a row"))?;
    Ok(Draft { kind: draft.kind, cells })
}

/// The affiliations that could close a circle with a new one: those by which its primary is a
/// subsidiary itself, directly or through others.
fn affiliations_above(tx: &mut Tx<'_>, draft: &Draft) -> Result<Vec<Vec<Option<String>>>, Error> {
    let mut found = Vec::new();
    let mut asked = BTreeSet::new();
    let mut open: Vec<String> = draft.cell("primary").map(str::to_owned).into_iter().collect();
    while let Some(partner) = open.pop() {
        if !asked.insert(partner.clone()) || found.len() > MOST_AFFILIATIONS {
            continue;
        }
        let filters = [("subsidiary", partner.as_str())];
        for held in tx.page(draft.kind, &filters, None, MOST_AFFILIATIONS)? {
            if held.draft.id() == draft.id() {
                continue;
            }
            open.extend(held.draft.cell("primary").map(str::to_owned));
            found.push(held.draft.cells);
        }
    }
    Ok(found)
}
