//! Pages of invented partners: everything is escaped, every branch of the templates is reached,
//! and what is written is well formed.

pub(super) mod sample;

use guildhall_rules::discount::DiscountStatement;
use guildhall_rules::evaluation::State;
use guildhall_rules::number::Number;
use guildhall_rules::review::{ReviewForecast, ReviewOutcome};
use guildhall_rules::rulebook::{Edition, WhenLost};
use guildhall_rules::scorecard::{ColumnHead, Scorecard};

use sample::{awkward, bare, cell, day, decimal, edition, row, scorecard, statement};

fn page(scorecard: &Scorecard) -> String {
    page_by(scorecard, &edition())
}

/// Renders, and checks what must hold of every page.
fn page_by(scorecard: &Scorecard, edition: &Edition) -> String {
    let page = super::scorecard_sheet(scorecard, edition).expect("a page");
    assert_well_formed(&page);
    assert_links_lead_somewhere(&page);
    page
}

/// The text of a page without its tags, with single blanks.
fn text(page: &str) -> String {
    let body = page.split_once("</style>").expect("a style").1;
    let mut text = String::new();
    for piece in body.split('<') {
        if ["/dt>", "/th>", "/td>"].iter().any(|end| piece.starts_with(end)) {
            text.push(' ');
        }
        text.push_str(piece.split_once('>').map_or(piece, |(_, text)| text));
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn assert_says(page: &str, wanted: &[&str]) {
    let text = text(page);
    for wanted in wanted {
        assert!(text.contains(wanted), "`{wanted}` is not in:\n{text}");
    }
}

/// Every tag is closed in its turn.
#[track_caller]
fn assert_well_formed(page: &str) {
    let body = page.strip_prefix("<!DOCTYPE html>").expect("a document type");
    let mut open = Vec::new();
    for piece in body.split('<').skip(1) {
        let (tag, _) = piece.split_once('>').expect("the end of a tag");
        let name = tag.split([' ', '\n']).next().unwrap_or_default();
        match name.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name), "closed by </{name}>"),
            None if name == "meta" || tag.ends_with('/') => {}
            None => open.push(name),
        }
    }
    assert_eq!(open, Vec::<&str>::new());
}

/// Links stay on the page, and no two places have one name.
#[track_caller]
fn assert_links_lead_somewhere(page: &str) {
    let values = |attribute: &str| {
        let pieces = page.split(attribute).skip(1);
        pieces.map(|piece| piece.split('"').next().unwrap_or_default()).collect::<Vec<_>>()
    };
    let mut ids = values(" id=\"");
    for link in values(" href=\"") {
        let place = link.strip_prefix('#').expect("a link within the page");
        assert!(ids.contains(&place), "{link} leads nowhere");
    }
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count, "two places of one name");
}

#[test]
fn a_page_tells_who_where_and_by_which_rules() {
    let page = page(&scorecard());
    assert!(page.contains("<title>Gable &#38; Daughters: scorecard as of 30 Jun 2031</title>"));
    assert_says(
        &page,
        &[
            "Gable &#38; Daughters",
            "Partner gable",
            "Path Fitting",
            "As of 30 Jun 2031",
            "Known at 15 Jul 2031, 09:30 UTC",
            "Roofers’ Network, handbook of 2031 roofers-2031, network roofers, in force from",
            "Tier held Ridge",
            "Attained: Base. Below the tier held, which by itself lowers nothing.",
            "Next review 1 Nov 2031 in 124 days; the last was on 1 Nov 2030",
            "As things stand: grace until 30 Jan 2032, then Base",
            "Renewal: keep Ridge not met: 7 of 8 rows met Completed projects 2 of 3",
            "Upgrade: reach Summit not met: 4 of 10 rows met Certified installers 5 of 6",
            "Computed by Guildhall from dated facts",
            "A partner’s newsletter (one unofficial source)",
            "Partner handbook, January 2031 (the vendor’s own text)",
            "(restated, or two sources that agree)",
        ],
    );
}

