//! Reads an edition from TOML: every problem with its place, or the edition.

use toml::de::DeTable;

use super::discounts::read_discounts;
use super::document::{Document, Place, Table, Value, shown};
use super::measures::read_measures;
use super::paths::{read_paths, read_review};
use super::{
    Certainty, Component, Credential, Edition, EventKind, Grounds, Level, Program, Source, Term,
    check,
};
use crate::problem::{Problem, Problems, did_you_mean};

/// Longest text of a rulebook, in bytes: some thirty times the longest that is known.
const TEXT_LIMIT: usize = 1_000_000;

/// Reads an edition. `file` is its name in problems.
///
/// # Errors
///
/// Every problem of the text: its syntax, its keys, its references, and what does not fit
/// together.
pub fn load(file: &str, text: &str) -> Result<Edition, Problems> {
    if text.len() > TEXT_LIMIT {
        let message = format!("the rulebook is over {} MB", TEXT_LIMIT / 1_000_000);
        return Err(Problem::new("too-long", message).in_file(file).into());
    }
    let document = Document::new(file, text);
    let (root, errors) = DeTable::parse_recoverable(text);
    for error in errors.iter().take(Problems::SHOWN) {
        let place = error.span().unwrap_or(0..0);
        let message = shown(&error.message().replace('\n', " "));
        document.problem(&place, "bad-toml", message, None);
    }
    // What a broken syntax left over would only be complained about a second time.
    let edition = if errors.is_empty() { read(&document, root.get_ref()) } else { None };
    match edition {
        Some(edition) if document.is_clean() => Ok(edition),
        _ => Err(document.into_problems()),
    }
}

/// The lists of an edition that other parts refer to, with the places of their entries.
#[derive(Default)]
pub(crate) struct Lists<'d> {
    pub(crate) sources: List<'d>,
    pub(crate) components: List<'d>,
    pub(crate) levels: List<'d>,
    pub(crate) credentials: List<'d>,
    pub(crate) programs: List<'d>,
    pub(crate) resolution_codes: List<'d>,
    pub(crate) event_kinds: List<'d>,
    pub(crate) measures: List<'d>,
    /// Where each requirement stands, by path, tier and measure.
    pub(crate) requirements: Vec<((usize, usize, usize), Place)>,
}

/// The ids of a list, in order.
pub(crate) struct List<'d> {
    what: &'static str,
    pub(crate) ids: Vec<(&'d str, Place)>,
}

impl Default for List<'_> {
    fn default() -> Self {
        Self { what: "entry", ids: Vec::new() }
    }
}

impl<'d> List<'d> {
    pub(crate) fn new(what: &'static str) -> Self {
        Self { what, ids: Vec::new() }
    }

    /// Reads the id of the next entry. An id that was used is reported and kept all the same, so
    /// that positions stay right.
    pub(crate) fn add(&mut self, table: &mut Table<'d>) -> &'d str {
        let value = table.required("id");
        let place = value.as_ref().map_or_else(|| table.place(), Value::place);
        let id = value.as_ref().and_then(Value::id).unwrap_or_default();
        if let Some(value) = value.filter(|_| !id.is_empty())
            && self.ids.iter().any(|(known, _)| *known == id)
        {
            let message = format!("the {} `{id}` is there already", self.what);
            value.problem("id-used-twice", message, None);
        }
        self.ids.push((id, place));
        id
    }

    /// The position of an id; one that is not in the list is reported.
    pub(crate) fn find(&self, id: &str, document: &Document<'_>, place: &Place) -> Option<usize> {
        let found = self.ids.iter().position(|(known, _)| *known == id);
        if found.is_none() {
            let hint = did_you_mean(id, self.ids.iter().map(|(known, _)| *known));
            let message = format!("there is no {} `{}`", self.what, shown(id));
            document.problem(place, "unknown-id", message, hint);
        }
        found
    }

    /// The position of the id that a value holds.
    pub(crate) fn one(&self, value: &Value<'_>) -> Option<usize> {
        self.find(value.text()?, value.document, &value.place())
    }

    /// The positions of the ids that an array holds.
    pub(crate) fn many(&self, value: &Value<'_>) -> Vec<usize> {
        let mut found: Vec<usize> = Vec::new();
        for (id, place) in value.texts().unwrap_or_default() {
            let Some(at) = self.find(id, value.document, &place) else { continue };
            if found.contains(&at) {
                let message = format!("`{id}` stands twice");
                value.document.problem(&place, "id-used-twice", message, None);
            } else {
                found.push(at);
            }
        }
        found
    }
}

fn read<'d>(document: &'d Document<'d>, entries: &'d DeTable<'d>) -> Option<Edition> {
    let mut root = Table::root(document, entries);
    let text = |value: Option<Value<'_>>| value.and_then(|value| value.text().map(str::to_owned));
    let id = root.required("id").and_then(|value| value.id().map(str::to_owned));
    let network = root.required("network").and_then(|value| value.id().map(str::to_owned));
    let title = text(root.required("title"));
    let published_at = root.required("published_at").and_then(|value| value.moment());
    let in_force_from = root.required("in_force_from").and_then(|value| value.day());
    let evaluation = root.required("evaluation").and_then(|value| read_evaluation(&value));
    let currency = root.required("currency").and_then(|value| read_currency(&value));

