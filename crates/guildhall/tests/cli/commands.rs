//! Help, completions, manual pages, exit statuses.

use std::collections::BTreeSet;
use std::fs;
use std::process::Stdio;

use serde_json::Value;

use crate::binary::{command, run};
use crate::scratch::scratch;
use crate::{answer, guildhall, root};

/// The commands below one, as its help lists them.
fn commands(of: &str) -> Vec<String> {
    let help = answer(&format!("{of} --help"));
    let Some((_, list)) = help.split_once("Commands:\n") else { return Vec::new() };
    let names = list.lines().take_while(|line| !line.is_empty());
    let names = names.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let names = names.filter_map(|line| line.split_whitespace().next());
    names.filter(|name| *name != "help").map(|name| format!("{of} {name}")).collect()
}

fn every_command() -> Vec<String> {
    let mut found = Vec::new();
    let mut open = commands("");
    while let Some(name) = open.pop() {
        let inner = commands(&name);
        if inner.is_empty() {
            found.push(name.trim().to_owned());
        }
        open.extend(inner);
    }
    found.sort();
    found
}

#[test]
fn every_command_has_help_with_an_example() {
    let commands = every_command();
    for name in ["scorecard", "network", "changes", "discount", "rulebook check", "rulebook diff"] {
        assert!(commands.iter().any(|command| command == name), "{name}");
    }
    for name in &commands {
        for flag in ["--help", "-h"] {
            let help = answer(&format!("{name} {flag}"));
            let (_, example) = help.split_once("Example:\n").unwrap_or_else(|| panic!("{help}"));
            assert!(example.trim_start().starts_with(&format!("guildhall {name}")), "{example}");
            assert!(help.starts_with(|c: char| c.is_uppercase()), "{help}");
        }
    }
}

/// The examples of the help are commands that do what they say.
#[test]
fn examples_of_the_help_run() {
    for name in ["scorecard", "network", "changes", "discount"] {
        let help = answer(&format!("{name} --help"));
        let (_, example) = help.split_once("Example:\n").unwrap();
        let line = example.trim().strip_prefix("guildhall ").unwrap();
        assert!(!answer(line).is_empty(), "{line}");
    }
}

