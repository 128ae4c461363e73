//! What is asked for: a thing of some kind, and whose it is. It holds no more of the thing than
//! policies look at.

use crate::action::Action;
use crate::words::words;

words! {
    /// The kinds of things that actions are about.
    pub enum ResourceKind {
        /// The network as a whole: standings of all partners, journal, settings.
        Network = "network",
        /// An edition of the rulebook, published or a draft.
        Edition = "edition",
        /// A bulk import, with its rejects.
        Import = "import",
        /// What the server has to do: outbox, jobs, mail.
        Operations = "operations",
        /// A webhook of the vendor, a partner or a customer.
        Webhook = "webhook",
        /// A partner, with scorecard, discount and profile.
        Partner = "partner",
        /// A partner's plan: the way to a goal, accepted or yet to be made.
        Plan = "plan",
        /// A partner's way into the network: application, agreement, approval.
        Enrolment = "enrolment",
        /// A tier review, from proposal to publication.
        TierReview = "tier_review",
        /// A published decision with its frozen evidence.
        Decision = "decision",
        /// A partner's objection to a fact.
        Dispute = "dispute",
        /// Fact: the partner itself, as `partners.csv` has it.
        PartnerFact = "partner_fact",
        /// Fact: a row of a tier's history.
        Review = "review",
        /// Fact: a subsidiary of a primary.
        Affiliation = "affiliation",
        /// Fact: one person's time at a partner.
        Individual = "individual",
        /// Fact: what a person passed and holds.
        Credential = "credential",
        /// Fact: a project with a customer.
        Opportunity = "opportunity",
        /// Fact: a customer who stands up for the partner's work.
        Reference = "reference",
        /// Fact: a customer's score.
        Rating = "rating",
        /// Fact: a business plan.
        BusinessPlan = "business_plan",
        /// Fact: a program that the partner was granted.
        Validation = "validation",
        /// Fact: a support case.
        Case = "case",
        /// Fact: an answer to the quality survey.
        SurveyResponse = "survey_response",
        /// Fact: of a kind that only a rulebook declares.
        Event = "event",
        /// A human at one partner, whatever the number of rows.
        Person = "person",
        /// An organization: vendor, partner or customer.
        Organization = "organization",
        /// A part of a customer.
        Unit = "unit",
        /// What a customer runs.
        Workload = "workload",
        /// A user of the server.
        User = "user",
        /// A user's session.
        Session = "session",
        /// A user's API token.
        Token = "token",
        /// A user's second factor.
        SecondFactor = "second_factor",
    }
}

impl ResourceKind {
    /// The kinds of facts, one for each file of a folder of facts.
    pub const FACTS: &'static [Self] = &[
        Self::PartnerFact,
        Self::Review,
        Self::Affiliation,
        Self::Individual,
        Self::Credential,
        Self::Opportunity,
        Self::Reference,
        Self::Rating,
        Self::BusinessPlan,
        Self::Validation,
        Self::Case,
        Self::SurveyResponse,
        Self::Event,
    ];

    /// The action without which a thing of this kind is hidden.
    pub fn view(self) -> Action {
        match self {
            Self::Network => Action::ViewNetwork,
            Self::Edition => Action::ViewEdition,
            Self::Import => Action::ViewImport,
            Self::Operations => Action::ViewOperations,
            Self::Webhook => Action::ViewWebhook,
            Self::Partner => Action::ViewPartner,
            Self::Plan => Action::ViewPlan,
            Self::Enrolment => Action::ViewEnrolment,
            Self::TierReview => Action::ViewTierReview,
            Self::Decision => Action::ViewDecision,
            Self::Dispute => Action::ViewDispute,
            Self::PartnerFact
            | Self::Review
            | Self::Affiliation
            | Self::Individual
            | Self::Credential
            | Self::Opportunity
            | Self::Reference
            | Self::Rating
            | Self::BusinessPlan
            | Self::Validation
            | Self::Case
            | Self::SurveyResponse
            | Self::Event => Action::ViewFact,
            Self::Person => Action::ViewPerson,
            Self::Organization => Action::ViewOrganization,
            Self::Unit => Action::ViewUnit,
            Self::Workload => Action::ViewWorkload,
            Self::User => Action::ViewUser,
            Self::Session => Action::ViewSession,
            Self::Token => Action::ViewToken,
            Self::SecondFactor => Action::ViewSecondFactor,
        }
    }

    /// The name of its type in the schema of the policies: that of the variant.
    pub(crate) fn type_name(self) -> String {
        format!("{self:?}")
    }
}

/// What is asked for, and whose it is.
///
/// A fact that is corrected to name another partner or customer must be asked about twice: as it
/// was, and as it is to be. Empty ids are none.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a statement of its own")]
pub struct Resource {
    /// What it is.
    pub kind: ResourceKind,
    /// Its id; no policy looks at it.
    pub id: String,
    /// The partner to which it belongs; of a partner, itself.
    pub partner: Option<String>,
    /// The customer to which it belongs; of a customer, itself.
    pub customer: Option<String>,
    /// The user to whom it belongs: owner of a session, applicant, opener; of a user, itself.
    pub user: Option<String>,
    /// The customer agreed to show it to the partner.
    pub consent: bool,
    /// It was made known to the other side: of a tier review, that it is published; of a plan, that
    /// the partner shows it to the vendor, or that there is nothing of the partner's own in it.
    pub published: bool,
    /// The change touches a field that the vendor decides, as a validation's day.
    pub touches_decision: bool,
    /// The user is an operator, or is to become one by what is asked.
    pub is_operator: bool,
}

impl Resource {
    /// A thing that belongs to nobody yet, with all statements false.
    pub fn new(kind: ResourceKind, id: impl Into<String>) -> Self {
        Self {
            kind,
            id: id.into(),
            partner: None,
            customer: None,
            user: None,
            consent: false,
            published: false,
            touches_decision: false,
            is_operator: false,
        }
    }

    /// The same, as belonging to a partner.
    #[must_use]
    pub fn of_partner(mut self, id: impl Into<String>) -> Self {
        self.partner = Some(id.into());
        self
    }

    /// The same, as belonging to a customer.
    #[must_use]
    pub fn of_customer(mut self, id: impl Into<String>) -> Self {
        self.customer = Some(id.into());
        self
    }

    /// The same, as belonging to a user.
    #[must_use]
    pub fn of_user(mut self, id: impl Into<String>) -> Self {
        self.user = Some(id.into());
        self
    }
}