    let mut lists = Lists::default();
    let sources = read_sources(&mut root, &mut lists);
    let components = read_components(&mut root, &mut lists);
    let levels = read_levels(&mut root, &mut lists);
    let credentials = read_credentials(&mut root, &mut lists);
    let programs = read_programs(&mut root, &mut lists);
    lists.resolution_codes = List::new("resolution code");
    let resolution_codes = read_terms(&mut root, "resolution_codes", &mut lists.resolution_codes);
    let partner_kinds = read_terms(&mut root, "partner_kinds", &mut List::new("partner kind"));
    let event_kinds = read_event_kinds(&mut root, &mut lists);
    let measures = read_measures(&mut root, &mut lists, &programs, &event_kinds);
    let paths = read_paths(&mut root, &mut lists);
    let review = read_review(&mut root, &lists);
    let discounts = read_discounts(&mut root, &lists, &paths);
    root.finish();

    let edition = Edition {
        id: id?,
        network: network?,
        title: title?,
        published_at: published_at?,
        in_force_from: in_force_from?,
        evaluation: evaluation?,
        currency: currency?,
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
        review: review?,
        discounts,
    };
    // What does not fit together is only worth telling once everything could be read.
    if document.is_clean() {
        check::check(&edition, &lists, document);
    }
    Some(edition)
}

fn read_evaluation(value: &Value<'_>) -> Option<u32> {
    let version =
        value.whole(0, u32::MAX.into()).and_then(|version| u32::try_from(version).ok())?;
    let known = crate::evaluation::EVALUATIONS;
    if !known.contains(&version) {
        let list: Vec<String> = known.iter().map(u32::to_string).collect();
        let message = format!("there is no evaluation {version}");
        value.problem("unknown-evaluation", message, Some(format!("known: {}", list.join(", "))));
        return None;
    }
    Some(version)
}

fn read_currency(value: &Value<'_>) -> Option<String> {
    let text = value.text()?;
    if crate::facts::Currency::parse(text.as_bytes()).is_none() {
        let message = format!("`{}` is not a currency", shown(text));
        let hint = "three capital letters of ISO 4217, as EUR";
        value.problem("bad-value", message, Some(hint.to_owned()));
        return None;
    }
    Some(text.to_owned())
}

/// Reads the `title` of an entry.
pub(crate) fn title(table: &mut Table<'_>) -> String {
    let value = table.required("title");
    value.and_then(|value| value.text().map(str::to_owned)).unwrap_or_default()
}

/// Reads the `sources` and `assumed` of a statement.
pub(crate) fn grounds(table: &mut Table<'_>, lists: &Lists<'_>) -> Grounds {
    let sources = table.get("sources").map(|value| lists.sources.many(&value)).unwrap_or_default();
    let assumed = table.get("assumed").and_then(|value| value.text().map(str::to_owned));
    Grounds { sources, assumed }
}

