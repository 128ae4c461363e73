//! The bars of a row: each value against its own target, so that every target stands at one
//! place. Lengths are whole thousandths of the target; nothing here is a number to rely on.

use std::cmp::Ordering;

use guildhall_rules::decimal::Decimal;
use guildhall_rules::number::Number;

use crate::texts::Texts;

/// The longest bar, in thousandths of the target.
const MOST: u32 = 1500;

/// The bars of a row and what they say in words.
pub(super) struct Chart {
    pub(super) bars: Vec<Bar>,
    /// For whoever does not see them.
    pub(super) words: String,
    /// Pixels.
    pub(super) height: usize,
}

/// A thin bar.
pub(super) struct Bar {
    /// The class: the name of its column.
    pub(super) class: &'static str,
    /// Where its tick begins and ends, its own upper edge, and its middle: pixels from the top.
    pub(super) tick_top: usize,
    pub(super) tick_end: usize,
    pub(super) top: usize,
    pub(super) middle: usize,
    /// The length, as a percentage of the drawing.
    pub(super) length: String,
    /// Whether the value goes on beyond the drawing.
    pub(super) goes_on: bool,
    /// Whether it must stay at or under its tick.
    pub(super) is_ceiling: bool,
}

/// What a bar is drawn from.
pub(super) struct Against<'a> {
    /// The name of its column: `renewal`, `upgrade`.
    pub(super) class: &'static str,
    pub(super) value: &'a Number,
    /// None where nothing is asked or the value is not known: there is no bar then.
    pub(super) bar: Option<Decimal>,
    pub(super) is_ceiling: bool,
}

impl Chart {
    /// The chart of a row; none where there is no bar to draw.
    pub(super) fn of(t: &Texts, columns: &[Against]) -> Option<Self> {
        let mut bars = Vec::new();
        let mut words = Vec::new();
        for (at, column) in columns.iter().enumerate() {
            let Some(bar) = column.bar else { continue };
            let thousandths = thousandths(column.value, bar);
            let is_more = thousandths == MOST;
            let key = if is_more { "scorecard-bar-or-more" } else { "scorecard-bar" };
            let name = t.word("scorecard-column", column.class);
            let percent = (thousandths / 10).to_string();
            words.push(t.tell(key, &[("column", name.into()), ("percent", percent.into())]));
            bars.push(Bar {
                class: column.class,
                tick_top: at * 12,
                tick_end: at * 12 + 10,
                top: at * 12 + 2,
                middle: at * 12 + 5,
                length: percent_of_drawing(thousandths),
                goes_on: thousandths == MOST,
                is_ceiling: column.is_ceiling,
            });
        }
        let height = columns.len() * 12;
        (!bars.is_empty()).then(|| Self { bars, words: words.join(", "), height })
    }

    /// Whether a bar must stay at or under its tick.
    pub(super) fn has_ceiling(&self) -> bool {
        self.bars.iter().any(|bar| bar.is_ceiling)
    }
}

/// A value in thousandths of its bar. A bar of zero has no parts: zero reaches it exactly, and
/// everything else is far beyond.
fn thousandths(value: &Number, bar: Decimal) -> u32 {
    if bar != Decimal::ZERO {
        return value.permille_of(bar, MOST);
    }
    if value.compare(Decimal::ZERO) == Ordering::Equal { 0 } else { MOST }
}

fn percent_of_drawing(thousandths: u32) -> String {
    let tenths = thousandths * 1000 / MOST;
    format!("{}.{}", tenths / 10, tenths % 10)
}
