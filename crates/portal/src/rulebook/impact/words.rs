//! Counts of a change of rules, ready to show, and its rows for spreadsheets.

use guildhall_operations::ops::impact::Editions;
use guildhall_rules::day::Day;
use guildhall_rules::impact::words::{because_text, gap_text};
use guildhall_rules::impact::{Because, Effect, Impact, PartnerImpact, TierTally};
use guildhall_rules::number::Number;
use guildhall_rules::words::tier_of_two;

use crate::texts::Texts;

/// How many partners are moved in one way.
pub(super) struct Total {
    pub(super) title: String,
    pub(super) count: String,
    /// Where they are listed; none where nobody is.
    pub(super) to: Option<String>,
}

/// A tier under both editions.
pub(super) struct TierRow {
    /// The title of the path, before the first of its tiers.
    pub(super) path: Option<String>,
    pub(super) title: String,
    pub(super) held: String,
    pub(super) cells: Vec<TierCell>,
}

/// A count before and after.
pub(super) struct TierCell {
    pub(super) label: String,
    pub(super) before: String,
    pub(super) after: String,
    pub(super) is_moved: bool,
}

/// The look of an effect.
pub(super) const fn tag(effect: Effect) -> &'static str {
    match effect {
        Effect::Gains | Effect::Relieved | Effect::DiscountHigher => "good",
        Effect::Loses | Effect::Endangered | Effect::DiscountLower => "bad",
        Effect::ComesNear => "care",
    }
}

/// How many are moved in which way.
pub(super) fn totals(t: &Texts, impact: &Impact, to: &dyn Fn(&str) -> String) -> Vec<Total> {
    let number = |count: u64| t.number(&count.to_string());
    let of = |effect: Effect| {
        let count = impact.totals.of(effect);
        Total {
            title: t.word("rules-impact-total", effect.word()),
            count: number(count),
            to: (count > 0).then(|| to(effect.word())),
        }
    };
    let unmoved = Total {
        title: t.say("rules-impact-unmoved"),
        count: number(impact.totals.unmoved),
        to: None,
    };
    Effect::ALL.into_iter().map(of).chain([unmoved]).collect()
}

/// A column of the table of tiers: its words, and what it counts.
type Counted = (&'static str, fn(&TierTally) -> u64);

/// Every tier of either edition.
pub(super) fn tiers(t: &Texts, impact: &Impact, editions: &Editions) -> Vec<TierRow> {
    let mut last = "";
    let mut all = Vec::new();
    for tier in &impact.tiers {
        let mut paths = editions.new.paths.iter().chain(&editions.old.paths);
        let path = paths.find(|path| path.id == tier.path).map(|path| path.title.clone());
        let columns: [Counted; 3] = [
            ("rules-impact-attained", |tally| tally.attained),
            ("rules-impact-renewal", |tally| tally.renewal_met),
            ("rules-impact-upgrade", |tally| tally.upgrade_met),
        ];
        let cells = columns.into_iter().map(|(label, of)| {
            let text = |tally: Option<TierTally>| {
                tally.map_or_else(|| "–".to_owned(), |tally| t.number(&of(&tally).to_string()))
            };
            let (before, after) = (text(tier.before), text(tier.after));
            TierCell { label: t.say(label), is_moved: before != after, before, after }
        });
        let held = tier.after.or(tier.before).map_or(0, |tally| tally.held);
        all.push(TierRow {
            path: path.filter(|_| tier.path != last),
            title: tier.title.clone(),
            held: t.number(&held.to_string()),
            cells: cells.collect(),
        });
        last = &tier.path;
    }
    all
}

/// The columns of the CSV.
pub(super) const HEAD: [&str; 16] = [
    "partner",
    "name",
    "path",
    "tier",
    "effects",
    "attained_before",
    "attained_after",
    "renewal_met_before",
    "renewal_met_after",
    "upgrade_met_before",
    "upgrade_met_after",
    "discount_percent_before",
    "discount_percent_after",
    "because",
    "to_keep",
    "to_reach",
];

/// A requirement that moved a partner, with the tier and the column that ask it.
pub(super) fn reason(because: &Because, title: &dyn Fn(&Option<String>) -> String) -> String {
    let tier = title(&Some(because.tier.clone()));
    format!("{tier} ({}): {}", because.column.word(), because_text(because))
}

/// A partner in the CSV.
pub(super) fn row(found: &PartnerImpact, editions: &Editions, as_of: Day) -> [String; 16] {
    let title = |tier: &Option<String>| {
        tier.as_ref().map_or_else(String::new, |tier| {
            tier_of_two((&editions.old, &editions.new), &found.path, tier, as_of)
        })
    };
    let tier = |tier: &Option<String>| tier.clone().unwrap_or_default();
    let met = |met: Option<bool>| match met {
        Some(true) => "yes".to_owned(),
        Some(false) => "no".to_owned(),
        None => String::new(),
    };
    let percent = |of: &Option<Number>| of.as_ref().map(Number::to_string).unwrap_or_default();
    let joined = |texts: Vec<String>| texts.join("; ");
    let effects = found.effects.iter().map(|effect| effect.word().to_owned());
    let gaps = |column| {
        let gaps = found.gaps.iter().filter(|gap| gap.column == column);
        joined(gaps.map(gap_text).collect())
    };
    [
        found.partner.clone(),
        found.name.clone(),
        found.path.clone(),
        tier(&found.tier),
        joined(effects.collect()),
        tier(&found.attained_before),
        tier(&found.attained_after),
        met(found.renewal_before),
        met(found.renewal_after),
        met(found.upgrade_before),
        met(found.upgrade_after),
        percent(&found.discount_before),
        percent(&found.discount_after),
        joined(found.because.iter().map(|because| reason(because, &title)).collect()),
        gaps(guildhall_rules::rulebook::Column::Renewal),
        gaps(guildhall_rules::rulebook::Column::Upgrade),
    ]
}
