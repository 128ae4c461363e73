//! The filter for lists says what deciding about each row says: for every kind, whoever asks.

use std::sync::LazyLock;

use guildhall_access::{Access, Actor, Resource, ResourceKind, Role, Scope, Side, Visible};
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use crate::cast::{OTHER, OWN, Relation, everybody, of_role, thing};

static ACCESS: LazyLock<Access> = LazyLock::new(|| Access::new().unwrap());

/// Few names, so that partner, customer and user often share one.
fn name() -> impl Strategy<Value = String> {
    select(vec!["", "ridge", "slate", "me"]).prop_map(ToOwned::to_owned)
}

fn actor() -> impl Strategy<Value = Actor> {
    (
        of(name()),
        of((select(Side::ALL), name())),
        subsequence(Role::ALL, 0..4),
        of(prop_oneof![-1_i64..302, any::<i64>()]),
        of(subsequence(Scope::ALL, 0..=3)),
    )
        .prop_map(|(user, organization, roles, second_factor_age_seconds, scopes)| Actor {
            user,
            organization,
            roles,
            second_factor_age_seconds,
            scopes,
        })
}

fn row(kind: ResourceKind) -> impl Strategy<Value = Resource> {
    (of(name()), of(name()), of(name()), any::<[bool; 4]>()).prop_map(
        move |(partner, customer, user, is)| {
            let [consent, published, touches_decision, is_operator] = is;
            Resource {
                partner,
                customer,
                user,
                consent,
                published,
                touches_decision,
                is_operator,
                ..Resource::new(kind, "row")
            }
        },
    )
}

fn kind_and_rows() -> impl Strategy<Value = (ResourceKind, Vec<Resource>)> {
    select(ResourceKind::ALL)
        .prop_flat_map(|kind| (Just(kind), proptest::collection::vec(row(kind), 1..12)))
}

fn agrees(actor: &Actor, kind: ResourceKind, rows: &[Resource]) -> Result<(), String> {
    let visible = ACCESS.visible(actor, kind);
    for row in rows {
        let shown = visible.shows(row);
        let allowed = ACCESS.decide(actor, kind.view(), row).is_allowed();
        if shown != allowed {
            return Err(format!("{visible:?} and {allowed} for {actor:?} and {row:?}"));
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4096, failure_persistence: None, ..<_>::default() })]

    #[test]
    fn a_list_shows_what_each_row_allows(actor in actor(), (kind, rows) in kind_and_rows()) {
        prop_assert_eq!(agrees(&actor, kind, &rows), Ok(()));
    }
}

#[test]
fn the_same_for_each_role_kind_and_relation() {
    for (_, _, actor) in everybody() {
        for kind in ResourceKind::ALL {
            let mut rows: Vec<Resource> =
                Relation::ALL.map(|relation| thing(&actor, *kind, relation)).to_vec();
            for row in rows.clone() {
                rows.push(Resource { consent: false, ..row.clone() });
                rows.push(Resource { published: false, ..row });
            }
            assert_eq!(agrees(&actor, *kind, &rows), Ok(()));
        }
    }
}

#[test]
fn lists_name_what_they_show() {
    let of_partner = |consented_only, published_only| Visible::Of {
        partner: Some(OWN.to_owned()),
        customer: None,
        user: None,
        consented_only,
        published_only,
        vendor_own: false,
    };
    let lead = of_role(Role::AllianceLead);
    let visible = |kind| ACCESS.visible(&lead, kind);
    assert_eq!(visible(ResourceKind::Edition), Visible::All);
    assert_eq!(visible(ResourceKind::Opportunity), of_partner(false, false));
    assert_eq!(visible(ResourceKind::Rating), of_partner(true, false));
    assert_eq!(visible(ResourceKind::TierReview), of_partner(false, true));
    assert_eq!(visible(ResourceKind::Workload), Visible::Nothing);
    assert_eq!(
        visible(ResourceKind::User),
        Visible::Of {
            partner: Some(OWN.to_owned()),
            customer: None,
            user: Some("me".to_owned()),
            consented_only: false,
            published_only: false,
            vendor_own: false,
        }
    );
    let manager = of_role(Role::ProgramManager);
    assert_eq!(ACCESS.visible(&manager, ResourceKind::Rating), Visible::All);
    let other = Resource::new(ResourceKind::Opportunity, "o").of_partner(OTHER);
    assert!(!visible(ResourceKind::Opportunity).shows(&other));
}
