//! How many partners hold which tier: now, and on the days that were counted.

use std::collections::BTreeMap;

use crate::connection::Value;
use crate::store::Tx;
use crate::{Error, values};

/// How many partners stand alike, as the standings are now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TierTotal {
    /// The path.
    pub path: String,
    /// The tier held.
    pub tier: Option<String>,
    /// Its place on the path, the lowest is 0; -1 for none, -2 where it is unknown.
    pub tier_rank: i64,
    /// How many.
    pub partners: i64,
    /// How many of them are at risk.
    pub at_risk: i64,
}

/// How many partners held a tier on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredTierCount {
    /// The day.
    pub day: String,
    /// The path.
    pub path: String,
    /// The tier; empty for none, `?` where it is unknown.
    pub tier: String,
    /// How many.
    pub partners: i64,
    /// How many of them were at risk; none where the day was counted from the history.
    pub at_risk: Option<i64>,
}

impl TierTotal {
    /// The tier as it is kept with a day.
    fn word(&self) -> &str {
        match (&self.tier, self.tier_rank) {
            (Some(tier), _) => tier,
            (None, -2) => "?",
            (None, _) => "",
        }
    }
}

impl Tx<'_> {
    /// How many partners stand where, by path and tier, the lowest tier first.
    ///
    /// # Errors
    ///
    /// Of the database.
    pub fn tier_totals(&mut self) -> Result<Vec<TierTotal>, Error> {
        let sql = "select \"path\", \"tier_rank\", \"tier\", \"is_at_risk\", count(*) \
                   from \"standings\" group by \"path\", \"tier_rank\", \"tier\", \"is_at_risk\" \
                   order by 1, 2, 3";
        let mut totals: Vec<TierTotal> = Vec::new();
        for row in self.query(sql, values![])? {
            let (path, tier_rank, tier) = (row.text(0)?.to_owned(), row.int(1)?, row.owned(2));
            let count = row.int(4)?;
            let at_risk = if row.int(3)? == 1 { count } else { 0 };
            match totals.last_mut() {
                Some(last) if last.path == path && last.tier == tier => {
                    last.partners += count;
                    last.at_risk += at_risk;
                }
                _ => totals.push(TierTotal { path, tier, tier_rank, partners: count, at_risk }),
            }
        }
        Ok(totals)
    }

    /// Counts a day by the standings as they are now, in place of what was counted of it.
    ///
    /// # Errors
    ///
    /// Of the database.
    pub fn count_tiers(&mut self, day: &str) -> Result<(), Error> {
        let totals = self.tier_totals()?;
        self.execute("delete from \"tier_counts\" where \"day\" = $1", values![day])?;
        let mut numbers = self.numbers(i64::try_from(totals.len()).unwrap_or(0).max(1))?..;
        for total in totals {
            let sql = "insert into \"tier_counts\" (\"number\", \"day\", \"path\", \"tier\", \
                       \"partners\", \"at_risk\") values ($1, $2, $3, $4, $5, $6)";
            let number = numbers.next().unwrap_or(0);
            let (tier, path) = (total.word().to_owned(), &total.path);
            let values = values![number, day, path, tier, total.partners, total.at_risk];
            self.execute(sql, values)?;
        }
        Ok(())
    }

    /// Adds to what was counted of past days, by day, path and tier.
    ///
    /// # Errors
    ///
    /// Of the database.
    pub fn add_tier_counts(
        &mut self,
        counts: &BTreeMap<(String, String, String), i64>,
    ) -> Result<(), Error> {
        let mut numbers = self.numbers(i64::try_from(counts.len()).unwrap_or(0).max(1))?..;
        for ((day, path, tier), count) in counts {
            let sql = "insert into \"tier_counts\" (\"number\", \"day\", \"path\", \"tier\", \
                       \"partners\") values ($1, $2, $3, $4, $5) \
                       on conflict (\"day\", \"path\", \"tier\") do update set \
                       \"partners\" = \"tier_counts\".\"partners\" + excluded.\"partners\"";
            let number = numbers.next().unwrap_or(0);
            self.execute(sql, values![number, day, path, tier, *count])?;
        }
        Ok(())
    }

    /// Forgets what was counted of days.
    ///
    /// # Errors
    ///
    /// Of the database.
    pub fn forget_tier_counts(&mut self, days: &[String]) -> Result<(), Error> {
        for day in days {
            self.execute("delete from \"tier_counts\" where \"day\" = $1", values![day])?;
        }
        Ok(())
    }

    /// The days from one on that were counted, in order.
    ///
    /// # Errors
    ///
    /// Of the database.
    pub fn counted_days(&mut self, from: &str) -> Result<Vec<String>, Error> {
        let sql = "select distinct \"day\" from \"tier_counts\" where \"day\" >= $1 order by 1";
        let rows = self.query(sql, values![from])?;
        rows.iter().map(|row| row.text(0).map(str::to_owned)).collect()
    }

    /// What was counted of these days, by day, path and tier.
    ///
    /// # Errors
    ///
    /// Of the database.
    pub fn tier_counts(&mut self, days: &[String]) -> Result<Vec<StoredTierCount>, Error> {
        if days.is_empty() {
            return Ok(Vec::new());
        }
        let marks: Vec<String> = (1..=days.len()).map(|at| format!("${at}")).collect();
        let sql = format!(
            "select \"day\", \"path\", \"tier\", \"partners\", \"at_risk\" from \"tier_counts\" \
             where \"day\" in ({}) order by 1, 2, 3",
            marks.join(", ")
        );
        let parameters: Vec<Value> = days.iter().map(Value::from).collect();
        let rows = self.query(&sql, &parameters)?;
        let read = |row: &crate::Row| {
            let text = |at: usize| row.text(at).map(str::to_owned);
            Ok(StoredTierCount {
                day: text(0)?,
                path: text(1)?,
                tier: text(2)?,
                partners: row.int(3)?,
                at_risk: row.maybe_int(4),
            })
        };
        rows.iter().map(read).collect()
    }
}
