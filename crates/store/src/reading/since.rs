//! What has changed since a place in the journal: whose facts to read anew, and those facts.
//!
//! Rather too much than too little: all versions of whatever was changed are looked at, at any
//! time of knowledge.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use guildhall_rules::facts::{Facts, File, JournalPlace, Renewed, Source, csv};
use guildhall_rules::rulebook::Catalogue;
use jiff::Timestamp;

use super::{cells, good, load_sources};
use crate::connection::Value;
use crate::journal::LAST_SEAL;
use crate::kinds::Kind;
use crate::moment::{self, known};
use crate::store::Tx;
use crate::{Error, values};

/// What has become of facts since a place in the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Since {
    /// The place is not of this journal.
    OtherJournal,
    /// There is no entry behind it.
    Same,
    /// The facts of these partners and people may be others.
    Renewed(Renewed),
    /// Those of so many that all facts may as well be read.
    TooMany,
}

/// How many ids are asked for at once.
const IDS: usize = 400;
/// Entries whose numbers are so close are looked at together, with whatever lies between.
const NEAR: i64 = 200;

/// Numbers of versions: behind the first, up to the second.
type Range = (i64, i64);

impl Tx<'_> {
    /// Up to where the journal goes.
    ///
    /// # Errors
    ///
    /// Of the database.
    pub fn journal_place(&mut self) -> Result<JournalPlace, Error> {
        let mut place = JournalPlace::default();
        if let Some(row) = self.query_one(LAST_SEAL, &[])? {
            place.sealed = row.int(0)?.unsigned_abs();
            row.text(1)?.clone_into(&mut place.seal);
        }
        let sql = "select u.\"entry\", j.\"sha256\" from \"unsealed\" u \
                   join \"journal\" j on j.\"entry\" = u.\"entry\" order by 1";
        for row in self.query(sql, &[])? {
            place.unsealed.push((row.int(0)?, row.text(1)?.to_owned()));
        }
        Ok(place)
    }

    /// Whose facts may be others since a place. More partners than `most` are too many.
    ///
    /// # Errors
    ///
    /// Of the database.
    pub fn changed_since(&mut self, place: &JournalPlace, most: usize) -> Result<Since, Error> {
        if !self.is_of_journal(place)? {
            return Ok(Since::OtherJournal);
        }
        let known: HashSet<i64> = place.unsealed.iter().map(|(entry, _)| *entry).collect();
        let sealed = i64::try_from(place.sealed).unwrap_or(i64::MAX);
        let sql = "select j.\"entry\", j.\"facts\" from \"seals\" s \
                   join \"journal\" j on j.\"entry\" = s.\"entry\" where s.\"seq\" > $1 \
                   union all select j.\"entry\", j.\"facts\" from \"unsealed\" u \
                   join \"journal\" j on j.\"entry\" = u.\"entry\"";
        let (mut ranges, mut is_same): (Vec<Range>, _) = (Vec::new(), true);
        for row in self.query(sql, values![sealed])? {
            let (entry, facts) = (row.int(0)?, row.int(1)?);
            if !known.contains(&entry) {
                is_same = false;
                ranges.extend((facts > 0).then(|| (entry, entry.saturating_add(facts))));
            }
        }
        if is_same {
            return Ok(Since::Same);
        }
        let mut concerned = Concerned::default();
        for range in merged(ranges) {
            self.concerned_between(range, &mut concerned)?;
            if concerned.renewed.partners.len().max(concerned.renewed.people.len() / 8) > most {
                return Ok(Since::TooMany);
            }
        }
        // A subsidiary that comes or goes takes its affiliations with it.
        let Concerned { rows, mut renewed } = concerned;
        for ids in rows.into_iter().collect::<Vec<_>>().chunks(IDS) {
            let sql = format!(
                "select distinct \"primary\" from \"affiliations\" where \"subsidiary\" in ({})",
                marks(ids.len())
            );
            for row in self.query(&sql, &texts(ids))? {
                renewed.partners.extend(row.owned(0));
            }
        }
        if renewed.partners.len() > most { Ok(Since::TooMany) } else { Ok(Since::Renewed(renewed)) }
    }

    /// Whether the journal has this place.
    fn is_of_journal(&mut self, place: &JournalPlace) -> Result<bool, Error> {
        if place.sealed > 0 {
            let sql = "select \"sha256\" from \"seals\" where \"seq\" = $1";
            let sealed = i64::try_from(place.sealed).unwrap_or(i64::MAX);
            let row = self.query_one(sql, values![sealed])?;
            if row.and_then(|row| row.owned(0)).as_ref() != Some(&place.seal) {
                return Ok(false);
            }
        }
        for (entry, digest) in &place.unsealed {
            let row = self.journal_row(*entry)?;
            if row.is_none_or(|row| row.sha256 != *digest) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whom versions concern: those with such numbers, those that they took the place of, and those
    /// that were retracted.
    fn concerned_between(&mut self, range: Range, concerned: &mut Concerned) -> Result<(), Error> {
        let parts: Vec<String> = File::ALL.iter().flat_map(|file| concerned_sql(*file)).collect();
        let sql = parts.join(" union ");
        self.stream(&sql, values![range.0, range.1], &mut |row| {
            let [word, id] = row else { return Err(Error::Busy) };
            concerned.add(word.text().unwrap_or_default(), id.text().unwrap_or_default());
            Ok(())
        })
    }

    /// The facts of whoever is renewed, as known at a moment, for [`Facts::renewed`]. Others may be
    /// among them, with less than all facts.
    ///
    /// # Errors
    ///
    /// Of the database.
    pub fn read_renewed(
        &mut self,
        catalogue: &Catalogue,
        renewed: &Renewed,
        known_at: Option<Timestamp>,
    ) -> Result<Facts, Error> {
        let at = known_at.map(moment::to_text);
        let mut reader = Reader { tx: self, at, texts: BTreeMap::new(), seen: HashSet::new() };
        let partners: BTreeSet<&String> = renewed.partners.iter().collect();
        let partners: Vec<&String> = partners.into_iter().collect();
        let mut people: Vec<&String> = renewed.people.iter().collect();
        people.sort_unstable();
        for ids in partners.chunks(IDS) {
            for file in File::ALL {
                match file {
                    File::Partners => reader.take(file, "t.\"id\" in (?)", ids)?,
                    File::Affiliations => reader.take(file, "t.\"primary\" in (?)", ids)?,
                    File::Credentials => {}
                    _ => reader.take(file, "t.\"partner\" in (?)", ids)?,
                }
            }
            // Affiliations lead to subsidiaries, which have to be known.
            let of_primaries = "t.\"id\" in (select a.\"subsidiary\" from \"affiliations\" a \
                                where a.\"primary\" in (?))";
            reader.take(File::Partners, of_primaries, ids)?;
        }
        for ids in people.chunks(IDS) {
            let person = "coalesce(t.\"person\", t.\"id\") in (?)";
            reader.take(File::Individuals, person, ids)?;
            let held = "t.\"individual\" in (select i.\"id\" from \"individuals\" i \
                        where coalesce(i.\"person\", i.\"id\") in (?))";
            reader.take(File::Credentials, held, ids)?;
        }
        let texts = reader.texts;
        let sources: Vec<Source<'_>> = texts
            .iter()
            .map(|(file, text)| Source {
                name: file.name(),
                shown: format!("the table {}", file.stem()),
                size: text.len() as u64,
                open: Box::new(text.as_slice()),
            })
            .collect();
        good(load_sources(catalogue, &sources, 1)?)
    }
}

/// Whom changes concern.
#[derive(Default)]
struct Concerned {
    renewed: Renewed,
    /// Partners whose own rows were changed.
    rows: BTreeSet<String>,
}

const PARTNER: &str = "partner";
const PERSON: &str = "person";
const ROW: &str = "row";

impl Concerned {
    fn add(&mut self, word: &str, id: &str) {
        match word {
            PERSON => _ = self.renewed.people.insert(id.to_owned()),
            PARTNER => _ = self.renewed.partners.insert(id.to_owned()),
            _ => {
                self.renewed.partners.insert(id.to_owned());
                self.rows.insert(id.to_owned());
            }
        }
    }
}

/// Queries for whom the versions of a file concern whose numbers lie behind `$1` and up to `$2`.
fn concerned_sql(file: File) -> Vec<String> {
    let table = file.stem();
    let person = "coalesce(o.\"person\", o.\"id\")";
    let (facts, joins): (Vec<(&str, &str)>, Vec<&str>) = match file {
        File::Partners => (vec![(ROW, "o.\"id\"")], vec![""]),
        File::Affiliations => (vec![(PARTNER, "o.\"primary\"")], vec![""]),
        File::Individuals => (vec![(PARTNER, "o.\"partner\""), (PERSON, person)], vec![""]),
        File::Credentials => (
            vec![(PERSON, "coalesce(i.\"person\", i.\"id\")")],
            // Two indexes hold the open and the closed versions: each half uses its own.
            vec![
                " join \"individuals\" i on i.\"id\" = o.\"individual\" \
                 and i.\"superseded_at\" is null",
                " join \"individuals\" i on i.\"id\" = o.\"individual\" \
                 and i.\"superseded_at\" is not null",
            ],
        ),
        _ => (vec![(PARTNER, "o.\"partner\"")], vec![""]),
    };
    let mut all = Vec::new();
    for (word, column) in &facts {
        for join in &joins {
            let select = format!("select '{word}' as \"word\", {column} as \"id\" from");
            let between =
                |alias: &str| format!("{alias}.\"version\" > $1 and {alias}.\"version\" <= $2");
            all.push(format!("{select} \"{table}\" o{join} where {}", between("o")));
            all.push(format!(
                "{select} \"{table}\" t join \"{table}\" o on o.\"version\" = t.\"supersedes\"\
                 {join} where {}",
                between("t")
            ));
            all.push(format!(
                "{select} \"retractions\" r join \"{table}\" o on o.\"version\" = r.\"retracts\"\
                 {join} where r.\"kind\" = '{table}' and {}",
                between("r")
            ));
        }
    }
    all
}

/// Ranges in order, those that are near each other as one.
fn merged(mut ranges: Vec<Range>) -> Vec<Range> {
    ranges.sort_unstable();
    let mut merged: Vec<Range> = Vec::new();
    for (after, until) in ranges {
        match merged.last_mut() {
            Some((_, end)) if after <= end.saturating_add(NEAR) => *end = until.max(*end),
            _ => merged.push((after, until)),
        }
    }
    merged
}

fn marks(count: usize) -> String {
    (1..=count).map(|at| format!("${at}")).collect::<Vec<_>>().join(", ")
}

fn texts<T: AsRef<str>>(ids: &[T]) -> Vec<Value> {
    ids.iter().map(|id| Value::from(id.as_ref())).collect()
}

/// Gathers rows as the folder format has them, each once.
struct Reader<'x, 's> {
    tx: &'x mut Tx<'s>,
    at: Option<String>,
    texts: BTreeMap<File, Vec<u8>>,
    seen: HashSet<i64>,
}

impl Reader<'_, '_> {
    /// Rows that were known and fulfil a condition, in which `?` stands for ids.
    fn take(&mut self, file: File, condition: &str, ids: &[&String]) -> Result<(), Error> {
        let kind = Kind::Fact(file);
        let text = self.texts.entry(file).or_default();
        if text.is_empty() {
            csv::write_record(text, kind.names().map(str::as_bytes))?;
        }
        let sql = format!(
            "select {} from \"{}\" t where {} and {} order by t.\"version\"",
            cells(kind),
            kind.table(),
            condition.replace('?', &marks(ids.len())),
            known("t", self.at.as_ref().map(|_| ids.len() + 1))
        );
        let mut parameters = texts(ids);
        parameters.extend(self.at.as_deref().map(Value::from));
        let seen = &mut self.seen;
        self.tx.stream(&sql, &parameters, &mut |cells| {
            let (version, cells) = cells.split_first().ok_or(Error::Busy)?;
            if !seen.insert(version.int().unwrap_or_default()) {
                return Ok(());
            }
            let cells = cells.iter().map(|cell| cell.text().unwrap_or("").as_bytes());
            Ok(csv::write_record(&mut *text, cells)?)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_that_are_near_are_looked_at_together() {
        assert_eq!(merged(vec![(500, 510), (1, 3), (4, 6), (150, 151)]), [(1, 151), (500, 510)]);
        assert_eq!(merged(vec![(1, 90), (5, 7)]), [(1, 90)]);
    }
}