#[test]
fn every_state_is_a_word_and_a_mark() {
    let page = page(&scorecard());
    for (name, word) in [
        ("met", "met"),
        ("not_met", "not met"),
        ("unknown", "unknown"),
        ("not_required", "not required"),
    ] {
        let shown = format!(
            "<span class=\"state is-{name}\"><svg class=\"icon\" viewBox=\"0 0 16 16\" \
             aria-hidden=\"true\"><use href=\"#state-{name}\"/></svg> {word}</span>"
        );
        assert!(page.contains(&shown), "{name}");
    }
}

#[test]
fn rows_say_value_target_state_and_window() {
    assert_says(
        &page(&scorecard()),
        &[
            "5 of 4 met as of the day",
            "2 not required as of the day",
            "assumed, note b not met 1 Nov 2030 to 30 Jun 2031",
            "21 of 20 met 1 Jul 2030 to 30 Jun 2031",
            "EUR a month",
            "21,480.75 of 30,000 not met",
            "no not required",
            "no, required not met",
            "8%, at most 10% met",
            "4.25, at least 4.5 not met",
            "not known, 6 required unknown",
            "yes met",
        ],
    );
}

#[test]
fn bars_stand_against_their_targets() {
    let page = page(&scorecard());
    assert!(page.contains("Renewal: 125% of its target, Upgrade: 83% of its target"));
    assert!(page.contains("Renewal: 150% or more of its target, Upgrade: 140% of its target"));
    assert!(page.contains("class=\"goes-on\""));
    assert!(page.contains("target to stay under"));
    let mut without = scorecard();
    without.support_discount = None;
    without.rows.retain(|row| row.measure == "experts");
    for row in &mut without.rows {
        row.upgrade = cell("2", "", State::NotRequired, None);
    }
    let page = self::page(&without);
    assert!(!page.contains("class=\"bars\"") && !page.contains("class=\"legend\""));
    assert_says(&page, &["no target to draw"]);
}

#[test]
fn a_bar_of_zero_is_reached_by_zero_only() {
    let mut scorecard = scorecard();
    scorecard.rows = vec![row(
        "complaints",
        cell("0", "<0", State::Met, None),
        cell("0.01", "<0", State::NotMet, None),
    )];
    let page = page(&scorecard);
    assert!(page.contains("Renewal: 0% of its target, Upgrade: 150% or more of its target"));
}

#[test]
fn facts_are_grouped_by_what_came_of_them() {
    assert_says(
        &page(&scorecard()),
        &[
            "Certified installers 5 counted, 3 not",
            "Counted 5 credentials cert-1 person-1 cert-2 person-2",
            "Not counted: expired 1 credential cert-6 person-6 last valid day was 1 Feb 2031",
            "Not counted: person counted already 1 credential cert-8 person-8 counted by cert-2",
            "Completed projects 21 counted, 1 not",
            "Projects that are launched and approved, by the day of launch.",
            "Counted 2 opportunities roof-20 roof-21",
            "Counted for upgrade 19 opportunities roof-1 roof-2",
            "Not counted: not launched 1 opportunity roof-22 stage is Committed",
            "Not counted for renewal: outside the window 19 opportunities, each: launched on 14 \
             Sep 2030, before 1 Nov 2030 roof-1 roof-2",
            "Master roofers no facts No fact of this partner bears on this row by itself.",
        ],
    );
}

#[test]
fn a_scorecard_without_facts_has_no_links_to_them() {
    let mut scorecard = scorecard();
    scorecard.support_discount = None;
    for row in &mut scorecard.rows {
        (row.counted, row.not_counted) = (None, None);
    }
    let page = page(&scorecard);
    assert!(!page.contains("Facts behind the rows"));
    assert!(!page.contains("<details"));
}

#[test]
fn what_is_assumed_has_a_note() {
    let page = page(&scorecard());
    assert_says(
        &page,
        &[
            "a The length of the grace is not published. (Review)",
            "b No number is published; this is what partners report. (Master roofers, Summit; \
             Completed projects, Ridge)",
            "c Pooled over the window; the handbook says “average”. (Projects with a complaint; \
             Complaints)",
            "d The base is what is left of the published maximum. (Helpline discount)",
            "e The ceiling is not published. (Complaints, target)",
        ],
    );
    let mut edition = edition();
    edition.review.grounds.assumed = None;
    edition.sources.clear();
    let mut scorecard = scorecard();
    scorecard.support_discount = None;
    scorecard.rows.truncate(1);
    let page = page_by(&scorecard, &edition);
    assert!(!page.contains("Assumed") && !page.contains("Sources"));
}

