//! The rows of a tier's history that a decision records.

use guildhall_rules::facts::{File, ReviewKind};
use guildhall_rules::review::ReviewOutcome;
use guildhall_rules::rulebook::ReviewRules;
use guildhall_store::{Draft, Kind, Tx};

use crate::Error;

/// A row of the tier's history.
#[derive(Clone, Debug)]
pub(crate) struct HistoryRow {
    pub(crate) id: String,
    pub(crate) on: String,
    pub(crate) kind: &'static str,
    /// The tier after it.
    pub(crate) tier: Option<String>,
    pub(crate) valid_until: Option<String>,
}

impl HistoryRow {
    /// The row as a fact.
    pub(crate) fn draft(&self, partner: &str, path: &str) -> Draft {
        let kind = Kind::Fact(File::Reviews);
        let value = |name: &str| match name {
            "id" => Some(self.id.clone()),
            "partner" => Some(partner.to_owned()),
            "path" => Some(path.to_owned()),
            "on" => Some(self.on.clone()),
            "kind" => Some(self.kind.to_owned()),
            "tier" => self.tier.clone(),
            "valid_until" => self.valid_until.clone(),
            _ => None,
        };
        Draft { kind, cells: kind.names().map(value).collect() }
    }
}

/// The kinds of rows by which an outcome is recorded.
pub(crate) fn kinds_of(outcome: &str, rules: &ReviewRules) -> Vec<&'static str> {
    let outcome = match outcome {
        "renew" => ReviewOutcome::Renew,
        "downgrade" => ReviewOutcome::Downgrade,
        "upgrade" => return vec![ReviewKind::Upgrade.word()],
        _ => return Vec::new(),
    };
    outcome.recorded_as(rules).iter().map(|kind| kind.word()).collect()
}

/// The history that the partner's own row tells in short, as rows: the short form is passed over
/// as soon as there is one row, so that the first is not to come alone. `on` is its day.
pub(crate) fn written_out(
    tx: &mut Tx<'_>,
    partner: &str,
    path: &str,
    number: i64,
    on: &str,
) -> Result<Vec<Draft>, Error> {
    let reviews = Kind::Fact(File::Reviews);
    if !tx.page(reviews, &[("partner", partner)], None, 1)?.is_empty() {
        return Ok(Vec::new());
    }
    let Some(held) = tx.current(Kind::Fact(File::Partners), partner)? else {
        return Ok(Vec::new());
    };
    let cell = |name: &str| held.draft.cell(name).map(str::to_owned);
    let since = cell("tier_since");
    let days = [
        ("review", "last_review_on"),
        ("renewal", "last_renewal_on"),
        ("upgrade", "last_upgrade_on"),
    ];
    let mut rows = Vec::new();
    for (kind, name) in days {
        let Some(on) = cell(name) else { continue };
        let is_held = since.as_ref().is_none_or(|since| *since <= on);
        let tier = cell("tier").filter(|_| is_held);
        let id = format!("decision-{number}-before-{kind}");
        rows.push(HistoryRow { id, on, kind, tier, valid_until: None });
    }
    if cell("standing").as_deref() == Some("suspended") {
        let id = format!("decision-{number}-before-suspended");
        let on = since.clone().filter(|since| since.as_str() <= on).unwrap_or(on.to_owned());
        let tier = cell("tier");
        rows.push(HistoryRow { id, on, kind: "suspended", tier, valid_until: None });
    }
    Ok(rows.iter().map(|row| row.draft(partner, path)).collect())
}
