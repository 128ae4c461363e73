//! What changed from one edition to another, as data and in words.
//!
//! Both editions are taken apart into the [statements](statements) that they make, and those
//! are compared by id, so that a list that was only moved about in the file is no change unless
//! its order is shown to people or is a ladder. Whom a change moves is not told here; that takes
//! facts.

mod discounts;
mod measures;
mod sentences;
mod statements;
mod training;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Serialize;

use super::Edition;
use sentences::{assumption, listed, names_as_data};
use statements::{Stated, Thing, Value, statements};

/// Everything in which two editions differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diff {
    /// The id of the earlier edition.
    pub old: String,
    /// The id of the later edition.
    pub new: String,
    /// The changes, by heading and then in the order of the later edition.
    pub changes: Vec<Change>,
}

/// One thing in which two editions differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The heading under which it is shown.
    pub area: Area,
    /// The sort of thing, by the key of the file: `credential`, `tier`, `requirement`.
    pub kind: &'static str,
    /// The id of what changed.
    pub subject: String,
    /// The path on which it changed.
    pub path: Option<String>,
    /// The tier of that path.
    pub tier: Option<String>,
    /// The measure that it is about.
    pub measure: Option<String>,
    /// The key of the file that has another value; none where the whole subject came or went.
    pub key: Option<String>,
    /// In which way.
    pub change: ChangeKind,
    /// The earlier value; lists are separated by `;`.
    pub old: Option<String>,
    /// The later value.
    pub new: Option<String>,
    /// The same in words, without a full stop.
    pub sentence: String,
}

/// The headings under which changes are shown, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Area {
    /// From when it applies.
    Dates,
    /// What holds for the rulebook as a whole.
    Rulebook,
    /// Paths, tiers and what they ask.
    Tiers,
    /// What is counted, and how.
    Measures,
    /// The credential catalogue and its levels.
    Credentials,
    /// Programs.
    Programs,
    /// Resolution codes, kinds of partner and of event.
    Words,
    /// What happens at a review.
    Review,
    /// Discount schemes.
    Discounts,
    /// The training catalogue, and what else can be done.
    Training,
    /// What things are called.
    Names,
    /// Where numbers come from, and what is assumed.
    Sources,
}

impl Area {
    /// The heading.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Dates => "Dates",
            Self::Rulebook => "Rulebook",
            Self::Tiers => "Tiers",
            Self::Measures => "Measures",
            Self::Credentials => "Credentials",
            Self::Programs => "Programs",
            Self::Words => "Words of facts",
            Self::Review => "Review",
            Self::Discounts => "Discounts",
            Self::Training => "Training and efforts",
            Self::Names => "Names",
            Self::Sources => "Sources and assumptions",
        }
    }
}

/// The ways in which something changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// It was not there.
    Added,
    /// It is no longer there.
    Removed,
    /// The number is higher.
    Raised,
    /// The number is lower.
    Lowered,
    /// The value is another.
    Changed,
    /// The same things stand in another order.
    Reordered,
}

impl Diff {
    /// Whether nothing changed but the edition's id.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// The changes under each heading that has any.
    pub fn by_area(&self) -> impl Iterator<Item = (Area, &[Change])> {
        self.changes
            .chunk_by(|one, next| one.area == next.area)
            .filter_map(|changes| Some((changes.first()?.area, changes)))
    }
}

impl fmt::Display for Diff {
    /// Headings with a line for each change.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, (area, changes)) in self.by_area().enumerate() {
            if number > 0 {
                writeln!(f)?;
            }
            writeln!(f, "{}", area.title())?;
            for change in changes {
                writeln!(f, "  {}", change.sentence)?;
            }
        }
        Ok(())
    }
}

/// Where a change stands within its heading: behind the statement of the later edition that it
/// is about, or behind that which stood before it in the earlier.
type Rank = (Area, usize, usize);

