//! The tier held and the tier attained, in words.

use guildhall_rules::scorecard::Scorecard;

use super::book::Book;
use super::notes::{Mark, Notes};

/// The tier held and the tier attained.
pub(super) struct TierView {
    pub(super) held: String,
    /// What there is to say about the tier held, where it is not a plain one.
    pub(super) remark: Option<String>,
    pub(super) attained: String,
    pub(super) attained_remark: Option<String>,
    pub(super) marks: Vec<Mark>,
}

impl TierView {
    pub(super) fn of(scorecard: &Scorecard, book: &Book, notes: &mut Notes) -> Self {
        let t = book.t;
        let held_at = scorecard.tier.as_deref().and_then(|tier| book.tier_position(tier));
        let attained_at = scorecard.attained.as_deref().and_then(|tier| book.tier_position(tier));
        let (held, remark) = match &scorecard.tier {
            Some(tier) if held_at.is_none() => (tier.clone(), Some(t.say("tier-foreign"))),
            Some(tier) => (book.tier_title(tier), None),
            None if scorecard.tier_is_unknown => {
                (t.say("tier-unknown"), Some(t.say("tier-unknown-remark")))
            }
            None => (t.say("tier-none"), None),
        };
        let attained = scorecard.attained.as_deref();
        let attained_remark = match (held_at, attained_at) {
            (Some(held), attained) if attained < Some(held) => Some(t.say("tier-below")),
            (held, Some(attained)) if Some(attained) > held => Some(t.say("tier-above")),
            _ => None,
        };
        let tier = scorecard.tier.as_deref().and_then(|tier| book.tier(tier));
        Self {
            held,
            remark,
            attained: attained.map_or_else(|| t.say("tier-none"), |tier| book.tier_title(tier)),
            attained_remark,
            marks: tier
                .and_then(|tier| notes.mark(&tier.grounds, &t.of_it("tier-of", &tier.title)))
                .into_iter()
                .collect(),
        }
    }
}
