//! Takes an edition apart into the statements that it makes, each with its id and its words.
//!
//! Every value of an edition is taken by name from a pattern without `..`, so that a new one
//! cannot be forgotten here. Measures are in `measures`, discounts in `discounts`; comparing is in `diff`.

use super::Area;
use super::discounts::discount;
use super::measures::measure;
use super::sentences::{counted, kinds, target};
use super::training::{effort, training_entry};
use crate::decimal::Decimal;
use crate::rulebook::{
    Certainty, Component, Credential, Edition, EventKind, Grounds, Level, Path, Program,
    Requirement, ReviewRules, Source, Target, Term, Tier, WhenNotMet,
};

/// Something that an edition has: a credential, a tier, what a tier asks of a measure.
pub(super) struct Thing {
    pub(super) area: Area,
    pub(super) kind: &'static str,
    /// What it is in, and its own id: unique in an edition.
    pub(super) key: Vec<String>,
    pub(super) subject: String,
    pub(super) path: Option<String>,
    pub(super) tier: Option<String>,
    pub(super) measure: Option<String>,
    /// Its title alone.
    pub(super) short: String,
    /// The beginning of sentences about it.
    pub(super) name: String,
    pub(super) added: String,
    pub(super) removed: String,
    pub(super) fields: Vec<Stated>,
}

/// One value of a thing.
pub(super) struct Stated {
    pub(super) key: String,
    pub(super) label: String,
    pub(super) area: Area,
    pub(super) value: Value,
}

/// A value that is compared.
#[derive(PartialEq)]
pub(super) enum Value {
    Text(Item),
    /// A number, and how it is shown where it comes or goes.
    Number(Decimal, String),
    /// A set.
    List(Vec<Item>),
}

/// A value as data and as people read it.
pub(super) struct Item {
    pub(super) data: String,
    pub(super) shown: String,
}

/// Only the data counts: a title that changed is told once, where it stands.
impl PartialEq for Item {
    fn eq(&self, other: &Self) -> bool {
        self.data == other.data
    }
}

impl Stated {
    /// As JSON holds it.
    pub(super) fn data(&self) -> String {
        match &self.value {
            Value::Text(item) => item.data.clone(),
            Value::Number(number, _) => number.to_string(),
            Value::List(items) => {
                items.iter().map(|item| item.data.as_str()).collect::<Vec<_>>().join(";")
            }
        }
    }

    /// Whether it is the number that a requirement is about.
    pub(super) fn is_bar(&self) -> bool {
        self.key == "at_least" || self.key == "at_most"
    }
}

impl Thing {
    /// A thing of a list of the edition, without values.
    pub(super) fn listed(area: Area, kind: &'static str, id: &str, title: &str) -> Self {
        let noun = kind.replace('_', " ");
        let mut thing = Self {
            area,
            kind,
            key: vec![kind.to_owned(), id.to_owned()],
            subject: id.to_owned(),
            path: None,
            tier: None,
            measure: None,
            short: title.to_owned(),
            name: title.to_owned(),
            added: format!("New {noun} {title}"),
            removed: format!("{} {title} removed", capital(&noun)),
            fields: Vec::new(),
        };
        thing.quoted(Area::Names, "title", "title", title);
        thing
    }

    /// A thing within another, without values.
    pub(super) fn within(&self, area: Area, kind: &'static str, id: &str, name: String) -> Self {
        let mut key = self.key.clone();
        key.extend([kind.to_owned(), id.to_owned()]);
        Self {
            area,
            kind,
            key,
            subject: id.to_owned(),
            path: self.path.clone(),
            tier: self.tier.clone(),
            measure: self.measure.clone(),
            short: name.clone(),
            added: format!("{name} added"),
            removed: format!("{name} removed"),
            name,
            fields: Vec::new(),
        }
    }

    /// Tells it from those before it that are about the same.
    pub(super) fn is_nth(&mut self, before: usize) {
        if let Some(last) = self.key.last_mut().filter(|_| before > 0) {
            *last = format!("{last} {}", before + 1);
        }
    }

    fn push(&mut self, area: Area, key: &str, label: &str, value: Value) {
        let (key, label) = (key.to_owned(), label.to_owned());
        self.fields.push(Stated { key, label, area, value });
    }

    /// A free text.
    pub(super) fn quoted(&mut self, area: Area, key: &str, label: &str, text: &str) {
        let item = Item { data: text.to_owned(), shown: format!("“{text}”") };
        self.push(area, key, label, Value::Text(item));
    }

    /// A word, shown as it is.
    pub(super) fn word(&mut self, key: &str, label: &str, word: &str) {
        let item = Item { data: word.to_owned(), shown: word.replace('_', " ") };
        self.item(key, label, item);
    }

    pub(super) fn item(&mut self, key: &str, label: &str, item: Item) {
        self.push(self.area, key, label, Value::Text(item));
    }

    pub(super) fn number(&mut self, key: &str, label: &str, number: Decimal) {
        self.push(self.area, key, label, Value::Number(number, number.to_string()));
    }

