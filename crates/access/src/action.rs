//! What can be asked: one action for each thing that a user can do. Who may do it stands in the
//! policies.

use crate::resource::ResourceKind;
use crate::words::words;

words! {
    /// What an actor wants to do.
    pub enum Action {
        /// See the standings of all partners.
        ViewNetwork = "view_network",
        /// Read the journal of all changes.
        ViewJournal = "view_journal",
        /// Load a folder of facts.
        ImportFacts = "import_facts",
        /// Take all facts out.
        ExportFacts = "export_facts",
        /// Check the journal's chain and recompute published decisions.
        Verify = "verify",
        /// Change how the network is set up.
        ManageSettings = "manage_settings",
        /// Read an edition that is published.
        ViewEdition = "view_edition",
        /// Read an edition that is not yet published.
        ViewDraft = "view_draft",
        /// Bring in a draft.
        UploadEdition = "upload_edition",
        /// Publish a draft.
        PublishEdition = "publish_edition",
        /// See an import and its rejects.
        ViewImport = "view_import",
        /// See outbox, jobs and mail.
        ViewOperations = "view_operations",
        /// Retry or drop what is in the outbox.
        ManageOperations = "manage_operations",
        /// See a webhook and its deliveries.
        ViewWebhook = "view_webhook",
        /// Make, change or remove a webhook.
        ManageWebhook = "manage_webhook",
        /// See a partner's profile.
        ViewPartner = "view_partner",
        /// See a partner's scorecard.
        ViewScorecard = "view_scorecard",
        /// See a partner's discount statement.
        ViewDiscount = "view_discount",
        /// See a plan, accepted or yet to be made, with whom it asks and what things cost.
        ViewPlan = "view_plan",
        /// Accept a plan, show it to the vendor, end it; say what things cost the partner.
        AcceptPlan = "accept_plan",
        /// Change a partner's profile.
        EditProfile = "edit_profile",
        /// See how far an enrolment is.
        ViewEnrolment = "view_enrolment",
        /// Ask to join the network.
        Apply = "apply",
        /// Accept the partner agreement.
        AcceptAgreement = "accept_agreement",
        /// Let a partner in.
        ApproveEnrolment = "approve_enrolment",
        /// Turn a partner away.
        DeclineEnrolment = "decline_enrolment",
        /// See a tier review.
        ViewTierReview = "view_tier_review",
        /// Have a tier review proposed.
        ProposeTierReview = "propose_tier_review",
        /// Confirm what is proposed, or decide otherwise.
        ConfirmTierReview = "confirm_tier_review",
        /// Publish a tier review; needs a second factor.
        PublishTierReview = "publish_tier_review",
        /// See a published decision with its evidence.
        ViewDecision = "view_decision",
        /// See a dispute.
        ViewDispute = "view_dispute",
        /// Object to a fact.
        OpenDispute = "open_dispute",
        /// Take an objection back.
        WithdrawDispute = "withdraw_dispute",
        /// Answer an objection.
        AnswerDispute = "answer_dispute",
        /// See a fact.
        ViewFact = "view_fact",
        /// Add a fact.
        AddFact = "add_fact",
        /// Add a version to a fact.
        CorrectFact = "correct_fact",
        /// Retract a fact.
        RetractFact = "retract_fact",
        /// Withdraw a reference.
        WithdrawReference = "withdraw_reference",
        /// See a person, with e-mail addresses.
        ViewPerson = "view_person",
        /// Erase a person's values; needs a second factor.
        ErasePerson = "erase_person",
        /// See an organization.
        ViewOrganization = "view_organization",
        /// Change an organization.
        EditOrganization = "edit_organization",
        /// See a customer's unit.
        ViewUnit = "view_unit",
        /// Make or change a customer's unit.
        EditUnit = "edit_unit",
        /// See a customer's workload.
        ViewWorkload = "view_workload",
        /// Make or change a customer's workload.
        EditWorkload = "edit_workload",
        /// See a user.
        ViewUser = "view_user",
        /// Change one's own name, address and password.
        EditUser = "edit_user",
        /// Invite a user.
        InviteUser = "invite_user",
        /// Give and take roles.
        ChangeRoles = "change_roles",
        /// Disable or enable a user.
        DisableUser = "disable_user",
        /// See a session.
        ViewSession = "view_session",
        /// End a session.
        EndSession = "end_session",
        /// See that a token exists, not its secret.
        ViewToken = "view_token",
        /// Make a token.
        CreateToken = "create_token",
        /// Revoke a token.
        RevokeToken = "revoke_token",
        /// See whether a second factor is set up.
        ViewSecondFactor = "view_second_factor",
        /// Set up, replace or remove a second factor.
        ChangeSecondFactor = "change_second_factor",
    }
}

impl Action {
    /// Whether it only looks.
    pub fn is_view(self) -> bool {
        self.word().starts_with("view_")
    }

    /// Whether a second factor must have been proved at most five minutes ago.
    pub fn needs_second_factor(self) -> bool {
        matches!(self, Self::PublishTierReview | Self::ErasePerson)
    }

    /// The kinds of things that it can be about; about others it is never allowed.
    pub fn kinds(self) -> &'static [ResourceKind] {
        use ResourceKind as Kind;
        match self {
            Self::ViewNetwork
            | Self::ViewJournal
            | Self::ImportFacts
            | Self::ExportFacts
            | Self::Verify
            | Self::ManageSettings => &[Kind::Network],
            Self::ViewEdition | Self::ViewDraft | Self::UploadEdition | Self::PublishEdition => {
                &[Kind::Edition]
            }
            Self::ViewImport => &[Kind::Import],
            Self::ViewOperations | Self::ManageOperations => &[Kind::Operations],
            Self::ViewWebhook | Self::ManageWebhook => &[Kind::Webhook],
            Self::ViewPartner | Self::ViewScorecard | Self::ViewDiscount | Self::EditProfile => {
                &[Kind::Partner]
            }
            Self::ViewPlan | Self::AcceptPlan => &[Kind::Plan],
            Self::ViewEnrolment
            | Self::Apply
            | Self::AcceptAgreement
            | Self::ApproveEnrolment
            | Self::DeclineEnrolment => &[Kind::Enrolment],
            Self::ViewTierReview
            | Self::ProposeTierReview
            | Self::ConfirmTierReview
            | Self::PublishTierReview => &[Kind::TierReview],
            Self::ViewDecision => &[Kind::Decision],
            Self::ViewDispute | Self::OpenDispute | Self::WithdrawDispute | Self::AnswerDispute => {
                &[Kind::Dispute]
            }
            Self::ViewFact | Self::AddFact | Self::CorrectFact | Self::RetractFact => Kind::FACTS,
            Self::WithdrawReference => &[Kind::Reference],
            Self::ViewPerson | Self::ErasePerson => &[Kind::Person],
            Self::ViewOrganization | Self::EditOrganization => &[Kind::Organization],
            Self::ViewUnit | Self::EditUnit => &[Kind::Unit],
            Self::ViewWorkload | Self::EditWorkload => &[Kind::Workload],
            Self::ViewUser
            | Self::EditUser
            | Self::InviteUser
            | Self::ChangeRoles
            | Self::DisableUser => &[Kind::User],
            Self::ViewSession | Self::EndSession => &[Kind::Session],
            Self::ViewToken | Self::CreateToken | Self::RevokeToken => &[Kind::Token],
            Self::ViewSecondFactor | Self::ChangeSecondFactor => &[Kind::SecondFactor],
        }
    }
}
