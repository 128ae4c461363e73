//! CSV for people, who open it in a spreadsheet: a cell that would be run as a formula there gets an
//! apostrophe before it. Folders of facts are written otherwise, for programs, byte for byte.

use std::borrow::Cow;
use std::io::{self, Write};

use guildhall_rules::facts::csv;

/// What a spreadsheet takes for the beginning of a formula, or passes over before one.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A cell that no spreadsheet runs.
pub fn cell(text: &str) -> Cow<'_, str> {
    if text.starts_with(FORMULA) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// Writes a row, with every cell made safe.
///
/// # Errors
///
/// Those of writing.
pub fn write_row<'c>(
    out: &mut impl Write,
    cells: impl IntoIterator<Item = &'c str>,
) -> io::Result<()> {
    let safe: Vec<Cow<'_, str>> = cells.into_iter().map(cell).collect();
    csv::write_record(out, safe.iter().map(|cell| cell.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_be_a_formula_is_text() {
        for formula in ["=1+1", "+1", "-1", "@sum(a1)", "\t=1", "\r=1"] {
            assert_eq!(cell(formula), format!("'{formula}"));
        }
        for text in ["", "1", "a=b", "Ada & Co", "'=1", " =1"] {
            assert_eq!(cell(text), text);
        }
    }

    #[test]
    fn a_row_is_a_record_of_safe_cells() {
        let mut out = Vec::new();
        assert!(write_row(&mut out, ["=HYPERLINK(\"x\")", "a,b", ""]).is_ok());
        assert_eq!(String::from_utf8_lossy(&out), "\"'=HYPERLINK(\"\"x\"\")\",\"a,b\",\n");
    }
}
