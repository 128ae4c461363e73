//! The statements that a discount scheme makes.

use super::Area;
use super::sentences::target;
use super::statements::{Item, Thing, titled};
use crate::rulebook::{
    Condition, DiscountMeasure, DiscountScheme, DiscountUse, Edition, EligibilityRule, Spend,
    WhenLost,
};

pub(super) fn discount(edition: &Edition, scheme: &DiscountScheme, things: &mut Vec<Thing>) {
    let DiscountScheme {
        id,
        title,
        on,
        period_months,
        base_percent,
        ceiling_percent,
        when_lost,
        eligibility,
        measures,
        spend,
        grounds,
    } = scheme;
    let mut thing = Thing::listed(Area::Discounts, "discount", id, title);
    thing.added = format!("New discount {title} ({base_percent} to {ceiling_percent} percent)");
    let DiscountUse::Support = on;
    thing.word("on", "use", "support");
    thing.whole("period_months", "months of a period", *period_months);
    thing.number("base_percent", "base percent", *base_percent);
    thing.number("ceiling_percent", "ceiling percent", *ceiling_percent);
    let (data, shown) = match when_lost {
        WhenLost::EndsWithPeriod => ("ends_with_period", "with its period"),
        WhenLost::EndsAtOnce => ("ends_at_once", "at once"),
    };
    thing.item("when_lost", "end when a condition is lost", titled(data, shown));
    thing.grounds(edition, grounds);
    let rules = eligibility.iter().map(|rule| eligibility_rule(edition, &thing, rule));
    let mut inner: Vec<Thing> = rules.collect();
    for (number, one) in measures.iter().enumerate() {
        let before = measures.iter().take(number).filter(|other| other.measure == one.measure);
        inner.extend(discount_measure(edition, &thing, one, before.count()));
    }
    inner.extend(spend.as_ref().and_then(|spend| what_is_spent(edition, &thing, spend)));
    things.push(thing);
    things.extend(inner);
}

fn what_is_spent(edition: &Edition, scheme: &Thing, spend: &Spend) -> Option<Thing> {
    let Spend { kind, months, grounds } = spend;
    let kind = edition.event_kinds.get(*kind)?;
    let name = format!("{}: what is spent", scheme.name);
    let mut thing = scheme.within(Area::Discounts, "spend", "spend", name.clone());
    "what is spent".clone_into(&mut thing.short);
    thing.added = format!("{name} is now told by “{}”, over {months} months", kind.title);
    thing.removed = format!("{name} is no longer told (was by “{}”)", kind.title);
    thing.item("kind", "kind of event", titled(&kind.id, &kind.title));
    thing.whole("months", "months", *months);
    thing.grounds(edition, grounds);
    Some(thing)
}

fn eligibility_rule(edition: &Edition, scheme: &Thing, rule: &EligibilityRule) -> Thing {
    let EligibilityRule { rule, condition, grounds } = rule;
    let name = format!("{}: eligible by “{rule}”", scheme.name);
    let mut thing = scheme.within(Area::Discounts, "rule", rule, name);
    thing.short.clone_from(rule);
    let paths = || edition.paths.iter().map(|path| (&path.id, &path.title));
    let tiers = edition.paths.iter().flat_map(|path| &path.tiers);
    let words = |ids: &[String], known: Vec<(&String, &String)>| -> Vec<Item> {
        let title = |id: &String| {
            known
                .iter()
                .find(|(known, _)| *known == id)
                .map_or(id.clone(), |(_, title)| (*title).clone())
        };
        ids.iter().map(|id| titled(id, &title(id))).collect()
    };
    let (key, label, items) = match condition {
        Condition::Path(ids) => ("path", "paths", words(ids, paths().collect())),
        Condition::Tier(ids) => {
            ("tier", "tiers", words(ids, tiers.map(|tier| (&tier.id, &tier.title)).collect()))
        }
        Condition::GoodStanding => ("standing", "standing", vec![titled("good", "good")]),
        Condition::Program(programs) => {
            let programs = programs.iter().filter_map(|at| edition.programs.get(*at));
            let items = programs.map(|program| titled(&program.id, &program.title));
            ("program", "programs", items.collect())
        }
    };
    let shown: Vec<&str> = items.iter().map(|item| item.shown.as_str()).collect();
    thing.added = format!("{} added ({})", thing.name, shown.join(" or "));
    thing.removed = format!("{} removed (was {})", thing.name, shown.join(" or "));
    thing.list(key, label, items);
    thing.grounds(edition, grounds);
    thing
}

fn discount_measure(
    edition: &Edition,
    scheme: &Thing,
    asked: &DiscountMeasure,
    nth: usize,
) -> Option<Thing> {
    let DiscountMeasure { measure, target: bar, min_n, points, grounds } = asked;
    let measure = edition.measures.get(*measure)?;
    let name = format!("{}: {}", scheme.name, measure.title);
    let mut thing = scheme.within(Area::Discounts, "discount_measure", &measure.id, name.clone());
    thing.is_nth(nth);
    thing.measure = Some(measure.id.clone());
    thing.short.clone_from(&measure.title);
    thing.added = format!("{name} now earns {points} ({})", target(*bar));
    thing.removed = format!("{name} no longer earns points (was {points} for {})", target(*bar));
    thing.bar(*bar);
    if let Some(least) = min_n {
        thing.whole("min_n", "fewest facts", *least);
    }
    thing.number("points", "percentage points", *points);
    thing.grounds(edition, grounds);
    Some(thing)
}
