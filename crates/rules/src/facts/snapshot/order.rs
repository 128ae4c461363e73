//! The one order of facts in a snapshot, and facts of which a part is replaced by newer ones.
//!
//! Partners and the ids of each kind are numbered in the order of their texts (shorter before
//! longer, then by bytes); of a partner's rows those of one day stand in the order of their ids.
//! So the same facts are the same rows, whichever way they came together.

use std::cmp::Ordering;
use std::collections::HashSet;
use std::mem;

use super::super::ids::{Ids, order as by_text};
use super::super::table::{
    Affiliation, Dated, Facts, Grouped, HeldCredential, Membership, NO_LABEL, Partner, Review,
    Table,
};
use super::KINDS;

/// Of whom newer facts take the place of older ones.
///
/// To a partner belong its row, its history, its dated facts, its affiliations as a primary, and
/// who belongs to it; to a person what it holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Renewed {
    /// Ids of partners.
    pub partners: HashSet<String>,
    /// Ids of people.
    pub people: HashSet<String>,
}

impl Renewed {
    /// Whether there is nobody.
    pub fn is_empty(&self) -> bool {
        self.partners.is_empty() && self.people.is_empty()
    }
}

/// Facts that are taken from the older or from the newer side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Old,
    New,
}

/// A group of rows: of which side, and which number it has there.
type Group = (Side, u32);

/// The old and the new of something.
#[derive(Clone, Copy)]
struct Both<T> {
    old: T,
    new: T,
}

impl<T> Both<T> {
    fn of(&self, side: Side) -> &T {
        match side {
            Side::Old => &self.old,
            Side::New => &self.new,
        }
    }

    fn of_mut(&mut self, side: Side) -> &mut T {
        match side {
            Side::Old => &mut self.old,
            Side::New => &mut self.new,
        }
    }
}

/// Ids of both sides as they are numbered from now on.
struct Numbered {
    ids: Ids,
    /// The number of each old number; the last one where it is not used.
    numbers: Both<Vec<u32>>,
    /// For each number from now on, what it was.
    came_from: Vec<Both<Option<u32>>>,
}

impl Numbered {
    /// Numbers the ids that are used.
    fn of(ids: Both<&Ids>, used: &Both<Vec<bool>>) -> Self {
        let mut all: Vec<(&[u8], Side, u32)> = Vec::new();
        for side in [Side::Old, Side::New] {
            let (ids, used) = (ids.of(side), used.of(side));
            let numbers = (0..).zip(used).filter(|(_, is_used)| **is_used);
            all.extend(numbers.map(|(number, _)| (ids.get(number), side, number)));
        }
        // What is in order already, the one behind the other, costs no more than looking at it.
        all.sort_by(|a, b| by_text(a.0, b.0));
        let count = |side| vec![u32::MAX; ids.of(side).len()];
        let mut numbered = Self {
            ids: Ids::new(),
            numbers: Both { old: count(Side::Old), new: count(Side::New) },
            came_from: Vec::new(),
        };
        for (text, side, was) in all {
            let Some((number, is_new)) = numbered.ids.insert(text) else { break };
            if is_new {
                numbered.came_from.push(Both { old: None, new: None });
            }
            if let Some(from) = numbered.came_from.get_mut(number as usize) {
                *from.of_mut(side) = Some(was);
            }
            if let Some(slot) = numbered.numbers.of_mut(side).get_mut(was as usize) {
                *slot = number;
            }
        }
        numbered
    }

    fn number(&self, side: Side, was: u32) -> u32 {
        self.numbers.of(side).get(was as usize).copied().unwrap_or(u32::MAX)
    }
}

fn unused(ids: Both<&Ids>) -> Both<Vec<bool>> {
    Both { old: vec![false; ids.old.len()], new: vec![false; ids.new.len()] }
}

fn mark(used: &mut Both<Vec<bool>>, side: Side, number: u32) {
    if let Some(slot) = used.of_mut(side).get_mut(number as usize) {
        *slot = true;
    }
}

/// Where each group begins while groups are added one after the other.
struct Begins(Vec<u32>);

impl Begins {
    fn new() -> Self {
        Self(vec![0])
    }

    fn end_group(&mut self, rows: usize) {
        self.0.push(u32::try_from(rows).unwrap_or(u32::MAX));
    }
}

/// Facts in the one order of snapshots.
#[derive(Clone, Debug)]
pub struct OrderedFacts(Facts);

impl std::ops::Deref for OrderedFacts {
    type Target = Facts;

    fn deref(&self) -> &Facts {
        &self.0
    }
}

impl Facts {
    /// The same facts in the one order of snapshots.
    #[must_use]
    pub fn in_order(self) -> OrderedFacts {
        self.renewed(&Self::default(), &Renewed::default())
    }

