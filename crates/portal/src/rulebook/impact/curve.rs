//! The curve of a threshold varied over a range, as a drawing of its own (SVG).

use std::fmt::Write as _;

use guildhall_rules::decimal::Decimal;
use guildhall_rules::impact::Sweep;
use guildhall_rules::number::Number;
use guildhall_rules::words::{grouped, plain};

/// The drawing and the part of it that curves take, in pixels.
const WIDTH: u32 = 720;
const HEIGHT: u32 = 400;
const LEFT: u32 = 64;
const TOP: u32 = 56;
const ACROSS: u32 = 624;
const DOWN: u32 = 276;

/// How the parts of a drawing look.
#[derive(Clone, Copy)]
struct Look {
    /// Lines behind.
    axis: &'static str,
    faint: &'static str,
    attain: &'static str,
    keep: &'static str,
    /// Where the bar of today stands.
    asked: &'static str,
    /// Words that a small screen has no room for.
    between: &'static str,
}

/// On white, in a file of its own.
const FILE: Look = Look {
    axis: "stroke=\"#ddd\"",
    faint: "fill=\"#555\"",
    attain: "stroke=\"#0a58ca\" fill=\"none\"",
    keep: "stroke=\"#b45309\" stroke-dasharray=\"6 4\" fill=\"none\"",
    asked: "stroke=\"#777\" stroke-dasharray=\"2 3\"",
    between: "",
};

/// On a page, in its colours.
const PAGE: Look = Look {
    axis: "class=\"axis\"",
    faint: "",
    attain: "class=\"line\"",
    keep: "class=\"line of-upgrade\" stroke-dasharray=\"6 4\"",
    asked: "class=\"target\"",
    between: " class=\"between\"",
};

/// Draws a sweep: how many partners attain the tier at each threshold, and how many keep it.
pub fn sweep_picture(sweep: &Sweep) -> String {
    let title = format!("{} for {} ({})", sweep.title, sweep.tier, sweep.rulebook);
    let mut out = String::new();
    let _ = writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" \
         width=\"{WIDTH}\" height=\"{HEIGHT}\" role=\"img\" font-family=\"system-ui, sans-serif\" \
         font-size=\"13\">\n<title>{}</title>\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>",
        escaped(&title)
    );
    let _ =
        writeln!(out, "<text x=\"{LEFT}\" y=\"22\" font-weight=\"600\">{}</text>", escaped(&title));
    let legend = format!("partners as of {}", sweep.as_of);
    let _ = writeln!(out, "<text x=\"{LEFT}\" y=\"42\" fill=\"#555\">{legend}</text>");
    let key = LEFT + 300;
    let _ = writeln!(
        out,
        "<path d=\"M{key} 38h28\" {} stroke-width=\"2.5\"/>\
         <text x=\"{}\" y=\"42\">attain the tier</text>\
         <path d=\"M{} 38h28\" {} stroke-width=\"2.5\"/>\
         <text x=\"{}\" y=\"42\">hold and keep it</text>",
        FILE.attain,
        key + 36,
        key + 150,
        FILE.keep,
        key + 186
    );
    curves(&mut out, sweep, FILE);
    let (middle, bottom) = (LEFT + ACROSS / 2, TOP + DOWN);
    let sense = if sweep.is_ceiling { "asked, at most" } else { "asked, at least" };
    let _ = writeln!(
        out,
        "<text x=\"{middle}\" y=\"{}\" text-anchor=\"middle\">{sense}</text>",
        bottom + 44
    );
    if let Some(x) = sweep.asked.and_then(|asked| across(sweep, asked)) {
        let (x, y) = (x + 4, TOP + 12);
        let _ = writeln!(out, "<text x=\"{x}\" y=\"{y}\" fill=\"#555\">now</text>");
    }
    out.push_str("</svg>\n");
    out
}

