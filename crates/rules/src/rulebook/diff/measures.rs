//! The statements that a measure makes.

use super::Area;
use super::sentences::window;
use super::statements::{Item, Thing, titled};
use crate::rulebook::{
    Columns, Edition, FactKind, Field, Filter, Measure, MeasureRule, NumberField, PeopleRule,
    PointsPart, Selection,
};

pub(super) fn measure(edition: &Edition, measure: &Measure, things: &mut Vec<Thing>) {
    let Measure { id, title, help, component, unit, rule, windows, grounds } = measure;
    let mut thing = Thing::listed(Area::Measures, "measure", id, title);
    thing.measure = Some(id.clone());
    if let Some(help) = help {
        thing.quoted(Area::Names, "help", "explanation", help);
    }
    if let Some(unit) = unit {
        thing.quoted(Area::Names, "unit", "unit", unit);
    }
    if let Some(component) = edition.components.get(*component) {
        let item = titled(&component.id, &component.title);
        thing.added = format!("New measure {title} (in {})", component.title);
        thing.item("component", "part of the scorecard", item);
    }
    self::rule(edition, rule, &mut thing);
    let Columns { renewal, upgrade } = windows;
    thing.item("renewal", "renewal window", window(*renewal));
    thing.item("upgrade", "upgrade window", window(*upgrade));
    thing.grounds(edition, grounds);
    let mut inner = Vec::new();
    if let MeasureRule::Points(parts) = rule {
        for (number, part) in parts.iter().enumerate() {
            let before = parts.iter().take(number).filter(|other| other.measure == part.measure);
            inner.extend(points_part(edition, &thing, part, before.count()));
        }
    }
    things.push(thing);
    things.extend(inner);
}

fn points_part(edition: &Edition, points: &Thing, part: &PointsPart, nth: usize) -> Option<Thing> {
    let PointsPart { measure, points: each, at_most } = part;
    let measure = edition.measures.get(*measure)?;
    let name = format!("{}: {}", points.name, measure.title);
    let mut thing = points.within(Area::Measures, "part", &measure.id, name.clone());
    thing.is_nth(nth);
    thing.short.clone_from(&measure.title);
    let most = at_most.map(|most| format!(", at most {most}")).unwrap_or_default();
    thing.added = format!("{name} now counts, {each} for each{most}");
    thing.removed = format!("{name} no longer counts (was {each} for each{most})");
    thing.number("points", "points for each", *each);
    if let Some(most) = at_most {
        thing.number("at_most", "most points", *most);
    }
    Some(thing)
}

fn rule(edition: &Edition, rule: &MeasureRule, thing: &mut Thing) {
    let kind = match rule {
        MeasureRule::People(people) => {
            self::people(edition, people, thing);
            "people"
        }
        MeasureRule::Count { of, distinct } => {
            selection(edition, of, thing);
            if let Some(field) = distinct {
                thing.word("distinct", "different values counted", &self::field(field));
            }
            "count"
        }
        MeasureRule::Sum { of, field } => {
            selection(edition, of, thing);
            thing.word("field", "number", number_field(*field));
            "sum"
        }
        MeasureRule::Mean { of, field } => {
            selection(edition, of, thing);
            thing.word("field", "number", number_field(*field));
            "mean"
        }
        MeasureRule::Share { of, matching } => {
            selection(edition, of, thing);
            filters(edition, "matching", "what makes the part by", matching, thing);
            "share"
        }
        MeasureRule::Document { valid_months } => {
            thing.whole("valid_months", "months of validity", *valid_months);
            "document"
        }
        MeasureRule::Decision { decision } => {
            thing.word("decision", "decision", decision.word());
            "decision"
        }
        MeasureRule::Sustained { up_to_months } => {
            thing.whole("up_to_months", "months looked at", *up_to_months);
            "sustained"
        }
        MeasureRule::Points(_) => "points",
    };
    thing.word("kind", "kind", kind);
}

fn people(edition: &Edition, people: &PeopleRule, thing: &mut Thing) {
    let levels = |at: &[usize]| -> Vec<Item> {
        let levels = at.iter().filter_map(|at| edition.levels.get(*at));
        levels.map(|level| titled(&level.id, &level.title)).collect()
    };
    match people {
        PeopleRule::Holding(at) => {
            let held = at.iter().filter_map(|at| edition.credentials.get(*at));
            let items = held.map(|held| titled(&held.id, &held.title)).collect();
            thing.list("credentials", "credentials counted", items);
        }
        PeopleRule::AtLevel(at) => {
            thing.list("levels", "levels counted", levels(at));
        }
        PeopleRule::HighestLevel(at) => {
            thing.list("highest_level", "highest levels counted", levels(at));
        }
    }
}

fn selection(edition: &Edition, of: &Selection, thing: &mut Thing) {
    let Selection { kind, filters, desk, support } = of;
    thing.word("of", "facts counted", fact_kind(*kind));
    self::filters(edition, "where", "what is counted by", filters, thing);
    if let Some(desk) = desk {
        thing.word("desk", "desk", desk.word());
    }
    let items = support.iter().map(|mode| titled(mode.word(), &mode.word().replace('_', "-")));
    thing.list("support", "support", items.collect());
}

fn filters(edition: &Edition, key: &str, label: &str, filters: &[Filter], thing: &mut Thing) {
    for Filter { field: by, one_of } in filters {
        let name = field(by);
        let items = one_of.iter().map(|value| titled(value, &value_title(edition, by, value)));
        let label = format!("{label} {}", name.replace('_', " "));
        thing.list(&format!("{key}.{name}"), &label, items.collect());
    }
}

/// The title of a value that a list of the edition names; else the value itself.
fn value_title(edition: &Edition, field: &Field, value: &str) -> String {
    let title = match field {
        Field::Program => edition.programs.iter().find(|one| one.id == value).map(|one| &one.title),
        Field::Kind => edition.event_kinds.iter().find(|one| one.id == value).map(|one| &one.title),
        Field::ResolutionCode => {
            edition.resolution_codes.iter().find(|one| one.id == value).map(|one| &one.title)
        }
        _ => None,
    };
    title.map_or_else(|| value.to_owned(), Clone::clone)
}

fn field(field: &Field) -> String {
    let word = match field {
        Field::Customer => "customer",
        Field::UseCase => "use_case",
        Field::Industry => "industry",
        Field::Country => "country",
        Field::OpenedBy => "opened_by",
        Field::Severity => "severity",
        Field::ResolutionCode => "resolution_code",
        Field::Program => "program",
        Field::Category => "category",
        Field::Kind => "kind",
        Field::Subject => "subject",
        Field::Attribute(name) => return format!("attributes.{name}"),
    };
    word.to_owned()
}

const fn number_field(field: NumberField) -> &'static str {
    match field {
        NumberField::ExpectedMrr => "expected_mrr",
        NumberField::Score => "score",
        NumberField::Scores => "scores",
        NumberField::Amount => "amount",
    }
}

const fn fact_kind(kind: FactKind) -> &'static str {
    match kind {
        FactKind::Review => "reviews",
        FactKind::Credential => "credentials",
        FactKind::Opportunity => "opportunities",
        FactKind::Reference => "references",
        FactKind::Rating => "ratings",
        FactKind::BusinessPlan => "business_plans",
        FactKind::Validation => "validations",
        FactKind::Case => "cases",
        FactKind::SurveyResponse => "survey_responses",
        FactKind::Event => "events",
    }
}
