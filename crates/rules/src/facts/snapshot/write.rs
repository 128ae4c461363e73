//! Writes the columns of facts.

use std::io;

use super::sections::{
    AFFILIATIONS, BEGINS, CREDENTIALS, DATED, HEAD, IDS, LABEL_TEXTS, MEMBERSHIPS, PARTNERS,
    REVIEWS, Tag, WORDS, Writer,
};
use super::{KINDS, SnapshotHead};
use crate::day::Day;
use crate::facts::table::{Grouped, Table};
use crate::facts::{Facts, Ids};
use crate::rulebook::{Catalogue, Field};

pub(super) fn write(
    facts: &Facts,
    head: &SnapshotHead,
    catalogue: &Catalogue,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let mut writer = Writer::new(out)?;
    write_head(head, &mut writer)?;
    write_words(catalogue, &mut writer)?;
    write_partners(facts, &mut writer)?;
    write_reviews(facts, &mut writer)?;
    write_people(facts, &mut writer)?;
    for (at, kind) in (0..).zip(KINDS) {
        if let Some(table) = facts.table(kind) {
            write_table(table, DATED + at, &mut writer)?;
        }
    }
    writer.finish()
}

fn write_head(head: &SnapshotHead, writer: &mut Writer<'_>) -> io::Result<()> {
    let known_at = head.known_at.map_or_else(String::new, |moment| moment.to_string());
    let mut texts = vec![head.network.clone(), known_at];
    match &head.place {
        None => texts.push(String::new()),
        Some(place) => {
            let unsealed = place.unsealed.len();
            texts.extend([place.sealed.to_string(), place.seal.clone(), unsealed.to_string()]);
            for (entry, digest) in &place.unsealed {
                texts.extend([entry.to_string(), digest.clone()]);
            }
        }
    }
    for (id, text) in &head.editions {
        texts.extend([id.clone(), text.clone()]);
    }
    write_texts(&texts.iter().map(String::as_str).collect::<Vec<_>>(), HEAD, 0, writer)
}

/// Texts: their bytes, and the length of each.
fn write_texts(texts: &[&str], table: u32, column: u32, writer: &mut Writer<'_>) -> io::Result<()> {
    writer.bytes(Tag::new(table, column), texts.concat().as_bytes())?;
    let lengths = texts.iter().map(|text| text.len() as u64);
    writer.u64s(Tag::new(table, column + 1), lengths)
}

/// The words that numbers stand for, and the free fields that are kept of each kind.
fn write_words(catalogue: &Catalogue, writer: &mut Writer<'_>) -> io::Result<()> {
    for (column, ids) in (0..).step_by(2).zip(words(catalogue)) {
        write_texts(&ids.iter().collect::<Vec<&str>>(), WORDS, column, writer)?;
    }
    for (column, kind) in (16..).step_by(2).zip(KINDS) {
        let fields: Vec<String> = catalogue.labels(kind).iter().map(field_text).collect();
        let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
        write_texts(&fields, WORDS, column, writer)?;
    }
    Ok(())
}

/// The lists of words whose numbers facts hold.
pub(super) fn words(catalogue: &Catalogue) -> [&Ids; 6] {
    [
        &catalogue.paths,
        &catalogue.tiers,
        &catalogue.credentials,
        &catalogue.programs,
        &catalogue.resolution_codes,
        &catalogue.event_kinds,
    ]
}

/// A free field as a word.
pub(super) fn field_text(field: &Field) -> String {
    match field {
        Field::Attribute(name) => format!("attribute:{name}"),
        other => format!("{other:?}"),
    }
}

/// Ids in order: their bytes, and where each ends.
fn write_ids(ids: &Ids, table: u32, column: u32, writer: &mut Writer<'_>) -> io::Result<()> {
    let mut bytes = Vec::new();
    let mut ends = Vec::with_capacity(ids.len());
    for number in 0..u32::try_from(ids.len()).unwrap_or(u32::MAX) {
        bytes.extend_from_slice(ids.get(number));
        let end = u32::try_from(bytes.len());
        ends.push(end.map_err(|_| io::Error::other("the ids of a kind are too long"))?);
    }
    writer.bytes(Tag::new(table, column), &bytes)?;
    writer.u32s(Tag::new(table, column + 1), ends.into_iter())
}

fn day(day: Option<Day>) -> u32 {
    day.map_or(0, Day::packed)
}

fn number(number: Option<u32>) -> u32 {
    number.unwrap_or(u32::MAX)
}

