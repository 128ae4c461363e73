//! The actors and things of the tests: one user for each role, and things of their own
//! organization, of another and of the vendor.

use guildhall_access::{Action, Actor, Resource, ResourceKind, Role, Side};

/// The organization of every actor on a side, and another one.
pub const OWN: &str = "ridge";
pub const OTHER: &str = "slate";

/// An actor with one role, in a session with a second factor proved a minute ago.
pub fn of_role(role: Role) -> Actor {
    Actor {
        user: Some("me".to_owned()),
        organization: Some((role.side(), OWN.to_owned())),
        roles: vec![role],
        second_factor_age_seconds: Some(60),
        scopes: None,
    }
}

/// A user who belongs to no organization.
pub fn stranger() -> Actor {
    Actor { user: Some("me".to_owned()), second_factor_age_seconds: Some(60), ..Actor::nobody() }
}

/// A user of an organization without a role in it.
pub fn without_role(side: Side) -> Actor {
    Actor { organization: Some((side, OWN.to_owned())), ..stranger() }
}

/// Everybody: a heading of two letters, what it stands for, and the actor.
pub fn everybody() -> Vec<(&'static str, &'static str, Actor)> {
    vec![
        ("NO", "nobody signed in", Actor::nobody()),
        ("UN", "a user of no organization", stranger()),
        ("OP", "operator", of_role(Role::Operator)),
        ("PM", "program manager", of_role(Role::ProgramManager)),
        ("PD", "partner development manager", of_role(Role::PartnerDevelopmentManager)),
        ("AU", "auditor", of_role(Role::Auditor)),
        ("VF", "vendor's finance", of_role(Role::VendorFinance)),
        ("AL", "alliance lead", of_role(Role::AllianceLead)),
        ("AT", "alliance team", of_role(Role::AllianceTeam)),
        ("DE", "delivery", of_role(Role::Delivery)),
        ("SU", "support", of_role(Role::Support)),
        ("PF", "partner's finance", of_role(Role::PartnerFinance)),
        ("IT", "IT owner", of_role(Role::ItOwner)),
        ("SE", "security", of_role(Role::Security)),
        ("CF", "customer's finance", of_role(Role::CustomerFinance)),
    ]
}

/// How a thing belongs to an actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// Of the user, in their organization.
    Mine,
    /// Of the user's organization and another user.
    Ours,
    /// Of another partner, another customer and another user.
    Theirs,
    /// Of no partner and no customer.
    Vendors,
}

impl Relation {
    pub const ALL: [Self; 4] = [Self::Mine, Self::Ours, Self::Theirs, Self::Vendors];

    /// The letter for it in the matrix.
    pub fn letter(self) -> char {
        match self {
            Self::Mine => 'm',
            Self::Ours => 'o',
            Self::Theirs => 't',
            Self::Vendors => 'v',
        }
    }
}

/// A thing in a relation to an actor: agreed to, published, without a decision touched.
pub fn thing(actor: &Actor, kind: ResourceKind, relation: Relation) -> Resource {
    let side = actor.organization.as_ref().map(|(side, _)| *side);
    let mut thing = Resource::new(kind, "thing");
    (thing.consent, thing.published) = (true, true);
    match relation {
        Relation::Mine | Relation::Ours => match side {
            Some(Side::Partner) => thing = thing.of_partner(OWN).of_customer(OTHER),
            Some(Side::Customer) => thing = thing.of_partner(OTHER).of_customer(OWN),
            Some(Side::Vendor) | None => {}
        },
        Relation::Theirs => thing = thing.of_partner(OTHER).of_customer("third"),
        Relation::Vendors => {}
    }
    thing.of_user(if relation == Relation::Mine { "me" } else { "somebody else" })
}

/// Every pair of an action and a kind of thing that it can be about, kinds together.
pub fn pairs() -> impl Iterator<Item = (ResourceKind, Action)> {
    ResourceKind::ALL.iter().flat_map(|kind| {
        let about = Action::ALL.iter().filter(move |action| action.kinds().contains(kind));
        about.map(move |action| (*kind, *action))
    })
}
