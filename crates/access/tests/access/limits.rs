//! What no role allows, and the reasons that denials give.

use guildhall_access::{
    Access, Action, Actor, Decision, NO_ROLE, Resource, ResourceKind, Role, Scope, Side,
};

use crate::cast::{OTHER, OWN, Relation, everybody, of_role, pairs, stranger, thing, without_role};

fn denied(reason: &str) -> Decision {
    Decision::Denied(reason.to_owned())
}

#[test]
fn a_second_factor_is_proved_at_most_five_minutes_ago_and_never_in_time_to_come() {
    let access = Access::new().unwrap();
    let person = Resource::new(ResourceKind::Person, "p").of_partner(OWN);
    let review = Resource::new(ResourceKind::TierReview, "r").of_partner(OTHER);
    let cases = [
        (of_role(Role::AllianceLead), Action::ErasePerson, &person),
        (of_role(Role::ProgramManager), Action::ErasePerson, &person),
        (of_role(Role::ProgramManager), Action::PublishTierReview, &review),
    ];
    for (actor, action, thing) in cases {
        for age in [0, 1, 300] {
            let actor = Actor { second_factor_age_seconds: Some(age), ..actor.clone() };
            assert_eq!(access.decide(&actor, action, thing), Decision::Allowed, "{age}");
        }
        for age in [Some(-1), Some(i64::MIN), Some(301), Some(i64::MAX), None] {
            let actor = Actor { second_factor_age_seconds: age, ..actor.clone() };
            assert_eq!(access.decide(&actor, action, thing), denied("second_factor"), "{age:?}");
        }
    }
}

#[test]
fn whoever_lacks_the_role_is_not_asked_for_a_second_factor() {
    let access = Access::new().unwrap();
    let mut team = of_role(Role::AllianceTeam);
    team.second_factor_age_seconds = None;
    let person = Resource::new(ResourceKind::Person, "p").of_partner(OWN);
    assert_eq!(access.decide(&team, Action::ErasePerson, &person), denied(NO_ROLE));
}

#[test]
fn a_company_that_is_partner_and_customer_does_not_rate_itself() {
    let access = Access::new().unwrap();
    let facts = [Action::AddFact, Action::CorrectFact, Action::RetractFact];
    for role in [Role::ItOwner, Role::Security, Role::CustomerFinance] {
        for action in facts {
            let rating = Resource::new(ResourceKind::Rating, "r").of_customer(OWN);
            let own = rating.clone().of_partner(OWN);
            let others = rating.of_partner(OTHER);
            assert_eq!(access.decide(&of_role(role), action, &own), denied("own_company"));
            assert_eq!(access.decide(&of_role(role), action, &others), Decision::Allowed);
        }
        let answer = Resource::new(ResourceKind::SurveyResponse, "s").of_customer(OWN);
        let own = answer.of_partner(OWN);
        let decision = access.decide(&of_role(role), Action::AddFact, &own);
        assert_eq!(decision, denied("own_company"));
    }
}

#[test]
fn being_partner_and_customer_opens_no_back_door() {
    let access = Access::new().unwrap();
    // The partner's user does not read, as partner, what was said as customer.
    let rating = Resource::new(ResourceKind::Rating, "r").of_partner(OWN).of_customer(OWN);
    let lead = of_role(Role::AllianceLead);
    assert_eq!(access.decide(&lead, Action::ViewFact, &rating), Decision::Hidden);
    // The customer of the same name is not the partner.
    let owner = of_role(Role::ItOwner);
    let opportunity = Resource::new(ResourceKind::Opportunity, "o").of_partner(OWN);
    assert_eq!(access.decide(&owner, Action::ViewFact, &opportunity), Decision::Hidden);
    // The partner of the same name is not the customer.
    let workload = Resource::new(ResourceKind::Workload, "w").of_customer(OWN);
    assert_eq!(access.decide(&lead, Action::ViewWorkload, &workload), Decision::Hidden);
    // Nor is the vendor of the same name either of them, nor either of them the vendor.
    let mut finance = of_role(Role::VendorFinance);
    finance.roles.push(Role::AllianceLead);
    let person = Resource::new(ResourceKind::Person, "p").of_partner(OWN);
    assert_eq!(access.decide(&finance, Action::ViewPerson, &person), Decision::Hidden);
}

