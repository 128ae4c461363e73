//! The scorecard: where a partner stands on a day, row by row, with everything that counted and
//! everything that did not.

use jiff::Timestamp;
use serde::Serialize;

use crate::day::Day;
use crate::decimal::Decimal;
use crate::discount::DiscountStatement;
use crate::evaluation::{Evaluator, Standing, State, TierHeld, Values, Viewpoint};
use crate::evidence::{Counted, NotCounted};
use crate::facts::PartnerNumber;
use crate::number::Number;
use crate::period::Period;
use crate::review::ReviewForecast;
use crate::rulebook::{Column, Columns, Target};

/// Whether a scorecard lists the facts behind its rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FactLists {
    /// With the facts counted and not counted.
    Listed,
    /// Values only.
    Omitted,
}

/// A scorecard. Serialised, it is the JSON that outsiders rely on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Scorecard {
    /// The partner's id.
    pub partner: String,
    /// The partner's name.
    #[serde(skip)]
    pub name: String,
    /// The network's id.
    pub network: String,
    /// The edition's id.
    pub rulebook: String,
    /// The day.
    pub as_of: Day,
    /// The state of knowledge; none: the latest.
    pub known_at: Option<Timestamp>,
    /// The partner's path.
    pub path: String,
    /// The tier held on the day; none where there is none or it is unknown.
    pub tier: Option<String>,
    /// Whether the facts do not say which tier is held.
    #[serde(skip)]
    pub tier_is_unknown: bool,
    /// What it takes to keep the tier.
    pub renewal: ColumnHead,
    /// What it takes to reach the next.
    pub upgrade: ColumnHead,
    /// The highest tier for which, and for every tier below, the upgrade column's windows meet
    /// everything.
    pub attained: Option<String>,
    /// The next review.
    pub review: ReviewForecast,
    /// The support discount of the period in which the day lies.
    pub support_discount: Option<DiscountStatement>,
    /// One row for each measure that a tier of the path names.
    pub rows: Vec<Row>,
}

/// The head of a column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ColumnHead {
    /// The tier that it is about.
    pub tier: Option<String>,
    /// Whether every row is met; none without a tier.
    pub met: Option<bool>,
}

/// A row of a scorecard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// The measure's id.
    pub measure: String,
    /// Its title.
    pub title: String,
    /// The id of its component.
    pub component: String,
    /// Its unit, for people.
    #[serde(skip)]
    pub unit: Option<String>,
    /// The cell of the renewal column.
    pub renewal: CellText,
    /// The cell of the upgrade column.
    pub upgrade: CellText,
    /// Facts that counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counted: Option<Vec<Counted>>,
    /// Facts that did not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_counted: Option<Vec<NotCounted>>,
}

impl Row {
    /// The cell of a column.
    pub fn cell(&self, column: Column) -> &CellText {
        match column {
            Column::Renewal => &self.renewal,
            Column::Upgrade => &self.upgrade,
        }
    }
}

/// A cell of a scorecard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CellText {
    /// The value; zero where it is unknown.
    pub value: Number,
    /// The bar; none where nothing is asked.
    pub target: Option<Decimal>,
    /// Whether the value must stay at or under the bar.
    #[serde(skip)]
    pub is_ceiling: bool,
    /// What the value comes to.
    pub state: State,
    /// The first day of the window; none for a single day or an unknown beginning.
    pub from: Option<Day>,
    /// The day behind the last of the window; none for a single day.
    pub until: Option<Day>,
}

impl Scorecard {
    /// The head of a column.
    pub fn head(&self, column: Column) -> &ColumnHead {
        match column {
            Column::Renewal => &self.renewal,
            Column::Upgrade => &self.upgrade,
        }
    }
}

