//! What changed between two editions: nothing that means something is left out.
#![expect(clippy::unwrap_used, reason = "a test may fail")]
#![expect(clippy::indexing_slicing, reason = "a test may fail")]

use guildhall_rules::day::Day;
use guildhall_rules::decimal::Decimal;
use guildhall_rules::facts::{Desk, ReviewKind, SupportMode};
use guildhall_rules::rulebook::{
    Area, Certainty, ChangeKind, Component, Condition, DatedName, Edition, EffortKind, FactKind,
    Field, Filter, MeasureRule, NumberField, PeopleRule, Selection, Target, Term, WhenLost,
    WhenNotMet, Window, diff, load,
};

fn sample() -> Edition {
    load("summit.toml", include_str!("bad-rulebooks/no-problem.toml")).unwrap()
}

fn selection<'e>(edition: &'e mut Edition, id: &str) -> &'e mut Selection {
    let measure = edition.measures.iter_mut().find(|measure| measure.id == id).unwrap();
    match &mut measure.rule {
        MeasureRule::Count { of, .. }
        | MeasureRule::Sum { of, .. }
        | MeasureRule::Mean { of, .. }
        | MeasureRule::Share { of, .. } => of,
        _ => unreachable!("`{id}` selects no facts"),
    }
}

fn rule<'e>(edition: &'e mut Edition, id: &str) -> &'e mut MeasureRule {
    &mut edition.measures.iter_mut().find(|measure| measure.id == id).unwrap().rule
}

fn text(text: &mut String) {
    text.push_str(" anew");
}

