//! What a partner may plan for: what the form of goals offers.

use guildhall_access::Action;
use guildhall_rules::day::Day;
use guildhall_rules::period::Period;
use guildhall_rules::rulebook::DiscountUse;

use super::{resource, sees_costs};
use crate::ops::standing::{Viewpoint, read_scorecard};
use crate::{App, Caller, Error};

/// Goals that may be planned for: the tiers of the partner's path above the lowest by the edition
/// in force, what of a discount can be met, and the periods that come.
#[derive(Clone, Debug, Default)]
pub struct Choices {
    /// Ids and titles of tiers, the lowest first.
    pub tiers: Vec<(String, String)>,
    /// The tier next above the one held; empty where there is none.
    pub next: String,
    /// Whether a tier is held that could be kept.
    pub may_keep: bool,
    /// Ids and titles of measures of the support discount.
    pub measures: Vec<(String, String)>,
    /// Periods whose first day lies ahead.
    pub periods: Vec<String>,
    /// The partner's name.
    pub name: String,
    /// The day of the next review.
    pub review_on: Option<Day>,
}

/// What a partner may plan for.
///
/// # Errors
///
/// When the caller may not see plans of the partner.
pub fn choices(app: &App, caller: &Caller, partner: &str) -> Result<Choices, Error> {
    let is_own = sees_costs(app, caller, partner);
    app.allow(caller, Action::ViewPlan, &resource(partner, "new", is_own))?;
    app.store.read(|tx| {
        let viewpoint = Viewpoint::default();
        let card = read_scorecard(app, tx, partner, &viewpoint)?;
        let book = app.rulebooks.get(tx)?;
        let today = app.clock.today();
        let edition = book.choose(None, today, None)?;
        let path = edition.paths.iter().find(|path| path.id == card.path);
        let title = |id: &str, title: &str| (id.to_owned(), title.to_owned());
        let tiers = path.map(|path| path.tiers.as_slice()).unwrap_or_default();
        let scheme = edition.discounts.iter().find(|scheme| scheme.on == DiscountUse::Support);
        let measures = scheme.map(|scheme| scheme.measures.as_slice()).unwrap_or_default();
        let measures = measures.iter().filter_map(|one| edition.measures.get(one.measure));
        Ok(Choices {
            tiers: tiers.iter().map(|tier| title(&tier.id, tier.name_on(today))).collect(),
            next: card.upgrade.tier.unwrap_or_default(),
            may_keep: card.renewal.tier.is_some(),
            measures: measures.map(|one| title(&one.id, &one.title)).collect(),
            periods: scheme.map(|scheme| coming(today, scheme.period_months)).unwrap_or_default(),
            name: card.name,
            review_on: card.review.due_on,
        })
    })
}

/// The next four periods.
fn coming(today: Day, months: u8) -> Vec<String> {
    let mut first = Period::containing(today, months).until();
    let mut periods = Vec::new();
    for _ in 0..4 {
        let period = Period::containing(first, months);
        periods.push(period.to_string());
        first = period.until();
    }
    periods
}
