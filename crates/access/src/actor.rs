//! Who asks: a user with roles, on the side of the vendor, a partner or a customer. It says what
//! is known of them, not what they may do: that stands in the policies.

use crate::words::words;

words! {
    /// For whom an actor acts.
    pub enum Side {
        /// The vendor, whose network it is.
        Vendor = "vendor",
        /// One partner.
        Partner = "partner",
        /// One customer.
        Customer = "customer",
    }
}

words! {
    /// What a user does for their organization; each role belongs to one side.
    pub enum Role {
        /// Runs the server: users, settings, operations. On the vendor's side.
        Operator = "operator",
        /// Publishes rules and decisions; may do what any of the vendor's managers may.
        ProgramManager = "program_manager",
        /// Looks after partners: their facts, enrolments, reviews and disputes.
        PartnerDevelopmentManager = "partner_development_manager",
        /// Sees everything, changes nothing.
        Auditor = "auditor",
        /// The vendor's finance: sees numbers, not individuals.
        VendorFinance = "vendor_finance",
        /// Answers for the partner: its profile, users and facts.
        AllianceLead = "alliance_lead",
        /// Works on the partner's standing.
        AllianceTeam = "alliance_team",
        /// Delivers projects: the partner's opportunities.
        Delivery = "delivery",
        /// Answers cases.
        Support = "support",
        /// The partner's finance: sees numbers, not individuals.
        PartnerFinance = "partner_finance",
        /// Answers for what the customer runs: units, workloads, users.
        ItOwner = "it_owner",
        /// Watches over the customer's security.
        Security = "security",
        /// The customer's finance.
        CustomerFinance = "customer_finance",
    }
}

words! {
    /// What an API token was made for; each allows what those before it allow.
    pub enum Scope {
        /// Looking only.
        Read = "read",
        /// Changes of facts, plans and disputes too.
        Write = "write",
        /// All that the user's roles allow, except what needs a second factor or a session.
        Admin = "admin",
    }
}

impl Role {
    /// The side on which the role exists.
    pub fn side(self) -> Side {
        match self {
            Self::Operator
            | Self::ProgramManager
            | Self::PartnerDevelopmentManager
            | Self::Auditor
            | Self::VendorFinance => Side::Vendor,
            Self::AllianceLead
            | Self::AllianceTeam
            | Self::Delivery
            | Self::Support
            | Self::PartnerFinance => Side::Partner,
            Self::ItOwner | Self::Security | Self::CustomerFinance => Side::Customer,
        }
    }
}

/// Who asks.
///
/// A role counts only on its own side, and only for somebody who is signed in: an actor without
/// a user has neither organization nor roles, whatever the other fields say. Empty ids are none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Actor {
    /// The user's id; none where nobody is signed in.
    pub user: Option<String>,
    /// The organization for which the user acts.
    pub organization: Option<(Side, String)>,
    /// The user's roles there.
    pub roles: Vec<Role>,
    /// Seconds since the session's second factor was proved; none where it never was.
    pub second_factor_age_seconds: Option<i64>,
    /// What the token was made for; none in a session. A token without scopes allows nothing.
    pub scopes: Option<Vec<Scope>>,
}

impl Actor {
    /// Somebody who is not signed in.
    pub fn nobody() -> Self {
        Self::default()
    }

    /// The user's id, if it is one.
    pub(crate) fn signed_in(&self) -> Option<&str> {
        self.user.as_deref().filter(|id| !id.is_empty())
    }

    /// The organization's side and id, if somebody acts for it.
    pub(crate) fn acts_for(&self) -> Option<(Side, &str)> {
        self.signed_in()?;
        let (side, id) = self.organization.as_ref()?;
        (!id.is_empty()).then_some((*side, id.as_str()))
    }

    /// The id of the organization, if it is on that side.
    pub(crate) fn acts_on(&self, side: Side) -> Option<&str> {
        self.acts_for().filter(|(on, _)| *on == side).map(|(_, id)| id)
    }

    /// The roles that count.
    pub(crate) fn counted_roles(&self) -> impl Iterator<Item = Role> {
        let side = self.acts_for().map(|(side, _)| side);
        self.roles.iter().copied().filter(move |role| Some(role.side()) == side)
    }
}
