//! What a change of rules does, in words: sentences that text, page and notices share.

use crate::evaluation::State;
use crate::impact::{Asked, Because, DiscountCounts, Effect, Gap, Money, PartnerImpact};
use crate::number::Number;

use crate::words::{grouped, money as amount};

/// The title of an effect, as a heading and in counts.
pub const fn effect_title(effect: Effect) -> &'static str {
    match effect {
        Effect::Gains => "attain a higher tier",
        Effect::Loses => "attain a lower tier",
        Effect::Endangered => "no longer meet what keeps their tier",
        Effect::Relieved => "now meet what keeps their tier",
        Effect::ComesNear => "come near the next tier",
        Effect::DiscountHigher => "earn a higher discount",
        Effect::DiscountLower => "earn a lower discount",
    }
}

/// What happens to a partner, one sentence for each effect.
pub fn effect_text(
    effect: Effect,
    impact: &PartnerImpact,
    title: &dyn Fn(&Option<String>) -> String,
) -> String {
    let attained =
        || format!("{} → {}", title(&impact.attained_before), title(&impact.attained_after));
    let percent =
        |value: &Option<Number>| value.as_ref().map_or_else(|| "0".to_owned(), ToString::to_string);
    let discount = || {
        let (before, after) = (percent(&impact.discount_before), percent(&impact.discount_after));
        let money = impact.money.as_ref().map(|money| format!(", {}", moved_text(money)));
        format!("{before} → {after} percent{}", money.unwrap_or_default())
    };
    let held = title(&impact.tier);
    match effect {
        Effect::Gains => format!("gains: attained {}", attained()),
        Effect::Loses => format!("loses: attained {}", attained()),
        Effect::Endangered => format!("endangered: no longer meets what keeps {held}"),
        Effect::Relieved => format!("relieved: now meets what keeps {held}"),
        Effect::ComesNear => "comes near: one requirement of the next tier is missing".to_owned(),
        Effect::DiscountHigher => format!("discount higher: {}", discount()),
        Effect::DiscountLower => format!("discount lower: {}", discount()),
    }
}

fn sum(number: &Number, currency: &str) -> String {
    amount(&number.to_string(), currency)
}

fn over_months(months: u16) -> String {
    if months == 1 { "a month".to_owned() } else { format!("{months} months") }
}

/// The money that a change of a partner's discount moves.
pub fn moved_text(money: &Money) -> String {
    let Money { currency, months, spent, before, after } = money;
    let less = if after.is_less_than(before) { "less" } else { "more" };
    let (moved, spent) = (sum(&money.moved(), currency), sum(spent, currency));
    let months = over_months(*months);
    format!("{moved} {less} on {spent} spent in {months}")
}

/// What the discounts of a network come to in money, as far as it is known.
pub fn money_text(discount: &DiscountCounts) -> String {
    let Some(money) = &discount.money else {
        return "In money it is not known: neither rulebook says which facts tell what is spent."
            .to_owned();
    };
    let currency = &money.currency;
    let partners = |count: u64| match count {
        1 => "1 partner".to_owned(),
        count => format!("{} partners", grouped(&count.to_string())),
    };
    let unknown = match money.unknown {
        0 => String::new(),
        count => format!(" Of {} it is not known what is spent.", partners(count)),
    };
    if money.known == 0 {
        return format!("In money it is not known.{unknown}");
    }
    let (before, after) = (sum(&money.before, currency), sum(&money.after, currency));
    let moved = if before == after { before } else { format!("{before} → {after}") };
    format!(
        "In money: {moved}, on {} that {} spent in {}.{unknown}",
        sum(&money.spent, currency),
        partners(money.known),
        over_months(money.months),
    )
}

/// How many partners have a discount before and after. The sum of their percents says something only
/// where it moves.
pub fn discount_text(discount: &DiscountCounts) -> String {
    let partners = |count: u64| match count {
        0 => "no partner has one".to_owned(),
        1 => "1 partner has one".to_owned(),
        count => format!("{} partners have one", grouped(&count.to_string())),
    };
    let (before, after) = (discount.partners_before, discount.partners_after);
    let (old, new) = (&discount.points_before, &discount.points_after);
    if before == after && old == new {
        return format!("Discount: {}, before and after.", partners(before));
    }
    let points = |number: &Number| grouped(&number.to_string());
    format!(
        "Discount: {}, {} percentage points in all, before; {}, {} points, after.",
        partners(before),
        points(old),
        partners(after),
        points(new),
    )
}

/// Why a requirement moved a partner.
pub fn because_text(because: &Because) -> String {
    let value = |asked: &Asked| {
        if asked.state == State::Unknown {
            "an unknown number".to_owned()
        } else {
            grouped(&asked.value.to_string())
        }
    };
    let title = &because.title;
    match (&because.before, &because.after) {
        (Some(before), None) => {
            let bar = bar(before);
            format!("{title}: no longer asked (was {bar}, has {})", value(before))
        }
        (None, Some(after)) => {
            format!("{title}: newly asked, {} (has {})", bar(after), value(after))
        }
        (Some(before), Some(after)) if before.target != after.target => {
            let (new, old) = (bar(after), bar(before));
            format!("{title}: {new} in place of {old} (has {})", value(after))
        }
        (Some(before), Some(after)) => {
            let (new, old) = (value(after), value(before));
            format!("{title}: counts {new}, counted {old} ({} asked)", bar(after))
        }
        (None, None) => title.clone(),
    }
}

/// What is asked, with its sense.
fn bar(asked: &Asked) -> String {
    let sense = if asked.is_ceiling { "at most " } else { "" };
    format!("{sense}{}", grouped(&asked.target.to_string()))
}

/// What is left to do about a requirement.
pub fn gap_text(gap: &Gap) -> String {
    let unit = gap.unit.as_ref().map_or_else(String::new, |unit| format!(" {unit}"));
    let (value, target) =
        (grouped(&gap.asked.value.to_string()), grouped(&gap.asked.target.to_string()));
    let title = &gap.title;
    match &gap.missing {
        Some(missing) => {
            let missing = grouped(&missing.to_string());
            format!("{title}: {missing} more, {value} of {target}{unit}")
        }
        None if gap.asked.state == State::Unknown => {
            format!("{title}: {target}{unit} asked; what counts cannot be told from the facts")
        }
        None => format!("{title}: {value}{unit} where at most {target} is asked"),
    }
}
