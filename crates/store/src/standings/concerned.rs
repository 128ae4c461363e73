//! Whom rows of the journal concern: the partners whose standings may be others since.
//!
//! Rather too many than too few: all versions of what was changed are looked at, and a subsidiary
//! leads to its primaries whether or not the affiliation is in force.

use std::collections::BTreeSet;

use guildhall_rules::facts::File;

use crate::facts::Draft;
use crate::kinds::Kind;
use crate::store::Tx;
use crate::{Error, values};

/// Whom changes concern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Concerned {
    /// So many that all may as well be computed anew.
    Everybody,
    /// These partners.
    Partners(BTreeSet<String>),
}

/// How many rows of the journal are looked at once.
const ROWS: usize = 200;
/// More versions of facts than this concern everybody.
const MOST: i64 = 500;

impl Tx<'_> {
    /// Whom the sealed rows of the journal behind a place of the chain concern, and the place up to
    /// which they were looked at. More rows may follow.
    ///
    /// # Errors
    ///
    /// Of the database.
    pub fn concerned(&mut self, after: i64) -> Result<(i64, Concerned), Error> {
        let rows = self.journal(after, None, ROWS)?;
        let place = rows.last().map_or(after, |(place, _)| *place);
        let count = rows.iter().map(|(_, row)| row.facts).fold(0, i64::saturating_add);
        if count > MOST {
            return Ok((place, Concerned::Everybody));
        }
        let mut partners = BTreeSet::new();
        for (_, row) in rows.iter().filter(|(_, row)| row.facts > 0) {
            // The versions of an entry have the numbers behind its own.
            for (kind, version) in self.versions_between(row.entry, row.entry + row.facts)? {
                if let Some(found) = self.version(kind, version)? {
                    self.concerned_by(&found.draft, &mut partners)?;
                }
            }
        }
        for partner in partners.clone() {
            let sql = "select distinct \"primary\" from \"affiliations\" where \"subsidiary\" = $1";
            for row in self.query(sql, values![partner])? {
                partners.extend(row.owned(0));
            }
        }
        Ok((place, Concerned::Partners(partners)))
    }

    /// The versions of facts with numbers behind one and up to another, those that they took the
    /// place of, and those that were retracted.
    fn versions_between(&mut self, after: i64, until: i64) -> Result<Vec<(Kind, i64)>, Error> {
        let one = |file: &File| {
            let table = file.stem();
            format!(
                "select '{table}' as \"kind\", \"version\", \"supersedes\" from \"{table}\" \
                 where \"version\" > $1 and \"version\" <= $2"
            )
        };
        let mut parts: Vec<String> = File::ALL.iter().map(one).collect();
        parts.push(
            "select \"kind\", \"retracts\", null from \"retractions\" \
             where \"version\" > $1 and \"version\" <= $2"
                .to_owned(),
        );
        let mut found = Vec::new();
        for row in self.query(&parts.join(" union all "), values![after, until])? {
            let Some(kind) = Kind::from_table(row.text(0)?) else { continue };
            found.push((kind, row.int(1)?));
            found.extend(row.maybe_int(2).map(|version| (kind, version)));
        }
        Ok(found)
    }

    fn concerned_by(
        &mut self,
        draft: &Draft,
        partners: &mut BTreeSet<String>,
    ) -> Result<(), Error> {
        let cell = |name: &str| draft.cell(name).unwrap_or_default().to_owned();
        match draft.kind {
            Kind::Fact(File::Individuals) => {
                partners.insert(cell("partner"));
                let person = draft.cell("person").unwrap_or_else(|| draft.id());
                partners.extend(self.person_partners(person)?);
            }
            Kind::Fact(File::Credentials) => {
                let individual = cell("individual");
                for version in self.versions(Kind::Fact(File::Individuals), &individual)? {
                    let person = version.draft.cell("person").unwrap_or(&individual);
                    partners.extend(self.person_partners(person)?);
                }
            }
            Kind::Fact(File::Affiliations) => {
                partners.extend([cell("primary"), cell("subsidiary")]);
            }
            kind => {
                if let Some(column) = kind.partner_column() {
                    partners.insert(cell(column));
                }
            }
        }
        Ok(())
    }
}