#[test]
fn nobody_rules_on_their_own_request() {
    let access = Access::new().unwrap();
    for role in [Role::ProgramManager, Role::PartnerDevelopmentManager] {
        let actor = of_role(role);
        let enrolment = Resource::new(ResourceKind::Enrolment, "e").of_partner(OTHER);
        let dispute = Resource::new(ResourceKind::Dispute, "d").of_partner(OTHER);
        for (action, thing) in [
            (Action::ApproveEnrolment, &enrolment),
            (Action::DeclineEnrolment, &enrolment),
            (Action::AnswerDispute, &dispute),
        ] {
            assert_eq!(access.decide(&actor, action, thing), Decision::Allowed);
            let own = thing.clone().of_user("me");
            assert_eq!(access.decide(&actor, action, &own), denied("own_request"));
        }
    }
}

#[test]
fn nobody_changes_their_own_roles() {
    let access = Access::new().unwrap();
    for (name, _, actor) in everybody() {
        let own = thing(&actor, ResourceKind::User, Relation::Mine);
        assert!(!access.decide(&actor, Action::ChangeRoles, &own).is_allowed(), "{name}");
    }
    let operator = of_role(Role::Operator);
    let own = thing(&operator, ResourceKind::User, Relation::Mine);
    assert_eq!(access.decide(&operator, Action::ChangeRoles, &own), denied("own_roles"));
}

#[test]
fn operators_are_made_by_operators() {
    let access = Access::new().unwrap();
    let mut colleague = Resource::new(ResourceKind::User, "u").of_user("u");
    colleague.is_operator = true;
    for action in [Action::InviteUser, Action::ChangeRoles, Action::DisableUser] {
        let manager = access.decide(&of_role(Role::ProgramManager), action, &colleague);
        assert_eq!(manager, denied("operators_only"));
        let operator = access.decide(&of_role(Role::Operator), action, &colleague);
        assert_eq!(operator, Decision::Allowed);
    }
}

#[test]
fn what_the_vendor_decides_nobody_else_writes() {
    let access = Access::new().unwrap();
    for (kind, action) in pairs().filter(|(_, action)| !action.is_view()) {
        for (name, _, actor) in everybody() {
            let is_vendor = actor.organization.as_ref().is_some_and(|(at, _)| *at == Side::Vendor);
            for relation in Relation::ALL {
                let mut thing = thing(&actor, kind, relation);
                thing.touches_decision = true;
                let decision = access.decide(&actor, action, &thing);
                assert!(is_vendor || !decision.is_allowed(), "{name} {action} {kind}");
            }
        }
    }
    let mut plan = Resource::new(ResourceKind::BusinessPlan, "b").of_partner(OWN);
    plan.touches_decision = true;
    let lead = of_role(Role::AllianceLead);
    let decision = access.decide(&lead, Action::CorrectFact, &plan);
    assert_eq!(decision, denied("decided_by_vendor"));
}

#[test]
fn a_role_counts_on_its_own_side_only() {
    let access = Access::new().unwrap();
    for side in Side::ALL {
        let foreign = Role::ALL.iter().copied().filter(|role| role.side() != *side);
        let mut actor = without_role(*side);
        let without = actor.clone();
        actor.roles = foreign.collect();
        for (kind, action) in pairs() {
            for relation in Relation::ALL {
                let thing = thing(&actor, kind, relation);
                assert_eq!(
                    access.decide(&actor, action, &thing),
                    access.decide(&without, action, &thing),
                    "{side} {action} {kind} {relation:?}"
                );
            }
        }
    }
}

#[test]
fn without_a_role_a_user_has_the_rules_and_what_is_their_own() {
    let access = Access::new().unwrap();
    let own = [
        ResourceKind::User,
        ResourceKind::Session,
        ResourceKind::Token,
        ResourceKind::SecondFactor,
        ResourceKind::Enrolment,
        ResourceKind::Person,
    ];
    for actor in Side::ALL.iter().map(|side| without_role(*side)).chain([stranger()]) {
        for (kind, action) in pairs().filter(|(_, action)| *action != Action::Apply) {
            for relation in Relation::ALL {
                let thing = thing(&actor, kind, relation);
                if access.decide(&actor, action, &thing).is_allowed() {
                    let is_own = relation == Relation::Mine && own.contains(&kind);
                    assert!(is_own || action == Action::ViewEdition, "{action} {kind}");
                }
            }
        }
    }
}

