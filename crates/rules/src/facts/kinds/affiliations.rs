//! `affiliations.csv`: which partner is a subsidiary of which, and for how long.

use super::known;
use crate::facts::cycles::Cycles;
use crate::facts::ids::Hint;
use crate::facts::layout::shown;
use crate::facts::reading::{Base, Reading};
use crate::facts::table::{Affiliation, Grouped};
use crate::facts::{File, Ids};

/// The column of the primary, which problems of a cycle name.
const PRIMARY: usize = 2;

/// Reads `affiliations.csv`.
pub(crate) fn affiliations(reading: &mut Reading<'_, '_, '_>, base: &Base) -> Grouped<Affiliation> {
    let mut ids = Ids::new();
    let mut cycles = Cycles::default();
    let (mut rows, mut groups) = (Vec::new(), Vec::new());
    let (mut subsidiary_hint, mut primary_hint) = (Hint::default(), Hint::default());
    // A second reading has nothing to report.
    let compares = reading.rejects.is_none();
    reading.rows(&mut ids, |row, shared, _| {
        let (id, known) = (row.id(0), known(row));
        row.required(1);
        let subsidiary = row.reference(1, &base.ids, File::Partners, &mut subsidiary_hint);
        row.required(PRIMARY);
        let primary = row.reference(PRIMARY, &base.ids, File::Partners, &mut primary_hint);
        let from = row.required_day(3);
        let until = row.day(4);
        row.check_order((3, from), (4, until));
        let partners = row.text(1).zip(row.text(PRIMARY));
        let is_own = partners.is_some_and(|(subsidiary, primary)| subsidiary == primary);
        if let (true, Some((own, _))) = (is_own, partners) {
            let message = format!("`{}` is a subsidiary of itself", shown(own));
            row.problem(PRIMARY, "affiliation-cycle", message, None);
        }
        let taken = shared.finish(row, id, known);
        // Rows that are not known now are looked at all the same.
        let number = taken.or_else(|| shared.ids.find(id?));
        if let (Some(number), Some(partners), Some(from)) = (number, partners, from)
            && compares
            && !is_own
            && row.is_worth_comparing()
        {
            let line = row.record.field_line(row.layout.field(PRIMARY).unwrap_or_default());
            cycles.note(partners, (from, until), known, (number, line));
        }
        if taken.is_none() {
            return;
        }
        let number = |id: Option<u32>| id.and_then(|id| base.partner(id));
        if let (Some(subsidiary), Some(primary), Some(from)) =
            (number(subsidiary), number(primary), from)
        {
            groups.push(primary);
            rows.push(Affiliation { subsidiary, from, until });
        }
    });
    reading.report_cycles(&cycles.found(), &ids, PRIMARY);
    if rows.is_empty() {
        return Grouped::default();
    }
    let mut grouped = Grouped::new(rows, &groups, base.count);
    grouped.sort_groups_by(|a, b| a.subsidiary.cmp(&b.subsidiary));
    grouped
}
