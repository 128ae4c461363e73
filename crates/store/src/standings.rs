//! Standings of all partners as they were last computed, for lists that are sorted and filtered.
//!
//! They are a cache of what the rules say: nothing here decides, nothing of it is part of the
//! journal, of exports or of backups, and all of it can be computed anew. Who computes at a time is
//! settled by a lease ([`StandingsState`]); whom a change concerns by [`Concerned`].

mod concerned;
mod counts;
mod list;
mod state;

pub use concerned::Concerned;
pub use counts::{StoredTierCount, TierTotal};
pub use list::{StandingsFilter, StandingsOrder, TierFilter};
pub use state::{StandingsPass, StandingsState};

use crate::connection::{Cell, Row, Value};
use crate::reading::Span;
use crate::store::{Store, Tx};
use crate::{Error, values};

/// Where a partner stands, as it is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoredStanding {
    /// The version of the partner's row.
    pub version: i64,
    /// The partner's id.
    pub partner: String,
    /// Its name.
    pub name: String,
    /// Its path.
    pub path: String,
    /// The tier held.
    pub tier: Option<String>,
    /// Its place on the path, the lowest is 0; -1 for none, -2 where it is unknown.
    pub tier_rank: i64,
    /// The highest tier attained.
    pub attained: Option<String>,
    /// What it takes to keep the tier.
    pub renewal: StoredColumn,
    /// What it takes to reach the next.
    pub upgrade: StoredColumn,
    /// The day of the next review.
    pub due_on: Option<String>,
    /// What it would come to.
    pub outcome: Option<String>,
    /// The tier held after it.
    pub to_tier: Option<String>,
    /// The last day of the grace.
    pub grace_until: Option<String>,
    /// The support discount in percent, where the edition has one.
    pub discount_percent: Option<String>,
    /// The first day on which something of the renewal column lapses.
    pub lapses_on: Option<String>,
    /// Whether the tier is at risk.
    pub is_at_risk: bool,
    /// The edition.
    pub edition: String,
    /// The day as of which it was computed.
    pub as_of: String,
    /// When it was.
    pub computed_at: String,
    /// The place in the chain up to which the journal was heeded.
    pub position: i64,
    /// What is only shown, as JSON.
    pub details: String,
}

/// A column of a standing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoredColumn {
    /// The tier that it is about.
    pub tier: Option<String>,
    /// How many rows ask something.
    pub asked: i64,
    /// How many of them are met.
    pub met: i64,
}

const COLUMNS: [&str; 27] = [
    "version",
    "partner",
    "name",
    "path",
    "tier",
    "tier_rank",
    "attained",
    "renewal_tier",
    "renewal_asked",
    "renewal_met",
    "upgrade_tier",
    "upgrade_asked",
    "upgrade_met",
    "due_on",
    "outcome",
    "to_tier",
    "grace_until",
    "discount_percent",
    "lapses_on",
    "is_at_risk",
    "edition",
    "as_of",
    "computed_at",
    "position",
    // What the ones above are found and sorted by.
    "name_key",
    "upgrade_missing",
    // Of the other table.
    "details",
];
/// How many of the columns tell something of their own.
const OWN: usize = 24;

/// The day of a review that is never due, so that it sorts behind all others.
const NEVER: &str = "9999-12-31";
/// How many rows are missing where there is no next tier, so that it sorts behind all others.
const NO_UPGRADE: i64 = 1_000_000;

impl StoredStanding {
    /// Reads a row of the columns of its own, with the details behind them.
    fn read(row: &Row) -> Result<Self, Error> {
        let text = |at: usize| row.text(at).map(str::to_owned);
        let column = |at: usize| -> Result<StoredColumn, Error> {
            let (asked, met) = (row.int(at + 1)?, row.int(at + 2)?);
            Ok(StoredColumn { tier: row.owned(at), asked, met })
        };
        Ok(Self {
            version: row.int(0)?,
            partner: text(1)?,
            name: text(2)?,
            path: text(3)?,
            tier: row.owned(4),
            tier_rank: row.int(5)?,
            attained: row.owned(6),
            renewal: column(7)?,
            upgrade: column(10)?,
            due_on: row.owned(13).filter(|day| day != NEVER),
            outcome: row.owned(14),
            to_tier: row.owned(15),
            grace_until: row.owned(16),
            discount_percent: row.owned(17),
            lapses_on: row.owned(18),
            is_at_risk: row.int(19)? == 1,
            edition: text(20)?,
            as_of: text(21)?,
            computed_at: text(22)?,
            position: row.int(23)?,
            details: row.owned(24).unwrap_or_default(),
        })
    }