/// Everything in which a later edition differs from an earlier one.
///
/// ```
/// # let book = |bar: &str| format!(r#"
/// # id = "summit-{bar}"
/// # network = "summit"
/// # title = "Summit"
/// # published_at = 2025-09-15T08:00:00Z
/// # in_force_from = 2026-01-01
/// # evaluation = 1
/// # currency = "EUR"
/// # components = [{{ id = "crew", title = "Crew" }}]
/// # levels = [{{ id = "master", title = "Master", rank = 1 }}]
/// # credentials = [{{ id = "roof-master", title = "Master of Roofs", level = "master" }}]
/// # [[measures]]
/// # id = "masters"
/// # title = "masters"
/// # component = "crew"
/// # kind = "people"
/// # levels = ["master"]
/// # [[paths]]
/// # id = "fitting"
/// # title = "Fitters"
/// # tiers = [{{ id = "ridge", title = "Ridge", requires = {{ masters = {bar} }} }}]
/// # [review]
/// # every_months = 12
/// # counted_from = ["review"]
/// # resets_windows = ["review"]
/// # grace_days = 0
/// # when_not_met = "keep"
/// # "#);
/// use guildhall_rules::rulebook::{diff, load};
///
/// # let (earlier, later) = (book("2"), book("3"));
/// let old = load("earlier.toml", &earlier).unwrap();
/// let new = load("later.toml", &later).unwrap();
/// assert_eq!(diff(&old, &new).to_string(), "Tiers\n  Fitters / Ridge: masters raised from 2 to 3\n");
/// ```
pub fn diff(old: &Edition, new: &Edition) -> Diff {
    let (before, after) = (statements(old), statements(new));
    let old_things: BTreeMap<&[String], &Thing> =
        before.iter().map(|thing| (thing.key.as_slice(), thing)).collect();
    let positions: BTreeMap<&[String], usize> =
        after.iter().enumerate().map(|(at, thing)| (thing.key.as_slice(), at)).collect();
    let mut ranked: Vec<(Rank, Change)> = Vec::new();
    for (at, thing) in after.iter().enumerate() {
        let changes = match old_things.get(thing.key.as_slice()) {
            Some(old) => changes_of(old, thing),
            None => vec![thing.came_or_went(ChangeKind::Added)],
        };
        ranked.extend(changes.into_iter().map(|change| ((change.area, at, 0), change)));
    }
    let mut behind = 0;
    let mut removed: Vec<&[String]> = Vec::new();
    for (number, thing) in before.iter().enumerate() {
        if let Some(at) = positions.get(thing.key.as_slice()) {
            behind = *at;
            continue;
        }
        // What belongs to something that went is not told again.
        if !removed.iter().any(|parent| thing.key.starts_with(parent)) {
            ranked
                .push(((thing.area, behind, number + 1), thing.came_or_went(ChangeKind::Removed)));
        }
        removed.push(&thing.key);
    }
    ranked.extend(reordered(&before, &after));
    ranked.sort_by_key(|(rank, _)| *rank);
    let changes = ranked.into_iter().map(|(_, change)| change).collect();
    Diff { old: old.id.clone(), new: new.id.clone(), changes }
}

impl Thing {
    fn change(&self, area: Area, change: ChangeKind, sentence: String) -> Change {
        Change {
            area,
            kind: self.kind,
            subject: self.subject.clone(),
            path: self.path.clone(),
            tier: self.tier.clone(),
            measure: self.measure.clone(),
            key: None,
            change,
            old: None,
            new: None,
            sentence,
        }
    }

    /// The whole thing came or went.
    fn came_or_went(&self, kind: ChangeKind) -> Change {
        let is_added = kind == ChangeKind::Added;
        let mut sentence = if is_added { self.added.clone() } else { self.removed.clone() };
        let assumed = self.fields.iter().find(|stated| stated.key == "assumed");
        if let Some(stated) = assumed.filter(|_| is_added) {
            sentence = format!("{sentence}; assumed: {}", stated.value.shown());
        }
        let mut change = self.change(self.area, kind, sentence);
        let value = self.fields.iter().find(|stated| stated.is_bar()).map(Stated::data);
        if is_added {
            change.new = value;
        } else {
            change.old = value;
        }
        change
    }
}