    /// These facts with those of `new` in place of whatever belongs to the renewed, in the one order
    /// of snapshots. Both were loaded with the same catalogue; of others than the renewed `new` may
    /// have anything.
    #[must_use]
    pub fn renewed(mut self, new: &Self, renewed: &Renewed) -> OrderedFacts {
        let partners = self.ordered_partners(new, renewed);
        let mut facts = Self::default();
        let mut numbers =
            Both { old: vec![None; self.partners.len()], new: vec![None; new.partners.len()] };
        for ((side, was), number) in partners.iter().zip(0_u32..) {
            let from = if *side == Side::Old { &self } else { new };
            let Some(partner) = from.partners.get(*was as usize) else { continue };
            let Some((id, _)) = facts.partner_ids.insert(from.partner_ids.get(partner.id)) else {
                continue;
            };
            facts.partners.push(Partner { id, ..partner.clone() });
            if let Some(slot) = numbers.of_mut(*side).get_mut(*was as usize) {
                *slot = Some(number);
            }
        }
        let sides = Both { old: &self, new };
        (facts.reviews, facts.review_ids) = ordered_reviews(sides, &partners);
        facts.affiliations = ordered_affiliations(sides, &partners, &facts);
        order_people(sides, &partners, renewed, &mut facts);
        (self.credentials, self.credential_ids) = (Grouped::default(), Ids::new());
        for kind in KINDS {
            // The older table is dropped before the next one is made.
            let old = self.table_mut(kind).map(mem::take).unwrap_or_default();
            if let (Some(new), Some(slot)) = (new.table(kind), facts.table_mut(kind)) {
                *slot = ordered_table(Both { old: &old, new }, &partners);
            }
        }
        OrderedFacts(facts)
    }

    /// The partners that there are, in order.
    fn ordered_partners(&self, new: &Self, renewed: &Renewed) -> Vec<Group> {
        let sides = Both { old: self, new };
        let mut partners: Vec<(&[u8], Group)> = Vec::new();
        for side in [Side::Old, Side::New] {
            let facts = sides.of(side);
            for (partner, number) in facts.partners.iter().zip(0..) {
                let is_renewed = !renewed.partners.is_empty()
                    && renewed.partners.contains(facts.partner_ids.text(partner.id));
                if is_renewed == (side == Side::New) {
                    partners.push((facts.partner_ids.get(partner.id), (side, number)));
                }
            }
        }
        partners.sort_by(|a, b| by_text(a.0, b.0));
        partners.into_iter().map(|(_, group)| group).collect()
    }
}

fn ordered_reviews(sides: Both<&Facts>, partners: &[Group]) -> (Grouped<Review>, Ids) {
    let ids = Both { old: &sides.old.review_ids, new: &sides.new.review_ids };
    let mut used = unused(ids);
    for (side, group) in partners {
        for row in sides.of(*side).reviews.of(*group) {
            mark(&mut used, *side, row.id);
        }
    }
    let numbered = Numbered::of(ids, &used);
    let (mut rows, mut begins) = (Vec::new(), Begins::new());
    for (side, group) in partners {
        let of_group = sides.of(*side).reviews.of(*group).iter();
        rows.extend(of_group.map(|row| Review { id: numbered.number(*side, row.id), ..*row }));
        begins.end_group(rows.len());
    }
    let mut grouped = Grouped::from_parts(rows, begins.0);
    // Of one day and kind by the bytes of their ids, as they are loaded.
    grouped.sort_groups_by(|a, b| {
        let key = |row: &Review| (row.on, row.kind);
        let text = |row: &Review| numbered.ids.get(row.id);
        key(a).cmp(&key(b)).then_with(|| text(a).cmp(text(b)))
    });
    (grouped, numbered.ids)
}

fn ordered_affiliations(
    sides: Both<&Facts>,
    partners: &[Group],
    facts: &Facts,
) -> Grouped<Affiliation> {
    let (mut rows, mut begins) = (Vec::new(), Begins::new());
    for (side, group) in partners {
        let from = sides.of(*side);
        for row in from.affiliations.of(*group) {
            let partner = from.partners.get(row.subsidiary as usize);
            let id = partner.map(|partner| from.partner_ids.get(partner.id));
            if let Some(subsidiary) = id.and_then(|id| facts.partner_ids.find(id)) {
                rows.push(Affiliation { subsidiary, ..*row });
            }
        }
        begins.end_group(rows.len());
    }
    if rows.is_empty() {
        return Grouped::default();
    }
    let mut grouped = Grouped::from_parts(rows, begins.0);
    let key = |row: &Affiliation| (row.subsidiary, row.from, row.until);
    grouped.sort_groups_by(|a, b| key(a).cmp(&key(b)));
    grouped
}