/// The curves alone, for a page that says around them what they are.
pub(super) fn drawn(sweep: &Sweep, label: &str) -> String {
    let (top, high) = (TOP - 16, DOWN + 48);
    let mut out = format!(
        "<svg class=\"chart\" viewBox=\"0 {top} {WIDTH} {high}\" role=\"img\" \
         aria-label=\"{}\">\n",
        escaped(label)
    );
    curves(&mut out, sweep, PAGE);
    out.push_str("</svg>");
    out
}

fn curves(out: &mut String, sweep: &Sweep, look: Look) {
    let most = sweep.points.iter().map(|point| point.attain.max(point.keep)).max().unwrap_or(0);
    let most = most.max(1);
    axes(out, sweep, most, look);
    let attain: Vec<u64> = sweep.points.iter().map(|point| point.attain).collect();
    let keep: Vec<u64> = sweep.points.iter().map(|point| point.keep).collect();
    curve(out, sweep, &attain, most, look.attain);
    curve(out, sweep, &keep, most, look.keep);
}

/// How far a threshold lies from the left, in pixels.
fn across(sweep: &Sweep, threshold: Decimal) -> Option<u32> {
    let first = sweep.points.first()?.threshold;
    let last = sweep.points.last()?.threshold;
    let length = Number::from_decimal(first).short_of(last);
    let part = Number::from_decimal(first).short_of(threshold);
    let is_inside = first <= threshold && threshold <= last;
    let whole = length.permille_of(Decimal::from_whole(1), u32::MAX);
    let part = part.permille_of(Decimal::from_whole(1), u32::MAX);
    let at = u64::from(part) * u64::from(ACROSS) / u64::from(whole.max(1));
    u32::try_from(at).ok().filter(|_| is_inside).map(|at| LEFT + at.min(ACROSS))
}

/// How far a count lies from the top, in pixels.
fn down(count: u64, most: u64) -> u32 {
    let up = u128::from(count) * u128::from(DOWN) / u128::from(most);
    TOP + DOWN - u32::try_from(up).unwrap_or(DOWN).min(DOWN)
}

fn axes(out: &mut String, sweep: &Sweep, most: u64, look: Look) {
    let Look { axis, faint, asked, .. } = look;
    let bottom = TOP + DOWN;
    // Few partners have few lines.
    let parts = if most < 4 { most } else { 4 };
    for part in 0..=parts {
        let count = most * part / parts;
        let y = down(count, most);
        let _ = writeln!(
            out,
            "<path d=\"M{LEFT} {y}h{ACROSS}\" {axis}/>\
             <text x=\"{}\" y=\"{}\" text-anchor=\"end\" {faint}>{}</text>",
            LEFT - 8,
            y + 4,
            grouped(&count.to_string())
        );
    }
    let every = sweep.points.len().div_ceil(10).max(1);
    for (nth, point) in sweep.points.iter().step_by(every).enumerate() {
        let Some(x) = across(sweep, point.threshold) else { continue };
        // On small screens every other one has room.
        let between = if nth.is_multiple_of(2) { "" } else { look.between };
        let _ = writeln!(
            out,
            "<text x=\"{x}\" y=\"{}\" text-anchor=\"middle\" {faint}{between}>{}</text>",
            bottom + 20,
            grouped(&point.threshold.to_string())
        );
    }
    if let Some(x) = sweep.asked.and_then(|asked| across(sweep, asked)) {
        let _ = writeln!(out, "<path d=\"M{x} {TOP}V{bottom}\" {asked}/>");
    }
}

fn curve(out: &mut String, sweep: &Sweep, counts: &[u64], most: u64, look: &str) {
    let mut points = String::new();
    for (point, count) in sweep.points.iter().zip(counts) {
        let Some(x) = across(sweep, point.threshold) else { continue };
        let _ = write!(points, "{x},{} ", down(*count, most));
    }
    let _ = writeln!(
        out,
        "<polyline points=\"{}\" {look} stroke-width=\"2.5\" \
         stroke-linejoin=\"round\"/>",
        points.trim_end()
    );
}

fn escaped(text: &str) -> String {
    let plain = plain(text);
    plain.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