#[test]
fn nobody_signed_in_may_apply_and_nothing_else() {
    let access = Access::new().unwrap();
    let mut pretending = of_role(Role::ProgramManager);
    pretending.user = None;
    let mut empty = of_role(Role::Operator);
    empty.user = Some(String::new());
    for actor in [Actor::nobody(), pretending, empty] {
        for (kind, action) in pairs() {
            for relation in Relation::ALL {
                let decision = access.decide(&actor, action, &thing(&actor, kind, relation));
                let expected =
                    if action == Action::Apply { Decision::Allowed } else { Decision::Hidden };
                assert_eq!(decision, expected, "{action} {kind}");
            }
        }
    }
}

#[test]
fn empty_ids_are_nobodys() {
    let access = Access::new().unwrap();
    let mut actor = of_role(Role::AllianceLead);
    actor.organization = Some((Side::Partner, String::new()));
    let partner = Resource::new(ResourceKind::Partner, "").of_partner("");
    assert_eq!(access.decide(&actor, Action::ViewPartner, &partner), Decision::Hidden);
}

#[test]
fn scopes_narrow_what_a_session_allows() {
    let access = Access::new().unwrap();
    let not_by_token = [
        Action::EditUser,
        Action::CreateToken,
        Action::ChangeSecondFactor,
        Action::ErasePerson,
        Action::PublishTierReview,
    ];
    let write = [
        Action::ImportFacts,
        Action::AddFact,
        Action::CorrectFact,
        Action::RetractFact,
        Action::WithdrawReference,
        Action::OpenDispute,
        Action::WithdrawDispute,
        Action::AnswerDispute,
        Action::AcceptPlan,
    ];
    for (kind, action) in pairs() {
        for (name, _, actor) in everybody().into_iter().filter(|(.., actor)| actor.user.is_some()) {
            for relation in Relation::ALL {
                let thing = thing(&actor, kind, relation);
                let in_session = access.decide(&actor, action, &thing).is_allowed();
                let by = |scopes: &[Scope]| {
                    let token = Actor { scopes: Some(scopes.to_vec()), ..actor.clone() };
                    access.decide(&token, action, &thing).is_allowed()
                };
                let reads = in_session && action.is_view();
                let writes = reads || (in_session && write.contains(&action));
                let all = in_session && !not_by_token.contains(&action);
                let case = format!("{name} {action} {kind} {relation:?}");
                assert!(!by(&[]), "{case}");
                assert_eq!(by(&[Scope::Read]), reads, "{case}");
                assert_eq!(by(&[Scope::Write]), writes, "{case}");
                assert_eq!(by(&[Scope::Admin]), all, "{case}");
                assert_eq!(by(&[Scope::Read, Scope::Admin]), all, "{case}");
            }
        }
    }
}

#[test]
fn a_denial_by_token_names_the_scope() {
    let access = Access::new().unwrap();
    let mut lead = of_role(Role::AllianceLead);
    lead.scopes = Some(vec![Scope::Read]);
    let opportunity = Resource::new(ResourceKind::Opportunity, "o").of_partner(OWN);
    assert_eq!(access.decide(&lead, Action::AddFact, &opportunity), denied("scope"));
    let own = Resource::new(ResourceKind::Token, "t").of_user("me");
    assert_eq!(access.decide(&lead, Action::CreateToken, &own), denied("session_only"));
}

#[test]
fn words_and_meanings_are_one_to_one() {
    for role in Role::ALL {
        assert_eq!(Role::from_word(role.word()), Some(*role));
    }
    for action in Action::ALL {
        assert_eq!(Action::from_word(action.word()), Some(*action));
    }
    for kind in ResourceKind::ALL {
        assert_eq!(ResourceKind::from_word(kind.word()), Some(*kind));
    }
    assert_eq!(Role::from_word("alliance lead"), None);
}

#[test]
fn a_plan_is_the_partners_own_until_it_is_shown() {
    let access = Access::new().unwrap();
    let mut plan = Resource::new(ResourceKind::Plan, "p").of_partner(OWN);
    let vendors = [Role::ProgramManager, Role::PartnerDevelopmentManager, Role::Auditor];
    for role in vendors {
        assert_eq!(access.decide(&of_role(role), Action::ViewPlan, &plan), Decision::Hidden);
    }
    for role in [Role::AllianceLead, Role::AllianceTeam] {
        assert!(access.decide(&of_role(role), Action::ViewPlan, &plan).is_allowed());
    }
    plan.published = true;
    for role in vendors {
        assert!(access.decide(&of_role(role), Action::ViewPlan, &plan).is_allowed());
        assert!(!access.decide(&of_role(role), Action::AcceptPlan, &plan).is_allowed());
    }
}
