//! Which things of a kind an actor may view: the filter for lists. It says the same as deciding
//! about each row; a property test holds the two equal.

use crate::actor::{Actor, Side};
use crate::decision::Access;
use crate::resource::{Resource, ResourceKind};

/// The rows of a list that an actor may view.
///
/// What is named is an id of the actor's own and never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Visible {
    /// All of them.
    All,
    /// Those to which **any** of these applies.
    Of {
        /// Rows of this partner; `consented_only` and `published_only` narrow these, no others.
        partner: Option<String>,
        /// Rows of this customer.
        customer: Option<String>,
        /// Rows of this user.
        user: Option<String>,
        /// Of the partner's rows, only those that the customer agreed to share.
        consented_only: bool,
        /// Of the partner's rows, only those that are published.
        published_only: bool,
        /// Rows of no partner and no customer: the vendor's own.
        vendor_own: bool,
    },
    /// All that are published, and no other.
    Published,
    /// None of them.
    Nothing,
}

impl Visible {
    /// Whether a row passes: what a list in SQL must do too.
    pub fn shows(&self, row: &Resource) -> bool {
        match self {
            Self::All => true,
            Self::Nothing => false,
            Self::Published => row.published,
            Self::Of { partner, customer, user, consented_only, published_only, vendor_own } => {
                let of_partner = is_of(partner.as_deref(), row.partner.as_deref())
                    && (row.consent || !consented_only)
                    && (row.published || !published_only);
                let of_vendor =
                    is_nobody(row.partner.as_deref()) && is_nobody(row.customer.as_deref());
                of_partner
                    || is_of(customer.as_deref(), row.customer.as_deref())
                    || is_of(user.as_deref(), row.user.as_deref())
                    || (*vendor_own && of_vendor)
            }
        }
    }
}

impl Access {
    /// The rows of a kind that the actor may view.
    ///
    /// The policies are asked about a few invented rows, each of which belongs to the actor in
    /// one way. That is enough, because a policy allows viewing for one such way at a time.
    pub fn visible(&self, actor: &Actor, kind: ResourceKind) -> Visible {
        let views = |row: &Resource| self.decide(actor, kind.view(), row).is_allowed();
        if views(&foreign(actor, kind)) {
            return Visible::All;
        }
        if views(&Resource { published: true, ..foreign(actor, kind) }) {
            return Visible::Published;
        }
        let user = actor.signed_in().filter(|id| views(&foreign(actor, kind).of_user(*id)));
        let customer = actor.acts_on(Side::Customer);
        let customer = customer.filter(|id| views(&foreign(actor, kind).of_customer(*id)));
        let of_partner = |consent: bool, published: bool| {
            let id = actor.acts_on(Side::Partner)?;
            let mut row = foreign(actor, kind).of_partner(id);
            (row.consent, row.published) = (consent, published);
            views(&row).then_some(id)
        };
        let partner = of_partner(true, true);
        let mut own = foreign(actor, kind);
        (own.partner, own.customer) = (None, None);
        let vendor_own = views(&own);
        if user.is_none() && customer.is_none() && partner.is_none() && !vendor_own {
            return Visible::Nothing;
        }
        Visible::Of {
            partner: partner.map(ToOwned::to_owned),
            customer: customer.map(ToOwned::to_owned),
            user: user.map(ToOwned::to_owned),
            consented_only: partner.is_some() && of_partner(false, true).is_none(),
            published_only: partner.is_some() && of_partner(true, false).is_none(),
            vendor_own,
        }
    }
}

/// A row of a partner, a customer and a user none of whom is the actor's.
fn foreign(actor: &Actor, kind: ResourceKind) -> Resource {
    let organization = actor.acts_for().map_or("", |(_, id)| id);
    let user = actor.signed_in().unwrap_or_default();
    Resource::new(kind, "foreign")
        .of_partner(format!("not {organization}"))
        .of_customer(format!("not {organization}"))
        .of_user(format!("not {user}"))
}

/// Whether both name the same.
fn is_of(own: Option<&str>, row: Option<&str>) -> bool {
    own.is_some() && own == row
}

/// Whether an id names nobody.
fn is_nobody(id: Option<&str>) -> bool {
    id.is_none_or(str::is_empty)
}
