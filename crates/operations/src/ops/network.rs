//! The network as the vendor looks at it: where all partners stand, who is at risk and why, how
//! tiers changed over time.
//!
//! It is read from stored standings ([`Refresher`] keeps them up), which tell the moment at which
//! they were computed. They never differ from scorecards of that moment and day.

mod evaluated;
mod refresh;
mod turns;

use std::io::Write;

use guildhall_access::{Action, Resource, ResourceKind};
use guildhall_store::{
    StandingsFilter, StandingsOrder, StandingsState, StoredStanding, TierFilter, TierTotal, Tx,
    plain_moment,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use self::evaluated::Details;
use crate::ops::standing::sees_all_discounts;
use crate::{App, Caller, Error, csv_text};

pub use evaluated::{InTheWay, LAPSES_WITHIN_DAYS};
pub use refresh::{Refreshed, Refresher};
pub use turns::{
    By, DIRECTIONS, NetworkTurn, SORTS, TURNS_WITHIN_DAYS, TurnDetails, TurnsAsked, TurnsCount,
    calendar, count_turns, says as turn_says, title as turn_title, turns,
};

/// Which standings are listed, in which order. What is not given does not narrow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// The id of a path.
    pub path: Option<String>,
    /// The id of a tier; `-` for none, `?` for one that is not known.
    pub tier: Option<String>,
    /// `at_risk`, `safe` or `near`.
    pub state: Option<String>,
    /// For `near`: how many rows may be missing; default 2.
    pub missing: Option<u32>,
    /// Only reviews that are due within so many days, or overdue.
    pub due_within: Option<u16>,
    /// A text in name or id.
    pub text: Option<String>,
    /// `name`, `tier`, `due` or `missing`, with `-` before it for the other direction; default
    /// `name`.
    pub sort: Option<String>,
}

/// How many rows may be missing where nothing else is said.
pub const NEAR: u32 = 2;
/// The longest text that is searched for, in characters.
const LONGEST_TEXT: usize = 200;

/// Where a partner stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Standing {
    /// The partner's id.
    pub partner: String,
    /// Its name.
    pub name: String,
    /// Its path.
    pub path: String,
    /// The tier held.
    pub tier: Option<String>,
    /// Whether the facts do not say which tier is held.
    pub tier_is_unknown: bool,
    /// The highest tier attained.
    pub attained: Option<String>,
    /// What it takes to keep the tier.
    pub renewal: ColumnStanding,
    /// What it takes to reach the next.
    pub upgrade: ColumnStanding,
    /// The next review.
    pub review: NextReview,
    /// What lapses within 90 days of the renewal column: first day and rows.
    pub lapse: Option<NextLapse>,
    /// The support discount in percent, where the edition has one.
    pub discount_percent: Option<String>,
    /// Whether the tier is at risk.
    pub is_at_risk: bool,
    /// Why it is; empty where it is not.
    pub risks: Vec<Risk>,
    /// The edition's id.
    pub edition: String,
    /// The day as of which it was computed.
    pub as_of: String,
    /// When it was, RFC 3339.
    pub computed_at: String,
}

/// A column of a standing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ColumnStanding {
    /// The tier that it is about.
    pub tier: Option<String>,
    /// How many rows ask something.
    pub asked: i64,
    /// How many of them are met.
    pub met: i64,
    /// The others.
    pub in_the_way: Vec<InTheWay>,
}

/// The next review of a partner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NextReview {
    /// The day on which it is due, even when past.
    pub due_on: Option<String>,
    /// What it would come to: `renew`, `grace` or `downgrade`.
    pub outcome: Option<String>,
    /// The tier held after it.
    pub to_tier: Option<String>,
    /// The last day of the grace.
    pub grace_until: Option<String>,
}

/// What lapses next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NextLapse {
    /// The first day on which the rows are not met.
    pub on: String,
    /// The rows, as they will be on that day.
    pub rows: Vec<InTheWay>,
}

