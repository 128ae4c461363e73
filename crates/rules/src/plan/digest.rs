//! The facts on which a plan rests, each with a digest, so that a change is found and named.
//!
//! Digests find changes that happen; they do not keep anybody from forging a plan.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::answer::StartingFacts;
use crate::facts::{
    DATED_KINDS, Dated, Facts, NO_CODE, PartnerNumber, THE_PARTNER, unpack_pipeline,
};
use crate::rulebook::{Catalogue, FactKind};

/// The digests of a partner's facts.
pub(super) fn starting_facts(facts: &Facts, catalogue: &Catalogue) -> StartingFacts {
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    let add = |texts: &mut BTreeMap<String, String>, key: String, text: String| {
        texts.entry(key).or_default().push_str(&text);
    };
    for row in facts.reviews.of(THE_PARTNER.0) {
        let id = facts.review_ids.text(row.id);
        let tier = row.tier.map(|tier| catalogue.tiers.text(tier));
        let text = format!("{} {} {tier:?} {:?};", row.on, row.kind.word(), row.valid_until);
        add(&mut texts, format!("review/{id}"), text);
    }
    if let Some(partner) = facts.partner(THE_PARTNER) {
        let text = format!(
            "{} {:?} {:?} {:?} {:?} {:?} {:?};",
            catalogue.paths.text(partner.path),
            partner.tier.map(|tier| catalogue.tiers.text(tier)),
            partner.tier_since,
            partner.last_review_on,
            partner.last_renewal_on,
            partner.last_upgrade_on,
            partner.standing
        );
        add(&mut texts, "partner".to_owned(), text);
    }
    for row in facts.affiliations.of(THE_PARTNER.0) {
        let id = facts.partner_id(PartnerNumber(row.subsidiary));
        add(&mut texts, format!("affiliation/{id}"), format!("{} {:?};", row.from, row.until));
    }
    // The rows of one person come in no order that a folder and a snapshot share.
    let mut memberships: Vec<(&str, String)> = Vec::new();
    for owner in facts.partners() {
        let partner = facts.partner_id(owner);
        for row in facts.memberships.of(owner.0) {
            let text =
                format!("{partner} {:?} {:?} {};", row.joined_on, row.left_on, row.has_consent);
            memberships.push((facts.people_ids.text(row.person), text));
        }
        for kind in DATED_KINDS {
            dated(facts, catalogue, kind, owner, &mut texts);
        }
    }
    memberships.sort();
    for (id, text) in memberships {
        add(&mut texts, format!("person/{id}"), text);
    }
    for person in 0..u32::try_from(facts.people_ids.len()).unwrap_or(u32::MAX) {
        for row in facts.credentials.of(person) {
            let id = facts.credential_ids.text(row.id);
            let credential = catalogue.credentials.text(row.credential.into());
            let person = facts.people_ids.text(person);
            let text = format!("{person} {credential} {} {:?};", row.issued_on, row.expires_on);
            add(&mut texts, format!("credential/{id}"), text);
        }
    }
    let facts: BTreeMap<String, String> =
        texts.into_iter().map(|(key, text)| (key, digest(text.as_bytes()))).collect();
    let mut all = String::new();
    for (key, value) in &facts {
        let _ = writeln!(all, "{key} {value}");
    }
    StartingFacts { digest: digest(all.as_bytes()), facts }
}

/// The word for a kind in keys.
pub(super) const fn word(kind: FactKind) -> &'static str {
    match kind {
        FactKind::Review => "review",
        FactKind::Credential => "credential",
        FactKind::Opportunity => "opportunity",
        FactKind::Reference => "reference",
        FactKind::Rating => "rating",
        FactKind::BusinessPlan => "business_plan",
        FactKind::Validation => "validation",
        FactKind::Case => "case",
        FactKind::SurveyResponse => "survey_response",
        FactKind::Event => "event",
    }
}

fn dated(
    facts: &Facts,
    catalogue: &Catalogue,
    kind: FactKind,
    owner: PartnerNumber,
    texts: &mut BTreeMap<String, String>,
) {
    let Some(table) = facts.table(kind) else { return };
    for at in table.rows.range(owner.0) {
        let Some(row) = table.rows.rows.get(at) else { continue };
        let id = table.ids.text(row.id);
        let mut text = format!("{:?} {:?} {}", row.on, row.end, code(row, kind, catalogue));
        let _ = write!(text, " {} {:?} {:?}", row.currency, row.barred, row.tags);
        if let Some(amount) = table.amounts.get(at) {
            let _ = write!(text, " {amount}");
        }
        for field in 0..table.label_count {
            let _ = write!(text, " {:?}", table.label_texts.text(table.label(at, field)));
        }
        texts.entry(format!("{}/{id}", word(kind))).or_default().push_str(&text);
    }
}

/// What a fact's code stands for.
pub(super) fn code(row: &Dated, kind: FactKind, catalogue: &Catalogue) -> String {
    let number = u32::from(row.code);
    match kind {
        FactKind::Opportunity => {
            let (stage, review) = unpack_pipeline(row.code);
            format!("{stage:?} {review:?}")
        }
        _ if row.code == NO_CODE => String::new(),
        FactKind::Validation => catalogue.programs.text(number).to_owned(),
        FactKind::Event => catalogue.event_kinds.text(number).to_owned(),
        FactKind::Case => catalogue.resolution_codes.text(number).to_owned(),
        _ => String::new(),
    }
}

/// FNV-1a over 64 bits.
fn digest(bytes: &[u8]) -> String {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in bytes {
        hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    }
    format!("{hash:016x}")
}