    fn cells(&self) -> Vec<Value> {
        let Self { renewal, upgrade, .. } = self;
        values![
            self.version,
            &self.partner,
            &self.name,
            &self.path,
            self.tier.clone(),
            self.tier_rank,
            self.attained.clone(),
            renewal.tier.clone(),
            renewal.asked,
            renewal.met,
            upgrade.tier.clone(),
            upgrade.asked,
            upgrade.met,
            self.due_on.clone().unwrap_or_else(|| NEVER.to_owned()),
            self.outcome.clone(),
            self.to_tier.clone(),
            self.grace_until.clone(),
            self.discount_percent.clone(),
            self.lapses_on.clone(),
            i64::from(self.is_at_risk),
            &self.edition,
            &self.as_of,
            &self.computed_at,
            self.position,
            name_key(&self.name),
            self.missing(),
        ]
        .to_vec()
    }

    /// How many rows are in the way of the next tier, as it is sorted.
    fn missing(&self) -> i64 {
        match self.upgrade.tier {
            Some(_) => self.upgrade.asked - self.upgrade.met,
            None => NO_UPGRADE,
        }
    }

    /// What it is counted by.
    fn counted_by(&self) -> (&str, Option<&str>, i64, bool) {
        (&self.path, self.tier.as_deref(), self.tier_rank, self.is_at_risk)
    }
}

/// A name as it is found and sorted.
fn name_key(name: &str) -> String {
    name.to_lowercase()
}

/// The columns of a standing `s` with its details `d`.
fn selected() -> String {
    let own = COLUMNS.iter().take(OWN).map(|name| format!("s.\"{name}\""));
    own.chain(["d.\"details\"".to_owned()]).collect::<Vec<_>>().join(", ")
}

/// The details `d` of standings `s`, as they are joined.
const DETAILS: &str = "\"standing_details\" d on d.\"version\" = s.\"version\"";

impl Store {
    /// Has a server look at what the tables hold after a pass, so that its plans are right at once.
    ///
    /// # Errors
    ///
    /// Of the database.
    pub fn analyze_standings(&self) -> Result<(), Error> {
        self.outside_transaction(|connection| {
            if !connection.is_postgres() {
                return Ok(());
            }
            let analyze = |table: &str| connection.batch(&format!("analyze \"{table}\""));
            ["standings", "standing_details", "tier_counts", "turns", "turn_counts"]
                .into_iter()
                .try_for_each(analyze)
        })
    }
}

impl Tx<'_> {
    /// Where a partner stands, as it was last computed.
    ///
    /// # Errors
    ///
    /// Of the database.
    pub fn standing_of(&mut self, partner: &str) -> Result<Option<StoredStanding>, Error> {
        let sql = format!(
            "select {} from \"standings\" s left join {DETAILS} where s.\"partner\" = $1",
            selected()
        );
        self.query_one(&sql, values![partner])?.as_ref().map(StoredStanding::read).transpose()
    }

    /// Takes the standings of these partners in place of what was kept of them; of those without
    /// one nothing is kept. Returns whether the counts by tier have changed.
    ///
    /// # Errors
    ///
    /// Of the database.
    pub fn replace_standings(
        &mut self,
        standings: &[(&str, Option<&StoredStanding>)],
    ) -> Result<bool, Error> {
        let mut is_other = false;
        for (partner, standing) in standings {
            let before = self.standing_of(partner)?;
            let counted = before.as_ref().map(StoredStanding::counted_by);
            is_other |= counted != standing.map(StoredStanding::counted_by);
            if let Some(before) = before {
                for table in ["standing_details", "standings"] {
                    let sql = format!("delete from \"{table}\" where \"version\" = $1");
                    self.execute(&sql, values![before.version])?;
                }
            }
        }
        let found: Vec<&StoredStanding> =
            standings.iter().filter_map(|(_, standing)| *standing).collect();
        self.load_standings(&found)?;
        Ok(is_other)
    }

    /// Takes the standings of all partners within a span in place of what was kept of them.
    ///
    /// # Errors
    ///
    /// Of the database.
    pub fn replace_standings_within(
        &mut self,
        span: Span<'_>,
        standings: &[StoredStanding],
    ) -> Result<(), Error> {
        let within = span.condition("\"partner\"");
        let sql = format!(
            "delete from \"standing_details\" where \"version\" in \
             (select \"version\" from \"standings\" where {within})"
        );
        self.execute(&sql, &span.parameters())?;
        let sql = format!("delete from \"standings\" where {within}");
        self.execute(&sql, &span.parameters())?;
        self.load_standings(&standings.iter().collect::<Vec<_>>())
    }

    fn load_standings(&mut self, standings: &[&StoredStanding]) -> Result<(), Error> {
        if standings.is_empty() {
            return Ok(());
        }
        let (columns, details) = COLUMNS.split_at(COLUMNS.len() - 1);
        self.load("standings", columns, &mut |give| {
            standings.iter().try_for_each(|standing| {
                let values = standing.cells();
                give(&values.iter().map(Value::cell).collect::<Vec<Cell<'_>>>())
            })
        })?;
        let columns = ["version", details.first().copied().unwrap_or("details")];
        self.load("standing_details", &columns, &mut |give| {
            standings.iter().try_for_each(|standing| {
                give(&[Cell::Int(standing.version), Cell::Text(&standing.details)])
            })
        })
    }
}
