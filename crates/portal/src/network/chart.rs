//! Tiers over time as a picture: a row of columns for each tier, each row with a scale of its own,
//! for a hundred partners of the highest tier stand beside a hundred thousand of the lowest. The
//! numbers stand in a table behind it.

use crate::texts::Texts;

/// Units of the drawing: where the rows begin, how wide a column is, how high a row and its columns.
const LEFT: u32 = 116;
const STEP: u32 = 28;
const WIDE: u32 = 20;
const ROW: u32 = 44;
const HIGH: u32 = 30;
/// Room for the names of the days, and for the number behind a row.
const FOOT: u32 = 22;
const RIGHT: u32 = 64;
/// A drawing is as wide as one of thirteen days at least, so that its words keep their size.
const LEAST: u32 = LEFT + 13 * STEP + RIGHT;
/// How many characters of a tier's name have room.
const NAME: usize = 15;

/// The chart of one path.
pub(super) struct Chart {
    /// The path's title.
    pub(super) path: String,
    /// What the picture shows, for those who do not see it.
    pub(super) label: String,
    /// Where its rows begin.
    pub(super) left: u32,
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) rows: Vec<ChartRow>,
    /// Names of days under the columns.
    pub(super) ticks: Vec<(u32, String)>,
    /// The table: for each day the numbers of the tiers, in the order of the rows.
    pub(super) table: Vec<(String, Vec<String>)>,
}

/// One tier.
pub(super) struct ChartRow {
    pub(super) tier: String,
    /// The name, as far as there is room.
    pub(super) short: String,
    /// The line on which the columns stand.
    pub(super) base: u32,
    pub(super) text_y: u32,
    pub(super) end: u32,
    /// The columns as the path of an SVG, and the last of them, which is today's.
    pub(super) columns: String,
    pub(super) last_column: String,
    pub(super) last: String,
}

impl Chart {
    pub(super) fn new(
        t: &Texts,
        path: &str,
        days: &[&str],
        tiers: Vec<(String, Vec<u64>)>,
    ) -> Self {
        let count = u32::try_from(days.len()).unwrap_or(0);
        let row_count = u32::try_from(tiers.len()).unwrap_or(0);
        let end = LEFT + count * STEP;
        let told: Vec<String> = days.iter().map(|day| t.day_text(day)).collect();
        let numbers: Vec<Vec<String>> = (0..days.len())
            .map(|at| {
                let of = |(_, counts): &(String, Vec<u64>)| counts.get(at).copied().unwrap_or(0);
                tiers.iter().map(|tier| t.number(&of(tier).to_string())).collect()
            })
            .collect();
        let rows = tiers.into_iter().zip(0..).map(|(tier, at)| ChartRow::new(t, tier, at, end));
        // Every fourth day, counted from the last, has a name.
        let ticks = told.iter().zip(0..count).filter(|(_, at)| (count - 1 - at).is_multiple_of(4));
        Self {
            path: path.to_owned(),
            label: t.tell(
                "network-chart-label",
                &[
                    ("path", path.into()),
                    ("first", told.first().cloned().unwrap_or_default().into()),
                    ("last", told.last().cloned().unwrap_or_default().into()),
                ],
            ),
            left: LEFT,
            width: (end + RIGHT).max(LEAST),
            height: row_count * ROW + FOOT,
            rows: rows.collect(),
            ticks: ticks.map(|(day, at)| (LEFT + at * STEP + WIDE / 2, day.clone())).collect(),
            table: told.into_iter().zip(numbers).collect(),
        }
    }
}

impl ChartRow {
    fn new(t: &Texts, (tier, counts): (String, Vec<u64>), at: u32, end: u32) -> Self {
        let base = at * ROW + HIGH + 8;
        let most = counts.iter().copied().max().unwrap_or(0).max(1);
        let column = |(count, at): (&u64, u32)| {
            // What is there is seen: a column is at least one unit high.
            let high = u32::try_from(*count * u64::from(HIGH) / most).unwrap_or(HIGH);
            let high = high.max(u32::from(*count > 0));
            let (x, y) = (LEFT + at * STEP, base - high);
            if high == 0 { String::new() } else { format!("M{x} {y}h{WIDE}v{high}h-{WIDE}z") }
        };
        let mut columns: Vec<String> = counts.iter().zip(0..).map(column).collect();
        let last_column = columns.pop().unwrap_or_default();
        let is_long = tier.chars().count() > NAME;
        let cut: String = tier.chars().take(NAME - 1).collect();
        Self {
            short: if is_long { format!("{cut}…") } else { tier.clone() },
            tier,
            base,
            text_y: base - HIGH / 2 + 4,
            end,
            columns: columns.concat(),
            last_column,
            last: counts.last().map(|count| t.number(&count.to_string())).unwrap_or_default(),
        }
    }
}