    pub(super) fn whole(&mut self, key: &str, label: &str, number: impl Into<u64>) {
        self.number(key, label, Decimal::from_whole(number.into()));
    }

    /// A set; an empty one is none.
    pub(super) fn list(&mut self, key: &str, label: &str, items: Vec<Item>) {
        if !items.is_empty() {
            self.push(self.area, key, label, Value::List(items));
        }
    }

    pub(super) fn bar(&mut self, bar: Target) {
        let (key, label) = match bar {
            Target::AtLeast(_) => ("at_least", ""),
            Target::AtMost(_) => ("at_most", "limit"),
        };
        self.push(self.area, key, label, Value::Number(bar.bar(), target(bar)));
    }

    pub(super) fn grounds(&mut self, edition: &Edition, grounds: &Grounds) {
        let Grounds { sources, assumed } = grounds;
        let cited = sources.iter().filter_map(|at| edition.sources.get(*at));
        // Titles are long and the same sources are cited everywhere.
        let items: Vec<Item> = cited.map(|source| titled(&source.id, &source.id)).collect();
        if !items.is_empty() {
            self.push(Area::Sources, "sources", "sources", Value::List(items));
        }
        if let Some(why) = assumed {
            let item = Item { data: why.clone(), shown: why.clone() };
            self.push(Area::Sources, "assumed", "assumed", Value::Text(item));
        }
    }
}

pub(super) fn titled(id: &str, title: &str) -> Item {
    Item { data: id.to_owned(), shown: title.to_owned() }
}

