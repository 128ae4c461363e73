//! Versions of facts: recorded, closed by later ones, retracted, never overwritten.
//!
//! What a change does is gathered in an [`Entry`] and written by [`Tx::commit`] with its journal
//! row, so that a version and the reason for it are there together or not at all. The numbers of
//! an entry and of its versions stand side by side: the versions of entry `e` are those behind it.

use std::collections::BTreeMap;

use guildhall_rules::facts::File;

use crate::connection::{Cell, Row, Value, quoted};
use crate::digest::{self, Birth, Digest};
use crate::journal::{Entry, Recorded};
use crate::kinds::{Kind, PERSONAL};
use crate::moment::{self, known};
use crate::store::Tx;
use crate::{Error, values};

/// What stands for the values of a person that were erased.
pub const ERASED: &str = "(erased)";

/// The columns behind the cells, in the order in which they are read and written.
const HISTORY: [&str; 6] =
    ["recorded_at", "superseded_at", "superseded_by", "supersedes", "entry", "digest"];

/// The columns of a retraction.
pub(crate) const RETRACTION: [&str; 7] =
    ["version", "kind", "id", "retracts", "recorded_at", "entry", "digest"];

/// A row to be recorded: its cells in the order of [`Kind::columns`], the id first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// What it is.
    pub kind: Kind,
    /// Its cells; none where empty.
    pub cells: Vec<Option<String>>,
}

impl Draft {
    /// Its id.
    pub fn id(&self) -> &str {
        self.cells.first().and_then(Option::as_deref).unwrap_or_default()
    }

    /// The cell of a column.
    pub fn cell(&self, name: &str) -> Option<&str> {
        self.cells.get(self.kind.position(name)?)?.as_deref()
    }
}

/// A version of a fact, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Its number: of all versions of all facts no other has it. It tells no order in time.
    pub version: i64,
    /// What it says.
    pub draft: Draft,
    /// When the network learned of it, as text that sorts; none: the beginning of time.
    pub recorded_at: Option<String>,
    /// Until when the network held it to be true; none: still.
    pub superseded_at: Option<String>,
    /// The version or retraction that closed it; none where it is open or was closed at birth.
    pub superseded_by: Option<i64>,
    /// The version that it closed.
    pub supersedes: Option<i64>,
    /// The journal entry that recorded it.
    pub entry: i64,
    /// The first bytes of its digest.
    pub(crate) digest: i64,
    pub(crate) salt: Option<String>,
    pub(crate) personal: Option<String>,
}

/// A row that is to be written, and what stood under its id.
#[derive(Clone, Debug)]
pub(crate) struct Successor {
    pub(crate) draft: Draft,
    /// The version that it closes.
    pub(crate) held: Option<Version>,
    /// The moment behind which it is recorded: that of the version it closes, or where none is
    /// held, the end of the last.
    pub(crate) behind: Option<String>,
}

impl Version {
    /// Its digest, from what stands in the table now.
    pub(crate) fn computed(&self) -> Digest {
        let birth = Birth {
            version: self.version,
            entry: self.entry,
            recorded_at: self.recorded_at.as_deref(),
            closed_at: self.superseded_at.as_deref().filter(|_| self.superseded_by.is_none()),
            supersedes: self.supersedes,
        };
        let cells = self.draft.cells.iter().map(Option::as_deref);
        digest::version(self.draft.kind, birth, cells, self.personal.as_deref())
    }

    /// Whether the values of a person are what their digest says, or are erased.
    pub(crate) fn is_person_intact(&self) -> bool {
        let (name, emails) = (self.draft.cell(PERSONAL[0]), self.draft.cell(PERSONAL[1]));
        match (&self.personal, &self.salt) {
            (None, _) => true,
            (Some(personal), Some(salt)) => *personal == digest::personal(salt, name, emails),
            (Some(_), None) => name == Some(ERASED) && emails.is_none(),
        }
    }
}

