//! Asks the policies: may this actor do this? It turns actor and resource into what policies
//! speak of, and their answer into a decision. It holds no rule of its own beyond one: what goes
//! wrong is a denial.

use std::collections::{HashMap, HashSet};

use cedar_policy::{
    Authorizer, Context, Entities, Entity, EntityId, EntityTypeName, EntityUid, PolicySet, Request,
    RestrictedExpression,
};

use crate::action::Action;
use crate::actor::{Actor, Side};
use crate::policies::{Error, Policies, type_name};
use crate::resource::{Resource, ResourceKind};

/// The reason of a denial where no policy allows the action to the actor's roles.
pub const NO_ROLE: &str = "role";

/// The reason of a denial where the policies could not be asked.
pub const FAILED: &str = "failed";

/// What the policies say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// The actor may.
    Allowed,
    /// The actor may see the thing, but not do this. Why, as a stable word: the id of the limit
    /// in `policies/limits.cedar` (`second_factor`, `scope`, …), [`NO_ROLE`] or [`FAILED`].
    Denied(String),
    /// The actor may not know that the thing exists.
    Hidden,
}

impl Decision {
    /// Whether the actor may.
    pub fn is_allowed(&self) -> bool {
        *self == Self::Allowed
    }
}

/// The policies, ready to be asked. Make one and share it.
pub struct Access {
    policies: Policies,
    authorizer: Authorizer,
    actor_type: EntityTypeName,
    role_type: EntityTypeName,
    scope_type: EntityTypeName,
}

impl Access {
    /// Reads and checks the policies that ship.
    ///
    /// # Errors
    ///
    /// When they cannot be read or do not keep to their schema; a test holds that they do.
    pub fn new() -> Result<Self, Error> {
        Ok(Self {
            policies: Policies::shipped()?,
            authorizer: Authorizer::new(),
            actor_type: type_name("Actor")?,
            role_type: type_name("Role")?,
            scope_type: type_name("Scope")?,
        })
    }

    /// Whether the actor may do this. Never fails open: an error within is a denial.
    pub fn decide(&self, actor: &Actor, action: Action, resource: &Resource) -> Decision {
        let Some(parties) = self.parties(actor, resource) else {
            return Decision::Hidden;
        };
        let answer = self.ask(&parties, action);
        if matches!(answer, Some(Answer::Allowed)) {
            return Decision::Allowed;
        }
        let view = resource.kind.view();
        let sees = || matches!(self.ask(&parties, view), Some(Answer::Allowed));
        if action == view || !sees() {
            return Decision::Hidden;
        }
        Decision::Denied(match answer {
            Some(Answer::Denied(limits)) => self.reason(&parties, action, &limits),
            _ => FAILED.to_owned(),
        })
    }

    /// Why it is denied: the first of the limits, where there is something to limit.
    fn reason(&self, parties: &Parties, action: Action, limits: &HashSet<String>) -> String {
        let first = self.policies.limits.iter().find(|limit| limits.contains(*limit));
        let permitted = || {
            let about = self.policies.actions.get(&action)?;
            self.answer(parties, &about.entity, &about.permits)
        };
        match first {
            Some(limit) if matches!(permitted(), Some(Answer::Allowed)) => limit.clone(),
            _ => NO_ROLE.to_owned(),
        }
    }

    /// What the policies about an action say; nothing if they cannot be asked, as when the
    /// action is not about such things.
    fn ask(&self, parties: &Parties, action: Action) -> Option<Answer> {
        if !action.kinds().contains(&parties.kind) {
            return None;
        }
        let about = self.policies.actions.get(&action)?;
        self.answer(parties, &about.entity, &about.all)
    }

    /// Puts a question to policies; nothing if any of them could not be evaluated, as a limit
    /// that fails would otherwise not limit.
    fn answer(&self, parties: &Parties, action: &Entity, policies: &PolicySet) -> Option<Answer> {
        let Parties { actor, resource, .. } = parties;
        let (principal, thing) = (actor.uid(), resource.uid());
        let request = Request::new(principal, action.uid(), thing, Context::empty(), None).ok()?;
        let entities = [actor.clone(), resource.clone(), action.clone()];
        let entities = Entities::from_entities(entities, None).ok()?;
        let response = self.authorizer.is_authorized(&request, policies, &entities);
        if response.diagnostics().errors().next().is_some() {
            return None;
        }
        Some(match response.decision() {
            cedar_policy::Decision::Allow => Answer::Allowed,
            cedar_policy::Decision::Deny => {
                let reasons = response.diagnostics().reason();
                Answer::Denied(reasons.map(ToString::to_string).collect())
            }
        })
    }

    /// Actor and resource in the words of the schema.
    fn parties(&self, actor: &Actor, resource: &Resource) -> Option<Parties> {
        let type_name = self.policies.kinds.get(&resource.kind)?;
        Some(Parties {
            kind: resource.kind,
            actor: self.actor_entity(actor)?,
            resource: resource_entity(type_name, resource)?,
        })
    }