/// People: who belongs where, and who holds what.
fn order_people(sides: Both<&Facts>, partners: &[Group], renewed: &Renewed, facts: &mut Facts) {
    let ids = Both { old: &sides.old.people_ids, new: &sides.new.people_ids };
    let mut used = unused(ids);
    for (side, group) in partners {
        for row in sides.of(*side).memberships.of(*group) {
            mark(&mut used, *side, row.person);
        }
    }
    let is_renewed = |side: Side, person: u32| {
        !renewed.people.is_empty() && renewed.people.contains(ids.of(side).text(person))
    };
    // Whoever belongs nowhere and holds something.
    for side in [Side::Old, Side::New] {
        let held = &sides.of(side).credentials;
        for person in 0..u32::try_from(ids.of(side).len()).unwrap_or(u32::MAX) {
            if !held.of(person).is_empty() && is_renewed(side, person) == (side == Side::New) {
                mark(&mut used, side, person);
            }
        }
    }
    let numbered = Numbered::of(ids, &used);
    let (mut rows, mut begins) = (Vec::new(), Begins::new());
    for (side, group) in partners {
        let of_group = sides.of(*side).memberships.of(*group).iter();
        rows.extend(of_group.map(|row| {
            let person = numbered.number(*side, row.person);
            Membership { person, ..*row }
        }));
        begins.end_group(rows.len());
    }
    facts.memberships = Grouped::from_parts(rows, begins.0);
    let key = |row: &Membership| (row.person, row.joined_on, row.left_on, row.has_consent);
    facts.memberships.sort_groups_by(|a, b| key(a).cmp(&key(b)));
    let holders: Vec<Option<Group>> = (0_u32..)
        .zip(&numbered.came_from)
        .map(|(number, from)| {
            let is_renewed =
                !renewed.people.is_empty() && renewed.people.contains(numbered.ids.text(number));
            let side = if is_renewed { Side::New } else { Side::Old };
            from.of(side).map(|was| (side, was))
        })
        .collect();
    (facts.credentials, facts.credential_ids) = ordered_credentials(sides, &holders);
    facts.people_ids = numbered.ids;
}

fn ordered_credentials(
    sides: Both<&Facts>,
    holders: &[Option<Group>],
) -> (Grouped<HeldCredential>, Ids) {
    let ids = Both { old: &sides.old.credential_ids, new: &sides.new.credential_ids };
    let mut used = unused(ids);
    for (side, group) in holders.iter().flatten() {
        for row in sides.of(*side).credentials.of(*group) {
            mark(&mut used, *side, row.id);
        }
    }
    let numbered = Numbered::of(ids, &used);
    let (mut rows, mut begins) = (Vec::new(), Begins::new());
    for holder in holders {
        if let Some((side, group)) = holder {
            let of_group = sides.of(*side).credentials.of(*group).iter();
            rows.extend(of_group.map(|row| {
                let id = numbered.number(*side, row.id);
                HeldCredential { id, ..*row }
            }));
        }
        begins.end_group(rows.len());
    }
    let mut grouped = Grouped::from_parts(rows, begins.0);
    grouped.sort_groups_by(|a, b| a.id.cmp(&b.id));
    (grouped, numbered.ids)
}

fn ordered_table(sides: Both<&Table>, partners: &[Group]) -> Table {
    let ids = Both { old: &sides.old.ids, new: &sides.new.ids };
    let texts = Both { old: &sides.old.label_texts, new: &sides.new.label_texts };
    let label_count = sides.old.label_count.max(sides.new.label_count);
    let (mut used, mut used_texts) = (unused(ids), unused(texts));
    for (side, group) in partners {
        let table = sides.of(*side);
        for at in table.rows.range(*group) {
            let Some(row) = table.rows.rows.get(at) else { continue };
            mark(&mut used, *side, row.id);
            for field in 0..table.label_count {
                mark(&mut used_texts, *side, table.label(at, field));
            }
        }
    }
    let (ids, texts) = (Numbered::of(ids, &used), Numbered::of(texts, &used_texts));
    let mut table = Table { label_count, ..Table::default() };
    let (mut rows, mut begins): (Vec<Dated>, _) = (Vec::new(), Begins::new());
    let mut picked: Vec<(usize, Dated)> = Vec::new();
    for (side, group) in partners {
        let from = sides.of(*side);
        picked.clear();
        for at in from.rows.range(*group) {
            let Some(row) = from.rows.rows.get(at) else { continue };
            picked.push((at, Dated { id: ids.number(*side, row.id), ..*row }));
        }
        picked.sort_by(|(_, a), (_, b)| by_day(a, b));
        for (at, row) in &picked {
            rows.push(*row);
            table.amounts.extend(from.amounts.get(*at));
            table.divisors.extend(from.divisors.get(*at));
            for field in 0..label_count {
                let label = from.label(*at, field);
                let label = if label == NO_LABEL { label } else { texts.number(*side, label) };
                table.labels.push(label);
            }
        }
        begins.end_group(rows.len());
    }
    (table.ids, table.label_texts) = (ids.ids, texts.ids);
    Table::from_parts(Grouped::from_parts(rows, begins.0), table)
}

/// By the day on which they count, those that never do behind; then by id.
fn by_day(a: &Dated, b: &Dated) -> Ordering {
    let key = |row: &Dated| {
        let on = row.counts_on();
        (on.is_none(), on, row.id)
    };
    key(a).cmp(&key(b))
}
