//! Pages of facts keep their groups and escape what they show.

use super::super::tests::sample::{awkward, edition, scorecard};
use super::*;

#[test]
fn a_page_of_facts_keeps_its_groups() {
    let scorecard = awkward();
    let row = scorecard.rows.iter().find(|row| row.measure == "jobs").expect("a row");
    let all = lists(Texts::english(), row);
    let count =
        |groups: &[GroupView]| -> usize { groups.iter().map(|group| group.facts.len()).sum() };
    let total = count(&all.groups);
    assert!(total > 500);
    let first = slice(lists(Texts::english(), row).groups, 0, 50);
    assert_eq!((count(&first), first.first().map(|group| group.has_counted)), (50, Some(true)));
    let last = slice(all.groups, total - 3, 50);
    assert_eq!((count(&last), last.len()), (3, 1));
}

#[test]
fn a_part_shows_what_there_is_and_escapes_it() {
    let (scorecard, edition) = (scorecard(), edition());
    let row = scorecard.rows.iter().find(|row| row.measure == "installers").expect("a row");
    let lists = lists(Texts::english(), row);
    let asked = Asked { partner: "gable", measure: "installers", address: "/x", edition: &edition };
    let group = |group: GroupView| {
        let of = Of { t: Texts::english(), asked: &asked, kind: group.kind };
        Group {
            title: group.title,
            tally: group.tally,
            detail: group.detail,
            has_details: !group.is_terse,
            facts: group.facts.into_iter().map(|fact| of.fact(fact, None, true)).collect(),
        }
    };
    let evidence = Evidence {
        help: Some("<b>".to_owned()),
        tally: lists.tally,
        readings: Vec::new(),
        groups: lists.groups.into_iter().map(group).collect(),
        previous: None,
        next: Some("/x?behind=50".to_owned()),
        place: Some("1 to 50 of 60".to_owned()),
        has_actions: true,
        whole: "/x".to_owned(),
    };
    let html = EvidencePart { t: Texts::english(), evidence }.render().expect("a part");
    assert!(html.contains("last valid day was 1 Feb 2031") && !html.contains("<b>"));
    assert!(html.contains(
        "/disputes/new?partner=gable&#38;kind=credentials&#38;fact=cert-6&#38;\
         measure=installers"
    ));
}
