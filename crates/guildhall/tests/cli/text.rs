//! Answers for people: what they look like at eighty columns.

use std::path::Path;

use unicode_width::UnicodeWidthStr;

use crate::binary::command;
use crate::snapshot::difference;
use crate::{answer, root};

const GURU: &str = "web-services-guru --data examples/web-services-guru";

/// Answers and the files that hold them.
#[expect(clippy::too_many_lines, reason = "it is a list")]
fn answers() -> Vec<(&'static str, String)> {
    let on = "--as-of 2026-06-30";
    vec![
        ("scorecard", format!("scorecard {GURU} {on}")),
        ("scorecard-explained", format!("scorecard {GURU} {on} --explain")),
        (
            "scorecard-as-known-before",
            format!("scorecard {GURU} --as-of 2026-04-30 --known-at 2026-04-30T23:59:59Z"),
        ),
        (
            "scorecard-of-another-path",
            format!("scorecard halyard-apps --data examples/small-network {on}"),
        ),
        (
            "scorecard-of-an-unknown-tier",
            format!("scorecard fernhollow --data examples/small-network {on}"),
        ),
        (
            "scorecard-of-another-network",
            format!("scorecard zeltner-roofing --data examples/summit-roofing {on} --explain"),
        ),
        ("network", format!("network --data examples/small-network {on}")),
        ("network-of-another-network", format!("network --data examples/summit-roofing {on}")),
        ("changes", format!("changes {GURU} --from 2026-03-31 --to 2026-06-30")),
        (
            "changes-of-knowledge",
            format!(
                "changes {GURU} --from 2026-06-30 --to 2026-06-30 --known-from 2026-04-30T23:59:59Z"
            ),
        ),
        ("changes-of-rules", format!("changes {GURU} --from 2024-07-09 --to 2024-07-10")),
        (
            "discount",
            format!("discount harbour-cloud --data examples/small-network --period 2026-H1 {on}"),
        ),
        ("discount-explained", format!("discount {GURU} --period 2026-H1 {on} --explain")),
        ("forecast", format!("forecast {GURU} {on} --until 2026-12-31")),
        (
            "forecast-supposed",
            format!(
                "forecast {GURU} {on} --until 2026-11-30 --no-reviews --leaves ind-13=2026-09-01 \
                 --passes ind-04=cloud-practitioner@2026-08-15 --plan-validated 2026-09-20"
            ),
        ),
        ("forecast-calendar", format!("forecast {GURU} {on} --until 2027-03-31 --calendar")),
        (
            "forecast-of-a-network",
            format!("forecast --data examples/small-network {on} --until 2026-12-31"),
        ),
        (
            "forecast-of-another-network",
            format!("forecast --data examples/summit-roofing {on} --until 2027-06-30"),
        ),
        (
            "impact",
            format!("rulebook impact apn-2021-01 apn-2024-07 --data examples/small-network {on}"),
        ),
        (
            "impact-swept",
            format!(
                "rulebook impact apn-2021-01 apn-2024-07 --data examples/small-network {on} \
                 --sweep advanced.launched_opportunities=5..30"
            ),
        ),
        ("plan", format!("plan {GURU} {on} --to advanced --by 2026-12-31")),
        ("plan-to-keep", format!("plan {GURU} {on} --keep --by 2026-12-31")),
        (
            "plan-of-a-discount",
            format!("plan {GURU} {on} --discount quality_survey --period 2027-H1"),
        ),
        (
            "plan-of-another-network",
            format!(
                "plan tarn-and-tile --data examples/summit-roofing {on} --to ridge --by 2026-12-31"
            ),
        ),
        ("rulebook-diff", "rulebook diff apn-2021-01 apn-2024-07".to_owned()),
    ]
}

#[test]
fn answers_look_as_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots");
    let texts = answers().into_iter().map(|(name, line)| (name, answer(&line)));
    let wrong: Vec<String> = texts
        .filter_map(|(name, text)| difference(&folder.join(name).with_extension("txt"), &text))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_line_is_wider_than_eighty_columns() {
    let mut wide = Vec::new();
    for (name, line) in answers() {
        let text = answer(&line);
        let lines = text.lines().filter(|line| line.width() > 80);
        wide.extend(lines.map(|line| format!("{name}: {line}")));
    }
    assert!(wide.is_empty(), "{}", wide.join("\n"));
}

#[test]
fn no_line_ends_in_blanks() {
    for (name, line) in answers() {
        for line in answer(&line).lines() {
            assert_eq!(line.trim_end(), line, "{name}");
        }
    }
}

/// Colour is for terminals: a pipe gets none, whether or not it was switched off.
#[test]
fn what_is_piped_has_no_escape_codes() {
    let bad = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad-facts/bad-value");
    let on = ["network", "--as-of", "2026-06-30", "--data"];
    for folder in [root().join("examples/small-network"), bad] {
        let output = command(&root()).env_remove("NO_COLOR").args(on).arg(folder).output().unwrap();
        for bytes in [output.stdout, output.stderr] {
            assert!(!bytes.contains(&0x1b), "{}", String::from_utf8_lossy(&bytes));
        }
    }
}

#[test]
fn narrow_and_wide_terminals_are_kept_within_bounds() {
    for (columns, most) in [("72", 72), ("100", 100), ("500", 100), ("", 80)] {
        let mut command = command(&root());
        let line = format!("scorecard {GURU} --as-of 2026-06-30");
        let output =
            command.env("COLUMNS", columns).args(line.split_whitespace()).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let widest = text.lines().map(UnicodeWidthStr::width).max().unwrap();
        assert!(widest <= most, "COLUMNS={columns}: {widest} columns\n{text}");
    }
}

/// Texts of the facts may hold what would paint over a terminal.
#[test]
fn control_characters_of_the_facts_are_not_printed() {
    let folder = crate::scratch::scratch("control-characters");
    let partners = "id,name,path\n\u{1b}[31mred,\"Red \u{1b}[2J\u{7} Cloud\",fitting\n";
    std::fs::write(folder.join("partners.csv"), partners).unwrap();
    std::fs::write(folder.join("network.toml"), "id = \"summit\"\n").unwrap();
    let on = ["--as-of", "2026-06-30"];
    for arguments in [&["scorecard", "\u{1b}[31mred"][..], &["network"]] {
        let output = command(&folder).args(arguments).args(on).output().unwrap();
        assert_eq!(output.status.code(), Some(0));
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(!text.contains(['\u{1b}', '\u{7}']), "{text:?}");
    }
    let output = command(&folder).args(["scorecard", "\u{1b}[31mrad"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(!text.contains('\u{1b}'), "{text:?}");
}