/// Why a tier is at risk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Risk {
    /// The next review would not renew it.
    Review {
        /// The day on which it is due.
        due_on: Option<String>,
        /// `grace` or `downgrade`.
        outcome: String,
        /// The tier held after it.
        to_tier: Option<String>,
        /// The last day of the grace.
        grace_until: Option<String>,
    },
    /// Rows of the renewal column are not met today.
    Renewal {
        /// The rows.
        rows: Vec<InTheWay>,
    },
    /// Rows that are met today lapse soon.
    Lapse {
        /// The first day on which they are not met.
        on: String,
        /// The rows, as they will be on that day.
        rows: Vec<InTheWay>,
    },
}

/// A page of standings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// The standings: one more than the limit, where there are so many, each with its place.
    pub standings: Vec<(String, Standing)>,
    /// How many there are in all.
    pub count: i64,
}

/// The network in numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Summary {
    /// Whether all standings are of the day told here. False before the first pass over all
    /// partners, and while the next is under way.
    pub is_complete: bool,
    /// The day of the last pass over all partners.
    pub as_of: Option<String>,
    /// When standings were last brought up to date, RFC 3339.
    pub updated_at: Option<String>,
    /// The edition.
    pub edition: Option<String>,
    /// How many partners there are.
    pub partners: i64,
    /// How many of them are at risk.
    pub at_risk: i64,
    /// How many hold which tier, by path, the lowest first.
    pub tiers: Vec<TierCount>,
    /// How many held which tier, on the last days of the months of a year and on the last day.
    pub over_time: Vec<DayCounts>,
}

/// How many partners hold a tier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TierCount {
    /// The path.
    pub path: String,
    /// The tier; `-` for none, `?` for one that is not known.
    pub tier: String,
    /// How many partners.
    pub partners: i64,
    /// How many of them are at risk; absent for days that were counted from the history.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_risk: Option<i64>,
}

/// How many partners held which tier on a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DayCounts {
    /// The day.
    pub day: String,
    /// The counts.
    pub tiers: Vec<TierCount>,
}

fn allow(app: &App, caller: &Caller) -> Result<(), Error> {
    let network = Resource::new(ResourceKind::Network, "network");
    app.allow(caller, Action::ViewNetwork, &network)
}

/// Where partners stand.
///
/// # Errors
///
/// When the caller may not see the network, or what is asked for makes no sense.
pub fn list(
    app: &App,
    caller: &Caller,
    asked: &Asked,
    after: Option<&str>,
    limit: usize,
) -> Result<Listed, Error> {
    allow(app, caller)?;
    let (filter, order, is_descending) = read(app, asked)?;
    if after.is_some_and(|after| !order.is_place(after)) {
        let message = "it is no cursor that was given out for this order";
        return Err(Error::field("cursor", "bad-value", message));
    }
    app.store.read(|tx| {
        let found = tx.standings(&filter, order, is_descending, after, limit.saturating_add(1))?;
        let standings = found.into_iter().map(|found| Ok((order.place(&found), show(found)?)));
        let mut standings = standings.collect::<Result<Vec<_>, Error>>()?;
        if !sees_all_discounts(app, caller) {
            standings.iter_mut().for_each(|(_, standing)| standing.discount_percent = None);
        }
        Ok(Listed { standings, count: tx.count_standings(&filter)? })
    })
}

/// The network in numbers, now and over time.
///
/// # Errors
///
/// When the caller may not see the network.
pub fn summary(app: &App, caller: &Caller) -> Result<Summary, Error> {
    allow(app, caller)?;
    app.store.read(|tx| {
        let state = tx.standings_state()?.unwrap_or_default();
        let totals = tx.tier_totals()?;
        let count = |of: fn(&TierTotal) -> i64| totals.iter().map(of).sum();
        Ok(Summary {
            is_complete: state.as_of.is_some() && state.pass.is_none(),
            partners: count(|total| total.partners),
            at_risk: count(|total| total.at_risk),
            over_time: over_time(tx, &state)?,
            tiers: totals.into_iter().map(total).collect(),
            as_of: state.as_of,
            updated_at: state.updated_at.as_deref().map(plain_moment),
            edition: state.edition,
        })
    })
}

