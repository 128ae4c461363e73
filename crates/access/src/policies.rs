//! Reads the policies and checks them against the schema, strictly: a misspelt attribute, role or
//! action is an error when the program starts, not a denial later. It decides nothing.

use std::collections::HashMap;
use std::str::FromStr;

use cedar_policy::{
    ActionConstraint, CedarSchemaError, Effect, Entity, EntityId, EntityTypeName, EntityUid,
    ParseErrors, PolicyId, PolicySet, PolicySetError, Schema, ValidationMode, Validator,
    entities_errors,
};

use crate::action::Action;
use crate::resource::ResourceKind;

/// The text of the schema that ships.
const SCHEMA: &str = include_str!("../../../policies/guildhall.cedarschema");

/// The policies that ship. The limits stand last.
const POLICIES: [&str; 5] = [
    include_str!("../../../policies/everybody.cedar"),
    include_str!("../../../policies/vendor.cedar"),
    include_str!("../../../policies/partner.cedar"),
    include_str!("../../../policies/customer.cedar"),
    include_str!("../../../policies/limits.cedar"),
];

/// Why the policies cannot be used. None of these is met with the policies that ship.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The schema cannot be read.
    #[error("the schema of the policies cannot be read")]
    Schema(#[source] Box<CedarSchemaError>),
    /// A policy cannot be read.
    #[error("a policy cannot be read")]
    Policy(#[source] Box<ParseErrors>),
    /// Two policies have one id, or a policy is no policy of its own.
    #[error("the policies do not fit together")]
    Set(#[source] Box<PolicySetError>),
    /// A policy has no `@id`.
    #[error("a policy has no id: `{0}`")]
    Unnamed(String),
    /// The policies do not keep to the schema.
    #[error("the policies do not keep to their schema: {0}")]
    Invalid(String),
    /// The actions of the schema cannot be used.
    #[error("the actions of the schema cannot be used")]
    Actions(#[source] Box<entities_errors::EntitiesError>),
    /// The schema lacks something that the program knows.
    #[error("the schema does not declare `{0}`")]
    Undeclared(String),
}

/// Policies that keep to their schema, and what is needed to ask them.
#[derive(Debug)]
pub(crate) struct Policies {
    /// For each action, what can apply to it.
    pub actions: HashMap<Action, Applicable>,
    /// The types of things.
    pub kinds: HashMap<ResourceKind, EntityTypeName>,
    /// The ids of the limits, in the order in which reasons are given.
    pub limits: Vec<String>,
}

/// An action with the policies whose scope it is in. The others could say nothing about it;
/// leaving them out makes a decision several times as fast.
#[derive(Debug)]
pub(crate) struct Applicable {
    /// The action, with its groups.
    pub entity: Entity,
    /// All policies about it.
    pub all: PolicySet,
    /// Those that permit, without the limits.
    pub permits: PolicySet,
}

impl Policies {
    /// The policies that ship.
    pub fn shipped() -> Result<Self, Error> {
        Self::load(SCHEMA, &POLICIES)
    }

    /// Reads and checks a schema and policies.
    pub fn load(schema: &str, texts: &[&str]) -> Result<Self, Error> {
        let schema = read_schema(schema)?;
        let mut all = PolicySet::new();
        let mut limits = Vec::new();
        for text in texts {
            add(text, &mut all, &mut limits)?;
        }
        let found = Validator::new(schema.clone()).validate(&all, ValidationMode::Strict);
        if !found.validation_passed_without_warnings() {
            let errors = found.validation_errors().map(ToString::to_string);
            let warnings = found.validation_warnings().map(ToString::to_string);
            let said: Vec<String> = errors.chain(warnings).collect();
            return Err(Error::Invalid(said.join("; ")));
        }
        let actions = actions(&schema, &all)?;
        let kinds = kinds(&schema)?;
        Ok(Self { actions, kinds, limits })
    }
}

/// What policies may speak of.
fn read_schema(text: &str) -> Result<Schema, Error> {
    let (schema, mut warnings) =
        Schema::from_cedarschema_str(text).map_err(|error| Error::Schema(Box::new(error)))?;
    match warnings.next() {
        Some(warning) => Err(Error::Invalid(warning.to_string())),
        None => Ok(schema),
    }
}

/// The schema that ships.
#[cfg(test)]
pub(crate) fn shipped_schema() -> Schema {
    read_schema(SCHEMA).unwrap()
}

/// Adds the policies of one text, each under the id that its annotation gives.
fn add(text: &str, all: &mut PolicySet, limits: &mut Vec<String>) -> Result<(), Error> {
    let parsed = PolicySet::from_str(text).map_err(|error| Error::Policy(Box::new(error)))?;
    if let Some(template) = parsed.templates().next() {
        return Err(Error::Unnamed(template.to_string()));
    }
    let mut found = Vec::new();
    for policy in parsed.policies() {
        let Some(id) = policy.annotation("id").filter(|id| !id.is_empty()) else {
            return Err(Error::Unnamed(policy.to_string()));
        };
        all.add(policy.new_id(PolicyId::new(id))).map_err(set_error)?;
        if policy.effect() == Effect::Forbid {
            found.push((text.find(&format!("@id(\"{id}\")")), id.to_owned()));
        }
    }
    found.sort();
    limits.extend(found.into_iter().map(|(_, id)| id));
    Ok(())
}

fn set_error(error: PolicySetError) -> Error {
    Error::Set(Box::new(error))
}

/// The schema's actions by name, each with what can apply to it; each must be there.
fn actions(schema: &Schema, policies: &PolicySet) -> Result<HashMap<Action, Applicable>, Error> {
    let entities = schema.action_entities().map_err(|error| Error::Actions(Box::new(error)))?;
    let type_name = type_name("Action")?;
    let mut actions = HashMap::new();
    for action in Action::ALL {
        let id = EntityId::new(action.word());
        let uid = EntityUid::from_type_name_and_id(type_name.clone(), id);
        let entity = entities.get(&uid).ok_or_else(|| Error::Undeclared(uid.to_string()))?;
        let is_in = |of: &EntityUid| *of == uid || entities.is_ancestor_of(of, &uid);
        let (mut all, mut permits) = (PolicySet::new(), PolicySet::new());
        for policy in policies.policies() {
            let applies = match policy.action_constraint() {
                ActionConstraint::Any => true,
                ActionConstraint::In(list) => list.iter().any(is_in),
                ActionConstraint::Eq(one) => one == uid,
            };
            if applies && policy.effect() == Effect::Permit {
                permits.add(policy.clone()).map_err(set_error)?;
            }
            if applies {
                all.add(policy.clone()).map_err(set_error)?;
            }
        }
        actions.insert(*action, Applicable { entity: entity.clone(), all, permits });
    }
    Ok(actions)
}

/// The schema's types of things; each must be there.
fn kinds(schema: &Schema) -> Result<HashMap<ResourceKind, EntityTypeName>, Error> {
    let declared: Vec<&EntityTypeName> = schema.entity_types().collect();
    let mut kinds = HashMap::new();
    for kind in ResourceKind::ALL {
        let name = type_name(&kind.type_name())?;
        if !declared.contains(&&name) {
            return Err(Error::Undeclared(name.to_string()));
        }
        kinds.insert(*kind, name);
    }
    Ok(kinds)
}

/// A name of a type.
pub(crate) fn type_name(name: &str) -> Result<EntityTypeName, Error> {
    EntityTypeName::from_str(name).map_err(|error| Error::Policy(Box::new(error)))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn problem(policy: &str) -> Error {
        let mut texts = POLICIES.to_vec();
        texts.push(policy);
        Policies::load(SCHEMA, &texts).unwrap_err()
    }

    #[test]
    fn a_misspelt_attribute_role_or_action_is_an_error() {
        for condition in [
            "principal.usr.isEmpty()",
            "principal.roles.contains(Role::\"auditer\")",
            "principal.scopes.contains(Scope::\"rite\")",
            "resource is Oportunity",
        ] {
            let policy =
                format!("@id(\"p\") permit (principal, action, resource) when {{ {condition} }};");
            assert!(matches!(problem(&policy), Error::Invalid(_)), "{condition}");
        }
        let policy = "@id(\"p\") permit (principal, action == Action::\"vew_fact\", resource);";
        assert!(matches!(problem(policy), Error::Invalid(_)));
    }

    #[test]
    fn policies_have_ids_of_their_own() {
        assert!(matches!(problem("permit (principal, action, resource);"), Error::Unnamed(_)));
        let twice = "@id(\"auditor\") permit (principal, action, resource);";
        assert!(matches!(problem(twice), Error::Set(_)));
    }

    #[test]
    fn templates_are_refused() {
        let template = "@id(\"t\") permit (principal == ?principal, action, resource);";
        assert!(matches!(problem(template), Error::Unnamed(_)));
    }

    #[test]
    fn what_cannot_be_read_is_an_error() {
        assert!(matches!(problem("permit (principal"), Error::Policy(_)));
        assert!(matches!(Policies::load("entity", &[]), Err(Error::Schema(_))));
        let bare = "entity Actor;";
        assert!(matches!(Policies::load(bare, &[]), Err(Error::Undeclared(_))));
    }

    #[test]
    fn actions_and_kinds_are_those_of_the_schema() {
        let declared: BTreeSet<String> = shipped_schema()
            .request_envs()
            .map(|env| format!("{} {}", env.action().id().unescaped(), env.resource()))
            .collect();
        let known: BTreeSet<String> = Action::ALL
            .iter()
            .flat_map(|action| action.kinds().iter().map(move |kind| (*action, *kind)))
            .map(|(action, kind)| format!("{action} {}", kind.type_name()))
            .collect();
        assert_eq!(declared, known);
    }

    #[test]
    fn groups_of_actions_are_what_the_names_say() {
        let policies = Policies::shipped().unwrap();
        let entities = shipped_schema().action_entities().unwrap();
        let is_in = |action: &Action, group: &str| {
            let uid = EntityUid::from_str(&format!("Action::\"{group}\"")).unwrap();
            entities.is_ancestor_of(&uid, &policies.actions[action].entity.uid())
        };
        for action in Action::ALL {
            assert_eq!(is_in(action, "read"), action.is_view(), "{action}");
            assert_eq!(is_in(action, "proved"), action.needs_second_factor(), "{action}");
        }
    }

    #[test]
    fn the_reasons_stand_in_the_order_of_the_file() {
        let limits = Policies::shipped().unwrap().limits;
        assert_eq!(limits.first().map(String::as_str), Some("own_roles"));
        assert_eq!(limits.last().map(String::as_str), Some("second_factor"));
        assert_eq!(limits.len(), 8);
    }
}
