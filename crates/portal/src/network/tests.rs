//! The network page with sample data.

use std::borrow::Cow;

use super::*;

fn chart(counts: &[u64]) -> Chart {
    let days: Vec<String> = (0..counts.len()).map(|at| format!("2026-{:02}-28", at + 1)).collect();
    let days: Vec<&str> = days.iter().map(String::as_str).collect();
    Chart::new(Texts::english(), "Setters", &days, vec![("Expert".to_owned(), counts.to_vec())])
}

#[test]
fn a_column_is_as_high_as_its_part_of_the_most_and_seen_however_small() {
    let chart = chart(&[0, 1, 1000, 500]);
    let row = &chart.rows[0];
    let columns: Vec<&str> = row.columns.split('z').filter(|part| !part.is_empty()).collect();
    assert_eq!(columns.len(), 2, "{columns:?}");
    assert!(columns[0].ends_with("v1h-20"), "{columns:?}");
    assert!(columns[1].ends_with("v30h-20"), "{columns:?}");
    assert!(row.last_column.contains("v15h"), "{}", row.last_column);
    assert_eq!((row.last.as_str(), chart.table[2].1[0].as_str()), ("500", "1,000"));
    assert_eq!(chart.ticks.len(), 1);
}

#[test]
fn a_long_name_of_a_tier_is_cut_in_the_picture_only() {
    let days = ["2026-01-31"];
    let name = "Partner of the highest distinction".to_owned();
    let chart = Chart::new(Texts::english(), "Setters", &days, vec![(name.clone(), vec![1])]);
    assert_eq!(chart.rows[0].tier, name);
    assert_eq!(chart.rows[0].short, "Partner of the…");
}

#[test]
fn what_a_query_asks_for_is_read() {
    let read = |query: &str| asked(&Fields::read(query.as_bytes()));
    let found = read("q=+ada+&tier=-&due=30&sort=-due").ok();
    let found = found.unwrap_or_default();
    assert_eq!((found.text.as_deref(), found.tier.as_deref()), (Some("ada"), Some("-")));
    assert_eq!((found.due_within, found.sort.as_deref()), (Some(30), Some("-due")));
    assert_eq!(read("").ok(), Some(Asked::default()));
    assert!(read("due=soon").is_err());
    assert!(read("due=70000").is_err());
}

#[test]
fn sorting_again_turns_the_order_round() {
    let to = |sort: &str, at: usize| {
        let heads = heads(Texts::english(), sort, &|sort| sort.to_owned());
        (heads[at].to.clone(), Cow::from(heads[at].sorted))
    };
    assert_eq!(to("", 0), ("-name".into(), "ascending".into()));
    assert_eq!(to("-name", 0), ("name".into(), "descending".into()));
    assert_eq!(to("-name", 1), ("-tier".into(), "".into()));
    assert_eq!(to("-tier", 1), ("tier".into(), "descending".into()));
    assert_eq!(to("due", 3), ("-due".into(), "ascending".into()));
}
