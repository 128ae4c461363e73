//! Reads an edition from TOML: every problem with its place, or the edition.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use toml::de::DeTable;

use super::discounts::read_discounts;
use super::document::{Document, Place, Table, Value, shown};
use super::measures::read_measures;
use super::paths::{read_paths, read_review};
use super::training::{read_efforts, read_training};
use super::{
    Certainty, Component, Credential, Edition, EventKind, Grounds, Level, Program, ReviewRules,
    Source, Term, WhenNotMet, check,
};
use crate::day::Day;
use crate::problem::{Problem, Problems};

/// Longest text of a rulebook, in bytes: a hundred times the longest that is known.
const TEXT_LIMIT: usize = 4_000_000;

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
    let mut document = Document::new(file, text);
    let entries = document.parse();
    let edition = read(&document, &entries);
    if document.is_clean() { Ok(edition) } else { Err(document.into_problems()) }
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
    /// Where each scheme stands that could be read.
    pub(crate) scheme_places: Vec<Place>,
    /// Where each requirement stands, by path, tier and measure.
    pub(crate) requirements: BTreeMap<(usize, usize, usize), Place>,
    /// Where each part of points stands, by measure and part.
    pub(crate) parts: BTreeMap<(usize, usize), Place>,
    /// The training catalogue.
    pub(crate) trainings: List<'d>,
    /// Where each measure of a discount stands, by scheme and number.
    pub(crate) discount_measures: BTreeMap<(usize, usize), Place>,
    /// What could not be read well, so that nothing is to be concluded from it.
    pub(crate) damaged: Damaged,
}

/// What could not be read well.
#[derive(Default)]
pub(crate) struct Damaged {
    /// Something of the lists that measures refer to.
    pub(crate) lists: bool,
    /// These measures.
    pub(crate) measures: BTreeSet<usize>,
    /// These tiers, by path and tier.
    pub(crate) tiers: BTreeSet<(usize, usize)>,
    /// The review.
    pub(crate) review: bool,
}

/// The ids of a list, in order.
pub(crate) struct List<'d> {
    what: &'static str,
    ids: Vec<(&'d str, Place)>,
    positions: BTreeMap<&'d str, usize>,
}

impl Default for List<'_> {
    fn default() -> Self {
        Self::new("entry")
    }
}

impl<'d> List<'d> {
    pub(crate) fn new(what: &'static str) -> Self {
        Self { what, ids: Vec::new(), positions: BTreeMap::new() }
    }

    /// Reads the id of the next entry from `id`.
    pub(crate) fn add(&mut self, table: &mut Table<'d>) -> &'d str {
        self.add_key(table, "id")
    }

    /// Reads the id of the next entry. An id that was used is reported and kept all the same, so
    /// that positions stay right.
    pub(crate) fn add_key(&mut self, table: &mut Table<'d>, key: &'static str) -> &'d str {
        let value = table.required(key);
        let place = value.as_ref().map_or_else(|| table.place(), Value::place);
        // A misspelt id is known all the same: references to it are not wrong a second time.
        let id = value.as_ref().map_or("", |value| value.id().unwrap_or(value.raw_text()));
        if let Some(value) = value.filter(|_| !id.is_empty()) {
            if self.positions.contains_key(id) {
                let message = format!("the {} `{id}` is there already", self.what);
                value.problem("id-used-twice", message, None);
            } else {
                self.positions.insert(id, self.ids.len());
            }
        }
        self.ids.push((id, place));
        id
    }

    /// The id at a position.
    pub(crate) fn id(&self, at: usize) -> &'d str {
        self.ids.get(at).map_or("", |(id, _)| id)
    }

    /// Where the id at a position stands.
    pub(crate) fn place(&self, at: usize) -> Place {
        self.ids.get(at).map_or(0..0, |(_, place)| place.clone())
    }

    /// The position of an id, if it is in the list.
    pub(crate) fn position(&self, id: &str) -> Option<usize> {
        self.positions.get(id).copied()
    }

    /// The position of an id; one that is not in the list is reported.
    pub(crate) fn find(&self, id: &str, document: &Document<'_>, place: &Place) -> Option<usize> {
        let found = self.positions.get(id).copied();
        if found.is_none() {
            let hint = document.did_you_mean(id, self.positions.keys().copied());
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
        let ids = value.texts().into_iter();
        ids.filter_map(|(id, place)| self.find(id, value.document, &place)).collect()
    }
}

fn read<'d>(document: &'d Document<'d>, entries: &'d DeTable<'d>) -> Edition {
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
    let before = document.count();
    let sources = read_sources(&mut root, &mut lists);
    let components = read_components(&mut root, &mut lists);
    let levels = read_levels(&mut root, &mut lists);
    let credentials = read_credentials(&mut root, &mut lists);
    let programs = read_programs(&mut root, &mut lists);
    lists.resolution_codes = List::new("resolution code");
    let resolution_codes = read_terms(&mut root, "resolution_codes", &mut lists.resolution_codes);
    let partner_kinds = read_terms(&mut root, "partner_kinds", &mut List::new("partner kind"));
    let event_kinds = read_event_kinds(&mut root, &mut lists);
    lists.damaged.lists = document.count() > before;
    let measures = read_measures(&mut root, &mut lists, &programs);
    let paths = read_paths(&mut root, &mut lists);
    let review = read_review(&mut root, &lists);
    lists.damaged.review = review.is_none();
    let discounts = read_discounts(&mut root, &mut lists, &paths);
    let training = read_training(&mut root, &mut lists);
    let efforts = read_efforts(&mut root, &lists, &event_kinds);
    root.finish();

    // What could not be read is reported; what stands in for it here only lets the rest be
    // checked, and goes no further.
    let edition = Edition {
        id: id.unwrap_or_default(),
        network: network.unwrap_or_default(),
        title: title.unwrap_or_default(),
        published_at: published_at.unwrap_or(Timestamp::MIN),
        in_force_from: in_force_from.unwrap_or(Day::MIN),
        evaluation: evaluation.unwrap_or_default(),
        currency: currency.unwrap_or_default(),
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
        review: review.unwrap_or_else(no_review),
        discounts,
        training,
        efforts,
    };
    check::check(&edition, &lists, document);
    edition
}

/// What stands in for a review that could not be read.
fn no_review() -> ReviewRules {
    ReviewRules {
        every_months: 12,
        counted_from: Vec::new(),
        resets_windows: Vec::new(),
        notice_days: Vec::new(),
        grace_days: 0,
        when_not_met: WhenNotMet::Keep,
        grounds: Grounds::default(),
    }
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
    value.set(Value::id).into_iter().map(|(name, _)| name.to_owned()).collect()
}