#[test]
fn the_version_is_told() {
    assert_eq!(answer("--version"), format!("guildhall {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn completions_are_written_for_every_shell() {
    for shell in ["bash", "zsh", "fish"] {
        let text = answer(&format!("completions {shell}"));
        for name in ["scorecard", "network", "rulebook", "generate", "as-of"] {
            assert!(text.contains(name), "{shell}: {name}");
        }
    }
    assert_eq!(guildhall("completions tcl").code, Some(1));
}

#[test]
fn every_command_has_a_manual_page() {
    let folder = scratch("man");
    let found = run(&folder, &["man", "pages/man1"]);
    assert_eq!((found.code, found.stdout.as_str(), found.stderr.as_str()), (Some(0), "", ""));
    let pages = fs::read_dir(folder.join("pages/man1")).unwrap();
    let pages: BTreeSet<String> =
        pages.map(|page| page.unwrap().file_name().into_string().unwrap()).collect();
    assert!(pages.contains("guildhall.1"));
    for name in every_command() {
        let page = format!("guildhall-{}.1", name.replace(' ', "-"));
        assert!(pages.contains(&page), "{page}: {pages:?}");
        let text = fs::read_to_string(folder.join("pages/man1").join(&page)).unwrap();
        assert!(text.contains(".TH") && text.contains("Example"), "{page}");
    }
}

#[test]
fn wrong_arguments_exit_with_one_and_say_what_is_right() {
    for (line, part) in [
        ("", "Usage: guildhall"),
        ("scorecrd acme", "scorecard"),
        ("scorecard", "<PARTNER>"),
        ("rulebook", "Usage: guildhall rulebook"),
        ("rulebook check", "<PATH>"),
        ("network --as-of 30.06.2026", "YYYY-MM-DD"),
        ("network --as-of 2026-02-29", "day of the calendar"),
        ("network --known-at 2026-06-30", "RFC 3339"),
        ("network --csv --explain", "cannot be used with"),
        ("network --explain", "--json"),
        ("generate x --partners minus", "--partners"),
        ("discount acme", "--period"),
    ] {
        let found = guildhall(line);
        assert_eq!((found.code, found.stdout.as_str()), (Some(1), ""), "{line}");
        assert!(found.stderr.contains(part), "{line}: {}", found.stderr);
    }
    for line in ["network --json --as-of 30.06.2026", "network --json --csv"] {
        let found = guildhall(line);
        assert_eq!((found.code, found.stderr.as_str()), (Some(1), ""), "{line}");
        let report: Value = serde_json::from_str(&found.stdout).unwrap();
        assert_eq!(report["problems"][0]["code"], "bad-argument", "{line}");
    }
}

#[test]
fn a_partner_that_is_not_there_is_looked_for_nearby() {
    let line = "--data examples/small-network --as-of 2026-06-30";
    for (given, part) in [
        ("harbor-cloud", "did you mean `harbour-cloud`?"),
        ("Kestrel-Cloud", "did you mean `kestrel-cloud`"),
        ("halyard", "did you mean `halyard-apps`?"),
        ("zzzzzzzz", "`guildhall network` lists all partners"),
    ] {
        let found = guildhall(&format!("scorecard {given} {line}"));
        assert_eq!((found.code, found.stdout.as_str()), (Some(1), ""), "{given}");
        assert!(found.stderr.contains(&format!("there is no partner `{given}`")));
        assert!(found.stderr.contains(part), "{given}: {}", found.stderr);
    }
}

#[test]
fn what_cannot_be_written_exits_with_two() {
    let line = "scorecard northlight --data examples/small-network --as-of 2026-06-30";
    for more in ["--html examples/no-such-folder/page.html", "--rejects examples/no/rejects.csv"] {
        let found = guildhall(&format!("{line} {more}"));
        assert_eq!((found.code, found.stdout.as_str()), (Some(2), ""), "{more}");
        assert!(found.stderr.starts_with("error: writing "), "{}", found.stderr);
    }
    let found = guildhall("man examples/README.md/pages");
    assert_eq!(found.code, Some(2), "{}", found.stderr);
}

/// `guildhall network | head -1` is no failure.
#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let folder = scratch("pipe");
    let made = ["generate", "big", "--partners", "300", "--seed", "1", "--facts-per-partner", "20"];
    assert_eq!(run(&folder, &made).code, Some(0));
    let on = ["network", "--data", "big", "--as-of", "2026-06-30", "--json", "--explain"];
    let mut child =
        command(&folder).args(on).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
}

#[test]
fn a_foreign_layout_gives_the_same_numbers() {
    let card = |folder: &str| -> Value {
        let line = "scorecard web-services-guru --as-of 2026-06-30 --json --data examples/";
        serde_json::from_str(&answer(&format!("{line}{folder}"))).unwrap()
    };
    let (own, foreign) = (card("web-services-guru"), card("foreign-layout"));
    assert_eq!(foreign["tier"], own["tier"]);
    let rows = |card: &Value| card["rows"].as_array().unwrap().clone();
    let mut same = 0;
    for (own, foreign) in rows(&own).iter().zip(rows(&foreign)) {
        let knowledge_or_experience = own["component"] == "knowledge"
            || own["measure"].as_str().unwrap().starts_with("launched_");
        if knowledge_or_experience {
            assert_eq!(own["renewal"]["value"], foreign["renewal"]["value"], "{own}");
            assert_eq!(own["upgrade"]["value"], foreign["upgrade"]["value"], "{own}");
            same += 1;
        }
    }
    assert!(same >= 8, "{same}");
}

#[test]
fn knowledge_of_a_moment_leaves_out_what_was_learnt_later() {
    let card = |more: &str| -> Value {
        let line = "scorecard web-services-guru --data examples/web-services-guru --json";
        serde_json::from_str(&answer(&format!("{line} --as-of 2026-04-30 {more}"))).unwrap()
    };
    let (then, now) = (card("--known-at 2026-04-30T23:59:59Z"), card(""));
    assert_eq!(then["known_at"], "2026-04-30T23:59:59Z");
    assert!(now["known_at"].is_null());
    assert_ne!(then["rows"], now["rows"]);
    let late = card("--known-at 9999-01-01T00:00:00Z");
    assert_eq!(late["rows"], now["rows"]);
}

/// The folder is the current one where none is named, and the day is today.
#[test]
fn the_current_folder_and_today_are_meant_where_nothing_is_said() {
    let found = run(&root().join("examples/web-services-guru"), &["network", "--json"]);
    assert_eq!((found.code, found.stderr.as_str()), (Some(0), ""));
    assert_eq!(found.stdout.lines().count(), 1);
}