/// The changes of a thing that both editions have.
fn changes_of(old: &Thing, new: &Thing) -> Vec<Change> {
    let find = |thing: &'_ Thing, key: &str| thing.fields.iter().position(|one| one.key == key);
    let mut changes = Vec::new();
    for stated in &new.fields {
        let was = find(old, &stated.key).and_then(|at| old.fields.get(at));
        if was.is_none_or(|was| was.value != stated.value) {
            changes.extend(field_change(new, was, Some(stated)));
        }
    }
    for was in &old.fields {
        if find(new, &was.key).is_none() {
            changes.extend(field_change(new, Some(was), None));
        }
    }
    changes
}

fn field_change(thing: &Thing, was: Option<&Stated>, is: Option<&Stated>) -> Option<Change> {
    let stated = is.or(was)?;
    let lead = thing.lead(&stated.label);
    let (kind, what) = match (was.map(|was| &was.value), is.map(|is| &is.value)) {
        (Some(Value::Number(old, _)), Some(Value::Number(new, _))) => {
            let kind = if new > old { ChangeKind::Raised } else { ChangeKind::Lowered };
            let verb = if new > old { "raised" } else { "lowered" };
            (kind, format!("{lead} {verb} from {old} to {new}"))
        }
        (Some(Value::List(old)), Some(Value::List(new))) => {
            // A set: only its members count, not their order.
            (ChangeKind::Changed, format!("{lead} {}", listed(old, new)?))
        }
        (Some(old), Some(new)) => {
            (ChangeKind::Changed, format!("{lead} changed from {} to {}", old.shown(), new.shown()))
        }
        (None, Some(new)) => (ChangeKind::Added, format!("{lead} now {}", new.shown())),
        (Some(old), None) => (ChangeKind::Removed, format!("{lead} no longer {}", old.shown())),
        (None, None) => return None,
    };
    let sentence = if stated.key == "assumed" { assumption(thing, was, is) } else { what };
    let mut change = thing.change(stated.area, kind, sentence);
    change.key = Some(stated.key.clone());
    change.old = was.map(Stated::data);
    change.new = is.map(Stated::data);
    Some(change)
}

/// Lists whose order is shown, or is a ladder, and in which what they have in common moved.
fn reordered(before: &[Thing], after: &[Thing]) -> Vec<(Rank, Change)> {
    let common: BTreeSet<&[String]> = before
        .iter()
        .map(|thing| thing.key.as_slice())
        .filter(|key| after.iter().any(|thing| thing.key == *key))
        .collect();
    let (old, new) = (orders(before, &common), orders(after, &common));
    let mut changes = Vec::new();
    for (list, things) in new {
        let Some(were) = old.get(list) else { continue };
        let keys =
            |things: &[&Thing]| -> Vec<_> { things.iter().map(|one| one.key.clone()).collect() };
        let Some(first) = things.first().filter(|_| keys(&things) != keys(were)) else { continue };
        let Some(title) = first.order_title() else { continue };
        let names: Vec<&str> = things.iter().map(|thing| thing.short.as_str()).collect();
        let sentence = format!("{title} now in this order: {}", names.join(", "));
        let mut change = first.change(first.area, ChangeKind::Reordered, sentence);
        change.subject.clone_from(list.iter().rev().nth(1).unwrap_or(&first.subject));
        change.key = list.last().cloned();
        change.tier = None;
        change.measure = None;
        change.old = Some(names_as_data(were));
        change.new = Some(names_as_data(&things));
        let at = after.iter().position(|thing| thing.key == first.key).unwrap_or_default();
        changes.push(((first.area, at, 0), change));
    }
    changes
}

/// The things of each list, in order, of those that both editions have.
fn orders<'t>(
    things: &'t [Thing],
    common: &BTreeSet<&[String]>,
) -> BTreeMap<&'t [String], Vec<&'t Thing>> {
    let mut orders: BTreeMap<&[String], Vec<&Thing>> = BTreeMap::new();
    for thing in things.iter().filter(|thing| common.contains(thing.key.as_slice())) {
        if let Some((_, list)) = thing.key.split_last() {
            orders.entry(list).or_default().push(thing);
        }
    }
    orders
}