fn write_partners(facts: &Facts, writer: &mut Writer<'_>) -> io::Result<()> {
    let tag = |column| Tag::new(PARTNERS, column);
    let rows = || facts.partners.iter();
    write_ids(&facts.partner_ids, PARTNERS, IDS, writer)?;
    let names: Vec<&str> = rows().map(|row| &*row.name).collect();
    write_texts(&names, PARTNERS, 0, writer)?;
    writer.u32s(tag(2), rows().map(|row| row.id))?;
    writer.u32s(tag(3), rows().map(|row| row.path))?;
    writer.u32s(tag(4), rows().map(|row| number(row.tier)))?;
    writer.u32s(tag(5), rows().map(|row| day(row.tier_since)))?;
    writer.u32s(tag(6), rows().map(|row| day(row.last_review_on)))?;
    writer.u32s(tag(7), rows().map(|row| day(row.last_renewal_on)))?;
    writer.u32s(tag(8), rows().map(|row| day(row.last_upgrade_on)))?;
    writer.u8s(tag(9), rows().map(|row| row.standing as u8))
}

fn write_begins<T: Copy>(
    grouped: &Grouped<T>,
    table: u32,
    writer: &mut Writer<'_>,
) -> io::Result<()> {
    writer.u32s(Tag::new(table, BEGINS), grouped.begins().iter().copied())
}

fn write_reviews(facts: &Facts, writer: &mut Writer<'_>) -> io::Result<()> {
    let tag = |column| Tag::new(REVIEWS, column);
    let rows = || facts.reviews.rows.iter();
    write_ids(&facts.review_ids, REVIEWS, IDS, writer)?;
    write_begins(&facts.reviews, REVIEWS, writer)?;
    writer.u32s(tag(0), rows().map(|row| row.id))?;
    writer.u32s(tag(1), rows().map(|row| row.path))?;
    writer.u32s(tag(2), rows().map(|row| row.on.packed()))?;
    writer.u8s(tag(3), rows().map(|row| row.kind as u8))?;
    writer.u32s(tag(4), rows().map(|row| number(row.tier)))?;
    writer.u32s(tag(5), rows().map(|row| day(row.valid_until)))?;
    let tag = |column| Tag::new(AFFILIATIONS, column);
    let rows = || facts.affiliations.rows.iter();
    write_begins(&facts.affiliations, AFFILIATIONS, writer)?;
    writer.u32s(tag(0), rows().map(|row| row.subsidiary))?;
    writer.u32s(tag(1), rows().map(|row| row.from.packed()))?;
    writer.u32s(tag(2), rows().map(|row| day(row.until)))
}

fn write_people(facts: &Facts, writer: &mut Writer<'_>) -> io::Result<()> {
    let tag = |column| Tag::new(MEMBERSHIPS, column);
    let rows = || facts.memberships.rows.iter();
    write_ids(&facts.people_ids, MEMBERSHIPS, IDS, writer)?;
    write_begins(&facts.memberships, MEMBERSHIPS, writer)?;
    writer.u32s(tag(0), rows().map(|row| row.person))?;
    writer.u32s(tag(1), rows().map(|row| day(row.joined_on)))?;
    writer.u32s(tag(2), rows().map(|row| day(row.left_on)))?;
    writer.u8s(tag(3), rows().map(|row| u8::from(row.has_consent)))?;
    let tag = |column| Tag::new(CREDENTIALS, column);
    let rows = || facts.credentials.rows.iter();
    write_ids(&facts.credential_ids, CREDENTIALS, IDS, writer)?;
    write_begins(&facts.credentials, CREDENTIALS, writer)?;
    writer.u32s(tag(0), rows().map(|row| row.id))?;
    writer.u32s(tag(1), rows().map(|row| row.issued_on.packed()))?;
    writer.u32s(tag(2), rows().map(|row| day(row.expires_on)))?;
    writer.u16s(tag(3), rows().map(|row| row.credential))
}

fn write_table(table: &Table, number: u32, writer: &mut Writer<'_>) -> io::Result<()> {
    let tag = |column| Tag::new(number, column);
    let rows = || table.rows.rows.iter();
    write_ids(&table.ids, number, IDS, writer)?;
    write_begins(&table.rows, number, writer)?;
    writer.u32s(tag(0), rows().map(|row| row.id))?;
    writer.u32s(tag(1), rows().map(|row| day(row.on)))?;
    writer.u32s(tag(2), rows().map(|row| day(row.end)))?;
    writer.u16s(tag(3), rows().map(|row| row.code))?;
    writer.u16s(tag(4), rows().map(|row| row.currency.bits()))?;
    writer.u8s(tag(5), rows().map(|row| row.barred.map_or(0, |reason| reason as u8)))?;
    writer.u8s(tag(6), rows().map(|row| row.tags.bits()))?;
    writer.u64s(tag(7), table.amounts.iter().map(|amount| amount.whole()))?;
    // Most amounts of a network are whole; the parts behind the point are then left out.
    if table.amounts.iter().any(|amount| amount.fraction() > 0) {
        writer.u64s(tag(8), table.amounts.iter().map(|amount| amount.fraction()))?;
    }
    writer.u32s(tag(9), table.divisors.iter().copied())?;
    writer.u32s(tag(10), table.labels.iter().copied())?;
    write_ids(&table.label_texts, number, LABEL_TEXTS, writer)
}