/// The columns of a kind as they are selected, in the order that [`read`] expects.
pub(crate) fn selected(kind: Kind, alias: &str) -> String {
    let mut names = vec!["version"];
    names.extend(kind.names());
    names.extend(HISTORY);
    if kind.is_personal() {
        names.extend(["salt", "personal"]);
    }
    let names: Vec<String> = names.iter().map(|name| format!("{alias}.\"{name}\"")).collect();
    names.join(", ")
}

/// Reads a row of [`selected`].
pub(crate) fn read(kind: Kind, row: &Row) -> Result<Version, Error> {
    let count = kind.columns().len();
    let behind = |at: usize| 1 + count + at;
    Ok(Version {
        version: row.int(0)?,
        draft: Draft { kind, cells: (1..=count).map(|at| row.owned(at)).collect() },
        recorded_at: row.owned(behind(0)),
        superseded_at: row.owned(behind(1)),
        superseded_by: row.maybe_int(behind(2)),
        supersedes: row.maybe_int(behind(3)),
        entry: row.int(behind(4))?,
        digest: row.int(behind(5))?,
        salt: row.owned(behind(6)),
        personal: row.owned(behind(7)),
    })
}

impl Tx<'_> {
    /// The version of a fact that is held to be true now.
    pub fn current(&mut self, kind: Kind, id: &str) -> Result<Option<Version>, Error> {
        let sql = format!(
            "select {} from \"{}\" t where t.\"id\" = $1 and {}",
            selected(kind, "t"),
            kind.table(),
            known("t", None)
        );
        let row = self.query_one(&sql, values![id])?;
        row.map(|row| read(kind, &row)).transpose()
    }

    /// Every version of a fact, the oldest first.
    pub fn versions(&mut self, kind: Kind, id: &str) -> Result<Vec<Version>, Error> {
        let (names, table) = (selected(kind, "t"), kind.table());
        // Two indexes hold the open and the closed versions: each half uses its own.
        let sql = format!(
            "select {names} from \"{table}\" t where t.\"id\" = $1 and t.\"superseded_at\" is null \
             union all \
             select {names} from \"{table}\" t where t.\"id\" = $1 \
             and t.\"superseded_at\" is not null"
        );
        let rows = self.query(&sql, values![id])?;
        let mut versions: Vec<Version> =
            rows.iter().map(|row| read(kind, row)).collect::<Result<_, _>>()?;
        versions.sort_by(|a, b| {
            let key = |version: &Version| {
                let until = version.superseded_at.clone();
                (version.recorded_at.clone(), until.is_none(), until, version.version)
            };
            key(a).cmp(&key(b))
        });
        Ok(versions)
    }

    /// One version by its number.
    pub fn version(&mut self, kind: Kind, version: i64) -> Result<Option<Version>, Error> {
        let sql = format!(
            "select {} from \"{}\" t where t.\"version\" = $1",
            selected(kind, "t"),
            kind.table()
        );
        let row = self.query_one(&sql, values![version])?;
        row.map(|row| read(kind, &row)).transpose()
    }

    /// Whether there is a fact of this id, in whatever version.
    pub fn is_known(&mut self, kind: Kind, id: &str) -> Result<bool, Error> {
        let table = kind.table();
        let sql = format!(
            "select 1 from \"{table}\" where \"id\" = $1 and \"superseded_at\" is null \
             union all \
             select 1 from \"{table}\" where \"id\" = $1 and \"superseded_at\" is not null limit 1"
        );
        Ok(self.query_one(&sql, values![id])?.is_some())
    }

    /// Facts of a kind that are held to be true now, a page at a time in the order of their ids.
    /// `filters` are columns and the value that each must have.
    pub fn page(
        &mut self,
        kind: Kind,
        filters: &[(&str, &str)],
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Version>, Error> {
        let mut sql = format!(
            "select {} from \"{}\" t where {}",
            selected(kind, "t"),
            kind.table(),
            known("t", None)
        );
        let mut parameters: Vec<Value> = Vec::new();
        for (name, value) in filters {
            if !kind.names().any(|column| column == *name) {
                return Err(Error::Unexpected(format!("no column `{name}`")));
            }
            parameters.push((*value).into());
            sql += &format!(" and t.\"{name}\" = ${}", parameters.len());
        }
        if let Some(after) = after {
            parameters.push(after.into());
            sql += &format!(" and t.\"id\" > ${}", parameters.len());
        }
        parameters.push(i64::try_from(limit).unwrap_or(i64::MAX).into());
        sql += &format!(" order by t.\"id\" limit ${}", parameters.len());
        let rows = self.query(&sql, &parameters)?;
        rows.iter().map(|row| read(kind, row)).collect()
    }

    /// Adds a row to what an entry records, unless it says what is held already.
    ///
    /// # Errors
    ///
    /// When the entry has a change of the same fact already.
    pub fn record(&mut self, entry: &mut Entry, draft: Draft) -> Result<Recorded, Error> {
        entry.refuse_twice(draft.kind, draft.id())?;
        match self.current(draft.kind, draft.id())? {
            Some(held) if held.draft == draft => Ok(Recorded::Same(held.version)),
            Some(held) => {
                let recorded = Recorded::Changed(held.version);
                let behind = held.recorded_at.clone();
                entry.drafts.push(Successor { draft, held: Some(held), behind });
                Ok(recorded)
            }
            None => {
                let behind = self.ended_at(draft.kind, draft.id())?;
                entry.drafts.push(Successor { draft, held: None, behind });
                Ok(Recorded::Added)
            }
        }
    }

    /// When the last version of a fact that is held no more came to its end.
    fn ended_at(&mut self, kind: Kind, id: &str) -> Result<Option<String>, Error> {
        let sql = format!(
            "select max(\"superseded_at\") from \"{}\" where \"id\" = $1 \
             and \"superseded_at\" is not null",
            kind.table()
        );
        Ok(self.query_one(&sql, values![id])?.and_then(|row| row.owned(0)))
    }

    /// Adds the retraction of a fact to what an entry does. False where it is not held.
    ///
    /// # Errors
    ///
    /// When the entry has a change of the same fact already.
    pub fn retract(&mut self, entry: &mut Entry, kind: Kind, id: &str) -> Result<bool, Error> {
        entry.refuse_twice(kind, id)?;
        let held = self.current(kind, id)?;
        let is_held = held.is_some();
        entry.retracted.extend(held);
        Ok(is_held)
    }

    /// Writes the versions of an entry whose numbers begin at `first`. Returns the digests in
    /// order, and the last number.
    pub(crate) fn write_versions(
        &mut self,
        entry: &Entry,
        number: i64,
    ) -> Result<Vec<Digest>, Error> {
        let mut digests = Vec::new();
        let mut version = number;
        for Successor { draft, held, behind } in &entry.drafts {
            version += 1;
            let recorded_at = entry.after(behind.as_deref());
            if let Some(held) = held {
                self.close(held, &recorded_at, version)?;
            }
            let supersedes = held.as_ref().map(|held| held.version);
            let birth = Birth {
                version,
                entry: number,
                recorded_at: Some(&recorded_at),
                closed_at: None,
                supersedes,
            };
            digests.push(self.insert(draft, birth)?);
        }
        for held in &entry.retracted {
            version += 1;
            let recorded_at = entry.after(held.recorded_at.as_deref());
            self.close(held, &recorded_at, version)?;
            let birth = Birth {
                version,
                entry: number,
                recorded_at: Some(&recorded_at),
                closed_at: None,
                supersedes: Some(held.version),
            };
            let (kind, id) = (held.draft.kind.table(), held.draft.id());
            let digest = digest::retraction(kind, id, birth);
            let sql = "insert into \"retractions\" (\"version\", \"kind\", \"id\", \"retracts\", \
                       \"recorded_at\", \"entry\", \"digest\") values ($1, $2, $3, $4, $5, $6, $7)";
            let short = digest::short(&digest);
            self.execute(
                sql,
                values![version, kind, id, held.version, recorded_at, number, short],
            )?;
            digests.push(digest);
        }
        Ok(digests)
    }

    fn close(&mut self, held: &Version, at: &str, by: i64) -> Result<(), Error> {
        let sql = format!(
            "update \"{}\" set \"superseded_at\" = $1, \"superseded_by\" = $2 \
             where \"version\" = $3 and \"superseded_at\" is null",
            held.draft.kind.table()
        );
        if self.execute(&sql, values![at, by, held.version])? == 1 {
            return Ok(());
        }
        // Somebody closed it since it was read.
        self.is_busy = true;
        Err(Error::Busy)
    }

    fn insert(&mut self, draft: &Draft, birth: Birth<'_>) -> Result<Digest, Error> {
        let columns = columns(draft.kind);
        let cells: Vec<Option<&str>> = draft.cells.iter().map(Option::as_deref).collect();
        let person = Person::of(draft.kind, &cells)?;
        let digest = digest::version(draft.kind, birth, cells.iter().copied(), person.digest());
        let mut row: Vec<Value> = Vec::new();
        row_cells(birth, &cells, &person, &digest, &mut |cells| {
            row = cells.iter().map(|cell| Value::from(*cell)).collect();
            Ok(())
        })?;
        let marks: Vec<String> = (1..=columns.len()).map(|at| format!("${at}")).collect();
        let sql = format!(
            "insert into \"{}\" ({}) values ({})",
            draft.kind.table(),
            quoted(&columns),
            marks.join(", ")
        );
        self.execute(&sql, &row)?;
        Ok(digest)
    }

    /// Erases the values of a person in every version of every row of theirs. Returns the versions.
    ///
    /// The one place that overwrites: the skeleton of the rows stays, and with it what they count.
    pub fn erase_person(&mut self, entry: &mut Entry, person: &str) -> Result<Vec<i64>, Error> {
        let rows = self.query(
            "select \"version\" from \"individuals\" where coalesce(\"person\", \"id\") = $1 \
             and \"salt\" is not null order by 1",
            values![person],
        )?;
        let versions: Vec<i64> = rows.iter().map(|row| row.int(0)).collect::<Result<_, _>>()?;
        self.execute(
            "update \"individuals\" set \"name\" = $2, \"emails\" = null, \"salt\" = null \
             where coalesce(\"person\", \"id\") = $1",
            values![person, ERASED],
        )?;
        entry.detail("erased_versions", versions.clone().into());
        Ok(versions)
    }

    /// People of a partner who share an e-mail: the ids of two rows of different persons.
    pub fn shared_emails(&mut self, partner: &str) -> Result<Vec<(String, String)>, Error> {
        let rows = self.query(
            "select \"id\", coalesce(\"person\", \"id\"), \"emails\" from \"individuals\" \
             where \"partner\" = $1 and \"superseded_at\" is null and \"emails\" is not null \
             order by \"version\"",
            values![partner],
        )?;
        let mut owners: BTreeMap<String, (&str, &str)> = BTreeMap::new();
        let mut shared = Vec::new();
        for row in &rows {
            let (id, person) = (row.text(0)?, row.text(1)?);
            for email in row.text(2)?.split(';').filter(|email| !email.is_empty()) {
                let (owner, other) =
                    *owners.entry(email.to_ascii_lowercase()).or_insert((person, id));
                if owner != person {
                    shared.push((other.to_owned(), id.to_owned()));
                }
            }
        }
        Ok(shared)
    }

    /// Whether no fact was ever recorded.
    pub fn is_empty(&mut self) -> Result<bool, Error> {
        for kind in Kind::all() {
            let sql = format!("select 1 from \"{}\" limit 1", kind.table());
            if self.query_one(&sql, &[])?.is_some() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The ids of all partners that are held now, in order.
    pub fn partner_ids(&mut self) -> Result<Vec<String>, Error> {
        let kind = Kind::Fact(File::Partners);
        let sql = format!(
            "select \"id\" from \"{}\" where {} order by \"id\"",
            kind.table(),
            known("", None)
        );
        let rows = self.query(&sql, &[])?;
        rows.iter().map(|row| row.text(0).map(str::to_owned)).collect()
    }
}

/// The salt and digest of a person's values.
#[derive(Debug, Default)]
pub(crate) struct Person {
    values: Option<(Option<String>, String)>,
}

impl Person {
    /// Of a row, if it holds such values. Erased ones keep no salt.
    pub(crate) fn of(kind: Kind, cells: &[Option<&str>]) -> Result<Self, Error> {
        if !kind.is_personal() {
            return Ok(Self::default());
        }
        let cell = |name| kind.position(name).and_then(|at| cells.get(at).copied().flatten());
        let (name, emails) = (cell(PERSONAL[0]), cell(PERSONAL[1]));
        let salt = digest::salt()?;
        let digest = digest::personal(&salt, name, emails);
        let is_erased = name == Some(ERASED) && emails.is_none();
        Ok(Self { values: Some((Some(salt).filter(|_| !is_erased), digest)) })
    }

    pub(crate) fn digest(&self) -> Option<&str> {
        self.values.as_ref().map(|(_, digest)| digest.as_str())
    }
}

/// The columns of a table in the order of [`row_cells`].
pub(crate) fn columns(kind: Kind) -> Vec<&'static str> {
    let mut columns = vec!["version"];
    columns.extend(kind.names());
    columns.extend(HISTORY);
    if kind.is_personal() {
        columns.extend(["salt", "personal"]);
    }
    columns
}

/// A row as it is written.
pub(crate) fn row_cells(
    birth: Birth<'_>,
    cells: &[Option<&str>],
    person: &Person,
    digest: &Digest,
    give: &mut dyn FnMut(&[Cell<'_>]) -> Result<(), Error>,
) -> Result<(), Error> {
    fn text(text: Option<&str>) -> Cell<'_> {
        text.map_or(Cell::Null, Cell::Text)
    }
    let mut row = Vec::with_capacity(cells.len() + 9);
    row.push(Cell::Int(birth.version));
    row.extend(cells.iter().map(|cell| text(*cell)));
    row.push(text(birth.recorded_at));
    row.push(text(birth.closed_at));
    row.push(Cell::Null);
    row.push(birth.supersedes.map_or(Cell::Null, Cell::Int));
    row.push(Cell::Int(birth.entry));
    row.push(Cell::Int(digest::short(digest)));
    if let Some((salt, personal)) = &person.values {
        row.extend([text(salt.as_deref()), Cell::Text(personal)]);
    }
    give(&row)
}

impl Entry {
    /// When a version that follows another is recorded: now, but always behind the moment of the
    /// other, also where the clock went back.
    pub(crate) fn after(&self, behind: Option<&str>) -> String {
        let now = moment::to_text(self.at);
        match behind {
            Some(behind) if now.as_str() <= behind => {
                let next = moment::from_text(behind)
                    .ok()
                    .and_then(|at| at.checked_add(jiff::SignedDuration::from_nanos(1)).ok());
                next.map_or(now, moment::to_text)
            }
            _ => now,
        }
    }

    fn refuse_twice(&self, kind: Kind, id: &str) -> Result<(), Error> {
        let drafts = self.drafts.iter().map(|next| &next.draft);
        let retracted = self.retracted.iter().map(|held| &held.draft);
        if drafts.chain(retracted).any(|draft| draft.kind == kind && draft.id() == id) {
            let word = kind.word();
            return Err(Error::Constraint(format!("the {word} `{id}` is changed twice at once")));
        }
        Ok(())
    }
}
