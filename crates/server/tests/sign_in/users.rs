//! Users: invited, changed, disabled, and seen by whom.

use guildhall_access::{Role, Side};
use guildhall_server::ops::invitations;
use guildhall_server::ops::users::{self, Change};
use guildhall_server::{Caller, Error};

use crate::world::{World, new_user, noon};

#[test]
fn a_stranger_lists_nobody_but_themselves() {
    World::each(|world| {
        let app = &world.app;
        let sam = world.caller(&world.sign_in("sam@slate.example").secret).unwrap();
        let listed = users::list(app, &sam, None, None, 0, 100).unwrap();
        assert_eq!(listed.iter().map(|user| &user.id).collect::<Vec<_>>(), [&world.smith]);
        let elsewhere = users::list(app, &sam, None, Some("ridge"), 0, 100).unwrap();
        assert!(elsewhere.is_empty());
        for id in [world.lead.as_str(), "u-none"] {
            for outcome in [
                users::read(app, &sam, id).err(),
                users::change(app, &sam, id, None, &Change::Disable).err(),
                users::change(app, &sam, id, Some(7), &Change::Name("x".to_owned())).err(),
                users::change(app, &sam, id, None, &Change::Roles(vec![Role::Support])).err(),
            ] {
                assert!(matches!(outcome, Some(Error::NotFound { .. })), "{outcome:?}");
            }
        }
        let nobody = users::list(app, &Caller::nobody(), None, None, 0, 100);
        assert!(matches!(nobody, Err(Error::SignInFirst)));
    });
}

#[test]
fn a_lead_looks_after_the_users_of_the_own_partner_only() {
    World::each(|world| {
        let app = &world.app;
        let (secret, ..) = world.enrol("lars@ridge.example");
        let lars = world.caller(&secret).unwrap();
        let own = new_user("ada@ridge.example", Side::Partner, "ridge", Role::Support);
        let ada = invitations::invite(app, &lars, &own).unwrap();
        for other in [
            new_user("bo@slate.example", Side::Partner, "slate", Role::Support),
            new_user("cy@summit.example", Side::Vendor, "summit", Role::Auditor),
            new_user("di@summit.example", Side::Vendor, "summit", Role::Operator),
        ] {
            let outcome = invitations::invite(app, &lars, &other);
            assert!(matches!(outcome, Err(Error::NotFound { .. })), "{outcome:?}");
        }
        let mixed = new_user("ed@ridge.example", Side::Partner, "ridge", Role::Operator);
        assert!(invitations::invite(app, &lars, &mixed).is_err());
        let to = Change::Roles(vec![Role::PartnerFinance, Role::Delivery]);
        let changed = users::change(app, &lars, &ada.id, Some(ada.version), &to).unwrap();
        assert_eq!(changed.roles, ["delivery", "partner_finance"]);
        let late = users::change(app, &lars, &ada.id, Some(ada.version), &to);
        assert!(matches!(late, Err(Error::Changed { now }) if now == "\"v2\""));
        let to = Change::Roles(vec![Role::Delivery]);
        let own = users::change(app, &lars, &world.lead, None, &to);
        assert!(matches!(own, Err(Error::Denied { reason }) if reason == "own_roles"));
        let foreign = Change::Roles(vec![Role::Auditor]);
        assert!(matches!(
            users::change(app, &lars, &ada.id, None, &foreign),
            Err(Error::Invalid(_))
        ));
        let listed = users::list(app, &lars, None, None, 0, 100).unwrap();
        assert_eq!(listed.len(), 2);
    });
}

#[test]
fn an_organization_must_exist_unless_an_operator_names_a_customer() {
    World::each(|world| {
        let app = &world.app;
        let operator = Caller::command_line();
        let unknown = new_user("a@b.example", Side::Partner, "unknown", Role::AllianceLead);
        assert!(matches!(invitations::invite(app, &operator, &unknown), Err(Error::Invalid(_))));
        let other = new_user("a@b.example", Side::Vendor, "tiles", Role::Auditor);
        assert!(matches!(invitations::invite(app, &operator, &other), Err(Error::Invalid(_))));
        let customer = new_user("a@b.example", Side::Customer, "harbour", Role::ItOwner);
        invitations::invite(app, &operator, &customer).unwrap();
        let bad = new_user("c@b.example", Side::Customer, "har\0bour", Role::ItOwner);
        assert!(invitations::invite(app, &operator, &bad).is_err());
    });
}

#[test]
fn the_journal_tells_what_was_done_without_addresses_and_names() {
    World::each(|world| {
        let app = &world.app;
        world.enrol("olga@summit.example");
        let user = new_user("ada@ridge.example", Side::Partner, "ridge", Role::Support);
        invitations::invite(app, &Caller::command_line(), &user).unwrap();
        app.store.seal(noon()).unwrap();
        let rows = app.store.read(|tx| tx.journal(0, None, 1000)).unwrap();
        let actions: Vec<&str> = rows.iter().map(|(_, row)| row.action.as_str()).collect();
        for action in ["create_user", "sign_in", "set_up_second_factor"] {
            assert!(actions.contains(&action), "{action}: {actions:?}");
        }
        for (_, row) in &rows {
            let text = format!("{row:?}").to_lowercase();
            assert!(!text.contains("example") && !text.contains("olga"), "{text}");
        }
        assert!(app.store.verify(None).unwrap().problems.is_empty());
    });
}