/// Writes the standings that are asked for as CSV, for spreadsheets.
///
/// # Errors
///
/// As of [`list`], and those of writing.
pub fn write_csv(
    app: &App,
    caller: &Caller,
    asked: &Asked,
    out: &mut impl Write,
) -> Result<(), Error> {
    const PAGE: usize = 2_000;
    const HEAD: [&str; 20] = [
        "partner",
        "name",
        "path",
        "tier",
        "attained",
        "renewal_met",
        "renewal_asked",
        "next_tier",
        "upgrade_met",
        "upgrade_asked",
        "at_risk",
        "review_due_on",
        "review_outcome",
        "review_to_tier",
        "grace_until",
        "lapses_on",
        "support_discount_percent",
        "edition",
        "as_of",
        "computed_at",
    ];
    allow(app, caller)?;
    let (filter, order, is_descending) = read(app, asked)?;
    let sees_discounts = sees_all_discounts(app, caller);
    csv_text::write_row(out, HEAD).map_err(Error::internal)?;
    app.store.read(|tx| {
        let mut after: Option<String> = None;
        loop {
            let page = tx.standings(&filter, order, is_descending, after.as_deref(), PAGE)?;
            for mut standing in page.iter().cloned() {
                standing.discount_percent = standing.discount_percent.filter(|_| sees_discounts);
                let standing = &standing;
                let fields = fields(standing);
                let fields = fields.iter().map(String::as_str);
                csv_text::write_row(out, fields).map_err(Error::internal)?;
            }
            if page.len() < PAGE {
                return Ok(());
            }
            after = page.last().map(|last| order.place(last));
        }
    })
}

fn fields(standing: &StoredStanding) -> Vec<String> {
    let maybe = |text: &Option<String>| text.clone().unwrap_or_default();
    vec![
        standing.partner.clone(),
        standing.name.clone(),
        standing.path.clone(),
        maybe(&standing.tier),
        maybe(&standing.attained),
        standing.renewal.met.to_string(),
        standing.renewal.asked.to_string(),
        maybe(&standing.upgrade.tier),
        standing.upgrade.met.to_string(),
        standing.upgrade.asked.to_string(),
        if standing.is_at_risk { "yes" } else { "no" }.to_owned(),
        maybe(&standing.due_on),
        maybe(&standing.outcome),
        maybe(&standing.to_tier),
        maybe(&standing.grace_until),
        maybe(&standing.lapses_on),
        maybe(&standing.discount_percent),
        standing.edition.clone(),
        standing.as_of.clone(),
        plain_moment(&standing.computed_at),
    ]
}

/// What is asked for, as the store reads it.
fn read(app: &App, asked: &Asked) -> Result<(StandingsFilter, StandingsOrder, bool), Error> {
    let mut filter = StandingsFilter {
        path: asked.path.clone(),
        tier: asked.tier.as_deref().map(|tier| match tier {
            "-" => TierFilter::NoTier,
            "?" => TierFilter::Unknown,
            tier => TierFilter::Tier(tier.to_owned()),
        }),
        ..StandingsFilter::default()
    };
    match asked.state.as_deref() {
        None => {}
        Some("at_risk") => filter.is_at_risk = Some(true),
        Some("safe") => filter.is_at_risk = Some(false),
        Some("near") => filter.missing_at_most = Some(asked.missing.unwrap_or(NEAR).into()),
        Some(state) => {
            let message = format!("`{state}` is no state of a standing");
            let hint = "one of `at_risk`, `safe`, `near`";
            return Err(Error::field_with_hint("state", "bad-value", message, hint));
        }
    }
    if let Some(days) = asked.due_within {
        filter.due_until = Some(app.clock.today().plus_days(days.into()).to_string());
    }
    filter.text =
        asked.text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(Into::into);
    if filter.text.as_ref().is_some_and(|text| text.chars().count() > LONGEST_TEXT) {
        let message = format!("the text is longer than {LONGEST_TEXT} characters");
        return Err(Error::field("text", "bad-value", message));
    }
    let sort = asked.sort.as_deref().unwrap_or("name");
    let (is_descending, word) = match sort.strip_prefix('-') {
        Some(word) => (true, word),
        None => (false, sort),
    };
    let order = match word {
        "name" => StandingsOrder::Name,
        "tier" => StandingsOrder::Tier,
        "due" => StandingsOrder::Due,
        "missing" => StandingsOrder::Missing,
        _ => {
            let message = format!("a list cannot be sorted by `{sort}`");
            let hint = "one of `name`, `tier`, `due`, `missing`, with `-` before it for the other \
                        direction";
            return Err(Error::field_with_hint("sort", "bad-value", message, hint));
        }
    };
    Ok((filter, order, is_descending))
}

