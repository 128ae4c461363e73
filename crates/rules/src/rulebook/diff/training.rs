//! The statements that a training catalogue and the other efforts make.

use super::Area;
use super::statements::{Item, Thing, titled};
use crate::rulebook::{Edition, Effort, EffortKind, Field, Prerequisite, Training};

pub(super) fn training_entry(edition: &Edition, training: &Training) -> Thing {
    let Training { id, title, leads_to, cost, days, requires, after, grounds } = training;
    let mut thing = Thing::listed(Area::Training, "training", id, title);
    let credential = |at: &usize| {
        let found = edition.credentials.get(*at);
        found.map_or_else(|| titled("", ""), |found| titled(&found.id, &found.title))
    };
    let other = |at: &usize| {
        let found = edition.training.get(*at);
        found.map_or_else(|| titled("", ""), |found| titled(&found.id, &found.title))
    };
    thing.added = format!("New training {title} ({cost} {}, {days} days)", edition.currency);
    if let Some(at) = leads_to {
        thing.item("leads_to", "credential", credential(at));
    }
    thing.number("cost", "cost", *cost);
    thing.whole("days", "days of preparation", *days);
    let before = requires.iter().map(|one| match one {
        Prerequisite::Credential(at) => credential(at),
        Prerequisite::Training(at) => other(at),
    });
    thing.list("requires", "prerequisites", before.collect());
    thing.list("after", "taken after", after.iter().map(other).collect());
    thing.grounds(edition, grounds);
    thing
}

pub(super) fn effort(edition: &Edition, effort: &Effort) -> Thing {
    let Effort { id, title, kind, cost, days, at_most, amount, score, fields, grounds } = effort;
    let mut thing = Thing::listed(Area::Training, "effort", id, title);
    thing.added = format!("New effort {title} ({cost} {}, {days} days)", edition.currency);
    thing.word("of", "what comes of it", kind.word());
    match kind {
        EffortKind::Validation(programs) => {
            let programs = programs.iter().filter_map(|at| edition.programs.get(*at));
            let items = programs.map(|program| titled(&program.id, &program.title));
            thing.list("program", "programs", items.collect());
        }
        EffortKind::Decision(decision) => thing.word("decision", "decision", decision.word()),
        EffortKind::Event(at) => {
            let kind = edition.event_kinds.get(*at).map(|kind| titled(&kind.id, &kind.title));
            thing.item("kind", "kind", kind.unwrap_or_else(|| titled("", "")));
        }
        EffortKind::Launch
        | EffortKind::Approval
        | EffortKind::Opportunity
        | EffortKind::Reference
        | EffortKind::Rating
        | EffortKind::SurveyResponse
        | EffortKind::BusinessPlan => {}
    }
    thing.number("cost", "cost", *cost);
    thing.whole("days", "days", *days);
    if let Some(most) = at_most {
        thing.whole("at_most", "most in one plan", *most);
    }
    if let Some(amount) = amount {
        thing.number("amount", "amount", *amount);
    }
    if let Some(score) = score {
        thing.whole("score", "score", *score);
    }
    let field = |(field, value): &(Field, String)| {
        let text = format!("{}={value}", field_name(field));
        Item { data: text.clone(), shown: text }
    };
    thing.list("fields", "fields", fields.iter().map(field).collect());
    thing.grounds(edition, grounds);
    thing
}

fn field_name(field: &Field) -> String {
    match field {
        Field::UseCase => "use case".to_owned(),
        Field::Industry => "industry".to_owned(),
        Field::Country => "country".to_owned(),
        Field::Attribute(name) => name.clone(),
        _ => String::new(),
    }
}