#[test]
fn the_discount_is_explained() {
    assert_says(
        &page(&scorecard()),
        &[
            "Helpline discount 2031-H1",
            "30 percent",
            "For 1 Jan 2031 to 30 Jun 2031, measured over 1 Jul 2030 to 31 Dec 2030.",
            "A condition was lost on 5 Mar 2031: the discount ends with the period, on 30 Jun 2031.",
            "Path on the path Fitting met –",
            "Tier holds Ridge or Summit met Ridge; lost on 5 Mar 2031",
            "Standing in good standing met",
            "Licensed trader Licensed trader in force met",
            "Base Points 25",
            "Value 8%, at most 10% met Measured 50 Points 5",
            "4.61, at least 4.5 not met Measured 6, at least 10 needed Points 0",
            "nothing to draw Value nothing to measure, at most 0.05 unknown Measured 0 Points 0",
            "Discount Percent 30",
        ],
    );
}

#[test]
fn a_discount_that_is_not_given_says_why() {
    let page_with = |statement: DiscountStatement| {
        let mut scorecard = scorecard();
        scorecard.support_discount = Some(statement);
        page(&scorecard)
    };
    let mut refused = statement();
    refused.eligible = false;
    refused.percent = Number::ZERO;
    refused.lost_on = None;
    assert_says(&page_with(refused), &["Not eligible on the first day of the period"]);

    let mut ended = statement();
    ended.when_lost = WhenLost::EndsAtOnce;
    assert_says(&page_with(ended), &["lost on 5 Mar 2031: the discount ended on that day."]);

    let mut limited = statement();
    limited.ceiling_percent = decimal("27.5");
    assert_says(&page_with(limited), &["30 earned, limited to the ceiling of 27.5 percent."]);

    let mut plain = statement();
    plain.eligibility.clear();
    plain.lost_on = None;
    let page = page_with(plain);
    assert!(!page.contains("Who is eligible") && !page.contains("class=\"loss"));
}

#[test]
fn reviews_are_told_in_words() {
    let due = ReviewForecast {
        last_on: Some(day("2030-06-29")),
        due_on: Some(day("2031-06-29")),
        to_tier: Some("upper".to_owned()),
        ..ReviewForecast::default()
    };
    let ridge = || Some("upper".to_owned());
    let grace_until = Some(day("2031-09-27"));
    let (renew, grace) = (Some(ReviewOutcome::Renew), Some(ReviewOutcome::Grace));
    let down = Some(ReviewOutcome::Downgrade);
    for (review, words) in [
        (ReviewForecast { outcome: renew, ..due.clone() }, "As things stand: Ridge renewed"),
        (ReviewForecast { outcome: down, ..due.clone() }, "As things stand: down to Ridge"),
        (
            ReviewForecast { outcome: down, to_tier: None, ..due.clone() },
            "As things stand: down to no tier",
        ),
        (
            ReviewForecast { outcome: grace, grace_until, ..due.clone() },
            "grace until 27 Sep 2031, then no tier",
        ),
        (
            ReviewForecast { outcome: grace, grace_until, after_grace: ridge(), ..due.clone() },
            "grace until 27 Sep 2031, then Ridge is kept",
        ),
        (due.clone(), "No tier of this edition is held, so no outcome."),
        (due, "29 Jun 2031 1 day overdue; the last was on 29 Jun 2030"),
        (ReviewForecast::default(), "None due There is no review on record to count from."),
    ] {
        let page = page(&Scorecard { review, ..scorecard() });
        assert_says(&page, &[words]);
    }
}

#[test]
fn hardly_anything_known_is_still_a_page() {
    let page = page(&bare());
    assert_says(
        &page,
        &[
            "Path thatching",
            "Known at everything on record",
            "Tier held Unknown The facts do not say which tier is held on this day.",
            "Attained: None.",
            "Renewal: tier held is unknown –",
            "This edition has no rows for the path thatching.",
        ],
    );
    assert!(page.contains("<h1><bdi>gable</bdi></h1>"));
}

