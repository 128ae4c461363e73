//! What is kept of a scorecard, and why a tier is at risk. Nothing is decided here: the numbers,
//! states and forecasts are the rules'.

use guildhall_rules::day::Day;
use guildhall_rules::evaluation::{Evaluator, State};
use guildhall_rules::facts::PartnerNumber;
use guildhall_rules::lapse::{Lapse, LapsedRow};
use guildhall_rules::review::ReviewOutcome;
use guildhall_rules::rulebook::{Column, Edition};
use guildhall_rules::scorecard::{FactLists, Row, Scorecard};
use guildhall_store::{StoredColumn, StoredStanding};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Error;

/// How many days ahead it is looked what lapses.
pub const LAPSES_WITHIN_DAYS: u16 = 90;

/// A row that is in the way, or will be, with how far it is from its target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InTheWay {
    /// The measure's id.
    pub measure: String,
    /// Its title.
    pub title: String,
    /// The value; zero where it is unknown.
    pub value: String,
    /// The bar.
    pub target: String,
    /// Whether the value must stay at or under the bar.
    pub is_ceiling: bool,
    /// `not_met` or `unknown`.
    pub state: String,
}

/// What is kept of a standing to be shown only.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Details {
    /// Rows in the way of keeping the tier.
    pub(super) renewal: Vec<InTheWay>,
    /// Rows in the way of the next.
    pub(super) upgrade: Vec<InTheWay>,
    /// Rows that lapse, as they will be.
    pub(super) lapsing: Vec<InTheWay>,
}

/// Since when and from where a standing is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Computed<'a> {
    pub(super) as_of: Day,
    pub(super) at: &'a str,
    pub(super) position: i64,
}

/// Where a partner stands. `version` is that of the partner's row.
pub(super) fn standing(
    evaluator: &Evaluator<'_>,
    partner: PartnerNumber,
    version: i64,
    computed: Computed<'_>,
) -> Result<StoredStanding, Error> {
    let Computed { as_of, at, position } = computed;
    let card = evaluator.scorecard(partner, as_of, None, FactLists::Omitted);
    let lapse = evaluator.renewal_lapse(partner, as_of, LAPSES_WITHIN_DAYS);
    let details = Details {
        renewal: in_the_way(&card, Column::Renewal),
        upgrade: in_the_way(&card, Column::Upgrade),
        lapsing: lapse.iter().flat_map(|lapse| &lapse.rows).map(lapsing).collect(),
    };
    Ok(StoredStanding {
        version,
        tier_rank: rank(evaluator.edition(), &card),
        renewal: column(&card, Column::Renewal),
        upgrade: column(&card, Column::Upgrade),
        is_at_risk: is_at_risk(&card, lapse.as_ref()),
        due_on: card.review.due_on.map(|day| day.to_string()),
        outcome: card.review.outcome.map(|outcome| outcome.word().to_owned()),
        grace_until: card.review.grace_until.map(|day| day.to_string()),
        discount_percent: card.support_discount.map(|discount| discount.percent.to_string()),
        lapses_on: lapse.map(|lapse| lapse.on.to_string()),
        details: serde_json::to_string(&details).map_err(Error::internal)?,
        partner: card.partner,
        name: card.name,
        path: card.path,
        tier: card.tier,
        attained: card.attained,
        to_tier: card.review.to_tier,
        edition: card.rulebook,
        as_of: as_of.to_string(),
        computed_at: at.to_owned(),
        position,
    })
}

/// A tier is at risk when the next review would not renew it, a row of its renewal column is not
/// met, or one lapses soon.
fn is_at_risk(card: &Scorecard, lapse: Option<&Lapse>) -> bool {
    let is_lost = card.review.outcome.is_some_and(|outcome| outcome != ReviewOutcome::Renew);
    is_lost || card.renewal.met == Some(false) || lapse.is_some()
}

/// The place of the tier on its path; -1 for none, -2 where it is unknown.
fn rank(edition: &Edition, card: &Scorecard) -> i64 {
    if card.tier_is_unknown {
        return -2;
    }
    let path = edition.paths.iter().find(|path| path.id == card.path);
    let tier = path.zip(card.tier.as_ref());
    let place = tier.and_then(|(path, id)| path.tiers.iter().position(|tier| tier.id == *id));
    place.and_then(|place| i64::try_from(place).ok()).unwrap_or(-1)
}

fn column(card: &Scorecard, column: Column) -> StoredColumn {
    let states = || card.rows.iter().map(|row| row.cell(column).state);
    let count = |of: fn(State) -> bool| {
        i64::try_from(states().filter(|state| of(*state)).count()).unwrap_or(i64::MAX)
    };
    StoredColumn {
        tier: card.head(column).tier.clone(),
        asked: count(|state| state != State::NotRequired),
        met: count(|state| state == State::Met),
    }
}

fn in_the_way(card: &Scorecard, column: Column) -> Vec<InTheWay> {
    let show = |row: &Row| {
        let cell = row.cell(column);
        InTheWay {
            measure: row.measure.clone(),
            title: row.title.clone(),
            value: cell.value.to_string(),
            target: cell.target.map_or_else(String::new, |target| target.to_string()),
            is_ceiling: cell.is_ceiling,
            state: cell.state.word().to_owned(),
        }
    };
    card.rows.iter().filter(|row| row.cell(column).state.is_in_the_way()).map(show).collect()
}

fn lapsing(row: &LapsedRow) -> InTheWay {
    InTheWay {
        measure: row.measure.clone(),
        title: row.title.clone(),
        value: row.value.to_string(),
        target: row.target.to_string(),
        is_ceiling: row.is_ceiling,
        state: State::NotMet.word().to_owned(),
    }
}
