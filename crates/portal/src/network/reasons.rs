//! Why a partner's tier is at risk, in words.

use guildhall_operations::ops::network::{InTheWay, Risk, Standing};

use super::Titles;
use crate::texts::Texts;

/// How many rows of a reason are named.
const NAMED: usize = 3;

/// One reason.
pub(super) struct Reason {
    /// What it is.
    pub(super) text: String,
    /// The rows that it is about: title, and how far it is.
    pub(super) rows: Vec<(String, String)>,
    /// How many more there are, in words.
    pub(super) more: String,
}

impl Reason {
    /// Every reason of a standing: what is so today before what will be.
    pub(super) fn all(titles: &Titles<'_>, standing: &Standing) -> Vec<Self> {
        let mut risks: Vec<&Risk> = standing.risks.iter().collect();
        risks.sort_by_key(|risk| match risk {
            Risk::Renewal { .. } => 0,
            Risk::Lapse { .. } => 1,
            Risk::Review { .. } => 2,
        });
        risks.into_iter().map(|risk| Self::of(titles, &standing.path, risk)).collect()
    }

    fn of(titles: &Titles<'_>, path: &str, risk: &Risk) -> Self {
        let t = titles.t;
        match risk {
            Risk::Renewal { rows } => Self::about(t, t.say("network-risk-renewal"), rows),
            Risk::Lapse { on, rows } => {
                Self::about(t, t.of_it("network-risk-lapse", &t.day_text(on)), rows)
            }
            Risk::Review { due_on, outcome, to_tier, grace_until } => {
                let day = |day: &Option<String>| {
                    day.as_deref().map(|day| t.day_text(day)).unwrap_or_default()
                };
                let to = to_tier.as_deref().unwrap_or("-");
                let arguments = [
                    ("due", day(due_on).into()),
                    ("until", day(grace_until).into()),
                    ("tier", titles.tier(Some(path), to).into()),
                ];
                let key = match outcome.as_str() {
                    "grace" => t.tell("network-risk-grace", &arguments),
                    _ => t.tell("network-risk-downgrade", &arguments),
                };
                Self { text: key, rows: Vec::new(), more: String::new() }
            }
        }
    }

    fn about(t: &Texts, text: String, rows: &[InTheWay]) -> Self {
        let named = rows.iter().take(NAMED).map(|row| (row.title.clone(), how_far(t, row)));
        let more = rows.len().saturating_sub(NAMED);
        let more = if more == 0 { String::new() } else { t.n("network-risk-more", more) };
        Self { text, rows: named.collect(), more }
    }
}

/// How far a row is from its target.
fn how_far(t: &Texts, row: &InTheWay) -> String {
    let arguments =
        [("value", t.number(&row.value).into()), ("target", t.number(&row.target).into())];
    match (row.state.as_str(), row.is_ceiling) {
        ("unknown", _) => t.tell("network-way-unknown", &arguments),
        (_, true) => t.tell("network-way-ceiling", &arguments),
        _ => t.tell("network-way", &arguments),
    }
}