impl Evaluator<'_> {
    /// The scorecard of a partner. `known_at` is the state of knowledge in which the facts were
    /// loaded; it is only repeated.
    pub fn scorecard(
        &self,
        partner: PartnerNumber,
        as_of: Day,
        known_at: Option<Timestamp>,
        lists: FactLists,
    ) -> Scorecard {
        let view = Viewpoint::on(self.edition, as_of);
        let standing = self.standing_from(partner, &view);
        let path = standing.path.and_then(|path| self.edition.paths.get(path));
        let tier_id = |tier: Option<usize>| {
            path.zip(tier).and_then(|(path, tier)| path.tiers.get(tier)).map(|tier| tier.id.clone())
        };
        let head = |column: Column| ColumnHead {
            tier: tier_id(*standing.tiers.get(column)),
            met: standing.is_met(column),
        };
        let tier = match standing.history.tier {
            TierHeld::Tier(tier) => tier_id(Some(tier)),
            TierHeld::Foreign(tier) => Some(self.catalogue.tiers.text(tier).to_owned()),
            TierHeld::NoTier | TierHeld::Unknown => None,
        };
        let path_number = self.facts.partner(partner).map(|partner| partner.path);
        Scorecard {
            partner: self.facts.partner_id(partner).to_owned(),
            name: self.facts.partner_name(partner).to_owned(),
            network: self.edition.network.clone(),
            rulebook: self.edition.id.clone(),
            as_of,
            known_at,
            path: path_number.map_or("", |path| self.catalogue.paths.text(path)).to_owned(),
            tier,
            tier_is_unknown: standing.history.tier == TierHeld::Unknown,
            renewal: head(Column::Renewal),
            upgrade: head(Column::Upgrade),
            attained: tier_id(standing.attained),
            review: self.review_forecast(partner, as_of),
            support_discount: self.support_scheme().map(|scheme| {
                let period = Period::containing(as_of, scheme.period_months);
                let mut statement = self.discount_statement(scheme, partner, period, as_of);
                if lists == FactLists::Omitted {
                    statement.forget_facts();
                }
                statement
            }),
            rows: self.rows(partner, &standing, &view, lists),
        }
    }

    fn rows(
        &self,
        partner: PartnerNumber,
        standing: &Standing,
        view: &Viewpoint,
        lists: FactLists,
    ) -> Vec<Row> {
        let Some(path) = standing.path.and_then(|path| self.paths.get(path)) else {
            return Vec::new();
        };
        let values = Values::new(self, partner, view, standing.history.last_reset_on);
        let row = |(at, (&number, cells)): (usize, (&usize, &Columns<crate::evaluation::Cell>))| {
            let measure = self.edition.measures.get(number)?;
            let cell = |column: Column| {
                let cell = cells.get(column);
                let target = path.target(*standing.tiers.get(column), at, column);
                let (from, until) = values.days(number, column).printed(view.as_of);
                CellText {
                    value: cell.value.clone(),
                    target: target.map(Target::bar),
                    is_ceiling: matches!(target, Some(Target::AtMost(_))),
                    state: cell.state,
                    from,
                    until,
                }
            };
            let evidence = (lists == FactLists::Listed).then(|| {
                self.evidence(number, partner, view, &|measure, column| {
                    values.days(measure, column)
                })
            });
            let (counted, not_counted) =
                evidence.map(|evidence| (evidence.counted, evidence.not_counted)).unzip();
            let component = self.edition.components.get(measure.component);
            Some(Row {
                measure: measure.id.clone(),
                title: measure.title.clone(),
                component: component.map_or_else(String::new, |component| component.id.clone()),
                unit: measure.unit.clone(),
                renewal: cell(Column::Renewal),
                upgrade: cell(Column::Upgrade),
                counted,
                not_counted,
            })
        };
        path.rows.iter().zip(&standing.cells).enumerate().filter_map(row).collect()
    }
}

impl DiscountStatement {
    /// Drops the fact lists.
    pub fn forget_facts(&mut self) {
        for measure in &mut self.measures {
            measure.counted.clear();
            measure.not_counted.clear();
        }
    }
}