fn read_sources<'d>(root: &mut Table<'d>, lists: &mut Lists<'d>) -> Vec<Source> {
    lists.sources = List::new("source");
    let mut read = Vec::new();
    for mut table in root.tables("sources") {
        let id = lists.sources.add(&mut table).to_owned();
        let title = title(&mut table);
        let word = table.get("certainty").and_then(|value| value.word(&["high", "medium", "low"]));
        let certainty = match word {
            Some("medium") => Certainty::Medium,
            Some("low") => Certainty::Low,
            _ => Certainty::High,
        };
        table.finish();
        read.push(Source { id, title, certainty });
    }
    read
}

fn read_components<'d>(root: &mut Table<'d>, lists: &mut Lists<'d>) -> Vec<Component> {
    lists.components = List::new("component");
    let mut read = Vec::new();
    for mut table in root.tables("components") {
        let id = lists.components.add(&mut table).to_owned();
        let title = title(&mut table);
        table.finish();
        read.push(Component { id, title });
    }
    read
}

fn read_levels<'d>(root: &mut Table<'d>, lists: &mut Lists<'d>) -> Vec<Level> {
    lists.levels = List::new("level");
    let mut read = Vec::new();
    for mut table in root.tables("levels") {
        let id = lists.levels.add(&mut table).to_owned();
        let title = title(&mut table);
        let rank = table.required("rank").and_then(|value| value.whole(0, u8::MAX.into()));
        table.finish();
        let rank = rank.and_then(|rank| u8::try_from(rank).ok()).unwrap_or_default();
        read.push(Level { id, title, rank });
    }
    read
}

fn read_credentials<'d>(root: &mut Table<'d>, lists: &mut Lists<'d>) -> Vec<Credential> {
    lists.credentials = List::new("credential");
    let mut read = Vec::new();
    for mut table in root.tables("credentials") {
        let id = lists.credentials.add(&mut table).to_owned();
        let title = title(&mut table);
        let level = table.required("level").and_then(|value| lists.levels.one(&value));
        let validity_months = table.get("validity_months").and_then(|value| months(&value));
        table.finish();
        read.push(Credential { id, title, level: level.unwrap_or_default(), validity_months });
    }
    read
}

/// A number of months, at most a hundred years.
pub(crate) fn months(value: &Value<'_>) -> Option<u16> {
    value.whole(1, 1200).and_then(|months| u16::try_from(months).ok())
}

fn read_programs<'d>(root: &mut Table<'d>, lists: &mut Lists<'d>) -> Vec<Program> {
    lists.programs = List::new("program");
    let mut read = Vec::new();
    for mut table in root.tables("programs") {
        let id = lists.programs.add(&mut table).to_owned();
        let title = title(&mut table);
        let category = table.required("category").and_then(|value| value.id().map(str::to_owned));
        table.finish();
        read.push(Program { id, title, category: category.unwrap_or_default() });
    }
    read
}

fn read_terms<'d>(root: &mut Table<'d>, key: &'static str, list: &mut List<'d>) -> Vec<Term> {
    let mut read = Vec::new();
    for mut table in root.tables(key) {
        let id = list.add(&mut table).to_owned();
        let title = title(&mut table);
        table.finish();
        read.push(Term { id, title });
    }
    read
}

fn read_event_kinds<'d>(root: &mut Table<'d>, lists: &mut Lists<'d>) -> Vec<EventKind> {
    lists.event_kinds = List::new("event kind");
    let mut read = Vec::new();
    for mut table in root.tables("event_kinds") {
        let id = lists.event_kinds.add(&mut table).to_owned();
        let title = title(&mut table);
        let attributes = table.get("attributes").map(|value| attribute_names(&value));
        table.finish();
        read.push(EventKind { id, title, attributes: attributes.unwrap_or_default() });
    }
    read
}

fn attribute_names(value: &Value<'_>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in value.array().unwrap_or_default() {
        let Some(id) = name.id() else { continue };
        if names.iter().any(|known| known == id) {
            name.problem("id-used-twice", format!("the attribute `{id}` is there already"), None);
        } else {
            names.push(id.to_owned());
        }
    }
    names
}
