//! Whose a fact is, and which of its cells the vendor decides: what the policies ask about facts.

use guildhall_access::{Resource, ResourceKind, Side};
use guildhall_rules::facts::{File, OpportunityReview};
use guildhall_store::{Draft, Kind, Tx};

use crate::{Caller, Error};

/// What the policies call a fact of a file.
pub(crate) fn resource_kind(file: File) -> ResourceKind {
    match file {
        File::Partners => ResourceKind::PartnerFact,
        File::Reviews => ResourceKind::Review,
        File::Affiliations => ResourceKind::Affiliation,
        File::Individuals => ResourceKind::Individual,
        File::Credentials => ResourceKind::Credential,
        File::Opportunities => ResourceKind::Opportunity,
        File::References => ResourceKind::Reference,
        File::Ratings => ResourceKind::Rating,
        File::BusinessPlans => ResourceKind::BusinessPlan,
        File::Validations => ResourceKind::Validation,
        File::Cases => ResourceKind::Case,
        File::SurveyResponses => ResourceKind::SurveyResponse,
        File::Events => ResourceKind::Event,
    }
}

/// The partner for which the caller acts.
pub(crate) fn own_partner(caller: &Caller) -> Option<&str> {
    let (side, id) = caller.actor.organization.as_ref()?;
    (*side == Side::Partner).then_some(id.as_str())
}

/// A fact as the policies see it. An affiliation belongs to both partners: it is asked about as
/// that of the caller's own, where it is one of them.
pub(crate) fn resource(tx: &mut Tx<'_>, caller: &Caller, draft: &Draft) -> Result<Resource, Error> {
    let Kind::Fact(file) = draft.kind else {
        return Err(Error::internal("a row of the registry is no fact"));
    };
    let mut resource = Resource::new(resource_kind(file), draft.id());
    resource.partner = partner(tx, caller, file, draft)?;
    resource.customer =
        draft.kind.customer_column().and_then(|name| draft.cell(name)).map(str::to_owned);
    resource.consent = file == File::Ratings && draft.cell("consent") == Some("yes");
    Ok(resource)
}

fn partner(
    tx: &mut Tx<'_>,
    caller: &Caller,
    file: File,
    draft: &Draft,
) -> Result<Option<String>, Error> {
    let name = match file {
        File::Affiliations => {
            let own = own_partner(caller);
            let is_subsidiary = own.is_some() && draft.cell("subsidiary") == own;
            draft.cell(if is_subsidiary { "subsidiary" } else { "primary" })
        }
        File::Credentials => {
            let Some(individual) = draft.cell("individual") else { return Ok(None) };
            let held = tx.current(Kind::Fact(File::Individuals), individual)?;
            return Ok(held.and_then(|held| held.draft.cell("partner").map(str::to_owned)));
        }
        _ => draft.kind.partner_column().and_then(|name| draft.cell(name)),
    };
    Ok(name.map(str::to_owned))
}

/// Cells of partners that the vendor decides.
const OF_PARTNERS: [&str; 8] = [
    "tier",
    "tier_since",
    "last_review_on",
    "last_renewal_on",
    "last_upgrade_on",
    "standing",
    "parent",
    "path",
];

/// Whether a change touches what the vendor decides. `before` is none for a new row, `after` for
/// one that is retracted.
pub(crate) fn touches_decision(file: File, before: Option<&Draft>, after: Option<&Draft>) -> bool {
    let cell = |draft: Option<&Draft>, name: &str| {
        draft.and_then(|draft| draft.cell(name)).map(str::to_owned)
    };
    let differs = |name: &str| cell(before, name) != cell(after, name);
    match file {
        File::Reviews | File::Validations | File::Affiliations => true,
        // A customer answers; what was answered stays.
        File::SurveyResponses => before.is_some(),
        File::Partners => OF_PARTNERS.iter().any(|name| differs(name)),
        File::BusinessPlans => {
            after.is_some() && ["validated_on", "valid_until"].iter().any(|name| differs(name))
        }
        File::Opportunities => {
            let asks = [OpportunityReview::PendingSubmission, OpportunityReview::Submitted];
            let to = cell(after, "review");
            // An empty cell means that it is approved.
            let is_asked = asks.iter().any(|word| to.as_deref() == Some(word.word()));
            after.is_some() && differs("review") && !is_asked || before.is_none() && !is_asked
        }
        File::Individuals
        | File::Credentials
        | File::References
        | File::Ratings
        | File::Cases
        | File::Events => false,
    }
}