#[test]
fn tiers_at_the_ends_of_the_ladder() {
    let none = || ColumnHead { tier: None, met: None };
    let asks = |tier: &str| ColumnHead { tier: Some(tier.to_owned()), met: Some(true) };
    let lowest = Scorecard {
        tier: None,
        renewal: none(),
        upgrade: asks("base"),
        attained: Some("base".to_owned()),
        rows: Vec::new(),
        ..scorecard()
    };
    assert_says(
        &page(&lowest),
        &[
            "Tier held None Attained: Base. Above the tier held.",
            "Renewal: no tier to keep –",
            "Upgrade: reach Base met: asks nothing",
        ],
    );
    let highest = Scorecard {
        tier: Some("tiles".to_owned()),
        renewal: asks("tiles"),
        upgrade: none(),
        attained: Some("tiles".to_owned()),
        rows: vec![row(
            "experts",
            cell("2", "2", State::Met, None),
            cell("2", "", State::NotRequired, None),
        )],
        ..scorecard()
    };
    assert_says(
        &page(&highest),
        &["Renewal: keep Summit met: 1 of 1 row met", "Upgrade: no tier above –"],
    );
    let foreign = Scorecard { tier: Some("gold".to_owned()), ..scorecard() };
    assert_says(&page(&foreign), &["gold This edition has no such tier on the path."]);
}

#[test]
fn tiers_are_called_what_they_were_called() {
    let then = Scorecard { as_of: day("2028-12-31"), ..scorecard() };
    assert_says(&page(&then), &["Tier held Old Ridge", "reach Old Summit"]);
}

#[test]
fn a_window_without_a_beginning_has_no_value() {
    let mut scorecard = scorecard();
    let days = Some(("", "2031-07-01"));
    scorecard.rows = vec![row(
        "jobs",
        cell("0", "", State::NotRequired, days),
        cell("0", "3", State::Unknown, days),
    )];
    assert_says(
        &page(&scorecard),
        &[
            "not known not required no review on record to count from",
            "not known, 3 required unknown no review on record to count from",
        ],
    );
}

#[test]
fn a_row_of_no_component_is_not_lost() {
    let mut scorecard = scorecard();
    let asked = || cell("1", "1", State::Met, None);
    scorecard.rows = vec![row("ladders", asked(), asked())];
    assert_says(&page(&scorecard), &["elsewhere", "ladders"]);
}

#[test]
fn nothing_of_a_partner_becomes_markup() {
    let page = page(&awkward());
    assert!(!page.contains("<script") && !page.contains("<b>"));
    assert!(page.contains("&#60;script&#62;alert(1)&#60;/script&#62;"));
    assert!(page.contains("&#34;&#39;&#38;&#60;b&#62;"));
    let is_unwanted = |char: char| char.is_control() && char != '\n';
    assert!(!page.contains(is_unwanted));
    assert!(page.contains('\u{fffd}'));
    // Text that runs from right to left, or overrides its direction, is kept in its place.
    assert!(page.contains("<h1><bdi>Donau") && page.contains("בע״מ</bdi></h1>"));
    assert!(page.contains("<bdi class=\"subject\">أحمد السقاف</bdi>"));
    assert_says(&page, &["500 opportunities, each: the amount is in CHF, not EUR"]);
}

#[test]
fn nothing_is_fetched_and_no_header_is_empty() {
    for scorecard in [scorecard(), awkward(), bare()] {
        let page = page(&scorecard);
        for fetched in ["http:", "https:", "src=", "url(", "@import", "<link", "<script"] {
            assert!(!page.contains(fetched), "{fetched}");
        }
        for header in page.split("<th ").skip(1) {
            let (_, header) = header.split_once('>').expect("the end of a tag");
            let (header, _) = header.split_once("</th>").expect("the end of a header");
            assert!(header.chars().any(char::is_alphanumeric));
        }
        assert!(page.contains("<html lang=\"en\">") && page.contains("default-src 'none'"));
    }
}