fn show(standing: StoredStanding) -> Result<Standing, Error> {
    let Details { renewal, upgrade, lapsing } = match standing.details.as_str() {
        "" => Details::default(),
        details => serde_json::from_str(details).map_err(Error::internal)?,
    };
    let lapse = standing.lapses_on.clone().map(|on| NextLapse { on, rows: lapsing });
    let risks = risks(&standing, &renewal, lapse.as_ref());
    let column = |stored: guildhall_store::StoredColumn, in_the_way| ColumnStanding {
        tier: stored.tier,
        asked: stored.asked,
        met: stored.met,
        in_the_way,
    };
    Ok(Standing {
        partner: standing.partner,
        name: standing.name,
        path: standing.path,
        tier_is_unknown: standing.tier_rank == -2,
        tier: standing.tier,
        attained: standing.attained,
        renewal: column(standing.renewal, renewal),
        upgrade: column(standing.upgrade, upgrade),
        review: NextReview {
            due_on: standing.due_on,
            outcome: standing.outcome,
            to_tier: standing.to_tier,
            grace_until: standing.grace_until,
        },
        lapse,
        discount_percent: standing.discount_percent,
        is_at_risk: standing.is_at_risk,
        risks,
        edition: standing.edition,
        as_of: standing.as_of,
        computed_at: plain_moment(&standing.computed_at),
    })
}

fn risks(standing: &StoredStanding, renewal: &[InTheWay], lapse: Option<&NextLapse>) -> Vec<Risk> {
    let mut risks = Vec::new();
    if let Some(outcome) = standing.outcome.clone().filter(|outcome| outcome != "renew") {
        risks.push(Risk::Review {
            due_on: standing.due_on.clone(),
            outcome,
            to_tier: standing.to_tier.clone(),
            grace_until: standing.grace_until.clone(),
        });
    }
    if !renewal.is_empty() {
        risks.push(Risk::Renewal { rows: renewal.to_vec() });
    }
    if let Some(NextLapse { on, rows }) = lapse {
        risks.push(Risk::Lapse { on: on.clone(), rows: rows.clone() });
    }
    risks
}

fn total(total: TierTotal) -> TierCount {
    let tier = match (total.tier, total.tier_rank) {
        (Some(tier), _) => tier,
        (None, -2) => "?".to_owned(),
        (None, _) => "-".to_owned(),
    };
    let (path, partners) = (total.path, total.partners);
    TierCount { path, tier, partners, at_risk: Some(total.at_risk) }
}

/// How many days are told: the last ones of the months of a year, and the last.
const DAYS_TOLD: usize = 13;

fn over_time(tx: &mut Tx<'_>, state: &StandingsState) -> Result<Vec<DayCounts>, Error> {
    let Some(until) = &state.as_of else { return Ok(Vec::new()) };
    let from = super::decisions::day(until)?.plus_months(-13).to_string();
    let mut days = tx.counted_days(&from)?;
    days.retain(|day| day <= until);
    let month = |day: &str| day.get(..7).unwrap_or_default().to_owned();
    // Of each month the last day that was counted.
    let mut told: Vec<String> = Vec::new();
    for day in days {
        match told.last_mut() {
            Some(last) if month(last) == month(&day) => *last = day,
            _ => told.push(day),
        }
    }
    told.drain(..told.len().saturating_sub(DAYS_TOLD));
    let counts = tx.tier_counts(&told)?;
    let of = |day: String| DayCounts {
        tiers: counts
            .iter()
            .filter(|count| count.day == day)
            .map(|count| TierCount {
                path: count.path.clone(),
                tier: if count.tier.is_empty() { "-".to_owned() } else { count.tier.clone() },
                partners: count.partners,
                at_risk: count.at_risk,
            })
            .collect(),
        day,
    };
    Ok(told.into_iter().map(of).collect())
}