type Mutation = (&'static str, Area, fn(&mut Edition));

/// One for every field of an edition that means something.
const MUTATIONS: &[Mutation] = &[
    ("network", Area::Rulebook, |e| text(&mut e.network)),
    ("title", Area::Names, |e| text(&mut e.title)),
    ("published_at", Area::Dates, |e| e.published_at = "2025-09-16T00:00:00Z".parse().unwrap()),
    ("in_force_from", Area::Dates, |e| e.in_force_from = Day::new(2026, 2, 1).unwrap()),
    ("evaluation", Area::Rulebook, |e| e.evaluation = 2),
    ("currency", Area::Rulebook, |e| e.currency = "CHF".into()),
    ("sources.title", Area::Names, |e| text(&mut e.sources[0].title)),
    ("sources.certainty", Area::Sources, |e| e.sources[0].certainty = Certainty::Low),
    ("sources.id", Area::Sources, |e| text(&mut e.sources[1].id)),
    ("components.title", Area::Names, |e| text(&mut e.components[0].title)),
    ("components, one more", Area::Measures, |e| {
        e.components.push(Component { id: "more".into(), title: "More".into() });
    }),
    ("components, order", Area::Measures, |e| e.components.swap(0, 1)),
    ("levels.id", Area::Credentials, |e| text(&mut e.levels[0].id)),
    ("levels.title", Area::Names, |e| text(&mut e.levels[0].title)),
    ("levels.rank", Area::Credentials, |e| e.levels[0].rank = 7),
    ("credentials.id", Area::Credentials, |e| text(&mut e.credentials[0].id)),
    ("credentials.title", Area::Names, |e| text(&mut e.credentials[0].title)),
    ("credentials.level", Area::Credentials, |e| e.credentials[0].level = 1),
    ("credentials.validity", Area::Credentials, |e| e.credentials[0].validity_months = None),
    ("credentials, one less", Area::Credentials, |e| drop(e.credentials.pop())),
    ("programs.id", Area::Programs, |e| text(&mut e.programs[0].id)),
    ("programs.title", Area::Names, |e| text(&mut e.programs[0].title)),
    ("programs.category", Area::Programs, |e| text(&mut e.programs[0].category)),
    ("resolution_codes", Area::Words, |e| e.resolution_codes.clear()),
    ("resolution_codes.title", Area::Names, |e| text(&mut e.resolution_codes[0].title)),
    ("partner_kinds", Area::Words, |e| {
        e.partner_kinds.push(Term { id: "builder".into(), title: "Builder".into() });
    }),
    ("partner_kinds.title", Area::Names, |e| text(&mut e.partner_kinds[0].title)),
    ("event_kinds.id", Area::Words, |e| text(&mut e.event_kinds[0].id)),
    ("event_kinds.title", Area::Names, |e| text(&mut e.event_kinds[0].title)),
    ("event_kinds.attributes", Area::Words, |e| e.event_kinds[0].attributes.push("trade".into())),
    ("measures.id", Area::Measures, |e| text(&mut e.measures[0].id)),
    ("measures.title", Area::Names, |e| text(&mut e.measures[0].title)),
    ("measures.help", Area::Names, |e| e.measures[0].help = None),
    ("measures.component", Area::Measures, |e| e.measures[0].component = 1),
    ("measures.unit", Area::Names, |e| e.measures[0].unit = Some("heads".into())),
    ("measures.renewal", Area::Measures, |e| e.measures[3].windows.renewal = Window::AsOf),
    ("measures.upgrade", Area::Measures, |e| {
        e.measures[3].windows.upgrade = Window::RollingMonths(6);
    }),
    ("measures.sources", Area::Sources, |e| e.measures[0].grounds.sources.push(1)),
    ("measures.assumed", Area::Sources, |e| e.measures[0].grounds.assumed = Some("why".into())),
    ("measures, order", Area::Measures, |e| {
        // Positions are references: the third and the fourth change places everywhere.
        e.measures.swap(5, 6);
        let moved = |at: &mut usize| *at = [0, 1, 2, 3, 4, 6, 5, 7, 8, 9, 10, 11, 12, 13][*at];
        for tier in e.paths.iter_mut().flat_map(|path| &mut path.tiers) {
            tier.requires.iter_mut().for_each(|asked| moved(&mut asked.measure));
        }
        let MeasureRule::Points(parts) = rule(e, "points") else { return };
        for part in parts {
            moved(&mut part.measure);
        }
    }),
    ("people, by credentials", Area::Measures, |e| {
        *rule(e, "roofers") = MeasureRule::People(PeopleRule::Holding(vec![1]));
    }),
    ("people, by level", Area::Measures, |e| {
        *rule(e, "masters") = MeasureRule::People(PeopleRule::AtLevel(vec![0, 1]));
    }),
    ("people, by highest level", Area::Measures, |e| {
        *rule(e, "installers") = MeasureRule::People(PeopleRule::HighestLevel(vec![1]));
    }),
    ("people, level or highest", Area::Measures, |e| {
        *rule(e, "masters") = MeasureRule::People(PeopleRule::HighestLevel(vec![1]));
    }),
    ("count.of", Area::Measures, |e| selection(e, "projects").kind = FactKind::Reference),
    ("count.where", Area::Measures, |e| {
        selection(e, "projects")
            .filters
            .push(Filter { field: Field::Industry, one_of: vec!["farming".into()] });
    }),
    ("count.where, value", Area::Measures, |e| {
        selection(e, "specialisms").filters[0].one_of.push("agreement".into());
    }),
    ("count.distinct", Area::Measures, |e| {
        let MeasureRule::Count { distinct, .. } = rule(e, "specialisms") else { return };
        *distinct = None;
    }),
    ("sum.of", Area::Measures, |e| selection(e, "orders").filters.clear()),
    ("sum.field", Area::Measures, |e| {
        let MeasureRule::Sum { field, .. } = rule(e, "orders") else { return };
        *field = NumberField::ExpectedMrr;
    }),
    ("mean or sum", Area::Measures, |e| {
        let of = selection(e, "orders").clone();
        *rule(e, "orders") = MeasureRule::Mean { of, field: NumberField::Amount };
    }),
    ("mean.field", Area::Measures, |e| {
        let MeasureRule::Mean { field, .. } = rule(e, "satisfaction") else { return };
        *field = NumberField::Scores;
    }),
    ("share.where", Area::Measures, |e| selection(e, "rework").filters.clear()),
    ("share.matching", Area::Measures, |e| {
        let MeasureRule::Share { matching, .. } = rule(e, "rework") else { return };
        drop(matching[0].one_of.pop());
    }),
    ("desk", Area::Measures, |e| selection(e, "customer_calls").desk = Some(Desk::Partner)),
    ("desk, any", Area::Measures, |e| selection(e, "customer_calls").desk = None),
    ("support", Area::Measures, |e| {
        selection(e, "customer_calls").support = vec![SupportMode::Direct];
    }),
    ("document", Area::Measures, |e| {
        *rule(e, "year_plan") = MeasureRule::Document { valid_months: 12 };
    }),
    ("decision", Area::Measures, |e| {
        *rule(e, "consent") = MeasureRule::Decision { decision: ReviewKind::Review };
    }),
    ("sustained", Area::Measures, |e| {
        *rule(e, "seasons") = MeasureRule::Sustained { up_to_months: 6 };
    }),
    ("points.parts, one less", Area::Measures, |e| {
        let MeasureRule::Points(parts) = rule(e, "points") else { return };
        parts.truncate(parts.len() - 1);
    }),
    ("points.points", Area::Measures, |e| {
        let MeasureRule::Points(parts) = rule(e, "points") else { return };
        parts[0].points = Decimal::from_whole(5);
    }),
    ("points.at_most", Area::Measures, |e| {
        let MeasureRule::Points(parts) = rule(e, "points") else { return };
        parts[0].at_most = None;
    }),
    ("training.id", Area::Training, |e| text(&mut e.training[0].id)),
    ("training.title", Area::Names, |e| text(&mut e.training[0].title)),
    ("training.leads_to", Area::Training, |e| e.training[1].leads_to = None),
    ("training.cost", Area::Training, |e| e.training[0].cost = Decimal::from_whole(7)),
    ("training.days", Area::Training, |e| e.training[0].days = 9),
    ("training.requires", Area::Training, |e| e.training[1].requires.clear()),
    ("training.after", Area::Training, |e| e.training[1].after.push(0)),
    ("training.assumed", Area::Sources, |e| e.training[0].grounds.assumed = Some("why".into())),
    ("efforts.id", Area::Training, |e| text(&mut e.efforts[0].id)),
    ("efforts.title", Area::Names, |e| text(&mut e.efforts[0].title)),
    ("efforts.of", Area::Training, |e| e.efforts[0].kind = EffortKind::Reference),
    ("efforts.cost", Area::Training, |e| e.efforts[0].cost = Decimal::from_whole(7)),
    ("efforts.days", Area::Training, |e| e.efforts[0].days = 9),
    ("efforts.at_most", Area::Training, |e| e.efforts[0].at_most = Some(2)),
    ("efforts.amount", Area::Training, |e| e.efforts[0].amount = None),
    ("efforts.score", Area::Training, |e| e.efforts[0].score = Some(4)),
    ("efforts.fields", Area::Training, |e| e.efforts[0].fields.clear()),
    ("efforts.assumed", Area::Sources, |e| e.efforts[0].grounds.assumed = Some("why".into())),
    ("paths.id", Area::Tiers, |e| text(&mut e.paths[1].id)),
    ("paths.title", Area::Names, |e| text(&mut e.paths[1].title)),
    ("paths, order", Area::Tiers, |e| e.paths.swap(0, 1)),
    ("tiers.id", Area::Tiers, |e| text(&mut e.paths[0].tiers[0].id)),
    ("tiers.title", Area::Names, |e| text(&mut e.paths[0].tiers[0].title)),
    ("tiers.names", Area::Names, |e| {
        let from = Day::new(2027, 1, 1).unwrap();
        e.paths[0].tiers[0].names.push(DatedName { from, name: "Camp".into() });
    }),
    ("tiers.names.from", Area::Names, |e| {
        e.paths[0].tiers[0].names[0].from = Day::new(2013, 1, 1).unwrap();
    }),
    ("tiers.names.name", Area::Names, |e| text(&mut e.paths[0].tiers[0].names[0].name)),
    ("tiers.sources", Area::Sources, |e| e.paths[0].tiers[0].grounds.sources.clear()),
    ("tiers.assumed", Area::Sources, |e| {
        e.paths[0].tiers[0].grounds.assumed = Some("why".into());
    }),
    ("tiers, one less", Area::Tiers, |e| drop(e.paths[0].tiers.pop())),
    ("tiers, order", Area::Tiers, |e| e.paths[0].tiers.swap(1, 2)),
    ("requires, one less", Area::Tiers, |e| drop(e.paths[0].tiers[0].requires.pop())),
    ("requires.measure", Area::Tiers, |e| e.paths[0].tiers[0].requires[0].measure = 0),
    ("requires.target", Area::Tiers, |e| {
        e.paths[0].tiers[0].requires[0].target = Target::AtLeast(Decimal::from_whole(1));
    }),
    ("requires.target, direction", Area::Tiers, |e| {
        e.paths[0].tiers[0].requires[0].target = Target::AtMost(Decimal::ZERO);
    }),
    ("requires.columns", Area::Tiers, |e| {
        e.paths[0].tiers[1].requires[0].columns.renewal = false;
    }),
    ("requires.columns, other", Area::Tiers, |e| {
        e.paths[0].tiers[1].requires[0].columns.upgrade = false;
    }),
    ("requires.sources", Area::Sources, |e| {
        e.paths[0].tiers[1].requires[0].grounds.sources.push(0);
    }),
    ("requires.assumed", Area::Sources, |e| {
        e.paths[0].tiers[2].requires.last_mut().unwrap().grounds.assumed = None;
    }),
    ("review.every_months", Area::Review, |e| e.review.every_months = 24),
    ("review.counted_from", Area::Review, |e| e.review.counted_from.truncate(1)),
    ("review.resets_windows", Area::Review, |e| e.review.resets_windows.push(ReviewKind::Upgrade)),
    ("review.notice_days", Area::Review, |e| e.review.notice_days.push(1)),
    ("review.grace_days", Area::Review, |e| e.review.grace_days = 0),
    ("review.when_not_met", Area::Review, |e| e.review.when_not_met = WhenNotMet::Keep),
    ("review.sources", Area::Sources, |e| e.review.grounds.sources = vec![1]),
    ("review.assumed", Area::Sources, |e| e.review.grounds.assumed = Some("other".into())),
    ("discounts.id", Area::Discounts, |e| text(&mut e.discounts[0].id)),
    ("discounts.title", Area::Names, |e| text(&mut e.discounts[0].title)),
    ("discounts.period_months", Area::Discounts, |e| e.discounts[0].period_months = 6),
    ("discounts.base", Area::Discounts, |e| e.discounts[0].base_percent = Decimal::ZERO),
    ("discounts.ceiling", Area::Discounts, |e| {
        e.discounts[0].ceiling_percent = Decimal::from_whole(50);
    }),
    ("discounts.when_lost", Area::Discounts, |e| {
        e.discounts[0].when_lost = WhenLost::EndsWithPeriod;
    }),
    ("discounts.sources", Area::Sources, |e| e.discounts[0].grounds.sources.clear()),
    ("discounts, spend gone", Area::Discounts, |e| e.discounts[0].spend = None),
    ("spend.kind", Area::Discounts, |e| e.discounts[0].spend.as_mut().unwrap().kind = 0),
    ("spend.months", Area::Discounts, |e| e.discounts[0].spend.as_mut().unwrap().months = 12),
    ("spend.sources", Area::Sources, |e| {
        e.discounts[0].spend.as_mut().unwrap().grounds.sources.push(0);
    }),
    ("spend.assumed", Area::Sources, |e| {
        e.discounts[0].spend.as_mut().unwrap().grounds.assumed = Some("why".into());
    }),
    ("discounts.assumed", Area::Sources, |e| {
        e.discounts[0].grounds.assumed = Some("why".into());
    }),
    ("discounts, one less", Area::Discounts, |e| e.discounts.clear()),
    ("eligibility.rule", Area::Discounts, |e| text(&mut e.discounts[0].eligibility[0].rule)),
    ("eligibility.path", Area::Discounts, |e| {
        e.discounts[0].eligibility[0].condition = Condition::Path(vec!["supply".into()]);
    }),
    ("eligibility.tier", Area::Discounts, |e| {
        e.discounts[0].eligibility[1].condition = Condition::Tier(vec!["ridge".into()]);
    }),
    ("eligibility, condition", Area::Discounts, |e| {
        e.discounts[0].eligibility[1].condition = Condition::GoodStanding;
    }),
    ("eligibility.program", Area::Discounts, |e| {
        e.discounts[0].eligibility[3].condition = Condition::Program(vec![0]);
    }),
    ("eligibility.sources", Area::Sources, |e| {
        e.discounts[0].eligibility[0].grounds.sources.push(0);
    }),
    ("eligibility.assumed", Area::Sources, |e| {
        e.discounts[0].eligibility[3].grounds.assumed = None;
    }),
    ("eligibility, order", Area::Discounts, |e| e.discounts[0].eligibility.swap(0, 1)),
    ("discount measure", Area::Discounts, |e| e.discounts[0].measures[0].measure = 13),
    ("discount measure, order", Area::Discounts, |e| e.discounts[0].measures.swap(0, 1)),
    ("discount measure.target", Area::Discounts, |e| {
        e.discounts[0].measures[0].target = Target::AtMost(Decimal::ZERO);
    }),
    ("discount measure.min_n", Area::Discounts, |e| e.discounts[0].measures[0].min_n = None),
    ("discount measure.points", Area::Discounts, |e| {
        e.discounts[0].measures[0].points = Decimal::ZERO;
    }),
    ("discount measure.sources", Area::Sources, |e| {
        e.discounts[0].measures[0].grounds.sources.push(0);
    }),
    ("discount measure.assumed", Area::Sources, |e| {
        e.discounts[0].measures[0].grounds.assumed = Some("why".into());
    }),
];

#[test]
fn every_field_that_means_something_surfaces_both_ways() {
    let old = sample();
    for (name, area, mutate) in MUTATIONS {
        let mut new = old.clone();
        mutate(&mut new);
        assert_ne!(old, new, "{name} changes nothing");
        for (from, to) in [(&old, &new), (&new, &old)] {
            let found = diff(from, to);
            let is_told = found.changes.iter().any(|change| change.area == *area);
            assert!(is_told, "{name}: {found:?}");
        }
    }
}

#[test]
fn an_edition_does_not_differ_from_itself_and_moving_a_list_about_is_no_change() {
    let mut old = sample();
    // They name programs and kinds of event by their places in the lists that are moved about.
    old.efforts.clear();
    old.discounts[0].spend = None;
    let mut new = old.clone();
    new.id = "summit-2027".into();
    new.partner_kinds.reverse();
    new.event_kinds.reverse();
    new.programs.swap(0, 1);
    new.review.counted_from.reverse();
    assert!(diff(&old, &new).is_empty());
    assert_eq!(diff(&old, &new).new, "summit-2027");
}

#[test]
fn changes_are_told_in_words() {
    let old = sample();
    let text = include_str!("bad-rulebooks/no-problem.toml")
        .replace("in_force_from = 2026-01-01", "in_force_from = 2027-01-01")
        .replace("installers = 8", "installers = 10")
        .replace("rework = { at_most = 0.25 }", "rework = { at_most = 0.2 }")
        .replace("satisfaction = 4.4\n", "satisfaction = 4.4\nprojects = 20\n")
        .replace("masters = 3\n", "")
        .replace("consent = { at_least = 1, sources = [\"minutes\"] }", "consent = 1")
        .replace(
            "columns = [\"upgrade\"], assumed = \"a full year\"",
            "assumed = \"twelve months\"",
        )
        .replace(
            "[[programs]]\nid = \"flat-roofs\"",
            "[[credentials]]\nid = \"tiler\"\ntitle = \"Tiler\"\n\
             level = \"journeyman\"\nvalidity_months = 12\n\n[[programs]]\nid = \"flat-roofs\"",
        )
        .replace("title = \"Ridge\"", "title = \"Crest\"")
        .replace(
            "kind = \"people\"\nlevels = [\"master\"]",
            "kind = \"people\"\n\
             levels = [\"master\", \"journeyman\"]",
        )
        .replace("grace_days = 30", "grace_days = 60")
        .replace("notice_days = [60, 14]", "notice_days = [60, 30]")
        .replace("ceiling_percent = 22.5", "ceiling_percent = 24")
        .replace("months = 9\n", "months = 12\n")
        .replace("tier = [\"ridge\", \"summit\"]", "tier = [\"summit\"]")
        .replace("measure = \"projects\", points = \"1.5\"", "measure = \"projects\", points = 2");
    // `masters` is required no longer, and counts for points instead.
    let text = text.replace(
        "    { measure = \"orders\"",
        "    { measure = \"masters\", points = 6 },\n    { measure = \"orders\"",
    );
    let new = load("summit.toml", &text).unwrap();
    let expected = "\
Dates
  Rulebook: first day in force changed from 2026-01-01 to 2027-01-01

Tiers
  Fitters / Crest: Audits that asked for rework, limit lowered from 0.25 to 0.2
  Fitters / Summit: Installers raised from 8 to 10
  Fitters / Summit: Masters no longer required (was at least 3)
  Fitters / Summit: Finished projects now required (at least 20)
  Fitters / Summit: Months at the top, columns changed from the upgrade column to both columns

Measures
  Masters: levels counted now also Journeyman
  Points: Finished projects, points for each raised from 1.5 to 2
  Points: Masters now counts, 6 for each

Credentials
  New credential Tiler (Journeyman, valid 12 months)

Review
  Review: notice before the due day now also 30 days, no longer 14 days
  Review: days of grace raised from 30 to 60

Discounts
  Service desk: ceiling percent raised from 22.5 to 24
  Service desk: eligible by “ridge_or_higher”, tiers no longer Ridge
  Service desk: what is spent, months raised from 9 to 12

Names
  Fitters / Crest: title changed from “Ridge” to “Crest”

Sources and assumptions
  Fitters / Summit: Consent of the council, sources no longer minutes
  Fitters / Summit: Months at the top, assumed for another reason: twelve months (was: a full year)
";
    assert_eq!(diff(&old, &new).to_string(), expected);
}

#[test]
fn data_says_what_the_sentence_says() {
    let old = sample();
    let mut new = old.clone();
    new.paths[0].tiers[2].requires[0].target = Target::AtLeast(Decimal::from_whole(10));
    let found = diff(&old, &new);
    assert_eq!(found.changes[0].change, ChangeKind::Raised);
    let expected = serde_json::json!({
        "old": "summit-2026",
        "new": "summit-2026",
        "changes": [{
            "area": "tiers",
            "kind": "requirement",
            "subject": "installers",
            "path": "fitting",
            "tier": "summit",
            "measure": "installers",
            "key": "at_least",
            "change": "raised",
            "old": "8",
            "new": "10",
            "sentence": "Fitters / Summit: Installers raised from 8 to 10",
        }],
    });
    assert_eq!(serde_json::to_value(&found).unwrap(), expected);
}

#[test]
fn what_belongs_to_something_that_went_is_not_told_again() {
    let old = sample();
    let mut new = old.clone();
    drop(new.paths.pop());
    let sentences: Vec<String> =
        diff(&old, &new).changes.into_iter().map(|change| change.sentence).collect();
    assert_eq!(sentences, ["Path Merchants removed"]);
    let back = diff(&new, &old);
    let sentences: Vec<&str> = back.changes.iter().map(|change| change.sentence.as_str()).collect();
    let expected = [
        "New path Merchants",
        "New tier Merchants / Depot",
        "Merchants / Depot: Material ordered now required (at least 150000)",
    ];
    assert_eq!(sentences, expected);
}
