//! A small chart of values over time with their targets: lines, in whole pixels. For seeing only;
//! the numbers stand in the table behind it.

use std::cmp::Ordering;

use guildhall_rules::decimal::Decimal;
use guildhall_rules::number::Number;

/// The drawing, and where in it the values are.
const WIDTH: usize = 320;
const HEIGHT: usize = 112;
const LEFT: usize = 4;
const RIGHT: usize = 308;
const TOP: usize = 10;
const BOTTOM: usize = 88;

/// What was true of one line on one day.
#[derive(Clone, Debug, Default)]
pub(super) struct Point {
    /// None where there is nothing to draw.
    pub(super) value: Option<Number>,
    pub(super) target: Option<Decimal>,
}

/// A line to draw: the class of its column, and a point for each day.
pub(super) struct Series {
    pub(super) class: &'static str,
    pub(super) points: Vec<Point>,
}

/// A chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Plot {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) left: usize,
    pub(super) right: usize,
    pub(super) bottom: usize,
    /// Where the words under the days stand.
    pub(super) words_at: usize,
    pub(super) lines: Vec<Line>,
}

/// A line, its target, and its last point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) class: &'static str,
    /// Paths of SVG; empty where there is nothing to draw.
    pub(super) path: String,
    pub(super) target: String,
    pub(super) last: Option<(usize, usize)>,
}

impl Plot {
    pub(super) fn of(series: &[Series]) -> Self {
        let most = most(series);
        Self {
            width: WIDTH,
            height: HEIGHT,
            left: LEFT,
            right: RIGHT,
            bottom: BOTTOM,
            words_at: HEIGHT - 6,
            lines: series.iter().map(|series| Line::of(series, most)).collect(),
        }
    }
}

impl Line {
    fn of(series: &Series, most: Decimal) -> Self {
        let (mut path, mut target, mut last) = (String::new(), String::new(), None);
        let (mut is_drawing, mut is_aiming) = (false, false);
        let steps = series.points.len().saturating_sub(1).max(1);
        for (at, point) in series.points.iter().enumerate() {
            let x = LEFT + at * (RIGHT - LEFT) / steps;
            if let Some(value) = &point.value {
                let y = height(value, most);
                path.push_str(&format!("{}{x} {y}", if is_drawing { 'L' } else { 'M' }));
                last = Some((x, y));
            }
            is_drawing = point.value.is_some();
            if let Some(bar) = point.target {
                let y = height(&Number::from_decimal(bar), most);
                // A target holds from its day on, and changes at once.
                if is_aiming {
                    target.push_str(&format!("H{x}V{y}"));
                } else {
                    target.push_str(&format!("M{x} {y}"));
                }
            }
            is_aiming = point.target.is_some();
        }
        Self { class: series.class, path, target, last }
    }
}

/// The highest value or target; one where all are zero.
fn most(series: &[Series]) -> Decimal {
    let mut most = Decimal::ZERO;
    for point in series.iter().flat_map(|series| &series.points) {
        most = point.target.map_or(most, |target| most.max(target));
        if let Some(value) = &point.value
            && value.compare(most) == Ordering::Greater
        {
            // Rounded as it is printed: a drawing needs no more.
            let printed = Decimal::parse(value.to_string().as_bytes());
            most = printed.unwrap_or(Decimal::from_whole(u64::MAX));
        }
    }
    if most == Decimal::ZERO { Decimal::from_whole(1) } else { most }
}

fn height(value: &Number, most: Decimal) -> usize {
    let permille = value.permille_of(most, 1000);
    let permille = usize::try_from(permille).unwrap_or(1000);
    BOTTOM - permille * (BOTTOM - TOP) / 1000
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(value: Option<u64>, target: Option<u64>) -> Point {
        Point { value: value.map(Number::from_count), target: target.map(Decimal::from_whole) }
    }

    #[test]
    fn a_line_stops_where_nothing_is_known_and_targets_change_at_once() {
        let points = vec![
            point(Some(0), Some(5)),
            point(Some(5), Some(5)),
            point(None, Some(10)),
            point(Some(10), None),
        ];
        let plot = Plot::of(&[Series { class: "renewal", points }]);
        let line = plot.lines.first().expect("a line");
        assert_eq!(line.path, "M4 88L105 49M308 10");
        assert_eq!(line.target, "M4 49H105V49H206V10");
        assert_eq!(line.last, Some((308, 10)));
    }

    #[test]
    fn nothing_is_drawn_of_nothing_and_zero_lies_at_the_bottom() {
        let none = Plot::of(&[Series { class: "renewal", points: Vec::new() }]);
        assert!(none.lines.iter().all(|line| line.path.is_empty() && line.last.is_none()));
        let zero = Plot::of(&[Series { class: "renewal", points: vec![point(Some(0), None)] }]);
        assert_eq!(zero.lines.first().and_then(|line| line.last), Some((4, 88)));
    }
}
