//! Every sort of rule of an invented edition, in words.

use guildhall_rules::rulebook::load;

use super::*;

const SLATE: &str = r#"
id = "slate-2026"
network = "slate"
title = "Slate"
published_at = 2025-11-01T00:00:00Z
in_force_from = 2026-01-01
evaluation = 1
currency = "EUR"
components = [{ id = "crew", title = "Crew" }]
levels = [{ id = "hand", title = "Hand", rank = 1 }, { id = "head", title = "Head", rank = 2 }]
credentials = [
  { id = "lead", title = "Lead work", level = "hand", validity_months = 36 },
  { id = "slope", title = "Steep slopes", level = "head" },
]
programs = [{ id = "green", title = "Green roofs", category = "craft" }]
resolution_codes = [{ id = "leak", title = "A leak" }]
event_kinds = [{ id = "visit", title = "Visit", attributes = ["depth"] }]
[[measures]]
id = "holders"
title = "Holders"
component = "crew"
kind = "people"
credentials = ["lead", "slope"]
[[measures]]
id = "heads"
title = "Heads"
component = "crew"
kind = "people"
highest_level = ["head"]
[[measures]]
id = "hands"
title = "Hands"
component = "crew"
kind = "people"
levels = ["hand", "head"]
[[measures]]
id = "crafts"
title = "Crafts"
component = "crew"
kind = "count"
of = "validations"
where = { category = ["craft"] }
distinct = "program"
window = "as_of"
[[measures]]
id = "visits"
title = "Visits"
component = "crew"
kind = "count"
of = "events"
where = { kind = ["visit"], "attributes.depth" = ["deep"] }
renewal = "since_review"
upgrade = { rolling_months = 12 }
[[measures]]
id = "revenue"
title = "Revenue"
component = "crew"
kind = "sum"
of = "opportunities"
field = "expected_mrr"
window = { rolling_months = 1 }
[[measures]]
id = "stars"
title = "Stars"
component = "crew"
kind = "mean"
of = "ratings"
field = "score"
window = { rolling_months = 12 }
[[measures]]
id = "leaks"
title = "Leaks"
component = "crew"
kind = "share"
of = "cases"
matching = { resolution_code = ["leak"], opened_by = ["customer"] }
desk = "vendor"
support = ["partner_led", "resold"]
window = { months_before_period = 6 }
[[measures]]
id = "plan"
title = "Plan"
component = "crew"
kind = "document"
valid_months = 12
[[measures]]
id = "consent"
title = "Consent"
component = "crew"
kind = "decision"
decision = "executive_review"
[[measures]]
id = "months"
title = "Months"
component = "crew"
kind = "sustained"
up_to_months = 6
[[measures]]
id = "merit"
title = "Merit"
component = "crew"
kind = "points"
parts = [{ measure = "heads", points = 2.5, at_most = 10 }, { measure = "visits", points = 1 }]
[[paths]]
id = "roofs"
title = "Roofers"
[[paths.tiers]]
id = "gable"
title = "Gable"
[paths.tiers.requires]
holders = 0
hands = 1
crafts = 1
visits = 1200
revenue = 1
stars = 4
plan = true
consent = true
months = 3
merit = 1
[review]
every_months = 12
counted_from = ["review", "renewal"]
resets_windows = ["review", "renewal", "upgrade"]
notice_days = [90, 60, 30]
grace_days = 90
when_not_met = "down_one"
[[discounts]]
id = "desk"
title = "Desk discount"
on = "support"
period_months = 6
base_percent = 25
ceiling_percent = 40
when_lost = "ends_at_once"
[[discounts.eligibility]]
rule = "tier"
tier = ["gable"]
[[discounts.eligibility]]
rule = "program"
program = ["green"]
[[discounts.measures]]
measure = "leaks"
at_most = 0.1
points = 5
"#;

fn slate() -> Edition {
    load("slate.toml", SLATE).expect("a good rulebook")
}

#[test]
fn every_sort_of_measure_is_said_in_a_sentence() {
    let edition = slate();
    let words = Words { t: Texts::english(), edition: &edition };
    for (id, said) in [
        ("holders", "People who hold Lead work or Steep slopes."),
        ("heads", "People whose highest credential is of the level Head."),
        ("hands", "People who hold a credential of the level Hand or Head."),
        (
            "crafts",
            "The number of programs in force of the category craft; those with the same program \
             count once.",
        ),
        ("visits", "The number of events of the kind Visit with the attribute “depth” deep."),
        (
            "revenue",
            "The monthly revenue expected, in EUR, added up over launched and approved \
             opportunities.",
        ),
        ("stars", "The score, from 1 to 5, the mean over ratings by customers."),
        (
            "leaks",
            "Of support cases at the vendor’s desk under partner-led or resold support, the part \
             resolved as A leak and opened by customer: from 0, none, to 1, all.",
        ),
        (
            "plan",
            "A business plan that the vendor validated, for 12 months from then unless it says \
             another last day.",
        ),
        ("consent", "A decision of the vendor that is in force: executive review."),
        (
            "months",
            "Whole months, 6 at most, for which everything else that the tier asks was met.",
        ),
        (
            "merit",
            "Points, added up:|2.5 for each of “Heads”, at most 10 in all|1 for each of “Visits”",
        ),
    ] {
        let measure = edition.measure(id).expect("a measure");
        assert_eq!(words.counts(measure).join("|"), said, "{id}");
    }
}

#[test]
fn windows_bars_reviews_and_discounts_are_spelled_out() {
    let edition = slate();
    let words = Words { t: Texts::english(), edition: &edition };
    let windows = |id: &str| words.windows(edition.measure(id).expect("a measure")).join("|");
    assert_eq!(
        windows("visits"),
        "To keep a tier: from the last review, renewal or upgrade to the day.|To reach a tier: the \
         12 months that end with the day."
    );
    assert_eq!(windows("revenue"), "Looks at: the month that ends with the day.");
    assert_eq!(windows("leaks"), "Looks at: the 6 whole months before the period begins.");
    assert_eq!(windows("merit"), "Each part looks at its own days.");
    let tier = edition.paths[0].tier("gable").expect("a tier");
    let bars = tier.requires.iter().map(|asked| {
        let measure = edition.measures.get(asked.measure);
        words.bar(asked.target, measure)
    });
    let bars: Vec<String> = bars.collect();
    assert_eq!(bars, ["shown, nothing asked", "1", "1", "1,200", "1", "4", "yes", "yes", "3", "1"]);
    assert_eq!(words.bar(edition.discounts[0].measures[0].target, None), "at most 0.1");
    let review = words.review(&edition.review).join("|");
    for said in [
        "A review is due 12 months after the last review or renewal.",
        "The partner is told 90, 60 and 30 days before.",
        "Who falls short keeps the tier for 90 days of grace.",
        "Who is still short then goes down one tier.",
    ] {
        assert!(review.contains(said), "{review}");
    }
    let scheme = &edition.discounts[0];
    let discount = words.discount(scheme).join("|");
    assert!(discount.contains("25 percent for whoever is eligible"), "{discount}");
    assert!(discount.contains("loses the discount at once"), "{discount}");
    let eligible: Vec<String> =
        scheme.eligibility.iter().map(|rule| words.condition(&rule.condition)).collect();
    assert_eq!(eligible, ["The partner holds the tier Gable.", "In force: Green roofs."]);
}
