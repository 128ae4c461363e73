//! Lists of stored standings: filtered, sorted, a page at a time.

use super::{DETAILS, NO_UPGRADE, StoredStanding, name_key, selected};
use crate::Error;
use crate::connection::Value;
use crate::lists::Conditions;
use crate::store::Tx;

/// Which standings are listed: those to which **all** of these applies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StandingsFilter {
    /// On this path.
    pub path: Option<String>,
    /// Of this tier.
    pub tier: Option<TierFilter>,
    /// At risk (true), or not (false).
    pub is_at_risk: Option<bool>,
    /// With a next tier from which at most so many rows keep the partner.
    pub missing_at_most: Option<i64>,
    /// With a review due up to this day.
    pub due_until: Option<String>,
    /// With this text in the name or id, whatever its capitals.
    pub text: Option<String>,
}

/// The tier that listed partners hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TierFilter {
    /// This one.
    Tier(String),
    /// None.
    NoTier,
    /// One that is not known.
    Unknown,
}

/// What a list is sorted by; partners that are equal in it by their ids.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StandingsOrder {
    /// The name.
    #[default]
    Name,
    /// The tier's place on its path.
    Tier,
    /// The day of the next review; those without one last.
    Due,
    /// How many rows are in the way of the next tier; those without one last.
    Missing,
}

impl StandingsOrder {
    const fn column(self) -> &'static str {
        match self {
            Self::Name => "name_key",
            Self::Tier => "tier_rank",
            Self::Due => "due_on",
            Self::Missing => "upgrade_missing",
        }
    }

    /// Where a standing stands in the order, as text: its key, a line end, its partner.
    pub fn place(self, standing: &StoredStanding) -> String {
        let key = match self {
            Self::Name => name_key(&standing.name),
            Self::Tier => standing.tier_rank.to_string(),
            Self::Due => standing.due_on.clone().unwrap_or_else(|| super::NEVER.to_owned()),
            Self::Missing => standing.missing().to_string(),
        };
        format!("{key}\n{}", standing.partner)
    }

    /// The key and partner of a place; none where it is no place of this order.
    fn read(self, place: &str) -> Option<(Value, &str)> {
        let (key, partner) = place.rsplit_once('\n')?;
        let key = match self {
            Self::Name | Self::Due => Value::from(key),
            Self::Tier | Self::Missing => Value::Int(key.parse().ok()?),
        };
        Some((key, partner))
    }

    /// Whether a text is a place of this order.
    pub fn is_place(self, place: &str) -> bool {
        self.read(place).is_some()
    }
}

impl StandingsFilter {
    fn add_to(&self, conditions: &mut Conditions) {
        if let Some(path) = &self.path {
            let mark = conditions.mark(path);
            conditions.and(&format!("s.\"path\" = {mark}"));
        }
        match &self.tier {
            Some(TierFilter::Tier(tier)) => {
                let mark = conditions.mark(tier);
                conditions.and(&format!("s.\"tier\" = {mark}"));
            }
            Some(TierFilter::NoTier) => {
                conditions.and("s.\"tier\" is null and s.\"tier_rank\" = -1");
            }
            Some(TierFilter::Unknown) => conditions.and("s.\"tier_rank\" = -2"),
            None => {}
        }
        if let Some(is_at_risk) = self.is_at_risk {
            let mark = conditions.mark(i64::from(is_at_risk));
            conditions.and(&format!("s.\"is_at_risk\" = {mark}"));
        }
        if let Some(missing) = self.missing_at_most {
            let mark = conditions.mark(missing.min(NO_UPGRADE - 1));
            conditions.and(&format!("s.\"upgrade_missing\" <= {mark}"));
        }
        if let Some(until) = &self.due_until {
            let mark = conditions.mark(until);
            conditions.and(&format!("s.\"due_on\" <= {mark}"));
        }
        if let Some(text) = &self.text {
            let mut pattern = "%".to_owned();
            for char in name_key(text).chars() {
                if matches!(char, '%' | '_' | '\\') {
                    pattern.push('\\');
                }
                pattern.push(char);
            }
            pattern.push('%');
            let mark = conditions.mark(pattern);
            let like = format!("like {mark} escape '\\'");
            conditions.and(&format!("(s.\"name_key\" {like} or lower(s.\"partner\") {like})"));
        }
    }
}

impl Tx<'_> {
    /// Standings in an order, from behind a place on.
    ///
    /// # Errors
    ///
    /// Of the database, and when the place is none of the order.
    pub fn standings(
        &mut self,
        filter: &StandingsFilter,
        order: StandingsOrder,
        is_descending: bool,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<StoredStanding>, Error> {
        let mut conditions = Conditions::default();
        filter.add_to(&mut conditions);
        let column = order.column();
        let (than, direction) = if is_descending { ("<", " desc") } else { (">", "") };
        if let Some(after) = after {
            let (key, partner) = order
                .read(after)
                .ok_or_else(|| Error::Unexpected("a place of another order".to_owned()))?;
            let (key, partner) = (conditions.mark(key), conditions.mark(partner));
            conditions.and(&format!("(s.\"{column}\", s.\"partner\") {than} ({key}, {partner})"));
        }
        let limit = conditions.mark(i64::try_from(limit).unwrap_or(i64::MAX));
        let sorted = format!("s.\"{column}\"{direction}, s.\"partner\"{direction}");
        // The page first, what is only shown of it afterwards.
        let page = format!(
            "select s.* from \"standings\" s where 1 = 1{} order by {sorted} limit {limit}",
            conditions.sql
        );
        let sql =
            format!("select {} from ({page}) s left join {DETAILS} order by {sorted}", selected());
        let rows = self.query(&sql, &conditions.parameters)?;
        rows.iter().map(StoredStanding::read).collect()
    }

    /// How many standings a filter lets through.
    ///
    /// # Errors
    ///
    /// Of the database.
    pub fn count_standings(&mut self, filter: &StandingsFilter) -> Result<i64, Error> {
        let mut conditions = Conditions::default();
        filter.add_to(&mut conditions);
        let sql = format!("select count(*) from \"standings\" s where 1 = 1{}", conditions.sql);
        let row = self.query_one(&sql, &conditions.parameters)?;
        row.ok_or_else(|| Error::Unexpected("no count".to_owned()))?.int(0)
    }
}
