//! Who may see a partner's discount: whoever may not gets every answer without it, whatever tells
//! of it beside the statement.

use guildhall_access::{Action, Resource, ResourceKind};
use guildhall_rules::changes::Changes;
use guildhall_rules::forecast::{Forecast, Turn};
use guildhall_rules::scorecard::Scorecard;

use super::partner;
use crate::{App, Caller};

/// What a head tells of a discount begins so.
const OF_DISCOUNT: &str = "support_discount.";

/// An answer that tells of a partner's discount among other things.
pub(crate) trait TellsDiscount {
    /// Takes out what tells of it.
    fn leave_discount_out(&mut self);
}

impl TellsDiscount for Scorecard {
    fn leave_discount_out(&mut self) {
        self.support_discount = None;
    }
}

impl TellsDiscount for Changes {
    fn leave_discount_out(&mut self) {
        self.head.retain(|change| !change.what.starts_with(OF_DISCOUNT));
    }
}

impl TellsDiscount for Forecast {
    fn leave_discount_out(&mut self) {
        self.begin.leave_discount_out();
        self.end.leave_discount_out();
        for day in &mut self.days {
            day.period = None;
            day.head.retain(|change| !change.what.starts_with(OF_DISCOUNT));
        }
        self.days.retain(|day| !day.is_empty());
    }
}

impl TellsDiscount for Vec<Turn> {
    fn leave_discount_out(&mut self) {
        self.retain(|turn| !matches!(turn, Turn::Discount { .. }));
    }
}

/// The answer as the caller may see it.
pub(crate) fn as_seen<T: TellsDiscount>(app: &App, caller: &Caller, id: &str, mut answer: T) -> T {
    if !app.access.decide(&caller.actor, Action::ViewDiscount, &partner(id)).is_allowed() {
        answer.leave_discount_out();
    }
    answer
}

/// Whether the caller may see the discounts of all partners.
pub(crate) fn sees_all_discounts(app: &App, caller: &Caller) -> bool {
    let any = Resource::new(ResourceKind::Partner, "any");
    app.access.decide(&caller.actor, Action::ViewDiscount, &any).is_allowed()
}