    /// Who asks, as policies see it.
    fn actor_entity(&self, actor: &Actor) -> Option<Entity> {
        let roles = actor.counted_roles().map(|role| entity(&self.role_type, role.word()));
        let scopes = actor.scopes.iter().flatten();
        let scopes = scopes.map(|scope| entity(&self.scope_type, scope.word()));
        let is_vendor = actor.acts_on(Side::Vendor).is_some();
        let mut attributes = HashMap::from([
            ("user".to_owned(), ids(actor.signed_in())),
            ("vendor".to_owned(), RestrictedExpression::new_bool(is_vendor)),
            ("partner".to_owned(), ids(actor.acts_on(Side::Partner))),
            ("customer".to_owned(), ids(actor.acts_on(Side::Customer))),
            ("roles".to_owned(), RestrictedExpression::new_set(roles)),
            ("token".to_owned(), RestrictedExpression::new_bool(actor.scopes.is_some())),
            ("scopes".to_owned(), RestrictedExpression::new_set(scopes)),
        ]);
        if let Some(seconds) = actor.second_factor_age_seconds {
            let seconds = RestrictedExpression::new_long(seconds);
            attributes.insert("proved_seconds_ago".to_owned(), seconds);
        }
        let uid = EntityUid::from_type_name_and_id(self.actor_type.clone(), EntityId::new("actor"));
        Entity::new(uid, attributes, HashSet::new()).ok()
    }
}

/// Who asks and what for, as policies see them.
struct Parties {
    kind: ResourceKind,
    actor: Entity,
    resource: Entity,
}

/// What policies said: allowed, or denied with the ids of the limits that denied.
enum Answer {
    Allowed,
    Denied(HashSet<String>),
}

/// A thing, as policies see it.
fn resource_entity(kind: &EntityTypeName, resource: &Resource) -> Option<Entity> {
    let is = RestrictedExpression::new_bool;
    let attributes = HashMap::from([
        ("partner".to_owned(), ids(resource.partner.as_deref())),
        ("customer".to_owned(), ids(resource.customer.as_deref())),
        ("user".to_owned(), ids(resource.user.as_deref())),
        ("consent".to_owned(), is(resource.consent)),
        ("published".to_owned(), is(resource.published)),
        ("touches_decision".to_owned(), is(resource.touches_decision)),
        ("is_operator".to_owned(), is(resource.is_operator)),
    ]);
    let uid = EntityUid::from_type_name_and_id(kind.clone(), EntityId::new(&resource.id));
    Entity::new(uid, attributes, HashSet::new()).ok()
}

/// A set of one id, or of none.
fn ids(id: Option<&str>) -> RestrictedExpression {
    let id = id.filter(|id| !id.is_empty());
    RestrictedExpression::new_set(id.map(|id| RestrictedExpression::new_string(id.to_owned())))
}

/// A name as a value.
fn entity(type_name: &EntityTypeName, word: &str) -> RestrictedExpression {
    let uid = EntityUid::from_type_name_and_id(type_name.clone(), EntityId::new(word));
    RestrictedExpression::new_entity_uid(uid)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actor::{Role, Scope};

    /// Every question keeps to the schema, although it is not checked each time.
    #[test]
    fn questions_keep_to_the_schema() {
        let access = Access::new().unwrap();
        let schema = &crate::policies::shipped_schema();
        let someone = Actor {
            user: Some("u".to_owned()),
            organization: Some((Side::Vendor, "v".to_owned())),
            roles: Role::ALL.to_vec(),
            second_factor_age_seconds: Some(1),
            scopes: Some(Scope::ALL.to_vec()),
        };
        for actor in [Actor::nobody(), someone] {
            for action in Action::ALL {
                for kind in action.kinds() {
                    let thing = Resource::new(*kind, "t").of_partner("p").of_user("u");
                    let parties = access.parties(&actor, &thing).unwrap();
                    let uid = access.policies.actions[action].entity.uid();
                    let (principal, about) = (parties.actor.uid(), parties.resource.uid());
                    let context = Context::empty();
                    Request::new(principal, uid, about, context, Some(schema)).unwrap();
                    let entities = [parties.actor, parties.resource];
                    Entities::from_entities(entities, Some(schema)).unwrap();
                }
            }
        }
    }

    /// A limit that fails must not let through what it would have stopped.
    #[test]
    fn a_policy_that_fails_is_a_denial() {
        let mut access = Access::new().unwrap();
        let failing = "forbid (principal, action, resource) when { principal.absent };";
        let policy = cedar_policy::Policy::parse(None, failing).unwrap();
        let about = access.policies.actions.get_mut(&Action::ViewEdition).unwrap();
        about.all.add(policy).unwrap();
        let signed_in = Actor { user: Some("u".to_owned()), ..Actor::nobody() };
        let edition = Resource::new(ResourceKind::Edition, "e");
        let parties = access.parties(&signed_in, &edition).unwrap();
        assert!(access.ask(&parties, Action::ViewEdition).is_none());
        assert_eq!(access.decide(&signed_in, Action::ViewEdition, &edition), Decision::Hidden);
    }

    #[test]
    fn an_action_about_another_kind_of_thing_is_never_allowed() {
        let access = Access::new().unwrap();
        let auditor = Actor {
            user: Some("u".to_owned()),
            organization: Some((Side::Vendor, "v".to_owned())),
            roles: vec![Role::Auditor],
            ..Actor::nobody()
        };
        for action in Action::ALL {
            for kind in ResourceKind::ALL {
                if !action.kinds().contains(kind) {
                    let thing = Resource::new(*kind, "t");
                    assert!(!access.decide(&auditor, *action, &thing).is_allowed());
                }
            }
        }
    }
}