fn capital(noun: &str) -> String {
    let mut letters = noun.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Every statement of an edition, in the order of the file. Its id names it and is none.
pub(super) fn statements(edition: &Edition) -> Vec<Thing> {
    let Edition {
        id: _,
        network: _,
        title: _,
        published_at: _,
        in_force_from: _,
        evaluation: _,
        currency: _,
        sources,
        components,
        levels,
        credentials,
        programs,
        resolution_codes,
        partner_kinds,
        event_kinds,
        measures,
        paths,
        review,
        discounts,
        training,
        efforts,
    } = edition;
    let mut things = vec![head(edition)];
    things.extend(sources.iter().map(source));
    things.extend(
        components
            .iter()
            .map(|Component { id, title }| Thing::listed(Area::Measures, "component", id, title)),
    );
    things.extend(levels.iter().map(level));
    things.extend(credentials.iter().map(|one| credential(edition, one)));
    things.extend(programs.iter().map(program));
    let term = |kind| move |Term { id, title }: &Term| Thing::listed(Area::Words, kind, id, title);
    things.extend(resolution_codes.iter().map(term("resolution_code")));
    things.extend(partner_kinds.iter().map(term("partner_kind")));
    things.extend(event_kinds.iter().map(event_kind));
    for one in measures {
        measure(edition, one, &mut things);
    }
    for one in paths {
        path(edition, one, &mut things);
    }
    things.push(review_rules(edition, review));
    for one in discounts {
        discount(edition, one, &mut things);
    }
    things.extend(training.iter().map(|one| training_entry(edition, one)));
    things.extend(efforts.iter().map(|one| effort(edition, one)));
    things
}

fn head(edition: &Edition) -> Thing {
    let mut thing = Thing::listed(Area::Rulebook, "edition", "edition", &edition.title);
    thing.key = vec!["edition".to_owned()];
    thing.subject.clone_from(&edition.id);
    "Rulebook".clone_into(&mut thing.name);
    let published_at = edition.published_at.to_string();
    let in_force_from = edition.in_force_from.to_string();
    for (key, label, value) in [
        ("in_force_from", "first day in force", in_force_from),
        ("published_at", "moment of publication", published_at),
    ] {
        let item = Item { data: value.clone(), shown: value };
        thing.push(Area::Dates, key, label, Value::Text(item));
    }
    thing.word("network", "network", &edition.network);
    thing.word("evaluation", "version of the evaluation", &edition.evaluation.to_string());
    thing.word("currency", "currency", &edition.currency);
    thing
}

fn source(source: &Source) -> Thing {
    let Source { id, title, certainty } = source;
    let mut thing = Thing::listed(Area::Sources, "source", id, title);
    let word = match certainty {
        Certainty::High => "high",
        Certainty::Medium => "medium",
        Certainty::Low => "low",
    };
    thing.added = format!("New source {title} (certainty {word})");
    thing.word("certainty", "certainty", word);
    thing
}

fn level(level: &Level) -> Thing {
    let Level { id, title, rank } = level;
    let mut thing = Thing::listed(Area::Credentials, "level", id, title);
    thing.added = format!("New level {title} (rank {rank})");
    thing.name = format!("Level {title}");
    thing.whole("rank", "rank", *rank);
    thing
}

fn credential(edition: &Edition, credential: &Credential) -> Thing {
    let Credential { id, title, level, validity_months } = credential;
    let mut thing = Thing::listed(Area::Credentials, "credential", id, title);
    let level = edition.levels.get(*level).map(|level| titled(&level.id, &level.title));
    let shown = level.as_ref().map_or("", |level| level.shown.as_str());
    let valid = validity_months.map(|months| format!(", valid {}", counted(months, "month")));
    thing.added = format!("New credential {title} ({shown}{})", valid.unwrap_or_default());
    if let Some(level) = level {
        thing.item("level", "level", level);
    }
    if let Some(months) = validity_months {
        thing.whole("validity_months", "months of validity", *months);
    }
    thing
}

fn program(program: &Program) -> Thing {
    let Program { id, title, category } = program;
    let mut thing = Thing::listed(Area::Programs, "program", id, title);
    thing.added = format!("New program {title} ({category})");
    thing.word("category", "category", category);
    thing
}

fn event_kind(kind: &EventKind) -> Thing {
    let EventKind { id, title, attributes } = kind;
    let mut thing = Thing::listed(Area::Words, "event_kind", id, title);
    let items = attributes.iter().map(|name| titled(name, name)).collect();
    thing.list("attributes", "attributes", items);
    thing
}

fn path(edition: &Edition, path: &Path, things: &mut Vec<Thing>) {
    let Path { id, title, tiers } = path;
    let mut thing = Thing::listed(Area::Tiers, "path", id, title);
    thing.path = Some(id.clone());
    let mut inner = Vec::new();
    for one in tiers {
        tier(edition, &thing, one, &mut inner);
    }
    things.push(thing);
    things.extend(inner);
}

fn tier(edition: &Edition, path: &Thing, tier: &Tier, things: &mut Vec<Thing>) {
    let Tier { id, title, names, requires, grounds } = tier;
    let name = format!("{} / {title}", path.name);
    let mut thing = path.within(Area::Tiers, "tier", id, name.clone());
    thing.tier = Some(id.clone());
    thing.short.clone_from(title);
    thing.added = format!("New tier {name}");
    thing.removed = format!("Tier {name} removed");
    thing.quoted(Area::Names, "title", "title", title);
    let dated = names.iter().map(|dated| Item {
        data: format!("{} {}", dated.from, dated.name),
        shown: format!("“{}” from {}", dated.name, dated.from),
    });
    let dated: Vec<Item> = dated.collect();
    if !dated.is_empty() {
        thing.push(Area::Names, "names", "names", Value::List(dated));
    }
    thing.grounds(edition, grounds);
    let inner: Vec<Thing> =
        requires.iter().filter_map(|one| requirement(edition, &thing, one)).collect();
    things.push(thing);
    things.extend(inner);
}

fn requirement(edition: &Edition, tier: &Thing, asked: &Requirement) -> Option<Thing> {
    let Requirement { measure, target: bar, columns, grounds } = asked;
    let measure = edition.measures.get(*measure)?;
    let name = format!("{}: {}", tier.name, measure.title);
    let mut thing = tier.within(Area::Tiers, "requirement", &measure.id, name.clone());
    thing.measure = Some(measure.id.clone());
    let columns = match (columns.renewal, columns.upgrade) {
        (true, true) => Item { data: "renewal;upgrade".into(), shown: "both columns".into() },
        (true, false) => Item { data: "renewal".into(), shown: "the renewal column".into() },
        (false, true) => Item { data: "upgrade".into(), shown: "the upgrade column".into() },
        (false, false) => Item { data: String::new(), shown: "no column".into() },
    };
    let only = if columns.data.contains(';') { "" } else { ", in one column only" };
    if bar.asks_nothing() {
        thing.added = format!("{name} now shown, nothing is asked");
        thing.removed = format!("{name} no longer shown; nothing was asked");
    } else {
        thing.added = format!("{name} now required ({}{only})", target(*bar));
        thing.removed = format!("{name} no longer required (was {})", target(*bar));
    }
    thing.bar(*bar);
    thing.item("columns", "columns", columns);
    thing.grounds(edition, grounds);
    Some(thing)
}

fn review_rules(edition: &Edition, review: &ReviewRules) -> Thing {
    let ReviewRules {
        every_months,
        counted_from,
        resets_windows,
        notice_days,
        grace_days,
        when_not_met,
        grounds,
    } = review;
    let mut thing = Thing::listed(Area::Review, "review", "review", "Review");
    thing.fields.clear();
    thing.whole("every_months", "months between reviews", *every_months);
    thing.list("counted_from", "kinds from which the due day is counted", kinds(counted_from));
    thing.list("resets_windows", "kinds that begin a new window", kinds(resets_windows));
    let days = notice_days.iter().map(|days| titled(&days.to_string(), &counted(*days, "day")));
    thing.list("notice_days", "notice before the due day", days.collect());
    thing.whole("grace_days", "days of grace", *grace_days);
    let (data, shown) = match when_not_met {
        WhenNotMet::ToWhatIsMet => ("to_what_is_met", "down to the tier that is met"),
        WhenNotMet::DownOne => ("down_one", "down one tier"),
        WhenNotMet::Keep => ("keep", "nowhere"),
    };
    thing.item("when_not_met", "where a partner goes that falls short", titled(data, shown));
    thing.grounds(edition, grounds);
    thing
}
